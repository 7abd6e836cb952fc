#include "qualgraph/stacking/audit.hpp"

#include "qualgraph/model/error.hpp"
#include "qualgraph/stacking/detail/audit_reader.hpp"
#include "qualgraph/stacking/detail/counted_costs.hpp"
#include "qualgraph/stacking/detail/settled_values.hpp"

#include <algorithm>
#include <chrono>
#include <set>
#include <tuple>
#include <utility>

namespace qualgraph {
namespace {

using detail::add_missing;
using detail::index;
using detail::Reader;

SolveOptions solver_options(const AuditOptions& options) {
  SolveOptions solver;
  solver.nodes = options.nodes;
  solver.seconds = options.seconds;
  solver.stop = options.stop;
  solver.proof = options.proof;
  solver.proof_by_sums = options.proof;
  return solver;
}

/// The time of one form: what writing its models takes is no longer there for the search.
class Clock {
 public:
  explicit Clock(const AuditOptions& options) : options_(options) {}

  [[nodiscard]] std::optional<double> left() const {
    if (!options_.seconds) return std::nullopt;
    const std::chrono::duration<double> gone = std::chrono::steady_clock::now() - start_;
    return std::max(0.0, *options_.seconds - gone.count());
  }
  [[nodiscard]] std::function<bool()> stop() const {
    return [this] { return (options_.stop && options_.stop()) || left() == 0.0; };
  }
  /// The options with the time that is left.
  [[nodiscard]] AuditOptions rest() const {
    AuditOptions rest = options_;
    rest.seconds = left();
    return rest;
  }

