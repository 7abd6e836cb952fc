/// Which known names come nearest to one that is not known?
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace qualgraph {

/// Edits (insert, delete, replace, swap of neighbours) that turn `a` into `b`, letters compared
/// without case (optimal string alignment distance).
[[nodiscard]] int edit_distance(std::string_view a, std::string_view b);

/// At most `count` of `names` that lie near enough to `wanted` to be meant, nearest first.
[[nodiscard]] std::vector<std::string> nearest(std::string_view wanted, std::span<const std::string> names,
                                               std::size_t count = 3);

/// ` Did you mean "a" or "b"?`, or nothing when no name is near.
[[nodiscard]] std::string did_you_mean(std::string_view wanted, std::span<const std::string> names);

}  // namespace qualgraph
