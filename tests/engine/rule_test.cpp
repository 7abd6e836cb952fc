// Rules, records and what is refused of them: with place, what was found, and what to write instead.

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators_all.hpp>
#include <catch2/matchers/catch_matchers_all.hpp>
#include <nlohmann/json.hpp>

#include "qualgraph/facts/load.hpp"
#include "qualgraph/model/error.hpp"
#include "qualgraph/stacking/catalogue.hpp"
#include "qualgraph/stacking/lint_rule.hpp"
#include "qualgraph/stacking/record.hpp"
#include "qualgraph/stacking/rule.hpp"
#include "qualgraph/stacking/world_rules.hpp"

using namespace qualgraph;
using Catch::Matchers::ContainsSubstring;
using nlohmann::json;

namespace {

using Faults = std::vector<Fault>;

/// The smallest rule, with what is given laid over it.
std::string rule_with(const std::string& parts) {
  json rule = {{"language", 1}, {"id", "r"}, {"title", "R"}, {"sources", json::array()}};
  rule.update(json::parse(parts));
  return rule.dump();
}

template <class Read>
Faults faults_of(const Read& read) {
  try {
    static_cast<void>(read());
  } catch (const FactError& error) {
    return error.faults();
  }
  return {};
}

Faults faults_in(const std::string& parts) {
  return faults_of([&] { return Rule::parse(rule_with(parts)); });
}

std::shared_ptr<const RuleText> text_of(const std::string& parts, const RuleChoice& choice = {}) {
  return Rule::parse(rule_with(parts)).text(choice);
}

std::string told(const Faults& faults) {
  std::string text;
  for (const Fault& fault : faults) text += fault.pointer + ": found " + fault.found + ", expected " + fault.expected + "\n";
  return text;
}

std::vector<std::pair<std::string, std::string>> real_rules() {
  std::vector<std::pair<std::string, std::string>> files;
  for (const auto& entry : std::filesystem::directory_iterator(QUALGRAPH_DATA_DIR "/rules")) {
    std::ifstream stream(entry.path(), std::ios::binary);
    files.emplace_back(entry.path().filename().string(), std::string(std::istreambuf_iterator<char>(stream), {}));
  }
  std::ranges::sort(files);
  return files;
}

/// Every form of a rule that an audit may ask for.
std::vector<RuleChoice> choices_of(const Rule& rule) {
  std::vector<RuleChoice> choices;
  std::vector<std::string> variants;
  for (const Alternative& variant : rule.variants()) variants.push_back(variant.id);
  if (variants.empty()) variants.emplace_back();
  std::vector<std::string> readings{""};
  for (const Alternative& reading : rule.readings()) readings.push_back(reading.id);
  for (const std::string& variant : variants) {
    for (const std::string& reading : readings) {
      RuleChoice choice;
      choice.variant = variant;
      choice.reading = reading;
      choices.push_back(choice);
      for (const Alternative& title : rule.titles()) {
        choices.push_back(choice);
        choices.back().title = title.id;
      }
      for (const Alternative& exit : rule.exits()) {
        choices.push_back(choice);
        choices.back().exit = exit.id;
      }
      for (const Waiver& waiver : rule.waivers()) {
        choices.push_back(choice);
        choices.back().waivers = {waiver.id};
      }
    }
  }
  return choices;
}

RuleChoice form(std::string variant, std::string title = "", std::string exit = "", std::string reading = "",
                std::vector<std::string> waivers = {}) {
  return {std::move(reading), std::move(variant), std::move(title), std::move(exit), std::move(waivers)};
}

struct Refused {
  const char* rule;       ///< laid over the smallest rule
  const char* pointer;
  const char* found;      ///< part of the message
  const char* expected;   ///< part of the message
};

}  // namespace

