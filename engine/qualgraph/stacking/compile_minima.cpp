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

std::int64_t ModelBuilder::wild_limit() {
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

int ModelBuilder::chosen_above(int place) const {
  for (int p = place; p > 0; p = out_.places[index(p)].parent) {
    if (out_.places[index(p)].chosen >= 0) return out_.places[index(p)].chosen;
  }
  return -1;
}

void ModelBuilder::at_least(const std::string& path, Terms terms, std::int64_t need, Measure measure,
                            const std::string& kind, int chosen, int priority) {
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
  room_for(terms.size(), path);
  terms.push_back({slack, 1});
  if (chosen >= 0) terms.push_back({chosen, -need});
  auto& row = out_.model.add_row(path, chosen >= 0 ? 0 : need, kNone);
  row.terms = std::move(terms);
  merge(row.terms);
  out_.minima.push_back(std::move(minimum));
}

void ModelBuilder::at_most(const std::string& path, Terms terms, std::int64_t limit) {
  if (dropped(path)) return;
  merge(terms);
  if (terms.empty() && limit >= 0) return;
  room_for(terms.size(), path);
  out_.model.add_row(path, -kNone, limit).terms = std::move(terms);
}

void ModelBuilder::broken(const Clause& clause, const std::string& part, std::string reason, bool unknown,
                          std::optional<Rational> needed, std::optional<Rational> have, Measure measure) {
  const std::string path =
      part.empty() || part.front() == '[' || part.front() == '/' ? clause.path + part : clause.path + "/" + part;
  if (dropped(path) || dropped(clause.path)) return;
  out_.broken.push_back({path, std::move(reason), unknown, needed, have, measure});
}

Terms ModelBuilder::minimum_terms(const std::vector<int>& places, bool anywhere, Measure measure, const Selector& from,
                                  std::int64_t need) {
  Terms terms = gather(
      places, anywhere, measure,
      [&](const Piece& piece) { return admits(view_.selects(from, *piece.held, options_.polarity)); },
      [&](const Piece& piece) { return toward_minimum(piece, measure, need); });
  return terms;
}

Terms ModelBuilder::maximum_terms(const std::vector<int>& places, bool anywhere, Measure measure, const Selector& from,
                                  std::int64_t limit) {
  return gather(
      places, anywhere, measure,
      [&](const Piece& piece) { return binds(view_.selects(from, *piece.held, options_.polarity)); },
      [&](const Piece& piece) { return toward_maximum(piece, measure, limit); });
}

Terms ModelBuilder::base_terms(const std::vector<int>& places, bool anywhere, Measure measure, bool of_minimum,
                               const Rational& part) {
  return gather(
      places, anywhere, measure, [](const Piece&) { return true; },
      [&](const Piece& piece) {
        // A size nobody stated: read against the learner it spoils the share, read for them it saves it.
        return of_minimum ? toward_maximum(piece, measure, times(beyond(measure), ceil(Rational(1) / part)))
                          : toward_minimum(piece, measure, ceil(Rational(beyond(measure)) / part));
      });
}

std::int64_t ModelBuilder::beyond(Measure measure) {
  if (const auto kept = beyond_.find(measure); kept != beyond_.end()) return kept->second;
  Rational sum = 1;
  for (const auto& value : bounds(measure)) sum += abs(value);
  for (const auto& piece : pieces_) {
    if (const auto amount = view_.amount(*piece.held, measure)) sum += amount->max;
  }
  return beyond_[measure] = times(ceil(sum), out_.scale.at(measure));
}

void ModelBuilder::add_wild(Terms& terms, Measure measure, const std::vector<int>* places, std::int64_t factor) {
  if (measure != Measure::credits) return;
  for (std::size_t w = 0; w < out_.wild.size(); ++w) {
    if (places == nullptr || below_any(wild_place_[w], *places)) terms.push_back({out_.wild[w], factor});
  }
}

void ModelBuilder::bounds_of_places() {
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
          if (strict() && chosen < 0)
            broken(*place, copy.path.substr(place->path.size()) + "/" + part, "the amount is not known", true, {}, {},
                   place->measure);
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
      } else if (!copy.roomy) {
        Terms terms = maximum_terms({p}, false, place->measure, everything, bound);
        const std::vector<int> self{p};
        add_wild(terms, place->measure, &self);
        at_most(path, std::move(terms), bound);
      }
    }
    doubt(place->all && !listed_units);
    if (place->all && !listed_units && !place->min.present() && !place->exact.present() && strict()) {
      if (chosen < 0)
        broken(*place, copy.path.substr(place->path.size()) + "/all", "the units of this set are not listed", true);
      else if (!dropped(copy.path + "/all"))
        forbid(chosen, copy.path + "/all");
    }
  }
  unstated_copies();
  for (int p = 1; p < static_cast<int>(out_.places.size()); ++p) {
    if (out_.places[index(p)].place != nullptr && out_.places[index(p)].place->choose) choose(p);
  }
}

