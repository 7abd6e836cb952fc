#include "qualgraph/stacking/detail/search.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace qualgraph::detail {
namespace {

constexpr std::int64_t kInfinity = IntegerModel::kInfinity;
constexpr int kTrialPivots = 20;
constexpr int kNodeCutRounds = 4;

Wide floor_quotient(Wide a, Wide b) {
  const Wide q = a / b;
  return (a % b != 0 && ((a < 0) != (b < 0))) ? q - 1 : q;
}

}  // namespace

Search::Search(const IntegerModel& model, const SolveOptions& options)
    : model_(model), options_(options), flat_(model), box_(flat_), proving_(options.proof) {
  gains_.assign(model.columns.size(), 0);
  experience_.resize(model.columns.size());
  implied_.assign(model.columns.size(), 0);
  for (int j = 0; j < flat_.columns; ++j) {
    if (flat_.uses(j) > 1 || flat_.upper[at(j)] - flat_.lower[at(j)] <= 1) continue;
    bool unit = true;
    for (int k = flat_.column_start[at(j)]; k < flat_.column_start[at(j) + 1]; ++k) {
      const auto& [row, a] = flat_.column_entries[at(k)];
      unit = unit && (row == flat_.rows || a == 1 || a == -1);
    }
    implied_[at(j)] = unit ? 1 : 0;
  }
  started_ = std::chrono::steady_clock::now();
}

void Search::offer(const std::vector<std::int64_t>& values) {
  const std::int64_t cost = model_.cost_of(values);
  if (cost > limit_) return;
  found_ = true;
  best_.values = values;
  best_.cost = cost;
  limit_ = cost - 1;
  box_.limit_cost(limit_);
}

void Search::build_relaxation() {
  lp_column_.assign(model_.columns.size(), -1);
  std::vector<double> costs;
  lp_constant_ = 0;
  for (int j = 0; j < flat_.columns; ++j) {
    if (box_.fixed(j)) {
      lp_constant_ += static_cast<double>(flat_.cost[at(j)]) * static_cast<double>(box_.lower(j));
      continue;
    }
    lp_column_[at(j)] = static_cast<int>(costs.size());
    costs.push_back(static_cast<double>(flat_.cost[at(j)]));
  }
  lp_ = Simplex(std::move(costs));
  lp_rows_.clear();
  std::vector<Simplex::Entry> entries;
  for (int i = 0; i < flat_.rows; ++i) {
    const bool below = box_.row_lower(i) > -kInfinity && box_.least(i) < box_.row_lower(i);
    const bool above = box_.row_upper(i) < kInfinity && box_.most(i) > box_.row_upper(i);
    if (!below && !above) continue;
    entries.clear();
    std::int64_t constant = 0;
    for (int k = flat_.row_start[at(i)]; k < flat_.row_start[at(i) + 1]; ++k) {
      const auto& [column, a] = flat_.row_entries[at(k)];
      if (lp_column_[at(column)] >= 0) {
        entries.push_back({lp_column_[at(column)], static_cast<double>(a)});
      } else {
        constant += a * box_.lower(column);
      }
    }
    const std::int64_t low = below ? box_.row_lower(i) : box_.least(i);
    const std::int64_t high = above ? box_.row_upper(i) : box_.most(i);
    lp_.add_row(entries, static_cast<double>(low - constant), static_cast<double>(high - constant));
    LinkedRow linked;
    linked.entries.assign(flat_.row_entries.begin() + flat_.row_start[at(i)],
                          flat_.row_entries.begin() + flat_.row_start[at(i) + 1]);
    linked.lower = box_.row_lower(i);
    linked.upper = box_.row_upper(i);
    linked.index = i;
    lp_rows_.push_back(std::move(linked));
  }
  lp_own_rows_ = lp_.rows();
  lp_ready_ = true;
}

