"""One test for each shape in which real qualifications are put together, S01 to S43.

Each tries the trap of its shape on a rule written for it: once met, once not. Certificates are
checked and, where there are few allocations, the verdict is compared with trying all of them. A
real rule that carries the shape is held against its book as well.
"""

# ruff: noqa: N802 - shapes are called as in the table of shapes

from __future__ import annotations

import json
import pathlib
from fractions import Fraction

import pytest

import qualgraph as qg
from qualgraph.check import check
from reference import stacking_brute

HERE = pathlib.Path(__file__).resolve().parent


def item(id, credits=10, tags="", **more):
    """A passed unit of which everything usual is known."""
    stated = {"id": id, "credits": credits, "tags": tags.split(), "origin": "taught", "used_for": [], **more}
    return {key: value for key, value in stated.items() if value is not ...}


class Asked:
    """Audits that are checked whenever they are made."""

    def __init__(self, world):
        self.world = world

    def __call__(self, clauses, items, asks=None, **record):
        rule = qg.Rule({"id": "shape", "title": "Award of one shape", "credit": "ects", **clauses})
        held = qg.Record(items, **{"as_of": "2026-01-01", "credit": "ects", "awards": [], **record})
        return self.checked(rule, held, asks or {})

    def checked(self, rule, held, asks):
        audit = self.world.audit(held, rule, **asks)
        checked = check(audit.certificate, held, rule, self.world)
        assert checked.ok is True, checked.reasons
        try:
            expected = stacking_brute.audit(rule.to_dict(), held.to_dict(), audit.choice, self.world, limit=4000)
        except stacking_brute.TooMany:
            return audit
        assert audit.verdict == expected["verdict"]
        least = expected["strict"]["shortfall"]
        if least is not None:
            assert nonzero(audit.shortfalls) == nonzero(least)
        return audit

    def verdict(self, clauses, items, asks=None, **record):
        return self(clauses, items, asks, **record).verdict

    def book(self, shape, rule, met, failed):
        """A real rule that has the shape, on two learners of its book."""
        text = self.world.rule(rule).to_dict()
        assert shape in text["shapes"]
        cases = {case["id"]: case for case in json.loads((HERE / "records" / f"{rule}.json").read_text())["cases"]}
        for name, verdict in ((met, {"satisfied", "provisional"}), (failed, {"unsatisfied"})):
            case = cases[name]
            laid = case.get("laid_over")
            asked = self.world.rule(rule).reform(laid) if laid else self.world.rule(rule)
            held = qg.Record.from_text(json.dumps(case["record"]))
            assert case["expected"] in verdict
            assert self.checked(asked, held, case.get("asks", {})).verdict == case["expected"]


def nonzero(amounts):
    return {measure: amount for measure, amount in amounts.items() if amount}


@pytest.fixture(scope="module")
def ask(world):
    return Asked(world)


def test_S01_total_minimum(ask):
    rule = {"total": {"min": 60}}
    assert ask.verdict(rule, [item("a", 20), item("b", 20), item("c", 20)]) == "satisfied"
    short = ask(rule, [item("a", 20), item("b", 20), item("c", "39/2")])
    assert (short.verdict, short.shortfall) == ("unsatisfied", Fraction(1, 2))
    # A credit that is not known is no zero.
    assert ask.verdict(rule, [item("a", 20), item("b", 20), item("c", None)]) == "provisional"
    ask.book("S01", "nz-graduate-diploma", "seventy-five-at-level-7", "sixty-at-level-7")


def test_S02_compulsory_set(ask):
    rule = {"places": {"core": {"from": {"unit": ["A", "B", "C"]}, "all": True}}}
    assert ask.verdict(rule, [item("A"), item("B"), item("C")]) == "satisfied"
    # Two attempts at one unit are one unit.
    again = [item("A"), item("A2", unit="A"), item("B")]
    assert ask(rule, again).missing.column("clause") == ["places/core/all[C]"]
    # An exemption lifts its unit and brings nothing.
    lifted = ask({**rule, "total": {"min": 20}}, [item("A"), item("B"), item("C", status="exempted")])
    assert (lifted.verdict, lifted.counted) == ("satisfied", 20)
    ask.book("S02", "au-chc33021", "ageing", "no-infection-control")


def test_S03_minimum_from_a_group(ask):
    # Scarce course order: whoever puts the first course into the first group starves the second.
    places = {"any": {"from": {"tag": ["x", "y"]}, "min": 10}, "scarce": {"from": {"tag": "y"}, "min": 10}}
    assert ask.verdict({"places": places}, [item("a", tags="x y"), item("b", tags="x")]) == "satisfied"
    two = ask({"places": places}, [item("a", tags="x"), item("b", tags="x")])
    assert two.missing.column("clause") == ["places/scarce/min"]
    ask.book("S03", "gb-btec-eligibility-formula", "units-in-both-lists", "no-split-fits")


def test_S04_maximum_from_a_group(ask):
    rule = {
        "total": {"min": 20},
        "places": {"easy": {"from": {"tag": "easy"}, "max": 10}, "hard": {"from": {"tag": "hard"}}},
    }
    assert ask.verdict(rule, [item("a", tags="easy"), item("b", tags="easy"), item("c", tags="hard")]) == "satisfied"
    # 15 credits are not cut to the 10 that would fit.
    short = ask(rule, [item("a", 15, "easy"), item("c", tags="hard")])
    assert (short.verdict, short.shortfall) == ("unsatisfied", 10)
    ask.book("S04", "gb-eng-l3-business-admin", "fifty-eight", "one-credit-short")


def test_S05_units_instead_of_credits(ask):
    rule = {"places": {"modules": {"from": {"tag": "m"}, "measure": "units", "min": 3}}}
    assert ask.verdict(rule, [item(id, 1, "m") for id in "abc"]) == "satisfied"
    short = ask(rule, [item("a", 30, "m"), item("b", 30, "m")])
    assert short.shortfalls["units"] == 1
    assert short.shortfall == 0
    ask.book("S05", "sg-nus-dsml", "two-clusters", "one-cluster")


