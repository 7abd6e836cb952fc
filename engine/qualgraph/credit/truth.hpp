/// Yes, no, or not enough information: "not stated" is never "no".
#pragma once

#include <cstdint>

namespace qualgraph {

/// Ordered so that strong Kleene "and" is the smaller value and "or" the greater.
enum class Truth : std::uint8_t { no, unknown, yes };

[[nodiscard]] constexpr const char* to_string(Truth truth) noexcept {
  switch (truth) {
    case Truth::no: return "no";
    case Truth::unknown: return "unknown";
    case Truth::yes: return "yes";
  }
  return "unknown";
}

}  // namespace qualgraph
