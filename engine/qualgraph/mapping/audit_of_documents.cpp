#include "qualgraph/mapping/audit_of_documents.hpp"

#include <algorithm>
#include <bit>
#include <map>
#include <set>

#include "qualgraph/mapping/detail/network.hpp"

namespace qualgraph {
namespace {

using detail::Combined;
using detail::Link;
using detail::Network;
using detail::Outcome;
using detail::Path;
using detail::Walk;

LevelMask bit(int level) { return LevelMask{1} << level; }

std::vector<Path> admitted_paths(const Network& network, int from, int to) {
  return network.paths(from, to, Network::Shape::admitted, [&](int mapping) {
    return network.use(mapping, Purpose::information) == detail::Use::usable;
  });
}

struct Followed {
  Path path;
  Outcome outcome;
};

std::vector<Followed> follow_all(const Network& network, const std::vector<Path>& paths, int level) {
  std::vector<Followed> result;
  for (const Path& path : paths) {
    const Walk walked = detail::walk(network, path, level, {});
    result.push_back({path, detail::outcome_of(network, path, level, walked)});
  }
  const auto ids = [](const Path& path) {
    std::vector<int> order;
    for (const Link& link : path) order.push_back(link.mapping);
    return order;
  };
  std::ranges::stable_sort(result, [&](const Followed& a, const Followed& b) {
    if (a.outcome.strength != b.outcome.strength) return a.outcome.strength > b.outcome.strength;
    if (a.path.size() != b.path.size()) return a.path.size() < b.path.size();
    return ids(a.path) < ids(b.path);
  });
  return result;
}

LevelMask targets_of(const Network& network, const Link& link, int level) {
  const Rows& rows = network.mapping(link.mapping).rows_at(network.evidence());
  return link.converse ? rows.backward[static_cast<std::size_t>(level)] : rows.forward[static_cast<std::size_t>(level)];
}

/// The printed rows behind one step of a route: the row itself, or, for a level that stands with its
/// parent or its sub-levels, theirs.
void add_printed_rows(const Network& network, const Link& link, int here, int there, std::set<RowRef>& rows) {
  const Mapping& mapping = network.mapping(link.mapping);
  const Framework& from = network.framework(link.converse ? link.to : link.from);
  const Framework& to = network.framework(link.converse ? link.from : link.to);
  const int a = link.converse ? there : here;
  const int b = link.converse ? here : there;
  const auto add = [&](int source) {
    const bool printed = std::ranges::find(mapping.pairs, std::pair{source, b}) != mapping.pairs.end() ||
                         std::ranges::any_of(mapping.partial, [&](const PartialRow& row) { return row.from == source && row.to == b; });
    if (printed) {
      rows.insert({mapping.id, from.levels[static_cast<std::size_t>(source)].code, to.levels[static_cast<std::size_t>(b)].code});
    }
    return printed;
  };
  if (add(a)) return;
  const auto& parent = from.levels[static_cast<std::size_t>(a)].parent;
  if (parent && add(from.index_of(*parent))) return;
  for (std::size_t child = 0; child < from.levels.size(); ++child) {
    if (from.levels[child].parent == from.levels[static_cast<std::size_t>(a)].code) add(static_cast<int>(child));
  }
}

/// Every row that a complete route uses: without one of them it guarantees nothing.
void add_used_rows(const Network& network, const Path& path, int level, std::set<RowRef>& rows) {
  LevelMask set = bit(level);
  for (const Link& link : path) {
    LevelMask leaving = 0;
    for (; set != 0; set &= set - 1) {
      const int here = std::countr_zero(set);
      const LevelMask targets = targets_of(network, link, here);
      for (LevelMask rest = targets; rest != 0; rest &= rest - 1) add_printed_rows(network, link, here, std::countr_zero(rest), rows);
      leaving |= targets;
    }
    set = leaving;
  }
}

/// Rows of the first chain that carries a level to the end of a living route.
bool add_chain(const Network& network, const Path& path, std::size_t step, int level, std::set<RowRef>& rows) {
  if (step == path.size()) return true;
  for (LevelMask rest = targets_of(network, path[step], level); rest != 0; rest &= rest - 1) {
    const int next = std::countr_zero(rest);
    if (!add_chain(network, path, step + 1, next, rows)) continue;
    add_printed_rows(network, path[step], level, next, rows);
    return true;
  }
  return false;
}

struct Clash {
  Disagreement shown;
  std::vector<RowRef> rows;  ///< one of them has to be withdrawn
};

std::vector<Clash> find_clashes(const World& world) {
  const auto network = detail::network_of(world);
  std::vector<Clash> clashes;
  for (int from = 0; from < network->framework_count(); ++from) {
    for (int to = 0; to < network->framework_count(); ++to) {
      if (from == to) continue;
      const std::vector<Path> paths = admitted_paths(*network, from, to);
      if (paths.size() < 2) continue;
      const Framework& source = network->framework(from);
      const Framework& target = network->framework(to);
      for (std::size_t level = 0; level < source.levels.size(); ++level) {
        const auto followed = follow_all(*network, paths, static_cast<int>(level));
        std::vector<Outcome> outcomes;
        for (const Followed& each : followed) outcomes.push_back(each.outcome);
        const Combined combined = detail::combine(outcomes, true);
        if (combined.status != AnswerStatus::conflict) continue;
        Clash clash;
        clash.shown.level = {source.id, source.levels[level].code};
        clash.shown.to = target.id;
        std::set<RowRef> rows;
        const bool stated = std::ranges::any_of(combined.family, [&](int index) { return outcomes[static_cast<std::size_t>(index)].statement; });
        for (const int index : combined.family) {
          const Followed& each = followed[static_cast<std::size_t>(index)];
          std::vector<MappingId> ids;
          for (const Link& link : each.path) ids.push_back(network->mapping(link.mapping).id);
          clash.shown.family.push_back(std::move(ids));
          clash.shown.sets.push_back(codes(target, each.outcome.set));
          if (each.outcome.statement) {
            const Link& link = each.path.front();
            const std::string& code = source.levels[level].code;
            rows.insert(link.converse ? RowRef{network->mapping(link.mapping).id, "", code}
                                      : RowRef{network->mapping(link.mapping).id, code, ""});
          } else if (stated) {
            // The statement stands against every chain that lives, sound or not: this one has to go
            // if the statement stays, and the next round finds those that are left.
            add_chain(*network, each.path, 0, static_cast<int>(level), rows);
          } else {
            add_used_rows(*network, each.path, static_cast<int>(level), rows);
          }
        }
        clash.rows.assign(rows.begin(), rows.end());
        clashes.push_back(std::move(clash));
      }
    }
  }
  return clashes;
}

/// The world in which these rows were never printed: their levels count as unresolved.
World without_rows(const World& world, const std::vector<RowRef>& rows) {
  Facts facts = world.facts();
  for (Shared<Mapping>& kept : facts.mappings) {
    if (std::ranges::none_of(rows, [&](const RowRef& row) { return row.mapping == kept->id; })) continue;
    Mapping mapping = *kept;
    const Framework& from = world.framework(mapping.from);
    const Framework& to = world.framework(mapping.to);
    for (const RowRef& row : rows) {
      if (row.mapping != mapping.id) continue;
      const int a = row.from.empty() ? -1 : from.index_of(row.from);
      const int b = row.to.empty() ? -1 : to.index_of(row.to);
      std::erase(mapping.pairs, std::pair{a, b});
      std::erase_if(mapping.partial, [&](const PartialRow& each) { return each.from == a && each.to == b; });
      if (b < 0) std::erase_if(mapping.unmatched, [&](const LevelNote& note) { return note.level == a; });
      if (a < 0) std::erase_if(mapping.unmatched_to, [&](const LevelNote& note) { return note.level == b; });
      if (a >= 0) mapping.unresolved_from.push_back({a, ""});
      if (b >= 0) mapping.unresolved_to.push_back({b, ""});
    }
    compile_rows(mapping, from, to);
    kept = std::make_shared<const Mapping>(std::move(mapping));
  }
  return World(std::move(facts), world.view());
}

/// A smallest set of rows meeting every family, by branch and bound.
class HittingSet {
 public:
  explicit HittingSet(std::vector<std::vector<RowRef>> families) : families_(std::move(families)) {}

