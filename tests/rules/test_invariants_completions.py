"""What has to hold of completions, whatever the rule: against every choice from small catalogues.

Rules, records and catalogues come from ``reference.stacking_random``, named by their seeds; a failure
names the seed.
"""

# ruff: noqa: N802 - invariants are called by their numbers

from __future__ import annotations

import itertools
import json
import random

import pytest

import qualgraph as qg
from reference.invariants import asks_the_record, seeds
from reference.stacking_random import Maker

DAY = "2025-01-01"
KEPT = [
    *("unit", "title", "credits", "hours", "points", "level", "origin", "provider", "field", "tags", "mode"),
    *("quality_assured", "assessed", "outcomes", "part_of", "whole"),
]


def shop(seed):
    """A rule, a record and a few offers with what they cost and ask for."""
    maker = Maker(seed, blanks=0)
    maker.split = False
    rule = maker.rule()
    # Offers answer no requirement and have no grades.
    for section in ("requirements", "averages"):
        rule.pop(section, None)
    record = maker.record(maker.random.randint(0, 3))
    for item in record["items"]:
        item.pop("status", None)
    offers = []
    for number in range(maker.random.randint(1, 6)):
        made = maker.item(number)
        offer = {key: made[key] for key in KEPT if key in made}
        offer.update(
            id=f"o{number}", kind="course", cost=maker.random.randint(1, 9) * 100, months=maker.random.randint(1, 6)
        )
        if maker.chance(0.5):
            offer["unit"] = f"K{number}"
        if maker.chance(0.7):
            offer["credits"] = maker.random.randint(1, 4) * 5
        offers.append(offer)
    for offer in offers:
        others = [{"holds": {"unit": other["unit"]}} for other in offers if other["unit"] != offer["unit"]]
        if len(others) > 1 and maker.chance(0.35):
            few = maker.random.sample(others, 2)
            offer[maker.pick(["requires", "requires", "corequires"])] = maker.pick([few[0], {"any": few}, {"all": few}])
    if looks_at_days(rule):
        # Every choice of days is tried.
        offers = offers[:3]
    return rule, record, offers


def held_with(record, offers, days=None):
    """The record with offers taken on the day asked, or each on a day of its own."""
    items = [
        {
            **{key: offer[key] for key in KEPT if key in offer},
            "id": offer["id"],
            "used_for": [],
            "date": day,
            "started": day,
        }
        for offer, day in zip(offers, days or [DAY] * len(offers), strict=True)
    ]
    return {**record, "items": [*record["items"], *items]}


def allowed(condition, units):
    if condition is None:
        return True
    if "holds" in condition:
        return condition["holds"]["unit"] in units
    key, combine = ("any", any) if "any" in condition else ("all", all)
    return combine(allowed(each, units) for each in condition[key])


def in_some_order(record, offers):
    """Whether offers can be taken one after another, each with what it requires."""
    units = {item.get("unit", item["id"]) for item in record["items"]}
    if not all(allowed(offer.get("corequires"), units | {each["unit"] for each in offers}) for offer in offers):
        return False
    left = list(offers)
    while left:
        ready = [offer for offer in left if allowed(offer.get("requires"), units)]
        if not ready:
            return False
        units |= {offer["unit"] for offer in ready}
        left = [offer for offer in left if offer not in ready]
    return True


LATER = [DAY, "2025-07-01", "2026-01-01", "2026-07-01"]


def looks_at_days(rule):
    """Whether what is taken on one day may fail where it would do on several."""
    before = any(each.get("timing", "before") == "before" for each in rule.get("prerequisites", {}).values())
    return before or "pace" in rule


def in_time(record, offers, days):
    """Whether offers can be taken on these days, each with what it requires."""
    units = {item.get("unit", item["id"]) for item in record["items"]}
    if not all(allowed(offer.get("corequires"), units | {each["unit"] for each in offers}) for offer in offers):
        return False
    now = record
    for day in sorted(set(days)):
        of_day = [
            {key: value for key, value in offer.items() if key != "corequires"}
            for offer, own in zip(offers, days, strict=True)
            if own == day
        ]
        if not in_some_order(now, of_day):
            return False
        now = {**now, "items": [*now["items"], *of_day]}
    return True


def worth(offers, aim):
    if aim == "count":
        return len(offers)
    return sum(offer[aim] for offer in offers)


def choices(audit, rule, record, offers):
    """Every choice of offers that can be taken in some order and meets the rule."""
    found = []
    for size in range(len(offers) + 1):
        for chosen in itertools.combinations(offers, size):
            ways = itertools.product(LATER[: size + 1], repeat=size) if looks_at_days(rule) else [(DAY,) * size]
            if any(
                in_time(record, chosen, days) and audit.verdict(rule, held_with(record, chosen, days)) == "satisfied"
                for days in ways
            ):
                found.append(chosen)
    return found


