"""Pathways, ladders and indicators against enumeration: every set of offers, every order, every allocation."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations

import pytest

import qualgraph as qg

from . import pathway_brute as brute


@pytest.fixture(scope="module")
def world():
    return qg.load()


def catalogue_of(offers):
    return qg.Catalogue(offers, credit="x-credit", currency="EUR")


NOTHING = qg.Record([], awards=[], credit="x-credit")


def every_set(offers):
    return [chosen for size in range(len(offers) + 1) for chosen in combinations(offers, size)]


@pytest.mark.parametrize("seed", range(40))
def test_ways_to_an_award_are_those_of_an_enumeration(world, seed):
    rule, offers = brute.rule_for(seed, "award"), brute.offers_for(seed, 5, requires=True)
    stacks = brute.Stacks(rule, offers)
    values = set()
    for chosen in every_set(offers):
        if stacks.is_met(offer["id"] for offer in chosen) and brute.orders(chosen):
            values.add((sum(o["cost"] for o in chosen), sum(o["months"] for o in chosen)))
    answer = world.pathways(NOTHING, qg.Rule(rule), catalogue_of(offers))
    assert answer.status == ("proved" if values else "impossible")
    assert {(way.values["cost"], way.values["months"]) for way in answer.ways} == brute.undominated(values)
    assert len(answer.ways) == len(brute.undominated(values))
    for way in answer.ways:
        assert stacks.is_met(way.order)
        held = set()
        for id in way.order:
            offer = next(each for each in offers if each["id"] == id)
            assert brute.open_to(offer.get("requires"), held)
            held.add(id)


@pytest.mark.parametrize("seed", range(25))
def test_awards_on_the_way_open_articulations_and_never_prove_themselves(world, seed):
    below, above = brute.rule_for(seed, "below"), brute.rule_for(seed + 500, "above")
    offers = brute.offers_for(seed, 4)
    offers.append(
        {"id": "block", "unit": "block", "kind": "articulation", "credits": 10, "tags": ["core", "option"],
         "origin": "taught", "cost": 1, "months": 0, "requires": {"award": "below"}}
    )  # fmt: skip
    lower, upper = brute.Stacks(below, offers), brute.Stacks(above, offers)
    values = set()
    for chosen in every_set(offers):
        ids = [offer["id"] for offer in chosen]
        if upper.is_met(ids) and brute.orders(chosen, [("below", lower.is_met)]):
            values.add((sum(o["cost"] for o in chosen), sum(o["months"] for o in chosen)))
    answer = world.pathways(NOTHING, qg.Rule(above), catalogue_of(offers), rules=[qg.Rule(below)])
    found = {(way.values["cost"], way.values["months"]) for way in answer.ways}
    assert answer.status == ("proved" if values else "impossible")
    assert found == brute.undominated(values)
    for way in answer.ways:
        assert ("below" in way.awards) == ("block" in way.order)


@pytest.mark.parametrize("seed", range(25))
def test_reachability_is_that_of_an_enumeration(world, seed):
    rule, offers = brute.rule_for(seed, "award"), brute.offers_for(seed + 90, 5, requires=True)
    stacks = brute.Stacks(rule, offers)
    counts = [
        len(chosen)
        for chosen in every_set(offers)
        if stacks.is_met(o["id"] for o in chosen) and brute.orders(chosen)
    ]
    answer = world.reachable(NOTHING, catalogue_of(offers), rules=[qg.Rule(rule)])
    if counts:
        assert answer.awards["award"] == ("reachable" if min(counts) else "held")
        assert answer.distance["award"] == min(counts)
    else:
        assert answer.awards["award"] == "unreachable"
        assert answer.proof("award")["lacks"]
    held, rounds = set(), 0
    expected = {}
    while True:
        fresh = {o["id"] for o in offers if o["id"] not in held and brute.open_to(o.get("requires"), held)}
        if not fresh:
            break
        rounds += 1
        expected |= dict.fromkeys(fresh, rounds)
        held |= fresh
    assert answer.credentials == expected


@pytest.mark.parametrize("seed", range(40))
def test_indicators_are_those_of_every_stack(world, seed):
    rules = [brute.rule_for(seed, "one"), brute.rule_for(seed + 1_000, "two")]
    offers = brute.offers_for(seed, 6)
    answer = world.indicators(catalogue_of(offers), rules=[qg.Rule(rule) for rule in rules])
    whole = [brute.Stacks(rule, offers) for rule in rules]
    pairs = {(row["offer"], row["award"]): row for row in answer.by_award}
    size = {offer["id"]: Fraction(offer["credits"]) for offer in offers}
    useful = {id: set() for id in size}
    best = dict.fromkeys(size, Fraction(0))
    for rule, stacks in zip(rules, whole, strict=True):
        least = stacks.least()
        smallest = min((sum(size[id] for id in one) for one in least), default=None)
        for id in size:
            row = pairs[id, rule["id"]]
            assert row["share"] == stacks.share(id)
            assert row["useful"] is any(id in one for one in least)
            if row["useful"]:
                useful[id].add(rule["id"])
                assert frozenset(row["witness"]) in least and id in row["witness"]
            best[id] = max(best[id], stacks.share(id) or Fraction(0))
            if smallest is not None:
                rest = min(
                    sum(size[o] for o in chosen)
                    for n in range(len(size))
                    for chosen in combinations([o for o in size if o != id], n)
                    if stacks.is_met([*chosen, id])
                )
                assert row["saving"] == smallest - rest
    rows = {row["offer"]: row for row in answer.table}
    for id in size:
        assert rows[id]["share"] == best[id]
        assert rows[id]["reach"] == len(useful[id])
        assert rows[id]["dead_end"] is (not useful[id])
    total = sum(size.values())
    assert answer.stackability == sum(size[id] * best[id] for id in size) / total
    assert answer.dead_end_share == sum(size[id] for id in size if not useful[id]) / total
    for row, stacks in zip(answer.awards, whole, strict=True):
        assert row["reachable"] is bool(stacks.least())
        if row["reachable"]:
            keepers = [id for id in size if not stacks.is_met(o for o in size if o != id)]
            assert sorted(row["gatekeepers"]) == sorted(keepers)


@pytest.mark.parametrize("seed", range(40))
def test_a_dead_end_changes_no_verdict_and_no_optimum(world, seed):
    rule, offers = brute.rule_for(seed, "award"), brute.offers_for(seed, 6)
    answer = world.indicators(catalogue_of(offers), rules=[qg.Rule(rule)], saving=False, gatekeeping=False)
    dead = {row["offer"] for row in answer.table if row["dead_end"]}
    kept = [offer for offer in offers if offer["id"] not in dead]
    if not kept:
        assert not [one for one in brute.Stacks(rule, offers).least() if one]
        return
    for aim in ("cost", "credits", "count"):
        whole = world.complete(NOTHING, qg.Rule(rule), catalogue_of(offers), aim)
        less = world.complete(NOTHING, qg.Rule(rule), catalogue_of(kept), aim)
        assert (whole.status, whole.values) == (less.status, less.values)


@pytest.mark.parametrize("seed", range(40))
def test_ladders_nest_and_carry_as_every_stack_does(world, seed):
    below, above = brute.rule_for(seed, "below"), brute.rule_for(seed + 2_000, "above")
    offers = brute.offers_for(seed, 6)
    lower, upper = brute.Stacks(below, offers), brute.Stacks(above, offers)
    ladder = world.ladder([qg.Rule(below), qg.Rule(above)], catalogue=catalogue_of(offers))
    rung = ladder.rungs[0]
    every = [[o["id"] for o in chosen] for chosen in every_set(offers)]
    if any(upper.is_met(chosen) for chosen in every):
        assert rung.nested is all(lower.is_met(chosen) for chosen in every if upper.is_met(chosen))
        if rung.nested is False:
            assert upper.is_met(rung.witness) and not lower.is_met(rung.witness)
    else:
        assert rung.nested is None and not rung.outer_exists
    least = [one for one in lower.least() if one]
    if least:
        size = {offer["id"]: Fraction(offer["credits"]) for offer in offers}
        shares = [upper.countable(one) / sum(size[id] for id in one) for one in least]
        assert rung.carry_proved
        assert rung.carry == (min(shares), max(shares))


@pytest.mark.parametrize("seed", range(60))
def test_what_is_not_stated_is_no_yes_and_no_no(world, seed):
    below, above = brute.rule_for(seed, "below"), brute.rule_for(seed + 3_000, "above")
    offers, outcomes = brute.with_blanks(seed, brute.offers_for(seed, 4))
    ids = [offer["id"] for offer in offers]
    lower = [brute.Stacks(below, one) for one in outcomes]
    upper = [brute.Stacks(above, one) for one in outcomes]
    answer = world.indicators(catalogue_of(offers), rules=[qg.Rule(below)], saving=False, gatekeeping=False)
    for row in answer.by_award:
        id = row["offer"]
        if row["useful"] is not None:
            assert {any(id in stack for stack in one.least()) for one in lower} == {row["useful"]}
        if row["share_proved"]:
            assert {one.share(id) for one in lower} == {row["share"]}
    rung = world.ladder([qg.Rule(below), qg.Rule(above)], catalogue=catalogue_of(offers)).rungs[0]
    every = [chosen for size in range(len(ids) + 1) for chosen in combinations(ids, size)]
    if rung.nested is not None:
        for low, high in zip(lower, upper, strict=True):
            assert all(low.is_met(chosen) for chosen in every if high.is_met(chosen)) is rung.nested
    if rung.carry_proved and rung.carry:
        for low, high, one in zip(lower, upper, outcomes, strict=True):
            size = {offer["id"]: offer["credits"] for offer in one}
            shares = [high.countable(stack) / sum(size[id] for id in stack) for stack in low.least() if stack]
            assert rung.carry == (min(shares), max(shares))


@pytest.mark.parametrize("seed", range(30))
def test_credit_loss_leaves_minima_aside(world, seed):
    rule, offers = brute.rule_for(seed, "award"), brute.offers_for(seed, 6)
    stacks = brute.Stacks(rule, offers)
    record = qg.Record(brute.as_record(offers)["items"], credit="x-credit", awards=[])
    answer = world.indicators(catalogue_of(offers), rules=[qg.Rule(rule)], learners=[("x", record)], saving=False)
    row = next(iter(answer.learners))
    held = sum(Fraction(offer["credits"]) for offer in offers)
    assert row["held"] == held
    assert row["loss"] == 1 - stacks.countable(offer["id"] for offer in offers) / held


@pytest.mark.parametrize("seed", range(60))
def test_graphs_of_steps_agree_with_an_enumeration(world, seed):
    offers = brute.offers_for(seed, 6, requires=True)
    graph = world.step_graph(NOTHING, catalogue_of(offers))
    months = {offer["id"]: offer["months"] for offer in offers}
    for target in (offer["id"] for offer in offers):
        values, costs = set(), set()
        for chosen in every_set(offers):
            if target not in [o["id"] for o in chosen] or not brute.orders(chosen):
                continue
            ends = {}
            open_ = list(chosen)
            # Ends of every step when it starts as soon as some way of opening it is held.
            while open_:
                ready = [o for o in open_ if brute.open_to(o.get("requires"), ends)]
                best = []
                for offer in ready:
                    starts = [Fraction(0)] if offer.get("requires") is None else [
                        end for end in sorted(set(ends.values()))
                        if brute.open_to(offer["requires"], {id for id in ends if ends[id] <= end})
                    ]
                    best.append((min(starts) + months[offer["id"]], offer["id"], offer))
                end, id, offer = min(best, key=lambda entry: entry[:2])
                ends[id] = end
                open_.remove(offer)
            cost = sum(o["cost"] for o in chosen)
            values.add((cost, ends[target], len(chosen)))
            costs.add(cost)
        ways, proved, _ = graph.pareto(target)
        assert proved
        assert {(way.cost, way.months, way.count) for way in ways} == brute.undominated(values)
        answer = graph.cheapest(target)
        if costs:
            assert answer["status"] == "optimal"
            assert answer["cost"] == min(costs)
            assert answer["chain"] <= answer["cost"] <= answer["recounted"]
            assert graph.proof(target)["reached"]
        else:
            assert answer["status"] == "unreachable"
            assert not graph.proof(target)["reached"]
