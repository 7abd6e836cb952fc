"""Questions about levels, as published tables answer them."""

from __future__ import annotations

import json
import re

import pytest

import qualgraph as qg


def mapped(answers) -> dict[str, list[str]]:
    return {answer.from_.partition(":")[2]: answer.possible for answer in answers}


# ---- tables read


def test_ireland_to_eqf(world):
    # IE->EQF: 1,2->1; 3->2; 4->3; 5->4; 6->5; 7,8->6; 9->7; 10->8 (referencing of 2009).
    got = mapped(world.map_framework("ie-nfq", to="eqf"))
    want = {
        "1": "1",
        "2": "1",
        "3": "2",
        "4": "3",
        "5": "4",
        "6": "5",
        "7": "6",
        "8": "6",
        "9": "7",
        "10": "8",
    }
    assert got == {level: [code] for level, code in want.items()}


def test_new_zealand_level_8_has_no_counterpart(world):
    a = world.map_level("nz-nzqcf:8", to="eqf")
    assert a.status == "no_counterpart"
    assert a.possible == a.floors == a.ceilings == []
    assert (a.floor, a.ceiling, a.width) == (None, None, None)
    assert a.bracket == ("6", "7")
    assert a.reason == "left without a level by agreement of both sides"
    assert a.complete
    assert not a.guaranteed
    assert a.nearby["below"] == qg.Neighbour("7", ("6",), True)
    assert a.nearby["above"].level == "9"
    assert a.routes[0].states_no_counterpart
    assert [source.document for source in a.sources] == ["nz-nzqcf>eqf@2016"]


def test_bracket_open_below(world):
    a = world.map_level("eqf:1", to="nz-nzqcf", via=[])
    assert (a.status, a.bracket) == ("no_counterpart", (None, "1"))
    assert "at or below level 1" in str(a)


def test_ireland_to_new_zealand_by_the_hub(world):
    # IE->NZ via EQF: 1,2->none; 3->1; 4->2; 5->3,4; 6->5,6; 7,8->7; 9->9; 10->10.
    got = mapped(world.map_framework("ie-nfq", to="nz-nzqcf", via="eqf"))
    want = {"1": [], "2": [], "3": ["1"], "4": ["2"], "5": ["3", "4"], "6": ["5", "6"]}
    assert got == want | {"7": ["7"], "8": ["7"], "9": ["9"], "10": ["10"]}


def test_hub_loses_ordinary_and_honours(world):
    for level in ("7", "8"):
        a = world.map_level(f"ie-nfq:{level}", to="gb-sct-scqf", via="eqf")
        assert a.possible == ["9", "10"]
        assert (a.floor, a.ceiling, a.width) == ("9", "10", 1)


def test_direct_documents_only(world):
    direct = world.map_level("ie-nfq:8", to="nz-nzqcf", via=[])
    assert [route.path for route in direct.routes] == [["ie-nfq", "nz-nzqcf"]]
    assert world.map_level("ie-nfq:8", to="de-dqr", via=[]).status == "no_route"


def test_direct_table_and_hub_are_not_independent(world):
    a = world.map_level("ie-nfq:8", to="nz-nzqcf")
    assert [route.status for route in a.routes] == ["alive", "alive"]
    assert [route.independent for route in a.routes] == [True, False]
    assert a.witnesses["7"][0] == frozenset({a.routes[0].documents[0]})


def test_slack_widens_at_the_joint(world):
    exact = world.map_level("dk-nqf:5", to="de-dqr")
    wide = world.map_level("dk-nqf:5", to="de-dqr", slack=1)
    assert set(exact.possible) < set(wide.possible)
    assert wide == world.map_level("dk-nqf:5", to="de-dqr", slack=1)
    assert len(world.map_level("dk-nqf:5", to="de-dqr", slack=10**30).possible) == 8


