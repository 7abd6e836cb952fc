#include "qualgraph/definition/classify_table.hpp"

#include "qualgraph/definition/detail/tester.hpp"
#include "qualgraph/model/error.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <functional>
#include <map>
#include <numeric>
#include <set>
#include <utility>

namespace qualgraph {
namespace {

using detail::Tester;

/// Gives equal keys one number, in order of first appearance: open addressing, linear probing.
class Numbering {
 public:
  explicit Numbering(std::size_t expected = 64) { resize(expected); }

  std::int32_t operator()(std::uint64_t key) {
    std::size_t at = hash(key) & mask_;
    while (numbers_[at] >= 0) {
      if (keys_[at] == key) return numbers_[at];
      at = (at + 1) & mask_;
    }
    keys_[at] = key;
    numbers_[at] = size_;
    if (static_cast<std::size_t>(size_) * 2 > mask_) grow();
    return size_++;
  }
  [[nodiscard]] std::int32_t size() const noexcept { return size_; }

 private:
  static std::size_t hash(std::uint64_t key) noexcept {
    key ^= key >> 31;
    key *= 0x9E3779B97F4A7C15ULL;
    key ^= key >> 29;
    return static_cast<std::size_t>(key);
  }
  void resize(std::size_t wanted) {
    std::size_t slots = 64;
    while (slots < wanted * 2) slots *= 2;
    keys_.assign(slots, 0);
    numbers_.assign(slots, -1);
    mask_ = slots - 1;
  }
  void grow() {
    auto keys = std::move(keys_);
    auto numbers = std::move(numbers_);
    resize(keys.size());
    for (std::size_t i = 0; i < keys.size(); ++i) {
      if (numbers[i] < 0) continue;
      std::size_t at = hash(keys[i]) & mask_;
      while (numbers_[at] >= 0) at = (at + 1) & mask_;
      keys_[at] = keys[i];
      numbers_[at] = numbers[i];
    }
  }

  std::vector<std::uint64_t> keys_;
  std::vector<std::int32_t> numbers_;
  std::size_t mask_ = 0;
  std::int32_t size_ = 0;
};

/// Attributes that some test reads together, with the columns of them that are there.
struct Cluster {
  std::vector<const AttributeColumn*> columns;
  std::vector<int> tests;
  std::vector<std::int32_t> combined;  ///< combination of values of each row; empty: one column, its codes
  std::vector<std::int64_t> examples;  ///< a row of each combination, or -1
};

const Value& value_at(const AttributeColumn& column, std::int64_t row) {
  static const Value blank;
  const std::int32_t code = column.codes[static_cast<std::size_t>(row)];
  return code < 0 ? blank : column.values[static_cast<std::size_t>(code)];
}

void check(std::span<const AttributeColumn> columns, std::int64_t rows) {
  std::set<Attribute> seen;
  for (const auto& column : columns) {
    const std::string name(info(column.attribute).name);
    if (!seen.insert(column.attribute).second) throw InvalidValue("the column " + in_quotes(name) + " is there twice");
    if (static_cast<std::int64_t>(column.codes.size()) != rows) {
      throw InvalidValue("the column " + in_quotes(name) + " has " + std::to_string(column.codes.size()) +
                         " rows, not " + std::to_string(rows));
    }
    const auto size = static_cast<std::int32_t>(column.values.size());
    std::int32_t most = -1;
    for (const std::int32_t code : column.codes) most = std::max(most, code);
    if (most >= size) throw InvalidValue("a code of the column " + in_quotes(name) + " lies beyond its values");
  }
}

/// Numbers the combinations of values that occur in a cluster.
void combine(Cluster& cluster, std::size_t rows) {
  const AttributeColumn& first = *cluster.columns.front();
  if (cluster.columns.size() == 1) {
    cluster.examples.assign(first.values.size() + 1, -1);
    for (std::size_t i = 0; i < rows; ++i)
      cluster.examples[static_cast<std::size_t>(std::max(first.codes[i], -1) + 1)] = static_cast<std::int64_t>(i);
    return;
  }
  cluster.combined.resize(rows);
  for (std::size_t i = 0; i < rows; ++i) cluster.combined[i] = std::max(first.codes[i], -1) + 1;
  std::int32_t kinds = 0;
  for (std::size_t c = 1; c < cluster.columns.size(); ++c) {
    const auto& codes = cluster.columns[c]->codes;
    Numbering numbers;
    for (std::size_t i = 0; i < rows; ++i) {
      const auto code = static_cast<std::uint64_t>(std::max(codes[i], -1) + 1);
      cluster.combined[i] = numbers(static_cast<std::uint64_t>(cluster.combined[i]) << 32U | code);
    }
    kinds = numbers.size();
  }
  cluster.examples.assign(static_cast<std::size_t>(kinds), -1);
  for (std::size_t i = 0; i < rows; ++i)
    cluster.examples[static_cast<std::size_t>(cluster.combined[i])] = static_cast<std::int64_t>(i);
}

/// Verdicts of a block of rows at a time, a byte for each truth.
class Blocks {
 public:
  static constexpr std::size_t kRows = 8192;
  using Bytes = std::vector<std::uint8_t>;

