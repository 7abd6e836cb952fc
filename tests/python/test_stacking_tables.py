"""Records and rules as spreadsheets: read, written, and their faults told by cell."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pytest

import qualgraph as qg
from qualgraph import cli, rules
from qualgraph.stacking.flat import read_sheet, sheet_of
from qualgraph.stacking.templates import write_template

RECORD = """\
# A remark, which is not read
@record,r-1
@as_of,2026-03-01
@credit,nz-credit
@requirement thesis,true
@parameter size,15/2
@decision waivers/own,the dean
@awards,nz-ncea-3;nz-ue
@registration,2023-02-01

id,title,credits,level,origin,tags,Quality assured,date,used_for,own column
a,Welding,7.5,nz-nzqcf:5;eqf:5,micro,core; digital,yes,2025-05-01,-,kept
b,,30 ects,,,,,,,
c,,10-15,,rpl,-,false,2024-01-01,x;y,
"""


def written(tmp_path, text: str, name: str = "record.csv"):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8-sig")
    return path


def faults(call, *arguments) -> dict[str, tuple[str, str]]:
    with pytest.raises(qg.FactError) as caught:
        call(*arguments)
    return {fault.pointer: (fault.found, fault.expected) for fault in caught.value.faults}


def test_a_record_of_a_table(tmp_path):
    whole = qg.Record.read(written(tmp_path, RECORD)).to_dict()
    assert whole["record"] == "r-1"
    assert whole["as_of"] == "2026-03-01"
    assert whole["requirements"] == {"thesis": True}
    assert whole["parameters"] == {"size": "15/2"}
    assert whole["decisions"] == [{"apply": "waivers/own", "by": "the dean"}]
    assert whole["awards"] == [{"id": "nz-ncea-3"}, {"id": "nz-ue"}]
    assert whole["dates"] == {"registration": "2023-02-01"}
    a, b, c = whole["items"]
    assert a == {
        "id": "a",
        "title": "Welding",
        "credits": "15/2",
        "level": ["nz-nzqcf:5", "eqf:5"],
        "origin": ["micro"],
        "tags": ["core", "digital"],
        "quality_assured": True,
        "date": "2025-05-01",
        "used_for": [],
        "x-own column": "kept",
    }
    # An empty cell is unknown and never none.
    assert b == {"id": "b", "credits": "30 ects"}
    assert c["credits"] == {"min": 10, "max": 15}
    assert (c["tags"], c["used_for"], c["quality_assured"]) == ([], ["x", "y"], False)


def test_tabs_and_workbooks_say_the_same(tmp_path):
    import openpyxl

    comma = qg.Record.read(written(tmp_path, RECORD))
    tabs = written(tmp_path, RECORD.replace(",", "\t"), "record.tsv")
    assert qg.Record.read(tabs).hash == comma.hash
    book = openpyxl.Workbook()
    for line in RECORD.splitlines():
        book.active.append(line.split(","))
    # A spreadsheet keeps numbers, days and truths as such.
    for row in book.active.iter_rows():
        for cell in row:
            if cell.value == "7.5":
                cell.value = 7.5
    book.save(tmp_path / "record.xlsx")
    assert qg.Record.read(tmp_path / "record.xlsx").hash == comma.hash


def test_frames_of_all_kinds_say_the_same():
    rows = [
        {"id": "a", "credits": "15/2", "tags": "core;digital", "assessed": True, "date": "2025-05-01"},
        {"id": "b", "credits": "5", "tags": None, "assessed": None, "date": None},
    ]
    frame = pd.DataFrame(rows)
    first = qg.Record.from_table(rows)
    assert qg.Record.from_table(frame).hash == first.hash
    assert qg.Record.from_table(pa.Table.from_pylist(rows)).hash == first.hash
    assert qg.Record.from_table(qg.Table({k: [r[k] for r in rows] for k in rows[0]})).hash == first.hash
    dated = frame.assign(date=pd.to_datetime(frame["date"]), credits=[7.5, 5.0])
    assert qg.Record.from_table(dated).hash == first.hash
    nested = pa.Table.from_pylist([{"id": "a", "credits": 5, "tags": ["x", "y"]}])
    assert qg.Record.from_table(nested).items[0]["tags"] == ["x", "y"]


def test_many_learners_of_one_table(tmp_path):
    text = "learner_id,id,credits\nx,a,5\ny,a,10\nx,b,15/2\n"
    records = qg.Record.many_from_table(written(tmp_path, text))
    assert {learner: len(record) for learner, record in records.items()} == {"x": 2, "y": 1}
    assert records["y"].to_dict()["learner"] == "y"
    with pytest.raises(qg.InvalidValue, match="2 learners"):
        qg.Record.read(written(tmp_path, text))
    with pytest.raises(qg.InvalidValue, match="learner_id"):
        qg.Record.many_from_table([{"id": "a"}])
    found = faults(qg.Record.many_from_table, [{"learner_id": "x", "id": "a"}, {"id": "b"}])
    assert found == {"A3 (learner_id)": ("an empty cell", "the id of a learner")}


def test_faults_name_their_cells(tmp_path):
    text = """\
