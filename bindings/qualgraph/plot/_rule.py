"""A rule as a tree: the award, its parts, and what is asked of each."""

from __future__ import annotations

from typing import Any

from ._canvas import GREY, INK, ORANGE, PALE, SKY, Canvas
from ._chart import Chart
from ._text import wrap

__all__ = ["rule_tree", "rule_tree_data"]

_ROOT, _SECTION, _CLAUSE = 170.0, 150.0, 330.0
_SPACE, _PAD, _GAP = 30.0, 7.0, 8.0
_LINE = 10.5 * 1.3
#: What explains the rule and asks nothing.
_ASIDE = ("What it is", "Scales of its own", "Facts of the case that it asks for", "What is left out of an audit")


def rule_tree_data(rule: Any) -> dict[str, Any]:
    """What `rule_tree` draws, as plain values.

    Parameters
    ----------
    rule : Rule

    Returns
    -------
    dict
        ``label``, ``text``, ``path`` and ``children`` of the root, and so on below.
    """
    root: dict[str, Any] = {"label": rule.title, "text": rule.level or "", "path": "", "kind": "root", "children": []}
    sections: dict[str, dict[str, Any]] = {}
    for one in rule.sentences:
        if one.section in _ASIDE or one.section.startswith("Units it names") or not one.path:
            continue
        if one.section not in sections:
            heading, _, more = one.section.partition(": ")
            heading = heading.partition(" (")[0]
            node = {"label": heading, "text": more, "path": "", "kind": "section", "children": [], "depth": -1}
            sections[one.section] = node
            root["children"].append(node)
        parent = sections[one.section]
        while parent["children"] and parent["children"][-1]["depth"] < one.depth:
            parent = parent["children"][-1]
        node = {"label": one.path.rsplit("/", 1)[-1], "text": one.text, "path": one.path, "kind": _kind(one.path)}
        parent["children"].append({**node, "children": [], "depth": one.depth})
    return {"kind": "rule", "title": rule.title, "id": rule.id, "hash": rule.hash, "tree": root}


def _kind(path: str) -> str:
    steps = path.split("/")
    group = steps[0] if len(steps) < 3 or steps[0] not in ("variants", "titles", "exits") else steps[2]
    if group == "caps" or group == "pace":
        return "cap"
    return "place" if group in ("places", "total", "floors") else "other"


def _width(node: dict[str, Any], depth: int) -> float:
    return _ROOT if depth == 0 else _SECTION if depth == 1 else max(210.0, _CLAUSE - 30 * (depth - 2))


def _measure(node: dict[str, Any], depth: int) -> float:
    """Height of a node with its children; lines are broken on the way."""
    wide = _width(node, depth) - 2 * _PAD
    bold = node["kind"] in ("root", "section")
    node["lines"] = wrap(node["label"], wide, 12 if bold else 10.5, bold=True) if bold else []
    node["said"] = wrap(node["text"], wide, 10.5) if node["text"] else []
    own = len(node["lines"]) * 12 * 1.3 + len(node["said"]) * _LINE + 2 * _PAD
    below = [_measure(child, depth + 1) for child in node["children"]]
    node["own"] = own
    node["high"] = max(own, sum(below) + _GAP * max(0, len(below) - 1))
    return float(node["high"])


def _left(depth: int) -> float:
    widths = [_width({}, number) for number in range(depth)]
    return sum(widths) + _SPACE * depth


def _deepest(node: dict[str, Any]) -> int:
    return 1 + max((_deepest(child) for child in node["children"]), default=0)


def _draw(canvas: Canvas, node: dict[str, Any], depth: int, y: float) -> float:
    """Draw a node and what is below it; returns where lines to it should end."""
    x, wide = _left(depth), _width(node, depth)
    top = y if depth else y + max(0.0, (node["high"] - node["own"]) / 2)
    at = y
    middles = []
    for child in node["children"]:
        middles.append(_draw(canvas, child, depth + 1, at))
        at += child["high"] + _GAP
    fill = {"root": "#dbe9f6", "section": PALE, "cap": "#fff4de"}.get(node["kind"], "white")
    stroke = {"cap": ORANGE, "root": INK, "place": SKY}.get(node["kind"], GREY)
    dash = (5, 3) if node["kind"] == "cap" else ()
    tip = {"clause": node["path"]} if node["path"] else None
    canvas.box(x, top, wide, node["own"], fill=fill, stroke=stroke, line=1.2, radius=3, dash=dash, tip=tip, z=2)
    inside = canvas.lines(x + _PAD, top + _PAD, node["lines"], size=12, bold=True)
    canvas.lines(x + _PAD, inside, node["said"], size=10.5)
    middle: float = top + node["own"] / 2
    bend = x + wide + _SPACE / 2
    for child in middles:
        canvas.line(bend, child, bend + _SPACE / 2, child, stroke=GREY, line=1)
    if middles:
        canvas.line(x + wide, middle, bend, middle, stroke=GREY, line=1)
        canvas.line(bend, min(middle, middles[0]), bend, max(middle, middles[-1]), stroke=GREY, line=1)
    return middle


def rule_tree(rule: Any) -> Chart:
    """Draw a rule as a tree: the award, the groups of its clauses, and each clause in words.

    Limits stand in dashed frames. Clauses of a variant, title or exit hang below it.

    Parameters
    ----------
    rule : Rule

    Returns
    -------
    Chart

    Examples
    --------
    >>> import qualgraph as qg
    >>> qg.load().rule("kr-acbs").plot()
    <Chart: Academic Credit Bank System degrees, as a tree>
    """
    data = rule_tree_data(rule)
    tree = data["tree"]
    _measure(tree, 0)
    deep = _deepest(tree)
    canvas = Canvas(max(640.0, _left(deep - 1) + _width({}, deep - 1)))
    title = f"{rule.title}, as a tree"
    y = canvas.heading(rule.title, f"Rule {rule.id}. Every box is a clause; limits stand in dashed frames.")
    _draw(canvas, tree, 0, y)
    canvas.caption(y + tree["high"] + 16, [f"Rule {rule.id}, content {rule.hash[:12]}."])
    clauses = [one for one in rule.sentences if one.path and one.section not in _ASIDE]
    description = f"{title}. " + " ".join(one.text for one in clauses)
    plain = {key: value for key, value in data.items() if key != "tree"} | {"tree": _bare(tree)}
    return Chart(canvas.specification(description), title=title, description=description, data=plain)


def _bare(node: dict[str, Any]) -> dict[str, Any]:
    return {
        "label": node["label"],
        "text": node["text"],
        "path": node["path"],
        "children": [_bare(child) for child in node["children"]],
    }
