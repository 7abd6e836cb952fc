/// Arithmetic on closed intervals of non-negative exact numbers, the only ones credits need.
#pragma once

#include <algorithm>

#include "qualgraph/model/credit_system.hpp"

namespace qualgraph::detail {

inline Range point(const Rational& value) { return {value, value}; }

inline Range plus(const Range& a, const Range& b) { return {a.min + b.min, a.max + b.max}; }

/// Right for non-negative intervals only: there the product is monotone in all four ends.
inline Range times(const Range& a, const Range& b) { return {a.min * b.min, a.max * b.max}; }

/// Right for a non-negative `a` and a positive `b` only.
inline Range over(const Range& a, const Range& b) { return {a.min / b.max, a.max / b.min}; }

inline Range hull(const Range& a, const Range& b) { return {std::min(a.min, b.min), std::max(a.max, b.max)}; }

}  // namespace qualgraph::detail
