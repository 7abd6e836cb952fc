"""Pathways, what is within reach, ladders over real rules, indicators, curricular metrics, pictures, commands."""

from __future__ import annotations

import json
import pickle
from fractions import Fraction

import pytest

import qualgraph as qg
from qualgraph.cli import main


@pytest.fixture(scope="module")
def world() -> qg.World:
    return qg.load()


NOTHING = qg.Record([], awards=[], credit="ects")
DIPLOMA = qg.Rule(
    {"id": "diploma", "title": "Diploma", "credit": "ects", "level": "eqf:5",
     "places": {"d": {"from": {"tag": "d"}, "min": 30}}}
)  # fmt: skip
DEGREE = qg.Rule(
    {
        "id": "degree", "title": "Degree", "credit": "ects", "level": "eqf:6", "total": {"min": 60},
        "caps": {"rpl": {"from": {"origin": "rpl"}, "max_share": "1/2"}},
        "exits": {"half": {"award": "Half a degree", "level": "eqf:5", "total": {"min": 30}}},
    }
)  # fmt: skip
OFFERS: list[dict[str, object]] = [
    {"id": "d1", "credits": 30, "origin": "taught", "tags": ["d"], "cost": 100, "months": 6,
     "source": {"title": "Prospectus", "evidence": "read"}},
    {"id": "block", "kind": "articulation", "credits": 20, "origin": "transfer.completed", "tags": [], "cost": 0,
     "months": 0, "requires": {"award": "diploma"}},
    {"id": "y1", "credits": 30, "origin": "taught", "tags": [], "cost": 600, "months": 9},
    {"id": "y2", "credits": 30, "origin": "taught", "tags": [], "cost": 500, "months": 9,
     "requires": {"holds": {"unit": "y1"}}},
]  # fmt: skip
RPL = {"id": "portfolio", "unit": "work", "credits": 20, "cost": 50, "months": 1, "tags": []}


def catalogue(*more: dict[str, object]) -> qg.Catalogue:
    return qg.Catalogue([*OFFERS, *more], credit="ects", currency="EUR")


def test_a_diploma_on_the_way_opens_its_block_credit_and_prior_learning_fills_the_rest(world: qg.World) -> None:
    answer = world.pathways(NOTHING, DEGREE, catalogue(), rules=[DIPLOMA], assessments=[RPL])
    assert answer.status == "proved"
    assert [(way.order, way.awards, way.values) for way in answer.ways] == [
        (["d1", "portfolio", "block"], ["diploma"], {"cost": Fraction(150), "months": Fraction(7)})
    ]
    steps = {row["step"]: row for row in answer[0].steps}
    assert steps["diploma"]["kind"] == "award" and steps["degree:half"]["kind"] == "exit-award"
    assert steps["block"]["after"] == ["d1"] and steps["d1"]["evidence"] == ["Prospectus (read)"]
    assert list(steps).index("diploma") < list(steps).index("block")
    assert answer[0].months_side_by_side == 6


def test_what_an_award_opens_comes_after_all_the_award_rests_on(world: qg.World) -> None:
    trade = qg.Rule({"id": "trade", "title": "Trade", "places": {"shop": {"from": {"tag": "shop"}, "min": 40}}})
    goal = qg.Rule({"id": "goal", "title": "Goal", "places": {"g": {"from": {"tag": "g"}, "min": 60}}})
    offers = [
        {"id": "a-block", "kind": "articulation", "credits": 50, "tags": ["g"], "cost": 0, "months": 0,
         "requires": {"award": "trade"}},
        {"id": "b-after", "credits": 10, "tags": ["g"], "cost": 1, "months": 4,
         "requires": {"holds": {"unit": "a-block"}}},
        {"id": "s1", "credits": 20, "tags": ["shop"], "cost": 1, "months": 2},
        {"id": "s2", "credits": 20, "tags": ["shop"], "cost": 1, "months": 3},
        {"id": "s3", "credits": 15, "tags": ["g"], "cost": 3, "months": 9},
    ]  # fmt: skip
    way = world.pathways(qg.Record([], awards=[]), goal, qg.Catalogue(offers), rules=[trade], minimise="cost")[0]
    assert way.order == ["s1", "s2", "a-block", "b-after"]
    rows = {row["step"]: row for row in way.steps}
    assert rows["a-block"]["after"] == ["s1", "s2"] and list(rows).index("trade") == 2
    assert way.months_side_by_side == 7


