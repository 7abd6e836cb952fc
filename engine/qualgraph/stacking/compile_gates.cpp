#include "qualgraph/model/error.hpp"
#include "qualgraph/stacking/detail/model_builder.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace qualgraph::detail {

bool ModelBuilder::passes(const Piece& piece, int place, std::string& reason, bool& unknown) {
  const Held& held = *piece.held;
  for (const auto& gate : rule_.eligibility) {
    if (dropped(gate.path) || !view_.limits(gate, options_.polarity)) continue;
    if (!gate.in.empty()) {
      auto kept = gated_.find(gate.path);
      if (kept == gated_.end()) kept = gated_.emplace(gate.path, copies_of(gate.in)).first;
      if (!below_any(place, kept->second)) continue;
    }
    if (!binds(view_.selects(gate.from, held, options_.polarity))) continue;
    const Truth required = view_.requires_of(gate.require, held, options_.polarity);
    if (admits(required)) continue;
    reason = gate.path;
    unknown = required == Truth::unknown;
    return false;
  }
  if (!used_elsewhere_admits(held, reason, unknown)) return false;
  for (const auto& outcome : rule_.outcomes) {
    if (!outcome.per_unit || !outcome.set || outcome.set->empty() || dropped(outcome.path) ||
        !view_.limits(outcome, options_.polarity))
      continue;
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
    const auto covered = std::count_if(outcome.set->begin(), outcome.set->end(),
                                       [&](const std::string& one) { return listed(*held.item->outcomes, one); });
    if (Rational(covered) < outcomes_needed(outcome).value_or(strict() ? Rational(covered + 1) : Rational(0))) {
      reason = outcome.path;
      return false;
    }
  }
  return true;
}

std::optional<Rational> ModelBuilder::outcomes_needed(const OutcomeRule& rule) {
  const auto size = static_cast<std::int64_t>(rule.set->size());
  if (rule.all) return Rational(size);
  if (rule.min.present()) return view_.number(rule.min);
  if (const auto share = view_.number(rule.min_share)) return Rational(ceil(*share * Rational(size)));
  return std::nullopt;
}

bool ModelBuilder::used_elsewhere_admits(const Held& held, std::string& reason, bool& unknown) {
  const auto& used = held.item->used_for;
  const bool asked = !rule_.reuse.used_elsewhere.empty() && rule_.reuse.used_elsewhere != "free";
  doubt((!used && (asked || rule_.allocation.max_awards)) ||
        (used && !used->empty() && rule_.reuse.used_elsewhere.empty()));
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

void ModelBuilder::windows() {
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
        openings.emplace_back(
            start, out_.model.add_column("starts[" + window.path + "|" + to_string(start) + "]", 0, 1, 0, 2));
        one.push_back({openings.back().second, 1});
      }
      if (!one.empty()) out_.model.add_row(window.path + "/starts", 1, 1).terms = one;
    }
    for (const auto& [k, uses] : bound) {
      tick();
      const auto& date = pieces_[k].held->item->date;
      doubt(!date || !window.span);
      if (!date && !strict()) continue;
      for (const int use : uses) {
        const std::int64_t most = out_.model.columns[index(column_of(use))].upper;
        auto& row = out_.model.add_row(window.path + "/" + out_.model.columns[index(column_of(use))].name, -kNone, 0);
        row.terms = {{column_of(use), 1}};
        if (!date) continue;
        if (fixed && *date >= *fixed && *date <= later(*fixed, span)) row.upper = most;
        room_for(openings.size(), window.path);
        for (const auto& [start, column] : openings) {
          if (*date >= start && *date <= later(start, span)) row.terms.push_back({column, -most});
        }
      }
    }
  }
}

std::string ModelBuilder::period(Date date, const std::string& per) {
  const int year = static_cast<int>(date.year());
  const int month = static_cast<int>(static_cast<unsigned>(date.month())) - 1;
  const int months = per == "year" ? 12 : per == "semester" ? 6 : per == "trimester" ? 4 : per == "quarter" ? 3 : 1;
  return months == 12 ? std::to_string(year) : std::to_string(year) + "-" + std::to_string(month / months + 1);
}

void ModelBuilder::pace() {
  for (const auto& pace : rule_.pace) {
    if (!view_.limits(pace, options_.polarity) || dropped(pace.path)) continue;
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
    for (auto& [name, terms] : periods)
      at_most(pace.path + suffix(name) + "/max", std::move(terms), name == "undated" ? 0 : bound);
  }
}

