"""Completions: cheapest plans, their order, limits that additions use up, and why nothing helps."""

from __future__ import annotations

from fractions import Fraction

import pytest

import qualgraph as qg
from qualgraph.check import check


@pytest.fixture(scope="module")
def world() -> qg.World:
    return qg.load()


def award(**more: object) -> qg.Rule:
    return qg.Rule({"id": "award", "title": "Award", "credit": "x-credit", "total": {"min": 30}, **more})


HELD = qg.Record(
    [{"id": "held", "credits": 10, "tags": ["core"], "origin": "taught", "used_for": []}], credit="x-credit"
)


def offers(*rows: dict[str, object]) -> qg.Catalogue:
    return qg.Catalogue([{"credits": 10, "origin": "micro", "tags": [], **row} for row in rows], credit="x-credit")


def test_the_cheapest_is_taken_and_an_audit_bears_it_out(world: qg.World) -> None:
    plan = world.complete(HELD, award(), offers({"id": "a", "cost": 5}, {"id": "b", "cost": 3}, {"id": "c", "cost": 4}))
    assert (plan.status, plan.cost, sorted(plan.order)) == ("optimal", 7, ["b", "c"])
    assert plan.audit.verdict == "satisfied"


def test_additions_use_up_the_limit_on_their_origin(world: qg.World) -> None:
    rule = award(caps={"micro": {"from": {"origin": "micro"}, "max": 10}})
    catalogue = offers({"id": "a", "cost": 1}, {"id": "b", "cost": 1}, {"id": "taught", "origin": "taught", "cost": 50})
    plan = world.complete(HELD, rule, catalogue)
    assert plan.status == "optimal" and plan.cost == 51 and "taught" in plan.order


def test_what_is_required_comes_first_and_costs_too(world: qg.World) -> None:
    catalogue = offers(
        {"id": "cheap", "cost": 1, "credits": 20, "requires": {"holds": {"unit": "door"}}},
        {"id": "door", "cost": 5, "credits": 0},
        {"id": "plain", "cost": 9, "credits": 20},
    )
    plan = world.complete(HELD, award(), catalogue)
    assert (plan.order, plan.cost) == (["door", "cheap"], 6)


def test_offers_that_wait_for_each_other_are_not_taken(world: qg.World) -> None:
    catalogue = offers(
        {"id": "a", "cost": 1, "requires": {"holds": {"unit": "b"}}},
        {"id": "b", "cost": 1, "requires": {"holds": {"unit": "a"}}},
        {"id": "c", "cost": 90, "credits": 20},
    )
    assert world.complete(HELD, award(), catalogue).order == ["c"]


def test_one_of_several_requirements_is_enough(world: qg.World) -> None:
    either = {"any": [{"holds": {"unit": "p"}}, {"holds": {"unit": "q"}}]}
    catalogue = offers(
        {"id": "a", "cost": 1, "credits": 20, "requires": either},
        {"id": "p", "cost": 8, "credits": 0},
        {"id": "q", "cost": 3, "credits": 0},
    )
    plan = world.complete(HELD, award(), catalogue)
    assert (plan.order, plan.cost) == (["q", "a"], 4)


def test_an_offer_may_be_taken_as_often_as_it_says(world: qg.World) -> None:
    catalogue = offers({"id": "a", "cost": 2, "max_takes": 2}, {"id": "b", "cost": 9})
    plan = world.complete(HELD, award(), catalogue)
    assert (plan.order, plan.cost) == (["a", "a"], 4)
    assert plan.audit.verdict == "satisfied"


def test_an_unknown_cost_is_never_free(world: qg.World) -> None:
    catalogue = offers({"id": "a", "cost": None, "credits": 20}, {"id": "b", "cost": 100, "credits": 20})
    assert world.complete(HELD, award(), catalogue).order == ["b"]
    assert world.complete(HELD, award(), catalogue, minimise="count").order in (["a"], ["b"])


