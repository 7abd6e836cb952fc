// What holds for every world of facts: the laws of level mapping on random drawn worlds. A failure
// shows the world as text, ready to be pasted into a case of levels_test.cpp.

#include "sketch.hpp"

#include <algorithm>
#include <bit>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators_all.hpp>

#include "qualgraph/mapping/audit_of_documents.hpp"
#include "qualgraph/mapping/loss.hpp"
#include "qualgraph/mapping/map_level.hpp"
#include "qualgraph/mapping/monotone.hpp"
#include "qualgraph/mapping/provenance.hpp"

using namespace qualgraph;
using namespace qualgraph::test;

namespace {

using Lines = std::vector<std::string>;
using Row = std::pair<int, int>;

/// One set of target levels per source level, bit i for the i-th level.
struct Relation {
  std::vector<LevelMask> rows;
  int targets = 0;
  friend bool operator==(const Relation&, const Relation&) = default;
};

Relation identity(int levels) {
  Relation result{{}, levels};
  for (int i = 0; i < levels; ++i) result.rows.push_back(LevelMask{1} << i);
  return result;
}

Relation compose(const Relation& first, const Relation& second) {
  Relation result{std::vector<LevelMask>(first.rows.size(), 0), second.targets};
  for (std::size_t a = 0; a < first.rows.size(); ++a) {
    for (std::size_t b = 0; b < second.rows.size(); ++b) {
      if (((first.rows[a] >> b) & 1U) != 0) result.rows[a] |= second.rows[b];
    }
  }
  return result;
}

Relation converse(const Relation& relation) {
  Relation result{std::vector<LevelMask>(static_cast<std::size_t>(relation.targets), 0), static_cast<int>(relation.rows.size())};
  for (std::size_t a = 0; a < relation.rows.size(); ++a) {
    for (std::size_t b = 0; b < result.rows.size(); ++b) {
      if (((relation.rows[a] >> b) & 1U) != 0) result.rows[b] |= LevelMask{1} << a;
    }
  }
  return result;
}

Relation unite(const Relation& one, const Relation& other) {
  Relation result = one;
  for (std::size_t a = 0; a < result.rows.size(); ++a) result.rows[a] |= other.rows[a];
  return result;
}

/// Draws worlds from a seed, always the same ones.
class Draw {
 public:
  explicit Draw(unsigned seed) : engine_(seed) {}

  int upto(int count) { return static_cast<int>(engine_() % static_cast<unsigned>(count)); }
  int between(int low, int high) { return low + upto(high - low + 1); }
  bool chance(int percent) { return upto(100) < percent; }
  template <class T>
  const T& one_of(const std::vector<T>& list) {
    return list[static_cast<std::size_t>(upto(static_cast<int>(list.size())))];
  }

  Relation relation(int from, int to, int percent) {
    Relation result{std::vector<LevelMask>(static_cast<std::size_t>(from), 0), to};
    for (LevelMask& row : result.rows) {
      for (int b = 0; b < to; ++b) row |= chance(percent) ? LevelMask{1} << b : 0;
    }
    return result;
  }

  /// A relation without crossings: a lattice path from the bottom left, some of whose cells are rows.
  Relation crossing_free(int from, int to) {
    Relation result{std::vector<LevelMask>(static_cast<std::size_t>(from), 0), to};
    int a = 0;
    int b = 0;
    while (a < from && b < to) {
      if (chance(70)) result.rows[static_cast<std::size_t>(a)] |= LevelMask{1} << b;
      const int step = upto(3);
      a += step != 1 ? 1 : 0;
      b += step != 0 ? 1 : 0;
    }
    return result;
  }

  /// A monotone function, total.
  Relation monotone(int from, int to) {
    std::vector<int> values;
    for (int a = 0; a < from; ++a) values.push_back(upto(to));
    std::ranges::sort(values);
    Relation result{{}, to};
    for (const int value : values) result.rows.push_back(LevelMask{1} << value);
    return result;
  }

  std::mt19937& engine() { return engine_; }

