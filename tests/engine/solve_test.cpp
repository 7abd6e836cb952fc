#include "qualgraph/stacking/solve.hpp"

#include "qualgraph/model/error.hpp"
#include "qualgraph/stacking/detail/tally.hpp"
#include "qualgraph/stacking/integer_model.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators_all.hpp>
#include <catch2/matchers/catch_matchers_all.hpp>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <optional>
#include <random>
#include <string>
#include <vector>

using namespace qualgraph;
using Catch::Matchers::ContainsSubstring;

namespace {

constexpr std::int64_t kInfinity = IntegerModel::kInfinity;

struct Draw {
  std::mt19937_64 engine;
  explicit Draw(std::uint64_t seed) : engine(seed) {}
  // Distributions differ between standard libraries; a remainder does not.
  std::int64_t between(std::int64_t low, std::int64_t high) {
    return low + static_cast<std::int64_t>(engine() % static_cast<std::uint64_t>(high - low + 1));
  }
  bool chance(int percent) { return between(0, 99) < percent; }
};

/// Small enough to try every point, odd enough to meet every turn of the search.
IntegerModel random_model(std::uint64_t seed) {
  Draw draw(seed);
  IntegerModel model;
  const auto columns = draw.between(1, 7);
  for (std::int64_t j = 0; j < columns; ++j) {
    std::int64_t lower = 0;
    std::int64_t upper = 1;
    if (draw.chance(25)) {
      lower = draw.between(-3, 2);
      upper = lower + draw.between(0, 4);
    }
    model.add_column("x" + std::to_string(j), lower, upper, draw.chance(60) ? draw.between(-6, 9) : 0,
                     draw.chance(20) ? 1 : 0);
  }
  const auto rows = draw.between(0, 6);
  for (std::int64_t i = 0; i < rows; ++i) {
    const bool cover = draw.chance(60);
    std::int64_t low = -kInfinity;
    std::int64_t high = kInfinity;
    const std::int64_t pivot = draw.between(-4, 14);
    if (draw.chance(20)) {
      low = high = pivot;
    } else if (cover) {
      low = pivot;
      if (draw.chance(30)) high = pivot + draw.between(0, 6);
    } else {
      high = pivot;
    }
    auto& row = model.add_row("r" + std::to_string(i), low, high);
    for (std::int64_t j = 0; j < columns; ++j) {
      if (!draw.chance(65)) continue;
      std::int64_t a = draw.between(1, 9);
      if (draw.chance(25)) a = -a;
      row.terms.push_back({static_cast<int>(j), a});
    }
    if (low > -kInfinity && low != high && draw.chance(50)) {
      // A soft minimum: what is missing costs.
      row.terms.push_back({model.add_column("short[r" + std::to_string(i) + "]", 0, draw.chance(50) ? 30 : 4,
                                            draw.between(1, 3)),
                           1});
    }
  }
  return model;
}

/// The least cost by trying everything that the slack columns leave open.
std::optional<std::int64_t> by_trying(const IntegerModel& model) {
  std::vector<std::int64_t> values;
  for (const auto& column : model.columns) values.push_back(column.lower);
  // A column "short[...]" sits in one row only: its least value follows from the others.
  std::vector<int> row_of_slack(model.columns.size(), -1);
  for (std::size_t i = 0; i < model.rows.size(); ++i) {
    for (const auto& term : model.rows[i].terms) {
      const auto at = static_cast<std::size_t>(term.column);
      if (model.columns[at].name.rfind("short[", 0) == 0) row_of_slack[at] = static_cast<int>(i);
    }
  }
  std::optional<std::int64_t> best;
  while (true) {
    auto tried = values;
    for (std::size_t j = 0; j < tried.size(); ++j) {
      if (row_of_slack[j] < 0) continue;
      const auto& row = model.rows[static_cast<std::size_t>(row_of_slack[j])];
      std::int64_t sum = 0;
      for (const auto& term : row.terms) {
        const auto at = static_cast<std::size_t>(term.column);
        if (at != j) sum += term.coefficient * tried[at];
      }
      tried[j] = std::clamp<std::int64_t>(row.lower - sum, 0, model.columns[j].upper);
    }
    if (model.admits(tried)) {
      const std::int64_t cost = model.cost_of(tried);
      if (!best || cost < *best) best = cost;
    }
    std::size_t j = 0;
    for (; j < values.size(); ++j) {
      if (row_of_slack[j] >= 0) continue;
      if (values[j] < model.columns[j].upper) {
        ++values[j];
        break;
      }
      values[j] = model.columns[j].lower;
    }
    if (j == values.size()) return best;
  }
}

/// Ten items, three places with room for some of them, minima that cannot all be met.
IntegerModel packing(std::uint64_t seed, int items = 10, int places = 3) {
  Draw draw(seed);
  IntegerModel model;
  std::vector<std::int64_t> size;
  std::vector<std::vector<int>> column(static_cast<std::size_t>(items));
  for (int i = 0; i < items; ++i) {
    size.push_back(draw.between(3, 20));
    for (int g = 0; g < places; ++g) {
      column[static_cast<std::size_t>(i)].push_back(
          draw.chance(70) ? model.add_column("x[" + std::to_string(i) + "|" + std::to_string(g) + "]", 0, 1) : -1);
    }
  }
  for (int i = 0; i < items; ++i) {
    auto& row = model.add_row("item/" + std::to_string(i), -kInfinity, 1);
    for (const int j : column[static_cast<std::size_t>(i)]) {
      if (j >= 0) row.terms.push_back({j, 1});
    }
  }
  for (int g = 0; g < places; ++g) {
    const std::int64_t need = draw.between(25, 45);
    const int slack = model.add_column("short[" + std::to_string(g) + "]", 0, need, 1);
    IntegerModel::Row least{"min/" + std::to_string(g), {{slack, 1}}, need, kInfinity};
    IntegerModel::Row most{"max/" + std::to_string(g), {}, -kInfinity, need + draw.between(0, 5)};
    for (int i = 0; i < items; ++i) {
      const int j = column[static_cast<std::size_t>(i)][static_cast<std::size_t>(g)];
      if (j < 0) continue;
      least.terms.push_back({j, size[static_cast<std::size_t>(i)]});
      most.terms.push_back({j, size[static_cast<std::size_t>(i)]});
    }
    model.rows.push_back(std::move(least));
    model.rows.push_back(std::move(most));
  }
  return model;
}

}  // namespace