def test_S05_equal_units_of_one_item_are_several(ask):
    rule = {"measure": "units", "total": {"min": 24}, "caps": {"vet": {"from": {"origin": "vet"}, "max": 8}}}
    audit = ask(rule, [item("dip", ..., origin="vet", count=10), item("own", ..., count=16)])
    assert (audit.verdict, audit.counted) == ("satisfied", 24)


def test_S06_minimum_at_or_above_a_level(ask):
    rule = {"floors": {"upper": {"from": {"level": {"at_least": "eqf:6"}}, "min": 20}}}
    # Above counts as well, and so does a level of a framework that refers to this one.
    assert ask.verdict(rule, [item("a", level="eqf:7"), item("b", level="ie-nfq:8")]) == "satisfied"
    short = ask(rule, [item("a", level="eqf:7"), item("b", level="ie-nfq:6")])
    assert (short.verdict, short.shortfall) == ("unsatisfied", 10)
    assert ask.verdict(rule, [item("a", level="eqf:7"), item("b")]) == "provisional"
    ask.book("S06", "gb-keele-framework", "honours", "certificate-with-thirty-at-level-7")


def test_S07_maximum_at_a_low_level(ask):
    rule = {"total": {"min": 30}, "caps": {"low": {"from": {"level": {"at_most": "eqf:4"}}, "max": 10}}}
    low, high = item("low", level="eqf:4"), item("high", 20, level="eqf:5")
    assert ask.verdict(rule, [low, high]) == "satisfied"
    assert ask(rule, [low, item("low2", level="eqf:3"), item("high", level="eqf:5")]).shortfall == 10
    # A level that is not known may be a low one.
    assert ask.verdict(rule, [low, item("new"), item("high", level="eqf:5")]) == "provisional"
    ask.book("S07", "ie-ucd-awards", "honours", "three-modules-of-level-0")


def test_S08_minimum_inside_a_minimum(ask):
    places = {
        "major": {"from": {"tag": "law"}, "min": 30},
        "upper": {"inside": "major", "from": {"level": {"at_least": "eqf:6"}}, "min": 20},
    }
    low, high = (
        [item(f"l{n}", tags="law", level="eqf:5") for n in "ab"],
        [item(f"h{n}", tags="law", level="eqf:6") for n in "ab"],
    )
    # What is inside counts outside too: 30 in all are enough, 50 are not asked.
    assert ask.verdict({"places": places}, [low[0], *high]) == "satisfied"
    short = ask({"places": places}, [*low, high[0]])
    assert short.missing.column("clause") == ["places/upper/min"]
    ask.book("S08", "fi-vocational", "further-120", "sizes-do-not-add-up")


def test_S09_cap_by_origin(ask):
    rule = {"total": {"min": 40}, "caps": {"rpl": {"from": {"origin": "rpl"}, "max_share": "1/2"}}}
    study, rpl = [item("s1"), item("s2")], [item("r1", origin="rpl"), item("r2", origin="rpl.exam")]
    assert ask.verdict(rule, study + rpl) == "satisfied"
    # Every kind of prior learning falls under it, and trimming leaves the surplus out.
    short = ask(rule, [study[0], *rpl, item("r3", origin="rpl.experiential")])
    assert (short.verdict, short.shortfall, short.counted) == ("unsatisfied", 10, 30)
    assert ask.verdict(rule, [study[0], *rpl, item("q", origin=...)]) == "provisional"
    ask.book("S09", "ke-kcats-49", "nine-courses", "ten-courses")


def test_S09_cap_as_a_violation(ask):
    cap = {"from": {"origin": "rpl"}, "max": 10}
    items = [item("s", 20), item("r1", origin="rpl"), item("r2", origin="rpl")]
    assert ask.verdict({"total": {"min": 30}, "caps": {"rpl": cap}}, items) == "satisfied"
    invalid = {"total": {"min": 30}, "caps": {"rpl": {**cap, "effect": "invalid"}}}
    assert ask.verdict(invalid, items) == "unsatisfied"
    assert ask.verdict(invalid, items[:2]) == "satisfied"


def test_S10_cap_over_a_union_of_capped_origins(ask):
    caps = {
        "work": {"from": {"origin": "rpl.professional"}, "max": 10},
        "courses": {"from": {"origin": "training"}, "max": 10},
        "both": {"union": ["work", "courses"], "max": 15},
    }
    rule = {"total": {"min": 30}, "caps": caps}
    work = [item(f"w{n}", 5, origin="rpl.professional") for n in "ab"]
    courses = [item(f"c{n}", 5, origin="training") for n in "ab"]
    study = [item(f"s{n}", 5) for n in "abc"]
    assert ask.verdict(rule, work + courses[:1] + study) == "satisfied"
    # Each within its own limit, together above the joint one.
    assert ask(rule, work + courses + study[:2]).shortfall == 5
    # What is in no member is outside the union.
    outside = [item("m", 5, origin="micro")]
    assert ask.verdict(rule, work + courses[:1] + study[:2] + outside) == "satisfied"
    ask.book("S10", "pt-dl74-creditacao", "two-thirds-together", "each-within-its-limit")


def test_S10_overlapping_caps(ask):
    # A micro-credential gained by examination is both.
    caps = {"rpl": {"from": {"origin": "rpl"}, "max": 10}, "micro": {"from": {"origin": "micro"}, "max": 10}}
    both = item("both", origin=["micro", "rpl.exam"])
    rule = {"total": {"min": 20}, "caps": caps}
    assert ask.verdict(rule, [item("m", origin="micro"), item("r", origin="rpl")]) == "satisfied"
    assert ask(rule, [both, item("m", origin="micro"), item("s", 5)]).shortfall == 5


def test_S11_residency(ask):
    rule = {"awarding": "home", "total": {"min": 40}, "floors": {"here": {"from": {"provider": "awarding"}, "min": 20}}}
    here, away = [item(f"h{n}", provider="home") for n in "ab"], [item(f"a{n}", provider="away") for n in "abc"]
    assert ask.verdict(rule, here + away[:2]) == "satisfied"
    short = ask(rule, here[:1] + away)
    assert short.missing.column("clause") == ["floors/here/min"]
    assert ask.verdict(rule, [here[0], item("n"), *away[:2]]) == "provisional"
    ask.book("S11", "us-utexas-residence", "sixty-in-residence", "two-self-paced")