/// Rounds the multipliers of the relaxation and adds the rows up, in integers.
void Search::combine(bool with_objective) {
  combination_.multipliers.clear();
  combination_.contradicts = false;
  combination_.scale = 0;
  double largest = with_objective ? 1.0 : 0.0;
  for (int i = 0; i < lp_.rows(); ++i) largest = std::max(largest, std::fabs(lp_.multiplier(i)));
  if (!(largest > 1e-12) || !(largest < 1e12)) return;
  // Multipliers stay below 2^38 and rows below 2^61, so sums over fewer than 2^28 rows fit 127 bits.
  int exponent = 0;
  std::frexp(largest, &exponent);
  const int bits = with_objective ? std::min(24, 38 - exponent) : 24 - exponent;
  if (with_objective && bits < 0) return;
  if (with_objective) combination_.scale = std::int64_t{1} << bits;
  Wide needed = 0;
  if (with_objective) {
    // Without a limit only the bound itself is of interest, taken against 0.
    combination_.base = limit_ == kInfinity ? 0 : limit_;
    needed = -static_cast<Wide>(combination_.scale) * combination_.base;
    combination_.multipliers.emplace_back(-1, -combination_.scale);
    for (int j = 0; j < flat_.columns; ++j) gains_[at(j)] = -static_cast<Wide>(combination_.scale) * flat_.cost[at(j)];
  } else {
    std::fill(gains_.begin(), gains_.end(), 0);
  }
  for (int i = 0; i < lp_.rows(); ++i) {
    const double y = lp_.multiplier(i);
    if (y == 0) continue;
    const auto rounded = static_cast<std::int64_t>(std::llround(std::ldexp(y, bits)));
    if (rounded == 0) continue;
    const LinkedRow& row = lp_rows_[at(i)];
    const std::int64_t bound = rounded > 0 ? row.lower : row.upper;
    // A bound that only the box implies: the box says it by itself.
    if (bound == kInfinity || bound == -kInfinity) continue;
    // A cut stands the other way round in the proof.
    const bool cut = row.index >= static_cast<int>(model_.rows.size());
    combination_.multipliers.emplace_back(row.index, cut ? -rounded : rounded);
    needed += static_cast<Wide>(rounded) * bound;
    for (const auto& [column, a] : row.entries) gains_[at(column)] += static_cast<Wide>(rounded) * a;
  }
  Wide most = 0;
  for (int j = 0; j < flat_.columns; ++j) {
    const Wide g = gains_[at(j)];
    if (g > 0) {
      most += g * box_.upper(j);
    } else if (g < 0) {
      most += g * box_.lower(j);
    }
  }
  combination_.room = most - needed;
  combination_.contradicts = combination_.room < 0 && (!with_objective || limit_ < kInfinity);
}

/// What the last combination says of the cost of everything in the box.
std::int64_t Search::proven_bound() const {
  std::int64_t bound = box_.least(flat_.rows);
  if (combination_.scale > 0) {
    // scale * (cost - base) >= -room
    const Wide more = -floor_quotient(combination_.room, combination_.scale);
    const Wide sum = static_cast<Wide>(combination_.base) + more;
    if (sum > bound && sum < kInfinity) bound = static_cast<std::int64_t>(sum);
  }
  return bound;
}

/// Takes the combination as a row; the number of columns tightened, -1 if one became empty.
int Search::tighten_by_combination() {
  int changed = 0;
  const Wide room = combination_.room;
  for (int j = 0; j < flat_.columns; ++j) {
    const Wide g = gains_[at(j)];
    if (g == 0 || box_.fixed(j)) continue;
    const Wide width = static_cast<Wide>(box_.upper(j)) - box_.lower(j);
    if (g > 0 && g * width > room) {
      if (!box_.set_lower(j, box_.upper(j) - static_cast<std::int64_t>(room / g))) return -1;
      ++changed;
    } else if (g < 0 && -g * width > room) {
      if (!box_.set_upper(j, box_.lower(j) + static_cast<std::int64_t>(room / -g))) return -1;
      ++changed;
    }
  }
  return changed;
}

int Search::add_step(Proof::Kind kind) {
  if (!proving_) return -1;
  if (static_cast<std::int64_t>(steps_.size()) >= options_.proof_nodes) {
    drop_proof();
    return -1;
  }
  const int made = static_cast<int>(steps_.size());
  steps_.emplace_back();
  steps_.back().node.kind = kind;
  if (attach_ >= 0) (attach_second_ ? steps_[at(attach_)].second : steps_[at(attach_)].first) = made;
  attach_ = made;
  attach_second_ = false;
  return made;
}

void Search::add_combination_step(Proof::Kind kind) {
  const int made = add_step(kind);
  if (made >= 0) steps_[at(made)].node.multipliers = combination_.multipliers;
}

