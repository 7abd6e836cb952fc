#include "qualgraph/stacking/compile.hpp"

#include "qualgraph/model/error.hpp"
#include "qualgraph/stacking/detail/model_builder.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <numeric>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace qualgraph::detail {

Compiled ModelBuilder::build() {
  make_pieces();
  make_places();
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
  outcomes();
  requirements();
  averages();
  prerequisites();
  objective();
  doubt(view_.unsure());
  for (const auto& piece : pieces_) {
    doubt(piece.held->stands_for.size() != piece.held->certain);
    doubt(piece.held->anywhere == Truth::unknown || piece.held->any_unit == Truth::unknown);
  }
  return std::move(out_);
}

bool ModelBuilder::admits(Truth value) {
  doubt(value == Truth::unknown);
  return strict() ? value == Truth::yes : value != Truth::no;
}

bool ModelBuilder::binds(Truth value) {
  doubt(value == Truth::unknown);
  return strict() ? value != Truth::no : value == Truth::yes;
}

void ModelBuilder::room_for(std::size_t entries, const std::string& path) {
  constexpr std::size_t kMost = 20'000'000;
  entries_ += entries;
  if (entries_ <= kMost) return;
  throw InvalidValue("the inequalities of this rule and record have more than 20,000,000 entries, reached at " + path +
                     ": ask with fewer items, or with fewer clauses that each look at all of them");
}

const std::vector<const Place*>& ModelBuilder::inside(const std::string& place) const {
  static const std::vector<const Place*> nothing;
  const auto found = inside_.find(place);
  return found == inside_.end() ? nothing : found->second;
}

void ModelBuilder::make_places() {
  for (const auto& place : rule_.places) {
    inside_[place.inside].push_back(&place);
    place_ids_.insert(place.id);
  }
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
  for (const auto* place : inside("")) copies(*place, 0, "", {});
}

void ModelBuilder::copies(const Place& place, int parent, const std::string& mark,
                          const std::vector<std::pair<std::string, std::string>>& above) {
  tick();
  if (!view_.limits(place, options_.polarity) && !view_.permits(place, options_.polarity)) return;
  if (place.for_each.empty()) {
    copy(place, parent, mark, above);
  } else {
    if (unstated(place.for_each)) unstated_.emplace_back(&place, parent, mark);
    if (view_.items().size() > 0 && view_.items().back().offered) unstated_offers_.emplace_back(&place, parent, mark);
    std::set<std::string> stated;
    for (const auto& [value, brought_by] : values_of(place.for_each)) {
      if (!brought_by.empty()) brought_[static_cast<int>(out_.places.size())] = brought_by;
      auto filter = above;
      filter.emplace_back(place.for_each, value);
      copy(place, parent, mark + suffix(value), filter);
      stated.insert(value);
    }
    const Supposed more = supposed(place.for_each, stated, parent);
    for (const auto& value : more.values) {
      auto filter = above;
      filter.emplace_back(place.for_each, value);
      copy(place, parent, mark + suffix(value), filter, true, more.roomy);
    }
  }
}

void ModelBuilder::copy(const Place& place, int parent, const std::string& mark,
                        const std::vector<std::pair<std::string, std::string>>& filter, bool supposed, bool roomy) {
  tick();
  const int self = static_cast<int>(out_.places.size());
  PlaceCopy made;
  made.name = place.id + mark;
  made.path = "places/" + made.name;
  made.place = &place;
  made.parent = parent;
  const PlaceCopy& holder = out_.places[index(parent)];
  made.supposed = holder.supposed || supposed;
  made.roomy = holder.roomy || (supposed && roomy);
  made.optional = made.supposed && !holder.supposed && (holder.place == nullptr || !holder.place->choose);
  made.shared = place.use.empty() ? out_.places[index(parent)].shared : place.use == "shared";
  out_.places.push_back(made);
  filters_.push_back(filter);
  out_.places[index(parent)].children.push_back(self);
  for (const auto* child : inside(place.id)) copies(*child, self, mark, filter);
  out_.places[index(self)].holds_items =
      (place.from.has_value() || inside(place.id).empty()) && view_.permits(place, options_.polarity);
}

bool ModelBuilder::spreads(const Piece& piece) const {
  return piece.parts > 1 || piece.loose || rule_.allocation.shared || !rule_.allocation.overlaps.empty() ||
         std::any_of(rule_.places.begin(), rule_.places.end(),
                     [](const Place& place) { return place.use == "shared"; });
}

