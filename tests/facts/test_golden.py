"""The facts are what they were when somebody last looked: golden/ holds every row, figure, status and date.

A fact that changes by accident fails here. After a deliberate change, `render.py --write` renews the tables
and the difference of golden/ is what a reviewer reads.
"""

from __future__ import annotations

import difflib
import json
import re

import pytest
import render

import facts


@pytest.mark.parametrize("name", sorted(render.TABLES))
def test_table(name):
    golden = (render.GOLDEN / name).read_text("utf-8").splitlines()
    found = render.TABLES[name]().splitlines()
    difference = list(difflib.unified_diff(golden, found, f"golden/{name}", "data", lineterm="", n=0))
    assert not difference, "\n".join(difference[:60])


def test_no_golden_table_is_left_over():
    assert {path.name for path in render.GOLDEN.iterdir()} == set(render.TABLES)


def golden_rows():
    """Rows as the golden text has them, read back without any of the renderer's code."""
    mapping, rows = None, {}
    for line in (render.GOLDEN / "mappings.txt").read_text("utf-8").splitlines():
        if re.match(r"\S+>\S+@", line):
            mapping = line.split(" | ")[0]
        elif line.startswith("  rows "):
            cells = line.removeprefix("  rows ").split(", ")
            rows[mapping] = [(*cell.rstrip("?").split("-"), cell.endswith("?")) for cell in cells]
    return rows


def test_golden_rows_are_the_rows_of_the_data():
    rows = golden_rows()
    assert sorted(rows) == sorted(facts.MAPPINGS)
    for name, listed in rows.items():
        mapping = facts.MAPPINGS[name]
        assert [list(row[:2]) for row in listed] == mapping["pairs"], name
        assert {row[:2] for row in listed if row[2]} == facts.known_rows(mapping), name


def test_golden_counts_add_up():
    counts = json.loads((render.GOLDEN / "counts.json").read_text("utf-8"))
    rows = [row for listed in golden_rows().values() for row in listed]
    assert counts["rows"] == len(rows) == counts["rows read"] + counts["rows known only"]
    assert counts["rows known only"] == sum(known for _, _, known in rows)
