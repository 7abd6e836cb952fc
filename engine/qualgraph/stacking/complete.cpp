#include "qualgraph/stacking/complete.hpp"

#include "qualgraph/model/error.hpp"
#include "qualgraph/stacking/detail/joint_model.hpp"
#include "qualgraph/stacking/detail/needed_offers.hpp"
#include "qualgraph/stacking/detail/offer_values.hpp"
#include "qualgraph/stacking/detail/plan_order.hpp"
#include "qualgraph/stacking/detail/shortlist.hpp"
#include "qualgraph/stacking/detail/suppositions.hpp"
#include "qualgraph/stacking/detail/timing.hpp"

#include <algorithm>
#include <chrono>
#include <map>
#include <numeric>
#include <set>
#include <unordered_map>
#include <utility>

namespace qualgraph {
namespace {

using detail::as_item;
using detail::Joint;
using detail::Needed;
using detail::Take;
using Terms = std::vector<IntegerModel::Term>;
constexpr std::int64_t kNone = IntegerModel::kInfinity;

std::size_t index(int position) { return static_cast<std::size_t>(position); }

class Planner {
 public:
  Planner(const World& world, const LearnerRecord& record, const std::vector<Goal>& goals, const Catalogue& catalogue,
          const CompleteOptions& options)
      : world_(world), record_(record), goals_(goals), catalogue_(catalogue), options_(options), before_(record) {
    day_ = detail::day_of(record, catalogue);
    for (const auto& goal : goals) texts_.push_back(goal.rule.text(goal.choice));
    for (auto& item : record_.items) {
      if (item.credit.empty()) item.credit = record_.credit;
    }
    held_ = record_.items.size();
    left_ = options.nodes;
    if (options.seconds)
      deadline_ = Clock::now() + std::chrono::duration_cast<Clock::duration>(
                                     std::chrono::duration<double>(std::min(*options.seconds, 1e8)));
    for (const auto& text : texts_) {
      const auto paths = detail::timed_clauses(*text);
      timed_.insert(timed_.end(), paths.begin(), paths.end());
    }
  }

  std::vector<Plan> plans() {
    std::vector<Plan> found;
    prepare(detail::usable_offers(catalogue_, options_.aims, day_));
    if (options_.aims.size() == 1) {
      found.push_back(plan({}));
      return found;
    }
    pareto(found);
    return found;
  }

 private:
  using Clock = std::chrono::steady_clock;

  void prepare(const std::vector<std::size_t>& usable) {
    const Needed needed = detail::needed_offers(world_, record_, goals_, catalogue_, usable, options_.aims, day_);
    considered_ = needed.offers.size();
    if (needed.offers.size() <= kFew) {
      small(needed.offers);
    } else if (options_.aims.size() == 1 && goals_.size() == 1 && one_way(needed.offers)) {
      shortlist(needed);
    } else {
      std::vector<std::size_t> few = needed.offers;
      few.resize(std::min(few.size(), kMany));
      curtailed_ = curtailed_ || few.size() < needed.offers.size();
      build(few, {});
    }
  }

  /// One model with everything, on as many days as clauses about dates can make use of.
  void small(const std::vector<std::size_t>& offers) {
    if (timed_.empty() || !day_) {
      build(offers, {});
      return;
    }
    const auto needed = detail::days_needed(world_, texts_, extended_with(offers), held_);
    std::size_t takes = 0;
    for (const std::size_t o : offers) takes += static_cast<std::size_t>(most_takes(catalogue_.offers[o]));
    const std::size_t days = std::min(needed, std::max(kDays, kDated / std::max<std::size_t>(takes, 1)));
    if (days < needed) {
      // Too few days to say that no other would do: what holds without these clauses bounds what holds with them.
      without_ = timed_;
      build(offers, {});
      without_.clear();
      relaxed_ = least_of_all({});
      curtailed_ = true;
    }
    build(offers, detail::days_from(*day_, texts_, days));
  }

