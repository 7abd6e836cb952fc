#include "qualgraph/stacking/judge.hpp"

#include "qualgraph/stacking/compile.hpp"
#include "qualgraph/stacking/select.hpp"
#include "qualgraph/stacking/solve.hpp"

#include <utility>

namespace qualgraph {
namespace {

Judged judged(const Compiled& compiled, Polarity polarity, const AuditOptions& options) {
  Judged result;
  for (const auto& broken : compiled.broken) result.broken.push_back(broken.path);
  if (!result.broken.empty()) {
    result.met = false;
    return result;
  }
  SolveOptions solver;
  solver.nodes = options.nodes;
  solver.seconds = options.seconds;
  solver.stop = options.stop;
  solver.cutoff = 0;
  solver.proof = true;
  solver.proof_by_sums = true;
  Solution solution = solve(compiled.model, solver);
  if (solution.found() && solution.cost == 0) {
    result.met = true;
    // Of a column that no row is left to speak of, no value says anything.
    std::vector<char> spoken(compiled.model.columns.size(), 0);
    for (const auto& row : compiled.model.rows) {
      for (const auto& term : row.terms) spoken[static_cast<std::size_t>(term.column)] = 1;
    }
    for (std::size_t c = 0; c < solution.values.size(); ++c) {
      if (spoken[c] != 0 && solution.values[c] != 0) result.values.emplace_back(compiled.model.columns[c].name, solution.values[c]);
    }
    return result;
  }
  if (solution.status == SolveStatus::not_proved) return result;
  result.met = false;
  result.proof.polarity = polarity;
  result.proof.model = compiled.model;
  result.proof.dropped = solution.proof_dropped;
  result.proof.at_least = solution.bound;
  result.proof.infeasible = solution.status == SolveStatus::infeasible;
  result.proof.proof = std::move(solution.proof);
  return result;
}

}  // namespace

std::vector<Judged> judge_without(const World& world, const LearnerRecord& record, const Rule& rule,
                                  const RuleChoice& choice, Polarity polarity,
                                  const std::vector<std::vector<std::string>>& sets, const AuditOptions& options) {
  const auto text = rule.text(choice);
  Case view(world, *text, record);
  std::vector<Judged> results;
  results.reserve(sets.size());
  for (const auto& without : sets) {
    CompileOptions reading;
    reading.polarity = polarity;
    reading.without = without;
    reading.stop = options.stop;
    try {
      results.push_back(judged(compile(view, reading), polarity, options));
    } catch (const CompileStopped&) {
      results.emplace_back();
    }
  }
  return results;
}

}  // namespace qualgraph
