#include "qualgraph/stacking/integer_model.hpp"

#include <cstdlib>
#include <utility>

#include "qualgraph/model/error.hpp"

namespace qualgraph {
namespace {

__extension__ using Wide = __int128;

// Two bits below the edge, so that the difference of two activities still fits.
constexpr Wide kActivityLimit = static_cast<Wide>(1) << 61;

Wide magnitude(std::int64_t value) {
  const Wide wide = value;
  return wide < 0 ? -wide : wide;
}

Wide largest(const IntegerModel::Column& column) {
  const Wide a = magnitude(column.lower);
  const Wide b = magnitude(column.upper);
  return a > b ? a : b;
}

bool infinite(std::int64_t bound) {
  return bound == IntegerModel::kInfinity || bound <= -IntegerModel::kInfinity;
}

/// `where` is asked for the place only if something is wrong there: it costs more than the check.
template <typename Where>
void check_sum(Wide sum, const Where& where) {
  if (sum <= kActivityLimit) return;
  throw NumericOverflow("the sums of " + where() +
                        " could leave the 64-bit range; use smaller numbers or coarser units");
}

void check_row(const IntegerModel& model, const IntegerModel::Row& row, std::vector<int>& seen, int stamp) {
  const auto where = [&row] { return "row " + in_quotes(row.name); };
  Wide sum = 0;
  for (const auto& [column, coefficient] : row.terms) {
    if (column < 0 || column >= static_cast<int>(model.columns.size())) {
      throw InvalidValue(where() + " has a term without a column: number " + std::to_string(column));
    }
    const auto at = static_cast<std::size_t>(column);
    if (seen[at] == stamp) {
      throw InvalidValue(where() + " has the column " + in_quotes(model.columns[at].name) + " twice");
    }
    seen[at] = stamp;
    if (coefficient == 0) {
      throw InvalidValue(where() + " has a zero coefficient at " + in_quotes(model.columns[at].name));
    }
    sum += magnitude(coefficient) * largest(model.columns[at]);
    check_sum(sum, where);
  }
  if (row.lower > row.upper) {
    throw InvalidValue(where() + " asks for at least " + std::to_string(row.lower) + " and at most " +
                       std::to_string(row.upper));
  }
  for (const std::int64_t bound : {row.lower, row.upper}) {
    if (!infinite(bound)) check_sum(magnitude(bound), where);
  }
}

}  // namespace

int IntegerModel::add_column(std::string name, std::int64_t lower, std::int64_t upper, std::int64_t cost,
                             int priority) {
  columns.push_back({std::move(name), lower, upper, cost, priority});
  return static_cast<int>(columns.size()) - 1;
}

IntegerModel::Row& IntegerModel::add_row(std::string name, std::int64_t lower, std::int64_t upper) {
  rows.push_back({std::move(name), {}, lower, upper});
  return rows.back();
}

void IntegerModel::check() const {
  Wide cost = 0;
  for (const Column& column : columns) {
    const auto where = [&column] { return "column " + in_quotes(column.name); };
    if (infinite(column.lower) || infinite(column.upper)) throw InvalidValue(where() + " needs finite bounds");
    if (column.lower > column.upper) {
      throw InvalidValue(where() + " has no value: from " + std::to_string(column.lower) + " to " +
                         std::to_string(column.upper));
    }
    check_sum(largest(column), where);
    cost += magnitude(column.cost) * largest(column);
    check_sum(cost, [] { return std::string("the costs"); });
  }
  std::vector<int> seen(columns.size(), -1);
  int stamp = 0;
  for (const Row& row : rows) check_row(*this, row, seen, stamp++);
}

bool IntegerModel::admits(const std::vector<std::int64_t>& values) const {
  if (values.size() != columns.size()) return false;
  for (std::size_t j = 0; j < columns.size(); ++j) {
    if (values[j] < columns[j].lower || values[j] > columns[j].upper) return false;
  }
  for (const Row& row : rows) {
    Wide sum = 0;
    for (const Term& term : row.terms) {
      sum += static_cast<Wide>(term.coefficient) * values[static_cast<std::size_t>(term.column)];
    }
    if (row.lower > -kInfinity && sum < row.lower) return false;
    if (row.upper < kInfinity && sum > row.upper) return false;
  }
  return true;
}

std::int64_t IntegerModel::cost_of(const std::vector<std::int64_t>& values) const {
  Wide sum = 0;
  for (std::size_t j = 0; j < columns.size() && j < values.size(); ++j) {
    sum += static_cast<Wide>(columns[j].cost) * values[j];
  }
  if (sum > std::numeric_limits<std::int64_t>::max() || sum < std::numeric_limits<std::int64_t>::min()) {
    throw NumericOverflow("a cost left the 64-bit range");
  }
  return static_cast<std::int64_t>(sum);
}

}  // namespace qualgraph
