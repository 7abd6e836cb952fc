#include "qualgraph/stacking/detail/needed_offers.hpp"

#include "qualgraph/stacking/detail/offer_values.hpp"
#include "qualgraph/stacking/detail/plan_order.hpp"
#include "qualgraph/stacking/detail/suppositions.hpp"
#include "qualgraph/stacking/select.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <map>
#include <memory>
#include <numeric>
#include <set>
#include <string>
#include <unordered_map>
#include <unordered_set>
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
    // What only makes the base of a share larger is needed by no minimum.
    if (varies(cap.share)) views.plain = false;
  }
  for (const auto& exclusion : rule.exclusions) {
    for (const auto& set : exclusion.sets) views.limits.push_back(&set);
  }
  for (const auto& overlap : rule.allocation.overlaps) {
    views.limits.push_back(&overlap.from);
    if (varies(overlap.share)) views.plain = false;
  }
  for (const auto& limit : rule.reuse.limits) {
    views.limits.push_back(&limit.from);
    if (varies(limit.share)) views.plain = false;
  }
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

/// Units that offers ask for; `widely` if some ask in other words.
struct Asked {
  std::unordered_set<std::string> units;
  bool widely = false;

  void add(const Condition& condition) {
    const bool by_unit = condition.kind == Condition::Kind::holds && condition.selector.kind == Selector::Kind::unit;
    if (by_unit) units.insert(condition.selector.words.begin(), condition.selector.words.end());
    if (condition.kind == Condition::Kind::award) units.insert(condition.words.begin(), condition.words.end());
    widely = widely || (condition.kind == Condition::Kind::holds && !by_unit);
    for (const auto& part : condition.parts) add(part);
  }
};

/// Offers sorted by what the rules can see of them.
class Kinds {
 public:
  explicit Kinds(std::size_t offers) : sights_(offers) {}

  /// Looks at every offer with the eyes of one rule.
  void look(const World& world, std::shared_ptr<const RuleText> text, const LearnerRecord& record,
            const LearnerRecord& offers, const std::optional<Date>& day) {
    const Views views = views_of(*text);
    plain_ = plain_ && views.plain;
    // A unit matters where it is named.
    std::set<std::string> named;
    for (const auto& unit : text->units) named.insert(unit.unit);
    for (const auto* list : {&views.helps, &views.limits, &views.other}) {
      for (const auto* selector : *list) units_named(*selector, named);
    }
    for (const auto& average : text->averages) {
      if (average.repeats == "all") continue;
      for (const auto& item : record.items) named.insert(item.unit);
    }
    std::set<std::string> attributes{"part_of"};
    for (const auto& place : text->places) attributes.insert(place.for_each);
    for (const auto& floor : text->floors) {
      attributes.insert(floor.for_each);
      attributes.insert(floor.distinct);
    }
    for (const auto& cap : text->caps) attributes.insert(cap.for_each);
    attributes.erase("");
    auto view = std::make_unique<Case>(world, *text, offers, 0);
    for (std::size_t i = 0; i < sights_.size(); ++i) {
      const Held& held = view->items()[i];
      Sight& sight = sights_[i];
      for (const auto* selector : views.helps) sight.helps.push_back(view->selects(*selector, held) == Truth::yes);
      for (const auto* selector : views.limits) sight.limits.push_back(view->selects(*selector, held) != Truth::no);
      for (const auto* selector : views.other)
        sight.rest += static_cast<char>('0' + static_cast<int>(view->selects(*selector, held)));
      for (const Measure measure : kMeasures) {
        const auto amount = view->amount(held, measure);
        sight.rest += '|';
        sight.rest += amount ? amount->min.str() : "?";
        if (amount && !amount->is_point()) sight.rest += "-" + amount->max.str();
      }
      for (const auto& attribute : attributes) {
        sight.rest += '|';
        if (const auto values = view->values(*held.item, attribute)) {
          for (const auto& value : *values) sight.rest += value + ";";
        } else {
          sight.rest += '?';
        }
      }
      if (named.contains(held.item->unit)) sight.rest += "|u=" + held.item->unit;
      if (!text->outcomes.empty() && held.item->outcomes) {
        sight.rest += "|o=";
        for (const auto& outcome : *held.item->outcomes) sight.rest += outcome + ";";
      }
      sight.rest += held.item->whole ? (*held.item->whole ? 'w' : 's') : '-';
      if (held.item->date != day) sight.rest += "|d=" + to_string(*held.item->date);
    }
    rules_.push_back({std::move(text), std::move(view), views.helps.size()});
  }

