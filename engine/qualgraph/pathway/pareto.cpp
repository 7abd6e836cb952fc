#include "qualgraph/pathway/pareto.hpp"

#include "qualgraph/pathway/detail/least_way.hpp"
#include "qualgraph/pathway/hyperpath.hpp"

#include <algorithm>
#include <cstddef>
#include <deque>
#include <queue>
#include <tuple>
#include <utility>

namespace qualgraph {
namespace {

constexpr std::int64_t kUnreached = Hyperpaths::kUnreached;

std::size_t at(int position) { return static_cast<std::size_t>(position); }

std::int64_t plus(std::int64_t a, std::int64_t b) { return a > kUnreached - 1 - b ? kUnreached - 1 : a + b; }

/// One set of bits per node.
class NodeSets {
 public:
  explicit NodeSets(std::size_t size) : words_((size + 63) / 64), bits_(size * words_, 0) {}

  bool add(int set, int member) {
    auto& word = bits_[at(set) * words_ + at(member) / 64];
    const auto before = word;
    word |= std::uint64_t{1} << (at(member) % 64);
    return word != before;
  }
  /// Whether `set` has grown.
  bool add_all(int set, const NodeSets& others, int other) {
    std::uint64_t grown = 0;
    for (std::size_t w = 0; w < words_; ++w) {
      auto& word = bits_[at(set) * words_ + w];
      const auto more = others.bits_[at(other) * words_ + w] & ~word;
      word |= more;
      grown |= more;
    }
    return grown != 0;
  }
  [[nodiscard]] bool has(int set, int member) const {
    return (bits_[at(set) * words_ + at(member) / 64] >> (at(member) % 64) & 1U) != 0;
  }

 private:
  std::size_t words_;
  std::vector<std::uint64_t> bits_;
};

/// The same graph with at most two parts to a step: labels of the first parts are weeded before the next
/// is joined to them. Steps put in have no step of the whole graph (-1).
detail::TargetPart two_at_a_time(const detail::TargetPart& part) {
  const Hypergraph& graph = part.graph;
  HypergraphBuilder builder;
  for (int node = 0; node < graph.nodes(); ++node) builder.add_node(graph.kind(node));
  std::vector<int> arc_of;
  for (int arc = 0; arc < graph.arcs(); ++arc) {
    Step step;
    for (const int node : graph.tail(arc)) {
      if (std::binary_search(part.held.begin(), part.held.end(), node)) continue;
      if (step.tail.size() == 2) {
        Step pair;
        pair.tail = step.tail;
        pair.head = builder.add_node();
        pair.kind = ArcKind::condition;
        step.tail.assign(1, pair.head);
        builder.add_step(std::move(pair));
        arc_of.push_back(-1);
      }
      step.tail.push_back(node);
    }
    step.head = graph.head(arc);
    step.cost = graph.cost(arc);
    step.time = graph.time(arc);
    step.kind = graph.arc_kind(arc);
    for (int r = 0; r < graph.resources(); ++r) step.resources.push_back(graph.resource(arc, r));
    builder.add_step(std::move(step));
    arc_of.push_back(part.arc_of[at(arc)]);
  }
  return {Hypergraph(builder), part.held, std::move(arc_of), part.target};
}

struct Label {
  std::int64_t cost = 0, time = 0, steps = 0;
  std::vector<std::int64_t> used;
  std::vector<int> arcs;                             ///< in an order they can be taken in
  std::vector<std::pair<int, std::int64_t>> shared;  ///< nodes a later step could share, and when they are there
  int node = 0;
  bool alive = true, settled = false;
};

class Labels {
 public:
  Labels(const detail::TargetPart& part, const ParetoOptions& options)
      : part_(part), graph_(part.graph), options_(options), own_(at(graph_.nodes())), held_(at(graph_.nodes()), false) {
    for (const int node : part.held) held_[at(node)] = true;
    ahead();
    sharing();
    when_.assign(at(graph_.nodes()), 0);
    stamp_.assign(at(graph_.nodes()), 0);
  }

