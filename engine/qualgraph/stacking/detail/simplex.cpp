#include "qualgraph/stacking/detail/simplex.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace qualgraph::detail {
namespace {

constexpr double kFeasible = 1e-7;
constexpr double kZero = 1e-11;
constexpr double kPivot = 1e-7;
constexpr double kSign = 1e-10;
constexpr int kRefreshAfter = 400;

// Wider registers where the machine has them; the order of sums is the same everywhere.
#if defined(__GNUC__) && !defined(__clang__) && defined(__x86_64__) && defined(__linux__)
#define QUALGRAPH_WIDE __attribute__((target_clones("avx2", "default")))
#else
#define QUALGRAPH_WIDE
#endif

/// target += factor * source; returns 1 + the squared length of the result.
QUALGRAPH_WIDE double add_multiple(double* __restrict target, const double* __restrict source, double factor,
                                   int count) {
  double sum[4] = {0, 0, 0, 0};
  int j = 0;
  for (; j + 4 <= count; j += 4) {
    for (int k = 0; k < 4; ++k) {
      const double now = target[j + k] + factor * source[j + k];
      target[j + k] = now;
      sum[k] += now * now;
    }
  }
  double rest = 1;
  for (; j < count; ++j) {
    target[j] += factor * source[j];
    rest += target[j] * target[j];
  }
  return rest + (sum[0] + sum[1]) + (sum[2] + sum[3]);
}

#undef QUALGRAPH_WIDE

}  // namespace

Simplex::Simplex(std::vector<double> costs) : columns_(static_cast<int>(costs.size())), costs_(std::move(costs)) {
  const std::size_t n = at(columns_);
  reduced_ = costs_;
  nonbasic_.resize(n);
  where_.resize(n);
  for (int j = 0; j < columns_; ++j) nonbasic_[at(j)] = where_[at(j)] = j;
  lower_.assign(n, 0);
  upper_.assign(n, 0);
  value_.assign(n, 0);
  ratio_.resize(n);
}

void Simplex::add_row(const std::vector<Entry>& entries, double lower, double upper) {
  const int r = rows_++;
  entries_.push_back(entries);
  table_.resize(at(rows_) * at(columns_), 0.0);
  double* target = row(r);
  for (const auto& [column, coefficient] : entries) {
    const int place = where_[at(column)];
    if (place >= 0) {
      target[place] += coefficient;
    } else {
      const double* source = row(~place);
      for (int j = 0; j < columns_; ++j) target[j] += coefficient * source[j];
    }
  }
  double length = 1;
  for (int j = 0; j < columns_; ++j) length += target[j] * target[j];
  weight_.push_back(length);
  basic_.push_back(columns_ + r);
  where_.push_back(~r);
  lower_.push_back(lower);
  upper_.push_back(upper);
  value_.push_back(0);
  multipliers_.push_back(0);
}

void Simplex::set_bounds(int column, double lower, double upper) noexcept {
  lower_[at(column)] = lower;
  upper_[at(column)] = upper;
}

double Simplex::value(int column) const noexcept { return value_[at(column)]; }

void Simplex::place() {
  for (int j = 0; j < columns_; ++j) {
    const std::size_t v = at(nonbasic_[at(j)]);
    const double d = reduced_[at(j)];
    if (d > kSign) {
      value_[v] = lower_[v];
    } else if (d < -kSign) {
      value_[v] = upper_[v];
    } else {
      value_[v] = value_[v] - lower_[v] <= upper_[v] - value_[v] ? lower_[v] : upper_[v];
    }
  }
  pattern_.clear();
  for (int j = 0; j < columns_; ++j) {
    if (value_[at(nonbasic_[at(j)])] != 0) pattern_.push_back(j);
  }
  for (int i = 0; i < rows_; ++i) {
    const double* source = row(i);
    double sum = 0;
    for (const int j : pattern_) sum += source[j] * value_[at(nonbasic_[at(j)])];
    value_[at(basic_[at(i)])] = sum;
  }
  objective_ = 0;
  for (const int j : pattern_) objective_ += reduced_[at(j)] * value_[at(nonbasic_[at(j)])];
}

