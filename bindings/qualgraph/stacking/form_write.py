"""Rules written as their form: one table, a workbook or file of several, or a folder of tables."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from .form_layout import (
    ALTERNATIVES,
    COLUMNS,
    EXCEPT,
    GROUPS,
    HEADS,
    JSON,
    KINDS,
    ONE_SHEET,
    SELECT,
    SELECTOR,
    SHEETS,
    group_path,
    how_at,
    kind_at,
)
from .form_read import Unreadable, cell_value
from .phrases import PhraseError, condition_text, selector_text, sets_text

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["cell_text", "form_of", "sheets_of"]

Row = dict[str, str]


def _plain(value: Any, how: str) -> str:
    """The words of a cell, which may not say all of the value."""
    if value is None:
        return "?"
    if isinstance(value, bool):
        return "true" if value else "false"
    if how == "selector":
        return selector_text(value)
    if how == "condition":
        return condition_text(value)
    if how == "sets":
        return sets_text(value)
    if how == "choose" and isinstance(value, dict):
        return f"{value.get('min', '')}-{value.get('max', '')}"
    if how == "points":
        return "; ".join(f"{name}={'?' if said is None else said}" for name, said in value.items())
    if how == "bands":
        return "; ".join(f"{one['class']}={'?' if one['at_least'] is None else one['at_least']}" for one in value)
    if isinstance(value, list):
        shown = ["true" if one is True else "false" if one is False else str(one) for one in value]
        return "; ".join(shown) + (";" if how == "list" and len(shown) == 1 else "") if shown else "-"
    if isinstance(value, dict):
        return f"={value['parameter']}"
    return str(value)


def cell_text(value: Any, how: str) -> str:
    """A cell that reads as the value: in words where words say all of it, else as JSON.

    Examples
    --------
    >>> cell_text({"parameter": "size"}, "number"), cell_text(["a"], "list"), cell_text({"x-own": 1}, "selector")
    ('=size', 'a;', 'json: {"x-own": 1}')
    """
    try:
        text = _plain(value, how)
        read = cell_value(text.strip(), how)
        if text == text.strip() and text and read == value and type(read) is type(value):
            return text
    except (Unreadable, PhraseError, KeyError, TypeError, AttributeError):
        pass
    return JSON + json.dumps(value, ensure_ascii=False)


def _get(whole: Any, path: str) -> Any:
    """The value at a path, or the mapping itself where there is none."""
    at = whole
    for step in path.split("/"):
        if not isinstance(at, dict) or step not in at:
            return whole
        at = at[step]
    return at


class _Writer:
    def __init__(self, rule: Mapping[str, Any]) -> None:
        self.rule = rule
        self.cases: list[Row] = []

    def heads(self) -> list[tuple[str, str]]:
        found = []
        for name, (path, how) in HEADS.items():
            value = _get(self.rule, path)
            if value is not self.rule:
                found.append((f"@{name}", cell_text(value, how)))
        found += [(f"@{key}", cell_text(value, "text")) for key, value in self.rule.items() if key.startswith("x-")]
        return found

    def rows(self) -> list[Row]:
        rule = dict(self.rule)
        # What the heads say of sharing and reuse is not said again in a row.
        for group in ("allocation", "reuse"):
            said = {path.partition("/")[2] for path, _ in HEADS.values() if path.startswith(f"{group}/")}
            rule[group] = {key: value for key, value in (rule.get(group) or {}).items() if key not in said}
        found = self._fragment(rule, "", "")
        for kind in ("variant", "title", "exit"):
            many = ALTERNATIVES[kind]
            for id, fragment in (rule.get(many) or {}).items():
                path = f"{many}/{id}"
                found.append({"kind": kind, "id": id, **self._clause(kind, fragment, path)})
                found += self._fragment(fragment, f"{kind} {id}", f"{path}/")
        for id, reading in (rule.get("readings") or {}).items():
            found.append({"kind": "reading", "id": id, **self._clause("reading", reading, f"readings/{id}")})
            found += [self._change(change, id) for change in reading.get("changes") or ()]
        for kind in ("unit", "source"):
            for one in rule.get(f"{kind}s") or ():
                id = {"id": one["id"]} if kind == "source" and "id" in one else {}
                found.append({"kind": kind, **id, **self._clause(kind, one, "")})
        for kind in ("scale", "parameter", "informative"):
            for id, one in (rule.get(group_path(kind)) or {}).items():
                found.append({"kind": kind, "id": id, **self._clause(kind, one, "")})
        return found + self.cases

    def _fragment(self, fragment: Mapping[str, Any], within: str, prefix: str) -> list[Row]:
        found: list[Row] = []
        belongs = {"within": within} if within else {}

        def add(kind: str, id: str, clause: Any, path: str) -> None:
            named = {"id": id} if id else {}
            found.append({"kind": kind, **belongs, **named, **self._clause(kind, clause, f"{prefix}{path}")})

        if "total" in fragment:
            add("total", "", fragment["total"], "total")
        for kind, group in GROUPS.items():
            clauses = _get(fragment, group)
            for id, clause in clauses.items() if clauses is not fragment and clauses else ():
                add(kind, id, clause, f"{group}/{id}")
        for kind, inner in (("allocation", "overlap"), ("reuse", "limits")):
            if {key for key in fragment.get(kind) or {} if key != inner}:
                add(kind, "", fragment[kind], kind)
        if fragment.get("classification") is not None:
            add("classification", "", fragment["classification"], "classification")
            for id, method in (fragment["classification"].get("methods") or {}).items():
                for number, part in enumerate(method.get("parts") or ()):
                    more = {key: value for key, value in method.items() if key != "parts" and not number}
                    add("method", id, {**part, **more}, f"classification/methods/{id}/parts/{number}")
        if (fragment.get("derives") or {}).get("level") is not None:
            add("derives", "", fragment["derives"]["level"], "derives/level")
        return found

    def _change(self, change: Mapping[str, Any], reading: str) -> Row:
        row = {"kind": "change", "within": f"reading {reading}", "path": str(change["path"])}
        if change.get("drop"):
            return {**row, "to": "dropped"}
        to, kind = change.get("to"), kind_at(str(change["path"]))
        if kind and isinstance(to, dict) and to:
            clause = self._clause(kind, to, "")
            # Columns of the change itself cannot be those of its clause.
            if not {"kind", "within", "path", "to"} & set(clause) and kind != "classification":
                return {**row, **clause}
        text = cell_text(to, how_at(str(change["path"])))
        return {**row, "to": text if text != "dropped" else JSON + json.dumps(to)}

    def _clause(self, kind: str, clause: Mapping[str, Any], path: str) -> Row:
        """Cells of one clause; numbers by case go into rows of their own where a path leads to them."""
        row: Row = {}
        columns = {key: (column, how) for column, (key, how) in KINDS[kind].items()}
        into = SELECTOR.get(kind)
        for key, value in clause.items():
            if key == "source" and isinstance(value, dict):
                for name, said in value.items():
                    column, how = columns[f"source/{name}"]
                    row[column] = cell_text(said, how)
            elif key == into:
                row |= self._selector(kind, value, key)
            elif key in columns:
                column, how = columns[key]
                if how == "to":
                    how = how_at(str(clause.get("clause", "")))
                table = value if how == "number" and isinstance(value, dict) and "table" in value else None
                row[column] = self._by_case(table, f"{path}/{key}") if table and path else cell_text(value, how)
            elif key.startswith("x-"):
                row[key] = cell_text(value, "text")
        return row

    def _by_case(self, table: Mapping[str, Any], path: str) -> str:
        rows: list[Row] = []
        for case in table["table"]:
            row = {"kind": "case", "path": path, "when": cell_text(case["when"], "condition")}
            rows.append({**row, "value": cell_text(case["value"], "exact")})
        if "otherwise" in table:
            row = {"kind": "case", "path": path, "when": "otherwise"}
            rows.append({**row, "value": cell_text(table["otherwise"], "exact")})
        self.cases += rows
        return "by case"

    @staticmethod
    def _selector(kind: str, selector: Any, key: str) -> Row:
        """Columns of their own for simple tests, a phrase for all else."""
        if isinstance(selector, dict) and selector:
            row: Row = {}
            for test, value in selector.items():
                parts = value.items() if isinstance(value, dict) else [("", value)]
                for part, said in parts:
                    if test == "not":
                        columns = [(column, "list") for column, name in EXCEPT.items() if name == part]
                    else:
                        columns = [(column, how) for column, (k, p, how) in SELECT.items() if (k, p) == (test, part)]
                    if not columns or columns[0][0] in KINDS[kind]:
                        break
                    row[columns[0][0]] = cell_text(said, columns[0][1])
                else:
                    continue
                break
            else:
                if not any(text.startswith(JSON) for text in row.values()):
                    return row
        return {key: cell_text(selector, "selector")}


def form_of(rule: Mapping[str, Any]) -> tuple[list[tuple[str, str]], list[Row]]:
    """Heads and rows of the form that a rule fills."""
    writer = _Writer(rule)
    return writer.heads(), writer.rows()


def sheets_of(rows: list[Row]) -> dict[str, tuple[tuple[str, ...], list[Row]]]:
    """Columns and rows by sheet: one sheet where the rule is plain, else one for each topic."""
    plain = all(row["kind"] in ONE_SHEET and "within" not in row for row in rows)
    found: dict[str, tuple[tuple[str, ...], list[Row]]] = {}
    for name, kinds in {"rule": tuple(KINDS)}.items() if plain else SHEETS.items():
        # The rows of one alternative stay together.
        here = [row for row in rows if row["kind"] in kinds]
        if here or name == "rule":
            used = {column for row in here for column in row}
            known = [column for column in COLUMNS if column in used or column in ("kind", "id")]
            found[name] = (tuple(known + sorted(used - set(COLUMNS))), here)
    return found
