#include "qualgraph/stacking/detail/plan_order.hpp"

#include <algorithm>
#include <utility>

namespace qualgraph::detail {

std::optional<Date> opening(const Offer& offer, Date day) {
  if (!offer.available) return day;
  std::optional<Date> first;
  for (const auto& when : *offer.available) {
    const Date from = std::max(when.from, day);
    if (when.until && *when.until < from) continue;
    if (!first || from < *first) first = from;
  }
  return first;
}

Sequence sequence(const World& world, const RuleText& rule, const LearnerRecord& record, std::vector<Step> waiting) {
  Sequence result;
  LearnerRecord now = record;
  std::optional<Date> today;
  while (!waiting.empty()) {
    // Whatever opens first and has what it requires; what it opens in turn comes no earlier.
    std::optional<std::size_t> next;
    std::optional<Date> when;
    Case view(world, rule, now);
    for (std::size_t w = 0; w < waiting.size(); ++w) {
      const Step& step = waiting[w];
      std::optional<Date> own = step.item.date;
      if (next && own && when && !(*own < *when) && !(today && *own < *today)) continue;
      if (step.offer->requires_before) {
        if (!requirement_held(view, *step.offer->requires_before)) continue;
        if (own && today && *own < *today) {
          own = opening(*step.offer, *today);
          if (!own) continue;
        }
      }
      if (!next || (own && when && *own < *when)) {
        next = w;
        when = own;
      }
    }
    if (!next) {
      for (const auto& step : waiting) result.stuck.push_back(step.key);
      return result;
    }
    Step step = std::move(waiting[*next]);
    waiting.erase(waiting.begin() + static_cast<std::ptrdiff_t>(*next));
    step.item.date = step.item.started = when;
    today = when;
    now.items.push_back(step.item);
    result.steps.push_back(std::move(step));
  }
  return result;
}

bool requirement_held(Case& view, const Condition& condition) {
  const auto held = [&](const Condition& part) { return requirement_held(view, part); };
  switch (condition.kind) {
    case Condition::Kind::award:
      return view.holds(condition) == Truth::yes ||
             std::any_of(view.items().begin(), view.items().end(), [&](const Held& one) {
               return std::find(condition.words.begin(), condition.words.end(), one.item->unit) !=
                      condition.words.end();
             });
    case Condition::Kind::all:
      return std::all_of(condition.parts.begin(), condition.parts.end(), held);
    case Condition::Kind::any:
      return std::any_of(condition.parts.begin(), condition.parts.end(), held);
    default:
      return view.holds(condition) == Truth::yes;
  }
}

}  // namespace qualgraph::detail
