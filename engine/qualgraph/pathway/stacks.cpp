#include "qualgraph/pathway/stacks.hpp"

#include "qualgraph/model/error.hpp"
#include "qualgraph/stacking/detail/counted_costs.hpp"
#include "qualgraph/stacking/detail/needed_offers.hpp"
#include "qualgraph/stacking/detail/offer_values.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

namespace qualgraph {
namespace {

constexpr std::int64_t kNone = IntegerModel::kInfinity;

std::size_t index(int position) { return static_cast<std::size_t>(position); }

bool looks_at_holdings(const Condition& condition) {
  return condition.kind == Condition::Kind::holds || condition.kind == Condition::Kind::met ||
         std::any_of(condition.parts.begin(), condition.parts.end(), looks_at_holdings);
}

bool looks_at_holdings(const Amount& amount) {
  return std::any_of(amount.rows.begin(), amount.rows.end(),
                     [](const auto& row) { return row.first && looks_at_holdings(*row.first); });
}

/// Whether a clause may change with what is taken, so that one model does not stand for all choices.
bool looks_at_record(const RuleText& text) {
  const auto conditional = [](const auto& clauses) {
    return std::any_of(clauses.begin(), clauses.end(),
                       [](const Clause& clause) { return clause.when && looks_at_holdings(*clause.when); });
  };
  bool looks = conditional(text.places) || conditional(text.floors) || conditional(text.caps) ||
               conditional(text.exclusions) || conditional(text.eligibility) || conditional(text.windows) ||
               conditional(text.pace) || conditional(text.prerequisites) || conditional(text.outcomes) ||
               conditional(text.averages) || conditional(text.substitutions);
  if (text.total) {
    looks = looks || (text.total->when && looks_at_holdings(*text.total->when)) || looks_at_holdings(text.total->min) ||
            looks_at_holdings(text.total->max) || looks_at_holdings(text.total->exact);
  }
  for (const auto& place : text.places) {
    looks = looks || !place.for_each.empty() || looks_at_holdings(place.min) || looks_at_holdings(place.max) ||
            looks_at_holdings(place.exact);
  }
  for (const auto& floor : text.floors) {
    looks = looks || floor.over_record || floor.of_last.present() || !floor.for_each.empty() ||
            looks_at_holdings(floor.min) || looks_at_holdings(floor.share.share);
  }
  for (const auto& cap : text.caps) {
    looks = looks || cap.invalid || !cap.for_each.empty() || looks_at_holdings(cap.max) ||
            looks_at_holdings(cap.share.share);
  }
  for (const auto& exclusion : text.exclusions) looks = looks || exclusion.invalid;
  for (const auto& average : text.averages) looks = looks || average.over_record;
  return looks;
}

}  // namespace

/// Columns of all models looked at together, in nesting and in carrying.
constexpr int kLooked = 60'000;
/// All parts of a stack of so many takes are looked at one by one.
constexpr std::size_t kPartsOf = 8;

struct StackSpace::Inside {
  /// The rule over what is held and on offer, with unknowns read in one way.
  struct Reading {
    Compiled hard;
    std::vector<int> column;  ///< per take; -1 where no place takes it
  };

  const World& world;
  const LearnerRecord& record;
  const Catalogue& catalogue;
  StackOptions options;
  LearnerRecord extended;
  std::size_t held = 0;
  std::vector<std::size_t> offer_of;            ///< per take: position in the catalogue
  std::vector<std::vector<std::size_t>> takes;  ///< per offer: its takes
  std::shared_ptr<const RuleText> text;
  std::optional<Case> view;
  Reading strict;
  std::optional<Reading> open;  ///< for the learner; none where nothing is unknown, and the two are one
  std::vector<int> kind;        ///< per take
  std::vector<int> kind_of_offer;
  mutable std::int64_t left = 0;     ///< nodes, of all searches of one question together
  std::vector<Rational> size;        ///< per take
  std::vector<std::int64_t> weight;  ///< per take: its size rounded up, at least 1
  bool settled = true;

