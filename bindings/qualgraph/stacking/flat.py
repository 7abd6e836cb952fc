"""Tables that people fill in: cells with their places, and records read from them.

A table is rows of cells. Rows whose first cell begins with ``#`` are remarks; ``@key`` in the first
cell states something of the whole (``@credit``, ``@as_of``); the first other row names the columns.
An empty cell is unknown, ``-`` is known to be none, lists are joined with ``;``. Faults name the
cell as a spreadsheet does: ``B7``.
"""

from __future__ import annotations

import json
import math
import re
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from .. import _core
from ..errors import FactError, Fault, InvalidValue
from .given import fail, listed, plain

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable

__all__ = [
    "Cell",
    "Sheet",
    "catalogue_heads",
    "exact_text",
    "fail",
    "letters",
    "many_of",
    "offers_of",
    "read_book",
    "read_sheet",
    "record_of",
    "sheet_of",
]

LISTS = ("tags", "origin", "level", "outcomes", "used_for", "field")
NUMBERS = ("hours", "points", "count")
TRUTHS = ("quality_assured", "assessed", "whole")
DATES = ("date", "started")
TEXTS = ("id", "unit", "title", "provider", "grade", "mode", "status", "part_of", "evidence", "note")
COLUMNS = (
    "id",
    "unit",
    "title",
    "credits",
    "credit",
    "hours",
    "points",
    "count",
    "level",
    "origin",
    "provider",
    "field",
    "grade",
    "tags",
    "date",
    "started",
    "mode",
    "quality_assured",
    "assessed",
    "outcomes",
    "status",
    "used_for",
    "part_of",
    "whole",
    "evidence",
    "note",
)
#: What an offer of a catalogue has beside the columns of an item.
OFFER_TRUTHS = (
    "standalone",
    "portable",
    "focused",
    "learning_outcomes",
    "credit_bearing",
    "criteria_defined",
    "exceptional",
    "need_evidence",
    "provider_accredited",
    "provider_trusted",
    "smaller_than_award",
)
OFFER_LISTS = ("providers", "relation", "listed_on", "outcome_domains")
OFFER_COLUMNS = (
    *(name for name in COLUMNS if name not in ("grade", "date", "started", "status", "used_for", "count", "evidence")),
    "kind",
    "cost",
    "months",
    "requires",
    "corequires",
    "available_from",
    "available_until",
    "max_takes",
    "form",
    "owner",
    "issuer_kind",
    "weeks",
    "course_count",
    *OFFER_TRUTHS,
    *OFFER_LISTS,
)
HEADS = ("record", "learner", "as_of", "credit", "awards", "registration", "admission", "claim")
_TABLES = (".csv", ".tsv", ".xlsx")


def letters(number: int) -> str:
    """Name of a column: A, B, ... Z, AA.

    Examples
    --------
    >>> letters(1), letters(27)
    ('A', 'AA')
    """
    name = ""
    while number:
        number, rest = divmod(number - 1, 26)
        name = chr(65 + rest) + name
    return name


class Cell:
    """A value and where it stands."""

    __slots__ = ("column", "place", "value")

    def __init__(self, value: Any, place: str, column: str) -> None:
        self.value, self.place, self.column = value, place, column

    @property
    def text(self) -> str:
        """The cell as text."""
        return _text(self.value)

    @property
    def shown(self) -> str:
        """The cell as a message shows it."""
        return f'"{self.text}"'


class Sheet:
    """A table with the place of every cell.

    Attributes
    ----------
    file : str
    heads : dict of str to Cell
        What ``@key`` rows state.
    columns : dict of str to str
        Name of each column and the cell that names it.
    rows : list of dict of str to Cell
        Cells that are not empty, by column.
    strays : list of Cell
        Cells under no heading.
    repeated : list of Cell
        Headings and ``@key`` rows that say what another one has said.
    name : str
        Of the sheet of a workbook, or of the section of a file; empty where there is one.
    """

    def __init__(self, file: str, name: str = "") -> None:
        self.file, self.name = file, name
        self.heads: dict[str, Cell] = {}
        self.columns: dict[str, str] = {}
        self.rows: list[dict[str, Cell]] = []
        self.strays: list[Cell] = []
        self.repeated: list[Cell] = []

    def stray_faults(self) -> list[Fault]:
        """Faults of cells that stand under no heading: what they say would be lost."""
        found = [
            Fault(self.file, cell.place, cell.shown, "an empty cell, or a heading above it") for cell in self.strays
        ]
        return found + [
            Fault(self.file, cell.place, cell.shown, f"one {cell.column}; another one stands before")
            for cell in self.repeated
        ]

    def fault(self, cell: Cell, expected: str, near: Iterable[str] = ()) -> Fault:
        """A fault of one cell, with the nearest names."""
        hint = _core.did_you_mean(cell.text, list(near)) if near else ""
        return Fault(self.file, f"{cell.place} ({cell.column})", cell.shown, f"{expected}{'.' + hint if hint else ''}")


