// Graphs of steps: what is reached, the least it takes, what nothing beats; curricula and terms.

#include "qualgraph/pathway/curriculum.hpp"
#include "qualgraph/pathway/hypergraph.hpp"
#include "qualgraph/pathway/hyperpath.hpp"
#include "qualgraph/pathway/pareto.hpp"
#include "qualgraph/pathway/reach.hpp"
#include "qualgraph/pathway/schedule.hpp"

#include "casters.hpp"
#include "register.hpp"
#include "stacking_dicts.hpp"

#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <cstdint>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace qualgraph::bindings {
namespace {

PathMeasure measure_of(const std::string& word) {
    if (word == "recounted") return PathMeasure::recounted_cost;
    if (word == "chain") return PathMeasure::dearest_chain;
    if (word == "time") return PathMeasure::time;
    return PathMeasure::depth;
}

const char* status_of(Cheapest::Status status) {
    switch (status) {
        case Cheapest::Status::optimal:
            return "optimal";
        case Cheapest::Status::not_proved:
            return "not_proved";
        case Cheapest::Status::unreachable:
            break;
    }
    return "unreachable";
}

/// A value per node; none where a node is not reached.
std::vector<std::optional<std::int64_t>> values_of(const Hyperpaths& paths) {
    std::vector<std::optional<std::int64_t>> values;
    values.reserve(paths.value.size());
    for (const auto value : paths.value) {
        values.push_back(value == Hyperpaths::kUnreached ? std::nullopt : std::optional(value));
    }
    return values;
}

}  // namespace

void register_pathway(py::module_& module) {
    py::class_<HypergraphBuilder>(module, "HypergraphBuilder", "Nodes and steps, as they are added.")
        .def(py::init<>())
        .def(
            "add_node", [](HypergraphBuilder& self, const std::string& kind) { return self.add_node(parse_node_kind(kind)); },
            py::arg("kind"))
        .def(
            "add_step",
            [](HypergraphBuilder& self, std::vector<int> tail, int head, std::int64_t cost, std::int64_t time,
               const std::string& kind, std::vector<std::int64_t> resources) {
                return self.add_step({std::move(tail), head, cost, time, parse_arc_kind(kind), std::move(resources)});
            },
            py::arg("tail"), py::arg("head"), py::arg("cost"), py::arg("time"), py::arg("kind"), py::arg("resources"))
        .def(
            "add_threshold",
            [](HypergraphBuilder& self, const std::vector<int>& members, int needed) {
                return self.add_threshold(members, needed);
            },
            py::arg("members"), py::arg("needed"));

    py::class_<Hypergraph>(module, "Hypergraph", "Steps of learning and recognition as ANDs and ORs.")
        .def(py::init<const HypergraphBuilder&>(), py::arg("builder"))
        .def_property_readonly("nodes", &Hypergraph::nodes)
        .def_property_readonly("arcs", &Hypergraph::arcs)
        .def("head", [](const Hypergraph& self, int arc) { return self.head(arc); }, py::arg("arc"))
        .def(
            "tail",
            [](const Hypergraph& self, int arc) {
                const auto tail = self.tail(arc);
                return std::vector<int>(tail.begin(), tail.end());
            },
            py::arg("arc"))
        .def(
            "reach",
            [](const Hypergraph& self, const std::vector<int>& held, const std::vector<int>& barred) {
                Reach found = [&] {
                    const py::gil_scoped_release release;
                    return reach(self, held, barred);
                }();
                return py::make_tuple(found.by, found.distance, found.order);
            },
            py::arg("held"), py::arg("barred"))
        .def(
            "derives",
            [](const Hypergraph& self, const std::vector<int>& held, const std::vector<int>& steps, int target) {
                return derives(self, held, steps, target);
            },
            py::arg("held"), py::arg("steps"), py::arg("target"))
        .def(
            "closed_without",
            [](const Hypergraph& self, const std::vector<int>& held, const std::vector<bool>& inside, int target,
               const std::vector<int>& barred) { return closed_without(self, held, inside, target, barred); },
            py::arg("held"), py::arg("inside"), py::arg("target"), py::arg("barred"))
        .def(
            "least",
            [](const Hypergraph& self, const std::vector<int>& held, const std::string& measure) {
                const py::gil_scoped_release release;
                return values_of(hyperpaths(self, held, measure_of(measure)));
            },
            py::arg("held"), py::arg("measure"))
        .def(
            "cheapest",
            [](const Hypergraph& self, const std::vector<int>& held, int target, std::int64_t nodes) {
                CheapestOptions options;
                options.nodes = nodes;
                const Cheapest found = released(options, [&] { return cheapest(self, held, target, options); });
                py::dict answer;
                answer["status"] = status_of(found.status);
                answer["steps"] = found.steps;
                answer["cost"] = found.cost;
                answer["bound"] = found.bound;
                answer["recounted"] = py::int_(py::str(found.recounted));
                answer["chain"] = found.dearest_chain;
                answer["nodes"] = found.nodes;
                return answer;
            },
            py::arg("held"), py::arg("target"), py::arg("nodes"))
        .def(
            "pareto",
            [](const Hypergraph& self, const std::vector<int>& held, int target, bool cost, bool time, bool steps,
               const std::vector<std::int64_t>& caps, std::int64_t labels, std::int64_t nodes) {
                ParetoOptions options;
                options.cost = cost;
                options.time = time;
                options.steps = steps;
                options.caps = caps;
                options.labels = labels;
                options.nodes = nodes;
                const ParetoSet found = released(options, [&] { return pareto(self, held, target, options); });
                py::list ways;
                for (const auto& way : found.ways) {
                    ways.append(py::make_tuple(way.cost, way.time, way.steps, way.resources, way.arcs));
                }
                py::dict answer;
                answer["reached"] = found.reached;
                answer["proved"] = found.proved;
                answer["ways"] = ways;
                answer["least"] = py::make_tuple(found.least.cost, found.least.time, found.least.steps);
                answer["labels"] = found.labels;
                return answer;
            },
            py::arg("held"), py::arg("target"), py::arg("cost"), py::arg("time"), py::arg("steps"), py::arg("caps"),
            py::arg("labels"), py::arg("nodes"));

    module.def(
        "curriculum_metrics",
        [](int units, const std::vector<std::pair<int, int>>& requirements) {
            const CurriculumMetrics found = [&] {
                const py::gil_scoped_release release;
                return curriculum_metrics(units, requirements);
            }();
            py::dict answer;
            answer["blocking"] = found.blocking;
            answer["delay"] = found.delay;
            py::list centrality;
            for (const auto& text : found.centrality) centrality.append(py::int_(py::str(text)));
            answer["centrality"] = centrality;
            answer["complexity"] = found.complexity;
            answer["whole_centrality"] = py::int_(py::str(found.whole_centrality));
            return answer;
        },
        py::arg("units"), py::arg("requirements"));

    module.def(
        "schedule_terms",
        [](const std::vector<std::pair<std::int64_t, std::vector<int>>>& studies, std::int64_t load) {
            std::vector<StudyBlock> asked;
            for (const auto& [own, after] : studies) asked.push_back({own, after});
            const Schedule found = [&] {
                const py::gil_scoped_release release;
                return schedule(asked, load);
            }();
            return py::make_tuple(found.term, found.terms, found.bound, found.chain, found.optimal);
        },
        py::arg("studies"), py::arg("load"));
}

}  // namespace qualgraph::bindings
