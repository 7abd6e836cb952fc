"""Rules read from their filled-in form, with the cell of every fault."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from .. import _core
from ..errors import FactError, Fault
from .flat import Cell, Sheet, exact_text, fail, read_book, truth, words
from .form_layout import (
    ALTERNATIVES,
    COLUMNS,
    EXCEPT,
    GROUPS,
    HEADS,
    JSON,
    KINDS,
    SELECT,
    SELECTOR,
    SHEETS,
    group_path,
    how_at,
    kind_at,
)
from .phrases import PhraseError, condition_of, selector_of, sets_of

if TYPE_CHECKING:
    import os

    from .rule import Rule

__all__ = ["cell_value", "rule_of"]

_NUMBER = 'a number: 60, 7.5 or 1/2; "?" where it is not known; "=NAME" for a parameter; "by case" with rows of cases'
_EXACT = 'a number: 60, 7.5 or 1/2; "?" where it is not known'
_MAX_JSON = 100_000


class Unreadable(ValueError):
    """A cell that does not say what it should: what was expected, what part was found, and near names."""

    def __init__(self, expected: str, found: str = "", near: tuple[str, ...] = ()) -> None:
        super().__init__(expected)
        self.expected, self.found, self.near = expected, found, near


def _choose(text: str) -> Any:
    span = re.fullmatch(r"(\d*)\s*-\s*(\d*)", text)
    if text.isdecimal() and len(text) < 10:
        return int(text)
    if span is None or not (span[1] or span[2]) or len(text) > 20:
        raise Unreadable('how many of its parts: "2", "1-3", "1-" or "-2"')
    return {key: int(said) for key, said in (("min", span[1]), ("max", span[2])) if said}


def _typed(text: str) -> Any:
    if text.lower() in ("true", "false"):
        return text.lower() == "true"
    try:
        return exact_text(text)
    except ValueError:
        return text


def _exact(text: str) -> Any:
    try:
        return exact_text(text)
    except ValueError:
        raise Unreadable(_EXACT) from None


def _number(text: str) -> Any:
    if text.startswith("="):
        return {"parameter": text[1:].strip()}
    if text.lower() == "by case":
        return {"table": []}
    try:
        return exact_text(text)
    except ValueError:
        raise Unreadable(_NUMBER) from None


def _pairs(text: str, example: str) -> list[tuple[str, Any]]:
    found = []
    for one in words(text):
        name, sign, amount = one.rpartition("=")
        if not sign or not name.strip():
            raise Unreadable(f'pairs such as "{example}"', one)
        try:
            found.append((name.strip(), None if amount.strip() == "?" else exact_text(amount.strip())))
        except ValueError:
            raise Unreadable(f'pairs such as "{example}"', one) from None
    return found


def cell_value(text: str, how: str) -> Any:
    """What a cell says.

    Raises
    ------
    Unreadable
        For a cell that does not say what it should.
    PhraseError
        For a phrase that cannot be read.

    Examples
    --------
    >>> cell_value("7.5", "number"), cell_value("a; b", "list"), cell_value("1-", "choose")
    ('15/2', ['a', 'b'], {'min': 1})
    """
    if text.startswith(JSON):
        if len(text) > _MAX_JSON:
            raise Unreadable(f"no more than {_MAX_JSON} letters")
        try:
            return json.loads(text[len(JSON) :])
        except (ValueError, RecursionError):
            raise Unreadable('JSON after "json:"') from None
    if text == "?":
        # It exists, and what it is is not known.
        return None
    if how == "text":
        return text
    if how in ("list", "always list"):
        listed = words(text)
        return listed[0] if how == "list" and len(listed) == 1 and not text.endswith(";") else listed
    if how == "truth":
        said = truth(text)
        if said is None:
            raise Unreadable("true or false")
        return said
    if how == "selector":
        return selector_of(text)
    if how == "condition":
        return condition_of(text)
    if how == "sets":
        return sets_of(text)
    if how == "choose":
        return _choose(text)
    if how == "values":
        return [_typed(one) for one in words(text)]
    if how == "points":
        return dict(_pairs(text, "A=4; B=3"))
    if how == "bands":
        return [{"class": name, "at_least": amount} for name, amount in _pairs(text, "first=70; second=60")]
    return {"value": _typed, "exact": _exact}.get(how, _number)(text)


def _put(into: dict[str, Any], path: str, value: Any) -> None:
    *above, last = path.split("/")
    for step in above:
        into = into.setdefault(step, {})
    into[last] = value


def _neighbour(cell: Cell, letter: str) -> str:
    """The place in another column of the same row."""
    return re.sub(r"[A-Z]+(\d+)$", rf"{letter}\1", cell.place)


def _a(kind: str) -> str:
    return f"an {kind}" if kind[0] in "aeiou" else f"a {kind}"


def _empty(sheet: Sheet, row: Cell, column: str) -> Cell:
    """The empty cell of a column in the row of another cell; the first of the row where there is no such column."""
    letter = re.sub(r".*?([A-Z]+)\d+$", r"\1", sheet.columns.get(column, "A1"))
    return Cell("", re.sub(r"[A-Z]+(\d+)$", rf"{letter}\1", row.place), column)


class _Row:
    def __init__(self, sheet: Sheet, cells: dict[str, Cell], kind: str) -> None:
        self.sheet, self.cells, self.kind = sheet, cells, kind

    @property
    def anywhere(self) -> Cell:
        return next(iter(self.cells.values()))

    def text(self, column: str) -> str:
        return self.cells[column].text if column in self.cells else ""


class _Reader:
    def __init__(self, sheets: list[Sheet]) -> None:
        self.sheets = sheets
        self.faults = [fault for sheet in sheets for fault in sheet.stray_faults()]
        self.rule: dict[str, Any] = {"language": 1}
        #: Cell of every JSON pointer that was written, for faults of the rule language.
        self.origin: dict[str, tuple[Sheet, Cell]] = {}
        self.rows: list[_Row] = []

    def fault(self, sheet: Sheet, cell: Cell, expected: str, near: tuple[str, ...] = ()) -> None:
        self.faults.append(sheet.fault(cell, expected, near))

    def value(self, sheet: Sheet, cell: Cell, how: str) -> Any:
        try:
            return cell_value(cell.text, how)
        except (Unreadable, PhraseError) as error:
            instead = f", instead of {error.found}" if error.found and error.found != cell.text else ""
            hint = _core.did_you_mean(error.found, list(error.near)) if error.near else ""
            expected = f"{error.expected}{instead}{'.' + hint if hint else ''}"
            self.faults.append(Fault(sheet.file, f"{cell.place} ({cell.column})", cell.shown, expected))
            return None

    def whole(self) -> dict[str, Any]:
        for sheet in self.sheets:
            self._heads(sheet)
            self._columns(sheet)
            self._collect(sheet)
        for row in self.rows:
            if row.kind in ALTERNATIVES:
                self._clause(row, f"{ALTERNATIVES[row.kind]}/{row.text('id')}" if row.text("id") else None)
        for row in self.rows:
            self._row(row)
        cases: dict[str, list[_Row]] = {}
        for row in self.rows:
            if row.kind == "case":
                cases.setdefault(row.text("path"), []).append(row)
        for path, rows in cases.items():
            self._cases(path, rows)
        self._caseless()
        self.rule.setdefault("sources", [])
        return self.rule

    # ---- heads, headings, kinds

    def _heads(self, sheet: Sheet) -> None:
        for key, cell in sheet.heads.items():
            if key not in HEADS and not key.startswith("x-"):
                named = Cell(key, _neighbour(cell, "A"), f"@{key}")
                self.fault(sheet, named, f"one of @{', @'.join(HEADS)}", tuple(HEADS))
                continue
            path, how = HEADS.get(key, (key, "text"))
            _put(self.rule, path, self.value(sheet, cell, how))
            self.origin[f"/{path}"] = (sheet, Cell(cell.value, cell.place, f"@{key}"))

    def _columns(self, sheet: Sheet) -> None:
        for column, place in sheet.columns.items():
            if column not in COLUMNS and not column.startswith("x-"):
                self.fault(sheet, Cell(column, place, "heading"), "a column of the template", COLUMNS)

    def _collect(self, sheet: Sheet) -> None:
        implied = SHEETS.get(sheet.name, ())
        if sheet.name and not implied and sheet.rows and "kind" not in sheet.columns:
            near = tuple(SHEETS)
            hint = _core.did_you_mean(sheet.name, list(near))
            expected = f'a sheet named one of {", ".join(near)}, or a column "kind"{"." + hint if hint else ""}'
            self.faults.append(Fault(sheet.file, f"sheet {sheet.name}", f'"{sheet.name}"', expected))
            return
        for cells in sheet.rows:
            anywhere = next(iter(cells.values()))
            said = cells["kind"].text.lower() if "kind" in cells else implied[0] if len(implied) == 1 else ""
            if said in KINDS:
                self.rows.append(_Row(sheet, cells, said))
            else:
                kinds = implied if implied and len(implied) > 1 and sheet.name != "rule" else tuple(KINDS)
                cell = cells.get("kind") or _empty(sheet, anywhere, "kind")
                self.fault(sheet, cell, f"one of {', '.join(kinds)}", tuple(KINDS))

    # ---- rows

    def _base(self, row: _Row) -> str | None:
        """What a row belongs to: "" for the rule itself, "variants/long" for a variant; None after a fault."""
        cell = row.cells.get("within")
        if cell is None:
            if row.kind != "change":
                return ""
            cell = _empty(row.sheet, row.anywhere, "within")
            self.fault(row.sheet, cell, 'the reading that the change belongs to, as "reading narrow"')
            return None
        kind, _, id = cell.text.replace("/", " ", 1).partition(" ")
        kind = next((one for one, many in ALTERNATIVES.items() if kind in (one, many)), kind)
        takes = ("reading",) if row.kind == "change" else tuple(one for one in ALTERNATIVES if one != "reading")
        path = f"{ALTERNATIVES.get(kind)}/{id.strip()}"
        if kind in takes and f"/{path}" in self.origin:
            return path
        known = tuple(
            f"{one.kind} {one.text('id')}" for one in self.rows if one.kind in takes and one.kind in ALTERNATIVES
        )
        listed = f"one of {', '.join(known[:8])}" if known else f"a row of kind {' or '.join(takes)} that declares it"
        self.fault(row.sheet, cell, listed, known)
        return None

    def _row(self, row: _Row) -> None:
        if row.kind in ALTERNATIVES or row.kind == "case":
            return
        base = self._base(row)
        if base is None:
            return
        prefix = f"{base}/" if base else ""
        if row.kind == "change":
            self._change(row, base)
        elif row.kind in ("unit", "source"):
            listed = self.rule.setdefault(f"{row.kind}s", [])
            clause = self._clause(row, f"{row.kind}s/{len(listed)}", store=False)
            if row.kind == "source":
                clause = {**({"id": row.text("id")} if "id" in row.cells else {}), **clause}
                clause.setdefault("evidence", "known")
            listed.append(clause)
        elif row.kind == "method":
            self._method(row, f"{prefix}classification/methods/{row.text('id')}" if row.text("id") else None)
        elif row.kind in GROUPS or row.kind in ("scale", "parameter", "informative"):
            path = f"{prefix}{group_path(row.kind)}/{row.text('id')}" if row.text("id") else None
            if path and f"/{path}" in self.origin:
                other = f" (there is one in {self.origin[f'/{path}'][1].place})"
                self.fault(row.sheet, row.cells["id"], f"an id that no other {row.kind} has{other}")
                return
            self._clause(row, path)
        else:
            self._clause(row, f"{prefix}{group_path(row.kind)}")

    def _clause(self, row: _Row, path: str | None, kind: str = "", store: bool = True) -> dict[str, Any]:
        """The clause of a row; put at the path of the rule and its cells remembered."""
        kind = kind or row.kind
        if path is None:
            place = _empty(row.sheet, row.anywhere, "id").place
            self.faults.append(Fault(row.sheet.file, f"{place} (id)", "an empty cell", f"an id for this {kind}"))
            return {}
        clause: dict[str, Any] = {}
        used = {"kind", "id", "within", "path" if row.kind == "change" else "kind"}
        self.origin.setdefault(f"/{path}", (row.sheet, row.cells.get("id") or row.anywhere))
        for column, (key, how) in KINDS[kind].items():
            if column in row.cells and not (row.kind == "change" and column == "path"):
                if how == "to":
                    how = how_at(row.text("path"))
                _put(clause, key, self.value(row.sheet, row.cells[column], how))
                self._remember(row, f"{path}/{key}", column)
        used |= set(KINDS[kind])
        if kind in SELECTOR:
            used |= self._selected(row, clause, SELECTOR[kind], path, kind)
        for column, cell in row.cells.items():
            if column.startswith("x-"):
                clause[column] = self.value(row.sheet, cell, "text")
            elif column in COLUMNS and column not in used:
                self.fault(row.sheet, cell, f"an empty cell: {_a(kind)} does not take {column}")
        if store:
            self._store(path, clause)
        return clause

    def _store(self, path: str, clause: dict[str, Any]) -> None:
        at: Any = self.rule
        for step in path.split("/"):
            at = at.setdefault(step, {})
        at.update(clause)

    def _remember(self, row: _Row, path: str, column: str) -> None:
        self.origin[f"/{path}"] = (row.sheet, row.cells[column])

    def _selected(self, row: _Row, clause: dict[str, Any], into: str, path: str, kind: str) -> set[str]:
        """Columns that select items, joined with what the phrase says."""
        columns = {
            name: (f"{key}/{part}" if part else key, how)
            for name, (key, part, how) in SELECT.items()
            if name not in KINDS[kind]
        }
        columns |= {name: (f"not/{key}", "list") for name, key in EXCEPT.items()}
        said = clause.get(into)
        for column, (key, how) in columns.items():
            if column not in row.cells:
                continue
            first = key.split("/")[0]
            if isinstance(said, dict) and (first in said or set(said) & {"any", "all"}):
                expected = f'an empty cell: the phrase in "{into}" says it already; or all of it there'
                self.fault(row.sheet, row.cells[column], expected)
                continue
            if not isinstance(clause.get(into), dict):
                clause[into] = {}
            _put(clause[into], key, self.value(row.sheet, row.cells[column], how))
            self._remember(row, f"{path}/{into}/{key}", column)
        return set(columns)

    def _method(self, row: _Row, path: str | None) -> None:
        """A row is one part of a method of classification; further rows of the same id are further parts."""
        clause = self._clause(row, path, store=False)
        if path is None:
            return
        method: dict[str, Any] = {key: clause.pop(key) for key in ("note", "when") if key in clause}
        self._store(path, method)
        at: Any = self.rule
        for step in path.split("/"):
            at = at[step]
        parts = at.setdefault("parts", [])
        above = f"/{path}/"
        for pointer in [one for one in self.origin if one.startswith(above)]:
            key = pointer[len(above) :]
            if key.split("/")[0] not in clause:
                continue
            self.origin[f"/{path}/parts/{len(parts)}/{key}"] = self.origin.pop(pointer)
        parts.append(clause)

    def _change(self, row: _Row, base: str) -> None:
        changes = self.rule["readings"][base.split("/")[1]].setdefault("changes", [])
        pointer = f"{base}/changes/{len(changes)}"
        if "path" not in row.cells:
            self.fault(
                row.sheet, _empty(row.sheet, row.anywhere, "path"), "the clause that is read otherwise, as caps/rpl/max"
            )
            return
        path = row.text("path")
        self.origin[f"/{pointer}"] = (row.sheet, row.cells["path"])
        self._remember(row, f"{pointer}/path", "path")
        change: dict[str, Any] = {"path": path}
        more = [column for column in row.cells if column not in ("kind", "within", "path", "to")]
        if "to" in row.cells:
            for column in more:
                self.fault(row.sheet, row.cells[column], 'an empty cell: "to" says what the clause becomes')
            if row.text("to") == "dropped":
                change["drop"] = True
            else:
                change["to"] = self.value(row.sheet, row.cells["to"], how_at(path))
            self._remember(row, f"{pointer}/to", "to")
        elif kind := kind_at(path):
            change["to"] = self._clause(row, f"{pointer}/to", kind, store=False)
        else:
            expected = 'in the column "to" what it becomes, or "dropped"'
            self.fault(row.sheet, row.cells["path"], f"{expected}; only a whole clause is put into other columns")
        changes.append(change)

    # ---- numbers by case

    def _cases(self, path: str, rows: list[_Row]) -> None:
        above, _, key = path.rpartition("/")
        at: Any = self.rule
        for step in above.split("/") if above else ():
            at = at.get(step) if isinstance(at, dict) else None
        if not isinstance(at, dict) or not above:
            known = tuple(pointer[1:] for pointer in self.origin)
            cell = rows[0].cells.get("path") or _empty(rows[0].sheet, rows[0].anywhere, "path")
            self.fault(rows[0].sheet, cell, "the number of a clause of this rule, as caps/rpl/max", known)
            return
        if at.get(key) not in (None, {"table": []}) or (key in at and at[key] is None):
            sheet, cell = self.origin.get(f"/{path}", (rows[0].sheet, rows[0].anywhere))
            self.fault(sheet, cell, f'"by case" or an empty cell: {rows[0].anywhere.place} says it case by case')
            return
        found: dict[str, Any] = {"table": []}
        for row in rows:
            for column in row.cells:
                if column in COLUMNS and column not in ("kind", "path", "when", "value"):
                    self.fault(row.sheet, row.cells[column], f"an empty cell: a case does not take {column}")
            pointer = f"{path}/table/{len(found['table'])}"
            missing = [column for column in ("when", "value") if column not in row.cells]
            if missing:
                place = _empty(row.sheet, row.anywhere, missing[0]).place
                expected = {"when": 'a condition, or "otherwise"', "value": _EXACT}[missing[0]]
                self.faults.append(Fault(row.sheet.file, f"{place} ({missing[0]})", "an empty cell", expected))
                continue
            value = self.value(row.sheet, row.cells["value"], "exact")
            if row.text("when").lower() == "otherwise":
                found["otherwise"] = value
                self._remember(row, f"{path}/otherwise", "value")
                continue
            found["table"].append({"when": self.value(row.sheet, row.cells["when"], "condition"), "value": value})
            self._remember(row, f"{pointer}/when", "when")
            self._remember(row, f"{pointer}/value", "value")
        at[key] = found

    def _caseless(self) -> None:
        """Numbers said to be by case, of which there is none."""

        def look(value: Any, pointer: str) -> None:
            if value == {"table": []} and pointer in self.origin:
                sheet, cell = self.origin[pointer]
                self.fault(sheet, cell, f"rows of kind case with the path {pointer[1:]}, or a number")
            elif isinstance(value, dict):
                for key, inner in value.items():
                    look(inner, f"{pointer}/{key}")

        look(self.rule, "")

    # ---- faults of the rule language

    def placed(self, fault: Any) -> Fault:
        """A fault of the rule language told by the cell that says it."""
        pointer = self._changed(fault) or "/" + fault.pointer.strip("/")
        while pointer and pointer not in self.origin:
            pointer = pointer.rpartition("/")[0]
        if pointer:
            sheet, cell = self.origin[pointer]
            place = f"{cell.place} ({cell.column}; {fault.pointer})"
            return Fault(sheet.file, place, fault.found, fault.expected)
        head = fault.pointer.strip("/")
        return Fault(self.sheets[0].file, f"@{head}" if head in HEADS else fault.pointer, fault.found, fault.expected)

    def _changed(self, fault: Any) -> str | None:
        """The change of a reading that a fault of the reading as a whole comes from."""
        told = re.fullmatch(r"/readings/([^/]+)", fault.pointer)
        after = re.search(r"after which /?(\S+)", fault.found)
        if told is None or after is None:
            return None
        changes = self.rule.get("readings", {}).get(told[1], {}).get("changes", [])
        for number, change in enumerate(changes):
            if f"{after[1]}/".startswith(f"{change['path']}/") or f"{change['path']}/".startswith(f"{after[1]}/"):
                whole = f"{fault.pointer}/changes/{number}"
                return f"{whole}/to" if f"{whole}/to" in self.origin else whole
        return None


def rule_of(path: str | os.PathLike[str]) -> Rule:
    """A rule from its filled-in form: a table, a workbook, or a folder of tables.

    Raises
    ------
    FactError
        With the cell of every fault.
    """
    from .rule import Rule

    sheets = read_book(path)
    reader = _Reader(sheets)
    whole = reader.whole()
    fail(reader.faults, "rule")
    try:
        return Rule(whole, sheets[0].file)
    except FactError as error:
        fail([reader.placed(fault) for fault in error.faults], "rule")
        raise
