#include "qualgraph/mapping/graded.hpp"
#include "qualgraph/mapping/profile.hpp"
#include "qualgraph/model/error.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators_all.hpp>
#include <catch2/matchers/catch_matchers_all.hpp>

#include <algorithm>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <vector>

using namespace qualgraph;
using namespace qualgraph::literals;
using Catch::Matchers::ContainsSubstring;

namespace {

using Pairs = std::set<std::pair<std::string, std::string>>;

constexpr const char* kPopulation = "awards of 2023, one count per award";

GradedAxes axes(const char* from, std::vector<std::string> from_levels, const char* to,
                std::vector<std::string> to_levels) {
  return {FrameworkId{from}, std::move(from_levels), FrameworkId{to}, std::move(to_levels)};
}

std::vector<std::string> codes(int count) {
  std::vector<std::string> made;
  for (int level = 1; level <= count; ++level) made.push_back(std::to_string(level));
  return made;
}

Pairs support_of(const GradedTable& table) {
  const auto pairs = table.support();
  return {pairs.begin(), pairs.end()};
}

Framework framework(const char* id, const std::vector<std::string>& levels) {
  Framework made;
  made.id = FrameworkId{id};
  made.name = id;
  for (std::size_t i = 0; i < levels.size(); ++i) {
    Level level;
    level.code = levels[i];
    level.rank = static_cast<int>(i) + 1;
    level.step = static_cast<int>(i);
    made.levels.push_back(level);
  }
  return made;
}

/// A fixed seed: a failure has to come back on the next run.
struct Random {
  std::mt19937 engine{20240417};
  std::int64_t whole(std::int64_t low, std::int64_t high) {
    return low + static_cast<std::int64_t>(engine() % static_cast<std::uint32_t>(high - low + 1));
  }
  GradedTable table(const char* from, int rows, const char* to, int columns) {
    std::vector<std::vector<Rational>> counts;
    std::vector<Rational> unmatched;
    for (int row = 0; row < rows; ++row) {
      counts.emplace_back();
      for (int column = 0; column < columns; ++column) counts.back().emplace_back(std::max<std::int64_t>(0, whole(-3, 5)));
      unmatched.emplace_back(whole(0, 2));
      counts.back()[static_cast<std::size_t>(whole(0, columns - 1))] += 1;
    }
    return GradedTable::from_counts(kPopulation, axes(from, codes(rows), to, codes(columns)), counts, unmatched);
  }
};

Rational row_sum(const GradedTable& table, int row) {
  Rational sum = table.unmatched(row);
  for (int column = 0; column < table.columns(); ++column) sum += table.share(row, column);
  return sum;
}

}  // namespace

TEST_CASE("counts over a stated population become exact shares", "[graded]") {
  const auto table = GradedTable::from_counts(kPopulation, axes("nz-nzqcf", {"7", "8"}, "eqf", {"6", "7"}),
                                              {{2, 1}, {0, 3}}, {0, 1});
  CHECK(table.share(0, 0) == Rational(2, 3));
  CHECK(table.share(0, 1) == Rational(1, 3));
  CHECK(table.unmatched(0) == Rational{0});
  CHECK(table.share(1, 1) == Rational(3, 4));
  CHECK(table.unmatched(1) == Rational(1, 4));
  CHECK(table.members(1) == Rational{4});
  CHECK(table.population() == kPopulation);
  CHECK(table.assumptions().empty());
  CHECK(support_of(table) == Pairs{{"7", "6"}, {"7", "7"}, {"8", "7"}});
}

TEST_CASE("published shares have to sum to one exactly", "[graded]") {
  const auto shape = axes("a", {"1"}, "b", {"1", "2"});
  const auto table = GradedTable::from_shares("votes of 12 experts", shape, {{Rational(1, 3), Rational(1, 2)}}, {Rational(1, 6)});
  CHECK(table.unmatched(0) == Rational(1, 6));
  CHECK_FALSE(table.members(0));
  CHECK_THROWS_WITH(GradedTable::from_shares("votes", shape, {{Rational(1, 3), Rational(1, 3)}}, {Rational(1, 6)}),
                    ContainsSubstring("a:1 sum to 5/6"));
}

