"""Facts as a user meets them: frameworks and their levels, mappings, credit systems, policies.

Every object is immutable and keeps its whole fact: ``to_dict()`` gives all that its file holds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, TypeVar

from . import _core
from .errors import InvalidValue, UnitMismatch, UnknownId

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from fractions import Fraction

    from .table import Table

__all__ = [
    "AgreedRatio",
    "Collection",
    "CreditBounds",
    "CreditSystem",
    "Framework",
    "Level",
    "Mapping",
    "Policy",
    "QualificationType",
    "Range",
    "Retention",
    "Source",
]

_T = TypeVar("_T")


def as_text(text: Any, what: str) -> str:
    """A text as the engine takes it: whole Unicode, which half of a surrogate pair is not."""
    if not isinstance(text, str):
        raise UnitMismatch(f"{text!r} is no {what}; write it as text")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise InvalidValue(f"{text!r} is no {what}: it holds characters that are not Unicode text") from None
    return str(text)


class Value:
    """An immutable record, equal to another of its class with the same fields."""

    __slots__: tuple[str, ...] = ()

    def __init__(self, *fields: Any) -> None:
        for name, field in zip(self.__slots__, fields, strict=True):
            object.__setattr__(self, name, field)

    def __setattr__(self, name: str, value: Any) -> None:
        raise AttributeError(f"{type(self).__name__} objects do not change")

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"{type(self).__name__} objects do not change")

    def _fields(self) -> tuple[Any, ...]:
        return tuple(getattr(self, name) for name in self.__slots__)

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        assert isinstance(other, Value)
        return self._fields() == other._fields()

    def __hash__(self) -> int:
        return hash((type(self).__name__, self._fields()))

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), self._fields()

    def __repr__(self) -> str:
        shown = ", ".join(f"{name}={getattr(self, name)!r}" for name in self.__slots__)
        return f"{type(self).__name__}({shown})"

    def _repr_html_(self) -> str:
        from .display import cell_text, html_table, paragraph

        shown = {name: text for name in self.__slots__ if (text := cell_text(getattr(self, name)))}
        words = [name.strip("_").replace("_", " ") for name in shown]
        # What a value says as a sentence comes first; one without a sentence is its fields.
        said = paragraph(self) if type(self).__str__ is not object.__str__ else ""
        return said + html_table({type(self).__name__: words, "": list(shown.values())})

    def to_dict(self) -> dict[str, Any]:
        """Fields as JSON holds them."""
        from .display import exact_json

        return {name.rstrip("_"): exact_json(getattr(self, name)) for name in self.__slots__}


class Range(Value):
    """A closed interval of exact numbers.

    Parameters
    ----------
    min, max : int, Fraction or str
        Its ends, such as ``75`` or ``"5/2"``; floats are refused, because a decision may hang on
        them.

    Raises
    ------
    InvalidValue
        If ``max`` lies below ``min``.
    UnitMismatch
        If an end is a float.

    Examples
    --------
    >>> import qualgraph as qg
    >>> hours = qg.Range(25, 30)
    >>> print(hours, 27 in hours, hours == qg.Range("25", "30"))
    25–30 True True
    >>> print(qg.Range("1/3", "2/5"))
    1/3–2/5
    """

    __slots__ = ("min", "max")
    min: Fraction
    max: Fraction

    def __init__(self, min: Fraction | int | str, max: Fraction | int | str | None = None) -> None:
        from .credits import exact

        low = exact(min)
        high = low if max is None else exact(max)
        if high < low:
            raise InvalidValue(f"a range runs upwards; {low} to {high} does not")
        super().__init__(low, high)

    @property
    def is_point(self) -> bool:
        """Whether both ends are one number."""
        return self.min == self.max

    def __contains__(self, number: object) -> bool:
        from .credits import exact

        if isinstance(number, Range):
            return self.min <= number.min and number.max <= self.max
        return self.min <= exact(number) <= self.max

    def __iter__(self) -> Iterator[Fraction]:
        return iter((self.min, self.max))

    def __str__(self) -> str:
        from .display import fraction_text

        if self.is_point:
            return fraction_text(self.min)
        return f"{fraction_text(self.min)}–{fraction_text(self.max)}"

    def _repr_html_(self) -> str:
        from .display import paragraph

        return paragraph(self)

    def __repr__(self) -> str:
        from .display import fraction_text

        ends = [fraction_text(end) for end in self]
        return "Range(" + ", ".join(end if "/" not in end else f"'{end}'" for end in ends) + ")"


def range_of(ends: tuple[Fraction, Fraction] | None) -> Range | None:
    """A pair of ends from the engine as a Range."""
    return None if ends is None else Range(*ends)


class Source(Value):
    """One text a fact rests on.

    Attributes
    ----------
    title : str
    publisher : str or None
    year : int or None
        Of the text; None where it bears none.
    url : str or None
    evidence : str
        ``"read"``: seen in a text; ``"known"``: general knowledge, never seen in a text;
        ``"mixed"``: partly one, partly the other.
    document : str or None
        Id of the document, where this is a mapping document and not a text it was seen in.

    Examples
    --------
    >>> import qualgraph as qg
    >>> qg.load().framework("ie-nfq").sources[1].publisher
    'QQI'
    """

    __slots__ = ("title", "publisher", "year", "url", "evidence", "document")
    title: str
    publisher: str | None
    year: int | None
    url: str | None
    evidence: str
    document: str | None

    def __init__(
        self,
        title: str,
        publisher: str | None = None,
        year: int | None = None,
        url: str | None = None,
        evidence: str = "known",
        document: str | None = None,
    ) -> None:
        super().__init__(title, publisher, year, url, evidence, document)

    @classmethod
    def from_fact(cls, fact: dict[str, Any]) -> Source:
        """A source as fact files write it."""
        return cls(
            fact.get("title") or "untitled",
            fact.get("publisher"),
            fact.get("year"),
            fact.get("url"),
            fact.get("evidence") or "known",
            fact.get("document"),
        )

    def __str__(self) -> str:
        from .display import mark

        year = self.year if self.year is not None else "no year"
        publisher = f", {self.publisher}" if self.publisher else ""
        return f"{self.title} ({year}){publisher} [{mark(self.evidence)}]"


def sources_of(raw: list[tuple[Any, ...]]) -> list[Source]:
    """Sources as the engine hands them out."""
    return [Source(*each) for each in raw]


class Level(Value):
    """A level of a framework.

    Attributes
    ----------
    framework : str
        Id of the framework.
    code : str
        As the framework writes it: ``"8"``, ``"4+"``, ``"E1"``.
    rank : int
        Position in the framework's list of levels; only the order means anything.
    label : str or None
    parallel : str or None
        Group of tracks side by side, none above another; None for an ordinary level.
    parent : str or None
        Code of the level this one is a part of.
    step : int
        Position from the bottom, one for a whole group of parallel tracks.

    Examples
    --------
    >>> import qualgraph as qg
    >>> level = qg.load().framework("nl-nlqf").level("4+")
    >>> str(level), level.framework
    ('nl-nlqf:4+', 'nl-nlqf')
    """

    __slots__ = ("framework", "code", "rank", "label", "parallel", "parent", "step")
    framework: str
    code: str
    rank: int
    label: str | None
    parallel: str | None
    parent: str | None
    step: int

    def __str__(self) -> str:
        return f"{self.framework}:{self.code}"

    def __repr__(self) -> str:
        return f"<Level {self}{f' ({self.label})' if self.label else ''}>"


class CreditBounds(Value):
    """Size of a class of awards in credits: ``min``, ``max`` (None: not stated) and ``system``."""

    __slots__ = ("min", "max", "system")
    min: Fraction | None
    max: Fraction | None
    system: str

    def __str__(self) -> str:
        from .display import fraction_text

        if self.min is not None and self.min == self.max:
            size = fraction_text(self.min)
        elif self.min is not None and self.max is not None:
            size = f"{fraction_text(self.min)}–{fraction_text(self.max)}"
        elif self.min is not None:
            size = f"at least {fraction_text(self.min)}"
        elif self.max is not None:
            size = f"at most {fraction_text(self.max)}"
        else:
            size = "not stated"
        return f"{size} {self.system}".strip()


class QualificationType(Value):
    """A class of awards of a framework.

    Attributes
    ----------
    name : str
    level : str or None
        Code of its level in the framework.
    level_range : tuple of str
        First and last code, where its awards sit at several levels.
    credits : CreditBounds or None
        Size, in credits of the system it names.
    evidence, credits_evidence : str
        How name and level, and the size, were established.

    Examples
    --------
    >>> import qualgraph as qg
    >>> types = qg.load().framework("ie-nfq").qualification_types
    >>> [f"{each.name}: {each.credits}" for each in types if each.level == "7"]
    ['Ordinary Bachelor Degree: 180 ects']
    """

    __slots__ = ("name", "level", "level_range", "credits", "evidence", "credits_evidence")
    name: str
    level: str | None
    level_range: tuple[str, ...]
    credits: CreditBounds | None
    evidence: str
    credits_evidence: str

    def __str__(self) -> str:
        from .display import mark

        if self.level is not None:
            at = f", level {self.level}"
        elif self.level_range:
            at = f", levels {self.level_range[0]} to {self.level_range[-1]}"
        else:
            at = ", level not stated"
        size = "" if self.credits is None else f", {self.credits}"
        return f"{self.name}{at}{size} [{mark(self.evidence)}]"


class _Fact:
    """A fact of a world, wrapped around the engine's value."""

    __slots__ = ("_c",)
    _c: Any

    def __init__(self, core: Any) -> None:
        self._c = core

    @property
    def id(self) -> str:
        """Id, unique among all facts of its kind."""
        return str(self._c.id)

    def to_dict(self) -> dict[str, Any]:
        """The whole fact, as its file has it."""
        from json import loads

        whole: dict[str, Any] = loads(self._c.json)
        return whole

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        assert isinstance(other, _Fact)
        return bool(self._c is other._c or self._c.json == other._c.json)

    def __hash__(self) -> int:
        return hash((type(self).__name__, self.id))

    def __copy__(self) -> _Fact:
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> _Fact:
        return self

    def __reduce__(self) -> Any:
        raise _belongs(self)

    @property
    def sources(self) -> list[Source]:
        """Texts the fact rests on, each with its evidence mark."""
        return sources_of(self._c.sources)

    @property
    def notes(self) -> str:
        """What the collectors of the fact remarked."""
        return str(self._c.notes)


