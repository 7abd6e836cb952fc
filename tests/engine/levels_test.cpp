// What stands opposite a level, and by which documents? Each case draws its world as text.

#include "sketch.hpp"

#include <algorithm>
#include <bit>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators_all.hpp>
#include <catch2/matchers/catch_matchers_all.hpp>

#include "qualgraph/mapping/audit_of_documents.hpp"
#include "qualgraph/mapping/loss.hpp"
#include "qualgraph/mapping/map_level.hpp"
#include "qualgraph/mapping/monotone.hpp"
#include "qualgraph/mapping/provenance.hpp"
#include "qualgraph/model/error.hpp"

using namespace qualgraph;
using namespace qualgraph::literals;
using namespace qualgraph::test;
using Catch::Matchers::ContainsSubstring;

namespace {

using Strings = std::vector<std::string>;
using Documents = std::vector<DocumentId>;

MapOptions type(std::string name) {
  MapOptions options;
  options.type = std::move(name);
  return options;
}

MapOptions slack(int steps) {
  MapOptions options;
  options.slack = steps;
  return options;
}

MapOptions via(std::vector<FrameworkId> frameworks) {
  MapOptions options;
  options.via = std::move(frameworks);
  return options;
}

MapOptions all_routes() {
  MapOptions options;
  options.all_routes = true;
  return options;
}

MapOptions for_recognition() {
  MapOptions options;
  options.purpose = Purpose::recognition;
  return options;
}

World on(const World& world, std::string_view day) { return world.with_view({parse_date(day), world.view().evidence}); }
World read_only(const World& world) { return world.with_view({world.view().as_of, EvidenceFloor::read}); }

World without(const World& world, std::initializer_list<const char*> documents) {
  Documents ids;
  for (const char* each : documents) ids.emplace_back(each);
  return world.without_documents(ids);
}

Strings names(const std::vector<LevelRef>& levels) {
  Strings result;
  for (const LevelRef& each : levels) result.push_back(each.str());
  return result;
}

std::vector<LevelMask> sets(const World& world, std::string_view from, std::string_view to, const MapOptions& options = {}) {
  std::vector<LevelMask> result;
  for (const LevelAnswer& answer : map_framework(world, FrameworkId{from}, FrameworkId{to}, options)) result.push_back(answer.levels);
  return result;
}

// The published tables that the worked examples rest on, each drawn from its report: Ireland (2009),
// New Zealand (2016), Scotland (2010), each against the EQF.
constexpr const char* kHub = "EQF hub: 1 2 3 4 5 6 7 8";
constexpr const char* kIrelandLevels = "IE: 1 2 3 4 5 6 7 8 9 10";
constexpr const char* kIreland = "IE>EQF: 1-1 2-1 3-2 4-3 5-4 6-5 7-6 8-6 9-7 10-8";
constexpr const char* kNewZealandLevels = "NZ: 1 2 3 4 5 6 7 8 9 10";
constexpr const char* kNewZealand =
    "NZ>EQF comparison joint: 1-2 2-3 3-4 4-4 5-5 6-5 7-6 8-none(left_without_a_level_by_agreement) 9-7 10-8 none-1";
constexpr const char* kScotlandLevels = "SCQF: 1 2 3 4 5 6 7 8 9 10 11 12";
constexpr const char* kScotland = "SCQF>EQF: 1-none 2-none 3-1 4-2 5-3 6-4 7-5 8-5 9-6 10-6 11-7 12-8";

World islands() {
  return sketch(kHub, kIrelandLevels, kIreland, kNewZealandLevels, kNewZealand, kScotlandLevels, kScotland);
}

}  // namespace

// ---- One document ---------------------------------------------------------------------------

TEST_CASE("a row says where a level stands, and read backwards it is a set") {
  const World world = sketch("A: 1 2 3 4 5", "B: 1 2 3", "A>B: 1-1 2-1 3-2 4-2 5-3");
  CHECK(map_level(world, "A:3"_level, "B"_fw).possible == codes("2"));
  CHECK(map_level(world, "B:2"_level, "A"_fw).possible == codes("3", "4"));
  CHECK(table(world, "A", "B") == "1:1 2:1 3:2 4:2 5:3");
  CHECK(table(world, "B", "A") == "1:1+2 2:3+4 3:5");
}

TEST_CASE("an answer states its ends, width and route") {
  const World world = sketch("A: 1 2 3", "B: 1 2 3 4 5", "A>B@2014 joint: 1-1 2-2+3+4 3-5");
  const LevelAnswer answer = map_level(world, "A:2"_level, "B"_fw);
  CHECK(answer.from == "A:2"_level);
  CHECK(answer.to == "B"_fw);
  CHECK(answer.status == AnswerStatus::mapped);
  CHECK(answer.complete);
  CHECK_FALSE(answer.peer);
  CHECK(answer.floors == codes("2"));
  CHECK(answer.ceilings == codes("4"));
  CHECK(answer.width == 2);
  CHECK(answer.reason.empty());
  REQUIRE(answer.routes.size() == 1);
  const RouteAnswer& route = answer.routes.front();
  CHECK(route.path == std::vector{"A"_fw, "B"_fw});
  CHECK(route.mappings == std::vector{MappingId{"A>B@2014"}});
  CHECK(route.admitted);
  CHECK(route.independent);
  CHECK(route.status == RouteStatus::alive);
  CHECK(route.strength == Strength::joint);
  CHECK(route.evidence == Evidence::read);
  REQUIRE(route.steps.size() == 1);
  CHECK(route.steps.front().arriving == codes("2"));
  CHECK(route.steps.front().leaving == codes("2", "3", "4"));
}

TEST_CASE("a referencing read backwards informs only, a comparison reads both ways") {
  const World world = sketch("A: 1 2", "B: 1 2", "C: 1 2", "A>B: 1-1 2-2", "A>C comparison: 1-1 2-2", "C>B bilateral: 1-1 2-2");
  CHECK(map_level(world, "B:1"_level, "A"_fw).routes.front().converse);
  CHECK(map_level(world, "B:1"_level, "A"_fw).routes.front().steps.front().information_only);
  CHECK_FALSE(map_level(world, "A:1"_level, "B"_fw).routes.front().converse);
  const RouteAnswer compared = map_level(world, "C:1"_level, "A"_fw).routes.front();
  CHECK_FALSE(compared.converse);
  CHECK(compared.steps.front().converse);
  CHECK_FALSE(map_level(world, "B:1"_level, "C"_fw).routes.front().converse);
}

TEST_CASE("a broad level and an undecided one keep all their rows") {
  const World world = sketch("A: 1 2", "B: 1 2 3", "A>B: 1-1+2 2-2/3");
  CHECK(table(world, "A", "B") == "1:1+2 2:2+3");
  CHECK(world.mapping(MappingId{"A>B@nd"}).multi[0].kind == MultiKind::span);
  CHECK(world.mapping(MappingId{"A>B@nd"}).multi[1].kind == MultiKind::range);
}

TEST_CASE("the type of award selects the row of a split level") {
  const World world = sketch("A: 1 2", "B: 1 2 3", "A>B: 1-1 2-2:Bachelor's_degree 2-3:Master\xE2\x80\x99s_degree");
  CHECK(table(world, "A", "B") == "1:1 2:2+3");
  CHECK(table(world, "A", "B", type("Bachelor's degree")) == "1:1 2:2");
  CHECK(table(world, "A", "B", type("MASTERS DEGREE")) == "1:1 2:3");
  // A type the document does not name selects nothing, so every row stays possible.
  CHECK(table(world, "A", "B", type("Certificate")) == "1:1 2:2+3");
}

TEST_CASE("a type uses only its own rows: what the others leave open does not matter") {
  const World world = sketch("A: 1 2{2.1 2.2}", "B: 1 2 3", "A>B: 1-1:Diploma 1-2:Degree 1~2 2-2:Diploma 2-3:Degree");
  CHECK(table(world, "A", "B") == "1:1+2? 2:2+3 2.1:2+3? 2.2:2+3?");
  CHECK(table(world, "A", "B", type("Diploma")) == "1:1 2:2 2.1:2? 2.2:2?");
  CHECK(table(world, "A", "B", type("Degree")) == "1:2? 2:3 2.1:3? 2.2:3?");
  const World floor = read_only(sketch("A: 1", "B: 1 2", "A>B: 1-1:Diploma 1-2:Degree?"));
  CHECK(table(floor, "A", "B", type("Diploma")) == "1:1");
  CHECK(table(floor, "A", "B", type("Degree")) == "1:-");
}

TEST_CASE("a type is the asker's own: it selects behind a join, not behind a foreign document") {
  const World joined = sketch("S: 1", "A: 1", "B: 1 2", "S>A join: 1-1", "A>B: 1-1:Diploma 1-2:Degree");
  CHECK(table(joined, "S", "B", type("Degree")) == "1:2");
  const World foreign = sketch("S: 1", "A hub: 1", "B: 1 2", "S>A: 1-1", "A>B: 1-1:Diploma 1-2:Degree");
  CHECK(table(foreign, "S", "B", type("Degree")) == "1:1+2");
}

TEST_CASE("overlap in part is possible and guarantees nothing") {
  const World world = sketch("A: 1 2 3", "B: 1 2 3", "A>B: 1-1 1~2 2-2 3~3");
  CHECK(table(world, "A", "B") == "1:1+2? 2:2 3:3?");
  CHECK(table(world, "B", "A") == "1:1 2:1+2? 3:3?");
  CHECK_THAT(map_level(world, "A:1"_level, "B"_fw).reason, ContainsSubstring("A>B@nd places A 1 in part only"));
}

TEST_CASE("a comparison of blocks gives possible levels only") {
  const World world = sketch("A: 1 2", "B: 1 2", "A>B block: 1-1 2-2");
  CHECK(table(world, "A", "B") == "1:1? 2:2?");
  CHECK_THAT(map_level(world, "A:1"_level, "B"_fw).reason, ContainsSubstring("compares blocks of levels only"));
  const World parents = sketch("A: 1{1.1 1.2} 2{2.1}", "B: 1 2", "A>B block: 1-1 2.1-2");
  CHECK(table(parents, "A", "B") == "1:1? 1.1:1? 1.2:1? 2:2? 2.1:2?");
}