# remark
@as_off,2026-01-01
id,credits,orign,assessed,date,hours,level
a,seven,micro,perhaps,1.3.2026,x,
b,-5,,true,,,nz-nzqcf
"""
    found = faults(qg.Record.read, written(tmp_path, text))
    assert found["A2"][0] == '"@as_off"'
    assert 'Did you mean "as_of"' in found["A2"][1]
    assert found["C3"] == ('the column "orign"', '"origin", or "x-orign" for a column of your own')
    assert found["B4 (credits)"][0] == '"seven"'
    assert found["D4 (assessed)"] == ('"perhaps"', "true or false")
    assert found["E4 (date)"][1] == "a day as year-month-day: 2026-03-01"
    assert found["F4 (hours)"][0] == '"x"'
    assert found["B5 (credits)"][0] == '"-5"'


def test_faults_of_the_record_language_name_their_cells(tmp_path):
    text = "id,credits,origin,level\na,5,mikro,nz-nzqcf\na,5,micro,\n"
    found = faults(qg.Record.read, written(tmp_path, text))
    assert {place.split()[0] for place in found} >= {"C2", "D2", "A3"}
    assert any("micro" in expected for _, expected in found.values())


def test_a_fault_reads_as_a_sentence(tmp_path):
    path = written(tmp_path, "id,credits\na,seven\n")
    with pytest.raises(qg.FactError, match=r'1 fault in the record; nothing was read\n.*B2 \(credits\): found "seven"'):
        qg.Record.read(path)


def test_other_files_are_refused(tmp_path):
    for read in (qg.Record.read, qg.Rule.read, read_sheet):
        with pytest.raises(qg.InvalidValue, match=r"\.csv"):
            read(tmp_path / "record.pdf")


def test_a_cell_under_no_heading_is_a_fault(tmp_path):
    for read in (qg.Record.read, qg.Rule.read, qg.Catalogue.read):
        found = faults(read, written(tmp_path, "id,,kind\na,x,total\n,,,y\n", "t.csv"))
        assert found["B2"] == ('"x"', "an empty cell, or a heading above it")
        assert "D3" in found


def test_repeated_columns_are_a_fault():
    sheet = sheet_of([{"id": "a", "Credits": 5, "credits": 6}])
    assert "C1" in faults(qg.Record.from_table, sheet)


@pytest.mark.parametrize("ending", ["csv", "tsv", "xlsx"])
def test_templates_are_read_as_they_are(tmp_path, ending):
    write_template("record", tmp_path / f"record.{ending}")
    assert qg.Record.read(tmp_path / f"record.{ending}").items[0]["origin"] == ["micro"]
    write_template("rule", tmp_path / f"rule.{ending}")
    rule = qg.Rule.read(tmp_path / f"rule.{ending}")
    assert rule.sentence("caps/rpl").source == "The text that states the rule, 4.2 [known only]"


def test_templates_of_other_kinds_are_refused(tmp_path):
    with pytest.raises(qg.InvalidValue, match="one of a record, a rule and a catalogue"):
        write_template("catalog", tmp_path / "a.csv")
    with pytest.raises(qg.InvalidValue, match="xlsx"):
        write_template("rule", tmp_path / "a.ods")


# ---- the builder


def test_the_builder_writes_the_rule_language():
    rule = (
        rules.award("b", "Built", level="nz-nzqcf:5", credit="nz-credit", jurisdiction="NZ")
        .total(min=120)
        .place("core", title="Core", units=["C1", "C2"], all=True)
        .place("subjects", choose={"min": 2})
        .place("subject", inside="subjects", for_each="tag:subject", tag="approved", min=14)
        .floor("level-5", at_least="nz-nzqcf:5", min=72)
        .floor("half", min_share=Fraction(1, 2), base="counted", except_={"origin": ("rpl", "transfer")})
        .cap("rpl", origin="rpl", max_share="1/2", source="policy, 4.2")
        .cap("open", any_=[{"tag": "x"}, {"mode": "online"}], max="?")
        .gate("fresh", among={"origin": "transfer"}, age={"at_most": "7 years"})
        .window("six", "6 years")
        .pace("year", per="year", max=60)
        .requirement("thesis", "a thesis", kind="thesis")
        .average("mean", min=50, tag="core")
        .exclude("one", {"units": ["A"]}, {"units": ["B"]})
        .overlap("pair", "core", "subjects", max=10)
        .allocation(items="whole")
        .reuse("barred", spends=True)
        .admits("passed")
        .parameter("kind", "kind of award", choices=["a", "b"])
        .scale("letters", order=["F", "A"])
        .units([{"unit": "C1"}, {"unit": "C2"}], partial=True)
        .variant("long", rules.fragment().total(min=180), title="Long form")
        .title(
            "honours",
            "With honours",
            rules.fragment().floor("top", grade={"at_least": "A", "scale": "letters"}, min=60),
        )
        .exit("certificate", "Certificate", rules.fragment().total(min=60), level="nz-nzqcf:4")
        .source("policy", "RPL policy", evidence="read", year=2020)
        .notes("Made up.")
        .build()
    )
    whole = rule.to_dict()
    assert whole["places"]["core"] == {"title": "Core", "from": {"unit": ["C1", "C2"]}, "all": True}
    assert whole["floors"]["half"] == {
        "from": {"not": {"origin": ["rpl", "transfer"]}},
        "min_share": "1/2",
        "base": "counted",
    }
    assert whole["caps"]["rpl"]["source"] == {"document": "policy", "clause": "4.2"}
    assert whole["caps"]["open"] == {"from": {"any": [{"tag": "x"}, {"mode": "online"}]}, "max": None}
    assert whole["eligibility"]["fresh"] == {"from": {"origin": "transfer"}, "require": {"age": {"at_most": "7 years"}}}
    assert whole["variants"]["long"] == {"title": "Long form", "total": {"min": 180}}
    assert [one.id for one in rule.exits] == ["certificate"]
    assert "Average" not in str(rule.sentence("averages/mean")) and "average" in str(rule.sentence("averages/mean"))


def test_the_builder_refuses_what_is_not_exact():
    with pytest.raises(qg.InvalidValue, match="write it exactly"):
        rules.award("b", "B").total(min=7.5)
    with pytest.raises(qg.InvalidValue, match='Did you mean "origin"'):
        rules.award("b", "B").cap("c", orign="rpl", max=5)
    with pytest.raises(qg.InvalidValue, match="already"):
        rules.award("b", "B").floor("f", min=1).floor("f", min=2)
    with pytest.raises(qg.FactError, match="nowhere"):
        rules.award("b", "B").place("p", inside="nowhere", min=5).build()


# ---- two versions


def test_versions_are_compared_in_words(world):
    rule = world.rule("example-diploma")
    other = rule.reform(
        {"total/min": 100, "caps/rpl": None, "floors/new": {"from": {"tag": "new"}, "min": 5}}, id=rule.id
    )
    change = rule.compare(other)
    assert [one.path for one in change.dropped] == ["caps/rpl"]
    assert [one.path for one in change.added] == ["floors/new"]
    assert [(a.path, b.text) for a, b in change.changed] == [("total", "At least 100 credits count in all.")]
    assert str(change).startswith("example-diploma: 1 clause changed, 1 clause added and 1 clause dropped.")
    assert change.table["total"]["before"] == "At least 120 credits count in all."
    assert "At least 100 credits" in change._repr_html_()
    assert change.to_dict()["dropped"][0]["clause"] == "caps/rpl"


def test_a_rule_does_not_differ_from_itself(world):
    for rule in world.rules:
        assert not rule.compare(qg.Rule(rule.to_json()))
    assert "nothing differs" in str(rule.compare(rule))


# ---- catalogues


def test_a_catalogue_of_a_table(tmp_path):
    text = """\
