/// The referencing graph: frameworks joined by the documents that map their levels.
#pragma once

#include <boost/graph/compressed_sparse_row_graph.hpp>
#include <cstdint>
#include <string>
#include <vector>

#include "qualgraph/mapping/map_level.hpp"
#include "qualgraph/model/world.hpp"

namespace qualgraph::detail {

/// Why a mapping takes part in routes, or does not.
enum class Use : std::uint8_t {
  usable,
  superseded,
  draft,
  not_endorsed,
  not_in_force,       ///< on the day asked
  unknown_edition,    ///< on the day asked
  compatibility_note,
  not_a_self_certification,  ///< joins a framework of cycles by something else
  not_for_recognition,
};

/// One document as a step from one framework to another.
struct Link {
  int mapping = 0;        ///< position in world.mappings(), which is in order of ids
  int from = 0;           ///< positions in world.frameworks()
  int to = 0;
  bool converse = false;
};

/// Documents from one framework to another, in order of travel.
using Path = std::vector<Link>;

struct LinkProperty {
  int mapping = 0;
  bool converse = false;
};

/// Each mapping stands as two arcs, one a direction.
using ReferencingGraph = boost::compressed_sparse_row_graph<boost::directedS, boost::no_property, LinkProperty>;

class Network {
 public:
  explicit Network(const World& world);

  [[nodiscard]] const ReferencingGraph& graph() const noexcept { return graph_; }
  [[nodiscard]] const Mapping& mapping(int index) const noexcept { return *mappings_[static_cast<std::size_t>(index)]; }
  [[nodiscard]] const Framework& framework(int index) const noexcept {
    return *frameworks_[static_cast<std::size_t>(index)];
  }
  [[nodiscard]] int framework_count() const noexcept { return static_cast<int>(frameworks_.size()); }
  [[nodiscard]] bool is_hub(int framework) const noexcept { return hub_[static_cast<std::size_t>(framework)]; }
  /// A framework whose steps are cycles of study: awards enter by their type, so only
  /// self-certifications answer and no route leads through.
  [[nodiscard]] bool is_cycles(int framework) const noexcept { return cycles_[static_cast<std::size_t>(framework)]; }
  [[nodiscard]] Use use(int mapping, Purpose purpose) const noexcept;
  [[nodiscard]] EvidenceFloor evidence() const noexcept { return view_.evidence; }
  [[nodiscard]] std::string reason(Use use) const;

  /// Which paths to look for.
  enum class Shape : std::uint8_t { admitted, any };
  /// Simple paths of at most kMaxDocuments documents whose every document passes `wanted`. With
  /// Shape::admitted: direct documents, and paths over hubs with at most one join at each end.
  template <class Wanted>
  [[nodiscard]] std::vector<Path> paths(int from, int to, Shape shape, Wanted&& wanted) const;

  /// Paths through exactly these frameworks, one for each choice of documents.
  template <class Wanted>
  [[nodiscard]] std::vector<Path> paths_via(const std::vector<int>& frameworks, Wanted&& wanted) const;

  [[nodiscard]] bool has_admitted_shape(const Path& path) const;

  /// Past this number of paths between two frameworks a question is refused rather than left to
  /// fill the memory.
  static constexpr std::size_t kMostPaths = 100'000;

 private:
  [[noreturn]] void too_many_paths(int from, int to) const;

  template <class Wanted>
  void extend(int to, Shape shape, Wanted& wanted, Path& path, std::vector<char>& visited, std::vector<Path>& found) const;