def test_without_the_diploma_among_the_rules_its_block_credit_stays_closed(world: qg.World) -> None:
    answer = world.pathways(NOTHING, DEGREE, catalogue())
    assert [way.order for way in answer.ways] == [["d1", "y1"]]
    held = qg.Record([], awards=[{"id": "diploma"}], credit="ects")
    shortest = world.pathways(held, DEGREE, catalogue(RPL | {"origin": "rpl"}), minimise="count")
    assert shortest.ways[0].values["count"] == 2


def test_prior_learning_uses_up_its_limit(world: qg.World) -> None:
    many = [RPL | {"id": f"p{n}", "unit": f"w{n}"} for n in range(3)]
    answer = world.pathways(NOTHING, DEGREE, catalogue(), assessments=many)
    # Three portfolios would be 60 credits; only 30 may be prior learning, so one whole one of 20 counts.
    assert all(sum(step.startswith("p") for step in way.order) <= 1 for way in answer.ways)
    assert world.pathways(NOTHING, DEGREE, qg.Catalogue([], credit="ects"), assessments=many).status == "impossible"


def test_two_awards_share_what_both_count(world: qg.World) -> None:
    answer = world.pathways(NOTHING, [DIPLOMA, DEGREE], catalogue(), minimise=["cost"])
    assert answer.ways[0].order == ["d1", "y1"]
    assert answer.ways[0].values["cost"] == 700


def test_a_level_is_reached_across_borders(world: qg.World) -> None:
    irish = qg.Rule({"id": "ie", "title": "Irish award", "level": "ie-nfq:7", "credit": "ects", "total": {"min": 30}})
    lower = qg.Rule({"id": "low", "title": "Lower award", "level": "ie-nfq:6", "credit": "ects", "total": {"min": 30}})
    answer = world.pathways(NOTHING, "eqf:6", catalogue(), rules=[irish, lower])
    assert {way.target for way in answer.ways} == {"ie"}
    assert not world.pathways(NOTHING, "eqf:7", catalogue(), rules=[irish]).ways


def test_terms_keep_the_load_and_tell_their_bound(world: qg.World) -> None:
    way = world.pathways(NOTHING, DEGREE, catalogue(), rules=[DIPLOMA], assessments=[RPL])[0]
    terms = way.terms(15 * 2)
    assert [row["steps"] for row in terms] == [["d1", "portfolio"], ["block"]]
    assert "fewest possible" in terms.title
    with pytest.raises(qg.InvalidValue, match="larger than a term"):
        way.terms(20)


def test_reach_tells_distance_and_proves_what_is_out_of_reach(world: qg.World) -> None:
    far = qg.Rule({"id": "far", "title": "Far", "credit": "ects", "total": {"min": 500}})
    answer = world.reachable(NOTHING, catalogue(), rules=[DEGREE, DIPLOMA, far])
    assert answer.awards == {
        "degree": "reachable", "degree:half": "reachable", "diploma": "reachable", "far": "unreachable",
    }  # fmt: skip
    assert answer.distance == {"degree": 2, "degree:half": 1, "diploma": 1}
    assert "far is not met" in " ".join(answer.proof("far")["lacks"])
    assert answer.proof("y2") == {"reached": True, "steps": ["y1", "y2"]}
    lonely = catalogue({"id": "z", "requires": {"holds": {"unit": "nowhere"}}})
    shut = world.reachable(NOTHING, lonely, rules=[DIPLOMA])
    assert "z" not in shut.credentials and shut.proof("z")["reached"] is False


def test_a_requirement_of_amounts_is_spelled_out(world: qg.World) -> None:
    offers = [
        {"id": "a", "credits": 10, "cost": 5, "months": 1, "tags": ["x"]},
        {"id": "b", "credits": 15, "cost": 7, "months": 1, "tags": ["x"]},
        {"id": "c", "credits": 20, "cost": 13, "months": 1, "tags": ["x"]},
        {"id": "end", "cost": 1, "months": 1,
         "requires": {"holds": {"tag": "x"}, "min": 25, "measure": "credits"}},
    ]  # fmt: skip
    graph = world.step_graph(NOTHING, qg.Catalogue(offers, credit="ects"))
    best = graph.cheapest("end")
    assert (best["status"], best["cost"], sorted(best["steps"])) == ("optimal", 13, ["a", "b", "end"])
    offers[-1]["requires"] = {"holds": {"tag": "x"}, "min": 2}
    assert world.step_graph(NOTHING, qg.Catalogue(offers, credit="ects")).cheapest("end")["cost"] == 13