  ParetoSet run() {
    ParetoSet found;
    if (held_[at(part_.target)]) {
      found.reached = found.proved = true;
      Pathway nothing;
      nothing.resources.assign(at(graph_.resources()), 0);
      found.ways.push_back(nothing);
      found.least = nothing;
      return found;
    }
    first_ways();
    for (int arc = 0; arc < graph_.arcs(); ++arc) {
      const auto tail = graph_.tail(arc);
      if (std::all_of(tail.begin(), tail.end(), [&](int node) { return held_[at(node)]; })) combine(arc, -1);
    }
    bool complete = true;
    while (!queue_.empty()) {
      const int number = std::get<3>(queue_.top());
      queue_.pop();
      if (!labels_[at(number)].alive) continue;
      if (tried_ >= options_.labels || (options_.stop && settled_ % 256 == 0 && options_.stop())) {
        complete = false;
        break;
      }
      if (hopeless(labels_[at(number)])) continue;
      labels_[at(number)].settled = true;
      ++settled_;
      const int node = labels_[at(number)].node;
      for (const int arc : graph_.uses(node)) combine(arc, number);
    }
    found.proved = complete && !curtailed_;
    found.ways = std::move(ways_);
    std::sort(found.ways.begin(), found.ways.end(), [](const Pathway& a, const Pathway& b) {
      return std::tie(a.cost, a.time, a.steps, a.arcs) < std::tie(b.cost, b.time, b.steps, b.arcs);
    });
    found.reached = !found.ways.empty();
    found.labels = tried_;
    for (auto& way : found.ways) {
      std::vector<int> arcs;
      for (const int arc : way.arcs) {
        if (part_.arc_of[at(arc)] >= 0) arcs.push_back(part_.arc_of[at(arc)]);
      }
      way.arcs = std::move(arcs);
    }
    return found;
  }

 private:
  static constexpr int kSetsUpTo = 20'000;

  [[nodiscard]] std::int64_t step(int arc) const { return graph_.arc_kind(arc) == ArcKind::condition ? 0 : 1; }

  /// The least that is still to come once a node is there, by each measure: one chain of steps.
  void ahead() {
    const auto least = [&](const auto& own) {
      std::vector<std::int64_t> value(at(graph_.nodes()), kUnreached);
      using Ahead = std::pair<std::int64_t, int>;
      std::priority_queue<Ahead, std::vector<Ahead>, std::greater<>> queue;
      value[at(part_.target)] = 0;
      queue.emplace(0, part_.target);
      while (!queue.empty()) {
        const auto [so_far, node] = queue.top();
        queue.pop();
        if (so_far != value[at(node)]) continue;
        for (const int arc : graph_.ways(node)) {
          const std::int64_t next = plus(so_far, own(arc));
          for (const int before : graph_.tail(arc)) {
            if (next >= value[at(before)]) continue;
            value[at(before)] = next;
            queue.emplace(next, before);
          }
        }
      }
      return value;
    };
    cost_ahead_ = least([&](int arc) { return graph_.cost(arc); });
    time_ahead_ = least([&](int arc) { return graph_.time(arc); });
    steps_ahead_ = least([&](int arc) { return step(arc); });
  }

  /// Which nodes can matter to steps elsewhere, once a node is there: what any other part of a later step builds on.
  void sharing() {
    const int size = graph_.nodes();
    tracked_.assign(at(size), {});
    if (size > kSetsUpTo) {
      everything_ = true;
      return;
    }
    NodeSets roots(at(size)), later(at(size));
    std::vector<int> queue;
    std::vector<bool> waiting(at(size), true);
    const auto work = [&](const auto& visit) {
      // Each node looks again when one it depends on has grown.
      while (!queue.empty()) {
        std::vector<int> now;
        now.swap(queue);
        for (const int node : now) {
          waiting[at(node)] = false;
          visit(node);
        }
      }
    };
    const auto wake = [&](int node) {
      if (waiting[at(node)]) return;
      waiting[at(node)] = true;
      queue.push_back(node);
    };
    // Nodes in order of fewest steps from what is held: most are settled at once.
    const Hyperpaths depth = hyperpaths(graph_, part_.held, PathMeasure::depth);
    for (int node = 0; node < size; ++node) queue.push_back(node);
    std::sort(queue.begin(), queue.end(),
              [&](int a, int b) { return std::pair(depth.value[at(a)], a) < std::pair(depth.value[at(b)], b); });
    std::vector<int> backwards(queue.rbegin(), queue.rend());
    work([&](int node) {
      if (held_[at(node)]) return;
      bool grown = roots.add(node, node);
      for (const int arc : graph_.ways(node)) {
        for (const int before : graph_.tail(arc)) {
          if (!held_[at(before)]) grown = roots.add_all(node, roots, before) || grown;
        }
      }
      if (!grown) return;
      for (const int arc : graph_.uses(node)) wake(graph_.head(arc));
    });
    queue = backwards;
    waiting.assign(at(size), true);
    work([&](int node) {
      bool grown = false;
      for (const int arc : graph_.uses(node)) {
        grown = later.add_all(node, later, graph_.head(arc)) || grown;
        for (const int other : graph_.tail(arc)) {
          if (other != node && !held_[at(other)]) grown = later.add_all(node, roots, other) || grown;
        }
      }
      if (!grown) return;
      for (const int arc : graph_.ways(node)) {
        for (const int before : graph_.tail(arc)) wake(before);
      }
    });
    for (int node = 0; node < size; ++node) {
      for (int other = 0; other < size; ++other) {
        if (roots.has(node, other) && later.has(node, other)) tracked_[at(node)].push_back(other);
      }
    }
  }