def test_S12_residency_of_the_last_credits(ask):
    floors = {"last": {"from": {"provider": "awarding"}, "of_last": 20, "min": 20}}
    rule = {"awarding": "home", "floors": floors}
    away = [item("x1", provider="away", date="2021-01-31"), item("x2", provider="away", date="2022-01-31")]
    here = [item("h1", provider="home", date="2023-01-31"), item("h2", provider="home", date="2024-01-31")]
    late = item("late", provider="away", date="2025-01-31")
    assert ask.verdict({**rule, "total": {"min": 40}}, [*away, *here]) == "satisfied"
    # A late course elsewhere is left out where it is not needed, and breaks the stretch where it is.
    assert ask.verdict({**rule, "total": {"min": 40}}, [*away, *here, late]) == "satisfied"
    assert ask(({**rule, "total": {"min": 50}}), [*away, *here, late]).shortfall == 10
    ask.book("S12", "us-mtaloy-last30", "last-thirty-here", "a-course-elsewhere-at-the-end")


def test_S13_currency(ask):
    rule = {"total": {"min": 10}, "eligibility": {"fresh": {"require": {"age": {"at_most": "5 years"}}}}}
    # The day itself is still inside.
    assert ask.verdict(rule, [item("a", date="2021-01-01")]) == "satisfied"
    assert ask.verdict(rule, [item("a", date="2020-12-31")]) == "unsatisfied"
    assert ask.verdict(rule, [item("a")]) == "provisional"
    ask.book("S13", "in-abc-2021", "fresh-credits", "one-course-too-old")


def test_S13_age_and_spending_together(ask):
    rule = {
        "total": {"min": 20},
        "eligibility": {"fresh": {"require": {"age": {"at_most": "5 years"}}}},
        "reuse": {"used_elsewhere": "barred", "spends": True},
    }
    fresh, old = {"date": "2024-01-01"}, {"date": "2019-01-01"}
    assert ask.verdict(rule, [item("a", **fresh), item("b", **fresh), item("c", **old)]) == "satisfied"
    # Of three one is old and one is spent.
    spent = item("b", **{**fresh, "used_for": ["diploma"]})
    audit = ask(rule, [item("a", **fresh), spent, item("c", **old)])
    assert (audit.verdict, audit.shortfall) == ("unsatisfied", 10)


def test_S14_completion_window(ask):
    rule = {"total": {"min": 30}, "windows": {"w": {"span": "2 years"}}}
    dates = ["2020-06-30", "2021-06-30", "2022-06-30", "2023-06-30"]
    # The window slides: the oldest course is not the one it has to start with.
    assert ask.verdict(rule, [item(f"d{n}", date=day) for n, day in enumerate(dates)]) == "satisfied"
    apart = ["2020-06-30", "2021-06-30", "2022-07-01", "2023-07-02"]
    assert ask(rule, [item(f"d{n}", date=day) for n, day in enumerate(apart)]).shortfall == 10
    fixed = {"total": {"min": 30}, "windows": {"w": {"span": "2 years", "starts": "registration"}}}
    later = [item(f"d{n}", date=day) for n, day in enumerate(dates[1:])]
    assert ask.verdict(fixed, later, dates={"registration": "2021-06-30"}) == "satisfied"
    assert ask.verdict(fixed, later, dates={"registration": "2020-12-31"}) == "unsatisfied"
    ask.book("S14", "sg-sutd-modularmaster", "within-two-years", "one-day-longer")


LETTERS = {"letters": {"order": ["F", "D", "C", "B", "A"], "points": {"F": 0, "D": 1, "C": 2, "B": 3, "A": 4}}}


def test_S15_grade_minimum_per_unit(ask):
    gate = {"from": {"tag": "core"}, "require": {"grade": {"at_least": "C", "scale": "letters"}}}
    rule = {"scales": LETTERS, "total": {"min": 20}, "eligibility": {"grade": gate}}
    assert ask.verdict(rule, [item("a", tags="core", grade="C"), item("b", grade="D")]) == "satisfied"
    assert ask.verdict(rule, [item("a", tags="core", grade="D"), item("b", grade="A")]) == "unsatisfied"
    # Ungraded fails unless the rule says something else.
    ungraded = [item("a", tags="core", grade="ungraded"), item("b", grade="A")]
    assert ask.verdict(rule, ungraded) == "unsatisfied"
    passing = {**gate, "require": {"grade": {"at_least": "C", "scale": "letters", "ungraded": "pass"}}}
    assert ask.verdict({**rule, "eligibility": {"grade": passing}}, ungraded) == "satisfied"
    ask.book("S15", "nz-ncea-endorsement", "certificate-with-merit", "examination-only-achieved")


def test_S16_average(ask):
    rule = {"scales": LETTERS, "total": {"min": 20}, "averages": {"mean": {"min": 3, "scale": "letters"}}}
    good, fair, weak = item("a", grade="A"), item("b", grade="C"), item("c", grade="D")
    # A weak unit that is not needed is left out.
    assert ask.verdict(rule, [good, fair, weak]) == "satisfied"
    assert ask.verdict(rule, [good, weak]) == "unsatisfied"
    # Credits weigh: 10 of A and 30 of C are 5/2.
    assert ask.verdict({**rule, "total": {"min": 40}}, [good, item("b", 30, grade="C")]) == "unsatisfied"
    over = {**rule, "averages": {"mean": {"min": 3, "scale": "letters", "over": "record"}}}
    assert ask.verdict(over, [good, fair]) == "satisfied"
    assert ask.verdict(over, [good, fair, weak]) == "unsatisfied"
    ask.book("S16", "us-richmond-type-gpa", "mean-two", "failed-attempt-counts")


