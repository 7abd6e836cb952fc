/// What leads to what: every step of learning and recognition as one graph of ANDs and ORs.
///
/// A node is something a learner can hold: a credential, a unit, an outcome, a level, an award. A
/// step (hyperarc) needs all of its tail (AND) and brings its head; several steps into one head are
/// alternatives (OR). Conditions such as "two of these three" become steps of their own that cost
/// nothing. Stored compactly, in both directions.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace qualgraph {

enum class NodeKind : std::uint8_t { credential, unit, outcome, level, award };

/// `condition` is a step without an act: a choice between alternatives, a level read on another scale.
enum class ArcKind : std::uint8_t {
  course,
  rpl_assessment,
  articulation,
  bridging,
  exit_award,
  award,
  condition,
};

[[nodiscard]] const char* to_string(NodeKind kind) noexcept;
[[nodiscard]] const char* to_string(ArcKind kind) noexcept;
/// Read the words above. Throw InvalidValue.
[[nodiscard]] NodeKind parse_node_kind(std::string_view word);
[[nodiscard]] ArcKind parse_arc_kind(std::string_view word);

/// One step, as it is added. Cost in minor units of money, time in whole ticks that the caller
/// chooses (months times the least common multiple of their denominators).
struct Step {
  std::vector<int> tail;  ///< empty: open to everybody
  int head = 0;
  std::int64_t cost = 0;
  std::int64_t time = 0;
  ArcKind kind = ArcKind::course;
  std::vector<std::int64_t> resources;  ///< what it uses of each capped resource; missing ones: nothing
};

/// Nodes and steps; grows by adding, and is read once it is `Hypergraph`.
class HypergraphBuilder {
 public:
  /// The number of the new node.
  int add_node(NodeKind kind = NodeKind::credential);
  /// The number of the new step. Throws InvalidValue for a node there is none of, a negative cost, time
  /// or resource; NumericOverflow where the cost, time or one resource of all steps together leaves the 64-bit range.
  int add_step(Step step);
  /// A node that holds once `needed` of `members` hold: needed * members steps without cost. The node is one of
  /// `members` where one suffices and there is only one. Throws InvalidValue unless
  /// 1 <= needed <= members, or beyond a million steps.
  int add_threshold(std::span<const int> members, int needed);

  [[nodiscard]] int nodes() const noexcept { return static_cast<int>(kinds_.size()); }
  [[nodiscard]] int steps() const noexcept { return static_cast<int>(steps_.size()); }

 private:
  friend class Hypergraph;
  std::vector<NodeKind> kinds_;
  std::vector<Step> steps_;
  std::int64_t whole_cost_ = 0, whole_time_ = 0;
  std::vector<std::int64_t> whole_resources_;
};

/// A directed hypergraph whose arcs have one head each, in compressed rows.
class Hypergraph {
 public:
  explicit Hypergraph(const HypergraphBuilder& builder);

  [[nodiscard]] int nodes() const noexcept { return static_cast<int>(kinds_.size()); }
  [[nodiscard]] int arcs() const noexcept { return static_cast<int>(heads_.size()); }
  /// Sum of the sizes of all tails.
  [[nodiscard]] std::size_t size() const noexcept { return tails_.size(); }
  [[nodiscard]] int resources() const noexcept { return resource_count_; }

  [[nodiscard]] NodeKind kind(int node) const { return kinds_[static_cast<std::size_t>(node)]; }
  [[nodiscard]] int head(int arc) const { return heads_[static_cast<std::size_t>(arc)]; }
  [[nodiscard]] std::int64_t cost(int arc) const { return costs_[static_cast<std::size_t>(arc)]; }
  [[nodiscard]] std::int64_t time(int arc) const { return times_[static_cast<std::size_t>(arc)]; }
  [[nodiscard]] ArcKind arc_kind(int arc) const { return arc_kinds_[static_cast<std::size_t>(arc)]; }
  [[nodiscard]] std::int64_t resource(int arc, int which) const {
    return resources_[static_cast<std::size_t>(arc) * static_cast<std::size_t>(resource_count_) +
                      static_cast<std::size_t>(which)];
  }
  /// Nodes a step needs: each once, ascending.
  [[nodiscard]] std::span<const int> tail(int arc) const& { return slice(tails_, tail_begin_, arc); }
  /// Steps a node is needed for.
  [[nodiscard]] std::span<const int> uses(int node) const& { return slice(uses_, use_begin_, node); }
  /// Steps that bring a node.
  [[nodiscard]] std::span<const int> ways(int node) const& { return slice(ways_, way_begin_, node); }

 private:
  static std::span<const int> slice(const std::vector<int>& values, const std::vector<std::size_t>& begin, int at) {
    const auto i = static_cast<std::size_t>(at);
    return {values.data() + begin[i], begin[i + 1] - begin[i]};
  }

  std::vector<NodeKind> kinds_;
  std::vector<ArcKind> arc_kinds_;
  std::vector<int> heads_;
  std::vector<std::int64_t> costs_, times_, resources_;
  int resource_count_ = 0;
  std::vector<int> tails_, uses_, ways_;
  std::vector<std::size_t> tail_begin_, use_begin_, way_begin_;
};

}  // namespace qualgraph
