#include "qualgraph/stacking/detail/windows.hpp"

#include <algorithm>
#include <bit>

namespace qualgraph::detail {
namespace {

constexpr std::int64_t kInfinity = IntegerModel::kInfinity;
constexpr std::int64_t kMostSum = 1023;
constexpr std::int64_t kMostRange = 63;

std::size_t at(int index) { return static_cast<std::size_t>(index); }

/// target |= source << shift, over `words` words.
void add_shifted(std::uint64_t* target, const std::uint64_t* source, std::size_t words, std::int64_t shift) {
  const auto whole = static_cast<std::size_t>(shift / 64);
  const auto part = static_cast<unsigned>(shift % 64);
  for (std::size_t w = words; w-- > whole;) {
    std::uint64_t bits = source[w - whole] << part;
    if (part != 0 && w > whole) bits |= source[w - whole - 1] >> (64 - part);
    target[w] |= bits;
  }
}

/// target |= source >> shift.
void add_shifted_down(std::uint64_t* target, const std::uint64_t* source, std::size_t words, std::int64_t shift) {
  const auto whole = static_cast<std::size_t>(shift / 64);
  const auto part = static_cast<unsigned>(shift % 64);
  for (std::size_t w = 0; w + whole < words; ++w) {
    std::uint64_t bits = source[w + whole] >> part;
    if (part != 0 && w + whole + 1 < words) bits |= source[w + whole + 1] << (64 - part);
    target[w] |= bits;
  }
}

/// Whether (a << shift) and b share a bit.
bool meets(const std::uint64_t* a, std::int64_t shift, const std::uint64_t* b, std::size_t words) {
  const auto whole = static_cast<std::size_t>(shift / 64);
  const auto part = static_cast<unsigned>(shift % 64);
  for (std::size_t w = whole; w < words; ++w) {
    std::uint64_t bits = a[w - whole] << part;
    if (part != 0 && w > whole) bits |= a[w - whole - 1] >> (64 - part);
    if ((bits & b[w]) != 0) return true;
  }
  return false;
}

}  // namespace

void Windows::find(const FlatModel& model, const Box& box) {
  windows_.clear();
  struct Side {
    std::uint64_t hash = 0;
    int row = -1;
    int slack = -1;
  };
  std::vector<Side> sides;
  sides.reserve(at(model.rows));
  for (int i = 0; i < model.rows; ++i) {
    Side side;
    side.row = i;
    const bool has_low = model.row_lower[at(i)] > -kInfinity;
    bool usable = true;
    bool units = true;
    for (int k = model.row_start[at(i)]; k < model.row_start[at(i) + 1] && usable; ++k) {
      const auto& [column, a] = model.row_entries[at(k)];
      // A column of this row alone, with a cost: the slack of a soft minimum.
      if (a == 1 && has_low && side.slack < 0 && model.uses(column) == 1 && model.cost[at(column)] > 0) {
        side.slack = column;
        continue;
      }
      usable = a > 0 && a <= kMostSum && box.lower(column) >= 0 && box.upper(column) <= kMostRange;
      units = units && a == 1;
      const std::uint64_t mixed =
          ((static_cast<std::uint64_t>(column) << 32) ^ static_cast<std::uint64_t>(a)) * 0x9E3779B97F4A7C15U;
      side.hash += mixed ^ (mixed >> 29);
    }
    if (usable && !units) sides.push_back(side);
  }
  std::sort(sides.begin(), sides.end(),
            [](const Side& a, const Side& b) { return a.hash != b.hash ? a.hash < b.hash : a.row < b.row; });
  const auto entries_of = [&](const Side& side) {
    std::vector<FlatModel::Entry> made;
    for (int k = model.row_start[at(side.row)]; k < model.row_start[at(side.row) + 1]; ++k) {
      if (model.row_entries[at(k)].index != side.slack) made.push_back(model.row_entries[at(k)]);
    }
    std::sort(made.begin(), made.end(),
              [](const FlatModel::Entry& a, const FlatModel::Entry& b) { return a.index < b.index; });
    return made;
  };
  const auto same = [](const std::vector<FlatModel::Entry>& a, const std::vector<FlatModel::Entry>& b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const FlatModel::Entry& x, const FlatModel::Entry& y) {
      return x.index == y.index && x.coefficient == y.coefficient;
    });
  };
  for (std::size_t first = 0, end = 0; first < sides.size(); first = end) {
    while (end < sides.size() && sides[end].hash == sides[first].hash) ++end;
    for (std::size_t s = first; s < end; ++s) {
      const Side& lower = sides[s];
      const std::int64_t low = model.row_lower[at(lower.row)];
      if (low <= 0) continue;
      Window window;
      window.high = kInfinity;
      if (lower.slack < 0 && model.row_upper[at(lower.row)] < kInfinity) {
        window.high = model.row_upper[at(lower.row)];
        window.high_row = lower.row;
      }
      for (std::size_t t = first; t < end; ++t) {
        const Side& upper = sides[t];
        const std::int64_t high = model.row_upper[at(upper.row)];
        if (t == s || upper.slack >= 0 || high >= window.high) continue;
        if (window.entries.empty()) window.entries = entries_of(lower);
        if (!same(window.entries, entries_of(upper))) continue;
        window.high = high;
        window.high_row = upper.row;
      }
      if (window.high > kMostSum || low > window.high) continue;
      if (window.entries.empty()) window.entries = entries_of(lower);
      window.parts.reserve(window.entries.size());
      for (int k = 0; k < static_cast<int>(window.entries.size()); ++k) {
        window.parts.push_back({k, k + 1, kInfinity, -1});
      }
      window.low = low;
      window.slack = lower.slack;
      window.low_row = lower.row;
      windows_.push_back(std::move(window));
    }
  }
  std::sort(windows_.begin(), windows_.end(), [](const Window& a, const Window& b) { return a.low_row < b.low_row; });
}

