// Models, audits and completions: what one rule asks of one record, and what is proved of the answer.

#include "qualgraph/stacking/audit.hpp"

#include "qualgraph/model/error.hpp"
#include "qualgraph/stacking/complete.hpp"

#include "sketch.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators_all.hpp>
#include <catch2/matchers/catch_matchers_all.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

using namespace qualgraph;
using nlohmann::json;

namespace {

Rule rule_of(const std::string& parts) {
  json rule = {{"language", 1}, {"id", "r"}, {"title", "R"}, {"sources", json::array()}};
  rule.update(json::parse(parts));
  return Rule::parse(rule.dump());
}

LearnerRecord record_of(const std::string& items) { return read_record(R"({"language": 1, "items": )" + items + "}"); }

Catalogue catalogue_of(const std::string& offers) {
  return read_catalogue(R"({"language": 1, "offers": )" + offers + "}");
}

const World& nowhere() {
  static const World world = test::sketch("aa: 1 2 3 4 5", "bb: 1 2 3", "aa>bb: 1-1 2-1 3-2 4-2 5-3");
  return world;
}

AuditRun audit_of(const std::string& rule, const std::string& items, const AuditOptions& options = {}) {
  return audit(nowhere(), record_of(items), rule_of(rule), options).best;
}

Compiled compiled(const std::string& rule, const std::string& items, const CompileOptions& options = {}) {
  const Rule read = rule_of(rule);
  const LearnerRecord record = record_of(items);
  const std::shared_ptr<const RuleText> text = read.text({});
  Case view(nowhere(), *text, record);
  return compile(view, options);
}

std::vector<std::string> row_names(const Compiled& model) {
  std::vector<std::string> names;
  for (const auto& row : model.model.rows) names.push_back(row.name);
  std::ranges::sort(names);
  return names;
}

Plan plan_of(const std::string& rule, const std::string& items, const std::string& offers,
             const CompleteOptions& options = {}) {
  const std::vector<Plan> plans =
      complete(nowhere(), record_of(items), {Goal{rule_of(rule), {}}}, catalogue_of(offers), options);
  REQUIRE(plans.size() == 1);
  return plans.front();
}

}  // namespace

TEST_CASE("Rows of a model are named by the clause they stand for", "[stacking][compile]") {
  const Compiled model = compiled(R"({"total": {"min": 20},
      "places": {"core": {"from": {"tag": "core"}, "min": 10}, "rest": {"from": "everything", "max": 15}},
      "floors": {"high": {"from": {"level": {"at_least": "aa:3"}}, "min": 5}},
      "caps": {"rpl": {"from": {"origin": "rpl"}, "max_share": "1/2"}}})",
                                  R"([{"id": "a", "credits": 10, "tags": ["core"], "level": "aa:4", "origin": "rpl"},
                                      {"id": "b", "credits": 12, "tags": [], "level": "aa:2", "origin": "taught"}])");
  const std::vector<std::string> names = row_names(model);
  for (const char* name : {"total/min", "places/core/min", "floors/high/min"}) {
    CAPTURE(name);
    CHECK(std::ranges::count(names, name) == 1);
  }
  CHECK(model.certain);
  CHECK(model.broken.empty());
}

TEST_CASE("An unknown item is read against the learner, then for the learner", "[stacking][audit]") {
  const std::string rule = R"({"total": {"min": 10}, "places": {"core": {"from": {"tag": "core"}, "min": 10}}})";
  CHECK(audit_of(rule, R"([{"id": "a", "credits": 10, "tags": ["core"]}])").verdict == AuditVerdict::satisfied);
  CHECK(audit_of(rule, R"([{"id": "a", "credits": 10}])").verdict == AuditVerdict::provisional);
  CHECK(audit_of(rule, R"([{"id": "a", "credits": 10, "tags": []}])").verdict == AuditVerdict::unsatisfied);
}

TEST_CASE("A level of another framework meets a clause through its mapping", "[stacking][audit]") {
  const std::string rule =
      R"({"total": {"min": 10}, "floors": {"f": {"from": {"level": {"at_least": "bb:2"}}, "min": 10}}})";
  const auto verdict = [&](const char* level) {
    return audit_of(rule, R"([{"id": "a", "credits": 10, "level": ")" + std::string(level) + R"("}])").verdict;
  };
  CHECK(verdict("aa:3") == AuditVerdict::satisfied);
  CHECK(verdict("aa:2") == AuditVerdict::unsatisfied);
  const AuditRun run = audit_of(rule, R"([{"id": "a", "credits": 10, "level": "aa:5"}])");
  REQUIRE(run.levels.size() == 1);
}

