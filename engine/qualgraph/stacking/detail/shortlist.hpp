/// Which of very many offers can still be part of a best plan?
///
/// Offers that the rules cannot tell apart form a family and differ in cost alone. The relaxation
/// is solved over a few offers and the rest are priced against its multipliers, those that pay are
/// added, until none does (column generation, Ford and Fulkerson 1958; Dantzig and Wolfe 1960). With
/// the multipliers rounded to integers, bound and prices are exact whatever the relaxation said.
#pragma once

#include "qualgraph/stacking/integer_model.hpp"

#include <cstdint>
#include <vector>

namespace qualgraph::detail {

/// What one offer of a family brings to the rows, for each place it may sit in; it sits in one.
struct Family {
  std::vector<std::vector<IntegerModel::Term>> places;  ///< terms: row (as `column`) and coefficient
};

struct Market {
  IntegerModel base;  ///< everything but the offers
  std::vector<Family> families;
  struct Good {
    int family = 0;
    std::int64_t cost = 0;
  };
  std::vector<Good> goods;
  std::vector<int> lacking;  ///< slack columns of the base: what stays unmet at a price
};

struct Prices {
  bool impossible = false;  ///< proved: the rows cannot be met by anything on the market
  std::int64_t bound = 0;   ///< proved: nothing that meets the rows costs less
  /// Proved: meeting the rows with this good costs at least bound + extra; of several goods the
  /// extras add up.
  std::vector<std::int64_t> extra;
  std::vector<double> score;  ///< reduced cost, for ordering only: lower is likelier
  /// What proves the bound, or that it is impossible: multipliers of the base's rows, and how much a unit of
  /// cost weighs among them.
  std::vector<std::int64_t> multipliers;
  std::int64_t unit = 1;
};

[[nodiscard]] Prices price(const Market& market);

}  // namespace qualgraph::detail