TEST_CASE("said to have no counterpart is not the same as nothing said") {
  const World world = sketch("A: 1 2 3 4", "B: 1 2", "A>B: 1-1 2-none(no_such_awards) 3-?");
  CHECK(table(world, "A", "B") == "1:1 2:none 3:- 4:-");
  const LevelAnswer stated = map_level(world, "A:2"_level, "B"_fw);
  CHECK(stated.status == AnswerStatus::no_counterpart);
  CHECK(stated.complete);
  CHECK(stated.reason == "no such awards");
  CHECK(stated.routes.front().status == RouteStatus::dead);
  CHECK(stated.routes.front().states_no_counterpart);
  for (const LevelRef& level : {"A:3"_level, "A:4"_level}) {
    const LevelAnswer silent = map_level(world, level, "B"_fw);
    CHECK(silent.status == AnswerStatus::no_route);
    CHECK(silent.possible.empty());
    CHECK_FALSE(silent.complete);
    CHECK(silent.routes.front().status == RouteStatus::silent);
    CHECK(silent.reason == "A>B@nd says nothing about A " + level.code);
    CHECK(silent.nearest_below->level == "1");
    CHECK_FALSE(silent.nearest_above.has_value());
    CHECK_FALSE(silent.bracket_low.has_value());
  }
  // With a row and something unresolved, the row is possible and guarantees nothing.
  CHECK(table(sketch("A: 1", "B: 1 2", "A>B: 1-1 1-?"), "A", "B") == "1:1?");
}

TEST_CASE("read backwards, a target level without a row is settled once every source level is") {
  const World settled = sketch("A: 1 2", "B: 1 2 3", "A>B: 1-1 2-2");
  CHECK(routes(map_level(settled, "B:3"_level, "A"_fw)) == Strings{"A>B@nd dead"});
  const World stated = sketch("A: 1 2", "B: 1 2 3", "A>B: 1-1 2-2 none-3(no_such_level)");
  CHECK(table(stated, "B", "A") == "1:1 2:2 3:none");
  CHECK(map_level(stated, "B:3"_level, "A"_fw).reason == "no such level");
  const World silent = sketch("A: 1 2", "B: 1 2 3", "A>B: 1-1");
  CHECK(routes(map_level(silent, "B:3"_level, "A"_fw)) == Strings{"A>B@nd silent"});
  // A second row may still be missing where a source level, or the target level, is unresolved.
  const World open = sketch("A: 1 2", "B: 1 2 3", "A>B: 1-1 2-2 2-?");
  CHECK(routes(map_level(open, "B:3"_level, "A"_fw)) == Strings{"A>B@nd silent"});
  const World open_target = sketch("A: 1 2", "B: 1 2 3", "A>B: 1-1 2-2 ?-3");
  CHECK(routes(map_level(open_target, "B:3"_level, "A"_fw)) == Strings{"A>B@nd silent"});
}

TEST_CASE("no document, and the same numbers, make no answer") {
  const World world = sketch("A: 1 2 3", "B: 1 2 3", "C:");
  const LevelAnswer answer = map_level(world, "A:2"_level, "B"_fw);
  CHECK(answer.status == AnswerStatus::no_route);
  CHECK(answer.routes.empty());
  CHECK(answer.reason == "no document, and no chain of up to 4 documents, connects A with B");
  CHECK(map_level(world, "A:2"_level, "C"_fw).reason == "no level list of C was found in any source");
}

TEST_CASE("a level asked in its own framework is itself") {
  const World world = sketch("A: 1 2 3");
  const LevelAnswer answer = map_level(world, "A:2"_level, "A"_fw);
  CHECK(shown(answer) == "2");
  CHECK(answer.witnesses.at("2") == std::vector<Documents>{{}});
}

TEST_CASE("questions that cannot be asked say why") {
  const World world = sketch("alpha: 1 2", "beta: 1 2", "C: 1", "D: 1", "E: 1", "F: 1", "alpha>beta: 1-1 2-2");
  CHECK_THROWS_WITH(map_level(world, "alhpa:1"_level, "beta"_fw), ContainsSubstring("Did you mean \"alpha\""));
  CHECK_THROWS_AS(map_level(world, "alhpa:1"_level, "beta"_fw), UnknownId);
  CHECK_THROWS_AS(map_level(world, "alpha:1"_level, "gamma"_fw), UnknownId);
  CHECK_THROWS_WITH(map_level(world, "alpha:9"_level, "beta"_fw), ContainsSubstring("its levels are 1, 2"));
  CHECK_THROWS_WITH(map_level(world, "alpha:1"_level, "beta"_fw, slack(-1)), ContainsSubstring("cannot be negative"));
  CHECK_THROWS_AS(map_level(world, "alpha:1"_level, "beta"_fw, slack(-1)), InvalidValue);
  CHECK_THROWS_WITH(map_level(world, "alpha:1"_level, "beta"_fw, via({"alpha"_fw})), ContainsSubstring("visits each framework once"));
  CHECK_THROWS_WITH(map_level(world, "alpha:1"_level, "beta"_fw, via({"C"_fw, "D"_fw, "E"_fw, "F"_fw})), ContainsSubstring("at most 4 documents"));
  CHECK_THROWS_AS(map_level(world, "alpha:1"_level, "beta"_fw, via({"nobody"_fw})), UnknownId);
  CHECK_THROWS_AS(at_least(world, "alpha:9"_level, "beta"_fw), UnknownId);
}

// ---- Documents that are left out ---------------------------------------------------------------

TEST_CASE("drafts and tables their authors did not endorse answer nothing and are listed") {
  const World world = sketch("A: 1 2", "B: 1 2", "A>B@2019 not-endorsed: 1-1 2-2", "A>B@2021 draft: 1-2 2-2");
  const LevelAnswer answer = map_level(world, "A:1"_level, "B"_fw);
  CHECK(answer.status == AnswerStatus::no_route);
  CHECK(answer.routes.empty());
  REQUIRE(answer.left_out.size() == 2);
  CHECK(answer.left_out[0].status == RouteStatus::not_admitted);
  CHECK(answer.left_out[0].reason == "A>B@2019: its authors did not endorse it");
  CHECK(answer.left_out[0].possible == codes("1"));
  CHECK(answer.left_out[1].reason == "A>B@2021: a draft");
  CHECK(routes(map_level(world, "A:1"_level, "B"_fw, all_routes())) ==
        Strings{"A>B@2019 1? not_admitted", "A>B@2021 2? not_admitted"});
  // Whatever the date: nobody stands behind them.
  CHECK(table(on(world, "2024"), "A", "B") == "1:- 2:-");
}

TEST_CASE("for recognition a document its authors forbid it for is left out") {
  const World world = sketch("A: 1", "H hub: 1", "B: 1", "A>H unusable: 1-1", "B>H: 1-1");
  CHECK(table(world, "A", "B") == "1:1");
  CHECK(table(world, "A", "B", for_recognition()) == "1:-");
  const LevelAnswer direct = map_level(world, "A:1"_level, "H"_fw, for_recognition());
  CHECK(direct.status == AnswerStatus::no_route);
  CHECK(direct.left_out.front().reason == "A>H@nd: its authors do not want it used for recognition");
  // With a day asked as well: whether it held then makes no difference.
  CHECK(map_level(on(world, "2012"), "A:1"_level, "H"_fw).status == AnswerStatus::unknown_edition);
  CHECK(map_level(on(world, "2012"), "A:1"_level, "H"_fw, for_recognition()).status == AnswerStatus::no_route);
}

TEST_CASE("toward cycles of study only a self-certification answers") {
  const World world =
      sketch("A: 5 6 7", "B: 5 6 7", "EQF hub: 5 6 7", "QF: SC 1C 2C", "A>EQF: 5-5 6-6 7-7", "B>EQF: 5-5 6-6 7-7",
             "A>QF self-certification: 5-none(below_the_scope) 6-1C 7-2C", "EQF>QF note: 5-SC 6-1C 7-2C", "B>QF: 6-1C");
  CHECK(table(world, "A", "QF") == "5:none 6:1C 7:2C");
  CHECK(map_level(world, "A:5"_level, "QF"_fw).reason == "below the scope");
  CHECK(table(world, "QF", "A") == "SC:- 1C:6 2C:7");
  const LevelAnswer uncertified = map_level(world, "B:6"_level, "QF"_fw);
  CHECK(uncertified.status == AnswerStatus::no_route);
  CHECK(uncertified.reason == "no self-certification of one against the other is known");
  REQUIRE(uncertified.left_out.size() == 1);
  CHECK_THAT(uncertified.left_out[0].reason, ContainsSubstring("only a self-certification answers"));
  REQUIRE(uncertified.remarks.size() == 1);
  CHECK_THAT(uncertified.remarks[0], ContainsSubstring("pairs it with 1C") && ContainsSubstring("follows its type"));
  // No route leads through cycles, not even when asked for by name.
  CHECK(table(world, "A", "B", via({"QF"_fw})) == "5:- 6:- 7:-");
  CHECK(table(world, "EQF", "QF") == "5:- 6:- 7:-");
}

// ---- Chains of documents -------------------------------------------------------------------------

TEST_CASE("two frameworks on one hub: the published tables of Ireland, New Zealand and Scotland") {
  const World world = islands();
  CHECK(table(world, "IE", "NZ") == "1:- 2:- 3:1 4:2 5:3+4 6:5+6 7:7 8:7 9:9 10:10");
  CHECK(table(world, "NZ", "IE") == "1:3 2:4 3:5 4:5 5:6 6:6 7:7+8 8:- 9:9 10:10");
  CHECK(table(world, "IE", "SCQF") == "1:3 2:3 3:4 4:5 5:6 6:7+8 7:9+10 8:9+10 9:11 10:12");
  CHECK(table(world, "NZ", "EQF") == "1:2 2:3 3:4 4:4 5:5 6:5 7:6 8:none 9:7 10:8");
  CHECK(routes(map_level(world, "IE:1"_level, "NZ"_fw)) == Strings{"IE>EQF@nd NZ>EQF@nd dead"});
}