  Inside(const World& the_world, const LearnerRecord& the_record, const Goal& goal, const Catalogue& the_catalogue,
         StackOptions the_options)
      : world(the_world),
        record(the_record),
        catalogue(the_catalogue),
        options(std::move(the_options)),
        extended(the_record),
        text(goal.rule.text(goal.choice)) {
    for (auto& item : extended.items) {
      if (item.credit.empty()) item.credit = extended.credit;
    }
    held = extended.items.size();
    const auto day = detail::day_of(record, catalogue);
    takes.resize(catalogue.offers.size());
    for (std::size_t o = 0; o < catalogue.offers.size(); ++o) {
      for (int take = 0; take < catalogue.offers[o].max_takes; ++take) {
        Item item = detail::as_item(catalogue.offers[o], catalogue, day, take);
        if (item.credit.empty()) item.credit = extended.credit;
        takes[o].push_back(offer_of.size());
        offer_of.push_back(o);
        extended.items.push_back(std::move(item));
      }
    }
    view.emplace(world, *text, extended, held);
    strict = read(Polarity::strict);
    if (!strict.hard.certain) open = read(Polarity::favourable);
    settled = !looks_at_record(*text);
    weight.assign(offer_of.size(), 1);
    size.assign(offer_of.size(), Rational(0));
    for (std::size_t t = 0; t < offer_of.size(); ++t) {
      const auto amount = view->amount(view->items()[held + t], text->measure);
      if (!amount) continue;
      weight[t] = std::max<std::int64_t>(1, ceil(amount->min));
      size[t] = amount->min;
    }
    find_kinds();
  }

  [[nodiscard]] const Reading& favourable() const noexcept { return open ? *open : strict; }
  /// Whether both readings are one.
  [[nodiscard]] bool certain() const noexcept { return !open; }

  [[nodiscard]] Reading read(Polarity polarity) {
    CompileOptions how;
    how.hard = true;
    how.polarity = polarity;
    Reading made{compile(*view, how), std::vector<int>(offer_of.size(), -1)};
    // An offer that no place takes can be taken and never counts: it has no part in any stack.
    std::set<int> placed;
    for (const auto& use : made.hard.uses) placed.insert(use.item);
    for (const auto& [item, take] : made.hard.take) {
      if (placed.contains(item)) made.column[index(item) - held] = take;
    }
    return made;
  }

  /// Where a take stands in a model: rows, and how its columns stand in each.
  using Shape = std::tuple<int, std::int64_t, std::int64_t, std::vector<std::tuple<int, std::int64_t, std::int64_t>>>;

  [[nodiscard]] std::vector<std::vector<Shape>> shapes_in(const Compiled& hard) const {
    std::vector<int> take_of(hard.model.columns.size(), -1);
    std::vector<std::pair<int, std::int64_t>> role(hard.model.columns.size());
    const auto own = [&](int c, int item, int as, std::int64_t part) {
      if (index(item) < held) return;
      take_of[index(c)] = item - static_cast<int>(held);
      role[index(c)] = {as, part};
    };
    for (const auto& [item, take] : hard.take) own(take, item, -1, 0);
    for (const auto& use : hard.uses) own(use.column, use.item, use.place, 0);
    std::vector<std::vector<Shape>> shapes(offer_of.size());
    for (std::size_t r = 0; r < hard.model.rows.size(); ++r) {
      const auto& row = hard.model.rows[r];
      std::map<int, std::vector<std::tuple<int, std::int64_t, std::int64_t>>> parts;
      bool others = false;
      for (const auto& term : row.terms) {
        const int take = take_of[index(term.column)];
        if (take < 0) {
          others = true;
          continue;
        }
        parts[take].emplace_back(role[index(term.column)].first, term.coefficient,
                                 hard.model.columns[index(term.column)].upper);
      }
      // A row about one take alone may be told again for another one.
      const bool alone = parts.size() == 1 && !others;
      for (auto& [take, terms] : parts) {
        std::sort(terms.begin(), terms.end());
        shapes[index(take)].emplace_back(alone ? -1 : static_cast<int>(r), alone ? row.lower : 0, alone ? row.upper : 0,
                                         terms);
      }
    }
    for (auto& each : shapes) std::sort(each.begin(), each.end());
    return shapes;
  }