  Blocks(Tester& tester, const Definitions& set, std::span<const AttributeColumn> columns, std::int64_t rows)
      : tester_(&tester), set_(&set), rows_(static_cast<std::size_t>(rows)), floor_(tester.world().view().evidence) {
    // Attributes read by one test belong together, and so do those reached over several tests.
    std::array<std::size_t, kAttributes> root{};
    std::iota(root.begin(), root.end(), std::size_t{0});
    const auto find = [&](Attribute attribute) {
      auto at = static_cast<std::size_t>(attribute);
      while (root[at] != at) at = root[at];
      return at;
    };
    for (const int test : set.deciding) {
      const auto reads = attributes_of(set.tests[static_cast<std::size_t>(test)]);
      for (const Attribute one : reads) root[find(one)] = find(reads.front());
    }
    std::map<std::size_t, Cluster> clusters;
    for (const int test : set.deciding) {
      clusters[find(attributes_of(set.tests[static_cast<std::size_t>(test)]).front())].tests.push_back(test);
    }
    for (const auto& column : columns) {
      if (column.attribute == Attribute::exceptional) grounds_ = &column;
      if (const auto found = clusters.find(find(column.attribute)); found != clusters.end())
        found->second.columns.push_back(&column);
    }
    tests_.resize(set.tests.size());
    truths_.resize(set.tests.size());
    cluster_of_.assign(set.tests.size(), -1);
    for (auto& [at, cluster] : clusters) {
      if (!cluster.columns.empty()) combine(cluster, rows_);
      for (const int test : cluster.tests) {
        cluster_of_[static_cast<std::size_t>(test)] = static_cast<int>(clusters_.size());
        judge(cluster, test);
      }
      clusters_.push_back(std::move(cluster));
    }
    verdicts_.resize(set.list.size());
    excepted_.resize(set.list.size());
  }

  [[nodiscard]] std::size_t rows() const noexcept { return rows_; }

