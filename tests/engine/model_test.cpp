// The values of the model: exact numbers, days, names, hashes, ends of sets of levels, the world.

#include "sketch.hpp"

#include <array>
#include <functional>
#include <latch>
#include <limits>
#include <memory>
#include <random>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators_all.hpp>
#include <catch2/matchers/catch_matchers_all.hpp>

#include "qualgraph/credit/credits.hpp"
#include "qualgraph/mapping/loss.hpp"
#include "qualgraph/model/date.hpp"
#include "qualgraph/model/digest.hpp"
#include "qualgraph/model/error.hpp"
#include "qualgraph/model/framework.hpp"
#include "qualgraph/model/rational.hpp"
#include "qualgraph/model/suggest.hpp"

using namespace qualgraph;
using namespace qualgraph::literals;
using namespace qualgraph::test;
using Catch::Matchers::ContainsSubstring;

namespace {

using Strings = std::vector<std::string>;

constexpr std::int64_t kMax = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t kMin = std::numeric_limits<std::int64_t>::min();

Rational number(const char* text) { return Rational::parse(text); }

const World& bundled() {
  static const World world = load_folder(QUALGRAPH_DATA_DIR);
  return world;
}

}  // namespace

// ---- Exact numbers ------------------------------------------------------------------------------

TEST_CASE("fractions stand in lowest terms with a positive denominator") {
  CHECK(Rational(6, 4).str() == "3/2");
  CHECK(Rational(-6, 4).str() == "-3/2");
  CHECK(Rational(6, -4).str() == "-3/2");
  CHECK(Rational(-6, -4).str() == "3/2");
  CHECK(Rational(0, -7) == Rational(0));
  CHECK(Rational(8, 4).str() == "2");
  CHECK(Rational(8, 4).is_integer());
  CHECK(Rational().str() == "0");
  CHECK(Rational(kMin, 2).str() == "-4611686018427387904");
  CHECK(Rational(kMin, kMin) == Rational(1));
  CHECK(Rational(kMax, kMax) == Rational(1));
  CHECK_THROWS_AS(Rational(1, 0), InvalidValue);
  CHECK_THROWS_AS(Rational(0, 0), InvalidValue);
  CHECK_THROWS_AS(Rational(1, kMin), NumericOverflow);
}

TEST_CASE("numbers are read exactly or not at all") {
  CHECK(number("3") == Rational(3));
  CHECK(number("-3") == Rational(-3));
  CHECK(number("3/2") == Rational(3, 2));
  CHECK(number("-6/4") == Rational(-3, 2));
  CHECK(number("2.5") == Rational(5, 2));
  CHECK(number("-0.1") == Rational(-1, 10));
  CHECK(number("0.30") == Rational(3, 10));
  CHECK(number("9223372036854775807") == Rational(kMax));
  CHECK(number("-9223372036854775808") == Rational(kMin));
  CHECK(number("0.000000000000000001") == Rational(1, 1'000'000'000'000'000'000));
  for (const char* text : {"", " ", "x", "+3", " 3", "3 ", "1e3", "0x10", "3/", "/2", "1/2/3", "3/-2", "1/0", "-", "--1", ".5", "5.",
                           "1.2.3", "1.-5", "-1.-5", "1,5", "1/2.5", "NaN", "inf", "\xC2\xBD"}) {
    INFO(text);
    CHECK_THROWS_AS(number(text), InvalidValue);
  }
  for (const char* text : {"9223372036854775808", "-9223372036854775809", "1/9223372036854775808", "0.0000000000000000001", "9223372036854775807.5"}) {
    INFO(text);
    CHECK_THROWS_AS(number(text), NumericOverflow);
  }
}

