/// What can be reached at all, and what proves it either way?
///
/// Forward chaining with a counter per step (Dowling and Gallier 1984): linear in the size of all
/// tails. Reached: the steps in an order in which each finds its tail held. Not reached: the set of
/// all that is reached is closed; every step that leads out of it needs something outside.
#pragma once

#include "qualgraph/pathway/hypergraph.hpp"

#include <span>
#include <vector>

namespace qualgraph {

struct Reach {
  std::vector<int> by;        ///< per node: step that brought it; kHeld, or kNever
  std::vector<int> distance;  ///< per node: fewest rounds, each taking every step open then; conditions take none
  std::vector<int> order;     ///< steps that brought something new, in order

  static constexpr int kHeld = -1;
  static constexpr int kNever = -2;

  [[nodiscard]] bool reached(int node) const { return by[static_cast<std::size_t>(node)] != kNever; }
};

/// `barred` steps (by number) are not taken. Throws InvalidValue for a node there is none of.
[[nodiscard]] Reach reach(const Hypergraph& graph, std::span<const int> held, std::span<const int> barred = {});

/// The steps that bring `target` and nothing that they do not need, in order. Empty if it is held or
/// not reached.
[[nodiscard]] std::vector<int> derivation(const Hypergraph& graph, const Reach& reach, int target);

/// Whether `steps`, in this order, bring `target` from what is held.
[[nodiscard]] bool derives(const Hypergraph& graph, std::span<const int> held, std::span<const int> steps, int target);

/// Whether `inside` (per node) holds everything held, not `target`, and is left by no step that is not barred.
[[nodiscard]] bool closed_without(const Hypergraph& graph, std::span<const int> held, const std::vector<bool>& inside,
                                  int target, std::span<const int> barred = {});

}  // namespace qualgraph
