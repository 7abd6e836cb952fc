#include "qualgraph/stacking/detail/tally.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

namespace qualgraph::detail {
namespace {

__extension__ using Wide = __int128;

constexpr std::int64_t kNone = IntegerModel::kInfinity;

std::size_t at(int index) { return static_cast<std::size_t>(index); }

class Tallies {
 public:
  explicit Tallies(const IntegerModel& model) : model_(model), uses_(model.columns.size(), 0) {
    for (const auto& row : model.rows) {
      for (const auto& term : row.terms) ++uses_[at(term.column)];
    }
    for (int i = 0; i < static_cast<int>(model.rows.size()); ++i) {
      const auto& row = model.rows[at(i)];
      if (row.lower > -kNone && row.upper == kNone) {
        for (const auto& term : row.terms) {
          const auto& column = model.columns[at(term.column)];
          if (term.coefficient != 1 || uses_[at(term.column)] != 1 || column.cost <= 0 || column.lower != 0) continue;
          minima_.push_back({i, term.column});
          break;
        }
      } else if (row.upper < kNone && std::all_of(row.terms.begin(), row.terms.end(),
                                                  [](const auto& term) { return term.coefficient > 0; })) {
        limits_.push_back(i);
      }
    }
  }

  /// The sum over these minima, each by what a unit of it costs.
  [[nodiscard]] std::optional<Tally> sum(const std::vector<char>& chosen) const {
    Tally made;
    Wide bound = 0;
    // What a unit of each column takes off the cost that the chosen minima stand for.
    std::vector<Wide> gain(model_.columns.size(), 0);
    for (std::size_t j = 0; j < gain.size(); ++j) gain[j] = -static_cast<Wide>(model_.columns[j].cost);
    for (std::size_t m = 0; m < minima_.size(); ++m) {
      if (chosen[m] == 0) continue;
      const auto& row = model_.rows[at(minima_[m].row)];
      const std::int64_t cost = model_.columns[at(minima_[m].slack)].cost;
      bound += static_cast<Wide>(cost) * row.lower;
      for (const auto& term : row.terms) gain[at(term.column)] += static_cast<Wide>(cost) * term.coefficient;
      made.multipliers.emplace_back(minima_[m].row, cost);
    }
    // A row that limits several columns together costs less than each of them at its most.
    for (const int i : limits_) {
      const auto& row = model_.rows[at(i)];
      Wide apart = 0;
      Wide price = 0;
      for (const auto& term : row.terms) {
        const Wide own = gain[at(term.column)];
        if (own <= 0) continue;
        apart += own * model_.columns[at(term.column)].upper;
        price = std::max(price, (own + term.coefficient - 1) / term.coefficient);
      }
      if (price == 0 || price > kNone || price * row.upper >= apart) continue;
      bound -= price * row.upper;
      for (const auto& term : row.terms) gain[at(term.column)] -= price * term.coefficient;
      made.multipliers.emplace_back(i, -static_cast<std::int64_t>(price));
    }
    for (std::size_t j = 0; j < gain.size(); ++j) {
      bound -= gain[j] * (gain[j] > 0 ? model_.columns[j].upper : model_.columns[j].lower);
    }
    if (bound > kNone - 1 || bound < -kNone) return std::nullopt;
    made.bound = static_cast<std::int64_t>(bound);
    return made;
  }

  [[nodiscard]] std::vector<char> all() const { return std::vector<char>(minima_.size(), 1); }

  /// The minima that are open, and all whose items could go there, and so on.
  [[nodiscard]] std::vector<char> open(const std::vector<std::int64_t>& values) const {
    std::vector<char> chosen(minima_.size(), 0);
    std::vector<std::vector<int>> minima_of(model_.columns.size());
    std::vector<std::vector<int>> limits_of(model_.columns.size());
    for (std::size_t m = 0; m < minima_.size(); ++m) {
      for (const auto& term : model_.rows[at(minima_[m].row)].terms)
        minima_of[at(term.column)].push_back(static_cast<int>(m));
    }
    for (const int i : limits_) {
      for (const auto& term : model_.rows[at(i)].terms) limits_of[at(term.column)].push_back(i);
    }
    std::vector<int> next;
    const auto choose = [&](int m) {
      if (chosen[at(m)] != 0) return;
      chosen[at(m)] = 1;
      next.push_back(m);
    };
    for (std::size_t m = 0; m < minima_.size(); ++m) {
      if (values[at(minima_[m].slack)] > 0) choose(static_cast<int>(m));
    }
    std::vector<char> seen(model_.rows.size(), 0);
    while (!next.empty()) {
      const auto& row = model_.rows[at(minima_[at(next.back())].row)];
      next.pop_back();
      for (const auto& term : row.terms) {
        for (const int limit : limits_of[at(term.column)]) {
          if (seen[at(limit)] != 0) continue;
          seen[at(limit)] = 1;
          for (const auto& other : model_.rows[at(limit)].terms) {
            if (values[at(other.column)] == 0) continue;
            for (const int m : minima_of[at(other.column)]) choose(m);
          }
        }
      }
    }
    return chosen;
  }

 private:
  struct Minimum {
    int row;
    int slack;
  };
  const IntegerModel& model_;
  std::vector<int> uses_;
  std::vector<Minimum> minima_;
  std::vector<int> limits_;
};

}  // namespace

Tally tally(const IntegerModel& model, const std::vector<std::int64_t>& values) {
  const Tallies tallies(model);
  std::optional<Tally> best;
  const auto take = [&](const std::vector<char>& chosen) {
    auto made = tallies.sum(chosen);
    if (made && (!best || made->bound > best->bound)) best = std::move(*made);
  };
  take(std::vector<char>(tallies.all().size(), 0));
  take(tallies.all());
  if (values.size() == model.columns.size()) take(tallies.open(values));
  return best ? std::move(*best) : Tally{-kNone, {}};
}

}  // namespace qualgraph::detail