void Simplex::pivot(int r, int q) {
  double* source = row(r);
  const double inverse = 1.0 / source[q];
  pattern_.clear();
  double length = 1;
  for (int j = 0; j < columns_; ++j) {
    if (j == q) continue;
    if (std::fabs(source[j]) < kZero) {
      source[j] = 0;
      continue;
    }
    source[j] *= -inverse;
    length += source[j] * source[j];
    pattern_.push_back(j);
  }
  source[q] = inverse;
  weight_[at(r)] = length + inverse * inverse;
  const bool sparse = static_cast<int>(pattern_.size()) * 3 < columns_;
  for (int i = 0; i < rows_; ++i) {
    if (i == r) continue;
    double* target = row(i);
    const double factor = target[q];
    if (factor == 0) continue;
    if (std::fabs(factor) < kZero) {
      target[q] = 0;
      continue;
    }
    if (sparse) {
      // The squared length changes where the row does.
      double change = 0;
      for (const int j : pattern_) {
        const double before = target[j];
        const double now = before + factor * source[j];
        change += now * now - before * before;
        target[j] = now;
      }
      target[q] = factor * inverse;
      change += target[q] * target[q] - factor * factor;
      weight_[at(i)] = std::max(1.0, weight_[at(i)] + change);
    } else {
      target[q] = 0;
      weight_[at(i)] = add_multiple(target, source, factor, columns_);
      target[q] = factor * inverse;
    }
  }
  const double factor = reduced_[at(q)];
  for (const int j : pattern_) reduced_[at(j)] += factor * source[j];
  reduced_[at(q)] = factor * inverse;

  const int leaving = basic_[at(r)];
  const int entering = nonbasic_[at(q)];
  basic_[at(r)] = entering;
  nonbasic_[at(q)] = leaving;
  where_[at(entering)] = ~r;
  where_[at(leaving)] = q;
  ++since_refresh_;
}

bool Simplex::refresh() {
  since_refresh_ = 0;
  // The basis is reached again from the all-rows basis; columns that end up basic are pivoted in one
  // by one, each into the remaining row with the largest entry.
  std::vector<int> wanted;
  std::vector<char> free(at(rows_), 0);
  for (int j = 0; j < columns_; ++j) {
    if (where_[at(j)] < 0) wanted.push_back(j);
  }
  for (int i = 0; i < rows_; ++i) free[at(i)] = static_cast<char>(where_[at(columns_ + i)] >= 0);
  std::fill(table_.begin(), table_.end(), 0.0);
  for (int j = 0; j < columns_; ++j) nonbasic_[at(j)] = where_[at(j)] = j;
  for (int i = 0; i < rows_; ++i) {
    basic_[at(i)] = columns_ + i;
    where_[at(columns_ + i)] = ~i;
    for (const auto& [column, coefficient] : entries_[at(i)]) row(i)[column] += coefficient;
  }
  reduced_ = costs_;
  bool whole = true;
  for (const int j : wanted) {
    const int q = where_[at(j)];
    int best = -1;
    for (int i = 0; i < rows_; ++i) {
      if (free[at(i)] == 0) continue;
      if (best < 0 || std::fabs(row(i)[q]) > std::fabs(row(best)[q])) best = i;
    }
    if (best < 0 || std::fabs(row(best)[q]) < kPivot) {
      whole = false;   // another basis then; the next solve mends it
      continue;
    }
    pivot(best, q);
    free[at(best)] = 0;
  }
  for (int i = 0; i < rows_; ++i) {
    double length = 1;
    for (int j = 0; j < columns_; ++j) length += row(i)[j] * row(i)[j];
    weight_[at(i)] = length;
  }
  since_refresh_ = 0;
  return whole;
}

