#include "qualgraph/model/error.hpp"
#include "qualgraph/stacking/detail/model_builder.hpp"

#include <algorithm>
#include <functional>
#include <iterator>
#include <map>
#include <numeric>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace qualgraph::detail {

int ModelBuilder::common_ancestor(int a, int b) const {
  for (int p = a; p >= 0; p = out_.places[index(p)].parent) {
    if (below(b, p)) return p;
  }
  return 0;
}

bool ModelBuilder::speaks_of(const Overlap& overlap, int a, int b) {
  const auto side = [&](int place, const std::string& name) { return below_any(place, copies_of({name})); };
  for (std::size_t i = 0; i < overlap.between.size(); ++i) {
    for (std::size_t j = i + 1; j < overlap.between.size(); ++j) {
      if ((side(a, overlap.between[i]) && side(b, overlap.between[j])) ||
          (side(b, overlap.between[i]) && side(a, overlap.between[j])))
        return true;
    }
  }
  return false;
}

bool ModelBuilder::exclusive(std::size_t k, int a, int b) {
  const Piece& piece = pieces_[k];
  if (piece.loose && (piece.held->item->count > 1 || !(counts_units(a) || counts_units(b)))) return false;
  if (nothing_shared_) return true;
  const auto key = std::minmax(a, b);
  auto kept = exclusive_.find(key);
  if (kept == exclusive_.end()) {
    Sharing sharing;
    const int common = common_ancestor(a, b);
    if (common != a && common != b) {
      sharing.free = out_.places[index(common)].shared;
      for (const auto& overlap : rule_.allocation.overlaps) {
        if (!sharing.free && view_.permits(overlap, options_.polarity) && speaks_of(overlap, a, b))
          sharing.listed.push_back(&overlap);
      }
    }
    kept = exclusive_.emplace(key, std::move(sharing)).first;
  }
  if (kept->second.free) return false;
  return std::none_of(kept->second.listed.begin(), kept->second.listed.end(), [&](const Overlap* overlap) {
    return admits(view_.selects(overlap->from, *pieces_[k].held, options_.polarity));
  });
}

void ModelBuilder::single_use() {
  // A pair of places takes the room of so many entries, until the rows for it are there.
  constexpr std::size_t kPair = 5;
  for (std::size_t k = 0; k < pieces_.size(); ++k) {
    tick();
    const auto& uses = uses_of_[k];
    const Piece& piece = pieces_[k];
    if (const auto taken = out_.take.find(piece.item); taken != out_.take.end()) {
      // Whatever is on offer has to be taken before it counts anywhere.
      for (const int use : uses) {
        auto& row = out_.model.add_row("take/" + out_.model.columns[index(column_of(use))].name, -kNone, 0);
        row.terms = {{column_of(use), 1}, {taken->second, -out_.model.columns[index(column_of(use))].upper}};
      }
    }
    if (uses.size() < 2) continue;
    const bool apart = nothing_shared_ && !piece.loose;
    if (apart) use_row(k, uses, 0);
    // Greedy cliques of places that share nothing: one row instead of one per pair.
    std::set<std::pair<int, int>> left;
    for (std::size_t a = 0; a < uses.size() && !apart; ++a) {
      for (std::size_t b = a + 1; b < uses.size(); ++b) {
        tick();
        if (!exclusive(k, place_of(uses[a]), place_of(uses[b]))) continue;
        left.insert({uses[a], uses[b]});
        room_for(kPair, "allocation");
      }
    }
    entries_ -= kPair * left.size();
    int number = 0;
    while (!left.empty()) {
      std::vector<int> clique{left.begin()->first, left.begin()->second};
      for (const int use : uses) {
        tick();
        if (listed_int(clique, use)) continue;
        if (std::all_of(clique.begin(), clique.end(),
                        [&](int other) { return exclusive(k, place_of(use), place_of(other)); }))
          clique.push_back(use);
      }
      std::sort(clique.begin(), clique.end());
      use_row(k, clique, number++);
      for (std::size_t a = 0; a < clique.size(); ++a) {
        for (std::size_t b = a + 1; b < clique.size(); ++b) left.erase({clique[a], clique[b]});
      }
    }
    if (rule_.allocation.max_places && static_cast<int>(uses.size()) > *rule_.allocation.max_places) {
      Terms places;
      for (const int use : uses) places.push_back({piece.by_unit ? column_of(use) : present(k, use), 1});
      at_most("allocation/max_places" + suffix(piece.held->item->id), std::move(places),
              times(*rule_.allocation.max_places, piece.by_unit ? piece.parts : 1));
    }
  }
}

