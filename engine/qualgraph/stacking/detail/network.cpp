#include "qualgraph/stacking/detail/network.hpp"

#include <algorithm>
#include <limits>

namespace qualgraph::detail {

void Network::clear() noexcept {
  nodes_ = 0;
  arcs_.clear();
  from_.clear();
}

int Network::add_node() { return nodes_++; }

int Network::add_arc(int from, int to, std::int64_t capacity, std::int64_t worth) {
  arcs_.push_back({to, capacity, worth});
  arcs_.push_back({from, 0, -worth});
  from_.push_back(from);
  from_.push_back(to);
  return static_cast<int>(arcs_.size() / 2) - 1;
}

void Network::link() {
  start_.assign(at(nodes_) + 1, 0);
  for (const int node : from_) ++start_[at(node) + 1];
  for (std::size_t n = 0; n < at(nodes_); ++n) start_[n + 1] += start_[n];
  next_.assign(start_.begin(), start_.end() - 1);
  out_.resize(arcs_.size());
  for (std::size_t a = 0; a < arcs_.size(); ++a) out_[at(next_[at(from_[a])]++)] = static_cast<int>(a);
}

/// How far each node is from the source, over arcs that have room and keep the best price.
bool Network::levels(int source, int sink) {
  level_.assign(at(nodes_), -1);
  level_[at(source)] = 0;
  queue_.clear();
  queue_.push_back(source);
  for (std::size_t head = 0; head < queue_.size() && level_[at(sink)] < 0; ++head) {
    const int node = queue_[head];
    for (int k = start_[at(node)]; k < start_[at(node) + 1]; ++k) {
      const Arc& arc = arcs_[at(out_[at(k)])];
      if (arc.left == 0 || level_[at(arc.to)] >= 0) continue;
      if (by_price_ && price_[at(node)] + arc.worth != price_[at(arc.to)]) continue;
      level_[at(arc.to)] = level_[at(node)] + 1;
      queue_.push_back(arc.to);
    }
  }
  return level_[at(sink)] >= 0;
}

/// The most a unit can earn on its way to each node; whether the sink is reached at a gain.
bool Network::best_paths(int source, int sink) {
  constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::min();
  price_.assign(at(nodes_), kNever);
  waiting_.assign(at(nodes_), 0);
  price_[at(source)] = 0;
  queue_.clear();
  queue_.push_back(source);
  for (std::size_t head = 0; head < queue_.size(); ++head) {
    const int node = queue_[head];
    waiting_[at(node)] = 0;
    for (int k = start_[at(node)]; k < start_[at(node) + 1]; ++k) {
      const Arc& arc = arcs_[at(out_[at(k)])];
      if (arc.left == 0) continue;
      const std::int64_t price = price_[at(node)] + arc.worth;
      if (price <= price_[at(arc.to)]) continue;
      price_[at(arc.to)] = price;
      if (waiting_[at(arc.to)] == 0) {
        waiting_[at(arc.to)] = 1;
        queue_.push_back(arc.to);
      }
    }
  }
  return price_[at(sink)] > 0;
}

std::int64_t Network::push(int node, int sink, std::int64_t limit) {
  if (node == sink) return limit;
  std::int64_t sent = 0;
  for (int& k = next_[at(node)]; k < start_[at(node) + 1]; ++k) {
    const int out = out_[at(k)];
    Arc& arc = arcs_[at(out)];
    if (arc.left == 0 || level_[at(arc.to)] != level_[at(node)] + 1) continue;
    if (by_price_ && price_[at(node)] + arc.worth != price_[at(arc.to)]) continue;
    const std::int64_t through = push(arc.to, sink, std::min(limit - sent, arc.left));
    if (through == 0) continue;
    arc.left -= through;
    arcs_[at(out ^ 1)].left += through;
    sent += through;
    if (sent == limit) return sent;
  }
  return sent;
}

std::int64_t Network::fill(int source, int sink) {
  std::int64_t sent = 0;
  while (levels(source, sink)) {
    next_.assign(start_.begin(), start_.end() - 1);
    sent += push(source, sink, std::numeric_limits<std::int64_t>::max());
  }
  return sent;
}

std::int64_t Network::most(int source, int sink) {
  link();
  by_price_ = false;
  return fill(source, sink);
}

std::int64_t Network::richest(int source, int sink) {
  link();
  by_price_ = true;
  std::int64_t earned = 0;
  while (best_paths(source, sink)) {
    const std::int64_t each = price_[at(sink)];
    earned += each * fill(source, sink);
  }
  return earned;
}

}  // namespace qualgraph::detail