TEST_CASE("arithmetic is exact and refuses what does not fit") {
  CHECK(Rational(1, 3) + Rational(1, 6) == Rational(1, 2));
  CHECK(Rational(1, 3) - Rational(1, 2) == Rational(-1, 6));
  CHECK(Rational(2, 3) * Rational(9, 4) == Rational(3, 2));
  CHECK(Rational(2, 3) / Rational(-4, 9) == Rational(-3, 2));
  CHECK(-Rational(2, 3) == Rational(-2, 3));
  // Large parts that cancel fit; nothing is rounded on the way.
  CHECK(Rational(kMax, 2) * Rational(2, kMax) == Rational(1));
  CHECK(Rational(kMax) - Rational(kMax) == Rational(0));
  CHECK_THROWS_AS(Rational(1) / Rational(0), InvalidValue);
  CHECK_THROWS_AS(Rational(kMax) + Rational(1), NumericOverflow);
  CHECK_THROWS_AS(Rational(kMin) - Rational(1), NumericOverflow);
  CHECK_THROWS_AS(Rational(kMax) * Rational(2), NumericOverflow);
  CHECK_THROWS_AS(-Rational(kMin), NumericOverflow);
  CHECK_THROWS_AS(Rational(1, kMax) / Rational(2), NumericOverflow);
  // A sum that fails leaves its operand as it was.
  Rational kept(kMax);
  CHECK_THROWS_AS(kept += Rational(1), NumericOverflow);
  CHECK(kept == Rational(kMax));
}

TEST_CASE("fractions are ordered without rounding") {
  CHECK(Rational(1, 3) < Rational(1, 2));
  CHECK(Rational(-1, 2) < Rational(-1, 3));
  CHECK(Rational(kMax - 1, kMax) < Rational(kMax, kMax - 1));
  CHECK(Rational(kMin) < Rational(kMax));
  CHECK(Rational(1, kMax) > Rational(0));
  CHECK(Rational(kMax, kMax - 1) > Rational(1));
}

