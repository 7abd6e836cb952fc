#include "qualgraph/stacking/complete.hpp"

#include "qualgraph/model/error.hpp"
#include "qualgraph/stacking/detail/needed_offers.hpp"
#include "qualgraph/stacking/detail/offer_values.hpp"
#include "qualgraph/stacking/detail/shortlist.hpp"

#include <algorithm>
#include <map>
#include <numeric>
#include <set>
#include <unordered_map>
#include <utility>

namespace qualgraph {
namespace {

using detail::as_item;
using detail::Needed;
using Terms = std::vector<IntegerModel::Term>;
constexpr std::int64_t kNone = IntegerModel::kInfinity;

std::size_t index(int position) { return static_cast<std::size_t>(position); }

// ---- the model of several goals over one choice of offers

struct Joint {
  IntegerModel model;
  std::vector<int> take;           ///< column per offer taken once more
  std::vector<std::size_t> offer;  ///< its position in the catalogue
  std::vector<Broken> broken;
  std::map<std::size_t, int> column_of_item;  ///< position in the extended record
};

/// Columns and rows of one goal, the columns of offers shared.
void append(Joint& joint, const Compiled& compiled, const std::string& mark, std::size_t held) {
  std::vector<int> renumbered(compiled.model.columns.size(), -1);
  for (const auto& [item, column] : compiled.take) renumbered[index(column)] = joint.column_of_item.at(index(item));
  for (std::size_t c = 0; c < compiled.model.columns.size(); ++c) {
    if (renumbered[c] >= 0) continue;
    auto column = compiled.model.columns[c];
    column.name = mark + column.name;
    renumbered[c] = static_cast<int>(joint.model.columns.size());
    joint.model.columns.push_back(std::move(column));
  }
  for (const auto& row : compiled.model.rows) {
    auto copy = row;
    copy.name = mark + copy.name;
    for (auto& term : copy.terms) term.column = renumbered[index(term.column)];
    joint.model.rows.push_back(std::move(copy));
  }
  joint.broken.insert(joint.broken.end(), compiled.broken.begin(), compiled.broken.end());
  (void)held;
}

/// Conditions of offers as columns: 1 only if the condition holds on what is held and taken.
class Conditions {
 public:
  Conditions(Joint& joint, Case& view, const LearnerRecord& extended, std::size_t held)
      : joint_(joint), view_(view), extended_(extended), held_(held) {}

  /// A row that lets `column` be 1 only if `condition` holds.
  void require(int column, const Condition& condition, const std::string& name) {
    own_ = name.starts_with("requires/") ? column : -1;
    const Answer answer = encode(condition, name);
    if (answer.always || answer.column == column) return;
    auto& row = joint_.model.add_row(name, -kNone, 0);
    row.terms = {{column, 1}};
    if (answer.column >= 0) row.terms.push_back({answer.column, -1});
  }

 private:
  struct Answer {
    bool always = false;
    int column = -1;  ///< none and not always: never
  };

  Answer encode(const Condition& condition, const std::string& name) {
    using Kind = Condition::Kind;
    switch (condition.kind) {
      case Kind::all:
      case Kind::any: {
        const bool all = condition.kind == Kind::all;
        std::vector<int> parts;
        bool decided = all;
        for (std::size_t p = 0; p < condition.parts.size(); ++p) {
          const Answer part = encode(condition.parts[p], name + "/" + std::to_string(p));
          if (all && !part.always && part.column < 0) return {};
          if (!all && part.always) return {true, -1};
          if (part.column >= 0) parts.push_back(part.column);
        }
        if (parts.empty()) return {decided, -1};
        const int column = joint_.model.add_column("if[" + name + "]", 0, 1);
        if (all) {
          for (const int part : parts)
            joint_.model.add_row(name + "/all|" + std::to_string(part), -kNone, 0).terms = {{column, 1}, {part, -1}};
        } else {
          auto& row = joint_.model.add_row(name + "/any", -kNone, 0);
          row.terms = {{column, 1}};
          for (const int part : parts) row.terms.push_back({part, -1});
        }
        return {false, column};
      }
      case Kind::holds:
        return holds(condition, name);
      case Kind::award: {
        if (view_.holds(condition) == Truth::yes) return {true, -1};
        Condition taken;
        taken.kind = Kind::holds;
        taken.selector.kind = Selector::Kind::unit;
        taken.selector.words = condition.words;
        return holds(taken, name);
      }
      case Kind::parameter:
      case Kind::none_of:
      case Kind::met:
        return {view_.holds(condition) == Truth::yes, -1};
    }
    return {};
  }

