/// How much is asked for in all, against how much there is?
///
/// Minima that draw on the same items cannot be met together where the items do not go round: the
/// minima are added up, and each item counts once, where it is worth most. This needs no relaxation,
/// so it answers for models that are too large for one.
#pragma once

#include "qualgraph/stacking/integer_model.hpp"

#include <cstdint>
#include <utility>
#include <vector>

namespace qualgraph::detail {

struct Tally {
  std::int64_t bound = 0;  ///< no admissible values cost less
  /// By row, as in Proof: the sum of these rows is the bound.
  std::vector<std::pair<int, std::int64_t>> multipliers;
};

/// The better of two sums: over all minima, and over those that `values` (if any) leave open with all
/// that hold items the open ones could use.
[[nodiscard]] Tally tally(const IntegerModel& model, const std::vector<std::int64_t>& values);

}  // namespace qualgraph::detail
