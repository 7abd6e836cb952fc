// The survey of all routes. Its result stays in C++ until rows are asked for: a network of a few
// hundred frameworks has tens of thousands of pairs.

#include "qualgraph/mapping/route_census.hpp"

#include "casters.hpp"
#include "register.hpp"

#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <cstddef>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace qualgraph::bindings {

namespace {

/// A census together with the world whose frameworks its positions name.
struct Survey {
    World world;
    RouteCensus census;

    [[nodiscard]] const Framework& framework(int index) const { return *world.frameworks()[static_cast<std::size_t>(index)]; }
};

}  // namespace

void register_survey(py::module_& module) {
    py::class_<Survey>(module, "RouteCensus", "Every route of the referencing network, pair by pair.")
        .def("__len__", [](const Survey& survey) { return survey.census.pairs.size(); })
        .def("pair",
             [](const Survey& survey, std::size_t index) {
                 const PairCensus& pair = survey.census.pairs.at(index);
                 return std::tuple{survey.framework(pair.from).id.str(), survey.framework(pair.to).id.str(), pair.routes,
                                   pair.alive, pair.levels_reached, pair.levels_agreeing};
             },
             py::arg("index"))
        .def("levels", [](const Survey& survey, std::size_t index) {
            const PairCensus& pair = survey.census.pairs.at(index);
            const Framework& source = survey.framework(pair.from);
            const Framework& target = survey.framework(pair.to);
            std::vector<std::tuple<std::string, std::vector<std::string>, std::vector<std::string>>> rows;
            for (std::size_t level = 0; level < source.levels.size(); ++level) {
                rows.emplace_back(source.levels[level].code, codes(target, survey.census.some[pair.first_level + level]),
                                  codes(target, survey.census.every[pair.first_level + level]));
            }
            return rows;
        }, py::arg("index"));
    module.def(
        "route_census",
        [](const World& world, int max_documents) {
            // The world is immutable and the census touches no Python object.
            const py::gil_scoped_release release;
            return Survey{world, route_census(world, max_documents)};
        },
        py::arg("world"), py::arg("max_documents"));
}

}  // namespace qualgraph::bindings
