/// How values of the engine look in Python: fractions as fractions.Fraction, ids and level
/// references as str, closed lists of words as str, dates as "2019-03-14".
///
/// Every source file of the module includes this header, so that one type never crosses the border
/// in two shapes.
#pragma once

#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include "qualgraph/credit/convert.hpp"
#include "qualgraph/credit/rounding.hpp"
#include "qualgraph/credit/truth.hpp"
#include "qualgraph/mapping/loss.hpp"
#include "qualgraph/mapping/map_level.hpp"
#include "qualgraph/model/credit_system.hpp"
#include "qualgraph/model/date.hpp"
#include "qualgraph/model/error.hpp"
#include "qualgraph/model/id.hpp"
#include "qualgraph/model/mapping.hpp"
#include "qualgraph/model/policy.hpp"
#include "qualgraph/model/rational.hpp"
#include "qualgraph/model/source.hpp"
#include "qualgraph/model/world.hpp"

namespace qualgraph::bindings {

namespace py = pybind11;

/// fractions.Fraction, looked up on first use: most questions about levels never need it.
inline py::object fraction_class() {
    PYBIND11_CONSTINIT static py::gil_safe_call_once_and_store<py::object> storage;
    return storage
        .call_once_and_store_result([]() -> py::object { return py::module_::import("fractions").attr("Fraction"); })
        .get_stored();
}

/// A whole number of Python as 64 bits; NumericOverflow tells which number was too large.
inline std::int64_t whole(py::handle number) {
    int overflow = 0;
    const long long value = PyLong_AsLongLongAndOverflow(number.ptr(), &overflow);
    if (overflow != 0) {
        throw NumericOverflow(py::str(number).cast<std::string>() +
                              " is too large: exact numbers have numerators and denominators below 2^63.");
    }
    if (value == -1 && PyErr_Occurred() != nullptr) throw py::error_already_set();
    return value;
}

/// Facts are shared and constant; pybind11 knows holders of non-constant values only. Nothing the
/// module binds can change a fact, so the constness is kept by what is bound.
template <class T>
std::shared_ptr<T> lend(const std::shared_ptr<const T>& value) {
    return std::const_pointer_cast<T>(value);
}

/// The shared fact behind a reference into a world's list.
template <class T>
std::shared_ptr<T> lend(std::span<const Shared<T>> facts, const T* value) {
    for (const auto& fact : facts) {
        if (fact.get() == value) return lend(fact);
    }
    throw std::logic_error("a fact outside its world");
}

/// Text that may quote a broken file: bytes that are no UTF-8 become the replacement character.
inline py::str lenient(std::string_view text) {
    PyObject* const decoded =
        PyUnicode_DecodeUTF8(text.data(), static_cast<py::ssize_t>(text.size()), "replace");
    if (decoded == nullptr) throw py::error_already_set();
    return py::reinterpret_steal<py::str>(decoded);
}

}  // namespace qualgraph::bindings

namespace pybind11::detail {

/// Rational <-> Fraction. Whole numbers and fractions are taken; floats and texts are refused here,
/// because the Python side explains how to write them exactly.
template <>
struct type_caster<qualgraph::Rational> {
    PYBIND11_TYPE_CASTER(qualgraph::Rational, const_name("fractions.Fraction"));

    bool load(handle source, bool /*convert*/) {
        if (!source || PyBool_Check(source.ptr()) || PyFloat_Check(source.ptr())) return false;
        if (PyLong_Check(source.ptr())) {
            value = qualgraph::Rational(qualgraph::bindings::whole(source));
            return true;
        }
        if (!isinstance(source, qualgraph::bindings::fraction_class())) return false;
        value = qualgraph::Rational(qualgraph::bindings::whole(source.attr("numerator")),
                                    qualgraph::bindings::whole(source.attr("denominator")));
        return true;
    }

    static handle cast(const qualgraph::Rational& source, return_value_policy, handle) {
        return qualgraph::bindings::fraction_class()(source.numerator(), source.denominator()).release();
    }
};

/// An exact interval crosses as (min, max).
template <>
struct type_caster<qualgraph::Range> {
    PYBIND11_TYPE_CASTER(qualgraph::Range, const_name("tuple[fractions.Fraction, fractions.Fraction]"));

