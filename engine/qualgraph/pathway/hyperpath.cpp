#include "qualgraph/pathway/hyperpath.hpp"

#include "qualgraph/model/error.hpp"
#include "qualgraph/pathway/detail/target_part.hpp"

#include <algorithm>
#include <cstddef>
#include <queue>
#include <string>
#include <utility>

namespace qualgraph {
namespace {

constexpr std::int64_t kUnreached = Hyperpaths::kUnreached;

std::size_t at(int position) { return static_cast<std::size_t>(position); }

std::int64_t plus(std::int64_t a, std::int64_t b) {
  if (a == kUnreached || b == kUnreached) return kUnreached;
  return a > kUnreached - 1 - b ? kUnreached - 1 : a + b;
}

/// Knuth's algorithm: `own(arc)` is added to the sum, or the largest, of the values of its tail.
template <typename Own>
Hyperpaths knuth(const Hypergraph& graph, std::span<const int> held, bool sum, const Own& own) {
  Hyperpaths found;
  found.value.assign(at(graph.nodes()), kUnreached);
  found.by.assign(at(graph.nodes()), -1);
  std::vector<bool> settled(at(graph.nodes()), false);
  std::vector<int> waiting(at(graph.arcs()));
  std::vector<std::int64_t> so_far(at(graph.arcs()), 0);
  using Entry = std::pair<std::int64_t, int>;
  std::priority_queue<Entry, std::vector<Entry>, std::greater<>> queue;
  const auto offer = [&](int arc) {
    const std::int64_t step = own(arc);
    if (step == kUnreached) return;
    const std::int64_t value = plus(so_far[at(arc)], step);
    const int head = graph.head(arc);
    if (value >= found.value[at(head)]) return;
    found.value[at(head)] = value;
    found.by[at(head)] = arc;
    queue.emplace(value, head);
  };
  for (const int node : held) {
    if (node < 0 || node >= graph.nodes()) throw InvalidValue("node " + std::to_string(node) + " is not in the graph");
    found.value[at(node)] = 0;
    queue.emplace(0, node);
  }
  for (int arc = 0; arc < graph.arcs(); ++arc) {
    waiting[at(arc)] = static_cast<int>(graph.tail(arc).size());
    if (waiting[at(arc)] == 0) offer(arc);
  }
  while (!queue.empty()) {
    const auto [value, node] = queue.top();
    queue.pop();
    if (settled[at(node)] || value != found.value[at(node)]) continue;
    settled[at(node)] = true;
    for (const int arc : graph.uses(node)) {
      // Nodes are settled in order of value, so the last one is the largest.
      so_far[at(arc)] = sum ? plus(so_far[at(arc)], value) : value;
      if (--waiting[at(arc)] == 0) offer(arc);
    }
  }
  return found;
}

class Search {
 public:
  Search(const detail::TargetPart& part, const CheapestOptions& options, std::int64_t chain)
      : part_(part), graph_(part.graph), options_(options), chain_(chain) {
    for (int arc = 0; arc < graph_.arcs(); ++arc) price_.push_back(graph_.cost(arc));
  }

  /// The first way to pay for the target, from recounted sums.
  Cheapest run() {
    best_.status = Cheapest::Status::not_proved;
    best_.cost = kUnreached;
    open_bound_ = kUnreached;
    descend(0, 0);
    best_.nodes = nodes_;
    const bool complete = !stopped_;
    best_.bound = complete ? best_.cost : std::max(chain_, std::min(open_bound_, best_.cost));
    if (complete || best_.bound == best_.cost) best_.status = Cheapest::Status::optimal;
    return std::move(best_);
  }

 private:
  static constexpr std::int64_t kBarred = kUnreached;

