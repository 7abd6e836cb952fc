// Files of facts become a world, or a list of everything that is wrong with them; never half of one.

#include "sketch.hpp"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <map>
#include <random>
#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators_all.hpp>
#include <catch2/matchers/catch_matchers_all.hpp>
#include <nlohmann/json.hpp>

#include "qualgraph/facts/load.hpp"
#include "qualgraph/mapping/map_level.hpp"
#include "qualgraph/model/error.hpp"

using namespace qualgraph;
using namespace qualgraph::literals;
using namespace qualgraph::test;
using Catch::Matchers::ContainsSubstring;
using nlohmann::json;

namespace Catch {
template <>
struct StringMaker<Fault> {
  static std::string convert(const Fault& fault) {
    return "\n  {\"" + fault.file + "\", \"" + fault.pointer + "\", found " + fault.found + ", expected " + fault.expected + "}";
  }
};
}  // namespace Catch

namespace {

using Files = std::vector<FactFile>;
using Faults = std::vector<Fault>;

/// A small sound world, one file of every kind.
const Files& sound() {
  static const Files files = {
      {"credit_systems/cs.json", R"({
        "id": "cs", "name": "Credits", "hours_per_credit": {"min": 25, "max": 30}, "credits_per_year": 60,
        "official_ratios": [{"to": "other", "ratio": "1/2"}], "evidence": "read", "sources": [{"title": "T", "evidence": "read"}]})"},
      {"credit_systems/other.json", R"({"id": "other", "name": "Other credits", "hours_per_credit": 10, "evidence": "known"})"},
      {"frameworks/A.json", R"({
        "id": "A", "name": "Framework A", "kind": "national", "since": 2010, "credit_system": "cs",
        "levels": [{"code": "1", "rank": 1}, {"code": "2", "rank": 2}, {"code": "3", "rank": 3}],
        "qualification_types": [{"name": "Diploma", "level": "2", "credits": {"min": 60, "max": 120, "system": "cs"}}],
        "sources": [{"title": "T", "year": 2010, "evidence": "read"}]})"},
      {"frameworks/H.json", R"({
        "id": "H", "name": "Framework H", "kind": "regional", "hub": true,
        "levels": [{"code": "1", "rank": 1}, {"code": "2", "rank": 2}]})"},
      {"mappings/m.json", R"({
        "document_id": "paper", "document": "Paper", "mappings": [{
          "id": "A>H@2010", "document_id": "paper", "document": "Paper", "from": "A", "to": "H", "kind": "referencing",
          "year": 2010, "status": "current", "strength": "adopted", "pairs": [["1", "1"], ["2", "2"]],
          "pairs_evidence": "read", "pairs_complete": true, "unmatched": [{"level": "3", "reason": "none such"}],
          "sources": [{"title": "T", "evidence": "read"}]}]})"},
      {"policies/rpl/p.json", R"({"id": "p", "caps": [], "sources": []})"},
      {"pending.json", R"({"pending": [{"from": "A", "to": "H", "kind": "comparison", "year": null}]})"},
  };
  return files;
}

/// The sound world with one value put in the place of another.
Files with(const std::string& path, const std::string& pointer, const std::string& value) {
  Files files = sound();
  const auto file = std::ranges::find(files, path, &FactFile::path);
  REQUIRE(file != files.end());
  json fact = json::parse(file->text);
  fact[json::json_pointer(pointer)] = json::parse(value);
  file->text = fact.dump();
  return files;
}

Files text(const std::string& path, std::string content) {
  Files files = sound();
  files.push_back({path, std::move(content)});
  return files;
}

/// What is wrong, or nothing where all is sound.
Faults faults(const Files& files, const World* base = nullptr, bool replace = false, const LoadLimits& limits = {}) {
  try {
    static_cast<void>(load_facts(files, base, {}, replace, limits));
  } catch (const FactError& error) {
    return error.faults();
  }
  return {};
}

Fault only(const Faults& all) {
  REQUIRE(all.size() == 1);
  return all.front();
}

bool is_utf8(const std::string& text) {
  try {
    static_cast<void>(json(text).dump());
    return true;
  } catch (const json::exception&) {
    return false;
  }
}

}  // namespace

TEST_CASE("the sound world loads, every kind of fact in its place") {
  const World world = load_facts(sound());
  CHECK(world.frameworks().size() == 2);
  CHECK(world.mappings().size() == 1);
  CHECK(world.credit_systems().size() == 2);
  CHECK(world.records().size() == 2);
  CHECK(table(world, "A", "H") == "1:1 2:2 3:none");
  const Framework& a = world.framework("A"_fw);
  CHECK(a.kind == "national");
  CHECK(a.since == 2010);
  CHECK_FALSE(a.hub);
  CHECK(world.framework("H"_fw).hub);
  CHECK(a.qualification_types.front().credits->min == Rational(60));
  CHECK(a.sources.front().evidence == Evidence::read);
  const CreditSystem& system = world.credit_system("cs"_credit);
  CHECK(system.hours_per_credit == Range{25, 30});
  CHECK(system.credits_per_year == Rational(60));
  CHECK(system.official_ratios.front().ratio == Range{Rational(1, 2), Rational(1, 2)});
  CHECK(world.agreed_ratios().size() == 1);
  CHECK(world.credit_system("other"_credit).hours_per_credit == Range{10, 10});
  const Mapping& mapping = world.mapping(MappingId{"A>H@2010"});
  CHECK(mapping.document == "paper"_doc);
  CHECK(mapping.title == "Paper");
  CHECK(mapping.unmatched.front().text == "none such");
  CHECK(json::parse(mapping.json) == json::parse(sound()[4].text).at("mappings").at(0));  // kept whole
}

// ---- One wrong value ---------------------------------------------------------------------------------