TEST_CASE("a set is complete only if no document read backwards is silent inside it or next to it") {
  const char* hub = "H hub: 1 2 3 4";
  const World beside = sketch("A: 1 2", hub, "B: 1 2 3 4 5", "A>H: 1-2 2-4", "B>H: 1-1 2-2 4-3 5-4");
  CHECK(table(beside, "A", "B") == "1:2? 2:5");
  CHECK(map_level(beside, "A:1"_level, "B"_fw).reason == "B>H@nd leaves open B 3");
  const World inside = sketch("A: 1 2", hub, "B: 1 2 3 4 5", "A>H: 1-2 2-4", "B>H: 1-1 2-2 3-? 4-2 5-4");
  CHECK(table(inside, "A", "B") == "1:2+4? 2:5");
  const World said = sketch("A: 1 2", hub, "B: 1 2 3 4 5", "A>H: 1-2 2-4", "B>H: 1-1 2-2 3-none 4-3 5-4");
  CHECK(table(said, "A", "B") == "1:2 2:5");
  // Read forwards, silence about levels that were not met matters to nobody.
  const World forwards = sketch("A: 1 2", hub, "B: 1 2 3", "A>H: 1-2 2-4", "H>B: 2-2 4-3");
  CHECK(table(forwards, "A", "B") == "1:2 2:3");
  // A direct document read backwards is held to the same.
  CHECK(table(sketch("A: 1 2 3", "B: 1 2", "A>B: 1-1 3-2"), "B", "A") == "1:1? 2:3?");
}

TEST_CASE("a branch that dies makes the set incomplete") {
  const World world = sketch("A: 1 2", "H hub: 1 2 3", "B: 1 2", "A>H: 1-1+2 2-3", "H>B: 1-1 2-none 3-2");
  CHECK(table(world, "A", "B") == "1:1? 2:2");
  CHECK(map_level(world, "A:1"_level, "B"_fw).reason == "H>B@nd gives no counterpart of H 2");
  const World silent = sketch("A: 1 2", "H hub: 1 2 3", "B: 1 2", "A>H: 1-1+2 2-3", "H>B: 1-1 3-2");
  CHECK(map_level(silent, "A:1"_level, "B"_fw).reason == "H>B@nd says nothing about H 2");
}

TEST_CASE("a route that dies on the way proves nothing") {
  // No chain's dead end is a statement: only a direct document can say "no counterpart".
  const World world = sketch("A: 1 2", "H hub: 1 2", "B: 1 2", "A>H: 1-none 2-2", "H>B: 1-1 2-none");
  CHECK(table(world, "A", "B") == "1:- 2:-");
  CHECK(routes(map_level(world, "A:1"_level, "B"_fw)) == Strings{"A>H@nd H>B@nd dead"});
  CHECK(map_level(world, "A:2"_level, "B"_fw).reason == "H>B@nd gives no counterpart of H 2");
  // Beside a living route a dead one changes nothing.
  const World living = sketch("A: 1 2", "H hub: 1 2", "K hub: 1 2", "B: 1 2", "A>H: 1-none 2-2", "H>B: 1-1 2-none", "A>K: 1-1 2-2", "K>B: 1-1 2-2");
  CHECK(table(living, "A", "B") == "1:1 2:2");
  CHECK(routes(map_level(living, "A:1"_level, "B"_fw)) == Strings{"A>H@nd H>B@nd dead", "A>K@nd K>B@nd 1 alive"});
}

TEST_CASE("hubs carry on to hubs, up to four documents") {
  const World three = sketch("A: 1 2", "H hub: 1 2", "K hub: 1 2", "B: 1 2", "A>H: 1-1 2-2", "H>K: 1-1 2-2", "B>K: 1-2 2-1");
  CHECK(table(three, "A", "B") == "1:2 2:1");
  const World four = sketch("A: 1", "H hub: 1", "K hub: 1", "L hub: 1", "B: 1", "A>H: 1-1", "H>K: 1-1", "K>L: 1-1", "B>L: 1-1");
  CHECK(table(four, "A", "B") == "1:1");
  CHECK(map_level(four, "A:1"_level, "B"_fw).routes.front().path == std::vector{"A"_fw, "H"_fw, "K"_fw, "L"_fw, "B"_fw});
  const World five = sketch("A: 1", "H hub: 1", "K hub: 1", "L hub: 1", "M hub: 1", "B: 1", "A>H: 1-1", "H>K: 1-1", "K>L: 1-1", "L>M: 1-1", "B>M: 1-1");
  CHECK(table(five, "A", "B") == "1:-");
}

TEST_CASE("a circle of hubs ends") {
  const World world = sketch("A: 1 2", "H hub: 1 2", "K hub: 1 2", "L hub: 1 2", "B: 1 2", "A>H: 1-1 2-2", "H>K: 1-1 2-2",
                             "K>L: 1-1 2-2", "L>H: 1-1 2-2", "B>K: 1-1 2-2");
  CHECK(table(world, "A", "B") == "1:1 2:2");
  CHECK(routes(map_level(world, "A:1"_level, "B"_fw)) ==
        Strings{"A>H@nd H>K@nd B>K@nd 1 alive", "A>H@nd L>H@nd K>L@nd B>K@nd 1 alive"});
}

TEST_CASE("one join may stand at each end of a route") {
  const World world = sketch("S: a b", "A: 1 2", "H hub: 1 2", "B: 1 2", "T: x y", "S>A join: a-1 b-2", "A>H: 1-1 2-2", "B>H: 1-1 2-2", "T>B join: x-1 y-2");
  CHECK(table(world, "S", "T") == "a:x b:y");
  CHECK(table(world, "S", "H") == "a:1 b:2");
  CHECK(table(world, "T", "S") == "x:a y:b");
  CHECK(map_level(world, "S:a"_level, "T"_fw).routes.front().mappings.size() == 4);
  // Two joins in a row at one end make a peer of the framework between them.
  const World two = sketch("R: a", "S: a", "A: 1", "H hub: 1", "R>S join: a-a", "S>A join: a-1", "A>H: 1-1");
  CHECK(table(two, "R", "H") == "a:1?peer");
  CHECK(table(two, "R", "A") == "a:1");
}

TEST_CASE("a route through another country is a peer: listed, used only when nothing else answers") {
  const World world = sketch("A: 1 2", "X: 1 2", "B: 1 2", "A>X bilateral: 1-1 2-2", "B>X bilateral: 1-1 2-2");
  const LevelAnswer answer = map_level(world, "A:1"_level, "B"_fw);
  CHECK(shown(answer) == "1?peer");
  CHECK(answer.routes.front().status == RouteStatus::peer);
  CHECK_FALSE(answer.routes.front().admitted);
  CHECK(answer.routes.front().complete);  // the chain itself is sound; the answer gives no guarantee

  const World both = sketch("A: 1 2", "X: 1 2", "B: 1 2", "H hub: 1 2", "A>X bilateral: 1-2 2-2", "B>X bilateral: 1-1 2-2",
                            "A>H: 1-1 2-2", "B>H: 1-1 2-2");
  CHECK(table(both, "A", "B") == "1:1 2:2");
  CHECK(routes(map_level(both, "A:1"_level, "B"_fw)).size() == 1);
  CHECK(routes(map_level(both, "A:1"_level, "B"_fw, all_routes()))[1] == "A>X@nd B>X@nd 2 peer");
  CHECK(shown(map_level(both, "A:1"_level, "B"_fw, all_routes())) == "1");
  CHECK(table(both, "A", "B", via({"X"_fw})) == "1:2?peer 2:2?peer");
}

TEST_CASE("via keeps to the frameworks named, and an empty list to direct documents") {
  const World world = sketch("A: 1 2", "B: 1 2", "H hub: 1 2", "K hub: 1 2", "A>B: 1-1+2 2-2", "A>H: 1-1 2-2", "B>H: 1-1 2-2",
                             "A>K: 1-2 2-2", "B>K: 1-1 2-2");
  CHECK(table(world, "A", "B", via({})) == "1:1+2 2:2");
  CHECK(table(world, "A", "B", via({"H"_fw})) == "1:1 2:2");
  CHECK(table(world, "A", "B", via({"K"_fw})) == "1:2 2:2");
  const LevelAnswer nowhere = map_level(world, "A:1"_level, "B"_fw, via({"K"_fw, "H"_fw}));
  CHECK(nowhere.status == AnswerStatus::no_route);
  CHECK(nowhere.reason == "no usable documents lead from A to B along the route asked");
}

TEST_CASE("slack lets placements on the hub differ by whole steps, and widens no direct row") {
  const World world = sketch("A: 1 2 3", "H hub: 1 2 3 4 5", "B: 1 2 3 4 5", "A>H: 1-1 2-3 3-5", "B>H: 1-1 2-2 3-3 4-4 5-5", "A>B: 3-5");
  CHECK(table(world, "A", "B", via({"H"_fw})) == "1:1 2:3 3:5");
  CHECK(sets(world, "A", "B", [] { auto o = via({"H"_fw}); o.slack = 1; return o; }()) == std::vector<LevelMask>{0b00011, 0b01110, 0b11000});
  CHECK(sets(world, "A", "B", [] { auto o = via({"H"_fw}); o.slack = 2; return o; }()) == std::vector<LevelMask>{0b00111, 0b11111, 0b11100});
  CHECK(table(world, "A", "B", [] { auto o = via({}); o.slack = 2; return o; }()) == "1:- 2:- 3:5");
  CHECK(table(world, "A", "H", slack(2)) == "1:1 2:3 3:5");
}

// ---- What may be concluded ---------------------------------------------------------------------------

TEST_CASE("a level without counterpart has a bracket: a bound, not a counterpart") {
  const World world = sketch(kHub, kNewZealandLevels, kNewZealand);
  const LevelAnswer eight = map_level(world, "NZ:8"_level, "EQF"_fw);
  CHECK(eight.status == AnswerStatus::no_counterpart);
  CHECK(eight.possible.empty());
  CHECK(eight.bracket_low == "6");
  CHECK(eight.bracket_high == "7");
  CHECK(eight.nearest_below->level == "7");
  CHECK(eight.nearest_above->level == "9");
  CHECK(eight.reason == "left without a level by agreement");
  // "At or below NZ 1, no floor."
  const LevelAnswer one = map_level(world, "EQF:1"_level, "NZ"_fw);
  CHECK(one.status == AnswerStatus::no_counterpart);
  CHECK_FALSE(one.bracket_low.has_value());
  CHECK(one.bracket_high == "1");
}

