"""The linter of rules: what no record can meet, what changes nothing, what is not said; and large rules."""

from __future__ import annotations

import json
import time

import pytest

import qualgraph as qg
from reference.stacking_random import instance


def rule(**clauses) -> qg.Rule:
    return qg.Rule({"language": 1, "id": "r", "title": "R", "sources": [], **clauses})


def places(*those) -> dict:
    return {f"p{number}": place for number, place in enumerate(those)}


def remarks(of: qg.Rule, kind: str, *more):
    return [one for one in of.lint(*more) if one.kind == kind]


A, B, RPL = {"from": {"tag": "a"}}, {"from": {"tag": "b"}}, {"origin": "rpl"}
LOW, HIGH = {"level": {"at_most": "nz-nzqcf:4"}}, {"level": {"at_least": "nz-nzqcf:5"}}
TWO = {
    "c": {"choose": {"min": 1, "max": 1}},
    "x": {"inside": "c", **A, "max": 60},
    "y": {"inside": "c", **B, "max": 60},
}

#: Rules that no record meets, with the bounds that clash.
IMPOSSIBLE = {
    "places too small": (
        {"total": {"min": 120}, "places": places({**A, "max": 50}, {**B, "max": 50})},
        None,
    ),
    "a choice too small": ({"total": {"min": 120}, "places": TWO}, None),
    "minima above the maximum": ({"total": {"max": 60}, "places": places({**A, "min": 40}, {**B, "min": 40})}, None),
    "a cap over everything": (
        {"total": {"min": 120}, "caps": {"k": {"max": 100}}},
        {"total/min", "caps/k/max"},
    ),
    "floors apart, above the total": (
        {"total": {"exact": 120}, "floors": {"hi": {"from": HIGH, "min": 80}, "lo": {"from": LOW, "min": 60}}},
        {"total/exact", "floors/hi/min", "floors/lo/min"},
    ),
    "a finer floor under a wider cap": (
        {
            "total": {"min": 120},
            "floors": {"exam": {"from": {"origin": "rpl.exam"}, "min": 70}},
            "caps": {"rpl": {"from": RPL, "max_share": "1/2"}},
        },
        {"floors/exam/min", "caps/rpl/max_share"},
    ),
    "shares that come to more than all": (
        {
            "total": {"min": 120},
            "floors": {
                "hi": {"from": HIGH, "min_share": "61/100", "base": "counted"},
                "lo": {"from": LOW, "min_share": "40/100", "base": "counted"},
            },
        },
        {"total/min", "floors/hi/min_share", "floors/lo/min_share"},
    ),
    "every place under a cap": (
        {
            "total": {"min": 120},
            "places": places({"from": RPL}, {"from": {"origin": "transfer"}}),
            "caps": {"rpl": {"from": RPL, "max": 30}, "tr": {"from": {"origin": "transfer"}, "max": 40}},
        },
        {"total/min", "caps/rpl/max", "caps/tr/max"},
    ),
    "shares of what counts": (
        {
            "total": {"min": 12},
            "places": places({"from": RPL}, {"from": {"origin": "transfer"}}),
            "caps": {
                "rpl": {"from": RPL, "max_share": "1/3", "base": "counted"},
                "tr": {"from": {"origin": "transfer"}, "max_share": "1/3", "base": "counted"},
            },
        },
        {"total/min", "caps/rpl/max_share", "caps/tr/max_share"},
    ),
    "a union of caps": (
        {
            "total": {"min": 60},
            "places": places({"from": RPL, "min": 40}, {"from": "everything"}),
            "caps": {
                "rpl": {"from": RPL, "max": 50},
                "tr": {"from": {"origin": "transfer"}, "max": 50},
                "both": {"union": ["rpl", "tr"], "max": 30},
            },
        },
        {"places/p0/min", "caps/both/max"},
    ),
    "a gate that bars a floor": (
        {
            "total": {"min": 60},
            "eligibility": {"high": {"require": HIGH}},
            "floors": {"low": {"from": LOW, "min": 10}},
        },
        {"floors/low/min"},
    ),
}


