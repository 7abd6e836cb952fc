#include "qualgraph/credit/rounding.hpp"

#include "qualgraph/model/error.hpp"

#include <array>
#include <string>

namespace qualgraph {
namespace {

constexpr std::array kModes{RoundingMode::none, RoundingMode::down, RoundingMode::up, RoundingMode::half_up,
                            RoundingMode::half_even};

void check(const Rounding& rounding) {
  if (rounding.grain <= Rational{0}) {
    throw InvalidValue("a rounding grain of " + rounding.grain.str() +
                       " makes no sense; it is the smallest step of credits, such as 1 or \"1/2\"");
  }
}

std::int64_t nearest_multiple(const Rational& multiples, RoundingMode mode) {
  const std::int64_t below = floor(multiples);
  const Rational rest = multiples - Rational{below};
  const Rational half{1, 2};
  if (rest < half) return below;
  if (rest > half) return below + 1;
  const bool below_is_even = below % 2 == 0;
  return mode == RoundingMode::half_even && below_is_even ? below : below + 1;
}

}  // namespace

const char* to_string(RoundingMode mode) noexcept {
  switch (mode) {
    case RoundingMode::none: return "none";
    case RoundingMode::down: return "down";
    case RoundingMode::up: return "up";
    case RoundingMode::half_up: return "half_up";
    case RoundingMode::half_even: return "half_even";
  }
  return "none";
}

RoundingMode parse_rounding_mode(std::string_view name) {
  std::string wanted{name};
  for (char& letter : wanted) {
    if (letter == '-') letter = '_';
  }
  for (const auto mode : kModes) {
    if (wanted == to_string(mode)) return mode;
  }
  throw InvalidValue("\"" + std::string(name) + "\" is no rounding; use none, down, up, half_up or half_even");
}

Rational rounded(const Rational& value, const Rounding& rounding) {
  check(rounding);
  if (rounding.mode == RoundingMode::none) return value;
  const Rational multiples = value / rounding.grain;
  switch (rounding.mode) {
    case RoundingMode::down: return Rational{floor(multiples)} * rounding.grain;
    case RoundingMode::up: return Rational{ceil(multiples)} * rounding.grain;
    default: return Rational{nearest_multiple(multiples, rounding.mode)} * rounding.grain;
  }
}

Range rounded(const Range& value, const Rounding& rounding) {
  return {rounded(value.min, rounding), rounded(value.max, rounding)};
}

ErrorBound error_bound(const Rounding& rounding, std::int64_t items) {
  check(rounding);
  if (items < 0) throw InvalidValue("a sum of " + std::to_string(items) + " items cannot be rounded");
  const Rational all = rounding.grain * Rational{items};
  switch (rounding.mode) {
    case RoundingMode::none: return {Rational{0}, false};
    case RoundingMode::down:
    case RoundingMode::up: return {all, items > 0};
    default: return {all / Rational{2}, false};
  }
}

}  // namespace qualgraph