Truth ModelBuilder::prepared(const Prerequisite& rule, const Condition& needs, const Held& held) {
  using Kind = Condition::Kind;
  switch (needs.kind) {
    case Kind::all: {
      Truth result = Truth::yes;
      for (const auto& part : needs.parts) result = std::min(result, prepared(rule, part, held));
      return result;
    }
    case Kind::any: {
      Truth result = Truth::no;
      for (const auto& part : needs.parts) result = std::max(result, prepared(rule, part, held));
      return result;
    }
    case Kind::met:
      if (rule.timing != "any" && dated(needs.path) == false) {
        doubt(true);
        return Truth::unknown;
      }
      return Truth::yes;
    case Kind::holds: {
      Offered offered;
      return held_before(rule, needs, held, &offered);
    }
    case Kind::award: {
      if (!record().awards) return Truth::unknown;
      Truth result = Truth::no;
      for (const auto& award : *record().awards) {
        if (!listed(needs.words, award.id) && !(award.kind && listed(needs.words, *award.kind))) continue;
        Truth fit = award.completed ? (*award.completed ? Truth::yes : Truth::no) : Truth::yes;
        // The award is held first, the item comes after it, whichever way the timing is worded.
        if (rule.timing != "any" && award.date && held.item->date)
          fit = std::min(fit, *award.date <= *held.item->date ? Truth::yes : Truth::no);
        result = std::max(result, fit);
      }
      return result;
    }
    case Kind::parameter:
    case Kind::none_of:
      return view_.holds(needs);
  }
  return Truth::unknown;
}

Truth ModelBuilder::held_before(const Prerequisite& rule, const Condition& needs, const Held& held, Offered* offered) {
  Rational needed = 1;
  if (needs.min.present()) {
    const auto value = view_.number(needs.min);
    if (!value) return Truth::unknown;
    needed = *value;
  }
  Rational sure = 0;
  Rational possible = 0;
  std::vector<std::pair<int, Rational>> more;
  for (const auto& other : view_.items()) {
    tick();
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
      if (fit == Truth::yes && taken != out_.take.end()) more.emplace_back(taken->second, amount->min);
      continue;
    }
    possible += amount->max;
    if (fit == Truth::yes) sure += amount->min;
  }
  if (sure < needed && !more.empty()) {
    // What is on offer may supply the rest, once it is taken.
    std::int64_t scale = (needed - sure).denominator();
    for (const auto& one : more) scale = common_multiple(scale, one.second.denominator());
    for (const auto& [column, amount] : more) {
      if (amount > Rational(0)) offered->terms.push_back({column, scaled(amount, scale)});
    }
    offered->lacking = scaled(needed - sure, scale);
    if (!offered->terms.empty()) return Truth::yes;
  }
  return sure >= needed ? Truth::yes : possible >= needed ? Truth::unknown : Truth::no;
}

bool ModelBuilder::hangs(const Prerequisite& rule, const Condition& needs, const Held& held) {
  using Kind = Condition::Kind;
  if (needs.kind == Kind::met) return true;
  if (needs.kind == Kind::holds) {
    Offered offered;
    held_before(rule, needs, held, &offered);
    return !offered.terms.empty();
  }
  return (needs.kind == Kind::all || needs.kind == Kind::any) &&
         std::any_of(needs.parts.begin(), needs.parts.end(),
                     [&](const Condition& part) { return hangs(rule, part, held); });
}

