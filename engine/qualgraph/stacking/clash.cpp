#include "qualgraph/stacking/audit.hpp"
#include "qualgraph/stacking/detail/box.hpp"
#include "qualgraph/stacking/solve.hpp"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <iterator>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace qualgraph {
namespace {

using Paths = std::vector<std::string>;

/// Everything that can be left out one by one: bounds, gates and clauses over the whole record.
std::set<std::string> clause_paths(const RuleText& rule, const Compiled& compiled) {
  std::set<std::string> paths;
  for (const auto& row : compiled.model.rows) {
    // Bookkeeping rows belong to the bound they serve.
    if (row.name.ends_with("/rounded") || row.name.find("/both[") != std::string::npos) continue;
    for (const char* map : {"total/", "places/", "floors/", "caps/", "pace/", "reuse/", "allocation/"}) {
      if (row.name.starts_with(map)) paths.insert(row.name);
    }
  }
  for (const auto& minimum : compiled.minima) paths.insert(minimum.path);
  for (const auto& broken : compiled.broken) paths.insert(broken.path);
  for (const auto& clause : rule.eligibility) paths.insert(clause.path);
  for (const auto& clause : rule.windows) paths.insert(clause.path);
  for (const auto& clause : rule.prerequisites) paths.insert(clause.path);
  for (const auto& clause : rule.exclusions) paths.insert(clause.invalid ? clause.path : clause.path + "/max");
  for (const auto& clause : rule.outcomes) paths.insert(clause.path);
  for (const auto& clause : rule.averages) paths.insert(clause.path + "/min");
  return paths;
}

/// One name for one clause: the part that fails, where only a part can.
void name_once(std::set<std::string>& paths) {
  std::erase_if(paths, [&](const std::string& path) {
    const auto next = paths.lower_bound(path + "/");
    return path.starts_with("outcomes/") && next != paths.end() && next->starts_with(path + "/");
  });
}

/// Questions whether the rule can be met once some of its clauses are left out.
class Clashes {
 public:
  Clashes(const World& world, const LearnerRecord& record, const RuleText& text, Polarity polarity,
          const AuditOptions& options)
      : text_(text), view_(world, text, record), polarity_(polarity) {
    solver_.nodes = options.nodes;
    solver_.seconds = options.seconds;
    solver_.stop = options.stop;
    solver_.cutoff = 0;
  }

  /// What was found before the caller stopped it, unproved.
  Clash find() {
    try {
      look();
    } catch (const CompileStopped&) {
      result_.proved = false;
    }
    return result_;
  }

 private:
  [[nodiscard]] CompileOptions reading(Paths without) const {
    CompileOptions options;
    options.polarity = polarity_;
    options.without = std::move(without);
    options.stop = solver_.stop;
    return options;
  }

  void look() {
    const Compiled whole = compile(view_, reading({}));
    auto paths = clause_paths(text_, whole);
    name_once(paths);
    do {
      // Without a gate, clauses may have something to say that had nothing before.
      result_.clauses.assign(paths.begin(), paths.end());
      paths.merge(clause_paths(text_, compile(view_, reading(result_.clauses))));
      name_once(paths);
    } while (paths.size() != result_.clauses.size());
    const auto size = static_cast<std::int64_t>(whole.model.rows.size() + whole.model.columns.size());
    tries_ = std::clamp<std::int64_t>(kWork / (1 + size), kFewest, kMost);
    if (!holds({}).value_or(true)) return;
    if (holds(result_.clauses).value_or(false)) return;
    result_.together = smallest({}, {}, result_.clauses);
    std::sort(result_.together.begin(), result_.together.end());
    correct();
    if (result_.corrections.empty() && !result_.together.empty()) shrink(whole);
  }

  /// How many sets are tried: fewer of a large rule.
  static constexpr std::int64_t kWork = 50'000'000;
  static constexpr std::int64_t kFewest = 100;
  static constexpr std::int64_t kMost = 12'000;
  static constexpr std::size_t kCorrections = 12;

  /// Whether these clauses alone can be met; none if the search ran out.
  std::optional<bool> holds(const Paths& kept) {
    std::set<std::string> left(result_.clauses.begin(), result_.clauses.end());
    for (const auto& path : kept) left.erase(path);
    return met_without({left.begin(), left.end()});
  }

  std::optional<bool> met_without(const Paths& without) {
    const Compiled compiled = compile(view_, reading(without));
    if (!compiled.broken.empty()) return false;
    const Solution solution = solve(compiled.model, solver_);
    if (solution.found() && solution.cost == 0) return true;
    if (solution.status != SolveStatus::not_proved) return false;
    result_.proved = false;
    return std::nullopt;
  }

