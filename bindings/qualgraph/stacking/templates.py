"""Spreadsheets to fill in: a record, and a rule with one clause a row.

The rule form holds what most rules need; what it cannot hold is said, never left out silently.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from ..errors import Fault, InvalidValue
from .flat import Cell, Sheet, exact_text, fail, read_sheet, sheet_of, truth, words

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping

    from .rule import Rule

__all__ = ["RULE_COLUMNS", "rule_of", "rule_rows", "write_rows", "write_template"]

#: Groups of the rule language by the word in the column ``kind``.
_GROUPS = {
    "place": "places",
    "floor": "floors",
    "cap": "caps",
    "gate": "eligibility",
    "window": "windows",
    "requirement": "requirements",
    "pace": "pace",
    "average": "averages",
}
_KINDS = ("total", *_GROUPS, "variant", "unit", "scale", "parameter", "source")
_HEADS = {
    "id": "text",
    "title": "text",
    "kind": "text",
    "version": "text",
    "status": "text",
    "jurisdiction": "text",
    "framework": "text",
    "level": "text",
    "credit": "text",
    "measure": "text",
    "awarding": "list",
    "units_partial": "truth",
    "admits": "list",
    "notes": "text",
    "shapes": "list",
}
_ALLOCATION = {
    "use": "text",
    "items": "text",
    "quantum": "number",
    "max_places": "number",
    "max_awards": "number",
}
_REUSE = {"used_elsewhere": "text", "spends": "truth", "reuse_note": "text"}
#: Columns that select items: key of the selector, part of it, and how the cell reads.
_SELECT = {
    "tag": ("tag", "", "list"),
    "unit": ("unit", "", "list"),
    "level_at_least": ("level", "at_least", "text"),
    "level_at_most": ("level", "at_most", "text"),
    "level_exactly": ("level", "exactly", "list"),
    "origin": ("origin", "", "list"),
    "provider": ("provider", "", "list"),
    "field": ("field", "", "list"),
    "mode": ("mode", "", "list"),
    "status": ("status", "", "list"),
    "grade_at_least": ("grade", "at_least", "text"),
    "grade_scale": ("grade", "scale", "text"),
    "ungraded": ("grade", "ungraded", "text"),
    "quality_assured": ("quality_assured", "", "truth"),
    "assessed": ("assessed", "", "truth"),
    "used": ("used", "", "truth"),
    "used_for": ("used_for", "", "list"),
    "age_at_most": ("age", "at_most", "text"),
    "age_since": ("age", "since", "text"),
    "age_to": ("age", "to", "text"),
    "size_at_least": ("credits", "at_least", "number"),
    "size_exactly": ("credits", "exactly", "number"),
}
_NOT = {"not_tag": "tag", "not_unit": "unit", "not_origin": "origin", "not_mode": "mode"}
_AMONG = {"among_tag": "tag", "among_origin": "origin"}
#: Plain columns by kind: name of the column, key of the clause, how the cell reads.
_PLAIN: dict[str, dict[str, tuple[str, str]]] = {
    "total": {
        "min": ("min", "number"),
        "max": ("max", "number"),
        "exact": ("exact", "number"),
        "measure": ("measure", "text"),
    },
    "place": {
        "inside": ("inside", "text"),
        "min": ("min", "number"),
        "max": ("max", "number"),
        "exact": ("exact", "number"),
        "measure": ("measure", "text"),
        "all": ("all", "truth"),
        "choose": ("choose", "choose"),
        "for_each": ("for_each", "text"),
        "use": ("use", "text"),
    },
    "floor": {
        "in": ("in", "list"),
        "min": ("min", "number"),
        "min_share": ("min_share", "number"),
        "base": ("base", "text"),
        "rounding": ("rounding", "text"),
        "grain": ("grain", "number"),
        "measure": ("measure", "text"),
        "all": ("all", "truth"),
        "distinct": ("distinct", "text"),
        "of_last": ("of_last", "number"),
        "over": ("over", "text"),
        "for_each": ("for_each", "text"),
    },
    "cap": {
        "in": ("in", "list"),
        "max": ("max", "number"),
        "max_share": ("max_share", "number"),
        "base": ("base", "text"),
        "rounding": ("rounding", "text"),
        "grain": ("grain", "number"),
        "measure": ("measure", "text"),
        "union": ("union", "always list"),
        "effect": ("effect", "text"),
        "for_each": ("for_each", "text"),
    },
    "gate": {"in": ("in", "list")},
    "window": {
        "in": ("in", "list"),
        "span": ("span", "text"),
        "starts": ("starts", "text"),
        "period": ("period", "text"),
    },
    "requirement": {
        "what": ("what", "text"),
        "type": ("kind", "text"),
        "min": ("min", "number"),
        "measure": ("measure", "text"),
    },
    "pace": {"per": ("per", "text"), "max": ("max", "number"), "measure": ("measure", "text")},
    "average": {
        "in": ("in", "list"),
        "min": ("min", "number"),
        "scale": ("scale", "text"),
        "weight": ("weight", "text"),
        "ungraded": ("ungraded", "text"),
        "repeats": ("repeats", "text"),
        "over": ("over", "text"),
    },
    "variant": {"level": ("level", "text")},
    "unit": {
        "unit": ("unit", "text"),
        "level": ("level", "text"),
        "credits": ("credits", "number"),
        "hours": ("hours", "number"),
        "tag": ("tags", "always list"),
    },
    "scale": {"order": ("order", "always list")},
    "parameter": {
        "what": ("what", "text"),
        "type": ("type", "text"),
        "default": ("default", "value"),
        "choices": ("choices", "values"),
    },
    "source": {
        "publisher": ("publisher", "text"),
        "year": ("year", "number"),
        "url": ("url", "text"),
        "evidence": ("evidence", "text"),
    },
}
_SOURCE = {"document": "document", "clause": "clause", "url": "url", "evidence": "evidence"}
RULE_COLUMNS = (
    "kind", "id", "title", "variant", "inside", "from",
    *_SELECT, *_NOT, *_AMONG,
    "all", "choose", "for_each", "use", "in", "min", "max", "exact", "min_share", "max_share", "base", "rounding",
    "grain", "measure", "union", "effect", "distinct", "of_last", "over", "span", "starts", "period", "per", "scale",
    "weight", "repeats", "what", "type", "default", "choices", "level", "credits", "hours", "order", "document",
    "clause", "publisher", "year", "url", "evidence", "note",
)  # fmt: skip


# ---- reading


class _Reader:
    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.faults = sheet.stray_faults()

    def value(self, cell: Cell, how: str) -> Any:
        text = cell.text
        if text == "?":
            # The bound exists, its amount is not known.
            return None
        if how == "text":
            return text
        if how == "list":
            listed = words(cell.value)
            return listed[0] if len(listed) == 1 else listed
        if how == "always list":
            return words(cell.value)
        if how == "truth":
            said = truth(text)
            if said is None:
                self.faults.append(self.sheet.fault(cell, "true or false"))
            return said
        if how == "choose":
            return self._choose(cell)
        if how == "values":
            return [self.value(Cell(one, cell.place, cell.column), "value") for one in words(cell.value)]
        if how == "value":
            if text.lower() in ("true", "false"):
                return text.lower() == "true"
            try:
                return exact_text(cell.value)
            except ValueError:
                return text
        if text.startswith("="):
            return {"parameter": text[1:].strip()}
        try:
            return exact_text(cell.value)
        except ValueError:
            self.faults.append(
                self.sheet.fault(cell, 'a number: 60, 7.5 or 1/2; "?" where it is not known; "=NAME" for a parameter')
            )
            return 0

    def _choose(self, cell: Cell) -> Any:
        span = re.fullmatch(r"(\d+)\s*-\s*(\d*)", cell.text)
        if cell.text.isdigit():
            return int(cell.text)
        if span is None:
            self.faults.append(self.sheet.fault(cell, 'how many of its parts: "2", "1-3" or "1-"'))
            return 1
        return {"min": int(span[1]), **({"max": int(span[2])} if span[2] else {})}

    def selector(self, row: Mapping[str, Cell], select: Mapping[str, tuple[str, str, str]]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for column, (key, part, how) in select.items():
            if column in row:
                value = self.value(row[column], how)
                if part:
                    found.setdefault(key, {})[part] = value
                else:
                    found[key] = value
        return found

    def rule(self) -> dict[str, Any]:
        rule: dict[str, Any] = {"language": 1}
        for key, cell in self.sheet.heads.items():
            if key in _HEADS:
                rule[key] = self.value(cell, "always list" if key in ("shapes", "admits") else _HEADS[key])
            elif key in _ALLOCATION:
                rule.setdefault("allocation", {})[key] = self.value(cell, _ALLOCATION[key])
            elif key in _REUSE:
                name = key.removeprefix("reuse_")
                rule.setdefault("reuse", {})[name] = self.value(cell, _REUSE[key])
            else:
                known = [*_HEADS, *_ALLOCATION, *_REUSE]
                named = Cell(key, f"A{cell.place[1:]}", f"@{key}")
                self.faults.append(self.sheet.fault(named, f"one of @{', @'.join(known)}", known))
        for column, place in self.sheet.columns.items():
            if column not in RULE_COLUMNS and not column.startswith("x-"):
                named = Cell(column, place, "heading")
                self.faults.append(self.sheet.fault(named, "a column of the template", RULE_COLUMNS))
        for row in self.sheet.rows:
            self._row(rule, row)
        rule.setdefault("sources", [])
        return rule

    def _row(self, rule: dict[str, Any], row: dict[str, Cell]) -> None:
        anywhere = next(iter(row.values()))
        kind = row["kind"].text.lower() if "kind" in row else ""
        if kind not in _KINDS:
            cell = row.get("kind") or Cell("", f"A{re.sub('[A-Z]', '', anywhere.place)}", "kind")
            self.faults.append(self.sheet.fault(cell, f"one of {', '.join(_KINDS)}", _KINDS))
            return
        clause: dict[str, Any] = {}
        plain = _PLAIN[kind]
        for key in ("title", "note"):
            if key in row:
                clause[key] = self.value(row[key], "text")
        for column, (key, how) in plain.items():
            if column in row:
                clause[key] = self.value(row[column], how)
        used = {"kind", "id", "title", "note", *plain}
        if kind == "total" or kind in _GROUPS:
            used.add("variant")
        if kind in ("place", "floor", "cap", "gate", "window", "pace", "average"):
            select = {name: how for name, how in _SELECT.items() if name not in plain}
            used |= {*select, *_NOT, "from"}
            selector = self.selector(row, select)
            negated = self.selector(row, {column: (key, "", "list") for column, key in _NOT.items()})
            if negated:
                selector["not"] = negated
            if kind == "gate":
                used |= set(_AMONG)
                among = self.selector(row, {column: (key, "", "list") for column, key in _AMONG.items()})
                if among:
                    clause["from"] = among
                clause["require"] = selector
            elif selector:
                clause["from"] = selector
            elif "from" in row:
                clause["from"] = "everything"
                if row["from"].text != "everything":
                    self.faults.append(self.sheet.fault(row["from"], '"everything", or nothing'))
        if kind == "total" or kind in _GROUPS:
            used |= set(_SOURCE)
            source = {key: self.value(row[column], "text") for column, key in _SOURCE.items() if column in row}
            if source:
                clause["source"] = source
        for column, cell in row.items():
            if column in RULE_COLUMNS and column not in used:
                self.faults.append(self.sheet.fault(cell, f"an empty cell: {_a(kind)} does not take {column}"))
        self._store(rule, kind, row, clause, anywhere)

    def _store(
        self, rule: dict[str, Any], kind: str, row: dict[str, Cell], clause: dict[str, Any], anywhere: Cell
    ) -> None:
        whole = rule
        if "variant" in row:
            rule = rule.setdefault("variants", {}).setdefault(row["variant"].text, {})
        if kind == "total":
            rule["total"] = clause
        elif kind == "variant" and "id" in row:
            found = whole.setdefault("variants", {}).setdefault(row["id"].text, {})
            found.update(clause)
        elif kind in ("unit", "source"):
            if kind == "source" and "id" in row:
                clause = {"id": row["id"].text, **clause}
            if kind == "source":
                clause.setdefault("evidence", "known")
            rule.setdefault(f"{kind}s", []).append(clause)
        else:
            id = row.get("id")
            if id is None:
                place = f"B{re.sub('[A-Z]', '', anywhere.place)}"
                self.faults.append(Fault(self.sheet.file, f"{place} (id)", "an empty cell", f"an id for this {kind}"))
                return
            group = rule.setdefault({"scale": "scales", "parameter": "parameters"}.get(kind) or _GROUPS[kind], {})
            if id.text in group:
                self.faults.append(self.sheet.fault(id, f"an id that no other {kind} has"))
            group[id.text] = clause


def _a(kind: str) -> str:
    return f"an {kind}" if kind[0] in "aeiou" else f"a {kind}"


def rule_of(table: Any, file: str = "table") -> Rule:
    """A rule from its filled-in form: a file, a data frame, or rows as mappings.

    Raises
    ------
    FactError
        With the cell of every fault.
    """
    from pathlib import Path

    from ..errors import FactError
    from .rule import Rule

    sheet = read_sheet(table) if isinstance(table, (str, Path)) else sheet_of(table, file)
    reader = _Reader(sheet)
    whole = reader.rule()
    fail(reader.faults, "rule")
    try:
        return Rule(whole, sheet.file)
    except FactError as error:
        fail([_placed(fault, sheet) for fault in error.faults], "rule")
        raise


def _placed(fault: Any, sheet: Sheet) -> Fault:
    """A fault of the rule language told by the row of its clause."""
    steps = fault.pointer.strip("/").split("/")
    kinds = {group: kind for kind, group in _GROUPS.items()}
    place = fault.pointer
    if len(steps) > 1 and steps[0] in kinds:
        for row in sheet.rows:
            if row.get("kind") and row["kind"].text == kinds[steps[0]] and row.get("id") and row["id"].text == steps[1]:
                cell = row["id"]
                if len(steps) > 2 and steps[-1] in row:
                    cell = row[steps[-1]]
                place = f"{cell.place} ({cell.column}; {fault.pointer})"
    elif steps[0] in sheet.heads:
        place = f"{sheet.heads[steps[0]].place} (@{steps[0]})"
    return Fault(fault.file, place, fault.found, fault.expected)


# ---- writing


def _cell_of(value: Any, how: str) -> str:
    if value is None:
        return "?"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict) and set(value) == {"parameter"}:
        return f"={value['parameter']}"
    if how == "choose" and isinstance(value, dict):
        return f"{value.get('min', 0)}-{value['max'] if value.get('max') is not None else ''}"
    if isinstance(value, list):
        if not value or any(not isinstance(one, (str, int)) or ";" in str(one) for one in value):
            raise InvalidValue("a list that a cell cannot hold")
        return ";".join(map(str, value))
    if isinstance(value, dict):
        raise InvalidValue("a number by case")
    return str(value)


class _Writer:
    def __init__(self, rule: Mapping[str, Any]) -> None:
        self.rule = rule
        self.cannot: list[str] = []

    def heads(self) -> list[tuple[str, str]]:
        found = []
        for name in _HEADS:
            if self.rule.get(name) is not None:
                try:
                    found.append((f"@{name}", _cell_of(self.rule[name], _HEADS[name])))
                except InvalidValue:
                    self.cannot.append(name)
        for group, keys in (("allocation", _ALLOCATION), ("reuse", _REUSE)):
            for name, value in (self.rule.get(group) or {}).items():
                name = "reuse_note" if (group, name) == ("reuse", "note") else name
                if name in keys:
                    found.append((f"@{name}", _cell_of(value, keys[name])))
                else:
                    self.cannot.append(f"{group}/{name}")
        known = {
            "language",
            *_HEADS,
            "allocation",
            "reuse",
            "total",
            "units",
            "scales",
            "parameters",
            "sources",
            "variants",
        }
        known |= set(_GROUPS.values())
        self.cannot += [name for name in self.rule if name not in known]
        return found

    def rows(self) -> list[dict[str, str]]:
        found = self._clauses(self.rule, "")
        for id, variant in (self.rule.get("variants") or {}).items():
            head = {key: value for key, value in variant.items() if key in ("title", "note", "level")}
            found.append(self._row("variant", id, head, f"variants/{id}"))
            found += [{**row, "variant": id} for row in self._clauses(variant, f"variants/{id}/")]
            known = {"title", "note", "level", "total", *_GROUPS.values()}
            self.cannot += [f"variants/{id}/{name}" for name in variant if name not in known]
        for number, unit in enumerate(self.rule.get("units") or ()):
            found.append(self._row("unit", None, unit, f"units/{number}"))
        for kind in ("scale", "parameter"):
            for id, clause in (self.rule.get(f"{kind}s") or {}).items():
                found.append(self._row(kind, id, clause, f"{kind}s/{id}"))
        for number, source in enumerate(self.rule.get("sources") or ()):
            found.append(self._row("source", source.get("id"), source, f"sources/{number}"))
        return found

    def _clauses(self, fragment: Mapping[str, Any], prefix: str) -> list[dict[str, str]]:
        found = []
        if fragment.get("total") is not None:
            found.append(self._row("total", None, fragment["total"], f"{prefix}total"))
        for kind, group in _GROUPS.items():
            for id, clause in (fragment.get(group) or {}).items():
                found.append(self._row(kind, id, clause, f"{prefix}{group}/{id}"))
        return found

    def _row(self, kind: str, id: str | None, clause: Mapping[str, Any], path: str) -> dict[str, str]:
        row = {"kind": kind, **({"id": id} if id else {})}
        columns = {key: (column, how) for column, (key, how) in _PLAIN[kind].items()}
        for key, value in clause.items():
            try:
                if key == "id" and kind == "source":
                    continue
                if key in ("title", "note"):
                    row[key] = _cell_of(value, "text")
                elif key in columns:
                    column, how = columns[key]
                    row[column] = _cell_of(value, how)
                elif key == "source":
                    for name, said in value.items():
                        row[_SOURCE[name]] = _cell_of(said, "text")
                elif key == "require" or (key == "from" and kind not in ("unit", "gate")):
                    row |= self._selector(value, kind)
                elif key == "from":
                    row |= self._among(value)
                else:
                    self.cannot.append(f"{path}/{key}")
            except (InvalidValue, KeyError):
                self.cannot.append(f"{path}/{key}")
        return row

    @staticmethod
    def _selector(selector: Any, kind: str) -> dict[str, str]:
        if selector == "everything":
            return {"from": "everything"}
        row = {}
        for key, value in selector.items():
            if key == "not":
                for inner, said in value.items():
                    row[next(column for column, name in _NOT.items() if name == inner)] = _cell_of(said, "list")
                continue
            parts = value.items() if isinstance(value, dict) else [("", value)]
            for part, said in parts:
                column = next((name for name, (k, p, _) in _SELECT.items() if (k, p) == (key, part)), None)
                if column is None or column in _PLAIN[kind]:
                    raise InvalidValue(key)
                row[column] = _cell_of(said, "list")
        return row

    @staticmethod
    def _among(selector: Any) -> dict[str, str]:
        names = {key: column for column, key in _AMONG.items()}
        return {names[key]: _cell_of(value, "list") for key, value in selector.items()}


def rule_rows(rule: Rule) -> tuple[list[tuple[str, str]], list[dict[str, str]]]:
    """Heads and rows of the form that a rule fills.

    Raises
    ------
    InvalidValue
        Naming every clause that the form cannot hold.
    """
    writer = _Writer(rule.to_dict())
    heads, rows = writer.heads(), writer.rows()
    if writer.cannot:
        raise InvalidValue(
            f"the form of a rule cannot hold {', '.join(writer.cannot[:8])}"
            f"{' and more' if len(writer.cannot) > 8 else ''}; write this rule as JSON"
        )
    return heads, rows


_RULE_HELP = (
    "A stacking rule, one clause a row. Lines that begin with # are remarks and are not read.",
    "Rows that begin with @ say what the rule is; the next line of headings begins the clauses.",
    "kind: total (bounds on all that counts), place (where items are put), floor (a minimum over what counts), "
    "cap (a limit on what counts), gate (only such items count), window (dates within a span), pace, average, "
    "requirement (something without credit), variant (one of several forms of the award; clauses of one form name "
    "it in the column variant), unit (a unit the rule names), scale, parameter, source.",
    "tag, unit, level_at_least ... grade_at_least say which items a clause is about; several values are joined "
    "with ; and mean 'or', several columns mean 'and'. not_tag and the like leave items out.",
    "A gate counts only the items so described; among_tag and among_origin say to which items it applies.",
    "min, max, exact are numbers (60, 7.5, 15/2); ? says that there is a bound whose amount is not known; "
    "=NAME takes it from a parameter. max_share and min_share are fractions (1/2) of base (target, counted, ...).",
    "level is written framework:code, as nz-nzqcf:5. credit names the credit system, as nz-credit.",
    "document, clause and evidence (read or known) say where a clause stands; document is the id of a source.",
)
_RECORD_HELP = (
    "What one learner holds, one credential a row. Lines that begin with # are remarks and are not read.",
    "Rows that begin with @ say something of the whole record; leave them empty where it is not known.",
    "An empty cell means: not known. A minus sign (-) means: known to be none. Several values are joined with ;",
    "credits: 12, 7.5, 15/2, 10-15 or 30 ects. level: framework:code, as nz-nzqcf:5. date: 2026-03-01.",
    "origin: taught, transfer, rpl, micro, imported, vet, training or non-degree. status: passed (default), failed, "
    "exempted, in-progress or planned. used_for: awards the credential has already served; - if none.",
    "tags: words that the rule uses, as core or elective. quality_assured, assessed, whole: true or false.",
)


_CATALOGUE_HELP = (
    "What is on offer, one credential a row. Lines that begin with # are remarks and are not read.",
    "The columns of a record describe what an offer brings; an empty cell means: not known.",
    "cost: whole minor units of the currency, as 45000 for 450.00; empty is unknown and never free.",
    "requires: A;B|C means A, and one of B and C. available_from, available_until: days. max_takes: 1 unless stated.",
)


def write_rows(
    path: str | os.PathLike[str],
    remarks: tuple[str, ...],
    heads: list[tuple[str, str]],
    columns: tuple[str, ...],
    rows: list[dict[str, str]],
) -> None:
    """Write remarks, heads, headings and rows as ``.csv``, ``.tsv`` or ``.xlsx``.

    Raises
    ------
    InvalidValue
        For another kind of file.
    """
    from pathlib import Path

    kind = Path(path).suffix.lower()
    grid: list[list[str]] = [[f"# {remark}"] for remark in remarks]
    grid += [list(pair) for pair in heads]
    grid.append(list(columns))
    grid += [[row.get(column, "") for column in columns] for row in rows]
    if kind in (".csv", ".tsv"):
        import csv

        with open(path, "w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file, delimiter="\t" if kind == ".tsv" else ",").writerows(grid)
        return
    if kind != ".xlsx":
        raise InvalidValue(f'"{path}" is no table: it must end in .csv, .tsv or .xlsx')
    from ..table import _for_excel, _need

    openpyxl = _need("openpyxl", "writing a workbook")
    from openpyxl.styles import Alignment, Font  # type: ignore[import-untyped, unused-ignore]

    book = openpyxl.Workbook()
    page = book.active
    page.title = "Qualgraph"
    for number, line in enumerate(grid, 1):
        for position, text in enumerate(line, 1):
            if text:
                cell = page.cell(row=number, column=position)
                cell.value = _for_excel(text)
                # As text: what begins with "=" must never be taken for a formula, nor 1/2 for a day.
                cell.data_type = "s"
                cell.number_format = "@"
                if text.startswith("# "):
                    cell.font = Font(italic=True, color="555555")
                elif number == len(remarks) + len(heads) + 1:
                    cell.font = Font(bold=True)
                    cell.alignment = Alignment(wrap_text=False)
                elif text.startswith("@"):
                    cell.font = Font(bold=True)
    for position, name in enumerate(columns, 1):
        letter = openpyxl.utils.get_column_letter(position)
        page.column_dimensions[letter].width = 24 if name in ("title", "note", "what") else max(12, len(name) + 2)
    page.freeze_panes = page.cell(row=len(remarks) + len(heads) + 2, column=1)
    book.save(path)


def write_template(kind: str, path: str | os.PathLike[str]) -> None:
    """Write an empty form with explanations and example rows.

    Parameters
    ----------
    kind : {"record", "rule", "catalogue"}
    path : path
        Ends in ``.csv``, ``.tsv`` or ``.xlsx``.

    Raises
    ------
    InvalidValue
        For another kind, or another ending.
    """
    from .flat import COLUMNS, OFFER_COLUMNS

    if kind == "record":
        heads = [
            ("@record", "record-1"),
            ("@as_of", ""),
            ("@credit", ""),
            ("@awards", ""),
            ("@registration", ""),
            ("@admission", ""),
        ]
        rows = [
            {
                "id": "example-1",
                "title": "An example to overwrite",
                "credits": "5",
                "level": "nz-nzqcf:5",
                "origin": "micro",
            }
        ]
        write_rows(path, _RECORD_HELP, heads, COLUMNS, rows)
    elif kind == "rule":
        heads = [
            ("@id", "my-rule"),
            ("@title", "My award"),
            ("@level", ""),
            ("@credit", ""),
            ("@use", "exclusive"),
            ("@items", "whole"),
        ]
        examples = [
            {"kind": "total", "min": "60"},
            {"kind": "place", "id": "core", "title": "Core", "tag": "core", "min": "30"},
            {"kind": "place", "id": "rest", "title": "Everything else", "from": "everything"},
            {
                "kind": "cap",
                "id": "rpl",
                "origin": "rpl",
                "max_share": "1/2",
                "document": "regulations",
                "clause": "4.2",
            },
            {"kind": "source", "id": "regulations", "title": "The text that states the rule", "evidence": "known"},
        ]
        write_rows(path, _RULE_HELP, heads, RULE_COLUMNS, examples)
    elif kind == "catalogue":
        heads = [("@catalogue", "catalogue-1"), ("@as_of", ""), ("@credit", ""), ("@currency", "")]
        offered = {"id": "course-1", "title": "An example to overwrite", "credits": "10", "origin": "micro"}
        write_rows(path, _CATALOGUE_HELP, heads, OFFER_COLUMNS, [{**offered, "cost": "45000", "months": "3"}])
    else:
        raise InvalidValue(f'there is no template of a "{kind}"; there is one of a record, a rule and a catalogue')