void ModelBuilder::require(const Prerequisite& rule, const Condition& needs, std::size_t k, int guard,
                           std::int64_t most, const std::string& name) {
  using Kind = Condition::Kind;
  const Held& held = *pieces_[k].held;
  const auto part_name = [&](std::size_t part) { return name + "/" + std::to_string(part); };
  switch (needs.kind) {
    case Kind::met: {
      const int column = rule.timing == "any" || dated(needs.path) != true ? met_column(needs.path)
                                                                           : met_in_time(needs.path, rule.timing, k);
      out_.model.add_row(name + "/" + needs.path, -kNone, 0).terms = {{guard, 1}, {column, -most}};
      return;
    }
    case Kind::holds: {
      Offered offered;
      held_before(rule, needs, held, &offered);
      if (offered.terms.empty()) return;
      auto& row = out_.model.add_row(name + "/needs", -kNone, 0);
      row.terms = {{guard, offered.lacking}};
      for (const auto& term : offered.terms) row.terms.push_back({term.column, -times(term.coefficient, most)});
      return;
    }
    case Kind::all:
      for (std::size_t part = 0; part < needs.parts.size(); ++part)
        require(rule, needs.parts[part], k, guard, most, part_name(part));
      return;
    case Kind::any: {
      std::vector<std::size_t> ways;
      for (std::size_t part = 0; part < needs.parts.size(); ++part) {
        if (!admits(prepared(rule, needs.parts[part], held))) continue;
        if (!hangs(rule, needs.parts[part], held)) return;
        ways.push_back(part);
      }
      if (ways.size() == 1) {
        require(rule, needs.parts[ways.front()], k, guard, most, part_name(ways.front()));
        return;
      }
      Terms one{{guard, 1}};
      for (const std::size_t part : ways) {
        const int way = out_.model.add_column("way" + suffix(part_name(part)), 0, 1, 0, 1);
        one.push_back({way, -most});
        require(rule, needs.parts[part], k, way, 1, part_name(part));
      }
      out_.model.add_row(name + "/any", -kNone, 0).terms = std::move(one);
      return;
    }
    case Kind::award:
    case Kind::parameter:
    case Kind::none_of:
      return;
  }
}

Truth ModelBuilder::in_time(const std::string& timing, const std::optional<Date>& need,
                            const std::optional<Date>& own) {
  if (timing == "any") return Truth::yes;
  if (!need || !own) return Truth::unknown;
  const bool fits = timing == "before" ? *need < *own : timing == "with" ? *need <= *own : *need >= *own;
  return fits ? Truth::yes : Truth::no;
}

void ModelBuilder::prerequisites() {
  for (const auto& rule : rule_.prerequisites) {
    if (!view_.limits(rule, options_.polarity) || dropped(rule.path)) continue;
    for (std::size_t k = 0; k < pieces_.size(); ++k) {
      if (uses_of_[k].empty() || !binds(view_.selects(rule.subject, *pieces_[k].held, options_.polarity))) continue;
      const bool ready = admits(prepared(rule, rule.needs, *pieces_[k].held));
      for (const int use : uses_of_[k]) {
        const std::string name = rule.path + "/" + out_.model.columns[index(column_of(use))].name;
        if (ready) {
          require(rule, rule.needs, k, column_of(use), out_.model.columns[index(column_of(use))].upper, name);
        } else {
          out_.model.add_row(name, -kNone, 0).terms = {{column_of(use), 1}};
        }
      }
    }
  }
}

int ModelBuilder::met_column(const std::string& path) {
  if (const auto kept = met_.find(path); kept != met_.end()) return kept->second;
  const int column = out_.model.add_column("met" + suffix(path), 0, 1, 0, 1);
  for (const auto& minimum : out_.minima) {
    const bool own =
        minimum.path == path || minimum.path.starts_with(path + "/") || minimum.path.starts_with(path + "[");
    if (!own) continue;
    const std::int64_t most = out_.model.columns[index(minimum.column)].upper;
    auto& row = out_.model.add_row("met/" + minimum.path, -kNone, most);
    row.terms = {{minimum.column, 1}};
    if (most > 0) row.terms.push_back({column, most});
  }
  only_chosen(path, column);
  for (const auto& fault : out_.broken) {
    if (fault.path == path || fault.path.starts_with(path + "/") || fault.path.starts_with(path + "["))
      out_.model.add_row("met/" + fault.path, -kNone, 0).terms = {{column, 1}};
  }
  return met_[path] = column;
}

void ModelBuilder::only_chosen(const std::string& path, int column) {
  // A place that is passed over is not met.
  std::set<int> above;
  for (int p = 1; p < static_cast<int>(out_.places.size()); ++p) {
    const auto& copy = out_.places[index(p)];
    if (copy.path != path && !(copy.place != nullptr && "places/" + copy.place->id == path)) continue;
    if (copy.supposed) continue;
    // A copy that is there only once an offer is taken is not passed over.
    int q = p;
    while (q > 0) {
      const Place* parent = out_.places[index(out_.places[index(q)].parent)].place;
      if (out_.places[index(q)].chosen >= 0 && parent != nullptr && parent->choose) break;
      q = out_.places[index(q)].parent;
    }
    if (q > 0) above.insert(out_.places[index(q)].chosen);
  }
  const std::string name = out_.model.columns[index(column)].name;
  for (const int chosen : above)
    out_.model.add_row(name + "/" + out_.model.columns[index(chosen)].name, -kNone, 0).terms = {{column, 1},
                                                                                                {chosen, -1}};
}

