// Credits and their conversion. Amounts, factors and bounds cross as exact fractions.

#include "qualgraph/credit/compare.hpp"
#include "qualgraph/credit/convert.hpp"
#include "qualgraph/credit/credits.hpp"
#include "qualgraph/credit/rounding.hpp"
#include "qualgraph/credit/volume.hpp"

#include "casters.hpp"
#include "register.hpp"

#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace qualgraph::bindings {

namespace {

void register_values(py::module_& module) {
    py::class_<Credits>(module, "Credits", "An amount of credits in one system.")
        .def(py::init<Range, CreditSystemId>(), py::arg("amount"), py::arg("system"))
        .def_static("parse", [](const std::string& text) { return Credits::parse(text); }, py::arg("text"))
        .def_property_readonly("amount", [](const Credits& credits) { return credits.amount(); })
        .def_property_readonly("system", [](const Credits& credits) { return credits.system(); })
        .def_property_readonly("text", &Credits::str)
        .def("plus", [](const Credits& a, const Credits& b) { return a + b; }, py::arg("other"))
        .def("times", [](const Credits& credits, const Rational& factor) { return credits * factor; },
             py::arg("factor"));

    py::class_<MissingWay>(module, "MissingWay", "A way that gives no answer, and why.")
        .def_readonly("way", &MissingWay::way)
        .def_readonly("reason", &MissingWay::reason);

    py::class_<SystemFigures>(module, "SystemFigures", "The figures of one system that a conversion rests on.")
        .def_readonly("id", &SystemFigures::id)
        .def_readonly("hours_per_credit", &SystemFigures::hours_per_credit)
        .def_readonly("credits_per_year", &SystemFigures::credits_per_year)
        .def_readonly("contact_only", &SystemFigures::contact_only)
        .def_readonly("evidence", &SystemFigures::evidence);

    py::class_<AgreedConversion>(module, "AgreedConversion", "A conversion by one document's ratio.")
        .def_readonly("ratio", &AgreedConversion::ratio)
        .def_readonly("reversed", &AgreedConversion::reversed)
        .def_readonly("factor", &AgreedConversion::factor)
        .def_readonly("value", &AgreedConversion::value)
        .def_readonly("evidence", &AgreedConversion::evidence);

    py::class_<ConvertedValue>(module, "ConvertedValue", "One answer by a named way.")
        .def_readonly("way", &ConvertedValue::way)
        .def_readonly("exact", &ConvertedValue::exact)
        .def_readonly("rounded", &ConvertedValue::rounded);

    py::class_<Conversion>(module, "Conversion", "Every way from an amount to another system.")
        .def_readonly("from_", &Conversion::from)
        .def_readonly("to", &Conversion::to)
        .def_readonly("same_system", &Conversion::same_system)
        .def_readonly("by_hours", &Conversion::by_hours)
        .def_readonly("by_year", &Conversion::by_year)
        .def_readonly("by_agreement", &Conversion::by_agreement)
        .def_readonly("missing", &Conversion::missing)
        .def_readonly("hours_factor", &Conversion::hours_factor)
        .def_readonly("year_factor", &Conversion::year_factor)
        .def_readonly("full_year_factor", &Conversion::full_year_factor)
        .def_readonly("from_system", &Conversion::from_system)
        .def_readonly("to_system", &Conversion::to_system)
        .def_readonly("sources", &Conversion::sources)
        .def_property_readonly("hull", &Conversion::hull)
        .def(
            "value",
            [](const Conversion& conversion, Way way, RoundingMode mode, const Rational& grain) {
                return conversion.value(way, {mode, grain});
            },
            py::arg("way"), py::arg("rounding"), py::arg("grain"));

    py::class_<ErrorBound>(module, "ErrorBound", "How far a rounding can stray.")
        .def_readonly("bound", &ErrorBound::bound)
        .def_readonly("strict", &ErrorBound::strict);

    py::class_<ItemsConversion>(module, "ItemsConversion", "Items converted one by one and as a sum.")
        .def_readonly("way", &ItemsConversion::way)
        .def_readonly("items", &ItemsConversion::items)
        .def_readonly("exact_total", &ItemsConversion::exact_total)
        .def_readonly("per_item", &ItemsConversion::per_item)
        .def_readonly("per_total", &ItemsConversion::per_total)
        .def_readonly("per_item_bound", &ItemsConversion::per_item_bound)
        .def_readonly("per_total_bound", &ItemsConversion::per_total_bound);

    py::class_<WayVerdict>(module, "WayVerdict", "What one way says to a bound.")
        .def_readonly("way", &WayVerdict::way)
        .def_readonly("truth", &WayVerdict::truth)
        .def_readonly("value", &WayVerdict::value)
        .def_readonly("reason", &WayVerdict::reason);

    py::class_<Comparison>(module, "Comparison", "Credits against a bound.")
        .def_readonly("truth", &Comparison::truth)
        .def_readonly("ways", &Comparison::ways)
        .def_readonly("reason", &Comparison::reason)
        .def_readonly("conversion", &Comparison::conversion);

    py::class_<BrokenChain>(module, "BrokenChain", "Three amounts on which \"at least\" does not carry over.")
        .def_readonly("first", &BrokenChain::first)
        .def_readonly("second", &BrokenChain::second)
        .def_readonly("direct", &BrokenChain::direct)
        .def_readonly("reason", &BrokenChain::reason);

    py::class_<VolumeOfLearning>(module, "VolumeOfLearning", "Full-time years in credits.")
        .def_readonly("years", &VolumeOfLearning::years)
        .def_readonly("system", &VolumeOfLearning::system)
        .def_readonly("credits", &VolumeOfLearning::credits)
        .def_readonly("hours", &VolumeOfLearning::hours)
        .def_readonly("missing", &VolumeOfLearning::missing)
        .def_readonly("evidence", &VolumeOfLearning::evidence)
        .def_readonly("sources", &VolumeOfLearning::sources);
}

}  // namespace

