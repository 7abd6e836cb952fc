#include "qualgraph/mapping/map_level.hpp"

#include <algorithm>
#include <bit>
#include <set>

#include "qualgraph/mapping/detail/network.hpp"
#include "qualgraph/mapping/detail/text.hpp"
#include "qualgraph/model/error.hpp"

namespace qualgraph {
namespace {

using detail::Combined;
using detail::LightAnswer;
using detail::Link;
using detail::Network;
using detail::Outcome;
using detail::Path;
using detail::Use;
using detail::Walk;
using detail::WalkOptions;

/// Candidates for one question: the paths that may answer it.
struct Question {
  const World& world;
  Shared<Network> network;
  const MapOptions& options;
  int from = 0;
  int to = 0;
  WalkOptions walking;
  std::vector<int> stops;  ///< of a `via`, both ends included

  Question(const World& in, const FrameworkId& from_id, const FrameworkId& to_id, const MapOptions& asked)
      : world(in), network(detail::network_of(in)), options(asked), from(in.index_of(from_id)), to(in.index_of(to_id)) {
    if (options.slack < 0) throw InvalidValue("slack counts hub steps and cannot be negative");
    walking.slack = options.slack;
    if (options.type) walking.type = &*options.type;
    if (!options.via) return;
    stops.push_back(from);
    for (const FrameworkId& each : *options.via) stops.push_back(world.index_of(each));
    stops.push_back(to);
    for (std::size_t i = 0; i < stops.size(); ++i) {
      if (std::count(stops.begin(), stops.end(), stops[i]) > 1) {
        throw InvalidValue("a route visits each framework once; via names \"" + network->framework(stops[i]).id.str() + "\" twice");
      }
    }
    if (stops.size() > static_cast<std::size_t>(kMaxDocuments) + 1) {
      throw InvalidValue("a route has at most " + std::to_string(kMaxDocuments) + " documents; via names " +
                         std::to_string(options.via->size()) + " frameworks between the two");
    }
  }

  [[nodiscard]] bool usable(int mapping) const {
    const Use use = network->use(mapping, options.purpose);
    return use == Use::usable || (use == Use::draft && options.purpose == Purpose::preview);
  }
  [[nodiscard]] bool toward_cycles() const { return network->is_cycles(from) || network->is_cycles(to); }

  /// Paths that answer first: the admitted ones, of those the `via` names where there is one.
  [[nodiscard]] std::vector<Path> answering() const {
    const auto wanted = [this](int mapping) { return usable(mapping); };
    if (!options.via) return network->paths(from, to, Network::Shape::admitted, wanted);
    auto paths = named_paths(wanted);
    std::erase_if(paths, [this](const Path& path) { return !network->has_admitted_shape(path); });
    return paths;
  }

  /// Paths through the frameworks that the `via` names.
  template <class Wanted>
  [[nodiscard]] std::vector<Path> named_paths(Wanted&& wanted) const {
    auto paths = network->paths_via(stops, wanted);
    std::erase_if(paths, [this](const Path& path) {
      // Cycles follow the type of an award: no detour leads there.
      return (toward_cycles() && !network->has_admitted_shape(path)) ||
             std::any_of(path.begin(), path.end() - 1, [this](const Link& link) { return network->is_cycles(link.to); });
    });
    return paths;
  }

  [[nodiscard]] std::vector<Path> peers() const {
    if (toward_cycles()) return {};
    const auto wanted = [this](int mapping) { return usable(mapping); };
    auto paths = options.via ? named_paths(wanted) : network->paths(from, to, Network::Shape::any, wanted);
    std::erase_if(paths, [this](const Path& path) { return network->has_admitted_shape(path); });
    return paths;
  }

