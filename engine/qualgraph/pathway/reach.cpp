#include "qualgraph/pathway/reach.hpp"

#include "qualgraph/model/error.hpp"

#include <algorithm>
#include <cstddef>
#include <string>

namespace qualgraph {
namespace {

std::size_t at(int position) { return static_cast<std::size_t>(position); }

void check_nodes(const Hypergraph& graph, std::span<const int> nodes) {
  for (const int node : nodes) {
    if (node < 0 || node >= graph.nodes()) throw InvalidValue("node " + std::to_string(node) + " is not in the graph");
  }
}

std::vector<bool> marked(int size, std::span<const int> members) {
  std::vector<bool> marks(at(size), false);
  for (const int member : members) {
    if (member < 0 || member >= size) throw InvalidValue("number " + std::to_string(member) + " is not in the graph");
    marks[at(member)] = true;
  }
  return marks;
}

}  // namespace

Reach reach(const Hypergraph& graph, std::span<const int> held, std::span<const int> barred) {
  check_nodes(graph, held);
  Reach found;
  found.by.assign(at(graph.nodes()), Reach::kNever);
  found.distance.assign(at(graph.nodes()), Reach::kNever);
  const auto closed = marked(graph.arcs(), barred);
  std::vector<int> waiting(at(graph.arcs()));
  std::vector<int> now, ready;
  for (const int node : held) {
    if (found.by[at(node)] == Reach::kHeld) continue;
    found.by[at(node)] = Reach::kHeld;
    found.distance[at(node)] = 0;
    now.push_back(node);
  }
  int round = 0;
  const auto fire = [&](int arc, int distance) {
    const int head = graph.head(arc);
    if (found.by[at(head)] != Reach::kNever) return;
    found.by[at(head)] = arc;
    found.distance[at(head)] = distance;
    found.order.push_back(arc);
    now.push_back(head);
  };
  // A condition takes no round: what it brings is there in the round that meets it.
  const auto meet = [&](int arc) {
    if (closed[at(arc)]) return;
    if (graph.arc_kind(arc) == ArcKind::condition) {
      fire(arc, round);
    } else {
      ready.push_back(arc);
    }
  };
  for (int arc = 0; arc < graph.arcs(); ++arc) {
    waiting[at(arc)] = static_cast<int>(graph.tail(arc).size());
    if (waiting[at(arc)] == 0) meet(arc);
  }
  while (!now.empty() || !ready.empty()) {
    for (std::size_t i = 0; i < now.size(); ++i) {
      for (const int arc : graph.uses(now[i])) {
        if (--waiting[at(arc)] == 0) meet(arc);
      }
    }
    now.clear();
    ++round;
    std::vector<int> firing;
    firing.swap(ready);
    for (const int arc : firing) fire(arc, round);
  }
  return found;
}

std::vector<int> derivation(const Hypergraph& graph, const Reach& reach, int target) {
  check_nodes(graph, std::span(&target, 1));
  std::vector<bool> needed(at(graph.nodes()), false);
  std::vector<int> open{target}, steps;
  needed[at(target)] = true;
  while (!open.empty()) {
    const int node = open.back();
    open.pop_back();
    const int arc = reach.by[at(node)];
    if (arc < 0) continue;
    for (const int other : graph.tail(arc)) {
      if (needed[at(other)]) continue;
      needed[at(other)] = true;
      open.push_back(other);
    }
  }
  if (reach.by[at(target)] < 0) return steps;
  std::copy_if(reach.order.begin(), reach.order.end(), std::back_inserter(steps),
               [&](int arc) { return needed[at(graph.head(arc))]; });
  return steps;
}

bool derives(const Hypergraph& graph, std::span<const int> held, std::span<const int> steps, int target) {
  auto have = marked(graph.nodes(), held);
  check_nodes(graph, std::span(&target, 1));
  for (const int arc : steps) {
    if (arc < 0 || arc >= graph.arcs()) return false;
    for (const int node : graph.tail(arc)) {
      if (!have[at(node)]) return false;
    }
    have[at(graph.head(arc))] = true;
  }
  return have[at(target)];
}

bool closed_without(const Hypergraph& graph, std::span<const int> held, const std::vector<bool>& inside, int target,
                    std::span<const int> barred) {
  if (inside.size() != at(graph.nodes()) || target < 0 || target >= graph.nodes() || inside[at(target)]) return false;
  if (std::any_of(held.begin(), held.end(),
                  [&](int node) { return node < 0 || node >= graph.nodes() || !inside[at(node)]; })) {
    return false;
  }
  const auto closed = marked(graph.arcs(), barred);
  for (int arc = 0; arc < graph.arcs(); ++arc) {
    if (closed[at(arc)] || inside[at(graph.head(arc))]) continue;
    const auto tail = graph.tail(arc);
    if (std::all_of(tail.begin(), tail.end(), [&](int node) { return inside[at(node)]; })) return false;
  }
  return true;
}

}  // namespace qualgraph