  /// Once every rule has looked: finds the kinds, and how many of one a plan can need.
  void sort() {
    std::unordered_map<std::string, std::size_t> rests, names;
    std::vector<std::size_t> rest_of;
    for (std::size_t i = 0; i < sights_.size(); ++i) {
      Sight& sight = sights_[i];
      const std::size_t rest = rests.try_emplace(std::move(sight.rest), rests.size()).first->second;
      std::string name(reinterpret_cast<const char*>(&rest), sizeof rest);
      for (const auto* chosen : {&sight.helps, &sight.limits})
        name.append(reinterpret_cast<const char*>(chosen->words.data()), chosen->words.size() * sizeof(std::uint64_t));
      const auto [known, fresh] = names.try_emplace(std::move(name), first_.size());
      kind_.push_back(known->second);
      if (!fresh) continue;
      first_.push_back(i);
      rest_of.push_back(rest);
      most_.push_back(most_of(i));
    }
    std::vector<std::vector<std::size_t>> same_rest(rests.size());
    for (std::size_t k = 0; k < first_.size(); ++k) same_rest[rest_of[k]].push_back(k);
    no_worse_.resize(first_.size());
    for (std::size_t k = 0; k < first_.size(); ++k) {
      const Sight& own = sights_[first_[k]];
      // Of very many kinds each is compared with itself alone: fewer offers go out, none too many.
      if (same_rest[rest_of[k]].size() > kCompared) {
        no_worse_[k].push_back(k);
        continue;
      }
      for (const std::size_t other : same_rest[rest_of[k]]) {
        const Sight& sight = sights_[first_[other]];
        if (covers(sight.helps, own.helps) && covers(own.limits, sight.limits)) no_worse_[k].push_back(other);
      }
    }
  }

  using Most = std::pair<std::optional<std::int64_t>, std::optional<std::int64_t>>;

  [[nodiscard]] bool plain() const noexcept { return plain_; }
  [[nodiscard]] std::size_t size() const noexcept { return first_.size(); }
  [[nodiscard]] std::size_t of(std::size_t offer) const { return kind_[offer]; }
  /// Most offers of its size, and most of its kind, that a plan without anything needless can take.
  [[nodiscard]] const Most& most(std::size_t kind) const { return most_[kind]; }
  /// Kinds that fit everywhere it fits and fall under no more limits, itself among them.
  [[nodiscard]] const std::vector<std::size_t>& no_worse(std::size_t kind) const { return no_worse_[kind]; }

 private:
  static constexpr std::size_t kCompared = 3'000;
  static constexpr Measure kMeasures[] = {Measure::credits, Measure::units, Measure::hours, Measure::points};

  [[nodiscard]] Most most_of(std::size_t i) const {
    Most sum{0, 0};
    std::size_t bit = 0;
    for (const auto& rule : rules_) {
      std::map<Measure, Rational> size;
      for (const Measure measure : kMeasures) {
        if (const auto amount = rule.view->amount(rule.view->items()[i], measure)) size[measure] = amount->min;
      }
      std::vector<bool> helps;
      for (std::size_t h = 0; h < rule.helps; ++h) helps.push_back(sights_[i].helps[bit++]);
      const auto add = [](std::optional<std::int64_t>& total, const std::optional<std::int64_t>& own) {
        if (total && own)
          *total += *own;
        else
          total.reset();
      };
      add(sum.first, most_of_size(*rule.view, size));
      add(sum.second, most_of_family(*rule.view, size, helps));
    }
    return sum;
  }

  struct Eyes {
    std::shared_ptr<const RuleText> text;
    std::unique_ptr<Case> view;
    std::size_t helps = 0;
  };

  bool plain_ = true;  ///< dominance holds for these rules
  std::vector<Sight> sights_;
  std::vector<Eyes> rules_;
  std::vector<std::size_t> kind_;   ///< per offer
  std::vector<std::size_t> first_;  ///< an offer of each kind
  std::vector<Most> most_;
  std::vector<std::vector<std::size_t>> no_worse_;
};

}  // namespace

