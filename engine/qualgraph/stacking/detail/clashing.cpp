#include "qualgraph/stacking/detail/clashing.hpp"

#include "qualgraph/credit/rounding.hpp"
#include "qualgraph/stacking/detail/assembly.hpp"
#include "qualgraph/stacking/detail/entailment.hpp"
#include "qualgraph/stacking/integer_model.hpp"
#include "qualgraph/stacking/solve.hpp"

#include <algorithm>
#include <cstdlib>
#include <map>
#include <optional>
#include <set>
#include <string_view>
#include <tuple>

namespace qualgraph::detail {
namespace {

/// The relaxation keeps a dense table: rows times columns beyond this are not tried.
constexpr std::size_t kLargest = 4'000'000;
/// Amounts up to this many steps; a step is the finest difference that is seen.
constexpr std::int64_t kSteps = 10'000'000'000;
constexpr std::int64_t kFineSteps = 1000 * kSteps;
/// Amounts are looked at up to so many times the sum of all that the bounds state.
constexpr std::int64_t kReach = 1000;
constexpr std::size_t kFloorsInPairs = 40;

/// The bounds of one form of a rule in one measure, over free amounts.
class Amounts {
 public:
  Amounts(const RuleText& text, const World* world, Measure measure, std::int64_t reach = kReach,
          std::int64_t steps = kSteps)
      : text_(text), world_(world), entailment_(text, world), measure_(measure), reach_(reach), most_(steps) {
    for (const Place& place : text.places) by_id_[place.id] = &place;
    for (const Place& place : text.places) {
      const auto above = by_id_.find(without_value(place.inside));
      children_[place.inside.empty() || above == by_id_.end() ? nullptr : above->second].push_back(&place);
    }
  }

  /// Empty where nothing can be said.
  [[nodiscard]] std::vector<ClashingBound> clash() {
    if (!size()) return {};
    build();
    if (model_.rows.size() * model_.columns.size() > kLargest || !infeasible(model_)) return {};
    auto found = smallest();
    return farther(found) ? found : std::vector<ClashingBound>{};
  }

 private:
  struct Seat {
    int column = 0;
    std::vector<const Selector*> tests;
    std::set<const Place*> within;
  };
  struct Node {
    int column = 0;
    bool loose = false;
    int active = -1;  ///< the choice it hangs on; -1: it is there anyway
  };

  /// Chooses the step; false if no bound in this measure says anything.
  bool size() {
    Rational sum = 1;
    bool low = false;
    const auto see = [&](const Amount& amount, Measure measure) {
      const auto stated = number(amount);
      if (!stated || measure != measure_) return;
      sum = sum + (*stated < Rational{0} ? Rational{0} : *stated);
      low = true;
    };
    if (text_.total) {
      for (const Amount* amount : {&text_.total->min, &text_.total->max, &text_.total->exact}) {
        see(*amount, text_.total->measure);
      }
    }
    for (const Place& place : text_.places) {
      for (const Amount* amount : {&place.min, &place.max, &place.exact}) see(*amount, place.measure);
    }
    for (const Floor& floor : text_.floors) see(floor.min, floor.measure);
    for (const Cap& cap : text_.caps) see(cap.max, cap.measure);
    // What can be met at all can be met with amounts far below this, but for shares: see farther().
    if (!low || sum > Rational{most_ / 100 / reach_}) return false;
    const Rational most = sum * Rational{reach_};
    step_ = most_ / (most.numerator() / most.denominator() + 1);
    return true;
  }

  // ---- columns and rows

  int amount(std::string name) { return model_.add_column(std::move(name), 0, most_); }

  using Terms = std::vector<IntegerModel::Term>;

  /// lower <= terms <= upper in steps, each end let out by what rounding to whole steps can change: whoever
  /// meets the bound exactly still meets it. `path` is empty for what holds of any rule.
  void row(const std::string& path, std::string asks, Terms terms, std::optional<Rational> lower,
           std::optional<Rational> upper) {
    std::map<int, std::int64_t> sums;
    for (const auto& term : terms) sums[term.column] += term.coefficient;
    std::int64_t let_out = 0;
    Terms kept;
    for (const auto& [column, coefficient] : sums) {
      if (coefficient == 0) continue;
      kept.push_back({column, coefficient});
      if (model_.columns[static_cast<std::size_t>(column)].upper > 1) {
        let_out += coefficient < 0 ? -coefficient : coefficient;
      }
    }
    const auto steps = [&](const Rational& value) { return rounded(value * Rational{step_}, {RoundingMode::down, 1}); };
    IntegerModel::Row& made = model_.add_row(path, -IntegerModel::kInfinity, IntegerModel::kInfinity);
    made.terms = std::move(kept);
    if (lower) made.lower = steps(*lower).numerator() - let_out - 1;
    if (upper) made.upper = steps(*upper).numerator() + let_out + 1;
    asks_.push_back(std::move(asks));
  }