  template <typename A, typename B>
  [[nodiscard]] bool no_worse(const A& a, const B& b) const {
    return (!options_.cost || a.cost <= b.cost) && (!options_.time || a.time <= b.time) &&
           (!options_.steps || a.steps <= b.steps);
  }

  [[nodiscard]] bool beats(const Label& a, const Label& b) const {
    if (!no_worse(a, b)) return false;
    for (std::size_t r = 0; r < options_.caps.size() && r < a.used.size(); ++r) {
      if (a.used[r] > b.used[r]) return false;
    }
    auto other = a.shared.begin();
    for (const auto& [node, when] : b.shared) {
      while (other != a.shared.end() && other->first < node) ++other;
      if (other == a.shared.end() || other->first != node || (options_.time && other->second > when)) return false;
    }
    return true;
  }

  [[nodiscard]] bool hopeless(const Label& label) const {
    Label least;
    least.cost = plus(label.cost, cost_ahead_[at(label.node)]);
    least.time = plus(label.time, time_ahead_[at(label.node)]);
    least.steps = plus(label.steps, steps_ahead_[at(label.node)]);
    return std::any_of(ways_.begin(), ways_.end(), [&](const Pathway& way) { return no_worse(way, least); });
  }

  [[nodiscard]] bool within_caps(const std::vector<std::int64_t>& used) const {
    for (std::size_t r = 0; r < options_.caps.size() && r < used.size(); ++r) {
      if (used[r] > options_.caps[r]) return false;
    }
    return true;
  }

  /// Whether a way of this target was new and not beaten.
  bool keep(const Label& label) {
    if (std::any_of(ways_.begin(), ways_.end(), [&](const Pathway& way) { return no_worse(way, label); })) return false;
    std::erase_if(ways_, [&](const Pathway& way) { return no_worse(label, way); });
    ways_.push_back({label.cost, label.time, label.steps, label.used, label.arcs});
    return true;
  }

  /// Ways that minima by one measure choose: they spare most of the search.
  void first_ways() {
    for (const auto measure : {PathMeasure::recounted_cost, PathMeasure::time, PathMeasure::depth}) {
      const Hyperpaths paths = hyperpaths(graph_, part_.held, measure);
      std::vector<bool> needed(at(graph_.nodes()), false);
      std::vector<int> open{part_.target}, arcs;
      needed[at(part_.target)] = true;
      while (!open.empty()) {
        const int arc = paths.by[at(open.back())];
        open.pop_back();
        if (arc < 0) continue;
        arcs.push_back(arc);
        for (const int node : graph_.tail(arc)) {
          if (needed[at(node)]) continue;
          needed[at(node)] = true;
          open.push_back(node);
        }
      }
      if (!in_order(arcs)) continue;
      Label label;
      label.node = part_.target;
      if (measured(label, arcs)) keep(label);
    }
  }