  /// The block from a row on; its length.
  std::size_t load(std::size_t from) {
    size_ = std::min(kRows, rows_ - from);
    from_ = from;
    for (const int at : set_->deciding) {
      const auto test = static_cast<std::size_t>(at);
      Bytes& out = tests_[test];
      out.resize(kRows);
      look_up(clusters_[static_cast<std::size_t>(cluster_of_[test])], truths_[test].data(), out.data());
    }
    forget();
    return size_;
  }
  /// Gives a test another truth for the whole block.
  void assume(int test, Truth truth) {
    std::fill_n(tests_[static_cast<std::size_t>(test)].data(), size_, static_cast<std::uint8_t>(truth));
    forget();
  }
  const std::uint8_t* verdict(std::size_t definition, bool with_exceptions) {
    auto& kept = (with_exceptions ? excepted_ : verdicts_)[definition];
    if (kept.empty()) kept = conjunction(set_->list[definition].clauses, with_exceptions);
    return kept.data();
  }
  Bytes conjunction(const std::vector<DefinitionClause>& clauses, bool with_exceptions) {
    Bytes result(size_, static_cast<std::uint8_t>(Truth::yes));
    for (const auto& clause : clauses) {
      if (clause.kind == ClauseKind::descriptive) continue;
      if (detail::silent(clause, floor_)) {
        for (auto& one : result) one = std::min(one, static_cast<std::uint8_t>(Truth::unknown));
        continue;
      }
      Bytes one = value(*clause.test, with_exceptions);
      if (with_exceptions && clause.kind == ClauseKind::exceptional) merge(one, granted(), true);
      merge(result, one.data(), false);
    }
    return result;
  }
  /// By combination of the cluster that a test belongs to: looks something up for the block.
  template <class T>
  void look_up(int test, const std::vector<T>& by_combination, std::vector<T>& out) const {
    out.resize(kRows);
    look_up(clusters_[static_cast<std::size_t>(cluster_of_[static_cast<std::size_t>(test)])], by_combination.data(),
            out.data());
  }
  [[nodiscard]] const Cluster& cluster(int test) const {
    return clusters_[static_cast<std::size_t>(cluster_of_[static_cast<std::size_t>(test)])];
  }
  [[nodiscard]] Credential stated(const Cluster& cluster, std::size_t combination) const {
    Credential credential;
    if (cluster.examples.empty() || cluster.examples[combination] < 0) return credential;
    for (const auto* column : cluster.columns)
      credential[column->attribute] = value_at(*column, cluster.examples[combination]);
    return credential;
  }

 private:
  void judge(const Cluster& cluster, int test) {
    Bytes& truths = truths_[static_cast<std::size_t>(test)];
    truths.assign(std::max<std::size_t>(1, cluster.examples.size()), static_cast<std::uint8_t>(Truth::unknown));
    for (std::size_t i = 0; i < truths.size(); ++i) {
      truths[i] =
          static_cast<std::uint8_t>((*tester_)(set_->tests[static_cast<std::size_t>(test)], stated(cluster, i)));
    }
  }
  template <class T>
  void look_up(const Cluster& cluster, const T* by_combination, T* out) const {
    if (cluster.columns.empty()) {
      std::fill_n(out, size_, by_combination[0]);
    } else if (cluster.combined.empty()) {
      const std::int32_t* const codes = cluster.columns.front()->codes.data() + from_;
      for (std::size_t i = 0; i < size_; ++i) out[i] = by_combination[std::max(codes[i], -1) + 1];
    } else {
      const std::int32_t* const codes = cluster.combined.data() + from_;
      for (std::size_t i = 0; i < size_; ++i) out[i] = by_combination[codes[i]];
    }
  }
  void forget() {
    for (auto* list : {&verdicts_, &excepted_}) {
      for (auto& one : *list) one.clear();
    }
    granted_.clear();
  }
  void merge(Bytes& into, const std::uint8_t* with, bool either) const {
    std::uint8_t* const out = into.data();
    if (either) {
      for (std::size_t i = 0; i < size_; ++i) out[i] = std::max(out[i], with[i]);
    } else {
      for (std::size_t i = 0; i < size_; ++i) out[i] = std::min(out[i], with[i]);
    }
  }
  Bytes value(const Formula& formula, bool with_exceptions) {
    switch (formula.kind) {
      case Formula::Kind::test: {
        const Bytes& test = tests_[static_cast<std::size_t>(formula.test)];
        return {test.begin(), test.begin() + static_cast<std::ptrdiff_t>(size_)};
      }
      case Formula::Kind::meets: {
        const std::uint8_t* const other = verdict(static_cast<std::size_t>(formula.definition), with_exceptions);
        return {other, other + size_};
      }
      case Formula::Kind::none_of: {
        Bytes result = value(formula.parts.front(), with_exceptions);
        // no and yes are 0 and 2, unknown is 1
        for (auto& one : result) one = static_cast<std::uint8_t>(2 - one);
        return result;
      }
      case Formula::Kind::all:
      case Formula::Kind::any: {
        Bytes result = value(formula.parts.front(), with_exceptions);
        for (std::size_t i = 1; i < formula.parts.size(); ++i) {
          merge(result, value(formula.parts[i], with_exceptions).data(), formula.kind == Formula::Kind::any);
        }
        return result;
      }
    }
    return {};
  }
  const std::uint8_t* granted() {
    if (granted_.empty()) {
      granted_.assign(kRows, static_cast<std::uint8_t>(Truth::unknown));
      for (std::size_t i = 0; grounds_ != nullptr && i < size_; ++i) {
        const auto* flag = std::get_if<bool>(&value_at(*grounds_, static_cast<std::int64_t>(from_ + i)));
        if (flag != nullptr) granted_[i] = static_cast<std::uint8_t>(detail::truth(*flag));
      }
    }
    return granted_.data();
  }

