#include "qualgraph/pathway/detail/least_way.hpp"

#include <algorithm>
#include <cstddef>
#include <initializer_list>
#include <queue>
#include <utility>

namespace qualgraph::detail {
namespace {

std::size_t at(int position) { return static_cast<std::size_t>(position); }

using Numbers = std::vector<std::int64_t>;

class Search {
 public:
  Search(const TargetPart& part, const Numbers& price, const WayLimits& limits)
      : graph_(part.graph), held_(part.held), target_(part.target), price_(price), limits_(limits) {
    const auto arcs = at(graph_.arcs());
    barred_.assign(arcs, 0);
    is_held_.assign(at(graph_.nodes()), false);
    for (const int node : held_) is_held_[at(node)] = true;
    for (int arc = 0; arc < graph_.arcs(); ++arc) {
      time_.push_back(graph_.time(arc));
      step_.push_back(graph_.arc_kind(arc) == ArcKind::condition ? 0 : 1);
    }
    for (std::size_t r = 0; r < limits.caps.size() && r < at(graph_.resources()); ++r) {
      Numbers own;
      for (int arc = 0; arc < graph_.arcs(); ++arc) own.push_back(graph_.resource(arc, static_cast<int>(r)));
      resource_.push_back(std::move(own));
    }
  }

  LeastWay run() {
    best_.bound = limits_.price;
    cutoff_ = limits_.price;
    open_bound_ = cutoff_;
    if (is_held_[at(target_)]) {
      best_.found = best_.proved = true;
      best_.bound = 0;
      best_.used.assign(at(graph_.resources()), 0);
      return best_;
    }
    Bounds bounds;
    bounds.price.left = price_;
    bounds.steps.left = step_;
    for (const auto& own : resource_) bounds.resources.push_back({own, 0});
    descend(std::move(bounds));
    best_.nodes = nodes_;
    best_.proved = !stopped_;
    best_.bound = stopped_ ? std::min(open_bound_, cutoff_) : cutoff_;
    return best_;
  }

  /// Looks for ways to begin with, and closes what they and the limits leave no room for; false if nothing is left.
  bool prepare(std::vector<char>& closed) {
    cutoff_ = limits_.price;
    for (int round = 0; round < 2; ++round) {
      if (!shut(closed)) return false;
      LeastWay way;
      Numbers when;
      for (const Numbers* own : std::initializer_list<const Numbers*>{&price_, &time_, &step_}) {
        const Values values = knuth(graph_, held_, open(*own, closed), own != &time_);
        if (values.value[at(target_)] != kUnlimited && measure(chosen(values.by), way, when)) take(way);
      }
    }
    return true;
  }
  [[nodiscard]] const LeastWay& best() const { return best_; }

 private:
  /// Closes what no way within the limits runs over, round after round; false if nothing is left.
  bool shut(std::vector<char>& closed) const {
    bool changed = true;
    for (int round = 0; changed && round < 4; ++round) {
      changed = false;
      if (!close(time_, limits_.time, closed, changed) || !close(step_, limits_.steps, closed, changed)) return false;
      for (std::size_t r = 0; r < resource_.size(); ++r) {
        if (!close(resource_[r], limits_.caps[r], closed, changed)) return false;
      }
      if (cutoff_ != kUnlimited && !close(price_, cutoff_ - 1, closed, changed)) return false;
    }
    return true;
  }

  /// Values of own numbers over arcs that are open, kUnlimited where closed.
  [[nodiscard]] Numbers open(const Numbers& own, const std::vector<char>& closed) const {
    Numbers found = own;
    for (std::size_t a = 0; a < found.size(); ++a) {
      if (closed[a] != 0) found[a] = kUnlimited;
    }
    return found;
  }

  /// Least chain from each node to the target.
  [[nodiscard]] Numbers ahead(const Numbers& own) const {
    Numbers value(at(graph_.nodes()), kUnlimited);
    using Entry = std::pair<std::int64_t, int>;
    std::priority_queue<Entry, std::vector<Entry>, std::greater<>> queue;
    value[at(target_)] = 0;
    queue.emplace(0, target_);
    while (!queue.empty()) {
      const auto [so_far, node] = queue.top();
      queue.pop();
      if (so_far != value[at(node)]) continue;
      for (const int arc : graph_.ways(node)) {
        const std::int64_t next = saturated(so_far, own[at(arc)]);
        if (next == kUnlimited) continue;
        for (const int before : graph_.tail(arc)) {
          if (next >= value[at(before)]) continue;
          value[at(before)] = next;
          queue.emplace(next, before);
        }
      }
    }
    return value;
  }

