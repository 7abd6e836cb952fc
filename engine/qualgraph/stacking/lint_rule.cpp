#include "qualgraph/stacking/lint_rule.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>

#include "qualgraph/model/error.hpp"
#include "qualgraph/stacking/detail/assembly.hpp"
#include "qualgraph/stacking/detail/clashing.hpp"
#include "qualgraph/stacking/detail/entailment.hpp"

namespace qualgraph {
namespace {

using Kind = RuleFindingKind;
using detail::key_of;
using detail::number;

/// What a place needs at least and holds at most, in one measure.
struct Bounds {
  std::optional<Rational> low, high;
};

/// Looks through one form of a rule.
class Linter {
 public:
  Linter(const RuleText& text, const World* world, std::function<std::string(const std::string&)> document_path, std::vector<RuleFinding>& findings)
      : text_(text), world_(world), entailment_(text, world), document_path_(std::move(document_path)), findings_(findings), before_(findings.size()) {
    for (const Place& place : text.places) by_id_[place.id] = &place;
    for (const Place& place : text.places) children_[std::string(detail::without_value(place.inside))].push_back(&place);
    if (text.total) {
      target_ = text.total->exact.present() ? number(text.total->exact) : number(text.total->min);
      if (!text.total->when) ceiling_ = text.total->exact.present() ? number(text.total->exact) : number(text.total->max);
    }
  }

  void run() {
    selectors();
    tree();
    floors_and_caps();
    lists();
    shares();
    monotone();
    clashes();
  }

 private:
  void add(const std::string& path, Kind kind, std::string message, std::string suggestion) {
    findings_.push_back({document_path_(path), kind, std::move(message), std::move(suggestion)});
  }

  // ---- selectors

  [[nodiscard]] std::string contradiction(const std::vector<const Selector*>& tests) const { return entailment_.contradiction(tests); }
  [[nodiscard]] std::string contradiction(const Selector& selector) const { return entailment_.contradiction(selector); }
  static void conjuncts(const Selector& selector, std::vector<const Selector*>& list) { detail::conjuncts(selector, list); }

  void selector(const Clause& clause, const Selector& selector, std::string_view key) {
    if (const std::string why = contradiction(selector); !why.empty()) {
      add(clause.path, Kind::vacuous, std::string(key) + " selects nothing: " + why, "check the tests that have to hold together");
    } else {
      inner(clause, selector, key);
    }
    if (text_.awarding.empty() && names_awarding(selector)) {
      add(clause.path, Kind::unnamed_provider, std::string(key) + " asks for the awarding provider, and the rule names none",
          "name the provider under `awarding`; until then it is unknown of every item whether it is meant");
    }
  }
  /// Contradictions further inside, below `any` and `not`.
  void inner(const Clause& clause, const Selector& selector, std::string_view key) {
    for (const Selector& part : selector.parts) {
      if (const std::string why = contradiction(part); !why.empty()) {
        add(clause.path, Kind::vacuous, "a part of " + std::string(key) + " selects nothing: " + why, "check the tests that have to hold together");
        return;
      }
      inner(clause, part, key);
    }
  }
  static bool names_awarding(const Selector& selector) {
    if (selector.kind == Selector::Kind::provider &&
        std::ranges::any_of(selector.words, [](const std::string& word) { return word == "awarding" || word == "other"; })) {
      return true;
    }
    return std::ranges::any_of(selector.parts, names_awarding);
  }

