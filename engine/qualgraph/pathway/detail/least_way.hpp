/// The least way to a target by one price, within limits on time, steps and resources.
///
/// Branch and bound: a node of the search fixes by which step something is brought, or rules that step
/// out. Steps that even the shortest chain through them takes past a limit are closed; below every
/// node lies a bound of landmark cuts (Helmert and Domshlak 2009), for every limited sum as well.
#pragma once

#include "qualgraph/pathway/detail/knuth.hpp"
#include "qualgraph/pathway/detail/target_part.hpp"

#include <cstdint>
#include <functional>
#include <vector>

namespace qualgraph::detail {

struct WayLimits {
  std::int64_t price = kUnlimited;  ///< only ways below this are of interest
  std::int64_t time = kUnlimited;   ///< at most
  std::int64_t steps = kUnlimited;  ///< at most, conditions not counted
  std::vector<std::int64_t> caps;   ///< per resource, at most
  std::int64_t nodes = 20'000;
  std::function<bool()> stop;
};

struct LeastWay {
  bool proved = false;
  bool found = false;
  std::vector<int> arcs;  ///< of the part, in an order they can be taken in
  std::int64_t price = 0, time = 0, steps = 0;
  std::vector<std::int64_t> used;
  std::int64_t bound = 0;  ///< no way within the limits has less; of `limits.price` if there is none below it
  std::int64_t nodes = 0;
};

/// `price` per arc, none negative.
[[nodiscard]] LeastWay least_way(const TargetPart& part, const std::vector<std::int64_t>& price,
                                 const WayLimits& limits);

}  // namespace qualgraph::detail
