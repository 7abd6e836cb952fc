/// A bounded dual simplex on a dense dictionary, for relaxations solved again and again under other bounds.
///
/// Every variable, rows included, lies between finite bounds. So any basis becomes dual feasible by
/// putting each nonbasic variable at the bound its reduced cost asks for, and the last basis of one
/// node is a start for any other. What comes out is a hint: callers prove it in integers.
#pragma once

#include <cstdint>
#include <vector>

namespace qualgraph::detail {

class Simplex {
 public:
  enum class Outcome : std::uint8_t { optimal, infeasible, cut_off, failed };

  struct Entry {
    int column = 0;
    double coefficient = 0;
  };

  explicit Simplex(std::vector<double> costs);

  /// Bounds must be finite.
  void add_row(const std::vector<Entry>& entries, double lower, double upper);
  [[nodiscard]] int rows() const noexcept { return rows_; }
  [[nodiscard]] int columns() const noexcept { return columns_; }

  void set_bounds(int column, double lower, double upper) noexcept;

  /// Stops as soon as the objective exceeds `cutoff`.
  Outcome solve(double cutoff, int pivots);

  [[nodiscard]] double objective() const noexcept { return objective_; }
  [[nodiscard]] double value(int column) const noexcept;
  /// Multiplier of a row: of the objective's bound, or after `infeasible` of the contradiction.
  [[nodiscard]] double multiplier(int row) const noexcept { return multipliers_[at(row)]; }

  /// Drops the rows from `first` on that are basic, so not tight; returns how many were.
  int drop_basic_rows(int first);
  [[nodiscard]] const std::vector<int>& dropped() const noexcept { return dropped_; }

  /// Computes the dictionary of the current basis afresh.
  bool refresh();

 private:
  static std::size_t at(int index) noexcept { return static_cast<std::size_t>(index); }
  [[nodiscard]] double* row(int r) noexcept { return table_.data() + at(r) * at(columns_); }
  [[nodiscard]] const double* row(int r) const noexcept { return table_.data() + at(r) * at(columns_); }
  void place();
  void pivot(int r, int q);
  void read_multipliers();
  void read_contradiction(int r);

  int columns_ = 0;
  int rows_ = 0;
  std::vector<double> costs_;
  std::vector<std::vector<Entry>> entries_;
  std::vector<double> table_;        // rows_ x columns_: basic = table * nonbasic
  std::vector<double> reduced_;      // objective over the nonbasic
  std::vector<int> nonbasic_;
  std::vector<int> basic_;
  std::vector<int> where_;           // of a variable: place among the nonbasic, or ~row
  std::vector<double> lower_, upper_, value_;
  std::vector<double> weight_;       // of a row: squared length, for pricing
  std::vector<double> multipliers_;
  std::vector<int> pattern_;         // of the pivot row
  std::vector<int> candidates_;
  std::vector<double> ratio_;
  struct Move {
    int place;
    double by;
  };
  std::vector<Move> moves_;
  std::vector<int> dropped_;
  double objective_ = 0;
  int since_refresh_ = 0;
};

}  // namespace qualgraph::detail