TEST_CASE("every wrong value is named by file and place, with what was found and what was expected") {
  struct Wrong {
    const char* file;
    const char* pointer;   ///< where the sound value is replaced
    const char* value;
    Faults expected;
  };
  const char* kCs = "credit_systems/cs.json";
  const char* kA = "frameworks/A.json";
  const char* kM = "mappings/m.json";
  const char* kText = "a text between quotes";
  const char* kNumber = "a whole number or a fraction such as \"5/2\"";
  const char* kExact = "an exact number: a whole number or a fraction such as \"5/2\"";
  const char* kField = "a field of the schema, or one of your own beginning with \"x-\".";
  const char* kCredit = "the id of a credit system that is loaded";
  const char* kLoaded = "the id of a framework that is loaded";
  const char* kYear = "a year between 1900 and 2100, or null where none is known";
  const char* kCover = "false, or the level in pairs, partial or unmatched";
  const auto gap = [&](const std::string& level) {
    return Fault{kM, "/mappings/0/pairs_complete", "true, but level " + level + " of A stands nowhere", kCover};
  };
  const std::vector<Wrong> cases = {
      // Frameworks.
      {kA, "/name", "null", {{kA, "/name", "nothing", kText}}},
      {kA, "/kind", R"("country")", {{kA, "/kind", R"("country")", R"(one of "national" "regional" "sectoral")"}}},
      {kA, "/since", R"("2010")", {{kA, "/since", R"("2010")", "a whole number, or null"}}},
      {kA, "/since", "3000", {{kA, "/since", "3000", kYear}}},
      {kA, "/hub", "1", {{kA, "/hub", "1", "true, false or null"}}},
      {kA, "/levels/1/rank", "1", {{kA, "/levels/1/rank", "1, the rank of level 1", "each rank once"}}},
      {kA, "/levels/1/rank", "null", {{kA, "/levels/1/rank", "nothing", "a whole number that rises from the bottom"}}},
      {kA, "/levels/1/rank", "1.5", {{kA, "/levels/1/rank", "1.5", "a whole number, or null"}}},
      {kA, "/levels/1/rank", "-5000000", {{kA, "/levels/1/rank", "-5000000", "a rank between -1000000 and 1000000"}}},
      {kA, "/levels/1/rank", "18446744073709551615", {{kA, "/levels/1/rank", "18446744073709551615", "a whole number, or null"}}},
      {kA, "/levels/1/parent", R"("9")", {{kA, "/levels", "the parent \"9\" of level 2", "a level code of this framework"}}},
      {kA, "/levels/1/parent", R"("2")", {{kA, "/levels", "the parent \"2\" of level 2, itself a sub-level", "one layer of sub-levels"}}},
      {kA, "/levels/1/rnk", "5", {{kA, "/levels/1/rnk", "an unknown field \"rnk\"", std::string(kField) + " Did you mean \"rank\"?"}}},
      {kA, "/autority", R"("X")", {{kA, "/autority", "an unknown field \"autority\"", std::string(kField) + " Did you mean \"authority\"?"}}},
      {kA, "/a~1b~0c", "1", {{kA, "/a~1b~0c", "an unknown field \"a/b~c\"", kField}}},
      {kA, "/qualification_types/0", R"("Diploma")", {{kA, "/qualification_types/0", R"("Diploma")", "a qualification type: an object with a name"}}},
      {kA, "/qualification_types/0/level", R"("9")", {{kA, "/qualification_types/0/level", R"("9")", "a level code of A"}}},
      {kA, "/qualification_types/0/level_range", R"(["1", "9"])", {{kA, "/qualification_types/0/level_range/1", R"("9")", "a level code of A"}}},
      {kA, "/qualification_types/0/level_max", R"("9")", {{kA, "/qualification_types/0/level_max", R"("9")", "a level code of A"}}},
      {kA, "/qualification_types/0/credits", "60", {{kA, "/qualification_types/0/credits", "60", "an object with min, max and system, or null"}}},
      {kA, "/qualification_types/0/credits/min", "60.5", {{kA, "/qualification_types/0/credits/min", "60.5", kExact}}},
      {kA, "/qualification_types/0/credits/min", "-1", {{kA, "/qualification_types/0/credits/min", "-1", "zero or more credits"}}},
      {kA, "/qualification_types/0/credits/min", "200", {{kA, "/qualification_types/0/credits", "a maximum of 120 below the minimum of 200", "min <= max"}}},
      {kA, "/qualification_types/0/credits/system", R"("sc")", {{kA, "/qualification_types/0/credits/system", R"("sc")", kCredit}}},
      {kA, "/credit_system", R"("sc")", {{kA, "/credit_system", R"("sc")", kCredit}}},
      {kA, "/parent", R"("B")", {{kA, "/parent", R"("B")", kLoaded}}},
      {kA, "/parent", "[]", {{kA, "/parent", "a list of 0", "a text between quotes, or null"}}},
      {kA, "/parent", R"("A")", {{kA, "/parent", "a circle back to \"A\"", "a chain that ends"}}},
      {kA, "/superseded_by", R"("B")", {{kA, "/superseded_by", R"("B")", kLoaded}}},
      {kA, "/aliases", "[7]", {{kA, "/aliases/0", "7", kText}}},
      // Sources.
      {kA, "/sources", R"("T")", {{kA, "/sources", R"("T")", "a list"}}},
      {kA, "/sources/0", R"("T")", {{kA, "/sources/0", R"("T")", "a source: an object with title, publisher, year, url and evidence"}}},
      {kA, "/sources/0/title", "null", {{kA, "/sources/0/title", "nothing", kText}}},
      {kA, "/sources/0/evidence", "null", {{kA, "/sources/0/evidence", "nothing", R"("read" (seen in this text) or "known" (general knowledge))"}}},
      {kA, "/sources/0/evidence", R"("sure")", {{kA, "/sources/0/evidence", R"("sure")", R"(one of "read" "known" "mixed" "unknown")"}}},
      {kA, "/sources/0/year", "99999999999", {{kA, "/sources/0/year", "99999999999", kYear}}},
      // Credit systems.
      {kCs, "/hours_per_credit", "0", {{kCs, "/hours_per_credit", "0", "a number above zero"}}},
      {kCs, "/hours_per_credit", "-3", {{kCs, "/hours_per_credit", "-3", "a number above zero"}}},
      {kCs, "/hours_per_credit", "25.5", {{kCs, "/hours_per_credit", "25.5", kExact}}},
      {kCs, "/hours_per_credit/min", "40", {{kCs, "/hours_per_credit", "40 to 30", "numbers above zero with min <= max"}}},
      {kCs, "/hours_per_credit/min", "null", {{kCs, "/hours_per_credit/min", "nothing", kNumber}}},
      {kCs, "/hours_per_credit/max", R"("1/0")", {{kCs, "/hours_per_credit/max", R"("1/0")", kNumber}}},
      {kCs, "/credits_per_year", "0", {{kCs, "/credits_per_year", "0", "a number above zero, or null where none is stated"}}},
      {kCs, "/credits_per_year", R"("sixty")", {{kCs, "/credits_per_year", R"("sixty")", kNumber}}},
      {kCs, "/credits_per_year", "99999999999999999999", {{kCs, "/credits_per_year", "1e+20", kExact}}},
      {kCs, "/contact_only", R"("yes")", {{kCs, "/contact_only", R"("yes")", "true, false or null"}}},
      {kCs, "/alias_of", R"("nothing")", {{kCs, "/alias_of", R"("nothing")", kCredit}}},
      {kCs, "/alias_of", R"("cs")", {{kCs, "/alias_of", "\"cs\", itself a second name", "the id of a credit system that is no alias"}}},
      {kCs, "/official_ratios/0", "7", {{kCs, "/official_ratios/0", "7", "an agreed ratio: an object with to and ratio"}}},
      {kCs, "/official_ratios/0/to", R"("nothing")", {{kCs, "/official_ratios/0/to", R"("nothing")", kCredit}}},
      {kCs, "/official_ratios/0/ratio", R"("0")", {{kCs, "/official_ratios/0/ratio", R"("0")", "a number above zero"}}},
      {kCs, "/official_ratios/0/ratio", "null", {{kCs, "/official_ratios/0/ratio", "nothing", R"(a ratio above zero such as "1/2")"}}},
      // Mapping documents.
      {kM, "/title", "1", {{kM, "/title", "an unknown field \"title\"", kField}}},
      {kM, "/mappings", "7", {{kM, "/mappings", "7", "a list"}}},
      {kM, "/mappings/0", "[]", {{kM, "/mappings/0", "a list of 0", "a mapping: an object with from, to and pairs"}}},
      {kM, "/document", R"("Other")", {{kM, "/mappings/0/document", R"("Paper")", "\"Other\", as at the top of the file"}}},
      {kM, "/mappings/0/document_id", R"("other")", {{kM, "/mappings/0/document_id", R"("other")", "\"paper\", as at the top of the file"}}},
      {kM, "/mappings/0/id", "7", {{kM, "/mappings/0/id", "7", kText}}},
      {kM, "/mappings/0/from", R"("B")", {{kM, "/mappings/0/from", R"("B")", kLoaded}}},
      {kM, "/mappings/0/to", R"("A")", {{kM, "/mappings/0/to", "\"A\", the framework it starts from", "another framework"}}},
      {kM, "/mappings/0/kind", R"("reference")", {{kM, "/mappings/0/kind", R"("reference")", R"(one of "referencing" "alignment" "comparison" "self-certification" "bilateral")"}}},
      {kM, "/mappings/0/kind", "null", {{kM, "/mappings/0/kind", "nothing", R"(one of "referencing" "alignment" "comparison" "self-certification" "bilateral")"}}},
      {kM, "/mappings/0/status", R"("old")", {{kM, "/mappings/0/status", R"("old")", R"(one of "current" "superseded" "draft" "not-endorsed")"}}},
      {kM, "/mappings/0/strength", "2", {{kM, "/mappings/0/strength", "2", R"(one of "third-party" "joint" "adopted")"}}},
      {kM, "/mappings/0/year", R"("2010")", {{kM, "/mappings/0/year", R"("2010")", "a whole number, or null"}}},
      {kM, "/mappings/0/year", "1066", {{kM, "/mappings/0/year", "1066", kYear}}},
      {kM, "/mappings/0/fit", R"("best")", {{kM, "/mappings/0/fit", R"("best")", R"(one of "block")"}}},
      {kM, "/mappings/0/join", R"("no")", {{kM, "/mappings/0/join", R"("no")", "true, false or null"}}},
      {kM, "/mappings/0/valid_from", R"("soon")", {{kM, "/mappings/0/valid_from", R"("soon")", "a day such as \"2019-03-14\" or a year"}}},
      {kM, "/mappings/0/valid_from", R"("2019-02-29")", {{kM, "/mappings/0/valid_from", R"("2019-02-29")", "a day such as \"2019-03-14\" or a year"}}},
      {kM, "/mappings/0/valid_until", "2009", {{kM, "/mappings/0/valid_until", "2009-01-01, before the year of the document, 2010", "a day after the document appeared"}}},
      {kM, "/mappings/0/pairs_evidence", "null", {{kM, "/mappings/0/pairs_evidence", "nothing", R"("read", "known" or "mixed")"}}},
      {kM, "/mappings/0/pairs_evidence", R"("heard")", {{kM, "/mappings/0/pairs_evidence", R"("heard")", R"(one of "read" "known" "mixed" "unknown")"}}},
      {kM, "/mappings/0/pairs_complete", R"("yes")", {{kM, "/mappings/0/pairs_complete", R"("yes")", "true, false or null"}}},
      {kM, "/mappings/0/pairs/0", R"(["1"])", {{kM, "/mappings/0/pairs/0", "a list of 1", "a row [level of A, level of H]"}, gap("1")}},
      {kM, "/mappings/0/pairs/0", R"("1-1")", {{kM, "/mappings/0/pairs/0", R"("1-1")", "a row [level of A, level of H]"}, gap("1")}},
      {kM, "/mappings/0/pairs/0/0", "1", {{kM, "/mappings/0/pairs/0/0", "1", "a level code of A between quotes"}, gap("1")}},
      {kM, "/mappings/0/pairs/0/1", R"("9")", {{kM, "/mappings/0/pairs/0/1", R"("9")", "a level code of H: 1, 2"}, gap("1")}},
      {kM, "/mappings/0/pairs/1", R"(["1", "1"])", {{kM, "/mappings/0/pairs/1", "the same a second time", "each row or level once"}, gap("2")}},
      {kM, "/mappings/0/partial", "[7]", {{kM, "/mappings/0/partial/0", "7", "an object with from, to and note"}}},
      {kM, "/mappings/0/partial", R"([{"from": "1", "to": "9"}])", {{kM, "/mappings/0/partial/0/to", R"("9")", "a level code of H: 1, 2"}}},
      {kM, "/mappings/0/multi", R"([{"from": "1", "to": ["1"], "type": "broad"}])", {{kM, "/mappings/0/multi/0/type", R"("broad")", R"(one of "span" "split" "range")"}}},
      {kM, "/mappings/0/multi", R"([{"from": "1", "to": ["1"], "type": "split", "when": [7]}])", {{kM, "/mappings/0/multi/0/when/0", "7", "an object with to, when and types"}}},
      {kM, "/mappings/0/unmatched/0", R"("3")", {{kM, "/mappings/0/unmatched/0", R"("3")", "an object with level and reason"}, gap("3")}},
      {kM, "/mappings/0/unresolved", R"([{"side": "to", "level": "3"}])", {{kM, "/mappings/0/unresolved/0/level", R"("3")", "a level code of H: 1, 2"}}},
      {kM, "/mappings/0/derived_from", R"(["A>H@2009"])", {{kM, "/mappings/0/derived_from/0", R"("A>H@2009")", "the id of a mapping that is loaded"}}},
      {kM, "/mappings/0/derived_from", "[7]", {{kM, "/mappings/0/derived_from/0", "7", kText}}},
      {kM, "/mappings/0/sources", "[]", {{kM, "/mappings/0/sources", "nothing", "at least one source: title, publisher, year, url, evidence"}}},
      {kM, "/mappings/0/pair", "[]", {{kM, "/mappings/0/pair", "an unknown field \"pair\"", std::string(kField) + " Did you mean \"pairs\", \"pairs_known\" or \"pairs_complete\"?"}}},
      // Contradictions inside a table.
      {kM, "/mappings/0/unmatched", "[]", {gap("3")}},
      {kM, "/mappings/0/unmatched/0/level", R"("1")", {{kM, "/mappings/0/unmatched", "level 1 without counterpart, yet paired with 1", "a level either in pairs or in unmatched"}, gap("3")}},
      {kM, "/mappings/0/unmatched_to", R"([{"level": "1"}])", {{kM, "/mappings/0/unmatched_to", "level 1 without counterpart, yet paired with 1", "a target level either in pairs or in unmatched_to"}}},
      {kM, "/mappings/0/partial", R"([{"from": "3", "to": "2"}])", {{kM, "/mappings/0/unmatched", "level 3 without counterpart, yet in part at 2", "a level either in partial or in unmatched"}}},
      {kM, "/mappings/0/multi", R"([{"from": "1", "to": ["1", "2"], "type": "span"}])", {{kM, "/mappings/0/multi/0/to/1", R"("2")", "a target level that also stands in pairs"}}},
      {kM, "/mappings/0/unresolved", R"([{"side": "from", "level": "1"}])", {{kM, "/mappings/0/pairs_complete", "true, but level 1 of A is unresolved", "false while something is unresolved"}}},
      {kM, "/mappings/0/pairs_known", R"([["1", "1"]])", {{kM, "/mappings/0/pairs_known", "rows marked as only known in a table whose evidence is \"read\"", R"(pairs_known with "pairs_evidence": "mixed")"}}},
      {kM, "/mappings/0/derived_from", R"(["A>H@2010"])", {{kM, "/mappings/0/derived_from", "a circle back to itself", "origins that do not derive from it"}}},
      // Records.
      {"policies/rpl/p.json", "/id", "null", {{"policies/rpl/p.json", "/id", "nothing", kText}}},
      {"pending.json", "/pending/0", "7", {{"pending.json", "/pending/0", "7", "an object"}}},
      {"pending.json", "/pending/0/kind", "null", {{"pending.json", "/pending/0/kind", "nothing", kText}}},
  };
  for (const Wrong& each : cases) {
    INFO(each.file << " " << each.pointer << " = " << each.value);
    CHECK(faults(with(each.file, each.pointer, each.value)) == each.expected);
  }
}