bool ModelBuilder::unstated(const std::string& attribute) {
  const auto& items = view_.items();
  const bool found = std::any_of(items.begin(), items.end(), [&](const Held& held) {
    return held.admitted && !held.offered && !view_.values(*held.item, attribute);
  });
  doubt(found);
  return found;
}

bool ModelBuilder::asks(const Amount& amount) {
  if (!amount.present()) return false;
  const auto value = view_.number(amount);
  return !value || *value > Rational(0);
}

bool ModelBuilder::demands(const Place& place) {
  if (!view_.limits(place, options_.polarity)) return false;
  if (place.all || asks(place.min) || asks(place.exact)) return true;
  if (place.choose) return place.choose->first > 0;
  const auto& children = inside(place.id);
  return std::any_of(children.begin(), children.end(), [&](const Place* child) { return demands(*child); });
}

void ModelBuilder::unstated_copies() {
  if (!strict()) return;
  for (const auto& [place, parent, mark] : unstated_offers_) {
    const Place* above = out_.places[index(parent)].place;
    if ((above == nullptr || !above->choose) && demands(*place))
      bar_unstated(place->for_each, parent > 0 ? chosen_above(parent) : -1, place->path + mark);
  }
  for (const auto& [place, parent, mark] : unstated_) {
    const Place* above = out_.places[index(parent)].place;
    if ((above != nullptr && above->choose) || !demands(*place)) continue;
    const int chosen = parent > 0 ? chosen_above(parent) : -1;
    const std::string path = place->path + mark + "[?]";
    if (chosen < 0)
      broken(*place, mark + "[?]", "an item may have a value of its own", true);
    else if (!dropped(path))
      forbid(chosen, path);
  }
}

void ModelBuilder::forbid(int chosen, const std::string& path) {
  out_.model.add_row(path, -kNone, 0).terms = {{chosen, 1}};
  forbidden_.insert(chosen);
}

void ModelBuilder::choose(int p) {
  const PlaceCopy& copy = out_.places[index(p)];
  const auto& [least, most] = *copy.place->choose;
  Terms terms;
  for (const int child : copy.children) terms.push_back({out_.places[index(child)].chosen, 1});
  if (most && !copy.roomy) at_most(copy.path + "/choose/max", terms, *most);
  if (view_.limits(*copy.place, options_.polarity)) {
    at_least(copy.path + "/choose", terms, least, Measure::units, "choices", chosen_above(p), copy.place->priority);
    // A choice is made, whatever the chosen ones lack; only places that do not exist can be missing.
    if (!out_.minima.empty() && out_.minima.back().path == copy.path + "/choose") {
      auto& slack = out_.model.columns[index(out_.minima.back().column)];
      const auto open = std::count_if(copy.children.begin(), copy.children.end(), [&](int child) {
        return !forbidden_.contains(out_.places[index(child)].chosen);
      });
      slack.upper = std::max<std::int64_t>(0, least - open);
    }
  }
}

