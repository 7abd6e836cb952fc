// Stacking rules, records and audits. Results cross as plain dicts of exact values: the package
// gives them their names, tables and words.

#include "qualgraph/stacking/audit.hpp"
#include "qualgraph/stacking/judge.hpp"
#include "qualgraph/stacking/lint_rule.hpp"
#include "qualgraph/stacking/record.hpp"
#include "qualgraph/stacking/redundant.hpp"
#include "qualgraph/stacking/rule.hpp"
#include "qualgraph/stacking/world_rules.hpp"

#include "casters.hpp"
#include "register.hpp"
#include "stacking_dicts.hpp"

#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace qualgraph::bindings {

namespace {

py::object range_or_none(const std::optional<Range>& range) { return py::cast(range); }

py::list placements(const std::vector<Placement>& rows) {
    py::list result;
    for (const auto& one : rows) {
        result.append(
            py::make_tuple(one.item, one.place, range_or_none(one.amount), one.unknown, one.credits, one.units));
    }
    return result;
}

const char* to_text(Polarity polarity) { return polarity == Polarity::strict ? "strict" : "favourable"; }

/// The model itself, for the tests that compare it with the checker's own.
py::dict model_dict(const Compiled& compiled) {
    py::dict result;
    py::list columns;
    for (const auto& column : compiled.model.columns) {
        columns.append(py::make_tuple(column.name, column.lower, column.upper, column.cost));
    }
    py::list rows;
    for (const auto& row : compiled.model.rows) {
        py::dict terms;
        for (const auto& term : row.terms) {
            terms[py::str(compiled.model.columns[static_cast<std::size_t>(term.column)].name)] = term.coefficient;
        }
        const auto bound = [](std::int64_t value) -> py::object {
            if (value == IntegerModel::kInfinity || value == -IntegerModel::kInfinity) return py::none();
            return py::int_(value);
        };
        rows.append(py::make_tuple(row.name, terms, bound(row.lower), bound(row.upper)));
    }
    result["columns"] = columns;
    result["rows"] = rows;
    py::list broken;
    for (const auto& one : compiled.broken) broken.append(py::make_tuple(one.path, one.reason, one.unknown));
    result["broken"] = broken;
    return result;
}

py::dict choice_dict(const RuleChoice& choice) {
    py::dict result;
    result["reading"] = choice.reading;
    result["variant"] = choice.variant;
    result["title"] = choice.title;
    result["exit"] = choice.exit;
    result["waivers"] = choice.waivers;
    return result;
}

struct Budget {
    std::int64_t nodes;
    std::optional<double> seconds;
};

AuditOptions options_of(const Budget& budget) {
    AuditOptions options;
    options.nodes = budget.nodes;
    options.seconds = budget.seconds;
    return options;
}

py::list alternatives(std::span<const Alternative> list) {
    py::list result;
    for (const auto& one : list) result.append(py::make_tuple(one.id, one.title, one.level, one.rank));
    return result;
}

}  // namespace

