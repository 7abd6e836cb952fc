"""Catalogues as columns: every distinct cell once, and a code for each row.

Data frames and Arrow tables are coded by pandas and pyarrow themselves; files and lists of rows are
coded as they are read. What a cell says is read once for each distinct cell.
"""

from __future__ import annotations

import json
import re
from array import array
from typing import TYPE_CHECKING, Any

from .. import _core
from ..errors import FactError, Fault, InvalidValue, UnitMismatch
from .credential import ATTRIBUTES

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Sequence

__all__ = ["Columns", "columns_of"]

#: Columns of catalogues that definitions do not look at.
_OTHERS = (
    "id", "unit", "kind", "credit", "points", "count", "origin", "provider", "providers", "field", "grade", "tags",
    "started", "mode", "outcomes", "status", "used_for", "whole", "evidence", "note", "cost", "requires",
    "corequires", "available", "available_from", "available_until", "max_takes", "source", "learner_id",
)  # fmt: skip
_RANGE = re.compile(r"^([0-9./]+)\s*(?:-|\u2013|to)\s*([0-9./]+)$")


class Coded:
    """One column: distinct cells and the code of each row."""

    __slots__ = ("cells", "codes")

    def __init__(self, cells: Sequence[Any], codes: Any) -> None:
        self.cells, self.codes = cells, codes

    def first_row(self, code: int) -> int:
        """First row that has a code."""
        return next(row for row, each in enumerate(self.codes) if each == code)


class Columns:
    """A catalogue as coded columns.

    Attributes
    ----------
    rows : int
    ids : list or None
        Name of each row; None where the catalogue names none.
    ignored : list of str
        Columns that definitions do not look at.
    """

    def __init__(self, where: str, rows: int, named: dict[str, Coded], ids: Any, credit: str) -> None:
        self.where, self.rows, self.ids, self.credit = where, rows, ids, credit
        self.ignored: list[str] = []
        self._named = self._meant(named)
        self._values = {name: self._read(name, coded) for name, coded in self._named.items()}

    def _meant(self, named: dict[str, Coded]) -> dict[str, Coded]:
        """Columns by attribute; a misspelt one would silently lose what it says."""
        from difflib import get_close_matches

        meant: dict[str, Coded] = {}
        faults = []
        for name, coded in named.items():
            plain = re.sub(r"[\s-]+", "_", name.strip()).lower()
            if plain in meant:
                faults.append(Fault(self.where, name, f'the column "{name}"', f'one column "{plain}"'))
            elif plain in ATTRIBUTES:
                meant[plain] = coded
            else:
                near = get_close_matches(plain, ATTRIBUTES, n=1, cutoff=0.8)
                if near and plain not in _OTHERS and not name.startswith("x-"):
                    expected = f'"{near[0]}", or "x-{name}" for a column of your own'
                    faults.append(Fault(self.where, name, f'the column "{name}"', expected))
                self.ignored.append(name)
        _fail(faults)
        kinds = named.get("kind")
        if "course_count" not in meant and kinds is not None and kinds.cells:
            # An offer of the kind "course" is one course.
            meant["course_count"] = Coded([1 if cell == "course" else None for cell in kinds.cells], kinds.codes)
        return meant

    def _read(self, name: str, coded: Coded) -> str:
        """Distinct cells as JSON values."""
        values, faults = [], []
        for code, cell in enumerate(coded.cells):
            try:
                values.append(_value(name, cell))
            except ValueError as error:
                where = f"row {coded.first_row(code) + 1} ({name})"
                faults.append(Fault(self.where, where, f'"{cell}"', str(error)))
                if len(faults) == 100:
                    break
        _fail(faults)
        return json.dumps(values)

    def core(self) -> list[tuple[str, str, str, str, Any]]:
        """The columns as the engine takes them."""
        return [(name, self._values[name], self.where, self.credit, coded.codes) for name, coded in self._named.items()]

    def explain(self, error: FactError) -> FactError:
        """A fault of a distinct cell, with the row in which it stands first."""
        faults = []
        for name, coded in self._named.items():
            try:
                _core.read_values(name, self._values[name], self.where, self.credit)
            except FactError as inner:
                for one in inner.faults:
                    code = int(one.pointer.split("/")[1]) if one.pointer else 0
                    row = coded.first_row(code) + 1
                    faults.append(Fault(one.file, f"row {row} ({name})", one.found, one.expected))
        return _error(faults) if faults else error

    def answers(self, name: str) -> list[Any]:
        """What every row states of an attribute; None where it does not, or where there is no such column."""
        coded = self._named.get(name)
        if coded is None:
            return [None] * self.rows
        values = json.loads(self._values[name])
        codes = coded.codes.tolist() if hasattr(coded.codes, "tolist") else coded.codes
        return [None if code < 0 else values[code] for code in codes]

    def record(self, row: int) -> dict[str, Any]:
        """What is stated in one row."""
        stated = {}
        for name, coded in self._named.items():
            code = int(coded.codes[row])
            value = None if code < 0 else json.loads(self._values[name])[code]
            if value is not None:
                if name == "credits" and self.credit and not isinstance(value, str):
                    value = f"{value} {self.credit}" if not isinstance(value, dict) else value
                stated[name] = value
        return stated


