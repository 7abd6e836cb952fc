#include "qualgraph/facts/load.hpp"

#include <algorithm>
#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/strong_components.hpp>
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

/// Where a fact was found.
struct Place {
  std::string file;
  std::string pointer;
};

/// Facts of one load, by id, with the place each came from. Reading runs in two rounds: mappings
/// need the levels of every framework, whatever the order of the files.
struct Loading {
  Faults faults;
  std::map<FrameworkId, Shared<Framework>> frameworks;
  std::map<MappingId, Shared<Mapping>> mappings;
  std::map<CreditSystemId, Shared<CreditSystem>> credit_systems;
  std::map<std::pair<RecordKind, std::string>, Shared<FactRecord>> records;
  std::map<std::pair<std::string, std::string>, Place> first_seen;   ///< by kind and id
  std::map<FrameworkId, Cursor> framework_cursors;
  std::vector<Cursor> mapping_cursors;

  explicit Loading(std::size_t limit) : faults(limit) {}

  /// Notes a fault and gives false when this load has the id already.
  bool claim(const Cursor& at, const std::string& kind, const std::string& id) {
    const auto [first, fresh] = first_seen.emplace(std::pair{kind, id}, Place{at.file(), at.pointer()});
    if (!fresh) {
      const Place& place = first->second;
      at.fault("the " + kind + " " + in_quotes(id) + " a second time (first in " + place.file +
                   (place.pointer.empty() ? "" : " at " + place.pointer) + ")",
               "each id once");
    }
    return fresh;
  }

  /// Notes a fault at a value below a fact that was read.
  void fault(const std::string& kind, const std::string& id, std::string_view pointer, std::string found, std::string expected) {
    const Place& place = first_seen[{kind, id}];
    faults.add({place.file, place.pointer + std::string(pointer), std::move(found), std::move(expected)});
  }