  /// Sum of disjoint cuts under the prices now, each of which every way to the target crosses.
  std::int64_t landmarks(std::int64_t enough) {
    std::vector<std::int64_t> left = price_;
    std::int64_t sum = 0;
    std::vector<int> open;
    while (sum < enough) {
      const Hyperpaths dear = knuth(graph_, part_.held, false, [&](int arc) { return left[at(arc)]; });
      const std::int64_t ahead = dear.value[at(part_.target)];
      if (ahead == kUnreached) return kUnreached;
      if (ahead == 0) break;
      // The one node of each tail that is dearest stands for the tail.
      std::vector<int> support(at(graph_.arcs()), -1);
      std::vector<bool> dead(at(graph_.arcs()), false);
      for (int arc = 0; arc < graph_.arcs(); ++arc) {
        std::int64_t most = -1;
        for (const int node : graph_.tail(arc)) {
          const std::int64_t value = dear.value[at(node)];
          if (value == kUnreached) dead[at(arc)] = true;
          if (value > most) {
            most = value;
            support[at(arc)] = node;
          }
        }
        dead[at(arc)] = dead[at(arc)] || left[at(arc)] == kBarred;
      }
      // Goal side: nodes from which zero steps lead to the target.
      std::vector<bool> goal(at(graph_.nodes()), false);
      goal[at(part_.target)] = true;
      open.assign(1, part_.target);
      while (!open.empty()) {
        const int node = open.back();
        open.pop_back();
        for (const int arc : graph_.ways(node)) {
          const int from = support[at(arc)];
          if (dead[at(arc)] || left[at(arc)] != 0 || from < 0 || goal[at(from)]) continue;
          goal[at(from)] = true;
          open.push_back(from);
        }
      }
      // What is held side: reached over supports without entering the goal side; steps that enter it are the cut.
      std::vector<bool> near(at(graph_.nodes()), false);
      std::vector<int> cut;
      const auto cross = [&](int arc) {
        if (dead[at(arc)]) return;
        const int head = graph_.head(arc);
        if (goal[at(head)]) {
          cut.push_back(arc);
        } else if (!near[at(head)]) {
          near[at(head)] = true;
          open.push_back(head);
        }
      };
      open.clear();
      for (const int node : part_.held) {
        if (near[at(node)] || goal[at(node)]) continue;
        near[at(node)] = true;
        open.push_back(node);
      }
      for (int arc = 0; arc < graph_.arcs(); ++arc) {
        if (support[at(arc)] < 0) cross(arc);
      }
      while (!open.empty()) {
        const int node = open.back();
        open.pop_back();
        for (const int arc : graph_.uses(node)) {
          if (support[at(arc)] == node) cross(arc);
        }
      }
      std::int64_t least = kUnreached;
      for (const int arc : cut) least = std::min(least, left[at(arc)]);
      if (cut.empty() || least == 0 || least == kUnreached) break;
      for (const int arc : cut) left[at(arc)] -= least;
      sum = plus(sum, least);
    }
    return sum;
  }

  /// Steps that the recounted sums choose, each once, without those nothing needs.
  std::vector<int> chosen_steps() {
    const Hyperpaths sums = knuth(graph_, part_.held, true, [&](int arc) { return price_[at(arc)]; });
    if (sums.value[at(part_.target)] == kUnreached) return {};
    std::vector<bool> needed(at(graph_.nodes()), false);
    std::vector<int> open{part_.target}, steps;
    needed[at(part_.target)] = true;
    while (!open.empty()) {
      const int node = open.back();
      open.pop_back();
      const int arc = sums.by[at(node)];
      if (arc < 0) continue;
      steps.push_back(arc);
      for (const int other : graph_.tail(arc)) {
        if (needed[at(other)]) continue;
        needed[at(other)] = true;
        open.push_back(other);
      }
    }
    // Each node's last step was chosen when all of its tail was settled: following tails back never circles.
    std::vector<int> sorted;
    std::vector<char> state(at(graph_.arcs()), 0);
    std::vector<int> stack(steps.rbegin(), steps.rend());
    while (!stack.empty()) {
      const int arc = stack.back();
      auto& now = state[at(arc)];
      if (now == 2 || now == 1) {
        stack.pop_back();
        if (now == 1) sorted.push_back(arc);
        now = 2;
        continue;
      }
      now = 1;
      for (const int node : graph_.tail(arc)) {
        const int before = sums.by[at(node)];
        if (before >= 0 && state[at(before)] == 0) stack.push_back(before);
      }
    }
    steps = std::move(sorted);
    return steps;
  }