  Answer holds(const Condition& condition, const std::string& name) {
    Rational needed = 1;
    if (condition.min.present()) {
      const auto value = view_.number(condition.min);
      if (!value) return {};
      needed = *value;
    }
    std::vector<std::pair<int, Rational>> more;
    const auto look = [&](std::size_t i) {
      const Held& held = view_.items()[i];
      if (!held.admitted && !held.exempted) return;
      if (view_.selects(condition.selector, held) != Truth::yes) return;
      const auto amount = view_.amount(held, condition.measure);
      if (!amount) return;
      if (i < held_)
        needed -= amount->min;
      else if (joint_.column_of_item.at(i) != own_)  // an offer does not open its own door
        more.emplace_back(joint_.column_of_item.at(i), amount->min);
    };
    if (condition.selector.kind == Selector::Kind::unit) {
      for (const auto& unit : condition.selector.words) {
        for (const std::size_t i : by_unit(unit)) look(i);
      }
    } else {
      for (std::size_t i = 0; i < extended_.items.size(); ++i) look(i);
    }
    if (needed <= Rational(0)) return {true, -1};
    if (more.empty()) return {};
    if (more.size() == 1 && more.front().second >= needed) return {false, more.front().first};
    std::int64_t scale = needed.denominator();
    for (const auto& [column, amount] : more) scale = std::lcm(scale, amount.denominator());
    const auto whole = [&](const Rational& value) { return value.numerator() * (scale / value.denominator()); };
    const int column = joint_.model.add_column("if[" + name + "]", 0, 1);
    auto& row = joint_.model.add_row(name + "/held", -kNone, 0);
    row.terms = {{column, whole(needed)}};
    for (const auto& [other, amount] : more) row.terms.push_back({other, -whole(amount)});
    return {false, column};
  }

  const std::vector<std::size_t>& by_unit(const std::string& unit) {
    if (units_.empty()) {
      for (std::size_t i = 0; i < extended_.items.size(); ++i) units_[extended_.items[i].unit].push_back(i);
    }
    return units_[unit];
  }

  Joint& joint_;
  Case& view_;
  const LearnerRecord& extended_;
  int own_ = -1;  ///< column of the offer whose condition is written
  std::size_t held_;
  std::unordered_map<std::string, std::vector<std::size_t>> units_;
};

class Planner {
 public:
  Planner(const World& world, const LearnerRecord& record, const std::vector<Goal>& goals, const Catalogue& catalogue,
          const CompleteOptions& options)
      : world_(world), record_(record), goals_(goals), catalogue_(catalogue), options_(options) {
    day_ = detail::day_of(record, catalogue);
  }

  std::vector<Plan> plans() {
    std::vector<Plan> found;
    const auto usable = detail::usable_offers(catalogue_, options_.aims, day_);
    // Clauses that look at the whole record change with what is taken: no one model holds for all choices.
    if (looks_at_record(usable)) {
      std::size_t takes = 0;
      for (const std::size_t o : usable) takes += static_cast<std::size_t>(catalogue_.offers[o].max_takes);
      if (takes <= kTried) {
        build(usable);
        try_all(found);
        return found;
      }
      curtailed_ = true;
    }
    const bool settled = !curtailed_;
    prepare(usable);
    // Where clauses change with the choice, a bound of the one model bounds nothing.
    if (!settled) relaxed_bound_ = 0;
    if (options_.aims.size() == 1) {
      found.push_back(plan({}));
      return found;
    }
    pareto(found);
    return found;
  }

 private:
  /// Up to so many takes every choice is tried.
  static constexpr std::size_t kTried = 12;

  /// Whether what is taken can change which clauses there are, or a clause over the whole record.
  bool looks_at_record(const std::vector<std::size_t>& usable) {
    LearnerRecord with = record_;
    const std::size_t held = with.items.size();
    for (const std::size_t o : usable) with.items.push_back(as_item(catalogue_.offers[o], catalogue_, day_, 0));
    for (const auto& goal : goals_) {
      const auto text = goal.rule.text(goal.choice);
      for (const auto& floor : text->floors) {
        if (floor.over_record) return true;
      }
      for (const auto& cap : text->caps) {
        if (cap.invalid) return true;
      }
      for (const auto& exclusion : text->exclusions) {
        if (exclusion.invalid) return true;
      }
      for (const auto& average : text->averages) {
        if (average.over_record) return true;
      }
      Case view(world_, *text, with, held);
      for (const auto& attribute : copied_by(*text)) {
        std::set<std::string> own;
        for (std::size_t i = 0; i < with.items.size(); ++i) {
          if (i < held && !view.items()[i].admitted) continue;
          const auto values = view.values(with.items[i], attribute);
          if (!values) continue;
          for (const auto& value : *values) {
            if (i < held)
              own.insert(value);
            else if (!own.contains(value))
              return true;
          }
        }
      }
      for (const auto* condition : conditions_of(*text)) {
        if (asks_for(view, *condition, held)) return true;
      }
    }
    return false;
  }

  static std::set<std::string> copied_by(const RuleText& text) {
    std::set<std::string> attributes;
    for (const auto& place : text.places) attributes.insert(place.for_each);
    for (const auto& floor : text.floors) attributes.insert(floor.for_each);
    for (const auto& cap : text.caps) attributes.insert(cap.for_each);
    attributes.erase("");
    return attributes;
  }

