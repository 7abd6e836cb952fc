#include "qualgraph/stacking/settle.hpp"

#include "qualgraph/model/error.hpp"
#include "qualgraph/stacking/detail/bits.hpp"
#include "qualgraph/stacking/detail/nested.hpp"
#include "qualgraph/stacking/detail/packed.hpp"
#include "qualgraph/stacking/detail/placing.hpp"
#include "qualgraph/stacking/solve.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace qualgraph {

using detail::bit;
using detail::each_bit;
using detail::has;
using detail::kUnlimited;
using detail::Packed;

const char* to_string(SettledBy way) noexcept {
  switch (way) {
    case SettledBy::flow:
      return "flow";
    case SettledBy::bound:
      return "bound";
    case SettledBy::search:
      break;
  }
  return "search";
}

namespace {

std::size_t index(int position) { return static_cast<std::size_t>(position); }

/// The integer model of what is packed, as compile() would write it.
class PackedModel {
 public:
  /// `open`: the places each entry may lie in.
  template <class Open>
  PackedModel(const Packed& packed, Open&& open) : packed_(packed) {
    for (std::size_t i = 0; i < packed.entries.size(); ++i) {
      const std::size_t from = uses_.size();
      each_bit(open(i), [&](std::size_t leaf) {
        uses_.push_back({i, leaf, model_.add_column("", 0, packed.entries[i].parts)});
      });
      first_.push_back(from);
      if (uses_.size() - from < 2) continue;
      auto& row = model_.add_row("", -IntegerModel::kInfinity, packed.entries[i].parts);
      for (std::size_t u = from; u < uses_.size(); ++u) row.terms.push_back({uses_[u].column, 1});
    }
    first_.push_back(uses_.size());
    for (std::size_t n = 1; n < packed.nodes.size(); ++n) place_bounds(n);
    place_bounds(0);
    for (std::size_t f = 0; f < packed.families.size(); ++f) {
      const Packed::Family& family = packed.families[f];
      bounds(family.least, family.most, [&](const Use& use) {
        return has(packed.entries[use.entry].families, f) && has(family.leaves, use.leaf);
      });
    }
    for (const Packed::Exclusion& exclusion : packed.exclusions) exclude(exclusion);
  }

  [[nodiscard]] const IntegerModel& model() const noexcept { return model_; }

  /// Values for an allocation: per entry a place, or -1.
  [[nodiscard]] std::vector<std::int64_t> values(const std::vector<int>& placed) const {
    std::vector<std::int64_t> values(model_.columns.size(), 0);
    for (const Use& use : uses_) {
      if (placed[use.entry] == static_cast<int>(use.leaf)) values[index(use.column)] = 1;
    }
    // What is lacking, and which sets of an exclusion are there, follows.
    for (const auto& [row, column] : derived_) {
      std::int64_t sum = 0;
      for (const auto& term : model_.rows[row].terms) {
        if (term.column != column) sum += term.coefficient * values[index(term.column)];
      }
      const bool slack = model_.columns[index(column)].cost != 0;
      values[index(column)] = slack ? std::max<std::int64_t>(0, model_.rows[row].lower - sum) : (sum > 0 ? 1 : 0);
    }
    return values;
  }

  template <class Visit>
  void placed(const std::vector<std::int64_t>& values, Visit&& visit) const {
    for (const Use& use : uses_) {
      if (const std::int64_t parts = values[index(use.column)]; parts > 0) visit(use.entry, use.leaf, parts);
    }
  }

 private:
  struct Use {
    std::size_t entry;
    std::size_t leaf;
    int column;
  };

  void place_bounds(std::size_t n) {
    const Packed::Node& node = packed_.nodes[n];
    bounds(node.least, node.most, [&](const Use& use) { return has(node.leaves, use.leaf); });
  }

  template <class Counts>
  void bounds(std::int64_t least, std::int64_t most, Counts&& counts) {
    if (least == 0 && most == kUnlimited) return;
    std::vector<IntegerModel::Term> terms;
    std::int64_t all = 0;
    for (const Use& use : uses_) {
      if (!counts(use)) continue;
      const Packed::Entry& entry = packed_.entries[use.entry];
      terms.push_back({use.column, entry.size / entry.parts});
      all += entry.size;
    }
    if (least > 0) {
      const int slack = model_.add_column("", 0, least, 1);
      auto& row = model_.add_row("", least, IntegerModel::kInfinity);
      row.terms = terms;
      row.terms.push_back({slack, 1});
      derived_.emplace_back(model_.rows.size() - 1, slack);
    }
    if (most < all) model_.add_row("", -IntegerModel::kInfinity, most).terms = std::move(terms);
  }

