"""What first-time users hand in: taken where it is exact, else refused with its place and a way out."""

from __future__ import annotations

import pydoc
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

import qualgraph as qg

np = pytest.importorskip("numpy")

SMALL = {"id": "small", "title": "Small award", "total": {"min": 20}}
HELD = [{"id": "a", "credits": 20}]


@pytest.fixture(scope="module")
def world() -> qg.World:
    return qg.load()


# ---- values


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        (Fraction(15, 2), "15/2"),
        (Fraction(6, 2), 3),
        (Decimal("7.5"), "15/2"),
        (np.int64(5), 5),
        (np.float64(5.0), 5),
        (5.0, 5),
    ],
)
def test_exact_numbers_of_other_libraries_are_taken(value: Any, kept: Any) -> None:
    assert qg.Record([{"id": "a", "credits": value}]).items[0]["credits"] == kept
    assert qg.Catalogue([{"id": "a", "credits": value}]).to_dict()["offers"][0]["credits"] == kept
    assert qg.Rule({**SMALL, "total": {"min": value}}).to_dict()["total"]["min"] == kept


@pytest.mark.parametrize("value", [date(2026, 3, 1), datetime(2026, 3, 1, 9, 30), np.datetime64("2026-03-01")])
def test_days_of_other_libraries_are_taken(value: Any) -> None:
    record = qg.Record([{"id": "a", "date": value}], as_of=value)
    assert (record.items[0]["date"], record.to_dict()["as_of"]) == ("2026-03-01", "2026-03-01")


def test_lists_and_truths_of_other_libraries_are_taken() -> None:
    item = {"id": np.str_("a"), "assessed": np.bool_(True), "tags": ("x", "y"), "used_for": {"b", "a"}}
    found = qg.Record([{**item, "field": np.array(["f"])}]).items[0]
    assert found == {"id": "a", "assessed": True, "tags": ["x", "y"], "used_for": ["a", "b"], "field": ["f"]}


@pytest.mark.parametrize("nothing", [float("nan"), np.datetime64("NaT"), Decimal("NaN")])
def test_what_a_frame_leaves_blank_is_not_known(nothing: Any) -> None:
    assert qg.Record([{"id": "a", "credits": 5, "date": nothing}]).items[0] == {"id": "a", "credits": 5}


@pytest.mark.parametrize("value", [7.5, np.float64(7.5), np.float32(0.5)])
def test_other_floats_are_refused_with_the_exact_number(value: Any) -> None:
    with pytest.raises(qg.FactError, match=r'record at /items/0/credits: .*"(15|1)/2"'):
        qg.Record([{"id": "a", "credits": value}])


def test_a_value_of_no_use_is_named_with_its_place() -> None:
    with pytest.raises(qg.FactError) as caught:
        qg.Record([{"id": "a"}, {"id": "b", "tags": ["x", object()]}])
    assert caught.value.faults[0].pointer == "/items/1/tags/1"
    assert "in the record" in str(caught.value)


def test_a_reform_takes_exact_numbers_and_drops_nothing_by_accident() -> None:
    rule = qg.Rule(SMALL)
    assert rule.reform({"total/min": Fraction(45, 2)}).to_dict()["total"]["min"] == "45/2"
    with pytest.raises(qg.InvalidValue, match="not a number"):
        rule.reform({"total/min": float("nan")})
    with pytest.raises(qg.UnitMismatch, match="mapping"):
        rule.reform([("total/min", 5)])  # type: ignore[arg-type]


# ---- kinds


@pytest.mark.parametrize("items", ["a", 5, {"id": "a"}, None, ["a"], [5]])
def test_items_that_are_none_are_refused(items: Any) -> None:
    with pytest.raises(qg.UnitMismatch, match="mapping such as"):
        qg.Record(items)
    with pytest.raises(qg.UnitMismatch, match="mapping such as"):
        qg.Catalogue(items)


def test_a_frame_is_sent_to_its_reader() -> None:
    frame = pytest.importorskip("pandas").DataFrame(HELD)
    with pytest.raises(qg.InvalidValue, match="from_table"):
        qg.Record(frame)
    assert qg.Record(frame.to_dict("records")).items == HELD