@pytest.mark.parametrize(
    ("rungs", "nested", "carry"),
    [
        # Equal rungs of 40 credits without any further clause.
        (["in-nep-exits:year-1", "in-nep-exits:year-2"], [True], [(1, 1)]),
        (["in-nep-exits"], [True] * 3, [(1, 1)] * 3),
        # 72 of 120 credits at the level of the diploma: the other 48 may lie below the next one's least level.
        (["nz-diploma-5", "nz-diploma-6"], [True], [(Fraction(3, 5), 1)]),
        # Only certificates count in a diploma of advanced studies; any 10 credits make a certificate.
        (["ch-cas-das-mas:cas", "ch-cas-das-mas:das"], [True], [(0, 1)]),
        (["hk-hkuspace-stack:certificate", "hk-hkuspace-stack:diploma"], [True], [(1, 1)]),
        # The honours degree asks for levels 9 and 10 together, the ordinary one for 60 credits at level 9.
        (["gb-sct-degrees:ordinary", "gb-sct-degrees:honours"], [False], [(1, 1)]),
    ],
)
def test_ladders_of_real_rules(world: qg.World, rungs: list[str], nested: list[bool], carry: list[object]) -> None:
    ladder = world.ladder(rungs)
    assert [rung.nested for rung in ladder.rungs] == nested
    assert [rung.carry for rung in ladder.rungs] == carry
    assert all(rung.carry_proved for rung in ladder.rungs)
    for rung in ladder.rungs:
        if rung.nested is False:
            held = [offer for offer in ladder.catalogue.to_dict()["offers"] if offer["id"] in rung.witness]
            assert held
    assert ladder.sources and "made-up" in str(ladder)


def test_a_ladder_tells_what_a_learner_carries_and_loses(world: qg.World) -> None:
    items = [{"id": f"l{n}", "credits": 15, "level": f"nz-nzqcf:{level}"} for n, level in enumerate([4] * 3 + [5] * 5)]
    record = qg.Record(items, credit="nz-credit", awards=[])
    rung = world.ladder(["nz-diploma-5", "nz-diploma-6"], record=record).rungs[0]
    assert (rung.held, rung.carried, rung.lost) == (120, 75, 45)
    assert len(rung.counted) == 8 and not rung.left_over
    below = {"id": "bench", "credits": 5, "level": "nz-nzqcf:3"}
    more = qg.Record([*record.to_dict()["items"], below], credit="nz-credit", awards=[])
    assert "by one best way of counting" in str(world.ladder(["nz-diploma-5", "nz-diploma-6"], record=more))
    # Of Irish credits no one number of New Zealand credits is known, though all of them count.
    irish = qg.Record([{"id": "ethics", "credits": "10 ects", "level": "ie-nfq:6"}], credit="ects", awards=[])
    abroad = world.ladder(["nz-diploma-5", "nz-diploma-6"], record=irish).rungs[0]
    assert (abroad.held, abroad.carried, abroad.lost, abroad.unknown) == (None, None, None, True)


def test_an_award_in_several_variants_asks_for_one(world: qg.World) -> None:
    with pytest.raises(qg.InvalidValue, match="ch-cas-das-mas:cas"):
        world.ladder(["ch-cas-das-mas", "in-nep-exits"])
    with pytest.raises(qg.UnknownId, match="year-1"):
        world.ladder(["in-nep-exits:year1", "in-nep-exits"])
    with pytest.raises(qg.InvalidValue, match="two awards"):
        world.ladder("nz-bachelor")


def test_indicators_name_catalogue_and_rules(world: qg.World) -> None:
    prior = [{"id": id, "credits": 20, "origin": "rpl", "tags": []} for id in "xy"]
    ann = qg.Record(prior, credit="ects", awards=[])
    answer = world.indicators(catalogue(), rules=[DEGREE, DIPLOMA], learners=[("ann", ann)])
    rows = {row["offer"]: row for row in answer.table}
    assert rows["block"]["dead_end"] and rows["block"]["share"] == 1
    assert rows["y1"]["blocking"] == 1 and rows["y2"]["delay"] == 2
    assert rows["d1"]["gatekeeping"] == ["diploma"] and rows["y1"]["gatekeeping"] == ["degree"]
    assert answer.dead_end_share == Fraction(20, 110)
    assert DEGREE.hash[:8] in answer.summary.title
    learner = {row["award"]: row for row in answer.learners}
    row = learner["degree"]
    assert (row["held"], row["counted"], row["loss"]) == (40, 20, Fraction(1, 2))
    # 20 of the 40 count; d1 and the block credit behind it fill the other 40 with 50: 90 held for 60.
    assert row["excess"] == 30
    assert json.dumps(answer.to_dict())


