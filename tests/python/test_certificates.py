"""Certificates as the engine gives them: each holds, and no longer once it says something else."""

import copy
import json
import random

import pytest

import qualgraph as qg
from qualgraph.check import check
from reference.stacking_random import instance

OWN = {
    "language": 1,
    "id": "own",
    "title": "Own study",
    "total": {"min": 120},
    "floors": {"residency": {"from": {"tag": "own"}, "min": 60}},
    "caps": {"rpl": {"from": {"origin": "rpl"}, "max": 60}},
}
HELD = {
    "language": 1,
    "items": [
        {"id": "own", "credits": 40, "tags": ["own"], "origin": "taught", "used_for": []},
        {"id": "rpl", "credits": 100, "tags": [], "origin": "rpl", "used_for": []},
    ]
}
TWO_WAYS = {
    "language": 1,
    "id": "two-ways",
    "title": "Two ways",
    "total": {"min": 60},
    "variants": {
        "long": {"places": {"core": {"from": {"tag": "own"}, "min": 50}}},
        "short": {"total": {"min": 45}, "places": {"core": {"from": {"tag": "own"}, "min": 45}}},
    },
}
SHOP = [
    {"id": "m", "credits": 30, "tags": ["own"], "origin": "taught", "cost": 900, "months": 2},
    {"id": "n", "credits": 20, "tags": ["own"], "origin": "taught", "cost": 400, "months": 6},
    {"id": "o", "credits": 10, "tags": ["own"], "origin": "taught", "cost": 350, "months": 1, "max_takes": 2},
    {"id": "p", "credits": 30, "tags": [], "origin": "rpl", "cost": 10, "months": 1},
    {"id": "q", "credits": 60, "tags": [], "origin": "taught", "cost": 500, "months": 3},
]
SHOP[-1]["requires"] = {"holds": {"unit": "n"}}


def audited(world, rule, record, **asks):
    return world.audit(qg.Record.from_text(json.dumps(record)), qg.Rule(rule), **asks)


def changed(tree, *path, to):
    """A copy with something else at a path."""
    tree = copy.deepcopy(tree)
    at = tree
    for step in path[:-1]:
        at = at[step]
    if to is None:
        del at[path[-1]]
    else:
        at[path[-1]] = to(at[path[-1]]) if callable(to) else to
    return tree


# ---- the least shortfall


def test_a_refusal_shows_the_least_shortfall(world):
    audit = audited(world, OWN, HELD)
    certificate = audit.certificate
    found = check(certificate, HELD, OWN, world)
    assert found.ok and found.resolved == []
    assert "no allocation lacks less" in found.shows
    # The cap keeps out the RPL: 80 lack in all, and 20 of residency.
    assert certificate["shortfall"] == {"credits": "100"} or certificate["shortfall"] == {"credits": 100}
    proof = certificate["proof"]
    for wrong in (
        changed(certificate, "shortfall", to={"credits": 99}),
        changed(certificate, "shortfall", to={}),
        changed(certificate, "shortfall", to={"hours": 100}),
        changed(certificate, "allocation", to=[]),
        changed(certificate, "allocation", to=lambda rows: [*rows, {"item": "rpl", "place": "everything"}]),
        changed(certificate, "proof", "at_least", to=proof["at_least"] + 1),
        changed(certificate, "proof", "at_least", to=proof["at_least"] - 1),
        changed(certificate, "proof", "nodes", to=[]),
        changed(certificate, "proof", "nodes", to=lambda nodes: nodes[1:]),
    ):
        assert check(wrong, HELD, OWN, world).ok is False, wrong


