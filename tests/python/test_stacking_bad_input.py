"""Bad and huge input to rules, records and catalogues: a clear error or a proven answer, in time and in memory."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from fractions import Fraction
from typing import Any

import pytest

import qualgraph as qg
from qualgraph.check import check


@pytest.fixture(scope="module")
def world() -> qg.World:
    return qg.load()


def rule(**clauses: Any) -> dict[str, Any]:
    return {"id": "award", "title": "Award", **clauses}


def proved(world: qg.World, items: list[dict[str, Any]], clauses: dict[str, Any], **asked: Any) -> qg.Audit:
    """An audit whose verdict is proved, with a certificate that the checker takes."""
    record, asked_rule = qg.Record(items), qg.Rule(clauses)
    found = world.audit(record, asked_rule, **asked)
    assert found.status == "proved"
    assert check(found.certificate, record, asked_rule, world)
    return found


TWO = [
    {"id": "a", "unit": "A", "credits": 20, "tags": ["x"], "date": "2024-01-01"},
    {"id": "b", "unit": "B", "credits": 20, "tags": ["y"], "date": "2024-02-01"},
]

REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "total": (rule(total={"min": 50, "max": 40}), r"/total: found min 50 above max 40"),
    "place": (
        rule(places={"p": {"from": "everything", "min": 50, "max": 40}}),
        r"/places/p: found min 50 above max 40",
    ),
    "share of a floor": (
        rule(total={"min": 1}, floors={"f": {"from": {"tag": "x"}, "min_share": "3/2"}}),
        r"/floors/f/min_share: found 3/2; expected a share from 0 to 1",
    ),
    "share of a cap": (
        rule(total={"min": 1}, caps={"c": {"from": {"tag": "x"}, "max_share": 2}}),
        r"/caps/c/max_share: found 2; expected a share from 0 to 1",
    ),
    "share below zero": (
        rule(total={"min": 1}, caps={"c": {"from": {"tag": "x"}, "max_share": "-1/2"}}),
        r"/caps/c/max_share: found -1/2; expected a share from 0 to 1",
    ),
    "share by a default": (
        rule(
            total={"min": 1},
            parameters={"part": {"what": "a share", "type": "number", "default": "3/2"}},
            floors={"f": {"from": {"tag": "x"}, "min_share": {"parameter": "part"}}},
        ),
        r"/floors/f/min_share/parameter: found a parameter that may be 3/2; expected a share from 0 to 1",
    ),
    "share by a choice": (
        rule(
            total={"min": 1},
            parameters={"part": {"what": "a share", "type": "number", "choices": ["1/2", "5/2"]}},
            caps={"f": {"from": {"tag": "x"}, "max_share": {"parameter": "part"}}},
        ),
        r"/caps/f/max_share/parameter: found a parameter that may be 5/2; expected a share from 0 to 1",
    ),
    "amount by a default": (
        rule(
            parameters={"size": {"what": "a size", "type": "number", "default": -3}},
            total={"min": {"parameter": "size"}},
        ),
        r"/total/min/parameter: found a parameter that may be -3; expected a number not below zero",
    ),
    "minimum": (rule(total={"min": -4}), r"/total/min: found -4; expected a number not below zero"),
    "places in a circle": (
        rule(total={"min": 1}, places={"a": {"inside": "b"}, "b": {"inside": "a"}}),
        r'/places/a/inside: found a circle: "a" lies inside itself',
    ),
    "unions in a circle": (
        rule(total={"min": 1}, caps={"a": {"union": ["b", "c"], "max": 1}, "b": {"union": ["a", "c"], "max": 1},
                                     "c": {"from": "everything", "max": 1}}),
        r"a circle through",
    ),
    "too large": (rule(total={"min": "9" * 40}), r"/total/min: found .* too large to count with"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_rules_that_contradict_themselves_are_refused(name: str) -> None:
    clauses, told = REFUSED[name]
    with pytest.raises(qg.FactError, match=told):
        qg.Rule(clauses)


@pytest.mark.parametrize("depth", [65, 5000, 100_000])
def test_a_mapping_nested_beyond_reason_is_refused(depth: int) -> None:
    selector: dict[str, Any] = {"tag": "x"}
    for _ in range(depth):
        selector = {"not": selector}
    with pytest.raises(qg.FactError, match="nested more than 64 deep"):
        qg.Rule(rule(total={"min": 1}, floors={"f": {"from": selector, "min": 1}}))
    while "not" in selector:  # a mapping so deep is not taken apart by Python itself
        selector = selector.pop("not")


def test_places_may_lie_deep_but_not_without_end(world: qg.World) -> None:
    def tower(height: int) -> dict[str, Any]:
        places: dict[str, Any] = {f"p{level}": {"inside": f"p{level - 1}"} for level in range(1, height)}
        return rule(places={"p0": {"min": 20}, **places})

    assert proved(world, TWO, tower(150)).verdict == "satisfied"
    assert world.audit(qg.Record(TWO), qg.Rule(tower(400))).verdict == "satisfied"
    with pytest.raises(qg.FactError, match="no more than 400 places inside one another") as caught:
        qg.Rule(tower(401))
    assert caught.value.faults[0].pointer == "/places/p400/inside"


@pytest.mark.parametrize(
    ("given", "told"),
    [("3/2", 'the parameter "part" of the record is 3/2; .* from 0 to 1'), (-1, "is -1; .* from 0 to 1")],
)
def test_a_share_above_one_from_a_record_is_refused(world: qg.World, given: Any, told: str) -> None:
    asked = qg.Rule(
        rule(
            total={"min": 40},
            parameters={"part": {"what": "a share", "type": "number", "default": "1/2"}},
            floors={"f": {"from": {"tag": "x"}, "min_share": {"parameter": "part"}}},
        )
    )
    assert world.audit(qg.Record(TWO), asked).verdict == "satisfied"
    with pytest.raises(qg.InvalidValue, match=told):
        world.audit(qg.Record(TWO, parameters={"part": given}), asked)


def test_bounds_of_several_clauses_that_contradict_are_proved_so(world: qg.World) -> None:
    found = proved(world, TWO, rule(total={"max": 10}, floors={"f": {"from": "everything", "min": 20}}))
    assert (found.verdict, found.shortfall) == ("unsatisfied", Fraction(20))
    assert found.clash["together"] == ["floors/f/min", "total/max"]


def circle(timing: str) -> dict[str, Any]:
    return rule(
        total={"min": 40},
        prerequisites={
            "first": {"for": {"unit": "A"}, "needs": {"holds": {"unit": "B"}}, "timing": timing},
            "second": {"for": {"unit": "B"}, "needs": {"holds": {"unit": "A"}}, "timing": timing},
        },
    )


def test_prerequisites_in_a_circle(world: qg.World) -> None:
    found = proved(world, TWO, circle("before"))
    assert (found.verdict, found.shortfall) == ("unsatisfied", Fraction(20))
    assert proved(world, TWO, circle("any")).verdict == "satisfied"
    undated = [{key: value for key, value in item.items() if key != "date"} for item in TWO]
    assert proved(world, undated, circle("before")).verdict == "provisional"


def test_offers_that_require_each_other(world: qg.World) -> None:
    def offer(own: str, other: str) -> dict[str, Any]:
        return {"id": own, "unit": own, "credits": 10, "cost": 5, "requires": {"holds": {"unit": other}}}

    asked = qg.Rule(rule(total={"min": 10}))
    for offers in ([offer("a", "a")], [offer("a", "b"), offer("b", "a")]):
        found = world.complete(qg.Record([]), asked, qg.Catalogue(offers))
        assert found.status == "impossible"
        # Of a ring of several, that nothing helps is solved and labelled so.
        checked = check(found.certificate, qg.Record([]), asked, world, catalogue=qg.Catalogue(offers))
        assert checked.ok is not False and (checked.ok or len(offers) > 1)


@pytest.mark.parametrize(
    ("items", "told"),
    [
        ([{"id": "a"}, {"id": "a"}], r'/items/1/id: found "a" a second time \(first at /items/0\)'),
        ([{"id": "a", "credits": -1}], r"/items/0/credits: found -1; expected a number not below zero"),
        ([{"id": "a", "hours": -1}], r"/items/0/hours: found -1; expected a number not below zero"),
        ([{"id": "a", "count": 0}], r"/items/0/count: found 0; expected a whole number from 1"),
        ([{"id": "a", "count": 10**9}], r"/items/0/count: found 1000000000; expected at most 100000"),
        ([{"id": "a", "credits": "9" * 40}], r"/items/0/credits: found .* too large to count with"),
        ([{"id": "a", "credits": "1/99999999999"}], r"/items/0/credits: found .* in parts down to 1/1000000000"),
    ],
)
def test_records_that_cannot_be_are_refused(items: list[dict[str, Any]], told: str) -> None:
    with pytest.raises(qg.FactError, match=told):
        qg.Record(items)


@pytest.mark.parametrize("credits", ["1e999999999", "1e400", "-3"])
def test_a_cell_that_is_no_amount_is_named(credits: str) -> None:
    with pytest.raises(qg.FactError, match="B2 "):
        qg.Record.from_table([{"id": "a", "credits": credits}])


@pytest.mark.parametrize(
    ("offers", "told"),
    [
        ([{"id": "a"}, {"id": "a"}], r'/offers/1/id: found "a" a second time'),
        ([{"id": "a", "credits": -10}], r"/offers/0/credits: found -10; expected a number not below zero"),
        ([{"id": "a", "cost": -5}], r"/offers/0/cost: found -5; expected a number not below zero"),
        ([{"id": "a", "max_takes": 10**8}], r"/offers/0/max_takes: found 100000000; expected at most 1000 takes"),
    ],
)
def test_catalogues_that_cannot_be_are_refused(offers: list[dict[str, Any]], told: str) -> None:
    with pytest.raises(qg.FactError, match=told):
        qg.Catalogue(offers)


def test_nothing_at_all_is_answered(world: qg.World) -> None:
    assert proved(world, [], rule(total={"min": 40})).shortfall == 40
    assert proved(world, [], rule(total={"min": 0})).verdict == "satisfied"
    assert proved(world, TWO, rule()).verdict == "satisfied"
    nothing = qg.Catalogue([])
    asked = qg.Rule(rule(total={"min": 50}))
    found = world.complete(qg.Record(TWO), asked, nothing)
    assert found.status == "impossible"
    assert check(found.certificate, qg.Record(TWO), asked, world, catalogue=nothing)
    asked = qg.Rule(rule(total={"min": 40}))
    found = world.complete(qg.Record(TWO), asked, nothing)
    assert (found.status, found.cost, len(found.additions)) == ("optimal", 0, 0)


def test_a_tag_nobody_has_is_lacking_and_a_tag_nobody_stated_is_not_known(world: qg.World) -> None:
    asked = rule(total={"min": 40}, floors={"f": {"from": {"tag": "nowhere"}, "min": 5}})
    found = proved(world, TWO, asked)
    assert (found.verdict, found.shortfall) == ("unsatisfied", Fraction(5))
    bare = [{key: value for key, value in item.items() if key != "tags"} for item in TWO]
    assert proved(world, bare, asked).verdict == "provisional"


def test_a_level_of_a_framework_there_is_none_of_is_refused(world: qg.World) -> None:
    with pytest.raises(qg.FactError, match=r'/items/0/level: found "nowhere"; expected a framework of the facts'):
        world.audit(qg.Record([{"id": "a", "credits": 5, "level": "nowhere:3"}]), qg.Rule(rule(total={"min": 5})))
    with pytest.raises(qg.UnknownId, match="no level list of"):
        world.audit(
            qg.Record([{"id": "a", "credits": 5, "level": "br-none:3"}]),
            qg.Rule(rule(floors={"f": {"from": {"level": {"at_least": "eqf:6"}}, "min": 5}})),
        )


def test_a_level_of_a_framework_that_nothing_maps_is_not_known(world: qg.World) -> None:
    asked = rule(total={"min": 20}, floors={"f": {"from": {"level": {"at_least": "eqf:6"}}, "min": 5}})
    found = proved(world, [{"id": "a", "credits": 20, "level": "x-mine:3"}], asked)
    assert found.verdict == "provisional"
    assert "x-mine:3" in str(found.why())


@pytest.mark.parametrize(
    "items",
    [
        [{"id": f"a{part}", "credits": f"1/{part}"} for part in (1000003, 1000033, 1000037, 1000039)],
        [{"id": f"a{part}", "credits": f"{10**12 - 1}/{10**9 - part}"} for part in range(3)],
    ],
)
def test_amounts_beyond_exact_numbers_are_an_error(world: qg.World, items: list[dict[str, Any]]) -> None:
    with pytest.raises(qg.NumericOverflow, match="64-bit"):
        world.audit(qg.Record(items), qg.Rule(rule(total={"min": 1})))


def test_the_greatest_amounts_are_counted(world: qg.World) -> None:
    most = 10**12
    items = [{"id": f"a{number}", "credits": most} for number in range(50)]
    found = proved(world, items, rule(total={"min": most}, caps={"c": {"from": "everything", "max_share": "1/3"}}))
    assert found.shortfall == most


# ---- large


def by_provider(number: int) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    items = [{"id": f"i{each}", "credits": 10, "provider": f"p{each}"} for each in range(number)]
    caps = {"w": {"for_each": "provider", "from": "everything", "max": 15}}
    return items, rule(total={"min": 20 * number}, caps=caps)


def seconds(ask: Any) -> float:
    start = time.process_time()
    ask()
    return time.process_time() - start


def test_a_clause_for_each_of_many_values_takes_time_in_proportion(world: qg.World) -> None:
    def ask(number: int) -> float:
        items, clauses = by_provider(number)
        record, asked = qg.Record(items), qg.Rule(clauses)
        found: list[qg.Audit] = []
        spent = seconds(lambda: found.append(world.audit(record, asked)))
        assert (found[0].verdict, found[0].status, found[0].shortfall) == ("unsatisfied", "proved", 10 * number)
        return spent

    ask(100)
    # Four times as many. Looking at all pairs took sixteen times as long, and 15 seconds.
    assert min(ask(20_000), ask(20_000)) < 12 * ask(5_000) + 0.3


def test_places_for_each_of_many_values(world: qg.World) -> None:
    number = 5_000
    items = [{"id": f"i{each}", "credits": 10, "provider": f"p{each}"} for each in range(number)]
    asked = qg.Rule(rule(places={"w": {"for_each": "provider", "from": "everything", "min": 4, "max": 15}}))
    found = world.audit(qg.Record(items), asked)
    assert (found.verdict, found.status, len(found.allocation)) == ("satisfied", "proved", number)


def crowded(number: int) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Every item may have every value: as many entries as pairs."""
    stated = [{"id": f"s{each}", "credits": 1, "provider": f"p{each}"} for each in range(number)]
    open_ones = [{"id": f"u{each}", "credits": 1} for each in range(number)]
    caps = {"w": {"for_each": "provider", "from": "everything", "max": 1}}
    return stated + open_ones, rule(total={"min": 10**9}, caps=caps)


