/// One reader per kind of fact.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "qualgraph/facts/detail/cursor.hpp"
#include "qualgraph/model/credit_system.hpp"
#include "qualgraph/model/framework.hpp"
#include "qualgraph/model/mapping.hpp"
#include "qualgraph/model/policy.hpp"

namespace qualgraph::detail {

/// Finds a framework among the facts being loaded and those below them.
using FindFramework = std::function<const Framework*(const FrameworkId&)>;

[[nodiscard]] Evidence read_evidence(const Cursor& at, std::string_view key, Evidence otherwise);
[[nodiscard]] std::vector<Source> read_sources(const Cursor& at);
/// An exact number: a whole number or a "p/q" text. Numbers with a decimal point are refused.
[[nodiscard]] std::optional<Rational> read_number(const Cursor& at);

[[nodiscard]] Framework read_framework(const Cursor& at);
[[nodiscard]] CreditSystem read_credit_system(const Cursor& at);
/// `find` gives the frameworks whose levels the rows name.
[[nodiscard]] Mapping read_mapping_fact(const Cursor& at, const FindFramework& find);
[[nodiscard]] FactRecord read_record(const Cursor& at, RecordKind kind, std::string id);

}  // namespace qualgraph::detail
