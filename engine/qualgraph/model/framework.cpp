#include "qualgraph/model/framework.hpp"

#include <bit>

namespace qualgraph {

int Framework::index_of(std::string_view code) const noexcept {
  for (std::size_t i = 0; i < levels.size(); ++i) {
    if (levels[i].code == code) return static_cast<int>(i);
  }
  return -1;
}

namespace {

int step_of(const Framework& framework, int level) { return framework.levels[static_cast<std::size_t>(level)].step; }

/// Levels of `framework` on one step.
std::vector<int> on_step(const Framework& framework, int step) {
  std::vector<int> result;
  for (int i = 0; i < static_cast<int>(framework.levels.size()); ++i) {
    if (step_of(framework, i) == step) result.push_back(i);
  }
  return result;
}

}  // namespace

Bounds bounds(const Framework& framework, LevelMask set) {
  Bounds result;
  if (set == 0) return result;
  const int lowest = step_of(framework, std::countr_zero(set));
  const int highest = step_of(framework, 63 - std::countl_zero(set));
  for (LevelMask rest = set; rest != 0; rest &= rest - 1) {
    const int level = std::countr_zero(rest);
    if (step_of(framework, level) == lowest) result.minimal.push_back(level);
    if (step_of(framework, level) == highest) result.maximal.push_back(level);
  }
  // Steps are a weak order: what lies below two tracks of one step is the whole step underneath.
  if (result.minimal.size() == 1) {
    result.floors.push_back(result.minimal.front());
  } else {
    result.floors = on_step(framework, lowest - 1);
  }
  if (result.maximal.size() == 1) {
    result.ceilings.push_back(result.maximal.front());
  } else {
    result.ceilings = on_step(framework, highest + 1);
  }
  return result;
}

std::vector<std::string> codes(const Framework& framework, LevelMask set) {
  std::vector<std::string> result;
  for (; set != 0; set &= set - 1) {
    result.push_back(framework.levels[static_cast<std::size_t>(std::countr_zero(set))].code);
  }
  return result;
}

}  // namespace qualgraph