 private:
  std::mt19937 engine_;
};

std::string levels(int count, const std::string& prefix = "") {
  std::string text;
  for (int i = 1; i <= count; ++i) text += " " + prefix + std::to_string(i);
  return text;
}

std::string framework(const std::string& id, int count, bool hub = false, const std::string& prefix = "") {
  return id + (hub ? " hub:" : ":") + levels(count, prefix);
}

/// Every source level gets a row or is said to have none, so that silence is no part of the matter.
std::string document(const std::string& head, const Relation& relation, const std::string& from_prefix = "", const std::string& to_prefix = "") {
  std::string text = head + ":";
  for (std::size_t a = 0; a < relation.rows.size(); ++a) {
    const std::string from = " " + from_prefix + std::to_string(a + 1) + "-";
    if (relation.rows[a] == 0) text += from + "none";
    for (int b = 0; b < relation.targets; ++b) {
      if (((relation.rows[a] >> b) & 1U) != 0) text += from + to_prefix + std::to_string(b + 1);
    }
  }
  return text + " ";
}

std::string shown(const Lines& lines) {
  std::string text = "sketch(";
  for (const std::string& line : lines) text += "\n  \"" + line + "\",";
  return text + ")";
}

Relation answers(const World& world, const std::string& from, const std::string& to, const MapOptions& options = {}) {
  Relation result{{}, static_cast<int>(world.framework(FrameworkId{to}).levels.size())};
  for (const LevelAnswer& answer : map_framework(world, FrameworkId{from}, FrameworkId{to}, options)) result.rows.push_back(answer.levels);
  return result;
}

MapOptions along(const Lines& hubs, int slack = 0) {
  MapOptions options;
  options.via.emplace();
  for (const std::string& hub : hubs) options.via->emplace_back(hub);
  options.slack = slack;
  return options;
}

MapOptions everything() {
  MapOptions options;
  options.all_routes = true;
  return options;
}

/// A world of national frameworks A, B and hubs H, K with documents of every sort between them.
struct Mixed {
  std::map<std::string, int> sizes;
  Lines lines;
  std::vector<std::string> document_ids;
};

Mixed mixed(Draw& draw, const std::string& prefix = "", bool silence = true) {
  Mixed world;
  for (const char* id : {"A", "B", "H", "K"}) {
    world.sizes[id] = draw.between(2, 5);
    world.lines.push_back(framework(id, world.sizes[id], id[0] == 'H' || id[0] == 'K', prefix));
  }
  const std::vector<Row> ends = {{0, 1}, {0, 2}, {1, 2}, {0, 3}, {3, 1}, {2, 3}, {1, 0}};
  const Lines ids = {"A", "B", "H", "K"};
  const int count = draw.between(2, 6);
  for (int i = 0; i < count; ++i) {
    const Row& pair = draw.one_of(ends);
    const std::string& from = ids[static_cast<std::size_t>(pair.first)];
    const std::string& to = ids[static_cast<std::size_t>(pair.second)];
    const std::string paper = "d" + std::to_string(draw.chance(15) && i > 0 ? i - 1 : i);
    std::string line = from + ">" + to + "@" + std::to_string(2000 + i) + " doc=" + paper + " " +
                       draw.one_of(Lines{"adopted", "adopted", "joint", "third-party"}) + (draw.chance(8) ? " block" : "") +
                       (draw.chance(10) ? " comparison" : "") + ":";
    for (int a = 1; a <= world.sizes[from]; ++a) {
      const std::string source = " " + prefix + std::to_string(a);
      if (silence && draw.chance(8)) continue;
      if (draw.chance(12)) {
        line += source + "-none";
        continue;
      }
      if (silence && draw.chance(6)) line += source + "-?";
      std::set<int> targets = {draw.between(1, world.sizes[to])};
      if (draw.chance(35)) targets.insert(draw.between(1, world.sizes[to]));
      for (const int b : targets) {
        line += source + (draw.chance(6) ? "~" : "-") + prefix + std::to_string(b);
        if (line[line.size() - 1 - prefix.size() - 1] == '-' && draw.chance(15)) line += "?";
      }
    }
    world.lines.push_back(line + " ");
    if (std::ranges::find(world.document_ids, paper) == world.document_ids.end()) world.document_ids.push_back(paper);
  }
  return world;
}

constexpr unsigned kWorlds = 200;

}  // namespace

