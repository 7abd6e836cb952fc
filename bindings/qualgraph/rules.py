"""Stacking rules written in Python, clause by clause.

Every method adds one clause and returns the builder; :meth:`Builder.build` reads the whole and
names every fault. Items are selected by keywords: ``tag="core"``, ``units=["C1", "C2"]``,
``at_least="nz-nzqcf:5"``, ``origin="rpl"``, ``except_={"tag": "old"}``.

Examples
--------
>>> from qualgraph import rules
>>> rule = (
...     rules.award("example", "Example diploma", level="nz-nzqcf:5", credit="nz-credit")
...     .total(min=120)
...     .place("core", title="Core", units=["C1", "C2"], all=True)
...     .place("elective", title="Electives", tag="elective", min=30)
...     .floor("level-5", at_least="nz-nzqcf:5", min=72)
...     .cap("rpl", origin="rpl", max_share="1/2", source="policy, 4.2")
...     .source("policy", "RPL policy", evidence="read")
...     .build()
... )
>>> print(rule.sentence("caps/rpl"))
At most 1/2 of the award's size in credits from items gained by recognition of prior learning may count. [caps/rpl]
>>> rule.sentence("caps/rpl").source
'RPL policy, 4.2 [read]'
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from .errors import InvalidValue

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from .stacking import Rule

__all__ = ["Builder", "Fragment", "award", "fragment", "policy"]

_SAME = (
    "tag",
    "origin",
    "provider",
    "field",
    "mode",
    "status",
    "outcome",
    "part_of",
    "used_for",
    "quality_assured",
    "assessed",
    "whole",
    "used",
    "grade",
    "date",
    "age",
    "credits",
    "hours",
)
_KEYWORDS = (*_SAME, "unit", "units", "level", "at_least", "at_most", "everything", "except_", "any_", "all_")


def _exact(value: Any, what: str) -> Any:
    """A number of the language: exact, or a parameter or table as the language writes it."""
    if isinstance(value, (bool, float)):
        raise InvalidValue(f'{what} is {value!r}; a decision hangs on it, so write it exactly: 60, "15/2" or "1/2"')
    if isinstance(value, Fraction):
        return value.numerator if value.denominator == 1 else f"{value.numerator}/{value.denominator}"
    return value


def select(**chosen: Any) -> Any:
    """A selector from keywords.

    Raises
    ------
    InvalidValue
        For a keyword there is none of; the message names the nearest.

    Examples
    --------
    >>> select(tag="core", at_least="eqf:5", except_={"origin": "rpl"})
    {'tag': 'core', 'level': {'at_least': 'eqf:5'}, 'not': {'origin': 'rpl'}}
    """
    from . import _core

    found: dict[str, Any] = {}
    for name, value in chosen.items():
        if value is None:
            continue
        if name not in _KEYWORDS:
            raise InvalidValue(f'items are not selected by "{name}".{_core.did_you_mean(name, list(_KEYWORDS))}')
        if name == "everything":
            return "everything"
        if name == "units":
            found["unit"] = list(value)
        elif name == "level":
            found.setdefault("level", {})["exactly"] = value
        elif name in ("at_least", "at_most"):
            found.setdefault("level", {})[name] = value
        elif name == "except_":
            found["not"] = select(**value)
        elif name in ("any_", "all_"):
            found[name[:-1]] = [select(**one) for one in value]
        elif isinstance(value, (tuple, set)):
            found[name] = sorted(value) if isinstance(value, set) else list(value)
        else:
            found[name] = value
    return found


class Fragment:
    """Clauses: a whole rule's, or those of a variant, a title or an exit."""

    def __init__(self) -> None:
        self._rule: dict[str, Any] = {}

    def to_dict(self) -> dict[str, Any]:
        """The clauses as the rule language writes them."""
        from copy import deepcopy

        return deepcopy(self._rule)

    # ---- what every clause takes

    def _clause(self, more: Mapping[str, Any], numbers: Iterable[str] = ()) -> dict[str, Any]:
        clause: dict[str, Any] = {}
        for name, value in more.items():
            if value is None:
                continue
            key = name.rstrip("_")
            if key in numbers:
                value = None if isinstance(value, str) and value == "?" else _exact(value, key)
            if key == "source" and isinstance(value, str):
                document, _, where = value.partition(", ")
                value = {"document": document, **({"clause": where} if where else {})}
            if isinstance(value, tuple):
                value = list(value)
            clause[key] = value
        return clause

    def clause(self, group: str, id: str, clause: Mapping[str, Any]) -> Any:
        """Add a clause as the rule language writes it: the way to all that has no method here."""
        named = self._rule.setdefault(group, {})
        if id in named:
            raise InvalidValue(f'there is a clause {group}/{id} already; ids are unique within "{group}"')
        named[id] = dict(clause)
        return self

    # ---- clauses

    def total(self, **bounds: Any) -> Any:
        """Bounds on all that is counted: ``min``, ``max`` or ``exact``, ``measure``, ``source``, ``note``."""
        self._rule["total"] = self._clause(bounds, ("min", "max", "exact"))
        return self

    def place(
        self,
        id: str,
        *,
        title: str | None = None,
        inside: str | None = None,
        min: Any = None,
        max: Any = None,
        exact: Any = None,
        measure: str | None = None,
        all: bool | None = None,
        choose: int | dict[str, int] | None = None,
        for_each: str | None = None,
        use: str | None = None,
        when: dict[str, Any] | None = None,
        note: str | None = None,
        source: Any = None,
        **chosen: Any,
    ) -> Any:
        """Add a place where items are put.

        Parameters
        ----------
        id : str
        inside : str, optional
            The place it is a part of.
        min, max, exact : int, Fraction or str, optional
            ``"?"`` for a bound whose amount is not known.
        all : bool, optional
            Every unit named must be there.
        choose : int or dict, optional
            How many of its parts are chosen: ``2``, or ``{"min": 1, "max": 3}``.
        for_each : str, optional
            One copy for every value: ``"tag:subject"``.
        **chosen
            Which items it takes; see :mod:`qualgraph.rules`. ``everything=True`` takes any.
        """
        clause = self._clause({"title": title, "inside": inside})
        selector = select(**chosen)
        if selector:
            clause["from"] = selector
        given = {"min": min, "max": max, "exact": exact, "measure": measure, "all": all or None}
        given |= {"choose": choose, "for_each": for_each, "use": use, "when": when, "note": note, "source": source}
        clause |= self._clause(given, ("min", "max", "exact"))
        return self.clause("places", id, clause)

    def floor(
        self,
        id: str,
        *,
        title: str | None = None,
        min: Any = None,
        min_share: Any = None,
        base: str | None = None,
        in_: str | list[str] | None = None,
        measure: str | None = None,
        all: bool | None = None,
        distinct: str | None = None,
        of_last: Any = None,
        over: str | None = None,
        for_each: str | None = None,
        rounding: str | None = None,
        grain: Any = None,
        when: dict[str, Any] | None = None,
        note: str | None = None,
        source: Any = None,
        **chosen: Any,
    ) -> Any:
        """Add a minimum over what is counted, wherever it is placed."""
        clause = self._clause({"title": title})
        selector = select(**chosen)
        if selector:
            clause["from"] = selector
        given = {"in": in_, "min": min, "min_share": min_share, "base": base, "measure": measure, "all": all or None}
        given |= {"distinct": distinct, "of_last": of_last, "over": over, "for_each": for_each}
        given |= {"rounding": rounding, "grain": grain, "when": when, "note": note, "source": source}
        clause |= self._clause(given, ("min", "min_share", "of_last", "grain"))
        return self.clause("floors", id, clause)

    def cap(
        self,
        id: str,
        *,
        title: str | None = None,
        max: Any = None,
        max_share: Any = None,
        base: str | None = None,
        in_: str | list[str] | None = None,
        union: list[str] | None = None,
        measure: str | None = None,
        effect: str | None = None,
        for_each: str | None = None,
        rounding: str | None = None,
        grain: Any = None,
        when: dict[str, Any] | None = None,
        note: str | None = None,
        source: Any = None,
        **chosen: Any,
    ) -> Any:
        """Add a limit on what is counted, or with ``effect="invalid"`` on what may be presented."""
        clause = self._clause({"title": title})
        selector = select(**chosen)
        if selector:
            clause["from"] = selector
        given = {"union": union, "in": in_, "max": max, "max_share": max_share, "base": base, "measure": measure}
        given |= {"effect": effect, "for_each": for_each, "rounding": rounding, "grain": grain}
        given |= {"when": when, "note": note, "source": source}
        clause |= self._clause(given, ("max", "max_share", "grain"))
        return self.clause("caps", id, clause)

    def gate(
        self,
        id: str,
        *,
        among: dict[str, Any] | None = None,
        in_: str | list[str] | None = None,
        title: str | None = None,
        when: dict[str, Any] | None = None,
        note: str | None = None,
        source: Any = None,
        **chosen: Any,
    ) -> Any:
        """Count only such items; with ``among``, only these are put to the test."""
        clause = self._clause({"title": title})
        if among:
            clause["from"] = select(**among)
        clause |= self._clause({"in": in_})
        clause["require"] = select(**chosen)
        clause |= self._clause({"when": when, "note": note, "source": source})
        return self.clause("eligibility", id, clause)

    def window(
        self,
        id: str,
        span: str | None,
        *,
        starts: str | None = None,
        in_: str | list[str] | None = None,
        note: str | None = None,
        source: Any = None,
        **chosen: Any,
    ) -> Any:
        """Ask that the counted items fit into a span of time: ``"6 years"``; None where it is not known."""
        clause: dict[str, Any] = {}
        selector = select(**chosen)
        if selector:
            clause["from"] = selector
        clause |= self._clause({"in": in_})
        clause["span"] = span
        clause |= self._clause({"starts": starts, "note": note, "source": source})
        return self.clause("windows", id, clause)

    def pace(self, id: str, *, per: str, max: Any, note: str | None = None, source: Any = None, **chosen: Any) -> Any:
        """Limit what counts in one year, semester, trimester, quarter or month."""
        selector = select(**chosen)
        clause = {"from": selector} if selector else {}
        clause |= self._clause({"per": per, "max": max, "note": note, "source": source}, ("max",))
        return self.clause("pace", id, clause)

    def requirement(self, id: str, what: str, **more: Any) -> Any:
        """Add something that brings no credit: a thesis, an admission, hours of work."""
        return self.clause("requirements", id, {"what": what, **self._clause(more, ("min",))})

    def average(self, id: str, *, min: Any, in_: str | list[str] | None = None, **more: Any) -> Any:
        """Ask for an average grade: ``scale``, ``weight``, ``ungraded``, ``repeats``, ``over``; items as elsewhere."""
        names = ("scale", "weight", "ungraded", "repeats", "over", "rounding", "grain", "note", "source", "title")
        selector = select(**{name: value for name, value in more.items() if name not in names})
        given = {name: value for name, value in more.items() if name in names}
        clause = {"from": selector} if selector else {}
        return self.clause("averages", id, clause | self._clause({"in": in_, "min": min, **given}, ("min", "grain")))

    def exclude(self, id: str, *sets: dict[str, Any], max: int = 1, **more: Any) -> Any:
        """Allow counted items from at most ``max`` of these sets; each is a dict of selecting keywords."""
        return self.clause(
            "exclusions", id, {"sets": [select(**one) for one in sets], "max": max, **self._clause(more)}
        )

    def overlap(self, id: str, *between: str, max: Any = None, **more: Any) -> Any:
        """Say what may sit in both of two places; without ``max``, anything."""
        allocation = self._rule.setdefault("allocation", {})
        named = allocation.setdefault("overlap", {})
        named[id] = {"between": list(between), **self._clause({"max": max, **more}, ("max", "max_share"))}
        return self

    def allocation(self, **how: Any) -> Any:
        """How items are used: ``use``, ``items``, ``quantum``, ``max_places``, ``max_awards``."""
        self._rule.setdefault("allocation", {}).update(self._clause(how, ("quantum",)))
        return self

    def reuse(self, used_elsewhere: str | None = None, **more: Any) -> Any:
        """Whether what served another award counts: ``"free"``, ``"barred"`` or ``"limited"``."""
        self._rule.setdefault("reuse", {}).update(self._clause({"used_elsewhere": used_elsewhere, **more}))
        return self

    def admits(self, *statuses: str) -> Any:
        """Statuses with which an item may count."""
        self._rule["admits"] = list(statuses)
        return self


