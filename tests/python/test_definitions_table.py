"""Catalogues under every definition: rows as single records, counts, overlaps, sweeps, files, the command."""

from __future__ import annotations

import io
import json
import sys
from collections import Counter
from fractions import Fraction
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet
import pytest

import qualgraph as qg
from qualgraph.cli import main

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from reference import definitions as ref

CSV = """\
# what we offer
@credit,nz-credit
id,title,hours,credits,level,assessed,relation,learning_outcomes,listed_on,form,region
web,Web basics,,5,nz-nzqcf:4,yes,component;additional,true,nz-nzqcf,certificate,north
hour,One hour,1,,,1,component,,,,north
badge,I was there,2,,,no,-,no,-,badge,south
half,Half an hour,1/2,,,yes,additional,,,,
"""


@pytest.fixture(scope="module")
def world() -> qg.World:
    return qg.load()


@pytest.fixture(scope="module")
def offers() -> list[dict]:
    dice = ref.dice_of(7)
    return [{"id": f"o{n}", **ref.random_credential(dice, dice.choice([0.3, 0.6, 1]))} for n in range(300)]


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "catalogue.csv"
    path.write_text(CSV, encoding="utf-8")
    return path


def stated(offer):
    return {name: value for name, value in offer.items() if name != "id"}


# ---- the table says what each record says


@pytest.mark.parametrize("small", [None, "60 hours", "3 ects"])
def test_each_row_is_classified_as_the_record_alone(world, offers, small):
    table = world.classify_table(offers, small=small)
    assert len(table) == len(offers)
    for offer in offers:
        alone = world.classify(stated(offer), small=small)
        assert table[offer["id"]] == alone.verdicts
        assert table.classification(offer["id"]).record == alone.record
    for definition in table.definitions:
        letter = table.column(definition)
        excepted = table.column(definition, with_exceptions=True)
        assert letter == [table[id][definition] for id in table.ids]
        for n in (0, 57, 123, 299):
            assert excepted[n] == world.classify(stated(offers[n]), small=small)[definition].with_exceptions


def test_kinds_of_a_classification_are_columns_too(world, offers):
    table = world.classify_table(offers)
    badges = table.kind_column("oecd-2020/digital-badge")
    assert badges == [world.classify(stated(one))["oecd-2020"].kinds["digital-badge"] for one in offers]
    assert set(badges) == {"satisfied", "violated", "unknown"}
    with pytest.raises(qg.UnknownId, match="oecd-2020/digital-badge"):
        table.kind_column("oecd-2020/digital-badges")


def test_blocks_of_rows_meet_without_a_seam(world):
    # More rows than the engine takes at a time, in an order that no block repeats.
    hours = [n % 419 for n in range(20_000)]
    table = world.classify_table(pd.DataFrame({"hours": hours}))
    expected = ["violated" if h >= 400 else "satisfied" for h in hours]
    assert table.column("fj-micro-qualification") == expected
    assert table.counts["fj-micro-qualification"]["violated"] == sum(h >= 400 for h in hours)


def test_counts_overlaps_and_intersections_are_those_of_the_rows(world, offers):
    table = world.classify_table(offers, small="60 hours")
    verdicts = [table[id] for id in table.ids]
    held = [frozenset(id for id, word in row.items() if word == "satisfied") for row in verdicts]
    for row in table.counts:
        words = Counter(each[row["definition"]] for each in verdicts)
        assert [row[word] for word in ("satisfied", "violated", "unknown")] == [
            words[w] for w in ("satisfied", "violated", "unknown")
        ]
        excepted = table.column(row["definition"], with_exceptions=True)
        assert row["satisfied_with_exceptions"] == excepted.count("satisfied")
    for row in table.overlaps:
        a, b = row["a"], row["b"]
        assert row["both"] == sum(a in each and b in each for each in held)
        assert row["a_only"] == sum(a in each and b not in each for each in held)
        assert row["b_only"] == sum(b in each and a not in each for each in held)
    counted = {frozenset(row["definitions"]): row["credentials"] for row in table.intersections()}
    assert counted == dict(Counter(held))
    some = ["au-2021", "cican", "oecd-2020"]
    few = {frozenset(row["definitions"]): row["credentials"] for row in table.intersections(some)}
    assert few == dict(Counter(each & frozenset(some) for each in held))


