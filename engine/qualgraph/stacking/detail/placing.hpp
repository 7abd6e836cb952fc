/// Whole items placed one by one: good allocations, and what no allocation can do without.
///
/// Greedy placing gives a shortfall that can be had, cuts give one that has to be borne: where the
/// two meet, the audit is settled without a search. Amounts are those of Packed.
#pragma once

#include "qualgraph/stacking/detail/cuts.hpp"
#include "qualgraph/stacking/detail/packed.hpp"

#include <array>
#include <cstdint>
#include <vector>

namespace qualgraph::detail {

class Placing {
 public:
  /// False for more places or clauses than masks hold, or amounts beyond what is added up here.
  [[nodiscard]] bool read(const Packed& packed);

  /// Places one by one, what has the fewest choices first.
  void place();
  /// In other orders, unless no more than `enough` is lacking.
  void place_otherwise(std::int64_t enough);
  /// Swaps and replacements, for as long as they help, then `shakes` for every item; stops once no more
  /// than `enough` is lacking.
  void mend(std::int64_t enough, std::size_t shakes = 1);
  /// No allocation lacks less. Looks only at what the best allocation found lacks.
  [[nodiscard]] std::int64_t at_least();
  /// No allocation counts more, whatever it lacks. After place().
  [[nodiscard]] std::int64_t at_most();
  /// From here on what is not counted of this amount is lacking too; place() starts anew.
  /// False where no row is left to say so.
  [[nodiscard]] bool ask_for(std::int64_t counted);

  [[nodiscard]] std::int64_t shortfall() const noexcept { return best_; }
  /// Of an entry: the place it lies in, or -1.
  [[nodiscard]] const std::vector<int>& placed() const noexcept { return best_place_; }
  /// Places that an entry can lie in at all, whatever else is placed.
  [[nodiscard]] std::uint64_t open(std::size_t entry) const noexcept { return fits_[entry]; }

 private:
  static constexpr std::size_t kRows = 64;

  [[nodiscard]] std::uint64_t rows_of(std::size_t entry, std::size_t leaf) const noexcept {
    return path_[leaf] | (families_[entry] & reach_[leaf]);
  }
  /// What an amount brings to these rows now; -1 if it does not fit.
  [[nodiscard]] std::int64_t gain(std::int64_t size, std::uint64_t rows) const noexcept;
  [[nodiscard]] bool barred(std::size_t entry) const noexcept;
  void put(std::size_t entry, std::size_t leaf) noexcept;
  void take(std::size_t entry) noexcept;
  /// Best place for an entry now; -1 if none brings anything.
  [[nodiscard]] int best_leaf(std::size_t entry) const noexcept;
  template <class First>
  void try_order(First&& first);
  void start();
  void greedy(const std::vector<int>& order);
  void improve();
  [[nodiscard]] bool swap_once();
  void shake(std::int64_t enough, std::size_t shakes);
  void note();
  void tighten();
  [[nodiscard]] std::int64_t most_through(std::uint64_t leaves, std::uint64_t row, bool to_minima);

  const Packed* packed_ = nullptr;
  std::size_t rows_ = 0, leaves_ = 0;
  std::array<std::int64_t, kRows> least_{}, most_{};
  std::array<std::int64_t, kRows> lacks_{}, room_{};  ///< of a row: to its minimum and its maximum; below 0 past it
  std::array<std::uint64_t, 64> path_{}, reach_{};
  std::vector<std::int64_t> size_;
  std::vector<std::uint64_t> fits_, families_, sets_;
  std::vector<std::uint64_t> common_;  ///< rows that count an entry wherever it lies
  std::array<int, 64> held_{};         ///< items counted, per set of an exclusion
  std::uint64_t active_ = 0;
  std::vector<int> place_, best_place_, kept_place_, order_;
  std::vector<std::int64_t> keys_;
  std::int64_t lacking_ = 0, best_ = 0;

  std::array<std::int64_t, 64> supply_{};  ///< of a place: all that it could take
  std::array<std::int64_t, 64> rank_{};    ///< of a place: what could be counted there beyond its minimum
  int trials_ = 0;

  // Of the bound.
  std::array<std::int64_t, 64> ceiling_{};  ///< of a place: the largest sum its items can make
  Cuts cuts_;
  std::vector<std::uint64_t> sums_;
};

}  // namespace qualgraph::detail
