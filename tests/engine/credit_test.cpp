#include "qualgraph/credit/compare.hpp"
#include "qualgraph/credit/convert.hpp"
#include "qualgraph/credit/credits.hpp"
#include "qualgraph/credit/rounding.hpp"
#include "qualgraph/credit/volume.hpp"
#include "qualgraph/facts/load.hpp"
#include "qualgraph/model/error.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators_all.hpp>
#include <catch2/matchers/catch_matchers_all.hpp>

#include <fstream>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

using namespace qualgraph;
using namespace qualgraph::literals;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::Equals;

namespace {

Range range(const std::string& min, const std::string& max) { return {Rational::parse(min), Rational::parse(max)}; }
Range at(const std::string& value) { return range(value, value); }
Credits credits(const std::string& text) { return Credits::parse(text); }

CreditSystem credit_system(const char* id, std::optional<Range> hours, std::optional<Rational> year) {
  CreditSystem made;
  made.id = CreditSystemId{id};
  made.hours_per_credit = hours;
  made.credits_per_year = year;
  made.evidence = Evidence::read;
  made.sources.push_back({"About " + made.id.str(), std::nullopt, std::nullopt, std::nullopt, Evidence::read});
  return made;
}

// The figures that the published systems state; ids as in the facts.
const CreditSystem kEcts = credit_system("ects", range("25", "30"), 60);
const CreditSystem kCats = credit_system("cats", at("10"), 120);
const CreditSystem kNz = credit_system("nz-credit", at("10"), 120);
const CreditSystem kZa = credit_system("za-credit", at("10"), 120);
const CreditSystem kIndia = credit_system("in-ncrf-credit", at("30"), 40);
const CreditSystem kUcts = credit_system("umap-ucts", range("38", "48"), std::nullopt);
const CreditSystem kAlgeria = credit_system("dz-lmd", std::nullopt, 60);
const CreditSystem kSit = credit_system("sit-credit", std::nullopt, std::nullopt);
const CreditSystem kQuarter = credit_system("us-quarter-credit", range("30", "36"), 45);
const CreditSystem kSemester = credit_system("us-semester-credit", at("45"), 30);

CreditSystem contact(CreditSystem made) {
  made.contact_only = true;
  return made;
}
const CreditSystem kKorea = contact(credit_system("kr-credit", at("15"), std::nullopt));
const CreditSystem kPakistan = contact(credit_system("pk-credit-hour", range("16", "18"), std::nullopt));
const CreditSystem kGhana = contact(credit_system("gh-credit-hour", std::nullopt, std::nullopt));
const CreditSystem kNigeria = contact(credit_system("ng-credit-unit", std::nullopt, 30));

AgreedRatio agreed(const char* from, const char* to, Range ratio, Evidence evidence = Evidence::read) {
  AgreedRatio made{CreditSystemId{from}, CreditSystemId{to}, ratio, "", "", {}};
  made.sources.push_back({"Agreement", std::nullopt, std::nullopt, std::nullopt, evidence});
  return made;
}

World sample_world(EvidenceFloor floor = EvidenceFloor::all) {
  Facts facts;
  const auto add = [&](CreditSystem made) {
    facts.credit_systems.push_back(std::make_shared<const CreditSystem>(std::move(made)));
  };
  for (const auto& each :
       {kEcts, kCats, kNz, kZa, kIndia, kAlgeria, kSit, kSemester, kKorea, kPakistan, kGhana, kNigeria}) {
    if (each.id.str() != "cats") add(each);
  }
  CreditSystem cats = kCats;
  cats.official_ratios.push_back(agreed("cats", "ects", at("1/2")));
  add(cats);
  CreditSystem ucts = kUcts;
  // This document names the American credit by its second name.
  ucts.official_ratios = {agreed("umap-ucts", "ects", at("3/2")), agreed("umap-ucts", "us-semester", at("1"))};
  add(ucts);
  CreditSystem second = kSemester;
  second.id = "us-semester"_credit;
  second.alias_of = "us-semester-credit"_credit;
  add(second);
  CreditSystem botswana = credit_system("bw-credit", at("10"), 120);
  botswana.evidence = Evidence::known;
  add(botswana);
  facts.agreed_ratios.push_back(
      std::make_shared<const AgreedRatio>(agreed("sit-credit", "ects", range("3/2", "2"), Evidence::known)));
  Framework ireland;
  ireland.id = "ie-nfq"_fw;
  ireland.credit_system = "ects"_credit;
  Framework silent;
  silent.id = "xx-none"_fw;
  facts.frameworks = {std::make_shared<const Framework>(ireland), std::make_shared<const Framework>(silent)};
  return World{std::move(facts), View{std::nullopt, floor}};
}

std::string reason(const Conversion& conversion, Way way) {
  for (const auto& none : conversion.missing) {
    if (none.way == way) return none.reason;
  }
  return "";
}

/// A fixed seed: a failure has to come back on the next run.
struct Random {
  std::mt19937 engine{20240417};
  std::int64_t whole(std::int64_t low, std::int64_t high) {
    // Not std::uniform_int_distribution: its values differ between standard libraries.
    return low + static_cast<std::int64_t>(engine() % static_cast<std::uint32_t>(high - low + 1));
  }
  Rational fraction() { return {whole(1, 240), whole(1, 8)}; }
  Range interval() {
    const Rational start = fraction();
    return whole(0, 2) == 0 ? Range{start, start} : Range{start, start + fraction()};
  }
  CreditSystem system_named(const char* id) { return credit_system(id, interval(), fraction()); }
};

bool inside(const Range& inner, const Range& outer) { return outer.min <= inner.min && inner.max <= outer.max; }

}  // namespace