  /// Sorts steps so that each finds its tail; false if they cannot be.
  bool in_order(std::vector<int>& arcs) {
    std::vector<bool> there = held_;
    std::vector<int> sorted, left = std::move(arcs);
    while (!left.empty()) {
      std::vector<int> later;
      for (const int arc : left) {
        const auto tail = graph_.tail(arc);
        if (std::all_of(tail.begin(), tail.end(), [&](int node) { return there[at(node)]; })) {
          there[at(graph_.head(arc))] = true;
          sorted.push_back(arc);
        } else {
          later.push_back(arc);
        }
      }
      if (later.size() == left.size()) return false;
      left = std::move(later);
    }
    arcs = std::move(sorted);
    return true;
  }

  /// Measures `arcs` (in order) for the node of `label`; false if a cap is passed.
  bool measured(Label& label, const std::vector<int>& arcs) {
    ++now_;
    label.cost = label.steps = label.time = 0;
    label.used.assign(at(graph_.resources()), 0);
    for (const int arc : arcs) {
      std::int64_t start = 0;
      for (const int node : graph_.tail(arc)) {
        if (!held_[at(node)]) start = std::max(start, when_[at(node)]);
      }
      const int head = graph_.head(arc);
      when_[at(head)] = plus(start, graph_.time(arc));
      stamp_[at(head)] = now_;
      label.cost = plus(label.cost, graph_.cost(arc));
      label.steps += step(arc);
      for (int r = 0; r < graph_.resources(); ++r) label.used[at(r)] = plus(label.used[at(r)], graph_.resource(arc, r));
    }
    label.time = when_[at(label.node)];
    label.arcs = arcs;
    if (!within_caps(label.used)) return false;
    label.shared.clear();
    if (everything_) {
      for (const int arc : arcs) label.shared.emplace_back(graph_.head(arc), when_[at(graph_.head(arc))]);
      std::sort(label.shared.begin(), label.shared.end());
    } else {
      for (const int node : tracked_[at(label.node)]) {
        if (stamp_[at(node)] == now_) label.shared.emplace_back(node, when_[at(node)]);
      }
    }
    return true;
  }

  /// Every combination of settled labels for the tail of `arc`, with `fresh` for its node.
  void combine(int arc, int fresh) {
    const int head = graph_.head(arc);
    if (held_[at(head)]) return;
    std::vector<int> others;
    for (const int node : graph_.tail(arc)) {
      if (held_[at(node)] || (fresh >= 0 && node == labels_[at(fresh)].node)) continue;
      if (own_[at(node)].empty()) return;
      others.push_back(node);
    }
    std::vector<int> chosen;
    if (fresh >= 0) chosen.push_back(fresh);
    choose(arc, others, 0, chosen);
  }

  void choose(int arc, const std::vector<int>& others, std::size_t from, std::vector<int>& chosen) {
    if (tried_ >= options_.labels) {
      curtailed_ = true;
      return;
    }
    if (from == others.size()) {
      join(arc, chosen);
      return;
    }
    const auto candidates = own_[at(others[from])];
    for (const int number : candidates) {
      if (!labels_[at(number)].alive || !labels_[at(number)].settled) continue;
      chosen.push_back(number);
      choose(arc, others, from + 1, chosen);
      chosen.pop_back();
    }
  }

  /// Parts in one order of preference: what an earlier part brings, a later one does not pay again.
  void join(int arc, std::vector<int> chosen) {
    std::sort(chosen.begin(), chosen.end());
    bool conflict = false;
    do {
      ++tried_;
      ++now_;
      std::vector<int> arcs;
      const int head = graph_.head(arc);
      bool circle = false;
      for (const int number : chosen) {
        for (const int one : labels_[at(number)].arcs) {
          const int brings = graph_.head(one);
          if (brings == head) circle = true;
          if (stamp_[at(brings)] == now_) {
            if (when_[at(brings)] != one) conflict = true;
            continue;
          }
          stamp_[at(brings)] = now_;
          when_[at(brings)] = one;  // the step that brings it; times are measured later
          arcs.push_back(one);
        }
      }
      if (circle) return;
      arcs.push_back(arc);
      if (conflict) drop_unneeded(arcs);
      add(head, arcs);
    } while (conflict && std::next_permutation(chosen.begin(), chosen.end()));
  }

