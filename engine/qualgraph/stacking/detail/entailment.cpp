#include "qualgraph/stacking/detail/entailment.hpp"

#include "qualgraph/model/error.hpp"
#include "qualgraph/stacking/detail/assembly.hpp"

#include <algorithm>
#include <set>

namespace qualgraph::detail {
namespace {

std::string text_of(const std::optional<Rational>& value) { return value ? value->str() : "?"; }

std::string text_of(const Condition& condition) {
  std::string text = std::to_string(static_cast<int>(condition.kind)) + "[" + key_of(condition.selector) +
                     key_of(condition.min) + to_string(condition.measure) + in_quotes(condition.parameter) +
                     in_quotes(condition.path) + text_of(condition.at_least) + text_of(condition.at_most);
  for (const std::string& word : condition.words) text += in_quotes(word);
  for (const Condition& part : condition.parts) text += text_of(part);
  return text + "]";
}

Rational months_of(const Span& span) {
  switch (span.unit) {
    case Span::Unit::days:
      return Rational(span.count, 31);
    case Span::Unit::months:
      return span.count;
    case Span::Unit::years:
      return Rational(span.count) * 12;
  }
  return 0;
}

}  // namespace

std::string key_of(const Amount& amount) {
  switch (amount.kind) {
    case Amount::Kind::absent:
      return "-";
    case Amount::Kind::unknown:
      return "?";
    case Amount::Kind::value:
      return amount.value.str();
    case Amount::Kind::parameter:
      return "$" + amount.parameter;
    case Amount::Kind::table:
      break;
  }
  std::string text = "table(";
  for (const auto& [when, value] : amount.rows) text += text_of(*when) + text_of(value) + ",";
  return text + text_of(amount.otherwise) + ")";
}

std::string key_of(const Selector& selector) {
  std::vector<std::string> pieces;
  for (const Selector& part : selector.parts) pieces.push_back(key_of(part));
  if (selector.kind == Selector::Kind::all || selector.kind == Selector::Kind::any) std::ranges::sort(pieces);
  std::vector<std::string> words = selector.words;
  std::ranges::sort(words);
  std::string text = std::to_string(static_cast<int>(selector.kind)) + "(";
  for (const std::string& piece : pieces) text += piece + ",";
  for (const std::string& word : words) text += in_quotes(word) + ",";
  text += selector.at_least.value_or("") + ";" + selector.at_most.value_or("") + ";" + selector.scale.value_or("") +
          ";" + selector.ungraded + ";" + key_of(selector.low) + ";" + key_of(selector.high) + ";";
  for (const Amount& amount : selector.equal) text += key_of(amount) + ",";
  if (selector.from) text += to_string(*selector.from);
  text += ";";
  if (selector.until) text += to_string(*selector.until);
  const auto span = [](const std::optional<Span>& length) {
    return length ? std::to_string(length->count) + "/" + std::to_string(static_cast<int>(length->unit))
                  : std::string{};
  };
  return text + ";" + span(selector.oldest) + ";" + span(selector.youngest) + ";" + (selector.age_unknown ? "?" : "") +
         selector.since + selector.to + (selector.flag ? "+" : "-") + ")";
}

std::optional<Rational> number(const Amount& amount) {
  return amount.kind == Amount::Kind::value ? std::optional{amount.value} : std::nullopt;
}

std::optional<bool> Entailment::at_most(const std::string& a, const std::string& b) const {
  const auto cut = [](const std::string& level) {
    return std::pair{level.substr(0, level.find(':')), level.substr(level.find(':') + 1)};
  };
  const auto [ladder, low] = cut(a);
  const auto [other, high] = cut(b);
  if (ladder != other) return std::nullopt;
  if (const auto scale = text_.scales.find(ladder); scale != text_.scales.end()) {
    const auto& order = scale->second.order;
    const auto first = std::ranges::find(order, low);
    const auto second = std::ranges::find(order, high);
    return first == order.end() || second == order.end() ? std::nullopt : std::optional{first <= second};
  }
  if (world_ == nullptr) return std::nullopt;
  const Framework* framework = world_->find(FrameworkId{ladder});
  if (framework == nullptr) return std::nullopt;
  const int first = framework->index_of(low);
  const int second = framework->index_of(high);
  return first < 0 || second < 0 ? std::nullopt : std::optional{framework->at_most(first, second)};
}

std::optional<bool> Entailment::grade_at_most(const Selector& low, const Selector& high) const {
  if (!low.scale || low.scale != high.scale || !low.at_least || !high.at_most) return std::nullopt;
  const auto scale = text_.scales.find(*low.scale);
  if (scale == text_.scales.end()) return std::nullopt;
  const auto& order = scale->second.order;
  const auto first = std::ranges::find(order, *low.at_least);
  const auto second = std::ranges::find(order, *high.at_most);
  return first == order.end() || second == order.end() ? std::nullopt : std::optional{first <= second};
}

void conjuncts(const Selector& selector, std::vector<const Selector*>& list) {
  if (selector.kind == Selector::Kind::all) {
    for (const Selector& part : selector.parts) conjuncts(part, list);
  } else {
    list.push_back(&selector);
  }
}

std::string Entailment::contradiction(const std::vector<const Selector*>& tests) const {
  for (const Selector* test : tests) {
    if (test->kind == Selector::Kind::none_of && test->parts.front().kind == Selector::Kind::everything)
      return "nothing is left of everything";
    if (test->kind == Selector::Kind::none_of && !tests.empty()) {
      std::vector<const Selector*> others;
      std::ranges::copy_if(tests, std::back_inserter(others), [&](const Selector* other) { return other != test; });
      if (!others.empty() && implies(others, test->parts.front())) return "a test and its opposite";
    }
    if (test->kind == Selector::Kind::any && std::ranges::all_of(test->parts, [&](const Selector& part) {
          std::vector<const Selector*> one;
          conjuncts(part, one);
          return !contradiction(one).empty();
        })) {
      return "none of the alternatives can hold";
    }
    for (const Selector* other : tests) {
      if (test->kind != other->kind) continue;
      switch (test->kind) {
        case Selector::Kind::unit:
        case Selector::Kind::provider:
        case Selector::Kind::mode:
        case Selector::Kind::status: {
          // "awarding" and "other" stand for ids that may be among the words of the other test.
          const auto open = [](const std::string& word) { return word == "awarding" || word == "other"; };
          if (std::ranges::any_of(test->words, open) || std::ranges::any_of(other->words, open)) break;
          if (std::ranges::none_of(test->words, [&](const std::string& word) {
                return std::ranges::find(other->words, word) != other->words.end();
              })) {
            return "an item has one " +
                   std::string(test->kind == Selector::Kind::unit       ? "unit"
                               : test->kind == Selector::Kind::provider ? "provider"
                               : test->kind == Selector::Kind::mode     ? "mode"
                                                                        : "status") +
                   ", and two without a common value are asked for";
          }
          break;
        }
        case Selector::Kind::level:
          if (std::string why = levels_apart(*test, *other); !why.empty()) return why;
          break;
        case Selector::Kind::grade:
          if (grade_at_most(*test, *other) == false)
            return *test->at_least + " or above, and " + *other->at_most + " or below";
          break;
        case Selector::Kind::credits:
        case Selector::Kind::hours:
          if (number(test->low) && number(other->high) && test->low.value > other->high.value) {
            return "at least " + test->low.value.str() + ", and at most " + other->high.value.str();
          }
          break;
        case Selector::Kind::date:
          if (test->from && other->until && *test->from > *other->until)
            return "from " + to_string(*test->from) + ", and until " + to_string(*other->until);
          break;
        case Selector::Kind::age:
          if (test->youngest && other->oldest && test->since == other->since && test->to == other->to &&
              months_of(*test->youngest) > months_of(*other->oldest) + 1) {
            return "older than the greatest age that is admitted";
          }
          break;
        case Selector::Kind::quality_assured:
        case Selector::Kind::assessed:
        case Selector::Kind::whole:
        case Selector::Kind::used:
          if (test->flag != other->flag) return "the same is asked to be true and false";
          break;
        default:
          break;
      }
    }
  }
  return {};
}

std::string Entailment::contradiction(const Selector& selector) const {
  std::vector<const Selector*> tests;
  conjuncts(selector, tests);
  return contradiction(tests);
}

std::string Entailment::levels_apart(const Selector& test, const Selector& other) const {
  if (test.at_least && other.at_most && at_most(*test.at_least, *other.at_most) == false) {
    return *test.at_least + " or above, and " + *other.at_most + " or below";
  }
  if (test.words.empty()) return {};
  const auto all = [&](const auto& apart) { return std::ranges::all_of(test.words, apart); };
  if (other.at_least && all([&](const std::string& word) { return at_most(*other.at_least, word) == false; })) {
    return "exactly " + test.words.front() + ", and " + *other.at_least + " or above";
  }
  if (other.at_most && all([&](const std::string& word) { return at_most(word, *other.at_most) == false; })) {
    return "exactly " + test.words.front() + ", and " + *other.at_most + " or below";
  }
  const auto ladder = [](const std::string& level) { return level.substr(0, level.find(':')); };
  if (!other.words.empty() && all([&](const std::string& word) {
        return std::ranges::all_of(other.words,
                                   [&](const std::string& one) { return one != word && ladder(one) == ladder(word); });
      })) {
    return "exactly " + test.words.front() + ", and exactly " + other.words.front();
  }
  return {};
}

bool Entailment::entails(const Selector& test, const Selector& wanted) const {
  using Kind = Selector::Kind;
  if (test.kind != wanted.kind) return false;
  if (key_of(test) == key_of(wanted)) return true;
  const auto every = [&](const auto& covered) {
    return !test.words.empty() && std::ranges::all_of(test.words, [&](const std::string& word) {
      return std::ranges::any_of(wanted.words, [&](const std::string& one) { return covered(word, one); });
    });
  };
  switch (test.kind) {
    case Kind::unit:
    case Kind::provider:
    case Kind::mode:
    case Kind::status:
    case Kind::outcome:
    case Kind::part_of:
    case Kind::used_for:
      return every([](const std::string& word, const std::string& one) { return word == one; });
    case Kind::tag:
      return every([](const std::string& word, const std::string& one) {
        const bool any = one.size() > 1 && one.ends_with(":*");
        return word == one || (any && word.starts_with(std::string_view(one).substr(0, one.size() - 1)));
      });
    case Kind::origin:
      return every(
          [](const std::string& word, const std::string& one) { return word == one || word.starts_with(one + "."); });
    case Kind::field:
      return every([](const std::string& word, const std::string& one) { return word.starts_with(one); });
    case Kind::level: {
      if (!wanted.words.empty())
        return every([](const std::string& word, const std::string& one) { return word == one; });
      const auto reaches = [&](const std::string& bound) {
        if (test.at_least) return at_most(bound, *test.at_least) == true;
        return !test.words.empty() &&
               std::ranges::all_of(test.words, [&](const std::string& word) { return at_most(bound, word) == true; });
      };
      const auto keeps = [&](const std::string& bound) {
        if (test.at_most) return at_most(*test.at_most, bound) == true;
        return !test.words.empty() &&
               std::ranges::all_of(test.words, [&](const std::string& word) { return at_most(word, bound) == true; });
      };
      return (!wanted.at_least || reaches(*wanted.at_least)) && (!wanted.at_most || keeps(*wanted.at_most)) &&
             (wanted.at_least || wanted.at_most);
    }
    default:
      return false;
  }
}

bool Entailment::implies(const std::vector<const Selector*>& tests, const Selector& selector) const {
  const auto implied = [&](const Selector& part) { return implies(tests, part); };
  switch (selector.kind) {
    case Selector::Kind::everything:
      return true;
    case Selector::Kind::all:
      return std::ranges::all_of(selector.parts, implied);
    case Selector::Kind::any:
      if (std::ranges::any_of(selector.parts, implied)) return true;
      break;
    case Selector::Kind::none_of: {
      std::vector<const Selector*> both = tests;
      conjuncts(selector.parts.front(), both);
      if (!contradiction(both).empty()) return true;
      break;
    }
    default:
      break;
  }
  return std::ranges::any_of(tests, [&](const Selector* test) {
    if (test->kind == Selector::Kind::any && selector.kind != Selector::Kind::any) {
      return std::ranges::all_of(test->parts, [&](const Selector& part) {
        std::vector<const Selector*> one;
        conjuncts(part, one);
        return implies(one, selector);
      });
    }
    return entails(*test, selector);
  });
}

}  // namespace qualgraph::detail