  void exclude(const Packed::Exclusion& exclusion) {
    std::vector<IntegerModel::Term> sets;
    bool whole = true;
    each_bit(exclusion.sets, [&](std::size_t s) {
      std::size_t entries = 0;
      std::vector<IntegerModel::Term> terms;
      std::int64_t most = 0;
      for (std::size_t i = 0; i + 1 < first_.size(); ++i) {
        if (!has(packed_.entries[i].sets, s) || first_[i] == first_[i + 1]) continue;
        ++entries;
        most += packed_.entries[i].parts;
        whole = whole && packed_.entries[i].parts == 1;
        for (std::size_t u = first_[i]; u < first_[i + 1]; ++u) terms.push_back({uses_[u].column, 1});
      }
      if (entries == 0) return;
      if (entries == 1 && most == 1) {
        sets.insert(sets.end(), terms.begin(), terms.end());
        return;
      }
      const int there = model_.add_column("", 0, 1, 0, 1);
      for (std::size_t i = 0; i + 1 < first_.size(); ++i) {
        if (!has(packed_.entries[i].sets, s) || first_[i] == first_[i + 1]) continue;
        auto& row = model_.add_row("", -IntegerModel::kInfinity, 0);
        for (std::size_t u = first_[i]; u < first_[i + 1]; ++u) row.terms.push_back({uses_[u].column, 1});
        row.terms.push_back({there, -packed_.entries[i].parts});
      }
      // Any of its items: a row that only says so, for the values of a start.
      auto& any = model_.add_row("", -IntegerModel::kInfinity, 0);
      any.terms = std::move(terms);
      any.terms.push_back({there, -most});
      derived_.emplace_back(model_.rows.size() - 1, there);
      sets.push_back({there, 1});
    });
    // An item of two sets counts for both.
    std::sort(sets.begin(), sets.end(), [](const auto& a, const auto& b) { return a.column < b.column; });
    std::vector<IntegerModel::Term> merged;
    for (const auto& term : sets) {
      if (!merged.empty() && merged.back().column == term.column)
        merged.back().coefficient += term.coefficient;
      else
        merged.push_back(term);
    }
    if (!merged.empty()) model_.add_row("", -IntegerModel::kInfinity, exclusion.most).terms = std::move(merged);
  }

  const Packed& packed_;
  IntegerModel model_;
  std::vector<Use> uses_;
  std::vector<std::size_t> first_;                    ///< of an entry: its first use
  std::vector<std::pair<std::size_t, int>> derived_;  ///< a row, and the column that follows from it
};

}  // namespace

namespace {

/// What one audit works on. Kept by the thread for the next one: fresh memory would take longer than the audit.
struct Workspace {
  Packed packed;
  detail::Nested nested;
  detail::Placing placing;
  bool tried = false;  ///< trying has left an allocation to start from
};

class Workplace {
 public:
  Workspace& take() {
    if (!own_ && !spare().empty()) {
      own_ = std::move(spare().back());
      spare().pop_back();
    }
    if (!own_) own_ = std::make_unique<Workspace>();
    return *own_;
  }
  void leave() {
    if (own_ && spare().size() < 4 && own_->packed.entries.capacity() <= 4096) spare().push_back(std::move(own_));
    own_.reset();
  }
  [[nodiscard]] Workspace* get() const noexcept { return own_.get(); }

 private:
  static std::vector<std::unique_ptr<Workspace>>& spare() {
    static thread_local std::vector<std::unique_ptr<Workspace>> kept;
    return kept;
  }
  std::unique_ptr<Workspace> own_;
};

}  // namespace

struct Settler::Parts {
  Parts(const World& world, std::shared_ptr<const RuleText> text) : packer(world, std::move(text)) {}

  /// Whether trying and bounding settles it; if not, the workspace is kept where a search can go on.
  bool try_quickly(const LearnerRecord& record, bool places, bool most, Settled& settled) {
    Workspace& work = place.take();
    bool open = false;
    try {
      if (packer.pack(record, work.packed)) {
        if (decide(work, places, most, settled)) {
          place.leave();
          return true;
        }
        open = true;
      }
    } catch (const Error&) {
      // Whatever it is, audit() comes upon it too and says it at its place.
    }
    if (!open) place.leave();
    return false;
  }

