"""Every real rule with learners who meet it and learners who do not.

``records/<rule>.json`` holds made-up learners, each with the verdict that the text of the rule asks
for, found by hand: which clauses fail, and how much they lack. A policy is laid over an example
award (``laid_over``: changes as in a reform), and so is a rule that leaves open what only one award
can say, such as its list of units.
"""

from __future__ import annotations

import json
import pathlib
from fractions import Fraction

import jsonschema
import pytest

import qualgraph as qg
from qualgraph.check import check, evaluate
from reference.stacking_random import record_for

HERE = pathlib.Path(__file__).resolve().parent
DATA = HERE.parents[1] / "data"
BOOKS = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted((HERE / "records").glob("*.json"))}
CASES = {f"{rule}/{case['id']}": (rule, case) for rule, book in BOOKS.items() for case in book["cases"]}


@pytest.fixture(scope="module")
def asked(world):
    """Audits by name of the case: the rule as audited, the record, the audit."""
    kept = {}

    def ask(name):
        if name not in kept:
            id, case = CASES[name]
            rule = world.rule(id)
            if case.get("laid_over"):
                rule = rule.reform(case["laid_over"])
            record = qg.Record.from_text(json.dumps(case["record"]))
            kept[name] = (rule, record, world.audit(record, rule, **case.get("asks", {})))
        return kept[name]

    return ask


def test_every_rule_has_a_book():
    assert sorted(BOOKS) == sorted(path.stem for path in (DATA / "rules").glob("*.json"))
    assert len(BOOKS) == 108


@pytest.mark.parametrize("rule", BOOKS)
def test_books_are_complete(rule):
    book = BOOKS[rule]
    assert book["rule"] == rule
    assert book["synthetic"] is True
    verdicts = [case["expected"] for case in book["cases"]]
    assert "satisfied" in verdicts
    assert "unsatisfied" in verdicts
    assert len({case["id"] for case in book["cases"]}) == len(book["cases"])
    schema = json.loads((DATA / "schemas" / "record.schema.json").read_text(encoding="utf-8"))
    for case in book["cases"]:
        jsonschema.validate(case["record"], schema)
        assert case["why"].endswith(".")
        assert case["expected"] != "provisional" or case["unknown"]
        assert case["expected"] != "unsatisfied" or "shortfall" in case


@pytest.mark.parametrize("rule", BOOKS)
def test_rules_load_print_and_lint(world, rule):
    path = DATA / "rules" / f"{rule}.json"
    loaded = qg.Rule.from_json(path)
    assert loaded == world.rule(rule)
    assert loaded.to_json().encode() == path.read_bytes()
    assert loaded.title in str(loaded)
    for finding in loaded.lint(world=world):
        assert finding.found


@pytest.mark.parametrize("name", CASES)
def test_verdict(asked, name):
    case = CASES[name][1]
    _, _, audit = asked(name)
    assert audit.verdict == case["expected"], case["why"]
    assert audit.status == "proved"
    if "won" in case:
        assert audit.won == case["won"]
    if case["expected"] == "unsatisfied":
        lacking = {measure: amount for measure, amount in audit.shortfalls.items() if amount}
        assert lacking == {measure: Fraction(amount) for measure, amount in case["shortfall"].items()}, case["why"]
        assert set(case.get("fails", ())) <= set(audit.missing.column("clause"))


@pytest.mark.parametrize("name", CASES)
def test_certificate_holds(world, asked, name):
    rule, record, audit = asked(name)
    checked = check(audit.certificate, record, rule, world)
    assert checked.ok is True, checked.reasons


@pytest.mark.parametrize("name", CASES)
def test_evaluator_agrees(world, asked, name):
    rule, record, audit = asked(name)
    reading = "favourable" if audit.verdict == "provisional" else "strict"
    counts = {item["id"]: item.get("count", 1) for item in record.to_dict()["items"]}
    rows = [
        {"item": row["item"], "place": row["place"], "units": row["amount"]}
        if row["measure"] == "units" and counts[row["item"]] > 1
        else {"item": row["item"], "place": row["place"], "amount": row["amount"]}
        for row in audit.allocation
    ]
    report = evaluate(rule.to_dict(), record.to_dict(), rows, choice=audit.choice, reading=reading, world=world)
    if audit.verdict == "unsatisfied":
        assert report.broken
        found = {measure: amount for measure, amount in report.shortfall().items() if amount}
        assert found == {measure: amount for measure, amount in audit.shortfalls.items() if amount}
    else:
        assert not report.broken, [each.path for each in report.broken]


@pytest.mark.parametrize("name", CASES)
def test_the_verdict_is_told(asked, name):
    _, _, audit = asked(name)
    case = CASES[name][1]
    said = str(audit.why("lawyer"))
    for path in case.get("fails", ()):
        if path.startswith("requirements/"):
            continue
        assert path.split("[")[0] in said
    assert said.strip()


@pytest.mark.parametrize("name", [name for name, (_, case) in CASES.items() if case["expected"] == "unsatisfied"])
def test_a_refusal_names_what_clashes_and_what_would_mend_it(asked, name):
    _, _, audit = asked(name)
    assert audit.clash["together"]
    assert audit.clash["corrections"]
    for correction in audit.clash["corrections"]:
        assert set(correction) & set(audit.clash["together"])


def holds_on_random_records(world, id, seeds):
    rule = world.rule(id)
    text = rule.to_dict()
    for seed in seeds:
        record = qg.Record.from_text(json.dumps(record_for(text, seed)))
        for variant in [each.id for each in rule.variants] or [None]:
            audit = world.audit(record, rule, variant=variant)
            assert audit.status == "proved", seed
            checked = check(audit.certificate, record, rule, world)
            assert checked.ok is True, (seed, variant, checked.reasons)


@pytest.mark.parametrize("id", BOOKS)
def test_certificates_of_random_records_hold(world, id):
    holds_on_random_records(world, id, range(3))


@pytest.mark.full
@pytest.mark.parametrize("id", BOOKS)
def test_certificates_of_many_random_records_hold(world, id):
    holds_on_random_records(world, id, range(100, 130))