def test_purpose_recognition_leaves_documents_out(world):
    more = world.with_mapping(
        "ke-knqf", "acqf", [("7", "7")], document="For study", usable_for_recognition=False
    )
    assert more.map_level("ke-knqf:7", to="acqf").possible == ["7"]
    a = more.map_level("ke-knqf:7", to="acqf", purpose="recognition")
    assert a.status == "no_route"
    assert "do not want it used for recognition" in a.left_out[0].reason
    assert "Left out: For study" in str(a)


def test_not_endorsed_table_answers_nothing(world):
    mapping = next(m for m in world.mappings if m.status == "not-endorsed")
    level = f"{mapping.from_}:{mapping.pairs[0][0]}"
    a = world.map_level(level, to=mapping.to, routes="all")
    used = {id for route in a.routes if route.status == "alive" for id in route.mappings}
    assert mapping.id not in used
    assert mapping.id in {
        id for route in a.routes + a.left_out if route.status == "not_admitted" for id in route.mappings
    }


def test_no_link_is_said_and_not_guessed(world):
    a = world.map_level("ke-knqf:7", to="ie-nfq")
    assert a.status == "no_route"
    assert "is not established" in str(a)
    assert a.possible == a.routes == a.sources == []
    assert "No document answers." in a.statement()


def test_silent_is_not_unmatched(world):
    a = world.map_level("au-aqf:8", to="eqf")
    assert (a.status, a.bracket) == ("no_route", None)
    assert "says nothing about au-aqf 8" in a.reason
    assert (a.nearby["below"].level, a.nearby["above"].level) == ("7", "9")


def test_every_route_on_request(world):
    few = world.map_level("gb-sct-scqf:9", to="ie-nfq")
    many = world.map_level("gb-sct-scqf:9", to="ie-nfq", routes="all")
    assert len(many.routes) > len(few.routes)
    assert {route.status for route in many.routes} >= {"alive", "peer"}
    assert many.possible == few.possible


def test_route_narrows(world):
    a = world.map_level("gb-sct-scqf:9", to="ie-nfq")
    assert a.possible == ["7"]
    assert [route.possible for route in a.routes] == [["7", "8"], ["7"]]
    assert a.narrowed_by == [a.routes[1]]


def test_provenance(world):
    a = world.map_level("ie-nfq:8", to="nz-nzqcf", via="eqf")
    p = a.provenance("7")
    assert p.polynomial == "x[ie-nfq>eqf@2009]·x[nz-nzqcf>eqf@2016]"
    assert p.withdrawals == (frozenset({"ie-nfq>eqf@2009"}), frozenset({"nz-nzqcf>eqf@2016"}))
    assert (p.documents, p.strength) == (2, "joint")
    with pytest.raises(qg.UnknownId, match='level "9" of nz-nzqcf is not among the possible counterparts'):
        a.provenance("9")


def test_conflict_shows_both_sides(world):
    contrary = world.with_mapping(
        "ie-nfq", "eqf", [("8", "7")], document="A contrary table", strength="adopted", complete=False
    )
    a = contrary.map_level("ie-nfq:8", to="eqf")
    assert a.status == "conflict"
    assert {tuple(route.possible) for route in a.conflict.routes} == {("6",), ("7",)}
    assert a.conflict.by_union
    assert a.possible == ["6", "7"]
    assert "contradict" in str(a)
    assert a.to_dict()["conflict"] == {"routes": [0, 1], "by_union": True}
    report = contrary.conflicts()
    assert ("ie-nfq:8", "eqf") in {(one.level, one.to) for one in report}
    assert len(report.withdraw) == 1
    assert report.table.column("level")
    assert "Documents contradict" in str(report)


# ---- several levels


def test_plural_is_one_call(world):
    levels = ["nz-nzqcf:8", "ie-nfq:8", world.framework("gb-sct-scqf").level("9")]
    answers = world.map_level(levels, to="eqf")
    assert [answer.from_ for answer in answers] == ["nz-nzqcf:8", "ie-nfq:8", "gb-sct-scqf:9"]
    assert answers["ie-nfq:8"] == answers[1] == world.map_level("ie-nfq:8", to="eqf")
    assert answers.table["nz-nzqcf:8"]["status"] == "no_counterpart"
    assert len(world.map_level([], to="eqf")) == 0
    assert world.map_level((level for level in levels), to="eqf")[2].possible == ["6"]


