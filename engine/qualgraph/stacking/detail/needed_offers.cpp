#include "qualgraph/stacking/detail/needed_offers.hpp"

#include "qualgraph/stacking/detail/plan_order.hpp"
#include "qualgraph/stacking/detail/suppositions.hpp"
#include "qualgraph/stacking/select.hpp"

#include <algorithm>
#include <cstdint>
#include <map>
#include <numeric>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>

namespace qualgraph::detail {
namespace {

/// Selectors of a rule, by what being chosen does for an item.
struct Views {
  std::vector<const Selector*> helps;   ///< places and floors
  std::vector<const Selector*> limits;  ///< caps and what caps alike
  std::vector<const Selector*> other;   ///< anything else: must agree
  bool plain = true;                    ///< dominance holds for this rule
};

void collect(const Condition& condition, std::vector<const Selector*>& into) {
  if (condition.kind == Condition::Kind::holds) into.push_back(&condition.selector);
  for (const auto& part : condition.parts) collect(part, into);
}

/// What conditions ask to be held, or to be met.
void leaves(const Condition& condition, std::vector<const Condition*>& into) {
  if (condition.kind == Condition::Kind::holds || condition.kind == Condition::Kind::met) into.push_back(&condition);
  for (const auto& part : condition.parts) leaves(part, into);
}

Views views_of(const RuleText& rule) {
  Views views;
  const auto varies = [](const Share& share) {
    return share.share.present() &&
           (share.base == "counted" || share.base == "component" || share.base.starts_with("place:"));
  };
  for (const auto& place : rule.places) {
    if (place.from) views.helps.push_back(&*place.from);
    if (place.choose && !place.for_each.empty()) views.plain = false;
  }
  for (const auto& floor : rule.floors) {
    views.helps.push_back(&floor.from);
    if (varies(floor.share) || floor.of_last.present()) views.plain = false;
  }
  for (const auto& cap : rule.caps) {
    views.limits.push_back(&cap.from);
  }
  for (const auto& exclusion : rule.exclusions) {
    for (const auto& set : exclusion.sets) views.limits.push_back(&set);
  }
  for (const auto& overlap : rule.allocation.overlaps) views.limits.push_back(&overlap.from);
  for (const auto& limit : rule.reuse.limits) views.limits.push_back(&limit.from);
  for (const auto& pace : rule.pace) views.limits.push_back(&pace.from);
  for (const auto& window : rule.windows) views.other.push_back(&window.from);
  for (const auto& gate : rule.eligibility) {
    views.other.push_back(&gate.from);
    views.other.push_back(&gate.require);
  }
  for (const auto& before : rule.prerequisites) {
    views.other.push_back(&before.subject);
    collect(before.needs, views.other);
  }
  for (const auto& outcome : rule.outcomes) views.other.push_back(&outcome.from);
  for (const auto& average : rule.averages) {
    views.other.push_back(&average.from);
    if (average.over_record) views.plain = false;
  }
  for (const auto& substitution : rule.substitutions) views.other.push_back(&substitution.by);
  // What turns clauses on and off.
  for (const auto* condition : conditions_of(rule)) collect(*condition, views.other);
  return views;
}

void units_named(const Selector& selector, std::set<std::string>& into) {
  if (selector.kind == Selector::Kind::unit) into.insert(selector.words.begin(), selector.words.end());
  for (const auto& part : selector.parts) units_named(part, into);
}

/// Which of a list of selectors choose an offer; many of them are compared with each other.
struct Chosen {
  std::vector<std::uint64_t> words;
  std::size_t size = 0;