TEST_CASE("what the rule language refuses is refused at its place, with the mend") {
  const auto [rule, pointer, found, expected] = GENERATE(values<Refused>({
      // decimals
      {R"({"total": {"min": 7.5}})", "/total/min", "7.5", "\"15/2\""},
      {R"({"total": {"min": "7.5"}})", "/total/min", "\"7.5\"", "\"15/2\""},
      {R"({"total": {"min": "1/0"}})", "/total/min", "\"1/0\"", "fraction such as"},
      {R"({"total": {"min": "x"}})", "/total/min", "\"x\"", "fraction such as"},
      {R"({"total": {"min": 9223372036854775807}})", "/total/min", "too large", "numbers up to 1000000000000"},
      {R"({"total": {"min": "99999999999999999999"}})", "/total/min", "too large", "numbers up to"},
      {R"({"total": {"min": "1/99999999999"}})", "/total/min", "too large", "in parts down to"},
      {R"({"total": {"min": -1}})", "/total/min", "-1", "not below zero"},
      {R"({"readings": {"a": {"changes": [{"path": "title", "to": 0.5}]}}})", "/readings/a/changes/0/to", "0.5", "\"1/2\""},
      // unknown keys
      {R"({"flors": {}})", "/flors", "unknown field \"flors\"", "Did you mean \"floors\"?"},
      {R"({"floors": {"a": {"min": 1, "form": "everything"}}})", "/floors/a/form", "unknown field \"form\"", "\"from\""},
      {R"({"floors": {"a": {"min": 1, "from": {"tags": "x"}}}})", "/floors/a/from/tags", "unknown field \"tags\"", "\"tag\""},
      {R"({"total": {"min": 1, "exactly": 2}})", "/total/exactly", "unknown field", "field of the language"},
      {R"({"allocation": {"using": "shared"}})", "/allocation/using", "unknown field", "field of the language"},
      {R"({"reuse": {"used": "free"}})", "/reuse/used", "unknown field", "field of the language"},
      {R"({"titles": {"a": {"title": "A", "floor": {}}}})", "/titles/a/floor", "unknown field", "\"floors\""},
      {R"({"valid": {"form": "2020-01-01"}})", "/valid/form", "unknown field", "\"from\""},
      {R"({"total": {"min": {"parameter": "target", "otherwise": 1}}})", "/total/min/otherwise", "unknown field", "field of the language"},
      // unknown measures, origins, words
      {R"({"total": {"min": 1, "measure": "credit"}})", "/total/measure", "\"credit\"", "Did you mean \"credits\"?"},
      {R"({"caps": {"a": {"max": 1, "from": {"origin": "prl"}}}})", "/caps/a/from/origin", "\"prl\"", "Did you mean \"rpl\"?"},
      {R"({"caps": {"a": {"max": 1, "from": {"origin": ["rpl", "rpl..exam"]}}}})", "/caps/a/from/origin/1", "\"rpl..exam\"", "one of \"taught\""},
      {R"({"admits": ["pased"]})", "/admits/0", "\"pased\"", "Did you mean \"passed\""},
      {R"({"places": {"a": {"use": "share"}}})", "/places/a/use", "\"share\"", "\"shared\""},
      {R"({"caps": {"a": {"max": 1, "effect": "trimmed"}}})", "/caps/a/effect", "\"trimmed\"", "\"trim\""},
      {R"({"kind": "polcy"})", "/kind", "\"polcy\"", "\"policy\""},
      {R"({"places": {"a": {"for_each": "tags:x"}}})", "/places/a/for_each", "\"tags:x\"", "\"tag:<key>\""},
      {R"({"floors": {"a": {"min": 1, "distinct": "providr"}}})", "/floors/a/distinct", "\"providr\"", "\"provider\""},
      {R"({"caps": {"a": {"max_share": "1/2", "base": "targets"}}})", "/caps/a/base", "\"targets\"", "\"target\""},
      {R"({"windows": {"a": {"span": "7 yaers"}}})", "/windows/a/span", "\"7 yaers\"", "\"7 years\""},
      // levels without framework, codes of local scales
      {R"({"level": "5"})", "/level", "\"5\"", "\"nz-nzqcf:5\""},
      {R"({"floors": {"a": {"min": 1, "from": {"level": {"at_least": "5"}}}}})", "/floors/a/from/level/at_least", "\"5\"", "framework or scale"},
      {R"({"scales": {"s": {"order": ["100", "200"]}}, "floors": {"a": {"min": 1, "from": {"level": {"exactly": ["s:100", "s:300"]}}}}})",
       "/floors/a/from/level/exactly/1", "\"300\"", "a code of the scale \"s\""},
      // undefined names
      {R"({"averages": {"a": {"min": 2, "scale": "us-leter"}}, "scales": {"us-letter": {"numeric": true}}})", "/averages/a/scale",
       "\"us-leter\"", "Did you mean \"us-letter\"?"},
      {R"({"eligibility": {"a": {"require": {"grade": {"at_least": "C", "scale": "s"}}}}})", "/eligibility/a/require/grade/scale", "\"s\"", "a scale of this rule"},
      {R"({"total": {"min": {"parameter": "sise"}}, "parameters": {"size": {"what": "size", "type": "number"}}})", "/total/min/parameter",
       "\"sise\"", "Did you mean \"size\"?"},
      {R"({"total": {"min": {"parameter": "size"}}, "parameters": {"size": {"what": "size", "type": "text"}}})", "/total/min/parameter",
       "type \"text\"", "type \"number\""},
      {R"({"floors": {"a": {"min": 1, "when": {"parameter": "b", "is": true}}}})", "/floors/a/when/parameter", "\"b\"", "a parameter of this rule"},
      {R"({"places": {"core": {}}, "floors": {"a": {"min": 1, "in": "cor"}}})", "/floors/a/in", "\"cor\"", "Did you mean \"core\"?"},
      {R"({"places": {"core": {}}, "floors": {"a": {"min": 1, "in": ["core", "rest"]}}})", "/floors/a/in/1", "\"rest\"", "a place of this rule"},
      {R"({"places": {"core": {"inside": "al"}, "all": {}}})", "/places/core/inside", "\"al\"", "Did you mean \"all\"?"},
      {R"({"floors": {"half": {"min": 1}}, "caps": {"a": {"max": 1, "in": "halve"}}})", "/caps/a/in", "\"halve\"", "a place or floor"},
      {R"({"caps": {"a": {"max_share": "1/2", "base": "place:core"}}})", "/caps/a/base", "\"core\"", "a place of this rule"},
      {R"({"caps": {"a": {"max": 1}, "b": {"max": 1, "union": ["a", "c"]}}})", "/caps/b/union/1", "\"c\"", "a cap of this rule"},
      {R"({"places": {"a": {}}, "allocation": {"overlap": {"o": {"between": ["a", "b"]}}}})", "/allocation/overlap/o/between/1", "\"b\"", "a place of this rule"},
      {R"({"places": {"core": {}}, "requirements": {"a": {"what": "w", "after": {"met": "places/corr"}}}})", "/requirements/a/after/met",
       "\"places/corr\"", "Did you mean \"places/core\"?"},
      {R"({"caps": {"rpl": {"max": 1}}, "waivers": {"w": {"clause": "caps/rlp"}}})", "/waivers/w/clause", "\"caps/rlp\"", "Did you mean \"caps/rpl\""},
      {R"({"caps": {"rpl": {"max": 1}}, "readings": {"b": {"changes": [{"path": "caps/rlp", "drop": true}]}}})", "/readings/b/changes/0/path",
       "\"caps/rlp\"", "Did you mean \"caps/rpl\""},
      {R"({"derives": {"level": {"place": "core"}}})", "/derives/level/place", "\"core\"", "a place of this rule"},
      // circles
      {R"({"places": {"a": {"inside": "a"}}})", "/places/a/inside", "a circle", "without a circle"},
      {R"({"caps": {"a": {"max": 1}, "b": {"max": 1, "union": ["a", "c"]}, "c": {"max": 1, "union": ["b", "a"]}}})", "/caps/c/union", "a circle", "without a circle"},
      // contradictory bounds
      {R"({"total": {"exact": 1, "min": 1}})", "/total", "exact beside min", "exact alone"},
      {R"({"places": {"a": {"exact": 1, "max": 1}}})", "/places/a", "exact beside max", "exact alone"},
      {R"({"places": {"a": {"min": 2, "max": 1}}})", "/places/a", "min 2 above max 1", "min not above max"},
      {R"({"total": {"min": "5/2", "max": 2}})", "/total", "min 5/2 above max 2", "min not above max"},
      {R"({"places": {"a": {"choose": 3}, "b": {"inside": "a"}, "c": {"inside": "a"}}})", "/places/a/choose", "3 among 2", "as many as there are"},
      {R"({"places": {"a": {"choose": {"min": 2, "max": 1}}, "b": {"inside": "a"}, "c": {"inside": "a"}}})", "/places/a/choose", "min 2 above max 1", "min not above max"},
      {R"({"caps": {"a": {"max": 1}, "b": {"max": 1}, "c": {"max": 1, "from": {"tag": "x"}, "union": ["a", "b"]}}})", "/caps/c", "from and union", "one of them"},
      // shares of a size in another measure
      {R"({"total": {"min": 60}, "floors": {"a": {"min_share": "1/3", "measure": "hours"}}})", "/floors/a/min_share",
       "a share in hours of an award that is sized in credits", "\"counted\""},
      {R"({"total": {"min": 6, "measure": "units"}, "caps": {"a": {"max_share": "1/3"}}})", "/caps/a/max_share",
       "a share in credits of an award that is sized in units", "an amount instead (max)"},
      {R"({"caps": {"a": {"max_share": "1/3", "measure": "points", "base": "source"}}})", "/caps/a/max_share",
       "a share in points of awards, which are sized in credits", "the measure of what it is a share of"},
      {R"({"caps": {"a": {"max_share": "3/2"}}})", "/caps/a/max_share", "3/2", "a share from 0 to 1"},
      {R"({"floors": {"a": {"min_share": "-1/2"}}})", "/floors/a/min_share", "-1/2", "a share from 0 to 1"},
      {R"({"caps": {"a": {"max_share": {"table": [{"when": {"award": "x"}, "value": 2}]}}}})", "/caps/a/max_share/table/0/value", "2", "a share from 0 to 1"},
      {R"({"averages": {"a": {"min": 2, "scale": "s"}}, "scales": {"s": {"order": ["C", "B"]}}})", "/averages/a/scale", "without points", "scale with points"},
      {R"({"classification": {"scale": "s"}, "scales": {"s": {"order": ["C", "B"]}}})", "/classification/scale", "without points", "scale with points"},
      // what a clause must say
      {R"({"floors": {"a": {}}})", "/floors/a", "0 of min", "exactly one of"},
      {R"({"floors": {"a": {"min": 1, "min_share": "1/2"}}})", "/floors/a", "2 of min", "exactly one of"},
      {R"({"caps": {"a": {}}})", "/caps/a", "neither max nor max_share", "exactly one of"},
      {R"({"eligibility": {"a": {}}})", "/eligibility/a/require", "nothing", "has to hold"},
      {R"({"exclusions": {"a": {"sets": ["everything"]}}})", "/exclusions/a/sets", "a list of 1", "at least two"},
      {R"({"pace": {"a": {"max": 1}}})", "/pace/a/per", "nothing", "\"year\""},
      {R"({"requirements": {"a": {}}})", "/requirements/a/what", "nothing", "a text"},
      {R"({"outcomes": {"a": {"set": ["x"]}}})", "/outcomes/a", "0 of all", "exactly one of"},
      {R"({"places": {"a": {"all": false}}})", "/places/a/all", "false", "true, or no such field"},
      {R"({"places": {"A b": {}}})", "/places/A b", "\"A b\"", "small letters"},
      {R"({"places": []})", "/places", "a list of 0", "an object"},
      {R"({"places": {"a": 3}})", "/places/a", "3", "a clause"},
      {R"({"floors": {"a": {"min": 1, "when": {}}}})", "/floors/a/when", "an object", "a condition"},
      {R"({"floors": {"a": {"min": 1, "from": {}}}})", "/floors/a/from", "an object", "a selector"},
      {R"({"floors": {"a": {"min": 1, "from": null}}})", "/floors/a/from", "nothing", "a selector"},
      {R"({"exits": {"a": {}}})", "/exits/a/award", "nothing", "a text"},
      {R"({"language": 2})", "/language", "2", "1, the version"},
      {R"({"id": "My rule"})", "/id", "\"My rule\"", "small letters"},
      {R"({"title": ""})", "/title", "\"\"", "a text"},
      {R"({"sources": null})", "/sources", "nothing", "a list of sources"},
      {R"({"sources": [{"title": "T"}]})", "/sources/0/evidence", "nothing", "\"read\""},
      // within alternatives the place is that of the alternative
      {R"({"variants": {"v": {"floors": {"a": {"min": 1, "in": "core"}}}}})", "/variants/v/floors/a/in", "\"core\"", "a place of this rule"},
      {R"({"titles": {"t": {"title": "T", "caps": {"a": {"max_share": 2}}}}})", "/titles/t/caps/a/max_share", "2", "a share from 0 to 1"},
      {R"({"variants": {"v": {"rank": 1}}})", "/variants/v/rank", "rank", "titles only"},
      {R"({"total": {"min": 10}, "readings": {"b": {"changes": [{"path": "total/max", "to": 5}]}}})", "/readings/b", "/total is min 10 above max 5", "min not above max"},
      {R"({"total": {"min": 10}, "waivers": {"w": {"clause": "total/min", "to": "many"}}})", "/waivers/w", "/total/min is \"many\"", "a whole number"},
  }));
  CAPTURE(rule);
  const Faults faults = faults_in(rule);
  CAPTURE(told(faults));
  REQUIRE(faults.size() == 1);
  CHECK(faults[0].file == "rule");
  CHECK(faults[0].pointer == pointer);
  CHECK_THAT(faults[0].found, ContainsSubstring(found));
  CHECK_THAT(faults[0].expected, ContainsSubstring(expected));
}

TEST_CASE("every fault of a rule is told at once") {
  const Faults faults = faults_in(R"({"total": {"min": 0.5}, "flors": {}, "caps": {"a": {"max_share": 2}, "b": {"max": 1, "in": "x"}}})");
  CAPTURE(told(faults));
  CHECK(faults.size() == 4);
}

TEST_CASE("a circle of places is told at every place on it and nowhere else") {
  const Faults faults = faults_in(R"({"places": {"a": {"inside": "b"}, "b": {"inside": "c"}, "c": {"inside": "a"}, "d": {"inside": "a"}}})");
  CAPTURE(told(faults));
  REQUIRE(faults.size() == 3);
  CHECK(faults[0].pointer == "/places/a/inside");
  CHECK(faults[2].pointer == "/places/c/inside");
}