def test_framework_table_in_three_shapes(world):
    answers = world.map_framework("nz-nzqcf", to="eqf")
    frame = answers.to_pandas()
    assert frame["level"].tolist() == [f"nz-nzqcf:{n}" for n in range(1, 11)]
    assert answers.to_arrow().column("status").to_pylist().count("no_counterpart") == 1
    assert answers["8"].bracket == ("6", "7")
    with pytest.raises(qg.UnknownId, match='level "99" was not asked'):
        answers["99"]
    assert "9 stand opposite some level and 1 has no counterpart" in str(answers)


# ---- bounds


def test_bounds_translate_minimum_and_cap(world):
    least, most = world.at_least("eqf:6", on="ie-nfq"), world.at_most("eqf:6", on="ie-nfq")
    assert (least, most) == ("ie-nfq:7", "ie-nfq:8")
    assert isinstance(least, str)
    assert world.map_level(least, to="eqf").possible == ["6"]
    assert least.why == (
        "ie-nfq:7: the lowest level that certainly reaches eqf:6; ie-nfq:7 stands opposite level 6. "
        "This compares levels; it recognises nothing."
    )
    assert least.answers["7"].possible == ["6"]
    assert least.sources[0].year == 2009
    assert world.at_least("eqf:8", on="ke-knqf") is None


def test_level_without_counterpart_serves_by_its_bracket(world):
    # New Zealand 8 lies between EQF 6 and 7: it reaches EQF 6 and stays within EQF 7.
    assert world.at_most("eqf:7", on="nz-nzqcf") == "nz-nzqcf:9"
    assert world.at_least("eqf:6", on="nz-nzqcf") == "nz-nzqcf:7"


def test_several_bounds_on_parallel_tracks_are_all_named(world):
    bound = world.at_least("eqf:4", on="no-nkr")
    assert bound.levels == ["no-nkr:4A", "no-nkr:4B"]
    assert bound == "no-nkr:4A | no-nkr:4B"
    assert "parallel tracks" in bound.why
    with pytest.raises(
        qg.InvalidValue, match=r"several levels on parallel tracks; ask for one of its \.levels"
    ):
        world.map_level(bound, to="eqf")


# ---- dates


def test_a_date_before_any_edition(world):
    a = world.view(as_of="1900-01-01").map_level("ie-nfq:8", to="eqf")
    assert a.status == "no_route"
    assert "not established as of 1900-01-01" in str(a)
    assert "not in force on 1900-01-01" in str(a)
    assert a.left_out[0].reason.endswith("not in force on 1900-01-01")


def test_answers_change_only_where_documents_start(world):
    for day, status in [("2008-12-31", "no_route"), ("2009-01-01", "mapped"), ("2030-01-01", "mapped")]:
        assert world.view(as_of=day).map_level("ie-nfq:8", to="eqf").status == status


def test_legacy_award(world):
    award = world.map_award("ie-nfq:8", to="eqf", awarded="2005-07-01")
    assert (award.status, award.then.status, award.now.possible) == ("known", "no_route", ["6"])
    assert award.then.world.as_of_text == "2005-07-01"
    unknown = world.map_award("ke-knqf:7", to="eqf", awarded="2005-07-01")
    assert unknown.status == "unknown"
    assert "neither on that day nor now" in str(unknown)


# ---- losses