TEST_CASE("composition follows the algebra of relations") {
  for (unsigned seed = 0; seed < kWorlds; ++seed) {
    Draw draw(seed);
    const int a = draw.between(2, 6);
    const int h = draw.between(2, 6);
    const int k = draw.between(2, 6);
    const int b = draw.between(2, 6);
    const Relation r = draw.relation(a, h, 30);
    const Relation s = draw.relation(h, k, 30);
    const Relation t = draw.relation(k, b, 30);
    // Each document may be printed either way round: a converse is derived, never stored.
    const auto either = [&](const std::string& from, const std::string& to, const Relation& relation) {
      return draw.chance(50) ? document(from + ">" + to, relation) : document(to + ">" + from, converse(relation));
    };
    const Lines lines = {framework("A", a), framework("H", h, true), framework("K", k, true), framework("B", b),
                         either("A", "H", r), either("H", "K", s), either("K", "B", t)};
    INFO(shown(lines));
    const World world = sketch_lines(lines);
    const Relation ab = answers(world, "A", "B");
    CHECK(ab == compose(compose(r, s), t));
    CHECK(ab == compose(r, compose(s, t)));
    CHECK(ab == compose(answers(world, "A", "K"), answers(world, "K", "B")));
    CHECK(ab == compose(answers(world, "A", "H"), answers(world, "H", "B")));
    CHECK(answers(world, "B", "A") == converse(ab));
    CHECK(answers(world, "B", "A") == compose(compose(converse(t), converse(s)), converse(r)));
    CHECK(converse(answers(world, "H", "A")) == r);
    // The tolerance is the same whichever side is widened.
    CHECK(answers(world, "B", "K", along({}, 1)) == converse(t));
    CHECK(answers(world, "K", "A", along({"H"}, 1)) == converse(answers(world, "A", "K", along({"H"}, 1))));
  }
}

TEST_CASE("an identical hub on the way changes nothing, and two tables together give both their answers") {
  for (unsigned seed = 0; seed < kWorlds; ++seed) {
    Draw draw(seed);
    const int a = draw.between(2, 6);
    const int h = draw.between(2, 6);
    const int b = draw.between(2, 6);
    const Relation one = draw.relation(a, h, 30);
    const Relation two = draw.relation(a, h, 30);
    const Relation s = draw.relation(h, b, 40);
    const auto world_of = [&](const Relation& r) {
      const Lines lines = {framework("A", a), framework("H", h, true), framework("I", h, true), framework("B", b),
                           document("A>H", r), document("I>H", identity(h)), document("I>B", s)};
      return sketch_lines(lines);
    };
    INFO("seed " << seed);
    CHECK(answers(world_of(one), "A", "B") == compose(one, s));
    CHECK(answers(world_of(unite(one, two)), "A", "B") == unite(answers(world_of(one), "A", "B"), answers(world_of(two), "A", "B")));
  }
}

TEST_CASE("crossing-free documents compose to answers that rise with the level") {
  int dead = 0;
  for (unsigned seed = 0; seed < 2 * kWorlds; ++seed) {
    Draw draw(seed);
    const int sizes[] = {draw.between(2, 8), draw.between(2, 8), draw.between(2, 8), draw.between(2, 8)};
    const char* ids[] = {"A", "H", "K", "B"};
    Lines lines;
    for (int i = 0; i < 4; ++i) lines.push_back(framework(ids[i], sizes[i], i == 1 || i == 2));
    for (int i = 0; i < 3; ++i) {
      const Relation r = draw.crossing_free(sizes[i], sizes[i + 1]);
      lines.push_back(draw.chance(50) ? document(std::string(ids[i]) + ">" + ids[i + 1], r)
                                      : document(std::string(ids[i + 1]) + ">" + ids[i], converse(r)));
    }
    INFO(shown(lines));
    const World world = sketch_lines(lines);
    for (const auto& mapping : world.mappings()) CHECK(crossings(world, *mapping).empty());
    for (const char* end : {"K", "B"}) {
      const Relation found = answers(world, "A", end);
      CHECK(is_egli_milner_monotone(world.framework(FrameworkId{"A"}), world.framework(FrameworkId{end}), found.rows));
      const Relation back = answers(world, end, "A");
      CHECK(is_egli_milner_monotone(world.framework(FrameworkId{end}), world.framework(FrameworkId{"A"}), back.rows));
      for (const LevelMask row : found.rows) dead += row == 0 ? 1 : 0;
    }
  }
  CHECK(dead > 100);  // the theorem is about dead branches, too
}

