#include "qualgraph/stacking/detail/assembly.hpp"

#include <algorithm>

#include "qualgraph/facts/detail/cursor.hpp"

namespace qualgraph::detail {

void Assembly::lay(const Json& fragment, const std::string& pointer) {
  if (!fragment.is_object()) return;
  const auto keyed = [&](std::string_view name) {
    const auto found = fragment.find(name);
    if (found == fragment.end() || !found->is_object()) return;
    Section& section = sections[std::string(name)];
    for (const auto& [key, value] : found->items()) {
      if (key.starts_with("x-")) continue;
      section[key] = {&value, pointer + "/" + std::string(name) + "/" + escaped(key)};
    }
  };
  for (const std::string_view name : kClauseSections) keyed(name);
  for (const std::string_view name : kKeyedSections) keyed(name);
  for (const std::string_view name : kWholeSections) {
    if (const auto found = fragment.find(name); found != fragment.end()) {
      wholes[std::string(name)] = {&*found, pointer + "/" + std::string(name)};
    }
  }
}

void Assembly::begin_exit() {
  for (const auto& [id, place] : section("places")) gone.insert(id);
  for (const std::string_view name : {"places", "floors", "caps", "requirements"}) sections.erase(std::string(name));
  wholes.erase("total");
}

const Section& Assembly::section(std::string_view name) const {
  static const Section none;
  const auto found = sections.find(name);
  return found == sections.end() ? none : found->second;
}

const Json* Assembly::find(std::string_view path) const {
  const auto slash = path.find('/');
  const std::string_view first = path.substr(0, slash);
  if (const auto whole = wholes.find(first); whole != wholes.end()) {
    return slash == std::string_view::npos ? whole->second.value : find_path(*whole->second.value, path.substr(slash + 1));
  }
  if (slash == std::string_view::npos) return nullptr;
  const std::string_view rest = path.substr(slash + 1);
  const auto next = rest.find('/');
  const Section& entries = section(first);
  const auto entry = entries.find(without_value(rest.substr(0, next)));
  if (entry == entries.end()) return nullptr;
  return next == std::string_view::npos ? entry->second.value : find_path(*entry->second.value, rest.substr(next + 1));
}

bool Assembly::edit(std::string_view path, const Json* to, std::deque<Json>& store) {
  if (find(path) == nullptr) return false;
  const auto slash = path.find('/');
  const std::string first(path.substr(0, slash));
  Part* part = nullptr;
  std::string_view below;
  if (const auto whole = wholes.find(first); whole != wholes.end()) {
    if (slash == std::string_view::npos && to == nullptr) {
      wholes.erase(whole);
      return true;
    }
    part = &whole->second;
    if (slash != std::string_view::npos) below = path.substr(slash + 1);
  } else {
    const std::string_view rest = path.substr(slash + 1);
    const auto next = rest.find('/');
    const std::string id(without_value(rest.substr(0, next)));
    Section& entries = sections[first];
    if (next == std::string_view::npos && to == nullptr) {
      entries.erase(id);
      return true;
    }
    part = &entries[id];
    if (next != std::string_view::npos) below = rest.substr(next + 1);
  }
  store.push_back(below.empty() ? *to : *part->value);
  if (!below.empty() && change_path(store.back(), below, to)) return false;
  part->value = &store.back();
  return true;
}

std::string_view without_value(std::string_view name) noexcept { return name.substr(0, name.find('[')); }

std::string joined(std::string above, std::string_view step) {
  if (!above.empty()) above += '/';
  return above.append(step);
}

std::vector<std::string> steps_of(std::string_view path) {
  std::vector<std::string> steps;
  if (path.empty()) return steps;
  std::size_t begin = 0;
  while (true) {
    const auto end = path.find('/', begin);
    steps.emplace_back(path.substr(begin, end == std::string_view::npos ? end : end - begin));
    if (end == std::string_view::npos) return steps;
    begin = end + 1;
  }
}

const Json* find_path(const Json& root, std::string_view path) {
  const Json* at = &root;
  for (const std::string& step : steps_of(path)) {
    if (at->is_object()) {
      const auto found = at->find(step);
      if (found == at->end()) return nullptr;
      at = &*found;
    } else if (at->is_array() && !step.empty() && step.size() < 10 &&
               step.find_first_not_of("0123456789") == std::string::npos && std::stoul(step) < at->size()) {
      at = &(*at)[std::stoul(step)];
    } else {
      return nullptr;
    }
  }
  return at;
}

std::vector<std::string> paths_of(const Json& root) {
  // Nearness costs a comparison for every path, so a rule of ten thousand clauses offers only its first ones.
  constexpr std::size_t kMost = 2'000;
  std::vector<std::string> paths;
  std::vector<std::pair<const Json*, std::string>> open{{&root, ""}};
  for (std::size_t i = 0; i < open.size() && paths.size() < kMost; ++i) {
    const auto [value, path] = open[i];
    const auto add = [&, &above = path](const std::string& step, const Json& child) {
      std::string below = joined(above, step);
      paths.push_back(below);
      if (child.is_structured() && open.size() < kMost) open.emplace_back(&child, std::move(below));
    };
    if (value->is_object()) {
      for (const auto& [key, child] : value->items()) add(key, child);
    } else if (value->is_array()) {
      for (std::size_t k = 0; k < value->size() && paths.size() < kMost; ++k) add(std::to_string(k), (*value)[k]);
    }
  }
  return paths;
}

}  // namespace qualgraph::detail