def test_round_trip(world):
    # NZ via EQF and IE keeps 1, 2, 7, 9, 10; 3 to 6 drift; 8 is lost. The direct trip to the EQF keeps 8 lost too.
    trip = world.round_trip("nz-nzqcf", "eqf")
    assert trip.lost == ["8"]
    assert trip.drifting == ["3", "4", "5", "6"]
    assert trip.recoverable == ["1", "2", "7", "9", "10"]
    assert trip.levels[2].returns == ("3", "4")
    assert str(trip).endswith("levels 3, 4, 5 and 6 drift and level 8 is lost.")
    assert trip.table["8"]["fate"] == "lost"


def test_identity_keeps_every_level(world):
    more = world.with_mapping(
        "ke-knqf", "acqf", [(str(n), str(n)) for n in range(1, 11)], document="Identity"
    )
    assert more.round_trip("ke-knqf", "acqf").recoverable == [str(n) for n in range(1, 11)]


def test_loss_atlas(world):
    atlas = world.recognition_loss()
    assert atlas["nz-nzqcf", "eqf"].lost == ["8"]
    assert sum(atlas.shares.values()) == 1
    assert len(atlas.table) == len(atlas) == len(list(atlas))
    assert atlas.to_pandas()["lost"].sum() == sum(len(trip.lost) for trip in atlas)
    with pytest.raises(qg.UnknownId, match="no level of ke-knqf stands opposite any level of eqf"):
        atlas["ke-knqf", "eqf"]
    with pytest.raises(qg.UnknownId, match="no framework"):
        atlas["nope", "eqf"]
    with pytest.raises(qg.UnknownId, match="a pair of framework ids"):
        atlas["eqf"]


def test_reliance(world):
    reliance = world.reliance()
    row = reliance["nz-nzqcf>eqf@2016"]
    assert row["pairs_supported"] >= row["pairs_lost"] > 0
    assert len(reliance) == len(reliance.sources)


def test_bundled_documents_agree(world):
    report = world.conflicts()
    assert len(report) == 0
    assert str(report) == "No two complete routes contradict each other."


# ---- what every answer can do


def results(world):
    yield world.map_level("nz-nzqcf:8", to="eqf")
    yield world.map_level("ie-nfq:8", to="nz-nzqcf")
    yield world.map_level("ke-knqf:7", to="eqf")
    yield world.map_framework("ie-nfq", to="eqf")
    yield world.map_award("ie-nfq:8", to="eqf", awarded="2005-07-01")
    yield world.round_trip("nz-nzqcf", "eqf")
    yield world.recognition_loss()
    yield world.conflicts()
    yield world.reliance()
    yield world.convert("30 ects", to="cats")
    yield world.check_credits("30 ects", at_least="70 cats")
    yield world.convert_items(["5 cats"] * 3, to="ects", way="year", rounding="down")
    yield world.volume_of_learning(1, "ects")


def test_every_answer_is_shown_cited_and_written(world):
    for result in results(world):
        assert "\n" not in repr(result)
        assert repr(result).startswith("<")
        assert str(result).endswith(".")
        shown = result._repr_html_()
        assert "<script" not in shown
        assert not re.search(r"<(link|style|img|iframe)|src=|javascript:", shown)
        record = json.loads(json.dumps(result.to_dict()))
        assert record["world"] == world.hash
        assert {"result", "engine", "as_of", "evidence", "text", "legal_status", "sources"} <= set(record)
        statement = result.statement()
        assert world.hash[:12] in statement
        assert "not recognition" in statement or "not a decision" in statement
        assert not re.search(r"equivalent|recognised", statement)
        citation = result.cite()
        assert citation.bibtex.count("@") >= len(result.sources) + 1
        assert len(citation.csl) == len({item["id"] for item in citation.csl})
        assert citation.csl[-1]["type"] == "software"
        assert str(citation).splitlines()[-1].startswith("Qualgraph ")


def test_statement_names_day_and_evidence(world):
    text = world.view(as_of="2019-03-14", evidence="read").map_level("nz-nzqcf:7", to="eqf").statement()
    assert "as of 2019-03-14, only what was read in a source" in text
    assert "Comparative Analysis" in text
    assert "(2016, read)" in text