TEST_CASE("credits are read from text and written back", "[credit]") {
  CHECK(credits("30 ects") == Credits{30, "ects"_credit});
  CHECK(credits("5/2 nz-credit").amount() == at("5/2"));
  CHECK(credits("2.5 nz-credit") == credits("5/2 nz-credit"));
  CHECK(credits("  5-40\tnz-credit ").amount() == range("5", "40"));
  CHECK(credits("0 ects").amount() == at("0"));
  for (const std::string text : {"30 ects", "5/2 nz-credit", "5-40 nz-credit", "75/2-45 za-credit"}) {
    CHECK(credits(text).str() == text);
  }
}

TEST_CASE("credits that are none are refused with what to write instead", "[credit]") {
  CHECK_THROWS_WITH(credits(""), ContainsSubstring("30 ects"));
  CHECK_THROWS_WITH(credits("30"), ContainsSubstring("names no credit system"));
  CHECK_THROWS_WITH(credits("ects"), ContainsSubstring("states no amount"));
  CHECK_THROWS_WITH(credits("30 ects credits"), ContainsSubstring("not one amount and one credit system"));
  CHECK_THROWS_WITH(credits("many ects"), ContainsSubstring("\"many\" is not an exact amount"));
  CHECK_THROWS_WITH(credits("1/0 ects"), ContainsSubstring("\"1/0\" is not an exact amount") || ContainsSubstring("denominator"));
  CHECK_THROWS_WITH(credits("-5 ects"), ContainsSubstring("\"-5 ects\" is negative"));
  CHECK_THROWS_WITH(credits("40-5 ects"), ContainsSubstring("smaller amount first"));
  CHECK_THROWS_AS(credits("99999999999999999999 ects"), NumericOverflow);
  CHECK_THROWS_AS(Credits(Rational{-1}, "ects"_credit), InvalidValue);
  CHECK_THROWS_AS(Credits(Rational{1}, CreditSystemId{}), InvalidValue);
  CHECK_THROWS_AS(Rational{-1} * credits("1 ects"), InvalidValue);
}

TEST_CASE("credits of one system add, of two never", "[credit]") {
  CHECK(credits("15 ects") + credits("5/2 ects") == credits("35/2 ects"));
  CHECK(credits("5-10 ects") + credits("1 ects") == credits("6-11 ects"));
  CHECK(Rational(1, 3) * credits("30 ects") == credits("10 ects"));
  CHECK_THROWS_AS(credits("15 ects") + credits("20 za-credit"), UnitMismatch);
  CHECK_THROWS_WITH(credits("15 ects") + credits("20 za-credit"), Equals("15 ects + 20 za-credit: convert first"));
}

TEST_CASE("splitting credits and putting them together again changes nothing", "[credit][property]") {
  Random random;
  for (int round = 0; round < 300; ++round) {
    const Credits whole{random.interval(), "ects"_credit};
    const Rational share{random.whole(0, 12), 12};
    CHECK(share * whole + (Rational{1} - share) * whole == whole);
  }
}

TEST_CASE("the ways disagree and both are shown with the factor between them", "[credit]") {
  const auto out = convert(credits("30 ects"), kEcts, kCats);
  CHECK(out.by_hours == range("75", "90"));
  CHECK(out.by_year == at("60"));
  CHECK(out.hours_factor == range("5/2", "3"));
  CHECK(out.year_factor == at("2"));
  CHECK(out.full_year_factor == range("5/4", "3/2"));
  CHECK(out.hull() == range("60", "90"));
  CHECK_FALSE(out.same_system);

  const auto back = convert(credits("60 cats"), kCats, kEcts);
  CHECK(back.by_hours == range("20", "24"));
  CHECK(back.by_year == at("30"));
  CHECK(back.full_year_factor == range("2/3", "4/5"));

  // 15 ECTS credits in South Africa, 40 Indian credits of a full year in New Zealand.
  const auto za = convert(credits("15 ects"), kEcts, kZa);
  CHECK(za.by_hours == range("75/2", "45"));
  CHECK(za.by_year == at("30"));
  const auto nz = convert(credits("40 in-ncrf-credit"), kIndia, kNz);
  CHECK(nz.by_hours == at("120"));
  CHECK(nz.by_year == at("120"));
  CHECK(nz.full_year_factor == at("1"));
}