def test_credits_that_nobody_states_are_never_nothing(world: qg.World) -> None:
    two = qg.Rule({"id": "award", "title": "Award", "total": {"min": 2, "measure": "units"}})
    nothing = qg.Record([], awards=[])
    catalogue = offers({"id": "a", "credits": None}, {"id": "b"}, {"id": "c", "credits": 15}, {"id": "d"})
    plan = world.complete(nothing, two, catalogue, minimise="credits")
    assert (plan.status, sorted(plan.order), plan.values["credits"]) == ("optimal", ["b", "d"], 20)
    assert check(plan.certificate, nothing, two, world, catalogue).ok is True
    assert any(note.startswith("The credits of a are not stated") for note in plan.notes)
    assert "a" in world.complete(nothing, two, offers({"id": "a", "credits": None}, {"id": "b"}), "count").order
    only = offers({"id": "a", "credits": None}, {"id": "b"})
    # A plan that takes it comes to no one amount, and the checker says so.
    taken = world.complete(nothing, two, only, minimise="count")
    wrong = {**taken.certificate, "aims": ["credits"], "values": {"credits": 10}, "status": "not_proved"}
    assert 'of "a", its credits is not known' in check(wrong, nothing, two, world, only).reasons
    plan = world.complete(nothing, two, only, minimise="credits")
    assert plan.status == "impossible" and any(note.startswith("The credits of a are") for note in plan.reasons)


@pytest.mark.parametrize("other", [{"min": 1, "max": 30}, "1 y-credit"])
def test_credits_that_do_not_add_up_are_left_out_of_the_fewest(world: qg.World, other: object) -> None:
    two = qg.Rule({"id": "award", "title": "Award", "total": {"min": 2, "measure": "units"}})
    nothing = qg.Record([], awards=[])
    catalogue = offers({"id": "a", "credits": other}, {"id": "b", "credits": "10 x-credit"}, {"id": "c", "credits": 15})
    plan = world.complete(nothing, two, catalogue, minimise="credits")
    assert (plan.status, sorted(plan.order), plan.values["credits"]) == ("optimal", ["b", "c"], 25)
    assert any("credits of a are a range, or in another system" in note for note in plan.notes)
    assert check(plan.certificate, nothing, two, world, catalogue).ok is True
    # Where the catalogue names no system, all offers may name the same one.
    same = qg.Catalogue([{"id": "b", "credits": "10 y-credit"}, {"id": "c", "credits": "5 y-credit"}])
    plan = world.complete(nothing, two, same, minimise="credits")
    assert (plan.status, plan.values["credits"], plan.notes) == ("optimal", 15, [])
    assert check(plan.certificate, nothing, two, world, same).ok is True


def test_every_plan_that_none_beats(world: qg.World) -> None:
    catalogue = offers(
        {"id": "slow", "cost": 10, "credits": 20, "months": 12},
        {"id": "fast", "cost": 30, "credits": 20, "months": 3},
        {"id": "bad", "cost": 40, "credits": 20, "months": 12},
        {"id": "middle", "cost": 20, "credits": 20, "months": 6},
    )
    plans = world.complete(HELD, award(), catalogue, minimise=["cost", "months"])
    assert [tuple(plan.values.values()) for plan in plans] == [(10, 12), (20, 6), (30, 3)]
    assert len(plans.table) == 3


def test_several_awards_share_what_is_taken(world: qg.World) -> None:
    one = award(places={"core": {"from": {"tag": "core"}, "min": 20}, "rest": {"from": "everything"}})
    other = qg.Rule({"id": "other", "title": "Other", "credit": "x-credit", "total": {"min": 20}})
    catalogue = offers({"id": "core", "tags": ["core"], "cost": 7}, {"id": "any", "cost": 5}, {"id": "more", "cost": 6})
    plan = world.complete(HELD, [one, other], catalogue)
    assert (sorted(plan.order), plan.cost) == (["any", "core"], 12)
    assert [audit.verdict for audit in plan.audits] == ["satisfied", "satisfied"]