def test_bibtex_keeps_special_letters_from_latex(world):
    entry = qg.Citation(
        [qg.Source("50 % of {A} & B_c", "Büro", 2020, "https://x.org/a_b")], "0" * 64, "1"
    ).bibtex
    assert r"50 \% of \{A\} \& B\_c" in entry
    assert "author = {{Büro}}" in entry
    assert "url = {https://x.org/a_b}" in entry
    assert "@misc{buro-2020," in entry


def test_equal_questions_give_equal_answers(world):
    assert world.map_level("ie-nfq:8", to="eqf") == world.map_level("ie-nfq:8", to="eqf")
    assert world.map_level("ie-nfq:8", to="eqf") != world.map_level("ie-nfq:7", to="eqf")
    assert hash(world.map_level("ie-nfq:8", to="eqf")) == hash(world.map_level("ie-nfq:8", to="eqf"))


# ---- bad questions


@pytest.mark.parametrize(
    ("level", "options", "error", "message"),
    [
        ("xx-foo:1", {}, qg.UnknownId, 'no framework "xx-foo"'),
        ("ie-nqf:1", {}, qg.UnknownId, 'Did you mean "ie-nfq"'),
        ("TQF:1", {}, qg.UnknownId, "The abbreviation is used by"),
        ("ie-nfq:11", {}, qg.UnknownId, 'no level "11" in "ie-nfq" .* its levels are 1, 2, 3'),
        ("ie-nfq:E1", {}, qg.UnknownId, 'no level "E1" in "ie-nfq"'),
        ("no-nkr:4", {}, qg.UnknownId, "its levels are"),
        ("bt-bqf:4", {}, qg.UnknownId, "no level list"),
        ("ie-nfq8", {}, qg.InvalidValue, '"ie-nfq8" is not a level; write the framework\'s id, a colon'),
        (":8", {}, qg.InvalidValue, "is not a level"),
        ("ie-nfq:", {}, qg.InvalidValue, "is not a level"),
        ("", {}, qg.InvalidValue, "is not a level"),
        ("ie-nfq:\ud800", {}, qg.InvalidValue, "not Unicode text"),
        (8, {}, qg.UnitMismatch, "8 is a number without a framework"),
        (6.5, {}, qg.UnitMismatch, "6.5 is a number without a framework"),
        (None, {}, qg.UnitMismatch, "None is no level"),
        (["ie-nfq:8", 8], {}, qg.UnitMismatch, "8 is a number without a framework"),
        ("ie-nfq:8", {"to": "eqf:6"}, qg.UnknownId, '"eqf:6" is a level; a framework is asked here: "eqf"'),
        ("ie-nfq:8", {"to": 6}, qg.UnitMismatch, "6 is no framework"),
        ("ie-nfq:8", {"to": "\ud800"}, qg.InvalidValue, "not Unicode text"),
        ("ie-nfq:8", {"slack": -1}, qg.InvalidValue, "slack counts hub steps and cannot be negative"),
        ("ie-nfq:8", {"slack": 1.0}, qg.UnitMismatch, "whole number, not 1.0"),
        ("ie-nfq:8", {"via": ["nz-nzqcf", "nz-nzqcf"]}, qg.InvalidValue, "visits each framework once"),
        ("ie-nfq:8", {"via": ["ie-nfq"]}, qg.InvalidValue, "visits each framework once"),
        (
            "ie-nfq:8",
            {"via": ["aqrf", "sadc-rqf", "acqf", "gulf-gqf"]},
            qg.InvalidValue,
            "at most 4 documents",
        ),
        ("ie-nfq:8", {"via": "eqq"}, qg.UnknownId, 'Did you mean "eqf"'),
        ("ie-nfq:8", {"via": 3}, qg.UnitMismatch, "via names frameworks"),
        ("ie-nfq:8", {"purpose": "work"}, qg.InvalidValue, 'purpose="work" is not possible'),
        ("ie-nfq:8", {"purpose": 1}, qg.UnitMismatch, "purpose is"),
        ("ie-nfq:8", {"routes": "few"}, qg.InvalidValue, 'routes="few" is not possible'),
        ("ie-nfq:8", {"type": 1}, qg.UnitMismatch, "type is the name of an award type"),
    ],
)
def test_bad_questions(world, level, options, error, message):
    with pytest.raises(error, match=message):
        world.map_level(level, **({"to": "eqf"} | options))