void Windows::find_ceilings(const FlatModel& model, const Box& box) {
  ceilings_.clear();
  // The smallest "at most so many of these" that a column is in: the use of one item.
  std::vector<int> item(at(model.columns), -1);
  const auto size = [&](int row) { return model.row_start[at(row) + 1] - model.row_start[at(row)]; };
  for (int i = 0; i < model.rows; ++i) {
    if (model.row_upper[at(i)] == kInfinity) continue;
    bool units = true;
    for (int k = model.row_start[at(i)]; k < model.row_start[at(i) + 1] && units; ++k) {
      const auto& [column, a] = model.row_entries[at(k)];
      units = a == 1 && box.lower(column) >= 0;
    }
    if (!units) continue;
    for (int k = model.row_start[at(i)]; k < model.row_start[at(i) + 1]; ++k) {
      int& now = item[at(model.row_entries[at(k)].index)];
      if (now < 0 || size(i) < size(now)) now = i;
    }
  }
  struct Grouped {
    int item;
    FlatModel::Entry entry;
  };
  std::vector<Grouped> grouped;
  std::vector<std::uint64_t> sums;
  std::vector<std::uint64_t> next;
  for (int i = 0; i < model.rows; ++i) {
    const std::int64_t high = model.row_upper[at(i)];
    if (high > kMostSum || high < 0) continue;
    bool usable = true;
    bool units = true;
    grouped.clear();
    for (int k = model.row_start[at(i)]; k < model.row_start[at(i) + 1] && usable; ++k) {
      const auto& entry = model.row_entries[at(k)];
      usable = entry.coefficient > 0 && entry.coefficient <= kMostSum && box.lower(entry.index) >= 0 &&
               box.upper(entry.index) <= kMostRange;
      units = units && entry.coefficient == 1;
      grouped.push_back({item[at(entry.index)], entry});
    }
    if (!usable || units) continue;
    bool covered = false;
    for (const Window& window : windows_) covered = covered || window.high_row == i;
    if (covered) continue;
    std::stable_sort(grouped.begin(), grouped.end(), [](const Grouped& a, const Grouped& b) {
      return a.item != b.item ? a.item < b.item : a.entry.coefficient < b.entry.coefficient;
    });
    Window window;
    window.high_row = i;
    window.low = 0;
    for (std::size_t k = 0; k < grouped.size(); ++k) {
      const bool joins = k > 0 && grouped[k].item >= 0 && grouped[k].item == grouped[k - 1].item &&
                         grouped[k].entry.coefficient == grouped[k - 1].entry.coefficient;
      const int place = static_cast<int>(k);
      if (!joins) {
        const int row = grouped[k].item;
        window.parts.push_back({place, place, row >= 0 ? model.row_upper[at(row)] : kInfinity, row});
      }
      window.parts.back().end = place + 1;
      window.entries.push_back(grouped[k].entry);
    }
    const std::size_t words = static_cast<std::size_t>(high) / 64 + 1;
    sums.assign(words, 0);
    sums[0] = 1;
    for (const Window::Part& part : window.parts) {
      std::int64_t range = 0;
      const std::int64_t a = window.entries[at(part.begin)].coefficient;
      for (int k = part.begin; k < part.end; ++k) range += box.upper(window.entries[at(k)].index);
      range = std::min(range, part.range);
      next = sums;
      for (std::int64_t t = 1; t <= range && t * a <= high; ++t) add_shifted(next.data(), sums.data(), words, t * a);
      sums.swap(next);
    }
    window.high = high;
    while (window.high > 0 && (sums[static_cast<std::size_t>(window.high) / 64] >> (window.high % 64) & 1U) == 0) {
      --window.high;
    }
    ceilings_.push_back(std::move(window));
  }
}

