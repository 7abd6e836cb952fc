"""A whole catalogue under every definition."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .. import _core
from ..answers import TabularResult
from ..errors import FactError, InvalidValue, UnknownId
from ..facts import Source
from ..table import Table
from .columns import Columns
from .credential import size_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from fractions import Fraction

    from ..plot import Chart
    from ..world import World
    from .classification import Classification

__all__ = ["Sweep", "TableClassification", "sweep_rows"]

_WORDS = ("violated", "unknown", "satisfied")


def check_sweep(unit: str, start: int, stop: int) -> None:
    """Refuse a sweep of no unit, or that runs from or to no whole number, or downwards."""
    size_text(f"1 {unit}" if isinstance(unit, str) else unit, "unit")
    for name, value in (("start", start), ("stop", stop)):
        if isinstance(value, bool) or not isinstance(value, int):
            raise InvalidValue(f"{name}={value!r} is no whole number")
    if not 0 <= start <= stop:
        raise InvalidValue(f"a sweep runs upwards from zero or more; {start} to {stop} does not")


def sweep_rows(steps: Sequence[tuple[Fraction | int, tuple[int, ...]]], start: int, stop: int, title: str) -> Table:
    """Counts from each breakpoint between two amounts on."""
    from fractions import Fraction

    rows: list[tuple[Fraction, tuple[int, ...]]] = []
    for at, counts in steps:
        if at <= start:
            rows = [(Fraction(start), counts)]
        elif at <= stop and counts != rows[-1][1]:
            rows.append((Fraction(at), counts))
    return Table(
        {
            "from_": [at for at, _ in rows],
            "satisfied": [counts[0] for _, counts in rows],
            "violated": [counts[1] for _, counts in rows],
            "unknown": [counts[2] for _, counts in rows],
        },
        title=title,
    )


class Sweep:
    """How the counts of every definition move as "small" grows; exact, with every breakpoint.

    ``sweep[id]`` is a table of ``from_``, ``satisfied``, ``violated``, ``unknown``: the counts hold
    from this amount up to the next. Iteration goes over the definitions that "small" moves.

    Attributes
    ----------
    unit : str
    start, stop : int
    """

    def __init__(self, rows: list[Any], unit: str, start: int, stop: int) -> None:
        self.unit, self.start, self.stop = unit, start, stop
        self._rows = {id: list(zip(at, map(tuple, counts), strict=True)) for id, at, counts in rows}

    def __getitem__(self, id: str) -> Table:
        if id not in self._rows:
            raise UnknownId(f'no definition "{id}".{_core.did_you_mean(str(id), list(self._rows))}')
        return sweep_rows(self._rows[id], self.start, self.stop, f'{id} as "small" grows, in {self.unit}')

    def __iter__(self) -> Iterator[str]:
        return (id for id, rows in self._rows.items() if len(rows) > 1)

    @property
    def table(self) -> Table:
        """The tables of all definitions that "small" moves, below each other."""
        names = ("definition", "from_", "satisfied", "violated", "unknown")
        columns: dict[str, list[Any]] = {name: [] for name in names}
        for id in self:
            for row in self[id]:
                columns["definition"].append(id)
                for name, value in row.items():
                    columns[name].append(value)
        return Table(columns, title=f'Counts as "small" grows from {self.start} to {self.stop} {self.unit}')

    def __repr__(self) -> str:
        return f"<Sweep {self.start} to {self.stop} {self.unit}: {len(list(self))} definitions move>"

    def _repr_html_(self) -> str:
        from ..display import answer_box, html_table

        table = self.table
        body = html_table({name: table.column(name) for name in table.column_names})
        return answer_box(table.title, body, "Counts hold from each amount up to the next.")


class TableClassification(TabularResult):
    """A catalogue under every definition; made by :meth:`qualgraph.World.classify_table`.

    ``t[id]`` are the verdicts of one credential, ``t.classification(id)`` the same with clauses and
    reasons.

    Attributes
    ----------
    definitions : tuple of str
    ids : list
        Names of the credentials; their row numbers, from 1, where the catalogue names none.
    ignored : list of str
        Columns of the catalogue that definitions do not look at.
    """

    _legal = (
        "Each verdict is a reading of one published definition, not recognition of a credential; "
        "that decision rests with the competent authority."
    )

    def __init__(self, world: World, columns: Columns, parameters: dict[str, str]) -> None:
        self._bind(world)
        self._columns = columns
        self._parameters = dict(parameters)
        try:
            self._c = _core.classify_table(world._c, columns.core(), columns.rows, self._parameters)
        except FactError as error:
            raise columns.explain(error) from None
        self.definitions: tuple[str, ...] = tuple(self._c.definitions)
        self.ignored = list(columns.ignored)
        self._at: dict[Any, int] | None = None

    # ---- rows

    @property
    def ids(self) -> list[Any]:
        """Names of the credentials."""
        named = self._columns.ids
        rows = range(1, self._columns.rows + 1)
        return list(rows) if named is None else [row if id is None else id for id, row in zip(named, rows, strict=True)]

    def __len__(self) -> int:
        return self._columns.rows

    def _row(self, id: Any) -> int:
        if self._at is None:
            first: dict[Any, int] = {}
            for number, name in enumerate(self.ids):
                first.setdefault(name, number)
            self._at = first
        row = self._at.get(id)
        if row is None:
            near = _core.did_you_mean(str(id), [str(name) for name in list(self._at)[:10_000]])
            raise UnknownId(f'no credential "{id}" in the catalogue.{near}')
        return row

    def _position(self, definition: str) -> int:
        if definition not in self.definitions:
            near = _core.did_you_mean(str(definition), list(self.definitions))
            raise UnknownId(f'no definition "{definition}".{near}')
        return self.definitions.index(definition)

    def __getitem__(self, id: Any) -> dict[str, str]:
        row = self._row(id)
        return {name: _WORDS[self._c.verdict(at, row)] for at, name in enumerate(self.definitions)}

    def classification(self, id: Any) -> Classification:
        """One credential of the catalogue with clauses, reasons, questions and edits."""
        from .classification import Classification
        from .credential import credential_of

        record = self._columns.record(self._row(id))
        return Classification(self._world, credential_of(record, self._columns.credit), self._parameters)

    def column(self, definition: str, *, with_exceptions: bool = False) -> list[str]:
        """Verdicts of one definition, a word for each credential."""
        return [_WORDS[one] for one in self._c.column(self._position(definition), with_exceptions)]

    def kind_column(self, kind: str) -> list[str]:
        """Verdicts of one class, such as ``"oecd-2020/digital-badge"``."""
        if kind not in self._c.classes:
            raise UnknownId(f'no class "{kind}".{_core.did_you_mean(str(kind), self._c.classes)}')
        return [_WORDS[one] for one in self._c.class_column(self._c.classes.index(kind))]

    # ---- figures

    @property
    def small(self) -> str | None:
        """What "small" was taken to mean."""
        return self._parameters.get("small")

    @property
    def counts(self) -> Table:
        """How many credentials each definition takes in: by the letter, and with exceptions."""
        plain, excepted = self._c.counts(False), self._c.counts(True)
        return Table(
            {
                "definition": list(self.definitions),
                "satisfied": [each[0] for each in plain],
                "violated": [each[1] for each in plain],
                "unknown": [each[2] for each in plain],
                "satisfied_with_exceptions": [each[0] for each in excepted],
            },
            key="definition",
            title=f"{len(self)} credentials under {len(self.definitions)} definitions",
        )

    @property
    def overlaps(self) -> Table:
        """How many credentials two definitions both take in: ``a``, ``b``, ``both``, ``a_only``, ``b_only``."""
        matrix, size = self._c.together(), len(self.definitions)
        columns: dict[str, list[Any]] = {name: [] for name in ("a", "b", "both", "a_only", "b_only")}
        for i in range(size):
            for j in range(i + 1, size):
                both = matrix[i * size + j]
                row = (self.definitions[i], self.definitions[j], both)
                row += (matrix[i * size + i] - both, matrix[j * size + j] - both)  # type: ignore[assignment]
                for name, value in zip(columns, row, strict=True):
                    columns[name].append(value)
        return Table(columns, title="Credentials that two definitions both take in")

    def intersections(self, definitions: Iterable[str] | None = None) -> Table:
        """Credentials by exactly which definitions they satisfy, most first: ``definitions``, ``credentials``.

        Parameters
        ----------
        definitions : list of str, optional
            Definitions to look at; default all.

        Examples
        --------
        >>> import qualgraph as qg
        >>> offers = [{"hours": 1, "assessed": True, "relation": ["component"]}, {"hours": 1, "assessed": False}]
        >>> t = qg.load().classify_table(offers)
        >>> for row in t.intersections(["au-2021", "cican", "mqa"]):
        ...     print(row)
        {'definitions': [], 'credentials': 1}
        {'definitions': ['au-2021', 'cican'], 'credentials': 1}
        """
        named = self.definitions if definitions is None else list(definitions)
        rows = self._c.intersections([self._position(each) for each in named])
        return Table(
            {
                "definitions": [[self.definitions[at] for at in held] for held, _ in rows],
                "credentials": [number for _, number in rows],
            },
            title="Credentials by the definitions they satisfy",
        )

    def sweep(self, unit: str = "ects", start: int = 1, stop: int = 60) -> Sweep:
        """How the counts move as "small" grows, with every breakpoint.

        Parameters
        ----------
        unit : str
            Hours, or a credit system.
        start, stop : int
            Amounts of the unit from and up to which it grows.

        Examples
        --------
        >>> import qualgraph as qg
        >>> offers = [{"credits": f"{size} nz-credit", "assessed": True, "quality_assured": True, "focused": True}
        ...           for size in (5, 20)]
        >>> print(qg.load().classify_table(offers).sweep("nz-credit")["acqf-2024"])
        acqf-2024 as "small" grows, in nz-credit
        from_  satisfied  violated  unknown
        1      0          2         0
        5      1          1         0
        20     2          0         0
        """
        check_sweep(unit, start, stop)
        rows = _core.classify_sweep(self._world._c, self._columns.core(), self._columns.rows, "small", unit, {})
        return Sweep(rows, unit, start, stop)

    def plot(self, definitions: Iterable[str] | None = None, most: int = 24) -> Chart:
        """Draw what several definitions take in together; default the twelve that take in most."""
        from .. import plot

        return plot.overlaps(self, definitions, most)

    # ---- ways out

    @property
    def table(self) -> Table:
        """One row for each credential, one column for each definition."""
        columns: dict[str, list[Any]] = {"id": self.ids}
        for name in self.definitions:
            columns[name] = self.column(name)
        return Table(columns, key="id", title="Verdicts")

    def to_arrow(self) -> Any:
        """Hand the verdicts over as a pyarrow table of dictionary columns, without a loop over rows."""
        from ..table import _need

        pyarrow = _need("pyarrow", "to_arrow()")
        words = pyarrow.array(_WORDS)
        columns = {"id": pyarrow.array([str(id) for id in self.ids])}
        for at, name in enumerate(self.definitions):
            verdicts = pyarrow.py_buffer(self._c.column(at, False))
            codes = pyarrow.Array.from_buffers(pyarrow.int8(), len(self), [None, verdicts])
            columns[name] = pyarrow.DictionaryArray.from_arrays(codes, words)
        return pyarrow.table(columns)

    def to_pandas(self) -> Any:
        """Hand the verdicts over as a pandas data frame of categories, ids as its index."""
        from ..table import _need

        pandas, numpy = _need("pandas", "to_pandas()"), _need("numpy", "to_pandas()")
        columns = {
            name: pandas.Categorical.from_codes(numpy.frombuffer(self._c.column(at, False), dtype="int8"), list(_WORDS))
            for at, name in enumerate(self.definitions)
        }
        return pandas.DataFrame(columns, index=pandas.Index(self.ids, name="id"))

    @property
    def sources(self) -> list[Source]:
        """Texts of the definitions, each once."""
        seen: dict[Source, None] = {}
        for id in self.definitions:
            for source in self._world.definitions[id].sources:
                seen.setdefault(source)
        return list(seen)

    def _sentence(self) -> str:
        from ..display import count, listing

        rows = sorted(self.counts, key=lambda row: (-row["satisfied"], row["definition"]))
        shown = [f"{row['definition']} {row['satisfied']:,}" for row in rows if row["satisfied"]]
        said = f"{count(len(self), 'credential')} under {count(len(self.definitions), 'definition')}"
        if not shown:
            return f"{said}: no definition is satisfied by what is stated."
        more = [f"{len(shown) - 8} more definitions fewer"] if len(shown) > 8 else []
        return f"{said}; satisfied: {listing(shown[:8] + more)}."

    def _payload(self) -> dict[str, Any]:
        return {
            "credentials": len(self),
            "definitions": list(self.definitions),
            "small": self.small,
            "counts": list(self.counts),
            "intersections": list(self.intersections()),
            "ignored": self.ignored,
        }

    def __repr__(self) -> str:
        return f"<TableClassification: {len(self):,} credentials, {len(self.definitions)} definitions>"

    def _html_body(self) -> str:
        from ..display import html_table

        counts = self.counts
        return html_table({name: counts.column(name) for name in counts.column_names})