  void framework(const Cursor& at) {
    Framework fact = read_framework(at);
    const FrameworkId id = fact.id;
    if (id.empty() || !claim(at, "framework", id.str())) return;
    frameworks[id] = std::make_shared<const Framework>(std::move(fact));
    framework_cursors.emplace(id, at);
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
  /// A rule is read where it is used: here only what finding it takes is looked at, and its text is
  /// kept as it stands.
  void rule(const Cursor& at, const std::string& text, const std::string& name) {
    if (at.at("language").json() != 1) {
      at.fault_at("language", at.at("language").shown(), "1, the version of the rule language");
    }
    const std::string id = at.string("id");
    if (!id.empty() && id != name) at.fault_at("id", in_quotes(id), in_quotes(name) + ", as the file is named");
    static_cast<void>(at.string("title"));
    if (id.empty() || !claim(at, to_string(RecordKind::rule), id)) return;
    records[{RecordKind::rule, id}] = std::make_shared<const FactRecord>(FactRecord{RecordKind::rule, id, text, at.file()});
  }
  /// Its clauses are read where they are used; here only what finding it takes is looked at.
  void definition(const Cursor& at, const std::string& name) {
    const std::string id = at.string("id");
    if (!id.empty() && id != name) at.fault_at("id", in_quotes(id), in_quotes(name) + ", as the file is named");
    record(at, RecordKind::definition, id);
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
    for (const Cursor& each : at.items("mappings")) {
      // A document is withdrawn, cited and counted as one; its tables must not tell another name.
      for (const std::string_view key : {"document_id", "document"}) {
        if (at.has(key) && each.is_object() && at.at(key).json() != each.at(key).json()) {
          each.fault_at(key, each.at(key).shown(), at.at(key).shown() + ", as at the top of the file");
        }
      }
      mapping_cursors.push_back(each);
    }
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

void read_file(Loading& loading, const Cursor& at, const std::string& text) {
  const std::string& path = at.file();
  if (below(path, "context") || stem_of(path) == "conversions") {
    loading.record(at, RecordKind::context, stem_of(path));
    return;
  }
  if (!at.is_object()) {
    at.fault(at.shown(), "an object");
    return;
  }
  if (below(path, "rules")) {
    loading.rule(at, text, stem_of(path));
  } else if (below(path, "definitions")) {
    loading.definition(at, stem_of(path));
  } else if (at.has("mappings")) {
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
             "(hours_per_credit), or a file in frameworks, mappings, credit_systems, policies, rules or definitions");
  }
}

using Edges = std::map<std::string, std::vector<std::string>>;

/// Names from which the edges lead back to themselves: Tarjan's strong components, whose cost is
/// linear in the edges, so that a long chain in a hostile file is no trap.
std::set<std::string> on_circles(const Edges& edges) {
  using Graph = boost::adjacency_list<boost::vecS, boost::vecS, boost::directedS>;
  std::map<std::string_view, std::size_t> index;
  for (const auto& [name, targets] : edges) index.emplace(name, index.size());
  Graph graph(index.size());
  std::set<std::string> result;
  for (const auto& [name, targets] : edges) {
    for (const std::string& target : targets) {
      if (target == name) result.insert(name);
      // A name without edges of its own lies on no circle.
      if (const auto at = index.find(target); at != index.end()) boost::add_edge(index.at(name), at->second, graph);
    }
  }
  std::vector<std::size_t> component(index.size());
  std::vector<std::size_t> size(index.size());
  if (!index.empty()) boost::strong_components(graph, component.data());
  for (const std::size_t each : component) ++size[each];
  for (const auto& [name, at] : index) {
    if (size[component[at]] > 1) result.emplace(name);
  }
  return result;
}

void check_credit_references(Loading& loading, const World* base) {
  const auto find = [&](const CreditSystemId& id) -> const CreditSystem* {
    if (const auto found = loading.credit_systems.find(id); found != loading.credit_systems.end()) return found->second.get();
    return base == nullptr ? nullptr : base->find(id);
  };
  constexpr const char* kExpected = "the id of a credit system that is loaded";
  for (const auto& [id, framework] : loading.frameworks) {
    if (framework->credit_system && find(*framework->credit_system) == nullptr) {
      loading.fault("framework", id.str(), "/credit_system", in_quotes(framework->credit_system->str()), kExpected);
    }
    for (std::size_t i = 0; i < framework->qualification_types.size(); ++i) {
      const auto& credits = framework->qualification_types[i].credits;
      if (credits && !credits->system.empty() && find(CreditSystemId{credits->system}) == nullptr) {
        loading.fault("framework", id.str(), "/qualification_types/" + std::to_string(i) + "/credits/system",
                      in_quotes(credits->system), kExpected);
      }
    }
  }
  for (const auto& [id, system] : loading.credit_systems) {
    if (system->alias_of) {
      const CreditSystem* real = find(*system->alias_of);
      if (real == nullptr) {
        loading.fault("credit system", id.str(), "/alias_of", in_quotes(system->alias_of->str()), kExpected);
      } else if (real->alias_of) {
        loading.fault("credit system", id.str(), "/alias_of", in_quotes(system->alias_of->str()) + ", itself a second name",
                      "the id of a credit system that is no alias");
      }
    }
    for (std::size_t i = 0; i < system->official_ratios.size(); ++i) {
      const CreditSystemId& to = system->official_ratios[i].to;
      if (!to.empty() && find(to) == nullptr) {
        loading.fault("credit system", id.str(), "/official_ratios/" + std::to_string(i) + "/to", in_quotes(to.str()), kExpected);
      }
    }
  }
}

/// `parent` and `superseded_by` name frameworks and end somewhere.
void check_framework_links(Loading& loading, const World* base) {
  for (const std::string key : {"parent", "superseded_by"}) {
    Edges edges;
    for (const auto& [id, at] : loading.framework_cursors) {
      const auto target = at.maybe_string(key);
      if (!target) continue;
      const FrameworkId other{*target};
      if (loading.frameworks.contains(other) || (base != nullptr && base->find(other) != nullptr)) {
        edges[id.str()].push_back(*target);
      } else {
        at.fault_at(key, in_quotes(*target), "the id of a framework that is loaded");
      }
    }
    if (edges.empty()) continue;
    if (base != nullptr) {
      for (const auto& framework : base->frameworks()) {
        if (loading.frameworks.contains(framework->id)) continue;
        const auto json = nlohmann::json::parse(framework->json, nullptr, false);
        if (!json.is_object() || !json.contains(key) || !json[key].is_string()) continue;
        edges[framework->id.str()].push_back(json[key].get<std::string>());
      }
    }
    for (const std::string& id : on_circles(edges)) {
      if (loading.frameworks.contains(FrameworkId{id})) {
        loading.fault("framework", id, "/" + key, "a circle back to " + in_quotes(id), "a chain that ends");
      }
    }
  }
}

void check_origins(Loading& loading, const World* base) {
  Edges edges;
  const auto add = [&](const Mapping& mapping) {
    for (const MappingId& origin : mapping.derived_from) edges[mapping.id.str()].push_back(origin.str());
  };
  for (const auto& [id, mapping] : loading.mappings) {
    add(*mapping);
    for (std::size_t i = 0; i < mapping->derived_from.size(); ++i) {
      const MappingId& origin = mapping->derived_from[i];
      if (origin.empty() || loading.mappings.contains(origin) || (base != nullptr && base->find(origin) != nullptr)) continue;
      loading.fault("mapping", id.str(), "/derived_from/" + std::to_string(i), in_quotes(origin.str()),
                    "the id of a mapping that is loaded");
    }
  }
  if (edges.empty()) return;
  if (base != nullptr) {
    for (const auto& mapping : base->mappings()) {
      if (!loading.mappings.contains(mapping->id)) add(*mapping);
    }
  }
  for (const std::string& id : on_circles(edges)) {
    if (loading.mappings.contains(MappingId{id})) {
      loading.fault("mapping", id, "/derived_from", "a circle back to itself", "origins that do not derive from it");
    }
  }
}

/// Puts `fresh` facts into a list sorted by `key`, in the place of those of the same id or behind.
/// Facts of the base give way only when that was asked for.
template <class List, class Fresh, class Key, class Taken>
void overlay(List& list, Fresh& fresh, const Key& key, bool replace, const Taken& taken) {
  const auto size = static_cast<std::ptrdiff_t>(list.size());
  for (auto& [id, fact] : fresh) {
    const auto end = list.begin() + size;
    const auto at = std::lower_bound(list.begin(), end, id, [&](const auto& old, const auto& wanted) { return key(*old) < wanted; });
    if (at == end || key(**at) != id) {
      list.push_back(fact);
    } else if (replace) {
      *at = fact;
    } else {
      taken(id);
    }
  }
}

/// Mappings that stay while a framework under them was replaced: its levels may have moved.
void read_again(Facts& facts, const Loading& loading) {
  const World world(facts);
  std::vector<Fault> faults;
  for (auto& mapping : facts.mappings) {
    const bool touched = loading.frameworks.contains(mapping->from) || loading.frameworks.contains(mapping->to);
    if (!touched || loading.mappings.contains(mapping->id)) continue;
    try {
      mapping = std::make_shared<const Mapping>(read_mapping(world, mapping->json, mapping->id.str()));
    } catch (const FactError& error) {
      faults.insert(faults.end(), error.faults().begin(), error.faults().end());
    }
  }
  if (!faults.empty()) throw FactError(std::move(faults));
}

}  // namespace

World load_facts(std::span<const FactFile> files, const World* base, View view, bool replace, const LoadLimits& limits) {
  Loading loading(limits.faults);
  std::vector<nlohmann::json> values;
  std::vector<std::pair<Cursor, const std::string*>> roots;   ///< with the text each was read from
  values.reserve(files.size());
  std::size_t total = 0;
  std::size_t values_left = limits.values;
  if (files.size() > limits.files) {
    throw FactError({{files[limits.files].path, "", "more than " + std::to_string(limits.files) + " files", "fewer files per load"}});
  }
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
    roots.emplace_back(Cursor(values.back(), file.path, "", loading.faults), &file.text);
  }
  for (const auto& [root, text] : roots) {
    if (loading.faults.full()) break;
    read_file(loading, root, *text);
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
  check_credit_references(loading, base);
  check_framework_links(loading, base);
  check_origins(loading, base);

  Facts facts = base == nullptr ? Facts{} : base->facts();
  const auto by_id = [&](auto& list, auto& fresh, const std::string& kind) {
    overlay(list, fresh, [](const auto& fact) -> const auto& { return fact.id; }, replace, [&](const auto& id) {
      loading.fault(kind, id.str(), "/id", "the " + kind + " " + in_quotes(id.str()) + ", which the base has already",
                    "another id, or loading with replace");
    });
  };
  by_id(facts.frameworks, loading.frameworks, "framework");
  by_id(facts.credit_systems, loading.credit_systems, "credit system");
  by_id(facts.mappings, loading.mappings, "mapping");
  overlay(facts.records, loading.records, [](const FactRecord& fact) { return std::pair{fact.kind, fact.id}; }, replace,
          [&](const std::pair<RecordKind, std::string>& key) {
            const std::string kind = to_string(key.first);
            loading.fault(kind, key.second, "", "the " + kind + " " + in_quotes(key.second) + ", which the base has already",
                          "another id, or loading with replace");
          });
  if (!loading.faults.list.empty()) throw FactError(std::move(loading.faults.list));
  if (replace && base != nullptr) read_again(facts, loading);
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
    // What is no file (a link to nowhere or to itself, a pipe) is noted when its turn to be read comes.
    std::error_code unreadable;
    if (at->is_directory(unreadable)) {
      if (at->path().filename() == "schemas") at.disable_recursion_pending();
    } else if (at->path().extension() == ".json" && !at->path().filename().string().starts_with('.')) {
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
    if (!fs::is_regular_file(path, error)) {
      faults.push_back({name, "", error ? error.message() : "no regular file", "a file that can be read"});
      continue;
    }
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
  const std::string file{where};
  if (json.size() > limits.file_bytes) {
    throw FactError({{file, "", std::to_string(json.size()) + " bytes", "at most " + std::to_string(limits.file_bytes)}});
  }
  std::size_t values_left = limits.values;
  const detail::JsonText text = detail::parse_json(json, limits.depth, values_left);
  if (text.fault) throw FactError({{file, text.fault->pointer, text.fault->found, text.fault->expected}});
  Faults faults(limits.faults);
  Mapping mapping = read_mapping_fact(Cursor(text.value, file, "", faults),
                                      [&](const FrameworkId& id) { return world.find(id); });
  for (std::size_t i = 0; i < mapping.derived_from.size(); ++i) {
    const MappingId& origin = mapping.derived_from[i];
    if (!origin.empty() && world.find(origin) == nullptr) {
      faults.add({file, "/derived_from/" + std::to_string(i), in_quotes(origin.str()), "the id of a mapping that is loaded"});
    }
  }
  if (!faults.list.empty()) throw FactError(std::move(faults.list));
  return mapping;
}

}  // namespace qualgraph
