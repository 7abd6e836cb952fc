#include "qualgraph/pathway/detail/target_part.hpp"

#include "qualgraph/model/error.hpp"
#include "qualgraph/pathway/reach.hpp"

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>

namespace qualgraph::detail {
namespace {

std::size_t at(int position) { return static_cast<std::size_t>(position); }

}  // namespace

std::optional<TargetPart> part_for(const Hypergraph& graph, std::span<const int> held, int target) {
  if (target < 0 || target >= graph.nodes()) {
    throw InvalidValue("node " + std::to_string(target) + " is not in the graph");
  }
  const Reach reached = reach(graph, held);
  if (!reached.reached(target)) return std::nullopt;
  std::vector<int> number(at(graph.nodes()), -1);
  std::vector<int> open{target};
  HypergraphBuilder builder;
  std::vector<int> arc_of;
  std::vector<Step> steps;
  number[at(target)] = builder.add_node(graph.kind(target));
  for (std::size_t i = 0; i < open.size(); ++i) {
    const int node = open[i];
    if (reached.by[at(node)] == Reach::kHeld) continue;
    for (const int arc : graph.ways(node)) {
      const auto tail = graph.tail(arc);
      const bool usable =
          std::all_of(tail.begin(), tail.end(), [&](int other) { return reached.reached(other) && other != node; });
      if (!usable) continue;
      Step step;
      for (const int other : tail) {
        if (number[at(other)] < 0) {
          number[at(other)] = builder.add_node(graph.kind(other));
          open.push_back(other);
        }
        step.tail.push_back(number[at(other)]);
      }
      step.head = number[at(node)];
      step.cost = graph.cost(arc);
      step.time = graph.time(arc);
      step.kind = graph.arc_kind(arc);
      for (int r = 0; r < graph.resources(); ++r) step.resources.push_back(graph.resource(arc, r));
      steps.push_back(std::move(step));
      arc_of.push_back(arc);
    }
  }
  for (auto& step : steps) builder.add_step(std::move(step));
  TargetPart part{Hypergraph(builder), {}, std::move(arc_of), number[at(target)]};
  for (const int node : held) {
    if (number[at(node)] >= 0) part.held.push_back(number[at(node)]);
  }
  std::sort(part.held.begin(), part.held.end());
  part.held.erase(std::unique(part.held.begin(), part.held.end()), part.held.end());
  return part;
}

}  // namespace qualgraph::detail
