/// Names of facts, one type per kind so that they cannot be mistaken for each other.
#pragma once

#include <compare>
#include <string>
#include <string_view>
#include <utility>

namespace qualgraph {

template <class Tag>
class Id {
 public:
  Id() = default;
  explicit Id(std::string value) : value_(std::move(value)) {}
  explicit Id(std::string_view value) : value_(value) {}
  explicit Id(const char* value) : value_(value) {}

  [[nodiscard]] const std::string& str() const& noexcept { return value_; }
  [[nodiscard]] bool empty() const noexcept { return value_.empty(); }
  friend auto operator<=>(const Id&, const Id&) = default;
  friend bool operator==(const Id&, const Id&) = default;

 private:
  std::string value_;
};

using FrameworkId = Id<struct FrameworkTag>;
using MappingId = Id<struct MappingTag>;        ///< "from>to@year"
using DocumentId = Id<struct DocumentTag>;      ///< one published document; may hold several mappings
using CreditSystemId = Id<struct CreditSystemTag>;

/// A level as people write it: the framework and its own code, "nz-nzqcf:8".
struct LevelRef {
  FrameworkId framework;
  std::string code;

  /// Reads "framework:code". Throws InvalidValue when there is no colon or a side is empty.
  [[nodiscard]] static LevelRef parse(std::string_view text);
  [[nodiscard]] std::string str() const { return framework.str() + ":" + code; }
  friend auto operator<=>(const LevelRef&, const LevelRef&) = default;
  friend bool operator==(const LevelRef&, const LevelRef&) = default;
};

namespace literals {
inline LevelRef operator""_level(const char* text, std::size_t size) { return LevelRef::parse({text, size}); }
inline FrameworkId operator""_fw(const char* text, std::size_t size) { return FrameworkId{std::string{text, size}}; }
inline DocumentId operator""_doc(const char* text, std::size_t size) { return DocumentId{std::string{text, size}}; }
inline CreditSystemId operator""_credit(const char* text, std::size_t size) {
  return CreditSystemId{std::string{text, size}};
}
}  // namespace literals

}  // namespace qualgraph