class Builder(Fragment):
    """A rule in the making; made by :func:`award` or :func:`policy`."""

    def __init__(self, head: dict[str, Any]) -> None:
        super().__init__()
        self._rule = {"language": 1, **{key: value for key, value in head.items() if value is not None}}

    def units(self, units: Iterable[Mapping[str, Any]], *, partial: bool = False) -> Builder:
        """Units that the rule names: ``unit``, ``title``, ``level``, ``credits``, ``hours``, ``tags``."""
        self._rule["units"] = [dict(unit) for unit in units]
        if partial:
            self._rule["units_partial"] = True
        return self

    def parameter(self, id: str, what: str, type: str = "text", **more: Any) -> Builder:
        """Add a fact of the case that clauses ask for: ``default``, ``choices``."""
        self._rule.setdefault("parameters", {})[id] = {"what": what, "type": type, **self._clause(more)}
        return self

    def scale(self, id: str, **scale: Any) -> Builder:
        """Add a ladder of its own: ``order`` (lowest first), ``points``, ``numeric``."""
        self._rule.setdefault("scales", {})[id] = self._clause(scale)
        return self

    def variant(self, id: str, clauses: Fragment, **more: Any) -> Builder:
        """Add a form of the award; exactly one applies."""
        self._rule.setdefault("variants", {})[id] = {**self._clause(more), **clauses.to_dict()}
        return self

    def title(self, id: str, title: str, clauses: Fragment | None = None, *, rank: int = 1, **more: Any) -> Builder:
        """Add a name that the award carries if further clauses hold."""
        own = clauses.to_dict() if clauses is not None else {}
        self._rule.setdefault("titles", {})[id] = {"title": title, "rank": rank, **self._clause(more), **own}
        return self

    def exit(self, id: str, award: str, clauses: Fragment, *, level: str | None = None, **more: Any) -> Builder:
        """Add a smaller award on the way."""
        head = self._clause({"award": award, "level": level, **more})
        self._rule.setdefault("exits", {})[id] = {**head, **clauses.to_dict()}
        return self

    def source(self, id: str, title: str, *, evidence: str = "known", **more: Any) -> Builder:
        """Add a text that clauses name: ``publisher``, ``year``, ``url``; ``evidence`` is read or known."""
        entry = {"id": id, "title": title, **self._clause(more), "evidence": evidence}
        self._rule.setdefault("sources", []).append(entry)
        return self

    def notes(self, text: str) -> Builder:
        """Remark on the whole."""
        self._rule["notes"] = text
        return self

    def build(self) -> Rule:
        """The rule.

        Raises
        ------
        FactError
            With every fault: where it is, what was found, what is expected.
        """
        from .stacking import Rule

        return Rule(self.to_dict())


def award(id: str, title: str, *, level: str | None = None, credit: str | None = None, **head: Any) -> Builder:
    """Begin the rule of an award.

    Parameters
    ----------
    id, title : str
    level : str, optional
        ``"nz-nzqcf:5"``.
    credit : str, optional
        Credit system in which the rule counts: ``"nz-credit"``.
    **head
        ``measure``, ``framework``, ``jurisdiction``, ``awarding``, ``version``, ``status``, ``valid`` ...
    """
    return Builder({"id": id, "title": title, "level": level, "credit": credit, **head})


def policy(id: str, title: str, **head: Any) -> Builder:
    """Begin a policy: clauses without an award of their own, applied to a target award."""
    return Builder({"id": id, "title": title, "kind": "policy", **head})


def fragment() -> Fragment:
    """Begin the clauses of a variant, a title or an exit."""
    return Fragment()
