/// JSON text to values, within bounds and with no key lost.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace qualgraph::detail {


struct JsonFault {
  std::string pointer;
  std::string found;
  std::string expected;
};

/// The value, or the first reason why the text is none: not JSON, invalid UTF-8, nested too deep,
/// too many values, a key twice in one object. `values_left` is lowered by the values read.
struct JsonText {
  nlohmann::json value;
  std::optional<JsonFault> fault;
};

[[nodiscard]] JsonText parse_json(std::string_view text, std::size_t depth, std::size_t& values_left);

}  // namespace qualgraph::detail