  /// Closes steps no way within the limit runs over; false if none is left at all.
  bool close(const Numbers& own, std::int64_t limit, std::vector<char>& closed, bool& changed) const {
    if (limit == kUnlimited) return true;
    const Numbers now = open(own, closed);
    const Values before = knuth(graph_, held_, now, false);
    if (before.value[at(target_)] > limit) return false;
    const Numbers after = ahead(now);
    for (int arc = 0; arc < graph_.arcs(); ++arc) {
      if (closed[at(arc)] != 0) continue;
      std::int64_t start = 0;
      for (const int node : graph_.tail(arc)) start = std::max(start, before.value[at(node)]);
      const std::int64_t whole = saturated(saturated(start, now[at(arc)]), after[at(graph_.head(arc))]);
      if (whole <= limit) continue;
      closed[at(arc)] = 1;
      changed = true;
    }
    return true;
  }

  /// Disjoint cuts that every way crosses: their sum, and what they leave of each price. Cuts of a graph
  /// are cuts of every part of it, so what one node found its descendants start from.
  struct Cuts {
    Numbers left;
    std::int64_t sum = 0;
  };

  /// Adds cuts up to `enough`; kUnlimited if there is no way.
  [[nodiscard]] std::int64_t landmarks(Cuts& cuts, const std::vector<char>& closed, std::int64_t enough) const {
    Numbers& left = cuts.left;
    std::int64_t& sum = cuts.sum;
    for (std::size_t a = 0; a < left.size(); ++a) {
      if (closed[a] != 0) left[a] = kUnlimited;
    }
    std::vector<int> stack, support(at(graph_.arcs()));
    std::vector<char> goal(at(graph_.nodes())), near(at(graph_.nodes()));
    while (sum < enough) {
      const Values dear = knuth(graph_, held_, left, false);
      const std::int64_t ahead_now = dear.value[at(target_)];
      if (ahead_now == kUnlimited) return kUnlimited;
      if (ahead_now == 0) break;
      // The dearest node of each tail stands for the tail.
      for (int arc = 0; arc < graph_.arcs(); ++arc) {
        support[at(arc)] = left[at(arc)] == kUnlimited ? -2 : -1;
        std::int64_t most = -1;
        for (const int node : graph_.tail(arc)) {
          const std::int64_t value = dear.value[at(node)];
          if (value == kUnlimited) support[at(arc)] = -2;
          if (support[at(arc)] == -2) break;
          if (value > most) {
            most = value;
            support[at(arc)] = node;
          }
        }
      }
      std::fill(goal.begin(), goal.end(), 0);
      goal[at(target_)] = 1;
      stack.assign(1, target_);
      while (!stack.empty()) {
        const int node = stack.back();
        stack.pop_back();
        for (const int arc : graph_.ways(node)) {
          const int from = support[at(arc)];
          if (from < 0 || left[at(arc)] != 0 || goal[at(from)] != 0) continue;
          goal[at(from)] = 1;
          stack.push_back(from);
        }
      }
      std::fill(near.begin(), near.end(), 0);
      std::vector<int> cut;
      const auto cross = [&](int arc) {
        const int head = graph_.head(arc);
        if (goal[at(head)] != 0) {
          cut.push_back(arc);
        } else if (near[at(head)] == 0) {
          near[at(head)] = 1;
          stack.push_back(head);
        }
      };
      for (const int node : held_) {
        if (goal[at(node)] != 0) continue;
        near[at(node)] = 1;
        stack.push_back(node);
      }
      for (int arc = 0; arc < graph_.arcs(); ++arc) {
        if (support[at(arc)] == -1) cross(arc);
      }
      while (!stack.empty()) {
        const int node = stack.back();
        stack.pop_back();
        for (const int arc : graph_.uses(node)) {
          if (support[at(arc)] == node) cross(arc);
        }
      }
      std::int64_t least = kUnlimited;
      for (const int arc : cut) least = std::min(least, left[at(arc)]);
      if (cut.empty() || least == 0 || least == kUnlimited) break;
      for (const int arc : cut) left[at(arc)] -= least;
      sum = saturated(sum, least);
    }
    return sum;
  }

