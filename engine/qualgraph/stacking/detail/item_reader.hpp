/// Items as records and catalogues write them.
#pragma once

#include "qualgraph/stacking/detail/parts.hpp"
#include "qualgraph/stacking/record.hpp"

namespace qualgraph::detail {

/// Keys that records and offers share.
inline constexpr std::string_view kItemKeys[] = {"id", "unit", "title", "credits", "hours", "points", "level", "origin",
                                                 "provider", "field", "tags", "mode", "quality_assured", "assessed",
                                                 "outcomes", "part_of", "whole", "note"};

/// Reads the keys above into `item`.
void read_item(const Cursor& at, Item& item);
/// A list of texts, or none where it is null or absent.
[[nodiscard]] std::optional<std::vector<std::string>> read_list(const Cursor& at, std::string_view key, bool or_one);
[[nodiscard]] std::optional<Date> maybe_date(const Cursor& at, std::string_view key);
/// A value of a case as text: "5/2", "true", "bachelor"; none with a fault noted for anything else.
[[nodiscard]] std::optional<std::string> read_case_value(const Cursor& at);

}  // namespace qualgraph::detail