TEST_CASE("with crossings the order survives if the second document is total where it is met") {
  int crossed = 0;
  for (unsigned seed = 0; seed < 10 * kWorlds; ++seed) {
    Draw draw(seed);
    const int a = draw.between(2, 5);
    const int h = draw.between(2, 4);
    const int b = draw.between(2, 4);
    const Relation r = draw.relation(a, h, 50);
    const Relation s = draw.relation(h, b, 50);
    const auto rises = [](const Relation& relation) {
      int low = -1;
      int high = -1;
      for (const LevelMask row : relation.rows) {
        if (row == 0) continue;
        if (std::countr_zero(row) < low || 63 - std::countl_zero(row) < high) return false;
        low = std::countr_zero(row);
        high = 63 - std::countl_zero(row);
      }
      return true;
    };
    LevelMask image = 0;
    for (const LevelMask row : r.rows) image |= row;
    bool total = true;
    for (int each = 0; each < h; ++each) total = total && (((image >> each) & 1U) == 0 || s.rows[static_cast<std::size_t>(each)] != 0);
    if (!rises(r) || !rises(s) || !total) continue;
    const Lines lines = {framework("A", a), framework("H", h, true), framework("B", b), document("A>H", r), document("H>B", s)};
    INFO(shown(lines));
    const World world = sketch_lines(lines);
    const Relation found = answers(world, "A", "B");
    CHECK(is_egli_milner_monotone(world.framework(FrameworkId{"A"}), world.framework(FrameworkId{"B"}), found.rows));
    for (std::size_t level = 0; level < found.rows.size(); ++level) {
      if (r.rows[level] == 0) continue;
      // The least counterpart is that of the least one, and so for the greatest.
      const auto least = static_cast<std::size_t>(std::countr_zero(r.rows[level]));
      const auto greatest = static_cast<std::size_t>(63 - std::countl_zero(r.rows[level]));
      CHECK(std::countr_zero(found.rows[level]) == std::countr_zero(s.rows[least]));
      CHECK(std::countl_zero(found.rows[level]) == std::countl_zero(s.rows[greatest]));
    }
    crossed += crossings(world, *world.mappings()[0]).empty() ? 0 : 1;
  }
  CHECK(crossed > 20);
}

TEST_CASE("minimum and cap are adjoint to the mapping") {
  for (unsigned seed = 0; seed < kWorlds; ++seed) {
    Draw draw(seed);
    const int a = draw.between(1, 7);
    const int b = draw.between(1, 7);
    const Relation f = draw.monotone(a, b);
    const Lines lines = {framework("A", a), framework("B", b), document("A>B", f)};
    INFO(shown(lines));
    const World world = sketch_lines(lines);
    const FrameworkId on{"A"};
    // Position of the adjoint, or past the end (`none`) where no level serves.
    const auto position = [&](const std::vector<LevelRef>& found, int none) {
      REQUIRE(found.size() <= 1);
      return found.empty() ? none : world.level_index(found.front());
    };
    const auto value = [&](int level) { return std::countr_zero(f.rows[static_cast<std::size_t>(level)]); };
    for (int y = 0; y < b; ++y) {
      const LevelRef bound{FrameworkId{"B"}, std::to_string(y + 1)};
      const int lower = position(at_least(world, bound, on), a);
      const int upper = position(at_most(world, bound, on), -1);
      for (int x = 0; x < a; ++x) {
        CHECK((lower <= x) == (y <= value(x)));
        CHECK((value(x) <= y) == (x <= upper));
      }
      if (upper >= 0) {
        // f f▷ f = f, read at a value of f.
        const int image = value(upper);
        CHECK(value(position(at_most(world, {FrameworkId{"B"}, std::to_string(image + 1)}, on), -1)) == image);
      }
    }
    for (int x = 0; x < a; ++x) {
      const LevelRef image{FrameworkId{"B"}, std::to_string(value(x) + 1)};
      CHECK(position(at_least(world, image, on), a) <= x);
      CHECK(position(at_most(world, image, on), -1) >= x);
    }
  }
}