  std::vector<const Mapping*> mappings_;
  std::vector<const Framework*> frameworks_;
  std::vector<char> hub_;
  std::vector<char> cycles_;
  std::vector<Use> use_;
  View view_;
  ReferencingGraph graph_;
};

/// The network of a world, built once.
[[nodiscard]] Shared<Network> network_of(const World& world);

/// What a path does to a set of levels.
struct Walk {
  LevelMask set = 0;
  bool complete = true;
  bool silent = false;    ///< where the set ran empty, something was unsaid
  bool known_only = false;///< some row used was never read in a text
  int strength = 0;       ///< of the weakest document on an ordinal scale; larger is stronger
  std::string reason;     ///< filled when a trace is asked: why incomplete or empty
};

struct WalkOptions {
  int slack = 0;
  const std::string* type = nullptr;
};

/// Follows a path from one level. `trace` receives one entry per document.
[[nodiscard]] Walk walk(const Network& network, const Path& path, int level, const WalkOptions& options,
                        std::vector<RouteStep>* trace = nullptr);

/// A route as far as combining needs it.
struct Outcome {
  LevelMask set = 0;
  bool complete = false;
  bool statement = false;  ///< a direct document says that there is no counterpart
  bool alive = false;
  int strength = 0;        ///< as Walk::strength
};

/// Several routes made one answer. `outcomes` stand in canonical order.
struct Combined {
  AnswerStatus status = AnswerStatus::no_route;
  LevelMask set = 0;
  bool complete = false;
  std::vector<int> narrowed_by;
  std::vector<int> family;   ///< only with `explain`
  bool by_union = false;
};

[[nodiscard]] Combined combine(const std::vector<Outcome>& outcomes, bool explain);

/// Every level of one framework answered in another over the admitted routes, without explanation.
struct LightAnswer {
  AnswerStatus status = AnswerStatus::no_route;
  LevelMask set = 0;
  bool complete = false;
  bool silent = false;     ///< empty, and on some route nothing was seen rather than denied
};

[[nodiscard]] std::vector<LightAnswer> answer_all_levels(const Network& network, int from,
                                                         const std::vector<Path>& paths, const WalkOptions& options);

/// A path's outcome for one level.
[[nodiscard]] Outcome outcome_of(const Network& network, const Path& path, int level, const Walk& walked);

/// True when the document of a one-document path says that the level has no counterpart.
[[nodiscard]] bool states_no_counterpart(const Network& network, const Path& path, int level);

// ---------------------------------------------------------------------------------------------

template <class Wanted>
std::vector<Path> Network::paths(int from, int to, Shape shape, Wanted&& wanted) const {
  std::vector<Path> found;
  if (from == to) return found;
  std::vector<char> visited(frameworks_.size(), 0);
  visited[static_cast<std::size_t>(from)] = 1;
  Path path;
  path.reserve(kMaxDocuments);
  const auto arcs = boost::out_edges(static_cast<std::size_t>(from), graph_);
  for (auto at = arcs.first; at != arcs.second; ++at) {
    const LinkProperty& link = graph_[*at];
    const int next = static_cast<int>(boost::target(*at, graph_));
    if (!wanted(link.mapping)) continue;
    path.push_back({link.mapping, from, next, link.converse});
    if (next == to) {
      if (found.size() >= kMostPaths) too_many_paths(path.front().from, to);
      found.push_back(path);
    } else {
      visited[static_cast<std::size_t>(next)] = 1;
      extend(to, shape, wanted, path, visited, found);
      visited[static_cast<std::size_t>(next)] = 0;
    }
    path.pop_back();
  }
  return found;
}

template <class Wanted>
void Network::extend(int to, Shape shape, Wanted& wanted, Path& path, std::vector<char>& visited,
                     std::vector<Path>& found) const {
  const int here = path.back().to;
  if (is_cycles(here) || static_cast<int>(path.size()) == kMaxDocuments) return;
  // Off the hubs a path may only stand one join away from either end.
  const bool through = shape == Shape::any || is_hub(here) ||
                       (path.size() == 1 && mapping(path.front().mapping).join);
  const auto arcs = boost::out_edges(static_cast<std::size_t>(here), graph_);
  for (auto at = arcs.first; at != arcs.second; ++at) {
    const LinkProperty& link = graph_[*at];
    const int next = static_cast<int>(boost::target(*at, graph_));
    if (visited[static_cast<std::size_t>(next)] != 0) continue;
    if (!through && (next != to || !mapping(link.mapping).join)) continue;
    if (!wanted(link.mapping)) continue;
    path.push_back({link.mapping, here, next, link.converse});
    if (next == to) {
      if (found.size() >= kMostPaths) too_many_paths(path.front().from, to);
      found.push_back(path);
    } else {
      visited[static_cast<std::size_t>(next)] = 1;
      extend(to, shape, wanted, path, visited, found);
      visited[static_cast<std::size_t>(next)] = 0;
    }
    path.pop_back();
  }
}

template <class Wanted>
std::vector<Path> Network::paths_via(const std::vector<int>& stops, Wanted&& wanted) const {
  std::vector<Path> found{Path{}};
  for (std::size_t i = 0; i + 1 < stops.size(); ++i) {
    std::vector<Path> longer;
    const auto arcs = boost::out_edges(static_cast<std::size_t>(stops[i]), graph_);
    for (const Path& path : found) {
      for (auto at = arcs.first; at != arcs.second; ++at) {
        if (static_cast<int>(boost::target(*at, graph_)) != stops[i + 1] || !wanted(graph_[*at].mapping)) continue;
        if (longer.size() >= kMostPaths) too_many_paths(stops.front(), stops.back());
        longer.push_back(path);
        longer.back().push_back({graph_[*at].mapping, stops[i], stops[i + 1], graph_[*at].converse});
      }
    }
    found = std::move(longer);
  }
  return found;
}

}  // namespace qualgraph::detail
