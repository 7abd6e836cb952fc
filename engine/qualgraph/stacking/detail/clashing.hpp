/// Which bounds of a rule can no record meet together?
#pragma once

#include "qualgraph/model/world.hpp"
#include "qualgraph/stacking/rule.hpp"

#include <string>
#include <vector>

namespace qualgraph::detail {

/// A bound that clashes with others: its path ("places/core/max") and what it asks for ("at most 30 credits").
struct ClashingBound {
  std::string path, asks;
};

/// A smallest set of bounds that exclude each other for every record, or nothing.
///
/// Free amounts stand for what any learner might bring: one for each place that takes items, and of it
/// one for each floor. What a place and a floor ask of an item may force it under a cap; nothing else is
/// assumed, so what is reported holds for every record, and a clash of other kinds (through windows,
/// prerequisites, numbers of items) may stay unseen. Conditional and copied clauses ask for nothing here.
/// Rules too large to be decided in bounded memory give nothing.
[[nodiscard]] std::vector<ClashingBound> clashing_bounds(const RuleText& text, const World* world);

}  // namespace qualgraph::detail
