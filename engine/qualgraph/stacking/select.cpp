#include "qualgraph/stacking/select.hpp"

#include "qualgraph/credit/compare.hpp"
#include "qualgraph/mapping/map_level.hpp"
#include "qualgraph/model/error.hpp"
#include "qualgraph/model/suggest.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

namespace qualgraph {
namespace {

constexpr Truth both(Truth a, Truth b) noexcept { return std::min(a, b); }
constexpr Truth either(Truth a, Truth b) noexcept { return std::max(a, b); }
constexpr Truth truth(bool value) noexcept { return value ? Truth::yes : Truth::no; }
constexpr Truth negated(Truth value) noexcept { return value == Truth::unknown ? value : truth(value == Truth::no); }

bool listed(const std::vector<std::string>& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

Truth equals(const std::optional<std::string>& value, const std::vector<std::string>& words) {
  return value ? truth(listed(words, *value)) : Truth::unknown;
}

Truth equals(const std::optional<bool>& value, bool wanted) { return value ? truth(*value == wanted) : Truth::unknown; }

/// "subject:*" matches every tag that begins with "subject:".
bool tag_matches(std::string_view tag, std::string_view pattern) {
  if (!pattern.empty() && pattern.back() == '*') return tag.starts_with(pattern.substr(0, pattern.size() - 1));
  return tag == pattern;
}

/// `wanted` covers `origin`; an origin known only in general may or may not be the special one.
Truth origin_matches(std::string_view origin, std::string_view wanted) {
  const auto covers = [](std::string_view general, std::string_view special) {
    return special == general ||
           (special.size() > general.size() && special.starts_with(general) && special[general.size()] == '.');
  };
  if (covers(wanted, origin)) return Truth::yes;
  return covers(origin, wanted) ? Truth::unknown : Truth::no;
}

Truth field_matches(std::string_view field, std::string_view prefix) {
  if (field.starts_with(prefix)) return Truth::yes;
  return prefix.starts_with(field) ? Truth::unknown : Truth::no;
}

template <class Match>
Truth any_matches(const std::optional<std::vector<std::string>>& values, const std::vector<std::string>& words,
                  Match&& match) {
  if (!values) return Truth::unknown;
  Truth result = Truth::no;
  for (const auto& value : *values) {
    for (const auto& word : words) result = either(result, match(value, word));
  }
  return result;
}

Truth within(const std::optional<Range>& value, const std::optional<Rational>& low,
             const std::optional<Rational>& high) {
  if (!value) return Truth::unknown;
  Truth result = Truth::yes;
  if (low) result = both(result, value->min >= *low ? Truth::yes : value->max < *low ? Truth::no : Truth::unknown);
  if (high) result = both(result, value->max <= *high ? Truth::yes : value->min > *high ? Truth::no : Truth::unknown);
  return result;
}

std::optional<Rational> as_number(const std::string& text) {
  try {
    return Rational::parse(text);
  } catch (const InvalidValue&) {
    return std::nullopt;
  }
}

/// Numbers that a record gives for a rule's parameters, where the rule says what they are: refused at
/// once, as the rule's own numbers are when it is read.
void check_parameters(const RuleText& rule, const LearnerRecord& record) {
  if (rule.parameters.empty() || record.parameters.empty()) return;
  const auto check = [&](const Amount& amount, bool share) {
    if (amount.kind != Amount::Kind::parameter) return;
    const auto given = record.parameters.find(amount.parameter);
    if (given == record.parameters.end()) return;
    const auto number = as_number(given->second);
    if (!number || (*number >= Rational(0) && (!share || *number <= Rational(1)))) return;
    throw InvalidValue("the parameter " + in_quotes(amount.parameter) + " of the record is " + number->str() + "; " +
                       (share ? "the rule takes a share of it: give a number from 0 to 1, such as \"1/2\""
                              : "the rule takes it as an amount: give a number not below zero"));
  };
  if (rule.total) {
    for (const auto* amount : {&rule.total->min, &rule.total->max, &rule.total->exact}) check(*amount, false);
  }
  for (const auto& place : rule.places) {
    for (const auto* amount : {&place.min, &place.max, &place.exact}) check(*amount, false);
  }
  for (const auto& floor : rule.floors) {
    check(floor.min, false);
    check(floor.share.share, true);
  }
  for (const auto& cap : rule.caps) {
    check(cap.max, false);
    check(cap.share.share, true);
  }
  for (const auto& overlap : rule.allocation.overlaps) {
    check(overlap.max, false);
    check(overlap.share.share, true);
  }
  for (const auto& limit : rule.reuse.limits) {
    check(limit.max, false);
    check(limit.share.share, true);
  }
  for (const auto& outcome : rule.outcomes) check(outcome.min_share, true);
}

}  // namespace

Date later(Date date, const Span& span) {
  switch (span.unit) {
    case Span::Unit::days:
      return Date{std::chrono::sys_days{date} + std::chrono::days{span.count}};
    case Span::Unit::months:
      date += std::chrono::months{span.count};
      break;
    case Span::Unit::years:
      date += std::chrono::years{span.count};
      break;
  }
  return date.ok() ? date : Date{date.year() / date.month() / std::chrono::last};
}

Case::Case(const World& world, const RuleText& rule, const LearnerRecord& record, std::size_t offered,
           Supposed supposed)
    : world_(&world), rule_(&rule), record_(&record), supposed_(std::move(supposed)) {
  check_parameters(rule, record);
  std::map<std::string, std::optional<Conversion>> per_credit;
  items_.reserve(record.items.size());
  for (const auto& item : record.items) {
    Held held;
    held.item = &item;
    held.exempted = item.status == "exempted" && listed(rule.admits, item.status);
    held.offered = items_.size() >= offered;
    held.admitted = listed(rule.admits, item.status) && !held.exempted;
    if (items_.size() < supposed_.absent.size() && supposed_.absent[items_.size()] != 0)
      held.admitted = held.exempted = false;
    if (item.credits) {
      const std::string& system = item.credit.empty() ? record.credit : item.credit;
      const Range own{item.credits->first, item.credits->second};
      if (system.empty() || rule.credit.empty() || system == rule.credit) {
        held.credits = own;
      } else if (own.max == Rational(0)) {
        held.credits = own;
      } else {
        // One conversion per system: every way is a factor.
        CreditReading reading{item.id, system, rule.credit, std::nullopt, ""};
        auto [found, fresh] = per_credit.try_emplace(system);
        if (fresh) {
          try {
            found->second = convert(world, Credits(Rational(1), CreditSystemId{system}), CreditSystemId{rule.credit});
          } catch (const UnknownId& error) {
            reading.reason = error.what();
          }
        }
        if (found->second) {
          if (const auto factor = counted(*found->second, rule.conversion)) {
            held.credits = Range{own.min * factor->min, own.max * factor->max};
            if (rule.conversion_rounding.mode != RoundingMode::none) {
              held.credits = rounded(*held.credits, rule.conversion_rounding);
            }
          } else {
            reading.reason = "no way converts " + system + " into " + rule.credit;
          }
        }
        reading.counted = held.credits;
        credits_.push_back(std::move(reading));
      }
    }
    position_.emplace(item.id, items_.size());
    items_.push_back(std::move(held));
  }
  for (auto& held : items_) substitute(held);
}

void Case::substitute(Held& held) {
  for (const Polarity polarity : {Polarity::strict, Polarity::favourable}) {
    for (const auto& substitution : rule_->substitutions) {
      // Credit that is not assigned lies where something is asked for without being that.
      const bool assigned = substitution.gives == "place";
      if (!assigned && substitution.gives != "unassigned") continue;
      if (!substitution.decided_by.empty() && !decided(substitution.path)) continue;
      const Truth when = substitution.when ? holds(*substitution.when) : Truth::yes;
      // The certain ones first, then those that hang on something unknown.
      const Truth acts = both(when, selects(substitution.by, *held.item));
      if (acts != (polarity == Polarity::strict ? Truth::yes : Truth::unknown)) continue;
      const Selector& replace = substitution.replace;
      if (replace.kind == Selector::Kind::everything) {
        held.anywhere = either(held.anywhere, acts);
        if (assigned) held.any_unit = either(held.any_unit, acts);
      } else if (replace.kind == Selector::Kind::unit || replace.kind == Selector::Kind::tag) {
        for (const auto& word : replace.words) stand_for(held, replace.kind == Selector::Kind::unit, word, assigned);
      } else {
        continue;
      }
      if (polarity == Polarity::strict) acted_.insert(substitution.path);
    }
    if (polarity == Polarity::strict) held.certain = held.stands_for.size();
  }
}

void Case::stand_for(Held& held, bool unit, const std::string& word, bool assigned) const {
  Item other = *held.item;
  std::vector<std::string> serves;
  if (unit) {
    other.unit = word;
    serves.push_back(word);
  } else {
    if (!other.tags) other.tags.emplace();
    other.tags->push_back(word);
    for (const auto& one : rule_->units) {
      if (!one.tags) continue;
      if (std::any_of(one.tags->begin(), one.tags->end(), [&](const auto& tag) { return tag_matches(tag, word); }))
        serves.push_back(one.unit);
    }
  }
  if (!assigned) serves.clear();
  held.stands_for.push_back(std::move(other));
  held.serves.push_back(std::move(serves));
}

std::set<std::string> Case::served(const Held& held, Polarity polarity, const std::vector<std::string>& units) {
  const bool strict = polarity == Polarity::strict;
  if (held.any_unit == Truth::yes || (!strict && held.any_unit == Truth::unknown)) return {units.begin(), units.end()};
  std::set<std::string> found;
  const auto take = [&](const std::string& unit) {
    if (std::binary_search(units.begin(), units.end(), unit)) found.insert(unit);
  };
  take(held.item->unit);
  const std::size_t forms = strict ? held.certain : held.serves.size();
  for (std::size_t form = 0; form < forms; ++form)
    std::for_each(held.serves[form].begin(), held.serves[form].end(), take);
  return found;
}

Truth Case::selects(const Selector& selector, const Held& held, Polarity polarity) {
  Truth result = Truth::no;
  for (const auto& item : forms(held, polarity)) {
    result = either(result, selects(selector, item));
    if (result == Truth::yes) break;
  }
  return result;
}

Truth Case::selects(const Selector& s, const Item& item) {
  using Kind = Selector::Kind;
  switch (s.kind) {
    case Kind::everything:
      return Truth::yes;
    case Kind::all: {
      Truth result = Truth::yes;
      for (const auto& part : s.parts) {
        result = both(result, selects(part, item));
        if (result == Truth::no) break;
      }
      return result;
    }
    case Kind::any: {
      Truth result = Truth::no;
      for (const auto& part : s.parts) {
        result = either(result, selects(part, item));
        if (result == Truth::yes) break;
      }
      return result;
    }
    case Kind::none_of:
      return negated(selects(s.parts.front(), item));
    case Kind::unit:
      return truth(listed(s.words, item.unit));
    case Kind::tag:
      return any_matches(item.tags, s.words, [](const auto& a, const auto& b) { return truth(tag_matches(a, b)); });
    case Kind::level:
      return level(s, item);
    case Kind::origin:
      return any_matches(item.origins, s.words, origin_matches);
    case Kind::provider: {
      Truth result = Truth::no;
      for (const auto& word : s.words) {
        if (word != "awarding" && word != "other") {
          result = either(result, item.provider ? truth(*item.provider == word) : Truth::unknown);
          continue;
        }
        // A rule that names no awarding provider leaves it to the record to say "awarding" or "other".
        Truth own = Truth::unknown;
        if (item.provider) {
          if (*item.provider == "awarding" || *item.provider == "other") {
            own = truth(*item.provider == "awarding");
          } else if (!rule_->awarding.empty()) {
            own = truth(listed(rule_->awarding, *item.provider));
          }
        }
        result = either(result, word == "awarding" ? own : negated(own));
      }
      return result;
    }
    case Kind::field:
      return any_matches(item.fields, s.words, field_matches);
    case Kind::grade:
      return grade(s, item);
    case Kind::date: {
      if (!item.date) return Truth::unknown;
      return truth((!s.from || *item.date >= *s.from) && (!s.until || *item.date <= *s.until));
    }
    case Kind::age:
      return age(s, item);
    case Kind::mode:
      return equals(item.mode, s.words);
    case Kind::quality_assured:
      return equals(item.quality_assured, s.flag);
    case Kind::assessed:
      return equals(item.assessed, s.flag);
    case Kind::outcome:
      return any_matches(item.outcomes, s.words, [](const auto& a, const auto& b) { return truth(a == b); });
    case Kind::status:
      return truth(listed(s.words, item.status));
    case Kind::whole:
      return equals(item.whole, s.flag);
    case Kind::part_of:
      return equals(item.part_of, s.words);
    case Kind::credits:
    case Kind::hours: {
      std::optional<Range> size;
      if (s.kind == Kind::hours) {
        if (item.hours) size = Range{*item.hours, *item.hours};
        if (const auto at = position_.find(item.id); at != position_.end() && items_[at->second].exempted) {
          size = Range{Rational(0), Rational(0)};
        }
      } else {
        if (const auto at = position_.find(item.id); at != position_.end()) {
          size = amount(items_[at->second], Measure::credits);
        } else if (item.credits) {
          size = Range{item.credits->first, item.credits->second};
        }
      }
      if (size && item.count > 1) {
        // Each of several equal units is of its own size.
        const Rational units(item.count);
        size = Range{size->min / units, size->max / units};
      }
      Truth result = Truth::yes;
      for (const bool lower : {true, false}) {
        const Amount& bound = lower ? s.low : s.high;
        if (!bound.present()) continue;
        const auto value = number(bound);
        result = both(result, !value  ? Truth::unknown
                              : lower ? within(size, value, std::nullopt)
                                      : within(size, std::nullopt, value));
      }
      if (!s.equal.empty()) {
        Truth one = Truth::no;
        for (const auto& amount : s.equal) {
          const auto value = number(amount);
          one = either(one, value ? within(size, value, value) : Truth::unknown);
        }
        result = both(result, one);
      }
      return result;
    }
    case Kind::used:
      return item.used_for ? truth(!item.used_for->empty() == s.flag) : Truth::unknown;
    case Kind::used_for: {
      if (!item.used_for) return Truth::unknown;
      for (const auto& award : *item.used_for) {
        if (listed(s.words, award)) return Truth::yes;
        if (!record_->awards) continue;
        for (const auto& held : *record_->awards) {
          if (held.id == award && held.kind && listed(s.words, *held.kind)) return Truth::yes;
        }
      }
      return Truth::no;
    }
  }
  return Truth::unknown;
}

Truth Case::compare_level(const std::string& level_text, const std::string& bound_text, bool at_least, bool exactly) {
  const auto key = std::make_tuple(level_text, bound_text, exactly ? 2 : at_least ? 1 : 0);
  if (const auto kept = compared_.find(key); kept != compared_.end()) return kept->second;
  const auto answer = [&](Truth value) { return compared_[key] = value; };

  const LevelRef level = LevelRef::parse(level_text);
  const LevelRef bound = LevelRef::parse(bound_text);
  if (const auto scale = rule_->scales.find(bound.framework.str()); scale != rule_->scales.end()) {
    if (level.framework != bound.framework) return answer(Truth::unknown);
    const auto& order = scale->second.order;
    const auto own = std::find(order.begin(), order.end(), level.code);
    const auto wanted = std::find(order.begin(), order.end(), bound.code);
    if (own == order.end() || wanted == order.end()) return answer(Truth::unknown);
    return answer(truth(exactly ? own == wanted : at_least ? own >= wanted : own <= wanted));
  }
  if (world_->find(bound.framework) == nullptr || rule_->scales.contains(level.framework.str())) {
    return answer(Truth::unknown);
  }
  const Framework& framework = world_->framework(bound.framework);
  const int limit = world_->level_index(bound);
  const auto keeps = [&](int own) {
    return exactly ? own == limit : at_least ? framework.at_most(limit, own) : framework.at_most(own, limit);
  };
  if (level.framework == bound.framework) return answer(truth(keeps(world_->level_index(level))));
  if (world_->find(level.framework) == nullptr) {
    // A record may name what these facts do not know; a slip of the pen looks the same, so it is told.
    std::vector<std::string> names;
    for (const auto& known : world_->frameworks()) names.push_back(known->id.str());
    levels_.insert({level_text,
                    (exactly    ? "exactly "
                     : at_least ? "at_least "
                                : "at_most ") +
                        bound_text,
                    Truth::unknown,
                    "there is no framework " + in_quotes(level.framework.str()) + " in these facts." +
                        did_you_mean(level.framework.str(), names),
                    {}});
    return answer(Truth::unknown);
  }

  LevelReading reading{level_text,
                       (exactly    ? "exactly "
                        : at_least ? "at_least "
                                   : "at_most ") +
                           bound_text,
                       Truth::unknown,
                       "",
                       {}};
  const LevelAnswer mapped = map_level(*world_, level, bound.framework);
  for (const auto& route : mapped.routes) {
    for (const auto& document : route.documents) {
      if (!listed(reading.documents, document.str())) reading.documents.push_back(document.str());
    }
  }
  if (mapped.status == AnswerStatus::mapped && mapped.complete && !mapped.peer) {
    bool all = true;
    bool none = true;
    for (const auto& code : mapped.possible) {
      const bool kept = keeps(world_->level_index({bound.framework, code}));
      all = all && kept;
      none = none && !kept;
      reading.reason += (reading.reason.empty() ? "may stand opposite " : ", ") + bound.framework.str() + ":" + code;
    }
    reading.truth = all ? Truth::yes : none ? Truth::no : Truth::unknown;
  } else if (mapped.status == AnswerStatus::no_counterpart && (mapped.bracket_low || mapped.bracket_high)) {
    // Its neighbours bound a level without counterpart.
    const auto side = [&](const std::optional<std::string>& code, bool least) {
      if (!code) return false;
      const int own = world_->level_index({bound.framework, *code});
      return least ? framework.at_most(limit, own) : framework.at_most(own, limit);
    };
    const bool reached = side(mapped.bracket_low, true);
    const bool within_it = side(mapped.bracket_high, false);
    const bool over = reached && *mapped.bracket_low != bound.code;
    const bool under = within_it && *mapped.bracket_high != bound.code;
    reading.reason = "no counterpart, between " + mapped.bracket_low.value_or("the bottom") + " and " +
                     mapped.bracket_high.value_or("the top");
    if (exactly)
      reading.truth = over || under ? Truth::no : Truth::unknown;
    else if (at_least)
      reading.truth = reached ? Truth::yes : under ? Truth::no : Truth::unknown;
    else
      reading.truth = within_it ? Truth::yes : over ? Truth::no : Truth::unknown;
  } else {
    reading.reason = !mapped.reason.empty()                    ? mapped.reason
                     : mapped.peer                             ? "answered by peer routes only"
                     : mapped.status == AnswerStatus::conflict ? "documents contradict each other"
                                                               : "the answer may be incomplete";
  }
  const Truth result = reading.truth;
  levels_.insert(std::move(reading));
  return answer(result);
}

Truth Case::level(const Selector& s, const Item& item) {
  if (!item.levels) return Truth::unknown;
  const auto judge = [&](const std::string& bound, bool at_least, bool exactly) {
    // A level stated in the bound's own framework needs no translation.
    const std::string framework = bound.substr(0, bound.find(':'));
    for (const auto& level : *item.levels) {
      if (level.substr(0, level.find(':')) == framework) return compare_level(level, bound, at_least, exactly);
    }
    bool yes = false;
    bool no = false;
    for (const auto& level : *item.levels) {
      const Truth one = compare_level(level, bound, at_least, exactly);
      yes = yes || one == Truth::yes;
      no = no || one == Truth::no;
    }
    if (item.levels->empty()) return Truth::no;
    return yes == no ? Truth::unknown : truth(yes);
  };
  Truth result = Truth::yes;
  if (s.at_least) result = both(result, judge(*s.at_least, true, false));
  if (s.at_most) result = both(result, judge(*s.at_most, false, false));
  if (!s.words.empty()) {
    Truth one = Truth::no;
    for (const auto& word : s.words) one = either(one, judge(word, false, true));
    result = both(result, one);
  }
  return result;
}

Truth Case::grade(const Selector& s, const Item& item) const {
  if (!item.grade) return Truth::unknown;
  // "skip" leaves an ungraded item out of the clause: a requirement does not touch it, a choice does not take it.
  if (*item.grade == "ungraded") return truth(s.ungraded == "pass" || (s.ungraded == "skip" && requiring_));
  const auto compare = [&](const std::string& bound) -> std::optional<int> {
    const auto by_order = [&](const Scale& scale) -> std::optional<int> {
      const auto a = std::find(scale.order.begin(), scale.order.end(), *item.grade);
      const auto b = std::find(scale.order.begin(), scale.order.end(), bound);
      if (a == scale.order.end() || b == scale.order.end()) return std::nullopt;
      return a < b ? -1 : a > b ? 1 : 0;
    };
    // A scale that is named has its own order: in some countries 1 is the best grade.
    if (s.scale) {
      if (const auto named = rule_->scales.find(*s.scale); named != rule_->scales.end()) {
        if (const auto order = by_order(named->second)) return order;
      }
    }
    if (const auto a = as_number(*item.grade), b = as_number(bound); a && b) return *a < *b ? -1 : *a > *b ? 1 : 0;
    for (const auto& [id, scale] : rule_->scales) {
      if (s.scale && *s.scale != id) continue;
      if (const auto order = by_order(scale)) return order;
    }
    if (*item.grade == bound) return 0;
    return std::nullopt;
  };
  Truth result = Truth::yes;
  if (s.at_least) {
    const auto order = compare(*s.at_least);
    result = both(result, order ? truth(*order >= 0) : Truth::unknown);
  }
  if (s.at_most) {
    const auto order = compare(*s.at_most);
    result = both(result, order ? truth(*order <= 0) : Truth::unknown);
  }
  if (!s.words.empty()) {
    Truth one = Truth::no;
    for (const auto& word : s.words) {
      const auto order = compare(word);
      one = either(one, order ? truth(*order == 0) : Truth::no);
    }
    result = both(result, one);
  }
  return result;
}

Truth Case::requires_of(const Selector& selector, const Held& held, Polarity polarity) {
  requiring_ = true;
  const Truth result = selects(selector, held, polarity);
  requiring_ = false;
  return result;
}

std::optional<Date> Case::day(const std::string& which) const {
  if (which == "admission") return record_->admission;
  if (which == "registration") return record_->registration;
  return record_->claim ? record_->claim : record_->as_of;
}

Truth Case::age(const Selector& s, const Item& item) const {
  const auto& start = s.since == "started" ? item.started : item.date;
  const auto end = day(s.to);
  if (!start || !end || s.age_unknown) return Truth::unknown;
  Truth result = Truth::yes;
  if (s.oldest) result = both(result, truth(later(*start, *s.oldest) >= *end));
  if (s.youngest) result = both(result, truth(later(*start, *s.youngest) <= *end));
  return result;
}

std::optional<std::string> Case::parameter(const std::string& id) const {
  if (const auto found = record_->parameters.find(id); found != record_->parameters.end()) return found->second;
  if (const auto declared = rule_->parameters.find(id); declared != rule_->parameters.end()) {
    return declared->second.otherwise;
  }
  return std::nullopt;
}

std::optional<Rational> Case::number(const Amount& amount) {
  const auto value = looked_up(amount);
  unsure_ = unsure_ || (!value && amount.present());
  return value;
}

std::optional<Rational> Case::looked_up(const Amount& amount) {
  switch (amount.kind) {
    case Amount::Kind::absent:
    case Amount::Kind::unknown:
      return std::nullopt;
    case Amount::Kind::value:
      return amount.value;
    case Amount::Kind::parameter: {
      const auto text = parameter(amount.parameter);
      return text ? as_number(*text) : std::nullopt;
    }
    case Amount::Kind::table: {
      for (const auto& [when, value] : amount.rows) {
        const Truth fits = holds(*when);
        if (fits == Truth::yes) return value;
        if (fits == Truth::unknown) return std::nullopt;
      }
      return amount.otherwise;
    }
  }
  return std::nullopt;
}

Truth Case::holds(const Condition& c) {
  using Kind = Condition::Kind;
  if (const auto known = supposed_.truths.find(&c); known != supposed_.truths.end()) {
    unsure_ = unsure_ || known->second == Truth::unknown;
    return known->second;
  }
  switch (c.kind) {
    case Kind::all: {
      Truth result = Truth::yes;
      for (const auto& part : c.parts) result = both(result, holds(part));
      return result;
    }
    case Kind::any: {
      Truth result = Truth::no;
      for (const auto& part : c.parts) result = either(result, holds(part));
      return result;
    }
    case Kind::none_of:
      return negated(holds(c.parts.front()));
    case Kind::met:
      return Truth::unknown;
    case Kind::award: {
      if (!record_->awards) return Truth::unknown;
      Truth result = Truth::no;
      for (const auto& award : *record_->awards) {
        const bool named = listed(c.words, award.id) || (award.kind && listed(c.words, *award.kind));
        if (!named && (award.kind || award.id.empty())) continue;
        // An award of another id whose kind nobody stated may be of the kind asked.
        if (!named) continue;
        result = either(result, award.completed ? truth(*award.completed) : Truth::yes);
      }
      return result;
    }
    case Kind::parameter: {
      const auto text = parameter(c.parameter);
      if (!text) return Truth::unknown;
      Truth result = Truth::yes;
      if (!c.words.empty()) {
        bool same = listed(c.words, *text);
        if (const auto value = as_number(*text); value && !same) {
          for (const auto& word : c.words) {
            if (const auto other = as_number(word); other && *other == *value) same = true;
          }
        }
        result = both(result, truth(same));
      }
      if (c.at_least || c.at_most) {
        const auto value = as_number(*text);
        if (!value) return Truth::unknown;
        if (c.at_least) result = both(result, truth(*value >= *c.at_least));
        if (c.at_most) result = both(result, truth(*value <= *c.at_most));
      }
      return result;
    }
    case Kind::holds: {
      Rational needed = 1;
      if (c.min.present()) {
        const auto value = number(c.min);
        if (!value) return Truth::unknown;
        needed = *value;
      }
      Rational sure = 0;
      Rational possible = 0;
      bool unbounded = false;
      for (const auto& held : items_) {
        if (!held.admitted && !held.exempted) continue;
        const Truth chosen = selects(c.selector, held);
        if (chosen == Truth::no) continue;
        const auto size = amount(held, c.measure);
        if (size) {
          possible += size->max;
          if (chosen == Truth::yes && !held.offered) sure += size->min;
        } else {
          unbounded = true;
        }
      }
      if (sure >= needed) return Truth::yes;
      return unbounded || possible >= needed ? Truth::unknown : Truth::no;
    }
  }
  return Truth::unknown;
}

bool Case::limits(const Clause& clause, Polarity polarity) {
  if (!clause.when) return true;
  const Truth value = holds(*clause.when);
  unsure_ = unsure_ || value == Truth::unknown;
  return polarity == Polarity::strict ? value != Truth::no : value == Truth::yes;
}

bool Case::permits(const Clause& clause, Polarity polarity) {
  if (!clause.when) return true;
  const Truth value = holds(*clause.when);
  unsure_ = unsure_ || value == Truth::unknown;
  return polarity == Polarity::strict ? value == Truth::yes : value != Truth::no;
}

bool Case::decided(const std::string& path) const {
  return std::any_of(record_->decisions.begin(), record_->decisions.end(),
                     [&](const Decision& decision) { return decision.apply == path; });
}

std::optional<Range> Case::amount(const Held& held, Measure measure) const {
  const auto point = [](const std::optional<Rational>& value) -> std::optional<Range> {
    if (!value) return std::nullopt;
    return Range{*value, *value};
  };
  // An exemption lifts a unit; it brings nothing.
  if (held.exempted && measure != Measure::units) return Range{Rational(0), Rational(0)};
  switch (measure) {
    case Measure::credits:
      return held.credits;
    case Measure::units:
      return Range{Rational(held.item->count), Rational(held.item->count)};
    case Measure::hours:
      return point(held.item->hours);
    case Measure::points:
      return point(held.item->points);
  }
  return std::nullopt;
}

std::optional<std::vector<std::string>> Case::values(const Item& item, const std::string& attribute) const {
  const auto one = [](const std::optional<std::string>& value) -> std::optional<std::vector<std::string>> {
    if (!value) return std::nullopt;
    return std::vector<std::string>{*value};
  };
  if (attribute.starts_with("tag:")) {
    if (!item.tags) return std::nullopt;
    const std::string prefix = attribute.substr(4) + ":";
    std::vector<std::string> found;
    for (const auto& tag : *item.tags) {
      if (tag.starts_with(prefix)) found.push_back(tag.substr(prefix.size()));
    }
    return found;
  }
  if (attribute == "provider") return one(item.provider);
  if (attribute == "mode") return one(item.mode);
  if (attribute == "part_of") return one(item.part_of);
  if (attribute == "unit") return one(item.unit);
  if (attribute == "field") return item.fields;
  if (attribute == "origin") return item.origins;
  if (attribute == "level") return item.levels;
  return std::nullopt;
}

std::optional<Rational> Case::points(const std::string& grade, const std::string& scale) const {
  if (const auto found = rule_->scales.find(scale); found != rule_->scales.end()) {
    if (const auto value = found->second.points.find(grade); value != found->second.points.end()) return value->second;
  }
  return as_number(grade);
}

}  // namespace qualgraph