@pytest.mark.parametrize("name", IMPOSSIBLE)
def test_what_no_record_can_meet_is_said_with_the_bounds_that_clash(name):
    clauses, clash = IMPOSSIBLE[name]
    found = remarks(rule(**clauses), "unsatisfiable")
    assert len(found) == 1
    if clash is None:
        return
    bounds = {path for path in _bounds(clauses) if path in found[0].found}
    assert bounds == clash
    # Each of them is needed: without any one of them, somebody can meet the rest.
    for path in clash:
        fewer = json.loads(json.dumps(clauses))
        group, *steps = path.split("/")
        at = fewer[group]
        for step in steps[:-1]:
            at = at[step]
        del at[steps[-1]]
        if group in ("caps", "floors"):
            del fewer[group][steps[0]]
            for cap in fewer.get("caps", {}).values():
                assert steps[0] not in cap.get("union", ())
        if group == "total":
            del fewer["total"]
        assert not remarks(rule(**fewer), "unsatisfiable"), path


def _bounds(clauses) -> list[str]:
    keys = ("min", "max", "exact", "min_share", "max_share")
    found = [f"total/{key}" for key in clauses.get("total", {}) if key in keys]
    for group in ("places", "floors", "caps"):
        found += [f"{group}/{id}/{key}" for id, one in clauses.get(group, {}).items() for key in one if key in keys]
    return found


@pytest.mark.parametrize(
    "clauses",
    [
        {"total": {"min": 120}, "places": places({**A, "max": 50}, {**B, "max": 70})},
        {"total": {"min": 120}, "places": {**TWO, "c": {"choose": {"min": 1, "max": 2}}}},
        # A third of a hundred is no whole number of credits, and can be met.
        {
            "total": {"exact": 100},
            "floors": {"x": {"from": {"tag": "a"}, "min_share": "1/3"}},
            "caps": {"x": {"from": {"tag": "a"}, "max_share": "1/3"}},
        },
        # One item may carry both tags, and come from two origins.
        {
            "total": {"exact": 60},
            "floors": {"a": {"from": {"tag": "a"}, "min": 40}, "b": {"from": {"tag": "b"}, "min": 40}},
        },
        {"total": {"exact": 60}, "places": places({**A, "min": 40}), "floors": {"f": {"from": RPL, "min": 30}}},
        # A hundredth of a hundredth is met by whoever brings enough of the rest.
        {
            "places": places({**A}, {}),
            "floors": {"f": {"from": RPL, "in": ["p0"], "min": 10}},
            "caps": {
                "of-place": {"from": RPL, "in": ["p0"], "max_share": "1/100", "base": "component"},
                "of-all": {**A, "max_share": "1/100", "base": "counted"},
            },
        },
        # A clause that is not always in force asks for nothing.
        {"total": {"max": 10, "when": {"award": "x"}}, "places": places({**A, "min": 40})},
        {"total": {"max": 10}, "places": places({**A, "min": 40, "when": {"award": "x"}})},
        {
            "total": {"max": 60},
            "allocation": {"use": "shared"},
            "places": places({**A, "min": 40}, {**B, "min": 40}),
        },
        {
            "total": {"max": 60},
            "substitutions": {"s": {"replace": {"tag": "a"}, "by": "everything"}},
            "places": places({"from": RPL}),
            "caps": {"rpl": {"from": RPL, "max": 5}},
            "floors": {"f": {"min": 10, "from": {"tag": "z"}}},
        },
    ],
)
def test_what_somebody_can_meet_is_not_said_to_be_impossible(clauses):
    assert not remarks(rule(**clauses), "unsatisfiable")


def test_no_rule_that_somebody_meets_is_said_to_be_impossible(world):
    impossible = 0
    for seed in range(1500):
        made, record = instance(seed)[:2]
        random = qg.Rule(made)
        if remarks(random, "unsatisfiable"):
            impossible += 1
            held = qg.Record.from_text(json.dumps(record))
            assert world.audit(held, random).verdict != "satisfied", seed
    assert impossible > 50