ModelBuilder::Supposed ModelBuilder::supposed(const std::string& attribute, const std::set<std::string>& stated,
                                              int parent) const {
  Supposed found;
  if (strict()) return found;
  const bool several =
      attribute.starts_with("tag:") || attribute == "origin" || attribute == "field" || attribute == "level";
  int number = 0;
  for (const auto& piece : pieces_) {
    if (piece.held->offered || view_.values(*piece.held->item, attribute)) continue;
    ++number;
    found.roomy = found.roomy || (several && spreads(piece));
  }
  if (number == 0) return {};
  const Place* above = out_.places[index(parent)].place;
  const int least = above != nullptr && above->choose ? std::max(1, above->choose->first) : 1;
  found.roomy = found.roomy || number > std::max(8, least);
  if (found.roomy) number = least;
  std::string mark = "?";
  while (std::any_of(stated.begin(), stated.end(), [&](const std::string& value) { return value.starts_with(mark); }))
    mark += "?";
  for (int k = 1; k <= number; ++k) found.values.push_back(k == 1 ? mark : mark + std::to_string(k));
  return found;
}

std::vector<int> ModelBuilder::copies_of(const std::vector<std::string>& names, bool proving) {
  if (named_.empty()) {
    for (int p = 1; p < static_cast<int>(out_.places.size()); ++p) {
      const auto& copy = out_.places[index(p)];
      named_[copy.name].push_back(p);
      if (copy.place != nullptr && copy.place->id != copy.name) named_[copy.place->id].push_back(p);
    }
  }
  std::vector<int> found;
  for (const auto& name : names) {
    if (const auto there = named_.find(name); there != named_.end())
      found.insert(found.end(), there->second.begin(), there->second.end());
    const auto bracket = name.find('[');
    if (!proving || bracket == std::string::npos || named_.contains(name)) continue;
    if (const auto copies = named_.find(name.substr(0, bracket)); copies != named_.end()) {
      for (const int p : copies->second) {
        if (out_.places[index(p)].supposed) found.push_back(p);
      }
    }
  }
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
  return found;
}

bool ModelBuilder::below(int place, int ancestor) const {
  for (; place >= 0; place = out_.places[index(place)].parent) {
    if (place == ancestor) return true;
  }
  return false;
}

bool ModelBuilder::below_any(int place, const std::vector<int>& ancestors) const {
  // In ascending order, as copies_of() lists them.
  for (; place >= 0; place = out_.places[index(place)].parent) {
    if (std::binary_search(ancestors.begin(), ancestors.end(), place)) return true;
  }
  return false;
}

void ModelBuilder::make_pieces() {
  std::vector<int> order(view_.items().size());
  std::iota(order.begin(), order.end(), 0);
  const auto& items = view_.items();
  std::sort(order.begin(), order.end(),
            [&](int a, int b) { return items[index(a)].item->id < items[index(b)].item->id; });
  for (const int i : order) {
    tick();
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
      if (parts > Rational(100'000)) {
        throw InvalidValue("item " + in_quotes(held.item->id) + " would be cut into " + parts.str() +
                           " parts of the rule's quantum; at most 100,000 are counted");
      }
      if (parts.is_integer() && parts > Rational(1)) {
        piece.parts = parts.numerator();
        piece.step = Rational(1, piece.parts);
      }
    }
    const bool certain = held.credits && held.credits->is_point();
    if (split && !certain && rule_.allocation.quantum > Rational(0)) {
      doubt(true);
      const Rational& quantum = rule_.allocation.quantum;
      const Rational two = quantum * Rational(2);
      const Rational most = held.credits ? Rational(floor(held.credits->max / quantum)) * quantum : two;
      piece.loose = !strict() && most >= two && (!held.credits || most >= held.credits->min);
    }
    if (piece.parts == 1 && held.item->count > 1 && !piece.loose) {
      // Several equal units: each is whole, together they are not one.
      piece.parts = held.item->count;
      piece.step = Rational(1, piece.parts);
      piece.by_unit = true;
    }
    pieces_.push_back(piece);
  }
}

void ModelBuilder::make_scale() {
  for (const Measure measure : {Measure::credits, Measure::units, Measure::hours, Measure::points}) {
    std::int64_t scale = 1;
    const auto widen = [&](const Rational& value) {
      scale = times(scale / std::gcd(scale, value.denominator()), value.denominator());
    };
    for (const auto& piece : pieces_) {
      if (measure == Measure::units) break;
      if (const auto amount = size(piece, measure)) {
        widen(amount->min * piece.step);
        widen(amount->max * piece.step);
      }
    }
    for (const auto& value : bounds(measure)) widen(value);
    // What a moving share lacks is counted in fractions of its own.
    std::int64_t shares = 1;
    for (const auto& floor : rule_.floors) {
      if (floor.measure != measure || !moves(floor.share)) continue;
      if (const auto part = view_.number(floor.share.share)) shares = common_multiple(shares, part->denominator());
    }
    out_.scale[measure] = times(scale, shares);
  }
}

