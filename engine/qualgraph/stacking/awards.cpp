#include "qualgraph/stacking/awards.hpp"

#include "qualgraph/model/error.hpp"
#include "qualgraph/stacking/detail/audit_reader.hpp"

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <utility>

namespace qualgraph {
namespace {

using detail::index;
using Terms = std::vector<IntegerModel::Term>;
constexpr std::int64_t kNone = IntegerModel::kInfinity;

/// One award of several.
struct Part {
  const Goal* goal = nullptr;
  std::shared_ptr<const RuleText> text;
  std::unique_ptr<Case> view;
  Compiled compiled;
  std::size_t first_column = 0;           ///< in the joint model
  std::map<int, const Counted*> counted;  ///< by item
};

/// All awards in one reading.
class Together {
 public:
  Together(const World& world, const LearnerRecord& record, const std::vector<Goal>& goals, Polarity polarity)
      : polarity_(polarity) {
    for (const auto& goal : goals) {
      Part part;
      part.goal = &goal;
      part.text = goal.rule.text(goal.choice);
      part.view = std::make_unique<Case>(world, *part.text, record);
      CompileOptions reading;
      reading.polarity = polarity;
      part.compiled = compile(*part.view, reading);
      parts_.push_back(std::move(part));
    }
    std::int64_t scale = 1;
    for (const auto& part : parts_) scale = common_multiple(scale, scale_of(part));
    for (auto& part : parts_) {
      broken = broken || !part.compiled.broken.empty();
      part.first_column = model.columns.size();
      const std::string mark = part.goal->rule.id() + ":";
      for (auto column : part.compiled.model.columns) {
        column.name = mark + column.name;
        // What two awards lack is added up in one unit.
        column.cost *= scale / scale_of(part);
        model.columns.push_back(std::move(column));
      }
      for (auto row : part.compiled.model.rows) {
        row.name = mark + row.name;
        for (auto& term : row.terms) term.column += static_cast<int>(part.first_column);
        model.rows.push_back(std::move(row));
      }
      for (const auto& counted : part.compiled.counted) part.counted[counted.item] = &counted;
    }
    for (std::size_t a = 0; a < parts_.size(); ++a) {
      for (std::size_t b = a + 1; b < parts_.size(); ++b) pair(parts_[a], parts_[b]);
    }
    uses();
  }

  /// The columns of one award.
  [[nodiscard]] std::vector<std::int64_t> values_of(std::size_t a, const std::vector<std::int64_t>& values) const {
    if (values.empty()) return {};
    const auto first = values.begin() + static_cast<std::ptrdiff_t>(parts_[a].first_column);
    return {first, first + static_cast<std::ptrdiff_t>(parts_[a].compiled.model.columns.size())};
  }

  [[nodiscard]] const std::vector<Part>& parts() const noexcept { return parts_; }

  IntegerModel model;
  bool broken = false;

 private:
  static std::int64_t scale_of(const Part& part) { return part.compiled.scale.at(part.text->measure); }
  [[nodiscard]] bool strict() const { return polarity_ == Polarity::strict; }

  [[nodiscard]] Terms terms(const Part& part, const Counted& counted, std::int64_t factor) const {
    Terms result;
    for (const auto& term : counted.terms) {
      result.push_back({term.column + static_cast<int>(part.first_column), term.coefficient * factor});
    }
    return result;
  }

  /// What a rule says of credit that counts for another award too.
  enum class Says : std::uint8_t { free, barred, limited, nothing };
  static Says says(const Part& part) {
    const std::string& word = part.text->reuse.used_elsewhere;
    if (part.text->reuse.spends.value_or(false) || word == "barred") return Says::barred;
    if (word == "free") return Says::free;
    return word == "limited" ? Says::limited : Says::nothing;
  }

  static const ReuseLimit* limit_on(const Part& part, const Part& other) {
    for (const auto& limit : part.text->reuse.limits) {
      if (std::find(limit.awards.begin(), limit.awards.end(), other.goal->rule.id()) != limit.awards.end())
        return &limit;
    }
    return nullptr;
  }

