// The checker of proofs: small enough to read in one go, and without a line in common with the search.
#include <algorithm>
#include <cstdint>
#include <limits>
#include <optional>
#include <utility>
#include <vector>

#include "qualgraph/model/error.hpp"
#include "qualgraph/stacking/solve.hpp"

namespace qualgraph {
namespace {

__extension__ using Wide = __int128;

/// Thrown inside this file for a proof that is no proof.
struct Rejected {};

Wide product(Wide a, Wide b) {
  Wide result = 0;
  if (__builtin_mul_overflow(a, b, &result)) throw Rejected{};
  return result;
}

Wide sum(Wide a, Wide b) {
  Wide result = 0;
  if (__builtin_add_overflow(a, b, &result)) throw Rejected{};
  return result;
}

Wide floor_quotient(Wide a, Wide b) {
  const Wide q = a / b;
  return (a % b != 0 && ((a < 0) != (b < 0))) ? q - 1 : q;
}

struct Bounds {
  std::vector<std::int64_t> lower, upper;
  bool empty = false;
};

/// sum of coefficient * x >= bound
struct Inequality {
  std::vector<std::pair<std::size_t, Wide>> terms;
  Wide bound = 0;
};

/// Tightens every column by one inequality; whether anything changed.
bool tighten(const Inequality& row, Bounds& box) {
  Wide most = 0;
  for (const auto& [column, a] : row.terms) most = sum(most, product(a, a > 0 ? box.upper[column] : box.lower[column]));
  const Wide room = sum(most, -row.bound);
  if (room < 0) {
    box.empty = true;
    return false;
  }
  bool changed = false;
  for (const auto& [column, a] : row.terms) {
    if (a > 0) {
      // a * (upper - x) <= room
      const Wide least = sum(box.upper[column], -floor_quotient(room, a));
      if (least > box.lower[column]) {
        box.lower[column] = static_cast<std::int64_t>(least);
        changed = true;
      }
    } else if (a < 0) {
      const Wide greatest = sum(box.lower[column], floor_quotient(room, -a));
      if (greatest < box.upper[column]) {
        box.upper[column] = static_cast<std::int64_t>(greatest);
        changed = true;
      }
    }
    if (box.lower[column] > box.upper[column]) {
      box.empty = true;
      return false;
    }
  }
  return changed;
}

/// The terms of a window's sum, by column, and what its two ends are.
struct Range {
  std::vector<std::pair<std::size_t, std::int64_t>> terms;
  std::int64_t low = 0;
  std::int64_t high = 0;
  bool has_low = false;
  std::optional<std::size_t> slack;
};

constexpr std::int64_t kMostSum = 4096;

class Checker {
 public:
  Checker(const Proof& proof, const IntegerModel& model) : model_(model) {
    for (const IntegerModel::Row& row : model.rows) {
      if (row.lower > -IntegerModel::kInfinity) rows_.push_back(one_sided(row.terms, row.lower, 1));
      if (row.upper < IntegerModel::kInfinity) rows_.push_back(one_sided(row.terms, row.upper, -1));
    }
    if (proof.at_least) {
      limit_ = sum(*proof.at_least, -1);
      Inequality objective;
      for (std::size_t j = 0; j < model.columns.size(); ++j) {
        if (model.columns[j].cost != 0) objective.terms.emplace_back(j, -static_cast<Wide>(model.columns[j].cost));
      }
      objective.bound = -*limit_;
      rows_.push_back(std::move(objective));
    }
    for (const Proof::Window& window : proof.windows) {
      windows_.push_back(range_of(window));
      if (!windows_.back().has_low) throw Rejected{};
    }
  }

  void settle(Bounds& box) const {
    // Each sweep is sound, so stopping early only leaves the box larger than need be.
    for (int sweep = 0; sweep < 10'000 && !box.empty; ++sweep) {
      bool changed = false;
      for (const Inequality& row : rows_) {
        changed = tighten(row, box) || changed;
        if (box.empty) return;
      }
      if (changed) continue;
      for (const Range& window : windows_) {
        changed = filter(window, box) || changed;
        if (box.empty) return;
      }
      if (!changed) return;
    }
  }