void Search::drop_proof() {
  proving_ = false;
  best_.proof_dropped = true;
  steps_.clear();
  late_.clear();
}

void Search::finish_proof(std::optional<std::int64_t> at_least) {
  if (!proving_) return;
  best_.proof.at_least = at_least;
  for (const Window& window : windows_.all()) {
    best_.proof.windows.push_back({window.low_row, window.high_row, window.slack});
  }
  // Only cuts that something rests on stay.
  const int own = static_cast<int>(model_.rows.size());
  std::vector<int> number(at(fillings_), -1);
  for (const int index : adopted_) number[at(index - own)] = 0;
  for (const Step& step : steps_) {
    if (step.node.kind == Proof::Kind::filling) continue;
    for (const auto& [index, y] : step.node.multipliers) {
      if (index >= own) number[at(index - own)] = 0;
    }
  }
  int kept = 0;
  for (int& each : number) {
    if (each == 0) each = own + kept++;
  }
  std::vector<Proof::Node>& nodes = best_.proof.nodes;
  int seen = 0;
  bool branched = false;
  std::vector<int> open{0};
  while (!open.empty()) {
    const int now = open.back();
    open.pop_back();
    Step& step = steps_[at(now)];
    if (step.second >= 0) open.push_back(step.second);
    if (step.first >= 0) open.push_back(step.first);
    if (step.node.kind == Proof::Kind::filling) {
      if (number[at(seen++)] >= 0) nodes.push_back(std::move(step.node));
      continue;
    }
    if (step.node.kind == Proof::Kind::branch && !branched) {
      branched = true;
      for (Proof::Node& node : late_) {
        if (number[at(seen++)] >= 0) nodes.push_back(std::move(node));
      }
    }
    for (auto& [index, y] : step.node.multipliers) {
      if (index >= own) index = number[at(index - own)];
    }
    nodes.push_back(std::move(step.node));
  }
}

bool Search::out_of_budget() {
  if (stopped_) return true;
  if (options_.seconds) {
    const std::chrono::duration<double> spent = std::chrono::steady_clock::now() - started_;
    if (spent.count() > *options_.seconds) stopped_ = true;
  }
  if (options_.stop && options_.stop()) stopped_ = true;
  return stopped_;
}

/// Fixes every column in turn, propagating; the box is as before afterwards. Whether something was found.
bool Search::dive(bool by_relaxation) {
  const std::size_t mark = box_.mark();
  struct Candidate {
    double key;
    int column;
    std::int64_t value;
  };
  std::vector<Candidate> order;
  for (int j = 0; j < flat_.columns; ++j) {
    if (box_.fixed(j)) continue;
    const std::int64_t cheap = flat_.cost[at(j)] >= 0 ? box_.lower(j) : box_.upper(j);
    if (implied_[at(j)] != 0) {
      order.push_back({1e9, j, cheap});
      continue;
    }
    if (by_relaxation && lp_column_[at(j)] >= 0) {
      const double x = lp_.value(lp_column_[at(j)]);
      const auto value = static_cast<std::int64_t>(std::llround(x));
      // Ones before zeros, whole ones before broken ones.
      const double broken = std::fabs(x - static_cast<double>(value));
      order.push_back({broken - (value != box_.lower(j) ? 10.0 : 0.0), j, value});
    } else {
      order.push_back({static_cast<double>(-flat_.priority[at(j)]), j, box_.upper(j)});
    }
  }
  std::stable_sort(order.begin(), order.end(), [](const Candidate& a, const Candidate& b) { return a.key < b.key; });
  bool whole = true;
  for (const Candidate& candidate : order) {
    const int j = candidate.column;
    if (box_.fixed(j)) continue;
    const std::int64_t value = std::clamp(candidate.value, box_.lower(j), box_.upper(j));
    const std::size_t before = box_.mark();
    if (box_.set_lower(j, value) && box_.set_upper(j, value) && box_.propagate()) continue;
    box_.undo(before);
    // Away from that value, by one step only.
    const bool moved = value > box_.lower(j) ? box_.set_upper(j, value - 1) : box_.set_lower(j, value + 1);
    if (!moved || !box_.propagate()) {
      whole = false;
      break;
    }
    if (!box_.fixed(j)) {
      const std::int64_t other = flat_.cost[at(j)] >= 0 ? box_.lower(j) : box_.upper(j);
      if (!box_.set_lower(j, other) || !box_.set_upper(j, other) || !box_.propagate()) {
        whole = false;
        break;
      }
    }
  }
  bool better = false;
  if (whole) {
    std::vector<std::int64_t> values(model_.columns.size());
    for (int j = 0; j < flat_.columns; ++j) values[at(j)] = box_.lower(j);
    if (model_.admits(values) && model_.cost_of(values) <= limit_) {
      box_.undo(mark);
      offer(values);
      better = true;
    }
  }
  box_.undo(mark);
  return better;
}

