"""Facts that deserve a second look: each kind is found where it was planted, and nowhere else."""

from __future__ import annotations

import json

import pytest

import qualgraph as qg
from qualgraph.lint import KINDS, lint, lint_folder

SOURCE = {"title": "A text", "publisher": "Somebody", "year": 2020, "url": None, "evidence": "read"}


@pytest.fixture(scope="module")
def findings(world):
    return world.lint()


def framework(identifier: str, levels: str, **more) -> dict:
    return {
        "id": identifier,
        "name": f"Framework {identifier}",
        "jurisdiction": identifier[:2].upper(),
        "kind": "national",
        "hub": False,
        "status": "operational",
        "since": 2010,
        "authority": None,
        "levels": [{"code": code, "rank": n + 1, "label": None} for n, code in enumerate(levels.split())],
        "levels_evidence": "read",
        "qualification_types": [],
        "qualification_types_evidence": "unknown",
        "credit_system": None,
        "sources": [SOURCE],
        "notes": None,
        **more,
    }


def mapping(source: str, target: str, pairs: str, **more) -> dict:
    year = more.get("year", 2020)
    identifier = f"{source}>{target}@{year or 'nd'}"
    return {
        "id": identifier,
        "document_id": identifier,
        "from": source,
        "to": target,
        "kind": "comparison",
        "year": 2020,
        "status": "current",
        "document": f"Table of {source} and {target}",
        "pairs": [pair.split("-") for pair in pairs.split()],
        "pairs_evidence": "read",
        "pairs_complete": True,
        "partial": [],
        "multi": [],
        "unmatched": [],
        "unmatched_to": [],
        "unresolved": [],
        "fit": None,
        "usable_for_recognition": None,
        "derived_from": [],
        "sources": [SOURCE],
        "notes": None,
        "join": False,
        "strength": "joint",
        **more,
    }


def folder(path, frameworks=(), mappings=(), systems=()):
    for name, facts in (("frameworks", frameworks), ("credit_systems", systems)):
        (path / name).mkdir(exist_ok=True)
        for fact in facts:
            (path / name / f"{fact['id']}.json").write_text(json.dumps(fact), encoding="utf-8")
    (path / "mappings").mkdir(exist_ok=True)
    for number, fact in enumerate(mappings):
        document = {"document_id": fact["document_id"], "document": fact["document"], "mappings": [fact]}
        (path / "mappings" / f"m{number}.json").write_text(json.dumps(document), encoding="utf-8")
    return path


AA, BB = framework("aa-xqf", "1 2 3 4"), framework("bb-yqf", "1 2 3 4")


def wheres(findings, kind):
    return [one.where for one in findings.of(kind)]


# Bundled facts


def test_bundled_facts_hold_no_error_and_no_crossing(findings):
    assert findings.counts["error"] == 0
    assert len(findings.of("crossing")) == 0
    assert len(findings.of("fault", "contradiction", "unsourced", "credits")) == 0


def test_every_finding_names_a_place_that_exists(world, findings):
    shelves = {}
    for shelf in (
        world.frameworks,
        world.mappings,
        world.credit_systems,
        world.microcredential_policies,
        world.rpl_policies,
        world.credit_transfer_policies,
    ):
        shelves |= {one.id: one.to_dict() for one in shelf}
    for record in world.records("label_placement"):
        shelves[f'label placement "{record["label"]}"'] = record
    for one in findings:
        assert one.kind in KINDS
        assert one.found
        assert one.why
        assert one.mend
        identifier, _, pointer = one.where.partition("#")
        value = shelves[identifier]
        for step in pointer.strip("/").split("/"):
            # An optional field that is missing is what the finding is about.
            value = value[int(step)] if isinstance(value, list) else value.get(step)


def test_open_levels_of_australia_are_silent(findings):
    silent = next(one for one in findings.of("silent") if one.where == "au-aqf>eqf@2016#/unresolved")
    assert silent.found == "au-aqf 4 levels: 1, 2, 3, 8"
    assert silent.severity == "doubt"


def test_tables_resting_on_general_knowledge_are_listed(world, findings):
    known = {m.id for m in world.mappings if all(s["evidence"] == "known" for s in m.to_dict()["sources"])}
    assert {where.split("#")[0] for where in wheres(findings, "known sources")} == known
    assert len(known) == 23
    rows = {one.where.split("#")[0]: one.found for one in findings.of("known rows")}
    assert rows["si-sqf>eqf@2013"] == "3 of 10 rows known only"
    assert "nz-nzqcf>eqf@2016" not in rows


def test_colliding_abbreviations_are_listed_across_jurisdictions_only(findings):
    found = {one.found.split('"')[1]: one.found for one in findings.of("abbreviation")}
    assert {"AQF", "MQF", "PQF", "TQF", "SQF", "LQF", "BQF", "FQF", "VQF", "OQF", "CQF", "CNC", "QNQ"} <= set(
        found
    )
    assert {"MNQF", "NSQF", "KNQF", "RQF", "NQF"} <= set(found)
    # Two editions of one country are no collision.
    assert "CROQF" not in found
    assert "mt-mqf (Malta)" in found["MQF"]