TEST_CASE("First come, first served would refuse this learner", "[stacking][audit]") {
  // Two of {a, b, c} and one of {a, b}: taking a and b first leaves nothing for the second.
  const std::string rule = R"({"places": {"two": {"from": {"unit": ["a", "b", "c"]}, "min": 20},
                                          "one": {"from": {"unit": ["a", "b"]}, "min": 10}}})";
  const std::string items = R"([{"id": "a", "credits": 10}, {"id": "b", "credits": 10}, {"id": "c", "credits": 10}])";
  const AuditRun run = audit_of(rule, items);
  CHECK(run.verdict == AuditVerdict::satisfied);
  std::map<std::string, std::string> place;
  for (const Placement& each : run.allocation) place[each.item] = each.place;
  CHECK(place.at("c") == "two");
}

TEST_CASE("Shortfall adds what each clause lacks", "[stacking][audit]") {
  const std::string rule = R"({"total": {"min": 10}, "places": {"a": {"from": {"tag": "a"}, "min": 4},
                                                               "b": {"from": {"tag": "b"}, "min": 6}}})";
  AuditRun run = audit_of(rule, "[]");
  CHECK(run.verdict == AuditVerdict::unsatisfied);
  CHECK(run.shortfall.at("credits") == Rational(20));
  CHECK(smallest_addition(nowhere(), record_of("[]"), rule_of(rule), {}) == Rational(10));
  run = audit_of(rule, R"([{"id": "x", "credits": 3, "tags": ["a"]}])");
  CHECK(run.shortfall.at("credits") == Rational(7 + 1 + 6));
}

TEST_CASE("A share of the award and a share of what is counted differ", "[stacking][audit]") {
  const auto verdict = [](const char* base) {
    const std::string rule =
        R"({"total": {"min": 120}, "caps": {"rpl": {"from": {"origin": "rpl"}, "max_share": "1/2", "base": ")" +
        std::string(base) + R"("}}})";
    return audit_of(rule,
                    R"([{"id": "s", "credits": 65, "origin": "taught"}, {"id": "r", "credits": 65, "origin": "rpl"}])")
        .verdict;
  };
  CHECK(verdict("counted") == AuditVerdict::satisfied);
  CHECK(verdict("target") == AuditVerdict::unsatisfied);
}

TEST_CASE("Clauses that cannot hold together, and what would have to give", "[stacking][audit]") {
  const Rule rule = rule_of(R"({"awarding": ["own"], "total": {"min": 120},
      "floors": {"residency": {"from": {"provider": "awarding"}, "min": 60}},
      "caps": {"rpl": {"from": {"origin": "rpl"}, "max": 60}}, "allocation": {"items": "splittable"}})");
  const LearnerRecord record = record_of(R"([{"id": "o", "credits": 40, "provider": "own", "origin": "taught"},
                    {"id": "r", "credits": 100, "provider": "else", "origin": "rpl"}])");
  const AuditRun run = audit(nowhere(), record, rule).best;
  REQUIRE(run.verdict == AuditVerdict::unsatisfied);
  const Clash found = clash(nowhere(), record, rule, run.choice, Polarity::favourable);
  CHECK(found.proved);
  CHECK(!found.together.empty());
  // Either set has to give: {total, residency} or {the limit, residency}.
  std::vector<std::vector<std::string>> corrections = found.corrections;
  for (auto& each : corrections) std::ranges::sort(each);
  std::ranges::sort(corrections);
  CHECK(corrections == std::vector<std::vector<std::string>>{{"caps/rpl/max", "floors/residency/min"},
                                                             {"floors/residency/min", "total/min"}});
}

TEST_CASE("An answer out of its budget is never a guess", "[stacking][audit]") {
  // Whole items whose sums just miss: only search can tell.
  json items = json::array();
  for (int n = 0; n < 40; ++n) items.push_back({{"id", "i" + std::to_string(n)}, {"credits", 1000 + 7 * n * n % 500}});
  json places;
  for (int n = 0; n < 6; ++n) places["p" + std::to_string(n)] = {{"exact", 3333 + n}};
  AuditOptions options;
  options.nodes = 1;
  const AuditRun run = audit_of(json{{"places", places}}.dump(), items.dump(), options);
  if (run.proved) {
    CHECK(run.verdict != AuditVerdict::undecided);
  } else {
    CHECK(run.verdict == AuditVerdict::undecided);
    CHECK(run.bound <= run.cost);
  }
  options.stop = [] { return true; };
  options.nodes = 1'000'000;
  const AuditRun stopped = audit_of(json{{"places", places}}.dump(), items.dump(), options);
  if (!stopped.proved) CHECK(stopped.verdict == AuditVerdict::undecided);
}