def test_impossible_says_why(world: qg.World) -> None:
    short = world.complete(HELD, award(), offers({"id": "a", "cost": 1}))
    assert short.status == "impossible" and short.cost is None
    assert "10 credits are lacking in all [total/min]" in short.reasons[0]
    waiting = offers({"id": "a", "cost": 1, "credits": 20, "requires": {"holds": {"unit": "nowhere"}}})
    assert "what offers require" in world.complete(HELD, award(), waiting).reasons[0]
    assert world.complete(HELD, award(), qg.Catalogue([])).status == "impossible"


def test_nothing_to_take_costs_nothing(world: qg.World) -> None:
    done = award(total={"min": 10})
    plan = world.complete(HELD, done, offers({"id": "a", "cost": 1}))
    assert (plan.status, plan.cost, plan.order) == ("optimal", 0, [])


def test_a_large_catalogue_gives_the_same_plan_as_its_core(world: qg.World) -> None:
    rule = award(
        places={
            "core": {"from": {"tag": "core"}, "min": 25, "max": 40},
            "rest": {"from": "everything"},
        },
        total={"min": 55},
        caps={"micro": {"from": {"origin": "micro"}, "max": 45}},
    )
    rows = [
        {"id": f"o{i:04d}", "credits": 5 + i % 4 * 5, "tags": ["core"] if i % 3 else [], "cost": 20 + i * 7919 % 997}
        for i in range(1_200)
    ]
    large = world.complete(HELD, rule, offers(*rows))
    assert large.status == "optimal" and large.audit.verdict == "satisfied"
    cheapest = sorted(rows, key=lambda row: Fraction(row["cost"], row["credits"]))[:120]
    assert large.cost == world.complete(HELD, rule, offers(*cheapest)).cost


def test_misuse_is_named(world: qg.World) -> None:
    with pytest.raises(qg.InvalidValue, match="minimise"):
        world.complete(HELD, award(), offers(), minimise=["cost", "cost"])
    with pytest.raises(qg.InvalidValue, match="cost, count, credits and months"):
        world.complete(HELD, award(), offers(), minimise="beauty")
    with pytest.raises(qg.InvalidValue, match="needs a rule"):
        world.complete(HELD, [], offers())


def test_an_offer_does_not_open_its_own_door(world: qg.World) -> None:
    itself = {"holds": {"unit": "a"}}
    assert world.complete(HELD, award(), offers({"id": "a", "cost": 1, "credits": 20, "requires": itself})).status == (
        "impossible"
    )
    along = offers({"id": "a", "cost": 1, "credits": 20, "corequires": itself})
    assert world.complete(HELD, award(), along).order == ["a"]


def test_takes_without_end_are_refused() -> None:
    with pytest.raises(qg.FactError) as error:
        offers({"id": "a", "cost": 1, "max_takes": 100_000_000})
    assert error.value.faults[0].pointer == "/offers/0/max_takes"


def test_what_must_come_before_is_taken_on_an_earlier_day(world: qg.World) -> None:
    rule = award(prerequisites={"practice": {"for": {"tag": "practice"}, "needs": {"holds": {"tag": "theory"}}}})
    record = qg.Record(HELD.to_dict()["items"], credit="x-credit", as_of="2026-01-01")
    catalogue = offers({"id": "p", "tags": ["practice"], "cost": 1}, {"id": "t", "tags": ["theory"], "cost": 1})
    plan = world.complete(record, rule, catalogue)
    assert (plan.status, plan.order) == ("optimal", ["t", "p"])
    days = [row["date"] for row in plan.additions]
    assert days[0] < days[1] and plan.audit.verdict == "satisfied"


