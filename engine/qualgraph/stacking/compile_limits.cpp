#include "qualgraph/model/error.hpp"
#include "qualgraph/stacking/detail/model_builder.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <numeric>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace qualgraph::detail {

Selector ModelBuilder::united(const Cap& cap) const {
  if (cap.united.empty()) return cap.from;
  Selector any;
  any.kind = Selector::Kind::any;
  for (const auto& id : cap.united) {
    for (const auto& other : rule_.caps) {
      if (other.id == id && other.id != cap.id) any.parts.push_back(united(other));
    }
  }
  return any;
}

void ModelBuilder::caps() {
  for (const auto& cap : rule_.caps) {
    if (!view_.limits(cap, options_.polarity)) continue;
    std::vector<std::string> names;
    bool floor_only = !cap.in.empty();
    for (const auto& name : cap.in) {
      if (is_place(name)) {
        names.push_back(name);
        floor_only = false;
      }
    }
    if (floor_only) continue;  // limits one floor's sum; see floor_bound
    const std::vector<int> places = copies_of(names);
    const bool anywhere = cap.in.empty();
    const Selector from = united(cap);
    std::vector<Each> copies = each(cap.for_each);
    // Items whose value nobody stated may share one; beside a stated one, they may share that.
    const bool open = !cap.for_each.empty() && strict() && copies.empty() &&
                      (unstated(cap.for_each) || std::any_of(pieces_.begin(), pieces_.end(), [&](const Piece& piece) {
                         return piece.held->offered && !view_.values(*piece.held->item, cap.for_each);
                       }));
    if (open) copies.push_back({"[?]", cap.for_each, "", true});
    for (const auto& one : copies) {
      const std::string path = cap.path + one.mark + (cap.share.share.present() ? "/max_share" : "/max");
      if (cap.invalid)
        record_cap(cap, from, one, path);
      else
        limit(from, one, path, places, anywhere, cap.measure, cap.max, cap.share);
    }
  }
}

void ModelBuilder::limit(const Selector& from, const Each& one, const std::string& path, const std::vector<int>& places,
                         bool anywhere, Measure measure, const Amount& max, const Share& share) {
  const auto selection = [&](std::int64_t bound) {
    return gather(
        places, anywhere, measure, [&](const Piece& piece) { return binds(selected(from, one, *piece.held)); },
        [&](const Piece& piece) { return toward_maximum(piece, measure, bound); }, one);
  };
  if (!share.share.present()) {
    const auto value = view_.number(max);
    if (!value && !strict()) return;
    const std::int64_t bound = value ? scaled(*value, out_.scale.at(measure)) : 0;
    at_most(path, selection(bound), bound);
    return;
  }
  const auto part = view_.number(share.share);
  if (share.base == "source") {
    std::map<std::string, std::optional<Rational>> sizes;
    for (const auto& piece : pieces_) {
      if (piece.held->item->part_of) sizes[*piece.held->item->part_of];
    }
    if (record().awards) {
      for (const auto& award : *record().awards) {
        if (measure == Measure::credits && sizes.contains(award.id)) sizes[award.id] = award.credits;
      }
    }
    for (const auto& entry : sizes) {
      const std::string& award = entry.first;
      const auto& size = entry.second;
      doubt(!size);
      if ((!size || !part) && !strict()) continue;
      const std::int64_t bound =
          size && part ? scaled(rounded(*part * *size, share.rounding), out_.scale.at(measure)) : 0;
      at_most(path + suffix(award),
              gather(
                  places, anywhere, measure,
                  [&](const Piece& piece) {
                    return piece.held->item->part_of == award && binds(selected(from, one, *piece.held));
                  },
                  [&](const Piece& piece) { return toward_maximum(piece, measure, bound); }, one),
              bound);
    }
    return;
  }
  const bool varies = share.base == "counted" || share.base == "component" || share.base.starts_with("place:");
  if (!varies || !part) {
    const auto value = part ? constant(share, measure) : std::nullopt;
    if (!value && !strict()) return;
    const std::int64_t bound = value ? scaled(*value, out_.scale.at(measure)) : 0;
    at_most(path, selection(bound), bound);
    return;
  }
  Terms whole = share_base(share.base, places, anywhere, measure, false, *part);
  add_wild(whole, measure, nullptr);
  Terms terms;
  if (share.rounding.mode == RoundingMode::none) {
    for (const auto& term : selection(beyond(measure)))
      terms.push_back({term.column, times(term.coefficient, part->denominator())});
    for (const auto& term : whole) terms.push_back({term.column, -times(term.coefficient, part->numerator())});
  } else {
    const int column = rounded_share(path, whole, *part, share.rounding, measure, false);
    terms = selection(beyond(measure));
    terms.push_back({column, -scaled(share.rounding.grain, out_.scale.at(measure))});
  }
  at_most(path, std::move(terms), 0);
}

