/// What is left of a rule and a record once every word is an inequality?
///
/// An integer programme with named rows and columns: the common ground of audits, completions,
/// their proofs and the independent checker. A row is named after the clause it comes from
/// ("caps/rpl/max_share"), so a proof that combines rows speaks of clauses.
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

namespace qualgraph {

/// Minimise `cost` over integers x with lower <= x <= upper and, for every row, lower <= terms(x) <= upper.
struct IntegerModel {
  static constexpr std::int64_t kInfinity = std::numeric_limits<std::int64_t>::max();

  struct Term {
    int column = 0;
    std::int64_t coefficient = 0;

    friend bool operator==(const Term&, const Term&) = default;
  };

  struct Row {
    std::string name;
    std::vector<Term> terms;             ///< each column at most once, no zero coefficient
    std::int64_t lower = -kInfinity;
    std::int64_t upper = kInfinity;
  };

  struct Column {
    std::string name;
    std::int64_t lower = 0;
    std::int64_t upper = 1;              ///< always finite
    std::int64_t cost = 0;
    /// A higher number is branched on earlier (a choice between places before the items in them).
    int priority = 0;
  };

  std::vector<Column> columns;
  std::vector<Row> rows;

  int add_column(std::string name, std::int64_t lower, std::int64_t upper, std::int64_t cost = 0, int priority = 0);
  Row& add_row(std::string name, std::int64_t lower, std::int64_t upper);

  /// Throws InvalidValue for a term without column, a column twice in a row, lower > upper on a
  /// column or an infinite column bound, NumericOverflow when an activity could leave 63 bits.
  void check() const;
  /// Whether `values` keeps every bound and row.
  [[nodiscard]] bool admits(const std::vector<std::int64_t>& values) const;
  [[nodiscard]] std::int64_t cost_of(const std::vector<std::int64_t>& values) const;
};

}  // namespace qualgraph