std::vector<Rational> ModelBuilder::bounds(Measure measure) {
  std::vector<Rational> found;
  const auto take = [&](const Amount& amount, Measure of) {
    if (!amount.present() || of != measure) return;
    if (const auto value = view_.number(amount)) found.push_back(*value);
  };
  if (rule_.total) {
    for (const auto* amount : {&rule_.total->min, &rule_.total->max, &rule_.total->exact})
      take(*amount, rule_.total->measure);
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

bool ModelBuilder::moves(const Share& share) {
  return share.share.present() &&
         (share.base == "counted" || share.base == "component" || share.base.starts_with("place:"));
}

void ModelBuilder::fixed_share(const Share& share, Measure of, Measure measure, std::vector<Rational>& found) {
  if (!share.share.present() || of != measure) return;
  if (share.base == "source") {
    if (!record().awards || of != Measure::credits) return;
    const auto part = view_.number(share.share);
    if (!part) return;
    for (const auto& award : *record().awards) {
      if (award.credits) found.push_back(rounded(*part * *award.credits, share.rounding));
    }
    return;
  }
  if (const auto value = constant(share, of))
    found.push_back(*value);
  else if (share.rounding.mode != RoundingMode::none) {
    found.push_back(share.rounding.grain);
    found.push_back(share.rounding.grain / Rational(2));
  }
}

std::optional<Rational> ModelBuilder::target() {
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

Measure ModelBuilder::target_measure() const {
  const bool stated = rule_.total && (rule_.total->min.present() || rule_.total->exact.present());
  return stated ? rule_.total->measure : rule_.measure;
}

std::optional<Rational> ModelBuilder::constant(const Share& share, Measure measure) {
  const auto value = fixed(share, measure);
  doubt(!value && !moves(share));
  return value;
}

std::optional<Rational> ModelBuilder::fixed(const Share& share, Measure measure) {
  // Amounts of another measure are no base: nobody said how many hours a credit is.
  if (measure != (share.base == "smaller" ? Measure::credits : target_measure())) return std::nullopt;
  const auto part = view_.number(share.share);
  if (!part) return std::nullopt;
  std::optional<Rational> base;
  if (share.base == "target") base = target();
  if (share.base == "smaller" && record().awards) {
    for (const auto& award : *record().awards) {
      if (award.credits && (!base || *award.credits < *base)) base = award.credits;
    }
    if (target_measure() != Measure::credits) return std::nullopt;
    if (const auto own = target(); own && base && *own < *base) base = own;
  }
  if (!base) return std::nullopt;
  return rounded(*part * *base, share.rounding);
}

std::optional<Range> ModelBuilder::size(const Piece& piece, Measure measure) const {
  auto amount = view_.amount(*piece.held, measure);
  if (!amount || !piece.loose) return amount;
  const Rational part = measure == Measure::credits ? rule_.allocation.quantum : Rational(measure == Measure::units);
  amount->min = std::min(amount->min, part);
  return amount;
}

Worth ModelBuilder::worth(const Piece& piece, Measure measure) const {
  if (measure == Measure::units) {
    // Counts are of items: a splittable item in units is counted once it is there at all.
    const std::int64_t scale = out_.scale.at(Measure::units);
    const std::int64_t count = times(piece.by_unit ? 1 : piece.held->item->count, scale);
    return {piece.loose ? scale : count, count, true};
  }
  const auto amount = size(piece, measure);
  if (!amount) return {0, 0, false};
  const std::int64_t scale = out_.scale.at(measure);
  return {scaled(amount->min * piece.step, scale), scaled(amount->max * piece.step, scale), true};
}

std::int64_t ModelBuilder::toward_minimum(const Piece& piece, Measure measure, std::int64_t need) {
  const Worth own = worth(piece, measure);
  doubt(!own.known || own.low != own.high);
  if (!own.known) return strict() ? 0 : std::max<std::int64_t>(need, 0);
  return strict() ? own.low : own.high;
}

std::int64_t ModelBuilder::toward_maximum(const Piece& piece, Measure measure, std::int64_t limit) {
  const Worth own = worth(piece, measure);
  doubt(!own.known || own.low != own.high);
  if (!own.known) return strict() ? plus(limit, 1) : 0;
  return strict() ? own.high : own.low;
}

Truth ModelBuilder::fits(const Held& held, int place) {
  Truth best = held.anywhere;
  if (best == Truth::yes) return best;
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

std::vector<int> ModelBuilder::places_for(const Held& held) {
  if (free_copies_.empty() && copies_by_value_.empty()) {
    for (int p = 1; p < static_cast<int>(out_.places.size()); ++p) {
      if (!out_.places[index(p)].holds_items) continue;
      if (filters_[index(p)].empty()) {
        free_copies_.push_back(p);
      } else {
        const auto& [attribute, value] = filters_[index(p)].back();
        copies_by_value_[attribute][value].push_back(p);
      }
    }
  }
  std::vector<int> found = free_copies_;
  if (copies_by_value_.empty()) return found;
  for (const auto& [attribute, copies] : copies_by_value_) {
    bool any = held.anywhere != Truth::no;
    for (const auto& item : Case::forms(held, options_.polarity)) {
      if (any) break;
      const auto values = view_.values(item, attribute);
      any = !values;
      for (const auto& value : values ? *values : std::vector<std::string>{}) {
        if (const auto there = copies.find(value); there != copies.end())
          found.insert(found.end(), there->second.begin(), there->second.end());
      }
    }
    if (!any) continue;
    for (const auto& one : copies) found.insert(found.end(), one.second.begin(), one.second.end());
  }
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
  return found;
}

bool ModelBuilder::counts_units(int place) const {
  for (int p = place; p > 0; p = out_.places[index(p)].parent) {
    const Place* own = out_.places[index(p)].place;
    if (own == nullptr) continue;
    if (own->all ||
        (own->measure == Measure::units && (own->min.present() || own->max.present() || own->exact.present())))
      return true;
  }
  return false;
}

void ModelBuilder::make_uses() {
  nothing_shared_ =
      rule_.allocation.overlaps.empty() &&
      std::none_of(out_.places.begin(), out_.places.end(), [](const PlaceCopy& place) { return place.shared; });
  for (int p = 1; p < static_cast<int>(out_.places.size()); ++p) {
    const auto& parent = out_.places[index(out_.places[index(p)].parent)];
    const bool guarded =
        out_.places[index(p)].optional || (brought_.contains(p) && demands(*out_.places[index(p)].place));
    if (!guarded && (parent.place == nullptr || !parent.place->choose)) continue;
    out_.places[index(p)].chosen = out_.model.add_column("chosen[" + out_.places[index(p)].name + "]", 0, 1, 0, 2);
  }
  uses_of_.resize(pieces_.size());
  for (std::size_t k = 0; k < pieces_.size(); ++k) {
    const Piece& piece = pieces_[k];
    if (piece.held->offered)
      out_.take[piece.item] = out_.model.add_column("take[" + piece.held->item->id + "]", 0, 1, 0, 1);
    bool any_fit = false;
    bool unknown_fit = false;
    std::string gate;
    bool gate_unknown = false;
    for (const int p : places_for(*piece.held)) {
      tick();
      const auto& copy = out_.places[index(p)];
      const Truth fit = fits(*piece.held, p);
      if (!admits(fit)) {
        unknown_fit = unknown_fit || fit == Truth::unknown;
        continue;
      }
      any_fit = true;
      if (!passes(piece, p, gate, gate_unknown)) continue;
      const bool whole = piece.parts == 1 || (!piece.by_unit && counts_units(p));
      Use use;
      use.item = piece.item;
      use.place = p;
      use.part = whole ? Rational(1) : piece.step;
      use.by_unit = piece.by_unit;
      use.column =
          out_.model.add_column(label("x[", piece.held->item->id, "|", copy.name, "]"), 0, whole ? 1 : piece.parts);
      if (const int chosen = chosen_above(p); chosen >= 0) {
        auto& row = out_.model.add_row(label("choose/", piece.held->item->id, "|", copy.name), -kNone, 0);
        row.terms = {{use.column, 1}, {chosen, whole ? -1 : -piece.parts}};
      }
      if (!rule_.prerequisites.empty()) piece_of_.emplace(use.column, static_cast<int>(k));
      uses_of_[k].push_back(static_cast<int>(out_.uses.size()));
      weight_.push_back(whole ? piece.parts : 1);
      holder_.push_back(k);
      out_.uses.push_back(use);
    }
    if (uses_of_[k].empty()) {
      NoPlace none{piece.item, gate, gate_unknown};
      if (!any_fit)
        none = {piece.item, unknown_fit ? "no place takes it for certain" : "no place takes it", unknown_fit};
      out_.out.push_back(none);
    }
  }
  guard_copies();
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

void ModelBuilder::objective() {
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
      case Measure::credits:
        return 1;
      case Measure::hours:
        return 2;
      case Measure::points:
        return 3;
      case Measure::units:
        return 4;
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
  for (const auto& minimum : out_.minima)
    out_.model.columns[index(minimum.column)].cost = times(cost[index(place(minimum))], whole(minimum));
}

}  // namespace qualgraph::detail

namespace qualgraph {

Compiled compile(Case& view, const CompileOptions& options) { return detail::ModelBuilder(view, options).build(); }

}  // namespace qualgraph