  /// `spent`: cost of the steps already taken (their price is 0 now).
  void descend(std::int64_t spent, int depth) {
    if (stopped_) {
      open_bound_ = std::min(open_bound_, spent);
      return;
    }
    ++nodes_;
    const std::int64_t room = best_.cost == kUnreached ? kUnreached : best_.cost - spent;
    const std::int64_t ahead = landmarks(room);
    if (ahead == kUnreached || (best_.cost != kUnreached && ahead >= room)) return;
    const std::vector<int> steps = chosen_steps();
    std::int64_t own = 0;
    int dearest = -1;
    for (const int arc : steps) {
      own = plus(own, price_[at(arc)]);
      if (price_[at(arc)] > 0 && (dearest < 0 || price_[at(arc)] > price_[at(dearest)])) dearest = arc;
    }
    if (plus(spent, own) < best_.cost) {
      best_.cost = plus(spent, own);
      best_.steps = steps;
    }
    if (own <= ahead || dearest < 0) return;
    if (nodes_ >= options_.nodes || (options_.stop && nodes_ % 64 == 0 && options_.stop())) {
      stopped_ = true;
      open_bound_ = std::min(open_bound_, plus(spent, ahead));
      return;
    }
    const std::int64_t price = price_[at(dearest)];
    price_[at(dearest)] = 0;
    descend(plus(spent, price), depth + 1);
    price_[at(dearest)] = kBarred;
    if (stopped_) {
      open_bound_ = std::min(open_bound_, plus(spent, ahead));
    } else {
      descend(spent, depth + 1);
    }
    price_[at(dearest)] = price;
  }

  const detail::TargetPart& part_;
  const Hypergraph& graph_;
  const CheapestOptions& options_;
  std::int64_t chain_;
  std::vector<std::int64_t> price_;
  Cheapest best_;
  std::int64_t nodes_ = 0;
  std::int64_t open_bound_ = 0;
  bool stopped_ = false;
};

}  // namespace

Hyperpaths hyperpaths(const Hypergraph& graph, std::span<const int> held, PathMeasure measure) {
  switch (measure) {
    case PathMeasure::recounted_cost:
      return knuth(graph, held, true, [&](int arc) { return graph.cost(arc); });
    case PathMeasure::dearest_chain:
      return knuth(graph, held, false, [&](int arc) { return graph.cost(arc); });
    case PathMeasure::time:
      return knuth(graph, held, false, [&](int arc) { return graph.time(arc); });
    case PathMeasure::depth:
      return knuth(graph, held, false,
                   [&](int arc) -> std::int64_t { return graph.arc_kind(arc) == ArcKind::condition ? 0 : 1; });
  }
  return {};
}

Cheapest cheapest(const Hypergraph& graph, std::span<const int> held, int target, const CheapestOptions& options) {
  if (target < 0 || target >= graph.nodes())
    throw InvalidValue("node " + std::to_string(target) + " is not in the graph");
  const auto part = detail::part_for(graph, held, target);
  if (!part) return {};
  const std::int64_t chain = hyperpaths(part->graph, part->held, PathMeasure::dearest_chain).value[at(part->target)];
  Cheapest found = Search(*part, options, chain).run();
  found.dearest_chain = chain;
  found.recounted = hyperpaths(part->graph, part->held, PathMeasure::recounted_cost).value[at(part->target)];
  for (int& arc : found.steps) arc = part->arc_of[at(arc)];
  return found;
}

}  // namespace qualgraph
