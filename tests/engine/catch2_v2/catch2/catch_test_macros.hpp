#pragma once
// The tests are written with the header names and spellings of Catch2 3.
// Where only 2.13 is installed, this folder is on the include path and leads
// those names to the single header of that version, adding what it lacks.
#include <catch2/catch.hpp>

#include <string>

namespace Catch {
using Detail::Approx;

namespace Matchers {
inline auto ContainsSubstring(const std::string& text, CaseSensitive::Choice cases = CaseSensitive::Yes) {
    return Contains(text, cases);
}
}  // namespace Matchers
}  // namespace Catch