  [[nodiscard]] std::string told(const std::string& word, const Rational& value) const {
    return word + " " + value.str() + " " + to_string(measure_);
  }

  [[nodiscard]] bool shared_below(const Place* place) const {
    for (; place != nullptr; place = above(*place)) {
      if (!place->use.empty()) return place->use == "shared";
    }
    return text_.allocation.shared;
  }
  [[nodiscard]] const Place* above(const Place& place) const {
    const auto found = by_id_.find(without_value(place.inside));
    return place.inside.empty() || found == by_id_.end() ? nullptr : found->second;
  }
  /// Whether what sits in the places below cannot sit in two of them.
  [[nodiscard]] bool apart_below(const Place* place) const {
    return !shared_below(place) && text_.allocation.overlaps.empty() && text_.substitutions.empty();
  }
  void build() {
    total_ = amount("total");
    for (const Eligibility& gate : text_.eligibility) {
      if (gate.from.kind == Selector::Kind::everything && gate.in.empty() && !gate.when) {
        conjuncts(gate.require, gates_);
      }
    }
    const auto& top = children_[nullptr];
    if (top.empty()) {
      seats_.push_back({total_, gates_, {}});
    } else {
      std::vector<int> parts;
      for (const Place* place : top) parts.push_back(place_amount(*place, {}, gates_, false, -1));
      together(total_, parts, apart_below(nullptr));
      apart_ = apart_ && apart_below(nullptr);
    }
    if (text_.total && text_.total->measure == measure_ && !text_.total->when) {
      bounds("total", text_.total->min, text_.total->max, text_.total->exact, total_, -1);
    }
    for (const Floor& floor : text_.floors) add_floor(floor);
    separate();
    for (const Cap& cap : text_.caps) add_cap(cap);
  }

  void bounds(const std::string& path, const Amount& min, const Amount& max, const Amount& exact, int column,
              int active) {
    for (const auto& [amount, key, low, high] :
         {std::tuple{&min, "min", true, false}, std::tuple{&max, "max", false, true},
          std::tuple{&exact, "exact", true, true}}) {
      const auto value = number(*amount);
      const std::string own = path + "/" + key;
      if (!value) continue;
      const std::string asks = told(low && high ? "exactly" : low ? "at least" : "at most", *value);
      if (high) row(own, asks, {{column, 1}}, std::nullopt, value);
      if (!low) continue;
      if (active < 0) {
        row(own, asks, {{column, 1}}, value, std::nullopt);
      } else {
        const auto steps = rounded(*value * Rational{step_}, {RoundingMode::down, 1}).numerator();
        row(own, asks, {{column, 1}, {active, -steps}}, Rational{0}, std::nullopt);
      }
    }
  }

  /// The amount in a place and below it, its bounds and what may sit in it.
  int place_amount(const Place& place, std::set<const Place*> within, std::vector<const Selector*> tests, bool loose,
                   int active) {
    loose = loose || place.when || !place.for_each.empty();
    within.insert(&place);
    if (place.from && text_.substitutions.empty()) conjuncts(*place.from, tests);
    const int column = amount(place.path);
    nodes_[&place] = {column, loose, active};
    const auto found = children_.find(&place);
    const bool leaf = found == children_.end();
    std::vector<int> parts;
    if (leaf) {
      seats_.push_back({column, tests, within});
    } else {
      if (place.from) {
        parts.push_back(amount(place.path + "/itself"));
        seats_.push_back({parts.back(), tests, within});
      }
      choice(place, found->second, within, tests, loose, active, parts);
      together(column, parts, apart_below(&place));
      apart_ = apart_ && apart_below(&place);
    }
    if (!loose && place.measure == measure_) {
      bounds(place.path, place.min, place.max, place.exact, column, active);
    }
    return column;
  }

