#include "qualgraph/stacking/prove_plan.hpp"

#include "qualgraph/stacking/compile.hpp"
#include "qualgraph/stacking/detail/needed_offers.hpp"
#include "qualgraph/stacking/detail/offer_values.hpp"
#include "qualgraph/stacking/detail/shortlist.hpp"
#include "qualgraph/stacking/select.hpp"
#include "qualgraph/stacking/solve.hpp"

#include <algorithm>
#include <set>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>

namespace qualgraph {
namespace {

__extension__ using Wide = __int128;

std::size_t index(int position) { return static_cast<std::size_t>(position); }

/// More takes than this are priced first, so that most of them are out of the question at once.
constexpr std::size_t kFew = 200;
/// So many that stay in question are searched.
constexpr std::size_t kOpen = 5'000;

/// Everything held and everything on offer, in one model for all goals.
class Market {
 public:
  Market(const World& world, const LearnerRecord& record, const std::vector<Goal>& goals, const Catalogue& catalogue,
         const std::vector<Aim>& aims)
      : catalogue_(catalogue), extended_(record) {
    const auto day = detail::day_of(record, catalogue);
    for (auto& item : extended_.items) {
      if (item.credit.empty()) item.credit = extended_.credit;
    }
    const std::size_t held = extended_.items.size();
    const detail::TakenBefore before(record);
    for (const std::size_t o : detail::usable_offers(catalogue, aims, day)) {
      for (int take = 0; take < catalogue.offers[o].max_takes; ++take) {
        Item item = detail::as_item(catalogue.offers[o], catalogue, day, before[catalogue.offers[o].id] + take);
        if (item.credit.empty()) item.credit = extended_.credit;
        extended_.items.push_back(std::move(item));
        offers_.push_back(o);
      }
    }
    takes.assign(offers_.size(), -1);
    uses.resize(offers_.size());
    for (const auto& goal : goals) {
      const auto text = goal.rule.text(goal.choice);
      Case view(world, *text, extended_, held);
      CompileOptions reading;
      for (const auto& clause : text->prerequisites) reading.without.push_back(clause.path);
      append(compile(view, reading), goals.size() == 1 ? "" : goal.rule.id() + ":", held);
    }
    for (std::size_t t = 0; t < takes.size(); ++t) {
      // What no place takes may still be what another offer requires.
      if (takes[t] < 0) takes[t] = model.add_column("take[" + extended_.items[held + t].id + "]", 0, 1);
    }
    if (goals.front().rule.text(goals.front().choice)->substitutions.empty()) require(held);
  }

  IntegerModel model;
  std::vector<int> takes;              ///< column per take; -1 where no place takes it
  std::vector<std::vector<int>> uses;  ///< per take: columns of it in places
  std::vector<std::string> broken;
  std::vector<std::pair<int, std::int64_t>> slack;  ///< columns of what may lack in an audit, and how much

  [[nodiscard]] std::int64_t scale(Aim aim) const {
    std::int64_t scale = 1;
    for (const std::size_t o : offers_)
      scale = common_multiple(scale, detail::value_of(catalogue_.offers[o], aim).denominator());
    return scale;
  }

  /// What each take adds to an aim.
  [[nodiscard]] std::vector<IntegerModel::Term> terms(Aim aim) const {
    std::vector<IntegerModel::Term> found;
    const std::int64_t own = scale(aim);
    for (std::size_t t = 0; t < offers_.size(); ++t) {
      const Rational part = detail::value_of(catalogue_.offers[offers_[t]], aim) * Rational(own);
      if (takes[t] >= 0 && part != Rational(0)) found.push_back({takes[t], part.numerator()});
    }
    return found;
  }