TEST_CASE("graded evidence without a population or with a faulty table is refused", "[graded]") {
  const auto shape = axes("a", {"1", "2"}, "b", {"1"});
  const auto make = [&](const char* population, GradedAxes over, const std::vector<std::vector<Rational>>& counts,
                        const std::vector<Rational>& unmatched) {
    return GradedTable::from_counts(population, std::move(over), counts, unmatched);
  };
  CHECK_THROWS_AS(make("", shape, {{1}, {1}}, {0, 0}), InvalidValue);
  CHECK_THROWS_WITH(make(" \n", shape, {{1}, {1}}, {0, 0}), ContainsSubstring("need a stated population"));
  CHECK_THROWS_WITH(make("p", shape, {{1}}, {0, 0}), ContainsSubstring("1 rows and 2 unmatched"));
  CHECK_THROWS_WITH(make("p", shape, {{1}, {1}}, {0}), ContainsSubstring("2 rows and 1 unmatched"));
  CHECK_THROWS_WITH(make("p", shape, {{1, 2}, {1}}, {0, 0}), ContainsSubstring("2 cells for 1 levels"));
  CHECK_THROWS_WITH(make("p", shape, {{1}, {-1}}, {0, 2}), ContainsSubstring("a:2 holds -1"));
  CHECK_THROWS_WITH(make("p", shape, {{1}, {2}}, {-1, 0}), ContainsSubstring("a:1 holds -1"));
  CHECK_THROWS_WITH(make("p", shape, {{1}, {0}}, {0, 0}), ContainsSubstring("nobody was counted at a:2"));
  CHECK_THROWS_WITH(make("p", axes("a", {"1", "1"}, "b", {"1"}), {{1}, {1}}, {0, 0}), ContainsSubstring("a:1 twice"));
  CHECK_THROWS_WITH(make("p", axes("a", {"1", ""}, "b", {"1"}), {{1}, {1}}, {0, 0}), ContainsSubstring("without a code"));
  CHECK_THROWS_WITH(make("p", axes("a", {"1", "2"}, "b", {}), {{}, {}}, {1, 1}), ContainsSubstring("no level of b"));
  CHECK_THROWS_WITH(make("p", axes("a", {"1", "2"}, "", {"1"}), {{1}, {1}}, {0, 0}), ContainsSubstring("name the frameworks"));
  const auto sound = make("p", shape, {{1}, {1}}, {0, 0});
  CHECK_THROWS_AS(sound.share(0, 1), InvalidValue);
  CHECK_THROWS_AS(sound.share(2, 0), InvalidValue);
  CHECK_THROWS_AS(sound.share(-1, 0), InvalidValue);
  CHECK_THROWS_AS(sound.unmatched(2), InvalidValue);
  CHECK_THROWS_AS(sound.members(2), InvalidValue);
}

TEST_CASE("counts are read over the levels of a world", "[graded]") {
  Facts facts;
  facts.frameworks = {std::make_shared<const Framework>(framework("a", {"1", "2", "3"})),
                      std::make_shared<const Framework>(framework("b", {"1", "2"}))};
  const World world{facts};
  const std::vector<GradedCount> counts{{"3", "2", 3}, {"3", std::nullopt, 1}, {"1", "1", 5}};
  const auto table = graded_counts(world, kPopulation, "a"_fw, "b"_fw, counts);
  CHECK(table.axes() == axes("a", {"1", "3"}, "b", {"1", "2"}));
  CHECK(table.share(1, 1) == Rational(3, 4));
  CHECK(table.unmatched(1) == Rational(1, 4));
  const auto with = [&](GradedCount more) {
    auto all = counts;
    all.push_back(std::move(more));
    return graded_counts(world, kPopulation, "a"_fw, "b"_fw, all);
  };
  CHECK_THROWS_WITH(with({"3", "2", 4}), ContainsSubstring("a:3 placed at b:2 is given twice"));
  CHECK_THROWS_WITH(with({"3", std::nullopt, 4}), ContainsSubstring("a:3 unmatched is given twice"));
  CHECK_THROWS_AS(with({"9", "2", 4}), UnknownId);
  CHECK_THROWS_AS(with({"3", "9", 4}), UnknownId);
  CHECK_THROWS_AS(graded_counts(world, kPopulation, "a"_fw, "c"_fw, counts), UnknownId);
}

