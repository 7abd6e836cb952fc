#include "qualgraph/definition/definition.hpp"

#include "qualgraph/definition/classify.hpp"
#include "qualgraph/definition/classify_table.hpp"
#include "qualgraph/definition/complete_facts.hpp"
#include "qualgraph/definition/credential.hpp"
#include "qualgraph/definition/order.hpp"
#include "qualgraph/facts/load.hpp"
#include "qualgraph/model/error.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators_all.hpp>
#include <catch2/matchers/catch_matchers_all.hpp>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

using namespace qualgraph;
using Catch::Matchers::ContainsSubstring;

namespace {

const World& facts() {
  static const World world = load_folder(std::filesystem::path{QUALGRAPH_DATA_DIR});
  return world;
}

const DefinitionVerdict& of(const DefinitionVerdicts& verdicts, std::string_view id) {
  const auto found = std::ranges::find_if(verdicts.verdicts, [&](const auto& one) { return one.definition->id == id; });
  REQUIRE(found != verdicts.verdicts.end());
  return *found;
}

/// A world of one credit system and the definitions given by the lists of their tests.
World definitions_of(const std::vector<std::pair<std::string, std::string>>& tests) {
  std::vector<FactFile> files;
  for (const char* id : {"nz-credit", "ects"}) {
    const CreditSystem& system = facts().credit_system(CreditSystemId{id});
    files.push_back({std::string("credit_systems/") + id + ".json", system.json});
  }
  for (const auto& [id, test] : tests) {
    files.push_back({"definitions/" + id + ".json",
                     R"({"id": ")" + id +
                         R"(", "term": null, "issuer": "nobody", "jurisdiction": "XX", "framework": null,
                     "edition": null, "year": null, "parameters": {"small": {"what": "size", "default": null}},
                     "clauses": [{"id": "c", "kind": "constitutive", "text": "t", "evidence": "read", "test": )" +
                         test + R"(}], "sources": [{"title": "t", "publisher": null, "year": null, "url": null,
                     "evidence": "read"}]})"});
  }
  return load_facts(files);
}

Truth verdict(const World& world, std::string_view record, const Parameters& parameters = {}) {
  return classify(world, read_credential(record), parameters).verdicts.front().truth;
}

}  // namespace

TEST_CASE("one credential has one verdict for each text", "[definition]") {
  const auto verdicts = classify(facts(), read_credential(R"({"hours": 10, "credits": "1 nz-credit", "assessed": true,
      "relation": ["additional"], "smaller_than_award": true})"));
  CHECK(of(verdicts, "au-2021").truth == Truth::yes);
  CHECK(of(verdicts, "nzqa-2018").truth == Truth::no);
  CHECK(of(verdicts, "nzqa-2018").with_exceptions == Truth::unknown);
  CHECK(of(verdicts, "acqf-2024").truth == Truth::unknown);
  CHECK(of(verdicts, "ec-2022").truth == Truth::unknown);
  for (const auto& one : of(verdicts, "nzqa-2018").clauses) {
    CHECK_FALSE(one.reason.empty());
    CHECK_FALSE(one.clause->sources.empty());
  }
}

TEST_CASE("sizes of other units are intervals", "[definition]") {
  const World world = definitions_of({{"a", R"({"size": {"at_least": "5 nz-credit"}})"}});
  CHECK(verdict(world, R"({"hours": 50})") == Truth::yes);
  CHECK(verdict(world, R"({"hours": "99/2"})") == Truth::no);
  CHECK(verdict(world, R"({"credits": "2 ects"})") == Truth::unknown);  // 4 by the year, 5 to 6 by hours
  CHECK(verdict(world, R"({"credits": "1 ects"})") == Truth::no);
  CHECK(verdict(world, R"({"credits": "5/2 ects"})") == Truth::yes);
  CHECK(verdict(world, R"({"hours": {"min": 40, "max": 60}})") == Truth::unknown);
  CHECK(verdict(world, R"({"hours": 10, "credits": "6 nz-credit"})") == Truth::unknown);  // a contradiction
}

