#include "qualgraph/stacking/redundant.hpp"

#include <algorithm>
#include <map>
#include <string_view>

namespace qualgraph {
namespace {

bool is_bound(std::string_view name) {
  return std::ranges::any_of(std::initializer_list<std::string_view>{"total/", "places/", "floors/", "caps/"},
                             [&](std::string_view group) { return name.starts_with(group); });
}

SolveStatus answer(const IntegerModel& model, const SolveOptions& options) {
  const Solution found = solve(model, options);
  return found.found() ? SolveStatus::optimal : found.status;
}

/// The bound a row belongs to: an exact amount has a row for each end.
std::string bound_of(std::string name) {
  constexpr std::string_view kUpperEnd = "/most";
  if (name.ends_with("/exact/most")) name.resize(name.size() - kUpperEnd.size());
  return name;
}

}  // namespace

std::vector<std::string> redundant_bounds(const Compiled& hard, const SolveOptions& options) {
  if (!hard.certain) return {};
  IntegerModel model = hard.model;
  for (auto& column : model.columns) column.cost = 0;
  if (answer(model, options) != SolveStatus::optimal) return {};
  // A bound of a place that is copied, or one with two ends, is several rows.
  std::map<std::string, std::vector<std::size_t>> bounds;
  for (std::size_t r = 0; r < model.rows.size(); ++r) {
    if (is_bound(model.rows[r].name)) bounds[bound_of(model.rows[r].name)].push_back(r);
  }
  std::vector<std::string> found;
  for (const auto& [name, rows] : bounds) {
    IntegerModel others = model;
    for (const std::size_t r : rows) {
      others.rows[r].lower = -IntegerModel::kInfinity;
      others.rows[r].upper = IntegerModel::kInfinity;
    }
    const bool kept = std::ranges::all_of(rows, [&](std::size_t r) {
      const auto& row = model.rows[r];
      const auto impossible = [&](std::int64_t lower, std::int64_t upper) {
        IntegerModel violated = others;
        violated.rows[r].lower = lower;
        violated.rows[r].upper = upper;
        return answer(violated, options) == SolveStatus::infeasible;
      };
      return (row.lower == -IntegerModel::kInfinity || impossible(-IntegerModel::kInfinity, row.lower - 1)) &&
             (row.upper == IntegerModel::kInfinity || impossible(row.upper + 1, IntegerModel::kInfinity));
    });
    if (kept) found.push_back(name);
  }
  return found;
}

}  // namespace qualgraph