TEST_CASE("a wrong id is named, and so is what hangs on it") {
  for (const auto& [id, found, expected] : {std::tuple{"7", "7", "a text between quotes"}, std::tuple{R"("")", R"("")", "a text between quotes"},
                                            std::tuple{R"("a b")", R"("a b")", "an id without colon, space, > or @"}}) {
    CHECK(faults(with("frameworks/A.json", "/id", id)) ==
          Faults{{"frameworks/A.json", "/id", found, expected}, {"mappings/m.json", "/mappings/0/from", R"("A")", "the id of a framework that is loaded"}});
  }
}

TEST_CASE("levels that are listed wrongly leave the rows of every table in the air") {
  CHECK(faults(with("frameworks/A.json", "/levels/1/code", R"("1")")).front() == Fault{"frameworks/A.json", "/levels/1/code", "\"1\" a second time", "each code once"});
  CHECK(faults(with("frameworks/A.json", "/levels/0", "1")).front() == Fault{"frameworks/A.json", "/levels/0", "1", "a level: an object with code and rank"});
  const Faults none = faults(with("frameworks/A.json", "/levels", "[]"));
  CHECK(std::ranges::find(none, Fault{"mappings/m.json", "/mappings/0/pairs/0/0", R"("1")", "nothing: A has no level list"}) != none.end());
  std::string many = "[";
  for (int i = 1; i <= kMaxLevels + 1; ++i) many += (i > 1 ? "," : "") + (R"({"code": ")" + std::to_string(i) + R"(", "rank": )" + std::to_string(i) + "}");
  CHECK(faults(with("frameworks/A.json", "/levels", many + "]")).front() == Fault{"frameworks/A.json", "/levels", "more than 64 levels", "at most 64"});
  CHECK(faults(with("frameworks/H.json", "/levels", R"([{"code": "1", "rank": 1, "parallel": "x"}, {"code": "2", "rank": 2}, {"code": "3", "rank": 3, "parallel": "x"}])")) ==
        Faults{{"frameworks/H.json", "/levels", "the parallel group \"x\" interrupted by other levels", "the tracks of a group one after another in rank"}});
}