/// Rounds one column after another, solving the relaxation in between; the box is as before afterwards.
bool Search::dive_along_relaxation() {
  const std::size_t mark = box_.mark();
  bool better = false;
  int mistakes = 0;
  for (int depth = 0; depth < flat_.columns && mistakes < 4; ++depth) {
    // The column nearest to its next whole value up: ones are decisions, zeros follow.
    int best = -1;
    double nearest = 2;
    for (int j = 0; j < flat_.columns; ++j) {
      if (box_.fixed(j) || implied_[at(j)] != 0 || lp_column_[at(j)] < 0) continue;
      const double x = lp_.value(lp_column_[at(j)]);
      const double gap = std::ceil(x - 1e-6) - x;
      if (gap < 1e-6) continue;
      if (gap < nearest) {
        nearest = gap;
        best = j;
      }
    }
    if (best < 0) {
      better = read_integral();
      break;
    }
    const auto value = static_cast<std::int64_t>(std::ceil(lp_.value(lp_column_[at(best)]) - 1e-6));
    const std::size_t before = box_.mark();
    bool whole = box_.set_lower(best, value) && settle() && relax() == Simplex::Outcome::optimal;
    if (!whole) {
      ++mistakes;
      box_.undo(before);
      whole = box_.set_upper(best, value - 1) && settle() && relax() == Simplex::Outcome::optimal;
    }
    if (!whole) break;
  }
  box_.undo(mark);
  return better;
}

/// Takes the relaxation's values if they are whole and admissible.
bool Search::read_integral() {
  std::vector<std::int64_t> values(model_.columns.size());
  for (int j = 0; j < flat_.columns; ++j) {
    if (lp_column_[at(j)] < 0) {
      values[at(j)] = box_.lower(j);
      continue;
    }
    const double x = lp_.value(lp_column_[at(j)]);
    const double rounded = std::round(x);
    if (std::fabs(x - rounded) > 1e-5) return false;
    values[at(j)] = std::clamp(static_cast<std::int64_t>(rounded), box_.lower(j), box_.upper(j));
  }
  if (!model_.admits(values)) return false;
  offer(values);
  return true;
}

/// Steps from the relaxation's values to good ones.
bool Search::try_locally(int steps) {
  if (!local_) local_.emplace(flat_);
  std::vector<std::int64_t> values(model_.columns.size());
  for (int j = 0; j < flat_.columns; ++j) {
    values[at(j)] = lp_column_[at(j)] >= 0 ? std::llround(lp_.value(lp_column_[at(j)])) : box_.lower(j);
  }
  if (!local_->run(box_, values, limit_, std::max(box_.least(flat_.rows), root_bound_), steps, ++tries_)) return false;
  if (!model_.admits(values) || model_.cost_of(values) > limit_) return false;
  offer(values);
  return true;
}

/// What one side of a branch adds to the relaxation's cost; `limit_` and beyond if it closes.
double Search::try_side(int column, std::int64_t value, bool upper, double cost) {
  const double all = limit_ == kInfinity ? 1e6 : static_cast<double>(limit_) + 1.0 - lp_constant_ - cost;
  const std::size_t mark = box_.mark();
  double gain = all;
  if ((upper ? box_.set_lower(column, value + 1) : box_.set_upper(column, value)) && settle()) {
    const Simplex::Outcome outcome = relax(kTrialPivots);
    if (outcome == Simplex::Outcome::optimal || outcome == Simplex::Outcome::failed) {
      gain = std::clamp(lp_.objective() - cost, 0.0, all);
    }
  }
  box_.undo(mark);
  return gain;
}