  void pair(Part& a, Part& b) {
    bool apart = false;
    for (const auto* side : {&a, &b}) {
      const Part& other = side == &a ? b : a;
      const Says word = says(*side);
      if (word == Says::barred) apart = true;
      // What a rule does not say is no permission when it is read against the learner.
      if (word == Says::nothing && strict()) apart = true;
      if (word == Says::limited && limit_on(*side, other) == nullptr && strict()) apart = true;
    }
    const std::string both = a.goal->rule.id() + "," + b.goal->rule.id();
    std::map<int, int> shared;  // item: column of what both count
    for (const auto& [item, own] : a.counted) {
      const auto found = b.counted.find(item);
      if (found == b.counted.end()) continue;
      const std::string& id = a.view->items()[index(item)].item->id;
      // Quanta of one item may differ between rules; both are brought to their common multiple.
      const std::int64_t parts = common_multiple(own->parts, found->second->parts);
      Terms sum = terms(a, *own, parts / own->parts);
      const Terms more = terms(b, *found->second, parts / found->second->parts);
      sum.insert(sum.end(), more.begin(), more.end());
      if (apart) {
        model.add_row("awards[" + both + "]/" + id, -kNone, parts).terms = std::move(sum);
        continue;
      }
      const int column = model.add_column("both[" + both + "|" + id + "]", 0, parts);
      sum.push_back({column, -1});
      model.add_row("awards[" + both + "]/both/" + id, -kNone, parts).terms = std::move(sum);
      shared[item] = column;
    }
    if (apart) return;
    limit(a, b, shared, both);
    limit(b, a, shared, both);
  }

  /// At most so much of what counts for `other` too may count for `side`.
  void limit(Part& side, Part& other, const std::map<int, int>& shared, const std::string& both) {
    if (says(side) != Says::limited) return;
    const ReuseLimit* rule = limit_on(side, other);
    if (rule == nullptr || !side.view->limits(*rule, polarity_)) return;
    std::optional<Rational> most;
    if (rule->max.present()) {
      most = side.view->number(rule->max);
    } else if (const auto part = side.view->number(rule->share.share)) {
      // Sizes in another measure cannot be compared.
      const auto size = [&](const Part& own) {
        return own.compiled.target_measure == rule->measure ? own.compiled.target : std::nullopt;
      };
      std::optional<Rational> base = size(side);
      if (rule->share.base == "smaller" && other.compiled.target) {
        const auto theirs = size(other);
        base = !theirs || (base && *base < *theirs) ? (theirs ? base : std::nullopt) : theirs;
      }
      if (base) most = rounded(*part * *base, rule->share.rounding);
    }
    if (!most && !strict()) return;
    std::vector<std::pair<int, Rational>> rows;
    std::int64_t scale = most ? most->denominator() : 1;
    for (const auto& [item, column] : shared) {
      const Held& held = side.view->items()[index(item)];
      const Truth chosen = side.view->selects(rule->from, held, polarity_);
      if (strict() ? chosen == Truth::no : chosen != Truth::yes) continue;
      const auto amount = side.view->amount(held, rule->measure);
      const std::int64_t parts = model.columns[index(column)].upper;
      // Unknown sizes: against the learner more than the limit, for them nothing.
      const Rational size = amount ? (strict() ? amount->max : amount->min)
                                   : (strict() ? most.value_or(Rational(0)) + Rational(1) : Rational(0));
      const Rational each = rule->measure == Measure::units && parts == 1 ? size : size / Rational(parts);
      scale = common_multiple(scale, each.denominator());
      rows.emplace_back(column, each);
    }
    auto& row = model.add_row("awards[" + both + "]/" + rule->path + (rule->max.present() ? "/max" : "/max_share"),
                              -kNone, most ? (*most * Rational(scale)).numerator() : 0);
    for (const auto& [column, each] : rows) {
      const std::int64_t coefficient = (each * Rational(scale)).numerator();
      if (coefficient != 0) row.terms.push_back({column, coefficient});
    }
  }

