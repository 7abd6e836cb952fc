#include <algorithm>
#include <bit>
#include <map>
#include <utility>

#include "qualgraph/mapping/detail/network.hpp"
#include "qualgraph/mapping/detail/text.hpp"
#include "qualgraph/model/error.hpp"

namespace qualgraph::detail {
namespace {

LevelMask bit(int level) { return LevelMask{1} << level; }

/// Half-open end of a document, where it is known.
struct Validity {
  std::optional<Date> start;
  std::optional<Date> end;
  bool start_known = true;
  bool end_known = true;
};

Validity validity(const World& world, const Mapping& mapping) {
  Validity result;
  if (mapping.valid_from) {
    result.start = mapping.valid_from;
  } else if (mapping.year) {
    result.start = first_day(*mapping.year);
  } else {
    result.start_known = false;
  }
  result.end = mapping.valid_until;
  if (!result.end && mapping.status == MappingStatus::superseded) {
    // Superseded by whatever came next between the same two frameworks; a draft or a table that
    // its authors did not endorse takes no other's place.
    for (const Mapping* other : world.mappings_between(mapping.from, mapping.to)) {
      if (other->status == MappingStatus::draft || other->status == MappingStatus::not_endorsed) continue;
      const auto start = other->valid_from ? other->valid_from : other->year ? std::optional{first_day(*other->year)} : std::nullopt;
      if (start && result.start && *start > *result.start && (!result.end || *start < *result.end)) result.end = start;
    }
    result.end_known = result.end.has_value();
  }
  return result;
}

Use use_of(const World& world, const Mapping& mapping, bool cycles) {
  if (mapping.compatibility_note) return Use::compatibility_note;
  if (mapping.status == MappingStatus::not_endorsed) return Use::not_endorsed;
  if (mapping.status == MappingStatus::draft) return Use::draft;
  if (cycles && mapping.kind != MappingKind::self_certification) return Use::not_a_self_certification;
  const auto& day = world.view().as_of;
  if (!day) return mapping.status == MappingStatus::current ? Use::usable : Use::superseded;
  const Validity held = validity(world, mapping);
  if (held.start && *day < *held.start) return Use::not_in_force;
  if (held.end && *day >= *held.end) return Use::not_in_force;
  return held.start_known && held.end_known ? Use::usable : Use::unknown_edition;
}

}  // namespace

Network::Network(const World& world) : view_(world.view()) {
  const auto frameworks = world.frameworks();
  const auto mappings = world.mappings();
  for (const auto& framework : frameworks) {
    frameworks_.push_back(framework.get());
    hub_.push_back(framework->hub ? 1 : 0);
  }
  cycles_.assign(frameworks.size(), 0);
  for (const auto& mapping : mappings) {
    if (mapping->kind == MappingKind::self_certification) cycles_[static_cast<std::size_t>(world.index_of(mapping->to))] = 1;
  }
  std::vector<std::pair<std::size_t, std::size_t>> arcs;
  std::vector<LinkProperty> properties;
  struct Arc {
    std::size_t from;
    std::size_t to;
    LinkProperty link;
  };
  std::vector<Arc> list;
  for (std::size_t i = 0; i < mappings.size(); ++i) {
    const Mapping& mapping = *mappings[i];
    mappings_.push_back(&mapping);
    const auto from = static_cast<std::size_t>(world.index_of(mapping.from));
    const auto to = static_cast<std::size_t>(world.index_of(mapping.to));
    use_.push_back(use_of(world, mapping, cycles_[from] != 0 || cycles_[to] != 0));
    list.push_back({from, to, {static_cast<int>(i), false}});
    list.push_back({to, from, {static_cast<int>(i), true}});
  }
  std::ranges::sort(list, [](const Arc& a, const Arc& b) {
    return std::tuple{a.from, a.to, a.link.mapping} < std::tuple{b.from, b.to, b.link.mapping};
  });
  for (const Arc& arc : list) {
    arcs.emplace_back(arc.from, arc.to);
    properties.push_back(arc.link);
  }
  graph_ = ReferencingGraph(boost::edges_are_sorted, arcs.begin(), arcs.end(), properties.begin(), frameworks.size());
}

Use Network::use(int mapping, Purpose purpose) const noexcept {
  const Use use = use_[static_cast<std::size_t>(mapping)];
  if ((use == Use::usable || use == Use::unknown_edition) && purpose == Purpose::recognition &&
      this->mapping(mapping).usable_for_recognition == std::optional{false}) {
    return Use::not_for_recognition;
  }
  return use;
}

std::string Network::reason(Use use) const {
  const std::string day = view_.as_of ? to_string(*view_.as_of) : "";
  switch (use) {
    case Use::usable: return "";
    case Use::superseded: return "superseded by a later document; ask with a date to go back to it";
    case Use::draft: return "a draft";
    case Use::not_endorsed: return "its authors did not endorse it";
    case Use::not_in_force: return "not in force on " + day;
    case Use::unknown_edition: return "it is not known whether it held on " + day;
    case Use::compatibility_note:
      return "it says that levels and cycles are compatible; the cycle of an award follows its type";
    case Use::not_a_self_certification: return "toward cycles of study only a self-certification answers";
    case Use::not_for_recognition: return "its authors do not want it used for recognition";
  }
  return "";
}

bool Network::has_admitted_shape(const Path& path) const {
  for (std::size_t i = 0; i + 1 < path.size(); ++i) {
    const bool first_join = i == 0 && mapping(path.front().mapping).join;
    const bool last_join = i + 2 == path.size() && mapping(path.back().mapping).join;
    if (is_cycles(path[i].to)) return false;
    if (!is_hub(path[i].to) && !first_join && !last_join) return false;
  }
  return !path.empty();
}

void Network::too_many_paths(int from, int to) const {
  throw InvalidValue("more than " + std::to_string(kMostPaths) + " chains of documents connect " + framework(from).id.str() +
                     " with " + framework(to).id.str() + "; name the frameworks between them (via)");
}

Shared<Network> network_of(const World& world) {
  return world.derived<Network>([](const World& each) { return std::make_shared<const Network>(each); });
}

namespace {

/// What the document says of one award type: of a level split by type only the rows whose words
/// name it. None if the document names the type nowhere. Only rows and their marks are filled.
std::optional<Mapping> rows_of_type(const Mapping& mapping, const Framework& from, const Framework& to, const std::string& type) {
  std::map<int, LevelMask> chosen;
  for (const MultiRow& row : mapping.multi) {
    if (row.kind != MultiKind::split) continue;
    for (const SplitCase& split : row.cases) {
      for (const std::string& name : split.types) {
        if (means_type(name, type)) chosen[row.from] |= bit(split.to);
      }
    }
  }
  if (chosen.empty()) return std::nullopt;
  const auto other_type = [&](int source, int target) {
    const auto at = chosen.find(source);
    return at != chosen.end() && (at->second & bit(target)) == 0;
  };
  Mapping result;
  result.block = mapping.block;
  result.evidence = mapping.evidence;
  result.pairs = mapping.pairs;
  result.pairs_known = mapping.pairs_known;
  result.partial = mapping.partial;
  result.unmatched = mapping.unmatched;
  result.unmatched_to = mapping.unmatched_to;
  result.unresolved_from = mapping.unresolved_from;
  result.unresolved_to = mapping.unresolved_to;
  std::erase_if(result.pairs, [&](const auto& pair) { return other_type(pair.first, pair.second); });
  std::erase_if(result.partial, [&](const PartialRow& row) { return other_type(row.from, row.to); });
  compile_rows(result, from, to);
  return result;
}

/// Documents are as strong as their class; inside a class what was read outranks what is only
/// known, so the class counts double.
int strength_of(const Mapping& mapping, bool known) { return 2 * static_cast<int>(mapping.strength) + (known ? 0 : 1); }

LevelMask widened(const Framework& framework, LevelMask set, int slack) {
  LevelMask result = set;
  for (LevelMask rest = set; rest != 0; rest &= rest - 1) {
    const int step = framework.levels[static_cast<std::size_t>(std::countr_zero(rest))].step;
    for (std::size_t other = 0; other < framework.levels.size(); ++other) {
      if (std::abs(framework.levels[other].step - step) <= slack) result |= bit(static_cast<int>(other));
    }
  }
  return result;
}

/// Levels of `framework` inside the span of `set` or next to it.
LevelMask span_and_neighbours(const Framework& framework, LevelMask set) {
  const int low = framework.levels[static_cast<std::size_t>(std::countr_zero(set))].step - 1;
  const int high = framework.levels[static_cast<std::size_t>(63 - std::countl_zero(set))].step + 1;
  LevelMask result = 0;
  for (std::size_t i = 0; i < framework.levels.size(); ++i) {
    if (framework.levels[i].step >= low && framework.levels[i].step <= high) result |= bit(static_cast<int>(i));
  }
  return result;
}

struct Doubts {
  LevelMask partial = 0;   ///< arriving levels whose rows support no guarantee
  LevelMask dead = 0;
  LevelMask unsaid = 0;
  LevelMask unread = 0;    ///< arriving levels with a row that is only known and left out
  LevelMask gaps = 0;      ///< leaving side: silent levels near the set
};

std::string explain(const Network& network, const Link& link, const Doubts& doubts) {
  const Mapping& mapping = network.mapping(link.mapping);
  const Framework& here = network.framework(link.from);
  const Framework& there = network.framework(link.to);
  std::string text;
  const auto add = [&](std::string part) { text += (text.empty() ? "" : "; ") + std::move(part); };
  const std::string name = mapping.id.str();
  if (doubts.dead != 0) add(name + " gives no counterpart of " + here.id.str() + " " + listed(codes(here, doubts.dead)));
  const LevelMask unseen = doubts.unsaid & ~doubts.unread;
  if (doubts.unread != 0) {
    add(name + " was not read for " + here.id.str() + " " + listed(codes(here, doubts.unread)) + ": a row that is only known is left out");
  }
  if (unseen != 0) add(name + " says nothing about " + here.id.str() + " " + listed(codes(here, unseen)));
  if ((doubts.partial & ~doubts.unread) != 0) {
    add(name + (mapping.block ? " compares blocks of levels only" : " places " + here.id.str() + " " +
        listed(codes(here, doubts.partial & ~doubts.unread)) + " in part only"));
  }
  if (doubts.gaps != 0) add(name + " leaves open " + there.id.str() + " " + listed(codes(there, doubts.gaps)));
  return text;
}

}  // namespace

Walk walk(const Network& network, const Path& path, int level, const WalkOptions& options, std::vector<RouteStep>* trace) {
  Walk result;
  result.set = bit(level);
  result.strength = 2 * static_cast<int>(Strength::adopted) + 1;
  bool own_types = options.type != nullptr;
  // Under the floor "read" every row in use was read, also one that a level takes over from two
  // sub-levels of which the other is only known.
  const bool read_only = network.evidence() == EvidenceFloor::read;
  for (std::size_t i = 0; i < path.size(); ++i) {
    const Link& link = path[i];
    const Mapping& mapping = network.mapping(link.mapping);
    const Framework& there = network.framework(link.to);
    std::optional<Mapping> of_type;
    if (own_types && !link.converse) of_type = rows_of_type(mapping, network.framework(link.from), there, *options.type);
    const Rows& rows = (of_type ? *of_type : mapping).rows_at(network.evidence());
    const std::vector<LevelMask>& known_rows = (of_type ? *of_type : mapping).known_rows;
    const LevelMask arriving = result.set;
    LevelMask leaving = 0;
    Doubts doubts;
    bool known_only = false;
    for (LevelMask rest = arriving; rest != 0; rest &= rest - 1) {
      const int at = std::countr_zero(rest);
      const auto index = static_cast<std::size_t>(at);
      LevelMask next = 0;
      if (!link.converse) {
        next = rows.forward[index];
        if (next != 0 && (rows.incomplete_from & bit(at)) != 0) doubts.partial |= bit(at);
        if (next == 0) (((rows.unmatched_from & bit(at)) != 0) ? doubts.dead : doubts.unsaid) |= bit(at);
        known_only = known_only || (!read_only && (next & known_rows[index]) != 0);
        if (read_only && known_rows[index] != 0) doubts.unread |= bit(at);
      } else {
        next = rows.backward[index];
        if (next != 0 && (rows.incomplete_to & bit(at)) != 0) doubts.partial |= bit(at);
        if (next == 0) {
          // No row leads here for certain once nothing is open on either side.
          const bool said = (rows.unmatched_to & bit(at)) != 0 ||
                            (rows.unsettled_from == 0 && (rows.unsettled_to & bit(at)) == 0);
          (said ? doubts.dead : doubts.unsaid) |= bit(at);
        }
        for (std::size_t source = 0; read_only && source < known_rows.size(); ++source) {
          if ((known_rows[source] & bit(at)) != 0) doubts.unread |= bit(at);
        }
        for (LevelMask sources = next; sources != 0; sources &= sources - 1) {
          const auto source = static_cast<std::size_t>(std::countr_zero(sources));
          known_only = known_only || (!read_only && (known_rows[source] & bit(at)) != 0);
        }
      }
      leaving |= next;
    }
    if (link.converse && leaving != 0) {
      doubts.gaps = span_and_neighbours(there, leaving) & rows.unsettled_from;
    }
    const bool sound = doubts.partial == 0 && doubts.dead == 0 && doubts.unsaid == 0 && doubts.gaps == 0;
    result.complete = result.complete && sound;
    result.known_only = result.known_only || known_only;
    result.set = leaving;
    own_types = own_types && mapping.join;
    if (trace != nullptr) {
      if (!sound) result.reason += (result.reason.empty() ? "" : "; ") + explain(network, link, doubts);
      RouteStep step;
      step.mapping = mapping.id;
      step.document = mapping.document;
      step.from = network.framework(link.from).id;
      step.to = there.id;
      step.converse = link.converse;
      step.information_only = link.converse && mapping.kind != MappingKind::comparison && mapping.kind != MappingKind::bilateral;
      step.evidence = leaving == 0 ? (mapping.evidence == Evidence::known ? Evidence::known : Evidence::read)
                                   : (known_only ? Evidence::known : Evidence::read);
      step.arriving = codes(network.framework(link.from), arriving);
      step.leaving = codes(there, leaving);
      trace->push_back(std::move(step));
    }
    if (leaving == 0) {
      result.complete = false;
      result.silent = doubts.unsaid != 0;
      result.known_only = result.known_only || mapping.evidence == Evidence::known;
      // No row is used from here on: each document counts as a whole.
      for (std::size_t rest = i; rest < path.size(); ++rest) {
        const Mapping& unused = network.mapping(path[rest].mapping);
        result.strength = std::min(result.strength, strength_of(unused, unused.evidence == Evidence::known));
      }
      return result;
    }
    result.strength = std::min(result.strength, strength_of(mapping, known_only));
    if (options.slack > 0 && i + 1 < path.size()) result.set = widened(there, result.set, options.slack);
  }
  return result;
}

bool states_no_counterpart(const Network& network, const Path& path, int level) {
  if (path.size() != 1) return false;
  const Rows& rows = network.mapping(path.front().mapping).rows_at(network.evidence());
  const auto index = static_cast<std::size_t>(level);
  return path.front().converse ? (rows.unmatched_to & bit(level)) != 0 && rows.backward[index] == 0
                               : (rows.unmatched_from & bit(level)) != 0 && rows.forward[index] == 0;
}

Outcome outcome_of(const Network& network, const Path& path, int level, const Walk& walked) {
  Outcome outcome;
  outcome.set = walked.set;
  outcome.alive = walked.set != 0;
  outcome.statement = !outcome.alive && states_no_counterpart(network, path, level);
  outcome.complete = outcome.alive ? walked.complete : outcome.statement;
  outcome.strength = walked.strength;
  return outcome;
}

namespace {

/// The smallest, then first, set of masks without a common bit (indices into `masks`).
class SmallestFamily {
 public:
  explicit SmallestFamily(const std::vector<LevelMask>& masks) : masks_(masks) {}