def test_the_least_shortfall_is_proved_beside_what_is_not_known(world):
    rule = {"id": "r", "title": "R", "total": {"min": 40}, "floors": {"f": {"from": {"tag": "own"}, "min": 30}}}
    record = {"language": 1, "items": [{"id": "a", "credits": 20}, {"id": "b", "credits": 10, "tags": []}]}
    certificate = audited(world, rule, record).certificate
    assert certificate["verdict"] == "unsatisfied" and certificate["least"]["reading"] == "strict"
    assert check(certificate, record, rule, world).ok
    for wrong in (
        changed(certificate, "least", "shortfall", to={"credits": 10}),
        changed(certificate, "least", "allocation", to=lambda rows: rows[1:]),
        changed(certificate, "least", "reading", to="favourable"),
        changed(certificate, "least", "kind", to="allocation"),
        changed(certificate, "least", "choice", to={"variant": "x"}),
        changed(certificate, "least", "proof", "nodes", to=[]),
        changed(certificate, "least", to={}),
        changed(certificate, "least", to=7),
    ):
        assert check(wrong, record, rule, world).ok is False, wrong
    unproved = changed(certificate, "least", to={"kind": "re-solved", "reading": "strict"})
    assert check(unproved, record, rule, world).resolved


@pytest.mark.parametrize("first", range(0, 120, 40))
def test_shortfalls_of_random_instances_are_proved(world, first):
    proved = 0
    for seed in range(first, first + 40):
        rule, record = instance(seed)
        audit = audited(world, rule, record)
        found = check(audit.certificate, record, rule, world)
        assert found.ok, (seed, found.reasons)
        lacks = any(audit.shortfalls.values()) and audit.shortfall is not None
        if audit.verdict in ("unsatisfied", "provisional") and lacks:
            assert "no allocation lacks less" in found.shows, seed
            proved += not found.resolved
    assert proved > 4


def test_no_proof_is_kept_where_none_is_wanted(world):
    audit = audited(world, OWN, HELD, proof=False)
    assert audit.certificate["kind"] == "re-solved"
    assert check(audit.certificate, HELD, OWN, world).ok is None


def test_what_is_only_solved_is_labelled(world):
    audit = audited(world, {"id": "r", "title": "R", "total": {"min": 10}}, HELD, prefer="counted")
    found = check(audit.certificate, HELD, {"total": {"min": 10}}, world)
    assert found.ok and found.resolved == ["that nothing more can count"]
    assert check(changed(audit.certificate, "counted", to={"kind": "cut"}), HELD, {"total": {"min": 10}}).ok is False
    plan, catalogue = planned(world, rule=TWO_WAYS)
    found = check(plan.certificate, HELD, TWO_WAYS, world, catalogue)
    assert found.ok and found.resolved == ["that no other variant is completed for less"]


# ---- variants


def test_a_refusal_speaks_of_every_variant(world):
    certificate = audited(world, TWO_WAYS, HELD).certificate
    found = check(certificate, HELD, TWO_WAYS, world)
    assert found.ok and "every other variant is refused" in found.shows
    for wrong in (
        changed(certificate, "others", to=[]),
        changed(certificate, "others", to=lambda others: others * 2),
        changed(certificate, "others", 0, "choice", "variant", to=certificate["choice"]["variant"]),
        changed(certificate, "others", 0, "choice", "variant", to="neither"),
        changed(certificate, "others", 0, "reading", to="strict"),
        changed(certificate, "others", 0, "proof", "nodes", to=[]),
        changed(certificate, "others", 0, "kind", to="allocation"),
        changed(certificate, "others", to={}),
    ):
        assert check(wrong, HELD, TWO_WAYS, world).ok is False, wrong
    unproved = changed(certificate, "others", 0, to=lambda one: {"kind": "re-solved", "choice": one["choice"]})
    assert check(unproved, HELD, TWO_WAYS, world).ok is None
    # One variant asked for is one form of the rule: nothing is said of the other.
    alone = audited(world, TWO_WAYS, HELD, variant="long").certificate
    assert "others" not in alone and check(alone, HELD, TWO_WAYS, world)