/// The search tree in preorder, rows and columns by name: the checker builds its own model.
py::dict proof_dict(const ModelProof& kept) {
    py::dict result;
    result["reading"] = to_text(kept.polarity);
    result["infeasible"] = kept.infeasible;
    result["at_least"] = kept.proof.at_least;
    result["dropped"] = kept.dropped;
    result["attained"] = placements(kept.attained);
    // Rows past those of the model are the fillings, in order.
    const auto row_name = [&](int row) -> std::string {
        if (row < 0) return "objective";
        const auto at = static_cast<std::size_t>(row);
        if (at < kept.model.rows.size()) return kept.model.rows[at].name;
        return "filling/" + std::to_string(at - kept.model.rows.size());
    };
    const auto column_name = [&](int column) { return kept.model.columns[static_cast<std::size_t>(column)].name; };
    const auto window_dict = [&](const Proof::Window& window) {
        py::dict one;
        one["low"] = window.low_row < 0 ? py::object(py::none()) : py::object(py::str(row_name(window.low_row)));
        one["high"] = window.high_row < 0 ? py::object(py::none()) : py::object(py::str(row_name(window.high_row)));
        one["slack"] = window.slack < 0 ? py::object(py::none()) : py::object(py::str(column_name(window.slack)));
        return one;
    };
    py::list windows;
    for (const auto& window : kept.proof.windows) windows.append(window_dict(window));
    result["windows"] = windows;
    py::list nodes;
    for (const auto& node : kept.proof.nodes) {
        py::dict one;
        if (node.kind == Proof::Kind::filling) {
            py::dict columns;
            for (const auto& [column, weight] : node.multipliers) columns[py::str(column_name(column))] = weight;
            py::list items;
            for (const int row : node.items) items.append(row_name(row));
            py::dict filling;
            filling["columns"] = columns;
            filling["at_least"] = node.value;
            filling["window"] = window_dict(node.window);
            filling["items"] = items;
            one["filling"] = filling;
        } else if (node.kind == Proof::Kind::branch) {
            one["branch"] = py::make_tuple(kept.model.columns[static_cast<std::size_t>(node.column)].name, node.value);
        } else if (!node.multipliers.empty()) {
            py::dict multipliers;
            for (const auto& [row, factor] : node.multipliers) {
                multipliers[py::str(row_name(row))] = factor;
            }
            one[node.kind == Proof::Kind::tightening ? "tightening" : "dual"] = multipliers;
        } else {
            one["propagation"] = true;
        }
        nodes.append(one);
    }
    result["nodes"] = nodes;
    return result;
}

RuleChoice choice_of(const py::dict& dict) {
    RuleChoice choice;
    const auto text = [&](const char* key) { return dict.contains(key) ? dict[key].cast<std::string>() : std::string(); };
    choice.reading = text("reading");
    choice.variant = text("variant");
    choice.title = text("title");
    choice.exit = text("exit");
    if (dict.contains("waivers")) choice.waivers = dict["waivers"].cast<std::vector<std::string>>();
    return choice;
}

py::dict run_dict(const AuditRun& run) {
    py::dict result;
    result["choice"] = choice_dict(run.choice);
    result["verdict"] = to_string(run.verdict);
    result["proved"] = run.proved;
    result["impossible"] = run.impossible;
    result["refined"] = run.refined;
    result["cost"] = run.cost;
    result["bound"] = run.bound;
    result["nodes"] = run.nodes;
    result["allocation"] = placements(run.allocation);
    py::list missing;
    for (const auto& one : run.missing) {
        missing.append(py::make_tuple(one.path, one.amount, to_string(one.measure), one.kind, one.reason, one.unknown));
    }
    result["missing"] = missing;
    py::list unused;
    for (const auto& one : run.unused) unused.append(py::make_tuple(one.item, one.reason, one.unknown));
    result["unused"] = unused;
    result["shortfall"] = run.shortfall;
    py::dict counted;
    for (const auto& [measure, amount] : run.counted) counted[to_string(measure)] = amount;
    result["counted"] = counted;
    result["binding"] = run.binding;
    py::list levels;
    for (const auto& one : run.levels) {
        levels.append(py::make_tuple(one.level, one.bound, one.truth, one.reason, one.documents));
    }
    result["levels"] = levels;
    py::list credits;
    for (const auto& one : run.credits) {
        credits.append(py::make_tuple(one.item, one.from, one.to, range_or_none(one.counted), one.reason));
    }
    result["credits"] = credits;
    result["edits"] = run.edits;
    py::list proofs;
    for (const auto& one : run.proofs) proofs.append(proof_dict(one));
    result["proofs"] = proofs;
    return result;
}

