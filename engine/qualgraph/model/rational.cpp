#include "qualgraph/model/rational.hpp"

#include <charconv>
#include <limits>
#include <numeric>

#include "qualgraph/model/error.hpp"

namespace qualgraph {
namespace {

// Products of two 64-bit integers fit 127 bits, so one operation can be carried out exactly and
// checked once at its end. GCC and Clang call the type an extension.
__extension__ using Wide = __int128;

Wide gcd(Wide a, Wide b) {
  if (a < 0) a = -a;
  if (b < 0) b = -b;
  while (b != 0) {
    const Wide rest = a % b;
    a = b;
    b = rest;
  }
  return a;
}

std::int64_t narrow(Wide value) {
  if (value > std::numeric_limits<std::int64_t>::max() || value < std::numeric_limits<std::int64_t>::min()) {
    throw NumericOverflow("an exact number left the 64-bit range; use smaller numerators and denominators");
  }
  return static_cast<std::int64_t>(value);
}

Rational reduced(Wide numerator, Wide denominator) {
  if (denominator == 0) throw InvalidValue("a fraction needs a denominator other than zero");
  if (denominator < 0) {
    numerator = -numerator;
    denominator = -denominator;
  }
  const Wide divisor = numerator == 0 ? denominator : gcd(numerator, denominator);
  return {narrow(numerator / divisor), narrow(denominator / divisor)};
}

}  // namespace

Rational::Rational(std::int64_t numerator, std::int64_t denominator)
    : numerator_(numerator), denominator_(denominator) {
  if (denominator > 0 && std::gcd(numerator == std::numeric_limits<std::int64_t>::min() ? 0 : numerator,
                                  denominator) == 1) {
    return;
  }
  *this = reduced(numerator, denominator);
}

Rational Rational::parse(std::string_view text) {
  const auto fail = [&]() -> InvalidValue {
    return InvalidValue(in_quotes(text) + " is not an exact number; write 3, \"3/2\" or \"2.5\"");
  };
  const auto whole = [&](std::string_view part, bool sign_allowed) {
    std::int64_t value = 0;
    if (part.empty() || (part.front() == '-' && !sign_allowed)) throw fail();
    const auto [end, code] = std::from_chars(part.data(), part.data() + part.size(), value);
    if (code == std::errc::result_out_of_range) {
      throw NumericOverflow(in_quotes(text) + " does not fit a 64-bit number");
    }
    if (code != std::errc{} || end != part.data() + part.size()) throw fail();
    return value;
  };
  if (const auto slash = text.find('/'); slash != std::string_view::npos) {
    return {whole(text.substr(0, slash), true), whole(text.substr(slash + 1), false)};
  }
  const auto point = text.find('.');
  if (point == std::string_view::npos) return {whole(text, true)};
  const auto digits = text.substr(point + 1);
  if (digits.size() > 18) throw NumericOverflow(in_quotes(text) + " has more than 18 decimal places");
  const bool negative = text.front() == '-';
  std::int64_t scale = 1;
  for (std::size_t i = 0; i < digits.size(); ++i) scale *= 10;
  const Rational fraction{whole(digits, false), scale};
  const Rational integer{whole(text.substr(negative ? 1 : 0, point - (negative ? 1 : 0)), false)};
  return negative ? -(integer + fraction) : integer + fraction;
}

std::string Rational::str() const {
  return is_integer() ? std::to_string(numerator_) : std::to_string(numerator_) + "/" + std::to_string(denominator_);
}

Rational& Rational::operator+=(const Rational& other) {
  return *this = reduced(Wide{numerator_} * other.denominator_ + Wide{other.numerator_} * denominator_,
                         Wide{denominator_} * other.denominator_);
}

Rational& Rational::operator-=(const Rational& other) {
  return *this = reduced(Wide{numerator_} * other.denominator_ - Wide{other.numerator_} * denominator_,
                         Wide{denominator_} * other.denominator_);
}

Rational& Rational::operator*=(const Rational& other) {
  return *this = reduced(Wide{numerator_} * other.numerator_, Wide{denominator_} * other.denominator_);
}

Rational& Rational::operator/=(const Rational& other) {
  if (other.numerator_ == 0) throw InvalidValue("division by zero");
  return *this = reduced(Wide{numerator_} * other.denominator_, Wide{denominator_} * other.numerator_);
}

Rational operator-(const Rational& a) { return reduced(-Wide{a.numerator_}, a.denominator_); }

std::strong_ordering operator<=>(const Rational& a, const Rational& b) noexcept {
  const Wide left = Wide{a.numerator_} * b.denominator_;
  const Wide right = Wide{b.numerator_} * a.denominator_;
  if (left < right) return std::strong_ordering::less;
  return left > right ? std::strong_ordering::greater : std::strong_ordering::equal;
}

std::int64_t floor(const Rational& value) noexcept {
  const std::int64_t quotient = value.numerator() / value.denominator();
  return value.numerator() % value.denominator() < 0 ? quotient - 1 : quotient;
}

std::int64_t ceil(const Rational& value) {
  const std::int64_t quotient = value.numerator() / value.denominator();
  return value.numerator() % value.denominator() > 0 ? quotient + 1 : quotient;
}

std::int64_t common_multiple(std::int64_t a, std::int64_t b) {
  return narrow(static_cast<Wide>(a / std::gcd(a, b)) * b);
}

}  // namespace qualgraph
