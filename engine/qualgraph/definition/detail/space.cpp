#include "qualgraph/definition/detail/space.hpp"

#include "qualgraph/credit/detail/interval.hpp"

#include <algorithm>
#include <functional>
#include <utility>

namespace qualgraph::detail {
namespace {

using Kind = Test::Kind;

Rational distance(const Rational& a, const Rational& b) { return a < b ? b - a : a - b; }

/// The cuts, and a value from each stretch between and beyond them; near the cuts where whole
/// numbers allow, so that an edit moves no further than it has to.
std::vector<Rational> samples(std::vector<Rational> cuts, const std::optional<Range>& inside = std::nullopt,
                              bool whole = false) {
  if (inside) {
    cuts.push_back(inside->min);
    cuts.push_back(inside->max);
  }
  std::ranges::sort(cuts);
  cuts.erase(std::unique(cuts.begin(), cuts.end()), cuts.end());
  std::vector<Rational> values;
  const auto add = [&](const Rational& value) {
    if (value < Rational(0) || (value == Rational(0) && !whole) || (whole && !value.is_integer())) return;
    if (inside && (value < inside->min || value > inside->max)) return;
    values.push_back(value);
  };
  Rational before = 0;
  for (std::size_t i = 0; i < cuts.size(); ++i) {
    const Rational& cut = cuts[i];
    if (cut > before || (whole && cut == before)) {
      add(cut - Rational(1) > before || whole ? cut - Rational(1) : (before + cut) / Rational(2));
      add((before + cut) / Rational(2));
      add(before + Rational(1) < cut ? before + Rational(1) : (before + cut) / Rational(2));
    }
    add(cut);
    before = cut;
  }
  add(before + Rational(1));
  if (cuts.empty()) add(Rational(1));
  std::ranges::sort(values);
  values.erase(std::unique(values.begin(), values.end()), values.end());
  return values;
}

void by_distance(std::vector<Rational>& values, const Value& near) {
  const auto* range = std::get_if<Range>(&near);
  if (range == nullptr) return;
  std::ranges::stable_sort(
      values, [&](const Rational& a, const Rational& b) { return distance(a, range->min) < distance(b, range->min); });
}

}  // namespace

Space::Space(Tester& tester, const Definitions& set, const std::vector<std::size_t>& definitions,
             const Credential& base, bool every, Levels levels)
    : tester_(&tester),
      set_(&set),
      levels_(levels),
      exceptional_(grounds(base)),
      truths_(set.tests.size(), Truth::unknown),
      credential_(base) {
  std::set<int> tests;
  for (const std::size_t definition : definitions) touch(definition, tests);
  tests_.assign(tests.begin(), tests.end());
  std::set<Attribute> attributes;
  std::set<std::string> open;
  std::set<SizeUnit> units;
  for (const int at : tests_) {
    const Test& test = set.tests[static_cast<std::size_t>(at)];
    for (const Attribute one : attributes_of(test)) attributes.insert(one);
    if (test.kind == Kind::size) units.insert(test.bound.unit);
    if (test.kind == Kind::below_award) {
      if (const auto& award = tester.smallest_award(test.framework)) units.insert(award->unit);
    }
    if (test.kind == Kind::small) {
      if (const auto given = tester.parameters().find(test.parameter); given != tester.parameters().end()) {
        units.insert(given->second.unit);
      } else {
        open.insert(test.parameter);
      }
    }
  }
  units_.assign(units.begin(), units.end());
  // Months only stand in for weeks; credits only where hours do not settle every size.
  if (attributes.contains(Attribute::months) && !base.states(Attribute::months)) attributes.erase(Attribute::months);
  const auto* hours = std::get_if<Range>(&base[Attribute::hours]);
  const bool hours_settle =
      (hours == nullptr || hours->is_point()) && std::ranges::all_of(units_, [&](const SizeUnit& unit) {
        const auto rate = tester.hours_per_credit(unit);
        return rate && rate->is_point();
      });
  if (hours_settle && !base.states(Attribute::credits)) attributes.erase(Attribute::credits);
  for (const Attribute attribute : attributes) {
    if (every || !base.states(attribute)) blanks_.push_back({attribute, ""});
  }
  for (const auto& parameter : open) blanks_.push_back({Attribute::title, parameter});
  for (const int at : tests_) truths_[static_cast<std::size_t>(at)] = value(at);
}

void Space::touch(std::size_t definition, std::set<int>& tests) {
  const std::function<void(const Formula&)> walk = [&](const Formula& formula) {
    if (formula.kind == Formula::Kind::test) tests.insert(formula.test);
    if (formula.kind == Formula::Kind::meets) touch(static_cast<std::size_t>(formula.definition), tests);
    for (const auto& part : formula.parts) walk(part);
  };
  for (const auto& clause : set_->list[definition].clauses) {
    if (clause.kind != ClauseKind::descriptive && !silent(clause, tester_->world().view().evidence)) walk(*clause.test);
  }
}

Truth Space::verdict(std::size_t definition) const {
  return evaluate(*set_, definition, tester_->world().view().evidence, false, exceptional_,
                  [&](int test) { return truths_[static_cast<std::size_t>(test)]; });
}

bool Space::size_is_point() {
  const auto reading = tester_->size(SizeUnit{}, credential_);
  return reading.value && reading.value->is_point();
}

Truth Space::value(int at) {
  const Test& test = set_->tests[static_cast<std::size_t>(at)];
  if (test.kind == Kind::small && !tester_->parameters().contains(test.parameter)) {
    const auto answered = parameters_.find(test.parameter);
    const bool sized = credential_.states(Attribute::hours) || credential_.states(Attribute::credits);
    if (answered == parameters_.end() || !sized) return Truth::unknown;
    if (answered->second == Within::straddles) return size_is_point() ? Truth::yes : Truth::unknown;
    return truth(answered->second == Within::yes);
  }
  return (*tester_)(test, credential_);
}

void Space::refresh(const Blank& blank) {
  for (const int at : tests_) {
    const Test& test = set_->tests[static_cast<std::size_t>(at)];
    const auto touched = attributes_of(test);
    const bool hit = blank.parameter.empty() ? std::ranges::find(touched, blank.attribute) != touched.end()
                                             : test.kind == Kind::small && test.parameter == blank.parameter;
    if (hit) truths_[static_cast<std::size_t>(at)] = value(at);
  }
}

void Space::fill(const Blank& blank, const Answer& answer) {
  if (blank.parameter.empty()) {
    credential_[blank.attribute] = answer.value;
  } else {
    parameters_[blank.parameter] = answer.within;
  }
  refresh(blank);
}

void Space::clear(const Blank& blank) {
  if (blank.parameter.empty()) {
    credential_[blank.attribute] = {};
  } else {
    parameters_.erase(blank.parameter);
  }
  refresh(blank);
}

bool Space::consistent() {
  // What contradicts itself before anything is filled in or changed stays as it is.
  const auto touched = [&](std::initializer_list<Attribute> attributes) {
    const bool open = std::ranges::any_of(attributes, [&](Attribute one) {
      return std::ranges::find(blanks_, Blank{one, ""}) != blanks_.end();
    });
    return open && std::ranges::any_of(attributes, [&](Attribute one) { return credential_[one] != stated_[one]; });
  };
  Credential judged;
  for (const auto& pair : {std::initializer_list<Attribute>{Attribute::hours, Attribute::credits},
                           std::initializer_list<Attribute>{Attribute::weeks, Attribute::months}}) {
    if (!touched(pair)) continue;
    for (const Attribute one : pair) judged[one] = credential_[one];
  }
  if (!tester_->consistent(judged)) return false;
  if (!credential_.states(Attribute::smaller_than_award)) return true;
  if (!touched({Attribute::hours, Attribute::credits, Attribute::smaller_than_award})) return true;
  // What is said of the size of an award must agree with the size.
  Credential unsaid = credential_;
  unsaid[Attribute::smaller_than_award] = {};
  return std::ranges::none_of(tests_, [&](int at) {
    const Test& test = set_->tests[static_cast<std::size_t>(at)];
    return test.kind == Kind::below_award && truths_[static_cast<std::size_t>(at)] == Truth::unknown &&
           (*tester_)(test, unsaid) != Truth::unknown;
  });
}

std::vector<Answer> Space::answers(const Blank& blank, const Value& near) {
  std::vector<Answer> list;
  if (!blank.parameter.empty()) {
    for (const Within within : {Within::yes, Within::no, Within::straddles}) list.push_back({{}, within});
    return list;
  }
  const auto add = [&](std::vector<Value> values) {
    for (auto& value : values) list.push_back({std::move(value), Within::yes});
  };
  // Answers to a size depend on what is filled in already; the others are the same every time.
  if (blank.attribute == Attribute::hours) {
    add(hours_answers(near));
    return list;
  }
  if (blank.attribute == Attribute::credits) {
    add(credit_answers(near));
    return list;
  }
  if (blank.attribute == Attribute::weeks || blank.attribute == Attribute::months) {
    add(number_answers(blank.attribute, near));
    return list;
  }
  const bool keep = near.index() == 0;
  if (keep) {
    if (const auto found = kept_.find(blank.attribute); found != kept_.end()) {
      add(found->second);
      return list;
    }
  }
  std::vector<Value> values;
  switch (info(blank.attribute).kind) {
    case AttributeKind::flag:
      values = {true, false};
      break;
    case AttributeKind::number:
      values = number_answers(blank.attribute, near);
      break;
    case AttributeKind::level:
      values = level_answers(near);
      break;
    case AttributeKind::word:
    case AttributeKind::words:
      values = word_answers(blank.attribute, near);
      break;
    default:
      values = {std::string("a qualification"), std::string()};
      break;
  }
  if (keep) kept_[blank.attribute] = values;
  add(std::move(values));
  return list;
}

void Space::each_bound(const std::function<void(const Rational&, const SizeUnit&)>& found) {
  for (const int at : tests_) {
    const Test& test = set_->tests[static_cast<std::size_t>(at)];
    if (test.kind == Kind::size) found(test.bound.amount, test.bound.unit);
    if (test.kind == Kind::below_award) {
      if (const auto& award = tester_->smallest_award(test.framework)) {
        found(award->size.min, award->unit);
        found(award->size.max, award->unit);
      }
    }
    if (test.kind == Kind::small) {
      if (const auto given = tester_->parameters().find(test.parameter); given != tester_->parameters().end()) {
        found(given->second.amount, given->second.unit);
      }
    }
  }
}

/// Hours at which some test changes; with `images`, also those of whole regions of credits.
std::vector<Rational> Space::hour_cuts(bool images) {
  std::vector<Rational> cuts;
  const auto cut = [&](const Rational& bound, const SizeUnit& unit) {
    if (const auto rate = tester_->hours_per_credit(unit)) {
      cuts.push_back(bound * rate->min);
      cuts.push_back(bound * rate->max);
    }
    if (!images) return;
    for (const auto& other : units_) {
      const auto factor = tester_->factor(other, unit);
      const auto rate = tester_->hours_per_credit(other);
      if (!factor || !rate) continue;
      for (const Rational& share : {factor->min, factor->max}) {
        cuts.push_back(bound / share * rate->min);
        cuts.push_back(bound / share * rate->max);
      }
    }
  };
  each_bound(cut);
  return cuts;
}

std::vector<Value> Space::hours_answers(const Value& near) {
  std::vector<Rational> kept;
  if (const auto* credits = std::get_if<Credits>(&stated_[Attribute::credits])) {
    if (const auto rate = tester_->hours_per_credit(SizeUnit{credits->system()})) {
      const Range range = times(credits->amount(), *rate);
      kept = {range.min, range.max};
    }
  }
  std::optional<Range> inside;
  if (const auto* credits = std::get_if<Credits>(&credential_[Attribute::credits])) {
    if (const auto rate = tester_->hours_per_credit(SizeUnit{credits->system()}))
      inside = times(credits->amount(), *rate);
  }
  const bool several = std::ranges::find(blanks_, Blank{Attribute::credits, ""}) != blanks_.end();
  auto cuts = hour_cuts(several);
  cuts.insert(cuts.end(), kept.begin(), kept.end());
  auto hours = samples(std::move(cuts), inside);
  by_distance(hours, near);
  std::vector<Value> values;
  for (const auto& one : hours) values.emplace_back(point(one));
  return values;
}

std::vector<Value> Space::credit_answers(const Value& near) {
  std::set<SizeUnit> systems;
  for (const auto& unit : units_) {
    if (unit.system) systems.insert(unit);
  }
  const auto* held = std::get_if<Credits>(&near);
  if (held != nullptr) systems.insert(SizeUnit{held->system()});
  std::vector<Value> values;
  for (const auto& system : systems) {
    std::vector<Rational> cuts;
    const auto cut = [&](const Rational& bound, const SizeUnit& unit) {
      if (const auto factor = tester_->factor(system, unit)) {
        cuts.push_back(bound / factor->min);
        cuts.push_back(bound / factor->max);
      }
    };
    each_bound(cut);
    std::optional<Range> inside;
    const auto* hours = std::get_if<Range>(&credential_[Attribute::hours]);
    if (const auto rate = tester_->hours_per_credit(system); hours != nullptr && rate) {
      inside = Range{hours->min / rate->max, hours->max / rate->min};
    }
    // Hours that are filled in already leave only amounts that go with them.
    auto amounts = samples(std::move(cuts), inside);
    if (held != nullptr && held->system() == *system.system) by_distance(amounts, Value(held->amount()));
    for (const auto& amount : amounts) values.emplace_back(Credits(amount, *system.system));
  }
  if (held != nullptr) {
    // The system of the record before any other.
    std::ranges::stable_sort(values, [&](const Value& a, const Value& b) {
      const bool own_a = std::get<Credits>(a).system() == held->system();
      const bool own_b = std::get<Credits>(b).system() == held->system();
      return own_a && !own_b;
    });
  }
  return values;
}

std::vector<Value> Space::number_answers(Attribute attribute, const Value& near) {
  std::vector<Rational> cuts;
  const bool whole = attribute == Attribute::course_count;
  const Range weeks_of_month{Rational(4), Rational(31, 7)};
  for (const int at : tests_) {
    const Test& test = set_->tests[static_cast<std::size_t>(at)];
    if (test.kind != Kind::number) continue;
    const Rational& bound = test.bound.amount;
    if (test.attribute == attribute) {
      cuts.push_back(bound);
    } else if (attribute == Attribute::weeks && test.attribute == Attribute::months) {
      cuts.insert(cuts.end(), {bound * weeks_of_month.min, bound * weeks_of_month.max});
    } else if (attribute == Attribute::months && test.attribute == Attribute::weeks) {
      cuts.insert(cuts.end(), {bound / weeks_of_month.min, bound / weeks_of_month.max});
    }
  }
  // An edit of the one may keep the other as it is stated.
  if (const auto* months = std::get_if<Range>(&stated_[Attribute::months]);
      attribute == Attribute::weeks && months != nullptr) {
    cuts.insert(cuts.end(), {months->min * weeks_of_month.min, months->max * weeks_of_month.max});
  }
  std::optional<Range> inside;
  if (const auto* months = std::get_if<Range>(&credential_[Attribute::months]);
      attribute == Attribute::weeks && months != nullptr) {
    inside = times(*months, weeks_of_month);
  }
  if (const auto* weeks = std::get_if<Range>(&credential_[Attribute::weeks]);
      attribute == Attribute::months && weeks != nullptr) {
    inside = over(*weeks, weeks_of_month);
  }
  auto numbers = samples(std::move(cuts), inside, whole);
  by_distance(numbers, near);
  std::vector<Value> values;
  for (const auto& one : numbers) values.emplace_back(point(one));
  return values;
}

std::vector<Value> Space::word_answers(Attribute attribute, const Value& near) {
  std::set<std::string> named;
  for (const int at : tests_) {
    const Test& test = set_->tests[static_cast<std::size_t>(at)];
    if (test.attribute == attribute &&
        (test.kind == Kind::one_of || test.kind == Kind::any_of || test.kind == Kind::all_of)) {
      named.insert(test.words.begin(), test.words.end());
    }
  }
  std::vector<Value> values;
  if (info(attribute).kind == AttributeKind::word) {
    for (const auto& word : named) values.emplace_back(word);
    for (const auto& word : info(attribute).choices) {
      if (!named.contains(std::string(word))) {
        values.emplace_back(std::string(word));
        break;
      }
    }
    if (values.size() == named.size()) values.emplace_back(std::string());
    return values;
  }
  // Words that no test names change nothing and stay as they are.
  WordList others;
  const auto* held = std::get_if<WordList>(&near);
  if (held != nullptr) {
    std::ranges::copy_if(*held, std::back_inserter(others),
                         [&](const std::string& word) { return !named.contains(word); });
  }
  const std::vector<std::string> words(named.begin(), named.end());
  std::vector<WordList> lists;
  for (std::uint64_t mask = 0; mask < (std::uint64_t{1} << std::min<std::size_t>(words.size(), 16)); ++mask) {
    WordList list = others;
    for (std::size_t i = 0; i < words.size(); ++i) {
      if ((mask >> i & 1U) != 0) list.push_back(words[i]);
    }
    std::ranges::sort(list);
    lists.push_back(std::move(list));
  }
  const auto differences = [&](const WordList& list) {
    WordList apart;
    const WordList none;
    std::ranges::set_symmetric_difference(list, held == nullptr ? none : *held, std::back_inserter(apart));
    return apart.size();
  };
  std::ranges::stable_sort(lists,
                           [&](const WordList& a, const WordList& b) { return differences(a) < differences(b); });
  for (auto& list : lists) values.emplace_back(std::move(list));
  return apart(attribute, std::move(values));
}

std::vector<Value> Space::level_answers(const Value& near) {
  std::set<FrameworkId> named;
  bool ranges = false;
  for (const int at : tests_) {
    const Test& test = set_->tests[static_cast<std::size_t>(at)];
    if (test.kind != Kind::on_framework && test.kind != Kind::level_range) continue;
    named.insert(test.framework);
    ranges = ranges || test.kind == Kind::level_range;
  }
  const auto* held = std::get_if<LevelList>(&near);
  std::vector<LevelList> lists = {LevelList{}};
  for (const auto& id : named) {
    std::vector<LevelList> longer = lists;
    for (const auto& level : tester_->world().framework(id).levels) {
      for (const auto& list : lists) {
        LevelList one = list;
        one.push_back({id, level.code});
        std::ranges::sort(one);
        longer.push_back(std::move(one));
      }
    }
    // Lists that no test tells apart need not be multiplied with the next framework's levels.
    std::vector<Value> values(longer.begin(), longer.end());
    lists.clear();
    for (const auto& value : apart(Attribute::level, std::move(values))) lists.push_back(std::get<LevelList>(value));
  }
  for (const auto& framework : tester_->world().frameworks()) {
    if (named.contains(framework->id) || framework->levels.empty()) continue;
    // Where only belonging to a framework is asked, one level elsewhere stands for all.
    if (levels_ == Levels::named && (ranges || lists.size() == 0)) break;
    for (const auto& level : framework->levels) {
      lists.push_back({LevelRef{framework->id, level.code}});
      if (levels_ == Levels::named) break;
    }
    if (levels_ == Levels::named) break;
  }
  if (held != nullptr) {
    // An edit adds a level and keeps those of other frameworks.
    std::vector<LevelList> kept;
    for (const auto& list : lists) {
      LevelList one = list;
      for (const auto& level : *held) {
        if (!named.contains(level.framework)) one.push_back(level);
      }
      std::ranges::sort(one);
      one.erase(std::unique(one.begin(), one.end()), one.end());
      kept.push_back(std::move(one));
    }
    lists = std::move(kept);
    const auto away = [&](const LevelList& list) {
      int steps = 0;
      for (const auto& level : list) {
        for (const auto& own : *held) {
          if (own.framework != level.framework) continue;
          steps += std::abs(tester_->world().level_index(own) - tester_->world().level_index(level));
        }
      }
      return steps;
    };
    std::ranges::stable_sort(lists, [&](const LevelList& a, const LevelList& b) { return away(a) < away(b); });
  }
  std::vector<Value> values(lists.begin(), lists.end());
  return apart(Attribute::level, std::move(values));
}

std::vector<Value> Space::apart(Attribute attribute, std::vector<Value> values) {
  std::set<std::vector<Truth>> seen;
  std::vector<Value> kept;
  for (auto& value : values) {
    Credential alone;
    alone[attribute] = value;
    std::vector<Truth> signature;
    for (const int at : tests_) {
      const Test& test = set_->tests[static_cast<std::size_t>(at)];
      const auto touched = attributes_of(test);
      if (std::ranges::find(touched, attribute) != touched.end()) signature.push_back((*tester_)(test, alone));
    }
    if (seen.insert(std::move(signature)).second) kept.push_back(std::move(value));
  }
  return kept;
}

}  // namespace qualgraph::detail