 private:
  /// Columns and rows of one goal, the columns of offers shared.
  void append(const Compiled& compiled, const std::string& mark, std::size_t held) {
    std::vector<int> renumbered(compiled.model.columns.size(), -1);
    const auto add = [&](std::size_t c, const std::string& before) {
      auto column = compiled.model.columns[c];
      column.name = before + column.name;
      column.cost = 0;
      renumbered[c] = static_cast<int>(model.columns.size());
      model.columns.push_back(std::move(column));
    };
    for (const auto& [item, column] : compiled.take) {
      int& shared = takes[index(item) - held];
      if (shared < 0) {
        add(index(column), "");
        shared = renumbered[index(column)];
      }
      renumbered[index(column)] = shared;
    }
    for (std::size_t c = 0; c < compiled.model.columns.size(); ++c) {
      if (renumbered[c] < 0) add(c, mark);
    }
    for (const auto& clause : compiled.broken) broken.push_back(mark + clause.path);
    for (const auto& use : compiled.uses) {
      if (index(use.item) >= held) uses[index(use.item) - held].push_back(renumbered[index(use.column)]);
    }
    for (const auto& minimum : compiled.minima) {
      // Nothing may lack in the end.
      auto& column = model.columns[index(renumbered[index(minimum.column)])];
      slack.emplace_back(renumbered[index(minimum.column)], column.upper);
      column.upper = 0;
    }
    for (const auto& row : compiled.model.rows) {
      auto copy = row;
      copy.name = mark + copy.name;
      for (auto& term : copy.terms) term.column = renumbered[index(term.column)];
      model.rows.push_back(std::move(copy));
    }
  }

  using Units = std::unordered_map<std::string, std::vector<std::size_t>>;

  /// Rows that let an offer be taken only with one of those it asks for, where it names their units.
  void require(std::size_t held) {
    Units units;
    std::unordered_set<std::string> there;
    for (std::size_t i = 0; i < held; ++i)
      there.insert(extended_.items[i].unit.empty() ? extended_.items[i].id : extended_.items[i].unit);
    for (std::size_t t = 0; t < takes.size(); ++t) units[extended_.items[held + t].unit].push_back(t);
    for (std::size_t t = 0; t < takes.size(); ++t) {
      const Offer& offer = catalogue_.offers[offers_[t]];
      const std::string& id = extended_.items[held + t].id;
      if (offer.requires_before) add_ways("requires/" + id, t, asked(*offer.requires_before, units, there));
      if (offer.corequires) add_ways("corequires/" + id, t, asked(*offer.corequires, units, there));
    }
  }

  void add_ways(const std::string& name, std::size_t own, const std::vector<std::set<std::size_t>>& needed) {
    for (std::size_t n = 0; n < needed.size(); ++n) {
      auto& row = model.add_row(name + "/" + std::to_string(n), -IntegerModel::kInfinity, 0);
      row.terms = {{takes[own], 1}};
      for (const std::size_t way : needed[n]) {
        if (way != own) row.terms.push_back({takes[way], -1});
      }
    }
  }

  /// Sets of takes one of which is needed; none where what is held may do, or nothing is said of units.
  static std::vector<std::set<std::size_t>> asked(const Condition& condition, const Units& units,
                                                  const std::unordered_set<std::string>& held) {
    std::vector<std::set<std::size_t>> found;
    switch (condition.kind) {
      case Condition::Kind::all:
        for (const auto& part : condition.parts) {
          for (auto& one : asked(part, units, held)) found.push_back(std::move(one));
        }
        return found;
      case Condition::Kind::any: {
        std::set<std::size_t> together;
        for (const auto& part : condition.parts) {
          const auto ways = asked(part, units, held);
          if (ways.empty()) return {};
          together.insert(ways.front().begin(), ways.front().end());
        }
        found.push_back(std::move(together));
        return found;
      }
      case Condition::Kind::holds: {
        if (condition.selector.kind != Selector::Kind::unit) return {};
        std::set<std::size_t> ways;
        for (const auto& unit : condition.selector.words) {
          if (held.contains(unit)) return {};
          if (const auto offered = units.find(unit); offered != units.end())
            ways.insert(offered->second.begin(), offered->second.end());
        }
        found.push_back(std::move(ways));
        return found;
      }
      case Condition::Kind::parameter:
      case Condition::Kind::award:
      case Condition::Kind::met:
      case Condition::Kind::none_of:
        return {};
    }
    return {};
  }

