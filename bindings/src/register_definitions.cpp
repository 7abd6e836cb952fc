// Definitions of micro-credentials: what texts demand, and what a credential fares under each.

#include "qualgraph/definition/classify.hpp"
#include "qualgraph/definition/complete_facts.hpp"
#include "qualgraph/definition/credential.hpp"
#include "qualgraph/definition/definition.hpp"
#include "qualgraph/definition/order.hpp"

#include "casters.hpp"
#include "register.hpp"

#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace qualgraph::bindings {

namespace {

Parameters parameters_of(const std::map<std::string, std::string>& given) {
    Parameters parameters;
    for (const auto& [name, size] : given) parameters[name] = Size::parse(size);
    return parameters;
}

SizeUnit unit_of(const std::string& name) { return name == "hours" ? SizeUnit{} : SizeUnit{CreditSystemId{name}}; }

py::list clause_list(const Definitions& set, const std::vector<DefinitionClause>& clauses) {
    py::list list;
    for (const auto& clause : clauses) {
        list.append(
            py::make_tuple(clause.id, to_string(clause.kind), clause.text,
                           clause.test ? py::object(py::str(to_string(set, *clause.test))) : py::object(py::none()),
                           clause.reading, clause.evidence, clause.sources));
    }
    return list;
}

py::list verdict_list(const std::vector<ClauseVerdict>& clauses) {
    py::list list;
    for (const auto& one : clauses) list.append(py::make_tuple(one.clause->id, one.truth, one.reason));
    return list;
}

}  // namespace

void register_definitions(py::module_& module) {
    module.def(
        "attributes",
        [] {
            py::list list;
            for (const auto& one : attributes()) {
                list.append(py::make_tuple(std::string(one.name), static_cast<int>(one.kind),
                                           std::vector<std::string>(one.choices.begin(), one.choices.end()),
                                           std::string(one.what)));
            }
            return list;
        },
        "Name, kind, words and meaning of every attribute that definitions look at.");

    module.def(
        "definitions",
        [](const World& world) {
            const auto set = definitions(world);
            py::list list;
            for (const auto& definition : set->list) {
                py::list classes;
                for (const auto& one : definition.classes) {
                    classes.append(py::make_tuple(one.id, one.term, clause_list(*set, one.clauses)));
                }
                list.append(py::make_tuple(definition.json, definition.tested(), clause_list(*set, definition.clauses),
                                           classes));
            }
            return list;
        },
        py::arg("world"), "JSON, whether any clause decides, clauses and classes of every definition, by id.");

    py::class_<Credential>(module, "Credential", "What is stated about one credential.")
        .def_static(
            "parse",
            [](const std::string& json, const std::string& where, const std::string& credit) {
                return read_credential(json, where, credit);
            },
            py::arg("json"), py::arg("where"), py::arg("credit"))
        .def_property_readonly("json", [](const Credential& credential) { return to_json(credential); });

    module.def(
        "classify",
        [](const World& world, const Credential& credential, const std::map<std::string, std::string>& parameters) {
            const DefinitionVerdicts answer = classify(world, credential, parameters_of(parameters));
            py::list list;
            for (const auto& verdict : answer.verdicts) {
                py::list classes;
                for (const auto& one : verdict.classes)
                    classes.append(py::make_tuple(one.of->id, one.truth, verdict_list(one.clauses)));
                list.append(py::make_tuple(verdict.definition->id, verdict.truth, verdict.with_exceptions,
                                           verdict_list(verdict.clauses), classes));
            }
            return list;
        },
        py::arg("world"), py::arg("credential"), py::arg("parameters"));

    module.def(
        "classify_steps",
        [](const World& world, const Credential& credential, const std::string& parameter, const std::string& unit) {
            py::list list;
            for (const auto& one : steps(world, credential, parameter, unit_of(unit))) {
                list.append(py::make_tuple(one.known, one.below, one.from, one.between, one.until, one.beyond));
            }
            return list;
        },
        py::arg("world"), py::arg("credential"), py::arg("parameter"), py::arg("unit"));

    module.def(
        "classify_outlook",
        [](const World& world, const Credential& credential, const std::map<std::string, std::string>& parameters) {
            py::list list;
            for (const auto& one : outlook(world, credential, parameters_of(parameters))) {
                list.append(py::make_tuple(one.definition->id, one.whatever_the_answer(), one.can_be_satisfied,
                                           one.can_be_violated, one.can_stay_unknown));
            }
            return list;
        },
        py::arg("world"), py::arg("credential"), py::arg("parameters"));

    module.def(
        "classify_questions",
        [](const World& world, const Credential& credential, const std::map<std::string, std::string>& parameters,
           const std::vector<std::string>& only) {
            const Questions answer = questions(world, credential, parameters_of(parameters), only);
            return py::make_tuple(answer.ask, answer.unsettled);
        },
        py::arg("world"), py::arg("credential"), py::arg("parameters"), py::arg("only"));

    module.def(
        "classify_edit",
        [](const World& world, const Credential& credential, const std::string& definition,
           const std::map<std::string, std::string>& parameters) -> py::object {
            const auto changes = smallest_edit(world, credential, definition, parameters_of(parameters));
            if (!changes) return py::none();
            py::list list;
            for (const auto& one : *changes) {
                if (one.parameter) {
                    list.append(py::make_tuple(one.name, true, "null", "null", "", ""));
                    continue;
                }
                const Attribute attribute = attribute_of(one.name);
                Credential before;
                Credential after;
                before[attribute] = one.from;
                after[attribute] = one.to;
                list.append(py::make_tuple(one.name, false, to_json(before), to_json(after),
                                           to_string(attribute, one.from), to_string(attribute, one.to)));
            }
            return list;
        },
        py::arg("world"), py::arg("credential"), py::arg("definition"), py::arg("parameters"));

    module.def(
        "definition_order",
        [](const World& world, const std::map<std::string, std::string>& parameters) {
            py::list list;
            const auto set = definitions(world);
            for (const auto& one : definition_order(world, parameters_of(parameters))) {
                list.append(
                    py::make_tuple(one.from->id, one.to->id, one.holds,
                                   one.witness ? py::object(py::str(to_json(*one.witness))) : py::object(py::none()),
                                   one.parameters, one.readings));
            }
            return list;
        },
        py::arg("world"), py::arg("parameters"));
}

}  // namespace qualgraph::bindings
