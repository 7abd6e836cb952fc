#include "qualgraph/definition/complete_facts.hpp"

#include "qualgraph/definition/detail/space.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <set>
#include <utility>

namespace qualgraph {
namespace {

using detail::Answer;
using detail::Blank;
using detail::Space;
using detail::Tester;

/// One definition in question and what is blank about it.
struct Open {
  std::size_t definition = 0;
  std::vector<Blank> blanks;
  std::map<std::vector<Blank>, bool> known;
};

/// Whether answers to these blanks, whatever they are, leave the definition decided.
bool settled(Tester& tester, const Definitions& set, const Credential& credential, Open& open,
             const std::vector<Blank>& asked) {
  std::vector<Blank> relevant;
  std::ranges::copy_if(asked, std::back_inserter(relevant),
                       [&](const Blank& one) { return std::ranges::find(open.blanks, one) != open.blanks.end(); });
  const auto [found, fresh] = open.known.try_emplace(relevant, false);
  if (fresh) {
    Space space(tester, set, {open.definition}, credential, false);
    found->second = !space.explore(relevant, 0, [&](bool all) {
      // Kleene verdicts only grow firmer: a decided one stays decided.
      if (space.verdict(open.definition) != Truth::unknown) return Space::Step::leave;
      return all ? Space::Step::found : Space::Step::on;
    });
  }
  return found->second;
}

bool possible(Tester& tester, const Definitions& set, const Credential& credential, std::size_t definition,
              Truth wanted) {
  Space space(tester, set, {definition}, credential, false);
  return space.explore(space.blanks(), 0, [&](bool all) {
    const Truth now = space.verdict(definition);
    if (now == wanted && (all || wanted != Truth::unknown)) return Space::Step::found;
    return now == Truth::unknown ? Space::Step::on : Space::Step::leave;
  });
}

}  // namespace

std::vector<Outlook> outlook(const World& world, const Credential& credential, const Parameters& parameters) {
  const auto set = definitions(world);
  check_parameters(world, *set, parameters);
  Tester tester(world, parameters);
  std::vector<Outlook> result;
  for (std::size_t i = 0; i < set->list.size(); ++i) {
    if (!set->list[i].tested()) continue;
    Outlook one;
    one.definition = &set->list[i];
    one.truth = Space(tester, *set, {i}, credential, false).verdict(i);
    one.can_be_satisfied = possible(tester, *set, credential, i, Truth::yes);
    one.can_be_violated = possible(tester, *set, credential, i, Truth::no);
    one.can_stay_unknown = possible(tester, *set, credential, i, Truth::unknown);
    result.push_back(one);
  }
  return result;
}

Questions questions(const World& world, const Credential& credential, const Parameters& parameters,
                    const std::vector<std::string>& only) {
  const auto set = definitions(world);
  check_parameters(world, *set, parameters);
  Tester tester(world, parameters);
  std::vector<std::size_t> chosen;
  for (const auto& id : only) chosen.push_back(set->index_of(id));
  if (only.empty()) {
    for (std::size_t i = 0; i < set->list.size(); ++i) chosen.push_back(i);
  }
  Questions result;
  std::vector<Open> open;
  std::set<Blank> needed;
  std::set<Blank> all;
  for (const std::size_t i : chosen) {
    if (!set->list[i].tested()) continue;
    Space space(tester, *set, {i}, credential, false);
    if (space.verdict(i) != Truth::unknown) continue;
    Open one{i, space.blanks(), {}};
    if (!settled(tester, *set, credential, one, one.blanks)) {
      result.unsettled.push_back(set->list[i].id);
      continue;
    }
    for (const auto& blank : one.blanks) {
      all.insert(blank);
      std::vector<Blank> others;
      std::ranges::copy_if(one.blanks, std::back_inserter(others), [&](const Blank& each) { return !(each == blank); });
      if (!settled(tester, *set, credential, one, others)) needed.insert(blank);
    }
    open.push_back(std::move(one));
  }
  // What no set can do without comes first; sets of the rest are tried by size, in order.
  std::vector<Blank> rest;
  std::set_difference(all.begin(), all.end(), needed.begin(), needed.end(), std::back_inserter(rest));
  const auto enough = [&](const std::vector<Blank>& extra) {
    std::vector<Blank> asked(needed.begin(), needed.end());
    asked.insert(asked.end(), extra.begin(), extra.end());
    std::sort(asked.begin(), asked.end());
    if (!std::ranges::all_of(open, [&](Open& one) { return settled(tester, *set, credential, one, asked); }))
      return false;
    for (const auto& blank : asked) result.ask.push_back(blank.name());
    return true;
  };
  std::vector<Blank> extra;
  const std::function<bool(std::size_t, std::size_t)> choose = [&](std::size_t from, std::size_t count) {
    if (count == 0) return enough(extra);
    for (std::size_t i = from; i + count <= rest.size(); ++i) {
      extra.push_back(rest[i]);
      if (choose(i + 1, count - 1)) return true;
      extra.pop_back();
    }
    return false;
  };
  for (std::size_t count = 0; count <= rest.size(); ++count) {
    if (choose(0, count)) break;
  }
  return result;
}

std::optional<std::vector<Change>> smallest_edit(const World& world, const Credential& credential,
                                                 std::string_view definition, const Parameters& parameters) {
  const auto set = definitions(world);
  check_parameters(world, *set, parameters);
  Tester tester(world, parameters);
  const std::size_t wanted = set->index_of(definition);
  if (!set->list[wanted].tested()) return std::nullopt;
  // Every attribute starts open; it is then kept as stated, or changed at the price of one.
  const std::vector<Blank> variables = Space(tester, *set, {wanted}, credential, true).blanks();
  Credential bare = credential;
  for (const auto& one : variables) {
    if (one.parameter.empty()) bare[one.attribute] = {};
  }
  Space space(tester, *set, {wanted}, bare, true);
  space.consider(credential);
  std::vector<Change> changes;
  const std::function<bool(std::size_t, std::size_t)> search = [&](std::size_t at, std::size_t left) {
    const Truth now = space.verdict(wanted);
    if (now == Truth::no) return false;
    if (at == variables.size()) return now == Truth::yes;
    const Blank& blank = variables[at];
    const bool parameter = !blank.parameter.empty();
    const Value before = parameter ? Value{} : credential[blank.attribute];
    if (before.index() != 0) space.fill(blank, {before, detail::Within::yes});
    if (space.consistent() || before.index() == 0) {
      if (search(at + 1, left)) return true;
    }
    if (left > 0) {
      for (const auto& answer : space.answers(blank, before.index() != 0 ? before : Value{})) {
        if (parameter && answer.within != detail::Within::yes) continue;
        space.fill(blank, answer);
        if (!space.consistent()) continue;
        changes.push_back({blank.name(), before, answer.value, parameter});
        if (search(at + 1, left - 1)) return true;
        changes.pop_back();
      }
    }
    space.clear(blank);
    return false;
  };
  for (std::size_t count = 0; count <= variables.size(); ++count) {
    if (search(0, count)) return changes;
  }
  return std::nullopt;
}

}  // namespace qualgraph
