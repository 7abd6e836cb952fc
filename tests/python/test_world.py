"""Loading, looking facts up, views, and worlds with other documents."""

from __future__ import annotations

import copy
import json
import subprocess
import sys
from datetime import date

import pandas as pd
import pytest

import qualgraph as qg

LEVELS = [{"code": str(n), "rank": n, "label": None} for n in range(1, 6)]
SOURCE = {"title": "A decree", "publisher": None, "year": 2020, "url": None, "evidence": "read"}


def framework(id: str) -> dict:
    return {
        "id": id,
        "name": f"Framework {id}",
        "jurisdiction": "XX",
        "kind": "national",
        "hub": False,
        "status": "operational",
        "since": 2020,
        "authority": "Ministry",
        "levels": LEVELS,
        "levels_evidence": "read",
        "qualification_types": [],
        "qualification_types_evidence": "unknown",
        "credit_system": None,
        "sources": [SOURCE],
        "notes": "",
    }


def write(folder, name: str, fact: object) -> None:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(fact), encoding="utf-8")


def test_bundled_facts_are_read_once(world):
    assert qg.load() is world
    assert len(world.frameworks) == 162
    assert len(world.mappings) == 123
    assert len(world.credit_systems) == 67
    assert (
        len(world.microcredential_policies),
        len(world.rpl_policies),
        len(world.credit_transfer_policies),
    ) == (34, 25, 8)


def test_import_loads_no_heavy_package():
    code = (
        "import sys, qualgraph as qg; qg.load().map_level('nz-nzqcf:8', to='eqf'); "
        "heavy = {'numpy', 'pandas', 'pyarrow', 'altair', 'asyncio', 'unittest', 'inspect', 'dataclasses', "
        "'importlib.resources'}; "
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_collections_are_mappings_by_id(world):
    frameworks = world.frameworks
    assert frameworks.ids == sorted(frameworks.ids)
    assert "ie-nfq" in frameworks
    assert frameworks["ie-nfq"] in frameworks
    assert frameworks.get("nope") is None
    assert [each.id for each in frameworks] == frameworks.ids
    frame = world.mappings.to_pandas()
    assert isinstance(frame, pd.DataFrame)
    assert frame.loc[frame["id"] == "nz-nzqcf>eqf@2016", "kind"].item() == "comparison"
    assert "<table" in world.credit_systems._repr_html_()


def test_framework_fact_is_whole(world):
    nfq = world.framework("ie-nfq")
    assert nfq.to_dict()["qualification_types"][0]["name"] == nfq.qualification_types[0].name
    assert (nfq.jurisdiction, nfq.kind, nfq.hub, nfq.since, nfq.credit_system) == (
        "IE",
        "national",
        False,
        2003,
        "ects",
    )
    higher = next(each for each in nfq.qualification_types if each.name == "Higher Certificate")
    assert (higher.level, higher.credits.min, higher.credits.system) == ("6", 120, "ects")
    assert str(nfq.level("6")) == "ie-nfq:6"
    assert nfq.level("ie-nfq:6") == nfq.level("6")
    assert world.framework(nfq) == nfq


def test_parallel_tracks_share_a_step(world):
    tracks = [world.framework("no-nkr").level(code) for code in ("4A", "4B")]
    assert tracks[0].step == tracks[1].step
    assert tracks[0].parallel == tracks[1].parallel is not None


def test_mapping_by_pair_and_by_id(world):
    table = world.mapping("nz-nzqcf", "eqf")
    assert table == world.mapping("nz-nzqcf>eqf@2016")
    assert table.pairs[0] == ("1", "2")
    assert table.unmatched == [{"level": "8", "reason": "left without a level by agreement of both sides"}]
    assert table.unmatched_to[0]["level"] == "1"
    assert table.retention.share == qg.Range("7/9").min
    assert table.retention.merged == (("3", "4"), ("5", "6"))
    assert table.crossings == []
    assert table.egli_milner
    assert table.table.column("evidence") == ["read"] * 9


def test_two_documents_between_the_same_frameworks(world):
    assert world.mapping("nz-nzqcf", "ie-nfq").id == "nz-nzqcf>ie-nfq@2020"
    assert world.view(as_of="2015-06-01").mapping("nz-nzqcf", "ie-nfq").id == "nz-nzqcf>ie-nfq@2010"


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        (lambda w: w.framework("ie-nqf"), r'no framework "ie-nqf"\. Did you mean "ie-nfq" \(Irish'),
        (
            lambda w: w.framework("MQF"),
            r"used by 4 frameworks; write the full id: .*me-mqf.*mk-nmqf.*mt-mqf.*my-mqf",
        ),
        (lambda w: w.frameworks["MQF"], "used by 4 frameworks"),
        (lambda w: w.framework("eqf:6"), '"eqf:6" is a level; a framework is asked here: "eqf"'),
        (lambda w: w.framework("ie-nfq").level("11"), "its levels are 1, 2, 3, 4, 5, 6, 7, 8, 9, 10"),
        (
            lambda w: w.framework("ie-nfq").level("eqf:6"),
            '"eqf:6" is a level of another framework, not of "ie-nfq"',
        ),
        (lambda w: w.mapping("ie-nfq>eqf@2010"), r'Did you mean "ie-nfq>eqf@2009"'),
        (lambda w: w.mapping("eqf", "ie-nfq"), r'runs the other way: mapping\("ie-nfq", "eqf"\)'),
        (lambda w: w.mapping("mu-nqf", "sadc-rqf"), "a relation is pending, its level table was not seen"),
        (lambda w: w.mapping("ke-knqf", "eqf"), "no mapping from ke-knqf to eqf was found in any source"),
        (lambda w: w.credit_system("etcs"), r'no credit system "etcs"\. Did you mean "ects"'),
        (lambda w: w.rpl_policies["ke-rlp"], r'no rpl policy "ke-rlp"\. Did you mean "ke-rpl"'),
        (
            lambda w: w.rpl_policies["ke-rpl"]["capz"],
            r'policy "ke-rpl" states no "capz"\. Did you mean "caps"',
        ),
        (
            lambda w: w.without_documents("nz-nzqcf>eqf@2017"),
            r'no document .*Did you mean "nz-nzqcf>eqf@2016"',
        ),
        (lambda w: w.records("foo"), 'no records of kind "foo"; the kinds are pending'),
    ],
)
def test_unknown_names_come_with_help(world, ask, message):
    with pytest.raises(qg.UnknownId, match=message) as caught:
        ask(world)
    assert isinstance(caught.value, LookupError)
    assert not str(caught.value).startswith("'")


