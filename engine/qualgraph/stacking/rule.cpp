#include "qualgraph/stacking/rule.hpp"

#include <algorithm>
#include <deque>
#include <mutex>
#include <set>

#include "qualgraph/facts/detail/json_text.hpp"
#include "qualgraph/model/digest.hpp"
#include "qualgraph/model/suggest.hpp"
#include "qualgraph/stacking/detail/rule_reader.hpp"

namespace qualgraph {

using detail::AlternativeKind;
using detail::Assembly;
using detail::Cursor;
using detail::Faults;
using detail::Json;

namespace {

constexpr std::size_t kBytes = std::size_t{64} << 20;
constexpr std::size_t kDepth = 64;
constexpr std::size_t kValues = 4'000'000;
constexpr std::size_t kFaults = 1'000;
/// Clauses read while checking the forms of a rule one by one. A rule with more (a thousand variants
/// of a thousand clauses) has the rest of them checked when they are asked for.
constexpr std::size_t kClausesChecked = 200'000;

/// Decimals anywhere but below somebody's own "x-" keys.
void refuse_decimals(const Cursor& at, std::set<std::string>& where) {
  if (at.json().is_number_float()) {
    static_cast<void>(detail::read_exact(at));
    where.insert(at.pointer());
  } else if (at.is_object()) {
    for (const auto& [key, value] : at.json().items()) {
      if (!key.starts_with("x-") && (value.is_structured() || value.is_number_float())) refuse_decimals(at.at(key), where);
    }
  } else if (at.json().is_array()) {
    for (std::size_t i = 0; i < at.json().size(); ++i) {
      const Json& value = at.json()[i];
      if (value.is_structured() || value.is_number_float()) refuse_decimals(at.at(i), where);
    }
  }
}

std::size_t clauses_in(const Json& fragment) {
  std::size_t count = 1;
  for (const std::string_view name : detail::kClauseSections) {
    if (const auto found = fragment.find(name); found != fragment.end()) count += found->size();
  }
  return count;
}

template <class Entry>
std::vector<std::string> ids_of(const std::vector<Entry>& entries) {
  std::vector<std::string> ids;
  for (const Entry& entry : entries) ids.push_back(entry.id);
  return ids;
}

std::string no_path(const std::string& rule, std::string_view path, const Json& root, const std::string& why) {
  return "no path " + in_quotes(path) + " in the rule " + in_quotes(rule) + (why.empty() ? "" : " (" + why + ")") + "." +
         did_you_mean(path, detail::paths_of(root));
}

}  // namespace

const char* to_string(Measure measure) noexcept {
  switch (measure) {
    case Measure::credits: return "credits";
    case Measure::units: return "units";
    case Measure::hours: return "hours";
    case Measure::points: return "points";
  }
  return "";
}

struct Rule::Document {
  std::string bytes;
  std::string file;
  Json json;
  std::string hash;
  detail::RuleHead head;
  std::vector<Alternative> variants, titles, exits, readings;
  std::vector<Waiver> waivers;

  mutable std::mutex mutex;
  mutable std::map<std::string, std::shared_ptr<const RuleText>> texts;
  mutable std::map<std::string, std::shared_ptr<const Document>> other_readings;

