"""Made-up catalogues and learners: the same everywhere, marked as made up, and readable as real ones."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import jsonschema
import pytest

import qualgraph as qg
from qualgraph import synthetic

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def made():
    return synthetic.catalogue(1_000, seed=7)


def digest(rows):
    return hashlib.sha256(json.dumps(rows, sort_keys=True).encode()).hexdigest()


def test_rows_are_the_same_on_every_machine(made):
    # A change of these digests changes every published figure about synthetic catalogues.
    assert digest(list(made.rows()))[:16] == "df8fe6ef863e27f7"
    people = synthetic.learners(20, made, seed=3)
    assert digest([record.to_dict() for _, record in people.records()])[:16] == "354e1e6db5655514"


def test_a_larger_catalogue_begins_with_the_smaller(made):
    assert list(synthetic.catalogue(2_500, seed=7).rows(0, 1_000)) == list(made.rows())
    assert list(synthetic.catalogue(1_000, seed=8).rows()) != list(made.rows())


def test_a_larger_population_begins_with_the_smaller(made):
    few = dict(synthetic.learners(5, made).records())
    many = dict(synthetic.learners(9, made).records())
    assert [many[name].items for name in few] == [record.items for record in few.values()]
    assert len(synthetic.learners(9, made).people()) == 9


def test_every_row_says_that_it_is_made_up(made):
    assert all(row["id"].startswith("syn-") and row["title"].endswith("(synthetic)") for row in made.rows())
    assert "Synthetic" in made.to_catalogue().to_dict()["notes"]
    people = synthetic.learners(5, made)
    assert all(name.startswith("syn-") for name, _ in people.records())


def test_rows_are_offers_of_the_catalogue_format(made, tmp_path):
    schema = json.loads((ROOT / "data/schemas/catalogue.schema.json").read_text(encoding="utf-8"))
    made.to_json(tmp_path / "made.json")
    whole = json.loads((tmp_path / "made.json").read_text(encoding="utf-8"))
    jsonschema.validate(whole, schema)
    assert qg.Catalogue.read(tmp_path / "made.json").to_dict()["offers"] == made.to_catalogue().to_dict()["offers"]


def test_prerequisites_have_no_circle(made):
    for row in made.rows():
        if "requires" in row:
            assert int(row["requires"]["holds"]["unit"][4:]) < int(row["id"][4:])


def test_every_attribute_is_sometimes_true_sometimes_false_and_sometimes_not_stated(made):
    rows = list(made.rows())
    for name in ("assessed", "credit_bearing", "provider_accredited", "provider_trusted", "quality_assured", "focused"):
        assert {row.get(name) for row in rows} == {True, False, None}, name


def test_the_table_says_what_the_rows_say(made):
    table = made.to_arrow().to_pylist()
    for row, cells in zip(made.rows(), table, strict=True):
        for name, cell in cells.items():
            said = row.get(name)
            if isinstance(said, list):
                said = ";".join(said) or "-"
            assert cell == said, (row["id"], name)


def test_learners_are_audited_and_completed(made):
    world = qg.load()
    rule = qg.Rule({"language": 1, "id": "c", "title": "Certificate", "credit": "nz-credit", "total": {"min": 40}})
    for _, record in synthetic.learners(8, made).records():
        assert world.audit(record, rule).verdict in ("satisfied", "provisional", "unsatisfied")
    plan = world.complete(qg.Record([]), rule, made.to_catalogue())
    assert plan.status == "optimal"
    assert plan.audit.verdict == "satisfied"


@pytest.mark.parametrize("size", [-1, 1.5, True, 10_000_001, "1000"])
def test_sizes_that_are_none_are_refused(size):
    with pytest.raises(qg.InvalidValue, match="size"):
        synthetic.catalogue(size)


def test_frameworks_and_credits_are_looked_up():
    with pytest.raises(qg.UnknownId, match="nz-nzqcf"):
        synthetic.catalogue(10, framework="nz-nzqf")
    made = synthetic.catalogue(200, framework="ke-knqf", credit="ke-kcats", currency="KES")
    assert {row["level"].partition(":")[0] for row in made.rows() if "level" in row} == {"ke-knqf"}


def test_an_empty_catalogue_is_one():
    made = synthetic.catalogue(0)
    assert list(made.rows()) == []
    assert made.to_arrow().num_rows == 0
    assert [len(record) for _, record in synthetic.learners(2, made).records()] == [0, 0]


@pytest.mark.parametrize("value", [-1, True, 1.5, "5", None, 10**30])
def test_a_size_seed_or_row_that_is_none_is_refused(made, value):
    for name, ask in (
        ("seed", lambda: synthetic.learners(3, made, seed=value)),
        ("size", lambda: synthetic.learners(value, made)),
        ("seed", lambda: synthetic.catalogue(3, seed=value)),
        ("start", lambda: next(made.rows(value))),
    ):
        with pytest.raises(qg.InvalidValue, match=f"{name}="):
            ask()


@pytest.mark.parametrize("value", [None, 5, "catalogue.csv"])
def test_learners_of_what_is_no_made_up_catalogue_are_refused(value):
    with pytest.raises(qg.InvalidValue, match="is no synthetic catalogue"):
        synthetic.learners(3, value)
