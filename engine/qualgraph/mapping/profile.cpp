#include "qualgraph/mapping/profile.hpp"

#include <algorithm>
#include <set>

#include "qualgraph/model/error.hpp"

namespace qualgraph {
namespace {

void check_level(const Framework& framework, int level) {
  if (level >= 0 && static_cast<std::size_t>(level) < framework.levels.size()) return;
  throw InvalidValue(framework.id.str() + " has " + std::to_string(framework.levels.size()) + " levels, none at position " +
                     std::to_string(level));
}

int step_of(const Framework& framework, int level) { return framework.levels[static_cast<std::size_t>(level)].step; }

}  // namespace

DomainProfile profile(const Framework& framework, std::span<const DomainLevel> domains, std::optional<int> official) {
  if (domains.empty()) throw InvalidValue("a profile needs at least one domain");
  DomainProfile answer;
  answer.framework = framework.id;
  answer.domains.assign(domains.begin(), domains.end());
  answer.official = official;
  if (official) check_level(framework, *official);

  LevelMask levels = 0;
  std::vector<int> steps;
  std::set<std::string> seen;
  for (const auto& [domain, level] : domains) {
    if (domain.empty()) throw InvalidValue("a profile has a domain without a name");
    if (!seen.insert(domain).second) throw InvalidValue("a profile lists the domain \"" + domain + "\" twice");
    check_level(framework, level);
    levels |= LevelMask{1} << level;
    steps.push_back(step_of(framework, level));
    if (!official) continue;
    if (steps.back() > step_of(framework, *official)) answer.above_official.push_back(domain);
    if (steps.back() < step_of(framework, *official)) answer.below_official.push_back(domain);
  }
  std::sort(steps.begin(), steps.end());
  answer.spread = steps.back() - steps.front();
  answer.meet = bounds(framework, levels).floors;
  const int median = steps[(steps.size() - 1) / 2];
  for (int level = 0; level < static_cast<int>(framework.levels.size()); ++level) {
    if ((levels >> level & 1U) != 0 && step_of(framework, level) == median) answer.lower_median.push_back(level);
  }
  return answer;
}

DomainProfile profile(const World& world, std::span<const DomainPlacement> domains,
                      const std::optional<LevelRef>& official) {
  if (domains.empty()) throw InvalidValue("a profile needs at least one domain");
  const FrameworkId& id = domains.front().level.framework;
  const auto position = [&](const LevelRef& level) {
    if (level.framework != id) {
      throw InvalidValue("a profile holds levels of one framework; this one names " + domains.front().level.str() + " and " +
                         level.str());
    }
    return world.level_index(level);
  };
  std::vector<DomainLevel> positions;
  for (const auto& [domain, level] : domains) positions.push_back({domain, position(level)});
  return profile(world.framework(id), positions, official ? std::optional{position(*official)} : std::nullopt);
}

}  // namespace qualgraph
