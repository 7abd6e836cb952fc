"""Which facts deserve a second look, why, and what would mend them?

Nothing here is an error of the engine: facts that cannot be used at all are refused by
:func:`qualgraph.load` with a :class:`qualgraph.FactError`. A finding says that a fact is doubtful,
thin, or easily misread.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple

from .answers import TabularResult
from .errors import Error, FactError, UnknownId
from .explore import _facts as f
from .explore.find import holders_by_abbreviation, titles_of
from .names import jurisdiction_name
from .table import Table

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterable, Iterator

    from .explore.find import Title
    from .world import World

__all__ = ["KINDS", "Finding", "Findings", "lint", "lint_folder"]

#: Kinds of finding, with the question each asks.
KINDS = {
    "fault": "a file that cannot be loaded",
    "crossing": "two rows of one document that cross",
    "order": "lowest or highest counterpart falls where the level rises",
    "silent": "a level about which a document says nothing",
    "contradiction": "a document said to be complete leaves levels open",
    "unsourced": "a fact without a source",
    "unread": "a fact marked read whose sources were not read",
    "known rows": "rows that are general knowledge, never seen in a text",
    "known sources": "a mapping whose sources are all known only",
    "credits": "hours, years and credits of a qualification type that do not fit together",
    "label trap": "one title at different levels",
    "abbreviation": "one abbreviation for several frameworks",
    "dates": "years and validity that leave a document undated or open",
    "edition": "a current mapping of a framework that has a successor",
    "split": "a level with several rows and no word on which of them holds",
    "disagreement": "documents that contradict each other",
}

_SEVERITIES = ("error", "doubt", "note")


class Finding(NamedTuple):
    """One doubtful fact.

    Attributes
    ----------
    kind : str
        A key of :data:`KINDS`.
    severity : str
        ``"error"``: contradicts itself or cannot be loaded; ``"doubt"``: likely wrong or unusable
        for some question; ``"note"``: right, but thin or easily misread.
    where : str
        Id of the fact, followed by ``#`` and the JSON pointer (RFC 6901) inside it.
    found : str
        What the facts say.
    why : str
        Why that is doubtful.
    mend : str
        What would settle it.
    file : str or None
        File of the fact, where a folder was checked.
    """

    kind: str
    severity: str
    where: str
    found: str
    why: str
    mend: str
    file: str | None = None

    def __str__(self) -> str:
        place = f"{self.file}: {self.where}" if self.file else self.where
        why = self.why[:1].upper() + self.why[1:]
        return f"{self.severity}: {self.kind}: {place}: {self.found}. {why}. Mend: {self.mend}."


class Findings(TabularResult):
    """Answer of :func:`lint`: a sequence of :class:`Finding`, errors first.

    Attributes
    ----------
    table : Table
        One row per finding: ``number``, ``severity``, ``kind``, ``where``, ``found``, ``why``,
        ``mend``, ``file``.
    """

    def __init__(self, world: World, findings: Iterable[Finding]) -> None:
        self._bind(world)
        self._sources: list[f.Fact] = []
        rank = {severity: position for position, severity in enumerate(_SEVERITIES)}
        kinds = {kind: position for position, kind in enumerate(KINDS)}
        self.findings: tuple[Finding, ...] = tuple(
            sorted(findings, key=lambda one: (rank[one.severity], kinds[one.kind], one.where, one.found))
        )

    def __len__(self) -> int:
        return len(self.findings)

    def __bool__(self) -> bool:
        return bool(self.findings)

    def __iter__(self) -> Iterator[Finding]:
        return iter(self.findings)

    def __getitem__(self, position: int) -> Finding:
        return self.findings[position]

    def of(self, *kinds: str) -> Findings:
        """Only the findings of these kinds.

        Raises
        ------
        UnknownId
            If a kind is not in :data:`KINDS`.
        """
        for kind in kinds:
            if kind not in KINDS:
                raise UnknownId(f'lint knows no kind "{kind}". Kinds: {", ".join(KINDS)}')
        return Findings(self._world, [one for one in self.findings if one.kind in kinds])

    def about(self, *ids: str) -> Findings:
        """Only the findings about facts with these ids."""
        return Findings(self._world, [one for one in self.findings if one.where.split("#")[0] in ids])

    @property
    def counts(self) -> dict[str, int]:
        """Findings per severity."""
        return {severity: sum(one.severity == severity for one in self.findings) for severity in _SEVERITIES}

    @property
    def table(self) -> Table:
        """The findings as a table."""
        columns: dict[str, list[Any]] = {"number": [str(n + 1) for n in range(len(self.findings))]}
        for name in ("severity", "kind", "where", "found", "why", "mend", "file"):
            columns[name] = [getattr(one, name) for one in self.findings]
        return Table(columns, key="number", title="Facts that deserve a second look", caption="")

    def __repr__(self) -> str:
        counts = self.counts
        return f"<Findings: {', '.join(f.count(counts[s], s) for s in _SEVERITIES)}>"

    def _sentence(self) -> str:
        if not self.findings:
            return "Nothing found that deserves a second look."
        counts = self.counts
        kinds: dict[str, int] = {}
        for one in self.findings:
            kinds[one.kind] = kinds.get(one.kind, 0) + 1
        listed = "; ".join(f"{kind} {number}" for kind, number in kinds.items())
        return (
            f"{f.count(len(self), 'finding')}: {f.listing(f.count(counts[s], s) for s in _SEVERITIES)}. "
            f"By kind: {listed}."
        )

    def _html_body(self) -> str:
        return self.table._repr_html_() if self.findings else ""

    def _payload(self) -> dict[str, Any]:
        return {"counts": self.counts, "findings": [one._asdict() for one in self.findings]}


def lint(world: World, *, composites: bool = True) -> Findings:
    """Go through all facts of a world and list what deserves a second look.

    Looks for crossing rows and broken order (see the Egli-Milner order), levels nobody says
    anything about, facts without source, rows only known, hours and years against credits, titles
    and abbreviations that mislead, gaps in dates, and documents that contradict each other.

    Parameters
    ----------
    world : World
        The facts.
    composites : bool, optional
        Whether the order is also checked on every pair of frameworks that chains of documents
        connect, not only on single documents.

    Returns
    -------
    Findings
        Each with its severity, the id and JSON pointer of the fact, what was found, why it is
        doubtful and what would mend it.

    Examples
    --------
    >>> import qualgraph as qg
    >>> findings = qg.load().lint()
    >>> [one.where for one in findings.of("dates") if one.where.startswith("nz-nzqcf>ae")]
    ['nz-nzqcf>ae-qfemirates@nd#/year']
    >>> len(findings.of("crossing"))
    0
    """
    frameworks = f.all_facts(world.frameworks)
    systems = {one["id"]: one for one in f.all_facts(world.credit_systems)}
    found: list[Finding] = []
    for one in frameworks:
        found += _framework(one, systems)
    by_id = {one["id"]: one for one in frameworks}
    for mapping in world.mappings:
        fact = f.fact(mapping)
        found += _order(mapping, fact)
        found += _mapping(fact, by_id)
    for one in systems.values():
        found += _sources(one, "credit system")
        found += _system(one)
    for policies in (world.microcredential_policies, world.rpl_policies, world.credit_transfer_policies):
        for one in f.all_facts(policies):
            found += _sources(one, "policy")
    for record in world.records("pending"):
        if not record.get("sources"):
            where = f"pending {record['from']} to {record['to']}#/sources"
            found.append(_unsourced(where, "this pending relation"))
    found += _labels(world, frameworks)
    found += _abbreviations(frameworks, by_id)
    found += _disagreements(world)
    if composites:
        found += _composites(world, {one.where.split("#")[0] for one in found if one.kind == "order"})
    return Findings(world, found)


# Frameworks and their qualification types ---------------------------------------------------------


def _unsourced(where: str, what: str) -> Finding:
    return Finding(
        "unsourced",
        "doubt",
        where,
        f"{what} names no source",
        "nobody can check it",
        "name the text it was taken from, or mark the fact known and say so in its notes",
    )


def _sources(fact: f.Fact, what: str, evidence: str | None = None) -> list[Finding]:
    sources = fact.get("sources") or []
    if not sources:
        return [_unsourced(f"{fact['id']}#/sources", f"this {what}")]
    mark = evidence or fact.get("evidence")
    if mark == "read" and not any(source.get("evidence") == "read" for source in sources):
        return [
            Finding(
                "unread",
                "doubt",
                f"{fact['id']}#/sources",
                f"this {what} is marked read, and none of its {f.count(len(sources), 'source')} is",
                "a fact cannot be read without a text that was read",
                "mark the source that was read, or the fact as known",
            )
        ]
    return []


def _framework(one: f.Fact, systems: dict[str, f.Fact]) -> list[Finding]:
    found = _sources(one, "framework", one.get("levels_evidence"))
    if not one.get("levels"):
        found.append(
            Finding(
                "silent",
                "note",
                f"{one['id']}#/levels",
                "no level list",
                "nothing can be mapped to or from it",
                "add the levels with the text that lists them",
            )
        )
    elif one.get("levels_evidence") in ("known", "unknown", None):
        found.append(
            Finding(
                "known rows",
                "note",
                f"{one['id']}#/levels",
                f"{f.count(len(one['levels']), 'level')}, {f.mark(one.get('levels_evidence'))}",
                "the level list was never seen in a text",
                "name a text that lists the levels",
            )
        )
    for position, kind in enumerate(one.get("qualification_types") or ()):
        found += _type(one, position, kind, systems)
    return found


def _ends(bounds: f.Fact | None) -> tuple[Fraction | None, Fraction | None]:
    if not bounds:
        return None, None
    low, high = bounds.get("min"), bounds.get("max")
    return (None if low is None else Fraction(str(low))), (None if high is None else Fraction(str(high)))


def _apart(a: tuple[Fraction | None, Fraction | None], b: tuple[Fraction | None, Fraction | None]) -> bool:
    """Whether two intervals, open where an end is None, have no number in common."""
    return (a[1] is not None and b[0] is not None and a[1] < b[0]) or (
        b[1] is not None and a[0] is not None and b[1] < a[0]
    )


def _span(ends: tuple[Fraction | None, Fraction | None]) -> str:
    low, high = ends
    if low is None:
        return f"up to {high}"
    if high is None:
        return f"{low} or more"
    return str(low) if low == high else f"{low} to {high}"


def _type(one: f.Fact, position: int, kind: f.Fact, systems: dict[str, f.Fact]) -> list[Finding]:
    where = f"{one['id']}#/qualification_types/{position}"
    found: list[Finding] = []
    size = kind.get("credits") or {}
    system = systems.get(size.get("system") or "")
    stated = _ends(size)
    if system is not None and stated != (None, None):
        hours, per_credit = _ends(kind.get("hours")), _ends(system.get("hours_per_credit"))
        if per_credit != (None, None) and hours != (None, None):
            implied = (
                None if stated[0] is None or per_credit[0] is None else stated[0] * per_credit[0],
                None if stated[1] is None or per_credit[1] is None else stated[1] * per_credit[1],
            )
            if _apart(hours, implied):
                found.append(
                    Finding(
                        "credits",
                        "error",
                        where,
                        f"{kind['name']}: {_span(hours)} hours, and {_span(stated)} {size['system']} which "
                        f"is {_span(implied)} hours",
                        "hours and credits cannot both hold",
                        "check which of the two the text states, and leave the other out",
                    )
                )
        years, per_year = _ends(kind.get("years")), system.get("credits_per_year")
        if per_year is not None and years != (None, None):
            load = Fraction(str(per_year))
            implied = (
                None if years[0] is None else years[0] * load,
                None if years[1] is None else years[1] * load,
            )
            if _apart(stated, implied):
                found.append(
                    Finding(
                        "credits",
                        "error",
                        where,
                        f"{kind['name']}: {_span(years)} years, which is {_span(implied)} {size['system']}, "
                        f"and {_span(stated)} {size['system']} stated",
                        "years and credits cannot both hold",
                        "check which of the two the text states; part-time years are no full years",
                    )
                )
    for field in ("credits", "hours", "years"):
        low, high = _ends(kind.get(field))
        if low is not None and high is not None and low > high:
            found.append(
                Finding(
                    "credits",
                    "error",
                    f"{where}/{field}",
                    f"{kind['name']}: at least {low} and at most {high} {field}",
                    "the minimum lies above the maximum",
                    "exchange or correct the two ends",
                )
            )
    return found


def _system(one: f.Fact) -> list[Finding]:
    hours, year = _ends(one.get("hours_per_credit")), one.get("credits_per_year")
    if one.get("contact_only") or year is None or hours[0] is None or hours[1] is None:
        return []
    load = Fraction(str(year))
    low, high = hours[0] * load, hours[1] * load
    # A full-time year of learning lies near 1,200 (Commonwealth) to 1,800 hours (ECTS); well
    # outside of that one of the two figures is likely of another kind.
    if high < 900 or low > 2400:
        return [
            Finding(
                "credits",
                "doubt",
                f"{one['id']}#/credits_per_year",
                f"{_span(hours)} hours per credit and {f.number(year)} credits per year make "
                f"{_span((low, high))} hours",
                "a full-time year of learning is commonly 1200 to 1800 hours",
                "check whether the hours are class hours, and the credits those of a full-time year",
            )
        ]
    return []


# Mappings -----------------------------------------------------------------------------------------


def _order(mapping: Any, fact: f.Fact) -> list[Finding]:
    found = []
    for crossing in mapping.crossings:
        low, high = crossing
        found.append(
            Finding(
                "crossing",
                "doubt",
                f"{fact['id']}#/pairs",
                f"{low[0]} stands opposite {low[1]}, and the higher {high[0]} opposite the lower {high[1]}",
                "the rows cross, so a higher level counts for less",
                "look both rows up in the document; if it does print them, say so in the notes",
            )
        )
    if not mapping.egli_milner:
        found.append(
            Finding(
                "order",
                "doubt",
                f"{fact['id']}#/pairs",
                "the lowest or the highest counterpart falls where the level rises",
                "a level minimum cannot be translated through this table with certainty",
                "look up the levels with several rows in the document",
            )
        )
    return found


def _mapping(fact: f.Fact, frameworks: dict[str, f.Fact]) -> list[Finding]:
    one = fact["id"]
    found = _sources(fact, "mapping", "read" if fact.get("pairs_evidence") == "read" else None)
    sources = fact.get("sources") or []
    if sources and not any(source.get("evidence") == "read" for source in sources):
        found.append(
            Finding(
                "known sources",
                "note",
                f"{one}#/sources",
                f"{f.count(len(sources), 'source')}, none of them read",
                "the whole table rests on general knowledge",
                "read one of the sources and mark the rows seen in it",
            )
        )
    read, known = f.row_counts(fact)
    if known:
        pointer = "pairs_known" if fact.get("pairs_evidence") == "mixed" else "pairs_evidence"
        found.append(
            Finding(
                "known rows",
                "note",
                f"{one}#/{pointer}",
                f"{known} of {f.count(read + known, 'row')} known only",
                'with evidence="read" these levels are silent',
                "find the rows in the document and mark them read",
            )
        )
    found += _silent(fact, frameworks.get(fact["from"]))
    for position, multi in enumerate(fact.get("multi") or ()):
        if multi.get("type") == "split" and not multi.get("when"):
            found.append(
                Finding(
                    "split",
                    "note",
                    f"{one}#/multi/{position}",
                    f"{fact['from']}:{multi['from']} is split over {f.listing(multi.get('to') or (), 'or')}",
                    "the award type decides, and the facts do not say which type goes where",
                    "add `when` with the award types, if the document names them",
                )
            )
    explained = {multi["from"] for multi in fact.get("multi") or ()}
    for level, targets in _targets(fact).items():
        if len(targets) > 1 and level not in explained:
            found.append(
                Finding(
                    "split",
                    "note",
                    f"{one}#/pairs",
                    f"{fact['from']}:{level} has rows to {f.listing(targets, 'and')}, and no line under multi",
                    "whether the level is broad, the award type decides or texts disagree is not stated",
                    "add a line under multi: span, split or range",
                )
            )
    found += _dates(fact, frameworks)
    return found


def _targets(fact: f.Fact) -> dict[str, list[str]]:
    """Target levels of every source level with a row, as the table lists them."""
    targets: dict[str, list[str]] = {}
    for source, target in fact.get("pairs") or ():
        targets.setdefault(source, []).append(target)
    return targets


def _silent(fact: f.Fact, source: f.Fact | None) -> list[Finding]:
    one = fact["id"]
    found = []
    open_levels = [entry["level"] for entry in fact.get("unresolved") or () if entry.get("side") == "from"]
    if open_levels:
        found.append(
            Finding(
                "silent",
                "doubt",
                f"{one}#/unresolved",
                f"{fact['from']} {f.count(len(open_levels), 'level')}: {', '.join(open_levels)}",
                "nothing was seen about them; they are answered as not established",
                "look for these levels in the document",
            )
        )
    if source is not None:
        said = {row.from_ for row in f.rows(fact)} | {entry["level"] for entry in fact.get("unmatched") or ()}
        silent = [
            level["code"]
            for level in source.get("levels") or ()
            if level["code"] not in said and level["code"] not in open_levels
        ]
        if silent and fact.get("pairs_complete"):
            found.append(
                Finding(
                    "contradiction",
                    "error",
                    f"{one}#/pairs_complete",
                    f"said to be complete, without a word on {fact['from']} {', '.join(silent)}",
                    "a complete table has a row or a reason for every level",
                    "add the rows, list the levels as unmatched with the reason, or set pairs_complete to "
                    "false",
                )
            )
        elif silent:
            found.append(
                Finding(
                    "silent",
                    "doubt",
                    f"{one}#/pairs",
                    f"no word on {fact['from']} {', '.join(silent)}",
                    "unmatched and not seen look the same here",
                    "list each level as unmatched with its reason, or as unresolved",
                )
            )
    if open_levels and fact.get("pairs_complete"):
        found.append(
            Finding(
                "contradiction",
                "error",
                f"{one}#/pairs_complete",
                "said to be complete, with levels unresolved",
                "the two exclude each other",
                "set pairs_complete to false",
            )
        )
    return found


def _dates(fact: f.Fact, frameworks: dict[str, f.Fact]) -> list[Finding]:
    one, year, status = fact["id"], fact.get("year"), fact.get("status")
    found = []
    if year is None and not fact.get("valid_from"):
        found.append(
            Finding(
                "dates",
                "note",
                f"{one}#/year",
                "no year",
                "the document answers only where no date is asked",
                "find the year of the document",
            )
        )
    until = fact.get("valid_until")
    if status == "superseded" and not until:
        found.append(
            Finding(
                "dates",
                "doubt",
                f"{one}#/valid_until",
                "superseded, and its end is not stated",
                "for later dates it is not known whether the document still held",
                "state from when its successor holds",
            )
        )
    if until and year is not None and str(until)[:4] < str(year):
        found.append(
            Finding(
                "dates",
                "error",
                f"{one}#/valid_until",
                f"ends {until}, and is of {year}",
                "a document cannot end before it begins",
                "correct year or valid_until",
            )
        )
    for side in ("from", "to"):
        framework = frameworks.get(fact[side], {})
        successor = framework.get("superseded_by")
        if successor and status == "current" and not fact.get("join"):
            found.append(
                Finding(
                    "edition",
                    "doubt",
                    f"{one}#/{side}",
                    f"current, though {fact[side]} was superseded by {successor}",
                    "the levels of the new edition need a document of their own",
                    "mark the mapping superseded, with its end",
                )
            )
    return found


# Between facts ------------------------------------------------------------------------------------


def _labels(world: World, frameworks: list[f.Fact]) -> list[Finding]:
    found = []
    placed: dict[tuple[str, str], dict[str, list[str]]] = {}
    for title in titles_of(world, frameworks).values():
        across = {place.framework for place in title.placements}
        if len(across) < 2 or len(title.levels) < 2:
            continue
        apart = _apart_on_a_hub(world, title, placed)
        found.append(
            Finding(
                "label trap",
                "doubt" if apart else "note",
                title.placements[0].where,
                f'"{title.title}": {title.by_level()}' + (f". By the documents: {apart}" if apart else ""),
                "documents place the title on different levels of one regional framework"
                if apart
                else "one title at different levels; neither the title nor the number makes a counterpart",
                "ask map_level, and name the framework with the title",
            )
        )
    return found


def _apart_on_a_hub(
    world: World, title: Title, placed: dict[tuple[str, str], dict[str, list[str]]]
) -> str | None:
    """Levels of a regional framework on which documents place a title, if two placements share none."""
    used = {str(mapping.to) for mapping in world.mappings}
    for hub in (framework.id for framework in world.frameworks if framework.hub and framework.id in used):
        sets: dict[str, list[str]] = {}
        for place in title.placements:
            key = (place.framework, hub)
            if key not in placed:
                answers = () if place.framework == hub else world.map_framework(place.framework, to=hub)
                levels = world.framework(place.framework).levels
                placed[key] = {
                    level.code: list(a.possible) for level, a in zip(levels, answers, strict=False)
                }
            on = placed[key].get(place.level or "")
            if on:
                sets.setdefault(" or ".join(on), []).append(f"{place.framework}:{place.level}")
        options = [set(on.split(" or ")) for on in sets]
        if any(not a & b for a in options for b in options):
            return f"{hub} " + "; ".join(
                f"{on}: {', '.join(dict.fromkeys(who))}" for on, who in sorted(sets.items())
            )
    return None


def _abbreviations(frameworks: list[f.Fact], by_id: dict[str, f.Fact]) -> list[Finding]:
    found = []
    for abbreviation, users in holders_by_abbreviation(frameworks).items():
        places = {by_id[user].get("jurisdiction") for user in users}
        if len(places) < 2:
            continue
        named = f.listing(f"{user} ({jurisdiction_name(by_id[user].get('jurisdiction'))})" for user in users)
        found.append(
            Finding(
                "abbreviation",
                "note",
                f"{users[0]}#/id",
                f'"{abbreviation}" is used by {len(users)} frameworks: {named}',
                "the abbreviation alone names none of them",
                "write the full id",
            )
        )
    return found


def _disagreements(world: World) -> list[Finding]:
    report = world.conflicts()
    found = []
    for one in report.disagreements:
        family = [" > ".join(str(step) for step in route) for route in one.family]
        said = "; ".join(
            f"{route} gives {', '.join(codes) or 'no level'}"
            for route, codes in zip(family, one.sets, strict=True)
        )
        found.append(
            Finding(
                "disagreement",
                "doubt",
                f"{one.family[0][0]}#/pairs",
                f"{one.level} on {one.to}: {said}",
                "complete documents leave no level in common",
                "look the rows up; `world.conflicts()` names the fewest whose withdrawal restores agreement",
            )
        )
    return found


def _composites(world: World, reported: set[str]) -> list[Finding]:
    """Pairs of frameworks whose answers fall where the level rises (Egli-Milner order).

    Pairs whose own document is among those reported already are passed over.
    """
    found = []
    told = {(str(m.from_), str(m.to)) for m in world.mappings if m.id in reported}
    steps = {one.id: {level.code: level.step for level in one.levels} for one in world.frameworks}
    for trip in world.recognition_loss():
        a, b = trip.from_, trip.to
        if (a, b) in told:
            continue
        spans = []
        for answer in world.map_framework(a, to=b):
            if answer.status == "mapped":
                code = answer.from_.partition(":")[2]
                on = [steps[b][each] for each in answer.possible]
                spans.append((steps[a][code], code, min(on), max(on), answer.possible))
        spans.sort(key=lambda span: span[0])
        for low in spans:
            high = next((s for s in spans if s[0] > low[0] and (s[2] < low[2] or s[3] < low[3])), None)
            if high is not None:
                found.append(
                    Finding(
                        "order",
                        "doubt",
                        f"{a}#/levels",
                        f"{a} on {b}: level {low[1]} gives {', '.join(low[4])}, and the higher level "
                        f"{high[1]} gives {', '.join(high[4])}",
                        "the lowest or the highest counterpart falls where the level rises",
                        f"compare the routes of both levels: map_level to {b} lists them",
                    )
                )
    return found


# Folders ------------------------------------------------------------------------------------------


def lint_folder(path: str | os.PathLike[str], base: World | None = None) -> Findings:
    """Check a folder of facts, before anybody relies on them.

    Parameters
    ----------
    path : path
        Folder with files in the shapes of the bundled facts.
    base : World, optional
        Facts the folder builds on; the bundled ones if none is given. A fact of the folder replaces
        one of the same id.

    Returns
    -------
    Findings
        Faults of the files where they cannot be loaded (nothing else is checked then), else what
        :func:`lint` finds about the facts of the folder, each with its file.

    Raises
    ------
    Error
        If there is no such folder, or it holds no file of facts.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> from qualgraph.lint import lint_folder
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = (pathlib.Path(folder) / "broken.json").write_text('{"id": "xx-nqf"')
    ...     findings = lint_folder(folder)
    >>> findings[0].kind, findings[0].severity, findings[0].file
    ('fault', 'error', 'broken.json')
    """
    from pathlib import Path

    from . import load

    folder = Path(path)
    if not folder.is_dir():
        raise Error(f"{folder} is no folder of facts")
    files = [
        file for file in sorted(folder.rglob("*.json")) if "schemas" not in file.relative_to(folder).parts
    ]
    if not files:
        raise Error(f"{folder} holds no file of facts (*.json)")
    ground = load() if base is None else base
    try:
        world = load(folder, base=ground, replace=True)
    except FactError as error:
        return Findings(
            ground,
            [
                Finding(
                    "fault",
                    "error",
                    f"{fault.file}#{fault.pointer}",
                    f"found {fault.found}",
                    "the facts cannot be loaded",
                    f"expected {fault.expected}",
                    fault.file,
                )
                for fault in error.faults
            ],
        )
    owners = _owners(folder, files)
    kept = []
    for one in lint(world):
        about = one.where.split("#")[0]
        if about in owners:
            kept.append(one._replace(file=owners[about]))
        elif any(identifier in _mentioned(one) for identifier in owners):
            kept.append(one)
    return Findings(world, kept)


def _mentioned(one: Finding) -> set[str]:
    """Ids a finding between several facts names."""
    if one.kind not in ("order", "label trap", "abbreviation", "disagreement"):
        return set()
    return {word.strip(",;:()\"'") for word in one.found.replace(":", " ").split()}


def _owners(folder: Any, files: list[Any]) -> dict[str, str]:
    """Id of every fact in the files of a folder, and its file."""
    import json

    owners: dict[str, str] = {}
    for file in files:
        name = file.relative_to(folder).as_posix()
        whole = json.loads(file.read_text(encoding="utf-8"))
        _each_fact(whole, lambda identifier, name=name: owners.setdefault(identifier, name))  # type: ignore[misc]
    return owners


def _each_fact(whole: Any, tell: Callable[[str], Any]) -> None:
    if isinstance(whole, list):
        for one in whole:
            _each_fact(one, tell)
    elif isinstance(whole, dict):
        if isinstance(whole.get("id"), str):
            tell(whole["id"])
        else:
            for one in whole.values():
                if isinstance(one, list):
                    _each_fact(one, tell)