  std::vector<int> find() {
    for (std::size_t size = 1; size <= masks_.size() && nodes_ < kMostNodes; ++size) {
      chosen_.clear();
      if (search(0, size, ~LevelMask{0})) return chosen_;
    }
    return lean();
  }

 private:
  // A smallest family is a smallest cover, exponential on hostile tables; past this a lean one serves.
  static constexpr long kMostNodes = 50'000;

  /// A family none of whose members can go, found by taking every mask away that is not needed.
  [[nodiscard]] std::vector<int> lean() const {
    std::vector<int> kept;
    for (std::size_t i = 0; i < masks_.size(); ++i) kept.push_back(static_cast<int>(i));
    for (std::size_t i = masks_.size(); i-- > 0;) {
      LevelMask common = ~LevelMask{0};
      for (const int each : kept) {
        if (each != static_cast<int>(i)) common &= masks_[static_cast<std::size_t>(each)];
      }
      if (common == 0) std::erase(kept, static_cast<int>(i));
    }
    return kept;
  }

  bool search(std::size_t first, std::size_t left, LevelMask common) {
    if (common == 0) return left == 0;
    if (left == 0 || ++nodes_ >= kMostNodes) return false;
    int most = 0;
    for (std::size_t i = first; i < masks_.size(); ++i) most = std::max(most, std::popcount(common & ~masks_[i]));
    if (std::popcount(common) > most * static_cast<int>(left)) return false;
    for (std::size_t i = first; i + left <= masks_.size(); ++i) {
      chosen_.push_back(static_cast<int>(i));
      if (search(i + 1, left - 1, common & masks_[i])) return true;
      chosen_.pop_back();
    }
    return false;
  }

