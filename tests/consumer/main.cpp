// A project that knows the engine as an installed package only. It asks the
// question with which the README begins and checks the answer's outline.

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
  const qualgraph::LevelAnswer answer = qualgraph::map_level(world, "nz-nzqcf:8"_level, "eqf"_fw);
  std::cout << answer.from.str() << " -> " << answer.to.str() << ": " << to_string(answer.status);
  for (const auto& code : answer.possible) {
    std::cout << ' ' << code;
  }
  std::cout << '\n';
  const bool cited = !answer.routes.empty() && !answer.routes.front().documents.empty();
  return answer.status == qualgraph::AnswerStatus::mapped && !answer.possible.empty() && cited ? 0 : 1;
} catch (const std::exception& error) {
  std::cerr << error.what() << '\n';
  return 2;
}
