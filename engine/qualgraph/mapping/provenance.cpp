#include "qualgraph/mapping/provenance.hpp"

#include <algorithm>
#include <set>

#include "qualgraph/model/error.hpp"

namespace qualgraph {
namespace {

using Documents = std::set<DocumentId>;

/// Grows hitting sets one set of the family at a time and keeps the minimal ones (Berge's method).
std::vector<Documents> grow(const std::vector<Documents>& partial, const std::vector<DocumentId>& family) {
  std::set<Documents> grown;
  for (const Documents& each : partial) {
    const bool hits = std::ranges::any_of(family, [&](const DocumentId& document) { return each.contains(document); });
    if (hits) {
      grown.insert(each);
      continue;
    }
    for (const DocumentId& document : family) {
      Documents more = each;
      more.insert(document);
      grown.insert(std::move(more));
    }
  }
  // Minimal hitting sets can be exponentially many; past this number no reader is served by a list.
  constexpr std::size_t kMost = 2'000;
  if (grown.size() > kMost) {
    throw InvalidValue("more than " + std::to_string(kMost) + " sets of documents would have to be listed; ask over fewer routes (via)");
  }
  std::vector<Documents> minimal;
  for (const Documents& each : grown) {
    const bool larger = std::ranges::any_of(grown, [&](const Documents& other) {
      return other.size() < each.size() && std::ranges::includes(each, other);
    });
    if (!larger) minimal.push_back(each);
  }
  return minimal;
}

}  // namespace

std::vector<std::vector<DocumentId>> minimal_hitting_sets(const std::vector<std::vector<DocumentId>>& family) {
  std::vector<Documents> partial{{}};
  for (const auto& set : family) partial = grow(partial, set);
  std::vector<std::vector<DocumentId>> result;
  for (const Documents& each : partial) result.emplace_back(each.begin(), each.end());
  std::ranges::sort(result, [](const auto& a, const auto& b) {
    return a.size() != b.size() ? a.size() < b.size() : a < b;
  });
  return result;
}

Provenance provenance(const LevelAnswer& answer, const std::string& code) {
  const auto at = answer.witnesses.find(code);
  if (at == answer.witnesses.end()) {
    std::string known;
    for (const std::string& each : answer.possible) known += (known.empty() ? "" : ", ") + each;
    throw UnknownId("level \"" + code + "\" of " + answer.to.str() + " is not among the possible counterparts of " +
                    answer.from.str() + (known.empty() ? "; there are none" : ": " + known));
  }
  Provenance result;
  result.level = code;
  result.witnesses = at->second;
  bool first = true;
  for (const RouteAnswer& route : answer.routes) {
    const bool used = answer.peer ? route.status == RouteStatus::peer : route.status == RouteStatus::alive;
    if (!used || std::ranges::find(route.possible, code) == route.possible.end()) continue;
    result.terms.push_back(route.documents);
    const int documents = static_cast<int>(route.documents.size());
    if (first || documents < result.documents) result.documents = documents;
    // Routes stand in order of strength, so the first is the strongest.
    if (first) {
      result.strength = route.strength;
      result.evidence = route.evidence;
    }
    first = false;
  }
  result.withdrawals = minimal_hitting_sets(result.witnesses);
  return result;
}

std::string Provenance::polynomial() const {
  std::string text;
  for (const auto& term : terms) {
    text += text.empty() ? "" : " + ";
    for (std::size_t i = 0; i < term.size(); ++i) text += (i == 0 ? "x[" : "·x[") + term[i].str() + "]";
  }
  return text.empty() ? "0" : text;
}

}  // namespace qualgraph
