#include "qualgraph/stacking/detail/hull.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "qualgraph/stacking/detail/simplex.hpp"

namespace qualgraph::detail {
namespace {

constexpr std::size_t kMostParts = 12;
constexpr std::size_t kMostFillings = 100;
constexpr std::int64_t kMostStates = 6000;
constexpr int kMostRounds = 60;
constexpr std::int64_t kMostRange = 255;   // counts are kept in bytes
constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::max() / 4;

std::size_t at(std::int64_t index) { return static_cast<std::size_t>(index); }

}  // namespace

std::int64_t HullFinder::missing(std::int64_t sum) const {
  if (!has_slack_) return sum >= low_ ? 0 : -1;
  const std::int64_t least = std::max(slack_lower_, low_ - sum);
  return least <= slack_upper_ ? least : -1;
}

bool HullFinder::fill(std::size_t part, std::int64_t sum) {
  if (part == used_.size()) {
    if (missing(sum) < 0) return true;
    if (sums_.size() == kMostFillings) return false;
    sums_.push_back(sum);
    fillings_.insert(fillings_.end(), current_.begin(), current_.end());
    return true;
  }
  const Part& entry = used_[part];
  for (std::int64_t t = 0; t <= entry.range && sum + t * entry.a <= high_; ++t) {
    current_[part] = t;
    if (!fill(part + 1, sum + t * entry.a)) return false;
  }
  current_[part] = 0;
  return true;
}

/// The filling that weighs least, left in `current_`; false if there is none.
bool HullFinder::cheapest(const std::vector<double>& direction, double slack_weight, std::int64_t& sum, double& least) {
  const std::size_t width = used_.size();
  least = 1e300;
  if (listed_) {
    std::size_t best = 0;
    for (std::size_t f = 0; f < sums_.size(); ++f) {
      double weight = slack_weight * static_cast<double>(missing(sums_[f]));
      for (std::size_t k = 0; k < width; ++k) weight += direction[k] * static_cast<double>(fillings_[f * width + k]);
      if (weight < least) {
        least = weight;
        best = f;
      }
    }
    for (std::size_t k = 0; k < width; ++k) current_[k] = fillings_[best * width + k];
    sum = sums_[best];
    return true;
  }
  const std::size_t states = at(high_) + 1;
  weights_.assign(states, 1e300);
  weights_[0] = 0;
  counts_.assign(width * states, 0);
  for (std::size_t k = 0; k < width; ++k) {
    const Part& part = used_[k];
    for (std::int64_t q = high_; q >= part.a; --q) {
      for (std::int64_t t = 1; t <= part.range && t * part.a <= q; ++t) {
        const double weight = weights_[at(q - t * part.a)] + static_cast<double>(t) * direction[k];
        if (weight < weights_[at(q)]) {
          weights_[at(q)] = weight;
          counts_[k * states + at(q)] = static_cast<std::uint8_t>(t);
        }
      }
    }
  }
  for (std::int64_t q = 0; q <= high_; ++q) {
    const std::int64_t short_by = missing(q);
    if (short_by < 0 || weights_[at(q)] >= 1e299) continue;
    const double weight = weights_[at(q)] + slack_weight * static_cast<double>(short_by);
    if (weight < least) {
      least = weight;
      sum = q;
    }
  }
  if (least >= 1e299) return false;
  std::int64_t rest = sum;
  for (std::size_t k = width; k-- > 0;) {
    current_[k] = counts_[k * states + at(rest)];
    rest -= current_[k] * used_[k].a;
  }
  return true;
}

void HullFinder::start_sums() {
  cheapest_.assign(at(high_) + 1, kNever);
  cheapest_[0] = 0;
}

/// Weighs the parts that the point does not use, one after another, as favourably as they allow.
void HullFinder::lift(std::int64_t bound, std::int64_t slack_weight) {
  for (Part& part : unused_) {
    std::int64_t weight = 0;
    bool possible = false;
    for (std::int64_t t = 1; t <= part.range && t * part.a <= high_; ++t) {
      std::int64_t least = kNever;
      for (std::int64_t q = 0; q + t * part.a <= high_; ++q) {
        if (cheapest_[at(q)] >= kNever) continue;
        const std::int64_t short_by = missing(q + t * part.a);
        if (short_by >= 0) least = std::min(least, cheapest_[at(q)] + slack_weight * short_by);
      }
      if (least >= kNever) continue;
      // weight * t >= bound - least
      const std::int64_t need = bound - least;
      const std::int64_t each = need >= 0 ? (need + t - 1) / t : -(-need / t);
      weight = possible ? std::max(weight, each) : each;
      possible = true;
    }
    part.weight = possible ? weight : 0;
    join(part);
  }
}

/// Lets any number of this part stand beside what is there already.
void HullFinder::join(const Part& part) {
  for (std::int64_t q = high_; q >= 0; --q) {
    for (std::int64_t t = 1; t <= part.range && t * part.a <= q; ++t) {
      const std::int64_t before = cheapest_[at(q - t * part.a)];
      if (before < kNever) cheapest_[at(q)] = std::min(cheapest_[at(q)], before + t * part.weight);
    }
  }
}

bool HullFinder::separate(const Window& window, const std::vector<double>& point, std::vector<Cut>& found) {
  used_.clear();
  unused_.clear();
  low_ = window.low;
  high_ = window.high;
  bool whole = true;
  for (const Window::Part& each : window.parts) {
    const std::int64_t a = window.entries[at(each.begin)].coefficient;
    std::int64_t lower = 0;
    std::int64_t upper = 0;
    double value = 0;
    for (int k = each.begin; k < each.end; ++k) {
      const int column = window.entries[at(k)].index;
      lower += box_.lower(column);
      upper += box_.upper(column);
      value += point[at(column)];
    }
    upper = std::min(upper, each.range);
    if (upper < lower) return true;   // nothing is left in the box; the search will notice
    low_ -= a * lower;
    high_ -= a * lower;
    if (upper == lower) continue;
    if (upper - lower > kMostRange) return false;
    const double t = value - static_cast<double>(lower);
    whole = whole && std::fabs(t - std::round(t)) < 1e-6;
    (t > 1e-6 ? used_ : unused_).push_back({each.begin, each.end, a, upper - lower, t});
  }
  if (whole || high_ < 0) return true;
  has_slack_ = window.slack >= 0;
  const double slack = has_slack_ ? point[at(window.slack)] : 0;
  slack_lower_ = has_slack_ ? box_.lower(window.slack) : 0;
  slack_upper_ = has_slack_ ? box_.upper(window.slack) : 0;
  current_.assign(used_.size(), 0);
  fillings_.clear();
  sums_.clear();
  listed_ = used_.size() <= kMostParts && fill(0, 0);
  if (listed_ && sums_.empty()) return true;
  if (!listed_ && static_cast<std::int64_t>(used_.size()) * (high_ + 1) > kMostStates) return false;

  const int width = static_cast<int>(used_.size());
  const int slack_at = width;
  const int bound_at = width + 1;
  std::vector<double> costs;
  double span = static_cast<double>(std::max<std::int64_t>(low_, 0)) + 1;
  for (const Part& part : used_) {
    costs.push_back(static_cast<double>(part.a) * part.t);
    span += static_cast<double>(part.a * part.range);
  }
  costs.push_back(slack);
  costs.push_back(-1.0);
  Simplex small(std::move(costs));
  for (int k = 0; k < width; ++k) small.set_bounds(k, -1.0, 1.0);
  small.set_bounds(slack_at, 0.0, has_slack_ ? 1.0 : 0.0);
  small.set_bounds(bound_at, -span, span);
  // Fillings join one by one: always the one that the direction so far undercuts most.
  std::vector<Simplex::Entry> entries;
  std::vector<double> direction(at(width));
  bool settled = false;
  for (int round = 0; round < kMostRounds && !settled; ++round) {
    if (small.solve(1e300, 400) != Simplex::Outcome::optimal || small.objective() > -1e-4) return true;
    for (int k = 0; k < width; ++k) direction[at(k)] = small.value(k) * static_cast<double>(used_[at(k)].a);
    std::int64_t sum = 0;
    double least = 0;
    if (!cheapest(direction, small.value(slack_at), sum, least)) return true;
    settled = least > small.value(bound_at) - 1e-7;
    if (settled) break;
    entries.clear();
    for (int k = 0; k < width; ++k) {
      if (current_[at(k)] != 0) entries.push_back({k, static_cast<double>(current_[at(k)] * used_[at(k)].a)});
    }
    entries.push_back({slack_at, static_cast<double>(missing(sum))});
    entries.push_back({bound_at, -1.0});
    small.add_row(entries, 0.0, 4.0 * span);
  }
  if (!settled) return true;

  // Whole weights: as they are in units of the slack if that comes out even, else finely rounded.
  double slack_direction = has_slack_ ? small.value(slack_at) : 0.0;
  double unit = slack_direction > 1e-6 ? slack_direction : 0.0;
  if (unit == 0.0) {
    for (const double d : direction) {
      if (std::fabs(d) > 1e-6 && (unit == 0.0 || std::fabs(d) < unit)) unit = std::fabs(d);
    }
  }
  if (unit == 0.0) return true;
  for (double& d : direction) d /= unit;
  slack_direction = slack_direction > 1e-6 ? 1.0 : 0.0;
  int factor = 0;
  for (int tried = 1; tried <= 60 && factor == 0; ++tried) {
    bool even = true;
    for (const double d : direction) even = even && std::fabs(d * tried - std::round(d * tried)) < 1e-5;
    if (even) factor = tried;
  }
  if (factor == 0) factor = 64;
  double largest = 0;
  for (std::size_t k = 0; k < direction.size(); ++k) {
    largest = std::max(largest, std::fabs(direction[k] * factor));
    if (largest > 1e6) return true;
    used_[k].weight = std::llround(direction[k] * factor);
  }
  const std::int64_t slack_weight = slack_direction > 0 ? factor : 0;
  start_sums();
  for (const Part& part : used_) join(part);
  std::int64_t bound = kNever;
  for (std::int64_t q = 0; q <= high_; ++q) {
    const std::int64_t short_by = missing(q);
    if (short_by >= 0 && cheapest_[at(q)] < kNever) {
      bound = std::min(bound, cheapest_[at(q)] + slack_weight * short_by);
    }
  }
  if (bound >= kNever) return true;
  lift(bound, slack_weight);

  Cut cut;
  cut.window = &window;
  cut.bound = -bound;
  std::int64_t common = slack_weight;
  const auto put = [&](const Part& part) {
    if (part.weight == 0) return;
    for (int k = part.begin; k < part.end; ++k) {
      const int column = window.entries[at(k)].index;
      cut.entries.push_back({column, -part.weight});
      cut.bound -= part.weight * box_.lower(column);
    }
    common = std::gcd(common, part.weight);
  };
  for (const Part& part : used_) put(part);
  for (const Part& part : unused_) put(part);
  if (slack_weight != 0) cut.entries.push_back({window.slack, -slack_weight});
  if (common > 1) {
    for (auto& entry : cut.entries) entry.coefficient /= common;
    cut.bound = cut.bound >= 0 ? cut.bound / common : -((-cut.bound + common - 1) / common);
  }
  double left = 0;
  double length = 0;
  for (const auto& [column, a] : cut.entries) {
    left += static_cast<double>(a) * point[at(column)];
    length += static_cast<double>(a) * static_cast<double>(a);
  }
  cut.violation = length > 0 ? (left - static_cast<double>(cut.bound)) / std::sqrt(length) : 0;
  if (cut.violation > 1e-4) found.push_back(std::move(cut));
  return true;
}

}  // namespace qualgraph::detail
