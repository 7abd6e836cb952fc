// Graded evidence (shares of a stated population) and profiles domain by domain.

#include "qualgraph/mapping/graded.hpp"
#include "qualgraph/mapping/profile.hpp"

#include "casters.hpp"
#include "register.hpp"

#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <cstddef>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace qualgraph::bindings {

namespace {

using Matrix = std::vector<std::vector<Rational>>;

GradedAxes axes_of(FrameworkId from, std::vector<std::string> from_levels, FrameworkId to,
                   std::vector<std::string> to_levels) {
    return {std::move(from), std::move(from_levels), std::move(to), std::move(to_levels)};
}

template <class Table, class Cell>
std::vector<std::vector<Cell>> cells_of(const Table& table, const GradedAxes& axes) {
    std::vector<std::vector<Cell>> rows;
    for (std::size_t row = 0; row < axes.from_levels.size(); ++row) {
        auto& cells = rows.emplace_back();
        for (std::size_t column = 0; column < axes.to_levels.size(); ++column) {
            cells.push_back(table.share(static_cast<int>(row), static_cast<int>(column)));
        }
        cells.push_back(table.unmatched(static_cast<int>(row)));
    }
    return rows;
}

std::vector<std::string> codes_at(const World& world, const DomainProfile& profile, const std::vector<int>& levels) {
    std::vector<std::string> result;
    for (const int level : levels) {
        result.push_back(world.framework(profile.framework).levels[static_cast<std::size_t>(level)].code);
    }
    return result;
}

}  // namespace

void register_graded(py::module_& module) {
    py::class_<GradedTable>(module, "GradedTable", "Exact shares of a stated population.")
        .def_property_readonly("population", [](const GradedTable& table) { return table.population(); })
        .def_property_readonly("from_", [](const GradedTable& table) { return table.axes().from; })
        .def_property_readonly("to", [](const GradedTable& table) { return table.axes().to; })
        .def_property_readonly("from_levels", [](const GradedTable& table) { return table.axes().from_levels; })
        .def_property_readonly("to_levels", [](const GradedTable& table) { return table.axes().to_levels; })
        .def_property_readonly(
            "shares", [](const GradedTable& table) { return cells_of<GradedTable, Rational>(table, table.axes()); },
            "Row by row, the unmatched share last.")
        .def_property_readonly("members",
                               [](const GradedTable& table) {
                                   std::vector<std::optional<Rational>> members;
                                   for (int row = 0; row < table.rows(); ++row) members.push_back(table.members(row));
                                   return members;
                               })
        .def_property_readonly("support", &GradedTable::support)
        .def_property_readonly("assumptions", [](const GradedTable& table) { return table.assumptions(); })
        .def("__eq__", [](const GradedTable& a, const GradedTable& b) { return a == b; }, py::is_operator());
    // Equal tables have no common hash to offer.
    module.attr("GradedTable").attr("__hash__") = py::none();

    py::class_<GradedBounds>(module, "GradedBounds", "Least and greatest share that any joint allows.")
        .def_readonly("population", &GradedBounds::population)
        .def_property_readonly("from_", [](const GradedBounds& bounds) { return bounds.axes.from; })
        .def_property_readonly("to", [](const GradedBounds& bounds) { return bounds.axes.to; })
        .def_property_readonly("from_levels", [](const GradedBounds& bounds) { return bounds.axes.from_levels; })
        .def_property_readonly("to_levels", [](const GradedBounds& bounds) { return bounds.axes.to_levels; })
        .def_property_readonly(
            "shares", [](const GradedBounds& bounds) { return cells_of<GradedBounds, Range>(bounds, bounds.axes); },
            "Row by row, the unmatched share last.");

    module.def(
        "graded_from_counts",
        [](std::string population, FrameworkId from, std::vector<std::string> from_levels, FrameworkId to,
           std::vector<std::string> to_levels, const Matrix& counts, const std::vector<Rational>& unmatched) {
            return GradedTable::from_counts(
                std::move(population),
                axes_of(std::move(from), std::move(from_levels), std::move(to), std::move(to_levels)), counts,
                unmatched);
        },
        py::arg("population"), py::arg("from_"), py::arg("from_levels"), py::arg("to"), py::arg("to_levels"),
        py::arg("counts"), py::arg("unmatched"));
    module.def(
        "graded_from_shares",
        [](std::string population, FrameworkId from, std::vector<std::string> from_levels, FrameworkId to,
           std::vector<std::string> to_levels, const Matrix& shares, const std::vector<Rational>& unmatched) {
            return GradedTable::from_shares(
                std::move(population),
                axes_of(std::move(from), std::move(from_levels), std::move(to), std::move(to_levels)), shares,
                unmatched);
        },
        py::arg("population"), py::arg("from_"), py::arg("from_levels"), py::arg("to"), py::arg("to_levels"),
        py::arg("shares"), py::arg("unmatched"));
    module.def(
        "graded_in_world",
        [](const World& world, std::string population, const FrameworkId& from, const FrameworkId& to,
           const std::vector<std::tuple<std::string, std::optional<std::string>, Rational>>& counts) {
            std::vector<GradedCount> cells;
            for (const auto& [low, high, count] : counts) cells.push_back({low, high, count});
            return graded_counts(world, std::move(population), from, to, cells);
        },
        py::arg("world"), py::arg("population"), py::arg("from_"), py::arg("to"), py::arg("counts"));
    module.def(
        "graded_product", [](const GradedTable& first, const GradedTable& second) { return product(first, second); },
        py::arg("first"), py::arg("second"));
    module.def(
        "graded_bounds",
        [](const GradedTable& first, const GradedTable& second) { return joint_bounds(first, second); },
        py::arg("first"), py::arg("second"));

    module.def(
        "profile",
        [](const World& world, const std::vector<std::pair<std::string, LevelRef>>& domains,
           const std::optional<LevelRef>& official) {
            std::vector<DomainPlacement> placements;
            for (const auto& [domain, level] : domains) placements.push_back({domain, level});
            const DomainProfile result = profile(world, placements, official);
            return py::make_tuple(result.framework, codes_at(world, result, result.meet),
                                  codes_at(world, result, result.lower_median), result.spread, result.above_official,
                                  result.below_official);
        },
        py::arg("world"), py::arg("domains"), py::arg("official"),
        "(framework, meet, lower median, spread, domains above the official level, domains below it)");
}

}  // namespace qualgraph::bindings
