/// From the JSON of a rule to typed clauses.
#pragma once

#include <string>
#include <vector>

#include "qualgraph/stacking/detail/parts.hpp"

namespace qualgraph::detail {

enum class AlternativeKind : std::uint8_t { variant, title, exit, reading };

/// What a rule says of itself, before any clause: the base every text of it starts from.
struct RuleHead {
  RuleText text;
  std::vector<RuleSource> sources;
};

[[nodiscard]] RuleHead read_head(const Cursor& at);
/// Unknown keys, sections that are no objects, ids that are none: what can be said of a rule or of
/// a fragment without reading its clauses.
void check_sections(const Cursor& at, bool whole_rule);
[[nodiscard]] Alternative read_alternative(const Cursor& at, AlternativeKind kind, const std::string& id, const RuleHead& head);
[[nodiscard]] std::vector<Waiver> read_waivers(const Section& waivers, const std::string& file, Faults& faults, const RuleHead& head);
/// The clauses of one form of the rule.
[[nodiscard]] RuleText read_text(const RuleHead& head, const Assembly& assembly, const std::string& file, Faults& faults);

}  // namespace qualgraph::detail