class Framework(_Fact):
    """A qualifications framework.

    Attributes
    ----------
    id, name, jurisdiction : str
    kind : str
        ``"national"``, ``"regional"`` or ``"sectoral"``.
    hub : bool
        Whether it is a regional framework that others are referenced to.
    status, authority : str or None
    since : int or None
    levels : list of Level
        In rank order, lowest first; empty where no list was found.
    levels_evidence : str
    qualification_types : list of QualificationType
    credit_system : str or None
    aliases : list of str
    sources : list of Source
    notes : str

    Examples
    --------
    >>> import qualgraph as qg
    >>> nfq = qg.load().framework("ie-nfq")
    >>> nfq
    <Framework ie-nfq: 10 levels, IE>
    >>> [level.code for level in nfq.levels][:3]
    ['1', '2', '3']
    """

    __slots__ = ("_levels",)
    _c: _core.Framework

    def __init__(self, core: _core.Framework) -> None:
        super().__init__(core)
        self._levels: list[Level] | None = None

    @property
    def name(self) -> str:
        """Official name."""
        return self._c.name

    @property
    def jurisdiction(self) -> str:
        """Country or region code."""
        return self._c.jurisdiction

    @property
    def kind(self) -> str:
        """National, regional or sectoral."""
        return self._c.kind

    @property
    def hub(self) -> bool:
        """Whether it is a regional framework that others are referenced to."""
        return self._c.hub

    @property
    def status(self) -> str | None:
        """Operational, adopted, developing, or None where not stated."""
        return self._c.status

    @property
    def since(self) -> int | None:
        """Year it started, where stated."""
        return self._c.since

    @property
    def authority(self) -> str | None:
        """Who keeps it, where stated."""
        return self._c.authority

    @property
    def levels(self) -> list[Level]:
        """Levels in rank order, lowest first."""
        if self._levels is None:
            self._levels = [
                Level(self._c.id, each.code, each.rank, each.label, each.parallel, each.parent, each.step)
                for each in self._c.levels
            ]
        return list(self._levels)

    @property
    def levels_evidence(self) -> str:
        """How the list of levels was established."""
        return self._c.levels_evidence

    def level(self, code: str) -> Level:
        """The level of this code.

        Parameters
        ----------
        code : str
            As the framework writes it; ``"ie-nfq:6"`` is accepted for its own framework.

        Raises
        ------
        UnknownId
            If the framework has no such level; the message lists its levels.

        Examples
        --------
        >>> import qualgraph as qg
        >>> print(qg.load().framework("ie-nfq").level("6"))
        ie-nfq:6
        """
        wanted = str(code)
        framework, colon, rest = wanted.rpartition(":")
        if colon and framework != self.id:
            raise UnknownId(f'"{wanted}" is a level of another framework, not of "{self.id}" ({self.name})')
        for level in self.levels:
            if level.code == rest:
                return level
        codes = ", ".join(level.code for level in self.levels)
        has = f"its levels are {codes}" if codes else "no level list of it was found in any source"
        raise UnknownId(f'no level "{rest}" in "{self.id}" ({self.name}); {has}')

    @property
    def qualification_types(self) -> list[QualificationType]:
        """Classes of awards, with level and size."""
        return [
            QualificationType(
                each.name,
                each.level,
                tuple(each.level_range),
                None
                if each.credits is None
                else CreditBounds(each.credits.min, each.credits.max, each.credits.system),
                each.evidence,
                each.credits_evidence,
            )
            for each in self._c.qualification_types
        ]

    @property
    def credit_system(self) -> str | None:
        """Id of its credit system, where stated."""
        return self._c.credit_system

    @property
    def aliases(self) -> list[str]:
        """Other names."""
        return self._c.aliases

    def __repr__(self) -> str:
        number = len(self._c.levels)
        has = f"{number} level{'' if number == 1 else 's'}" if number else "no level list found"
        return f"<Framework {self.id}: {has}, {self.jurisdiction}>"

    def __str__(self) -> str:
        return f"{self.name} ({self.id})"

    def _repr_html_(self) -> str:
        from .display import answer_box, html_table, mark, paragraph

        types: dict[str, list[str]] = {}
        for kind in self.qualification_types:
            if kind.level is not None:
                types.setdefault(kind.level, []).append(kind.name)
        levels = self.levels[::-1]
        body = paragraph(
            f"{self.kind.capitalize()} framework, {self.authority or 'authority not stated'}", muted=True
        )
        body += html_table(
            {
                "level": [level.code for level in levels],
                "label": [level.label for level in levels],
                "qualification types": [types.get(level.code, []) for level in levels],
            }
        )
        return answer_box(
            str(self), body, f"Levels: {mark(self.levels_evidence)}. {_sources(self.sources)}"
        )


