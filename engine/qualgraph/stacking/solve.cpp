#include "qualgraph/stacking/solve.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <string>

#include "qualgraph/model/error.hpp"
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
  detail::Search search(model, options);
  return search.run();
}

}  // namespace qualgraph
