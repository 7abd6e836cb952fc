// The world of facts. Each fact keeps its JSON text, and the Python side reads from it whatever the
// engine has no use for; so nothing in a fact file is out of a user's reach.

#include "qualgraph/facts/load.hpp"
#include "qualgraph/model/framework.hpp"
#include "qualgraph/model/suggest.hpp"
#include "qualgraph/model/world.hpp"

#include "casters.hpp"
#include "register.hpp"

#include <pybind11/pybind11.h>
#include <pybind11/stl.h>
#include <pybind11/stl/filesystem.h>

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace qualgraph::bindings {

namespace {

template <class T>
std::vector<std::shared_ptr<T>> lend_all(std::span<const Shared<T>> facts) {
    std::vector<std::shared_ptr<T>> result;
    result.reserve(facts.size());
    for (const auto& fact : facts) result.push_back(lend(fact));
    return result;
}

View view_of(std::optional<Date> as_of, EvidenceFloor evidence) { return {as_of, evidence}; }

void register_values(py::module_& module) {
    py::class_<Level>(module, "Level", "One step of a framework.")
        .def_readonly("code", &Level::code)
        .def_readonly("rank", &Level::rank)
        .def_readonly("label", &Level::label)
        .def_readonly("parallel", &Level::parallel)
        .def_readonly("parent", &Level::parent)
        .def_readonly("step", &Level::step);

    py::class_<CreditBounds>(module, "CreditBounds", "A size in credits; an open end is not stated.")
        .def_readonly("min", &CreditBounds::min)
        .def_readonly("max", &CreditBounds::max)
        .def_readonly("system", &CreditBounds::system);

    py::class_<QualificationType>(module, "QualificationType", "A class of awards.")
        .def_readonly("name", &QualificationType::name)
        .def_readonly("level", &QualificationType::level)
        .def_readonly("level_range", &QualificationType::level_range)
        .def_readonly("credits", &QualificationType::credits)
        .def_readonly("evidence", &QualificationType::evidence)
        .def_readonly("credits_evidence", &QualificationType::credits_evidence);

    py::class_<Framework, std::shared_ptr<Framework>>(module, "Framework", "A qualifications framework.")
        .def_readonly("id", &Framework::id)
        .def_readonly("name", &Framework::name)
        .def_readonly("jurisdiction", &Framework::jurisdiction)
        .def_readonly("kind", &Framework::kind)
        .def_readonly("hub", &Framework::hub)
        .def_readonly("status", &Framework::status)
        .def_readonly("since", &Framework::since)
        .def_readonly("authority", &Framework::authority)
        .def_readonly("levels", &Framework::levels)
        .def_readonly("levels_evidence", &Framework::levels_evidence)
        .def_readonly("qualification_types", &Framework::qualification_types)
        .def_readonly("types_evidence", &Framework::types_evidence)
        .def_readonly("credit_system", &Framework::credit_system)
        .def_readonly("aliases", &Framework::aliases)
        .def_readonly("sources", &Framework::sources)
        .def_readonly("notes", &Framework::notes)
        .def_readonly("json", &Framework::json);

    py::class_<Mapping, std::shared_ptr<Mapping>>(module, "Mapping", "The table of one document.")
        .def_readonly("id", &Mapping::id)
        .def_readonly("document", &Mapping::document)
        .def_readonly("title", &Mapping::title)
        .def_readonly("from_", &Mapping::from)
        .def_readonly("to", &Mapping::to)
        .def_readonly("kind", &Mapping::kind)
        .def_readonly("year", &Mapping::year)
        .def_readonly("status", &Mapping::status)
        .def_readonly("strength", &Mapping::strength)
        .def_readonly("join", &Mapping::join)
        .def_readonly("compatibility_note", &Mapping::compatibility_note)
        .def_readonly("block", &Mapping::block)
        .def_readonly("usable_for_recognition", &Mapping::usable_for_recognition)
        .def_readonly("valid_from", &Mapping::valid_from)
        .def_readonly("valid_until", &Mapping::valid_until)
        .def_readonly("evidence", &Mapping::evidence)
        .def_readonly("complete", &Mapping::complete)
        .def_readonly("derived_from", &Mapping::derived_from)
        .def_readonly("sources", &Mapping::sources)
        .def_readonly("notes", &Mapping::notes)
        .def_readonly("json", &Mapping::json);

    py::class_<AgreedRatio>(module, "AgreedRatio", "A ratio between two credit systems, fixed by a document.")
        .def_readonly("from_", &AgreedRatio::from)
        .def_readonly("to", &AgreedRatio::to)
        .def_readonly("ratio", &AgreedRatio::ratio)
        .def_readonly("way", &AgreedRatio::way)
        .def_readonly("note", &AgreedRatio::note)
        .def_readonly("sources", &AgreedRatio::sources);

    py::class_<CreditSystem, std::shared_ptr<CreditSystem>>(module, "CreditSystem", "A system of credits.")
        .def_readonly("id", &CreditSystem::id)
        .def_readonly("name", &CreditSystem::name)
        .def_readonly("jurisdiction", &CreditSystem::jurisdiction)
        .def_readonly("hours_per_credit", &CreditSystem::hours_per_credit)
        .def_readonly("credits_per_year", &CreditSystem::credits_per_year)
        .def_readonly("contact_only", &CreditSystem::contact_only)
        .def_readonly("alias_of", &CreditSystem::alias_of)
        .def_readonly("basis", &CreditSystem::basis)
        .def_readonly("evidence", &CreditSystem::evidence)
        .def_readonly("official_ratios", &CreditSystem::official_ratios)
        .def_readonly("sources", &CreditSystem::sources)
        .def_readonly("notes", &CreditSystem::notes)
        .def_readonly("json", &CreditSystem::json);

    py::class_<FactRecord, std::shared_ptr<FactRecord>>(module, "FactRecord", "A fact kept whole.")
        .def_readonly("kind", &FactRecord::kind)
        .def_readonly("id", &FactRecord::id)
        .def_readonly("json", &FactRecord::json)
        .def_readonly("file", &FactRecord::file);
}

void register_world(py::module_& module) {
    py::class_<World, std::shared_ptr<World>>(module, "World", "Every fact, as one immutable value.")
        .def(py::init<>())
        .def_property_readonly("frameworks", [](const World& world) { return lend_all(world.frameworks()); })
        .def_property_readonly("mappings", [](const World& world) { return lend_all(world.mappings()); })
        .def_property_readonly("credit_systems", [](const World& world) { return lend_all(world.credit_systems()); })
        .def_property_readonly("records", [](const World& world) { return lend_all(world.records()); })
        .def_property_readonly(
            "agreed_ratios",
            [](const World& world) {
                const auto ratios = world.agreed_ratios();
                return std::vector<AgreedRatio>(ratios.begin(), ratios.end());
            })
        .def(
            "framework",
            [](const World& world, const FrameworkId& id) {
                return lend(world.frameworks()[static_cast<std::size_t>(world.index_of(id))]);
            },
            py::arg("id"))
        .def(
            "mapping", [](const World& world, const MappingId& id) { return lend(world.mappings(), &world.mapping(id)); },
            py::arg("id"))
        .def(
            "mappings_between",
            [](const World& world, const FrameworkId& from, const FrameworkId& to) {
                std::vector<std::shared_ptr<Mapping>> result;
                for (const Mapping* each : world.mappings_between(from, to)) {
                    result.push_back(lend(world.mappings(), each));
                }
                return result;
            },
            py::arg("from_"), py::arg("to"))
        .def(
            "credit_system",
            [](const World& world, const CreditSystemId& id) {
                return lend(world.credit_systems(), &world.credit_system(id));
            },
            py::arg("id"))
        .def("level_index", &World::level_index, py::arg("level"))
        .def_property_readonly("as_of", [](const World& world) { return world.view().as_of; })
        .def_property_readonly("evidence", [](const World& world) { return world.view().evidence; })
        .def(
            "with_view",
            [](const World& world, std::optional<Date> as_of, EvidenceFloor evidence) {
                return world.with_view(view_of(as_of, evidence));
            },
            py::arg("as_of"), py::arg("evidence"))
        .def(
            "with_mapping",
            [](const World& world, const std::string& json, const std::string& where) {
                return world.with_mapping(read_mapping(world, json, where));
            },
            py::arg("json"), py::arg("where"))
        .def(
            "without_documents",
            [](const World& world, const std::vector<DocumentId>& documents) {
                return world.without_documents(documents);
            },
            py::arg("documents"))
        .def("hash", &World::hash);
}

}  // namespace

void register_facts(py::module_& module) {
    register_values(module);
    register_world(module);

    // Reading and checking every fact takes long; arguments are C++ values by then, so other
    // threads may run meanwhile.
    module.def(
        "load_folder",
        [](const std::filesystem::path& folder, const std::shared_ptr<World>& base, std::optional<Date> as_of,
           EvidenceFloor evidence, bool replace) {
            const py::gil_scoped_release unlocked;
            return load_folder(folder, base.get(), view_of(as_of, evidence), replace);
        },
        py::arg("folder"), py::arg("base"), py::arg("as_of"), py::arg("evidence"), py::arg("replace"));
    module.def(
        "load_facts",
        [](std::vector<std::pair<std::string, std::string>> files, const std::shared_ptr<World>& base,
           std::optional<Date> as_of, EvidenceFloor evidence, bool replace) {
            const py::gil_scoped_release unlocked;
            std::vector<FactFile> texts;
            texts.reserve(files.size());
            for (auto& [path, text] : files) texts.push_back({std::move(path), std::move(text)});
            return load_facts(texts, base.get(), view_of(as_of, evidence), replace);
        },
        py::arg("files"), py::arg("base"), py::arg("as_of"), py::arg("evidence"), py::arg("replace"));

    module.def(
        "nearest",
        [](const std::string& wanted, const std::vector<std::string>& names, std::size_t count) {
            return nearest(wanted, names, count);
        },
        py::arg("wanted"), py::arg("names"), py::arg("count"));
    module.def(
        "did_you_mean",
        [](const std::string& wanted, const std::vector<std::string>& names) { return did_you_mean(wanted, names); },
        py::arg("wanted"), py::arg("names"));
    module.def("check_level", [](const LevelRef& level) { return level; }, py::arg("level"),
               "The level as written, or InvalidValue.");
    module.def("check_date", [](Date date) { return date; }, py::arg("date"), "The day in full, or InvalidValue.");
}

}  // namespace qualgraph::bindings
