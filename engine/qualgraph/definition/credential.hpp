/// What is stated about a credential, as far as definitions of micro-credentials ask?
///
/// A credential is a partial assignment: an attribute that nothing is stated about stays blank, and
/// a blank is never a "no".
#pragma once

#include "qualgraph/credit/credits.hpp"
#include "qualgraph/model/credit_system.hpp"
#include "qualgraph/model/id.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace qualgraph {

/// In the order in which answers list them.
enum class Attribute : std::uint8_t {
  title,
  hours,
  credits,
  weeks,
  months,
  course_count,
  level,
  assessed,
  criteria_defined,
  quality_assured,
  provider_accredited,
  provider_trusted,
  issuer_kind,
  listed_on,
  learning_outcomes,
  outcome_domains,
  need_evidence,
  credit_bearing,
  relation,
  part_of,
  smaller_than_award,
  standalone,
  owner,
  portable,
  focused,
  form,
  exceptional,
  date,
};
inline constexpr std::size_t kAttributes = static_cast<std::size_t>(Attribute::date) + 1;

enum class AttributeKind : std::uint8_t { text, flag, number, amount, level, word, words, day };

struct AttributeInfo {
  std::string_view name;
  AttributeKind kind = AttributeKind::text;
  std::span<const std::string_view> choices;  ///< of a word, or of each of several; none: any
  std::string_view what;                      ///< what stating it says
};

[[nodiscard]] const AttributeInfo& info(Attribute attribute) noexcept;
[[nodiscard]] std::span<const AttributeInfo, kAttributes> attributes() noexcept;
/// The attribute of this name. Throws UnknownId with the nearest names.
[[nodiscard]] Attribute attribute_of(std::string_view name);

using LevelList = std::vector<LevelRef>;    ///< empty: stated to have none
using WordList = std::vector<std::string>;  ///< sorted, each once; empty: stated to have none
/// Blank, or what is stated. A number is an interval where its source states one.
using Value = std::variant<std::monostate, bool, std::string, Range, Credits, LevelList, WordList>;

struct Credential {
  std::array<Value, kAttributes> values;

  [[nodiscard]] const Value& operator[](Attribute attribute) const noexcept {
    return values[static_cast<std::size_t>(attribute)];
  }
  [[nodiscard]] Value& operator[](Attribute attribute) noexcept { return values[static_cast<std::size_t>(attribute)]; }
  [[nodiscard]] bool states(Attribute attribute) const noexcept { return (*this)[attribute].index() != 0; }

  friend bool operator==(const Credential&, const Credential&) = default;
};

/// How a value reads in a sentence: "50 hours", "5 nz-credit", "yes", "additional, component".
[[nodiscard]] std::string to_string(Attribute attribute, const Value& value);

/// Reads an object of attributes. Keys beginning with "x-" are anybody's own. `credit` is the
/// system of amounts that name none. Throws UnknownId for a key that is no attribute, FactError
/// with every other fault.
[[nodiscard]] Credential read_credential(std::string_view json, std::string_view where = "credential",
                                         std::string_view credit = {});
/// Reads a list of values of one attribute. Throws FactError; pointers count from the start of the list.
[[nodiscard]] std::vector<Value> read_values(Attribute attribute, std::string_view json, std::string_view where,
                                             std::string_view credit = {});
/// A credential as an object of its stated attributes, readable by read_credential().
[[nodiscard]] std::string to_json(const Credential& credential);

}  // namespace qualgraph
