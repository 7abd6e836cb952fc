"""What is known of a framework: what was read, what is only known, what is pending, what is missing?"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any, overload

from ..answers import TabularResult
from ..names import jurisdiction_name
from ..table import Table
from . import _facts as f

if TYPE_CHECKING:
    from ..world import World

__all__ = ["Coverage", "CoverageOverview", "coverage"]


class Coverage(TabularResult):
    """What the facts hold about one framework.

    Attributes
    ----------
    framework : str
        Id of the framework.
    name, jurisdiction, status : str or None
        As the facts have them.
    levels : dict
        ``count``, ``codes`` in rank order and ``evidence`` of the list.
    qualification_types : dict
        ``count``, ``with_level``, ``with_credits`` and ``evidence``.
    credit_system : dict or None
        ``id``, ``name``, ``hours_per_credit``, ``credits_per_year`` and ``evidence``.
    mappings : Table
        One row per mapping to or from the framework: ``id``, ``direction`` (out or in), ``partner``,
        ``kind``, ``year``, ``status``, ``read`` and ``known`` (rows), ``unresolved`` (levels about
        which nothing was seen), ``document``.
    rows_read, rows_known : int
        Rows of all these mappings, by evidence.
    share_read : Fraction or None
        Rows read over all rows; None without any row.
    pending : list of dict
        Relations that exist or are planned, whose level table was not seen, with state and sources.
    policies : Table
        Policies on micro-credentials, recognition of prior learning and credit transfer that name
        this framework or its jurisdiction.
    missing : list of str
        What is not there, in plain words.
    """

    def __init__(self, world: World, **parts: Any) -> None:
        self._bind(world)
        self.framework: str = parts["framework"]
        self.name: str = parts["name"]
        self.jurisdiction: str | None = parts["jurisdiction"]
        self.status: str | None = parts["status"]
        self.levels: dict[str, Any] = parts["levels"]
        self.qualification_types: dict[str, Any] = parts["qualification_types"]
        self.credit_system: dict[str, Any] | None = parts["credit_system"]
        self.mappings: Table = parts["mappings"]
        self.rows_read: int = parts["rows_read"]
        self.rows_known: int = parts["rows_known"]
        self.pending: list[f.Fact] = parts["pending"]
        self.policies: Table = parts["policies"]
        self.missing: list[str] = parts["missing"]
        self._sources: list[f.Fact] = parts["sources"]

    @property
    def share_read(self) -> Fraction | None:
        """Rows read in a text over all rows."""
        rows = self.rows_read + self.rows_known
        return Fraction(self.rows_read, rows) if rows else None

    @property
    def table(self) -> Table:
        """The mappings."""
        return self.mappings

    def __repr__(self) -> str:
        return (
            f"<Coverage {self.framework}: {f.count(self.levels['count'], 'level')}, "
            f"{f.count(len(self.mappings), 'mapping')}, rows {self.rows_read} read {self.rows_known} known, "
            f"{len(self.pending)} pending>"
        )

    def _sentence(self) -> str:
        rows = self.rows_read + self.rows_known
        place = jurisdiction_name(self.jurisdiction) or self.jurisdiction
        levels = f.count(self.levels["count"], "level") if self.levels["count"] else "no level list"
        mark = f" ({f.mark(self.levels['evidence'])})" if self.levels["count"] else ""
        if len(self.mappings):
            mapped = f"{f.count(len(self.mappings), 'mapping')} with {f.count(rows, 'row')}"
            mapped += f", {self.rows_read} of them read in a text and {self.rows_known} known only"
        else:
            mapped = "no mapping published"
        return f"{self.name} ({self.framework}, {place}): {levels}{mark}; {mapped}."

    def _lines(self) -> list[str]:
        lines = []
        kinds = self.qualification_types
        if kinds["count"]:
            lines.append(
                f"Qualification types: {kinds['count']} ({f.mark(kinds['evidence'])}), {kinds['with_level']} "
                f"with a level, {kinds['with_credits']} with a size in credits."
            )
        if self.credit_system:
            lines.append(f"Credits: {_credit_text(self.credit_system)}.")
        for record in self.pending:
            said = f.listing(f'"{source["title"]}"' for source in record.get("sources") or ())
            lines.append(
                f"Pending: {f.pending_text(record)}. Level table not seen"
                + (f"; said in {said}." if said else ".")
            )
        for row in self.policies:
            lines.append(f"Policy on {row['kind']}: {row['id']} ({row['year'] or 'no year'}).")
        if self.missing:
            lines.append(f"Missing: {'; '.join(self.missing)}.")
        return lines

    def __str__(self) -> str:
        return "\n".join([self._sentence(), *self._lines()])

    def _html_body(self) -> str:
        from html import escape

        items = "".join(f"<li>{escape(line)}</li>" for line in self._lines())
        return f"<ul>{items}</ul>" + (self.mappings._repr_html_() if len(self.mappings) else "")

    def _payload(self) -> dict[str, Any]:
        share = self.share_read
        return {
            "framework": self.framework,
            "name": self.name,
            "jurisdiction": self.jurisdiction,
            "status": self.status,
            "levels": self.levels,
            "qualification_types": self.qualification_types,
            "credit_system": self.credit_system,
            "mappings": list(self.mappings),
            "rows_read": self.rows_read,
            "rows_known": self.rows_known,
            "share_read": None if share is None else str(share),
            "pending": self.pending,
            "policies": list(self.policies),
            "missing": self.missing,
        }


class CoverageOverview(TabularResult):
    """What the facts hold about every framework.

    Attributes
    ----------
    table : Table
        One row per framework: ``id``, ``name``, ``jurisdiction``, ``levels``, ``levels_evidence``,
        ``types``, ``credit_system``, ``mappings``, ``read``, ``known`` (rows) and ``pending``.
    rows_read, rows_known : int
        Rows of all mappings, rows that state an overlap only included.
    rows_partial : int
        How many of these rows state an overlap only and stand in no list of pairs.
    documents, mappings, pending : int
        Documents, mappings and pending relations in the facts.
    """

    def __init__(self, world: World, table: Table, totals: dict[str, int]) -> None:
        self._bind(world)
        self._sources: list[f.Fact] = []
        self._table = table
        self.documents = totals["documents"]
        self.mappings = totals["mappings"]
        self.rows_read = totals["read"]
        self.rows_known = totals["known"]
        self.rows_partial = totals["partial"]
        self.pending = totals["pending"]

    @property
    def share_read(self) -> Fraction | None:
        """Rows read in a text over all rows."""
        rows = self.rows_read + self.rows_known
        return Fraction(self.rows_read, rows) if rows else None

    def __len__(self) -> int:
        return len(self.table)

    def __repr__(self) -> str:
        return (
            f"<CoverageOverview: {f.count(len(self), 'framework')}, rows {self.rows_read} read "
            f"{self.rows_known} known, {self.pending} pending>"
        )

    def _sentence(self) -> str:
        without = sum(not row["levels"] for row in self.table)
        alone = sum(not row["mappings"] for row in self.table)
        return (
            f"{f.count(len(self), 'framework')} and {f.count(self.mappings, 'mapping')} from "
            f"{f.count(self.documents, 'document')}. Of {self.rows_read + self.rows_known} rows "
            f"({self.rows_partial} of them overlaps only), {self.rows_read} were read in a text and "
            f"{self.rows_known} are known only. "
            f"{f.count(self.pending, 'relation')} are pending: they exist or are planned, and no level table "
            f"was seen. {f.count(alone, 'framework')} have no mapping, {without} no level list."
        )

    def _html_body(self) -> str:
        return self.table._repr_html_()

    def _payload(self) -> dict[str, Any]:
        return {
            "frameworks": list(self.table),
            "documents": self.documents,
            "mappings": self.mappings,
            "rows_read": self.rows_read,
            "rows_known": self.rows_known,
            "rows_partial": self.rows_partial,
            "pending": self.pending,
        }


@overload
def coverage(world: World, framework: None = None) -> CoverageOverview: ...
@overload
def coverage(world: World, framework: str) -> Coverage: ...
def coverage(world: World, framework: str | None = None) -> Coverage | CoverageOverview:
    """What the facts hold about one framework, or about all of them.

    Parameters
    ----------
    world : World
        The facts.
    framework : str, optional
        Id of a framework. Without it every framework gets one line.

    Returns
    -------
    Coverage or CoverageOverview
        Levels, types, mappings and policies present, rows by evidence, relations pending, and what
        is missing.

    Raises
    ------
    UnknownId
        If no framework has this id.

    Examples
    --------
    >>> import qualgraph as qg
    >>> kenya = qg.load().coverage("ke-knqf")
    >>> kenya.levels["count"], len(kenya.mappings)
    (10, 0)
    >>> kenya.missing[0]
    'no mapping published: no level table to or from another framework was seen'
    """
    return _overview(world) if framework is None else _one(world, framework)


def _credit_text(system: f.Fact) -> str:
    parts = []
    hours = system.get("hours_per_credit")
    if hours:
        low, high = f.number(hours["min"]), f.number(hours["max"])
        kind = "class hours" if system.get("contact_only") else "hours"
        parts.append(f"{low if low == high else f'{low} to {high}'} {kind} per credit")
    if system.get("credits_per_year") is not None:
        parts.append(f"{f.number(system['credits_per_year'])} credits per full-time year")
    size = ", ".join(parts) or "size of a credit not stated"
    return f"{system['id']} ({size}; {f.mark(system.get('evidence'))})"


def _policies(world: World, framework: f.Fact) -> tuple[Table, list[f.Fact]]:
    kinds = {
        "micro-credentials": world.microcredential_policies,
        "recognition of prior learning": world.rpl_policies,
        "credit transfer": world.credit_transfer_policies,
    }
    columns: dict[str, list[Any]] = {"id": [], "kind": [], "framework": [], "jurisdiction": [], "year": []}
    found = []
    for kind, policies in kinds.items():
        for policy in f.all_facts(policies):
            of_place = (
                policy.get("jurisdiction") is not None and policy["jurisdiction"] == framework["jurisdiction"]
            )
            if policy.get("framework") == framework["id"] or of_place:
                found.append(policy)
                for column in columns:
                    columns[column].append(kind if column == "kind" else policy.get(column))
    return Table(columns, key="id", title=f"Policies: {framework['id']}", caption=""), found


def _one(world: World, framework: str) -> Coverage:
    fact = f.fact(world.framework(framework))
    levels = fact.get("levels") or []
    kinds = fact.get("qualification_types") or []
    missing: list[str] = []

    columns: dict[str, list[Any]] = {
        name: []
        for name in (
            "id",
            "direction",
            "partner",
            "kind",
            "year",
            "status",
            "read",
            "known",
            "unresolved",
            "document",
        )
    }
    mapped: list[f.Fact] = []
    for mapping in f.all_facts(world.mappings):
        if framework not in (mapping["from"], mapping["to"]):
            continue
        mapped.append(mapping)
        out = mapping["from"] == framework
        read, known = f.row_counts(mapping)
        row = {
            "id": mapping["id"],
            "direction": "out" if out else "in",
            "partner": mapping["to"] if out else mapping["from"],
            "kind": mapping.get("kind"),
            "year": mapping.get("year"),
            "status": mapping.get("status"),
            "read": read,
            "known": known,
            "unresolved": len(mapping.get("unresolved") or ()),
            "document": mapping.get("document"),
        }
        for name, value in row.items():
            columns[name].append(value)
    mappings = Table(columns, key="id", title=f"Mappings to and from {framework}", caption="")
    pending = f.pending_of(world, framework)
    policies, policy_facts = _policies(world, fact)

    system = None
    if fact.get("credit_system"):
        system = f.fact(world.credit_system(fact["credit_system"]))

    if not levels:
        missing.append("no level list was found")
    if not mapped:
        missing.append("no mapping published: no level table to or from another framework was seen")
    elif not any(m.get("status") == "current" for m in mapped):
        missing.append("no current mapping: every one is superseded, a draft or not endorsed")
    if not mapped and not pending:
        missing.append("no relation known to be pending")
    if mapped and not sum(columns["read"]):
        missing.append("no row was read in a text")
    unresolved = [c["id"] for c in mappings if c["unresolved"]]
    if unresolved:
        missing.append(f"levels about which nothing was seen in {f.listing(unresolved)}")
    if not kinds:
        missing.append("no qualification types listed")
    elif not any(kind.get("credits") for kind in kinds):
        missing.append("no qualification type states its credits")
    stated_number = fact.get("qualification_type_count")
    if stated_number and stated_number > len(kinds):
        missing.append(f"{len(kinds)} of {stated_number} qualification types listed")
    if system is None:
        missing.append("no credit system named")
    elif not system.get("hours_per_credit"):
        missing.append("hours per credit not stated")
    present = set(policies.column("kind"))
    for kind in ("micro-credentials", "recognition of prior learning", "credit transfer"):
        if kind not in present:
            missing.append(f"no policy on {kind} in these facts")

    keep = ("id", "name", "hours_per_credit", "credits_per_year", "contact_only", "evidence")
    return Coverage(
        world,
        framework=framework,
        name=fact["name"],
        jurisdiction=fact.get("jurisdiction"),
        status=fact.get("status"),
        levels={
            "count": len(levels),
            "codes": [level["code"] for level in levels],
            "evidence": fact.get("levels_evidence"),
        },
        qualification_types={
            "count": len(kinds),
            "with_level": sum(f.level_of_type(kind) is not None for kind in kinds),
            "with_credits": sum(bool(kind.get("credits")) for kind in kinds),
            "evidence": fact.get("qualification_types_evidence"),
        },
        credit_system=None if system is None else {name: system.get(name) for name in keep},
        mappings=mappings,
        rows_read=sum(columns["read"]),
        rows_known=sum(columns["known"]),
        pending=pending,
        policies=policies,
        missing=missing,
        sources=f.sources_of([fact, *mapped, *pending, *policy_facts]),
    )


def _overview(world: World) -> CoverageOverview:
    read: dict[str, int] = {}
    known: dict[str, int] = {}
    number: dict[str, int] = {}
    totals = {"documents": 0, "mappings": 0, "read": 0, "known": 0, "partial": 0}
    documents = set()
    for mapping in f.all_facts(world.mappings):
        rows_read, rows_known = f.row_counts(mapping)
        documents.add(mapping.get("document_id") or mapping["id"])
        totals["mappings"] += 1
        totals["read"] += rows_read
        totals["known"] += rows_known
        totals["partial"] += (
            rows_read + rows_known - len({tuple(pair) for pair in mapping.get("pairs") or ()})
        )
        for side in {mapping["from"], mapping["to"]}:
            read[side] = read.get(side, 0) + rows_read
            known[side] = known.get(side, 0) + rows_known
            number[side] = number.get(side, 0) + 1
    pending = world.records("pending")
    totals |= {"documents": len(documents), "pending": len(pending)}
    columns: dict[str, list[Any]] = {
        name: []
        for name in (
            "id", "name", "jurisdiction", "levels", "levels_evidence", "types", "credit_system", "mappings",
            "read", "known", "pending",
        )
    }  # fmt: skip
    for fact in f.all_facts(world.frameworks):
        one = fact["id"]
        row = {
            "id": one,
            "name": fact["name"],
            "jurisdiction": fact.get("jurisdiction"),
            "levels": len(fact.get("levels") or ()),
            "levels_evidence": fact.get("levels_evidence"),
            "types": len(fact.get("qualification_types") or ()),
            "credit_system": fact.get("credit_system"),
            "mappings": number.get(one, 0),
            "read": read.get(one, 0),
            "known": known.get(one, 0),
            "pending": sum(one in (record.get("from"), record.get("to")) for record in pending),
        }
        for name, value in row.items():
            columns[name].append(value)
    table = Table(columns, key="id", title="What the facts hold", caption="read, known: rows of mappings")
    return CoverageOverview(world, table, totals)
