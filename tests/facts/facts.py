"""Reading of data/ in plain Python, shared by the tests of the facts. It uses nothing of the engine."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

DATA = Path(__file__).resolve().parents[2] / "data"
SCHEMAS = DATA / "schemas"

# Which schema speaks for which files; every JSON file under data/ matches exactly one line.
SCHEMA_OF = {
    "frameworks/*.json": "framework",
    "mappings/*.json": "mapping-document",
    "credit_systems/*.json": "credit-system",
    "policies/microcredential/*.json": "microcredential-policy",
    "policies/rpl/*.json": "rpl-policy",
    "policies/credit_transfer/*.json": "credit-transfer-policy",
    "pending.json": "pending",
    "label_placements.json": "label-placements",
    "conversions.json": "conversions",
    "award_rules.json": "award-rules",
    "context/*.json": "context",
    "rules/*.json": "rule",
    "definitions/*.json": "definition",
}
# Schemas of what people bring along themselves; no file of facts is one.
BROUGHT = ("record", "catalogue", "claims")


class DuplicateKeyError(ValueError):
    """A JSON object names the same key twice, so one of the two values would be lost."""


def _object(pairs):
    found = {}
    for key, value in pairs:
        if key in found:
            raise DuplicateKeyError(key)
        found[key] = value
    return found


def _no_float(text):
    raise ValueError(f"{text}: write exact amounts as whole numbers or as text p/q")


def parse(text):
    """Parse JSON as strictly as the facts are meant: no key twice, no decimals, no NaN."""
    return json.loads(text, object_pairs_hook=_object, parse_float=_no_float, parse_constant=_no_float)


def read(path):
    return parse(Path(path).read_bytes().decode("utf-8"))


def files(pattern):
    return sorted(DATA.glob(pattern))


def slug(identifier):
    """File name of an identifier."""
    return identifier.replace(">", "--").replace("@", "-")


def by_id(pattern):
    return {fact["id"]: fact for fact in map(read, files(pattern))}


FRAMEWORKS = by_id("frameworks/*.json")
DOCUMENTS = {document["document_id"]: document for document in map(read, files("mappings/*.json"))}
MAPPINGS = {m["id"]: m for document in DOCUMENTS.values() for m in document["mappings"]}
CREDIT_SYSTEMS = by_id("credit_systems/*.json")
DEFINITIONS = by_id("definitions/*.json")
MICROCREDENTIAL = by_id("policies/microcredential/*.json")
RPL = by_id("policies/rpl/*.json")
CREDIT_TRANSFER = by_id("policies/credit_transfer/*.json")
RULES = by_id("rules/*.json")
PENDING = read(DATA / "pending.json")["pending"]
LABEL_PLACEMENTS = read(DATA / "label_placements.json")["label_placements"]
CONVERSIONS = read(DATA / "conversions.json")["conversions"]
AWARD_RULES = read(DATA / "award_rules.json")["award_rules"]


def exact(amount):
    """Whole number or p/q as a Fraction."""
    return Fraction(amount)


def steps(framework):
    """Code -> height, counting a whole group of parallel tracks as one step."""
    height, step, group = {}, 0, None
    for level in framework["levels"]:
        if level.get("parallel") is None or level["parallel"] != group:
            step += 1
        group = level.get("parallel")
        height[level["code"]] = step
    return height


def rows_of(mapping):
    """Source code -> target codes of the rows listed in pairs."""
    rows = {}
    for source, target in mapping["pairs"]:
        rows.setdefault(source, []).append(target)
    return rows


def known_rows(mapping):
    """Rows that rest on general knowledge only."""
    if mapping["pairs_evidence"] == "known":
        return {tuple(pair) for pair in mapping["pairs"]}
    return {tuple(pair) for pair in mapping.get("pairs_known", [])}


#: Sections of a rule whose entries are clauses; alternatives (variants, titles, exits) have them too.
CLAUSES = (
    "places",
    "floors",
    "caps",
    "exclusions",
    "eligibility",
    "windows",
    "pace",
    "averages",
    "outcomes",
    "prerequisites",
    "requirements",
    "substitutions",
    "waivers",
)


def clauses(rule):
    """Path -> clause of a rule, alternatives included."""
    found = {}
    parts = {"": rule}
    for kind in ("variants", "titles", "exits"):
        parts |= {f"{kind}/{name}/": part for name, part in rule.get(kind, {}).items()}
    for place, part in parts.items():
        if "total" in part:
            found[f"{place}total"] = part["total"]
        for section in CLAUSES:
            found |= {f"{place}{section}/{name}": clause for name, clause in part.get(section, {}).items()}
        overlaps = part.get("allocation", {}).get("overlap", {})
        found |= {f"{place}allocation/overlap/{name}": clause for name, clause in overlaps.items()}
        limits = part.get("reuse", {}).get("limits", {})
        found |= {f"{place}reuse/limits/{name}": clause for name, clause in limits.items()}
    return found