def test_the_budget_of_seconds_ends_the_writing_of_a_model(world: qg.World) -> None:
    items, clauses = crowded(4_000)
    record, asked = qg.Record(items), qg.Rule(clauses)
    start = time.monotonic()
    found = world.audit(record, asked, seconds=0.2)
    assert time.monotonic() - start < 5
    assert (found.verdict, found.status) == ("undecided", "not_proved")
    assert len(found.missing) == 0 and len(found.allocation) == 0
    assert "undecided" in str(found)
    assert str(found.why())
    assert found.certificate["kind"] == "re-solved"


def test_a_model_beyond_memory_is_refused(world: qg.World) -> None:
    items, clauses = crowded(6_000)
    with pytest.raises(qg.InvalidValue, match="more than 20,000,000 entries, reached at caps/w"):
        world.audit(qg.Record(items), qg.Rule(clauses))


def test_an_interrupt_ends_the_writing_of_a_model(world: qg.World) -> None:
    items, clauses = crowded(4_400)
    record, asked = qg.Record(items), qg.Rule(clauses)

    def ask_for_ever() -> None:
        while True:
            world.audit(record, asked)

    threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT)).start()
    start = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        ask_for_ever()
    assert time.monotonic() - start < 5


def test_more_minima_than_items_are_added_up(world: qg.World) -> None:
    number = 3_000
    items = [{"id": f"i{each}", "credits": 1} for each in range(50)]
    places = {f"p{each}": {"from": "everything", "min": 1} for each in range(number)}
    found = proved(world, items, rule(places=places), seconds=60)
    assert (found.verdict, found.shortfall) == ("unsatisfied", number - 50)
    assert found.certificate["kind"] in ("farkas", "log", "cut")


