"""The stack of an audit: items as blocks in the requirements that they fill."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any

from ..display import count, fraction_text
from ._canvas import FAINT, GREEN, GREY, INK, ORANGE, PALE, SKY, VERMILLION, YELLOW, Canvas
from ._chart import Chart
from ._text import fit, width, wrap

__all__ = ["stack", "stack_data"]

_LABEL, _BARS, _FIGURES = 210.0, 520.0, 130.0
_WIDTH = _LABEL + _BARS + _FIGURES
_HIGH, _GAP = 26.0, 13.0
_LATIN = {
    "taught": ("taught", SKY),
    "micro": ("micro-credential", GREEN),
    "rpl": ("prior learning", ORANGE),
    "transfer": ("transfer", YELLOW),
}
_OTHER = ("other origin", "#cfd8dc")
_UNKNOWN = ("origin not stated", "#ffffff")
_MOST_PACE = 6
_SECTIONS = {
    "total": "All together",
    "places": "Places",
    "floors": "Minima over what counts",
    "caps": "Limits",
    "pace": "Limits",
}
_AMOUNTS = ("min", "max", "exact", "max_share", "min_share")
_VERDICTS = {
    "satisfied": "met",
    "provisional": "met provisionally",
    "unsatisfied": "not met",
    "undecided": "not decided",
}


def _origin(item: dict[str, Any]) -> tuple[str, str]:
    given = item.get("origin")
    if not given:
        return _UNKNOWN
    first = str(given[0] if isinstance(given, list) else given).partition(".")[0]
    return _LATIN.get(first, _OTHER)


def _number(value: Any) -> Fraction | None:
    if value is None:
        return None
    return Fraction(value[0] if isinstance(value, tuple) else value)


def stack_data(audit: Any) -> dict[str, Any]:
    """What `stack` draws, as plain values.

    Parameters
    ----------
    audit : Audit
        Answer of `world.audit(record, rule)`.

    Returns
    -------
    dict
        ``title``, ``verdict``, ``measure``, ``rows`` (sections with label, ``have``, ``least``, ``most``,
        measure, ``blocks`` of items, ``clash``: whether the clause belongs to those that cannot hold
        together), ``marks`` (clauses without an amount: met or not), ``left`` (items that do not count,
        with the reason).
    """
    telling = audit._telling()
    items = {item.get("id"): item for item in audit.record.items}
    together = set(audit.clash["together"]) if audit.verdict == "unsatisfied" else set()
    rows: dict[str, dict[str, Any]] = {}

    def row(key: str, section: str, label: str, measure: str) -> dict[str, Any]:
        blank = {"section": section, "label": label, "measure": measure, "have": None, "least": None, "most": None}
        return rows.setdefault(key, {**blank, "blocks": [], "clash": False, "clauses": []})

    for item, place, amount, *_ in audit._best["allocation"]:
        name = telling.place(place)
        found = row(f"places/{place}", "Places", name[:1].upper() + name[1:], audit.measure)
        size = _number(amount)
        found["blocks"].append(
            {
                "item": item,
                "label": str(items.get(item, {}).get("title") or item),
                "size": size,
                "origin": _origin(items.get(item, {})),
            }
        )
    marks: dict[str, dict[str, Any]] = {}

    def mark(key: str, label: str, clause: dict[str, Any]) -> None:
        found = marks.setdefault(key, {"clause": key, "met": True, "label": label, "clash": False})
        found["met"] = found["met"] and clause["met"]
        found["clash"] = found["clash"] or clause["clause"] in together

    for clause in audit.clauses:
        path = clause["clause"]
        # The upper half of "exactly" has a path of its own.
        base, _, bound = path.removesuffix("/most").rpartition("/")
        section = _SECTIONS.get(path.split("/")[0])
        amount = bound in _AMOUNTS and clause["needed"] is not None and not base.endswith("/choose")
        if section is None or not amount or clause["measure"] not in ("credits", "units", "hours", "points"):
            unit = _unit(path)
            if unit and not clause["met"]:
                mark(path, f"{telling.place(path)}: unit {unit} is lacking", clause)
            elif unit:
                known = marks.get(f"{base}/all")
                number = 1 + (known["units"] if known else 0)
                mark(f"{base}/all", "", clause)
                marks[f"{base}/all"] |= {
                    "units": number,
                    "label": f"{telling.place(path)}: {count(number, 'unit')} in place",
                }
            elif not (path.startswith("allocation/") and clause["met"]):
                base = base if base.endswith("/choose") else path
                mark(base, clause["sentence"] or path, clause)
            continue
        if section == "Places":
            label = telling.place(base)
        elif section == "All together":
            label = "All that counts"
        else:
            label = _label(telling, base)
        key = base if clause["measure"] == audit.measure else f"{base}|{clause['measure']}"
        found = row(key, section, label[:1].upper() + label[1:], clause["measure"])
        found["have"] = _number(clause["have"])
        found["clauses"].append(path)
        needed = _number(clause["needed"])
        if bound in ("min", "min_share", "exact"):
            found["least"] = needed
        if bound in ("max", "max_share", "exact"):
            found["most"] = needed
        found["clash"] = found["clash"] or path in together
    for found in rows.values():
        if found["have"] is None:
            sizes = [block["size"] or Fraction(0) for block in found["blocks"]]
            found["have"] = sum(sizes, Fraction(0))
    return {
        "kind": "stack",
        "title": audit.rule.title,
        "form": telling.form,
        "verdict": audit.verdict,
        "measure": audit.measure,
        "rows": _chosen(_in_order(rows, telling.writer._places)),
        "marks": list(marks.values()),
        "left": [_left_out(telling, items, one) for one in telling.kept_out()],
        "world": audit.world.hash,
    }  # fmt: skip


def _left_out(telling: Any, items: dict[str, Any], row: tuple[Any, ...]) -> dict[str, Any]:
    item = items.get(row[0], {})
    reason = telling.reason(row, paths=False)
    return {"item": row[0], "label": str(item.get("title") or row[0]), "reason": reason, "size": _size(item)}


def _size(item: dict[str, Any]) -> str:
    given = item.get("credits")
    return "" if given is None or isinstance(given, dict) else str(given)


def _label(telling: Any, path: str) -> str:
    group, _, name = path.partition("/")
    id, _, value = name.partition("[")
    found = ((telling.writer.rule.get(group) or {}).get(id)) or {}
    for prefix in telling._prefixes:
        kind, _, rest = prefix.partition("/")
        if kind and not found:
            found = (((telling.writer.rule.get(kind) or {}).get(rest.rstrip("/")) or {}).get(group) or {}).get(id) or {}
    title = str(found.get("title") or id.replace("-", " "))
    return f"{title} {value.rstrip(']')}" if value else title


def _in_order(rows: dict[str, dict[str, Any]], places: dict[str, Any]) -> list[dict[str, Any]]:
    """Places as the rule has them, parts below their whole."""
    order: dict[str, tuple[int, int]] = {}

    def walk(inside: str, depth: int) -> None:
        for id, place in places.items():
            if (place.get("inside") or "") == inside and id not in order:
                order[id] = (len(order), depth)
                walk(id, depth + 1)

    walk("", 0)
    for key, found in rows.items():
        name = key.removeprefix("places/").split("|")[0].split("[")[0]
        found["order"], found["depth"] = order.get(name, (len(order), 0)) if key.startswith("places/") else (0, 0)
    return sorted(rows.values(), key=lambda found: found["order"])


def _chosen(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Sections in order; of many periods of a pace only those that come nearest to their limit."""
    order = ("Places", "All together", "Minima over what counts", "Limits")
    pace = [row for row in rows if any(path.startswith("pace/") for path in row["clauses"])]
    kept = sorted(pace, key=lambda row: (not row["clash"], row["most"] - row["have"]))[:_MOST_PACE]
    shown = [row for row in rows if row not in pace or row in kept]
    return sorted(shown, key=lambda row: order.index(row["section"]))