  void drop_unneeded(std::vector<int>& arcs) {
    std::vector<bool> needed(at(graph_.nodes()), false);
    std::vector<int> kept;
    needed[at(graph_.head(arcs.back()))] = true;
    for (auto arc = arcs.rbegin(); arc != arcs.rend(); ++arc) {
      if (!needed[at(graph_.head(*arc))]) continue;
      kept.push_back(*arc);
      for (const int node : graph_.tail(*arc)) needed[at(node)] = true;
    }
    arcs.assign(kept.rbegin(), kept.rend());
  }

  void add(int node, const std::vector<int>& arcs) {
    Label label;
    label.node = node;
    if (!measured(label, arcs) || hopeless(label)) return;
    if (node == part_.target) {
      keep(label);
      return;
    }
    auto& own = own_[at(node)];
    for (const int number : own) {
      if (beats(labels_[at(number)], label)) return;
    }
    std::erase_if(own, [&](int number) {
      if (!beats(label, labels_[at(number)])) return false;
      labels_[at(number)].alive = false;
      labels_[at(number)].arcs = {};
      return true;
    });
    const int number = static_cast<int>(labels_.size());
    own.push_back(number);
    queue_.emplace(plus(label.cost, cost_ahead_[at(node)]), plus(label.time, time_ahead_[at(node)]),
                   plus(label.steps, steps_ahead_[at(node)]), number);
    labels_.push_back(std::move(label));
  }

  const detail::TargetPart& part_;
  const Hypergraph& graph_;
  const ParetoOptions& options_;
  std::vector<std::vector<int>> own_;  ///< labels per node that nothing beats
  std::vector<bool> held_;
  std::vector<std::int64_t> cost_ahead_, time_ahead_, steps_ahead_;
  std::vector<std::vector<int>> tracked_;
  bool everything_ = false;
  bool curtailed_ = false;
  std::vector<Label> labels_;
  using Entry = std::tuple<std::int64_t, std::int64_t, std::int64_t, int>;
  std::priority_queue<Entry, std::vector<Entry>, std::greater<>> queue_;
  std::vector<Pathway> ways_;
  std::vector<std::int64_t> when_, stamp_;
  std::int64_t now_ = 0, tried_ = 0, settled_ = 0;
};

/// Ways by limits: the cheapest one within limits on time and steps, each one found splitting what is left.
class Boxes {
 public:
  Boxes(const detail::TargetPart& part, const ParetoOptions& options) : part_(part), options_(options) {
    const Hypergraph& graph = part.graph;
    // Cost first, steps among what costs the same, as one number while that fits.
    const std::int64_t most = static_cast<std::int64_t>(graph.arcs()) + 1;
    std::int64_t whole = 0;
    for (int arc = 0; arc < graph.arcs(); ++arc) whole = plus(whole, graph.cost(arc));
    factor_ = options.steps && whole < kUnreached / 4 / most ? most : 1;
    for (int arc = 0; arc < graph.arcs(); ++arc) {
      const std::int64_t step = options.steps && graph.arc_kind(arc) != ArcKind::condition ? 1 : 0;
      price_.push_back((options.cost ? graph.cost(arc) * factor_ : 0) + (factor_ > 1 || !options.cost ? step : 0));
    }
  }

  /// Adds ways to those known; true if the set is whole.
  bool run(std::vector<Pathway>& ways) {
    std::vector<Box> open{{kUnreached, kUnreached}};
    while (!open.empty()) {
      const Box box = open.back();
      open.pop_back();
      const Found* known = look_up(box);
      if (known == nullptr) {
        if (++searches_ > options_.searches || (options_.stop && options_.stop())) return false;
        detail::WayLimits limits;
        limits.time = box.time;
        limits.steps = box.steps;
        limits.caps = options_.caps;
        limits.nodes = options_.nodes;
        limits.stop = options_.stop;
        // A way already known is the answer unless something cheaper lies within.
        const Pathway* start = nullptr;
        for (const Pathway& one : ways) {
          const bool within = one.time <= box.time && one.steps <= box.steps;
          if (within && (start == nullptr || worth(one) < worth(*start))) start = &one;
        }
        if (start != nullptr) limits.price = worth(*start);
        detail::LeastWay way = detail::least_way(part_, price_, limits);
        if (!way.proved) return false;
        if (way.found) {
          keep(ways, way);
        } else if (start != nullptr) {
          way.found = true;
          way.time = start->time;
          way.steps = start->steps;
        }
        found_.push_back({box, std::move(way)});
        known = &found_.back();
      }
      if (!known->way.found) continue;
      if (options_.time && known->way.time > 0) open.push_back({known->way.time - 1, box.steps});
      if (options_.steps && known->way.steps > 0) open.push_back({box.time, known->way.steps - 1});
    }
    return true;
  }