  void choice(const Place& place, const std::vector<const Place*>& inside, const std::set<const Place*>& within,
              const std::vector<const Selector*>& tests, bool loose, int active, std::vector<int>& parts) {
    Terms chosen;
    bool open = loose;
    for (const Place* child : inside) {
      int taken = active;
      if (place.choose) {
        taken = model_.add_column(child->path + "/chosen", 0, 1, 0, 1);
        chosen.push_back({taken, 1});
        open = open || child->when || !child->for_each.empty();
      }
      parts.push_back(place_amount(*child, within, tests, loose, taken));
      if (place.choose) row("", "", {{parts.back(), 1}, {taken, -most_}}, std::nullopt, Rational{0});
    }
    if (!place.choose || open) return;
    const auto& [least, most] = *place.choose;
    const std::string path = place.path + "/choose";
    // Numbers of places are no amounts: one place counts as one step.
    const auto count = [&](int number) { return Rational{number, step_}; };
    Terms lower = chosen;
    if (active >= 0) lower.push_back({active, -least});
    exact_row(path, "at least " + std::to_string(least) + " places", lower, active >= 0 ? count(0) : count(least), {});
    if (most) exact_row(path, "at most " + std::to_string(*most) + " places", chosen, {}, count(*most));
  }

  /// A row over choices alone: nothing is rounded, so nothing is let out.
  void exact_row(const std::string& path, std::string asks, Terms terms, std::optional<Rational> lower,
                 std::optional<Rational> upper) {
    row(path, std::move(asks), std::move(terms), lower, upper);
    IntegerModel::Row& made = model_.rows.back();
    if (lower) ++made.lower;
    if (upper) --made.upper;
  }

  void together(int whole, const std::vector<int>& parts, bool apart) {
    Terms sum{{whole, 1}};
    for (const int part : parts) sum.push_back({part, -1});
    row("", "", sum, apart ? std::optional{Rational{0}} : std::nullopt, Rational{0});
    if (apart) return;
    for (const int part : parts) row("", "", {{whole, 1}, {part, -1}}, Rational{0}, std::nullopt);
  }

  // ---- floors and caps

  [[nodiscard]] bool in_scope(const Seat& seat, const std::vector<std::string>& in) const {
    if (in.empty()) return true;
    return std::ranges::any_of(in, [&](const std::string& name) {
      const auto place = by_id_.find(without_value(name));
      return place != by_id_.end() && seat.within.contains(place->second);
    });
  }

  /// The right side of a share as terms: share times the base; none where it is no amount of the model.
  [[nodiscard]] std::optional<std::pair<Rational, int>> share_of(const Share& share,
                                                                 const std::vector<std::string>& in) const {
    const auto part = number(share.share);
    if (!part || share.rounding.mode != RoundingMode::none || part->denominator() > 1000) return std::nullopt;
    if (share.base == "counted") return std::pair{*part, total_};
    std::string_view name;
    if (share.base == "component" && in.size() == 1) name = in.front();
    if (share.base.starts_with("place:")) name = std::string_view(share.base).substr(6);
    const auto place = by_id_.find(without_value(name));
    if (name.empty() || place == by_id_.end()) return std::nullopt;
    return std::pair{*part, nodes_.at(place->second).column};
  }

  [[nodiscard]] std::optional<Rational> target() const {
    if (!text_.total || text_.total->when || text_.total->measure != measure_) return std::nullopt;
    return number(text_.total->exact.present() ? text_.total->exact : text_.total->min);
  }

  /// A bound on `sum`, stated or as a share.
  void limit(const std::string& path, const Amount& stated, const Share& share, const std::vector<std::string>& in,
             const Terms& sum, bool low) {
    const std::string word = low ? "at least" : "at most";
    const auto bound = [&](const std::string& key, const Rational& value, std::string asks) {
      row(path + key, std::move(asks), sum, low ? std::optional{value} : std::nullopt,
          low ? std::nullopt : std::optional{value});
    };
    if (stated.present()) {
      if (const auto value = number(stated)) bound(low ? "/min" : "/max", *value, told(word, *value));
      return;
    }
    const std::string key = low ? "/min_share" : "/max_share";
    const auto part = number(share.share);
    if (share.base == "target") {
      const auto whole = target();
      if (!part || !whole) return;
      const Rational value = rounded(*part * *whole, share.rounding);
      bound(key, value, told(word, value) + " (" + part->str() + " of " + whole->str() + ")");
      return;
    }
    const auto of = share_of(share, in);
    if (!of) return;
    Terms terms;
    for (const auto& term : sum) terms.push_back({term.column, term.coefficient * of->first.denominator()});
    terms.push_back({of->second, -of->first.numerator()});
    shares_[path + key] = of->first;
    row(path + key, word + " " + part->str() + " of " + share.base, terms,
        low ? std::optional{Rational{0}} : std::nullopt, low ? std::nullopt : std::optional{Rational{0}});
  }

