/// Bounds of all columns, tightened by the activities of rows, with a trail to go back.
#pragma once

#include <cstdint>
#include <vector>

#include "qualgraph/stacking/integer_model.hpp"

namespace qualgraph::detail {

/// An integer model in flat arrays; the objective is the row after the last one.
struct FlatModel {
  struct Entry {
    int index = 0;                       ///< a column in a row's list, a row in a column's list
    std::int64_t coefficient = 0;
  };

  explicit FlatModel(const IntegerModel& model);
  FlatModel() = default;
  /// Fills the lists by column from the lists by row.
  void index_columns();
  /// Adds rows before the objective: each with its entries and bounds.
  void add_row(const std::vector<Entry>& entries, std::int64_t low, std::int64_t high);

  int columns = 0;
  int rows = 0;                          ///< without the objective
  std::vector<std::int64_t> lower, upper, cost;
  std::vector<int> priority;
  std::vector<std::int64_t> row_lower, row_upper;   ///< of rows + 1
  /// How many rows a column is in, the objective aside.
  [[nodiscard]] int uses(int column) const noexcept {
    const auto j = static_cast<std::size_t>(column);
    return column_start[j + 1] - column_start[j] - (cost[j] != 0 ? 1 : 0);
  }
  std::vector<int> row_start, column_start;
  std::vector<Entry> row_entries, column_entries;
};

class Box {
 public:
  explicit Box(const FlatModel& model);

  [[nodiscard]] std::int64_t lower(int column) const noexcept { return lower_[at(column)]; }
  [[nodiscard]] std::int64_t upper(int column) const noexcept { return upper_[at(column)]; }
  [[nodiscard]] bool fixed(int column) const noexcept { return lower_[at(column)] == upper_[at(column)]; }
  [[nodiscard]] std::int64_t least(int row) const noexcept { return least_[at(row)]; }
  [[nodiscard]] std::int64_t most(int row) const noexcept { return most_[at(row)]; }
  [[nodiscard]] std::int64_t row_lower(int row) const noexcept { return row_lower_[at(row)]; }
  [[nodiscard]] std::int64_t row_upper(int row) const noexcept { return row_upper_[at(row)]; }

  /// False if the box is empty then. Rows that feel it wait for propagate().
  bool set_lower(int column, std::int64_t value);
  bool set_upper(int column, std::int64_t value);
  /// "cost <= limit" from now on.
  void limit_cost(std::int64_t limit);
  /// A lower ceiling of a row from now on.
  void limit_row(int row, std::int64_t upper);
  /// Puts every row in the queue.
  void touch_all();
  /// False if the box turns out to be empty.
  bool propagate();

  [[nodiscard]] std::size_t mark() const noexcept { return trail_.size(); }
  void undo(std::size_t mark);

 private:
  struct Change {
    int column;
    std::int64_t lower, upper;
  };
  static std::size_t at(int index) noexcept { return static_cast<std::size_t>(index); }
  void move_lower(int column, std::int64_t value);
  void move_upper(int column, std::int64_t value);
  void enqueue(int row);
  bool tighten(int row);

  const FlatModel* model_;
  std::vector<std::int64_t> lower_, upper_, row_lower_, row_upper_, least_, most_, widest_;
  std::vector<Change> trail_;
  std::vector<int> queue_;
  std::vector<char> queued_;
};

}  // namespace qualgraph::detail
