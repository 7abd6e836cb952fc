#include "qualgraph/stacking/detail/local_search.hpp"

#include <algorithm>
#include <cstdlib>

namespace qualgraph::detail {
namespace {

constexpr int kSample = 48;
// No row sum comes near it, and a weight times it stays within 63 bits.
constexpr std::int64_t kFar = std::int64_t{1} << 40;

}  // namespace

LocalSearch::LocalSearch(const FlatModel& model) : model_(model) {
  is_slack_.assign(at(model.columns), 0);
  rows_.resize(at(model.rows));
  std::int64_t dearest = 1;
  for (int i = 0; i < model.rows; ++i) {
    Row& row = rows_[at(i)];
    row.low = std::max(model.row_lower[at(i)], -kFar);
    row.high = std::min(model.row_upper[at(i)], kFar);
    row.hard_low = row.low > -kFar;
    row.hard_high = row.high < kFar;
    for (int k = model.row_start[at(i)]; k < model.row_start[at(i) + 1]; ++k) {
      const auto& [column, a] = model.row_entries[at(k)];
      const bool soft = row.hard_low && !row.hard_high && row.slack < 0;
      if (soft && a == 1 && model.uses(column) == 1 && model.cost[at(column)] > 0) {
        row.slack = column;
        row.hard_low = false;
        row.low_weight = model.cost[at(column)];
        is_slack_[at(column)] = 1;
        dearest = std::max(dearest, row.low_weight);
      }
    }
  }
  std::vector<std::int64_t> largest_of(at(model.columns), 1);
  for (int k = 0; k < model.row_start[at(model.rows)]; ++k) {
    const auto& [column, a] = model.row_entries[at(k)];
    largest_of[at(column)] = std::max(largest_of[at(column)], std::abs(a));
  }
  row_entries_.reserve(model.row_entries.size());
  row_start_.reserve(at(model.rows) + 1);
  row_start_.push_back(0);
  for (int i = 0; i < model.rows; ++i) {
    Row& row = rows_[at(i)];
    std::int64_t largest = 1;
    for (int k = model.row_start[at(i)]; k < model.row_start[at(i) + 1]; ++k) {
      const auto& [column, a] = model.row_entries[at(k)];
      if (is_slack_[at(column)] != 0) continue;
      row_entries_.push_back({column, a});
      row.units = row.units && std::abs(a) == 1;
      largest = std::max(largest, largest_of[at(column)]);
    }
    row_start_.push_back(static_cast<int>(row_entries_.size()));
    const std::int64_t weight = row.units ? dearest * std::min<std::int64_t>(largest, 1 << 16) : 2 * dearest;
    if (row.hard_low) row.low_weight = weight;
    if (row.hard_high) row.high_weight = weight;
  }
  column_start_.assign(at(model.columns) + 1, 0);
  for (const Entry& entry : row_entries_) ++column_start_[at(entry.index) + 1];
  for (std::size_t j = 1; j < column_start_.size(); ++j) column_start_[j] += column_start_[j - 1];
  column_entries_.resize(row_entries_.size());
  std::vector<int> next(column_start_.begin(), column_start_.end() - 1);
  for (int i = 0; i < model.rows; ++i) {
    for (int k = row_start_[at(i)]; k < row_start_[at(i) + 1]; ++k) {
      column_entries_[at(next[at(row_entries_[at(k)].index)]++)] = {i, row_entries_[at(k)].a};
    }
  }
  start_rows_ = rows_;
  tabu_.resize(at(model.columns));
  place_.resize(at(model.rows));
}

std::int64_t LocalSearch::change(int column, std::int64_t step) const {
  std::int64_t sum = model_.cost[at(column)] * step;
  for (int k = column_start_[at(column)]; k < column_start_[at(column) + 1]; ++k) {
    const Entry& entry = column_entries_[at(k)];
    const Row& row = rows_[at(entry.index)];
    sum += penalty(row, row.sum + entry.a * step) - penalty(row, row.sum);
  }
  return sum;
}

void LocalSearch::note(int i) {
  const Row& row = rows_[at(i)];
  // A minimum that lacks what nothing can bring is not tried again and again.
  const bool under = row.sum < row.reach;
  const bool over = row.sum > row.high;
  const bool broken = under || over;
  const bool hard = (under && row.hard_low) || over;
  // Each row has one place: positive in the hard list, negative in the soft one, 0 in none.
  const int now = place_[at(i)];
  const auto leave = [&](std::vector<int>& list, int position, int sign) {
    const int moved = list.back();
    list[at(position)] = moved;
    list.pop_back();
    place_[at(moved)] = sign * (position + 1);
    place_[at(i)] = 0;
  };
  if (now > 0 && !(broken && hard)) leave(broken_hard_, now - 1, 1);
  if (now < 0 && !(broken && !hard)) leave(broken_soft_, -now - 1, -1);
  if (place_[at(i)] == 0 && broken) {
    std::vector<int>& list = hard ? broken_hard_ : broken_soft_;
    list.push_back(i);
    place_[at(i)] = (hard ? 1 : -1) * static_cast<int>(list.size());
  }
}

void LocalSearch::take(int column, std::int64_t step) {
  x_[at(column)] += step;
  for (int k = column_start_[at(column)]; k < column_start_[at(column) + 1]; ++k) {
    const Entry& entry = column_entries_[at(k)];
    Row& row = rows_[at(entry.index)];
    short_ -= shortfall(row);
    row.sum += entry.a * step;
    short_ += shortfall(row);
    note(entry.index);
  }
}

bool LocalSearch::run(const Box& box, std::vector<std::int64_t>& values, std::int64_t limit, std::int64_t target,
                      int steps, std::uint64_t seed, const std::function<bool()>& stop) {
  std::uint64_t state = seed * 0x9E3779B97F4A7C15U + 1;
  const auto draw = [&state](std::size_t below) {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return static_cast<std::size_t>((state >> 11) % below);
  };
  rows_ = start_rows_;
  x_ = values;
  std::fill(tabu_.begin(), tabu_.end(), -1);
  std::fill(place_.begin(), place_.end(), 0);
  broken_hard_.clear();
  broken_soft_.clear();
  std::int64_t own_cost = 0;
  for (int j = 0; j < model_.columns; ++j) {
    if (is_slack_[at(j)] != 0) continue;
    x_[at(j)] = std::clamp(x_[at(j)], box.lower(j), box.upper(j));
    own_cost += model_.cost[at(j)] * x_[at(j)];
    for (int k = column_start_[at(j)]; k < column_start_[at(j) + 1]; ++k) {
      rows_[at(column_entries_[at(k)].index)].sum += column_entries_[at(k)].a * x_[at(j)];
    }
  }
  short_ = 0;
  for (int i = 0; i < static_cast<int>(rows_.size()); ++i) {
    Row& row = rows_[at(i)];
    row.reach = row.low;
    if (row.slack >= 0) {
      std::int64_t most = 0;
      for (int k = row_start_[at(i)]; k < row_start_[at(i) + 1]; ++k) {
        const auto& [column, a] = row_entries_[at(k)];
        most += a * (a > 0 ? box.upper(column) : box.lower(column));
      }
      row.reach = std::min(row.low, most);
    }
    note(i);
    short_ += shortfall(rows_[at(i)]);
  }
  since_.clear();
  bool found = false;
  // The best values are those reached, less the steps taken since.
  const auto keep = [&]() {
    for (; !since_.empty(); since_.pop_back()) take(since_.back().first, -since_.back().second);
    for (int j = 0; j < model_.columns; ++j) {
      if (is_slack_[at(j)] == 0) values[at(j)] = x_[at(j)];
    }
    for (const Row& row : rows_) {
      if (row.slack >= 0) values[at(row.slack)] = std::max(model_.lower[at(row.slack)], row.low - row.sum);
    }
  };
  int last = 0;
  for (int step = 0; step - last < steps; ++step) {
    if ((step & 1023) == 1023 && stop && stop()) break;
    if (broken_hard_.empty()) {
      const std::int64_t cost = own_cost + short_;
      if (cost <= limit) {
        found = true;
        last = step;
        limit = cost - 1;
        since_.clear();
        if (cost <= target) break;
      }
      if (broken_soft_.empty()) break;
    }
    // Hard rows first, now and then a soft one in between.
    const bool hard = !broken_hard_.empty() && (broken_soft_.empty() || draw(16) != 0);
    const std::vector<int>& list = hard ? broken_hard_ : broken_soft_;
    const int i = list[draw(list.size())];
    const Row& row = rows_[at(i)];
    const bool raise = row.sum < row.low;
    int best = -1;
    std::int64_t best_step = 0;
    std::int64_t best_change = 0;
    std::size_t equal = 0;
    // Of a long row a part will do: the next visit sees another one.
    const int begin = row_start_[at(i)];
    const int length = row_start_[at(i) + 1] - begin;
    int k = length > kSample ? static_cast<int>(draw(at(length))) : 0;
    for (int looked = std::min(length, kSample); looked > 0; --looked, k = k + 1 == length ? 0 : k + 1) {
      const Entry& entry = row_entries_[at(begin + k)];
      const int j = entry.index;
      const std::int64_t one = (entry.a > 0) == raise ? 1 : -1;
      const std::int64_t next = x_[at(j)] + one;
      if (next < box.lower(j) || next > box.upper(j) || tabu_[at(j)] > step) continue;
      const std::int64_t c = change(j, one);
      if (best < 0 || c < best_change) {
        best = j;
        best_step = one;
        best_change = c;
        equal = 1;
      } else if (c == best_change && draw(++equal) == 0) {
        best = j;
        best_step = one;
      }
    }
    if (best < 0) {
      if (hard) {
        Row& again = rows_[at(i)];
        if (again.low_weight < kFar / 1024 && raise) again.low_weight += start_rows_[at(i)].low_weight;
        if (again.high_weight < kFar / 1024 && !raise) again.high_weight += start_rows_[at(i)].high_weight;
      }
      continue;
    }
    if (best_change >= 0) {
      for (const int r : broken_hard_) {
        Row& again = rows_[at(r)];
        if (again.sum < again.low && again.low_weight < kFar / 1024) {
          again.low_weight += std::max<std::int64_t>(1, start_rows_[at(r)].low_weight / 2);
        } else if (again.sum > again.high && again.high_weight < kFar / 1024) {
          again.high_weight += std::max<std::int64_t>(1, start_rows_[at(r)].high_weight / 2);
        }
      }
    }
    own_cost += model_.cost[at(best)] * best_step;
    take(best, best_step);
    if (found) since_.emplace_back(best, best_step);
    tabu_[at(best)] = step + 3 + static_cast<int>(draw(8));
  }
  if (found) keep();
  return found;
}

}  // namespace qualgraph::detail
