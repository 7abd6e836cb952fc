#include "qualgraph/stacking/detail/timing.hpp"

#include "qualgraph/stacking/select.hpp"

#include <algorithm>
#include <functional>

namespace qualgraph::detail {
namespace {

bool comes_before(const Prerequisite& rule) { return rule.timing == "before"; }

/// Whether an item may be what a prerequisite needs; what makes a clause met may be anything.
bool serves(Case& view, const Condition& needs, const Held& held) {
  if (needs.kind == Condition::Kind::met) return true;
  if (needs.kind == Condition::Kind::holds)
    return view.selects(needs.selector, held, Polarity::favourable) != Truth::no;
  return std::any_of(needs.parts.begin(), needs.parts.end(),
                     [&](const Condition& part) { return serves(view, part, held); });
}

}  // namespace

std::vector<std::string> timed_clauses(const RuleText& rule) {
  std::vector<std::string> paths;
  for (const auto& clause : rule.prerequisites) {
    if (comes_before(clause)) paths.push_back(clause.path);
  }
  for (const auto& clause : rule.pace) paths.push_back(clause.path);
  return paths;
}

std::size_t days_needed(const World& world, const std::vector<std::shared_ptr<const RuleText>>& rules,
                        const LearnerRecord& record, std::size_t held) {
  const std::size_t offered = record.items.size() - held;
  // Per prerequisite, which offers wait and which are waited for. An offer that waits in one and is
  // waited for in another makes the chain longer.
  struct Link {
    std::vector<char> waits, waited_for;
    bool strict = false;
  };
  std::vector<Link> links;
  for (const auto& rule : rules) {
    // A period for each offer and the one that has begun, unless a span of time has to hold them all.
    Case view(world, *rule, record, held);
    if (!rule->pace.empty()) {
      for (const auto& window : rule->windows) {
        for (std::size_t o = 0; o < offered; ++o) {
          if (view.selects(window.from, view.items()[held + o], Polarity::favourable) != Truth::no)
            return static_cast<std::size_t>(-1);
        }
      }
      return offered + 1;
    }
    for (const auto& clause : rule->prerequisites) {
      if (clause.timing == "any") continue;
      Link link{std::vector<char>(offered, 0), std::vector<char>(offered, 0), comes_before(clause)};
      for (std::size_t o = 0; o < offered; ++o) {
        const Held& item = view.items()[held + o];
        link.waits[o] = view.selects(clause.subject, item, Polarity::favourable) != Truth::no;
        link.waited_for[o] = serves(view, clause.needs, item);
      }
      if (clause.timing == "after") std::swap(link.waits, link.waited_for);
      links.push_back(std::move(link));
    }
  }
  const auto meets = [&](const Link& a, const Link& b) {
    for (std::size_t o = 0; o < offered; ++o) {
      if (a.waits[o] != 0 && b.waited_for[o] != 0) return true;
    }
    return false;
  };
  std::vector<std::size_t> longest(links.size(), 0);
  std::vector<char> state(links.size(), 0);
  bool circular = false;
  const std::function<std::size_t(std::size_t)> from = [&](std::size_t a) {
    if (state[a] == 1) circular = true;
    if (state[a] != 0) return longest[a];
    state[a] = 1;
    std::size_t most = 0;
    for (std::size_t b = 0; b < links.size(); ++b) {
      if (meets(links[a], links[b])) most = std::max(most, from(b));
    }
    state[a] = 2;
    return longest[a] = most + (links[a].strict ? 1 : 0);
  };
  std::size_t most = 0;
  for (std::size_t a = 0; a < links.size(); ++a) {
    const bool used = std::find(links[a].waits.begin(), links[a].waits.end(), 1) != links[a].waits.end();
    if (used) most = std::max(most, from(a));
  }
  // A chain that bites its tail may run through everything there is.
  return circular ? offered + 1 : most + 1;
}

std::vector<Date> days_from(Date first, const std::vector<std::shared_ptr<const RuleText>>& rules, std::size_t count) {
  int months = 0;
  bool spans = false;
  for (const auto& rule : rules) {
    for (const auto& pace : rule->pace) {
      const std::string& per = pace.per;
      months = std::max(months, per == "year"        ? 12
                                : per == "semester"  ? 6
                                : per == "trimester" ? 4
                                : per == "quarter"   ? 3
                                                     : 1);
    }
    spans = spans || !rule->windows.empty();
  }
  // Days close together leave every span of time its width.
  if (months == 0 && !spans) months = 6;
  std::vector<Date> days;
  for (std::size_t d = 0; d < count; ++d) {
    const int steps = static_cast<int>(d);
    days.push_back(months > 0 ? later(first, Span{steps * months, Span::Unit::months})
                              : later(first, Span{steps, Span::Unit::days}));
  }
  return days;
}

}  // namespace qualgraph::detail
