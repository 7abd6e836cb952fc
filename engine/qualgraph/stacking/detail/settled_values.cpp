#include "qualgraph/stacking/detail/settled_values.hpp"

#include <algorithm>
#include <cstdint>
#include <map>
#include <string_view>
#include <utility>
#include <vector>

namespace qualgraph::detail {

std::optional<Solution> settled_solution(const Compiled& compiled, Measure measure, const Settled& settled) {
  const IntegerModel& model = compiled.model;
  const auto at = [](int column) { return static_cast<std::size_t>(column); };
  Solution solution;
  solution.values.assign(model.columns.size(), 0);
  for (std::size_t j = 0; j < model.columns.size(); ++j) solution.values[j] = model.columns[j].lower;
  std::vector<char> known(model.columns.size(), 0);
  std::map<std::pair<int, std::string_view>, int> column;
  for (const auto& use : compiled.uses) {
    column.emplace(std::pair(use.item, std::string_view(compiled.places[at(use.place)].name)), use.column);
    known[at(use.column)] = 1;
  }
  for (const auto& placed : settled.placed) {
    const auto found = column.find(std::pair(placed.item, std::string_view(placed.place)));
    if (found == column.end()) return std::nullopt;
    solution.values[at(found->second)] += placed.parts;
  }
  for (const auto& minimum : compiled.minima) known[at(minimum.column)] = 1;
  const auto activity = [&](const IntegerModel::Row& row) {
    std::int64_t sum = 0;
    for (const auto& term : row.terms) sum += term.coefficient * solution.values[at(term.column)];
    return sum;
  };
  // A column that lets others in is there where they are.
  for (const auto& row : model.rows) {
    if (row.upper != 0 || activity(row) <= 0) continue;
    for (const auto& term : row.terms) {
      if (term.coefficient < 0 && known[at(term.column)] == 0) solution.values[at(term.column)] = 1;
    }
  }
  for (const auto& minimum : compiled.minima) {
    const auto& row = model.rows[at(minimum.row)];
    solution.values[at(minimum.column)] = std::max<std::int64_t>(0, row.lower - activity(row));
  }
  if (!model.admits(solution.values)) return std::nullopt;
  solution.cost = model.cost_of(solution.values);
  const std::int64_t scale = compiled.scale.at(measure);
  // Both scales are exact; they need not be the same.
  if (Rational(solution.cost, scale) != Rational(settled.shortfall, settled.scale)) return std::nullopt;
  solution.bound = solution.cost;
  solution.nodes = settled.nodes;
  solution.status = SolveStatus::optimal;
  return solution;
}

}  // namespace qualgraph::detail
