#include "qualgraph/pathway/hyperpath.hpp"

#include "qualgraph/model/error.hpp"
#include "qualgraph/pathway/detail/knuth.hpp"
#include "qualgraph/pathway/detail/least_way.hpp"

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>

namespace qualgraph {
namespace {

std::size_t at(int position) { return static_cast<std::size_t>(position); }

static_assert(Hyperpaths::kUnreached == detail::kUnlimited);

}  // namespace

Hyperpaths hyperpaths(const Hypergraph& graph, std::span<const int> held, PathMeasure measure) {
  std::vector<std::int64_t> own;
  own.reserve(at(graph.arcs()));
  for (int arc = 0; arc < graph.arcs(); ++arc) {
    switch (measure) {
      case PathMeasure::recounted_cost:
      case PathMeasure::dearest_chain:
        own.push_back(graph.cost(arc));
        break;
      case PathMeasure::time:
        own.push_back(graph.time(arc));
        break;
      case PathMeasure::depth:
        own.push_back(graph.arc_kind(arc) == ArcKind::condition ? 0 : 1);
        break;
    }
  }
  for (const int node : held) {
    if (node < 0 || node >= graph.nodes()) throw InvalidValue("node " + std::to_string(node) + " is not in the graph");
  }
  detail::Values found = detail::knuth(graph, {held.begin(), held.end()}, own, measure == PathMeasure::recounted_cost);
  return {std::move(found.value), std::move(found.by)};
}

Cheapest cheapest(const Hypergraph& graph, std::span<const int> held, int target, const CheapestOptions& options) {
  const auto part = detail::part_for(graph, held, target);
  if (!part) return {};
  std::vector<std::int64_t> price;
  for (int arc = 0; arc < part->graph.arcs(); ++arc) price.push_back(part->graph.cost(arc));
  detail::WayLimits limits;
  limits.nodes = options.nodes;
  limits.stop = options.stop;
  const detail::LeastWay least = detail::least_way(*part, price, limits);
  Cheapest found;
  found.nodes = least.nodes;
  found.cost = least.price;
  found.dearest_chain = hyperpaths(part->graph, part->held, PathMeasure::dearest_chain).value[at(part->target)];
  found.recounted = detail::least_sum(part->graph, part->held, price, part->target);
  found.bound = std::max(found.dearest_chain, least.bound);
  const bool optimal = least.proved || found.bound == found.cost;
  found.status = optimal ? Cheapest::Status::optimal : Cheapest::Status::not_proved;
  for (const int arc : least.arcs) found.steps.push_back(part->arc_of[at(arc)]);
  return found;
}

}  // namespace qualgraph