  /// Conditions of clauses and tables, and what requirements need.
  static std::vector<const Condition*> conditions_of(const RuleText& text) {
    std::vector<const Condition*> found;
    const auto when = [&](const Clause& clause) {
      if (clause.when) found.push_back(clause.when.get());
    };
    const auto table = [&](const Amount& amount) {
      for (const auto& [condition, value] : amount.rows) found.push_back(condition.get());
    };
    if (text.total) {
      when(*text.total);
      for (const auto* amount : {&text.total->min, &text.total->max, &text.total->exact}) table(*amount);
    }
    for (const auto& place : text.places) {
      when(place);
      for (const auto* amount : {&place.min, &place.max, &place.exact}) table(*amount);
    }
    for (const auto& floor : text.floors) {
      when(floor);
      for (const auto* amount : {&floor.min, &floor.share.share, &floor.of_last}) table(*amount);
    }
    for (const auto& cap : text.caps) {
      when(cap);
      table(cap.max);
      table(cap.share.share);
    }
    for (const auto& overlap : text.allocation.overlaps) {
      when(overlap);
      table(overlap.max);
      table(overlap.share.share);
    }
    for (const auto& limit : text.reuse.limits) {
      when(limit);
      table(limit.max);
      table(limit.share.share);
    }
    for (const auto& clause : text.exclusions) when(clause);
    for (const auto& clause : text.eligibility) when(clause);
    for (const auto& clause : text.windows) when(clause);
    for (const auto& clause : text.pace) {
      when(clause);
      table(clause.max);
    }
    for (const auto& clause : text.prerequisites) when(clause);
    for (const auto& clause : text.outcomes) {
      when(clause);
      table(clause.min);
      table(clause.min_share);
    }
    for (const auto& clause : text.requirements) {
      when(clause);
      table(clause.min);
      if (clause.needs) found.push_back(clause.needs.get());
    }
    for (const auto& clause : text.averages) {
      when(clause);
      table(clause.min);
    }
    for (const auto& clause : text.substitutions) when(clause);
    return found;
  }

  /// Whether a condition may turn on what is offered.
  static bool asks_for(Case& view, const Condition& condition, std::size_t held) {
    if (condition.kind == Condition::Kind::holds) {
      for (std::size_t i = held; i < view.items().size(); ++i) {
        if (view.selects(condition.selector, view.items()[i], Polarity::favourable) != Truth::no) return true;
      }
    }
    return std::any_of(condition.parts.begin(), condition.parts.end(),
                       [&](const Condition& part) { return asks_for(view, part, held); });
  }