TEST_CASE("Audits equal every placing tried one by one", "[stacking][audit][property]") {
  std::mt19937 random(20261124);
  const auto draw = [&](int low, int high) { return std::uniform_int_distribution<int>(low, high)(random); };
  for (int round = 0; round < 400; ++round) {
    const int count = draw(0, 6);
    json items = json::array();
    std::vector<int> credits, tag, rpl;
    for (int n = 0; n < count; ++n) {
      credits.push_back(draw(0, 12));
      tag.push_back(draw(0, 3));
      rpl.push_back(draw(0, 1));
      json tags = json::array();
      if (tag[static_cast<std::size_t>(n)] & 1) tags.push_back("a");
      if (tag[static_cast<std::size_t>(n)] & 2) tags.push_back("b");
      items.push_back({{"id", "i" + std::to_string(n)},
                       {"credits", credits.back()},
                       {"tags", tags},
                       {"origin", rpl.back() ? "rpl" : "taught"}});
    }
    const int a_min = draw(0, 15), b_min = draw(0, 15), a_max = a_min + draw(0, 8), total = draw(0, 30),
              cap = draw(0, 20);
    const json rule = {{"total", {{"min", total}}},
                       {"places",
                        {{"a", {{"from", {{"tag", "a"}}}, {"min", a_min}, {"max", a_max}}},
                         {"b", {{"from", {{"tag", "b"}}}, {"min", b_min}}}}},
                       {"caps", {{"rpl", {{"from", {{"origin", "rpl"}}}, {"max", cap}}}}}};
    int best = -1;
    const std::function<void(int, int, int, int)> place = [&](int n, int in_a, int in_b, int by_rpl) {
      if (in_a > a_max || by_rpl > cap) return;
      if (n == count) {
        const int lack = std::max(0, a_min - in_a) + std::max(0, b_min - in_b) + std::max(0, total - in_a - in_b);
        if (best < 0 || lack < best) best = lack;
        return;
      }
      const auto at = static_cast<std::size_t>(n);
      place(n + 1, in_a, in_b, by_rpl);
      const int more = rpl[at] ? credits[at] : 0;
      if (tag[at] & 1) place(n + 1, in_a + credits[at], in_b, by_rpl + more);
      if (tag[at] & 2) place(n + 1, in_a, in_b + credits[at], by_rpl + more);
    };
    place(0, 0, 0, 0);
    const AuditRun run = audit_of(rule.dump(), items.dump());
    CAPTURE(round, rule.dump(), items.dump());
    REQUIRE(run.proved);
    CHECK((run.verdict == AuditVerdict::satisfied) == (best == 0));
    const auto found = run.shortfall.find("credits");
    CHECK((found == run.shortfall.end() ? Rational(0) : found->second) == Rational(best));
  }
}

TEST_CASE("The cheapest completion pays a prerequisite once", "[stacking][complete]") {
  const std::string rule = R"({"places": {"u": {"from": {"unit": ["u1", "u2"]}, "all": true}}})";
  const std::string offers = R"([{"id": "m", "cost": 10, "credits": 1},
      {"id": "u1", "cost": 5, "credits": 1, "requires": {"holds": {"unit": "m"}}},
      {"id": "u2", "cost": 5, "credits": 1, "requires": {"holds": {"unit": "m"}}}])";
  const Plan plan = plan_of(rule, "[]", offers);
  CHECK(plan.status == PlanStatus::optimal);
  REQUIRE(plan.values.size() == 1);
  CHECK(plan.values.front() == Rational(20));
  REQUIRE(plan.taken.size() == 3);
  CHECK(plan.taken.front() == 0);  // the prerequisite first
}

