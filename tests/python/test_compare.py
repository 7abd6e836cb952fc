"""Frameworks side by side: aligned by documents, never by equal numbers."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest

import qualgraph as qg


def test_ireland_and_new_zealand_on_the_european_framework(world):
    side = world.compare(["nz-nzqcf", "ie-nfq"], reference="eqf")
    assert [(row["eqf"], row["nz-nzqcf"], row["ie-nfq"]) for row in side.table] == [
        ("8", ["10"], ["10"]),
        ("7", ["9"], ["9"]),
        ("6", ["7"], ["8", "7"]),
        ("5", ["6", "5"], ["6"]),
        ("4", ["4", "3"], ["5"]),
        ("3", ["2"], ["4"]),
        ("2", ["1"], ["3"]),
        ("1", [], ["2", "1"]),
    ]
    nz8 = side.levels["nz-nzqcf:8"]
    assert (nz8["on"], nz8["status"]) == ([], "no_counterpart")
    assert "nz-nzqcf:8" in side.table.caption
    assert side.linked == ("nz-nzqcf", "ie-nfq")
    assert side.links["nz-nzqcf > eqf"]["documents"] == ["nz-nzqcf>eqf@2016"]
    assert side.links["nz-nzqcf>ie-nfq@2020"]["status"] == "direct document"


def test_every_cell_is_what_map_level_answers(world):
    side = world.compare(["gb-sct-scqf", "de-dqr", "no-nkr"], reference="eqf")
    for row in side.levels:
        answer = world.map_level(row["level"], to="eqf")
        assert row["on"] == answer.possible, row["level"]
        assert row["complete"] == answer.complete
        for band in side.table:
            assert (row["code"] in band[row["framework"]]) == (band["eqf"] in answer.possible)


def test_no_link_is_made_out_of_equal_numbers(world):
    # All three have ten levels, as the African continental framework has.
    side = world.compare(["ke-knqf", "za-nqf", "ie-nfq"], reference="acqf")
    assert side.linked == ()
    assert set(side.table.column("ke-knqf")) == {"not established"}
    assert {row["status"] for row in side.levels} == {"not established"}
    assert all(row["on"] == [] for row in side.levels)
    assert "not established for any of them" in str(side)
    south_africa = side.links["za-nqf > acqf"]
    assert south_africa["status"] == "not established"
    assert any(text.startswith("sadc-rqf to acqf (comparison)") for text in south_africa["pending"])
    assert any("ke-knqf (Kenya) on acqf: not established" in remark for remark in side.remarks)


def test_a_pending_relation_is_named_where_the_link_is_missing(world):
    side = world.compare(["zm-zqf", "za-nqf"], reference="sadc-rqf")
    assert side.linked == ("za-nqf",)
    assert side.links["zm-zqf > sadc-rqf"]["pending"][0].startswith("zm-zqf to sadc-rqf (alignment)")
    assert side.links["za-nqf > sadc-rqf"]["evidence"] == "known"
    assert "not established for zm-zqf" in str(side)


def test_types_and_credits_stand_side_by_side_without_any_link(world):
    side = world.compare(["ke-knqf", "za-nqf"], reference="acqf")
    assert side.levels["ke-knqf:9"]["types"] == ["Master's Degree"]
    assert side.levels["ke-knqf:7"]["types"] == ["Bachelor's Degree (480 or more ke-kcats)"]
    assert side.types["ke-knqf#/qualification_types/5"]["credits"] == "480 or more ke-kcats"
    assert {row["framework"] for row in side.types} == {"ke-knqf", "za-nqf"}


def test_the_reference_is_chosen_and_named_when_none_is_given(world):
    side = world.compare(["nz-nzqcf", "ie-nfq", "gb-sct-scqf"])
    assert side.reference is not None
    assert side.linked == side.frameworks
    assert side.remarks[0].startswith(f"No reference was named: {side.reference} is taken")


def test_frameworks_without_any_link_stand_unaligned(world):
    side = world.compare(["ke-knqf", "ug-uvqf"])
    assert side.reference is None
    assert side.linked == ()
    assert side.table["1"] == {"step from the top": "1", "ke-knqf": "10", "ug-uvqf": "5"}
    assert "not counterparts" in side.table.caption
    assert "their levels are not aligned" in str(side)


def test_a_framework_is_placed_on_itself_when_it_is_the_reference(world):
    side = world.compare(["ie-nfq", "nz-nzqcf"], reference="ie-nfq")
    assert side.linked == ("ie-nfq", "nz-nzqcf")
    assert side.levels["ie-nfq:8"]["on"] == ["8"]
    assert side.table.column_names == ["ie-nfq", "nz-nzqcf"]
    assert (
        side.table["8"]["nz-nzqcf"] == world.compare(["nz-nzqcf"], reference="ie-nfq").table["8"]["nz-nzqcf"]
    )


def test_bad_questions_are_refused(world):
    with pytest.raises(qg.UnknownId, match="ie-nfq"):
        world.compare(["ie-nqf", "nz-nzqcf"])
    with pytest.raises(qg.UnknownId):
        world.compare(["ie-nfq"], reference="nowhere")
    with pytest.raises(qg.Error, match="at least one"):
        world.compare([])
    with pytest.raises(qg.Error, match="twice"):
        world.compare(["ie-nfq", "ie-nfq"])


class _Balance(HTMLParser):
    """Whether every element that must be closed is."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.cells: list[str] = []
        self.tags: set[str] = set()

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.cells.append(data)


def test_the_page_shows_ladder_gaps_and_sources_without_a_script(world):
    page = world.compare(["ke-knqf", "nz-nzqcf", "ie-nfq"], reference="eqf").to_html()
    check = _Balance()
    check.feed(page)
    assert check.open == []
    assert "script" not in check.tags
    text = " ".join(check.cells)
    assert "not established: levels in their own order, not placed on eqf" in text
    assert "left without a level by agreement of both sides" in text
    assert "Comparative Analysis" in text or "How European Union and NZ qualifications compare" in text
    assert "comparison, not recognition" in text
    # A gap is hatched: EQF 1 has no level of New Zealand.
    assert "repeating-linear-gradient" in page
    assert "http" not in page.replace("https://", "").split("<h2>")[0]


def test_json(world):
    shown = world.compare(["nz-nzqcf", "ie-nfq"], reference="eqf").to_dict()
    assert shown["linked"] == ["nz-nzqcf", "ie-nfq"]
    assert shown["ladder"][2] == {"eqf": "6", "nz-nzqcf": ["7"], "ie-nfq": ["8", "7"]}
    assert shown["world"] == world.hash