TEST_CASE("a conversion names the figures, their evidence and the sources", "[credit]") {
  const auto out = convert(credits("30 ects"), kEcts, kCats);
  CHECK(out.from_system.id == "ects"_credit);
  CHECK(out.from_system.hours_per_credit == range("25", "30"));
  CHECK(out.from_system.evidence == Evidence::read);
  CHECK(out.to_system.credits_per_year == Rational{120});
  REQUIRE(out.sources.size() == 2);
  CHECK(out.sources[0].title == "About ects");
  CHECK(out.sources[1].title == "About cats");
}

TEST_CASE("the bundled facts give the ratios computed beside them", "[credit][facts]") {
  const auto world = load_folder(QUALGRAPH_DATA_DIR);
  std::ifstream file{std::string(QUALGRAPH_DATA_DIR) + "/conversions.json"};
  const auto stated = nlohmann::json::parse(file).at("conversions");
  REQUIRE(stated.size() == 5);
  const auto number = [](const nlohmann::json& value) {
    return value.is_string() ? Rational::parse(value.get<std::string>()) : Rational{value.get<std::int64_t>()};
  };
  for (const auto& each : stated) {
    const auto& ratio = each.at("ratio");
    const Range expected = ratio.is_object() ? Range{number(ratio.at("min")), number(ratio.at("max"))}
                                             : Range{number(ratio), number(ratio)};
    const Credits one{1, CreditSystemId{each.at("from").get<std::string>()}};
    const auto out = convert(world, one, CreditSystemId{each.at("to").get<std::string>()});
    INFO(each.dump());
    CHECK(out.by(parse_way(each.at("by").get<std::string>())) == expected);
    // A computed ratio is no agreement.
    CHECK(out.by_agreement.empty());
  }

  const auto cats = convert(world, credits("30 ects"), "cats"_credit);
  CHECK(cats.by_hours == range("75", "90"));
  CHECK(cats.by_year == at("60"));
  CHECK(cats.by(Way::agreement) == at("60"));
  CHECK(cats.full_year_factor == range("5/4", "3/2"));
  CHECK(convert(world, credits("2 umap-ucts"), "ects"_credit).by(Way::agreement) == at("3"));
  CHECK(convert(world, credits("1 in-credit"), "in-ncrf-credit"_credit).same_system);
  CHECK(certainly_at_least(world, credits("40 in-ncrf-credit"), credits("120 nz-credit")).truth == Truth::yes);
  // Class hours under a name of their own in the facts: 15 of them, none of the learning hours of ae-credit.
  const auto emirates = convert(world, credits("3 ae-semester-credit"), "ae-credit"_credit);
  CHECK_FALSE(emirates.by_hours);
  CHECK(convert(world, credits("3 ae-semester-credit"), "kr-credit"_credit).by_hours == at("3"));
}

TEST_CASE("every pair of bundled credit systems answers or says why not", "[credit][facts]") {
  for (const auto floor : {EvidenceFloor::all, EvidenceFloor::read}) {
    const auto world = load_folder(QUALGRAPH_DATA_DIR, nullptr, View{std::nullopt, floor});
    for (const auto& from : world.credit_systems()) {
      for (const auto& to : world.credit_systems()) {
        const auto out = convert(world, Credits{30, from->id}, to->id);
        std::size_t answered = 0;
        for (const auto way : {Way::hours, Way::year, Way::agreement}) {
          const bool given = out.by(way).has_value();
          answered += given ? 1 : 0;
          if (given == !reason(out, way).empty()) FAIL(out.from.str() << " to " << out.to.str() << " by " << to_string(way));
        }
        if (answered + out.missing.size() != 3) FAIL(out.from.str() << " to " << out.to.str());
        if (out.by_hours && out.from_system.contact_only != out.to_system.contact_only) {
          FAIL(out.from.str() << " to " << out.to.str() << " mixes class hours with learning hours");
        }
      }
    }
    CHECK(world.credit_systems().size() > 60);
  }
}

TEST_CASE("a way without figures says which are missing", "[credit]") {
  const auto ghana = convert(credits("3 gh-credit-hour"), kGhana, kPakistan);
  CHECK_FALSE(ghana.by_hours);
  CHECK(reason(ghana, Way::hours) == "gh-credit-hour states no hours per credit");
  CHECK(reason(ghana, Way::year) ==
        "gh-credit-hour states no credits per full-time year; pk-credit-hour states no credits per full-time year");
  CHECK(reason(ghana, Way::agreement) == "no named document fixes a ratio between gh-credit-hour and pk-credit-hour");
  CHECK_FALSE(ghana.full_year_factor);
  CHECK_FALSE(ghana.hull());

  const auto algeria = convert(credits("60 dz-lmd"), kAlgeria, kEcts);
  CHECK(algeria.by_year == at("60"));
  CHECK(reason(algeria, Way::hours) == "dz-lmd states no hours per credit");
  CHECK(algeria.hull() == at("60"));
}

