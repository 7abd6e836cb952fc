"""Conditions of steps: what they name, what they cannot be met without, in which order they allow steps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = [
    "asks_about", "awards_in", "cannot_without", "held_names", "in_time", "named_in", "one_unit", "parameters_in",
    "without_awards",
]  # fmt: skip


def _listed(words: Any) -> list[str]:
    return [words] if isinstance(words, str) else list(words or [])


def _parts(condition: Any, denied: bool = False) -> list[Any]:
    """What a condition is made of, those under ``not`` only if asked for."""
    if isinstance(condition, list):
        return condition
    if not isinstance(condition, dict):
        return []
    parts = [*(condition.get("all") or []), *(condition.get("any") or [])]
    return [*parts, condition["not"]] if denied and "not" in condition else parts


def awards_in(condition: Any, denied: bool = False) -> list[str]:
    """Awards one of which, or all, a condition (or list of them) asks for; with ``denied`` also those under ``not``."""
    found = [name for part in _parts(condition, denied) for name in awards_in(part, denied)]
    return found + (_listed(condition.get("award")) if isinstance(condition, dict) else [])


def parameters_in(condition: Any) -> list[str]:
    """Parameters of the learner a condition looks at, wherever they stand."""
    found = [name for part in _parts(condition, True) for name in parameters_in(part)]
    own = condition.get("parameter") if isinstance(condition, dict) else None
    return found + ([own] if isinstance(own, str) else [])


def named_in(condition: Any) -> list[str]:
    """Units and awards a condition names, in order, those under ``not`` left out."""
    found = [name for part in _parts(condition) for name in named_in(part)]
    if isinstance(condition, dict):
        found += _listed(condition.get("award")) + _units_of(condition.get("holds"))
    return list(dict.fromkeys(found))


def _units_of(selector: Any) -> list[str]:
    own = _listed(selector.get("unit")) if isinstance(selector, dict) else []
    return own + [unit for part in _parts(selector) for unit in _units_of(part)]


def asks_about(value: Any, key: str) -> bool:
    """Whether a key stands anywhere in a condition, a clause or a rule."""
    if isinstance(value, list):
        return any(asks_about(part, key) for part in value)
    return isinstance(value, dict) and (key in value or any(asks_about(part, key) for part in value.values()))


def held_names(whole: Mapping[str, Any]) -> set[str]:
    """Units and awards a record (as plain values) holds, awards also by their kind."""
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
    return _listed(selector["unit"])


def cannot_without(condition: Any, awards: set[str], units: set[str]) -> bool:
    """Whether a condition cannot be met without one of these awards or units."""
    if not isinstance(condition, dict):
        return False
    if "all" in condition:
        return any(cannot_without(part, awards, units) for part in condition["all"])
    if "any" in condition:
        return bool(condition["any"]) and all(cannot_without(part, awards, units) for part in condition["any"])
    if "award" in condition:
        return set(_listed(condition["award"])) <= awards
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


def in_time(offers: Sequence[dict[str, Any]], awards: Sequence[set[str]], held: set[str]) -> list[int]:
    """Positions of steps in order: those that need an award on the way, or build on one that does, come last."""
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
            named = set(_listed(condition["award"]))
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
    return sorted(range(len(offers)), key=lambda at: (stage[at], at))
