#include "qualgraph/stacking/detail/shortlist.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>

namespace qualgraph::detail {
namespace {

std::size_t at(int position) { return static_cast<std::size_t>(position); }

/// A row that speaks of all items, not one that keeps the book of a single one.
bool speaks_of_all(const std::string& name) {
  for (const char* book : {"item/", "take/", "choose/", "in/", "some/", "fully/"}) {
    if (name.starts_with(book)) return false;
  }
  return name.find("x[") == std::string::npos && name.find("/covered[") == std::string::npos &&
         name.find("/value[") == std::string::npos;
}

}  // namespace

std::optional<Market> market_of(const Compiled& compiled, std::size_t held, std::size_t families) {
  Market market;
  market.families.resize(families);
  // Columns of offers: in which family and place.
  std::vector<std::pair<int, int>> owner(compiled.model.columns.size(), {-1, -1});
  for (const auto& use : compiled.uses) {
    if (at(use.item) < held) continue;
    const int family = use.item - static_cast<int>(held);
    owner[at(use.column)] = {family, static_cast<int>(market.families[at(family)].places.size())};
    market.families[at(family)].places.emplace_back();
  }
  // What counts by being taken, wherever it lies: a place of its own that brings only that.
  std::map<int, int> takes;
  for (const auto& [item, column] : compiled.take) takes[column] = item - static_cast<int>(held);
  std::vector<int> renumbered(compiled.model.columns.size(), -1);
  for (std::size_t c = 0; c < compiled.model.columns.size(); ++c) {
    if (owner[c].first >= 0 || takes.contains(static_cast<int>(c))) continue;
    const std::string& name = compiled.model.columns[c].name;
    for (const char* shared : {"in[", "some[", "both[", "largest["}) {
      if (name.starts_with(shared)) return std::nullopt;
    }
    renumbered[c] = static_cast<int>(market.base.columns.size());
    market.base.columns.push_back(compiled.model.columns[c]);
    market.base.columns.back().cost = 0;
  }
  std::set<int> presented;
  for (const auto& row : compiled.model.rows) {
    if (row.name.starts_with("present/")) return std::nullopt;
    bool of_offers = false;
    for (const auto& term : row.terms) of_offers = of_offers || renumbered[at(term.column)] < 0;
    // Bookkeeping of single offers goes: without it there is only more freedom.
    if (of_offers && !speaks_of_all(row.name)) continue;
    IntegerModel::Row kept;
    kept.name = row.name;
    kept.lower = row.lower;
    kept.upper = row.upper;
    const int number = static_cast<int>(market.base.rows.size());
    for (const auto& term : row.terms) {
      if (renumbered[at(term.column)] >= 0) {
        kept.terms.push_back({renumbered[at(term.column)], term.coefficient});
      } else if (owner[at(term.column)].first >= 0) {
        const auto [family, place] = owner[at(term.column)];
        market.families[at(family)].places[at(place)].push_back({number, term.coefficient});
      } else {
        auto& family = market.families[at(takes.at(term.column))];
        if (presented.insert(takes.at(term.column)).second) family.places.emplace_back();
        for (auto& place : family.places) place.push_back({number, term.coefficient});
      }
    }
    market.base.rows.push_back(std::move(kept));
  }
  for (const auto& minimum : compiled.minima) market.lacking.push_back(renumbered[at(minimum.column)]);
  return market;
}

std::vector<Lump> add_lumps(IntegerModel& model, const Market& market, std::size_t first_row,
                            const std::vector<std::size_t>& goods) {
  std::vector<std::vector<std::size_t>> outside(market.families.size());
  for (const std::size_t good : goods) outside[at(market.goods[good].family)].push_back(good);
  std::map<std::vector<std::pair<int, std::int64_t>>, Lump> by_use;
  for (std::size_t f = 0; f < outside.size(); ++f) {
    if (outside[f].empty()) continue;
    for (const auto& place : market.families[f].places) {
      std::vector<std::pair<int, std::int64_t>> key;
      for (const auto& term : place) key.emplace_back(term.column, term.coefficient);
      auto& lump = by_use[key];
      lump.goods.insert(lump.goods.end(), outside[f].begin(), outside[f].end());
    }
  }
  std::vector<Lump> lumps;
  for (auto& [key, lump] : by_use) {
    std::stable_sort(lump.goods.begin(), lump.goods.end(),
                     [&](std::size_t a, std::size_t b) { return market.goods[a].cost < market.goods[b].cost; });
    const int column =
        model.add_column("lump[" + std::to_string(lumps.size()) + "]", 0, static_cast<std::int64_t>(lump.goods.size()),
                         market.goods[lump.goods.front()].cost);
    for (const auto& [row, coefficient] : key) model.rows[first_row + at(row)].terms.push_back({column, coefficient});
    lumps.push_back(std::move(lump));
  }
  return lumps;
}

}  // namespace qualgraph::detail