void register_stacking(py::module_& module) {
    py::class_<Rule>(module, "Rule", "A stacking rule, as written.")
        .def_static("parse", [](const std::string& json, const std::string& file) { return Rule::parse(json, file); },
                    py::arg("json"), py::arg("file"))
        .def_property_readonly("id", &Rule::id)
        .def_property_readonly("title", &Rule::title)
        .def_property_readonly("json", &Rule::json)
        .def_property_readonly("hash", &Rule::hash)
        .def_property_readonly("variants", [](const Rule& rule) { return alternatives(rule.variants()); })
        .def_property_readonly("titles", [](const Rule& rule) { return alternatives(rule.titles()); })
        .def_property_readonly("exits", [](const Rule& rule) { return alternatives(rule.exits()); })
        .def_property_readonly("readings", [](const Rule& rule) { return alternatives(rule.readings()); })
        .def(
            "changed",
            [](const Rule& rule, const std::string& id,
               const std::vector<std::pair<std::string, std::optional<std::string>>>& changes) {
                return rule.changed(id, changes);
            },
            py::arg("id"), py::arg("changes"))
        .def(
            "reformed", [](const Rule& rule, const std::string& json, const std::string& file) { return rule.reformed(json, file); },
            py::arg("json"), py::arg("file"));

    py::class_<LearnerRecord>(module, "LearnerRecord", "What a learner holds.")
        .def_static("parse", [](const std::string& json, const std::string& file) { return read_record(json, file); },
                    py::arg("json"), py::arg("file"))
        .def("__len__", [](const LearnerRecord& record) { return record.items.size(); });

    module.def(
        "lint_rule",
        [](const Rule& rule, const World* world) {
            py::list findings;
            for (const auto& one : lint_rule(rule, world)) {
                findings.append(py::make_tuple(to_string(one.kind), one.path, one.message, one.suggestion));
            }
            return findings;
        },
        py::arg("rule"), py::arg("world").none(true));
    module.def("rule_ids", [](const World& world) { return rule_ids(world); }, py::arg("world"));
    module.def("find_rule", [](const World& world, const std::string& id) { return Rule(*find_rule(world, id)); },
               py::arg("world"), py::arg("id"));

    module.def(
        "audit",
        [](const World& world, const LearnerRecord& record, const Rule& rule, std::optional<std::string> variant,
           const std::string& reading, const std::string& title, const std::string& exit,
           const std::vector<std::string>& waivers, bool prefer_counted, bool canonical, std::int64_t nodes,
           std::optional<double> seconds, bool proof, const Settled* settled) {
            AuditOptions options = options_of({nodes, seconds});
            options.settled = settled;
            options.variant = std::move(variant);
            options.reading = reading;
            options.title = title;
            options.exit = exit;
            options.waivers = waivers;
            options.prefer_counted = prefer_counted;
            options.canonical = canonical;
            options.proof = proof;
            const Audit answer = released(options, [&] { return audit(world, record, rule, options); });
            py::dict result;
            result["best"] = run_dict(answer.best);
            py::list variants;
            for (const auto& run : answer.variants) variants.append(run_dict(run));
            result["variants"] = variants;
            py::list titles;
            for (const auto& run : answer.titles) titles.append(run_dict(run));
            result["titles"] = titles;
            result["won"] = answer.won;
            return result;
        },
        py::arg("world"), py::arg("record"), py::arg("rule"), py::arg("variant"), py::arg("reading"), py::arg("title"),
        py::arg("exit"), py::arg("waivers"), py::arg("prefer_counted"), py::arg("canonical"), py::arg("nodes"),
        py::arg("seconds"), py::arg("proof"), py::arg("settled") = py::none());

    module.def(
        "smallest_addition",
        [](const World& world, const LearnerRecord& record, const Rule& rule, const py::dict& choice, std::int64_t nodes) {
            AuditOptions options = options_of({nodes, std::nullopt});
            const RuleChoice form = choice_of(choice);
            return released(options, [&] { return smallest_addition(world, record, rule, form, options); });
        },
        py::arg("world"), py::arg("record"), py::arg("rule"), py::arg("choice"), py::arg("nodes"));

    module.def(
        "clash",
        [](const World& world, const LearnerRecord& record, const Rule& rule, const py::dict& choice, bool favourable,
           std::int64_t nodes) {
            AuditOptions options = options_of({nodes, std::nullopt});
            const RuleChoice form = choice_of(choice);
            const Clash found = released(options, [&] {
                return clash(world, record, rule, form, favourable ? Polarity::favourable : Polarity::strict, options);
            });
            return py::make_tuple(found.together, found.corrections, found.proved, found.clauses);
        },
        py::arg("world"), py::arg("record"), py::arg("rule"), py::arg("choice"), py::arg("favourable"), py::arg("nodes"));

    module.def(
        "audit_form",
        [](const World& world, const LearnerRecord& record, const Rule& rule, const py::dict& choice, std::int64_t nodes,
           std::optional<double> seconds) {
            AuditOptions options = options_of({nodes, seconds});
            options.proof = true;
            const RuleChoice form = choice_of(choice);
            options.waivers = form.waivers;
            return run_dict(released(options, [&] { return audit_form(world, record, rule, form, options); }));
        },
        py::arg("world"), py::arg("record"), py::arg("rule"), py::arg("choice"), py::arg("nodes"), py::arg("seconds"));

    module.def(
        "judge_without",
        [](const World& world, const LearnerRecord& record, const Rule& rule, const py::dict& choice, bool favourable,
           const std::vector<std::vector<std::string>>& sets, std::int64_t nodes) {
            AuditOptions options = options_of({nodes, std::nullopt});
            const RuleChoice form = choice_of(choice);
            const Polarity polarity = favourable ? Polarity::favourable : Polarity::strict;
            const auto found =
                released(options, [&] { return judge_without(world, record, rule, form, polarity, sets, options); });
            py::list result;
            for (const auto& one : found) {
                py::dict answer;
                answer["met"] = one.met;
                answer["broken"] = one.broken;
                py::dict values;
                for (const auto& [column, value] : one.values) values[py::str(column)] = value;
                answer["values"] = values;
                answer["proof"] = proof_dict(one.proof);
                result.append(answer);
            }
            return result;
        },
        py::arg("world"), py::arg("record"), py::arg("rule"), py::arg("choice"), py::arg("favourable"), py::arg("sets"),
        py::arg("nodes"));

    module.def(
        "decisive_items",
        [](const World& world, const LearnerRecord& record, const Rule& rule, const py::dict& choice, std::int64_t nodes) {
            AuditOptions options = options_of({nodes, std::nullopt});
            const RuleChoice form = choice_of(choice);
            return released(options, [&] { return decisive_items(world, record, rule, form, options); });
        },
        py::arg("world"), py::arg("record"), py::arg("rule"), py::arg("choice"), py::arg("nodes"));

    module.def(
        "redundant_bounds",
        [](const World& world, const LearnerRecord& record, const Rule& rule, const py::dict& choice) {
            const auto text = rule.text(choice_of(choice));
            AuditOptions options = options_of({500, std::nullopt});
            return released(options, [&] {
                Case view(world, *text, record);
                CompileOptions hard;
                hard.polarity = Polarity::favourable;
                hard.hard = true;
                SolveOptions search;
                search.nodes = options.nodes;
                search.stop = options.stop;
                return redundant_bounds(compile(view, hard), search);
            });
        },
        py::arg("world"), py::arg("record"), py::arg("rule"), py::arg("choice"));
    module.def(
        "compiled",
        [](const World& world, const LearnerRecord& record, const Rule& rule, const py::dict& choice, bool favourable) {
            const auto text = rule.text(choice_of(choice));
            Case view(world, *text, record);
            return model_dict(compile(view, {favourable ? Polarity::favourable : Polarity::strict, false, {}}));
        },
        py::arg("world"), py::arg("record"), py::arg("rule"), py::arg("choice"), py::arg("favourable"));
}

}  // namespace qualgraph::bindings