int Simplex::drop_basic_rows(int first) {
  dropped_.clear();
  int kept = first;
  std::vector<int> renumber(at(rows_), -1);
  for (int i = 0; i < first; ++i) renumber[at(i)] = i;
  for (int i = first; i < rows_; ++i) {
    if (where_[at(columns_ + i)] < 0) {
      dropped_.push_back(i);
    } else {
      renumber[at(i)] = kept++;
    }
  }
  if (dropped_.empty()) return 0;
  // Remove the dictionary rows in which the dropped ones are basic.
  std::vector<char> gone(at(rows_), 0);
  for (const int i : dropped_) gone[at(~where_[at(columns_ + i)])] = 1;
  int to = 0;
  for (int i = 0; i < rows_; ++i) {
    if (gone[at(i)] != 0) continue;
    if (to != i) {
      std::copy(row(i), row(i) + columns_, row(to));
      basic_[at(to)] = basic_[at(i)];
      weight_[at(to)] = weight_[at(i)];
    }
    ++to;
  }
  for (int i = first; i < rows_; ++i) {
    const int other = renumber[at(i)];
    if (other < 0 || other == i) continue;
    const std::size_t from = at(columns_ + i);
    const std::size_t into = at(columns_ + other);
    lower_[into] = lower_[from];
    upper_[into] = upper_[from];
    value_[into] = value_[from];
    entries_[at(other)] = std::move(entries_[at(i)]);
    multipliers_[at(other)] = multipliers_[at(i)];
  }
  const auto moved = [&](int variable) {
    return variable < columns_ ? variable : columns_ + renumber[at(variable - columns_)];
  };
  rows_ = to;
  basic_.resize(at(rows_));
  weight_.resize(at(rows_));
  entries_.resize(at(rows_));
  multipliers_.resize(at(rows_));
  table_.resize(at(rows_) * at(columns_));
  const std::size_t all = at(columns_ + rows_);
  lower_.resize(all);
  upper_.resize(all);
  value_.resize(all);
  where_.resize(all);
  for (int i = 0; i < rows_; ++i) {
    basic_[at(i)] = moved(basic_[at(i)]);
    where_[at(basic_[at(i)])] = ~i;
  }
  for (int j = 0; j < columns_; ++j) {
    nonbasic_[at(j)] = moved(nonbasic_[at(j)]);
    where_[at(nonbasic_[at(j)])] = j;
  }
  return static_cast<int>(dropped_.size());
}

void Simplex::read_multipliers() {
  for (int i = 0; i < rows_; ++i) {
    const int place = where_[at(columns_ + i)];
    multipliers_[at(i)] = place >= 0 ? reduced_[at(place)] : 0.0;
  }
}

void Simplex::read_contradiction(int r) {
  // basic - sum of T * nonbasic = 0, seen as a combination of rows.
  const int leaving = basic_[at(r)];
  const double* source = row(r);
  // Towards the violated side the sum falls short; the sign makes the combination ">= 0".
  const double sign = value_[at(leaving)] < lower_[at(leaving)] ? 1.0 : -1.0;
  for (int i = 0; i < rows_; ++i) {
    const int place = where_[at(columns_ + i)];
    double y = 0;
    if (place >= 0) {
      y = -sign * source[place];
    } else if (columns_ + i == leaving) {
      y = sign;
    }
    multipliers_[at(i)] = y;
  }
}

