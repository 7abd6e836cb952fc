#include "qualgraph/facts/detail/cursor.hpp"

#include <algorithm>

#include "qualgraph/model/suggest.hpp"

namespace qualgraph::detail {
namespace {

const nlohmann::json kNull;

}  // namespace

std::string escaped(std::string_view key) {
  std::string text;
  for (const char c : key) {
    if (c == '~') {
      text += "~0";
    } else if (c == '/') {
      text += "~1";
    } else {
      text += c;
    }
  }
  return text;
}

std::string Cursor::shown() const {
  if (value_->is_null()) return "nothing";
  if (value_->is_string()) return in_quotes(value_->get_ref<const std::string&>());
  if (value_->is_array()) return "a list of " + std::to_string(value_->size());
  if (value_->is_object()) return "an object";
  return value_->dump();
}

void Cursor::fault(std::string found, std::string expected) const {
  faults_->add({*file_, pointer_, std::move(found), std::move(expected)});
}

void Cursor::fault_at(std::string_view key, std::string found, std::string expected) const {
  faults_->add({*file_, pointer_ + "/" + escaped(key), std::move(found), std::move(expected)});
}

bool Cursor::has(std::string_view key) const {
  if (!value_->is_object()) return false;
  const auto found = value_->find(key);
  return found != value_->end() && !found->is_null();
}

Cursor Cursor::at(std::string_view key) const {
  const Json* child = &kNull;
  if (value_->is_object()) {
    if (const auto found = value_->find(key); found != value_->end()) child = &*found;
  }
  return {*child, *file_, pointer_ + "/" + escaped(key), *faults_};
}

Cursor Cursor::at(std::size_t index) const {
  const Json& child = value_->is_array() && index < value_->size() ? (*value_)[index] : kNull;
  return {child, *file_, pointer_ + "/" + std::to_string(index), *faults_};
}

Cursor::Items Cursor::items(std::string_view key) const {
  const Cursor list = at(key);
  if (has(key) && !list.json().is_array()) list.fault(list.shown(), "a list");
  return Items(list);
}

std::string Cursor::text() const {
  if (value_->is_string() && !value_->get_ref<const std::string&>().empty()) return value_->get<std::string>();
  fault(shown(), "a text between quotes");
  return {};
}

std::string Cursor::string(std::string_view key) const {
  if (!has(key)) {
    fault_at(key, "nothing", "a text between quotes");
    return {};
  }
  return at(key).text();
}

std::optional<std::string> Cursor::maybe_string(std::string_view key) const {
  if (!has(key)) return std::nullopt;
  const Cursor value = at(key);
  if (!value.json().is_string()) {
    value.fault(value.shown(), "a text between quotes, or null");
    return std::nullopt;
  }
  return value.json().get<std::string>();
}

std::optional<std::int64_t> Cursor::maybe_integer(std::string_view key) const {
  if (!has(key)) return std::nullopt;
  const Cursor value = at(key);
  constexpr std::uint64_t kMost = std::uint64_t{1} << 53;
  if (value.json().is_number_integer() &&
      (value.json().is_number_unsigned() ? value.json().get<std::uint64_t>() <= kMost
                                         : value.json().get<std::int64_t>() >= -static_cast<std::int64_t>(kMost))) {
    return value.json().get<std::int64_t>();
  }
  value.fault(value.shown(), "a whole number, or null");
  return std::nullopt;
}

std::optional<int> Cursor::maybe_year(std::string_view key) const {
  const auto year = maybe_integer(key);
  if (!year) return std::nullopt;
  if (*year >= 1900 && *year <= 2100) return static_cast<int>(*year);
  fault_at(key, std::to_string(*year), "a year between 1900 and 2100, or null where none is known");
  return std::nullopt;
}

std::optional<bool> Cursor::maybe_boolean(std::string_view key) const {
  if (!has(key)) return std::nullopt;
  const Cursor value = at(key);
  if (value.json().is_boolean()) return value.json().get<bool>();
  value.fault(value.shown(), "true, false or null");
  return std::nullopt;
}

std::size_t Cursor::word(std::string_view key, std::initializer_list<std::string_view> words,
                         std::optional<std::size_t> otherwise) const {
  std::string expected = "one of";
  for (const std::string_view each : words) expected += " " + in_quotes(each);
  if (!has(key)) {
    if (!otherwise) fault_at(key, "nothing", expected);
    return otherwise.value_or(0);
  }
  const Cursor value = at(key);
  if (value.json().is_string()) {
    const auto& text = value.json().get_ref<const std::string&>();
    if (const auto* found = std::ranges::find(words, std::string_view{text}); found != words.end()) {
      return static_cast<std::size_t>(found - words.begin());
    }
  }
  value.fault(value.shown(), expected);
  return otherwise.value_or(0);
}

void Cursor::only_keys(std::initializer_list<std::string_view> keys) const {
  if (!value_->is_object()) return;
  for (const auto& [key, value] : value_->items()) {
    if (faults_->full()) return;
    if (key.starts_with("x-") || std::ranges::find(keys, std::string_view{key}) != keys.end()) continue;
    const std::vector<std::string> names(keys.begin(), keys.end());
    fault_at(key, "an unknown field " + in_quotes(key),
             "a field of the schema, or one of your own beginning with \"x-\"." + did_you_mean(key, names));
  }
}

}  // namespace qualgraph::detail