def completed(world, rule, record, offers, aims="cost"):
    held = qg.Record.from_text(json.dumps(record))
    return world.complete(
        held, qg.Rule(json.dumps(rule)), qg.Catalogue(offers, credit="ects", currency="EUR"), minimise=aims
    )


def cheapest_is_found(audit, world, seed, rule, record, offers):
    every = choices(audit, rule, record, offers)
    plan = completed(world, rule, record, offers)
    if not every:
        # What no offer can meet, such as an amount that nobody knows, is told apart from the plan.
        open_days = "pace" in rule and "windows" in rule
        assert plan.status == "impossible" or len(plan.remaining) or open_days, seed
        return False
    assert not len(plan.remaining), seed
    if "pace" in rule and "windows" in rule:
        # Which days keep a span of time and a pace at once is not claimed to be known.
        assert plan.status != "impossible" and plan.bound <= min(worth(chosen, "cost") for chosen in every), seed
        return False
    assert plan.status == "optimal", seed
    assert plan.cost == plan.values["cost"] == min(worth(chosen, "cost") for chosen in every), seed
    # It costs nothing exactly where the rule is met already.
    assert (plan.cost == 0) == (audit.verdict(rule, record) == "satisfied"), seed
    return True


@seeds(300, 2000)
def test_I38_the_cheapest_completion_is_found(audit, world, numbers):
    possible = 0
    for seed in numbers:
        rule, record, offers = shop(seed)
        if not asks_the_record(rule):
            possible += cheapest_is_found(audit, world, seed, rule, record, offers)
    assert possible


@seeds(300, 2000)
def test_I38_also_where_additions_switch_clauses_on(audit, world, numbers):
    possible = 0
    for seed in numbers:
        rule, record, offers = shop(seed)
        if asks_the_record(rule):
            possible += cheapest_is_found(audit, world, seed, rule, record, offers)
    assert possible


@seeds(150, 1500)
@pytest.mark.parametrize("aim", ["count", "credits"])
def test_I38_fewest_and_smallest(audit, world, numbers, aim):
    for seed in numbers:
        rule, record, offers = shop(seed + 10_000)
        for offer in offers:
            offer["credits"] = offer["credits"] if isinstance(offer.get("credits"), int) else 10
        if asks_the_record(rule):
            continue
        every = choices(audit, rule, record, offers)
        plan = completed(world, rule, record, offers, aim)
        if len(plan.remaining):
            continue
        if "pace" in rule and "windows" in rule:
            # Which days keep a span of time and a pace at once is not claimed to be known.
            assert plan.status != ("impossible" if every else "optimal"), seed
            continue
        assert plan.status == ("optimal" if every else "impossible"), seed
        if every:
            assert plan.values[aim] == min(worth(chosen, aim) for chosen in every), seed


@seeds(300, 2000)
def test_I39_more_on_offer_or_more_held_never_costs_more(audit, world, numbers):
    tried = 0
    for seed in numbers:
        rule, record, offers = shop(seed + 20_000)
        if asks_the_record(rule):
            continue
        plan = completed(world, rule, record, offers)
        if plan.status != "optimal":
            continue
        tried += 1
        extra = {**Maker(seed).item(0), "id": "extra"}
        maker = random.Random(seed)
        fewer = [offer for offer in offers if offer is not maker.choice(offers)]
        less = completed(world, rule, record, fewer)
        assert less.status == "impossible" or less.cost >= plan.cost, seed
        richer = {**record, "items": [*record["items"], extra]}
        more = completed(world, rule, richer, offers)
        assert more.status == "optimal", seed
        assert more.cost <= plan.cost, seed
    assert tried


@seeds(300, 2000)
def test_I40_every_addition_is_needed(audit, world, numbers):
    tried = 0
    for seed in numbers:
        rule, record, offers = shop(seed + 30_000)
        plan = completed(world, rule, record, offers)
        if plan.status != "optimal" or len(plan.remaining) or asks_the_record(rule):
            continue
        tried += 1
        named = {offer["id"]: offer for offer in offers}
        taken = [named[id] for id in plan.order]
        assert plan.audit.verdict == "satisfied", seed
        assert qg.check(
            plan.certificate, plan.record, plan.rules[0], world, qg.Catalogue(offers, credit="ects", currency="EUR")
        ), seed
        days = [row["date"] for row in plan.additions]
        assert in_time(record, taken, days), seed
        assert audit.verdict(rule, held_with(record, taken, days)) == "satisfied", seed
        # The order works as it stands.
        for position in range(len(taken) + 1):
            units = {item.get("unit", item["id"]) for item in record["items"]} | {
                each["unit"] for each in taken[:position]
            }
            if position < len(taken):
                assert allowed(taken[position].get("requires"), units), seed
        for offer in taken:
            rest = [each for each in taken if each is not offer]
            assert not (in_some_order(record, rest) and audit.verdict(rule, held_with(record, rest)) == "satisfied"), (
                seed
            )
    assert tried


