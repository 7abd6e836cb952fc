"""The world of facts, and every question that is put to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, overload

from . import _core
from .answers import (
    AwardAnswer,
    ConflictReport,
    FrameworkAnswer,
    LevelAnswer,
    LevelBound,
    LossAtlas,
    Reliance,
    RoundTrip,
    RouteCensus,
)
from .errors import InvalidValue, UnitMismatch, UnknownId
from .facts import Collection, CreditSystem, Framework, Level, Mapping, Policy, Source, Value, as_text

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterable, Sequence
    from datetime import date
    from fractions import Fraction
    from pathlib import Path
    from typing import TypeAlias

    from .credential_names import NameCheck
    from .credits import BrokenChain, Conversion, ConvertedItems, Credits, CreditVerdict, VolumeOfLearning
    from .definitions import Classification, Definition, DefinitionOrder, Landscape, TableClassification
    from .descriptor import DescriptorCheck
    from .evidence import GradedTable
    from .explore import Comparison, Coverage, CoverageOverview, Found
    from .facts import Range
    from .lint import Findings
    from .pathway import Curriculum, Indicators, Ladder, Pathways, Reachable, StepGraph
    from .recognition import Claims, OutcomeCoverage, Recognition
    from .stacking import Audit, AwardsAudit, Catalogue, Plan, PlanSet, Record, Rule
    from .table import Table

    Day: TypeAlias = date | str | int
    AnyLevel: TypeAlias = str | Level
    AnyFramework: TypeAlias = str | Framework
    AnyCredits: TypeAlias = str | Credits

__all__ = ["Profile", "World", "load"]

_KINDS = (
    "pending",
    "label_placement",
    "context",
    "award_rule",
    "microcredential_policy",
    "rpl_policy",
    "credit_transfer_policy",
    "rule",
    "definition",
)
#: Bytes of a file of facts that the engine takes at most.
_LARGEST_FILE = 2**24
_bundled: dict[str, World] = {}
#: The verb of :meth:`World.audit`, kept once somebody asks: an audit may take less time than an import statement.
_audit: Callable[..., Audit] | None = None


def load(
    path: str | os.PathLike[str] | None = None,
    *,
    base: World | None = None,
    as_of: Day | None = None,
    evidence: str | None = None,
    replace: bool = False,
) -> World:
    """A world of facts: those that come with the package, or a folder of one's own.

    Parameters
    ----------
    path : path, optional
        Folder with fact files (or one file), in the shapes of the package's own ``data`` folder.
        Without it, the bundled facts; they are read once per process.
    base : World, optional
        World on top of which the folder is loaded. Without it the folder stands alone.
    as_of : date or str, optional
        Answer from documents valid on this day (``"2019-03-14"``, or a year for its 1 January).
        Without it, from the documents that are current; never from the clock.
    evidence : {"all", "read"}, optional
        ``"read"`` takes rows and figures that are only known as silent. Default ``"all"``, or that
        of ``base``.
    replace : bool, optional
        Whether a fact may take the place of one of ``base`` with the same id.

    Returns
    -------
    World

    Raises
    ------
    FactError
        With every fault of every file; nothing is loaded then.
    InvalidValue
        For a day that does not exist or an unknown kind of evidence.

    Examples
    --------
    >>> import qualgraph as qg
    >>> world = qg.load()
    >>> world.map_level("ie-nfq:8", to="eqf").possible
    ['6']
    >>> qg.load(as_of="2019-03-14", evidence="read").evidence
    'read'
    """
    if base is not None and not isinstance(base, World):
        raise UnitMismatch(f"base is a World, such as qg.load(), not {base!r}")
    day = _day(as_of) if as_of is not None else (base.as_of_text if base is not None else None)
    if evidence is not None:
        floor = as_text(evidence, "kind of evidence")
    else:
        floor = base.evidence if base is not None else "all"
    if path is None:
        world = base if base is not None else _bundled_world()
        return world.view(as_of=day, evidence=floor)
    from os import fsdecode, fsencode
    from os.path import basename, isfile

    try:
        folder = fsdecode(fsencode(path))
    except UnicodeEncodeError:
        raise InvalidValue(f"{path!r} is no path: it holds characters that are not Unicode text") from None
    under = None if base is None else base._c
    if isfile(folder):
        name = basename(folder).encode("utf-8", "replace").decode()
        with open(folder, "rb") as file:
            # One byte too many is enough for the engine to refuse; the rest stays on the disk.
            text = file.read(_LARGEST_FILE + 1)
        core = _core.load_facts([(name, text)], under, day, floor, bool(replace))
    else:
        core = _core.load_folder(folder, under, day, floor, bool(replace))
    if path is not None and any(each.kind == "definition" for each in core.records):
        # Formulas rest on frameworks, credit systems and each other: read once all are there.
        _core.definitions(core)
    return World(core) if base is None else base._heir(core)


def _bring_audit() -> Callable[..., Audit]:
    global _audit
    from .stacking.audit import audit

    _audit = audit
    return audit


def _bundled_world() -> World:
    world = _bundled.get("")
    if world is None:
        from os.path import dirname, join

        folder = join(dirname(__file__), "data")
        # Two threads may both come here; setdefault lets the first world win for both.
        world = _bundled.setdefault("", World(_core.load_folder(folder, None, None, "all", False)))
    return world


def _day(day: Day) -> str:
    """A day as "2019-03-14"; InvalidValue for one that does not exist."""
    isoformat = getattr(day, "isoformat", None)
    if isoformat is not None:
        return str(_core.check_date(isoformat()[:10]))
    if isinstance(day, bool) or not isinstance(day, (str, int)):
        raise InvalidValue(f'{day!r} is no day; write "2019-03-14" or a datetime.date')
    checked = str(_core.check_date(as_text(str(day), "day")))
    if checked.startswith("0000"):
        raise InvalidValue(f'"{day}" is not a day; write year-month-day such as "2019-03-14", or a year')
    return checked


def _id(thing: Any, what: str) -> str:
    """Id of a thing, or the text that is meant as one."""
    name = thing if isinstance(thing, str) else getattr(thing, "id", None)
    if not isinstance(name, str):
        raise UnitMismatch(f"{thing!r} is no {what}; write its id as text")
    return as_text(name, what)


def _framework_id(thing: Any) -> str:
    name = _id(thing, "framework")
    if ":" in name:
        raise UnknownId(f'"{name}" is a level; a framework is asked here: "{name.partition(":")[0]}"')
    return name


def _level_text(level: Any) -> str:
    if isinstance(level, (str, Level)):
        text = str(level)
        if " | " in text:
            raise InvalidValue(
                f'"{text}" names several levels on parallel tracks; ask for one of its .levels'
            )
        return as_text(text, "level")
    if isinstance(level, (int, float)):
        raise UnitMismatch(
            f'{level!r} is a number without a framework; a level is written "framework:code", such as "eqf:6"'
        )
    raise UnitMismatch(f'{level!r} is no level; write "framework:code", such as "eqf:6"')


def _via(via: Any) -> list[str] | None:
    if via is None:
        return None
    if isinstance(via, (str, Framework)):
        return [_framework_id(via)]
    if not hasattr(via, "__iter__"):
        raise UnitMismatch(f"via names frameworks, one or a list of them, not {via!r}")
    return [_framework_id(each) for each in via]


def _award_type(type: Any) -> str | None:
    if type is None:
        return None
    if not isinstance(type, str):
        raise UnitMismatch(f"type is the name of an award type, not {type!r}")
    return as_text(type, "award type")


def _purpose(purpose: Any) -> str:
    if not isinstance(purpose, str):
        raise UnitMismatch(f'purpose is "information", "recognition" or "preview", not {purpose!r}')
    return as_text(purpose, "purpose")


def _all_routes(routes: str) -> bool:
    if routes == "admitted":
        return False
    if routes == "all":
        return True
    raise InvalidValue(
        f'routes="{routes}" is not possible: "admitted" lists the routes that answer, '
        '"all" also peers and those not admitted'
    )


def _slack(slack: Any) -> int:
    if isinstance(slack, bool) or not isinstance(slack, int):
        raise UnitMismatch(f"slack counts hub steps and is a whole number, not {slack!r}")
    # No framework has more levels than this; a wider slack says the same.
    return min(slack, 64)


def _credits(amount: Any) -> Credits:
    from .credits import credits

    return credits(amount)


_KEEP: Any = object()


class World:
    """Every fact, as one immutable value; made by :func:`load`.

    Questions may run on any number of threads. A change gives a new world that shares every fact
    with the old one. Worlds are equal when their facts and their view are; they pickle.

    Attributes
    ----------
    frameworks, mappings, credit_systems : Collection
    microcredential_policies, rpl_policies, credit_transfer_policies : Collection
    hash : str
        SHA-256 of all facts; the view has no part in it.
    as_of : date or None
    evidence : str
        ``"all"`` or ``"read"``.

    Examples
    --------
    >>> import qualgraph as qg
    >>> world = qg.load()
    >>> print(world.map_level("nz-nzqcf:8", to="eqf").bracket)
    ('6', '7')
    """

    __slots__ = ("__weakref__", "_c", "_kept")
    _kept: dict[str, Any]
    _c: _core.World

    def __init__(self, core: _core.World) -> None:
        object.__setattr__(self, "_c", core)
        object.__setattr__(self, "_kept", {})

    def __setattr__(self, name: str, value: Any) -> None:
        raise AttributeError(
            "a World does not change; with_mapping(), without_documents() and view() give a new one"
        )

    def _heir(self, core: _core.World, withdrawn: Sequence[str] = ()) -> World:
        """Make a world from this one; it remembers the tables withdrawn on the way.

        A table that stays may be derived from one that was withdrawn, and a pickle has to name both.
        """
        heir = World(core)
        gone = list(self._kept.get("withdrawn", ()))
        gone += [
            (each.id, each.document, each.json) for each in self._c.mappings if each.document in withdrawn
        ]
        if gone:
            heir._kept["withdrawn"] = gone
        return heir

    # ---- facts

    def _collection(self, name: str, make: Callable[[], Collection[Any]]) -> Collection[Any]:
        found = self._kept.get(name)
        if found is None:
            found = self._kept.setdefault(name, make())
        kept: Collection[Any] = found
        return kept

    @property
    def frameworks(self) -> Collection[Framework]:
        """Qualifications frameworks by id."""
        columns = (
            "id",
            "name",
            "jurisdiction",
            "kind",
            "hub",
            "status",
            "since",
            "credit_system",
            "levels_evidence",
        )
        core = self._c
        return self._collection(
            "frameworks", lambda: Collection("framework", core.frameworks, Framework, columns, core.framework)
        )

    @property
    def mappings(self) -> Collection[Mapping]:
        """Level tables by id (``"from>to@year"``)."""
        columns = (
            "id",
            "from_",
            "to",
            "kind",
            "year",
            "status",
            "strength",
            "evidence",
            "complete",
            "document_id",
            "document",
        )
        core = self._c
        return self._collection(
            "mappings",
            lambda: Collection(
                "mapping", core.mappings, lambda each: Mapping(each, core), columns, core.mapping
            ),
        )

    @property
    def credit_systems(self) -> Collection[CreditSystem]:
        """Credit systems by id."""
        columns = (
            "id",
            "name",
            "jurisdiction",
            "hours_per_credit",
            "credits_per_year",
            "contact_only",
            "alias_of",
            "evidence",
        )
        core = self._c
        return self._collection(
            "credit_systems", lambda: Collection("credit system", core.credit_systems, CreditSystem, columns)
        )

    def _policies(self, kind: str) -> Collection[Policy]:
        columns = ("id", "jurisdiction", "framework", "notes")
        return self._collection(
            kind,
            lambda: Collection(
                kind.replace("_", " "),
                [each for each in self._c.records if each.kind == kind],
                Policy,
                columns,
            ),
        )

    @property
    def microcredential_policies(self) -> Collection[Policy]:
        """Policies on micro-credentials by id."""
        return self._policies("microcredential_policy")

    @property
    def rpl_policies(self) -> Collection[Policy]:
        """Policies on recognition of prior learning by id."""
        return self._policies("rpl_policy")

    @property
    def credit_transfer_policies(self) -> Collection[Policy]:
        """Policies on credit transfer by id."""
        return self._policies("credit_transfer_policy")

    def records(self, kind: str) -> list[dict[str, Any]]:
        """Facts that no answer is computed from, whole.

        Parameters
        ----------
        kind : {"pending", "label_placement", "context", "award_rule"}
            Relations whose table was not seen, award names with their levels, background texts,
            rules of single awards. Kinds of policies are accepted too, "rule" for stacking rules and
            "definition" for definitions of micro-credentials.

        Raises
        ------
        UnknownId
            For another kind.

        Examples
        --------
        >>> import qualgraph as qg
        >>> sorted({record["kind"] for record in qg.load().records("pending")})[0]
        'alignment'
        """
        if kind not in _KINDS:
            raise UnknownId(f'no records of kind "{kind}"; the kinds are {", ".join(_KINDS)}')
        from json import loads

        return [loads(each.json) for each in self._c.records if each.kind == kind]

    def framework(self, id: AnyFramework) -> Framework:
        """The framework of this id.

        Raises
        ------
        UnknownId
            With the nearest ids, or with all frameworks that share the abbreviation.

        Examples
        --------
        >>> import qualgraph as qg
        >>> qg.load().framework("ie-nqf")
        Traceback (most recent call last):
        ...
        qualgraph.UnknownId: no framework "ie-nqf". Did you mean "ie-nfq" (Irish National ...
        """
        return Framework(self._c.framework(_framework_id(id)))

    def mapping(self, from_: str | AnyFramework, to: AnyFramework | None = None) -> Mapping:
        """A level table: the current one between two frameworks, or the one of an id.

        Parameters
        ----------
        from_ : str or Framework
            Framework the table starts from; or, alone, the id of a mapping.
        to : str or Framework, optional

        Raises
        ------
        UnknownId
            If there is none; the message says whether one runs the other way, or is pending.

        Examples
        --------
        >>> import qualgraph as qg
        >>> world = qg.load()
        >>> world.mapping("nz-nzqcf", "eqf") == world.mapping("nz-nzqcf>eqf@2016")
        True
        """
        if to is None:
            return Mapping(self._c.mapping(_id(from_, "mapping")), self._c)
        a, b = self.framework(from_).id, self.framework(to).id
        found = self._c.mappings_between(a, b)
        day = self.as_of_text
        if day is None:
            chosen = [each for each in found if each.status == "current"]
        else:
            chosen = [each for each in found if each.status != "not-endorsed" and _valid(each, found, day)]
        if chosen:
            return Mapping(chosen[-1], self._c)
        if found:
            others = ", ".join(f'"{each.id}" ({each.status})' for each in found)
            when = f"in force on {day}" if day else "current"
            raise UnknownId(f"no mapping from {a} to {b} is {when}; there are {others}")
        if back := self._c.mappings_between(b, a):
            other = f'; the document between them runs the other way: mapping("{b}", "{a}"), "{back[-1].id}"'
        elif any((each.get("from"), each.get("to")) == (a, b) for each in self.records("pending")):
            other = "; a relation is pending, its level table was not seen"
        else:
            other = ""
        raise UnknownId(f"no mapping from {a} to {b} was found in any source{other}")

    def credit_system(self, id: str | CreditSystem) -> CreditSystem:
        """The credit system of this id; a second name gives the system it stands for.

        Raises
        ------
        UnknownId
            With the nearest ids.
        """
        return CreditSystem(self._c.credit_system(_id(id, "credit system")))

    # ---- identity

    @property
    def hash(self) -> str:
        """SHA-256 of all facts, as 64 hexadecimal digits."""
        found = self._kept.get("hash")
        if found is None:
            found = self._kept.setdefault("hash", self._c.hash())
        return str(found)

    @property
    def as_of(self) -> date | None:
        """Day whose documents answer; None for the current ones."""
        text = self._c.as_of
        if text is None:
            return None
        from datetime import date

        return date.fromisoformat(text)

    @property
    def as_of_text(self) -> str | None:
        """The same as ``"2019-03-14"``."""
        return self._c.as_of

    @property
    def evidence(self) -> str:
        """``"all"`` facts, or only those ``"read"`` in a source."""
        return self._c.evidence

    def view(self, *, as_of: Day | None = _KEEP, evidence: str = _KEEP) -> World:
        """These facts on another day or under another floor of evidence.

        Parameters
        ----------
        as_of : date or str or None, optional
            None goes back to the current documents. Left out: as before.
        evidence : {"all", "read"}, optional

        Examples
        --------
        >>> import qualgraph as qg
        >>> world = qg.load()
        >>> old = world.view(as_of="2012-01-01")
        >>> old.as_of, old.hash == world.hash
        (datetime.date(2012, 1, 1), True)
        """
        day = self.as_of_text if as_of is _KEEP else (None if as_of is None else _day(as_of))
        floor = self.evidence if evidence is _KEEP else as_text(evidence, "kind of evidence")
        if (day, floor) == (self.as_of_text, self.evidence):
            return self
        # Views are kept: asking for one twice must not build its graph twice.
        views = self._kept.setdefault("views", {})
        found = views.get((day, floor))
        if found is None:
            found = self._heir(self._c.with_view(day, floor))
            if "hash" in self._kept:
                found._kept["hash"] = self._kept["hash"]
            found = views.setdefault((day, floor), found)
        view: World = found
        return view

    def with_mapping(
        self,
        from_: AnyFramework,
        to: AnyFramework,
        pairs: Any,
        *,
        document: str,
        year: int | None = None,
        sources: Iterable[Source | dict[str, Any] | str] = (),
        kind: str = "comparison",
        status: str = "current",
        strength: str = "third-party",
        evidence: str = "known",
        join: bool = False,
        complete: bool | None = None,
        usable_for_recognition: bool | None = None,
        id: str | None = None,
        document_id: str | None = None,
        notes: str = "",
    ) -> World:
        """These facts and one more level table.

        Parameters
        ----------
        from_, to : str or Framework
        pairs : list of pairs, path of a CSV file, or data frame
            Rows ``("7", "6")``; or columns ``from``, ``to`` and, if wanted, ``evidence`` (``read``
            or ``known``), ``partial`` (true: the levels only overlap) and ``note``. A row without
            ``to`` states that the level has no counterpart, its note being the reason.
        document : str
            Title of the document that the table comes from.
        year : int, optional
            Of the document.
        sources : list of str, dict or Source, optional
            Texts in which it was read; a plain text is a title.
        kind : {"comparison", "referencing", "alignment", "self-certification", "bilateral"}, optional
        status : {"current", "draft", "superseded", "not-endorsed"}, optional
        strength : {"third-party", "joint", "adopted"}, optional
            Who stands behind it.
        evidence : {"known", "read"}, optional
            Of rows that do not say so themselves.
        join : bool, optional
            Whether it ties a framework to its own part, parent or other edition.
        complete : bool, optional
            Whether every level of ``from_`` is settled. Default: whether each stands in a row.
        usable_for_recognition : bool, optional
            Whether its authors want it used for recognition; None where they do not say.
        id, document_id, notes : str, optional

        Returns
        -------
        World

        Raises
        ------
        UnknownId
            For a framework nobody knows.
        FactError
            For a level that is not in its framework and any other fault, all at once.
        InvalidValue
            For an id that is taken, and a table that cannot be read.

        Examples
        --------
        >>> import qualgraph as qg
        >>> world = qg.load().with_mapping(
        ...     "ke-knqf", "acqf", [("7", "7"), ("8", "8")], document="My reading of both levels", year=2025
        ... )
        >>> world.map_level("ke-knqf:7", to="acqf").possible
        ['7']
        """
        source, target = self.framework(from_), self.framework(to)
        rows = _rows(pairs, evidence)
        placed = [row for row in rows if row["to"] is not None]
        marks = {row["evidence"] for row in placed} or {evidence}
        mixed = len(marks) > 1
        settled = {row["from"] for row in rows}
        name = id or f"{source.id}>{target.id}@{'nd' if year is None else year}"
        fact: dict[str, Any] = {
            "id": name,
            "document_id": document_id or name,
            "document": document,
            "from": source.id,
            "to": target.id,
            "kind": kind,
            "year": year,
            "status": status,
            "strength": strength,
            "join": bool(join),
            "pairs": [[row["from"], row["to"]] for row in placed],
            "pairs_evidence": "mixed" if mixed else next(iter(marks)),
            "pairs_complete": settled >= {level.code for level in source.levels}
            if complete is None
            else bool(complete),
            "partial": [
                {"from": row["from"], "to": row["to"], "note": row["note"] or "overlap"}
                for row in placed
                if row["partial"]
            ],
            "multi": [],
            "unmatched": [
                {"level": row["from"], "reason": row["note"] or "stated without a reason"}
                for row in rows
                if row["to"] is None
            ],
            "unmatched_to": [],
            "unresolved": [],
            "fit": None,
            "usable_for_recognition": usable_for_recognition,
            "derived_from": [],
            "sources": [_source_fact(each, evidence) for each in sources],
            "notes": notes,
        }
        if not fact["sources"]:
            fact["sources"] = [
                {"title": document, "publisher": None, "year": year, "url": None, "evidence": evidence}
            ]
        if mixed:
            fact["pairs_known"] = [[row["from"], row["to"]] for row in placed if row["evidence"] == "known"]
        from json import dumps

        text = as_text(dumps(fact, ensure_ascii=False), "level table")
        return self._heir(self._c.with_mapping(text, f"with_mapping({name})"))

    def without_documents(self, documents: Iterable[str] | str) -> World:
        """These facts without the level tables of some documents.

        Parameters
        ----------
        documents : str or list of str
            Ids of documents, as in ``mapping.document_id``.

        Raises
        ------
        UnknownId
            For a document that is in no fact; the message names the nearest.

        Examples
        --------
        >>> import qualgraph as qg
        >>> world = qg.load().without_documents(["nz-nzqcf>eqf@2016"])
        >>> world.map_level("nz-nzqcf:7", to="eqf").peer
        True
        """
        listed = [documents] if isinstance(documents, str) else documents
        if not hasattr(listed, "__iter__"):
            raise UnitMismatch(f"documents are named by their ids, one or a list of them, not {documents!r}")
        wanted = [as_text(each, "document") for each in listed]
        return self._heir(self._c.without_documents(wanted), withdrawn=wanted)

    # ---- levels

    # A text is one level, never a sequence of them; the type checker cannot know.
    @overload
    def map_level(  # type: ignore[overload-overlap]
        self,
        level: AnyLevel,
        to: AnyFramework,
        *,
        via: AnyFramework | Sequence[AnyFramework] | None = None,
        slack: int = 0,
        type: str | None = None,
        purpose: str = "information",
        routes: str = "admitted",
    ) -> LevelAnswer: ...

    @overload
    def map_level(
        self,
        level: Sequence[AnyLevel],
        to: AnyFramework,
        *,
        via: AnyFramework | Sequence[AnyFramework] | None = None,
        slack: int = 0,
        type: str | None = None,
        purpose: str = "information",
        routes: str = "admitted",
    ) -> FrameworkAnswer: ...

    def map_level(
        self,
        level: AnyLevel | Sequence[AnyLevel],
        to: AnyFramework,
        *,
        via: AnyFramework | Sequence[AnyFramework] | None = None,
        slack: int = 0,
        type: str | None = None,
        purpose: str = "information",
        routes: str = "admitted",
    ) -> LevelAnswer | FrameworkAnswer:
        """Which levels of one framework stand opposite a level of another, and who says so.

        Parameters
        ----------
        level : str or Level, or a list of them
            ``"framework:code"``, the code as the framework writes it.
        to : str or Framework
        via : str or list of str, optional
            Frameworks between the two, in order: one route, national ones allowed (then without
            guarantee). An empty list asks for the direct documents only. Without it, every
            admitted route.
        slack : int, optional
            Hub steps by which two best-fit placements may differ at each joint.
        type : str, optional
            Award type that selects the row of a level split by type.
        purpose : {"information", "recognition", "preview"}, optional
            ``"recognition"`` leaves out documents their authors do not want used for it; ``"preview"`` uses
            drafts too, to see what they would change, and guarantees nothing where one is used.
        routes : {"admitted", "all"}, optional
            ``"all"`` also lists peer routes and those not admitted.

        Returns
        -------
        LevelAnswer
            Or, for a list of levels, a FrameworkAnswer with one answer each, in the order asked.

        Raises
        ------
        UnknownId
            For a framework or level nobody knows; the message names the nearest.
        InvalidValue
            For a malformed level, a negative slack, a ``via`` that visits a framework twice.
        UnitMismatch
            For a number in the place of a level.

        Notes
        -----
        Sets compose along a route as relations; admitted complete routes intersect; contradictions
        are shown and never averaged. A route has at most four documents.

        Examples
        --------
        >>> import qualgraph as qg
        >>> world = qg.load()
        >>> world.map_level("ie-nfq:6", to="eqf")
        <LevelAnswer ie-nfq:6 -> eqf 5: referencing, 1 document, 2009>
        >>> world.map_level("gb-sct-scqf:9", to="ie-nfq", via="eqf").possible
        ['7', '8']
        >>> len(world.map_level(["ie-nfq:6", "ie-nfq:7"], to="eqf"))
        2
        """
        if not isinstance(level, (str, Level)) and hasattr(level, "__iter__"):
            asked = (via, slack, type, purpose, routes)
            question = self._question(*asked)
            goal = _framework_id(to)
            levels = [_level_text(each) for each in level]
            return FrameworkAnswer(
                _core.map_levels(self._c, levels, goal, *question), goal, self, asked=asked
            )
        plain = (
            via is None and slack == 0 and type is None and purpose == "information" and routes == "admitted"
        )
        # The common question, in texts: the engine checks it, so nothing is checked twice.
        if (
            plain
            and level.__class__ is str
            and to.__class__ is str
            and (level + to).isascii()
            and ":" not in to
        ):
            core = _core.map_level(self._c, level, to, None, 0, None, "information", False)
            return LevelAnswer(core, self)
        question = self._question(via, slack, type, purpose, routes)
        core = _core.map_level(self._c, _level_text(level), _framework_id(to), *question)
        return LevelAnswer(core, self, (via, slack, type, purpose, routes))

    @staticmethod
    def _question(
        via: Any, slack: Any, type: Any, purpose: Any, routes: Any
    ) -> tuple[list[str] | None, int, str | None, str, bool]:
        return _via(via), _slack(slack), _award_type(type), _purpose(purpose), _all_routes(routes)

    def map_framework(
        self,
        framework: AnyFramework,
        to: AnyFramework,
        *,
        via: AnyFramework | Sequence[AnyFramework] | None = None,
        slack: int = 0,
        type: str | None = None,
        purpose: str = "information",
        routes: str = "admitted",
    ) -> FrameworkAnswer:
        """Every level of a framework against another, in rank order.

        Parameters are those of :meth:`map_level`.

        Returns
        -------
        FrameworkAnswer
            With ``.table``, ``.to_pandas()`` and ``answers["6"]``.

        Examples
        --------
        >>> import qualgraph as qg
        >>> answers = qg.load().map_framework("ie-nfq", to="eqf")
        >>> [answer.possible for answer in answers][:3]
        [['1'], ['1'], ['2']]
        """
        source, target = _framework_id(framework), _framework_id(to)
        asked = (via, slack, type, purpose, routes)
        cores = _core.map_framework(self._c, source, target, *self._question(*asked))
        return FrameworkAnswer(cores, target, self, source, asked)

    def at_least(
        self,
        level: AnyLevel,
        on: AnyFramework,
        *,
        via: AnyFramework | Sequence[AnyFramework] | None = None,
        slack: int = 0,
        type: str | None = None,
        purpose: str = "information",
    ) -> LevelBound | None:
        """The least level of a framework that reaches a level by what the documents guarantee.

        It translates a minimum: whoever asks for "EQF 6 or above" asks on the Irish framework for
        level 7 or above (the lower adjoint of the mapping).

        Parameters
        ----------
        level : str or Level
            The minimum.
        on : str or Framework
            Framework to express it on. Others as in :meth:`map_level`.

        Returns
        -------
        LevelBound or None
            None if no level reaches it. On parallel tracks there may be several, all in ``.levels``.

        Examples
        --------
        >>> import qualgraph as qg
        >>> qg.load().at_least("eqf:6", on="ie-nfq")
        'ie-nfq:7'
        """
        return self._bound(True, level, on, via, slack, type, purpose)

    def at_most(
        self,
        level: AnyLevel,
        on: AnyFramework,
        *,
        via: AnyFramework | Sequence[AnyFramework] | None = None,
        slack: int = 0,
        type: str | None = None,
        purpose: str = "information",
    ) -> LevelBound | None:
        """The greatest level of a framework that stays within a level: translates a cap.

        Parameters and result are those of :meth:`at_least` (the upper adjoint of the mapping).

        Examples
        --------
        >>> import qualgraph as qg
        >>> qg.load().at_most("eqf:6", on="ie-nfq")
        'ie-nfq:8'
        """
        return self._bound(False, level, on, via, slack, type, purpose)

    def _bound(
        self, minimum: bool, level: Any, on: Any, via: Any, slack: Any, type: str | None, purpose: str
    ) -> LevelBound | None:
        asked, framework = _level_text(level), _framework_id(on)
        ask = _core.at_least if minimum else _core.at_most
        through = _via(via)
        found = ask(self._c, asked, framework, through, _slack(slack), _award_type(type), _purpose(purpose))
        if not found:
            return None
        target = asked.partition(":")[0]

        def answers() -> FrameworkAnswer:
            return self.map_framework(
                framework, to=target, via=through, slack=slack, type=type, purpose=purpose
            )

        return LevelBound(found, asked, minimum, answers)

    def map_award(
        self, level: AnyLevel, to: AnyFramework, awarded: Day, *, type: str | None = None
    ) -> AwardAnswer:
        """The level of an award made in the past: on that day, and now.

        Parameters
        ----------
        level : str or Level
            Level of the award on its own framework (or edition).
        to : str or Framework
        awarded : date or str
            Day of the award.
        type : str, optional
            Award type that selects the row of a level split by type.

        Returns
        -------
        AwardAnswer
            ``.then``, ``.now``, and ``.status`` (``"unknown"`` where neither day is answered).

        Examples
        --------
        >>> import qualgraph as qg
        >>> qg.load().map_award("ie-nfq:7", to="eqf", awarded="1990-07-01").then.status
        'no_route'
        """
        asked, target, day = _level_text(level), _framework_id(to), _day(awarded)
        then = self.view(as_of=day).map_level(asked, to=target, type=type)
        now = self.view(as_of=None).map_level(asked, to=target, type=type)
        return AwardAnswer(asked, target, day, then, now, self)

    def round_trip(self, from_: AnyFramework, to: AnyFramework) -> RoundTrip:
        """What becomes of each level of a framework on the way to another and back.

        Examples
        --------
        >>> import qualgraph as qg
        >>> qg.load().round_trip("ie-nfq", "eqf").recoverable[:2]
        ['3', '4']
        """
        return RoundTrip(_core.round_trip(self._c, _framework_id(from_), _framework_id(to)), self)

    def recognition_loss(self) -> LossAtlas:
        """Round trips between every ordered pair of frameworks that documents connect.

        Returns
        -------
        LossAtlas
            With ``.table``, ``atlas["ie-nfq", "eqf"]`` and ``.plot()``.

        Examples
        --------
        >>> import qualgraph as qg
        >>> len(qg.load().recognition_loss()) > 1000
        True
        """
        return LossAtlas(_core.recognition_loss(self._c), self)

    def route_census(self, max_documents: int = 4) -> RouteCensus:
        """Survey every simple route of up to ``max_documents`` documents, peer routes included.

        Parameters
        ----------
        max_documents : int
            From 1 to 8. The number of routes grows steeply with it.

        Examples
        --------
        >>> import qualgraph as qg
        >>> qg.load().route_census(max_documents=1)["nz-nzqcf", "eqf"]["routes"]
        1
        """
        if isinstance(max_documents, bool) or not isinstance(max_documents, int):
            raise UnitMismatch(f"max_documents is a whole number, not {max_documents!r}")
        if not 1 <= max_documents <= 8:
            raise InvalidValue(f"a census follows 1 to 8 documents, not {max_documents}")
        return RouteCensus(_core.route_census(self._c, max_documents), self, max_documents)

    def conflicts(self) -> ConflictReport:
        """Where documents contradict each other, and the fewest rows whose withdrawal ends it."""
        return ConflictReport(_core.conflicts(self._c), self)

    def reliance(self) -> Reliance:
        """How much hangs on each document: pairs of levels lost when it is withdrawn."""
        return Reliance(_core.reliance(self._c), self)

    def _documents_in_use(self) -> list[tuple[Source, Mapping]]:
        used = {core.document for core in _core.reliance(self._c)}
        found: dict[str, Mapping] = {}
        for mapping in self.mappings:
            if mapping.document_id in used:
                found.setdefault(mapping.document_id, mapping)
        return [(mapping.as_source(), mapping) for mapping in found.values()]

    def profile(self, domains: dict[str, AnyLevel], official: AnyLevel | None = None) -> Profile:
        """A level compared domain by domain (knowledge, skills, autonomy ...).

        Parameters
        ----------
        domains : dict of str to level
            The level at which each domain stands, all of one framework.
        official : str or Level, optional
            The level of the whole row; it stays the answer, the profile explains it.

        Returns
        -------
        Profile

        Raises
        ------
        InvalidValue
            For no domain, or levels of several frameworks.

        Examples
        --------
        >>> import qualgraph as qg
        >>> domains = {"knowledge": "eqf:6", "skills": "eqf:5", "autonomy": "eqf:6"}
        >>> p = qg.load().profile(domains, official="eqf:6")
        >>> p.meet, p.lower_median, p.spread, p.below_official
        (('5',), ('6',), 1, ('skills',))
        """
        if not isinstance(domains, dict):
            raise UnitMismatch('domains are levels by name, such as {"skills": "eqf:5"}')
        placed = [(as_text(domain, "domain"), _level_text(level)) for domain, level in domains.items()]
        whole = None if official is None else _level_text(official)
        framework, meet, median, spread, above, below = _core.profile(self._c, placed, whole)
        return Profile(
            framework, tuple(placed), tuple(meet), tuple(median), spread, whole, tuple(above), tuple(below)
        )

    def graded(
        self,
        population: str,
        from_: AnyFramework,
        to: AnyFramework,
        counts: dict[str, dict[str | None, Any]],
    ) -> GradedTable:
        """Shares of a stated population, over the levels of two frameworks of this world.

        As :func:`qualgraph.graded`, with every code checked and every level of ``to`` a column.

        Examples
        --------
        >>> import qualgraph as qg
        >>> table = qg.load().graded("100 diplomas of 2020", "ie-nfq", "eqf", {"6": {"5": 90, None: 10}})
        >>> table.share("6", "5"), table.unmatched("6")
        (Fraction(9, 10), Fraction(1, 10))
        """
        from .credits import exact
        from .evidence import GradedTable

        if not isinstance(counts, dict) or not all(isinstance(row, dict) for row in counts.values()):
            raise InvalidValue('counts are given per level, such as {"6": {"5": 150, None: 20}}')
        said = as_text(population, "population")
        cells = [
            (
                as_text(str(low), "level"),
                None if high is None else as_text(str(high), "level"),
                exact(count, "a count"),
            )
            for low, row in counts.items()
            for high, count in row.items()
        ]
        return GradedTable(
            _core.graded_in_world(self._c, said, _framework_id(from_), _framework_id(to), cells)
        )

    # ---- what a micro-credential is

    @property
    def definitions(self) -> Collection[Definition]:
        """What texts demand of a micro-credential, by id."""
        from .definitions.definition import all_definitions

        columns = ("id", "term", "issuer", "jurisdiction", "year", "status", "tested")

        def same(each: Any) -> Definition:
            found: Definition = each
            return found

        return self._collection(
            "definitions", lambda: Collection("definition", all_definitions(self), same, columns)
        )

    def classify(
        self, record: dict[str, Any], *, small: AnyCredits | None = None, credit: str | None = None
    ) -> Classification:
        """What a credential is in the words of each definition: satisfied, violated or unknown.

        Parameters
        ----------
        record : dict
            What is stated, by attribute (:data:`qualgraph.definitions.ATTRIBUTES`); an attribute that is
            absent or None is not known, which is never a no.
        small : str or Credits, optional
            What definitions that name no number are to mean by "small" or "short" ("30 hours",
            "3 ects"). Without it their clause is unknown.
        credit : str, optional
            System of credits that name none.

        Raises
        ------
        UnknownId
            For a key that is no attribute, with the nearest one.
        FactError
            For values that cannot be read, with their places.

        Examples
        --------
        >>> import qualgraph as qg
        >>> k = qg.load().classify({"hours": 10, "assessed": True, "relation": ["additional"]})
        >>> k.verdicts["au-2021"], k.verdicts["nzqa-2018"], k["nzqa-2018"].with_exceptions
        ('satisfied', 'violated', 'unknown')
        >>> k["acqf-2024"].questions
        ('quality_assured', 'focused', 'small')
        """
        from .definitions import Classification
        from .definitions.credential import credential_of, parameters_of

        return Classification(self, credential_of(record, self._credit_asked(credit)), parameters_of(small))

    def _credit_asked(self, credit: Any) -> str | None:
        """The system credits are read in; one there is none of is refused though no credit is stated."""
        if credit is None:
            return None
        if not isinstance(credit, str):
            raise InvalidValue(f'credit={credit!r} is no id of a credit system, such as "ects"')
        return self.credit_system(credit).id

    def classify_table(
        self, catalogue: Any, *, small: AnyCredits | None = None, credit: str | None = None
    ) -> TableClassification:
        """Classify a whole catalogue under every definition, with counts and overlaps.

        Parameters
        ----------
        catalogue : path, data frame, Arrow table, Catalogue or list of dict
            One row for each credential, one column for each attribute; an empty cell is not known.
        small : str or Credits, optional
            What "small" or "short" is to mean; see :meth:`classify`.
        credit : str, optional
            System of credits that name none.

        Examples
        --------
        >>> import qualgraph as qg
        >>> t = qg.load().classify_table([{"id": "a", "hours": 1, "assessed": True, "relation": ["component"]},
        ...                               {"id": "b", "hours": 1, "assessed": False, "form": "badge"}])
        >>> t.counts["au-2021"]["satisfied"], t["b"]["oecd-2020"], t["b"]["au-2021"]
        (1, 'satisfied', 'violated')
        """
        from .definitions import TableClassification
        from .definitions.columns import columns_of
        from .definitions.credential import parameters_of

        return TableClassification(self, columns_of(catalogue, self._credit_asked(credit)), parameters_of(small))

    def landscape(self, catalogue: Any) -> Landscape:
        """Where the credentials of a catalogue stand: credit-bearing or not, stackable or not, or not stated.

        Parameters
        ----------
        catalogue : path, data frame, Arrow table, Catalogue or list of dict
            As for :meth:`classify_table`; looked at are ``credit_bearing`` and ``relation``.

        Returns
        -------
        Landscape

        Examples
        --------
        >>> import qualgraph as qg
        >>> offers = [{"credit_bearing": True, "relation": ["component"]}, {"credit_bearing": False}]
        >>> print(qg.load().landscape(offers))
        2 credentials: 1 in a quarter of the landscape, 1 of them credit-bearing and stackable; of 1 one or ...
        """
        from .definitions.landscape import landscape

        return landscape(self, catalogue)

    def definition_order(self, *, small: AnyCredits | None = None) -> DefinitionOrder:
        """Which definition implies which, and for every other pair a credential that tells them apart.

        Examples
        --------
        >>> import qualgraph as qg
        >>> order = qg.load().definition_order()
        >>> order.implies("au-2021", "cican"), order.incomparable("acqf-2024", "mqa")
        (True, True)
        >>> print(order["acqf-2024", "mqa"])
        acqf-2024 does not imply mqa: a credential with assessed: yes, course_count: 0, focused: yes, ...
        """
        from .definitions import DefinitionOrder
        from .definitions.credential import parameters_of

        return DefinitionOrder(self, parameters_of(small))

    # ---- stacking

    @property
    def rules(self) -> Collection[Rule]:
        """Stacking rules by id; each is parsed when it is first asked for.

        Examples
        --------
        >>> import qualgraph as qg
        >>> rules = qg.load().rules
        >>> "kr-acbs" in rules, rules["kr-acbs"].title
        (True, 'Academic Credit Bank System degrees')
        """
        core = self._c

        def make(each: Any) -> Rule:
            from .stacking import Rule

            return each if isinstance(each, Rule) else Rule._of(_core.find_rule(core, each.id))

        def lookup(id: str) -> Any:
            from .stacking import Rule

            return Rule._of(_core.find_rule(core, id))

        columns = ("id", "title", "kind", "jurisdiction", "framework", "level", "credit")
        records = [each for each in core.records if each.kind == "rule"]
        return self._collection(
            "rules", lambda: Collection("stacking rule", records, make, columns, lookup)
        )

    def rule(self, id: str) -> Rule:
        """The stacking rule of this id.

        Raises
        ------
        UnknownId
            With the nearest ids.
        FactError
            With every fault of a rule that cannot be read.

        Examples
        --------
        >>> import qualgraph as qg
        >>> qg.load().rule("kr-acbs")
        <Rule kr-acbs: Academic Credit Bank System degrees>
        """
        from .stacking import Rule

        return Rule._of(_core.find_rule(self._c, _id(id, "stacking rule")))

    def with_rule(self, rule: Rule | dict[str, Any]) -> World:
        """A world that also holds this rule, in the place of one with the same id.

        Raises
        ------
        FactError
            With every fault of a rule that cannot be read.

        Examples
        --------
        >>> import qualgraph as qg
        >>> mine = {"language": 1, "id": "mine", "title": "Mine", "total": {"min": 20}}
        >>> qg.load().with_rule(mine).rule("mine")
        <Rule mine: Mine>
        """
        from .stacking import Rule

        read = rule if isinstance(rule, Rule) else Rule(rule)
        file = (f"rules/{read.id}.json", read.to_json())
        return self._heir(_core.load_facts([file], self._c, self.as_of_text, self.evidence, True))

    def audit(
        self,
        record: Record,
        rule: Rule | str,
        *,
        variant: str | None = None,
        reading: str | None = None,
        title: str | None = None,
        exit: str | None = None,
        waivers: list[str] | None = None,
        prefer: str | None = None,
        canonical: bool = False,
        nodes: int = 1_000_000,
        seconds: float | None = None,
        proof: bool = True,
        settle: bool = False,
        policies: Sequence[str | Rule] = (),
    ) -> Audit:
        """Whether a record meets a rule, and how its items are counted.

        Exact: the allocation is optimal, never first-fit. Items count whole unless the rule says
        otherwise; what is not known is read against the learner for ``satisfied`` and for the
        learner for ``provisional``.

        Parameters
        ----------
        record : Record
        rule : Rule or str
            A rule, or the id of one of the facts.
        variant, reading, title, exit : str, optional
            The form asked for. Without a variant every one is tried and the best reported; the
            main reading is audited unless another is named.
        waivers : list of str, optional
            Waivers that act without a decision on record.
        prefer : str, optional
            ``"counted"`` counts as much as possible at the least shortfall.
        canonical : bool, optional
            The one best allocation: least excess, then by item and place.
        nodes : int, optional
            Search nodes before giving up; deterministic.
        seconds : float, optional
            Wall time before giving up; the answer then depends on the machine.
        proof : bool, optional
            Whether ``audit.certificate`` shows a "no". The proof is made when it is asked for.
        settle : bool, optional
            Where the verdict is provisional, go through every answer to what is not known (at most
            12 points and 4096 cases); if the verdict is always the same, it is that one.

        policies : sequence of str or Rule, optional
            Policies laid over the award: ``["my-apel-c"]``, ``["es-rd822-modality:virtual"]``. Their
            parameter ``target`` is the total of the award.

        Returns
        -------
        Audit

        Raises
        ------
        UnknownId
            For a rule, variant, title, exit or reading there is none of.

        Examples
        --------
        >>> import qualgraph as qg
        >>> record = qg.Record([{"id": "a", "credits": 12, "tags": ["core"]}])
        >>> rule = qg.Rule({"language": 1, "id": "small", "title": "Small award", "total": {"min": 20}})
        >>> qg.load().audit(record, rule).shortfall
        Fraction(8, 1)
        """
        asked = _audit or _bring_audit()
        return asked(
            self,
            record,
            rule,
            variant=variant,
            reading=reading,
            title=title,
            exit=exit,
            waivers=waivers,
            prefer=prefer,
            canonical=canonical,
            nodes=nodes,
            seconds=seconds,
            proof=proof,
            settle=settle,
            policies=policies,
        )

    def audit_many(
        self,
        records: Iterable[Record],
        rule: Rule | str,
        *,
        nodes: int = 1_000_000,
        seconds: float | None = None,
    ) -> Table:
        """Verdict and shortfall of many records by one rule, as :meth:`audit` gives them one by one.

        The rule is made ready once and no answer is told in full, so this is the way for whole
        populations: hundreds of thousands of records a second where the rule is of a common kind.

        Parameters
        ----------
        records : iterable of Record
        rule : Rule or str
            A rule, or the id of one of the facts. Of several variants the best is reported.
        nodes, seconds : optional
            Budget of each search, as in :meth:`audit`.

        Returns
        -------
        Table
            One row per record: ``record`` (its position), ``verdict``, ``shortfall``, ``counted``,
            ``status`` and ``by``: ``"flow"`` (the rule's shape is polynomial), ``"bound"`` (an
            allocation that meets a bound) or ``"search"``.

        Examples
        --------
        >>> import qualgraph as qg
        >>> records = [qg.Record([{"id": "a", "credits": credits}]) for credits in (12, 20)]
        >>> rule = qg.Rule({"id": "small", "title": "Small award", "total": {"min": 20}})
        >>> qg.load().audit_many(records, rule).column("verdict")
        ['unsatisfied', 'satisfied']
        """
        from .stacking.many import audit_many

        return audit_many(self, records, rule, nodes=nodes, seconds=seconds)

    # ---- credits

    def audit_together(
        self,
        record: Record,
        rules: Sequence[Rule | str],
        *,
        variants: dict[str, str] | None = None,
        nodes: int = 1_000_000,
        seconds: float | None = None,
    ) -> AwardsAudit:
        """Whether a record meets several awards at once.

        Credit serves two awards as far as both rules let it: free, barred, within a limit that
        names the other award, or for so many awards. What one award spends is gone for the others.
        A rule that says nothing of it gives no permission for ``satisfied``.

        Parameters
        ----------
        record : Record
        rules : sequence of Rule or str
            At least two awards.
        variants : mapping of str to str, optional
            Variant asked for, by id of the rule; needed where a rule has variants.
        nodes, seconds : optional
            Budget of the search.

        Returns
        -------
        AwardsAudit

        Raises
        ------
        InvalidValue
            For fewer than two awards, one named twice, or a variant left open.
        UnknownId
            For a rule or variant there is none of.

        Examples
        --------
        >>> import qualgraph as qg
        >>> rules = [
        ...     qg.Rule({"id": name, "title": name, "total": {"min": 20}, "reuse": {"used_elsewhere": "free"}})
        ...     for name in ("one", "two")
        ... ]
        >>> record = qg.Record([{"id": "a", "credits": 20, "used_for": []}])
        >>> qg.load().audit_together(record, rules).shared.column("item")
        ['a']
        """
        from .stacking.awards import audit_together
        from .stacking.given import rules_given

        asked = rules_given(self, rules)
        return audit_together(self, record, asked, variants=variants, nodes=nodes, seconds=seconds)

    @property
    def credential_names(self) -> Table:
        """Names used for small credentials: spellings, class, what each suggests and says nothing of.

        Examples
        --------
        >>> import qualgraph as qg
        >>> qg.load().credential_names["digital-badge"]["class"]
        'carrier'
        """
        from .credential_names import credential_names

        return credential_names(self)

    def check_name(self, credential: dict[str, Any] | str) -> NameCheck:
        """Where a credential belies its name, and what its name leaves open.

        Parameters
        ----------
        credential : dict or str
            Attributes as for a classification, with the name in ``title``; or the name alone.

        Returns
        -------
        NameCheck

        Examples
        --------
        >>> import qualgraph as qg
        >>> qg.load().check_name({"title": "Digital badge in welding", "form": "certificate"}).warnings[0]
        'digital badge suggests form: badge, and the credential states form: certificate'
        """
        from .credential_names import check_name

        return check_name(self, credential)

    def check_descriptor(self, credential: dict[str, Any], template: str = "eu") -> DescriptorCheck:
        """Whether a credential is described as a text asks, element by element, in three values.

        Parameters
        ----------
        credential : dict
            Fields of a certificate or of an offer: ``learner``, ``title``, ``country``,
            ``awarding_body`` (or ``provider``), ``date``, ``learning_outcomes``, ``hours`` or
            ``credits``, ``level``, ``assessment_type``, ``participation`` (or ``mode``),
            ``quality_assurance``, ``supervision`` ... None, or no such field, is "not stated"; an
            empty list, ``"-"`` or False says that there is none.
        template : str, optional
            ``"eu"`` (eleven mandatory and five optional elements of 2022), ``"unesco"`` or
            ``"handbook"`` (qualities; its own table of elements was not seen).

        Returns
        -------
        DescriptorCheck

        Raises
        ------
        UnknownId
            For a text there is none of.
        InvalidValue
            For a field a credential does not have, with the nearest name.

        Examples
        --------
        >>> import qualgraph as qg
        >>> check = qg.load().check_descriptor({"title": "Welding", "country": "KE", "level": []})
        >>> check.complete is None, len(check.unknown)
        (True, 8)
        """
        from .descriptor import check_descriptor

        return check_descriptor(self, credential, template)

    def check_descriptors(self, credentials: Iterable[dict[str, Any]], template: str = "eu") -> Table:
        """How many of many credentials state each element: ``element``, ``kind``, ``met``, ``not_met``, ``not_known``.

        Examples
        --------
        >>> import qualgraph as qg
        >>> table = qg.load().check_descriptors([{"title": "Welding"}, {"title": None}])
        >>> table.column("met")[1], table.column("not_known")[1]
        (1, 1)
        """
        from .descriptor import check_descriptors

        return check_descriptors(self, credentials, template)

    def recognise(
        self,
        record: Record,
        claims: Claims | Iterable[dict[str, Any]],
        rule: Rule | str,
        policy: str | Rule | Sequence[str | Rule],
        *,
        variant: str | None = None,
        reading: str | None = None,
        title: str | None = None,
        exit: str | None = None,
        nodes: int = 1_000_000,
        seconds: float | None = None,
    ) -> Recognition:
        """Decide claims to recognition of prior learning under one or several policies.

        Every condition of every layer is tested in three values: what a claim does not state is
        never "no". Claims whose conditions are met enter the record; the shares of the policies are
        laid over the award, learning claimed twice counts once, and the award is audited with as
        many credits as fit. Access consumes no credit.

        Parameters
        ----------
        record : Record
        claims : Claims or iterable of mapping
        rule : Rule or str
            The award aimed at.
        policy : str, Rule, or sequence of them
            Ids of policies on recognition or credit transfer (``"my-rpl-apel-c"``,
            ``"za-rpl-he:MANCOSA"`` for the rule of one institution too), or policies in the rule
            language (``"my-apel-c"``). Layers are judged each for itself; where they disagree the
            answer shows it, with their dates, and grants what all allow.
        variant, reading, title, exit : str, optional
            Form of the rule, as for an audit.
        nodes, seconds : optional
            Budget of the search.

        Returns
        -------
        Recognition

        Raises
        ------
        FactError
            For claims that are not well formed, with every fault.
        UnknownId
            For a policy, an institution or a rule there is none of.

        Examples
        --------
        >>> import qualgraph as qg
        >>> claim = {
        ...     "id": "c1", "purpose": "credit", "unit": "WLD1", "credits": 12, "origin": "rpl.experiential",
        ...     "evidence": [{"kind": "portfolio"}],
        ... }
        >>> rule = qg.Rule({"language": 1, "id": "award", "title": "Award", "total": {"min": 120}})
        >>> answer = qg.load().recognise(qg.Record([]), [claim], rule, policy="za-rpl-he")
        >>> answer.claims["c1"].status, answer.caps.column("limit")
        ('granted', [Fraction(60, 1)])
        """
        from .recognition import Claims, recognise

        asked = self.rule(rule) if isinstance(rule, str) else rule
        given = claims if isinstance(claims, Claims) else Claims(claims)
        form = {"variant": variant, "reading": reading, "title": title, "exit": exit}
        return recognise(self, record, given, asked, policy, **form, nodes=nodes, seconds=seconds)

    def cover_outcomes(
        self,
        claims: Claims | Iterable[dict[str, Any]],
        assessments: Catalogue | None = None,
        *,
        least: Fraction | int | str = 1,
        minimise: str = "cost",
    ) -> OutcomeCoverage:
        """Which outcomes the evidence covers, and the least assessment that covers the rest.

        Parameters
        ----------
        claims : Claims or iterable of mapping
            With ``required_outcomes``, and ``outcomes`` shown by the claim or its evidence.
        assessments : Catalogue, optional
            Assessments on offer; each lists the ``outcomes`` it assesses.
        least : Fraction, int or str, optional
            Share of an outcome from which it is covered.
        minimise : str, optional
            ``"cost"``, ``"count"``, ``"credits"`` or ``"months"``.

        Returns
        -------
        OutcomeCoverage

        Examples
        --------
        >>> import qualgraph as qg
        >>> claim = {
        ...     "id": "c1", "purpose": "credit", "required_outcomes": ["a", "b", "c"], "outcomes": {"a": 1},
        ... }
        >>> offers = qg.Catalogue([
        ...     {"id": "test-b", "outcomes": ["b"], "cost": 300, "kind": "rpl-assessment"},
        ...     {"id": "test-bc", "outcomes": ["b", "c"], "cost": 500, "kind": "rpl-assessment"},
        ... ])
        >>> qg.load().cover_outcomes([claim], offers).plan.order
        ['test-bc']
        """
        from .recognition import Claims
        from .recognition.outcomes import cover_outcomes

        given = claims if isinstance(claims, Claims) else Claims(claims)
        return cover_outcomes(self, given, assessments, least=least, minimise=minimise)

    def complete(
        self,
        record: Record,
        rule: Rule | str | Sequence[Rule | str],
        catalogue: Catalogue,
        minimise: str | Sequence[str] = "cost",
        *,
        variant: str | None = None,
        reading: str | None = None,
        title: str | None = None,
        exit: str | None = None,
        nodes: int = 1_000_000,
        seconds: float | None = None,
    ) -> Plan | PlanSet:
        """What to take from a catalogue so that a rule is met, at the least cost.

        Proved: the plan is optimal, or comes with a bound, or it is shown that nothing in the
        catalogue completes the award. What is taken counts as an item of the record, falls under
        its limits, and needs what the offer requires.

        Parameters
        ----------
        record : Record
        rule : Rule, str, or sequence of either
            Several rules are completed together; an offer may serve all of them.
        catalogue : Catalogue
        minimise : str or sequence of str, optional
            ``"cost"``, ``"count"``, ``"credits"`` or ``"months"`` (of what is taken, one after the
            other); two or three give every plan that no other beats by all of them.
        variant, reading, title, exit : str, optional
            The form of the rule; without a variant every one is tried.
        nodes, seconds : optional
            Budget of the search.

        Returns
        -------
        Plan or PlanSet

        Raises
        ------
        InvalidValue
            For an aim there is none of.
        UnknownId
            For a rule or form there is none of.

        Examples
        --------
        >>> import qualgraph as qg
        >>> rule = qg.Rule({"language": 1, "id": "small", "title": "Small award", "total": {"min": 20}})
        >>> offers = [{"id": "a", "credits": 10, "cost": 300}, {"id": "b", "credits": 10, "cost": 200}]
        >>> record = qg.Record([{"id": "held", "credits": 10}])
        >>> qg.load().complete(record, rule, qg.Catalogue(offers)).order
        ['b']
        """
        from .stacking.complete import complete

        return complete(
            self,
            record,
            rule,
            catalogue,
            minimise,
            variant=variant,
            reading=reading,
            title=title,
            exit=exit,
            nodes=nodes,
            seconds=seconds,
        )

    def pathways(
        self,
        record: Record,
        target: Any,
        catalogue: Catalogue,
        *,
        rules: Any = None,
        assessments: Any = None,
        minimise: str | Sequence[str] = ("cost", "months"),
        nodes: int = 200_000,
    ) -> Pathways:
        """Ways from what is held to an award, a level or a credential.

        Courses, assessments of prior learning, articulations, bridging, and awards earned on the way
        because something else requires them. Every way is a set of steps in an order in which all that
        is required is held in time, with each shared part taken once; what is taken counts under the
        limits of the rule. The answer holds all ways that no other beats in everything minimised.

        Parameters
        ----------
        record : Record
        target : str, Rule, Form, or list of them
            A rule (``"rule"``, ``"rule:variant"``, ``"rule:exit"``), several rules to be met at once, a level
            (``"eqf:6"``: whatever is guaranteed to be there), or the id of an offer: whatever brings its unit.
        catalogue : Catalogue
        rules : optional
            Awards that steps may require and that can be earned on the way, and for a level the awards to look at;
            if none are named, every award of the facts.
        assessments : iterable of mapping, optional
            Assessments of prior learning as offers: ``id``, ``unit``, ``credits``, ``cost`` (the fee), ``months``.
        minimise : str or sequence of str, optional
            One to three of ``"cost"``, ``"months"`` (one after the other), ``"count"``, ``"credits"``.
        nodes : int, optional
            Budget of each search. Awards on the way are tried in every order, three of them in one way at most;
            where more may be needed the answer is ``"not_proved"`` and ``notes`` says so.

        Returns
        -------
        Pathways

        Raises
        ------
        UnknownId, InvalidValue

        Examples
        --------
        >>> import qualgraph as qg
        >>> degree = qg.Rule({"id": "degree", "title": "Degree", "total": {"min": 60}})
        >>> diploma = qg.Rule({"id": "diploma", "title": "Diploma", "places": {"d": {"from": {"tag": "d"}, "min": 30}}})
        >>> offers = qg.Catalogue([
        ...     {"id": "d1", "credits": 30, "tags": ["d"], "cost": 100, "months": 6},
        ...     {"id": "block", "kind": "articulation", "credits": 30, "cost": 0, "months": 0, "tags": [],
        ...      "requires": {"award": "diploma"}},
        ...     {"id": "year", "credits": 60, "cost": 500, "months": 9, "tags": []},
        ... ])
        >>> for way in qg.load().pathways(qg.Record([], awards=[]), degree, offers, rules=[diploma]).ways:
        ...     print(way)
        degree through diploma: d1 > block (cost 100, months 6)
        """
        from .pathway.pathways import pathways

        return pathways(
            self,
            record,
            target,
            catalogue,
            rules=rules,
            assessments=assessments,
            minimise=minimise,
            nodes=nodes,
        )

    def reachable(
        self,
        record: Record,
        catalogue: Catalogue,
        *,
        rules: Any = None,
        assessments: Any = None,
        nodes: int = 200_000,
    ) -> Reachable:
        """Which awards and credentials can be reached, at what distance, with a proof either way.

        Parameters
        ----------
        record : Record
        catalogue : Catalogue
        rules : optional
            The awards asked about: rules (each in all its variants and exits) or single forms; if none are
            named, every award of the facts.
        assessments, nodes : optional
            As for :meth:`pathways`.

        Returns
        -------
        Reachable

        Examples
        --------
        >>> import qualgraph as qg
        >>> small = qg.Rule({"id": "small", "title": "Small", "total": {"min": 20}})
        >>> large = qg.Rule({"id": "large", "title": "Large", "total": {"min": 90}})
        >>> offers = qg.Catalogue([{"id": name, "credits": 20} for name in "abc"])
        >>> answer = qg.load().reachable(qg.Record([], awards=[]), offers, rules=[small, large])
        >>> answer.awards, answer.distance
        ({'small': 'reachable', 'large': 'unreachable'}, {'small': 1})
        """
        from .pathway.reachable import reachable

        return reachable(self, record, catalogue, rules=rules, assessments=assessments, nodes=nodes)

    def step_graph(
        self, record: Record, catalogue: Catalogue, *, assessments: Any = None, measured: bool = True
    ) -> StepGraph:
        """The AND/OR graph of what a record and a catalogue lead to, for questions about single credentials.

        Parameters
        ----------
        record : Record
        catalogue : Catalogue
        assessments : optional
            As for :meth:`pathways`.
        measured : bool, optional
            Leave out steps whose cost or months are not stated; ``False`` keeps them, for reach alone.

        Returns
        -------
        StepGraph

        Raises
        ------
        InvalidValue

        Examples
        --------
        >>> import qualgraph as qg
        >>> offers = [{"id": "a", "cost": 1, "months": 1},
        ...           {"id": "b", "cost": 1, "months": 1, "requires": {"holds": {"unit": "a"}}}]
        >>> qg.load().step_graph(qg.Record([]), qg.Catalogue(offers)).reached()
        {'a': 1, 'b': 2}
        """
        from .pathway.pathways import step_graph

        return step_graph(self, record, catalogue, assessments, measured)

    def ladder(
        self,
        rungs: Any,
        *,
        catalogue: Catalogue | None = None,
        record: Record | None = None,
        grain: Any = None,
        nodes: int = 100_000,
        stacks: int = 300,
    ) -> Ladder:
        """Awards one above the other: whether each is nested in the next, and how much credit is carried up.

        Nested: every stack that meets the award above holds one that meets the award below. Carried: of
        the credits of a least stack below, the share that can count above, least and greatest over all
        such stacks. Decided over a catalogue, or, without one, over made-up credentials of every sort the
        rules name; the answer says which, and what was not decided.

        Parameters
        ----------
        rungs : list, or one rule
            ``"rule"``, ``"rule:variant"``, ``"rule:exit"``, lowest first; one rule stands for all its forms.
        catalogue : Catalogue, optional
        record : Record, optional
            A learner, for whom carried and lost credits are told, rung by rung.
        grain : exact number, optional
            Credits of each made-up credential; default: what divides every amount the rules state.
        nodes, stacks : int, optional
            Budget of each search, and stacks looked at for each rung.

        Returns
        -------
        Ladder

        Examples
        --------
        >>> import qualgraph as qg
        >>> rungs = ["in-nep-exits:year-1", "in-nep-exits:year-2", "in-nep-exits"]
        >>> [(rung.nested, rung.carry) for rung in qg.load().ladder(rungs).rungs]
        [(True, (Fraction(1, 1), Fraction(1, 1))), (True, (Fraction(1, 1), Fraction(1, 1)))]
        """
        from .pathway.ladder import ladder

        return ladder(
            self, rungs, catalogue=catalogue, record=record, grain=grain, nodes=nodes, stacks=stacks
        )

    def indicators(
        self,
        catalogue: Catalogue,
        *,
        rules: Any = None,
        learners: Iterable[Any] = (),
        saving: bool = True,
        gatekeeping: bool = True,
        nodes: int = 50_000,
        stacks: int = 200,
    ) -> Indicators:
        """What each credential of a catalogue is good for toward awards, and figures of the whole.

        Countable share, saving, dead ends, reach, portability, stackability index, blocking, delay and
        gatekeeping; with learners, credit loss and excess. Catalogue and rules are named by content hash.

        Parameters
        ----------
        catalogue : Catalogue
        rules : rules or forms, optional
            The awards, each rule in all its variants and exits; if none are named, every award of the facts.
        learners : iterable of Record, or of (name, Record), optional
        saving, gatekeeping : bool, optional
            Whether to work out the two that take a completion per credential.
        nodes, stacks : int, optional
            Budget of each search, and stacks looked at per credential and award.

        Returns
        -------
        Indicators

        Examples
        --------
        >>> import qualgraph as qg
        >>> rule = qg.Rule({"id": "award", "title": "Award", "places": {"core": {"from": {"tag": "core"}, "min": 20}}})
        >>> offers = [{"id": name, "credits": 10, "tags": ["core"]} for name in "ab"]
        >>> offers.append({"id": "c", "credits": 5, "tags": ["other"]})
        >>> answer = qg.load().indicators(qg.Catalogue(offers), rules=[rule])
        >>> answer.stackability, answer.dead_end_share
        (Fraction(4, 5), Fraction(1, 5))
        """
        from .pathway.indicators import indicators

        return indicators(
            self,
            catalogue,
            rules=rules,
            learners=learners,
            saving=saving,
            gatekeeping=gatekeeping,
            nodes=nodes,
            stacks=stacks,
        )

    def curriculum(self, catalogue: Catalogue | dict[str, Sequence[str]]) -> Curriculum:
        """The published metrics of a curriculum: blocking, delay, centrality, complexity.

        Parameters
        ----------
        catalogue : Catalogue or mapping
            Offers with what they require, or each unit with the units it needs.

        Returns
        -------
        Curriculum

        Raises
        ------
        InvalidValue
            For units that need each other in a circle, naming it.

        Examples
        --------
        >>> import qualgraph as qg
        >>> qg.load().curriculum({"A": [], "B": [], "D": [], "C": ["A", "B", "D"], "E": ["C"], "F": ["D"]})
        <Curriculum: 6 units, complexity 25>
        """
        from .pathway.indicators import curriculum

        return curriculum(self, catalogue)

    @overload
    def convert(  # type: ignore[overload-overlap]
        self, credits: AnyCredits, to: str | CreditSystem
    ) -> Conversion: ...

    @overload
    def convert(self, credits: Sequence[AnyCredits], to: str | CreditSystem) -> Table: ...

    def convert(
        self, credits: AnyCredits | Sequence[AnyCredits], to: str | CreditSystem
    ) -> Conversion | Table:
        """What credits of one system are worth in another, by each way.

        Parameters
        ----------
        credits : str or Credits, or a list of them
            ``"30 ects"``, ``"5/2 nz-credit"``, ``"5-40 nz-credit"``; more than 0.
        to : str or CreditSystem

        Returns
        -------
        Conversion
            Or, for a list, a Table with one row each.

        Raises
        ------
        UnknownId
            For a system nobody knows.
        InvalidValue
            For a negative or zero amount.
        UnitMismatch
            For an amount without a system, and for floats.

        Notes
        -----
        By hours, an interval wherever a system states hours per credit as one; by year, the same
        share of a full-time year; by agreement, a ratio that a named document fixes. The ways
        disagree, so none is chosen: ``.value(way=...)`` names one.

        Examples
        --------
        >>> import qualgraph as qg
        >>> print(qg.load().convert("60 cats", to="ects").by_hours)
        20–24
        """
        system = _id(to, "credit system")
        if not isinstance(credits, str) and hasattr(credits, "__iter__"):
            return self._convert_all([_credits(each) for each in credits], system)
        from .credits import Conversion

        return Conversion(_core.convert(self._c, _credits(credits)._c, system), self)

    def _convert_all(self, amounts: list[Credits], system: str) -> Table:
        from .credits import Conversion
        from .table import Table

        answers = [Conversion(_core.convert(self._c, amount._c, system), self) for amount in amounts]
        return Table(
            {
                "credits": [str(amount) for amount in amounts],
                "to": [system] * len(amounts),
                "by_hours": [answer.by_hours for answer in answers],
                "by_year": [answer.by_year for answer in answers],
                "by_agreement": [[str(each.value) for each in answer.by_agreement] for answer in answers],
                "missing": [
                    "; ".join(f"{way}: {why}" for way, why in answer.missing.items()) for answer in answers
                ],
            },
            title=f"Credits in {system}",
        )

    def convert_items(
        self,
        items: Sequence[AnyCredits],
        to: str | CreditSystem,
        *,
        way: str,
        rounding: str = "none",
        grain: Any = 1,
    ) -> ConvertedItems:
        """Several amounts converted and rounded one by one, beside the sum rounded once.

        Parameters
        ----------
        items : list of str or Credits
        to : str or CreditSystem
        way : {"hours", "year", "agreement"}
        rounding : {"none", "down", "up", "half_up", "half_even"}, optional
        grain : int, str or Fraction, optional
            In credits of the target system.

        Raises
        ------
        InvalidValue
            For an empty list or a grain that is not positive.
        UnitMismatch
            If the way gives no answer.

        Examples
        --------
        >>> import qualgraph as qg
        >>> units = qg.load().convert_items(["5 cats"] * 3, to="ects", way="year", rounding="half_up")
        >>> units.per_item, units.per_total
        (Fraction(9, 1), Fraction(8, 1))
        """
        from .credits import ConvertedItems, exact

        if isinstance(items, str):
            raise InvalidValue(
                'convert_items() takes a list, such as ["5 cats", "10 cats"]; for one amount ask convert()'
            )
        given, system, step = (
            [_credits(each) for each in items],
            _id(to, "credit system"),
            exact(grain, "a grain"),
        )
        core = _core.convert_items(
            self._c,
            [each._c for each in given],
            system,
            as_text(way, "way"),
            as_text(rounding, "rounding"),
            step,
        )
        return ConvertedItems(core, given, system, rounding, step, self)

    def certainly_at_least(
        self,
        amount: AnyCredits,
        minimum: AnyCredits,
        *,
        way: str | None = None,
        rounding: str = "none",
        grain: Any = 1,
    ) -> bool | None:
        """Whether credits of one system reach a minimum in another, whatever way one counts.

        Parameters
        ----------
        amount, minimum : str or Credits
        way : {"hours", "year", "agreement"}, optional
            Count by this way only.
        rounding, grain : optional
            Applied to the converted amount first.

        Returns
        -------
        bool or None
            True or False only if every available way says so, else None. :meth:`check_credits`
            gives the same with its reasons.

        Examples
        --------
        >>> import qualgraph as qg
        >>> world = qg.load()
        >>> world.certainly_at_least("30 ects", "60 cats"), world.certainly_at_least("30 ects", "70 cats")
        (True, None)
        """
        return self.check_credits(amount, at_least=minimum, way=way, rounding=rounding, grain=grain).verdict

    def certainly_at_most(
        self,
        amount: AnyCredits,
        cap: AnyCredits,
        *,
        way: str | None = None,
        rounding: str = "none",
        grain: Any = 1,
    ) -> bool | None:
        """Whether credits of one system stay under a cap in another, whatever way one counts.

        Parameters and result are those of :meth:`certainly_at_least`.

        Examples
        --------
        >>> import qualgraph as qg
        >>> qg.load().certainly_at_most("30 ects", "90 cats")
        True
        """
        return self.check_credits(amount, at_most=cap, way=way, rounding=rounding, grain=grain).verdict

    def check_credits(
        self,
        amount: AnyCredits,
        *,
        at_least: AnyCredits | None = None,
        at_most: AnyCredits | None = None,
        way: str | None = None,
        rounding: str = "none",
        grain: Any = 1,
    ) -> CreditVerdict:
        """Credits against a minimum or a cap, with what each way says.

        Parameters
        ----------
        amount : str or Credits
        at_least, at_most : str or Credits
            The bound; exactly one of the two.
        way, rounding, grain : optional
            As in :meth:`certainly_at_least`.

        Returns
        -------
        CreditVerdict

        Examples
        --------
        >>> import qualgraph as qg
        >>> print(qg.load().check_credits("30 ects", at_least="100 cats"))
        30 ects are certainly not at least 100 cats: 75-90 < 100 cats by hours; 60 < 100 cats by year.
        """
        from .credits import CreditVerdict, exact

        if (at_least is None) == (at_most is None):
            raise InvalidValue("name one bound: at_least= or at_most=")
        ask, relation = (
            (_core.certainly_at_least, "at least")
            if at_least is not None
            else (_core.certainly_at_most, "at most")
        )
        given, bound = _credits(amount), _credits(at_least if at_least is not None else at_most)
        named = None if way is None else as_text(way, "way")
        step = exact(grain, "a grain")
        core = ask(self._c, given._c, bound._c, named, as_text(rounding, "rounding"), step)
        return CreditVerdict(core, given, bound, relation, self)

    def broken_chain(self, a: AnyCredits, b: AnyCredits, c: AnyCredits) -> BrokenChain | None:
        """Three amounts on which "certainly at least" does not carry over, if they are such.

        Returns
        -------
        BrokenChain or None
            None if ``a`` does not reach ``b``, ``b`` does not reach ``c``, or ``a`` reaches ``c``
            as well.

        Examples
        --------
        >>> import qualgraph as qg
        >>> chain = qg.load().broken_chain("60 ects", "150 bh-credit", "150 cats")
        >>> chain.first.verdict, chain.second.verdict, chain.direct.verdict
        (True, True, None)
        """
        from .credits import BrokenChain

        amounts = [_credits(each) for each in (a, b, c)]
        core = _core.broken_chain(self._c, *(each._c for each in amounts))
        return None if core is None else BrokenChain(core, amounts, self)

    def volume_of_learning(
        self, years: int | str | Fraction | Range, of: str | Framework | CreditSystem
    ) -> VolumeOfLearning:
        """A size in full-time years as credits and hours, where a year load is stated.

        Parameters
        ----------
        years : int, str, Fraction or Range
            Full-time years.
        of : str, Framework or CreditSystem
            Credit system, or framework that names one.

        Raises
        ------
        UnknownId
            If it is neither.

        Examples
        --------
        >>> import qualgraph as qg
        >>> print(qg.load().volume_of_learning(2, "nz-credit").credits)
        240
        """
        from .credits import VolumeOfLearning, amount_range

        name, span = _id(of, "credit system or framework"), amount_range(years)
        in_framework = isinstance(of, Framework) or (
            name in self.frameworks and name not in self.credit_systems
        )
        ask = _core.volume_in_framework if in_framework else _core.volume_in_system
        return VolumeOfLearning(ask(self._c, span, name), name, self)

    # ---- looking around

    def find(self, text: str) -> Found:
        """Frameworks, qualification types and credit systems by name, alias or abbreviation.

        A title that sits at different levels is warned about, and an abbreviation of several
        frameworks is listed with all of them. See :func:`qualgraph.explore.find`.

        Examples
        --------
        >>> import qualgraph as qg
        >>> qg.load().find("MQF").collisions
        {'MQF': ['me-mqf', 'mk-nmqf', 'mt-mqf', 'my-mqf']}
        """
        from . import explore

        return explore.find(self, text)

    @overload
    def coverage(self, framework: None = None) -> CoverageOverview: ...

    @overload
    def coverage(self, framework: AnyFramework) -> Coverage: ...

    def coverage(self, framework: AnyFramework | None = None) -> Coverage | CoverageOverview:
        """What is known of a framework, or of all: levels, types, rows read and only known, pending, missing.

        See :func:`qualgraph.explore.coverage`.

        Examples
        --------
        >>> import qualgraph as qg
        >>> nz = qg.load().coverage("nz-nzqcf")
        >>> nz.rows_read, nz.rows_known, nz.share_read
        (52, 3, Fraction(52, 55))
        """
        from . import explore

        if framework is None:
            return explore.coverage(self)
        return explore.coverage(self, _id(framework, "framework"))

    def compare(
        self, frameworks: Iterable[AnyFramework], reference: AnyFramework | None = None
    ) -> Comparison:
        """Frameworks side by side: levels, qualification types, credits, aligned where documents align them.

        See :func:`qualgraph.explore.compare`.

        Examples
        --------
        >>> import qualgraph as qg
        >>> side = qg.load().compare(["nz-nzqcf", "ie-nfq"], reference="eqf")
        >>> side.table["6"]
        {'eqf': '6', 'nz-nzqcf': ['7'], 'ie-nfq': ['8', '7']}
        """
        from . import explore

        listed = [frameworks] if isinstance(frameworks, (str, Framework)) else frameworks
        named = [_id(each, "framework") for each in listed]
        return explore.compare(
            self, named, reference=None if reference is None else _id(reference, "framework")
        )

    def lint(self) -> Findings:
        """What a careful reader would question in the facts; see :func:`qualgraph.lint.lint`."""
        from .lint import lint

        return lint(self)

    def to_graphml(self, path: str | os.PathLike[str]) -> Path:
        """Write the referencing graph as GraphML, for other tools; see :func:`qualgraph.export.to_graphml`."""
        from .export import to_graphml

        return to_graphml(self, path)

    def to_csv(self, folder: str | os.PathLike[str]) -> list[Path]:
        """Write the facts as seven CSV files into a folder; see :func:`qualgraph.export.to_csv`."""
        from .export import to_csv

        return to_csv(self, folder)

    def plot(self) -> Any:
        """The referencing network with its hubs as a picture."""
        from . import plot

        return plot.network(self)

    # ---- a value like any other

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, World):
            return NotImplemented
        if self.as_of_text != other.as_of_text or self.evidence != other.evidence:
            return False
        return self._c is other._c or self.hash == other.hash

    def __hash__(self) -> int:
        return hash((self.hash, self.as_of_text, self.evidence))

    def __copy__(self) -> World:
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> World:
        return self

    def __reduce__(self) -> Any:
        return _restore, (self.hash, self._files(), self.as_of_text, self.evidence, self._withdrawals())

    def _withdrawals(self) -> tuple[list[str], list[str]]:
        """Documents to withdraw after loading ``_files()``, and the tables to add again then."""
        gone = self._kept.get("withdrawn", ())
        ids, documents = {id for id, _, _ in gone}, {document for _, document, _ in gone}
        again = [each.json for each in self._c.mappings if each.id in ids or each.document in documents]
        return sorted(documents), again

    def _files(self) -> list[tuple[str, str]]:
        """The facts as files that load again to the same world."""
        core = self._c
        files = [(f"frameworks/{each.id}.json", each.json) for each in core.frameworks]
        files += [(f"credit_systems/{each.id}.json", each.json) for each in core.credit_systems]
        tables = {each.id: each.json for each in core.mappings}
        again = set(self._withdrawals()[1])
        tables = {id: json for id, json in tables.items() if json not in again}
        tables |= {id: json for id, _, json in self._kept.get("withdrawn", ())}
        files += [(f"mappings/{number}.json", json) for number, json in enumerate(tables.values())]
        folders = {
            "microcredential_policy": "policies/microcredential",
            "rpl_policy": "policies/rpl",
            "credit_transfer_policy": "policies/credit_transfer",
            "context": "context",
            "rule": "rules",
            "definition": "definitions",
        }
        lists = {"award_rule": "award_rules", "pending": "pending", "label_placement": "label_placements"}
        for number, each in enumerate(core.records):
            if each.kind in folders:
                files.append((f"{folders[each.kind]}/{each.id}.json", each.json))
            else:
                key = lists[each.kind]
                files.append((f"{key}/{number}.json", f'{{"{key}": [{each.json}]}}'))
        return files

    def __repr__(self) -> str:
        core = self._c
        day = f", as of {core.as_of}" if core.as_of else ""
        floor = ", only what was read" if core.evidence == "read" else ""
        sizes = f"{len(core.frameworks)} frameworks, {len(core.mappings)} mappings"
        sizes += f", {len(core.credit_systems)} credit systems"
        return f"<World {self.hash[:12]}: {sizes}{day}{floor}>"

    def _repr_html_(self) -> str:
        from .display import answer_box, html_table, mark

        collections = [self.frameworks, self.mappings, self.credit_systems]
        collections += [self.microcredential_policies, self.rpl_policies, self.credit_transfer_policies]
        tally: dict[str, int] = {}
        for mapping in self._c.mappings:
            tally[mapping.evidence] = tally.get(mapping.evidence, 0) + 1
        body = html_table({"facts": [repr(each).strip("<>") for each in collections]})
        marks = ", ".join(
            f"{number} {mark(evidence)}" for evidence, number in sorted(tally.items(), reverse=True)
        )
        return answer_box(
            repr(self).strip("<>"), body, f"Mappings by evidence: {marks}." if marks else "No mappings."
        )


class Profile(Value):
    """A level domain by domain.

    Attributes
    ----------
    framework : str
    domains : tuple of (str, str)
        Each domain and its level.
    meet : tuple of str
        The level that every domain reaches.
    lower_median : tuple of str
        The best-fit reading: half of the domains, rounded up, are at or below it.
    spread : int
        Steps between the lowest and the highest domain; 0 where all agree.
    official : str or None
    above_official, below_official : tuple of str
        Domains above and below the official level.
    """

    __slots__ = (
        "framework",
        "domains",
        "meet",
        "lower_median",
        "spread",
        "official",
        "above_official",
        "below_official",
    )
    framework: str
    domains: tuple[tuple[str, str], ...]
    meet: tuple[str, ...]
    lower_median: tuple[str, ...]
    spread: int
    official: str | None
    above_official: tuple[str, ...]
    below_official: tuple[str, ...]

    def __str__(self) -> str:
        from .display import count, listing

        placed = listing(f"{domain} at {level}" for domain, level in self.domains)
        said = f"{placed}: every domain reaches {self.framework} {listing(self.meet, 'or') or 'no level'}"
        said += f", the lower median is {listing(self.lower_median, 'or')}"
        said += f", lowest and highest are {count(self.spread, 'step')} apart" if self.spread else ""
        outside = [f"{name} above" for name in self.above_official]
        outside += [f"{name} below" for name in self.below_official]
        if self.official is None:
            return f"{said}."
        return f"{said}; the official level is {self.official}{', ' if outside else ''}{listing(outside)}."


def _restore(
    hash: str,
    files: list[tuple[str, str]],
    as_of: str | None,
    evidence: str,
    withdrawals: tuple[list[str], list[str]],
) -> World:
    """A world from its pickle; the bundled facts of this process serve if they are the same."""
    known = _bundled.get("")
    if known is not None and known.hash == hash:
        return known.view(as_of=as_of, evidence=evidence)
    world = World(_core.load_facts(files, None, as_of, evidence, False))
    documents, again = withdrawals
    if documents:
        world = world.without_documents(documents)
    for table in again:
        world = world._heir(world._c.with_mapping(table, "pickle"))
    if world.hash != hash:
        raise InvalidValue("the pickled world was made by another version of Qualgraph; load its facts again")
    return world


def _valid(mapping: Any, all_between: list[Any], day: str) -> bool:
    """Whether a document holds on a day, as far as its dates are stated."""
    start = mapping.valid_from or (f"{mapping.year:04d}-01-01" if mapping.year is not None else None)
    if start is None or day < start:
        return False
    end = mapping.valid_until
    if end is None and mapping.status == "superseded":
        later = [f"{each.year:04d}-01-01" for each in all_between if each.year is not None]
        end = min((other for other in later if other > start), default=None)
    return end is None or day < end


def _source_fact(source: Any, evidence: str) -> dict[str, Any]:
    if isinstance(source, str):
        source = Source(source, evidence=evidence)
    if isinstance(source, Source):
        return {
            "title": source.title,
            "publisher": source.publisher,
            "year": source.year,
            "url": source.url,
            "evidence": source.evidence,
        }
    return {"title": None, "publisher": None, "year": None, "url": None, "evidence": evidence, **source}


def _rows(pairs: Any, evidence: str) -> list[dict[str, Any]]:
    """Rows of a level table from a list of pairs, a CSV file or a data frame."""
    if isinstance(pairs, str) or hasattr(pairs, "__fspath__"):
        records: Iterable[Any] = _csv_rows(pairs)
    elif hasattr(pairs, "to_dicts"):
        records = pairs.to_dicts()
    elif hasattr(pairs, "to_pylist"):
        records = pairs.to_pylist()
    elif hasattr(pairs, "to_dict") and hasattr(pairs, "columns"):
        records = pairs.to_dict("records")
    else:
        records = pairs
    rows = []
    for number, record in enumerate(records, 1):
        if isinstance(record, dict):
            missing = [name for name in ("from", "to") if name not in record]
            if missing:
                raise InvalidValue(
                    f'row {number} has no column "{missing[0]}"; a level table has the columns from and to'
                )
            row = dict(record)
        elif isinstance(record, str) or not hasattr(record, "__len__") or len(record) != 2:
            raise InvalidValue(
                f'row {number} is {record!r}; a row is a pair of level codes, such as ("7", "6")'
            )
        else:
            row = {"from": record[0], "to": record[1]}
        low, high = _code(row["from"]), _code(row["to"])
        if low is None:
            raise InvalidValue(f"row {number} names no level in from")
        mark = _code(row.get("evidence")) or evidence
        note = _code(row.get("note"))
        overlap = str(row.get("partial")).strip().lower() in ("true", "yes", "1", "1.0", "x")
        rows.append({"from": low, "to": high, "evidence": mark, "note": note, "partial": overlap})
    return rows


def _csv_rows(path: Any) -> list[dict[str, Any]]:
    import csv

    try:
        with open(path, encoding="utf-8-sig", newline="") as file:
            text = file.read()
    except OSError as error:
        raise InvalidValue(f"the level table {path} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise InvalidValue(f"the level table {path} is not UTF-8; save it as CSV UTF-8") from None
    # Spreadsheets of many countries part columns by semicolons.
    first = text.partition("\n")[0]
    separator = max(",;\t", key=first.count)
    return [
        {(name or "").strip().lower(): cell for name, cell in row.items()}
        for row in csv.DictReader(text.splitlines(), delimiter=separator)
    ]


def _code(cell: Any) -> str | None:
    """A cell as text; None for an empty one. Spreadsheets make numbers of codes: 7.0 is "7"."""
    if cell is None or cell != cell:
        return None
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    text = str(cell).strip()
    return None if text in ("", "<NA>") else text
