#include "qualgraph/pathway/detail/knuth.hpp"

#include <boost/multiprecision/cpp_int.hpp>

#include <cstddef>
#include <functional>
#include <queue>
#include <utility>

namespace qualgraph::detail {
namespace {

using Whole = boost::multiprecision::cpp_int;

std::size_t at(int position) { return static_cast<std::size_t>(position); }

std::int64_t plus(std::int64_t a, std::int64_t b) { return saturated(a, b); }
Whole plus(const Whole& a, const Whole& b) { return a + b; }

template <class Number>
struct Settled {
  std::vector<Number> value;
  std::vector<char> reached;
  std::vector<int> by;
};

template <class Number>
Settled<Number> settle(const Hypergraph& graph, const std::vector<int>& held, const std::vector<std::int64_t>& own,
                       bool sum) {
  Settled<Number> found;
  found.value.assign(at(graph.nodes()), Number(0));
  found.reached.assign(at(graph.nodes()), 0);
  found.by.assign(at(graph.nodes()), -1);
  std::vector<char> settled(at(graph.nodes()), 0);
  std::vector<int> waiting(at(graph.arcs()));
  std::vector<Number> so_far(at(graph.arcs()), Number(0));
  using Entry = std::pair<Number, int>;
  std::priority_queue<Entry, std::vector<Entry>, std::greater<>> queue;
  const auto offer = [&](int arc) {
    if (own[at(arc)] == kUnlimited) return;
    Number value = plus(so_far[at(arc)], Number(own[at(arc)]));
    const int head = graph.head(arc);
    if (found.reached[at(head)] != 0 && value >= found.value[at(head)]) return;
    found.reached[at(head)] = 1;
    found.value[at(head)] = value;
    found.by[at(head)] = arc;
    queue.emplace(std::move(value), head);
  };
  for (const int node : held) {
    found.reached[at(node)] = 1;
    queue.emplace(Number(0), node);
  }
  for (int arc = 0; arc < graph.arcs(); ++arc) {
    waiting[at(arc)] = static_cast<int>(graph.tail(arc).size());
    if (waiting[at(arc)] == 0) offer(arc);
  }
  while (!queue.empty()) {
    const auto [value, node] = queue.top();
    queue.pop();
    if (settled[at(node)] != 0 || value != found.value[at(node)]) continue;
    settled[at(node)] = 1;
    for (const int arc : graph.uses(node)) {
      // Nodes are settled in order of value, so the last one is the largest.
      so_far[at(arc)] = sum ? plus(so_far[at(arc)], value) : value;
      if (--waiting[at(arc)] == 0) offer(arc);
    }
  }
  return found;
}

}  // namespace

Values knuth(const Hypergraph& graph, const std::vector<int>& held, const std::vector<std::int64_t>& own, bool sum) {
  auto found = settle<std::int64_t>(graph, held, own, sum);
  for (std::size_t n = 0; n < found.value.size(); ++n) {
    if (found.reached[n] == 0) found.value[n] = kUnlimited;
  }
  return {std::move(found.value), std::move(found.by)};
}

std::string least_sum(const Hypergraph& graph, const std::vector<int>& held, const std::vector<std::int64_t>& own,
                      int target) {
  const auto quick = settle<std::int64_t>(graph, held, own, true);
  if (quick.reached[at(target)] == 0) return {};
  if (quick.value[at(target)] < kUnlimited - 1) return std::to_string(quick.value[at(target)]);
  return settle<Whole>(graph, held, own, true).value[at(target)].str();
}

}  // namespace qualgraph::detail