@pytest.mark.parametrize(
    "choice",
    [
        {"waivers": ["places/a"]},
        {"waivers": "w"},
        {"variant": []},
        {"variant": "v"},
        {"title": 3},
        {"exit": {"a": 1}},
        {"edition": "2"},
        [],
        "strict",
    ],
)
def test_a_choice_the_rule_does_not_have_is_refused(choice):
    rule, record = {"total": {"min": 8}}, {"items": [{"id": "a", "credits": 8}]}
    rows = [{"item": "a", "place": "everything"}]
    plain = {"kind": "allocation", "reading": "strict", "allocation": rows}
    assert check(plain, record, rule)
    assert check({**plain, "choice": choice}, record, rule).ok is False


# ---- clashes


def test_a_clash_is_minimal_and_so_are_its_corrections(world):
    audit = audited(world, OWN, HELD)
    certificate = audit.clash_certificate
    found = check(certificate, HELD, OWN, world)
    assert found.ok and not found.resolved
    assert "without any one of them the rest can" in found.shows
    assert [one["clauses"] for one in certificate["corrections"]] == audit.clash["corrections"]
    together = certificate["together"]
    another = ["total/min", "caps/rpl/max"] if together == ["floors/residency/min"] else ["floors/residency/min"]
    correction = certificate["corrections"][0]
    wrong = [
        changed(certificate, "together", to=another),
        changed(certificate, "together", to=[*together, "total/max"]),
        changed(certificate, "together", to=["total/min", "floors/residency/min", "caps/rpl/max"]),
        changed(certificate, "together", to=together * 2),
        changed(certificate, "needed", to=[]),
        changed(certificate, "corrections", 0, "clauses", to=["caps/rpl/max"]),
        changed(certificate, "corrections", 0, "clauses", to=["total/min", "floors/residency/min", "caps/rpl/max"]),
        changed(certificate, "corrections", 0, "values", to={}),
        changed(certificate, "corrections", 0, "values", to={"x[own|everything]": 7}),
        changed(certificate, "corrections", 0, "values", to={"x[own|nowhere]": 1}),
        changed(certificate, "corrections", 0, "needed", to=lambda needed: needed[1:]),
    ]
    for number in range(len(correction["needed"])):
        needed = ("corrections", 0, "needed", number)
        wrong.append(changed(certificate, *needed, "proof", to={"at_least": None, "nodes": []}))
        wrong.append(changed(certificate, *needed, "clause", to="caps/none"))
    for one in wrong:
        # An empty correction is right where nothing would have to be placed; here something has to.
        assert check(one, HELD, OWN, world).ok is False, one
    assert audited(world, {"language": 1, "id": "r", "title": "R", "total": {"min": 10}}, HELD).clash_certificate == {}


@pytest.mark.parametrize("first", range(0, 120, 40))
def test_clashes_of_random_instances_hold(world, first):
    tried = 0
    for seed in range(first, first + 40):
        rule, record = instance(seed)
        audit = audited(world, rule, record)
        if audit.verdict == "satisfied" or not audit.clash["together"]:
            continue
        tried += 1
        certificate = audit.clash_certificate
        found = check(certificate, record, rule, world)
        assert found.ok, (seed, found.reasons)
        for number, one in enumerate(certificate["corrections"]):
            for path in one["clauses"]:
                # With one clause less it mends nothing.
                rest = [other for other in one["clauses"] if other != path]
                less = changed(certificate, "corrections", number, "clauses", to=rest)
                assert check(less, record, rule, world).ok is False, (seed, path)
    assert tried > 10


# ---- plans


def planned(world, minimise="cost", rule=OWN, record=HELD, offers=SHOP):
    catalogue = qg.Catalogue(offers)
    found = world.complete(qg.Record.from_text(json.dumps(record)), qg.Rule(rule), catalogue, minimise)
    return found, catalogue


