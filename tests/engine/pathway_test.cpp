#include "qualgraph/model/error.hpp"
#include "qualgraph/pathway/curriculum.hpp"
#include "qualgraph/pathway/hypergraph.hpp"
#include "qualgraph/pathway/hyperpath.hpp"
#include "qualgraph/pathway/pareto.hpp"
#include "qualgraph/pathway/reach.hpp"
#include "qualgraph/pathway/schedule.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators_all.hpp>
#include <catch2/matchers/catch_matchers_all.hpp>

#include <algorithm>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

using namespace qualgraph;
using Catch::Matchers::ContainsSubstring;

namespace {

struct Draw {
  std::mt19937_64 engine;
  explicit Draw(std::uint64_t seed) : engine(seed) {}
  int between(int low, int high) {
    return low + static_cast<int>(engine() % static_cast<std::uint64_t>(high - low + 1));
  }
};

std::size_t at(int position) { return static_cast<std::size_t>(position); }

struct Instance {
  std::vector<Step> steps;
  int nodes = 0;
  std::vector<int> held;
  int target = 0;

  [[nodiscard]] Hypergraph graph() const {
    HypergraphBuilder builder;
    for (int i = 0; i < nodes; ++i) builder.add_node();
    for (const auto& step : steps) builder.add_step(step);
    return Hypergraph(builder);
  }
};

/// Few nodes and many steps: circles, shared parts and ties of every sort.
Instance random_instance(std::uint64_t seed, bool resources = false) {
  Draw draw(seed);
  Instance made;
  made.nodes = draw.between(3, 8);
  for (int node = 0; node < made.nodes - 1; ++node) {
    if (draw.between(0, 4) == 0) made.held.push_back(node);
  }
  made.target = made.nodes - 1;
  const int steps = draw.between(2, 11);
  for (int s = 0; s < steps; ++s) {
    Step step;
    const int size = draw.between(0, 3);
    for (int i = 0; i < size; ++i) step.tail.push_back(draw.between(0, made.nodes - 1));
    step.head = draw.between(0, made.nodes - 1);
    step.cost = draw.between(0, 6);
    step.time = draw.between(0, 4);
    step.kind = draw.between(0, 4) == 0 ? ArcKind::condition : ArcKind::course;
    if (resources) step.resources = {draw.between(0, 2)};
    made.steps.push_back(step);
  }
  return made;
}

/// What a set of steps brings and when, by repeating until nothing changes.
std::vector<std::optional<std::int64_t>> times_of(const Instance& made, unsigned set) {
  std::vector<std::optional<std::int64_t>> when(at(made.nodes));
  for (const int node : made.held) when[at(node)] = 0;
  for (bool changed = true; changed;) {
    changed = false;
    for (std::size_t s = 0; s < made.steps.size(); ++s) {
      if ((set >> s & 1U) == 0) continue;
      std::int64_t start = 0;
      bool open = true;
      for (const int node : made.steps[s].tail) {
        open = open && when[at(node)].has_value();
        if (open) start = std::max(start, *when[at(node)]);
      }
      auto& own = when[at(made.steps[s].head)];
      if (!open || (own && *own <= start + made.steps[s].time)) continue;
      own = start + made.steps[s].time;
      changed = true;
    }
  }
  return when;
}

using Values = std::tuple<std::int64_t, std::int64_t, std::int64_t>;

std::set<Values> all_ways(const Instance& made, std::int64_t cap = 1'000) {
  std::set<Values> found;
  for (unsigned set = 0; set < (1U << made.steps.size()); ++set) {
    const auto when = times_of(made, set)[at(made.target)];
    if (!when) continue;
    std::int64_t cost = 0, count = 0, used = 0;
    for (std::size_t s = 0; s < made.steps.size(); ++s) {
      if ((set >> s & 1U) == 0) continue;
      cost += made.steps[s].cost;
      count += made.steps[s].kind == ArcKind::condition ? 0 : 1;
      used += made.steps[s].resources.empty() ? 0 : made.steps[s].resources[0];
    }
    if (used <= cap) found.insert({cost, *when, count});
  }
  std::set<Values> best;
  for (const auto& [a, b, c] : found) {
    const bool beaten = std::any_of(found.begin(), found.end(), [x = a, y = b, z = c](const Values& other) {
      const auto [o, p, q] = other;
      return o <= x && p <= y && q <= z && other != Values{x, y, z};
    });
    if (!beaten) best.insert({a, b, c});
  }
  return best;
}

Hypergraph shared_part() {
  // Award needs U1 and U2 (5 each), both need M (10).
  HypergraphBuilder builder;
  const int m = builder.add_node(), u1 = builder.add_node(), u2 = builder.add_node(), award = builder.add_node();
  builder.add_step({{}, m, 10, 10, ArcKind::course, {}});
  builder.add_step({{m}, u1, 5, 5, ArcKind::course, {}});
  builder.add_step({{m}, u2, 5, 5, ArcKind::course, {}});
  builder.add_step({{u1, u2}, award, 0, 0, ArcKind::award, {}});
  return Hypergraph(builder);
}

}  // namespace

