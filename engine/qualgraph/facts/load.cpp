#include "qualgraph/facts/load.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <map>
#include <set>

#include "qualgraph/facts/detail/cursor.hpp"
#include "qualgraph/facts/detail/json_text.hpp"
#include "qualgraph/facts/detail/readers.hpp"

namespace qualgraph {
namespace {

using detail::Cursor;
using detail::Faults;
using detail::read_credit_system;
using detail::read_framework;
using detail::read_mapping_fact;
using detail::read_record;

/// Facts of one load, by id, with the place each came from. Reading runs in two rounds: mappings
/// need the levels of every framework, whatever the order of the files.
struct Loading {
  Faults faults;
  std::map<FrameworkId, Shared<Framework>> frameworks;
  std::map<MappingId, Shared<Mapping>> mappings;
  std::map<CreditSystemId, Shared<CreditSystem>> credit_systems;
  std::map<std::pair<RecordKind, std::string>, Shared<FactRecord>> records;
  std::map<std::string, std::string> first_seen;   ///< kind and id to place
  std::vector<Cursor> mapping_cursors;

  explicit Loading(std::size_t limit) : faults(limit) {}

  /// Notes a fault and gives false when this load has the id already.
  bool claim(const Cursor& at, const std::string& kind, const std::string& id) {
    const std::string place = at.file() + (at.pointer().empty() ? "" : " at " + at.pointer());
    const auto [first, fresh] = first_seen.emplace(kind + " " + id, place);
    if (!fresh) {
      at.fault("the " + kind + " \"" + id + "\" a second time (first in " + first->second + ")", "each id once");
    }
    return fresh;
  }