def _blank(value: Any) -> bool:
    if value is None or (isinstance(value, str) and not value.strip()):
        return True
    return (isinstance(value, float) and math.isnan(value)) or str(value) in ("NaT", "<NA>")


def _text(value: Any) -> str:
    if value is True or value is False:
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if hasattr(value, "isoformat"):
        return str(value.isoformat())[:10]
    return str(value).strip()


def exact_text(value: Any) -> int | str:
    """A number of a cell, exactly.

    Raises
    ------
    ValueError
        If the cell holds no number.

    Examples
    --------
    >>> exact_text("7.5"), exact_text(12), exact_text("30/4")
    ('15/2', 12, '15/2')
    """
    text = _text(value)
    try:
        decimal = None if "/" in text else Decimal(text)
        # A cell of ten bytes must not become a number of a million digits.
        if len(text) > 60 or (decimal is not None and decimal and abs(decimal.adjusted()) > 30):
            raise ValueError(text)
        number = Fraction(text) if decimal is None else Fraction(decimal)
    except (InvalidOperation, ZeroDivisionError, OverflowError):
        raise ValueError(text) from None
    return number.numerator if number.denominator == 1 else f"{number.numerator}/{number.denominator}"


def truth(text: str) -> bool | None:
    """A yes or no of a cell; None if it is neither."""
    word = text.lower()
    if word in ("true", "yes", "1"):
        return True
    return False if word in ("false", "no", "0") else None


def words(value: Any) -> list[str]:
    """A list of a cell."""
    if isinstance(value, (list, tuple, set)) or (hasattr(value, "tolist") and not isinstance(value, str)):
        return [_text(one) for one in list(value)]
    text = _text(value)
    return [] if text == "-" else [part.strip() for part in text.split(";") if part.strip()]


# ---- grids


def read_sheet(path: str | os.PathLike[str]) -> Sheet:
    """A table of a file: ``.csv``, ``.tsv`` or ``.xlsx`` (its first sheet).

    Raises
    ------
    InvalidValue
        For another kind of file.
    """
    from pathlib import Path

    if Path(path).suffix.lower() == ".xlsx":
        return _from_grid(_workbook(path)[0][1], str(path))
    return _from_grid(_delimited(path), str(path))


def read_book(path: str | os.PathLike[str]) -> list[Sheet]:
    """All sheets of a workbook, all sections of a file, or all tables of a folder.

    A section begins with a row whose first cell is ``[name]``. Sheets named ``help`` and those
    whose name begins with ``x-`` are not read.

    Raises
    ------
    InvalidValue
        For another kind of file, or a folder without tables.
    """
    from pathlib import Path

    place = Path(path)
    if place.is_dir():
        files = sorted(one for one in place.iterdir() if one.suffix.lower() in (".csv", ".tsv"))
        if not files:
            raise InvalidValue(f'"{path}" holds no table: its files must end in .csv or .tsv')
        # The sheet of the rule itself is read first, whatever the others are called.
        files.sort(key=lambda one: one.stem.lower() != "rule")
        return [_from_grid(_delimited(one), str(one), name=one.stem.lower()) for one in files if _is_read(one.stem)]
    if place.suffix.lower() == ".xlsx":
        pages = [(name, grid) for name, grid in _workbook(path) if _is_read(name)]
        several = len(pages) > 1
        return [
            _from_grid(grid, str(path), name=name.strip().lower() if several else "", prefix=f"{name}!" * several)
            for name, grid in pages
        ] or [Sheet(str(path))]
    sections: list[tuple[str, int, list[list[Any]]]] = [("", 0, [])]
    for number, row in enumerate(_delimited(path)):
        named = re.fullmatch(r"\[\s*([^\[\]]+?)\s*\]", _text(row[0])) if row and not _blank(row[0]) else None
        if named is not None and all(_blank(value) for value in row[1:]):
            sections.append((named[1].lower(), number + 1, []))
        else:
            sections[-1][2].append(row)
    return [_from_grid(grid, str(path), name=name, above=above) for name, above, grid in sections]


