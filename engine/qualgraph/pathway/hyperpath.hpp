/// What is the least a target takes, when parts are shared and when they are not?
///
/// Least by a superior measure: Knuth's generalisation of Dijkstra (1977). The cost of a target as if
/// shared parts were paid anew each time they are used (an upper bound), the cost of its dearest chain
/// (a lower bound), the least time when everything possible runs side by side (exact). With shared
/// parts paid once the optimum is NP-hard (Ausiello et al.); it is found by branch and bound, bounded
/// below by landmark cuts (Helmert and Domshlak 2009), which never lie below the dearest chain.
#pragma once

#include "qualgraph/pathway/hypergraph.hpp"

#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace qualgraph {

enum class PathMeasure : std::uint8_t {
  recounted_cost,  ///< sums; a part used twice is paid twice
  dearest_chain,   ///< cost of the dearest chain of steps that cannot be avoided
  time,            ///< latest part plus the step's own time
  depth,           ///< longest chain of steps, conditions not counted
};

struct Hyperpaths {
  static constexpr std::int64_t kUnreached = std::numeric_limits<std::int64_t>::max();
  std::vector<std::int64_t> value;  ///< per node; kUnreached
  std::vector<int> by;              ///< per node: its last step; -1 if held or not reached
};

/// Least values of every node. Sums beyond the 64-bit range stop at kUnreached - 1.
[[nodiscard]] Hyperpaths hyperpaths(const Hypergraph& graph, std::span<const int> held, PathMeasure measure);

struct CheapestOptions {
  std::int64_t nodes = 20'000;
  std::function<bool()> stop;
};

struct Cheapest {
  enum class Status : std::uint8_t { optimal, not_proved, unreachable };
  Status status = Status::unreachable;
  std::vector<int> steps;       ///< in an order they can be taken in
  std::int64_t cost = 0;        ///< of `steps`, each paid once
  std::int64_t bound = 0;       ///< nothing costs less
  std::string recounted = "0";  ///< as if shared parts were paid each time; decimal: it outgrows every machine word
  std::int64_t dearest_chain = 0;
  std::int64_t nodes = 0;
};

/// The cheapest set of steps that brings `target`, each paid once.
[[nodiscard]] Cheapest cheapest(const Hypergraph& graph, std::span<const int> held, int target,
                                const CheapestOptions& options = {});

}  // namespace qualgraph