TEST_CASE("one's own fields are kept") {
  const World world = load_facts(with("frameworks/A.json", "/x-note", R"("mine")"));
  CHECK_THAT(world.framework("A"_fw).json, ContainsSubstring(R"("x-note":"mine")"));
}

TEST_CASE("what is found is shown in bearable length and always as text") {
  const std::string e_acute = "\xC3\xA9";
  std::string longer;
  for (int i = 0; i < 500; ++i) longer += e_acute;
  const Fault fault = only(faults(with("frameworks/A.json", "/kind", "\"" + longer + "\"")));
  CHECK(fault.found.size() < 100);
  CHECK(is_utf8(fault.found));
  CHECK_THAT(fault.found, Catch::Matchers::EndsWith("...\""));
}

// ---- Files that are no facts -------------------------------------------------------------------------

TEST_CASE("files that are not JSON are named with the place where reading stopped") {
  for (const auto& [content, found] : std::initializer_list<std::pair<std::string, std::string>>{
           {"", "byte 1: unexpected end of input; nothing is in it"},
           {" \n", "byte 3: unexpected end of input; nothing is in it"},
           {"levels: 8", "invalid literal"},
           {"{\"id\": \"B\"", "unexpected end of input"},
           {"{\"id\": \"B\",}", "unexpected '}'"},
           {"{\"id\": 'B'}", "invalid literal"},
           {"{\"id\": \"B\"} {}", "unexpected '{'"},
           {"{\"n\": 01}", "unexpected number literal"},
           {"{\"n\": NaN}", "invalid literal"},
           {"{\"n\": 1e999}", "number overflow"},
           {"{\"id\": \"B\nC\"}", "control character"},
           {std::string("\0\0", 2), "byte 1: a zero byte"},
           {std::string("{}\0 []", 6), "byte 3: a zero byte"},
       }) {
    INFO(content);
    const Fault fault = only(faults(text("mine.json", content)));
    CHECK(fault.file == "mine.json");
    CHECK(fault.pointer.empty());
    CHECK_THAT(fault.found, Catch::Matchers::StartsWith("text that is not JSON (byte ") && ContainsSubstring(found));
    CHECK(fault.expected == "JSON in UTF-8");
  }
}