TEST_CASE("an identical table loses nothing, and a level whose route lives comes back among others") {
  for (unsigned seed = 0; seed < kWorlds; ++seed) {
    Draw draw(seed);
    const int a = draw.between(1, 8);
    const World same = sketch(framework("A", a), framework("H", a, true), framework("B", a), document("A>H", identity(a)), document("B>H", identity(a)));
    CHECK(round_trip(same, FrameworkId{"A"}, FrameworkId{"B"}).recoverable == a);

    const int h = draw.between(2, 6);
    const int b = draw.between(2, 6);
    const Lines lines = {framework("A", a), framework("H", h, true), framework("B", b), document("A>H", draw.relation(a, h, 30)), document("B>H", draw.relation(b, h, 30))};
    INFO(shown(lines));
    const World world = sketch_lines(lines);
    const Relation there = answers(world, "A", "B");
    const FrameworkLoss loss = round_trip(world, FrameworkId{"A"}, FrameworkId{"B"});
    CHECK(loss.recoverable + loss.drifting + loss.lost == a);
    for (std::size_t level = 0; level < there.rows.size(); ++level) {
      const LevelLoss& each = loss.levels[level];
      const bool itself = std::ranges::find(each.returns, each.level) != each.returns.end();
      CHECK(itself == (there.rows[level] != 0));
      CHECK((each.fate == RoundTrip::lost) == (there.rows[level] == 0));
      CHECK((each.fate == RoundTrip::recoverable) == (each.returns == std::vector<std::string>{each.level}));
    }
  }
}

TEST_CASE("one more complete route enlarges no answer and ends no contradiction") {
  int narrowed = 0;
  int contradicted = 0;
  for (unsigned seed = 0; seed < 3 * kWorlds; ++seed) {
    Draw draw(seed);
    Mixed base = mixed(draw);
    Lines more = base.lines;
    more.push_back(document("A>B@2050 doc=new " + draw.one_of(Lines{"adopted", "joint", "third-party"}), draw.relation(base.sizes["A"], base.sizes["B"], 60)));
    INFO(shown(more));
    const auto before = map_framework(sketch_lines(base.lines), FrameworkId{"A"}, FrameworkId{"B"});
    const auto after = map_framework(sketch_lines(more), FrameworkId{"A"}, FrameworkId{"B"});
    for (std::size_t level = 0; level < before.size(); ++level) {
      const LevelAnswer& old = before[level];
      const LevelAnswer& fresh = after[level];
      if (old.status == AnswerStatus::conflict) {
        CHECK(fresh.status == AnswerStatus::conflict);
        ++contradicted;
      }
      if (old.status == AnswerStatus::mapped && old.complete && fresh.status == AnswerStatus::mapped) {
        CHECK((fresh.levels & ~old.levels) == 0);
        CHECK(fresh.complete);
        narrowed += fresh.levels != old.levels ? 1 : 0;
      }
    }
  }
  CHECK(narrowed > 20);
  CHECK(contradicted > 20);
}

TEST_CASE("support with all documents is the union over the routes, and without one that of the others") {
  for (unsigned seed = 0; seed < kWorlds; ++seed) {
    Draw draw(seed);
    const Mixed drawn = mixed(draw);
    INFO(shown(drawn.lines));
    const World world = sketch_lines(drawn.lines);
    const auto alive = [](const LevelAnswer& answer, const std::string& except) {
      LevelMask united = 0;
      for (const RouteAnswer& route : answer.routes) {
        if (route.status != RouteStatus::alive || std::ranges::find(route.documents, DocumentId{except}) != route.documents.end()) continue;
        united |= route.levels;
      }
      return united;
    };
    for (const std::string& gone : drawn.document_ids) {
      const std::vector<DocumentId> ids = {DocumentId{gone}};
      const World less = world.without_documents(ids);
      const auto with = map_framework(world, FrameworkId{"A"}, FrameworkId{"B"});
      const auto without = map_framework(less, FrameworkId{"A"}, FrameworkId{"B"});
      for (std::size_t level = 0; level < with.size(); ++level) {
        CHECK(alive(with[level], gone) == alive(without[level], ""));
        if (with[level].peer) continue;
        for (const std::string& code : with[level].possible) {
          // The pair is lost with a document just when every witness needs it.
          const auto& witnesses = with[level].witnesses.at(code);
          const bool needed = std::ranges::all_of(witnesses, [&](const auto& set) { return std::ranges::find(set, ids.front()) != set.end(); });
          const LevelMask bit = LevelMask{1} << world.level_index({FrameworkId{"B"}, code});
          CHECK(needed == ((alive(without[level], "") & bit) == 0));
        }
      }
    }
  }
}