TEST_CASE("A common multiple is the least one, or is refused") {
  CHECK(common_multiple(4, 6) == 12);
  CHECK(common_multiple(1, 7) == 7);
  CHECK(common_multiple(3'000'000'019, 3'000'000'019) == 3'000'000'019);
  CHECK_THROWS_AS(common_multiple(4'000'000'007, 4'000'000'009), NumericOverflow);
}

TEST_CASE("floor and ceiling of negative fractions go the right way") {
  CHECK(floor(Rational(7, 2)) == 3);
  CHECK(ceil(Rational(7, 2)) == 4);
  CHECK(floor(Rational(-7, 2)) == -4);
  CHECK(ceil(Rational(-7, 2)) == -3);
  CHECK(floor(Rational(-1, 3)) == -1);
  CHECK(ceil(Rational(-1, 3)) == 0);
  CHECK(floor(Rational(kMin)) == kMin);
  CHECK(ceil(Rational(kMax)) == kMax);
}

TEST_CASE("random fractions keep the laws of arithmetic") {
  std::mt19937 engine(7);
  const auto draw = [&] {
    const auto part = [&](int low, int high) { return low + static_cast<int>(engine() % static_cast<unsigned>(high - low + 1)); };
    return Rational(part(-60, 60), part(1, 60));
  };
  for (int i = 0; i < 500; ++i) {
    const Rational a = draw();
    const Rational b = draw();
    const Rational c = draw();
    INFO(a.str() << " " << b.str() << " " << c.str());
    CHECK(a + b == b + a);
    CHECK((a + b) + c == a + (b + c));
    CHECK(a * (b + c) == a * b + a * c);
    CHECK(a + b - b == a);
    if (b != Rational(0)) CHECK(a / b * b == a);
    CHECK((a < b) == (a.numerator() * b.denominator() < b.numerator() * a.denominator()));
    CHECK(Rational::parse(a.str()) == a);
    CHECK(Rational(floor(a)) <= a);
    CHECK(a < Rational(floor(a) + 1));
    CHECK(ceil(a) == -floor(-a));
  }
}

// ---- Days and names --------------------------------------------------------------------------------

TEST_CASE("a day is a date of the calendar, a bare year its first of January") {
  CHECK(to_string(parse_date("2019-03-14")) == "2019-03-14");
  CHECK(to_string(parse_date("2019")) == "2019-01-01");
  CHECK(to_string(parse_date("2020-02-29")) == "2020-02-29");
  CHECK(parse_date("2019") == first_day(2019));
  for (const char* text : {"", "19", "20190", "2019-02-29", "2019-13-01", "2019-00-10", "2019-04-31", "2019-3-14", "2019/03/14", "2019-03",
                           "2019-03-14T00", "+019", "-019", " 2019", "today", "14-03-2019"}) {
    INFO(text);
    CHECK_THROWS_AS(parse_date(text), InvalidValue);
  }
}

TEST_CASE("a level is named by its framework and its own code") {
  const LevelRef level = LevelRef::parse("no-nkr:4A");
  CHECK(level.framework == "no-nkr"_fw);
  CHECK(level.code == "4A");
  CHECK(level.str() == "no-nkr:4A");
  // Only the first colon parts them: a code is written as its framework writes it.
  CHECK(LevelRef::parse("a:7.1:b").code == "7.1:b");
  for (const char* text : {"", ":", "nz-nzqcf", "nz-nzqcf:", ":8", "8"}) {
    INFO(text);
    CHECK_THROWS_AS(LevelRef::parse(text), InvalidValue);
  }
  CHECK_THROWS_WITH(LevelRef::parse("level 8"), ContainsSubstring("such as \"nz-nzqcf:8\""));
}

TEST_CASE("distances between names count single slips") {
  CHECK(edit_distance("", "") == 0);
  CHECK(edit_distance("", "abc") == 3);
  CHECK(edit_distance("kitten", "sitting") == 3);
  CHECK(edit_distance("ie-nqf", "ie-nfq") == 1);  // two letters swapped
  CHECK(edit_distance("EQF", "eqf") == 0);
  CHECK(edit_distance("ca", "abc") == 3);  // a swapped pair is not edited again
  CHECK(edit_distance("abc", "ca") == 3);
}

TEST_CASE("only names that are near enough are offered, nearest first") {
  const Strings names = {"ie-nfq", "eqf", "nz-nzqcf", "za-nqf", "ng-nqf"};
  CHECK(nearest("ie-nqf", names).front() == "ie-nfq");
  CHECK(nearest("nzqcf", names) == Strings{"nz-nzqcf"});  // part of a name
  CHECK(nearest("xx-nqf", names, 1).size() == 1);
  CHECK(nearest("something else", names).empty());
  CHECK(nearest("", names) == nearest("", names));
  CHECK(did_you_mean("eqg", names) == " Did you mean \"eqf\"?");
  CHECK(did_you_mean("zz-nqf", Strings{"za-nqf", "ng-nqf"}) == " Did you mean \"za-nqf\" or \"ng-nqf\"?");
  CHECK(did_you_mean("something else", names).empty());
  // A megabyte is no name that anybody meant, and costs nothing to tell.
  CHECK(nearest(std::string(1'000'000, 'e'), names).empty());
  CHECK(nearest("eqf", Strings{std::string(1'000'000, 'e')}).empty());
}

TEST_CASE("the hash is SHA-256") {
  // FIPS 180-4 examples, and lengths around the ends of a block.
  CHECK(sha256("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(sha256("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(sha256("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq") ==
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  CHECK(sha256("abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu") ==
        "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1");
  CHECK(sha256(std::string(1'000'000, 'a')) == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
  const std::pair<std::size_t, const char*> lengths[] = {
      {55, "85528b5baff5639cb8e7daca79d085ac29ac0978e873ed7527158616b2b6c379"},
      {56, "f8ce2f8d6990c639668fe404262f35ed72d8bb145ad6bae786af7284447386df"},
      {63, "9b49777003a4143d8c3f4d3002eb631c6bda8b030a3ccc87f8a21d5f61c89e87"},
      {64, "ee8e658590c9a5e119400a774415a01db104de1ee6e2c29ec69aa73ef46544d2"},
      {65, "2b6c3f7f12b1b12fc5409626dc4e5302d8d37082cbeddea7755eac43aba039c8"},
      {119, "c8bc8a6e9626586bb888ad131d44ed2bd37fc608e902904ade3c566c4208e6ca"},
      {120, "77a2d49d72a11e41678c51f8f0cb67f5cb570f30370c3aeffe266a0d1ee43209"},
      {128, "652713bcb795a6978fa84aa8d071d13e9ee581a8e716e8ab18daa49d1e920360"},
  };
  for (const auto& [length, digest] : lengths) CHECK(sha256(std::string(length, 'q')) == digest);
  std::string bytes;
  for (int i = 0; i < 256; ++i) bytes += static_cast<char>(i);
  CHECK(sha256(bytes) == "40aff2e9d2d8922e47afd4648e6967497158785fbd1da870e7110266bf944880");
}

TEST_CASE("a quotation ends with a letter and marks bytes that are none") {
  const std::string mark = "\xEF\xBF\xBD";
  const std::string school = "\xC3\xA9 \xE6\xA0\xA1 \xF0\x9F\x8E\x93";
  CHECK(in_quotes(school) == "\"" + school + "\"");
  CHECK(in_quotes(std::string(79, 'a') + "\xC3\xA9") == "\"" + std::string(79, 'a') + "...\"");
  // A stray byte, an overlong slash, half a surrogate pair, a torn letter, a letter beyond the last plane.
  for (const auto& [bytes, marks] : {std::pair{"\xFF", 1}, std::pair{"\xC0\xAF", 2}, std::pair{"\xED\xA0\x80", 3},
                                     std::pair{"\xE6\xA0", 2}, std::pair{"\xF4\x90\x80\x80", 4}}) {
    std::string expected;
    for (int i = 0; i < marks; ++i) expected += mark;
    CHECK(in_quotes("a" + std::string(bytes) + "b") == "\"a" + expected + "b\"");
  }
  CHECK(in_quotes({"a\0b\x1B\x7F\t\n", 7}) == "\"a\\u0000b\\u001b\\u007f\t\n\"");
  CHECK(in_quotes(std::string(76, 'a') + '\0') == "\"" + std::string(76, 'a') + "...\"");
}

TEST_CASE("a control character does not cut a message short") {
  const std::string name("no\0ne \x1B[2J", 10);
  for (const auto& ask : {std::function<void()>([&] { static_cast<void>(Credits::parse(name)); }),
                          std::function<void()>([&] { static_cast<void>(Rational::parse(name)); }),
                          std::function<void()>([&] { throw UnknownId("no name " + name); })}) {
    try {
      ask();
      FAIL("nothing was thrown");
    } catch (const Error& error) {
      const std::string message = error.what();
      INFO(message);
      CHECK(message.find("no\\u0000ne \\u001b[2J") != std::string::npos);
      CHECK(message.find('\x1B') == std::string::npos);
    }
  }
}

// ---- Levels ----------------------------------------------------------------------------------------

TEST_CASE("ends of a set of levels: parallel tracks meet below and join above") {
  const World world = sketch("F: 1 (2A 2B) (3A 3B) 4");
  const Framework& framework = world.framework("F"_fw);
  using Levels = std::vector<int>;
  const auto ends = [&](LevelMask set) { return bounds(framework, set); };
  CHECK(ends(0b000110).minimal == Levels{1, 2});
  CHECK(ends(0b000110).floors == Levels{0});
  CHECK(ends(0b000110).ceilings == Levels{3, 4});  // both upper tracks are least upper bounds
  CHECK(ends(0b011000).floors == Levels{1, 2});
  CHECK(ends(0b011000).ceilings == Levels{5});
  CHECK(ends(0b001010).floors == Levels{1});
  CHECK(ends(0b001010).ceilings == Levels{3});
  CHECK(ends(0b100001).floors == Levels{0});
  CHECK(ends(0b100001).ceilings == Levels{5});
  CHECK(ends(0b001110).minimal == Levels{1, 2});
  CHECK(ends(0b001110).maximal == Levels{3});
  CHECK(ends(0b001110).floors == Levels{0});
  CHECK(ends(0b001110).ceilings == Levels{3});
  CHECK(ends(0).minimal.empty());
  const World bottom = sketch("F: (1A 1B) 2 (3A 3B)");
  CHECK(bounds(bottom.framework("F"_fw), 0b00011).floors.empty());     // nothing lies below both
  CHECK(bounds(bottom.framework("F"_fw), 0b11000).ceilings.empty());
  CHECK(bounds(bottom.framework("F"_fw), 0b11000).floors == Levels{2});
}

TEST_CASE("ends of random sets are those of the order's definition") {
  std::mt19937 engine(11);
  for (int round = 0; round < 100; ++round) {
    std::string line = "F:";
    int count = 0;
    while (count < 8) {
      const int tracks = 1 + static_cast<int>(engine() % 3U);
      line += tracks > 1 ? " (" : " ";
      for (int track = 0; track < tracks; ++track) line += (track > 0 ? " " : "") + std::to_string(++count);
      line += tracks > 1 ? ")" : "";
    }
    INFO(line);
    const World world = sketch(line);
    const Framework& framework = world.framework("F"_fw);
    for (int each = 0; each < 20; ++each) {
      const LevelMask set = (engine() % framework.all()) + 1;
      std::vector<int> members;
      for (int i = 0; i < count; ++i) {
        if (((set >> i) & 1U) != 0) members.push_back(i);
      }
      // Lower bounds by definition, then the greatest among them; upper bounds the other way round.
      const auto extremes = [&](const std::vector<int>& all, auto&& beaten) {
        std::vector<int> result;
        for (const int a : all) {
          bool best = true;
          for (const int b : all) best = best && (a == b || !beaten(a, b));
          if (best) result.push_back(a);
        }
        return result;
      };
      std::vector<int> lower;
      std::vector<int> upper;
      for (int i = 0; i < count; ++i) {
        bool below = true;
        bool above = true;
        for (const int member : members) {
          below = below && framework.at_most(i, member);
          above = above && framework.at_most(member, i);
        }
        if (below) lower.push_back(i);
        if (above) upper.push_back(i);
      }
      const auto under = [&](int a, int b) { return framework.at_most(a, b); };
      const auto over = [&](int a, int b) { return framework.at_most(b, a); };
      const Bounds found = bounds(framework, set);
      CHECK(found.minimal == extremes(members, over));
      CHECK(found.maximal == extremes(members, under));
      CHECK(found.floors == extremes(lower, under));
      CHECK(found.ceilings == extremes(upper, over));
    }
  }
}

TEST_CASE("a framework holds sixty-four levels") {
  std::string line = "F:";
  for (int i = 1; i <= kMaxLevels; ++i) line += " " + std::to_string(i);
  const World world = sketch(line, "G: a b", "F>G: 64-b 1-a");
  CHECK(world.framework("F"_fw).all() == ~LevelMask{0});
  CHECK(map_level(world, "F:64"_level, "G"_fw).possible == codes("b"));
  CHECK(map_level(world, "G:b"_level, "F"_fw).possible == codes("64"));
  CHECK(bounds(world.framework("F"_fw), LevelMask{1} << 63).floors == std::vector<int>{63});
}

// ---- The world -------------------------------------------------------------------------------------

TEST_CASE("an unknown framework is answered with the nearest, an abbreviation with all who use it") {
  const World world = sketch("ie-nfq: 1", "za-nqf: 1", "ng-nqf: 1", "nz-nzqcf: 1");
  CHECK(world.find("ie-nqf"_fw) == nullptr);
  CHECK_THROWS_AS(world.framework("ie-nqf"_fw), UnknownId);
  CHECK_THROWS_WITH(world.framework("ie-nqf"_fw), ContainsSubstring("no framework \"ie-nqf\"") && ContainsSubstring("Did you mean \"ie-nfq\" (Framework ie-nfq)"));
  CHECK_THROWS_WITH(world.framework("NQF"_fw), ContainsSubstring("used by 2 frameworks; write the full id: \"ng-nqf\" (Framework ng-nqf), \"za-nqf\""));
  CHECK_THROWS_WITH(world.framework("nzqcf"_fw), ContainsSubstring("Did you mean \"nz-nzqcf\""));
  CHECK_THROWS_WITH(world.framework(""_fw), ContainsSubstring("no framework \"\""));
  CHECK_THROWS_AS(world.framework(FrameworkId{std::string(1'000'000, 'n')}), UnknownId);
}

TEST_CASE("an unknown level is answered with the framework's own, and a split number with its tracks") {
  const World world = sketch("A: 1 (4A 4B)", "B:");
  CHECK(world.level_index("A:4B"_level) == 2);
  CHECK_THROWS_WITH(world.level_index("A:4"_level), ContainsSubstring("no level \"4\" in \"A\" (Framework A); its levels are 1, 4A, 4B"));
  CHECK_THROWS_WITH(world.level_index("B:1"_level), ContainsSubstring("no level list of \"B\" (Framework B) was found"));
  CHECK_THROWS_AS(world.level_index("C:1"_level), UnknownId);
}

TEST_CASE("among the bundled facts an abbreviation of many and a level of two tracks name them all") {
  const World& world = bundled();
  const auto said = [&](const char* id) {
    try {
      static_cast<void>(world.framework(FrameworkId{id}));
    } catch (const UnknownId& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  // Montenegro, North Macedonia, Malta and Malaysia each have an MQF.
  const std::string mqf = said("MQF");
  CHECK_THAT(mqf, ContainsSubstring("used by 4 frameworks; write the full id: \"me-mqf\" (") && ContainsSubstring(", \"mk-nmqf\" (") &&
                      ContainsSubstring(", \"mt-mqf\" (") && ContainsSubstring(", \"my-mqf\" ("));
  for (const char* each : {"PQF", "TQF", "VQF"}) CHECK_THAT(said(each), ContainsSubstring("write the full id"));
  CHECK_THAT(said("SCQF"), ContainsSubstring("Did you mean \"gb-sct-scqf\" ("));
  CHECK_THROWS_WITH(world.level_index("no-nkr:4"_level),
                    ContainsSubstring("its levels are 2, 3, 4A, 4B, 5.1") && ContainsSubstring("Level 4 stands for parallel tracks; name one of 4A, 4B"));
  CHECK_THROWS_WITH(world.level_index("eqf:9"_level), ContainsSubstring("its levels are 1, 2, 3, 4, 5, 6, 7, 8") && !ContainsSubstring("tracks"));
  CHECK_THROWS_WITH(world.credit_system("etcs"_credit), ContainsSubstring("no credit system \"etcs\". Did you mean \"ects\""));
  const std::vector<DocumentId> wrong = {DocumentId{"nz-nzqcf>eqf@2015"}};
  CHECK_THROWS_WITH(world.without_documents(wrong), ContainsSubstring("no document \"nz-nzqcf>eqf@2015\". Did you mean \"nz-nzqcf>eqf@2016\""));
  CHECK(said(std::string(1'000'000, 'q').c_str()).size() < 200);
}

TEST_CASE("mappings are found by id and by their two ends, oldest first") {
  const World world = sketch("A: 1", "B: 1", "A>B: 1-1", "A>B@2015: 1-1", "A>B@2009 superseded: 1-1", "B>A@2001: 1-1");
  Strings found;
  for (const Mapping* each : world.mappings_between("A"_fw, "B"_fw)) found.push_back(each->id.str());
  CHECK(found == Strings{"A>B@nd", "A>B@2009", "A>B@2015"});
  CHECK(world.mapping(MappingId{"A>B@2015"}).year == 2015);
  CHECK_THROWS_WITH(world.mapping(MappingId{"A>B@2016"}), ContainsSubstring("Did you mean \"A>B@2015\""));
}

TEST_CASE("a derived world is another world: nothing leaks back") {
  const World world = sketch("A: 1", "B: 1 2", "A>B doc=paper: 1-1");
  const std::string before = table(world, "A", "B");
  const Mapping more = read_mapping(world, R"({"from": "A", "to": "B", "year": 2020, "document": "Mine", "kind": "comparison",
      "pairs": [["1", "2"]], "pairs_evidence": "known", "sources": [{"title": "Mine", "evidence": "known"}]})", "mine");
  const World richer = world.with_mapping(more);
  CHECK(table(richer, "A", "B") == "1:clash 1");
  CHECK(table(world, "A", "B") == before);
  CHECK_THROWS_AS(richer.with_mapping(more), InvalidValue);
  CHECK_THROWS_WITH(richer.with_mapping(more), ContainsSubstring("already loaded"));
  CHECK(world.hash() != richer.hash());
  const std::vector<DocumentId> gone = {DocumentId{"A>B@2020"}};
  CHECK(richer.without_documents(gone).hash() == world.hash());
  // A view asks differently of the same facts.
  const World early = world.with_view({parse_date("1990"), EvidenceFloor::all});
  CHECK(early.hash() == world.hash());
  CHECK(table(early, "A", "B") == "1:undated");
  CHECK(table(world, "A", "B") == before);
  CHECK(early.with_view({}).view() == world.view());
}

TEST_CASE("an empty world answers that it knows nothing") {
  const World world;
  CHECK(world.frameworks().empty());
  CHECK(world.hash().size() == 64);
  CHECK_THROWS_AS(map_level(world, "A:1"_level, "B"_fw), UnknownId);
}

TEST_CASE("what a world derives is built once, and anew for a world that differs") {
  struct Seen {
    std::size_t mappings;
    bool dated;
  };
  int built = 0;
  const std::function<Shared<Seen>(const World&)> build = [&](const World& world) {
    ++built;
    if (built == 1) throw InvalidValue("not yet");
    return std::make_shared<const Seen>(Seen{world.mappings().size(), world.view().as_of.has_value()});
  };
  const World world = sketch("A: 1", "B: 1", "A>B doc=paper: 1-1");
  const World copy = world;
  CHECK_THROWS_AS(world.derived(build), InvalidValue);  // a failure is not kept
  CHECK(world.derived(build) == copy.derived(build));
  CHECK(built == 2);
  CHECK_FALSE(world.derived(build)->dated);
  CHECK(world.with_view({first_day(2020), EvidenceFloor::all}).derived(build)->dated);
  CHECK(world.without_documents(std::vector{DocumentId{"paper"}}).derived(build)->mappings == 0);
  CHECK(built == 4);
}

TEST_CASE("many readers of one fresh world agree with one") {
  struct Size {
    std::size_t mappings;
  };
  struct Answers {
    std::string hash;
    std::vector<LevelMask> sets;
    std::size_t routes = 0;
    int lost = 0;
    const Size* shared = nullptr;
    bool operator==(const Answers&) const = default;
  };
  const auto ask = [](const World& world) {
    Answers answers;
    answers.shared = world.derived<Size>([](const World& each) { return std::make_shared<const Size>(Size{each.mappings().size()}); }).get();
    answers.hash = world.hash();
    for (const LevelAnswer& answer : map_framework(world, "ie-nfq"_fw, "nz-nzqcf"_fw)) answers.sets.push_back(answer.levels);
    const World dated = world.with_view({first_day(2018), EvidenceFloor::all});
    answers.routes = map_level(dated, "nz-nzqcf:7"_level, "eqf"_fw).routes.size();
    answers.lost = round_trip(world, "gb-sct-scqf"_fw, "ie-nfq"_fw).lost;
    return answers;
  };
  // Each round starts with cold caches, and all readers at once: the first use of each cache is a race.
  for (int round = 0; round < 3; ++round) {
    const World world = World(bundled().facts());
    std::array<Answers, 6> found;
    std::latch start(static_cast<std::ptrdiff_t>(found.size()));
    std::vector<std::thread> readers;
    for (Answers& each : found) {
      readers.emplace_back([&] {
        const World own = world;
        start.arrive_and_wait();
        each = ask(own);
      });
    }
    for (std::thread& reader : readers) reader.join();
    const Answers alone = ask(world);
    CHECK(alone.hash == bundled().hash());
    CHECK(alone.sets.size() == 10);
    for (const Answers& each : found) CHECK(each == alone);
  }
}

// ---- The drawings themselves -------------------------------------------------------------------------

TEST_CASE("a drawing that cannot be read is refused") {
  CHECK_THROWS_AS(sketch("A"), std::invalid_argument);
  CHECK_THROWS_AS(sketch("A regional: 1"), std::invalid_argument);
  CHECK_THROWS_AS(sketch("A: 1", "B: 1", "A>B adoptd: 1-1"), std::invalid_argument);
  CHECK_THROWS_AS(sketch("A: 1", "B: 1", "A>B: 1"), std::invalid_argument);
  CHECK_THROWS_AS(sketch("A: 1", "B: 1", "A>B: 1-2"), FactError);
}
