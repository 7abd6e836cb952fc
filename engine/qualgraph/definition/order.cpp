#include "qualgraph/definition/order.hpp"

#include "qualgraph/definition/detail/space.hpp"

namespace qualgraph {

using detail::Space;

std::vector<Implication> definition_order(const World& world, const Parameters& parameters) {
  const auto set = definitions(world);
  check_parameters(world, *set, parameters);
  detail::Tester tester(world, parameters);
  std::vector<Implication> result;
  for (std::size_t from = 0; from < set->list.size(); ++from) {
    for (std::size_t to = 0; to < set->list.size(); ++to) {
      if (from == to || !set->list[from].tested() || !set->list[to].tested()) continue;
      Implication one;
      one.from = &set->list[from];
      one.to = &set->list[to];
      Space space(tester, *set, {from, to}, Credential{}, false, detail::Levels::all);
      const bool found = space.explore(space.blanks(), 0, [&](bool all) {
        const Truth first = space.verdict(from);
        const Truth second = space.verdict(to);
        if (first == Truth::no || second == Truth::yes) return Space::Step::leave;
        if (first == Truth::yes && second == Truth::no) return Space::Step::found;
        return all ? Space::Step::leave : Space::Step::on;
      });
      one.holds = !found;
      if (found) {
        one.witness = space.credential();
        for (const auto& [name, within] : space.parameters()) one.parameters[name] = within == detail::Within::yes;
      } else {
        for (const auto& clause : one.to->clauses) {
          if (clause.kind != ClauseKind::descriptive && !clause.reading.empty()) one.readings.push_back(clause.reading);
        }
      }
      result.push_back(std::move(one));
    }
  }
  return result;
}

}  // namespace qualgraph
