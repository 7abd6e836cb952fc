/// Flows in small networks, in whole units: the most that gets through, or the most it can earn.
///
/// Made for networks of some hundred arcs that are built, solved once and thrown away: arcs in one
/// list, no maps, no allocation once warm. Method: primal-dual. Of the paths that earn most per unit,
/// all are filled (by levels and blocking flows, as Dinic), then the next best, until none earns.
#pragma once

#include <cstdint>
#include <vector>

namespace qualgraph::detail {

class Network {
 public:
  void clear() noexcept;
  int add_node();
  /// Returns the arc's number. Each unit on it earns `worth`.
  int add_arc(int from, int to, std::int64_t capacity, std::int64_t worth = 0);

  void widen(int arc, std::int64_t more) noexcept { arcs_[at(2 * arc)].left += more; }

  /// Fills the network from `source` to `sink` as far as it still goes; worths are not looked at.
  std::int64_t most(int source, int sink);
  /// Sends what earns most, and nothing that earns nothing; returns what is earned. There must be no
  /// circle that earns.
  std::int64_t richest(int source, int sink);

  [[nodiscard]] std::int64_t flow(int arc) const noexcept { return arcs_[at(2 * arc + 1)].left; }

 private:
  struct Arc {
    int to = 0;
    std::int64_t left = 0;  ///< capacity not used
    std::int64_t worth = 0;
  };
  static constexpr std::size_t at(int position) noexcept { return static_cast<std::size_t>(position); }
  void link();
  [[nodiscard]] bool levels(int source, int sink);
  [[nodiscard]] bool best_paths(int source, int sink);
  [[nodiscard]] std::int64_t push(int node, int sink, std::int64_t limit);
  std::int64_t fill(int source, int sink);

  int nodes_ = 0;
  std::vector<Arc> arcs_;         ///< an arc and its reverse, in turn
  std::vector<int> from_;         ///< of an arc
  std::vector<int> start_, out_;  ///< arcs leaving a node
  std::vector<int> level_, next_, queue_;
  std::vector<std::int64_t> price_;  ///< the most a unit earns on its way to a node
  std::vector<char> waiting_;
  bool by_price_ = false;
};

}  // namespace qualgraph::detail
