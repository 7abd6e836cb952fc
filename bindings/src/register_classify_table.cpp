// A whole catalogue under every definition: columns come as codes, verdicts leave as bytes.

#include "qualgraph/definition/classify_table.hpp"

#include "casters.hpp"
#include "register.hpp"

#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace qualgraph::bindings {

namespace {

/// Columns as Python hands them over; the buffers stay locked while the engine reads them.
struct Columns {
    std::vector<AttributeColumn> list;
    std::vector<py::buffer_info> buffers;

    explicit Columns(const py::list& columns) {
        for (const auto& each : columns) {
            const auto one = each.cast<py::tuple>();
            AttributeColumn column;
            column.attribute = attribute_of(one[0].cast<std::string>());
            column.values = read_values(column.attribute, one[1].cast<std::string>(), one[2].cast<std::string>(),
                                        one[3].cast<std::string>());
            buffers.push_back(one[4].cast<py::buffer>().request());
            const py::buffer_info& codes = buffers.back();
            if (codes.ndim != 1 || codes.itemsize != 4 || codes.strides[0] != 4 ||
                codes.format.find_first_of("il") == std::string::npos) {
                throw InvalidValue("codes of a column are 32-bit whole numbers in one piece");
            }
            column.codes = {static_cast<const std::int32_t*>(codes.ptr), static_cast<std::size_t>(codes.size)};
            list.push_back(std::move(column));
        }
    }
};

Parameters sizes_of(const std::map<std::string, std::string>& given) {
    Parameters parameters;
    for (const auto& [name, size] : given) parameters[name] = Size::parse(size);
    return parameters;
}

py::tuple counts_tuple(const VerdictCounts& counts) {
    return py::make_tuple(counts.satisfied, counts.violated, counts.unknown);
}

py::bytes bytes_of(std::span<const std::uint8_t> list) {
    return {reinterpret_cast<const char*>(list.data()), list.size()};
}

}  // namespace

void register_classify_table(py::module_& module) {
    py::class_<TableClassification>(module, "TableClassification", "Verdicts on every row of a catalogue.")
        .def("__len__", &TableClassification::rows)
        .def_property_readonly("definitions", [](const TableClassification& table) { return table.definitions(); })
        .def_property_readonly("classes", [](const TableClassification& table) { return table.classes(); })
        .def(
            "counts",
            [](const TableClassification& table, bool with_exceptions) {
                py::list list;
                for (const auto& one : table.counts(with_exceptions)) list.append(counts_tuple(one));
                return list;
            },
            py::arg("with_exceptions"))
        .def(
            "column",
            [](const TableClassification& table, std::size_t at, bool with_exceptions) {
                return bytes_of(table.column(at, with_exceptions));
            },
            py::arg("definition"), py::arg("with_exceptions"))
        .def(
            "class_column",
            [](const TableClassification& table, std::size_t at) { return bytes_of(table.class_column(at)); },
            py::arg("which"))
        .def(
            "verdict",
            [](const TableClassification& table, std::size_t at, std::size_t row) {
                return static_cast<int>(table.column(at)[row]);
            },
            py::arg("definition"), py::arg("row"))
        .def("together", &TableClassification::together)
        .def(
            "intersections",
            [](const TableClassification& table, const std::vector<std::size_t>& of) {
                py::list list;
                for (const auto& one : table.intersections(of)) list.append(py::make_tuple(one.definitions, one.rows));
                return list;
            },
            py::arg("of"));

    module.def(
        "read_values",
        [](const std::string& attribute, const std::string& json, const std::string& where, const std::string& credit) {
            return read_values(attribute_of(attribute), json, where, credit).size();
        },
        py::arg("attribute"), py::arg("json"), py::arg("where"), py::arg("credit"),
        "Checks distinct values of one attribute; their number.");

    module.def(
        "classify_table",
        [](const World& world, const py::list& columns, std::int64_t rows,
           const std::map<std::string, std::string>& parameters) {
            const Columns read(columns);
            const Parameters sizes = sizes_of(parameters);
            const py::gil_scoped_release release;
            return classify_table(world, read.list, rows, sizes);
        },
        py::arg("world"), py::arg("columns"), py::arg("rows"), py::arg("parameters"));

    module.def(
        "classify_sweep",
        [](const World& world, const py::list& columns, std::int64_t rows, const std::string& parameter,
           const std::string& unit, const std::map<std::string, std::string>& others) {
            const Columns read(columns);
            const Parameters sizes = sizes_of(others);
            const SizeUnit in = unit == "hours" ? SizeUnit{} : SizeUnit{CreditSystemId{unit}};
            std::vector<Sweep> answer;
            {
                const py::gil_scoped_release release;
                answer = sweep(world, read.list, rows, parameter, in, sizes);
            }
            py::list list;
            for (const auto& one : answer) {
                py::list counts;
                for (const auto& each : one.counts) counts.append(counts_tuple(each));
                list.append(py::make_tuple(one.definition, one.from, counts));
            }
            return list;
        },
        py::arg("world"), py::arg("columns"), py::arg("rows"), py::arg("parameter"), py::arg("unit"),
        py::arg("others"));
}

}  // namespace qualgraph::bindings
