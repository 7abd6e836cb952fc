"""By which documents does an answer come about?"""

from __future__ import annotations

from typing import Any

from ..display import listing, mark
from ._canvas import BLUE, FAINT, GREY, INK, PALE, VERMILLION, Canvas, chip_width
from ._chart import Chart
from ._text import fit, width, wrap
from ._words import framework_card, named, places, stamp, stamp_words, strength_words, world_of

__all__ = ["route", "route_data"]

_BOX, _ARROW = 138.0, 186.0
_CHIP = 20.0

_STATUS = {
    "alive": "in use",
    "dead": "ends: no counterpart on the way",
    "silent": "ends: nothing established on the way",
    "peer": "through another country’s framework, no guarantee",
    "not_admitted": "not used",
    "unknown_edition": "not used: edition unknown on that day",
}
_DIRECT = {"dead": "states that there is no counterpart", "silent": "says nothing about this level"}
_ANSWER = {
    "mapped": "The answer",
    "conflict": "The documents disagree",
    "no_counterpart": "No counterpart",
    "no_route": "Not established",
    "unknown_edition": "Not established on that day",
}


# ---- what is drawn


def route_data(answer: Any) -> dict[str, Any]:
    """What `route` draws, as plain values.

    Parameters
    ----------
    answer : LevelAnswer
        Answer of `world.map_level(level, to=...)`.

    Returns
    -------
    dict
        ``from``, ``to``, ``status``, ``possible``; ``routes`` in canonical order, each with ``status``,
        ``possible``, ``complete``, ``reason`` and ``steps`` (one row per document: ``from``, ``to``,
        ``arriving``, ``leaving``, ``title``, ``year``, ``kind``, ``strength``, ``evidence``,
        ``converse``, ``information_only``); ``left_out`` documents with the reason; ``frameworks`` (cards by
        id); and the marks of the facts.
    """
    world = world_of(answer)
    level = str(answer.from_)
    origin, _, code = level.partition(":")
    target = named(answer.to)
    narrowing = [list(one.mappings) for one in answer.narrowed_by]
    routes = [
        _route(world, one) | {"number": number, "narrows": list(one.mappings) in narrowing}
        for number, one in enumerate(answer.routes, start=1)
    ]
    met = dict.fromkeys(
        [origin, target, *(f for one in routes for step in one["steps"] for f in (step["from"], step["to"]))]
    )
    return {
        "kind": "route",
        "from": origin,
        "level": code,
        "to": target,
        "status": str(answer.status),
        "possible": [str(c) for c in answer.possible],
        "complete": bool(answer.complete),
        "reason": answer.reason or "",
        "bounds": list(answer.bracket or ()),
        "remarks": [str(remark) for remark in answer.remarks],
        "left_out": [
            {
                "documents": [world.mapping(named(mapping)).document for mapping in one.mappings],
                "reason": one.reason,
            }
            for one in answer.left_out
        ],
        "routes": routes,
        "frameworks": {identifier: framework_card(world, identifier) for identifier in met},
        **stamp(world),
    }


def _route(world: Any, one: Any) -> dict[str, Any]:
    steps = []
    for step in one.steps:
        mapping = world.mapping(named(step.mapping))
        steps.append(
            {
                "mapping": named(step.mapping),
                "from": named(step.from_),
                "to": named(step.to),
                "arriving": [str(c) for c in step.arriving],
                "leaving": [str(c) for c in step.leaving],
                "title": mapping.document,
                "year": mapping.year,
                "kind": str(mapping.kind).replace("_", "-"),
                "strength": str(mapping.strength),
                "evidence": str(step.evidence),
                "converse": bool(step.converse),
                "information_only": bool(step.information_only),
            }
        )
    path = [named(framework) for framework in one.path]
    # Documents behind the one at which a route ends were not opened, but they belong to the route.
    for position, identifier in enumerate(map(named, list(one.mappings)[len(steps) :]), start=len(steps)):
        mapping = world.mapping(identifier)
        steps.append(
            {
                "mapping": identifier,
                "from": path[position],
                "to": path[position + 1],
                "arriving": [],
                "leaving": [],
                "title": mapping.document,
                "year": mapping.year,
                "kind": str(mapping.kind).replace("_", "-"),
                "strength": str(mapping.strength),
                "evidence": str(mapping.evidence),
                "converse": named(mapping.from_) != path[position],
                "information_only": False,
            }
        )
    return {
        "path": path,
        "status": str(one.status),
        "possible": [str(c) for c in one.possible],
        "complete": bool(one.complete),
        "reason": one.reason or "",
        "strength": str(one.strength),
        "evidence": str(one.evidence),
        "independent": bool(one.independent),
        "steps": steps,
    }


