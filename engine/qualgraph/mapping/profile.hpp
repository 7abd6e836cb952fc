/// Where does a level stand domain by domain, and how far do the domains agree?
///
/// A document may compare knowledge, skills and autonomy one by one; a level is then a vector, one
/// level of the target per domain. The official level of the whole row stays the answer; the
/// profile explains it.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "qualgraph/model/framework.hpp"
#include "qualgraph/model/id.hpp"
#include "qualgraph/model/world.hpp"

namespace qualgraph {

/// One domain and its level, as a position in the framework's levels.
struct DomainLevel {
  std::string domain;
  int level = 0;

  friend bool operator==(const DomainLevel&, const DomainLevel&) = default;
};

/// Levels are positions in the framework; several stand together only on parallel tracks.
struct DomainProfile {
  FrameworkId framework;
  std::vector<DomainLevel> domains;      ///< as given
  std::vector<int> meet;                 ///< the level every domain reaches; empty if tracks meet below the bottom
  std::vector<int> lower_median;         ///< half of the domains, rounded up, are at or below it: the best-fit reading
  int spread = 0;                        ///< steps between the lowest and the highest domain; 0: all agree
  std::optional<int> official;           ///< level of the whole row, where the document states one
  std::vector<std::string> above_official;   ///< domains on a higher step than the official level
  std::vector<std::string> below_official;
};

/// Lower median: of n domains in order, number ceil(n/2); unlike a mean it is a level that some
/// domain has, and it never falls when a domain rises. Throws InvalidValue for an empty profile, a
/// domain without a name or listed twice, or a level outside the framework.
[[nodiscard]] DomainProfile profile(const Framework& framework, std::span<const DomainLevel> domains,
                                    std::optional<int> official = std::nullopt);

/// One domain and its level as written ("eqf:5"); all of one framework.
struct DomainPlacement {
  std::string domain;
  LevelRef level;
};

/// The same by codes. Throws UnknownId, and InvalidValue when the levels are of several frameworks.
[[nodiscard]] DomainProfile profile(const World& world, std::span<const DomainPlacement> domains,
                                    const std::optional<LevelRef>& official = std::nullopt);

}  // namespace qualgraph