class Mapping(_Fact):
    """The table of one document between the levels of two frameworks.

    Attributes
    ----------
    id : str
        ``"from>to@year"``.
    document_id, document : str
        Id and title of the document; one document may hold several mappings.
    from_, to : str
        Ids of the frameworks, in the direction of the document's judgement.
    kind : str
        referencing, alignment, comparison, self-certification or bilateral.
    year : int or None
    status : str
        current, superseded, draft or not-endorsed.
    strength : str
        adopted, joint or third-party; only the order means anything.
    join : bool
        Whether it ties a framework to its own part, parent or other edition.
    evidence : str
    complete : bool
        Whether every source level stands in a row or is said to have no counterpart.
    pairs : list of (str, str)
        Rows as listed, codes of ``from_`` and ``to``.
    pairs_known : list of (str, str)
        The rows never seen in a text, where evidence is mixed.
    partial, multi, unmatched, unmatched_to, unresolved : list of dict
        As the fact has them: overlaps, split or broad levels, levels without counterpart (with the
        reason), and levels about which nothing was seen.
    derived_from : list of str
    usable_for_recognition : bool or None
        False where its authors do not want it used so; None where the text is silent.
    valid_from, valid_until : str or None
        ISO days, half-open.
    crossings : list of ((str, str), (str, str))
        Pairs of rows that cross.
    retention : Retention
        Which levels the table keeps apart.
    egli_milner : bool
        Whether lowest and highest counterpart rise with the level.

    Examples
    --------
    >>> import qualgraph as qg
    >>> table = qg.load().mapping("nz-nzqcf", "eqf")
    >>> table.pairs[:2], table.unmatched[0]["level"], table.retention.share
    ([('1', '2'), ('2', '3')], '8', Fraction(7, 9))
    """

    __slots__ = ("_fact", "_world")
    _c: _core.Mapping

    def __init__(self, core: _core.Mapping, world: _core.World) -> None:
        super().__init__(core)
        self._world = world
        self._fact: dict[str, Any] | None = None

    def _get(self, key: str) -> Any:
        if self._fact is None:
            self._fact = super().to_dict()
        return self._fact.get(key)

    @property
    def document_id(self) -> str:
        """Id of the document."""
        return self._c.document

    @property
    def document(self) -> str:
        """Title of the document."""
        return self._c.title

    @property
    def from_(self) -> str:
        """Framework the table starts from."""
        return self._c.from_

    @property
    def to(self) -> str:
        """Framework the table leads to."""
        return self._c.to

    @property
    def kind(self) -> str:
        """Kind of document."""
        return self._c.kind

    @property
    def year(self) -> int | None:
        """Year of the document."""
        return self._c.year

    @property
    def status(self) -> str:
        """Standing of the document today."""
        return self._c.status

    @property
    def strength(self) -> str:
        """Who stands behind it."""
        return self._c.strength

    @property
    def join(self) -> bool:
        """Whether it ties a framework to its own part, parent or other edition."""
        return self._c.join

    @property
    def evidence(self) -> str:
        """How the rows were established."""
        return self._c.evidence

    @property
    def complete(self) -> bool:
        """Whether every source level is settled."""
        return self._c.complete

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """Rows as listed."""
        return [(str(a), str(b)) for a, b in self._get("pairs") or ()]

    @property
    def pairs_known(self) -> list[tuple[str, str]]:
        """Rows never seen in a text, where evidence is mixed."""
        return [(str(a), str(b)) for a, b in self._get("pairs_known") or ()]

    def _list(self, key: str) -> list[dict[str, Any]]:
        return [dict(each) for each in self._get(key) or ()]

    @property
    def partial(self) -> list[dict[str, Any]]:
        """Rows whose levels only overlap."""
        return self._list("partial")

    @property
    def multi(self) -> list[dict[str, Any]]:
        """Levels with several rows, and why."""
        return self._list("multi")

    @property
    def unmatched(self) -> list[dict[str, Any]]:
        """Source levels said to have no counterpart."""
        return self._list("unmatched")

    @property
    def unmatched_to(self) -> list[dict[str, Any]]:
        """Target levels said to have no counterpart."""
        return self._list("unmatched_to")

    @property
    def unresolved(self) -> list[dict[str, Any]]:
        """Levels about which nothing was seen; never the same as no counterpart."""
        return self._list("unresolved")

    @property
    def derived_from(self) -> list[str]:
        """Mappings this one was built from."""
        return self._c.derived_from

    @property
    def usable_for_recognition(self) -> bool | None:
        """Whether its authors want it used for recognition; None where the text is silent."""
        return self._c.usable_for_recognition

    @property
    def valid_from(self) -> str | None:
        """First day it holds, where stated."""
        return self._c.valid_from

    @property
    def valid_until(self) -> str | None:
        """First day it no longer holds, where stated."""
        return self._c.valid_until

    @property
    def crossings(self) -> list[tuple[tuple[str, str], tuple[str, str]]]:
        """Pairs of rows that cross; reported, never repaired."""
        return [(each.low, each.high) for each in _core.crossings(self._world, self._c)]

    @property
    def retention(self) -> Retention:
        """Which levels the table keeps apart."""
        core = _core.retention(self._world, self._c)
        return Retention(core.share, core.distinct, core.mapped, tuple(tuple(run) for run in core.merged))

    @property
    def egli_milner(self) -> bool:
        """Whether lowest and highest counterpart rise with the level."""
        return _core.egli_milner(self._world, self._c)

    def as_source(self) -> Source:
        """The document itself, for a list of references."""
        publisher = next((s.publisher for s in self.sources if s.title == self.document), None)
        url = next((s.url for s in self.sources if s.title == self.document), None)
        return Source(self.document, publisher, self.year, url, self.evidence, self.document_id)

    def __repr__(self) -> str:
        from .display import count

        return f"<Mapping {self.id}: {self.kind}, {count(len(self.pairs), 'row')}, {self.status}>"

    def __str__(self) -> str:
        return f"{self.document} ({self.id})"

    @property
    def table(self) -> Table:
        """Rows as a table: from, to, evidence, note."""
        from .table import Table

        known = set(self.pairs_known)
        partial = {(each["from"], each["to"]): each.get("note") for each in self.partial}
        rows = self.pairs + [pair for pair in partial if pair not in set(self.pairs)]
        mixed = self.evidence == "mixed"
        evidence = [("known" if pair in known else "read") if mixed else self.evidence for pair in rows]
        return Table(
            {
                self.from_: [pair[0] for pair in rows],
                self.to: [pair[1] for pair in rows],
                "evidence": evidence,
                "note": [(partial[p] or "overlap only") if p in partial else None for p in rows],
            },
            title=str(self),
            caption=self.notes,
        )

    def _repr_html_(self) -> str:
        from .display import answer_box, items, mark

        said = [
            f"{self.from_} {each['level']}: no counterpart. {each.get('reason') or ''}"
            for each in self.unmatched
        ]
        said += [
            f"{self.to} {each['level']}: no counterpart. {each.get('reason') or ''}"
            for each in self.unmatched_to
        ]
        said += [
            f"{each['level']} ({each['side']}): not established. {each.get('note') or ''}"
            for each in self.unresolved
        ]
        standing = f"{self.kind.capitalize()}, {self.strength}, {self.status}, {self.year or 'no year'}"
        footer = f"{standing}; {mark(self.evidence)}."
        return answer_box(str(self), self.table._repr_html_() + items(said), footer)


