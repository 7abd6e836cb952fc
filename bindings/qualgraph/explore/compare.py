"""How do several frameworks look side by side, level by level?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..answers import TabularResult
from ..errors import InvalidValue
from ..names import jurisdiction_name
from ..table import Table
from . import _facts as f

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..world import World

__all__ = ["Comparison", "compare"]

_NOT_ESTABLISHED = "not established"


class Comparison(TabularResult):
    """Frameworks side by side; the answer of :func:`compare`.

    Attributes
    ----------
    frameworks : tuple of str
        Ids, in the order asked.
    reference : str or None
        Framework whose levels the others are placed on; None when nothing links them.
    table : Table
        The ladder: one row per level of the reference, the highest first, and one column per
        framework with the levels placed there; empty cells are gaps. Without reference, one row
        per level of each framework in its own order, and nothing is aligned.
    levels : Table
        One row per level: ``level``, ``framework``, ``code``, ``label``, ``types``, ``on`` (list of
        levels of the reference), ``status``, ``complete``, ``evidence``, ``reason``.
    types : Table
        One row per qualification type: ``where``, ``framework``, ``level``, ``name``, ``credits``,
        ``evidence``.
    links : Table
        One row per framework: how it is linked to the reference, by which documents; and where it
        is not, which relations are pending. Then the direct documents between the frameworks.
    remarks : tuple of str
        What a reader must know: links not established, the choice of the reference.
    """

    def __init__(self, world: World, **parts: Any) -> None:
        self._bind(world)
        self.frameworks: tuple[str, ...] = parts["frameworks"]
        self.reference: str | None = parts["reference"]
        self._table: Table = parts["table"]
        self.levels: Table = parts["levels"]
        self.types: Table = parts["types"]
        self.links: Table = parts["links"]
        self.remarks: tuple[str, ...] = parts["remarks"]
        self._names: dict[str, str] = parts["names"]
        self._credits: dict[str, str | None] = parts["credits"]
        self._sources: list[f.Fact] = parts["sources"]

    def __repr__(self) -> str:
        through = f" on {self.reference}" if self.reference else ", nothing aligned"
        return f"<Comparison {', '.join(self.frameworks)}{through}>"

    @property
    def linked(self) -> tuple[str, ...]:
        """Frameworks whose levels are placed on the reference."""
        first = list(self.links)[: len(self.frameworks)]
        return tuple(row["from"] for row in first if row["status"] == "established")

    def _sentence(self) -> str:
        names = f.listing(self.frameworks)
        if self.reference is None:
            return f"{names} side by side. No document links them: their levels are not aligned."
        loose = [one for one in self.frameworks if one not in self.linked]
        text = f"{names} side by side, levels placed on {self.reference}"
        if not self.linked:
            return f"{text}: not established for any of them."
        return text + (f"; not established for {f.listing(loose)}." if loose else ".")

    def __str__(self) -> str:
        return "\n".join([self._sentence(), *self.remarks])

    def plot(self, **options: Any) -> Any:
        """Ladder chart of the frameworks; see :func:`qualgraph.plot.ladder`.

        Raises
        ------
        ImportError
            If Altair is not installed.
        """
        from ..plot import ladder

        return ladder(self, **options)

    def _html_body(self) -> str:
        from html import escape

        notes = "".join(f"<li>{escape(remark)}</li>" for remark in self.remarks)
        return (f"<ul>{notes}</ul>" if notes else "") + self._ladder_html() + self._links_html()

    def _links_html(self) -> str:
        from ..display import html_table

        columns = {name: self.links.column(name) for name in self.links.column_names}
        return html_table(columns, title=self.links.title, caption=self.links.caption, drop_empty=True)

    def _ladder_html(self) -> str:
        """The ladder as a table: gaps are hatched, unplaced levels stand below, unlinked frameworks apart."""
        from html import escape

        cell = "border:1px solid rgba(128,128,128,.55);padding:.3em .6em;vertical-align:top;text-align:left"
        gap = cell + (
            ";background:repeating-linear-gradient(45deg,transparent 0 6px,rgba(128,128,128,.22) 6px 8px)"
        )
        rows = list(self.levels)
        reference = self.reference or ""

        def shown(row: dict[str, Any]) -> str:
            label = f" {row['label']}" if row["label"] else ""
            also = row["on"]
            notes = [f"on {' or '.join(also)}"] if len(also) > 1 else []
            if row["status"] == "mapped" and not row["complete"]:
                notes.append("overlap or open, no guarantee")
            if row["status"] == "conflict":
                notes.append("documents contradict each other")
            if row["evidence"] == "known" and also:
                notes.append("known only")
            note = f" <small>({escape('; '.join(notes))})</small>" if notes else ""
            kinds = f"<br><small>{escape('; '.join(row['types']))}</small>" if row["types"] else ""
            return f"<div><b>{escape(row['code'])}</b>{escape(label)}{note}{kinds}</div>"

        out = ['<table style="border-collapse:collapse;margin:.6em 0"><thead><tr>']
        if self.reference is not None:
            out.append(f'<th style="{cell}">{escape(self.reference)}</th>')
        for one in self.frameworks:
            credit = self._credits.get(one)
            extra = f"<br><small>credits: {escape(credit)}</small>" if credit else ""
            out.append(
                f'<th style="{cell}">{escape(one)}<br><small>{escape(self._names[one])}</small>{extra}</th>'
            )
        out.append("</tr></thead><tbody>")
        bands = list(self.table) if self.reference is not None else []
        loose = [one for one in self.frameworks if one not in self.linked]
        for number, band in enumerate(bands):
            out.append(f'<tr><th style="{cell}">{escape(str(band[reference]))}</th>')
            for one in self.frameworks:
                if one in loose:
                    if number == 0:
                        own = [row for row in reversed(rows) if row["framework"] == one]
                        inner = "".join(shown(row) for row in own)
                        out.append(
                            f'<td rowspan="{len(bands)}" style="{gap}"><i>{_NOT_ESTABLISHED}: levels in '
                            f"their own order, not placed on {escape(reference)}</i>{inner}</td>"
                        )
                    continue
                here = [
                    row for row in reversed(rows) if row["framework"] == one and band[reference] in row["on"]
                ]
                inner = "".join(shown(row) for row in here)
                out.append(f'<td style="{cell if here else gap}">{inner or "&nbsp;"}</td>')
            out.append("</tr>")
        unplaced = {
            one: [row for row in reversed(rows) if row["framework"] == one and not row["on"]]
            for one in self.frameworks
            if self.reference is None or one not in loose
        }
        if any(unplaced.values()):
            out.append("<tr>")
            if self.reference is not None:
                out.append(f'<th style="{cell}">without a place</th>')
            for one in self.frameworks:
                inner = ""
                for row in unplaced.get(one, []):
                    why = f" <small>{escape(row['reason'])}</small>" if row["reason"] else ""
                    inner += shown(row) + why
                out.append(f'<td style="{cell}">{inner}</td>')
            out.append("</tr>")
        out.append("</tbody></table>")
        return "".join(out)

    def to_html(self) -> str:
        """A whole HTML page with the ladder, the links and the sources, readable without a network."""
        from html import escape

        sources = "".join(f"<li>{escape(_source_text(source))}</li>" for source in self._sources)
        title = "Comparison: " + ", ".join(self.frameworks)
        return (
            '<!doctype html><html lang="en"><head><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width,initial-scale=1">'
            f'<meta name="color-scheme" content="light dark"><title>{escape(title)}</title></head>'
            '<body style="font-family:system-ui,sans-serif;margin:1.5em;max-width:80em">'
            f"<h1>{escape(title)}</h1>{self._repr_html_()}<h2>Sources</h2><ul>{sources}</ul></body></html>"
        )

    def _payload(self) -> dict[str, Any]:
        return {
            "frameworks": list(self.frameworks),
            "reference": self.reference,
            "linked": list(self.linked),
            "ladder": list(self.table),
            "levels": list(self.levels),
            "qualification_types": list(self.types),
            "links": list(self.links),
            "remarks": list(self.remarks),
        }


def _source_text(source: f.Fact) -> str:
    parts = [str(source.get("title")), source.get("publisher"), source.get("year"), source.get("url")]
    return ", ".join(str(part) for part in parts if part) + f" ({f.mark(source.get('evidence'))})"


def compare(world: World, ids: Iterable[str], reference: str | None = None) -> Comparison:
    """Frameworks side by side: levels, qualification types and credits, aligned where documents align them.

    Parameters
    ----------
    world : World
        The facts.
    ids : iterable of str
        Two or more framework ids; a single one is placed on the reference.
    reference : str, optional
        Framework to align the levels on. Without it, the regional framework or member of ``ids``
        is taken on which most frameworks, then most levels, have a place; a remark names it.

    Returns
    -------
    Comparison
        A link that no document establishes is marked so, with the relations pending; levels are
        never aligned because their numbers are equal.

    Raises
    ------
    UnknownId
        If a framework is not in the facts.
    InvalidValue
        If no id is given, or one twice.

    Examples
    --------
    >>> import qualgraph as qg
    >>> world = qg.load()
    >>> side = world.compare(["nz-nzqcf", "ie-nfq"], reference="eqf")
    >>> side.table["6"]["ie-nfq"], side.table["6"]["nz-nzqcf"]
    (['8', '7'], ['7'])
    >>> world.compare(["ke-knqf", "za-nqf"], reference="acqf").linked
    ()
    """
    wanted = [ids] if isinstance(ids, str) else list(ids)
    if not wanted:
        raise InvalidValue("compare needs at least one framework id")
    if len(set(wanted)) < len(wanted):
        twice = next(one for one in wanted if wanted.count(one) > 1)
        raise InvalidValue(f'compare was given the framework "{twice}" twice')
    facts = {one: f.fact(world.framework(one)) for one in wanted}
    remarks: list[str] = []

    if reference is None:
        reference = _choose(world, wanted, facts)
        if reference is not None:
            remarks.append(
                f"No reference was named: {reference} is taken, on which most of these levels have a place."
            )
    reference_fact = None if reference is None else f.fact(world.framework(reference))
    answers: dict[str, list[Any]] = {}
    if reference is not None:
        for one in wanted:
            answers[one] = [] if one == reference else _answers(world, one, reference)

    levels = _level_table(wanted, facts, reference, answers)
    linked = {one for one in wanted if one == reference or any(_established(a) for a in answers.get(one, ()))}
    links, link_remarks = _link_table(world, wanted, reference, answers, linked)
    remarks += link_remarks
    if reference_fact is not None and not reference_fact.get("levels"):
        remarks.append(f"{reference} has no level list in these facts.")
    for one in wanted:
        if not facts[one].get("levels"):
            remarks.append(f"{one} has no level list in these facts.")

    documents = {document for row in links for document in row["documents"]}
    mappings = [m for m in f.all_facts(world.mappings) if (m.get("document_id") or m["id"]) in documents]
    pending = [record for one in wanted for record in f.pending_of(world, one)]
    return Comparison(
        world,
        frameworks=tuple(wanted),
        reference=reference,
        table=_ladder(wanted, facts, reference, reference_fact, levels, linked),
        levels=levels,
        types=_type_table(wanted, facts),
        links=links,
        remarks=tuple(dict.fromkeys(remarks)),
        names={one: facts[one]["name"] for one in wanted},
        credits={one: facts[one].get("credit_system") for one in wanted},
        sources=f.sources_of([*facts.values(), *mappings, *pending]),
    )


def _answers(world: World, one: str, reference: str) -> list[Any]:
    return list(world.map_framework(one, to=reference))


def _established(answer: Any) -> bool:
    return bool(answer.possible) or answer.status in ("no_counterpart", "conflict")


def _choose(world: World, wanted: list[str], facts: dict[str, f.Fact]) -> str | None:
    """The framework on which most of ``wanted``, then most levels, are placed; None without a link."""
    best: tuple[tuple[int, int, bool], str] | None = None
    hubs = [framework.id for framework in world.frameworks if framework.hub]
    for candidate in [*hubs, *(one for one in wanted if one not in hubs)]:
        linked, placed = 0, 0
        for one in wanted:
            if one == candidate:
                linked, placed = linked + 1, placed + len(facts[one].get("levels") or ())
                continue
            mapped = sum(bool(answer.possible) for answer in _answers(world, one, candidate))
            linked, placed = linked + bool(mapped), placed + mapped
        rank = (linked, placed, candidate in hubs)
        # A framework that only lies on itself says nothing about the others.
        worth = linked > (candidate in wanted)
        if worth and (best is None or rank > best[0]):
            best = (rank, candidate)
    return None if best is None else best[1]


def _types_at(fact: f.Fact, code: str) -> list[str]:
    named = []
    for kind in fact.get("qualification_types") or ():
        if code in f.codes_of_type(fact, kind):
            size = f.credits_text(kind.get("credits"))
            named.append(f"{kind['name']} ({size})" if size else kind["name"])
    return named


def _evidence(answer: Any) -> str | None:
    """Evidence of the best living route: read when every row it uses was read."""
    marks = [str(route.evidence) for route in answer.routes if str(route.status) in ("alive", "peer")]
    if not marks:
        return None
    return "read" if "read" in marks else marks[0]


def _level_table(
    wanted: list[str], facts: dict[str, f.Fact], reference: str | None, answers: dict[str, list[Any]]
) -> Table:
    columns: dict[str, list[Any]] = {
        name: []
        for name in (
            "level", "framework", "code", "label", "types", "on", "status", "complete", "evidence", "reason",
        )
    }  # fmt: skip
    for one in wanted:
        listed = facts[one].get("levels") or []
        given = answers.get(one) or [None] * len(listed)
        for level, answer in zip(listed, given, strict=True):
            row = {
                "level": f"{one}:{level['code']}",
                "framework": one,
                "code": level["code"],
                "label": level.get("label"),
                "types": _types_at(facts[one], level["code"]),
                "on": [],
                "status": _NOT_ESTABLISHED,
                "complete": False,
                "evidence": None,
                "reason": None,
            }
            if one == reference:
                row |= {"on": [level["code"]], "status": "mapped", "complete": True}
                row["evidence"] = facts[one].get("levels_evidence")
            elif answer is not None:
                row |= {
                    "on": list(answer.possible),
                    "status": _NOT_ESTABLISHED if answer.status == "no_route" else str(answer.status),
                    "complete": bool(answer.complete),
                    "evidence": _evidence(answer),
                    "reason": answer.reason or None,
                }
            for name, value in row.items():
                columns[name].append(value)
    return Table(columns, key="level", title="Levels side by side", caption=f"on: levels of {reference}")


def _type_table(wanted: list[str], facts: dict[str, f.Fact]) -> Table:
    columns: dict[str, list[Any]] = {
        name: [] for name in ("where", "framework", "level", "name", "credits", "evidence")
    }
    for one in wanted:
        for position, kind in enumerate(facts[one].get("qualification_types") or ()):
            columns["where"].append(f"{one}#/qualification_types/{position}")
            columns["framework"].append(one)
            columns["level"].append(f.level_of_type(kind))
            columns["name"].append(kind["name"])
            columns["credits"].append(f.credits_text(kind.get("credits")))
            columns["evidence"].append(f.type_evidence(facts[one], kind))
    return Table(columns, key="where", title="Qualification types", caption="")


def _link_table(
    world: World, wanted: list[str], reference: str | None, answers: dict[str, list[Any]], linked: set[str]
) -> tuple[Table, list[str]]:
    columns: dict[str, list[Any]] = {
        name: [] for name in ("link", "from", "to", "status", "documents", "evidence", "pending")
    }
    lists = ("documents", "pending")
    remarks: list[str] = []

    def add(link: str, **row: Any) -> None:
        for name in columns:
            columns[name].append(link if name == "link" else row.get(name, [] if name in lists else None))

    if reference is not None:
        for one in wanted:
            if one == reference:
                add(f"{one} > {reference}", **{"from": one}, to=reference, status="established")
                continue
            used = [
                route
                for a in answers[one]
                for route in a.routes
                if str(route.status) in ("alive", "peer", "dead")
            ]
            if one in linked:
                documents = dict.fromkeys(str(document) for route in used for document in route.documents)
                marks = {_evidence(answer) for answer in answers[one]} - {None}
                add(
                    f"{one} > {reference}",
                    **{"from": one},
                    to=reference,
                    status="established",
                    documents=list(documents),
                    evidence="mixed" if len(marks) > 1 else next(iter(marks), None),
                )
                continue
            pending = _pending_toward(world, one, reference)
            add(
                f"{one} > {reference}",
                **{"from": one},
                to=reference,
                status=_NOT_ESTABLISHED,
                pending=pending,
            )
            place = jurisdiction_name(world.framework(one).jurisdiction) or one
            remark = (
                f"{one} ({place}) on {reference}: {_NOT_ESTABLISHED}, no document or chain of documents "
                "places its levels."
            )
            remarks.append(
                remark
                + (f" Pending: {'; '.join(pending)}." if pending else " No relation is known to be pending.")
            )
    direct = [m for m in f.all_facts(world.mappings) if m["from"] in wanted and m["to"] in wanted]
    for mapping in direct:
        if reference in (mapping["from"], mapping["to"]) or mapping.get("status") != "current":
            continue
        add(
            mapping["id"],
            **{"from": mapping["from"]},
            to=mapping["to"],
            status="direct document",
            documents=[mapping.get("document_id") or mapping["id"]],
            evidence=mapping.get("pairs_evidence"),
        )
    if reference is None:
        for record in f.pending_of(world, *wanted):
            if record.get("from") in wanted and record.get("to") in wanted:
                remarks.append(f"Pending: {f.pending_text(record)}.")
    return Table(columns, key="link", title="Links between the frameworks", caption=""), remarks


def _pending_toward(world: World, one: str, reference: str) -> list[str]:
    """Relations pending between a framework and the reference, or on the way over one other framework."""
    records = world.records("pending")
    joined = {one: {one}, reference: {reference}}
    for mapping in world.mappings:
        if str(mapping.status) != "current":
            continue
        for end, reached in joined.items():
            if mapping.from_ == end:
                reached.add(str(mapping.to))
            elif mapping.to == end:
                reached.add(str(mapping.from_))
    toward, onward = [], []
    for record in records:
        ends = {record.get("from"), record.get("to")}
        text = f.pending_text(record)
        if ends == {one, reference}:
            toward.append(text)
        elif any(a in joined[one] and b in joined[reference] for a, b in _orders(ends)):
            onward.append(text)
    return toward + onward


def _orders(ends: set[Any]) -> list[tuple[Any, Any]]:
    if len(ends) != 2:
        return []
    a, b = ends
    return [(a, b), (b, a)]


def _ladder(
    wanted: list[str],
    facts: dict[str, f.Fact],
    reference: str | None,
    reference_fact: f.Fact | None,
    levels: Table,
    linked: set[str],
) -> Table:
    rows = list(levels)
    if reference is None or reference_fact is None:
        columns: dict[str, list[Any]] = {"step from the top": []}
        deep = max((len(facts[one].get("levels") or ()) for one in wanted), default=0)
        columns["step from the top"] = [str(step) for step in range(1, deep + 1)]
        for one in wanted:
            own = [level["code"] for level in reversed(facts[one].get("levels") or [])]
            columns[one] = own + [None] * (deep - len(own))
        return Table(
            columns,
            key="step from the top",
            title="Levels side by side, not aligned",
            caption="Each column in its own order; cells of one row are not counterparts.",
        )
    bands = [level["code"] for level in reversed(reference_fact.get("levels") or [])]
    columns = {reference: list(bands)}
    for one in wanted:
        if one == reference:
            continue
        if one not in linked:
            columns[one] = [_NOT_ESTABLISHED] * len(bands)
            continue
        cells: list[Any] = []
        for band in bands:
            cells.append([r["code"] for r in reversed(rows) if r["framework"] == one and band in r["on"]])
        columns[one] = cells
    unplaced = [
        f"{row['level']} ({row['reason'] or row['status']})"
        for row in rows
        if row["framework"] in linked and not row["on"]
    ]
    caption = f"Without a place on {reference}: {'; '.join(unplaced)}." if unplaced else ""
    return Table(columns, key=reference, title=f"Levels placed on {reference}", caption=caption)
