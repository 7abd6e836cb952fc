// Catalogues and completions: what to take, at what cost, in which order.

#include "qualgraph/stacking/awards.hpp"
#include "qualgraph/stacking/catalogue.hpp"
#include "qualgraph/stacking/complete.hpp"
#include "qualgraph/stacking/prove_plan.hpp"

#include "casters.hpp"
#include "register.hpp"
#include "stacking_dicts.hpp"

#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace qualgraph::bindings {

void register_completion(py::module_& module) {
    py::class_<Catalogue>(module, "Catalogue", "What is on offer.")
        .def_static("parse", [](const std::string& json, const std::string& file) { return read_catalogue(json, file); },
                    py::arg("json"), py::arg("file"))
        .def("__len__", [](const Catalogue& catalogue) { return catalogue.offers.size(); })
        .def_property_readonly("currency", [](const Catalogue& catalogue) { return catalogue.currency; })
        .def(
            "offer",
            [](const Catalogue& catalogue, std::size_t position) {
                const Offer& offer = catalogue.offers.at(position);
                return py::make_tuple(offer.id, offer.title, offer.cost, offer.months);
            },
            py::arg("position"));

    module.def(
        "audit_awards",
        [](const World& world, const LearnerRecord& record, const std::vector<std::pair<Rule, py::dict>>& goals,
           std::int64_t nodes, std::optional<double> seconds) {
            std::vector<Goal> asked;
            for (const auto& [rule, choice] : goals) asked.push_back({rule, choice_of(choice)});
            AuditOptions options;
            options.nodes = nodes;
            options.seconds = seconds;
            const AwardsAudit answer = released(options, [&] { return audit_awards(world, record, asked, options); });
            py::dict result;
            result["verdict"] = to_string(answer.verdict);
            result["proved"] = answer.proved;
            py::list runs;
            for (const auto& run : answer.runs) runs.append(run_dict(run));
            result["runs"] = runs;
            py::list shared;
            for (const auto& one : answer.shared) shared.append(py::make_tuple(one.item, one.awards));
            result["shared"] = shared;
            return result;
        },
        py::arg("world"), py::arg("record"), py::arg("goals"), py::arg("nodes"), py::arg("seconds"));

    module.def(
        "complete",
        [](const World& world, const LearnerRecord& record, const std::vector<std::pair<Rule, py::dict>>& goals,
           const Catalogue& catalogue, const std::vector<std::string>& aims, std::int64_t nodes,
           std::optional<double> seconds) {
            std::vector<Goal> asked;
            for (const auto& [rule, choice] : goals) asked.push_back({rule, choice_of(choice)});
            CompleteOptions options;
            options.nodes = nodes;
            options.seconds = seconds;
            options.aims.clear();
            for (const auto& aim : aims) options.aims.push_back(parse_aim(aim));
            const std::vector<Plan> plans =
                released(options, [&] { return complete(world, record, asked, catalogue, options); });
            py::list result;
            for (const auto& plan : plans) {
                py::dict one;
                one["status"] = to_string(plan.status);
                one["taken"] = plan.taken;
                one["values"] = plan.values;
                one["bound"] = plan.bound;
                one["nodes"] = plan.nodes;
                one["considered"] = plan.considered;
                py::list items;
                py::list days;
                for (std::size_t i = record.items.size(); i < plan.record.items.size(); ++i) {
                    const Item& item = plan.record.items[i];
                    items.append(item.id);
                    days.append(item.date ? py::object(py::str(to_string(*item.date))) : py::object(py::none()));
                }
                one["items"] = items;
                one["days"] = days;
                py::list audits;
                for (const auto& audit : plan.audits) audits.append(run_dict(audit));
                one["audits"] = audits;
                py::list remaining;
                for (const auto& missing : plan.remaining) remaining.append(py::make_tuple(missing.path, missing.reason, missing.unknown));
                one["remaining"] = remaining;
                result.append(one);
            }
            return result;
        },
        py::arg("world"), py::arg("record"), py::arg("goals"), py::arg("catalogue"), py::arg("aims"), py::arg("nodes"),
        py::arg("seconds"));

    module.def(
        "prove_plan",
        [](const World& world, const LearnerRecord& record, const std::vector<std::pair<Rule, py::dict>>& goals,
           const Catalogue& catalogue, const std::vector<std::string>& aims, std::optional<std::size_t> least,
           const std::vector<Rational>& values, std::int64_t nodes) {
            std::vector<Goal> asked;
            for (const auto& [rule, choice] : goals) asked.push_back({rule, choice_of(choice)});
            std::vector<Aim> aimed;
            for (const auto& aim : aims) aimed.push_back(parse_aim(aim));
            PlanProofOptions options;
            options.nodes = nodes;
            const auto found = released(
                options, [&] { return prove_plan(world, record, asked, catalogue, aimed, least, values, options); });
            py::dict result;
            result["proof"] = found.proof ? py::object(proof_dict(*found.proof)) : py::object(py::none());
            result["broken"] = found.broken;
            return result;
        },
        py::arg("world"), py::arg("record"), py::arg("goals"), py::arg("catalogue"), py::arg("aims"), py::arg("least"),
        py::arg("values"), py::arg("nodes"));
}

}  // namespace qualgraph::bindings
