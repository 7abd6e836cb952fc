"""Definitions beside each other: which implies which, what they take in together, the landscape."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..display import count, listing
from ..errors import InvalidValue
from ._canvas import BLUE, FAINT, GREY, INK, ORANGE, PALE, SKY, Canvas
from ._chart import Chart
from ._text import width as text_width
from ._text import wrap

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = [
    "definition_order",
    "definition_order_data",
    "landscape",
    "landscape_data",
    "overlaps",
    "overlaps_data",
]

_SIZE, _PAD, _BOX_GAP, _ROW_GAP = 10.5, 7.0, 14.0, 46.0
_WIDE = 900.0


# ---------------------------------------------------------------- which implies which


def definition_order_data(order: Any, definitions: Iterable[str] | None = None) -> dict[str, Any]:
    """What `definition_order` draws, as plain values.

    Parameters
    ----------
    order : DefinitionOrder
    definitions : list of str, optional
        Definitions to draw; default all.

    Returns
    -------
    dict
        ``groups`` (definitions that say the same to the letter), ``edges`` between positions of
        groups, ``layers`` (positions, what implies most at the top), ``alone`` (positions of groups
        that imply nothing and are implied by nothing).

    Raises
    ------
    InvalidValue
        For no definition.
    UnknownId
        For a definition there is none of.
    """
    named = list(order.definitions if definitions is None else definitions)
    if not named:
        raise InvalidValue("no definition is named: there is nothing to draw")
    for id in named:
        # Asked about itself, the order refuses what it does not have.
        order.implies(id, id)
    groups: list[list[str]] = []
    for id in named:
        home = next((group for group in groups if order.implies(id, group[0]) and order.implies(group[0], id)), None)
        if home is None:
            groups.append([id])
        elif id not in home:
            home.append(id)
    above = [
        {b for b in range(len(groups)) if a != b and order.implies(groups[a][0], groups[b][0])}
        for a in range(len(groups))
    ]
    edges = [(a, b) for a in range(len(groups)) for b in sorted(above[a]) if not any(b in above[c] for c in above[a])]
    tied = {at for edge in edges for at in edge}
    depth = dict.fromkeys(tied, 0)
    # A group stands below everything that implies it; chains are short, so the simple way will do.
    for _ in groups:
        for a, b in edges:
            depth[b] = max(depth[b], depth[a] + 1)
    layers: list[list[int]] = [[] for _ in range(max(depth.values(), default=-1) + 1)]
    for at in sorted(tied):
        layers[depth[at]].append(at)
    _untangle(layers, edges)
    readings = sorted({text for a, b in edges for text in order[groups[a][0], groups[b][0]].readings})
    return {
        "kind": "definition order",
        "groups": groups,
        "edges": [list(edge) for edge in edges],
        "layers": layers,
        "alone": [at for at in range(len(groups)) if at not in tied],
        "readings": readings,
    }


def _untangle(layers: list[list[int]], edges: Sequence[tuple[int, int]]) -> None:
    """Put what is tied to each other below each other: by the mean place of the neighbours, a few times."""
    for sweep in range(8):
        place = {at: number for layer in layers for number, at in enumerate(layer)}
        for layer in layers if sweep % 2 == 0 else reversed(layers):

            def middle(at: int, place: dict[int, int] = place, sweep: int = sweep) -> tuple[float, int]:
                near = [a if b == at else b for a, b in edges if at in (a, b)]
                return (sum(place[one] for one in near) / len(near) if near else place[at], at)

            layer.sort(key=middle)
            for number, at in enumerate(layer):
                place[at] = number


def definition_order(order: Any, definitions: Iterable[str] | None = None) -> Chart:
    """Draw which definition implies which.

    A line runs down from a definition to one that it implies; lines that follow from others are left
    out. Definitions in one box say the same to the letter of their tests.

    Parameters
    ----------
    order : DefinitionOrder
    definitions : list of str, optional
        Definitions to draw; default all.

    Returns
    -------
    Chart

    Examples
    --------
    >>> import qualgraph as qg
    >>> qg.load().definition_order().plot(["au-2021", "cican", "mqa", "acqf-2024"])
    <Chart: Which definition implies which>
    """
    data = definition_order_data(order, definitions)
    groups = data["groups"]
    wide = [max(text_width(id, _SIZE) for id in group) + 2 * _PAD for group in groups]
    high = [len(group) * _SIZE * 1.3 + 2 * _PAD for group in groups]
    canvas = Canvas(
        max(_WIDE, *(sum(wide[at] for at in layer) + _BOX_GAP * (len(layer) - 1) for layer in data["layers"] or [[]]))
    )
    title = "Which definition implies which"
    y = canvas.heading(
        title,
        "What satisfies a definition satisfies every definition below it that a line leads to. "
        "Definitions in one box say the same to the letter.",
    )
    spot: dict[int, tuple[float, float]] = {}
    for layer in data["layers"]:
        used = sum(wide[at] for at in layer) + _BOX_GAP * (len(layer) - 1)
        x = (canvas.width - used) / 2
        for at in layer:
            spot[at] = (x, y)
            x += wide[at] + _BOX_GAP
        y += max(high[at] for at in layer) + _ROW_GAP
    if data["alone"]:
        y = (
            canvas.lines(
                0,
                y - (_ROW_GAP / 2 if data["layers"] else 0),
                ["Imply nothing here, and are implied by nothing:"],
                size=11,
                color=GREY,
            )
            + 6
        )
        x, row = 0.0, 0.0
        for at in data["alone"]:
            if x and x + wide[at] > canvas.width:
                x, y, row = 0.0, y + row + _BOX_GAP, 0.0
            spot[at] = (x, y)
            x, row = x + wide[at] + _BOX_GAP, max(row, high[at])
        y += row + 16
    for a, b in data["edges"]:
        (ax, ay), (bx, by) = spot[a], spot[b]
        tip = {"implication": f"{groups[a][0]} implies {groups[b][0]}"}
        canvas.line(ax + wide[a] / 2, ay + high[a], bx + wide[b] / 2, by, stroke=BLUE, line=1.3, z=1, tip=tip)
    for at, (x, top) in spot.items():
        same = len(groups[at]) > 1
        canvas.box(
            x, top, wide[at], high[at], fill="#dbe9f6" if same else PALE, stroke=INK if same else GREY, radius=3, z=2
        )
        canvas.lines(x + _PAD, top + _PAD, groups[at], size=_SIZE)
    said = [f"Reading: {text}" for text in data["readings"]]
    canvas.caption(y, [*said, f"Facts version {order.world.hash[:12]}."])
    implied = [f"{groups[a][0]} implies {groups[b][0]}" for a, b in data["edges"]]
    description = f"{title}. {listing(implied) or 'No definition implies another'}."
    return Chart(canvas.specification(description), title=title, description=description, data=data)


# ---------------------------------------------------------------- what they take in together


def overlaps_data(table: Any, definitions: Iterable[str] | None = None, most: int = 24) -> dict[str, Any]:
    """What `overlaps` draws, as plain values.

    Parameters
    ----------
    table : TableClassification
    definitions : list of str, optional
        Definitions to look at; default the twelve that take in most, at least one credential each.
    most : int, optional
        Combinations to draw, the most frequent first; the rest are counted together.

    Returns
    -------
    dict
        ``definitions`` with ``satisfied`` and ``unknown``, ``sets`` (``definitions``, ``credentials``), ``rest``.
    """
    counts = {row["definition"]: row for row in table.counts}
    if definitions is None:
        taken = [row for row in counts.values() if row["satisfied"]]
        named = [row["definition"] for row in sorted(taken, key=lambda row: (-row["satisfied"], row["definition"]))][
            :12
        ]
    else:
        named = list(definitions)
    sets = [dict(row) for row in table.intersections(named)]
    shown, rest = sets[:most], sets[most:]
    return {
        "kind": "overlaps",
        "credentials": len(table),
        "definitions": [
            {"id": id, "satisfied": counts[id]["satisfied"], "unknown": counts[id]["unknown"]} for id in named
        ],
        "sets": shown,
        "rest": {"sets": len(rest), "credentials": sum(row["credentials"] for row in rest)},
        "small": table.small,
    }


def overlaps(table: Any, definitions: Iterable[str] | None = None, most: int = 24) -> Chart:
    """Draw what several definitions take in together, as bars over a grid of dots.

    A column is one combination of definitions that some credentials satisfy and no other of those
    drawn; the bar above counts the credentials. A row is a definition; its bar counts what it takes
    in, the hatched part what is not known. (Lex and others, UpSet, 2014.)

    Parameters
    ----------
    table : TableClassification
    definitions : list of str, optional
        Definitions to look at; default the twelve that take in most.
    most : int, optional
        Combinations to draw.

    Returns
    -------
    Chart

    Examples
    --------
    >>> import qualgraph as qg
    >>> from qualgraph import synthetic
    >>> qg.load().classify_table(synthetic.catalogue(50).rows()).plot()
    <Chart: Credentials by the definitions they satisfy>
    """
    data = overlaps_data(table, definitions, most)
    rows, sets = data["definitions"], data["sets"]
    label = max([text_width(row["id"], _SIZE) for row in rows] + [60.0]) + 10
    step, line, bars, side = 26.0, 20.0, 150.0, 150.0
    left = side + label + 16
    canvas = Canvas(max(720.0, left + step * max(len(sets), 1) + 10))
    title = "Credentials by the definitions they satisfy"
    meant = f' "Small" means {data["small"]}.' if data["small"] else ' What "small" means is not said.'
    y = canvas.heading(
        title,
        f"{data['credentials']:,} credentials. Columns: exactly these definitions; rows: bars to the left count what a "
        f"definition takes in, hatched what is not known.{meant}",
    )
    top = y + 10
    highest = max([row["credentials"] for row in sets] + [1])
    for number, row in enumerate(sets):
        x = left + number * step
        high = bars * row["credentials"] / highest
        tip = {"definitions": listing(row["definitions"]) or "none of them", "credentials": f"{row['credentials']:,}"}
        canvas.box(x + 4, top + bars - high, step - 8, max(high, 1), fill=BLUE, z=2, tip=tip)
        text = f"{row['credentials']:,}" if row["credentials"] < 10_000 else f"{round(row['credentials'] / 1_000):,}k"
        canvas.text(x + step / 2, top + bars - high - 9, text, size=9.5, align="center")
    canvas.line(left, top + bars, left + step * max(len(sets), 1), top + bars, stroke=GREY)
    grid = top + bars + 10
    widest = max([row["satisfied"] + row["unknown"] for row in rows] + [1])
    for number, row in enumerate(rows):
        middle = grid + (number + 0.5) * line
        if number % 2 == 0:
            canvas.box(side + 8, middle - line / 2, left + step * max(len(sets), 1) - side - 8, line, fill=PALE, z=0)
        canvas.text(left - 10, middle, row["id"], size=_SIZE, align="right")
        taken, open_ = side * row["satisfied"] / widest, side * row["unknown"] / widest
        tip = {"definition": row["id"], "satisfied": f"{row['satisfied']:,}", "not known": f"{row['unknown']:,}"}
        canvas.box(side - taken, middle - 6, taken, 12, fill=SKY, z=2, tip=tip)
        canvas.box(side - taken - open_, middle - 6, open_, 12, stroke=FAINT, z=2, tip=tip)
        canvas.hatch(side - taken - open_, middle - 6, open_, 12, stroke=FAINT, gap=5)
        for column, combination in enumerate(sets):
            held = row["id"] in combination["definitions"]
            canvas.mark(
                left + (column + 0.5) * step,
                middle,
                "circle",
                size=70 if held else 26,
                fill=INK if held else "#d9d9d9",
                stroke=INK if held else "#d9d9d9",
                z=4,
            )
    for column, combination in enumerate(sets):
        places = [number for number, row in enumerate(rows) if row["id"] in combination["definitions"]]
        if len(places) > 1:
            x = left + (column + 0.5) * step
            canvas.line(
                x, grid + (places[0] + 0.5) * line, x, grid + (places[-1] + 0.5) * line, stroke=INK, line=2, z=3
            )
    rest = data["rest"]
    said = [f"{count(rest['sets'], 'further combination')} with {rest['credentials']:,} credentials are not drawn."]
    canvas.caption(
        grid + len(rows) * line + 14, (said if rest["sets"] else []) + [f"Facts version {table.world.hash[:12]}."]
    )
    shown = [f"{row['credentials']} satisfy {listing(row['definitions']) or 'none of them'}" for row in sets[:8]]
    description = f"{title}: {'; '.join(shown)}."
    return Chart(canvas.specification(description), title=title, description=description, data=data)


# ---------------------------------------------------------------- the landscape

_AXES = ((True, "yes"), (None, "not stated"), (False, "no"))


def landscape_data(land: Any) -> dict[str, Any]:
    """What `landscape` draws, as plain values: ``cells`` of ``credit_bearing``, ``stackable``, ``credentials``."""
    return {"kind": "landscape", "credentials": land.credentials, "cells": [dict(row) for row in land.table]}


def landscape(land: Any) -> Chart:
    """Draw the credential landscape: credit-bearing or not, stackable or not, and what is not stated.

    Parameters
    ----------
    land : Landscape

    Returns
    -------
    Chart

    Examples
    --------
    >>> import qualgraph as qg
    >>> offers = [{"credit_bearing": True, "relation": ["component"]}, {"credit_bearing": False}]
    >>> qg.load().landscape(offers).plot()
    <Chart: The credential landscape>
    """
    data = landscape_data(land)
    cell = {(row["credit_bearing"], row["stackable"]): row["credentials"] for row in data["cells"]}
    most = max([*cell.values(), 1])
    canvas = Canvas(640.0)
    title = "The credential landscape"
    y = canvas.heading(
        title,
        f"{data['credentials']:,} credentials by two questions; what is not stated has a place of its own.",
    )
    left, wide, high = 130.0, 160.0, 92.0
    canvas.text(
        left + 1.5 * wide, y + 6, "Is it stackable into a larger credential?", size=11, bold=True, align="center"
    )
    for column, (_, name) in enumerate(_AXES):
        canvas.text(left + (column + 0.5) * wide, y + 24, name, size=11, align="center")
    top = y + 36
    canvas.lines(0, top + 1.5 * high - 22, wrap("Does it bear credit?", left - 60, 11, bold=True), size=11, bold=True)
    for row, (bearing, name) in enumerate(_AXES):
        canvas.text(left - 10, top + (row + 0.5) * high, name, size=11, align="right")
        for column, (stackable, _) in enumerate(_AXES):
            number = cell.get((bearing, stackable), 0)
            x, at = left + column * wide, top + row * high
            unknown = bearing is None or stackable is None
            canvas.box(
                x + 2,
                at + 2,
                wide - 4,
                high - 4,
                fill="white" if unknown else PALE,
                stroke=FAINT,
                dash=(4, 3) if unknown else (),
                z=1,
            )
            side = (high - 34) * (number / most) ** 0.5
            tip = {"credit-bearing": name, "stackable": _AXES[column][1], "credentials": f"{number:,}"}
            if number:
                middle = x + wide / 2
                canvas.box(
                    middle - side / 2,
                    at + (high - 22) / 2 - side / 2 + 4,
                    side,
                    side,
                    fill="none" if unknown else ORANGE,
                    stroke=GREY,
                    z=2,
                    tip=tip,
                )
                if unknown:
                    canvas.hatch(middle - side / 2, at + (high - 22) / 2 - side / 2 + 4, side, side, stroke=GREY, gap=5)
            canvas.text(x + wide / 2, at + high - 14, f"{number:,}", size=11, align="center")
    canvas.caption(top + 3 * high + 14, [f"Areas are in proportion. Facts version {land.world.hash[:12]}."])
    said = [f"{row['credentials']} {_said(row)}" for row in data["cells"] if row["credentials"]]
    description = f"{title}: {'; '.join(said)}."
    return Chart(canvas.specification(description), title=title, description=description, data=data)


def _said(row: dict[str, Any]) -> str:
    words = {True: "", False: "not ", None: "not known whether "}
    return f"{words[row['credit_bearing']]}credit-bearing and {words[row['stackable']]}stackable"