/// Among broken columns of the highest priority, the one whose two sides are expected to cost most.
bool Search::choose_broken() {
  struct Candidate {
    int column;
    double x;
    double score;
  };
  std::vector<Candidate> candidates;
  for (int pass = 0; pass < 2 && candidates.empty(); ++pass) {
    int highest = 0;
    for (int j = 0; j < flat_.columns; ++j) {
      if (box_.fixed(j) || lp_column_[at(j)] < 0 || (pass == 0 && implied_[at(j)] != 0)) continue;
      const double x = lp_.value(lp_column_[at(j)]);
      if (std::fabs(x - std::round(x)) < 1e-6) continue;
      const int priority = flat_.priority[at(j)];
      if (!candidates.empty() && priority < highest) continue;
      if (!candidates.empty() && priority > highest) candidates.clear();
      highest = priority;
      candidates.push_back({j, x, 0});
    }
  }
  if (candidates.empty()) return false;
  const double cost = lp_.objective();
  double typical = 0;
  int known = 0;
  for (const Experience& each : experience_) {
    if (each.count[0] + each.count[1] == 0) continue;
    typical += (each.gain[0] + each.gain[1]) / (each.count[0] + each.count[1]);
    ++known;
  }
  typical = known > 0 ? typical / known : 1.0;
  const auto product = [](double down, double up) { return std::max(down, 1e-4) * std::max(up, 1e-4); };
  for (Candidate& each : candidates) {
    const Experience& past = experience_[at(each.column)];
    const double part = each.x - std::floor(each.x);
    const double down = past.count[0] > 0 ? past.gain[0] / past.count[0] : typical;
    const double up = past.count[1] > 0 ? past.gain[1] / past.count[1] : typical;
    each.score = product(down * part, up * (1 - part));
  }
  std::stable_sort(candidates.begin(), candidates.end(),
                   [](const Candidate& a, const Candidate& b) { return a.score > b.score; });
  std::size_t chosen = 0;
  double best = -1;
  int idle = 0;
  int trials = 0;
  for (std::size_t k = 0; k < candidates.size() && idle < 4; ++k) {
    const Candidate& each = candidates[k];
    Experience& past = experience_[at(each.column)];
    double score = each.score;
    if (std::min(past.count[0], past.count[1]) < 4 && trials < 8) {
      ++trials;
      const double part = each.x - std::floor(each.x);
      const auto value = static_cast<std::int64_t>(std::floor(each.x));
      const double down = try_side(each.column, value, false, cost);
      const double up = try_side(each.column, value, true, cost);
      past.gain[0] += down / part;
      past.gain[1] += up / (1 - part);
      ++past.count[0];
      ++past.count[1];
      score = product(down, up);
    }
    if (score > best) {
      best = score;
      chosen = k;
      idle = 0;
    } else {
      ++idle;
    }
  }
  branch_column_ = candidates[chosen].column;
  const double x = candidates[chosen].x;
  branch_value_ = std::clamp(static_cast<std::int64_t>(std::floor(x)), box_.lower(branch_column_),
                             box_.upper(branch_column_) - 1);
  branch_upper_first_ = x - std::floor(x) > 0.3;
  return true;
}

void Search::choose_branch(bool solved) {
  branch_column_ = -1;
  if (solved && choose_broken()) return;
  for (int j = 0; j < flat_.columns; ++j) {
    if (box_.fixed(j)) continue;
    // Columns that follow from the others come last.
    const auto rank = [&](int column) { return std::pair(implied_[at(column)] == 0, flat_.priority[at(column)]); };
    if (branch_column_ < 0 || rank(j) > rank(branch_column_)) branch_column_ = j;
  }
  const int j = branch_column_;
  if (j < 0) return;
  branch_value_ = box_.lower(j) + (box_.upper(j) - box_.lower(j)) / 2;
  if (branch_value_ == box_.upper(j)) --branch_value_;
  branch_upper_first_ = flat_.cost[at(j)] < 0;
}

Simplex::Outcome Search::relax(int pivots) {
  for (int j = 0; j < flat_.columns; ++j) {
    const int column = lp_column_[at(j)];
    if (column >= 0) {
      lp_.set_bounds(column, static_cast<double>(box_.lower(j)), static_cast<double>(box_.upper(j)));
    }
  }
  const double cutoff = limit_ == kInfinity ? std::numeric_limits<double>::infinity()
                                            : static_cast<double>(limit_) + 1e-4 - lp_constant_;
  return lp_.solve(cutoff, pivots > 0 ? pivots : 50 * (lp_.rows() + lp_.columns()) + 100);
}

