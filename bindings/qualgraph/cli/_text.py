"""Answers as plain text for a terminal: the answer first, then what it rests on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..display import aligned, count, listing, mark
from ..facts import Source

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..table import Table
    from ..world import World

__all__ = ["footer", "level_answer", "route_lines", "section", "sources", "table", "wrapped"]

_STRENGTHS = {
    "adopted": "adopted by the authorities",
    "joint": "joint work",
    "third-party": "by a third party",
}
_WIDTH = 100


def wrapped(text: str, indent: str = "", first: str | None = None) -> str:
    """A paragraph broken into lines of at most 100 columns."""
    lines: list[str] = []
    for part in text.splitlines() or [""]:
        line, lead = "", indent if first is None or lines else first
        for word in part.split():
            if line and len(lead) + len(line) + 1 + len(word) > _WIDTH:
                lines.append(lead + line)
                line, lead = word, indent
            else:
                line = f"{line} {word}" if line else word
        lines.append((lead + line).rstrip())
    return "\n".join(lines)


def section(title: str, lines: Iterable[str]) -> str:
    """A titled part; nothing when it has no lines."""
    listed = list(lines)
    return "\n".join(["", title, *listed]) if listed else ""


def bullet(text: str) -> str:
    """One item of a list."""
    return wrapped(text, "    ", "  - ")


def route_lines(routes: Iterable[Any], world: World) -> list[str]:
    """Each route: its path, what it gives, and the documents one by one."""
    lines = []
    for number, route in enumerate(routes, 1):
        gives = listing(route.possible, "or") if route.possible else "no level"
        marks = [mark(str(route.evidence)), _STRENGTHS.get(route.strength, route.strength)]
        if route.possible:
            marks.append("complete" if route.complete else "incomplete, no guarantee")
        if route.possible and not route.independent and route.admitted:
            marks.append("not independent of a route above")
        status = str(route.status).replace("_", " ")
        if status != "alive":
            marks.insert(0, status)
        lines.append(
            wrapped(
                f"{number}. {' > '.join(map(str, route.path))}: {gives} ({'; '.join(marks)})", "     ", "  "
            )
        )
        if route.reason:
            lines.append(wrapped(route.reason, "     "))
        for step in route.steps:
            mapping = world.mapping(str(step.mapping))
            said = f"{mapping.document} ({mapping.year or 'no year'}), {mapping.kind}; {mark(step.evidence)}"
            if step.converse:
                said += "; read backwards"
                if step.information_only:
                    said += ", for information: its authors judged the other direction"
            lines.append(wrapped(f"{step.mapping}: {said}", "       ", "     "))
    return lines


def sources(found: Iterable[Any]) -> list[str]:
    """Texts an answer rests on, each with its mark and address."""
    lines = []
    for source in found:
        text = source if not isinstance(source, dict) else Source.from_fact(source)
        lines.append(wrapped(str(text), "    ", "  - "))
        if text.url:
            lines.append(f"    {text.url}")
    return lines


def footer(world: World) -> str:
    """Which facts were asked, as the statements of answers put it."""
    from ..answers import Result

    asked = Result()
    asked._bind(world)
    return "\n" + wrapped(asked._facts_line())


def level_answer(answer: Any, world: World) -> str:
    """An answer about one level: sentence, routes, remarks, sources."""
    parts = [wrapped(str(answer))]
    parts.append(section("Routes", route_lines(answer.routes, world)))
    parts.append(section("Left out", route_lines(answer.left_out, world)))
    parts.append(section("Remarks", [bullet(remark) for remark in answer.remarks]))
    parts.append(section("Documents", sources(answer.sources)))
    parts.append(section("Read in", sources(answer.texts)))
    parts.append("\n" + wrapped(answer._legal))
    parts.append(footer(world).lstrip("\n"))
    return "\n".join(part for part in parts if part)


def table(rows: Table, *, leave_out: tuple[str, ...] = (), widest: int = 60, limit: int = 500) -> str:
    """A table with aligned columns; empty columns are left out."""
    columns = {
        name: rows.column(name)
        for name in rows.column_names
        if name not in leave_out and any(cell not in (None, "", [], ()) for cell in rows.column(name))
    }
    if not len(rows):
        return f"({count(0, 'row')})"
    return aligned(columns, rows=limit, widest=widest)
