#include "qualgraph/facts/detail/readers.hpp"

namespace qualgraph::detail {
namespace {

std::optional<Range> read_range(const Cursor& at, std::string_view key) {
  if (!at.has(key)) return std::nullopt;
  const Cursor range = at.at(key);
  if (!range.is_object()) {
    const auto point = read_number(range);
    if (!point) return std::nullopt;
    if (*point > 0) return Range{*point, *point};
    range.fault(range.shown(), "a number above zero");
    return std::nullopt;
  }
  range.only_keys({"min", "max"});
  const auto min = read_number(range.at("min"));
  const auto max = read_number(range.at("max"));
  if (!min || !max) return std::nullopt;
  if (*min <= 0 || *max < *min) {
    range.fault(min->str() + " to " + max->str(), "numbers above zero with min <= max");
    return std::nullopt;
  }
  return Range{*min, *max};
}

}  // namespace

CreditSystem read_credit_system(const Cursor& at) {
  CreditSystem system;
  at.only_keys({"id", "name", "jurisdiction", "hours_per_credit", "credits_per_year", "contact_only", "alias_of", "basis",
                "evidence", "official_ratios", "sources", "notes", "status", "exceptions", "hours_per_year",
                "minimum_step", "derived_measure", "contact_hours_per_credit", "contact_hours_per_week",
                "practical_hours_per_week", "by_activity"});
  system.id = CreditSystemId{at.string("id")};
  system.name = at.string("name");
  system.jurisdiction = at.maybe_string("jurisdiction").value_or("");
  system.hours_per_credit = read_range(at, "hours_per_credit");
  if (at.has("credits_per_year")) {
    system.credits_per_year = read_number(at.at("credits_per_year"));
    if (system.credits_per_year && *system.credits_per_year <= 0) {
      at.fault_at("credits_per_year", system.credits_per_year->str(), "a number above zero, or null where none is stated");
      system.credits_per_year.reset();
    }
  }
  system.contact_only = at.maybe_boolean("contact_only").value_or(false);
  if (!system.hours_per_credit && at.has("contact_hours_per_credit")) {
    // Class hours under their own name; only ever compared with other class hours.
    system.hours_per_credit = read_range(at, "contact_hours_per_credit");
    system.contact_only = true;
  }
  if (!system.hours_per_credit && at.has("hours_per_year")) {
    // A volume of learning counts years: its unit is the year, converted through hours alone.
    system.hours_per_credit = read_range(at, "hours_per_year");
  }
  if (const auto alias = at.maybe_string("alias_of")) system.alias_of = CreditSystemId{*alias};
  system.basis = at.maybe_string("basis").value_or("");
  system.evidence = read_evidence(at, "evidence", Evidence::known);
  system.sources = read_sources(at);
  for (const Cursor& each : at.items("official_ratios")) {
    if (!each.is_object()) {
      each.fault(each.shown(), "an agreed ratio: an object with to and ratio");
      continue;
    }
    each.only_keys({"to", "ratio", "way", "note", "sources"});
    AgreedRatio ratio;
    ratio.from = system.id;
    ratio.to = CreditSystemId{each.string("to")};
    if (!each.has("ratio")) each.fault_at("ratio", "nothing", "a ratio above zero such as \"1/2\"");
    if (const auto value = read_range(each, "ratio")) ratio.ratio = *value;
    ratio.way = each.maybe_string("way").value_or("");
    ratio.note = each.maybe_string("note").value_or("");
    ratio.sources = read_sources(each);
    if (ratio.sources.empty()) ratio.sources = system.sources;
    system.official_ratios.push_back(std::move(ratio));
  }
  system.notes = at.maybe_string("notes").value_or("");
  system.json = at.json().dump();
  return system;
}

}  // namespace qualgraph::detail