# ---- where it is drawn


def _chips(canvas: Canvas, x: float, y: float, room: float, codes: list[str], kept: set[str] | None) -> float:
    """Level codes as small boxes, filled where `kept`, struck through where not; returns the bottom."""
    rows: list[list[str]] = [[]]
    used = 0.0
    for code in codes:
        wide = chip_width(code, 12) + 5
        if rows[-1] and used + wide > room:
            rows.append([])
            used = 0.0
        rows[-1].append(code)
        used += wide
    for row in rows:
        at = x + (room - sum(chip_width(code, 12) + 5 for code in row) + 5) / 2
        for code in row:
            wide = chip_width(code, 12)
            stays = kept is None or code in kept
            fill = ("#dfe4ea" if kept is None else BLUE) if stays else "white"
            canvas.box(
                at,
                y,
                wide,
                _CHIP,
                fill=fill,
                stroke=INK if stays else GREY,
                radius=3,
                dash=() if stays else (3, 2),
                z=3,
            )
            color = "white" if kept is not None and stays else INK if stays else GREY
            canvas.text(at + wide / 2, y + _CHIP / 2, code, size=12, bold=stays, color=color, align="center")
            if not stays:
                canvas.line(at + 3, y + _CHIP - 4, at + wide - 3, y + 4, stroke=GREY, line=1.4, z=7)
            at += wide + 5
        y += _CHIP + 4
    return y


def _framework_box(
    canvas: Canvas,
    x: float,
    y: float,
    card: dict[str, Any],
    codes: list[str],
    kept: set[str] | None,
    nothing: str,
) -> None:
    canvas.box(
        x,
        y,
        _BOX,
        74,
        fill="white",
        stroke=INK,
        radius=5,
        z=2,
        tip={"Framework": f"{card['id']}: {card['name']}"},
    )
    first = places(card)
    canvas.text(
        x + _BOX / 2, y + 13, fit(first, _BOX - 10, 12, bold=True), size=12, bold=True, align="center"
    )
    if first.lower() != card["id"]:
        canvas.text(x + _BOX / 2, y + 27, card["id"], size=10.5, color=GREY, align="center")
    if codes:
        _chips(canvas, x + 6, y + 40, _BOX - 12, codes, kept)
    else:
        stated = nothing == "no counterpart"
        wide = width(nothing, 11) + 14
        left = x + (_BOX - wide) / 2
        canvas.box(
            left,
            y + 40,
            wide,
            20,
            fill="white",
            stroke=INK if stated else GREY,
            dash=() if stated else (3, 3),
            radius=3,
            z=3,
        )
        canvas.text(
            x + _BOX / 2,
            y + 50,
            nothing,
            size=11,
            italic=stated,
            color=INK if stated else GREY,
            align="center",
        )


def _arrow(canvas: Canvas, x1: float, x2: float, y: float, step: dict[str, Any], *, opened: bool) -> None:
    read = step["evidence"] == "read"
    stroke = INK if opened else FAINT
    tip = {
        "Document": step["title"],
        "Mapping": step["mapping"],
        "Levels": f"{', '.join(step['arriving']) or 'none'} → {', '.join(step['leaving']) or 'none'}",
    }
    canvas.line(x1 + 4, y, x2 - 12, y, stroke=stroke, line=2, dash=() if read else (6, 4), tip=tip, z=2)
    canvas.mark(x2 - 10, y, "M-1,-1L1,0L-1,1Z", size=90, fill=stroke, stroke=stroke, line=1)
    room = x2 - x1 - 22
    middle = (x1 + x2) / 2
    color = INK if opened else GREY
    lines = wrap(step["title"], room, 11, lines=6)
    canvas.lines(
        middle, y - 8 - len(lines) * 14, lines, size=11, lead=14 / 11, align="center", color=color, tip=tip
    )
    year = str(step["year"] or "year unknown")
    canvas.text(middle, y + 14, f"{step['kind']}, {year}", size=11, align="center", color=color)
    words = f"{strength_words(step['strength'])} · {mark(step['evidence'])}"
    canvas.text(middle + 6, y + 28, words, size=11, align="center", color=color)
    left = middle + 6 - width(words, 11) / 2 - 9
    canvas.mark(left, y + 28, "circle", size=48, fill=color if read else "white", stroke=color, line=1.4)
    if step["converse"]:
        words = (
            "read backwards, for information"
            if step["information_only"]
            else "read from its target to its source"
        )
        canvas.text(middle, y + 42, words, size=10.5, italic=True, align="center", color=color)


