#include "qualgraph/stacking/world_rules.hpp"

#include <algorithm>
#include <map>
#include <mutex>

#include "qualgraph/model/error.hpp"
#include "qualgraph/model/suggest.hpp"

namespace qualgraph {
namespace {

/// Rules of a world as far as they were asked for.
struct ParsedRules {
  std::map<std::string, const FactRecord*, std::less<>> texts;
  mutable std::mutex mutex;
  mutable std::map<std::string, std::shared_ptr<const Rule>, std::less<>> parsed;
};

std::shared_ptr<const ParsedRules> rules_of(const World& world) {
  return world.derived<ParsedRules>([](const World& source) {
    auto rules = std::make_shared<ParsedRules>();
    for (const auto& record : source.records()) {
      if (record->kind == RecordKind::rule) rules->texts.emplace(record->id, record.get());
    }
    return rules;
  });
}

}  // namespace

std::shared_ptr<const Rule> find_rule(const World& world, std::string_view id) {
  const auto rules = rules_of(world);
  {
    const std::scoped_lock lock(rules->mutex);
    if (const auto kept = rules->parsed.find(id); kept != rules->parsed.end()) return kept->second;
  }
  const auto text = rules->texts.find(id);
  if (text == rules->texts.end()) {
    throw UnknownId("no stacking rule " + in_quotes(id) + "." + did_you_mean(id, rule_ids(world)));
  }
  // Parsed outside the lock: a long rule holds up nobody, and whoever comes first is kept.
  auto rule = std::make_shared<const Rule>(Rule::parse(text->second->json, text->second->file));
  const std::scoped_lock lock(rules->mutex);
  return rules->parsed.emplace(std::string(id), std::move(rule)).first->second;
}

std::vector<std::string> rule_ids(const World& world) {
  std::vector<std::string> ids;
  for (const auto& record : world.records()) {
    if (record->kind == RecordKind::rule) ids.push_back(record->id);
  }
  std::ranges::sort(ids);
  return ids;
}

}  // namespace qualgraph