TEST_CASE("a bracket takes the greatest floor below and the least ceiling above, of complete sets only") {
  const World world = sketch("A: 1 2 3 4 5", "B: 1 2 3 4 5 6", "A>B: 1-2 2-1+2 3-none 4-4+5 5-5");
  CHECK(map_level(world, "A:3"_level, "B"_fw).bracket_low == "2");
  CHECK(map_level(world, "A:3"_level, "B"_fw).bracket_high == "5");
  const World partial = sketch("A: 1 2 3 4 5", "B: 1 2 3 4 5 6", "A>B: 1-1 2~3 3-none 4~4 5-6");
  CHECK(map_level(partial, "A:3"_level, "B"_fw).bracket_low == "1");
  CHECK(map_level(partial, "A:3"_level, "B"_fw).bracket_high == "6");
  CHECK(map_level(partial, "A:3"_level, "B"_fw).nearest_below->possible == codes("3"));
  CHECK_FALSE(map_level(partial, "A:3"_level, "B"_fw).nearest_below->complete);
}

TEST_CASE("a minimum and a cap are translated by the two adjoints") {
  const World world = islands();
  CHECK(names(at_least(world, "EQF:6"_level, "IE"_fw)) == Strings{"IE:7"});
  CHECK(names(at_most(world, "EQF:6"_level, "IE"_fw)) == Strings{"IE:8"});
  // NZ 8 lies in [6, 7]: high enough for a minimum of 6, which NZ 7 meets before it; too high for a cap of 6.
  CHECK(names(at_least(world, "EQF:6"_level, "NZ"_fw)) == Strings{"NZ:7"});
  CHECK(names(at_most(world, "EQF:6"_level, "NZ"_fw)) == Strings{"NZ:7"});
  CHECK(names(at_least(world, "EQF:7"_level, "NZ"_fw)) == Strings{"NZ:9"});
  CHECK(names(at_most(world, "EQF:7"_level, "NZ"_fw)) == Strings{"NZ:9"});
  CHECK(names(at_most(world, "EQF:1"_level, "NZ"_fw)).empty());
  CHECK(names(at_least(world, "EQF:1"_level, "NZ"_fw)) == Strings{"NZ:1"});
  // A broad level reaches by its floor and keeps within by its ceiling.
  const World broad = sketch("A: 1 2 3", "B: 1 2 3 4", "A>B: 1-1+2 2-2+3 3-3+4");
  CHECK(names(at_least(broad, "B:3"_level, "A"_fw)) == Strings{"A:3"});
  CHECK(names(at_least(broad, "B:4"_level, "A"_fw)).empty());
  CHECK(names(at_most(broad, "B:3"_level, "A"_fw)) == Strings{"A:2"});
  CHECK(names(at_most(broad, "B:1"_level, "A"_fw)).empty());
  // What is only possible reaches nothing.
  CHECK(names(at_least(sketch("A: 1 2", "B: 1 2", "A>B: 1~1 2-2"), "B:1"_level, "A"_fw)) == Strings{"A:2"});
}

TEST_CASE("crossings are reported on documents, level by level") {
  const World world = sketch("A: 1 2 3", "B: 1 2 3", "A>B: 1-2 2-1 3-3");
  const auto found = crossings(world, world.mapping(MappingId{"A>B@nd"}));
  REQUIRE(found.size() == 1);
  CHECK(found[0].low == std::pair<std::string, std::string>{"1", "2"});
  CHECK(found[0].high == std::pair<std::string, std::string>{"2", "1"});
  CHECK(table(world, "A", "B") == "1:2 2:1 3:3");
  // Sharing a level is no crossing, nor are parallel tracks ordered against each other.
  const World tracks = sketch("A: 1 (2A 2B) 3", "B: 1 2 3", "A>B: 1-1 2A-3 2B-2 3-3");
  CHECK(crossings(tracks, tracks.mapping(MappingId{"A>B@nd"})).empty());
  // What a sub-level takes over from its parent is no row of the document.
  const World parents = sketch("A: 1{1.1 1.2} 2", "B: 1 2 3", "A>B: 1-1+2 1.1-2 2-3");
  CHECK(table(parents, "A", "B") == "1:1+2 1.1:2 1.2:1+2? 2:3");
  const Mapping& rows = parents.mapping(MappingId{"A>B@nd"});
  CHECK(printed_rows(rows) == std::vector<LevelMask>{0b011, 0b010, 0, 0b100});
  CHECK(crossings(parents, rows).empty());
}

TEST_CASE("crossing-freeness is not preserved by composition, Egli-Milner order is") {
  const World world = islands();
  const Framework& ie = world.framework("IE"_fw);
  const Framework& scqf = world.framework("SCQF"_fw);
  const auto composite = sets(world, "IE", "SCQF");
  CHECK(is_egli_milner_monotone(ie, scqf, composite));
  // (7, 10) and (8, 9) cross.
  CHECK(composite[6] == composite[7]);
  CHECK(std::popcount(composite[6]) == 2);
}

TEST_CASE("with crossings and a dead branch the minimum may fall") {
  const World world = sketch("A: 1 2", "H hub: 1 2 3", "B: 1 2 3", "A>H: 1-1+3 2-2+3", "H>B: 2-2 3-3");
  CHECK(crossings(world, world.mapping(MappingId{"A>H@nd"})).size() == 1);
  CHECK(is_egli_milner_monotone(world.framework("A"_fw), world.framework("H"_fw), sets(world, "A", "H")));
  CHECK(is_egli_milner_monotone(world.framework("H"_fw), world.framework("B"_fw), sets(world, "H", "B")));
  CHECK(table(world, "A", "B") == "1:3? 2:2+3");
  CHECK_FALSE(is_egli_milner_monotone(world.framework("A"_fw), world.framework("B"_fw), sets(world, "A", "B")));
}

TEST_CASE("retention counts distinct row sets and names merged neighbours") {
  const World world = islands();
  const Retention kept = retention(world.framework("NZ"_fw), sets(world, "NZ", "EQF"));
  CHECK(kept.share == Rational(7, 9));
  CHECK(kept.merged == std::vector<Strings>{{"3", "4"}, {"5", "6"}});
  const Retention none = retention(world.framework("NZ"_fw), {0, 0});
  CHECK(none.share == Rational(0));
  CHECK(none.mapped == 0);
}

TEST_CASE("a round trip recovers a level, lets it drift, or loses it") {
  const World world = sketch(kHub, kIrelandLevels, kIreland, kNewZealandLevels, kNewZealand);
  const auto fates = [&](const char* from, const char* to) {
    std::map<std::string, Strings> result;
    for (const LevelLoss& each : round_trip(world, FrameworkId{from}, FrameworkId{to}).levels) result[to_string(each.fate)].push_back(each.level);
    return result;
  };
  CHECK(fates("NZ", "IE") == std::map<std::string, Strings>{{"recoverable", {"1", "2", "7", "9", "10"}}, {"drifting", {"3", "4", "5", "6"}}, {"lost", {"8"}}});
  CHECK(fates("IE", "NZ") == std::map<std::string, Strings>{{"recoverable", {"3", "4", "5", "6", "9", "10"}}, {"drifting", {"7", "8"}}, {"lost", {"1", "2"}}});
  const FrameworkLoss loss = round_trip(world, "NZ"_fw, "IE"_fw);
  CHECK(loss.recoverable == 5);
  CHECK(loss.drifting == 4);
  CHECK(loss.lost == 1);
  CHECK(loss.levels[2].returns == codes("3", "4"));
  CHECK(loss.levels[2].up == 1);
  CHECK(loss.levels[2].down == 0);
  CHECK(loss.levels[3].down == 1);
  // Every ordered pair with a mapped level: the three frameworks make six.
  CHECK(recognition_loss(world).size() == 6);
  CHECK(recognition_loss(sketch("A: 1", "B: 1")).empty());
}

// ---- Several routes --------------------------------------------------------------------------------

TEST_CASE("complete routes are intersected, and the narrowing route is named") {
  const World world = sketch(kHub, kScotlandLevels, kScotland, "RQF: 3 4 5 6", "RQF>EQF: 3-4 4-5 5-5 6-6", "SCQF>RQF third-party: 7-4");
  const LevelAnswer answer = map_level(world, "SCQF:7"_level, "RQF"_fw);
  CHECK(shown(answer) == "4");
  CHECK(routes(answer) == Strings{"SCQF>EQF@nd RQF>EQF@nd 4+5 alive", "SCQF>RQF@nd 4 alive"});
  CHECK(answer.narrowed_by == std::vector<int>{1});
  CHECK_FALSE(answer.conflict.has_value());
}

TEST_CASE("an incomplete route narrows nothing, and without complete ones all are united") {
  const World world = sketch("A: 1 2", "B: 1 2 3", "C: 1", "A>B@2001: 1-1+2 2-3", "A>B@2002: 1~1 2~2");
  CHECK(table(world, "A", "B") == "1:1+2 2:3");
  const World united = sketch("A: 1", "B: 1 2 3", "A>B@2001: 1~1", "A>B@2002: 1~3");
  CHECK(table(united, "A", "B") == "1:1+3?");
}

TEST_CASE("documents without a level in common are a conflict, shown with a smallest family") {
  const World world = sketch("A: 1", "B: 1 2 3", "A>B@2001 joint: 1-1", "A>B@2002: 1-2+3", "A>B@2003 third-party: 1-3");
  const LevelAnswer answer = map_level(world, "A:1"_level, "B"_fw);
  CHECK(answer.status == AnswerStatus::conflict);
  CHECK(routes(answer) == Strings{"A>B@2002 2+3 alive", "A>B@2001 1 alive", "A>B@2003 3 alive"});
  CHECK(answer.conflict->family == std::vector<int>{0, 1});
  CHECK_FALSE(answer.conflict->by_union);
  CHECK(answer.possible == codes("2", "3"));  // the strongest class alone
  CHECK_FALSE(answer.complete);
  CHECK(answer.narrowed_by.empty());
  CHECK(answer.reason == "the documents leave no level in common");
}