TEST_CASE("the least cost is the one found by trying every point, and its proof holds", "[solve]") {
  int optimal = 0;
  int infeasible = 0;
  for (std::uint64_t seed = 0; seed < 4000; ++seed) {
    const IntegerModel model = random_model(seed);
    const auto expected = by_trying(model);
    for (const int kind : {0, 1, 2}) {
      const bool proof = kind > 0;
      SolveOptions options;
      options.proof = proof;
      options.proof_by_sums = kind == 2;
      const Solution found = solve(model, options);
      INFO("seed " << seed << ", kind of proof " << kind);
      if (expected) {
        ++optimal;
        REQUIRE(found.status == SolveStatus::optimal);
        REQUIRE(found.cost == *expected);
        REQUIRE(found.bound == *expected);
        REQUIRE(model.admits(found.values));
        REQUIRE(model.cost_of(found.values) == found.cost);
      } else {
        ++infeasible;
        REQUIRE(found.status == SolveStatus::infeasible);
        REQUIRE(found.values.empty());
      }
      if (proof) {
        REQUIRE_FALSE(found.proof_dropped);
        REQUIRE(found.proof.at_least == expected);
        REQUIRE(holds(found.proof, model));
      }
    }
  }
  // Both answers must be met often, or the comparison says little.
  CHECK(optimal > 4500);
  CHECK(infeasible > 1500);
}