  void selectors() {
    for (const Place& place : text_.places) {
      if (!place.from) continue;
      selector(place, *place.from, "from");
      // Inside parents both must hold.
      std::vector<const Selector*> tests;
      conjuncts(*place.from, tests);
      if (!contradiction(tests).empty()) continue;
      for (const Place* above = parent(place); above != nullptr; above = parent(*above)) {
        if (above->from) conjuncts(*above->from, tests);
      }
      if (const std::string why = contradiction(tests); !why.empty()) {
        add(place.path, Kind::vacuous, "from and that of the places around it select nothing: " + why, "check both, or move the place out");
      }
    }
    for (const Floor& floor : text_.floors) selector(floor, floor.from, "from");
    for (const Cap& cap : text_.caps) selector(cap, cap.from, "from");
    for (const Exclusion& exclusion : text_.exclusions) {
      for (const Selector& set : exclusion.sets) selector(exclusion, set, "a set");
    }
    for (const Eligibility& gate : text_.eligibility) {
      selector(gate, gate.from, "from");
      selector(gate, gate.require, "require");
    }
    for (const Window& window : text_.windows) selector(window, window.from, "from");
    for (const Pace& pace : text_.pace) selector(pace, pace.from, "from");
    for (const Average& average : text_.averages) selector(average, average.from, "from");
    for (const Prerequisite& need : text_.prerequisites) selector(need, need.subject, "for");
    for (const Overlap& overlap : text_.allocation.overlaps) selector(overlap, overlap.from, "from");
    for (const ReuseLimit& limit : text_.reuse.limits) selector(limit, limit.from, "from");
    for (const Substitution& edit : text_.substitutions) {
      selector(edit, edit.replace, "replace");
      selector(edit, edit.by, "by");
    }
  }

  // ---- places

  [[nodiscard]] const Place* parent(const Place& place) const {
    const auto found = by_id_.find(std::string(detail::without_value(place.inside)));
    return place.inside.empty() || found == by_id_.end() ? nullptr : found->second;
  }
  [[nodiscard]] const std::vector<const Place*>& children(const std::string& id) const {
    static const std::vector<const Place*> none;
    const auto found = children_.find(id);
    return found == children_.end() ? none : found->second;
  }
  [[nodiscard]] bool shared_below(const Place* place) const {
    for (; place != nullptr; place = parent(*place)) {
      if (!place->use.empty()) return place->use == "shared";
    }
    return text_.allocation.shared;
  }

  /// Bounds of what sits in a place, from its own bounds and those of the places inside. A copied or
  /// conditional place may be absent, so it needs nothing and holds anything.
  [[nodiscard]] Bounds bounds(const Place& place, Measure measure) const {
    const auto [known, added] = bounds_.try_emplace({&place, measure});
    if (added) {
      const Bounds found = bounds_of(place, measure);
      bounds_[{&place, measure}] = found;
      return found;
    }
    return known->second;
  }

  [[nodiscard]] Bounds bounds_of(const Place& place, Measure measure) const {
    if (!place.for_each.empty() || place.when) return {};
    Bounds own;
    if (place.measure == measure) {
      own.low = number(place.exact.present() ? place.exact : place.min);
      own.high = number(place.exact.present() ? place.exact : place.max);
    }
    const auto& inside = children(place.id);
    if (inside.empty()) return own;
    const Bounds of_children = together(inside, shared_below(&place), measure, place.choose);
    if (of_children.low && (!own.low || *of_children.low > *own.low)) own.low = of_children.low;
    if (!place.from && of_children.high && (!own.high || *of_children.high < *own.high)) own.high = of_children.high;
    return own;
  }

  [[nodiscard]] Bounds together(const std::vector<const Place*>& places, bool shared, Measure measure,
                                const std::optional<std::pair<int, std::optional<int>>>& choose) const {
    std::vector<Rational> lows;
    std::vector<Rational> highs;
    bool open = false;
    for (const Place* place : places) {
      const Bounds each = bounds(*place, measure);
      lows.push_back(each.low.value_or(Rational{0}));
      open = open || !each.high || !place->for_each.empty() || place->when;
      highs.push_back(each.high.value_or(Rational{0}));
    }
    std::ranges::sort(lows);
    std::ranges::sort(highs, std::greater<>{});
    std::size_t least = lows.size();
    std::size_t most = highs.size();
    if (choose) {
      least = std::min(least, static_cast<std::size_t>(std::max(choose->first, 0)));
      if (choose->second) most = std::min(most, static_cast<std::size_t>(std::max(*choose->second, 0)));
    }
    Bounds all;
    Rational low = 0;
    // What may sit in several places at once need not be there twice.
    const bool disjoint = !shared && text_.allocation.overlaps.empty() && text_.substitutions.empty();
    for (std::size_t i = 0; i < least; ++i) low = disjoint ? low + lows[i] : std::max(low, lows[i]);
    all.low = low;
    if (!open) {
      Rational high = 0;
      for (std::size_t i = 0; i < most; ++i) high += highs[i];
      all.high = high;
    }
    return all;
  }

