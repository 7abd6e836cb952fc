/// How does a whole catalogue fare under every definition?
///
/// Columns come as codes into the distinct values of each attribute. Every distinct value is judged
/// once, by exact arithmetic; after that a row costs one look-up for each test and a few byte
/// operations for each clause, which compilers turn into vector instructions.
#pragma once

#include "qualgraph/definition/classify.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace qualgraph {

/// One attribute of every row: a code is a position in `values`; a negative code is a blank.
struct AttributeColumn {
  Attribute attribute = Attribute::title;
  std::vector<Value> values;
  std::span<const std::int32_t> codes;
};

struct VerdictCounts {
  std::int64_t satisfied = 0;
  std::int64_t violated = 0;
  std::int64_t unknown = 0;
};

/// Counts of one definition for every value of a parameter: those of `counts[i]` hold from
/// `from[i]` up to the next one. The first begins at zero.
struct Sweep {
  std::string definition;
  std::vector<Rational> from;
  std::vector<VerdictCounts> counts;
};

class TableClassification {
 public:
  [[nodiscard]] std::int64_t rows() const noexcept { return rows_; }
  /// Definitions with a clause that is tested, by id.
  [[nodiscard]] const std::vector<std::string>& definitions() const& noexcept { return definitions_; }
  /// Classes as "definition/class".
  [[nodiscard]] const std::vector<std::string>& classes() const& noexcept { return classes_; }

  /// One byte a row: 0 violated, 1 unknown, 2 satisfied. `definition` is a position.
  [[nodiscard]] std::span<const std::uint8_t> column(std::size_t definition, bool with_exceptions = false) const;
  [[nodiscard]] std::span<const std::uint8_t> class_column(std::size_t which) const { return class_columns_.at(which); }
  [[nodiscard]] std::vector<VerdictCounts> counts(bool with_exceptions = false) const;
  /// Rows that two definitions both satisfy, for every pair: rows of a square matrix.
  [[nodiscard]] std::vector<std::int64_t> together() const;
  /// Rows by exactly which of some definitions they satisfy, most rows first: positions, and the
  /// number of rows.
  struct Intersection {
    std::vector<std::size_t> definitions;
    std::int64_t rows = 0;
  };
  [[nodiscard]] std::vector<Intersection> intersections(const std::vector<std::size_t>& of) const;

 private:
  friend TableClassification classify_table(const World&, std::span<const AttributeColumn>, std::int64_t,
                                            const Parameters&);
  std::int64_t rows_ = 0;
  std::vector<std::string> definitions_;
  std::vector<std::string> classes_;
  std::vector<std::vector<std::uint8_t>> columns_;
  std::vector<std::vector<std::uint8_t>> excepted_;  ///< empty where exceptions change nothing
  std::vector<std::vector<std::uint8_t>> class_columns_;
};

/// Throws as classify(), and InvalidValue for columns of unlike lengths, codes out of range or an
/// attribute given twice.
[[nodiscard]] TableClassification classify_table(const World& world, std::span<const AttributeColumn> columns,
                                                 std::int64_t rows, const Parameters& parameters = {});

/// How the counts move as a parameter grows, with every breakpoint. Rows whose size does not
/// convert into `unit` stay what they are.
[[nodiscard]] std::vector<Sweep> sweep(const World& world, std::span<const AttributeColumn> columns, std::int64_t rows,
                                       const std::string& parameter, const SizeUnit& unit,
                                       const Parameters& others = {});

}  // namespace qualgraph
