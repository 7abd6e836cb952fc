/// What is one credit of a system, in hours and in years?
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "qualgraph/model/id.hpp"
#include "qualgraph/model/rational.hpp"
#include "qualgraph/model/source.hpp"

namespace qualgraph {

/// A closed interval of exact numbers.
struct Range {
  Rational min;
  Rational max;

  [[nodiscard]] bool is_point() const noexcept { return min == max; }
  friend bool operator==(const Range&, const Range&) = default;
};

/// A ratio a named document fixes: one credit of `from` is `ratio` credits of `to`.
struct AgreedRatio {
  CreditSystemId from;
  CreditSystemId to;
  Range ratio;  ///< a point unless the document prints a range
  std::string way;   ///< what the document says it rests on: "year", "hours", or "" when unstated
  std::string note;
  std::vector<Source> sources;

  friend bool operator==(const AgreedRatio&, const AgreedRatio&) = default;
};

struct CreditSystem {
  CreditSystemId id;
  std::string name;
  std::string jurisdiction;
  std::optional<Range> hours_per_credit;      ///< hours; class hours where `contact_only`, else all learning
  std::optional<Rational> credits_per_year;   ///< credits of a full-time year
  bool contact_only = false;                  ///< counts class hours, not learning hours
  std::optional<CreditSystemId> alias_of;     ///< a second name of another system
  std::string basis;
  Evidence evidence = Evidence::known;
  std::vector<AgreedRatio> official_ratios;
  std::vector<Source> sources;
  std::string notes;
  std::string json;                           ///< the fact as loaded, whole
};

}  // namespace qualgraph