void ModelBuilder::use_row(std::size_t k, const std::vector<int>& uses, int number) {
  const Piece& piece = pieces_[k];
  auto& row = out_.model.add_row(
      label("item/", piece.held->item->id, number == 0 ? std::string() : "#" + std::to_string(number)), -kNone,
      piece.parts);
  room_for(uses.size(), "allocation");
  row.terms.reserve(uses.size() + 1);
  for (const int use : uses) row.terms.push_back({column_of(use), weight_[index(use)]});
  if (const auto taken = out_.take.find(piece.item); taken != out_.take.end()) {
    row.terms.push_back({taken->second, -piece.parts});
    row.upper = 0;
  }
}

const std::vector<int>& ModelBuilder::uses_below(int place) {
  if (below_.empty()) {
    below_.resize(out_.places.size());
    for (int use = 0; use < static_cast<int>(out_.uses.size()); ++use) {
      for (int p = place_of(use); p >= 0; p = out_.places[index(p)].parent) below_[index(p)].push_back(use);
    }
  }
  return below_[index(place)];
}

std::vector<std::size_t> ModelBuilder::sharing(const Each& one) {
  std::vector<std::size_t> found;
  if (one.attribute.empty()) {
    found.resize(pieces_.size());
    std::iota(found.begin(), found.end(), std::size_t{0});
    return found;
  }
  const auto [kept, fresh] = by_value_.try_emplace(one.attribute);
  ByValue& by = kept->second;
  for (std::size_t k = 0; fresh && k < pieces_.size(); ++k) {
    bool open = false;
    for (const auto& item : Case::forms(*pieces_[k].held, options_.polarity)) {
      const auto values = view_.values(item, one.attribute);
      open = open || !values;
      for (const auto& value : values ? *values : std::vector<std::string>{}) {
        auto& list = by.stated[value];
        if (list.empty() || list.back() != k) list.push_back(k);
      }
    }
    if (open) by.open.push_back(k);
  }
  const auto stated = by.stated.find(one.value);
  if (one.unknown || stated == by.stated.end()) return by.open;
  if (by.open.empty()) return stated->second;
  std::set_union(stated->second.begin(), stated->second.end(), by.open.begin(), by.open.end(),
                 std::back_inserter(found));
  return found;
}

std::vector<int> ModelBuilder::uses_in(std::size_t k, const std::vector<int>& places, bool anywhere) const {
  if (anywhere) return uses_of_[k];
  std::vector<int> found;
  for (const int use : uses_of_[k]) {
    if (places.size() == 1 ? below(place_of(use), places.front()) : below_any(place_of(use), places))
      found.push_back(use);
  }
  return found;
}

Terms ModelBuilder::joint(std::size_t k, const std::vector<int>& uses) {
  Terms terms;
  bool apart = true;
  for (std::size_t a = 0; a < uses.size() && apart; ++a) {
    for (std::size_t b = a + 1; b < uses.size() && apart; ++b)
      apart = exclusive(k, place_of(uses[a]), place_of(uses[b]));
  }
  if (apart) {
    for (const int use : uses) terms.push_back({column_of(use), weight_[index(use)]});
    return terms;
  }
  const auto key = std::make_pair(k, uses);
  auto kept = joint_.find(key);
  if (kept == joint_.end()) {
    const Piece& piece = pieces_[k];
    std::string name = piece.held->item->id;
    if (uses.size() != uses_of_[k].size()) {
      for (std::size_t a = 0; a < uses.size(); ++a)
        name += (a == 0 ? "|" : "+") + out_.places[index(place_of(uses[a]))].name;
    }
    const int column = item_column(k, "in" + suffix(name), piece.parts);
    // Places no two of which may share hold different quanta; of a whole item, each place all of it.
    // Not less than any such part placed, not more than the largest of them.
    const auto groups = piece.parts == 1 ? single(uses) : kept_apart(k, uses);
    for (const auto& group : groups) {
      auto& row = out_.model.add_row("in/" + name + "/least|" + together(group), 0, kNone);
      row.terms = {{column, 1}};
      for (const int use : group) row.terms.push_back({column_of(use), -weight_[index(use)]});
    }
    if (piece.parts == 1) {
      auto& row = out_.model.add_row("in/" + name + "/most", -kNone, 0);
      row.terms = {{column, 1}};
      for (const int use : uses) row.terms.push_back({column_of(use), -1});
    } else {
      Terms picks;
      for (const auto& group : groups) {
        const int pick = out_.model.add_column("largest[" + name + "|" + together(group) + "]", 0, 1);
        picks.push_back({pick, 1});
        auto& row = out_.model.add_row("in/" + name + "/most|" + together(group), -kNone, piece.parts);
        row.terms = {{column, 1}, {pick, piece.parts}};
        for (const int use : group) row.terms.push_back({column_of(use), -weight_[index(use)]});
      }
      out_.model.add_row("in/" + name + "/largest", 1, 1).terms = picks;
    }
    kept = joint_.emplace(key, column).first;
  }
  return {{kept->second, 1}};
}

std::vector<std::vector<int>> ModelBuilder::single(const std::vector<int>& uses) {
  std::vector<std::vector<int>> groups;
  for (const int use : uses) groups.push_back({use});
  return groups;
}