TEST_CASE("Nothing on offer completes the award", "[stacking][complete]") {
  const std::string rule = R"({"total": {"min": 30}, "caps": {"micro": {"from": {"origin": "micro"}, "max": 20}}})";
  const std::string offers = R"([{"id": "x", "credits": 20, "origin": "micro", "cost": 1},
                                 {"id": "y", "credits": 20, "origin": "micro", "cost": 1}])";
  CHECK(plan_of(rule, "[]", offers).status == PlanStatus::impossible);
  CHECK(plan_of(rule, R"([{"id": "h", "credits": 10, "origin": "taught"}])", offers).status == PlanStatus::optimal);
  CHECK(plan_of(rule, R"([{"id": "h", "credits": 30, "origin": "taught"}])", "[]").taken.empty());
}

TEST_CASE("An unknown price is never free", "[stacking][complete]") {
  const std::string rule = R"({"total": {"min": 10}})";
  const Plan plan = plan_of(rule, "[]", R"([{"id": "x", "credits": 10}, {"id": "y", "credits": 10, "cost": 700}])");
  CHECK(plan.status == PlanStatus::optimal);
  CHECK(plan.values.front() == Rational(700));
}

TEST_CASE("Cost and months: every plan that no other beats", "[stacking][complete]") {
  CompleteOptions options;
  options.aims = {Aim::cost, Aim::months};
  const std::vector<Plan> plans = complete(
      nowhere(), record_of("[]"), {Goal{rule_of(R"({"total": {"min": 10}})"), {}}},
      catalogue_of(
          R"([{"id": "cheap", "credits": 10, "cost": 100, "months": 9}, {"id": "fast", "credits": 10, "cost": 900, "months": 1},
                       {"id": "beaten", "credits": 10, "cost": 950, "months": 9}])"),
      options);
  REQUIRE(plans.size() == 2);
  CHECK(plans[0].values == std::vector<Rational>{100, 9});
  CHECK(plans[1].values == std::vector<Rational>{900, 1});
}

TEST_CASE("The cheapest completion equals every choice tried one by one", "[stacking][complete][property]") {
  std::mt19937 random(7);
  const auto draw = [&](int low, int high) { return std::uniform_int_distribution<int>(low, high)(random); };
  for (int round = 0; round < 150; ++round) {
    const int count = draw(1, 8);
    json offers = json::array();
    std::vector<int> credits, cost, needs, micro;
    for (int n = 0; n < count; ++n) {
      credits.push_back(draw(1, 12));
      cost.push_back(draw(1, 50));
      micro.push_back(draw(0, 1));
      needs.push_back(n > 0 && draw(0, 2) == 0 ? draw(0, n - 1) : -1);
      json offer = {{"id", "o" + std::to_string(n)},
                    {"credits", credits.back()},
                    {"cost", cost.back()},
                    {"origin", micro.back() ? "micro" : "taught"}};
      if (needs.back() >= 0) offer["requires"] = {{"holds", {{"unit", "o" + std::to_string(needs.back())}}}};
      offers.push_back(std::move(offer));
    }
    const int total = draw(5, 40), cap = draw(0, 25);
    const json rule = {{"total", {{"min", total}}},
                       {"caps", {{"micro", {{"from", {{"origin", "micro"}}}, {"max", cap}}}}}};
    int best = -1;
    for (unsigned taken = 0; taken < 1U << count; ++taken) {
      int price = 0, taught = 0;
      bool possible = true;
      std::vector<char> sums(static_cast<std::size_t>(cap) + 1, 0);
      sums[0] = 1;
      for (int n = 0; n < count; ++n) {
        const auto at = static_cast<std::size_t>(n);
        if (!(taken >> n & 1U)) continue;
        if (needs[at] >= 0 && !(taken >> needs[at] & 1U)) possible = false;
        price += cost[at];
        if (!micro[at]) {
          taught += credits[at];
          continue;
        }
        for (int sum = cap; sum >= credits[at]; --sum) {
          if (sums[static_cast<std::size_t>(sum - credits[at])]) sums[static_cast<std::size_t>(sum)] = 1;
        }
      }
      int counted = cap;
      while (!sums[static_cast<std::size_t>(counted)]) --counted;
      if (possible && taught + counted >= total && (best < 0 || price < best)) best = price;
    }
    const Plan plan = plan_of(rule.dump(), "[]", offers.dump());
    CAPTURE(round, rule.dump(), offers.dump());
    if (best < 0) {
      CHECK(plan.status == PlanStatus::impossible);
    } else {
      REQUIRE(plan.status == PlanStatus::optimal);
      CHECK(plan.values.front() == Rational(best));
    }
  }
}
