#include "qualgraph/stacking/detail/placing.hpp"

#include "qualgraph/stacking/detail/bits.hpp"

#include <algorithm>
#include <bit>
#include <numeric>

namespace qualgraph::detail {
namespace {

/// Trying swaps takes time that a search may use better.
constexpr int kTrials = 4000;

}  // namespace

bool Placing::read(const Packed& packed) {
  packed_ = &packed;
  const std::size_t nodes = packed.nodes.size();
  rows_ = nodes + packed.families.size();
  leaves_ = packed.leaf_node.size();
  if (rows_ > kRows || packed.exclusions.size() > 64) return false;
  std::uint64_t useful = 0;
  const auto row = [&](std::size_t r, std::int64_t least, std::int64_t most) {
    least_[r] = least;
    most_[r] = most;
    if (least > 0 || most < kUnlimited) useful |= bit(r);
  };
  for (std::size_t n = 0; n < nodes; ++n) row(n, packed.nodes[n].least, packed.nodes[n].most);
  for (std::size_t f = 0; f < packed.families.size(); ++f)
    row(nodes + f, packed.families[f].least, packed.families[f].most);
  for (std::size_t l = 0; l < leaves_; ++l) {
    path_[l] = 0;
    for (int n = packed.leaf_node[l]; n >= 0; n = packed.nodes[static_cast<std::size_t>(n)].parent)
      path_[l] |= bit(static_cast<std::size_t>(n));
    path_[l] &= useful;
    reach_[l] = 0;
    for (std::size_t f = 0; f < packed.families.size(); ++f) {
      if (has(packed.families[f].leaves, l)) reach_[l] |= bit(nodes + f);
    }
    reach_[l] &= useful;
  }
  const std::size_t count = packed.entries.size();
  size_.resize(count);
  fits_.resize(count);
  families_.resize(count);
  sets_.resize(count);
  common_.resize(count);
  std::int64_t all = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const Packed::Entry& entry = packed.entries[i];
    if (entry.parts != 1) return false;
    size_[i] = entry.size;
    all += entry.size;
    if (all > (std::int64_t{1} << 30)) return false;
    families_[i] = nodes < 64 ? entry.families << nodes : 0;
    sets_[i] = entry.sets;
    std::uint64_t fits = 0;
    each_bit(entry.fits, [&](std::size_t l) {
      bool small = true;
      each_bit(rows_of(i, l), [&](std::size_t r) { small = small && entry.size <= most_[r]; });
      if (small) fits |= bit(l);
    });
    fits_[i] = fits;
    std::uint64_t common = ~std::uint64_t{0};
    each_bit(fits, [&](std::size_t l) { common &= rows_of(i, l); });
    common_[i] = common;
  }
  place_.assign(count, -1);
  order_.clear();
  return true;
}

std::int64_t Placing::gain(std::int64_t size, std::uint64_t rows) const noexcept {
  std::int64_t brings = 0;
  for (; rows != 0; rows &= rows - 1) {
    const std::size_t r = lowest(rows);
    if (size > room_[r]) return -1;
    brings += std::min(size, std::max<std::int64_t>(0, lacks_[r]));
  }
  return brings;
}

bool Placing::barred(std::size_t entry) const noexcept {
  if (sets_[entry] == 0) return false;
  const std::uint64_t after = active_ | sets_[entry];
  if (after == active_) return false;
  for (const auto& exclusion : packed_->exclusions) {
    if ((sets_[entry] & exclusion.sets) != 0 && std::popcount(after & exclusion.sets) > exclusion.most) return true;
  }
  return false;
}

void Placing::put(std::size_t entry, std::size_t leaf) noexcept {
  const std::int64_t size = size_[entry];
  for (std::uint64_t rows = rows_of(entry, leaf); rows != 0; rows &= rows - 1) {
    const std::size_t r = lowest(rows);
    lacking_ -= std::min(size, std::max<std::int64_t>(0, lacks_[r]));
    lacks_[r] -= size;
    room_[r] -= size;
  }
  each_bit(sets_[entry], [&](std::size_t s) {
    ++held_[s];
    active_ |= bit(s);
  });
  place_[entry] = static_cast<int>(leaf);
}