  /// The record with each of these offers once.
  [[nodiscard]] LearnerRecord extended_with(const std::vector<std::size_t>& offers) const {
    LearnerRecord with = record_;
    for (const std::size_t o : offers) {
      with.items.push_back(as_item(catalogue_.offers[o], catalogue_, day_, before_[catalogue_.offers[o].id]));
      if (with.items.back().credit.empty()) with.items.back().credit = with.credit;
    }
    return with;
  }

  /// Whether conditions over the record read the same whatever of these is taken.
  [[nodiscard]] bool one_way(const std::vector<std::size_t>& offers) const {
    const LearnerRecord with = extended_with(offers);
    const auto ways = detail::suppositions(world_, texts_, with, held_, 1);
    return ways && ways->size() == 1 && ways->front().supposed.truths.empty() && ways->front().bounds.empty();
  }

  /// The columns of what may be taken and the rows among them; the items.
  IntegerModel takes_of(const std::vector<std::size_t>& kept, const std::vector<Date>& days) {
    IntegerModel model;
    takes_.clear();
    extended_ = record_;
    for (const std::size_t o : kept) {
      const Offer& offer = catalogue_.offers[o];
      Terms before;
      for (int time = 0; time < most_takes(offer); ++time) {
        const Item first = as_item(offer, catalogue_, day_, before_[offer.id] + time);
        Terms once;
        const auto add = [&](const Item& item) {
          takes_.push_back({o, time, model.add_column("take[" + item.id + "]", 0, 1, 0, 1)});
          once.push_back({takes_.back().column, 1});
          extended_.items.push_back(item);
          if (extended_.items.back().credit.empty()) extended_.items.back().credit = extended_.credit;
        };
        add(first);
        for (const Date day : days) {
          if (!first.date || day <= *first.date || detail::opening(offer, day) != day) continue;
          Item later = first;
          later.id += "@" + to_string(day);
          later.date = later.started = day;
          add(later);
        }
        if (once.size() > 1) model.add_row("once/" + first.id, -kNone, 1).terms = once;
        if (time > 0) {
          // A second take after the first.
          Terms terms = once;
          for (const auto& term : before) terms.push_back({term.column, -1});
          model.add_row("takes/" + first.id, -kNone, 0).terms = std::move(terms);
        }
        before = std::move(once);
      }
    }
    return model;
  }

  /// The models over these offers, one for each way conditions over the record can read.
  void build(const std::vector<std::size_t>& kept, const std::vector<Date>& days) {
    const IntegerModel base = takes_of(kept, days);
    ways_.clear();
    auto ways = detail::suppositions(world_, texts_, extended_, held_, kWays);
    if (!ways) {
      // Too many ways to follow them all: one that nothing is claimed for.
      curtailed_ = true;
      ways.emplace(1);
    }
    for (const auto& way : *ways) {
      Joint joint;
      joint.model = base;
      for (std::size_t t = 0; t < takes_.size(); ++t) {
        if (!way.supposed.absent.empty() && way.supposed.absent[held_ + t] != 0)
          joint.model.columns[index(takes_[t].column)].upper = 0;
      }
      for (const auto& bound : way.bounds) suppose(joint.model, bound);
      for (std::size_t g = 0; g < goals_.size(); ++g) {
        Case view(world_, *texts_[g], extended_, held_, way.supposed);
        CompileOptions hard;
        hard.hard = true;
        hard.without = without_;
        append(joint, compile(view, hard), takes_, goals_.size() == 1 ? "" : goals_[g].rule.id() + ":", held_);
        if (g == 0) conditions(joint, view);
      }
      ways_.push_back(std::move(joint));
    }
    // What can be met in full before what leaves a clause open that no offer meets.
    std::stable_sort(ways_.begin(), ways_.end(),
                     [](const Joint& a, const Joint& b) { return a.broken.size() < b.broken.size(); });
  }

