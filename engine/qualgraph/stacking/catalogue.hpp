/// What could a learner still take?
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "qualgraph/model/date.hpp"
#include "qualgraph/model/rational.hpp"
#include "qualgraph/model/source.hpp"
#include "qualgraph/stacking/record.hpp"
#include "qualgraph/stacking/rule.hpp"

namespace qualgraph {

/// A stretch of time in which an offer can be taken; without end: until further notice.
struct Availability {
  Date from;
  std::optional<Date> until;
  std::vector<std::string> periods;
};

/// A credential on offer. Taken, it becomes an item of the record. Attributes that only matter to
/// definitions of micro-credentials are checked and stay in the JSON.
struct Offer : Item {
  std::string kind;                                  ///< empty: not stated
  std::optional<std::int64_t> cost;                  ///< whole minor units; none: not known, never free
  std::optional<Rational> months;                    ///< none: not known
  std::optional<std::vector<std::string>> providers; ///< none: not known
  std::shared_ptr<const Condition> requires_before;  ///< key `requires`, a word of C++; none: nothing
  std::shared_ptr<const Condition> corequires;
  std::optional<std::vector<Availability>> available;  ///< none: not known
  int max_takes = 1;
  std::optional<Source> source;
};

struct Catalogue {
  std::string id, title;
  std::optional<Date> as_of;
  std::string credit;                                ///< system of amounts that name none
  std::string currency;
  std::vector<Offer> offers;
};

/// Reads and checks a catalogue. Throws FactError with every fault.
[[nodiscard]] Catalogue read_catalogue(std::string_view json, std::string_view file = "catalogue");

}  // namespace qualgraph
