/// Calendar days, as facts and questions write them.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

namespace qualgraph {

using Date = std::chrono::year_month_day;

/// Reads "2019-03-14" or a bare year "2019", which means its 1 January.
/// Throws InvalidValue for anything else and for days that do not exist.
[[nodiscard]] Date parse_date(std::string_view text);

[[nodiscard]] inline Date first_day(int year) {
  return {std::chrono::year{year}, std::chrono::January, std::chrono::day{1}};
}

/// "2019-03-14".
[[nodiscard]] std::string to_string(Date date);

}  // namespace qualgraph
