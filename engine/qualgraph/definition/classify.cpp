#include "qualgraph/definition/classify.hpp"

#include "qualgraph/definition/detail/tester.hpp"
#include "qualgraph/model/error.hpp"
#include "qualgraph/model/suggest.hpp"

#include <algorithm>
#include <functional>
#include <utility>

namespace qualgraph {
namespace {

using detail::Tester;

/// Truths of all tests for one credential, each computed when first asked for.
struct Seen {
  Tester* tester;
  const Definitions* set;
  const Credential* credential;
  std::vector<std::optional<std::pair<Truth, std::string>>> kept;

  const std::pair<Truth, std::string>& at(int test) {
    auto& one = kept[static_cast<std::size_t>(test)];
    if (!one) {
      one.emplace();
      one->first = (*tester)(set->tests[static_cast<std::size_t>(test)], *credential, &one->second);
    }
    return *one;
  }
};

/// The parts of a formula that make it what it is, in words.
void reasons(const Formula& formula, Truth truth, Seen& seen, const std::function<Truth(const Formula&)>& value,
             std::vector<std::string>& list) {
  const auto add = [&](std::string text) {
    if (std::ranges::find(list, text) == list.end()) list.push_back(std::move(text));
  };
  switch (formula.kind) {
    case Formula::Kind::test:
      add(seen.at(formula.test).second);
      return;
    case Formula::Kind::meets:
      add(formula.name + ": " + (truth == Truth::yes ? "satisfied" : truth == Truth::no ? "violated" : "unknown"));
      return;
    case Formula::Kind::none_of:
      reasons(formula.parts.front(), detail::negated(truth), seen, value, list);
      return;
    case Formula::Kind::all:
    case Formula::Kind::any:
      for (const auto& part : formula.parts) {
        if (value(part) == truth) reasons(part, truth, seen, value, list);
      }
  }
}

}  // namespace

void check_parameters(const World& world, const Definitions& set, const Parameters& parameters) {
  std::vector<std::string> known;
  for (const auto& definition : set.list) {
    for (const auto& [name, what] : definition.parameters) {
      if (std::ranges::find(known, name) == known.end()) known.push_back(name);
    }
  }
  for (const auto& [name, size] : parameters) {
    if (std::ranges::find(known, name) == known.end()) {
      throw UnknownId("no definition has a parameter " + in_quotes(name) + "." + did_you_mean(name, known));
    }
    if (size.unit.system) static_cast<void>(world.credit_system(*size.unit.system));
  }
}

DefinitionVerdicts classify(const World& world, const Credential& credential, const Parameters& parameters) {
  DefinitionVerdicts result;
  result.set = definitions(world);
  result.parameters = parameters;
  const Definitions& set = *result.set;
  check_parameters(world, set, parameters);
  const EvidenceFloor floor = world.view().evidence;
  const Truth exceptional = detail::grounds(credential);
  Tester tester(world, parameters);
  Seen seen{&tester, &set, &credential, std::vector<std::optional<std::pair<Truth, std::string>>>(set.tests.size())};
  const auto value = [&](int test) { return seen.at(test).first; };
  const auto meets = [&](int other) {
    return detail::evaluate(set, static_cast<std::size_t>(other), floor, false, exceptional, value);
  };
  const std::function<Truth(const Formula&)> formula_value = [&](const Formula& formula) {
    return detail::evaluate(formula, value, meets);
  };
  const auto judged = [&](const std::vector<DefinitionClause>& clauses) {
    std::vector<ClauseVerdict> list;
    for (const auto& clause : clauses) {
      ClauseVerdict one{&clause, Truth::unknown, ""};
      if (!clause.test) {
        one.reason = "no attribute states it";
      } else if (detail::silent(clause, floor)) {
        one.reason = "the clause is only known, not read in a text";
      } else {
        one.truth = formula_value(*clause.test);
        std::vector<std::string> why;
        reasons(*clause.test, one.truth, seen, formula_value, why);
        for (const auto& text : why) one.reason += (one.reason.empty() ? "" : "; ") + text;
      }
      list.push_back(std::move(one));
    }
    return list;
  };
  for (std::size_t i = 0; i < set.list.size(); ++i) {
    const Definition& definition = set.list[i];
    if (!definition.tested()) continue;
    DefinitionVerdict verdict;
    verdict.definition = &definition;
    verdict.truth = detail::evaluate(set, i, floor, false, exceptional, value);
    verdict.with_exceptions = detail::evaluate(set, i, floor, true, exceptional, value);
    verdict.clauses = judged(definition.clauses);
    for (const auto& one : definition.classes) {
      verdict.classes.push_back(
          {&one, detail::evaluate(one.clauses, floor, false, exceptional, value, meets), judged(one.clauses)});
    }
    result.verdicts.push_back(std::move(verdict));
  }
  return result;
}

std::vector<Steps> steps(const World& world, const Credential& credential, const std::string& parameter,
                         const SizeUnit& unit, const Parameters& others) {
  const auto set = definitions(world);
  Parameters asked = others;
  asked[parameter] = Size{Rational(0), unit};
  check_parameters(world, *set, asked);
  asked.erase(parameter);
  Tester tester(world, asked);
  return detail::steps_of(tester, *set, credential, parameter, unit);
}

std::vector<Steps> detail::steps_of(Tester& tester, const Definitions& set, const Credential& credential,
                                    const std::string& parameter, const SizeUnit& unit) {
  const EvidenceFloor floor = tester.world().view().evidence;
  const Truth exceptional = grounds(credential);
  const SizeReading reading = tester.size(unit, credential);
  std::vector<Truth> truths(set.tests.size(), Truth::unknown);
  for (const int test : set.deciding)
    truths[static_cast<std::size_t>(test)] = tester(set.tests[static_cast<std::size_t>(test)], credential);
  std::vector<Steps> result;
  for (std::size_t i = 0; i < set.list.size(); ++i) {
    if (!set.list[i].tested()) continue;
    const auto with = [&](Truth small) {
      return evaluate(set, i, floor, false, exceptional, [&](int test) {
        const Test& one = set.tests[static_cast<std::size_t>(test)];
        return one.kind == Test::Kind::small && one.parameter == parameter ? small
                                                                           : truths[static_cast<std::size_t>(test)];
      });
    };
    Steps one;
    one.known = reading.value.has_value();
    one.below = with(one.known ? Truth::no : Truth::unknown);
    if (one.known) {
      one.from = reading.value->min;
      one.until = reading.value->max;
      one.between = with(Truth::unknown);
      one.beyond = with(Truth::yes);
    }
    result.push_back(one);
  }
  return result;
}

}  // namespace qualgraph