def _is_read(name: str) -> bool:
    return not (name.lower() == "help" or name.lower().startswith("x-"))


def _workbook(path: str | os.PathLike[str]) -> list[tuple[str, list[list[Any]]]]:
    from zipfile import BadZipFile

    from ..table import _need

    openpyxl = _need("openpyxl", "reading a workbook")
    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except (BadZipFile, KeyError, ValueError, TypeError, openpyxl.utils.exceptions.InvalidFileException):
        # What a damaged or renamed file raises depends on where it stops making sense.
        raise InvalidValue(f'"{path}" is no workbook that can be read: save it as .xlsx, or as "CSV UTF-8"') from None
    try:
        return [(str(page.title), [list(row) for row in page.iter_rows(values_only=True)]) for page in book.worksheets]
    finally:
        book.close()


def _delimited(path: str | os.PathLike[str]) -> list[list[Any]]:
    import csv
    from pathlib import Path

    kind = Path(path).suffix.lower()
    if kind not in (".csv", ".tsv"):
        raise InvalidValue(f'"{path}" is no table: it must end in {", ".join(_TABLES)}')
    try:
        with open(path, encoding="utf-8-sig", newline="") as file:
            text = file.read()
    except UnicodeDecodeError as error:
        raise InvalidValue(
            f'"{path}" is no UTF-8 text (byte {error.start}): save it as "CSV UTF-8", or as .xlsx'
        ) from None
    reader = csv.reader(
        text.splitlines(keepends=True), delimiter="\t" if kind == ".tsv" else _separator(text), strict=True
    )
    try:
        return list(reader)
    except csv.Error as error:
        # Read leniently, a quotation mark that nobody closes would swallow every row after it.
        why = "a quotation mark is opened and not closed" if "unexpected end" in str(error) else str(error)
        where = f"line {reader.line_num}"
        raise InvalidValue(f'"{path}" is no table of comma-separated text: {why} ({where})') from None


def _separator(text: str) -> str:
    """What separates the columns: where numbers have decimal commas, spreadsheets write semicolons."""
    for line in text.splitlines():
        if line.strip() and not line.lstrip('"').startswith(("#", "@", "[")):
            return ";" if line.count(";") > line.count(",") else ","
    return ","


def _from_grid(grid: list[list[Any]], file: str, name: str = "", prefix: str = "", above: int = 0) -> Sheet:
    """A sheet of rows of cells; ``above`` rows of the file stand before the first."""
    sheet = Sheet(file, name)
    names: list[str] = []
    for number, row in enumerate(grid, above + 1):
        first = _text(row[0]) if row and not _blank(row[0]) else ""
        if first.startswith("#") or all(_blank(value) for value in row):
            continue
        if first.startswith("@"):
            value = row[1] if len(row) > 1 else None
            if not _blank(value):
                cell = Cell(value, f"{prefix}B{number}", first)
                if first[1:].strip() in sheet.heads:
                    sheet.repeated.append(Cell(first, f"{prefix}A{number}", first))
                sheet.heads[first[1:].strip()] = cell
        elif not names:
            names = ["" if _blank(value) else _text(value) for value in row]
            for position, heading in enumerate(names, 1):
                place = f"{prefix}{letters(position)}{number}"
                if heading and heading in sheet.columns:
                    sheet.repeated.append(Cell(heading, place, f'column "{heading}"'))
                elif heading:
                    sheet.columns[heading] = place
        else:
            cells = {}
            for position, value in enumerate(row, 1):
                if _blank(value):
                    continue
                heading = names[position - 1] if position <= len(names) else ""
                cell = Cell(value, f"{prefix}{letters(position)}{number}", heading)
                if heading:
                    cells[heading] = cell
                else:
                    sheet.strays.append(cell)
            if cells:
                sheet.rows.append(cells)
    return sheet


