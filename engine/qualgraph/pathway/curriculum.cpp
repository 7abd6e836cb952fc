#include "qualgraph/pathway/curriculum.hpp"

#include "qualgraph/model/error.hpp"

#include <boost/multiprecision/cpp_int.hpp>

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <limits>
#include <numeric>
#include <optional>

namespace qualgraph {
namespace {

using Big = boost::multiprecision::cpp_int;
using Small = std::uint64_t;

std::size_t at(int position) { return static_cast<std::size_t>(position); }

/// Requirements as rows in both directions, and an order in which every unit follows what it needs.
struct Graph {
  std::vector<std::size_t> out_begin, in_begin;
  std::vector<int> out, in;
  std::vector<int> order;

  Graph(int units, std::vector<std::pair<int, int>> edges) {
    const auto key = [&](const std::pair<int, int>& edge) {
      return static_cast<std::uint64_t>(edge.first) * static_cast<std::uint64_t>(units) +
             static_cast<std::uint64_t>(edge.second);
    };
    for (const auto& [a, b] : edges) {
      if (a < 0 || b < 0 || a >= units || b >= units) {
        throw InvalidValue("a requirement names unit " + std::to_string(a < 0 || a >= units ? a : b) +
                           ", which is not there");
      }
    }
    std::sort(edges.begin(), edges.end(), [&](const auto& a, const auto& b) { return key(a) < key(b); });
    edges.erase(std::unique(edges.begin(), edges.end()), edges.end());
    rows(units, edges, out_begin, out, false);
    rows(units, edges, in_begin, in, true);
    std::vector<int> waiting(at(units));
    for (int v = 0; v < units; ++v) {
      waiting[at(v)] = static_cast<int>(in_begin[at(v) + 1] - in_begin[at(v)]);
      if (waiting[at(v)] == 0) order.push_back(v);
    }
    for (std::size_t i = 0; i < order.size(); ++i) {
      for (std::size_t e = out_begin[at(order[i])]; e < out_begin[at(order[i]) + 1]; ++e) {
        if (--waiting[at(out[e])] == 0) order.push_back(out[e]);
      }
    }
    if (order.size() != at(units)) throw InvalidValue("units need each other in a circle: " + circle(waiting));
  }

  [[nodiscard]] bool first(int v) const { return in_begin[at(v)] == in_begin[at(v) + 1]; }
  [[nodiscard]] bool last(int v) const { return out_begin[at(v)] == out_begin[at(v) + 1]; }

 private:
  static void rows(int units, const std::vector<std::pair<int, int>>& edges, std::vector<std::size_t>& begin,
                   std::vector<int>& values, bool backward) {
    begin.assign(at(units) + 1, 0);
    for (const auto& [a, b] : edges) ++begin[at(backward ? b : a) + 1];
    std::partial_sum(begin.begin(), begin.end(), begin.begin());
    values.resize(edges.size());
    std::vector<std::size_t> next(begin.begin(), begin.end() - 1);
    for (const auto& [a, b] : edges) values[next[at(backward ? b : a)]++] = backward ? a : b;
  }