TakenBefore::TakenBefore(const LearnerRecord& record) {
  const auto count = [&](const std::string& offer, int times) {
    int& most = times_[offer];
    most = std::max(most, times);
  };
  for (const auto& item : record.items) {
    count(item.id, 1);
    const auto mark = item.id.rfind('#');
    if (mark == std::string::npos) continue;
    int times = 0;
    const char* const end = item.id.data() + item.id.size();
    const auto [read, fault] = std::from_chars(item.id.data() + mark + 1, end, times);
    // A number no catalogue reaches is part of a name.
    if (fault == std::errc() && read == end && times > 0 && times < 1'000'000) count(item.id.substr(0, mark), times);
  }
}

int TakenBefore::operator[](const std::string& offer) const {
  const auto found = times_.find(offer);
  return found == times_.end() ? 0 : found->second;
}

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
  Asked asked;  // by other offers: what they ask for must stay
  for (const std::size_t o : usable) {
    for (const auto* condition : {&catalogue.offers[o].requires_before, &catalogue.offers[o].corequires}) {
      if (*condition) asked.add(**condition);
    }
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
  offers.items.reserve(usable.size());
  for (const std::size_t o : usable) offers.items.push_back(as_item(catalogue.offers[o], catalogue, day, 0));
  Kinds kinds(usable.size());
  for (const auto& goal : goals) kinds.look(world, goal.rule.text(goal.choice), record, offers, day);
  kinds.sort();

  std::vector<std::vector<Rational>> prices(aims.size());
  for (std::size_t a = 0; a < aims.size(); ++a) {
    for (const std::size_t o : usable) prices[a].push_back(value_of(catalogue.offers[o], aims[a]));
  }
  std::vector<std::size_t> order(usable.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t one, std::size_t other) {
    for (const auto& price : prices) {
      if (price[one] != price[other]) return price[one] < price[other];
    }
    return false;
  });

  // Offers free of conditions that were kept, by kind, as often as they can be taken.
  std::vector<std::vector<std::size_t>> free(kinds.size());
  std::vector<std::size_t> kept;
  for (const std::size_t i : order) {
    const Offer& offer = catalogue.offers[usable[i]];
    const std::size_t own = kinds.of(i);
    const auto& [most, alike] = kinds.most(own);
    // What another offer may ask for in words that name no unit has to stay.
    if (!asked.widely && kinds.plain() && most) {
      // By one aim the others are no dearer: they came first.
      const auto no_dearer = [&](std::size_t kind) -> std::int64_t {
        if (aims.size() == 1) return static_cast<std::int64_t>(free[kind].size());
        return std::count_if(free[kind].begin(), free[kind].end(), [&](std::size_t other) {
          return std::all_of(prices.begin() + 1, prices.end(),
                             [&](const auto& price) { return price[other] <= price[i]; });
        });
      };
      if (alike && no_dearer(own) >= *alike) continue;
      std::int64_t dominating = 0;
      for (const std::size_t kind : kinds.no_worse(own)) {
        if (dominating >= *most) break;
        if (!free[kind].empty()) dominating += no_dearer(kind);
      }
      if (dominating >= *most) continue;
    }
    kept.push_back(i);
    if (!offer.requires_before && !offer.corequires)
      free[own].insert(free[own].end(), static_cast<std::size_t>(offer.max_takes), i);
  }
  // A dominated offer is still needed by those that ask for its unit.
  std::unordered_map<std::string, std::vector<std::size_t>> by_unit;
  if (!asked.units.empty()) {
    for (std::size_t i = 0; i < usable.size(); ++i) {
      if (asked.units.contains(offers.items[i].unit)) by_unit[offers.items[i].unit].push_back(i);
    }
  }
  std::vector<char> in(usable.size(), 0);
  for (const std::size_t i : kept) in[i] = 1;
  for (std::size_t k = 0; k < kept.size(); ++k) {
    Asked own;
    for (const auto* condition :
         {&catalogue.offers[usable[kept[k]]].requires_before, &catalogue.offers[usable[kept[k]]].corequires}) {
      if (*condition) own.add(**condition);
    }
    for (const auto& unit : own.units) {
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
  std::sort(kept.begin(), kept.end());
  Needed needed;
  std::vector<int> family(kinds.size(), -1);
  int families = 0;
  for (const std::size_t i : kept) {
    int& own = family[kinds.of(i)];
    if (own < 0) own = families++;
    needed.offers.push_back(usable[i]);
    needed.family.push_back(own);
  }
  return needed;
}

}  // namespace qualgraph::detail