  [[nodiscard]] Inequality combination(const std::vector<std::pair<int, std::int64_t>>& multipliers) const {
    std::vector<Wide> dense(model_.columns.size(), 0);
    Inequality made;
    for (const auto& [index, y] : multipliers) {
      if (y == 0) continue;
      if (index == -1) {
        if (!limit_ || y > 0) throw Rejected{};
        for (std::size_t j = 0; j < dense.size(); ++j) dense[j] = sum(dense[j], product(y, model_.columns[j].cost));
        made.bound = sum(made.bound, product(y, *limit_));
        continue;
      }
      if (index < 0) throw Rejected{};
      if (static_cast<std::size_t>(index) >= model_.rows.size()) {
        const std::size_t cut = static_cast<std::size_t>(index) - model_.rows.size();
        if (cut >= fillings_.size() || y < 0) throw Rejected{};
        for (const auto& [column, a] : fillings_[cut].terms) dense[column] = sum(dense[column], product(y, a));
        made.bound = sum(made.bound, product(y, fillings_[cut].bound));
        continue;
      }
      const IntegerModel::Row& row = model_.rows[static_cast<std::size_t>(index)];
      const bool known = y > 0 ? row.lower > -IntegerModel::kInfinity : row.upper < IntegerModel::kInfinity;
      if (!known) throw Rejected{};
      for (const IntegerModel::Term& term : row.terms) {
        Wide& entry = dense[static_cast<std::size_t>(term.column)];
        entry = sum(entry, product(y, term.coefficient));
      }
      made.bound = sum(made.bound, product(y, y > 0 ? row.lower : row.upper));
    }
    for (std::size_t j = 0; j < dense.size(); ++j) {
      if (dense[j] != 0) made.terms.emplace_back(j, dense[j]);
    }
    return made;
  }

  void walk(const std::vector<Proof::Node>& nodes) {
    Bounds root;
    for (const IntegerModel::Column& column : model_.columns) {
      root.lower.push_back(column.lower);
      root.upper.push_back(column.upper);
    }
    std::vector<Bounds> open;
    bool branched = false;
    open.push_back(std::move(root));
    for (const Proof::Node& node : nodes) {
      if (open.empty()) throw Rejected{};
      Bounds box = std::move(open.back());
      open.pop_back();
      settle(box);
      switch (node.kind) {
        case Proof::Kind::propagation:
          if (!box.empty) throw Rejected{};
          break;
        case Proof::Kind::dual:
        case Proof::Kind::tightening: {
          // Looked at even if the box is empty already: a proof that names what does not exist is none.
          const Inequality row = combination(node.multipliers);
          if (!box.empty) tighten(row, box);
          if (node.kind == Proof::Kind::tightening) {
            open.push_back(std::move(box));
          } else if (!box.empty) {
            throw Rejected{};
          }
          break;
        }
        case Proof::Kind::filling: {
          // In a subtree it might hold for that subtree only.
          if (branched) throw Rejected{};
          Inequality row = filling(node, box);
          rows_.push_back(row);
          fillings_.push_back(std::move(row));
          open.push_back(std::move(box));
          break;
        }
        case Proof::Kind::branch: {
          branched = true;
          if (node.column < 0 || static_cast<std::size_t>(node.column) >= model_.columns.size()) throw Rejected{};
          const auto column = static_cast<std::size_t>(node.column);
          Bounds above = box;
          if (!box.empty) {
            if (node.value < box.upper[column]) box.upper[column] = node.value;
            box.empty = box.lower[column] > box.upper[column];
            if (node.value == std::numeric_limits<std::int64_t>::max()) throw Rejected{};
            if (node.value + 1 > above.lower[column]) above.lower[column] = node.value + 1;
            above.empty = above.lower[column] > above.upper[column];
          }
          open.push_back(std::move(above));
          open.push_back(std::move(box));
          break;
        }
        default:
          throw Rejected{};
      }
    }
    if (!open.empty()) throw Rejected{};
  }

 private:
  static Inequality one_sided(const std::vector<IntegerModel::Term>& terms, std::int64_t bound, int sign) {
    Inequality made;
    for (const IntegerModel::Term& term : terms) {
      made.terms.emplace_back(static_cast<std::size_t>(term.column), sign * static_cast<Wide>(term.coefficient));
    }
    made.bound = sign * static_cast<Wide>(bound);
    return made;
  }

  static std::vector<std::pair<std::size_t, std::int64_t>> sorted_terms(const IntegerModel::Row& row,
                                                                        std::optional<std::size_t> without) {
    std::vector<std::pair<std::size_t, std::int64_t>> made;
    for (const IntegerModel::Term& term : row.terms) {
      const auto column = static_cast<std::size_t>(term.column);
      if (column != without) made.emplace_back(column, term.coefficient);
    }
    std::sort(made.begin(), made.end());
    return made;
  }