TEST_CASE("the strongest class may disagree in itself") {
  const World world = sketch("A: 1", "B: 1 2 3", "A>B@2001: 1-1", "A>B@2002: 1-3", "A>B@2003 joint: 1-2");
  const LevelAnswer answer = map_level(world, "A:1"_level, "B"_fw);
  CHECK(shown(answer) == "clash 1+3");
  CHECK(answer.conflict->by_union);
}

TEST_CASE("sets with holes may need three documents to contradict") {
  const World world = sketch("A: 1", "B: 1 2 3", "A>B@2001: 1-1+2", "A>B@2002: 1-2+3", "A>B@2003 joint: 1-1+3");
  const LevelAnswer answer = map_level(world, "A:1"_level, "B"_fw);
  CHECK(shown(answer) == "clash 2");
  CHECK(answer.conflict->family == std::vector<int>{0, 1, 2});
  CHECK_FALSE(answer.conflict->by_union);
  // Of several smallest families the first in canonical order is shown.
  const World four = sketch("A: 1", "B: 1 2 3 4", "A>B@2001: 1-1+2", "A>B@2002: 1-1+2", "A>B@2003: 1-3", "A>B@2004: 1-4");
  CHECK(map_level(four, "A:1"_level, "B"_fw).conflict->family == std::vector<int>{0, 2});
}

TEST_CASE("a document that says no counterpart contradicts every living route") {
  const World world = sketch("A: 1 2", "B: 1 2", "H hub: 1 2", "A>B third-party: 1-none 2-2", "A>H: 1-1 2-2", "B>H: 1-1 2-2");
  const LevelAnswer answer = map_level(world, "A:1"_level, "B"_fw);
  CHECK(shown(answer) == "clash 1");
  CHECK(answer.conflict->family == std::vector<int>{0, 1});
  CHECK(table(world, "A", "B") == "1:clash 1 2:2");
  // Two that say so agree.
  CHECK(table(sketch("A: 1", "B: 1", "A>B@2001: 1-none", "A>B@2002 joint: 1-none"), "A", "B") == "1:none");
  // The statement is the strongest word: nothing is offered against it.
  const World strong = sketch("A: 1 2", "B: 1 2", "A>B@2001: 1-none 2-2", "A>B@2002 joint: 1-1 2-2");
  CHECK(map_level(strong, "A:1"_level, "B"_fw).status == AnswerStatus::conflict);
  CHECK(map_level(strong, "A:1"_level, "B"_fw).possible.empty());
}

TEST_CASE("routes stand in canonical order: strength, what was read, fewer documents, ids") {
  const World world = sketch("A: 1", "H hub: 1", "K hub: 1", "B: 1", "A>B@2001 third-party: 1-1", "A>B@2003 joint: 1-1?", "A>B@2002 joint: 1-1",
                             "A>H: 1-1", "B>H: 1-1", "A>K: 1-1", "B>K: 1-1?", "A>B@2009 joint: 1-1");
  CHECK(routes(map_level(world, "A:1"_level, "B"_fw)) ==
        Strings{"A>H@nd B>H@nd 1 alive", "A>K@nd B>K@nd 1 alive", "A>B@2002 1 alive", "A>B@2009 1 alive", "A>B@2003 1 alive", "A>B@2001 1 alive"});
}

TEST_CASE("a route is as strong as its weakest document, what was read included") {
  // Of a document in force that nobody read and a joint one that was read, the joint one is the weaker.
  const World world = sketch("A: 1", "H hub: 1", "B: 1", "A>H: 1-1?", "B>H joint: 1-1", "A>B@2001 joint: 1-1?", "A>B@2002 joint: 1-1");
  const LevelAnswer answer = map_level(world, "A:1"_level, "B"_fw);
  CHECK(routes(answer) == Strings{"A>B@2002 1 alive", "A>H@nd B>H@nd 1 alive", "A>B@2001 1 alive"});
  CHECK(answer.routes[1].strength == Strength::joint);
  CHECK(answer.routes[1].evidence == Evidence::known);
}

TEST_CASE("a table built from others is no second witness") {
  const World world = sketch(kHub, kIrelandLevels, kIreland, kNewZealandLevels, kNewZealand,
                             "NZ>IE bilateral joint derived=NZ>EQF@nd,IE>EQF@nd: 1-3 2-4 3-5 4-5 5-6 6-6 7-7+8 8-none 9-9 10-10");
  const LevelAnswer answer = map_level(world, "IE:5"_level, "NZ"_fw);
  CHECK(routes(answer) == Strings{"NZ>IE@nd 3+4 alive", "IE>EQF@nd NZ>EQF@nd 3+4 alive"});
  CHECK(answer.routes[0].independent);
  CHECK_FALSE(answer.routes[1].independent);
  // However indirectly it was built, and whichever comes first.
  const World indirect = sketch("A: 1", "B: 1", "A>B@2001 joint: 1-1", "A>B@2002 draft derived=A>B@2001: 1-1", "A>B@2003 derived=A>B@2002: 1-1");
  CHECK(routes(map_level(indirect, "A:1"_level, "B"_fw)) == Strings{"A>B@2003 1 alive", "A>B@2001 1 alive"});
  CHECK_FALSE(map_level(indirect, "A:1"_level, "B"_fw).routes[1].independent);
}

TEST_CASE("routes that share a document are not independent") {
  const World world = sketch("A: 1", "H hub: 1", "K hub: 1", "B: 1", "A>H doc=paper: 1-1", "A>K doc=paper: 1-1", "B>H: 1-1", "B>K: 1-1");
  const LevelAnswer answer = map_level(world, "A:1"_level, "B"_fw);
  CHECK(answer.routes[0].independent);
  CHECK_FALSE(answer.routes[1].independent);
  CHECK(answer.routes[1].documents == Documents{"paper"_doc, "B>K@nd"_doc});
}

// ---- Provenance ------------------------------------------------------------------------------------

TEST_CASE("a pair rests on documents: polynomial, witnesses, withdrawals") {
  const World world = sketch("IE: 5", "NZ: 3", "EQF hub: 4", "IE>EQF doc=ie: 5-4", "NZ>EQF doc=nz: 3-4", "IE>NZ joint doc=dir: 5-3");
  const LevelAnswer answer = map_level(world, "IE:5"_level, "NZ"_fw);
  const Provenance support = provenance(answer, "3");
  CHECK(support.polynomial() == "x[ie]·x[nz] + x[dir]");
  CHECK(support.witnesses == std::vector<Documents>{{"dir"_doc}, {"ie"_doc, "nz"_doc}});
  CHECK(support.withdrawals == std::vector<Documents>{{"dir"_doc, "ie"_doc}, {"dir"_doc, "nz"_doc}});
  CHECK(support.documents == 1);
  CHECK(support.strength == Strength::adopted);
  CHECK(support.evidence == Evidence::read);
  CHECK(answer.witnesses.at("3") == support.witnesses);
  CHECK_THROWS_AS(provenance(answer, "4"), UnknownId);
  CHECK_THROWS_WITH(provenance(answer, "4"), ContainsSubstring("is not among the possible counterparts of IE:5: 3"));
}

TEST_CASE("a paper used twice counts twice in the product and once as a witness") {
  const World world = sketch("A: 1", "H hub: 1", "B: 1", "A>H doc=paper: 1-1", "B>H doc=paper: 1-1", "A>B joint doc=paper: 1-1", "A>B@2001 joint doc=other: 1-1");
  const Provenance support = provenance(map_level(world, "A:1"_level, "B"_fw), "1");
  CHECK(support.polynomial() == "x[paper]·x[paper] + x[other] + x[paper]");
  CHECK(support.witnesses == std::vector<Documents>{{"other"_doc}, {"paper"_doc}});
  CHECK(support.withdrawals == std::vector<Documents>{{"other"_doc, "paper"_doc}});
}

TEST_CASE("a witness that needs more papers than another is left out, the others stay") {
  const World world = sketch("A: 1", "H hub: 1", "K hub: 1", "B: 1", "A>H doc=p: 1-1", "H>K doc=q: 1-1", "B>K doc=r: 1-1", "B>H doc=r: 1-1", "A>K doc=s: 1-1");
  const Provenance support = provenance(map_level(world, "A:1"_level, "B"_fw), "1");
  CHECK(support.terms.size() == 4);
  CHECK(support.witnesses == std::vector<Documents>{{"p"_doc, "r"_doc}, {"r"_doc, "s"_doc}});
  CHECK(support.withdrawals == std::vector<Documents>{{"r"_doc}, {"p"_doc, "s"_doc}});
}

TEST_CASE("withdrawing a document may lose a pair, and may enlarge an answer") {
  const World world = sketch("A: 1", "H hub: 1", "B: 1 2", "A>H doc=a: 1-1", "B>H doc=b: 1-1 2-1", "A>B doc=narrow: 1-1");
  CHECK(table(world, "A", "B") == "1:1");
  CHECK(table(without(world, {"narrow"}), "A", "B") == "1:1+2");
  CHECK(table(without(world, {"narrow", "a"}), "A", "B") == "1:-");
  CHECK_THROWS_WITH(without(world, {"narow"}), ContainsSubstring("Did you mean \"narrow\""));
  CHECK(minimal_hitting_sets({}) == std::vector<Documents>{{}});
  CHECK(minimal_hitting_sets({{"a"_doc, "b"_doc}, {"b"_doc, "c"_doc}}) == std::vector<Documents>{{"b"_doc}, {"a"_doc, "c"_doc}});
}