def test_S17_limited_low_or_ungraded_units(ask):
    low = {"not": {"grade": {"at_least": "B", "scale": "letters"}}}
    rule = {"scales": LETTERS, "total": {"min": 30}, "caps": {"low": {"from": low, "max": 10}}}
    assert ask.verdict(rule, [item("a", grade="A"), item("b", grade="B"), item("c", grade="C")]) == "satisfied"
    assert ask(rule, [item("a", grade="A"), item("b", grade="D"), item("c", grade="C")]).shortfall == 10
    # A unit without grade has not reached B.
    assert ask.verdict(rule, [item("a", grade="A"), item("b", grade="C"), item("c", grade="ungraded")]) == "unsatisfied"
    ask.book("S17", "us-ncsu-grad-cert", "all-in-residence", "all-as-a-non-degree-student")


def test_S18_barred_pair_or_class(ask):
    pair = {"total": {"min": 20}, "exclusions": {"same": {"sets": [{"unit": "ALG"}, {"unit": "ALG-H"}]}}}
    assert ask.verdict(pair, [item("ALG"), item("ALG-H"), item("GEO")]) == "satisfied"
    assert ask(pair, [item("ALG"), item("ALG-H")]).shortfall == 10
    clash = {"total": {"min": 20}, "caps": {"code": {"for_each": "tag:code", "measure": "units", "max": 1}}}
    assert ask.verdict(clash, [item("a", tags="code:1"), item("b", tags="code:2")]) == "satisfied"
    assert ask(clash, [item("a", tags="code:1"), item("b", tags="code:1")]).shortfall == 10
    ask.book("S18", "gb-diploma-asl", "two-codes", "same-code-twice")


def test_S19_either_or_without_mixing(ask):
    places = {
        "route": {"choose": 1},
        "one": {"inside": "route", "from": {"tag": "one"}, "min": 20},
        "two": {"inside": "route", "from": {"tag": "two"}, "min": 20},
    }
    assert (
        ask.verdict({"places": places}, [item("a", tags="one"), item("b", tags="one"), item("c", tags="two")])
        == "satisfied"
    )
    mixed = ask({"places": places}, [item("a", tags="one"), item("b", tags="two")])
    assert (mixed.verdict, mixed.shortfall) == ("unsatisfied", 10)
    ask.book("S19", "nz-0231-nces", "literacy-of-one-set", "literacy-of-two-sets")


def test_S20_each_unit_used_once(ask):
    places = {"a": {"from": {"tag": "x"}, "min": 10}, "b": {"from": {"tag": "y"}, "min": 10}}
    shared = [item("u", tags="x y")]
    assert ask.verdict({"places": places}, [*shared, item("v", tags="x")]) == "satisfied"
    assert ask({"places": places}, shared).shortfall == 10
    ask.book("S20", "za-57712", "one-hundred-and-fifty", "eighteen-elective")


def test_S21_sharing_allowed(ask):
    places = {"a": {"from": {"tag": "x"}, "min": 10}, "b": {"from": {"tag": "y"}, "min": 10}}
    rule = {"places": places, "allocation": {"use": "shared"}, "total": {"min": 20}}
    assert ask.verdict(rule, [item("u", tags="x y"), item("v", tags="x")]) == "satisfied"
    # What is shared is counted once in the total.
    assert ask(rule, [item("u", tags="x y")]).missing.column("clause") == ["total/min"]
    ask.book("S21", "ca-waterloo-triple", "three-uses", "four-uses")


def test_S22_limited_overlap(ask):
    places = {"major": {"from": {"tag": "x"}, "min": 20}, "minor": {"from": {"tag": "y"}, "min": 20}}
    overlap = {"between": ["major", "minor"], "max": 10}
    rule = {"places": places, "allocation": {"overlap": {"o": overlap}}}
    assert ask.verdict(rule, [item("a", tags="x"), item("b", tags="y"), item("c", tags="x y")]) == "satisfied"
    assert ask(rule, [item("a", tags="x y"), item("b", tags="x y")]).shortfall == 10
    # Exclusive places without a listed pair share nothing.
    assert ask({"places": places}, [item("a", tags="x"), item("b", tags="y"), item("c", tags="x y")]).shortfall == 10
    ask.book("S22", "us-cornerstone-double", "two-shared", "three-shared")


def test_S22_joint_and_single_caps(ask):
    # Two courses and eight credits: either of them may be the one that binds.
    places = {"major": {"from": {"tag": "x"}, "min": 12}, "minor": {"from": {"tag": "y"}, "min": 12}}
    pair = {"between": ["major", "minor"]}
    limits = {"courses": {**pair, "measure": "units", "max": 2}, "credits": {**pair, "max": 8}}
    rule = {"places": places, "allocation": {"overlap": limits}}

    def shared(sizes, own):
        both = [item(f"s{n}", size, "x y") for n, size in enumerate(sizes)]
        return [*both, item("x", own, "x"), item("y", own, "y")]

    assert ask.verdict(rule, shared([4, 4], 4)) == "satisfied"
    assert ask.verdict(rule, shared([2, 2, 4], 4)) == "unsatisfied"
    assert ask.verdict(rule, shared([5, 5], 2)) == "unsatisfied"


def test_S22_sharing_is_not_symmetric(ask):
    # A certificate goes into a degree as it is, a degree into a certificate by half.
    into_degree = {"total": {"min": 20}, "caps": {"c": {"from": {"tag": "certificate"}, "max_share": 1}}}
    into_certificate = {"total": {"min": 20}, "caps": {"d": {"from": {"tag": "degree"}, "max_share": "1/2"}}}
    assert ask.verdict(into_degree, [item("a", tags="certificate"), item("b", tags="certificate")]) == "satisfied"
    assert ask.verdict(into_certificate, [item("a", tags="degree"), item("b", tags="degree")]) == "unsatisfied"
    assert ask.verdict(into_certificate, [item("a", tags="degree"), item("b", tags="new")]) == "satisfied"
    ask.book("S22", "us-neu-cps-certificates", "one-course-between-certificates", "three-quarters-of-a-degree")


