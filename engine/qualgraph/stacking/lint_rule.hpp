/// Which clauses of a rule can hardly be meant as they stand?
///
/// Findings are remarks, never errors: the rule is sound and audits run. Nothing here looks at a
/// record or a catalogue; what is said follows from the text alone.
#pragma once

#include <string>
#include <vector>

#include "qualgraph/model/world.hpp"
#include "qualgraph/stacking/rule.hpp"

namespace qualgraph {

enum class RuleFindingKind : std::uint8_t {
  unsatisfiable,     ///< bounds that no record can meet together
  dead_branch,       ///< a sub-place that can never be chosen, or a choice that is none
  vacuous,           ///< a selector that selects nothing
  never_binding,     ///< a bound that follows from another
  partial_list,      ///< `all` over a list that is not complete, or not there
  unknown_base,      ///< a share of something that has no size
  unstated_rounding, ///< a share that is no multiple of the usual unit, without a word on rounding
  not_monotone,      ///< holding more may turn a yes into a no
  readings,          ///< the text may be read in other ways
  no_exit,           ///< credit is used up, and who stops early holds nothing
  no_source,         ///< clauses that do not say where they stand
  no_selector,       ///< a limit or minimum that says not of what
  unnamed_provider,  ///< "awarding" without a provider that is meant
};

[[nodiscard]] const char* to_string(RuleFindingKind kind) noexcept;

struct RuleFinding {
  std::string path;         ///< in the document: "variants/short/caps/rpl"; empty: the rule as a whole
  RuleFindingKind kind = RuleFindingKind::vacuous;
  std::string message;      ///< what was found
  std::string suggestion;   ///< what to do about it

  friend bool operator==(const RuleFinding&, const RuleFinding&) = default;
};

/// Findings over every form of the rule, in order of path and kind, each once. With a world, levels
/// of its frameworks are compared too. Throws what Rule::text() throws.
[[nodiscard]] std::vector<RuleFinding> lint_rule(const Rule& rule, const World* world = nullptr);

}  // namespace qualgraph
