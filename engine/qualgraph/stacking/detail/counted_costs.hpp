/// What is counted, as costs of an integer model.
#pragma once

#include "qualgraph/stacking/compile.hpp"

#include <cstdint>
#include <functional>

namespace qualgraph::detail {

/// Adds to the costs what is counted of each item by the rule's measure, at its least, `sign` times and in
/// steps of Compiled::scale. Items of unknown size, and those that `whose` is false for, add nothing.
void add_counted_costs(IntegerModel& model, const Compiled& compiled, const Case& view, std::int64_t sign,
                       const std::function<bool(int item)>& whose = {});

}  // namespace qualgraph::detail