TEST_CASE("a text that is no rule is refused as a whole") {
  CHECK_THROWS_AS(Rule::parse(""), FactError);
  CHECK_THROWS_AS(Rule::parse("[]"), FactError);
  CHECK_THROWS_AS(Rule::parse("{"), FactError);
  CHECK_THROWS_AS(Rule::parse(rule_with("{}").substr(0, 20)), FactError);
  CHECK(faults_of([] { return Rule::parse(R"({"language": 1, "reform": "x", "of": "r", "changes": []})"); }).at(0).found == "a reform");
  CHECK_THAT(faults_of([] { return Rule::parse(R"({"id": "a", "id": "b"})"); }).at(0).found, ContainsSubstring("twice"));
  const std::string deep = std::string(5'000, '[') + std::string(5'000, ']');
  CHECK_THAT(faults_of([&] { return Rule::parse(deep); }).at(0).found, ContainsSubstring("nested"));
  std::string nested = R"("everything")";
  for (int i = 0; i < 100; ++i) nested = R"({"not": )" + nested + "}";
  CHECK_THAT(faults_of([&] { return Rule::parse(R"({"caps": {"a": {"from": )" + nested + "}}}"); }).at(0).found, ContainsSubstring("nested"));
}

TEST_CASE("own keys are kept and never read") {
  const std::string rule = rule_with(R"({"x-own": 0.5, "places": {"x-draft": 3, "core": {"x-page": [1.5]}},
                                         "parameters": {"x-p": null}, "allocation": {"x-why": {}, "overlap": {"x-o": 1}}})");
  const Rule read = Rule::parse(rule);
  CHECK(read.json() == rule);
  CHECK(read.text()->places.size() == 1);
}

TEST_CASE("clauses become typed, in order of id, with path and source") {
  const auto text = text_of(R"({
    "level": "nz-nzqcf:5", "credit": "nz-credit", "awarding": ["p1", "p2"],
    "sources": [{"id": "s1", "title": "Text", "evidence": "read"}],
    "total": {"min": "15/2"},
    "places": {"b": {"inside": "a", "for_each": "tag:subject", "min": {"parameter": "target"}}, "a": {"choose": {"min": 1}, "max": null}},
    "floors": {"own": {"from": {"provider": "awarding", "not": {"origin": ["rpl", "micro.mooc"]}}, "min_share": "1/4",
               "rounding": "up", "grain": 5, "source": {"document": "s1", "clause": "4"}, "in": "b[history]"}},
    "caps": {"m": {"from": "everything", "effect": "invalid", "measure": "units",
             "max": {"table": [{"when": {"holds": {"tag": "x"}}, "value": 3}, {"when": {"award": "y"}, "value": null}], "otherwise": 4}}},
    "eligibility": {"fresh": {"require": {"age": {"at_most": "18 months", "since": "started"}, "credits": {"at_least": 5, "exactly": [6, "7/2"]}}}},
    "allocation": {"use": "shared", "items": "splittable", "quantum": "1/2", "overlap": {"o": {"between": ["a", "b"], "max": 9}}},
    "reuse": {"used_elsewhere": "limited", "spends": true, "limits": {"l": {"award": "bachelor", "max_share": 1, "base": "smaller"}}}})");
  CHECK(text->level == "nz-nzqcf:5");
  CHECK(text->awarding == std::vector<std::string>{"p1", "p2"});
  CHECK(text->total->path == "total");
  CHECK(text->total->min.value == Rational(15, 2));
  REQUIRE(text->places.size() == 2);
  CHECK(text->places[0].path == "places/a");
  CHECK(text->places[0].max.kind == Amount::Kind::unknown);
  CHECK(text->places[0].choose == std::pair{1, std::optional<int>{}});
  CHECK_FALSE(text->places[0].choose_exact);
  CHECK(text->places[1].min.kind == Amount::Kind::parameter);
  CHECK(text->places[1].inside == "a");
  const Floor& own = text->floors.at(0);
  CHECK(own.source->evidence == Evidence::read);   // that of the source it names
  CHECK(own.source->clause == "4");
  CHECK(own.in == std::vector<std::string>{"b[history]"});
  CHECK(own.share.rounding == Rounding{RoundingMode::up, 5});
  REQUIRE(own.from.kind == Selector::Kind::all);
  CHECK(own.from.parts[0].kind == Selector::Kind::none_of);
  CHECK(own.from.parts[0].parts[0].words == std::vector<std::string>{"rpl", "micro.mooc"});
  const Cap& cap = text->caps.at(0);
  CHECK(cap.invalid);
  CHECK(cap.measure == Measure::units);
  CHECK(cap.from.kind == Selector::Kind::everything);
  CHECK(cap.max.kind == Amount::Kind::table);
  CHECK(cap.max.rows[1].second == std::nullopt);
  CHECK(cap.max.rows[0].first->selector.words == std::vector<std::string>{"x"});
  CHECK(cap.max.otherwise == Rational{4});
  const Selector& require = text->eligibility.at(0).require;
  CHECK(require.parts[0].oldest->count == 18);
  CHECK(require.parts[0].oldest->unit == Span::Unit::months);
  CHECK(require.parts[0].since == "started");
  CHECK(require.parts[1].equal.size() == 2);
  CHECK(text->allocation.shared);
  CHECK(text->allocation.quantum == Rational(1, 2));
  CHECK(text->allocation.overlaps.at(0).path == "allocation/overlap/o");
  CHECK(text->reuse.limits.at(0).path == "reuse/limits/l");
  CHECK(text->reuse.limits[0].share.base == "smaller");
  CHECK(text->reuse.spends == true);
}

TEST_CASE("alternatives are laid over the main text") {
  const Rule rule = Rule::parse(rule_with(R"({
    "total": {"min": 120, "max": 150}, "admits": ["passed"],
    "places": {"core": {"min": 60}, "rest": {"from": "everything"}},
    "floors": {"own": {"min": 30, "in": "core"}}, "caps": {"rpl": {"max": 60}},
    "requirements": {"thesis": {"what": "a thesis"}},
    "windows": {"all": {"span": "7 years"}}, "eligibility": {"core-passed": {"in": "core", "require": {"status": "passed"}}},
    "allocation": {"use": "shared", "quantum": 5, "overlap": {"o": {"between": ["core", "rest"]}}},
    "variants": {"short": {"total": {"min": 60}, "places": {"core": {"exact": 40}}, "allocation": {"quantum": 10}},
                 "long": {"level": "eqf:7", "caps": {"micro": {"max": 30}}}},
    "titles": {"honours": {"title": "With honours", "rank": 1, "floors": {"own": {"min": 45}}}, "plain": {"title": null, "rank": 2}},
    "exits": {"certificate": {"award": "Certificate", "level": "eqf:5", "total": {"min": 40}, "places": {"any": {"min": 40}}}},
    "waivers": {"no-cap": {"clause": "caps/rpl", "decided_by": "dean"}, "less": {"clause": "total/min", "to": 100},
                "micro": {"clause": "caps/micro/max", "to": 35}},
    "readings": {"strict": {"changes": [{"path": "caps/rpl/max", "to": 50}, {"path": "floors/new", "to": {"min": 1}}, {"path": "windows/all", "drop": true}]}}})"));
  SECTION("a variant replaces clauses of the same id, the total whole, the allocation key by key") {
    const auto text = rule.text(form("short"));
    CHECK(text->total->min.value == 60);
    CHECK_FALSE(text->total->max.present());
    CHECK(text->places.size() == 2);
    CHECK(text->places[0].exact.value == 40);
    CHECK_FALSE(text->places[0].min.present());
    CHECK(text->allocation.shared);
    CHECK(text->allocation.quantum == 10);
    CHECK(text->allocation.overlaps.size() == 1);
    CHECK(text->caps.size() == 1);
    CHECK(rule.text(form("long"))->caps.size() == 2);
    CHECK(rule.text(form("long"))->level == "eqf:7");
  }
  SECTION("a title comes after the variant") {
    const auto text = rule.text(form("short", "honours"));
    CHECK(text->floors.at(0).min.value == 45);
    CHECK(text->floors[0].in.empty());
    CHECK(text->title == "With honours");
    CHECK(text->total->min.value == 60);
    CHECK(rule.text(form("short", "plain"))->title == "R");
  }
  SECTION("an exit states total, places, floors, caps and requirements anew and inherits the rest") {
    const auto text = rule.text(form("short", "", "certificate"));
    CHECK(text->total->min.value == 40);
    CHECK(text->places.size() == 1);
    CHECK(text->floors.empty());
    CHECK(text->caps.empty());
    CHECK(text->requirements.empty());
    CHECK(text->windows.size() == 1);
    CHECK(text->admits == std::vector<std::string>{"passed"});
    CHECK(text->level == "eqf:5");
    // What was said of places that the exit does not have reaches nothing.
    CHECK(text->eligibility.empty());
    CHECK(text->allocation.overlaps.empty());
  }
  SECTION("waivers act before the variant, or within it where the main text has no such clause") {
    const auto text = rule.text(form("long", "", "", "", {"no-cap", "less", "micro"}));
    CHECK(text->caps.size() == 1);
    CHECK(text->caps[0].max.value == 35);
    CHECK(text->total->min.value == 100);
    CHECK(text->total->max.value == 150);
    CHECK(rule.text(form("short", "", "", "", {"less"}))->total->min.value == 60);
    CHECK(rule.waivers().size() == 3);
    CHECK(rule.waivers()[1].decided_by.empty());
    CHECK_FALSE(rule.waivers()[0].drops);
  }
  SECTION("a reading changes the text first") {
    const auto text = rule.text(form("long", "", "", "strict"));
    CHECK(text->caps[1].max.value == 50);
    CHECK(text->floors.size() == 2);
    CHECK(text->windows.empty());
  }
  SECTION("what a rule does not have is answered with what it has") {
    CHECK_THROWS_WITH(rule.text(form("shrt")), ContainsSubstring("no variant \"shrt\"") && ContainsSubstring("\"short\""));
    CHECK_THROWS_AS(rule.text(form("", "x")), UnknownId);
    CHECK_THROWS_AS(rule.text(form("", "", "x")), UnknownId);
    CHECK_THROWS_AS(rule.text(form("", "", "", "x")), UnknownId);
    CHECK_THROWS_AS(rule.text(form("", "", "", "", {"x"})), UnknownId);
  }
  SECTION("titles carry rank, exits their award") {
    CHECK(rule.titles()[1].rank == 2);
    CHECK(rule.exits()[0].award == "Certificate");
    CHECK(rule.readings()[0].id == "strict");
  }
  SECTION("a text is kept and may be asked from any thread") {
    std::vector<std::shared_ptr<const RuleText>> seen(8);
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < seen.size(); ++i) {
      threads.emplace_back([&, i] { seen[i] = rule.text(form(i % 2 == 0 ? "short" : "long", "", "", "strict")); });
    }
    for (std::thread& thread : threads) thread.join();
    for (std::size_t i = 0; i < seen.size(); ++i) CHECK(seen[i] == seen[i % 2]);
  }
}