TEST_CASE("Pathway: a shared part is recounted at 30, costs 20 and its dearest chain 15") {
  const auto graph = shared_part();
  const Cheapest found = cheapest(graph, {}, 3);
  CHECK(found.status == Cheapest::Status::optimal);
  CHECK(found.recounted == "30");
  CHECK(found.cost == 20);
  CHECK(found.bound == 20);
  CHECK(found.dearest_chain == 15);
  const ParetoSet set = pareto(graph, {}, 3);
  REQUIRE(set.ways.size() == 1);
  CHECK(set.proved);
  CHECK(std::tuple(set.ways[0].cost, set.ways[0].time, set.ways[0].steps) == std::tuple(20, 15, 4));
}

TEST_CASE("Pathway: reachability equals repeated firing, with a proof either way") {
  const auto seed = GENERATE(range(0, 40));
  for (int i = 0; i < 50; ++i) {
    const Instance made = random_instance(static_cast<std::uint64_t>(seed * 50 + i));
    const Hypergraph graph = made.graph();
    const auto when = times_of(made, ~0U);
    const Reach found = reach(graph, made.held);
    std::vector<bool> inside(at(made.nodes));
    for (int node = 0; node < made.nodes; ++node) inside[at(node)] = found.reached(node);
    const auto fastest = hyperpaths(graph, made.held, PathMeasure::time);
    for (int node = 0; node < made.nodes; ++node) {
      INFO("seed " << seed * 50 + i << ", node " << node);
      REQUIRE(found.reached(node) == when[at(node)].has_value());
      if (found.reached(node)) {
        CHECK(derives(graph, made.held, derivation(graph, found, node), node));
        CHECK(fastest.value[at(node)] == *when[at(node)]);
        CHECK_FALSE(closed_without(graph, made.held, inside, node));
      } else {
        CHECK(closed_without(graph, made.held, inside, node));
        CHECK_FALSE(derives(graph, made.held, found.order, node));
        CHECK(fastest.value[at(node)] == Hyperpaths::kUnreached);
      }
    }
  }
}