  /// Takes are of a kind when their columns stand in the same rows in the same way, in every reading. Where clauses
  /// look at the record as a whole, rows do not tell all: there only takes of one offer are.
  void find_kinds() {
    const auto one = shapes_in(strict.hard);
    const auto other = open ? shapes_in(open->hard) : std::vector<std::vector<Shape>>(offer_of.size());
    using Kind = std::tuple<std::vector<Shape>, std::vector<Shape>, Rational, bool, bool, std::size_t>;
    std::map<Kind, int> seen;
    kind.resize(offer_of.size());
    for (std::size_t t = 0; t < offer_of.size(); ++t) {
      Kind own{
          one[t], other[t], size[t], strict.column[t] >= 0, favourable().column[t] >= 0, settled ? 0 : offer_of[t]};
      kind[t] = seen.try_emplace(std::move(own), static_cast<int>(seen.size())).first->second;
    }
    kind_of_offer.assign(takes.size(), -1);
    for (std::size_t o = 0; o < takes.size(); ++o) {
      if (!takes[o].empty()) kind_of_offer[o] = kind[takes[o].front()];
    }
  }

  /// Stacks looked at: fewer of large models, each of which takes longer.
  [[nodiscard]] int rounds_over(const Inside& other) const {
    const auto columns =
        static_cast<int>(std::max(strict.hard.model.columns.size(), other.strict.hard.model.columns.size()));
    return std::min(options.rounds, std::max(20, kLooked / std::max(columns, 1)));
  }

  [[nodiscard]] Solution run(const IntegerModel& model) const {
    SolveOptions solver;
    solver.nodes = left;
    solver.stop = options.stop;
    Solution solution = solve(model, solver);
    left = std::max<std::int64_t>(0, left - solution.nodes);
    return solution;
  }

  [[nodiscard]] static std::vector<std::size_t> taken(const Reading& in, const Solution& solution) {
    std::vector<std::size_t> found;
    for (std::size_t t = 0; t < in.column.size(); ++t) {
      if (in.column[t] >= 0 && !solution.values.empty() && solution.values[index(in.column[t])] != 0)
        found.push_back(t);
    }
    return found;
  }

  /// The model whose least cost is the fewest, or the smallest, takes.
  [[nodiscard]] IntegerModel least_takes(const Reading& in, bool by_size) const {
    IntegerModel model = in.hard.model;
    for (auto& each : model.columns) each.cost = 0;
    for (std::size_t t = 0; t < in.column.size(); ++t) {
      if (in.column[t] >= 0) model.columns[index(in.column[t])].cost = by_size ? weight[t] : 1;
    }
    return model;
  }

  /// The fewest takes among `allowed`, and not `but`, that make a stack.
  [[nodiscard]] Solution fewest_within(const Reading& in, const std::vector<std::size_t>& allowed,
                                       std::optional<std::size_t> but = std::nullopt) const {
    IntegerModel model = least_takes(in, false);
    std::set<std::size_t> within(allowed.begin(), allowed.end());
    if (but) within.erase(*but);
    for (std::size_t t = 0; t < in.column.size(); ++t) {
      if (in.column[t] >= 0 && !within.contains(t)) model.columns[index(in.column[t])].upper = 0;
    }
    return run(model);
  }

  // ---- rules that look at the record as a whole: their clauses were read as if all on offer were held

  /// Asks about the rule with these takes held and nothing on offer.
  template <class Ask>
  auto with_held(const std::vector<std::size_t>& stack, const CompileOptions& how, Ask&& ask) const {
    LearnerRecord with = extended;
    with.items.resize(held);
    for (const std::size_t t : stack) with.items.push_back(extended.items[held + t]);
    Case own(world, *text, with);
    const Compiled compiled = compile(own, how);
    return ask(own, compiled);
  }

  /// Whether these takes make a stack, by themselves.
  [[nodiscard]] Truth makes_stack(const std::vector<std::size_t>& stack) const {
    const auto met = [&](Polarity polarity) {
      CompileOptions how;
      how.hard = true;
      how.polarity = polarity;
      return with_held(stack, how, [&](const Case&, const Compiled& compiled) {
        // What nothing on offer meets is set aside.
        const auto aside = [&](const Broken& one) {
          return std::any_of(strict.hard.broken.begin(), strict.hard.broken.end(),
                             [&](const Broken& other) { return other.path == one.path; });
        };
        if (!std::all_of(compiled.broken.begin(), compiled.broken.end(), aside)) return SolveStatus::infeasible;
        IntegerModel model = compiled.model;
        for (auto& each : model.columns) each.cost = 0;
        const Solution solution = run(model);
        return solution.found() ? SolveStatus::optimal : solution.status;
      });
    };
    if (met(Polarity::strict) == SolveStatus::optimal) return Truth::yes;
    return met(Polarity::favourable) == SolveStatus::infeasible ? Truth::no : Truth::unknown;
  }

