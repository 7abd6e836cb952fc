/// Which levels of one framework stand opposite a level of another, and by which documents?
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "qualgraph/model/id.hpp"
#include "qualgraph/model/mapping.hpp"
#include "qualgraph/model/source.hpp"
#include "qualgraph/model/world.hpp"

namespace qualgraph {

/// The longest chain of documents that is followed: beyond it placements say too little.
inline constexpr int kMaxDocuments = 4;

enum class AnswerStatus : std::uint8_t {
  mapped,           ///< at least one level stands opposite
  no_counterpart,   ///< a document says that the level has no counterpart
  conflict,         ///< documents contradict each other; see LevelAnswer::conflict
  no_route,         ///< not established: no document or chain of documents answers
  unknown_edition,  ///< only documents answer of which it is not known whether they held on the day asked
};

enum class RouteStatus : std::uint8_t {
  alive,            ///< admitted, and gives levels
  dead,             ///< admitted or peer, and a document says that nothing stands opposite on the way
  silent,           ///< admitted or peer, and nothing was seen about a level on the way
  peer,             ///< gives levels through another national framework: listed, without guarantee
  not_admitted,     ///< uses a document that is left out; see RouteAnswer::reason
  unknown_edition,  ///< uses a document of which it is not known whether it held on the day asked
};

[[nodiscard]] const char* to_string(AnswerStatus status) noexcept;
[[nodiscard]] const char* to_string(RouteStatus status) noexcept;

enum class Purpose : std::uint8_t {
  information,
  recognition,  ///< leaves out documents their authors do not want used for it
  preview,      ///< uses drafts too, to see what they would change; guarantees nothing where one is used
};

/// How a question is asked.
struct MapOptions {
  /// Frameworks between the two, in order; an empty list asks for the direct documents only; none
  /// given takes every admitted route.
  std::optional<std::vector<FrameworkId>> via;
  /// Hub steps by which two placements may differ at each joint (best-fit tolerance).
  int slack = 0;
  /// Award type that selects the row of a level split by type.
  std::optional<std::string> type;
  Purpose purpose = Purpose::information;
  /// List peer and not admitted routes as well.
  bool all_routes = false;
};

/// One document of a route and what it did to the set of levels.
struct RouteStep {
  MappingId mapping;
  DocumentId document;
  FrameworkId from;               ///< in the direction of the route
  FrameworkId to;
  bool converse = false;          ///< the document was read from its target to its source
  bool information_only = false;  ///< a referencing read backwards: its authors judged the other direction
  Evidence evidence = Evidence::unknown;  ///< read when every row used was read, else known
  std::vector<std::string> arriving;      ///< levels before the step (slack included)
  std::vector<std::string> leaving;       ///< levels after it
};

/// One chain of documents from the level asked to the framework asked.
struct RouteAnswer {
  std::vector<FrameworkId> path;
  std::vector<MappingId> mappings;
  std::vector<DocumentId> documents;
  std::vector<std::string> possible;  ///< codes in rank order
  LevelMask levels = 0;               ///< the same, as positions
  bool complete = false;              ///< supports a guarantee
  bool admitted = false;
  bool states_no_counterpart = false; ///< a direct document that says so
  RouteStatus status = RouteStatus::silent;
  std::string reason;                 ///< why the route is incomplete, dead, silent or left out
  Strength strength = Strength::third_party;   ///< class of the weakest document
  Evidence evidence = Evidence::unknown;       ///< read when every row used was read
  bool independent = false;           ///< shares no document with, and is not derived from, an earlier route
  bool converse = false;              ///< reads some document backwards
  std::vector<RouteStep> steps;
};

/// Documents that contradict each other.
struct Conflict {
  std::vector<int> family;   ///< a smallest contradicting set of routes, as positions in LevelAnswer::routes
  bool by_union = false;     ///< even the strongest routes disagree: `possible` is their union
};

/// A neighbouring level that is mapped, where the level asked is not.
struct Neighbour {
  std::string level;
  std::vector<std::string> possible;
  bool complete = false;
};

struct LevelAnswer {
  LevelRef from;
  FrameworkId to;
  AnswerStatus status = AnswerStatus::no_route;
  std::vector<std::string> possible;           ///< codes in rank order
  LevelMask levels = 0;                        ///< the same, as positions
  std::vector<std::string> floors;             ///< greatest lower bounds of `possible`; one code wherever it exists
  std::vector<std::string> ceilings;
  std::optional<int> width;                    ///< rank of the ceiling minus rank of the floor
  bool complete = false;                       ///< "at least the floor" holds, relative to the cited rows
  bool peer = false;                           ///< answered by peer routes only
  /// For a level without counterpart: greatest floor of the levels below, least ceiling of those above.
  std::optional<std::string> bracket_low;
  std::optional<std::string> bracket_high;
  std::vector<RouteAnswer> routes;             ///< in canonical order: strength, fewer documents, ids
  std::optional<Conflict> conflict;
  std::vector<int> narrowed_by;                ///< routes that exclude levels another complete route leaves possible
  /// Per possible code: the smallest sets of documents that support it.
  std::map<std::string, std::vector<std::vector<DocumentId>>> witnesses;
  std::string reason;                          ///< why nothing stands opposite; empty when mapped
  std::vector<std::string> remarks;
  std::vector<RouteAnswer> left_out;           ///< direct documents that were not used, with the reason
  std::optional<Neighbour> nearest_below;      ///< where the level itself is not mapped
  std::optional<Neighbour> nearest_above;
};

/// Throws UnknownId for a framework or level nobody knows, InvalidValue for a question that cannot
/// be asked (negative slack, a `via` that visits a framework twice, more than kMaxDocuments).
[[nodiscard]] LevelAnswer map_level(const World& world, const LevelRef& from, const FrameworkId& to,
                                    const MapOptions& options = {});

/// Every level of a framework, in rank order.
[[nodiscard]] std::vector<LevelAnswer> map_framework(const World& world, const FrameworkId& from, const FrameworkId& to,
                                                     const MapOptions& options = {});

/// The least levels of `on` that reach `level` by what the documents guarantee (lower adjoint of
/// the mapping from `on`): translates a minimum. Several only on parallel tracks; none when no level reaches it.
[[nodiscard]] std::vector<LevelRef> at_least(const World& world, const LevelRef& level, const FrameworkId& on,
                                             const MapOptions& options = {});

/// The greatest levels of `on` that stay within `level` (upper adjoint): translates a cap.
[[nodiscard]] std::vector<LevelRef> at_most(const World& world, const LevelRef& level, const FrameworkId& on,
                                            const MapOptions& options = {});

}  // namespace qualgraph