TEST_CASE("of a rule with variants only its forms need to be complete") {
  const std::string parts = R"({"floors": {"own": {"min": 1, "in": "core"}}, "variants": {"a": {"places": {"core": {}}}}})";
  const Rule rule = Rule::parse(rule_with(parts));
  CHECK(rule.text(form("a"))->floors.at(0).in == std::vector<std::string>{"core"});
  CHECK_THROWS_AS(rule.text(), FactError);
}

TEST_CASE("a rule changes by paths") {
  const std::string written = rule_with(R"({"caps": {"rpl": {"max_share": "1/2"}}, "floors": {"a": {"min": 72}, "b": {"min": 1}},
                                         "exclusions": {"e": {"sets": [{"tag": "x"}, {"tag": "y"}, {"tag": "z"}]}}})");
  const Rule rule = Rule::parse(written);
  using Change = std::pair<std::string, std::optional<std::string>>;
  const auto changed = [&](const std::vector<Change>& changes) { return rule.changed("", changes); };
  SECTION("set, create and drop") {
    const Rule next = rule.changed("r-2", std::vector<Change>{{"caps/rpl/max_share", R"("3/4")"}, {"floors/a", std::nullopt}, {"floors/c", R"({"min": 5})"}});
    CHECK(next.id() == "r-2");
    CHECK(next.text()->caps.at(0).share.share.value == Rational(3, 4));
    CHECK(next.text()->floors.size() == 2);
    CHECK(next.text()->floors[1].id == "c");
    CHECK(next.hash() != rule.hash());
    CHECK(rule.json() == written);
    CHECK(rule.text()->floors.size() == 2);
  }
  SECTION("entries of a list keep their numbers until all are dropped") {
    const Rule next = changed({{"exclusions/e/sets/0", std::nullopt}, {"exclusions/e/sets/1", R"({"tag": "w"})"}});
    CHECK(next.text()->exclusions.at(0).sets[0].words == std::vector<std::string>{"w"});
  }
  SECTION("no change is the same rule") { CHECK(changed({}).hash() == rule.hash()); }
  SECTION("a path that leads nowhere names the nearest") {
    CHECK_THROWS_WITH(changed({{"caps/rlp/max_share", "1"}}), ContainsSubstring("\"caps/rpl/max_share\""));
    CHECK_THROWS_WITH(changed({{"floors/d", std::nullopt}}), ContainsSubstring("no path \"floors/d\" in the rule \"r\""));
    CHECK_THROWS_AS(changed({{"", "1"}}), UnknownId);
    CHECK_THROWS_AS(changed({{"floors/", "1"}}), UnknownId);
    CHECK_THROWS_AS(changed({{"pace/year", R"({"per": "year", "max": 1})"}}), UnknownId);
    CHECK_THROWS_AS(changed({{"exclusions/e/sets/3", "1"}}), UnknownId);
  }
  SECTION("paths are resolved before anything is changed") {
    CHECK_THROWS_AS(changed({{"floors/c", R"({"min": 5})"}, {"floors/c/min", "6"}}), UnknownId);
  }
  SECTION("one path within another is refused") {
    CHECK_THROWS_WITH(changed({{"caps/rpl", R"({"max": 1})"}, {"caps/rpl/max_share", "1"}}),
                      ContainsSubstring("\"caps/rpl/max_share\" lies within \"caps/rpl\""));
    CHECK_THROWS_AS(changed({{"floors/a/min", "1"}, {"floors/a/min", "2"}}), InvalidValue);
  }
  SECTION("the result has to be a rule") {
    CHECK_THROWS_AS(changed({{"caps/rpl/max_share", "2"}}), FactError);
    CHECK_THROWS_AS(changed({{"caps/rpl/max_shre", "1"}}), FactError);
    CHECK_THROWS_AS(changed({{"title", std::nullopt}}), FactError);
    CHECK_THROWS_AS(changed({{"title", "{"}}), FactError);
  }
}

TEST_CASE("a reform is applied in order to the rule and the text it was written for") {
  const Rule rule = Rule::parse(rule_with(R"({"caps": {"rpl": {"max_share": "1/2"}}, "floors": {"level-5": {"min": 72}}})"));
  const auto reform = [&](const std::string& rest) { return R"({"language": 1, "reform": "more-rpl", )" + rest + "}"; };
  const Rule next = rule.reformed(reform(R"("of": "r", "base": null, "changes": [{"path": "caps/rpl/max_share", "to": "3/4"}, {"path": "floors/level-5", "drop": true},
                                            {"path": "floors/own", "to": {"min": 1}}, {"path": "floors/own/min", "to": 2}])"));
  CHECK(next.text()->caps.at(0).share.share.value == Rational(3, 4));
  CHECK(next.text()->floors.at(0).min.value == 2);
  CHECK(next.id() == "r");
  CHECK_NOTHROW(rule.reformed(reform(R"("of": "r", "base": ")" + rule.hash() + R"(", "changes": [{"path": "title", "to": "S"}])")));
  CHECK_THROWS_WITH(rule.reformed(reform(R"("of": "r", "base": "0", "changes": [{"path": "title", "to": "S"}])")), ContainsSubstring("another text"));
  CHECK_THROWS_WITH(rule.reformed(reform(R"("of": "q", "changes": [{"path": "title", "to": "S"}])")), ContainsSubstring("not of \"r\""));
  CHECK_THROWS_WITH(rule.reformed(reform(R"("of": "r", "changes": [{"path": "caps/rlp", "drop": true}])")), ContainsSubstring("\"caps/rpl\""));
  CHECK_THROWS_AS(rule.reformed(reform(R"("of": "r", "changes": [])")), FactError);
  CHECK_THROWS_AS(rule.reformed(reform(R"("of": "r", "changes": [{"path": "title", "to": "S", "drop": true}])")), FactError);
  CHECK_THROWS_AS(rule.reformed(reform(R"("of": "r", "change": [])")), FactError);
}

TEST_CASE("the hash is that of the content, not of the layout") {
  const std::string written = rule_with(R"({"total": {"min": 1, "max": 2}})");
  CHECK(Rule::parse(written).hash() == Rule::parse(json::parse(written).dump(4)).hash());
  CHECK(Rule::parse(written).hash() != Rule::parse(rule_with(R"({"total": {"min": 1, "max": 3}})")).hash());
}

TEST_CASE("every bundled rule is read, byte for byte, in all its forms") {
  const auto files = real_rules();
  REQUIRE(files.size() >= 100);
  for (const auto& [name, text] : files) {
    CAPTURE(name);
    const Rule rule = Rule::parse(text, name);
    CHECK(rule.json() == text);
    CHECK(rule.id() + ".json" == name);
    CHECK_FALSE(rule.sources().empty());
    for (const RuleChoice& choice : choices_of(rule)) {
      CAPTURE(choice.variant, choice.title, choice.exit, choice.reading);
      const auto read = rule.text(choice);
      CHECK(std::ranges::is_sorted(read->places, {}, &Place::id));
      CHECK(std::ranges::is_sorted(read->caps, {}, &Cap::id));
      CHECK(read == rule.text(choice));
    }
  }
}