    bool load(handle source, bool convert) {
        if (!isinstance<tuple>(source) || len(source) != 2) return false;
        const auto ends = reinterpret_borrow<tuple>(source);
        make_caster<qualgraph::Rational> low;
        make_caster<qualgraph::Rational> high;
        if (!low.load(ends[0], convert) || !high.load(ends[1], convert)) return false;
        value = {cast_op<qualgraph::Rational>(low), cast_op<qualgraph::Rational>(high)};
        return true;
    }

    static handle cast(const qualgraph::Range& source, return_value_policy policy, handle parent) {
        return pybind11::make_tuple(
                   reinterpret_steal<object>(make_caster<qualgraph::Rational>::cast(source.min, policy, parent)),
                   reinterpret_steal<object>(make_caster<qualgraph::Rational>::cast(source.max, policy, parent)))
            .release();
    }
};

template <class Tag>
struct type_caster<qualgraph::Id<Tag>> {
    PYBIND11_TYPE_CASTER(qualgraph::Id<Tag>, const_name("str"));

    bool load(handle source, bool convert) {
        make_caster<std::string> text;
        if (!text.load(source, convert)) return false;
        value = qualgraph::Id<Tag>{cast_op<std::string&&>(std::move(text))};
        return true;
    }

    static handle cast(const qualgraph::Id<Tag>& source, return_value_policy policy, handle parent) {
        return make_caster<std::string>::cast(source.str(), policy, parent);
    }
};

template <>
struct type_caster<qualgraph::LevelRef> {
    PYBIND11_TYPE_CASTER(qualgraph::LevelRef, const_name("str"));

    bool load(handle source, bool convert) {
        make_caster<std::string> text;
        if (!text.load(source, convert)) return false;
        value = qualgraph::LevelRef::parse(cast_op<std::string&>(text));
        return true;
    }

    static handle cast(const qualgraph::LevelRef& source, return_value_policy policy, handle parent) {
        return make_caster<std::string>::cast(source.str(), policy, parent);
    }
};

template <>
struct type_caster<qualgraph::Date> {
    PYBIND11_TYPE_CASTER(qualgraph::Date, const_name("str"));

    bool load(handle source, bool convert) {
        make_caster<std::string> text;
        if (!text.load(source, convert)) return false;
        value = qualgraph::parse_date(cast_op<std::string&>(text));
        return true;
    }

