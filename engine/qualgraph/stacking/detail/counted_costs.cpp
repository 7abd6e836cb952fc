#include "qualgraph/stacking/detail/counted_costs.hpp"

#include <cstddef>

namespace qualgraph::detail {

void add_counted_costs(IntegerModel& model, const Compiled& compiled, const Case& view, std::int64_t sign,
                       const std::function<bool(int item)>& whose) {
  const Measure measure = view.rule().measure;
  const Rational scale = compiled.scale.at(measure);
  for (const auto& counted : compiled.counted) {
    if (whose && !whose(counted.item)) continue;
    const auto amount = view.amount(view.items()[static_cast<std::size_t>(counted.item)], measure);
    if (!amount) continue;
    // Whole: the scale has room for every part of every item.
    const Rational part = amount->min * scale / Rational(counted.parts);
    for (const auto& term : counted.terms) {
      model.columns[static_cast<std::size_t>(term.column)].cost +=
          sign * term.coefficient * part.numerator() / part.denominator();
    }
  }
}

}  // namespace qualgraph::detail
