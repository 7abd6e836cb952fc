#include "qualgraph/stacking/detail/merge.hpp"

#include <algorithm>
#include <utility>

namespace qualgraph::detail {
namespace {

std::size_t at(int index) { return static_cast<std::size_t>(index); }

std::uint64_t mix(std::uint64_t value) {
  value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9U;
  value = (value ^ (value >> 27)) * 0x94D049BB133111EBU;
  return value ^ (value >> 31);
}

std::uint64_t row_hash(int row) { return mix(static_cast<std::uint64_t>(row) + 0x9E3779B97F4A7C15U); }

std::uint64_t entry_hash(std::uint64_t row, std::int64_t coefficient) {
  const std::uint64_t mixed = (row ^ static_cast<std::uint64_t>(coefficient)) * 0x9E3779B97F4A7C15U;
  return mixed ^ (mixed >> 32);
}

/// Rows by column, in the order of rows.
struct Columns {
  std::vector<int> start;
  std::vector<int> row;
  std::vector<std::int64_t> coefficient;

  explicit Columns(const IntegerModel& model) : start(model.columns.size() + 1, 0) {
    for (const auto& each : model.rows) {
      for (const auto& term : each.terms) ++start[at(term.column) + 1];
    }
    for (std::size_t j = 1; j < start.size(); ++j) start[j] += start[j - 1];
    row.resize(at(start.back()));
    coefficient.resize(row.size());
    std::vector<int> next(start.begin(), start.end() - 1);
    for (std::size_t i = 0; i < model.rows.size(); ++i) {
      for (const auto& [column, a] : model.rows[i].terms) {
        const std::size_t place = at(next[at(column)]++);
        row[place] = static_cast<int>(i);
        coefficient[place] = a;
      }
    }
  }