  [[nodiscard]] std::string circle(const std::vector<int>& waiting) const {
    int v =
        static_cast<int>(std::find_if(waiting.begin(), waiting.end(), [](int w) { return w > 0; }) - waiting.begin());
    std::vector<int> seen(waiting.size(), -1), path;
    // Backwards, each unit left over needs another one left over.
    while (seen[at(v)] < 0) {
      seen[at(v)] = static_cast<int>(path.size());
      path.push_back(v);
      for (std::size_t e = in_begin[at(v)]; e < in_begin[at(v) + 1]; ++e) {
        if (waiting[at(in[e])] > 0) {
          v = in[e];
          break;
        }
      }
    }
    std::string text = std::to_string(v);
    for (std::size_t i = path.size(); i-- > at(seen[at(v)]);) text += " > " + std::to_string(path[i]);
    return text;
  }
};

std::vector<std::int64_t> longest(const Graph& graph, std::size_t units) {
  std::vector<std::int64_t> before(units, 1), after(units, 1);
  for (const int v : graph.order) {
    for (std::size_t e = graph.out_begin[at(v)]; e < graph.out_begin[at(v) + 1]; ++e) {
      before[at(graph.out[e])] = std::max(before[at(graph.out[e])], before[at(v)] + 1);
    }
  }
  for (auto v = graph.order.rbegin(); v != graph.order.rend(); ++v) {
    for (std::size_t e = graph.out_begin[at(*v)]; e < graph.out_begin[at(*v) + 1]; ++e) {
      after[at(*v)] = std::max(after[at(*v)], after[at(graph.out[e])] + 1);
    }
  }
  for (std::size_t v = 0; v < units; ++v) before[v] += after[v] - 1;
  return before;
}

/// Units reached from each one: 512 possible ends at a time, one bit each.
std::vector<std::int64_t> reached(const Graph& graph, std::size_t units) {
  constexpr std::size_t kWords = 8;
  constexpr std::size_t kBlock = kWords * 64;
  std::vector<std::int64_t> counts(units, 0);
  std::vector<std::array<std::uint64_t, kWords>> bits(units);
  std::vector<std::size_t> place(units);
  for (std::size_t i = 0; i < units; ++i) place[at(graph.order[i])] = i;
  for (std::size_t begin = 0; begin < units; begin += kBlock) {
    // Ends are taken in order, so units after the block reach none of it.
    const std::size_t end = std::min(units, begin + kBlock);
    for (std::size_t i = end; i-- > 0;) {
      const int v = graph.order[i];
      auto& own = bits[i];
      own.fill(0);
      for (std::size_t e = graph.out_begin[at(v)]; e < graph.out_begin[at(v) + 1]; ++e) {
        const std::size_t other = place[at(graph.out[e])];
        if (other >= end) continue;
        for (std::size_t w = 0; w < kWords; ++w) own[w] |= bits[other][w];
        if (other >= begin) own[(other - begin) / 64] |= std::uint64_t{1} << ((other - begin) % 64);
      }
      for (const std::uint64_t word : own) counts[at(v)] += std::popcount(word);
    }
  }
  return counts;
}

struct Overflow {};

Small sum(Small a, Small b) {
  if (a > std::numeric_limits<Small>::max() - b) throw Overflow{};
  return a + b;
}
Small product(Small a, Small b) {
  if (a != 0 && b > std::numeric_limits<Small>::max() / a) throw Overflow{};
  return a * b;
}
Big sum(const Big& a, const Big& b) { return a + b; }
Big product(const Big& a, const Big& b) { return a * b; }

/// Chains from first units to each, from each to last units, and their lengths: the chains through a
/// unit are all pairs of the two, so their lengths sum to lengths * number + number * lengths.
template <typename Number>
void centrality(const Graph& graph, std::size_t units, CurriculumMetrics& metrics) {
  std::vector<Number> ways_in(units, Number(0)), long_in(units, Number(0)), ways_out(units, Number(0)),
      long_out(units, Number(0));
  for (const int v : graph.order) {
    if (graph.first(v)) ways_in[at(v)] = Number(1);
    // Lengths count the unit itself on the way in, not on the way out.
    long_in[at(v)] = sum(long_in[at(v)], ways_in[at(v)]);
    for (std::size_t e = graph.out_begin[at(v)]; e < graph.out_begin[at(v) + 1]; ++e) {
      const std::size_t next = at(graph.out[e]);
      ways_in[next] = sum(ways_in[next], ways_in[at(v)]);
      long_in[next] = sum(long_in[next], long_in[at(v)]);
    }
  }
  for (auto v = graph.order.rbegin(); v != graph.order.rend(); ++v) {
    if (graph.last(*v)) ways_out[at(*v)] = Number(1);
    for (std::size_t e = graph.out_begin[at(*v)]; e < graph.out_begin[at(*v) + 1]; ++e) {
      const std::size_t next = at(graph.out[e]);
      ways_out[at(*v)] = sum(ways_out[at(*v)], ways_out[next]);
      long_out[at(*v)] = sum(long_out[at(*v)], sum(long_out[next], ways_out[next]));
    }
  }
  Number whole(0);
  std::vector<std::string> texts(units, "0");
  for (std::size_t v = 0; v < units; ++v) {
    if (graph.first(static_cast<int>(v)) || graph.last(static_cast<int>(v))) continue;
    const Number own = sum(product(long_in[v], ways_out[v]), product(ways_in[v], long_out[v]));
    whole = sum(whole, own);
    if constexpr (std::is_same_v<Number, Big>) {
      texts[v] = own.str();
    } else {
      texts[v] = std::to_string(own);
    }
  }
  metrics.centrality = std::move(texts);
  if constexpr (std::is_same_v<Number, Big>) {
    metrics.whole_centrality = whole.str();
  } else {
    metrics.whole_centrality = std::to_string(whole);
  }
}

}  // namespace

CurriculumMetrics curriculum_metrics(int units, const std::vector<std::pair<int, int>>& requirements) {
  if (units < 0) throw InvalidValue("a curriculum has no fewer than 0 units");
  const Graph graph(units, requirements);
  CurriculumMetrics metrics;
  metrics.blocking = reached(graph, at(units));
  metrics.delay = longest(graph, at(units));
  for (std::size_t v = 0; v < at(units); ++v) metrics.complexity.push_back(metrics.blocking[v] + metrics.delay[v]);
  try {
    centrality<Small>(graph, at(units), metrics);
  } catch (const Overflow&) {
    centrality<Big>(graph, at(units), metrics);
  }
  return metrics;
}

}  // namespace qualgraph