def test_a_rule_is_asked_by_id_mapping_or_itself(world: qg.World) -> None:
    record = qg.Record(HELD)
    assert world.audit(record, SMALL).verdict == world.audit(record, qg.Rule(SMALL)).verdict == "satisfied"
    offers = qg.Catalogue([{"id": "o", "credits": 10, "cost": 1}])
    plan = world.complete(qg.Record([{"id": "a", "credits": 15}]), [SMALL], offers)
    assert plan.order == ["o"]


def test_several_rules_are_sent_to_the_question_for_several(world: qg.World) -> None:
    with pytest.raises(qg.InvalidValue, match="audit_together"):
        world.audit(qg.Record(HELD), [SMALL, "kr-acbs"])  # type: ignore[arg-type]


@pytest.mark.parametrize("rule", [None, 5, object()])
def test_what_is_no_rule_is_refused(world: qg.World, rule: Any) -> None:
    with pytest.raises(qg.UnitMismatch, match="a rule is asked here"):
        world.audit(qg.Record(HELD), rule)


def test_what_is_no_record_or_catalogue_is_refused(world: qg.World) -> None:
    with pytest.raises(qg.UnitMismatch, match=r"a record is asked here, not a list: qg\.Record"):
        world.audit(HELD, SMALL)  # type: ignore[arg-type]
    with pytest.raises(qg.UnitMismatch, match="a catalogue is asked here"):
        world.complete(qg.Record(HELD), SMALL, HELD)  # type: ignore[arg-type]
    with pytest.raises(qg.UnitMismatch, match="minimise"):
        world.complete(qg.Record(HELD), SMALL, qg.Catalogue([]), minimise=3)  # type: ignore[arg-type]
    with pytest.raises(qg.UnitMismatch, match="compared with a rule"):
        qg.Rule(SMALL).compare("kr-acbs")  # type: ignore[arg-type]


@pytest.mark.parametrize("budget", [{"nodes": "x"}, {"nodes": 0}, {"seconds": "x"}, {"seconds": -1}, {"nodes": True}])
def test_a_budget_that_is_none_is_refused(world: qg.World, budget: dict[str, Any]) -> None:
    with pytest.raises(qg.InvalidValue, match="is no budget"):
        world.audit(qg.Record(HELD), SMALL, **budget)


# ---- names


@pytest.mark.parametrize("kind", ["variant", "reading", "title", "exit"])
def test_a_form_there_is_none_of_is_never_ignored(world: qg.World, kind: str) -> None:
    for rule in ("kr-acbs", SMALL):
        with pytest.raises(qg.UnknownId, match=f'no {kind} "nix"'):
            world.audit(qg.Record([]), rule, **{kind: "nix"})
        with pytest.raises(qg.UnknownId, match=f'no {kind} "nix"'):
            world.complete(qg.Record([]), rule, qg.Catalogue([]), **{kind: "nix"})


def test_the_nearest_form_is_named_or_all(world: qg.World) -> None:
    with pytest.raises(qg.UnknownId, match='Did you mean "bachelor"'):
        world.audit(qg.Record([]), "kr-acbs", variant="bachelors")
    with pytest.raises(qg.UnknownId, match="It has associate-2, associate-3 and bachelor"):
        world.audit(qg.Record([]), "kr-acbs", variant="zzz")
    with pytest.raises(qg.UnknownId, match='Did you mean "virtual"'):
        world.audit(qg.Record([]), SMALL, policies=["es-rd822-modality:virtul"])


@pytest.mark.parametrize("asked", ["nix", ["nix"]])
def test_a_waiver_there_is_none_of_is_never_ignored(world: qg.World, asked: Any) -> None:
    with pytest.raises(qg.UnknownId, match='no waiver "nix"'):
        world.audit(qg.Record(HELD), SMALL, waivers=asked)
    rule = {**SMALL, "waivers": {"relief": {"clause": "total/min", "to": 10}}}
    with pytest.raises(qg.UnknownId, match='Did you mean "relief"'):
        world.audit(qg.Record(HELD), rule, waivers=["releif"])
    assert world.audit(qg.Record([{"id": "a", "credits": 10}]), rule, waivers="relief").verdict == "satisfied"


