/// The clauses of one form of a rule, gathered from its main text and an alternative without
/// copying any of them.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace qualgraph::detail {

using Json = nlohmann::json;

/// A value and the JSON pointer at which its document has it.
struct Part {
  const Json* value = nullptr;
  std::string pointer;
};

using Section = std::map<std::string, Part, std::less<>>;

/// Sections whose entries are clauses under an id; an alternative replaces entry by entry.
inline constexpr std::string_view kClauseSections[] = {
    "places",   "floors",        "caps",         "exclusions",    "eligibility", "windows", "pace",
    "averages", "outcomes",      "prerequisites", "requirements", "substitutions", "waivers"};
/// Sections merged key by key without being clauses.
inline constexpr std::string_view kKeyedSections[] = {"allocation", "reuse"};
/// Sections that an alternative replaces as a whole.
inline constexpr std::string_view kWholeSections[] = {"total", "admits", "classification", "derives"};

struct Assembly {
  std::map<std::string, Section, std::less<>> sections;
  Section wholes;
  /// Places that an exit does not state anew: clauses it inherits no longer reach them.
  std::set<std::string, std::less<>> gone;

  /// Lays a fragment (a whole rule, or what stands under a variant, title or exit) over what is there.
  void lay(const Json& fragment, const std::string& pointer);
  /// Takes away what an exit has to state anew.
  void begin_exit();

  [[nodiscard]] const Section& section(std::string_view name) const;
  /// The value at a path such as "caps/rpl/max_share", or null. "subject[history]" is found as "subject".
  [[nodiscard]] const Json* find(std::string_view path) const;
  /// Sets or drops what stands at `path`; false if it is not there. `store` keeps what is new.
  bool edit(std::string_view path, const Json* to, std::deque<Json>& store);
};

/// A copy of a place ("subject[history]") without its value.
[[nodiscard]] std::string_view without_value(std::string_view name) noexcept;
/// "caps" and "rpl" as "caps/rpl".
[[nodiscard]] std::string joined(std::string above, std::string_view step);
[[nodiscard]] std::vector<std::string> steps_of(std::string_view path);

/// The value at `path` below `root`, or null.
[[nodiscard]] const Json* find_path(const Json& root, std::string_view path);
/// Paths of a rule that a change may name, for the nearest one; bounded.
[[nodiscard]] std::vector<std::string> paths_of(const Json& root);

/// Sets (`to`) or drops (null) what stands at `path`; a reason if that cannot be done. Only the last
/// step of a path that is set may be new.
template <class Value>
[[nodiscard]] std::optional<std::string> change_path(Value& root, std::string_view path, const Value* to) {
  const std::vector<std::string> steps = steps_of(path);
  Value* at = &root;
  const auto index_of = [](const Value& list, const std::string& step) -> std::optional<std::size_t> {
    if (step.empty() || step.size() > 9 || step.find_first_not_of("0123456789") != std::string::npos) return std::nullopt;
    const std::size_t index = std::stoul(step);
    return index < list.size() ? std::optional{index} : std::nullopt;
  };
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const bool last = i + 1 == steps.size();
    if (at->is_array()) {
      const auto index = index_of(*at, steps[i]);
      if (!index) return "no entry " + steps[i];
      if (last && to == nullptr) {
        at->erase(*index);
        return std::nullopt;
      }
      at = &(*at)[*index];
    } else if (at->is_object() && at->contains(steps[i])) {
      if (last && to == nullptr) {
        at->erase(steps[i]);
        return std::nullopt;
      }
      at = &(*at)[steps[i]];
    } else if (at->is_object() && last && to != nullptr && !steps[i].empty()) {
      at = &(*at)[steps[i]];
    } else {
      return "nothing at this path";
    }
  }
  if (steps.empty() || to == nullptr) return "no path";
  *at = *to;
  return std::nullopt;
}

}  // namespace qualgraph::detail