  const Catalogue& catalogue_;
  LearnerRecord extended_;
  std::vector<std::size_t> offers_;  ///< position in the catalogue, per take
};

/// A proof that prices come before: offers too dear for their use go out by one combination of rows,
/// what stays in question is searched.
class Priced {
 public:
  Priced(const Market& market, std::optional<std::int64_t> at_least) : market_(market), at_least_(at_least) {}

  std::optional<Proof> prove(const SolveOptions& solver) {
    if (!split()) return std::nullopt;
    const detail::Prices prices = detail::price(stands_);
    if (!at_least_ && !prices.impossible) return std::nullopt;
    Proof proof;
    proof.at_least = at_least_;
    combine(prices);
    Proof::Node first;
    first.multipliers = multipliers_;
    first.kind = room_ < 0 ? Proof::Kind::dual : Proof::Kind::tightening;
    proof.nodes.push_back(std::move(first));
    if (room_ < 0) return proof;
    if (!rest()) return std::nullopt;
    Solution solution = solve(rest_, solver);
    if (solution.status != SolveStatus::infeasible || solution.proof_dropped) return std::nullopt;
    proof.windows = std::move(solution.proof.windows);
    for (auto& window : proof.windows) translate(window);
    for (auto& node : solution.proof.nodes) {
      translate(node);
      proof.nodes.push_back(std::move(node));
    }
    return proof;
  }

 private:
  /// Rows over everything, and what each offer brings to them; false where an offer is in other columns as well.
  bool split() {
    const auto& model = market_.model;
    owner_.assign(model.columns.size(), -1);
    std::vector<int> place(model.columns.size(), -1);
    stands_.families.resize(market_.takes.size());
    for (std::size_t t = 0; t < market_.takes.size(); ++t) {
      if (market_.takes[t] >= 0) owner_[index(market_.takes[t])] = static_cast<int>(t);
      for (const int use : market_.uses[t]) {
        if (model.columns[index(use)].upper != 1) return false;
        owner_[index(use)] = static_cast<int>(t);
        place[index(use)] = static_cast<int>(stands_.families[t].places.size());
        stands_.families[t].places.emplace_back();
      }
      const std::int64_t cost = market_.takes[t] < 0 ? 0 : model.columns[index(market_.takes[t])].cost;
      stands_.goods.push_back({static_cast<int>(t), cost});
    }
    std::vector<int> renumbered(model.columns.size(), -1);
    for (std::size_t c = 0; c < model.columns.size(); ++c) {
      if (owner_[c] >= 0) continue;
      renumbered[c] = static_cast<int>(stands_.base.columns.size());
      stands_.base.columns.push_back(model.columns[c]);
    }
    for (const auto& [column, upper] : market_.slack) {
      stands_.lacking.push_back(renumbered[index(column)]);
      stands_.base.columns[index(renumbered[index(column)])].upper = upper;
    }
    book_.assign(market_.takes.size(), -1);
    for (std::size_t r = 0; r < model.rows.size(); ++r) {
      const auto& row = model.rows[r];
      int taken = -1;
      bool several = false;
      for (const auto& term : row.terms) {
        const int t = owner_[index(term.column)];
        if (t < 0 || term.column != market_.takes[index(t)]) continue;
        several = several || taken >= 0;
        taken = t;
      }
      // What one offer requires of others has no price here; the search has it.
      if (several || (taken >= 0 && row.terms.size() == 1)) continue;
      if (taken >= 0) {
        if (!keeps_book(row, taken)) return false;
        // One row over all its places, or the one place it has.
        const bool whole = row.terms.size() == market_.uses[index(taken)].size() + 1;
        if (whole) book_[index(taken)] = static_cast<int>(r);
        continue;
      }
      IntegerModel::Row kept{row.name, {}, row.lower, row.upper};
      const int number = static_cast<int>(stands_.base.rows.size());
      for (const auto& term : row.terms) {
        const int t = owner_[index(term.column)];
        if (t < 0)
          kept.terms.push_back({renumbered[index(term.column)], term.coefficient});
        else
          stands_.families[index(t)].places[index(place[index(term.column)])].push_back({number, term.coefficient});
      }
      base_row_.push_back(static_cast<int>(r));
      stands_.base.rows.push_back(std::move(kept));
    }
    for (std::size_t t = 0; t < market_.takes.size(); ++t) {
      if (!market_.uses[t].empty() && book_[t] < 0) return false;
    }
    return true;
  }