class Retention(Value):
    """Which levels a table keeps apart.

    Attributes
    ----------
    share : Fraction
        Distinct row sets over mapped levels, 1 when every mapped level stays distinct.
    distinct, mapped : int
    merged : tuple of tuple of str
        Runs of levels that share their rows.
    """

    __slots__ = ("share", "distinct", "mapped", "merged")
    share: Fraction
    distinct: int
    mapped: int
    merged: tuple[tuple[str, ...], ...]

    def __str__(self) -> str:
        from .display import agree, listing

        if self.mapped == 0:
            return "No level is mapped."
        apart = f"{self.distinct} of {self.mapped} mapped levels {agree(self.distinct, 'is', 'are')} kept apart"
        runs = [listing(run) for run in self.merged]
        return f"{apart}; together: {'; '.join(runs)}." if runs else f"{apart}."


class AgreedRatio(Value):
    """One credit of ``from_`` is ``ratio`` credits of ``to``, fixed by a document.

    Attributes
    ----------
    from_, to : str
    ratio : Range
        A point unless the document prints a range.
    way : str
        What the document says it rests on: ``"year"``, ``"hours"`` or ``""``.
    note : str
    sources : tuple of Source
    """

    __slots__ = ("from_", "to", "ratio", "way", "note", "sources")
    from_: str
    to: str
    ratio: Range
    way: str
    note: str
    sources: tuple[Source, ...]

    def __str__(self) -> str:
        by = f", by {self.way}" if self.way else ""
        named = f" ({self.sources[0].title})" if self.sources else ""
        return f"1 {self.from_} is {self.ratio} {self.to}{by}{named}"


