/// Which documents contradict each other, and how much hangs on each of them?
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "qualgraph/model/id.hpp"
#include "qualgraph/model/world.hpp"

namespace qualgraph {

/// One row of one mapping, or its statement that a level has no counterpart (empty `to`).
struct RowRef {
  MappingId mapping;
  std::string from;
  std::string to;
  friend auto operator<=>(const RowRef&, const RowRef&) = default;
  friend bool operator==(const RowRef&, const RowRef&) = default;
};

/// Complete routes that leave no level in common for one level.
struct Disagreement {
  LevelRef level;
  FrameworkId to;
  std::vector<std::vector<MappingId>> family;        ///< a smallest contradicting set of routes
  std::vector<std::vector<std::string>> sets;        ///< what each of them gives
};

struct ConflictReport {
  std::vector<Disagreement> disagreements;
  /// Rows whose withdrawal leaves no disagreement, in canonical order: a smallest set with a row of
  /// every contradiction, taken from the rows that the contradicting routes use. A level that loses a
  /// row counts as unresolved in its document: what is left of its rows is possible, and guarantees
  /// nothing.
  std::vector<RowRef> withdraw;
  bool withdraw_is_minimum = true;                   ///< false: the search limit was met, the set suffices but may not be smallest
};

[[nodiscard]] ConflictReport conflicts(const World& world);

/// What is lost with one document.
struct DocumentReliance {
  DocumentId document;
  std::string title;
  int pairs_supported = 0;   ///< (level, level) pairs of different frameworks some admitted living route through it supports
  int pairs_lost = 0;        ///< pairs that no admitted living route supports without it
  int levels_lost = 0;       ///< (level, framework) questions that lose every counterpart without it
};

/// Every document in use, the one most relied on first.
[[nodiscard]] std::vector<DocumentReliance> reliance(const World& world);

}  // namespace qualgraph