  void tree() {
    for (const Place& place : text_.places) {
      for (const Measure measure : {Measure::credits, Measure::units, Measure::hours, Measure::points}) {
        const auto& inside = children(place.id);
        if (inside.empty() || place.measure != measure) continue;
        const auto high = number(place.exact.present() ? place.exact : place.max);
        const auto low = number(place.exact.present() ? place.exact : place.min);
        const Bounds below = together(inside, shared_below(&place), measure, place.choose);
        if (high && below.low && *below.low > *high) {
          add(place.path, Kind::unsatisfiable,
              "the places inside need " + below.low->str() + " " + to_string(measure) + " together, and the place takes at most " + high->str(),
              "raise the maximum, or lower the minima inside");
        }
        if (low && !place.from && below.high && *below.high < *low) {
          add(place.path, Kind::unsatisfiable,
              "the places inside take at most " + below.high->str() + " " + to_string(measure) + " together, and the place needs " + low->str(),
              "raise the maxima inside, or lower the minimum");
        }
        if (high && place.choose) {
          for (const Place* child : inside) {
            const Bounds each = bounds(*child, measure);
            if (each.low && *each.low > *high) {
              add(child->path, Kind::dead_branch,
                  "needs " + each.low->str() + " " + to_string(measure) + ", and " + place.path + " around it takes at most " + high->str(),
                  "it can never be chosen: mend one of the two, or remove it");
            }
          }
        }
      }
      if (place.choose) choices(place);
    }
    if (!text_.total || text_.total->when) return;
    const Measure measure = text_.total->measure;
    std::vector<const Place*> top;
    for (const Place& place : text_.places) {
      if (place.inside.empty()) top.push_back(&place);
    }
    if (top.empty()) return;
    const Bounds all = together(top, text_.allocation.shared, measure, std::nullopt);
    if (ceiling_ && all.low && *all.low > *ceiling_) {
      add("total", Kind::unsatisfiable, "the places need " + all.low->str() + " " + to_string(measure) + " together, and at most " + ceiling_->str() + " may be counted",
          "raise the total, or lower the minima of the places");
    }
    if (target_ && all.high && *all.high < *target_) {
      add("total", Kind::unsatisfiable, "the places take at most " + all.high->str() + " " + to_string(measure) + " together, and " + target_->str() + " are asked for",
          "add a place for the rest, such as {\"from\": \"everything\"}, or lower the total");
    }
  }

  void choices(const Place& place) {
    const auto& inside = children(place.id);
    const bool copied = std::ranges::any_of(inside, [](const Place* child) { return !child->for_each.empty(); });
    const auto& [least, most] = *place.choose;
    if (most == 0) {
      add(place.path, Kind::dead_branch, "none of the places inside may be chosen", "raise `choose`, or remove the places");
    } else if (!copied && !inside.empty() && static_cast<std::size_t>(least) == inside.size()) {
      add(place.path, Kind::dead_branch, "all " + std::to_string(least) + " places inside have to be chosen: the choice is none",
          "leave out `choose`: without it all are asked for");
    }
    std::map<std::string, const Place*> asked;
    for (const Place* child : inside) {
      if (!child->from || !children(child->id).empty() || child->when) continue;
      const std::string key = key_of(*child->from) + (child->all ? "all;" : ";") + to_string(child->measure) + ";" + child->for_each + ";" +
                              key_of(child->min) + ";" + key_of(child->max) + ";" + key_of(child->exact);
      const auto [first, added] = asked.try_emplace(key, child);
      if (!added) add(child->path, Kind::dead_branch, "asks for the same as " + first->second->path, "remove one of the two");
    }
  }

  // ---- floors and caps

  /// The amount of a bound, stated or as a share of the target; none if it is not a fixed number.
  [[nodiscard]] std::optional<Rational> amount_of(const Amount& stated, const Share& share) const {
    if (stated.present()) return number(stated);
    const auto part = number(share.share);
    if (!part || share.base != "target" || !target_) return std::nullopt;
    return rounded(*part * *target_, share.rounding);
  }

