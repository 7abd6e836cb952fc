#include "qualgraph/facts/detail/readers.hpp"

namespace qualgraph::detail {

Evidence read_evidence(const Cursor& at, std::string_view key, Evidence otherwise) {
  constexpr Evidence kMarks[] = {Evidence::read, Evidence::known, Evidence::mixed, Evidence::unknown};
  if (!at.has(key)) return otherwise;
  return kMarks[at.word(key, {"read", "known", "mixed", "unknown"}, 3)];
}

std::vector<Source> read_sources(const Cursor& at) {
  std::vector<Source> sources;
  for (const Cursor& each : at.items("sources")) {
    if (!each.is_object()) {
      each.fault(each.shown(), "a source: an object with title, publisher, year, url and evidence");
      continue;
    }
    each.only_keys({"title", "publisher", "year", "url", "evidence", "note", "clause"});
    Source source;
    source.title = each.string("title");
    source.publisher = each.maybe_string("publisher");
    source.year = each.maybe_year("year");
    source.url = each.maybe_string("url");
    source.evidence = read_evidence(each, "evidence", Evidence::unknown);
    if (!each.has("evidence") || each.at("evidence").json() == "unknown") {
      each.fault_at("evidence", each.at("evidence").shown(),
                    "\"read\" (seen in this text) or \"known\" (general knowledge)");
    }
    sources.push_back(std::move(source));
  }
  return sources;
}

std::optional<Rational> read_number(const Cursor& at) {
  const auto& value = at.json();
  if (value.is_number_integer() && !(value.is_number_unsigned() && value.get<std::uint64_t>() > 1'000'000'000'000ULL)) {
    return Rational{value.get<std::int64_t>()};
  }
  if (value.is_string()) {
    try {
      return Rational::parse(value.get_ref<const std::string&>());
    } catch (const Error&) {
      // Noted below with its place.
    }
  }
  at.fault(at.shown(), value.is_number_float() ? "an exact number: a whole number or a fraction such as \"5/2\""
                                               : "a whole number or a fraction such as \"5/2\"");
  return std::nullopt;
}

FactRecord read_record(const Cursor& at, RecordKind kind, std::string id) {
  return {kind, std::move(id), at.json().dump(), at.file()};
}

}  // namespace qualgraph::detail