void ModelBuilder::record_cap(const Cap& cap, const Selector& from, const Each& one, const std::string& path) {
  Rational have = 0;
  Rational all = 0;
  bool open = false;
  std::vector<Presented> offered;  // what each adds to what is limited, less what it adds to the limit
  std::vector<int> unknown;        // on offer, of a size nobody stated
  const bool moving = cap.share.share.present() && (cap.share.base == "counted" || cap.share.base == "component");
  const std::optional<Rational> share = moving ? view_.number(cap.share.share) : std::nullopt;
  // All that is presented matters where the limit is a share of it.
  for (const std::size_t k : sharing(moving ? Each{} : one)) {
    tick();
    const Piece& piece = pieces_[k];
    const auto amount = view_.amount(*piece.held, cap.measure);
    const bool chosen = binds(selected(from, one, *piece.held));
    if (piece.held->offered) {
      if (chosen && !amount) unknown.push_back(piece.item);
      if (amount)
        offered.push_back({piece.item, (chosen ? (strict() ? amount->max : amount->min) : Rational(0)) -
                                           (share ? *share * amount->min : Rational(0))});
      continue;
    }
    if (amount) all += amount->min;
    if (!chosen) continue;
    if (amount)
      have += strict() ? amount->max : amount->min;
    else
      open = true;
  }
  std::optional<Rational> most;
  if (!cap.share.share.present())
    most = view_.number(cap.max);
  else if (moving) {
    if (share) most = rounded(*share * all, cap.share.rounding);
  } else {
    most = constant(cap.share, cap.measure);
  }
  if (strict() && !dropped(path)) {
    for (const int item : unknown)
      out_.model.add_row(path + suffix(view_.items()[index(item)].item->id), -kNone, 0).terms = {
          {out_.take.at(item), 1}};
  }
  const std::string part = path.substr(cap.path.size());
  if (!most || (open && strict())) {
    if (strict() && (open || have > Rational(0)))
      broken(cap, part, "what is presented under this limit is not known to keep it", true, most, have, cap.measure);
    else if (strict() && !offered.empty() && !dropped(path))
      presented_row(path, offered, Rational(0), false);
    return;
  }
  if (!offered.empty()) {
    // What rounding of a sum that hangs on the choice makes of it is left to the audit of the choice.
    const bool exact = !moving || cap.share.rounding.mode == RoundingMode::none;
    if (exact && !dropped(path)) presented_row(path, offered, *most - have, false);
    return;
  }
  if (have > *most) broken(cap, part, "more is presented than this limit allows", false, most, have, cap.measure);
}

void ModelBuilder::exclusions() {
  for (const auto& exclusion : rule_.exclusions) {
    if (!view_.limits(exclusion, options_.polarity) || dropped(exclusion.path) || dropped(exclusion.path + "/max"))
      continue;
    const std::vector<int> places = copies_of(exclusion.in);
    const bool anywhere = exclusion.in.empty();
    if (exclusion.invalid) {
      int present_sets = 0;
      Terms brought;
      for (std::size_t s = 0; s < exclusion.sets.size(); ++s) {
        bool present = false;
        std::vector<int> offered;
        for (const auto& piece : pieces_) {
          if (!binds(view_.selects(exclusion.sets[s], *piece.held, options_.polarity))) continue;
          if (piece.held->offered)
            offered.push_back(piece.item);
          else
            present = true;
        }
        present_sets += present ? 1 : 0;
        if (!present && !offered.empty())
          brought.push_back({guard_of(exclusion.path + suffix(std::to_string(s)), offered), 1});
      }
      if (present_sets > exclusion.max)
        broken(exclusion, "", "items of sets that bar each other are presented", false, Rational(exclusion.max),
               Rational(present_sets));
      else if (!brought.empty())
        at_most(exclusion.path, std::move(brought), exclusion.max - present_sets);
      continue;
    }
    Terms sets;
    for (std::size_t s = 0; s < exclusion.sets.size(); ++s) {
      const std::string name = exclusion.path + suffix(std::to_string(s));
      const int column = out_.model.add_column("from" + suffix(name), 0, 1, 0, 1);
      bool any = false;
      for (std::size_t k = 0; k < pieces_.size(); ++k) {
        if (!binds(view_.selects(exclusion.sets[s], *pieces_[k].held, options_.polarity))) continue;
        for (const int use : uses_in(k, places, anywhere)) {
          auto& row = out_.model.add_row(name + "/" + out_.model.columns[index(column_of(use))].name, -kNone, 0);
          row.terms = {{column_of(use), 1}, {column, -out_.model.columns[index(column_of(use))].upper}};
          any = true;
        }
      }
      if (any) sets.push_back({column, 1});
    }
    at_most(exclusion.path + "/max", std::move(sets), exclusion.max);
  }
}

