"""Audits decided without their integer model, held against those that are decided by it."""

from __future__ import annotations

import random
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction
from pathlib import Path

import pytest

import qualgraph as qg
from qualgraph import _core
from qualgraph.check import check
from qualgraph.stacking.audit import ready

sys.path.append(str(Path(__file__).resolve().parents[1] / "benchmarks"))
instances = pytest.importorskip("instances")

NODES = 1_000_000
ORIGINS = ["taught", "micro", "rpl", "transfer"]


def by_model(world: qg.World, record: qg.Record, rule: qg.Rule) -> tuple[str, Fraction]:
    """Verdict and shortfall of the integer model."""
    best = _core.audit(world._c, record._c, rule._c, None, "", "", "", [], False, False, NODES, None, False)["best"]
    assert best["proved"]
    return best["verdict"], best["shortfall"].get(rule.to_dict().get("measure", "credits"), Fraction(0))


def most_counted(
    world: qg.World, record: qg.Record, rule: qg.Rule, short: _core.Settled | None
) -> tuple[Fraction, Fraction]:
    """Shortfall, and as much counted as can be; with or without what was found by trying."""
    best = _core.audit(world._c, record._c, rule._c, None, "", "", "", [], True, False, NODES, None, False, short)[
        "best"
    ]
    assert best["proved"]
    assert best["refined"]
    measure = rule.to_dict().get("measure", "credits")
    return best["shortfall"].get(measure, Fraction(0)), best["counted"].get(measure, (Fraction(0),))[0]


def compare(world: qg.World, record: qg.Record, rule: qg.Rule, *, certified: bool = False) -> str:
    """How the audit was decided; "model" where the short way leaves it to the model."""
    settled = ready(world, rule).settle(record._c, NODES, None)
    audit = world.audit(record, rule)
    verdict, shortfall = by_model(world, record, rule)
    assert (audit.verdict, audit.shortfall) == (verdict, shortfall)
    if settled is None:
        return "model"
    assert ("satisfied" if settled.met else "unsatisfied", settled.shortfall) == (verdict, shortfall)
    # Told in full, it is the same allocation, and the model admits it.
    assert audit.counted == settled.counted
    assert audit._best["verdict"] == verdict
    assert audit._best["shortfall"].get(audit.measure, Fraction(0)) == shortfall
    if certified:
        certificate = audit.certificate
        assert certificate["kind"] == "re-solved" or check(certificate, record, rule, world)
    return str(settled.by)


def drawn_rule(draw: random.Random) -> qg.Rule:
    """A rule of the kind that is read by masks: a tree of places, floors and caps, exclusions, gates."""
    tags = [f"t{n}" for n in range(draw.randint(2, 5))]
    measure = draw.choice(["credits", "credits", "credits", "units"])
    step = 1 if measure == "units" else draw.choice([1, 5])

    def amount(most: int) -> int:
        return step * draw.randint(0, most)

    def selector() -> dict:
        kinds = {
            "tag": draw.sample(tags, draw.randint(1, 2)),
            "level": {"at_least": f"l:{draw.randint(1, 4)}"},
            "origin": draw.sample(ORIGINS, draw.randint(1, 3)),
            "provider": draw.choice(["awarding", "other", "p1"]),
            "quality_assured": True,
            "unit": [f"i{n}" for n in range(3)],
        }
        return {kind: kinds[kind] for kind in draw.sample(list(kinds), draw.choice([1, 1, 2]))}

    places: dict[str, dict] = {}
    for n in range(draw.randint(1, 5)):
        place: dict = {"min": amount(4)}
        if draw.random() < 0.6:
            place["max"] = place["min"] + amount(3)
        if draw.random() < 0.85:
            place["from"] = {"tag": draw.sample(tags, draw.randint(1, len(tags)))}
        above = [name for name in places if "inside" not in places[name]]
        if above and draw.random() < 0.3:
            place["inside"] = draw.choice(above)
        if measure == "units":
            place["measure"] = "units"
        places[f"g{n}"] = place
    size = {"measure": measure} if measure == "units" else {}
    rule: dict = {
        "id": "drawn",
        "title": "A drawn rule",
        "credit": "x-credit",
        "awarding": "p0",
        "scales": {"l": {"order": ["1", "2", "3", "4", "5"]}},
        "total": {"min": amount(10), **size},
        "places": places,
        "floors": {},
        "caps": {},
        "exclusions": {},
        "eligibility": {},
        **size,
    }
    nest = draw.random() < 0.4
    for n in range(draw.choice([0, 0, 1, 2])):
        within = {"level": {"at_least": f"l:{1 + n}"}} if nest else selector()
        floor = {"from": within, "min": amount(5), **size}
        if draw.random() < 0.3:
            floor["in"] = draw.sample(list(places), 1)
        rule["floors"][f"f{n}"] = floor
    for n in range(draw.choice([0, 0, 1, 2])):
        within = {"level": {"at_least": f"l:{3 + n}"}} if nest else selector()
        limit = {"max": amount(4)} if draw.random() < 0.7 else {"max_share": "1/2"}
        cap = {"from": within, **limit, **size}
        if draw.random() < 0.3:
            cap["in"] = draw.sample(list(places), 1)
        rule["caps"][f"c{n}"] = cap
    if draw.random() < 0.25:
        rule["exclusions"]["e"] = {"sets": [{"unit": "i0"}, {"tag": tags[0]}, {"unit": ["i1", "i2"]}], "max": 1}
    if draw.random() < 0.3:
        rule["eligibility"]["e"] = {"from": selector(), "require": {"level": {"at_least": "l:2"}}}
    if measure == "credits" and draw.random() < 0.5:
        rule["allocation"] = {"items": "splittable", "quantum": step}
    return qg.Rule({key: value for key, value in rule.items() if value != {}})