def test_an_optimal_plan_is_proved(world):
    plan, catalogue = planned(world)
    assert plan.status == "optimal"
    certificate = plan.certificate
    found = check(certificate, HELD, OWN, world, catalogue)
    assert found.ok and not found.resolved, found
    assert "has less cost" in found.shows
    assert not check(certificate, HELD, OWN, world)
    dearer = [{**offer, "cost": offer["cost"] + 1} for offer in SHOP]
    cheaper = [{**offer, "cost": 1} if offer["id"] not in plan.order else offer for offer in SHOP]
    for others in (dearer, cheaper):
        assert check(certificate, HELD, OWN, world, qg.Catalogue(others)).ok is False
    for wrong in (
        changed(certificate, "additions", to=lambda order: order[1:]),
        changed(certificate, "additions", to=lambda order: [*order, "m"]),
        changed(certificate, "additions", to=lambda order: order[::-1]),
        changed(certificate, "additions", to=lambda order: [*order[:-1], "nothing"]),
        changed(certificate, "values", "cost", to=1),
        changed(certificate, "bounds", to=[]),
        changed(certificate, "bounds", 0, "aim", to="count"),
        changed(certificate, "bounds", 0, "proof", "at_least", to=lambda value: value - 1),
        changed(certificate, "bounds", 0, "proof", "at_least", to=lambda value: value + 1),
        changed(certificate, "bounds", 0, "proof", "nodes", to=[]),
        changed(certificate, "goals", 0, "allocation", to=lambda rows: rows[1:]),
        changed(certificate, "goals", 0, "choice", to={"variant": "x"}),
        changed(certificate, "goals", to=[]),
        changed(certificate, "aims", to=["joy"]),
        changed(certificate, "status", to="best"),
        changed(certificate, "reading", to="favourable"),
    ):
        assert check(wrong, HELD, OWN, world, catalogue).ok is False, wrong


def test_a_plan_from_a_large_catalogue_is_proved_by_prices(world):
    source = random.Random(3)
    offers = [
        {
            "id": f"o{number}",
            "credits": source.choice([5, 10, 15]),
            "tags": source.choice([["own"], [], ["own"]]),
            "origin": source.choice(["taught", "rpl", "micro"]),
            "cost": source.randint(50, 400),
        }
        for number in range(600)
    ]
    for number in range(0, 600, 20):
        offers[number]["requires"] = {"holds": {"unit": f"o{number + 1}"}}
    plan, catalogue = planned(world, offers=offers)
    assert plan.status == "optimal"
    certificate = plan.certificate
    found = check(certificate, HELD, OWN, world, catalogue)
    assert found.ok and not found.resolved, found
    prices = certificate["bounds"][0]["proof"]["nodes"][0]
    (kind,) = prices
    assert kind in ("tightening", "dual") and len(prices[kind]) > 100
    cheap = [offer if offer["id"] in plan.order else {**offer, "cost": 1} for offer in offers]
    assert check(certificate, HELD, OWN, world, qg.Catalogue(cheap)).ok is False
    at = ("bounds", 0, "proof", "nodes", 0, kind)
    dearer = changed(certificate, *at, "objective", to=lambda value: value * 2)
    for wrong in (dearer, changed(certificate, *at, "total/min", to=0), changed(certificate, *at, to={})):
        assert check(wrong, HELD, OWN, world, catalogue).ok is False


def test_each_member_of_a_pareto_set_is_proved(world):
    plans, catalogue = planned(world, ["cost", "months"])
    assert len(plans) > 1
    for plan in plans:
        found = check(plan.certificate, HELD, OWN, world, catalogue)
        assert found.ok, found.reasons
        for number in range(2):
            wrong = changed(plan.certificate, "bounds", number, "proof", "at_least", to=lambda value: value + 1)
            assert check(wrong, HELD, OWN, world, catalogue).ok is False
        assert check(changed(plan.certificate, "bounds", 1, to=None), HELD, OWN, world, catalogue).ok is False