TEST_CASE("withdrawals are the smallest sets that meet every witness") {
  for (unsigned seed = 0; seed < kWorlds; ++seed) {
    Draw draw(seed);
    std::vector<std::vector<DocumentId>> family;
    const int sets = draw.between(1, 4);
    for (int i = 0; i < sets; ++i) {
      std::set<DocumentId> set;
      for (int j = draw.between(1, 3); j > 0; --j) set.insert(DocumentId{std::string(1, static_cast<char>('a' + draw.upto(6)))});
      family.emplace_back(set.begin(), set.end());
    }
    std::vector<unsigned> brute;
    for (unsigned mask = 0; mask < 64; ++mask) {
      const bool meets = std::ranges::all_of(family, [&](const auto& set) {
        return std::ranges::any_of(set, [&](const DocumentId& each) { return ((mask >> (each.str()[0] - 'a')) & 1U) != 0; });
      });
      if (meets) brute.push_back(mask);
    }
    std::erase_if(brute, [&, all = brute](unsigned mask) {
      return std::ranges::any_of(all, [&](unsigned other) { return other != mask && (other & mask) == other; });
    });
    std::set<unsigned> found;
    for (const auto& set : minimal_hitting_sets(family)) {
      unsigned mask = 0;
      for (const DocumentId& each : set) mask |= 1U << (each.str()[0] - 'a');
      found.insert(mask);
    }
    INFO("seed " << seed);
    CHECK(found == std::set<unsigned>(brute.begin(), brute.end()));
  }
}

TEST_CASE("strength does not count: a route once more is no stronger") {
  for (unsigned seed = 0; seed < kWorlds; ++seed) {
    Draw draw(seed);
    const Mixed drawn = mixed(draw);
    Lines twice = drawn.lines;
    for (const std::string& line : drawn.lines) {
      const auto year = line.find("@20");
      if (year == std::string::npos) continue;
      std::string copy = line;
      copy.replace(year + 1, 2, "19");
      twice.push_back(copy);
    }
    INFO(shown(drawn.lines));
    const auto once = map_framework(sketch_lines(drawn.lines), FrameworkId{"A"}, FrameworkId{"B"});
    const auto again = map_framework(sketch_lines(twice), FrameworkId{"A"}, FrameworkId{"B"});
    for (std::size_t level = 0; level < once.size(); ++level) {
      CHECK(once[level].status == again[level].status);
      CHECK(once[level].levels == again[level].levels);
      CHECK(once[level].witnesses == again[level].witnesses);
      for (const std::string& code : once[level].possible) {
        if (once[level].witnesses.at(code).empty()) continue;
        CHECK(provenance(once[level], code).strength == provenance(again[level], code).strength);
        CHECK(provenance(once[level], code).evidence == provenance(again[level], code).evidence);
      }
    }
  }
}

TEST_CASE("between the days on which documents begin and end no answer changes") {
  for (unsigned seed = 0; seed < kWorlds / 2; ++seed) {
    Draw draw(seed);
    const int a = draw.between(2, 4);
    const int b = draw.between(2, 4);
    Lines lines = {framework("A", a), framework("B", b), framework("H", 3, true)};
    for (const char* pair : {"A>B", "A>H", "B>H"}) {
      const int from = pair[0] == 'A' ? a : b;
      const int to = pair[2] == 'B' ? b : 3;
      for (int i = draw.between(1, 3), year = 2000; i > 0; --i) {
        year += draw.between(1, 5);
        lines.push_back(document(std::string(pair) + "@" + std::to_string(year) + (i > 1 ? " superseded" : "") +
                                     (draw.chance(30) ? " until=" + std::to_string(year + draw.between(1, 9)) : ""),
                                 draw.relation(from, to, 50)));
      }
    }
    INFO(shown(lines));
    const World world = sketch_lines(lines);
    std::set<int> years;
    for (const auto& mapping : world.mappings()) {
      years.insert(*mapping->year);
      if (mapping->valid_until) years.insert(static_cast<int>(mapping->valid_until->year()));
    }
    const auto on = [&](int year, const char* day) {
      return table(world.with_view({parse_date(std::to_string(year) + day), EvidenceFloor::all}), "A", "B");
    };
    for (int year = 1999; year < 2026; ++year) {
      CHECK(on(year, "-01-01") == on(year, "-07-16"));
      CHECK(on(year, "-01-01") == on(year, "-12-31"));
      if (!years.contains(year + 1)) CHECK(on(year, "-12-31") == on(year + 1, "-01-01"));
    }
  }
}

