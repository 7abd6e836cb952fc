#include "qualgraph/model/suggest.hpp"

#include <algorithm>
#include <cctype>
#include <tuple>

namespace qualgraph {
namespace {

char lower(char c) { return static_cast<char>(std::tolower(static_cast<unsigned char>(c))); }

}  // namespace

int edit_distance(std::string_view a, std::string_view b) {
  std::vector<int> before(b.size() + 1);
  std::vector<int> previous(b.size() + 1);
  std::vector<int> current(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) previous[j] = static_cast<int>(j);
  for (std::size_t i = 1; i <= a.size(); ++i) {
    current[0] = static_cast<int>(i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const bool same = lower(a[i - 1]) == lower(b[j - 1]);
      current[j] = std::min({previous[j] + 1, current[j - 1] + 1, previous[j - 1] + (same ? 0 : 1)});
      if (i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) && lower(a[i - 2]) == lower(b[j - 1])) {
        current[j] = std::min(current[j], before[j - 2] + 1);
      }
    }
    std::swap(before, previous);
    std::swap(previous, current);
  }
  return previous[b.size()];
}

std::vector<std::string> nearest(std::string_view wanted, std::span<const std::string> names, std::size_t count) {
  // Beyond this a name is another name; it also keeps a hostile megabyte from costing a quadratic time.
  constexpr std::size_t kLongest = 80;
  // Equal distances: the name that begins alike comes first.
  using Found = std::tuple<int, int, std::string>;  // distance, minus the letters alike at the start, name
  std::vector<Found> found;
  if (wanted.size() > kLongest) return {};
  for (const std::string& name : names) {
    if (name.size() > kLongest) continue;
    const int allowed = static_cast<int>(std::max(wanted.size(), name.size())) / 3 + 1;
    int distance = edit_distance(wanted, name);
    // "NZQCF" for "nz-nzqcf": a whole part of the name.
    if (distance > allowed && wanted.size() >= 2) {
      const auto at = std::search(name.begin(), name.end(), wanted.begin(), wanted.end(),
                                  [](char x, char y) { return lower(x) == lower(y); });
      if (at != name.end()) distance = allowed;
    }
    if (distance > allowed) continue;
    std::size_t alike = 0;
    while (alike < std::min(wanted.size(), name.size()) && lower(wanted[alike]) == lower(name[alike])) ++alike;
    found.emplace_back(distance, -static_cast<int>(alike), name);
  }
  std::ranges::sort(found);
  std::vector<std::string> result;
  for (Found& each : found) {
    if (result.size() == count) break;
    result.push_back(std::move(std::get<2>(each)));
  }
  return result;
}

std::string did_you_mean(std::string_view wanted, std::span<const std::string> names) {
  const auto near = nearest(wanted, names);
  if (near.empty()) return {};
  std::string text = " Did you mean ";
  for (std::size_t i = 0; i < near.size(); ++i) {
    if (i > 0) text += i + 1 == near.size() ? " or " : ", ";
    text += "\"" + near[i] + "\"";
  }
  return text + "?";
}

}  // namespace qualgraph
