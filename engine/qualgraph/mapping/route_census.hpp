/// How many routes of any kind join two frameworks, and how far do they agree?
#pragma once

#include <cstdint>
#include <vector>

#include "qualgraph/mapping/map_level.hpp"
#include "qualgraph/model/world.hpp"

namespace qualgraph {

/// Routes between one ordered pair of frameworks, composed level by level.
struct PairCensus {
  int from = 0;                        ///< positions in world.frameworks()
  int to = 0;
  std::int64_t routes = 0;             ///< simple routes, peer routes included
  std::int64_t alive = 0;              ///< those that give levels for some level
  std::size_t first_level = 0;         ///< where its source levels begin in RouteCensus::some and every
  int levels_agreeing = 0;             ///< source levels whose living routes all give the same set
  int levels_reached = 0;              ///< source levels with a living route
};

struct RouteCensus {
  std::vector<PairCensus> pairs;       ///< in order of frameworks; pairs without a route are left out
  std::vector<LevelMask> some;         ///< per pair and source level: levels some living route gives
  std::vector<LevelMask> every;        ///< per pair and source level: levels every living route gives
};

/// Every ordered pair joined by at most `max_documents` documents in use.
///
/// A survey of the network, not an answer: it follows peer routes as well, and with whole tables
/// hardly any pair agrees on everything. Throws InvalidValue unless 1 <= max_documents <= 8.
[[nodiscard]] RouteCensus route_census(const World& world, int max_documents = kMaxDocuments);

}  // namespace qualgraph