  void floors_and_caps() {
    const auto scope = [](Measure measure, const std::vector<std::string>& in, const Selector& from) {
      std::string text = std::string(to_string(measure)) + "(";
      for (const std::string& name : in) text += name + ",";
      return text + ")" + key_of(from);
    };
    std::map<std::string, std::vector<const Cap*>> limits;
    for (const Cap& cap : text_.caps) {
      if (!cap.when && cap.for_each.empty() && cap.united.empty()) limits[scope(cap.measure, cap.in, cap.from)].push_back(&cap);
    }
    for (const Floor& floor : text_.floors) {
      if (floor.when || !floor.for_each.empty() || !floor.distinct.empty() || floor.over_record) continue;
      const auto least = amount_of(floor.min, floor.share);
      if (!least) continue;
      if (ceiling_ && floor.measure == text_.total->measure && *least > *ceiling_) {
        add(floor.path, Kind::unsatisfiable, "asks for " + least->str() + " " + to_string(floor.measure) + ", and at most " + ceiling_->str() + " may be counted in all",
            "lower the floor, or raise the total");
      }
      if (*least <= Rational{0}) add(floor.path, Kind::never_binding, "a least amount of " + least->str() + " is always reached", "remove the floor");
      if (!floor.in.empty()) {
        Rational most = 0;
        bool open = false;
        for (const std::string& name : floor.in) {
          const auto place = by_id_.find(std::string(detail::without_value(name)));
          const Bounds each = place == by_id_.end() ? Bounds{} : bounds(*place->second, floor.measure);
          open = open || !each.high || place->second->measure != floor.measure;
          most += each.high.value_or(Rational{0});
        }
        if (!open && *least > most) {
          add(floor.path, Kind::unsatisfiable, "asks for " + least->str() + " " + to_string(floor.measure) + " in places that take at most " + most.str(),
              "lower the floor, or raise the maxima of the places");
        }
      }
      const auto same = limits.find(scope(floor.measure, floor.in, floor.from));
      if (same == limits.end()) continue;
      for (const Cap* cap : same->second) {
        const auto most = amount_of(cap->max, cap->share);
        if (most && *least > *most) {
          add(floor.path, Kind::unsatisfiable, "asks for " + least->str() + " " + to_string(floor.measure) + " of what " + cap->path + " limits to " + most->str(),
              "mend one of the two");
        }
      }
    }
    const auto everything = [&](const Selector& from, const std::vector<std::string>& in, Measure measure) {
      return from.kind == Selector::Kind::everything && in.empty() && (!text_.total || text_.total->measure == measure);
    };
    for (const Floor& floor : text_.floors) {
      if (everything(floor.from, floor.in, floor.measure) && !floor.when && floor.for_each.empty() && floor.distinct.empty() && !floor.of_last.present() &&
          !floor.over_record && !floor.all) {
        add(floor.path, Kind::no_selector, "asks for this much of all that counts, as the minimum of the total does",
            "say under `from` what is meant, or state it as `total`");
      }
    }
    for (const Cap& cap : text_.caps) {
      if (everything(cap.from, cap.in, cap.measure) && !cap.when && cap.for_each.empty() && cap.united.empty()) {
        add(cap.path, Kind::no_selector, "limits all that counts, as the maximum of the total does", "say under `from` what is limited, or state it as `total`");
      }
    }
    for (const Cap& cap : text_.caps) {
      const auto most = amount_of(cap.max, cap.share);
      if (!most || !ceiling_ || cap.measure != text_.total->measure) continue;
      if (*most >= *ceiling_) {
        add(cap.path, Kind::never_binding, "a limit of " + most->str() + " " + to_string(cap.measure) + " where at most " + ceiling_->str() + " may be counted in all",
            "remove the cap, or lower it");
      }
    }
  }

  /// Bounds that exclude each other together, where none of the plainer tests has found why.
  void clashes() {
    const bool known = std::any_of(findings_.begin() + static_cast<std::ptrdiff_t>(before_), findings_.end(),
                                   [](const RuleFinding& one) { return one.kind == Kind::unsatisfiable; });
    if (known) return;
    const auto found = detail::clashing_bounds(text_, world_);
    if (found.empty()) return;
    std::string list;
    for (std::size_t i = 0; i < found.size(); ++i) {
      list += (i == 0 ? "" : i + 1 == found.size() ? " and " : ", ") + found[i].path + " (" + found[i].asks + ")";
    }
    add(found.front().path.substr(0, found.front().path.rfind('/')), Kind::unsatisfiable,
        found.size() == 1 ? "nothing that may count here meets " + list : "no record can meet these together: " + list,
        found.size() == 1 ? "check what may count here" : "mend one of them");
  }