  /// The rows that keep the choice to one way.
  void suppose(IntegerModel& model, const detail::Supposition::Bound& bound) const {
    std::int64_t scale = 1;
    for (const auto& term : bound.terms) scale = common_multiple(scale, term.second.denominator());
    for (const auto& end : {bound.lower, bound.upper}) {
      if (end) scale = common_multiple(scale, end->denominator());
    }
    const auto whole = [&](const Rational& value) { return (value * Rational(scale)).numerator(); };
    auto& row = model.add_row("supposed/" + std::to_string(model.rows.size()),
                              bound.lower ? whole(*bound.lower) : -kNone, bound.upper ? whole(*bound.upper) : kNone);
    for (const auto& [item, amount] : bound.terms) row.terms.push_back({takes_[item - held_].column, whole(amount)});
  }

  /// What offers require, as rows.
  void conditions(Joint& joint, Case& view) const {
    detail::OfferConditions conditions(joint, view, takes_, held_);
    for (std::size_t t = 0; t < takes_.size(); ++t) conditions.require(t, catalogue_.offers[takes_[t].offer]);
  }

  /// Of an offer that may be taken very often, as often as anyone could need it is enough.
  [[nodiscard]] static int most_takes(const Offer& offer) { return offer.max_takes; }

  // ---- catalogues too large to put into one model

  /// More offers than this are priced first; more than the other are not put into one model.
  static constexpr std::size_t kFew = 250;
  static constexpr std::size_t kMany = 3000;
  /// So many ways of conditions over the record are followed.
  static constexpr std::size_t kWays = 512;
  /// So many days are offered to clauses about dates; more while these are so many columns in all.
  static constexpr std::size_t kDays = 4;
  static constexpr std::size_t kDated = 200;
  /// So many choices that an audit refutes are left behind before the search gives up.
  static constexpr int kRefuted = 300;

  /// Offers that can still be in a best plan, by their price against the relaxation.
  void shortlist(const Needed& needed) {
    const Aim aim = options_.aims.front();
    std::int64_t scale = 1;
    for (const std::size_t o : needed.offers) scale = common_multiple(scale, value_of(o, aim).denominator());
    const auto cost = [&](std::size_t o) { return (value_of(o, aim) * Rational(scale)).numerator(); };
    std::vector<std::size_t> first;  // an offer of each family
    for (std::size_t i = 0; i < needed.offers.size(); ++i) {
      if (static_cast<std::size_t>(needed.family[i]) == first.size()) first.push_back(needed.offers[i]);
    }
    const LearnerRecord with = extended_with(first);
    Case view(world_, *texts_.front(), with, held_);
    // Days are chosen for small catalogues only; without the clauses about them there is only more freedom.
    CompileOptions free;
    free.without = timed_;
    const Compiled compiled = compile(view, free);
    market_broken_ = compiled.broken;
    auto stands = detail::market_of(compiled, held_, first.size());
    const bool repeated = std::any_of(needed.offers.begin(), needed.offers.end(),
                                      [&](std::size_t o) { return most_takes(catalogue_.offers[o]) > 1; });
    if (!stands || repeated) {
      // Items that count in several places at once have no single price.
      std::vector<std::size_t> few = needed.offers;
      std::stable_sort(few.begin(), few.end(), [&](std::size_t a, std::size_t b) { return cost(a) < cost(b); });
      few.resize(std::min(few.size(), kMany));
      curtailed_ = curtailed_ || few.size() < needed.offers.size();
      build(few, {});
      return;
    }
    for (std::size_t i = 0; i < needed.offers.size(); ++i)
      stands->goods.push_back({needed.family[i], cost(needed.offers[i])});
    const detail::Prices prices = detail::price(*stands);
    if (prices.impossible) {
      proved_impossible_ = true;
      build({}, {});
      return;
    }
    market_scale_ = scale;
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
    std::vector<std::size_t> order(needed.offers.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return prices.score[a] < prices.score[b]; });
    close_gap(*stands, needed, prices, order, cost,
              [&](std::size_t i, std::int64_t room) { return prices.extra[i] <= room && with_needs(i) <= room; });
  }