SHAPES: dict[str, dict[str, Any]] = {
    "floors": {"total": {"min": 10}, "floors": {f"f{n}": {"from": {"tag": f"t{n}"}, "min": 1} for n in range(10_000)}},
    "caps": {"total": {"min": 10}, "caps": {f"c{n}": {"from": {"tag": f"t{n}"}, "max": 1} for n in range(10_000)}},
    "places": {"places": {f"p{n}": {"from": {"tag": f"t{n}"}, "min": 1, "max": 2} for n in range(10_000)}},
    "units": {
        "units": [{"unit": f"U{n}", "credits": 1} for n in range(10_000)],
        "places": {"core": {"from": {"unit": [f"U{n}" for n in range(10_000)]}, "all": True}},
    },
    "gates": {
        "total": {"min": 10},
        "eligibility": {
            f"e{n}": {"from": {"tag": f"t{n}"}, "require": {"level": {"at_least": "eqf:3"}}} for n in range(10_000)
        },
    },
    "prerequisites": {
        "total": {"min": 10},
        "prerequisites": {
            f"p{n}": {"for": {"unit": f"U{n}"}, "needs": {"holds": {"unit": f"U{n - 1}"}}, "timing": "before"}
            for n in range(1, 10_000)
        },
    },
}
LACKING = {"floors": 9_980, "caps": 0, "places": 9_980, "units": 0, "gates": 0, "prerequisites": 0}


