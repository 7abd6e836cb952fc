/// Worlds drawn as text, so that the facts stand beside what is expected of them.
///
///     const World world = sketch("A: 1 2 3 4 5", "B: 1 2 3", "A>B: 1-1 2-1 3-2 4-2 5-3");
///     CHECK(map_level(world, "A:3"_level, "B"_fw).possible == codes("2"));
///
/// A framework    id [hub]: its levels from the bottom
///     (4A 4B)        tracks side by side, none above another
///     5{5.1 5.2}     a level and its sub-levels
///
/// A document     from>to[@year] [words]: its rows
///     1-2            level 1 stands at 2
///     1-2?           the same, but never seen in a text (evidence "known")
///     1~2            they overlap in part
///     3-4+5          span: level 3 is broad              3-4/5   range: its authors were undecided
///     3-4:Diploma 3-5:Long_degree                        split: the type of award decides
///     3-none         said to have no counterpart         3-none(no_such_awards)  with the reason
///     none-4         the same of a level of `to`
///     3-?  ?-4       unresolved: nothing seen about this level
///   A level named in no row is silent. Words, in any order:
///     referencing (unless said otherwise) alignment comparison self-certification bilateral
///     current (unless ...) superseded draft not-endorsed
///     adopted (unless ...) joint third-party
///     join  block  note (compatibility note)  unusable (not for recognition)  known (no row was read)
///     doc=D  since=2012-03-01  until=2015  derived=A>B@2010,C>B@nd
///
/// A document without doc= is its own paper, named as the mapping: from>to@year, or from>to@nd.
/// What is drawn is written as files of facts and loaded as such, so each sketch tests the loader, too.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "qualgraph/facts/load.hpp"
#include "qualgraph/mapping/map_level.hpp"
#include "qualgraph/model/world.hpp"

namespace qualgraph::test {

/// The files of facts that the lines draw. Throws std::invalid_argument for a line it cannot read.
[[nodiscard]] std::vector<FactFile> draw(std::span<const std::string> lines);

[[nodiscard]] World sketch_lines(std::span<const std::string> lines);

template <class... Lines>
[[nodiscard]] World sketch(const Lines&... lines) {
  return sketch_lines(std::vector<std::string>{std::string(lines)...});
}

template <class... Codes>
[[nodiscard]] std::vector<std::string> codes(const Codes&... each) {
  return {std::string(each)...};
}

/// An answer in a word: "4" or "4+5" where the levels are guaranteed, "4+5?" where they are only
/// possible, "4?peer" by peer routes, "none" for a stated absence, "clash 4+5", "-" where nothing
/// is established, "undated" where it is not known whether the documents held.
[[nodiscard]] std::string shown(const LevelAnswer& answer);

/// All levels of a framework: "1:2 2:3 3:none".
[[nodiscard]] std::string table(const World& world, std::string_view from, std::string_view to, const MapOptions& options = {});

/// Routes of an answer: "A>H@nd H>B@nd 4+5 alive". Incomplete sets end in "?".
[[nodiscard]] std::vector<std::string> routes(const LevelAnswer& answer);

}  // namespace qualgraph::test
