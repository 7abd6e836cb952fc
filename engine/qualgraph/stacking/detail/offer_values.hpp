/// What does one offer add to a plan, and can it be taken on the day?
#pragma once

#include "qualgraph/model/date.hpp"
#include "qualgraph/model/rational.hpp"
#include "qualgraph/stacking/catalogue.hpp"
#include "qualgraph/stacking/complete.hpp"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
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

/// The system that credits of a plan are added up in: the catalogue's; where it names none, the one that all
/// its offers name.
inline std::string summed_system(const Catalogue& catalogue) {
  if (!catalogue.credit.empty()) return catalogue.credit;
  const std::string* named = nullptr;
  for (const Offer& offer : catalogue.offers) {
    if (!offer.credits) continue;
    if (named != nullptr && *named != offer.credit) return {};
    named = &offer.credit;
  }
  return named != nullptr ? *named : std::string{};
}

/// What an offer adds to an aim. None where nobody states it: it is unknown, never nothing. Credits are not known
/// either where they are stated as a range, or in another system than the one they are added up in.
inline std::optional<Rational> stated_value(const Offer& offer, Aim aim, const std::string& system) {
  switch (aim) {
    case Aim::cost:
      return offer.cost ? std::optional(Rational(*offer.cost)) : std::nullopt;
    case Aim::count:
      return Rational(1);
    case Aim::credits:
      if (!offer.credits || offer.credits->first != offer.credits->second) return std::nullopt;
      if (!offer.credit.empty() && offer.credit != system) return std::nullopt;
      return offer.credits->first;
    case Aim::months:
      return offer.months;
  }
  return std::nullopt;
}

/// For an offer of which the aim is known.
inline Rational value_of(const Offer& offer, Aim aim) { return *stated_value(offer, aim, offer.credit); }

/// Positions of offers that can be taken and of which every aim is known.
inline std::vector<std::size_t> usable_offers(const Catalogue& catalogue, const std::vector<Aim>& aims,
                                              const std::optional<Date>& day) {
  const std::string system = summed_system(catalogue);
  std::vector<std::size_t> usable;
  for (std::size_t o = 0; o < catalogue.offers.size(); ++o) {
    const Offer& offer = catalogue.offers[o];
    if (!open_on(offer, day)) continue;
    const bool known =
        std::all_of(aims.begin(), aims.end(), [&](Aim aim) { return stated_value(offer, aim, system).has_value(); });
    if (known) usable.push_back(o);
  }
  return usable;
}

}  // namespace qualgraph::detail
