/// Good values, found by trying: single steps that mend one broken row at a time.
#pragma once

#include "qualgraph/stacking/detail/box.hpp"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <utility>
#include <vector>

namespace qualgraph::detail {

class LocalSearch {
 public:
  explicit LocalSearch(const FlatModel& model);

  /// From `values` within `box`, until `steps` steps in a row bring nothing better. Whether `values` now hold
  /// something that keeps every row and costs no more than `limit`; stops as soon as the cost is at most `target`.
  /// `stop` (if any) is asked now and then; true ends it with what was found.
  bool run(const Box& box, std::vector<std::int64_t>& values, std::int64_t limit, std::int64_t target, int steps,
           std::uint64_t seed, const std::function<bool()>& stop = {});

 private:
  struct Row {
    std::int64_t low = 0;
    std::int64_t high = 0;
    std::int64_t low_weight = 0;
    std::int64_t high_weight = 0;
    std::int64_t sum = 0;
    std::int64_t reach = 0;  ///< the low end, or for a minimum what the box lets its sum come to
    int slack = -1;
    bool hard_low = false;
    bool hard_high = false;
    bool units = true;
  };
  struct Entry {
    int index;
    std::int64_t a;
  };
  static std::size_t at(int index) noexcept { return static_cast<std::size_t>(index); }
  static std::int64_t penalty(const Row& row, std::int64_t sum) {
    if (sum < row.low) return (row.low - sum) * row.low_weight;
    if (sum > row.high) return (sum - row.high) * row.high_weight;
    return 0;
  }
  [[nodiscard]] std::int64_t change(int column, std::int64_t step) const;
  void take(int column, std::int64_t step);
  /// What a minimum lacks, at its price; 0 for other rows.
  [[nodiscard]] std::int64_t shortfall(const Row& row) const {
    return row.slack < 0 ? 0 : row.low_weight * std::max(model_.lower[at(row.slack)], row.low - row.sum);
  }
  void note(int row);

  const FlatModel& model_;
  std::vector<Row> rows_, start_rows_;
  std::vector<int> row_start_, column_start_;
  std::vector<Entry> row_entries_, column_entries_;
  std::vector<char> is_slack_;
  std::vector<std::int64_t> x_;
  std::int64_t short_ = 0;                           // of all minima
  std::vector<std::pair<int, std::int64_t>> since_;  // steps since the best values
  std::vector<int> tabu_;
  std::vector<int> broken_hard_, broken_soft_, place_;   // lists of rows, and where each row stands in its list
};

}  // namespace qualgraph::detail
