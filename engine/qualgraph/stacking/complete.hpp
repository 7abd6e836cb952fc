/// Which credentials complete an award at the least cost, and in which order?
///
/// Offers of a catalogue join the record as items that count only when taken; every minimum of
/// the rule must then be kept, and what is taken is as dear, as many, as large or as long as asked
/// to be least. Offers no optimum needs are left out beforehand: one is dominated if enough
/// others, no dearer, fit everywhere it fits and fall under no more limits. Method: the integer
/// model of the audit with one more column per offer; the answer is audited anew.
#pragma once

#include "qualgraph/stacking/audit.hpp"
#include "qualgraph/stacking/catalogue.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace qualgraph {

enum class Aim : std::uint8_t { cost, count, credits, months };

[[nodiscard]] const char* to_string(Aim aim) noexcept;
/// Reads the words above. Throws InvalidValue.
[[nodiscard]] Aim parse_aim(std::string_view word);

enum class PlanStatus : std::uint8_t {
  optimal,     ///< proved: nothing better completes the award
  not_proved,  ///< out of budget: the plan is the best found, `bound` holds
  impossible,  ///< proved: no choice from the catalogue completes it
};

[[nodiscard]] const char* to_string(PlanStatus status) noexcept;

/// One rule to complete, in one form.
struct Goal {
  Rule rule;
  RuleChoice choice;
};

struct Plan {
  PlanStatus status = PlanStatus::not_proved;
  std::vector<std::size_t> taken;    ///< positions in the catalogue, in an order they can be taken in
  std::vector<Rational> values;      ///< of the aims, in the order asked
  Rational bound;                    ///< of the first aim: no completion is better
  std::vector<AuditRun> audits;      ///< of the record with what is taken, one per goal
  std::vector<Missing> remaining;    ///< clauses no offer can meet: requirements, unknown amounts
  LearnerRecord record;              ///< with what is taken
  std::int64_t nodes = 0;
  std::size_t considered = 0;  ///< offers left after dominated ones went out
};

struct CompleteOptions {
  std::vector<Aim> aims = {Aim::cost};
  std::int64_t nodes = 1'000'000;
  std::optional<double> seconds;
  std::function<bool()> stop;
};

/// One plan for one aim; the Pareto set for several, by the first aim. Months are those of what is
/// taken, one after the other. Offers whose cost, months or credits are unknown are left out when that is an
/// aim; so are those whose credits are a range, or in another system than the rest.
/// Throws InvalidValue for no goal, or no aim.
[[nodiscard]] std::vector<Plan> complete(const World& world, const LearnerRecord& record,
                                         const std::vector<Goal>& goals, const Catalogue& catalogue,
                                         const CompleteOptions& options = {});

}  // namespace qualgraph