def sheet_of(table: Any, file: str = "table") -> Sheet:
    """A data frame, an Arrow table, a table of Qualgraph, or rows as mappings."""
    if isinstance(table, Sheet):
        return table
    if hasattr(table, "__arrow_c_stream__") and not hasattr(table, "to_pylist") and not hasattr(table, "columns"):
        from ..table import _need

        table = _need("pyarrow", "an Arrow table").table(table)
    if hasattr(table, "to_pylist"):
        rows = list(table.to_pylist())
    elif hasattr(table, "to_dicts"):
        rows = list(table.to_dicts())
    elif hasattr(table, "to_dict") and hasattr(table, "columns"):
        rows = list(table.to_dict("records"))
    else:
        rows = listed(table, "rows", "table", "its own library")
    sheet = Sheet(file)
    for row in rows:
        for name in row:
            sheet.columns.setdefault(str(name), f"{letters(len(sheet.columns) + 1)}1")
    for number, row in enumerate(rows, 2):
        sheet.rows.append(
            {
                str(name): Cell(value, f"{sheet.columns[str(name)].rstrip('1') or 'A'}{number}", str(name))
                for name, value in row.items()
                if (isinstance(value, (list, tuple, dict)) or (hasattr(value, "tolist") and not _scalar(value)))
                or not _blank(value)
            }
        )
    return sheet


def _scalar(value: Any) -> bool:
    return getattr(value, "ndim", 0) == 0


# ---- records


def _column(name: str, known: tuple[str, ...] = ("learner_id", *COLUMNS)) -> str | None:
    """The column that a heading means: letter case and spaces do not matter."""
    plain = re.sub(r"[\s-]+", "_", name.strip()).lower()
    return plain if plain in known else None


def _columns(sheet: Sheet, faults: list[Fault], columns: tuple[str, ...] = ("learner_id", *COLUMNS)) -> dict[str, str]:
    """What each heading means; an own column keeps its name with ``x-`` before it."""
    from difflib import get_close_matches

    meaning: dict[str, str] = {}
    for name, place in sheet.columns.items():
        known = _column(name, columns)
        if known is not None:
            if known in meaning.values():
                faults.append(Fault(sheet.file, place, f'"{name}"', f'one column "{known}"; another one stands before'))
            meaning[name] = known
        elif name.startswith("x-"):
            meaning[name] = name
        else:
            near = get_close_matches(name.lower(), columns, n=1, cutoff=0.8)
            if near:
                # A misspelt column would silently lose what it says.
                expected = f'"{near[0]}", or "x-{name}" for a column of your own'
                faults.append(Fault(sheet.file, place, f'the column "{name}"', expected))
            meaning[name] = f"x-{name}"
    return meaning


def _items(sheet: Sheet, rows: list[dict[str, Cell]], faults: list[Fault]) -> list[dict[str, Any]]:
    meaning = _columns(sheet, faults)
    items = []
    for number, row in enumerate(rows, 1):
        item: dict[str, Any] = {}
        cells = {meaning[name]: cell for name, cell in row.items()}
        for name, cell in cells.items():
            if name in ("learner_id", "credit"):
                continue
            value = _value(sheet, name, cell, cells, faults)
            if value is not None:
                item[name] = value
        item.setdefault("id", f"row-{number}")
        items.append(item)
    return items


def _value(sheet: Sheet, name: str, cell: Cell, cells: dict[str, Cell], faults: list[Fault]) -> Any:
    """The value of one cell as the record language has it; None after a fault."""
    if name.startswith("x-"):
        return cell.text
    if name == "credits":
        return _credits(sheet, cell, cells.get("credit"), faults)
    if name in NUMBERS:
        try:
            number = exact_text(cell.value)
        except ValueError:
            faults.append(sheet.fault(cell, "a number: 12, 7.5 or 15/2"))
            return None
        return number
    if name in LISTS:
        return words(cell.value)
    if name in TRUTHS:
        said = truth(cell.text)
        if said is None:
            faults.append(sheet.fault(cell, "true or false"))
        return said
    if name in DATES:
        if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", cell.text[:10]):
            faults.append(sheet.fault(cell, "a day as year-month-day: 2026-03-01"))
            return None
        return cell.text[:10]
    return cell.text


_RANGE = re.compile(r"^([0-9./]+)\s*(?:-|\u2013|to)\s*([0-9./]+)$")


def _credits(sheet: Sheet, cell: Cell, named: Cell | None, faults: list[Fault]) -> Any:
    expected = 'an amount: 12, 7.5, 15/2, "10-15" or "30 ects"'
    span = _RANGE.match(cell.text)
    try:
        if span:
            return {"min": exact_text(span[1]), "max": exact_text(span[2])}
        amount, _, system = cell.text.partition(" ")
        exact = exact_text(amount)
    except ValueError:
        faults.append(sheet.fault(cell, expected))
        return None
    if isinstance(exact, int) and exact < 0:
        faults.append(sheet.fault(cell, expected))
        return None
    system = system.strip() or (named.text if named else "")
    return f"{exact} {system}" if system else exact