void Placing::take(std::size_t entry) noexcept {
  const std::int64_t size = size_[entry];
  for (std::uint64_t rows = rows_of(entry, static_cast<std::size_t>(place_[entry])); rows != 0; rows &= rows - 1) {
    const std::size_t r = lowest(rows);
    lacks_[r] += size;
    room_[r] += size;
    lacking_ += std::min(size, std::max<std::int64_t>(0, lacks_[r]));
  }
  each_bit(sets_[entry], [&](std::size_t s) {
    if (--held_[s] == 0) active_ &= ~bit(s);
  });
  place_[entry] = -1;
}

int Placing::best_leaf(std::size_t entry) const noexcept {
  const std::int64_t size = size_[entry];
  const std::uint64_t fits = fits_[entry];
  // Most of what an item brings, it brings wherever it lies.
  const std::int64_t anyway = fits == 0 ? -1 : gain(size, common_[entry]);
  if (anyway < 0) return -1;
  int best = -1;
  std::int64_t brings = anyway > 0 ? -1 : 0;
  for (std::uint64_t left = fits; left != 0; left &= left - 1) {
    const std::size_t l = lowest(left);
    const std::int64_t here = gain(size, rows_of(entry, l) & ~common_[entry]);
    if (here > brings || (here == brings && best >= 0 && rank_[l] < rank_[static_cast<std::size_t>(best)])) {
      brings = here;
      best = static_cast<int>(l);
    }
  }
  return best;
}

void Placing::start() {
  held_.fill(0);
  active_ = 0;
  lacking_ = 0;
  for (std::size_t r = 0; r < rows_; ++r) {
    lacks_[r] = least_[r];
    room_[r] = most_[r];
    lacking_ += least_[r];
  }
  std::fill(place_.begin(), place_.end(), -1);
}

void Placing::note() {
  if (best_place_.size() == place_.size() && lacking_ >= best_) return;
  best_ = lacking_;
  best_place_ = place_;
}

void Placing::greedy(const std::vector<int>& order) {
  start();
  for (const int each : order) {
    if (lacking_ == 0) break;
    const auto i = static_cast<std::size_t>(each);
    if (barred(i)) continue;
    const int leaf = best_leaf(i);
    if (leaf >= 0) put(i, static_cast<std::size_t>(leaf));
  }
}

/// Each item where it now brings the most, for as long as that helps.
void Placing::improve() {
  for (int round = 0; round < 4 && lacking_ > 0; ++round) {
    const std::int64_t before = lacking_;
    for (std::size_t i = 0; i < size_.size() && lacking_ > 0; ++i) {
      if (fits_[i] == 0) continue;
      const int was = place_[i];
      if (was >= 0) take(i);
      const std::int64_t out = lacking_;
      const int leaf = barred(i) ? -1 : best_leaf(i);
      if (leaf >= 0) put(i, static_cast<std::size_t>(leaf));
      if (was >= 0 && place_[i] < 0 && lacking_ == out) put(i, static_cast<std::size_t>(was));
    }
    if (lacking_ >= before) break;
  }
}

void Placing::place() {
  const std::size_t count = size_.size();
  // How much more than its minimum a place could have: the scarce ones are filled first.
  supply_.fill(0);
  for (std::size_t i = 0; i < count; ++i) {
    each_bit(fits_[i], [&](std::size_t l) { supply_[l] += size_[i]; });
  }
  for (std::size_t l = 0; l < leaves_; ++l)
    rank_[l] = supply_[l] - least_[static_cast<std::size_t>(packed_->leaf_node[l])];
  best_place_.clear();
  order_.resize(count);
  keys_.resize(count);
  // Few places first, large ones first.
  try_order([&](std::size_t i) { return std::int64_t{std::popcount(fits_[i])} << 40; });
}

void Placing::place_otherwise(std::int64_t enough) {
  if (best_ > enough) try_order([](std::size_t) { return std::int64_t{0}; });
  if (best_ > enough) try_order([&](std::size_t i) { return std::int64_t{64 - std::popcount(families_[i])} << 40; });
}

template <class First>
void Placing::try_order(First&& first) {
  const std::size_t count = size_.size();
  for (std::size_t i = 0; i < count; ++i) {
    order_[i] = static_cast<int>(i);
    keys_[i] = first(i) - size_[i];
  }
  std::stable_sort(order_.begin(), order_.end(), [&](int a, int b) {
    return keys_[static_cast<std::size_t>(a)] < keys_[static_cast<std::size_t>(b)];
  });
  greedy(order_);
  improve();
  note();
}

