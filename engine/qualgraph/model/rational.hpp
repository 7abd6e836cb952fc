/// Exact fractions for everything a decision hangs on.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

namespace qualgraph {

/// A fraction of two 64-bit integers, always in lowest terms with a positive denominator.
///
/// Every operation is exact; one whose result does not fit throws NumericOverflow.
class Rational {
 public:
  constexpr Rational() noexcept = default;
  constexpr Rational(std::int64_t whole) noexcept : numerator_(whole) {}  // NOLINT: integers are fractions
  /// Throws InvalidValue for a zero denominator.
  Rational(std::int64_t numerator, std::int64_t denominator);

  /// Reads "3", "-3", "3/2" and decimals such as "2.5", all exactly. Throws InvalidValue.
  [[nodiscard]] static Rational parse(std::string_view text);

  [[nodiscard]] constexpr std::int64_t numerator() const noexcept { return numerator_; }
  [[nodiscard]] constexpr std::int64_t denominator() const noexcept { return denominator_; }
  [[nodiscard]] constexpr bool is_integer() const noexcept { return denominator_ == 1; }
  /// "3" or "3/2".
  [[nodiscard]] std::string str() const;

  Rational& operator+=(const Rational& other);
  Rational& operator-=(const Rational& other);
  Rational& operator*=(const Rational& other);
  /// Throws InvalidValue when `other` is zero.
  Rational& operator/=(const Rational& other);

  friend Rational operator+(Rational a, const Rational& b) { return a += b; }
  friend Rational operator-(Rational a, const Rational& b) { return a -= b; }
  friend Rational operator*(Rational a, const Rational& b) { return a *= b; }
  friend Rational operator/(Rational a, const Rational& b) { return a /= b; }
  friend Rational operator-(const Rational& a);

  friend constexpr bool operator==(const Rational&, const Rational&) noexcept = default;
  friend std::strong_ordering operator<=>(const Rational& a, const Rational& b) noexcept;

 private:
  std::int64_t numerator_ = 0;
  std::int64_t denominator_ = 1;
};

/// The greatest integer not above `value`.
[[nodiscard]] std::int64_t floor(const Rational& value) noexcept;
/// The least integer not below `value`.
[[nodiscard]] std::int64_t ceil(const Rational& value);
/// The least common multiple of two numbers above 0. Throws NumericOverflow.
[[nodiscard]] std::int64_t common_multiple(std::int64_t a, std::int64_t b);

}  // namespace qualgraph
