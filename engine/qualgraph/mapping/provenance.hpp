/// On which documents does one pair of levels rest?
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "qualgraph/mapping/map_level.hpp"

namespace qualgraph {

/// Support of one target level by the routes of an answer.
///
/// The polynomial has one term per route (a product of documents, with repeats), after Green,
/// Karvounarakis and Tannen, "Provenance Semirings" (PODS 2007). It says what supports the pair;
/// an intersection also rests on what other routes exclude, so that withdrawing a document can
/// enlarge an answer.
struct Provenance {
  std::string level;
  std::vector<std::vector<DocumentId>> terms;      ///< one per route, in canonical order
  std::vector<std::vector<DocumentId>> witnesses;  ///< minimal sets that support the pair
  std::vector<std::vector<DocumentId>> withdrawals;///< minimal sets whose withdrawal loses the pair
  int documents = 0;                               ///< fewest documents of one route
  Strength strength = Strength::third_party;       ///< of the strongest route
  Evidence evidence = Evidence::unknown;

  /// "x[a]·x[b] + x[c]".
  [[nodiscard]] std::string polynomial() const;
};

/// Throws UnknownId when `code` is not among the answer's possible levels.
[[nodiscard]] Provenance provenance(const LevelAnswer& answer, const std::string& code);

/// Minimal sets that meet every set of `family`.
[[nodiscard]] std::vector<std::vector<DocumentId>> minimal_hitting_sets(
    const std::vector<std::vector<DocumentId>>& family);

}  // namespace qualgraph