def _error(faults: list[Fault]) -> FactError:
    lines = [f"{len(faults)} fault{'' if len(faults) == 1 else 's'} in the catalogue; nothing was classified"]
    lines += [f"  {one.file} {one.pointer}: found {one.found}; expected {one.expected}" for one in faults[:20]]
    error = FactError("\n".join(lines))
    error.faults = faults
    return error


def _fail(faults: list[Fault]) -> None:
    if faults:
        raise _error(faults)


# ---- cells


def _blank(cell: Any) -> bool:
    if cell is None or (isinstance(cell, str) and not cell.strip()):
        return True
    return (isinstance(cell, float) and cell != cell) or str(cell) in ("NaT", "<NA>")


def _value(name: str, cell: Any) -> Any:
    """A cell as the language of credentials has it; ValueError says what is expected."""
    from ..stacking.flat import exact_text, truth, words

    if hasattr(cell, "tolist"):
        cell = cell.tolist()
    listed = isinstance(cell, (list, tuple, set, frozenset))
    if not listed and not isinstance(cell, dict) and _blank(cell):
        return None
    kind = ATTRIBUTES[name].kind
    if kind == "flag":
        if listed:
            return len(cell) > 0
        text = str(cell).strip()
        said = truth("1" if text == "1.0" else "0" if text == "0.0" else text)
        if said is None and name == "learning_outcomes":
            return text != "-"
        if said is None:
            raise ValueError("true or false, or an empty cell where it is not known")
        return said
    if kind == "number":
        if isinstance(cell, dict):
            return {key: exact_text(each) for key, each in cell.items()}
        span = _RANGE.match(str(cell).strip())
        try:
            if span:
                return {"min": exact_text(span[1]), "max": exact_text(span[2])}
            return exact_text(cell)
        except ValueError:
            raise ValueError("a number: 12, 7.5, 15/2, or 10-15") from None
    if kind == "amount":
        return _amount(cell)
    if kind in ("level", "words"):
        return words(cell)
    return str(cell.isoformat())[:10] if hasattr(cell, "isoformat") else str(cell).strip()


def _amount(cell: Any) -> Any:
    from ..stacking.flat import exact_text

    try:
        if isinstance(cell, dict):
            return {key: exact_text(each) for key, each in cell.items()}
        text = str(cell).strip()
        span = _RANGE.match(text)
        if span:
            return {"min": exact_text(span[1]), "max": exact_text(span[2])}
        amount, _, system = text.partition(" ")
        if not system:
            return exact_text(cell)
        ends = _RANGE.match(amount)
        return f"{exact_text(ends[1])}-{exact_text(ends[2])} {system}" if ends else f"{exact_text(amount)} {system}"
    except ValueError:
        raise ValueError('credits with their system: "10 nz-credit", "7.5 ects" or "5-10 ects"') from None


# ---- where catalogues come from


class _Coder:
    """Codes cells as they come."""

    def __init__(self) -> None:
        self.codes = array("i")
        self.numbers: dict[Any, int] = {}
        self.cells: list[Any] = []

    def add(self, cell: Any) -> None:
        if cell is None or cell == "":
            self.codes.append(-1)
            return
        # True and 1 are one key of a dict; a cell is what it is together with its type.
        key = cell if isinstance(cell, str) else (type(cell).__name__, _key(cell))
        number = self.numbers.get(key)
        if number is None:
            number = self.numbers[key] = len(self.cells)
            self.cells.append(cell)
        self.codes.append(number)

    def fill(self, rows: int) -> None:
        """Blanks up to a number of rows."""
        if len(self.codes) < rows:
            self.codes.extend(array("i", [-1]) * (rows - len(self.codes)))

    def coded(self) -> Coded:
        return Coded(self.cells, self.codes)


def _key(cell: Any) -> Any:
    try:
        hash(cell)
    except TypeError:
        return repr(cell)
    return cell


