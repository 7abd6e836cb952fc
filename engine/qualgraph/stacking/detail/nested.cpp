#include "qualgraph/stacking/detail/nested.hpp"

#include "qualgraph/stacking/detail/bits.hpp"

#include <algorithm>
#include <bit>

namespace qualgraph::detail {
namespace {

std::size_t index(int position) { return static_cast<std::size_t>(position); }

constexpr std::size_t kMostTypes = 64;
constexpr std::int64_t kMostUnits = std::int64_t{1} << 30;

}  // namespace

bool Nested::read(const Packed& packed) {
  packed_ = &packed;
  types_.clear();
  type_of_.clear();
  unit_ = 0;
  std::int64_t units = 0;
  for (const Packed::Entry& entry : packed.entries) {
    const std::int64_t unit = entry.size / entry.parts;
    if (unit_ != 0 && unit != unit_) return false;
    unit_ = unit;
    units += entry.parts;
    if (entry.sets != 0 || units > kMostUnits) return false;
  }
  if (unit_ == 0) unit_ = 1;
  for (const Packed::Entry& entry : packed.entries) {
    std::size_t type = 0;
    while (type < types_.size() && (types_[type].fits != entry.fits || types_[type].families != entry.families)) ++type;
    if (type == types_.size()) {
      if (type == kMostTypes) return false;
      types_.push_back({entry.fits, entry.families, 0});
    }
    types_[type].units += entry.parts;
    type_of_.push_back(type);
  }
  return nest();
}

/// Sorts the families onto the two sides of the network; false if some cut across each other.
bool Nested::nest() {
  over_items_.clear();
  over_places_.clear();
  const auto& families = packed_->families;
  inside_.assign(families.size(), 0);
  std::uint64_t used = 0;
  for (const Type& type : types_) used |= type.fits;
  for (std::size_t f = 0; f < families.size(); ++f) {
    const Packed::Family& family = families[f];
    if (family.least == 0 && family.most == kUnlimited) continue;
    bool by_item = true;
    bool by_place = true;
    for (std::size_t t = 0; t < types_.size(); ++t) {
      const Type& type = types_[t];
      const bool there = (type.fits & family.leaves) != 0;
      if (!there) continue;
      if (has(type.families, f)) {
        inside_[f] |= bit(t);
        by_item = by_item && (type.fits & ~family.leaves) == 0;
      } else {
        by_place = false;
      }
    }
    if (by_item) {
      // The widest first; of equal ones, as the rule lists them.
      auto at = over_items_.begin();
      while (at != over_items_.end() && std::popcount(inside_[*at]) >= std::popcount(inside_[f])) ++at;
      over_items_.insert(at, f);
      continue;
    }
    if (!by_place) return false;
    std::size_t node = 0;
    while (node < packed_->nodes.size() && (packed_->nodes[node].leaves & used) != (family.leaves & used)) ++node;
    if (node == packed_->nodes.size()) return false;
    over_places_.emplace_back(node, f);
  }
  for (std::size_t a = 0; a < over_items_.size(); ++a) {
    for (std::size_t b = a + 1; b < over_items_.size(); ++b) {
      const std::uint64_t wide = inside_[over_items_[a]];
      const std::uint64_t narrow = inside_[over_items_[b]];
      if ((wide & narrow) != 0 && (narrow & ~wide) != 0) return false;
    }
  }
  return true;
}

/// Places side by side with a minimum and a maximum each, a total, and a few caps that do not touch
/// each other: filling the minima first takes nothing from the whole, so two cuts decide.
bool Nested::simple() const {
  if (!over_places_.empty() || packed_->nodes.size() != packed_->leaf_node.size() + 1) return false;
  for (std::size_t n = 1; n < packed_->nodes.size(); ++n) {
    if (packed_->nodes[n].parent != 0 || packed_->nodes[n].least % unit_ != 0) return false;
  }
  std::uint64_t capped = 0;
  for (const std::size_t f : over_items_) {
    if (packed_->families[f].least != 0 || (inside_[f] & capped) != 0) return false;
    capped |= inside_[f];
  }
  return over_items_.size() < Cuts::kMostClasses;
}

void Nested::decide(bool parts) {
  parts_.clear();
  if (simple() && !parts)
    decide_by_cuts();
  else
    decide_by_flow();
}

void Nested::decide_by_cuts() {
  const auto& nodes = packed_->nodes;
  const auto through = [&](bool to_minima) {
    cuts_.start(nodes[0].leaves);
    for (std::size_t l = 0; l < packed_->leaf_node.size(); ++l) {
      const Packed::Node& node = nodes[index(packed_->leaf_node[l])];
      cuts_.place(l, (to_minima ? std::min(node.least, node.most) : node.most) / unit_);
    }
    for (const std::size_t f : over_items_) cuts_.add_class(packed_->families[f].most / unit_);
    for (std::size_t t = 0; t < types_.size(); ++t) {
      std::size_t kind = 0;
      for (std::size_t k = 0; k < over_items_.size() && kind == 0; ++k) {
        if (has(inside_[over_items_[k]], t)) kind = k + 1;
      }
      cuts_.supply(types_[t].units, types_[t].fits, kind);
    }
    return std::min(cuts_.most(), nodes[0].most / unit_) * unit_;
  };
  std::int64_t asked = 0;
  for (std::size_t n = 1; n < nodes.size(); ++n) asked += nodes[n].least;
  counted_ = through(false);
  shortfall_ = std::max<std::int64_t>(0, nodes[0].least - counted_);
  if (asked > 0) shortfall_ += asked - through(true);
}

/// An arc of as many as there are, each worth what it still adds to the bounds below.
void Nested::bounds(int from, int to, std::vector<std::int64_t>& least, std::int64_t most) {
  const std::int64_t end = most == kUnlimited ? kMostUnits : most / unit_;
  std::vector<std::int64_t> steps;
  for (const std::int64_t amount : least) {
    steps.push_back(amount / unit_);
    steps.push_back((amount + unit_ - 1) / unit_);
  }
  steps.push_back(end);
  std::sort(steps.begin(), steps.end());
  std::int64_t at = 0;
  for (std::int64_t step : steps) {
    step = std::min(step, end);
    if (step <= at) continue;
    std::int64_t worth = 0;
    for (const std::int64_t amount : least) worth += std::clamp<std::int64_t>(amount - at * unit_, 0, unit_);
    network_.add_arc(from, to, step - at, worth);
    at = step;
  }
}

void Nested::decide_by_flow() {
  const auto& nodes = packed_->nodes;
  const auto& families = packed_->families;
  network_.clear();
  const int source = network_.add_node();
  const int sink = network_.add_node();
  const int first = sink + 1;  // of the tree of places
  for (std::size_t n = 0; n < nodes.size(); ++n) network_.add_node();
  std::int64_t asked = 0;
  const bool two_steps = simple();
  std::vector<int> widened;
  std::vector<std::int64_t> least;
  for (std::size_t n = 0; n < nodes.size(); ++n) {
    const int from = first + static_cast<int>(n);
    const int to = n == 0 ? sink : first + nodes[n].parent;
    asked += nodes[n].least;
    if (two_steps && n > 0) {
      widened.push_back(network_.add_arc(from, to, std::min(nodes[n].least, nodes[n].most) / unit_));
      continue;
    }
    std::int64_t most = nodes[n].most;
    least.clear();
    if (nodes[n].least > 0) least.push_back(nodes[n].least);
    for (const auto& [node, f] : over_places_) {
      if (node != n) continue;
      most = std::min(most, families[f].most);
      asked += families[f].least;
      if (families[f].least > 0) least.push_back(families[f].least);
    }
    bounds(from, to, least, most);
  }
  std::vector<int> family_node(families.size(), source);
  const auto above = [&](std::uint64_t types, std::size_t count) {
    int node = source;
    for (std::size_t k = 0; k < count; ++k) {
      if ((inside_[over_items_[k]] & types) == types) node = family_node[over_items_[k]];
    }
    return node;
  };
  for (std::size_t k = 0; k < over_items_.size(); ++k) {
    const std::size_t f = over_items_[k];
    asked += families[f].least;
    if (inside_[f] == 0) continue;
    family_node[f] = network_.add_node();
    least.clear();
    if (families[f].least > 0) least.push_back(families[f].least);
    bounds(above(inside_[f], k), family_node[f], least, families[f].most);
  }
  struct Way {
    int arc;
    std::size_t leaf;
  };
  std::vector<std::vector<Way>> ways(types_.size());
  std::vector<int> supply;
  for (std::size_t t = 0; t < types_.size(); ++t) {
    const int node = network_.add_node();
    supply.push_back(network_.add_arc(above(bit(t), over_items_.size()), node, types_[t].units));
    each_bit(types_[t].fits, [&](std::size_t l) {
      ways[t].push_back({network_.add_arc(node, first + packed_->leaf_node[l], types_[t].units), l});
    });
  }
  if (two_steps) {
    // What fills the minima first stays there when the rest is let in.
    const std::int64_t filled = network_.most(source, sink) * unit_;
    for (std::size_t n = 1; n < nodes.size(); ++n) {
      const std::int64_t own = std::min(nodes[n].least, nodes[n].most) / unit_;
      network_.widen(widened[n - 1], (nodes[n].most == kUnlimited ? kMostUnits : nodes[n].most / unit_) - own);
    }
    counted_ = filled + network_.most(source, sink) * unit_;
    shortfall_ = asked - nodes[0].least - filled + std::max<std::int64_t>(0, nodes[0].least - counted_);
  } else {
    shortfall_ = asked - network_.richest(source, sink);
    counted_ = 0;
    for (const int arc : supply) counted_ += network_.flow(arc) * unit_;
  }
  std::vector<std::vector<std::pair<std::size_t, std::int64_t>>> sent(types_.size());
  for (std::size_t t = 0; t < types_.size(); ++t) {
    for (const Way& way : ways[t]) {
      if (const std::int64_t flow = network_.flow(way.arc); flow > 0) sent[t].emplace_back(way.leaf, flow);
    }
  }
  hand_out(sent);
}

/// Of equal items, the first ones are placed first.
void Nested::hand_out(std::vector<std::vector<std::pair<std::size_t, std::int64_t>>>& sent) {
  for (std::size_t i = 0; i < type_of_.size(); ++i) {
    std::int64_t left = packed_->entries[i].parts;
    auto& open = sent[type_of_[i]];
    while (left > 0 && !open.empty()) {
      auto& [leaf, flow] = open.front();
      const std::int64_t here = std::min(left, flow);
      parts_.push_back({i, leaf, here});
      left -= here;
      flow -= here;
      if (flow == 0) open.erase(open.begin());
    }
  }
}

}  // namespace qualgraph::detail
