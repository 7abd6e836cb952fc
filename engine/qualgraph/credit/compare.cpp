#include "qualgraph/credit/compare.hpp"

#include "qualgraph/model/error.hpp"

#include <algorithm>
#include <utility>

namespace qualgraph {
namespace {

enum class Bound : std::uint8_t { minimum, cap };

Truth against(Bound bound, const Range& value, const Range& limit) {
  if (bound == Bound::minimum) {
    if (value.min >= limit.max) return Truth::yes;
    return value.max < limit.min ? Truth::no : Truth::unknown;
  }
  if (value.max <= limit.min) return Truth::yes;
  return value.min > limit.max ? Truth::no : Truth::unknown;
}

std::string sentence(Bound bound, const Range& value, Truth truth, const Range& limit, const std::string& system,
                     Way way) {
  const char* relation = bound == Bound::minimum ? " >= " : " <= ";
  if (truth == Truth::no) relation = bound == Bound::minimum ? " < " : " > ";
  const std::string compared = truth == Truth::unknown ? " lies on both sides of " : relation;
  return to_string(value) + compared + to_string(limit) + " " + system + " by " + to_string(way);
}

Comparison compare(Bound bound, const Conversion& amount, const Range& limit, std::optional<Way> way,
                   const Rounding& rounding) {
  const Credits checked{limit, amount.to};
  if (checked.amount().max == Rational{0}) {
    throw InvalidValue("\"" + checked.str() + "\" is no bound to compare with; name one above 0 credits");
  }
  Comparison answer;
  answer.conversion = amount;
  const auto judge = [&](Way by) {
    const Range value = amount.value(by, rounding).rounded;
    const Truth truth = against(bound, value, limit);
    answer.ways.push_back({by, truth, value, sentence(bound, value, truth, limit, amount.to.str(), by)});
  };
  if (way) {
    judge(*way);
    answer.truth = answer.ways.front().truth;
    answer.reason = answer.ways.front().reason;
    return answer;
  }
  for (const auto by : {Way::hours, Way::year}) {
    if (amount.by(by)) judge(by);
  }
  if (answer.ways.empty()) {
    answer.reason = "no way leads from " + amount.from.system().str() + " to " + amount.to.str();
    for (const auto& none : amount.missing) answer.reason += "; " + none.reason;
    if (!amount.by_agreement.empty()) {
      answer.reason += "; a named document fixes a ratio, which decides only when the way \"agreement\" is named";
    }
    return answer;
  }
  const Truth first = answer.ways.front().truth;
  const bool agree =
      std::all_of(answer.ways.begin(), answer.ways.end(), [&](const WayVerdict& verdict) { return verdict.truth == first; });
  answer.truth = agree ? first : Truth::unknown;
  for (const auto& verdict : answer.ways) answer.reason += (answer.reason.empty() ? "" : "; ") + verdict.reason;
  if (!agree) answer.reason = "the ways do not agree: " + answer.reason;
  return answer;
}

Conversion convert_for(const World& world, const Credits& amount, const Credits& bound) {
  return convert(world, amount, bound.system());
}

}  // namespace

Comparison certainly_at_least(const Conversion& amount, const Range& minimum, std::optional<Way> way,
                              const Rounding& rounding) {
  return compare(Bound::minimum, amount, minimum, way, rounding);
}

Comparison certainly_at_most(const Conversion& amount, const Range& cap, std::optional<Way> way,
                             const Rounding& rounding) {
  return compare(Bound::cap, amount, cap, way, rounding);
}

Comparison certainly_at_least(const World& world, const Credits& amount, const Credits& minimum,
                              std::optional<Way> way, const Rounding& rounding) {
  return compare(Bound::minimum, convert_for(world, amount, minimum), minimum.amount(), way, rounding);
}

Comparison certainly_at_most(const World& world, const Credits& amount, const Credits& cap, std::optional<Way> way,
                             const Rounding& rounding) {
  return compare(Bound::cap, convert_for(world, amount, cap), cap.amount(), way, rounding);
}

std::optional<Range> counted(const Conversion& conversion, std::optional<Way> way) {
  return way ? conversion.by(*way) : conversion.hull();
}

std::optional<BrokenChain> broken_chain(Comparison first, Comparison second, Comparison direct) {
  if (first.truth != Truth::yes || second.truth != Truth::yes || direct.truth == Truth::yes) return std::nullopt;
  std::string reason = first.conversion.from.str() + " certainly reaches the second amount (" + first.reason + "), which, as " +
                       second.conversion.from.str() + ", certainly reaches the third (" + second.reason +
                       "); yet the first does not certainly reach the third: " + direct.reason;
  return BrokenChain{std::move(first), std::move(second), std::move(direct), std::move(reason)};
}

std::optional<BrokenChain> broken_chain(const World& world, const Credits& a, const Credits& b, const Credits& c) {
  return broken_chain(certainly_at_least(world, a, b), certainly_at_least(world, b, c),
                      certainly_at_least(world, a, c));
}

}  // namespace qualgraph
