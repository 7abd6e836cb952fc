// Questions over all stacks of a catalogue: what counts, what is of use, what nests, what is carried on.

#include "qualgraph/pathway/stacks.hpp"

#include "casters.hpp"
#include "register.hpp"
#include "stacking_dicts.hpp"

#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace qualgraph::bindings {
namespace {

using Asked = std::pair<Rule, py::dict>;

StackOptions options_of(std::int64_t nodes, int rounds) {
    StackOptions options;
    options.nodes = nodes;
    options.rounds = rounds;
    return options;
}

}  // namespace

void register_stacks(py::module_& module) {
    module.def(
        "stack_uses",
        [](const World& world, const LearnerRecord& record, const Asked& asked, const Catalogue& catalogue,
           std::int64_t nodes, int rounds) {
            const Goal goal{asked.first, choice_of(asked.second)};
            StackOptions options = options_of(nodes, rounds);
            struct Answer {
                Truth any = Truth::unknown;
                bool settled = true;
                std::vector<int> kinds;
                std::map<int, std::pair<ShareAnswer, UseAnswer>> of;
            };
            const Answer answer = released(options, [&] {
                StackSpace space(world, record, goal, catalogue, options);
                Answer found;
                found.any = space.any_stack();
                found.settled = space.settled();
                found.kinds = space.kinds();
                if (found.any == Truth::no) return found;
                for (std::size_t offer = 0; offer < found.kinds.size(); ++offer) {
                    if (found.of.contains(found.kinds[offer])) continue;
                    found.of[found.kinds[offer]] = {space.countable_share(offer), space.useful(offer)};
                }
                return found;
            });
            py::dict result;
            result["any"] = to_string(answer.any);
            result["settled"] = answer.settled;
            result["kinds"] = answer.kinds;
            py::dict of;
            for (const auto& [kind, both] : answer.of) {
                const auto& [share, use] = both;
                of[py::int_(kind)] = py::make_tuple(share.share, share.proved, to_string(use.useful), use.witness, use.rounds);
            }
            result["of"] = of;
            return result;
        },
        py::arg("world"), py::arg("record"), py::arg("goal"), py::arg("catalogue"), py::arg("nodes"), py::arg("rounds"));

    module.def(
        "stack_kinds",
        [](const World& world, const LearnerRecord& record, const Asked& asked, const Catalogue& catalogue) {
            const Goal goal{asked.first, choice_of(asked.second)};
            const py::gil_scoped_release release;
            return StackSpace(world, record, goal, catalogue).kinds();
        },
        py::arg("world"), py::arg("record"), py::arg("goal"), py::arg("catalogue"));

    module.def(
        "ladder_step",
        [](const World& world, const LearnerRecord& record, const Asked& inner, const Asked& outer,
           const Catalogue& catalogue, std::int64_t nodes, int rounds) {
            const Goal first{inner.first, choice_of(inner.second)};
            const Goal second{outer.first, choice_of(outer.second)};
            StackOptions options = options_of(nodes, rounds);
            const auto answer = released(options, [&] {
                StackSpace below(world, record, first, catalogue, options);
                StackSpace above(world, record, second, catalogue, options);
                return std::make_pair(StackSpace::nested(below, above), StackSpace::carry(below, above));
            });
            const auto& [nested, carry] = answer;
            py::dict result;
            result["nested"] = to_string(nested.nested);
            result["witness"] = nested.witness;
            result["rounds"] = nested.rounds;
            result["outer_exists"] = nested.outer_exists;
            result["inner_exists"] = nested.inner_exists;
            result["complete"] = carry.complete;
            result["least"] = carry.least;
            result["most"] = carry.most;
            result["least_stack"] = carry.least_stack;
            result["most_stack"] = carry.most_stack;
            result["stacks"] = carry.stacks;
            return result;
        },
        py::arg("world"), py::arg("record"), py::arg("inner"), py::arg("outer"), py::arg("catalogue"), py::arg("nodes"),
        py::arg("rounds"));

    module.def(
        "countable",
        [](const World& world, const LearnerRecord& record, const Asked& asked, std::int64_t nodes) {
            const Goal goal{asked.first, choice_of(asked.second)};
            StackOptions options = options_of(nodes, 1);
            const Countable answer = released(options, [&] { return countable(world, record, goal, options); });
            return py::make_tuple(answer.sized, answer.proved, answer.held, answer.counted, answer.items);
        },
        py::arg("world"), py::arg("record"), py::arg("goal"), py::arg("nodes"));
}

}  // namespace qualgraph::bindings