/// Writes a cut into the proof: at the place reached, or for the end of the root.
void Search::add_filling(const Cut& cut, bool late) {
  if (!proving_) return;
  Proof::Node node;
  node.kind = Proof::Kind::filling;
  node.value = -cut.bound;
  for (const auto& [column, a] : cut.entries) node.multipliers.emplace_back(column, -a);
  node.window = {cut.window->low_row, cut.window->high_row, cut.window->slack};
  for (const Window::Part& part : cut.window->parts) {
    if (part.end - part.begin > 1) node.items.push_back(part.item);
  }
  if (late) {
    late_.push_back(std::move(node));
  } else {
    const int made = add_step(Proof::Kind::filling);
    if (made >= 0) steps_[at(made)].node = std::move(node);
  }
}

void Search::add_cut(const Cut& cut, const Box& box, bool late) {
  std::vector<Simplex::Entry> entries;
  std::int64_t constant = 0;
  std::int64_t least = 0;
  for (const auto& [column, a] : cut.entries) {
    const int j = lp_column_[at(column)];
    if (j >= 0) {
      entries.push_back({j, static_cast<double>(a)});
      least += a > 0 ? a * box.lower(column) : a * box.upper(column);
    } else {
      constant += a * box.lower(column);
    }
  }
  const std::int64_t high = cut.bound - constant;
  lp_.add_row(entries, static_cast<double>(std::min(least, high)), static_cast<double>(high));
  LinkedRow linked;
  linked.entries = cut.entries;
  linked.lower = -kInfinity;
  linked.upper = cut.bound;
  linked.index = static_cast<int>(model_.rows.size()) + fillings_++;
  lp_rows_.push_back(std::move(linked));
  add_filling(cut, late);
}

void Search::drop_loose_cuts(int first) {
  const int before = lp_.rows();
  if (lp_.drop_basic_rows(first) == 0) return;
  std::size_t kept = at(first);
  std::size_t next = 0;
  for (int i = first; i < before; ++i) {
    if (next < lp_.dropped().size() && lp_.dropped()[next] == i) {
      ++next;
      continue;
    }
    if (kept != at(i)) lp_rows_[kept] = std::move(lp_rows_[at(i)]);
    ++kept;
  }
  lp_rows_.resize(kept);
}

/// Cuts off the relaxation's point with rows that hold in the whole tree; how many there were.
int Search::cut_node() {
  std::vector<double> point(at(flat_.columns));
  for (int j = 0; j < flat_.columns; ++j) {
    const int column = lp_column_[at(j)];
    point[at(j)] = column >= 0 ? lp_.value(column) : static_cast<double>(box_.lower(j));
  }
  std::vector<Cut> found;
  HullFinder hull(*root_box_);
  for (const Window& window : windows_.all()) hull.separate(window, point, found);
  for (const Window& window : windows_.ceilings()) hull.separate(window, point, found);
  if (lp_.rows() > 2 * root_rows_ + 50) drop_loose_cuts(root_rows_);
  for (const Cut& cut : found) add_cut(cut, *root_box_, true);
  return static_cast<int>(found.size());
}