TEST_CASE("class hours and learning hours never mix", "[credit]") {
  const auto korea = convert(credits("3 kr-credit"), kKorea, kEcts);
  CHECK_FALSE(korea.by_hours);
  CHECK_THAT(reason(korea, Way::hours), ContainsSubstring("kr-credit counts class hours") &&
                                            ContainsSubstring("ects counts all learning hours"));
  // Within the kind hours convert, and a stated year load is a way of its own.
  CHECK(convert(credits("6 kr-credit"), kKorea, kPakistan).by_hours == range("5", "45/8"));
  const auto nigeria = convert(credits("120 ng-credit-unit"), kNigeria, kZa);
  CHECK_FALSE(nigeria.by_hours);
  CHECK(nigeria.by_year == at("480"));
  CHECK_THAT(reason(nigeria, Way::hours),
             ContainsSubstring("do not convert into each other") && ContainsSubstring("ng-credit-unit states no hours per credit"));
  const std::vector ratios{agreed("kr-credit", "ects", at("2"))};
  CHECK(convert(credits("3 kr-credit"), kKorea, kEcts, ratios).by(Way::agreement) == at("6"));
}

TEST_CASE("agreements are shown with their direction and decide nothing unless named", "[credit]") {
  const std::vector ratios{agreed("cats", "ects", at("1/2")), agreed("umap-ucts", "ects", at("3/2"))};
  const auto forward = convert(credits("60 cats"), kCats, kEcts, ratios);
  REQUIRE(forward.by_agreement.size() == 1);
  CHECK_FALSE(forward.by_agreement[0].reversed);
  CHECK(forward.by_agreement[0].value == at("30"));
  CHECK(forward.sources.size() == 3);
  const auto backward = convert(credits("30 ects"), kEcts, kUcts, ratios);
  REQUIRE(backward.by_agreement.size() == 1);
  CHECK(backward.by_agreement[0].reversed);
  CHECK(backward.by_agreement[0].ratio.ratio == at("3/2"));
  CHECK(backward.by_agreement[0].factor == at("2/3"));
  CHECK(backward.by_agreement[0].value == at("20"));
  CHECK(backward.hull() == backward.by_hours);
  CHECK(backward.value(Way::agreement).exact == at("20"));

  const std::vector differing{agreed("a", "b", at("2")), agreed("b", "a", at("1/3"))};
  const auto several = convert(credits("1 a"), credit_system("a", std::nullopt, std::nullopt),
                               credit_system("b", std::nullopt, std::nullopt), differing);
  CHECK(several.by_agreement.size() == 2);
  CHECK(several.by(Way::agreement) == range("2", "3"));

  const auto quarter = convert(credits("45 us-quarter-credit"), kQuarter, kSemester,
                               std::vector{agreed("us-quarter-credit", "us-semester-credit", at("2/3"))});
  CHECK(quarter.by_hours == range("30", "36"));
  CHECK(quarter.by_year == at("30"));
  CHECK(quarter.by(Way::agreement) == at("30"));
}

TEST_CASE("a single number needs a named way", "[credit]") {
  const auto out = convert(credits("30 ects"), kEcts, kCats);
  CHECK(out.value(Way::year).exact == at("60"));
  const auto hours = convert(credits("5 ects"), kEcts, kZa).value(Way::hours, {RoundingMode::down, 1});
  CHECK(hours.exact == range("25/2", "15"));
  CHECK(hours.rounded == range("12", "15"));
  CHECK(out.value(Way::hours, {RoundingMode::up, Rational{20}}).rounded == range("80", "100"));
  CHECK_THROWS_AS(out.value(Way::agreement), UnitMismatch);
  CHECK_THROWS_WITH(out.value(Way::agreement),
                    Equals("30 ects has no value in cats by agreement: no named document fixes a ratio between ects and "
                           "cats; available: by hours 75-90, by year 60"));
  CHECK_THROWS_WITH(convert(credits("1 sit-credit"), kSit, kEcts).value(Way::year),
                    ContainsSubstring("no other way answers either"));
  CHECK_THROWS_AS(out.value(Way::year, {RoundingMode::none, Rational{0}}), InvalidValue);
}

TEST_CASE("a conversion within one system changes nothing", "[credit]") {
  const auto same = convert(credits("30 ects"), kEcts, kEcts);
  CHECK(same.same_system);
  CHECK(same.by_hours == at("30"));
  CHECK(same.by_year == at("30"));
  CHECK(same.full_year_factor == at("1"));
  // Even where the system states no figure at all.
  CHECK(convert(credits("3 gh-credit-hour"), kGhana, kGhana).value(Way::hours).exact == at("3"));
}

