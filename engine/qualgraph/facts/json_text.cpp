#include "qualgraph/facts/detail/json_text.hpp"

#include <vector>

#include "qualgraph/facts/detail/cursor.hpp"
#include "qualgraph/model/error.hpp"

namespace qualgraph::detail {
namespace {

using nlohmann::json;

/// Builds the value event by event, so that depth and count are bounded while reading, not after:
/// destroying or printing a value nested 100,000 deep would already be too late.
class Builder : public nlohmann::json_sax<json> {
 public:
  Builder(std::size_t depth, std::size_t& values_left) : depth_(depth), values_left_(values_left) {}

  json root;
  std::optional<JsonFault> fault;

  bool null() override { return put(nullptr) != nullptr; }
  bool boolean(bool value) override { return put(value) != nullptr; }
  bool number_integer(number_integer_t value) override { return put(value) != nullptr; }
  bool number_unsigned(number_unsigned_t value) override { return put(value) != nullptr; }
  bool number_float(number_float_t value, const string_t&) override { return put(value) != nullptr; }
  bool string(string_t& value) override { return put(std::move(value)) != nullptr; }
  bool binary(binary_t&) override { return false; }
  bool start_object(std::size_t) override { return open(json::object()); }
  bool start_array(std::size_t) override { return open(json::array()); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }
  bool key(string_t& value) override {
    if (stack_.back()->contains(value)) {
      return stop("the key " + in_quotes(value) + " twice in one object", "each key once");
    }
    key_ = std::move(value);
    return true;
  }
  bool parse_error(std::size_t position, const std::string&, const nlohmann::detail::exception& error) override {
    // nlohmann's words carry line and column behind its own prefix "[json.exception...] ".
    std::string what = error.what();
    if (const auto end = what.find("] "); end != std::string::npos) what.erase(0, end + 2);
    constexpr std::size_t kShown = 300;
    if (what.size() > kShown) what = what.substr(0, kShown) + "...";
    if (!fault) fault = JsonFault{"", "text that is not JSON (byte " + std::to_string(position) + ": " + what + ")", "JSON in UTF-8"};
    return false;
  }

 private:
  json* put(json value) {
    if (values_left_ == 0) {
      stop("more JSON values than the limit allows", "fewer facts per load");
      return nullptr;
    }
    --values_left_;
    if (stack_.empty()) {
      root = std::move(value);
      return &root;
    }
    json& top = *stack_.back();
    if (top.is_array()) {
      top.push_back(std::move(value));
      return &top.back();
    }
    return &(top[key_] = std::move(value));
  }

  bool open(json value) {
    if (stack_.size() >= depth_) {
      return stop("values nested more than " + std::to_string(depth_) + " deep", "a flatter file");
    }
    // Children live inside their parent, which does not move while they are being read.
    json* at = put(std::move(value));
    if (at == nullptr) return false;
    stack_.push_back(at);
    return true;
  }

  bool close() {
    stack_.pop_back();
    return true;
  }

  bool stop(std::string found, std::string expected) {
    fault = JsonFault{pointer(), std::move(found), std::move(expected)};
    return false;
  }

  /// Where reading stands, by the containers still open.
  [[nodiscard]] std::string pointer() const {
    std::string text;
    for (std::size_t i = 1; i < stack_.size(); ++i) {
      const json& parent = *stack_[i - 1];
      if (parent.is_array()) {
        text += "/" + std::to_string(parent.size() - 1);
        continue;
      }
      for (const auto& [name, value] : parent.items()) {
        if (&value == stack_[i]) text += "/" + escaped(name);
      }
    }
    return text;
  }

  std::size_t depth_;
  std::size_t& values_left_;
  std::vector<json*> stack_;
  std::string key_;
};

}  // namespace

JsonText parse_json(std::string_view text, std::size_t depth, std::size_t& values_left) {
  // The parser takes a zero byte for the end of the text and would pass over what stands behind it.
  if (const auto zero = text.find('\0'); zero != std::string_view::npos) {
    return {nullptr, JsonFault{"", "text that is not JSON (byte " + std::to_string(zero + 1) + ": a zero byte)", "JSON in UTF-8"}};
  }
  // Versions of the parser disagree on what to say of an empty text, and some speak of streams.
  if (text.find_first_not_of(" \t\r\n") == std::string_view::npos) {
    return {nullptr, JsonFault{"", "text that is not JSON (byte " + std::to_string(text.size() + 1) +
                                       ": unexpected end of input; nothing is in it)", "JSON in UTF-8"}};
  }
  Builder builder(depth, values_left);
  const bool read = json::sax_parse(text.begin(), text.end(), &builder);
  JsonText result{std::move(builder.root), std::move(builder.fault)};
  if (!read && !result.fault) result.fault = JsonFault{"", "text that cannot be read", "JSON in UTF-8"};
  return result;
}

}  // namespace qualgraph::detail
