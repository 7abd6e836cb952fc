#include "qualgraph/stacking/solve.hpp"

#include <vector>

#include "qualgraph/model/error.hpp"
#include "qualgraph/stacking/detail/merge.hpp"
#include "qualgraph/stacking/detail/search.hpp"

namespace qualgraph {

const char* to_string(SolveStatus status) noexcept {
  switch (status) {
    case SolveStatus::optimal: return "optimal";
    case SolveStatus::infeasible: return "infeasible";
    case SolveStatus::not_proved: break;
  }
  return "not_proved";
}

Solution solve(const IntegerModel& model, const SolveOptions& options) {
  model.check();
  if (!options.start.empty() && !model.admits(options.start)) {
    throw InvalidValue("the values to start from do not keep every row and bound of the model");
  }
  if (!options.proof) {
    const detail::Merged merged(model);
    if (merged.any()) {
      SolveOptions inner = options;
      if (!inner.start.empty()) inner.start = merged.shrink(inner.start);
      detail::Search search(merged.model(), inner);
      Solution found = search.run();
      if (!found.values.empty()) found.values = merged.expand(found.values);
      return found;
    }
  }
  detail::Search search(model, options);
  return search.run();
}

}  // namespace qualgraph
