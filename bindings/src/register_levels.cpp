// Questions about levels. An answer stays in C++ until one of its fields is asked for: a table of
// thousands of levels then costs what is looked at.

#include "qualgraph/mapping/audit_of_documents.hpp"
#include "qualgraph/mapping/loss.hpp"
#include "qualgraph/mapping/map_level.hpp"
#include "qualgraph/mapping/monotone.hpp"
#include "qualgraph/mapping/provenance.hpp"

#include "casters.hpp"
#include "register.hpp"

#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace qualgraph::bindings {

namespace {

using Via = std::optional<std::vector<FrameworkId>>;
using AwardType = std::optional<std::string>;

MapOptions options_of(Via via, int slack, AwardType type, Purpose purpose, bool all_routes) {
    MapOptions options;
    options.via = std::move(via);
    options.slack = slack;
    options.type = std::move(type);
    options.purpose = purpose;
    options.all_routes = all_routes;
    return options;
}

void register_answers(py::module_& module) {
    py::class_<RouteStep>(module, "RouteStep", "One document of a route.")
        .def_readonly("mapping", &RouteStep::mapping)
        .def_readonly("document", &RouteStep::document)
        .def_readonly("from_", &RouteStep::from)
        .def_readonly("to", &RouteStep::to)
        .def_readonly("converse", &RouteStep::converse)
        .def_readonly("information_only", &RouteStep::information_only)
        .def_readonly("evidence", &RouteStep::evidence)
        .def_readonly("arriving", &RouteStep::arriving)
        .def_readonly("leaving", &RouteStep::leaving);

    py::class_<RouteAnswer>(module, "RouteAnswer", "One chain of documents.")
        .def_readonly("path", &RouteAnswer::path)
        .def_readonly("mappings", &RouteAnswer::mappings)
        .def_readonly("documents", &RouteAnswer::documents)
        .def_readonly("possible", &RouteAnswer::possible)
        .def_readonly("complete", &RouteAnswer::complete)
        .def_readonly("admitted", &RouteAnswer::admitted)
        .def_readonly("states_no_counterpart", &RouteAnswer::states_no_counterpart)
        .def_readonly("status", &RouteAnswer::status)
        .def_readonly("reason", &RouteAnswer::reason)
        .def_readonly("strength", &RouteAnswer::strength)
        .def_readonly("evidence", &RouteAnswer::evidence)
        .def_readonly("independent", &RouteAnswer::independent)
        .def_readonly("converse", &RouteAnswer::converse)
        .def_readonly("steps", &RouteAnswer::steps);

    py::class_<Conflict>(module, "Conflict", "Documents that contradict each other.")
        .def_readonly("family", &Conflict::family)
        .def_readonly("by_union", &Conflict::by_union);

    py::class_<Neighbour>(module, "Neighbour", "A neighbouring level that is mapped.")
        .def_readonly("level", &Neighbour::level)
        .def_readonly("possible", &Neighbour::possible)
        .def_readonly("complete", &Neighbour::complete);

    py::class_<LevelAnswer>(module, "LevelAnswer", "Which levels stand opposite a level.")
        .def_readonly("from_", &LevelAnswer::from)
        .def_readonly("to", &LevelAnswer::to)
        .def_readonly("status", &LevelAnswer::status)
        .def_readonly("possible", &LevelAnswer::possible)
        .def_readonly("floors", &LevelAnswer::floors)
        .def_readonly("ceilings", &LevelAnswer::ceilings)
        .def_readonly("width", &LevelAnswer::width)
        .def_readonly("complete", &LevelAnswer::complete)
        .def_readonly("peer", &LevelAnswer::peer)
        .def_readonly("bracket_low", &LevelAnswer::bracket_low)
        .def_readonly("bracket_high", &LevelAnswer::bracket_high)
        .def_readonly("routes", &LevelAnswer::routes)
        .def_readonly("conflict", &LevelAnswer::conflict)
        .def_readonly("narrowed_by", &LevelAnswer::narrowed_by)
        .def_readonly("witnesses", &LevelAnswer::witnesses)
        .def_readonly("reason", &LevelAnswer::reason)
        .def_readonly("remarks", &LevelAnswer::remarks)
        .def_readonly("left_out", &LevelAnswer::left_out)
        .def_readonly("nearest_below", &LevelAnswer::nearest_below)
        .def_readonly("nearest_above", &LevelAnswer::nearest_above)
        .def("provenance", [](const LevelAnswer& answer, const std::string& code) { return provenance(answer, code); },
             py::arg("code"));

    py::class_<Provenance>(module, "Provenance", "Support of one target level by the routes of an answer.")
        .def_readonly("level", &Provenance::level)
        .def_readonly("terms", &Provenance::terms)
        .def_readonly("witnesses", &Provenance::witnesses)
        .def_readonly("withdrawals", &Provenance::withdrawals)
        .def_readonly("documents", &Provenance::documents)
        .def_readonly("strength", &Provenance::strength)
        .def_readonly("evidence", &Provenance::evidence)
        .def_property_readonly("polynomial", &Provenance::polynomial);
}

void register_reports(py::module_& module) {
    py::class_<Crossing>(module, "Crossing", "Two rows that cross.")
        .def_readonly("low", &Crossing::low)
        .def_readonly("high", &Crossing::high);

    py::class_<Retention>(module, "Retention", "Which levels a table keeps apart.")
        .def_readonly("share", &Retention::share)
        .def_readonly("distinct", &Retention::distinct)
        .def_readonly("mapped", &Retention::mapped)
        .def_readonly("merged", &Retention::merged);

    py::class_<LevelLoss>(module, "LevelLoss", "Round trip of one level.")
        .def_readonly("level", &LevelLoss::level)
        .def_readonly("fate", &LevelLoss::fate)
        .def_readonly("returns", &LevelLoss::returns)
        .def_readonly("up", &LevelLoss::up)
        .def_readonly("down", &LevelLoss::down);

    py::class_<FrameworkLoss>(module, "FrameworkLoss", "Round trip of every level of a framework.")
        .def_readonly("from_", &FrameworkLoss::from)
        .def_readonly("to", &FrameworkLoss::to)
        .def_readonly("levels", &FrameworkLoss::levels)
        .def_readonly("recoverable", &FrameworkLoss::recoverable)
        .def_readonly("drifting", &FrameworkLoss::drifting)
        .def_readonly("lost", &FrameworkLoss::lost)
        .def_readonly("not_established", &FrameworkLoss::not_established);

    py::class_<RowRef>(module, "RowRef", "One row of one mapping.")
        .def_readonly("mapping", &RowRef::mapping)
        .def_readonly("from_", &RowRef::from)
        .def_readonly("to", &RowRef::to);

    py::class_<Disagreement>(module, "Disagreement", "Complete routes that leave no level in common.")
        .def_readonly("level", &Disagreement::level)
        .def_readonly("to", &Disagreement::to)
        .def_readonly("family", &Disagreement::family)
        .def_readonly("sets", &Disagreement::sets);

    py::class_<ConflictReport>(module, "ConflictReport", "Documents that contradict each other.")
        .def_readonly("disagreements", &ConflictReport::disagreements)
        .def_readonly("withdraw", &ConflictReport::withdraw)
        .def_readonly("withdraw_is_minimum", &ConflictReport::withdraw_is_minimum);

    py::class_<DocumentReliance>(module, "DocumentReliance", "What is lost with one document.")
        .def_readonly("document", &DocumentReliance::document)
        .def_readonly("title", &DocumentReliance::title)
        .def_readonly("pairs_supported", &DocumentReliance::pairs_supported)
        .def_readonly("pairs_lost", &DocumentReliance::pairs_lost)
        .def_readonly("levels_lost", &DocumentReliance::levels_lost);
}

}  // namespace

