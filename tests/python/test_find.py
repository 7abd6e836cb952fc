"""Where names occur, whether spelled as the facts spell them or not."""

from __future__ import annotations

import json

import pytest

import qualgraph as qg
from qualgraph.names import abbreviations, fold, same_title_key, words


def levels(found, framework: str) -> list[str]:
    return [
        hit["level"] for hit in found if hit["framework"] == framework and hit["kind"] == "qualification type"
    ]


def test_a_title_is_listed_with_every_framework_and_its_level(world):
    found = world.find("Honours Bachelor")
    assert levels(found, "ie-nfq") == ["8"]
    assert levels(found, "gb-fheq") == ["6"]
    assert levels(found, "nz-nzqcf") == ["8"]
    assert levels(found, "lk-slqf") == ["6"]
    assert levels(found, "rw-nqfhe") == ["5"]
    irish = next(hit for hit in found if hit["framework"] == "ie-nfq")
    assert irish["name"] == "Honours Bachelor Degree"
    assert irish["credits"] == "180 to 240 ects"
    assert irish["where"] == "ie-nfq#/qualification_types/11"
    assert found.hits["ie-nfq#/qualification_types/11"] == irish


def test_the_pointer_of_a_hit_leads_to_the_fact(world):
    for hit in world.find("diploma"):
        if hit["kind"] != "qualification type":
            continue
        framework, _, pointer = hit["where"].partition("#")
        value = world.framework(framework).to_dict()
        for step in pointer.strip("/").split("/"):
            value = value[int(step)] if isinstance(value, list) else value[step]
        assert value["name"] == hit["name"]


@pytest.mark.parametrize(
    "spelling",
    [
        "Post-Graduate Diploma",
        "postgraduate diploma",
        "POST GRADUATE DIPLOMAS",
        "Diploma, Postgraduate",
        "Postgraduate  Diplomá",
    ],
)
def test_spelling_makes_no_difference(world, spelling):
    assert {hit["where"] for hit in world.find(spelling)} == {
        hit["where"] for hit in world.find("Postgraduate Diploma")
    }


def test_the_same_title_at_different_levels_is_warned(world):
    found = world.find("Postgraduate Diploma")
    title = found.titles[0]
    assert title.title == "Postgraduate Diploma"
    placed = {place.framework: place.level for place in title.placements}
    # Level 8 in South Africa, 9 in Mauritius and Ireland, 11 in Scotland.
    assert (placed["za-nqf"], placed["mu-nqf"], placed["ie-nfq"], placed["gb-sct-scqf"]) == (
        "8",
        "9",
        "9",
        "11",
    )
    assert any(
        "sits at different levels" in warning and "level 9: bh-nqf, ie-nfq, mu-nqf" in warning
        for warning in found.warnings
    )
    assert found.warnings[-1].startswith("Level numbers of different frameworks do not compare by themselves")
    assert "sits at different levels" in str(found)


def test_placements_of_surveys_are_added_to_those_of_the_types(world):
    found = world.find("Upper secondary leaving certificate")
    placed = {hit["framework"]: hit["level"] for hit in found if hit["kind"] == "award name in a survey"}
    assert placed["na-nqf"] == "3 or 4"
    assert placed["ke-knqf"] == "2"


@pytest.mark.parametrize(
    ("abbreviation", "holders"),
    [
        ("MQF", ["me-mqf", "mk-nmqf", "mt-mqf", "my-mqf"]),
        ("PQF", ["pac-pqf", "ph-pqf", "pl-prk"]),
        ("VQF", ["vn-vqf", "vu-vqf"]),
        ("AQF", ["al-aqf", "au-aqf"]),
        ("LQF", ["ls-lqf", "lv-lqf"]),
        ("QNQ", ["ao-qnq", "cv-qnq", "it-qnq", "mz-nqf", "pt-qnq"]),
        ("RQF", ["ecowas-rqf", "gb-eng-rqf", "sadc-rqf"]),
        ("KNQF", ["ke-knqf", "xk-nqf"]),
        # Tonga's clash with the framework of the small states stands in the facts, not in its name.
        ("TQF", ["th-tqf-hed", "to-tnqf", "tr-tqf", "vussc-tqf"]),
    ],
)
def test_a_colliding_abbreviation_lists_every_holder(world, abbreviation, holders):
    found = world.find(abbreviation)
    assert found.collisions == {abbreviation: holders}
    assert {hit["framework"] for hit in found if hit["kind"] == "framework"} >= set(holders)
    assert "Write the full id." in found.warnings[0]
    assert all(holder in found.warnings[0] for holder in holders)
    assert world.find(abbreviation.lower()).collisions == found.collisions


def test_an_abbreviation_of_one_framework_collides_with_nothing(world):
    for text, framework in [("SCQF", "gb-sct-scqf"), ("TYÇ", "tr-tqf"), ("NZQF", "nz-nzqcf"), ("EQF", "eqf")]:
        found = world.find(text)
        assert found.collisions == {}
        assert framework in found.hits.column("framework")


def test_a_country_finds_its_frameworks(world):
    assert "ke-knqf" in world.find("Kenya").hits.column("framework")
    assert "de-dqr" in world.find("Germany").hits.column("framework")
    assert set(world.find("south africa").hits.column("framework")) >= {"za-nqf", "za-heqsf", "za-oqsf"}
    assert "nz-nzqcf" in world.find("NZ").hits.column("framework")


def test_nothing_found_suggests_near_names(world):
    found = world.find("Bachleor")
    assert len(found) == 0
    assert not found
    assert "Bachelor" in found.suggestions
    assert 'Did you mean "Bachelor"' in str(found)
    assert list(found.titles) == []


def test_a_part_of_a_word_is_found_only_where_nothing_fits_better(world):
    assert world.find("Micro-cred").hits.column("match")[0] == "beginnings of words"
    assert "beginnings of words" not in world.find("Micro-credential").hits.column("match")


@pytest.mark.parametrize("text", ["", "   ", "?!", "--"])
def test_a_text_without_letters_is_refused(world, text):
    with pytest.raises(qg.Error, match="needs a letter or a digit"):
        world.find(text)


def test_a_whole_text_is_refused(world):
    with pytest.raises(qg.Error, match="at most 500 characters"):
        world.find("diploma " * 1000)


def test_something_that_is_no_text_is_refused(world):
    with pytest.raises(qg.Error, match="looks for a text"):
        world.find(8)


def test_the_answer_as_json_and_html(world):
    found = world.find("<b>MQF</b>")
    assert "<b>MQF" not in found._repr_html_()
    shown = world.find("MQF").to_dict()
    assert json.loads(json.dumps(shown)) == shown
    assert shown["collisions"] == {"MQF": ["me-mqf", "mk-nmqf", "mt-mqf", "my-mqf"]}
    assert shown["world"] == world.hash
    assert "me-mqf" in world.find("MQF")._repr_html_()
    assert repr(world.find("MQF")) == "<Found 'MQF': 4 hits>"


def test_words_and_keys_of_names():
    assert fold("Quadro Nacional de Qualificações (QNQ)") == "quadro nacional de qualificacoes qnq"
    assert words("Master’s Degrees") == ["master", "degree"]
    assert same_title_key("Bachelor's degree with honours") == same_title_key("Honours Bachelor Degree")
    assert same_title_key("Post-Graduate Diploma") == same_title_key("Postgraduate Diploma")
    assert same_title_key("Advanced Diploma") != same_title_key("Diploma")
    assert same_title_key("Degree") == "degree"
    assert abbreviations("gb-eng-rqf", "Regulated Qualifications Framework (RQF)", "GB-ENG") == {"RQF"}