TEST_CASE("bounds are inside or outside as the text says", "[definition]") {
  const auto [bound, below, on, above] = GENERATE(table<std::string, Truth, Truth, Truth>({
      {"at_least", Truth::no, Truth::yes, Truth::yes},
      {"above", Truth::no, Truth::no, Truth::yes},
      {"at_most", Truth::yes, Truth::yes, Truth::no},
      {"below", Truth::yes, Truth::no, Truth::no},
  }));
  const World world = definitions_of({{"a", R"({"size": {")" + bound + R"(": "30 hours"}})"}});
  CHECK(verdict(world, R"({"hours": "299/10"})") == below);
  CHECK(verdict(world, R"({"hours": 30})") == on);
  CHECK(verdict(world, R"({"hours": "301/10"})") == above);
}

TEST_CASE("a word without a number is unknown until somebody says what it means", "[definition]") {
  const World world = definitions_of({{"a", R"({"size": {"at_most": {"parameter": "small"}}})"}});
  CHECK(verdict(world, R"({"hours": 30})") == Truth::unknown);
  CHECK(verdict(world, R"({"hours": 30})", {{"small", Size::parse("30 hours")}}) == Truth::yes);
  CHECK(verdict(world, R"({"hours": 31})", {{"small", Size::parse("30 hours")}}) == Truth::no);
  const auto path = steps(world, read_credential(R"({"hours": 30})"), "small", SizeUnit{CreditSystemId{"ects"}});
  REQUIRE(path.size() == 1);
  CHECK(path.front().below == Truth::no);
  CHECK(path.front().from == Rational(1));
  CHECK(path.front().between == Truth::unknown);
  CHECK(path.front().until == Rational(6, 5));
  CHECK(path.front().beyond == Truth::yes);
  CHECK_THROWS_AS(classify(world, {}, {{"tiny", Size::parse("30 hours")}}), UnknownId);
}

TEST_CASE("p or not p waits for the answer and is true whatever it is", "[definition]") {
  const World world = definitions_of({{"a", R"({"any": [{"attribute": "assessed", "is": true},
                                                        {"not": {"attribute": "assessed", "is": true}}]})"}});
  const auto seen = outlook(world, {});
  REQUIRE(seen.size() == 1);
  CHECK(seen.front().truth == Truth::unknown);
  CHECK(seen.front().whatever_the_answer() == Truth::yes);
  CHECK(questions(world, {}).ask == std::vector<std::string>{"assessed"});
  CHECK(smallest_edit(world, {}, "a")->size() == 1);
}

TEST_CASE("hours alone settle what credits would settle too", "[definition]") {
  const World world = definitions_of({{"a", R"({"all": [{"size": {"at_least": "5 nz-credit"}},
                                                        {"size": {"at_most": "400 hours"}}]})"}});
  CHECK(questions(world, {}).ask == std::vector<std::string>{"hours"});
}

TEST_CASE("a bound in credits of no fixed hours takes credits to settle", "[definition]") {
  const World world = definitions_of({{"a", R"({"size": {"at_most": "4 ects"}})"}});
  // 110 hours are 3 2/3 to 4 2/5 ECTS credits: hours are no answer, credits are.
  CHECK(questions(world, {}).ask == std::vector<std::string>{"credits"});
  CHECK(questions(world, read_credential(R"({"hours": 110})")).ask == std::vector<std::string>{"credits"});
  CHECK(questions(world, read_credential(R"({"hours": 100})")).ask.empty());
}

TEST_CASE("implications, and a witness where there is none", "[definition]") {
  const World world = definitions_of({{"a", R"({"size": {"at_most": "4 nz-credit"}})"},
                                      {"b", R"({"size": {"below": "50 hours"}})"},
                                      {"c", R"({"meets": "a"})"}});
  const auto order = definition_order(world);
  REQUIRE(order.size() == 6);
  for (const auto& one : order) {
    const std::string pair = one.from->id + one.to->id;
    INFO(pair);
    CHECK(one.holds == (pair != "ba" && pair != "bc"));
    if (one.witness) {
      const auto verdicts = classify(world, *one.witness);
      CHECK(of(verdicts, one.from->id).truth == Truth::yes);
      CHECK(of(verdicts, one.to->id).truth == Truth::no);
    }
  }
}