def test_no_rule_of_the_facts_is_said_to_be_impossible(world):
    kinds = ("unsatisfiable", "dead branch", "vacuous", "never binding", "no selector")
    found = [(one.id, str(remark)) for one in world.rules for remark in one.lint() if remark.kind in kinds]
    assert found == []


def test_a_bound_without_selector_is_said():
    found = remarks(rule(total={"min": 120}, caps={"rpl": {"max": 130}}, floors={"f": {"min": 60}}), "no selector")
    assert [one.clause for one in found] == ["caps/rpl", "floors/f"]
    assert "limits all that counts" in found[0].found
    # Another measure, a place or one limit for each value say something else.
    assert not remarks(
        rule(
            total={"min": 120},
            places=places(A),
            caps={
                "k": {"max": 5, "measure": "units"},
                "l": {"in": "p0", "max": 9},
                "m": {"for_each": "mode", "max": 9},
            },
            floors={"f": {"min": 2, "distinct": "mode"}},
        ),
        "no selector",
    )


def test_levels_and_lists_that_exclude_each_other_select_nothing():
    for selector in (
        {"all": [{"level": {"exactly": "nz-nzqcf:4"}}, HIGH]},
        {"all": [{"level": {"exactly": "nz-nzqcf:6"}}, LOW]},
        {"tag": "a", "not": {"tag": ["a", "b"]}},
        {"origin": "rpl.exam", "not": {"origin": "rpl"}},
    ):
        assert remarks(rule(floors={"f": {"from": selector, "min": 5}}), "vacuous"), selector
    for selector in (
        {"all": [{"level": {"exactly": ["nz-nzqcf:4", "nz-nzqcf:5"]}}, HIGH]},
        {"tag": ["a", "b"], "not": {"tag": "a"}},
        {"origin": "rpl", "not": {"origin": "rpl.exam"}},
    ):
        assert not remarks(rule(floors={"f": {"from": selector, "min": 5}}), "vacuous"), selector


# ---- on a catalogue

OFFERS = [
    {"id": "x", "credits": 10, "tags": ["core"], "origin": "micro"},
    {"id": "y", "credits": 10, "tags": ["core"], "origin": "rpl"},
    {"id": "z", "credits": 10, "tags": ["lab"], "origin": "taught"},
]


def test_clauses_that_follow_from_the_others_on_a_catalogue_are_said():
    catalogue = qg.Catalogue(OFFERS)
    clauses = {
        "total": {"min": 10, "max": 20},
        "places": {"core": {"from": {"tag": "core"}, "min": 10}, "lab": {"from": {"tag": "lab"}, "max": 10}},
        # Not all of the catalogue is within it, but the maximum of the total keeps everybody within.
        "caps": {"own": {"from": {"not": {"tag": "none"}}, "max": 20}, "rpl": {"from": RPL, "max": 5}},
    }
    found = {one.clause for one in remarks(rule(**clauses), "redundant", catalogue)}
    # Whoever has the ten credits of the core has the ten of the total, and never more than the cap.
    assert found == {"total/min", "caps/own/max", "total/max"}
    clauses["places"]["core"]["min"] = 5
    del clauses["caps"]
    found = {one.clause for one in remarks(rule(**clauses), "redundant", catalogue)}
    assert "total/max" not in found


