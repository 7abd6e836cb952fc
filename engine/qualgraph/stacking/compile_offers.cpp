#include "qualgraph/stacking/detail/model_builder.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace qualgraph::detail {

std::map<std::string, std::vector<int>> ModelBuilder::values_of(const std::string& attribute) {
  std::map<std::string, std::vector<int>> values;
  std::set<std::string> held_values;
  tick(view_.items().size());
  for (std::size_t i = 0; i < view_.items().size(); ++i) {
    const Held& held = view_.items()[i];
    if (!held.admitted) continue;
    for (const auto& item : Case::forms(held, options_.polarity)) {
      const auto found = view_.values(item, attribute);
      if (!found) continue;
      for (const auto& value : *found) {
        auto& brought = values[value];
        if (!held.offered)
          held_values.insert(value);
        else if (brought.empty() || brought.back() != static_cast<int>(i))
          brought.push_back(static_cast<int>(i));
      }
    }
  }
  for (const auto& value : held_values) values[value].clear();
  return values;
}

int ModelBuilder::guard_of(const std::string& path, const std::vector<int>& brought_by) {
  if (brought_by.empty()) return -1;
  const int guard = out_.model.add_column("present" + suffix(path), 0, 1, 0, 1);
  guards_.insert(guard);
  present_if_taken(path, brought_by, guard, -1);
  return guard;
}

void ModelBuilder::present_if_taken(const std::string& path, const std::vector<int>& brought_by, int guard, int above) {
  for (const int item : brought_by) {
    auto& row =
        out_.model.add_row("present/" + path + "|" + view_.items()[index(item)].item->id, -kNone, above >= 0 ? 1 : 0);
    row.terms = {{out_.take.at(item), 1}, {guard, -1}};
    if (above >= 0) row.terms.push_back({above, 1});
  }
}

void ModelBuilder::guard_copies() {
  for (const auto& [place, brought_by] : brought_) {
    const auto& copy = out_.places[index(place)];
    const Place* above = out_.places[index(copy.parent)].place;
    if (above != nullptr && above->choose) {
      // What nobody brings cannot be chosen.
      auto& row = out_.model.add_row("present/" + copy.path, -kNone, 0);
      row.terms = {{copy.chosen, 1}};
      for (const int item : brought_by) row.terms.push_back({out_.take.at(item), -1});
    } else if (copy.chosen >= 0) {
      guards_.insert(copy.chosen);
      present_if_taken(copy.path, brought_by, copy.chosen, copy.parent > 0 ? chosen_above(copy.parent) : -1);
    }
  }
}

void ModelBuilder::bar_unstated(const std::string& attribute, int chosen, const std::string& path) {
  if (dropped(path) || dropped(path + "[?]")) return;
  for (const auto& [item, column] : out_.take) {
    const Held& held = view_.items()[index(item)];
    if (!held.admitted || view_.values(*held.item, attribute)) continue;
    auto& row = out_.model.add_row("present/" + path + "[?]|" + held.item->id, -kNone, chosen >= 0 ? 1 : 0);
    row.terms = {{column, 1}};
    if (chosen >= 0) row.terms.push_back({chosen, 1});
  }
}

void ModelBuilder::fails(const Floor& floor, const Each& one, const std::string& part, std::string reason, bool unknown,
                         std::optional<Rational> needed, std::optional<Rational> have, Measure measure) {
  if (one.guard < 0)
    broken(floor, one.mark + (part.starts_with("/") ? part : "/" + part), std::move(reason), unknown, needed, have,
           measure);
  else if (!dropped(floor.path + one.mark + part) && !dropped(floor.path))
    forbid(one.guard, floor.path + one.mark + part);
}

IntegerModel::Row& ModelBuilder::presented_row(const std::string& path, const std::vector<Presented>& offered,
                                               const Rational& bound, bool least) {
  std::int64_t scale = bound.denominator();
  for (const auto& one : offered) scale = common_multiple(scale, one.amount.denominator());
  const std::int64_t limit = scaled(bound, scale);
  auto& row = out_.model.add_row(path, least ? limit : -kNone, least ? kNone : limit);
  for (const auto& one : offered) {
    if (one.amount != Rational(0)) row.terms.push_back({out_.take.at(one.item), scaled(one.amount, scale)});
  }
  merge(row.terms);
  return row;
}

void ModelBuilder::presented_at_least(const std::string& path, const std::vector<Presented>& offered,
                                      const Rational& bound, const Floor& floor, int guard) {
  if (dropped(path) || dropped(floor.path)) return;
  Minimum minimum;
  minimum.path = path;
  minimum.row = static_cast<int>(out_.model.rows.size());
  minimum.measure = floor.measure;
  minimum.kind = "amount";
  minimum.priority = floor.priority;
  auto& row = presented_row(path, offered, bound, true);
  std::int64_t least = 0;
  for (const auto& term : row.terms) least = plus(least, std::min<std::int64_t>(term.coefficient, 0));
  const std::int64_t most = std::max<std::int64_t>(plus(row.lower, -least), 0);
  minimum.column = out_.model.add_column("short[" + path + "]", 0, most);
  row.terms.push_back({minimum.column, 1});
  if (guard >= 0 && most > 0) {
    row.terms.push_back({guard, -most});
    row.lower = least;
  }
  out_.minima.push_back(std::move(minimum));
}

}  // namespace qualgraph::detail