def _heads(sheet: Sheet, faults: list[Fault]) -> dict[str, Any]:
    """What ``@`` rows state of the record."""
    whole: dict[str, Any] = {}
    for key, cell in sheet.heads.items():
        group, _, id = key.partition(" ")
        if group in ("requirement", "parameter") and id:
            said = truth(cell.text)
            try:
                value: Any = exact_text(cell.value) if cell.text not in ("0", "1") else int(cell.text)
            except ValueError:
                value = said if said is not None else cell.text
            whole.setdefault(f"{group}s", {})[id.strip()] = value
        elif group == "decision" and id:
            whole.setdefault("decisions", []).append({"apply": id.strip(), "by": cell.text})
        elif key == "awards":
            whole["awards"] = [{"id": one} for one in words(cell.value)]
        elif key in ("registration", "admission", "claim"):
            whole.setdefault("dates", {})[key] = cell.text[:10]
        elif key in HEADS:
            whole[key] = cell.text[:10] if key == "as_of" else cell.text
        else:
            known = [*HEADS, "requirement ID", "parameter ID", "decision PATH"]
            hint = _core.did_you_mean(key, known)
            faults.append(Fault(sheet.file, f"A{cell.place[1:]}", f'"@{key}"', f"@{', @'.join(known)}.{hint}"))
    return whole


#: A record as text, its file, as the engine reads it, and its cells by pointer.
Read = tuple[str, str, Any, dict[str, str]]


def _checked(sheet: Sheet, rows: list[dict[str, Cell]], whole: dict[str, Any]) -> Read:
    """The record as the engine reads it; its faults are told by cell."""
    text = json.dumps(plain(whole, sheet.file, "record"), ensure_ascii=False)
    try:
        core = _core.LearnerRecord.parse(text, sheet.file)
    except FactError as error:
        found = []
        for fault in error.faults:
            steps = fault.pointer.strip("/").split("/")
            place = fault.pointer
            if steps[0] == "items" and len(steps) > 2 and steps[1].isdigit():
                row = rows[int(steps[1])]
                cell = next((cell for name, cell in row.items() if _column(name) == steps[2]), None)
                if cell is not None:
                    place = f"{cell.place} ({cell.column})"
            found.append(Fault(sheet.file, place, fault.found, fault.expected))
        fail(found, "record")
        raise
    cells = {f"/{key}": f"{cell.place} (@{key})" for key, cell in sheet.heads.items()}
    for number, row in enumerate(rows):
        for name, cell in row.items():
            column = _column(name)
            if column in ("credits", "credit", "level"):
                cells[f"/items/{number}/{column}"] = f"{cell.place} ({cell.column})"
    return text, sheet.file, core, cells


def record_of(table: Any, file: str, more: dict[str, Any]) -> Read:
    """One record of a table."""
    sheet = sheet_of(table, file)
    learners = {row[name].text for row in sheet.rows for name in row if _column(name) == "learner_id"}
    if len(learners) > 1:
        raise InvalidValue(
            f"{file} holds {len(learners)} learners; Record.many_from_table() reads them all, one record each"
        )
    faults = sheet.stray_faults()
    whole = {"language": 1, **_heads(sheet, faults), **more, "items": _items(sheet, sheet.rows, faults)}
    if "id" in whole:
        whole["record"] = whole.pop("id")
    if learners:
        whole.setdefault("learner", learners.pop())
    fail(faults, "record")
    return _checked(sheet, sheet.rows, whole)


def many_of(table: Any, file: str, more: dict[str, Any]) -> list[tuple[str, str, str, Any, dict[str, str]]]:
    """Every learner of a table: id, and the record."""
    sheet = sheet_of(table, file)
    name = next((name for name in sheet.columns if _column(name) == "learner_id"), None)
    if name is None:
        raise InvalidValue(f'{file} has no column "learner_id", which says whose row is whose')
    faults = sheet.stray_faults()
    learners: dict[str, list[dict[str, Cell]]] = {}
    for row in sheet.rows:
        if name in row:
            learners.setdefault(row[name].text, []).append(row)
        else:
            anywhere = next(iter(row.values()))
            place = f"{sheet.columns[name].rstrip('0123456789')}{anywhere.place.lstrip('ABCDEFGHIJKLMNOPQRSTUVWXYZ')}"
            faults.append(Fault(sheet.file, f"{place} ({name})", "an empty cell", "the id of a learner"))
    heads = _heads(sheet, faults)
    wholes = {
        learner: {"language": 1, **heads, **more, "learner": learner, "items": _items(sheet, rows, faults)}
        for learner, rows in learners.items()
    }
    fail(list(dict.fromkeys(faults)), "table")
    return [(learner, *_checked(sheet, learners[learner], whole)) for learner, whole in wholes.items()]