TEST_CASE("no change of a real rule, however senseless, does more than be refused") {
  std::mt19937 random(20260301);
  const auto files = real_rules();
  const auto pick = [&](std::size_t size) { return std::uniform_int_distribution<std::size_t>(0, size - 1)(random); };
  std::vector<json> pool = {nullptr, true, false, -1, 0, 2, "1/2", "", "x", "tag:subject", json::array(), json::object(), 0.5, "everything",
                            json::parse(R"({"table": [{"when": {"holds": "everything"}, "value": 1}]})"), json::parse(R"({"not": {"tag": "a"}})"),
                            9007199254740993ULL, "9999999999999999999999"};
  const auto mutate = [&](json& root) {
    json* at = &root;
    while (at->is_structured() && !at->empty() && pick(5) != 0) {
      auto next = at->begin();
      std::advance(next, static_cast<std::ptrdiff_t>(pick(at->size())));
      at = &*next;
    }
    switch (pick(4)) {
      case 0: *at = pool[pick(pool.size())]; break;
      case 1:
        if (at->is_structured() && !at->empty()) {
          auto gone = at->begin();
          std::advance(gone, static_cast<std::ptrdiff_t>(pick(at->size())));
          at->erase(gone);
        }
        break;
      case 2:
        if (at->is_object()) (*at)[std::vector<std::string>{"min", "inside", "from", "in", "a", "choose", "union", "when", "x-a"}[pick(9)]] = pool[pick(pool.size())];
        break;
      default:
        if (at->is_array()) at->push_back(pool[pick(pool.size())]);
    }
  };
  int refused = 0;
  int read = 0;
  for (int round = 0; round < 4'000; ++round) {
    json root = json::parse(files[pick(files.size())].second);
    for (std::size_t i = 0; i <= pick(3); ++i) mutate(root);
    const std::string text = root.dump();
    try {
      const Rule rule = Rule::parse(text);
      for (const RuleChoice& choice : choices_of(rule)) static_cast<void>(rule.text(choice));
      ++read;
    } catch (const FactError& error) {
      CHECK_FALSE(error.faults().empty());
      ++refused;
    }
  }
  CHECK(refused > 100);
  CHECK(read > 100);
}