  const std::vector<LevelMask>& masks_;
  std::vector<int> chosen_;
  long nodes_ = 0;
};

}  // namespace

Combined combine(const std::vector<Outcome>& outcomes, bool explain) {
  Combined result;
  std::vector<int> complete;
  LevelMask united = 0;
  bool any_alive = false;
  bool any_statement = false;
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    const Outcome& outcome = outcomes[i];
    any_alive = any_alive || outcome.alive;
    any_statement = any_statement || outcome.statement;
    if (outcome.alive && !outcome.complete) united |= outcome.set;
    if (outcome.complete) complete.push_back(static_cast<int>(i));
  }
  if (!any_alive) {
    result.status = any_statement ? AnswerStatus::no_counterpart : AnswerStatus::no_route;
    result.complete = any_statement;
    return result;
  }
  if (complete.empty()) {
    result.status = AnswerStatus::mapped;
    result.set = united;
    return result;
  }
  LevelMask common = ~LevelMask{0};
  LevelMask left_possible = 0;
  for (const int i : complete) {
    common &= outcomes[static_cast<std::size_t>(i)].set;
    left_possible |= outcomes[static_cast<std::size_t>(i)].set;
  }
  // A route narrows the answer when it excludes what another leaves possible, whichever comes first.
  for (const int i : complete) {
    if ((left_possible & ~outcomes[static_cast<std::size_t>(i)].set) != 0) result.narrowed_by.push_back(i);
  }
  if (common != 0) {
    result.status = AnswerStatus::mapped;
    result.set = common;
    result.complete = true;
    return result;
  }
  if (explain) {
    std::vector<LevelMask> masks;
    for (const int i : complete) masks.push_back(outcomes[static_cast<std::size_t>(i)].set);
    for (const int i : SmallestFamily(masks).find()) result.family.push_back(complete[static_cast<std::size_t>(i)]);
    if (result.family.size() == 1) {
      // "No counterpart" contradicts every living route by itself; the first of them is named beside it.
      const auto living = std::ranges::find_if(outcomes, &Outcome::alive);
      result.family.push_back(static_cast<int>(living - outcomes.begin()));
      std::ranges::sort(result.family);
    }
  }
  result.status = AnswerStatus::conflict;
  result.narrowed_by.clear();
  // The class decides, not whether its rows were read.
  const auto class_of = [&](int i) { return outcomes[static_cast<std::size_t>(i)].strength / 2; };
  int strongest = -1;
  for (const int i : complete) strongest = std::max(strongest, class_of(i));
  LevelMask shared = ~LevelMask{0};
  for (const int i : complete) {
    const Outcome& outcome = outcomes[static_cast<std::size_t>(i)];
    if (class_of(i) != strongest) continue;
    shared &= outcome.set;
    result.set |= outcome.set;
  }
  result.by_union = shared == 0;
  if (!result.by_union) result.set = shared;
  return result;
}

std::vector<LightAnswer> answer_all_levels(const Network& network, int from, const std::vector<Path>& paths,
                                           const WalkOptions& options) {
  std::vector<LightAnswer> answers;
  std::vector<Outcome> outcomes;
  for (std::size_t level = 0; level < network.framework(from).levels.size(); ++level) {
    outcomes.clear();
    bool silent = paths.empty();
    for (const Path& path : paths) {
      const Walk walked = walk(network, path, static_cast<int>(level), options);
      outcomes.push_back(outcome_of(network, path, static_cast<int>(level), walked));
      silent = silent || walked.silent;
    }
    const Combined combined = combine(outcomes, false);
    const bool unsaid = silent && combined.status == AnswerStatus::no_route;
    answers.push_back({combined.status, combined.set, combined.complete, unsaid});
  }
  return answers;
}

}  // namespace qualgraph::detail