def test_a_title_on_different_levels_of_one_hub_is_a_doubt(findings):
    traps = {one.found.split('"')[1]: one for one in findings.of("label trap")}
    higher = traps["Higher Diploma"]
    assert higher.severity == "doubt"
    assert "eqf 5: hk-hkqf:4; 6: ie-nfq:8" in higher.found
    assert traps["Doctoral degree"].severity == "note" if "Doctoral degree" in traps else True


def test_dates_that_leave_a_document_open(findings):
    found = {one.where: one for one in findings.of("dates")}
    assert found["hr-croqf-2013>eqf@2012#/valid_until"].severity == "doubt"
    assert found["nz-nzqcf>ae-qfemirates@nd#/year"].severity == "note"
    assert "nz-nzqcf>ie-nfq@2010#/valid_until" not in found


def test_disagreements_are_those_of_conflicts(world, findings):
    assert len(findings.of("disagreement")) == len(world.conflicts().disagreements)


# Planted findings


def test_a_sound_folder_has_nothing_to_say(tmp_path):
    found = lint_folder(folder(tmp_path, [AA, BB], [mapping("aa-xqf", "bb-yqf", "1-1 2-2 3-3 4-4")]))
    assert list(found) == []
    assert str(found) == "Nothing found that deserves a second look."
    assert found.counts == {"error": 0, "doubt": 0, "note": 0}


def test_crossing_rows_are_found_with_both_rows(tmp_path):
    found = lint_folder(folder(tmp_path, [AA, BB], [mapping("aa-xqf", "bb-yqf", "1-1 2-3 3-2 4-4")]))
    crossing = next(iter(found.of("crossing")))
    assert crossing.where == "aa-xqf>bb-yqf@2020#/pairs"
    assert crossing.found == "2 stands opposite 3, and the higher 3 opposite the lower 2"
    assert crossing.file == "mappings/m0.json"
    # The document itself, and its reading from target to source.
    assert wheres(found, "order") == ["aa-xqf>bb-yqf@2020#/pairs", "bb-yqf#/levels"]


def test_order_is_tested_on_chains_of_documents_too(tmp_path):
    # Both tables rise in the Egli-Milner order; their composition does not, since the second is
    # not defined on hub level 1: level 1 gives {3}, level 2 gives {2, 3}.
    hub = framework("hh-hub", "1 2 3", hub=True, kind="regional")
    span = [{"from": code, "to": [code, "3"], "type": "span", "when": None} for code in "12"]
    none = [{"level": "1", "reason": "nothing compares with it"}]
    tables = [
        mapping("aa-xqf", "hh-hub", "1-1 1-3 2-2 2-3", multi=span),
        mapping("bb-yqf", "hh-hub", "2-2 3-3", unmatched=none, unmatched_to=none),
    ]
    two, three = framework("aa-xqf", "1 2"), framework("bb-yqf", "1 2 3")
    world = qg.load(folder(tmp_path, [hub, two, three], tables))
    assert all(table.egli_milner for table in world.mappings)
    found = world.lint().of("order")
    # Both readings of the chain fall, and so does the first table read backwards.
    assert [one.where for one in found] == ["aa-xqf#/levels", "bb-yqf#/levels", "hh-hub#/levels"]
    assert found[0].found == "aa-xqf on bb-yqf: level 1 gives 3, and the higher level 2 gives 2, 3"
    assert len(lint(world, composites=False).of("order")) == 0


def test_several_rows_of_one_level_want_a_reason(tmp_path):
    broad = [{"from": "3", "to": ["3", "4"], "type": "span", "when": None}]
    table = mapping("aa-xqf", "bb-yqf", "1-1 2-1 2-2 3-3 3-4 4-4", multi=broad)
    found = list(lint_folder(folder(tmp_path, [AA, BB], [table])).of("split"))
    # Levels 1 and 2 share a target, and so do 3 and 4: only rows in the direction of the document count.
    assert [(one.where, one.found) for one in found] == [
        ("aa-xqf>bb-yqf@2020#/pairs", "aa-xqf:2 has rows to 1 and 2, and no line under multi")
    ]


def test_a_level_nobody_names_contradicts_a_complete_table(tmp_path):
    found = lint_folder(
        folder(tmp_path, [AA, BB], [mapping("aa-xqf", "bb-yqf", "1-1 2-2", pairs_complete=False)])
    )
    silent = next(iter(found.of("silent")))
    assert silent.found == "no word on aa-xqf 3, 4"
    assert silent.where == "aa-xqf>bb-yqf@2020#/pairs"


