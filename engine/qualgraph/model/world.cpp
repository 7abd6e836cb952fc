#include "qualgraph/model/world.hpp"

#include <algorithm>
#include <cctype>
#include <map>
#include <mutex>
#include <set>

#include "qualgraph/model/digest.hpp"
#include "qualgraph/model/error.hpp"
#include "qualgraph/model/suggest.hpp"

namespace qualgraph {

struct World::Cache {
  std::shared_mutex mutex;
  std::map<std::type_index, std::shared_ptr<const void>> values;
};

namespace {

template <class T, class Key>
const T* find_by_id(const std::vector<Shared<T>>& sorted, const Key& id) noexcept {
  const auto at = std::ranges::lower_bound(sorted, id, {}, [](const Shared<T>& fact) -> const Key& { return fact->id; });
  return at != sorted.end() && (*at)->id == id ? at->get() : nullptr;
}

template <class T>
void sort_by_id(std::vector<Shared<T>>& facts) {
  std::ranges::sort(facts, {}, [](const Shared<T>& fact) -> const auto& { return fact->id; });
}

template <class T>
std::vector<std::string> ids_of(const std::vector<Shared<T>>& facts) {
  std::vector<std::string> ids;
  for (const auto& fact : facts) ids.push_back(fact->id.str());
  return ids;
}

std::string upper(std::string_view text) {
  std::string result{text};
  for (char& c : result) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return result;
}

/// Abbreviations a framework goes by: the last part of its id, capitals in its name, its aliases.
std::set<std::string> abbreviations(const Framework& framework) {
  std::set<std::string> result;
  const std::string& id = framework.id.str();
  result.insert(upper(id.substr(id.rfind('-') == std::string::npos ? 0 : id.rfind('-') + 1)));
  for (const std::string& alias : framework.aliases) result.insert(upper(alias));
  std::string word;
  const auto flush = [&] {
    const auto capitals = std::ranges::count_if(word, [](char c) { return c >= 'A' && c <= 'Z'; });
    if (word.size() >= 2 && word.size() <= 10 && capitals >= 2) result.insert(upper(word));
    word.clear();
  };
  for (const char c : framework.name) {
    if (std::isalnum(static_cast<unsigned char>(c)) != 0) {
      word += c;
    } else {
      flush();
    }
  }
  flush();
  return result;
}

std::string described(const Framework& framework) { return "\"" + framework.id.str() + "\" (" + framework.name + ")"; }

std::vector<AgreedRatio> gather_ratios(const Facts& facts) {
  std::vector<AgreedRatio> ratios;
  for (const auto& system : facts.credit_systems) {
    ratios.insert(ratios.end(), system->official_ratios.begin(), system->official_ratios.end());
  }
  for (const auto& ratio : facts.agreed_ratios) ratios.push_back(*ratio);
  return ratios;
}

}  // namespace

World::World() : World(Facts{}) {}

World::World(Facts facts, View view) : view_(view), cache_(std::make_shared<Cache>()) {
  sort_by_id(facts.frameworks);
  sort_by_id(facts.mappings);
  sort_by_id(facts.credit_systems);
  std::ranges::stable_sort(facts.records, [](const auto& a, const auto& b) {
    return std::pair{a->kind, std::string_view{a->id}} < std::pair{b->kind, std::string_view{b->id}};
  });
  ratios_ = std::make_shared<const std::vector<AgreedRatio>>(gather_ratios(facts));
  facts_ = std::make_shared<const Facts>(std::move(facts));
}

std::span<const Shared<Framework>> World::frameworks() const& noexcept { return facts_->frameworks; }
std::span<const Shared<Mapping>> World::mappings() const& noexcept { return facts_->mappings; }
std::span<const Shared<CreditSystem>> World::credit_systems() const& noexcept { return facts_->credit_systems; }
std::span<const Shared<FactRecord>> World::records() const& noexcept { return facts_->records; }
std::span<const AgreedRatio> World::agreed_ratios() const& noexcept { return *ratios_; }

const Framework* World::find(const FrameworkId& id) const noexcept { return find_by_id(facts_->frameworks, id); }
const Mapping* World::find(const MappingId& id) const noexcept { return find_by_id(facts_->mappings, id); }
const CreditSystem* World::find(const CreditSystemId& id) const noexcept {
  return find_by_id(facts_->credit_systems, id);
}

const Framework& World::framework(const FrameworkId& id) const {
  return *facts_->frameworks[static_cast<std::size_t>(index_of(id))];
}

int World::index_of(const FrameworkId& id) const {
  const auto& all = facts_->frameworks;
  const auto at = std::ranges::lower_bound(all, id, {}, [](const auto& fact) -> const FrameworkId& { return fact->id; });
  if (at != all.end() && (*at)->id == id) return static_cast<int>(at - all.begin());

  std::string message = "no framework " + in_quotes(id.str()) + ".";
  std::vector<const Framework*> holders;
  // What is longer than every abbreviation need not be spelt in capitals, whatever its length.
  constexpr std::size_t kLongest = 80;
  const std::string capitals = upper(std::string_view{id.str()}.substr(0, kLongest + 1));
  for (const auto& framework : all) {
    if (capitals.size() <= kLongest && abbreviations(*framework).contains(capitals)) holders.push_back(framework.get());
  }
  if (holders.size() == 1) throw UnknownId(message + " Did you mean " + described(*holders.front()) + "?");
  if (holders.size() > 1) {
    message += " The abbreviation is used by " + std::to_string(holders.size()) + " frameworks; write the full id:";
    constexpr std::size_t kShown = 8;
    for (std::size_t i = 0; i < holders.size() && i < kShown; ++i) {
      message += (i == 0 ? " " : ", ") + described(*holders[i]);
    }
    throw UnknownId(message + (holders.size() > kShown ? " ..." : ""));
  }
  // A country or a part of the official name, as people know it.
  for (const auto& framework : all) {
    if (id.str().size() >= 4 && upper(framework->name).find(upper(id.str())) != std::string::npos) holders.push_back(framework.get());
  }
  auto near = nearest(id.str(), ids_of(all));
  if (!near.empty() && upper(near.front()) == upper(id.str())) near.resize(1);
  if (near.empty()) {
    for (const Framework* holder : holders) near.push_back(holder->id.str());
    near.resize(std::min<std::size_t>(near.size(), 5));
  }
  for (std::size_t i = 0; i < near.size(); ++i) {
    message += (i == 0 ? " Did you mean " : (i + 1 == near.size() ? " or " : ", ")) + described(*find(FrameworkId{near[i]}));
  }
  throw UnknownId(message + (near.empty() ? "" : "?"));
}

int World::level_index(const LevelRef& level) const {
  const Framework& in = framework(level.framework);
  const int index = in.index_of(level.code);
  if (index >= 0) return index;
  if (in.levels.empty()) {
    throw UnknownId("no level " + in_quotes(level.str()) + ": no level list of " + described(in) + " was found in any source");
  }
  std::vector<std::string> known;
  for (const Level& each : in.levels) known.push_back(each.code);
  std::string message = "no level " + in_quotes(level.code) + " in " + described(in) + "; its levels are";
  for (std::size_t i = 0; i < known.size(); ++i) message += (i == 0 ? " " : ", ") + known[i];
  // A parent code asked of a framework that lists only its tracks deserves the tracks.
  std::string tracks;
  for (const Level& each : in.levels) {
    if (each.parallel == level.code) tracks += (tracks.empty() ? "" : ", ") + each.code;
  }
  if (!tracks.empty()) message += ". Level " + level.code + " stands for parallel tracks; name one of " + tracks;
  throw UnknownId(message);
}

const Mapping& World::mapping(const MappingId& id) const {
  if (const Mapping* found = find(id)) return *found;
  throw UnknownId("no mapping " + in_quotes(id.str()) + "; mappings are named from>to@year." +
                  did_you_mean(id.str(), ids_of(facts_->mappings)));
}

std::vector<const Mapping*> World::mappings_between(const FrameworkId& from, const FrameworkId& to) const {
  std::vector<const Mapping*> result;
  for (const auto& mapping : facts_->mappings) {
    if (mapping->from == from && mapping->to == to) result.push_back(mapping.get());
  }
  std::ranges::stable_sort(result, [](const Mapping* a, const Mapping* b) { return a->year < b->year; });
  return result;
}

const CreditSystem& World::credit_system(const CreditSystemId& id) const {
  const CreditSystem* found = find(id);
  if (found != nullptr && found->alias_of) {
    if (const CreditSystem* real = find(*found->alias_of)) return *real;
  }
  if (found != nullptr) return *found;
  throw UnknownId("no credit system " + in_quotes(id.str()) + "." + did_you_mean(id.str(), ids_of(facts_->credit_systems)));
}

World World::with_view(View view) const {
  World result = *this;
  result.view_ = view;
  // What was derived under another view does not hold under this one.
  result.cache_ = std::make_shared<Cache>();
  return result;
}

World World::with_mapping(Mapping mapping) const {
  if (find(mapping.id) != nullptr) {
    throw InvalidValue("a mapping " + in_quotes(mapping.id.str()) + " is already loaded; give the new one another year or id");
  }
  const Framework& from = framework(mapping.from);
  const Framework& to = framework(mapping.to);
  const auto check = [&](const Framework& side, int level) {
    if (level < 0 || static_cast<std::size_t>(level) >= side.levels.size()) {
      throw InvalidValue("the mapping " + mapping.id.str() + " has a row at position " + std::to_string(level) + " of " +
                         side.id.str() + ", which has " + std::to_string(side.levels.size()) + " levels");
    }
  };
  for (const auto* rows : {&mapping.pairs, &mapping.pairs_known}) {
    for (const auto& [a, b] : *rows) {
      check(from, a);
      check(to, b);
    }
  }
  for (const PartialRow& row : mapping.partial) {
    check(from, row.from);
    check(to, row.to);
  }
  for (const MultiRow& row : mapping.multi) {
    check(from, row.from);
    for (const SplitCase& split : row.cases) check(to, split.to);
  }
  for (const auto* notes : {&mapping.unmatched, &mapping.unresolved_from}) {
    for (const LevelNote& note : *notes) check(from, note.level);
  }
  for (const auto* notes : {&mapping.unmatched_to, &mapping.unresolved_to}) {
    for (const LevelNote& note : *notes) check(to, note.level);
  }
  compile_rows(mapping, from, to);
  Facts facts = *facts_;
  facts.mappings.push_back(std::make_shared<const Mapping>(std::move(mapping)));
  return World(std::move(facts), view_);
}

World World::without_documents(std::span<const DocumentId> documents) const {
  std::set<DocumentId> wanted(documents.begin(), documents.end());
  std::set<DocumentId> known;
  for (const auto& mapping : facts_->mappings) known.insert(mapping->document);
  for (const DocumentId& document : wanted) {
    if (known.contains(document)) continue;
    std::vector<std::string> names;
    for (const DocumentId& each : known) names.push_back(each.str());
    throw UnknownId("no document " + in_quotes(document.str()) + "." + did_you_mean(document.str(), names));
  }
  Facts facts = *facts_;
  std::erase_if(facts.mappings, [&](const auto& mapping) { return wanted.contains(mapping->document); });
  return World(std::move(facts), view_);
}

std::string World::hash() const {
  struct Hash {
    std::string text;
  };
  return derived<Hash>([](const World& world) {
           std::string all;
           const auto add = [&](std::string_view kind, std::string_view id, std::string_view json) {
             all.append(kind).append("\n").append(id).append("\n").append(sha256(json)).append("\n");
           };
           const Facts& facts = world.facts();
           for (const auto& fact : facts.frameworks) add("framework", fact->id.str(), fact->json);
           for (const auto& fact : facts.mappings) add("mapping", fact->id.str(), fact->json);
           for (const auto& fact : facts.credit_systems) add("credit_system", fact->id.str(), fact->json);
           for (const auto& fact : facts.records) add(to_string(fact->kind), fact->id, fact->json);
           return std::make_shared<const Hash>(Hash{sha256(all)});
         })
      ->text;
}

std::shared_ptr<const void> World::kept_derived(std::type_index type) const {
  const std::shared_lock lock(cache_->mutex);
  const auto at = cache_->values.find(type);
  return at == cache_->values.end() ? nullptr : at->second;
}

std::shared_ptr<const void> World::keep_derived(std::type_index type, std::shared_ptr<const void> value) const {
  const std::unique_lock lock(cache_->mutex);
  // Whoever came first wins, so that every reader holds the same value.
  return cache_->values.emplace(type, std::move(value)).first->second;
}

}  // namespace qualgraph