def _from_rows(rows: Iterable[Any], where: str, credit: str) -> Columns:
    coders: dict[str, _Coder] = {}
    ids: list[Any] = []
    number = 0
    for number, row in enumerate(rows, 1):
        if not hasattr(row, "items"):
            raise UnitMismatch(f"row {number} of the catalogue is {row!r}; a row is a dict of attributes")
        ids.append(row.get("id"))
        system = row.get("credit")
        for name, cell in row.items():
            name = str(name)
            if name in ("id", "credit"):
                continue
            if name == "credits" and not _blank(system) and not _blank(cell) and " " not in str(cell).strip():
                cell = f"{cell} {system}"
            coder = coders.get(name)
            if coder is None:
                coder = coders[name] = _Coder()
            coder.fill(number - 1)
            coder.add(cell)
    for coder in coders.values():
        coder.fill(number)
    named = {name: coder.coded() for name, coder in coders.items()}
    return Columns(where, number, named, ids if any(each is not None for each in ids) else None, credit)


def _from_text(path: str, credit: str) -> Columns:
    """A CSV file, cell by cell, without keeping its rows."""
    import csv

    from ..stacking.flat import _separator

    try:
        with open(path, encoding="utf-8-sig", newline="") as file:
            head = file.read(65536)
            file.seek(0)
            separator = "\t" if path.lower().endswith(".tsv") else _separator(head)
            return _from_lines(csv.reader(file, delimiter=separator), path, credit)
    except UnicodeDecodeError as error:
        raise InvalidValue(
            f'"{path}" is no UTF-8 text (byte {error.start}): save it as "CSV UTF-8", or as .xlsx'
        ) from None


def _from_lines(lines: Iterable[list[Any]], where: str, credit: str) -> Columns:
    names: list[str] = []
    coders: list[_Coder] = []
    ids: list[str | None] = []
    systems: list[str] = []
    places: dict[str, int] = {}
    rows = 0
    for line in lines:
        first = str(line[0]).strip() if line and line[0] is not None else ""
        if first.startswith("#") or not any(cell is not None and str(cell).strip() for cell in line):
            continue
        if first.startswith("@"):
            if first[1:].strip() == "credit" and len(line) > 1 and line[1]:
                credit = str(line[1]).strip()
            continue
        if not names:
            names = ["" if cell is None else str(cell).strip() for cell in line]
            places = {re.sub(r"[\s-]+", "_", name).lower(): at for at, name in enumerate(names)}
            coders = [_Coder() for _ in names]
            continue
        rows += 1
        if len(line) > len(names) and any(cell is not None and str(cell).strip() for cell in line[len(names) :]):
            fault = Fault(where, f"row {rows}", f'"{line[len(names)]}"', "an empty cell, or a heading above it")
            raise _error([fault])
        for at, coder in enumerate(coders):
            cell = line[at] if at < len(line) else None
            coder.add(cell.strip() if isinstance(cell, str) else cell)
        ids.append(line[places["id"]] if places.get("id", len(line)) < len(line) else None)
        if "credit" in places:
            systems.append(str(line[places["credit"]] or "").strip() if places["credit"] < len(line) else "")
    if systems and "credits" in places:
        amounts = coders[places["credits"]]
        joined = _Coder()
        for code, system in zip(amounts.codes, systems, strict=True):
            cell = None if code < 0 else str(amounts.cells[code])
            joined.add(f"{cell} {system}" if cell and system and " " not in cell else cell)
        coders[places["credits"]] = joined
    named = {name: coder.coded() for name, coder in zip(names, coders, strict=True) if name}
    return Columns(where, rows, named, ids if any(ids) else None, credit)


def _from_pandas(frame: Any, where: str, credit: str) -> Columns:
    import pandas

    twice = [str(name) for name in frame.columns[frame.columns.duplicated()]]
    if twice:
        raise InvalidValue(f'{where}: the column "{twice[0]}" is there twice; which of them is meant?')
    frame = _with_systems(frame, pandas)
    named = {}
    for name in frame.columns:
        if not _looked_at(str(name)):
            named[str(name)] = Coded([], array("i"))
            continue
        column = frame[name]
        try:
            codes, cells = pandas.factorize(column)
        except TypeError:
            # Lists cannot be hashed; as text they can.
            shown = column.map(lambda cell: ";".join(map(str, cell)) or "-" if _many(cell) else cell)
            codes, cells = pandas.factorize(shown)
        named[str(name)] = Coded(list(cells), codes.astype("int32"))
    ids = frame["id"].tolist() if "id" in frame.columns else None
    return Columns(where, len(frame), named, ids, credit)


def _looked_at(name: str) -> bool:
    """Whether the cells of a column matter; those of others are not even coded."""
    plain = re.sub(r"[\s-]+", "_", name.strip()).lower()
    return plain in ATTRIBUTES or plain == "kind"


