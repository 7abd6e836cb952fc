/// Is a credential a micro-credential, in the words of each text?
///
/// Strong Kleene logic: and is the smaller truth, or the greater, with "unknown" between. Filling a
/// blank therefore never turns "satisfied" into "violated", nor the reverse. There is one verdict
/// for each definition and never one over them all.
#pragma once

#include "qualgraph/credit/truth.hpp"
#include "qualgraph/definition/definition.hpp"

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace qualgraph {

/// What the parameters of definitions are taken to mean: "small" as at most 30 hours.
using Parameters = std::map<std::string, Size>;

struct ClauseVerdict {
  const DefinitionClause* clause = nullptr;
  Truth truth = Truth::unknown;  ///< of a descriptive clause without a test: unknown
  std::string reason;            ///< what is stated, or that nothing is
};

struct ClassVerdict {
  const DefinitionClass* of = nullptr;
  Truth truth = Truth::unknown;
  std::vector<ClauseVerdict> clauses;
};

struct DefinitionVerdict {
  const Definition* definition = nullptr;
  Truth truth = Truth::unknown;
  Truth with_exceptions = Truth::unknown;  ///< exceptional clauses read as "or grounds are given"
  std::vector<ClauseVerdict> clauses;
  std::vector<ClassVerdict> classes;
};

struct DefinitionVerdicts {
  Shared<Definitions> set;
  Parameters parameters;
  std::vector<DefinitionVerdict> verdicts;  ///< of definitions with a clause that is tested, by id
};

/// Throws UnknownId for a level, framework or credit system nobody knows, and for a parameter that
/// no definition has.
[[nodiscard]] DefinitionVerdicts classify(const World& world, const Credential& credential,
                                          const Parameters& parameters = {});

/// Refuses parameters that no definition has, and units that nobody knows.
void check_parameters(const World& world, const Definitions& set, const Parameters& parameters);

/// What a credential fares as a parameter grows from nothing, in one unit: the truth below `from`,
/// between the two and from `until` on. None where the size is not known in that unit.
struct Steps {
  Truth below = Truth::unknown;
  Rational from;
  Truth between = Truth::unknown;  ///< where from < until
  Rational until;
  Truth beyond = Truth::unknown;
  bool known = false;  ///< otherwise `below` holds throughout
};
[[nodiscard]] std::vector<Steps> steps(const World& world, const Credential& credential, const std::string& parameter,
                                       const SizeUnit& unit, const Parameters& others = {});

}  // namespace qualgraph
