#include "qualgraph/pathway/hypergraph.hpp"

#include "qualgraph/model/error.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <numeric>
#include <string>
#include <utility>

namespace qualgraph {
namespace {

constexpr std::array<const char*, 5> kNodeKinds{"credential", "unit", "outcome", "level", "award"};
constexpr std::array<const char*, 7> kArcKinds{"course",     "rpl-assessment", "articulation", "bridging",
                                               "exit-award", "award",          "condition"};
constexpr std::int64_t kThresholdSteps = 1'000'000;

template <typename Kind, std::size_t size>
Kind parse(std::string_view word, const std::array<const char*, size>& words, const char* what) {
  for (std::size_t i = 0; i < size; ++i) {
    if (word == words[i]) return static_cast<Kind>(i);
  }
  std::string known;
  for (const char* each : words) known += (known.empty() ? "" : ", ") + std::string(each);
  throw InvalidValue(std::string("no kind of ") + what + " is called " + in_quotes(word) + "; there are " + known);
}

/// Begins of rows for keys given one after the other, and the entries in order of key.
void fill_rows(const std::vector<int>& keys, const std::vector<int>& entries, int rows, std::vector<std::size_t>& begin,
               std::vector<int>& values) {
  begin.assign(static_cast<std::size_t>(rows) + 1, 0);
  for (const int key : keys) ++begin[static_cast<std::size_t>(key) + 1];
  std::partial_sum(begin.begin(), begin.end(), begin.begin());
  values.resize(entries.size());
  std::vector<std::size_t> next(begin.begin(), begin.end() - 1);
  for (std::size_t i = 0; i < keys.size(); ++i) values[next[static_cast<std::size_t>(keys[i])]++] = entries[i];
}

}  // namespace

const char* to_string(NodeKind kind) noexcept { return kNodeKinds[static_cast<std::size_t>(kind)]; }
const char* to_string(ArcKind kind) noexcept { return kArcKinds[static_cast<std::size_t>(kind)]; }
NodeKind parse_node_kind(std::string_view word) { return parse<NodeKind>(word, kNodeKinds, "node"); }
ArcKind parse_arc_kind(std::string_view word) { return parse<ArcKind>(word, kArcKinds, "step"); }

int HypergraphBuilder::add_node(NodeKind kind) {
  kinds_.push_back(kind);
  return nodes() - 1;
}

int HypergraphBuilder::add_step(Step step) {
  const auto known = [&](int node) { return node >= 0 && node < nodes(); };
  const std::string where = "step " + std::to_string(steps());
  if (!known(step.head))
    throw InvalidValue(where + " leads to node " + std::to_string(step.head) + ", which is not there");
  for (const int node : step.tail) {
    if (!known(node)) throw InvalidValue(where + " needs node " + std::to_string(node) + ", which is not there");
  }
  const bool negative = step.cost < 0 || step.time < 0 ||
                        std::any_of(step.resources.begin(), step.resources.end(), [](std::int64_t r) { return r < 0; });
  if (negative) throw InvalidValue(where + " has a negative cost, time or use of a resource");
  // A way pays each step once: where all steps together fit, every sum over a way is exact.
  constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max() - 1;
  const auto room = [&](std::int64_t before, std::int64_t more, const char* what) {
    if (more <= kMost - before) return;
    throw NumericOverflow(where + " takes the " + what + " of all steps out of the 64-bit range; use coarser units");
  };
  room(whole_cost_, step.cost, "cost");
  room(whole_time_, step.time, "time");
  whole_resources_.resize(std::max(whole_resources_.size(), step.resources.size()), 0);
  for (std::size_t r = 0; r < step.resources.size(); ++r) {
    room(whole_resources_[r], step.resources[r], "use of a resource");
  }
  whole_cost_ += step.cost;
  whole_time_ += step.time;
  for (std::size_t r = 0; r < step.resources.size(); ++r) whole_resources_[r] += step.resources[r];
  std::sort(step.tail.begin(), step.tail.end());
  step.tail.erase(std::unique(step.tail.begin(), step.tail.end()), step.tail.end());
  steps_.push_back(std::move(step));
  return steps() - 1;
}

int HypergraphBuilder::add_threshold(std::span<const int> members, int needed) {
  const auto size = static_cast<std::int64_t>(members.size());
  if (needed < 1 || needed > size) {
    throw InvalidValue("of " + std::to_string(size) + " alternatives, " + std::to_string(needed) + " cannot be needed");
  }
  if (needed * size > kThresholdSteps) {
    throw InvalidValue(std::to_string(needed) + " of " + std::to_string(size) +
                       " alternatives are too many to spell out");
  }
  if (size == 1) return members.front();
  const auto step = [&](std::vector<int> tail, int head) {
    Step free;
    free.tail = std::move(tail);
    free.head = head;
    free.kind = ArcKind::condition;
    add_step(std::move(free));
  };
  if (needed == size || needed == 1) {
    const int node = add_node(NodeKind::credential);
    if (needed == size) {
      step({members.begin(), members.end()}, node);
    } else {
      for (const int member : members) step({member}, node);
    }
    return node;
  }
  // held[j]: j of the members looked at so far hold.
  std::vector<int> held(static_cast<std::size_t>(needed) + 1, -1);
  for (const int member : members) {
    for (std::size_t j = static_cast<std::size_t>(needed); j >= 1; --j) {
      if (j > 1 && held[j - 1] < 0) continue;
      const int node = add_node(NodeKind::credential);
      if (held[j] >= 0) step({held[j]}, node);
      step(j == 1 ? std::vector<int>{member} : std::vector<int>{held[j - 1], member}, node);
      held[j] = node;
    }
  }
  return held.back();
}

Hypergraph::Hypergraph(const HypergraphBuilder& builder) : kinds_(builder.kinds_) {
  const auto& steps = builder.steps_;
  for (const auto& step : steps) resource_count_ = std::max(resource_count_, static_cast<int>(step.resources.size()));
  std::vector<int> arc_of_tail;
  std::vector<int> own(steps.size());
  std::iota(own.begin(), own.end(), 0);
  tail_begin_.push_back(0);
  for (std::size_t a = 0; a < steps.size(); ++a) {
    const Step& step = steps[a];
    heads_.push_back(step.head);
    costs_.push_back(step.cost);
    times_.push_back(step.time);
    arc_kinds_.push_back(step.kind);
    tails_.insert(tails_.end(), step.tail.begin(), step.tail.end());
    arc_of_tail.insert(arc_of_tail.end(), step.tail.size(), static_cast<int>(a));
    tail_begin_.push_back(tails_.size());
    for (int r = 0; r < resource_count_; ++r) {
      const auto at = static_cast<std::size_t>(r);
      resources_.push_back(at < step.resources.size() ? step.resources[at] : 0);
    }
  }
  fill_rows(tails_, arc_of_tail, nodes(), use_begin_, uses_);
  fill_rows(heads_, own, nodes(), way_begin_, ways_);
}

}  // namespace qualgraph