  /// A part of these takes with `own` in it that makes a stack while no part of that does; empty if there is none,
  /// or if not all parts can be looked at.
  [[nodiscard]] std::vector<std::size_t> least_part(const std::vector<std::size_t>& stack, std::size_t own) const {
    if (stack.size() > kPartsOf) return {};
    const auto members = [&](std::size_t part) {
      std::vector<std::size_t> found;
      for (std::size_t i = 0; i < stack.size(); ++i) {
        if ((part >> i & 1U) != 0) found.push_back(stack[i]);
      }
      return found;
    };
    // A part has a lower number than what it is a part of.
    std::vector<bool> none_below(std::size_t{1} << stack.size(), true);
    for (std::size_t part = 0; part < none_below.size(); ++part) {
      const std::vector<std::size_t> takes_of = members(part);
      const Truth makes = none_below[part] ? makes_stack(takes_of) : Truth::unknown;
      if (makes == Truth::yes && std::find(takes_of.begin(), takes_of.end(), own) != takes_of.end()) return takes_of;
      if (makes == Truth::no) continue;
      for (std::size_t i = 0; i < stack.size(); ++i) none_below[part | std::size_t{1} << i] = false;
      none_below[part] = false;
    }
    return {};
  }
};

namespace {

/// Rows that set aside every choice with as many takes of each kind as some stack has.
class Cuts {
 public:
  Cuts(IntegerModel& model, const std::vector<int>& column, const std::vector<int>& kind) : model_(model) {
    for (std::size_t t = 0; t < column.size(); ++t) {
      if (column[t] >= 0) columns_[kind[t]].push_back(column[t]);
    }
  }

  void forbid(const std::map<int, int>& counts) {
    std::vector<int> reached;
    for (const auto& [kind, count] : counts) reached.push_back(reached_by(kind, count));
    auto& row = model_.add_row("cut", -kNone, static_cast<std::int64_t>(reached.size()) - 1);
    for (const int column : reached) row.terms.push_back({column, 1});
  }

 private:
  /// A column that is 1 whenever there are `count` takes of a kind.
  int reached_by(int kind, int count) {
    const auto [entry, fresh] = known_.try_emplace({kind, count}, -1);
    if (!fresh) return entry->second;
    const auto& members = columns_[kind];
    const auto most = static_cast<std::int64_t>(members.size());
    entry->second = model_.add_column("reached", 0, 1);
    auto& row = model_.add_row("reached", -kNone, count - 1);
    for (const int member : members) row.terms.push_back({member, 1});
    row.terms.push_back({entry->second, -(most - count + 1)});
    return entry->second;
  }