  /// "What lies in these places is at most what is taken", of one offer alone.
  [[nodiscard]] bool keeps_book(const IntegerModel::Row& row, int taken) const {
    if (row.upper != 0 || row.lower != -IntegerModel::kInfinity) return false;
    for (const auto& term : row.terms) {
      if (owner_[index(term.column)] != taken) return false;
      if (term.coefficient != (term.column == market_.takes[index(taken)] ? -1 : 1)) return false;
    }
    return true;
  }

  /// Rows of the prices, each offer's book at the most it is worth anywhere, and the cost.
  void combine(const detail::Prices& prices) {
    const auto& model = market_.model;
    for (std::size_t r = 0; r < prices.multipliers.size(); ++r) {
      if (prices.multipliers[r] != 0) multipliers_.emplace_back(base_row_[r], prices.multipliers[r]);
    }
    for (std::size_t t = 0; t < market_.takes.size(); ++t) {
      Wide most = 0;
      for (const auto& place : stands_.families[t].places) {
        Wide sum = 0;
        for (const auto& term : place) sum += Wide{prices.multipliers[index(term.column)]} * term.coefficient;
        most = std::max(most, sum);
      }
      if (most > 0) multipliers_.emplace_back(book_[t], -static_cast<std::int64_t>(most));
    }
    std::vector<Wide> gain(model.columns.size(), 0);
    room_ = 0;
    for (const auto& [r, y] : multipliers_) {
      const auto& row = model.rows[index(r)];
      for (const auto& term : row.terms) gain[index(term.column)] += Wide{y} * term.coefficient;
      room_ -= Wide{y} * (y > 0 ? row.lower : row.upper);
    }
    if (at_least_) {
      multipliers_.emplace_back(-1, -prices.unit);
      for (std::size_t c = 0; c < model.columns.size(); ++c) gain[c] -= Wide{prices.unit} * model.columns[c].cost;
      room_ += Wide{prices.unit} * (*at_least_ - 1);
    }
    for (std::size_t c = 0; c < model.columns.size(); ++c)
      room_ += gain[c] * (gain[c] > 0 ? model.columns[c].upper : model.columns[c].lower);
    closed_.assign(market_.takes.size(), 0);
    for (std::size_t t = 0; t < market_.takes.size(); ++t) {
      if (market_.takes[t] >= 0 && -gain[index(market_.takes[t])] > room_) closed_[t] = 1;
    }
  }

  /// The model without the offers that went out; false if too many stay.
  bool rest() {
    const auto& model = market_.model;
    const auto open = static_cast<std::size_t>(std::count(closed_.begin(), closed_.end(), 0));
    if (open > kOpen) return false;
    std::vector<int> renumbered(model.columns.size(), -1);
    for (std::size_t c = 0; c < model.columns.size(); ++c) {
      if (owner_[c] >= 0 && closed_[index(owner_[c])] != 0) continue;
      renumbered[c] = static_cast<int>(rest_.columns.size());
      rest_.columns.push_back(model.columns[c]);
      column_.push_back(static_cast<int>(c));
    }
    for (std::size_t r = 0; r < model.rows.size(); ++r) {
      IntegerModel::Row kept{model.rows[r].name, {}, model.rows[r].lower, model.rows[r].upper};
      for (const auto& term : model.rows[r].terms) {
        if (renumbered[index(term.column)] >= 0)
          kept.terms.push_back({renumbered[index(term.column)], term.coefficient});
      }
      if (kept.terms.empty() && kept.lower <= 0 && kept.upper >= 0) continue;
      row_.push_back(static_cast<int>(r));
      rest_.rows.push_back(std::move(kept));
    }
    return true;
  }

