#include "qualgraph/stacking/record.hpp"

#include <unordered_map>

#include "qualgraph/facts/detail/json_text.hpp"
#include "qualgraph/stacking/detail/item_reader.hpp"

namespace qualgraph {
namespace detail {
namespace {

/// "30 ects", "15/2", 12, {"min": 10, "max": 12}.
void read_credits(const Cursor& at, Item& item) {
  constexpr std::string_view kKeys[] = {"min", "max"};
  if (at.is_object()) {
    only(at, {kKeys});
    const auto min = read_exact(at.at("min"), NumberKind::not_negative);
    const auto max = read_exact(at.at("max"), NumberKind::not_negative);
    if (!min || !max) return;
    if (*min > *max) {
      at.fault("min " + min->str() + " above max " + max->str(), "min not above max");
      return;
    }
    item.credits = {*min, *max};
    return;
  }
  if (at.json().is_string()) {
    const auto& text = at.json().get_ref<const std::string&>();
    if (const auto blank = text.find(' '); blank != std::string::npos) {
      const std::string system = text.substr(blank + 1);
      if (!is_id(system, true)) {
        at.fault(at.shown(), "an amount and a credit system, such as \"30 ects\"");
        return;
      }
      const Json amount = text.substr(0, blank);
      Faults own(1);
      const auto number = read_exact(Cursor(amount, at.file(), "", own), NumberKind::not_negative);
      for (const Fault& fault : own.list) at.fault(fault.found, fault.expected + ", before the credit system");
      if (!number) return;
      item.credits = {*number, *number};
      item.credit = system;
      return;
    }
  }
  if (const auto number = read_exact(at, NumberKind::not_negative)) item.credits = {*number, *number};
}

}  // namespace

std::optional<std::vector<std::string>> read_list(const Cursor& at, std::string_view key, bool or_one) {
  if (!at.has(key)) return std::nullopt;
  const Cursor value = at.at(key);
  std::vector<std::string> list;
  if (value.json().is_array()) {
    list.reserve(value.json().size());
    for (std::size_t i = 0; i < value.json().size(); ++i) {
      const Json& entry = value.json()[i];
      // The common case costs no pointer.
      if (entry.is_string() && !entry.get_ref<const std::string&>().empty()) {
        list.push_back(entry.get<std::string>());
      } else {
        static_cast<void>(value.at(i).text());
      }
    }
  } else if (or_one && value.json().is_string()) {
    list.push_back(value.text());
  } else {
    value.fault(value.shown(), or_one ? "a text, a list of texts, or null" : "a list of texts, or null");
  }
  return list;
}

std::optional<Date> maybe_date(const Cursor& at, std::string_view key) {
  return at.has(key) ? read_date(at.at(key)) : std::nullopt;
}

std::optional<std::string> read_case_value(const Cursor& at) {
  if (at.json().is_boolean()) return at.json().get<bool>() ? "true" : "false";
  if (at.json().is_string()) return at.text();
  if (at.json().is_number()) {
    const auto number = read_exact(at);
    return number ? std::optional{number->str()} : std::nullopt;
  }
  at.fault(at.shown(), "a number, a text, true or false");
  return std::nullopt;
}

void read_item(const Cursor& at, Item& item) {
  item.id = at.string("id");
  item.unit = given(at, "unit") ? at.at("unit").text() : item.id;
  item.title = at.maybe_string("title").value_or("");
  if (at.has("credits")) read_credits(at.at("credits"), item);
  if (at.has("hours")) item.hours = read_exact(at.at("hours"), NumberKind::not_negative);
  if (at.has("points")) item.points = read_exact(at.at("points"), NumberKind::not_negative);
  const Names none;
  if (at.has("level")) {
    const Cursor level = at.at("level");
    item.levels.emplace();
    if (level.json().is_array()) {
      for (std::size_t i = 0; i < level.json().size(); ++i) {
        std::string text = read_level(level.at(i), none);
        const std::string framework = text.substr(0, text.find(':') + 1);
        for (const std::string& other : *item.levels) {
          if (!framework.empty() && other.starts_with(framework)) {
            level.at(i).fault(in_quotes(text) + " beside " + in_quotes(other), "one level of a framework");
          }
        }
        item.levels->push_back(std::move(text));
      }
    } else {
      item.levels->push_back(read_level(level, none));
    }
  }
  item.origins = read_list(at, "origin", true);
  if (item.origins) {
    const Cursor origin = at.at("origin");
    if (origin.json().is_array()) {
      for (std::size_t i = 0; i < origin.json().size(); ++i) check_origin(origin.at(i));
    } else {
      check_origin(origin);
    }
  }
  item.provider = at.maybe_string("provider");
  item.fields = read_list(at, "field", true);
  item.tags = read_list(at, "tags", false);
  item.mode = at.maybe_string("mode");
  item.quality_assured = at.maybe_boolean("quality_assured");
  item.assessed = at.maybe_boolean("assessed");
  item.outcomes = read_list(at, "outcomes", false);
  item.part_of = at.maybe_string("part_of");
  item.whole = at.maybe_boolean("whole");
  static_cast<void>(at.maybe_string("note"));
}

}  // namespace detail

LearnerRecord read_record(std::string_view json, std::string_view file) {
  using detail::Cursor;
  using detail::given;
  constexpr std::size_t kBytes = std::size_t{256} << 20;
  constexpr std::size_t kDepth = 64;
  constexpr std::size_t kFaults = 1'000;
  constexpr std::string_view kKeys[] = {"language", "record", "learner", "as_of", "credit", "items", "awards",
                                        "requirements", "dates", "parameters", "decisions", "notes"};
  constexpr std::string_view kOwn[] = {"count", "grade", "date", "started", "status", "used_for", "evidence"};
  constexpr std::string_view kAward[] = {"id", "kind", "title", "level", "credits", "provider", "completed", "date"};
  constexpr std::string_view kDates[] = {"registration", "admission", "claim"};
  constexpr std::string_view kDecision[] = {"apply", "by", "date", "reference", "note"};

  const std::string name(file);
  if (json.size() > kBytes) {
    throw FactError({{name, "", std::to_string(json.size()) + " bytes", "at most " + std::to_string(kBytes) + " bytes"}});
  }
  std::size_t values_left = 20'000'000;
  const detail::JsonText text = detail::parse_json(json, kDepth, values_left);
  if (text.fault) throw FactError({{name, text.fault->pointer, text.fault->found, text.fault->expected}});

  detail::Faults faults(kFaults);
  const Cursor at(text.value, name, "", faults);
  LearnerRecord record;
  if (!at.is_object()) {
    at.fault(at.shown(), "a record: an object with language and items");
    throw FactError(std::move(faults.list));
  }
  detail::only(at, {kKeys});
  if (at.at("language").json() != 1) at.at("language").fault(at.at("language").shown(), "1, the version of the language");
  if (given(at, "record")) record.id = at.at("record").text();
  record.learner = at.maybe_string("learner").value_or("");
  record.as_of = detail::maybe_date(at, "as_of");
  record.credit = at.maybe_string("credit").value_or("");
  static_cast<void>(at.maybe_string("notes"));

  if (!at.at("items").json().is_array()) at.fault_at("items", at.at("items").shown(), "a list of items; an empty one holds nothing");
  std::unordered_map<std::string, std::size_t> first;
  std::size_t index = 0;
  record.items.reserve(at.at("items").json().is_array() ? at.at("items").json().size() : 0);
  for (const Cursor& each : at.at("items").json().is_array() ? at.items("items") : Cursor::Items(at.at("items"))) {
    const std::size_t place = index++;
    if (!each.is_object()) {
      each.fault(each.shown(), "an item: an object with id, credits, level, origin ...");
      continue;
    }
    detail::only(each, {detail::kItemKeys, kOwn});
    Item item;
    detail::read_item(each, item);
    if (given(each, "count")) {
      item.count = detail::read_count(each.at("count"), 1).value_or(1);
      // Each unit is counted one by one.
      if (item.count > 100'000) each.fault_at("count", std::to_string(item.count), "at most 100000 equal units");
    }
    if (each.has("grade")) {
      const Cursor grade = each.at("grade");
      if (grade.json().is_number()) {
        if (const auto number = detail::read_exact(grade)) item.grade = number->str();
      } else {
        item.grade = grade.text();
      }
    }
    item.date = detail::maybe_date(each, "date");
    item.started = detail::maybe_date(each, "started");
    if (given(each, "status")) {
      if (const auto word = detail::read_word(each.at("status"), detail::kStatuses)) item.status = detail::kStatuses[*word];
    }
    item.used_for = detail::read_list(each, "used_for", false);
    static_cast<void>(each.maybe_string("evidence"));
    if (!item.id.empty()) {
      if (const auto [seen, fresh] = first.emplace(item.id, place); !fresh) {
        each.fault_at("id", in_quotes(item.id) + " a second time (first at /items/" + std::to_string(seen->second) + ")",
                      "each id once; two attempts at a unit share `unit`");
      }
    }
    record.items.push_back(std::move(item));
  }

  if (at.has("awards")) {
    record.awards.emplace();
    for (const Cursor& each : at.items("awards")) {
      if (!each.is_object()) {
        each.fault(each.shown(), "an award: an object with id");
        continue;
      }
      detail::only(each, {kAward});
      HeldAward award;
      award.id = each.string("id");
      award.kind = each.maybe_string("kind");
      static_cast<void>(each.maybe_string("title"));
      if (each.has("level")) award.level = detail::read_level(each.at("level"), {});
      if (each.has("credits")) award.credits = detail::read_exact(each.at("credits"), detail::NumberKind::not_negative);
      award.provider = each.maybe_string("provider");
      award.completed = each.maybe_boolean("completed");
      award.date = detail::maybe_date(each, "date");
      record.awards->push_back(std::move(award));
    }
  }
  const auto object = [&](std::string_view key) {
    if (!given(at, key)) return false;
    if (!at.at(key).is_object()) at.at(key).fault(at.at(key).shown(), "an object");
    return at.at(key).is_object();
  };
  if (object("requirements")) {
    for (const auto& [id, value] : at.at("requirements").json().items()) {
      if (id.starts_with("x-")) continue;
      const Cursor answer = at.at("requirements").at(id);
      std::optional<std::string> read;
      if (value.is_boolean()) {
        read = value.get<bool>() ? "true" : "false";
      } else if (!value.is_null()) {
        if (const auto number = detail::read_exact(answer, detail::NumberKind::not_negative)) read = number->str();
      }
      record.requirements[id] = std::move(read);
    }
  }
  if (object("dates")) {
    detail::only(at.at("dates"), {kDates});
    record.registration = detail::maybe_date(at.at("dates"), "registration");
    record.admission = detail::maybe_date(at.at("dates"), "admission");
    record.claim = detail::maybe_date(at.at("dates"), "claim");
  }
  if (object("parameters")) {
    for (const auto& [id, value] : at.at("parameters").json().items()) {
      if (id.starts_with("x-") || value.is_null()) continue;
      if (auto read = detail::read_case_value(at.at("parameters").at(id))) record.parameters[id] = std::move(*read);
    }
  }
  for (const Cursor& each : at.items("decisions")) {
    if (!each.is_object()) {
      each.fault(each.shown(), "a decision: an object with apply and by");
      continue;
    }
    detail::only(each, {kDecision});
    record.decisions.push_back({each.string("apply"), each.string("by")});
    static_cast<void>(detail::maybe_date(each, "date"));
    static_cast<void>(each.maybe_string("reference"));
    static_cast<void>(each.maybe_string("note"));
  }
  if (!faults.list.empty()) throw FactError(std::move(faults.list));
  record.json = std::string(json);
  return record;
}

}  // namespace qualgraph
