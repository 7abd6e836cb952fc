/// What does one offer add to a plan, and can it be taken on the day?
#pragma once

#include "qualgraph/model/date.hpp"
#include "qualgraph/model/rational.hpp"
#include "qualgraph/stacking/catalogue.hpp"
#include "qualgraph/stacking/complete.hpp"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <vector>

namespace qualgraph::detail {

/// The day on which everything is taken; none where nothing states one.
inline std::optional<Date> day_of(const LearnerRecord& record, const Catalogue& catalogue) {
  return record.claim ? record.claim : record.as_of ? record.as_of : catalogue.as_of;
}

inline bool open_on(const Offer& offer, const std::optional<Date>& day) {
  if (!offer.available) return true;
  return std::any_of(offer.available->begin(), offer.available->end(),
                     [&](const Availability& when) { return !day || !when.until || *when.until >= *day; });
}

/// For an offer of which the aim is known.
inline Rational value_of(const Offer& offer, Aim aim) {
  switch (aim) {
    case Aim::cost:
      return Rational(*offer.cost);
    case Aim::count:
      return Rational(1);
    case Aim::credits:
      return offer.credits ? offer.credits->first : Rational(0);
    case Aim::months:
      return *offer.months;
  }
  return Rational(0);
}

/// Positions of offers that can be taken and of which every aim is known.
inline std::vector<std::size_t> usable_offers(const Catalogue& catalogue, const std::vector<Aim>& aims,
                                              const std::optional<Date>& day) {
  std::vector<std::size_t> usable;
  for (std::size_t o = 0; o < catalogue.offers.size(); ++o) {
    const Offer& offer = catalogue.offers[o];
    if (!open_on(offer, day)) continue;
    const bool known = std::all_of(aims.begin(), aims.end(), [&](Aim aim) {
      return (aim != Aim::cost || offer.cost) && (aim != Aim::months || offer.months);
    });
    if (known) usable.push_back(o);
  }
  return usable;
}

}  // namespace qualgraph::detail