  // ---- lists, shares

  [[nodiscard]] static bool names_units(const Selector& selector) {
    std::vector<const Selector*> tests;
    conjuncts(selector, tests);
    return std::ranges::any_of(tests, [](const Selector* test) { return test->kind == Selector::Kind::unit; });
  }

  void lists() {
    const auto check = [&](const Clause& clause, const Selector* from, bool has_amount) {
      // A list of codes is complete in itself.
      if (from != nullptr && names_units(*from)) return;
      if (text_.units.empty()) {
        add(clause.path, Kind::partial_list,
            has_amount ? "asks for all units of a list that is not there: the amount stands in for it" : "asks for all units of a list that is not there",
            has_amount ? "list the units, or leave out `all`" : "list the units: until then it is unknown whether all are held");
      } else if (text_.units_partial) {
        add(clause.path, Kind::partial_list, "asks for all units, and the list of units is not complete",
            "complete `units`, or name the units in `from`");
      }
    };
    for (const Place& place : text_.places) {
      if (place.all) check(place, place.from ? &*place.from : nullptr, place.min.present() || place.exact.present());
    }
    for (const Floor& floor : text_.floors) {
      if (floor.all) check(floor, &floor.from, false);
    }
  }

  /// Most of the units listed have this size; 1 where none is known.
  [[nodiscard]] Rational usual_unit() const {
    std::map<Rational, int> sizes;
    for (const Unit& unit : text_.units) {
      if (unit.credits && *unit.credits > Rational{0}) ++sizes[*unit.credits];
    }
    Rational usual = 1;
    int most = 0;
    for (const auto& [size, count] : sizes) {
      if (count > most) {
        most = count;
        usual = size;
      }
    }
    return usual;
  }

  void share(const Clause& clause, const Share& share, Measure measure, const std::vector<std::string>& in) {
    if (!share.share.present()) return;
    if (share.base == "target") {
      if (!target_ && !text_.policy) {
        add(clause.path, Kind::unknown_base, "a share of the size of the award, which the rule does not state",
            "state `total` with min or exact, or name another `base`");
      }
    } else if (share.base == "component" && in.empty()) {
      add(clause.path, Kind::unknown_base, "a share of a component without saying which", "name the places under `in`");
    }
    const auto part = number(share.share);
    if (!part || share.base != "target" || !target_ || share.rounding.mode != RoundingMode::none || text_.total->measure != measure) return;
    const Rational amount = *part * *target_;
    const Rational unit = measure == Measure::credits ? usual_unit() : Rational{1};
    if (!(amount / unit).is_integer()) {
      add(clause.path, Kind::unstated_rounding,
          part->str() + " of " + target_->str() + " is " + amount.str() + " " + to_string(measure) + ", no multiple of " +
              (unit == Rational{1} ? std::string("1") : unit.str() + ", the usual size of a unit"),
          "state `rounding` if the text does; until then the exact fraction holds");
    }
  }

  void shares() {
    for (const Floor& floor : text_.floors) share(floor, floor.share, floor.measure, floor.in);
    for (const Cap& cap : text_.caps) share(cap, cap.share, cap.measure, cap.in);
    for (const Overlap& overlap : text_.allocation.overlaps) share(overlap, overlap.share, overlap.measure, overlap.between);
    for (const ReuseLimit& limit : text_.reuse.limits) share(limit, limit.share, limit.measure, {});
  }

  // ---- monotone

  static bool holds_in(const Condition& condition) {
    return condition.kind == Condition::Kind::holds || std::ranges::any_of(condition.parts, [](const Condition& part) { return holds_in(part); });
  }
  static bool denies_holding(const Condition& condition) {
    if (condition.kind == Condition::Kind::none_of) return holds_in(condition);
    return std::ranges::any_of(condition.parts, denies_holding);
  }
  static bool holds_in(const Amount& amount) {
    return std::ranges::any_of(amount.rows, [](const auto& row) { return holds_in(*row.first); });
  }

  void not_monotone(const Clause& clause, const std::string& why) {
    add(clause.path, Kind::not_monotone, why, "holding more may turn a yes into a no: keep it only if the text says so");
  }