TEST_CASE("new names for the levels change nothing but the names") {
  for (unsigned seed = 0; seed < kWorlds; ++seed) {
    Draw plain(seed);
    Draw renamed(seed);
    const Mixed one = mixed(plain);
    const Mixed two = mixed(renamed, "Zz");
    INFO(shown(one.lines));
    const World first = sketch_lines(one.lines);
    const World second = sketch_lines(two.lines);
    for (const auto& [from, to] : {std::pair{"A", "B"}, std::pair{"B", "H"}, std::pair{"K", "A"}}) {
      const auto before = map_framework(first, FrameworkId{from}, FrameworkId{to}, everything());
      const auto after = map_framework(second, FrameworkId{from}, FrameworkId{to}, everything());
      REQUIRE(before.size() == after.size());
      for (std::size_t level = 0; level < before.size(); ++level) {
        CHECK(before[level].status == after[level].status);
        CHECK(before[level].levels == after[level].levels);
        CHECK(before[level].complete == after[level].complete);
        CHECK(before[level].narrowed_by == after[level].narrowed_by);
        REQUIRE(before[level].routes.size() == after[level].routes.size());
        for (std::size_t route = 0; route < before[level].routes.size(); ++route) {
          CHECK(before[level].routes[route].mappings == after[level].routes[route].mappings);
          CHECK(before[level].routes[route].status == after[level].routes[route].status);
          CHECK(before[level].routes[route].levels == after[level].routes[route].levels);
        }
        CHECK(after[level].bracket_low == (before[level].bracket_low ? std::optional{"Zz" + *before[level].bracket_low} : std::nullopt));
      }
    }
  }
}

TEST_CASE("the order of documents in the files changes nothing") {
  for (unsigned seed = 0; seed < kWorlds / 2; ++seed) {
    Draw draw(seed);
    const Mixed drawn = mixed(draw);
    Lines shuffled = drawn.lines;
    std::ranges::shuffle(shuffled, draw.engine());
    const World one = sketch_lines(drawn.lines);
    const World other = sketch_lines(shuffled);
    INFO(shown(shuffled));
    CHECK(one.hash() == other.hash());
    CHECK(table(one, "A", "B", everything()) == table(other, "A", "B", everything()));
    CHECK(table(one, "H", "A", everything()) == table(other, "H", "A", everything()));
  }
}

TEST_CASE("a contradicting family is smallest: it has no level in common, any smaller one has") {
  int families = 0;
  for (unsigned seed = 0; seed < 2 * kWorlds; ++seed) {
    Draw draw(seed);
    const Mixed drawn = mixed(draw, "", false);
    INFO(shown(drawn.lines));
    for (const LevelAnswer& answer : map_framework(sketch_lines(drawn.lines), FrameworkId{"A"}, FrameworkId{"B"})) {
      if (!answer.conflict) continue;
      ++families;
      LevelMask common = ~LevelMask{0};
      bool stated = false;
      for (const int index : answer.conflict->family) {
        const RouteAnswer& route = answer.routes[static_cast<std::size_t>(index)];
        common &= route.levels;
        stated = stated || route.states_no_counterpart;
        CHECK((route.complete || route.status == RouteStatus::alive));
      }
      CHECK(common == 0);
      CHECK((!stated || answer.conflict->family.size() == 2));
      if (stated) continue;
      std::vector<LevelMask> complete;
      for (const RouteAnswer& route : answer.routes) {
        if (route.status == RouteStatus::alive && route.complete) complete.push_back(route.levels);
      }
      for (unsigned subset = 1; subset < (1U << complete.size()); ++subset) {
        if (std::popcount(subset) >= static_cast<int>(answer.conflict->family.size())) continue;
        LevelMask shared = ~LevelMask{0};
        for (std::size_t i = 0; i < complete.size(); ++i) shared &= ((subset >> i) & 1U) != 0 ? complete[i] : ~LevelMask{0};
        CHECK(shared != 0);
      }
    }
  }
  CHECK(families > 50);
}