def agreed_ratio_of(core: _core.AgreedRatio) -> AgreedRatio:
    """A ratio as the engine hands it out."""
    return AgreedRatio(
        core.from_, core.to, Range(*core.ratio), core.way, core.note, tuple(sources_of(core.sources))
    )


class CreditSystem(_Fact):
    """A system of credits.

    Attributes
    ----------
    id, name, jurisdiction : str
    hours_per_credit : Range or None
        Learning hours of one credit; class hours where ``contact_only``.
    credits_per_year : Fraction or None
        Credits of a full-time year.
    contact_only : bool
        Whether it counts class hours only.
    alias_of : str or None
        The system this is a second name of.
    basis, evidence, notes : str
    official_ratios : list of AgreedRatio
    sources : list of Source

    Examples
    --------
    >>> import qualgraph as qg
    >>> ects = qg.load().credit_system("ects")
    >>> print(ects.hours_per_credit, ects.credits_per_year)
    25–30 60
    """

    __slots__ = ()
    _c: _core.CreditSystem

    @property
    def name(self) -> str:
        """Official name."""
        return self._c.name

    @property
    def jurisdiction(self) -> str:
        """Country or region code."""
        return self._c.jurisdiction

    @property
    def hours_per_credit(self) -> Range | None:
        """Hours of one credit."""
        return range_of(self._c.hours_per_credit)

    @property
    def credits_per_year(self) -> Fraction | None:
        """Credits of a full-time year."""
        return self._c.credits_per_year

    @property
    def contact_only(self) -> bool:
        """Whether it counts class hours only."""
        return self._c.contact_only

    @property
    def alias_of(self) -> str | None:
        """The system this is a second name of."""
        return self._c.alias_of

    @property
    def basis(self) -> str:
        """What its credits measure."""
        return self._c.basis

    @property
    def evidence(self) -> str:
        """How its figures were established."""
        return self._c.evidence

    @property
    def official_ratios(self) -> list[AgreedRatio]:
        """Ratios to other systems that its own texts fix."""
        return [agreed_ratio_of(each) for each in self._c.official_ratios]

    def __repr__(self) -> str:
        hours = self.hours_per_credit
        kind = "class hours" if self.contact_only else "hours"
        stated = f"{hours} {kind} per credit" if hours is not None else "hours per credit not stated"
        year = self.credits_per_year
        load = f"{year} per year" if year is not None else "year load not stated"
        return f"<CreditSystem {self.id}: {stated}, {load}>"

    def __str__(self) -> str:
        return f"{self.name} ({self.id})"

    def _repr_html_(self) -> str:
        from .display import answer_box, html_table, mark

        shown = {
            "hours per credit": self.hours_per_credit or "not stated",
            "credits per full-time year": self.credits_per_year or "not stated",
            "counts": "class hours only" if self.contact_only else "all learning",
            "basis": self.basis,
            "notes": self.notes,
        }
        body = html_table({"": list(shown), "figure": [str(value) for value in shown.values()]})
        return answer_box(str(self), body, f"Figures: {mark(self.evidence)}. {_sources(self.sources)}")


