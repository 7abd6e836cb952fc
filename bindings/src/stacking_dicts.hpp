/// What the topics of stacking share: forms of a rule and audits as dicts, searches that Ctrl-C ends.
#pragma once

#include "qualgraph/stacking/audit.hpp"

#include <pybind11/pybind11.h>

#include <functional>

#include "casters.hpp"

namespace qualgraph::bindings {

[[nodiscard]] RuleChoice choice_of(const py::dict& dict);
[[nodiscard]] py::dict run_dict(const AuditRun& run);
[[nodiscard]] py::dict proof_dict(const ModelProof& kept);

/// Ctrl-C in Python ends a long search.
inline std::function<bool()> interruptible(bool& interrupted) {
    return [&interrupted] {
        const py::gil_scoped_acquire hold;
        if (PyErr_CheckSignals() != 0) interrupted = true;
        return interrupted;
    };
}

/// Runs without the global lock; an interrupt is raised afterwards.
template <class Options, class Ask>
auto released(Options& options, Ask&& ask) {
    bool interrupted = false;
    options.stop = interruptible(interrupted);
    auto answer = [&] {
        const py::gil_scoped_release release;
        return ask();
    }();
    options.stop = nullptr;
    if (interrupted) throw py::error_already_set();
    return answer;
}

}  // namespace qualgraph::bindings
