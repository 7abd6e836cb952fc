"""The world of facts for other tools: a graph as GraphML, tables as CSV."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .explore import _facts as f

if TYPE_CHECKING:
    import os
    from pathlib import Path

    from .world import World

__all__ = ["to_csv", "to_graphml"]

# Attributes of nodes and edges in GraphML, with their types there.
_NODE = {
    "name": "string", "jurisdiction": "string", "kind": "string", "hub": "boolean", "status": "string",
    "since": "int", "authority": "string", "levels": "int", "level_codes": "string",
    "levels_evidence": "string",
    "qualification_types": "int", "credit_system": "string",
}  # fmt: skip
_EDGE = {
    "document_id": "string", "document": "string", "kind": "string", "year": "int", "status": "string",
    "strength": "string", "join": "boolean", "evidence": "string", "rows": "int", "rows_read": "int",
    "rows_known": "int", "pairs": "string", "unmatched": "string", "complete": "boolean",
    "usable_for_recognition": "boolean",
}  # fmt: skip
_GRAPH = {"world": "string", "as_of": "string", "evidence": "string"}


def to_graphml(world: World, path: str | os.PathLike[str]) -> Path:
    """Write the referencing graph as GraphML: frameworks are nodes, mappings are edges.

    Several mappings between two frameworks (editions, drafts, tables not endorsed) are parallel
    edges, told apart by ``status`` and ``year``; the id of an edge is the id of its mapping. What the
    facts leave open has no attribute. The hash of the facts is an attribute of the graph.

    Parameters
    ----------
    world : World
        The facts.
    path : path
        File to write; an existing one is replaced.

    Returns
    -------
    pathlib.Path
        The file.

    Raises
    ------
    OSError
        If the file cannot be written.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> import qualgraph as qg
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = qg.load().to_graphml(pathlib.Path(folder) / "world.graphml")
    ...     file.read_text(encoding="utf-8").count("<node ")
    162
    """
    from pathlib import Path
    from xml.etree import ElementTree as Xml

    root = Xml.Element("graphml", {"xmlns": "http://graphml.graphdrawing.org/xmlns"})
    for domain, attributes in (("graph", _GRAPH), ("node", _NODE), ("edge", _EDGE)):
        for name, kind in attributes.items():
            key = {"id": f"{domain}_{name}", "for": domain, "attr.name": name, "attr.type": kind}
            Xml.SubElement(root, "key", key)
    graph = Xml.SubElement(root, "graph", {"id": "qualgraph", "edgedefault": "directed"})

    def data(parent: Xml.Element, domain: str, values: dict[str, Any]) -> None:
        for name, value in values.items():
            if value is not None:
                text = str(value).lower() if isinstance(value, bool) else str(value)
                Xml.SubElement(parent, "data", {"key": f"{domain}_{name}"}).text = _xml_text(text)

    data(graph, "graph", {"world": world.hash, "as_of": world.as_of_text, "evidence": world.evidence})
    for one in f.all_facts(world.frameworks):
        node = Xml.SubElement(graph, "node", {"id": _xml_text(one["id"])})
        values = {name: one.get(name) for name in _NODE}
        values["levels"] = len(one.get("levels") or ())
        values["level_codes"] = " ".join(level["code"].replace(" ", "_") for level in one.get("levels") or ())
        values["qualification_types"] = len(one.get("qualification_types") or ())
        data(node, "node", values)
    for one in f.all_facts(world.mappings):
        ends = {"id": one["id"], "source": one["from"], "target": one["to"]}
        edge = Xml.SubElement(graph, "edge", {name: _xml_text(value) for name, value in ends.items()})
        read, known = f.row_counts(one)
        values = {name: one.get(name) for name in _EDGE}
        values |= {
            "evidence": one.get("pairs_evidence"),
            "rows": read + known,
            "rows_read": read,
            "rows_known": known,
            "pairs": "; ".join(f"{row.from_} > {row.to}" for row in f.rows(one)),
            "unmatched": "; ".join(entry["level"] for entry in one.get("unmatched") or ()) or None,
            "complete": one.get("pairs_complete"),
        }
        data(edge, "edge", values)
    tree = Xml.ElementTree(root)
    Xml.indent(tree)
    file = Path(path)
    tree.write(file, encoding="utf-8", xml_declaration=True)
    return file


def _xml_text(text: str) -> str:
    """Text without the characters XML 1.0 has no place for."""
    return "".join(
        letter
        for letter in text
        if letter in "\t\n\r"
        or "\x20" <= letter <= "\ud7ff"
        or "\ue000" <= letter <= "\ufffd"
        or letter > "\uffff"
    )


def to_csv(world: World, folder: str | os.PathLike[str]) -> list[Path]:
    """Write the facts as tables that open in a spreadsheet: seven CSV files.

    The files are UTF-8 with a byte order mark, comma-separated, with CRLF line ends (RFC 4180). The
    mark is there because Excel reads a CSV file without it in the code page of the machine, which
    spoils names such as "TYÇ"; pandas reads it with ``encoding="utf-8-sig"``. A text that begins with
    ``=``, ``+``, ``-`` or ``@`` gets an apostrophe in front, so that no spreadsheet runs it as a
    formula. Excel turns level codes such as ``10.1`` into numbers when it opens a CSV file: import
    the code columns as text, or use ``to_excel`` of the tables.

    Parameters
    ----------
    world : World
        The facts.
    folder : path
        Folder to write to; made if it does not exist. Files of the same names are replaced.

    Returns
    -------
    list of pathlib.Path
        ``frameworks.csv``, ``levels.csv``, ``qualification_types.csv``, ``mappings.csv``, ``rows.csv``
        (one line per row of a mapping, and per level said to be unmatched or unresolved),
        ``credit_systems.csv`` and ``sources.csv``.

    Raises
    ------
    OSError
        If a file cannot be written.

    Examples
    --------
    >>> import tempfile
    >>> import qualgraph as qg
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     files = qg.load().to_csv(folder)
    >>> [file.name for file in files][:3]
    ['frameworks.csv', 'levels.csv', 'qualification_types.csv']
    """
    import csv
    from pathlib import Path

    place = Path(folder)
    place.mkdir(parents=True, exist_ok=True)
    written = []
    for name, (columns, lines) in _tables(world).items():
        file = place / f"{name}.csv"
        with file.open("w", encoding="utf-8-sig", newline="") as out:
            writer = csv.writer(out)
            writer.writerow(columns)
            writer.writerows([_cell(line.get(column)) for column in columns] for line in lines)
        written.append(file)
    return written


def _cell(value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (list, tuple)):
        value = "; ".join(str(one) for one in value)
    if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r"):
        return "'" + value
    return value


def _tables(world: World) -> dict[str, tuple[list[str], list[dict[str, Any]]]]:
    frameworks = f.all_facts(world.frameworks)
    mappings = f.all_facts(world.mappings)
    systems = f.all_facts(world.credit_systems)
    tables: dict[str, tuple[list[str], list[dict[str, Any]]]] = {}
    tables["frameworks"] = (
        ["id", "name", "jurisdiction", "kind", "hub", "status", "since", "authority", "levels_evidence",
         "qualification_types_evidence", "credit_system", "aliases", "notes"],
        frameworks,
    )  # fmt: skip
    tables["levels"] = (
        ["level", "framework", "code", "rank", "label", "parallel", "parent"],
        [
            {"level": f"{one['id']}:{level['code']}", "framework": one["id"], **level}
            for one in frameworks
            for level in one.get("levels") or ()
        ],
    )
    kinds = []
    for one in frameworks:
        for kind in one.get("qualification_types") or ():
            ends = kind.get("level_range") or [kind.get("level"), kind.get("level_max") or kind.get("level")]
            line = {
                "framework": one["id"],
                "name": kind["name"],
                "level": ends[0],
                "level_max": ends[-1],
                "evidence": f.type_evidence(one, kind),
                "credits_evidence": kind.get("credits_evidence"),
                "note": kind.get("note"),
            }
            for field in ("credits", "hours", "years"):
                bounds = kind.get(field) or {}
                line |= {f"{field}_min": bounds.get("min"), f"{field}_max": bounds.get("max")}
            line["credit_system"] = (kind.get("credits") or {}).get("system")
            kinds.append(line)
    tables["qualification_types"] = (
        ["framework", "name", "level", "level_max", "credits_min", "credits_max", "credit_system",
         "hours_min",
         "hours_max", "years_min", "years_max", "evidence", "credits_evidence", "note"],
        kinds,
    )  # fmt: skip
    heads = []
    rows = []
    for one in mappings:
        read, known = f.row_counts(one)
        heads.append({**one, "rows_read": read, "rows_known": known})
        reasons = {
            (multi["from"], to): multi["type"] for multi in one.get("multi") or () for to in multi["to"]
        }
        notes = {(entry["from"], entry["to"]): entry.get("note") for entry in one.get("partial") or ()}
        for row in f.rows(one):
            pair = (row.from_, row.to)
            rows.append(
                {
                    "mapping": one["id"],
                    "from_framework": one["from"],
                    "from": row.from_,
                    "to_framework": one["to"],
                    "to": row.to,
                    "says": "overlap only" if row.partial else "stands opposite",
                    "several": reasons.get(pair),
                    "evidence": row.evidence,
                    "note": notes.get(pair),
                }
            )
        ends = {"mapping": one["id"], "from_framework": one["from"], "to_framework": one["to"]}
        for side, field in (("from", "unmatched"), ("to", "unmatched_to")):
            for entry in one.get(field) or ():
                rows.append(
                    {**ends, side: entry["level"], "says": "no counterpart", "note": entry.get("reason")}
                )
        for entry in one.get("unresolved") or ():
            rows.append(
                {**ends, entry["side"]: entry["level"], "says": "nothing seen", "note": entry.get("note")}
            )
    tables["mappings"] = (
        ["id", "document_id", "document", "from", "to", "kind", "year", "status", "strength", "join", "fit",
         "pairs_evidence", "pairs_complete", "rows_read", "rows_known", "usable_for_recognition",
         "valid_from",
         "valid_until", "derived_from", "notes"],
        heads,
    )  # fmt: skip
    tables["rows"] = (
        ["mapping", "from_framework", "from", "to_framework", "to", "says", "several", "evidence", "note"],
        rows,
    )
    sized = []
    for one in systems:
        hours = one.get("hours_per_credit") or {}
        sized.append({**one, "hours_min": hours.get("min"), "hours_max": hours.get("max")})
    tables["credit_systems"] = (
        ["id", "name", "jurisdiction", "hours_min", "hours_max", "credits_per_year", "contact_only",
         "alias_of",
         "basis", "evidence", "notes"],
        sized,
    )  # fmt: skip
    groups = (
        ("framework", frameworks),
        ("mapping", mappings),
        ("credit system", systems),
        ("micro-credential policy", f.all_facts(world.microcredential_policies)),
        ("RPL policy", f.all_facts(world.rpl_policies)),
        ("credit transfer policy", f.all_facts(world.credit_transfer_policies)),
    )
    tables["sources"] = (
        ["fact", "kind", "title", "publisher", "year", "url", "evidence"],
        [
            {"fact": one["id"], "kind": kind, **source}
            for kind, facts in groups
            for one in facts
            for source in one.get("sources") or ()
        ],
    )
    return tables