TEST_CASE("what is added up holds for every point, and is a proof", "[solve]") {
  const auto proves = [](const detail::Tally& sum, const IntegerModel& model, std::int64_t at_least) {
    Proof proof;
    proof.at_least = at_least;
    Proof::Node node;
    node.kind = Proof::Kind::dual;
    node.multipliers = sum.multipliers;
    node.multipliers.emplace_back(-1, -1);
    proof.nodes.push_back(node);
    return holds(proof, model);
  };
  int met = 0;
  for (std::uint64_t seed = 0; seed < 1500; ++seed) {
    const IntegerModel model = seed % 3 == 0 ? packing(seed, 5, 2) : random_model(seed);
    const Solution least = solve(model);
    INFO("seed " << seed);
    for (const auto& values : {std::vector<std::int64_t>{}, least.values}) {
      const detail::Tally sum = detail::tally(model, values);
      REQUIRE(proves(sum, model, sum.bound));
      if (least.status != SolveStatus::optimal) continue;
      REQUIRE(sum.bound <= least.cost);
      met += sum.bound == least.cost ? 1 : 0;
    }
  }
  CHECK(met > 300);
}

TEST_CASE("more minima than items to go round are proved in a model too large for a relaxation", "[solve]") {
  constexpr int kPlaces = 2500;
  constexpr int kItems = 40;
  IntegerModel model;
  std::vector<IntegerModel::Row> items(kItems);
  for (int p = 0; p < kPlaces; ++p) {
    IntegerModel::Row row{"place/" + std::to_string(p), {}, 2, kInfinity};
    for (auto& item : items) {
      const int column = model.add_column("x", 0, 1);
      row.terms.push_back({column, 1});
      item.terms.push_back({column, 1});
    }
    row.terms.push_back({model.add_column("short", 0, 2, 1), 1});
    model.rows.push_back(std::move(row));
  }
  for (auto& item : items) {
    item.upper = 1;
    model.rows.push_back(std::move(item));
  }
  for (const bool proof : {false, true}) {
    SolveOptions options;
    options.proof = options.proof_by_sums = proof;
    const Solution found = solve(model, options);
    REQUIRE(found.status == SolveStatus::optimal);
    REQUIRE(found.cost == 2 * kPlaces - kItems);
    REQUIRE(model.admits(found.values));
    if (proof) REQUIRE(holds(found.proof, model));
    options.cutoff = 0;
    const Solution none = solve(model, options);
    REQUIRE(none.status == SolveStatus::infeasible);
    if (proof) REQUIRE(holds(none.proof, model));
  }
}

TEST_CASE("a proof does not hold for more than it shows", "[solve]") {
  int rejected = 0;
  for (std::uint64_t seed = 0; seed < 600; ++seed) {
    const IntegerModel model = seed % 2 == 0 ? random_model(seed) : packing(seed);
    SolveOptions options;
    options.proof = true;
    options.proof_by_sums = seed % 4 < 2;
    const Solution found = solve(model, options);
    INFO("seed " << seed);
    REQUIRE(holds(found.proof, model));
    if (found.status == SolveStatus::optimal) {
      // A cost one higher is a falsehood, so nothing may prove it.
      Proof bolder = found.proof;
      bolder.at_least = *bolder.at_least + 1;
      REQUIRE_FALSE(holds(bolder, model));
      Proof without = found.proof;
      without.at_least = std::nullopt;
      REQUIRE_FALSE(holds(without, model));
    }
    Proof shorter = found.proof;
    shorter.nodes.pop_back();
    REQUIRE_FALSE(holds(shorter, model));
    Proof longer = found.proof;
    longer.nodes.push_back(longer.nodes.back());
    REQUIRE_FALSE(holds(longer, model));
    for (std::size_t k = 0; k < found.proof.nodes.size() && k < 40; ++k) {
      Proof bent = found.proof;
      auto& node = bent.nodes[k];
      if (node.kind == Proof::Kind::branch) {
        node.column = static_cast<int>(model.columns.size());
        REQUIRE_FALSE(holds(bent, model));
      } else if (node.kind == Proof::Kind::dual) {
        node.multipliers.emplace_back(static_cast<int>(model.rows.size() + found.proof.nodes.size()), 1);
        REQUIRE_FALSE(holds(bent, model));
        node = found.proof.nodes[k];
        node.multipliers.emplace_back(-1, 1);
        // A positive multiplier of the objective would use a bound that does not exist.
        REQUIRE_FALSE(holds(bent, model));
        node = found.proof.nodes[k];
        node.multipliers.clear();
        rejected += holds(bent, model) ? 0 : 1;
      }
    }
  }
  CHECK(rejected > 50);
}

