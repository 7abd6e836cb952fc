#include "qualgraph/stacking/detail/suppositions.hpp"

#include <algorithm>

namespace qualgraph::detail {
namespace {

using Bound = Supposition::Bound;

void leaves(const Condition& condition, std::vector<const Condition*>& into) {
  if (condition.kind == Condition::Kind::holds) into.push_back(&condition);
  for (const auto& part : condition.parts) leaves(part, into);
}

/// What must not be held: offers are not followed into it.
void barred(const Condition& condition, std::vector<const Condition*>& into) {
  if (condition.kind == Condition::Kind::none_of)
    into.push_back(&condition);
  else
    for (const auto& part : condition.parts) barred(part, into);
}

/// Just below a value that sums of these terms, in steps of one common fraction, may reach.
Rational below(const Rational& value, const std::vector<std::pair<std::size_t, Rational>>& terms) {
  std::int64_t scale = value.denominator();
  for (const auto& term : terms) scale = common_multiple(scale, term.second.denominator());
  return value - Rational(1, scale);
}

class Ways {
 public:
  Ways(const World& world, const std::vector<std::shared_ptr<const RuleText>>& rules, const LearnerRecord& record,
       std::size_t held, std::size_t most)
      : world_(world), rules_(rules), record_(record), held_(held), most_(most) {}

  std::optional<std::vector<Supposition>> run() {
    Supposition first;
    first.supposed.absent.assign(record_.items.size(), 0);
    split(first);
    if (failed_) return std::nullopt;
    return std::move(found_);
  }

 private:
  /// Takes the first thing that is still open and goes on with each way it can come out.
  void split(const Supposition& so_far) {
    if (failed_) return;
    for (const auto& rule : rules_) {
      Case view(world_, *rule, record_, held_, so_far.supposed);
      for (const auto* condition : conditions_of(*rule)) {
        std::vector<const Condition*> open;
        leaves(*condition, open);
        for (const auto* leaf : open) {
          if (so_far.supposed.truths.contains(leaf)) continue;
          if (leaf->min.kind == Amount::Kind::table) {
            failed_ = true;
            return;
          }
          if (branch(view, *leaf, so_far)) return;
        }
      }
      for (const auto& substitution : rule->substitutions) {
        if (lifts(view, substitution, so_far)) return;
      }
    }
    if (found_.size() >= most_) {
      failed_ = true;
      return;
    }
    found_.push_back(so_far);
  }

  /// Whether the condition hangs on what is taken; if so, every way has been followed.
  bool branch(Case& view, const Condition& leaf, const Supposition& so_far) {
    Rational needed = 1;
    if (leaf.min.present()) {
      const auto value = view.number(leaf.min);
      if (!value) return false;
      needed = *value;
    }
    Rational sure = 0;
    Rational possible = 0;
    bool unbounded = false;
    std::vector<std::pair<std::size_t, Rational>> for_sure, perhaps;
    std::vector<std::size_t> touched;
    bool plain = true;  // nothing on offer is uncertain here
    for (std::size_t i = 0; i < view.items().size(); ++i) {
      const Held& held = view.items()[i];
      if (!held.admitted && !held.exempted) continue;
      const Truth chosen = view.selects(leaf.selector, held);
      if (chosen == Truth::no) continue;
      const auto amount = view.amount(held, leaf.measure);
      if (!held.offered) {
        unbounded = unbounded || !amount;
        if (amount) possible += amount->max;
        if (amount && chosen == Truth::yes) sure += amount->min;
        continue;
      }
      if (amount && amount->max == Rational(0)) continue;
      touched.push_back(i);
      plain = plain && amount && amount->is_point() && chosen == Truth::yes;
      // A size nobody stated may be any: one such item makes the condition possible.
      perhaps.emplace_back(i, amount ? amount->max : needed);
      if (amount && chosen == Truth::yes && amount->min > Rational(0)) for_sure.emplace_back(i, amount->min);
    }
    if (sure >= needed || touched.empty()) return false;
    const Rational lacking = needed - sure;
    {
      Supposition yes = so_far;
      yes.supposed.truths[&leaf] = Truth::yes;
      yes.bounds.push_back({for_sure, lacking, std::nullopt});
      if (!for_sure.empty()) split(yes);
    }
    const bool open = unbounded || possible >= needed;  // what is held may already be enough
    if (!open) {
      Supposition no = so_far;
      no.supposed.truths[&leaf] = Truth::no;
      if (std::all_of(perhaps.begin(), perhaps.end(),
                      [&](const auto& term) { return term.second >= needed - possible; })) {
        for (const std::size_t i : touched) no.supposed.absent[i] = 1;
      } else {
        no.bounds.push_back({perhaps, std::nullopt, below(needed - possible, perhaps)});
      }
      split(no);
    }
    if (open || !plain) {
      Supposition unknown = so_far;
      unknown.supposed.truths[&leaf] = Truth::unknown;
      if (!for_sure.empty()) unknown.bounds.push_back({for_sure, std::nullopt, below(lacking, for_sure)});
      if (!open) unknown.bounds.push_back({perhaps, needed - possible, std::nullopt});
      split(unknown);
    }
    return true;
  }

