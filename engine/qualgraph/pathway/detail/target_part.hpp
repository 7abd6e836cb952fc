/// The part of a graph that can matter for one target.
#pragma once

#include "qualgraph/pathway/hypergraph.hpp"

#include <optional>
#include <span>
#include <vector>

namespace qualgraph::detail {

/// Reached from what is held, and leading to the target; steps into what is held are left out.
struct TargetPart {
  Hypergraph graph;
  std::vector<int> held;    ///< ascending, each once
  std::vector<int> arc_of;  ///< arc of the whole graph
  int target = 0;
};

/// None if the target is not reached. Throws InvalidValue for a node there is none of.
[[nodiscard]] std::optional<TargetPart> part_for(const Hypergraph& graph, std::span<const int> held, int target);

}  // namespace qualgraph::detail
