/// Writes the integer model of one rule, one record and one reading; see compile.hpp.
///
/// The parts of the work stand in files of their own: compile.cpp (places, items, what may lie
/// where), compile_parts.cpp (what of an item is counted in several places), compile_minima.cpp
/// (bounds of places, total, floors), compile_offers.cpp (what hangs on which offers are taken), compile_limits.cpp (caps, exclusions, overlaps, reuse),
/// compile_gates.cpp (windows, pace, prerequisites, outcomes, requirements), compile_averages.cpp.
#pragma once

#include "qualgraph/model/error.hpp"
#include "qualgraph/stacking/compile.hpp"

#include <algorithm>
#include <functional>
#include <numeric>
#include <set>
#include <tuple>
#include <unordered_map>
#include <utility>

namespace qualgraph::detail {

using Term = IntegerModel::Term;
using Terms = std::vector<Term>;
inline constexpr std::int64_t kNone = IntegerModel::kInfinity;

inline std::int64_t times(std::int64_t a, std::int64_t b) {
  std::int64_t result = 0;
  if (__builtin_mul_overflow(a, b, &result))
    throw NumericOverflow("the amounts of this rule and record leave the 64-bit range");
  return result;
}

inline std::int64_t plus(std::int64_t a, std::int64_t b) {
  std::int64_t result = 0;
  if (__builtin_add_overflow(a, b, &result))
    throw NumericOverflow("the amounts of this rule and record leave the 64-bit range");
  return result;
}

/// `value` in units of 1/scale; exact because the scale is a multiple of every denominator.
inline std::int64_t scaled(const Rational& value, std::int64_t scale) {
  return times(value.numerator(), scale / value.denominator());
}

inline Rational abs(const Rational& value) { return value < Rational(0) ? Rational(0) - value : value; }

inline std::string suffix(const std::string& value) { return "[" + value + "]"; }

inline bool listed(const std::vector<std::string>& words, const std::string& word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

/// One item as columns: how it may be cut and what a column's unit brings.
struct Piece {
  int item = 0;  ///< position in the record
  const Held* held = nullptr;
  std::int64_t parts = 1;  ///< quanta of a splittable item, equal units of a counted one, 1 of a whole one
  Rational step;           ///< share of the item in one quantum
  bool by_unit = false;    ///< each quantum is one of several equal units
  bool loose = false;      ///< of unknown credits, it may be cut: for the learner, part of it may lie in each place

  /// Whether a measure counts the item as one, however much of it is there.
  [[nodiscard]] bool as_one(Measure measure) const { return measure == Measure::units && !by_unit; }
};

/// A set of values toward one measure: least and greatest per quantum, in row units.
struct Worth {
  std::int64_t low = 0, high = 0;
  bool known = true;
};

/// One copy of a clause with `for_each`: the value it is for.
struct Each {
  std::string mark;
  std::string attribute;
  std::string value;
  bool unknown = false;              ///< of items whose value is not stated
  std::vector<int> brought_by = {};  ///< items on offer, where nothing held has the value
  int guard = -1;                    ///< column that is 1 once one of them is taken
};

class ModelBuilder {
 public:
  ModelBuilder(Case& view, const CompileOptions& options)
      : view_(view),
        rule_(view.rule()),
        options_(options),
        without_(options.without.begin(), options.without.end()) {}

  Compiled build();

 private:
  [[nodiscard]] bool strict() const { return options_.polarity == Polarity::strict; }
  [[nodiscard]] bool dropped(const std::string& path) const { return without_.contains(path); }
  [[nodiscard]] const LearnerRecord& record() const { return view_.record(); }

  /// What admits: unknown counts against the learner when strict.
  [[nodiscard]] bool admits(Truth value);
  /// What binds: unknown binds when strict.
  [[nodiscard]] bool binds(Truth value);

  /// Notes that a reading made a difference here, or may have.
  void doubt(bool unknown) { out_.certain = out_.certain && !unknown; }

  /// Ends the work where `stop` says so. For loops over items or places: it asks only now and then.
  void tick(std::size_t work = 1) {
    work_ += work;
    if (work_ < 1024) return;
    work_ = 0;
    if (options_.stop && options_.stop()) throw CompileStopped{};
  }

  /// Counts entries of rows, and refuses a model of more than memory should hold.
  void room_for(std::size_t entries, const std::string& path);

  /// A name where names are kept.
  template <class... Part>
  [[nodiscard]] std::string label(const Part&... parts) const {
    std::string name;
    if (options_.names) (name.append(parts), ...);
    return name;
  }

  // ---- places

  void make_places();

  void copies(const Place& place, int parent, const std::string& mark,
              const std::vector<std::pair<std::string, std::string>>& above);

  void copy(const Place& place, int parent, const std::string& mark,
            const std::vector<std::pair<std::string, std::string>>& filter, bool supposed = false, bool roomy = false);

  /// Values that items without one may have, for the learner.
  struct Supposed {
    std::vector<std::string> values;
    bool roomy = false;  ///< each stands for several
  };
  Supposed supposed(const std::string& attribute, const std::set<std::string>& stated, int parent) const;

  /// What lies directly inside a place, as the rule lists it.
  [[nodiscard]] const std::vector<const Place*>& inside(const std::string& place) const;

  /// Copies that may let a piece in: all but those of values it does not have. In their order.
  std::vector<int> places_for(const Held& held);

  /// Whether an item may lie in several copies of a place, if it has several values.
  [[nodiscard]] bool spreads(const Piece& piece) const;

  static std::size_t index(int position) { return static_cast<std::size_t>(position); }

  /// Copies of the places named, without those below another of them.
  /// Where something has to be proved, a copy whose value nobody stated stands in for a copy that is
  /// named and not there.
  [[nodiscard]] std::vector<int> copies_of(const std::vector<std::string>& names, bool proving = false);

  [[nodiscard]] bool below(int place, int ancestor) const;

  [[nodiscard]] bool below_any(int place, const std::vector<int>& ancestors) const;

  // ---- items

  void make_pieces();

  void make_scale();

  /// Every known bound of the rule in this measure.
  std::vector<Rational> bounds(Measure measure);

  /// A share of what is counted, not of a fixed size.
  static bool moves(const Share& share);

  void fixed_share(const Share& share, Measure of, Measure measure, std::vector<Rational>& found);

  /// The size of the award: the least total, or the parameter `target` of a policy.
  std::optional<Rational> target();
  [[nodiscard]] Measure target_measure() const;

  /// A share, in a measure, of a base that does not depend on what is counted; none where it does or is unknown.
  std::optional<Rational> constant(const Share& share, Measure measure);

  std::optional<Rational> fixed(const Share& share, Measure measure);

  /// Least and greatest of what a piece brings where it lies; none: not known.
  [[nodiscard]] std::optional<Range> size(const Piece& piece, Measure measure) const;

  [[nodiscard]] Worth worth(const Piece& piece, Measure measure) const;

  /// Toward a minimum of `need` row units.
  [[nodiscard]] std::int64_t toward_minimum(const Piece& piece, Measure measure, std::int64_t need);

  /// Toward a maximum of `limit` row units.
  [[nodiscard]] std::int64_t toward_maximum(const Piece& piece, Measure measure, std::int64_t limit);

  // ---- uses

  /// The filter of a place and of all above it.
  Truth fits(const Held& held, int place);

  /// Whether the gates let an item be counted in a place; names the gate that does not.
  bool passes(const Piece& piece, int place, std::string& reason, bool& unknown);

  std::optional<Rational> outcomes_needed(const OutcomeRule& rule);

  bool used_elsewhere_admits(const Held& held, std::string& reason, bool& unknown);

  [[nodiscard]] bool counts_units(int place) const;

  void make_uses();

  /// More wild credit than all minima together can ask for is never of use.
  std::int64_t wild_limit();

  /// Column of the nearest place at or above `place` that has to be chosen.
  [[nodiscard]] int chosen_above(int place) const;

  [[nodiscard]] int common_ancestor(int a, int b) const;

  /// Pairs of copies an overlap clause speaks of.
  [[nodiscard]] bool speaks_of(const Overlap& overlap, int a, int b);

  /// Whether an item may not sit in both places.
  bool exclusive(std::size_t k, int a, int b);

  /// What two places may share: anything, or what one of these clauses lets through.
  struct Sharing {
    bool free = false;
    std::vector<const Overlap*> listed;
  };

  void single_use();

  /// At most the whole of an item over places that share nothing.
  void use_row(std::size_t k, const std::vector<int>& uses, int number);

  static bool listed_int(const std::vector<int>& list, int value) {
    return std::find(list.begin(), list.end(), value) != list.end();
  }
  [[nodiscard]] int place_of(int use) const { return out_.uses[index(use)].place; }
  [[nodiscard]] int column_of(int use) const { return out_.uses[index(use)].column; }

  /// Uses of a piece in or below these places; all of them for an empty list of names.
  [[nodiscard]] std::vector<int> uses_in(std::size_t k, const std::vector<int>& places, bool anywhere) const;

  /// Uses in or below one place, those of one piece beside each other.
  const std::vector<int>& uses_below(int place);

  /// Quanta of a piece that lie in any of these uses, each counted once: terms with weights.
  Terms joint(std::size_t k, const std::vector<int>& uses);

  static std::vector<std::vector<int>> single(const std::vector<int>& uses);

  [[nodiscard]] std::string together(const std::vector<int>& group) const;

  /// Largest sets of places no two of which may share the item.
  std::vector<std::vector<int>> kept_apart(std::size_t k, const std::vector<int>& uses);

  /// 1 when the item is in this use at all.
  int present(std::size_t k, int use);

  /// A column that is 1 exactly when any of these uses holds something of the item.
  int some(std::size_t k, const std::vector<int>& uses);

  /// Adds an item's part in `uses`, by a measure, `factor` per row unit.
  void add(Terms& terms, std::size_t k, const std::vector<int>& uses, Measure measure, std::int64_t per_quantum);

  static void merge(Terms& terms);

  // ---- rows

  /// terms >= need (times `chosen`), with a slack that is the shortfall.
  void at_least(const std::string& path, Terms terms, std::int64_t need, Measure measure, const std::string& kind,
                int chosen, int priority);

  void at_most(const std::string& path, Terms terms, std::int64_t limit);

  /// Pieces that may have this value, in order; all of them for a clause without `for_each`.
  std::vector<std::size_t> sharing(const Each& one);

  /// `part` may begin with the mark of a copy: "[home]/min".
  void broken(const Clause& clause, const std::string& part, std::string reason, bool unknown,
              std::optional<Rational> needed = {}, std::optional<Rational> have = {}, Measure measure = Measure::units);

  /// Terms of everything selected in these uses, toward a minimum or a maximum.
  template <class Choose, class Value>
  Terms gather(const std::vector<int>& places, bool anywhere, Measure measure, Choose&& choose, Value&& value,
               const Each& one = {}) {
    Terms terms;
    if (!anywhere && places.size() == 1 && one.attribute.empty()) {
      // A rule of many places is gone through place by place: only what lies there is looked at.
      const std::vector<int>& there = uses_below(places.front());
      std::vector<int> own;
      for (std::size_t u = 0; u < there.size();) {
        const std::size_t k = holder_[index(there[u])];
        own.clear();
        for (; u < there.size() && holder_[index(there[u])] == k; ++u) own.push_back(there[u]);
        tick();
        if (choose(pieces_[k])) add(terms, k, own, measure, value(pieces_[k]));
      }
      return terms;
    }
    for (const std::size_t k : sharing(one)) {
      tick();
      if (uses_of_[k].empty() || !choose(pieces_[k])) continue;
      add(terms, k, uses_in(k, places, anywhere), measure, value(pieces_[k]));
    }
    return terms;
  }

  Terms minimum_terms(const std::vector<int>& places, bool anywhere, Measure measure, const Selector& from,
                      std::int64_t need);

  Terms maximum_terms(const std::vector<int>& places, bool anywhere, Measure measure, const Selector& from,
                      std::int64_t limit);

  /// All that is counted, as the base of a share: a maximum grows with it, a minimum has to follow it.
  Terms base_terms(const std::vector<int>& places, bool anywhere, Measure measure, bool of_minimum,
                   const Rational& part);

  /// More than any bound or sum of stated sizes in a measure, in row units.
  std::int64_t beyond(Measure measure);

  /// Wild credit in or below these places.
  void add_wild(Terms& terms, Measure measure, const std::vector<int>* places, std::int64_t factor = 1);

  void bounds_of_places();

  /// A place that cannot be met for want of a number is not chosen.
  void forbid(int chosen, const std::string& path);

  void choose(int p);

  /// The units a selector lists, or those of the rule it selects.
  std::vector<std::string> units_of(const Selector& from);

  bool exempted_unit(const std::string& unit);

  bool exempts(const Substitution& substitution);

  /// A place whose whole filter is a tag that an exemption lifts.
  bool exempted_place(const Place& place);

  /// One row per unit of the set; false if the set lists none.
  bool all_units(const std::string& path, const Clause& clause, const std::vector<int>& places, int chosen,
                 const Selector* from = nullptr);

  void total();

  std::vector<Each> each(const std::string& attribute);

  /// Whether the record holds an item whose value of an attribute is not stated.
  bool unstated(const std::string& attribute);

  /// Whether a minimum asks for more than nothing.
  bool asks(const Amount& amount);

  /// Whether a copy of a place asks for anything, itself or below.
  bool demands(const Place& place);

  /// A copy for a value that nobody stated is not known to be met.
  void unstated_copies();

  /// Adds the value of an attribute to a selector's reach, for clauses with `for_each`.
  Truth selected(const Selector& from, const Each& one, const Held& held);

  void floors();

  void floor_amount(const Floor& floor, const Each& one, const std::string& path, const std::vector<int>& places,
                    bool anywhere);

  void floor_bound(const Floor& floor, const Each& one, const std::string& path, const std::vector<int>& places,
                   bool anywhere, const Rational& value);

  [[nodiscard]] bool is_place(const std::string& id) const;

  void floor_share(const Floor& floor, const Each& one, const std::string& path, const std::vector<int>& places,
                   bool anywhere);

  /// What an item on offer adds to a sum over all that is presented, once it is taken.
  struct Presented {
    int item = 0;
    Rational amount;
  };

  /// A bound of such a sum as a row over what is taken.
  IntegerModel::Row& presented_row(const std::string& path, const std::vector<Presented>& offered,
                                   const Rational& bound, bool least);

  void presented_at_least(const std::string& path, const std::vector<Presented>& offered, const Rational& bound,
                          const Floor& floor, int guard);

  /// Values of an attribute, with the items on offer that bring one which nothing held has.
  std::map<std::string, std::vector<int>> values_of(const std::string& attribute);

  /// A column that is 1 if any of these items on offer is taken; none for no items.
  int guard_of(const std::string& path, const std::vector<int>& brought_by);

  /// Where one of these items is taken (and `above` chosen), `guard` is 1.
  void present_if_taken(const std::string& path, const std::vector<int>& brought_by, int guard, int above);

  /// Copies of places for values that only items on offer bring ask for nothing until one is taken.
  void guard_copies();

  /// An item on offer whose value nobody stated would make a copy that is not known to be met.
  void bar_unstated(const std::string& attribute, int chosen, const std::string& path);

  /// A floor that cannot be met: broken, or not to be brought about.
  void fails(const Floor& floor, const Each& one, const std::string& part, std::string reason, bool unknown,
             std::optional<Rational> needed = {}, std::optional<Rational> have = {}, Measure measure = Measure::units);

  /// A minimum whose bound moves with what is counted: terms + slack >= 0.
  void share_at_least(const std::string& path, Terms terms, const Floor& floor, int guard);

  /// What a share is a share of, as far as it moves with what is counted.
  Terms share_base(const std::string& base, const std::vector<int>& places, bool anywhere, Measure measure,
                   bool of_minimum, const Rational& share);

  /// A column k with grain * k between the limits that rounding part * whole leaves: at least the
  /// rounded value (for a minimum) or at most it (for a maximum).
  int rounded_share(const std::string& path, const Terms& whole, const Rational& part, const Rounding& rounding,
                    Measure measure, bool minimum);

  void distinct(const Floor& floor, const Each& one, const std::string& path, const std::vector<int>& places,
                bool anywhere);

  /// Of the last `of_last` counted, by date: a run from the newest item backwards.
  void last(const Floor& floor, const Each& one, const std::string& path, const std::vector<int>& places, bool anywhere,
            std::int64_t bound);

  Selector united(const Cap& cap) const;

  void caps();

  /// At most so much, or such a share, of what is counted.
  void limit(const Selector& from, const Each& one, const std::string& path, const std::vector<int>& places,
             bool anywhere, Measure measure, const Amount& max, const Share& share);

  /// Record mode: too much presented breaks the rule, whatever is left out.
  void record_cap(const Cap& cap, const Selector& from, const Each& one, const std::string& path);

  void exclusions();

  void overlaps();

  void pair_limit(const Overlap& overlap, int a, int b);

  void reuse();

  void windows();

  static std::string period(Date date, const std::string& per);

  void pace();

  // ---- prerequisites

  /// What is on offer and how much of it has to be taken.
  struct Offered {
    Terms terms;
    std::int64_t lacking = 0;
  };

  /// Whether `needs` may be there for an item, at the time asked; what hangs on the placing counts as there.
  Truth prepared(const Prerequisite& rule, const Condition& needs, const Held& held);
  Truth held_before(const Prerequisite& rule, const Condition& needs, const Held& held, Offered* offered);

  /// Whether what is needed hangs on what is placed or taken.
  bool hangs(const Prerequisite& rule, const Condition& needs, const Held& held);

  /// `guard` of at most `most` is above 0 only if what hangs on the placing is there.
  void require(const Prerequisite& rule, const Condition& needs, std::size_t k, int guard, std::int64_t most,
               const std::string& name);

  static Truth in_time(const std::string& timing, const std::optional<Date>& need, const std::optional<Date>& own);

  void prerequisites();

  /// 1 only if the minima of this place or floor are kept without shortfall.
  int met_column(const std::string& path);

  /// 1 only if a clause is met by what is in time for an item, which does not stand for itself.
  int met_in_time(const std::string& path, const std::string& timing, std::size_t k);

  /// Whether the dates of items say when a clause of this path was met; none where they need not.
  [[nodiscard]] std::optional<bool> dated(const std::string& path) const;

  /// `guard` is 1 only if a place and all below it are met by pieces that are in time.
  void place_in_time(int place, int guard, const std::set<int>& in_time);

  /// The same for the bounds of one clause alone.
  void bounds_in_time(const std::string& path, int guard, const std::set<int>& in_time);

  /// A column is 1 only where the choices above a place chose it.
  void only_chosen(const std::string& path, int column);

  /// A column that is about one item.
  int item_column(std::size_t k, const std::string& name, std::int64_t upper);

  void outcomes();

  /// 1 only if the whole item is counted: outcomes are shown by whole items.
  int fully(std::size_t k);

  void requirements();

  void averages();

  /// One average, its threshold and its attempts by unit; defined in compile_averages.cpp.
  struct Attempt;
  struct Mean;

  /// Which points a grade nobody stated may be worth: from, and to (none: without bound).
  [[nodiscard]] std::pair<Rational, std::optional<Rational>> any_points(const std::string& scale) const;

  /// Items that may enter an average, by unit where attempts at one unit compete.
  std::map<std::string, std::vector<Attempt>> attempts(const Average& average, const std::vector<int>& places,
                                                       bool anywhere);

  void mean(const Average& average, const std::string& path, const Rational& threshold, bool open);

  void mean_of_record(const Mean& mean);

  /// `column` is at most `span` more than what the attempt that enters for a unit adds.
  void competing(const Mean& mean, const std::string& base, const std::vector<Attempt>& group, int column,
                 std::int64_t span);

  /// Shortfall in the rule's measure first, then the other measures, then missing items and outcomes.
  void objective();

  Case& view_;
  const RuleText& rule_;
  CompileOptions options_;
  std::set<std::string> without_;
  Compiled out_;
  std::vector<std::vector<std::pair<std::string, std::string>>> filters_;  ///< per copy: attribute and value
  std::vector<Piece> pieces_;
  std::vector<std::vector<int>> uses_of_;  ///< per piece: positions in out_.uses
  std::vector<std::int64_t> weight_;       ///< per use: quanta per unit of its column
  std::vector<int> wild_place_;
  std::int64_t wild_limit_ = 0;
  std::vector<std::size_t> holder_;      ///< per use: its piece
  std::vector<std::vector<int>> below_;  ///< per copy: uses in or below it
  /// Pieces by their value of an attribute, and those of which a form does not state it.
  struct ByValue {
    std::unordered_map<std::string, std::vector<std::size_t>> stated;
    std::vector<std::size_t> open;
  };
  std::map<std::string, ByValue> by_value_;
  std::map<std::string, std::vector<const Place*>> inside_;
  std::set<std::string> place_ids_;
  std::unordered_map<std::string, std::vector<int>> named_;  ///< copies by their own name and their place's
  /// Copies by the value they are for, by attribute; copies that are for none.
  std::map<std::string, std::unordered_map<std::string, std::vector<int>>> copies_by_value_;
  std::vector<int> free_copies_;
  std::optional<std::set<std::string>> exempted_units_;
  std::map<std::string, std::vector<int>> gated_;  ///< per gate: copies it stands before
  std::size_t work_ = 0;
  std::size_t entries_ = 0;
  bool nothing_shared_ = false;  ///< the commonest rule: every item in one place
  std::map<Measure, std::int64_t> beyond_;
  std::map<std::pair<int, int>, Sharing> exclusive_;
  std::map<std::pair<std::size_t, std::vector<int>>, int> joint_;
  std::map<std::pair<std::size_t, std::vector<int>>, int> some_;
  std::map<std::size_t, int> fully_;
  std::map<std::string, int> met_;
  std::map<int, int> piece_of_;  ///< piece of a column about one item, for prerequisites
  std::vector<std::tuple<const Place*, int, std::string>> unstated_;  ///< copies that may exist: parent and mark
  std::vector<std::tuple<const Place*, int, std::string>> unstated_offers_;  ///< the same, if such an offer is taken
  std::set<int> guards_;  ///< columns that are 1 once an offer is taken
  std::map<int, std::vector<int>> brought_;  ///< copies of values that only items on offer bring
  std::set<int> forbidden_;                                           ///< columns of places that cannot be chosen
};

}  // namespace qualgraph::detail
