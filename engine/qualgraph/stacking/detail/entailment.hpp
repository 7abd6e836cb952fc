/// What do tests of an item imply about each other, whatever the item is?
#pragma once

#include "qualgraph/model/world.hpp"
#include "qualgraph/stacking/rule.hpp"

#include <optional>
#include <string>
#include <vector>

namespace qualgraph::detail {

/// The same text for the same tests in any order.
[[nodiscard]] std::string key_of(const Selector& selector);
[[nodiscard]] std::string key_of(const Amount& amount);
/// The amount, if it is a number.
[[nodiscard]] std::optional<Rational> number(const Amount& amount);
/// All tests that must hold together, connectives taken apart.
void conjuncts(const Selector& selector, std::vector<const Selector*>& list);

/// Sound and not complete: what it says follows from the text, what it does not say may follow all the same.
class Entailment {
 public:
  /// Both outlive it. Without a world, levels of its frameworks are not compared.
  Entailment(const RuleText& text, const World* world) : text_(text), world_(world) {}

  /// Why no item passes all tests, or empty.
  [[nodiscard]] std::string contradiction(const std::vector<const Selector*>& tests) const;
  [[nodiscard]] std::string contradiction(const Selector& selector) const;
  /// Whether every item that passes all tests is selected.
  [[nodiscard]] bool implies(const std::vector<const Selector*>& tests, const Selector& selector) const;

 private:
  /// Whether level `a` lies at or below `b`; none: not comparable by what is known.
  [[nodiscard]] std::optional<bool> at_most(const std::string& a, const std::string& b) const;
  [[nodiscard]] std::optional<bool> grade_at_most(const Selector& low, const Selector& high) const;
  /// Why two levels tests exclude each other, or empty.
  [[nodiscard]] std::string levels_apart(const Selector& test, const Selector& other) const;
  [[nodiscard]] bool entails(const Selector& test, const Selector& wanted) const;

  const RuleText& text_;
  const World* world_;
};

}  // namespace qualgraph::detail