def test_S23_number_of_uses_of_one_unit(ask):
    places = {name: {"from": {"tag": name}, "min": 10} for name in ("p", "q", "r")}
    rule = {"places": places, "allocation": {"use": "shared", "max_places": 2}}
    assert ask.verdict(rule, [item("a", tags="p q r"), item("b", tags="r")]) == "satisfied"
    assert ask(rule, [item("a", tags="p q r")]).shortfall == 10
    ask.book("S23", "ca-guelph-double", "four-shared-courses", "six-shared-courses")


def test_S24_distinct_values(ask):
    rule = {"total": {"min": 20}, "floors": {"d": {"distinct": "tag:dept", "min": 2}}}
    assert ask.verdict(rule, [item("a", tags="dept:law"), item("b", tags="dept:art")]) == "satisfied"
    assert ask.verdict(rule, [item("a", tags="dept:law"), item("b", tags="dept:law")]) == "unsatisfied"
    # A unit of two departments brings both values; what is not counted brings none.
    assert ask.verdict(rule, [item("a", tags="dept:law dept:art"), item("b", tags="")]) == "satisfied"
    failed = item("c", tags="dept:art", status="failed")
    assert ask.verdict(rule, [item("a", tags="dept:law"), item("b", tags="dept:law"), failed]) == "unsatisfied"
    ask.book("S24", "us-stolaf-ba-gened", "courses-shared", "one-department")


def test_S25_overlay_that_crosses_the_groups(ask):
    rule = {
        "total": {"exact": 20},
        "places": {"core": {"from": {"tag": "core"}, "exact": 10}, "free": {"from": "everything"}},
        "floors": {
            "digital": {"from": {"tag": "digital"}, "min": 10},
            "upper": {"from": {"level": {"at_least": "eqf:6"}}, "min": 10},
        },
    }
    core, digital, upper = (
        item("c", tags="core", level="eqf:5"),
        item("d", tags="digital", level="eqf:5"),
        item("u", level="eqf:6"),
    )
    # Each overlay can be reached, both together cannot: core leaves room for one unit.
    assert ask(rule, [core, digital, upper]).shortfall == 10
    assert ask.verdict(rule, [core, digital, item("u", tags="core", level="eqf:6")]) == "satisfied"
    ask.book("S25", "au-unsw-sengah", "honours", "twenty-four-advanced")


def test_S25_slices_against_overlays(ask):
    bands = {f"l{n}": {"from": {"level": {"at_least": f"eqf:{n}"}}, "min": 10} for n in (4, 5, 6)}
    items = [item("a", level="eqf:6"), item("b", level="eqf:4")]
    # As overlays one unit serves every band; as slices it serves one.
    assert ask.verdict({"floors": bands}, items) == "satisfied"
    assert ask({"places": bands}, items).shortfall == 10
    # As slices 'or above' flows down.
    assert ask.verdict({"places": bands}, [item(id, level="eqf:6") for id in "abc"]) == "satisfied"


def test_S26_substitution_and_waiver(ask):
    rule = {
        "places": {"core": {"from": {"unit": ["A", "B"]}, "all": True}},
        "substitutions": {"s": {"replace": {"unit": "B"}, "by": {"tag": "like-b"}, "decided_by": "board"}},
        "waivers": {"w": {"clause": "places/core/all", "decided_by": "board"}},
    }
    items = [item("A"), item("X", tags="like-b")]
    assert ask.verdict(rule, items, decisions=[]) == "unsatisfied"
    assert ask.verdict(rule, items, decisions=[{"apply": "substitutions/s", "by": "board"}]) == "satisfied"
    assert ask.verdict(rule, items, decisions=[{"apply": "waivers/w", "by": "board"}]) == "satisfied"
    # It stands for one unit, not for both.
    both = {**rule, "substitutions": {"s": {"replace": {"unit": ["A", "B"]}, "by": {"tag": "like-b"}}}}
    assert ask.verdict(both, items[1:], decisions=[]) == "unsatisfied"
    ask.book("S26", "nz-vuw-bas", "building-science", "another-course-for-sarc122")


@pytest.mark.parametrize("replace", ["everything", {"tag": "core"}, {"unit": ["A", "B"]}])
def test_S26_a_substitute_completes_a_set(ask, replace):
    rule = {
        "units": [{"unit": id, "tags": ["core"]} for id in "AB"],
        "places": {"core": {"from": {"tag": "core"}, "all": True}},
        "substitutions": {"s": {"replace": replace, "by": {"tag": "like"}}},
    }
    if replace != {"tag": "core"}:
        rule["places"]["core"]["from"] = {"unit": ["A", "B"]}
    assert ask.verdict(rule, [item("A", tags="core"), item("X", tags="like")]) == "satisfied"
    assert ask.verdict(rule, [item("A", tags="core"), item("X")]) == "unsatisfied"


def test_S26_credit_that_is_not_assigned(ask):
    # Transfer without a counterpart serves electives, never the core.
    rule = {
        "places": {"core": {"from": {"tag": "core"}, "min": 10}, "elective": {"from": {"tag": "elective"}, "min": 10}},
        "substitutions": {"u": {"replace": {"tag": "elective"}, "by": {"origin": "transfer"}, "gives": "unassigned"}},
    }
    core, transfer = item("a", tags="core"), item("t", origin="transfer")
    assert ask.verdict(rule, [core, transfer]) == "satisfied"
    assert ask.verdict(rule, [transfer, item("t2", origin="transfer")]) == "unsatisfied"


def test_S27_prerequisites_in_time(ask):
    rule = {"total": {"min": 20}, "prerequisites": {"p": {"for": {"unit": "B"}, "needs": {"holds": {"unit": "A"}}}}}
    early, late = {"date": "2023-01-31"}, {"date": "2024-01-31"}
    assert ask.verdict(rule, [item("A", **early), item("B", **late)]) == "satisfied"
    assert ask(rule, [item("A", **late), item("B", **early)]).shortfall == 10
    # Prior learning without its prerequisite where the rule says it carries none.
    via = {"total": {"min": 20}, "prerequisites": {"p": {**rule["prerequisites"]["p"], "via_rpl": False}}}
    assert ask.verdict(via, [item("A", origin="rpl", **early), item("B", **late)]) == "unsatisfied"
    ask.book("S27", "us-stolaf-ba-gened", "courses-shared", "ethics-before-theology")