TEST_CASE("a false proof of a feasible model is refused whatever its numbers", "[solve]") {
  Draw draw(7);
  for (int round = 0; round < 3000; ++round) {
    const IntegerModel model = random_model(static_cast<std::uint64_t>(round % 200));
    const auto expected = by_trying(model);
    if (!expected) continue;
    Proof proof;
    proof.at_least = *expected + draw.between(1, 3);
    // Random trees: the right shape, arbitrary contents.
    int open = 1;
    const auto any = [&](std::size_t count) {
      return static_cast<int>(draw.between(-1, static_cast<std::int64_t>(count) - 1));
    };
    const auto any_row = [&] { return any(model.rows.size()); };
    const auto any_column = [&] { return any(model.columns.size()); };
    while (open > 0 && proof.nodes.size() < 30) {
      Proof::Node node;
      --open;
      const auto kind = draw.between(0, proof.nodes.size() > 10 ? 1 : 4);
      if (kind == 4) {
        node.kind = Proof::Kind::filling;
        node.value = draw.between(-3, 8);
        node.window = {any_row(), any_row(), any_column()};
        if (draw.chance(30)) node.items.push_back(any_row());
        for (std::int64_t k = draw.between(0, 4); k > 0; --k) {
          node.multipliers.emplace_back(any_column(), draw.between(-5, 5));
        }
        proof.nodes.push_back(std::move(node));
        ++open;
        continue;
      }
      if (kind == 2) {
        node.kind = Proof::Kind::branch;
        node.column = static_cast<int>(draw.between(0, static_cast<std::int64_t>(model.columns.size()) - 1));
        node.value = draw.between(-2, 4);
        open += 2;
      } else {
        node.kind = kind == 0 ? Proof::Kind::propagation : kind == 1 ? Proof::Kind::dual : Proof::Kind::tightening;
        open += kind == 3 ? 1 : 0;
        for (std::int64_t k = draw.between(0, 4); kind != 0 && k > 0; --k) {
          const std::int64_t y = draw.chance(5) ? std::numeric_limits<std::int64_t>::max() : draw.between(-5, 5);
          node.multipliers.emplace_back(any_row(), y);
        }
      }
      proof.nodes.push_back(std::move(node));
    }
    REQUIRE_FALSE(holds(proof, model));
  }
}

TEST_CASE("a search that ends early says so and gives a bound that holds", "[solve]") {
  int early = 0;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    const IntegerModel model = packing(seed, 14, 4);
    const Solution whole = solve(model);
    REQUIRE(whole.status == SolveStatus::optimal);
    for (const std::int64_t nodes : {0, 1, 2, 5}) {
      SolveOptions options;
      options.nodes = nodes;
      options.proof = true;
      const Solution cut = solve(model, options);
      INFO("seed " << seed << ", nodes " << nodes);
      CHECK(cut.nodes <= nodes);
      if (cut.status == SolveStatus::not_proved) {
        ++early;
        CHECK(cut.bound <= whole.cost);
        CHECK(cut.proof.nodes.empty());
        if (!cut.values.empty()) {
          CHECK(model.admits(cut.values));
          CHECK(cut.cost >= whole.cost);
          CHECK(cut.bound <= cut.cost);
        }
      } else {
        CHECK(cut.cost == whole.cost);
      }
    }
    SolveOptions stopped;
    stopped.stop = [] { return true; };
    const Solution none = solve(model, stopped);
    CHECK(none.bound <= whole.cost);
    CHECK((none.status == SolveStatus::not_proved || none.cost == whole.cost));
  }
  CHECK(early > 100);
}