  void push_back(bool chosen) {
    if (size % 64 == 0) words.push_back(0);
    if (chosen) words.back() |= std::uint64_t{1} << (size % 64);
    ++size;
  }
  [[nodiscard]] bool operator[](std::size_t i) const { return (words[i / 64] >> (i % 64) & 1) != 0; }
  bool operator==(const Chosen&) const = default;
};

/// What of an offer the rules can see.
struct Sight {
  Chosen helps, limits;
  std::string rest;  ///< amounts and attributes that must agree
  bool operator==(const Sight&) const = default;
};

bool covers(const Chosen& more, const Chosen& less) {
  for (std::size_t w = 0; w < less.words.size(); ++w) {
    if ((less.words[w] & ~more.words[w]) != 0) return false;
  }
  return true;
}

/// Most offers of one size an irredundant completion can take: one for every step of every minimum.
std::optional<std::int64_t> most_of_size(Case& view, const std::map<Measure, Rational>& size) {
  const RuleText& rule = view.rule();
  std::int64_t most = 0;
  const auto add = [&](const Amount& amount, Measure measure) -> bool {
    if (!amount.present()) return true;
    const auto value = view.number(amount);
    if (!value) return false;
    if (*value <= Rational(0)) return true;
    const auto own = size.find(measure);
    if (own == size.end() || own->second <= Rational(0)) return true;  // does not help this minimum
    most += ceil(*value / own->second);
    return true;
  };
  bool known = true;
  if (rule.total) {
    known = known && add(rule.total->min, rule.total->measure) && add(rule.total->exact, rule.total->measure);
  }
  for (const auto& place : rule.places) {
    known = known && add(place.min, place.measure) && add(place.exact, place.measure);
    if (place.all)
      most += static_cast<std::int64_t>(rule.units.size()) +
              (place.from ? static_cast<std::int64_t>(place.from->words.size() + place.from->parts.size()) : 0) + 1;
    if (!place.for_each.empty()) return std::nullopt;
  }
  for (const auto& floor : rule.floors) {
    if (!floor.for_each.empty()) return std::nullopt;
    if (floor.share.share.present()) {
      // A share of the target is at most the target.
      if (rule.total)
        known = known && add(rule.total->min, floor.measure) && add(rule.total->exact, floor.measure);
      else
        return std::nullopt;
    }
    known = known && add(floor.min, floor.measure);
    if (!floor.distinct.empty()) known = known && add(floor.min, Measure::units);
    if (floor.all) most += static_cast<std::int64_t>(rule.units.size()) + 1;
  }
  for (const auto& outcome : rule.outcomes) {
    if (outcome.set) most += static_cast<std::int64_t>(outcome.set->size());
  }
  // What is taken so that something else may count, or to turn a clause on: so many of the kind are enough, the
  // earliest ones.
  std::vector<const Condition*> wanted;
  for (const auto* condition : conditions_of(rule)) leaves(*condition, wanted);
  for (const auto& clause : rule.prerequisites) leaves(clause.needs, wanted);
  for (const auto* leaf : wanted) {
    if (leaf->kind == Condition::Kind::met) return std::nullopt;
    if (leaf->min.present())
      known = known && add(leaf->min, leaf->measure);
    else
      ++most;
  }
  for (const auto& substitution : rule.substitutions) most += substitution.gives == "exemption" ? 1 : 0;
  if (!known) return std::nullopt;
  return most;
}

/// Most offers of one family an irredundant completion can take. Each is needed by some minimum. If
/// one is needed by a minimum over everything, all of them count toward it and are no more than its
/// steps; else each is needed by the place it lies in.
std::optional<std::int64_t> most_of_family(Case& view, const std::map<Measure, Rational>& size,
                                           const std::vector<bool>& helps) {
  const RuleText& rule = view.rule();
  const auto steps = [&](const Amount& amount, Measure measure) -> std::optional<std::int64_t> {
    if (!amount.present()) return 0;
    const auto value = view.number(amount);
    if (!value) return std::nullopt;
    const auto own = size.find(measure);
    if (*value <= Rational(0) || own == size.end() || own->second <= Rational(0)) return 0;
    return ceil(*value / own->second);
  };
  std::int64_t over_all = 0;
  std::int64_t in_places = 0;
  std::size_t bit = 0;
  if (rule.total) {
    for (const auto* amount : {&rule.total->min, &rule.total->exact}) {
      const auto own = steps(*amount, rule.total->measure);
      if (!own) return std::nullopt;
      over_all = std::max(over_all, *own);
    }
  }
  for (const auto& place : rule.places) {
    if (!place.for_each.empty() || place.all) return std::nullopt;
    const bool helped = !place.from || helps[bit];
    bit += place.from ? 1 : 0;
    if (!helped) continue;
    for (const auto* amount : {&place.min, &place.exact}) {
      const auto own = steps(*amount, place.measure);
      if (!own) return std::nullopt;
      in_places += *own;
    }
  }
  for (const auto& floor : rule.floors) {
    const bool helped = helps[bit++];
    if (!helped) continue;
    if (!floor.for_each.empty() || floor.all || !floor.distinct.empty() || !floor.in.empty() ||
        floor.share.share.present())
      return std::nullopt;
    const auto own = steps(floor.min, floor.measure);
    if (!own) return std::nullopt;
    over_all = std::max(over_all, *own);
  }
  if (!rule.outcomes.empty() || !rule.prerequisites.empty() || !rule.substitutions.empty() ||
      !conditions_of(rule).empty())
    return std::nullopt;
  return std::max(over_all, in_places);
}

}  // namespace

Item as_item(const Offer& offer, const Catalogue& catalogue, const std::optional<Date>& day, int take) {
  Item item = offer;
  if (take > 0) item.id += "#" + std::to_string(take + 1);
  if (item.unit.empty()) item.unit = offer.id;
  if (item.credit.empty()) item.credit = catalogue.credit;
  if (!item.provider && offer.providers && offer.providers->size() == 1) item.provider = offer.providers->front();
  if (!item.used_for) item.used_for.emplace();
  item.status = "passed";
  item.date = item.started = day ? opening(offer, *day) : std::nullopt;
  return item;
}

Needed needed_offers(const World& world, const LearnerRecord& record, const std::vector<Goal>& goals,
                     const Catalogue& catalogue, const std::vector<std::size_t>& usable, const std::vector<Aim>& aims,
                     const std::optional<Date>& day) {
  std::vector<Sight> sights(usable.size());
  std::vector<std::optional<std::int64_t>> most(usable.size(), 0);
  std::vector<std::optional<std::int64_t>> alike(usable.size(), 0);
  bool plain = true;
  std::vector<const Selector*> asked;  // by other offers: what they ask for must stay
  for (const std::size_t o : usable) {
    for (const auto* condition : {&catalogue.offers[o].requires_before, &catalogue.offers[o].corequires}) {
      if (*condition) collect(**condition, asked);
    }
  }
  std::set<std::string> asked_units;
  bool asks_widely = false;
  for (const auto* selector : asked) {
    if (selector->kind == Selector::Kind::unit)
      asked_units.insert(selector->words.begin(), selector->words.end());
    else
      asks_widely = true;
  }

  LearnerRecord offers;
  offers.as_of = record.as_of;
  offers.claim = record.claim;
  offers.registration = record.registration;
  offers.admission = record.admission;
  offers.awards = record.awards;
  offers.parameters = record.parameters;
  offers.decisions = record.decisions;
  offers.credit = catalogue.credit;
  for (const std::size_t o : usable) offers.items.push_back(as_item(catalogue.offers[o], catalogue, day, 0));
  for (const auto& goal : goals) {
    const auto text = goal.rule.text(goal.choice);
    const Views views = views_of(*text);
    plain = plain && views.plain;
    // A unit matters where it is named.
    std::set<std::string> named;
    for (const auto& unit : text->units) named.insert(unit.unit);
    for (const auto* list : {&views.helps, &views.limits, &views.other}) {
      for (const auto* selector : *list) units_named(*selector, named);
    }
    for (const auto& average : text->averages) {
      if (average.repeats != "all") {
        for (const auto& item : record.items) named.insert(item.unit);
      }
    }
    std::set<std::string> attributes;
    for (const auto& place : text->places) attributes.insert(place.for_each);
    for (const auto& floor : text->floors) {
      attributes.insert(floor.for_each);
      attributes.insert(floor.distinct);
    }
    for (const auto& cap : text->caps) attributes.insert(cap.for_each);
    attributes.insert("part_of");
    attributes.erase("");
    Case view(world, *text, offers, 0);
    for (std::size_t i = 0; i < usable.size(); ++i) {
      const Held& held = view.items()[i];
      Sight& sight = sights[i];
      std::vector<bool> helped;
      for (const auto* selector : views.helps) helped.push_back(view.selects(*selector, held) == Truth::yes);
      for (const bool chosen : helped) sight.helps.push_back(chosen);
      for (const auto* selector : views.limits) sight.limits.push_back(view.selects(*selector, held) != Truth::no);
      for (const auto* selector : views.other)
        sight.rest += static_cast<char>('0' + static_cast<int>(view.selects(*selector, held)));
      std::map<Measure, Rational> size;
      for (const Measure measure : {Measure::credits, Measure::units, Measure::hours, Measure::points}) {
        const auto amount = view.amount(held, measure);
        sight.rest += amount ? "|" + amount->min.str() + "-" + amount->max.str() : "|?";
        if (amount) size[measure] = amount->min;
      }
      for (const auto& attribute : attributes) {
        sight.rest += "|" + attribute + "=";
        if (const auto values = view.values(*held.item, attribute)) {
          for (const auto& value : *values) sight.rest += value + ";";
        } else {
          sight.rest += "?";
        }
      }
      if (named.contains(held.item->unit)) sight.rest += "|u=" + held.item->unit;
      if (!text->outcomes.empty()) {
        sight.rest += "|o=";
        if (held.item->outcomes) {
          for (const auto& outcome : *held.item->outcomes) sight.rest += outcome + ";";
        }
      }
      sight.rest += held.item->whole ? (*held.item->whole ? "w" : "s") : "-";
      if (held.item->date != day) sight.rest += "|d=" + to_string(*held.item->date);
      const auto family = most_of_family(view, size, helped);
      if (alike[i] && family)
        *alike[i] += *family;
      else
        alike[i] = std::nullopt;
      const auto bound = most_of_size(view, size);
      if (most[i] && bound)
        *most[i] += *bound;
      else
        most[i] = std::nullopt;
    }
  }

  const auto price = [&](std::size_t i) {
    const Offer& offer = catalogue.offers[usable[i]];
    std::vector<Rational> values;
    for (const Aim aim : aims) {
      switch (aim) {
        case Aim::cost:
          values.emplace_back(*offer.cost);
          break;
        case Aim::count:
          values.emplace_back(1);
          break;
        case Aim::credits:
          values.push_back(offer.credits ? offer.credits->first : Rational(0));
          break;
        case Aim::months:
          values.push_back(*offer.months);
          break;
      }
    }
    return values;
  };
  std::vector<std::size_t> order(usable.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::vector<std::vector<Rational>> prices;
  for (std::size_t i = 0; i < usable.size(); ++i) prices.push_back(price(i));
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return prices[a] < prices[b]; });

