#include <algorithm>
#include <set>

#include "qualgraph/facts/detail/readers.hpp"
#include "qualgraph/model/date.hpp"

namespace qualgraph::detail {
namespace {

std::optional<Date> read_day(const Cursor& at, std::string_view key) {
  if (!at.has(key)) return std::nullopt;
  const Cursor value = at.at(key);
  try {
    if (value.json().is_number_integer()) return parse_date(value.json().dump());
    if (value.json().is_string()) return parse_date(value.json().get_ref<const std::string&>());
  } catch (const Error&) {
    // Noted below with its place.
  }
  value.fault(value.shown(), "a day such as \"2019-03-14\" or a year");
  return std::nullopt;
}

/// Reads level codes of one mapping against its two frameworks.
class LevelReader {
 public:
  LevelReader(const Framework& from, const Framework& to) : from_(from), to_(to) {}

  [[nodiscard]] int source(const Cursor& code) const { return level(code, from_); }
  [[nodiscard]] int target(const Cursor& code) const { return level(code, to_); }

  /// `[from, to]`, or nothing after a fault.
  [[nodiscard]] std::optional<std::pair<int, int>> pair(const Cursor& row) const {
    if (!row.json().is_array() || row.json().size() != 2) {
      row.fault(row.shown(), "a row [level of " + from_.id.str() + ", level of " + to_.id.str() + "]");
      return std::nullopt;
    }
    const int a = source(row.at(std::size_t{0}));
    const int b = target(row.at(std::size_t{1}));
    if (a < 0 || b < 0) return std::nullopt;
    return std::pair{a, b};
  }

 private:
  static int level(const Cursor& code, const Framework& framework) {
    if (!code.json().is_string()) {
      code.fault(code.shown(), "a level code of " + framework.id.str() + " between quotes");
      return -1;
    }
    const auto& text = code.json().get_ref<const std::string&>();
    const int index = framework.index_of(text);
    if (index < 0) {
      std::string known;
      for (const Level& each : framework.levels) known += (known.empty() ? "" : ", ") + each.code;
      code.fault(code.shown(), framework.levels.empty() ? "nothing: " + framework.id.str() + " has no level list"
                                                        : "a level code of " + framework.id.str() + ": " + known);
    }
    return index;
  }

  const Framework& from_;
  const Framework& to_;
};

/// Notes a fault for whatever is said twice. Lists stay as short as the levels allow, so that
/// comparing them with each other is quick whatever the file holds.
template <class Said>
class Once {
 public:
  bool first(const Cursor& at, const Said& said) {
    if (seen_.insert(said).second) return true;
    at.fault("the same a second time", "each row or level once");
    return false;
  }