def test_hours_against_credits(tmp_path):
    kinds = [
        {
            "name": "Sound",
            "level": "1",
            "credits": {"min": 40, "max": 40, "system": "nz-credit"},
            "hours": {"min": 400, "max": 400},
        },
        {
            "name": "Off",
            "level": "2",
            "credits": {"min": 40, "max": 40, "system": "nz-credit"},
            "hours": {"min": 500, "max": 600},
        },
        {
            "name": "Years",
            "level": "3",
            "credits": {"min": 360, "max": 360, "system": "nz-credit"},
            "years": {"min": 4, "max": 4},
        },
        {
            "name": "Fine years",
            "level": "4",
            "credits": {"min": 360, "max": 480, "system": "nz-credit"},
            "years": {"min": 3, "max": 4},
        },
    ]
    aa = framework("aa-xqf", "1 2 3 4", qualification_types=kinds, qualification_types_evidence="read")
    found = lint_folder(folder(tmp_path, [aa])).of("credits")
    assert wheres(found, "credits") == ["aa-xqf#/qualification_types/1", "aa-xqf#/qualification_types/2"]
    assert found[0].found == "Off: 500 to 600 hours, and 40 nz-credit which is 400 hours"
    assert found[1].found == "Years: 4 years, which is 480 nz-credit, and 360 nz-credit stated"
    assert {one.severity for one in found} == {"error"}
    assert {one.file for one in found} == {"frameworks/aa-xqf.json"}


def test_a_fact_without_a_source_or_read_without_a_text(tmp_path):
    known = {**SOURCE, "evidence": "known"}
    found = lint_folder(
        folder(
            tmp_path,
            [framework("aa-xqf", "1", sources=[]), BB],
            [mapping("bb-yqf", "eqf", "1-1 2-2 3-3 4-4", sources=[known])],
        )
    )
    assert wheres(found, "unsourced") == ["aa-xqf#/sources"]
    assert wheres(found, "unread") == ["bb-yqf>eqf@2020#/sources"]
    assert wheres(found, "known sources") == ["bb-yqf>eqf@2020#/sources"]


def test_a_superseded_document_without_end(tmp_path):
    found = lint_folder(
        folder(tmp_path, [AA, BB], [mapping("aa-xqf", "bb-yqf", "1-1 2-2 3-3 4-4", status="superseded")])
    )
    assert wheres(found, "dates") == ["aa-xqf>bb-yqf@2020#/valid_until"]


def test_a_current_mapping_of_a_superseded_edition(tmp_path):
    old = framework("aa-xqf", "1 2 3 4", superseded_by="bb-yqf")
    found = lint_folder(folder(tmp_path, [old, BB], [mapping("aa-xqf", "eqf", "1-1 2-2 3-3 4-4")]))
    assert wheres(found, "edition") == ["aa-xqf>eqf@2020#/from"]


def test_disagreeing_documents_of_a_folder(tmp_path):
    both = [
        mapping("aa-xqf", "bb-yqf", "1-1 2-2 3-3 4-4"),
        mapping("bb-yqf", "aa-xqf", "1-1 2-3 3-4", unmatched=[{"level": "4", "reason": "none"}]),
    ]
    found = lint_folder(folder(tmp_path, [AA, BB], both)).of("disagreement")
    assert len(found) >= 1
    assert all("aa-xqf" in one.found for one in found)


def test_faults_of_broken_files_are_findings(tmp_path):
    folder(tmp_path, [framework("aa-xqf", "1 2"), framework("bb-yqf", "1 1")])
    (tmp_path / "broken.json").write_text("{", encoding="utf-8")
    found = lint_folder(tmp_path)
    assert {one.kind for one in found} == {"fault"}
    assert {one.file for one in found} == {"broken.json", "frameworks/bb-yqf.json"}
    assert all(one.severity == "error" and one.mend.startswith("expected ") for one in found)
    assert found.to_dict()["counts"]["error"] == len(found)


def test_a_folder_that_is_none_is_refused(tmp_path):
    with pytest.raises(qg.Error, match="is no folder"):
        lint_folder(tmp_path / "nowhere")
    with pytest.raises(qg.Error, match="holds no file of facts"):
        lint_folder(tmp_path)


def test_unknown_kinds_are_refused(findings):
    with pytest.raises(qg.Error, match='no kind "crossings"'):
        findings.of("crossings")


def test_findings_as_table_json_and_html(findings):
    assert len(findings.table) == len(findings)
    assert findings.table["1"]["severity"] == findings[0].severity
    shown = findings.to_dict()
    assert len(shown["findings"]) == len(findings)
    assert json.loads(json.dumps(shown)) == shown
    assert "<script" not in findings._repr_html_()
    ranks = [("error", "doubt", "note").index(one.severity) for one in findings]
    assert ranks == sorted(ranks)
    assert {one.where.split("#")[0] for one in findings.about("nz-nzqcf>ae-qfemirates@nd")} == {
        "nz-nzqcf>ae-qfemirates@nd"
    }
