/// The topics of the module, one function each; module.cpp calls them in this order.
#pragma once

#include <pybind11/pybind11.h>

namespace qualgraph::bindings {

void register_errors(pybind11::module_& module);
void register_facts(pybind11::module_& module);
void register_levels(pybind11::module_& module);
void register_survey(pybind11::module_& module);
void register_graded(pybind11::module_& module);
void register_credits(pybind11::module_& module);
void register_definitions(pybind11::module_& module);
void register_classify_table(pybind11::module_& module);
void register_table(pybind11::module_& module);
void register_stacking(pybind11::module_& module);
void register_settling(pybind11::module_& module);
void register_completion(pybind11::module_& module);
void register_pathway(pybind11::module_& module);
void register_stacks(pybind11::module_& module);

}  // namespace qualgraph::bindings