  /// A plan from the best priced offers, then models in which all others stand as lumps: what such a
  /// model costs bounds every plan, and lumps it makes use of come in one by one, until none is used.
  template <class Cost, class Open>
  void close_gap(const detail::Market& market, const Needed& needed, const detail::Prices& prices,
                 const std::vector<std::size_t>& order, Cost&& cost, Open&& open) {
    std::set<std::size_t> kept;
    for (std::size_t k = 0; k < std::min(kFew / 2, order.size()); ++k) required(needed.offers[order[k]], kept, 0);
    std::int64_t bound = prices.bound;
    std::optional<std::int64_t> best;
    std::vector<std::size_t> best_taken;
    const auto within = [&](const IntegerModel& model, std::int64_t nodes) {
      SolveOptions solver = budget();
      solver.nodes = std::min(solver.nodes, nodes);
      if (best) solver.cutoff = *best - 1;
      Solution found = solve(model, solver);
      nodes_ += found.nodes;
      left_ -= found.nodes;
      return found;
    };
    const auto take = [&](const Solution& solution) {
      best = solution.cost;
      best_taken.clear();
      for (const auto& one : takes_) {
        if (solution.values[index(one.column)] > 0) best_taken.push_back(one.offer);
      }
    };
    std::int64_t patience = 500;
    std::size_t built = 0;
    bool closed = false;
    while (!closed) {
      const bool grown = kept.size() != built;
      if (grown) {
        built = kept.size();
        build(market, needed, {kept.begin(), kept.end()});
        for (const auto& one : takes_) ways_.front().model.columns[index(one.column)].cost = cost(one.offer);
      }
      // A plan from what is inside; with nothing new there, only the rest can tell more.
      Solution solution;
      if (grown) {
        solution = within(ways_.front().model, patience);
        while (solution.found() && cut_circle(solution.values)) solution = within(ways_.front().model, patience);
        if (solution.found()) take(solution);
      }
      if (best && *best <= bound) break;
      // Everything else as lumps, but what no better plan can hold.
      const std::size_t columns = ways_.front().model.columns.size();
      IntegerModel model = ways_.front().model;
      std::vector<std::size_t> outside;
      for (std::size_t i = 0; i < needed.offers.size(); ++i) {
        if (!kept.contains(needed.offers[i]) && (!best || open(i, *best - 1 - prices.bound))) outside.push_back(i);
      }
      const auto lumps = detail::add_lumps(model, market, market_row_, outside);
      if (lumps.empty() && solution.status != SolveStatus::not_proved) {
        closed = true;
        break;
      }
      Solution whole = within(model, patience);
      while (whole.found() && cut_circle(whole.values)) {
        model.rows.push_back(ways_.front().model.rows.back());
        whole = within(model, patience);
      }
      if (whole.status == SolveStatus::infeasible) {
        closed = true;
        break;
      }
      bound = std::max(bound, std::min(whole.bound, best.value_or(whole.bound)));
      std::size_t more = 0;
      if (whole.found()) {
        for (std::size_t l = 0; l < lumps.size(); ++l) {
          const std::int64_t used = whole.values[columns + l];
          for (std::size_t g = 0;
               used > 0 && g < std::min<std::size_t>(lumps[l].goods.size(), static_cast<std::size_t>(2 * used + 6));
               ++g, ++more)
            required(needed.offers[lumps[l].goods[g]], kept, 0);
        }
        if (more == 0) {
          // No lump in use: a plan like any other, and the best if the search came to its end.
          take(whole);
          closed = whole.status == SolveStatus::optimal;
        }
      }
      if (closed || spent()) break;
      if (more == 0) patience *= 40;
    }
    if (best && *best <= bound) closed = true;
    finish(needed, market, best_taken, best, closed ? best.value_or(bound) : bound, closed);
  }