/// The first exchange that helps: an item comes in, or moves, and another gives way.
bool Placing::swap_once() {
  const std::size_t count = size_.size();
  const std::int64_t before = lacking_;
  for (std::size_t i = 0; i < count; ++i) {
    if (fits_[i] == 0) continue;
    const int was = place_[i];
    if (was >= 0) take(i);
    for (std::size_t j = 0; j < count; ++j) {
      if (j == i || place_[j] < 0) continue;
      const int other = place_[j];
      // It only helps to take out what is in the way.
      if ((fits_[i] & fits_[j]) == 0 && (families_[i] & families_[j]) == 0 && (sets_[i] == 0 || sets_[j] == 0))
        continue;
      if (--trials_ < 0) break;
      take(j);
      const int leaf = barred(i) ? -1 : best_leaf(i);
      if (leaf >= 0) {
        put(i, static_cast<std::size_t>(leaf));
        const int next = barred(j) ? -1 : best_leaf(j);
        if (next >= 0) put(j, static_cast<std::size_t>(next));
        if (lacking_ < before) return true;
        if (next >= 0) take(j);
        take(i);
      }
      put(j, static_cast<std::size_t>(other));
    }
    if (was >= 0) put(i, static_cast<std::size_t>(was));
    if (trials_ < 0) return false;
  }
  return false;
}

void Placing::mend(std::int64_t enough, std::size_t shakes) {
  trials_ = kTrials;
  if (best_ <= enough) return;
  start();
  for (std::size_t i = 0; i < size_.size(); ++i) {
    if (best_place_[i] >= 0) put(i, static_cast<std::size_t>(best_place_[i]));
  }
  while (lacking_ > enough && swap_once()) improve();
  note();
  shake(enough, shakes);
}

/// Forces an item into a place, lets what is in its way go, and mends; keeps what is no worse.
void Placing::shake(std::int64_t enough, std::size_t shakes) {
  const std::size_t count = size_.size();
  std::uint64_t state = 0x9E3779B97F4A7C15;
  const auto draw = [&](std::size_t below) {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return static_cast<std::size_t>(state >> 33) % below;
  };
  kept_place_ = place_;
  std::int64_t kept = lacking_;
  for (std::size_t round = 0; round < shakes * count && best_ > enough; ++round) {
    const std::size_t i = draw(count);
    if (fits_[i] == 0) continue;
    std::uint64_t choices = fits_[i];
    for (std::size_t skip = draw(static_cast<std::size_t>(std::popcount(choices))); skip > 0; --skip)
      choices &= choices - 1;
    const std::size_t leaf = lowest(choices);
    if (place_[i] == static_cast<int>(leaf)) continue;
    if (place_[i] >= 0) take(i);
    const auto clear = [&](auto&& in_the_way, auto&& enough_room) {
      const std::size_t from = draw(count);
      for (std::size_t k = 0; k < count && !enough_room(); ++k) {
        const std::size_t j = from + k < count ? from + k : from + k - count;
        if (place_[j] >= 0 && in_the_way(j)) take(j);
      }
    };
    each_bit(rows_of(i, leaf), [&](std::size_t r) {
      clear([&](std::size_t j) { return has(rows_of(j, static_cast<std::size_t>(place_[j])), r); },
            [&] { return room_[r] >= size_[i]; });
    });
    clear([&](std::size_t j) { return sets_[j] != 0; }, [&] { return !barred(i); });
    // An item may bar itself: two of its own sets may exclude each other.
    if (!barred(i)) put(i, leaf);
    improve();
    if (lacking_ <= kept) {
      kept = lacking_;
      kept_place_ = place_;
      note();
      continue;
    }
    start();
    for (std::size_t j = 0; j < count; ++j) {
      if (kept_place_[j] >= 0) put(j, static_cast<std::size_t>(kept_place_[j]));
    }
  }
}

// ---- the bound

/// The largest sum that whole items can make in each place.
void Placing::tighten() {
  for (std::size_t l = 0; l < leaves_; ++l) {
    std::int64_t most = most_[static_cast<std::size_t>(packed_->leaf_node[l])];
    const std::int64_t supply = supply_[l];
    most = std::min(most, supply);
    ceiling_[l] = most;
    if (most == supply || most > 4096) continue;
    const auto words = static_cast<std::size_t>(most / 64 + 1);
    sums_.assign(words, 0);
    sums_[0] = 1;
    for (std::size_t i = 0; i < size_.size(); ++i) {
      if (!has(fits_[i], l)) continue;
      const auto whole = static_cast<std::size_t>(size_[i] / 64);
      const auto rest = static_cast<unsigned>(size_[i] % 64);
      for (std::size_t w = words; w-- > whole;) {
        std::uint64_t moved = sums_[w - whole] << rest;
        if (rest != 0 && w > whole) moved |= sums_[w - whole - 1] >> (64 - rest);
        sums_[w] |= moved;
      }
    }
    std::int64_t reached = most;
    while (((sums_[static_cast<std::size_t>(reached / 64)] >> (reached % 64)) & 1U) == 0) --reached;
    ceiling_[l] = reached;
  }
}

