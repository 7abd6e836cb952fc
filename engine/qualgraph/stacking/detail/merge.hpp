/// Interchangeable items counted together: which learners' items may trade places without any row noticing.
#pragma once

#include <cstdint>
#include <vector>

#include "qualgraph/stacking/integer_model.hpp"

namespace qualgraph::detail {

/// A smaller model with the same least cost, and the way between the two.
class Merged {
 public:
  explicit Merged(const IntegerModel& model, bool single = false);

  [[nodiscard]] bool any() const noexcept { return any_; }
  [[nodiscard]] const IntegerModel& model() const noexcept { return merged_; }
  [[nodiscard]] std::vector<std::int64_t> shrink(const std::vector<std::int64_t>& values) const;
  [[nodiscard]] std::vector<std::int64_t> expand(const std::vector<std::int64_t>& values) const;

 private:
  /// Rows "at most one of these" that mirror each other: members[i][k] is column k of item i.
  struct Class {
    std::vector<std::vector<int>> members;
  };
  bool any_ = false;
  std::size_t columns_ = 0;
  std::vector<Class> classes_;
  std::vector<int> into_;                // of a column: its column in the merged model
  IntegerModel merged_;
};

}  // namespace qualgraph::detail