TEST_CASE("a stop is asked for while the search runs", "[solve]") {
  // No whole values keep 2a - 2b = 1, and branching alone cannot show it in a lifetime.
  IntegerModel parity;
  parity.add_column("a", -1000000, 1000000);
  parity.add_column("b", -1000000, 1000000);
  parity.add_row("odd", 1, 1).terms = {{0, 2}, {1, -2}};
  int asked = 0;
  SolveOptions options;
  options.stop = [&asked] { return ++asked > 5; };
  CHECK(solve(parity, options).status == SolveStatus::not_proved);
  CHECK(asked == 6);
  options.stop = nullptr;
  options.seconds = 0.01;
  CHECK(solve(parity, options).status == SolveStatus::not_proved);
}

TEST_CASE("a cutoff leaves only what is cheap enough", "[solve]") {
  for (std::uint64_t seed = 0; seed < 500; ++seed) {
    const IntegerModel model = random_model(seed);
    const auto expected = by_trying(model);
    if (!expected) continue;
    SolveOptions options;
    options.proof = true;
    options.proof_by_sums = seed % 2 == 0;
    INFO("seed " << seed);
    options.cutoff = *expected;
    const Solution at = solve(model, options);
    REQUIRE(at.status == SolveStatus::optimal);
    CHECK(at.cost == *expected);
    CHECK(holds(at.proof, model));
    options.cutoff = *expected - 1;
    const Solution below = solve(model, options);
    REQUIRE(below.status == SolveStatus::infeasible);
    CHECK(below.values.empty());
    CHECK(below.bound == *expected);
    CHECK(below.proof.at_least == *expected);
    CHECK(holds(below.proof, model));
  }
}

TEST_CASE("values to start from are used, and refused if they are not admissible", "[solve]") {
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    const IntegerModel model = packing(seed);
    const Solution found = solve(model);
    SolveOptions options;
    options.start = found.values;
    const Solution again = solve(model, options);
    CHECK(again.status == SolveStatus::optimal);
    CHECK(again.cost == found.cost);
    options.nodes = 0;
    const Solution at_once = solve(model, options);
    CHECK(at_once.cost == found.cost);
    CHECK(model.admits(at_once.values));
    options.start[0] = 2;
    CHECK_THROWS_AS(solve(model, options), InvalidValue);
  }
}

TEST_CASE("the same question gives the same answer", "[solve]") {
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    const IntegerModel model = packing(seed, 14, 4);
    SolveOptions options;
    options.proof = seed % 2 == 0;
    const Solution a = solve(model, options);
    const Solution b = solve(model, options);
    CHECK(a.values == b.values);
    CHECK(a.nodes == b.nodes);
    CHECK(a.proof.nodes.size() == b.proof.nodes.size());
  }
}

TEST_CASE("a proof that grows too long is dropped, the answer is not", "[solve]") {
  bool dropped = false;
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    const IntegerModel model = packing(seed, 14, 4);
    SolveOptions options;
    options.proof = true;
    const Solution whole = solve(model, options);
    REQUIRE(holds(whole.proof, model));
    options.proof_nodes = 3;
    const Solution found = solve(model, options);
    CHECK(found.status == SolveStatus::optimal);
    CHECK(found.cost == whole.cost);
    CHECK(found.proof_dropped == found.proof.nodes.empty());
    dropped = dropped || found.proof_dropped;
  }
  CHECK(dropped);
}