  void add_floor(const Floor& floor) {
    if (floor.when || !floor.for_each.empty() || !floor.distinct.empty() || floor.of_last.present() ||
        floor.over_record || floor.measure != measure_) {
      return;
    }
    if (!floor.min.present() && !floor.share.share.present()) return;
    Terms sum;
    std::vector<int>& served = serving_[&floor];
    served.assign(seats_.size(), -1);
    for (std::size_t s = 0; s < seats_.size(); ++s) {
      if (!in_scope(seats_[s], floor.in)) continue;
      std::vector<const Selector*> tests = seats_[s].tests;
      conjuncts(floor.from, tests);
      if (!entailment_.contradiction(tests).empty()) continue;
      served[s] = amount(floor.path);
      row("", "", {{served[s], 1}, {seats_[s].column, -1}}, std::nullopt, Rational{0});
      sum.push_back({served[s], 1});
    }
    floors_.push_back(&floor);
    limit(floor.path, floor.min, floor.share, floor.in, sum, true);
  }

  /// One item does not serve two floors that exclude each other.
  void separate() {
    if (floors_.size() > kFloorsInPairs) return;
    for (std::size_t s = 0; s < seats_.size(); ++s) {
      std::set<std::vector<std::size_t>> done;
      for (std::size_t first = 0; first < floors_.size(); ++first) {
        if (serving_[floors_[first]][s] < 0) continue;
        std::vector<std::size_t> clique{first};
        for (std::size_t next = 0; next < floors_.size(); ++next) {
          if (next == first || serving_[floors_[next]][s] < 0) continue;
          const bool excludes = std::ranges::all_of(clique, [&](std::size_t other) {
            std::vector<const Selector*> tests = seats_[s].tests;
            conjuncts(floors_[other]->from, tests);
            conjuncts(floors_[next]->from, tests);
            return !entailment_.contradiction(tests).empty();
          });
          if (excludes) clique.push_back(next);
        }
        std::ranges::sort(clique);
        if (clique.size() < 2 || !done.insert(clique).second) continue;
        Terms terms{{seats_[s].column, -1}};
        for (const std::size_t floor : clique) terms.push_back({serving_[floors_[floor]][s], 1});
        row("", "", terms, std::nullopt, Rational{0});
      }
    }
  }

  [[nodiscard]] bool forced(const std::vector<const Selector*>& tests, const Cap& cap) const {
    if (cap.united.empty()) return entailment_.implies(tests, cap.from);
    return std::ranges::any_of(text_.caps, [&](const Cap& other) {
      return std::ranges::find(cap.united, other.id) != cap.united.end() && other.united.empty() &&
             entailment_.implies(tests, other.from);
    });
  }

  void add_cap(const Cap& cap) {
    if (cap.when || !cap.for_each.empty() || cap.measure != measure_) return;
    if (std::ranges::any_of(cap.in, [&](const std::string& name) { return !by_id_.contains(without_value(name)); })) {
      return;
    }
    Terms plain;
    std::vector<bool> under(seats_.size(), false);
    for (std::size_t s = 0; s < seats_.size(); ++s) {
      under[s] = in_scope(seats_[s], cap.in) && forced(seats_[s].tests, cap);
      if (under[s]) plain.push_back({seats_[s].column, 1});
    }
    const auto add = [&](const Terms& terms) {
      // Where items may sit in two places, amounts of several places do not add up.
      if (apart_ && !terms.empty()) limit(cap.path, cap.max, cap.share, cap.in, terms, false);
      if (apart_) return;
      for (const auto& term : terms) limit(cap.path, cap.max, cap.share, cap.in, {term}, false);
    };
    add(plain);
    for (const Floor* floor : floors_) {
      Terms terms = apart_ ? plain : Terms{};
      bool more = false;
      for (std::size_t s = 0; s < seats_.size(); ++s) {
        const int served = serving_[floor][s];
        if (under[s] || served < 0 || !in_scope(seats_[s], cap.in)) continue;
        std::vector<const Selector*> tests = seats_[s].tests;
        conjuncts(floor->from, tests);
        if (!forced(tests, cap)) continue;
        terms.push_back({served, 1});
        more = true;
      }
      if (more) add(terms);
    }
  }

