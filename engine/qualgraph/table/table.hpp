/// Results as a table: named columns of equal length.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "qualgraph/table/column.hpp"

namespace qualgraph {

/// Immutable; copies share the columns.
class Table {
 public:
  Table() = default;
  /// Throws InvalidValue when lengths differ or a name is used twice.
  explicit Table(std::vector<Column> columns);

  [[nodiscard]] std::int64_t rows() const noexcept { return columns_.empty() ? 0 : columns_.front().size(); }
  [[nodiscard]] std::span<const Column> columns() const& noexcept { return columns_; }
  /// Throws UnknownId naming the nearest columns.
  [[nodiscard]] const Column& column(std::string_view name) const&;

 private:
  std::vector<Column> columns_;
};

}  // namespace qualgraph