void register_levels(py::module_& module) {
    register_answers(module);
    register_reports(module);

    module.attr("max_documents") = kMaxDocuments;

    // A single level takes microseconds, less than handing the lock to another thread and waiting
    // for it to come back would.
    module.def(
        "map_level",
        [](const World& world, const LevelRef& level, const FrameworkId& to, Via via, int slack, AwardType type,
           Purpose purpose, bool all_routes) {
            return map_level(world, level, to, options_of(std::move(via), slack, std::move(type), purpose, all_routes));
        },
        py::arg("world"), py::arg("level"), py::arg("to"), py::arg("via"), py::arg("slack"), py::arg("type"),
        py::arg("purpose"), py::arg("all_routes"));

    // From here on the arguments are C++ values before the lock is given up, and a world never
    // changes, so other Python threads may run.
    module.def(
        "map_levels",
        [](const World& world, const std::vector<LevelRef>& levels, const FrameworkId& to, Via via, int slack,
           AwardType type, Purpose purpose, bool all_routes) {
            const py::gil_scoped_release unlocked;
            const MapOptions options = options_of(std::move(via), slack, std::move(type), purpose, all_routes);
            std::vector<LevelAnswer> answers;
            answers.reserve(levels.size());
            for (const LevelRef& level : levels) answers.push_back(map_level(world, level, to, options));
            return answers;
        },
        py::arg("world"), py::arg("levels"), py::arg("to"), py::arg("via"), py::arg("slack"), py::arg("type"),
        py::arg("purpose"), py::arg("all_routes"));
    module.def(
        "map_framework",
        [](const World& world, const FrameworkId& from, const FrameworkId& to, Via via, int slack, AwardType type,
           Purpose purpose, bool all_routes) {
            const py::gil_scoped_release unlocked;
            return map_framework(world, from, to,
                                 options_of(std::move(via), slack, std::move(type), purpose, all_routes));
        },
        py::arg("world"), py::arg("from_"), py::arg("to"), py::arg("via"), py::arg("slack"), py::arg("type"),
        py::arg("purpose"), py::arg("all_routes"));
    const auto bound = [&](const char* name, auto verb) {
        module.def(
            name,
            [verb](const World& world, const LevelRef& level, const FrameworkId& on, Via via, int slack,
                   AwardType type, Purpose purpose) {
                const py::gil_scoped_release unlocked;
                return verb(world, level, on, options_of(std::move(via), slack, std::move(type), purpose, false));
            },
            py::arg("world"), py::arg("level"), py::arg("on"), py::arg("via"), py::arg("slack"), py::arg("type"),
            py::arg("purpose"));
    };
    bound("at_least", &at_least);
    bound("at_most", &at_most);

    module.def("round_trip", &round_trip, py::arg("world"), py::arg("from_"), py::arg("to"),
               py::call_guard<py::gil_scoped_release>());
    module.def("recognition_loss", &recognition_loss, py::arg("world"), py::call_guard<py::gil_scoped_release>());
    module.def("conflicts", &conflicts, py::arg("world"), py::call_guard<py::gil_scoped_release>());
    module.def("reliance", &reliance, py::arg("world"), py::call_guard<py::gil_scoped_release>());

    module.def(
        "crossings", [](const World& world, const Mapping& mapping) { return crossings(world, mapping); },
        py::arg("world"), py::arg("mapping"));
    module.def(
        "retention",
        [](const World& world, const Mapping& mapping) {
            return retention(world.framework(mapping.from), printed_rows(mapping, world.view().evidence));
        },
        py::arg("world"), py::arg("mapping"));
    module.def(
        "egli_milner",
        [](const World& world, const Mapping& mapping) {
            return is_egli_milner_monotone(world.framework(mapping.from), world.framework(mapping.to),
                                           printed_rows(mapping, world.view().evidence));
        },
        py::arg("world"), py::arg("mapping"));
    module.def(
        "minimal_hitting_sets",
        [](const std::vector<std::vector<DocumentId>>& family) { return minimal_hitting_sets(family); },
        py::arg("family"));
}

}  // namespace qualgraph::bindings