TEST_CASE("conversions refuse what has no meaning", "[credit]") {
  CHECK_THROWS_AS(convert(credits("0 ects"), kEcts, kCats), InvalidValue);
  CHECK_THROWS_WITH(convert(credits("0 ects"), kEcts, kCats), ContainsSubstring("more than 0 credits"));
  CHECK_THROWS_AS(convert(credits("1 cats"), kEcts, kCats), UnitMismatch);
  CHECK_THROWS_WITH(convert(credits("1 bad"), credit_system("bad", at("0"), std::nullopt), kCats),
                    ContainsSubstring("hours per credit of bad of 0"));
  CHECK_THROWS_AS(convert(credits("1 bad"), credit_system("bad", std::nullopt, -1), kCats), InvalidValue);
  CHECK_THROWS_AS(convert(credits("1 ects"), kEcts, kCats, std::vector{agreed("ects", "cats", at("0"))}), InvalidValue);
  CHECK_THROWS_AS(convert(credits("9223372036854775807 ects"), kEcts, kCats), NumericOverflow);
  CHECK(parse_way("year") == Way::year);
  CHECK_THROWS_WITH(parse_way("years"), ContainsSubstring("hours, year or agreement"));
}

TEST_CASE("a world resolves second names, agreements and its evidence floor", "[credit]") {
  const auto world = sample_world();
  const auto out = convert(world, credits("30 ects"), "cats"_credit);
  CHECK(out.by_hours == range("75", "90"));
  REQUIRE(out.by_agreement.size() == 1);
  CHECK(out.by_agreement[0].reversed);
  CHECK(out.by_agreement[0].value == at("60"));

  const auto named_twice = convert(world, credits("2 umap-ucts"), "us-semester"_credit);
  CHECK(named_twice.to == "us-semester"_credit);
  CHECK(named_twice.to_system.id == "us-semester-credit"_credit);
  CHECK(named_twice.by(Way::agreement) == at("2"));
  CHECK(convert(world, credits("2 us-semester"), "us-semester-credit"_credit).same_system);
  CHECK_THROWS_AS(convert(world, credits("2 ect"), "cats"_credit), UnknownId);
  CHECK_THROWS_AS(convert(world, credits("2 ects"), "catz"_credit), UnknownId);

  CHECK(convert(world, credits("10 bw-credit"), "ects"_credit).by_year == at("5"));
  const auto strict = sample_world(EvidenceFloor::read);
  const auto botswana = convert(strict, credits("10 bw-credit"), "ects"_credit);
  CHECK_FALSE(botswana.by_year);
  CHECK_THAT(reason(botswana, Way::year), ContainsSubstring("bw-credit has no credits per full-time year, read in a source") &&
                                              ContainsSubstring("only known"));
  CHECK(botswana.from_system.credits_per_year == Rational{120});
  CHECK(convert(strict, credits("30 ects"), "cats"_credit).by_hours == range("75", "90"));
  CHECK(convert(world, credits("2 sit-credit"), "ects"_credit).by(Way::agreement) == range("3", "4"));
  const auto sit = convert(strict, credits("2 sit-credit"), "ects"_credit);
  CHECK(sit.by_agreement.empty());
  CHECK_THAT(reason(sit, Way::agreement), ContainsSubstring("that was read in a source"));
}

TEST_CASE("rounding is exact at the middle and on negative numbers", "[credit]") {
  struct Row {
    const char* value;
    const char* down;
    const char* up;
    const char* half_up;
    const char* half_even;
  };
  const auto row = GENERATE(values<Row>({{"5/2", "2", "3", "3", "2"},
                                         {"7/2", "3", "4", "4", "4"},
                                         {"19.2", "19", "20", "19", "19"},
                                         {"10.2", "10", "11", "10", "10"},
                                         {"12", "12", "12", "12", "12"},
                                         {"-5/2", "-3", "-2", "-2", "-2"},
                                         {"1/3", "0", "1", "0", "0"},
                                         {"2/3", "0", "1", "1", "1"}}));
  const Rational value = Rational::parse(row.value);
  CHECK(rounded(value, {RoundingMode::none, 1}) == value);
  CHECK(rounded(value, {RoundingMode::down, 1}) == Rational::parse(row.down));
  CHECK(rounded(value, {RoundingMode::up, 1}) == Rational::parse(row.up));
  CHECK(rounded(value, {RoundingMode::half_up, 1}) == Rational::parse(row.half_up));
  CHECK(rounded(value, {RoundingMode::half_even, 1}) == Rational::parse(row.half_even));
}

TEST_CASE("a published table of caps does not show its rounding", "[credit]") {
  // 30 % of 64 credits printed as 19, of 34 as 10: rounding down and to the nearest both fit.
  const auto mode = GENERATE(RoundingMode::down, RoundingMode::half_up, RoundingMode::half_even);
  CHECK(rounded(Rational{64} * Rational(3, 10), {mode, 1}) == Rational{19});
  CHECK(rounded(Rational{34} * Rational(3, 10), {mode, 1}) == Rational{10});
}

