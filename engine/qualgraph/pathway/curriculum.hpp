/// Which units hold others up, and how much hangs on each?
///
/// The published metrics of a curriculum (Heileman and others, curricularanalytics.org): blocking
/// (units that need this one, directly or not), delay (units on the longest chain through it),
/// centrality (sum of the lengths of all chains from a first to a last unit that pass through it) and
/// complexity (blocking + delay). Delay and centrality take one pass each over the requirements, with
/// exact numbers of any size; blocking counts reached units in blocks of bits, vertices times
/// requirements divided by 512 in steps of 512 bits.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace qualgraph {

struct CurriculumMetrics {
  std::vector<std::int64_t> blocking;
  std::vector<std::int64_t> delay;
  std::vector<std::string> centrality;  ///< decimal: the number of chains outgrows every machine word
  std::vector<std::int64_t> complexity;
  std::string whole_centrality;  ///< sum over units
};

/// Units 0 to `units` - 1; a requirement (a, b) says that b needs a. Requirements stated twice count once.
/// Throws InvalidValue for a unit there is none of, or a circle, naming it.
[[nodiscard]] CurriculumMetrics curriculum_metrics(int units, const std::vector<std::pair<int, int>>& requirements);

}  // namespace qualgraph