TEST_CASE("shares at a hub bound the joint, and the product is one guess inside", "[graded]") {
  // 100 members at the hub level, 40 of them from level 1 of A, which has no others.
  struct Row {
    int at_c;
    Range bounds;
    Rational product;
  };
  const auto row = GENERATE(values<Row>({{50, {0, 1}, {1, 2}}, {80, {Rational(1, 2), 1}, {4, 5}}}));
  const auto to_hub = GradedTable::from_counts(kPopulation, axes("a", {"1", "2"}, "hub", {"5"}), {{40}, {60}}, {0, 0});
  const auto from_hub =
      GradedTable::from_counts(kPopulation, axes("hub", {"5"}, "c", {"1", "2"}), {{row.at_c, 100 - row.at_c}}, {0});
  const auto bounds = joint_bounds(to_hub, from_hub);
  CHECK(bounds.share(0, 0) == row.bounds);
  CHECK(bounds.unmatched(0) == Range{0, 0});
  const auto chained = product(to_hub, from_hub);
  CHECK(chained.share(0, 0) == row.product);
  CHECK(chained.assumptions() == std::vector<std::string>{"assumes conditional independence"});
  CHECK(chained.population() == kPopulation);
  CHECK_FALSE(chained.members(0));
}

TEST_CASE("what is unmatched at the hub stays unmatched", "[graded]") {
  const auto to_hub = GradedTable::from_counts(kPopulation, axes("a", {"1"}, "hub", {"5"}), {{3}}, {1});
  const auto from_hub = GradedTable::from_counts(kPopulation, axes("hub", {"5"}, "c", {"1"}), {{2}}, {1});
  const auto chained = product(to_hub, from_hub);
  CHECK(chained.share(0, 0) == Rational(1, 2));
  CHECK(chained.unmatched(0) == Rational(1, 2));
  const auto bounds = joint_bounds(to_hub, from_hub);
  CHECK(bounds.share(0, 0) == Range{Rational(1, 2), Rational(1, 2)});
  CHECK(bounds.unmatched(0) == Range{Rational(1, 2), Rational(1, 2)});
  CHECK_THROWS_AS(bounds.share(0, 1), InvalidValue);
  CHECK_THROWS_AS(bounds.unmatched(1), InvalidValue);
}

TEST_CASE("tables that do not belong together are refused", "[graded]") {
  const auto to_hub = GradedTable::from_counts(kPopulation, axes("a", {"1"}, "hub", {"5", "6"}), {{3, 1}}, {0});
  const auto elsewhere = GradedTable::from_counts(kPopulation, axes("other", {"5", "6"}, "c", {"1"}), {{3}, {1}}, {0, 0});
  const auto short_of_a_row = GradedTable::from_counts(kPopulation, axes("hub", {"5"}, "c", {"1"}), {{3}}, {0});
  const auto smaller = GradedTable::from_counts(kPopulation, axes("hub", {"5", "6"}, "c", {"1"}), {{2}, {1}}, {0, 0});
  const auto another = GradedTable::from_counts("another year", axes("hub", {"5", "6"}, "c", {"1"}), {{3}, {1}}, {0, 0});
  const auto shares = GradedTable::from_shares(kPopulation, axes("hub", {"5", "6"}, "c", {"1"}), {{1}, {1}}, {0, 0});
  CHECK_THROWS_WITH(product(to_hub, elsewhere), ContainsSubstring("do not meet"));
  CHECK_THROWS_WITH(product(to_hub, short_of_a_row), ContainsSubstring("placed at hub:6, of which the second table counted nobody"));
  CHECK_THROWS_WITH(joint_bounds(to_hub, smaller), ContainsSubstring("3 members arrive at hub:5"));
  CHECK_THROWS_WITH(joint_bounds(to_hub, another), ContainsSubstring("one population"));
  CHECK_THROWS_WITH(joint_bounds(to_hub, shares), ContainsSubstring("holds shares only"));
  CHECK_THROWS_WITH(joint_bounds(product(to_hub, shares), shares), ContainsSubstring("do not meet"));
  CHECK(product(to_hub, another).population() == std::string(kPopulation) + "; then another year");
  CHECK(product(to_hub, shares).share(0, 0) == Rational{1});
  // A hub level where nobody arrives needs no row.
  const auto unused = GradedTable::from_counts(kPopulation, axes("a", {"1"}, "hub", {"5", "6"}), {{3, 0}}, {0});
  CHECK(product(unused, short_of_a_row).share(0, 0) == Rational{1});
  CHECK(joint_bounds(unused, short_of_a_row).share(0, 0) == Range{1, 1});
}

