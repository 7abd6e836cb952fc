"""The words that stand on every picture."""

from __future__ import annotations

from typing import Any

from ._places import place, region

__all__ = [
    "framework_card",
    "in_use",
    "named",
    "places",
    "stamp",
    "stamp_words",
    "strength_words",
    "world_of",
]

NOT_RECOGNITION = "A comparison of levels, not recognition of a qualification."


def strength_words(strength: Any) -> str:
    """Who stands behind a document."""
    return "third party" if strength == "third-party" else str(strength)


def named(thing: Any) -> str:
    """The id of a framework, level or mapping given as an object or as text."""
    return str(getattr(thing, "id", thing))


def world_of(result: Any) -> Any:
    """The world an answer was asked in."""
    world = getattr(result, "world", None)
    if world is not None and hasattr(world, "frameworks"):
        return world
    raise TypeError(f"a picture needs an answer of qualgraph, not {type(result).__name__}")


def framework_card(world: Any, identifier: str) -> dict[str, Any]:
    """What a picture says of a framework."""
    framework = world.framework(identifier)
    jurisdiction = framework.jurisdiction or ""
    return {
        "id": framework.id,
        "name": framework.name,
        "place": place(jurisdiction),
        "region": region(jurisdiction, framework.kind),
        "hub": bool(framework.hub),
        "kind": framework.kind,
        "levels": [str(level.code) for level in framework.levels],
    }


def in_use(world: Any, mapping: Any) -> bool:
    """Whether a document answers for some level, on the day and with the evidence asked."""
    return any(
        list(route.mappings) == [mapping.id] and str(route.status) in ("alive", "dead")
        for answer in world.map_framework(named(mapping.from_), to=named(mapping.to), via=[])
        for route in answer.routes
    )


def places(card: dict[str, Any]) -> str:
    """First line of a framework's label: where it holds, or what it is called where it spans countries."""
    return str(card["id"]).upper() if card["kind"] == "regional" else str(card["place"])


def stamp(world: Any) -> dict[str, str]:
    """Version of the facts, the day asked and the evidence admitted."""
    return {"world": str(world.hash), "as_of": str(world.as_of or ""), "evidence": str(world.evidence)}


def stamp_words(marks: dict[str, str]) -> str:
    """`stamp` and the legal status as one line of small print."""
    day = (
        f"documents in force on {marks['as_of']}"
        if marks["as_of"]
        else "documents marked current, no date asked"
    )
    floor = (
        "only what was read in a text" if marks["evidence"] == "read" else "all, read in a text or only known"
    )
    return f"{NOT_RECOGNITION} Facts version {marks['world'][:12]}; {day}; evidence: {floor}."