  /// Awards one item may serve at most.
  void uses() {
    for (const auto& part : parts_) {
      const auto& most = part.text->allocation.max_awards;
      if (!most) continue;
      for (const auto& [item, counted] : part.counted) {
        const auto& used = part.view->items()[index(item)].item->used_for;
        const std::int64_t before = used ? static_cast<std::int64_t>(used->size()) : 0;
        Terms row;
        std::int64_t parts = 1;
        for (const auto& other : parts_) {
          const auto found = other.counted.find(item);
          if (found != other.counted.end()) parts = common_multiple(parts, found->second->parts);
        }
        for (const auto& other : parts_) {
          const auto found = other.counted.find(item);
          if (found == other.counted.end()) continue;
          const Terms more = terms(other, *found->second, parts / found->second->parts);
          row.insert(row.end(), more.begin(), more.end());
        }
        const std::string& id = part.view->items()[index(item)].item->id;
        model.add_row(part.goal->rule.id() + ":allocation/max_awards/" + id, -kNone, parts * (*most - before)).terms =
            std::move(row);
      }
    }
  }

  Polarity polarity_;
  std::vector<Part> parts_;
};

}  // namespace

AwardsAudit audit_awards(const World& world, const LearnerRecord& record, const std::vector<Goal>& goals,
                         const AuditOptions& options) {
  if (goals.size() < 2) throw InvalidValue("several awards are audited together: name at least two rules");
  std::set<std::string> ids;
  for (const auto& goal : goals) {
    if (!ids.insert(goal.rule.id()).second)
      throw InvalidValue("the award " + in_quotes(goal.rule.id()) + " is named twice");
  }
  SolveOptions solver;
  solver.nodes = options.nodes;
  solver.seconds = options.seconds;
  solver.stop = options.stop;
  AwardsAudit result;
  const Together strict(world, record, goals, Polarity::strict);
  const Solution solution = solve(strict.model, solver);
  result.nodes = solution.nodes;
  result.proved = solution.status != SolveStatus::not_proved;
  const Together* told = &strict;
  std::vector<std::int64_t> values = solution.values;
  std::optional<Together> favourable;
  if (solution.found() && solution.cost == 0 && !strict.broken) {
    result.verdict = AuditVerdict::satisfied;
    result.proved = true;
  } else {
    favourable.emplace(world, record, goals, Polarity::favourable);
    solver.cutoff = 0;
    Solution hopeful;
    hopeful.status = SolveStatus::infeasible;
    if (!favourable->broken) {
      hopeful = solve(favourable->model, solver);
      result.nodes += hopeful.nodes;
    }
    if (hopeful.found() && hopeful.cost == 0) {
      result.verdict = result.proved ? AuditVerdict::provisional : AuditVerdict::undecided;
      told = &*favourable;
      values = hopeful.values;
    } else {
      const bool refused = hopeful.status != SolveStatus::not_proved;
      result.verdict = refused ? AuditVerdict::unsatisfied : AuditVerdict::undecided;
      result.proved = result.proved && refused;
    }
  }
  std::map<std::string, std::vector<std::string>> served;
  for (std::size_t a = 0; a < goals.size(); ++a) {
    const Part& part = told->parts()[a];
    AuditRun run;
    run.choice = goals[a].choice;
    run.proved = result.proved;
    run.target = part.compiled.target;
    run.impossible = solution.status == SolveStatus::infeasible;
    const auto own = told->values_of(a, values);
    detail::Reader(*part.view, part.compiled, own).fill(run, told != &strict);
    detail::add_missing(run, strict.parts()[a].compiled, strict.values_of(a, solution.values));
    const bool met = run.missing.empty() && solution.found();
    run.verdict = met                                         ? AuditVerdict::satisfied
                  : result.verdict == AuditVerdict::satisfied ? AuditVerdict::satisfied
                                                              : result.verdict;
    run.levels.assign(part.view->level_readings().begin(), part.view->level_readings().end());
    run.credits = part.view->credit_readings();
    std::set<std::string> placed;
    for (const auto& placement : run.allocation) placed.insert(placement.item);
    for (const auto& item : placed) served[item].push_back(goals[a].rule.id());
    result.runs.push_back(std::move(run));
  }
  for (auto& [item, awards] : served) {
    if (awards.size() > 1) result.shared.push_back({item, std::move(awards)});
  }
  return result;
}

}  // namespace qualgraph