  /// Every choice of a few offers, each audited, the best first.
  void try_all(std::vector<Plan>& found) {
    const std::size_t takes = joint_.take.size();
    std::vector<std::pair<std::vector<Rational>, unsigned>> choices;
    for (unsigned mask = 0; mask < (1U << takes); ++mask) {
      std::vector<Rational> values;
      for (const Aim aim : options_.aims) {
        Rational sum = 0;
        for (std::size_t t = 0; t < takes; ++t) {
          if ((mask >> t & 1U) != 0) sum += value(t, aim);
        }
        values.push_back(sum);
      }
      choices.emplace_back(std::move(values), mask);
    }
    std::stable_sort(choices.begin(), choices.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    bool undecided = false;
    for (const auto& [values, mask] : choices) {
      const bool beaten = std::any_of(found.begin(), found.end(), [&, own = &values](const Plan& other) {
        for (std::size_t a = 0; a < own->size(); ++a) {
          if (other.values[a] > (*own)[a]) return false;
        }
        return true;
      });
      if (beaten) continue;
      std::vector<std::int64_t> taken(joint_.model.columns.size(), 0);
      for (std::size_t t = 0; t < takes; ++t) taken[index(joint_.take[t])] = (mask >> t & 1U) != 0 ? 1 : 0;
      std::vector<std::size_t> stuck;
      (void)ordered(taken, stuck);
      if (!stuck.empty() || !taken_along(taken)) continue;
      Plan plan;
      plan.status = PlanStatus::optimal;
      plan.considered = takes;
      plan.bound = values.front();
      report(plan, taken);
      for (const auto& run : plan.audits) undecided = undecided || run.verdict == AuditVerdict::undecided;
      const bool met = std::all_of(plan.audits.begin(), plan.audits.end(),
                                   [](const AuditRun& run) { return run.verdict == AuditVerdict::satisfied; });
      if (!met) continue;
      if (undecided) plan.status = PlanStatus::not_proved;
      found.push_back(std::move(plan));
      if (options_.aims.size() == 1) return;
    }
    if (!found.empty()) return;
    Plan none;
    none.status = undecided ? PlanStatus::not_proved : PlanStatus::impossible;
    none.considered = takes;
    found.push_back(std::move(none));
  }

  /// Whether everything that has to be taken along is held or taken.
  bool taken_along(const std::vector<std::int64_t>& values) {
    LearnerRecord all = record_;
    for (std::size_t t = 0; t < joint_.take.size(); ++t) {
      if (values[index(joint_.take[t])] > 0) all.items.push_back(extended_.items[held_ + t]);
    }
    const auto text = goals_.front().rule.text(goals_.front().choice);
    Case view(world_, *text, all);
    for (std::size_t t = 0; t < joint_.take.size(); ++t) {
      const Offer& offer = catalogue_.offers[joint_.offer[t]];
      if (values[index(joint_.take[t])] > 0 && offer.corequires && !held(view, *offer.corequires, all)) return false;
      // A second take comes after the first.
      if (t > 0 && joint_.offer[t] == joint_.offer[t - 1] &&
          values[index(joint_.take[t])] > values[index(joint_.take[t - 1])])
        return false;
    }
    return true;
  }

  void prepare(const std::vector<std::size_t>& usable) {
    const Needed needed = detail::needed_offers(world_, record_, goals_, catalogue_, usable, options_.aims, day_);
    considered_ = needed.offers.size();
    if (needed.offers.size() <= kFew) {
      build(needed.offers);
    } else if (options_.aims.size() == 1 && goals_.size() == 1) {
      shortlist(needed);
    } else {
      std::vector<std::size_t> few = needed.offers;
      few.resize(std::min(few.size(), kMany));
      curtailed_ = curtailed_ || few.size() < needed.offers.size();
      build(few);
    }
  }

  /// The joint model over these offers.
  void build(const std::vector<std::size_t>& kept) {
    joint_ = Joint();
    extended_ = record_;
    for (auto& item : extended_.items) {
      if (item.credit.empty()) item.credit = extended_.credit;
    }
    held_ = extended_.items.size();
    for (const std::size_t o : kept) {
      for (int take = 0; take < catalogue_.offers[o].max_takes; ++take) {
        Item item = as_item(catalogue_.offers[o], catalogue_, day_, take);
        if (item.credit.empty()) item.credit = extended_.credit;
        joint_.offer.push_back(o);
        joint_.column_of_item[extended_.items.size()] = joint_.model.add_column("take[" + item.id + "]", 0, 1, 0, 1);
        joint_.take.push_back(joint_.column_of_item[extended_.items.size()]);
        if (take > 0) {
          // A second take after the first.
          joint_.model.add_row("takes/" + item.id, -kNone, 0).terms = {{joint_.take.back(), 1},
                                                                       {joint_.take[joint_.take.size() - 2], -1}};
        }
        extended_.items.push_back(std::move(item));
      }
    }
    for (std::size_t g = 0; g < goals_.size(); ++g) {
      const auto text = goals_[g].rule.text(goals_[g].choice);
      Case view(world_, *text, extended_, held_);
      CompileOptions hard;
      hard.hard = true;
      append(joint_, compile(view, hard), goals_.size() == 1 ? "" : goals_[g].rule.id() + ":", held_);
      if (g == 0) conditions(view);
    }
  }

  // ---- catalogues too large to put into one model

  /// More offers than this are priced first; more than the other are not put into one model.
  static constexpr std::size_t kFew = 250;
  static constexpr std::size_t kMany = 3000;

  /// A row that speaks of all items, not one that keeps the book of a single one.
  static bool speaks_of_all(const std::string& name) {
    for (const char* book : {"item/", "take/", "choose/", "in/", "some/", "fully/"}) {
      if (name.starts_with(book)) return false;
    }
    return name.find("x[") == std::string::npos && name.find("/covered[") == std::string::npos &&
           name.find("/value[") == std::string::npos;
  }

  /// Offers that can still be in a best plan, by their price against the relaxation.
  void shortlist(const Needed& needed) {
    const Aim aim = options_.aims.front();
    std::int64_t scale = 1;
    for (const std::size_t o : needed.offers) scale = std::lcm(scale, value_of(o, aim).denominator());
    const auto cost = [&](std::size_t o) { return (value_of(o, aim) * Rational(scale)).numerator(); };
    const auto stands = market(needed, cost);
    std::vector<std::size_t> few;
    if (!stands) {
      // Items that count in several places at once have no single price.
      few = needed.offers;
      std::stable_sort(few.begin(), few.end(), [&](std::size_t a, std::size_t b) { return cost(a) < cost(b); });
      few.resize(std::min(few.size(), kMany));
      curtailed_ = curtailed_ || few.size() < needed.offers.size();
      build(few);
      return;
    }
    const detail::Prices prices = detail::price(*stands);
    if (prices.impossible) {
      proved_impossible_ = true;
      build({});
      return;
    }
    relaxed_bound_ = Rational(prices.bound, scale);
    // What a good adds with everything it requires for certain.
    std::unordered_map<std::size_t, std::size_t> place;
    for (std::size_t i = 0; i < needed.offers.size(); ++i) place[needed.offers[i]] = i;
    index_units(needed.offers);
    const auto with_needs = [&](std::size_t i) {
      std::set<std::size_t> all;
      surely(needed.offers[i], all);
      std::int64_t sum = 0;
      for (const std::size_t o : all) {
        if (const auto at = place.find(o); at != place.end())
          sum = std::min<std::int64_t>(sum + prices.extra[at->second], kNone / 4);
      }
      return sum;
    };
    std::vector<std::int64_t> total(needed.offers.size());
    for (std::size_t i = 0; i < total.size(); ++i) total[i] = prices.extra[i];
    std::vector<std::size_t> order(needed.offers.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return prices.score[a] < prices.score[b]; });
    // A good plan from the best priced, then everything that could still be in a better one.
    std::size_t size = kFew / 2;
    for (;;) {
      std::set<std::size_t> chosen;
      for (std::size_t k = 0; k < std::min(size, order.size()); ++k) required(needed.offers[order[k]], chosen, 0);
      build(*stands, needed, {chosen.begin(), chosen.end()});
      SolveOptions solver;
      solver.nodes = std::min<std::int64_t>(options_.nodes, 2'000);
      solver.seconds = options_.seconds;
      solver.stop = options_.stop;
      IntegerModel model = joint_.model;
      for (std::size_t t = 0; t < joint_.take.size(); ++t)
        model.columns[index(joint_.take[t])].cost = cost(joint_.offer[t]);
      Solution solution = solve(model, solver);
      while (solution.found() && cut_circle(model, solution.values)) solution = solve(model, solver);
      if (!solution.found()) {
        if (size >= order.size() || size >= kMany) {
          curtailed_ = curtailed_ || size < order.size();
          return;
        }
        size *= 3;
        continue;
      }
      const std::int64_t room = solution.cost - 1 - prices.bound;
      std::set<std::size_t> open = chosen;
      for (std::size_t i = 0; i < total.size(); ++i) {
        if (total[i] <= room && with_needs(i) <= room) required(needed.offers[i], open, 0);
      }
      if (open.size() == chosen.size()) return;
      if (open.size() > kMany) {
        // A better plan leaves fewer open; without one, what comes out is a plan with its bound.
        const bool last = 3 * size > kMany || size >= order.size();
        curtailed_ = curtailed_ || last;
        if (last) return;
        size *= 3;
        continue;
      }
      build(*stands, needed, {open.begin(), open.end()});
      return;
    }
  }

  /// The same model with offers of one family counted together: which of them is taken decides the
  /// cost, how many lie in a place decides the rest.
  void build(const detail::Market& market, const Needed& needed, const std::vector<std::size_t>& kept) {
    joint_ = Joint();
    joint_.broken = market_broken_;
    extended_ = record_;
    for (auto& item : extended_.items) {
      if (item.credit.empty()) item.credit = extended_.credit;
    }
    held_ = extended_.items.size();
    joint_.model = market.base;
    for (const int column : market.lacking) joint_.model.columns[index(column)].upper = 0;
    std::map<int, Terms> members;
    for (const std::size_t o : kept) {
      const auto at = std::lower_bound(needed.offers.begin(), needed.offers.end(), o);
      Item item = as_item(catalogue_.offers[o], catalogue_, day_, 0);
      if (item.credit.empty()) item.credit = extended_.credit;
      const int column = joint_.model.add_column("take[" + item.id + "]", 0, 1, 0, 1);
      joint_.offer.push_back(o);
      joint_.take.push_back(column);
      joint_.column_of_item[extended_.items.size()] = column;
      members[needed.family[static_cast<std::size_t>(at - needed.offers.begin())]].push_back({column, -1});
      extended_.items.push_back(std::move(item));
    }
    for (auto& [family, terms] : members) {
      const auto size = static_cast<std::int64_t>(terms.size());
      const auto& places = market.families[index(family)].places;
      for (std::size_t p = 0; p < places.size(); ++p) {
        const int column =
            joint_.model.add_column("family[" + std::to_string(family) + "|" + std::to_string(p) + "]", 0, size);
        for (const auto& term : places[p])
          joint_.model.rows[index(term.column)].terms.push_back({column, term.coefficient});
        terms.push_back({column, 1});
      }
      if (!places.empty()) joint_.model.add_row("family/" + std::to_string(family), -kNone, 0).terms = terms;
    }
    const auto text = goals_.front().rule.text(goals_.front().choice);
    Case view(world_, *text, extended_, held_);
    conditions(view);
  }

  /// What offers require, as rows.
  void conditions(Case& view) {
    Conditions conditions(joint_, view, extended_, held_);
    for (std::size_t t = 0; t < joint_.take.size(); ++t) {
      const Offer& offer = catalogue_.offers[joint_.offer[t]];
      const std::string& id = extended_.items[held_ + t].id;
      if (offer.requires_before) conditions.require(joint_.take[t], *offer.requires_before, "requires/" + id);
      if (offer.corequires) conditions.require(joint_.take[t], *offer.corequires, "corequires/" + id);
    }
  }

  [[nodiscard]] Rational value_of(std::size_t o, Aim aim) const {
    return detail::value_of(catalogue_.offers[o], aim);
  }

  void index_units(const std::vector<std::size_t>& offers) {
    offers_by_unit_.clear();
    for (const std::size_t o : offers) {
      const Offer& offer = catalogue_.offers[o];
      offers_by_unit_[offer.unit.empty() ? offer.id : offer.unit].push_back(o);
    }
    for (const auto& item : record_.items) held_units_.insert(item.unit);
  }

  /// An offer with everything its requirements name, alternatives included.
  void required(std::size_t o, std::set<std::size_t>& into, int depth) {
    if (depth > 400 || !into.insert(o).second) return;
    for (const auto* condition : {&catalogue_.offers[o].requires_before, &catalogue_.offers[o].corequires}) {
      if (*condition) required_by(**condition, into, depth);
    }
  }

  /// An offer with everything it needs in every case: one unit that nobody holds and one offer gives.
  void surely(std::size_t o, std::set<std::size_t>& into) {
    if (into.size() > 400 || !into.insert(o).second) return;
    for (const auto* condition : {&catalogue_.offers[o].requires_before, &catalogue_.offers[o].corequires}) {
      if (*condition) surely_by(**condition, into);
    }
  }

  void surely_by(const Condition& condition, std::set<std::size_t>& into) {
    if (condition.kind == Condition::Kind::all) {
      for (const auto& part : condition.parts) surely_by(part, into);
    }
    if (condition.kind != Condition::Kind::holds || condition.selector.kind != Selector::Kind::unit ||
        condition.selector.words.size() != 1)
      return;
    const std::string& unit = condition.selector.words.front();
    const auto found = offers_by_unit_.find(unit);
    if (found != offers_by_unit_.end() && found->second.size() == 1 && !held_units_.contains(unit))
      surely(found->second.front(), into);
  }

  void required_by(const Condition& condition, std::set<std::size_t>& into, int depth) {
    if (condition.kind == Condition::Kind::holds && condition.selector.kind == Selector::Kind::unit) {
      for (const auto& unit : condition.selector.words) {
        const auto found = offers_by_unit_.find(unit);
        if (found == offers_by_unit_.end()) continue;
        for (const std::size_t o : found->second) required(o, into, depth + 1);
      }
    }
    for (const auto& part : condition.parts) required_by(part, into, depth);
  }

  /// The rows over all items, with one family per kind of offer; none where a price per offer says too little.
  template <class Cost>
  std::optional<detail::Market> market(const Needed& needed, Cost&& cost) {
    std::vector<std::size_t> first;  // an offer of each family
    for (std::size_t i = 0; i < needed.offers.size(); ++i) {
      if (static_cast<std::size_t>(needed.family[i]) == first.size()) first.push_back(needed.offers[i]);
    }
    LearnerRecord with = record_;
    for (auto& item : with.items) {
      if (item.credit.empty()) item.credit = with.credit;
    }
    const std::size_t held = with.items.size();
    for (const std::size_t o : first) {
      Item item = as_item(catalogue_.offers[o], catalogue_, day_, 0);
      if (item.credit.empty()) item.credit = with.credit;
      with.items.push_back(std::move(item));
    }
    const auto text = goals_.front().rule.text(goals_.front().choice);
    Case view(world_, *text, with, held);
    const Compiled compiled = compile(view);
    market_broken_ = compiled.broken;
    detail::Market market;
    market.families.resize(first.size());
    // Columns of offers: in which family and place.
    std::vector<std::pair<int, int>> owner(compiled.model.columns.size(), {-1, -1});
    for (const auto& use : compiled.uses) {
      if (index(use.item) < held) continue;
      const int family = use.item - static_cast<int>(held);
      owner[index(use.column)] = {family, static_cast<int>(market.families[index(family)].places.size())};
      market.families[index(family)].places.emplace_back();
    }
    std::set<int> takes;
    for (const auto& [item, column] : compiled.take) takes.insert(column);
    std::vector<int> renumbered(compiled.model.columns.size(), -1);
    for (std::size_t c = 0; c < compiled.model.columns.size(); ++c) {
      if (owner[c].first >= 0 || takes.contains(static_cast<int>(c))) continue;
      const std::string& name = compiled.model.columns[c].name;
      for (const char* shared : {"in[", "some[", "both[", "largest["}) {
        if (name.starts_with(shared)) return std::nullopt;
      }
      renumbered[c] = static_cast<int>(market.base.columns.size());
      market.base.columns.push_back(compiled.model.columns[c]);
      market.base.columns.back().cost = 0;
    }
    for (const auto& row : compiled.model.rows) {
      bool of_offers = false;
      for (const auto& term : row.terms) of_offers = of_offers || renumbered[index(term.column)] < 0;
      // Bookkeeping of single offers goes: without it there is only more freedom.
      if (of_offers && !speaks_of_all(row.name)) continue;
      IntegerModel::Row kept;
      kept.name = row.name;
      kept.lower = row.lower;
      kept.upper = row.upper;
      const int number = static_cast<int>(market.base.rows.size());
      for (const auto& term : row.terms) {
        if (renumbered[index(term.column)] >= 0) {
          kept.terms.push_back({renumbered[index(term.column)], term.coefficient});
        } else if (owner[index(term.column)].first >= 0) {
          const auto [family, place] = owner[index(term.column)];
          market.families[index(family)].places[index(place)].push_back({number, term.coefficient});
        } else {
          return std::nullopt;
        }
      }
      market.base.rows.push_back(std::move(kept));
    }
    for (const auto& minimum : compiled.minima) market.lacking.push_back(renumbered[index(minimum.column)]);
    for (std::size_t i = 0; i < needed.offers.size(); ++i) {
      for (int take = 0; take < catalogue_.offers[needed.offers[i]].max_takes; ++take) {
        market.goods.push_back({needed.family[i], cost(needed.offers[i])});
      }
      if (catalogue_.offers[needed.offers[i]].max_takes > 1) return std::nullopt;
    }
    return market;
  }

  [[nodiscard]] Rational value(std::size_t t, Aim aim) const { return value_of(joint_.offer[t], aim); }

  [[nodiscard]] std::int64_t scale(Aim aim) const {
    std::int64_t scale = 1;
    for (std::size_t t = 0; t < joint_.take.size(); ++t) scale = std::lcm(scale, value(t, aim).denominator());
    return scale;
  }

  /// Least of the aims in turn, each limit given kept.
  Plan plan(const std::vector<std::pair<Aim, Rational>>& below) {
    Plan result;
    result.considered = considered_;
    if (proved_impossible_) {
      result.status = curtailed_ ? PlanStatus::not_proved : PlanStatus::impossible;
      return result;
    }
    for (const auto& broken : joint_.broken) {
      result.remaining.push_back({broken.path, std::nullopt, broken.measure, "clause", broken.reason, broken.unknown});
    }
    IntegerModel model = joint_.model;
    for (const auto& [aim, limit] : below) {
      const std::int64_t own = scale(aim);
      auto& row = model.add_row(std::string("aim/") + to_string(aim), -kNone, floor(limit * Rational(own)));
      for (std::size_t t = 0; t < joint_.take.size(); ++t) {
        const Rational part = value(t, aim) * Rational(own);
        if (part != Rational(0)) row.terms.push_back({joint_.take[t], part.numerator()});
      }
    }
    SolveOptions solver;
    solver.nodes = options_.nodes;
    solver.seconds = options_.seconds;
    solver.stop = options_.stop;
    Solution solution;
    result.status = PlanStatus::optimal;
    for (std::size_t a = 0; a < options_.aims.size(); ++a) {
      const Aim aim = options_.aims[a];
      const std::int64_t own = scale(aim);
      for (auto& column : model.columns) column.cost = 0;
      for (std::size_t t = 0; t < joint_.take.size(); ++t)
        model.columns[index(joint_.take[t])].cost = (value(t, aim) * Rational(own)).numerator();
      for (;;) {
        solution = solve(model, solver);
        result.nodes += solution.nodes;
        if (!solution.found() || !cut_circle(model, solution.values)) break;
        solver.start.clear();
      }
      if (a == 0) {
        result.bound = Rational(solution.bound, own);
        if (curtailed_) result.bound = relaxed_bound_;
        if (solution.status == SolveStatus::infeasible) {
          result.status = curtailed_ ? PlanStatus::not_proved : PlanStatus::impossible;
          return result;
        }
      }
      if (solution.status != SolveStatus::optimal || curtailed_) result.status = PlanStatus::not_proved;
      if (!solution.found()) return result;
      if (a + 1 < options_.aims.size()) {
        auto& row = model.add_row(std::string("best/") + to_string(aim), -kNone, solution.cost);
        for (std::size_t t = 0; t < joint_.take.size(); ++t) {
          const std::int64_t part = (value(t, aim) * Rational(own)).numerator();
          if (part != 0) row.terms.push_back({joint_.take[t], part});
        }
        solver.start = solution.values;
      }
    }
    report(result, solution.values);
    return result;
  }

  /// Offers that wait for each other in a circle cannot be taken: someone must be helped from outside.
  bool cut_circle(IntegerModel& model, const std::vector<std::int64_t>& values) {
    std::vector<std::size_t> stuck;
    (void)ordered(values, stuck);
    if (stuck.empty()) return false;
    std::set<std::size_t> inside(stuck.begin(), stuck.end());
    auto& row =
        model.add_row("circle/" + std::to_string(circles_++), 1 - static_cast<std::int64_t>(stuck.size()), kNone);
    for (std::size_t t = 0; t < joint_.take.size(); ++t) {
      if (inside.contains(t))
        row.terms.push_back({joint_.take[t], -1});
      else if (values[index(joint_.take[t])] == 0)
        row.terms.push_back({joint_.take[t], 1});
    }
    joint_.model.rows.push_back(row);
    return true;
  }

  /// An order in which each offer's needs are held when it is taken; the rest is stuck.
  std::vector<std::size_t> ordered(const std::vector<std::int64_t>& values, std::vector<std::size_t>& stuck) {
    std::vector<std::size_t> waiting;
    for (std::size_t t = 0; t < joint_.take.size(); ++t) {
      if (values[index(joint_.take[t])] > 0) waiting.push_back(t);
    }
    LearnerRecord now = record_;
    std::vector<std::size_t> order;
    const auto text = goals_.front().rule.text(goals_.front().choice);
    while (!waiting.empty()) {
      Case view(world_, *text, now);
      std::vector<std::size_t> later;
      std::vector<std::size_t> ready;
      for (const std::size_t t : waiting) {
        const Offer& offer = catalogue_.offers[joint_.offer[t]];
        bool free = !offer.requires_before || held(view, *offer.requires_before, now);
        (free ? ready : later).push_back(t);
      }
      if (ready.empty()) {
        stuck = waiting;
        return order;
      }
      for (const std::size_t t : ready) {
        order.push_back(t);
        now.items.push_back(extended_.items[held_ + t]);
      }
      waiting = std::move(later);
    }
    return order;
  }

  static bool held(Case& view, const Condition& condition, const LearnerRecord& now) {
    if (condition.kind == Condition::Kind::award) {
      if (view.holds(condition) == Truth::yes) return true;
      return std::any_of(now.items.begin(), now.items.end(), [&](const Item& item) {
        return std::find(condition.words.begin(), condition.words.end(), item.unit) != condition.words.end();
      });
    }
    if (condition.kind == Condition::Kind::all) {
      return std::all_of(condition.parts.begin(), condition.parts.end(),
                         [&](const Condition& part) { return held(view, part, now); });
    }
    if (condition.kind == Condition::Kind::any) {
      return std::any_of(condition.parts.begin(), condition.parts.end(),
                         [&](const Condition& part) { return held(view, part, now); });
    }
    return view.holds(condition) == Truth::yes;
  }

  void report(Plan& plan, const std::vector<std::int64_t>& values) {
    std::vector<std::size_t> stuck;
    const auto order = ordered(values, stuck);
    plan.record = record_;
    for (const std::size_t t : order) {
      plan.taken.push_back(joint_.offer[t]);
      plan.record.items.push_back(extended_.items[held_ + t]);
    }
    for (const Aim aim : options_.aims) {
      Rational sum = 0;
      for (const std::size_t t : order) sum += value(t, aim);
      plan.values.push_back(sum);
    }
    AuditOptions audits;
    audits.nodes = options_.nodes;
    audits.stop = options_.stop;
    for (const auto& goal : goals_)
      plan.audits.push_back(audit_form(world_, plan.record, goal.rule, goal.choice, audits));
    // The plan is believed only as far as an audit of its own bears it out.
    const bool borne = std::all_of(plan.audits.begin(), plan.audits.end(), [](const AuditRun& run) {
      return std::all_of(run.missing.begin(), run.missing.end(),
                         [](const Missing& missing) { return missing.kind == "clause"; }) &&
             !run.impossible;
    });
    if (!borne && plan.status == PlanStatus::optimal) plan.status = PlanStatus::not_proved;
  }

  /// Boxes of limits yet to be searched, as in the quadrant method: each plan found splits its box.
  void pareto(std::vector<Plan>& found) {
    std::vector<std::vector<std::pair<Aim, Rational>>> boxes{{}};
    std::set<std::vector<Rational>> seen;
    int searches = 0;
    while (!boxes.empty() && searches < 400) {
      const auto box = boxes.back();
      boxes.pop_back();
      ++searches;
      const Plan next = plan(box);
      if (next.status == PlanStatus::impossible && found.empty() && box.empty()) {
        found.push_back(next);
        return;
      }
      if (next.taken.empty() && next.values.empty()) continue;
      if (seen.insert(next.values).second) found.push_back(next);
      for (std::size_t a = 1; a < options_.aims.size(); ++a) {
        auto tighter = box;
        const Rational step(1, scale(options_.aims[a]));
        std::erase_if(tighter, [&](const auto& limit) { return limit.first == options_.aims[a]; });
        const Rational limit = next.values[a] - step;
        if (limit < Rational(0)) continue;
        tighter.emplace_back(options_.aims[a], limit);
        if (boxes_.insert(key(tighter)).second) boxes.push_back(std::move(tighter));
      }
    }
    // Only what no other plan beats stays.
    std::vector<Plan> kept;
    for (const auto& one : found) {
      const bool beaten = std::any_of(found.begin(), found.end(), [&](const Plan& other) {
        if (other.values == one.values) return false;
        for (std::size_t a = 0; a < one.values.size(); ++a) {
          if (other.values[a] > one.values[a]) return false;
        }
        return true;
      });
      if (!beaten) kept.push_back(one);
    }
    std::sort(kept.begin(), kept.end(), [](const Plan& a, const Plan& b) { return a.values < b.values; });
    found = std::move(kept);
  }

  static std::string key(const std::vector<std::pair<Aim, Rational>>& box) {
    std::map<int, std::string> parts;
    for (const auto& [aim, limit] : box) parts[static_cast<int>(aim)] = limit.str();
    std::string text;
    for (const auto& [aim, limit] : parts) text += std::to_string(aim) + "<=" + limit + ";";
    return text;
  }

  const World& world_;
  const LearnerRecord& record_;
  const std::vector<Goal>& goals_;
  const Catalogue& catalogue_;
  CompleteOptions options_;
  std::optional<Date> day_;
  LearnerRecord extended_;
  std::size_t held_ = 0;
  std::size_t considered_ = 0;
  Joint joint_;
  int circles_ = 0;
  bool curtailed_ = false;  ///< offers were left out that could be in a better plan
  bool proved_impossible_ = false;
  std::vector<Broken> market_broken_;
  Rational relaxed_bound_ = 0;
  std::unordered_map<std::string, std::vector<std::size_t>> offers_by_unit_;
  std::set<std::string> held_units_;
  std::set<std::string> boxes_;
};

}  // namespace

const char* to_string(Aim aim) noexcept {
  switch (aim) {
    case Aim::cost:
      return "cost";
    case Aim::count:
      return "count";
    case Aim::credits:
      return "credits";
    case Aim::months:
      return "months";
  }
  return "cost";
}

Aim parse_aim(std::string_view word) {
  for (const Aim aim : {Aim::cost, Aim::count, Aim::credits, Aim::months}) {
    if (word == to_string(aim)) return aim;
  }
  throw InvalidValue("nothing to minimise is called " + in_quotes(word) +
                     "; there are cost, count, credits and months");
}

const char* to_string(PlanStatus status) noexcept {
  switch (status) {
    case PlanStatus::optimal:
      return "optimal";
    case PlanStatus::not_proved:
      return "not_proved";
    case PlanStatus::impossible:
      return "impossible";
  }
  return "not_proved";
}

std::vector<Plan> complete(const World& world, const LearnerRecord& record, const std::vector<Goal>& goals,
                           const Catalogue& catalogue, const CompleteOptions& options) {
  if (goals.empty()) throw InvalidValue("a completion needs a rule to complete");
  if (options.aims.empty()) throw InvalidValue("a completion minimises something: cost, count, credits or months");
  return Planner(world, record, goals, catalogue, options).plans();
}

}  // namespace qualgraph
