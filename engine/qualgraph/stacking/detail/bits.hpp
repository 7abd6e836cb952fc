/// Sets of up to 64 things.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <utility>

namespace qualgraph::detail {

constexpr std::uint64_t bit(std::size_t position) noexcept { return std::uint64_t{1} << position; }

constexpr bool has(std::uint64_t set, std::size_t position) noexcept { return ((set >> position) & 1U) != 0; }

constexpr std::size_t lowest(std::uint64_t set) noexcept { return static_cast<std::size_t>(std::countr_zero(set)); }

template <class Visit>
constexpr void each_bit(std::uint64_t set, Visit&& visit) {
  for (; set != 0; set &= set - 1) visit(lowest(set));
}

}  // namespace qualgraph::detail