def _many(cell: Any) -> bool:
    return isinstance(cell, (list, tuple, set, frozenset)) or getattr(cell, "ndim", 0) > 0


def _with_systems(frame: Any, pandas: Any) -> Any:
    """Joins a column of credit systems to the amounts they belong to."""
    if "credit" not in frame.columns or "credits" not in frame.columns:
        return frame
    amounts, systems = frame["credits"], frame["credit"]
    bare = amounts.notna() & systems.notna() & ~amounts.astype("str").str.contains(" ")
    joined = amounts.astype("object").where(~bare, amounts.astype("str") + " " + systems.astype("str"))
    return frame.assign(credits=joined)


def _from_arrow(table: Any, where: str, credit: str) -> Columns:
    from ..table import _need

    pyarrow = _need("pyarrow", "an Arrow table")
    compute = _need("pyarrow.compute", "an Arrow table")
    if not hasattr(table, "column_names") or not hasattr(table, "num_rows"):
        table = pyarrow.table(table)
    if "credit" in table.column_names and "credits" in table.column_names:
        return _from_pandas(table.to_pandas(), where, credit)
    named = {}
    for name in table.column_names:
        column = table[name]
        if not _looked_at(name):
            named[name] = Coded([], array("i"))
            continue
        kind = column.type
        if pyarrow.types.is_list(kind) or pyarrow.types.is_large_list(kind):
            joined = compute.binary_join(column.cast(pyarrow.list_(pyarrow.string())), ";")
            column = compute.if_else(compute.equal(joined, ""), "-", joined)
        if not pyarrow.types.is_dictionary(column.type):
            column = column.dictionary_encode()
        whole = column.unify_dictionaries().combine_chunks()
        if isinstance(whole, pyarrow.ChunkedArray):
            whole = whole.chunk(0) if whole.num_chunks else pyarrow.array([], column.type)
        codes = whole.indices.cast(pyarrow.int32()).fill_null(-1).to_numpy(zero_copy_only=False)
        named[name] = Coded(whole.dictionary.to_pylist(), codes)
    ids = table["id"].to_pylist() if "id" in table.column_names else None
    return Columns(where, table.num_rows, named, ids, credit)


def columns_of(catalogue: Any, credit: str | None = None) -> Columns:
    """A catalogue as columns: a file, a data frame, an Arrow table, a Catalogue, or rows as dicts."""
    system = credit or ""
    if isinstance(catalogue, Columns):
        return catalogue
    if isinstance(catalogue, str) or hasattr(catalogue, "__fspath__"):
        return _from_file(catalogue, system)
    if type(catalogue).__name__ == "Catalogue" and hasattr(catalogue, "to_dict"):
        whole = catalogue.to_dict()
        return _from_rows(whole["offers"], "catalogue", system or whole.get("credit") or "")
    if hasattr(catalogue, "iloc") and hasattr(catalogue, "columns"):
        return _from_pandas(catalogue, "data frame", system)
    if type(catalogue).__module__.split(".")[0] == "qualgraph" and hasattr(catalogue, "column_names"):
        return _from_rows(iter(catalogue), "table", system)
    if hasattr(catalogue, "__arrow_c_stream__"):
        return _from_arrow(catalogue, "table", system)
    if hasattr(catalogue, "items"):
        raise UnitMismatch("one dict is one credential: use classify(), or a list of such dicts")
    if not hasattr(catalogue, "__iter__"):
        raise UnitMismatch(f"{catalogue!r} is no catalogue: give a file, a data frame, an Arrow table or rows as dicts")
    return _from_rows(catalogue, "catalogue", system)


def _from_file(path: str | os.PathLike[str], credit: str) -> Columns:
    from os import fspath

    name = fspath(path)
    kind = name.lower().rpartition(".")[2]
    if kind in ("csv", "tsv"):
        return _from_text(name, credit)
    if kind == "xlsx":
        from ..table import _need

        book = _need("openpyxl", "reading a workbook").load_workbook(name, read_only=True, data_only=True)
        try:
            return _from_lines((list(row) for row in book.worksheets[0].iter_rows(values_only=True)), name, credit)
        finally:
            book.close()
    if kind == "parquet":
        from ..table import _need

        return _from_arrow(_need("pyarrow.parquet", "reading Parquet").read_table(name), name, credit)
    if kind == "json":
        from ..stacking import Catalogue

        whole = Catalogue.read(name).to_dict()
        return _from_rows(whole["offers"], name, credit or whole.get("credit") or "")
    raise InvalidValue(f'"{name}" is no catalogue: its name must end in .csv, .tsv, .xlsx, .parquet or .json')
