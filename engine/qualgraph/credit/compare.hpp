/// Do credits of one system certainly reach a minimum, or stay under a cap, of another?
///
/// The amount is converted into the bound's system. Against a minimum m an interval [lo, hi] is
/// "yes" if lo >= m, "no" if hi < m; against a cap M "yes" if hi <= M, "no" if lo > M; else
/// "unknown". Without a named way the answer is yes or no only if every available way (hours,
/// year) says so; agreements that state no scope decide only when named. This relation is no
/// order: see broken_chain().
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "qualgraph/credit/convert.hpp"
#include "qualgraph/credit/credits.hpp"
#include "qualgraph/credit/rounding.hpp"
#include "qualgraph/credit/truth.hpp"

namespace qualgraph {

/// What one way says.
struct WayVerdict {
  Way way = Way::hours;
  Truth truth = Truth::unknown;
  Range value;             ///< the amount in the bound's system: rounded if a rounding was named
  std::string reason;      ///< "75-90 >= 60 cats by hours"
};

struct Comparison {
  Truth truth = Truth::unknown;
  std::vector<WayVerdict> ways;      ///< every way with an answer, agreements too if named
  std::string reason;                ///< why the ways together say yes, no or neither
  Conversion conversion;
};

/// Is `amount` at least `minimum`? A minimum that is an interval is reached for certain at its
/// upper end. A rounding, if named, is applied to the converted amount first. Throws as convert(),
/// for a minimum that is not positive as well, and UnitMismatch when a named way is missing.
[[nodiscard]] Comparison certainly_at_least(const World& world, const Credits& amount, const Credits& minimum,
                                            std::optional<Way> way = std::nullopt, const Rounding& rounding = {});
/// Is `amount` at most `cap`? Likewise.
[[nodiscard]] Comparison certainly_at_most(const World& world, const Credits& amount, const Credits& cap,
                                           std::optional<Way> way = std::nullopt, const Rounding& rounding = {});

/// The same on a conversion into the system of the bound.
[[nodiscard]] Comparison certainly_at_least(const Conversion& amount, const Range& minimum,
                                            std::optional<Way> way = std::nullopt, const Rounding& rounding = {});
[[nodiscard]] Comparison certainly_at_most(const Conversion& amount, const Range& cap,
                                           std::optional<Way> way = std::nullopt, const Rounding& rounding = {});

/// What a rule counts: the named way's interval, or without one the hull of hours and year. None
/// if no way answers.
[[nodiscard]] std::optional<Range> counted(const Conversion& conversion, std::optional<Way> way = std::nullopt);

/// Three amounts on which "certainly at least" does not carry over: a reaches b, b reaches c, and
/// a does not for certain reach c.
struct BrokenChain {
  Comparison first;        ///< a against b: yes
  Comparison second;       ///< b against c: yes
  Comparison direct;       ///< a against c: not yes
  std::string reason;
};

/// The broken chain a, b, c if it is one. A chain breaks where the middle system lacks a figure:
/// fewer ways have to agree on each step than on the direct comparison.
[[nodiscard]] std::optional<BrokenChain> broken_chain(const World& world, const Credits& a, const Credits& b,
                                                      const Credits& c);
[[nodiscard]] std::optional<BrokenChain> broken_chain(Comparison first, Comparison second, Comparison direct);

}  // namespace qualgraph