class Policy:
    """A policy on micro-credentials, recognition of prior learning or credit transfer.

    Attributes
    ----------
    id : str
    kind : str
        ``"microcredential_policy"``, ``"rpl_policy"`` or ``"credit_transfer_policy"``.
    jurisdiction, framework : str or None
    sources : list of Source
    notes : str

    Any other field of the fact is read with square brackets.

    Examples
    --------
    >>> import qualgraph as qg
    >>> policy = qg.load().rpl_policies["ke-rpl"]
    >>> policy.jurisdiction, policy["full_award_by_rpl"]
    ('KE', True)
    """

    __slots__ = ("_c", "_fact")

    def __init__(self, core: _core.FactRecord) -> None:
        from json import loads

        self._c = core
        self._fact: dict[str, Any] = loads(core.json)

    @property
    def id(self) -> str:
        """Id, unique among policies of its kind."""
        return self._c.id

    @property
    def kind(self) -> str:
        """Kind of policy."""
        return self._c.kind

    @property
    def jurisdiction(self) -> str | None:
        """Country or region code."""
        return self._fact.get("jurisdiction")

    @property
    def framework(self) -> str | None:
        """Framework it belongs to, where stated."""
        return self._fact.get("framework")

    @property
    def sources(self) -> list[Source]:
        """Texts the policy rests on."""
        return [Source.from_fact(each) for each in self._fact.get("sources") or ()]

    @property
    def notes(self) -> str:
        """What the collectors of the fact remarked."""
        return str(self._fact.get("notes") or "")

    def to_dict(self) -> dict[str, Any]:
        """The whole fact, as its file has it."""
        from json import loads

        whole: dict[str, Any] = loads(self._c.json)
        return whole

    def __getitem__(self, field: str) -> Any:
        if field not in self._fact:
            near = _core.did_you_mean(as_text(field, "field"), list(self._fact))
            raise UnknownId(f'policy "{self.id}" states no "{field}".{near}')
        return self.to_dict()[field]

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Policy):
            return NotImplemented
        return self.kind == other.kind and self._fact == other._fact

    def __hash__(self) -> int:
        return hash((self.kind, self.id))

    def __copy__(self) -> Policy:
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> Policy:
        return self

    def __reduce__(self) -> Any:
        raise _belongs(self)

    def __repr__(self) -> str:
        return f"<Policy {self.id}: {self.kind.replace('_', ' ')}, {self.jurisdiction or 'no jurisdiction'}>"

    def _repr_html_(self) -> str:
        from .display import answer_box, html_table

        fields = {key: value for key, value in self._fact.items() if key not in ("id", "sources", "notes")}
        shown = ["not stated" if value is None else str(value) for value in fields.values()]
        body = html_table({"field": list(fields), "stated": shown}, caption=self.notes)
        return answer_box(f"{self.id} ({self.kind.replace('_', ' ')})", body, _sources(self.sources))


