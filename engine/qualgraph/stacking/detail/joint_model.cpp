#include "qualgraph/stacking/detail/joint_model.hpp"

#include <optional>

namespace qualgraph::detail {
namespace {

constexpr std::int64_t kNone = IntegerModel::kInfinity;

std::size_t index(int position) { return static_cast<std::size_t>(position); }

}  // namespace

void append(Joint& joint, const Compiled& compiled, const std::vector<Take>& takes, const std::string& mark,
            std::size_t held) {
  std::vector<int> renumbered(compiled.model.columns.size(), -1);
  for (const auto& [item, column] : compiled.take) renumbered[index(column)] = takes.at(index(item) - held).column;
  for (std::size_t c = 0; c < compiled.model.columns.size(); ++c) {
    if (renumbered[c] >= 0) continue;
    auto column = compiled.model.columns[c];
    column.name = mark + column.name;
    column.cost = 0;
    renumbered[c] = static_cast<int>(joint.model.columns.size());
    joint.model.columns.push_back(std::move(column));
  }
  for (const auto& row : compiled.model.rows) {
    auto copy = row;
    copy.name = mark + copy.name;
    for (auto& term : copy.terms) term.column = renumbered[index(term.column)];
    joint.model.rows.push_back(std::move(copy));
  }
  joint.broken.insert(joint.broken.end(), compiled.broken.begin(), compiled.broken.end());
}

void OfferConditions::require(std::size_t t, const Offer& offer) {
  const Item& item = *view_.items()[held_ + t].item;
  if (offer.requires_before) {
    own_ = &takes_[t];
    require(takes_[t].column, *offer.requires_before, "requires/" + item.id);
  }
  if (offer.corequires) {
    own_ = nullptr;
    require(takes_[t].column, *offer.corequires, "corequires/" + item.id);
  }
}

void OfferConditions::require(int column, const Condition& condition, const std::string& name) {
  const Answer answer = encode(condition, name);
  if (answer.always || answer.column == column) return;
  auto& row = joint_.model.add_row(name, -kNone, 0);
  row.terms = {{column, 1}};
  if (answer.column >= 0) row.terms.push_back({answer.column, -1});
}

OfferConditions::Answer OfferConditions::encode(const Condition& condition, const std::string& name) {
  using Kind = Condition::Kind;
  switch (condition.kind) {
    case Kind::all:
    case Kind::any: {
      const bool all = condition.kind == Kind::all;
      std::vector<int> parts;
      for (std::size_t p = 0; p < condition.parts.size(); ++p) {
        const Answer part = encode(condition.parts[p], name + "/" + std::to_string(p));
        if (all && !part.always && part.column < 0) return {};
        if (!all && part.always) return {true, -1};
        if (part.column >= 0) parts.push_back(part.column);
      }
      if (parts.empty()) return {all, -1};
      const int column = joint_.model.add_column("if[" + name + "]", 0, 1);
      if (all) {
        for (const int part : parts)
          joint_.model.add_row(name + "/all|" + std::to_string(part), -kNone, 0).terms = {{column, 1}, {part, -1}};
      } else {
        auto& row = joint_.model.add_row(name + "/any", -kNone, 0);
        row.terms = {{column, 1}};
        for (const int part : parts) {
          bool twice = false;
          for (const auto& term : row.terms) twice = twice || term.column == part;
          if (!twice) row.terms.push_back({part, -1});
        }
      }
      return {false, column};
    }
    case Kind::holds:
      return holds(condition, name);
    case Kind::award: {
      if (view_.holds(condition) == Truth::yes) return {true, -1};
      Condition taken;
      taken.kind = Kind::holds;
      taken.selector.kind = Selector::Kind::unit;
      taken.selector.words = condition.words;
      return holds(taken, name);
    }
    case Kind::parameter:
    case Kind::none_of:
    case Kind::met:
      return {view_.holds(condition) == Truth::yes, -1};
  }
  return {};
}

OfferConditions::Answer OfferConditions::holds(const Condition& condition, const std::string& name) {
  Rational needed = 1;
  if (condition.min.present()) {
    const auto value = view_.number(condition.min);
    if (!value) return {};
    needed = *value;
  }
  std::vector<std::pair<int, Rational>> more;
  const auto look = [&](std::size_t i) {
    const Held& held = view_.items()[i];
    if (!held.admitted && !held.exempted) return;
    if (view_.selects(condition.selector, held) != Truth::yes) return;
    const auto amount = view_.amount(held, condition.measure);
    if (!amount) return;
    if (i < held_) {
      needed -= amount->min;
      return;
    }
    const Take& take = takes_[i - held_];
    // An offer does not open its own door. What opens it on a later day lets it wait; see sequence().
    if (own_ != nullptr && take.offer == own_->offer && take.time >= own_->time) return;
    if (amount->min > Rational(0)) more.emplace_back(take.column, amount->min);
  };
  if (condition.selector.kind == Selector::Kind::unit) {
    for (const auto& unit : condition.selector.words) {
      for (const std::size_t i : by_unit(unit)) look(i);
    }
  } else {
    for (std::size_t i = 0; i < view_.items().size(); ++i) look(i);
  }
  if (needed <= Rational(0)) return {true, -1};
  if (more.empty()) return {};
  if (more.size() == 1 && more.front().second >= needed) return {false, more.front().first};
  std::int64_t scale = needed.denominator();
  for (const auto& [column, amount] : more) scale = common_multiple(scale, amount.denominator());
  const auto whole = [&](const Rational& value) { return (value * Rational(scale)).numerator(); };
  const int column = joint_.model.add_column("if[" + name + "]", 0, 1);
  auto& row = joint_.model.add_row(name + "/held", -kNone, 0);
  row.terms = {{column, whole(needed)}};
  for (const auto& [other, amount] : more) row.terms.push_back({other, -whole(amount)});
  return {false, column};
}

const std::vector<std::size_t>& OfferConditions::by_unit(const std::string& unit) {
  if (units_.empty()) {
    for (std::size_t i = 0; i < view_.items().size(); ++i) units_[view_.items()[i].item->unit].push_back(i);
  }
  return units_[unit];
}

}  // namespace qualgraph::detail