TEST_CASE("with the rows named withdrawn no contradiction is left") {
  int ended = 0;
  for (unsigned seed = 0; seed < kWorlds / 2; ++seed) {
    Draw draw(seed);
    Mixed drawn = mixed(draw);
    INFO(shown(drawn.lines));
    const World world = sketch_lines(drawn.lines);
    const ConflictReport report = conflicts(world);
    CHECK(report.disagreements.empty() == report.withdraw.empty());
    std::set<std::string> contradicted;
    for (const Disagreement& each : report.disagreements) contradicted.insert(each.level.str() + " in " + each.to.str());
    std::set<std::string> expected;
    for (const char* from : {"A", "B", "H", "K"}) {
      for (const char* to : {"A", "B", "H", "K"}) {
        for (const LevelAnswer& answer : map_framework(world, FrameworkId{from}, FrameworkId{to})) {
          // Peers that disagree among themselves claim nothing anyway.
          if (answer.status == AnswerStatus::conflict && !answer.peer) expected.insert(answer.from.str() + " in " + to);
        }
      }
    }
    CHECK(contradicted == expected);
    if (report.withdraw.empty()) continue;
    ++ended;
    // Withdrawn means never printed: the row goes, and its levels count as unresolved.
    for (const RowRef& row : report.withdraw) {
      const std::string id = row.mapping.str();
      auto& line = *std::ranges::find_if(drawn.lines, [&](const std::string& each) { return each.starts_with(id + " "); });
      const std::string from = row.from.empty() ? "none" : row.from;
      const std::string to = row.to.empty() ? "none" : row.to;
      bool removed = false;
      for (const std::string& token : {from + "-" + to, from + "~" + to, from + "-" + to + "?"}) {
        if (const auto at = line.find(" " + token + " "); at != std::string::npos) {
          line.erase(at, token.size() + 1);
          removed = true;
        }
      }
      CHECK(removed);
      for (const std::string& open : {row.from.empty() ? "" : row.from + "-? ", row.to.empty() ? "" : "?-" + row.to + " "}) {
        if (line.find(" " + open) == std::string::npos) line += open;
      }
    }
    INFO("without " << report.withdraw.size() << " rows: " << shown(drawn.lines));
    CHECK(conflicts(sketch_lines(drawn.lines)).disagreements.empty());
  }
  CHECK(ended > 10);
}

TEST_CASE("reliance is what the world without the document no longer supports") {
  for (unsigned seed = 0; seed < kWorlds / 4; ++seed) {
    Draw draw(seed);
    const Mixed drawn = mixed(draw);
    INFO(shown(drawn.lines));
    const World world = sketch_lines(drawn.lines);
    using Pair = std::pair<std::string, std::string>;
    const auto supported = [](const World& in, const std::string& through) {
      std::set<Pair> pairs;
      for (const char* from : {"A", "B", "H", "K"}) {
        for (const char* to : {"A", "B", "H", "K"}) {
          if (std::string_view{from} == to) continue;
          for (const LevelAnswer& answer : map_framework(in, FrameworkId{from}, FrameworkId{to})) {
            for (const RouteAnswer& route : answer.routes) {
              if (route.status != RouteStatus::alive) continue;
              if (!through.empty() && std::ranges::find(route.documents, DocumentId{through}) == route.documents.end()) continue;
              for (const std::string& code : route.possible) pairs.insert({answer.from.str(), std::string(to) + ":" + code});
            }
          }
        }
      }
      return pairs;
    };
    const auto questions = [](const std::set<Pair>& pairs) {
      std::set<Pair> result;
      for (const Pair& pair : pairs) result.insert({pair.first, pair.second.substr(0, 1)});
      return result;
    };
    const std::set<Pair> all = supported(world, "");
    std::set<std::string> listed;
    int before = -1;
    for (const DocumentReliance& each : reliance(world)) {
      const std::vector<DocumentId> gone = {each.document};
      const std::set<Pair> left = supported(world.without_documents(gone), "");
      CHECK(each.pairs_supported == static_cast<int>(supported(world, each.document.str()).size()));
      CHECK(each.pairs_lost == static_cast<int>(all.size() - left.size()));
      CHECK(each.levels_lost == static_cast<int>(questions(all).size() - questions(left).size()));
      CHECK((before < 0 || each.pairs_lost <= before));
      before = each.pairs_lost;
      listed.insert(each.document.str());
    }
    for (const std::string& id : drawn.document_ids) {
      if (!listed.contains(id)) CHECK(supported(world, id).empty());
    }
  }
}