Simplex::Outcome Simplex::solve(double cutoff, int pivots) {
  if (since_refresh_ > kRefreshAfter) refresh();
  place();
  const auto price = [&]() {
    int best = -1;
    double most = 0;
    for (int i = 0; i < rows_; ++i) {
      const std::size_t v = at(basic_[at(i)]);
      const double below = lower_[v] - value_[v];
      const double above = value_[v] - upper_[v];
      const double amount = below > above ? below : above;
      if (amount <= kFeasible) continue;
      const double score = amount * amount / weight_[at(i)];
      if (score > most) {
        most = score;
        best = i;
      }
    }
    return best;
  };
  for (int step = 0;; ++step) {
    if (objective_ > cutoff) {
      read_multipliers();
      return Outcome::cut_off;
    }
    const int r = price();
    if (r < 0) {
      read_multipliers();
      return Outcome::optimal;
    }
    if (step >= pivots) {
      read_multipliers();
      return Outcome::failed;
    }
    const std::size_t leaving = at(basic_[at(r)]);
    const bool below = value_[leaving] < lower_[leaving];
    const double target = below ? lower_[leaving] : upper_[leaving];
    double slope = below ? lower_[leaving] - value_[leaving] : value_[leaving] - upper_[leaving];
    const double sign = below ? 1.0 : -1.0;
    const double* source = row(r);
    candidates_.clear();
    for (int j = 0; j < columns_; ++j) {
      const double a = sign * source[j];
      if (std::fabs(a) < 1e-9) continue;
      const std::size_t v = at(nonbasic_[at(j)]);
      if (lower_[v] == upper_[v]) continue;
      const bool low = value_[v] == lower_[v];
      if (low ? a > 0 : a < 0) {
        ratio_[at(j)] = std::fabs(reduced_[at(j)]) / std::fabs(a);
        candidates_.push_back(j);
      }
    }
    std::sort(candidates_.begin(), candidates_.end(), [&](int a, int b) {
      return ratio_[at(a)] != ratio_[at(b)] ? ratio_[at(a)] < ratio_[at(b)] : a < b;
    });
    std::size_t crossing = candidates_.size();
    for (std::size_t k = 0; k < candidates_.size(); ++k) {
      const int j = candidates_[k];
      const std::size_t v = at(nonbasic_[at(j)]);
      slope -= std::fabs(source[j]) * (upper_[v] - lower_[v]);
      if (slope < kFeasible / 2) {
        crossing = k;
        break;
      }
    }
    if (crossing == candidates_.size()) {
      read_contradiction(r);
      return Outcome::infeasible;
    }
    // Among equal ratios the largest entry is the safest pivot.
    const double limit = ratio_[at(candidates_[crossing])];
    std::size_t first = crossing;
    while (first > 0 && ratio_[at(candidates_[first - 1])] >= limit - 1e-10) --first;
    std::size_t chosen = first;
    for (std::size_t k = first; k < candidates_.size() && ratio_[at(candidates_[k])] <= limit + 1e-10; ++k) {
      if (std::fabs(source[candidates_[k]]) > std::fabs(source[candidates_[chosen]])) chosen = k;
    }
    const int q = candidates_[chosen];
    if (std::fabs(source[q]) < kPivot) {
      if (since_refresh_ > 0) {
        refresh();
        place();
        continue;
      }
      read_multipliers();
      return Outcome::failed;
    }
    // Flips first, then the step of the entering one; the rows are passed once for all of them.
    moves_.clear();
    double ahead = value_[leaving];
    for (std::size_t k = 0; k < first; ++k) {
      const int j = candidates_[k];
      const std::size_t v = at(nonbasic_[at(j)]);
      const double other = value_[v] == lower_[v] ? upper_[v] : lower_[v];
      const double change = other - value_[v];
      value_[v] = other;
      objective_ += reduced_[at(j)] * change;
      ahead += source[j] * change;
      moves_.push_back({j, change});
    }
    const double change = (target - ahead) / source[q];
    value_[at(nonbasic_[at(q)])] += change;
    objective_ += reduced_[at(q)] * change;
    moves_.push_back({q, change});
    for (int i = 0; i < rows_; ++i) {
      const double* entry = row(i);
      double sum = 0;
      for (const auto& [j, by] : moves_) sum += entry[j] * by;
      value_[at(basic_[at(i)])] += sum;
    }
    value_[leaving] = target;
    pivot(r, q);
  }
}

}  // namespace qualgraph::detail
