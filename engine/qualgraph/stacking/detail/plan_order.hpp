/// In which order, and on which days, can offers be taken?
#pragma once

#include "qualgraph/model/world.hpp"
#include "qualgraph/stacking/catalogue.hpp"
#include "qualgraph/stacking/record.hpp"
#include "qualgraph/stacking/rule.hpp"
#include "qualgraph/stacking/select.hpp"

#include <cstddef>
#include <optional>
#include <vector>

namespace qualgraph::detail {

/// The first day from `day` on on which an offer is open: `day` where nothing is said about it; none if it is closed
/// for good.
[[nodiscard]] std::optional<Date> opening(const Offer& offer, Date day);

/// An offer with the item it becomes.
struct Step {
  std::size_t key = 0;  ///< the caller's name for it
  const Offer* offer = nullptr;
  Item item;
};

struct Sequence {
  std::vector<Step> steps;         ///< each is open, and what it requires is held, on its day
  std::vector<std::size_t> stuck;  ///< keys of what can never be taken: it waits for itself, or opens too early
};

/// One after the other, each as early as it can be: on the day of its item or, where it has to wait for what it
/// requires, on the first day it is open after that.
[[nodiscard]] Sequence sequence(const World& world, const RuleText& rule, const LearnerRecord& record,
                                std::vector<Step> waiting);

/// Whether what offers require is held in a record; a unit held counts as an award of that name.
[[nodiscard]] bool requirement_held(Case& view, const Condition& condition);

}  // namespace qualgraph::detail
