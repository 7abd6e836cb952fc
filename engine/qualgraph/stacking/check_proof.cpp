// The checker of proofs: small enough to read in one go, and without a line in common with the search.
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
  }

  void settle(Bounds& box) const {
    // Each sweep is sound, so stopping early only leaves the box larger than need be.
    for (int sweep = 0; sweep < 10'000 && !box.empty; ++sweep) {
      bool changed = false;
      for (const Inequality& row : rows_) {
        changed = tighten(row, box) || changed;
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
      if (index < 0 || static_cast<std::size_t>(index) >= model_.rows.size()) throw Rejected{};
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

  void walk(const std::vector<Proof::Node>& nodes) const {
    Bounds root;
    for (const IntegerModel::Column& column : model_.columns) {
      root.lower.push_back(column.lower);
      root.upper.push_back(column.upper);
    }
    std::vector<Bounds> open;
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
        case Proof::Kind::branch: {
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

  const IntegerModel& model_;
  std::vector<Inequality> rows_;
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