TEST_CASE("Pathway: the cheapest set and the Pareto set equal the enumeration of all sets of steps") {
  const auto seed = GENERATE(range(0, 60));
  for (int i = 0; i < 25; ++i) {
    const auto number = static_cast<std::uint64_t>(7'000 + seed * 25 + i);
    const Instance made = random_instance(number);
    const Hypergraph graph = made.graph();
    const auto ways = all_ways(made);
    const Cheapest found = cheapest(graph, made.held, made.target);
    const ParetoSet set = pareto(graph, made.held, made.target);
    INFO("seed " << number);
    if (ways.empty()) {
      CHECK(found.status == Cheapest::Status::unreachable);
      CHECK_FALSE(set.reached);
      continue;
    }
    REQUIRE(found.status == Cheapest::Status::optimal);
    CHECK(found.cost == std::get<0>(*ways.begin()));
    CHECK(found.dearest_chain <= found.cost);
    CHECK(found.cost <= std::stoll(found.recounted));
    CHECK(derives(graph, made.held, found.steps, made.target));
    REQUIRE(set.proved);
    std::set<Values> own;
    for (const auto& way : set.ways) {
      own.insert({way.cost, way.time, way.steps});
      CHECK(derives(graph, made.held, way.arcs, made.target));
      std::int64_t cost = 0;
      for (const int arc : way.arcs) cost += graph.cost(arc);
      CHECK(cost == way.cost);
    }
    CHECK(own.size() == set.ways.size());
    CHECK(own == ways);
    // The same set without labels, by searches within limits.
    ParetoOptions limits;
    limits.labels = 0;
    const ParetoSet within = pareto(graph, made.held, made.target, limits);
    REQUIRE(within.proved);
    std::set<Values> again;
    for (const auto& way : within.ways) {
      again.insert({way.cost, way.time, way.steps});
      CHECK(derives(graph, made.held, way.arcs, made.target));
    }
    CHECK(again == ways);
  }
}

TEST_CASE("Pathway: a capped resource closes ways, and nothing else does") {
  const auto seed = GENERATE(range(0, 30));
  for (int i = 0; i < 20; ++i) {
    const auto number = static_cast<std::uint64_t>(40'000 + seed * 20 + i);
    const Instance made = random_instance(number, true);
    const auto ways = all_ways(made, 3);
    ParetoOptions options;
    options.caps = {3};
    const ParetoSet set = pareto(made.graph(), made.held, made.target, options);
    INFO("seed " << number);
    std::set<Values> own;
    for (const auto& way : set.ways) own.insert({way.cost, way.time, way.steps});
    CHECK(set.proved);
    CHECK(own == ways);
    options.labels = 0;
    const ParetoSet within = pareto(made.graph(), made.held, made.target, options);
    std::set<Values> again;
    for (const auto& way : within.ways) again.insert({way.cost, way.time, way.steps});
    CHECK(within.proved);
    CHECK(again == ways);
  }
}

TEST_CASE("Pathway: out of budget, bounds enclose the optimum") {
  const auto seed = GENERATE(range(0, 20));
  for (int i = 0; i < 20; ++i) {
    const Instance made = random_instance(static_cast<std::uint64_t>(90'000 + seed * 20 + i));
    const auto ways = all_ways(made);
    if (ways.empty()) continue;
    CheapestOptions brief;
    brief.nodes = 1;
    const Cheapest found = cheapest(made.graph(), made.held, made.target, brief);
    const std::int64_t best = std::get<0>(*ways.begin());
    CHECK(found.bound <= best);
    CHECK(found.cost >= best);
    CHECK(found.bound >= found.dearest_chain);
    ParetoOptions few;
    few.labels = 1;
    few.searches = 0;
    const ParetoSet set = pareto(made.graph(), made.held, made.target, few);
    CHECK(set.least.cost <= best);
    for (const auto& [cost, time, steps] : ways) {
      CHECK(set.least.time <= time);
      CHECK(set.least.steps <= steps);
    }
  }
}

TEST_CASE("Pathway: a threshold holds exactly when enough of its members do") {
  const int needed = GENERATE(1, 2, 3, 4);
  for (unsigned set = 0; set < 16; ++set) {
    HypergraphBuilder builder;
    std::vector<int> members, held;
    for (int i = 0; i < 4; ++i) {
      members.push_back(builder.add_node());
      if ((set >> i & 1U) != 0) held.push_back(i);
    }
    const int node = builder.add_threshold(members, needed);
    const Hypergraph graph(builder);
    CHECK(reach(graph, held).reached(node) == (static_cast<int>(held.size()) >= needed));
  }
}

TEST_CASE("Pathway: steps that cannot be are refused by name") {
  HypergraphBuilder builder;
  builder.add_node();
  CHECK_THROWS_WITH(builder.add_step({{1}, 0, 0, 0, ArcKind::course, {}}), ContainsSubstring("node 1"));
  CHECK_THROWS_AS(builder.add_step({{}, 0, -1, 0, ArcKind::course, {}}), InvalidValue);
  CHECK_THROWS_WITH(parse_arc_kind("curse"), ContainsSubstring("course"));
  const std::vector<int> one{0};
  CHECK_THROWS_AS(builder.add_threshold(one, 2), InvalidValue);
}

TEST_CASE("Pathway: amounts that all steps together take out of the 64-bit range are refused") {
  constexpr std::int64_t kHalf = std::int64_t{1} << 62;
  HypergraphBuilder builder;
  const int node = builder.add_node();
  builder.add_step({{}, node, kHalf, kHalf, ArcKind::course, {kHalf}});
  CHECK_THROWS_WITH(builder.add_step({{}, node, kHalf, 0, ArcKind::course, {}}), ContainsSubstring("the cost of all"));
  CHECK_THROWS_WITH(builder.add_step({{}, node, 0, kHalf, ArcKind::course, {}}), ContainsSubstring("the time of all"));
  CHECK_THROWS_WITH(builder.add_step({{}, node, 0, 0, ArcKind::course, {kHalf}}),
                    ContainsSubstring("the use of a resource of all"));
  // What was refused left nothing behind.
  builder.add_step({{}, node, kHalf - 2, kHalf - 2, ArcKind::course, {}});
  const Hypergraph graph(builder);
  CHECK(cheapest(graph, {}, node).cost == kHalf - 2);
  CHECK(pareto(graph, {}, node).ways.front().time == kHalf - 2);
}

TEST_CASE("Pathway: what is recounted may outgrow every machine word") {
  HypergraphBuilder builder;
  int node = builder.add_node();
  builder.add_step({{}, node, 1, 0, ArcKind::course, {}});
  for (int doubled = 0; doubled < 100; ++doubled) {
    const int first = builder.add_node();
    const int second = builder.add_node();
    builder.add_step({{node}, first, 0, 0, ArcKind::course, {}});
    builder.add_step({{node}, second, 0, 0, ArcKind::course, {}});
    node = builder.add_node();
    builder.add_step({{first, second}, node, 0, 0, ArcKind::award, {}});
  }
  const Cheapest found = cheapest(Hypergraph(builder), {}, node);
  CHECK(found.status == Cheapest::Status::optimal);
  CHECK(found.cost == 1);
  CHECK(found.recounted == "1267650600228229401496703205376");  // 2 to the power of 100
}

namespace {

struct Paths {
  std::vector<std::vector<int>> next;
  std::vector<int> entered;
  std::vector<std::int64_t> centrality, delay;
  std::vector<int> path;

  Paths(int units, const std::vector<std::pair<int, int>>& edges)
      : next(at(units)), entered(at(units), 0), centrality(at(units), 0), delay(at(units), 1) {
    for (const auto& [a, b] : std::set<std::pair<int, int>>(edges.begin(), edges.end())) {
      next[at(a)].push_back(b);
      ++entered[at(b)];
    }
    for (int v = 0; v < units; ++v) {
      if (entered[at(v)] == 0) walk(v);
    }
  }
  void walk(int v) {
    path.push_back(v);
    if (next[at(v)].empty()) {
      const auto length = static_cast<std::int64_t>(path.size());
      for (const int u : path) delay[at(u)] = std::max(delay[at(u)], length);
      for (std::size_t i = 1; i + 1 < path.size(); ++i) centrality[at(path[i])] += length;
    }
    for (const int w : next[at(v)]) walk(w);
    path.pop_back();
  }
};

}  // namespace

TEST_CASE("Pathway: curricular metrics equal the values published for the two basket weaving curricula") {
  // CurricularAnalytics.jl, test/CurricularAnalytics.jl: A to H, then A to G.
  const auto ubw = curriculum_metrics(8, {{0, 2}, {1, 2}, {3, 2}, {2, 4}, {3, 5}});
  CHECK(ubw.blocking == std::vector<std::int64_t>{2, 2, 1, 3, 0, 0, 0, 0});
  CHECK(ubw.delay == std::vector<std::int64_t>{3, 3, 3, 3, 3, 2, 1, 1});
  CHECK(ubw.centrality == std::vector<std::string>{"0", "0", "9", "0", "0", "0", "0", "0"});
  CHECK(ubw.complexity == std::vector<std::int64_t>{5, 5, 4, 6, 3, 2, 1, 1});
  const auto pbw = curriculum_metrics(7, {{0, 1}, {0, 2}, {1, 3}, {2, 3}, {2, 4}, {3, 5}, {3, 6}, {6, 5}});
  CHECK(pbw.blocking == std::vector<std::int64_t>{6, 3, 4, 2, 0, 0, 1});
  CHECK(pbw.delay == std::vector<std::int64_t>{5, 5, 5, 5, 3, 5, 5});
  CHECK(pbw.centrality == std::vector<std::string>{"0", "9", "12", "18", "0", "0", "10"});
  CHECK(pbw.complexity == std::vector<std::int64_t>{11, 8, 9, 7, 3, 5, 6});
  CHECK(pbw.whole_centrality == "49");
}

TEST_CASE("Pathway: curricular metrics equal an enumeration of all chains") {
  const auto seed = GENERATE(range(0, 100));
  Draw draw(static_cast<std::uint64_t>(seed));
  const int units = draw.between(1, 13);
  std::vector<std::pair<int, int>> edges;
  for (int a = 0; a < units; ++a) {
    for (int b = a + 1; b < units; ++b) {
      // Numbers run against the order in half of the cases.
      if (draw.between(0, 3) == 0)
        edges.emplace_back(seed % 2 == 0 ? a : units - 1 - a, seed % 2 == 0 ? b : units - 1 - b);
    }
  }
  const auto metrics = curriculum_metrics(units, edges);
  const Paths paths(units, edges);
  CHECK(metrics.delay == paths.delay);
  for (int v = 0; v < units; ++v) {
    CHECK(metrics.centrality[at(v)] == std::to_string(paths.centrality[at(v)]));
    std::set<int> reached;
    std::vector<int> open = paths.next[at(v)];
    while (!open.empty()) {
      const int w = open.back();
      open.pop_back();
      if (reached.insert(w).second) open.insert(open.end(), paths.next[at(w)].begin(), paths.next[at(w)].end());
    }
    CHECK(metrics.blocking[at(v)] == static_cast<std::int64_t>(reached.size()));
    CHECK(metrics.complexity[at(v)] == metrics.blocking[at(v)] + metrics.delay[at(v)]);
  }
}

TEST_CASE("Pathway: more chains than a machine word holds are still counted") {
  // 100 layers of two units, every one needing both before it: 2^100 chains of 100 units.
  std::vector<std::pair<int, int>> edges;
  for (int layer = 0; layer + 1 < 100; ++layer) {
    for (const int a : {0, 1}) {
      for (const int b : {0, 1}) edges.emplace_back(2 * layer + a, 2 * layer + 2 + b);
    }
  }
  const auto metrics = curriculum_metrics(200, edges);
  CHECK(metrics.centrality[0] == "0");
  CHECK(metrics.centrality[50] == "63382530011411470074835160268800");  // 100 * 2^99
  CHECK(metrics.blocking[0] == 198);
  CHECK(metrics.delay[7] == 100);
}

TEST_CASE("Pathway: a circle of requirements is named") {
  CHECK_THROWS_WITH(curriculum_metrics(3, {{0, 1}, {1, 2}, {2, 1}}), ContainsSubstring("circle"));
  CHECK_THROWS_AS(curriculum_metrics(2, {{0, 2}}), InvalidValue);
}

TEST_CASE("Pathway: terms keep order and load, and the least number equals every assignment tried") {
  const auto seed = GENERATE(range(0, 150));
  Draw draw(static_cast<std::uint64_t>(seed));
  const int size = draw.between(0, 6);
  const int load = draw.between(3, 8);
  std::vector<StudyBlock> studies(at(size));
  for (int s = 0; s < size; ++s) {
    studies[at(s)].load = draw.between(0, 4) == 0 ? 0 : draw.between(1, load);
    for (int before = 0; before < s; ++before) {
      if (draw.between(0, 3) == 0) studies[at(s)].after.push_back(before);
    }
  }
  const Schedule found = schedule(studies, load);
  const auto fits = [&](const std::vector<int>& term) {
    std::map<int, std::int64_t> loads;
    for (int s = 0; s < size; ++s) {
      for (const int before : studies[at(s)].after) {
        if (term[at(before)] >= term[at(s)]) return false;
      }
      if ((loads[term[at(s)]] += studies[at(s)].load) > load) return false;
    }
    return true;
  };
  CHECK(fits(found.term));
  int least = size == 0 ? 0 : 1'000;
  std::vector<int> term(at(size), 0);
  const std::function<void(int, int)> assign = [&](int s, int terms) {
    if (s == size) {
      if (fits(term)) least = std::min(least, terms);
      return;
    }
    for (int t = 0; t < size; ++t) {
      term[at(s)] = t;
      assign(s + 1, std::max(terms, t + 1));
    }
  };
  assign(0, 0);
  CHECK(found.terms == least);
  CHECK(found.optimal);
  CHECK(found.bound == least);
  CHECK(found.chain <= least);
}
