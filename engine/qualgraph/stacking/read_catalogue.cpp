#include <algorithm>
#include <unordered_map>

#include "qualgraph/facts/detail/json_text.hpp"
#include "qualgraph/stacking/catalogue.hpp"
#include "qualgraph/stacking/detail/item_reader.hpp"

namespace qualgraph {
namespace {

using detail::Cursor;
using detail::given;

constexpr std::string_view kFlags[] = {"credit_bearing", "criteria_defined", "exceptional", "focused", "learning_outcomes",
                                       "need_evidence", "portable", "provider_accredited", "provider_trusted",
                                       "smaller_than_award", "standalone"};
constexpr std::string_view kOwn[] = {"kind", "cost", "months", "providers", "requires", "corequires", "available", "max_takes",
                                     "source", "date", "form", "listed_on", "outcome_domains", "owner", "relation", "weeks", "course_count", "issuer_kind"};

/// A list of words out of a fixed few, or null.
void check_words(const Cursor& at, std::string_view key, std::span<const std::string_view> words) {
  if (!at.has(key)) return;
  const Cursor list = at.at(key);
  if (!list.json().is_array()) list.fault(list.shown(), "a list, or null");
  for (std::size_t i = 0; list.json().is_array() && i < list.json().size(); ++i) {
    static_cast<void>(detail::read_word(list.at(i), words));
  }
}

/// What definitions of micro-credentials ask: checked here, read by them.
void check_attributes(const Cursor& at) {
  constexpr std::string_view kForms[] = {"certificate", "badge", "transcript", "other"};
  constexpr std::string_view kOwners[] = {"learner", "provider", "other"};
  constexpr std::string_view kDomains[] = {"knowledge", "skills", "values", "competences"};
  constexpr std::string_view kRelations[] = {"additional", "alternate", "complementary", "component"};
  constexpr std::string_view kIssuers[] = {"education", "professional-body", "industry", "vendor", "public-body", "other"};
  if (at.has("issuer_kind")) static_cast<void>(detail::read_word(at.at("issuer_kind"), kIssuers));
  if (at.has("weeks")) static_cast<void>(detail::read_exact(at.at("weeks"), detail::NumberKind::not_negative));
  if (at.has("course_count")) static_cast<void>(detail::read_count(at.at("course_count"), 0));
  for (const std::string_view flag : kFlags) static_cast<void>(at.maybe_boolean(flag));
  if (at.has("form")) static_cast<void>(detail::read_word(at.at("form"), kForms));
  if (at.has("owner")) static_cast<void>(detail::read_word(at.at("owner"), kOwners));
  check_words(at, "outcome_domains", kDomains);
  check_words(at, "relation", kRelations);
  static_cast<void>(detail::read_list(at, "listed_on", false));
  if (at.has("date")) {
    try {
      static_cast<void>(parse_date(at.at("date").text()));
    } catch (const InvalidValue&) {
      at.at("date").fault(at.at("date").shown(), "a day such as \"2026-03-01\", or a year");
    }
  }
}

std::optional<std::vector<Availability>> read_available(const Cursor& at) {
  constexpr std::string_view kKeys[] = {"from", "until", "periods"};
  if (!at.has("available")) return std::nullopt;
  std::vector<Availability> list;
  for (const Cursor& each : at.items("available")) {
    if (!each.is_object()) {
      each.fault(each.shown(), "an object with from, until and periods");
      continue;
    }
    detail::only(each, {kKeys});
    const auto from = detail::read_date(each.at("from"));
    Availability window;
    window.until = detail::maybe_date(each, "until");
    window.periods = detail::read_list(each, "periods", false).value_or(std::vector<std::string>{});
    if (!from) continue;
    window.from = *from;
    if (window.until && *window.until < window.from) {
      each.fault("until " + to_string(*window.until) + " before from " + to_string(window.from), "until not before from");
    }
    list.push_back(std::move(window));
  }
  return list;
}

std::optional<Source> read_source(const Cursor& at) {
  constexpr std::string_view kKeys[] = {"title", "publisher", "year", "url", "evidence"};
  constexpr std::string_view kMarks[] = {"read", "known"};
  if (!given(at, "source")) return std::nullopt;
  const Cursor from = at.at("source");
  if (!from.is_object()) {
    from.fault(from.shown(), "a source: an object with title and evidence");
    return std::nullopt;
  }
  detail::only(from, {kKeys});
  Source source;
  source.title = from.string("title");
  source.publisher = from.maybe_string("publisher");
  source.year = from.maybe_year("year");
  source.url = from.maybe_string("url");
  if (!given(from, "evidence")) {
    from.fault_at("evidence", "nothing", detail::words_of(kMarks));
  } else if (const auto word = detail::read_word(from.at("evidence"), kMarks)) {
    source.evidence = *word == 0 ? Evidence::read : Evidence::known;
  }
  return source;
}

Offer read_offer(const Cursor& at) {
  constexpr std::string_view kKinds[] = {"course", "micro-credential", "rpl-assessment", "examination",
                                         "articulation", "bridging", "award", "exit", "other"};
  Offer offer;
  detail::only(at, {detail::kItemKeys, kOwn, kFlags});
  detail::read_item(at, offer);
  if (given(at, "kind")) {
    if (const auto word = detail::read_word(at.at("kind"), kKinds)) offer.kind = kKinds[*word];
  }
  if (at.has("cost")) {
    const auto cost = detail::read_exact(at.at("cost"), detail::NumberKind::not_negative);
    if (cost && cost->is_integer() && at.at("cost").json().is_number()) {
      offer.cost = cost->numerator();
    } else if (cost) {
      at.at("cost").fault(at.at("cost").shown(), "a whole number of minor units, such as 45000 for 450.00");
    }
  }
  if (at.has("months")) offer.months = detail::read_exact(at.at("months"), detail::NumberKind::not_negative);
  offer.providers = detail::read_list(at, "providers", false);
  const auto condition = [&](std::string_view key) -> std::shared_ptr<const Condition> {
    if (!given(at, key)) return nullptr;
    // Parameters, scales and paths are those of whatever rule it is taken for.
    return std::make_shared<const Condition>(detail::read_condition(at.at(key), {}));
  };
  offer.requires_before = condition("requires");
  offer.corequires = condition("corequires");
  offer.available = read_available(at);
  if (given(at, "max_takes")) {
    offer.max_takes = detail::read_count(at.at("max_takes"), 1).value_or(1);
    if (offer.max_takes > 1'000) at.fault_at("max_takes", std::to_string(offer.max_takes), "at most 1000 takes");
  }
  offer.source = read_source(at);
  check_attributes(at);
  return offer;
}

}  // namespace

Catalogue read_catalogue(std::string_view json, std::string_view file) {
  constexpr std::size_t kBytes = std::size_t{512} << 20;
  constexpr std::size_t kDepth = 64;
  constexpr std::size_t kFaults = 1'000;
  constexpr std::string_view kKeys[] = {"language", "catalogue", "title", "as_of", "credit", "currency", "offers", "notes"};

  const std::string name(file);
  if (json.size() > kBytes) {
    throw FactError({{name, "", std::to_string(json.size()) + " bytes", "at most " + std::to_string(kBytes) + " bytes"}});
  }
  std::size_t values_left = 40'000'000;
  const detail::JsonText text = detail::parse_json(json, kDepth, values_left);
  if (text.fault) throw FactError({{name, text.fault->pointer, text.fault->found, text.fault->expected}});

  detail::Faults faults(kFaults);
  const Cursor at(text.value, name, "", faults);
  if (!at.is_object()) {
    at.fault(at.shown(), "a catalogue: an object with language and offers");
    throw FactError(std::move(faults.list));
  }
  detail::only(at, {kKeys});
  if (at.at("language").json() != 1) at.at("language").fault(at.at("language").shown(), "1, the version of the language");
  Catalogue catalogue;
  if (given(at, "catalogue")) catalogue.id = at.at("catalogue").text();
  catalogue.title = at.maybe_string("title").value_or("");
  static_cast<void>(at.maybe_string("notes"));
  catalogue.as_of = detail::maybe_date(at, "as_of");
  catalogue.credit = at.maybe_string("credit").value_or("");
  if (const auto currency = at.maybe_string("currency")) {
    const bool sound = currency->size() == 3 && std::ranges::all_of(*currency, [](char c) { return c >= 'A' && c <= 'Z'; });
    if (!sound) at.at("currency").fault(at.at("currency").shown(), "three capital letters such as \"NZD\", or null");
    catalogue.currency = *currency;
  }
  const Cursor offers = at.at("offers");
  if (!offers.json().is_array()) offers.fault(offers.shown(), "a list of offers; an empty one offers nothing");
  std::unordered_map<std::string, std::size_t> first;
  const std::size_t size = offers.json().is_array() ? offers.json().size() : 0;
  catalogue.offers.reserve(size);
  for (std::size_t i = 0; i < size && !faults.full(); ++i) {
    const Cursor each = offers.at(i);
    if (!each.is_object()) {
      each.fault(each.shown(), "an offer: an object with id, kind, credits, cost ...");
      continue;
    }
    Offer offer = read_offer(each);
    if (!offer.id.empty()) {
      if (const auto [seen, fresh] = first.emplace(offer.id, i); !fresh) {
        each.fault_at("id", in_quotes(offer.id) + " a second time (first at /offers/" + std::to_string(seen->second) + ")", "each id once");
      }
    }
    catalogue.offers.push_back(std::move(offer));
  }
  if (!faults.list.empty()) throw FactError(std::move(faults.list));
  return catalogue;
}

}  // namespace qualgraph