bool Search::cut_root() {
  std::vector<double> point(at(flat_.columns));
  std::vector<Cut> found;
  double last = lp_.objective();
  int idle = 0;
  for (int round = 0; round < 60 && idle < 8 && (round == 0 || !out_of_budget()); ++round) {
    for (int j = 0; j < flat_.columns; ++j) {
      const int column = lp_column_[at(j)];
      point[at(j)] = column >= 0 ? lp_.value(column) : static_cast<double>(box_.lower(j));
    }
    found.clear();
    HullFinder hull(box_);
    for (const Window& window : windows_.ceilings()) hull.separate(window, point, found);
    for (const Window& window : windows_.all()) hull.separate(window, point, found);
    if (found.empty()) break;
    std::stable_sort(found.begin(), found.end(), [](const Cut& a, const Cut& b) { return a.violation > b.violation; });
    for (const Cut& cut : found) add_cut(cut, box_, false);
    const Simplex::Outcome outcome = relax();
    if (closes(outcome)) return false;
    if (outcome != Simplex::Outcome::optimal) {
      lp_.refresh();
      if (relax() != Simplex::Outcome::optimal) break;
      combine(true);
    }
    root_bound_ = std::max(root_bound_, proven_bound());
    bool better = read_integral();
    better = dive(true) || better;
    better = try_locally(20 + flat_.columns / 2) || better;
    if (better) {
      if (!settles()) return false;
      if (closes(Simplex::Outcome::optimal)) return false;
    }
    if (limit_ < kInfinity) {
      const int changed = tighten_by_combination();
      if (changed != 0) add_combination_step(Proof::Kind::tightening);
      if (changed < 0 || !settles()) {
        if (changed < 0) add_step(Proof::Kind::propagation);
        return false;
      }
      if (changed > 0) {
        const Simplex::Outcome again = relax();
        if (closes(again)) return false;
        if (again != Simplex::Outcome::optimal) break;
      }
    }
    idle = lp_.objective() > last + 1e-3 * (1.0 + std::fabs(last)) ? 0 : idle + 1;
    last = std::max(last, lp_.objective());
    // What is not tight goes at once, or the dictionary grows with every round.
    drop_loose_cuts(lp_own_rows_);
  }
  adopt_cuts();
  if (!settles()) return false;
  Simplex::Outcome outcome = relax();
  if (closes(outcome)) return false;
  if (outcome != Simplex::Outcome::optimal) return true;
  if (dive_along_relaxation() && !settles()) return false;
  outcome = relax();
  return !closes(outcome);
}

/// Settles the box; if it is empty then, that is the proof.
bool Search::settles() {
  if (settle()) return true;
  add_step(Proof::Kind::propagation);
  return false;
}

/// Whether what the relaxation says closes the box, in integers.
bool Search::closes(Simplex::Outcome outcome) {
  combine(outcome != Simplex::Outcome::infeasible);
  if (!combination_.contradicts) return false;
  add_combination_step(Proof::Kind::dual);
  return true;
}

/// From here on the cuts are rows like others, and take part in propagation.
void Search::adopt_cuts() {
  for (std::size_t i = at(lp_own_rows_); i < lp_rows_.size(); ++i) {
    flat_.add_row(lp_rows_[i].entries, lp_rows_[i].lower, lp_rows_[i].upper);
    adopted_.push_back(lp_rows_[i].index);
  }
  flat_.index_columns();
  for (int j = 0; j < flat_.columns; ++j) {
    flat_.lower[at(j)] = box_.lower(j);
    flat_.upper[at(j)] = box_.upper(j);
  }
  box_ = Box(flat_);
  box_.limit_cost(limit_);
  root_box_ = box_;
  root_rows_ = lp_.rows();
}

bool Search::settle() { return windows_.settle(box_); }

Search::State Search::evaluate() {
  ++best_.nodes;
  combination_.scale = 0;
  if (!settles()) return State::closed;
  if (best_.nodes == 1) root_bound_ = box_.least(flat_.rows);
  if (!lp_ready_) build_relaxation();
  bool solved = false;
  for (int round = 0; round < 8; ++round) {
    solved = false;
    const Simplex::Outcome outcome = relax();
    if (closes(outcome)) return State::closed;
    if (outcome != Simplex::Outcome::optimal) {
      // Rounding has spoilt the dictionary: once more with a fresh one, then without the relaxation.
      if (outcome != Simplex::Outcome::cut_off) combination_.scale = 0;
      lp_.refresh();
      if (round == 0) continue;
      break;
    }
    solved = true;
    bool better = read_integral();
    if (!better && root_box_ && round < kNodeCutRounds && cut_node() > 0) continue;
    if (best_.nodes == 1 || (best_.nodes & 15) == 0) {
      if (best_.nodes == 1) root_bound_ = std::max(root_bound_, proven_bound());
      better = dive(true) || better;
      better = try_locally(20 + flat_.columns / 2) || better;
    }
    if (better && (!settles() || closes(outcome))) return State::closed;
    if (limit_ == kInfinity) break;
    const int changed = tighten_by_combination();
    if (changed == 0) break;
    add_combination_step(Proof::Kind::tightening);
    if (changed < 0) add_step(Proof::Kind::propagation);
    if (changed < 0 || !settles()) return State::closed;
    // Solve again only if the point just found is gone.
    bool outside = false;
    for (int j = 0; j < flat_.columns && !outside; ++j) {
      const int column = lp_column_[at(j)];
      if (column < 0) continue;
      const double x = lp_.value(column);
      outside = x < static_cast<double>(box_.lower(j)) - 1e-6 || x > static_cast<double>(box_.upper(j)) + 1e-6;
    }
    if (!outside) break;
  }
  if (solved && best_.nodes == 1 && !cut_root()) return State::closed;
  node_bound_ = proven_bound();
  choose_branch(solved);
  if (branch_column_ < 0) {
    // Every column is fixed, and a box that propagation accepts keeps every row.
    std::vector<std::int64_t> values(model_.columns.size());
    for (int j = 0; j < flat_.columns; ++j) values[at(j)] = box_.lower(j);
    if (model_.admits(values)) offer(values);
    box_.touch_all();
    box_.propagate();
    add_step(Proof::Kind::propagation);
    return State::closed;
  }
  return State::open;
}

