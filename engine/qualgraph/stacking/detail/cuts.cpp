#include "qualgraph/stacking/detail/cuts.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace qualgraph::detail {
namespace {

constexpr std::int64_t kInfinity = IntegerModel::kInfinity;
// Products of two such numbers, summed over a row, stay far from 63 bits.
constexpr std::int64_t kLargest = std::int64_t{1} << 20;

std::int64_t floor_quotient(std::int64_t a, std::int64_t b) {
  const std::int64_t q = a / b;
  return a % b < 0 ? q - 1 : q;
}

/// divisor - rest times the rounding function, so that everything stays whole.
std::int64_t rounded(std::int64_t a, std::int64_t divisor, std::int64_t rest) {
  const std::int64_t q = floor_quotient(a, divisor);
  const std::int64_t left = a - q * divisor;
  return (divisor - rest) * q + std::max<std::int64_t>(0, left - rest);
}

}  // namespace

void CutFinder::flip(Term& term) {
  bound_ -= term.a * term.range;
  term.a = -term.a;
  term.t = static_cast<double>(term.range) - term.t;
  term.flipped = !term.flipped;
}

/// How far the point lies beyond the rounded row, by its length; 0 if it does not.
double CutFinder::violation(std::int64_t divisor) const {
  const std::int64_t q = floor_quotient(bound_, divisor);
  const std::int64_t rest = bound_ - q * divisor;
  if (rest == 0) return 0;
  double left = 0;
  double length = 0;
  for (const Term& term : terms_) {
    const auto a = static_cast<double>(rounded(term.a, divisor, rest));
    left += a * term.t;
    length += a * a;
  }
  const double beyond = left - static_cast<double>((divisor - rest) * q);
  return length > 0 && beyond > 1e-6 ? beyond / std::sqrt(length) : 0;
}

Cut CutFinder::make(std::int64_t divisor, const std::vector<double>& point) const {
  const std::int64_t q = floor_quotient(bound_, divisor);
  const std::int64_t rest = bound_ - q * divisor;
  Cut cut;
  cut.bound = (divisor - rest) * q;
  std::int64_t common = 0;
  for (const Term& term : terms_) {
    const std::int64_t a = rounded(term.a, divisor, rest);
    if (a == 0) continue;
    if (term.flipped) {
      cut.bound -= a * box_.upper(term.column);
      cut.entries.push_back({term.column, -a});
    } else {
      cut.bound += a * box_.lower(term.column);
      cut.entries.push_back({term.column, a});
    }
    common = std::gcd(common, a);
  }
  if (common > 1) {
    for (auto& entry : cut.entries) entry.coefficient /= common;
    cut.bound = floor_quotient(cut.bound, common);
  }
  double left = 0;
  double length = 0;
  for (const auto& [column, a] : cut.entries) {
    left += static_cast<double>(a) * point[static_cast<std::size_t>(column)];
    length += static_cast<double>(a) * static_cast<double>(a);
  }
  cut.violation = length > 0 ? (left - static_cast<double>(cut.bound)) / std::sqrt(length) : 0;
  return cut;
}

void CutFinder::separate_side(int row, bool upper, const std::vector<double>& point, std::vector<Cut>& found) {
  terms_.clear();
  const auto i = static_cast<std::size_t>(row);
  bound_ = upper ? model_.row_upper[i] : -model_.row_lower[i];
  if (bound_ == kInfinity || std::abs(bound_) > kLargest) return;
  double distance = static_cast<double>(bound_);
  for (int k = model_.row_start[i]; k < model_.row_start[i + 1]; ++k) {
    const auto& entry = model_.row_entries[static_cast<std::size_t>(k)];
    const std::int64_t a = upper ? entry.coefficient : -entry.coefficient;
    const int j = entry.index;
    distance -= static_cast<double>(a) * point[static_cast<std::size_t>(j)];
    if (std::abs(a) > kLargest) return;
    bound_ -= a * box_.lower(j);
    if (box_.fixed(j)) continue;
    const std::int64_t range = box_.upper(j) - box_.lower(j);
    if (range > kLargest) return;
    terms_.push_back({j, a, point[static_cast<std::size_t>(j)] - static_cast<double>(box_.lower(j)), range, false});
  }
  if (distance > 1.0 || terms_.empty() || std::abs(bound_) > kLargest) return;
  divisors_.clear();
  for (Term& term : terms_) {
    if (term.t > 1e-6 && term.t < static_cast<double>(term.range) - 1e-6 && std::abs(term.a) > 1) {
      divisors_.push_back(std::abs(term.a));
    }
    if (term.t > 0.5 * static_cast<double>(term.range)) flip(term);
  }
  std::sort(divisors_.begin(), divisors_.end());
  divisors_.erase(std::unique(divisors_.begin(), divisors_.end()), divisors_.end());
  if (divisors_.size() > 8) divisors_.erase(divisors_.begin(), divisors_.end() - 8);
  double best = 0;
  std::int64_t divisor = 0;
  for (const std::int64_t d : divisors_) {
    const double score = violation(d);
    if (score > best) {
      best = score;
      divisor = d;
    }
  }
  if (best > 0) {
    for (const std::int64_t d : {divisor / 2, divisor / 3, divisor / 4, divisor + 1}) {
      if (d < 2) continue;
      const double score = violation(d);
      if (score > best) {
        best = score;
        divisor = d;
      }
    }
  } else {
    divisor = divisors_.empty() ? 0 : divisors_.back();
  }
  if (divisor == 0) return;
  // Seeing a column from its other end, the most undecided first, may help further.
  order_.clear();
  for (int k = 0; k < static_cast<int>(terms_.size()); ++k) {
    const Term& term = terms_[static_cast<std::size_t>(k)];
    if (term.t > 1e-6 && term.t < static_cast<double>(term.range) - 1e-6) order_.push_back(k);
  }
  std::sort(order_.begin(), order_.end(), [&](int a, int b) {
    const auto gap = [&](int k) {
      const Term& term = terms_[static_cast<std::size_t>(k)];
      return std::fabs(term.t - 0.5 * static_cast<double>(term.range));
    };
    return gap(a) != gap(b) ? gap(a) < gap(b) : a < b;
  });
  for (const int k : order_) {
    Term& term = terms_[static_cast<std::size_t>(k)];
    flip(term);
    double here = violation(divisor);
    std::int64_t other = divisor;
    if (here <= best) {
      for (const std::int64_t d : divisors_) {
        const double score = violation(d);
        if (score > here) {
          here = score;
          other = d;
        }
      }
    }
    if (here > best + 1e-9) {
      best = here;
      divisor = other;
    } else {
      flip(term);
    }
  }
  if (best < 1e-3) return;
  Cut cut = make(divisor, point);
  if (cut.violation > 1e-3) found.push_back(std::move(cut));
}

void CutFinder::separate(const std::vector<int>& rows, const std::vector<double>& point, std::vector<Cut>& found) {
  for (const int row : rows) {
    separate_side(row, true, point, found);
    separate_side(row, false, point, found);
  }
}

}  // namespace qualgraph::detail