  /// A minimal set of these clauses that clashes with those kept (QuickXplain, Junker 2004): halves
  /// that play no part go at once.
  Paths smallest(const Paths& kept, const Paths& added, const Paths& clauses) {
    if (!added.empty() && holds(kept) == false) return {};
    if (clauses.size() == 1) return clauses;
    const auto middle = clauses.begin() + static_cast<std::ptrdiff_t>(clauses.size() / 2);
    const Paths early(clauses.begin(), middle);
    const Paths late(middle, clauses.end());
    Paths found = smallest(joined(kept, late), late, early);
    const Paths more = smallest(joined(kept, found), found, late);
    found.insert(found.end(), more.begin(), more.end());
    return found;
  }

  static Paths joined(Paths a, const Paths& b) {
    a.insert(a.end(), b.begin(), b.end());
    return a;
  }

  /// Smallest corrections: sets of one, two, three clauses, each hitting the clash found.
  void correct() {
    const auto& clauses = result_.clauses;
    const std::set<std::string> together(result_.together.begin(), result_.together.end());
    const std::size_t sure = hopeless();
    for (std::size_t size = 1; size <= 3 && result_.corrections.empty(); ++size) {
      if (size < sure) continue;
      if (hitting(size) > tries_) break;
      Paths picked;
      const std::function<void(std::size_t, bool)> choose = [&](std::size_t from, bool hits) {
        if (result_.corrections.size() >= kCorrections) return;
        if (picked.size() == size) {
          if (hits && met_without(picked).value_or(false)) result_.corrections.push_back(picked);
          return;
        }
        for (std::size_t p = from; p < clauses.size(); ++p) {
          picked.push_back(clauses[p]);
          choose(p + 1, hits || together.contains(clauses[p]));
          picked.pop_back();
        }
      };
      choose(0, false);
    }
  }

  /// How many minima fail even without any limit: each of them is in every correction.
  std::size_t hopeless() {
    std::set<std::string> limits(result_.clauses.begin(), result_.clauses.end());
    for (const auto& minimum : compile(view_, reading({})).minima) limits.erase(minimum.path);
    const Compiled bare = compile(view_, reading({limits.begin(), limits.end()}));
    const detail::FlatModel flat(bare.model);
    detail::Box box(flat);
    if (!box.propagate()) return 0;
    return static_cast<std::size_t>(std::count_if(bare.minima.begin(), bare.minima.end(), [&](const Minimum& minimum) {
      return limits.count(minimum.path) == 0 && box.lower(minimum.column) > 0;
    }));
  }

  /// How many sets of this size hold a clause of the clash.
  [[nodiscard]] std::int64_t hitting(std::size_t size) const {
    const auto sets = [size](std::size_t of) {
      std::int64_t number = 1;
      for (std::size_t k = 0; k < size; ++k) {
        if (of < k + 1) return std::int64_t{0};
        number = number * static_cast<std::int64_t>(of - k) / static_cast<std::int64_t>(k + 1);
      }
      return number;
    };
    return sets(result_.clauses.size()) - sets(result_.clauses.size() - result_.together.size());
  }

  /// A minimal correction, not always a smallest one: what fails where the least is lacking, less what need not.
  void shrink(const Compiled& whole) {
    Paths correction;
    std::set<std::string> certain;
    SolveOptions solver = solver_;
    solver.cutoff = std::nullopt;
    const Solution least = solve(whole.model, solver);
    if (least.found()) {
      const detail::FlatModel flat(whole.model);
      detail::Box box(flat);
      const bool open = box.propagate();
      for (const auto& minimum : whole.minima) {
        const auto column = static_cast<std::size_t>(minimum.column);
        if (least.values.empty() || least.values[column] == 0) continue;
        correction.push_back(minimum.path);
        // No limit lets it be met, so it has to give wherever the limits stay.
        if (open && box.lower(minimum.column) > 0) certain.insert(minimum.path);
      }
      for (const auto& broken : whole.broken) {
        correction.push_back(broken.path);
        certain.insert(broken.path);
      }
    }
    if (correction.empty() || !met_without(correction).value_or(false)) {
      correction = result_.clauses;
      certain.clear();
    }
    std::int64_t left = tries_;
    for (const auto& clause : Paths(correction)) {
      if (certain.contains(clause)) continue;
      if (left-- == 0) {
        result_.proved = false;
        break;
      }
      Paths without;
      std::copy_if(correction.begin(), correction.end(), std::back_inserter(without),
                   [&](const std::string& other) { return other != clause; });
      if (met_without(without).value_or(false)) correction = std::move(without);
    }
    if (!correction.empty() && met_without(correction).value_or(false)) {
      std::sort(correction.begin(), correction.end());
      result_.corrections.push_back(std::move(correction));
    } else {
      result_.proved = false;
    }
  }

  const RuleText& text_;
  Case view_;
  Polarity polarity_;
  SolveOptions solver_;
  std::int64_t tries_ = 0;
  Clash result_;
};

}  // namespace

Clash clash(const World& world, const LearnerRecord& record, const Rule& rule, const RuleChoice& choice,
            Polarity polarity, const AuditOptions& options) {
  const auto text = rule.text(choice);
  return Clashes(world, record, *text, polarity, options).find();
}

}  // namespace qualgraph
