/// An allocation found without the integer model, as values of its columns.
#pragma once

#include "qualgraph/stacking/compile.hpp"
#include "qualgraph/stacking/settle.hpp"
#include "qualgraph/stacking/solve.hpp"

#include <optional>

namespace qualgraph::detail {

/// The settled answer as a solution of the compiled model; none unless it is admissible and costs
/// what it says.
[[nodiscard]] std::optional<Solution> settled_solution(const Compiled& compiled, Measure measure,
                                                       const Settled& settled);

}  // namespace qualgraph::detail
