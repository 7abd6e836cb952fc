"""What stands in the way of offers before any rule is looked at: requirements nothing meets, blanks, closed doors."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

__all__ = ["Finding", "circles", "findings"]


class Finding(NamedTuple):
    """One thing about offers: what kind it is, the offers by id, and a sentence."""

    kind: str
    offers: tuple[str, ...]
    text: str


def _units(condition: Mapping[str, Any]) -> list[str] | None:
    """The units any of which meets a condition; None where it asks for something else."""
    if "award" in condition:
        words = condition["award"]
    elif isinstance(condition.get("holds"), dict) and set(condition["holds"]) == {"unit"}:
        words = condition["holds"]["unit"]
    else:
        return None
    return [words] if isinstance(words, str) else list(words)


def _open(condition: Mapping[str, Any], units: set[str]) -> bool:
    """Whether a condition can hold on these units; what asks for something else is taken to."""
    if "all" in condition:
        return all(_open(part, units) for part in condition["all"])
    if "any" in condition:
        return any(_open(part, units) for part in condition["any"])
    named = _units(condition)
    return named is None or any(unit in units for unit in named)


def _asked(condition: Mapping[str, Any]) -> Iterator[str]:
    for key in ("all", "any"):
        for part in condition.get(key, []):
            yield from _asked(part)
    yield from _units(condition) or []


def _names(offers: Iterable[str]) -> str:
    names = sorted(offers)
    return ", ".join(names[:8]) + (f" and {len(names) - 8} more" if len(names) > 8 else "")


def circles(edges: dict[str, list[str]]) -> list[list[str]]:
    """Circles of a graph, one for each strongly connected part, as a walk along its edges."""
    order: list[str] = []
    seen: set[str] = set()
    for start in edges:
        stack = [(start, iter(edges[start]))] if start not in seen else []
        seen.add(start)
        while stack:
            node, rest = stack[-1]
            for other in rest:
                if other not in seen:
                    seen.add(other)
                    stack.append((other, iter(edges[other])))
                    break
            else:
                order.append(node)
                stack.pop()
    back: dict[str, list[str]] = {node: [] for node in edges}
    for node, others in edges.items():
        for other in others:
            back[other].append(node)
    part: dict[str, int] = {}
    for number, start in enumerate(reversed(order)):
        waiting = [start]
        while waiting:
            node = waiting.pop()
            if node not in part:
                part[node] = number
                waiting.extend(other for other in back[node] if other not in part)
    found: list[list[str]] = []
    told: set[int] = set()
    for start in edges:
        if part[start] in told:
            continue
        walk, place, node = [start], {start: 0}, start
        while True:
            inside = [other for other in edges[node] if part[other] == part[start]]
            if not inside:
                break
            node = inside[0]
            if node in place:
                found.append(walk[place[node] :])
                told.add(part[start])
                break
            place[node] = len(walk)
            walk.append(node)
    return found


def _not_summed(catalogue: Mapping[str, Any], offers: Mapping[str, Mapping[str, Any]]) -> set[str]:
    """Offers whose credits are stated and cannot be added to those of the others."""
    systems = {}
    for name, offer in offers.items():
        stated = offer.get("credits")
        if stated is not None:
            systems[name] = "" if isinstance(stated, dict) else str(stated).partition(" ")[2]
    own = catalogue.get("credit") or ""
    if not own and len(set(systems.values())) == 1:
        own = next(iter(systems.values()))
    found = {name for name, system in systems.items() if system not in ("", own)}
    for name in systems:
        stated = offers[name]["credits"]
        if isinstance(stated, dict) and Fraction(stated["min"]) != Fraction(stated["max"]):
            found.add(name)
    return found


def findings(
    catalogue: Mapping[str, Any],
    held: set[str] | None = None,
    aims: Iterable[str] = (),
    day: str | None = None,
) -> list[Finding]:
    """Offers that can never be taken, or are left out, and why.

    Parameters
    ----------
    catalogue : mapping
        A catalogue as plain values.
    held : set of str, optional
        Units and awards of a record; None looks at the catalogue alone, where a unit that is not on offer may
        still be held by someone.
    aims : iterable of str
        What is minimised: an offer whose value is not stated is left out.
    day : str, optional
        The day asked on, as ``YYYY-MM-DD``: an offer that has closed by then is left out.
    """
    offers: dict[str, Mapping[str, Any]] = {offer["id"]: offer for offer in catalogue.get("offers", [])}
    by_unit: dict[str, list[str]] = {}
    for name, offer in offers.items():
        by_unit.setdefault(offer.get("unit") or name, []).append(name)
    found: list[Finding] = []
    closed = {
        name
        for name, offer in offers.items()
        if day
        and offer.get("available") is not None
        and all(when.get("until") is not None and when["until"] < day for when in offer["available"])
    }
    if closed:
        found.append(Finding("closed", tuple(sorted(closed)), f"Closed by {day}, and left out: {_names(closed)}."))
    blank: set[str] = set()
    for aim in aims:
        without = {name for name, offer in offers.items() if aim != "count" and offer.get(aim) is None}
        blank |= without
        if without:
            verb, never = ("are", "nothing") if aim == "credits" else ("is", "free")
            text = f"The {aim} of {_names(without)} {verb} not stated; unknown is never {never}, so they are left out."
            found.append(Finding(f"no {aim}", tuple(sorted(without)), text))
        if aim == "credits":
            several = _not_summed(catalogue, offers)
            blank |= several
            if several:
                text = (
                    f"The credits of {_names(several)} are a range, or in another system than the rest: "
                    "they add up to no one amount, so they are left out."
                )
                found.append(Finding("no one amount of credits", tuple(sorted(several)), text))
    out = set() if held is None else closed | blank
    units = set(held or ())
    known = units | set(by_unit)
    waiting = dict.fromkeys(name for name in offers if name not in out)
    if held is None:
        # Whoever comes may hold what is not on offer.
        for offer in offers.values():
            for key in ("requires", "corequires"):
                units.update(unit for unit in _asked(offer.get(key) or {}) if unit not in by_unit)
    while True:
        before = len(waiting)
        # What one offer brings opens those behind it in the same round: chains are mostly listed in their order.
        for name in list(waiting):
            if _open(offers[name].get("requires") or {}, units):
                units.add(offers[name].get("unit") or name)
                del waiting[name]
        if len(waiting) == before:
            break
    # Offers that ask for the same thing that is nowhere, told together.
    nowhere: dict[tuple[str, ...], list[str]] = {}
    for name, offer in offers.items():
        conditions = [offer[key] for key in ("requires", "corequires") if offer.get(key)]
        if name in out or all(_open(condition, known) for condition in conditions):
            continue
        missing = tuple(sorted({unit for condition in conditions for unit in _asked(condition)} - known))
        nowhere.setdefault(missing, []).append(name)
    for missing, names in nowhere.items():
        what = f"{_names(names)} {'asks' if len(names) == 1 else 'ask'} for {', '.join(missing)}, which "
        what += (
            "nothing on offer gives: only a learner who holds it can go on."
            if held is None
            else "neither the record nor the catalogue has."
        )
        found.append(Finding("nowhere", tuple(sorted(names)), what))
    edges = {
        name: sorted(
            {
                other
                for unit in _asked(offers[name].get("requires") or {})
                if unit not in units
                for other in by_unit.get(unit, [])
                if other in waiting
            }
        )
        for name in sorted(waiting)
    }
    for circle in circles(edges):
        walk = " requires ".join([*circle, circle[0]])
        found.append(
            Finding("circle", tuple(circle), f"Requirements go round in a circle: {walk}; none can be taken first.")
        )
    return found