@catalogue,c-1
@credit,nz-credit
@currency,NZD
id,title,credits,cost,months,requires,available_from,available_until,max_takes,portable,tags
a,First,10,45000,3,,2026-07-01,,2,true,core
b,Second,5,,1.5,a;c|d,,,,no,-
"""
    catalogue = qg.Catalogue.read(written(tmp_path, text, "catalogue.csv"))
    whole = catalogue.to_dict()
    assert (whole["catalogue"], whole["credit"], whole["currency"]) == ("c-1", "nz-credit", "NZD")
    a, b = whole["offers"]
    assert a["available"] == [{"from": "2026-07-01"}]
    assert (a["cost"], a["months"], a["max_takes"], a["portable"]) == (45000, 3, 2, True)
    held = [{"holds": {"unit": name}} for name in "acd"]
    assert b["requires"] == {"all": [held[0], {"any": held[1:]}]}
    assert (b["months"], b["tags"], "cost" in b) == ("3/2", [], False)
    found = faults(qg.Catalogue.from_table, [{"id": "a", "cost": "450.00", "monts": 3}, {"id": "b", "cost": "45.5"}])
    assert found["C1"][1] == '"months", or "x-monts" for a column of your own'
    assert found["B3 (cost)"][1] == "a whole number of minor units, as 45000 for 450.00"
    with pytest.raises(qg.FactError, match="currenci"):
        qg.Catalogue.read(written(tmp_path, "@currenci,NZD\nid\na\n", "catalogue.csv"))
    write_template("catalogue", tmp_path / "c.xlsx")
    assert qg.Catalogue.read(tmp_path / "c.xlsx").to_dict()["offers"][0]["cost"] == 45000


# ---- remarks on rules


def test_rules_are_linted_with_a_mend(world):
    found = world.rule("au-chc33015").lint()
    assert (found[0].kind, found[0].clause) == ("partial list", "places/core")
    assert found.table[0]["mend"].startswith("list the units")
    assert str(found).startswith("CHC33015 Certificate III")
    assert "<script" not in found._repr_html_()
    assert found.to_dict()["remarks"][0]["kind"] == "partial list"


def test_rules_are_linted_on_a_catalogue():
    rule = (
        rules.award("a", "A")
        .total(min=20)
        .place("core", tag="core", min=10)
        .place("lab", tag="lab", min=5)
        .cap("micro", origin="micro", max=30)
        .cap("rpl", origin="rpl", max=5)
        .build()
    )
    offers = [
        {"id": "x", "credits": 10, "tags": ["core"], "origin": "micro"},
        {"id": "y", "credits": 10, "tags": ["core"], "origin": "rpl"},
    ]
    found = {(one.kind, one.clause) for one in rule.lint(qg.Catalogue(offers))}
    assert ("vacuous", "places/lab/min") in found
    assert ("vacuous", "places/core/min") not in found
    assert ("never binding", "caps/micro/max") in found
    assert ("never binding", "caps/rpl/max") not in found


def test_a_price_with_a_point_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "offers.csv"
    path.write_text("id,credits,cost\nethics,10,450.00\n", encoding="utf-8")
    with pytest.raises(qg.FactError) as error:
        qg.Catalogue.read(path)
    assert "minor units" in str(error.value)


def test_semicolons_separate_where_spreadsheets_write_them(tmp_path: Path) -> None:
    path = tmp_path / "record.csv"
    path.write_text("id;credits;tags\na;7.5;core\n", encoding="utf-8")
    record = qg.Record.read(path)
    assert record.items == [{"id": "a", "credits": "15/2", "tags": ["core"]}]


def test_another_encoding_is_named(tmp_path: Path) -> None:
    path = tmp_path / "record.csv"
    path.write_bytes("id,title\na,Expérience\n".encode("cp1252"))
    with pytest.raises(qg.InvalidValue, match="CSV UTF-8"):
        qg.Record.read(path)


def test_a_template_is_not_written_over(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "record.csv"
    path.write_text("mine", encoding="utf-8")
    assert cli.main(["template", "record", str(path)]) == 2
    assert path.read_text(encoding="utf-8") == "mine"
    assert "--force" in capsys.readouterr().err
    assert cli.main(["template", "record", str(path), "--force"]) == 0


def test_a_sheet_is_a_page(tmp_path: Path) -> None:
    audit = qg.load().audit(qg.Record([]), "nz-diploma-5")
    with pytest.raises(qg.InvalidValue, match="HTML page"):
        audit.sheet(tmp_path / "decision.pdf")


def test_an_unknown_framework_is_told_with_the_nearest_name() -> None:
    item = {"id": "a", "credits": 120, "used_for": []}
    with pytest.raises(qg.FactError, match=r'found "nz-nzqf".*nz-nzqcf'):
        qg.load().audit(qg.Record([{**item, "level": "nz-nzqf:5"}], credit="nz-credit"), "nz-diploma-5")
    # Of one's own making: nothing is known of it, which is an answer.
    own = qg.Record([{**item, "level": "x-nzqf:5"}], credit="nz-credit")
    assert 'no framework "x-nzqf"' in " ".join(str(qg.load().audit(own, "nz-diploma-5").why()).split())
