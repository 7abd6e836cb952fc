"""What the form of a rule consists of: kinds of rows, their columns, and the sheets they stand on."""

from __future__ import annotations

__all__ = [
    "ALTERNATIVES",
    "COLUMNS",
    "EXCEPT",
    "GROUPS",
    "HEADS",
    "JSON",
    "KINDS",
    "ONE_SHEET",
    "SELECT",
    "SELECTOR",
    "SHEETS",
    "SOURCE",
    "group_path",
    "how_at",
    "kind_at",
]

#: What a cell begins with that holds JSON: what no word of the form says.
JSON = "json: "

#: ``@`` rows of the whole rule: where they go, and how the cell reads.
HEADS: dict[str, tuple[str, str]] = {
    **{name: (name, "text") for name in ("id", "title", "kind", "version", "status", "jurisdiction")},
    **{name: (name, "text") for name in ("framework", "level", "credit", "measure")},
    "awarding": ("awarding", "list"),
    "valid_from": ("valid/from", "text"),
    "valid_until": ("valid/until", "text"),
    "units_partial": ("units_partial", "truth"),
    "admits": ("admits", "always list"),
    "conversion_way": ("conversion/way", "text"),
    "conversion_rounding": ("conversion/rounding", "text"),
    "conversion_grain": ("conversion/grain", "exact"),
    "use": ("allocation/use", "text"),
    "items": ("allocation/items", "text"),
    "quantum": ("allocation/quantum", "exact"),
    "max_places": ("allocation/max_places", "exact"),
    "max_awards": ("allocation/max_awards", "exact"),
    "allocation_note": ("allocation/note", "text"),
    "used_elsewhere": ("reuse/used_elsewhere", "text"),
    "spends": ("reuse/spends", "truth"),
    "reuse_note": ("reuse/note", "text"),
    "notes": ("notes", "text"),
    "shapes": ("shapes", "always list"),
}

#: Columns that select items: key of the selector, part of it, and how the cell reads.
SELECT: dict[str, tuple[str, str, str]] = {
    "tag": ("tag", "", "list"),
    "unit": ("unit", "", "list"),
    "level_at_least": ("level", "at_least", "text"),
    "level_at_most": ("level", "at_most", "text"),
    "level_exactly": ("level", "exactly", "list"),
    "origin": ("origin", "", "list"),
    "provider": ("provider", "", "list"),
    "field": ("field", "", "list"),
    "mode": ("mode", "", "list"),
    "status": ("status", "", "list"),
    "grade_at_least": ("grade", "at_least", "text"),
    "grade_scale": ("grade", "scale", "text"),
    "quality_assured": ("quality_assured", "", "truth"),
    "assessed": ("assessed", "", "truth"),
    "used": ("used", "", "truth"),
    "used_for": ("used_for", "", "list"),
    "age_at_most": ("age", "at_most", "text"),
    "age_since": ("age", "since", "text"),
    "age_to": ("age", "to", "text"),
    "size_at_least": ("credits", "at_least", "number"),
    "size_exactly": ("credits", "exactly", "number"),
}
#: Columns that leave items out.
EXCEPT = {"not_tag": "tag", "not_unit": "unit", "not_origin": "origin", "not_mode": "mode"}
#: Columns of a source reference.
SOURCE = {"document": "document", "clause": "clause", "url": "url", "evidence": "evidence"}

_SHARE = "max_share:number base rounding grain:exact measure"
_BOUNDS = "min:number max:number exact:number measure"
_CLAUSE = "title note priority:exact when:condition @"
#: Columns by kind of row: ``name`` or ``name:how``, ``name=key:how`` where the rule language has
#: another word; ``@`` stands for the columns of a source reference.
_SPELT = {
    "total": f"{_BOUNDS} {_CLAUSE}",
    "place": f"inside from:selector {_BOUNDS} all:truth choose:choose for_each use {_CLAUSE}",
    "floor": "from:selector in:list min:number min_share:number base rounding grain:exact measure all:truth distinct "
    f"of_last:number over for_each {_CLAUSE}",
    "cap": f"from:selector in:list max:number {_SHARE} union:always_list effect for_each {_CLAUSE}",
    "gate": f"from:selector require:selector in:list {_CLAUSE}",
    "window": f"from:selector in:list span starts period {_CLAUSE}",
    "pace": f"from:selector per max:number measure {_CLAUSE}",
    "prerequisite": f"for:selector needs:condition timing via_rpl:truth {_CLAUSE}",
    "outcome": f"set:always_list all:truth min:number min_share:number per from:selector {_CLAUSE}",
    "requirement": f"what type=kind min:number measure needs:condition after:condition {_CLAUSE}",
    "average": f"from:selector in:list min:number scale weight ungraded repeats over rounding grain:exact {_CLAUSE}",
    "exclusion": f"sets:sets max:number in:list effect {_CLAUSE}",
    "overlap": f"between:always_list from:selector max:number {_SHARE} {_CLAUSE}",
    "limit": f"award:list from:selector max:number {_SHARE} {_CLAUSE}",
    "allocation": "use items quantum:exact max_places:exact max_awards:exact note @",
    "reuse": "used_elsewhere spends:truth note @",
    "substitution": f"replace:selector by:selector gives decided_by {_CLAUSE}",
    "waiver": f"path=clause to:to decided_by {_CLAUSE}",
    "classification": "take scale bands:bands rounding grain:exact note @",
    "method": "from:selector in:list best:number measure weight:exact note when:condition",
    "derives": "count_down:number place measure note @",
    "variant": "title level admits:always_list note when:condition @",
    "title": "title rank:exact level admits:always_list note when:condition @",
    "exit": "title award level admits:always_list note when:condition @",
    "reading": "title note @",
    "change": "path to:to",
    "case": "path when value:exact",
    "unit": "unit title level credits:exact hours:exact tag=tags:always_list note",
    "scale": "order:always_list points:points numeric:truth note",
    "parameter": "what type default:value choices:values note",
    "source": "title publisher year:exact url evidence",
    "informative": "what why",
}


