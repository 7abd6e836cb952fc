/// Rows that every whole point keeps and the point of a relaxation does not.
#pragma once

#include <cstdint>
#include <vector>

#include "qualgraph/stacking/detail/box.hpp"

namespace qualgraph::detail {

/// One side of a row of the model: sum of coefficient * x <= bound.
struct Cut {
  std::vector<FlatModel::Entry> entries;
  std::int64_t bound = 0;
  double violation = 0;                  ///< distance of the point from the cut
};

/// Mixed-integer rounding of single rows, every step in integers. `point` has a value per column.
class CutFinder {
 public:
  CutFinder(const FlatModel& model, const Box& box) : model_(model), box_(box) {}

  /// Adds the best cut of each side of each of these rows to `found`.
  void separate(const std::vector<int>& rows, const std::vector<double>& point, std::vector<Cut>& found);

 private:
  struct Term {
    int column;
    std::int64_t a;        // of the shifted variable t >= 0
    double t;              // its value
    std::int64_t range;
    bool flipped;          // x = upper - t
  };
  void separate_side(int row, bool upper, const std::vector<double>& point, std::vector<Cut>& found);
  double violation(std::int64_t divisor) const;
  void flip(Term& term);
  Cut make(std::int64_t divisor, const std::vector<double>& point) const;

  const FlatModel& model_;
  const Box& box_;
  std::vector<Term> terms_;
  std::int64_t bound_ = 0;
  std::vector<std::int64_t> divisors_;
  std::vector<int> order_;
};

}  // namespace qualgraph::detail