# ---- drawing


def stack(audit: Any) -> Chart:
    """Draw an audit: blocks of items in the places they fill, minima and limits as lines, shortfalls hatched.

    For a verdict "unsatisfied" the clauses that cannot hold together are framed in red and marked "clash".

    Parameters
    ----------
    audit : Audit

    Returns
    -------
    Chart

    Examples
    --------
    >>> import qualgraph as qg
    >>> record = qg.Record([{"id": "a", "credits": 12}])
    >>> rule = qg.Rule({"id": "small", "title": "Small award", "total": {"min": 20}})
    >>> qg.load().audit(record, rule).plot()
    <Chart: Small award: not met>
    """
    data = stack_data(audit)
    verdict = _VERDICTS[data["verdict"]]
    title = f"{data['title']}{data['form']}: {verdict}"
    canvas = Canvas(_WIDTH)
    y = canvas.heading(title, _counted(audit))
    y = _legend(canvas, y, data)
    scales = _scales(data["rows"])
    section = ""
    for row in data["rows"]:
        if row["section"] != section:
            section = row["section"]
            y += 8
            canvas.text(0, y + 8, section, size=12, bold=True)
            canvas.line(0, y + 18, _WIDTH, y + 18, stroke=FAINT)
            y += 28
        y = _row(canvas, y, row, scales[row["measure"]])
    y = _marks(canvas, y, data["marks"])
    y = _left(canvas, y, data["left"])
    notes = ["A calculation from the rule and the record as given, not a decision."]
    lines = "Full line: minimum; dashed line: limit; hatched: lacking."
    if any(row["clash"] for row in data["rows"]) or any(mark["clash"] for mark in data["marks"]):
        lines += " Framed in red and marked clash: these clauses cannot hold together."
    notes += [lines, f"Facts version {data['world'][:12]}."]
    canvas.caption(y + 10, notes)
    description = f"{title}. " + " ".join(_words(row) for row in data["rows"])
    return Chart(canvas.specification(description), title=title, description=description, data=_plain(data))