  /// What came out, for the plan to report.
  void finish(const Needed& needed, const detail::Market& market, std::vector<std::size_t> taken,
              std::optional<std::int64_t> best, std::int64_t bound, bool closed) {
    std::sort(taken.begin(), taken.end());
    relaxed_bound_ = Rational(bound, market_scale_);
    if (closed && !best) {
      proved_impossible_ = true;
      build({}, {});
      return;
    }
    // Who asks for what is told by more than its unit may be let in by an offer that is in no model.
    const bool wide = std::any_of(needed.offers.begin(), needed.offers.end(), [&](std::size_t o) {
      const Offer& offer = catalogue_.offers[o];
      return (offer.requires_before && asks_widely(*offer.requires_before)) ||
             (offer.corequires && asks_widely(*offer.corequires));
    });
    curtailed_ = curtailed_ || !closed || wide;
    settled_ = true;
    build(market, needed, taken);
  }

  /// The same model with offers of one family counted together: which of them is taken decides the
  /// cost, how many lie in a place decides the rest.
  void build(const detail::Market& market, const Needed& needed, const std::vector<std::size_t>& kept) {
    Joint joint;
    joint.model = takes_of(kept, {});
    joint.broken = market_broken_;
    const int shift = static_cast<int>(joint.model.columns.size());
    joint.model.columns.insert(joint.model.columns.end(), market.base.columns.begin(), market.base.columns.end());
    for (const int column : market.lacking) joint.model.columns[index(column + shift)].upper = 0;
    const std::size_t first_row = market_row_ = joint.model.rows.size();
    for (auto row : market.base.rows) {
      for (auto& term : row.terms) term.column += shift;
      joint.model.rows.push_back(std::move(row));
    }
    std::map<int, Terms> members;
    for (const auto& take : takes_) {
      const auto at = std::lower_bound(needed.offers.begin(), needed.offers.end(), take.offer);
      members[needed.family[static_cast<std::size_t>(at - needed.offers.begin())]].push_back({take.column, -1});
    }
    for (auto& [family, terms] : members) {
      const auto size = static_cast<std::int64_t>(terms.size());
      const auto& places = market.families[index(family)].places;
      for (std::size_t p = 0; p < places.size(); ++p) {
        const int column =
            joint.model.add_column("family[" + std::to_string(family) + "|" + std::to_string(p) + "]", 0, size);
        for (const auto& term : places[p])
          joint.model.rows[first_row + index(term.column)].terms.push_back({column, term.coefficient});
        terms.push_back({column, 1});
      }
      if (!places.empty()) joint.model.add_row("family/" + std::to_string(family), -kNone, 0).terms = terms;
    }
    Case view(world_, *texts_.front(), extended_, held_);
    conditions(joint, view);
    ways_.assign(1, std::move(joint));
  }

  [[nodiscard]] Rational value_of(std::size_t o, Aim aim) const { return detail::value_of(catalogue_.offers[o], aim); }

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

  static bool asks_widely(const Condition& condition) {
    return (condition.kind == Condition::Kind::holds && condition.selector.kind != Selector::Kind::unit) ||
           std::any_of(condition.parts.begin(), condition.parts.end(), asks_widely);
  }

  void required_by(const Condition& condition, std::set<std::size_t>& into, int depth) {
    const bool by_unit = condition.kind == Condition::Kind::holds && condition.selector.kind == Selector::Kind::unit;
    if (by_unit || condition.kind == Condition::Kind::award) {
      for (const auto& unit : by_unit ? condition.selector.words : condition.words) {
        const auto found = offers_by_unit_.find(unit);
        if (found == offers_by_unit_.end()) continue;
        for (const std::size_t o : found->second) required(o, into, depth + 1);
      }
    }
    for (const auto& part : condition.parts) required_by(part, into, depth);
  }

  [[nodiscard]] Rational value(const Take& take, Aim aim) const { return value_of(take.offer, aim); }

  [[nodiscard]] std::int64_t scale(Aim aim) const {
    std::int64_t scale = 1;
    for (const auto& take : takes_) scale = common_multiple(scale, value(take, aim).denominator());
    return scale;
  }

  /// Limits on aims other than the first, as in the Pareto set.
  using Limits = std::vector<std::pair<Aim, Rational>>;