# ---- catalogues


def offers_of(table: Any, file: str = "table") -> list[dict[str, Any]]:
    """Offers of a catalogue from rows: the columns of an item, ``cost``, ``months``, ``requires`` and so on.

    ``requires`` reads ``A;B|C``: A, and one of B and C.

    Raises
    ------
    FactError
        With the cell of every fault.

    Examples
    --------
    >>> offers_of([{"id": "b", "cost": 45000, "requires": "a", "available_from": "2026-07-01"}])
    [{'id': 'b', 'cost': 45000, 'requires': {'holds': {'unit': 'a'}}, 'available': [{'from': '2026-07-01'}]}]
    """
    sheet = sheet_of(table, file)
    faults = sheet.stray_faults()
    meaning = _columns(sheet, faults, OFFER_COLUMNS)
    offers = []
    for number, row in enumerate(sheet.rows, 1):
        offer: dict[str, Any] = {}
        cells = {meaning[name]: cell for name, cell in row.items()}
        for name, cell in cells.items():
            if name == "credit":
                continue
            value = _offered(sheet, name, cell, cells, faults)
            if name in ("available_from", "available_until"):
                key = name.removeprefix("available_")
                offer.setdefault("available", [{}])[0][key] = value
            elif value is not None:
                offer[name] = value
        offer.setdefault("id", f"row-{number}")
        offers.append(offer)
    fail(faults, "catalogue")
    return offers


def _offered(sheet: Sheet, name: str, cell: Cell, cells: dict[str, Cell], faults: list[Fault]) -> Any:
    if name in ("available_from", "available_until"):
        return _value(sheet, "date", cell, cells, faults)
    if name in ("requires", "corequires"):
        return _required(cell.text)
    if name in OFFER_TRUTHS:
        return _value(sheet, "whole", cell, cells, faults)
    if name in OFFER_LISTS:
        return words(cell.value)
    if name in ("cost", "months", "weeks", "course_count", "max_takes"):
        try:
            number = exact_text(cell.value)
        except ValueError:
            number = ""
        # "450.00" may be meant as 450 units of the currency or of its cents: nobody can tell.
        pointed = name == "cost" and isinstance(cell.value, str) and not cell.text.isdigit()
        if pointed or (isinstance(number, str) and (name not in ("months", "weeks") or not number)):
            expected = "a whole number of minor units, as 45000 for 450.00" if name == "cost" else "a number"
            faults.append(sheet.fault(cell, expected))
            return None
        return number
    return _value(sheet, name, cell, cells, faults)


def _required(text: str) -> Any:
    """What an offer requires: ``A;B|C`` is A, and one of B and C; ``-`` is nothing."""
    if text == "-":
        return None
    groups = [[one.strip() for one in part.split("|") if one.strip()] for part in text.split(";")]
    conditions: list[dict[str, Any]] = []
    for group in groups:
        held: list[dict[str, Any]] = [{"holds": {"unit": one}} for one in group]
        if held:
            conditions.append(held[0] if len(held) == 1 else {"any": held})
    if not conditions:
        return None
    return conditions[0] if len(conditions) == 1 else {"all": conditions}


def catalogue_heads(sheet: Sheet) -> dict[str, Any]:
    """What ``@`` rows state of a catalogue.

    Raises
    ------
    FactError
        For a key that a catalogue does not have.
    """
    known = ("catalogue", "title", "as_of", "credit", "currency", "notes")
    faults = [
        Fault(
            sheet.file,
            f"A{cell.place[1:]}",
            f'"@{key}"',
            f"@{', @'.join(known)}.{_core.did_you_mean(key, list(known))}",
        )
        for key, cell in sheet.heads.items()
        if key not in known
    ]
    fail(faults, "catalogue")
    return {key: cell.text for key, cell in sheet.heads.items()}