 private:
  std::set<Said> seen_;
};

std::vector<LevelNote> read_notes(const Cursor& at, std::string_view key, const LevelReader& levels, bool source) {
  std::vector<LevelNote> notes;
  Once<int> once;
  for (const Cursor& each : at.items(key)) {
    if (!each.is_object()) {
      each.fault(each.shown(), "an object with level and reason");
      continue;
    }
    each.only_keys({"level", "reason"});
    const Cursor code = each.at("level");
    const int level = source ? levels.source(code) : levels.target(code);
    if (level >= 0 && once.first(each, level)) notes.push_back({level, each.maybe_string("reason").value_or("")});
  }
  return notes;
}

void read_multi(const Cursor& at, const LevelReader& levels, Mapping& mapping) {
  Once<int> once;
  constexpr MultiKind kKinds[] = {MultiKind::span, MultiKind::split, MultiKind::range};
  for (const Cursor& each : at.items("multi")) {
    if (!each.is_object()) {
      each.fault(each.shown(), "an object with from, to and type");
      continue;
    }
    each.only_keys({"from", "to", "type", "when"});
    MultiRow row;
    row.from = levels.source(each.at("from"));
    if (row.from >= 0 && !once.first(each, row.from)) continue;
    row.kind = kKinds[each.word("type", {"span", "split", "range"}, std::nullopt)];
    const auto paired = [&](const Cursor& to) {
      const int target = levels.target(to);
      if (row.from < 0 || target < 0) return -1;
      if (std::ranges::find(mapping.pairs, std::pair{row.from, target}) != mapping.pairs.end()) return target;
      to.fault(to.shown(), "a target level that also stands in pairs");
      return -1;
    };
    for (const Cursor& to : each.items("to")) static_cast<void>(paired(to));
    for (const Cursor& one : each.items("when")) {
      if (!one.is_object()) {
        one.fault(one.shown(), "an object with to, when and types");
        continue;
      }
      one.only_keys({"to", "when", "types"});
      SplitCase split;
      split.to = paired(one.at("to"));
      split.when = one.maybe_string("when").value_or("");
      for (const Cursor& type : one.items("types")) split.types.push_back(type.text());
      if (split.to >= 0) row.cases.push_back(std::move(split));
    }
    if (row.from >= 0) mapping.multi.push_back(std::move(row));
  }
}

void check_consistency(const Cursor& at, const Mapping& mapping, const Framework& from, const Framework& to) {
  const auto code = [](const Framework& framework, int level) { return framework.levels[static_cast<std::size_t>(level)].code; };
  for (const LevelNote& note : mapping.unmatched) {
    for (const auto& pair : mapping.pairs) {
      if (pair.first == note.level) {
        at.fault_at("unmatched", "level " + code(from, note.level) + " without counterpart, yet paired with " + code(to, pair.second),
                    "a level either in pairs or in unmatched");
        break;
      }
    }
    for (const PartialRow& row : mapping.partial) {
      if (row.from == note.level) {
        at.fault_at("unmatched", "level " + code(from, note.level) + " without counterpart, yet in part at " + code(to, row.to),
                    "a level either in partial or in unmatched");
        break;
      }
    }
  }
  for (const LevelNote& note : mapping.unmatched_to) {
    for (const auto& pair : mapping.pairs) {
      if (pair.second == note.level) {
        at.fault_at("unmatched_to", "level " + code(to, note.level) + " without counterpart, yet paired with " + code(from, pair.first),
                    "a target level either in pairs or in unmatched_to");
        break;
      }
    }
  }
  for (const LevelNote& note : mapping.unresolved_from) {
    if (std::ranges::find(mapping.unmatched, note.level, &LevelNote::level) != mapping.unmatched.end()) {
      at.fault_at("unresolved", "level " + code(from, note.level) + " unresolved, yet without counterpart",
                  "a level either in unresolved or in unmatched");
    }
  }
  for (const LevelNote& note : mapping.unresolved_to) {
    if (std::ranges::find(mapping.unmatched_to, note.level, &LevelNote::level) != mapping.unmatched_to.end()) {
      at.fault_at("unresolved", "target level " + code(to, note.level) + " unresolved, yet without counterpart",
                  "a target level either in unresolved or in unmatched_to");
    }
  }
  if (!mapping.pairs_known.empty() && mapping.evidence != Evidence::mixed) {
    at.fault_at("pairs_known", "rows marked as only known in a table whose evidence is \"" + std::string(to_string(mapping.evidence)) + "\"",
                "pairs_known with \"pairs_evidence\": \"mixed\"");
  }
  if (!mapping.valid_from && mapping.year && mapping.valid_until && *mapping.valid_until < first_day(*mapping.year)) {
    at.fault_at("valid_until", to_string(*mapping.valid_until) + ", before the year of the document, " + std::to_string(*mapping.year),
                "a day after the document appeared");
  }
  if (mapping.valid_from && mapping.valid_until && *mapping.valid_until <= *mapping.valid_from) {
    at.fault_at("valid_until", to_string(*mapping.valid_until) + ", not after valid_from " + to_string(*mapping.valid_from),
                "a day after valid_from");
  }
  for (const auto& pair : mapping.pairs_known) {
    if (std::ranges::find(mapping.pairs, pair) == mapping.pairs.end()) {
      at.fault_at("pairs_known", "the row " + code(from, pair.first) + " - " + code(to, pair.second), "a row that stands in pairs");
    }
  }
  if (mapping.complete && !mapping.unresolved_from.empty()) {
    at.fault_at("pairs_complete", "true, but level " + code(from, mapping.unresolved_from.front().level) + " of " + from.id.str() + " is unresolved",
                "false while something is unresolved");
  }
  if (mapping.complete) {
    for (std::size_t level = 0; level < from.levels.size(); ++level) {
      const int index = static_cast<int>(level);
      const bool covered = std::ranges::any_of(mapping.pairs, [&](const auto& pair) { return pair.first == index; }) ||
                           std::ranges::any_of(mapping.partial, [&](const auto& row) { return row.from == index; }) ||
                           std::ranges::any_of(mapping.unmatched, [&](const auto& note) { return note.level == index; });
      if (!covered) {
        at.fault_at("pairs_complete", "true, but level " + from.levels[level].code + " of " + from.id.str() + " stands nowhere",
                    "false, or the level in pairs, partial or unmatched");
      }
    }
  }
}

}  // namespace

Mapping read_mapping_fact(const Cursor& at, const FindFramework& find) {
  Mapping mapping;
  if (!at.is_object()) {
    at.fault(at.shown(), "a mapping: an object with from, to and pairs");
    return mapping;
  }
  at.only_keys({"id", "document_id", "document", "from", "to", "kind", "year", "status", "strength", "join",
                "compatibility_note", "pairs", "pairs_known", "pairs_evidence", "pairs_complete", "partial", "multi",
                "unmatched", "unmatched_to", "unresolved", "fit", "usable_for_recognition", "derived_from", "valid_from",
                "valid_until", "sources", "notes"});
  mapping.from = FrameworkId{at.string("from")};
  mapping.to = FrameworkId{at.string("to")};
  mapping.year = at.maybe_year("year");
  mapping.id = MappingId{at.has("id") ? at.string("id")
                                      : mapping.from.str() + ">" + mapping.to.str() + "@" +
                                            (mapping.year ? std::to_string(*mapping.year) : "nd")};
  mapping.document = DocumentId{at.has("document_id") ? at.string("document_id") : mapping.id.str()};
  mapping.title = at.string("document");
  mapping.kind = static_cast<MappingKind>(
      at.word("kind", {"referencing", "alignment", "comparison", "self-certification", "bilateral"}, std::nullopt));
  mapping.status = static_cast<MappingStatus>(at.word("status", {"current", "superseded", "draft", "not-endorsed"}, 0));
  mapping.strength = static_cast<Strength>(at.word("strength", {"third-party", "joint", "adopted"}, 0));
  mapping.join = at.maybe_boolean("join").value_or(false);
  mapping.compatibility_note = at.maybe_boolean("compatibility_note").value_or(false);
  mapping.block = at.has("fit") && at.word("fit", {"block"}, 0) == 0;
  mapping.usable_for_recognition = at.maybe_boolean("usable_for_recognition");
  mapping.valid_from = read_day(at, "valid_from");
  mapping.valid_until = read_day(at, "valid_until");
  mapping.evidence = read_evidence(at, "pairs_evidence", Evidence::unknown);
  if (!at.has("pairs_evidence")) at.fault_at("pairs_evidence", "nothing", "\"read\", \"known\" or \"mixed\"");
  mapping.complete = at.maybe_boolean("pairs_complete").value_or(false);
  mapping.sources = read_sources(at);
  if (mapping.sources.empty()) at.fault_at("sources", "nothing", "at least one source: title, publisher, year, url, evidence");
  mapping.notes = at.maybe_string("notes").value_or("");
  for (const Cursor& each : at.items("derived_from")) mapping.derived_from.emplace_back(each.text());
  mapping.json = at.json().dump();

  const Framework* from = find(mapping.from);
  const Framework* to = find(mapping.to);
  if (from == nullptr) at.fault_at("from", in_quotes(mapping.from.str()), "the id of a framework that is loaded");
  if (to == nullptr) at.fault_at("to", in_quotes(mapping.to.str()), "the id of a framework that is loaded");
  if (mapping.from == mapping.to && from != nullptr) {
    at.fault_at("to", in_quotes(mapping.to.str()) + ", the framework it starts from", "another framework");
    return mapping;
  }
  if (from == nullptr || to == nullptr) return mapping;

  const LevelReader levels(*from, *to);
  using Pair = std::pair<int, int>;
  Once<Pair> in_pairs;
  for (const Cursor& row : at.items("pairs")) {
    if (const auto pair = levels.pair(row); pair && in_pairs.first(row, *pair)) mapping.pairs.push_back(*pair);
  }
  Once<Pair> in_known;
  for (const Cursor& row : at.items("pairs_known")) {
    if (const auto pair = levels.pair(row); pair && in_known.first(row, *pair)) mapping.pairs_known.push_back(*pair);
  }
  Once<Pair> in_partial;
  for (const Cursor& each : at.items("partial")) {
    if (!each.is_object()) {
      each.fault(each.shown(), "an object with from, to and note");
      continue;
    }
    each.only_keys({"from", "to", "note"});
    const int a = levels.source(each.at("from"));
    const int b = levels.target(each.at("to"));
    if (a >= 0 && b >= 0 && in_partial.first(each, {a, b})) mapping.partial.push_back({a, b, each.maybe_string("note").value_or("")});
  }
  read_multi(at, levels, mapping);
  mapping.unmatched = read_notes(at, "unmatched", levels, true);
  mapping.unmatched_to = read_notes(at, "unmatched_to", levels, false);
  Once<std::pair<bool, int>> in_unresolved;
  for (const Cursor& each : at.items("unresolved")) {
    if (!each.is_object()) {
      each.fault(each.shown(), "an object with side, level and note");
      continue;
    }
    each.only_keys({"side", "level", "note"});
    const bool source = each.word("side", {"from", "to"}, std::nullopt) == 0;
    const int level = source ? levels.source(each.at("level")) : levels.target(each.at("level"));
    if (level < 0 || !in_unresolved.first(each, {source, level})) continue;
    (source ? mapping.unresolved_from : mapping.unresolved_to).push_back({level, each.maybe_string("note").value_or("")});
  }
  check_consistency(at, mapping, *from, *to);
  compile_rows(mapping, *from, *to);
  return mapping;
}

}  // namespace qualgraph::detail