def drawn_record(draw: random.Random) -> qg.Record:
    size = draw.choice([0, 5, 5])
    items = []
    for n in range(draw.randint(0, 12)):
        item = {
            "id": f"i{n}",
            "credits": size or draw.choice([2, 3, 5, "5/2", 10, 15]),
            "level": f"l:{draw.randint(1, 5)}",
            "origin": draw.choice(ORIGINS),
            "tags": draw.sample([f"t{k}" for k in range(5)], draw.randint(0, 2)),
            "provider": f"p{draw.randint(0, 2)}",
            "quality_assured": draw.random() < 0.8,
            "used_for": [],
        }
        if draw.random() < 0.02:
            del item[draw.choice(["credits", "level", "origin", "tags", "provider", "quality_assured"])]
        if draw.random() < 0.05:
            item["status"] = draw.choice(["failed", "exempted", "planned"])
        items.append(item)
    return qg.Record(items, credit="x-credit", as_of="2026-06-01")


def test_drawn_rules_say_what_the_model_says(world):
    ways: Counter[str] = Counter()
    for seed in range(1_500):
        draw = random.Random(seed)
        try:
            ways[compare(world, drawn_record(draw), drawn_rule(draw), certified=seed % 10 == 0)] += 1
        except AssertionError as error:
            raise AssertionError(f"seed {seed}") from error
    assert min(ways[way] for way in ("flow", "bound", "search", "model")) >= 40, ways


def test_as_much_is_counted_with_and_without_trying(world):
    proved = 0
    for seed in range(900):
        draw = random.Random(seed)
        record, rule = drawn_record(draw), drawn_rule(draw)
        if seed % 3 == 0:
            rule, record = written(instances.audit(seed, "S"))
        short = ready(world, rule).settle(record._c, NODES, None, True)
        if short is None:
            continue
        most = most_counted(world, record, rule, None)
        assert most_counted(world, record, rule, short) == most, f"seed {seed}"
        if short.most:
            proved += 1
            assert (short.shortfall, short.counted) == most, f"seed {seed}"
        # What was tried loses nothing of what is proved.
        assert short.shortfall == most[0], f"seed {seed}"
        assert short.counted <= most[1], f"seed {seed}"
    assert proved >= 100


@pytest.mark.parametrize(("size", "count"), [("S", 150), ("M", 60), ("L", 12)])
@pytest.mark.parametrize("cut", [False, True])
def test_seeded_audits_say_what_the_model_says(world, size, count, cut):
    from_seed = instances.divisible if cut else instances.audit
    ways: Counter[str] = Counter()
    for seed in range(count):
        rule, record = written(from_seed(seed, size))
        ways[compare(world, record, rule, certified=seed % 20 == 0)] += 1
    assert ways["model"] == 0
    assert (ways["flow"] == count) == cut


def written(instance: dict) -> tuple[qg.Rule, qg.Record]:
    """A seeded instance in the languages of rules and records; amounts are in half credits."""
    drawn = instance["rule"]
    rule: dict = {
        "id": "seeded",
        "title": "A seeded rule",
        "credit": "x-credit",
        "awarding": "p0",
        "scales": {"l": {"order": [str(level) for level in range(1, 9)]}},
        "total": {"min": f"{drawn['total']}/2"},
        "places": {
            f"g{k}": {
                "from": {
                    "tag": [f"t{tag}" for tag in group["tags"]],
                    "level": {"at_least": f"l:{group['min_level']}"},
                    "origin": group["origins"],
                },
                "min": f"{group['min']}/2",
                "max": f"{group['max']}/2",
            }
            for k, group in enumerate(drawn["groups"])
        },
        "floors": {
            f"level-{k}": {"from": {"level": {"at_least": f"l:{floor['level']}"}}, "min": f"{floor['min']}/2"}
            for k, floor in enumerate(drawn["level_floors"])
        },
        "caps": {
            origin: {"from": {"origin": origin}, "max": f"{drawn[f'{origin}_cap']}/2"}
            for origin in ("rpl", "micro")
            if drawn[f"{origin}_cap"] is not None
        },
        "exclusions": {
            f"e{k}": {"sets": [{"unit": f"i{a}"}, {"unit": f"i{b}"}]} for k, (a, b) in enumerate(instance["exclusions"])
        },
    }
    if drawn["residency_min"] is not None:
        own = {"provider": "awarding", "origin": ["taught", "micro"]}
        rule["floors"]["residency"] = {"from": own, "min": f"{drawn['residency_min']}/2"}
    if drawn.get("splittable"):
        rule["allocation"] = {"items": "splittable", "quantum": "1/2"}
    if drawn["max_age"] is not None:
        rule["eligibility"] = {"age": {"require": {"date": {"from": f"{2026 - drawn['max_age']}-01-01"}}}}
    items = [
        {
            "id": f"i{k}",
            "credits": f"{each['c']}/2",
            "level": f"l:{each['level']}",
            "origin": each["origin"],
            "tags": [f"t{tag}" for tag in each["tags"]],
            "provider": f"p{each['provider']}",
            "date": f"{each['year']}-06-01",
            "used_for": [],
        }
        for k, each in enumerate(instance["items"])
    ]
    return qg.Rule({key: value for key, value in rule.items() if value != {}}), qg.Record(items, credit="x-credit")


