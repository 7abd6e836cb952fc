/// Which stacking rules does a world hold?
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "qualgraph/model/world.hpp"
#include "qualgraph/stacking/rule.hpp"

namespace qualgraph {

/// The rule of this id, parsed when it is first asked for and kept with the world's facts. Throws
/// UnknownId naming the nearest ids, FactError with every fault of a rule that cannot be read.
[[nodiscard]] std::shared_ptr<const Rule> find_rule(const World& world, std::string_view id);

/// Ids of all rules, sorted.
[[nodiscard]] std::vector<std::string> rule_ids(const World& world);

}  // namespace qualgraph
