"""What a learner holds: credentials, awards, answered requirements, dates and decisions."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from .. import _core
from ..display import count
from ..facts import as_text
from .given import listed, parsed, plain, read_text
from .known import check_names, named_in

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Mapping

    from ..world import World

__all__ = ["Record"]


class Record:
    """One learner's record.

    Parameters
    ----------
    items : iterable of mapping
        One mapping per credential: ``id``, ``credits`` (``12``, ``"15/2"``, ``"30 ects"``),
        ``level`` (``"nz-nzqcf:5"``), ``origin``, ``provider``, ``date``, ``grade``, ``tags`` ...
        What is not given is not known; an empty list says "known to be none".
    **more
        Keys of the record itself: ``id``, ``as_of``, ``credit``, ``awards``, ``requirements``,
        ``dates``, ``parameters``, ``decisions``.

    Raises
    ------
    FactError
        With every fault: where it is, what was found, what is expected.

    Examples
    --------
    >>> record = Record([{"id": "mc-1", "credits": 5, "level": "nz-nzqcf:5"}], credit="nz-credit")
    >>> len(record)
    1
    """

    __slots__ = ("_c", "_cells", "_file", "_json", "_named")
    #: Credit systems and frameworks named, each with the places that name it.
    _named: dict[tuple[str, str], list[str]] | None
    #: Cells of the table it was read from, by pointer.
    _cells: Mapping[str, str]

    def __init__(self, items: Iterable[Mapping[str, Any]], **more: Any) -> None:
        given = listed(items, "items", "record", "qg.Record.from_table(table)")
        whole = plain({"language": 1, **more, "items": given}, "record", "record")
        if "id" in whole:
            whole["record"] = whole.pop("id")
        self._set(json.dumps(whole, ensure_ascii=False), "record")
        self._named = named_in(whole)

    def _set(self, text: str, file: str, core: Any = None, cells: Mapping[str, str] | None = None) -> None:
        self._json = text
        self._file = file
        self._cells = cells or {}
        self._named = None
        self._c = parsed(_core.LearnerRecord.parse, text, file, "record") if core is None else core

    @classmethod
    def from_text(cls, text: str, file: str = "record") -> Record:
        """A record from JSON text."""
        self = cls.__new__(cls)
        self._set(as_text(text, "record"), file)
        return self

    @classmethod
    def from_json(cls, path: str | os.PathLike[str]) -> Record:
        """A record from a JSON file.

        Raises
        ------
        FactError
            For a file that holds no record.
        OSError
            For a file that cannot be read.
        """
        return cls.from_text(read_text(path, "record"), str(path))

    @classmethod
    def read(cls, path: str | os.PathLike[str], *, world: World | None = None, **more: Any) -> Record:
        """A record from a file: ``.json``, or a table as ``.csv``, ``.tsv`` or ``.xlsx``.

        Parameters
        ----------
        path : path
        world : World, optional
            Credit systems and frameworks are held against its facts at once; without it, when the
            record is first audited.
        **more
            Keys of the record itself; of a table only.

        Raises
        ------
        InvalidValue
            For another kind of file.
        FactError
            With the cell of every fault.
        """
        from pathlib import Path

        if Path(path).suffix.lower() == ".json":
            return cls.from_json(path)._in(world)
        from .flat import read_sheet

        return cls.from_table(read_sheet(path), file=str(path), world=world, **more)

    @classmethod
    def from_table(cls, table: Any, file: str = "table", *, world: World | None = None, **more: Any) -> Record:
        """A record from a table: a data frame, an Arrow table, or rows as mappings.

        Lists are joined with ``;``; an empty cell is unknown, ``-`` is known to be none. Columns that
        the record language does not know are kept as ``x-`` fields. With a ``world``, credit systems
        and frameworks are held against its facts at once; without, when the record is first audited.

        Raises
        ------
        FactError
            With the cell of every fault (``B7``; headings stand in row 1): what was found, what is
            expected, the nearest name.
        InvalidValue
            For a table with several learners.

        Examples
        --------
        >>> rows = [{"id": "a", "credits": 7.5, "tags": "core;digital"}, {"id": "b", "credits": "30 ects"}]
        >>> Record.from_table(rows).items[0]
        {'id': 'a', 'credits': '15/2', 'tags': ['core', 'digital']}
        """
        from .flat import record_of

        self = cls.__new__(cls)
        self._set(*record_of(table, file, more))
        return self._in(world)

    @classmethod
    def many_from_table(
        cls, table: Any, file: str = "table", *, world: World | None = None, **more: Any
    ) -> dict[str, Record]:
        """Records of many learners from one table, by their ``learner_id``.

        Raises
        ------
        FactError
            With the cell of every fault.
        InvalidValue
            For a table without the column ``learner_id``.

        Examples
        --------
        >>> rows = [{"learner_id": n, "id": "a", "credits": 5} for n in ("x", "y")]
        >>> Record.many_from_table(rows)
        {'x': <Record: 1 item>, 'y': <Record: 1 item>}
        """
        from pathlib import Path

        from .flat import many_of, read_sheet

        source = read_sheet(table) if isinstance(table, (str, Path)) else table
        records = {}
        for learner, *read in many_of(source, file, more):
            one = cls.__new__(cls)
            one._set(*read)
            records[learner] = one._in(world)
        return records

    @classmethod
    def _of(cls, whole: Mapping[str, Any]) -> Record:
        return cls.from_text(json.dumps(whole, ensure_ascii=False))

    def _names(self) -> dict[tuple[str, str], list[str]]:
        """Credit systems and frameworks named, each with the pointers that name it."""
        if self._named is None:
            self._named = named_in(self.to_dict())
        return self._named

    def _cell(self, pointer: str) -> str:
        """Where a value stands: its cell in the table the record was read from, or its pointer."""
        found = self._cells.get(pointer)
        if found is None and pointer.endswith("/credits"):
            found = self._cells.get(pointer.removesuffix("s"))
        return found or pointer

    def _in(self, world: World | None) -> Record:
        if world is not None:
            check_names(world, self)
        return self

    @property
    def hash(self) -> str:
        """SHA-256 of the record's content; spaces and the order of keys have no part in it."""
        from hashlib import sha256

        text = json.dumps(self.to_dict(), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return sha256(text.encode()).hexdigest()

    def to_json(self) -> str:
        """The record as JSON text."""
        return self._json

    def to_dict(self) -> dict[str, Any]:
        """The record as plain values."""
        loaded: dict[str, Any] = json.loads(self._json)
        return loaded

    @property
    def items(self) -> list[dict[str, Any]]:
        """The items, as plain values."""
        found: list[dict[str, Any]] = self.to_dict()["items"]
        return found

    def __len__(self) -> int:
        return len(self._c)

    def __reduce__(self) -> tuple[Any, ...]:
        return (Record.from_text, (self._json,))

    def __repr__(self) -> str:
        name = self.to_dict().get("record")
        return f"<Record{' ' + str(name) if name else ''}: {count(len(self), 'item')}>"