def route(answer: Any, *, most: int = 5) -> Chart:
    """Draw the documents of an answer: frameworks left to right, one row per route.

    Arrows carry the document with its year and its evidence mark (a full dot and line: read in a text; a
    hollow dot and dashed line: only known). In the last column, levels of the answer are filled and levels
    that another document excludes are struck through.

    Parameters
    ----------
    answer : LevelAnswer
        Answer of `world.map_level(level, to=...)`, or the dictionary `route_data` makes of it.
    most : int
        Routes to draw, from the first; what the others give is said below.

    Returns
    -------
    Chart

    Raises
    ------
    TypeError
        When given something else.
    ValueError
        When `most` is less than 1.

    Examples
    --------
    >>> import qualgraph as qg
    >>> from qualgraph import plot
    >>> plot.route(qg.load().map_level("ie-nfq:8", to="nz-nzqcf"))
    <Chart: From ie-nfq:8 (Ireland) to nz-nzqcf (New Zealand)>
    """
    if most < 1:
        raise ValueError(f"at least one route is drawn, not {most}")
    data = answer if isinstance(answer, dict) else route_data(answer)
    cards, routes = data["frameworks"], data["routes"][:most]
    documents = max([len(one["steps"]) for one in routes] + [1])
    canvas = Canvas(max(documents * (_BOX + _ARROW) + _BOX, 640))
    last = canvas.width - _BOX
    source, target = cards[data["from"]], cards[data["to"]]
    title = f"From {_label(source, data['level'])} to {_label(target)}"
    y = canvas.heading(title, _subtitle(data)) + 4
    top = y
    for one in routes:
        y = _draw_route(canvas, y, data, one, last)
    if not routes:
        card = cards[data["from"]]
        _framework_box(canvas, 0, y, card, [data["level"]], None, "")
        _framework_box(canvas, last, y, target, data["possible"], set(data["possible"]), "not established")
        canvas.line(_BOX + 6, y + 37, last - 6, y + 37, stroke=GREY, line=1.6, dash=(3, 5))
        text = "the same framework" if data["possible"] else "no document or chain of documents"
        wide = width(text, 12) + 40
        middle = (_BOX + last) / 2
        canvas.box(middle - wide / 2, y + 24, wide, 26, fill="white", stroke=GREY, dash=(3, 3), radius=4, z=3)
        canvas.text(middle, y + 37, text, size=12, align="center")
        y += 96
    bottom = _draw_answer(canvas, y, data, last)
    canvas.box(last - 8, top - 6, _BOX + 16, bottom - top + 6, fill=PALE, radius=6, z=0)
    notes = ["Full dot and line: read in a text. Hollow dot and dashed line: known only."] if routes else []
    if any(step["information_only"] for one in routes for step in one["steps"]):
        notes.append(
            "A referencing read backwards answers a question its authors did not put: for information only."
        )
    for one in data["routes"][most:]:
        gives = listing(one["possible"], "or") or "no level"
        status = _STATUS.get(one["status"], one["status"])
        notes.append(f"Route {one['number']}, not drawn: {' > '.join(one['path'])} gives {gives} ({status}).")
    notes += [f"Not used: {'; '.join(one['documents'])} ({one['reason']})." for one in data["left_out"]]
    canvas.caption(bottom + 16, [*notes, *data["remarks"], stamp_words(data)])
    description = _description(data, title)
    return Chart(canvas.specification(description), title=title, description=description, data=data)


def _label(card: dict[str, Any], level: str | None = None) -> str:
    name = f"{card['id']}:{level}" if level is not None else str(card["id"])
    if places(card).lower() == card["id"]:
        return places(card) if level is None else f"{places(card)} {level}"
    return f"{name} ({places(card)})"


def _subtitle(data: dict[str, Any]) -> str:
    routes = data["routes"]
    living = [one for one in routes if one["status"] == "alive"]
    if not routes:
        if data["possible"]:
            return "The level asked belongs to the framework asked; no document is needed."
        return "Which documents tie the two frameworks together? None among these facts."
    count = f"{_number(len(routes)).capitalize()} routes" if len(routes) > 1 else "One route"
    text = f"{count} of documents; each arrow is a document, each box the levels it leaves possible."
    complete = sum(one["complete"] for one in living)
    if complete > 1:
        text += f" The answer is what the {_number(complete)} complete routes have in common."
    elif complete == 1 and len(living) > 1:
        text += " The complete route decides; the others support no guarantee."
    return text


def _number(count: int) -> str:
    words = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
    return words[count] if count < len(words) else str(count)


