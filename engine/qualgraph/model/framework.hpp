/// A qualifications framework: its ordered levels and its qualification types.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "qualgraph/model/id.hpp"
#include "qualgraph/model/rational.hpp"
#include "qualgraph/model/source.hpp"

namespace qualgraph {

/// Level sets are bit masks, bit i standing for the i-th level in rank order.
using LevelMask = std::uint64_t;
inline constexpr int kMaxLevels = 64;

/// One step of a framework. Codes stay as the framework writes them; order comes from `rank`.
struct Level {
  std::string code;
  int rank = 0;
  std::optional<std::string> label;
  std::optional<std::string> parallel;  ///< levels of one group are tracks side by side, none above another
  std::optional<std::string> parent;    ///< code of the level this one is a sub-level of
  int step = 0;                         ///< position from the bottom, one for a whole parallel group
};

/// A size in credits of a named system; an open end is not stated.
struct CreditBounds {
  std::optional<Rational> min;
  std::optional<Rational> max;
  std::string system;
};

/// A class of awards with a level, a size and a title rule.
struct QualificationType {
  std::string name;
  std::optional<std::string> level;                 ///< code in its framework
  std::vector<std::string> level_range;             ///< first and last code, where awards sit at several levels
  std::optional<CreditBounds> credits;
  Evidence evidence = Evidence::unknown;            ///< of name and level
  Evidence credits_evidence = Evidence::unknown;
};

struct Framework {
  FrameworkId id;
  std::string name;
  std::string jurisdiction;
  std::string kind;                                 ///< national, regional or sectoral
  bool hub = false;                                 ///< a regional level framework others are referenced to
  std::optional<std::string> status;
  std::optional<int> since;
  std::optional<std::string> authority;
  std::vector<Level> levels;                        ///< in rank order
  Evidence levels_evidence = Evidence::unknown;
  std::vector<QualificationType> qualification_types;
  Evidence types_evidence = Evidence::unknown;
  std::optional<CreditSystemId> credit_system;
  std::vector<std::string> aliases;
  std::optional<FrameworkId> superseded_by;         ///< the edition that took this one's place
  std::vector<Source> sources;
  std::string notes;
  std::string json;                                 ///< the fact as loaded, whole

  /// Position of a level in `levels`, or -1.
  [[nodiscard]] int index_of(std::string_view code) const noexcept;
  /// a <= b in the framework's order: equal, or on a lower step (levels of one parallel group are incomparable).
  [[nodiscard]] bool at_most(int a, int b) const noexcept { return a == b || levels[static_cast<std::size_t>(a)].step < levels[static_cast<std::size_t>(b)].step; }
  [[nodiscard]] LevelMask all() const noexcept {
    return levels.size() == kMaxLevels ? ~LevelMask{0} : (LevelMask{1} << levels.size()) - 1;
  }
};

/// Lower and upper ends of a set of levels in a framework's order.
struct Bounds {
  std::vector<int> minimal;   ///< minimal elements of the set
  std::vector<int> maximal;
  std::vector<int> floors;    ///< greatest lower bounds: one, its meet, wherever it exists
  std::vector<int> ceilings;  ///< least upper bounds
};

/// Ends of a non-empty set of levels. Within parallel tracks the floor is the meet below them.
[[nodiscard]] Bounds bounds(const Framework& framework, LevelMask set);

/// Codes of a set in rank order.
[[nodiscard]] std::vector<std::string> codes(const Framework& framework, LevelMask set);

}  // namespace qualgraph
