"""Graded evidence: what share of a stated population of one level is placed at another.

Shares are counts of something that was counted, exactly, and never confidences. Chaining two tables
over a hub gives the true shares only under an assumption, which the product names; without it, only
bounds hold.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import _core
from .credits import exact
from .errors import InvalidValue, UnknownId
from .facts import Range

if TYPE_CHECKING:
    from fractions import Fraction

    from .table import Table

__all__ = ["GradedBounds", "GradedTable", "graded"]


class _Graded:
    """What tables of shares and of bounds have in common."""

    __slots__ = ("_c", "_rows")
    _c: Any

    def __init__(self, core: Any) -> None:
        self._c = core
        self._rows: list[list[Any]] | None = None

    @property
    def population(self) -> str:
        """Who or what was counted."""
        return str(self._c.population)

    @property
    def from_(self) -> str:
        """Framework the table starts from."""
        return str(self._c.from_)

    @property
    def to(self) -> str:
        """Framework the table leads to."""
        return str(self._c.to)

    @property
    def from_levels(self) -> list[str]:
        """Codes of the rows."""
        return list(self._c.from_levels)

    @property
    def to_levels(self) -> list[str]:
        """Codes of the columns, the unmatched column left out."""
        return list(self._c.to_levels)

    def _cell(self, from_: str, to: str | None) -> Any:
        rows, columns = self.from_levels, self.to_levels
        if from_ not in rows:
            raise UnknownId(
                f'nothing was counted at level "{from_}"; the levels counted are {", ".join(rows)}'
            )
        if to is not None and to not in columns:
            raise UnknownId(f'no column "{to}"; the columns are {", ".join(columns)}')
        if self._rows is None:
            self._rows = self._c.shares
        return self._rows[rows.index(from_)][len(columns) if to is None else columns.index(to)]

    def share(self, from_: str, to: str) -> Any:
        """Share of one level placed at another."""
        return self._cell(str(from_), str(to))

    def unmatched(self, from_: str) -> Any:
        """Share of a level placed nowhere."""
        return self._cell(str(from_), None)

    @property
    def table(self) -> Table:
        """One row per level, one column per target level, the unmatched share last."""
        from .table import Table

        columns: dict[str, list[Any]] = {"level": self.from_levels}
        columns |= {code: [self.share(level, code) for level in self.from_levels] for code in self.to_levels}
        columns["unmatched"] = [self.unmatched(level) for level in self.from_levels]
        return Table(columns, key="level", title=f"{self.from_} at {self.to}: {self.population}")

    def to_dict(self) -> dict[str, Any]:
        """The table as JSON."""
        from .display import exact_json

        return {
            "population": self.population,
            "from": self.from_,
            "to": self.to,
            "shares": {
                level: {code: exact_json(self.share(level, code)) for code in self.to_levels}
                | {"unmatched": exact_json(self.unmatched(level))}
                for level in self.from_levels
            },
        }

    def __copy__(self) -> Any:
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> Any:
        return self

    def __str__(self) -> str:
        return str(self.table)

    def __repr__(self) -> str:
        size = f"{len(self.from_levels)} x {len(self.to_levels)} levels"
        return f"<{type(self).__name__} {self.from_} at {self.to}: {size}, {self.population}>"

    def _repr_html_(self) -> str:
        return self.table._repr_html_()


class GradedTable(_Graded):
    """Exact shares of a stated population; every row with its unmatched share sums to 1.

    Attributes
    ----------
    population, from_, to : str
    from_levels, to_levels : list of str
    support : list of (str, str)
        Pairs with a share above 0.
    assumptions : list of str
        What has to be true for the shares to be the true ones; empty for counts.
    """

    __slots__ = ()
    _c: _core.GradedTable

    def share(self, from_: str, to: str) -> Fraction:
        """Share of one level placed at another."""
        value: Fraction = self._cell(str(from_), str(to))
        return value

    def unmatched(self, from_: str) -> Fraction:
        """Share of a level placed nowhere."""
        value: Fraction = self._cell(str(from_), None)
        return value

    @property
    def support(self) -> list[tuple[str, str]]:
        """Pairs with a share above 0."""
        return self._c.support

    @property
    def assumptions(self) -> list[str]:
        """What has to be true for the shares to be the true ones."""
        return self._c.assumptions

    def then(self, other: GradedTable) -> GradedTable:
        """Shares over the framework at which two tables meet.

        Returns
        -------
        GradedTable
            Its ``assumptions`` say that placement behind the hub must not depend on origin.

        Raises
        ------
        InvalidValue
            If the tables do not meet.

        Examples
        --------
        >>> import qualgraph as qg
        >>> ab = qg.graded("degrees of 2020", "a", "hub", {"1": {"h": 40}, "2": {"h": 60}})
        >>> bc = qg.graded("degrees of 2020", "hub", "c", {"h": {"x": 50, "y": 50}})
        >>> ab.then(bc).share("1", "x"), ab.then(bc).assumptions
        (Fraction(1, 2), ['assumes conditional independence'])
        """
        return GradedTable(_core.graded_product(self._c, other._c))

    def bounds(self, other: GradedTable) -> GradedBounds:
        """Least and greatest shares over the framework at which two tables meet, assuming nothing.

        Notes
        -----
        Fréchet bounds on each joint, summed over the hub's levels; both tables must count one
        population.

        Raises
        ------
        InvalidValue
            If a table has no counts, or the populations differ.

        Examples
        --------
        >>> import qualgraph as qg
        >>> ab = qg.graded("degrees of 2020", "a", "hub", {"1": {"h": 40}, "2": {"h": 60}})
        >>> bc = qg.graded("degrees of 2020", "hub", "c", {"h": {"x": 80, "y": 20}})
        >>> print(ab.bounds(bc).share("1", "x"))
        1/2–1
        """
        return GradedBounds(_core.graded_bounds(self._c, other._c))

    def __reduce__(self) -> Any:
        if self.assumptions:
            raise TypeError("a chained GradedTable does not pickle; pickle the tables it was chained from")
        cells, members = self._c.shares, self._c.members
        counted = all(size is not None for size in members)
        if counted:
            sized = zip(cells, members, strict=True)
            cells = [[cell * size for cell in row] for row, size in sized if size is not None]
        rows = [row[:-1] for row in cells], [row[-1] for row in cells]
        return _rebuilt, (counted, self.population, self.from_, self.from_levels, self.to, self.to_levels, *rows)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, GradedTable):
            return NotImplemented
        return bool(self._c == other._c)

    __hash__ = None  # type: ignore[assignment]


class GradedBounds(_Graded):
    """Least and greatest share that any joint over the population allows; cells are Ranges.

    Attributes
    ----------
    population, from_, to : str
    from_levels, to_levels : list of str

    Examples
    --------
    >>> import qualgraph as qg
    >>> ab = qg.graded("degrees of 2020", "a", "hub", {"1": {"h": 40}, "2": {"h": 60}})
    >>> bc = qg.graded("degrees of 2020", "hub", "c", {"h": {"x": 80, "y": 20}})
    >>> ab.bounds(bc)
    <GradedBounds a at c: 2 x 2 levels, degrees of 2020>
    """

    __slots__ = ()
    _c: _core.GradedBounds

    def __reduce__(self) -> Any:
        raise TypeError("GradedBounds do not pickle; pickle the two tables and ask for their bounds again")

    def share(self, from_: str, to: str) -> Range:
        """Bounds on the share of one level placed at another."""
        return Range(*self._cell(str(from_), str(to)))

    def unmatched(self, from_: str) -> Range:
        """Bounds on the share of a level placed nowhere."""
        return Range(*self._cell(str(from_), None))


def _rebuilt(counted: bool, *parts: Any) -> GradedTable:
    """A table from its pickle."""
    return GradedTable((_core.graded_from_counts if counted else _core.graded_from_shares)(*parts))


def graded(
    population: str,
    from_: str,
    to: str,
    counts: dict[str, dict[str | None, Any]],
    *,
    shares: bool = False,
    to_levels: list[str] | None = None,
) -> GradedTable:
    """Shares of a stated population, from counts or from published shares.

    Parameters
    ----------
    population : str
        Who or what was counted; needed, because a share without it means nothing.
    from_, to : str
        Names of the two frameworks; ``world.graded`` checks them against a world.
    counts : dict of str to dict
        Per level of ``from_``, how many are placed at each level of ``to``; the key None counts
        those placed nowhere. Exact: whole numbers, fractions or texts such as ``"1/3"``.
    shares : bool, optional
        Whether these are shares; every row has to sum to exactly 1.
    to_levels : list of str, optional
        Columns; by default every code met, in order of appearance.

    Returns
    -------
    GradedTable

    Raises
    ------
    InvalidValue
        Without a population, for a negative count, an empty row, and shares that do not sum to 1.
    UnitMismatch
        For floats.

    Examples
    --------
    >>> import qualgraph as qg
    >>> table = qg.graded("200 diplomas of 2020", "ie-nfq", "eqf", {"6": {"5": 150, "6": 30, None: 20}})
    >>> table.share("6", "5"), table.unmatched("6")
    (Fraction(3, 4), Fraction(1, 10))
    """
    if not isinstance(counts, dict) or not all(isinstance(row, dict) for row in counts.values()):
        raise InvalidValue('counts are given per level, such as {"6": {"5": 150, None: 20}}')
    codes = list(dict.fromkeys(str(code) for row in counts.values() for code in row if code is not None))
    columns = codes if to_levels is None else [str(code) for code in to_levels]
    for code in codes:
        if code not in columns:
            raise InvalidValue(f'level "{code}" is counted but not among to_levels')
    what = "a share" if shares else "a count"
    cells = [
        {None if c is None else str(c): exact(n, what) for c, n in row.items()} for row in counts.values()
    ]
    zero = exact(0)
    table = [[row.get(code, zero) for code in columns] for row in cells]
    build = _core.graded_from_shares if shares else _core.graded_from_counts
    rest = [row.get(None, zero) for row in cells]
    return GradedTable(build(population, from_, [str(level) for level in counts], to, columns, table, rest))