  template <class List>
  void conditions(const List& list) {
    for (const auto& clause : list) {
      if (clause.when && holds_in(*clause.when)) not_monotone(clause, "it depends on what is held whether the clause is in force");
    }
  }

  void monotone() {
    conditions(text_.places);
    conditions(text_.floors);
    conditions(text_.caps);
    conditions(text_.exclusions);
    conditions(text_.allocation.overlaps);
    conditions(text_.reuse.limits);
    conditions(text_.eligibility);
    conditions(text_.windows);
    conditions(text_.pace);
    conditions(text_.prerequisites);
    conditions(text_.outcomes);
    conditions(text_.requirements);
    conditions(text_.averages);
    constexpr const char* kTable = "the amount depends on what is held";
    if (text_.total && (holds_in(text_.total->min) || holds_in(text_.total->max) || holds_in(text_.total->exact))) not_monotone(*text_.total, kTable);
    for (const Place& place : text_.places) {
      if (holds_in(place.min) || holds_in(place.max) || holds_in(place.exact)) not_monotone(place, kTable);
    }
    for (const Floor& floor : text_.floors) {
      if (holds_in(floor.min) || holds_in(floor.share.share)) not_monotone(floor, kTable);
    }
    for (const Cap& cap : text_.caps) {
      if (holds_in(cap.max) || holds_in(cap.share.share)) not_monotone(cap, kTable);
      if (cap.invalid) not_monotone(cap, "surplus breaks the rule instead of staying uncounted");
    }
    for (const Exclusion& exclusion : text_.exclusions) {
      if (exclusion.invalid) not_monotone(exclusion, "surplus breaks the rule instead of staying uncounted");
    }
    for (const Average& average : text_.averages) {
      if (average.over_record) not_monotone(average, "the average is taken over all that is presented");
    }
    for (const Prerequisite& need : text_.prerequisites) {
      if (denies_holding(need.needs)) not_monotone(need, "something must not be held");
    }
    for (const Requirement& requirement : text_.requirements) {
      if ((requirement.needs && denies_holding(*requirement.needs)) || (requirement.after && denies_holding(*requirement.after))) {
        not_monotone(requirement, "something must not be held");
      }
    }
  }