class Collection(Generic[_T]):
    """Facts of one kind, in the order of their ids.

    ``len``, iteration over the objects, ``collection["id"]``, ``"id" in collection``, ``.ids``.

    Examples
    --------
    >>> import qualgraph as qg
    >>> frameworks = qg.load().frameworks
    >>> len(frameworks) > 100, "ie-nfq" in frameworks, frameworks["ie-nfq"].jurisdiction
    (True, True, 'IE')
    """

    __slots__ = ("_columns", "_items", "_kind", "_lookup", "_make")

    def __init__(
        self,
        kind: str,
        items: list[Any],
        make: Callable[[Any], _T],
        columns: tuple[str, ...],
        lookup: Callable[[str], Any] | None = None,
    ) -> None:
        self._kind = kind
        self._items = {item.id: item for item in items}
        self._make = make
        self._columns = columns
        self._lookup = lookup

    @property
    def ids(self) -> list[str]:
        """Ids of all facts."""
        return list(self._items)

    def __len__(self) -> int:
        return len(self._items)

    def __iter__(self) -> Iterator[_T]:
        return map(self._make, self._items.values())

    def __contains__(self, thing: object) -> bool:
        return (thing if isinstance(thing, str) else getattr(thing, "id", None)) in self._items

    def __getitem__(self, id: str) -> _T:
        """The fact of this id; UnknownId with the nearest ids otherwise."""
        found = self._items.get(id)
        if found is None:
            wanted = as_text(str(id), self._kind)
            if self._lookup is not None and isinstance(id, str):
                # The engine knows abbreviations and second names.
                return self._make(self._lookup(wanted))
            near = _core.did_you_mean(wanted, self.ids)
            raise UnknownId(f'no {self._kind} "{id}".{near}')
        return self._make(found)

    def get(self, id: str, default: Any = None) -> Any:
        """The fact of this id, or ``default``."""
        found = self._items.get(id)
        return default if found is None else self._make(found)

    @property
    def table(self) -> Table:
        """Main fields of every fact as a table."""
        from .table import Table

        rows = list(self)
        columns = {name.rstrip("_"): [getattr(row, name) for row in rows] for name in self._columns}
        return Table(columns, key="id", title=repr(self).strip("<>"))

    def to_pandas(self) -> Any:
        """Main fields of every fact as a data frame."""
        return self.table.to_pandas()

    def to_arrow(self) -> Any:
        """Main fields of every fact as an Arrow table."""
        return self.table.to_arrow()

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> Any:
        return self.table.__arrow_c_stream__(requested_schema)

    def __copy__(self) -> Collection[_T]:
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> Collection[_T]:
        return self

    def __reduce__(self) -> Any:
        raise _belongs(self)

    def __repr__(self) -> str:
        from .display import count

        return f"<{count(len(self), self._kind, _plural(self._kind))}>"

    def _repr_html_(self) -> str:
        return self.table._repr_html_()


def _belongs(fact: Any) -> TypeError:
    """Why a fact does not pickle: it shares its data with its world."""
    name = type(fact).__name__
    return TypeError(f"a {name} belongs to its world; pickle the world and ask it again, or keep what you need of it")


def pending_text(record: dict[str, Any]) -> str:
    """One pending relation as a clause of a sentence."""
    year = f", {record['year']}" if record.get("year") else ""
    goal = record.get("to") or "a partner without framework in these facts"
    state = f": {record['state']}" if record.get("state") else ""
    return f"{record.get('from')} to {goal} ({record.get('kind')}{year}){state}"


def _sources(sources: list[Source]) -> str:
    from .display import count

    return f"{count(len(sources), 'source').capitalize()}."


def _plural(noun: str) -> str:
    return noun[:-1] + "ies" if noun.endswith("y") else noun + "s"