def test_an_offer_that_opens_later_is_taken_later(world: qg.World) -> None:
    record = qg.Record(HELD.to_dict()["items"], credit="x-credit", as_of="2026-01-01")
    catalogue = offers(
        {"id": "a", "cost": 1, "available": [{"from": "2026-07-01"}]},
        {"id": "b", "cost": 1, "requires": {"holds": {"unit": "a"}}},
        {
            "id": "c",
            "cost": 9,
            "requires": {"holds": {"unit": "a"}},
            "available": [{"until": "2026-03-01", "from": "2025-01-01"}],
        },
    )
    plan = world.complete(record, award(), catalogue)
    assert [(row["offer"], row["date"]) for row in plan.additions] == [("a", "2026-07-01"), ("b", "2026-07-01")]
    # Who waits for what opens after it has closed is never taken.
    catalogue = offers(*[row for row in catalogue.to_dict()["offers"] if row["id"] != "b"])
    assert world.complete(record, award(), catalogue).status == "impossible"


def test_a_pace_is_kept_over_several_years(world: qg.World) -> None:
    rule = award(pace={"year": {"per": "year", "max": 10}}, total={"min": 40})
    record = qg.Record(
        [{"id": "held", "credits": 10, "date": "2024-05-01", "used_for": []}], credit="x-credit", as_of="2026-01-01"
    )
    plan = world.complete(record, rule, offers({"id": "a", "cost": 1}, {"id": "b", "cost": 2}, {"id": "c", "cost": 3}))
    assert (plan.status, plan.cost) == ("optimal", 6)
    assert len({row["date"][:4] for row in plan.additions}) == 3


@pytest.mark.parametrize("count", [3, 40])
def test_a_clause_that_what_is_taken_turns_on_is_followed(world: qg.World, count: int) -> None:
    # Who holds anything taught by p1 has to hold 20 of it; p2 asks for nothing.
    condition = {"holds": {"provider": "p1"}}
    rule = award(floors={"p1": {"from": {"provider": "p1"}, "min": 20, "when": condition}})
    rows = [{"id": f"p1-{k}", "provider": "p1", "cost": 4} for k in range(count)]
    rows += [{"id": f"p2-{k}", "provider": "p2", "cost": 5} for k in range(count)]
    record = qg.Record([{**HELD.to_dict()["items"][0], "provider": "p9"}], credit="x-credit")
    plan = world.complete(record, rule, offers(*rows))
    assert (plan.status, plan.cost) == ("optimal", 8)
    rule = award(total={"min": 20}, floors={"p1": {"from": {"provider": "p1"}, "min": 20, "when": condition}})
    plan = world.complete(record, rule, offers(*rows))
    assert (plan.status, plan.cost) == ("optimal", 5)


def test_a_subject_once_begun_has_to_be_finished(world: qg.World) -> None:
    rule = award(
        places={
            "subject": {"for_each": "tag:subject", "min": 20},
            "rest": {"from": {"not": {"tag": "subject:*"}}},
        }
    )
    rows = [{"id": f"s{k}-{n}", "tags": [f"subject:s{k}"], "cost": 3 + k} for k in range(30) for n in range(2)]
    plan = world.complete(HELD, rule, offers(*rows, {"id": "r1", "cost": 9}, {"id": "r2", "cost": 9}))
    assert (plan.status, plan.cost, sorted(plan.order)) == ("optimal", 6, ["s0-0", "s0-1"])


def test_limits_on_everything_presented_count_what_is_taken(world: qg.World) -> None:
    rule = award(
        caps={"micro": {"from": {"origin": "micro"}, "max": 10, "effect": "invalid"}},
        floors={"online": {"from": {"mode": "online"}, "min": 10, "over": "record"}},
    )
    rows = [{"id": f"m{k}", "cost": 1} for k in range(20)] + [
        {"id": f"t{k}", "cost": 5 + k, "origin": "taught", "mode": "online" if k else "campus"} for k in range(20)
    ]
    plan = world.complete(HELD, rule, offers(*rows))
    assert (plan.status, plan.cost) == ("optimal", 7)
    assert plan.audit.verdict == "satisfied"