TEST_CASE("rounding names and grains are checked", "[credit]") {
  for (const auto mode : {RoundingMode::none, RoundingMode::down, RoundingMode::up, RoundingMode::half_up,
                          RoundingMode::half_even}) {
    CHECK(parse_rounding_mode(to_string(mode)) == mode);
  }
  CHECK(parse_rounding_mode("half-up") == RoundingMode::half_up);
  CHECK_THROWS_WITH(parse_rounding_mode("nearest"), ContainsSubstring("half_even"));
  CHECK_THROWS_AS(rounded(Rational{1}, {RoundingMode::down, Rational{0}}), InvalidValue);
  CHECK_THROWS_AS(error_bound({RoundingMode::down, Rational{-1}}), InvalidValue);
  CHECK_THROWS_AS(error_bound({}, -1), InvalidValue);
}

TEST_CASE("rounding each item is not rounding the total", "[credit]") {
  const auto world = sample_world();
  const std::vector units(3, credits("5 cats"));
  const auto down = convert_items(world, units, "ects"_credit, Way::year, {RoundingMode::down, 1});
  CHECK(down.items.size() == 3);
  CHECK(down.items[0].exact == at("5/2"));
  CHECK(down.exact_total == at("15/2"));
  CHECK(down.per_item == at("6"));
  CHECK(down.per_total == at("7"));
  CHECK(down.per_item_bound == ErrorBound{3, true});
  CHECK(down.per_total_bound == ErrorBound{1, true});
  const auto nearest = convert_items(world, units, "ects"_credit, Way::year, {RoundingMode::half_up, 1});
  CHECK(nearest.per_item == at("9"));
  CHECK(nearest.per_total == at("8"));
  CHECK(nearest.per_item_bound == ErrorBound{Rational(3, 2), false});

  const std::vector mixed{credits("5 cats"), credits("5 ects")};
  CHECK(convert_items(world, mixed, "ects"_credit, Way::year).exact_total == at("15/2"));
  CHECK_THROWS_AS(convert_items(world, std::vector<Credits>{}, "ects"_credit, Way::year), InvalidValue);
  CHECK_THROWS_AS(convert_items(world, std::vector{credits("1 sit-credit")}, "ects"_credit, Way::year), UnitMismatch);
  const std::vector apart{convert(world, units[0], "ects"_credit), convert(world, units[0], "nz-credit"_credit)};
  CHECK_THROWS_AS(convert_items(apart, Way::year), UnitMismatch);
}

TEST_CASE("comparisons have three values", "[credit]") {
  const auto world = sample_world();
  CHECK(certainly_at_least(world, credits("40 in-ncrf-credit"), credits("120 nz-credit")).truth == Truth::yes);
  // 75 to 90 by hours, 60 by year.
  const auto ects = credits("30 ects");
  CHECK(certainly_at_least(world, ects, credits("60 cats")).truth == Truth::yes);
  CHECK(certainly_at_least(world, ects, credits("91 cats")).truth == Truth::no);
  const auto open = certainly_at_least(world, ects, credits("75 cats"));
  CHECK(open.truth == Truth::unknown);
  REQUIRE(open.ways.size() == 2);
  CHECK(open.ways[0].truth == Truth::yes);
  CHECK(open.ways[1].truth == Truth::no);
  CHECK(open.reason == "the ways do not agree: 75-90 >= 75 cats by hours; 60 < 75 cats by year");
  CHECK(certainly_at_least(world, ects, credits("75 cats"), Way::hours).truth == Truth::yes);
  CHECK(certainly_at_least(world, ects, credits("80 cats"), Way::hours).truth == Truth::unknown);
  CHECK(certainly_at_least(world, ects, credits("75 cats"), Way::year).truth == Truth::no);
  CHECK(certainly_at_least(world, ects, credits("60 cats"), Way::agreement).truth == Truth::yes);

  CHECK(certainly_at_most(world, ects, credits("90 cats")).truth == Truth::yes);
  CHECK(certainly_at_most(world, ects, credits("59 cats")).truth == Truth::no);
  CHECK(certainly_at_most(world, ects, credits("60 cats")).truth == Truth::unknown);
  CHECK(certainly_at_most(world, ects, credits("80 cats"), Way::hours).truth == Truth::unknown);
  CHECK(certainly_at_most(world, ects, credits("60 cats"), Way::year).truth == Truth::yes);

  // A bound that is an interval itself: reached for certain at its upper end only.
  CHECK(certainly_at_least(world, ects, credits("50-60 cats"), Way::year).truth == Truth::yes);
  CHECK(certainly_at_least(world, ects, credits("50-61 cats"), Way::year).truth == Truth::unknown);
  CHECK(certainly_at_least(world, ects, credits("61-70 cats"), Way::year).truth == Truth::no);
}