  [[nodiscard]] const IntegerModel::Row& row_at(int index) const {
    if (index < 0 || static_cast<std::size_t>(index) >= model_.rows.size()) throw Rejected{};
    return model_.rows[static_cast<std::size_t>(index)];
  }

  [[nodiscard]] Range range_of(const Proof::Window& window) const {
    const IntegerModel::Row& upper = row_at(window.high_row);
    Range made;
    made.terms = sorted_terms(upper, std::nullopt);
    made.high = upper.upper;
    if (made.high == IntegerModel::kInfinity) throw Rejected{};
    for (const auto& [column, a] : made.terms) {
      if (a <= 0 || a > kMostSum) throw Rejected{};
    }
    if (window.low_row < 0) {
      if (window.slack >= 0) throw Rejected{};
      return made;
    }
    const IntegerModel::Row& lower = row_at(window.low_row);
    if (window.slack >= 0) made.slack = static_cast<std::size_t>(window.slack);
    if (sorted_terms(lower, made.slack) != made.terms || lower.lower <= -IntegerModel::kInfinity) throw Rejected{};
    if (made.slack) {
      bool found = false;
      for (const IntegerModel::Term& term : lower.terms) {
        found = found || (term.column == window.slack && term.coefficient == 1);
      }
      if (!found) throw Rejected{};
    }
    made.low = lower.lower;
    made.has_low = true;
    return made;
  }

  /// Keeps the values that a reachable sum goes with; whether anything changed.
  static bool filter(const Range& window, Bounds& box) {
    Wide base = 0;
    for (const auto& [column, a] : window.terms) base = sum(base, product(a, box.lower[column]));
    const Wide high = sum(window.high, -base);
    if (high < 0) {
      box.empty = true;
      return false;
    }
    if (high > kMostSum) return false;   // nothing is claimed for sums that large
    const auto size = static_cast<std::size_t>(high) + 1;
    // reach[k][q]: the first k terms can add up to q; ends[q]: from q on, the others can end inside the window.
    std::vector<std::vector<char>> reach(window.terms.size() + 1, std::vector<char>(size, 0));
    reach[0][0] = 1;
    for (std::size_t k = 0; k < window.terms.size(); ++k) {
      const auto [column, a] = window.terms[k];
      for (std::size_t q = 0; q < size; ++q) {
        if (reach[k][q] == 0) continue;
        const std::int64_t range = box.upper[column] - box.lower[column];
        std::size_t to = q;
        for (std::int64_t t = 0; t <= range && to < size; ++t, to += static_cast<std::size_t>(a)) reach[k + 1][to] = 1;
      }
    }
    std::size_t largest = size;
    while (largest > 0 && reach.back()[largest - 1] == 0) --largest;
    const Wide missing = sum(sum(window.low, -base), -(static_cast<Wide>(largest) - 1));
    Wide least = sum(window.low, -base);
    bool changed = false;
    if (window.slack) {
      least = sum(least, -static_cast<Wide>(box.upper[*window.slack]));
      if (missing > box.upper[*window.slack]) {
        box.empty = true;
        return false;
      }
      if (missing > box.lower[*window.slack]) {
        box.lower[*window.slack] = static_cast<std::int64_t>(missing);
        changed = true;
      }
    } else if (missing > 0) {
      box.empty = true;
      return false;
    }
    std::vector<char> ends(size, 0);
    for (std::size_t q = 0; q < size; ++q) ends[q] = static_cast<Wide>(q) >= least ? 1 : 0;
    for (std::size_t k = window.terms.size(); k-- > 0;) {
      const auto [column, a] = window.terms[k];
      const std::int64_t range = box.upper[column] - box.lower[column];
      std::int64_t from = -1;
      std::int64_t to = -1;
      std::vector<char> before(size, 0);
      for (std::int64_t t = 0; t <= range && t * a < static_cast<std::int64_t>(size); ++t) {
        const auto step = static_cast<std::size_t>(t * a);
        bool some = false;
        for (std::size_t q = 0; q + step < size; ++q) {
          if (ends[q + step] == 0) continue;
          before[q] = 1;
          some = some || reach[k][q] != 0;
        }
        if (!some) continue;
        if (from < 0) from = t;
        to = t;
      }
      if (from < 0) {
        box.empty = true;
        return changed;
      }
      changed = changed || from > 0 || to < range;
      box.upper[column] = box.lower[column] + to;
      box.lower[column] += from;
      ends = std::move(before);
    }
    return changed;
  }