std::optional<bool> ModelBuilder::dated(const std::string& path) const {
  if (path.starts_with("places/") || path == "total") return true;
  if (path.starts_with("outcomes/")) return false;
  if (path.starts_with("floors/")) {
    return std::none_of(rule_.floors.begin(), rule_.floors.end(), [&](const Floor& floor) {
      return floor.path == path &&
             (!floor.distinct.empty() || floor.of_last.present() || floor.over_record || floor.share.share.present());
    });
  }
  return std::nullopt;
}

int ModelBuilder::met_in_time(const std::string& path, const std::string& timing, std::size_t k) {
  const Held& held = *pieces_[k].held;
  const std::string name = path + "|" + timing + "|" + held.item->id;
  if (const auto kept = met_.find(name); kept != met_.end()) return kept->second;
  const int column = out_.model.add_column("met" + suffix(name), 0, 1, 0, 1);
  std::set<int> timely;
  for (std::size_t other = 0; other < pieces_.size(); ++other) {
    if (other != k && admits(in_time(timing, pieces_[other].held->item->date, held.item->date)))
      timely.insert(static_cast<int>(other));
  }
  only_chosen(path, column);
  if (path.starts_with("places/")) {
    for (int p = 1; p < static_cast<int>(out_.places.size()); ++p) {
      const Place* place = out_.places[index(p)].place;
      if (place != nullptr && "places/" + place->id == path && !out_.places[index(p)].supposed)
        place_in_time(p, column, timely);
    }
  } else {
    bounds_in_time(path, column, timely);
  }
  return met_[name] = column;
}

void ModelBuilder::place_in_time(int place, int guard, const std::set<int>& in_time) {
  const PlaceCopy copy = out_.places[index(place)];
  bounds_in_time(copy.path, guard, in_time);
  if (!copy.place->choose) {
    for (const int child : copy.children) {
      if (!out_.places[index(child)].optional) place_in_time(child, guard, in_time);
    }
    return;
  }
  const std::string above = out_.model.columns[index(guard)].name;
  Terms done;
  for (const int child : copy.children) {
    const PlaceCopy& below = out_.places[index(child)];
    const std::string name = above + "/" + below.path;
    const int column = out_.model.add_column("done" + suffix(name), 0, 1, 0, 1);
    out_.model.add_row("done/" + name, -kNone, 0).terms = {{column, 1}, {below.chosen, -1}};
    done.push_back({column, 1});
    place_in_time(child, column, in_time);
  }
  if (const int least = copy.place->choose->first; least > 0 && view_.limits(*copy.place, options_.polarity)) {
    done.push_back({guard, -least});
    out_.model.add_row(above + "/" + copy.path + "/choose", 0, kNone).terms = std::move(done);
  }
}

void ModelBuilder::bounds_in_time(const std::string& path, int guard, const std::set<int>& in_time) {
  const std::string above = out_.model.columns[index(guard)].name;
  const auto own = [&](const std::string& other) {
    return other == path || other.starts_with(path + "/") || other.starts_with(path + "[");
  };
  for (const auto& minimum : out_.minima) {
    if (!own(minimum.path) || minimum.kind == "choices") continue;
    Terms terms;
    for (const auto& term : out_.model.rows[index(minimum.row)].terms) {
      const auto about = piece_of_.find(term.column);
      if ((about != piece_of_.end() && in_time.contains(about->second)) || listed_int(out_.wild, term.column))
        terms.push_back(term);
    }
    const std::int64_t most = out_.model.columns[index(minimum.column)].upper;
    std::int64_t least = 0;
    terms.push_back({guard, -most});
    for (const auto& term : out_.model.rows[index(minimum.row)].terms) {
      // What asks for nothing until an offer is taken asks for nothing in time either.
      if (!guards_.contains(term.column)) continue;
      terms.push_back({term.column, -most});
      least = -most;
    }
    out_.model.add_row(above + "/" + minimum.path, least, kNone).terms = std::move(terms);
  }
  for (const auto& fault : out_.broken) {
    if (own(fault.path)) out_.model.add_row(above + "/" + fault.path, -kNone, 0).terms = {{guard, 1}};
  }
}

void ModelBuilder::outcomes() {
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

void ModelBuilder::requirements() {
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
    broken(requirement, "", value == Truth::unknown ? "the record does not say whether this is done" : "not done",
           value == Truth::unknown, needed, have, requirement.measure);
  }
}

}  // namespace qualgraph::detail