def test_what_is_impossible_is_proved(world):
    few = [SHOP[1], SHOP[3]]
    plan, catalogue = planned(world, offers=few)
    assert plan.status == "impossible"
    assert check(plan.certificate, HELD, OWN, world, catalogue).ok is True
    assert check(plan.certificate, HELD, OWN, world, qg.Catalogue(SHOP)).ok is False
    for wrong in (
        changed(plan.certificate, "bounds", 0, "proof", "nodes", to=[]),
        changed(plan.certificate, "bounds", 0, "proof", "at_least", to=lambda _: 5),
        changed(plan.certificate, "additions", to=["n"]),
    ):
        assert check(wrong, HELD, OWN, world, catalogue).ok is False
    assert check(changed(plan.certificate, "bounds", to=[]), HELD, OWN, world, catalogue).ok is None


def test_several_awards_are_proved_at_once(world):
    other = {"language": 1, "id": "other", "title": "Other", "floors": {"f": {"from": {"tag": "own"}, "min": 70}}}
    catalogue = qg.Catalogue(SHOP)
    rules = [qg.Rule(one) for one in (OWN, other)]
    plan = world.complete(qg.Record.from_text(json.dumps(HELD)), rules, catalogue)
    found = check(plan.certificate, HELD, [OWN, other], world, catalogue)
    assert found.ok and not found.resolved, found
    assert check(plan.certificate, HELD, [other, OWN], world, catalogue).ok is False
    assert check(plan.certificate, HELD, OWN, world, catalogue).ok is False


def test_rules_that_move_with_what_is_taken_are_not_vouched_for(world):
    rule = {**OWN, "floors": {**OWN["floors"], "all": {"from": {"tag": "own"}, "min": 60, "over": "record"}}}
    plan, catalogue = planned(world, rule=rule)
    certificate = plan.certificate
    if plan.status == "optimal":
        labelled = {**certificate, "bounds": [{"aim": "cost", "kind": "re-solved"}]}
        assert check(labelled, HELD, rule, world, catalogue).resolved
    proof = planned(world)[0].certificate["bounds"]
    assert check({**certificate, "status": "optimal", "bounds": proof}, HELD, rule, world, catalogue).ok is False


# ---- what no certificate may do


JUNK = [None, True, -1, 10**40, 1.5, float("nan"), "", "x", "1e999999999", "1/0", "total/min"]
JUNK += [[], {}, [[]], {"x": {}}, [None]]


def everywhere(tree, path=()):
    """Every path of a JSON tree."""
    yield path
    steps = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    for step, below in steps:
        yield from everywhere(below, (*path, step))


def test_nothing_in_a_certificate_raises(world):
    plan, catalogue = planned(world)
    known = {"language": 1, "id": "r", "title": "R", "floors": {"f": {"from": {"tag": "own"}, "min": 10}}}
    maybe = {"language": 1, "items": [{"id": "a", "credits": 10}]}
    subjects = [
        (audited(world, OWN, HELD).certificate, HELD, OWN),
        (audited(world, OWN, HELD).clash_certificate, HELD, OWN),
        (audited(world, TWO_WAYS, HELD).certificate, HELD, TWO_WAYS),
        (audited(world, known, maybe).certificate, maybe, known),
        (plan.certificate, HELD, OWN),
    ]
    source = random.Random(11)
    for certificate, record, rule in subjects:
        assert check(certificate, record, rule, world, catalogue).ok is True
        for path in everywhere(certificate):
            if not path:
                continue
            for junk in source.sample(JUNK, 4):
                found = check(changed(certificate, *path, to=lambda _, junk=junk: junk), record, rule, world, catalogue)
                assert found.ok in (True, False, None)
            assert check(changed(certificate, *path, to=None), record, rule, world, catalogue).ok in (True, False, None)


def test_nesting_is_no_way_to_stop_the_check():
    nested = {"kind": "broken"}
    for _ in range(5000):
        nested = {"kind": "provisional", "yes": nested, "no": nested}
    for certificate in (nested, "[" * 100_000, '{"kind":' * 100_000):
        found = check(certificate, {"items": []}, {})
        assert found.ok is False and found.reasons