  /// The steps that `by` chooses for the target, each once, in order.
  [[nodiscard]] std::vector<int> chosen(const std::vector<int>& by) const {
    std::vector<int> sorted, stack;
    std::vector<char> state(at(graph_.arcs()), 0);
    if (by[at(target_)] >= 0) stack.push_back(by[at(target_)]);
    while (!stack.empty()) {
      const int arc = stack.back();
      auto& now = state[at(arc)];
      if (now != 0) {
        stack.pop_back();
        if (now == 1) sorted.push_back(arc);
        now = 2;
        continue;
      }
      now = 1;
      for (const int node : graph_.tail(arc)) {
        const int before = by[at(node)];
        if (before >= 0 && state[at(before)] == 0) stack.push_back(before);
      }
    }
    return sorted;
  }

  /// Measures steps in order; whether they keep every limit but that on the price.
  bool measure(const std::vector<int>& arcs, LeastWay& way, Numbers& when) const {
    when.assign(at(graph_.nodes()), 0);
    way.arcs = arcs;
    way.price = way.time = way.steps = 0;
    way.used.assign(at(graph_.resources()), 0);
    for (const int arc : arcs) {
      std::int64_t start = 0;
      for (const int node : graph_.tail(arc)) start = std::max(start, when[at(node)]);
      when[at(graph_.head(arc))] = saturated(start, time_[at(arc)]);
      way.price = saturated(way.price, price_[at(arc)]);
      way.steps += step_[at(arc)];
      for (int r = 0; r < graph_.resources(); ++r)
        way.used[at(r)] = saturated(way.used[at(r)], graph_.resource(arc, r));
    }
    way.time = when[at(target_)];
    if (way.time > limits_.time || way.steps > limits_.steps) return false;
    for (std::size_t r = 0; r < resource_.size(); ++r) {
      if (way.used[r] > limits_.caps[r]) return false;
    }
    return true;
  }

  void take(const LeastWay& way) {
    const auto key = [](const LeastWay& one) { return std::pair(one.time, one.steps); };
    if (way.price > cutoff_ || (way.price == cutoff_ && !(best_.found && key(way) < key(best_)))) return;
    best_.found = true;
    best_.arcs = way.arcs;
    best_.price = way.price;
    best_.time = way.time;
    best_.steps = way.steps;
    best_.used = way.used;
    cutoff_ = way.price;
  }

  /// Cuts by price, by steps, by each resource.
  struct Bounds {
    Cuts price, steps;
    std::vector<Cuts> resources;
  };

  void descend(Bounds bounds) {
    ++nodes_;
    std::vector<char> closed = barred_;
    if (!shut(closed)) return;
    const std::int64_t lower = landmarks(bounds.price, closed, cutoff_);
    if (lower >= cutoff_) return;
    if (limits_.steps != kUnlimited && landmarks(bounds.steps, closed, limits_.steps + 1) > limits_.steps) return;
    for (std::size_t r = 0; r < resource_.size(); ++r) {
      if (landmarks(bounds.resources[r], closed, limits_.caps[r] + 1) > limits_.caps[r]) return;
    }
    const Values sums = knuth(graph_, held_, open(price_, closed), true);
    if (sums.value[at(target_)] == kUnlimited) return;
    LeastWay way;
    Numbers when;
    const std::vector<int> steps = chosen(sums.by);
    const bool fits = measure(steps, way, when);
    if (fits) take(way);
    if (fits && way.price <= lower) return;
    if (!fits) {
      LeastWay other;
      Numbers then;
      for (const Numbers* own : {&time_, &step_}) {
        const Values values = knuth(graph_, held_, open(*own, closed), own == &step_);
        if (values.value[at(target_)] != kUnlimited && measure(chosen(values.by), other, then)) take(other);
      }
    }
    // Where the choice weighs most: the dearest step, or the longest on the chain that is too long.
    int branch = -1;
    std::int64_t weight = -1;
    std::vector<char> on_chain(at(graph_.nodes()), 1);
    if (!fits && way.time > limits_.time) on_chain = chain(steps, when);
    for (int pass = 0; pass < 2 && branch < 0; ++pass) {
      for (const int arc : steps) {
        const int head = graph_.head(arc);
        if (pass == 0 && on_chain[at(head)] == 0) continue;
        int live = 0;
        for (const int one : graph_.ways(head)) live += closed[at(one)] == 0 ? 1 : 0;
        const std::int64_t own = fits ? price_[at(arc)] : way.time > limits_.time ? time_[at(arc)] : step_[at(arc)];
        if (live > 1 && own > weight) {
          weight = own;
          branch = arc;
        }
      }
    }
    if (branch < 0) return;  // nothing is left to choose
    if (nodes_ >= limits_.nodes || (limits_.stop && nodes_ % 16 == 0 && limits_.stop())) stopped_ = true;
    if (stopped_) {
      open_bound_ = std::min(open_bound_, lower);
      return;
    }
    std::vector<int> others;
    for (const int one : graph_.ways(graph_.head(branch))) {
      if (one != branch && barred_[at(one)] == 0) others.push_back(one);
    }
    for (const int one : others) barred_[at(one)] = 1;
    descend(bounds);
    for (const int one : others) barred_[at(one)] = 0;
    if (stopped_) {
      open_bound_ = std::min(open_bound_, lower);
      return;
    }
    barred_[at(branch)] = 1;
    descend(std::move(bounds));
    barred_[at(branch)] = 0;
    if (stopped_) open_bound_ = std::min(open_bound_, lower);
  }

