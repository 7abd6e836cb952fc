/// What a solution of a compiled model says, in the words of the rule.
#pragma once

#include "qualgraph/stacking/audit.hpp"
#include "qualgraph/stacking/compile.hpp"
#include "qualgraph/stacking/select.hpp"

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace qualgraph::detail {

inline std::size_t index(int position) { return static_cast<std::size_t>(position); }

/// What the columns say, in the words of the rule.
class Reader {
 public:
  Reader(const Case& view, const Compiled& compiled, const std::vector<std::int64_t>& values)
      : view_(view), compiled_(compiled), values_(values) {}

  [[nodiscard]] std::int64_t value(int column) const { return values_.empty() ? 0 : values_[index(column)]; }

  [[nodiscard]] std::int64_t parts(const Counted& counted) const {
    std::int64_t sum = 0;
    for (const auto& term : counted.terms) sum += term.coefficient * value(term.column);
    return std::min(sum, counted.parts);
  }

  /// What lies where, by place and item.
  [[nodiscard]] std::vector<Placement> placements(bool favourable) const {
    std::vector<Placement> found;
    for (const auto& use : compiled_.uses) {
      const std::int64_t amount = value(use.column);
      if (amount == 0) continue;
      const Held& held = view_.items()[index(use.item)];
      Placement placement{
          held.item->id, compiled_.places[index(use.place)].name, std::nullopt, favourable, std::nullopt, std::nullopt};
      const Rational part = use.part * Rational(amount);
      if (held.credits && held.credits->is_point()) placement.credits = held.credits->min * part;
      if (use.by_unit) placement.units = amount;
      placement.amount = view_.amount(held, view_.rule().measure);
      if (placement.amount && (view_.rule().measure != Measure::units || use.by_unit))
        placement.amount = Range{placement.amount->min * part, placement.amount->max * part};
      found.push_back(std::move(placement));
    }
    std::sort(found.begin(), found.end(),
              [](const Placement& a, const Placement& b) { return std::tie(a.place, a.item) < std::tie(b.place, b.item); });
    return found;
  }

  void fill(AuditRun& run, bool favourable) const {
    run.allocation = placements(favourable);
    std::set<int> placed;
    for (const auto& use : compiled_.uses) {
      if (value(use.column) != 0) placed.insert(use.item);
    }
    for (const Measure measure : {Measure::credits, Measure::units, Measure::hours, Measure::points}) {
      Range sum{Rational(0), Rational(0)};
      bool any = false;
      for (const auto& counted : compiled_.counted) {
        const std::int64_t part = parts(counted);
        if (part == 0) continue;
        const auto amount = view_.amount(view_.items()[index(counted.item)], measure);
        if (!amount) continue;
        any = true;
        const bool as_one = measure == Measure::units && !counted.by_unit;
        const Rational share = as_one ? Rational(1) : Rational(part, counted.parts);
        sum.min += amount->min * share;
        sum.max += amount->max * share;
      }
      if (any || measure == view_.rule().measure) run.counted[measure] = sum;
    }
    for (const auto& none : compiled_.out) {
      run.unused.push_back({view_.items()[index(none.item)].item->id, none.reason, none.unknown});
    }
    const auto reasons = blocked(placed);
    for (const auto& counted : compiled_.counted) {
      if (placed.contains(counted.item)) continue;
      const auto reason = reasons.find(counted.item);
      run.unused.push_back({view_.items()[index(counted.item)].item->id,
                            reason == reasons.end() ? "not placed" : reason->second, false});
    }
    for (const auto& held : view_.items()) {
      if (held.exempted) run.unused.push_back({held.item->id, "exempted: lifts its unit, brings no credit", false});
    }
    std::sort(run.unused.begin(), run.unused.end(), [](const Unused& a, const Unused& b) { return a.item < b.item; });
    if (!values_.empty()) {
      for (const auto& row : compiled_.model.rows) {
        if (row.upper != IntegerModel::kInfinity && is_clause(row.name) && activity(row) == row.upper)
          run.binding.push_back(row.name);
      }
    }
  }

  /// For every unused item: a limit that lets none of it in, or that it is not needed.
  [[nodiscard]] std::map<int, std::string> blocked(const std::set<int>& placed) const {
    std::map<int, std::string> reasons;
    if (values_.empty()) return reasons;
    // Which maxima an unplaced use runs into, all in one pass over the rows.
    std::vector<int> limit(compiled_.model.columns.size(), -1);
    for (std::size_t r = 0; r < compiled_.model.rows.size(); ++r) {
      const auto& row = compiled_.model.rows[r];
      if (row.upper == IntegerModel::kInfinity) continue;
      const std::int64_t used = activity(row);
      for (const auto& term : row.terms) {
        if (term.coefficient <= 0 || used + term.coefficient <= row.upper) continue;
        // A clause of the rule says more than the bookkeeping of one item.
        int& known = limit[index(term.column)];
        if (known < 0 || (is_clause(row.name) && !is_clause(compiled_.model.rows[index(known)].name)))
          known = static_cast<int>(r);
      }
    }
    for (const auto& use : compiled_.uses) {
      if (placed.contains(use.item)) continue;
      auto& reason = reasons.try_emplace(use.item, "?").first->second;
      const int row = limit[index(use.column)];
      if (row < 0) {
        reason = "";
      } else if (reason == "?" || (!reason.empty() && !is_clause(reason))) {
        reason = compiled_.model.rows[index(row)].name;
      }
    }
    for (auto& [item, reason] : reasons) reason = is_clause(reason) ? "no room under " + reason : "not needed";
    return reasons;
  }

  [[nodiscard]] std::int64_t activity(const IntegerModel::Row& row) const {
    std::int64_t sum = 0;
    for (const auto& term : row.terms) sum += term.coefficient * value(term.column);
    return sum;
  }

  static bool is_clause(const std::string& name) {
    for (const char* map : {"total/", "places/", "floors/", "caps/", "exclusions/", "allocation/", "reuse/", "pace/",
                            "windows/", "prerequisites/"}) {
      if (name.starts_with(map)) return true;
    }
    return false;
  }

 private:
  const Case& view_;
  const Compiled& compiled_;
  const std::vector<std::int64_t>& values_;
};

/// What every minimum lacks, and the clauses that fail whatever is placed.
inline void add_missing(AuditRun& run, const Compiled& compiled, const std::vector<std::int64_t>& values) {
  for (const auto& minimum : compiled.minima) {
    const std::int64_t lacking = values.empty() ? 0 : values[index(minimum.column)];
    if (lacking == 0) continue;
    const Rational amount = Rational(lacking) * minimum.unit;
    run.missing.push_back({minimum.path, amount, minimum.measure, minimum.kind, "", false});
    run.shortfall[minimum.kind == "amount"     ? to_string(minimum.measure)
                  : minimum.kind == "outcomes" ? "outcomes"
                                               : "items"] += amount;
  }
  for (const auto& broken : compiled.broken) {
    std::optional<Rational> amount;
    if (broken.needed && broken.have && *broken.needed > *broken.have) amount = *broken.needed - *broken.have;
    run.missing.push_back({broken.path, amount, broken.measure, "clause", broken.reason, broken.unknown});
  }
}

}  // namespace qualgraph::detail
