/// The answers that blanks of a credential can have, cut into finitely many regions.
///
/// Every test is constant on each region: sizes are cut at the bounds of the tests and at their
/// images in the other units, lists into subsets of the words that tests name, levels into classes
/// that no test tells apart. One value stands for each region, so that going through the values
/// goes through all answers.
#pragma once

#include "qualgraph/definition/detail/tester.hpp"

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace qualgraph::detail {

/// Something that may be asked: an attribute, or what a parameter means.
struct Blank {
  Attribute attribute = Attribute::title;
  std::string parameter;  ///< not empty: a parameter

  [[nodiscard]] std::string name() const { return parameter.empty() ? std::string(info(attribute).name) : parameter; }
  friend bool operator==(const Blank&, const Blank&) = default;
  /// Attributes in their order, then parameters.
  friend bool operator<(const Blank& a, const Blank& b) {
    if (a.parameter.empty() != b.parameter.empty()) return a.parameter.empty();
    return a.parameter.empty() ? a.attribute < b.attribute : a.parameter < b.parameter;
  }
};

/// What a parameter is answered with, as far as it matters: the size is within it, is not, or
/// straddles it where the size is an interval.
enum class Within : std::uint8_t { yes, no, straddles };

/// One answer to one blank.
struct Answer {
  Value value;
  Within within = Within::yes;
};

/// Which levels stand for all levels.
enum class Levels : std::uint8_t {
  named,  ///< those of the frameworks that tests name, one elsewhere where that decides, and none
  all,    ///< every level of the world as well, as placed by documents
};

/// Truths of the tests of some definitions as blanks are filled one after the other.
class Space {
 public:
  /// `definitions` are positions; those they rest on are taken along. `every` makes variables of
  /// stated attributes too.
  Space(Tester& tester, const Definitions& set, const std::vector<std::size_t>& definitions, const Credential& base,
        bool every, Levels levels = Levels::named);

  [[nodiscard]] const std::vector<Blank>& blanks() const noexcept { return blanks_; }
  [[nodiscard]] const Credential& credential() const noexcept { return credential_; }
  [[nodiscard]] const std::map<std::string, Within>& parameters() const noexcept { return parameters_; }
  [[nodiscard]] Truth verdict(std::size_t definition) const;

  /// Values for a blank in the present state, those nearest to `near` first.
  [[nodiscard]] std::vector<Answer> answers(const Blank& blank, const Value& near = {});
  void fill(const Blank& blank, const Answer& answer);
  void clear(const Blank& blank);
  /// Answers shall also take into account what this credential states: an edit may keep it.
  void consider(const Credential& stated) { stated_ = stated; }
  /// Whether what is filled in contradicts itself.
  [[nodiscard]] bool consistent();

  /// Fills the blanks from `at` on in every way. `visit` says at each state what to do: go on,
  /// leave this branch, or stop with success. The state is kept on success.
  enum class Step : std::uint8_t { on, leave, found };
  template <class Visit>
  bool explore(const std::vector<Blank>& order, std::size_t at, const Visit& visit) {
    switch (visit(at == order.size())) {
      case Step::found:
        return true;
      case Step::leave:
        return false;
      case Step::on:
        break;
    }
    if (at == order.size()) return false;
    for (const auto& answer : answers(order[at])) {
      fill(order[at], answer);
      if (consistent() && explore(order, at + 1, visit)) return true;
    }
    clear(order[at]);
    return false;
  }

 private:
  void touch(std::size_t definition, std::set<int>& tests);
  void refresh(const Blank& blank);
  [[nodiscard]] Truth value(int test);
  /// Every size at which a test of the space changes its answer, as the definitions write it.
  void each_bound(const std::function<void(const Rational&, const SizeUnit&)>& found);
  [[nodiscard]] std::vector<Rational> hour_cuts(bool images);
  [[nodiscard]] std::vector<Value> hours_answers(const Value& near);
  [[nodiscard]] std::vector<Value> credit_answers(const Value& near);
  [[nodiscard]] std::vector<Value> number_answers(Attribute attribute, const Value& near);
  [[nodiscard]] std::vector<Value> level_answers(const Value& near);
  [[nodiscard]] std::vector<Value> word_answers(Attribute attribute, const Value& near);
  [[nodiscard]] std::vector<Value> apart(Attribute attribute, std::vector<Value> values);
  [[nodiscard]] bool size_is_point();

  Tester* tester_;
  const Definitions* set_;
  Levels levels_;
  Truth exceptional_;
  std::vector<int> tests_;       ///< of the definitions, sorted
  std::vector<SizeUnit> units_;  ///< in which they state sizes
  std::vector<Truth> truths_;    ///< by position in Definitions::tests
  std::vector<Blank> blanks_;
  Credential credential_;
  Credential stated_;
  std::map<std::string, Within> parameters_;
  std::map<Attribute, std::vector<Value>> kept_;
};

}  // namespace qualgraph::detail
