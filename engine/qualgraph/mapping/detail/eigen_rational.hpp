/// Lets Eigen hold exact fractions. Coefficient-wise products only (lazyProduct): the blocked
/// kernels of Eigen are tuned for floating point and gain nothing here.
#pragma once

#include <limits>

#include <Eigen/Core>

#include "qualgraph/model/rational.hpp"

namespace Eigen {

template <>
struct NumTraits<qualgraph::Rational> : GenericNumTraits<qualgraph::Rational> {
  using Real = qualgraph::Rational;
  using NonInteger = qualgraph::Rational;
  using Nested = qualgraph::Rational;
  using Literal = qualgraph::Rational;

  enum {
    IsComplex = 0,
    IsInteger = 0,
    IsSigned = 1,
    RequireInitialization = 1,
    ReadCost = 2,
    AddCost = 60,  // a gcd of 128-bit integers
    MulCost = 40
  };

  static Real epsilon() { return 0; }
  static Real dummy_precision() { return 0; }
  static Real highest() { return std::numeric_limits<std::int64_t>::max(); }
  static Real lowest() { return std::numeric_limits<std::int64_t>::min(); }
  static int digits10() { return 0; }
};

}  // namespace Eigen

namespace qualgraph::detail {

using RationalMatrix = Eigen::Matrix<Rational, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

}  // namespace qualgraph::detail