  /// Nodes on the chain that ends last.
  [[nodiscard]] std::vector<char> chain(const std::vector<int>& steps, const Numbers& when) const {
    std::vector<char> on(at(graph_.nodes()), 0);
    on[at(target_)] = 1;
    for (auto arc = steps.rbegin(); arc != steps.rend(); ++arc) {
      if (on[at(graph_.head(*arc))] == 0) continue;
      std::int64_t last = -1;
      int which = -1;
      for (const int node : graph_.tail(*arc)) {
        if (is_held_[at(node)] || when[at(node)] <= last) continue;
        last = when[at(node)];
        which = node;
      }
      if (which >= 0) on[at(which)] = 1;
    }
    return on;
  }

  const Hypergraph& graph_;
  const std::vector<int>& held_;
  int target_;
  const Numbers& price_;
  const WayLimits& limits_;
  Numbers time_, step_;
  std::vector<Numbers> resource_;
  std::vector<char> barred_;
  std::vector<bool> is_held_;
  LeastWay best_;
  std::int64_t cutoff_ = kUnlimited, open_bound_ = kUnlimited, nodes_ = 0;
  bool stopped_ = false;
};

}  // namespace

LeastWay least_way(const TargetPart& part, const std::vector<std::int64_t>& price, const WayLimits& limits) {
  Search first(part, price, limits);
  if (std::binary_search(part.held.begin(), part.held.end(), part.target)) return first.run();
  std::vector<char> closed(at(part.graph.arcs()), 0);
  const bool open = first.prepare(closed);
  LeastWay best = first.best();
  best.proved = true;
  best.bound = best.found ? best.price : limits.price;
  if (!open) return best;
  // What is left is searched on its own: every pass over it is shorter.
  HypergraphBuilder builder;
  for (int node = 0; node < part.graph.nodes(); ++node) builder.add_node(part.graph.kind(node));
  std::vector<int> arc_of;
  for (int arc = 0; arc < part.graph.arcs(); ++arc) {
    if (closed[at(arc)] != 0) continue;
    Step step;
    const auto tail = part.graph.tail(arc);
    step.tail.assign(tail.begin(), tail.end());
    step.head = part.graph.head(arc);
    step.time = part.graph.time(arc);
    step.kind = part.graph.arc_kind(arc);
    for (int r = 0; r < part.graph.resources(); ++r) step.resources.push_back(part.graph.resource(arc, r));
    builder.add_step(std::move(step));
    arc_of.push_back(arc);
  }
  const Hypergraph rest(builder);
  const auto small = part_for(rest, part.held, part.target);
  if (!small) return best;
  std::vector<std::int64_t> prices;
  for (const int arc : small->arc_of) prices.push_back(price[at(arc_of[at(arc)])]);
  WayLimits tighter = limits;
  if (best.found) tighter.price = best.price;
  LeastWay found = Search(*small, prices, tighter).run();
  if (found.found) {
    for (int& arc : found.arcs) arc = arc_of[at(small->arc_of[at(arc)])];
    found.used.resize(at(part.graph.resources()), 0);
    return found;
  }
  best.proved = found.proved;
  best.bound = found.bound;
  best.nodes = found.nodes;
  return best;
}

}  // namespace qualgraph::detail
