/// What is the least cost of an integer model, and what proves it?
///
/// Branch and bound over linear relaxations. Relaxations are solved in floating point, but nothing
/// is believed that they say: every bound is recomputed in integers from the rounded dual vector,
/// so a subtree is closed only by an exact argument, and the same vectors are the proof.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include "qualgraph/stacking/integer_model.hpp"

namespace qualgraph {

enum class SolveStatus : std::uint8_t {
  optimal,      ///< `values` has the least cost
  infeasible,   ///< no values at all (below the cutoff, if one was given)
  not_proved,   ///< out of nodes or time, or stopped: `values` is the best found, `bound` holds
};

[[nodiscard]] const char* to_string(SolveStatus status) noexcept;

struct SolveOptions {
  std::int64_t nodes = 1'000'000;               ///< search nodes; deterministic
  std::optional<double> seconds;                ///< wall time; the answer then depends on the machine
  std::function<bool()> stop;                   ///< asked now and then; true ends the search
  /// Only values with cost <= cutoff are of interest.
  std::optional<std::int64_t> cutoff;
  /// Admissible values to start from.
  std::vector<std::int64_t> start;
  bool tried = false;                           ///< nothing better than `start` is found by trying
  bool proof = false;                           ///< keep the proof
  /// Let the proof use windows and fillings: far shorter, but its checker must know them.
  bool proof_by_sums = false;
  std::int64_t proof_nodes = 20'000;            ///< beyond, the proof is dropped (`Solution::proof_dropped`)
};

/// Why a subtree holds nothing better: the search tree in preorder.
///
/// A checker walks it with its own box of bounds. At every node it tightens the box by the
/// activities of all rows (the objective row "cost <= incumbent - 1" among them) and by the sums that the
/// windows can reach, until nothing changes, with integer rounding.
/// `branch`: the first child has column <= value, the second column >= value + 1.
/// `propagation`: the tightening itself empties the box. `dual`: integer multipliers of rows (and of
/// the objective row at index -1, always <= 0 as its bound is an upper one). For a multiplier y > 0 the row's lower
/// bound is used, for y < 0 its upper bound: sum over rows of y * (terms(x) - used bound) >= 0 for all admissible x,
/// and the largest value of the left side over the box is negative: a contradiction.
/// `tightening`: such a combination that does not yet contradict the box, taken as one more row (combination
/// >= 0): it tightens every column of the box once, the rows follow until nothing changes, and the only child goes on.
/// `filling`: one more row, sum of multiplier * column >= value, from here on: no way to fill its window within
/// the box weighs less. Only before the first branch. The first such row has the index after the model's last row,
/// and so on; other nodes may use it as they use the model's rows.
struct Proof {
  enum class Kind : std::uint8_t { branch, propagation, dual, tightening, filling };
  /// A sum between two ends. `high_row` has positive coefficients and an upper bound; `low_row`, if any, has the same
  /// terms, a lower bound, and the column `slack` (if any) besides, with the coefficient 1. Whole values reach few sums
  /// up to the upper bound: a column keeps only values that some reachable sum of at least the lower bound
  /// less the slack's upper end goes with, and the slack is at least what the largest reachable sum leaves missing.
  struct Window {
    int low_row = -1;
    int high_row = -1;
    int slack = -1;
  };
  struct Node {
    Kind kind = Kind::propagation;
    int column = -1;
    std::int64_t value = 0;
    /// By row; by column for a filling.
    std::vector<std::pair<int, std::int64_t>> multipliers;
    Window window;                       ///< of a filling
    /// Of a filling: rows with coefficients 1 only. Columns of one such row (the first that has them) with the same
    /// coefficient and multiplier count together, at most as many as that row's upper bound.
    std::vector<int> items;
  };
  /// The tree shows that no admissible values cost less than this; none: that there are none at all.
  std::optional<std::int64_t> at_least;
  std::vector<Window> windows;
  std::vector<Node> nodes;
};

struct Solution {
  SolveStatus status = SolveStatus::not_proved;
  std::vector<std::int64_t> values;             ///< empty if none were found, or if there are no columns
  std::int64_t cost = 0;                        ///< of `values`
  std::int64_t bound = 0;                       ///< no admissible values cost less
  std::int64_t nodes = 0;
  Proof proof;
  bool proof_dropped = false;

  /// Whether `values` are there: also where a model without columns needs none.
  [[nodiscard]] bool found() const noexcept { return status == SolveStatus::optimal || !values.empty(); }
};

/// Deterministic for the same model and options unless `seconds` or `stop` ends it.
/// Throws what IntegerModel::check() throws, and InvalidValue for a start that is not admissible.
[[nodiscard]] Solution solve(const IntegerModel& model, const SolveOptions& options = {});

/// Whether `proof` holds for `model`, by its own interval arithmetic. Shares no code with solve().
[[nodiscard]] bool holds(const Proof& proof, const IntegerModel& model);

}  // namespace qualgraph