bool Search::apply_branch(const Frame& frame, bool upper) {
  attach_ = frame.proof_node;
  attach_second_ = upper;
  return upper ? box_.set_lower(frame.column, frame.value + 1) : box_.set_upper(frame.column, frame.value);
}

Solution Search::run() {
  if (options_.cutoff) limit_ = *options_.cutoff;
  if (limit_ < kInfinity) box_.limit_cost(limit_);
  if (!options_.start.empty()) offer(options_.start);
  if (!options_.proof || options_.proof_by_sums) {
    windows_.find(flat_, box_);
    windows_.find_ceilings(flat_, box_);
  }
  if (!options_.proof) {
    for (const Window& window : windows_.ceilings()) {
      flat_.row_upper[at(window.high_row)] = window.high;
      box_.limit_row(window.high_row, window.high);
    }
  }

  std::int64_t open_bound = box_.least(flat_.rows);
  bool finished = false;
  State state = State::open;
  bool first = true;
  while (true) {
    if (first || !stack_.empty()) {
      if (best_.nodes >= options_.nodes || out_of_budget()) break;
      state = evaluate();
      first = false;
    }
    if (state == State::open) {
      Frame frame;
      frame.column = branch_column_;
      frame.value = branch_value_;
      frame.upper_first = branch_upper_first_;
      frame.mark = box_.mark();
      frame.bound = node_bound_;
      frame.proof_node = add_step(Proof::Kind::branch);
      if (frame.proof_node >= 0) {
        steps_[at(frame.proof_node)].node.column = frame.column;
        steps_[at(frame.proof_node)].node.value = frame.value;
      }
      stack_.push_back(frame);
      apply_branch(frame, frame.upper_first);
      continue;
    }
    // Back to the deepest place with a side to go.
    while (!stack_.empty()) {
      Frame& frame = stack_.back();
      box_.undo(frame.mark);
      if (frame.second || (!proving_ && frame.bound > limit_)) {
        stack_.pop_back();
        continue;
      }
      frame.second = true;
      apply_branch(frame, !frame.upper_first);
      break;
    }
    if (stack_.empty()) {
      finished = true;
      break;
    }
  }

  if (finished) {
    best_.status = found_ ? SolveStatus::optimal : SolveStatus::infeasible;
    if (found_) {
      best_.bound = best_.cost;
      finish_proof(best_.cost);
    } else if (options_.cutoff) {
      best_.bound = *options_.cutoff == kInfinity ? kInfinity : *options_.cutoff + 1;
      finish_proof(best_.bound);
    } else {
      best_.bound = kInfinity;
      finish_proof(std::nullopt);
    }
    return std::move(best_);
  }
  best_.status = SolveStatus::not_proved;
  if (!stack_.empty()) {
    open_bound = kInfinity;
    // The side last entered is open as well, so the whole of every frame not yet on its second side,
    // and of the last one, counts.
    for (std::size_t k = 0; k < stack_.size(); ++k) {
      if (!stack_[k].second || k + 1 == stack_.size()) open_bound = std::min(open_bound, stack_[k].bound);
    }
  }
  best_.bound = limit_ < kInfinity ? std::min(open_bound, limit_ + 1) : open_bound;
  return std::move(best_);
}

}  // namespace qualgraph::detail
