#include "qualgraph/definition/credential.hpp"

#include "qualgraph/facts/detail/cursor.hpp"
#include "qualgraph/facts/detail/json_text.hpp"
#include "qualgraph/facts/detail/readers.hpp"
#include "qualgraph/model/date.hpp"
#include "qualgraph/model/error.hpp"
#include "qualgraph/model/suggest.hpp"

#include <algorithm>
#include <utility>

namespace qualgraph {
namespace {

using detail::Cursor;
using Kind = AttributeKind;

constexpr std::string_view kIssuers[] = {"education", "professional-body", "industry",
                                         "vendor",    "public-body",       "other"};
constexpr std::string_view kDomains[] = {"knowledge", "skills", "values", "competences"};
constexpr std::string_view kRelations[] = {"additional", "alternate", "complementary", "component"};
constexpr std::string_view kOwners[] = {"learner", "provider", "other"};
constexpr std::string_view kForms[] = {"certificate", "badge", "transcript", "other"};

constexpr AttributeInfo kInfo[] = {
    {"title", Kind::text, {}, "its title; no definition looks at it"},
    {"hours", Kind::number, {}, "hours of learning"},
    {"credits", Kind::amount, {}, "credits, with their system"},
    {"weeks", Kind::number, {}, "its length in weeks"},
    {"months", Kind::number, {}, "its length in months"},
    {"course_count", Kind::number, {}, "how many courses it consists of"},
    {"level", Kind::level, {}, "its level, or one on each of several frameworks"},
    {"assessed", Kind::flag, {}, "whether the learning is assessed"},
    {"criteria_defined", Kind::flag, {}, "whether criteria of assessment are defined and transparent"},
    {"quality_assured", Kind::flag, {}, "whether it is quality assured"},
    {"provider_accredited", Kind::flag, {}, "whether its provider is accredited"},
    {"provider_trusted", Kind::flag, {}, "whether its provider is trusted"},
    {"issuer_kind", Kind::word, kIssuers, "what kind of body issues it"},
    {"listed_on", Kind::words, {}, "frameworks on which it is listed"},
    {"learning_outcomes", Kind::flag, {}, "whether learning outcomes are stated"},
    {"outcome_domains", Kind::words, kDomains, "what its outcomes are about"},
    {"need_evidence", Kind::flag, {}, "whether there is evidence of a need"},
    {"credit_bearing", Kind::flag, {}, "whether it bears credit"},
    {"relation", Kind::words, kRelations, "how it stands to larger awards"},
    {"part_of", Kind::text, {}, "the qualification it is registered as a part of"},
    {"smaller_than_award", Kind::flag, {}, "whether it is smaller than any award of its framework"},
    {"standalone", Kind::flag, {}, "whether it has value on its own"},
    {"owner", Kind::word, kOwners, "who owns it"},
    {"portable", Kind::flag, {}, "whether it is portable"},
    {"focused", Kind::flag, {}, "whether it is about a narrow area"},
    {"form", Kind::word, kForms, "what it is issued as"},
    {"exceptional", Kind::flag, {}, "whether grounds for an exception are given"},
    {"date", Kind::day, {}, "the day of its specification"},
};
static_assert(std::size(kInfo) == kAttributes);

std::vector<std::string> names() {
  std::vector<std::string> list;
  for (const auto& one : kInfo) list.emplace_back(one.name);
  return list;
}

std::string listed(std::span<const std::string_view> words) {
  std::string text;
  for (const auto& word : words) text += (text.empty() ? "" : ", ") + in_quotes(word);
  return text;
}

std::optional<Range> read_range(const Cursor& at) {
  if (at.is_object()) {
    at.only_keys({"min", "max"});
    const auto low = detail::read_number(at.at("min"));
    const auto high = detail::read_number(at.at("max"));
    if (!low || !high) return std::nullopt;
    if (*low < Rational(0) || *high < *low) {
      at.fault(low->str() + " to " + high->str(), "a range that runs upwards from zero or more");
      return std::nullopt;
    }
    return Range{*low, *high};
  }
  const auto number = detail::read_number(at);
  if (!number) return std::nullopt;
  if (*number < Rational(0)) {
    at.fault(at.shown(), "a number that is not negative");
    return std::nullopt;
  }
  return Range{*number, *number};
}

Value read_amount(const Cursor& at, std::string_view credit) {
  if (at.json().is_string() && at.json().get_ref<const std::string&>().find(' ') != std::string::npos) {
    try {
      return Credits::parse(at.text());
    } catch (const Error&) {
      at.fault(at.shown(), "credits with their system, such as \"10 nz-credit\"");
      return {};
    }
  }
  const auto range = read_range(at);
  if (!range) return {};
  if (credit.empty()) {
    at.fault(at.shown(), "credits with their system, such as \"10 nz-credit\"");
    return {};
  }
  return Credits(*range, CreditSystemId{std::string(credit)});
}

Value read_levels(const Cursor& at) {
  LevelList levels;
  const auto one = [&](const Cursor& each) {
    try {
      levels.push_back(LevelRef::parse(each.text()));
    } catch (const InvalidValue&) {
      each.fault(each.shown(), "a level as \"framework:code\"");
    }
  };
  if (at.json().is_array()) {
    for (std::size_t i = 0; i < at.json().size(); ++i) one(at.at(i));
  } else {
    one(at);
  }
  std::ranges::sort(levels);
  levels.erase(std::unique(levels.begin(), levels.end()), levels.end());
  return levels;
}

Value read_words(const Cursor& at, std::span<const std::string_view> choices) {
  WordList words;
  const auto one = [&](const Cursor& each) {
    std::string word = each.text();
    if (!choices.empty() && std::ranges::find(choices, std::string_view(word)) == choices.end()) {
      each.fault(each.shown(), "one of " + listed(choices));
    }
    words.push_back(std::move(word));
  };
  if (at.json().is_array()) {
    for (std::size_t i = 0; i < at.json().size(); ++i) one(at.at(i));
  } else {
    one(at);
  }
  std::ranges::sort(words);
  words.erase(std::unique(words.begin(), words.end()), words.end());
  return words;
}

Value read_value(Attribute attribute, const Cursor& at, std::string_view credit) {
  const AttributeInfo& about = info(attribute);
  const auto& json = at.json();
  // Empty is not stated; "known to be none" is a dash, as in any table of credentials, or an empty list.
  if (json.is_null() || json == "") return {};
  const bool none = json == "-";
  switch (about.kind) {
    case Kind::flag:
      if (json.is_boolean()) return json.get<bool>();
      // Outcomes may be listed rather than said to be stated.
      if (attribute == Attribute::learning_outcomes && json.is_array()) return !json.empty();
      at.fault(at.shown(), "true, false, or null where it is not known");
      return {};
    case Kind::number:
      if (const auto range = read_range(at)) return *range;
      return {};
    case Kind::amount:
      return read_amount(at, credit);
    case Kind::level:
      if (none) return LevelList{};
      return read_levels(at);
    case Kind::words:
      if (none) return WordList{};
      return read_words(at, about.choices);
    case Kind::word: {
      if (none) return std::string();
      std::string word = at.text();
      if (std::ranges::find(about.choices, std::string_view(word)) == about.choices.end()) {
        at.fault(at.shown(), "one of " + listed(about.choices));
      }
      return word;
    }
    case Kind::day:
      try {
        return to_string(parse_date(at.text()));
      } catch (const InvalidValue&) {
        at.fault(at.shown(), "a day such as \"2026-03-01\", or a year");
        return {};
      }
    case Kind::text:
      if (none) return std::string();
      if (json.is_string()) return json.get<std::string>();
      at.fault(at.shown(), "a text; \"-\" says that there is none");
      return {};
  }
  return {};
}

detail::JsonText parsed(std::string_view json, const std::string& file) {
  std::size_t values_left = 20'000'000;
  detail::JsonText text = detail::parse_json(json, 16, values_left);
  if (text.fault) throw FactError({{file, text.fault->pointer, text.fault->found, text.fault->expected}});
  return text;
}

nlohmann::json number_json(const Rational& number) {
  if (number.is_integer()) return number.numerator();
  return number.str();
}

nlohmann::json range_json(const Range& range) {
  if (range.is_point()) return number_json(range.min);
  return {{"min", number_json(range.min)}, {"max", number_json(range.max)}};
}

struct JsonOf {
  nlohmann::json operator()(std::monostate) const { return nullptr; }
  nlohmann::json operator()(bool flag) const { return flag; }
  nlohmann::json operator()(const std::string& text) const { return text.empty() ? "-" : text; }
  nlohmann::json operator()(const Range& range) const { return range_json(range); }
  nlohmann::json operator()(const Credits& credits) const { return credits.str(); }
  nlohmann::json operator()(const LevelList& levels) const {
    if (levels.size() == 1) return levels.front().str();
    nlohmann::json list = nlohmann::json::array();
    for (const auto& level : levels) list.push_back(level.str());
    return list;
  }
  nlohmann::json operator()(const WordList& words) const { return words; }
};

}  // namespace

const AttributeInfo& info(Attribute attribute) noexcept { return kInfo[static_cast<std::size_t>(attribute)]; }

std::span<const AttributeInfo, kAttributes> attributes() noexcept { return kInfo; }

Attribute attribute_of(std::string_view name) {
  for (std::size_t i = 0; i < kAttributes; ++i) {
    if (kInfo[i].name == name) return static_cast<Attribute>(i);
  }
  throw UnknownId("no attribute " + in_quotes(name) + " of a credential." + did_you_mean(name, names()) +
                  " A key of your own begins with \"x-\".");
}

std::string to_string(Attribute attribute, const Value& value) {
  if (value.index() == 0) return "not stated";
  if (const bool* flag = std::get_if<bool>(&value)) return *flag ? "yes" : "no";
  if (const auto* text = std::get_if<std::string>(&value)) return text->empty() ? "none" : *text;
  if (const auto* credits = std::get_if<Credits>(&value)) return credits->str();
  if (const auto* range = std::get_if<Range>(&value)) {
    const std::string unit = attribute == Attribute::hours    ? " hours"
                             : attribute == Attribute::weeks  ? " weeks"
                             : attribute == Attribute::months ? " months"
                                                              : "";
    return to_string(*range) + unit;
  }
  std::string text;
  const auto add = [&](const std::string& one) { text += (text.empty() ? "" : ", ") + one; };
  if (const auto* levels = std::get_if<LevelList>(&value)) {
    for (const auto& level : *levels) add(level.str());
  } else {
    for (const auto& word : std::get<WordList>(value)) add(word);
  }
  return text.empty() ? "none" : text;
}

Credential read_credential(std::string_view json, std::string_view where, std::string_view credit) {
  const std::string file(where);
  const detail::JsonText text = parsed(json, file);
  detail::Faults faults(1'000);
  const Cursor at(text.value, file, "", faults);
  Credential credential;
  if (!at.is_object()) {
    at.fault(at.shown(), "an object of attributes");
  } else {
    for (const auto& [key, value] : text.value.items()) {
      if (key.starts_with("x-")) continue;
      const Attribute attribute = attribute_of(key);
      credential[attribute] = read_value(attribute, at.at(key), credit);
    }
  }
  if (!faults.list.empty()) throw FactError(std::move(faults.list));
  return credential;
}

std::vector<Value> read_values(Attribute attribute, std::string_view json, std::string_view where,
                               std::string_view credit) {
  const std::string file(where);
  const detail::JsonText text = parsed(json, file);
  detail::Faults faults(1'000);
  const Cursor at(text.value, file, "", faults);
  std::vector<Value> values;
  if (!text.value.is_array()) at.fault(at.shown(), "a list of values");
  const std::size_t size = text.value.is_array() ? text.value.size() : 0;
  values.reserve(size);
  for (std::size_t i = 0; i < size && !faults.full(); ++i) values.push_back(read_value(attribute, at.at(i), credit));
  if (!faults.list.empty()) throw FactError(std::move(faults.list));
  return values;
}

std::string to_json(const Credential& credential) {
  nlohmann::json object = nlohmann::json::object();
  for (std::size_t i = 0; i < kAttributes; ++i) {
    if (credential.values[i].index() != 0)
      object[std::string(kInfo[i].name)] = std::visit(JsonOf{}, credential.values[i]);
  }
  return object.dump();
}

}  // namespace qualgraph