def test_second_names_and_alias(world):
    alias = world.credit_systems["us-semester"]
    assert alias.alias_of == "us-semester-credit"
    assert world.credit_system("us-semester").id == "us-semester-credit"


def test_records(world):
    pending = world.records("pending")
    assert {"from": "sc-snqf", "to": "acqf"}.items() <= next(
        r for r in pending if r["from"] == "sc-snqf"
    ).items()
    assert "Master's degree" in {record["label"] for record in world.records("label_placement")}
    assert {record["id"] for record in world.records("award_rule")} >= {"kr-acbs-bachelor"}


def test_views(world):
    old = qg.load(as_of="2012-01-01", evidence="read")
    assert (old.as_of, old.as_of_text, old.evidence) == (date(2012, 1, 1), "2012-01-01", "read")
    assert old.hash == world.hash
    assert old != world
    assert old == world.view(as_of=date(2012, 1, 1), evidence="read")
    assert old is world.view(as_of=2012, evidence="read")
    assert old.view(as_of=None, evidence="all") == world
    assert world.view() is world


@pytest.mark.parametrize("day", ["2019-02-30", "yesterday", "", "20190314", 2019.5, True, -5])
def test_days_that_do_not_exist(day):
    with pytest.raises(qg.InvalidValue, match='"2019-03-14"'):
        qg.load(as_of=day)


def test_unknown_floor_of_evidence():
    with pytest.raises(qg.InvalidValue, match=r'evidence="none" is not possible: "all".*"read"'):
        qg.load(evidence="none")


def test_worlds_are_values(world):
    assert copy.copy(world) is world
    assert copy.deepcopy(world) is world
    assert hash(world) == hash(qg.load())
    with pytest.raises(AttributeError, match="does not change"):
        world.hash_ = 1
    assert world.without_documents([]) == world
    assert world.without_documents(["nz-nzqcf>eqf@2016"]) != world
    assert world != "world"


