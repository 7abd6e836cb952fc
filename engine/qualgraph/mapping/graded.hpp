/// What share of a stated population placed at one level is placed at another?
///
/// Graded evidence is counts, never confidences: of a named population (qualifications, credits,
/// votes), so many of level a are placed at b, the rest unmatched. Shares are exact and each row
/// sums to 1. Chaining two tables over a hub multiplies shares only if placement behind the hub
/// does not depend on origin; that product is labelled so. Without the assumption only bounds
/// hold, and only over one population.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "qualgraph/model/credit_system.hpp"
#include "qualgraph/model/id.hpp"
#include "qualgraph/model/rational.hpp"
#include "qualgraph/model/world.hpp"

namespace qualgraph {

/// The levels that a table relates, by their codes; a level counted in no row is silent.
struct GradedAxes {
  FrameworkId from;
  std::vector<std::string> from_levels;
  FrameworkId to;
  std::vector<std::string> to_levels;

  friend bool operator==(const GradedAxes&, const GradedAxes&) = default;
};

/// One cell of a count: so many members at `from` placed at `to`, or unmatched.
struct GradedCount {
  std::string from;
  std::optional<std::string> to;   ///< none: unmatched
  Rational count;
};

/// A row-stochastic table of exact shares with an unmatched column.
class GradedTable {
 public:
  /// `counts` holds one row per level of `from_levels`, one column per level of `to_levels`;
  /// `unmatched` one count per row. Throws InvalidValue when no population is stated, a code is
  /// blank or listed twice, the shape does not fit, a count is negative, or a row is empty of
  /// members (leave such a level out: nothing was counted, which is not the same as unmatched).
  [[nodiscard]] static GradedTable from_counts(std::string population, GradedAxes axes,
                                               const std::vector<std::vector<Rational>>& counts,
                                               const std::vector<Rational>& unmatched);
  /// The same from published shares; every row with its unmatched share has to sum to exactly 1.
  [[nodiscard]] static GradedTable from_shares(std::string population, GradedAxes axes,
                                               const std::vector<std::vector<Rational>>& shares,
                                               const std::vector<Rational>& unmatched);

  /// Who or what was counted, as stated.
  [[nodiscard]] const std::string& population() const& noexcept { return population_; }
  [[nodiscard]] const GradedAxes& axes() const& noexcept { return axes_; }
  [[nodiscard]] int rows() const noexcept { return static_cast<int>(axes_.from_levels.size()); }
  [[nodiscard]] int columns() const noexcept { return static_cast<int>(axes_.to_levels.size()); }
  /// Share of row `from` placed at column `to`, by position. Throws InvalidValue out of range.
  [[nodiscard]] const Rational& share(int from, int to) const&;
  [[nodiscard]] const Rational& unmatched(int from) const&;
  /// Members counted in a row; none for shares and products, whose counts are not known.
  [[nodiscard]] std::optional<Rational> members(int from) const;
  /// Pairs of codes with a share above 0, in row then column order.
  [[nodiscard]] std::vector<std::pair<std::string, std::string>> support() const;
  /// What has to be true for the shares to be the true ones; empty for counts and published shares.
  [[nodiscard]] const std::vector<std::string>& assumptions() const& noexcept { return assumptions_; }

  friend bool operator==(const GradedTable&, const GradedTable&) = default;

 private:
  friend GradedTable product(const GradedTable& first, const GradedTable& second);
  GradedTable(std::string population, GradedAxes axes);

  std::string population_;
  GradedAxes axes_;
  std::vector<Rational> shares_;     ///< row by row, the unmatched share last
  std::vector<Rational> members_;    ///< per row; empty if not counted
  std::vector<std::string> assumptions_;
};

/// A table of counts over the levels of a world's frameworks: one row per level with a count, all
/// levels of `to` as columns. Throws UnknownId for frameworks and levels, InvalidValue for a cell
/// given twice and as from_counts().
[[nodiscard]] GradedTable graded_counts(const World& world, std::string population, const FrameworkId& from,
                                        const FrameworkId& to, std::span<const GradedCount> counts);

/// Label of every product.
inline constexpr std::string_view kConditionalIndependence = "assumes conditional independence";

/// Shares of A at C over the hub they meet at (row-stochastic; unmatched stays unmatched). They are
/// the true shares only if, at each hub level, placement in C is independent of origin; assumptions()
/// says so. Throws InvalidValue if the tables do not meet, or a hub level in use has no row in `second`.
[[nodiscard]] GradedTable product(const GradedTable& first, const GradedTable& second);

/// For each pair of levels, the least and greatest share that any joint over the population allows.
struct GradedBounds {
  std::string population;
  GradedAxes axes;
  std::vector<Range> shares;         ///< row by row, the unmatched share last

  /// Throw InvalidValue out of range.
  [[nodiscard]] const Range& share(int from, int to) const&;
  [[nodiscard]] const Range& unmatched(int from) const&;
};

/// Fréchet bounds, attained: at hub level h of mass n_h the joint mass of (a, c) lies in
/// [max(0, n_ah + n_hc - n_h), min(n_ah, n_hc)]; summed over h, divided by n_a. Needs counts of one
/// population in both tables. Throws InvalidValue if a table has none, the populations differ, the
/// tables do not meet, or more members arrive at a hub level than `second` counts there.
[[nodiscard]] GradedBounds joint_bounds(const GradedTable& first, const GradedTable& second);

}  // namespace qualgraph
