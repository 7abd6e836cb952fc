// Rules made ready for many records: one audit in microseconds, many in one call.

#include "qualgraph/stacking/settle.hpp"

#include "casters.hpp"
#include "register.hpp"
#include "stacking_dicts.hpp"

#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

namespace qualgraph::bindings {

namespace {

/// A rule within a world, with a settler for every thread that asks at the same time.
class ReadyRule {
 public:
    ReadyRule(const World& world, const Rule& rule) : world_(world), rule_(rule) {
        Settler first(world_, rule_);
        reads_ = first.reads();
        if (reads_) idle_.push_back(std::move(first));
    }

    [[nodiscard]] bool reads() const noexcept { return reads_; }

    /// Lends a settler to `ask`.
    template <class Ask>
    auto lend(Ask&& ask) {
        Settler settler = take();
        auto answer = ask(settler);
        const std::lock_guard lock(guard_);
        idle_.push_back(std::move(settler));
        return answer;
    }

 private:
    Settler take() {
        const std::lock_guard lock(guard_);
        if (idle_.empty()) return Settler(world_, rule_);
        Settler settler = std::move(idle_.back());
        idle_.pop_back();
        return settler;
    }

    World world_;
    Rule rule_;
    bool reads_ = false;
    std::mutex guard_;
    std::vector<Settler> idle_;
};

std::optional<Settled> settle_one(ReadyRule& ready, const LearnerRecord& record, std::int64_t nodes,
                                  std::optional<double> seconds, bool most) {
    if (!ready.reads()) return std::nullopt;
    return ready.lend([&](Settler& settler) {
        auto found = settler.quick(record, true, most);
        if (found || !settler.open()) return found;
        SettleOptions options;
        options.nodes = nodes;
        options.seconds = seconds;
        return released(options, [&] { return settler.search(options); });
    });
}

/// Met or not, what is lacking and what counts, by what means; and the positions left to audit().
py::tuple settle_many(ReadyRule& ready, const std::vector<const LearnerRecord*>& records, std::int64_t nodes,
                      std::optional<double> seconds) {
    struct Row {
        std::int64_t shortfall, counted, scale;
        SettledBy by;
        bool known;
    };
    SettleOptions options;
    options.nodes = nodes;
    options.seconds = seconds;
    options.places = false;
    std::vector<Row> rows;
    if (ready.reads()) {
        rows = ready.lend([&](Settler& settler) {
            return released(options, [&] {
                std::vector<Row> found;
                found.reserve(records.size());
                for (const auto* record : records) {
                    if ((found.size() & 1023) == 1023 && options.stop()) break;
                    const auto one = settler.settle(*record, options);
                    found.push_back(one ? Row{one->shortfall, one->counted, one->scale, one->by, true}
                                        : Row{0, 0, 1, SettledBy::search, false});
                }
                return found;
            });
        });
    } else {
        rows.assign(records.size(), {0, 0, 1, SettledBy::search, false});
    }
    // The same amounts come again and again.
    std::map<std::pair<std::int64_t, std::int64_t>, py::object> amounts;
    const auto amount = [&](std::int64_t units, std::int64_t scale) {
        auto [at, fresh] = amounts.try_emplace({units, scale});
        if (fresh) at->second = py::cast(Rational(units, scale));
        return at->second;
    };
    const py::str words[] = {py::str(to_string(SettledBy::flow)), py::str(to_string(SettledBy::bound)),
                             py::str(to_string(SettledBy::search))};
    py::list met(rows.size());
    py::list shortfall(rows.size());
    py::list counted(rows.size());
    py::list by(rows.size());
    py::list open;
    for (std::size_t k = 0; k < rows.size(); ++k) {
        const Row& row = rows[k];
        if (!row.known) open.append(k);
        met[k] = py::bool_(row.known && row.shortfall == 0);
        shortfall[k] = amount(row.shortfall, row.scale);
        counted[k] = amount(row.counted, row.scale);
        by[k] = words[static_cast<std::size_t>(row.by)];
    }
    return py::make_tuple(met, shortfall, counted, by, open);
}

}  // namespace

void register_settling(py::module_& module) {
    py::class_<Settled>(module, "Settled", "An audit decided without its integer model.")
        .def_property_readonly("met", &Settled::met)
        .def_property_readonly("shortfall", [](const Settled& one) { return Rational(one.shortfall, one.scale); })
        .def_property_readonly("counted", [](const Settled& one) { return Rational(one.counted, one.scale); })
        .def_property_readonly("by", [](const Settled& one) { return to_string(one.by); })
        .def_property_readonly("nodes", [](const Settled& one) { return one.nodes; })
        .def_property_readonly("most", [](const Settled& one) { return one.most; });

    py::class_<ReadyRule>(module, "ReadyRule", "A rule made ready for many records.")
        .def(py::init<const World&, const Rule&>(), py::arg("world"), py::arg("rule"))
        .def_property_readonly("reads", &ReadyRule::reads)
        .def("settle", &settle_one, py::arg("record"), py::arg("nodes"), py::arg("seconds"), py::arg("most") = false)
        .def("settle_many", &settle_many, py::arg("records"), py::arg("nodes"), py::arg("seconds"));
}

}  // namespace qualgraph::bindings
