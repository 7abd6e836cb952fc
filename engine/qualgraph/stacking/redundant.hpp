/// Which bounds change nothing for what is on offer?
#pragma once

#include "qualgraph/stacking/compile.hpp"
#include "qualgraph/stacking/solve.hpp"

#include <string>
#include <vector>

namespace qualgraph {

/// Names of bounds of the total, places, floors and caps that whoever meets all the others meets as well.
///
/// Each is left out and its greatest violation under the others asked for; proven to be none, the bound is
/// redundant. Bounds that are redundant one by one need not be so together. Nothing where the other
/// bounds cannot be met at all, where something is unknown, or where the answer takes more than the options allow
/// each bound. `hard` must have been compiled without slack (CompileOptions::hard), of a rule whose clauses do not
/// change with what of it is held.
[[nodiscard]] std::vector<std::string> redundant_bounds(const Compiled& hard, const SolveOptions& options);

}  // namespace qualgraph