std::string ModelBuilder::together(const std::vector<int>& group) const {
  std::string names;
  for (const int use : group) names += (names.empty() ? "" : "+") + out_.places[index(place_of(use))].name;
  return names;
}

std::vector<std::vector<int>> ModelBuilder::kept_apart(std::size_t k, const std::vector<int>& uses) {
  std::vector<std::vector<int>> found;
  const std::function<void(std::vector<int>, std::vector<int>)> widen = [&](std::vector<int> group,
                                                                            std::vector<int> rest) {
    std::vector<int> fitting;
    for (const int use : rest) {
      if (std::all_of(group.begin(), group.end(),
                      [&](int other) { return exclusive(k, place_of(use), place_of(other)); }))
        fitting.push_back(use);
    }
    if (fitting.empty()) {
      const auto inside = [&](const std::vector<int>& other) {
        return std::all_of(group.begin(), group.end(), [&](int use) { return listed_int(other, use); });
      };
      if (!group.empty() && std::none_of(found.begin(), found.end(), inside)) found.push_back(group);
      return;
    }
    std::vector<int> wider = group;
    wider.push_back(fitting.front());
    const std::vector<int> others(fitting.begin() + 1, fitting.end());
    widen(wider, others);
    widen(group, others);
  };
  widen({}, uses);
  return found;
}

int ModelBuilder::item_column(std::size_t k, const std::string& name, std::int64_t upper) {
  const int column = out_.model.add_column(name, 0, upper);
  if (!rule_.prerequisites.empty()) piece_of_.emplace(column, static_cast<int>(k));
  return column;
}

int ModelBuilder::present(std::size_t k, int use) {
  if (pieces_[k].parts == 1 || weight_[index(use)] > 1) return column_of(use);
  return some(k, {use});
}

int ModelBuilder::some(std::size_t k, const std::vector<int>& uses) {
  const auto key = std::make_pair(k, uses);
  if (const auto kept = some_.find(key); kept != some_.end()) return kept->second;
  const Piece& piece = pieces_[k];
  if (piece.parts == 1) {
    const Terms terms = joint(k, uses);
    if (terms.size() == 1) return some_[key] = terms.front().column;
  }
  std::string name = piece.held->item->id;
  for (std::size_t a = 0; a < uses.size(); ++a)
    name += (a == 0 ? "|" : "+") + out_.places[index(place_of(uses[a]))].name;
  const int column = item_column(k, "some" + suffix(name), 1);
  auto& most = out_.model.add_row("some/" + name + "/most", -kNone, 0);
  most.terms = {{column, 1}};
  Terms all;
  for (const int use : uses) all.push_back({column_of(use), -weight_[index(use)]});
  most.terms.insert(most.terms.end(), all.begin(), all.end());
  for (const auto& term : all) {
    auto& least =
        out_.model.add_row("some/" + name + "/least|" + out_.model.columns[index(term.column)].name, 0, kNone);
    least.terms = {{column, piece.parts}, term};
  }
  return some_[key] = column;
}

void ModelBuilder::add(Terms& terms, std::size_t k, const std::vector<int>& uses, Measure measure,
                       std::int64_t per_quantum) {
  if (uses.empty() || per_quantum == 0) return;
  if (pieces_[k].as_one(measure) && pieces_[k].parts > 1) {
    terms.push_back({some(k, uses), per_quantum});
    return;
  }
  for (const auto& term : joint(k, uses)) terms.push_back({term.column, times(term.coefficient, per_quantum)});
}

void ModelBuilder::merge(Terms& terms) {
  std::sort(terms.begin(), terms.end(), [](const Term& a, const Term& b) { return a.column < b.column; });
  Terms merged;
  for (const auto& term : terms) {
    if (!merged.empty() && merged.back().column == term.column) {
      merged.back().coefficient = plus(merged.back().coefficient, term.coefficient);
    } else {
      merged.push_back(term);
    }
  }
  std::erase_if(merged, [](const Term& term) { return term.coefficient == 0; });
  terms = std::move(merged);
}

int ModelBuilder::fully(std::size_t k) {
  // Of several equal units, one shows what all show.
  if (pieces_[k].parts == 1 || pieces_[k].by_unit) return some(k, uses_of_[k]);
  if (const auto kept = fully_.find(k); kept != fully_.end()) return kept->second;
  const int column = out_.model.add_column("fully" + suffix(pieces_[k].held->item->id), 0, 1);
  Terms terms = joint(k, uses_of_[k]);
  for (auto& term : terms) term.coefficient = -term.coefficient;
  terms.push_back({column, pieces_[k].parts});
  merge(terms);
  out_.model.add_row("fully/" + pieces_[k].held->item->id, -kNone, 0).terms = terms;
  return fully_[k] = column;
}

}  // namespace qualgraph::detail
