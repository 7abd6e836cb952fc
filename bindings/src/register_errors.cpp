// Errors of the engine as Python exceptions that are also the built-in kind a Python programmer
// would catch: an unknown name is a LookupError (KeyError would print its text in quotes), a
// mismatch of units a TypeError, a bad value a ValueError.

#include "qualgraph/model/error.hpp"

#include "casters.hpp"
#include "register.hpp"

#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <exception>
#include <string>

namespace qualgraph::bindings {

namespace py = pybind11;

namespace {

py::object make_error(py::module_& module, const char* name, const py::object& bases, const char* doc) {
    // The qualified name is the public one: tracebacks show it and pickles look the class up by it.
    const std::string qualified = std::string("qualgraph.") + name;
    py::object type = py::reinterpret_steal<py::object>(
        PyErr_NewExceptionWithDoc(qualified.c_str(), doc, bases.ptr(), nullptr));
    if (!type) throw py::error_already_set();
    module.attr(name) = type;
    return type;
}

struct ErrorTypes {
    py::object error, unknown_id, unit_mismatch, fact_error, invalid_value, overflow;
};

/// Exceptions live as long as the interpreter; a static object destroyed after it would crash.
ErrorTypes& types() {
    static auto* const held = new ErrorTypes;
    return *held;
}

/// Like py::set_error, for messages that quote what a broken file holds.
void raise(const py::object& type, const char* message) { PyErr_SetObject(type.ptr(), lenient(message).ptr()); }

}  // namespace

void register_errors(py::module_& module) {
    py::class_<Fault>(module, "Fault", "One fault in a file of facts.\n\n"
                                   "Attributes\n----------\n"
                                   "file, pointer : str\n"
                                   "    Where: path below the folder loaded, and JSON pointer inside the file.\n"
                                   "found, expected : str\n"
                                   "    What stands there, and what has to stand there.")
        .def(py::init([](std::string file, std::string pointer, std::string found, std::string expected) {
                 return Fault{std::move(file), std::move(pointer), std::move(found), std::move(expected)};
             }),
             py::arg("file"), py::arg("pointer"), py::arg("found"), py::arg("expected"))
        .def_property_readonly(
            "file", [](const Fault& fault) { return lenient(fault.file); }, "The file, as given to the loader.")
        .def_property_readonly(
            "pointer", [](const Fault& fault) { return lenient(fault.pointer); }, "JSON pointer to the value; empty for the whole document.")
        .def_property_readonly(
            "found", [](const Fault& fault) { return lenient(fault.found); }, "What stands there.")
        .def_property_readonly(
            "expected", [](const Fault& fault) { return lenient(fault.expected); }, "What should.")
        .def("__eq__", [](const Fault& a, const Fault& b) { return a == b; }, py::is_operator())
        .def("__hash__",
             [](const Fault& fault) { return py::hash(py::make_tuple(fault.file, fault.pointer, fault.found)); })
        .def("__repr__",
             [](const Fault& fault) {
                 return lenient("<Fault " + fault.file + (fault.pointer.empty() ? "" : " " + fault.pointer) +
                                ": found " + fault.found + ", expected " + fault.expected + ">");
             })
        .def(py::pickle(
            [](const Fault& fault) {
                return py::make_tuple(lenient(fault.file), lenient(fault.pointer), lenient(fault.found),
                                      lenient(fault.expected));
            },
            [](const py::tuple& state) {
                return Fault{state[0].cast<std::string>(), state[1].cast<std::string>(),
                             state[2].cast<std::string>(), state[3].cast<std::string>()};
            }));

    auto& t = types();
    t.error = make_error(module, "Error", py::reinterpret_borrow<py::object>(PyExc_Exception),
                         "Base of every error Qualgraph raises.");
    const auto also = [&](PyObject* builtin) { return py::make_tuple(t.error, py::handle(builtin)); };
    t.unknown_id = make_error(module, "UnknownId", also(PyExc_LookupError),
                              "A name that no fact carries. The message lists the nearest ones.\n\n"
                              "Also a LookupError.");
    t.unit_mismatch = make_error(module, "UnitMismatch", also(PyExc_TypeError),
                                 "Two quantities of different kinds or systems met without a conversion.\n\n"
                                 "Also a TypeError.");
    t.fact_error = make_error(module, "FactError", also(PyExc_ValueError),
                              "Facts that cannot be loaded. Nothing of them is loaded.\n\n"
                              "Also a ValueError.\n\n"
                              "Attributes\n----------\n"
                              "faults : list of Fault\n"
                              "    Every fault found, each with ``file``, ``pointer``, ``found`` and ``expected``.");
    t.invalid_value = make_error(module, "InvalidValue", also(PyExc_ValueError),
                                 "A value outside what a question allows.\n\nAlso a ValueError.");
    t.overflow = make_error(module, "NumericOverflow", also(PyExc_OverflowError),
                            "An exact number left the 64-bit range.\n\nAlso an OverflowError.");
    // A FactError made in Python has the attribute too.
    t.fact_error.attr("faults") = py::tuple();

    py::register_exception_translator([](std::exception_ptr raised) {
        try {
            if (raised) std::rethrow_exception(raised);
        } catch (const FactError& error) {
            const py::object instance = types().fact_error(lenient(error.what()));
            instance.attr("faults") = py::cast(error.faults());
            PyErr_SetObject(types().fact_error.ptr(), instance.ptr());
        } catch (const UnknownId& error) {
            raise(types().unknown_id, error.what());
        } catch (const UnitMismatch& error) {
            raise(types().unit_mismatch, error.what());
        } catch (const InvalidValue& error) {
            raise(types().invalid_value, error.what());
        } catch (const NumericOverflow& error) {
            raise(types().overflow, error.what());
        } catch (const Error& error) {
            raise(types().error, error.what());
        }
    });
}

}  // namespace qualgraph::bindings
