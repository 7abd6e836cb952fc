#include "qualgraph/stacking/compile.hpp"

#include <algorithm>
#include <functional>
#include <numeric>
#include <set>
#include <tuple>
#include <utility>

#include "qualgraph/model/error.hpp"

namespace qualgraph {
namespace {

using Term = IntegerModel::Term;
using Terms = std::vector<Term>;
constexpr std::int64_t kNone = IntegerModel::kInfinity;

std::int64_t times(std::int64_t a, std::int64_t b) {
  std::int64_t result = 0;
  if (__builtin_mul_overflow(a, b, &result)) throw NumericOverflow("the amounts of this rule and record leave the 64-bit range");
  return result;
}

std::int64_t plus(std::int64_t a, std::int64_t b) {
  std::int64_t result = 0;
  if (__builtin_add_overflow(a, b, &result)) throw NumericOverflow("the amounts of this rule and record leave the 64-bit range");
  return result;
}

/// `value` in units of 1/scale; exact because the scale is a multiple of every denominator.
std::int64_t scaled(const Rational& value, std::int64_t scale) {
  return times(value.numerator(), scale / value.denominator());
}

Rational abs(const Rational& value) { return value < Rational(0) ? Rational(0) - value : value; }

std::string suffix(const std::string& value) { return "[" + value + "]"; }

bool listed(const std::vector<std::string>& words, const std::string& word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

/// One item as columns: how it may be cut and what a column's unit brings.
struct Piece {
  int item = 0;                 ///< position in the record
  const Held* held = nullptr;
  std::int64_t parts = 1;       ///< quanta of a splittable item, 1 of a whole one
  Rational step;                ///< share of the item in one quantum
};

/// A set of values toward one measure: least and greatest per quantum, in row units.
struct Worth {
  std::int64_t low = 0, high = 0;
  bool known = true;
};

class Builder {
 public:
  Builder(Case& view, const CompileOptions& options) : view_(view), rule_(view.rule()), options_(options) {}

  Compiled build() {
    make_places();
    make_pieces();
    make_scale();
    make_uses();
    single_use();
    bounds_of_places();
    total();
    floors();
    caps();
    exclusions();
    overlaps();
    reuse();
    windows();
    pace();
    prerequisites();
    outcomes();
    requirements();
    averages();
    objective();
    doubt(view_.unsure());
    for (const auto& piece : pieces_) doubt(piece.held->stands_for.size() != piece.held->certain);
    return std::move(out_);
  }

 private:
  [[nodiscard]] bool strict() const { return options_.polarity == Polarity::strict; }
  [[nodiscard]] bool dropped(const std::string& path) const { return listed(options_.without, path); }
  [[nodiscard]] const LearnerRecord& record() const { return view_.record(); }

  /// What admits: unknown counts against the learner when strict.
  [[nodiscard]] bool admits(Truth value) {
    doubt(value == Truth::unknown);
    return strict() ? value == Truth::yes : value != Truth::no;
  }
  /// What binds: unknown binds when strict.
  [[nodiscard]] bool binds(Truth value) {
    doubt(value == Truth::unknown);
    return strict() ? value != Truth::no : value == Truth::yes;
  }

  /// Notes that a reading made a difference here, or may have.
  void doubt(bool unknown) { out_.certain = out_.certain && !unknown; }

  /// A name where names are kept.
  template <class... Part>
  [[nodiscard]] std::string label(const Part&... parts) const {
    std::string name;
    if (options_.names) (name.append(parts), ...);
    return name;
  }

  // ---- places

  void make_places() {
    PlaceCopy root;
    root.name = "";
    root.shared = rule_.allocation.shared;
    out_.places.push_back(root);
    if (rule_.places.empty()) {
      PlaceCopy everything;
      everything.name = "everything";
      everything.path = "places/everything";
      everything.parent = 0;
      everything.holds_items = true;
      out_.places.push_back(everything);
      out_.places[0].children.push_back(1);
      filters_.assign(2, {});
      return;
    }
    filters_.assign(1, {});
    for (const auto& place : rule_.places) {
      if (place.inside.empty()) copies(place, 0, "", {});
    }
  }

  void copies(const Place& place, int parent, const std::string& mark, const std::vector<std::pair<std::string, std::string>>& above) {
    if (++depth_ > 200) throw InvalidValue("places/" + place.id + " lies inside itself");
    if (!view_.limits(place, options_.polarity) && !view_.permits(place, options_.polarity)) {
      --depth_;
      return;
    }
    if (place.for_each.empty()) {
      copy(place, parent, mark, above);
    } else {
      std::set<std::string> values;
      for (const auto& held : view_.items()) {
        if (!held.admitted) continue;
        for (const auto& item : Case::forms(held, options_.polarity)) {
          if (const auto found = view_.values(item, place.for_each)) values.insert(found->begin(), found->end());
        }
      }
      for (const auto& value : values) {
        auto filter = above;
        filter.emplace_back(place.for_each, value);
        copy(place, parent, mark + suffix(value), filter);
      }
    }
    --depth_;
  }

  void copy(const Place& place, int parent, const std::string& mark, const std::vector<std::pair<std::string, std::string>>& filter) {
    const int self = static_cast<int>(out_.places.size());
    PlaceCopy made;
    made.name = place.id + mark;
    made.path = "places/" + made.name;
    made.place = &place;
    made.parent = parent;
    made.shared = place.use.empty() ? out_.places[index(parent)].shared : place.use == "shared";
    out_.places.push_back(made);
    filters_.push_back(filter);
    out_.places[index(parent)].children.push_back(self);
    bool has_children = false;
    for (const auto& child : rule_.places) {
      if (child.inside != place.id) continue;
      has_children = true;
      copies(child, self, mark, filter);
    }
    out_.places[index(self)].holds_items = (place.from.has_value() || !has_children) && view_.permits(place, options_.polarity);
  }

  static std::size_t index(int position) { return static_cast<std::size_t>(position); }

  /// Copies of the places named, without those below another of them.
  [[nodiscard]] std::vector<int> copies_of(const std::vector<std::string>& names) const {
    std::vector<int> found;
    for (int p = 1; p < static_cast<int>(out_.places.size()); ++p) {
      const auto& copy = out_.places[index(p)];
      const std::string& id = copy.place != nullptr ? copy.place->id : copy.name;
      if (listed(names, id) || listed(names, copy.name)) found.push_back(p);
    }
    return found;
  }

  [[nodiscard]] bool below(int place, int ancestor) const {
    for (; place >= 0; place = out_.places[index(place)].parent) {
      if (place == ancestor) return true;
    }
    return false;
  }

  [[nodiscard]] bool below_any(int place, const std::vector<int>& ancestors) const {
    return std::any_of(ancestors.begin(), ancestors.end(), [&](int a) { return below(place, a); });
  }

  // ---- items

  void make_pieces() {
    std::vector<int> order(view_.items().size());
    std::iota(order.begin(), order.end(), 0);
    const auto& items = view_.items();
    std::sort(order.begin(), order.end(), [&](int a, int b) { return items[index(a)].item->id < items[index(b)].item->id; });
    for (const int i : order) {
      const Held& held = items[index(i)];
      if (!held.admitted) {
        if (!held.exempted) out_.out.push_back({i, "status " + held.item->status, false});
        continue;
      }
      Piece piece;
      piece.item = i;
      piece.held = &held;
      piece.step = Rational(1);
      const bool split = held.item->whole ? !*held.item->whole : rule_.allocation.splittable;
      if (split && held.credits && held.credits->is_point() && rule_.allocation.quantum > Rational(0)) {
        const Rational parts = held.credits->min / rule_.allocation.quantum;
        if (parts.is_integer() && parts > Rational(1)) {
          piece.parts = parts.numerator();
          piece.step = Rational(1, piece.parts);
        }
      }
      pieces_.push_back(piece);
    }
  }

  void make_scale() {
    for (const Measure measure : {Measure::credits, Measure::units, Measure::hours, Measure::points}) {
      std::int64_t scale = 1;
      const auto widen = [&](const Rational& value) { scale = times(scale / std::gcd(scale, value.denominator()), value.denominator()); };
      for (const auto& piece : pieces_) {
        if (measure == Measure::units) break;
        if (const auto amount = view_.amount(*piece.held, measure)) {
          widen(amount->min * piece.step);
          widen(amount->max * piece.step);
        }
      }
      for (const auto& value : bounds(measure)) widen(value);
      // What a moving share lacks is counted in fractions of its own.
      std::int64_t shares = 1;
      for (const auto& floor : rule_.floors) {
        if (floor.measure != measure || !moves(floor.share)) continue;
        if (const auto part = view_.number(floor.share.share)) shares = std::lcm(shares, part->denominator());
      }
      out_.scale[measure] = times(scale, shares);
    }
  }

  /// Every known bound of the rule in this measure.
  std::vector<Rational> bounds(Measure measure) {
    std::vector<Rational> found;
    const auto take = [&](const Amount& amount, Measure of) {
      if (!amount.present() || of != measure) return;
      if (const auto value = view_.number(amount)) found.push_back(*value);
    };
    if (rule_.total) {
      for (const auto* amount : {&rule_.total->min, &rule_.total->max, &rule_.total->exact}) take(*amount, rule_.total->measure);
    }
    for (const auto& place : rule_.places) {
      for (const auto* amount : {&place.min, &place.max, &place.exact}) take(*amount, place.measure);
    }
    for (const auto& floor : rule_.floors) {
      take(floor.min, floor.measure);
      take(floor.of_last, floor.measure);
      fixed_share(floor.share, floor.measure, measure, found);
    }
    for (const auto& cap : rule_.caps) {
      take(cap.max, cap.measure);
      fixed_share(cap.share, cap.measure, measure, found);
    }
    for (const auto& overlap : rule_.allocation.overlaps) {
      take(overlap.max, overlap.measure);
      fixed_share(overlap.share, overlap.measure, measure, found);
    }
    for (const auto& limit : rule_.reuse.limits) {
      take(limit.max, limit.measure);
      fixed_share(limit.share, limit.measure, measure, found);
    }
    for (const auto& pace : rule_.pace) take(pace.max, pace.measure);
    return found;
  }

  /// A share of what is counted, not of a fixed size.
  static bool moves(const Share& share) {
    return share.share.present() && (share.base == "counted" || share.base == "component" || share.base.starts_with("place:"));
  }

  void fixed_share(const Share& share, Measure of, Measure measure, std::vector<Rational>& found) {
    if (!share.share.present() || of != measure) return;
    if (share.base == "source") {
      if (!record().awards) return;
      const auto part = view_.number(share.share);
      if (!part) return;
      for (const auto& award : *record().awards) {
        if (award.credits) found.push_back(rounded(*part * *award.credits, share.rounding));
      }
      return;
    }
    if (const auto value = constant(share)) found.push_back(*value);
    else if (share.rounding.mode != RoundingMode::none) {
      found.push_back(share.rounding.grain);
      found.push_back(share.rounding.grain / Rational(2));
    }
  }

  /// The size of the award: the least total, or the parameter `target` of a policy.
  std::optional<Rational> target() {
    if (rule_.total) {
      for (const auto* amount : {&rule_.total->min, &rule_.total->exact}) {
        if (amount->present()) return view_.number(*amount);
      }
    }
    if (const auto text = view_.parameter("target")) {
      try {
        return Rational::parse(*text);
      } catch (const InvalidValue&) {
        return std::nullopt;
      }
    }
    return std::nullopt;
  }

  /// A share of a base that does not depend on what is counted; none where it does or is unknown.
  std::optional<Rational> constant(const Share& share) {
    const auto value = fixed(share);
    doubt(!value && !moves(share));
    return value;
  }

  std::optional<Rational> fixed(const Share& share) {
    const auto part = view_.number(share.share);
    if (!part) return std::nullopt;
    std::optional<Rational> base;
    if (share.base == "target") base = target();
    if (share.base == "smaller" && record().awards) {
      for (const auto& award : *record().awards) {
        if (award.credits && (!base || *award.credits < *base)) base = award.credits;
      }
      if (const auto own = target(); own && base && *own < *base) base = own;
    }
    if (!base) return std::nullopt;
    return rounded(*part * *base, share.rounding);
  }

  [[nodiscard]] Worth worth(const Piece& piece, Measure measure) const {
    if (measure == Measure::units) {
      // Counts are of items: a splittable item in units is counted once it is there at all.
      const std::int64_t count = times(piece.held->item->count, out_.scale.at(Measure::units));
      return {count, count, true};
    }
    const auto amount = view_.amount(*piece.held, measure);
    if (!amount) return {0, 0, false};
    const std::int64_t scale = out_.scale.at(measure);
    return {scaled(amount->min * piece.step, scale), scaled(amount->max * piece.step, scale), true};
  }

  /// Toward a minimum of `need` row units.
  [[nodiscard]] std::int64_t toward_minimum(const Piece& piece, Measure measure, std::int64_t need) {
    const Worth own = worth(piece, measure);
    doubt(!own.known || own.low != own.high);
    if (!own.known) return strict() ? 0 : std::max<std::int64_t>(need, 0);
    return strict() ? own.low : own.high;
  }

  /// Toward a maximum of `limit` row units.
  [[nodiscard]] std::int64_t toward_maximum(const Piece& piece, Measure measure, std::int64_t limit) {
    const Worth own = worth(piece, measure);
    doubt(!own.known || own.low != own.high);
    if (!own.known) return strict() ? plus(limit, 1) : 0;
    return strict() ? own.high : own.low;
  }

  // ---- uses

  /// The filter of a place and of all above it.
  Truth fits(const Held& held, int place) {
    Truth best = Truth::no;
    for (const auto& item : Case::forms(held, options_.polarity)) {
      Truth value = Truth::yes;
      for (int p = place; p > 0 && value != Truth::no; p = out_.places[index(p)].parent) {
        const auto& copy = out_.places[index(p)];
        if (copy.place != nullptr && copy.place->from) value = std::min(value, view_.selects(*copy.place->from, item));
      }
      for (const auto& [attribute, wanted] : filters_[index(place)]) {
        const auto found = view_.values(item, attribute);
        value = std::min(value, !found ? Truth::unknown : listed(*found, wanted) ? Truth::yes : Truth::no);
      }
      best = std::max(best, value);
    }
    return best;
  }

  /// Whether the gates let an item be counted in a place; names the gate that does not.
  bool passes(const Piece& piece, int place, std::string& reason, bool& unknown) {
    const Held& held = *piece.held;
    for (const auto& gate : rule_.eligibility) {
      if (dropped(gate.path) || !view_.limits(gate, options_.polarity)) continue;
      if (!gate.in.empty() && !below_any(place, copies_of(gate.in))) continue;
      if (!binds(view_.selects(gate.from, held, options_.polarity))) continue;
      const Truth required = view_.requires_of(gate.require, held, options_.polarity);
      if (admits(required)) continue;
      reason = gate.path;
      unknown = required == Truth::unknown;
      return false;
    }
    if (!used_elsewhere_admits(held, reason, unknown)) return false;
    for (const auto& outcome : rule_.outcomes) {
      if (!outcome.per_unit || !outcome.set || outcome.set->empty() || dropped(outcome.path) || !view_.limits(outcome, options_.polarity)) continue;
      if (!binds(view_.selects(outcome.from, held, options_.polarity))) continue;
      doubt(!held.item->outcomes);
      if (!held.item->outcomes) {
        if (strict()) {
          reason = outcome.path;
          unknown = true;
          return false;
        }
        continue;
      }
      const auto covered = std::count_if(outcome.set->begin(), outcome.set->end(), [&](const std::string& one) { return listed(*held.item->outcomes, one); });
      if (Rational(covered) < outcomes_needed(outcome).value_or(strict() ? Rational(covered + 1) : Rational(0))) {
        reason = outcome.path;
        return false;
      }
    }
    return true;
  }

  std::optional<Rational> outcomes_needed(const OutcomeRule& rule) {
    const auto size = static_cast<std::int64_t>(rule.set->size());
    if (rule.all) return Rational(size);
    if (rule.min.present()) return view_.number(rule.min);
    if (const auto share = view_.number(rule.min_share)) return Rational(ceil(*share * Rational(size)));
    return std::nullopt;
  }

  bool used_elsewhere_admits(const Held& held, std::string& reason, bool& unknown) {
    const auto& used = held.item->used_for;
    const bool asked = !rule_.reuse.used_elsewhere.empty() && rule_.reuse.used_elsewhere != "free";
    doubt((!used && (asked || rule_.allocation.max_awards)) || (used && !used->empty() && rule_.reuse.used_elsewhere.empty()));
    if (rule_.reuse.used_elsewhere == "barred") {
      const bool barred = used ? !used->empty() : strict();
      if (barred) {
        reason = "reuse/used_elsewhere";
        unknown = !used;
      }
      return !barred;
    }
    if (rule_.reuse.used_elsewhere.empty() && strict() && used && !used->empty()) {
      reason = "reuse";
      unknown = true;
      return false;
    }
    if (rule_.allocation.max_awards) {
      const bool barred = used ? static_cast<int>(used->size()) + 1 > *rule_.allocation.max_awards : strict();
      if (barred) {
        reason = "allocation/max_awards";
        unknown = !used;
        return false;
      }
    }
    return true;
  }

  [[nodiscard]] bool counts_units(int place) const {
    for (int p = place; p > 0; p = out_.places[index(p)].parent) {
      const Place* own = out_.places[index(p)].place;
      if (own == nullptr) continue;
      if (own->all || (own->measure == Measure::units && (own->min.present() || own->max.present() || own->exact.present()))) return true;
    }
    return false;
  }

  void make_uses() {
    nothing_shared_ = rule_.allocation.overlaps.empty() && std::none_of(out_.places.begin(), out_.places.end(), [](const PlaceCopy& place) { return place.shared; });
    for (int p = 1; p < static_cast<int>(out_.places.size()); ++p) {
      const auto& parent = out_.places[index(out_.places[index(p)].parent)];
      if (parent.place == nullptr || !parent.place->choose) continue;
      out_.places[index(p)].chosen = out_.model.add_column("chosen[" + out_.places[index(p)].name + "]", 0, 1, 0, 2);
    }
    uses_of_.resize(pieces_.size());
    for (std::size_t k = 0; k < pieces_.size(); ++k) {
      const Piece& piece = pieces_[k];
      if (piece.held->offered) out_.take[piece.item] = out_.model.add_column("take[" + piece.held->item->id + "]", 0, 1, 0, 1);
      bool any_fit = false;
      bool unknown_fit = false;
      std::string gate;
      bool gate_unknown = false;
      for (int p = 1; p < static_cast<int>(out_.places.size()); ++p) {
        const auto& copy = out_.places[index(p)];
        if (!copy.holds_items) continue;
        const Truth fit = fits(*piece.held, p);
        if (!admits(fit)) {
          unknown_fit = unknown_fit || fit == Truth::unknown;
          continue;
        }
        any_fit = true;
        if (!passes(piece, p, gate, gate_unknown)) continue;
        const bool whole = piece.parts == 1 || counts_units(p);
        Use use;
        use.item = piece.item;
        use.place = p;
        use.step = piece.held->credits ? piece.held->credits->min * (whole ? Rational(1) : piece.step) : Rational(0);
        use.column = out_.model.add_column(label("x[", piece.held->item->id, "|", copy.name, "]"), 0, whole ? 1 : piece.parts);
        if (const int chosen = chosen_above(p); chosen >= 0) {
          auto& row = out_.model.add_row(label("choose/", piece.held->item->id, "|", copy.name), -kNone, 0);
          row.terms = {{use.column, 1}, {chosen, whole ? -1 : -piece.parts}};
        }
        uses_of_[k].push_back(static_cast<int>(out_.uses.size()));
        weight_.push_back(whole ? piece.parts : 1);
        out_.uses.push_back(use);
      }
      if (uses_of_[k].empty()) {
        NoPlace none{piece.item, gate, gate_unknown};
        if (!any_fit) none = {piece.item, unknown_fit ? "no place takes it for certain" : "no place takes it", unknown_fit};
        out_.out.push_back(none);
      }
    }
    for (int p = 1; p < static_cast<int>(out_.places.size()); ++p) {
      const auto& copy = out_.places[index(p)];
      const int above = copy.parent > 0 ? chosen_above(copy.parent) : -1;
      if (copy.chosen >= 0 && above >= 0) {
        out_.model.add_row("choose/" + copy.name, -kNone, 0).terms = {{copy.chosen, 1}, {above, -1}};
      }
      if (options_.wild && copy.holds_items) {
        const std::int64_t most = wild_limit();
        const int column = out_.model.add_column("wild[" + copy.name + "]", 0, most, 1);
        out_.wild.push_back(column);
        wild_place_.push_back(p);
        if (const int chosen = chosen_above(p); chosen >= 0) {
          out_.model.add_row("choose/wild|" + copy.name, -kNone, 0).terms = {{column, 1}, {chosen, -most}};
        }
      }
    }
  }

  /// More wild credit than all minima together can ask for is never of use.
  std::int64_t wild_limit() {
    if (wild_limit_ == 0) {
      Rational sum = 1;
      for (const auto& value : bounds(Measure::credits)) sum += abs(value);
      for (const auto& piece : pieces_) {
        if (piece.held->credits) sum += piece.held->credits->max;
      }
      wild_limit_ = times(ceil(sum), out_.scale.at(Measure::credits));
    }
    return wild_limit_;
  }

  /// Column of the nearest place at or above `place` that has to be chosen.
  [[nodiscard]] int chosen_above(int place) const {
    for (int p = place; p > 0; p = out_.places[index(p)].parent) {
      if (out_.places[index(p)].chosen >= 0) return out_.places[index(p)].chosen;
    }
    return -1;
  }

  [[nodiscard]] int common_ancestor(int a, int b) const {
    for (int p = a; p >= 0; p = out_.places[index(p)].parent) {
      if (below(b, p)) return p;
    }
    return 0;
  }

  /// Pairs of copies an overlap clause speaks of.
  [[nodiscard]] bool speaks_of(const Overlap& overlap, int a, int b) const {
    const auto side = [&](int place, const std::string& name) { return below_any(place, copies_of({name})); };
    for (std::size_t i = 0; i < overlap.between.size(); ++i) {
      for (std::size_t j = i + 1; j < overlap.between.size(); ++j) {
        if ((side(a, overlap.between[i]) && side(b, overlap.between[j])) || (side(b, overlap.between[i]) && side(a, overlap.between[j]))) return true;
      }
    }
    return false;
  }

  /// Whether an item may not sit in both places.
  bool exclusive(std::size_t k, int a, int b) {
    if (nothing_shared_) return true;
    const auto key = std::minmax(a, b);
    auto kept = exclusive_.find(key);
    if (kept == exclusive_.end()) {
      Sharing sharing;
      const int common = common_ancestor(a, b);
      if (common != a && common != b) {
        sharing.free = out_.places[index(common)].shared;
        for (const auto& overlap : rule_.allocation.overlaps) {
          if (!sharing.free && view_.permits(overlap, options_.polarity) && speaks_of(overlap, a, b)) sharing.listed.push_back(&overlap);
        }
      }
      kept = exclusive_.emplace(key, std::move(sharing)).first;
    }
    if (kept->second.free) return false;
    return std::none_of(kept->second.listed.begin(), kept->second.listed.end(), [&](const Overlap* overlap) {
      return admits(view_.selects(overlap->from, *pieces_[k].held, options_.polarity));
    });
  }

  /// What two places may share: anything, or what one of these clauses lets through.
  struct Sharing {
    bool free = false;
    std::vector<const Overlap*> listed;
  };

  void single_use() {
    for (std::size_t k = 0; k < pieces_.size(); ++k) {
      const auto& uses = uses_of_[k];
      const Piece& piece = pieces_[k];
      if (const auto taken = out_.take.find(piece.item); taken != out_.take.end()) {
        // Whatever is on offer has to be taken before it counts anywhere.
        for (const int use : uses) {
          auto& row = out_.model.add_row("take/" + out_.model.columns[index(column_of(use))].name, -kNone, 0);
          row.terms = {{column_of(use), 1}, {taken->second, -out_.model.columns[index(column_of(use))].upper}};
        }
      }
      if (uses.size() < 2) continue;
      // Greedy cliques of places that share nothing: one row instead of one per pair.
      if (nothing_shared_) {
        use_row(k, uses, 0);
        continue;
      }
      std::set<std::pair<int, int>> left;
      for (std::size_t a = 0; a < uses.size(); ++a) {
        for (std::size_t b = a + 1; b < uses.size(); ++b) {
          if (exclusive(k, place_of(uses[a]), place_of(uses[b]))) left.insert({uses[a], uses[b]});
        }
      }
      int number = 0;
      while (!left.empty()) {
        std::vector<int> clique{left.begin()->first, left.begin()->second};
        for (const int use : uses) {
          if (listed_int(clique, use)) continue;
          if (std::all_of(clique.begin(), clique.end(), [&](int other) { return exclusive(k, place_of(use), place_of(other)); })) clique.push_back(use);
        }
        std::sort(clique.begin(), clique.end());
        use_row(k, clique, number++);
        for (std::size_t a = 0; a < clique.size(); ++a) {
          for (std::size_t b = a + 1; b < clique.size(); ++b) left.erase({clique[a], clique[b]});
        }
      }
      if (rule_.allocation.max_places && static_cast<int>(uses.size()) > *rule_.allocation.max_places) {
        Terms places;
        for (const int use : uses) places.push_back({present(k, use), 1});
        at_most("allocation/max_places" + suffix(piece.held->item->id), std::move(places), *rule_.allocation.max_places);
      }
    }
  }

  /// At most the whole of an item over places that share nothing.
  void use_row(std::size_t k, const std::vector<int>& uses, int number) {
    const Piece& piece = pieces_[k];
    auto& row = out_.model.add_row(label("item/", piece.held->item->id, number == 0 ? std::string() : "#" + std::to_string(number)), -kNone, piece.parts);
    row.terms.reserve(uses.size() + 1);
    for (const int use : uses) row.terms.push_back({column_of(use), weight_[index(use)]});
    if (const auto taken = out_.take.find(piece.item); taken != out_.take.end()) {
      row.terms.push_back({taken->second, -piece.parts});
      row.upper = 0;
    }
  }

  static bool listed_int(const std::vector<int>& list, int value) { return std::find(list.begin(), list.end(), value) != list.end(); }
  [[nodiscard]] int place_of(int use) const { return out_.uses[index(use)].place; }
  [[nodiscard]] int column_of(int use) const { return out_.uses[index(use)].column; }

  /// Uses of a piece in or below these places; all of them for an empty list of names.
  [[nodiscard]] std::vector<int> uses_in(std::size_t k, const std::vector<int>& places, bool anywhere) const {
    if (anywhere) return uses_of_[k];
    std::vector<int> found;
    for (const int use : uses_of_[k]) {
      if (places.size() == 1 ? below(place_of(use), places.front()) : below_any(place_of(use), places)) found.push_back(use);
    }
    return found;
  }

  /// Quanta of a piece that lie in any of these uses, each counted once: terms with weights.
  Terms joint(std::size_t k, const std::vector<int>& uses) {
    Terms terms;
    bool apart = true;
    for (std::size_t a = 0; a < uses.size() && apart; ++a) {
      for (std::size_t b = a + 1; b < uses.size() && apart; ++b) apart = exclusive(k, place_of(uses[a]), place_of(uses[b]));
    }
    if (apart) {
      for (const int use : uses) terms.push_back({column_of(use), weight_[index(use)]});
      return terms;
    }
    const auto key = std::make_pair(k, uses);
    auto kept = joint_.find(key);
    if (kept == joint_.end()) {
      const Piece& piece = pieces_[k];
      std::string name = piece.held->item->id;
      if (uses.size() != uses_of_[k].size()) {
        for (std::size_t a = 0; a < uses.size(); ++a) name += (a == 0 ? "|" : "+") + out_.places[index(place_of(uses[a]))].name;
      }
      const int column = out_.model.add_column("in" + suffix(name), 0, piece.parts);
      // Places no two of which may share hold different quanta; of a whole item, each place all of it.
      // Not less than any such part placed, not more than the largest of them.
      const auto groups = piece.parts == 1 ? single(uses) : kept_apart(k, uses);
      for (const auto& group : groups) {
        auto& row = out_.model.add_row("in/" + name + "/least|" + together(group), 0, kNone);
        row.terms = {{column, 1}};
        for (const int use : group) row.terms.push_back({column_of(use), -weight_[index(use)]});
      }
      if (piece.parts == 1) {
        auto& row = out_.model.add_row("in/" + name + "/most", -kNone, 0);
        row.terms = {{column, 1}};
        for (const int use : uses) row.terms.push_back({column_of(use), -1});
      } else {
        Terms picks;
        for (const auto& group : groups) {
          const int pick = out_.model.add_column("largest[" + name + "|" + together(group) + "]", 0, 1);
          picks.push_back({pick, 1});
          auto& row = out_.model.add_row("in/" + name + "/most|" + together(group), -kNone, piece.parts);
          row.terms = {{column, 1}, {pick, piece.parts}};
          for (const int use : group) row.terms.push_back({column_of(use), -weight_[index(use)]});
        }
        out_.model.add_row("in/" + name + "/largest", 1, 1).terms = picks;
      }
      kept = joint_.emplace(key, column).first;
    }
    return {{kept->second, 1}};
  }

  static std::vector<std::vector<int>> single(const std::vector<int>& uses) {
    std::vector<std::vector<int>> groups;
    for (const int use : uses) groups.push_back({use});
    return groups;
  }

  [[nodiscard]] std::string together(const std::vector<int>& group) const {
    std::string names;
    for (const int use : group) names += (names.empty() ? "" : "+") + out_.places[index(place_of(use))].name;
    return names;
  }

  /// Largest sets of places no two of which may share the item.
  std::vector<std::vector<int>> kept_apart(std::size_t k, const std::vector<int>& uses) {
    std::vector<std::vector<int>> found;
    const std::function<void(std::vector<int>, std::vector<int>)> widen = [&](std::vector<int> group, std::vector<int> rest) {
      std::vector<int> fitting;
      for (const int use : rest) {
        if (std::all_of(group.begin(), group.end(), [&](int other) { return exclusive(k, place_of(use), place_of(other)); })) fitting.push_back(use);
      }
      if (fitting.empty()) {
        const auto inside = [&](const std::vector<int>& other) {
          return std::all_of(group.begin(), group.end(), [&](int use) { return listed_int(other, use); });
        };
        if (!group.empty() && std::none_of(found.begin(), found.end(), inside)) found.push_back(group);
        return;
      }
      std::vector<int> wider = group;
      wider.push_back(fitting.front());
      const std::vector<int> others(fitting.begin() + 1, fitting.end());
      widen(wider, others);
      widen(group, others);
    };
    widen({}, uses);
    return found;
  }

  /// 1 when the item is in this use at all.
  int present(std::size_t k, int use) {
    if (pieces_[k].parts == 1 || weight_[index(use)] > 1) return column_of(use);
    return some(k, {use});
  }

  /// A column that is 1 exactly when any of these uses holds something of the item.
  int some(std::size_t k, const std::vector<int>& uses) {
    const auto key = std::make_pair(k, uses);
    if (const auto kept = some_.find(key); kept != some_.end()) return kept->second;
    const Piece& piece = pieces_[k];
    if (piece.parts == 1) {
      const Terms terms = joint(k, uses);
      if (terms.size() == 1) return some_[key] = terms.front().column;
    }
    std::string name = piece.held->item->id;
    for (std::size_t a = 0; a < uses.size(); ++a) name += (a == 0 ? "|" : "+") + out_.places[index(place_of(uses[a]))].name;
    const int column = out_.model.add_column("some" + suffix(name), 0, 1);
    auto& most = out_.model.add_row("some/" + name + "/most", -kNone, 0);
    most.terms = {{column, 1}};
    Terms all;
    for (const int use : uses) all.push_back({column_of(use), -weight_[index(use)]});
    most.terms.insert(most.terms.end(), all.begin(), all.end());
    for (const auto& term : all) {
      auto& least = out_.model.add_row("some/" + name + "/least|" + out_.model.columns[index(term.column)].name, 0, kNone);
      least.terms = {{column, piece.parts}, term};
    }
    return some_[key] = column;
  }

  /// Adds an item's part in `uses`, by a measure, `factor` per row unit.
  void add(Terms& terms, std::size_t k, const std::vector<int>& uses, Measure measure, std::int64_t per_quantum) {
    if (uses.empty() || per_quantum == 0) return;
    if (measure == Measure::units && pieces_[k].parts > 1) {
      terms.push_back({some(k, uses), per_quantum});
      return;
    }
    for (const auto& term : joint(k, uses)) terms.push_back({term.column, times(term.coefficient, per_quantum)});
  }

  static void merge(Terms& terms) {
    std::sort(terms.begin(), terms.end(), [](const Term& a, const Term& b) { return a.column < b.column; });
    Terms merged;
    for (const auto& term : terms) {
      if (!merged.empty() && merged.back().column == term.column) {
        merged.back().coefficient = plus(merged.back().coefficient, term.coefficient);
      } else {
        merged.push_back(term);
      }
    }
    std::erase_if(merged, [](const Term& term) { return term.coefficient == 0; });
    terms = std::move(merged);
  }

  // ---- rows

  /// terms >= need (times `chosen`), with a slack that is the shortfall.
  void at_least(const std::string& path, Terms terms, std::int64_t need, Measure measure, const std::string& kind, int chosen, int priority) {
    if (dropped(path) || need <= 0) return;
    const int slack = out_.model.add_column("short[" + path + "]", 0, need);
    Minimum minimum;
    minimum.path = path;
    minimum.row = static_cast<int>(out_.model.rows.size());
    minimum.column = slack;
    minimum.measure = measure;
    minimum.kind = kind;
    minimum.unit = kind == "amount" ? Rational(1, out_.scale.at(measure)) : Rational(1);
    minimum.priority = priority;
    merge(terms);
    terms.push_back({slack, 1});
    if (chosen >= 0) terms.push_back({chosen, -need});
    auto& row = out_.model.add_row(path, chosen >= 0 ? 0 : need, kNone);
    row.terms = std::move(terms);
    merge(row.terms);
    out_.minima.push_back(std::move(minimum));
  }

  void at_most(const std::string& path, Terms terms, std::int64_t limit) {
    if (dropped(path)) return;
    merge(terms);
    if (terms.empty() && limit >= 0) return;
    out_.model.add_row(path, -kNone, limit).terms = std::move(terms);
  }

  /// `part` may begin with the mark of a copy: "[home]/min".
  void broken(const Clause& clause, const std::string& part, std::string reason, bool unknown, std::optional<Rational> needed = {}, std::optional<Rational> have = {}, Measure measure = Measure::units) {
    const std::string path = part.empty() || part.front() == '[' || part.front() == '/' ? clause.path + part : clause.path + "/" + part;
    if (dropped(path) || dropped(clause.path)) return;
    out_.broken.push_back({path, std::move(reason), unknown, needed, have, measure});
  }

  /// Terms of everything selected in these uses, toward a minimum or a maximum.
  template <class Choose, class Value>
  Terms gather(const std::vector<int>& places, bool anywhere, Measure measure, Choose&& choose, Value&& value) {
    Terms terms;
    for (std::size_t k = 0; k < pieces_.size(); ++k) {
      if (uses_of_[k].empty() || !choose(pieces_[k])) continue;
      add(terms, k, uses_in(k, places, anywhere), measure, value(pieces_[k]));
    }
    return terms;
  }

  Terms minimum_terms(const std::vector<int>& places, bool anywhere, Measure measure, const Selector& from, std::int64_t need) {
    Terms terms = gather(places, anywhere, measure, [&](const Piece& piece) { return admits(view_.selects(from, *piece.held, options_.polarity)); },
                         [&](const Piece& piece) { return toward_minimum(piece, measure, need); });
    return terms;
  }

  Terms maximum_terms(const std::vector<int>& places, bool anywhere, Measure measure, const Selector& from, std::int64_t limit) {
    return gather(places, anywhere, measure, [&](const Piece& piece) { return binds(view_.selects(from, *piece.held, options_.polarity)); },
                  [&](const Piece& piece) { return toward_maximum(piece, measure, limit); });
  }

  /// All that is counted, as the base of a share: a maximum grows with it, a minimum has to follow it.
  Terms base_terms(const std::vector<int>& places, bool anywhere, Measure measure, bool of_minimum, const Rational& part) {
    return gather(places, anywhere, measure, [](const Piece&) { return true; }, [&](const Piece& piece) {
      // A size nobody stated: read against the learner it spoils the share, read for them it saves it.
      return of_minimum ? toward_maximum(piece, measure, times(beyond(measure), ceil(Rational(1) / part)))
                        : toward_minimum(piece, measure, ceil(Rational(beyond(measure)) / part));
    });
  }

  /// More than any bound or sum of stated sizes in a measure, in row units.
  std::int64_t beyond(Measure measure) {
    if (const auto kept = beyond_.find(measure); kept != beyond_.end()) return kept->second;
    Rational sum = 1;
    for (const auto& value : bounds(measure)) sum += abs(value);
    for (const auto& piece : pieces_) {
      if (const auto amount = view_.amount(*piece.held, measure)) sum += amount->max;
    }
    return beyond_[measure] = times(ceil(sum), out_.scale.at(measure));
  }

  /// Wild credit in or below these places.
  void add_wild(Terms& terms, Measure measure, const std::vector<int>* places, std::int64_t factor = 1) {
    if (measure != Measure::credits) return;
    for (std::size_t w = 0; w < out_.wild.size(); ++w) {
      if (places == nullptr || below_any(wild_place_[w], *places)) terms.push_back({out_.wild[w], factor});
    }
  }

  void bounds_of_places() {
    for (int p = 1; p < static_cast<int>(out_.places.size()); ++p) {
      const PlaceCopy copy = out_.places[index(p)];
      const Place* place = copy.place;
      if (place == nullptr) continue;
      if (!view_.limits(*place, options_.polarity)) continue;
      const int chosen = chosen_above(p);
      const Selector everything;
      bool listed_units = false;
      if (place->all) listed_units = all_units(copy.path, *place, {p}, chosen);
      const bool exempt = exempted_place(*place);
      for (const bool least : {true, false}) {
        const Amount& amount = place->exact.present() ? place->exact : least ? place->min : place->max;
        const std::string part = place->exact.present() ? "exact" : least ? "min" : "max";
        // `all` over a list says more than an amount that stands in for it.
        if (!amount.present() || (least && exempt)) continue;
        const std::string path = copy.path + "/" + part + (place->exact.present() && !least ? "/most" : "");
        const auto value = view_.number(amount);
        if (!value) {
          if (least) {
            if (strict() && chosen < 0) broken(*place, copy.path.substr(place->path.size()) + "/" + part, "the amount is not known", true, {}, {}, place->measure);
            if (strict() && chosen >= 0 && !dropped(path)) forbid(chosen, path);
          } else if (strict()) {
            at_most(path, maximum_terms({p}, false, place->measure, everything, 0), 0);
          }
          continue;
        }
        const std::int64_t bound = scaled(*value, out_.scale.at(place->measure));
        if (least) {
          Terms terms = minimum_terms({p}, false, place->measure, everything, bound);
          const std::vector<int> self{p};
          add_wild(terms, place->measure, &self);
          at_least(path, std::move(terms), bound, place->measure, "amount", chosen, place->priority);
        } else {
          Terms terms = maximum_terms({p}, false, place->measure, everything, bound);
          const std::vector<int> self{p};
          add_wild(terms, place->measure, &self);
          at_most(path, std::move(terms), bound);
        }
      }
      doubt(place->all && !listed_units);
      if (place->all && !listed_units && !place->min.present() && !place->exact.present() && strict()) {
        if (chosen < 0) broken(*place, copy.path.substr(place->path.size()) + "/all", "the units of this set are not listed", true);
        else if (!dropped(copy.path + "/all")) forbid(chosen, copy.path + "/all");
      }
    }
    for (int p = 1; p < static_cast<int>(out_.places.size()); ++p) {
      if (out_.places[index(p)].place != nullptr && out_.places[index(p)].place->choose) choose(p);
    }
  }

  /// A place that cannot be met for want of a number is not chosen.
  void forbid(int chosen, const std::string& path) {
    out_.model.add_row(path, -kNone, 0).terms = {{chosen, 1}};
    forbidden_.insert(chosen);
  }

  void choose(int p) {
    const PlaceCopy& copy = out_.places[index(p)];
    const auto& [least, most] = *copy.place->choose;
    Terms terms;
    for (const int child : copy.children) terms.push_back({out_.places[index(child)].chosen, 1});
    if (most) at_most(copy.path + "/choose/max", terms, *most);
    if (view_.limits(*copy.place, options_.polarity)) {
      at_least(copy.path + "/choose", terms, least, Measure::units, "choices", chosen_above(p), copy.place->priority);
      // A choice is made, whatever the chosen ones lack; only places that do not exist can be missing.
      if (!out_.minima.empty() && out_.minima.back().path == copy.path + "/choose") {
        auto& slack = out_.model.columns[index(out_.minima.back().column)];
        const auto open = std::count_if(copy.children.begin(), copy.children.end(), [&](int child) { return !forbidden_.contains(out_.places[index(child)].chosen); });
        slack.upper = std::max<std::int64_t>(0, least - open);
      }
    }
  }

  /// The units a selector lists, or those of the rule it selects.
  std::vector<std::string> units_of(const Selector& from) {
    std::vector<std::string> found;
    const std::vector<std::string>* words = nullptr;
    if (from.kind == Selector::Kind::unit) words = &from.words;
    if (from.kind == Selector::Kind::all) {
      for (const auto& part : from.parts) {
        if (part.kind == Selector::Kind::unit) words = &part.words;
      }
    }
    if (words != nullptr) {
      found = *words;
    } else {
      for (const auto& unit : rule_.units) {
        if (unit.unit.empty()) continue;
        Item item;
        item.id = item.unit = unit.unit;
        item.tags = unit.tags;
        if (!unit.level.empty()) item.levels = std::vector<std::string>{unit.level};
        if (unit.credits) item.credits = {{*unit.credits, *unit.credits}};
        item.hours = unit.hours;
        if (view_.selects(from, item) == Truth::yes) found.push_back(unit.unit);
      }
    }
    std::sort(found.begin(), found.end());
    found.erase(std::unique(found.begin(), found.end()), found.end());
    return found;
  }

  bool exempted_unit(const std::string& unit) {
    for (const auto& held : view_.items()) {
      if (held.exempted && held.item->unit == unit) return true;
    }
    for (const auto& substitution : rule_.substitutions) {
      if (!exempts(substitution)) continue;
      Item item;
      item.id = item.unit = unit;
      if (substitution.replace.kind == Selector::Kind::unit && view_.selects(substitution.replace, item) == Truth::yes) return true;
    }
    return false;
  }

  bool exempts(const Substitution& substitution) {
    if (substitution.gives != "exemption") return false;
    if (!substitution.decided_by.empty() && !view_.decided(substitution.path)) return false;
    if (!view_.permits(substitution, options_.polarity)) return false;
    return substitution.by.kind == Selector::Kind::everything ||
           std::any_of(view_.items().begin(), view_.items().end(), [&](const Held& held) { return (held.admitted || held.exempted) && view_.selects(substitution.by, *held.item) == Truth::yes; });
  }

  /// A place whose whole filter is a tag that an exemption lifts.
  bool exempted_place(const Place& place) {
    if (!place.from || place.from->kind != Selector::Kind::tag) return false;
    return std::any_of(rule_.substitutions.begin(), rule_.substitutions.end(), [&](const Substitution& substitution) {
      return substitution.replace.kind == Selector::Kind::tag && exempts(substitution) &&
             std::all_of(place.from->words.begin(), place.from->words.end(), [&](const std::string& tag) { return listed(substitution.replace.words, tag); });
    });
  }

  /// One row per unit of the set; false if the set lists none.
  bool all_units(const std::string& path, const Clause& clause, const std::vector<int>& places, int chosen, const Selector* from = nullptr) {
    const Selector everything;
    if (from == nullptr) {
      const Place* place = out_.places[index(places.front())].place;
      from = place->from ? &*place->from : &everything;
    }
    const auto units = units_of(*from);
    // An item that may stand for several units of the set stands for one of them.
    std::map<std::size_t, Terms> stands;
    const auto choices = [&](std::size_t k) {
      const auto forms = Case::forms(*pieces_[k].held, options_.polarity);
      std::set<std::string> own;
      for (const auto& form : forms) {
        if (std::binary_search(units.begin(), units.end(), form.unit) && !exempted_unit(form.unit)) own.insert(form.unit);
      }
      return own.size();
    };
    for (const auto& unit : units) {
      if (exempted_unit(unit)) continue;
      Terms terms;
      for (std::size_t k = 0; k < pieces_.size(); ++k) {
        const auto forms = Case::forms(*pieces_[k].held, options_.polarity);
        bool fits_unit = false;
        for (const auto& form : forms) fits_unit = fits_unit || form.unit == unit;
        if (!fits_unit) continue;
        const auto uses = uses_in(k, places, places.empty());
        if (uses.empty()) continue;
        if (forms.size() == 1 || choices(k) < 2) {
          terms.push_back({some(k, uses), 1});
          continue;
        }
        const std::string name = path + "/all" + suffix(unit) + "|" + pieces_[k].held->item->id;
        const int there = some(k, uses);
        const int column = out_.model.add_column("stands[" + name + "]", 0, 1);
        out_.model.add_row("stands/" + name, -kNone, 0).terms = {{column, 1}, {there, -1}};
        stands[k].push_back({column, 1});
        terms.push_back({column, 1});
      }
      at_least(path + "/all" + suffix(unit), terms, 1, Measure::units, "unit", chosen, clause.priority);
    }
    for (auto& [k, terms] : stands) {
      out_.model.add_row("stands/" + path + "/all|" + pieces_[k].held->item->id, -kNone, 1).terms = std::move(terms);
    }
    return !units.empty();
  }

  void total() {
    out_.target = target();
    for (std::size_t k = 0; k < pieces_.size(); ++k) {
      if (!uses_of_[k].empty()) out_.counted.push_back({pieces_[k].item, joint(k, uses_of_[k]), pieces_[k].parts});
    }
    if (!rule_.total || !view_.limits(*rule_.total, options_.polarity)) return;
    const Total& total = *rule_.total;
    const Selector everything;
    for (const bool least : {true, false}) {
      const Amount& amount = total.exact.present() ? total.exact : least ? total.min : total.max;
      const std::string part = total.exact.present() ? "exact" : least ? "min" : "max";
      if (!amount.present()) continue;
      const std::string path = total.path + "/" + part + (total.exact.present() && !least ? "/most" : "");
      const auto value = view_.number(amount);
      if (!value) {
        if (least && strict()) broken(total, part, "the amount is not known", true, {}, {}, total.measure);
        if (!least && strict()) at_most(path, maximum_terms({}, true, total.measure, everything, 0), 0);
        continue;
      }
      const std::int64_t bound = scaled(*value, out_.scale.at(total.measure));
      Terms terms = least ? minimum_terms({}, true, total.measure, everything, bound) : maximum_terms({}, true, total.measure, everything, bound);
      add_wild(terms, total.measure, nullptr);
      if (least) at_least(path, std::move(terms), bound, total.measure, "amount", -1, total.priority);
      else at_most(path, std::move(terms), bound);
    }
  }

  /// Adds the value of an attribute to a selector's reach, for clauses with `for_each`.
  struct Each {
    std::string mark;
    std::string attribute;
    std::string value;
  };

  std::vector<Each> each(const std::string& attribute) {
    if (attribute.empty()) return {{}};
    std::set<std::string> values;
    for (const auto& piece : pieces_) {
      if (piece.held->offered) continue;
      for (const auto& item : Case::forms(*piece.held, options_.polarity)) {
        if (const auto found = view_.values(item, attribute)) values.insert(found->begin(), found->end());
      }
    }
    std::vector<Each> all;
    for (const auto& value : values) all.push_back({suffix(value), attribute, value});
    return all;
  }

  Truth selected(const Selector& from, const Each& one, const Held& held) {
    Truth best = Truth::no;
    for (const auto& item : Case::forms(held, options_.polarity)) {
      Truth value = view_.selects(from, item);
      if (!one.attribute.empty()) {
        const auto found = view_.values(item, one.attribute);
        value = std::min(value, !found ? Truth::unknown : listed(*found, one.value) ? Truth::yes : Truth::no);
      }
      best = std::max(best, value);
    }
    return best;
  }

  void floors() {
    for (const auto& floor : rule_.floors) {
      if (!view_.limits(floor, options_.polarity)) continue;
      const std::vector<int> places = copies_of(floor.in);
      const bool anywhere = floor.in.empty();
      if (floor.all) {
        doubt(units_of(floor.from).empty());
        if (!all_units(floor.path, floor, places, -1, &floor.from) && strict()) broken(floor, "all", "the units of this set are not listed", true);
        continue;
      }
      for (const auto& one : each(floor.for_each)) {
        const std::string path = floor.path + one.mark;
        if (!floor.distinct.empty()) {
          distinct(floor, one, path, places, anywhere);
        } else if (floor.share.share.present()) {
          floor_share(floor, one, path + "/min_share", places, anywhere);
        } else {
          floor_amount(floor, one, path + "/min", places, anywhere);
        }
      }
    }
  }

  void floor_amount(const Floor& floor, const Each& one, const std::string& path, const std::vector<int>& places, bool anywhere) {
    const auto value = view_.number(floor.min);
    if (!value) {
      if (strict()) broken(floor, one.mark + "/min", "the amount is not known", true, {}, {}, floor.measure);
      return;
    }
    floor_bound(floor, one, path, places, anywhere, *value);
  }

  void floor_bound(const Floor& floor, const Each& one, const std::string& path, const std::vector<int>& places, bool anywhere, const Rational& value) {
    const Measure measure = floor.measure;
    if (floor.over_record) {
      Rational have = 0;
      bool open = false;
      for (const auto& piece : pieces_) {
        if (piece.held->offered) continue;
        if (!admits(selected(floor.from, one, *piece.held))) continue;
        const auto amount = view_.amount(*piece.held, measure);
        if (amount) have += strict() ? amount->min : amount->max;
        else open = open || !strict();
      }
      if (have < value && !open) broken(floor, path.substr(floor.path.size()), "the whole record holds too little", false, value, have, measure);
      return;
    }
    const std::int64_t bound = scaled(value, out_.scale.at(measure));
    if (floor.of_last.present()) {
      last(floor, one, path, places, anywhere, bound);
      return;
    }
    // Caps that limit only what this floor may count: an item counts toward it whole or not at all.
    std::vector<const Cap*> scoped;
    for (const auto& cap : rule_.caps) {
      const std::string own = cap.path + (cap.share.share.present() ? "/max_share" : "/max");
      if (listed(cap.in, floor.id) && !is_place(floor.id) && view_.limits(cap, options_.polarity) && !dropped(own)) scoped.push_back(&cap);
    }
    std::map<std::string, Terms> limited;
    Terms terms;
    for (std::size_t k = 0; k < pieces_.size(); ++k) {
      if (uses_of_[k].empty() || !admits(selected(floor.from, one, *pieces_[k].held))) continue;
      const auto uses = uses_in(k, places, anywhere);
      if (uses.empty()) continue;
      std::vector<const Cap*> over;
      for (const auto* cap : scoped) {
        if (binds(view_.selects(united(*cap), *pieces_[k].held, options_.polarity))) over.push_back(cap);
      }
      if (over.empty()) {
        add(terms, k, uses, measure, toward_minimum(pieces_[k], measure, bound));
        continue;
      }
      const std::string& id = pieces_[k].held->item->id;
      const bool by_units = measure == Measure::units;
      const std::int64_t parts = by_units ? 1 : pieces_[k].parts;
      Terms there;
      if (by_units) there = {{some(k, uses), 1}};
      else there = joint(k, uses);
      const int column = out_.model.add_column("within[" + floor.path + one.mark + "|" + id + "]", 0, parts);
      for (auto& term : there) term.coefficient = -term.coefficient;
      there.push_back({column, 1});
      merge(there);
      out_.model.add_row(path + "/within" + suffix(id), -kNone, 0).terms = std::move(there);
      terms.push_back({column, toward_minimum(pieces_[k], measure, bound)});
      for (const auto* cap : over) {
        const std::int64_t most = toward_maximum(pieces_[k], cap->measure, beyond(cap->measure));
        limited[cap->path].push_back({column, by_units && cap->measure != Measure::units ? times(most, pieces_[k].parts) : most});
      }
    }
    for (const auto* cap : scoped) {
      const auto inside = limited.find(cap->path);
      if (inside == limited.end()) continue;
      std::optional<Rational> most;
      if (!cap->share.share.present()) most = view_.number(cap->max);
      else most = constant(cap->share);
      if (!most && !strict()) continue;
      const std::int64_t limit = most ? scaled(*most, out_.scale.at(cap->measure)) : 0;
      at_most(cap->path + (cap->share.share.present() ? "/max_share" : "/max") + one.mark + suffix(floor.id), inside->second, limit);
    }
    add_wild(terms, measure, nullptr);
    at_least(path, std::move(terms), bound, measure, "amount", -1, floor.priority);
  }

  [[nodiscard]] bool is_place(const std::string& id) const {
    return std::any_of(rule_.places.begin(), rule_.places.end(), [&](const Place& place) { return place.id == id; });
  }

  void floor_share(const Floor& floor, const Each& one, const std::string& path, const std::vector<int>& places, bool anywhere) {
    const auto part = view_.number(floor.share.share);
    const std::string& base = floor.share.base;
    if (part && (base == "target" || base == "smaller")) {
      if (const auto value = constant(floor.share)) {
        floor_bound(floor, one, path, places, anywhere, *value);
        return;
      }
    }
    const bool varies = base == "counted" || base == "component" || base.starts_with("place:");
    if (!part || !varies) {
      if (strict()) broken(floor, one.mark + "/min_share", part ? "the base of the share is not known" : "the share is not known", true);
      return;
    }
    if (floor.over_record) {
      Rational have = 0;
      Rational all = 0;
      for (const auto& piece : pieces_) {
        const auto amount = view_.amount(*piece.held, floor.measure);
        if (!amount) continue;
        all += amount->min;
        if (admits(selected(floor.from, one, *piece.held))) have += strict() ? amount->min : amount->max;
      }
      if (have < rounded(*part * all, floor.share.rounding)) broken(floor, one.mark + "/min_share", "the whole record holds too small a share", false, rounded(*part * all, floor.share.rounding), have, floor.measure);
      return;
    }
    Terms selection = gather(places, anywhere, floor.measure, [&](const Piece& piece) { return admits(selected(floor.from, one, *piece.held)); },
                             [&](const Piece& piece) { return toward_minimum(piece, floor.measure, beyond(floor.measure)); });
    Terms whole = share_base(base, places, anywhere, floor.measure, true, *part);
    add_wild(selection, floor.measure, nullptr);
    add_wild(whole, floor.measure, nullptr);
    // The scale of the measure is a multiple of the share's denominator: the product is whole.
    Terms terms = selection;
    if (floor.share.rounding.mode == RoundingMode::none) {
      for (const auto& term : whole) terms.push_back({term.column, -times(term.coefficient / part->denominator(), part->numerator())});
      share_at_least(path, std::move(terms), floor);
      return;
    }
    const int column = rounded_share(path, whole, *part, floor.share.rounding, floor.measure, true);
    terms.push_back({column, -scaled(floor.share.rounding.grain, out_.scale.at(floor.measure))});
    share_at_least(path, std::move(terms), floor);
  }

  /// A minimum whose bound moves with what is counted: terms + slack >= 0.
  void share_at_least(const std::string& path, Terms terms, const Floor& floor) {
    if (dropped(path)) return;
    merge(terms);
    std::int64_t most = 0;
    for (const auto& term : terms) {
      if (term.coefficient < 0) most = plus(most, times(-term.coefficient, out_.model.columns[index(term.column)].upper));
    }
    const int slack = out_.model.add_column("short[" + path + "]", 0, most);
    Minimum minimum;
    minimum.path = path;
    minimum.row = static_cast<int>(out_.model.rows.size());
    minimum.column = slack;
    minimum.measure = floor.measure;
    minimum.kind = "amount";
    minimum.unit = Rational(1, out_.scale.at(floor.measure));
    minimum.priority = floor.priority;
    terms.push_back({slack, 1});
    out_.model.add_row(path, 0, kNone).terms = std::move(terms);
    out_.minima.push_back(std::move(minimum));
  }

  /// What a share is a share of, as far as it moves with what is counted.
  Terms share_base(const std::string& base, const std::vector<int>& places, bool anywhere, Measure measure, bool of_minimum, const Rational& share) {
    const Rational part = share > Rational(0) ? share : Rational(1);
    if (base.starts_with("place:")) return base_terms(copies_of({base.substr(6)}), false, measure, of_minimum, part);
    if (base == "component") return base_terms(places, anywhere, measure, of_minimum, part);
    return base_terms({}, true, measure, of_minimum, part);
  }

  /// A column k with grain * k between the limits that rounding part * whole leaves: at least the
  /// rounded value (for a minimum) or at most it (for a maximum).
  int rounded_share(const std::string& path, const Terms& whole, const Rational& part, const Rounding& rounding, Measure measure, bool minimum) {
    std::int64_t most = 0;
    for (const auto& term : whole) most = plus(most, times(std::max<std::int64_t>(term.coefficient, 0), out_.model.columns[index(term.column)].upper));
    const std::int64_t scale = out_.scale.at(measure);
    // Twice the row, so that half a grain is whole.
    const std::int64_t grain = times(scaled(rounding.grain, scale), times(2, part.denominator()));
    const std::int64_t top = plus(times(most, part.numerator()), grain) / std::max<std::int64_t>(grain / 2, 1) + 1;
    const int column = out_.model.add_column("rounded[" + path + "]", 0, top);
    Terms terms{{column, grain}};
    for (const auto& term : whole) terms.push_back({term.column, -times(term.coefficient, times(2, part.numerator()))});
    merge(terms);
    // grain * k - 2 p whole: 0 at the exact share.
    std::int64_t lower = -kNone;
    std::int64_t upper = kNone;
    switch (rounding.mode) {
      case RoundingMode::none: lower = upper = 0; break;
      case RoundingMode::down: lower = -grain + 1; upper = 0; break;
      case RoundingMode::up: lower = 0; upper = grain - 1; break;
      case RoundingMode::half_up:
      case RoundingMode::half_even: lower = -grain / 2 + 1; upper = grain / 2; break;
    }
    auto& row = out_.model.add_row(path + "/rounded", minimum ? lower : -kNone, minimum ? kNone : upper);
    row.terms = std::move(terms);
    return column;
  }

  void distinct(const Floor& floor, const Each& one, const std::string& path, const std::vector<int>& places, bool anywhere) {
    const auto value = view_.number(floor.min);
    if (!value) {
      if (strict()) broken(floor, one.mark + "/min", "the number is not known", true);
      return;
    }
    std::map<std::string, Terms> by_value;
    Terms terms;
    for (std::size_t k = 0; k < pieces_.size(); ++k) {
      if (uses_of_[k].empty() || !admits(selected(floor.from, one, *pieces_[k].held))) continue;
      const auto uses = uses_in(k, places, anywhere);
      if (uses.empty()) continue;
      const auto found = view_.values(*pieces_[k].held->item, floor.distinct);
      if (found) {
        for (const auto& attribute : *found) by_value[attribute].push_back({some(k, uses), -1});
      } else {
        doubt(true);
        if (!strict()) terms.push_back({some(k, uses), 1});
      }
    }
    for (auto& [attribute, holders] : by_value) {
      const int column = out_.model.add_column("value[" + path + "|" + attribute + "]", 0, 1);
      holders.push_back({column, 1});
      merge(holders);
      out_.model.add_row(path + "/value" + suffix(attribute), -kNone, 0).terms = holders;
      terms.push_back({column, 1});
    }
    at_least(path + "/min", std::move(terms), ceil(*value), Measure::units, "values", -1, floor.priority);
  }

  /// Of the last `of_last` counted, by date: a run from the newest item backwards.
  void last(const Floor& floor, const Each& one, const std::string& path, const std::vector<int>& places, bool anywhere, std::int64_t bound) {
    const auto reach = view_.number(floor.of_last);
    if (!reach) {
      if (strict()) broken(floor, one.mark + "/of_last", "the number is not known", true);
      return;
    }
    struct Entry {
      std::size_t k;
      bool chosen;
    };
    std::vector<Entry> order;
    for (std::size_t k = 0; k < pieces_.size(); ++k) {
      if (!uses_of_[k].empty()) order.push_back({k, admits(selected(floor.from, one, *pieces_[k].held)) && !uses_in(k, places, anywhere).empty()});
    }
    // An item without date: against the learner the newest and of the wrong kind, for the learner the
    // newest if it is of the right kind. Of one day, any order is a true one: what serves comes last.
    const auto rank = [&](const Entry& entry) {
      if (pieces_[entry.k].held->item->date) return 0;
      return strict() || entry.chosen ? 1 : -1;
    };
    std::stable_sort(order.begin(), order.end(), [&](const Entry& a, const Entry& b) {
      if (rank(a) != rank(b)) return rank(a) > rank(b);
      const auto& left = pieces_[a.k].held->item->date;
      const auto& right = pieces_[b.k].held->item->date;
      if (left != right) return left > right;
      return a.chosen && !b.chosen;
    });
    Terms window;
    Terms terms;
    int before = -1;
    Terms earlier_in;
    int previous_amount = -1;
    std::int64_t previous_worth = 0;
    for (const auto& entry : order) {
      const Piece& piece = pieces_[entry.k];
      const std::int64_t own = times(toward_minimum(piece, floor.measure, scaled(*reach, out_.scale.at(floor.measure))), floor.measure == Measure::units ? 1 : piece.parts);
      const std::string& id = piece.held->item->id;
      const int reached = out_.model.add_column("reached[" + path + "|" + id + "]", 0, 1, 0, 1);
      const int part = out_.model.add_column("last[" + path + "|" + id + "]", 0, std::max<std::int64_t>(own, 0));
      const Terms in = joint(entry.k, uses_of_[entry.k]);
      auto& counted = out_.model.add_row(path + "/counted" + suffix(id), -kNone, 0);
      counted.terms = {{part, 1}};
      for (const auto& term : in) counted.terms.push_back({term.column, -times(term.coefficient, own / piece.parts)});
      merge(counted.terms);
      auto& within = out_.model.add_row(path + "/within" + suffix(id), -kNone, 0);
      within.terms = {{part, 1}, {reached, -own}};
      merge(within.terms);
      if (before >= 0) {
        out_.model.add_row(path + "/order" + suffix(id), -kNone, 0).terms = {{reached, 1}, {before, -1}};
        // To go past the item before, all of it must be in the run.
        auto& full = out_.model.add_row(path + "/full" + suffix(id), -kNone, previous_worth);
        full.terms = earlier_in;
        full.terms.push_back({reached, previous_worth});
        full.terms.push_back({previous_amount, -1});
        merge(full.terms);
      }
      before = reached;
      previous_amount = part;
      previous_worth = own;
      earlier_in.clear();
      for (const auto& term : in) earlier_in.push_back({term.column, times(term.coefficient, own / piece.parts)});
      window.push_back({part, 1});
      const bool dated = piece.held->item->date.has_value();
      doubt(!dated);
      if (!entry.chosen || !(dated || !strict())) continue;
      const auto uses = uses_in(entry.k, places, anywhere);
      if (uses.size() == uses_of_[entry.k].size()) {
        terms.push_back({part, 1});
        continue;
      }
      // Of the last so many, what lies in the places named.
      const int inside = out_.model.add_column("inside[" + path + "|" + id + "]", 0, std::max<std::int64_t>(own, 0));
      out_.model.add_row(path + "/last" + suffix(id), -kNone, 0).terms = {{inside, 1}, {part, -1}};
      Terms there{{inside, 1}};
      for (const auto& term : joint(entry.k, uses)) there.push_back({term.column, -times(term.coefficient, own / piece.parts)});
      merge(there);
      out_.model.add_row(path + "/inside" + suffix(id), -kNone, 0).terms = std::move(there);
      terms.push_back({inside, 1});
    }
    at_most(path + "/of_last", window, scaled(*reach, out_.scale.at(floor.measure)));
    add_wild(terms, floor.measure, nullptr);
    at_least(path, std::move(terms), bound, floor.measure, "amount", -1, floor.priority);
  }

  Selector united(const Cap& cap) const {
    if (cap.united.empty()) return cap.from;
    Selector any;
    any.kind = Selector::Kind::any;
    for (const auto& id : cap.united) {
      for (const auto& other : rule_.caps) {
        if (other.id == id && other.id != cap.id) any.parts.push_back(united(other));
      }
    }
    return any;
  }

  void caps() {
    for (const auto& cap : rule_.caps) {
      if (!view_.limits(cap, options_.polarity)) continue;
      std::vector<std::string> names;
      bool floor_only = !cap.in.empty();
      for (const auto& name : cap.in) {
        if (is_place(name)) {
          names.push_back(name);
          floor_only = false;
        }
      }
      if (floor_only) continue;  // limits one floor's sum; see floor_bound
      const std::vector<int> places = copies_of(names);
      const bool anywhere = cap.in.empty();
      const Selector from = united(cap);
      for (const auto& one : each(cap.for_each)) {
        const std::string path = cap.path + one.mark + (cap.share.share.present() ? "/max_share" : "/max");
        if (cap.invalid) record_cap(cap, from, one, path);
        else limit(from, one, path, places, anywhere, cap.measure, cap.max, cap.share);
      }
    }
  }

  /// At most so much, or such a share, of what is counted.
  void limit(const Selector& from, const Each& one, const std::string& path, const std::vector<int>& places, bool anywhere, Measure measure, const Amount& max, const Share& share) {
    const auto selection = [&](std::int64_t bound) {
      return gather(places, anywhere, measure, [&](const Piece& piece) { return binds(selected(from, one, *piece.held)); },
                    [&](const Piece& piece) { return toward_maximum(piece, measure, bound); });
    };
    if (!share.share.present()) {
      const auto value = view_.number(max);
      if (!value && !strict()) return;
      const std::int64_t bound = value ? scaled(*value, out_.scale.at(measure)) : 0;
      at_most(path, selection(bound), bound);
      return;
    }
    const auto part = view_.number(share.share);
    if (share.base == "source") {
      std::map<std::string, std::optional<Rational>> sizes;
      for (const auto& piece : pieces_) {
        if (piece.held->item->part_of) sizes[*piece.held->item->part_of];
      }
      if (record().awards) {
        for (const auto& award : *record().awards) {
          if (sizes.contains(award.id)) sizes[award.id] = award.credits;
        }
      }
      for (const auto& [award, size] : sizes) {
        doubt(!size);
        if ((!size || !part) && !strict()) continue;
        const std::int64_t bound = size && part ? scaled(rounded(*part * *size, share.rounding), out_.scale.at(measure)) : 0;
        at_most(path + suffix(award), gather(places, anywhere, measure, [&](const Piece& piece) { return piece.held->item->part_of == award && binds(selected(from, one, *piece.held)); },
                                            [&](const Piece& piece) { return toward_maximum(piece, measure, bound); }), bound);
      }
      return;
    }
    const bool varies = share.base == "counted" || share.base == "component" || share.base.starts_with("place:");
    if (!varies || !part) {
      const auto value = part ? constant(share) : std::nullopt;
      if (!value && !strict()) return;
      const std::int64_t bound = value ? scaled(*value, out_.scale.at(measure)) : 0;
      at_most(path, selection(bound), bound);
      return;
    }
    Terms whole = share_base(share.base, places, anywhere, measure, false, *part);
    add_wild(whole, measure, nullptr);
    Terms terms;
    if (share.rounding.mode == RoundingMode::none) {
      for (const auto& term : selection(beyond(measure))) terms.push_back({term.column, times(term.coefficient, part->denominator())});
      for (const auto& term : whole) terms.push_back({term.column, -times(term.coefficient, part->numerator())});
    } else {
      const int column = rounded_share(path, whole, *part, share.rounding, measure, false);
      terms = selection(beyond(measure));
      terms.push_back({column, -scaled(share.rounding.grain, out_.scale.at(measure))});
    }
    at_most(path, std::move(terms), 0);
  }

  /// Record mode: too much presented breaks the rule, whatever is left out.
  void record_cap(const Cap& cap, const Selector& from, const Each& one, const std::string& path) {
    Rational have = 0;
    Rational all = 0;
    bool open = false;
    for (const auto& piece : pieces_) {
      if (piece.held->offered) continue;
      const auto amount = view_.amount(*piece.held, cap.measure);
      if (amount) all += amount->min;
      if (!binds(selected(from, one, *piece.held))) continue;
      if (amount) have += strict() ? amount->max : amount->min;
      else open = true;
    }
    std::optional<Rational> most;
    if (!cap.share.share.present()) most = view_.number(cap.max);
    else if (cap.share.base == "counted" || cap.share.base == "component") {
      if (const auto part = view_.number(cap.share.share)) most = rounded(*part * all, cap.share.rounding);
    } else {
      most = constant(cap.share);
    }
    const std::string part = path.substr(cap.path.size());
    if (!most || (open && strict())) {
      if (strict() && (open || have > Rational(0))) broken(cap, part, "what is presented under this limit is not known to keep it", true, most, have, cap.measure);
      return;
    }
    if (have > *most) broken(cap, part, "more is presented than this limit allows", false, most, have, cap.measure);
  }

  void exclusions() {
    for (const auto& exclusion : rule_.exclusions) {
      if (!view_.limits(exclusion, options_.polarity) || dropped(exclusion.path)) continue;
      const std::vector<int> places = copies_of(exclusion.in);
      const bool anywhere = exclusion.in.empty();
      if (exclusion.invalid) {
        int present_sets = 0;
        for (const auto& set : exclusion.sets) {
          present_sets += std::any_of(pieces_.begin(), pieces_.end(), [&](const Piece& piece) { return binds(view_.selects(set, *piece.held, options_.polarity)); }) ? 1 : 0;
        }
        if (present_sets > exclusion.max) broken(exclusion, "", "items of sets that bar each other are presented", false, Rational(exclusion.max), Rational(present_sets));
        continue;
      }
      Terms sets;
      for (std::size_t s = 0; s < exclusion.sets.size(); ++s) {
        const std::string name = exclusion.path + suffix(std::to_string(s));
        const int column = out_.model.add_column("from" + suffix(name), 0, 1, 0, 1);
        bool any = false;
        for (std::size_t k = 0; k < pieces_.size(); ++k) {
          if (!binds(view_.selects(exclusion.sets[s], *pieces_[k].held, options_.polarity))) continue;
          for (const int use : uses_in(k, places, anywhere)) {
            auto& row = out_.model.add_row(name + "/" + out_.model.columns[index(column_of(use))].name, -kNone, 0);
            row.terms = {{column_of(use), 1}, {column, -out_.model.columns[index(column_of(use))].upper}};
            any = true;
          }
        }
        if (any) sets.push_back({column, 1});
      }
      at_most(exclusion.path + "/max", std::move(sets), exclusion.max);
    }
  }

  void overlaps() {
    for (const auto& overlap : rule_.allocation.overlaps) {
      if (!overlap.max.present() && !overlap.share.share.present()) continue;
      if (!view_.limits(overlap, options_.polarity)) continue;
      for (std::size_t i = 0; i < overlap.between.size(); ++i) {
        for (std::size_t j = i + 1; j < overlap.between.size(); ++j) {
          for (const int a : copies_of({overlap.between[i]})) {
            for (const int b : copies_of({overlap.between[j]})) {
              if (a == b || (overlap.between[i] == overlap.between[j] && a > b)) continue;
              pair_limit(overlap, a, b);
            }
          }
        }
      }
    }
  }

  void pair_limit(const Overlap& overlap, int a, int b) {
    const std::string pair = "[" + out_.places[index(a)].name + "," + out_.places[index(b)].name + "]";
    const std::string path = overlap.path + pair + (overlap.max.present() ? "/max" : "/max_share");
    std::optional<Rational> most;
    bool varies = false;
    if (overlap.max.present()) most = view_.number(overlap.max);
    else if (overlap.share.base.starts_with("place:") || overlap.share.base == "counted") varies = view_.number(overlap.share.share).has_value();
    else most = constant(overlap.share);
    if (!most && !varies && !strict()) return;
    const std::int64_t bound = most ? scaled(*most, out_.scale.at(overlap.measure)) : varies ? beyond(overlap.measure) : 0;
    Terms terms;
    for (std::size_t k = 0; k < pieces_.size(); ++k) {
      const auto in_a = uses_in(k, {a}, false);
      const auto in_b = uses_in(k, {b}, false);
      if (in_a.empty() || in_b.empty() || !binds(view_.selects(overlap.from, *pieces_[k].held, options_.polarity))) continue;
      const Piece& piece = pieces_[k];
      const std::int64_t parts = overlap.measure == Measure::units ? 1 : piece.parts;
      const int both = out_.model.add_column("both[" + overlap.path + pair + "|" + piece.held->item->id + "]", 0, parts);
      Terms sum;
      if (overlap.measure == Measure::units) {
        sum = {{some(k, in_a), 1}, {some(k, in_b), 1}};
      } else {
        sum = joint(k, in_a);
        const Terms other = joint(k, in_b);
        sum.insert(sum.end(), other.begin(), other.end());
      }
      sum.push_back({both, -1});
      merge(sum);
      out_.model.add_row(overlap.path + pair + "/both" + suffix(piece.held->item->id), -kNone, parts).terms = std::move(sum);
      terms.push_back({both, toward_maximum(piece, overlap.measure, bound)});
    }
    if (varies) {
      const Rational part = *view_.number(overlap.share.share);
      const Terms whole = share_base(overlap.share.base, {}, true, overlap.measure, false, part);
      Terms shared;
      if (overlap.share.rounding.mode == RoundingMode::none) {
        for (const auto& term : terms) shared.push_back({term.column, times(term.coefficient, part.denominator())});
        for (const auto& term : whole) shared.push_back({term.column, -times(term.coefficient, part.numerator())});
      } else {
        shared = terms;
        shared.push_back({rounded_share(path, whole, part, overlap.share.rounding, overlap.measure, false), -scaled(overlap.share.rounding.grain, out_.scale.at(overlap.measure))});
      }
      at_most(path, std::move(shared), 0);
      return;
    }
    at_most(path, std::move(terms), bound);
  }

  void reuse() {
    if (rule_.reuse.used_elsewhere != "limited") return;
    for (const auto& limited : rule_.reuse.limits) {
      if (!view_.limits(limited, options_.polarity)) continue;
      Selector used;
      used.kind = Selector::Kind::used_for;
      used.words = limited.awards;
      Selector both;
      both.kind = Selector::Kind::all;
      both.parts = {used, limited.from};
      limit(both, {}, limited.path + (limited.share.share.present() ? "/max_share" : "/max"), {}, true, limited.measure, limited.max, limited.share);
    }
  }

  void windows() {
    for (const auto& window : rule_.windows) {
      if (!view_.limits(window, options_.polarity) || dropped(window.path)) continue;
      doubt(!window.span);
      if (!window.span && !strict()) continue;
      const std::vector<int> places = copies_of(window.in);
      const bool anywhere = window.in.empty();
      const Span span = window.span.value_or(Span{0, Span::Unit::days});
      std::vector<std::pair<std::size_t, std::vector<int>>> bound;
      std::set<Date> starts;
      for (std::size_t k = 0; k < pieces_.size(); ++k) {
        const auto uses = uses_in(k, places, anywhere);
        if (uses.empty() || !binds(view_.selects(window.from, *pieces_[k].held, options_.polarity))) continue;
        bound.emplace_back(k, uses);
        if (pieces_[k].held->item->date) starts.insert(*pieces_[k].held->item->date);
      }
      std::optional<Date> fixed;
      if (window.starts != "earliest") {
        fixed = view_.day(window.starts);
        doubt(!fixed);
        if (!fixed && !strict()) continue;
      }
      std::vector<std::pair<Date, int>> openings;
      if (window.starts == "earliest") {
        Terms one;
        for (const auto& start : starts) {
          openings.emplace_back(start, out_.model.add_column("starts[" + window.path + "|" + to_string(start) + "]", 0, 1, 0, 2));
          one.push_back({openings.back().second, 1});
        }
        if (!one.empty()) out_.model.add_row(window.path + "/starts", 1, 1).terms = one;
      }
      for (const auto& [k, uses] : bound) {
        const auto& date = pieces_[k].held->item->date;
        doubt(!date || !window.span);
        if (!date && !strict()) continue;
        for (const int use : uses) {
          const std::int64_t most = out_.model.columns[index(column_of(use))].upper;
          auto& row = out_.model.add_row(window.path + "/" + out_.model.columns[index(column_of(use))].name, -kNone, 0);
          row.terms = {{column_of(use), 1}};
          if (!date) continue;
          if (fixed && *date >= *fixed && *date <= later(*fixed, span)) row.upper = most;
          for (const auto& [start, column] : openings) {
            if (*date >= start && *date <= later(start, span)) row.terms.push_back({column, -most});
          }
        }
      }
    }
  }

  static std::string period(Date date, const std::string& per) {
    const int year = static_cast<int>(date.year());
    const int month = static_cast<int>(static_cast<unsigned>(date.month())) - 1;
    const int months = per == "year" ? 12 : per == "semester" ? 6 : per == "trimester" ? 4 : per == "quarter" ? 3 : 1;
    return months == 12 ? std::to_string(year) : std::to_string(year) + "-" + std::to_string(month / months + 1);
  }

  void pace() {
    for (const auto& pace : rule_.pace) {
      if (!view_.limits(pace, options_.polarity)) continue;
      const auto value = view_.number(pace.max);
      if (!value && !strict()) continue;
      const std::int64_t bound = value ? scaled(*value, out_.scale.at(pace.measure)) : 0;
      std::map<std::string, Terms> periods;
      for (std::size_t k = 0; k < pieces_.size(); ++k) {
        if (uses_of_[k].empty() || !binds(view_.selects(pace.from, *pieces_[k].held, options_.polarity))) continue;
        const auto& date = pieces_[k].held->item->date;
        doubt(!date);
        if (!date && !strict()) continue;
        Terms& terms = periods[date ? period(*date, pace.per) : "undated"];
        add(terms, k, uses_of_[k], pace.measure, toward_maximum(pieces_[k], pace.measure, bound));
      }
      for (auto& [name, terms] : periods) at_most(pace.path + suffix(name) + "/max", std::move(terms), name == "undated" ? 0 : bound);
    }
  }

  // ---- prerequisites

  /// What has to hold beside a use: a clause that is met, or enough of what is on offer taken.
  struct Link {
    std::string path;
    Terms terms;
    std::int64_t lacking = 0;
  };

  /// Whether `needs` is there for `item`, at the time asked; places that must be met are collected.
  Truth prepared(const Prerequisite& rule, const Condition& needs, const Held& held, std::vector<Link>& met) {
    using Kind = Condition::Kind;
    switch (needs.kind) {
      case Kind::all: {
        Truth result = Truth::yes;
        for (const auto& part : needs.parts) result = std::min(result, prepared(rule, part, held, met));
        return result;
      }
      case Kind::any: {
        Truth result = Truth::no;
        for (const auto& part : needs.parts) result = std::max(result, prepared(rule, part, held, met));
        return result;
      }
      case Kind::met: met.push_back({needs.path, {}, 0}); return Truth::yes;
      case Kind::holds: {
        Rational needed = 1;
        if (needs.min.present()) {
          const auto value = view_.number(needs.min);
          if (!value) return Truth::unknown;
          needed = *value;
        }
        Rational sure = 0;
        Rational possible = 0;
        Link link{"needs", {}, 0};
        for (const auto& other : view_.items()) {
          if (other.item == held.item || (!other.admitted && !other.exempted)) continue;
          Truth fit = view_.selects(needs.selector, other, options_.polarity);
          if (rule.via_rpl == false) {
            Selector rpl;
            rpl.kind = Selector::Kind::origin;
            rpl.words = {"rpl"};
            const Truth by_rpl = view_.selects(rpl, other, options_.polarity);
            fit = std::min(fit, by_rpl == Truth::yes ? Truth::no : by_rpl == Truth::no ? Truth::yes : Truth::unknown);
          }
          fit = std::min(fit, in_time(rule.timing, other.item->date, held.item->date));
          if (fit == Truth::no) continue;
          const auto amount = view_.amount(other, needs.measure);
          if (!amount) {
            possible += needed;
            continue;
          }
          if (other.offered) {
            const auto taken = out_.take.find(static_cast<int>(&other - view_.items().data()));
            if (fit == Truth::yes && taken != out_.take.end() && needs.measure == Measure::units) {
              link.terms.push_back({taken->second, other.item->count});
            }
            continue;
          }
          possible += amount->max;
          if (fit == Truth::yes) sure += amount->min;
        }
        if (sure < needed && !link.terms.empty()) {
          // What is on offer may supply the rest, once it is taken.
          link.lacking = ceil(needed - sure);
          met.push_back(std::move(link));
          return Truth::yes;
        }
        return sure >= needed ? Truth::yes : possible >= needed ? Truth::unknown : Truth::no;
      }
      case Kind::award: {
        if (!record().awards) return Truth::unknown;
        Truth result = Truth::no;
        for (const auto& award : *record().awards) {
          if (!listed(needs.words, award.id) && !(award.kind && listed(needs.words, *award.kind))) continue;
          Truth fit = award.completed ? (*award.completed ? Truth::yes : Truth::no) : Truth::yes;
          // The award is held first, the item comes after it, whichever way the timing is worded.
          if (rule.timing != "any" && award.date && held.item->date) fit = std::min(fit, *award.date <= *held.item->date ? Truth::yes : Truth::no);
          result = std::max(result, fit);
        }
        return result;
      }
      case Kind::parameter:
      case Kind::none_of: return view_.holds(needs);
    }
    return Truth::unknown;
  }

  static Truth in_time(const std::string& timing, const std::optional<Date>& need, const std::optional<Date>& own) {
    if (timing == "any") return Truth::yes;
    if (!need || !own) return Truth::unknown;
    const bool fits = timing == "before" ? *need < *own : timing == "with" ? *need <= *own : *need >= *own;
    return fits ? Truth::yes : Truth::no;
  }

  void prerequisites() {
    for (const auto& rule : rule_.prerequisites) {
      if (!view_.limits(rule, options_.polarity) || dropped(rule.path)) continue;
      for (std::size_t k = 0; k < pieces_.size(); ++k) {
        if (uses_of_[k].empty() || !binds(view_.selects(rule.subject, *pieces_[k].held, options_.polarity))) continue;
        std::vector<Link> met;
        const bool ready = admits(prepared(rule, rule.needs, *pieces_[k].held, met));
        for (const int use : uses_of_[k]) {
          const std::int64_t most = out_.model.columns[index(column_of(use))].upper;
          const std::string name = rule.path + "/" + out_.model.columns[index(column_of(use))].name;
          if (!ready) {
            out_.model.add_row(name, -kNone, 0).terms = {{column_of(use), 1}};
            continue;
          }
          for (const auto& link : met) {
            if (link.terms.empty()) {
              const int column = met_column(link.path);
              out_.model.add_row(name + "/" + link.path, -kNone, 0).terms = {{column_of(use), 1}, {column, -most}};
              continue;
            }
            auto& row = out_.model.add_row(name + "/needs", -kNone, 0);
            row.terms = {{column_of(use), link.lacking}};
            for (const auto& term : link.terms) row.terms.push_back({term.column, -times(term.coefficient, most)});
          }
        }
      }
    }
  }

  /// 1 only if the minima of this place or floor are kept without shortfall.
  int met_column(const std::string& path) {
    if (const auto kept = met_.find(path); kept != met_.end()) return kept->second;
    const int column = out_.model.add_column("met" + suffix(path), 0, 1, 0, 1);
    for (const auto& minimum : out_.minima) {
      const bool own = minimum.path == path || minimum.path.starts_with(path + "/") || minimum.path.starts_with(path + "[");
      if (!own) continue;
      const std::int64_t most = out_.model.columns[index(minimum.column)].upper;
      out_.model.add_row("met/" + minimum.path, -kNone, most).terms = {{minimum.column, 1}, {column, most}};
    }
    // A place that is passed over is not met.
    for (int p = 1; p < static_cast<int>(out_.places.size()); ++p) {
      const auto& copy = out_.places[index(p)];
      if (copy.path != path && !(copy.place != nullptr && "places/" + copy.place->id == path)) continue;
      if (const int chosen = chosen_above(p); chosen >= 0) {
        out_.model.add_row("met/" + path + "/chosen[" + copy.name + "]", -kNone, 0).terms = {{column, 1}, {chosen, -1}};
      }
    }
    for (const auto& fault : out_.broken) {
      if (fault.path == path || fault.path.starts_with(path + "/")) out_.model.add_row("met/" + fault.path, -kNone, 0).terms = {{column, 1}};
    }
    return met_[path] = column;
  }

  void outcomes() {
    for (const auto& outcome : rule_.outcomes) {
      if (outcome.per_unit && outcome.set) continue;  // a gate; see passes
      if (!view_.limits(outcome, options_.polarity)) continue;
      doubt(!outcome.set);
      if (!outcome.set) {
        if (strict()) broken(outcome, "set", "the outcomes are not listed", true);
        continue;
      }
      const auto needed = outcomes_needed(outcome);
      if (!needed) {
        if (strict()) broken(outcome, "min", "the number is not known", true);
        continue;
      }
      Terms terms;
      for (const auto& one : *outcome.set) {
        Terms holders;
        for (std::size_t k = 0; k < pieces_.size(); ++k) {
          if (uses_of_[k].empty() || !admits(view_.selects(outcome.from, *pieces_[k].held, options_.polarity))) continue;
          const auto& own = pieces_[k].held->item->outcomes;
          doubt(!own);
          if (own ? !listed(*own, one) : strict()) continue;
          holders.push_back({fully(k), -1});
        }
        if (holders.empty()) continue;
        const int column = out_.model.add_column("covered[" + outcome.path + "|" + one + "]", 0, 1);
        holders.push_back({column, 1});
        merge(holders);
        out_.model.add_row(outcome.path + "/covered" + suffix(one), -kNone, 0).terms = holders;
        terms.push_back({column, 1});
      }
      at_least(outcome.path, std::move(terms), ceil(*needed), Measure::units, "outcomes", -1, outcome.priority);
    }
  }

  /// 1 only if the whole item is counted: outcomes are shown by whole items.
  int fully(std::size_t k) {
    if (pieces_[k].parts == 1) return some(k, uses_of_[k]);
    if (const auto kept = fully_.find(k); kept != fully_.end()) return kept->second;
    const int column = out_.model.add_column("fully" + suffix(pieces_[k].held->item->id), 0, 1);
    Terms terms = joint(k, uses_of_[k]);
    for (auto& term : terms) term.coefficient = -term.coefficient;
    terms.push_back({column, pieces_[k].parts});
    merge(terms);
    out_.model.add_row("fully/" + pieces_[k].held->item->id, -kNone, 0).terms = terms;
    return fully_[k] = column;
  }

  void requirements() {
    for (const auto& requirement : rule_.requirements) {
      if (!view_.limits(requirement, options_.polarity)) continue;
      const auto answer = record().requirements.find(requirement.id);
      Truth value = Truth::unknown;
      std::optional<Rational> needed;
      std::optional<Rational> have;
      if (answer != record().requirements.end() && answer->second) {
        const std::string& text = *answer->second;
        if (text == "true" || text == "false") {
          value = text == "true" ? Truth::yes : Truth::no;
        } else {
          have = Rational::parse(text);
          needed = requirement.min.present() ? view_.number(requirement.min) : std::optional<Rational>(1);
          if (needed) value = *have >= *needed ? Truth::yes : Truth::no;
        }
      } else if (requirement.needs) {
        value = view_.holds(*requirement.needs);
      }
      if (admits(value)) continue;
      broken(requirement, "", value == Truth::unknown ? "the record does not say whether this is done" : "not done", value == Truth::unknown, needed, have, requirement.measure);
    }
  }

  void averages() {
    for (const auto& average : rule_.averages) {
      if (!view_.limits(average, options_.polarity)) continue;
      const std::string path = average.path + "/min";
      if (dropped(path) || dropped(average.path)) continue;
      const auto value = view_.number(average.min);
      if (!value) {
        if (strict()) broken(average, "min", "the grade asked for is not known", true);
        continue;
      }
      // The least mean that rounds to the minimum; `open` where it must be passed, not reached.
      Rational threshold = *value;
      bool open = false;
      const Rational grain = average.rounding.grain;
      const Rational up = Rational(ceil(*value / grain)) * grain;
      switch (average.rounding.mode) {
        case RoundingMode::none: break;
        case RoundingMode::down: threshold = up; break;
        case RoundingMode::up: threshold = up - grain; open = true; break;
        case RoundingMode::half_up: threshold = up - grain / Rational(2); break;
        case RoundingMode::half_even:
          threshold = up - grain / Rational(2);
          open = (up / grain).numerator() % 2 != 0;
          break;
      }
      mean(average, path, threshold, open);
    }
  }

  /// One item in an average: what it adds above (or below) the least mean, per quantum.
  struct Graded {
    const Held* held = nullptr;
    std::size_t k = 0;                   ///< piece, unless it is over the whole record
    std::optional<Rational> points;      ///< none: as good as grades get
    bool unknown_choice = false;
  };

  /// The best grade a scale knows; none where nobody says.
  [[nodiscard]] std::optional<Rational> best_points(const std::string& scale) const {
    const auto found = rule_.scales.find(scale);
    if (found == rule_.scales.end() || found->second.points.empty()) return std::nullopt;
    Rational best = found->second.points.begin()->second;
    for (const auto& [grade, points] : found->second.points) best = std::max(best, points);
    return best;
  }

  std::vector<Graded> graded(const Average& average, const std::vector<int>& places, bool anywhere) {
    std::vector<Graded> found;
    std::vector<std::pair<const Held*, std::size_t>> candidates;
    if (average.over_record) {
      // Over the record what was failed counts too.
      for (const auto& held : view_.items()) {
        if (!held.offered && (held.admitted || held.item->status == "failed" || held.item->status == "passed")) candidates.emplace_back(&held, 0);
      }
      std::sort(candidates.begin(), candidates.end(), [](const auto& a, const auto& b) { return a.first->item->id < b.first->item->id; });
    } else {
      for (std::size_t k = 0; k < pieces_.size(); ++k) {
        if (!uses_in(k, places, anywhere).empty()) candidates.emplace_back(pieces_[k].held, k);
      }
    }
    for (const auto& [candidate, k] : candidates) {
      const Held& held = *candidate;
      const Truth chosen = view_.selects(average.from, held, options_.polarity);
      if (chosen == Truth::no) continue;
      Graded one{&held, k, std::nullopt, chosen == Truth::unknown};
      if (held.item->grade == "ungraded") {
        if (average.ungraded != "fail") continue;
        one.points = Rational(0);
      } else if (held.item->grade) {
        one.points = view_.points(*held.item->grade, average.scale);
      }
      doubt(!one.points || one.unknown_choice);
      // A grade nobody stated is the worst read against the learner, the best read for them.
      if (!one.points) one.points = strict() ? std::optional<Rational>(Rational(0)) : best_points(average.scale);
      found.push_back(one);
    }
    if (average.repeats == "all") return found;
    std::map<std::string, std::size_t> kept;
    for (std::size_t g = 0; g < found.size(); ++g) {
      const Item& item = *found[g].held->item;
      const auto [at, fresh] = kept.try_emplace(item.unit, g);
      if (fresh) continue;
      const Graded& before = found[at->second];
      const Item& other = *before.held->item;
      const bool better = average.repeats == "best" ? before.points && (!found[g].points || *found[g].points > *before.points)
                                                    : item.date && (!other.date || *item.date > *other.date);
      if (better) at->second = g;
    }
    std::vector<Graded> last;
    for (std::size_t g = 0; g < found.size(); ++g) {
      if (kept.at(found[g].held->item->unit) == g) last.push_back(found[g]);
    }
    return last;
  }

  void mean(const Average& average, const std::string& path, const Rational& threshold, bool open) {
    const std::vector<int> places = copies_of(average.in);
    const bool anywhere = average.in.empty() || average.over_record;
    struct Part {
      std::size_t k;
      Rational term;          ///< of the whole item
      bool boundless;         ///< larger than anything known
      bool weighs;
    };
    std::vector<Part> parts;
    Rational known = 1;
    for (const auto& one : graded(average, places, anywhere)) {
      const bool good = !one.points || *one.points >= threshold;
      const auto amount = view_.amount(*one.held, average.weight);
      doubt(!amount || !amount->is_point());
      // Of an uncertain size, the end that serves the reading.
      const bool low = good == strict();
      Part part{one.k, Rational(0), false, true};
      if (one.points && *one.points == threshold) {
        part.weighs = !amount || (low ? amount->min : amount->max) > Rational(0);
      } else if (!amount) {
        part.boundless = !low;
        part.weighs = !low;
      } else {
        const Rational weight = low ? amount->min : amount->max;
        part.weighs = weight > Rational(0);
        if (one.points) part.term = weight * (*one.points - threshold);
        else part.boundless = part.weighs;
      }
      const bool gains = part.boundless ? good : part.term > Rational(0);
      if (one.unknown_choice && gains == strict()) continue;
      if (part.boundless) part.term = good ? Rational(1) : Rational(-1);
      else known += abs(part.term);
      parts.push_back(part);
    }
    for (auto& part : parts) {
      if (part.boundless) part.term = part.term * known;
    }
    if (average.over_record) {
      Rational sum = 0;
      bool weighs = false;
      for (const auto& part : parts) {
        sum += part.term;
        weighs = weighs || part.weighs;
      }
      const bool met = sum > Rational(0) || (sum == Rational(0) && !(open && weighs));
      if (!met) broken(average, "min", "the average over the whole record is too low", false, threshold, std::nullopt, average.weight);
      return;
    }
    std::int64_t scale = 1;
    const auto per_quantum = [&](const Part& part) {
      return average.weight == Measure::units ? part.term : part.term * pieces_[part.k].step;
    };
    for (const auto& part : parts) scale = times(scale / std::gcd(scale, per_quantum(part).denominator()), per_quantum(part).denominator());
    Terms terms;
    Terms any;
    for (const auto& part : parts) {
      const auto uses = uses_in(part.k, places, anywhere);
      add(terms, part.k, uses, average.weight == Measure::units ? Measure::units : Measure::credits, scaled(per_quantum(part), scale));
      if (open && part.weighs) any.push_back({some(part.k, uses), 1});
    }
    if (open && !any.empty()) {
      // Reached is not enough once anything is graded: the mean has to pass.
      const int column = out_.model.add_column("graded" + suffix(average.path), 0, 1);
      for (const auto& term : any) {
        out_.model.add_row(path + "/graded|" + out_.model.columns[index(term.column)].name, 0, kNone).terms = {{column, 1}, {term.column, -1}};
      }
      terms.push_back({column, -1});
    }
    merge(terms);
    if (!terms.empty()) out_.model.add_row(path, 0, kNone).terms = std::move(terms);
  }

  /// Shortfall in the rule's measure first, then the other measures, then missing items and outcomes.
  void objective() {
    if (options_.hard) {
      for (const auto& minimum : out_.minima) out_.model.columns[index(minimum.column)].upper = 0;
      return;
    }
    if (options_.wild) {
      for (const auto& minimum : out_.minima) {
        auto& column = out_.model.columns[index(minimum.column)];
        if (minimum.measure == rule_.measure && minimum.kind == "amount") column.upper = 0;
      }
      return;
    }
    const auto place = [&](const Minimum& minimum) -> int {
      if (minimum.kind == "outcomes") return 5;
      if (minimum.kind != "amount") return 4;
      if (minimum.measure == rule_.measure) return 0;
      switch (minimum.measure) {
        case Measure::credits: return 1;
        case Measure::hours: return 2;
        case Measure::points: return 3;
        case Measure::units: return 4;
      }
      return 4;
    };
    // A missing unit weighs as much as a unit, which may be counted in fractions.
    const auto whole = [&](const Minimum& minimum) -> std::int64_t {
      return place(minimum) == 4 && minimum.kind != "amount" ? out_.scale.at(Measure::units) : 1;
    };
    std::vector<std::int64_t> most(6, 0);
    for (const auto& minimum : out_.minima) {
      auto& sum = most[index(place(minimum))];
      sum = plus(sum, times(out_.model.columns[index(minimum.column)].upper, whole(minimum)));
    }
    std::vector<std::int64_t> cost(6, 1);
    for (int p = 4; p >= 0; --p) cost[index(p)] = times(cost[index(p + 1)], plus(most[index(p + 1)], 1));
    for (const auto& minimum : out_.minima) out_.model.columns[index(minimum.column)].cost = times(cost[index(place(minimum))], whole(minimum));
  }

  Case& view_;
  const RuleText& rule_;
  CompileOptions options_;
  Compiled out_;
  int depth_ = 0;
  std::vector<std::vector<std::pair<std::string, std::string>>> filters_;  ///< per copy: attribute and value
  std::vector<Piece> pieces_;
  std::vector<std::vector<int>> uses_of_;   ///< per piece: positions in out_.uses
  std::vector<std::int64_t> weight_;        ///< per use: quanta per unit of its column
  std::vector<int> wild_place_;
  std::int64_t wild_limit_ = 0;
  bool nothing_shared_ = false;             ///< the commonest rule: every item in one place
  std::map<Measure, std::int64_t> beyond_;
  std::map<std::pair<int, int>, Sharing> exclusive_;
  std::map<std::pair<std::size_t, std::vector<int>>, int> joint_;
  std::map<std::pair<std::size_t, std::vector<int>>, int> some_;
  std::map<std::size_t, int> fully_;
  std::map<std::string, int> met_;
  std::set<int> forbidden_;                 ///< columns of places that cannot be chosen
};

}  // namespace

Compiled compile(Case& view, const CompileOptions& options) { return Builder(view, options).build(); }

}  // namespace qualgraph