TEST_CASE("a rule of ten thousand clauses is read") {
  json rule = json::parse(rule_with("{}"));
  for (int i = 0; i < 5'000; ++i) {
    const std::string id = "p" + std::to_string(i);
    rule["places"][id] = {{"min", 1}, {"from", {{"tag", id}}}};
    if (i > 0) rule["places"][id]["inside"] = "p" + std::to_string(i % 100 == 0 ? 0 : i - 1);
    rule["caps"]["c" + std::to_string(i)] = {{"max", 5}, {"in", id}};
  }
  CHECK(Rule::parse(rule.dump()).text()->caps.size() == 5'000);
  // The same with every name misspelt: a bounded list of faults.
  for (auto& [id, cap] : rule["caps"].items()) cap["in"] = id + "x";
  CHECK(faults_of([&] { return Rule::parse(rule.dump()); }).size() == 1'000);
}

TEST_CASE("a rule of many large alternatives is checked within bounds and answers all the same") {
  json rule = json::parse(rule_with("{}"));
  for (int i = 0; i < 1'000; ++i) rule["caps"]["c" + std::to_string(i)] = {{"max", 5}};
  for (int i = 0; i < 1'000; ++i) rule["variants"]["v" + std::to_string(i)]["total"]["min"] = i;
  rule["variants"]["v999"]["caps"]["wrong"] = {{"max", 5}, {"in", "nowhere"}};
  const Rule read = Rule::parse(rule.dump());
  CHECK(read.text(form("v998"))->total->min.value == 998);
  CHECK_THROWS_AS(read.text(form("v999")), FactError);
}

// ---------------------------------------------------------------- rules of a world

TEST_CASE("a world finds its rules and keeps them") {
  const World world = load_folder(QUALGRAPH_DATA_DIR);
  CHECK(rule_ids(world).size() == real_rules().size());
  const auto rule = find_rule(world, "example-diploma");
  CHECK(rule->text()->caps.at(0).path == "caps/rpl");
  CHECK(rule->text()->floors.at(0).path == "floors/level-5");
  CHECK(find_rule(world, "example-diploma") == rule);
  CHECK_THROWS_WITH(find_rule(world, "example-diplma"), ContainsSubstring("Did you mean \"example-diploma\"?"));
}

TEST_CASE("a file of a rule is kept as it stands and named after its id") {
  const std::string text = "{\n \"language\": 1, \"id\": \"mine\", \"title\": \"Mine\", \"sources\": [] }\n";
  const std::vector<FactFile> files = {{"rules/mine.json", text}};
  const World world = load_facts(files);
  REQUIRE(world.records().size() == 1);
  CHECK(world.records()[0]->json == text);
  CHECK(world.hash() != load_facts(std::vector<FactFile>{{"rules/mine.json", rule_with(R"({"id": "mine"})")}}).hash());
  CHECK(find_rule(world, "mine")->title() == "Mine");
  const auto refused = [](const std::string& name, const std::string& rule) {
    return told(faults_of([&] { return load_facts(std::vector<FactFile>{{name, rule}}); }));
  };
  CHECK_THAT(refused("rules/other.json", text), ContainsSubstring("/id: found \"mine\", expected \"other\""));
  CHECK_THAT(refused("rules/mine.json", R"({"id": "mine", "title": "T"})"), ContainsSubstring("/language"));
  CHECK_THAT(refused("rules/mine.json", "{"), ContainsSubstring("not JSON"));
  // What is wrong inside a rule is told when it is asked for.
  const World unread = load_facts(std::vector<FactFile>{{"rules/bad.json", R"({"language": 1, "id": "bad", "title": "Bad", "flors": {}, "sources": []})"}});
  CHECK_THAT(told(faults_of([&] { return find_rule(unread, "bad"); })), ContainsSubstring("/flors"));
}

// ---------------------------------------------------------------- records

TEST_CASE("a record is read with what is known to be none apart from what is not known") {
  const LearnerRecord record = read_record(R"({
    "language": 1, "record": "r1", "learner": "l1", "as_of": "2026-03-01", "credit": "nz-credit",
    "requirements": {"placement": 120, "thesis": true, "talk": false, "essay": null, "weeks": "3/2"},
    "dates": {"registration": "2023-02-01", "claim": null}, "awards": [{"id": "nz-ncea-3", "credits": "120", "completed": true}],
    "parameters": {"target": 120, "kind": "bachelor", "new": true, "share": "5/2", "open": null},
    "decisions": [{"apply": "waivers/vip-approval", "by": "faculty board", "date": "2026-01-01"}],
    "items": [
      {"id": "mc-1", "credits": 5, "level": "nz-nzqcf:5", "origin": "micro", "tags": ["digital"], "used_for": [], "x-page": 0.5},
      {"id": "mc-2", "unit": "U", "credits": "15/2", "level": ["nz-nzqcf:5", "eqf:5"], "origin": ["rpl.exam", "vet"], "grade": 7, "count": 3},
      {"id": "mc-3", "credits": "30 ects", "hours": "75/2", "grade": "ungraded", "status": "exempted", "date": "2024-02-29", "field": "06"},
      {"id": "mc-4", "credits": {"min": 10, "max": "25/2"}, "tags": null, "origin": [], "whole": false, "field": ["06", "061"]}]})");
  CHECK(record.id == "r1");
  CHECK(record.requirements.at("placement") == "120");
  CHECK(record.requirements.at("thesis") == "true");
  CHECK(record.requirements.at("essay") == std::nullopt);
  CHECK(record.requirements.at("weeks") == "3/2");
  CHECK(record.registration == parse_date("2023-02-01"));
  CHECK_FALSE(record.claim);
  CHECK(record.awards->at(0).credits == Rational{120});
  CHECK(record.parameters == std::map<std::string, std::string>{{"target", "120"}, {"kind", "bachelor"}, {"new", "true"}, {"share", "5/2"}});
  CHECK(record.decisions.at(0).apply == "waivers/vip-approval");
  REQUIRE(record.items.size() == 4);
  CHECK(record.items[0].unit == "mc-1");
  CHECK(record.items[0].used_for->empty());
  CHECK_FALSE(record.items[1].used_for);
  CHECK(record.items[1].credits->first == Rational(15, 2));
  CHECK(record.items[1].levels->size() == 2);
  CHECK(record.items[1].grade == "7");
  CHECK(record.items[1].count == 3);
  CHECK(record.items[2].credit == "ects");
  CHECK(record.items[2].credits->second == Rational{30});
  CHECK(record.items[2].status == "exempted");
  CHECK(record.items[3].credits->second == Rational(25, 2));
  CHECK_FALSE(record.items[3].tags);
  CHECK(record.items[3].origins->empty());
  CHECK(record.items[3].whole == false);
  CHECK_FALSE(read_record(R"({"language": 1, "items": []})").awards);
}

TEST_CASE("what a record may not say is refused at its place") {
  const auto [parts, pointer, found, expected] = GENERATE(values<Refused>({
      {R"({"items": [{"id": "a"}, {"id": "b"}, {"id": "a"}]})", "/items/2/id", "\"a\" a second time (first at /items/0)", "each id once"},
      {R"({"items": [{"id": "a", "credits": -5}]})", "/items/0/credits", "-5", "not below zero"},
      {R"({"items": [{"id": "a", "credits": "-5 ects"}]})", "/items/0/credits", "-5", "not below zero"},
      {R"({"items": [{"id": "a", "credits": 7.5}]})", "/items/0/credits", "7.5", "\"15/2\""},
      {R"({"items": [{"id": "a", "credits": "30 ECTS!"}]})", "/items/0/credits", "30 ECTS!", "\"30 ects\""},
      {R"({"items": [{"id": "a", "credits": {"min": 3, "max": 2}}]})", "/items/0/credits", "min 3 above max 2", "min not above max"},
      {R"({"items": [{"id": "a", "credits": {"min": 3}}]})", "/items/0/credits/max", "nothing", "a whole number"},
      {R"({"items": [{"id": "a", "credits": 99999999999999}]})", "/items/0/credits", "too large", "numbers up to"},
      {R"({"items": [{"id": "a", "hours": "1e3"}]})", "/items/0/hours", "\"1e3\"", "a whole number"},
      {R"({"items": [{"id": ""}]})", "/items/0/id", "\"\"", "a text"},
      {R"({"items": [{"credits": 3}]})", "/items/0/id", "nothing", "a text"},
      {R"({"items": [{"id": "a", "level": "5"}]})", "/items/0/level", "\"5\"", "its framework"},
      {R"({"items": [{"id": "a", "level": ["eqf:5", "eqf:6"]}]})", "/items/0/level/1", "\"eqf:6\" beside \"eqf:5\"", "one level of a framework"},
      {R"({"items": [{"id": "a", "origin": "online"}]})", "/items/0/origin", "\"online\"", "one of \"taught\""},
      {R"({"items": [{"id": "a", "tags": "x"}]})", "/items/0/tags", "\"x\"", "a list of texts"},
      {R"({"items": [{"id": "a", "date": "2023-02-30"}]})", "/items/0/date", "\"2023-02-30\"", "a day such as"},
      {R"({"items": [{"id": "a", "count": 0}]})", "/items/0/count", "0", "from 1"},
      {R"({"items": [{"id": "a", "status": "done"}]})", "/items/0/status", "\"done\"", "one of \"passed\""},
      {R"({"items": [{"id": "a", "credit": 3}]})", "/items/0/credit", "unknown field", "\"credits\""},
      {R"({"items": [{"id": "a", "assessed": "yes"}]})", "/items/0/assessed", "\"yes\"", "true, false or null"},
      {R"({"items": [3]})", "/items/0", "3", "an item"},
      {R"({"items": {}})", "/items", "an object", "a list of items"},
      {R"({"items": [], "as_of": "2026"})", "/as_of", "\"2026\"", "a day such as"},
      {R"({"items": [], "requirements": {"a": "yes"}})", "/requirements/a", "\"yes\"", "a whole number"},
      {R"({"items": [], "parameters": {"a": []}})", "/parameters/a", "a list of 0", "a number, a text"},
      {R"({"items": [], "dates": {"start": "2026-01-01"}})", "/dates/start", "unknown field", "field of the language"},
      {R"({"items": [], "decisions": [{"apply": "waivers/a"}]})", "/decisions/0/by", "nothing", "a text"},
      {R"({"items": [], "awards": [{"id": "a", "level": "six"}]})", "/awards/0/level", "\"six\"", "its framework"},
  }));
  CAPTURE(parts);
  json record = {{"language", 1}};
  record.update(json::parse(parts));
  const Faults faults = faults_of([&] { return read_record(record.dump(), "mine.json"); });
  CAPTURE(told(faults));
  REQUIRE(faults.size() == 1);
  CHECK(faults[0].file == "mine.json");
  CHECK(faults[0].pointer == pointer);
  CHECK_THAT(faults[0].found, ContainsSubstring(found));
  CHECK_THAT(faults[0].expected, ContainsSubstring(expected));
}

TEST_CASE("a record of a hundred thousand items is read, and a hostile one refused within bounds") {
  json record = {{"language", 1}, {"items", json::array()}};
  for (int i = 0; i < 100'000; ++i) {
    record["items"].push_back({{"id", "i" + std::to_string(i)}, {"credits", 5}, {"level", "eqf:6"}, {"origin", "micro"}, {"tags", {"core", "a"}}});
  }
  CHECK(read_record(record.dump()).items.size() == 100'000);
  for (auto& item : record["items"]) item["id"] = "same";
  CHECK(faults_of([&] { return read_record(record.dump()); }).size() == 1'000);
}

// ---------------------------------------------------------------- catalogues

TEST_CASE("a catalogue is read") {
  const Catalogue catalogue = read_catalogue(R"({
    "language": 1, "catalogue": "c", "title": null, "as_of": "2026-03-01", "credit": "nz-credit", "currency": "NZD", "offers": [
      {"id": "mc-7", "kind": "micro-credential", "credits": 10, "level": "nz-nzqcf:6", "origin": "micro", "tags": ["elective"], "cost": 45000,
       "months": "5/2", "providers": ["p1"], "requires": {"all": [{"holds": {"unit": "mc-1"}}, {"parameter": "new", "is": true}]},
       "corequires": {"holds": {"unit": ["a", "b"]}}, "available": [{"from": "2026-07-01"}, {"from": "2027-01-01", "until": "2027-06-30", "periods": ["S1"]}],
       "max_takes": 2, "relation": ["component"], "standalone": true, "source": {"title": "Prospectus", "evidence": "read"}},
      {"id": "x", "cost": null, "available": null}]})");
  CHECK(catalogue.currency == "NZD");
  REQUIRE(catalogue.offers.size() == 2);
  const Offer& offer = catalogue.offers[0];
  CHECK(offer.unit == "mc-7");
  CHECK(offer.cost == 45'000);
  CHECK(offer.months == Rational(5, 2));
  CHECK(offer.requires_before->parts.size() == 2);
  CHECK(offer.corequires->selector.words.size() == 2);
  CHECK(offer.available->at(1).until == parse_date("2027-06-30"));
  CHECK_FALSE(offer.available->at(0).until);
  CHECK(offer.max_takes == 2);
  CHECK(offer.source->evidence == Evidence::read);
  CHECK_FALSE(catalogue.offers[1].cost);
  CHECK_FALSE(catalogue.offers[1].available);
  CHECK(read_catalogue(R"({"language": 1, "offers": []})").offers.empty());
}

TEST_CASE("what a catalogue may not say is refused at its place") {
  const auto [offer, pointer, found, expected] = GENERATE(values<Refused>({
      {R"({"id": "a", "cost": -1})", "/offers/1/cost", "-1", "not below zero"},
      {R"({"id": "a", "cost": 9.5})", "/offers/1/cost", "9.5", "an exact number"},
      {R"({"id": "a", "cost": "19/2"})", "/offers/1/cost", "\"19/2\"", "minor units"},
      {R"({"id": "a", "kind": "curse"})", "/offers/1/kind", "\"curse\"", "Did you mean \"course\"?"},
      {R"({"id": "a", "grade": "B"})", "/offers/1/grade", "unknown field", "field of the language"},
      {R"({"id": "a", "require": {}})", "/offers/1/require", "unknown field", "\"requires\""},
      {R"({"id": "a", "requires": {}})", "/offers/1/requires", "an object", "a condition"},
      {R"({"id": "a", "available": [{"from": "2026-07-01", "until": "2026-06-01"}]})", "/offers/1/available/0", "before from", "until not before from"},
      {R"({"id": "a", "available": [{"until": "2026-06-01"}]})", "/offers/1/available/0/from", "nothing", "a day such as"},
      {R"({"id": "a", "max_takes": 0})", "/offers/1/max_takes", "0", "from 1"},
      {R"({"id": "a", "relation": ["part"]})", "/offers/1/relation/0", "\"part\"", "\"component\""},
      {R"({"id": "a", "standalone": "yes"})", "/offers/1/standalone", "\"yes\"", "true, false or null"},
      {R"({"id": "first"})", "/offers/1/id", "\"first\" a second time (first at /offers/0)", "each id once"},
      {R"({"id": "a", "credits": {"min": 2, "max": 1}})", "/offers/1/credits", "min 2 above max 1", "min not above max"},
  }));
  CAPTURE(offer);
  const std::string text = R"({"language": 1, "offers": [{"id": "first"}, )" + std::string(offer) + "]}";
  const Faults faults = faults_of([&] { return read_catalogue(text); });
  CAPTURE(told(faults));
  REQUIRE(faults.size() == 1);
  CHECK(faults[0].pointer == pointer);
  CHECK_THAT(faults[0].found, ContainsSubstring(found));
  CHECK_THAT(faults[0].expected, ContainsSubstring(expected));
}

TEST_CASE("a catalogue of a hundred thousand offers is read") {
  json catalogue = {{"language", 1}, {"offers", json::array()}};
  for (int i = 0; i < 100'000; ++i) {
    const std::string id = "o" + std::to_string(i);
    catalogue["offers"].push_back({{"id", id}, {"credits", 5}, {"level", "eqf:6"}, {"origin", "micro"}, {"tags", {"core", "a"}}, {"cost", i}});
    if (i % 3 == 0) catalogue["offers"].back()["requires"] = {{"holds", {{"unit", id + "x"}}}};
  }
  const std::string text = catalogue.dump();
  const Catalogue read = read_catalogue(text);
  CHECK(read.offers.size() == 100'000);
  CHECK(read.offers[99'999].requires_before != nullptr);
}

// ---------------------------------------------------------------- remarks on rules

namespace {

struct Remark {
  const char* rule;
  const char* path;
  RuleFindingKind kind;
  const char* message;
};

/// Findings of a rule that rests on one source, so that silence about sources is no finding.
std::vector<RuleFinding> remarks_on(const std::string& parts, const World* world = nullptr) {
  json rule = json::parse(parts);
  if (!rule.contains("sources")) rule["sources"] = json::parse(R"([{"title": "T", "evidence": "read"}])");
  return lint_rule(Rule::parse(rule_with(rule.dump())), world);
}

std::string told(const std::vector<RuleFinding>& findings) {
  std::string text;
  for (const RuleFinding& finding : findings) {
    text += finding.path + " | " + to_string(finding.kind) + " | " + finding.message + " | " + finding.suggestion + "\n";
  }
  return text;
}

}  // namespace

TEST_CASE("what a rule can hardly mean is remarked") {
  using Kind = RuleFindingKind;
  const auto [rule, path, kind, message] = GENERATE(values<Remark>({
      {R"({"total": {"min": 120, "max": 140}, "places": {"a": {"min": 80}, "b": {"min": 61}}})", "total", Kind::unsatisfiable, "places need 141 credits together"},
      {R"({"total": {"min": 120}, "places": {"a": {"max": 60}, "b": {"exact": 59}}})", "total", Kind::unsatisfiable, "at most 119 credits together, and 120"},
      {R"({"places": {"g": {"max": 20}, "a": {"inside": "g", "min": 15}, "b": {"inside": "g", "min": 6}}})", "places/g", Kind::unsatisfiable, "need 21 credits"},
      {R"({"places": {"g": {"min": 20}, "a": {"inside": "g", "max": 15}, "b": {"inside": "g", "max": 4}}})", "places/g", Kind::unsatisfiable, "at most 19 credits"},
      {R"({"places": {"g": {"max": 20, "use": "shared"}, "a": {"inside": "g", "min": 15}, "b": {"inside": "g", "min": 21}}})", "places/g", Kind::unsatisfiable, "need 21 credits"},
      {R"({"places": {"g": {"max": 20, "choose": 2}, "a": {"inside": "g", "min": 5}, "b": {"inside": "g", "min": 16}, "c": {"inside": "g", "min": 17}}})", "places/g", Kind::unsatisfiable, "need 21 credits"},
      {R"({"places": {"g": {"measure": "units", "max": 2}, "a": {"inside": "g", "measure": "units", "min": 3}}})", "places/g", Kind::unsatisfiable, "3 units together"},
      {R"({"total": {"min": 60, "max": 90}, "floors": {"f": {"min": 91, "from": {"origin": "rpl"}}}})", "floors/f", Kind::unsatisfiable, "asks for 91 credits"},
      {R"({"places": {"a": {"max": 10}}, "floors": {"f": {"min": 11, "in": "a"}}})", "floors/f", Kind::unsatisfiable, "in places that take at most 10"},
      {R"({"total": {"min": 120}, "floors": {"f": {"min": 70, "from": {"origin": "rpl"}}}, "caps": {"c": {"max_share": "1/2", "from": {"origin": "rpl"}}}})", "floors/f", Kind::unsatisfiable, "caps/c limits to 60"},
      {R"({"places": {"g": {"max": 20, "choose": 1}, "a": {"inside": "g", "min": 5}, "b": {"inside": "g", "min": 21}}})", "places/b", Kind::dead_branch, "needs 21 credits, and places/g"},
      {R"({"places": {"g": {"choose": 2}, "a": {"inside": "g"}, "b": {"inside": "g"}}})", "places/g", Kind::dead_branch, "the choice is none"},
      {R"({"places": {"g": {"choose": {"max": 0}}, "a": {"inside": "g"}, "b": {"inside": "g"}}})", "places/g", Kind::dead_branch, "none of the places"},
      {R"({"places": {"g": {"choose": 1}, "a": {"inside": "g", "from": {"tag": ["x", "y"]}, "min": 5}, "b": {"inside": "g", "from": {"tag": ["y", "x"]}, "min": 5}}})", "places/b", Kind::dead_branch, "the same as places/a"},
      {R"({"scales": {"s": {"order": ["1", "2", "3"]}}, "caps": {"c": {"max": 1, "from": {"level": {"at_least": "s:3", "at_most": "s:2"}}}}})", "caps/c", Kind::vacuous, "s:3 or above, and s:2 or below"},
      {R"({"scales": {"g": {"order": ["C", "B"]}}, "caps": {"c": {"max": 1, "from": {"grade": {"at_least": "B", "at_most": "C", "scale": "g"}}}}})", "caps/c", Kind::vacuous, "B or above, and C or below"},
      {R"({"caps": {"c": {"max": 1, "from": {"all": [{"unit": "A"}, {"unit": ["B", "C"]}]}}}})", "caps/c", Kind::vacuous, "an item has one unit"},
      {R"({"caps": {"c": {"max": 1, "from": {"tag": "x", "not": {"tag": "x"}}}}})", "caps/c", Kind::vacuous, "a test and its opposite"},
      {R"({"caps": {"c": {"max": 1, "from": {"not": "everything"}}}})", "caps/c", Kind::vacuous, "nothing is left"},
      {R"({"caps": {"c": {"max": 1, "from": {"all": [{"credits": {"at_least": 10}}, {"credits": {"at_most": 5}}]}}}})", "caps/c", Kind::vacuous, "at least 10, and at most 5"},
      {R"({"caps": {"c": {"max": 1, "from": {"date": {"from": "2020-01-02", "until": "2020-01-01"}}}}})", "caps/c", Kind::vacuous, "from 2020-01-02"},
      {R"({"caps": {"c": {"max": 1, "from": {"age": {"at_least": "8 years", "at_most": "7 years"}}}}})", "caps/c", Kind::vacuous, "older than"},
      {R"({"caps": {"c": {"max": 1, "from": {"any": [{"tag": "y"}, {"assessed": true, "not": {"assessed": true}}]}}}})", "caps/c", Kind::vacuous, "a part of from"},
      {R"({"places": {"g": {"from": {"unit": "A"}}, "a": {"inside": "g", "from": {"unit": "B"}}}})", "places/a", Kind::vacuous, "the places around it"},
      {R"({"eligibility": {"e": {"require": {"all": [{"assessed": true}, {"assessed": false}]}}}})", "eligibility/e", Kind::vacuous, "require selects nothing"},
      {R"({"total": {"min": 60, "max": 90}, "caps": {"c": {"max": 90, "from": {"origin": "rpl"}}}})", "caps/c", Kind::never_binding, "limit of 90 credits"},
      {R"({"floors": {"f": {"min": 0, "from": {"origin": "rpl"}}}})", "floors/f", Kind::never_binding, "always reached"},
      {R"({"places": {"a": {"all": true, "from": {"tag": "core"}}}})", "places/a", Kind::partial_list, "a list that is not there"},
      {R"({"places": {"a": {"all": true, "min": 60}}})", "places/a", Kind::partial_list, "the amount stands in"},
      {R"({"floors": {"a": {"all": true}}, "units": [{"unit": "A"}], "units_partial": true})", "floors/a", Kind::partial_list, "not complete"},
      {R"({"caps": {"c": {"max_share": "1/2", "from": {"origin": "rpl"}}}})", "caps/c", Kind::unknown_base, "does not state"},
      {R"({"total": {"min": 60}, "caps": {"c": {"max_share": "1/2", "base": "component", "from": {"origin": "rpl"}}}})", "caps/c", Kind::unknown_base, "without saying which"},
      {R"({"total": {"min": 100}, "caps": {"c": {"max_share": "1/3", "from": {"origin": "rpl"}}}})", "caps/c", Kind::unstated_rounding, "1/3 of 100 is 100/3 credits, no multiple of 1"},
      {R"({"total": {"min": 120}, "units": [{"unit": "A", "credits": 15}, {"unit": "B", "credits": 15}, {"unit": "C", "credits": 20}], "caps": {"c": {"max_share": "1/3", "from": {"origin": "rpl"}}}})", "caps/c",
       Kind::unstated_rounding, "is 40 credits, no multiple of 15"},
      {R"({"floors": {"f": {"min": 1, "when": {"any": [{"holds": {"tag": "x"}}, {"award": "y"}]}}}})", "floors/f", Kind::not_monotone, "whether the clause is in force"},
      {R"({"caps": {"c": {"max": {"table": [{"when": {"holds": "everything"}, "value": 1}]}, "from": {"origin": "rpl"}}}})", "caps/c", Kind::not_monotone, "amount depends"},
      {R"({"caps": {"c": {"max": 1, "effect": "invalid", "from": {"origin": "rpl"}}}})", "caps/c", Kind::not_monotone, "surplus breaks"},
      {R"({"averages": {"a": {"min": 2, "over": "record"}}})", "averages/a", Kind::not_monotone, "all that is presented"},
      {R"({"prerequisites": {"p": {"for": {"unit": "A"}, "needs": {"not": {"holds": {"unit": "B"}}}}}})", "prerequisites/p", Kind::not_monotone, "must not be held"},
      {R"({"total": {"min": 60}, "readings": {"other": {"changes": [{"path": "total/min", "to": 50}]}}})", "readings/other", Kind::readings, "otherwise at total/min"},
      {R"({"reuse": {"spends": true}})", "reuse/spends", Kind::no_exit, "no exit award"},
      {R"({"sources": []})", "", Kind::no_source, "no source at all"},
      {R"({"sources": [{"title": "S", "evidence": "read"}, {"title": "T", "evidence": "read"}], "total": {"min": 1}, "floors": {"a": {"min": 1, "from": {"origin": "rpl"}, "source": {"document": "S"}}}})", "", Kind::no_source,
       "1 clause does not say which of the 2 sources it rests on: total"},
      {R"({"floors": {"own": {"min": 1, "from": {"not": {"provider": "other"}}}}})", "floors/own", Kind::unnamed_provider, "the rule names none"},
      {R"({"total": {"min": 100}, "caps": {"c": {"max": 120}}})", "caps/c", Kind::no_selector, "limits all that counts"},
      {R"({"floors": {"f": {"min": 20}}})", "floors/f", Kind::no_selector, "asks for this much of all that counts"},
      {R"({"total": {"min": 60}, "places": {"a": {"from": {"origin": "rpl"}}, "b": {"from": {"origin": "vet"}}},
           "caps": {"r": {"max": 20, "from": {"origin": "rpl"}}, "v": {"max": 30, "from": {"origin": ["vet", "micro"]}}}})",
       "total", Kind::unsatisfiable, "total/min (at least 60 credits), caps/r/max (at most 20 credits) and caps/v/max (at most 30 credits)"},
      // in an alternative the path is that of the alternative
      {R"({"variants": {"v": {"places": {"a": {"all": true}}}}})", "variants/v/places/a", Kind::partial_list, "not there"},
      {R"({"total": {"min": 50, "max": 60}, "exits": {"e": {"award": "E", "total": {"min": 20}, "caps": {"c": {"max_share": "1/3", "from": {"origin": "rpl"}}}}}})", "exits/e/caps/c", Kind::unstated_rounding, "20/3"},
  }));
  CAPTURE(rule);
  const auto findings = remarks_on(rule);
  CAPTURE(told(findings));
  REQUIRE(findings.size() == 1);
  CHECK(findings[0].path == path);
  CHECK(findings[0].kind == kind);
  CHECK_THAT(findings[0].message, ContainsSubstring(message));
  CHECK_FALSE(findings[0].suggestion.empty());
}

TEST_CASE("what a rule may well mean is not remarked") {
  const std::string rule = GENERATE(values<std::string>({
      R"({"total": {"min": 120, "max": 141}, "places": {"a": {"min": 80}, "b": {"min": 61}}})",
      R"({"total": {"min": 120, "max": 140}, "places": {"a": {"min": 80}, "b": {"min": 61, "when": {"parameter": "target", "is": 3}}}})",
      R"({"total": {"min": 120, "max": 140}, "allocation": {"use": "shared"}, "places": {"a": {"min": 80}, "b": {"min": 61}}})",
      R"({"total": {"min": 120, "max": 140}, "allocation": {"overlap": {"o": {"between": ["a", "b"], "max": 1}}}, "places": {"a": {"min": 80}, "b": {"min": 61}}})",
      R"({"total": {"min": 120}, "places": {"a": {"max": 60}, "b": {"exact": 59}, "rest": {"from": "everything"}}})",
      R"({"total": {"min": 120}, "places": {"a": {"max": 60, "for_each": "tag:s"}}})",
      R"({"places": {"g": {"min": 20, "from": {"tag": "g"}}, "a": {"inside": "g", "max": 15}}})",
      R"({"places": {"g": {"max": 20}, "a": {"inside": "g", "measure": "units", "min": 25}}})",
      R"({"places": {"g": {"max": 20, "choose": 1}, "a": {"inside": "g", "min": 15}, "b": {"inside": "g", "min": 16}}})",
      R"({"scales": {"s": {"order": ["1", "2"]}}, "caps": {"c": {"max": 1, "from": {"level": {"at_least": "s:2", "at_most": "s:2"}}}}})",
      R"({"caps": {"c": {"max": 1, "from": {"all": [{"tag": "x"}, {"tag": "y"}]}}}})",
      R"({"caps": {"c": {"max": 1, "from": {"level": {"at_least": "eqf:6", "at_most": "eqf:5"}}}}})",
      R"({"awarding": "p", "floors": {"own": {"min": 1, "from": {"provider": "awarding"}}}})",
      R"({"kind": "policy", "caps": {"c": {"max_share": "1/3", "from": {"origin": "rpl"}}}})",
      R"({"total": {"min": 100}, "caps": {"c": {"max_share": "1/3", "rounding": "down", "from": {"origin": "rpl"}}}})",
      R"({"total": {"max": 10, "when": {"award": "x"}}, "places": {"a": {"min": 40}}})",
      R"({"places": {"a": {"all": true, "from": {"unit": ["A", "B"]}}}})",
      R"({"reuse": {"spends": true}, "exits": {"e": {"award": "E"}}})",
      R"({"averages": {"a": {"min": 2}}, "prerequisites": {"p": {"for": {"unit": "A"}, "needs": {"holds": {"unit": "B"}}}}})",
  }));
  CAPTURE(rule);
  const auto findings = remarks_on(rule);
  CAPTURE(told(findings));
  CHECK(findings.empty());
}

TEST_CASE("levels of frameworks are compared by the world's facts") {
  const World world = load_folder(QUALGRAPH_DATA_DIR);
  const auto findings = remarks_on(R"({"caps": {"c": {"max": 1, "from": {"level": {"at_least": "eqf:6"}, "not": {"tag": "x"}, "all": [{"level": {"at_most": "eqf:5"}}]}}}})", &world);
  CAPTURE(told(findings));
  REQUIRE(findings.size() == 1);
  CHECK(findings[0].kind == RuleFindingKind::vacuous);
}

TEST_CASE("the remarks on the bundled rules are those that were looked at") {
  constexpr const char* kLookedAt = R"(
au-bsb40520 readings/five-and-seven: readings
au-chc33015 places/core: partial list
au-chc33021 readings/no-import: readings
au-chc43015 places/core: partial list
fr-rncp-blocs places/blocs: partial list
gb-btec-int-compensation places/mandatory: partial list
gb-coventry-awards readings/overlays: readings
gb-diploma-asl readings/level-2-from-120: readings
gb-eng-l3-adult-care-bridgwater places/a: partial list
gb-eng-l3-adult-care-excelsior places/mandatory: partial list
gb-eng-l3-adult-care-millennium places/a: partial list
gb-eng-l3-adult-care-welfare places/mandatory: partial list
hk-hkuspace-stack readings/exact-three-quarters: readings
hk-hkuspace-stack reuse/spends: no exit
ie-qqi-cas places/compulsory: partial list
in-abc-2021 reuse/spends: no exit
in-swayam-40 readings/per-semester: readings
it-dm931-pegaso reuse/spends: no exit
kr-acbs readings/two-floors-only: readings
kr-acbs variants/associate-2/floors/university-residency: unnamed provider
kr-acbs variants/associate-3/floors/university-residency: unnamed provider
kr-acbs variants/bachelor/floors/university-residency: unnamed provider
mv-certificate-iv readings/or-above: readings
mv-diploma readings/or-above: readings
pt-dl74-creditacao caps/c7-c8-experience: not monotone
sg-nus-iss-practice places/modular-courses: partial list
us-arizona-grad-cert floors/graded: unstated rounding
us-iit-certificates caps/accelerated: unstated rounding
us-mtaloy-last30 floors/last-30: unnamed provider
us-ncsu-grad-cert floors/residency: unnamed provider
us-richmond-type-gpa averages/all: not monotone
us-richmond-type-gpa averages/major: not monotone
us-richmond-type-gpa floors/last-units: unnamed provider
us-stkate-residency floors/major-residency: unnamed provider
us-stolaf-biology readings/cap-over-all: readings
us-utexas-residence floors/in-residence: unnamed provider
za-bas-nqf2 places/core: partial list
za-bas-nqf2 places/fundamental: partial list
za-bas-nqf2 readings/share-of-120: readings
za-occupational-certificate places/knowledge: partial list
za-occupational-certificate places/practical: partial list
za-occupational-certificate places/workplace: partial list
)";
  const World world = load_folder(QUALGRAPH_DATA_DIR);
  std::string found = "\n";
  int silent = 0;
  for (const std::string& id : rule_ids(world)) {
    for (const RuleFinding& finding : lint_rule(*find_rule(world, id), &world)) {
      CHECK_FALSE(finding.suggestion.empty());
      if (finding.kind == RuleFindingKind::no_source) {
        ++silent;
      } else {
        found += id + " " + finding.path + ": " + to_string(finding.kind) + "\n";
      }
    }
  }
  CHECK(found == kLookedAt);
  CHECK(silent == 29);
}
