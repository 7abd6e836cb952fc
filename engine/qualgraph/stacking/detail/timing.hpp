/// On how many days must offers be taken where clauses look at the order of dates?
#pragma once

#include "qualgraph/model/date.hpp"
#include "qualgraph/model/world.hpp"
#include "qualgraph/stacking/record.hpp"
#include "qualgraph/stacking/rule.hpp"

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace qualgraph::detail {

/// Paths of the clauses that offers all taken on one day may break and later days keep:
/// prerequisites that come before, and pace.
[[nodiscard]] std::vector<std::string> timed_clauses(const RuleText& rule);

/// So many days are enough, whatever is taken of the items from `held` on (each once).
[[nodiscard]] std::size_t days_needed(const World& world, const std::vector<std::shared_ptr<const RuleText>>& rules,
                                      const LearnerRecord& record, std::size_t held);

/// That many days from `first` on, each in a period of its own where a pace counts by periods.
[[nodiscard]] std::vector<Date> days_from(Date first, const std::vector<std::shared_ptr<const RuleText>>& rules,
                                          std::size_t count);

}  // namespace qualgraph::detail