/// The most that can be counted in these places, of the items a row counts, if they could be cut.
std::int64_t Placing::most_through(std::uint64_t leaves, std::uint64_t row, bool to_minima) {
  cuts_.start(leaves);
  each_bit(leaves, [&](std::size_t l) {
    const std::int64_t most = ceiling_[l];
    cuts_.place(l, to_minima ? std::min(most, least_[static_cast<std::size_t>(packed_->leaf_node[l])]) : most);
  });
  // Caps over all these places, on items no two of which share one.
  std::uint64_t classes = 0;
  std::array<std::uint64_t, Cuts::kMostClasses> marks{};
  std::size_t kinds = 1;
  const std::size_t nodes = packed_->nodes.size();
  for (std::size_t f = 0; f < packed_->families.size() && kinds < Cuts::kMostClasses; ++f) {
    const Packed::Family& family = packed_->families[f];
    if (family.most == kUnlimited || (leaves & ~family.leaves) != 0) continue;
    std::int64_t all = 0;
    bool apart = true;
    for (std::size_t i = 0; i < size_.size(); ++i) {
      if (!has(families_[i], nodes + f)) continue;
      all += size_[i];
      apart = apart && (families_[i] & classes) == 0;
    }
    if (!apart || all <= family.most) continue;
    classes |= bit(nodes + f);
    marks[kinds++] = bit(nodes + f);
    cuts_.add_class(family.most);
  }
  for (std::size_t i = 0; i < size_.size(); ++i) {
    if (row != 0 && (families_[i] & row) == 0) continue;
    std::size_t kind = 0;
    if ((families_[i] & classes) != 0) {
      kind = 1;
      while ((families_[i] & marks[kind]) == 0) ++kind;
    }
    cuts_.supply(size_[i], fits_[i], kind);
  }
  return cuts_.most();
}

std::int64_t Placing::at_least() {
  tighten();
  start();
  for (std::size_t i = 0; i < size_.size(); ++i) {
    if (best_place_[i] >= 0) put(i, static_cast<std::size_t>(best_place_[i]));
  }
  const std::uint64_t everywhere = packed_->nodes[0].leaves;
  const std::size_t nodes = packed_->nodes.size();
  std::uint64_t own = 0;
  for (std::size_t l = 0; l < leaves_; ++l) own |= bit(static_cast<std::size_t>(packed_->leaf_node[l]));
  std::int64_t bound = 0;
  std::int64_t asked = 0;
  bool lacks = false;
  each_bit(own, [&](std::size_t r) {
    asked += least_[r];
    lacks = lacks || lacks_[r] > 0;
  });
  // A place with places below it may hold items too; then its minimum is not only its own to fill.
  const bool flat = std::all_of(packed_->leaf_node.begin(), packed_->leaf_node.end(), [&](int n) {
    return std::popcount(packed_->nodes[static_cast<std::size_t>(n)].leaves) == 1;
  });
  if (lacks && flat) bound += asked - most_through(everywhere, 0, true);
  for (std::size_t r = 0; r < rows_; ++r) {
    if (lacks_[r] <= 0 || (flat && has(own, r))) continue;
    const std::int64_t through = r < nodes ? most_through(packed_->nodes[r].leaves, 0, false)
                                           : most_through(packed_->families[r - nodes].leaves, bit(r), false);
    bound += std::max<std::int64_t>(0, least_[r] - through);
  }
  return bound;
}

std::int64_t Placing::at_most() {
  tighten();
  return most_through(packed_->nodes[0].leaves, 0, false);
}

bool Placing::ask_for(std::int64_t counted) {
  if (rows_ == kRows) return false;
  least_[rows_] = counted;
  most_[rows_] = kUnlimited;
  for (std::size_t l = 0; l < leaves_; ++l) path_[l] |= bit(rows_);
  for (std::uint64_t& rows : common_) rows |= bit(rows_);
  ++rows_;
  return true;
}

}  // namespace qualgraph::detail
