"""Conditions of steps: what they name, what they cannot be met without, in which order they allow steps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ..stacking.record import Record

__all__ = ["awards_in", "cannot_without", "held_names", "in_time", "one_unit", "without_awards"]


def held_names(record: Record) -> set[str]:
    """Units and awards a record holds, awards also by their kind."""
    whole = record.to_dict()
    held = {item.get("unit") or item["id"] for item in whole.get("items") or ()}
    for award in whole.get("awards") or ():
        held |= {award["id"], *([award["kind"]] if award.get("kind") else [])}
    return held


def one_unit(condition: Mapping[str, Any]) -> list[str] | None:
    """Units one of which a condition asks for; None if it asks for amounts or for anything but units."""
    selector = condition.get("holds")
    if not isinstance(selector, dict) or list(selector) != ["unit"] or set(condition) - {"holds", "min"}:
        return None
    if condition.get("min", 1) != 1:
        return None
    return [selector["unit"]] if isinstance(selector["unit"], str) else list(selector["unit"])


def cannot_without(condition: Any, awards: set[str], units: set[str]) -> bool:
    """Whether a condition cannot be met without one of these awards or units."""
    if not isinstance(condition, dict):
        return False
    if "all" in condition:
        return any(cannot_without(part, awards, units) for part in condition["all"])
    if "any" in condition:
        return bool(condition["any"]) and all(cannot_without(part, awards, units) for part in condition["any"])
    if "award" in condition:
        named = [condition["award"]] if isinstance(condition["award"], str) else condition["award"]
        return set(named) <= awards
    one = one_unit(condition)
    return one is not None and set(one) <= units


def without_awards(condition: Any, awards: set[str]) -> Any:
    """A condition with alternatives by these awards left out, where there are others."""
    if not isinstance(condition, dict):
        return condition
    if "all" in condition:
        return {**condition, "all": [without_awards(part, awards) for part in condition["all"]]}
    if "any" in condition:
        parts = [part for part in condition["any"] if not cannot_without(part, awards, set())]
        return {**condition, "any": [without_awards(part, awards) for part in parts]}
    return condition


def in_time(
    offers: Sequence[dict[str, Any]], awards: Sequence[set[str]], held: set[str]
) -> list[dict[str, Any]]:
    """Steps in order, those that need an award on the way, or build on one that does, behind what needs none."""
    stage: list[int] = []
    units = [offer.get("unit") or offer["id"] for offer in offers]

    def of(condition: Any, at: int) -> int | None:
        """Awards that have to be reached before; None if nothing taken meets it."""
        if not isinstance(condition, dict):
            return 0
        if "all" in condition:
            parts = [of(part, at) for part in condition["all"]]
            return None if None in parts else max((part for part in parts if part is not None), default=0)
        if "any" in condition:
            return min((part for part in (of(one, at) for one in condition["any"]) if part is not None), default=None)
        if "award" in condition:
            named = {condition["award"]} if isinstance(condition["award"], str) else set(condition["award"])
            found = [0] if named & held else [number for number, names in enumerate(awards, 1) if names & named]
            return min(found, default=None)
        one = one_unit(condition)
        if one is None:
            # Of a condition on amounts it cannot be told which earlier steps meet it: all of them may have to.
            return max(stage[:at], default=0)
        if set(one) & held:
            return 0
        return min((stage[before] for before in range(at) if units[before] in one), default=None)

    for at, offer in enumerate(offers):
        parts = [of(offer.get(key), at) for key in ("requires", "corequires") if offer.get(key) is not None]
        stage.append(max([max(stage[:at], default=0) if part is None else part for part in parts], default=0))
    return [offers[at] for at in sorted(range(len(offers)), key=lambda at: (stage[at], at))]


def awards_in(condition: Any) -> list[str]:
    """Awards one of which, or all, a condition asks for; those under ``not`` left out."""
    if not isinstance(condition, dict):
        return []
    found: list[str] = []
    for part in [*(condition.get("all") or []), *(condition.get("any") or [])]:
        found += awards_in(part)
    named = condition.get("award")
    return found + ([named] if isinstance(named, str) else list(named or []))