TEST_CASE("I14: products keep row sums, supports compose, and the order of chaining is free", "[graded][property]") {
  Random random;
  for (int round = 0; round < 100; ++round) {
    const auto first = random.table("a", 3, "h", 4);
    const auto second = random.table("h", 4, "k", 3);
    const auto third = random.table("k", 3, "c", 2);
    const auto chained = product(first, second);
    for (int row = 0; row < first.rows(); ++row) {
      CHECK(row_sum(first, row) == Rational{1});
      CHECK(row_sum(chained, row) == Rational{1});
    }
    Pairs composed;
    for (const auto& [a, h] : support_of(first)) {
      for (const auto& [from, to] : support_of(second)) {
        if (from == h) composed.emplace(a, to);
      }
    }
    CHECK(support_of(chained) == composed);
    const auto left = product(chained, third);
    const auto right = product(first, product(second, third));
    for (int row = 0; row < left.rows(); ++row) {
      for (int column = 0; column < left.columns(); ++column) CHECK(left.share(row, column) == right.share(row, column));
      CHECK(left.unmatched(row) == right.unmatched(row));
    }
  }
}

TEST_CASE("I14: bounds contain the product and are attained", "[graded][property]") {
  Random random;
  int open = 0;
  for (int round = 0; round < 60; ++round) {
    // Few members per hub level, so that every joint can be listed.
    constexpr int kOrigins = 2;
    constexpr int kHubs = 2;
    constexpr int kEnds = 3;  // the last one: unmatched
    std::int64_t in[kOrigins][kHubs];
    std::int64_t out[kHubs][kEnds];
    std::int64_t lost[kOrigins];
    for (int origin = 0; origin < kOrigins; ++origin) {
      lost[origin] = random.whole(0, 1);
      for (int hub = 0; hub < kHubs; ++hub) in[origin][hub] = random.whole(0, 3) + (hub == origin ? 1 : 0);
    }
    for (int hub = 0; hub < kHubs; ++hub) {
      std::fill_n(out[hub], kEnds, 0);
      const auto mass = in[0][hub] + in[1][hub];
      for (std::int64_t member = 0; member < mass; ++member) ++out[hub][random.whole(0, kEnds - 1)];
    }

    const auto first = GradedTable::from_counts(kPopulation, axes("a", codes(2), "h", codes(2)),
                                                {{in[0][0], in[0][1]}, {in[1][0], in[1][1]}}, {lost[0], lost[1]});
    const auto second = GradedTable::from_counts(kPopulation, axes("h", codes(2), "c", codes(2)),
                                                 {{out[0][0], out[0][1]}, {out[1][0], out[1][1]}}, {out[0][2], out[1][2]});
    const auto bounds = joint_bounds(first, second);
    const auto chained = product(first, second);

    for (int end = 0; end < kEnds; ++end) {
      // Every split of the first origin's members at each hub level that the ends leave room for.
      std::int64_t least = 0;
      std::int64_t most = 0;
      for (int hub = 0; hub < kHubs; ++hub) {
        std::int64_t low = 1000;
        std::int64_t high = -1;
        for (std::int64_t x = 0; x <= out[hub][0]; ++x) {
          for (std::int64_t y = 0; y <= out[hub][1]; ++y) {
            const auto z = in[0][hub] - x - y;
            if (z < 0 || z > out[hub][2]) continue;
            const std::int64_t split[kEnds]{x, y, z};
            low = std::min(low, split[end]);
            high = std::max(high, split[end]);
          }
        }
        least += low;
        most += high;
      }
      const bool unmatched = end == kEnds - 1;
      const std::int64_t certain = unmatched ? lost[0] : 0;
      const auto members = *first.members(0);
      const Range found = unmatched ? bounds.unmatched(0) : bounds.share(0, end);
      const Rational guess = unmatched ? chained.unmatched(0) : chained.share(0, end);
      CHECK(found == Range{Rational{least + certain} / members, Rational{most + certain} / members});
      CHECK(found.min <= guess);
      CHECK(guess <= found.max);
      if (!found.is_point()) ++open;
    }
  }
  CHECK(open > 50);
}