def _spelt(text: str) -> dict[str, tuple[str, str]]:
    columns: dict[str, tuple[str, str]] = {}
    for one in text.split():
        if one == "@":
            columns |= {column: (f"source/{key}", "text") for column, key in SOURCE.items()}
            continue
        name, _, how = one.partition(":")
        column, _, key = name.partition("=")
        columns[column] = (key or column, how.replace("_", " ") or "text")
    return columns


#: Name of each column, key of the clause, and how the cell reads, by kind of row.
KINDS: dict[str, dict[str, tuple[str, str]]] = {kind: _spelt(text) for kind, text in _SPELT.items()}
#: Where clauses that have an id go, by kind of row.
GROUPS = {
    "place": "places",
    "floor": "floors",
    "cap": "caps",
    "gate": "eligibility",
    "window": "windows",
    "pace": "pace",
    "prerequisite": "prerequisites",
    "outcome": "outcomes",
    "requirement": "requirements",
    "average": "averages",
    "exclusion": "exclusions",
    "overlap": "allocation/overlap",
    "limit": "reuse/limits",
    "substitution": "substitutions",
    "waiver": "waivers",
}
#: What the columns of SELECT and EXCEPT describe, where not ``from``.
SELECTOR = {"gate": "require", "prerequisite": "for"}
SELECTOR |= dict.fromkeys(("place", "floor", "cap", "window", "pace", "outcome", "average"), "from")
SELECTOR |= dict.fromkeys(("overlap", "limit", "method"), "from")
#: Alternatives, and what else rows may belong to, by the first word of the column ``within``.
ALTERNATIVES = {"variant": "variants", "title": "titles", "exit": "exits", "reading": "readings"}
#: Sheets of a workbook, sections of a file or files of a folder, with the kinds of rows they hold.
SHEETS: dict[str, tuple[str, ...]] = {
    "rule": ("total", "allocation", "reuse", "classification", "derives"),
    "places": ("place",),
    "floors": ("floor",),
    "caps": ("cap",),
    "sharing": ("overlap", "exclusion", "limit"),
    "gates": ("gate", "window", "pace", "prerequisite"),
    "requirements": ("requirement", "outcome"),
    "grades": ("average", "method"),
    "alternatives": ("variant", "title", "exit"),
    "edits": ("substitution", "waiver"),
    "readings": ("reading", "change"),
    "cases": ("case",),
    "units": ("unit",),
    "scales": ("scale",),
    "parameters": ("parameter",),
    "sources": ("source",),
    "informative": ("informative",),
}
#: A rule of these alone stands on one sheet.
ONE_SHEET = ("total", "place", "floor", "cap", "gate", "requirement", "parameter", "source")
#: All columns in the order they are written.
COLUMNS = (
    "kind", "within", "id", "title", "inside", "from",
    *SELECT, *EXCEPT,
    "require", "for", "needs", "timing", "via_rpl", "replace", "by", "gives", "path", "to", "sets", "between",
    "award", "rank", "all", "choose", "for_each", "use", "items", "quantum", "max_places", "max_awards",
    "used_elsewhere", "spends", "in", "min", "max", "exact", "min_share", "max_share", "base", "rounding", "grain",
    "measure", "union", "effect", "distinct", "of_last", "over", "span", "starts", "period", "per", "set", "scale",
    "weight", "ungraded", "repeats", "take", "bands", "best", "count_down", "place", "what", "why", "after", "type",
    "default", "choices", "level", "admits", "credits", "hours", "order", "points", "numeric", "when", "value",
    "priority", "decided_by", "document", "clause", "publisher", "year", "url", "evidence", "note",
)  # fmt: skip


def group_path(kind: str) -> str:
    """Where the clauses of a kind are kept."""
    if kind in GROUPS:
        return GROUPS[kind]
    if kind in ("unit", "source", "scale", "parameter"):
        return f"{kind}s"
    return {"method": "classification/methods", "derives": "derives/level"}.get(kind, kind)


def _within(path: str) -> str:
    """The path inside its alternative, if it is in one."""
    steps = path.split("/")
    return "/".join(steps[2:]) if len(steps) > 2 and steps[0] in ("variants", "titles", "exits") else path


def kind_at(path: str) -> str | None:
    """The kind of row that a path of a whole clause names.

    Examples
    --------
    >>> kind_at("floors/exit-level"), kind_at("variants/long/total"), kind_at("caps/rpl/max")
    ('floor', 'total', None)
    """
    inner = _within(path)
    if inner in ("total", "allocation", "reuse", "classification"):
        return inner
    above = inner.rpartition("/")[0]
    return next((kind for kind, group in GROUPS.items() if group == above), None)


def how_at(path: str) -> str:
    """How the cell of a value at a path reads.

    Examples
    --------
    >>> how_at("caps/rpl/max_share"), how_at("floors/new/from"), how_at("level")
    ('number', 'selector', 'text')
    """
    above, _, key = path.rpartition("/")
    if above.rpartition("/")[2] == "source":
        return "text"
    kind = kind_at(above)
    if kind is None:
        inner = _within(path)
        head = next((how for place, how in HEADS.values() if place == inner), None)
        return head or ("list" if key == "exactly" else "value")
    return next((how for name, how in KINDS[kind].values() if name == key), "value")
