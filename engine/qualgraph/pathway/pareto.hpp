/// Which ways to a target does no other way beat in cost, time and number of steps at once?
///
/// Two exact methods, one after the other. Label setting (Martins 1984) carried over to hypergraphs: a
/// label is a set of steps that brings a node, each paid once; one label beats another only if it is no
/// worse in cost, time, steps and every capped resource, and holds everything (no later) that a later
/// step could share. Where the labels run out of their budget: the cheapest way within limits on time and steps,
/// each way found splitting the limits yet to be searched (Haimes, Lasdon and Wismer 1971).
#pragma once

#include "qualgraph/pathway/hypergraph.hpp"

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

namespace qualgraph {

struct ParetoOptions {
  bool cost = true, time = true, steps = true;  ///< what is to be least
  std::vector<std::int64_t> caps;               ///< per resource: most that may be used; missing: no limit
  std::int64_t labels = 20'000;                 ///< tried at most
  std::int64_t nodes = 200;                     ///< of each search within limits
  int searches = 400;                           ///< within limits, at most
  std::function<bool()> stop;
};

struct Pathway {
  std::int64_t cost = 0, time = 0, steps = 0;  ///< `steps` leaves conditions out
  std::vector<std::int64_t> resources;
  std::vector<int> arcs;  ///< in an order they can be taken in
};

struct ParetoSet {
  bool reached = false;       ///< some way exists (within the caps, if `proved`)
  bool proved = false;        ///< `ways` is the whole set
  std::vector<Pathway> ways;  ///< by cost, then time, then steps
  Pathway least;              ///< no way has less of any that is to be least; `arcs` empty
  std::int64_t labels = 0;    ///< tried
};

[[nodiscard]] ParetoSet pareto(const Hypergraph& graph, std::span<const int> held, int target,
                               const ParetoOptions& options = {});

}  // namespace qualgraph