def _draw_route(canvas: Canvas, y: float, data: dict[str, Any], one: dict[str, Any], last: float) -> float:
    words = _STATUS.get(one["status"], one["status"])
    if len(one["steps"]) == 1 and one["status"] in _DIRECT:
        words = _DIRECT[one["status"]]
    if one["status"] == "alive":
        words += ", complete: supports “at least”" if one["complete"] else ", incomplete: no guarantee"
        if one["narrows"]:
            words += "; narrows the answer"
        if not one["independent"]:
            words += "; shares a document with, or is derived from, a route above"
    canvas.text(0, y + 8, f"Route {one['number']}", size=12, bold=True)
    canvas.text(62, y + 8, words, size=12, color=INK if one["status"] == "alive" else GREY)
    y += 20
    if one["reason"] and not one["complete"] and one["reason"] != data["reason"]:
        y = canvas.lines(62, y, wrap(one["reason"], last - 90, 11), size=11, color=GREY)
    steps = one["steps"]
    kept = set(data["possible"])
    count = len(steps)
    room = last / count - _BOX - 22
    longest = max(len(wrap(step["title"], room, 11, lines=6)) for step in steps)
    y += max(6, longest * 14 - 22)
    # Every route ends in the last column, so that its levels stand under each other.
    positions = [last * number / count for number in range(count + 1)]
    cards = data["frameworks"]
    ended = False
    for number, step in enumerate(steps):
        codes = [data["level"]] if number == 0 else steps[number - 1]["leaving"]
        if number == 0 or codes:
            _framework_box(canvas, positions[number], y, cards[step["from"]], codes, None, "")
        _arrow(canvas, positions[number] + _BOX, positions[number + 1], y + 37, step, opened=not ended)
        if not step["leaving"]:
            nothing = (
                "not reached" if ended else "no counterpart" if one["status"] == "dead" else "not established"
            )
            _framework_box(canvas, positions[number + 1], y, cards[step["to"]], [], None, nothing)
            ended = True
    if not ended:
        final = kept if one["status"] in ("alive", "peer") else None
        _framework_box(canvas, last, y, cards[steps[-1]["to"]], steps[-1]["leaving"], final, "")
    tail = 92 if any(step["converse"] for step in steps) else 84
    canvas.line(0, y + tail + 6, last - 20, y + tail + 6, stroke="#e3e3e3", z=0)
    return y + tail + 16


def _draw_answer(canvas: Canvas, y: float, data: dict[str, Any], last: float) -> float:
    words = _ANSWER.get(data["status"], data["status"])
    color = VERMILLION if data["status"] == "conflict" else INK
    right = last - 24
    canvas.text(right, y + 20, words, size=14, bold=True, color=color, align="right")
    text = data["reason"]
    if data["possible"]:
        several = len(data["possible"]) > 1
        codes = listing(data["possible"], "or")
        text = f"Level{'s' * several} {codes} of {data['to']} stand{'s' * (not several)} opposite"
        if not data["complete"]:
            text += "; no guarantee" + (f": {data['reason']}" if data["reason"] else "")
    elif data["bounds"]:
        low, high = data["bounds"]
        ends = f"at or below {high}" if low is None else f"at or above {low}"
        if low is not None and high is not None:
            ends = f"between {low} and {high}"
        text += f". By the levels around it, it lies {ends}: a bound, no counterpart"
    text = text[:1].upper() + text[1:]
    lines = wrap(text, right - 60, 11.5, lines=4)
    canvas.lines(right, y + 32, lines, size=11.5, color=GREY, align="right")
    bottom = y + 46
    if data["possible"]:
        bottom = _chips(canvas, last + 2, y + 12, _BOX - 4, data["possible"], set(data["possible"]))
    else:
        nothing = "no counterpart" if data["status"] == "no_counterpart" else "not established"
        canvas.text(last + _BOX / 2, y + 22, nothing, size=12, bold=True, align="center")
    return max(bottom, y + 36 + len(lines) * 15)


def _description(data: dict[str, Any], title: str) -> str:
    """The picture in words."""
    sentences = [
        f"{title}. {_ANSWER.get(data['status'], data['status'])} {listing(data['possible'], 'or')}".rstrip()
        + "."
    ]
    for one in data["routes"]:
        chain = "; ".join(
            f"{step['title']} ({step['year'] or 'year unknown'}, {mark(step['evidence'])}) to {step['to']} "
            f"{', '.join(step['leaving']) or 'none'}"
            for step in one["steps"]
        )
        sentences.append(f"Route {one['number']}, {_STATUS.get(one['status'], one['status'])}: {chain}.")
    return " ".join([*sentences, stamp_words(data)])
