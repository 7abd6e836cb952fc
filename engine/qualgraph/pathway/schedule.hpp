/// In which terms can a set of steps be taken, with so much study in each?
///
/// The least number of terms lies at or above the longest chain of prerequisites and the whole load
/// divided by the load of a term. A schedule is built by longest chain first (Hu 1961) and improved by
/// a search of the whole tree while that is small; it is the best when it meets its bound.
#pragma once

#include <cstdint>
#include <vector>

namespace qualgraph {

struct StudyBlock {
  std::int64_t load = 0;   ///< in units of the load of a term
  std::vector<int> after;  ///< positions that must lie in an earlier term
};

struct Schedule {
  std::vector<int> term;  ///< per study, from 0
  int terms = 0;
  int bound = 0;  ///< no schedule has fewer terms
  int chain = 0;  ///< terms of the longest chain
  bool optimal = false;
};

/// Throws InvalidValue for a study larger than a term, a negative load or a circle of prerequisites.
[[nodiscard]] Schedule schedule(const std::vector<StudyBlock>& studies, std::int64_t load,
                                std::int64_t nodes = 200'000);

}  // namespace qualgraph
