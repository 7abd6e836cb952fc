"""Every file of facts obeys its schema, is named after its id, and loses nothing in reading."""

from __future__ import annotations

import json
import unicodedata

import jsonschema
import pytest

import facts

ALL_FILES = sorted(p for p in facts.DATA.rglob("*.json") if facts.SCHEMAS not in p.parents)
SCHEMA_FILES = sorted(facts.SCHEMAS.glob("*.schema.json"))


def schema(name):
    return facts.read(facts.SCHEMAS / f"{name}.schema.json")


def schema_name(path):
    relative = path.relative_to(facts.DATA)
    names = [
        name
        for pattern, name in facts.SCHEMA_OF.items()
        if relative.match(pattern) and len(relative.parts) == len(pattern.split("/"))
    ]
    assert len(names) == 1, f"{relative}: {len(names)} schemas speak for this file"
    return names[0]


def test_every_schema_is_a_schema_and_is_used():
    names = [path.name.removesuffix(".schema.json") for path in SCHEMA_FILES]
    assert sorted(names) == sorted([*facts.SCHEMA_OF.values(), *facts.BROUGHT])
    for name in names:
        jsonschema.Draft202012Validator.check_schema(schema(name))


@pytest.mark.parametrize("name", sorted(facts.SCHEMA_OF.values()))
def test_files_obey_their_schema(name):
    validator = jsonschema.Draft202012Validator(schema(name))
    checked, faults = 0, []
    for path in ALL_FILES:
        if schema_name(path) != name:
            continue
        checked += 1
        faults += [
            f"{path.relative_to(facts.DATA)} {error.json_path}: {error.message[:200]}"
            for error in validator.iter_errors(facts.read(path))
        ]
    assert not faults, "\n".join(faults)
    assert checked > 0, f"no file for schema {name}"


def _objects(node, where="#"):
    """Every sub-schema that describes an object, with its place."""
    if isinstance(node, dict):
        if "properties" in node and node.get("type") == "object":
            yield where, node
        for key, value in node.items():
            yield from _objects(value, f"{where}/{key}")
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield from _objects(value, f"{where}/{index}")


@pytest.mark.parametrize("path", SCHEMA_FILES, ids=lambda path: path.name)
def test_schemas_are_strict_and_explained(path):
    for where, node in _objects(facts.read(path)):
        assert node["additionalProperties"] is False, where
        assert node["patternProperties"] == {"^x-": True}, where
        for name, field in node["properties"].items():
            explained = (
                field
                if "description" in field
                else facts.read(path)["$defs"][field["$ref"].rsplit("/", 1)[1]]
            )
            assert explained.get("description"), f"{where}: {name} has no description"


def test_shared_definitions_do_not_drift():
    seen = {}
    for path in SCHEMA_FILES:
        for name, definition in facts.read(path).get("$defs", {}).items():
            assert seen.setdefault(name, definition) == definition, (
                f"{path.name}: $defs/{name} differs from another schema"
            )


@pytest.mark.parametrize(
    ("change", "where"),
    [
        (lambda m: m.update(status="valid"), "$.mappings[0].status"),
        (lambda m: m.update(colour="red"), "$.mappings[0]"),
        (lambda m: m["pairs"].append(["8"]), "$.mappings[0].pairs"),
        (lambda m: m["pairs"].append([8, "7"]), "$.mappings[0].pairs"),
        (lambda m: m.update(sources=[]), "$.mappings[0].sources"),
        (lambda m: m["sources"][0].pop("evidence"), "$.mappings[0].sources[0]"),
        (lambda m: m.update(pairs_evidence="mixed"), "$.mappings[0]"),
        (lambda m: m.update(year="2016"), "$.mappings[0].year"),
    ],
)
def test_the_schema_refuses(change, where):
    document = facts.read(facts.DATA / "mappings" / "nz-nzqcf--eqf-2016.json")
    validator = jsonschema.Draft202012Validator(schema("mapping-document"))
    assert validator.is_valid(document)
    change(document["mappings"][0])
    assert any(error.json_path.startswith(where) for error in validator.iter_errors(document))


def test_own_additions_are_allowed():
    document = facts.read(facts.DATA / "mappings" / "nz-nzqcf--eqf-2016.json")
    document["x-reviewed-by"] = document["mappings"][0]["x-page"] = "12"
    jsonschema.Draft202012Validator(schema("mapping-document")).validate(document)


def test_file_names_follow_ids():
    for path in ALL_FILES:
        name = schema_name(path)
        if name == "mapping-document":
            assert path.stem == facts.slug(facts.read(path)["document_id"]), path.name
        elif path.parent != facts.DATA and name != "context":
            assert path.stem == facts.read(path)["id"], path.name


def test_ids_are_unique_over_all_files():
    owner = {}
    for path in ALL_FILES:
        fact, place = facts.read(path), str(path.relative_to(facts.DATA))
        entries = fact.get("mappings") or fact.get("award_rules") or ([fact] if "id" in fact else [])
        if schema_name(path) == "rule":
            # A rule may bear the id of the short entry of award_rules.json that it spells out.
            assert path.stem == fact["id"]
            continue
        if schema_name(path) == "definition":
            # A definition bears the id of the policy on micro-credentials that it spells out.
            assert facts.MICROCREDENTIAL.get(fact["id"]) is None or fact["policy"] == fact["id"]
            continue
        for entry in entries:
            assert owner.setdefault(entry["id"], place) == place, (
                f"{entry['id']} stands in {owner[entry['id']]} and in {place}"
            )
        assert len({entry["id"] for entry in entries}) == len(entries), place


@pytest.mark.parametrize("path", ALL_FILES + SCHEMA_FILES, ids=lambda path: str(path.relative_to(facts.DATA)))
def test_text_is_written_cleanly(path):
    raw = path.read_bytes()
    text = raw.decode("utf-8")
    assert not raw.startswith(b"\xef\xbb\xbf"), "byte order mark"
    assert text.endswith("}\n")
    assert not text.endswith("\n\n")
    assert "\r" not in text
    assert "\t" not in text
    assert "\ufffd" not in text, "a character was lost in an earlier conversion"
    assert unicodedata.is_normalized("NFC", text)
    assert not any(unicodedata.category(c) == "Cc" for c in text if c != "\n")
    assert "\\u" not in text, "official names keep their script: write the characters themselves"
    facts.parse(text)


@pytest.mark.parametrize(
    ("text", "fault"),
    [('{"a": 1, "a": 2}', "^a$"), ('{"a": 0.5}', "0.5: write exact"), ('{"a": NaN}', "NaN: write exact")],
)
def test_reading_is_strict(text, fault):
    json.loads(text)  # the lenient reader takes it
    with pytest.raises(ValueError, match=fault):
        facts.parse(text)