  // ---- deciding

  static bool infeasible(const IntegerModel& model) {
    SolveOptions options;
    options.nodes = 2'000;
    return solve(model, options).status == SolveStatus::infeasible;
  }

  /// Whether bounds clash for amounts of any size. A share of a share of what is counted may take amounts beyond
  /// the reach of the model; each share takes them farther by no more than its terms.
  [[nodiscard]] bool farther(const std::vector<ClashingBound>& found) const {
    std::int64_t reach = 10;
    std::set<std::string> kept{""};
    for (const ClashingBound& bound : found) {
      kept.insert(bound.path);
      const auto share = shares_.find(bound.path);
      if (share == shares_.end()) continue;
      const std::int64_t terms = share->second.denominator() + std::abs(share->second.numerator());
      if (reach > kFineSteps / 1000 / terms) return false;
      reach *= terms;
    }
    if (reach <= reach_) return true;
    Amounts wider(text_, world_, measure_, reach, kFineSteps);
    if (!wider.size()) return false;
    wider.build();
    std::erase_if(wider.model_.rows, [&](const IntegerModel::Row& row) { return !kept.contains(row.name); });
    return infeasible(wider.model_);
  }

  /// Leaves out bound after bound as long as the rest cannot be met.
  [[nodiscard]] std::vector<ClashingBound> smallest() const {
    std::vector<std::string> paths;
    for (const auto& row : model_.rows) {
      if (!row.name.empty() && std::ranges::find(paths, row.name) == paths.end()) paths.push_back(row.name);
    }
    IntegerModel left = model_;
    const auto without = [&](const auto& gone) {
      IntegerModel fewer = left;
      std::erase_if(fewer.rows, [&](const IntegerModel::Row& row) { return gone(row.name); });
      return fewer;
    };
    // Halves first: of many bounds few clash.
    for (std::size_t width = paths.size(); width > 0; width /= 2) {
      for (std::size_t from = 0; from < paths.size();) {
        const std::set<std::string> some(
            paths.begin() + static_cast<std::ptrdiff_t>(from),
            paths.begin() + static_cast<std::ptrdiff_t>(std::min(from + width, paths.size())));
        IntegerModel fewer = without([&](const std::string& name) { return some.contains(name); });
        if (infeasible(fewer)) {
          left = std::move(fewer);
          std::erase_if(paths, [&](const std::string& path) { return some.contains(path); });
        } else {
          from += width;
        }
      }
    }
    std::vector<ClashingBound> found;
    for (const std::string& path : paths) {
      for (std::size_t r = 0; r < model_.rows.size(); ++r) {
        if (model_.rows[r].name != path) continue;
        found.push_back({path, asks_[r]});
        break;
      }
    }
    return found;
  }

  const RuleText& text_;
  const World* world_;
  Entailment entailment_;
  Measure measure_;
  std::int64_t reach_;
  IntegerModel model_;
  std::vector<std::string> asks_;  ///< by row
  std::map<std::string_view, const Place*> by_id_;
  std::map<const Place*, std::vector<const Place*>> children_;  ///< by parent; null for the top
  std::map<const Place*, Node> nodes_;
  std::vector<const Selector*> gates_;
  std::vector<Seat> seats_;
  std::vector<const Floor*> floors_;
  std::map<const Floor*, std::vector<int>> serving_;  ///< by seat; -1 where none of it can serve
  int total_ = 0;
  bool apart_ = true;
  std::map<std::string, Rational> shares_;  ///< of amounts of the model, by path
  std::int64_t step_ = 1, most_;
};

}  // namespace

std::vector<ClashingBound> clashing_bounds(const RuleText& text, const World* world) {
  // Pairs of places and floors are looked at one by one.
  constexpr std::size_t kMostPairs = 200'000;
  if ((text.places.size() + 1) * (text.floors.size() + 1) * (text.caps.size() + 1) > kMostPairs) return {};
  for (const Measure measure : {Measure::credits, Measure::units, Measure::hours, Measure::points}) {
    if (auto found = Amounts(text, world, measure).clash(); !found.empty()) return found;
  }
  return {};
}

}  // namespace qualgraph::detail
