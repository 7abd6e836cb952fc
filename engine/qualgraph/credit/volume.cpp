#include "qualgraph/credit/volume.hpp"

#include "qualgraph/credit/detail/interval.hpp"
#include "qualgraph/model/error.hpp"

namespace qualgraph {
namespace {

void check(const Range& years) {
  if (years.max < years.min) throw InvalidValue("\"" + to_string(years) + "\" years end below their start");
  if (years.min < Rational{0} || years.max == Rational{0}) {
    throw InvalidValue("a volume of learning of " + to_string(years) + " years has to be more than 0");
  }
}

}  // namespace

VolumeOfLearning volume_of_learning(const Range& years, const CreditSystem& system, EvidenceFloor floor) {
  check(years);
  const std::string id = system.alias_of ? system.alias_of->str() : system.id.str();
  VolumeOfLearning answer;
  answer.years = years;
  answer.system = CreditSystemId{id};
  answer.evidence = system.evidence;
  answer.sources = system.sources;
  if (!system.credits_per_year) {
    answer.missing.push_back(id + " states no credits per full-time year");
    return answer;
  }
  if (floor == EvidenceFloor::read && system.evidence != Evidence::read) {
    answer.missing.push_back(id + " has no credits per full-time year that were read in a source");
    return answer;
  }
  answer.credits = detail::times(years, detail::point(*system.credits_per_year));
  if (system.hours_per_credit) {
    answer.hours = detail::times(*answer.credits, *system.hours_per_credit);
  } else {
    answer.missing.push_back(id + " states no hours per credit");
  }
  return answer;
}

VolumeOfLearning volume_of_learning(const World& world, const Range& years, const CreditSystemId& system) {
  return volume_of_learning(years, world.credit_system(system), world.view().evidence);
}

VolumeOfLearning volume_of_learning(const World& world, const Range& years, const FrameworkId& framework) {
  const Framework& found = world.framework(framework);
  if (found.credit_system) return volume_of_learning(world, years, *found.credit_system);
  check(years);
  VolumeOfLearning answer;
  answer.years = years;
  answer.missing.push_back(found.id.str() + " names no credit system");
  answer.sources = found.sources;
  return answer;
}

}  // namespace qualgraph
