/// How many credits, and of which system?
///
/// An amount never leaves its system behind: credits of two systems do not add, compare or
/// convert without one of the ways of convert.hpp.
#pragma once

#include <string>
#include <string_view>

#include "qualgraph/model/credit_system.hpp"
#include "qualgraph/model/id.hpp"
#include "qualgraph/model/rational.hpp"

namespace qualgraph {

/// "60", "75/2", and for an interval "75/2-45".
[[nodiscard]] std::string to_string(const Range& range);

/// An amount of credits in one named system: exact, never negative, an interval where its source
/// states one ("5-40 nz-credit").
class Credits {
 public:
  Credits() = default;
  /// Throws InvalidValue for a negative amount, an interval whose ends are swapped, or no system.
  Credits(Range amount, CreditSystemId system);
  Credits(Rational amount, CreditSystemId system);

  /// Reads "30 ects", "5/2 nz-credit", "2.5 ects" and "5-40 nz-credit". Throws InvalidValue.
  /// Whether the system exists is for a world to say.
  [[nodiscard]] static Credits parse(std::string_view text);

  [[nodiscard]] const Range& amount() const& noexcept { return amount_; }
  [[nodiscard]] const CreditSystemId& system() const& noexcept { return system_; }
  /// "30 ects".
  [[nodiscard]] std::string str() const;

  /// Throws UnitMismatch when the systems differ.
  Credits& operator+=(const Credits& other);
  /// `factor` times as much. Throws InvalidValue for a negative factor.
  Credits& operator*=(const Rational& factor);

  friend Credits operator+(Credits a, const Credits& b) { return a += b; }
  friend Credits operator*(Credits a, const Rational& factor) { return a *= factor; }
  friend Credits operator*(const Rational& factor, Credits a) { return a *= factor; }
  /// Same amount of the same system; a second name of a system is not resolved here.
  friend bool operator==(const Credits&, const Credits&) = default;

 private:
  Range amount_{};
  CreditSystemId system_;
};

}  // namespace qualgraph