def bazaar(seed):
    """A plain rule and offers among which few dear ones compete with many cheap ones."""
    maker = random.Random(seed)
    rule = {
        "language": 1,
        "id": "bazaar",
        "title": "Bazaar",
        "credit": "ects",
        "sources": [],
        "total": {"min": maker.choice([20, 25, 30])},
        "places": {"core": {"from": {"tag": "core"}, "min": 10}, "rest": {"from": "everything"}},
        "caps": {"rpl": {"from": {"origin": "rpl"}, "max_share": "1/2"}},
    }
    record = {
        "language": 1,
        "as_of": DAY,
        "credit": "ects",
        "items": [{"id": "held", "credits": 5, "tags": [], "origin": "taught", "used_for": []}],
    }
    offers = []
    for number in range(maker.randint(4, 8)):
        credits = maker.choice([5, 5, 10, 20])
        offers.append(
            {
                "id": f"o{number}",
                "kind": "course",
                "unit": f"K{number}",
                "credits": credits,
                "cost": credits * maker.randint(5, 15) + (200 if credits == 20 else 0),
                "months": maker.randint(1, 6),
                "tags": maker.choice([["core"], []]),
                "origin": maker.choice(["taught", "taught", "rpl"]),
            }
        )
    return rule, record, offers


@seeds(150, 1500)
@pytest.mark.parametrize("make", [shop, bazaar])
def test_I41_the_pareto_set_is_whole(audit, world, numbers, make):
    several = 0
    for seed in numbers:
        rule, record, offers = make(seed + 40_000)
        if asks_the_record(rule):
            continue
        every = choices(audit, rule, record, offers)
        plans = completed(world, rule, record, offers, ["cost", "count"])
        if any(len(plan.remaining) for plan in plans):
            continue
        points = {(worth(chosen, "cost"), len(chosen)) for chosen in every}
        best = sorted(
            one for one in points if not any(a <= one[0] and b <= one[1] and (a, b) != one for a, b in points)
        )
        assert sorted((plan.values["cost"], plan.values["count"]) for plan in plans if plan.values) == best, seed
        several += len(best) > 1
        if best:
            for position, aim in enumerate(("cost", "count")):
                alone = completed(world, rule, record, offers, aim)
                assert alone.values[aim] == min(one[position] for one in best), seed
    assert several or make is shop


@seeds(50, 500, block=25)
def test_I41_three_aims(audit, world, numbers):
    for seed in numbers:
        rule, record, offers = bazaar(seed + 70_000)
        aims = ("cost", "count", "credits")
        points = {tuple(worth(chosen, aim) for aim in aims) for chosen in choices(audit, rule, record, offers)}
        best = sorted(
            one
            for one in points
            if not any(other != one and all(a <= b for a, b in zip(other, one, strict=True)) for other in points)
        )
        plans = completed(world, rule, record, offers, list(aims))
        assert sorted(tuple(plan.values[aim] for aim in aims) for plan in plans if plan.values) == best, seed


@seeds(300, 2000)
def test_I42_bounds_lie_below_and_greedy_choices_above(audit, world, numbers):
    for seed in numbers:
        rule, record, offers = shop(seed + 50_000)
        if asks_the_record(rule):
            continue
        for nodes in (1, 1_000_000):
            held = qg.Record.from_text(json.dumps(record))
            catalogue = qg.Catalogue(offers, credit="ects", currency="EUR")
            plan = world.complete(held, qg.Rule(json.dumps(rule)), catalogue, nodes=nodes)
            if plan.status == "optimal":
                assert plan.bound <= plan.cost, seed
        # Whoever takes everything and drops what is not needed, dearest first, pays at least as much.
        greedy = sorted(offers, key=lambda offer: -offer["cost"])
        if not in_some_order(record, greedy) or audit.verdict(rule, held_with(record, greedy)) != "satisfied":
            continue
        for offer in list(greedy):
            rest = [each for each in greedy if each is not offer]
            if in_some_order(record, rest) and audit.verdict(rule, held_with(record, rest)) == "satisfied":
                greedy = rest
        assert plan.status == "optimal", seed
        assert plan.cost <= worth(greedy, "cost"), seed


@seeds(150, 1500)
def test_I43_dead_ends_can_go(audit, world, numbers):
    gone = 0
    for seed in numbers:
        rule, record, offers = shop(seed + 60_000)
        if asks_the_record(rule):
            continue
        every = [{offer["id"] for offer in chosen} for chosen in choices(audit, rule, record, offers)]
        minimal = [one for one in every if not any(other < one for other in every)]
        useful = set().union(*minimal) if minimal else set()
        dead = [offer for offer in offers if offer["id"] not in useful]
        if not dead:
            continue
        plan = completed(world, rule, record, offers)
        if len(plan.remaining):
            continue
        gone += 1
        rest = completed(world, rule, record, [offer for offer in offers if offer["id"] in useful])
        assert (plan.status, plan.cost) == (rest.status, rest.cost), seed
    assert gone