@pytest.mark.parametrize("unit", ["nz-credit", "ects", "hours"])
def test_counts_as_small_grows_are_those_at_each_size(world, offers, unit):
    sweep = world.classify_table(offers).sweep(unit, 1, 60)
    moving = list(sweep)
    assert {"ec-2022", "acqf-2024", "acqf-microcredential", "handbook-2024"} >= set(moving)
    assert "acqf-2024" in moving
    for id in moving:
        rows = list(sweep[id])
        assert rows[0]["from_"] == 1
        for row, after in zip(rows, [*rows[1:], None], strict=True):
            # The counts hold from each breakpoint until just before the next.
            ends = [row["from_"]] + ([after["from_"] - Fraction(1, 10_000)] if after else [])
            for at in ends:
                counts = world.classify_table(offers, small=f"{at} {unit}").counts[id]
                assert {name: row[name] for name in ("satisfied", "violated", "unknown")} == {
                    name: counts[name] for name in ("satisfied", "violated", "unknown")
                }


def test_an_implication_holds_on_every_catalogue(world, offers):
    table = world.classify_table(offers, small="60 hours")
    order = world.definition_order(small="60 hours")
    for row in order.table:
        if row["holds"]:
            pairs = zip(table.column(row["from_"]), table.column(row["to"]), strict=True)
            assert ("satisfied", "violated") not in set(pairs)


# ---- where catalogues come from


def test_a_file_is_read_as_people_fill_it_in(world, file):
    table = world.classify_table(file)
    assert table.ids == ["web", "hour", "badge", "half"]
    assert table.ignored == ["id", "region"]
    assert table.column("au-2021") == ["satisfied", "satisfied", "violated", "violated"]
    assert table.classification("web").record == {
        "title": "Web basics",
        "credits": "5 nz-credit",
        "level": "nz-nzqcf:4",
        "assessed": True,
        "relation": ["additional", "component"],
        "learning_outcomes": True,
        "listed_on": ["nz-nzqcf"],
        "form": "certificate",
    }
    assert table.classification("badge").record["listed_on"] == []
    assert table.classification("half").record["hours"] == "1/2"


def test_every_shape_of_a_catalogue_says_the_same(world, offers, tmp_path):
    expected = world.classify_table(offers).to_pandas()
    frame = pd.DataFrame(offers)
    lists = ("level", "listed_on", "relation", "outcome_domains")
    arrow = pa.table(
        {
            name: pa.array([_texts(offer.get(name)) for offer in offers], pa.list_(pa.string()))
            if name in lists
            else pa.array([offer.get(name) for offer in offers])
            for name in frame.columns
        }
    )
    pa.parquet.write_table(arrow, tmp_path / "c.parquet")
    flat = frame.copy()
    for name in lists:
        flat[name] = [None if offer.get(name) is None else ";".join(_texts(offer[name])) or "-" for offer in offers]
    flat.to_csv(tmp_path / "c.csv", index=False)
    flat.to_csv(tmp_path / "c.tsv", index=False, sep="\t")
    flat.to_excel(tmp_path / "c.xlsx", index=False)
    document = {"language": 1, "offers": list(offers)}
    (tmp_path / "c.json").write_text(json.dumps(document), encoding="utf-8")
    shapes = {
        "data frame": frame,
        "flat frame": flat,
        "arrow": arrow,
        "dictionary columns": pa.table(flat).set_column(0, "id", pa.array(flat["id"]).dictionary_encode()),
        "catalogue": qg.Catalogue(offers),
        **{path.name: path for path in sorted(tmp_path.iterdir())},
    }
    assert {"c.csv", "c.json", "c.parquet", "c.tsv", "c.xlsx"} <= set(shapes)
    for name, shape in shapes.items():
        table = world.classify_table(shape)
        assert table.to_pandas().equals(expected), name


def _texts(value):
    return value if value is None or isinstance(value, list) else [value]