TEST_CASE("larger models agree with their proofs", "[solve]") {
  std::size_t all_fillings = 0;
  for (std::uint64_t seed = 0; seed < 150; ++seed) {
    const IntegerModel model = packing(seed, 18, 5);
    SolveOptions options;
    const Solution plain = solve(model, options);
    REQUIRE(plain.status == SolveStatus::optimal);
    options.proof = true;
    std::size_t fillings = 0;
    for (const bool by_sums : {false, true}) {
      options.proof_by_sums = by_sums;
      const Solution proved = solve(model, options);
      INFO("seed " << seed << ", by sums " << by_sums);
      REQUIRE(proved.status == SolveStatus::optimal);
      CHECK(plain.cost == proved.cost);
      if (!proved.proof_dropped) CHECK(holds(proved.proof, model));
      for (const Proof::Node& node : proved.proof.nodes) fillings += node.kind == Proof::Kind::filling ? 1 : 0;
      // Whoever did not ask for them must not meet them.
      if (!by_sums) CHECK((fillings == 0 && proved.proof.windows.empty()));
    }
    all_fillings += fillings;
  }
  CHECK(all_fillings > 40);
}

TEST_CASE("a filling holds up to its least weight and not beyond", "[solve]") {
  // Four of 10 and one of 15 between 22 and 25: whole ones reach 25 with the 15 only, otherwise 20.
  IntegerModel model;
  for (const char* name : {"a", "b", "c", "d", "e"}) model.add_column(name, 0, 1);
  const int slack = model.add_column("short", 0, 22, 1);
  model.add_row("min", 22, kInfinity).terms = {{0, 10}, {1, 10}, {2, 10}, {3, 15}, {4, 10}, {slack, 1}};
  model.add_row("max", -kInfinity, 25).terms = {{0, 10}, {1, 10}, {2, 10}, {3, 15}, {4, 10}};
  model.add_row("item", -kInfinity, 1).terms = {{0, 1}, {1, 1}};
  // Without d at least 2 are missing: short + 2d >= 2.
  Proof proof;
  proof.at_least = 1;
  const auto filling = [&](std::int64_t weight, std::int64_t value) {
    Proof::Node node;
    node.kind = Proof::Kind::filling;
    node.window = {0, 1, slack};
    node.value = value;
    node.multipliers = {{slack, 1}, {3, weight}};
    return node;
  };
  const auto branch_on_d = [] {
    Proof::Node node;
    node.kind = Proof::Kind::branch;
    node.column = 3;
    return node;
  };
  // d = 1 is possible at no cost, so 1 is no lower bound, whatever is written down.
  CHECK(solve(model).cost == 0);
  proof.nodes = {filling(2, 2), branch_on_d(), {}, {}};
  CHECK_FALSE(holds(proof, model));
  model.columns[3].upper = 0;
  proof.nodes = {filling(2, 2), {}};
  CHECK(holds(proof, model));
  // Claimed for more than the slack can be it would empty the box, so only its refusal saves the answer.
  proof.at_least = 30;
  proof.nodes = {filling(2, 23), {}};
  CHECK_FALSE(holds(proof, model));
  proof.at_least = 1;
  // A column outside the window, a negative slack, a window whose ends are of different sums.
  proof.nodes = {filling(2, 2), {}};
  proof.nodes[0].multipliers[0].second = -1;
  CHECK_FALSE(holds(proof, model));
  proof.nodes = {filling(2, 2), {}};
  proof.nodes[0].window.high_row = 2;
  CHECK_FALSE(holds(proof, model));
  proof.nodes = {filling(2, 2), {}};
  proof.nodes[0].items = {1};
  CHECK_FALSE(holds(proof, model));
  // With a and b in one item only one of them counts: 20 either way.
  proof.nodes = {filling(2, 2), {}};
  proof.nodes[0].items = {2};
  CHECK(holds(proof, model));
  // Below a branch a filling could hold on one side only.
  proof.nodes = {branch_on_d(), filling(2, 2), {}, {}};
  CHECK_FALSE(holds(proof, model));
  // The window alone settles it as well.
  proof.nodes = {{}};
  CHECK_FALSE(holds(proof, model));
  proof.windows = {{0, 1, slack}};
  CHECK(holds(proof, model));
}