def test_facts_do_not_change_when_what_they_give_is_changed(world):
    world.framework("ie-nfq").levels.clear()
    world.framework("ie-nfq").to_dict().clear()
    world.mapping("ie-nfq", "eqf").pairs.clear()
    world.frameworks.ids.clear()
    assert len(world.framework("ie-nfq").levels) == 10
    assert len(world.mapping("ie-nfq", "eqf").pairs) == 10
    level = world.framework("ie-nfq").level("6")
    with pytest.raises(AttributeError, match="do not change"):
        level.code = "7"


# ---- facts of one's own


def test_own_folder_alone_and_on_top(world, tmp_path):
    write(tmp_path, "frameworks/xx-own.json", framework("xx-own"))
    alone = qg.load(tmp_path)
    assert alone.frameworks.ids == ["xx-own"]
    both = qg.load(str(tmp_path), base=world)
    assert len(both.frameworks) == 163
    assert "xx-own" not in world.frameworks
    assert both.map_level("ie-nfq:8", to="eqf").possible == ["6"]
    one_file = qg.load(tmp_path / "frameworks" / "xx-own.json")
    assert one_file == alone


def test_base_hands_on_its_view(world, tmp_path):
    write(tmp_path, "frameworks/xx-own.json", framework("xx-own"))
    both = qg.load(tmp_path, base=world.view(as_of="2015-01-01", evidence="read"))
    assert (both.as_of_text, both.evidence) == ("2015-01-01", "read")


def test_replace_is_needed_for_a_known_id(world, tmp_path):
    changed = world.framework("ie-nfq").to_dict() | {"name": "Another name"}
    write(tmp_path, "ie-nfq.json", changed)
    with pytest.raises(qg.FactError, match=r'the framework "ie-nfq", which the base has already'):
        qg.load(tmp_path, base=world)
    assert qg.load(tmp_path, base=world, replace=True).framework("ie-nfq").name == "Another name"


def test_every_fault_of_every_file_is_told(tmp_path):
    broken = framework("xx-own") | {"hub": "yes"}
    broken["levels"] = [{"code": 1, "rank": 1}]
    write(tmp_path, "a.json", broken)
    (tmp_path / "b.json").write_text("{", encoding="utf-8")
    (tmp_path / "c.json").write_bytes(b'{"id": "\xff"}')
    with pytest.raises(qg.FactError) as caught:
        qg.load(tmp_path)
    faults = caught.value.faults
    assert isinstance(caught.value, ValueError)
    assert {fault.file for fault in faults} == {"a.json", "b.json", "c.json"}
    assert ("a.json", "/hub") in {(fault.file, fault.pointer) for fault in faults}
    assert ("a.json", "/levels/0/code") in {(fault.file, fault.pointer) for fault in faults}
    assert all(fault.found and fault.expected for fault in faults)
    assert "nothing was loaded" in str(caught.value)


def test_deep_nesting_ends_in_a_fault(tmp_path):
    (tmp_path / "deep.json").write_text("[" * 100_000, encoding="utf-8")
    with pytest.raises(qg.FactError) as caught:
        qg.load(tmp_path)
    assert caught.value.faults[0].file == "deep.json"


def test_missing_and_empty_folder(tmp_path):
    with pytest.raises(qg.FactError, match="a folder with files of facts"):
        qg.load(tmp_path / "nope")
    with pytest.raises(qg.FactError, match=r"at least one \.json file"):
        qg.load(tmp_path)


def test_fault_values():
    fault = qg.Fault("a.json", "/x", "1", "2")
    assert fault == qg.Fault("a.json", "/x", "1", "2")
    assert repr(fault) == "<Fault a.json /x: found 1, expected 2>"
    assert qg.FactError("made in Python").faults == ()


# ---- one more table, one document less

PAIRS = [("7", "7"), ("8", "8"), ("9", None)]