  [[nodiscard]] int full_row(int row) const {
    if (row < 0) return row;
    const int own = static_cast<int>(rest_.rows.size());
    return row < own ? row_[index(row)] : static_cast<int>(market_.model.rows.size()) + row - own;
  }

  void translate(Proof::Window& window) const {
    window.low_row = full_row(window.low_row);
    window.high_row = full_row(window.high_row);
    if (window.slack >= 0) window.slack = column_[index(window.slack)];
  }

  void translate(Proof::Node& node) const {
    if (node.column >= 0) node.column = column_[index(node.column)];
    for (auto& [at, factor] : node.multipliers)
      at = node.kind == Proof::Kind::filling ? column_[index(at)] : full_row(at);
    translate(node.window);
    for (int& row : node.items) row = full_row(row);
  }

  const Market& market_;
  std::optional<std::int64_t> at_least_;
  detail::Market stands_;
  std::vector<int> owner_;     ///< per column: the take it is about, or -1
  std::vector<int> base_row_;  ///< row of the model, per row of the base
  std::vector<int> book_;      ///< per take: the row that lets it count only when taken
  std::vector<std::pair<int, std::int64_t>> multipliers_;
  Wide room_ = 0;
  std::vector<char> closed_;
  IntegerModel rest_;
  std::vector<int> column_, row_;  ///< of the rest in the model
};

}  // namespace

PlanProof prove_plan(const World& world, const LearnerRecord& record, const std::vector<Goal>& goals,
                     const Catalogue& catalogue, const std::vector<Aim>& aims, std::optional<std::size_t> least,
                     const std::vector<Rational>& values, const PlanProofOptions& options) {
  Market market(world, record, goals, catalogue, aims);
  PlanProof result;
  result.broken = market.broken;
  SolveOptions solver;
  solver.nodes = options.nodes;
  solver.seconds = options.seconds;
  solver.stop = options.stop;
  solver.proof = true;
  solver.proof_by_sums = true;
  if (least) {
    for (std::size_t a = 0; a < aims.size(); ++a) {
      const Rational limit = values[a] * Rational(market.scale(aims[a]));
      if (a == *least) {
        for (const auto& term : market.terms(aims[a])) market.model.columns[index(term.column)].cost = term.coefficient;
        solver.cutoff = limit.numerator() - 1;
      } else {
        auto& row =
            market.model.add_row(std::string("aim/") + to_string(aims[a]), -IntegerModel::kInfinity, floor(limit));
        row.terms = market.terms(aims[a]);
      }
    }
  }
  ModelProof kept;
  kept.infeasible = true;
  const std::optional<std::int64_t> at_least =
      solver.cutoff ? std::optional<std::int64_t>(*solver.cutoff + 1) : std::nullopt;
  kept.at_least = at_least.value_or(IntegerModel::kInfinity);
  if (market.takes.size() <= kFew) {
    Solution solution = solve(market.model, solver);
    if (solution.status != SolveStatus::infeasible || solution.proof_dropped) return result;
    kept.proof = std::move(solution.proof);
  } else {
    if (goals.size() > 1 || aims.size() > 1) return result;
    auto proof = Priced(market, at_least).prove(solver);
    if (!proof) return result;
    kept.proof = std::move(*proof);
  }
  kept.model = std::move(market.model);
  result.proof = std::move(kept);
  return result;
}

}  // namespace qualgraph