 private:
  const AuditOptions& options_;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

/// Waivers that act: named by the caller, or by the record's decisions and the waiver's condition.
std::vector<std::string> acting_waivers(const World& world, const LearnerRecord& record, const Rule& rule,
                                        const RuleChoice& choice, const std::vector<std::string>& named) {
  std::vector<std::string> acting;
  if (rule.waivers().empty()) return acting;
  const auto text = rule.text(choice);
  Case view(world, *text, record);
  for (const auto& waiver : rule.waivers()) {
    const bool asked = std::find(named.begin(), named.end(), waiver.id) != named.end();
    const bool decided = waiver.decided_by.empty() ? waiver.when != nullptr : view.decided(waiver.path);
    if (asked || (decided && view.permits(waiver, Polarity::strict))) acting.push_back(waiver.id);
  }
  return acting;
}

/// The least shortfall, read strictly.
Solution strict_solution(const Case& view, const Compiled& strict, const AuditOptions& options) {
  SolveOptions solver = solver_options(options);
  if (options.settled != nullptr) {
    if (auto known = detail::settled_solution(strict, view.rule().measure, *options.settled)) {
      if (!options.proof || (known->cost == 0 && strict.broken.empty())) return std::move(*known);
      solver.start = std::move(known->values);
    }
  }
  return solve(strict.model, solver);
}

void keep_proof(AuditRun& run, Polarity polarity, const Case& view, const Compiled& compiled,
                const Solution& solution) {
  ModelProof kept;
  if (solution.found()) kept.attained = Reader(view, compiled, solution.values).placements(false);
  kept.polarity = polarity;
  kept.model = compiled.model;
  kept.proof = solution.proof;
  kept.dropped = solution.proof_dropped;
  kept.at_least = solution.bound;
  kept.infeasible = solution.status == SolveStatus::infeasible;
  run.proofs.push_back(std::move(kept));
}

/// Keeps an objective at the value reached and asks for another.
void fix_cost(IntegerModel& model, std::int64_t cost, const std::string& name) {
  auto& row = model.add_row(name, -IntegerModel::kInfinity, cost);
  for (std::size_t c = 0; c < model.columns.size(); ++c) {
    if (model.columns[c].cost != 0) row.terms.push_back({static_cast<int>(c), model.columns[c].cost});
    model.columns[c].cost = 0;
  }
}

/// At the least shortfall: most counted, or least excess; then by item and place.
Solution refine(const Case& view, Compiled& compiled, Solution solution, const AuditOptions& options) {
  IntegerModel model = compiled.model;
  SolveOptions solver = solver_options(options);
  solver.proof = false;
  const std::int64_t shortfall = solution.cost;
  fix_cost(model, shortfall, "objective/shortfall");
  const std::int64_t scale = compiled.scale.at(view.rule().measure);
  const auto again = [&]() -> bool {
    solver.start = solution.values;
    const Solution next = solve(model, solver);
    if (!next.found()) return false;
    const bool proved = next.status == SolveStatus::optimal;
    const auto status = solution.status;
    const auto nodes = solution.nodes;
    solution.values = next.values;
    solution.nodes = nodes + next.nodes;
    solution.status = proved ? status : SolveStatus::not_proved;
    return proved;
  };
  if (options.prefer_counted || shortfall > 0) {
    detail::add_counted_costs(model, compiled, view, -1);
    const std::int64_t cost = model.cost_of(solution.values);
    const Settled* const known = options.settled;
    const bool most =
        known != nullptr && known->most && Rational(-cost, scale) == Rational(known->counted, known->scale);
    if (!most && !again()) return solution;
    fix_cost(model, model.cost_of(solution.values), "objective/counted");
  }
  if (options.canonical) {
    // Least excess over the total, then the largest use of each item, then of each place.
    detail::add_counted_costs(model, compiled, view, 1);
    if (!again()) return solution;
    fix_cost(model, model.cost_of(solution.values), "objective/excess");
    std::vector<const Counted*> order;
    for (const auto& counted : compiled.counted) order.push_back(&counted);
    std::stable_sort(order.begin(), order.end(), [&](const Counted* a, const Counted* b) {
      const Item& left = *view.items()[index(a->item)].item;
      const Item& right = *view.items()[index(b->item)].item;
      if (left.date != right.date) return left.date && (!right.date || *left.date < *right.date);
      return left.id < right.id;
    });
    for (const auto* counted : order) {
      for (const auto& term : counted->terms) model.columns[index(term.column)].cost -= term.coefficient;
      if (!again()) return solution;
      fix_cost(model, model.cost_of(solution.values), "objective/item");
    }
    for (const auto& use : compiled.uses) {
      model.columns[index(use.column)].cost = -1;
      if (!again()) return solution;
      fix_cost(model, model.cost_of(solution.values), "objective/place");
    }
  }
  return solution;
}

/// Satisfied before provisional before unsatisfied; then the smaller shortfall, the larger award, and as listed.
bool better(const AuditRun& a, const AuditRun& b) {
  const auto order = [](AuditVerdict verdict) {
    switch (verdict) {
      case AuditVerdict::satisfied:
        return 0;
      case AuditVerdict::provisional:
        return 1;
      case AuditVerdict::undecided:
        return 2;
      case AuditVerdict::unsatisfied:
        return 3;
    }
    return 3;
  };
  if (order(a.verdict) != order(b.verdict)) return order(a.verdict) < order(b.verdict);
  if (a.impossible != b.impossible) return !a.impossible;
  const auto total = [](const AuditRun& run) {
    std::vector<Rational> amounts;
    for (const char* lacking : {"credits", "hours", "points", "units", "items", "outcomes"}) {
      const auto found = run.shortfall.find(lacking);
      amounts.push_back(found == run.shortfall.end() ? Rational(0) : found->second);
    }
    return amounts;
  };
  const auto left = total(a);
  const auto right = total(b);
  if (left != right) return std::lexicographical_compare(left.begin(), left.end(), right.begin(), right.end());
  if (a.missing.size() != b.missing.size()) return a.missing.size() < b.missing.size();
  // Of two awards that are both met, the larger is worth more.
  return a.verdict == AuditVerdict::satisfied && a.target && b.target && *a.target > *b.target;
}

}  // namespace

const char* to_string(AuditVerdict verdict) noexcept {
  switch (verdict) {
    case AuditVerdict::satisfied:
      return "satisfied";
    case AuditVerdict::provisional:
      return "provisional";
    case AuditVerdict::unsatisfied:
      return "unsatisfied";
    case AuditVerdict::undecided:
      return "undecided";
  }
  return "undecided";
}

namespace {

/// Fills `run`, which says "undecided" until there is an answer.
void answer(AuditRun& run, Case& view, const AuditOptions& options) {
  const Clock clock(options);
  CompileOptions reading;
  reading.names = options.proof;
  reading.stop = clock.stop();
  Compiled strict = compile(view, reading);
  Solution solution = strict_solution(view, strict, clock.rest());
  run.nodes = solution.nodes;
  run.target = strict.target;
  run.proved = solution.status != SolveStatus::not_proved;
  run.impossible = solution.status == SolveStatus::infeasible;
  run.bound = solution.bound;
  if (options.proof && (run.impossible || solution.bound > 0 || !strict.broken.empty()))
    keep_proof(run, Polarity::strict, view, strict, solution);
  const bool met = solution.found() && solution.cost == 0 && strict.broken.empty();
  const bool refining = options.prefer_counted || options.canonical;
  // What is not known to be the least shortfall is no allocation to prefer another at.
  run.refined = !refining || run.proved;
  if (solution.found()) {
    run.cost = solution.cost;
    if (run.proved && refining) {
      solution = refine(view, strict, std::move(solution), clock.rest());
      run.nodes = solution.nodes;
      run.refined = solution.status == SolveStatus::optimal;
    }
  }

  if (met) {
    run.verdict = AuditVerdict::satisfied;
    run.proved = true;
    Reader(view, strict, solution.values).fill(run, false);
  } else if (strict.certain) {
    // Nothing is unknown: read for the learner, the rule and the record say the same.
    run.verdict = run.proved ? AuditVerdict::unsatisfied : AuditVerdict::undecided;
    if (options.proof && !run.proofs.empty()) {
      run.proofs.push_back(run.proofs.back());
      run.proofs.back().polarity = Polarity::favourable;
    }
    Reader(view, strict, solution.values).fill(run, false);
    add_missing(run, strict, solution.values);
  } else {
    reading.polarity = Polarity::favourable;
    Compiled favourable = compile(view, reading);
    Solution hopeful;
    const bool hopeless = !favourable.broken.empty();
    if (!hopeless) {
      SolveOptions solver = solver_options(clock.rest());
      solver.cutoff = 0;
      hopeful = solve(favourable.model, solver);
      run.nodes += hopeful.nodes;
    }
    if (!hopeless && hopeful.found() && hopeful.cost == 0) {
      run.verdict = run.proved ? AuditVerdict::provisional : AuditVerdict::undecided;
      if (refining) {
        // What is shown is this allocation: the preference is about it.
        const std::int64_t before = hopeful.nodes;
        hopeful = refine(view, favourable, std::move(hopeful), clock.rest());
        run.nodes += hopeful.nodes - before;
        run.refined = hopeful.status == SolveStatus::optimal;
      }
      Reader(view, favourable, hopeful.values).fill(run, true);
    } else {
      const bool refused = hopeless || hopeful.status == SolveStatus::infeasible ||
                           (hopeful.status == SolveStatus::optimal && hopeful.cost > 0);
      run.verdict = refused ? AuditVerdict::unsatisfied : AuditVerdict::undecided;
      run.proved = run.proved && refused;
      if (options.proof && refused && !hopeless) keep_proof(run, Polarity::favourable, view, favourable, hopeful);
      Reader(view, strict, solution.values).fill(run, false);
    }
    add_missing(run, strict, solution.values);
    // The strict reading may fail where the favourable holds: then what is missing is knowledge.
    if (run.verdict == AuditVerdict::provisional) {
      for (auto& missing : run.missing) missing.unknown = true;
    } else {
      for (auto& missing : run.missing) {
        if (missing.kind != "clause") continue;
        missing.unknown = std::none_of(favourable.broken.begin(), favourable.broken.end(),
                                       [&](const Broken& broken) { return broken.path == missing.path; });
      }
    }
  }
}

}  // namespace

AuditRun audit_form(const World& world, const LearnerRecord& record, const Rule& rule, RuleChoice choice,
                    const AuditOptions& options) {
  choice.waivers = acting_waivers(world, record, rule, choice, options.waivers);
  const auto text = rule.text(choice);
  AuditRun run;
  run.choice = choice;
  for (const auto& waiver : choice.waivers) run.edits.push_back("waivers/" + waiver);

  Case view(world, *text, record);
  try {
    answer(run, view, options);
  } catch (const CompileStopped&) {
    // The time was over before there was a model: nothing is known.
    run.verdict = AuditVerdict::undecided;
    run.proved = false;
    run.bound = 0;
  }
  run.levels.assign(view.level_readings().begin(), view.level_readings().end());
  run.credits = view.credit_readings();
  run.edits.insert(run.edits.end(), view.acted().begin(), view.acted().end());
  return run;
}

Audit audit(const World& world, const LearnerRecord& record, const Rule& rule, const AuditOptions& options) {
  Audit result;
  RuleChoice choice;
  choice.reading = options.reading;
  choice.exit = options.exit;
  choice.title = options.title;
  if (options.variant || rule.variants().empty()) {
    choice.variant = options.variant.value_or("");
    result.best = audit_form(world, record, rule, choice, options);
  } else {
    for (const auto& variant : rule.variants()) {
      choice.variant = variant.id;
      result.variants.push_back(audit_form(world, record, rule, choice, options));
    }
    std::stable_sort(result.variants.begin(), result.variants.end(), better);
    result.best = result.variants.front();
  }
  if (!options.title.empty() || !options.exit.empty()) return result;
  std::optional<int> rank;
  for (const auto& title : rule.titles()) {
    RuleChoice form = result.best.choice;
    form.title = title.id;
    result.titles.push_back(audit_form(world, record, rule, form, options));
    if (result.titles.back().verdict != AuditVerdict::satisfied) continue;
    if (!rank || title.rank < *rank) {
      rank = title.rank;
      result.won.clear();
    }
    if (title.rank == *rank) result.won.push_back(title.id);
  }
  return result;
}

std::optional<Rational> smallest_addition(const World& world, const LearnerRecord& record, const Rule& rule,
                                          const RuleChoice& choice, const AuditOptions& options) {
  const auto text = rule.text(choice);
  Case view(world, *text, record);
  const Clock clock(options);
  CompileOptions wild;
  wild.wild = true;
  wild.stop = clock.stop();
  try {
    const Compiled compiled = compile(view, wild);
    SolveOptions solver = solver_options(clock.rest());
    solver.proof = false;
    const Solution solution = solve(compiled.model, solver);
    if (solution.status != SolveStatus::optimal) return std::nullopt;
    return Rational(solution.cost, compiled.scale.at(Measure::credits));
  } catch (const CompileStopped&) {
    return std::nullopt;
  }
}

std::vector<std::string> decisive_items(const World& world, const LearnerRecord& record, const Rule& rule,
                                        const RuleChoice& choice, const AuditOptions& options) {
  std::vector<std::string> decisive;
  const AuditRun run = audit_form(world, record, rule, choice, options);
  if (run.verdict != AuditVerdict::satisfied) return decisive;
  std::set<std::string> placed;
  for (const auto& placement : run.allocation) placed.insert(placement.item);
  for (const auto& id : placed) {
    LearnerRecord without = record;
    std::erase_if(without.items, [&](const Item& item) { return item.id == id; });
    if (audit_form(world, without, rule, choice, options).verdict != AuditVerdict::satisfied) decisive.push_back(id);
  }
  return decisive;
}

}  // namespace qualgraph
