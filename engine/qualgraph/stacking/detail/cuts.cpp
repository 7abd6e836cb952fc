#include "qualgraph/stacking/detail/cuts.hpp"

#include "qualgraph/stacking/detail/bits.hpp"

#include <algorithm>
#include <bit>
#include <limits>

namespace qualgraph::detail {
namespace {

/// To every set the amounts of its subsets.
void add_up(std::int32_t* sum, std::size_t sets) {
  if (sets < 4) {
    if (sets == 2) sum[1] += sum[0];
    return;
  }
  for (std::size_t c = 0; c < sets; c += 4) {
    const std::int32_t a = sum[c];
    const std::int32_t b = sum[c + 1];
    const std::int32_t d = sum[c + 2];
    sum[c + 1] = a + b;
    sum[c + 2] = a + d;
    sum[c + 3] += a + b + d;
  }
  for (std::size_t bit = 4; bit < sets; bit <<= 1) {
    for (std::size_t base = bit; base < sets; base += 2 * bit) {
      std::int32_t* const to = sum + base;
      const std::int32_t* const from = to - bit;
      for (std::size_t j = 0; j < bit; ++j) to[j] += from[j];
    }
  }
}

}  // namespace

void Cuts::start(std::uint64_t places) {
  places_ = places;
  supplies_.clear();
  classes_ = 1;
  limit_[0] = std::numeric_limits<std::int64_t>::max();
  whole_.fill(0);
}

std::size_t Cuts::add_class(std::int64_t limit) {
  limit_[classes_] = limit;
  return classes_++;
}

void Cuts::supply(std::int64_t amount, std::uint64_t fits, std::size_t kind) {
  fits &= places_;
  if (fits == 0) return;
  supplies_.push_back({amount, fits, kind});
  whole_[kind] += amount;
}

std::int64_t Cuts::most() {
  const auto count = static_cast<std::size_t>(std::popcount(places_));
  return count > kMostPlaces ? by_flow() : by_sets(count);
}

std::int64_t Cuts::by_flow() {
  network_.clear();
  const int source = network_.add_node();
  const int sink = network_.add_node();
  std::array<int, kMostClasses> class_node{source};
  for (std::size_t kind = 1; kind < classes_; ++kind) {
    class_node[kind] = network_.add_node();
    network_.add_arc(source, class_node[kind], limit_[kind]);
  }
  std::array<int, 64> place_node{};
  each_bit(places_, [&](std::size_t l) {
    place_node[l] = network_.add_node();
    network_.add_arc(place_node[l], sink, capacity_[l]);
  });
  for (const Supply& supply : supplies_) {
    const int node = network_.add_node();
    network_.add_arc(class_node[supply.kind], node, supply.amount);
    each_bit(supply.fits, [&](std::size_t l) { network_.add_arc(node, place_node[l], supply.amount); });
  }
  return network_.most(source, sink);
}

/// Every set of places: either it is filled, or what only it takes comes in whole.
std::int64_t Cuts::by_sets(std::size_t count) {
  const std::size_t sets = std::size_t{1} << count;
  std::int64_t all = 0;
  for (std::size_t kind = 0; kind < classes_; ++kind) all += whole_[kind];
  std::array<std::size_t, 64> mark{};
  std::size_t half = 1;
  caps_.resize(sets);
  caps_[0] = 0;
  each_bit(places_, [&](std::size_t l) {
    const auto cap = static_cast<std::int32_t>(std::min(capacity_[l], all));
    for (std::size_t c = 0; c < half; ++c) caps_[half + c] = std::min(caps_[c] + cap, static_cast<std::int32_t>(all));
    mark[l] = half;
    half <<= 1;
  });
  // A class whose limit does not bind is as good as none.
  std::array<std::size_t, kMostClasses> row{};
  std::size_t rows = 1;
  for (std::size_t kind = 1; kind < classes_; ++kind) {
    if (whole_[kind] > limit_[kind]) row[kind] = rows++;
  }
  inside_.assign(rows * sets, 0);
  for (const Supply& supply : supplies_) {
    std::size_t set = 0;
    each_bit(supply.fits, [&](std::size_t l) { set |= mark[l]; });
    inside_[row[supply.kind] * sets + set] += static_cast<std::int32_t>(supply.amount);
  }
  for (std::size_t r = 0; r < rows; ++r) add_up(inside_.data() + r * sets, sets);
  through_.resize(sets);
  const auto free = static_cast<std::int32_t>(inside_[sets - 1]);
  for (std::size_t c = 0; c < sets; ++c) through_[c] = caps_[c] + free - inside_[c];
  for (std::size_t kind = 1; kind < classes_; ++kind) {
    if (row[kind] == 0) continue;
    const std::int32_t* const sum = inside_.data() + row[kind] * sets;
    const auto total = static_cast<std::int32_t>(whole_[kind]);
    const auto limit = static_cast<std::int32_t>(limit_[kind]);
    for (std::size_t c = 0; c < sets; ++c) through_[c] += std::min(limit, total - sum[c]);
  }
  return *std::min_element(through_.begin(), through_.end());
}

}  // namespace qualgraph::detail
