"""Descriptions of credentials against lists of elements, in three values."""

from __future__ import annotations

import pytest

import qualgraph as qg
from qualgraph import synthetic
from qualgraph.descriptor import templates

FULL = {
    "learner": "L. Learner",
    "title": "Welding",
    "country": "KE",
    "provider": "College",
    "date": "2026-01-15",
    "learning_outcomes": ["weld a seam"],
    "hours": 30,
    "level": "ke-knqf:4",
    "assessment_type": "practical test",
    "participation": "on site",
    "quality_assurance": "external",
}


@pytest.fixture(scope="module")
def world():
    return qg.load()


def test_european_list_has_eleven_mandatory_and_five_optional_elements(world):
    text = templates(world)["eu"]
    kinds = [element["kind"] for element in text["elements"]]
    assert (kinds.count("mandatory"), kinds.count("optional")) == (11, 5)
    assert [e["element"] for e in text["elements"] if e["kind"] == "mandatory"] == text["mandatory"]
    assert [e["element"] for e in text["elements"] if e["kind"] == "optional"] == text["optional"]


def test_every_text_with_elements_has_a_source(world):
    assert set(templates(world)) == {"eu", "unesco", "handbook"}
    for name in templates(world):
        assert world.check_descriptor({}, name).sources


def test_a_full_description_is_complete_without_the_optional_elements(world):
    check = world.check_descriptor(FULL)
    assert check.complete is True
    assert check.table.column("states").count("not stated") == 5


@pytest.mark.parametrize("field", list(FULL))
def test_what_is_not_stated_is_not_known_and_never_missing(world, field):
    check = world.check_descriptor({**FULL, field: None})
    assert check.complete is None
    assert len(check.unknown) == 1
    assert check.missing == []


@pytest.mark.parametrize("field", ["learner", "learning_outcomes", "assessment_type"])
def test_what_it_says_there_is_none_of_is_missing(world, field):
    check = world.check_descriptor({**FULL, field: []})
    assert check.complete is False
    assert len(check.missing) == 1


def test_level_is_asked_for_where_it_applies(world):
    assert world.check_descriptor({**FULL, "level": []}).complete is True
    assert world.check_descriptor({**FULL, "level": None}).complete is None


def test_workload_is_stated_by_hours_or_by_credits(world):
    credits = {**{k: v for k, v in FULL.items() if k != "hours"}, "credits": "1 ects"}
    assert world.check_descriptor(credits).complete is True


def test_supervision_takes_the_values_of_the_text(world):
    def met(value):
        check = world.check_descriptor({**FULL, "supervision": value})
        return check.table.column("met")[12]

    assert met("unsupervised without identity verification") is True
    assert met("somebody looked") is False
    assert met(None) is None


def test_unesco_asks_for_both_assessment_and_criteria(world):
    def met(**fields):
        return world.check_descriptor(fields, "unesco").table.column("met")[1]

    assert met(assessed=True, criteria_defined=True) is True
    assert met(assessed=True) is None
    assert met(assessed=True, criteria_defined=False) is False
    assert met(criteria_defined=False) is False


def test_handbook_list_is_of_qualities_and_says_that_its_table_was_not_seen(world):
    check = world.check_descriptor({"assessed": True}, "handbook")
    assert set(check.table.column("kind")) == {"quality"}
    assert "not seen" in check.remark


def test_filling_a_blank_never_turns_an_answer_round(world):
    rows = list(synthetic.catalogue(300, seed=3).rows())
    for template in templates(world):
        for row in rows[:60]:
            before = world.check_descriptor(row, template).table.column("met")
            for name in ("owner", "standalone", "need_evidence"):
                for value in (True, False) if name != "owner" else ("learner", "provider"):
                    if row.get(name) is None:
                        after = world.check_descriptor({**row, name: value}, template).table.column("met")
                        assert all(a is None or a is b for a, b in zip(before, after, strict=True))


def test_many_descriptions_are_counted(world):
    rows = list(synthetic.catalogue(200).rows())
    table = world.check_descriptors(rows, "unesco")
    for at, row in enumerate(table):
        single = [world.check_descriptor(one, "unesco").table.column("met")[at] for one in rows]
        assert (row["met"], row["not_met"], row["not_known"]) == tuple(map(single.count, (True, False, None)))
    assert list(world.check_descriptors([])) != []


def test_names_there_are_none_of_are_told_with_the_nearest(world):
    with pytest.raises(qg.UnknownId, match="unesco"):
        world.check_descriptor({}, "unesko")
    with pytest.raises(qg.InvalidValue, match="assessed"):
        world.check_descriptor({"asessed": True})
    with pytest.raises(qg.UnitMismatch):
        world.check_descriptor(["title"])


@pytest.mark.parametrize("given", [None, 5, "Welding", {}, {"title": "Welding"}])
def test_what_is_no_list_of_descriptions_is_refused(given):
    with pytest.raises(qg.InvalidValue, match="is no list of descriptions"):
        qg.load().check_descriptors(given)


@pytest.mark.parametrize("template", ["unesko", [], None])
def test_an_unknown_list_of_elements_is_refused_for_no_description_too(template):
    for ask in (lambda: qg.load().check_descriptors([], template), lambda: qg.load().check_descriptor({}, template)):
        with pytest.raises(qg.UnknownId, match="no list of elements"):
            ask()