def test_S27_a_place_is_met_in_time(ask):
    rule = {
        "places": {
            "base": {"from": {"tag": "base"}, "min": 20},
            "end": {"from": {"tag": "end"}, "min": 10},
        },
        "prerequisites": {"last": {"for": {"tag": "end"}, "needs": {"met": "places/base"}, "timing": "before"}},
    }

    def held(day):
        base = [item("a", tags="base", date="2023-06-30"), item("b", tags="base", date="2024-06-30")]
        return [*base, item("e", tags="end", date=day)]

    assert ask.verdict(rule, held("2024-09-30")) == "satisfied"
    assert ask.verdict(rule, held("2024-01-31")) == "unsatisfied"


def test_S28_title_by_the_mix(ask):
    rule = {
        "total": {"min": 40},
        "places": {"core": {"from": {"tag": "core"}, "min": 20}, "free": {"from": "everything"}},
        "titles": {
            "named": {"title": "with Law", "rank": 1, "places": {"law": {"from": {"tag": "law"}, "min": 20}}},
            "plain": {"title": "plain", "rank": 2},
        },
    }
    core = [item("a", tags="core law"), item("b", tags="core law")]
    law = [item("c", tags="law"), item("d", tags="law")]
    named = ask(rule, core + law)
    assert (named.titles, named.won) == ({"named": "satisfied", "plain": "satisfied"}, ["named"])
    # Law that the core needs does not make the title.
    plain = ask(rule, [*core, law[0], item("e")])
    assert (plain.verdict, plain.won) == ("satisfied", ["plain"])
    assert ask.verdict(rule, [*core, law[0], item("e")], {"title": "named"}) == "unsatisfied"
    ask.book("S28", "mt-mqf-award-threshold", "qualification", "only-an-award")


def test_S29_exit_award(ask):
    rule = {
        "total": {"min": 60},
        "floors": {"upper": {"from": {"tag": "upper"}, "min": 20}},
        "eligibility": {"qa": {"require": {"quality_assured": True}}},
        "exits": {"certificate": {"award": "Certificate", "total": {"min": 20}}},
    }
    items = [item("a", quality_assured=True), item("b", quality_assured=True)]
    assert ask.verdict(rule, items) == "unsatisfied"
    # An exit states total and floors anew and keeps the gates.
    assert ask.verdict(rule, items, {"exit": "certificate"}) == "satisfied"
    unsure = [items[0], item("b", quality_assured=False)]
    assert ask.verdict(rule, unsure, {"exit": "certificate"}) == "unsatisfied"
    assert ask(rule, items).exits.column("verdict") == ["satisfied"]
    ask.book("S29", "in-nep-exits", "leaves-with-a-diploma", "not-after-three")


def test_S30_credit_that_is_spent(ask):
    rule = {"total": {"min": 20}, "reuse": {"used_elsewhere": "barred", "spends": True}}
    free, spent = item("a"), item("b", used_for=["diploma"])
    assert ask.verdict(rule, [free, item("c")]) == "satisfied"
    assert ask.verdict(rule, [free, spent]) == "unsatisfied"
    # Not stated is not unused.
    assert ask.verdict(rule, [free, item("c", used_for=...)]) == "provisional"
    limits = {"l": {"award": "diploma", "max": 10}}
    limited = {"total": {"min": 20}, "reuse": {"used_elsewhere": "limited", "limits": limits}}
    assert ask.verdict(limited, [free, spent]) == "satisfied"
    assert ask.verdict(limited, [spent, item("d", used_for=["diploma"])]) == "unsatisfied"
    ask.book("S30", "hk-hkuspace-stack", "one-theme", "spent-elsewhere")


def test_S31_whole_units_and_rounding(ask):
    def rule(**share):
        return {"total": {"min": 30}, "caps": {"rpl": {"from": {"origin": "rpl"}, "max_share": "49/100", **share}}}

    study, rpl = [item(f"s{n}", 5) for n in range(3)], [item(f"r{n}", 5, origin="rpl") for n in range(3)]
    # 49 % of 30 are 14.7: whole units of 5 stop at 10.
    assert ask(rule(), study + rpl).shortfall == 5
    assert ask.verdict(rule(rounding="up"), study + rpl) == "satisfied"
    assert ask.verdict(rule(rounding="half-up", grain=5), study + rpl) == "satisfied"
    assert ask.verdict(rule(rounding="down"), study + rpl) == "unsatisfied"
    # Units that may be cut fill the exact share.
    split = {**rule(), "allocation": {"items": "splittable", "quantum": "1/10"}}
    assert ask(split, [item("s", 15), item("r", 15, origin="rpl")]).shortfall == Fraction(3, 10)
    ask.book("S31", "ke-kcats-49", "nine-courses", "ten-courses")


def test_S31_partition(ask):
    places = {"a": {"from": {"tag": "x"}, "min": 15}, "b": {"from": {"tag": "x"}, "min": 15}}

    def sizes(*credits):
        return [item(f"i{n}", size, "x") for n, size in enumerate(credits)]

    assert ask.verdict({"places": places}, sizes(8, 7, 6, 5, 4)) == "satisfied"
    # 30 credits again, but no half of them is 15.
    assert ask({"places": places}, sizes(12, 8, 8, 2)).shortfall == 1


