#include "qualgraph/credit/convert.hpp"

#include "qualgraph/credit/detail/interval.hpp"
#include "qualgraph/model/error.hpp"

#include <algorithm>
#include <array>

namespace qualgraph {
namespace {

constexpr std::array kWays{Way::hours, Way::year, Way::agreement};

const CreditSystemId& canonical(const CreditSystem& system) {
  return system.alias_of ? *system.alias_of : system.id;
}

/// A figure that divides. The loader refuses others; a caller's own system is checked here.
void check_positive(const Range& figure, const std::string& what) {
  if (figure.min <= Rational{0} || figure.max < figure.min) {
    throw InvalidValue(what + " of " + to_string(figure) + " cannot be used; it has to be positive");
  }
}

struct Figures {
  std::optional<Range> hours;
  std::optional<Rational> year;
  std::string no_hours;  ///< why a figure is missing
  std::string no_year;
};

Figures figures_of(const CreditSystem& system, EvidenceFloor floor) {
  const std::string& id = canonical(system).str();
  Figures figures;
  const bool below_floor = floor == EvidenceFloor::read && system.evidence != Evidence::read;
  const std::string hidden = ", read in a source (the figure on file is " +
                             std::string(system.evidence == Evidence::mixed ? "only partly read" : "only known") + ")";
  if (!system.hours_per_credit) {
    figures.no_hours = id + " states no hours per credit";
  } else if (below_floor) {
    figures.no_hours = id + " has no hours per credit" + hidden;
  } else {
    check_positive(*system.hours_per_credit, "hours per credit of " + id);
    figures.hours = system.hours_per_credit;
  }
  if (!system.credits_per_year) {
    figures.no_year = id + " states no credits per full-time year";
  } else if (below_floor) {
    figures.no_year = id + " has no credits per full-time year" + hidden;
  } else {
    check_positive(detail::point(*system.credits_per_year), "credits per year of " + id);
    figures.year = system.credits_per_year;
  }
  return figures;
}

std::string both(const std::string& a, const std::string& b) {
  if (a.empty() || b.empty()) return a + b;
  return a + "; " + b;
}

std::string kind_of_hours(const CreditSystem& system) {
  return canonical(system).str() + (system.contact_only ? " counts class hours" : " counts all learning hours");
}

Evidence evidence_of(const AgreedRatio& ratio) {
  Evidence best = Evidence::known;
  for (const auto& source : ratio.sources) best = std::max(best, source.evidence);
  return best;
}

void add_sources(std::vector<Source>& all, const std::vector<Source>& more) {
  for (const auto& source : more) {
    if (std::find(all.begin(), all.end(), source) == all.end()) all.push_back(source);
  }
}

SystemFigures shown(const CreditSystem& system) {
  return {canonical(system), system.hours_per_credit, system.credits_per_year, system.contact_only, system.evidence};
}

void add_agreements(Conversion& answer, std::span<const AgreedRatio> agreements, EvidenceFloor floor) {
  const auto& from = answer.from_system.id;
  const auto& to = answer.to_system.id;
  bool hidden = false;
  for (const auto& ratio : agreements) {
    const bool forward = ratio.from == from && ratio.to == to;
    const bool backward = ratio.from == to && ratio.to == from;
    if (!forward && !backward) continue;
    const Evidence evidence = evidence_of(ratio);
    if (floor == EvidenceFloor::read && evidence != Evidence::read) {
      hidden = true;
      continue;
    }
    check_positive(ratio.ratio, "a ratio from " + ratio.from.str() + " to " + ratio.to.str());
    const Range factor = forward ? ratio.ratio : detail::over(detail::point(1), ratio.ratio);
    answer.by_agreement.push_back(
        {ratio, backward, factor, detail::times(answer.from.amount(), factor), evidence});
    add_sources(answer.sources, ratio.sources);
  }
  if (!answer.by_agreement.empty()) return;
  std::string reason = "no named document fixes a ratio between " + from.str() + " and " + to.str();
  if (hidden) reason += " that was read in a source";
  answer.missing.push_back({Way::agreement, std::move(reason)});
}

}  // namespace

const char* to_string(Way way) noexcept {
  switch (way) {
    case Way::hours: return "hours";
    case Way::year: return "year";
    case Way::agreement: return "agreement";
  }
  return "hours";
}

Way parse_way(std::string_view name) {
  for (const auto way : kWays) {
    if (name == to_string(way)) return way;
  }
  throw InvalidValue("\"" + std::string(name) + "\" is no way to convert credits; use hours, year or agreement");
}

std::optional<Range> Conversion::by(Way way) const {
  if (way == Way::hours) return by_hours;
  if (way == Way::year) return by_year;
  std::optional<Range> all;
  for (const auto& agreed : by_agreement) all = all ? detail::hull(*all, agreed.value) : agreed.value;
  return all;
}

std::optional<Range> Conversion::hull() const {
  if (by_hours && by_year) return detail::hull(*by_hours, *by_year);
  return by_hours ? by_hours : by_year;
}

ConvertedValue Conversion::value(Way way, const Rounding& rounding) const {
  if (const auto exact = by(way)) return {way, *exact, qualgraph::rounded(*exact, rounding), rounding};
  std::string message = from.str() + " has no value in " + to.str() + " by " + to_string(way);
  for (const auto& none : missing) {
    if (none.way == way) message += ": " + none.reason;
  }
  std::string others;
  for (const auto other : kWays) {
    if (const auto answer = by(other)) {
      others += (others.empty() ? "" : ", ") + std::string("by ") + to_string(other) + " " + to_string(*answer);
    }
  }
  throw UnitMismatch(message + (others.empty() ? "; no other way answers either" : "; available: " + others));
}

Conversion convert(const Credits& credits, const CreditSystem& from, const CreditSystem& to,
                   std::span<const AgreedRatio> agreements, EvidenceFloor floor) {
  if (credits.system() != from.id && credits.system() != canonical(from)) {
    throw UnitMismatch(credits.str() + " is no amount of " + from.id.str());
  }
  if (credits.amount().max == Rational{0}) {
    throw InvalidValue("\"" + credits.str() + "\": nothing is left to convert; ask for more than 0 credits");
  }

  Conversion answer;
  answer.from = credits;
  answer.to = to.id;
  answer.from_system = shown(from);
  answer.to_system = shown(to);
  add_sources(answer.sources, from.sources);
  add_sources(answer.sources, to.sources);

  if (canonical(from) == canonical(to)) {
    // The same unit: hours stated as an interval vary between providers, not within one credit.
    const Range one = detail::point(1);
    answer.same_system = true;
    answer.by_hours = answer.by_year = credits.amount();
    answer.hours_factor = answer.year_factor = answer.full_year_factor = one;
    answer.missing.push_back({Way::agreement, "both names mean " + canonical(to).str() + "; no agreement is needed"});
    return answer;
  }

  const Figures a = figures_of(from, floor);
  const Figures b = figures_of(to, floor);
  const bool same_kind = from.contact_only == to.contact_only;
  if (!same_kind) {
    answer.missing.push_back(
        {Way::hours, both(kind_of_hours(from) + " and " + kind_of_hours(to) + ", which do not convert into each other",
                          both(a.no_hours, b.no_hours))});
  } else if (a.hours && b.hours) {
    answer.hours_factor = detail::over(*a.hours, *b.hours);
    answer.by_hours = detail::times(credits.amount(), *answer.hours_factor);
  } else {
    answer.missing.push_back({Way::hours, both(a.no_hours, b.no_hours)});
  }

  if (a.year && b.year) {
    answer.year_factor = detail::point(*b.year / *a.year);
    answer.by_year = detail::times(credits.amount(), *answer.year_factor);
  } else {
    answer.missing.push_back({Way::year, both(a.no_year, b.no_year)});
  }

  if (answer.hours_factor && answer.year_factor) {
    answer.full_year_factor = detail::over(*answer.hours_factor, *answer.year_factor);
  }
  add_agreements(answer, agreements, floor);
  return answer;
}

Conversion convert(const World& world, const Credits& credits, const CreditSystemId& to) {
  const CreditSystem& source = world.credit_system(credits.system());
  const CreditSystem& target = world.credit_system(to);
  const auto resolved = [&](const CreditSystemId& id) {
    const CreditSystem* system = world.find(id);
    return system == nullptr ? id : canonical(*system);
  };
  std::vector<AgreedRatio> agreements;
  for (const AgreedRatio& stated : world.agreed_ratios()) {
    const auto from = resolved(stated.from);
    const auto into = resolved(stated.to);
    const bool forward = from == source.id && into == target.id;
    const bool backward = from == target.id && into == source.id;
    if (!forward && !backward) continue;
    agreements.push_back(stated);
    agreements.back().from = from;
    agreements.back().to = into;
  }
  Conversion answer =
      convert(Credits{credits.amount(), source.id}, source, target, agreements, world.view().evidence);
  answer.from = credits;
  answer.to = to;
  return answer;
}

ItemsConversion convert_items(std::span<const Conversion> items, Way way, const Rounding& rounding) {
  if (items.empty()) throw InvalidValue("an empty list of credits has nothing to convert");
  ItemsConversion answer;
  answer.way = way;
  answer.rounding = rounding;
  for (const auto& item : items) {
    if (item.to_system.id != items.front().to_system.id) {
      throw UnitMismatch("a total of " + items.front().to.str() + " and " + item.to.str() + ": convert to one system");
    }
    answer.items.push_back(item.value(way, rounding));
    answer.exact_total = detail::plus(answer.exact_total, answer.items.back().exact);
    answer.per_item = detail::plus(answer.per_item, answer.items.back().rounded);
  }
  answer.per_total = rounded(answer.exact_total, rounding);
  answer.per_item_bound = error_bound(rounding, static_cast<std::int64_t>(items.size()));
  answer.per_total_bound = error_bound(rounding);
  return answer;
}

ItemsConversion convert_items(const World& world, std::span<const Credits> items, const CreditSystemId& to, Way way,
                              const Rounding& rounding) {
  std::vector<Conversion> conversions;
  conversions.reserve(items.size());
  for (const auto& item : items) conversions.push_back(convert(world, item, to));
  return convert_items(conversions, way, rounding);
}

}  // namespace qualgraph
