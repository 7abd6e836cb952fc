#include "qualgraph/definition/detail/tester.hpp"

#include "qualgraph/credit/compare.hpp"
#include "qualgraph/credit/detail/interval.hpp"
#include "qualgraph/mapping/map_level.hpp"
#include "qualgraph/model/error.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <set>
#include <vector>

namespace qualgraph::detail {
namespace {

using Kind = Test::Kind;

/// An exact number of a fact, which a decimal point would make inexact.
std::optional<Rational> number_of(const nlohmann::json& json) {
  if (json.is_number_integer()) return Rational(json.get<std::int64_t>());
  if (json.is_string()) return Rational::parse(json.get_ref<const std::string&>());
  return std::nullopt;
}

std::optional<Range> met(const std::optional<Range>& a, const std::optional<Range>& b, bool& clash) {
  if (!a || !b) return a ? a : b;
  const Range both{std::max(a->min, b->min), std::min(a->max, b->max)};
  if (both.max < both.min) {
    clash = true;
    return std::nullopt;
  }
  return both;
}

Truth within(const Range& value, bool lower, bool strict, const Rational& bound) {
  if (lower) {
    if (strict ? value.min > bound : value.min >= bound) return Truth::yes;
    return (strict ? value.max <= bound : value.max < bound) ? Truth::no : Truth::unknown;
  }
  if (strict ? value.max < bound : value.max <= bound) return Truth::yes;
  return (strict ? value.min >= bound : value.min > bound) ? Truth::no : Truth::unknown;
}

void say(std::string* reason, std::string text) {
  if (reason != nullptr) *reason = std::move(text);
}

std::string shown(const Range& range, const SizeUnit& unit) {
  return range.is_point() ? Size{range.min, unit}.str() : to_string(range) + " " + unit.str();
}

std::string name_of(const Test& test) { return std::string(info(test.attribute).name); }

}  // namespace

std::optional<Range> Tester::hours_per_credit(const SizeUnit& unit) {
  if (!unit.system) return point(Rational(1));
  const auto [found, fresh] = hours_.try_emplace(unit);
  if (fresh) {
    const CreditSystem& system = world_->credit_system(*unit.system);
    const bool usable = world_->view().evidence == EvidenceFloor::all || system.evidence == Evidence::read;
    if (usable && !system.contact_only) found->second = system.hours_per_credit;
  }
  return found->second;
}

std::optional<Range> Tester::factor(const SizeUnit& from, const SizeUnit& to) {
  if (from == to) return point(Rational(1));
  const auto [found, fresh] = factors_.try_emplace({from, to});
  if (fresh) {
    if (from.system && to.system) {
      found->second = counted(convert(*world_, Credits(Rational(1), *from.system), *to.system));
    } else if (const auto hours = hours_per_credit(from.system ? from : to)) {
      found->second = from.system ? *hours : over(point(Rational(1)), *hours);
    }
  }
  return found->second;
}

SizeReading Tester::size(const SizeUnit& unit, const Credential& credential) {
  SizeReading reading;
  std::optional<Range> by_hours;
  std::optional<Range> by_credits;
  if (const auto* hours = std::get_if<Range>(&credential[Attribute::hours])) {
    reading.stated = true;
    if (const auto rate = factor(SizeUnit{}, unit)) by_hours = times(*hours, *rate);
  }
  if (const auto* credits = std::get_if<Credits>(&credential[Attribute::credits])) {
    reading.stated = true;
    if (const auto rate = factor(SizeUnit{credits->system()}, unit)) by_credits = times(credits->amount(), *rate);
  }
  reading.value = met(by_hours, by_credits, reading.clash);
  if (!reading.clash && !consistent(credential)) {
    reading.value.reset();
    reading.clash = true;
  }
  return reading;
}

std::optional<Range> Tester::weeks(const Credential& credential, bool& clash) const {
  std::optional<Range> stated;
  std::optional<Range> by_months;
  if (const auto* weeks = std::get_if<Range>(&credential[Attribute::weeks])) stated = *weeks;
  if (const auto* months = std::get_if<Range>(&credential[Attribute::months])) {
    // A month has 28 to 31 days.
    by_months = times(*months, Range{Rational(4), Rational(31, 7)});
  }
  return met(stated, by_months, clash);
}

bool Tester::consistent(const Credential& credential) {
  bool clash = false;
  static_cast<void>(weeks(credential, clash));
  const auto* hours = std::get_if<Range>(&credential[Attribute::hours]);
  const auto* credits = std::get_if<Credits>(&credential[Attribute::credits]);
  if (hours != nullptr && credits != nullptr) {
    if (const auto rate = hours_per_credit(SizeUnit{credits->system()})) {
      static_cast<void>(met(*hours, times(credits->amount(), *rate), clash));
    }
  }
  return !clash;
}

Truth Tester::bounded(const SizeReading& reading, const Test& test, const Rational& bound, const SizeUnit& unit,
                      std::string* reason) const {
  if (reading.clash) {
    say(reason, "hours and credits contradict each other");
    return Truth::unknown;
  }
  if (!reading.stated) {
    say(reason, "neither hours nor credits are stated");
    return Truth::unknown;
  }
  if (!reading.value) {
    say(reason, "what is stated does not convert into " + unit.str());
    return Truth::unknown;
  }
  const Truth result = within(*reading.value, test.lower, test.strict, bound);
  if (reason != nullptr) {
    const std::string side =
        test.lower ? (test.strict ? "more than " : "at least ") : (test.strict ? "less than " : "at most ");
    const std::string wanted = side + Size{bound, unit}.str();
    const std::string have = shown(*reading.value, unit);
    *reason = have +
              (result == Truth::yes  ? " is "
               : result == Truth::no ? " is not "
                                     : " may or may not be ") +
              wanted;
  }
  return result;
}

const std::optional<Tester::Award>& Tester::smallest_award(const FrameworkId& framework) {
  const auto kept = awards_.try_emplace(framework);
  std::optional<Award>& smallest = kept.first->second;
  if (!kept.second) return smallest;
  // Hours or credits as the types state them; a type whose size is not stated is left aside.
  const auto json = nlohmann::json::parse(world_->framework(framework).json);
  for (const auto& type : json.value("qualification_types", nlohmann::json::array())) {
    const auto take = [&](const char* key, const SizeUnit& unit) {
      if (!type.contains(key) || !type[key].is_object()) return;
      const auto low = number_of(type[key].value("min", nlohmann::json()));
      if (!low) return;
      const auto high = number_of(type[key].value("max", nlohmann::json())).value_or(*low);
      Award one{{*low, std::max(*low, high)}, unit, type.value("name", "")};
      if (!smallest) {
        smallest = one;
      } else if (smallest->unit == unit) {
        if (one.size.min < smallest->size.min) smallest->name = one.name;
        smallest->size = {std::min(smallest->size.min, one.size.min), std::min(smallest->size.max, one.size.max)};
      }
    };
    const bool read = type.value("credits_evidence", type.value("evidence", "")) == "read";
    if (world_->view().evidence == EvidenceFloor::read && !read) continue;
    take("hours", SizeUnit{});
    if (type.contains("credits") && type["credits"].is_object() && type["credits"].contains("system")) {
      take("credits", SizeUnit{CreditSystemId{type["credits"]["system"].get<std::string>()}});
    }
  }
  return smallest;
}

Truth Tester::award(const Test& test, const Credential& credential, std::string* reason) {
  const bool* stated = std::get_if<bool>(&credential[Attribute::smaller_than_award]);
  const Truth said = stated == nullptr ? Truth::unknown : truth(*stated);
  Truth by_size = Truth::unknown;
  std::string why = stated == nullptr ? "smaller_than_award is not stated" : "";
  if (const auto& award = smallest_award(test.framework)) {
    const SizeReading reading = size(award->unit, credential);
    if (reading.clash) {
      // A record that contradicts itself on its size settles nothing about it.
      say(reason, "hours and credits contradict each other");
      return Truth::unknown;
    }
    if (reading.value) {
      by_size = reading.value->max < award->size.min    ? Truth::yes
                : reading.value->min >= award->size.max ? Truth::no
                                                        : Truth::unknown;
      why = shown(*reading.value, award->unit) + " against " + to_string(award->size) + " of the smallest award of " +
            test.framework.str() + " (" + award->name + ")";
    } else {
      why += std::string(why.empty() ? "" : ", and ") + "its size is not stated";
    }
  } else {
    why += std::string(why.empty() ? "" : ", and ") + "no size of an award of " + test.framework.str() + " is known";
  }
  const Truth result = agreed(said, by_size);
  if (reason != nullptr) {
    if (stated != nullptr && by_size != Truth::unknown && said != by_size) {
      *reason =
          std::string("smaller_than_award says ") + (*stated ? "yes" : "no") + ", the size says otherwise: " + why;
    } else {
      *reason = stated != nullptr ? std::string("smaller_than_award: ") + (*stated ? "yes" : "no") : why;
    }
  }
  return result;
}

/// Where a level of another framework stands, as far as documents tell.
Truth Tester::placed(const Test& test, const LevelRef& level, std::string* reason) {
  const auto [found, fresh] = placed_.try_emplace({test.key(), level});
  auto& [result, why] = found->second;
  if (fresh) {
    const Framework& target = world_->framework(test.framework);
    const int low = test.low.empty() ? -1 : target.index_of(test.low);
    const int high = test.high.empty() ? -1 : target.index_of(test.high);
    const auto inside = [&](int at) {
      return (low < 0 || target.at_most(low, at)) && (high < 0 || target.at_most(at, high));
    };
    result = Truth::unknown;
    if (level.framework == test.framework) {
      result = truth(inside(world_->level_index(level)));
      why = level.str() + (result == Truth::yes ? " is" : " is not") + " within " + test.str();
    } else {
      const LevelAnswer answer = map_level(*world_, level, test.framework);
      int in = 0;
      int out = 0;
      for (std::size_t i = 0; i < target.levels.size(); ++i) {
        if ((answer.levels >> i & 1U) != 0) ++(inside(static_cast<int>(i)) ? in : out);
      }
      // Only a complete answer without conflict guarantees where the level stands.
      if (answer.status == AnswerStatus::mapped && answer.complete && !answer.peer && (in == 0 || out == 0))
        result = truth(out == 0);
      std::string codes;
      for (const auto& code : answer.possible) codes += (codes.empty() ? "" : ", ") + code;
      why = answer.possible.empty() ? level.str() + " has no established place on " + test.framework.str()
                                    : level.str() + " stands at " + test.framework.str() + " " + codes +
                                          (result == Truth::unknown ? ", which settles nothing" : "");
    }
  }
  say(reason, why);
  return result;
}

Truth Tester::level(const Test& test, const Credential& credential, std::string* reason) {
  const auto* levels = std::get_if<LevelList>(&credential[Attribute::level]);
  if (levels == nullptr) {
    say(reason, "level is not stated");
    return Truth::unknown;
  }
  for (const auto& one : *levels) static_cast<void>(world_->level_index(one));
  if (levels->empty()) {
    say(reason, "it has no level");
    return Truth::no;
  }
  std::vector<LevelRef> own;
  std::ranges::copy_if(*levels, std::back_inserter(own),
                       [&](const LevelRef& one) { return one.framework == test.framework; });
  if (test.kind == Kind::on_framework) {
    say(reason, own.empty() ? "its level is " + to_string(Attribute::level, credential[Attribute::level]) +
                                  ", not one of " + test.framework.str()
                            : "its level is " + own.front().str());
    return truth(!own.empty());
  }
  // A level on the framework itself outweighs a placement through documents.
  bool first = true;
  Truth result = Truth::unknown;
  std::string why;
  for (const auto& one : own.empty() ? *levels : own) {
    std::string part;
    const Truth here = placed(test, one, &part);
    if (first) {
      result = here;
    } else if (own.empty()) {
      result = agreed(result, here);
    } else if (result != here) {
      result = Truth::unknown;
    }
    why += (first ? "" : "; ") + part;
    first = false;
  }
  say(reason, why);
  return result;
}

Truth Tester::operator()(const Test& test, const Credential& credential, std::string* reason) {
  const Value& value = credential[test.attribute];
  switch (test.kind) {
    case Kind::flag: {
      const bool* flag = std::get_if<bool>(&value);
      say(reason, flag == nullptr ? name_of(test) + " is not stated" : name_of(test) + ": " + (*flag ? "yes" : "no"));
      return flag == nullptr ? Truth::unknown : truth(*flag == test.flag);
    }
    case Kind::stated:
    case Kind::one_of: {
      const auto* text = std::get_if<std::string>(&value);
      say(reason,
          text == nullptr ? name_of(test) + " is not stated" : name_of(test) + ": " + (text->empty() ? "none" : *text));
      if (text == nullptr) return Truth::unknown;
      if (test.kind == Kind::stated) return truth(text->empty() != test.flag);
      return truth(std::ranges::find(test.words, *text) != test.words.end());
    }
    case Kind::any_of:
    case Kind::all_of: {
      const auto* words = std::get_if<WordList>(&value);
      say(reason, words == nullptr ? name_of(test) + " is not stated"
                                   : name_of(test) + ": " + to_string(test.attribute, value));
      if (words == nullptr) return Truth::unknown;
      const auto held = [&](const std::string& word) { return std::ranges::binary_search(*words, word); };
      return truth(test.kind == Kind::any_of ? std::ranges::any_of(test.words, held)
                                             : std::ranges::all_of(test.words, held));
    }
    case Kind::number: {
      bool clash = false;
      std::optional<Range> number;
      const bool duration = test.attribute == Attribute::weeks || test.attribute == Attribute::months;
      if (duration) {
        number = weeks(credential, clash);
        if (number && test.attribute == Attribute::months && !credential.states(Attribute::months))
          number = over(*number, {Rational(4), Rational(31, 7)});
        if (test.attribute == Attribute::months) {
          if (const auto* months = std::get_if<Range>(&value); months != nullptr && !clash) number = *months;
        }
      } else if (const auto* range = std::get_if<Range>(&value)) {
        number = *range;
      }
      if (!number) {
        say(reason, clash ? "weeks and months contradict each other" : name_of(test) + " is not stated");
        return Truth::unknown;
      }
      say(reason, name_of(test) + ": " + to_string(*number));
      return within(*number, test.lower, test.strict, test.bound.amount);
    }
    case Kind::size:
      return bounded(size(test.bound.unit, credential), test, test.bound.amount, test.bound.unit, reason);
    case Kind::small: {
      const auto given = parameters_.find(test.parameter);
      if (given == parameters_.end()) {
        say(reason, "the text gives no number for \"" + test.parameter + "\"");
        return Truth::unknown;
      }
      return bounded(size(given->second.unit, credential), test, given->second.amount, given->second.unit, reason);
    }
    case Kind::below_award:
      return award(test, credential, reason);
    case Kind::on_framework:
    case Kind::level_range:
      return level(test, credential, reason);
  }
  return Truth::unknown;
}

}  // namespace qualgraph::detail
