// Flows, cuts and audits decided without their integer model.

#include "qualgraph/stacking/settle.hpp"

#include "qualgraph/stacking/audit.hpp"
#include "qualgraph/stacking/detail/cuts.hpp"
#include "qualgraph/stacking/detail/network.hpp"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <random>
#include <string>
#include <vector>

using namespace qualgraph;

namespace {

std::int64_t between(std::mt19937& random, std::int64_t low, std::int64_t high) {
  return std::uniform_int_distribution<std::int64_t>(low, high)(random);
}

struct Supply {
  std::int64_t amount;
  std::uint64_t fits;
  std::size_t kind;
};

/// What gets from supplies through classes into places, sent arc by arc.
std::int64_t sent(const std::vector<Supply>& supplies, const std::vector<std::int64_t>& capacities,
                  const std::vector<std::int64_t>& limits) {
  detail::Network network;
  const int source = network.add_node();
  const int sink = network.add_node();
  std::vector<int> classes{source};
  for (const std::int64_t limit : limits) {
    classes.push_back(network.add_node());
    network.add_arc(source, classes.back(), limit);
  }
  std::vector<int> places;
  for (const std::int64_t capacity : capacities) {
    places.push_back(network.add_node());
    network.add_arc(places.back(), sink, capacity);
  }
  for (const Supply& supply : supplies) {
    const int node = network.add_node();
    network.add_arc(classes[supply.kind], node, supply.amount);
    for (std::size_t p = 0; p < places.size(); ++p) {
      if (((supply.fits >> p) & 1U) != 0) network.add_arc(node, places[p], supply.amount);
    }
  }
  return network.most(source, sink);
}

}  // namespace

TEST_CASE("the least cut over sets of places is the largest flow") {
  std::mt19937 random(27);
  detail::Cuts cuts;
  for (int round = 0; round < 2'000; ++round) {
    // Beyond ten places the cuts are found by a flow themselves.
    const auto places = static_cast<std::size_t>(between(random, 1, round % 10 == 0 ? 14 : 7));
    const auto classes = static_cast<std::size_t>(between(random, 0, 3));
    std::vector<std::int64_t> capacities, limits;
    cuts.start((std::uint64_t{1} << places) - 1);
    for (std::size_t p = 0; p < places; ++p) {
      capacities.push_back(between(random, 0, 20));
      cuts.place(p, capacities.back());
    }
    for (std::size_t k = 0; k < classes; ++k) {
      limits.push_back(between(random, 0, 30));
      cuts.add_class(limits.back());
    }
    std::vector<Supply> supplies;
    for (std::int64_t k = between(random, 0, 12); k > 0; --k) {
      const auto fits = static_cast<std::uint64_t>(between(random, 0, (std::int64_t{1} << places) - 1));
      const auto kind = static_cast<std::size_t>(between(random, 0, static_cast<std::int64_t>(classes)));
      supplies.push_back({between(random, 1, 15), fits, kind});
      cuts.supply(supplies.back().amount, fits, kind);
    }
    REQUIRE(cuts.most() == sent(supplies, capacities, limits));
  }
}

TEST_CASE("a network sends what earns most and nothing else") {
  detail::Network network;
  const int source = network.add_node();
  const int sink = network.add_node();
  const int a = network.add_node();
  const int b = network.add_node();
  network.add_arc(source, a, 3);
  const int into_b = network.add_arc(source, b, 2);
  const int across = network.add_arc(a, b, 5);
  network.add_arc(a, sink, 1, 4);
  network.add_arc(b, sink, 2, 3);
  const int idle = network.add_arc(b, sink, 9);
  CHECK(network.richest(source, sink) == 4 + 2 * 3);
  CHECK(network.flow(idle) == 0);
  CHECK(network.flow(into_b) + network.flow(across) == 2);
}

TEST_CASE("an earning is given up where another way of sending earns more") {
  // Two supplies of one; the first fits both places, the second only the one that looked better.
  detail::Network network;
  const int source = network.add_node();
  const int sink = network.add_node();
  const int first = network.add_node();
  const int second = network.add_node();
  const int good = network.add_node();
  const int fair = network.add_node();
  network.add_arc(source, first, 1);
  network.add_arc(source, second, 1);
  network.add_arc(first, good, 1);
  network.add_arc(first, fair, 1);
  network.add_arc(second, good, 1);
  network.add_arc(good, sink, 1, 5);
  network.add_arc(fair, sink, 1, 4);
  CHECK(network.richest(source, sink) == 9);
}

TEST_CASE("records by the short way are audited as by the model") {
  const World world;
  struct Example {
    std::string rule;
    std::optional<SettledBy> by;
  };
  const std::string start = R"({"language": 1, "id": "r", "title": "R", "sources": [], "total": {"min": 30}, )";
  const std::vector<Example> examples{
      {start + R"("places": {"core": {"from": {"tag": "core"}, "min": 20, "max": 25}, "free": {}},
                  "allocation": {"items": "splittable", "quantum": 1}})",
       SettledBy::flow},
      {start + R"("places": {"core": {"from": {"tag": "core"}, "min": 20, "max": 25}, "free": {}}})", SettledBy::bound},
      {start + R"("requirements": {"thesis": {"what": "a thesis"}}})", std::nullopt},
  };
  const LearnerRecord record = read_record(R"({"language": 1, "items": [
      {"id": "a", "credits": 15, "tags": ["core"]}, {"id": "b", "credits": 11, "tags": ["core"]},
      {"id": "c", "credits": 4, "tags": []}]})");
  const LearnerRecord open = read_record(R"({"language": 1, "items": [{"id": "a", "credits": 15}]})");
  for (const auto& example : examples) {
    const Rule rule = Rule::parse(example.rule);
    Settler settler(world, rule);
    CHECK(settler.reads() == example.by.has_value());
    const auto found = settler.settle(record);
    REQUIRE(found.has_value() == example.by.has_value());
    if (!found) continue;
    CHECK(found->by == *example.by);
    const Audit whole = audit(world, record, rule);
    REQUIRE(whole.best.proved);
    CHECK(found->met() == (whole.best.verdict == AuditVerdict::satisfied));
    const auto lacking = whole.best.shortfall.find("credits");
    CHECK(Rational(found->shortfall, found->scale) ==
          (lacking == whole.best.shortfall.end() ? Rational(0) : lacking->second));
    AuditOptions options;
    options.settled = &*found;
    CHECK(audit(world, record, rule, options).best.counted.at(Measure::credits).min ==
          Rational(found->counted, found->scale));
    // Nobody says whether that is core.
    CHECK_FALSE(settler.settle(open).has_value());
    CHECK_FALSE(settler.open());
  }
}
