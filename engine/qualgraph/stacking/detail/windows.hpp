/// Sums that whole parts can reach: what a range of a row means beyond its linear relaxation.
#pragma once

#include <cstdint>
#include <vector>

#include "qualgraph/stacking/detail/box.hpp"

namespace qualgraph::detail {

/// low <= sum + slack and sum <= high, over columns with positive coefficients.
struct Window {
  /// Columns of one item stand together and have one coefficient; at most `range` of them count.
  struct Part {
    int begin = 0;                       ///< of its entries
    int end = 0;
    std::int64_t range = 0;
    int item = -1;                       ///< row that says so, or -1
  };
  std::vector<FlatModel::Entry> entries;
  std::vector<Part> parts;
  std::int64_t low = 0;
  std::int64_t high = 0;
  int slack = -1;                        ///< column that may stand in for what is missing, or -1
  int low_row = -1;
  int high_row = -1;
};

class Windows {
 public:
  /// Finds rows with both ends, and pairs of rows that are the two ends of one sum.
  void find(const FlatModel& model, const Box& box);
  void find_ceilings(const FlatModel& model, const Box& box);
  /// Rows and windows in turn until nothing changes; false if the box is empty then.
  bool settle(Box& box);
  /// Removes values no reachable sum goes with; `changed` says whether any was. False if none is left.
  bool filter(Box& box, bool& changed);
  [[nodiscard]] bool empty() const noexcept { return windows_.empty(); }
  [[nodiscard]] const std::vector<Window>& all() const noexcept { return windows_; }
  /// Ceilings without a minimum, each with the largest sum that can be reached as `high`.
  [[nodiscard]] const std::vector<Window>& ceilings() const noexcept { return ceilings_; }

 private:
  bool filter(const Window& window, Box& box, bool& changed);

  std::vector<Window> windows_, ceilings_;
  std::vector<std::uint64_t> before_;    // sums of the entries before each, one bit set after another
  std::vector<std::uint64_t> after_, next_;
  struct Open {
    int column;
    std::int64_t a;
    std::int64_t lower, upper;
  };
  std::vector<Open> open_;
};

}  // namespace qualgraph::detail
