#include "qualgraph/stacking/solve.hpp"

#include "qualgraph/model/error.hpp"
#include "qualgraph/stacking/detail/merge.hpp"
#include "qualgraph/stacking/detail/search.hpp"
#include "qualgraph/stacking/detail/tally.hpp"

#include <algorithm>
#include <chrono>
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
  const int steps = 20 + flat.columns;
  const std::int64_t limit = options.cutoff.value_or(IntegerModel::kInfinity);
  if (!local.run(box, values, limit, least, steps, 1, options.stop) || !model.admits(values)) return false;
  found.values = std::move(values);
  found.cost = model.cost_of(found.values);
  found.bound = least;
  return found.cost == least;
}

double cells(const IntegerModel& model) {
  return static_cast<double>(model.rows.size()) * static_cast<double>(model.columns.size());
}

/// Models of more columns are merged before anything is tried.
constexpr std::size_t kMany = 2'000;

/// Whether the relaxation of a model would take more memory than a search is worth (half a gigabyte).
bool too_large(const IntegerModel& model) { return cells(model) > 6e7; }

/// What adding up proves, where it is all there is to know: the least cost, or that it is above the cutoff.
std::optional<Solution> added_up(const IntegerModel& model, const SolveOptions& options) {
  const std::int64_t cost = options.start.empty() ? IntegerModel::kInfinity : model.cost_of(options.start);
  const detail::Tally sum = detail::tally(model, options.start);
  Solution known;
  if (options.cutoff && sum.bound > *options.cutoff) {
    known.status = SolveStatus::infeasible;
    known.bound = *options.cutoff + 1;
  } else if (sum.bound == cost) {
    known.status = SolveStatus::optimal;
    known.values = options.start;
    known.cost = known.bound = cost;
  } else {
    return std::nullopt;
  }
  if (!options.proof) return known;
  known.proof.at_least = known.bound;
  Proof::Node node;
  node.kind = Proof::Kind::dual;
  node.multipliers = sum.multipliers;
  node.multipliers.emplace_back(-1, -1);
  known.proof.nodes.push_back(std::move(node));
  return known;
}

/// What is known without a search.
Solution unsearched(const IntegerModel& model, const SolveOptions& options) {
  if (auto known = added_up(model, options)) return std::move(*known);
  Solution known;
  detail::FlatModel flat(model);
  detail::Box box(flat);
  if (!box.propagate()) {
    known.status = SolveStatus::infeasible;
    return known;
  }
  known.bound = std::max(box.least(flat.rows), detail::tally(model, options.start).bound);
  if (!options.start.empty()) {
    known.values = options.start;
    known.cost = model.cost_of(known.values);
    if (known.cost == known.bound) known.status = SolveStatus::optimal;
  }
  return known;
}

Solution search(const IntegerModel& model, const SolveOptions& options) {
  // Where a relaxation takes its time, a sum that proves as much goes first.
  if (options.proof && cells(model) > 2e5) {
    if (auto known = added_up(model, options)) return std::move(*known);
  }
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
  // Trying takes from the time of the search.
  const auto started = std::chrono::steady_clock::now();
  model.check();
  if (!options.start.empty() && !model.admits(options.start)) {
    throw InvalidValue("the values to start from do not keep every row and bound of the model");
  }
  if (!options.proof && model.columns.size() > kMany) {
    // Every step over so many columns is dear: what is interchangeable is counted together before the first.
    const detail::Merged merged(model, true);
    if (merged.any()) {
      SolveOptions inner = options;
      if (!inner.start.empty()) inner.start = merged.shrink(inner.start);
      Solution found = solve(merged.model(), inner);
      if (!found.values.empty()) found.values = merged.expand(found.values);
      return found;
    }
  }
  Solution first;
  SolveOptions better = options;
  const auto left = [&]() {
    const std::chrono::duration<double> gone = std::chrono::steady_clock::now() - started;
    return std::max(0.0, *options.seconds - gone.count());
  };
  if (options.seconds) better.stop = [&]() { return left() == 0.0 || (options.stop && options.stop()); };
  const bool settled = !options.tried && try_first(model, better, first);
  better.stop = options.stop;
  if (options.seconds) better.seconds = left();
  if (settled && !options.proof) {
    first.status = SolveStatus::optimal;
    return first;
  }
  if (first.values.empty() || (!options.start.empty() && model.cost_of(options.start) <= first.cost)) {
    return search(model, better);
  }
  better.start = std::move(first.values);
  return search(model, better);
}

}  // namespace qualgraph