  /// The best of one way of conditions, or of all of them.
  struct Least {
    SolveStatus status = SolveStatus::infeasible;
    std::vector<std::int64_t> costs;   ///< per aim, in its own scale; empty: nothing found
    std::vector<std::int64_t> values;  ///< of the columns
    std::size_t way = 0;
    std::optional<std::int64_t> bound;  ///< of the first aim; none: there is nothing

    [[nodiscard]] bool found() const { return !costs.empty(); }
  };

  [[nodiscard]] SolveOptions budget() const {
    SolveOptions solver;
    solver.nodes = std::max<std::int64_t>(left_, 0);
    if (deadline_) solver.seconds = std::max(0.0, std::chrono::duration<double>(*deadline_ - Clock::now()).count());
    solver.stop = options_.stop;
    return solver;
  }

  [[nodiscard]] bool spent() const {
    return left_ <= 0 || (deadline_ && Clock::now() >= *deadline_) || (options_.stop && options_.stop());
  }

  /// Least of the aims in turn in one way, each limit given kept; only what costs at most `cutoff` by the first.
  Least least(std::size_t way, const Limits& below, std::optional<std::int64_t> cutoff) {
    Least result;
    result.way = way;
    IntegerModel model = ways_[way].model;
    for (const auto& [aim, limit] : below) {
      const std::int64_t own = scale(aim);
      auto& row = model.add_row(std::string("aim/") + to_string(aim), -kNone, floor(limit * Rational(own)));
      for (const auto& take : takes_) {
        const Rational part = value(take, aim) * Rational(own);
        if (part != Rational(0)) row.terms.push_back({take.column, part.numerator()});
      }
    }
    std::vector<std::int64_t> start;
    for (std::size_t a = 0; a < options_.aims.size(); ++a) {
      const Aim aim = options_.aims[a];
      const std::int64_t own = scale(aim);
      for (auto& column : model.columns) column.cost = 0;
      for (const auto& take : takes_)
        model.columns[index(take.column)].cost = (value(take, aim) * Rational(own)).numerator();
      Solution solution;
      for (;;) {
        SolveOptions solver = budget();
        if (a == 0) solver.cutoff = cutoff;
        solver.start = start;
        solution = solve(model, solver);
        nodes_ += solution.nodes;
        left_ -= solution.nodes;
        if (!solution.found()) break;
        const std::size_t rows = ways_[way].model.rows.size();
        if (!cut_circle(solution.values)) break;
        for (std::size_t r = rows; r < ways_[way].model.rows.size(); ++r)
          model.rows.push_back(ways_[way].model.rows[r]);
        start.clear();
        if (spent()) {
          solution = Solution();
          solution.bound = 0;
          break;
        }
      }
      if (a == 0) {
        result.status = solution.status;
        if (solution.status != SolveStatus::infeasible) result.bound = solution.bound;
      } else if (solution.status != SolveStatus::optimal) {
        result.status = SolveStatus::not_proved;
      }
      if (!solution.found()) {
        result.costs.clear();
        return result;
      }
      result.costs.push_back(solution.cost);
      result.values = solution.values;
      if (a + 1 < options_.aims.size()) {
        auto& row = model.add_row(std::string("best/") + to_string(aim), -kNone, solution.cost);
        for (const auto& take : takes_) {
          const std::int64_t part = (value(take, aim) * Rational(own)).numerator();
          if (part != 0) row.terms.push_back({take.column, part});
        }
        start = solution.values;
      }
    }
    return result;
  }

  /// The best over all ways; those that leave a clause open only if no other completes anything.
  Least least_of_all(const Limits& below) {
    Least best;
    std::optional<std::int64_t> bound;
    bool proved = true;
    for (std::size_t w = 0; w < ways_.size(); ++w) {
      if (best.found() && ways_[w].broken.size() > ways_[best.way].broken.size()) break;
      Least own = least(w, below, best.found() ? std::optional(best.costs.front()) : std::nullopt);
      proved = proved && own.status != SolveStatus::not_proved;
      if (own.bound && (!bound || *own.bound < *bound)) bound = own.bound;
      if (own.found() && (!best.found() || own.costs < best.costs)) best = std::move(own);
    }
    if (best.found()) bound = std::min(bound.value_or(best.costs.front()), best.costs.front());
    best.bound = bound;
    best.status = !proved ? SolveStatus::not_proved : best.found() ? SolveStatus::optimal : SolveStatus::infeasible;
    return best;
  }

