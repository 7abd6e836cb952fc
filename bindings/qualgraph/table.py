"""Tables of results: columns in memory, handed to pandas, Arrow, Excel or a file when asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import _core
from .errors import Error, InvalidValue, UnknownId
from .facts import as_text

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator, Mapping, Sequence

__all__ = ["Table"]


class Table:
    """Rows with named columns.

    Parameters
    ----------
    columns : mapping of str to sequence
        Columns of one length. A cell is text, a whole number, a bool, a Fraction or Range, a list
        of texts, or None where nothing is stated.
    key : str, optional
        Column that names a row; ``table[id]`` looks it up.
    title, caption : str, optional
        Shown above and below.

    Raises
    ------
    InvalidValue
        If the columns differ in length or ``key`` is not among them.

    Examples
    --------
    >>> import qualgraph as qg
    >>> table = qg.Table({"level": ["1", "2"], "counterparts": [["2"], []]}, key="level")
    >>> len(table), table["1"]
    (2, {'level': '1', 'counterparts': ['2']})
    >>> print(table)
    level  counterparts
    1      2
    2
    """

    __slots__ = ("_columns", "_length", "_rows_by_key", "caption", "key", "title")

    def __init__(
        self,
        columns: Mapping[str, Sequence[Any]],
        key: str | None = None,
        title: str = "",
        caption: str = "",
    ) -> None:
        self._columns = {str(name): list(cells) for name, cells in columns.items()}
        lengths = {len(cells) for cells in self._columns.values()}
        if len(lengths) > 1:
            raise InvalidValue(f"columns of a table have one length; these have {sorted(lengths)}")
        if key is not None and key not in self._columns:
            raise InvalidValue(f'the key column "{key}" is not among the columns {list(self._columns)}')
        self._length = lengths.pop() if lengths else 0
        self._rows_by_key: dict[Any, int] | None = None
        self.key = key
        self.title = title
        self.caption = caption

    @property
    def column_names(self) -> list[str]:
        """Names of the columns, in order."""
        return list(self._columns)

    def column(self, name: str) -> list[Any]:
        """Cells of one column.

        Raises
        ------
        UnknownId
            If there is no such column; the message lists those there are.
        """
        if name not in self._columns:
            raise UnknownId(f'no column "{name}"; the columns are {", ".join(self._columns)}')
        return list(self._columns[name])

    def _row(self, index: int) -> dict[str, Any]:
        return {name: cells[index] for name, cells in self._columns.items()}

    def __len__(self) -> int:
        return self._length

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return map(self._row, range(self._length))

    def __getitem__(self, id: Any) -> dict[str, Any]:
        """The row that the key column names so; without a key column, the row at this position."""
        if self.key is None:
            if not isinstance(id, int):
                raise UnknownId(f"rows of this table have no names; ask by position, 0 to {self._length - 1}")
            try:
                return self._row(id)
            except IndexError:
                from .display import count

                raise UnknownId(f"no row {id}; the table has {count(self._length, 'row')}") from None
        if self._rows_by_key is None:
            first: dict[Any, int] = {}
            for index, name in enumerate(self._columns[self.key]):
                first.setdefault(name, index)
            self._rows_by_key = first
        row = self._rows_by_key.get(id)
        if row is None:
            near = _core.did_you_mean(as_text(str(id), "row"), [str(name) for name in self._rows_by_key])
            raise UnknownId(f'no row with {self.key} "{id}".{near}')
        return self._row(row)

    def to_dict(self) -> dict[str, list[Any]]:
        """Columns as JSON holds them."""
        from .display import exact_json

        return {name: exact_json(cells) for name, cells in self._columns.items()}

    def to_pandas(self) -> Any:
        """Columns as a pandas data frame.

        Whole numbers with gaps become ``Int64``, so that nothing turns into a float; fractions stay
        exact objects.

        Examples
        --------
        >>> import qualgraph as qg
        >>> qg.Table({"credits": [60, None]}).to_pandas()["credits"].dtype
        Int64Dtype()
        """
        pandas = _need("pandas", "to_pandas()")
        series = {}
        for name, cells in self._columns.items():
            kind = _kind(cells)
            if kind == "int":
                series[name] = pandas.array(cells, dtype="Int64")
            elif kind == "bool":
                series[name] = pandas.array(cells, dtype="boolean")
            else:
                # Text takes the type of the reader's pandas; anything else stays as it is.
                series[name] = pandas.Series(cells, dtype=None if kind == "str" and cells else "object")
        return pandas.DataFrame(series)

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> Any:
        """Columns as an Arrow stream of text, 64-bit integers and bools.

        Fractions, ranges and lists leave as text, exactly. ``requested_schema`` is a wish that the
        protocol allows to decline.
        """
        from .display import cell_text

        arrow = {"int": "integer", "bool": "boolean"}
        kinds = [arrow.get(_kind(cells), "text") for cells in self._columns.values()]
        columns: list[list[Any]] = [
            [None if cell is None else cell_text(cell) for cell in cells] if kind == "text" else cells
            for kind, cells in zip(kinds, self._columns.values(), strict=True)
        ]
        return _core.arrow_stream(list(self._columns), kinds, columns)

    def to_arrow(self) -> Any:
        """Columns as a pyarrow table.

        Examples
        --------
        >>> import qualgraph as qg
        >>> qg.Table({"level": ["1", "2"], "rank": [1, 2]}).to_arrow().column_names
        ['level', 'rank']
        """
        return _need("pyarrow", "to_arrow()").table(self)

    def to_csv(self, path: str | os.PathLike[str] | None = None) -> str | None:
        r"""Columns as comma-separated text, written to ``path`` or returned.

        UTF-8 with a byte-order mark in the file, which spreadsheet programs need to see accents.

        Examples
        --------
        >>> import qualgraph as qg
        >>> qg.Table({"level": ["1"], "to": [["2", "3"]]}).to_csv()
        'level,to\n1,"2, 3"\n'
        """
        import csv
        import io

        from .display import cell_text

        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(self._columns)
        for row in self:
            writer.writerow([cell_text(cell) for cell in row.values()])
        if path is None:
            return text.getvalue()
        with open(path, "w", encoding="utf-8-sig", newline="") as file:
            file.write(text.getvalue())
        return None

    def to_excel(self, path: str | os.PathLike[str]) -> None:
        """Columns as an Excel workbook with one sheet, title and caption included.

        Control characters, which a workbook cannot hold, become the replacement character.

        Raises
        ------
        Error
            If the package openpyxl is missing; the message says how to install it.
        """
        openpyxl = _need("openpyxl", "to_excel()")
        from openpyxl.styles import Alignment, Font  # type: ignore[import-untyped, unused-ignore]

        from .display import cell_text

        book = openpyxl.Workbook()
        sheet = book.active
        sheet.title = "Qualgraph"
        at = 1

        def write(row: int, column: int, value: Any) -> Any:
            cell = sheet.cell(row=row, column=column)
            if isinstance(value, int) and not isinstance(value, bool):
                cell.value = value
            else:
                # As text: a cell that begins with "=" must never be taken for a formula.
                cell.value = _for_excel(cell_text(value))
                cell.data_type = "s"
            cell.alignment = Alignment(vertical="top", wrap_text=True)
            return cell

        if self.title:
            write(at, 1, self.title).font = Font(bold=True, size=13)
            sheet.cell(row=at, column=1).alignment = Alignment(wrap_text=False)
            at += 2
        for number, name in enumerate(self._columns, 1):
            write(at, number, name).font = Font(bold=True)
        sheet.freeze_panes = sheet.cell(row=at + 1, column=1)
        for row in self:
            at += 1
            for number, value in enumerate(row.values(), 1):
                if value is not None:
                    write(at, number, value)
        for number, (name, cells) in enumerate(self._columns.items(), 1):
            longest = max([len(name), *(len(cell_text(cell)) for cell in cells)])
            sheet.column_dimensions[openpyxl.utils.get_column_letter(number)].width = min(60, longest + 2)
        if self.caption:
            write(at + 2, 1, self.caption).alignment = Alignment(wrap_text=False)
        book.save(path)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Table):
            return NotImplemented
        return self._columns == other._columns and self.key == other.key

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        named = f" {self.title}:" if self.title else ""
        from .display import agree

        rows, columns = self._length, len(self._columns)
        size = f"{rows} {agree(rows, 'row', 'rows')} x {columns} {agree(columns, 'column', 'columns')}"
        return f"<Table{named} {size}>"

    def __str__(self) -> str:
        from .display import aligned

        parts = [self.title, aligned(self._columns), self.caption]
        return "\n".join(part for part in parts if part)

    def _repr_html_(self) -> str:
        from .display import html_table

        return html_table(self._columns, title=self.title, caption=self.caption)


def _for_excel(text: str) -> str:
    """Text that a workbook can hold: XML knows no control characters, a cell no more than 32767 letters."""
    if not text.isprintable():
        # Line ends and tabs are no printable characters either, and stay.
        text = "".join(c if c.isprintable() or _in_xml(ord(c)) else "\ufffd" for c in text)
    return text if len(text) <= 32767 else text[:32764] + "..."


def _in_xml(code: int) -> bool:
    """Whether XML 1.0 allows the character (section 2.2)."""
    return code in (9, 10, 13) or 0x20 <= code <= 0xD7FF or 0xE000 <= code <= 0xFFFD or code >= 0x10000


def _kind(cells: list[Any]) -> str:
    """int, bool, str or list where every stated cell is one; else other."""
    kinds = {"bool" if isinstance(c, bool) else type(c).__name__ for c in cells if c is not None}
    if not kinds or all(isinstance(cell, str) for cell in cells if cell is not None):
        return "str"
    if kinds == {"int"}:
        return "int" if all(-(2**63) <= c < 2**63 for c in cells if c is not None) else "other"
    if kinds == {"bool"}:
        return "bool"
    return "list" if kinds <= {"list", "tuple"} else "other"


def _need(package: str, what: str) -> Any:
    from importlib import import_module

    try:
        return import_module(package)
    except ImportError:
        raise Error(f"{what} needs the package {package}; install it with: pip install {package}") from None