def test_a_column_of_systems_goes_with_the_amounts(world):
    rows = {"credits": [5, 2, None, 4], "credit": ["nz-credit", "ects", "ects", None]}
    said = ["5 nz-credit", "2 ects", None, "4 za-credit"]
    expected = world.classify_table([{"credits": each} for each in said]).to_pandas()
    frame = pd.DataFrame(rows)
    for shape in (frame, pa.table(frame), frame.to_dict("records")):
        assert world.classify_table(shape, credit="za-credit").to_pandas().equals(expected)
    text = "credits,credit\n5,nz-credit\n2,ects\n,ects\n4,\n"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("builtins.open", lambda *a, **k: io.StringIO(text))
        assert world.classify_table("c.csv", credit="za-credit").to_pandas().equals(expected)


def test_an_offer_of_the_kind_course_is_one_course(world):
    kinds = [{"kind": "course"}, {"kind": "examination"}, {}]
    for shape in (kinds, pd.DataFrame(kinds), pa.Table.from_pylist(kinds)):
        table = world.classify_table(shape)
        assert [table.classification(n).record.get("course_count") for n in (1, 2, 3)] == [1, None, None]
    # A column that says how many is what is said.
    said = world.classify_table([{"kind": "course", "course_count": 3}, {"kind": "course"}])
    assert [said.classification(n).record.get("course_count") for n in (1, 2)] == [3, None]


def test_nothing_in_a_catalogue_is_an_empty_answer(world):
    table = world.classify_table([])
    assert len(table) == 0
    assert list(table.intersections()) == []
    assert set(table.counts.column("satisfied")) == {0}
    assert str(table).startswith("no credentials")


def test_results_leave_as_frames_of_words(world, offers):
    table = world.classify_table(offers)
    frame = table.to_pandas()
    assert list(frame.index) == table.ids
    assert list(frame["cican"]) == table.column("cican")
    assert table.to_arrow()["cican"].to_pylist() == table.column("cican")
    assert table.table["o3"]["cican"] == table["o3"]["cican"]


# ---- what is refused


@pytest.mark.parametrize(
    ("rows", "error", "message"),
    [
        ([{"hours": 5}, {"hours": "abc"}], qg.FactError, r"row 2 \(hours\): found \"abc\""),
        ([{"assessed": True}, {"assessed": "maybe"}], qg.FactError, r"row 2 \(assessed\)"),
        ([{"form": "badge"}, {"form": "paper"}], qg.FactError, r"row 2 \(form\)"),
        ([{"level": "5"}], qg.FactError, r"row 1 \(level\)"),
        ([{"credits": 5}], qg.FactError, r"row 1 \(credits\)"),
        ([{"asessed": True}], qg.FactError, '"assessed"'),
        ([{"level": "nz-nzqcf:44"}], qg.UnknownId, "nz-nzqcf"),
        ([{"credits": "5 nz"}], qg.UnknownId, "nz-credit"),
        ([3], qg.UnitMismatch, "row 1"),
        ({"hours": 5}, qg.UnitMismatch, "one credential"),
        (5, qg.UnitMismatch, "no catalogue"),
        ("catalogue.doc", qg.InvalidValue, ".parquet"),
    ],
)
def test_a_catalogue_that_cannot_be_read_is_refused_with_its_row(world, rows, error, message):
    with pytest.raises(error, match=message):
        world.classify_table(rows)


def test_every_fault_is_told_at_once(world):
    with pytest.raises(qg.FactError) as caught:
        world.classify_table([{"hours": "a", "form": "x"}, {"hours": "b"}])
    assert len(caught.value.faults) == 2  # both cells of hours; words of forms are looked at when those are mended


def test_a_credential_nobody_offers_is_named(world, file):
    table = world.classify_table(file)
    with pytest.raises(qg.UnknownId, match='Did you mean "badge"'):
        table["bagde"]
    with pytest.raises(qg.UnknownId, match="cican"):
        table.column("cicann")