  const RuleText& text_;
  const World* world_;
  detail::Entailment entailment_;
  std::function<std::string(const std::string&)> document_path_;
  std::vector<RuleFinding>& findings_;
  std::size_t before_;                                          ///< findings of other forms
  mutable std::map<std::pair<const Place*, Measure>, Bounds> bounds_;
  std::map<std::string, const Place*> by_id_;
  std::map<std::string, std::vector<const Place*>> children_;   ///< by id of the parent; "" for the top
  std::optional<Rational> target_, ceiling_;
};

/// Paths of clauses, those of alternatives included, and which of them name a source.
void each_clause(const detail::Json& fragment, const std::string& above, const std::function<void(const std::string&, const detail::Json&)>& see) {
  if (fragment.contains("total")) see(above + "total", fragment["total"]);
  const auto section = [&](const detail::Json& clauses, const std::string& name) {
    for (const auto& [id, clause] : clauses.items()) {
      if (!id.starts_with("x-") && clause.is_object()) see(detail::joined(above + name, id), clause);
    }
  };
  for (const std::string_view name : detail::kClauseSections) {
    if (name != "waivers" && fragment.contains(name)) section(fragment[std::string(name)], std::string(name));
  }
  if (fragment.contains("allocation") && fragment["allocation"].contains("overlap")) section(fragment["allocation"]["overlap"], "allocation/overlap");
  if (fragment.contains("reuse") && fragment["reuse"].contains("limits")) section(fragment["reuse"]["limits"], "reuse/limits");
}

}  // namespace

const char* to_string(RuleFindingKind kind) noexcept {
  switch (kind) {
    case Kind::unsatisfiable: return "unsatisfiable";
    case Kind::dead_branch: return "dead branch";
    case Kind::vacuous: return "vacuous";
    case Kind::never_binding: return "never binding";
    case Kind::partial_list: return "partial list";
    case Kind::unknown_base: return "unknown base";
    case Kind::unstated_rounding: return "unstated rounding";
    case Kind::not_monotone: return "not monotone";
    case Kind::readings: return "readings";
    case Kind::no_exit: return "no exit";
    case Kind::no_source: return "no source";
    case Kind::no_selector: return "no selector";
    case Kind::unnamed_provider: return "unnamed provider";
  }
  return "";
}

std::vector<RuleFinding> lint_rule(const Rule& rule, const World* world) {
  const detail::Json json = detail::Json::parse(rule.json());
  std::vector<RuleFinding> findings;
  const auto look = [&](const RuleChoice& choice) {
    // A clause of the assembled text stands in the alternative laid over last that has it.
    std::vector<std::string> fragments;
    if (!choice.exit.empty()) fragments.push_back("exits/" + choice.exit + "/");
    if (!choice.title.empty()) fragments.push_back("titles/" + choice.title + "/");
    if (!choice.variant.empty()) fragments.push_back("variants/" + choice.variant + "/");
    const auto path = [&](const std::string& clause) {
      for (const std::string& fragment : fragments) {
        if (detail::find_path(json, fragment + clause) != nullptr) return fragment + clause;
      }
      return clause;
    };
    const auto text = rule.text(choice);
    Linter(*text, world, path, findings).run();
  };
  std::vector<std::string> bases;
  for (const Alternative& variant : rule.variants()) bases.push_back(variant.id);
  if (bases.empty()) bases.emplace_back();
  for (const std::string& base : bases) {
    RuleChoice choice;
    choice.variant = base;
    look(choice);
    for (const Alternative& title : rule.titles()) {
      choice.title = title.id;
      look(choice);
    }
    choice.title.clear();
    for (const Alternative& exit : rule.exits()) {
      choice.exit = exit.id;
      look(choice);
    }
  }

  for (const Alternative& reading : rule.readings()) {
    std::string changed;
    for (const auto& change : json["readings"][reading.id]["changes"]) {
      changed += (changed.empty() ? "" : ", ") + change["path"].get<std::string>();
    }
    findings.push_back({"readings/" + reading.id, Kind::readings, "the text may also be read otherwise at " + changed,
                        "audit under both readings, and ask the issuer which is meant"});
  }
  const bool spends = rule.text([&] {
                            RuleChoice choice;
                            choice.variant = bases.front();
                            return choice;
                          }())->reuse.spends == true;
  if (spends && rule.exits().empty()) {
    findings.push_back({"reuse/spends", Kind::no_exit, "what is counted here is used up, and the rule has no exit award",
                        "say under `exits` what somebody holds who stops early, if the text does"});
  }
  std::vector<std::string> silent;
  const auto see = [&](const std::string& path, const detail::Json& clause) {
    if (!clause.contains("source")) silent.push_back(path);
  };
  each_clause(json, "", see);
  for (const std::string section : {"variants", "titles", "exits"}) {
    if (!json.contains(section)) continue;
    for (const auto& [id, fragment] : json[section].items()) {
      // A fragment with a source speaks for its clauses.
      if (!id.starts_with("x-") && fragment.is_object() && !fragment.contains("source")) each_clause(fragment, detail::joined(section, id).append("/"), see);
    }
  }
  if (rule.sources().empty()) {
    findings.push_back({"", Kind::no_source, "the rule names no source at all", "name the text it was taken from under `sources`"});
  } else if (!silent.empty() && rule.sources().size() > 1) {
    constexpr std::size_t kShown = 5;
    std::string list;
    for (std::size_t i = 0; i < std::min(silent.size(), kShown); ++i) list += (i == 0 ? "" : ", ") + silent[i];
    if (silent.size() > kShown) list += " and " + std::to_string(silent.size() - kShown) + " more";
    findings.push_back({"", Kind::no_source,
                        (silent.size() == 1 ? "1 clause does" : std::to_string(silent.size()) + " clauses do") + " not say which of the " +
                            std::to_string(rule.sources().size()) + " sources it rests on: " + list,
                        "give each its `source`; until then it rests on all of them"});
  }

  const auto order = [](const RuleFinding& finding) { return std::tie(finding.path, finding.kind, finding.message); };
  std::ranges::sort(findings, {}, order);
  findings.erase(std::unique(findings.begin(), findings.end()), findings.end());
  return findings;
}

}  // namespace qualgraph