void register_credits(py::module_& module) {
    register_values(module);

    module.def("parse_rational", [](const std::string& text) { return Rational::parse(text); }, py::arg("text"));
    module.def(
        "round_value",
        [](const Range& value, RoundingMode mode, const Rational& grain) {
            return rounded(value, Rounding{mode, grain});
        },
        py::arg("value"), py::arg("rounding"), py::arg("grain"));

    module.def(
        "convert",
        [](const World& world, const Credits& credits, const CreditSystemId& to) {
            return convert(world, credits, to);
        },
        py::arg("world"), py::arg("credits"), py::arg("to"));
    module.def(
        "convert_items",
        [](const World& world, const std::vector<Credits>& items, const CreditSystemId& to, Way way,
           RoundingMode mode, const Rational& grain) {
            const py::gil_scoped_release unlocked;
            return convert_items(world, items, to, way, {mode, grain});
        },
        py::arg("world"), py::arg("items"), py::arg("to"), py::arg("way"), py::arg("rounding"), py::arg("grain"));
    const auto against = [&](const char* name, auto verb) {
        module.def(
            name,
            [verb](const World& world, const Credits& amount, const Credits& bound, std::optional<Way> way,
                   RoundingMode mode, const Rational& grain) {
                return verb(world, amount, bound, way, Rounding{mode, grain});
            },
            py::arg("world"), py::arg("amount"), py::arg("bound"), py::arg("way"), py::arg("rounding"),
            py::arg("grain"));
    };
    using Verb = Comparison (*)(const World&, const Credits&, const Credits&, std::optional<Way>, const Rounding&);
    against("certainly_at_least", static_cast<Verb>(&certainly_at_least));
    against("certainly_at_most", static_cast<Verb>(&certainly_at_most));
    module.def(
        "broken_chain",
        [](const World& world, const Credits& a, const Credits& b, const Credits& c) {
            return broken_chain(world, a, b, c);
        },
        py::arg("world"), py::arg("a"), py::arg("b"), py::arg("c"));
    module.def(
        "volume_in_system",
        [](const World& world, const Range& years, const CreditSystemId& system) {
            return volume_of_learning(world, years, system);
        },
        py::arg("world"), py::arg("years"), py::arg("system"));
    module.def(
        "volume_in_framework",
        [](const World& world, const Range& years, const FrameworkId& framework) {
            return volume_of_learning(world, years, framework);
        },
        py::arg("world"), py::arg("years"), py::arg("framework"));
}

}  // namespace qualgraph::bindings