void ModelBuilder::overlaps() {
  for (const auto& overlap : rule_.allocation.overlaps) {
    if (!overlap.max.present() && !overlap.share.share.present()) continue;
    if (!view_.limits(overlap, options_.polarity)) continue;
    for (std::size_t i = 0; i < overlap.between.size(); ++i) {
      for (std::size_t j = i + 1; j < overlap.between.size(); ++j) {
        for (const int a : copies_of({overlap.between[i]})) {
          for (const int b : copies_of({overlap.between[j]})) {
            if (a == b || (overlap.between[i] == overlap.between[j] && a > b)) continue;
            pair_limit(overlap, a, b);
          }
        }
      }
    }
  }
}

void ModelBuilder::pair_limit(const Overlap& overlap, int a, int b) {
  const std::string pair = "[" + out_.places[index(a)].name + "," + out_.places[index(b)].name + "]";
  const std::string path = overlap.path + pair + (overlap.max.present() ? "/max" : "/max_share");
  std::optional<Rational> most;
  bool varies = false;
  if (overlap.max.present())
    most = view_.number(overlap.max);
  else if (overlap.share.base.starts_with("place:") || overlap.share.base == "counted")
    varies = view_.number(overlap.share.share).has_value();
  else
    most = constant(overlap.share, overlap.measure);
  if (!most && !varies && !strict()) return;
  const std::int64_t bound = most     ? scaled(*most, out_.scale.at(overlap.measure))
                             : varies ? beyond(overlap.measure)
                                      : 0;
  // All of what lies in the inner of two places lies in both.
  const bool nested = below(a, b) || below(b, a);
  if (below(b, a)) std::swap(a, b);
  Terms terms;
  for (std::size_t k = 0; k < pieces_.size(); ++k) {
    const auto in_a = uses_in(k, {a}, false);
    const auto in_b = uses_in(k, {b}, false);
    if (in_a.empty() || in_b.empty() || !binds(view_.selects(overlap.from, *pieces_[k].held, options_.polarity)))
      continue;
    const Piece& piece = pieces_[k];
    // What lies in one place and what lies in the other may be different parts of it.
    if (piece.loose && !nested) continue;
    const std::int64_t parts = piece.as_one(overlap.measure) ? 1 : piece.parts;
    const int both = out_.model.add_column("both[" + overlap.path + pair + "|" + piece.held->item->id + "]", 0, parts);
    Terms sum;
    if (piece.as_one(overlap.measure)) {
      sum = {{some(k, in_a), 1}, {some(k, in_b), 1}};
    } else {
      sum = joint(k, in_a);
      if (!nested) {
        const Terms other = joint(k, in_b);
        sum.insert(sum.end(), other.begin(), other.end());
        // What lies where neither may share it is in none of the two.
        std::vector<int> apart;
        for (const int use : uses_of_[k]) {
          const auto kept = [&](const std::vector<int>& uses) {
            return std::all_of(uses.begin(), uses.end(),
                               [&](int one) { return one != use && exclusive(k, place_of(use), place_of(one)); });
          };
          if (kept(in_a) && kept(in_b)) apart.push_back(use);
        }
        const Terms elsewhere = joint(k, apart);
        sum.insert(sum.end(), elsewhere.begin(), elsewhere.end());
      }
    }
    sum.push_back({both, -1});
    merge(sum);
    const bool whole = nested && !piece.as_one(overlap.measure);
    out_.model.add_row(overlap.path + pair + "/both" + suffix(piece.held->item->id), -kNone, whole ? 0 : parts).terms =
        std::move(sum);
    terms.push_back({both, toward_maximum(piece, overlap.measure, bound)});
  }
  if (varies) {
    const Rational part = *view_.number(overlap.share.share);
    const Terms whole = share_base(overlap.share.base, {}, true, overlap.measure, false, part);
    Terms shared;
    if (overlap.share.rounding.mode == RoundingMode::none) {
      for (const auto& term : terms) shared.push_back({term.column, times(term.coefficient, part.denominator())});
      for (const auto& term : whole) shared.push_back({term.column, -times(term.coefficient, part.numerator())});
    } else {
      shared = terms;
      shared.push_back({rounded_share(path, whole, part, overlap.share.rounding, overlap.measure, false),
                        -scaled(overlap.share.rounding.grain, out_.scale.at(overlap.measure))});
    }
    at_most(path, std::move(shared), 0);
    return;
  }
  at_most(path, std::move(terms), bound);
}

void ModelBuilder::reuse() {
  if (rule_.reuse.used_elsewhere != "limited") return;
  for (const auto& limited : rule_.reuse.limits) {
    if (!view_.limits(limited, options_.polarity)) continue;
    Selector used;
    used.kind = Selector::Kind::used_for;
    used.words = limited.awards;
    Selector both;
    both.kind = Selector::Kind::all;
    both.parts = {used, limited.from};
    limit(both, {}, limited.path + (limited.share.share.present() ? "/max_share" : "/max"), {}, true, limited.measure,
          limited.max, limited.share);
  }
}

}  // namespace qualgraph::detail