  IntegerModel& model_;
  std::map<int, std::vector<int>> columns_;
  std::map<std::pair<int, int>, int> known_;
};

std::map<int, int> counts_of(const std::vector<std::size_t>& stack, const std::vector<int>& kind) {
  std::map<int, int> counts;
  for (const std::size_t take : stack) ++counts[kind[take]];
  return counts;
}

}  // namespace

StackSpace::StackSpace(const World& world, const LearnerRecord& record, const Goal& goal, const Catalogue& catalogue,
                       StackOptions options)
    : inside_(std::make_unique<Inside>(world, record, goal, catalogue, std::move(options))) {}
StackSpace::~StackSpace() = default;
StackSpace::StackSpace(StackSpace&&) noexcept = default;
StackSpace& StackSpace::operator=(StackSpace&&) noexcept = default;

const std::vector<int>& StackSpace::kinds() const noexcept { return inside_->kind_of_offer; }
bool StackSpace::settled() const noexcept { return inside_->settled; }

Truth StackSpace::any_stack() {
  Inside& in = *inside_;
  in.left = in.options.nodes;
  Solution solution = in.run(in.least_takes(in.strict, false));
  if (solution.found()) {
    return in.settled || in.makes_stack(Inside::taken(in.strict, solution)) == Truth::yes ? Truth::yes : Truth::unknown;
  }
  if (!in.certain()) solution = in.run(in.least_takes(in.favourable(), false));
  return solution.status == SolveStatus::infeasible && in.settled ? Truth::no : Truth::unknown;
}

ShareAnswer StackSpace::countable_share(std::size_t offer) {
  Inside& in = *inside_;
  in.left = in.options.nodes;
  const std::size_t take = in.takes.at(offer).front();
  bool proved = in.settled;
  const auto most = [&](const Inside::Reading& reading) -> std::optional<Rational> {
    IntegerModel model = reading.hard.model;
    for (auto& each : model.columns) each.cost = 0;
    std::int64_t parts = 1;
    for (const auto& counted : reading.hard.counted) {
      if (index(counted.item) != in.held + take) continue;
      parts = counted.parts;
      for (const auto& term : counted.terms) model.columns[index(term.column)].cost -= term.coefficient;
    }
    const Solution solution = in.run(model);
    proved = proved && solution.status != SolveStatus::not_proved;
    if (!solution.found()) return std::nullopt;
    // Of what is no stack by itself nothing counts.
    if (!in.settled && in.makes_stack(Inside::taken(reading, solution)) != Truth::yes) return std::nullopt;
    return Rational(std::min(parts, -solution.cost), parts);
  };
  ShareAnswer answer;
  answer.share = most(in.strict);
  // No more than all of it counts, whatever is not known.
  if (!in.certain() && answer.share != Rational(1)) proved = answer.share == most(in.favourable()) && proved;
  answer.proved = proved;
  return answer;
}

UseAnswer StackSpace::useful(std::size_t offer) {
  Inside& in = *inside_;
  in.left = in.options.nodes;
  UseAnswer answer;
  const std::size_t own = in.takes.at(offer).front();
  const auto with_own = [&](const Inside::Reading& reading) {
    IntegerModel model = in.least_takes(reading, true);
    model.columns[index(reading.column[own])].lower = 1;
    return model;
  };
  const auto cuts_of = [&](const Inside::Reading& reading, IntegerModel& model) {
    std::vector<int> others = reading.column;
    others[own] = -1;
    return Cuts(model, others, in.kind);
  };
  bool none = in.strict.column[own] < 0;
  if (!none) {
    // A stack that can spare it in no reading.
    IntegerModel model = with_own(in.strict);
    Cuts cuts = cuts_of(in.strict, model);
    for (; !none && answer.rounds < in.options.rounds; ++answer.rounds) {
      const Solution solution = in.run(model);
      none = solution.status == SolveStatus::infeasible;
      if (!solution.found()) break;
      const Solution least = in.fewest_within(in.strict, Inside::taken(in.strict, solution));
      if (!least.found()) return answer;
      std::vector<std::size_t> stack = Inside::taken(in.strict, least);
      auto alike = std::find(stack.begin(), stack.end(), own);
      if (alike == stack.end()) {
        alike = std::find_if(stack.begin(), stack.end(), [&](std::size_t t) { return in.kind[t] == in.kind[own]; });
      }
      if (alike != stack.end()) {
        // One of its kind stands in for it, and the other way round.
        *alike = own;
        if (least.status != SolveStatus::optimal) return answer;
        if (!in.settled) {
          for (const std::size_t t : in.least_part(stack, own)) answer.witness.push_back(in.offer_of[t]);
          if (!answer.witness.empty()) answer.useful = Truth::yes;
          return answer;
        }
        const Solution spared = in.certain() ? Solution{} : in.fewest_within(in.favourable(), stack, own);
        if (in.certain() || spared.status == SolveStatus::infeasible) {
          answer.useful = Truth::yes;
          for (const std::size_t t : stack) answer.witness.push_back(in.offer_of[t]);
          return answer;
        }
        if (!spared.found()) return answer;
        stack = Inside::taken(in.favourable(), spared);
      }
      // Nothing needed at all: no stack with anything in it is least.
      if (stack.empty()) {
        none = true;
        break;
      }
      cuts.forbid(counts_of(stack, in.kind));
    }
  }
  if (!none || !in.settled) return answer;
  if (in.certain()) {
    answer.useful = Truth::no;
    return answer;
  }
  // That it is of no use holds only if every stack can spare it, however what is unknown turns out.
  const Inside::Reading& open = in.favourable();
  if (open.column[own] < 0) {
    answer.useful = Truth::no;
    return answer;
  }
  IntegerModel model = with_own(open);
  Cuts cuts = cuts_of(open, model);
  for (; answer.rounds < in.options.rounds; ++answer.rounds) {
    const Solution solution = in.run(model);
    if (solution.status == SolveStatus::infeasible) answer.useful = Truth::no;
    if (!solution.found()) return answer;
    const Solution spared = in.fewest_within(in.strict, Inside::taken(open, solution), own);
    if (!spared.found()) return answer;
    const std::vector<std::size_t> stack = Inside::taken(in.strict, spared);
    if (stack.empty()) {
      answer.useful = Truth::no;
      return answer;
    }
    cuts.forbid(counts_of(stack, in.kind));
  }
  return answer;
}

namespace {

/// Takes are of a kind on a ladder when neither rule tells them apart.
std::vector<int> paired(const std::vector<int>& inner, const std::vector<int>& outer) {
  std::map<std::pair<int, int>, int> pairs;
  std::vector<int> kind;
  for (std::size_t t = 0; t < inner.size(); ++t) {
    kind.push_back(pairs.try_emplace({inner[t], outer[t]}, static_cast<int>(pairs.size())).first->second);
  }
  return kind;
}

}  // namespace

NestedAnswer StackSpace::nested(StackSpace& inner, StackSpace& outer) {
  Inside& in = *inner.inside_;
  Inside& out = *outer.inside_;
  NestedAnswer answer;
  if (in.offer_of != out.offer_of) throw InvalidValue("a ladder is looked at over one catalogue");
  const std::vector<int> kind = paired(in.kind, out.kind);
  answer.inner_exists = inner.any_stack() == Truth::yes;
  answer.outer_exists = !out.settled && outer.any_stack() == Truth::yes;
  in.left = in.options.nodes;
  out.left = out.options.nodes;
  enum class Outcome : std::uint8_t { all, not_all, open };
  std::vector<std::size_t> apart;
  // Whether every stack of the outer award, read in one way, holds one of the inner, read in another.
  const auto hold = [&](const Inside::Reading& above, const Inside::Reading& below) {
    IntegerModel model = out.least_takes(above, true);
    // Takes that only the inner award can place have no column in this model: they only ever help it.
    Cuts cuts(model, above.column, kind);
    for (; answer.rounds < in.rounds_over(out); ++answer.rounds) {
      const Solution solution = out.run(model);
      if (!solution.found()) return solution.status == SolveStatus::infeasible ? Outcome::all : Outcome::open;
      answer.outer_exists = answer.outer_exists || (out.settled && &above == &out.strict);
      apart = Inside::taken(above, solution);
      const Solution least = in.fewest_within(below, apart);
      if (least.status == SolveStatus::infeasible) return Outcome::not_all;
      if (!least.found()) return Outcome::open;
      const std::vector<std::size_t> within = Inside::taken(below, least);
      if (within.empty()) return Outcome::all;
      cuts.forbid(counts_of(within, kind));
    }
    return Outcome::open;
  };
  // A stack for certain of the outer award that cannot be one of the inner shows that it is not nested.
  Outcome found = hold(out.strict, in.favourable());
  if (found == Outcome::not_all) {
    if (!in.settled || (!out.settled && out.makes_stack(apart) != Truth::yes)) return answer;
    answer.nested = Truth::no;
    for (const std::size_t t : apart) answer.witness.push_back(in.offer_of[t]);
    return answer;
  }
  if (found != Outcome::all || !answer.outer_exists || !in.settled || !out.settled) return answer;
  // That it is nested takes all that may be a stack of the outer award, and what for certain is one of the inner.
  if (!in.certain() || !out.certain()) found = hold(out.favourable(), in.strict);
  if (found == Outcome::all) answer.nested = Truth::yes;
  return answer;
}

CarryAnswer StackSpace::carry(StackSpace& inner, StackSpace& outer) {
  Inside& in = *inner.inside_;
  Inside& out = *outer.inside_;
  CarryAnswer answer;
  in.left = in.options.nodes;
  out.left = out.options.nodes;
  if (in.offer_of != out.offer_of) throw InvalidValue("a ladder is looked at over one catalogue");
  const std::vector<int> kind = paired(in.kind, out.kind);
  IntegerModel model = in.least_takes(in.strict, false);
  Cuts cuts(model, in.strict.column, kind);
  // What is not known may make other stacks, or let more of them count.
  bool all_proved = in.settled && out.settled && in.certain() && out.certain();
  for (; answer.stacks < in.rounds_over(out); ++answer.stacks) {
    const Solution solution = in.run(model);
    if (!solution.found()) {
      answer.complete = solution.status == SolveStatus::infeasible && all_proved;
      return answer;
    }
    all_proved = all_proved && solution.status == SolveStatus::optimal;
    const std::vector<std::size_t> stack = Inside::taken(in.strict, solution);
    if (!in.settled && in.makes_stack(stack) != Truth::yes) {
      if (stack.empty()) return answer;
      cuts.forbid(counts_of(stack, kind));
      continue;
    }
    Rational whole = 0;
    bool sized = true;
    std::int64_t scale = 1;
    for (const std::size_t t : stack) {
      const auto amount = out.view->amount(out.view->items()[out.held + t], out.text->measure);
      sized = sized && amount && amount->min == amount->max;
      if (amount) whole += amount->min;
    }
    // Of these alone: clauses on the record as a whole look at nothing else.
    const Solution most = out.with_held(stack, {}, [&](const Case& own, const Compiled& compiled) {
      IntegerModel counting = compiled.model;
      for (auto& each : counting.columns) each.cost = 0;
      scale = compiled.scale.at(out.text->measure);
      detail::add_counted_costs(counting, compiled, own, -1, [&](int item) { return index(item) >= out.held; });
      return out.run(counting);
    });
    all_proved = all_proved && sized && most.status == SolveStatus::optimal;
    if (sized && most.found() && whole > Rational(0)) {
      const Rational share = Rational(-most.cost, scale) / whole;
      std::vector<std::size_t> offers;
      for (const std::size_t t : stack) offers.push_back(in.offer_of[t]);
      if (!answer.least || share < *answer.least) {
        answer.least = share;
        answer.least_stack = offers;
      }
      if (!answer.most || share > *answer.most) {
        answer.most = share;
        answer.most_stack = offers;
      }
    }
    if (stack.empty()) {
      answer.complete = all_proved;
      ++answer.stacks;
      return answer;
    }
    cuts.forbid(counts_of(stack, kind));
  }
  return answer;
}

Countable countable(const World& world, const LearnerRecord& record, const Goal& goal, const StackOptions& options) {
  const auto text = goal.rule.text(goal.choice);
  Case view(world, *text, record);
  Countable answer;
  answer.sized = true;
  std::size_t passed = 0;
  std::vector<bool> credit;  // per item: it is held, and of known size
  for (const auto& held : view.items()) {
    const bool own = held.item->status == "passed";
    const auto amount = own ? view.amount(held, text->measure) : std::nullopt;
    if (own) ++passed;
    answer.sized = answer.sized && (!own || (amount && amount->min == amount->max));
    if (amount) answer.held += amount->min;
    credit.push_back(amount.has_value());
  }
  SolveOptions solver;
  solver.nodes = options.nodes;
  solver.stop = options.stop;
  struct Most {
    bool certain = false, optimal = false;
    Rational amount;
    std::vector<std::string> items;
    std::size_t whole = 0;  ///< items that count in full
  };
  const auto most = [&](Polarity polarity) {
    CompileOptions how;
    how.polarity = polarity;
    const Compiled compiled = compile(view, how);
    IntegerModel model = compiled.model;
    for (auto& each : model.columns) each.cost = 0;
    detail::add_counted_costs(model, compiled, view, -1, [&](int item) { return credit[index(item)]; });
    const Solution solution = solve(model, solver);
    Most found{compiled.certain,
               solution.status == SolveStatus::optimal,
               Rational(-solution.cost, compiled.scale.at(text->measure)),
               {},
               0};
    for (const auto& counted : compiled.counted) {
      std::int64_t parts = 0;
      for (const auto& term : counted.terms) {
        if (!solution.values.empty()) parts += term.coefficient * solution.values[index(term.column)];
      }
      if (parts == 0 || !credit[index(counted.item)]) continue;
      found.items.push_back(view.items()[index(counted.item)].item->id);
      if (parts >= counted.parts) ++found.whole;
    }
    return found;
  };
  const Most strict = most(Polarity::strict);
  answer.counted = strict.amount;
  answer.items = strict.items;
  // Where all of it counts with unknowns read against the learner, nothing is lost, whatever the sizes are.
  if (strict.whole == passed) {
    answer.proved = true;
    return answer;
  }
  answer.proved = answer.sized && strict.optimal;
  if (answer.proved && !strict.certain) {
    // What is not known may let more count: only where it does not is the answer one.
    const Most favourable = most(Polarity::favourable);
    answer.proved = favourable.optimal && favourable.amount == strict.amount;
  }
  return answer;
}

}  // namespace qualgraph