def _counted(audit: Any) -> str:
    from ..stacking.why import amount_text

    telling = audit._telling()
    if telling.asks_no_amount:
        return str(telling.counted()[0])
    return f"{amount_text(audit.counted, audit.measure)} counted. Each block is one item; its length is what it counts."


def _plain(value: Any) -> Any:
    from ..display import exact_json

    return exact_json(value)


def _words(row: dict[str, Any]) -> str:
    bounds = []
    if row["least"] is not None:
        bounds.append(f"at least {fraction_text(row['least'])}")
    if row["most"] is not None and row["most"] != row["least"]:
        bounds.append(f"at most {fraction_text(row['most'])}")
    asked = f" of {' and '.join(bounds)}" if bounds else ""
    return f"{row['label']}: {fraction_text(row['have'])}{asked} {row['measure']}."


def _scales(rows: list[dict[str, Any]]) -> dict[str, float]:
    """Pixels per credit, unit, hour or point: the longest bar of each measure fills the room."""
    most: dict[str, float] = {}
    for row in rows:
        longest = max(float(value) for value in (row["have"], row["least"], row["most"], 1) if value is not None)
        most[row["measure"]] = max(most.get(row["measure"], 1.0), longest)
    return {measure: (_BARS - 24) / value for measure, value in most.items()}


def _legend(canvas: Canvas, y: float, data: dict[str, Any]) -> float:
    seen = list(dict.fromkeys(block["origin"] for row in data["rows"] for block in row["blocks"]))
    x = 0.0
    for name, colour in seen:
        canvas.box(x, y - 6, 14, 12, fill=colour, stroke=INK, line=0.6)
        canvas.text(x + 20, y, name, size=11, color=GREY)
        x += 36 + width(name, 11)
    return y + 14 if seen else y