  Plan plan(const Limits& below) {
    Plan result;
    result.considered = considered_;
    if (proved_impossible_) {
      result.nodes = nodes_;
      result.status = PlanStatus::impossible;
      return result;
    }
    for (int tries = 0;; ++tries) {
      const Least best = least_of_all(below);
      result.nodes = nodes_;
      const std::int64_t own = scale(options_.aims.front());
      result.bound = best.bound ? Rational(*best.bound, own) : Rational(0);
      result.status = best.status == SolveStatus::optimal      ? PlanStatus::optimal
                      : best.status == SolveStatus::infeasible ? PlanStatus::impossible
                                                               : PlanStatus::not_proved;
      if (best.found()) {
        report(result, best);
        const Borne borne = bears_out(result, ways_[best.way]);
        if (borne != Borne::yes) result.status = PlanStatus::not_proved;
        if (borne != Borne::yes && settled_) curtailed_ = true;
        // A choice that an audit of its own refutes is none: the search goes on without it.
        if (borne == Borne::no && !settled_ && tries < kRefuted && !spent()) {
          exclude(best.values);
          result = Plan();
          result.considered = considered_;
          continue;
        }
      }
      limit_claims(result, best);
      return result;
    }
  }

  /// What was left out of the model may allow more than it does.
  void limit_claims(Plan& result, const Least& best) {
    if (!curtailed_) return;
    if (relaxed_) {
      const std::int64_t own = scale(options_.aims.front());
      result.bound = Rational(relaxed_->bound.value_or(0), own);
      if (relaxed_->status == SolveStatus::infeasible && !best.found()) {
        result.status = PlanStatus::impossible;
        return;
      }
      const bool reached = relaxed_->status == SolveStatus::optimal && best.found() && options_.aims.size() == 1 &&
                           relaxed_->costs == best.costs;
      if (reached && result.status == PlanStatus::optimal) return;
    } else {
      result.bound = relaxed_bound_;
    }
    result.status = PlanStatus::not_proved;
  }

  /// Offers that wait for each other in a circle cannot be taken: someone must be helped from outside.
  bool cut_circle(const std::vector<std::int64_t>& values) {
    const auto stuck = ordered(values).stuck;
    if (stuck.empty()) return false;
    const std::set<std::size_t> inside(stuck.begin(), stuck.end());
    Terms terms;
    for (std::size_t t = 0; t < takes_.size(); ++t) {
      if (inside.contains(t))
        terms.push_back({takes_[t].column, -1});
      else if (values[index(takes_[t].column)] == 0)
        terms.push_back({takes_[t].column, 1});
    }
    add_to_all("circle/", 1 - static_cast<std::int64_t>(stuck.size()), terms);
    return true;
  }

  /// Any choice but this one.
  void exclude(const std::vector<std::int64_t>& values) {
    Terms terms;
    std::int64_t taken = 0;
    for (const auto& take : takes_) {
      const bool in = values[index(take.column)] > 0;
      taken += in ? 1 : 0;
      terms.push_back({take.column, in ? -1 : 1});
    }
    add_to_all("refuted/", 1 - taken, terms);
  }

  void add_to_all(const std::string& name, std::int64_t lower, const Terms& terms) {
    const std::string whole = name + std::to_string(cuts_++);
    for (auto& way : ways_) way.model.add_row(whole, lower, kNone).terms = terms;
  }