def test_S32_best_of_several_selections(ask):
    rule = {
        "scales": {"percent": {"order": ["0"], "numeric": True}},
        "total": {"min": 40},
        "classification": {
            "methods": {
                "all": {"parts": [{"best": 40}]},
                "upper": {"parts": [{"from": {"tag": "upper"}, "best": 20}]},
            },
            "take": "highest",
            "scale": "percent",
            "bands": [{"class": "pass", "at_least": 40}, {"class": "merit", "at_least": 60}],
        },
    }
    low, high = [item(f"l{n}", grade=45) for n in "ab"], [item(f"h{n}", tags="upper", grade=65) for n in "ab"]
    audit = ask(rule, low + high)
    # The class has no part in the verdict.
    assert audit.verdict == "satisfied"
    assert ask.verdict(rule, [item(f"f{n}", grade=10) for n in "abcd"]) == "satisfied"
    assert ask.verdict(rule, high) == "unsatisfied"
    assert (audit.classification.method, audit.classification.name) == ("upper", "merit")
    assert audit.classification.mean == 65
    # A grade that is not known leaves the class open.
    assert ask(rule, [*low, high[0], item("u", tags="upper")]).classification.name is None
    ask.book("S32", "gb-solent-honours", "honours", "hundred-at-level-6")


def test_S33_requirement_without_credits(ask):
    rule = {
        "total": {"min": 10},
        "requirements": {"talk": {"what": "a talk"}, "work": {"what": "work", "measure": "hours", "min": 120}},
    }
    items = [item("a")]
    assert ask.verdict(rule, items, requirements={"talk": True, "work": 120}) == "satisfied"
    assert ask.verdict(rule, items, requirements={"talk": False, "work": 120}) == "unsatisfied"
    assert ask.verdict(rule, items, requirements={"talk": True, "work": 119}) == "unsatisfied"
    # No answer is no refusal.
    assert ask.verdict(rule, items, requirements={"work": 120}) == "provisional"
    ask.book("S33", "au-chc33015", "thirteen-units", "eighty-hours")


def test_S34_share_of_the_award(ask):
    def rule(base):
        return {"total": {"min": 120}, "caps": {"rpl": {"from": {"origin": "rpl"}, "max_share": "1/2", "base": base}}}

    even = [item("s", 65), item("r", 65, origin="rpl")]
    # Of what is counted it is half; of the 120 asked for it is more, and a whole item is not cut.
    assert ask.verdict(rule("counted"), even) == "satisfied"
    assert ask(rule("target"), even).shortfall == 55
    ask.book("S34", "es-rd822-modality", "hybrid", "too-little-online")


def test_S34_shares_of_what_was_taken_are_not_monotone(ask):
    floor = {"from": {"tag": "upper"}, "min_share": "1/2", "base": "counted"}
    rule = {"total": {"min": 20}, "floors": {"half": floor}}
    upper, lower = item("u", tags="upper"), [item("l1"), item("l2")]
    # More learning may be left out, so it does no harm.
    assert ask.verdict(rule, [upper, lower[0]]) == "satisfied"
    more = ask(rule, [upper, *lower])
    assert (more.verdict, more.counted) == ("satisfied", 20)
    assert ask.verdict(rule, lower) == "unsatisfied"
    # Where everything presented counts, it does.
    cap = {"from": {"origin": "rpl"}, "max_share": "1/2", "base": "counted", "effect": "invalid"}
    record = {"total": {"min": 20}, "caps": {"rpl": cap}}
    assert ask.verdict(record, [item("s"), item("r", origin="rpl")]) == "satisfied"
    assert ask.verdict(record, [item("s"), item("r", origin="rpl"), item("r2", origin="rpl")]) == "unsatisfied"


def test_S34_share_against_the_printed_number(ask):
    # 75 % of 30 printed as 24: the number binds where it is printed, the fraction where it is not.
    items = [item(f"p{n}", "15/2", "practice") for n in range(3)] + [item("o", "15/2")]
    printed = {"total": {"min": 30}, "floors": {"p": {"from": {"tag": "practice"}, "min": 24}}}
    share = {"total": {"min": 30}, "floors": {"p": {"from": {"tag": "practice"}, "min_share": "3/4"}}}
    assert ask.verdict(share, items) == "satisfied"
    assert ask(printed, items).shortfall == Fraction(3, 2)


def test_S35_limit_read_from_a_table(ask):
    table = {
        "table": [
            {"when": {"parameter": "size", "at_most": 8}, "value": 0},
            {"when": {"parameter": "size", "at_most": 9}, "value": 10},
        ],
        "otherwise": 20,
    }
    rule = {
        "parameters": {"size": {"what": "courses", "type": "number"}},
        "total": {"min": 30},
        "caps": {"both": {"from": {"tag": "both"}, "max": table}},
    }
    items = [item("a"), item("b", tags="both"), item("c", tags="both")]
    assert ask.verdict(rule, items, parameters={"size": 10}) == "satisfied"
    # The first row whose condition holds decides.
    assert ask(rule, items, parameters={"size": 9}).shortfall == 10
    assert ask(rule, items, parameters={"size": 8}).shortfall == 20
    assert ask.verdict(rule, items) == "provisional"
    ask.book("S35", "us-calvin-overlap", "one-shared-course", "two-shared-courses")


def test_S36_compensation(ask):
    rule = {
        "total": {"min": 30},
        "places": {"core": {"from": {"tag": "core"}}, "optional": {"from": {"tag": "optional"}}},
        "admits": ["passed", "failed"],
        "eligibility": {"core": {"in": "core", "require": {"status": "passed"}}},
        "caps": {"failed": {"from": {"status": "failed"}, "max": 10}},
    }
    core, optional = item("c", tags="core"), [item("o1", tags="optional"), item("o2", tags="optional", status="failed")]
    assert ask.verdict(rule, [core, *optional]) == "satisfied"
    assert ask(rule, [core, optional[1], item("o3", tags="optional", status="failed")]).shortfall == 10
    # In the core nothing is compensated.
    assert (
        ask(rule, [item("c", tags="core", status="failed"), optional[0], item("o3", tags="optional")]).shortfall == 10
    )
    ask.book("S36", "gb-btec-int-compensation", "one-failed-optional-unit", "two-failed-optional-units")


def test_S37_size_of_components(ask):
    gate = {"require": {"credits": {"at_least": 5, "at_most": 30}}}
    rule = {"total": {"min": 30}, "eligibility": {"size": gate}}
    assert ask.verdict(rule, [item("a", 5), item("b", 25)]) == "satisfied"
    # Small pieces do not add up to a component, and too large a one is none.
    assert ask(rule, [item("a", 4), item("b", 4), item("c", 25)]).shortfall == 5
    assert ask(rule, [item("a", 31)]).shortfall == 30
    ask.book("S37", "ee-taltech-micro-degree", "two-degree-courses", "workshops-too-small")


