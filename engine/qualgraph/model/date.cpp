#include "qualgraph/model/date.hpp"

#include <charconv>
#include <cstdio>

#include "qualgraph/model/error.hpp"

namespace qualgraph {
namespace {

bool digits(std::string_view text, int& value) {
  for (const char c : text) {
    if (c < '0' || c > '9') return false;
  }
  return std::from_chars(text.data(), text.data() + text.size(), value).ec == std::errc{};
}

}  // namespace

Date parse_date(std::string_view text) {
  int year = 0;
  int month = 1;
  int day = 1;
  const bool shaped = (text.size() == 4 && digits(text, year)) ||
                      (text.size() == 10 && text[4] == '-' && text[7] == '-' && digits(text.substr(0, 4), year) &&
                       digits(text.substr(5, 2), month) && digits(text.substr(8, 2), day));
  const Date date{std::chrono::year{year}, std::chrono::month{static_cast<unsigned>(month)},
                  std::chrono::day{static_cast<unsigned>(day)}};
  if (!shaped || year < 1 || !date.ok()) {
    throw InvalidValue(in_quotes(text) + " is not a day; write year-month-day such as \"2019-03-14\", or a year");
  }
  return date;
}

std::string to_string(Date date) {
  char text[32];
  std::snprintf(text, sizeof text, "%04d-%02u-%02u", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                static_cast<unsigned>(date.day()));
  return text;
}

}  // namespace qualgraph