  /// The set, and whether it is proven smallest.
  std::pair<std::vector<RowRef>, bool> solve() {
    best_ = greedy();
    std::set<RowRef> chosen;
    branch(chosen);
    return {std::vector<RowRef>(best_.begin(), best_.end()), nodes_ < kMostNodes};
  }

 private:
  static constexpr long kMostNodes = 200'000;

  [[nodiscard]] static bool hits(const std::set<RowRef>& chosen, const std::vector<RowRef>& family) {
    return std::ranges::any_of(family, [&](const RowRef& row) { return chosen.contains(row); });
  }

  std::set<RowRef> greedy() const {
    std::set<RowRef> chosen;
    while (true) {
      std::map<RowRef, int> counts;
      for (const auto& family : families_) {
        if (hits(chosen, family)) continue;
        for (const RowRef& row : family) ++counts[row];
      }
      if (counts.empty()) return chosen;
      const auto most = std::ranges::max_element(counts, {}, [](const auto& each) { return each.second; });
      chosen.insert(most->first);
    }
  }

  /// Families that share no row need a row each.
  [[nodiscard]] std::size_t disjoint_bound(const std::set<RowRef>& chosen) const {
    std::set<RowRef> touched;
    std::size_t bound = 0;
    for (const auto& family : families_) {
      if (hits(chosen, family) || hits(touched, family)) continue;
      touched.insert(family.begin(), family.end());
      ++bound;
    }
    return bound;
  }