std::vector<std::string> ModelBuilder::units_of(const Selector& from) {
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

bool ModelBuilder::exempted_unit(const std::string& unit) {
  if (!exempted_units_) {
    exempted_units_.emplace();
    for (const auto& held : view_.items()) {
      if (held.exempted) exempted_units_->insert(held.item->unit);
    }
  }
  if (exempted_units_->contains(unit)) return true;
  for (const auto& substitution : rule_.substitutions) {
    if (!exempts(substitution)) continue;
    Item item;
    item.id = item.unit = unit;
    if (substitution.replace.kind == Selector::Kind::unit && view_.selects(substitution.replace, item) == Truth::yes)
      return true;
  }
  return false;
}

bool ModelBuilder::exempts(const Substitution& substitution) {
  if (substitution.gives != "exemption") return false;
  if (!substitution.decided_by.empty() && !view_.decided(substitution.path)) return false;
  if (!view_.permits(substitution, options_.polarity)) return false;
  return substitution.by.kind == Selector::Kind::everything ||
         std::any_of(view_.items().begin(), view_.items().end(), [&](const Held& held) {
           return (held.admitted || held.exempted) && admits(view_.selects(substitution.by, *held.item));
         });
}

bool ModelBuilder::exempted_place(const Place& place) {
  if (!place.from || place.from->kind != Selector::Kind::tag) return false;
  return std::any_of(rule_.substitutions.begin(), rule_.substitutions.end(), [&](const Substitution& substitution) {
    return substitution.replace.kind == Selector::Kind::tag && exempts(substitution) &&
           std::all_of(place.from->words.begin(), place.from->words.end(),
                       [&](const std::string& tag) { return listed(substitution.replace.words, tag); });
  });
}

bool ModelBuilder::all_units(const std::string& path, const Clause& clause, const std::vector<int>& places, int chosen,
                             const Selector* from) {
  const Selector everything;
  if (from == nullptr) {
    const Place* place = out_.places[index(places.front())].place;
    from = place->from ? &*place->from : &everything;
  }
  const auto units = units_of(*from);
  // An item that may stand for several units of the set stands for one of them; of several equal units, each does.
  std::map<std::size_t, Terms> stands;
  std::map<std::size_t, std::vector<int>> standing;
  std::vector<std::string> asked;
  for (const auto& unit : units) {
    if (!exempted_unit(unit)) asked.push_back(unit);
  }
  std::map<std::string, std::vector<std::size_t>> holders;
  std::unordered_map<std::size_t, std::size_t> number;
  for (std::size_t k = 0; k < pieces_.size(); ++k) {
    tick();
    if (uses_of_[k].empty()) continue;
    const auto served = Case::served(*pieces_[k].held, options_.polarity, asked);
    if (served.empty()) continue;
    number[k] = served.size();
    for (const auto& unit : served) holders[unit].push_back(k);
  }
  for (const auto& unit : asked) {
    Terms terms;
    for (const std::size_t k : holders[unit]) {
      const auto uses = uses_in(k, places, places.empty());
      if (uses.empty()) continue;
      if (number.at(k) < 2) {
        terms.push_back({some(k, uses), 1});
        continue;
      }
      const std::string name = path + "/all" + suffix(unit) + "|" + pieces_[k].held->item->id;
      const int there = some(k, uses);
      const int column = item_column(k, "stands[" + name + "]", 1);
      out_.model.add_row("stands/" + name, -kNone, 0).terms = {{column, 1}, {there, -1}};
      stands[k].push_back({column, 1});
      standing[k] = uses;
      terms.push_back({column, 1});
    }
    at_least(path + "/all" + suffix(unit), terms, 1, Measure::units, "unit", chosen, clause.priority);
  }
  for (auto& [k, terms] : stands) {
    const bool by_unit = pieces_[k].by_unit;
    if (by_unit) {
      for (const auto& term : joint(k, standing.at(k))) terms.push_back({term.column, -term.coefficient});
      merge(terms);
    }
    out_.model.add_row("stands/" + path + "/all|" + pieces_[k].held->item->id, -kNone, by_unit ? 0 : 1).terms =
        std::move(terms);
  }
  return !units.empty();
}

void ModelBuilder::total() {
  out_.target = target();
  out_.target_measure = target_measure();
  for (std::size_t k = 0; k < pieces_.size(); ++k) {
    if (!uses_of_[k].empty())
      out_.counted.push_back({pieces_[k].item, joint(k, uses_of_[k]), pieces_[k].parts, pieces_[k].by_unit});
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
    Terms terms = least ? minimum_terms({}, true, total.measure, everything, bound)
                        : maximum_terms({}, true, total.measure, everything, bound);
    add_wild(terms, total.measure, nullptr);
    if (least)
      at_least(path, std::move(terms), bound, total.measure, "amount", -1, total.priority);
    else
      at_most(path, std::move(terms), bound);
  }
}

std::vector<Each> ModelBuilder::each(const std::string& attribute) {
  if (attribute.empty()) return {{}};
  std::vector<Each> all;
  for (auto& [value, brought] : values_of(attribute)) {
    Each one{suffix(value), attribute, value};
    one.brought_by = std::move(brought);
    all.push_back(std::move(one));
  }
  return all;
}

Truth ModelBuilder::selected(const Selector& from, const Each& one, const Held& held) {
  Truth best = Truth::no;
  for (const auto& item : Case::forms(held, options_.polarity)) {
    Truth value = view_.selects(from, item);
    if (!one.attribute.empty()) {
      const auto found = view_.values(item, one.attribute);
      const bool own = found && !one.unknown && listed(*found, one.value);
      value = std::min(value, !found ? Truth::unknown : own ? Truth::yes : Truth::no);
    }
    best = std::max(best, value);
  }
  return best;
}

void ModelBuilder::floors() {
  for (const auto& floor : rule_.floors) {
    if (!view_.limits(floor, options_.polarity)) continue;
    const std::vector<int> places = copies_of(floor.in, true);
    const bool anywhere = floor.in.empty();
    if (floor.all) {
      doubt(units_of(floor.from).empty());
      if (!all_units(floor.path, floor, places, -1, &floor.from) && strict())
        broken(floor, "all", "the units of this set are not listed", true);
      continue;
    }
    if (strict() && !floor.for_each.empty() && (floor.share.share.present() || asks(floor.min))) {
      if (unstated(floor.for_each)) broken(floor, "[?]", "an item may have a value of its own", true);
      bar_unstated(floor.for_each, -1, floor.path);
    }
    for (auto& one : each(floor.for_each)) {
      const std::string path = floor.path + one.mark;
      one.guard = guard_of(path, one.brought_by);
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

void ModelBuilder::floor_amount(const Floor& floor, const Each& one, const std::string& path,
                                const std::vector<int>& places, bool anywhere) {
  const auto value = view_.number(floor.min);
  if (!value) {
    if (strict()) fails(floor, one, "/min", "the amount is not known", true, {}, {}, floor.measure);
    return;
  }
  floor_bound(floor, one, path, places, anywhere, *value);
}

void ModelBuilder::floor_bound(const Floor& floor, const Each& one, const std::string& path,
                               const std::vector<int>& places, bool anywhere, const Rational& value) {
  const Measure measure = floor.measure;
  if (floor.over_record) {
    Rational have = 0;
    bool open = false;
    std::vector<Presented> offered;
    for (const std::size_t k : sharing(one)) {
      tick();
      const Piece& piece = pieces_[k];
      if (!admits(selected(floor.from, one, *piece.held))) continue;
      const auto amount = view_.amount(*piece.held, measure);
      if (piece.held->offered) {
        if (amount) offered.push_back({piece.item, strict() ? amount->min : amount->max});
      } else if (amount) {
        have += strict() ? amount->min : amount->max;
      } else {
        open = open || !strict();
      }
    }
    if (have >= value || open) return;
    if (offered.empty())
      fails(floor, one, path.substr(floor.path.size() + one.mark.size()), "the whole record holds too little", false,
            value, have, measure);
    else
      presented_at_least(path, offered, value - have, floor, one.guard);
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
    if (!listed(cap.in, floor.id) || is_place(floor.id) || !view_.limits(cap, options_.polarity)) continue;
    if (!dropped(cap.path + (cap.share.share.present() ? "/max_share" : "/max"))) scoped.push_back(&cap);
  }
  std::map<std::string, Terms> limited;
  Terms terms;
  for (const std::size_t k : sharing(one)) {
    tick();
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
    const bool by_units = pieces_[k].as_one(measure);
    const std::int64_t parts = by_units ? 1 : pieces_[k].parts;
    Terms there;
    if (by_units)
      there = {{some(k, uses), 1}};
    else
      there = joint(k, uses);
    const int column = item_column(k, "within[" + floor.path + one.mark + "|" + id + "]", parts);
    for (auto& term : there) term.coefficient = -term.coefficient;
    there.push_back({column, 1});
    merge(there);
    out_.model.add_row(path + "/within" + suffix(id), -kNone, 0).terms = std::move(there);
    terms.push_back({column, toward_minimum(pieces_[k], measure, bound)});
    for (const auto* cap : over) {
      const std::int64_t most = toward_maximum(pieces_[k], cap->measure, beyond(cap->measure));
      limited[cap->path].push_back(
          {column, by_units && cap->measure != Measure::units ? times(most, pieces_[k].parts) : most});
    }
  }
  for (const auto* cap : scoped) {
    const auto inside = limited.find(cap->path);
    if (inside == limited.end()) continue;
    std::optional<Rational> most;
    if (!cap->share.share.present())
      most = view_.number(cap->max);
    else
      most = constant(cap->share, cap->measure);
    if (!most && !strict()) continue;
    const std::int64_t limit = most ? scaled(*most, out_.scale.at(cap->measure)) : 0;
    at_most(cap->path + (cap->share.share.present() ? "/max_share" : "/max") + one.mark + suffix(floor.id),
            inside->second, limit);
  }
  add_wild(terms, measure, nullptr);
  at_least(path, std::move(terms), bound, measure, "amount", one.guard, floor.priority);
}

bool ModelBuilder::is_place(const std::string& id) const { return place_ids_.contains(id); }

void ModelBuilder::floor_share(const Floor& floor, const Each& one, const std::string& path,
                               const std::vector<int>& places, bool anywhere) {
  const auto part = view_.number(floor.share.share);
  const std::string& base = floor.share.base;
  if (part && (base == "target" || base == "smaller")) {
    if (const auto value = constant(floor.share, floor.measure)) {
      floor_bound(floor, one, path, places, anywhere, *value);
      return;
    }
  }
  const bool varies = base == "counted" || base == "component" || base.starts_with("place:");
  if (!part || !varies) {
    if (strict())
      fails(floor, one, "/min_share", part ? "the base of the share is not known" : "the share is not known", true);
    return;
  }
  if (floor.over_record) {
    Rational have = 0;
    Rational all = 0;
    std::vector<Presented> offered;
    for (const auto& piece : pieces_) {
      tick();
      const auto amount = view_.amount(*piece.held, floor.measure);
      if (!amount) continue;
      const bool chosen = admits(selected(floor.from, one, *piece.held));
      const Rational own = strict() ? amount->min : amount->max;
      if (piece.held->offered) {
        offered.push_back({piece.item, (chosen ? own : Rational(0)) - *part * amount->min});
        continue;
      }
      all += amount->min;
      if (chosen) have += own;
    }
    const Rational needed = rounded(*part * all, floor.share.rounding);
    if (!offered.empty()) {
      // What rounding of a sum that hangs on the choice makes of it is left to the audit of the choice.
      if (floor.share.rounding.mode == RoundingMode::none)
        presented_at_least(path, offered, *part * all - have, floor, one.guard);
    } else if (have < needed) {
      fails(floor, one, "/min_share", "the whole record holds too small a share", false, needed, have, floor.measure);
    }
    return;
  }
  Terms selection = gather(
      places, anywhere, floor.measure,
      [&](const Piece& piece) { return admits(selected(floor.from, one, *piece.held)); },
      [&](const Piece& piece) { return toward_minimum(piece, floor.measure, beyond(floor.measure)); }, one);
  Terms whole = share_base(base, places, anywhere, floor.measure, true, *part);
  add_wild(selection, floor.measure, nullptr);
  add_wild(whole, floor.measure, nullptr);
  // The scale of the measure is a multiple of the share's denominator: the product is whole.
  Terms terms = selection;
  if (floor.share.rounding.mode == RoundingMode::none) {
    for (const auto& term : whole)
      terms.push_back({term.column, -times(term.coefficient / part->denominator(), part->numerator())});
    share_at_least(path, std::move(terms), floor, one.guard);
    return;
  }
  const int column = rounded_share(path, whole, *part, floor.share.rounding, floor.measure, true);
  terms.push_back({column, -scaled(floor.share.rounding.grain, out_.scale.at(floor.measure))});
  share_at_least(path, std::move(terms), floor, one.guard);
}

void ModelBuilder::share_at_least(const std::string& path, Terms terms, const Floor& floor, int guard) {
  if (dropped(path)) return;
  merge(terms);
  room_for(terms.size(), path);
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
  if (guard >= 0 && most > 0) terms.push_back({guard, -most});
  out_.model.add_row(path, guard >= 0 ? -most : 0, kNone).terms = std::move(terms);
  out_.minima.push_back(std::move(minimum));
}

Terms ModelBuilder::share_base(const std::string& base, const std::vector<int>& places, bool anywhere, Measure measure,
                               bool of_minimum, const Rational& share) {
  const Rational part = share > Rational(0) ? share : Rational(1);
  if (base.starts_with("place:")) return base_terms(copies_of({base.substr(6)}), false, measure, of_minimum, part);
  if (base == "component") return base_terms(places, anywhere, measure, of_minimum, part);
  return base_terms({}, true, measure, of_minimum, part);
}

int ModelBuilder::rounded_share(const std::string& path, const Terms& whole, const Rational& part,
                                const Rounding& rounding, Measure measure, bool minimum) {
  std::int64_t most = 0;
  for (const auto& term : whole)
    most = plus(most, times(std::max<std::int64_t>(term.coefficient, 0), out_.model.columns[index(term.column)].upper));
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
    case RoundingMode::none:
      lower = upper = 0;
      break;
    case RoundingMode::down:
      lower = -grain + 1;
      upper = 0;
      break;
    case RoundingMode::up:
      lower = 0;
      upper = grain - 1;
      break;
    case RoundingMode::half_up:
    case RoundingMode::half_even:
      lower = -grain / 2 + 1;
      upper = grain / 2;
      break;
  }
  auto& row = out_.model.add_row(path + "/rounded", minimum ? lower : -kNone, minimum ? kNone : upper);
  row.terms = std::move(terms);
  return column;
}

void ModelBuilder::distinct(const Floor& floor, const Each& one, const std::string& path,
                            const std::vector<int>& places, bool anywhere) {
  const auto value = view_.number(floor.min);
  if (!value) {
    if (strict()) fails(floor, one, "/min", "the number is not known", true);
    return;
  }
  std::map<std::string, Terms> by_value;
  Terms terms;
  for (const std::size_t k : sharing(one)) {
    tick();
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
  at_least(path + "/min", std::move(terms), ceil(*value), Measure::units, "values", one.guard, floor.priority);
}

void ModelBuilder::last(const Floor& floor, const Each& one, const std::string& path, const std::vector<int>& places,
                        bool anywhere, std::int64_t bound) {
  const auto reach = view_.number(floor.of_last);
  if (!reach) {
    if (strict()) fails(floor, one, "/of_last", "the number is not known", true);
    return;
  }
  struct Entry {
    std::size_t k;
    bool chosen;
  };
  std::vector<Entry> order;
  for (std::size_t k = 0; k < pieces_.size(); ++k) {
    if (!uses_of_[k].empty())
      order.push_back(
          {k, admits(selected(floor.from, one, *pieces_[k].held)) && !uses_in(k, places, anywhere).empty()});
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
    tick();
    const Piece& piece = pieces_[entry.k];
    const std::int64_t each = toward_minimum(piece, floor.measure, scaled(*reach, out_.scale.at(floor.measure)));
    const std::int64_t own = times(each, piece.as_one(floor.measure) ? 1 : piece.parts);
    const std::string& id = piece.held->item->id;
    const int reached = out_.model.add_column("reached[" + path + "|" + id + "]", 0, 1, 0, 1);
    const int part = out_.model.add_column("last[" + path + "|" + id + "]", 0, std::max<std::int64_t>(own, 0));
    Terms in;
    add(in, entry.k, uses_of_[entry.k], floor.measure, each);
    auto& counted = out_.model.add_row(path + "/counted" + suffix(id), -kNone, 0);
    counted.terms = {{part, 1}};
    for (const auto& term : in) counted.terms.push_back({term.column, -term.coefficient});
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
    earlier_in = in;
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
    Terms there;
    add(there, entry.k, uses, floor.measure, -each);
    there.push_back({inside, 1});
    merge(there);
    out_.model.add_row(path + "/inside" + suffix(id), -kNone, 0).terms = std::move(there);
    terms.push_back({inside, 1});
  }
  at_most(path + "/of_last", window, scaled(*reach, out_.scale.at(floor.measure)));
  add_wild(terms, floor.measure, nullptr);
  at_least(path, std::move(terms), bound, floor.measure, "amount", one.guard, floor.priority);
}

}  // namespace qualgraph::detail