  /// The same for an exemption that something on offer may bring.
  bool lifts(Case& view, const Substitution& substitution, const Supposition& so_far) {
    if (substitution.gives != "exemption" || substitution.by.kind == Selector::Kind::everything) return false;
    if (!substitution.decided_by.empty() && !view.decided(substitution.path)) return false;
    std::vector<std::pair<std::size_t, Rational>> bring;
    for (std::size_t i = 0; i < view.items().size(); ++i) {
      const Held& held = view.items()[i];
      if ((!held.admitted && !held.exempted) || view.selects(substitution.by, *held.item) != Truth::yes) continue;
      if (!held.offered) return false;
      bring.emplace_back(i, Rational(1));
    }
    if (bring.empty()) return false;
    for (const auto& bound : so_far.bounds) {
      if (bound.lower == Rational(1) && bound.terms == bring) return false;
    }
    Supposition with = so_far;
    with.bounds.push_back({bring, Rational(1), std::nullopt});
    split(with);
    Supposition without = so_far;
    for (const auto& one : bring) without.supposed.absent[one.first] = 1;
    split(without);
    return true;
  }

  const World& world_;
  const std::vector<std::shared_ptr<const RuleText>>& rules_;
  const LearnerRecord& record_;
  std::size_t held_;
  std::size_t most_;
  bool failed_ = false;
  std::vector<Supposition> found_;
};

}  // namespace

std::vector<const Condition*> conditions_of(const RuleText& rule) {
  std::vector<const Condition*> found;
  const auto when = [&](const Clause& clause) {
    if (clause.when) found.push_back(clause.when.get());
  };
  const auto table = [&](const Amount& amount) {
    for (const auto& [condition, value] : amount.rows) found.push_back(condition.get());
  };
  // What items stand for comes first: other conditions look at it.
  for (const auto& clause : rule.substitutions) when(clause);
  if (rule.total) {
    when(*rule.total);
    for (const auto* amount : {&rule.total->min, &rule.total->max, &rule.total->exact}) table(*amount);
  }
  for (const auto& place : rule.places) {
    when(place);
    for (const auto* amount : {&place.min, &place.max, &place.exact}) table(*amount);
  }
  for (const auto& floor : rule.floors) {
    when(floor);
    for (const auto* amount : {&floor.min, &floor.share.share, &floor.of_last}) table(*amount);
  }
  for (const auto& cap : rule.caps) {
    when(cap);
    table(cap.max);
    table(cap.share.share);
  }
  for (const auto& overlap : rule.allocation.overlaps) {
    when(overlap);
    table(overlap.max);
    table(overlap.share.share);
  }
  for (const auto& limit : rule.reuse.limits) {
    when(limit);
    table(limit.max);
    table(limit.share.share);
  }
  for (const auto& clause : rule.exclusions) when(clause);
  for (const auto& clause : rule.eligibility) when(clause);
  for (const auto& clause : rule.windows) when(clause);
  for (const auto& clause : rule.pace) {
    when(clause);
    table(clause.max);
  }
  for (const auto& clause : rule.prerequisites) {
    when(clause);
    barred(clause.needs, found);
  }
  for (const auto& clause : rule.outcomes) {
    when(clause);
    table(clause.min);
    table(clause.min_share);
  }
  for (const auto& clause : rule.requirements) {
    when(clause);
    table(clause.min);
    if (clause.needs) found.push_back(clause.needs.get());
  }
  for (const auto& clause : rule.averages) {
    when(clause);
    table(clause.min);
  }
  return found;
}

std::optional<std::vector<Supposition>> suppositions(const World& world,
                                                     const std::vector<std::shared_ptr<const RuleText>>& rules,
                                                     const LearnerRecord& record, std::size_t held, std::size_t most) {
  return Ways(world, rules, record, held, most).run();
}

}  // namespace qualgraph::detail
