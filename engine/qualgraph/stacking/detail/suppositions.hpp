/// In which ways can what is taken make the rules read?
///
/// Conditions over the whole record ("when 60 credits are held") turn clauses on and off, and no
/// one model holds for all choices of offers. For each way the conditions can come out there is a
/// model, and rows that keep the choice to that way; together the ways cover every choice.
#pragma once

#include "qualgraph/model/world.hpp"
#include "qualgraph/stacking/record.hpp"
#include "qualgraph/stacking/rule.hpp"
#include "qualgraph/stacking/select.hpp"

#include <cstddef>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace qualgraph::detail {

/// One way, and what it asks of the choice.
struct Supposition {
  Supposed supposed;
  /// A bound of a sum over items on offer, by position in the record, each 1 when it is taken.
  struct Bound {
    std::vector<std::pair<std::size_t, Rational>> terms;
    std::optional<Rational> lower, upper;
  };
  std::vector<Bound> bounds;
};

/// Every way, for the record with everything on offer (items from `held` on); none for more than
/// `most` ways, or where a condition cannot be followed (its amount hangs on another condition).
[[nodiscard]] std::optional<std::vector<Supposition>> suppositions(
    const World& world, const std::vector<std::shared_ptr<const RuleText>>& rules, const LearnerRecord& record,
    std::size_t held, std::size_t most);

/// Every condition of a rule that is asked of the record as a whole.
[[nodiscard]] std::vector<const Condition*> conditions_of(const RuleText& rule);

}  // namespace qualgraph::detail