def test_S38_level_derived_from_the_parts(ask):
    rule = {
        "framework": "nz-nzqcf",
        "credit": "nz-credit",
        "total": {"min": 60},
        "derives": {"level": {"count_down": 40}},
    }

    def held(*levels):
        return [item(f"i{n}", 20, level=f"nz-nzqcf:{level}") for n, level in enumerate(levels)]

    high = ask(rule, held(4, 3, 2), credit="nz-credit")
    assert (high.verdict, high.level.level) == ("satisfied", "nz-nzqcf:3")
    assert ask(rule, held(4, 4, 2), credit="nz-credit").level.level == "nz-nzqcf:4"
    # The level follows from the parts and is no condition on them.
    assert ask.verdict(rule, held(1, 1, 1), credit="nz-credit") == "satisfied"
    assert ask.verdict(rule, held(4, 4), credit="nz-credit") == "unsatisfied"
    ask.book("S38", "nz-certificate-level", "forty-credits", "thirty-six-credits")


def test_S39_coverage_of_outcomes(ask):
    rule = {"total": {"exact": 20}, "outcomes": {"o": {"set": ["plan", "do", "check"], "all": True}}}
    plan, do, both = item("p", outcomes=["plan"]), item("d", outcomes=["do"]), item("b", outcomes=["do", "check"])
    assert ask.verdict(rule, [plan, do, both]) == "satisfied"
    # Two of the three fit, and no two of these cover all.
    assert ask.verdict(rule, [plan, do, item("c", outcomes=["check"])]) == "unsatisfied"
    assert ask.verdict(rule, [plan, do, item("u")]) == "provisional"
    some = {"total": {"exact": 20}, "outcomes": {"o": {"set": ["plan", "do", "check"], "min_share": "2/3"}}}
    assert ask.verdict(some, [plan, do, item("c", outcomes=["check"])]) == "satisfied"
    ask.book("S39", "fr-rncp-blocs", "three-blocks", "third-block-missing")


def test_S40_interval_with_a_hole(ask):
    online = {"from": {"mode": "online"}}
    rule = {
        "total": {"min": 100},
        "variants": {
            "hybrid": {
                "floors": {"low": {**online, "min_share": "2/5"}},
                "caps": {"high": {**online, "max_share": "3/5", "effect": "invalid"}},
            },
            "virtual": {"floors": {"low": {**online, "min_share": "4/5"}}},
        },
    }

    def held(online):
        return [item(f"o{n}", mode="online") for n in range(online)] + [
            item(f"c{n}", mode="campus") for n in range(10 - online)
        ]

    assert ask(rule, held(5)).variants == {"hybrid": "satisfied", "virtual": "unsatisfied"}
    assert ask(rule, held(9)).variants == {"hybrid": "unsatisfied", "virtual": "satisfied"}
    # 70 % is too much for the one and too little for the other.
    assert ask(rule, held(7)).variants == {"hybrid": "unsatisfied", "virtual": "unsatisfied"}
    ask.book("S40", "es-rd822-modality", "hybrid", "in-the-hole")


def test_S41_pace(ask):
    rule = {"total": {"min": 40}, "pace": {"semester": {"per": "semester", "max": 20}}}
    spring, autumn = {"date": "2024-03-01"}, {"date": "2024-09-01"}
    two = [item("a", **spring), item("b", **spring)]
    assert ask.verdict(rule, [*two, item("c", **autumn), item("d", **autumn)]) == "satisfied"
    assert ask(rule, [*two, item("c", **spring), item("d", **autumn)]).shortfall == 10
    ask.book("S41", "kr-acbs", "two-years", "nine-courses-in-a-semester")


def test_S42_award_made_of_awards(ask):
    places = {"blocks": {"choose": {"min": 2, "max": 2}}}
    for block in ("law", "art", "bio"):
        places[block] = {"inside": "blocks", "from": {"unit": [f"{block}-1", f"{block}-2"]}, "all": True}
    complete = [item("law-1"), item("law-2"), item("art-1"), item("art-2")]
    assert ask.verdict({"places": places}, complete) == "satisfied"
    # Blocks that are not complete are worth nothing, however much there is of them.
    pieces = [item("law-1"), item("law-2"), item("art-1"), item("bio-1")]
    assert ask.verdict({"places": places}, pieces) == "unsatisfied"
    ask.book("S42", "us-mitx-scm", "micromasters", "one-course-audited")


def test_S43_limit_by_mode(ask):
    rule = {"total": {"min": 30}, "caps": {"online": {"from": {"mode": "online"}, "max_share": "1/3"}}}
    campus, online = [item(f"c{n}", mode="campus") for n in "ab"], [item(f"o{n}", mode="online") for n in "ab"]
    assert ask.verdict(rule, [*campus, online[0]]) == "satisfied"
    assert ask(rule, [campus[0], *online]).shortfall == 10
    assert ask.verdict(rule, [campus[0], online[0], item("x")]) == "provisional"
    ask.book("S43", "in-swayam-40", "two-fifths-online", "half-online")


def test_level_condition_on_imports_only(ask):
    gate = {"from": {"origin": "imported"}, "require": {"level": {"at_least": "eqf:4"}}}
    rule = {"total": {"min": 20}, "eligibility": {"import": gate}}
    own = item("own", level="eqf:3")
    assert ask.verdict(rule, [own, item("in", origin="imported", level="eqf:4")]) == "satisfied"
    assert ask.verdict(rule, [own, item("in", origin="imported", level="eqf:3")]) == "unsatisfied"
    assert ask.verdict(rule, [own, item("low", level="eqf:1")]) == "satisfied"


def test_every_shape_is_tested():
    named = {name.split("_")[1] for name in globals() if name.startswith("test_S")}
    assert named == {f"S{number:02}" for number in range(1, 44)}