  void framework(const Cursor& at) {
    Framework fact = read_framework(at);
    const FrameworkId id = fact.id;
    if (!id.empty() && claim(at, "framework", id.str())) frameworks[id] = std::make_shared<const Framework>(std::move(fact));
  }
  void credit_system(const Cursor& at) {
    CreditSystem fact = read_credit_system(at);
    const CreditSystemId id = fact.id;
    if (!id.empty() && claim(at, "credit system", id.str())) {
      credit_systems[id] = std::make_shared<const CreditSystem>(std::move(fact));
    }
  }
  void record(const Cursor& at, RecordKind kind, const std::string& id) {
    if (id.empty() || !claim(at, to_string(kind), id)) return;
    records[{kind, id}] = std::make_shared<const FactRecord>(read_record(at, kind, id));
  }
  void policy(const Cursor& at, RecordKind kind) {
    record(at, kind, at.string("id"));
    static_cast<void>(detail::read_sources(at));
  }
  void pending(const Cursor& at) {
    const std::string from = at.string("from");
    const std::string to = at.has("to") ? at.string("to") : at.string("to_name");
    const auto year = at.maybe_integer("year");
    const std::string kind = at.string("kind");
    record(at, RecordKind::pending, from + ">" + to + "@" + (year ? std::to_string(*year) : "nd") + " " + kind);
  }
  void mapping_document(const Cursor& at) {
    at.only_keys({"document_id", "document", "mappings"});
    if (!at.has("mappings")) at.fault_at("mappings", "nothing", "a list of mappings");
    for (const Cursor& each : at.items("mappings")) mapping_cursors.push_back(each);
  }
};

/// Whose list is this? Files may also hold several facts of one kind under a plural key.
bool read_plural(Loading& loading, const Cursor& at) {
  bool any = false;
  const auto each = [&](std::string_view key, auto&& read) {
    if (!at.has(key)) return;
    any = true;
    for (const Cursor& item : at.items(key)) {
      if (item.is_object()) {
        read(item);
      } else {
        item.fault(item.shown(), "an object");
      }
    }
  };
  each("frameworks", [&](const Cursor& item) { loading.framework(item); });
  each("credit_systems", [&](const Cursor& item) { loading.credit_system(item); });
  each("microcredential_policies", [&](const Cursor& item) { loading.policy(item, RecordKind::microcredential_policy); });
  each("rpl_policies", [&](const Cursor& item) { loading.policy(item, RecordKind::rpl_policy); });
  each("credit_transfer_policies", [&](const Cursor& item) { loading.policy(item, RecordKind::credit_transfer_policy); });
  each("award_rules", [&](const Cursor& item) { loading.policy(item, RecordKind::award_rule); });
  each("pending", [&](const Cursor& item) { loading.pending(item); });
  each("label_placements", [&](const Cursor& item) {
    loading.record(item, RecordKind::label_placement, item.string("label"));
  });
  return any;
}

std::string stem_of(const std::string& path) { return std::filesystem::path(path).stem().string(); }

bool below(const std::string& path, std::string_view folder) {
  const std::string inside = "/" + path;
  return inside.find("/" + std::string(folder) + "/") != std::string::npos;
}

void read_file(Loading& loading, const Cursor& at) {
  const std::string& path = at.file();
  if (below(path, "context") || stem_of(path) == "conversions") {
    loading.record(at, RecordKind::context, stem_of(path));
    return;
  }
  if (!at.is_object()) {
    at.fault(at.shown(), "an object");
    return;
  }
  if (at.has("mappings")) {
    loading.mapping_document(at);
  } else if (at.has("pairs") || (at.has("from") && at.has("to") && at.has("document"))) {
    loading.mapping_cursors.push_back(at);
  } else if (read_plural(loading, at)) {
    at.only_keys({"frameworks", "credit_systems", "microcredential_policies", "rpl_policies", "credit_transfer_policies",
                  "award_rules", "pending", "label_placements", "meta"});
  } else if (below(path, "policies/microcredential")) {
    loading.policy(at, RecordKind::microcredential_policy);
  } else if (below(path, "policies/rpl")) {
    loading.policy(at, RecordKind::rpl_policy);
  } else if (below(path, "policies/credit_transfer")) {
    loading.policy(at, RecordKind::credit_transfer_policy);
  } else if (below(path, "frameworks") || at.has("levels")) {
    loading.framework(at);
  } else if (below(path, "credit_systems") || at.has("hours_per_credit") || at.has("credits_per_year")) {
    loading.credit_system(at);
  } else {
    at.fault("an object of no known kind",
             "a framework (levels), a mapping document (mappings), a mapping (from, to, pairs), a credit system "
             "(hours_per_credit), or a file in frameworks, mappings, credit_systems or policies");
  }
}

/// References from one fact to another, once all are read.
void check_references(Loading& loading, const World* base, const std::vector<Cursor>& roots) {
  const auto system_known = [&](const std::string& id) {
    const CreditSystemId key{id};
    return loading.credit_systems.contains(key) || (base != nullptr && base->find(key) != nullptr);
  };
  const auto framework_known = [&](const FrameworkId& id) {
    return loading.frameworks.contains(id) || (base != nullptr && base->find(id) != nullptr);
  };
  const auto place = [&](const std::string& kind, const std::string& id) { return loading.first_seen[kind + " " + id]; };
  const auto note = [&](const std::string& where, const std::string& pointer, std::string found, std::string expected) {
    const auto split = where.find(" at ");
    loading.faults.add({where.substr(0, split), (split == std::string::npos ? "" : where.substr(split + 4)) + pointer,
                        std::move(found), std::move(expected)});
  };
  for (const auto& [id, framework] : loading.frameworks) {
    if (framework->credit_system && !system_known(framework->credit_system->str())) {
      note(place("framework", id.str()), "/credit_system", "\"" + framework->credit_system->str() + "\"",
           "the id of a credit system that is loaded");
    }
    for (std::size_t i = 0; i < framework->qualification_types.size(); ++i) {
      const auto& credits = framework->qualification_types[i].credits;
      if (credits && !credits->system.empty() && !system_known(credits->system)) {
        note(place("framework", id.str()), "/qualification_types/" + std::to_string(i) + "/credits/system",
             "\"" + credits->system + "\"", "the id of a credit system that is loaded");
      }
    }
  }
  for (const auto& [id, system] : loading.credit_systems) {
    if (system->alias_of && (!system_known(system->alias_of->str()) || *system->alias_of == id)) {
      note(place("credit system", id.str()), "/alias_of", "\"" + system->alias_of->str() + "\"",
           "the id of another credit system that is loaded");
    }
    for (std::size_t i = 0; i < system->official_ratios.size(); ++i) {
      const std::string to = system->official_ratios[i].to.str();
      if (!to.empty() && !system_known(to)) {
        note(place("credit system", id.str()), "/official_ratios/" + std::to_string(i) + "/to", "\"" + to + "\"",
             "the id of a credit system that is loaded");
      }
    }
  }
  // parent and superseded_by must name frameworks and must not run in a circle.
  std::map<FrameworkId, std::map<std::string, FrameworkId>> links;
  for (const Cursor& root : roots) {
    if (!root.is_object() || !root.has("id") || !root.has("levels")) continue;
    for (const char* key : {"parent", "superseded_by"}) {
      if (const auto target = root.maybe_string(key)) {
        if (!framework_known(FrameworkId{*target})) {
          root.fault_at(key, "\"" + *target + "\"", "the id of a framework that is loaded");
        } else {
          links[FrameworkId{root.string("id")}][key] = FrameworkId{*target};
        }
      }
    }
  }
  for (const auto& [start, keys] : links) {
    for (const auto& [key, first] : keys) {
      FrameworkId at = first;
      for (std::size_t hops = 0; hops <= links.size(); ++hops) {
        if (at == start) {
          note(place("framework", start.str()), "/" + key, "a circle back to \"" + start.str() + "\"", "a chain that ends");
          break;
        }
        const auto next = links.find(at);
        if (next == links.end() || !next->second.contains(key)) break;
        at = next->second.at(key);
      }
    }
  }
  const auto mapping_of = [&](const MappingId& id) -> const Mapping* {
    if (const auto found = loading.mappings.find(id); found != loading.mappings.end()) return found->second.get();
    return base == nullptr ? nullptr : base->find(id);
  };
  for (const auto& [id, mapping] : loading.mappings) {
    for (const MappingId& origin : mapping->derived_from) {
      if (mapping_of(origin) == nullptr) {
        note(place("mapping", id.str()), "/derived_from", "\"" + origin.str() + "\"", "the id of a mapping that is loaded");
      }
    }
    std::set<MappingId> reached;
    std::vector<MappingId> open = mapping->derived_from;
    while (!open.empty()) {
      const MappingId next = open.back();
      open.pop_back();
      if (next == id) {
        note(place("mapping", id.str()), "/derived_from", "a circle back to itself", "origins that do not derive from it");
        break;
      }
      if (!reached.insert(next).second) continue;
      if (const Mapping* origin = mapping_of(next)) open.insert(open.end(), origin->derived_from.begin(), origin->derived_from.end());
    }
  }
}

}  // namespace

World load_facts(std::span<const FactFile> files, const World* base, View view, bool replace, const LoadLimits& limits) {
  Loading loading(limits.faults);
  std::vector<nlohmann::json> values;
  std::vector<Cursor> roots;
  values.reserve(files.size());
  std::size_t total = 0;
  std::size_t values_left = limits.values;
  for (const FactFile& file : files) {
    total += file.text.size();
    if (file.text.size() > limits.file_bytes) {
      loading.faults.add({file.path, "", "a file of " + std::to_string(file.text.size()) + " bytes",
                          "at most " + std::to_string(limits.file_bytes) + " bytes"});
      continue;
    }
    if (total > limits.total_bytes) {
      loading.faults.add({file.path, "", "more than " + std::to_string(limits.total_bytes) + " bytes of facts", "fewer facts per load"});
      break;
    }
    detail::JsonText text = detail::parse_json(file.text, limits.depth, values_left);
    if (text.fault) {
      loading.faults.add({file.path, text.fault->pointer, text.fault->found, text.fault->expected});
      if (values_left == 0 || loading.faults.full()) break;
      continue;
    }
    values.push_back(std::move(text.value));
    roots.emplace_back(values.back(), file.path, "", loading.faults);
  }
  for (const Cursor& root : roots) {
    if (loading.faults.full()) break;
    read_file(loading, root);
  }
  const auto find = [&](const FrameworkId& id) -> const Framework* {
    if (const auto found = loading.frameworks.find(id); found != loading.frameworks.end()) return found->second.get();
    return base == nullptr ? nullptr : base->find(id);
  };
  for (const Cursor& at : loading.mapping_cursors) {
    if (loading.faults.full()) break;
    Mapping mapping = read_mapping_fact(at, find);
    const MappingId id = mapping.id;
    if (loading.claim(at, "mapping", id.str())) loading.mappings[id] = std::make_shared<const Mapping>(std::move(mapping));
  }
  check_references(loading, base, roots);

  Facts facts = base == nullptr ? Facts{} : base->facts();
  // Facts of the base give way only when that was asked for.
  const auto overlay = [&](auto& list, auto& fresh, const std::string& kind) {
    for (auto& [id, fact] : fresh) {
      // Named anew because Clang 14 does not let a lambda take a structured binding.
      const auto at = std::ranges::find_if(list, [&wanted = id](const auto& old) { return old->id == wanted; });
      if (at == list.end()) {
        list.push_back(std::move(fact));
      } else if (replace) {
        *at = std::move(fact);
      } else {
        const std::string where = loading.first_seen[kind + " " + id.str()];
        loading.faults.add({where.substr(0, where.find(" at ")), "/id", "the " + kind + " \"" + id.str() + "\", which the base has already",
                            "another id, or loading with replace"});
      }
    }
  };
  overlay(facts.frameworks, loading.frameworks, "framework");
  overlay(facts.credit_systems, loading.credit_systems, "credit system");
  overlay(facts.mappings, loading.mappings, "mapping");
  for (auto& [key, record] : loading.records) {
    const auto at = std::ranges::find_if(facts.records, [&, k = key](const auto& old) {
      return old->kind == k.first && old->id == k.second;
    });
    if (at == facts.records.end()) {
      facts.records.push_back(record);
    } else if (replace) {
      *at = record;
    } else {
      loading.faults.add({record->file, "/id", "the " + std::string(to_string(key.first)) + " \"" + key.second +
                                                   "\", which the base has already", "another id, or loading with replace"});
    }
  }
  if (!loading.faults.list.empty()) throw FactError(std::move(loading.faults.list));
  if (replace && base != nullptr) {
    // A replaced framework may have moved its levels under mappings that stay.
    for (auto& mapping : facts.mappings) {
      const bool touched = loading.frameworks.contains(mapping->from) || loading.frameworks.contains(mapping->to);
      if (!touched || loading.mappings.contains(mapping->id)) continue;
      mapping = std::make_shared<const Mapping>(read_mapping(World(facts), mapping->json, mapping->id.str()));
    }
  }
  return World(std::move(facts), view);
}

World load_folder(const std::filesystem::path& folder, const World* base, View view, bool replace, const LoadLimits& limits) {
  namespace fs = std::filesystem;
  std::error_code error;
  if (!fs::is_directory(folder, error)) {
    throw FactError({{folder.string(), "", error ? error.message() : "no folder", "a folder with files of facts"}});
  }
  std::vector<fs::path> paths;
  // Links are not followed: a folder of facts must end.
  for (auto at = fs::recursive_directory_iterator(folder, error); !error && at != fs::recursive_directory_iterator(); at.increment(error)) {
    if (at->is_directory() && at->path().filename() == "schemas") {
      at.disable_recursion_pending();
    } else if (at->is_regular_file(error) && at->path().extension() == ".json") {
      paths.push_back(at->path());
    }
    if (paths.size() > limits.files) {
      throw FactError({{folder.string(), "", "more than " + std::to_string(limits.files) + " files", "fewer files per load"}});
    }
  }
  if (error) throw FactError({{folder.string(), "", error.message(), "a folder that can be read"}});
  std::ranges::sort(paths);
  std::vector<FactFile> files;
  std::vector<Fault> faults;
  std::size_t total = 0;
  for (const fs::path& path : paths) {
    const std::string name = path.lexically_relative(folder).generic_string();
    const auto size = fs::file_size(path, error);
    if (error || size > limits.file_bytes || (total += size) > limits.total_bytes) {
      faults.push_back({name, "", error ? error.message() : std::to_string(size) + " bytes, with which the limit is passed",
                        "at most " + std::to_string(limits.file_bytes) + " bytes a file and " +
                            std::to_string(limits.total_bytes) + " in all"});
      continue;
    }
    std::ifstream stream(path, std::ios::binary);
    FactFile file{name, std::string(size, '\0')};
    if (!stream.read(file.text.data(), static_cast<std::streamsize>(size))) {
      faults.push_back({name, "", "a file that cannot be read", "a readable file"});
      continue;
    }
    files.push_back(std::move(file));
  }
  if (!faults.empty()) throw FactError(std::move(faults));
  if (files.empty()) throw FactError({{folder.string(), "", "no file of facts", "at least one .json file"}});
  return load_facts(files, base, view, replace, limits);
}

Mapping read_mapping(const World& world, std::string_view json, std::string_view where) {
  const LoadLimits limits;
  if (json.size() > limits.file_bytes) {
    throw FactError({{std::string(where), "", std::to_string(json.size()) + " bytes", "at most " + std::to_string(limits.file_bytes)}});
  }
  std::size_t values_left = limits.values;
  const detail::JsonText text = detail::parse_json(json, limits.depth, values_left);
  if (text.fault) throw FactError({{std::string(where), text.fault->pointer, text.fault->found, text.fault->expected}});
  Faults faults(limits.faults);
  Mapping mapping = read_mapping_fact(Cursor(text.value, std::string(where), "", faults),
                                      [&](const FrameworkId& id) { return world.find(id); });
  for (const MappingId& origin : mapping.derived_from) {
    if (world.find(origin) == nullptr) {
      faults.add({std::string(where), "/derived_from", "\"" + origin.str() + "\"", "the id of a mapping that is loaded"});
    }
  }
  if (!faults.list.empty()) throw FactError(std::move(faults.list));
  return mapping;
}

}  // namespace qualgraph
