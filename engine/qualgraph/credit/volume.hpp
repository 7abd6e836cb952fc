/// How many credits is a volume of learning, a size stated in full-time years?
///
/// Years become credits only through a year load that the system states; a missing load is the
/// answer "not stated", never a usual figure in its place.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "qualgraph/credit/credits.hpp"
#include "qualgraph/model/credit_system.hpp"
#include "qualgraph/model/world.hpp"

namespace qualgraph {

struct VolumeOfLearning {
  Range years;                       ///< full-time years, as asked
  CreditSystemId system;             ///< second names resolved; empty if the framework states none
  std::optional<Range> credits;
  std::optional<Range> hours;        ///< class hours if the system counts those
  std::vector<std::string> missing;  ///< why credits or hours are not stated
  Evidence evidence = Evidence::unknown;
  std::vector<Source> sources;
};

/// Throws InvalidValue for years that are not positive or whose ends are swapped, UnknownId.
[[nodiscard]] VolumeOfLearning volume_of_learning(const World& world, const Range& years,
                                                  const CreditSystemId& system);
/// In the credit system that the framework names.
[[nodiscard]] VolumeOfLearning volume_of_learning(const World& world, const Range& years,
                                                  const FrameworkId& framework);
[[nodiscard]] VolumeOfLearning volume_of_learning(const Range& years, const CreditSystem& system,
                                                  EvidenceFloor floor = EvidenceFloor::all);

}  // namespace qualgraph