def test_errors_are_the_builtin_kinds():
    assert issubclass(qg.UnknownId, (qg.Error, LookupError))
    assert not issubclass(qg.UnknownId, KeyError)
    for error, builtin in [
        (qg.UnknownId, LookupError),
        (qg.UnitMismatch, TypeError),
        (qg.FactError, ValueError),
        (qg.InvalidValue, ValueError),
        (qg.NumericOverflow, OverflowError),
    ]:
        assert issubclass(error, qg.Error)
        assert issubclass(error, builtin)
        assert error.__module__ == "qualgraph"


# ---- graded evidence and profiles


def test_bounds_of_a_joint_and_its_product():
    # n_h = 100, n_ah = n_a = 40: n_hc = 50 allows everything, n_hc = 80 at least one half.
    ab = qg.graded("degrees of 2020", "a", "hub", {"1": {"h": 40}, "2": {"h": 60}})
    for placed, low, product in [(50, "0", "1/2"), (80, "1/2", "4/5")]:
        bc = qg.graded("degrees of 2020", "hub", "c", {"h": {"x": placed, "y": 100 - placed}})
        assert ab.bounds(bc).share("1", "x") == qg.Range(low, 1)
        assert ab.then(bc).share("1", "x") == qg.Range(product).min
        assert ab.then(bc).assumptions == ["assumes conditional independence"]
    assert ab.assumptions == []


def test_unmatched_is_absorbing_and_rows_sum_to_one(world):
    table = world.graded("100 diplomas", "ie-nfq", "eqf", {"6": {"5": 80, "6": "10", None: 10}})
    assert table.support == [("6", "5"), ("6", "6")]
    row = table.table["6"]
    assert sum(value for name, value in row.items() if name != "level") == 1
    assert table.to_dict()["shares"]["6"]["unmatched"] == "1/10"
    with pytest.raises(qg.UnknownId, match='nothing was counted at level "7"'):
        table.share("7", "5")


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: qg.graded("", "a", "b", {"1": {"x": 1}}), qg.InvalidValue, "population"),
        (lambda: qg.graded("p", "a", "b", {"1": {"x": 0.5}}), qg.UnitMismatch, "0.5 is not exact"),
        (lambda: qg.graded("p", "a", "b", {"1": {"x": -1}}), qg.InvalidValue, "less than nothing"),
        (lambda: qg.graded("p", "a", "b", {"1": {"x": "1/2"}}, shares=True), qg.InvalidValue, "1/2"),
        (
            lambda: qg.graded("p", "a", "b", {"1": {"x": 1}}, to_levels=["y"]),
            qg.InvalidValue,
            'level "x" is counted',
        ),
        (lambda: qg.graded("p", "a", "b", [1]), qg.InvalidValue, "counts are given per level"),
    ],
)
def test_confidences_are_no_evidence(call, error, message):
    with pytest.raises(error, match=message):
        call()


def test_profile_explains_the_official_level(world):
    p = world.profile({"knowledge": "eqf:6", "skills": "eqf:4", "autonomy": "eqf:7"}, official="eqf:6")
    assert (p.meet, p.lower_median, p.spread) == (("4",), ("6",), 3)
    assert (p.above_official, p.below_official) == (("autonomy",), ("skills",))
    with pytest.raises(qg.InvalidValue, match="at least one domain"):
        world.profile({})
    with pytest.raises(qg.InvalidValue, match="levels of one framework"):
        world.profile({"a": "eqf:1", "b": "ie-nfq:1"})