  /// The row that a filling claims, if no way to fill its window within the box weighs less than it says.
  [[nodiscard]] Inequality filling(const Proof::Node& node, const Bounds& box) const {
    const Range window = range_of(node.window);
    std::vector<Wide> weight(model_.columns.size(), 0);
    Inequality made;
    made.bound = node.value;
    for (const auto& [index, w] : node.multipliers) {
      if (index < 0 || static_cast<std::size_t>(index) >= weight.size()) throw Rejected{};
      const auto column = static_cast<std::size_t>(index);
      if (weight[column] != 0 || w == 0) throw Rejected{};
      const bool inside = std::any_of(window.terms.begin(), window.terms.end(),
                                      [column](const auto& term) { return term.first == column; });
      if (!inside && (column != window.slack || w < 0)) throw Rejected{};
      weight[column] = w;
      made.terms.emplace_back(column, w);
    }
    if (box.empty) return made;   // of an empty box everything is true
    std::vector<int> item(model_.columns.size(), -1);
    for (const int index : node.items) {
      const IntegerModel::Row& row = row_at(index);
      if (row.upper == IntegerModel::kInfinity) throw Rejected{};
      for (const IntegerModel::Term& term : row.terms) {
        const auto column = static_cast<std::size_t>(term.column);
        if (term.coefficient != 1 || box.lower[column] < 0) throw Rejected{};
        if (item[column] < 0) item[column] = index;
      }
    }
    struct Part {
      std::int64_t a;
      Wide weight;
      int item;
      Wide lower;
      Wide upper;
    };
    std::vector<Part> parts;
    Wide base = 0;
    Wide light = 0;
    for (const auto& [column, a] : window.terms) {
      base = sum(base, product(a, box.lower[column]));
      light = sum(light, product(weight[column], box.lower[column]));
      Part* same = nullptr;
      for (Part& part : parts) {
        const bool joins = part.item == item[column] && part.a == a && part.weight == weight[column];
        if (joins && item[column] >= 0) same = &part;
      }
      if (same == nullptr) {
        parts.push_back({a, weight[column], item[column], 0, 0});
        same = &parts.back();
      }
      same->lower = sum(same->lower, box.lower[column]);
      same->upper = sum(same->upper, box.upper[column]);
    }
    const Wide high = sum(window.high, -base);
    if (high < 0) return made;
    if (high > kMostSum) throw Rejected{};
    const auto size = static_cast<std::size_t>(high) + 1;
    std::vector<std::optional<Wide>> least(size);
    least[0] = light;
    for (const Part& part : parts) {
      Wide range = part.upper;
      if (part.item >= 0) range = std::min<Wide>(range, row_at(part.item).upper);
      range = sum(range, -part.lower);
      std::vector<std::optional<Wide>> next(size);
      for (std::size_t q = 0; q < size; ++q) {
        if (!least[q]) continue;
        Wide value = *least[q];
        std::size_t to = q;
        for (Wide t = 0; t <= range && to < size; ++t, to += static_cast<std::size_t>(part.a)) {
          if (!next[to] || value < *next[to]) next[to] = value;
          value = sum(value, part.weight);
        }
      }
      least = std::move(next);
    }
    for (std::size_t q = 0; q < size; ++q) {
      if (!least[q]) continue;
      Wide value = *least[q];
      if (window.has_low) {
        const Wide missing = sum(sum(window.low, -base), -static_cast<Wide>(q));
        if (window.slack) {
          const Wide slack = std::max<Wide>(missing, box.lower[*window.slack]);
          if (slack > box.upper[*window.slack]) continue;
          value = sum(value, product(weight[*window.slack], slack));
        } else if (missing > 0) {
          continue;
        }
      }
      if (value < node.value) throw Rejected{};
    }
    return made;
  }

  const IntegerModel& model_;
  std::vector<Inequality> rows_;
  std::vector<Inequality> fillings_;
  std::vector<Range> windows_;
  std::optional<Wide> limit_;
};

}  // namespace

bool holds(const Proof& proof, const IntegerModel& model) {
  model.check();
  try {
    Checker(proof, model).walk(proof.nodes);
  } catch (const Rejected&) {
    return false;
  }
  return true;
}

}  // namespace qualgraph