  void branch(std::set<RowRef>& chosen) {
    if (++nodes_ >= kMostNodes || chosen.size() + disjoint_bound(chosen) >= best_.size()) return;
    const std::vector<RowRef>* smallest = nullptr;
    for (const auto& family : families_) {
      if (!hits(chosen, family) && (smallest == nullptr || family.size() < smallest->size())) smallest = &family;
    }
    if (smallest == nullptr) {
      best_ = chosen;
      return;
    }
    for (const RowRef& row : *smallest) {
      chosen.insert(row);
      branch(chosen);
      chosen.erase(row);
    }
  }

  std::vector<std::vector<RowRef>> families_;
  std::set<RowRef> best_;
  long nodes_ = 0;
};

}  // namespace

ConflictReport conflicts(const World& world) {
  ConflictReport report;
  std::vector<std::vector<RowRef>> families;
  std::vector<Clash> clashes = find_clashes(world);
  for (const Clash& clash : clashes) report.disagreements.push_back(clash.shown);
  // Ending one clash can bring another to light. Each round adds what is still unmet, so the last
  // set is feasible, and no smaller one meets every family met on the way.
  while (!clashes.empty()) {
    for (Clash& clash : clashes) families.push_back(std::move(clash.rows));
    auto [rows, proven] = HittingSet(families).solve();
    report.withdraw = std::move(rows);
    report.withdraw_is_minimum = report.withdraw_is_minimum && proven;
    clashes = find_clashes(without_rows(world, report.withdraw));
  }
  return report;
}

std::vector<DocumentReliance> reliance(const World& world) {
  const auto network = detail::network_of(world);
  std::map<DocumentId, DocumentReliance> totals;
  for (int from = 0; from < network->framework_count(); ++from) {
    for (int to = 0; to < network->framework_count(); ++to) {
      if (from == to) continue;
      const std::vector<Path> paths = admitted_paths(*network, from, to);
      for (std::size_t level = 0; !paths.empty() && level < network->framework(from).levels.size(); ++level) {
        std::vector<std::pair<const Path*, LevelMask>> living;
        std::map<DocumentId, const Mapping*> used;
        LevelMask all = 0;
        for (const Path& path : paths) {
          const LevelMask set = detail::walk(*network, path, static_cast<int>(level), {}).set;
          if (set == 0) continue;
          living.emplace_back(&path, set);
          all |= set;
          for (const Link& link : path) used.emplace(network->mapping(link.mapping).document, &network->mapping(link.mapping));
        }
        for (const auto& [document, mapping] : used) {
          LevelMask with = 0;
          LevelMask without = 0;
          for (const auto& [path, set] : living) {
            const bool through = std::ranges::any_of(*path, [&, id = &document](const Link& link) {
              return network->mapping(link.mapping).document == *id;
            });
            (through ? with : without) |= set;
          }
          DocumentReliance& total = totals[document];
          total.document = document;
          total.title = mapping->title;
          total.pairs_supported += std::popcount(with);
          total.pairs_lost += std::popcount(all & ~without);
          total.levels_lost += without == 0 ? 1 : 0;
        }
      }
    }
  }
  std::vector<DocumentReliance> result;
  for (auto& [document, total] : totals) result.push_back(std::move(total));
  std::ranges::stable_sort(result, [](const DocumentReliance& a, const DocumentReliance& b) { return a.pairs_lost > b.pairs_lost; });
  return result;
}

}  // namespace qualgraph