  Tester* tester_;
  const Definitions* set_;
  std::size_t rows_ = 0;
  EvidenceFloor floor_;
  const AttributeColumn* grounds_ = nullptr;
  std::vector<Cluster> clusters_;
  std::vector<int> cluster_of_;  ///< by test
  std::vector<Bytes> truths_;    ///< by test, then by combination
  std::vector<Bytes> tests_;     ///< of the block
  std::vector<Bytes> verdicts_;
  std::vector<Bytes> excepted_;
  Bytes granted_;
  std::size_t from_ = 0;
  std::size_t size_ = 0;
};

void add(VerdictCounts& counts, Truth truth, std::int64_t rows) {
  (truth == Truth::yes ? counts.satisfied : truth == Truth::no ? counts.violated : counts.unknown) += rows;
}

/// Positions of the definitions that give verdicts.
std::vector<std::size_t> tested(const Definitions& set) {
  std::vector<std::size_t> list;
  for (std::size_t i = 0; i < set.list.size(); ++i) {
    if (set.list[i].tested()) list.push_back(i);
  }
  return list;
}

/// Whether exceptions can change a verdict, in the definition itself or in one it rests on.
bool knows_exceptions(const Definitions& set, std::size_t definition) {
  const std::function<bool(const Formula&)> rests = [&](const Formula& formula) {
    if (formula.kind == Formula::Kind::meets && knows_exceptions(set, static_cast<std::size_t>(formula.definition)))
      return true;
    return std::ranges::any_of(formula.parts, rests);
  };
  return std::ranges::any_of(set.list[definition].clauses, [&](const DefinitionClause& clause) {
    return clause.kind == ClauseKind::exceptional || (clause.kind == ClauseKind::constitutive && rests(*clause.test));
  });
}

constexpr auto kYes = static_cast<std::uint8_t>(Truth::yes);

}  // namespace

TableClassification classify_table(const World& world, std::span<const AttributeColumn> columns, std::int64_t rows,
                                   const Parameters& parameters) {
  const auto shared = definitions(world);
  const Definitions& set = *shared;
  check_parameters(world, set, parameters);
  check(columns, rows);
  Tester tester(world, parameters);
  Blocks blocks(tester, set, columns, rows);
  const auto chosen = tested(set);
  TableClassification result;
  result.rows_ = rows;
  std::vector<const DefinitionClass*> classes;
  const auto size = static_cast<std::size_t>(rows);
  for (const std::size_t i : chosen) {
    result.definitions_.push_back(set.list[i].id);
    result.columns_.emplace_back(size);
    result.excepted_.emplace_back(knows_exceptions(set, i) ? size : 0);
    for (const auto& one : set.list[i].classes) {
      result.classes_.push_back(set.list[i].id + "/" + one.id);
      result.class_columns_.emplace_back(size);
      classes.push_back(&one);
    }
  }
  for (std::size_t from = 0; from < size; from += Blocks::kRows) {
    const std::size_t length = blocks.load(from);
    for (std::size_t d = 0; d < chosen.size(); ++d) {
      std::copy_n(blocks.verdict(chosen[d], false), length, result.columns_[d].data() + from);
      if (!result.excepted_[d].empty())
        std::copy_n(blocks.verdict(chosen[d], true), length, result.excepted_[d].data() + from);
    }
    for (std::size_t c = 0; c < classes.size(); ++c) {
      std::copy_n(blocks.conjunction(classes[c]->clauses, false).data(), length,
                  result.class_columns_[c].data() + from);
    }
  }
  return result;
}

std::span<const std::uint8_t> TableClassification::column(std::size_t definition, bool with_exceptions) const {
  if (with_exceptions && !excepted_.at(definition).empty()) return excepted_[definition];
  return columns_.at(definition);
}

std::vector<VerdictCounts> TableClassification::counts(bool with_exceptions) const {
  std::vector<VerdictCounts> list;
  for (std::size_t d = 0; d < definitions_.size(); ++d) {
    std::array<std::int64_t, 3> tally{};
    for (const std::uint8_t one : column(d, with_exceptions)) ++tally[one];
    list.push_back({tally[2], tally[0], tally[1]});
  }
  return list;
}

std::vector<std::int64_t> TableClassification::together() const {
  const std::size_t size = definitions_.size();
  const std::size_t words = (static_cast<std::size_t>(rows_) + 63) / 64;
  std::vector<std::vector<std::uint64_t>> held(size, std::vector<std::uint64_t>(words, 0));
  for (std::size_t d = 0; d < size; ++d) {
    for (std::size_t i = 0; i < columns_[d].size(); ++i)
      held[d][i / 64] |= static_cast<std::uint64_t>(columns_[d][i] == kYes) << (i % 64);
  }
  std::vector<std::int64_t> matrix(size * size, 0);
  for (std::size_t a = 0; a < size; ++a) {
    for (std::size_t b = a; b < size; ++b) {
      std::int64_t both = 0;
      for (std::size_t w = 0; w < words; ++w) both += std::popcount(held[a][w] & held[b][w]);
      matrix[a * size + b] = matrix[b * size + a] = both;
    }
  }
  return matrix;
}

std::vector<TableClassification::Intersection> TableClassification::intersections(
    const std::vector<std::size_t>& of) const {
  // Memberships as a number for each row, 32 definitions at a time.
  std::vector<std::int32_t> numbers(static_cast<std::size_t>(rows_), 0);
  std::vector<std::vector<std::size_t>> sets = {{}};
  for (std::size_t from = 0; from < of.size(); from += 32) {
    const std::size_t until = std::min(of.size(), from + 32);
    std::vector<std::uint64_t> keys(numbers.begin(), numbers.end());
    for (auto& key : keys) key <<= 32U;
    for (std::size_t d = from; d < until; ++d) {
      const auto& verdicts = columns_.at(of[d]);
      for (std::size_t i = 0; i < keys.size(); ++i)
        keys[i] |= static_cast<std::uint64_t>(verdicts[i] == kYes) << (d - from);
    }
    Numbering number;
    std::vector<std::vector<std::size_t>> longer;
    for (std::size_t i = 0; i < keys.size(); ++i) {
      const std::int32_t one = number(keys[i]);
      if (static_cast<std::size_t>(one) == longer.size()) {
        auto set = sets[static_cast<std::size_t>(keys[i] >> 32U)];
        for (std::size_t d = from; d < until; ++d) {
          if ((keys[i] >> (d - from) & 1U) != 0) set.push_back(of[d]);
        }
        longer.push_back(std::move(set));
      }
      numbers[i] = one;
    }
    sets = std::move(longer);
  }
  std::vector<Intersection> list;
  for (auto& set : sets) list.push_back({std::move(set), 0});
  for (const std::int32_t one : numbers) ++list[static_cast<std::size_t>(one)].rows;
  std::ranges::sort(list, [](const Intersection& a, const Intersection& b) {
    return a.rows != b.rows ? a.rows > b.rows : a.definitions < b.definitions;
  });
  if (rows_ == 0) list.clear();
  return list;
}

std::vector<Sweep> sweep(const World& world, std::span<const AttributeColumn> columns, std::int64_t rows,
                         const std::string& parameter, const SizeUnit& unit, const Parameters& others) {
  const auto shared = definitions(world);
  const Definitions& set = *shared;
  Parameters asked = others;
  asked[parameter] = Size{Rational(0), unit};
  check_parameters(world, set, asked);
  asked.erase(parameter);
  check(columns, rows);
  Tester tester(world, asked);
  Blocks blocks(tester, set, columns, rows);
  std::vector<int> moving;
  for (const int test : set.deciding) {
    const Test& one = set.tests[static_cast<std::size_t>(test)];
    if (one.kind == Test::Kind::small && one.parameter == parameter) moving.push_back(test);
  }
  const auto chosen = tested(set);
  // Rows by size; size 0 is one that is not known in the unit.
  std::vector<Range> sizes = {Range{}};
  std::vector<std::int32_t> size_of = {0};
  if (!moving.empty()) {
    const Cluster& cluster = blocks.cluster(moving.front());
    std::map<std::pair<Rational, Rational>, std::int32_t> seen;
    size_of.assign(std::max<std::size_t>(1, cluster.examples.size()), 0);
    for (std::size_t i = 0; i < size_of.size(); ++i) {
      const auto reading = tester.size(unit, blocks.stated(cluster, i));
      if (!reading.value) continue;
      const auto [found, fresh] =
          seen.try_emplace({reading.value->min, reading.value->max}, static_cast<std::int32_t>(sizes.size()));
      if (fresh) sizes.push_back(*reading.value);
      size_of[i] = found->second;
    }
  }
  // For each definition and size: how many rows have which truth below, within and beyond the size.
  constexpr std::size_t kTriples = 27;
  std::vector<std::vector<std::int64_t>> tally(chosen.size(), std::vector<std::int64_t>(sizes.size() * kTriples, 0));
  std::vector<std::int32_t> size_here;
  std::vector<std::vector<std::uint32_t>> triples(chosen.size(), std::vector<std::uint32_t>(Blocks::kRows));
  for (std::size_t from = 0; from < blocks.rows(); from += Blocks::kRows) {
    const std::size_t length = blocks.load(from);
    if (moving.empty()) {
      size_here.assign(length, 0);
    } else {
      blocks.look_up(moving.front(), size_of, size_here);
    }
    for (auto& one : triples) std::ranges::fill(one, 0U);
    for (const Truth small : {Truth::no, Truth::unknown, Truth::yes}) {
      for (const int test : moving) blocks.assume(test, small);
      for (std::size_t d = 0; d < chosen.size(); ++d) {
        const std::uint8_t* const verdict = blocks.verdict(chosen[d], false);
        for (std::size_t i = 0; i < length; ++i) triples[d][i] = triples[d][i] * 3 + verdict[i];
      }
    }
    for (std::size_t d = 0; d < chosen.size(); ++d) {
      for (std::size_t i = 0; i < length; ++i)
        ++tally[d][static_cast<std::size_t>(size_here[i]) * kTriples + triples[d][i]];
    }
  }
  std::vector<Sweep> result;
  for (std::size_t d = 0; d < chosen.size(); ++d) {
    std::map<Rational, VerdictCounts> moves;
    moves[Rational(0)];
    for (std::size_t s = 0; s < sizes.size(); ++s) {
      for (std::size_t triple = 0; triple < kTriples; ++triple) {
        const std::int64_t number = tally[d][s * kTriples + triple];
        if (number == 0) continue;
        const auto below = static_cast<Truth>(triple / 9);
        const auto between = static_cast<Truth>(triple / 3 % 3);
        const auto beyond = static_cast<Truth>(triple % 3);
        if (s == 0) {
          add(moves[Rational(0)], between, number);
          continue;
        }
        const auto turn = [&](const Rational& at, Truth before, Truth after) {
          if (before == after) return;
          add(moves[at], before, -number);
          add(moves[at], after, number);
        };
        add(moves[Rational(0)], below, number);
        if (sizes[s].is_point()) {
          turn(sizes[s].max, below, beyond);
        } else {
          turn(sizes[s].min, below, between);
          turn(sizes[s].max, between, beyond);
        }
      }
    }
    Sweep one;
    one.definition = set.list[chosen[d]].id;
    VerdictCounts now;
    for (const auto& [at, change] : moves) {
      now.satisfied += change.satisfied;
      now.violated += change.violated;
      now.unknown += change.unknown;
      if (!one.counts.empty() && one.counts.back().satisfied == now.satisfied &&
          one.counts.back().violated == now.violated)
        continue;
      one.from.push_back(at);
      one.counts.push_back(now);
    }
    result.push_back(std::move(one));
  }
  return result;
}

}  // namespace qualgraph