TEST_CASE("bytes that are no UTF-8 are refused, in a message that is") {
  for (const std::string& bytes : {std::string("\xFF"), std::string("\xC3"), std::string("\xC0\xAF"), std::string("\xED\xA0\x80"), std::string("\xF5\x80\x80\x80")}) {
    const Fault fault = only(faults(text("mine.json", "{\"id\": \"B" + bytes + "\"}")));
    CHECK_THAT(fault.found, ContainsSubstring("not JSON"));
    CHECK(is_utf8(fault.found));
  }
  // A mark of the byte order at the start is no fault of the user's.
  Files marked = sound();
  for (FactFile& file : marked) file.text = "\xEF\xBB\xBF" + file.text;
  CHECK(faults(marked).empty());
}

TEST_CASE("JSON nested without end is refused where it gets too deep") {
  for (const auto& [open, inner] : {std::pair{"[", ""}, std::pair{"{\"a\":", "1"}}) {
    std::string deep;
    for (int i = 0; i < 100'000; ++i) deep += open;
    const Fault fault = only(faults(text("deep.json", deep + inner)));
    CHECK(fault.file == "deep.json");
    CHECK(fault.found == "values nested more than 64 deep");
    CHECK(fault.expected == "a flatter file");
    CHECK(fault.pointer.size() < 200);
  }
  // The limit itself is allowed: a list in a list of the caller's own.
  LoadLimits flat;
  flat.depth = 4;
  CHECK(only(faults({{"context/x.json", "[[[[[1]]]]]"}}, nullptr, false, flat)).pointer == "/0/0/0");
  CHECK(faults({{"context/x.json", "[[[[1]]]]"}}, nullptr, false, flat).empty());
  CHECK(only(faults({{"context/x.json", R"({"a/b": [0, {"c~d": [[]]}]})"}}, nullptr, false, flat)).pointer == "/a~1b/1/c~0d");
}

TEST_CASE("files, values and faults are counted, and a hostile number of them is refused") {
  LoadLimits limits;
  limits.values = 100;
  std::string numbers = "[0";
  for (int i = 0; i < 200; ++i) numbers += ",0";
  const Fault values = only(faults({{"context/x.json", numbers + "]"}, {"context/y.json", "[]"}}, nullptr, false, limits));
  CHECK(values == Fault{"context/x.json", "", "more JSON values than the limit allows", "fewer facts per load"});

  limits = {};
  limits.file_bytes = 1'000;
  const Fault bytes = only(faults(text("long.json", "\"" + std::string(2'000, 'x') + "\""), nullptr, false, limits));
  CHECK(bytes == Fault{"long.json", "", "a file of 2002 bytes", "at most 1000 bytes"});

  limits = {};
  limits.total_bytes = 1'000;
  const Faults total = faults(sound(), nullptr, false, limits);
  REQUIRE_FALSE(total.empty());
  CHECK(total.front().found == "more than 1000 bytes of facts");

  limits = {};
  limits.files = 3;
  CHECK(only(faults(sound(), nullptr, false, limits)).found == "more than 3 files");

  limits = {};
  limits.faults = 5;
  std::string wrong = "[1";
  for (int i = 0; i < 200; ++i) wrong += ",1";
  CHECK(faults(with("frameworks/A.json", "/levels", wrong + "]"), nullptr, false, limits).size() == 5);

  // Without a limit of one's own a file of 17 million bytes is too long.
  CHECK_THAT(only(faults(text("long.json", "\"" + std::string(17'000'000, 'x') + "\""))).found, ContainsSubstring("a file of 17000002 bytes"));
}

TEST_CASE("hostile lists cost neither time nor memory") {
  std::string wrong = "[";
  for (int i = 0; i < 300'000; ++i) wrong += "{},";
  const auto start = std::chrono::steady_clock::now();
  const Faults found = faults(with("mappings/m.json", "/mappings", wrong + "{}]"));
  CHECK(found.size() == 1'000);
  // A long circle of frameworks that supersede each other.
  Files chain;
  for (int i = 0; i < 3'000; ++i) {
    const std::string id = "F" + std::to_string(i);
    chain.push_back({"frameworks/" + id + ".json", R"({"id": ")" + id + R"(", "name": "N", "kind": "national", "levels": [], "superseded_by": "F)" + std::to_string((i + 1) % 3'000) + "\"}"});
  }
  CHECK(faults(chain).size() == 1'000);
  CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(60));
}

TEST_CASE("a key twice in one object is a fault, wherever it stands") {
  CHECK(only(faults(text("mine.json", R"({"id": "B", "id": "C"})"))) == Fault{"mine.json", "", "the key \"id\" twice in one object", "each key once"});
  CHECK(only(faults(text("mine.json", R"({"levels": [{"code": "1", "code": "2"}]})"))).pointer == "/levels/0");
}

TEST_CASE("a file of no known kind says what would be one") {
  for (const char* content : {"{}", R"({"id": "x"})", R"({"something": 1})"}) {
    const Fault fault = only(faults(text("mine.json", content)));
    CHECK(fault.found == "an object of no known kind");
    CHECK_THAT(fault.expected, ContainsSubstring("a framework (levels)") && ContainsSubstring("a mapping (from, to, pairs)"));
  }
  for (const char* content : {"[]", "7", "\"x\"", "null", "true"}) CHECK(only(faults(text("mine.json", content))).expected == "an object");
}

// ---- Facts among each other ----------------------------------------------------------------------------

TEST_CASE("an id is given once over all files") {
  for (const auto& [file, kind, id] : {std::tuple{"frameworks/A.json", "framework", "A"}, std::tuple{"credit_systems/cs.json", "credit system", "cs"},
                                       std::tuple{"policies/rpl/p.json", "rpl_policy", "p"}}) {
    Files files = sound();
    FactFile copy = *std::ranges::find(files, std::string(file), &FactFile::path);
    const std::string folder = std::string(file).substr(0, std::string(file).rfind('/'));
    copy.path = folder + "/zz.json";
    files.push_back(copy);
    CHECK(only(faults(files)) == Fault{copy.path, "", "the " + std::string(kind) + " \"" + id + "\" a second time (first in " + file + ")", "each id once"});
  }
  Files files = sound();
  files.push_back(files[4]);
  files.back().path = "mappings/look at this.json";
  CHECK(only(faults(files)) == Fault{"mappings/look at this.json", "/mappings/0", "the mapping \"A>H@2010\" a second time (first in mappings/m.json at /mappings/0)", "each id once"});
  // One id for facts of different kinds is no clash.
  CHECK(faults(text("credit_systems/A.json", R"({"id": "A", "name": "A's credits"})")).empty());
}

TEST_CASE("circles of parents, successors and origins are found whatever their length") {
  const auto framework = [](const std::string& id, const std::string& key, const std::string& other) {
    return FactFile{"frameworks/" + id + ".json", json{{"id", id}, {"name", id}, {"kind", "national"}, {"levels", json::array()}, {key, other}}.dump()};
  };
  for (const char* key : {"parent", "superseded_by"}) {
    const Faults found = faults({framework("X", key, "Y"), framework("Y", key, "Z"), framework("Z", key, "Y")});
    CHECK(found == Faults{{"frameworks/Y.json", "/" + std::string(key), "a circle back to \"Y\"", "a chain that ends"},
                          {"frameworks/Z.json", "/" + std::string(key), "a circle back to \"Z\"", "a chain that ends"}});
  }
  // A list of frameworks in one file is held to the same.
  CHECK(only(faults({{"mine.json", R"({"frameworks": [{"id": "X", "name": "X", "kind": "national", "levels": [], "parent": "Y"}]})"}})) ==
        Fault{"mine.json", "/frameworks/0/parent", "\"Y\"", "the id of a framework that is loaded"});
  const Faults origins = faults(draw(std::vector<std::string>{"A: 1", "B: 1", "A>B@2001 derived=A>B@2002: 1-1", "A>B@2002 derived=A>B@2003: 1-1",
                                                             "A>B@2003 derived=A>B@2002: 1-1"}));
  REQUIRE(origins.size() == 2);
  CHECK(origins[0] == Fault{"mappings/3.json", "/mappings/0/derived_from", "a circle back to itself", "origins that do not derive from it"});
  CHECK(origins[1].file == "mappings/4.json");
}

TEST_CASE("every fault of every file is found at once") {
  Files files = with("frameworks/A.json", "/kind", "7");
  files[0].text = "not JSON";
  files[3].text = R"({"id": "H", "name": "", "kind": "regional", "colour": 1, "levels": []})";
  const Faults found = faults(files);
  const auto about = [&](const std::string& file, const std::string& pointer) {
    return std::ranges::any_of(found, [&](const Fault& each) { return each.file == file && each.pointer == pointer; });
  };
  CHECK(about("credit_systems/cs.json", ""));
  CHECK(about("frameworks/A.json", "/kind"));
  CHECK(about("frameworks/A.json", "/credit_system"));  // its system is in the file that could not be read
  CHECK(about("frameworks/H.json", "/name"));
  CHECK(about("frameworks/H.json", "/colour"));
  CHECK(about("mappings/m.json", "/mappings/0/pairs/0/1"));
  try {
    static_cast<void>(load_facts(files));
    FAIL("loaded");
  } catch (const FactError& error) {
    CHECK_THAT(std::string(error.what()), Catch::Matchers::StartsWith(std::to_string(found.size()) + " faults in the facts; nothing was loaded\n") &&
                                              ContainsSubstring("credit_systems/cs.json: found text that is not JSON") && ContainsSubstring("more (see faults)"));
  }
}

// ---- On top of a base ------------------------------------------------------------------------------------

TEST_CASE("new facts stand on a base, which stays as it was") {
  const World base = load_facts(sound());
  const std::string before = base.hash();
  const Files mine = {{"mine.json", R"({"from": "A", "to": "H", "year": 2024, "document": "Mine", "kind": "comparison", "strength": "third-party",
      "pairs": [["3", "2"]], "pairs_evidence": "known", "derived_from": ["A>H@2010"], "sources": [{"title": "Mine", "evidence": "known"}]})"}};
  const World world = load_facts(mine, &base);
  CHECK(world.mappings().size() == 2);
  CHECK(world.mapping(MappingId{"A>H@2024"}).document == "A>H@2024"_doc);
  CHECK(base.hash() == before);
  CHECK(base.mappings().size() == 1);
  // Without the base its frameworks are not there.
  CHECK(faults(mine).front() == Fault{"mine.json", "/from", R"("A")", "the id of a framework that is loaded"});
}

TEST_CASE("facts of the base give way only when that was asked for") {
  const World base = load_facts(sound());
  const std::string before = base.hash();
  const Faults taken = faults(sound(), &base);
  CHECK(taken.size() == 7);
  CHECK(std::ranges::find(taken, Fault{"frameworks/A.json", "/id", "the framework \"A\", which the base has already", "another id, or loading with replace"}) != taken.end());
  CHECK(std::ranges::find(taken, Fault{"mappings/m.json", "/mappings/0/id", "the mapping \"A>H@2010\", which the base has already", "another id, or loading with replace"}) != taken.end());
  CHECK(load_facts(sound(), &base, {}, true).hash() == before);

  const Files renamed = {{"frameworks/A.json", R"({"id": "A", "name": "New A", "kind": "national", "levels": [
      {"code": "2", "rank": 1}, {"code": "1", "rank": 2}, {"code": "3", "rank": 3}]})"}};
  const World replaced = load_facts(renamed, &base, {}, true);
  CHECK(replaced.framework("A"_fw).name == "New A");
  CHECK(base.framework("A"_fw).name == "Framework A");
  // The table stays and is read against the new order of levels.
  CHECK(table(replaced, "A", "H") == "2:2 1:1 3:none");
  CHECK(replaced.mappings().size() == 1);
}

TEST_CASE("a replaced framework that drops a level leaves no table behind that names it") {
  const World base = load_facts(sound());
  const Files shorter = {{"frameworks/A.json", R"({"id": "A", "name": "A", "kind": "national", "levels": [{"code": "1", "rank": 1}]})"}};
  CHECK(faults(shorter, &base, true) == Faults{{"A>H@2010", "/pairs/1/0", R"("2")", "a level code of A: 1"}, {"A>H@2010", "/unmatched/0/level", R"("3")", "a level code of A: 1"}});
  CHECK(base.framework("A"_fw).levels.size() == 3);
}

TEST_CASE("nothing is half loaded") {
  const World base = load_facts(sound());
  const std::string before = base.hash();
  Files files = {{"frameworks/B.json", R"({"id": "B", "name": "B", "kind": "national", "levels": [{"code": "1", "rank": 1}]})"}, {"wrong.json", "{"}};
  CHECK(only(faults(files, &base)).file == "wrong.json");
  CHECK(base.find("B"_fw) == nullptr);
  CHECK(base.hash() == before);
}

TEST_CASE("the view is handed on to the world") {
  const World world = load_facts(sound(), nullptr, {parse_date("2005"), EvidenceFloor::read});
  CHECK(world.view().evidence == EvidenceFloor::read);
  CHECK(table(world, "A", "H") == "1:- 2:- 3:-");
}

TEST_CASE("one mapping is read against a world") {
  const World world = load_facts(sound());
  const char* good = R"({"from": "A", "to": "H", "document": "Mine", "kind": "comparison", "pairs": [["1", "2"]],
      "pairs_evidence": "known", "sources": [{"title": "Mine", "evidence": "known"}]})";
  const Mapping mapping = read_mapping(world, good, "mine");
  CHECK(mapping.id == MappingId{"A>H@nd"});
  CHECK(mapping.rows.forward == std::vector<LevelMask>{0b10, 0, 0});
  const auto wrong = [&](const std::string& text) {
    try {
      static_cast<void>(read_mapping(world, text, "mine"));
    } catch (const FactError& error) {
      return error.faults();
    }
    return Faults{};
  };
  CHECK(wrong("7") == Faults{{"mine", "", "7", "a mapping: an object with from, to and pairs"}});
  CHECK_THAT(only(wrong("{")).found, ContainsSubstring("not JSON"));
  std::string other = good;
  other.replace(other.find("\"2\""), 3, "\"5\"");
  CHECK(wrong(other) == Faults{{"mine", "/pairs/0/1", R"("5")", "a level code of H: 1, 2"}});
}

// ---- Folders ---------------------------------------------------------------------------------------------

namespace {

/// A folder of its own, gone with the case.
class Folder {
 public:
  Folder() : path_(std::filesystem::temp_directory_path() / ("qualgraph-facts-" + std::to_string(std::random_device{}()) + std::to_string(std::random_device{}()))) {
    std::filesystem::create_directories(path_);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  void write(const std::string& name, const std::string& text) const {
    std::filesystem::create_directories((path_ / name).parent_path());
    std::ofstream(path_ / name, std::ios::binary) << text;
  }
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

Faults faults_of_folder(const std::filesystem::path& path, const LoadLimits& limits = {}) {
  try {
    static_cast<void>(load_folder(path, nullptr, {}, false, limits));
  } catch (const FactError& error) {
    return error.faults();
  }
  return {};
}

}  // namespace

TEST_CASE("a folder is read with all its folders, but for schemas and what is hidden or no JSON") {
  const Folder folder;
  for (const FactFile& file : sound()) folder.write(file.path, file.text);
  folder.write("schemas/framework.schema.json", "not even JSON");
  folder.write("frameworks/.unsaved.json", "{");
  folder.write("README.md", "# Facts");
  CHECK(load_folder(folder.path()).hash() == load_facts(sound()).hash());
}

TEST_CASE("a folder that cannot be read says why") {
  const Folder folder;
  CHECK_THAT(only(faults_of_folder(folder.path() / "nowhere")).expected, ContainsSubstring("a folder with files of facts"));
  CHECK(only(faults_of_folder(folder.path())).found == "no file of facts");
  folder.write("frameworks/A.json", "{");
  CHECK(only(faults_of_folder(folder.path())).file == "frameworks/A.json");  // below the folder, whatever it is called
  CHECK_FALSE(faults_of_folder(folder.path() / "frameworks/A.json").empty());
  LoadLimits limits;
  limits.files = 1;
  folder.write("frameworks/B.json", "{}");
  CHECK(only(faults_of_folder(folder.path(), limits)).found == "more than 1 files");
  limits = {};
  limits.file_bytes = 10;
  folder.write("frameworks/C.json", std::string(20, ' '));
  const Faults longer = faults_of_folder(folder.path(), limits);
  CHECK(std::ranges::any_of(longer, [](const Fault& each) { return each.file == "frameworks/C.json" && each.found.starts_with("20 bytes"); }));
}

TEST_CASE("links in a circle and links to nowhere end") {
  const Folder folder;
  for (const FactFile& file : sound()) folder.write(file.path, file.text);
  std::error_code error;
  std::filesystem::create_directory_symlink(folder.path(), folder.path() / "again", error);
  if (!error) CHECK(faults_of_folder(folder.path()).empty());
  std::filesystem::create_symlink("itself.json", folder.path() / "itself.json", error);
  if (!error) CHECK(only(faults_of_folder(folder.path())).file == "itself.json");
}

// ---- Identity of the facts ---------------------------------------------------------------------------------

TEST_CASE("the same facts have the same hash, in whatever order and layout they are written") {
  const std::string hash = load_facts(sound()).hash();
  CHECK(hash.size() == 64);
  CHECK(load_facts(sound()).hash() == hash);
  Files files = sound();
  std::ranges::reverse(files);
  for (FactFile& file : files) file.text = json::parse(file.text).dump(8);  // other spaces, keys in another order
  CHECK(load_facts(files).hash() == hash);
  CHECK(load_facts(sound(), nullptr, {parse_date("2000"), EvidenceFloor::read}).hash() == hash);
}

TEST_CASE("one datum changed is another hash") {
  const std::string hash = load_facts(sound()).hash();
  for (const auto& [file, pointer, value] :
       {std::tuple{"frameworks/A.json", "/since", "2011"}, std::tuple{"frameworks/A.json", "/x-note", "1"}, std::tuple{"mappings/m.json", "/mappings/0/pairs/0/1", R"("2")"},
        std::tuple{"mappings/m.json", "/mappings/0/notes", R"("seen")"}, std::tuple{"credit_systems/cs.json", "/hours_per_credit/max", "31"},
        std::tuple{"policies/rpl/p.json", "/caps", R"([{"max_share": "1/2"}])"}, std::tuple{"pending.json", "/pending/0/notes", R"("soon")"}}) {
    INFO(file << pointer);
    CHECK(load_facts(with(file, pointer, value)).hash() != hash);
  }
}

// ---- Whatever the bytes ------------------------------------------------------------------------------------

namespace {

/// A few real files that stand by themselves, and random harm done to them.
class Harm {
 public:
  explicit Harm(unsigned seed) : engine_(seed) {
    const std::filesystem::path data = QUALGRAPH_DATA_DIR;
    for (const char* name : {"frameworks/eqf.json", "frameworks/ie-nfq.json", "frameworks/nz-nzqcf.json", "frameworks/no-nkr.json",
                             "mappings/ie-nfq--eqf-2009.json", "mappings/nz-nzqcf--eqf-2016.json", "mappings/nz-nzqcf--ie-nfq-2020.json",
                             "mappings/no-nkr--eqf-2014.json"}) {
      std::ifstream stream(data / name, std::ios::binary);
      sound_.push_back({name, std::string(std::istreambuf_iterator<char>(stream), {})});
    }
    // Credit systems are named by frameworks but are no part of the matter here.
    std::vector<std::string> systems;
    for (FactFile& file : sound_) {
      json fact = json::parse(file.text);
      if (fact.contains("credit_system")) fact.erase("credit_system");
      if (fact.contains("qualification_types")) {
        for (json& type : fact["qualification_types"]) type.erase("credits");
      }
      for (const char* key : {"parent", "superseded_by"}) fact.erase(key);
      file.text = fact.dump(2);
    }
  }

  [[nodiscard]] const Files& files() const { return sound_; }

  Files next() {
    Files files = sound_;
    for (std::size_t harms = 1 + upto(3); harms > 0; --harms) {
      FactFile& file = files[upto(files.size())];
      upto(2) == 0 ? harm_bytes(file.text) : harm_values(file.text);
    }
    return files;
  }

 private:
  std::size_t upto(std::size_t count) { return count == 0 ? 0 : engine_() % count; }

  void harm_bytes(std::string& text) {
    if (text.empty()) return;
    static const std::vector<std::string> kPieces = {"{", "}", "[", "]", ",", ":", "\"", "null", "-1", "1e999", "\\u0000", "\\ud800", "\xFF", "99999999999999999999", "\"\"", "\n"};
    const std::size_t at = upto(text.size());
    switch (upto(5)) {
      case 0: text[at] = static_cast<char>(engine_() % 256); break;
      case 1: text.erase(at, 1 + upto(20)); break;
      case 2: text.insert(at, kPieces[upto(kPieces.size())]); break;
      case 3: text.insert(at, text.substr(upto(text.size()), 1 + upto(60))); break;
      default: text.resize(at); break;
    }
  }

  /// Puts a value of another kind, or another value of the file, in the place of one.
  void harm_values(std::string& text) {
    json fact = json::parse(text, nullptr, false);
    if (fact.is_discarded()) return;
    std::vector<json*> places;
    const auto collect = [&](auto&& self, json& value) -> void {
      places.push_back(&value);
      if (value.is_structured()) {
        for (json& child : value) self(self, child);
      }
    };
    collect(collect, fact);
    static const std::vector<json> kValues = {nullptr, true, -1, 0, 1.5, 1'000'000'000'000, "", "8", "eqf", "2019-02-30", json::array(), json::object(), json::array({"1"}), json::array({json::array({"1", "1"})})};
    json* const place = places[upto(places.size())];
    const json value = upto(2) == 0 ? kValues[upto(kValues.size())] : *places[upto(places.size())];
    if (place->is_object() && !place->empty() && upto(3) == 0) {
      auto at = place->begin();
      std::advance(at, static_cast<std::ptrdiff_t>(upto(place->size())));
      place->erase(at);
    } else {
      *place = value;
    }
    text = fact.dump();
  }

  Files sound_;
  std::mt19937 engine_;
};

/// Loads or says why not; anything else is a fault of ours.
void try_harm(unsigned seed, int rounds) {
  Harm harm(seed);
  REQUIRE(faults(harm.files()).empty());
  const World base = load_facts(harm.files());
  int loaded = 0;
  int refused = 0;
  for (int i = 0; i < rounds; ++i) {
    const Files files = harm.next();
    try {
      const World world = i % 4 == 0 ? load_facts(files, &base, {}, true) : load_facts(files);
      ++loaded;
      // What was loaded can be asked.
      if (world.find("eqf"_fw) != nullptr && world.find("ie-nfq"_fw) != nullptr) static_cast<void>(table(world, "ie-nfq", "eqf"));
      static_cast<void>(world.hash());
    } catch (const FactError& error) {
      ++refused;
      REQUIRE_FALSE(error.faults().empty());
      for (const Fault& fault : error.faults()) {
        INFO(fault.file << " " << fault.pointer << ": " << fault.found << "; " << fault.expected);
        CHECK(is_utf8(fault.file + fault.pointer + fault.found + fault.expected));
        CHECK_FALSE(fault.found.empty());
        CHECK_FALSE(fault.expected.empty());
        CHECK_NOTHROW(json::json_pointer(fault.pointer));
      }
    }
  }
  CHECK(loaded > rounds / 50);
  CHECK(refused > rounds / 4);
}

}  // namespace

TEST_CASE("files harmed at random load or are refused with their faults") { try_harm(1, 600); }

TEST_CASE("many files harmed at random load or are refused with their faults", "[.][full]") {
  for (unsigned seed = 2; seed < 7; ++seed) try_harm(seed, 4'000);
}
