/// Do the credentials of one record meet several awards at once?
///
/// An item may serve two awards as far as both rules let it: free, not at all, within a limit, or
/// for so many awards. Credit that one award spends is gone for the others. The awards are counted
/// together, so that none of them takes what another needs more. Method: the models of the awards
/// side by side, with one row for every item or limit they share.
#pragma once

#include "qualgraph/stacking/audit.hpp"
#include "qualgraph/stacking/complete.hpp"

#include <string>
#include <vector>

namespace qualgraph {

/// Credit that counts for two awards.
struct SharedCredit {
  std::string item;
  std::vector<std::string> awards;  ///< rule ids
};

struct AwardsAudit {
  AuditVerdict verdict = AuditVerdict::undecided;  ///< of all awards at once
  bool proved = false;
  std::vector<AuditRun> runs;  ///< per award, as they are counted together
  std::vector<SharedCredit> shared;
  std::int64_t nodes = 0;
};

/// Throws InvalidValue for fewer than two awards or one named twice.
[[nodiscard]] AwardsAudit audit_awards(const World& world, const LearnerRecord& record, const std::vector<Goal>& goals,
                                       const AuditOptions& options = {});

}  // namespace qualgraph