@pytest.mark.parametrize(
    ("unit", "start", "stop", "error"),
    [
        ("nz", 1, 60, qg.UnknownId),
        (None, 1, 60, qg.UnitMismatch),
        ("ects", 5, 4, qg.InvalidValue),
        ("ects", -3, 5, qg.InvalidValue),
        ("ects", "1", 5, qg.InvalidValue),
        ("ects", 1, True, qg.InvalidValue),
    ],
)
def test_a_sweep_that_cannot_be_run_is_refused(world, unit, start, stop, error):
    table = world.classify_table([{"hours": 5, "assessed": True, "quality_assured": True, "focused": True}])
    with pytest.raises(error):
        table.sweep(unit, start, stop)
    with pytest.raises(error):
        world.classify({"credits": "5 ects"}).sweep(unit, start, stop)


# ---- the command


def run(capsys, *words):
    status = main(["classify", *map(str, words)])
    out, err = capsys.readouterr()
    return status, out, err


def test_command_counts_a_catalogue(capsys, file):
    status, out, err = run(capsys, file)
    assert (status, err) == (0, "")
    assert out.startswith("4 credentials under 35 definitions; satisfied: ")
    assert "au-2021" in out
    assert qg.load().hash[:12] in out


@pytest.mark.parametrize(
    ("words", "status"),
    [
        (("--definition", "za-short-learning-programme"), 1),  # one size is not stated... in za-credit it converts
        (("--definition", "fj-micro-qualification"), 0),
        (("--definition", "au-2021"), 1),
        (("--definition", "mqa"), 1),
        (("--credential", "web", "--definition", "cican"), 0),
        (("--credential", "web", "--definition", "ec-2022"), 1),
        (("--credential", "web"), 1),
    ],
)
def test_command_says_no_where_a_verdict_was_asked(capsys, file, words, status):
    if words == ("--definition", "za-short-learning-programme"):
        status = 0 if set(qg.load().classify_table(file).column("za-short-learning-programme")) == {"satisfied"} else 1
    assert run(capsys, file, *words)[0] == status


def test_command_shows_every_clause_of_one_credential(capsys, file):
    _, out, _ = run(capsys, file, "--credential", "hour", "--definition", "nzqa-2018")
    assert out.startswith("nzqa-2018 (micro-credential, NZQA, 2018): violated by the letter, unknown where grounds")
    assert "1/10 nz-credit is not at least 5 nz-credit" in " ".join(out.split())
    _, out, _ = run(capsys, file, "--credential", "hour", "--definition", "mqa")
    assert "What would settle the rest: course_count, focused." in out


def test_command_answers_as_json_and_as_a_page(capsys, file, tmp_path):
    page = tmp_path / "page.html"
    status, out, _ = run(capsys, file, "--json", "--small", "30 hours", "--html", page)
    answer = json.loads(out)
    assert status == 0
    assert (answer["result"], answer["credentials"], answer["small"]) == ("TableClassification", 4, "30 hours")
    assert page.read_text(encoding="utf-8").startswith("<!doctype html>")
    one = json.loads(run(capsys, file, "--json", "--credential", "badge")[1])
    assert one["verdicts"]["oecd-2020"] == "satisfied"
    all_ = json.loads(run(capsys, file, "--json", "--definition", "au-2021")[1])
    assert all_["verdicts"]["half"] == "violated"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--definition", "au-2012"), 'Did you mean "au-2021"'),
        (("--credential", "wbe"), "wbe"),
        (("--small", "30"), "names no unit"),
        (("--small", "30 nz"), "nz-credit"),
    ],
)
def test_command_refuses_what_it_cannot_read(capsys, file, words, message):
    status, out, err = run(capsys, file, *words)
    assert (status, out) == (2, "")
    assert message in err


@pytest.mark.parametrize("column", ["title", "hours", "id"])
def test_a_column_that_is_there_twice_is_refused(world, column):
    frame = pd.DataFrame([["a", 1, 2]], columns=["x-note", column, column])
    with pytest.raises(qg.InvalidValue, match=f'the column "{column}" is there twice'):
        world.classify_table(frame)


def test_a_system_of_credits_there_is_none_of_is_refused_though_no_credits_are_stated(world):
    for ask in (
        lambda credit: world.classify({}, credit=credit),
        lambda credit: world.classify_table([], credit=credit),
    ):
        with pytest.raises(qg.UnknownId, match='no credit system "ectz"'):
            ask("ectz")
        with pytest.raises(qg.InvalidValue, match="credit=5"):
            ask(5)