  struct Kept {
    std::size_t i;
  };
  std::unordered_map<std::string, std::vector<std::size_t>> kept_by_rest;  // free of conditions
  std::vector<std::size_t> kept;
  for (const std::size_t i : order) {
    const Offer& offer = catalogue.offers[usable[i]];
    const bool conditional = offer.requires_before || offer.corequires;
    // What another offer may ask for in words that name no unit has to stay.
    const bool wanted = asks_widely;
    auto& peers = kept_by_rest[sights[i].rest];
    if (!wanted && plain && most[i]) {
      std::int64_t dominating = 0;
      std::int64_t same = 0;
      for (const std::size_t other : peers) {
        // By one aim the others are no dearer: they came first.
        bool no_dearer = true;
        for (std::size_t a = 1; a < aims.size(); ++a) no_dearer = no_dearer && prices[other][a] <= prices[i][a];
        if (!no_dearer || !covers(sights[other].helps, sights[i].helps) ||
            !covers(sights[i].limits, sights[other].limits))
          continue;
        if (alike[i] && sights[other].helps == sights[i].helps && sights[other].limits == sights[i].limits &&
            ++same >= *alike[i])
          break;
        if (++dominating >= *most[i]) break;
      }
      if (dominating >= *most[i] || (alike[i] && same >= *alike[i])) continue;
    }
    kept.push_back(i);
    if (!conditional) {
      for (int take = 0; take < offer.max_takes; ++take) peers.push_back(i);
    }
  }
  // A dominated offer is still needed by those that ask for its unit.
  std::unordered_map<std::string, std::vector<std::size_t>> by_unit;
  if (!asked_units.empty()) {
    for (std::size_t i = 0; i < usable.size(); ++i) {
      if (asked_units.contains(offers.items[i].unit)) by_unit[offers.items[i].unit].push_back(i);
    }
  }
  std::vector<char> in(usable.size(), 0);
  for (const std::size_t i : kept) in[i] = 1;
  for (std::size_t k = 0; k < kept.size(); ++k) {
    std::vector<const Selector*> own;
    for (const auto* condition :
         {&catalogue.offers[usable[kept[k]]].requires_before, &catalogue.offers[usable[kept[k]]].corequires}) {
      if (*condition) collect(**condition, own);
    }
    for (const auto* selector : own) {
      for (const auto& unit : selector->words) {
        const auto found = by_unit.find(unit);
        if (found == by_unit.end()) continue;
        for (const std::size_t other : found->second) {
          if (in[other] == 0) {
            in[other] = 1;
            kept.push_back(other);
          }
        }
      }
    }
  }
  std::sort(kept.begin(), kept.end());
  Needed needed;
  std::unordered_map<std::string, int> families;
  for (const std::size_t i : kept) {
    std::string name = sights[i].rest + "#";
    for (const auto* chosen : {&sights[i].helps, &sights[i].limits}) {
      for (std::size_t c = 0; c < chosen->size; ++c) name += (*chosen)[c] ? '1' : '0';
    }
    needed.offers.push_back(usable[i]);
    needed.family.push_back(families.try_emplace(std::move(name), static_cast<int>(families.size())).first->second);
  }
  return needed;
}

}  // namespace qualgraph::detail
