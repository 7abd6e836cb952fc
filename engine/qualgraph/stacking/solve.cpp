#include "qualgraph/stacking/solve.hpp"

#include "qualgraph/model/error.hpp"
#include "qualgraph/stacking/detail/merge.hpp"
#include "qualgraph/stacking/detail/search.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace qualgraph {

const char* to_string(SolveStatus status) noexcept {
  switch (status) {
    case SolveStatus::optimal:
      return "optimal";
    case SolveStatus::infeasible:
      return "infeasible";
    case SolveStatus::not_proved:
      break;
  }
  return "not_proved";
}

namespace {

/// A first try by local search: most records either meet a rule at once or miss it by what the best try misses.
/// True if nothing can cost less than what was found.
bool try_first(const IntegerModel& model, const SolveOptions& options, Solution& found) {
  const detail::FlatModel flat(model);
  detail::Box box(flat);
  if (options.cutoff) box.limit_cost(*options.cutoff);
  if (!box.propagate()) return false;
  detail::LocalSearch local(flat);
  const std::int64_t least = box.least(flat.rows);
  std::vector<std::int64_t> values = flat.lower;
  // A step looks at every row: a record of 100,000 items gets fewer of them.
  const int steps = std::min(20 + flat.columns, 20 + 20'000'000 / (1 + static_cast<int>(model.rows.size())));
  const std::int64_t limit = options.cutoff.value_or(IntegerModel::kInfinity);
  if (!local.run(box, values, limit, least, steps, 1) || !model.admits(values)) return false;
  found.values = std::move(values);
  found.cost = model.cost_of(found.values);
  found.bound = least;
  return found.cost == least;
}

/// Whether the relaxation of a model would take more memory than a search is worth (half a gigabyte).
bool too_large(const IntegerModel& model) {
  return static_cast<double>(model.rows.size()) * static_cast<double>(model.columns.size()) > 6e7;
}

/// What is known without a search.
Solution unsearched(const IntegerModel& model, const SolveOptions& options) {
  Solution known;
  detail::FlatModel flat(model);
  detail::Box box(flat);
  if (!box.propagate()) {
    known.status = SolveStatus::infeasible;
    return known;
  }
  known.bound = box.least(flat.rows);
  if (!options.start.empty()) {
    known.values = options.start;
    known.cost = model.cost_of(known.values);
    if (known.cost == known.bound) known.status = SolveStatus::optimal;
  }
  return known;
}

Solution search(const IntegerModel& model, const SolveOptions& options) {
  if (options.proof && too_large(model)) {
    // Interchangeable items are only counted together where no proof has to name them one by one.
    SolveOptions plain = options;
    plain.proof = false;
    Solution found = search(model, plain);
    found.proof_dropped = true;
    return found;
  }
  if (!options.proof) {
    const detail::Merged merged(model);
    if (merged.any() ? too_large(merged.model()) : too_large(model)) return unsearched(model, options);
    if (merged.any()) {
      SolveOptions inner = options;
      if (!inner.start.empty()) inner.start = merged.shrink(inner.start);
      Solution found = detail::Search(merged.model(), inner).run();
      if (!found.values.empty()) found.values = merged.expand(found.values);
      return found;
    }
  }
  return detail::Search(model, options).run();
}

}  // namespace

Solution solve(const IntegerModel& model, const SolveOptions& options) {
  model.check();
  if (!options.start.empty() && !model.admits(options.start)) {
    throw InvalidValue("the values to start from do not keep every row and bound of the model");
  }
  Solution first;
  const bool settled = !options.tried && try_first(model, options, first);
  if (settled && !options.proof) {
    first.status = SolveStatus::optimal;
    return first;
  }
  if (first.values.empty() || (!options.start.empty() && model.cost_of(options.start) <= first.cost)) {
    return search(model, options);
  }
  SolveOptions better = options;
  better.start = std::move(first.values);
  return search(model, better);
}

}  // namespace qualgraph
