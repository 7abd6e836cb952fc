#include <algorithm>

#include "qualgraph/model/suggest.hpp"
#include "qualgraph/stacking/detail/parts.hpp"

namespace qualgraph::detail {
namespace {

using Words = std::span<const std::string_view>;

constexpr std::int64_t kGreatest = 1'000'000'000'000;
constexpr std::int64_t kGreatestDenominator = 1'000'000'000;

template <class Map>
std::vector<std::string> keys_of(const Map& map) {
  std::vector<std::string> keys;
  for (const auto& [key, value] : map) keys.push_back(key);
  return keys;
}

/// "p/q" of a decimal, to put into the message that refuses it.
std::string as_fraction(std::string_view decimal) {
  try {
    return "\"" + Rational::parse(decimal).str() + "\"";
  } catch (const Error&) {
    return {};
  }
}

bool is_exact_text(std::string_view text) {
  if (text.starts_with('-')) text.remove_prefix(1);
  const auto digits = [](std::string_view part) {
    return !part.empty() && std::ranges::all_of(part, [](char c) { return c >= '0' && c <= '9'; });
  };
  const auto slash = text.find('/');
  const std::string_view top = text.substr(0, slash);
  if (!digits(top) || (top.size() > 1 && top.front() == '0')) return false;
  if (slash == std::string_view::npos) return true;
  const std::string_view bottom = text.substr(slash + 1);
  return digits(bottom) && bottom.front() != '0';
}

bool read_flag(const Cursor& at) {
  if (at.json().is_boolean()) return at.json().get<bool>();
  at.fault(at.shown(), "true or false");
  return true;
}

void check_scale(const Cursor& at, const std::string& scale, const Names& names) {
  if (names.scales == nullptr || names.scales->contains(scale)) return;
  at.fault(in_quotes(scale), "a scale of this rule." + hint(scale, keys_of(*names.scales)));
}

void check_code(const Cursor& at, std::string_view code, const std::string& scale, const Names& names) {
  if (names.scales == nullptr) return;
  const auto found = names.scales->find(scale);
  if (found == names.scales->end() || found->second.order.empty() || found->second.numeric) return;
  if (std::ranges::find(found->second.order, code) != found->second.order.end()) return;
  at.fault(in_quotes(code), "a code of the scale " + in_quotes(scale) + "." + hint(code, found->second.order));
}

template <class Each>
void each_entry(const Cursor& at, const Each& each) {
  if (!at.json().is_array()) {
    each(at);
    return;
  }
  if (at.json().empty()) at.fault("an empty list", "at least one entry");
  for (std::size_t i = 0; i < at.json().size(); ++i) each(at.at(i));
}

Selector read_level_test(const Cursor& at, const Names& names) {
  constexpr std::string_view kKeys[] = {"at_least", "at_most", "exactly"};
  Selector test;
  test.kind = Selector::Kind::level;
  only(at, {kKeys});
  if (given(at, "at_least")) test.at_least = read_level(at.at("at_least"), names);
  if (given(at, "at_most")) test.at_most = read_level(at.at("at_most"), names);
  if (given(at, "exactly")) {
    each_entry(at.at("exactly"), [&](const Cursor& entry) { test.words.push_back(read_level(entry, names)); });
  }
  return test;
}

Selector read_grade_test(const Cursor& at, const Names& names) {
  constexpr std::string_view kKeys[] = {"at_least", "at_most", "exactly", "scale", "ungraded"};
  constexpr std::string_view kUngraded[] = {"pass", "skip", "fail"};
  Selector test;
  test.kind = Selector::Kind::grade;
  only(at, {kKeys});
  if (given(at, "scale")) {
    test.scale = at.at("scale").text();
    check_scale(at.at("scale"), *test.scale, names);
  }
  const auto grade = [&](const Cursor& value) {
    std::string text = value.text();
    if (test.scale && !text.empty()) check_code(value, text, *test.scale, names);
    return text;
  };
  if (given(at, "at_least")) test.at_least = grade(at.at("at_least"));
  if (given(at, "at_most")) test.at_most = grade(at.at("at_most"));
  if (given(at, "exactly")) {
    each_entry(at.at("exactly"), [&](const Cursor& entry) { test.words.push_back(grade(entry)); });
  }
  if (given(at, "ungraded")) {
    if (const auto word = read_word(at.at("ungraded"), kUngraded)) test.ungraded = kUngraded[*word];
  }
  return test;
}

Selector read_size_test(const Cursor& at, const Names& names, Selector::Kind kind) {
  constexpr std::string_view kKeys[] = {"at_least", "at_most", "exactly"};
  Selector test;
  test.kind = kind;
  only(at, {kKeys});
  test.low = read_amount(at, "at_least", names, NumberKind::not_negative);
  test.high = read_amount(at, "at_most", names, NumberKind::not_negative);
  if (test.low.kind == Amount::Kind::value && test.high.kind == Amount::Kind::value && test.low.value > test.high.value) {
    at.fault(test.low.value.str() + " to " + test.high.value.str(), "at_least not above at_most");
  }
  if (given(at, "exactly")) {
    const Cursor list = at.at("exactly");
    if (list.json().is_array()) {
      if (list.json().empty()) list.fault("an empty list", "at least one entry");
      for (std::size_t i = 0; i < list.json().size(); ++i) {
        // An entry of a list is read as the value of a key, so that both are read alike.
        const Json held{{"entry", list.json()[i]}};
        Faults own(1);
        const Cursor entry(held, at.file(), "", own);
        test.equal.push_back(read_amount(entry, "entry", names, NumberKind::not_negative));
        for (const Fault& fault : own.list) list.at(i).fault(fault.found, fault.expected);
      }
    } else {
      test.equal.push_back(read_amount(at, "exactly", names, NumberKind::not_negative));
    }
  }
  return test;
}

Selector read_date_test(const Cursor& at) {
  constexpr std::string_view kKeys[] = {"from", "until"};
  Selector test;
  test.kind = Selector::Kind::date;
  only(at, {kKeys});
  if (given(at, "from")) test.from = read_date(at.at("from"));
  if (given(at, "until")) test.until = read_date(at.at("until"));
  return test;
}

Selector read_age_test(const Cursor& at) {
  constexpr std::string_view kKeys[] = {"at_most", "at_least", "since", "to"};
  constexpr std::string_view kSince[] = {"earned", "started"};
  constexpr std::string_view kTo[] = {"claim", "admission", "registration"};
  Selector test;
  test.kind = Selector::Kind::age;
  only(at, {kKeys});
  if (given(at, "at_most")) {
    test.age_unknown = at.at("at_most").json().is_null();
    if (!test.age_unknown) test.oldest = read_span(at.at("at_most"));
  }
  if (given(at, "at_least")) test.youngest = read_span(at.at("at_least"));
  if (given(at, "since")) {
    if (const auto word = read_word(at.at("since"), kSince)) test.since = kSince[*word];
  }
  if (given(at, "to")) {
    if (const auto word = read_word(at.at("to"), kTo)) test.to = kTo[*word];
  }
  return test;
}

std::vector<Selector> read_selectors(const Cursor& at, const Names& names) {
  std::vector<Selector> parts;
  if (!at.json().is_array() || at.json().empty()) {
    at.fault(at.shown(), "a list of selectors");
    return parts;
  }
  for (std::size_t i = 0; i < at.json().size(); ++i) parts.push_back(read_selector(at.at(i), names));
  return parts;
}

/// The test of one key, or none where the key is not known or is somebody's own.
std::optional<Selector> read_test(const Cursor& at, const std::string& key, const Names& names) {
  using Kind = Selector::Kind;
  constexpr std::pair<std::string_view, Kind> kTexts[] = {
      {"unit", Kind::unit},       {"tag", Kind::tag},         {"origin", Kind::origin}, {"provider", Kind::provider},
      {"field", Kind::field},     {"mode", Kind::mode},       {"outcome", Kind::outcome}, {"status", Kind::status},
      {"used_for", Kind::used_for}, {"part_of", Kind::part_of}};
  constexpr std::pair<std::string_view, Kind> kFlags[] = {
      {"quality_assured", Kind::quality_assured}, {"assessed", Kind::assessed}, {"whole", Kind::whole}, {"used", Kind::used}};
  const Cursor value = at.at(key);
  Selector test;
  for (const auto& [name, kind] : kTexts) {
    if (key != name) continue;
    test.kind = kind;
    test.words = read_words(value);
    if (kind == Kind::origin) {
      if (value.json().is_array()) {
        for (std::size_t i = 0; i < value.json().size(); ++i) check_origin(value.at(i));
      } else if (value.json().is_string()) {
        check_origin(value);
      }
    } else if (kind == Kind::status) {
      each_entry(value, [&](const Cursor& entry) {
        if (entry.json().is_string()) static_cast<void>(read_word(entry, kStatuses));
      });
    }
    return test;
  }
  for (const auto& [name, kind] : kFlags) {
    if (key != name) continue;
    test.kind = kind;
    test.flag = read_flag(value);
    return test;
  }
  const auto object = [&](std::string_view of) {
    if (value.is_object() && !value.json().empty()) return true;
    value.fault(value.shown(), "an object with " + std::string(of));
    return false;
  };
  if (key == "level") return object("at_least, at_most or exactly") ? std::optional{read_level_test(value, names)} : std::nullopt;
  if (key == "grade") return object("at_least, at_most or exactly") ? std::optional{read_grade_test(value, names)} : std::nullopt;
  if (key == "date") return object("from or until") ? std::optional{read_date_test(value)} : std::nullopt;
  if (key == "age") return object("at_most, a length of time") ? std::optional{read_age_test(value)} : std::nullopt;
  if (key == "credits" || key == "hours") {
    if (!object("at_least, at_most or exactly")) return std::nullopt;
    return read_size_test(value, names, key == "credits" ? Kind::credits : Kind::hours);
  }
  if (key == "all" || key == "any") {
    test.kind = key == "all" ? Kind::all : Kind::any;
    test.parts = read_selectors(value, names);
    return test;
  }
  if (key == "not") {
    test.kind = Kind::none_of;
    test.parts.push_back(read_selector(value, names));
    return test;
  }
  return std::nullopt;
}

/// What a parameter is compared with, as text.
std::optional<std::string> read_value(const Cursor& at) {
  if (at.json().is_boolean()) return at.json().get<bool>() ? "true" : "false";
  if (at.json().is_string()) return at.text();
  if (at.json().is_number()) {
    const auto number = read_exact(at);
    return number ? std::optional{number->str()} : std::nullopt;
  }
  at.fault(at.shown(), "a number, a text, true or false");
  return std::nullopt;
}

void check_parameter(const Cursor& at, const std::string& name, const Names& names) {
  if (!name.empty() && !is_id(name, true)) {
    at.fault(in_quotes(name), "the id of a parameter: small letters, digits, \"-\" and \".\"");
    return;
  }
  // The size of the award that a policy is applied to is known to every rule.
  if (names.parameters == nullptr || name.empty() || name == "target" || names.parameters->contains(name)) return;
  at.fault(in_quotes(name), "a parameter of this rule." + hint(name, keys_of(*names.parameters)));
}

std::vector<Condition> read_conditions(const Cursor& at, const Names& names) {
  std::vector<Condition> parts;
  if (!at.json().is_array() || at.json().empty()) {
    at.fault(at.shown(), "a list of conditions");
    return parts;
  }
  for (std::size_t i = 0; i < at.json().size(); ++i) parts.push_back(read_condition(at.at(i), names));
  return parts;
}

}  // namespace

bool given(const Cursor& at, std::string_view key) { return at.is_object() && at.json().contains(key); }

std::string hint(std::string_view wanted, std::span<const std::string> names) {
  constexpr std::size_t kMost = 1'000;
  return names.size() > kMost ? std::string{} : did_you_mean(wanted, names);
}

std::string words_of(Words words) {
  std::string text = "one of";
  for (const std::string_view word : words) text += " " + in_quotes(word);
  return text;
}

std::optional<std::size_t> read_word(const Cursor& at, Words words) {
  if (at.json().is_string()) {
    const auto& text = at.json().get_ref<const std::string&>();
    const auto found = std::ranges::find(words, std::string_view{text});
    if (found != words.end()) return static_cast<std::size_t>(found - words.begin());
    const std::vector<std::string> names(words.begin(), words.end());
    at.fault(at.shown(), words_of(words) + "." + did_you_mean(text, names));
    return std::nullopt;
  }
  at.fault(at.shown(), words_of(words));
  return std::nullopt;
}

void only(const Cursor& at, std::initializer_list<Words> lists) {
  if (!at.is_object()) return;
  for (const auto& [key, value] : at.json().items()) {
    if (key.starts_with("x-")) continue;
    const std::string& name = key;
    if (std::ranges::any_of(lists, [&](Words list) { return std::ranges::find(list, std::string_view{name}) != list.end(); })) {
      continue;
    }
    std::vector<std::string> names;
    for (const Words list : lists) names.insert(names.end(), list.begin(), list.end());
    at.fault_at(key, "an unknown field " + in_quotes(key),
                "a field of the language, or one of your own beginning with \"x-\"." + did_you_mean(key, names));
  }
}

bool is_id(std::string_view text, bool dots) {
  const auto plain = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
  return !text.empty() && plain(text.front()) &&
         std::ranges::all_of(text, [&](char c) { return plain(c) || c == '-' || (dots && c == '.'); });
}

std::optional<std::string> read_id(const Cursor& at, std::string_view key) {
  const Cursor value = at.at(key);
  if (value.json().is_string() && is_id(value.json().get_ref<const std::string&>(), true)) {
    return value.json().get<std::string>();
  }
  value.fault(value.shown(), "an id of small letters, digits, \"-\" and \".\"");
  return std::nullopt;
}

std::optional<Rational> read_exact(const Cursor& at, NumberKind kind) {
  constexpr const char* kExpected = "a whole number or a fraction such as \"15/2\"";
  const auto& value = at.json();
  std::optional<Rational> number;
  if (value.is_number_integer()) {
    const bool fits = value.is_number_unsigned() ? value.get<std::uint64_t>() <= static_cast<std::uint64_t>(kGreatest)
                                                 : value.get<std::int64_t>() >= -kGreatest;
    if (fits) number = Rational{value.get<std::int64_t>()};
  } else if (value.is_string() && is_exact_text(value.get_ref<const std::string&>())) {
    try {
      number = Rational::parse(value.get_ref<const std::string&>());
    } catch (const Error&) {
      // Too large; said below.
    }
  } else {
    const std::string fraction = value.is_number_float() ? as_fraction(value.dump())
                                 : value.is_string()     ? as_fraction(value.get_ref<const std::string&>())
                                                         : std::string{};
    at.fault(at.shown(), fraction.empty() ? kExpected : "an exact number: " + fraction);
    return std::nullopt;
  }
  if (!number || number->numerator() > kGreatest || number->numerator() < -kGreatest ||
      number->denominator() > kGreatestDenominator) {
    at.fault(at.shown() + ", too large to count with", "numbers up to " + std::to_string(kGreatest) + ", in parts down to 1/" +
                                                           std::to_string(kGreatestDenominator));
    return std::nullopt;
  }
  if (kind == NumberKind::not_negative && *number < Rational{0}) {
    at.fault(number->str(), "a number not below zero");
    return std::nullopt;
  }
  if (kind == NumberKind::share && (*number < Rational{0} || *number > Rational{1})) {
    at.fault(number->str(), "a share from 0 to 1, such as \"1/2\"");
    return std::nullopt;
  }
  return number;
}

std::optional<int> read_count(const Cursor& at, int least) {
  constexpr std::int64_t kMost = 1'000'000'000;
  const auto& value = at.json();
  if (value.is_number_integer() && (!value.is_number_unsigned() || value.get<std::uint64_t>() <= kMost) &&
      value.get<std::int64_t>() >= least && value.get<std::int64_t>() <= kMost) {
    return static_cast<int>(value.get<std::int64_t>());
  }
  at.fault(at.shown(), "a whole number from " + std::to_string(least));
  return std::nullopt;
}

Amount read_amount(const Cursor& at, std::string_view key, const Names& names, NumberKind kind) {
  constexpr std::string_view kParameter[] = {"parameter"};
  constexpr std::string_view kTable[] = {"table", "otherwise"};
  constexpr std::string_view kRow[] = {"when", "value"};
  Amount amount;
  if (!given(at, key)) return amount;
  const Cursor value = at.at(key);
  const auto maybe = [&](const Cursor& number) {
    return number.json().is_null() ? std::nullopt : read_exact(number, kind);
  };
  if (value.json().is_null()) {
    amount.kind = Amount::Kind::unknown;
  } else if (!value.is_object()) {
    amount.kind = Amount::Kind::unknown;
    if (const auto number = read_exact(value, kind)) {
      amount.kind = Amount::Kind::value;
      amount.value = *number;
    }
  } else if (given(value, "table")) {
    amount.kind = Amount::Kind::table;
    only(value, {kTable});
    const Cursor rows = value.at("table");
    if (!rows.json().is_array() || rows.json().empty()) rows.fault(rows.shown(), "a list of rows with when and value");
    for (std::size_t i = 0; rows.json().is_array() && i < rows.json().size(); ++i) {
      const Cursor row = rows.at(i);
      if (!row.is_object() || !given(row, "when") || !given(row, "value")) {
        row.fault(row.shown(), "a row: an object with when and value");
        continue;
      }
      only(row, {kRow});
      amount.rows.emplace_back(std::make_shared<const Condition>(read_condition(row.at("when"), names)),
                               maybe(row.at("value")));
    }
    if (given(value, "otherwise")) amount.otherwise = maybe(value.at("otherwise"));
  } else if (given(value, "parameter")) {
    amount.kind = Amount::Kind::parameter;
    only(value, {kParameter});
    amount.parameter = value.at("parameter").text();
    check_parameter(value.at("parameter"), amount.parameter, names);
    if (names.parameters != nullptr) {
      const auto found = names.parameters->find(amount.parameter);
      if (found != names.parameters->end() && found->second.type != "number") {
        value.at("parameter").fault("a parameter of type " + in_quotes(found->second.type), "a parameter of type \"number\"");
      } else if (found != names.parameters->end()) {
        // What it may be is said where it is used.
        std::vector<std::string> stated = found->second.choices;
        if (found->second.otherwise) stated.push_back(*found->second.otherwise);
        for (const std::string& text : stated) {
          const Rational number = is_exact_text(text) ? Rational::parse(text) : Rational{0};
          const bool share = kind == NumberKind::share;
          if (number < Rational{0} && kind != NumberKind::any) {
            value.at("parameter")
                .fault("a parameter that may be " + text,
                       share ? "a share from 0 to 1, such as \"1/2\"" : "a number not below zero");
          } else if (share && number > Rational{1}) {
            value.at("parameter").fault("a parameter that may be " + text, "a share from 0 to 1, such as \"1/2\"");
          }
        }
      }
    }
  } else {
    amount.kind = Amount::Kind::unknown;
    value.fault(value.shown(), "a number, null, {\"parameter\": ...} or {\"table\": [...]}");
  }
  return amount;
}

std::vector<std::string> read_words(const Cursor& at) {
  std::vector<std::string> words;
  if (!at.json().is_array()) {
    words.push_back(at.text());
    return words;
  }
  if (at.json().empty()) at.fault("an empty list", "at least one entry");
  for (std::size_t i = 0; i < at.json().size(); ++i) words.push_back(at.at(i).text());
  std::vector<std::string> sorted = words;
  std::ranges::sort(sorted);
  if (const auto twice = std::ranges::adjacent_find(sorted); twice != sorted.end() && !twice->empty()) {
    at.fault(in_quotes(*twice) + " twice", "each entry once");
  }
  return words;
}

std::optional<Date> read_date(const Cursor& at) {
  if (at.json().is_string() && at.json().get_ref<const std::string&>().size() == 10) {
    try {
      return parse_date(at.json().get_ref<const std::string&>());
    } catch (const InvalidValue&) {
      // Noted below with its place.
    }
  }
  at.fault(at.shown(), "a day such as \"2026-03-01\"");
  return std::nullopt;
}

std::optional<Span> read_span(const Cursor& at) {
  constexpr std::string_view kUnits[] = {"day", "month", "year"};
  if (at.json().is_string()) {
    std::string_view text = at.json().get_ref<const std::string&>();
    const auto blank = text.find(' ');
    const std::string_view number = text.substr(0, blank);
    std::string_view unit = blank == std::string_view::npos ? std::string_view{} : text.substr(blank + 1);
    if (unit.ends_with('s')) unit.remove_suffix(1);
    const auto found = std::ranges::find(kUnits, unit);
    const bool digits = !number.empty() && number.size() <= 5 && number.front() != '0' &&
                        std::ranges::all_of(number, [](char c) { return c >= '0' && c <= '9'; });
    if (digits && found != std::end(kUnits)) {
      return Span{std::stoi(std::string(number)), static_cast<Span::Unit>(found - std::begin(kUnits))};
    }
  }
  at.fault(at.shown(), "a length of time such as \"7 years\", \"6 months\" or \"90 days\"");
  return std::nullopt;
}

std::string read_level(const Cursor& at, const Names& names) {
  if (at.json().is_string()) {
    const auto& text = at.json().get_ref<const std::string&>();
    const auto colon = text.find(':');
    if (colon != std::string::npos && colon + 1 < text.size() && is_id(std::string_view{text}.substr(0, colon), true)) {
      check_code(at, std::string_view{text}.substr(colon + 1), text.substr(0, colon), names);
      return text;
    }
  }
  at.fault(at.shown(), "a level with its framework or scale, such as \"nz-nzqcf:5\"");
  return {};
}

bool check_origin(const Cursor& at) {
  if (!at.json().is_string()) return false;  // noted where it was read as a text
  const std::string_view text = at.json().get_ref<const std::string&>();
  const auto dot = text.find('.');
  const auto plain = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.'; };
  const bool sound = std::ranges::find(kOrigins, text.substr(0, dot)) != std::end(kOrigins) &&
                     std::ranges::all_of(text, plain) && !text.ends_with('.') && text.find("..") == std::string_view::npos;
  if (!sound) {
    const std::vector<std::string> names(std::begin(kOrigins), std::end(kOrigins));
    at.fault(at.shown(), words_of(kOrigins) + ", with a finer kind behind a dot if need be." +
                             did_you_mean(text.substr(0, dot), names));
  }
  return sound;
}

Selector read_selector(const Cursor& at, const Names& names) {
  constexpr std::string_view kKeys[] = {"unit", "tag", "level", "origin", "provider", "field", "grade", "date", "age",
                                        "mode", "quality_assured", "assessed", "outcome", "status", "whole", "part_of",
                                        "credits", "hours", "used", "used_for", "all", "any", "not"};
  Selector selector;
  if (at.json() == "everything") return selector;
  if (!at.is_object() || at.json().empty()) {
    at.fault(at.shown(), "a selector: \"everything\", or an object such as {\"tag\": \"core\"}");
    return selector;
  }
  only(at, {kKeys});
  for (const auto& [key, value] : at.json().items()) {
    if (auto test = read_test(at, key, names)) selector.parts.push_back(std::move(*test));
  }
  if (selector.parts.size() == 1) {
    Selector one = std::move(selector.parts.front());
    return one;
  }
  if (!selector.parts.empty()) selector.kind = Selector::Kind::all;
  return selector;
}

Condition read_condition(const Cursor& at, const Names& names) {
  using Kind = Condition::Kind;
  constexpr std::string_view kHolds[] = {"holds", "min", "measure"};
  constexpr std::string_view kParameter[] = {"parameter", "is", "at_least", "at_most"};
  Condition condition;
  const auto lone = [&](std::string_view key) {
    const std::string_view keys[] = {key};
    only(at, {keys});
  };
  if (given(at, "holds")) {
    condition.kind = Kind::holds;
    only(at, {kHolds});
    condition.selector = read_selector(at.at("holds"), names);
    condition.min = read_amount(at, "min", names, NumberKind::not_negative);
    if (given(at, "measure")) {
      if (const auto word = read_word(at.at("measure"), kMeasures)) condition.measure = static_cast<Measure>(*word);
    }
  } else if (given(at, "parameter")) {
    condition.kind = Kind::parameter;
    only(at, {kParameter});
    condition.parameter = at.at("parameter").text();
    check_parameter(at.at("parameter"), condition.parameter, names);
    if (given(at, "is")) {
      each_entry(at.at("is"), [&](const Cursor& entry) {
        if (auto value = read_value(entry)) condition.words.push_back(std::move(*value));
      });
    }
    if (given(at, "at_least")) condition.at_least = read_exact(at.at("at_least"));
    if (given(at, "at_most")) condition.at_most = read_exact(at.at("at_most"));
    if (!given(at, "is") && !given(at, "at_least") && !given(at, "at_most")) {
      at.fault("a parameter without a value to compare with", "is, at_least or at_most");
    }
  } else if (given(at, "award")) {
    condition.kind = Kind::award;
    lone("award");
    condition.words = read_words(at.at("award"));
  } else if (given(at, "met")) {
    condition.kind = Kind::met;
    lone("met");
    condition.path = at.at("met").text();
    if (names.assembly != nullptr && !condition.path.empty() && names.assembly->find(condition.path) == nullptr) {
      std::vector<std::string> paths;
      for (const auto& [section, entries] : names.assembly->sections) {
        for (const auto& [id, part] : entries) paths.push_back(joined(section, id));
      }
      for (const auto& [name, part] : names.assembly->wholes) paths.push_back(name);
      at.at("met").fault(in_quotes(condition.path), "the path of a clause of this rule." + hint(condition.path, paths));
    }
  } else if (given(at, "all") || given(at, "any")) {
    const std::string key = given(at, "all") ? "all" : "any";
    condition.kind = key == "all" ? Kind::all : Kind::any;
    lone(key);
    condition.parts = read_conditions(at.at(key), names);
  } else if (given(at, "not")) {
    condition.kind = Kind::none_of;
    lone("not");
    condition.parts.push_back(read_condition(at.at("not"), names));
  } else {
    at.fault(at.shown(), "a condition: an object with holds, parameter, award, met, all, any or not");
  }
  return condition;
}

}  // namespace qualgraph::detail
