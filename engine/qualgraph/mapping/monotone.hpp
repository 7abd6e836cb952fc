/// Does a table respect the order of the levels, and what does it merge?
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "qualgraph/mapping/map_level.hpp"
#include "qualgraph/model/mapping.hpp"
#include "qualgraph/model/rational.hpp"
#include "qualgraph/model/world.hpp"

namespace qualgraph {

/// Per source level, where the rows printed in the document place it. Unlike the sets that answers
/// rest on, nothing is taken over from a parent or from sub-levels.
[[nodiscard]] std::vector<LevelMask> printed_rows(const Mapping& mapping, EvidenceFloor floor = EvidenceFloor::all);

/// Two rows that cross: the lower level of the first framework stands opposite the higher of the second.
struct Crossing {
  std::pair<std::string, std::string> low;   ///< (lower source level, its higher target level)
  std::pair<std::string, std::string> high;
};

/// Crossings among the printed rows of one document; reported, never repaired.
[[nodiscard]] std::vector<Crossing> crossings(const World& world, const Mapping& mapping);

/// Whether lowest and highest counterpart rise with the level (Egli-Milner order). Levels without
/// counterpart are passed over.
[[nodiscard]] bool is_egli_milner_monotone(const Framework& from, const Framework& to,
                                           const std::vector<LevelMask>& sets);

/// Distinct row sets per mapped level, and the neighbours that share one.
struct Retention {
  Rational share;                                            ///< 1 when every mapped level stays distinct
  int distinct = 0;
  int mapped = 0;
  std::vector<std::vector<std::string>> merged;              ///< runs of levels with the same row set
};

[[nodiscard]] Retention retention(const Framework& from, const std::vector<LevelMask>& sets);

}  // namespace qualgraph