def test_a_size_that_is_not_known_is_left_out_and_said(world: qg.World) -> None:
    answer = world.indicators(catalogue({"id": "q", "tags": ["d"], "origin": "taught"}), rules=[DIPLOMA])
    said = {row["indicator"]: row["value"] for row in answer.summary}
    assert said["credentials of unknown size, left out of shares"] == 1


def test_published_metrics_of_example_curricula(world: qg.World) -> None:
    # CurricularAnalytics.jl, its own test curricula.
    weaving = {"A": [], "B": [], "C": ["A", "B", "D"], "D": [], "E": ["C"], "F": ["D"], "G": [], "H": []}
    answer = world.curriculum(weaving)
    rows = {row["unit"]: row for row in answer.table}
    assert [rows[unit]["blocking"] for unit in "ABCDEFGH"] == [2, 2, 1, 3, 0, 0, 0, 0]
    assert [rows[unit]["delay"] for unit in "ABCDEFGH"] == [3, 3, 3, 3, 3, 2, 1, 1]
    assert rows["C"]["centrality"] == 9
    assert (answer.complexity, answer.blocking, answer.delay, answer.centrality) == (27, 8, 19, 9)
    diamond = world.curriculum({"A": [], "B": ["A"], "C": ["A"], "D": ["B", "C"]})
    assert [row["delay"] for row in diamond.table] == [3, 3, 3, 3]


def test_every_result_keeps_the_manners_of_the_house(world: qg.World) -> None:
    ways = world.pathways(NOTHING, DEGREE, catalogue(), rules=[DIPLOMA], assessments=[RPL])
    ladder = world.ladder(["nz-diploma-5", "nz-diploma-6"])
    results = [
        ways, ladder, world.reachable(NOTHING, catalogue(), rules=[DEGREE]),
        world.indicators(catalogue(), rules=[DEGREE]), world.curriculum(catalogue()),
    ]  # fmt: skip
    for result in results:
        assert repr(result).startswith("<") and "\n" not in repr(result)
        assert str(result) and "<script" not in result._repr_html_()
        whole = result.to_dict()
        assert whole["world"] == world.hash and json.loads(json.dumps(whole))
        assert world.hash[:12] in result.statement()
        assert result.cite().text
    assert ladder.cite().bibtex.count("@") >= 2
    assert pickle.loads(pickle.dumps(ways.table)).column("cost") == ways.table.column("cost")


def test_pictures_are_drawn_and_read_out(world: qg.World) -> None:
    ways = world.pathways(NOTHING, DEGREE, catalogue(), rules=[DIPLOMA], assessments=[RPL])
    pictures = [
        ways[0].plot(), ways.plot(), world.ladder(["nz-diploma-5", "nz-diploma-6"]).plot(),
        world.step_graph(NOTHING, catalogue()).plot("y2"),
    ]  # fmt: skip
    for chart in pictures:
        assert chart.description and chart.data
    assert "block (articulation) after diploma" in pictures[0].description
    assert "carries 3/5 to all of the credits" in json.dumps(pictures[2].to_dict())


@pytest.fixture
def files(tmp_path):
    record, offers = tmp_path / "record.json", tmp_path / "offers.json"
    degree, diploma = tmp_path / "degree.json", tmp_path / "diploma.json"
    record.write_text(NOTHING.to_json(), encoding="utf-8")
    offers.write_text(catalogue().to_json(), encoding="utf-8")
    degree.write_text(DEGREE.to_json(), encoding="utf-8")
    diploma.write_text(DIPLOMA.to_json(), encoding="utf-8")
    return record, offers, degree, diploma


