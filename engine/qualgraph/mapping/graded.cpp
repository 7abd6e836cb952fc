#include "qualgraph/mapping/graded.hpp"

#include <algorithm>
#include <numeric>
#include <set>
#include <utility>

#include "qualgraph/mapping/detail/eigen_rational.hpp"
#include "qualgraph/model/error.hpp"

namespace qualgraph {
namespace {

using detail::RationalMatrix;

void check_codes(const std::vector<std::string>& codes, const FrameworkId& framework) {
  if (framework.empty()) throw InvalidValue("a graded table has to name the frameworks it relates");
  if (codes.empty()) throw InvalidValue("a graded table names no level of " + framework.str());
  std::set<std::string> seen;
  for (const auto& code : codes) {
    if (code.empty()) throw InvalidValue("a graded table has a level of " + framework.str() + " without a code");
    if (!seen.insert(code).second) {
      throw InvalidValue("a graded table lists level " + framework.str() + ":" + code + " twice");
    }
  }
}

/// All cells row by row, the unmatched column last; checks shape and signs.
std::vector<Rational> flattened(const GradedAxes& axes, const std::vector<std::vector<Rational>>& cells,
                                const std::vector<Rational>& unmatched) {
  const auto rows = axes.from_levels.size();
  const auto columns = axes.to_levels.size();
  if (cells.size() != rows || unmatched.size() != rows) {
    throw InvalidValue("a graded table of " + std::to_string(rows) + " levels was given " +
                       std::to_string(cells.size()) + " rows and " + std::to_string(unmatched.size()) +
                       " unmatched counts");
  }
  std::vector<Rational> flat;
  flat.reserve(rows * (columns + 1));
  for (std::size_t row = 0; row < rows; ++row) {
    const std::string level = axes.from.str() + ":" + axes.from_levels[row];
    if (cells[row].size() != columns) {
      throw InvalidValue("the row of " + level + " has " + std::to_string(cells[row].size()) + " cells for " +
                         std::to_string(columns) + " levels of " + axes.to.str());
    }
    flat.insert(flat.end(), cells[row].begin(), cells[row].end());
    flat.push_back(unmatched[row]);
    for (auto cell = flat.end() - static_cast<std::ptrdiff_t>(columns + 1); cell != flat.end(); ++cell) {
      if (*cell < Rational{0}) throw InvalidValue("the row of " + level + " holds " + cell->str() + ", less than nothing");
    }
  }
  return flat;
}

std::size_t cell(int row, int column, std::size_t rows, std::size_t columns) {
  if (row < 0 || column < 0 || static_cast<std::size_t>(row) >= rows || static_cast<std::size_t>(column) >= columns) {
    throw InvalidValue("a graded table has no cell (" + std::to_string(row) + ", " + std::to_string(column) + ")");
  }
  return static_cast<std::size_t>(row) * columns + static_cast<std::size_t>(column);
}

/// Shares with one more row for `unmatched`, which leads to itself: absorbed once, unmatched for good.
RationalMatrix absorbing(const GradedTable& table, const std::vector<int>& row_of) {
  const auto rows = static_cast<Eigen::Index>(row_of.size());
  const auto columns = static_cast<Eigen::Index>(table.columns());
  RationalMatrix matrix = RationalMatrix::Constant(rows + 1, columns + 1, Rational{0});
  matrix(rows, columns) = 1;
  for (Eigen::Index row = 0; row < rows; ++row) {
    const int held = row_of[static_cast<std::size_t>(row)];
    if (held < 0) continue;  // no member ever arrives there, see hub_rows()
    for (Eigen::Index column = 0; column < columns; ++column) matrix(row, column) = table.share(held, static_cast<int>(column));
    matrix(row, columns) = table.unmatched(held);
  }
  return matrix;
}

/// For each column of `first` the row of `second` with the same code, -1 if nobody arrives there.
std::vector<int> hub_rows(const GradedTable& first, const GradedTable& second) {
  if (first.axes().to != second.axes().from) {
    throw InvalidValue("the tables do not meet: one ends at " + first.axes().to.str() + ", the other starts from " +
                       second.axes().from.str());
  }
  const auto& rows = second.axes().from_levels;
  std::vector<int> found;
  for (int column = 0; column < first.columns(); ++column) {
    const auto& code = first.axes().to_levels[static_cast<std::size_t>(column)];
    const auto at = std::find(rows.begin(), rows.end(), code);
    found.push_back(at == rows.end() ? -1 : static_cast<int>(at - rows.begin()));
    if (found.back() >= 0) continue;
    for (int row = 0; row < first.rows(); ++row) {
      if (first.share(row, column) == Rational{0}) continue;
      throw InvalidValue("members of " + first.axes().from.str() + ":" + first.axes().from_levels[static_cast<std::size_t>(row)] +
                         " are placed at " + first.axes().to.str() + ":" + code +
                         ", of which the second table counted nobody");
    }
  }
  return found;
}

std::vector<int> all_rows(const GradedTable& table) {
  std::vector<int> rows(static_cast<std::size_t>(table.rows()));
  std::iota(rows.begin(), rows.end(), 0);
  return rows;
}

/// Counts per row and column (unmatched last) of a table that has them.
RationalMatrix counted(const GradedTable& table) {
  RationalMatrix counts(table.rows(), table.columns() + 1);
  for (int row = 0; row < table.rows(); ++row) {
    const auto members = table.members(row);
    if (!members) {
      throw InvalidValue("bounds need counts, and the table \"" + table.population() + "\" from " +
                         table.axes().from.str() + " to " + table.axes().to.str() + " holds shares only");
    }
    for (int column = 0; column < table.columns(); ++column) counts(row, column) = table.share(row, column) * *members;
    counts(row, table.columns()) = table.unmatched(row) * *members;
  }
  return counts;
}

}  // namespace

GradedTable::GradedTable(std::string population, GradedAxes axes)
    : population_(std::move(population)), axes_(std::move(axes)) {
  if (population_.find_first_not_of(" \t\r\n") == std::string::npos) {
    throw InvalidValue(
        "shares need a stated population: say who or what was counted, where and when; a confidence without one is no "
        "evidence");
  }
  check_codes(axes_.from_levels, axes_.from);
  check_codes(axes_.to_levels, axes_.to);
}

GradedTable GradedTable::from_counts(std::string population, GradedAxes axes,
                                     const std::vector<std::vector<Rational>>& counts,
                                     const std::vector<Rational>& unmatched) {
  GradedTable table{std::move(population), std::move(axes)};
  table.shares_ = flattened(table.axes_, counts, unmatched);
  const auto width = table.axes_.to_levels.size() + 1;
  for (std::size_t row = 0; row < table.axes_.from_levels.size(); ++row) {
    const std::span cells{table.shares_.data() + row * width, width};
    Rational members = 0;
    for (const auto& count : cells) members += count;
    if (members == Rational{0}) {
      throw InvalidValue("nobody was counted at " + table.axes_.from.str() + ":" + table.axes_.from_levels[row] +
                         "; leave the level out, which says that nothing is known of it");
    }
    for (auto& count : cells) count /= members;
    table.members_.push_back(members);
  }
  return table;
}

GradedTable GradedTable::from_shares(std::string population, GradedAxes axes,
                                     const std::vector<std::vector<Rational>>& shares,
                                     const std::vector<Rational>& unmatched) {
  GradedTable table{std::move(population), std::move(axes)};
  table.shares_ = flattened(table.axes_, shares, unmatched);
  const auto width = table.axes_.to_levels.size() + 1;
  for (std::size_t row = 0; row < table.axes_.from_levels.size(); ++row) {
    Rational sum = 0;
    for (std::size_t column = 0; column < width; ++column) sum += table.shares_[row * width + column];
    if (sum == Rational{1}) continue;
    throw InvalidValue("the shares of " + table.axes_.from.str() + ":" + table.axes_.from_levels[row] + " sum to " +
                       sum.str() + " with the unmatched share, and have to sum to 1");
  }
  return table;
}

const Rational& GradedTable::share(int from, int to) const& {
  if (to == columns()) throw InvalidValue("a graded table has no column " + std::to_string(to));
  return shares_[cell(from, to, axes_.from_levels.size(), axes_.to_levels.size() + 1)];
}

const Rational& GradedTable::unmatched(int from) const& {
  return shares_[cell(from, columns(), axes_.from_levels.size(), axes_.to_levels.size() + 1)];
}

std::optional<Rational> GradedTable::members(int from) const {
  (void)cell(from, 0, axes_.from_levels.size(), 1);
  if (members_.empty()) return std::nullopt;
  return members_[static_cast<std::size_t>(from)];
}

std::vector<std::pair<std::string, std::string>> GradedTable::support() const {
  std::vector<std::pair<std::string, std::string>> pairs;
  for (int row = 0; row < rows(); ++row) {
    for (int column = 0; column < columns(); ++column) {
      if (share(row, column) == Rational{0}) continue;
      pairs.emplace_back(axes_.from_levels[static_cast<std::size_t>(row)], axes_.to_levels[static_cast<std::size_t>(column)]);
    }
  }
  return pairs;
}

GradedTable graded_counts(const World& world, std::string population, const FrameworkId& from, const FrameworkId& to,
                          std::span<const GradedCount> counts) {
  const Framework& source = world.framework(from);
  const Framework& target = world.framework(to);
  GradedAxes axes{from, {}, to, {}};
  for (const auto& level : target.levels) axes.to_levels.push_back(level.code);

  const auto width = target.levels.size() + 1;
  std::vector<std::optional<Rational>> given(source.levels.size() * width);
  std::vector<bool> counted_level(source.levels.size(), false);
  for (const auto& each : counts) {
    const auto row = static_cast<std::size_t>(world.level_index({from, each.from}));
    const auto column = each.to ? static_cast<std::size_t>(world.level_index({to, *each.to})) : width - 1;
    auto& place = given[row * width + column];
    if (place) {
      throw InvalidValue("the count of " + from.str() + ":" + each.from +
                         (each.to ? " placed at " + to.str() + ":" + *each.to : std::string(" unmatched")) +
                         " is given twice");
    }
    place = each.count;
    counted_level[row] = true;
  }

  std::vector<std::vector<Rational>> cells;
  std::vector<Rational> unmatched;
  for (std::size_t row = 0; row < source.levels.size(); ++row) {
    if (!counted_level[row]) continue;
    axes.from_levels.push_back(source.levels[row].code);
    cells.emplace_back();
    for (std::size_t column = 0; column + 1 < width; ++column) {
      cells.back().push_back(given[row * width + column].value_or(Rational{0}));
    }
    unmatched.push_back(given[row * width + width - 1].value_or(Rational{0}));
  }
  return GradedTable::from_counts(std::move(population), std::move(axes), cells, unmatched);
}

GradedTable product(const GradedTable& first, const GradedTable& second) {
  const auto hub = hub_rows(first, second);
  const RationalMatrix left = absorbing(first, all_rows(first));
  const RationalMatrix right = absorbing(second, hub);
  const RationalMatrix chained = left.lazyProduct(right);

  const bool one_population = first.population_ == second.population_;
  GradedTable table{one_population ? first.population_ : first.population_ + "; then " + second.population_,
                    {first.axes_.from, first.axes_.from_levels, second.axes_.to, second.axes_.to_levels}};
  for (Eigen::Index row = 0; row + 1 < chained.rows(); ++row) {
    for (Eigen::Index column = 0; column < chained.cols(); ++column) table.shares_.push_back(chained(row, column));
  }
  table.assumptions_ = {std::string(kConditionalIndependence)};
  return table;
}

const Range& GradedBounds::share(int from, int to) const& {
  if (static_cast<std::size_t>(to) == axes.to_levels.size()) {
    throw InvalidValue("graded bounds have no column " + std::to_string(to));
  }
  return shares[cell(from, to, axes.from_levels.size(), axes.to_levels.size() + 1)];
}

const Range& GradedBounds::unmatched(int from) const& {
  return shares[cell(from, static_cast<int>(axes.to_levels.size()), axes.from_levels.size(), axes.to_levels.size() + 1)];
}

GradedBounds joint_bounds(const GradedTable& first, const GradedTable& second) {
  if (first.population() != second.population()) {
    throw InvalidValue("bounds hold over one population; these tables count \"" + first.population() + "\" and \"" +
                       second.population() + "\"");
  }
  const auto hub = hub_rows(first, second);
  const RationalMatrix arriving = counted(first);
  const RationalMatrix leaving = counted(second);
  for (std::size_t column = 0; column < hub.size(); ++column) {
    if (hub[column] < 0) continue;
    const Rational arrived = arriving.col(static_cast<Eigen::Index>(column)).sum();
    const Rational mass = *second.members(hub[column]);
    if (arrived <= mass) continue;
    throw InvalidValue(arrived.str() + " members arrive at " + first.axes().to.str() + ":" + first.axes().to_levels[column] +
                       ", of whom the second table counts only " + mass.str() + "; this is not one population");
  }

  GradedBounds bounds{first.population(),
                      {first.axes().from, first.axes().from_levels, second.axes().to, second.axes().to_levels},
                      {}};
  for (Eigen::Index row = 0; row < arriving.rows(); ++row) {
    const Rational members = *first.members(static_cast<int>(row));
    for (Eigen::Index column = 0; column < leaving.cols(); ++column) {
      // Members unmatched at the hub are unmatched for certain.
      const Rational lost = column + 1 == leaving.cols() ? arriving(row, arriving.cols() - 1) : Rational{0};
      Range mass{lost, lost};
      for (std::size_t at = 0; at < hub.size(); ++at) {
        if (hub[at] < 0) continue;
        const Rational& in = arriving(row, static_cast<Eigen::Index>(at));
        const Rational& out = leaving(hub[at], column);
        mass.min += std::max(Rational{0}, in + out - *second.members(hub[at]));
        mass.max += std::min(in, out);
      }
      bounds.shares.push_back({mass.min / members, mass.max / members});
    }
  }
  return bounds;
}

}  // namespace qualgraph
