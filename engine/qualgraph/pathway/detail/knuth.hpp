/// Least values of all nodes by a superior measure: Knuth's generalisation of Dijkstra (1977).
#pragma once

#include "qualgraph/pathway/hypergraph.hpp"

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

namespace qualgraph::detail {

constexpr std::int64_t kUnlimited = std::numeric_limits<std::int64_t>::max();

/// Sums beyond the 64-bit range stop just below kUnlimited, which stays what it is.
[[nodiscard]] inline std::int64_t saturated(std::int64_t a, std::int64_t b) {
  if (a == kUnlimited || b == kUnlimited) return kUnlimited;
  return a > kUnlimited - 1 - b ? kUnlimited - 1 : a + b;
}

struct Values {
  std::vector<std::int64_t> value;  ///< per node; kUnlimited where it is not reached
  std::vector<int> by;              ///< per node: its last step; -1 if held or not reached
};

/// Least values over arcs whose `own` is not kUnlimited: sums, or the largest, over tails.
[[nodiscard]] Values knuth(const Hypergraph& graph, const std::vector<int>& held, const std::vector<std::int64_t>& own,
                           bool sum);

/// The least sum of one node in decimal digits, however many they are; empty where it is not reached.
[[nodiscard]] std::string least_sum(const Hypergraph& graph, const std::vector<int>& held,
                                    const std::vector<std::int64_t>& own, int target);

}  // namespace qualgraph::detail
