/// Which definition implies which?
#pragma once

#include "qualgraph/definition/classify.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace qualgraph {

/// Whether every credential that satisfies `from` satisfies `to`: then nothing satisfies the one
/// and violates the other. Decided over the regions of answers, levels of every framework included.
struct Implication {
  const Definition* from = nullptr;
  const Definition* to = nullptr;
  bool holds = false;
  std::optional<Credential> witness;       ///< satisfies `from` and violates `to`; blanks do not matter
  std::map<std::string, bool> parameters;  ///< with the witness: whether its size is within
  std::vector<std::string> readings;       ///< of clauses of `to`, on which the implication rests
};

/// Every ordered pair of definitions with a clause that is tested, in order of ids.
[[nodiscard]] std::vector<Implication> definition_order(const World& world, const Parameters& parameters = {});

}  // namespace qualgraph