TEST_CASE("a domain profile gives meet, lower median and spread", "[profile]") {
  const auto eqf = framework("eqf", codes(8));
  const std::vector<DomainLevel> domains{{"knowledge", 4}, {"skills", 5}, {"autonomy", 6}, {"responsibility", 4}};
  const auto found = profile(eqf, domains, 5);
  CHECK(found.meet == std::vector{4});
  CHECK(found.lower_median == std::vector{4});
  CHECK(found.spread == 2);
  CHECK(found.official == 5);
  CHECK(found.above_official == std::vector<std::string>{"autonomy"});
  CHECK(found.below_official == std::vector<std::string>{"knowledge", "responsibility"});
  const auto agreeing = profile(eqf, std::vector<DomainLevel>{{"knowledge", 2}, {"skills", 2}});
  CHECK(agreeing.spread == 0);
  CHECK(agreeing.meet == agreeing.lower_median);
  CHECK(agreeing.above_official.empty());
}

TEST_CASE("parallel tracks meet on the step below them", "[profile]") {
  auto norway = framework("no-nkr", {"3", "4A", "4B", "5"});
  norway.levels[1].parallel = norway.levels[2].parallel = "4";
  norway.levels[2].step = 1;
  norway.levels[3].step = 2;
  const auto found = profile(norway, std::vector<DomainLevel>{{"knowledge", 1}, {"skills", 2}});
  CHECK(found.meet == std::vector{0});
  CHECK(found.lower_median == std::vector{1, 2});
  CHECK(found.spread == 0);
  const auto higher = profile(norway, std::vector<DomainLevel>{{"knowledge", 2}, {"skills", 3}});
  CHECK(higher.meet == std::vector{2});
  CHECK(higher.spread == 1);
}

TEST_CASE("a faulty profile is refused", "[profile]") {
  Facts facts;
  facts.frameworks = {std::make_shared<const Framework>(framework("a", codes(4))),
                      std::make_shared<const Framework>(framework("b", codes(4)))};
  const World world{facts};
  const auto& a = world.framework("a"_fw);
  CHECK_THROWS_AS(profile(a, std::vector<DomainLevel>{}), InvalidValue);
  CHECK_THROWS_AS(profile(a, std::vector<DomainLevel>{{"", 1}}), InvalidValue);
  CHECK_THROWS_WITH(profile(a, std::vector<DomainLevel>{{"skills", 1}, {"skills", 2}}), ContainsSubstring("\"skills\" twice"));
  CHECK_THROWS_AS(profile(a, std::vector<DomainLevel>{{"skills", 4}}), InvalidValue);
  CHECK_THROWS_AS(profile(a, std::vector<DomainLevel>{{"skills", 3}}, -1), InvalidValue);

  const std::vector<DomainPlacement> placed{{"knowledge", "a:2"_level}, {"skills", "a:4"_level}};
  CHECK(profile(world, placed, "a:2"_level).above_official == std::vector<std::string>{"skills"});
  CHECK_THROWS_AS(profile(world, std::vector<DomainPlacement>{}), InvalidValue);
  CHECK_THROWS_AS(profile(world, std::vector<DomainPlacement>{{"skills", "a:9"_level}}), UnknownId);
  CHECK_THROWS_WITH(profile(world, std::vector<DomainPlacement>{{"knowledge", "a:2"_level}, {"skills", "b:4"_level}}),
                    ContainsSubstring("levels of one framework"));
}

TEST_CASE("the lower median never falls when a domain rises", "[profile][property]") {
  const auto eight = framework("f", codes(8));
  Random random;
  for (int round = 0; round < 300; ++round) {
    std::vector<DomainLevel> domains;
    const auto count = random.whole(1, 6);
    for (std::int64_t i = 0; i < count; ++i) {
      domains.push_back({"domain " + std::to_string(i), static_cast<int>(random.whole(0, 7))});
    }
    const auto before = profile(eight, domains);
    const int median = before.lower_median.at(0);
    const auto at_or_below = std::ranges::count_if(domains, [&](const auto& each) { return each.level <= median; });
    CHECK(2 * at_or_below >= count);
    CHECK(std::ranges::any_of(domains, [&](const auto& each) { return each.level == median; }));
    CHECK(before.meet.at(0) <= median);
    auto& raised = domains[static_cast<std::size_t>(random.whole(0, count - 1))];
    raised.level = std::min(7, raised.level + static_cast<int>(random.whole(0, 3)));
    const auto after = profile(eight, domains);
    CHECK(after.lower_median.at(0) >= median);
    CHECK(after.meet.at(0) >= before.meet.at(0));
  }
}