  /// A document of its own for a reading: the rule after the changes. Faults are given back.
  [[nodiscard]] std::shared_ptr<const Document> read_as(const std::string& reading, std::vector<Fault>& faults) const;
  /// Reads what is not a clause and checks every form; `depth` 1 for a reading of another document.
  void read(std::vector<Fault>& faults, bool with_readings);
  [[nodiscard]] RuleText assemble(const RuleChoice& choice, std::vector<Fault>& faults) const;
  void check_forms(std::vector<Fault>& faults, bool with_readings) const;
  [[nodiscard]] std::shared_ptr<const RuleText> text(const RuleChoice& choice) const;
  void require(const std::vector<Alternative>& known, const std::string& id, const char* kind) const;
};

void Rule::Document::require(const std::vector<Alternative>& known, const std::string& id, const char* kind) const {
  if (id.empty() || std::ranges::any_of(known, [&](const Alternative& each) { return each.id == id; })) return;
  throw UnknownId("the rule " + in_quotes(head.text.id) + " has no " + kind + " " + in_quotes(id) + "." +
                  (known.empty() ? "" : detail::hint(id, ids_of(known))));
}

void Rule::Document::read(std::vector<Fault>& faults, bool with_readings) {
  Faults found(kFaults);
  const Cursor root(json, file, "", found);
  if (!root.is_object()) {
    root.fault(root.shown(), "a rule: an object with language, id, title and sources");
    faults = std::move(found.list);
    return;
  }
  if (json.contains("reform") && !json.contains("id")) {
    root.fault("a reform", "a rule; a reform is applied to the rule it names under `of`");
    faults = std::move(found.list);
    return;
  }
  std::set<std::string> decimals;
  refuse_decimals(root, decimals);
  head = detail::read_head(root);
  detail::check_sections(root, true);
  const auto alternatives = [&](std::string_view name, AlternativeKind kind, std::vector<Alternative>& list) {
    if (!root.has(name) || !root.at(name).is_object()) return;
    for (const auto& [id, value] : root.at(name).json().items()) {
      if (!id.starts_with("x-")) list.push_back(detail::read_alternative(root.at(name).at(id), kind, id, head));
    }
  };
  alternatives("variants", AlternativeKind::variant, variants);
  alternatives("titles", AlternativeKind::title, titles);
  alternatives("exits", AlternativeKind::exit, exits);
  alternatives("readings", AlternativeKind::reading, readings);
  Assembly main;
  main.lay(json, "");
  waivers = detail::read_waivers(main.section("waivers"), file, found, head);
  for (const Alternative& variant : variants) {
    Assembly own;
    own.lay(json["variants"][variant.id], "/variants/" + detail::escaped(variant.id));
    for (Waiver& waiver : detail::read_waivers(own.section("waivers"), file, found, head)) {
      if (std::ranges::find(waivers, waiver.id, &Waiver::id) == waivers.end()) waivers.push_back(std::move(waiver));
    }
  }
  faults = std::move(found.list);
  check_forms(faults, with_readings);
  // A decimal is said once, and a clause that several forms share is said once.
  std::set<std::pair<std::string, std::string>> said;
  std::erase_if(faults, [&](const Fault& fault) {
    // Nor is it said again of the text that a change with a decimal makes.
    if (fault.pointer.starts_with("/readings/") || fault.pointer.starts_with("/waivers/")) {
      const auto within = decimals.lower_bound(fault.pointer + "/");
      if (within != decimals.end() && within->starts_with(fault.pointer + "/")) return true;
    }
    if (decimals.contains(fault.pointer)) return !said.emplace(fault.pointer, "").second;
    return !said.emplace(fault.pointer, fault.found).second;
  });
  if (faults.size() > kFaults) faults.resize(kFaults);
}

void Rule::Document::check_forms(std::vector<Fault>& faults, bool with_readings) const {
  const std::size_t main_size = clauses_in(json);
  std::size_t spent = 0;
  const auto affordable = [&](std::size_t size) {
    spent += size;
    return spent <= kClausesChecked && faults.size() < kFaults;
  };
  const auto size_of = [&](const char* section, const std::string& id) { return clauses_in(json[section][id]); };
  const auto check = [&](const RuleChoice& choice) {
    std::vector<Fault> found;
    static_cast<void>(assemble(choice, found));
    faults.insert(faults.end(), found.begin(), found.end());
  };
  // Of a rule with variants exactly one is always in force: the main text alone need not be complete.
  std::vector<std::string> bases;
  for (const Alternative& variant : variants) bases.push_back(variant.id);
  if (bases.empty()) bases.emplace_back();
  for (const std::string& base : bases) {
    RuleChoice choice;
    choice.variant = base;
    const std::size_t size = main_size + (base.empty() ? 0 : size_of("variants", base));
    if (!affordable(size) && &base != &bases.front()) return;
    check(choice);
    for (const Alternative& title : titles) {
      choice.title = title.id;
      if (!affordable(size + size_of("titles", title.id))) return;
      check(choice);
    }
    choice.title.clear();
    for (const Alternative& exit : exits) {
      choice.exit = exit.id;
      if (!affordable(size + size_of("exits", exit.id))) return;
      check(choice);
    }
    choice.exit.clear();
  }
  for (const Waiver& waiver : waivers) {
    const Json& stated = json.contains("waivers") && json["waivers"].contains(waiver.id) ? json["waivers"][waiver.id] : json;
    bool reached = detail::find_path(json, waiver.clause) != nullptr;
    for (const std::string& base : bases) {
      if (!affordable(main_size)) return;
      RuleChoice choice;
      choice.variant = base;
      Assembly form;
      form.lay(json, "");
      if (!base.empty()) form.lay(json["variants"][base], "");
      if (form.find(waiver.clause) == nullptr && detail::find_path(json, waiver.clause) == nullptr) continue;
      reached = true;
      choice.waivers = {waiver.id};
      std::vector<Fault> found;
      static_cast<void>(assemble(choice, found));
      for (Fault& fault : found) {
        if (std::ranges::find(faults, fault) != faults.end()) continue;
        faults.push_back({file, "/waivers/" + waiver.id, "a waiver after which " + fault.pointer + " is " + fault.found, fault.expected});
      }
    }
    if (!reached && !waiver.clause.empty() && &stated != &json) {
      faults.push_back({file, "/waivers/" + waiver.id + "/clause", in_quotes(waiver.clause),
                        "the path of a clause of this rule." + did_you_mean(waiver.clause, detail::paths_of(json))});
    }
  }
  if (!with_readings) return;
  for (const Alternative& reading : readings) {
    if (!affordable(main_size)) return;
    std::vector<Fault> found;
    static_cast<void>(read_as(reading.id, found));
    for (Fault& fault : found) {
      if (std::ranges::find(faults, fault) == faults.end()) faults.push_back(std::move(fault));
    }
  }
}

std::shared_ptr<const Rule::Document> Rule::Document::read_as(const std::string& reading, std::vector<Fault>& faults) const {
  constexpr std::string_view kChange[] = {"path", "to", "drop"};
  auto other = std::make_shared<Document>();
  other->file = file;
  other->json = json;
  const std::string pointer = "/readings/" + detail::escaped(reading) + "/changes";
  Faults found(kFaults);
  const Json& changes = json["readings"][reading].contains("changes") ? json["readings"][reading]["changes"] : Json();
  const Cursor at(changes, file, pointer, found);
  if (!changes.is_array() || changes.empty()) at.fault(at.shown(), "a list of changes");
  for (std::size_t i = 0; changes.is_array() && i < changes.size(); ++i) {
    const Cursor change = at.at(i);
    const bool sets = detail::given(change, "to");
    const bool drops = detail::given(change, "drop");
    if (!change.is_object() || sets == drops || (drops && change.at("drop").json() != true)) {
      change.fault(change.shown(), "an object with path, and to or \"drop\": true");
      continue;
    }
    detail::only(change, {kChange});
    const std::string path = change.string("path");
    if (path.empty()) continue;
    const Json* to = sets ? &change.at("to").json() : nullptr;
    if (detail::change_path(other->json, path, to)) {
      change.at("path").fault(in_quotes(path), "a path of this rule." + did_you_mean(path, detail::paths_of(other->json)));
    }
  }
  if (found.list.empty()) {
    // The changed text is a rule of its own, without further readings.
    std::vector<Fault> inner;
    other->json.erase("readings");
    other->read(inner, false);
    for (Fault& fault : inner) {
      found.add({file, "/readings/" + detail::escaped(reading), "a reading after which " + fault.pointer + " is " + fault.found, fault.expected});
    }
  }
  faults.insert(faults.end(), found.list.begin(), found.list.end());
  return other;
}

RuleText Rule::Document::assemble(const RuleChoice& choice, std::vector<Fault>& faults) const {
  Faults found(kFaults);
  std::deque<Json> store;
  const Json* root = &json;
  std::vector<const Waiver*> later;
  const auto value_of = [&](const Waiver& waiver) -> const Json* {
    if (waiver.drops) return nullptr;
    if (json.contains("waivers") && json["waivers"].contains(waiver.id)) return &json["waivers"][waiver.id]["to"];
    for (const Alternative& variant : variants) {
      const Json* stated = detail::find_path(json, "variants/" + variant.id + "/waivers/" + waiver.id);
      if (stated != nullptr) return &(*stated)["to"];
    }
    return nullptr;
  };
  Json edited;
  for (const std::string& id : choice.waivers) {
    const auto waiver = std::ranges::find(waivers, id, &Waiver::id);
    if (waiver == waivers.end()) continue;
    // What the main text does not have stands in an alternative; it is waived once that is laid over.
    if (detail::find_path(*root, waiver->clause) == nullptr) {
      later.push_back(&*waiver);
      continue;
    }
    if (root == &json) edited = json;
    root = &edited;
    static_cast<void>(detail::change_path(edited, waiver->clause, value_of(*waiver)));
  }

  Assembly form;
  form.lay(*root, "");
  detail::RuleHead base = head;
  base.text.title = head.text.title;
  const auto lay = [&](const char* section, const std::string& id, const std::vector<Alternative>& list) {
    if (id.empty()) return;
    if (const Json* fragment = detail::find_path(*root, std::string(section) + "/" + id)) {
      form.lay(*fragment, "/" + std::string(section) + "/" + detail::escaped(id));
    }
    const auto entry = std::ranges::find(list, id, &Alternative::id);
    if (entry == list.end()) return;
    if (!entry->level.empty()) base.text.level = entry->level;
    if (!entry->title.empty()) base.text.title = entry->title;
  };
  lay("variants", choice.variant, variants);
  if (!choice.exit.empty()) form.begin_exit();
  lay("exits", choice.exit, exits);
  lay("titles", choice.title, titles);
  for (const Waiver* waiver : later) static_cast<void>(form.edit(waiver->clause, value_of(*waiver), store));
  RuleText text = detail::read_text(base, form, file, found);
  faults = std::move(found.list);
  return text;
}

std::shared_ptr<const RuleText> Rule::Document::text(const RuleChoice& choice) const {
  require(readings, choice.reading, "reading");
  if (!choice.reading.empty()) {
    std::shared_ptr<const Document> other;
    {
      const std::scoped_lock lock(mutex);
      if (const auto kept = other_readings.find(choice.reading); kept != other_readings.end()) other = kept->second;
    }
    if (!other) {
      std::vector<Fault> faults;
      other = read_as(choice.reading, faults);
      if (!faults.empty()) throw FactError(std::move(faults));
      const std::scoped_lock lock(mutex);
      other = other_readings.emplace(choice.reading, std::move(other)).first->second;
    }
    RuleChoice rest = choice;
    rest.reading.clear();
    return other->text(rest);
  }
  require(variants, choice.variant, "variant");
  require(titles, choice.title, "title");
  require(exits, choice.exit, "exit");
  for (const std::string& id : choice.waivers) {
    if (std::ranges::find(waivers, id, &Waiver::id) == waivers.end()) {
      throw UnknownId("the rule " + in_quotes(head.text.id) + " has no waiver " + in_quotes(id) + "." + detail::hint(id, ids_of(waivers)));
    }
  }
  // Ids hold no line break.
  std::string key = choice.variant + "\n" + choice.title + "\n" + choice.exit;
  for (const std::string& id : choice.waivers) key += "\n" + id;
  {
    const std::scoped_lock lock(mutex);
    if (const auto kept = texts.find(key); kept != texts.end()) return kept->second;
  }
  std::vector<Fault> faults;
  auto fresh = std::make_shared<const RuleText>(assemble(choice, faults));
  if (!faults.empty()) throw FactError(std::move(faults));
  const std::scoped_lock lock(mutex);
  return texts.emplace(std::move(key), std::move(fresh)).first->second;
}

Rule::Rule(std::shared_ptr<const Document> document) : document_(std::move(document)) {}

std::shared_ptr<const Rule::Document> Rule::read(std::string_view json, std::string_view file) {
  auto document = std::make_shared<Document>();
  document->file = std::string(file);
  if (json.size() > kBytes) {
    throw FactError({{document->file, "", std::to_string(json.size()) + " bytes", "at most " + std::to_string(kBytes) + " bytes"}});
  }
  std::size_t values_left = kValues;
  detail::JsonText text = detail::parse_json(json, kDepth, values_left);
  if (text.fault) throw FactError({{document->file, text.fault->pointer, text.fault->found, text.fault->expected}});
  document->bytes = std::string(json);
  document->json = std::move(text.value);
  std::vector<Fault> faults;
  document->read(faults, true);
  if (!faults.empty()) throw FactError(std::move(faults));
  document->hash = sha256(document->json.dump());
  return document;
}

Rule Rule::parse(std::string_view json, std::string_view file) { return Rule(read(json, file)); }

const std::string& Rule::id() const noexcept { return document_->head.text.id; }
const std::string& Rule::title() const noexcept { return document_->head.text.title; }
const std::string& Rule::json() const noexcept { return document_->bytes; }
const std::string& Rule::hash() const noexcept { return document_->hash; }
std::span<const Alternative> Rule::variants() const noexcept { return document_->variants; }
std::span<const Alternative> Rule::titles() const noexcept { return document_->titles; }
std::span<const Alternative> Rule::exits() const noexcept { return document_->exits; }
std::span<const Alternative> Rule::readings() const noexcept { return document_->readings; }
std::span<const Waiver> Rule::waivers() const noexcept { return document_->waivers; }
std::span<const RuleSource> Rule::sources() const noexcept { return document_->head.sources; }

std::shared_ptr<const RuleText> Rule::text(const RuleChoice& choice) const { return document_->text(choice); }

Rule Rule::changed(std::string_view id,
                   std::span<const std::pair<std::string, std::optional<std::string>>> changes) const {
  // Read once more, this time with the keys in the order they were written in.
  auto root = nlohmann::ordered_json::parse(document_->bytes);
  std::vector<std::string> paths;
  for (const auto& [path, to] : changes) {
    // Resolved in the rule as it stands, before any change is made.
    const auto slash = path.rfind('/');
    const Json* above = slash == std::string::npos ? &document_->json : detail::find_path(document_->json, path.substr(0, slash));
    const bool there = !path.empty() && detail::find_path(document_->json, path) != nullptr;
    const bool may_be_new = to && above != nullptr && above->is_object() && !path.empty() && !path.ends_with('/');
    if (!there && !may_be_new) throw UnknownId(no_path(this->id(), path, document_->json, ""));
    paths.push_back(path);
  }
  std::ranges::sort(paths);
  // Sorted by steps, a path stands right before those within it.
  std::vector<std::vector<std::string>> steps;
  for (const std::string& path : paths) steps.push_back(detail::steps_of(path));
  std::ranges::sort(steps);
  for (std::size_t i = 1; i < steps.size(); ++i) {
    if (steps[i - 1].size() <= steps[i].size() && std::equal(steps[i - 1].begin(), steps[i - 1].end(), steps[i].begin())) {
      std::string within;
      for (const std::string& step : steps[i]) within += (within.empty() ? "" : "/") + step;
      std::string outer;
      for (const std::string& step : steps[i - 1]) outer += (outer.empty() ? "" : "/") + step;
      throw InvalidValue("two changes at one place: " + in_quotes(within) + " lies within " + in_quotes(outer) + "; state them as one");
    }
  }
  // Dropped entries of one list: the last first, so that the others keep their numbers.
  std::vector<const std::pair<std::string, std::optional<std::string>>*> ordered;
  for (const auto& change : changes) ordered.push_back(&change);
  std::ranges::stable_sort(ordered, [](const auto* a, const auto* b) {
    if (a->second.has_value() != b->second.has_value()) return a->second.has_value();
    const auto number = [](const std::string& path) -> std::pair<std::string, std::uint64_t> {
      const auto slash = path.rfind('/');
      const std::string last = slash == std::string::npos ? path : path.substr(slash + 1);
      const bool digits = !last.empty() && last.size() < 10 && last.find_first_not_of("0123456789") == std::string::npos;
      return digits ? std::pair{path.substr(0, slash), std::uint64_t{std::stoul(last)}} : std::pair{path, std::uint64_t{0}};
    };
    return number(b->first) < number(a->first);
  });
  for (const auto* change : ordered) {
    std::optional<nlohmann::ordered_json> to;
    if (change->second) {
      std::size_t values_left = kValues;
      const detail::JsonText text = detail::parse_json(*change->second, kDepth, values_left);
      if (text.fault) throw FactError({{change->first, text.fault->pointer, text.fault->found, text.fault->expected}});
      to = nlohmann::ordered_json::parse(*change->second);
    }
    if (const auto why = detail::change_path(root, change->first, to ? &*to : nullptr)) {
      throw UnknownId(no_path(this->id(), change->first, document_->json, *why));
    }
  }
  if (!id.empty()) root["id"] = std::string(id);
  return Rule(read(root.dump(2) + "\n", id.empty() ? document_->file : std::string(id)));
}

Rule Rule::reformed(std::string_view json, std::string_view file) const {
  constexpr std::string_view kKeys[] = {"language", "reform", "title", "of", "base", "changes", "sources", "notes"};
  constexpr std::string_view kChange[] = {"path", "to", "drop"};
  const std::string name(file);
  std::size_t values_left = kValues;
  const detail::JsonText text = detail::parse_json(json, kDepth, values_left);
  if (text.fault) throw FactError({{name, text.fault->pointer, text.fault->found, text.fault->expected}});
  Faults found(kFaults);
  const Cursor at(text.value, name, "", found);
  if (!at.is_object()) at.fault(at.shown(), "a reform: an object with language, reform, of and changes");
  detail::only(at, {kKeys});
  if (at.at("language").json() != 1) at.at("language").fault(at.at("language").shown(), "1, the version of the rule language");
  const auto reform = detail::read_id(at, "reform");
  const std::string of = at.string("of");
  if (!at.at("changes").json().is_array() || at.at("changes").json().empty()) {
    at.at("changes").fault(at.at("changes").shown(), "a list of changes");
  }
  if (!found.list.empty()) throw FactError(std::move(found.list));
  if (of != id()) throw InvalidValue("the reform " + in_quotes(*reform) + " is one of the rule " + in_quotes(of) + ", not of " + in_quotes(id()));
  if (const auto base = at.maybe_string("base"); base && *base != hash()) {
    throw InvalidValue("the reform " + in_quotes(*reform) + " was written for another text of the rule " + in_quotes(id()) + " (hash " +
                       in_quotes(*base) + "; this text has " + in_quotes(hash()) + ")");
  }
  auto root = nlohmann::ordered_json::parse(document_->bytes);
  const auto changes = nlohmann::ordered_json::parse(json)["changes"];
  for (std::size_t i = 0; i < changes.size(); ++i) {
    const Cursor change = at.at("changes").at(i);
    const bool sets = detail::given(change, "to");
    const bool drops = detail::given(change, "drop");
    if (!change.is_object() || sets == drops || (drops && change.at("drop").json() != true)) {
      change.fault(change.shown(), "an object with path, and to or \"drop\": true");
      continue;
    }
    detail::only(change, {kChange});
    const std::string path = change.string("path");
    if (path.empty()) continue;
    if (const auto why = detail::change_path(root, path, sets ? &changes[i]["to"] : nullptr)) {
      throw UnknownId(no_path(id(), path, Json::parse(root.dump()), *why));
    }
  }
  if (!found.list.empty()) throw FactError(std::move(found.list));
  return Rule(read(root.dump(2) + "\n", name));
}

}  // namespace qualgraph