TEST_CASE("strength is that of the weakest document of the strongest route") {
  const World world = sketch("A: 1", "H hub: 1", "B: 1", "A>H: 1-1", "B>H third-party: 1-1", "A>B joint: 1-1?");
  const LevelAnswer answer = map_level(world, "A:1"_level, "B"_fw);
  CHECK(answer.routes[0].strength == Strength::joint);
  CHECK(answer.routes[0].evidence == Evidence::known);
  CHECK(answer.routes[1].strength == Strength::third_party);
  CHECK(answer.routes[1].evidence == Evidence::read);
  CHECK(provenance(answer, "1").strength == Strength::joint);
  CHECK(provenance(answer, "1").evidence == Evidence::known);
}

// ---- Evidence ------------------------------------------------------------------------------------

TEST_CASE("with the evidence floor at read, what is only known falls silent, never to no") {
  const World world = sketch("A: 1 2 3 4", "B: 1 2 3 4", "A>B: 1-1 2-2? 3-2 3-3? 4-none");
  CHECK(table(world, "A", "B") == "1:1 2:2 3:2+3 4:none");
  const World floor = read_only(world);
  CHECK(table(floor, "A", "B") == "1:1 2:- 3:2? 4:none");
  CHECK(routes(map_level(floor, "A:2"_level, "B"_fw)) == Strings{"A>B@nd silent"});
  // Backwards, too: B 3 has a row, though nobody read it, and every level of A is placed.
  const World backwards = read_only(sketch("A: 1 3", "B: 1 2 3", "A>B: 1-1 3-2 3-3?"));
  CHECK(routes(map_level(backwards, "B:3"_level, "A"_fw)) == Strings{"A>B@nd silent"});
  CHECK_THAT(map_level(backwards, "B:3"_level, "A"_fw).reason, ContainsSubstring("A>B@nd") && ContainsSubstring("B 3"));
  // A level whose row is left out stands elsewhere than its parent or its sub-levels: it takes nothing over.
  CHECK(table(read_only(sketch("A: 1{1.1}", "B: 1 2", "A>B: 1-1? 1.1-2")), "A", "B") == "1:- 1.1:2");
  CHECK(table(read_only(sketch("A: 1{1.1}", "B: 1 2", "A>B: 1-1 1.1-2?")), "A", "B") == "1:1 1.1:-");
  const World known = read_only(sketch("A: 1 2", "B: 1 2", "A>B known: 1-1 2-none none-2"));
  CHECK(table(known, "A", "B") == "1:- 2:-");
  CHECK(table(known, "B", "A") == "1:- 2:-");
  CHECK(routes(map_level(known, "A:2"_level, "B"_fw)) == Strings{"A>B@nd silent"});
}

TEST_CASE("a route is read only if every row it used was read") {
  const World world = sketch("A: 1 2", "H hub: 1 2", "B: 1 2", "A>H: 1-1 2-2?", "B>H: 1-1 2-2");
  CHECK(map_level(world, "A:1"_level, "B"_fw).routes.front().evidence == Evidence::read);
  CHECK(map_level(world, "A:2"_level, "B"_fw).routes.front().evidence == Evidence::known);
  CHECK(map_level(world, "A:2"_level, "B"_fw).routes.front().steps[0].evidence == Evidence::known);
  CHECK(map_level(world, "A:2"_level, "B"_fw).routes.front().steps[1].evidence == Evidence::read);
}

// ---- Dates ---------------------------------------------------------------------------------------

TEST_CASE("with a date the documents valid on that day answer, without one the current ones") {
  const World world = sketch("A: 1", "B: 1 2 3", "A>B@2010 superseded: 1-1", "A>B@2015 superseded: 1-2", "A>B@2020: 1-3");
  CHECK(table(world, "A", "B") == "1:3");
  CHECK(table(on(world, "2010-01-01"), "A", "B") == "1:1");
  CHECK(table(on(world, "2014-12-31"), "A", "B") == "1:1");
  CHECK(table(on(world, "2015-01-01"), "A", "B") == "1:2");
  CHECK(table(on(world, "2020"), "A", "B") == "1:3");
  CHECK(table(on(world, "2100"), "A", "B") == "1:3");
  const LevelAnswer early = map_level(on(world, "2009-12-31"), "A:1"_level, "B"_fw);
  CHECK(early.status == AnswerStatus::no_route);
  REQUIRE(early.left_out.size() == 3);
  CHECK(early.left_out[0].reason == "A>B@2010: not in force on 2009-12-31");
  CHECK(map_level(world, "A:1"_level, "B"_fw).left_out[0].reason == "A>B@2010: superseded by a later document; ask with a date to go back to it");
}

TEST_CASE("the days printed on a document outrank its year") {
  const World world = sketch("A: 1", "B: 1 2", "A>B@2010 superseded since=2010-09-01 until=2013: 1-1", "A>B@2015 since=2015-07-01: 1-2");
  CHECK(table(on(world, "2010-08-31"), "A", "B") == "1:-");
  CHECK(table(on(world, "2010-09-01"), "A", "B") == "1:1");
  CHECK(table(on(world, "2012-12-31"), "A", "B") == "1:1");
  CHECK(table(on(world, "2013-01-01"), "A", "B") == "1:-");
  CHECK(table(on(world, "2015-06-30"), "A", "B") == "1:-");
  CHECK(table(on(world, "2015-07-01"), "A", "B") == "1:2");
}

TEST_CASE("where it is not known whether a document held, that is the answer") {
  const World world = sketch("A: 1", "B: 1", "C: 1", "A>B: 1-1", "A>C@2010 superseded: 1-1");
  CHECK(table(world, "A", "B") == "1:1");
  const LevelAnswer undated = map_level(on(world, "2012"), "A:1"_level, "B"_fw);
  CHECK(undated.status == AnswerStatus::unknown_edition);
  CHECK(undated.possible.empty());
  CHECK(routes(undated) == Strings{"A>B@nd 1? unknown_edition"});
  CHECK(undated.reason == "A>B@nd: it is not known whether it held on 2012-01-01");
  // Superseded, and nobody says when or by what.
  CHECK(map_level(world, "A:1"_level, "C"_fw).status == AnswerStatus::no_route);
  CHECK(map_level(on(world, "2012"), "A:1"_level, "C"_fw).status == AnswerStatus::unknown_edition);
  CHECK(map_level(on(world, "2009"), "A:1"_level, "C"_fw).status == AnswerStatus::no_route);
  // By way of a peer, too, where nothing else answers.
  const World peer = sketch("A: 1", "P: 1", "B: 1", "A>P@2010: 1-1", "P>B: 1-1");
  CHECK(table(peer, "A", "B") == "1:1?peer");
  CHECK(map_level(on(peer, "2012"), "A:1"_level, "B"_fw).status == AnswerStatus::unknown_edition);
  CHECK(map_level(on(peer, "2009"), "A:1"_level, "B"_fw).status == AnswerStatus::no_route);
  // A document that does answer on that day is not doubted for the sake of another.
  const World both = sketch("A: 1", "B: 1 2", "A>B: 1-1", "A>B@2010: 1-2");
  CHECK(table(on(both, "2012"), "A", "B") == "1:2");
}

TEST_CASE("a draft or an unendorsed table ends no predecessor") {
  const World world = sketch("A: 1", "B: 1 2 3", "A>B@2010 superseded: 1-1", "A>B@2012 not-endorsed: 1-3", "A>B@2013 draft: 1-2", "A>B@2020: 1-2");
  CHECK(table(on(world, "2015"), "A", "B") == "1:1");
  CHECK(table(on(world, "2020"), "A", "B") == "1:2");
}

// ---- Orders that are no chains ------------------------------------------------------------------------

TEST_CASE("parallel tracks are incomparable whatever their rank, and meet below") {
  const World world = sketch("A: 1 2", "NO: 2 3 (4A 4B) 5", "A>NO: 1-4A+4B 2-5");
  const LevelAnswer answer = map_level(world, "A:1"_level, "NO"_fw);
  CHECK(answer.possible == codes("4A", "4B"));
  CHECK(answer.floors == codes("3"));
  CHECK(answer.ceilings == codes("5"));
  CHECK(answer.width == 3);
  // Tracks without a level below them all have no floor, and no distance from it.
  const World open = sketch("A: 1", "B: (1A 1B) 2", "A>B: 1-1A+1B");
  CHECK(map_level(open, "A:1"_level, "B"_fw).floors.empty());
  CHECK(map_level(open, "A:1"_level, "B"_fw).width == std::nullopt);
  const Framework& norway = world.framework("NO"_fw);
  CHECK_FALSE(norway.at_most(2, 3));
  CHECK_FALSE(norway.at_most(3, 2));
  CHECK(norway.at_most(1, 2));
  CHECK(norway.at_most(3, 4));
  // Neither track reaches the other.
  const World from_tracks = sketch("NO: 2 3 (4A 4B) 5", "B: 1 2 3 4", "NO>B: 2-1 3-2 4A-3 4B-3 5-4");
  CHECK(names(at_least(from_tracks, "B:3"_level, "NO"_fw)) == Strings{"NO:4A", "NO:4B"});
  CHECK(names(at_most(from_tracks, "B:3"_level, "NO"_fw)) == Strings{"NO:4A", "NO:4B"});
  const World to_tracks = sketch("A: 1 2 3", "NO: 3 (4A 4B) 5", "A>NO: 1-4A 2-4B 3-5");
  // Level 1 reaches 4A, but "1 or above" would sweep in 2, which stands on the other track.
  CHECK(names(at_least(to_tracks, "NO:4A"_level, "A"_fw)) == Strings{"A:3"});
  CHECK(names(at_least(to_tracks, "NO:4B"_level, "A"_fw)) == Strings{"A:2"});
}

TEST_CASE("an unmatched track has no bracket from its sister") {
  const World world = sketch("NO: 3 (4A 4B) 5", "B: 1 2 3", "NO>B: 3-1 4A-2 4B-none 5-3");
  const LevelAnswer answer = map_level(world, "NO:4B"_level, "B"_fw);
  CHECK(answer.bracket_low == "1");
  CHECK(answer.bracket_high == "3");
}

TEST_CASE("slack steps from a track to the steps beside it and to its sister") {
  const World world = sketch("A: 1", "H hub: 1 (2A 2B) 3 4", "B: 1 2 3 4 5", "A>H: 1-2A", "B>H: 1-1 2-2A 3-2B 4-3 5-4");
  CHECK(table(world, "A", "B") == "1:2");
  CHECK(sets(world, "A", "B", slack(1)) == std::vector<LevelMask>{0b01111});
}

