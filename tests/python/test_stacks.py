"""Credit held, counted and carried where something is not credit, or is not stated."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

import qualgraph as qg


@pytest.fixture(scope="module")
def world() -> qg.World:
    return qg.load()


def rule(id: str = "award", **more: object) -> qg.Rule:
    return qg.Rule({"id": id, "title": id, "credit": "x-credit", "total": {"min": 20}, **more})


def offers(*rows: dict[str, object]) -> qg.Catalogue:
    return qg.Catalogue([{"credits": 10, "tags": [], "origin": "taught", **row} for row in rows], credit="x-credit")


def learner(world: qg.World, award: qg.Rule, *items: dict[str, object]) -> dict[str, Any]:
    base = {"credits": 10, "origin": "taught", "used_for": []}
    held = [{"id": f"i{at}", **base, **item} for at, item in enumerate(items)]
    record = qg.Record(held, credit="x-credit", awards=[])
    answer = world.indicators(offers({"id": "o"}), rules=[award], learners=[("ann", record)], saving=False)
    return next(iter(answer.learners))


@pytest.mark.parametrize("status", ["failed", "in-progress", "planned", "exempted"])
def test_what_is_not_passed_is_no_credit_held(world: qg.World, status: str) -> None:
    row = learner(world, rule(), {}, {"status": status}, {"credits": None, "status": status})
    assert (row["held"], row["counted"], row["loss"]) == (10, 10, 0)
    # Nor is it where a rule lets it fill a place.
    row = learner(world, rule(admits=["passed", status]), {}, {"status": status})
    assert (row["held"], row["counted"], row["loss"]) == (10, 10, 0)


@pytest.mark.parametrize("size", [None, {"min": 10, "max": 15}])
def test_no_loss_is_told_where_a_size_is_not_one_amount(world: qg.World, size: object) -> None:
    capped = rule(caps={"rpl": {"from": {"origin": "rpl"}, "max": 0}})
    assert learner(world, capped, {}, {"origin": "rpl"})["loss"] == Fraction(1, 2)
    assert learner(world, capped, {}, {"origin": "rpl", "credits": size})["loss"] is None
    # A range of which all counts is lost in no part; of what has no size, nobody can say.
    assert learner(world, rule(), {}, {"credits": size})["loss"] == (0 if size else None)
    roomy = rule(caps={"rpl": {"from": {"origin": "rpl"}, "max": 12}})
    assert learner(world, roomy, {}, {"origin": "rpl", "credits": size})["loss"] is None


def test_no_loss_is_told_where_more_may_count_than_is_known(world: qg.World) -> None:
    capped = rule(caps={"rpl": {"from": {"origin": "rpl"}, "max": 0}})
    assert learner(world, capped, {}, {"origin": None})["loss"] is None
    assert learner(world, rule(), {}, {"origin": None})["loss"] == 0
    # What is not known changes nothing where there is room for all of it.
    roomy = rule(caps={"rpl": {"from": {"origin": "rpl"}, "max": 50}})
    assert learner(world, roomy, {}, {"origin": None})["loss"] == 0


@pytest.mark.parametrize("size", [{"min": 10, "max": 15}, None])
def test_what_is_carried_of_an_unstated_size_is_not_told(world: qg.World, size: object) -> None:
    below = qg.Rule({"id": "below", "title": "Below", "total": {"min": 2, "measure": "units"}})
    above = rule("above", caps={"c": {"from": {"tag": "t"}, "max": 0}})
    known = world.ladder([below, above], catalogue=offers({"id": "a"}, {"id": "b", "tags": ["t"]})).rungs[0]
    assert (known.carry, known.carry_proved) == ((Fraction(1, 2), Fraction(1, 2)), True)
    unknown = offers({"id": "a"}, {"id": "b", "tags": ["t"], "credits": size})
    rung = world.ladder([below, above], catalogue=unknown).rungs[0]
    assert rung.carry is None and not rung.carry_proved


def test_a_clause_that_hangs_on_what_is_taken_is_not_read_as_if_all_were(world: qg.World) -> None:
    places = {"core": {"from": {"tag": "core"}, "min": 10}, "rest": {"from": "everything"}}
    longer = rule(total={"min": 20, "when": {"holds": {"unit": "x"}}}, places=places)
    catalogue = offers({"id": "a", "tags": ["core"]}, {"id": "b"}, {"id": "x"})
    answer = world.indicators(catalogue, rules=[longer], saving=False, gatekeeping=False)
    found = {row["offer"]: row for row in answer.by_award}
    assert (found["a"]["useful"], found["a"]["witness"]) == (True, ["a"])
    assert found["b"]["useful"] is None and found["x"]["useful"] is None
    # Nor is a ladder refuted, or its carry proved, over stacks that are none.
    plain = rule("plain", total={"min": 10})
    rung = world.ladder([longer, plain], catalogue=catalogue).rungs[0]
    assert rung.nested is not False and not rung.carry_proved