bool Windows::filter(const Window& window, Box& box, bool& changed) {
  std::int64_t base = 0;
  open_.clear();
  for (const auto& [column, a] : window.entries) {
    const std::int64_t lower = box.lower(column);
    const std::int64_t upper = box.upper(column);
    base += a * lower;
    if (lower < upper) open_.push_back({column, a, 0, upper - lower});
  }
  const std::int64_t high = window.high - base;
  if (high < 0) return false;
  std::int64_t low = window.low - base;
  if (window.slack >= 0) low -= box.upper(window.slack);
  const std::size_t words = static_cast<std::size_t>(high) / 64 + 1;
  const std::size_t count = open_.size();
  before_.assign((count + 1) * words, 0);
  before_[0] = 1;
  const unsigned last_bits = static_cast<unsigned>(high % 64) + 1;
  const std::uint64_t last = last_bits == 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << last_bits) - 1;
  for (std::size_t k = 0; k < count; ++k) {
    const std::uint64_t* source = before_.data() + k * words;
    std::uint64_t* target = before_.data() + (k + 1) * words;
    std::copy(source, source + words, target);
    for (std::int64_t t = 1; t <= open_[k].upper && t * open_[k].a <= high; ++t) {
      add_shifted(target, source, words, t * open_[k].a);
    }
    target[words - 1] &= last;
  }
  // The largest sum within the window says how much must be missing at least.
  const std::uint64_t* sums = before_.data() + count * words;
  std::int64_t largest = -1;
  for (std::size_t w = words; w-- > 0;) {
    if (sums[w] == 0) continue;
    largest = static_cast<std::int64_t>(w) * 64 + 63 - std::countl_zero(sums[w]);
    break;
  }
  if (largest < low) return false;
  if (window.slack >= 0) {
    const std::int64_t missing = window.low - base - largest;
    if (missing > box.lower(window.slack)) {
      if (!box.set_lower(window.slack, missing)) return false;
      changed = true;
    }
  }
  if (low <= 0 || count == 0) return true;
  // From the window backwards: which sums before an entry still end inside it.
  after_.assign(words, 0);
  for (std::size_t w = static_cast<std::size_t>(low) / 64; w < words; ++w) after_[w] = ~std::uint64_t{0};
  after_[static_cast<std::size_t>(low) / 64] &= ~std::uint64_t{0} << (low % 64);
  after_[words - 1] &= last;
  next_.resize(words);
  for (std::size_t k = count; k-- > 0;) {
    const Open& entry = open_[k];
    const std::uint64_t* sources = before_.data() + k * words;
    std::int64_t least = -1;
    std::int64_t most = -1;
    for (std::int64_t t = 0; t <= entry.upper && t * entry.a <= high; ++t) {
      if (!meets(sources, t * entry.a, after_.data(), words)) continue;
      if (least < 0) least = t;
      most = t;
    }
    if (least < 0) return false;
    const std::int64_t from = box.lower(entry.column);
    if (least > 0 || most < entry.upper) {
      if (!box.set_lower(entry.column, from + least) || !box.set_upper(entry.column, from + most)) return false;
      changed = true;
    }
    std::fill(next_.begin(), next_.end(), 0);
    for (std::int64_t t = least; t <= most; ++t) add_shifted_down(next_.data(), after_.data(), words, t * entry.a);
    after_.swap(next_);
  }
  return true;
}

bool Windows::settle(Box& box) {
  if (!box.propagate()) return false;
  if (windows_.empty()) return true;
  for (int round = 0; round < 20; ++round) {
    bool changed = false;
    if (!filter(box, changed)) {
      box.propagate();   // empties the queue
      return false;
    }
    if (!changed) return true;
    if (!box.propagate()) return false;
  }
  return true;
}

bool Windows::filter(Box& box, bool& changed) {
  for (const Window& window : windows_) {
    if (!filter(window, box, changed)) return false;
  }
  return true;
}

}  // namespace qualgraph::detail
