/// What is on offer?
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "qualgraph/model/date.hpp"
#include "qualgraph/model/rational.hpp"
#include "qualgraph/stacking/record.hpp"
#include "qualgraph/stacking/rule.hpp"

namespace qualgraph {

/// From a day until a day (none: without end), in these periods of the year.
struct Availability {
  Date from;
  std::optional<Date> until;
  std::vector<std::string> periods;
};

/// A credential that can be taken. Taken, it becomes an item of the record.
struct Offer {
  Item item;                                        ///< grade, dates, status and use are not the offer's to say
  std::string kind = "course";
  std::optional<std::int64_t> cost;                 ///< whole minor units of the catalogue's currency; none: not known, never free
  std::optional<Rational> months;
  std::optional<std::vector<std::string>> providers;
  std::optional<Condition> needs;                   ///< key `requires`: held before
  std::optional<Condition> needs_beside;            ///< key `corequires`: held or taken along
  std::optional<std::vector<Availability>> available;  ///< none: not known, taken as always
  int max_takes = 1;
};

struct Catalogue {
  std::string id, title;
  std::optional<Date> as_of;
  std::string credit, currency;
  std::vector<Offer> offers;
  std::string json;                                 ///< as it was read
};

/// Reads and checks a catalogue. Throws FactError with every fault.
[[nodiscard]] Catalogue read_catalogue(std::string_view json, std::string_view file = "catalogue");

}  // namespace qualgraph