def test_a_policy_by_its_name_alone(world: qg.World) -> None:
    award = {**SMALL, "credit": "my-credit"}
    assert world.audit(qg.Record(HELD), award, policies="my-apel-c") == world.audit(
        qg.Record(HELD), award, policies=["my-apel-c"]
    )


def test_a_credit_system_there_is_none_of_is_told_by_its_cell(world: qg.World, tmp_path: Path) -> None:
    path = tmp_path / "record.csv"
    path.write_text("@credit,nz-credit\nid,credits,level\na,5,eqf:5\nb,20 nz-credits,eqff:5\n", encoding="utf-8")
    expected = ["B4 (credits)", "C4 (level)"]
    with pytest.raises(qg.FactError, match='Did you mean "nz-credit"') as caught:
        qg.Record.read(path, world=world)
    assert [fault.pointer for fault in caught.value.faults] == expected
    assert str(path) in str(caught.value)
    record = qg.Record.read(path)
    for ask in (
        lambda: world.audit(record, "nz-diploma-5"),
        lambda: world.audit_together(record, ["nz-diploma-5", "nz-diploma-6"]),
        lambda: world.complete(record, "nz-diploma-5", qg.Catalogue([])),
    ):
        with pytest.raises(qg.FactError) as caught:
            ask()
        assert [fault.pointer for fault in caught.value.faults] == expected


def test_the_column_or_head_that_names_the_system_is_meant(world: qg.World) -> None:
    with pytest.raises(qg.FactError) as caught:
        qg.Record.from_table([{"id": "a", "credits": 5, "credit": "etcs"}], world=world)
    assert caught.value.faults[0].pointer == "B2 (credits)"
    with pytest.raises(qg.FactError) as caught:
        world.audit(qg.Record(HELD, credit="etcs"), SMALL)
    assert caught.value.faults[0].pointer == "/credit"


def test_a_system_of_ones_own_is_no_fault(world: qg.World) -> None:
    rule = {**SMALL, "credit": "our-credit"}
    assert world.audit(qg.Record([{"id": "a", "credits": "20 our-credit"}]), rule).verdict == "satisfied"
    assert world.audit(qg.Record([{"id": "a", "credits": "20 x-our-credit"}]), rule).verdict == "provisional"
    scaled = {**SMALL, "scales": {"rungs": {"order": ["low", "high"]}}}
    assert world.audit(qg.Record([{"id": "a", "credits": 20, "level": "rungs:low"}]), scaled).verdict == "satisfied"


# ---- files


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("a.csv", b'id,credits\n"a,5\nb,6\n', "opened and not closed"),
        ("a.csv", b'id,credits\n"' + b"a" * 200_000 + b'",5\n', "field larger"),
        ("a.xlsx", b"no workbook", "no workbook"),
        ("a.xlsx", b"PK\x03\x04 cut short", "no workbook"),
    ],
)
def test_damaged_tables_are_named(tmp_path: Path, name: str, content: bytes, told: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    for read in (qg.Record.read, qg.Rule.read, qg.Catalogue.read):
        with pytest.raises(qg.InvalidValue, match=told) as caught:
            read(path)
        assert name in str(caught.value)


@pytest.mark.parametrize(("read", "kind"), [(qg.Record, "record"), (qg.Rule, "rule"), (qg.Catalogue, "catalogue")])
def test_a_fault_names_the_kind_of_file(tmp_path: Path, read: Any, kind: str) -> None:
    path = tmp_path / "a.json"
    for content in (b'{"items": [', b'{"language": "\xe9"}', b'{"language": 7}'):
        path.write_bytes(content)
        with pytest.raises(qg.FactError, match=f"in the {kind}; nothing was read") as caught:
            read.read(path)
        assert str(path) in str(caught.value) and "in the facts" not in str(caught.value)


# ---- names of the package


def test_what_is_imported_later_is_listed_and_documented() -> None:
    listed = dir(qg)
    assert set(qg.__all__) <= set(listed)
    assert {"check", "rules", "stacking"} <= set(listed)
    text = pydoc.plain(pydoc.render_doc(qg))
    for name in ("Record", "Rule", "Catalogue"):
        assert f"class {name}(" in text