def test_many_records_are_audited_as_one_by_one(world):
    draw = random.Random(7)
    for _ in range(20):
        rule = drawn_rule(draw)
        records = [drawn_record(draw) for _ in range(25)]
        table = world.audit_many(records, rule)
        for position, record in enumerate(records):
            one = world.audit(record, rule)
            row = table[position]
            assert (row["verdict"], row["shortfall"], row["status"]) == (one.verdict, one.shortfall, one.status)
            assert row["counted"] == one.counted


def test_many_records_by_a_rule_of_the_facts(world):
    """A rule of many forms is not read by masks; every record goes the long way."""
    items = [{"id": "a", "credits": 60, "tags": ["major"], "origin": "taught", "date": "2020-01-01", "used_for": []}]
    records = [qg.Record(items, credit="kr-credit", as_of="2024-01-01"), qg.Record([], credit="kr-credit")]
    table = world.audit_many(records, "kr-acbs")
    assert table.column("verdict") == [world.audit(record, "kr-acbs").verdict for record in records]
    assert table.column("by") == ["search", "search"]


def test_faults_are_told_as_ever(world):
    rule = qg.Rule({"id": "small", "title": "Small award", "total": {"min": 20}, "credit": "ects"})
    wrong = qg.Record([{"id": "a", "credits": "20 etcs"}])
    with pytest.raises(qg.FactError, match="etcs"):
        world.audit(wrong, rule)
    with pytest.raises(qg.FactError, match="etcs"):
        world.audit_many([wrong], rule)
    with pytest.raises(qg.UnitMismatch):
        world.audit([{"id": "a"}], rule)
    with pytest.raises(qg.UnitMismatch):
        world.audit_many([{"id": "a"}], rule)
    with pytest.raises(qg.InvalidValue):
        world.audit(qg.Record([]), rule, nodes=0)


def test_credits_of_another_system_are_counted_by_the_way_of_the_rule(world):
    rule = qg.Rule(
        {"id": "small", "title": "Small award", "total": {"min": 30}, "credit": "ects", "conversion": {"way": "year"}}
    )
    record = qg.Record([{"id": "a", "credits": "60 cats", "used_for": []}])
    compare(world, record, rule)
    assert [row["to"] for row in world.audit(record, rule).credits] == ["ects"]


def test_the_same_answers_on_several_threads(world):
    draw = random.Random(11)
    rule = drawn_rule(draw)
    records = [drawn_record(draw) for _ in range(60)]
    expected = [(world.audit(record, rule).verdict, world.audit(record, rule).shortfall) for record in records]

    def ask(_: int) -> list[tuple[str, Fraction | None]]:
        answers = [world.audit(record, rule) for record in records]
        return [(answer.verdict, answer.shortfall) for answer in answers]

    with ThreadPoolExecutor(4) as pool:
        assert all(found == expected for found in pool.map(ask, range(8)))


@pytest.mark.parametrize("floors", [1, 12])
def test_minima_that_do_not_add_up_in_64_bits_are_refused_or_told_exactly(world, floors):
    most = 10**12
    named = {f"f{at}": {"from": {"tag": f"t{at}"}, "min": most} for at in range(floors)}
    rule = qg.Rule({"id": "r", "title": "R", "total": {"min": "1/1000000"}, "floors": named})
    record = qg.Record([{"id": "a", "credits": "1/1000000", "tags": ["t0"], "used_for": []}])
    if floors == 1:
        assert world.audit(record, rule).shortfall == most - Fraction(1, 10**6)
        assert world.audit_many([record], rule)[0]["shortfall"] == most - Fraction(1, 10**6)
        return
    with pytest.raises(qg.NumericOverflow):
        world.audit(record, rule)
    with pytest.raises(qg.NumericOverflow):
        world.audit_many([record], rule)
