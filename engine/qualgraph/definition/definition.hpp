/// What does one text demand of a micro-credential, clause by clause?
///
/// A definition is a conjunction of clauses over attributes. Constitutive and exceptional clauses
/// are tested; descriptive ones ("may", "often", what is only intended) are shown and decide nothing.
#pragma once

#include "qualgraph/definition/credential.hpp"
#include "qualgraph/model/source.hpp"
#include "qualgraph/model/world.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace qualgraph {

/// A size named in a definition: hours of learning, or credits of a system.
struct SizeUnit {
  std::optional<CreditSystemId> system;  ///< none: hours

  [[nodiscard]] std::string str() const { return system ? system->str() : "hours"; }
  friend auto operator<=>(const SizeUnit&, const SizeUnit&) = default;
  friend bool operator==(const SizeUnit&, const SizeUnit&) = default;
};

struct Size {
  Rational amount;
  SizeUnit unit;

  /// Reads "5 nz-credit" or "30 hours". Throws InvalidValue.
  [[nodiscard]] static Size parse(std::string_view text);
  /// "5 nz-credit", "1 hour".
  [[nodiscard]] std::string str() const;
  friend bool operator==(const Size&, const Size&) = default;
};

/// One elementary test of a formula.
struct Test {
  enum class Kind : std::uint8_t {
    flag,          ///< attribute is yes, or is no
    one_of,        ///< a word is one of some
    any_of,        ///< a list holds at least one of some words
    all_of,        ///< a list holds all of some words
    stated,        ///< a text names something, or names nothing
    number,        ///< a number lies within bounds
    size,          ///< hours or credits lie within a bound
    small,         ///< the size lies within a parameter
    below_award,   ///< smaller than the smallest award of a framework
    on_framework,  ///< its level is one of a framework
    level_range,   ///< its level lies within levels of a framework
  };
  Kind kind = Kind::flag;
  Attribute attribute = Attribute::assessed;  ///< of the first six kinds
  bool flag = true;
  std::vector<std::string> words;
  bool lower = false;   ///< of sizes and numbers: a least amount
  bool strict = false;  ///< the bound itself is outside
  Size bound;
  std::string parameter;  ///< of `small`
  FrameworkId framework;
  std::string low, high;  ///< level codes; empty: open

  /// The same test has the same key.
  [[nodiscard]] std::string key() const;
  /// In words: "at least 5 nz-credit".
  [[nodiscard]] std::string str() const;
};

/// Which attributes can change a test's truth.
[[nodiscard]] std::vector<Attribute> attributes_of(const Test& test);

/// A formula in strong Kleene logic.
struct Formula {
  enum class Kind : std::uint8_t { test, all, any, none_of, meets };
  Kind kind = Kind::test;
  int test = -1;               ///< position in Definitions::tests
  std::vector<Formula> parts;  ///< of all and any; one of none_of
  int definition = -1;         ///< of meets: position in Definitions::list
  std::string name;            ///< of meets
};

enum class ClauseKind : std::uint8_t { constitutive, exceptional, descriptive };
[[nodiscard]] const char* to_string(ClauseKind kind) noexcept;

struct DefinitionClause {
  std::string id;
  ClauseKind kind = ClauseKind::constitutive;
  std::string text;             ///< what the source says, in our words
  std::optional<Formula> test;  ///< none: no attribute carries it
  std::string reading;          ///< how the words were read, where they leave a choice
  Evidence evidence = Evidence::known;
  std::vector<Source> sources;  ///< of this clause; where it names none, those of the definition
};

/// One of the classes a text sorts credentials into.
struct DefinitionClass {
  std::string id, term;
  std::vector<DefinitionClause> clauses;
};

struct Definition {
  std::string id, term, issuer, jurisdiction, edition, status, policy, notes;
  std::optional<FrameworkId> framework;
  std::optional<int> year;
  std::map<std::string, std::string> parameters;  ///< what each stands for; none has a value of its own
  std::vector<DefinitionClause> clauses;
  std::vector<DefinitionClass> classes;
  std::vector<Source> sources;
  std::string json;

  /// Whether any clause decides. A text without such a clause gives no verdict.
  [[nodiscard]] bool tested() const noexcept;
};

/// All definitions of a world, by id, with their elementary tests each once.
struct Definitions {
  std::vector<Definition> list;
  std::vector<Test> tests;
  std::vector<int> deciding;  ///< positions of tests that some verdict hangs on

  /// Position of a definition. Throws UnknownId with the nearest ids.
  [[nodiscard]] std::size_t index_of(std::string_view id) const;
};

/// A formula in words: "relation: additional or component".
[[nodiscard]] std::string to_string(const Definitions& set, const Formula& formula);

/// Reads the definitions of a world, on first use. Throws FactError with every fault: a formula
/// that cannot be read, a framework, level, credit system or definition that nobody knows, a
/// definition that rests on itself.
[[nodiscard]] Shared<Definitions> definitions(const World& world);

}  // namespace qualgraph