TEST_CASE("degenerate models have plain answers", "[solve]") {
  IntegerModel empty;
  CHECK(solve(empty).status == SolveStatus::optimal);
  CHECK(solve(empty).cost == 0);

  empty.add_row("never", 1, 2);
  SolveOptions options;
  options.proof = true;
  const Solution none = solve(empty, options);
  CHECK(none.status == SolveStatus::infeasible);
  CHECK_FALSE(none.proof.at_least);
  CHECK(holds(none.proof, empty));

  IntegerModel parity;
  parity.add_column("a", -1000000, 1000000);
  parity.add_column("b", -1000000, 1000000);
  parity.add_row("odd", 1, 1).terms = {{0, 2}, {1, -2}};
  options.nodes = 200;
  // Branching alone cannot settle it; the answer must not pretend.
  CHECK(solve(parity, options).status != SolveStatus::optimal);
}

TEST_CASE("a model that makes no sense is refused", "[solve]") {
  IntegerModel model;
  model.add_column("a", 0, 1);
  SECTION("a term without a column") {
    model.add_row("r", 0, 1).terms = {{1, 1}};
    CHECK_THROWS_WITH(solve(model), ContainsSubstring("\"r\""));
  }
  SECTION("a column twice in a row") {
    model.add_row("r", 0, 1).terms = {{0, 1}, {0, 2}};
    CHECK_THROWS_AS(solve(model), InvalidValue);
  }
  SECTION("a zero coefficient") {
    model.add_row("r", 0, 1).terms = {{0, 0}};
    CHECK_THROWS_AS(solve(model), InvalidValue);
  }
  SECTION("a row with its bounds the wrong way round") {
    model.add_row("r", 2, 1).terms = {{0, 1}};
    CHECK_THROWS_AS(solve(model), InvalidValue);
  }
  SECTION("a column with its bounds the wrong way round") {
    model.add_column("b", 1, 0);
    CHECK_THROWS_AS(solve(model), InvalidValue);
  }
  SECTION("a column without an end") {
    model.add_column("b", 0, kInfinity);
    CHECK_THROWS_AS(solve(model), InvalidValue);
  }
  SECTION("sums that leave 63 bits") {
    model.add_column("b", 0, std::int64_t{1} << 40);
    model.add_row("r", 0, 1).terms = {{1, std::int64_t{1} << 30}};
    CHECK_THROWS_AS(solve(model), NumericOverflow);
  }
  SECTION("costs that leave 63 bits") {
    model.add_column("b", 0, std::int64_t{1} << 40, std::int64_t{1} << 30);
    CHECK_THROWS_AS(solve(model), NumericOverflow);
  }
}

TEST_CASE("large numbers change no answer", "[solve]") {
  // The same model in finer units: costs and rows a million times as large.
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    IntegerModel model = random_model(seed);
    const auto expected = by_trying(model);
    constexpr std::int64_t kUnit = 1'000'000'007;
    for (auto& row : model.rows) {
      for (auto& term : row.terms) term.coefficient *= kUnit;
      if (row.lower > -kInfinity) row.lower *= kUnit;
      if (row.upper < kInfinity) row.upper *= kUnit;
    }
    for (auto& column : model.columns) column.cost *= kUnit;
    SolveOptions options;
    options.proof = true;
    options.proof_by_sums = seed % 2 == 0;
    const Solution found = solve(model, options);
    INFO("seed " << seed);
    REQUIRE(found.status == (expected ? SolveStatus::optimal : SolveStatus::infeasible));
    if (expected) REQUIRE(found.cost == *expected * kUnit);
    REQUIRE(holds(found.proof, model));
  }
}
