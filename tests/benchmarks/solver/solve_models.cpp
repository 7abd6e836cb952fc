// Reads integer models, solves each, writes what came out and how long it took; see audits.py.
//
//   solve_models FILE [--seconds S] [--repeat N] [--proof]
//
// A file holds the number of models, and for each: "columns rows", a line "lower upper cost priority"
// per column, a line "lower upper terms column coefficient ..." per row, "inf" for no bound.
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iostream>
#include <string>

#include "qualgraph/stacking/integer_model.hpp"
#include "qualgraph/stacking/solve.hpp"

namespace {

std::int64_t bound(const std::string& text) {
  if (text == "inf") return qualgraph::IntegerModel::kInfinity;
  if (text == "-inf") return -qualgraph::IntegerModel::kInfinity;
  return std::stoll(text);
}

qualgraph::IntegerModel read_model(std::istream& in) {
  qualgraph::IntegerModel model;
  int columns = 0;
  int rows = 0;
  in >> columns >> rows;
  for (int j = 0; j < columns; ++j) {
    std::int64_t lower = 0;
    std::int64_t upper = 0;
    std::int64_t cost = 0;
    int priority = 0;
    in >> lower >> upper >> cost >> priority;
    model.add_column("c" + std::to_string(j), lower, upper, cost, priority);
  }
  for (int i = 0; i < rows; ++i) {
    std::string lower;
    std::string upper;
    int terms = 0;
    in >> lower >> upper >> terms;
    auto& row = model.add_row("r" + std::to_string(i), bound(lower), bound(upper));
    for (int k = 0; k < terms; ++k) {
      qualgraph::IntegerModel::Term term;
      in >> term.column >> term.coefficient;
      row.terms.push_back(term);
    }
  }
  return model;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::cerr << "usage: solve_models FILE [--seconds S] [--repeat N] [--proof]\n";
    return 2;
  }
  qualgraph::SolveOptions options;
  options.nodes = 1'000'000'000;
  int repeat = 1;
  for (int k = 2; k < argc; ++k) {
    if (std::strcmp(argv[k], "--proof") == 0) options.proof = options.proof_by_sums = true;
    if (std::strcmp(argv[k], "--seconds") == 0 && k + 1 < argc) options.seconds = std::atof(argv[++k]);
    if (std::strcmp(argv[k], "--repeat") == 0 && k + 1 < argc) repeat = std::max(1, std::atoi(argv[++k]));
  }
  std::ifstream in(argv[1]);
  int count = 0;
  in >> count;
  for (int k = 0; k < count; ++k) {
    const qualgraph::IntegerModel model = read_model(in);
    if (!in) {
      std::cerr << "the file ends within model " << k << '\n';
      return 1;
    }
    qualgraph::Solution found;
    double least = 0;
    for (int r = 0; r < repeat; ++r) {
      const auto start = std::chrono::steady_clock::now();
      found = qualgraph::solve(model, options);
      const std::chrono::duration<double, std::micro> spent = std::chrono::steady_clock::now() - start;
      least = r == 0 ? spent.count() : std::min(least, spent.count());
    }
    if (!found.values.empty() && (!model.admits(found.values) || model.cost_of(found.values) != found.cost)) {
      std::cerr << "model " << k << ": the values are not what the solution says\n";
      return 1;
    }
    int held = -1;
    if (options.proof && !found.proof_dropped && found.status != qualgraph::SolveStatus::not_proved) {
      held = qualgraph::holds(found.proof, model) ? 1 : 0;
      if (held == 0) {
        std::cerr << "model " << k << ": the proof does not hold\n";
        return 1;
      }
    }
    std::printf("%s %lld %lld %lld %.2f %d %zu\n", qualgraph::to_string(found.status),
                static_cast<long long>(found.values.empty() ? -1 : found.cost), static_cast<long long>(found.bound),
                static_cast<long long>(found.nodes), least, held, found.proof.nodes.size());
  }
  return 0;
}
