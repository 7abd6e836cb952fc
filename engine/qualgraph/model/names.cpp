#include "qualgraph/model/error.hpp"
#include "qualgraph/model/id.hpp"
#include "qualgraph/model/mapping.hpp"
#include "qualgraph/model/policy.hpp"
#include "qualgraph/model/source.hpp"

namespace qualgraph {

const char* to_string(Evidence evidence) noexcept {
  switch (evidence) {
    case Evidence::unknown: return "unknown";
    case Evidence::known: return "known";
    case Evidence::mixed: return "mixed";
    case Evidence::read: return "read";
  }
  return "unknown";
}

const char* to_string(MappingKind kind) noexcept {
  switch (kind) {
    case MappingKind::referencing: return "referencing";
    case MappingKind::alignment: return "alignment";
    case MappingKind::comparison: return "comparison";
    case MappingKind::self_certification: return "self-certification";
    case MappingKind::bilateral: return "bilateral";
  }
  return "";
}

const char* to_string(MappingStatus status) noexcept {
  switch (status) {
    case MappingStatus::current: return "current";
    case MappingStatus::superseded: return "superseded";
    case MappingStatus::draft: return "draft";
    case MappingStatus::not_endorsed: return "not-endorsed";
  }
  return "";
}

const char* to_string(Strength strength) noexcept {
  switch (strength) {
    case Strength::third_party: return "third-party";
    case Strength::joint: return "joint";
    case Strength::adopted: return "adopted";
  }
  return "";
}

const char* to_string(RecordKind kind) noexcept {
  switch (kind) {
    case RecordKind::microcredential_policy: return "microcredential_policy";
    case RecordKind::rpl_policy: return "rpl_policy";
    case RecordKind::credit_transfer_policy: return "credit_transfer_policy";
    case RecordKind::award_rule: return "award_rule";
    case RecordKind::pending: return "pending";
    case RecordKind::label_placement: return "label_placement";
    case RecordKind::context: return "context";
    case RecordKind::rule: return "rule";
    case RecordKind::definition: return "definition";
  }
  return "";
}

LevelRef LevelRef::parse(std::string_view text) {
  const auto colon = text.find(':');
  if (colon == std::string_view::npos || colon == 0 || colon + 1 == text.size()) {
    throw InvalidValue(in_quotes(text) +
                       " is not a level; write the framework's id, a colon and its own code, such as \"nz-nzqcf:8\"");
  }
  return {FrameworkId{text.substr(0, colon)}, std::string{text.substr(colon + 1)}};
}

}  // namespace qualgraph
