#include "qualgraph/credit/credits.hpp"

#include "qualgraph/credit/detail/interval.hpp"
#include "qualgraph/model/error.hpp"

#include <utility>

namespace qualgraph {
namespace {

constexpr std::string_view kBlank = " \t\r\n";

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(kBlank);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlank) - first + 1);
}

}  // namespace

std::string to_string(const Range& range) {
  return range.is_point() ? range.min.str() : range.min.str() + "-" + range.max.str();
}

Credits::Credits(Range amount, CreditSystemId system) : amount_(amount), system_(std::move(system)) {
  const std::string written = "\"" + to_string(amount_) + " " + system_.str() + "\"";
  if (system_.empty()) {
    throw InvalidValue("an amount of " + to_string(amount_) + " credits names no credit system; write it as \"30 ects\"");
  }
  if (amount_.min < Rational{0} || amount_.max < Rational{0}) {
    throw InvalidValue(written + " is negative; an amount of credits is the size of some learning and is at least 0");
  }
  if (amount_.min > amount_.max) {
    throw InvalidValue(written + " ends below its start; write the smaller amount first");
  }
}

Credits::Credits(Rational amount, CreditSystemId system) : Credits(detail::point(amount), std::move(system)) {}

Credits Credits::parse(std::string_view text) {
  const auto whole = trimmed(text);
  const std::string quoted = "\"" + std::string(text) + "\"";
  if (whole.empty()) throw InvalidValue("an empty text is no amount of credits; write it as \"30 ects\"");
  const auto blank = whole.find_first_of(kBlank);
  if (blank == std::string_view::npos) {
    const bool amount_only = whole.find_first_not_of("0123456789-/.") == std::string_view::npos;
    throw InvalidValue(quoted + (amount_only ? " names no credit system" : " states no amount") +
                       "; write it as \"30 ects\"");
  }
  const auto amount = whole.substr(0, blank);
  const auto system = trimmed(whole.substr(blank));
  if (system.find_first_of(kBlank) != std::string_view::npos) {
    throw InvalidValue(quoted + " is not one amount and one credit system; write it as \"30 ects\"");
  }
  // A dash at the front is a sign; any later one separates the ends of an interval.
  const auto dash = amount.find('-', 1);
  const auto end = [&](std::string_view part) {
    try {
      return Rational::parse(part);
    } catch (const InvalidValue&) {
      throw InvalidValue(quoted + ": \"" + std::string(part) +
                         "\" is not an exact amount; write credits as \"30 ects\", \"5/2 ects\" or \"5-40 ects\"");
    }
  };
  if (dash == std::string_view::npos) return {end(amount), CreditSystemId{system}};
  return {Range{end(amount.substr(0, dash)), end(amount.substr(dash + 1))}, CreditSystemId{system}};
}

std::string Credits::str() const { return to_string(amount_) + " " + system_.str(); }

Credits& Credits::operator+=(const Credits& other) {
  if (system_ != other.system_) throw UnitMismatch(str() + " + " + other.str() + ": convert first");
  amount_ = detail::plus(amount_, other.amount_);
  return *this;
}

Credits& Credits::operator*=(const Rational& factor) {
  if (factor < Rational{0}) throw InvalidValue(factor.str() + " times " + str() + " would be negative");
  amount_ = detail::times(amount_, detail::point(factor));
  return *this;
}

}  // namespace qualgraph
