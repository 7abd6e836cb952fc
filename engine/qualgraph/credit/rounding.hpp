/// What does a stated rounding make of an exact number, and how far can it stray?
///
/// Credits are rounded once and last, in multiples of a grain; the exact number is kept beside
/// the rounded one.
#pragma once

#include <cstdint>
#include <string_view>

#include "qualgraph/model/credit_system.hpp"
#include "qualgraph/model/rational.hpp"

namespace qualgraph {

enum class RoundingMode : std::uint8_t {
  none,       ///< the exact number
  down,       ///< to the multiple of the grain at or below
  up,         ///< to the multiple at or above
  half_up,    ///< to the nearest; from the middle upward
  half_even,  ///< to the nearest; from the middle to the even multiple
};

[[nodiscard]] const char* to_string(RoundingMode mode) noexcept;
/// Reads the names above; "half-up" is accepted for "half_up". Throws InvalidValue listing them.
[[nodiscard]] RoundingMode parse_rounding_mode(std::string_view name);

/// A rounding policy; the grain, in credits, is positive.
struct Rounding {
  RoundingMode mode = RoundingMode::none;
  Rational grain = 1;

  friend bool operator==(const Rounding&, const Rounding&) = default;
};

/// Throws InvalidValue for a grain that is not positive.
[[nodiscard]] Rational rounded(const Rational& value, const Rounding& rounding);
/// Both ends rounded: rounding is monotone, so no value between them leaves the result.
[[nodiscard]] Range rounded(const Range& value, const Rounding& rounding);

/// |rounded - exact| < bound where `strict`, else <= bound.
struct ErrorBound {
  Rational bound;
  bool strict = false;

  friend bool operator==(const ErrorBound&, const ErrorBound&) = default;
};

/// The bound for a sum of `items` numbers, each rounded on its own (1: rounded once, at the end).
/// Throws InvalidValue for a negative count or a grain that is not positive.
[[nodiscard]] ErrorBound error_bound(const Rounding& rounding, std::int64_t items = 1);

}  // namespace qualgraph
