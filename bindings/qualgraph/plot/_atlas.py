"""What is lost on the way to another framework and back, for every pair at once."""

from __future__ import annotations

from typing import Any

from ._canvas import BLACK, BLUE, FAINT, GREY, INK, YELLOW, Canvas
from ._chart import Chart
from ._places import REGIONS
from ._text import fit, width
from ._words import framework_card, named, places, stamp, stamp_words, world_of

__all__ = ["atlas", "atlas_data"]

_FATES = (("recoverable", BLUE), ("drifting", YELLOW), ("lost", BLACK), ("not_established", "#e3e3e3"))


def atlas_data(loss: Any) -> dict[str, Any]:
    """What `atlas` draws, as plain values.

    Parameters
    ----------
    loss : LossAtlas
        Answer of `world.recognition_loss()`.

    Returns
    -------
    dict
        ``frameworks`` (cards of every framework with an answer, regional ones first, then by continent and
        place), ``cells`` (one row per ordered pair: ``from``, ``to``, counts ``recoverable``, ``drifting``,
        ``not_established``, ``lost``, and the levels of each), and the marks of the facts. A pair without row is
        not established.
    """
    world = world_of(loss)
    cells: list[dict[str, Any]] = []
    for one in loss:
        levels: dict[str, list[str]] = {fate: [] for fate, _ in _FATES}
        for level in one.levels:
            levels[str(level.fate)].append(str(level.level))
        cells.append(
            {
                "from": named(one.from_),
                "to": named(one.to),
                **{fate: len(levels[fate]) for fate, _ in _FATES},
                "levels": levels,
            }
        )
    met = sorted({cell["from"] for cell in cells} | {cell["to"] for cell in cells})
    cards = [framework_card(world, identifier) for identifier in met]
    cards.sort(key=lambda card: (REGIONS.index(card["region"]), places(card), card["id"]))
    return {"kind": "atlas", "frameworks": cards, "cells": cells, **stamp(world)}


def atlas(loss: Any) -> Chart:
    """Draw the recognition-loss atlas: every framework against every other.

    Each cell takes the levels of the row's framework to the column's framework and back: the blue part
    comes back as itself, the yellow part as several levels or another one, the black part not at all. A
    dot instead of a cell: not established.

    Parameters
    ----------
    loss : LossAtlas
        Answer of `world.recognition_loss()`, or the dictionary `atlas_data` makes of it.

    Returns
    -------
    Chart

    Raises
    ------
    TypeError
        When given something else.

    Examples
    --------
    >>> import qualgraph as qg
    >>> from qualgraph import plot
    >>> plot.atlas(qg.load().recognition_loss())
    <Chart: The recognition-loss atlas>
    """
    data = loss if isinstance(loss, dict) else atlas_data(loss)
    cards = data["frameworks"]
    count = len(cards)
    side = 14.0 if count > 45 else 18.0 if count > 20 else 26.0
    size = 10.5 if side < 18 else 11.0
    names = [fit(places(card), 170, size) for card in cards]
    names_wide = max(
        [width(name, size, bold=True) for name in names] + [width(name, 11, bold=True) for name in REGIONS]
    )
    ids_wide = max([width(card["id"], size, bold=card["hub"]) for card in cards] + [30])
    left = names_wide + ids_wide + 20
    head = ids_wide + 12
    breaks = _breaks(cards)
    offsets = _offsets(cards, side)
    length = (offsets[-1] + side) if offsets else 0.0
    canvas = Canvas(max(left + length + 4, 720))
    title = "The recognition-loss atlas"
    y = canvas.heading(
        title,
        "Take every level of the row’s framework to the column’s framework and back, over the documents in "
        "use. How "
        "much of it comes back? Each cell is a column filled from below; its full height is all levels of "
        "the row’s "
        "framework.",
    )
    y = _legend(canvas, y) + 8
    top = y + head
    for position, (card, name) in enumerate(zip(cards, names, strict=True)):
        at = offsets[position]
        canvas.text(
            names_wide, top + at + side / 2, name, size=size, align="right", bold=card["hub"], tip=_tip(card)
        )
        if name.lower() != card["id"]:
            canvas.text(
                names_wide + 10,
                top + at + side / 2,
                card["id"],
                size=size,
                color=GREY,
                bold=card["hub"],
                tip=_tip(card),
            )
        canvas.text(
            left + at + side / 2,
            top - 6,
            card["id"],
            size=size,
            align="left",
            angle=270,
            bold=card["hub"],
            tip=_tip(card),
        )
    for start, name in breaks:
        at = offsets[start]
        canvas.text(0, top + at - 8, name, size=11, bold=True, color=GREY)
        if start:
            canvas.line(0, top + at - 15, left + length, top + at - 15, stroke=FAINT, z=0)
            canvas.line(left + at - 8, top - head, left + at - 8, top + length, stroke=FAINT, z=0)
    found = {(cell["from"], cell["to"]): cell for cell in data["cells"]}
    for row, source in enumerate(cards):
        for column, target in enumerate(cards):
            x, at = left + offsets[column], top + offsets[row]
            if row == column:
                canvas.line(x + 2, at + side - 2, x + side - 2, at + 2, stroke=FAINT)
                continue
            cell = found.get((source["id"], target["id"]))
            if cell is None:
                canvas.mark(
                    x + side / 2, at + side / 2, "circle", size=6, fill=FAINT, stroke="none", line=0, z=1
                )
            else:
                _cell(canvas, x + 0.5, at + 0.5, side - 1, cell)
    cells = data["cells"]
    notes = [
        f"{count} frameworks are tied to another one by some document in use; {len(cells)} ordered pairs "
        "have an "
        f"answer, {count * (count - 1) - len(cells)} have none (dots). A dot is not a loss: nothing is "
        "established.",
        "Bold: hubs, to which other frameworks are referenced. The way back of a referencing is derived, "
        "not stated "
        "by its authors.",
    ]
    canvas.caption(top + length + 16, [*notes, stamp_words(data)])
    description = _description(data, title)
    return Chart(canvas.specification(description), title=title, description=description, data=data)