TEST_CASE("a sub-level without a row stands with its parent, a parent with all its sub-levels") {
  const World down = sketch("A: 1 2{2.1 2.2} 3", "B: 1 2 3", "A>B: 1-1 2-2 3-3");
  CHECK(table(down, "A", "B") == "1:1 2:2 2.1:2? 2.2:2? 3:3");
  const World up = sketch("A: 1 2{2.1 2.2} 3", "B: 1 2 3", "A>B: 1-1 2.1-1 2.2-2 3-3");
  CHECK(table(up, "A", "B") == "1:1 2:1+2 2.1:1 2.2:2 3:3");
  const World half = sketch("A: 1 2{2.1 2.2} 3", "B: 1 2 3", "A>B: 1-1 2.1-1 3-3");
  CHECK(table(half, "A", "B") == "1:1 2:1? 2.1:1 2.2:- 3:3");
  // The parent's level rests on the rows of all its sub-levels, so it was read only if they all were.
  for (const auto& [rows, evidence] : {std::pair{"2.1-2 2.2-2?", Evidence::known}, std::pair{"2.1-2? 2.2-2", Evidence::known},
                                       std::pair{"2.1-2? 2.2-2?", Evidence::known}, std::pair{"2.1-2 2.2-2 1-1?", Evidence::read}}) {
    INFO(rows);
    const World united = sketch("A: 1 2{2.1 2.2}", "B: 1 2", std::string("A>B: ") + rows);
    const LevelAnswer answer = map_level(united, "A:2"_level, "B"_fw);
    REQUIRE(answer.routes.size() == 1);
    CHECK(answer.complete);
    CHECK(answer.routes[0].evidence == evidence);
  }
  const World half_read = read_only(sketch("A: 1 2{2.1 2.2}", "B: 1 2", "A>B: 2.1-2 2.2-2?"));
  const LevelAnswer seen = map_level(half_read, "A:2"_level, "B"_fw);
  REQUIRE(seen.routes.size() == 1);
  CHECK_FALSE(seen.complete);
  CHECK(seen.routes[0].evidence == Evidence::read);
  // Levels about which the document says something of their own inherit nothing.
  const World own = sketch("A: 2{2.1 2.2}", "B: 1 2", "A>B: 2-2 2.1-none 2.2-?");
  CHECK(table(own, "A", "B") == "2:2 2.1:none 2.2:-");
}

// ---- Audits of documents ---------------------------------------------------------------------------

TEST_CASE("contradictions are listed with the fewest rows whose withdrawal ends them") {
  const World clean = islands();
  CHECK(conflicts(clean).disagreements.empty());
  CHECK(conflicts(clean).withdraw.empty());

  const World world = sketch("A: 1 2", "B: 1 2", "H hub: 1 2", "A>B: 1-1 2-1", "A>H: 1-1 2-2", "B>H: 1-1 2-2");
  const ConflictReport report = conflicts(world);
  REQUIRE_FALSE(report.disagreements.empty());
  const auto found = std::ranges::find_if(report.disagreements, [](const Disagreement& each) { return each.level == "A:2"_level && each.to == "B"_fw; });
  REQUIRE(found != report.disagreements.end());
  CHECK(found->sets == std::vector<Strings>{{"1"}, {"2"}});
  CHECK(found->family == std::vector<std::vector<MappingId>>{{MappingId{"A>B@nd"}}, {MappingId{"A>H@nd"}, MappingId{"B>H@nd"}}});
  CHECK(report.withdraw_is_minimum);
  CHECK(report.withdraw == std::vector<RowRef>{{MappingId{"A>B@nd"}, "2", "1"}});
}

TEST_CASE("a stated absence against an incomplete route is withdrawn or outlived") {
  // The living route is incomplete: one branch dies. Withdrawing the dead branch would end nothing.
  const World world = sketch("X: 1", "Y: 1 2", "H hub: 1 2", "X>Y: 1-none", "X>H: 1-1+2", "H>Y: 2-2");
  CHECK(shown(map_level(world, "X:1"_level, "Y"_fw)) == "clash ");
  const ConflictReport report = conflicts(world);
  CHECK(report.withdraw_is_minimum);
  CHECK(report.withdraw.size() == 1);
  CHECK_FALSE(report.disagreements.empty());
}

TEST_CASE("reliance counts the pairs and levels that hang on each document") {
  const World world = sketch("A: 1 2", "B: 1 2", "H hub: 1 2", "A>H doc=a: 1-1 2-2", "B>H doc=b: 1-1 2-2", "A>B doc=direct: 1-1");
  std::map<std::string, DocumentReliance> found;
  for (const DocumentReliance& each : reliance(world)) found[each.document.str()] = each;
  REQUIRE(found.size() == 3);
  // A-H both ways (4 pairs), A-B over the hub both ways (4, of which the direct row holds 1-1 both ways),
  // B-H over A's direct row: none, A is no hub.
  CHECK(found["a"].pairs_supported == 8);
  CHECK(found["a"].pairs_lost == 6);
  CHECK(found["a"].levels_lost == 6);
  CHECK(found["b"].pairs_supported == 8);
  CHECK(found["b"].pairs_lost == 6);
  CHECK(found["direct"].pairs_supported == 2);
  CHECK(found["direct"].pairs_lost == 0);
  CHECK(found["direct"].levels_lost == 0);
  CHECK(found["a"].title == "About A and H");
}

TEST_CASE("a dense network lists its strongest routes, combines all and says so") {
  // Twelve national frameworks, each compared with each but the two asked: 820 peer routes.
  std::vector<std::string> lines;
  constexpr int kFrameworks = 12;
  const auto name = [](int i) { return "F" + std::string(1, static_cast<char>('a' + i)); };
  for (int i = 0; i < kFrameworks; ++i) lines.push_back(name(i) + ": 1 2");
  for (int i = 0; i < kFrameworks; ++i) {
    for (int j = i + 1; j < kFrameworks; ++j) {
      if (i != 0 || j != 1) lines.push_back(name(i) + ">" + name(j) + " comparison: 1-1 2-2");
    }
  }
  const LevelAnswer answer = map_level(sketch_lines(lines), "Fa:1"_level, "Fb"_fw);
  CHECK(shown(answer) == "1?peer");
  CHECK(answer.routes.size() == 500);
  REQUIRE(answer.remarks.size() == 1);
  CHECK(answer.remarks.front().starts_with("320 further routes were combined but are not listed"));
}

// ---- The bundled facts -------------------------------------------------------------------------------

namespace {

const World& bundled() {
  static const World world = load_folder(QUALGRAPH_DATA_DIR);
  return world;
}

}  // namespace

TEST_CASE("New Zealand level 8 in Europe has no counterpart, by agreement of both sides") {
  // Joint technical report EQF and NZQF (dated 2016): level 8 was left out, 7 stands at 6 and 9 at 7.
  CHECK(table(bundled(), "nz-nzqcf", "eqf") == "1:2 2:3 3:4 4:4 5:5 6:5 7:6 8:none 9:7 10:8");
  const LevelAnswer answer = map_level(bundled(), "nz-nzqcf:8"_level, "eqf"_fw);
  CHECK(answer.reason == "left without a level by agreement of both sides");
  CHECK(answer.bracket_low == "6");
  CHECK(answer.bracket_high == "7");
  CHECK(answer.routes.front().strength == Strength::joint);
  CHECK(answer.routes.front().evidence == Evidence::read);
  const LevelAnswer lowest = map_level(bundled(), "eqf:1"_level, "nz-nzqcf"_fw);
  CHECK(lowest.status == AnswerStatus::no_counterpart);
  CHECK_FALSE(lowest.bracket_low.has_value());
  CHECK(lowest.bracket_high == "1");
}

TEST_CASE("Ireland and New Zealand: the guide of 2020 agrees with the way through Europe, and counts once") {
  // Comparing Qualifications in Ireland and New Zealand: A Guide (2020), which prints the EQF column.
  CHECK(table(bundled(), "ie-nfq", "nz-nzqcf") == "1:none 2:none 3:1 4:2 5:3+4 6:5+6 7:7 8:7 9:9 10:10");
  CHECK(table(bundled(), "nz-nzqcf", "ie-nfq") == "1:3 2:4 3:5 4:5 5:6 6:6 7:7+8 8:none 9:9 10:10");
  CHECK(table(bundled(), "ie-nfq", "nz-nzqcf", via({"eqf"_fw})) == "1:- 2:- 3:1 4:2 5:3+4 6:5+6 7:7 8:7 9:9 10:10");
  const LevelAnswer answer = map_level(bundled(), "ie-nfq:5"_level, "nz-nzqcf"_fw);
  CHECK(routes(answer) == Strings{"nz-nzqcf>ie-nfq@2020 3+4 alive", "ie-nfq>eqf@2009 nz-nzqcf>eqf@2016 3+4 alive"});
  CHECK(answer.routes[0].independent);
  CHECK_FALSE(answer.routes[1].independent);
  CHECK(answer.left_out.front().mappings == std::vector{MappingId{"nz-nzqcf>ie-nfq@2010"}});
  const Provenance support = provenance(answer, "3");
  CHECK(support.polynomial() == "x[nz-nzqcf>ie-nfq@2020] + x[ie-nfq>eqf@2009]·x[nz-nzqcf>eqf@2016]");
}

TEST_CASE("before 2020 the study of 2010 stood, a comparison of blocks") {
  CHECK(table(on(bundled(), "2015"), "nz-nzqcf", "ie-nfq", via({})) == "1:none 2:none 3:none 4:none 5:none 6:none 7:7? 8:8? 9:9? 10:10?");
  CHECK(table(on(bundled(), "2009"), "nz-nzqcf", "ie-nfq", via({})) == "1:- 2:- 3:- 4:- 5:- 6:- 7:- 8:- 9:- 10:-");
}

