#include <pybind11/pybind11.h>

#include "register.hpp"

// A world never changes after loading and the engine keeps no other state, so the module claims to
// need no global lock; tests/python/test_threads.py holds it to that.
PYBIND11_MODULE(_core, module, pybind11::mod_gil_not_used()) {
    module.doc() =
        "Values and verbs of the Qualgraph engine, one to one. The package qualgraph wraps them; "
        "call that instead.";
    module.attr("__version__") = QUALGRAPH_VERSION;
    qualgraph::bindings::register_errors(module);
    qualgraph::bindings::register_facts(module);
    qualgraph::bindings::register_levels(module);
    qualgraph::bindings::register_survey(module);
    qualgraph::bindings::register_graded(module);
    qualgraph::bindings::register_credits(module);
    qualgraph::bindings::register_definitions(module);
    qualgraph::bindings::register_classify_table(module);
    qualgraph::bindings::register_table(module);
    qualgraph::bindings::register_stacking(module);
    qualgraph::bindings::register_settling(module);
    qualgraph::bindings::register_completion(module);
    qualgraph::bindings::register_pathway(module);
    qualgraph::bindings::register_stacks(module);
}
