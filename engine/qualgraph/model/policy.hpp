/// Facts kept whole for later stages: policies on micro-credentials, RPL and credit transfer,
/// stacking rules, definitions, relations whose table was not seen, remarks.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "qualgraph/model/source.hpp"

namespace qualgraph {

enum class RecordKind : std::uint8_t {
  microcredential_policy,
  rpl_policy,
  credit_transfer_policy,
  award_rule,
  pending,          ///< a relation that exists or is planned, whose level table was not seen
  label_placement,  ///< one award name and the levels it has in several frameworks
  context,          ///< surveys, descriptor elements, the handbook
  rule,             ///< a stacking rule; its text is read by the stacking stage
  definition,       ///< what a text demands of a micro-credential; read by the definition stage
};

[[nodiscard]] const char* to_string(RecordKind kind) noexcept;

struct FactRecord {
  RecordKind kind = RecordKind::context;
  std::string id;
  std::string json;    ///< the fact as loaded, whole; a rule byte for byte
  std::string file;
};

}  // namespace qualgraph
