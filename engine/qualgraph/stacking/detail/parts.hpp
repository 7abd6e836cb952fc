/// Readers shared by rules, records and catalogues.
#pragma once

#include <initializer_list>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "qualgraph/facts/detail/cursor.hpp"
#include "qualgraph/stacking/detail/assembly.hpp"
#include "qualgraph/stacking/rule.hpp"

namespace qualgraph::detail {

/// What a text may refer to. A null list is not checked.
struct Names {
  const std::map<std::string, Scale>* scales = nullptr;
  const std::map<std::string, Parameter>* parameters = nullptr;
  const Assembly* assembly = nullptr;
};

enum class NumberKind : std::uint8_t { any, not_negative, share };

inline constexpr std::string_view kMeasures[] = {"credits", "units", "hours", "points"};
inline constexpr std::string_view kStatuses[] = {"passed", "failed", "exempted", "in-progress", "planned"};
inline constexpr std::string_view kOrigins[] = {"taught",   "transfer", "rpl",      "micro",
                                                "imported", "vet",      "training", "non-degree"};

/// There, be it null.
[[nodiscard]] bool given(const Cursor& at, std::string_view key);
/// Nearest names; silent for long lists, where looking would cost more than it helps.
[[nodiscard]] std::string hint(std::string_view wanted, std::span<const std::string> names);
[[nodiscard]] std::string words_of(std::span<const std::string_view> words);
/// One of `words`, by position.
[[nodiscard]] std::optional<std::size_t> read_word(const Cursor& at, std::span<const std::string_view> words);
/// Notes a fault for keys in none of the lists; "x-" keys are anybody's own.
void only(const Cursor& at, std::initializer_list<std::span<const std::string_view>> lists);

/// `[a-z0-9][a-z0-9-]*`, with dots if `dots`.
[[nodiscard]] bool is_id(std::string_view text, bool dots);
[[nodiscard]] std::optional<std::string> read_id(const Cursor& at, std::string_view key);
/// A whole number or a "p/q" text of bounded size.
[[nodiscard]] std::optional<Rational> read_exact(const Cursor& at, NumberKind kind = NumberKind::any);
/// An integer of at least `least` that fits an int.
[[nodiscard]] std::optional<int> read_count(const Cursor& at, int least);
[[nodiscard]] Amount read_amount(const Cursor& at, std::string_view key, const Names& names, NumberKind kind);
/// One text or a list of texts without repetition.
[[nodiscard]] std::vector<std::string> read_words(const Cursor& at);
[[nodiscard]] std::optional<Date> read_date(const Cursor& at);
[[nodiscard]] std::optional<Span> read_span(const Cursor& at);
/// "framework:code" or "scale:code"; the code is checked where the scale is one of the rule.
[[nodiscard]] std::string read_level(const Cursor& at, const Names& names);
/// An origin such as "rpl.exam"; false with a fault noted if the word is none.
bool check_origin(const Cursor& at);

[[nodiscard]] Selector read_selector(const Cursor& at, const Names& names);
[[nodiscard]] Condition read_condition(const Cursor& at, const Names& names);

}  // namespace qualgraph::detail
