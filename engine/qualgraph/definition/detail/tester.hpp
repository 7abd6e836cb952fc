/// Is an elementary test met by what a credential states?
#pragma once

#include "qualgraph/credit/truth.hpp"
#include "qualgraph/definition/classify.hpp"
#include "qualgraph/definition/definition.hpp"

#include <map>
#include <optional>
#include <string>
#include <utility>

namespace qualgraph::detail {

constexpr Truth both(Truth a, Truth b) noexcept { return a < b ? a : b; }
constexpr Truth either(Truth a, Truth b) noexcept { return a < b ? b : a; }
constexpr Truth truth(bool value) noexcept { return value ? Truth::yes : Truth::no; }
constexpr Truth negated(Truth value) noexcept { return value == Truth::unknown ? value : truth(value == Truth::no); }
/// Two statements on one thing: where they contradict each other nothing is known.
constexpr Truth agreed(Truth a, Truth b) noexcept {
  if (a == Truth::unknown) return b;
  return b == Truth::unknown || a == b ? a : Truth::unknown;
}

/// A size in one unit, as far as hours and credits tell.
struct SizeReading {
  std::optional<Range> value;  ///< none: not known
  bool clash = false;          ///< hours and credits contradict each other
  bool stated = false;         ///< hours or credits are stated
};

/// Truth of tests within one world. Conversions and placements are remembered; not for use from
/// two threads at once.
class Tester {
 public:
  Tester(const World& world, const Parameters& parameters) : world_(&world), parameters_(parameters) {}

  /// The truth, and into `reason`, if given, why.
  [[nodiscard]] Truth operator()(const Test& test, const Credential& credential, std::string* reason = nullptr);

  [[nodiscard]] SizeReading size(const SizeUnit& unit, const Credential& credential);
  /// Hours of learning of one credit; none where a system states none or counts class hours.
  [[nodiscard]] std::optional<Range> hours_per_credit(const SizeUnit& unit);
  /// Credits of `to` for one credit of `from`, over all ways.
  [[nodiscard]] std::optional<Range> factor(const SizeUnit& from, const SizeUnit& to);
  /// From the least to the greatest size that the smallest award of a framework may have.
  struct Award {
    Range size;
    SizeUnit unit;
    std::string name;
  };
  [[nodiscard]] const std::optional<Award>& smallest_award(const FrameworkId& framework);
  /// Whether what is stated contradicts itself: hours and credits, weeks and months.
  [[nodiscard]] bool consistent(const Credential& credential);

  [[nodiscard]] const World& world() const noexcept { return *world_; }
  [[nodiscard]] const Parameters& parameters() const noexcept { return parameters_; }

 private:
  Truth bounded(const SizeReading& reading, const Test& test, const Rational& bound, const SizeUnit& unit,
                std::string* reason) const;
  Truth award(const Test& test, const Credential& credential, std::string* reason);
  Truth level(const Test& test, const Credential& credential, std::string* reason);
  Truth placed(const Test& test, const LevelRef& level, std::string* reason);
  [[nodiscard]] std::optional<Range> weeks(const Credential& credential, bool& clash) const;

  const World* world_;
  Parameters parameters_;
  std::map<SizeUnit, std::optional<Range>> hours_;
  std::map<std::pair<SizeUnit, SizeUnit>, std::optional<Range>> factors_;
  std::map<FrameworkId, std::optional<Award>> awards_;
  std::map<std::pair<std::string, LevelRef>, std::pair<Truth, std::string>> placed_;
};

/// Kleene value of a formula when `value(test)` and `meets(definition)` give those of its parts.
template <class Value, class Meets>
Truth evaluate(const Formula& formula, const Value& value, const Meets& meets) {
  switch (formula.kind) {
    case Formula::Kind::test:
      return value(formula.test);
    case Formula::Kind::meets:
      return meets(formula.definition);
    case Formula::Kind::none_of:
      return negated(evaluate(formula.parts.front(), value, meets));
    case Formula::Kind::all: {
      Truth result = Truth::yes;
      for (const auto& part : formula.parts) {
        result = both(result, evaluate(part, value, meets));
        if (result == Truth::no) break;
      }
      return result;
    }
    case Formula::Kind::any: {
      Truth result = Truth::no;
      for (const auto& part : formula.parts) {
        result = either(result, evaluate(part, value, meets));
        if (result == Truth::yes) break;
      }
      return result;
    }
  }
  return Truth::unknown;
}

/// Whether a clause decides in a view: below the evidence floor it is silent.
inline bool silent(const DefinitionClause& clause, EvidenceFloor floor) noexcept {
  return floor == EvidenceFloor::read && clause.evidence != Evidence::read;
}

/// Verdict of a conjunction of clauses; `exceptional` is the truth of "grounds are given".
template <class Value, class Meets>
Truth evaluate(const std::vector<DefinitionClause>& clauses, EvidenceFloor floor, bool with_exceptions,
               Truth exceptional, const Value& value, const Meets& meets) {
  Truth result = Truth::yes;
  for (const auto& clause : clauses) {
    if (clause.kind == ClauseKind::descriptive) continue;
    Truth one = Truth::unknown;
    if (!silent(clause, floor)) {
      one = evaluate(*clause.test, value, meets);
      if (with_exceptions && clause.kind == ClauseKind::exceptional) one = either(one, exceptional);
    }
    result = both(result, one);
    if (result == Truth::no) break;
  }
  return result;
}

/// Verdict of one definition, those it rests on included.
template <class Value>
Truth evaluate(const Definitions& set, std::size_t definition, EvidenceFloor floor, bool with_exceptions,
               Truth exceptional, const Value& value) {
  return evaluate(set.list[definition].clauses, floor, with_exceptions, exceptional, value, [&](int other) {
    return evaluate(set, static_cast<std::size_t>(other), floor, with_exceptions, exceptional, value);
  });
}

/// steps() with what is remembered of conversions and placements.
[[nodiscard]] std::vector<Steps> steps_of(Tester& tester, const Definitions& set, const Credential& credential,
                                          const std::string& parameter, const SizeUnit& unit);

inline Truth grounds(const Credential& credential) {
  const bool* given = std::get_if<bool>(&credential[Attribute::exceptional]);
  return given == nullptr ? Truth::unknown : truth(*given);
}

}  // namespace qualgraph::detail
