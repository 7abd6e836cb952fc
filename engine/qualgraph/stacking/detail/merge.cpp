#include "qualgraph/stacking/detail/merge.hpp"

#include <algorithm>
#include <unordered_map>
#include <utility>

namespace qualgraph::detail {
namespace {

std::size_t at(int index) { return static_cast<std::size_t>(index); }

std::uint64_t mix(std::uint64_t value) {
  value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9U;
  value = (value ^ (value >> 27)) * 0x94D049BB133111EBU;
  return value ^ (value >> 31);
}

std::uint64_t entry_hash(int row, std::int64_t coefficient) {
  return mix(mix(static_cast<std::uint64_t>(row) + 0x9E3779B97F4A7C15U) ^ static_cast<std::uint64_t>(coefficient));
}

using Entries = std::vector<std::pair<int, std::int64_t>>;

/// Whether two columns have the same entries outside their own rows.
bool mirror(const Entries& a, int own_a, const Entries& b, int own_b) {
  if (a.size() != b.size()) return false;
  std::size_t i = 0;
  std::size_t k = 0;
  while (true) {
    if (i < a.size() && a[i].first == own_a) ++i;
    if (k < b.size() && b[k].first == own_b) ++k;
    if (i == a.size() || k == b.size()) return i == a.size() && k == b.size();
    if (a[i] != b[k]) return false;
    ++i;
    ++k;
  }
}

}  // namespace

Merged::Merged(const IntegerModel& model) : columns_(model.columns.size()) {
  std::vector<Entries> entries(model.columns.size());
  std::vector<std::uint64_t> hashes(model.columns.size());
  for (std::size_t j = 0; j < model.columns.size(); ++j) {
    const auto& column = model.columns[j];
    hashes[j] = entry_hash(-1, column.cost) + entry_hash(-2, column.priority);
  }
  for (std::size_t i = 0; i < model.rows.size(); ++i) {
    for (const auto& [column, a] : model.rows[i].terms) {
      entries[at(column)].emplace_back(static_cast<int>(i), a);
      hashes[at(column)] += entry_hash(static_cast<int>(i), a);
    }
  }
  struct Item {
    int row;
    std::vector<int> columns;
  };
  std::unordered_map<std::uint64_t, std::vector<Item>> by_hash;
  std::vector<std::uint64_t> order;
  for (std::size_t i = 0; i < model.rows.size(); ++i) {
    const auto& row = model.rows[i];
    if (row.upper != 1 || row.lower > 0 || row.terms.empty()) continue;
    bool usable = true;
    for (const auto& [column, a] : row.terms) {
      usable = usable && a == 1 && model.columns[at(column)].lower == 0 && model.columns[at(column)].upper == 1;
    }
    if (!usable) continue;
    Item item{static_cast<int>(i), {}};
    const std::uint64_t own = entry_hash(static_cast<int>(i), 1);
    std::uint64_t hash = 0;
    for (const auto& [column, a] : row.terms) {
      item.columns.push_back(column);
      hash += mix(hashes[at(column)] - own);
    }
    std::sort(item.columns.begin(), item.columns.end(), [&](int a, int b) {
      return hashes[at(a)] - own != hashes[at(b)] - own ? hashes[at(a)] - own < hashes[at(b)] - own : a < b;
    });
    auto& same = by_hash[hash];
    if (same.empty()) order.push_back(hash);
    same.push_back(std::move(item));
  }
  std::vector<char> taken(model.columns.size(), 0);
  std::vector<char> row_gone(model.rows.size(), 0);
  std::vector<std::int64_t> row_upper(model.rows.size());
  for (std::size_t i = 0; i < model.rows.size(); ++i) row_upper[i] = model.rows[i].upper;
  for (const std::uint64_t hash : order) {
    const auto& items = by_hash[hash];
    if (items.size() < 2) continue;
    std::vector<char> used(items.size(), 0);
    for (std::size_t first = 0; first < items.size(); ++first) {
      if (used[first] != 0) continue;
      Class made;
      const Item& head = items[first];
      const auto free = [&](const Item& item) {
        return std::none_of(item.columns.begin(), item.columns.end(), [&](int j) { return taken[at(j)] != 0; });
      };
      if (!free(head)) continue;
      made.members.push_back(head.columns);
      for (const int j : head.columns) taken[at(j)] = 1;
      for (std::size_t other = first + 1; other < items.size(); ++other) {
        const Item& next = items[other];
        if (used[other] != 0 || next.columns.size() != head.columns.size() || !free(next)) continue;
        bool same = true;
        for (std::size_t k = 0; k < head.columns.size() && same; ++k) {
          const auto& a = model.columns[at(head.columns[k])];
          const auto& b = model.columns[at(next.columns[k])];
          same = a.cost == b.cost && a.priority == b.priority &&
                 mirror(entries[at(head.columns[k])], head.row, entries[at(next.columns[k])], next.row);
        }
        if (!same) continue;
        used[other] = 1;
        made.members.push_back(next.columns);
        for (const int j : next.columns) taken[at(j)] = 1;
        row_gone[at(next.row)] = 1;
      }
      if (made.members.size() == 1) {
        for (const int j : head.columns) taken[at(j)] = 0;
        continue;
      }
      row_upper[at(head.row)] = static_cast<std::int64_t>(made.members.size());
      classes_.push_back(std::move(made));
    }
  }
  any_ = !classes_.empty();
  if (!any_) return;

  into_.assign(model.columns.size(), -1);
  std::vector<int> leader(model.columns.size(), -1);
  std::vector<std::int64_t> upper(model.columns.size());
  for (std::size_t j = 0; j < model.columns.size(); ++j) upper[j] = model.columns[j].upper;
  for (const Class& each : classes_) {
    for (std::size_t k = 0; k < each.members[0].size(); ++k) {
      const int head = each.members[0][k];
      upper[at(head)] = static_cast<std::int64_t>(each.members.size());
      for (std::size_t i = 1; i < each.members.size(); ++i) leader[at(each.members[i][k])] = head;
    }
  }
  for (std::size_t j = 0; j < model.columns.size(); ++j) {
    if (leader[j] >= 0) continue;
    const auto& column = model.columns[j];
    into_[j] = merged_.add_column(column.name, column.lower, upper[j], column.cost, column.priority);
  }
  for (std::size_t i = 0; i < model.rows.size(); ++i) {
    if (row_gone[i] != 0) continue;
    auto& row = merged_.add_row(model.rows[i].name, model.rows[i].lower, row_upper[i]);
    for (const auto& [column, a] : model.rows[i].terms) {
      if (leader[at(column)] < 0) row.terms.push_back({into_[at(column)], a});
    }
  }
  for (std::size_t j = 0; j < model.columns.size(); ++j) {
    if (leader[j] >= 0) into_[j] = into_[at(leader[j])];
  }
}

std::vector<std::int64_t> Merged::shrink(const std::vector<std::int64_t>& values) const {
  std::vector<std::int64_t> made(merged_.columns.size(), 0);
  for (std::size_t j = 0; j < values.size(); ++j) made[at(into_[j])] += values[j];
  return made;
}

std::vector<std::int64_t> Merged::expand(const std::vector<std::int64_t>& values) const {
  std::vector<std::int64_t> made(columns_, 0);
  for (std::size_t j = 0; j < columns_; ++j) made[j] = values[at(into_[j])];
  for (const Class& each : classes_) {
    std::size_t item = 0;
    for (std::size_t k = 0; k < each.members[0].size(); ++k) {
      const std::int64_t count = values[at(into_[at(each.members[0][k])])];
      for (const auto& member : each.members) made[at(member[k])] = 0;
      for (std::int64_t c = 0; c < count; ++c) made[at(each.members[item++][k])] = 1;
    }
  }
  return made;
}

}  // namespace qualgraph::detail