def test_commands_answer_and_write(files, capsys, tmp_path) -> None:
    record, offers, degree, diploma = map(str, files)
    page = tmp_path / "ways.html"
    asked = ["pathways", record, "--to", degree, "--rule", diploma, "--catalogue", offers, "--html", str(page)]
    assert main(asked) == 0
    assert "no other way beats" in capsys.readouterr().out and page.read_text(encoding="utf-8").startswith("<!doctype")
    assert main(["pathways", record, "--to", "eqf:8", "--rule", degree, "--catalogue", offers, "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["ways"] == []
    assert main(["reachable", record, "--catalogue", offers, "--rule", degree]) == 0
    assert "degree:half" in capsys.readouterr().out
    assert main(["ladder", "nz-diploma-5", "nz-diploma-6"]) == 0
    assert "carries 3/5 to all of the credits" in capsys.readouterr().out
    assert main(["indicators", offers, "--rule", degree, "--rule", diploma, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["edition"]["rules"].keys() == {"degree", "diploma"}
    assert main(["pathways", record, "--to", "no-such-rule", "--catalogue", offers]) == 2
    assert "no-such-rule" in capsys.readouterr().err


# -- what an attack found: each is a small case with one right answer


def given(id: str, **rule: object) -> qg.Rule:
    return qg.Rule({"id": id, "title": id.title(), "credit": "ects", **rule})


def offered(*offers: dict[str, object]) -> qg.Catalogue:
    whole = [{"credits": 10, "cost": 1, "months": 1, "tags": [], **offer} for offer in offers]
    return qg.Catalogue(whole, credit="ects", currency="EUR")


OPENS = given("x", places={"d": {"from": {"tag": "d"}, "min": 30}})
GOAL = given("g", places={"p": {"from": {"tag": "g"}, "min": 10}})


def test_what_an_award_may_open_but_something_else_opens_too_counts_toward_it(world: qg.World) -> None:
    offers = offered(
        {"id": "a"},
        {"id": "o", "credits": 30, "tags": ["d"], "requires": {"any": [{"award": "x"}, {"holds": {"unit": "a"}}]}},
        {"id": "p", "tags": ["g"], "requires": {"award": "x"}},
    )
    answer = world.pathways(NOTHING, GOAL, offers, rules=[OPENS])
    # That nothing is better is not claimed: the steps that x itself might open were set aside.
    assert answer.status == "not_proved" and [way.order for way in answer.ways] == [["a", "o", "p"]]
    assert world.reachable(NOTHING, offers, rules=[GOAL, OPENS]).awards["g"] == "reachable"


def test_what_lies_behind_what_an_award_opens_does_not_count_toward_it(world: qg.World) -> None:
    offers = offered(
        {"id": "adv", "cost": 0, "months": 0, "tags": ["g"], "requires": {"award": "x"}},
        {"id": "follow", "credits": 30, "tags": ["d"], "requires": {"holds": {"unit": "adv"}}},
        {"id": "d", "credits": 30, "cost": 5, "months": 5, "tags": ["d"]},
    )
    answer = world.pathways(NOTHING, GOAL, offers, rules=[OPENS])
    assert answer.status == "proved" and [way.order for way in answer.ways] == [["d", "adv"]]


@pytest.mark.parametrize(
    "lacking", [{"tags": None}, {"cost": None, "tags": ["g"]}, {"tags": ["g"], "requires": {"award": "unheard-of"}}]
)
def test_what_nobody_states_proves_nothing(world: qg.World, lacking: dict[str, object]) -> None:
    offer = {"id": "p", "credits": 10, "cost": 1, "months": 1, "tags": ["t"], **lacking}
    offers = qg.Catalogue([{key: value for key, value in offer.items() if value is not None}], credit="ects")
    answer = world.pathways(NOTHING, GOAL, offers, rules=[GOAL])
    assert answer.status == "not_proved" and not answer.ways and "p" in str(answer)
    if "cost" not in lacking:
        assert world.reachable(NOTHING, offers, rules=[GOAL]).awards == {"g": "undecided"}


def test_what_no_reading_could_bring_is_out_of_reach(world: qg.World) -> None:
    # The level may stand opposite two levels; 360 credits are out of reach either way.
    record = qg.Record([{"id": "u", "credits": "10 ects", "level": "ie-nfq:6", "used_for": []}], awards=[])
    offer = {"id": "c", "credits": 10, "level": "nz-nzqcf:6", "cost": 1, "months": 1}
    offers = qg.Catalogue([offer], credit="nz-credit")
    assert world.reachable(record, offers, rules=["nz-bachelor"]).awards == {"nz-bachelor": "unreachable"}
    assert world.pathways(record, "nz-bachelor", offers).status == "impossible"


def test_a_provisional_award_is_not_met_already(world: qg.World) -> None:
    talk = given("t", total={"min": 0}, requirements={"talk": {"what": "a talk"}})
    assert world.reachable(NOTHING, offered(), rules=[talk]).awards == {"t": "undecided"}


def test_an_offer_of_unknown_kind_is_no_dead_end(world: qg.World) -> None:
    stated = {"id": "q", "credits": 10, "cost": 1, "months": 1, "tags": ["other"]}
    unknown = {"id": "p", "credits": 10, "cost": 1, "months": 1}
    answer = world.indicators(qg.Catalogue([stated, unknown], credit="ects"), rules=[GOAL])
    rows = {row["offer"]: row for row in answer.table}
    assert rows["q"]["dead_end"] is True and rows["p"]["dead_end"] is None
    assert answer.awards.column("reachable") == [None]
    assert answer.dead_end_share is None and answer.bounds["dead_end_share"] == (Fraction(1, 2), 1)


def test_an_award_in_variants_opens_what_asks_for_its_rule(world: qg.World) -> None:
    variants = given("v", variants={"one": {"total": {"min": 10}}, "two": {"total": {"min": 20}}})
    offers = offered({"id": "a"}, {"id": "p", "tags": ["g"], "requires": {"award": "v"}})
    assert world.pathways(NOTHING, GOAL, offers, rules=[variants])[0].order == ["a", "p"]


@pytest.mark.parametrize(
    ("below", "above"),
    [
        (
            {"total": {"min": 60}, "caps": {"r": {"from": {"origin": "rpl"}, "max_share": "1/4"}}},
            {"total": {"min": 60}, "caps": {"r": {"from": {"origin": "rpl"}, "max_share": "3/4"}}},
        ),
        (
            {"total": {"min": 60}, "floors": {"l": {"from": {"tag": "x"}, "min_share": "1/2"}}},
            {"total": {"min": 60}, "floors": {"l": {"from": {"tag": "x"}, "min_share": "1/4"}}},
        ),
    ],
)
def test_shares_are_told_apart_on_a_ladder(world: qg.World, below: dict[str, object], above: dict[str, object]) -> None:
    assert world.ladder([given("a", **below), given("b", **above)]).nested is False


def test_a_ladder_that_cannot_make_up_every_sort_proves_no_yes(world: qg.World) -> None:
    large = given("a", places={"g": {"from": {"credits": {"at_least": 20}}, "min": 20}})
    rung = world.ladder([large, given("b", total={"min": 40})]).rungs[0]
    assert rung.nested is None and not rung.carry_proved
    tags = [f"t{n}" for n in range(5)]
    below = given("a", places={tag: {"from": {"tag": tag}, "min": 10} for tag in tags})
    above = given("b", floors={tag: {"from": {"tag": tag}, "min": 10} for tag in tags})
    ladder = world.ladder([below, above])
    assert ladder.nested is not True and "no yes is proved" in str(ladder)


def test_sizes_that_are_no_whole_numbers_are_told_apart(world: qg.World) -> None:
    places = {"p": {"from": "everything", "min": 2}}
    below = qg.Rule({"id": "two", "title": "Two", "measure": "units", "places": places})
    above = given("x", places={"x": {"from": {"tag": "x"}, "min": 10}})
    offers = offered({"id": "x1", "tags": ["x"]}, {"id": "y1", "credits": "19/2"}, {"id": "y3", "credits": "91/10"})
    assert world.ladder([below, above], catalogue=offers).rungs[0].carry == (0, Fraction(100, 191))


def test_indicators_say_none_where_they_were_not_asked_or_mix_systems(world: qg.World) -> None:
    offers = offered({"id": "p", "tags": ["g"]}, {"id": "far", "credits": "60 cats", "tags": ["z"]})
    answer = world.indicators(offers, rules=[GOAL], gatekeeping=False)
    rows = {row["offer"]: row for row in answer.table}
    assert rows["p"]["gatekeeping"] is None
    assert rows["far"]["credits"] is None and answer.stackability == 1
    assert world.indicators(offers, rules=[GOAL]).table[0]["gatekeeping"] == ["g"]


def test_gatekeepers_are_not_named_where_what_nobody_states_may_stand_in(world: qg.World) -> None:
    keeper: dict[str, object] = {"id": "p", "tags": ["g"]}
    for other, gatekeeping in (({}, ["g"]), ({"tags": None}, None), ({"tags": ["g"]}, [])):
        answer = world.indicators(offered(keeper, {"id": "q", **other}), rules=[GOAL])
        rows = {row["offer"]: row for row in answer.table}
        assert rows["p"]["gatekeeping"] == gatekeeping
    # What is not stated may be too small to stand in for it: then it is one all the same.
    answer = world.indicators(offered(keeper, {"id": "q", "credits": 1, "tags": None}), rules=[GOAL])
    assert next(row for row in answer.table if row["offer"] == "p")["gatekeeping"] == ["g"]


def test_indicators_name_offers_that_nobody_can_take_any_more(world: qg.World) -> None:
    def told(**window: str) -> list[str]:
        past = {"id": "p", "credits": 10, "tags": ["g"], "available": [{"from": "2019-01-01", **window}]}
        open_one = {"id": "q", "credits": 10, "tags": ["g"]}
        answer = world.indicators(qg.Catalogue([past, open_one], credit="ects", as_of="2024-01-01"), rules=[GOAL])
        rows = {row["offer"]: row for row in answer.table}
        assert rows["p"]["useful"] is True and rows["q"]["gatekeeping"] == ([] if not answer.notes else ["g"])
        return answer.notes

    assert told(until="2023-12-31") == ["Closed by 2024-01-01, yet looked at for those who hold them: p."]
    assert told(until="2024-01-01") == [] == told()


def test_units_taken_along_with_each_other_are_no_circle_and_real_circles_are_named(world: qg.World) -> None:
    both = offered(
        {"id": "a", "tags": ["g"], "corequires": {"holds": {"unit": "b"}}},
        {"id": "b", "tags": ["g"], "corequires": {"holds": {"unit": "a"}}},
    )
    assert world.indicators(both, rules=[GOAL]).curriculum.complexity == 2
    with pytest.raises(qg.InvalidValue, match="circle: m requires n requires m"):
        world.curriculum({"m": ["n"], "n": ["m"]})
    first = {"id": "u1", "unit": "u", "requires": {"holds": {"unit": "a"}}}
    twice = offered(first, {"id": "u2", "unit": "u"}, {"id": "a"})
    assert {row["unit"]: row["delay"] for row in world.curriculum(twice).table} == {"u": 2, "a": 2}


def test_what_is_held_is_held(world: qg.World) -> None:
    held = qg.Record([], awards=[{"id": "x"}], credit="ects")
    answer = world.reachable(held, offered({"id": "d", "credits": 30, "tags": ["d"]}), rules=[OPENS])
    assert answer.awards == {"x": "held"}


@pytest.mark.parametrize(
    "wrong",
    [
        {"minimise": 5}, {"minimise": [[]]}, {"nodes": -1}, {"nodes": "x"}, {"assessments": {"id": "a"}},
        {"assessments": "abc"}, {"assessments": 5},
    ],
)  # fmt: skip
def test_wrong_values_are_named(world: qg.World, wrong: dict[str, object]) -> None:
    with pytest.raises(qg.InvalidValue, match=next(iter(wrong))):
        world.pathways(NOTHING, GOAL, offered({"id": "p", "tags": ["g"]}), **wrong)


def test_other_wrong_values_are_named_too(world: qg.World) -> None:
    offers = offered({"id": "p", "tags": ["g"]})
    way = world.pathways(NOTHING, GOAL, offers)[0]
    for load in ("abc", None, "1/0", float("nan")):
        with pytest.raises(qg.InvalidValue, match="load"):
            way.terms(load)
    with pytest.raises(qg.InvalidValue, match="months"):
        way.terms(30, months=-1)
    for grain in (0, "abc", -1):
        with pytest.raises(qg.InvalidValue, match="grain"):
            world.ladder(["nz-diploma-5", "nz-diploma-6"], grain=grain)
    for learners in ([5], NOTHING, [("a", NOTHING, 1)]):
        with pytest.raises(qg.InvalidValue, match="learners"):
            world.indicators(offers, rules=[GOAL], learners=learners)
    with pytest.raises(qg.InvalidValue, match="policy"):
        world.ladder(["au-aqf-pathways", "nz-diploma-5"])
    with pytest.raises(qg.InvalidValue, match="list of units"):
        world.curriculum({"A": "BC"})
    with pytest.raises(qg.InvalidValue, match="a level"):
        world.pathways(NOTHING, ["eqf:6", GOAL], offers)


def test_a_requirement_the_record_denies_is_no_way(world: qg.World) -> None:
    denied = qg.Record([], awards=[], credit="ects", requirements={"talk": False})
    talk = given("t", places={"p": {"from": {"tag": "g"}, "min": 10}}, requirements={"talk": {"what": "a talk"}})
    offers = offered({"id": "p", "tags": ["g"]})
    assert not world.pathways(denied, talk, offers).ways
    assert world.reachable(denied, offers, rules=[talk]).awards["t"] != "reachable"
    told = world.pathways(NOTHING, talk, offers)
    assert told.ways and "talk" in " ".join(told.notes)


def test_credentials_behind_an_award_come_after_what_the_award_takes(world: qg.World) -> None:
    offers = offered({"id": "d", "credits": 30, "tags": ["d"]}, {"id": "p", "tags": ["g"], "requires": {"award": "x"}})
    answer = world.reachable(NOTHING, offers, rules=[OPENS])
    assert answer.credentials == {"d": 1, "p": 3}
    assert answer.proof("p") == {"reached": True, "steps": ["d", "x", "p"]}


def test_an_answer_names_the_rules_of_awards_on_the_way(world: qg.World) -> None:
    offers = offered({"id": "d", "credits": 30, "tags": ["d"]}, {"id": "p", "tags": ["g"], "requires": {"award": "x"}})
    assert world.pathways(NOTHING, GOAL, offers, rules=[OPENS]).edition["rules"].keys() == {"g", "x"}
    single = world.pathways(NOTHING, "p", offers, rules=[OPENS])
    assert single[0].order == ["d", "p"] and single.edition["rules"].keys() == {"x"}


def test_what_is_held_need_not_be_taken_again_though_it_served_another_award(world: qg.World) -> None:
    record = qg.Record([{"id": "a", "credits": 10, "tags": [], "used_for": ["old"]}], awards=[], credit="ects")
    assert world.pathways(record, "a", offered({"id": "a"})).ways[0].order == []


def test_no_bound_is_claimed_over_awards_that_were_not_looked_at(world: qg.World) -> None:
    rules = [given(f"w{n}", places={"p": {"from": {"unit": f"o{n}"}, "min": 10}}) for n in range(5)]
    chain = [{"id": "o0"}, *({"id": f"o{n}", "requires": {"award": f"w{n - 1}"}} for n in range(1, 5))]
    answer = world.pathways(NOTHING, rules[4], offered(*chain), rules=rules)
    assert answer.status == "not_proved" and answer.bounds == {}
    assert any("awards may open steps" in note for note in answer.notes)


def test_notes_name_offers_that_lead_nowhere(world: qg.World) -> None:
    offers = offered(
        {"id": "p", "tags": ["g"], "requires": {"holds": {"unit": "zz"}}},
        {"id": "b", "tags": ["g"], "requires": {"holds": {"unit": "b"}}},
    )
    told = " ".join(world.pathways(NOTHING, GOAL, offers, rules=[GOAL]).notes)
    assert "p asks for zz" in told and "b requires b" in told


def test_a_figure_of_the_learner_that_is_no_number_opens_nothing(world: qg.World) -> None:
    record = qg.Record([], awards=[], credit="ects", parameters={"age": "old"})
    offers = offered({"id": "p", "tags": ["g"], "requires": {"parameter": "age", "at_least": 20}})
    graph = world.step_graph(record, offers)
    assert graph.reached() == {} and "p: whether" in graph.undecided[0]
    young = qg.Record([], awards=[], credit="ects", parameters={"age": 20})
    assert world.step_graph(young, offers).reached() == {"p": 1}


def test_a_circle_takes_the_metrics_with_it_and_nothing_else(world: qg.World) -> None:
    round_ = [{"id": a, "tags": ["g"], "requires": {"holds": {"unit": b}}} for a, b in ("mn", "nm")]
    answer = world.indicators(offered(*round_, {"id": "p", "tags": ["g"]}), rules=[GOAL])
    assert answer.curriculum is None and "m requires n requires m" in answer.notes[0]
    rows = {row["offer"]: row for row in answer.table}
    assert rows["p"]["share"] == 1 and rows["p"]["blocking"] is None


def test_windows_look_at_the_days_of_the_plan(world: qg.World) -> None:
    # The second part may count only when it comes a month after the first.
    rule = given(
        "dated", places={"p": {"from": {"tag": "g"}, "min": 20}},
        prerequisites={"b": {"for": {"unit": "b"}, "needs": {"holds": {"unit": "a"}}, "timing": "before"}},
    )  # fmt: skip
    record = qg.Record([], awards=[], credit="ects", as_of="2026-01-01")
    answer = world.pathways(record, rule, offered({"id": "b", "tags": ["g"]}, {"id": "a", "tags": ["g"]}))
    steps = [row["step"] for row in answer[0].steps]
    assert answer.status == "proved" and steps == ["a", "b", "dated"]


def test_the_command_takes_assessments(files, capsys, tmp_path) -> None:
    record, offers, degree, diploma = map(str, files)
    fees = tmp_path / "fees.json"
    fees.write_text(qg.Catalogue([RPL], credit="ects", currency="EUR").to_json(), encoding="utf-8")
    asked = ["pathways", record, "--to", degree, "--rule", diploma, "--catalogue", offers, "--assessments", str(fees)]
    assert main(asked) == 0
    assert "portfolio" in capsys.readouterr().out