def _tip(card: dict[str, Any]) -> dict[str, str]:
    return {"Framework": f"{card['id']}: {card['name']}"}


def _breaks(cards: list[dict[str, Any]]) -> list[tuple[int, str]]:
    return [
        (position, card["region"])
        for position, card in enumerate(cards)
        if not position or card["region"] != cards[position - 1]["region"]
    ]


def _offsets(cards: list[dict[str, Any]], side: float) -> list[float]:
    """Start of every row and column; a new region leaves room for its name."""
    offsets: list[float] = []
    at = 16.0
    for position, card in enumerate(cards):
        if position and card["region"] != cards[position - 1]["region"]:
            at += 22
        offsets.append(at)
        at += side
    return offsets


def _cell(canvas: Canvas, x: float, y: float, side: float, cell: dict[str, Any]) -> None:
    total = sum(cell[fate] for fate, _ in _FATES)
    tip = {
        "Round trip": f"{cell['from']} → {cell['to']} → {cell['from']}",
        **{f"{fate} ({words})": _levels(cell, fate, total) for fate, words in _WORDS.items()},
    }
    bottom = y + side
    for fate, color in _FATES:
        height = side * cell[fate] / total
        if height:
            canvas.box(x, bottom - height, side, height, fill=color, tip=tip)
        bottom -= height


_WORDS = {
    "recoverable": "comes back as itself",
    "drifting": "as several or another",
    "lost": "does not come back",
    "not_established": "not established",
}


def _levels(cell: dict[str, Any], fate: str, total: int) -> str:
    names = ", ".join(cell["levels"][fate])
    return f"{cell[fate]} of {total}" + (f": {names}" if names else "")


def _legend(canvas: Canvas, y: float) -> float:
    x, middle = 0.0, y + 10
    items = [
        ("recoverable", "comes back as itself (recoverable)"),
        ("drifting", "comes back as several levels or another (drifting)"),
        ("lost", "does not come back (lost)"),
        ("not_established", "not established for some levels"),
        ("none", "not established at all"),
        ("same", "the same framework"),
    ]
    colors = dict(_FATES)
    for kind, text in items:
        wide = 22 + width(text, 11) + 22
        if x and x + wide - 22 > canvas.width:
            x, middle = 0.0, middle + 20
        if kind == "none":
            canvas.mark(x + 8, middle, "circle", size=9, fill=FAINT, stroke="none", line=0)
        elif kind == "same":
            canvas.line(x + 3, middle + 6, x + 14, middle - 6, stroke=GREY)
        else:
            canvas.box(x, middle - 7, 14, 14, fill=colors[kind], stroke=INK, line=0.5)
        canvas.text(x + 22, middle, text)
        x += wide
    return middle + 14


def _description(data: dict[str, Any], title: str) -> str:
    """The picture in words."""
    cells = data["cells"]
    whole = sum(cell["recoverable"] == sum(cell[fate] for fate, _ in _FATES) for cell in cells)
    return (
        f"{title}: {len(data['frameworks'])} frameworks, {len(cells)} ordered pairs with an answer; on "
        f"{whole} of them "
        f"every level comes back as itself. {stamp_words(data)}"
    )