  /// Paths of this shape, or those the `via` names, with some document that passes `set_aside` and no
  /// other reason against them.
  template <class SetAside>
  [[nodiscard]] std::vector<Path> with_documents(Network::Shape shape, SetAside&& set_aside) const {
    const auto wanted = [&](int mapping) { return usable(mapping) || set_aside(network->use(mapping, options.purpose)); };
    auto paths = options.via ? named_paths(wanted) : network->paths(from, to, shape, wanted);
    std::erase_if(paths, [this](const Path& path) {
      return std::ranges::all_of(path, [this](const Link& link) { return usable(link.mapping); });
    });
    return paths;
  }
};

struct Candidate {
  Path path;
  Walk walked;
  Outcome outcome;
};

std::vector<int> mapping_order(const Path& path) {
  std::vector<int> order;
  for (const Link& link : path) order.push_back(link.mapping);
  return order;
}

/// Evaluates paths for one level, in canonical order: strength, fewer documents, ids.
std::vector<Candidate> evaluate(const Question& question, std::vector<Path> paths, int level) {
  std::vector<Candidate> candidates;
  for (Path& path : paths) {
    Candidate each;
    each.walked = detail::walk(*question.network, path, level, question.walking);
    each.outcome = detail::outcome_of(*question.network, path, level, each.walked);
    if (question.options.via && !question.options.via->empty()) each.outcome.statement = false;
    each.path = std::move(path);
    candidates.push_back(std::move(each));
  }
  std::ranges::stable_sort(candidates, [](const Candidate& a, const Candidate& b) {
    if (a.outcome.strength != b.outcome.strength) return a.outcome.strength > b.outcome.strength;
    if (a.path.size() != b.path.size()) return a.path.size() < b.path.size();
    return mapping_order(a.path) < mapping_order(b.path);
  });
  return candidates;
}

/// Dense networks hold thousands of routes between two frameworks. All of them are combined; the first
/// in canonical order, and those an answer points to, are listed.
constexpr std::size_t kMostListed = 500;

void keep_listed(std::vector<Candidate>& candidates, Combined& combined, std::vector<std::string>& remarks) {
  if (candidates.size() <= kMostListed) return;
  std::set<int> kept;
  for (int i = 0; i < static_cast<int>(kMostListed); ++i) kept.insert(i);
  kept.insert(combined.family.begin(), combined.family.end());
  kept.insert(combined.narrowed_by.begin(), combined.narrowed_by.end());
  const auto place = [&](int index) { return static_cast<int>(std::distance(kept.begin(), kept.find(index))); };
  std::ranges::transform(combined.family, combined.family.begin(), place);
  std::ranges::transform(combined.narrowed_by, combined.narrowed_by.begin(), place);
  std::vector<Candidate> listed;
  for (const int index : kept) listed.push_back(std::move(candidates[static_cast<std::size_t>(index)]));
  remarks.push_back(std::to_string(candidates.size() - listed.size()) +
                    " further routes were combined but are not listed; witnesses are those of the listed ones.");
  candidates = std::move(listed);
}

std::vector<Outcome> outcomes_of(const std::vector<Candidate>& candidates) {
  std::vector<Outcome> outcomes;
  for (const Candidate& each : candidates) outcomes.push_back(each.outcome);
  return outcomes;
}

RouteAnswer route_answer(const Question& question, const Candidate& candidate, int level) {
  const Network& network = *question.network;
  RouteAnswer route;
  const Walk traced = detail::walk(network, candidate.path, level, question.walking, &route.steps);
  route.path.push_back(network.framework(question.from).id);
  for (const Link& link : candidate.path) {
    const Mapping& mapping = network.mapping(link.mapping);
    route.path.push_back(network.framework(link.to).id);
    route.mappings.push_back(mapping.id);
    route.documents.push_back(mapping.document);
  }
  for (const RouteStep& step : route.steps) route.converse = route.converse || step.information_only;
  route.levels = traced.set;
  route.possible = codes(network.framework(question.to), traced.set);
  route.complete = candidate.outcome.complete;
  route.admitted = network.has_admitted_shape(candidate.path);
  route.states_no_counterpart = candidate.outcome.statement;
  route.reason = traced.reason;
  if (route.states_no_counterpart) {
    const Link& link = candidate.path.front();
    const Mapping& mapping = network.mapping(link.mapping);
    for (const LevelNote& note : link.converse ? mapping.unmatched_to : mapping.unmatched) {
      if (note.level == level && !note.text.empty()) route.reason = note.text;
    }
  }
  route.status = candidate.outcome.alive ? (route.admitted ? RouteStatus::alive : RouteStatus::peer)
                                         : (traced.silent ? RouteStatus::silent : RouteStatus::dead);
  route.strength = static_cast<Strength>(candidate.outcome.strength / 2);
  route.evidence = traced.known_only ? Evidence::known : Evidence::read;
  return route;
}

/// Mappings a document was built from, directly or not.
std::set<MappingId> origins(const World& world, const std::vector<MappingId>& mappings) {
  std::set<MappingId> reached;
  std::vector<MappingId> open = mappings;
  while (!open.empty()) {
    const MappingId next = open.back();
    open.pop_back();
    const Mapping* mapping = world.find(next);
    if (mapping == nullptr) continue;
    for (const MappingId& origin : mapping->derived_from) {
      if (reached.insert(origin).second) open.push_back(origin);
    }
  }
  return reached;
}

void mark_independent(const World& world, std::vector<RouteAnswer>& routes) {
  const auto meets = [](const auto& some, const auto& others) {
    return std::ranges::any_of(some, [&](const auto& each) { return std::ranges::find(others, each) != others.end(); });
  };
  std::vector<const RouteAnswer*> earlier;
  for (RouteAnswer& route : routes) {
    if (route.status != RouteStatus::alive && route.status != RouteStatus::peer) continue;
    const auto own = origins(world, route.mappings);
    route.independent = std::ranges::none_of(earlier, [&](const RouteAnswer* other) {
      return other->status == route.status &&
             (meets(route.documents, other->documents) || meets(other->mappings, own) ||
              meets(route.mappings, origins(world, other->mappings)));
    });
    earlier.push_back(&route);
  }
}

void keep_minimal(std::vector<std::vector<DocumentId>>& sets) {
  std::ranges::sort(sets);
  sets.erase(std::unique(sets.begin(), sets.end()), sets.end());
  std::ranges::stable_sort(sets, {}, [](const auto& set) { return set.size(); });
  // Smaller sets come first, so each is compared with the minimal ones alone.
  std::vector<std::vector<DocumentId>> minimal;
  for (auto& set : sets) {
    const bool larger = std::ranges::any_of(minimal, [&](const auto& other) { return std::ranges::includes(set, other); });
    if (!larger) minimal.push_back(std::move(set));
  }
  sets = std::move(minimal);
}

void find_witnesses(LevelAnswer& answer, const Framework& target) {
  for (LevelMask rest = answer.levels; rest != 0; rest &= rest - 1) {
    const int level = std::countr_zero(rest);
    std::vector<std::vector<DocumentId>> sets;
    for (const RouteAnswer& route : answer.routes) {
      const bool used = answer.peer ? (route.status == RouteStatus::peer) : (route.status == RouteStatus::alive);
      if (!used || ((route.levels >> level) & 1U) == 0) continue;
      std::vector<DocumentId> documents = route.documents;
      std::ranges::sort(documents);
      documents.erase(std::unique(documents.begin(), documents.end()), documents.end());
      sets.push_back(std::move(documents));
    }
    keep_minimal(sets);
    answer.witnesses[target.levels[static_cast<std::size_t>(level)].code] = std::move(sets);
  }
}

void fill_ends(LevelAnswer& answer, const Framework& target) {
  if (answer.levels == 0) return;
  answer.possible = codes(target, answer.levels);
  const Bounds ends = bounds(target, answer.levels);
  const auto named = [&](const std::vector<int>& levels) {
    std::vector<std::string> result;
    for (const int level : levels) result.push_back(target.levels[static_cast<std::size_t>(level)].code);
    return result;
  };
  answer.floors = named(ends.floors);
  answer.ceilings = named(ends.ceilings);
  // Between tracks without a level below or above both there is no distance.
  if (ends.floors.size() == 1 && ends.ceilings.size() == 1) {
    answer.width = target.levels[static_cast<std::size_t>(ends.ceilings.front())].rank -
                   target.levels[static_cast<std::size_t>(ends.floors.front())].rank;
  }
}

/// Bracket of a level without counterpart, and what its neighbours are mapped to.
void look_around(const Question& question, int level, LevelAnswer& answer, const std::vector<Path>& paths) {
  const Framework& source = question.network->framework(question.from);
  const Framework& target = question.network->framework(question.to);
  const std::vector<LightAnswer> all = detail::answer_all_levels(*question.network, question.from, paths, question.walking);
  const auto single = [](const std::vector<int>& ends) { return ends.size() == 1 ? std::optional{ends.front()} : std::nullopt; };
  std::optional<int> low;
  std::optional<int> high;
  for (int other = 0; other < static_cast<int>(all.size()); ++other) {
    const LightAnswer& light = all[static_cast<std::size_t>(other)];
    if (other == level || light.status != AnswerStatus::mapped) continue;
    const Bounds ends = bounds(target, light.set);
    const bool below = source.at_most(other, level);
    const bool above = source.at_most(level, other);
    if (below) {
      answer.nearest_below = Neighbour{source.levels[static_cast<std::size_t>(other)].code, codes(target, light.set), light.complete};
      const auto floor = single(ends.floors);
      if (light.complete && floor && (!low || target.levels[static_cast<std::size_t>(*floor)].rank > target.levels[static_cast<std::size_t>(*low)].rank)) low = floor;
    }
    if (above) {
      if (!answer.nearest_above) {
        answer.nearest_above = Neighbour{source.levels[static_cast<std::size_t>(other)].code, codes(target, light.set), light.complete};
      }
      const auto ceiling = single(ends.ceilings);
      if (light.complete && ceiling && (!high || target.levels[static_cast<std::size_t>(*ceiling)].rank < target.levels[static_cast<std::size_t>(*high)].rank)) high = ceiling;
    }
  }
  if (answer.status != AnswerStatus::no_counterpart) return;
  if (low && high && !target.at_most(*low, *high)) {
    answer.remarks.emplace_back("The rows around it cross, so its neighbours bound nothing.");
    return;
  }
  if (low) answer.bracket_low = target.levels[static_cast<std::size_t>(*low)].code;
  if (high) answer.bracket_high = target.levels[static_cast<std::size_t>(*high)].code;
}

/// Why a route is not admitted: the documents against it.
std::string set_aside_reason(const Question& question, const Path& path) {
  std::string text;
  for (const Link& link : path) {
    const Use use = question.network->use(link.mapping, question.options.purpose);
    if (use == Use::usable) continue;
    text += (text.empty() ? "" : "; ") + question.network->mapping(link.mapping).id.str() + ": " + question.network->reason(use);
  }
  return text;
}

bool rests_on_unknown_edition(const Question& question, const Path& path) {
  return std::ranges::any_of(path, [&](const Link& link) {
    return question.network->use(link.mapping, question.options.purpose) == Use::unknown_edition;
  });
}

RouteAnswer set_aside_answer(const Question& question, Path path, int level) {
  Candidate candidate;
  candidate.walked = detail::walk(*question.network, path, level, question.walking);
  candidate.outcome = detail::outcome_of(*question.network, path, level, candidate.walked);
  candidate.path = std::move(path);
  RouteAnswer route = route_answer(question, candidate, level);
  route.status = rests_on_unknown_edition(question, candidate.path) ? RouteStatus::unknown_edition : RouteStatus::not_admitted;
  route.admitted = false;
  route.complete = false;
  route.reason = set_aside_reason(question, candidate.path);
  return route;
}

/// Direct documents between the two that take no part, with the reason.
void list_left_out(const Question& question, int level, LevelAnswer& answer) {
  for (Path& path : question.network->paths_via({question.from, question.to}, [&](int mapping) { return !question.usable(mapping); })) {
    answer.left_out.push_back(set_aside_answer(question, std::move(path), level));
  }
}

/// What a note on the compatibility of levels and cycles adds to an answer toward cycles.
void remark_on_cycles(const Question& question, int level, LevelAnswer& answer) {
  const Network& network = *question.network;
  if (!question.toward_cycles()) return;
  for (std::size_t i = 0; i < question.world.mappings().size(); ++i) {
    const int index = static_cast<int>(i);
    if (network.use(index, question.options.purpose) != Use::compatibility_note) continue;
    const Mapping& note = network.mapping(index);
    const bool forward = question.world.index_of(note.to) == question.to;
    if (!forward && question.world.index_of(note.to) != question.from) continue;
    const FrameworkId& hub = note.from;
    if (!forward || question.world.index_of(hub) == question.from) {
      const LevelMask rows = question.world.index_of(hub) == question.from ? note.rows.forward[static_cast<std::size_t>(level)] : 0;
      if (rows != 0) {
        answer.remarks.push_back("A compatibility note (" + note.title + ") pairs level " + answer.from.code + " with " +
                                 detail::listed(codes(network.framework(question.to), rows)) +
                                 "; the cycle of an award follows its type, not its level.");
      }
      continue;
    }
    MapOptions same = question.options;
    same.via.reset();
    const LevelAnswer placed = map_level(question.world, answer.from, hub, same);
    LevelMask rows = 0;
    for (LevelMask rest = placed.levels; rest != 0; rest &= rest - 1) rows |= note.rows.forward[static_cast<std::size_t>(std::countr_zero(rest))];
    if (rows == 0) continue;
    answer.remarks.push_back("By " + hub.str() + " " + detail::listed(placed.possible) + " a compatibility note (" + note.title + ") pairs it with " +
                             detail::listed(codes(network.framework(question.to), rows)) +
                             "; the cycle of an award follows its type, not its level.");
  }
}

/// A framework of levels that took an older edition's place after the day asked: it is not known
/// what its levels would have meant then.
std::string not_yet_in_force(const Question& question, int framework) {
  const auto& day = question.world.view().as_of;
  if (!day) return {};
  const FrameworkId& id = question.network->framework(framework).id;
  for (const auto& join : question.world.mappings()) {
    if (!join->join || join->to != id) continue;
    const Framework* older = question.world.find(join->from);
    if (older == nullptr || older->superseded_by != id) continue;
    const auto start = join->valid_from ? join->valid_from : join->year ? std::optional{first_day(*join->year)} : std::nullopt;
    if (start && *day < *start) {
      return "on " + to_string(*day) + " the levels of " + id.str() + " were not yet in force; its earlier edition " +
             older->id.str() + " held until " + to_string(*start) + ", so ask for a level of " + older->id.str();
    }
  }
  return {};
}

void remark_on_drafts(const Question& question, LevelAnswer& answer) {
  std::set<std::string> drafts;
  for (const RouteAnswer& route : answer.routes) {
    for (const MappingId& mapping : route.mappings) {
      if (question.world.mapping(mapping).status == MappingStatus::draft) drafts.insert(mapping.str());
    }
  }
  if (drafts.empty() || question.options.purpose != Purpose::preview) return;
  answer.complete = false;
  answer.remarks.push_back("This rests on a draft, which guarantees nothing: " +
                           detail::listed(std::vector<std::string>(drafts.begin(), drafts.end())) + ".");
}

/// An award type that no split row of the level names leaves every row possible; say which do.
void remark_on_type(const Question& question, int level, LevelAnswer& answer) {
  if (!question.options.type) return;
  std::vector<std::string> deciding;
  for (const RouteAnswer& route : answer.routes) {
    if (route.steps.empty() || route.steps.front().converse) continue;
    for (const MultiRow& row : question.world.mapping(route.mappings.front()).multi) {
      if (row.from != level || row.kind != MultiKind::split) continue;
      for (const SplitCase& split : row.cases) {
        for (const std::string& type : split.types) {
          if (detail::means_type(type, *question.options.type)) return;
          if (std::ranges::find(deciding, type) == deciding.end()) deciding.push_back(type);
        }
      }
    }
  }
  if (deciding.empty()) return;
  answer.remarks.push_back("The award type \"" + *question.options.type + "\" decides nothing here; types that do: " +
                           detail::listed(deciding) + ".");
}

std::string why_not_established(const Question& question, const LevelAnswer& answer) {
  const std::string from = question.network->framework(question.from).id.str();
  const std::string to = question.network->framework(question.to).id.str();
  if (question.network->framework(question.to).levels.empty()) return "no level list of " + to + " was found in any source";
  if (answer.routes.empty()) {
    if (question.options.via) return "no usable documents lead from " + from + " to " + to + " along the route asked";
    if (question.toward_cycles()) return "no self-certification of one against the other is known";
    return "no document, and no chain of up to " + std::to_string(kMaxDocuments) + " documents, connects " + from + " with " + to;
  }
  return answer.routes.front().reason;
}

LevelAnswer answer_level(const Question& question, const LevelRef& from, int level) {
  const Network& network = *question.network;
  const Framework& target = network.framework(question.to);
  LevelAnswer answer;
  answer.from = from;
  answer.to = target.id;
  for (const int end : {question.from, question.to}) {
    if (!answer.reason.empty()) break;
    answer.reason = not_yet_in_force(question, end);
  }
  if (!answer.reason.empty()) {
    answer.status = AnswerStatus::unknown_edition;
    list_left_out(question, level, answer);
    return answer;
  }
  if (question.from == question.to) {
    answer.status = AnswerStatus::mapped;
    answer.levels = LevelMask{1} << level;
    answer.complete = true;
    fill_ends(answer, target);
    answer.witnesses[from.code] = {{}};
    answer.remarks.emplace_back("The level asked is one of the target's own.");
    return answer;
  }
  const std::vector<Path> paths = question.answering();
  std::vector<Candidate> used = evaluate(question, paths, level);
  Combined combined = detail::combine(outcomes_of(used), true);
  // A named path is listed whatever it is; the others only on request, or where they answer.
  const bool list_peers = question.options.all_routes || question.options.via;
  std::vector<Candidate> others;
  if (combined.status == AnswerStatus::no_route || list_peers) {
    others = evaluate(question, question.peers(), level);
  }
  if (combined.status == AnswerStatus::no_route) {
    Combined by_peers = detail::combine(outcomes_of(others), true);
    if (by_peers.status != AnswerStatus::no_route) {
      // Peer routes answer, listed first; the routes that died stay on record behind them.
      combined = std::move(by_peers);
      std::swap(used, others);
      answer.peer = true;
    } else if (!list_peers) {
      others.clear();
    }
  }
  answer.status = combined.status;
  answer.levels = combined.set;
  answer.complete = combined.complete;
  if (answer.peer) answer.complete = false;
  keep_listed(used, combined, answer.remarks);
  answer.narrowed_by = combined.narrowed_by;
  if (!combined.family.empty()) answer.conflict = Conflict{combined.family, combined.by_union};
  if (others.size() > kMostListed) others.resize(kMostListed);
  for (const Candidate& each : used) answer.routes.push_back(route_answer(question, each, level));
  for (const Candidate& each : others) answer.routes.push_back(route_answer(question, each, level));
  mark_independent(question.world, answer.routes);

  // Would a document answer whose days are not known?
  const auto list_unknown_editions = [&](Network::Shape shape) {
    std::size_t listed = 0;
    for (Path& path : question.with_documents(shape, [](Use use) { return use == Use::unknown_edition; })) {
      RouteAnswer route = set_aside_answer(question, std::move(path), level);
      if (route.levels == 0 && !route.states_no_counterpart) continue;
      if (answer.status == AnswerStatus::no_route) answer.status = AnswerStatus::unknown_edition;
      if (listed++ < kMostListed) answer.routes.push_back(std::move(route));
    }
  };
  if (answer.status == AnswerStatus::no_route || question.options.all_routes) list_unknown_editions(Network::Shape::admitted);
  // Peers answer where nothing else does, so theirs count here, too.
  const bool by_peers_too = !question.options.via && !question.toward_cycles();
  if (answer.status == AnswerStatus::no_route && by_peers_too) list_unknown_editions(Network::Shape::any);
  if (question.options.all_routes) {
    for (Path& path : question.with_documents(Network::Shape::admitted, [](Use use) { return use != Use::unknown_edition; })) {
      answer.routes.push_back(set_aside_answer(question, std::move(path), level));
    }
  }
  fill_ends(answer, target);
  find_witnesses(answer, target);
  remark_on_drafts(question, answer);
  remark_on_type(question, level, answer);
  list_left_out(question, level, answer);
  remark_on_cycles(question, level, answer);
  switch (answer.status) {
    case AnswerStatus::no_counterpart:
      for (const RouteAnswer& route : answer.routes) {
        if (route.states_no_counterpart && answer.reason.empty()) answer.reason = route.reason;
      }
      break;
    case AnswerStatus::unknown_edition:
      for (const RouteAnswer& route : answer.routes) {
        if (route.status == RouteStatus::unknown_edition && answer.reason.empty()) answer.reason = route.reason;
      }
      break;
    case AnswerStatus::no_route: answer.reason = why_not_established(question, answer); break;
    case AnswerStatus::conflict: answer.reason = "the documents leave no level in common"; break;
    case AnswerStatus::mapped:
      if (!answer.complete && !answer.peer && !answer.routes.empty()) answer.reason = answer.routes.front().reason;
      break;
  }
  if (answer.status != AnswerStatus::mapped) look_around(question, level, answer, paths);
  return answer;
}

}  // namespace

const char* to_string(AnswerStatus status) noexcept {
  switch (status) {
    case AnswerStatus::mapped: return "mapped";
    case AnswerStatus::no_counterpart: return "no_counterpart";
    case AnswerStatus::conflict: return "conflict";
    case AnswerStatus::no_route: return "no_route";
    case AnswerStatus::unknown_edition: return "unknown_edition";
  }
  return "";
}

const char* to_string(RouteStatus status) noexcept {
  switch (status) {
    case RouteStatus::alive: return "alive";
    case RouteStatus::dead: return "dead";
    case RouteStatus::silent: return "silent";
    case RouteStatus::peer: return "peer";
    case RouteStatus::not_admitted: return "not_admitted";
    case RouteStatus::unknown_edition: return "unknown_edition";
  }
  return "";
}

LevelAnswer map_level(const World& world, const LevelRef& from, const FrameworkId& to, const MapOptions& options) {
  const int level = world.level_index(from);
  return answer_level(Question(world, from.framework, to, options), from, level);
}

std::vector<LevelAnswer> map_framework(const World& world, const FrameworkId& from, const FrameworkId& to, const MapOptions& options) {
  const Question question(world, from, to, options);
  std::vector<LevelAnswer> answers;
  const Framework& source = question.network->framework(question.from);
  for (std::size_t level = 0; level < source.levels.size(); ++level) {
    answers.push_back(answer_level(question, {from, source.levels[level].code}, static_cast<int>(level)));
  }
  return answers;
}

namespace {

/// Levels of `on` for which every level their answers allow passes `within`, by what is guaranteed.
template <class Within>
std::vector<int> guaranteed(const World& world, const LevelRef& level, const FrameworkId& on, const MapOptions& options, bool minimum, Within&& within) {
  const Framework& target = world.framework(level.framework);
  const int bound = world.level_index(level);
  std::vector<int> result;
  std::vector<int> against;
  const auto answers = map_framework(world, on, level.framework, options);
  for (std::size_t i = 0; i < answers.size(); ++i) {
    const LevelAnswer& answer = answers[i];
    bool holds = false;
    if (answer.status == AnswerStatus::mapped && answer.complete) {
      holds = true;
      for (LevelMask rest = answer.levels; rest != 0; rest &= rest - 1) holds = holds && within(target, bound, std::countr_zero(rest));
    } else if (answer.status == AnswerStatus::no_counterpart) {
      const auto& end = minimum ? answer.bracket_low : answer.bracket_high;
      holds = end && within(target, bound, target.index_of(*end));
    }
    if (holds) {
      result.push_back(static_cast<int>(i));
    } else if (answer.status == AnswerStatus::conflict || (answer.status == AnswerStatus::mapped && answer.complete)) {
      against.push_back(static_cast<int>(i));
    }
  }
  // "This level or above" must not sweep in a level that the documents place on the other side.
  const Framework& side = world.framework(on);
  std::erase_if(result, [&](int each) {
    return std::ranges::any_of(against, [&](int other) { return minimum ? side.at_most(each, other) : side.at_most(other, each); });
  });
  return result;
}

std::vector<LevelRef> extreme(const World& world, const FrameworkId& on, const std::vector<int>& levels, bool least) {
  const Framework& framework = world.framework(on);
  std::vector<LevelRef> result;
  for (const int level : levels) {
    const bool beaten = std::ranges::any_of(levels, [&](int other) {
      return other != level && (least ? framework.at_most(other, level) : framework.at_most(level, other));
    });
    if (!beaten) result.push_back({on, framework.levels[static_cast<std::size_t>(level)].code});
  }
  return result;
}

}  // namespace

std::vector<LevelRef> at_least(const World& world, const LevelRef& level, const FrameworkId& on, const MapOptions& options) {
  const auto within = [](const Framework& target, int bound, int placed) { return target.at_most(bound, placed); };
  return extreme(world, on, guaranteed(world, level, on, options, true, within), true);
}

std::vector<LevelRef> at_most(const World& world, const LevelRef& level, const FrameworkId& on, const MapOptions& options) {
  const auto within = [](const Framework& target, int bound, int placed) { return target.at_most(placed, bound); };
  return extreme(world, on, guaranteed(world, level, on, options, false, within), false);
}

}  // namespace qualgraph
