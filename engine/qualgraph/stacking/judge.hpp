/// Can a rule be met once these clauses are left out, and what shows it?
///
/// The questions behind a clash and its corrections, each answered with what a checker can follow:
/// values of the columns where the rest is met, a proof where it is not.
#pragma once

#include "qualgraph/stacking/audit.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace qualgraph {

struct Judged {
  std::optional<bool> met;                                   ///< none: out of budget
  std::vector<std::pair<std::string, std::int64_t>> values;  ///< columns that are not 0, where it is met
  std::vector<std::string> broken;                           ///< clauses that fail whatever is placed
  ModelProof proof;                                          ///< where it is not met and nothing is broken
};

/// One answer per set of clauses (paths) to leave out. Throws what audit_form() throws.
[[nodiscard]] std::vector<Judged> judge_without(const World& world, const LearnerRecord& record, const Rule& rule,
                                                const RuleChoice& choice, Polarity polarity,
                                                const std::vector<std::vector<std::string>>& sets,
                                                const AuditOptions& options = {});

}  // namespace qualgraph
