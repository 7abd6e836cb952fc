"""Answers about levels: each is a value, its evidence and its limits.

Every class here derives from :class:`Result`: one line as ``repr``, a sentence as ``str``, HTML
with the answer first, ``to_dict()`` as JSON, ``sources``, ``cite()`` and ``statement()``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import _core
from .errors import UnknownId
from .facts import Source, Value, as_text, pending_text

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator, Sequence
    from fractions import Fraction

    from .cite import Citation
    from .table import Table
    from .world import World

__all__ = [
    "AwardAnswer",
    "Conflict",
    "ConflictReport",
    "Disagreement",
    "FrameworkAnswer",
    "LevelAnswer",
    "LevelBound",
    "LevelLoss",
    "LossAtlas",
    "Neighbour",
    "Provenance",
    "Reliance",
    "Result",
    "RoundTrip",
    "Route",
    "RouteStep",
    "Row",
]


class Result:
    """What every answer can do.

    A subclass calls ``_bind(world)`` and gives ``_sentence()``, ``_payload()`` (plain values for
    JSON) and ``_html_body()``; it sets ``_sources`` or overrides ``sources``.
    """

    _world: World
    _sources: Sequence[Any] = ()
    #: What the answer is in law, said in every statement.
    _legal = (
        "This is a comparison, not recognition of a qualification; "
        "that decision rests with the competent authority."
    )

    def _bind(self, world: World) -> None:
        self._world = world

    @property
    def world(self) -> World:
        """The world of facts that was asked."""
        return self._world

    @property
    def sources(self) -> list[Source]:
        """Documents the answer rests on, each with its evidence mark."""
        return [each if isinstance(each, Source) else Source.from_fact(each) for each in self._sources]

    @property
    def texts(self) -> list[Source]:
        """Texts in which those documents were read, where they are others."""
        return []

    def cite(self) -> Citation:
        """References to documents, texts, facts and engine.

        Returns
        -------
        Citation
            With ``.bibtex``, ``.csl`` (CSL-JSON items) and ``.text``.
        """
        from .cite import Citation

        return Citation([*self.sources, *self.texts], self._world.hash, _core.__version__)

    def statement(self) -> str:
        """A paragraph to quote: the answer, its legal status, its date, its facts and documents.

        Returns
        -------
        str
            It depends on nothing but the facts and the question: the same question gives the same
            words. The day of signing is for the writer to add.
        """
        return f"{self._sentence()} {self._legal} {self._rests()} {self._facts_line()}"

    def _rests(self) -> str:
        """What the answer rests on, as a statement says it."""
        from .display import listing, mark

        named = [
            f"{source.title} ({source.year or 'no year'}, {mark(source.evidence)})" for source in self.sources
        ]
        shown = named[:6] + ([f"{len(named) - 6} further documents"] if len(named) > 6 else [])
        return f"It rests on: {listing(shown)}." if shown else "No document answers."

    def to_dict(self) -> dict[str, Any]:
        """The answer as JSON, with stable keys.

        Returns
        -------
        dict
            ``result`` (kind), ``engine``, ``world`` (hash of the facts), ``as_of``, ``evidence``,
            ``text``, ``legal_status``, the answer's own keys and ``sources``. Fractions are
            ``"p/q"`` or whole numbers.
        """
        from .display import exact_json

        return {
            "result": type(self).__name__,
            "engine": _core.__version__,
            "world": self._world.hash,
            "as_of": self._world.as_of_text,
            "evidence": self._world.evidence,
            "text": self._sentence(),
            "legal_status": self._legal,
            **exact_json(self._payload()),
            "sources": [source.to_dict() for source in self.sources],
        }

    def _facts_line(self) -> str:
        day = self._world.as_of_text
        when = f"as of {day}" if day else "documents current in these facts"
        floor = ", only what was read in a source" if self._world.evidence == "read" else ""
        return f"Facts version {self._world.hash[:12]} ({when}{floor}), Qualgraph {_core.__version__}."

    def _sentence(self) -> str:
        return type(self).__name__

    def _payload(self) -> dict[str, Any]:
        return {}

    def _html_body(self) -> str:
        return ""

    def __str__(self) -> str:
        return self._sentence()

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {self._sentence()}>"

    def _repr_html_(self) -> str:
        from .display import answer_box, details, items

        sources = details(f"Sources ({len(self.sources)})", items(self.sources)) if self.sources else ""
        return answer_box(
            self._sentence(), self._html_body() + sources, f"{self._legal} {self._facts_line()}"
        )

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        assert isinstance(other, Result)
        return self.to_dict() == other.to_dict()

    def __hash__(self) -> int:
        return hash((type(self).__name__, self._sentence()))


class TabularResult(Result):
    """A result that is a table as well: ``.table``, and the table's ways out.

    A subclass sets ``_table``, or overrides ``table`` where it is made when asked for.
    """

    _table: Table

    @property
    def table(self) -> Table:
        """The result as rows and columns."""
        return self._table

    def to_pandas(self) -> Any:
        """Hand the table over as a pandas data frame."""
        return self.table.to_pandas()

    def to_arrow(self) -> Any:
        """Hand the table over as a pyarrow table."""
        return self.table.to_arrow()

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> Any:
        return self.table.__arrow_c_stream__(requested_schema)

    def to_csv(self, path: str | os.PathLike[str] | None = None) -> str | None:
        """Write the table as comma-separated text, or return it."""
        return self.table.to_csv(path)

    def to_excel(self, path: str | os.PathLike[str]) -> None:
        """Write the table as an Excel workbook."""
        self.table.to_excel(path)


def ask_again(world: World, verb: str, arguments: tuple[Any, ...], options: dict[str, Any]) -> Any:
    """An answer from its world and its question: answers pickle as the two."""
    return getattr(world, verb)(*arguments, **options)


# ---- one level


# How a question was put: via, slack, type, purpose, routes; empty for the defaults.
Asked = tuple[Any, ...]


def _options(asked: Asked) -> dict[str, Any]:
    return dict(zip(("via", "slack", "type", "purpose", "routes"), asked, strict=True)) if asked else {}


class Row(Value):
    """One row of a mapping; an empty ``to`` is its statement that there is no counterpart."""

    __slots__ = ("mapping", "from_", "to")
    mapping: str
    from_: str
    to: str

    def __str__(self) -> str:
        return f"{self.mapping}: {self.from_} - {self.to or 'no counterpart'}"


class RouteStep(Value):
    """One document of a route and what it did to the set of levels.

    Attributes
    ----------
    mapping, document : str
    from_, to : str
        Frameworks, in the direction of the route.
    converse : bool
        Whether the document was read from its target to its source.
    information_only : bool
        Whether it is a referencing read backwards: its authors judged the other direction.
    evidence : str
        ``"read"`` when every row used was read, else ``"known"``.
    arriving, leaving : tuple of str
        Level codes before and after the step.
    """

    __slots__ = (
        "mapping",
        "document",
        "from_",
        "to",
        "converse",
        "information_only",
        "evidence",
        "arriving",
        "leaving",
    )
    mapping: str
    document: str
    from_: str
    to: str
    converse: bool
    information_only: bool
    evidence: str
    arriving: tuple[str, ...]
    leaving: tuple[str, ...]

    def __str__(self) -> str:
        from .display import listing, mark

        read = ", read backwards" if self.converse else ""
        a, b = (listing(codes, "or") or "no level" for codes in (self.arriving, self.leaving))
        return f"{self.from_} {a} > {self.to} {b} by {self.mapping}{read} [{mark(self.evidence)}]"


class Route:
    """One chain of documents from the level asked to the framework asked.

    Attributes
    ----------
    path : list of str
        Frameworks, both ends included.
    mappings, documents : list of str
    possible : list of str
        Codes it gives, in rank order.
    complete : bool
        Whether it supports a guarantee.
    status : str
        ``"alive"``, ``"dead"`` (a document says that nothing stands opposite on the way),
        ``"silent"`` (nothing was seen about a level on the way), ``"peer"`` (through another
        national framework: listed, without guarantee), ``"not_admitted"`` or ``"unknown_edition"``.
    reason : str
        Why it is incomplete, dead, silent or left out.
    strength : str
        Class of its weakest document: adopted, joint or third-party.
    evidence : str
    independent : bool
        Whether it shares no document with, and is not derived from, an earlier route.
    admitted, converse, states_no_counterpart : bool
    steps : list of RouteStep

    Examples
    --------
    >>> import qualgraph as qg
    >>> route = qg.load().map_level("ie-nfq:8", to="nz-nzqcf", via="eqf").routes[0]
    >>> route
    <Route ie-nfq > eqf > nz-nzqcf: 7, alive>
    >>> [(step.arriving, step.leaving) for step in route.steps]
    [(('8',), ('6',)), (('6',), ('7',))]
    """

    __slots__ = ("_c",)

    def __init__(self, core: _core.RouteAnswer) -> None:
        self._c = core

    @property
    def path(self) -> list[str]:
        """Frameworks, both ends included."""
        return self._c.path

    @property
    def mappings(self) -> list[str]:
        """Mappings in order."""
        return self._c.mappings

    @property
    def documents(self) -> list[str]:
        """Documents in order."""
        return self._c.documents

    @property
    def possible(self) -> list[str]:
        """Codes the route gives."""
        return self._c.possible

    @property
    def complete(self) -> bool:
        """Whether it supports a guarantee."""
        return self._c.complete

    @property
    def admitted(self) -> bool:
        """Direct, or over hubs with at most one join at each end."""
        return self._c.admitted

    @property
    def states_no_counterpart(self) -> bool:
        """Whether it is a direct document that says so."""
        return self._c.states_no_counterpart

    @property
    def status(self) -> str:
        """What became of it."""
        return self._c.status

    @property
    def outcome(self) -> str:
        """What became of it, in words."""
        status = self._c.status
        if status == "dead":
            if self._c.states_no_counterpart:
                return "states no counterpart"
            return "nothing opposite on the way"
        words = {
            "alive": "answers",
            "silent": "silent: nothing seen about a level on the way",
            "peer": "through another national framework",
            "not_admitted": "not admitted",
            "unknown_edition": "dates not known",
        }
        if status == "silent" and len(self._c.mappings) == 1:
            return "silent: nothing seen about this level"
        return words.get(status, status.replace("_", " "))

    @property
    def reason(self) -> str:
        """Why it is incomplete, dead, silent or left out."""
        return self._c.reason

    @property
    def strength(self) -> str:
        """Class of its weakest document."""
        return self._c.strength

    @property
    def evidence(self) -> str:
        """Whether every row used was read."""
        return self._c.evidence

    @property
    def independent(self) -> bool:
        """Whether it adds support of its own."""
        return self._c.independent

    @property
    def converse(self) -> bool:
        """Whether it reads some document against the direction of its judgement."""
        return self._c.converse

    @property
    def steps(self) -> list[RouteStep]:
        """Its documents one by one."""
        return [
            RouteStep(
                step.mapping,
                step.document,
                step.from_,
                step.to,
                step.converse,
                step.information_only,
                step.evidence,
                tuple(step.arriving),
                tuple(step.leaving),
            )
            for step in self._c.steps
        ]

    def to_dict(self) -> dict[str, Any]:
        """The route as JSON."""
        names: tuple[str, ...] = (
            "path",
            "mappings",
            "documents",
            "possible",
            "complete",
            "admitted",
            "states_no_counterpart",
            "status",
        )
        names += ("reason", "strength", "evidence", "independent", "converse")
        fields: dict[str, Any] = {name: getattr(self._c, name) for name in names}
        fields["steps"] = [step.to_dict() for step in self.steps]
        return fields

    def __eq__(self, other: object) -> bool:
        return self.to_dict() == other.to_dict() if isinstance(other, Route) else NotImplemented

    def __hash__(self) -> int:
        return hash(tuple(self.mappings))

    def __reduce__(self) -> Any:
        raise TypeError(
            "a Route belongs to its answer; pickle the world and ask again, or keep route.to_dict()"
        )

    def __repr__(self) -> str:
        gives = ", ".join(self.possible) or "no level"
        return f"<Route {' > '.join(self.path)}: {gives}, {self.status}>"

    def __str__(self) -> str:
        from .display import count, listing, mark

        gives = listing(self.possible, "or") or "no level"
        rests = f"{count(len(self.documents), 'document')}, {self.strength}, {mark(self.evidence)}"
        why = f": {self.reason}" if self.reason else ""
        said = f"gives {gives}" + ("" if self.status == "alive" else f"; {self.outcome}")
        return f"{' > '.join(self.path)} ({rests}) {said if self.possible else self.outcome}{why}"


class Conflict(Value):
    """Documents that contradict each other.

    Attributes
    ----------
    routes : tuple of Route
        A smallest contradicting family.
    by_union : bool
        Whether even the strongest routes disagree, so that ``possible`` is their union.
    """

    __slots__ = ("routes", "by_union")
    routes: tuple[Route, ...]
    by_union: bool

    def __str__(self) -> str:
        from .display import listing

        def said(route: Route) -> str:
            # By documents: two of them may run between the same frameworks.
            gives = _levels(route.possible) if route.possible else "no counterpart"
            return f"{' with '.join(route.mappings)} gives {gives}"

        return listing(map(said, self.routes), "while")


class Neighbour(Value):
    """A neighbouring level that is mapped: ``level``, ``possible`` and ``complete``."""

    __slots__ = ("level", "possible", "complete")
    level: str
    possible: tuple[str, ...]
    complete: bool

    def __str__(self) -> str:
        return f"level {self.level} stands opposite {_levels(self.possible)}"


class Provenance(Value):
    """On which documents one pair of levels rests.

    Attributes
    ----------
    level : str
        The target code.
    polynomial : str
        One term per route, a product of documents: ``x[a]·x[b] + x[c]``.
    terms : tuple of tuple of str
    witnesses : tuple of frozenset of str
        Smallest sets of documents that support the pair.
    withdrawals : tuple of frozenset of str
        Smallest sets of documents whose withdrawal loses the pair.
    documents : int
        Fewest documents of one route.
    strength, evidence : str
        Of the strongest route.

    Notes
    -----
    Method: provenance semirings (Green, Karvounarakis and Tannen, PODS 2007).
    """

    __slots__ = (
        "level",
        "polynomial",
        "terms",
        "witnesses",
        "withdrawals",
        "documents",
        "strength",
        "evidence",
    )
    level: str
    polynomial: str
    terms: tuple[tuple[str, ...], ...]
    witnesses: tuple[frozenset[str], ...]
    withdrawals: tuple[frozenset[str], ...]
    documents: int
    strength: str
    evidence: str

    def __str__(self) -> str:
        from .display import agree, count, listing, mark

        def sets(family: tuple[frozenset[str], ...]) -> str:
            return listing((" and ".join(sorted(each)) for each in family), "or else")

        if not self.witnesses or not self.withdrawals:
            return f"Level {self.level} rests on no document."
        fewest = f"{agree(self.documents, 'one document', f'{self.documents} documents')} at the fewest"
        routes = count(len(self.terms), "route")
        return (
            f"Level {self.level} rests on {sets(self.witnesses)} ({routes}, {fewest}, {self.strength}, "
            f"{mark(self.evidence)}). Withdrawing {sets(self.withdrawals)} loses it."
        )


def the_framework(world: World, id: str) -> str:
    """A framework in a sentence: "the Irish National Framework of Qualifications (NFQ, ie-nfq)"."""
    name = world._c.framework(id).name
    article = "" if name.lower().startswith(("the ", "no ")) else "the "
    return f"{article}{name[:-1]}, {id})" if name.endswith(")") else f"{article}{name} ({id})"


def _sources_of(record: dict[str, Any]) -> list[Source]:
    return [Source.from_fact(each) for each in record.get("sources") or ()]


def _levels(codes: Sequence[str], last: str = "or") -> str:
    from .display import agree, listing

    return f"{agree(len(codes), 'level', 'levels')} {listing(codes, last)}"


class LevelAnswer(Result):
    """Which levels of one framework stand opposite a level of another.

    Attributes
    ----------
    from_, to : str
        The level asked (``"nz-nzqcf:8"``) and the framework asked.
    status : str
        ``"mapped"``; ``"no_counterpart"``: a document says so; ``"conflict"``: documents contradict
        each other; ``"no_route"``: not established; ``"unknown_edition"``: only documents answer of
        which it is not known whether they held on the day asked.
    possible : list of str
        Target codes in rank order; never averaged, never only the first.
    floor, ceiling : str or None
        Greatest level below, least level above all that is possible, where there is one.
    floors, ceilings : list of str
        The same where parallel tracks give several.
    bracket : (str or None, str or None) or None
        For a level without counterpart: bounds from its neighbours.
    width : int or None
        Rank of the ceiling minus rank of the floor.
    complete : bool
        Whether the answer supports a guarantee, relative to the cited rows.
    guaranteed : bool
        Whether "at least the floor" holds: complete, and mapped.
    peer : bool
        Whether only routes through another national framework answer.
    routes, left_out : list of Route
        Routes in canonical order; direct documents that were not used, with the reason.
    conflict : Conflict or None
    narrowed_by : list of Route
        Routes that excluded levels the stronger ones left possible.
    witnesses : dict of str to list of frozenset of str
        Per possible code, the smallest sets of document ids that support it.
    reason : str
        Why nothing stands opposite, or why the answer supports no guarantee.
    remarks : list of str
    nearby : dict
        ``"below"`` and ``"above"``: the nearest levels that are mapped (Neighbour or None).

    Examples
    --------
    >>> import qualgraph as qg
    >>> a = qg.load().map_level("nz-nzqcf:8", to="eqf")
    >>> a.status, a.possible, a.bracket
    ('no_counterpart', [], ('6', '7'))
    """

    __slots__ = ("_asked", "_c", "_routes")
    _c: _core.LevelAnswer

    def __init__(self, core: _core.LevelAnswer, world: World, asked: Asked = ()) -> None:
        self._c = core
        self._world = world
        self._asked = asked
        self._routes: list[Route] | None = None

    def __reduce__(self) -> Any:
        return ask_again, (self._world, "map_level", (self.from_, self.to), _options(self._asked))

    @property
    def from_(self) -> str:
        """The level asked."""
        return self._c.from_

    @property
    def to(self) -> str:
        """The framework asked."""
        return self._c.to

    @property
    def status(self) -> str:
        """Kind of answer."""
        return self._c.status

    @property
    def possible(self) -> list[str]:
        """Target codes in rank order."""
        return self._c.possible

    @property
    def floors(self) -> list[str]:
        """Greatest levels at or below all that is possible."""
        return self._c.floors

    @property
    def ceilings(self) -> list[str]:
        """Least levels at or above all that is possible."""
        return self._c.ceilings

    @property
    def floor(self) -> str | None:
        """The one greatest level at or below all that is possible; None where there is not one."""
        floors = self._c.floors
        return floors[0] if len(floors) == 1 else None

    @property
    def ceiling(self) -> str | None:
        """The one least level at or above all that is possible; None where there is not one."""
        ceilings = self._c.ceilings
        return ceilings[0] if len(ceilings) == 1 else None

    @property
    def bracket(self) -> tuple[str | None, str | None] | None:
        """Bounds of a level without counterpart; no counterpart themselves."""
        low, high = self._c.bracket_low, self._c.bracket_high
        return None if low is None and high is None else (low, high)

    @property
    def width(self) -> int | None:
        """Rank of the ceiling minus rank of the floor."""
        return self._c.width

    @property
    def complete(self) -> bool:
        """Whether the answer supports a guarantee."""
        return self._c.complete

    @property
    def guaranteed(self) -> bool:
        """Whether "at least the floor" holds, relative to the cited rows."""
        return self._c.complete and self._c.status == "mapped"

    @property
    def peer(self) -> bool:
        """Whether only routes through another national framework answer."""
        return self._c.peer

    @property
    def routes(self) -> list[Route]:
        """Routes in canonical order: strength, fewer documents, ids."""
        if self._routes is None:
            self._routes = [Route(core) for core in self._c.routes]
        return list(self._routes)

    @property
    def left_out(self) -> list[Route]:
        """Direct documents that were not used, with the reason."""
        return [Route(core) for core in self._c.left_out]

    @property
    def conflict(self) -> Conflict | None:
        """Documents that contradict each other."""
        core = self._c.conflict
        if core is None:
            return None
        routes = self.routes
        return Conflict(tuple(routes[index] for index in core.family), core.by_union)

    @property
    def narrowed_by(self) -> list[Route]:
        """Routes that excluded levels the stronger ones left possible."""
        routes = self.routes
        return [routes[index] for index in self._c.narrowed_by]

    @property
    def witnesses(self) -> dict[str, list[frozenset[str]]]:
        """Per possible code, the smallest sets of documents that support it."""
        return {
            code: [frozenset(documents) for documents in sets] for code, sets in self._c.witnesses.items()
        }

    def provenance(self, code: str) -> Provenance:
        """On which documents one possible level rests.

        Parameters
        ----------
        code : str
            One of ``possible``.

        Raises
        ------
        UnknownId
            If the level is not among the possible ones.

        Examples
        --------
        >>> import qualgraph as qg
        >>> a = qg.load().map_level("ie-nfq:8", to="nz-nzqcf", via="eqf")
        >>> a.provenance("7").polynomial
        'x[ie-nfq>eqf@2009]·x[nz-nzqcf>eqf@2016]'
        """
        core = self._c.provenance(as_text(str(code), "level"))
        return Provenance(
            core.level,
            core.polynomial,
            tuple(map(tuple, core.terms)),
            tuple(map(frozenset, core.witnesses)),
            tuple(map(frozenset, core.withdrawals)),
            core.documents,
            core.strength,
            core.evidence,
        )

    @property
    def reason(self) -> str:
        """Why nothing stands opposite, or why there is no guarantee."""
        return self._c.reason

    @property
    def remarks(self) -> list[str]:
        """What a reader should know besides."""
        return self._c.remarks

    @property
    def nearby(self) -> dict[str, Neighbour | None]:
        """The nearest levels that are mapped, where this one is not."""

        def of(core: _core.Neighbour | None) -> Neighbour | None:
            return None if core is None else Neighbour(core.level, tuple(core.possible), core.complete)

        return {"below": of(self._c.nearest_below), "above": of(self._c.nearest_above)}

    @property
    def pending(self) -> list[dict[str, Any]]:
        """Relations between the two frameworks that exist or are planned, without a table that was seen.

        Whole records, as :meth:`World.records` gives them: ``from``, ``to``, ``kind``, ``state``, ``year``,
        ``sources``. Looked up where a counterpart is not established; otherwise empty.

        Examples
        --------
        >>> import qualgraph as qg
        >>> [record["state"] for record in qg.load().map_level("bh-nqf:7", to="ie-nfq").pending]
        ['comparison report by the Bahraini authority']
        """
        if self.status not in ("no_route", "unknown_edition"):
            return []
        ends = {self.from_.partition(":")[0], self.to}
        return [
            record
            for record in self._world.records("pending")
            if {record.get("from"), record.get("to")} == ends
        ]

    def _used(self) -> list[Route]:
        """Routes the answer rests on."""
        alive = "peer" if self.peer else "alive"
        used = [route for route in self.routes if route.status == alive or route.states_no_counterpart]
        return used or [
            route for route in self.routes if route.status in ("dead", "silent", "unknown_edition")
        ]

    def _mappings_used(self) -> list[Any]:
        ids = dict.fromkeys(id for route in self._used() for id in route.mappings)
        return [self._world.mapping(id) for id in ids]

    @property
    def sources(self) -> list[Source]:
        """Documents the answer rests on, each with its evidence mark."""
        return list(dict.fromkeys(mapping.as_source() for mapping in self._mappings_used()))

    @property
    def texts(self) -> list[Source]:
        """Texts in which those documents were read, where they are others."""
        mappings = self._mappings_used()
        titles = {mapping.document for mapping in mappings}
        texts = (text for mapping in mappings for text in mapping.sources)
        return list(dict.fromkeys(text for text in texts if text.title not in titles))

    def _sentence(self) -> str:
        from .display import agree, count, listing

        framework, _, code = self.from_.partition(":")
        asked = f"Level {code} of {the_framework(self._world, framework)}"
        target = the_framework(self._world, self.to)
        documents = len({document for route in self._used() for document in route.documents})
        by = f"by {count(documents, 'document')}" if documents else "by definition"
        if self.status == "mapped":
            text = f"{asked} stands opposite {_levels(self.possible)} of {target}, {by}{self._mark()}."
            if len(self.possible) > 1:
                text += " The documents do not decide between these."
            if self.peer:
                text += " Only routes through another national framework answer, so nothing is guaranteed."
            elif not self.complete:
                text += f" This supports no guarantee{': ' + self.reason if self.reason else ''}."
            return text
        if self.status == "no_counterpart":
            why = f": {self.reason}" if self.reason else ""
            text = f"{asked} has no counterpart in {target}, {by}{self._mark()}{why}."
            return text + self._bracket_sentence()
        if self.status == "conflict":
            level = asked[0].lower() + asked[1:]
            text = f"Documents contradict each other on {level} and {target}: {self.conflict}."
            strongest = "taken together" if self.conflict and self.conflict.by_union else "in common"
            if self.possible:
                given = _levels(self.possible)
                text += f" The strongest documents {strongest} give {given}; this settles nothing."
            return text
        when = f" as of {self._world.as_of_text}" if self._world.as_of_text else ""
        why = f": {self.reason}" if self.reason else ""
        text = f"{asked}: a counterpart in {target} is not established{when}{why}."
        aside = [
            f"{self._world._c.mapping(route.mappings[0]).title}: "
            f"{route.reason.partition(': ')[2] or route.reason}"
            for route in self.left_out
        ]
        if aside:
            text += f" Left out: {'; '.join(aside[:3])}{'; ...' if len(aside) > 3 else ''}."
        pending = self.pending
        if pending:
            is_, its = agree(len(pending), "A relation is", "Relations are"), agree(len(pending), "its", "their")
            text += f" {is_} pending, {its} level table was not seen: {'; '.join(map(pending_text, pending))}."
        near = [
            str(each)
            for each in self.nearby.values()
            if each is not None
        ]
        return text + (f" Nearby, {listing(near)}." if near else "")

    def _mark(self) -> str:
        """What a reader must know of the documents before quoting the sentence; nothing if all were read."""
        marks = []
        routes = self._used() or [route for route in self.routes if route.states_no_counterpart]
        if routes and all(route.evidence != "read" for route in routes):
            marks.append("known only: the rows were not read in a text")
        elif any(route.evidence != "read" for route in self.narrowed_by):
            marks.append("the row that decides is known only")
        if routes and all(route.strength == "third-party" for route in routes):
            marks.append("a third party's table, not the frameworks' own")
        return f" ({'; '.join(marks)})" if marks else ""

    def _bracket_sentence(self) -> str:
        if self.bracket is None:
            return ""
        low, high = self.bracket
        note = "this is a bound, not a counterpart."
        if low is not None and high is not None:
            return f" By the levels around it, it lies between levels {low} and {high}; {note}"
        if high is not None:
            return f" By the levels above it, it lies at or below level {high}; {note}"
        return f" By the levels below it, it lies at or above level {low}; {note}"

    def __repr__(self) -> str:
        from .display import count, listing

        framework_word = {
            "no_counterpart": "no counterpart",
            "conflict": "conflict",
            "no_route": "not established",
        }
        gives = (
            ", ".join(self.possible)
            if self.status == "mapped"
            else framework_word.get(self.status, "unknown edition")
        )
        used = self._used()
        kinds = list(
            dict.fromkeys(self._world._c.mapping(id).kind for route in used for id in route.mappings)
        )
        documents = {document for route in used for document in route.documents}
        years = sorted({m.year for m in self._mappings_used() if m.year is not None})
        span = f", {years[0]}" if len(years) == 1 else f", {years[0]}–{years[-1]}" if years else ""
        rests = f": {listing(kinds)}, {count(len(documents), 'document')}{span}" if used else ""
        return f"<LevelAnswer {self.from_} -> {self.to} {gives}{rests}>"

    def _payload(self) -> dict[str, Any]:
        names: tuple[str, ...] = (
            "from_",
            "to",
            "status",
            "possible",
            "floor",
            "ceiling",
            "floors",
            "ceilings",
            "bracket",
            "width",
        )
        names += ("complete", "guaranteed", "peer", "reason", "remarks", "witnesses")
        payload: dict[str, Any] = {name.rstrip("_"): getattr(self, name) for name in names}
        payload["witnesses"] = {
            code: [sorted(each) for each in sets] for code, sets in self.witnesses.items()
        }
        payload["routes"] = [route.to_dict() for route in self.routes]
        payload["left_out"] = [route.to_dict() for route in self.left_out]
        conflict = self._c.conflict
        payload["conflict"] = (
            None if conflict is None else {"routes": conflict.family, "by_union": conflict.by_union}
        )
        payload["narrowed_by"] = list(self._c.narrowed_by)
        payload["pending"] = self.pending
        payload["nearby"] = {side: None if n is None else n.to_dict() for side, n in self.nearby.items()}
        return payload

    def _html_body(self) -> str:
        from .display import details, html_table, items

        def routes(listed: list[Route]) -> str:
            # Completeness says something of a route that answers only; peers are listed without.
            answering = [route.status == "alive" for route in listed]
            return html_table(
                {
                    "route": [" > ".join(route.path) for route in listed],
                    "documents": [route.mappings for route in listed],
                    "gives": [route.possible or "-" for route in listed],
                    "outcome": [route.outcome for route in listed],
                    "strength": [route.strength for route in listed],
                    "evidence": ["read" if route.evidence == "read" else "known only" for route in listed],
                    "complete": [
                        route.complete if yes else "-" for route, yes in zip(listed, answering, strict=True)
                    ],
                    "remark": [route.reason for route in listed],
                },
                drop_empty=True,
            )

        body = items(self.remarks)
        used = self._used()
        others = [route for route in self.routes if route not in used]
        if used:
            body += details(f"Routes ({len(used)})", routes(used), opened=True)
        if others:
            body += details(f"Other routes ({len(others)})", routes(others))
        if self.left_out:
            body += details(f"Documents left out ({len(self.left_out)})", routes(self.left_out))
        if pending := self.pending:
            shown = items(
                f"{pending_text(each)}. Source: {'; '.join(map(str, _sources_of(each))) or 'not stated'}"
                for each in pending
            )
            body += details(f"Pending relations ({len(pending)}): level table not seen", shown, opened=True)
        return body

    def plot(self) -> Any:
        """The routes of the answer and their documents as a picture.

        Returns
        -------
        Chart
            Saved by ``.save("route.svg")``; shown by a notebook on its own.
        """
        from . import plot

        return plot.route(self)


_OPEN = ("no_route", "unknown_edition", "conflict")


class LevelBound(str):
    """A level that translates a minimum or a cap; a text such as ``"ie-nfq:7"`` with its grounds.

    Attributes
    ----------
    levels : list of str
        The level, or several of them on parallel tracks; the text joins those with ``" | "``.
    asked : str
        The minimum or cap translated.
    why : str
        In words.
    answers : FrameworkAnswer
        Every level of the framework against the one asked.
    sources : list of Source

    Examples
    --------
    >>> import qualgraph as qg
    >>> bound = qg.load().at_least("eqf:6", on="ie-nfq")
    >>> bound
    'ie-nfq:7'
    >>> bound.levels, len(bound.sources)
    (['ie-nfq:7'], 1)
    """

    levels: list[str]
    asked: str
    _minimum: bool
    _answers: Any

    def __new__(cls, levels: list[str], asked: str, minimum: bool, answers: Any) -> LevelBound:
        """Make the text from the levels; ``answers`` may be a function that asks when needed."""
        bound = super().__new__(cls, " | ".join(levels))
        bound.levels = list(levels)
        bound.asked = asked
        bound._minimum = minimum
        bound._answers = answers
        return bound

    @property
    def answers(self) -> FrameworkAnswer:
        """Every level of the framework against the one asked."""
        answers = self._answers() if callable(self._answers) else self._answers
        self._answers = answers
        result: FrameworkAnswer = answers
        return result

    @property
    def sources(self) -> list[Source]:
        """Documents the bound rests on."""
        codes = [level.partition(":")[2] for level in self.levels]
        return list(dict.fromkeys(source for code in codes for source in self.answers[code].sources))

    @property
    def why(self) -> str:
        """The bound in words."""
        from .display import listing

        found = []
        for level in self.levels:
            answer = self.answers[level.partition(":")[2]]
            if answer.status == "mapped":
                stands = f"{level} stands opposite {_levels(answer.possible)}"
            else:
                stands = f"{level} has no counterpart and lies between its neighbours' levels"
            found.append(stands + answer._mark())
        verb = "reaches" if self._minimum else "stays within"
        extreme = "lowest" if self._minimum else "highest"
        tracks = " (parallel tracks)" if len(self.levels) > 1 else ""
        unsettled = [each.from_.partition(":")[2] for each in self.answers if each.status in _OPEN or not each.complete]
        doubt = (
            f" Level{'s'[: len(unsettled) > 1]} {listing(unsettled)} of the framework cannot be compared for "
            f"certain."
            if unsettled
            else ""
        )
        return (
            f"{listing(self.levels)}{tracks}: the {extreme} level that certainly {verb} {self.asked}; "
            f"{listing(found)}.{doubt} This compares levels; it recognises nothing."
        )

    def __reduce__(self) -> Any:
        return LevelBound, (self.levels, self.asked, self._minimum, self.answers)


# ---- many levels


class FrameworkAnswer(TabularResult):
    """Several levels against one framework.

    ``len``, iteration over the :class:`LevelAnswer` objects, ``answers["6"]`` or
    ``answers["ie-nfq:6"]``, ``.table``, ``.to_pandas()``, ``.to_arrow()``.

    Examples
    --------
    >>> import qualgraph as qg
    >>> answers = qg.load().map_framework("nz-nzqcf", to="eqf")
    >>> answers["7"].possible, [a.from_ for a in answers if a.status == "no_counterpart"]
    (['6'], ['nz-nzqcf:8'])
    """

    def __init__(
        self,
        cores: Sequence[_core.LevelAnswer],
        to: str,
        world: World,
        from_: str | None = None,
        asked: Asked = (),
    ) -> None:
        self._bind(world)
        self._cores = list(cores)
        self._asked = asked
        self.from_ = from_
        self.to = to

    def __reduce__(self) -> Any:
        options = _options(self._asked)
        if self.from_ is not None:
            return ask_again, (self._world, "map_framework", (self.from_, self.to), options)
        levels = [core.from_ for core in self._cores]
        return ask_again, (self._world, "map_level", (levels, self.to), options)

    def __len__(self) -> int:
        return len(self._cores)

    def __iter__(self) -> Iterator[LevelAnswer]:
        return (LevelAnswer(core, self._world, self._asked) for core in self._cores)

    def __getitem__(self, level: str | int) -> LevelAnswer:
        """The answer for a level, by code, by ``"framework:code"`` or by position."""
        if isinstance(level, int):
            if not -len(self._cores) <= level < len(self._cores):
                raise UnknownId(f"no answer {level}; there are {len(self._cores)}")
            return LevelAnswer(self._cores[level], self._world, self._asked)
        wanted = str(level)
        for core in self._cores:
            if wanted == core.from_ or (self.from_ is not None and wanted == core.from_.partition(":")[2]):
                return LevelAnswer(core, self._world, self._asked)
        asked = [core.from_ for core in self._cores]
        near = _core.did_you_mean(as_text(wanted, "level"), asked)
        raise UnknownId(f'level "{wanted}" was not asked.{near or " Asked: " + ", ".join(asked[:12])}')

    @property
    def table(self) -> Table:
        """One row per level: status, possible codes, ends, guarantee, evidence, documents."""
        from .table import Table

        cores = self._cores
        alive = ["peer" if core.peer else "alive" for core in cores]
        used = [
            [route for route in core.routes if route.status == word or route.states_no_counterpart]
            for core, word in zip(cores, alive, strict=True)
        ]
        brackets = [(core.bracket_low, core.bracket_high) for core in cores]
        return Table(
            {
                "level": [core.from_ for core in cores],
                "to": [core.to for core in cores],
                "status": [core.status for core in cores],
                "possible": [core.possible for core in cores],
                "floor": [core.floors[0] if len(core.floors) == 1 else None for core in cores],
                "ceiling": [core.ceilings[0] if len(core.ceilings) == 1 else None for core in cores],
                "bracket": [None if b == (None, None) else f"{b[0] or ''}..{b[1] or ''}" for b in brackets],
                # Where no level is named, there is nothing to guarantee.
                "guaranteed": [core.complete if core.status == "mapped" else None for core in cores],
                "evidence": [used[i][0].evidence if used[i] else None for i in range(len(cores))],
                "documents": [sorted({d for route in routes for d in route.documents}) for routes in used],
                "reason": [core.reason or None for core in cores],
            },
            key="level",
            title=f"{self.from_ or 'levels'} against {self.to}",
            caption=f"{self._legal} {self._facts_line()}",
        )

    @property
    def sources(self) -> list[Source]:
        """Documents the answers rest on, each with its evidence mark."""
        return list(dict.fromkeys(source for answer in self for source in answer.sources))

    @property
    def texts(self) -> list[Source]:
        """Texts in which those documents were read, where they are others."""
        return list(dict.fromkeys(text for answer in self for text in answer.texts))

    def _sentence(self) -> str:
        from .display import agree, count, listing

        words = {
            "mapped": ("stands opposite some level", "stand opposite some level"),
            "no_counterpart": ("has no counterpart", "have no counterpart"),
            "conflict": ("is in conflict", "are in conflict"),
            "no_route": ("is not established", "are not established"),
            "unknown_edition": (
                "rests on documents whose dates are not known",
                "rest on documents whose dates are not known",
            ),
        }
        tally: dict[str, int] = {}
        for core in self._cores:
            tally[core.status] = tally.get(core.status, 0) + 1
        parts = [f"{n} {agree(n, *words[status])}" for status in words if (n := tally.get(status, 0))]
        source = f" of {the_framework(self._world, self.from_)}" if self.from_ else ""
        said = f": {listing(parts)}" if parts else ""
        return f"{count(len(self), 'level')}{source} against {the_framework(self._world, self.to)}{said}."

    def __repr__(self) -> str:
        from .display import count

        return f"<FrameworkAnswer {self.from_ or 'levels'} -> {self.to}: {count(len(self), 'level')}>"

    def _payload(self) -> dict[str, Any]:
        return {"from": self.from_, "to": self.to, "levels": [answer._payload() for answer in self]}

    def _html_body(self) -> str:
        from .display import html_table

        table = self.table
        # The framework asked and the legal status stand above and below the table already.
        columns: dict[str, list[Any]] = {}
        for name in table.column_names:
            cells = table.column(name)
            if name == "level" and self.from_ is not None:
                columns[self.from_] = [level.partition(":")[2] for level in cells]
            elif name == "possible":
                columns[self.to] = [codes or "-" for codes in cells]
            elif name in ("status", "evidence"):
                columns[name] = [_word(cell) for cell in cells]
            elif name == "guaranteed":
                columns[name] = ["-" if yes is None else yes for yes in cells]
            elif name != "to":
                columns[name] = cells
        return html_table(columns, drop_empty=True)


_WORDS = {"no_route": "not established", "known": "known only", "mixed": "partly known only"}


def _word(code: str | None) -> str:
    """A status or an evidence mark in words; nothing for nothing."""
    return "" if code is None else _WORDS.get(code, code.replace("_", " "))


class AwardAnswer(Result):
    """The level of a legacy award: on the day it was made, and now.

    Attributes
    ----------
    level, to, awarded : str
    then, now : LevelAnswer
        The answers on the day of the award and today.
    status : str
        ``"known"`` when either answers, ``"unknown"`` when neither does.

    Examples
    --------
    >>> import qualgraph as qg
    >>> award = qg.load().map_award("nz-nzqcf:7", to="eqf", awarded="2018-06-30")
    >>> award.then.possible, award.now.possible
    (['6'], ['6'])
    """

    def __init__(
        self, level: str, to: str, awarded: str, then: LevelAnswer, now: LevelAnswer, world: World
    ) -> None:
        self._bind(world)
        self.level = level
        self.to = to
        self.awarded = awarded
        self.then = then
        self.now = now

    @property
    def status(self) -> str:
        """Whether either answer says anything."""
        silent = ("no_route", "unknown_edition")
        return "unknown" if self.then.status in silent and self.now.status in silent else "known"

    @property
    def sources(self) -> list[Source]:
        """Documents of both answers."""
        return list(dict.fromkeys([*self.then.sources, *self.now.sources]))

    @property
    def texts(self) -> list[Source]:
        """Texts in which those documents were read, where they are others."""
        return list(dict.fromkeys([*self.then.texts, *self.now.texts]))

    def _sentence(self) -> str:
        if self.status == "unknown":
            return (
                f"An award of {self.level} made on {self.awarded}: no document places it in "
                f"{the_framework(self._world, self.to)}, neither on that day nor now."
            )
        return f"On the day of the award, {self.awarded}: {self.then} Now: {self.now}"

    def __repr__(self) -> str:
        def gives(answer: LevelAnswer) -> str:
            return ", ".join(answer.possible) or answer.status.replace("_", " ")

        then, now = gives(self.then), gives(self.now)
        return f"<AwardAnswer {self.level} -> {self.to}: {self.awarded} {then}; now {now}>"

    def _payload(self) -> dict[str, Any]:
        return {
            "level": self.level,
            "to": self.to,
            "awarded": self.awarded,
            "status": self.status,
            "then": self.then._payload(),
            "now": self.now._payload(),
        }

    def _html_body(self) -> str:
        from .display import details

        return details(f"On {self.awarded}", self.then._html_body()) + details("Now", self.now._html_body())


# ---- losses


class LevelLoss(Value):
    """Round trip of one level.

    Attributes
    ----------
    level : str
    fate : str
        ``"recoverable"`` (comes back as itself and nothing else), ``"drifting"``, ``"lost"`` (the
        documents say so) or ``"not_established"`` (nothing was seen about it: unknown, not lost).
    returns : tuple of str
        Levels it comes back as.
    up, down : int
        Steps above and below itself that it may come back at.
    """

    __slots__ = ("level", "fate", "returns", "up", "down")
    level: str
    fate: str
    returns: tuple[str, ...]
    up: int
    down: int

    def __str__(self) -> str:
        fates = {
            "recoverable": "comes back as itself",
            "drifting": f"comes back as {_levels(self.returns)}" if self.returns else "drifts",
            "lost": "is lost",
        }
        return f"level {self.level} {fates.get(self.fate, 'is not established')}"


class RoundTrip(TabularResult):
    """What becomes of each level of one framework on the way to another and back.

    Attributes
    ----------
    from_, to : str
    levels : list of LevelLoss
    recoverable, drifting, lost, not_established : list of str
        Codes by fate.

    Examples
    --------
    >>> import qualgraph as qg
    >>> trip = qg.load().round_trip("nz-nzqcf", "eqf")
    >>> trip.lost
    ['8']
    """

    def __init__(self, core: _core.FrameworkLoss, world: World) -> None:
        self._bind(world)
        self._c = core

    def __reduce__(self) -> Any:
        return ask_again, (self._world, "round_trip", (self.from_, self.to), {})

    @property
    def from_(self) -> str:
        """Framework asked."""
        return self._c.from_

    @property
    def to(self) -> str:
        """Framework passed through."""
        return self._c.to

    @property
    def levels(self) -> list[LevelLoss]:
        """Every level and its fate."""
        return [
            LevelLoss(each.level, each.fate, tuple(each.returns), each.up, each.down)
            for each in self._c.levels
        ]

    def _of(self, fate: str) -> list[str]:
        return [each.level for each in self._c.levels if each.fate == fate]

    @property
    def recoverable(self) -> list[str]:
        """Levels that come back as themselves and nothing else."""
        return self._of("recoverable")

    @property
    def drifting(self) -> list[str]:
        """Levels that come back as several levels, or as another one."""
        return self._of("drifting")

    @property
    def lost(self) -> list[str]:
        """Levels that do not come back, by what the documents say."""
        return self._of("lost")

    @property
    def not_established(self) -> list[str]:
        """Levels about which nothing was seen on the way there or back: unknown, not lost."""
        return self._of("not_established")

    @property
    def table(self) -> Table:
        """One row per level."""
        from .table import Table

        levels = self.levels
        return Table(
            {
                name: [list(v) if isinstance(v := getattr(each, name), tuple) else v for each in levels]
                for name in LevelLoss.__slots__
            },
            key="level",
            title=f"{self.from_} to {self.to} and back",
        )

    @property
    def sources(self) -> list[Source]:
        """Documents of both directions."""
        there = self._world.map_framework(self.from_, to=self.to).sources
        back = self._world.map_framework(self.to, to=self.from_).sources
        return list(dict.fromkeys([*there, *back]))

    def _sentence(self) -> str:
        from .display import agree, listing

        fates = {
            ("comes back as itself", "come back as themselves"): self.recoverable,
            ("drifts", "drift"): self.drifting,
            ("is lost", "are lost"): self.lost,
            ("is not established", "are not established"): self.not_established,
        }
        parts = [
            f"{_levels(codes, 'and')} {agree(len(codes), *fate)}" for fate, codes in fates.items() if codes
        ]
        start, turn = (the_framework(self._world, id) for id in (self.from_, self.to))
        return f"From {start} to {turn} and back: {listing(parts)}."

    def __repr__(self) -> str:
        c = self._c
        fates = (
            f"{c.recoverable} recoverable, {c.drifting} drifting, {c.lost} lost, "
            f"{c.not_established} not established"
        )
        return f"<RoundTrip {c.from_} > {c.to}: {fates}>"

    def _payload(self) -> dict[str, Any]:
        return {"from": self.from_, "to": self.to, "levels": [each.to_dict() for each in self.levels]}

    def _html_body(self) -> str:
        from .display import html_table

        table = self.table
        columns = {name: table.column(name) for name in table.column_names}
        columns["fate"] = [_word(fate) for fate in columns["fate"]]
        return html_table(columns, title=table.title)


class LossAtlas(TabularResult):
    """Round trips between every ordered pair of frameworks that documents connect.

    ``len``, iteration over the :class:`RoundTrip` objects, ``atlas["ie-nfq", "nz-nzqcf"]``,
    ``.table``, ``.to_pandas()``, ``.plot()``.

    Examples
    --------
    >>> import qualgraph as qg
    >>> atlas = qg.load().recognition_loss()
    >>> atlas["nz-nzqcf", "eqf"].lost
    ['8']
    """

    def __init__(self, cores: Sequence[_core.FrameworkLoss], world: World) -> None:
        self._bind(world)
        self._cores = list(cores)
        self._index: dict[tuple[str, str], int] | None = None

    def __reduce__(self) -> Any:
        return ask_again, (self._world, "recognition_loss", (), {})

    def __len__(self) -> int:
        return len(self._cores)

    def __iter__(self) -> Iterator[RoundTrip]:
        return (RoundTrip(core, self._world) for core in self._cores)

    def __getitem__(self, pair: tuple[str, str]) -> RoundTrip:
        if self._index is None:
            self._index = {(core.from_, core.to): index for index, core in enumerate(self._cores)}
        if not isinstance(pair, tuple) or len(pair) != 2:
            raise UnknownId('a pair of framework ids is asked for, such as atlas["ie-nfq", "eqf"]')
        index = self._index.get((str(pair[0]), str(pair[1])))
        if index is None:
            for id in pair:
                self._world.framework(str(id))
            raise UnknownId(f"no level of {pair[0]} stands opposite any level of {pair[1]} by the facts")
        return RoundTrip(self._cores[index], self._world)

    @property
    def table(self) -> Table:
        """One row per ordered pair: numbers of levels that come back, drift and are lost."""
        from .table import Table

        cores = self._cores
        return Table(
            {
                "pair": [f"{core.from_} > {core.to}" for core in cores],
                "from": [core.from_ for core in cores],
                "to": [core.to for core in cores],
                "recoverable": [core.recoverable for core in cores],
                "drifting": [core.drifting for core in cores],
                "lost": [core.lost for core in cores],
                "not_established": [core.not_established for core in cores],
            },
            key="pair",
            title="Recognition loss there and back",
            caption=self._facts_line(),
        )

    def _sums(self) -> dict[str, int]:
        fates = ("recoverable", "drifting", "lost", "not_established")
        return {fate: sum(getattr(core, fate) for core in self._cores) for fate in fates}

    @property
    def shares(self) -> dict[str, Fraction]:
        """Share of all levels by fate, over every pair, exactly."""
        from fractions import Fraction

        sums = self._sums()
        total = sum(sums.values()) or 1
        return {fate: Fraction(number, total) for fate, number in sums.items()}

    @property
    def sources(self) -> list[Source]:
        """Every document in use."""
        return [source for source, _ in self._world._documents_in_use()]

    def _sentence(self) -> str:
        from .display import agree, count, listing

        frameworks = {id for core in self._cores for id in (core.from_, core.to)}
        sums = self._sums()
        words = {
            "recoverable": ("comes back as itself", "come back as themselves"),
            "drifting": ("drifts", "drift"),
            "lost": ("is lost", "are lost"),
            "not_established": ("is not established", "are not established"),
        }
        parts = [f"{sums[fate]} {agree(sums[fate], *words[fate])}" for fate in words if sums[fate]]
        pairs = f"{count(len(self), 'ordered pair')} of {count(len(frameworks), 'framework')}"
        sent = count(sum(sums.values()), "level")
        return f"{pairs}: of {sent} sent there and back, {listing(parts)}." if parts else f"{pairs}."

    def __repr__(self) -> str:
        from .display import count

        return f"<LossAtlas: {count(len(self), 'ordered pair')} of frameworks>"

    def _payload(self) -> dict[str, Any]:
        return {"pairs": [trip._payload() for trip in self]}

    def _html_body(self) -> str:
        return self.table._repr_html_()

    def plot(self) -> Any:
        """The atlas as a matrix of frameworks."""
        from . import plot

        return plot.atlas(self)


# ---- reports on documents


class Disagreement(Value):
    """Complete routes that leave no level in common for one level.

    Attributes
    ----------
    level, to : str
    family : tuple of tuple of str
        A smallest contradicting set of routes, each as its mapping ids.
    sets : tuple of tuple of str
        What each of them gives; empty: no counterpart.
    """

    __slots__ = ("level", "to", "family", "sets")
    level: str
    to: str
    family: tuple[tuple[str, ...], ...]
    sets: tuple[tuple[str, ...], ...]

    def __str__(self) -> str:
        from .display import listing

        said = [
            f"{' with '.join(route)} gives {listing(codes, 'or') or 'no counterpart'}"
            for route, codes in zip(self.family, self.sets, strict=True)
        ]
        return f"{self.level} against {self.to}: {listing(said, 'while')}"


class ConflictReport(TabularResult):
    """Where documents contradict each other, and the fewest rows whose withdrawal restores agreement.

    Attributes
    ----------
    disagreements : list of Disagreement
    withdraw : list of Row
    withdraw_is_minimum : bool
        False when the search met its limit: the set suffices, a smaller one may exist.

    Examples
    --------
    >>> import qualgraph as qg
    >>> report = qg.load().conflicts()
    >>> isinstance(len(report), int), report.withdraw_is_minimum
    (True, True)
    """

    def __init__(self, core: _core.ConflictReport, world: World) -> None:
        self._bind(world)
        self.disagreements = [
            Disagreement(each.level, each.to, tuple(map(tuple, each.family)), tuple(map(tuple, each.sets)))
            for each in core.disagreements
        ]
        self.withdraw = [Row(each.mapping, each.from_, each.to) for each in core.withdraw]
        self.withdraw_is_minimum = core.withdraw_is_minimum

    def __len__(self) -> int:
        return len(self.disagreements)

    def __iter__(self) -> Iterator[Disagreement]:
        return iter(self.disagreements)

    @property
    def table(self) -> Table:
        """One row per disagreement."""
        from .table import Table

        each = self.disagreements
        return Table(
            {
                "level": [one.level for one in each],
                "to": [one.to for one in each],
                "routes": [[" + ".join(route) for route in one.family] for one in each],
                "give": [[" or ".join(codes) or "none" for codes in one.sets] for one in each],
            },
            title="Documents that contradict each other",
        )

    @property
    def sources(self) -> list[Source]:
        """Documents that take part in a disagreement."""
        ids = dict.fromkeys(id for one in self.disagreements for route in one.family for id in route)
        return list(dict.fromkeys(self._world.mapping(id).as_source() for id in ids))

    def _sentence(self) -> str:
        from .display import count, listing

        if not self.disagreements:
            return "No two complete routes contradict each other."
        fewest = "fewest rows" if self.withdraw_is_minimum else "rows found (perhaps not the fewest)"
        return (
            f"Documents contradict each other on {count(len(self), 'level')}; the {fewest} whose withdrawal "
            f"restores agreement: {listing(self.withdraw)}."
        )

    def __str__(self) -> str:
        return "\n".join([self._sentence(), *map(str, self.disagreements)])

    def __repr__(self) -> str:
        from .display import count

        disagreements = count(len(self), "disagreement")
        return f"<ConflictReport: {disagreements}, {count(len(self.withdraw), 'row')} to withdraw>"

    def _payload(self) -> dict[str, Any]:
        return {
            "disagreements": [one.to_dict() for one in self.disagreements],
            "withdraw": [row.to_dict() for row in self.withdraw],
            "withdraw_is_minimum": self.withdraw_is_minimum,
        }

    def _html_body(self) -> str:
        return self.table._repr_html_() if self.disagreements else ""


class Reliance(TabularResult):
    """How much hangs on each document, the one most relied on first.

    ``len``, iteration over rows, ``reliance["document id"]``, ``.table``, ``.to_pandas()``.

    Examples
    --------
    >>> import qualgraph as qg
    >>> reliance = qg.load().reliance()
    >>> reliance["nz-nzqcf>eqf@2016"]["pairs_lost"] > 0
    True
    """

    def __init__(self, cores: Sequence[_core.DocumentReliance], world: World) -> None:
        from .table import Table

        self._bind(world)
        names: tuple[str, ...] = ("document", "title", "pairs_supported", "pairs_lost", "levels_lost")
        self._table = Table(
            {name: [getattr(core, name) for core in cores] for name in names},
            key="document",
            title="What hangs on each document",
            caption=(
                "pairs_supported: pairs of levels that some living route through the document supports; "
                "pairs_lost: those that nothing else supports; levels_lost: questions that lose every "
                "counterpart without it."
            ),
        )

    @property
    def table(self) -> Table:
        """One row per document."""
        return self._table

    def __len__(self) -> int:
        return len(self.table)

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return iter(self.table)

    def __getitem__(self, document: str) -> dict[str, Any]:
        return self.table[document]

    @property
    def sources(self) -> list[Source]:
        """Every document in use."""
        by_id = {source.document: source for source, _ in self._world._documents_in_use()}
        return [by_id[id] for id in self.table.column("document") if id in by_id]

    def _sentence(self) -> str:
        if not len(self):
            return "No document is in use."
        from .display import agree, count

        top = next(iter(self))
        documents, lost = len(self), top["pairs_lost"]
        used = f"{count(documents, 'document')} {agree(documents, 'is', 'are')} in use"
        support = agree(lost, "loses its only support", "lose their only support")
        pairs = f"{count(lost, 'pair')} of levels {support}"
        return f"{used}; most hangs on {top['title']}: without it {pairs}."

    def __repr__(self) -> str:
        from .display import count

        return f"<Reliance: {count(len(self), 'document')}>"

    def _payload(self) -> dict[str, Any]:
        return {"documents": list(self.table)}

    def _html_body(self) -> str:
        return self.table._repr_html_()


class RouteCensus(TabularResult):
    """A survey of every simple route between every ordered pair of frameworks.

    Peer routes are followed as well, so this is no answer about any level: it shows how far the
    documents of a network agree. ``len``, iteration over rows, ``.levels(from_, to)``, ``.table``.

    Examples
    --------
    >>> import qualgraph as qg
    >>> census = qg.load().route_census()
    >>> census["ie-nfq", "nz-nzqcf"]["routes"] > 1
    True
    """

    def __init__(self, core: _core.RouteCensus, world: World, max_documents: int) -> None:
        self._bind(world)
        self._c = core
        self._max_documents = max_documents
        self._places: dict[tuple[str, str], int] | None = None

    def __reduce__(self) -> Any:
        return ask_again, (self._world, "route_census", (self._max_documents,), {})

    _names = ("from", "to", "routes", "alive", "levels_reached", "levels_agreeing")

    def __len__(self) -> int:
        return len(self._c)

    def __iter__(self) -> Iterator[dict[str, Any]]:
        for index in range(len(self._c)):
            yield dict(zip(self._names, self._c.pair(index), strict=True))

    def _place(self, pair: tuple[str, str]) -> int:
        if self._places is None:
            self._places = {self._c.pair(index)[:2]: index for index in range(len(self._c))}
        try:
            return self._places[pair]
        except KeyError:
            for id in pair:
                self._world.framework(id)
            raise UnknownId(f"no chain of documents connects {pair[0]} with {pair[1]}") from None

    def __getitem__(self, pair: tuple[str, str]) -> dict[str, Any]:
        return dict(zip(self._names, self._c.pair(self._place(pair)), strict=True))

    def levels(self, from_: str, to: str) -> list[dict[str, Any]]:
        """Per level of ``from_``: the levels of ``to`` that some, and that every living route gives.

        Returns
        -------
        list of dict
            Keys ``level``, ``some`` and ``every``; the last two are lists of codes in rank order.
        """
        rows = self._c.levels(self._place((from_, to)))
        return [{"level": level, "some": some, "every": every} for level, some, every in rows]

    @property
    def table(self) -> Table:
        """One row for each ordered pair that some route connects."""
        from .table import Table

        rows = list(self)
        return Table(
            {name: [row[name] for row in rows] for name in self._names},
            key=None,
            title="Routes between frameworks",
            caption=(
                "routes: simple routes, peer routes included; alive: those that give levels; "
                "levels_reached: levels with a living route; levels_agreeing: those whose living routes all "
                "give the same levels."
            ),
        )

    @property
    def sources(self) -> list[Source]:
        """Every document in use."""
        return [source for source, _ in self._world._documents_in_use()]

    def _sentence(self) -> str:
        from .display import agree, count

        routes = sum(row["routes"] for row in self)
        reached = sum(row["levels_reached"] for row in self)
        agreeing = sum(row["levels_agreeing"] for row in self)
        return (
            f"{count(routes, 'route')} {agree(routes, 'connects', 'connect')} {count(len(self), 'ordered pair')} "
            f"of frameworks; for {agreeing} of {count(reached, 'level')} that some route reaches, all living "
            f"routes agree."
        )

    def __repr__(self) -> str:
        from .display import count

        return f"<RouteCensus: {count(len(self), 'pair')} of frameworks>"

    def _payload(self) -> dict[str, Any]:
        return {"pairs": list(self)}

    def _html_body(self) -> str:
        return self.table._repr_html_()