  /// Whether two columns have the same entries outside their own rows.
  [[nodiscard]] bool mirror(int a, int own_a, int b, int own_b) const {
    std::size_t i = at(start[at(a)]);
    std::size_t k = at(start[at(b)]);
    const std::size_t end_a = at(start[at(a) + 1]);
    const std::size_t end_b = at(start[at(b) + 1]);
    while (true) {
      if (i < end_a && row[i] == own_a) ++i;
      if (k < end_b && row[k] == own_b) ++k;
      if (i == end_a || k == end_b) return i == end_a && k == end_b;
      if (row[i] != row[k] || coefficient[i] != coefficient[k]) return false;
      ++i;
      ++k;
    }
  }
};

}  // namespace

Merged::Merged(const IntegerModel& model, bool single) : columns_(model.columns.size()) {
  std::vector<std::uint64_t> hashes(model.columns.size());
  for (std::size_t j = 0; j < model.columns.size(); ++j) {
    const auto& column = model.columns[j];
    hashes[j] = entry_hash(row_hash(-1), column.cost) + entry_hash(row_hash(-2), column.priority);
  }
  for (std::size_t i = 0; i < model.rows.size(); ++i) {
    const std::uint64_t row = row_hash(static_cast<int>(i));
    for (const auto& [column, a] : model.rows[i].terms) hashes[at(column)] += entry_hash(row, a);
  }
  struct Item {
    std::uint64_t hash;
    int row;
  };
  std::vector<Item> candidates;
  for (std::size_t i = 0; i < model.rows.size(); ++i) {
    const auto& row = model.rows[i];
    if (row.upper != 1 || row.lower > 0 || row.terms.empty()) continue;
    const std::uint64_t own = entry_hash(row_hash(static_cast<int>(i)), 1);
    std::uint64_t hash = 0;
    bool usable = true;
    for (const auto& [column, a] : row.terms) {
      usable = usable && a == 1 && model.columns[at(column)].lower == 0 && model.columns[at(column)].upper == 1;
      hash += mix(hashes[at(column)] - own);
    }
    if (usable) candidates.push_back({hash, static_cast<int>(i)});
  }
  std::sort(candidates.begin(), candidates.end(),
            [](const Item& a, const Item& b) { return a.hash != b.hash ? a.hash < b.hash : a.row < b.row; });
  const auto same_hash = [](const Item& a, const Item& b) { return a.hash == b.hash; };
  if (!single && std::adjacent_find(candidates.begin(), candidates.end(), same_hash) == candidates.end()) return;

  const Columns columns(model);
  /// The columns of a row in an order that mirrored rows share.
  const auto columns_of = [&](int row) {
    const std::uint64_t own = entry_hash(row_hash(row), 1);
    std::vector<int> list;
    for (const auto& term : model.rows[at(row)].terms) list.push_back(term.column);
    std::sort(list.begin(), list.end(), [&](int a, int b) {
      const std::uint64_t x = hashes[at(a)] - own;
      const std::uint64_t y = hashes[at(b)] - own;
      return x != y ? x < y : a < b;
    });
    return list;
  };
  std::vector<char> taken(model.columns.size(), 0);
  std::vector<char> row_gone(model.rows.size(), 0);
  std::vector<std::int64_t> row_upper(model.rows.size());
  for (std::size_t i = 0; i < model.rows.size(); ++i) row_upper[i] = model.rows[i].upper;
  const auto free = [&](const std::vector<int>& list) {
    return std::none_of(list.begin(), list.end(), [&](int j) { return taken[at(j)] != 0; });
  };
  const auto take = [&](const std::vector<int>& list) {
    for (const int j : list) taken[at(j)] = 1;
  };
  for (std::size_t first = 0; first + 1 < candidates.size(); ++first) {
    if (!same_hash(candidates[first], candidates[first + 1])) continue;
    const int head_row = candidates[first].row;
    const std::vector<int> head = columns_of(head_row);
    if (!free(head)) continue;
    Class made;
    take(head);
    made.members.push_back(head);
    for (std::size_t k = first + 1; k < candidates.size() && same_hash(candidates[first], candidates[k]); ++k) {
      const int row = candidates[k].row;
      const std::vector<int> next = columns_of(row);
      if (next.size() != head.size() || !free(next)) continue;
      bool same = true;
      for (std::size_t c = 0; c < head.size() && same; ++c) {
        const auto& a = model.columns[at(head[c])];
        const auto& b = model.columns[at(next[c])];
        same = a.cost == b.cost && a.priority == b.priority && columns.mirror(head[c], head_row, next[c], row);
      }
      if (!same) continue;
      take(next);
      made.members.push_back(next);
      row_gone[at(row)] = 1;
    }
    if (made.members.size() == 1) {
      for (const int j : head) taken[at(j)] = 0;
      continue;
    }
    row_upper[at(head_row)] = static_cast<std::int64_t>(made.members.size());
    classes_.push_back(std::move(made));
  }
  if (single) {
    // Columns without a row of their own that are in all rows alike.
    std::vector<std::pair<std::uint64_t, int>> alone;
    for (std::size_t j = 0; j < model.columns.size(); ++j) {
      if (taken[j] == 0 && model.columns[j].lower == 0 && model.columns[j].upper == 1)
        alone.emplace_back(hashes[j], static_cast<int>(j));
    }
    std::sort(alone.begin(), alone.end());
    for (std::size_t first = 0; first < alone.size();) {
      Class made;
      const int head = alone[first].second;
      const auto& own = model.columns[at(head)];
      std::size_t k = first;
      for (; k < alone.size() && alone[k].first == alone[first].first; ++k) {
        const int next = alone[k].second;
        const auto& other = model.columns[at(next)];
        if (other.cost == own.cost && other.priority == own.priority && columns.mirror(head, -1, next, -1))
          made.members.push_back({next});
      }
      if (made.members.size() > 1) classes_.push_back(std::move(made));
      first = k;
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
    into_[j] = merged_.add_column({}, column.lower, upper[j], column.cost, column.priority);
  }
  for (std::size_t i = 0; i < model.rows.size(); ++i) {
    if (row_gone[i] != 0) continue;
    auto& row = merged_.add_row({}, model.rows[i].lower, row_upper[i]);
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