TEST_CASE("a comparison without any way is unknown and says why", "[credit]") {
  const auto world = sample_world();
  const auto none = certainly_at_least(world, credits("3 kr-credit"), credits("1 ects"));
  CHECK(none.truth == Truth::unknown);
  CHECK(none.ways.empty());
  CHECK_THAT(none.reason, ContainsSubstring("class hours") && ContainsSubstring("year"));
  // The only way is an agreement without a scope.
  const auto agreement_only = certainly_at_least(world, credits("20 sit-credit"), credits("30 ects"));
  CHECK(agreement_only.truth == Truth::unknown);
  CHECK_THAT(agreement_only.reason, ContainsSubstring("only when the way \"agreement\" is named"));
  CHECK(certainly_at_least(world, credits("20 sit-credit"), credits("30 ects"), Way::agreement).truth == Truth::yes);
  CHECK_THROWS_AS(certainly_at_least(world, credits("20 sit-credit"), credits("30 ects"), Way::hours), UnitMismatch);
  CHECK_THROWS_AS(certainly_at_least(world, credits("30 ects"), credits("0 cats")), InvalidValue);
}

TEST_CASE("a rule that names a rounding compares rounded ends", "[credit]") {
  const auto world = sample_world();
  const auto unit = credits("5 cats");
  CHECK(certainly_at_least(world, unit, credits("3 ects"), Way::year).truth == Truth::no);
  CHECK(certainly_at_least(world, unit, credits("3 ects"), Way::year, {RoundingMode::half_up, 1}).truth == Truth::yes);
  CHECK(certainly_at_most(world, unit, credits("2 ects"), Way::year, {RoundingMode::half_even, 1}).truth == Truth::yes);
}

TEST_CASE("rules count the hull of the ways, or the way named", "[credit]") {
  const auto out = convert(sample_world(), credits("30 ects"), "cats"_credit);
  CHECK(counted(out) == range("60", "90"));
  CHECK(counted(out, Way::hours) == range("75", "90"));
  CHECK(counted(out, Way::agreement) == at("60"));
  CHECK_FALSE(counted(convert(credits("1 sit-credit"), kSit, kEcts)));
}

TEST_CASE("certain comparisons do not chain", "[credit]") {
  const auto world = sample_world();
  // Algeria states a year load and no hours. A New Zealand year certainly reaches an Algerian one,
  // that certainly reaches a European one, yet 1,200 hours do not reach 1,500.
  const auto broken = broken_chain(world, credits("120 nz-credit"), credits("60 dz-lmd"), credits("60 ects"));
  REQUIRE(broken);
  CHECK(broken->direct.truth == Truth::unknown);
  CHECK_THAT(broken->reason, ContainsSubstring("120 nz-credit") && ContainsSubstring("60 dz-lmd") && ContainsSubstring("40-48 < 60 ects by hours"));
  CHECK_FALSE(broken_chain(world, credits("60 ects"), credits("60 dz-lmd"), credits("120 nz-credit")));
  // Not being certainly larger either way is no equality: it does not chain either.
  const auto open = [&](const std::string& a, const std::string& b) {
    return certainly_at_least(world, credits(a), credits(b)).truth == Truth::unknown;
  };
  CHECK((open("30 ects", "65 cats") && open("30 ects", "85 cats")));
  CHECK(certainly_at_least(world, credits("65 cats"), credits("85 cats")).truth == Truth::no);
}

TEST_CASE("a volume of learning becomes credits only by a stated year load", "[credit]") {
  const auto world = sample_world();
  const auto ects = volume_of_learning(world, range("1/2", "1"), "ects"_credit);
  CHECK(ects.credits == range("30", "60"));
  CHECK(ects.hours == range("750", "1800"));
  CHECK(ects.sources.size() == 1);
  const auto algeria = volume_of_learning(world, at("3"), "dz-lmd"_credit);
  CHECK(algeria.credits == at("180"));
  CHECK_FALSE(algeria.hours);
  const auto korea = volume_of_learning(world, at("1"), "kr-credit"_credit);
  CHECK_FALSE(korea.credits);
  CHECK(korea.missing == std::vector<std::string>{"kr-credit states no credits per full-time year"});
  CHECK(volume_of_learning(world, at("1"), "us-semester"_credit).system == "us-semester-credit"_credit);
  CHECK(volume_of_learning(world, at("1"), "ie-nfq"_fw).credits == at("60"));
  const auto none = volume_of_learning(world, at("1"), "xx-none"_fw);
  CHECK_FALSE(none.credits);
  CHECK(none.missing == std::vector<std::string>{"xx-none names no credit system"});
  CHECK_FALSE(volume_of_learning(sample_world(EvidenceFloor::read), at("1"), "bw-credit"_credit).credits);
  CHECK_THROWS_AS(volume_of_learning(world, at("0"), "ects"_credit), InvalidValue);
  CHECK_THROWS_AS(volume_of_learning(world, range("2", "1"), "ects"_credit), InvalidValue);
  CHECK_THROWS_AS(volume_of_learning(world, range("-1", "1"), "xx-none"_fw), InvalidValue);
}

TEST_CASE("I34: the year way composes exactly", "[credit][property]") {
  Random random;
  for (int round = 0; round < 300; ++round) {
    const auto a = random.system_named("a");
    const auto b = random.system_named("b");
    const auto c = random.system_named("c");
    const Credits start{random.interval(), a.id};
    const Credits middle{*convert(start, a, b).by_year, b.id};
    CHECK(convert(middle, b, c).by_year == convert(start, a, c).by_year);
  }
}