TEST_CASE("a definition that rests on itself is refused", "[definition]") {
  const World world = definitions_of({{"a", R"({"meets": "b"})"}, {"b", R"({"not": {"meets": "a"}})"}});
  CHECK_THROWS_AS(definitions(world), FactError);
  CHECK_THROWS_WITH(definitions(world), ContainsSubstring("does not rest on this one"));
}

TEST_CASE("what is no attribute is refused with the nearest one", "[definition]") {
  CHECK_THROWS_AS(read_credential(R"({"asessed": true})"), UnknownId);
  CHECK_THROWS_WITH(read_credential(R"({"asessed": true})"), ContainsSubstring("assessed"));
  CHECK_THROWS_AS(read_credential(R"({"assessed": 1})"), FactError);
  CHECK_NOTHROW(read_credential(R"({"x-own": 1})"));
}

TEST_CASE("a record says the same when written and read again", "[definition]") {
  const std::string text = R"({"assessed":true,"credits":"5-6 nz-credit","hours":{"max":60,"min":50},)"
                           R"("level":["eqf:4","nz-nzqcf:4"],"listed_on":[],"part_of":"-","relation":["component"]})";
  const Credential credential = read_credential(text);
  CHECK(to_json(credential) == text);
  CHECK(read_credential(to_json(credential)) == credential);
  CHECK(read_credential(R"({"part_of": "", "title": null})") == Credential{});
}

TEST_CASE("a table says what each row says", "[definition]") {
  // Rows of three columns at random, more than the engine takes at a time.
  constexpr std::int64_t kRows = 20'000;
  std::mt19937 dice(7);
  std::vector<AttributeColumn> columns;
  std::vector<std::vector<std::int32_t>> codes;
  const auto add = [&](Attribute attribute, std::string_view values) {
    AttributeColumn column;
    column.attribute = attribute;
    column.values = read_values(attribute, values, "column");
    std::vector<std::int32_t> list(kRows);
    for (auto& one : list) one = static_cast<std::int32_t>(dice() % (column.values.size() + 1)) - 1;
    codes.push_back(std::move(list));
    columns.push_back(std::move(column));
  };
  add(Attribute::hours, R"([1, 30, 49, 50, 400, 401, 700])");
  add(Attribute::credits, R"(["1 nz-credit", "5 nz-credit", "2 ects"])");
  add(Attribute::assessed, "[true, false]");
  add(Attribute::relation, R"([["component"], []])");
  add(Attribute::exceptional, "[true, false]");
  for (std::size_t i = 0; i < columns.size(); ++i) columns[i].codes = codes[i];
  const auto table = classify_table(facts(), columns, kRows);
  REQUIRE(table.rows() == kRows);
  for (std::int64_t row = 0; row < kRows; row += 97) {
    Credential credential;
    for (const auto& column : columns) {
      const std::int32_t code = column.codes[static_cast<std::size_t>(row)];
      if (code >= 0) credential[column.attribute] = column.values[static_cast<std::size_t>(code)];
    }
    const auto alone = classify(facts(), credential);
    for (std::size_t d = 0; d < alone.verdicts.size(); ++d) {
      INFO(alone.verdicts[d].definition->id);
      CHECK(table.column(d)[static_cast<std::size_t>(row)] == static_cast<std::uint8_t>(alone.verdicts[d].truth));
      CHECK(table.column(d, true)[static_cast<std::size_t>(row)] ==
            static_cast<std::uint8_t>(alone.verdicts[d].with_exceptions));
    }
  }
  columns.front().codes = columns.front().codes.first(10);
  CHECK_THROWS_AS(classify_table(facts(), columns, kRows), InvalidValue);
}