 private:
  struct Box {
    std::int64_t time, steps;
  };
  struct Found {
    Box box;
    detail::LeastWay way;
  };

  /// The answer for a box follows from a wider one whose answer lies within, or that has none.
  [[nodiscard]] const Found* look_up(const Box& box) const {
    for (const Found& one : found_) {
      if (one.box.time < box.time || one.box.steps < box.steps) continue;
      if (!one.way.found || (one.way.time <= box.time && one.way.steps <= box.steps)) return &one;
    }
    return nullptr;
  }

  /// The price of a way.
  [[nodiscard]] std::int64_t worth(const Pathway& way) const {
    const std::int64_t cost = options_.cost ? way.cost * factor_ : 0;
    const bool counts = options_.steps && (factor_ > 1 || !options_.cost);
    return cost + (counts ? way.steps : 0);
  }

  void keep(std::vector<Pathway>& ways, const detail::LeastWay& way) const {
    Pathway own;
    for (const int arc : way.arcs) own.cost = plus(own.cost, part_.graph.cost(arc));
    own.time = way.time;
    own.steps = way.steps;
    own.resources = way.used;
    for (const int arc : way.arcs) own.arcs.push_back(part_.arc_of[at(arc)]);
    ways.push_back(std::move(own));
  }

  const detail::TargetPart& part_;
  const ParetoOptions& options_;
  std::int64_t factor_ = 1;
  std::vector<std::int64_t> price_;
  std::deque<Found> found_;
  int searches_ = 0;
};

/// Ways that no other beats, one of each sort, in order.
std::vector<Pathway> weeded(std::vector<Pathway> ways, const ParetoOptions& options) {
  const auto key = [&](const Pathway& way) {
    return std::tuple(options.cost ? way.cost : 0, options.time ? way.time : 0, options.steps ? way.steps : 0);
  };
  std::stable_sort(ways.begin(), ways.end(), [&](const Pathway& a, const Pathway& b) { return key(a) < key(b); });
  std::vector<Pathway> kept;
  for (auto& way : ways) {
    const bool beaten = std::any_of(kept.begin(), kept.end(), [&](const Pathway& other) {
      const auto [a, b, c] = key(other);
      const auto [x, y, z] = key(way);
      return a <= x && b <= y && c <= z;
    });
    if (!beaten) kept.push_back(std::move(way));
  }
  return kept;
}

}  // namespace

ParetoSet pareto(const Hypergraph& graph, std::span<const int> held, int target, const ParetoOptions& options) {
  const auto part = detail::part_for(graph, held, target);
  if (!part) {
    ParetoSet none;
    none.proved = true;
    return none;
  }
  const detail::TargetPart pairs = two_at_a_time(*part);
  ParetoSet found = Labels(pairs, options).run();
  if (!found.proved) {
    found.proved = Boxes(*part, options).run(found.ways);
    found.ways = weeded(std::move(found.ways), options);
    found.reached = !found.ways.empty();
  }
  if (found.proved) {
    for (std::size_t w = 0; w < found.ways.size(); ++w) {
      const Pathway& way = found.ways[w];
      found.least.cost = w == 0 ? way.cost : std::min(found.least.cost, way.cost);
      found.least.time = w == 0 ? way.time : std::min(found.least.time, way.time);
      found.least.steps = w == 0 ? way.steps : std::min(found.least.steps, way.steps);
    }
    return found;
  }
  CheapestOptions brief;
  brief.nodes = 50;
  brief.stop = options.stop;
  found.least.cost = cheapest(part->graph, part->held, part->target, brief).bound;
  found.least.time = hyperpaths(part->graph, part->held, PathMeasure::time).value[at(part->target)];
  found.least.steps = hyperpaths(part->graph, part->held, PathMeasure::depth).value[at(part->target)];
  return found;
}

}  // namespace qualgraph
