"""The page for people says what the data says, and its examples work as they stand."""

from __future__ import annotations

import json
import re

import jsonschema
import pytest
import render
import test_references as references

import facts

TEXT = (facts.DATA / "README.md").read_text("utf-8")
COUNTS = json.loads((render.GOLDEN / "counts.json").read_text("utf-8"))
EXAMPLES = [facts.parse(block) for block in re.findall(r"^```json\n(.*?)^```", TEXT, re.S | re.M)]
FILES = re.findall(r"^`([a-z_]+/[a-z0-9-]+\.json)`", TEXT, re.M)


FLAT = " ".join(TEXT.split())


@pytest.mark.parametrize(
    "saying",
    [
        "{frameworks:,} frameworks, {levels:,} levels, {qualification types:,} qualification types",
        "{documents} documents, {mappings} tables, {rows} rows",
        "Of the {rows} rows, {rows read} were read in a document",
        "and {rows known only} are general knowledge",
        "Of the {frameworks} frameworks, {with read levels} have a level list that was read,",
        "{with known levels} one that is only known, and {without levels} have none",
    ],
)
def test_counts(saying):
    evidence = COUNTS["frameworks by evidence of levels"]
    levels = {"with read levels": evidence["read"], "with known levels": evidence["known"]}
    assert saying.format(**COUNTS, **levels, **{"without levels": evidence["unknown"]}) in FLAT


@pytest.mark.parametrize(
    ("row", "count"),
    [
        ("credit_systems/", "credit systems"),
        ("policies/microcredential/", "micro-credential policies"),
        ("definitions/", "definitions"),
        ("policies/rpl/", "prior learning policies"),
        ("policies/credit_transfer/", "credit transfer policies"),
        ("pending.json", "pending relations"),
        ("award_rules.json", "award rules"),
        ("conversions.json", "conversions"),
        ("label_placements.json", "label placements"),
        ("rules/", "stacking rules"),
    ],
)
def test_counts_of_the_table(row, count):
    assert dict(re.findall(r"^\| `([a-z_/.]+)` \| .* \| (\d+) \|$", TEXT, re.M))[row] == str(COUNTS[count])


def test_known_tables_of_europe_are_counted():
    tables = [m for m in facts.MAPPINGS.values() if m["to"] == "qf-ehea"]
    known = [m for m in tables if m["pairs_evidence"] == "known"]
    assert f"{len(known)} of the {len(tables)} tables to the cycles" in FLAT


def test_identifiers_in_the_table_of_abbreviations_exist():
    table = TEXT.split("## Names that are easily mistaken")[1].split("Authorities collide")[0]
    named = re.findall(r"`([a-z0-9-]+)`", table)
    assert len(named) > 40
    assert set(named) <= set(facts.FRAMEWORKS)


def test_examples_obey_schema_and_references(monkeypatch):
    assert [path.split("/")[0] for path in FILES] == ["mappings", "frameworks", "credit_systems", "rules"]
    document, framework, system, rule = EXAMPLES
    for example, name in zip(EXAMPLES, ("mapping-document", "framework", "credit-system", "rule"), strict=True):
        jsonschema.Draft202012Validator(facts.read(facts.SCHEMAS / f"{name}.schema.json")).validate(example)
    assert [
        f"mappings/{facts.slug(document['document_id'])}.json",
        f"frameworks/{framework['id']}.json",
        f"credit_systems/{system['id']}.json",
        f"rules/{rule['id']}.json",
    ] == FILES
    (mapping,) = document["mappings"]
    monkeypatch.setitem(facts.FRAMEWORKS, framework["id"], framework)
    monkeypatch.setitem(facts.CREDIT_SYSTEMS, system["id"], system)
    monkeypatch.setitem(facts.DOCUMENTS, document["document_id"], document)
    monkeypatch.setitem(facts.MAPPINGS, mapping["id"], mapping)
    references.test_levels_form_an_order(framework)
    references.test_framework_names_what_exists(framework)
    references.test_credit_system_names_what_exists(system)
    references.test_rule_names_what_exists(rule)
    whole = {"partial": [], "unmatched_to": [], "unresolved": [], "derived_from": [], **mapping}
    document["mappings"] = [whole]
    for check in (
        references.test_mapping_names_what_exists,
        references.test_several_rows_are_explained,
        references.test_known_rows_are_rows,
        references.test_every_source_level_is_accounted_for,
        references.test_tables_do_not_cross,
        references.test_dates_are_in_order,
        references.test_read_rows_rest_on_a_text_that_was_read,
    ):
        check(whole)


LANGUAGE = (facts.SCHEMAS / "README.md").read_text("utf-8")


def test_examples_of_the_language_obey_their_schema():
    examples = [facts.parse(block) for block in re.findall(r"^```json\n(.*?)^```", LANGUAGE, re.S | re.M)]
    names = ["rule", "rule", "record", "catalogue"]
    for example, name in zip(examples, names, strict=True):
        jsonschema.Draft202012Validator(facts.read(facts.SCHEMAS / f"{name}.schema.json")).validate(example)


def test_the_language_page_names_what_the_schema_has():
    definitions = facts.read(facts.SCHEMAS / "rule.schema.json")["$defs"]
    sections = set(definitions["variant"]["properties"]) | {"variants", "titles", "exits", "readings"}
    tests = set(definitions["selector"]["oneOf"][1]["properties"])
    for name in sections | tests | set(definitions["place"]["properties"]) - {"when", "priority"}:
        assert re.search(rf"`\"?{name}|\*\*{name}|\b{name}\b", LANGUAGE, re.I), name


def test_every_schema_is_counted():
    assert f"field by field | {len(list(facts.SCHEMAS.glob('*.schema.json')))} |" in TEXT
