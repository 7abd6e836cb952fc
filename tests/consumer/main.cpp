// A project that knows the engine as an installed package only. It asks the
// questions with which the README begins and checks the outline of the answers.

#include <qualgraph/facts/load.hpp>
#include <qualgraph/mapping/map_level.hpp>

#include <exception>
#include <iostream>

int main(int count, char** arguments) try {
  if (count != 2) {
    std::cerr << "usage: consumer <folder of facts>\n";
    return 2;
  }
  using namespace qualgraph::literals;
  const qualgraph::World world = qualgraph::load_folder(arguments[1]);
  // Two questions of the README: Ireland's level 8 stands opposite a level in
  // New Zealand; New Zealand's level 8 lies between two levels of the EQF.
  const auto across = qualgraph::map_level(world, "ie-nfq:8"_level, "nz-nzqcf"_fw);
  const auto between = qualgraph::map_level(world, "nz-nzqcf:8"_level, "eqf"_fw);

  std::cout << across.from.str() << " -> " << across.to.str() << ": " << to_string(across.status);
  for (const auto& code : across.possible) {
    std::cout << ' ' << code;
  }
  std::cout << '\n' << between.from.str() << " -> " << between.to.str() << ": " << to_string(between.status);
  if (between.bracket_low && between.bracket_high) {
    std::cout << ", between " << *between.bracket_low << " and " << *between.bracket_high;
  }
  std::cout << '\n';

  const bool cited = !across.routes.empty() && !across.routes.front().documents.empty();
  const bool bracketed = between.bracket_low && between.bracket_high;
  return across.status == qualgraph::AnswerStatus::mapped && cited &&
                 between.status == qualgraph::AnswerStatus::no_counterpart && bracketed
             ? 0
             : 1;
} catch (const std::exception& error) {
  std::cerr << error.what() << '\n';
  return 2;
}
