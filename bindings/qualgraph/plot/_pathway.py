"""Ways to an award: steps as a graph, ways by what they come to, rungs of a ladder."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from ..display import agree, fraction_text
from ..stacking.money import money
from ._canvas import BLUE, GREEN, GREY, INK, ORANGE, PALE, SKY, YELLOW, Canvas
from ._chart import Chart
from ._text import fit

__all__ = ["front", "front_data", "pathway", "pathway_data", "rungs", "rungs_data", "steps", "steps_data"]

_BOX, _HIGH, _ACROSS, _DOWN = 172.0, 46.0, 56.0, 16.0
#: Fill and dash by kind of step: colour is never the only sign, the kind is written in the box as well.
_LOOK: dict[str, tuple[str, tuple[float, ...]]] = {
    "course": (PALE, ()),
    "micro-credential": (PALE, ()),
    "rpl-assessment": (SKY, (4, 3)),
    "articulation": (YELLOW, (8, 3)),
    "bridging": (ORANGE, (2, 2)),
    "award": (GREEN, ()),
    "exit-award": (GREEN, (6, 2)),
    "held": ("white", ()),
}


def _node(id: str, kind: str, title: Any, text: str, after: list[str]) -> dict[str, Any]:
    # A step without a title has no second line: the first is its id.
    return {"id": id, "kind": kind, "title": title or "", "text": text, "after": after}


def pathway_data(way: Any) -> dict[str, Any]:
    """What `pathway` draws, as plain values: ``nodes``, each with what it comes ``after``.

    Parameters
    ----------
    way : Pathway

    Returns
    -------
    dict
    """
    nodes: list[dict[str, Any]] = []
    for row in way.steps:
        if row["kind"] in ("award", "exit-award") and row["cost"] is None:
            nodes.append(_node(row["step"], row["kind"], row["title"], "", list(row["after"])))
            continue
        price = "cost not stated" if row["cost"] is None else money(row["cost"], way.currency)
        after = [row["opened_by"]] if row["opened_by"] else list(row["after"])
        nodes.append(_node(row["step"], row["kind"], row["title"], f"{price}, {_months(row['months'])}", after))
    # Of the steps an award rests on, lines come from the last only: those nothing else among them builds on.
    for node in nodes:
        if node["kind"] in ("award", "exit-award"):
            inside = {before for other in nodes if other["id"] in node["after"] for before in other["after"]}
            node["after"] = [step for step in node["after"] if step not in inside]
    return {"kind": "pathway", "target": way.target, "values": way.values, "nodes": nodes}


def _months(months: Fraction | None) -> str:
    return "length not stated" if months is None else f"{fraction_text(months)} {agree(months, 'month', 'months')}"


def steps_data(graph: Any, target: str) -> dict[str, Any]:
    """What `steps` draws: everything on offer that can lead to a target, each with what it names as required.

    Parameters
    ----------
    graph : StepGraph
    target : str

    Returns
    -------
    dict
    """
    from ..pathway.conditions import named_in

    currency = graph.catalogue._c.currency or None
    makers: dict[str, list[str]] = {}
    for id, offer in graph.offers.items():
        makers.setdefault(offer.get("unit") or id, []).append(id)
    graph.node(target)
    open_, seen, nodes = [target], {target}, []
    held = {item.get("unit") or item["id"] for item in graph.record.items}
    while open_:
        name = open_.pop(0)
        if name in held:
            nodes.append(_node(name, "held", None, "", []))
            continue
        for id in makers.get(name, []):
            offer = graph.offers[id]
            needs = named_in(offer.get("requires")) + named_in(offer.get("corequires"))
            cost = "cost not stated" if offer.get("cost") is None else money(offer["cost"], currency)
            months = None if offer.get("months") is None else Fraction(offer["months"])
            after = [made for need in needs for made in (makers.get(need) or [need])]
            kind = str(offer.get("kind") or "course")
            nodes.append(_node(id, kind, offer.get("title"), f"{cost}, {_months(months)}", after))
            for need in needs:
                if need not in seen:
                    seen.add(need)
                    open_.append(need)
    there = {node["id"] for node in nodes}
    for node in nodes:
        node["after"] = [before for before in dict.fromkeys(node["after"]) if before in there]
    return {"kind": "steps", "target": target, "nodes": nodes}


def _columns(nodes: list[dict[str, Any]]) -> dict[str, int]:
    """Longest chain before each node; a circle stops where it closes."""
    by = {node["id"]: node for node in nodes}
    depth: dict[str, int] = {}

    def of(id: str, path: tuple[str, ...]) -> int:
        if id not in depth:
            on = (*path, id)
            before = [of(other, on) + 1 for other in by[id]["after"] if other in by and other not in on]
            depth[id] = max(before, default=0)
        return depth[id]

    for id in by:
        of(id, ())
    return depth


def _graph(data: dict[str, Any], title: str, says: str) -> Chart:
    nodes = data["nodes"]
    depth = _columns(nodes)
    rows: dict[int, int] = {}
    place: dict[str, tuple[float, float]] = {}
    for node in nodes:
        column = depth[node["id"]]
        place[node["id"]] = (column * (_BOX + _ACROSS), rows.get(column, 0) * (_HIGH + _DOWN))
        rows[column] = rows.get(column, 0) + 1
    canvas = Canvas(max(420.0, (max(depth.values(), default=0) + 1) * (_BOX + _ACROSS) - _ACROSS))
    top = canvas.heading(title, says)
    for node in nodes:
        x, y = place[node["id"]]
        y += top
        fill, dash = _LOOK.get(node["kind"], (PALE, ()))
        tip = {"step": node["id"], "kind": node["kind"], "title": node["title"], "what it takes": node["text"]}
        canvas.box(x, y, _BOX, _HIGH, fill=fill, stroke=INK, dash=dash, radius=4, opacity=1, z=2, tip=tip)
        canvas.text(x + 8, y + 13, fit(node["id"], _BOX - 16, 11, bold=True), bold=True)
        canvas.text(x + 8, y + 27, fit(str(node["title"]), _BOX - 16, 9.5), size=9.5)
        foot = f"{node['kind']}{': ' + node['text'] if node['text'] else ''}"
        canvas.text(x + 8, y + 39, fit(foot, _BOX - 16, 9), size=9, color=INK)
        for before in node["after"]:
            if before not in place:
                continue
            x1, y1 = place[before]
            x1, y1 = x1 + _BOX, y1 + top + _HIGH / 2
            turn = x - _ACROSS / 2
            points = [(x1, y1), (turn, y1), (turn, y + _HIGH / 2), (x - 6, y + _HIGH / 2)]
            if depth[node["id"]] - depth[before] > 1:
                # Past the boxes of the columns between, in the gap below the row.
                low = y1 + (_HIGH + _DOWN) / 2
                points[1:2] = [(x1 + _ACROSS / 4, y1), (x1 + _ACROSS / 4, low), (turn, low)]
            canvas.curve(points, stroke=GREY, line=1.1, z=1)
            canvas.mark(x - 4, y + _HIGH / 2, "triangle-right", size=36, fill=GREY, stroke=GREY, z=3)
    said = []
    for node in nodes:
        after = f" after {', '.join(node['after'])}" if node["after"] else ""
        said.append(f"{node['id']} ({node['kind']}){after}")
    told = "; ".join(said)
    return Chart(canvas.specification(f"{title}. {told}."), title=title, description=f"{title}. {told}.", data=data)


def pathway(way: Any) -> Chart:
    """One way as a graph: what builds on what, from left to right.

    Parameters
    ----------
    way : Pathway

    Returns
    -------
    Chart
    """
    from ..pathway.way import amounts

    data = pathway_data(way)
    said = ", ".join(amounts(way.values, way.currency))
    return _graph(data, f"A way to {way.target}", f"{said}. Lines lead from a step to what builds on it.")


def steps(graph: Any, target: str) -> Chart:
    """Everything on offer that can lead to a target.

    Parameters
    ----------
    graph : StepGraph
    target : str

    Returns
    -------
    Chart
    """
    data = steps_data(graph, target)
    says = "Lines lead from what is named as required; alternatives are not told apart here."
    return _graph(data, f"What can lead to {target}", says)


def front_data(ways: Any) -> dict[str, Any]:
    """What `front` draws: what each way comes to, by the first two things minimised.

    Parameters
    ----------
    ways : Pathways

    Returns
    -------
    dict
    """
    rows = [
        {"way": at, "values": way.values, "steps": way.order, "through": way.awards}
        for at, way in enumerate(ways.ways, 1)
    ]
    return {"kind": "front", "target": ways.target, "status": ways.status, "aims": ways.aims, "ways": rows}


def front(ways: Any) -> Chart:
    """Ways by what they come to: each point is beaten by no other.

    Parameters
    ----------
    ways : Pathways

    Returns
    -------
    Chart
    """
    from ..pathway.way import amounts

    data = front_data(ways)
    aims = (list(ways.aims) * 2)[:2]
    wide, high, left = 460.0, 260.0, 74.0
    canvas = Canvas(left + wide + 30)
    proved = "No other way beats one of these." if ways.status == "proved" else "Better ways are not ruled out."
    title = f"Ways to {ways.target}"
    top = canvas.heading(title, f"{proved} To the right: {aims[0]}; upwards: {aims[1]}.")
    spans = []
    for aim in aims:
        values = [way.values[aim] for way in ways.ways] or [Fraction(0)]
        low, most = min(values), max(values)
        spans.append((low, most if most > low else low + 1))

    def across(value: Fraction) -> float:
        return left + 20 + float((value - spans[0][0]) / (spans[0][1] - spans[0][0])) * (wide - 40)

    def up(value: Fraction) -> float:
        return top + high - 20 - float((value - spans[1][0]) / (spans[1][1] - spans[1][0])) * (high - 40)

    canvas.line(left, top + high, left + wide, top + high)
    canvas.line(left, top, left, top + high)
    points = [(across(way.values[aims[0]]), up(way.values[aims[1]])) for way in ways.ways]
    corners: list[tuple[float, float]] = []
    for at, (x, y) in enumerate(points):
        if at:
            corners.append((x, points[at - 1][1]))
        corners.append((x, y))
    if len(corners) > 1:
        canvas.curve(corners, stroke=BLUE, line=1.2, dash=(4, 3), z=2)
    for at, (way, (x, y)) in enumerate(zip(ways.ways, points, strict=True), 1):
        tip = {"way": str(way), **{aim: fraction_text(way.values[aim]) for aim in ways.aims}}
        canvas.mark(x, y, "circle", size=110, fill=SKY, stroke=INK, z=4, tip=tip)
        canvas.text(x + 10, y - 8, str(at), size=10, bold=True)
        first, second = (amounts({aim: way.values[aim]}, way.currency)[0].partition(" ")[2] for aim in aims)
        canvas.text(x, top + high + 14, first, size=9, align="center", color=GREY)
        canvas.text(left - 6, y + 3, second, size=9, align="right", color=GREY)
    said = [f"{at}. {way}" for at, way in enumerate(ways.ways[:12], 1)]
    canvas.caption(top + high + 34, said)
    description = f"{title}. {proved} " + " ".join(said)
    return Chart(canvas.specification(description), title=title, description=description, data=data)


def rungs_data(ladder: Any) -> dict[str, Any]:
    """What `rungs` draws: awards and, between them, whether they nest and what is carried.

    Parameters
    ----------
    ladder : Ladder

    Returns
    -------
    dict
    """
    return {
        "kind": "rungs",
        "over": ladder.over,
        "awards": [form.to_dict() for form in ladder._forms],
        "rungs": [
            {"below": r.below, "above": r.above, "nested": r.nested, "carry": r.carry, "proved": r.carry_proved}
            for r in ladder.rungs
        ],
    }


def rungs(ladder: Any) -> Chart:
    """A ladder of awards, the lowest at the foot, with what is carried from each to the next.

    Parameters
    ----------
    ladder : Ladder

    Returns
    -------
    Chart
    """
    data = rungs_data(ladder)
    forms = list(reversed(ladder._forms))
    wide, gap = 340.0, 62.0
    canvas = Canvas(wide + 250)
    top = canvas.heading("Rungs of a ladder", f"Decided over {ladder.over}.")
    for at, form in enumerate(forms):
        y = top + at * (_HIGH + gap)
        size = f"{fraction_text(form.target)} {form.rule.credit or 'credits'}" if form.target else "no total stated"
        tip = {"award": form.id, "level": form.level or "not stated"}
        canvas.box(0, y, wide, _HIGH, fill=PALE, stroke=INK, radius=4, z=2, tip=tip)
        canvas.text(10, y + 19, fit(form.title, wide - 20, 12, bold=True), size=12, bold=True)
        canvas.text(10, y + 36, fit(f"{form.level or 'level not stated'}, {size}", wide - 20, 10), size=10, color=GREY)
        if at + 1 == len(forms):
            continue
        rung = ladder.rungs[len(ladder.rungs) - 1 - at]
        x, y1, y2 = wide / 2, y + _HIGH, y + _HIGH + gap
        dash = () if rung.nested else (5, 4)
        canvas.line(x, y2, x, y1 + 6, stroke=INK, line=1.6, dash=dash, z=1)
        canvas.mark(x, y1 + 6, "triangle-up", size=60, fill=INK, stroke=INK, z=3)
        word = {True: "nested", False: "not nested", None: "nesting not decided"}[rung.nested]
        kept = "nothing to carry"
        if rung.carry:
            kept = f"carries {rung.carried_share} of the credits"
            kept += "" if rung.carry_proved else " (not proved)"
        canvas.text(x + 14, (y1 + y2) / 2 - 2, word, size=11, bold=True)
        canvas.text(x + 14, (y1 + y2) / 2 + 13, kept, size=10)
    description = " ".join(f"{rung}." for rung in ladder.rungs)
    return Chart(canvas.specification(description), title="Rungs of a ladder", description=description, data=data)