def test_what_could_never_be_taken_is_said(world: qg.World) -> None:
    waits = {"holds": {"unit": "nowhere"}}
    catalogue = offers(
        {"id": "a", "cost": 1, "credits": 20, "requires": waits},
        {"id": "b", "cost": 1, "requires": {"holds": {"unit": "c"}}},
        {"id": "c", "cost": 1, "requires": {"all": [{"holds": {"unit": "d"}}]}},
        {"id": "d", "cost": 1, "requires": {"holds": {"unit": "b"}}},
        {"id": "dear", "cost": None, "credits": 20},
        {"id": "closed", "cost": 1, "credits": 20, "available": [{"from": "2020-01-01", "until": "2020-06-30"}]},
    )
    record = qg.Record(HELD.to_dict()["items"], credit="x-credit", as_of="2026-01-01")
    plan = world.complete(record, award(), catalogue)
    assert plan.status == "impossible"
    assert "a asks for nowhere, which neither the record nor the catalogue has." in plan.reasons
    assert any("b requires c requires d requires b" in reason for reason in plan.reasons)
    assert any(reason.startswith("The cost of dear is not stated") for reason in plan.reasons)
    assert any(reason.startswith("Closed by 2026-01-01") for reason in plan.reasons)
    assert set(catalogue.lint().column("kind")) == {"nowhere", "circle", "no cost", "no months"}
    # Who holds what is asked for can go on.
    able = qg.Record([{"id": "nowhere", "credits": 10, "used_for": []}], credit="x-credit", as_of="2026-01-01")
    plan = world.complete(able, award(), catalogue)
    assert (plan.status, plan.order) == ("optimal", ["a"])
    assert not any("nowhere" in note for note in plan.notes) and plan._payload()["notes"] == plan.notes


def test_budgets_below_nothing_are_refused(world: qg.World) -> None:
    with pytest.raises(qg.InvalidValue, match="nodes"):
        world.complete(HELD, award(), offers(), nodes=-1)
    with pytest.raises(qg.InvalidValue, match="seconds"):
        world.complete(HELD, award(), offers(), seconds=-0.5)


def test_costs_are_in_the_currency_of_the_catalogue(world: qg.World) -> None:
    catalogue = qg.Catalogue(offers({"id": "a", "credits": 20, "cost": 500}).to_dict()["offers"], currency="NZD")
    plan = world.complete(HELD, award(), catalogue)
    assert plan.additions.column("price") == ["NZD 5.00"] and "NZD 5.00" in str(plan)


def test_what_is_held_already_can_be_on_offer_again(world: qg.World) -> None:
    rule = qg.Rule({"id": "award", "title": "Award", "credit": "x-credit", "total": {"min": 40}})
    catalogue = offers({"id": "a", "credits": 10, "cost": 1, "max_takes": 2}, {"id": "b", "credits": 10, "cost": 5})
    held = [{"id": "a", "credits": 10, "used_for": []}, {"id": "b#2", "credits": 10, "used_for": []}]
    record = qg.Record(held, credit="x-credit")
    plan = world.complete(record, rule, catalogue)
    assert (plan.status, plan.order) == ("optimal", ["a", "a"])
    assert [item["id"] for item in plan.completed.to_dict()["items"]] == ["a", "b#2", "a#2", "a#3"]
    assert qg.check(plan.certificate, record, rule, world, catalogue=catalogue)
    large = qg.Rule({"id": "award", "title": "Award", "credit": "x-credit", "total": {"min": 60}})
    again = world.complete(plan.completed, large, catalogue, seconds=None)
    assert again.order == ["a", "a"]
    assert qg.check(again.certificate, plan.completed, large, world, catalogue=catalogue)
    out_of_reach = world.complete(record, qg.Rule({"id": "far", "title": "Far", "total": {"min": 900}}), catalogue)
    assert out_of_reach.status == "impossible" and out_of_reach.reasons