def test_what_some_of_the_catalogue_can_break_is_not_said_to_follow():
    both = {"a": {"from": {"tag": "a"}, "min": 10}, "b": {"from": {"tag": "b"}, "min": 10}}
    three = [{"id": id, "credits": 10, "tags": tags} for id, tags in (("x", ["a", "b"]), ("y", ["a"]), ("z", ["b"]))]
    # Whoever meets both floors has at least 10, and may have 20: the upper end of the amount does not follow.
    assert remarks(rule(total={"min": 10}, floors=both), "redundant", qg.Catalogue(three))
    assert not remarks(rule(total={"exact": 10}, floors=both), "redundant", qg.Catalogue(three))
    # What is not stated may turn out against a bound.
    floor = rule(total={"min": 10}, floors={"a": {"from": {"tag": "a"}, "min": 10}})
    assert remarks(floor, "redundant", qg.Catalogue(three[:2]))
    assert not remarks(floor, "redundant", qg.Catalogue([{"id": "x", "credits": 10}, three[1]]))
    # Whoever does not hold x is asked for nothing by the total.
    hangs = rule(total={"min": 10, "when": {"holds": {"unit": "x"}}}, places=places({"from": {"tag": "a"}, "min": 10}))
    assert not remarks(hangs, "redundant", qg.Catalogue(three[:2]))


def test_readings_with_two_outcomes_on_a_catalogue_are_said():
    clauses = {
        "total": {"min": 20},
        "caps": {"core": {"from": {"tag": "core"}, "max": 20}},
        "readings": {
            "narrow": {"changes": [{"path": "caps/core/max", "to": 5}]},
            "same": {"changes": [{"path": "caps/core/max", "to": 25}]},
        },
    }
    found = [
        one for one in remarks(rule(**clauses), "readings", qg.Catalogue(OFFERS)) if "whole catalogue" in one.found
    ]
    assert [one.clause for one in found] == ["readings/narrow"]
    assert "satisfied, 0 short as the text stands, unsatisfied, 10 short so read" in found[0].found


# ---- large rules


def test_places_may_lie_deep_inside_each_other(world):
    def nested(number: int) -> dict:
        inner = {f"p{i}": {"inside": f"p{i - 1}", "min": 1} for i in range(1, number)}
        return {"p0": {"min": 1}, **inner}

    deep = rule(places=nested(400))
    record = qg.Record([{"id": "a", "credits": 5, "used_for": []}])
    audit = world.audit(record, deep)
    assert audit.verdict == "satisfied"
    assert qg.check(audit.certificate, record, deep)
    assert len(str(deep).splitlines()) >= 400
    with pytest.raises(qg.FactError, match="no more than 400 places inside one another"):
        rule(places=nested(401))
    with pytest.raises(qg.FactError, match="a circle"):
        rule(places={"a": {"inside": "b"}, "b": {"inside": "a"}})


@pytest.mark.parametrize(
    "clauses",
    [
        {"places": {"c": {"choose": 1}, **{f"p{i}": {"inside": "c", "from": {"tag": f"t{i}"}} for i in range(10_000)}}},
        {
            "total": {"exact": 60},
            "floors": {f"f{i}": {"from": {"tag": f"t{i}"}, "min": 1} for i in range(5_000)},
            "caps": {f"k{i}": {"from": {"tag": f"t{i}"}, "max": 10} for i in range(5_000)},
        },
    ],
)
def test_ten_thousand_clauses_are_linted_and_printed(clauses):
    started = time.monotonic()
    large = rule(**clauses)
    large.lint()
    assert len(str(large)) > 500_000
    # Quadratic work took a minute.
    assert time.monotonic() - started < 20


def test_names_the_facts_do_not_have_are_told() -> None:
    places = {"p": {"from": {"level": {"at_least": "nz-nzqcf:44"}}, "min": 10}}
    rule = qg.Rule({"id": "r", "title": "R", "credit": "nzcredit", "level": "nz-nzqcf:4", "places": places})
    told = {one.clause: str(one) for one in rule.lint() if one.kind == "unknown name"}
    assert set(told) == {"credit", "places/p/from/level"}
    assert "nz-credit" in told["credit"] and "nz-nzqcf:44" in told["places/p/from/level"]
    own = qg.Rule({"id": "r", "title": "R", "credit": "x-points", "total": {"min": 10}})
    assert not [one for one in own.lint() if one.kind == "unknown name"]
