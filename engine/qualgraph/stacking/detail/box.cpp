#include "qualgraph/stacking/detail/box.hpp"

#include <algorithm>

namespace qualgraph::detail {
namespace {

constexpr std::int64_t kInfinity = IntegerModel::kInfinity;

}  // namespace

FlatModel::FlatModel(const IntegerModel& model)
    : columns(static_cast<int>(model.columns.size())), rows(static_cast<int>(model.rows.size())) {
  std::size_t entries = model.columns.size();
  for (const auto& row : model.rows) entries += row.terms.size();
  row_entries.reserve(entries);
  for (const auto& column : model.columns) {
    lower.push_back(column.lower);
    upper.push_back(column.upper);
    cost.push_back(column.cost);
    priority.push_back(column.priority);
  }
  row_start.push_back(0);
  for (const auto& row : model.rows) {
    for (const auto& term : row.terms) row_entries.push_back({term.column, term.coefficient});
    row_start.push_back(static_cast<int>(row_entries.size()));
    row_lower.push_back(std::max(row.lower, -kInfinity));
    row_upper.push_back(row.upper);
  }
  for (int j = 0; j < columns; ++j) {
    const std::int64_t c = cost[static_cast<std::size_t>(j)];
    if (c != 0) row_entries.push_back({j, c});
  }
  row_start.push_back(static_cast<int>(row_entries.size()));
  row_lower.push_back(-kInfinity);
  row_upper.push_back(kInfinity);
  index_columns();
}

void FlatModel::add_row(const std::vector<Entry>& entries, std::int64_t low, std::int64_t high) {
  const auto objective = row_entries.begin() + row_start[static_cast<std::size_t>(rows)];
  row_entries.insert(objective, entries.begin(), entries.end());
  row_start.push_back(static_cast<int>(row_entries.size()));
  const auto here = static_cast<std::size_t>(rows);
  row_start[here + 1] = row_start[here] + static_cast<int>(entries.size());
  row_lower.insert(row_lower.end() - 1, low);
  row_upper.insert(row_upper.end() - 1, high);
  ++rows;
}

void FlatModel::index_columns() {
  column_start.assign(static_cast<std::size_t>(columns) + 1, 0);
  for (const Entry& entry : row_entries) ++column_start[static_cast<std::size_t>(entry.index) + 1];
  for (std::size_t j = 1; j < column_start.size(); ++j) column_start[j] += column_start[j - 1];
  column_entries.resize(row_entries.size());
  std::vector<int> next(column_start.begin(), column_start.end() - 1);
  for (int i = 0; i <= rows; ++i) {
    for (int k = row_start[static_cast<std::size_t>(i)]; k < row_start[static_cast<std::size_t>(i) + 1]; ++k) {
      const Entry& entry = row_entries[static_cast<std::size_t>(k)];
      column_entries[static_cast<std::size_t>(next[static_cast<std::size_t>(entry.index)]++)] = {i, entry.coefficient};
    }
  }
}

Box::Box(const FlatModel& model)
    : model_(&model),
      lower_(model.lower),
      upper_(model.upper),
      row_lower_(model.row_lower),
      row_upper_(model.row_upper) {
  const std::size_t all = at(model.rows) + 1;
  least_.assign(all, 0);
  most_.assign(all, 0);
  widest_.assign(all, 0);
  queued_.assign(all, 0);
  queue_.reserve(all);
  for (std::size_t i = 0; i < all; ++i) {
    for (int k = model.row_start[i]; k < model.row_start[i + 1]; ++k) {
      const auto& [column, a] = model.row_entries[at(k)];
      const std::int64_t low = a > 0 ? a * lower_[at(column)] : a * upper_[at(column)];
      const std::int64_t high = a > 0 ? a * upper_[at(column)] : a * lower_[at(column)];
      least_[i] += low;
      most_[i] += high;
      widest_[i] = std::max(widest_[i], high - low);
    }
  }
  touch_all();
}

void Box::enqueue(int row) {
  if (queued_[at(row)] != 0) return;
  queued_[at(row)] = 1;
  queue_.push_back(row);
}

void Box::touch_all() {
  for (int i = 0; i <= model_->rows; ++i) enqueue(i);
}

void Box::limit_cost(std::int64_t limit) { limit_row(model_->rows, limit); }

void Box::limit_row(int row, std::int64_t upper) {
  row_upper_[at(row)] = upper;
  enqueue(row);
}

void Box::move_lower(int column, std::int64_t value) {
  const std::int64_t step = value - lower_[at(column)];
  lower_[at(column)] = value;
  for (int k = model_->column_start[at(column)]; k < model_->column_start[at(column) + 1]; ++k) {
    const auto& [row, a] = model_->column_entries[at(k)];
    if (a > 0) {
      least_[at(row)] += a * step;
    } else {
      most_[at(row)] += a * step;
    }
  }
}

void Box::move_upper(int column, std::int64_t value) {
  const std::int64_t step = value - upper_[at(column)];
  upper_[at(column)] = value;
  for (int k = model_->column_start[at(column)]; k < model_->column_start[at(column) + 1]; ++k) {
    const auto& [row, a] = model_->column_entries[at(k)];
    if (a > 0) {
      most_[at(row)] += a * step;
    } else {
      least_[at(row)] += a * step;
    }
  }
}

bool Box::set_lower(int column, std::int64_t value) {
  if (value <= lower_[at(column)]) return true;
  if (value > upper_[at(column)]) return false;
  trail_.push_back({column, lower_[at(column)], upper_[at(column)]});
  move_lower(column, value);
  for (int k = model_->column_start[at(column)]; k < model_->column_start[at(column) + 1]; ++k) {
    enqueue(model_->column_entries[at(k)].index);
  }
  return true;
}

bool Box::set_upper(int column, std::int64_t value) {
  if (value >= upper_[at(column)]) return true;
  if (value < lower_[at(column)]) return false;
  trail_.push_back({column, lower_[at(column)], upper_[at(column)]});
  move_upper(column, value);
  for (int k = model_->column_start[at(column)]; k < model_->column_start[at(column) + 1]; ++k) {
    enqueue(model_->column_entries[at(k)].index);
  }
  return true;
}

void Box::undo(std::size_t mark) {
  while (trail_.size() > mark) {
    const Change& change = trail_.back();
    if (change.lower != lower_[at(change.column)]) move_lower(change.column, change.lower);
    if (change.upper != upper_[at(change.column)]) move_upper(change.column, change.upper);
    trail_.pop_back();
  }
}

bool Box::tighten(int row) {
  const std::int64_t low = row_lower_[at(row)];
  const std::int64_t high = row_upper_[at(row)];
  if ((high < kInfinity && least_[at(row)] > high) || (low > -kInfinity && most_[at(row)] < low)) return false;
  const int begin = model_->row_start[at(row)];
  const int end = model_->row_start[at(row) + 1];
  if (high < kInfinity && high - least_[at(row)] < widest_[at(row)]) {
    const std::int64_t room = high - least_[at(row)];
    for (int k = begin; k < end; ++k) {
      const auto [column, a] = model_->row_entries[at(k)];
      const std::int64_t width = upper_[at(column)] - lower_[at(column)];
      if (width == 0) continue;
      if (a > 0) {
        if (a * width > room && !set_upper(column, lower_[at(column)] + room / a)) return false;
      } else {
        if (-a * width > room && !set_lower(column, upper_[at(column)] - room / -a)) return false;
      }
    }
  }
  if (low > -kInfinity && most_[at(row)] - low < widest_[at(row)]) {
    if (most_[at(row)] < low) return false;
    const std::int64_t room = most_[at(row)] - low;
    for (int k = begin; k < end; ++k) {
      const auto [column, a] = model_->row_entries[at(k)];
      const std::int64_t width = upper_[at(column)] - lower_[at(column)];
      if (width == 0) continue;
      if (a > 0) {
        if (a * width > room && !set_lower(column, upper_[at(column)] - room / a)) return false;
      } else {
        if (-a * width > room && !set_upper(column, lower_[at(column)] + room / -a)) return false;
      }
    }
  }
  return true;
}

bool Box::propagate() {
  // Wide columns can creep towards each other one unit at a time; a box that is too large is no
  // error, so such a race is left to the search.
  constexpr int kRounds = 1000;
  std::size_t round_end = queue_.size();
  int round = 0;
  bool whole = true;
  std::size_t next = 0;
  for (; next < queue_.size() && whole; ++next) {
    if (next == round_end) {
      if (++round == kRounds) break;
      round_end = queue_.size();
    }
    const int row = queue_[next];
    queued_[at(row)] = 0;
    whole = tighten(row);
  }
  for (; next < queue_.size(); ++next) queued_[at(queue_[next])] = 0;
  queue_.clear();
  return whole;
}

}  // namespace qualgraph::detail