def test_with_mapping_from_pairs(world):
    more = world.with_mapping("ke-knqf", "acqf", PAIRS, document="My table", year=2025, sources=["A reading"])
    assert world.map_level("ke-knqf:7", to="acqf").status == "no_route"
    answer = more.map_level("ke-knqf:7", to="acqf")
    assert (answer.status, answer.possible) == ("mapped", ["7"])
    assert [source.title for source in answer.sources] == ["My table"]
    assert answer.sources[0].evidence == "known"
    assert more.map_level("ke-knqf:9", to="acqf").status == "no_counterpart"
    assert more.map_level("ke-knqf:6", to="acqf").status == "no_route"
    table = more.mapping("ke-knqf", "acqf")
    assert (table.id, table.complete, table.year) == ("ke-knqf>acqf@2025", False, 2025)
    assert more.hash != world.hash
    assert more.without_documents(table.document_id).hash == world.hash


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_with_mapping_from_csv(world, tmp_path, separator):
    rows = ["From,To,evidence,partial,note", "7,7,read,,", "8,8,known,yes,only skills", "9,,,,no such level"]
    path = tmp_path / "table.csv"
    path.write_text("\r\n".join(rows).replace(",", separator) + "\r\n", encoding="utf-8-sig")
    more = world.with_mapping("ke-knqf", "acqf", path, document="My table", year=2025)
    table = more.mapping("ke-knqf", "acqf")
    assert table.evidence == "mixed"
    assert table.pairs_known == [("8", "8")]
    assert table.partial == [{"from": "8", "to": "8", "note": "only skills"}]
    assert table.unmatched == [{"level": "9", "reason": "no such level"}]
    assert more.map_level("ke-knqf:7", to="acqf").guaranteed
    assert not more.map_level("ke-knqf:8", to="acqf").guaranteed
    assert more.view(evidence="read").map_level("ke-knqf:8", to="acqf").status == "no_route"


def test_with_mapping_from_a_frame_with_numbers(world):
    frame = pd.DataFrame({"from": [7, 8, 9], "to": [7, 8, None]})
    by_frame = world.with_mapping("ke-knqf", "acqf", frame, document="My table", year=2025)
    by_pairs = world.with_mapping("ke-knqf", "acqf", PAIRS, document="My table", year=2025)
    assert by_frame == by_pairs
    import pyarrow as pa

    arrow = pa.table({"from": ["7", "8", "9"], "to": ["7", "8", None]})
    assert world.with_mapping("ke-knqf", "acqf", arrow, document="My table", year=2025) == by_pairs


def test_complete_table_says_so(world):
    pairs = [(str(n), str(n)) for n in range(1, 11)]
    more = world.with_mapping("ke-knqf", "acqf", pairs, document="All levels")
    assert more.mapping("ke-knqf", "acqf").complete


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        (
            {"pairs": [("77", "7")]},
            qg.FactError,
            r'/pairs/0/0: found "77"; expected a level code of ke-knqf: 1, 2',
        ),
        ({"pairs": [("7",)]}, qg.InvalidValue, r"row 1 is \('7',\); a row is a pair of level codes"),
        ({"pairs": ["77"]}, qg.InvalidValue, "row 1 is '77'"),
        ({"pairs": [(None, "7")]}, qg.InvalidValue, "row 1 names no level in from"),
        ({"pairs": [{"from": "7"}]}, qg.InvalidValue, 'row 1 has no column "to"'),
        ({"pairs": "nope.csv"}, qg.InvalidValue, r"the level table nope\.csv cannot be read"),
        ({"kind": "foo", "strength": "bar"}, qg.FactError, "2 faults"),
        ({"year": "2020"}, qg.FactError, "a whole number"),
        ({"from_": "ke-knfq"}, qg.UnknownId, 'Did you mean "ke-knqf"'),
        (
            {"from_": "nz-nzqcf", "to": "eqf", "year": 2016},
            qg.InvalidValue,
            "already loaded; give the new one another year",
        ),
    ],
)
def test_tables_that_cannot_be_taken(world, arguments, error, message):
    given = {"from_": "ke-knqf", "to": "acqf", "pairs": PAIRS, "document": "My table"} | arguments
    with pytest.raises(error, match=message):
        world.with_mapping(given.pop("from_"), given.pop("to"), given.pop("pairs"), **given)


def test_html_is_escaped_and_has_no_script(world, tmp_path):
    hostile = framework("xx-own") | {"name": "<script>alert(1)</script>", "authority": "<b>x</b>"}
    write(tmp_path, "xx.json", hostile)
    own = qg.load(tmp_path)
    shown = own.framework("xx-own")._repr_html_()
    assert "<script" not in shown
    assert "&lt;script&gt;" in shown
    for thing in (
        world,
        world.mapping("nz-nzqcf", "eqf"),
        world.credit_system("ects"),
        world.rpl_policies["ke-rpl"],
    ):
        shown = thing._repr_html_()
        assert "<script" not in shown
        assert shown.count("<div") == shown.count("</div>")
