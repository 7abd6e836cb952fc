"""Frameworks side by side as ladders, through a reference framework."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..display import listing, mark
from ._canvas import BLUE, GREY, INK, PALE, SKY, VERMILLION, Canvas
from ._chart import Chart
from ._text import fit, width, wrap
from ._words import framework_card, in_use, named, places, stamp, stamp_words, strength_words, world_of

__all__ = ["ladder", "ladder_data"]

_RUNG, _GAP, _REFERENCE = 204.0, 124.0, 74.0
_PITCH = 28.0
_CODE = 34.0


# ---- what is drawn


def _types_by_level(framework: Any) -> dict[str, list[str]]:
    codes = [str(level.code) for level in framework.levels]
    found: dict[str, list[str]] = {code: [] for code in codes}
    for kind in framework.qualification_types:
        first, last = kind.level, kind.level
        if kind.level_range:
            first, last = kind.level_range[0], kind.level_range[-1]
        if first is None or str(first) not in found:
            continue
        start = codes.index(str(first))
        stop = codes.index(str(last)) if last is not None and str(last) in found else start
        for code in codes[start : stop + 1]:
            found[code].append(kind.name)
    return found


def _used(answer: Any) -> list[Any]:
    """Routes an answer rests on."""
    admitted = [route for route in answer.routes if str(route.status) == "alive"]
    if admitted:
        return admitted
    # Routes through other countries' frameworks are many and guarantee nothing: one for each level will do.
    first: dict[str, Any] = {}
    for route in answer.routes:
        if str(route.status) == "peer":
            for code in route.possible:
                first.setdefault(str(code), route)
    return list({id(route): route for route in first.values()}.values())


def _status(answer: Any) -> str:
    status = str(answer.status)
    if status in ("mapped", "conflict", "no_counterpart"):
        return status
    return "not_established"


def ladder_data(comparison: Any) -> dict[str, Any]:
    """What `ladder` draws, as plain values.

    Parameters
    ----------
    comparison : Comparison
        Answer of `world.compare(frameworks, reference=...)`.

    Returns
    -------
    dict
        ``reference`` (None where nothing links the frameworks) and ``frameworks`` (cards with their levels in
        rank order; each level of a framework has ``status``: "mapped", "conflict", "no_counterpart",
        "not_established" or, where nothing is compared, "itself"), ``links`` (one row per level and level
        opposite: ``complete``, ``evidence``, ``peer``), ``documents`` in order of
        first use, ``direct`` documents between the frameworks compared, ``pending`` relations, and the
        marks of the facts.
    """
    world = world_of(comparison)
    reference = None if comparison.reference is None else named(comparison.reference)
    compared = [one for one in map(named, comparison.frameworks) if one != reference]
    if not compared:
        # A framework beside itself is a ladder of its own.
        compared, reference = [str(reference)], None
    numbers: dict[str, int] = {}
    frameworks, links = [], []
    for identifier in compared:
        card = framework_card(world, identifier)
        types = _types_by_level(world.framework(identifier))
        used: dict[str, None] = {}
        levels = []
        answers = (
            [None] * len(card["levels"])
            if reference is None
            else world.map_framework(identifier, to=reference)
        )
        for code, answer in zip(card["levels"], answers, strict=True):
            if answer is None:
                levels.append(
                    {
                        "code": code,
                        "status": "not_established" if len(compared) > 1 else "itself",
                        "reason": "",
                        "types": types[code],
                        "bounds": [],
                    }
                )
                continue
            routes = _used(answer)
            for route in routes:
                used.update(dict.fromkeys(map(named, route.mappings)))
            status = _status(answer)
            levels.append(
                {
                    "code": code,
                    "status": status,
                    "reason": answer.reason or "",
                    "types": types[code],
                    "bounds": list(answer.bracket or ()) if status == "no_counterpart" else [],
                }
            )
            for target in answer.possible:
                supporting = [route for route in routes if target in route.possible]
                links.append(
                    {
                        "framework": identifier,
                        "level": code,
                        "opposite": str(target),
                        "complete": bool(answer.complete) and status == "mapped",
                        "evidence": "read" if any(str(r.evidence) == "read" for r in supporting) else "known",
                        "peer": all(str(route.status) == "peer" for route in supporting),
                        "conflict": status == "conflict",
                    }
                )
        for mapping in used:
            numbers.setdefault(mapping, len(numbers) + 1)
        frameworks.append(card | {"levels": levels, "documents": list(used)})
    together = {*compared, reference} - {None}
    return {
        "kind": "ladder",
        "reference": None
        if reference is None
        else framework_card(world, reference)
        | {
            "types": _types_by_level(world.framework(reference)),
            "compared": reference in map(named, comparison.frameworks),
        },
        "frameworks": frameworks,
        "links": links,
        "documents": [_document(world, mapping) | {"number": number} for mapping, number in numbers.items()],
        "direct": [
            _document(world, mapping.id)
            for mapping in world.mappings
            if {named(mapping.from_), named(mapping.to)} <= {*compared} and in_use(world, mapping)
        ],
        "pending": [
            {"from": record["from"], "to": record["to"], "state": record.get("state") or "planned"}
            for record in world.records("pending")
            if record.get("from") in together and record.get("to") in together
        ],
        **stamp(world),
    }


def _document(world: Any, mapping: str) -> dict[str, Any]:
    fact = world.mapping(mapping)
    return {
        "mapping": mapping,
        "from": named(fact.from_),
        "to": named(fact.to),
        "title": fact.document,
        "kind": str(fact.kind).replace("_", "-"),
        "year": fact.year,
        "strength": str(fact.strength),
        "evidence": str(fact.evidence),
    }


def _cite(document: dict[str, Any]) -> str:
    year = document["year"] or "year unknown"
    return (
        f"{document['title']} ({document['from']} to {document['to']}, {document['kind']}, {year}; "
        f"{strength_words(document['strength'])}; {mark(document['evidence'])})"
    )


# ---- where it is drawn


class _Heights:
    """Vertical place of every level: the reference sets bands, and levels stand in the band they face.

    A level with no level opposite stands between the bands of its neighbours, in a gap made for it.
    """

    def __init__(self, data: dict[str, Any], top: float) -> None:
        codes = data["reference"]["levels"] if data["reference"] else []
        self.index = {code: position for position, code in enumerate(codes)}
        targets: dict[tuple[str, str], list[int]] = {}
        for link in data["links"]:
            targets.setdefault((link["framework"], link["level"]), []).append(self.index[link["opposite"]])
        slots = {one["id"]: self._slots(one, targets) for one in data["frameworks"]}
        places_needed: dict[tuple[str, int], int] = {}
        for assigned in slots.values():
            for slot in set(assigned):
                places_needed[slot] = max(places_needed.get(slot, 0), assigned.count(slot))
        longest = max([len(one["levels"]) for one in data["frameworks"]] + [len(codes)])
        needed = {k: max(1, places_needed.get(("band", k), 0)) * _PITCH + 8 for k in range(len(codes))}
        gaps = {k: places_needed.get(("gap", k), 0) * _PITCH for k in range(len(codes) + 1)}
        gaps = {k: height + 9 if height else 5 for k, height in gaps.items()}
        missing = longest * _PITCH - sum(needed.values()) - sum(gaps.values())
        if not codes:
            gaps[0] = longest * _PITCH
        elif missing > 0:
            needed = {k: height + missing / len(codes) for k, height in needed.items()}
        self.spans: dict[tuple[str, int], tuple[float, float]] = {}
        y = top
        for k in range(len(codes), -1, -1):
            self.spans["gap", k] = (y, y + gaps[k])
            y += gaps[k]
            if k:
                self.spans["band", k - 1] = (y, y + needed[k - 1])
                y += needed[k - 1]
        self.top, self.bottom = top, y
        self.rungs: dict[tuple[str, str], float] = {}
        for one in data["frameworks"]:
            self._place(one, slots[one["id"]], targets)

    @staticmethod
    def _slots(one: dict[str, Any], targets: dict[tuple[str, str], list[int]]) -> list[tuple[str, int]]:
        faced = [sorted(targets.get((one["id"], level["code"]), ())) for level in one["levels"]]
        if not any(faced):
            return []
        slots: list[tuple[str, int]] = []
        at = -1
        for position, opposite in enumerate(faced):
            if opposite:
                at = max(at, opposite[(len(opposite) - 1) // 2])
                slots.append(("band", at))
                continue
            following = next(
                (max(at, later[(len(later) - 1) // 2]) for later in faced[position + 1 :] if later), None
            )
            slots.append(("band", at) if at >= 0 and following == at else ("gap", at + 1))
        return slots

    def _place(
        self, one: dict[str, Any], slots: list[tuple[str, int]], targets: dict[tuple[str, str], list[int]]
    ) -> None:
        levels = one["levels"]
        if not slots:
            # Close together and centred: no rung may seem to face a band.
            step = _PITCH - 3
            bottom = (self.top + self.bottom + len(levels) * step) / 2
            for position, level in enumerate(levels):
                self.rungs[one["id"], level["code"]] = bottom - (position + 0.5) * step
            return
        for position, (level, slot) in enumerate(zip(levels, slots, strict=True)):
            y1, y2 = self.spans[slot]
            before = slots[:position].count(slot)
            share = (y2 - y1) / slots.count(slot)
            self.rungs[one["id"], level["code"]] = y2 - (before + 0.5) * share
        # A level that faces several stands between them, where its neighbours leave room.
        for position, level in enumerate(levels):
            faced = targets.get((one["id"], level["code"]), [])
            if len(faced) < 2:
                continue
            wanted = sum(sum(self.spans["band", k]) / 2 for k in faced) / len(faced)
            near = [
                self.rungs[one["id"], levels[other]["code"]]
                for other in (position - 1, position + 1)
                if 0 <= other < len(levels)
            ]
            if all(abs(wanted - y) >= _PITCH - 3 for y in near):
                self.rungs[one["id"], level["code"]] = wanted


def _bow(x1: float, y1: float, x2: float, y2: float) -> Iterator[tuple[float, float]]:
    """A smooth step from one point to another, level at both ends."""
    for number in range(13):
        t = number / 12
        yield x1 + (x2 - x1) * t, y1 + (y2 - y1) * (3 * t * t - 2 * t * t * t)


def ladder(comparison: Any) -> Chart:
    """Draw frameworks side by side as ladders of levels, through a reference framework.

    Levels stand in the band of the reference level they face. A solid line is a complete answer, one that
    supports "at least"; a dashed line an incomplete one; a light line with a ring rests on a row that is
    only known. A level a document leaves without counterpart is hatched, one about which nothing was seen
    is hollow with a question mark.

    Parameters
    ----------
    comparison : Comparison
        Answer of `world.compare(frameworks, reference=...)`, or the dictionary `ladder_data` makes of it.

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
    >>> plot.ladder(qg.load().compare(["nz-nzqcf", "ie-nfq"], reference="eqf"))
    <Chart: New Zealand and Ireland side by side, through the EQF>
    """
    data = comparison if isinstance(comparison, dict) else ladder_data(comparison)
    frameworks, reference = data["frameworks"], data["reference"]
    between = places(reference) if reference else ""
    linked = {link["framework"] for link in data["links"]}
    # A reference that is compared itself shows its awards, as the others do.
    room = _RUNG if reference and reference["compared"] else _REFERENCE
    columns: list[tuple[str, Any, float]] = []
    x = 0.0
    for position, one in enumerate(frameworks):
        columns.append(("framework", one, x))
        x += _RUNG + _GAP
        if reference and (position + 1 < len(frameworks) or len(frameworks) == 1):
            columns.append(("reference", None, x))
            x += room + _GAP
    canvas = Canvas(max(x - _GAP, 760))
    # A narrow picture stands in the middle of its title.
    columns = [(what, one, left + (canvas.width - x + _GAP) / 2) for what, one, left in columns]
    title = _title(data)
    y = canvas.heading(title, _subtitle(data, between, linked))
    y = _legend(canvas, y, data) + 12
    top = y + 92
    heights = _Heights(data, top)
    edges = (
        columns[0][2] - 12,
        columns[-1][2] + (_RUNG if columns[-1][0] == "framework" else room) + 12,
    )
    for what, one, left in columns:
        if what == "reference":
            _reference_column(canvas, left, room, heights, reference, top)
        else:
            _framework_column(canvas, left, heights, one, top, one["id"] in linked, between, edges)
    for position, (what, one, left) in enumerate(columns):
        if what != "framework":
            continue
        # Without a reference, what stands between two frameworks is said once.
        for side in (-1, 1) if reference else (1,):
            if 0 <= position + side < len(columns):
                _between(canvas, data, heights, one, left, side, top, one["id"] in linked, between)
    notes = [f"[{document['number']}] {_cite(document)}" for document in data["documents"]]
    for one in frameworks:
        if reference and one["id"] not in linked:
            notes.append(
                f"No document in use maps {one['id']} to {reference['id']}: not established."
            )
    notes += [
        f"In preparation, table not seen: {p['from']} to {p['to']} ({p['state']})." for p in data["pending"]
    ]
    if data["direct"]:
        listed = "; ".join(_cite(document) for document in data["direct"])
        notes.append(
            f"Direct documents exist as well and may say more than the way through {between}: {listed}."
        )
    if any(len(level["types"]) > 1 for one in frameworks for level in one["levels"]):
        notes.append("After an award title, “+2” means two more titles at that level; the facts list them.")
    canvas.caption(heights.bottom + 16, [*notes, stamp_words(data)])
    return Chart(
        canvas.specification(_description(data, title)),
        title=title,
        description=_description(data, title),
        data=data,
    )


def _title(data: dict[str, Any]) -> str:
    shown = [*data["frameworks"], *([data["reference"]] if data["reference"] else [])]
    first = [places(one) for one in shown]
    # Two frameworks of one country are told apart by their ids.
    names = [
        name if first.count(name) == 1 else f"{name} ({one['id']})"
        for name, one in zip(first, shown, strict=True)
    ]
    if not data["reference"]:
        return f"The levels of {names[0]}" if len(names) == 1 else f"{listing(names)} side by side"
    between = names.pop()
    article = "the " if data["reference"]["kind"] == "regional" else ""
    if len(names) == 1:
        return f"{names[0]} beside {article}{between}"
    return f"{listing(names)} side by side, through {article}{between}"


def _subtitle(data: dict[str, Any], between: str, linked: set[str]) -> str:
    if not linked:
        alone = len(data["frameworks"]) == 1
        if alone and not between:
            return "One framework by itself; nothing is compared."
        what = "this framework" if alone else "any of these frameworks" if between else "these frameworks"
        what += f" to {between}" if between else " to each other"
        return (
            f"No document in use ties {what}. Each ladder stands for itself; "
            "nothing follows from its height, and equal numbers prove nothing."
        )
    reference = f"the {between}" if data["reference"]["kind"] == "regional" else data["reference"]["id"]
    text = (
        f"Levels in one grey band stand opposite the same level of {reference}, by the documents below. "
        "Equal numbers prove nothing."
    )
    if len({(link["framework"], link["level"]) for link in data["links"]}) < len(data["links"]):
        text += " Where a line forks, each of its ends is possible."
    if any(level["status"] != "mapped" for one in data["frameworks"] for level in one["levels"]):
        text += " A level without a line stands between its neighbours; its height says nothing more."
    return text


def _description(data: dict[str, Any], title: str) -> str:
    """The picture in words."""
    sentences = [f"{title}."]
    for one in data["frameworks"]:
        parts = []
        for level in one["levels"]:
            opposite = [
                link["opposite"]
                for link in data["links"]
                if (link["framework"], link["level"]) == (one["id"], level["code"])
            ]
            if opposite:
                parts.append(f"{level['code']}: {' or '.join(opposite)}")
            else:
                parts.append(f"{level['code']}: {level['status'].replace('_', ' ')}")
        opposite_on = f" and those opposite on {data['reference']['id']}" if data["reference"] else ""
        sentences.append(f"Levels of {one['id']}{opposite_on}: {'; '.join(parts)}.")
    return " ".join([*sentences, stamp_words(data)])


def _style(link: dict[str, Any]) -> dict[str, Any]:
    if link["conflict"]:
        return {"stroke": VERMILLION, "line": 2.0, "dash": (7, 3, 2, 3)}
    light = link["evidence"] != "read"
    style: dict[str, Any] = {"stroke": SKY if light else BLUE, "line": 2.4}
    if link["peer"]:
        style |= {"line": 1.4, "dash": (2, 3)}
    elif not link["complete"]:
        style |= {"line": 2.0, "dash": (7, 4)}
    return style


def _legend(canvas: Canvas, y: float, data: dict[str, Any]) -> float:
    """Only what occurs in this picture, so that nobody looks for what is not there."""
    statuses = {level["status"] for one in data["frameworks"] for level in one["levels"]}
    links = data["links"]
    items: list[tuple[str, str]] = []
    if any(link["complete"] for link in links):
        items.append(("solid", "complete: supports “at least this level”"))
    if any(not link["complete"] and not link["peer"] and not link["conflict"] for link in links):
        items.append(("dashed", "incomplete: possible, no guarantee"))
    if any(link["peer"] for link in links):
        items.append(("peer", "through another country’s framework: no guarantee"))
    if any(link["evidence"] != "read" for link in links):
        items.append(("known", "row known only, not read in a text"))
    if any(link["conflict"] for link in links):
        items.append(("conflict", "documents disagree"))
    if "no_counterpart" in statuses:
        items.append(("no_counterpart", "no counterpart: a document says so"))
    if "not_established" in statuses:
        items.append(("not_established", "not established: no document seen"))
    x = 0.0
    for kind, text in items:
        wide = 46 + width(text, 11) + 26
        if x and x + wide - 26 > canvas.width:
            x, y = 0.0, y + 22
        middle = y + 9
        if kind == "no_counterpart":
            _no_counterpart_box(canvas, x, middle - 8, 36, 16)
        elif kind == "not_established":
            canvas.box(x, middle - 8, 36, 16, fill="white", stroke=GREY, dash=(3, 3), radius=3)
            canvas.text(x + 18, middle, "?", bold=True, color=GREY, align="center")
        else:
            link = {
                "conflict": kind == "conflict",
                "evidence": "known" if kind == "known" else "read",
                "peer": kind == "peer",
                "complete": kind in ("solid", "known"),
            }
            canvas.line(x, middle, x + 38, middle, **_style(link))
            if kind == "known":
                canvas.mark(x + 19, middle, "circle", size=55, stroke=SKY, line=2)
            if kind == "conflict":
                canvas.mark(x + 19, middle, "cross", size=70, fill=VERMILLION, stroke="white", line=0.8)
        canvas.text(x + 46, middle, text)
        x += wide
    return y + 22


def _no_counterpart_box(
    canvas: Canvas, x: float, y: float, w: float, h: float, tip: dict[str, Any] | None = None
) -> None:
    canvas.box(x, y, w, h, fill="white", stroke=INK, radius=3, tip=tip)
    canvas.hatch(x, y, w, h, stroke="#8a8a8a", gap=7)


def _header(canvas: Canvas, left: float, room: float, top: float, card: dict[str, Any]) -> None:
    first = fit(places(card), room, 14, bold=True)
    middle, y = left + room / 2, top - 82
    canvas.text(middle, y, first, size=14, bold=True, align="center")
    if first.lower() != card["id"]:
        canvas.text(middle, y + 16, card["id"], size=11, color=BLUE, align="center")
        y += 15
    canvas.lines(
        middle,
        y + 10,
        wrap(card["name"], room, 10.5, lines=2),
        size=10.5,
        lead=1.24,
        color=GREY,
        align="center",
    )


def _reference_column(
    canvas: Canvas, left: float, room: float, heights: _Heights, card: dict[str, Any], top: float
) -> None:
    _header(canvas, left - 58, room + 116, top, card)
    code_room = _code_room(card["levels"])
    for code, position in heights.index.items():
        y1, y2 = heights.spans["band", position]
        middle = (y1 + y2) / 2
        canvas.box(left, y1 + 1, room, y2 - y1 - 2, fill="#dfe4ea", stroke=GREY, radius=3, z=3)
        if not card["compared"]:
            shown = fit(code, room - 6, 14, bold=True)
            canvas.text(left + room / 2, middle, shown, size=14, bold=True, align="center")
            continue
        canvas.text(left + code_room / 2, middle, code, size=14, bold=True, align="center")
        names = _awards(card["types"][code], room - code_room - 8)
        if names:
            canvas.text(left + code_room, middle, names, size=10.5, color="#333333")


def _framework_column(
    canvas: Canvas,
    left: float,
    heights: _Heights,
    one: dict[str, Any],
    top: float,
    linked: bool,
    between: str,
    edges: tuple[float, float],
) -> None:
    first, last = edges
    _header(canvas, left, _RUNG, top, one)
    if linked:
        start, stop = max(left - _GAP, first), min(left + _RUNG + _GAP, last)
        for position in heights.index.values():
            y1, y2 = heights.spans["band", position]
            canvas.box(start, y1 + 1, stop - start, y2 - y1 - 2, fill=PALE, z=0)
    code = _code_room([level["code"] for level in one["levels"]])
    for level in one["levels"]:
        y = heights.rungs[one["id"], level["code"]] - (_PITCH - 6) / 2
        why = f": {level['reason']}" if level["reason"] else ""
        if level["bounds"]:
            low, high = level["bounds"]
            ends = f"between {low or 'the bottom'} and {high or 'the top'}"
            why += f" (by its neighbours {ends}; a bound, no counterpart)"
        tip = {
            "Level": f"{one['id']}:{level['code']}",
            "Awards": "; ".join(level["types"]) or "none listed in these facts",
            "Status": {
                "mapped": f"stands opposite {between} levels",
                "conflict": "documents disagree",
                "no_counterpart": "no counterpart" + why,
                "not_established": "not established" + why,
                "itself": "one framework by itself, nothing is compared",
            }[level["status"]],
        }
        height = _PITCH - 6
        if level["status"] == "no_counterpart":
            _no_counterpart_box(canvas, left, y, _RUNG, height, tip)
        elif level["status"] == "not_established":
            canvas.box(left, y, _RUNG, height, fill="white", stroke=GREY, dash=(3, 3), radius=3, tip=tip, z=2)
        else:
            canvas.box(left, y, _RUNG, height, fill="white", stroke=INK, radius=3, tip=tip, z=2)
        middle = y + height / 2
        hatched = level["status"] == "no_counterpart"
        if hatched:
            wide = width(level["code"], 13, bold=True) + 8
            canvas.box(left + code / 2 - wide / 2, middle - 8, wide, 16, fill="white", z=4)
        canvas.text(left + code / 2, middle, level["code"], size=13, bold=True, align="center")
        names = _awards(level["types"], _RUNG - code - 8)
        if names:
            if hatched:
                canvas.box(left + code - 2, middle - 8, width(names, 10.5) + 4, 16, fill="white", z=4)
            canvas.text(left + code, middle, names, size=10.5, color="#333333")


def _code_room(codes: list[str]) -> float:
    """Width of the left part of a rung, which holds the level code."""
    return max([_CODE, *(width(code, 13, bold=True) + 14 for code in codes)])


def _awards(names: list[str], room: float) -> str:
    """As many award titles as find room, and how many more there are."""
    if not names:
        return ""
    for shown in range(len(names), 0, -1):
        rest = f" +{len(names) - shown}" if shown < len(names) else ""
        text = ", ".join(names[:shown]) + rest
        if width(text, 10.5) <= room:
            return text
    rest = f" +{len(names) - 1}" if len(names) > 1 else ""
    return fit(names[0], room - width(rest, 10.5), 10.5) + rest


def _numbers(numbers: list[int]) -> str:
    """``[1]–[3] [5]``."""
    runs: list[list[int]] = []
    for number in sorted(numbers):
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return " ".join(f"[{low}]" if low == high else f"[{low}]–[{high}]" for low, high in runs)


def _between(
    canvas: Canvas,
    data: dict[str, Any],
    heights: _Heights,
    one: dict[str, Any],
    left: float,
    side: int,
    top: float,
    linked: bool,
    between: str,
) -> None:
    """What stands between a framework and the reference column on one side of it."""
    start = left if side < 0 else left + _RUNG
    stop = start + side * _GAP
    middle = (start + stop) / 2
    if not linked:
        goal = f"to {between}" if between else "between them"
        lines = wrap(f"No document {goal} in use: not established", _GAP - 36, 11)
        height = 44 + len(lines) * 14.3
        y = (heights.top + heights.bottom - height) / 2
        canvas.box(
            middle - _GAP / 2 + 12,
            y,
            _GAP - 24,
            height,
            fill="white",
            stroke=GREY,
            dash=(3, 3),
            radius=4,
            z=2,
        )
        canvas.mark(middle, y + 18, "circle", size=220, stroke=GREY, line=1.4)
        canvas.text(middle, y + 18, "?", size=13, bold=True, color=GREY, align="center")
        canvas.lines(middle, y + 35, lines, size=11, align="center")
        return
    used = [document for document in data["documents"] if document["mapping"] in one["documents"]]
    if len(used) == 1:
        words = f"[{used[0]['number']}] {used[0]['kind']} {used[0]['year'] or '(no year)'}"
    else:
        words = "documents " + _numbers([document["number"] for document in used])
    canvas.text(middle, top - 12, fit(words, _GAP - 4, 10.5), size=10.5, align="center", color=INK)
    for level in one["levels"]:
        y = heights.rungs[one["id"], level["code"]]
        if level["status"] == "no_counterpart":
            canvas.line(start, y, start + side * 12, y, stroke=INK, line=1.6)
            canvas.line(start + side * 12, y - 6, start + side * 12, y + 6, stroke=INK, line=2)
            canvas.text(
                start + side * 18,
                y,
                "no counterpart",
                size=11,
                italic=True,
                align="left" if side > 0 else "right",
            )
        elif level["status"] == "not_established":
            canvas.line(start, y, start + side * 12, y, stroke=GREY, line=1.4, dash=(2, 3))
            canvas.text(
                start + side * 18,
                y,
                "? not established",
                size=11,
                color=GREY,
                align="left" if side > 0 else "right",
            )
    for link in data["links"]:
        if link["framework"] != one["id"]:
            continue
        y = heights.rungs[one["id"], link["level"]]
        y1, y2 = heights.spans["band", heights.index[link["opposite"]]]
        end = min(max(y, y1 + 7), y2 - 7)
        tip = {
            "Level": f"{one['id']}:{link['level']}",
            "Opposite": f"{data['reference']['id']}:{link['opposite']}",
            "Answer": "complete"
            if link["complete"]
            else "documents disagree"
            if link["conflict"]
            else "incomplete",
            "Evidence": mark(link["evidence"]),
        }
        style = _style(link)
        if abs(end - y) < 0.5:
            canvas.line(start, y, stop, y, tip=tip, **style)
        else:
            canvas.curve(_bow(start, y, stop, end), tip=tip, **style)
        if link["evidence"] != "read":
            canvas.mark(middle, (y + end) / 2, "circle", size=55, stroke=SKY, line=2, tip=tip)
        if link["conflict"]:
            canvas.mark(
                middle, (y + end) / 2, "cross", size=70, fill=VERMILLION, stroke="white", line=0.8, tip=tip
            )