  bool decide(Workspace& work, bool places, bool most, Settled& settled) {
    const Packed& packed = work.packed;
    settled.scale = packed.scale;
    if (work.nested.read(packed)) {
      work.nested.decide(places);
      settled.by = SettledBy::flow;
      settled.shortfall = work.nested.shortfall();
      settled.counted = work.nested.counted();
      for (const auto& part : work.nested.parts()) add(packed, settled, part.entry, part.leaf, part.parts);
      return true;
    }
    detail::Placing& placing = work.placing;
    work.tried = placing.read(packed);
    if (!work.tried) return false;
    placing.place();
    std::int64_t bound = placing.shortfall() == 0 ? 0 : placing.at_least();
    if (placing.shortfall() > bound) {
      placing.place_otherwise(bound);
      placing.mend(bound);
      // What is no longer lacking has no part in the bound, which may rise with what is.
      if (placing.shortfall() > bound) bound = std::max(bound, placing.at_least());
    }
    if (placing.shortfall() > bound) return false;
    settled.by = SettledBy::bound;
    settled.shortfall = placing.shortfall();
    placed_ = placing.placed();
    settled.counted = counted(packed, placed_);
    if (most) count_more(packed, placing, settled);
    for (std::size_t i = 0; places && i < placed_.size(); ++i) {
      if (placed_[i] >= 0) add(packed, settled, i, index(placed_[i]), 1);
    }
    return true;
  }

  static std::int64_t counted(const Packed& packed, const std::vector<int>& placed) {
    std::int64_t sum = 0;
    for (std::size_t i = 0; i < placed.size(); ++i) {
      if (placed[i] >= 0) sum += packed.entries[i].size;
    }
    return sum;
  }

  /// As much counted as a cut lets through, if placing finds that without lacking more.
  void count_more(const Packed& packed, detail::Placing& placing, Settled& settled) {
    const std::int64_t bound = placing.at_most();
    if (settled.counted < bound && placing.ask_for(bound)) {
      placing.place();
      placing.place_otherwise(settled.shortfall);
      // The more there is to place, the longer a search would take, and the longer trying pays.
      placing.mend(settled.shortfall, packed.entries.size() / 4);
      const std::int64_t sum = counted(packed, placing.placed());
      // What lacks least then lacks what is not counted, and nothing else.
      if (placing.shortfall() - (bound - sum) == settled.shortfall && sum > settled.counted) {
        placed_ = placing.placed();
        settled.counted = sum;
      }
    }
    settled.most = settled.counted == bound;
  }

  bool search(const SettleOptions& options, Settled& settled) {
    Workspace& work = *place.get();
    const Packed& packed = work.packed;
    const PackedModel made(packed,
                           [&](std::size_t i) { return work.tried ? work.placing.open(i) : packed.entries[i].fits; });
    SolveOptions solver;
    solver.nodes = options.nodes;
    solver.seconds = options.seconds;
    solver.stop = options.stop;
    if (work.tried) {
      solver.start = made.values(work.placing.placed());
      solver.tried = true;
    }
    const Solution solution = solve(made.model(), solver);
    if (solution.status == SolveStatus::optimal) {
      settled.by = SettledBy::search;
      settled.scale = packed.scale;
      settled.shortfall = solution.cost;
      settled.nodes = solution.nodes;
      made.placed(solution.values, [&](std::size_t entry, std::size_t leaf, std::int64_t parts) {
        settled.counted += packed.entries[entry].size / packed.entries[entry].parts * parts;
        if (options.places) add(packed, settled, entry, leaf, parts);
      });
    }
    place.leave();
    return solution.status == SolveStatus::optimal;
  }

  void add(const Packed& packed, Settled& settled, std::size_t entry, std::size_t leaf, std::int64_t parts) const {
    settled.placed.push_back({packed.entries[entry].item, packer.place(leaf), parts});
  }

  detail::Packer packer;
  Workplace place;
  std::vector<int> placed_;
};

Settler::Settler(const World& world, const Rule& rule, const RuleChoice& choice) {
  // Several forms are several audits, and what a waiver waits for is in the record.
  const bool one_form = (rule.variants().empty() || !choice.variant.empty()) && rule.waivers().empty() &&
                        (rule.titles().empty() || !choice.title.empty() || !choice.exit.empty());
  if (one_form) parts_ = std::make_unique<Parts>(world, rule.text(choice));
}

Settler::~Settler() = default;
Settler::Settler(Settler&&) noexcept = default;
Settler& Settler::operator=(Settler&&) noexcept = default;

bool Settler::reads() const noexcept { return parts_ && parts_->packer.reads(); }

std::optional<Settled> Settler::quick(const LearnerRecord& record, bool places, bool most) {
  if (!reads()) return std::nullopt;
  std::optional<Settled> settled(std::in_place);
  if (!parts_->try_quickly(record, places, most, *settled)) settled.reset();
  return settled;
}

bool Settler::open() const noexcept { return parts_ && parts_->place.get() != nullptr; }

std::optional<Settled> Settler::search(const SettleOptions& options) {
  if (!open()) return std::nullopt;
  std::optional<Settled> settled(std::in_place);
  if (!parts_->search(options, *settled)) settled.reset();
  return settled;
}

std::optional<Settled> Settler::settle(const LearnerRecord& record, const SettleOptions& options) {
  auto settled = quick(record, options.places);
  return settled ? std::move(settled) : search(options);
}

}  // namespace qualgraph
