"""Several awards from one record: free, barred, limited and spent credit."""

from __future__ import annotations

from typing import Any

import pytest

import qualgraph as qg


def award(id: str, least: int, reuse: dict[str, Any] | None, **more: Any) -> qg.Rule:
    rule = {"id": id, "title": id, "credit": "x-credit", "total": {"min": least}, **more}
    return qg.Rule({**rule, "reuse": reuse} if reuse else rule)


def held(*credits: int) -> qg.Record:
    items = [{"id": f"i{n}", "credits": each, "used_for": []} for n, each in enumerate(credits)]
    return qg.Record(items, credit="x-credit")


FREE = {"used_elsewhere": "free"}


@pytest.fixture(scope="module")
def world() -> qg.World:
    return qg.load()


def test_free_credit_serves_both(world: qg.World) -> None:
    both = world.audit_together(held(20), [award("one", 20, FREE), award("two", 20, FREE)])
    assert both.verdict == "satisfied"
    assert list(both.shared) == [{"item": "i0", "awards": ["one", "two"]}]


def test_what_one_rule_does_not_say_is_provisional(world: qg.World) -> None:
    both = world.audit_together(held(20), [award("one", 20, FREE), award("two", 20, None)])
    assert both.verdict == "provisional"


@pytest.mark.parametrize("reuse", [{"used_elsewhere": "barred"}, {"used_elsewhere": "free", "spends": True}])
def test_credit_barred_or_spent_serves_one(world: qg.World, reuse: dict[str, Any]) -> None:
    rules = [award("one", 20, reuse), award("two", 20, FREE)]
    short = world.audit_together(held(20, 10), rules)
    assert short.verdict == "unsatisfied"
    assert {id: each.verdict for id, each in short.alone.items()} == {"one": "satisfied", "two": "satisfied"}
    assert world.audit_together(held(20, 20), rules).verdict == "satisfied"


def test_the_split_is_the_one_that_serves_both(world: qg.World) -> None:
    # First come, first served would give the first award the items that only the second can use.
    record = qg.Record(
        [
            {"id": "rare", "credits": 10, "tags": ["law"], "used_for": []},
            {"id": "any", "credits": 10, "tags": [], "used_for": []},
        ],
        credit="x-credit",
    )
    barred = {"used_elsewhere": "barred"}
    law = {"law": {"from": {"tag": "law"}, "min": 10}}
    both = world.audit_together(record, [award("one", 10, barred), award("two", 10, barred, places=law)])
    assert both.verdict == "satisfied"
    assert [(row["award"], row["item"]) for row in both.allocation] == [("one", "any"), ("two", "rare")]


def test_a_limit_on_what_both_count(world: qg.World) -> None:
    limited = {"used_elsewhere": "limited", "limits": {"one": {"award": "one", "max": 10}}}
    rules = [award("one", 20, FREE), award("two", 20, limited)]
    assert world.audit_together(held(10, 10, 10), rules).verdict == "satisfied"
    assert world.audit_together(held(10, 10), rules).verdict == "unsatisfied"


def test_an_item_serves_so_many_awards(world: qg.World) -> None:
    rules = [award(id, 10, FREE, allocation={"max_awards": 2}) for id in ("one", "two", "three")]
    assert world.audit_together(held(10, 10), rules).verdict == "satisfied"
    assert world.audit_together(held(10), rules).verdict == "unsatisfied"


def test_misuse_is_named(world: qg.World) -> None:
    with pytest.raises(qg.InvalidValue, match="at least two"):
        world.audit_together(held(10), [award("one", 10, FREE)])
    with pytest.raises(qg.InvalidValue, match="named twice"):
        world.audit_together(held(10), [award("one", 10, FREE), award("one", 10, FREE)])
    with pytest.raises(qg.InvalidValue, match="has variants"):
        world.audit_together(held(10), ["kr-acbs", "nz-diploma-5"])