    static handle cast(const qualgraph::Date& source, return_value_policy policy, handle parent) {
        return make_caster<std::string>::cast(qualgraph::to_string(source), policy, parent);
    }
};

/// Closed lists of words leave as the words themselves, those of the engine's own to_string.
template <class Enum>
struct word_caster {
    PYBIND11_TYPE_CASTER(Enum, const_name("str"));
    bool load(handle, bool) { return false; }
    static handle cast(Enum source, return_value_policy policy, handle parent) {
        return make_caster<std::string>::cast(to_string(source), policy, parent);
    }
};

template <>
struct type_caster<qualgraph::Evidence> : word_caster<qualgraph::Evidence> {};
template <>
struct type_caster<qualgraph::MappingKind> : word_caster<qualgraph::MappingKind> {};
template <>
struct type_caster<qualgraph::MappingStatus> : word_caster<qualgraph::MappingStatus> {};
template <>
struct type_caster<qualgraph::Strength> : word_caster<qualgraph::Strength> {};
template <>
struct type_caster<qualgraph::RecordKind> : word_caster<qualgraph::RecordKind> {};
template <>
struct type_caster<qualgraph::AnswerStatus> : word_caster<qualgraph::AnswerStatus> {};
template <>
struct type_caster<qualgraph::RouteStatus> : word_caster<qualgraph::RouteStatus> {};
template <>
struct type_caster<qualgraph::RoundTrip> : word_caster<qualgraph::RoundTrip> {};

/// Yes and no are bools; "not enough information" is None.
template <>
struct type_caster<qualgraph::Truth> {
    PYBIND11_TYPE_CASTER(qualgraph::Truth, const_name("bool | None"));
    bool load(handle, bool) { return false; }
    static handle cast(qualgraph::Truth source, return_value_policy, handle) {
        if (source == qualgraph::Truth::unknown) return none().release();
        return bool_(source == qualgraph::Truth::yes).release();
    }
};

/// Words the engine reads itself, with its own message for others.
template <>
struct type_caster<qualgraph::Way> {
    PYBIND11_TYPE_CASTER(qualgraph::Way, const_name("str"));
    bool load(handle source, bool convert) {
        make_caster<std::string> text;
        if (!text.load(source, convert)) return false;
        value = qualgraph::parse_way(cast_op<std::string&>(text));
        return true;
    }
    static handle cast(qualgraph::Way source, return_value_policy policy, handle parent) {
        return make_caster<std::string>::cast(to_string(source), policy, parent);
    }
};

template <>
struct type_caster<qualgraph::RoundingMode> {
    PYBIND11_TYPE_CASTER(qualgraph::RoundingMode, const_name("str"));
    bool load(handle source, bool convert) {
        make_caster<std::string> text;
        if (!text.load(source, convert)) return false;
        value = qualgraph::parse_rounding_mode(cast_op<std::string&>(text));
        return true;
    }
    static handle cast(qualgraph::RoundingMode source, return_value_policy policy, handle parent) {
        return make_caster<std::string>::cast(to_string(source), policy, parent);
    }
};

/// A source leaves as (title, publisher, year, url, evidence); qualgraph.Source takes these.
template <>
struct type_caster<qualgraph::Source> {
    PYBIND11_TYPE_CASTER(qualgraph::Source,
                         const_name("tuple[str, str | None, int | None, str | None, str]"));
    bool load(handle, bool) { return false; }
    static handle cast(const qualgraph::Source& source, return_value_policy, handle) {
        return pybind11::make_tuple(source.title, source.publisher, source.year, source.url, source.evidence).release();
    }
};

/// Words a caller may write; another word is answered with the ones there are.
template <>
struct type_caster<qualgraph::EvidenceFloor> {
    PYBIND11_TYPE_CASTER(qualgraph::EvidenceFloor, const_name("str"));

    bool load(handle source, bool convert) {
        make_caster<std::string> text;
        if (!text.load(source, convert)) return false;
        const auto& word = cast_op<std::string&>(text);
        if (word == "all") {
            value = qualgraph::EvidenceFloor::all;
        } else if (word == "read") {
            value = qualgraph::EvidenceFloor::read;
        } else {
            throw qualgraph::InvalidValue("evidence=\"" + word +
                                          "\" is not possible: \"all\" answers from every fact, \"read\" only from "
                                          "facts seen in a text.");
        }
        return true;
    }

    static handle cast(qualgraph::EvidenceFloor source, return_value_policy policy, handle parent) {
        return make_caster<std::string>::cast(source == qualgraph::EvidenceFloor::read ? "read" : "all", policy,
                                              parent);
    }
};

template <>
struct type_caster<qualgraph::Purpose> {
    PYBIND11_TYPE_CASTER(qualgraph::Purpose, const_name("str"));

    bool load(handle source, bool convert) {
        make_caster<std::string> text;
        if (!text.load(source, convert)) return false;
        const auto& word = cast_op<std::string&>(text);
        if (word == "information") {
            value = qualgraph::Purpose::information;
        } else if (word == "recognition") {
            value = qualgraph::Purpose::recognition;
        } else if (word == "preview") {
            value = qualgraph::Purpose::preview;
        } else {
            throw qualgraph::InvalidValue("purpose=\"" + word +
                                          "\" is not possible: \"information\" uses every document in force, "
                                          "\"recognition\" leaves out documents not meant for it, \"preview\" "
                                          "uses drafts too");
        }
        return true;
    }

    static handle cast(qualgraph::Purpose source, return_value_policy policy, handle parent) {
        const char* const word = source == qualgraph::Purpose::recognition ? "recognition"
                                 : source == qualgraph::Purpose::preview   ? "preview"
                                                                           : "information";
        return make_caster<std::string>::cast(word, policy, parent);
    }
};

}  // namespace pybind11::detail
