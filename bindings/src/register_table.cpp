// Columns of a result as an Arrow stream, for any reader of the Arrow PyCapsule protocol.

#include "qualgraph/table/arrow_stream.hpp"
#include "qualgraph/table/column.hpp"
#include "qualgraph/table/table.hpp"

#include "casters.hpp"
#include "register.hpp"

#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace qualgraph::bindings {

namespace {

/// A capsule that nobody consumed still holds the table's memory.
void release_stream(PyObject* capsule) {
    auto* const stream = static_cast<ArrowArrayStream*>(PyCapsule_GetPointer(capsule, "arrow_array_stream"));
    if (stream == nullptr) {
        PyErr_WriteUnraisable(capsule);
        return;
    }
    if (stream->release != nullptr) stream->release(stream);
    delete stream;
}

Column column_of(const std::string& name, const std::string& kind, const py::handle& cells) {
    if (kind == "integer") return Column::integers(name, cells.cast<std::vector<std::optional<std::int64_t>>>());
    if (kind == "boolean") return Column::booleans(name, cells.cast<std::vector<std::optional<bool>>>());
    return Column::text(name, cells.cast<std::vector<std::optional<std::string>>>());
}

}  // namespace

void register_table(py::module_& module) {
    module.def(
        "arrow_stream",
        [](const std::vector<std::string>& names, const std::vector<std::string>& kinds, const py::list& cells) {
            if (names.size() != kinds.size() || names.size() != cells.size()) {
                throw InvalidValue("a table needs one kind and one list of cells per column");
            }
            std::vector<Column> columns;
            for (std::size_t i = 0; i < names.size(); ++i) columns.push_back(column_of(names[i], kinds[i], cells[i]));
            auto stream = std::make_unique<ArrowArrayStream>();
            export_stream(Table(std::move(columns)), *stream);
            PyObject* const capsule = PyCapsule_New(stream.get(), "arrow_array_stream", &release_stream);
            if (capsule == nullptr) {
                stream->release(stream.get());
                throw py::error_already_set();
            }
            stream.release();  // NOLINT(bugprone-unused-return-value): the capsule owns it from here
            return py::reinterpret_steal<py::object>(capsule);
        },
        py::arg("names"), py::arg("kinds"), py::arg("columns"));
}

}  // namespace qualgraph::bindings