TEST_CASE("Scotland 7 is level 4 of England, narrowed by the table of the two") {
  // Over the EQF 4 or 5; Qualifications can cross boundaries (2023) pairs 7 with 4.
  const LevelAnswer answer = map_level(bundled(), "gb-sct-scqf:7"_level, "gb-eng-rqf"_fw);
  CHECK(shown(answer) == "4");
  REQUIRE(answer.narrowed_by.size() == 1);
  CHECK(answer.routes[static_cast<std::size_t>(answer.narrowed_by[0])].mappings == std::vector{MappingId{"gb-sct-scqf>gb-eng-rqf@2023"}});
  CHECK(table(bundled(), "gb-sct-scqf", "gb-eng-rqf", via({"eqf"_fw})) ==
        "1:- 2:- 3:E3 4:1 5:2 6:3 7:4+5 8:4+5 9:6 10:6 11:7 12:8");
}

TEST_CASE("the hub loses the difference between ordinary and honours degrees that both sides make") {
  CHECK(table(bundled(), "ie-nfq", "gb-sct-scqf", via({"eqf"_fw})) == "1:3 2:3 3:4 4:5 5:6 6:7+8 7:9+10 8:9+10 9:11 10:12");
  CHECK(table(bundled(), "ie-nfq", "gb-sct-scqf") == "1:3 2:3 3:4 4:5 5:6 6:7+8 7:9 8:10 9:11 10:12");
}

TEST_CASE("a minimum of EQF 6 is Irish 7, a cap at EQF 6 is Irish 8") {
  CHECK(names(at_least(bundled(), "eqf:6"_level, "ie-nfq"_fw)) == Strings{"ie-nfq:7"});
  CHECK(names(at_most(bundled(), "eqf:6"_level, "ie-nfq"_fw)) == Strings{"ie-nfq:8"});
}

TEST_CASE("Australia 3 is silent against the EQF, so the way through it narrows nothing") {
  const LevelAnswer answer = map_level(bundled(), "nz-nzqcf:3"_level, "au-aqf"_fw);
  CHECK(shown(answer) == "3");
  CHECK(routes(answer) == Strings{"nz-nzqcf>au-aqf@2015 3 alive", "nz-nzqcf>eqf@2016 au-aqf>eqf@2016 4? alive"});
  CHECK(routes(map_level(bundled(), "au-aqf:8"_level, "nz-nzqcf"_fw)) ==
        Strings{"nz-nzqcf>au-aqf@2015 8 alive", "au-aqf>eqf@2016 nz-nzqcf>eqf@2016 silent"});
}

TEST_CASE("the table with the Emirates, which its authors did not endorse, answers nothing") {
  const LevelAnswer answer = map_level(bundled(), "nz-nzqcf:7"_level, "ae-qfemirates"_fw);
  CHECK(answer.status == AnswerStatus::no_route);
  REQUIRE(answer.left_out.size() == 1);
  CHECK(answer.left_out[0].reason == "nz-nzqcf>ae-qfemirates@nd: its authors did not endorse it");
}

TEST_CASE("Norwegian tracks 4A and 4B stand side by side at EQF 4") {
  const LevelAnswer answer = map_level(bundled(), "eqf:4"_level, "no-nkr"_fw);
  CHECK(answer.possible == codes("4A", "4B"));
  CHECK(answer.floors == codes("3"));
  CHECK(answer.ceilings == codes("5.1"));
}

TEST_CASE("New Zealand and Ireland through Europe: what a round trip recovers") {
  for (const auto& [from, to, expected] : {std::tuple{"nz-nzqcf", "ie-nfq", "rrddddrlrr"}, std::tuple{"ie-nfq", "nz-nzqcf", "llrrrrddrr"}}) {
    std::string fates;
    for (const LevelLoss& each : round_trip(bundled(), FrameworkId{from}, FrameworkId{to}).levels) fates += to_string(each.fate)[0];
    CHECK(fates == expected);
  }
  const Retention kept = retention(bundled().framework("nz-nzqcf"_fw), sets(bundled(), "nz-nzqcf", "eqf"));
  CHECK(kept.share == Rational(7, 9));
  CHECK(kept.merged == std::vector<Strings>{{"3", "4"}, {"5", "6"}});
}

TEST_CASE("no bundled document has a crossing, and none rises and falls") {
  std::size_t rows = 0;
  for (const auto& mapping : bundled().mappings()) {
    INFO(mapping->id.str());
    CHECK(crossings(bundled(), *mapping).empty());
    CHECK(is_egli_milner_monotone(bundled().framework(mapping->from), bundled().framework(mapping->to), mapping->rows.forward));
    rows += mapping->pairs.size();
  }
  CHECK(rows > 800);
}

TEST_CASE("the bundled documents do not contradict each other") {
  CHECK(conflicts(bundled()).disagreements.empty());
}

TEST_CASE("what was never seen on a round trip is not established, what is denied is lost") {
  const World world = sketch("A: 1 2 3", "B: 1 2 3", "A>B comparison: 1-1 2-none");
  const FrameworkLoss trip = round_trip(world, "A"_fw, "B"_fw);
  CHECK(trip.levels[0].fate == RoundTrip::recoverable);
  CHECK(trip.levels[1].fate == RoundTrip::lost);
  CHECK(trip.levels[2].fate == RoundTrip::not_established);
  CHECK(trip.lost == 1);
  CHECK(trip.not_established == 1);
}

TEST_CASE("a draft can be previewed and guarantees nothing") {
  const World world = sketch("A: 1", "B: 1", "A>B draft: 1-1");
  CHECK(shown(map_level(world, "A:1"_level, "B"_fw)) == "-");
  MapOptions preview;
  preview.purpose = Purpose::preview;
  const LevelAnswer answer = map_level(world, "A:1"_level, "B"_fw, preview);
  CHECK(answer.possible == codes("1"));
  CHECK_FALSE(answer.complete);
  REQUIRE(answer.remarks.size() == 1);
  CHECK(answer.remarks.front() == "This rests on a draft, which guarantees nothing: A>B@nd.");
}

TEST_CASE("an award type is meant by its first words, and one that decides nothing is told which do") {
  const World world = sketch("A: 1", "B: 1 2", "A>B: 1-1:Diploma_(240) 1-2:Bachelor's_Degree");
  MapOptions options;
  options.type = "Diplomas";
  CHECK(map_level(world, "A:1"_level, "B"_fw, options).possible == codes("1"));
  options.type = "Bachelor Degree";
  CHECK(map_level(world, "A:1"_level, "B"_fw, options).possible == codes("2"));
  options.type = "Certificate";
  const LevelAnswer open = map_level(world, "A:1"_level, "B"_fw, options);
  CHECK(open.possible == codes("1", "2"));
  REQUIRE(open.remarks.size() == 1);
  CHECK(open.remarks.front() ==
        "The award type \"Certificate\" decides nothing here; types that do: Diploma (240) and Bachelor's Degree.");
}

TEST_CASE("levels that took an older edition's place later are not asked of an earlier day") {
  const World world = load_folder(QUALGRAPH_DATA_DIR, nullptr, {parse_date("2005"), EvidenceFloor::all});
  const LevelAnswer answer = map_level(world, "za-nqf:6"_level, "za-nqf"_fw);
  CHECK(answer.status == AnswerStatus::unknown_edition);
  CHECK(answer.reason ==
        "on 2005-01-01 the levels of za-nqf were not yet in force; its earlier edition za-nqf-8 held until 2009-01-01, so "
        "ask for a level of za-nqf-8");
}

TEST_CASE("rows that cross around a level bound nothing") {
  const LevelAnswer answer = map_level(sketch("A: 1 2 3", "B: 1 2 3 4", "A>B comparison: 1-4 2-none 3-2"), "A:2"_level, "B"_fw);
  CHECK(answer.status == AnswerStatus::no_counterpart);
  CHECK_FALSE(answer.bracket_low);
  CHECK_FALSE(answer.bracket_high);
}

TEST_CASE("a minimum never sweeps in a level that the documents place below it") {
  const World world = sketch("A: 1 2 3", "B: 1 2 3 4", "A>B comparison: 1-4 2-4 3-2");
  CHECK(at_least(world, "B:4"_level, "A"_fw).empty());
  CHECK(at_most(world, "B:2"_level, "A"_fw).empty());
}

TEST_CASE("the route that narrows is named, whichever stands first") {
  const World world = sketch("A: 1", "B: 2 3", "H hub: 1", "A>B: 1-2", "A>H: 1-1", "B>H: 2-1 3-1");
  const LevelAnswer answer = map_level(world, "A:1"_level, "B"_fw);
  CHECK(answer.possible == codes("2"));
  REQUIRE(answer.narrowed_by.size() == 1);
  CHECK(answer.routes[static_cast<std::size_t>(answer.narrowed_by.front())].mappings == std::vector{MappingId{"A>B@nd"}});
}

TEST_CASE("hostile tables cost a bounded search for a contradicting family") {
  // Ninety documents, each pairing the level with all but a few of 64: a smallest family is a smallest cover.
  std::vector<std::string> lines{"A: 1"};
  std::string target = "B:";
  for (int i = 1; i <= 64; ++i) target += " " + std::to_string(i);
  lines.push_back(target);
  std::uint32_t seed = 7;
  const auto draw = [&seed] { return static_cast<int>((seed = seed * 1664525U + 1013904223U) >> 16) % 64 + 1; };
  for (int document = 0; document < 90; ++document) {
    const std::set<int> left_out{draw(), draw(), draw(), draw(), draw()};
    std::string line = "A>B@" + std::to_string(1920 + document) + " comparison: 1-";
    bool first = true;
    for (int i = 1; i <= 64; ++i) {
      if (left_out.contains(i)) continue;
      line += (first ? "" : "+") + std::to_string(i);
      first = false;
    }
    lines.push_back(line);
  }
  const LevelAnswer answer = map_level(sketch_lines(lines), "A:1"_level, "B"_fw);
  CHECK(answer.status == AnswerStatus::conflict);
  REQUIRE(answer.conflict);
  LevelMask common = ~LevelMask{0};
  for (const int route : answer.conflict->family) common &= answer.routes[static_cast<std::size_t>(route)].levels;
  CHECK(common == 0);
}
