/// Which of very many offers can still be part of a best plan?
///
/// Offers that the rules cannot tell apart form a family and differ in cost alone. The relaxation
/// is solved over a few offers and the rest are priced against its multipliers, those that pay are
/// added, until none does (column generation, Ford and Fulkerson 1958; Dantzig and Wolfe 1960). With
/// the multipliers rounded to integers, bound and prices are exact whatever the relaxation said.
#pragma once

#include "qualgraph/stacking/compile.hpp"
#include "qualgraph/stacking/integer_model.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
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

/// The rows over all items, with a family for every item from `held` on, without goods; none where a price for
/// each offer says too little.
[[nodiscard]] std::optional<Market> market_of(const Compiled& compiled, std::size_t held, std::size_t families);

/// Goods outside a model that bring the same, counted together at the price of the cheapest.
struct Lump {
  std::vector<std::size_t> goods;  ///< the cheapest first
};

/// One column for each way to bring something, appended to `model`, in which the market's rows begin at `first_row`.
std::vector<Lump> add_lumps(IntegerModel& model, const Market& market, std::size_t first_row,
                            const std::vector<std::size_t>& goods);

}  // namespace qualgraph::detail
