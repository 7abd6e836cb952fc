/// What shows that no completion is better than a plan, or that there is none?
///
/// A proof over a model in which every offer may be taken, left out nothing that was dominated or
/// too dear beforehand. What offers and clauses require before them is not in it: it only takes
/// choices away, so a bound without it holds with it.
#pragma once

#include "qualgraph/stacking/audit.hpp"
#include "qualgraph/stacking/catalogue.hpp"
#include "qualgraph/stacking/complete.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace qualgraph {

struct PlanProofOptions {
  std::int64_t nodes = 20'000;
  std::optional<double> seconds;
  std::function<bool()> stop;
};

struct PlanProof {
  std::optional<ModelProof> proof;  ///< none: not so without the requirements left out, or too large to keep
  std::vector<std::string> broken;  ///< clauses that fail whatever is taken
};

/// That nothing has less of the aim at position `least` and no more of the others than `values`; for
/// none, that nothing completes the goals at all. Throws what complete() throws.
[[nodiscard]] PlanProof prove_plan(const World& world, const LearnerRecord& record, const std::vector<Goal>& goals,
                                   const Catalogue& catalogue, const std::vector<Aim>& aims,
                                   std::optional<std::size_t> least, const std::vector<Rational>& values,
                                   const PlanProofOptions& options = {});

}  // namespace qualgraph
