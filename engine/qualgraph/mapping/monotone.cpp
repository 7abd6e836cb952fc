#include "qualgraph/mapping/monotone.hpp"

#include <bit>
#include <map>

namespace qualgraph {
namespace {

int step_of(const Framework& framework, int level) { return framework.levels[static_cast<std::size_t>(level)].step; }

}  // namespace

std::vector<LevelMask> printed_rows(const Mapping& mapping, EvidenceFloor floor) {
  const std::vector<LevelMask>& used = mapping.rows_at(floor).forward;
  std::vector<LevelMask> printed(used.size(), 0);
  for (const auto& [from, to] : mapping.pairs) printed[static_cast<std::size_t>(from)] |= LevelMask{1} << to;
  for (const PartialRow& row : mapping.partial) printed[static_cast<std::size_t>(row.from)] |= LevelMask{1} << row.to;
  for (std::size_t level = 0; level < used.size(); ++level) printed[level] &= used[level];
  return printed;
}

std::vector<Crossing> crossings(const World& world, const Mapping& mapping) {
  const Framework& from = world.framework(mapping.from);
  const Framework& to = world.framework(mapping.to);
  const auto code = [](const Framework& framework, int level) { return framework.levels[static_cast<std::size_t>(level)].code; };
  std::vector<std::pair<int, int>> rows;
  const std::vector<LevelMask> printed = printed_rows(mapping);
  for (std::size_t level = 0; level < printed.size(); ++level) {
    for (LevelMask rest = printed[level]; rest != 0; rest &= rest - 1) {
      rows.emplace_back(static_cast<int>(level), std::countr_zero(rest));
    }
  }
  std::vector<Crossing> result;
  for (const auto& low : rows) {
    for (const auto& high : rows) {
      if (step_of(from, low.first) < step_of(from, high.first) && step_of(to, low.second) > step_of(to, high.second)) {
        result.push_back({{code(from, low.first), code(to, low.second)}, {code(from, high.first), code(to, high.second)}});
      }
    }
  }
  return result;
}

bool is_egli_milner_monotone(const Framework& from, const Framework& to, const std::vector<LevelMask>& sets) {
  const auto lowest = [&](LevelMask set) { return step_of(to, std::countr_zero(set)); };
  const auto highest = [&](LevelMask set) { return step_of(to, 63 - std::countl_zero(set)); };
  for (std::size_t a = 0; a < sets.size(); ++a) {
    for (std::size_t b = 0; b < sets.size(); ++b) {
      if (sets[a] == 0 || sets[b] == 0 || from.levels[a].step >= from.levels[b].step) continue;
      if (lowest(sets[a]) > lowest(sets[b]) || highest(sets[a]) > highest(sets[b])) return false;
    }
  }
  return true;
}

Retention retention(const Framework& from, const std::vector<LevelMask>& sets) {
  Retention result;
  std::map<LevelMask, int> distinct;
  std::vector<std::string> run;
  LevelMask last = 0;
  const auto close_run = [&] {
    if (run.size() > 1) result.merged.push_back(run);
    run.clear();
  };
  for (std::size_t level = 0; level < sets.size(); ++level) {
    if (sets[level] == 0) continue;
    ++result.mapped;
    ++distinct[sets[level]];
    if (sets[level] != last) close_run();
    run.push_back(from.levels[level].code);
    last = sets[level];
  }
  close_run();
  result.distinct = static_cast<int>(distinct.size());
  result.share = result.mapped == 0 ? Rational{0} : Rational{result.distinct, result.mapped};
  return result;
}

}  // namespace qualgraph
