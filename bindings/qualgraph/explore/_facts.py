"""Facts as plain dictionaries, read once per question."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple

from ..display import count, fraction_text, listing, mark
from ..facts import pending_text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..world import World

__all__ = ["count", "listing", "mark", "pending_text"]

Fact = dict[str, Any]


def fact(thing: Any) -> Fact:
    """The whole fact behind an object of a world, as its file has it."""
    whole: Fact = thing if isinstance(thing, dict) else thing.to_dict()
    return whole


def all_facts(things: Iterable[Any]) -> list[Fact]:
    """The whole facts behind the objects of a collection, in their order."""
    return [fact(thing) for thing in things]


class Row(NamedTuple):
    """One row of a mapping: source code, target code, ``"read"`` or ``"known"``, overlap only."""

    from_: str
    to: str
    evidence: str
    partial: bool


def rows(mapping: Fact) -> list[Row]:
    """Rows of a mapping, those of ``partial`` included, each once.

    A row of a mapping with mixed evidence is ``"known"`` when it stands in ``pairs_known``.
    """
    evidence = mapping.get("pairs_evidence")
    known = {(pair[0], pair[1]) for pair in mapping.get("pairs_known") or ()}
    partial = {(row["from"], row["to"]) for row in mapping.get("partial") or ()}
    found: dict[tuple[str, str], Row] = {}
    for pair in [(pair[0], pair[1]) for pair in mapping.get("pairs") or ()] + sorted(partial):
        if pair not in found:
            read = evidence == "read" or (evidence == "mixed" and pair not in known)
            found[pair] = Row(pair[0], pair[1], "read" if read else "known", pair in partial)
    return list(found.values())


def row_counts(mapping: Fact) -> tuple[int, int]:
    """How many rows of a mapping were read in a text, and how many are only known."""
    listed = rows(mapping)
    read = sum(row.evidence == "read" for row in listed)
    return read, len(listed) - read


def level_of_type(kind: Fact) -> str | None:
    """Level of a qualification type as text: a code, or a range of codes."""
    first, last = kind.get("level"), kind.get("level_max")
    if kind.get("level_range"):
        first, last = kind["level_range"][0], kind["level_range"][-1]
    if first is None:
        return None
    return str(first) if last is None or last == first else f"{first} to {last}"


def codes_of_type(framework: Fact, kind: Fact) -> list[str]:
    """Every level code of its framework at which awards of a type may sit."""
    codes = [level["code"] for level in framework.get("levels") or ()]
    first, last = kind.get("level"), kind.get("level_max")
    if kind.get("level_range"):
        first, last = kind["level_range"][0], kind["level_range"][-1]
    if first is None or first not in codes:
        return []
    if last is None or last not in codes:
        return [first]
    return codes[codes.index(first) : codes.index(last) + 1]


def number(value: Any) -> str:
    """A number of a fact as people write it."""
    return fraction_text(Fraction(str(value)))


def credits_text(size: Fact | None) -> str | None:
    """Credits of a qualification type: ``"120"``, ``"180 to 240 ects"``, ``"40 or more nz-credit"``."""
    if not size:
        return None
    low, high, system = size.get("min"), size.get("max"), size.get("system") or ""
    if low is None and high is None:
        return None
    if high is None:
        text = f"{number(low)} or more"
    elif low is None:
        text = f"up to {number(high)}"
    elif Fraction(str(low)) == Fraction(str(high)):
        text = number(low)
    else:
        text = f"{number(low)} to {number(high)}"
    return f"{text} {system}".strip()


def type_evidence(framework: Fact, kind: Fact) -> str:
    """Evidence of name and level of a type; the framework's own mark where the type has none."""
    return str(
        kind.get("level_evidence") or kind.get("evidence") or framework.get("qualification_types_evidence")
    )


def pending_of(world: World, *ids: str) -> list[Fact]:
    """Relations that exist or are planned, without a level table seen, that touch one of ``ids``."""
    wanted = set(ids)
    return [p for p in world.records("pending") if p.get("from") in wanted or p.get("to") in wanted]


def sources_of(facts: Iterable[Fact]) -> list[Fact]:
    """Sources of several facts, each once, in order of appearance."""
    seen: dict[tuple[Any, ...], Fact] = {}
    for one in facts:
        for source in one.get("sources") or ():
            seen.setdefault((source.get("title"), source.get("publisher"), source.get("year")), source)
    return list(seen.values())