  /// An order in which each offer's needs are held when it is taken; the rest is stuck.
  [[nodiscard]] detail::Sequence ordered(const std::vector<std::int64_t>& values) const {
    std::vector<detail::Step> waiting;
    for (std::size_t t = 0; t < takes_.size(); ++t) {
      if (values[index(takes_[t].column)] > 0)
        waiting.push_back({t, &catalogue_.offers[takes_[t].offer], extended_.items[held_ + t]});
    }
    return detail::sequence(world_, *texts_.front(), record_, std::move(waiting));
  }

  void report(Plan& plan, const Least& best) {
    for (const auto& broken : ways_[best.way].broken) {
      plan.remaining.push_back({broken.path, std::nullopt, broken.measure, "clause", broken.reason, broken.unknown});
    }
    plan.record = record_;
    auto sequence = ordered(best.values);
    for (auto& step : sequence.steps) {
      plan.taken.push_back(takes_[step.key].offer);
      step.item.id = step.item.id.substr(0, step.item.id.rfind('@') == std::string::npos || timed_.empty()
                                                ? std::string::npos
                                                : step.item.id.rfind('@'));
      plan.record.items.push_back(std::move(step.item));
    }
    for (const Aim aim : options_.aims) {
      Rational sum = 0;
      for (const std::size_t o : plan.taken) sum += value_of(o, aim);
      plan.values.push_back(sum);
    }
    AuditOptions audits;
    audits.nodes = options_.nodes;
    audits.stop = options_.stop;
    for (const auto& goal : goals_)
      plan.audits.push_back(audit_form(world_, plan.record, goal.rule, goal.choice, audits));
  }

  enum class Borne : std::uint8_t { yes, no, undecided };

  /// The plan is believed only as far as audits of its own bear it out.
  static Borne bears_out(const Plan& plan, const Joint& way) {
    std::set<std::string> open;
    for (const auto& broken : way.broken) open.insert(broken.path);
    for (const auto& run : plan.audits) {
      if (run.verdict == AuditVerdict::satisfied) continue;
      if (run.verdict == AuditVerdict::undecided) return Borne::undecided;
      if (run.impossible) return Borne::no;
      for (const auto& missing : run.missing) {
        if (missing.kind != "clause" || !open.contains(missing.path)) return Borne::no;
      }
    }
    return Borne::yes;
  }

  /// Boxes of limits yet to be searched, as in the quadrant method: each plan found splits its box.
  void pareto(std::vector<Plan>& found) {
    std::vector<Limits> boxes{{}};
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

  static std::string key(const Limits& box) {
    std::map<int, std::string> parts;
    for (const auto& [aim, limit] : box) parts[static_cast<int>(aim)] = limit.str();
    std::string text;
    for (const auto& [aim, limit] : parts) text += std::to_string(aim) + "<=" + limit + ";";
    return text;
  }

  const World& world_;
  LearnerRecord record_;
  const std::vector<Goal>& goals_;
  std::vector<std::shared_ptr<const RuleText>> texts_;  ///< of the goals
  const Catalogue& catalogue_;
  CompleteOptions options_;
  detail::TakenBefore before_;
  std::optional<Date> day_;
  std::optional<Clock::time_point> deadline_;
  std::int64_t left_ = 0;  ///< nodes
  std::int64_t nodes_ = 0;
  LearnerRecord extended_;
  std::size_t held_ = 0;
  std::size_t considered_ = 0;
  std::vector<Take> takes_;  ///< item `held_ + t` of the extended record is takes_[t]
  std::vector<Joint> ways_;
  int cuts_ = 0;
  std::vector<std::string> timed_;    ///< paths of clauses that look at the order of days
  std::vector<std::string> without_;  ///< clauses left out of the model
  bool curtailed_ = false;            ///< what is left out of the model may be in a better plan
  std::optional<Least> relaxed_;      ///< the best without the clauses about days
  bool proved_impossible_ = false;
  bool settled_ = false;  ///< the models hold the plan found and nothing else
  std::vector<Broken> market_broken_;
  std::size_t market_row_ = 0;     ///< first of the market's rows in the model
  std::int64_t market_scale_ = 1;  ///< of its costs
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
