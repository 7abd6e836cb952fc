"""Which frameworks are tied together by which kind of document, and which by none?

The layout is computed from the facts alone: the two frameworks with most ties are centres, frameworks
tied to both stand between them, those tied to one of them on its far side, and all others further out
beside those they are tied to. Same facts, same picture.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..display import mark
from ._canvas import BLUE, FAINT, GREEN, GREY, INK, ORANGE, PALE, Canvas
from ._chart import Chart
from ._places import REGIONS
from ._text import fit, width, wrap
from ._words import framework_card, in_use, named, places, stamp, stamp_words, strength_words

__all__ = ["network", "network_data"]

_STRENGTHS = ("adopted", "joint", "third-party")
_EVIDENCE = ("read", "mixed", "known", "unknown")
_BOX_HEIGHT = 16.0


# ---- what is drawn


def network_data(world: Any) -> dict[str, Any]:
    """What `network` draws, as plain values.

    Parameters
    ----------
    world : World
        The facts to draw.

    Returns
    -------
    dict
        ``frameworks`` (cards with ``ties``, the number of frameworks tied to them), ``edges`` (one row per
        unordered pair: the strongest class and the best evidence among its documents in use; ``in_use`` False
        where no document answers, on the day and with the evidence asked; ``mappings``), ``unmapped``
        (cards without any mapping; ``pending`` where a document is planned or was not seen), and the marks of
        the facts.
    """
    edges: dict[tuple[str, str], list[Any]] = {}
    for mapping in world.mappings:
        one, other = sorted((named(mapping.from_), named(mapping.to)))
        edges.setdefault((one, other), []).append(mapping)
    rows: list[dict[str, Any]] = []
    for (one, other), mappings in sorted(edges.items()):
        used = [mapping for mapping in mappings if in_use(world, mapping)]
        counted = used or mappings
        rows.append(
            {
                "from": one,
                "to": other,
                "in_use": bool(used),
                "strength": min((_strength(m) for m in counted), key=_STRENGTHS.index),
                "evidence": min((_evidence(m) for m in counted), key=_EVIDENCE.index),
                "mappings": [mapping.id for mapping in mappings],
                "documents": list(
                    dict.fromkeys(f"{m.document} ({m.year or 'year unknown'})" for m in mappings)
                ),
            }
        )
    neighbours: dict[str, set[str]] = {}
    for row in rows:
        neighbours.setdefault(row["from"], set()).add(row["to"])
        neighbours.setdefault(row["to"], set()).add(row["from"])
    awaited = {named(record.get(end)) for record in world.records("pending") for end in ("from", "to")}
    cards = [
        framework_card(world, framework.id) | {"pending": framework.id in awaited}
        for framework in world.frameworks
    ]
    return {
        "kind": "network",
        "frameworks": [
            card | {"ties": len(neighbours[card["id"]])} for card in cards if card["id"] in neighbours
        ],
        "edges": rows,
        "unmapped": [card for card in cards if card["id"] not in neighbours],
        **stamp(world),
    }


def _strength(mapping: Any) -> str:
    return str(mapping.strength).replace("_", "-")


def _evidence(mapping: Any) -> str:
    return str(mapping.evidence)


# ---- where it is drawn


class _Layout:
    """Columns of boxes: ``x`` and ``y`` are centres."""

    def __init__(self, data: dict[str, Any]) -> None:
        self.cards = {card["id"]: card for card in data["frameworks"]}
        self.neighbours: dict[str, set[str]] = {identifier: set() for identifier in self.cards}
        for edge in data["edges"]:
            self.neighbours[edge["from"]].add(edge["to"])
            self.neighbours[edge["to"]].add(edge["from"])
        ranked = sorted(self.cards, key=lambda one: (-len(self.neighbours[one]), one))
        self.centres = ranked[:2] if len(ranked) > 3 else ranked[:1]
        first = self.centres[0] if self.centres else ""
        second = self.centres[1] if len(self.centres) > 1 else ""
        # A second centre that is no centre of its own would only pull its neighbour out of the column.
        if second and len(self.neighbours[second]) < 8:
            self.centres, second = [first], ""
        self.column: dict[str, int] = {}
        if first:
            self.column[first] = 2
        if second:
            self.column[second] = 4
        for one in self.cards:
            if one in self.column:
                continue
            near = self.neighbours[one]
            if second and {first, second} <= near:
                self.column[one] = 3
            elif first in near:
                self.column[one] = 1
            elif second in near:
                self.column[one] = 5
        self._others()

    def _others(self) -> None:
        """Frameworks tied to no centre stand outside, on the side of those they are tied to."""
        for component in self._components():
            touched = [
                self.column[near] for one in component for near in self.neighbours[one] if near in self.column
            ]
            side = 0 if touched and max(touched) < 3 else 6
            for one in component:
                self.column[one] = side

    def _components(self) -> list[list[str]]:
        rest = [one for one in self.cards if one not in self.column]
        seen: set[str] = set()
        found = []
        for start in rest:
            if start in seen:
                continue
            component, waiting = [], [start]
            seen.add(start)
            while waiting:
                one = waiting.pop()
                component.append(one)
                for near in sorted(self.neighbours[one]):
                    if near in rest and near not in seen:
                        seen.add(near)
                        waiting.append(near)
            found.append(sorted(component, key=self._name))
        return found

    def _name(self, one: str) -> tuple[str, str]:
        return places(self.cards[one]), one

    def ordered(self, column: int) -> list[str]:
        """Frameworks of a column from top to bottom.

        Those with ties beyond the two centres come first, so that these ties run above the fans.
        """
        members = [one for one, at in self.column.items() if at == column and one not in self.centres]
        extra = {one: len(self.neighbours[one] - set(self.centres)) for one in members}
        return sorted(
            members, key=lambda one: (extra[one] == 0, -extra[one] if column == 1 else 0, *self._name(one))
        )


def network(world: Any) -> Chart:
    """Draw the referencing network of a world.

    Boxes are frameworks, hubs filled. Lines are documents: thick where they were adopted, thinner where two
    sides compared jointly, thinnest where a third party did; solid where rows were read in a text,
    dashed where they are only known, dotted and grey where no document is in use (drafts, superseded or not
    endorsed documents, notes on compatibility, and what the day or the evidence asked leaves out).
    Frameworks without any mapping are listed below.

    Parameters
    ----------
    world : World
        The facts to draw, or the dictionary `network_data` makes of them.

    Returns
    -------
    Chart

    Examples
    --------
    >>> import qualgraph as qg
    >>> from qualgraph import plot
    >>> plot.network(qg.load())
    <Chart: The referencing network>
    """
    data = world if isinstance(world, dict) else network_data(world)
    layout = _Layout(data)
    canvas = Canvas(1220)
    title = "The referencing network"
    y = canvas.heading(
        title,
        "Every line is at least one document that compares the levels of two frameworks. "
        f"{len(data['frameworks'])} frameworks are tied to another one, {len(data['unmapped'])} to none "
        "(listed below): "
        "how their levels compare is not established.",
    )
    y = _legend(canvas, y) + 32
    spots, bottom = _spots(layout, y)
    _column_heads(canvas, layout, spots)
    for edge in data["edges"]:
        _edge(canvas, layout, spots, edge)
    for one, (x, at, room) in spots.items():
        _box(canvas, layout.cards[one], x, at, room, centre=one in layout.centres)
    canvas.height = max(canvas.height, bottom)
    y = _strip(canvas, bottom + 24, data["unmapped"])
    canvas.caption(y + 12, [stamp_words(data)])
    description = _description(data, title)
    return Chart(canvas.specification(description), title=title, description=description, data=data)


# Columns 0 to 6: centre of the boxes and their width.
_COLUMNS = {
    0: (132.0, 184.0),
    1: (366.0, 184.0),
    2: (546.0, 84.0),
    3: (716.0, 160.0),
    4: (886.0, 84.0),
    6: (1088.0, 184.0),
}


def _column_heads(canvas: Canvas, layout: _Layout, spots: dict[str, tuple[float, float, float]]) -> None:
    names = [places(layout.cards[one]) for one in layout.centres]
    texts = {0: "tied to neither" if len(names) > 1 else "", 1: f"tied to {names[0]} only" if names else ""}
    if len(names) > 1:
        texts |= {3: f"tied to both {names[0]} and {names[1]}", 6: f"tied to {names[1]} only, or to neither"}
    for number, text in texts.items():
        x, _ = _COLUMNS[number]
        tops = [y for at, y, _ in spots.values() if abs(at - x) < 20]
        if tops and text:
            canvas.text(x, min(tops) - 20, text, size=11, bold=True, color=GREY, align="center")


def _spots(layout: _Layout, top: float) -> tuple[dict[str, tuple[float, float, float]], float]:
    """Centre and width of every box, and where the picture ends."""
    columns = {number: layout.ordered(number) for number in (0, 1, 3, 5, 6)}
    # What is tied to the second centre only, and everything else on the right, share a column.
    columns[6] = columns.pop(5) + columns[6]
    pitch = 19.0
    tallest = max([len(members) for members in columns.values()] + [1])
    height = tallest * pitch
    spots: dict[str, tuple[float, float, float]] = {}
    for number in (3, 1):
        members = columns[number]
        step = height / max(1, len(members)) if number == 3 else min(height / max(1, len(members)), 44.0)
        start = top + (height - step * len(members)) / 2 if number == 1 else top
        for position, one in enumerate(members):
            spots[one] = (_COLUMNS[number][0], start + (position + 0.5) * step, _COLUMNS[number][1])
    middle = top + height / 2
    for centre in layout.centres:
        number = layout.column[centre]
        spots[centre] = (_COLUMNS[number][0], middle, _COLUMNS[number][1])
    for number in (0, 6):
        _outer(layout, spots, columns[number], _COLUMNS[number], top, height)
    return spots, top + height + 26


def _outer(
    layout: _Layout,
    spots: dict[str, tuple[float, float, float]],
    members: list[str],
    column: tuple[float, float],
    top: float,
    height: float,
) -> None:
    """Place outer frameworks near those they are tied to, groups kept together, none over another."""
    groups = _groups(layout, members)
    wanted = []
    for group in groups:
        ties = [spots[near][1] for one in group for near in sorted(layout.neighbours[one]) if near in spots]
        wanted.append((sum(ties) / len(ties) if ties else top + height, group))
    wanted.sort(key=lambda entry: (entry[0], entry[1]))
    pitch, gap = 19.0, 14.0
    spans = []
    at = top
    for middle, group in wanted:
        tall = len(group) * pitch
        start = max(at, middle - tall / 2)
        spans.append([start, tall])
        at = start + tall + gap
    # Push back up whatever ran over the end.
    limit = top + height
    for span in reversed(spans):
        span[0] = min(span[0], limit - span[1])
        limit = span[0] - gap
    for (start, _), (_, group) in zip(spans, wanted, strict=True):
        left = column[0] < _COLUMNS[2][0]
        for position, one in enumerate(group):
            # Members of a group stand back behind its head.
            indent = 12.0 if position and one in layout.neighbours[group[0]] else 0.0
            x = column[0] + (indent / 2 if left else -indent / 2)
            spots[one] = (x, start + (position + 0.5) * pitch, column[1] - indent)


def _groups(layout: _Layout, members: list[str]) -> list[list[str]]:
    """Outer frameworks tied to each other or to the same framework inside, the best tied one first."""
    rest = list(members)
    groups = []
    while rest:
        head = max(
            rest,
            key=lambda one: (
                len(layout.neighbours[one] & set(rest)),
                layout.cards[one]["hub"],
                -rest.index(one),
            ),
        )
        group = [head, *(one for one in rest if one in layout.neighbours[head])]
        outside = layout.neighbours[head] - set(members)
        if len(group) == 1 and outside:
            group += [
                one for one in rest if one != head and layout.neighbours[one] == layout.neighbours[head]
            ]
        groups.append(group)
        rest = [one for one in rest if one not in group]
    return groups


def _style(edge: dict[str, Any]) -> dict[str, Any]:
    if not edge["in_use"]:
        return {"stroke": "#8a8a8a", "line": 1.2, "dash": (1.5, 3)}
    style: dict[str, Any] = {
        "adopted": {"stroke": BLUE, "line": 2.2},
        "joint": {"stroke": ORANGE, "line": 1.6},
        "third-party": {"stroke": GREEN, "line": 1.0},
    }[edge["strength"]]
    if edge["evidence"] == "mixed":
        style = style | {"dash": (9, 3)}
    elif edge["evidence"] != "read":
        style = style | {"dash": (4, 3)}
    return style


def _edge(
    canvas: Canvas, layout: _Layout, spots: dict[str, tuple[float, float, float]], edge: dict[str, Any]
) -> None:
    one, other = edge["from"], edge["to"]
    if spots[one][0] > spots[other][0]:
        one, other = other, one
    (x1, y1, w1), (x2, y2, w2) = spots[one], spots[other]
    tip = {
        "Between": f"{edge['from']} and {edge['to']}",
        "Documents": "; ".join(edge["documents"]),
        "Strength": strength_words(edge["strength"]) if edge["in_use"] else "not in use",
        "Evidence": mark(edge["evidence"]),
    }
    centre = one in layout.centres or other in layout.centres
    style = _style(edge) | {"opacity": 0.8 if centre else 1, "z": 1 if centre else 2, "tip": tip}
    if one in layout.centres and other in layout.centres:
        # Below everything that stands between the two.
        low = max(y for _, y, _ in spots.values()) + 22
        canvas.curve(_below((x1, y1 + 28), (x2, y2 + 28), low), **style)
    elif abs(x1 - x2) < 40:
        # In one column: around the side of the boxes.
        side = -1 if x1 < _COLUMNS[2][0] else 1
        start, stop = x1 + side * w1 / 2, x2 + side * w2 / 2
        canvas.curve(_around(start, y1, stop, y2, side), **style)
    else:
        canvas.curve(_across(x1 + w1 / 2, y1, x2 - w2 / 2, y2), **style)


def _across(x1: float, y1: float, x2: float, y2: float) -> Iterator[tuple[float, float]]:
    for number in range(17):
        t = number / 16
        yield x1 + (x2 - x1) * t, y1 + (y2 - y1) * (3 * t * t - 2 * t * t * t)


def _below(
    start: tuple[float, float], stop: tuple[float, float], low: float
) -> Iterator[tuple[float, float]]:
    """Down from `start`, along `low`, up to `stop`, with round corners."""
    (x1, y1), (x2, y2) = start, stop
    corner = 30.0
    yield x1, y1
    for turn in range(9):
        t = turn / 8
        yield x1 + corner * t * t, low - corner * (1 - t) * (1 - t)
    for turn in range(9):
        t = turn / 8
        yield x2 - corner * (1 - t) * (1 - t), low - corner * t * t
    yield x2, y2


def _around(x1: float, y1: float, x2: float, y2: float, side: int) -> Iterator[tuple[float, float]]:
    reach = min(8 + abs(y2 - y1) * 0.2, 30) * side
    for number in range(17):
        t = number / 16
        bulge = 4 * t * (1 - t)
        yield x1 + (x2 - x1) * t + reach * bulge, y1 + (y2 - y1) * t


def _box(canvas: Canvas, card: dict[str, Any], x: float, y: float, room: float, *, centre: bool) -> None:
    height = 56.0 if centre else _BOX_HEIGHT
    tip = {"Framework": f"{card['id']}: {card['name']}", "Tied to": f"{card['ties']} frameworks"}
    hub = card["hub"]
    regional = card["kind"] == "regional"
    canvas.box(
        x - room / 2,
        y - height / 2,
        room,
        height,
        fill=BLUE if hub else "#dfe4ea" if regional else "white",
        stroke=INK,
        line=2 if hub else 1,
        radius=4,
        z=4,
        tip=tip,
    )
    color = "white" if hub else INK
    if centre:
        canvas.text(
            x,
            y - 8,
            fit(places(card), room - 6, 14, bold=True),
            size=14,
            bold=True,
            color=color,
            align="center",
        )
        canvas.text(x, y + 12, f"{card['ties']} ties", size=11, color=color, align="center")
        return
    first = places(card)
    if first.lower() == card["id"]:
        canvas.text(x, y, first, size=11, bold=True, color=color, align="center")
        return
    ident = card["id"]
    gap = 6.0
    name = fit(first, room - 10 - gap - width(ident, 10.5), 10.5)
    if len(name) < 4:
        name, gap = "", 0.0
    whole = width(name, 10.5) + gap + width(ident, 10.5)
    left = x - whole / 2
    if name:
        canvas.text(left, y, name, size=10.5, color=color)
    canvas.text(
        left + whole,
        y,
        fit(ident, room - 8, 10.5),
        size=10.5,
        color="#0b5c8c" if not hub else "white",
        align="right",
    )


def _legend(canvas: Canvas, y: float) -> float:
    base = {"in_use": True, "strength": "adopted", "evidence": "read"}
    rows: list[list[tuple[dict[str, Any] | str, str]]] = [
        [
            ("hub", "hub: others are referenced to it"),
            ("regional", "other regional framework"),
            (base, "adopted referencing or self-certification"),
            (base | {"strength": "joint"}, "joint comparison or bilateral table"),
            (base | {"strength": "third-party"}, "third party’s table"),
        ],
        [
            (base, "solid: rows read in a text"),
            (base | {"evidence": "mixed"}, "long dashes: partly read"),
            (base | {"evidence": "known"}, "short dashes: known only"),
            (
                base | {"in_use": False},
                "dots: not in use (draft, superseded, not endorsed, a note, or not as asked)",
            ),
        ],
    ]
    for row in rows:
        x = 0.0
        middle = y + 9
        for kind, text in row:
            if kind in ("hub", "regional"):
                canvas.box(
                    x,
                    middle - 7,
                    30,
                    14,
                    fill=BLUE if kind == "hub" else "#dfe4ea",
                    stroke=INK,
                    line=2 if kind == "hub" else 1,
                    radius=3,
                )
            elif isinstance(kind, dict):
                style = _style(kind)
                if row is rows[1] and kind["in_use"]:
                    style = style | {"stroke": INK}
                canvas.line(x, middle, x + 30, middle, **style)
            canvas.text(x + 37, middle, text, size=11)
            x += 37 + width(text, 11) + 20
        y += 21
    return y


def _strip(canvas: Canvas, y: float, cards: list[dict[str, Any]]) -> float:
    """Frameworks without any mapping, by region: what is not known stays in sight."""
    if not cards:
        return y
    groups = [(name, [card for card in cards if card["region"] == name]) for name in REGIONS]
    groups = [(name, members) for name, members in groups if members]
    top = y
    y += 10
    y = canvas.lines(
        12,
        y,
        [
            f"{len(cards)} frameworks without any mapping in these facts: how their levels compare is not "
            "established"
        ],
        size=13,
        bold=True,
    )
    y += 4
    for name, members in groups:
        canvas.text(12, y + 8, f"{name} ({len(members)})", size=11, bold=True)
        listed = "; ".join(
            _entry(card) for card in sorted(members, key=lambda card: (places(card), card["id"]))
        )
        y = canvas.lines(176, y + 1, wrap(listed, canvas.width - 190, 11), size=11, lead=1.36) + 6
    if any(card["pending"] for card in cards):
        y = (
            canvas.lines(
                12,
                y,
                ["* A document exists or is in preparation, but its table was not seen."],
                size=11,
                color=GREY,
            )
            + 4
        )
    canvas.box(0, top, canvas.width, y - top + 4, fill=PALE, stroke=FAINT, dash=(4, 3), radius=6, z=0)
    return y + 4


def _entry(card: dict[str, Any]) -> str:
    first = places(card)
    star = "*" if card["pending"] else ""
    if first.lower() == card["id"]:
        return f"{first}{star}"
    # Names stay with their id when the line breaks.
    return f"{first} {card['id']}{star}".replace(" ", "\u00a0")


def _description(data: dict[str, Any], title: str) -> str:
    """The picture in words."""
    best = sorted(data["frameworks"], key=lambda card: (-card["ties"], card["id"]))[:5]
    ties = ", ".join(f"{card['id']} ({card['ties']})" for card in best)
    return (
        f"{title}: {len(data['frameworks'])} frameworks, {len(data['edges'])} pairs tied by documents; "
        f"most ties: {ties}. "
        f"{len(data['unmapped'])} frameworks have no mapping. {stamp_words(data)}"
    )