TEST_CASE("I35: the hours way widens along a chain and a round trip contains its start", "[credit][property]") {
  const Credits six{6, kEcts.id};
  const auto out = convert(six, kEcts, kCats);
  CHECK(out.by_hours == range("15", "18"));
  CHECK(convert(Credits{*out.by_hours, kCats.id}, kCats, kEcts).by_hours == range("5", "36/5"));

  Random random;
  int strictly_wider = 0;
  for (int round = 0; round < 300; ++round) {
    const auto a = random.system_named("a");
    const auto b = random.system_named("b");
    const auto c = random.system_named("c");
    const Credits start{random.interval(), a.id};
    const Credits middle{*convert(start, a, b).by_hours, b.id};
    const Range chained = *convert(middle, b, c).by_hours;
    const Range direct = *convert(start, a, c).by_hours;
    CHECK(inside(direct, chained));
    if (b.hours_per_credit->is_point()) CHECK(direct == chained);
    if (direct != chained) ++strictly_wider;
    CHECK(inside(start.amount(), *convert(middle, b, a).by_hours));
  }
  CHECK(strictly_wider > 100);
}

TEST_CASE("I36: conversion is monotone, and additive before rounding", "[credit][property]") {
  Random random;
  for (int round = 0; round < 300; ++round) {
    const auto a = random.system_named("a");
    const auto b = random.system_named("b");
    const Credits x{random.interval(), a.id};
    const Credits y{random.interval(), a.id};
    const auto fx = convert(x, a, b);
    const auto fy = convert(y, a, b);
    const auto sum = convert(x + y, a, b);
    for (const auto way : {Way::hours, Way::year}) {
      const Range left = *fx.by(way);
      const Range right = *fy.by(way);
      CHECK(sum.by(way) == Range{left.min + right.min, left.max + right.max});
      CHECK((x.amount().min <= y.amount().min) == (left.min <= right.min));
      CHECK((x.amount().max <= y.amount().max) == (left.max <= right.max));
    }
    const std::vector both{fx, fy};
    CHECK(convert_items(both, Way::hours).exact_total == sum.by_hours);
    // The factor of full years is exactly what separates the two ways.
    const Range factor = *fx.full_year_factor;
    CHECK(Range{fx.by_year->min * factor.min, fx.by_year->max * factor.max} == fx.by_hours);
  }
}

TEST_CASE("I37: rounding stays within its bounds and is idempotent", "[credit][property]") {
  const auto mode = GENERATE(RoundingMode::none, RoundingMode::down, RoundingMode::up, RoundingMode::half_up,
                             RoundingMode::half_even);
  Random random;
  const auto within = [](const Rational& error, const ErrorBound& bound) {
    const Rational size = error < Rational{0} ? -error : error;
    return bound.strict ? size < bound.bound : size <= bound.bound;
  };
  for (int round = 0; round < 300; ++round) {
    const Rounding rounding{mode, Rational{random.whole(1, 6), random.whole(1, 6)}};
    const Rational exact = random.fraction();
    const Rational other = exact + random.fraction();
    const Rational once = rounded(exact, rounding);
    CHECK(rounded(once, rounding) == once);
    CHECK(once <= rounded(other, rounding));
    CHECK(within(once - exact, error_bound(rounding)));
    if (mode != RoundingMode::none) CHECK((once / rounding.grain).is_integer());
    if (mode == RoundingMode::down) CHECK(once <= exact);
    if (mode == RoundingMode::up) CHECK(once >= exact);

    Rational sum_exact = 0;
    Rational sum_rounded = 0;
    const auto items = random.whole(1, 8);
    for (std::int64_t item = 0; item < items; ++item) {
      const Rational value = random.fraction();
      sum_exact += value;
      sum_rounded += rounded(value, rounding);
    }
    CHECK(within(sum_rounded - sum_exact, error_bound(rounding, items)));
  }
}

TEST_CASE("comparisons say what their definition says", "[credit][property]") {
  Random random;
  for (int round = 0; round < 300; ++round) {
    const auto a = random.system_named("a");
    const auto b = random.system_named("b");
    const auto out = convert(Credits{random.interval(), a.id}, a, b);
    // Near the middle of the answers, so that each of the three truths occurs.
    const Range bound{out.by_hours->min * Rational(random.whole(1, 16), 8),
                      out.by_hours->min * Rational(16 + random.whole(0, 16), 8)};
    const Range hull = *out.hull();
    const auto reached = certainly_at_least(out, bound).truth;
    const auto capped = certainly_at_most(out, bound).truth;
    CHECK((reached == Truth::yes) == (hull.min >= bound.max));
    CHECK((reached == Truth::no) == (hull.max < bound.min));
    CHECK((capped == Truth::yes) == (hull.max <= bound.min));
    CHECK((capped == Truth::no) == (hull.min > bound.max));
  }
}