@pytest.mark.parametrize("shape", SHAPES)
def test_rules_of_ten_thousand_clauses(world: qg.World, shape: str) -> None:
    items = [
        {"id": f"i{n}", "unit": f"U{n}", "credits": 1, "tags": [f"t{n}"], "level": "eqf:5", "date": f"20{n:02d}-01-01"}
        for n in range(20)
    ]
    asked = qg.Rule(rule(**SHAPES[shape]))
    assert str(asked).count("\n") > 1 and len(asked.lint()) < 100
    found = proved(world, items, asked.to_dict())
    assert found.shortfall == LACKING[shape]
    assert (found.verdict == "satisfied") == (LACKING[shape] == 0 and shape != "units")
    assert str(found.why())


MEMORY = textwrap.dedent("""
    import json, random, resource, sys
    import qualgraph as qg
    from qualgraph.check import check

    world = qg.load()
    draw = random.Random(5)
    alike, name, number = json.loads(sys.argv[1])
    TAGS = ["major", "liberal-arts", "accredited-or-part-time-course", "x"]
    items = [
        {
            "id": f"i{each:06d}",
            "credits": 1 if alike else draw.choice([1, 2, 3, "3/2"]),
            "level": "nz-nzqcf:4" if alike else f"nz-nzqcf:{draw.randint(1, 8)}",
            "tags": [] if alike else draw.sample(TAGS, draw.choice([0, 1, 2])),
            "provider": "p",
            "origin": "taught",
            "date": f"{draw.randint(1990, 2024)}-{draw.randint(1, 12):02d}-15",
            "used_for": [],
        }
        for each in range(number)
    ]
    rule = world.rule(name)
    record = qg.Record(items, credit=rule.to_dict()["credit"])
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    audit = world.audit(record, rule)
    words = len(str(audit))
    held = check(audit.certificate, record, rule, world).ok
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(json.dumps([audit.verdict, audit.status, held, (peak - before) // 1024]))
""")


@pytest.mark.parametrize(
    ("alike", "name", "verdict"),
    [
        (False, "kr-acbs", "satisfied"),
        (False, "nz-diploma-5", "satisfied"),
        (True, "nz-diploma-5", "unsatisfied"),
    ],
)
def test_records_of_a_hundred_thousand_items(alike: bool, name: str, verdict: str) -> None:
    asked = json.dumps([alike, name, 100_000])
    ran = subprocess.run([sys.executable, "-c", MEMORY, asked], capture_output=True, text=True, timeout=280, check=True)
    found, status, held, grown = json.loads(ran.stdout)
    assert (found, status, held) == (verdict, "proved", True)
    assert grown < 1_000  # MiB beyond the record itself, the checker's Python objects among them
