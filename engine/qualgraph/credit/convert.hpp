/// What are credits of one system worth in another, by which way, and who says so?
///
/// Three ways, never blended (they disagree: 30 ECTS credits are 75 to 90 UK credits by hours and
/// 60 by the full-time year). Hours: the same learning hours, an interval wherever a system
/// states hours per credit as one. Year: the same share of a full-time year. Agreement: a ratio
/// that a named document fixes. A way that lacks a figure is listed with its reason. Everything
/// is exact; method: interval arithmetic on the figures each system publishes.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "qualgraph/credit/credits.hpp"
#include "qualgraph/credit/rounding.hpp"
#include "qualgraph/model/credit_system.hpp"
#include "qualgraph/model/world.hpp"

namespace qualgraph {

enum class Way : std::uint8_t { hours, year, agreement };

[[nodiscard]] const char* to_string(Way way) noexcept;
/// Reads "hours", "year" or "agreement". Throws InvalidValue.
[[nodiscard]] Way parse_way(std::string_view name);

/// A way that gives no answer, and why.
struct MissingWay {
  Way way = Way::hours;
  std::string reason;

  friend bool operator==(const MissingWay&, const MissingWay&) = default;
};

/// The figures of one system that a conversion rests on.
struct SystemFigures {
  CreditSystemId id;                       ///< second names resolved
  std::optional<Range> hours_per_credit;
  std::optional<Rational> credits_per_year;
  bool contact_only = false;               ///< the hours are class hours
  Evidence evidence = Evidence::unknown;   ///< of the figures
};

/// A conversion by one document's ratio.
struct AgreedConversion {
  AgreedRatio ratio;       ///< as the document states it
  bool reversed = false;   ///< the document fixes the other direction; the factor is its reciprocal
  Range factor;
  Range value;
  Evidence evidence = Evidence::known;     ///< of the best text behind the ratio
};

/// One number, or one interval, by a named way.
struct ConvertedValue {
  Way way = Way::hours;
  Range exact;             ///< before rounding, in credits of the target system
  Range rounded;           ///< equal to `exact` without a rounding
  Rounding rounding;
};

/// Every way from an amount to another system. Factors are target credits per source credit.
struct Conversion {
  Credits from;            ///< as asked
  CreditSystemId to;       ///< as asked
  bool same_system = false;                ///< second names resolved; then every factor is 1
  std::optional<Range> by_hours;
  std::optional<Range> by_year;            ///< an interval only if the amount is one
  std::vector<AgreedConversion> by_agreement;
  std::vector<MissingWay> missing;
  std::optional<Range> hours_factor;
  std::optional<Range> year_factor;
  /// Hours of a full-time year of the source system against the target's ([5/4, 3/2] for ECTS
  /// against 1,200 hours): exactly what separates `by_hours` from `by_year`.
  std::optional<Range> full_year_factor;
  SystemFigures from_system;
  SystemFigures to_system;
  std::vector<Source> sources;             ///< of both systems and of the agreements, each once

  /// The answer of one way; the hull of all documents for agreements. None if the way is missing.
  [[nodiscard]] std::optional<Range> by(Way way) const;
  /// Smallest interval holding every available answer by hours and by year. Agreements that state
  /// no scope inform and do not enter.
  [[nodiscard]] std::optional<Range> hull() const;
  /// A single answer needs a named way. Throws UnitMismatch with the reason when it is missing,
  /// InvalidValue for a grain that is not positive.
  [[nodiscard]] ConvertedValue value(Way way, const Rounding& rounding = {}) const;
};

/// Converts within a world; second names are resolved and figures below the evidence floor of its
/// view are treated as not stated. Throws UnknownId (nearest systems named), InvalidValue for an
/// amount that is not positive, NumericOverflow.
[[nodiscard]] Conversion convert(const World& world, const Credits& credits, const CreditSystemId& to);

/// The same without a world: `from` must be the system of `credits`, or what its second name stands for.
[[nodiscard]] Conversion convert(const Credits& credits, const CreditSystem& from, const CreditSystem& to,
                                 std::span<const AgreedRatio> agreements = {},
                                 EvidenceFloor floor = EvidenceFloor::all);

/// A list of items converted one by one, and what rounding each differs from rounding the sum.
struct ItemsConversion {
  Way way = Way::hours;
  Rounding rounding;
  std::vector<ConvertedValue> items;       ///< in the order given
  Range exact_total;
  Range per_item;          ///< sum of the rounded items
  Range per_total;         ///< the exact sum, rounded once
  ErrorBound per_item_bound;
  ErrorBound per_total_bound;
};

/// Throws as convert() and Conversion::value(), and InvalidValue for an empty list.
[[nodiscard]] ItemsConversion convert_items(const World& world, std::span<const Credits> items,
                                            const CreditSystemId& to, Way way, const Rounding& rounding = {});
/// The same from conversions into one system. Throws UnitMismatch when their targets differ.
[[nodiscard]] ItemsConversion convert_items(std::span<const Conversion> items, Way way,
                                            const Rounding& rounding = {});

}  // namespace qualgraph