def _row(canvas: Canvas, y: float, row: dict[str, Any], scale: float) -> float:
    shift = 14.0 * row["depth"]
    lines = wrap(row["label"], _LABEL - 16 - shift, 11.5, lines=2)
    canvas.lines(shift, y + (_HIGH - len(lines) * 15) / 2, lines, size=11.5)
    x = _LABEL
    have, least, most = float(row["have"]), row["least"], row["most"]
    if row["blocks"]:
        for block in row["blocks"]:
            size = float(block["size"] or 0) * scale
            name, colour = block["origin"]
            size_text = "" if block["size"] is None else fraction_text(block["size"])
            tip = {"item": f"{block['label']} ({block['item']})", "counts": size_text, "origin": name}
            canvas.box(x, y, max(size, 2), _HIGH, fill=colour, stroke=INK, line=0.6, tip=tip)
            label = fit(block["label"], size - 6, 9.5)
            # A letter and dots would say nothing; the pointer still tells which item it is.
            if label == block["label"] or len(label) > 4:
                canvas.text(x + 4, y + _HIGH / 2, label, size=9.5)
            x += size
        # Sub-places hold the rest of what counts here.
        if have * scale > x - _LABEL + 1:
            canvas.box(x, y, _LABEL + have * scale - x, _HIGH, fill=PALE, stroke=GREY, line=0.6)
    elif have:
        canvas.box(_LABEL, y + 5, have * scale, _HIGH - 10, fill="#dfe5ec", stroke=GREY, line=0.6)
    end = _LABEL + have * scale
    if least is not None:
        at = _LABEL + float(least) * scale
        if at > end + 0.5:
            canvas.box(end, y, at - end, _HIGH, stroke=VERMILLION if row["clash"] else GREY, line=1)
            canvas.hatch(end, y, at - end, _HIGH, stroke=VERMILLION if row["clash"] else GREY)
        canvas.line(at, y - 4, at, y + _HIGH + 4, stroke=INK, line=2, z=4)
    if most is not None and most != least:
        at = _LABEL + float(most) * scale
        canvas.line(at, y - 4, at, y + _HIGH + 4, stroke=INK, line=2, dash=(4, 3), z=4)
    if row["clash"]:
        canvas.box(-5, y - 6, _WIDTH + 10, _HIGH + 12, stroke=VERMILLION, line=2, z=3)
    figures = wrap(_figures(row), _FIGURES - 10, 10.5, lines=2)
    top = y + (_HIGH - len(figures) * 13.6) / 2
    canvas.lines(_WIDTH, top, figures, size=10.5, align="right", color=VERMILLION if row["clash"] else INK)
    return y + _HIGH + _GAP


def _figures(row: dict[str, Any]) -> str:
    said = fraction_text(row["have"])
    if row["least"] is not None and row["least"] == row["most"]:
        said += f" of exactly {fraction_text(row['least'])}"
    else:
        if row["least"] is not None:
            said += f" of at least {fraction_text(row['least'])}"
        if row["most"] is not None:
            said += f"{' and' if row['least'] is not None else ' of'} at most {fraction_text(row['most'])}"
    unit = "" if row["measure"] == "credits" else f" {row['measure']}"
    return said + unit + (" · clash" if row["clash"] else "")


def _marks(canvas: Canvas, y: float, marks: list[dict[str, Any]]) -> float:
    if not marks:
        return y
    y += 8
    canvas.text(0, y + 8, "Other clauses", size=12, bold=True)
    canvas.line(0, y + 18, _WIDTH, y + 18, stroke=FAINT)
    y += 28
    for mark in marks:
        word = "met" if mark["met"] else "not met"
        colour = VERMILLION if mark["clash"] else INK
        shape = "circle" if mark["met"] else "cross"
        canvas.mark(7, y + 8, shape, size=70, fill=GREEN if mark["met"] else VERMILLION, stroke=INK, line=0.8)
        canvas.text(20, y + 8, word, size=10.5, bold=not mark["met"], color=colour)
        y = canvas.lines(72, y + 1, wrap(mark["label"], _WIDTH - 74, 10.5, lines=2), size=10.5, color=colour) + 5
    return y


def _unit(path: str) -> str:
    found = re.search(r"all\[([^\]]*)\]$", path)
    return found.group(1) if found else ""


def _left(canvas: Canvas, y: float, left: list[dict[str, Any]]) -> float:
    if not left:
        return y
    y += 8
    canvas.text(0, y + 8, "Not counted", size=12, bold=True)
    canvas.line(0, y + 18, _WIDTH, y + 18, stroke=FAINT)
    y += 28
    for one in left:
        size = f", {one['size']}" if one["size"] else ""
        label = fit(f"{one['label']}{size}", _LABEL - 20, 10.5)
        canvas.box(0, y, _LABEL - 12, 18, fill="white", stroke=GREY, line=0.8, dash=(3, 2))
        canvas.text(5, y + 9, label, size=10.5, color=GREY)
        canvas.text(_LABEL, y + 9, fit(one["reason"], _BARS + _FIGURES - 4, 10.5), size=10.5, color=GREY)
        y += 24
    return y
