"""Level mapping from first principles (standard library only).

A *document* in this file is one mapping object of the facts; its ``document_id`` names the
paper it stands in, which several mappings may share.
"""

from __future__ import annotations

import datetime
import itertools
import json
import pathlib
import re
import unicodedata
from dataclasses import dataclass, field
from fractions import Fraction

MAX_DOCUMENTS = 4
CLASSES = {"adopted": 2, "joint": 1, "third-party": 0}
SYMMETRIC_KINDS = {"comparison", "bilateral"}
ALIVE, DEAD, SILENT = "alive", "dead", "silent"


# --------------------------------------------------------------------------------------
# Frameworks: weak orders in which the members of a parallel group are incomparable
# --------------------------------------------------------------------------------------


class Framework:
    """Levels in rank order; levels of one ``parallel`` group are pairwise incomparable."""

    def __init__(self, raw):
        self.id = raw["id"]
        self.hub = bool(raw.get("hub"))
        self.kind = raw.get("kind")
        self.superseded_by = raw.get("superseded_by")
        levels = sorted(raw.get("levels") or [], key=lambda level: level["rank"])
        self.codes = [level["code"] for level in levels]
        self.rank = {level["code"]: level["rank"] for level in levels}
        self.group = {level["code"]: level.get("parallel") for level in levels}
        self.parent = {level["code"]: level.get("parent") for level in levels}
        self.groups = []  # one list of codes per position
        for code in self.codes:
            group = self.group[code]
            if group is not None and self.groups and self.group[self.groups[-1][-1]] == group:
                self.groups[-1].append(code)
            else:
                self.groups.append([code])
        self.position = {code: i for i, codes in enumerate(self.groups) for code in codes}
        named = [self.group[codes[0]] for codes in self.groups if self.group[codes[0]] is not None]
        if len(named) != len(set(named)):
            raise ValueError(f"{self.id}: a parallel group is interrupted by another level")

    def less(self, a, b):
        """a strictly below b."""
        return self.position[a] < self.position[b]

    def leq(self, a, b):
        return a == b or self.less(a, b)

    def minimal(self, codes):
        return self.in_order(c for c in codes if not any(self.less(d, c) for d in codes))

    def maximal(self, codes):
        return self.in_order(c for c in codes if not any(self.less(c, d) for d in codes))

    def in_order(self, codes):
        chosen = set(codes)
        return [c for c in self.codes if c in chosen]

    def floors(self, codes):
        """The greatest of the levels at or below all of ``codes``; several only on parallel tracks."""
        codes = set(codes)
        return self.maximal([c for c in self.codes if codes and all(self.leq(c, d) for d in codes)])

    def ceilings(self, codes):
        codes = set(codes)
        return self.minimal([c for c in self.codes if codes and all(self.leq(d, c) for d in codes)])

    def floor(self, codes):
        """Greatest common lower bound, None where there is no single one."""
        floors = self.floors(codes)
        return floors[0] if len(floors) == 1 else None

    def ceiling(self, codes):
        """Least common upper bound, None where there is no single one."""
        ceilings = self.ceilings(codes)
        return ceilings[0] if len(ceilings) == 1 else None

    def widen(self, codes, steps):
        """All levels at most ``steps`` positions away from one of ``codes``.

        Without slack a parallel track stays itself: standing side by side is not being the same.
        """
        if steps == 0:
            return set(codes)
        near = {self.position[c] for c in codes}
        return {c for c in self.codes if any(abs(self.position[c] - p) <= steps for p in near)}

    def inside_or_next(self, codes):
        """Levels from the step below the lowest of ``codes`` to the step above the highest.

        A parallel group is one step.
        """
        if not codes:
            return set()
        steps = {self.position[c] for c in codes}
        return {c for c in self.codes if min(steps) - 1 <= self.position[c] <= max(steps) + 1}

    def children(self, code):
        return [c for c in self.codes if self.parent[c] == code]


# --------------------------------------------------------------------------------------
# Documents and their dates
# --------------------------------------------------------------------------------------


def as_date(value):
    """A date from ``2015``, ``"2015"``, ``"2015-08"`` or ``"2015-08-01"``; None stays None."""
    if value is None or isinstance(value, datetime.date):
        return value
    parts = [int(p) for p in str(value).split("-")]
    return datetime.date(*([*parts, 1, 1])[:3])


def means(words, award):
    """Do a document's words mean an award type? The same words or their beginning, plurals aside."""
    words, award = (re.sub(r"(?<=..)s\b", "", plain(text)) for text in (words, award))
    return bool(award) and f"{words} ".startswith(f"{award} ")


def plain(text):
    """A title without case, apostrophes and punctuation."""
    for mark in "'\u2019\u2018\u02bc\u00b4\u0060\u2032":
        text = text.replace(mark, "")
    # letters, digits and the marks that belong to letters stay
    kept = (c if unicodedata.category(c)[0] in "LNM" else " " for c in text)
    return " ".join("".join(kept).split()).casefold()


class Mapping:
    def __init__(self, raw):
        self.raw = raw
        self.id = raw["id"]
        self.document_id = raw.get("document_id") or raw["id"]
        self.source = raw["from"]
        self.target = raw["to"]
        self.kind = raw.get("kind")
        self.status = raw.get("status", "current")
        self.strength = raw.get("strength", "third-party")
        self.join = bool(raw.get("join"))
        self.note = bool(raw.get("compatibility_note"))
        self.block = raw.get("fit") == "block"
        self.usable_for_recognition = raw.get("usable_for_recognition")
        self.derived_from = list(raw.get("derived_from") or [])
        self.partial = {(p["from"], p["to"]) for p in raw.get("partial") or []}
        self.rows = {tuple(p) for p in raw.get("pairs") or []} | self.partial
        self.evidence = raw.get("pairs_evidence")
        if self.evidence == "known":
            self.known = set(self.rows)
        else:
            self.known = {tuple(p) for p in raw.get("pairs_known") or []}
        self.unmatched = {u["level"] for u in raw.get("unmatched") or []}
        self.unmatched_to = {u["level"] for u in raw.get("unmatched_to") or []}
        unresolved = raw.get("unresolved") or []
        self.unresolved = {u["level"] for u in unresolved if u["side"] == "from"}
        self.unresolved_to = {u["level"] for u in unresolved if u["side"] == "to"}
        self.start = as_date(raw.get("valid_from")) or as_date(raw.get("year"))
        self.end = as_date(raw.get("valid_until"))

    def other(self, framework):
        return self.target if framework == self.source else self.source

    def split_rows(self, level, award):
        """The target codes that the award type selects for ``level``; empty: no selection."""
        chosen = set()
        for multi in self.raw.get("multi") or []:
            if multi.get("type") != "split" or multi["from"] != level:
                continue
            for when in multi.get("when") or []:
                if any(means(name, award) for name in when.get("types") or []):
                    to = when["to"]
                    chosen |= set(to) if isinstance(to, list) else {to}
        return chosen


class Facts:
    """Frameworks and mappings as plain dicts, or read from a data folder."""

    def __init__(self, frameworks, mappings):
        self.frameworks = {f["id"]: Framework(f) for f in frameworks}
        self.mappings = {m["id"]: Mapping(m) for m in mappings}
        if len(self.frameworks) != len(frameworks) or len(self.mappings) != len(mappings):
            raise ValueError("duplicate ids")
        self._usable = {}
        # Cycles follow the type of the qualification: no way through, only ends.
        self.cycles = {m.target for m in self.mappings.values() if m.kind == "self-certification"}

    @classmethod
    def from_folder(cls, folder):
        folder = pathlib.Path(folder)

        def read(pattern):
            return [json.loads(p.read_text("utf-8")) for p in sorted(folder.glob(pattern))]

        mappings = [m for d in read("mappings/*.json") for m in d["mappings"]]
        return cls(read("frameworks/*.json"), mappings)

    @classmethod
    def from_world(cls, world):
        return cls(world["frameworks"], world["mappings"])

    def without_documents(self, document_ids):
        """The same facts less every mapping of the named documents.

        What a framework is made of does not hang on a document: cycles stay cycles.
        """
        gone = set(document_ids)
        kept = [m.raw for m in self.mappings.values() if m.document_id not in gone]
        copy = Facts([], kept)
        copy.frameworks, copy.cycles = self.frameworks, self.cycles
        return copy

    def level(self, text):
        """``"framework:code"`` as a pair."""
        framework, code = text.split(":", 1)
        if code not in self.frameworks[framework].rank:
            raise KeyError(text)
        return framework, code

    # -- which documents may be used ---------------------------------------------------

    def holds(self, m, t):
        """May the document be used at date ``t`` (None: undated)? "yes", "no" or "unknown"."""
        if m.status in ("draft", "not-endorsed"):
            return "no"
        if t is None:
            return "yes" if m.status == "current" else "no"
        end = m.end
        if end is None and m.status == "superseded" and m.start is not None:
            successors = [
                n.start
                for n in self.mappings.values()
                if (n.source, n.target) == (m.source, m.target)
                and n.status not in ("draft", "not-endorsed")
                and n.start is not None
                and n.start > m.start
            ]
            end = min(successors, default=None)
        if m.start is not None and t < m.start:
            return "no"
        if end is not None and t >= end:
            return "no"
        if m.start is None or (end is None and m.status == "superseded"):
            return "unknown"
        return "yes"

    def usable(self, query):
        """The documents that may stand in a route under this query."""
        key = (query.purpose, query.as_of, query.unknown_editions)
        if key not in self._usable:
            self._usable[key] = self._find_usable(query)
        return self._usable[key]

    def _find_usable(self, query):
        found = []
        for m in self.mappings.values():
            if m.note:
                continue
            if self.cycles & {m.source, m.target} and m.kind != "self-certification":
                continue
            if query.purpose == "recognition" and m.usable_for_recognition is False:
                continue
            holds = self.holds(m, query.as_of)
            if holds == "yes" or (holds == "unknown" and query.unknown_editions):
                found.append(m)
        return found

    def derived(self, m):
        """All mapping ids that ``m`` was built from, however indirectly."""
        seen, todo = set(), list(m.derived_from)
        while todo:
            other = todo.pop()
            if other not in seen:
                seen.add(other)
                if other in self.mappings:
                    todo += self.mappings[other].derived_from
        return seen


# --------------------------------------------------------------------------------------
# One step along one document
# --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Query:
    slack: int = 0
    type: str | None = None
    purpose: str | None = None
    as_of: datetime.date | None = None
    evidence: str = "all"
    unknown_editions: bool = False


@dataclass
class Reading:
    """What a document says of one level: its rows, or why there are none."""

    rows: set
    state: str  # "mapped", "unmatched" or "silent"
    incomplete: bool = False
    unresolved: bool = False
    lost: bool = False  # rows left out by the evidence floor


def marks_count(m, query):
    """Are the document's statements about levels without counterpart seen in a text?"""
    return query.evidence == "all" or m.evidence != "known"


def read_own(m, level, query, award=None):
    """A source level's own rows, before any inheritance between levels and sub-levels."""
    rows = {row for row in m.rows if row[0] == level}
    if award is not None:
        chosen = m.split_rows(level, award)
        if chosen:
            rows = {row for row in rows if row[1] in chosen}
    kept = rows - m.known if query.evidence == "read" else rows
    lost = kept != rows
    unresolved = level in m.unresolved
    incomplete = unresolved or lost or m.block or bool(kept & m.partial)
    if kept:
        return Reading(kept, "mapped", incomplete, unresolved, lost)
    if level in m.unmatched and marks_count(m, query) and not lost:
        return Reading(set(), "unmatched", False, unresolved, lost)
    return Reading(set(), "silent", False, unresolved, lost)


def read_forward(facts, m, level, query, award=None):
    """A source level's rows, sub-levels included.

    A level whose rows fell silent under the evidence floor inherits none: the document places it
    elsewhere than its parent or its sub-levels, though nobody has read where.
    """
    own = read_own(m, level, query, award)
    if own.state != "silent" or own.unresolved or own.lost:
        return own
    framework = facts.frameworks[m.source]
    parent = framework.parent[level]
    if parent is not None:
        above = read_own(m, parent, query, award)
        if above.rows:
            return Reading(above.rows, "mapped", True)
    children = [read_own(m, child, query, award) for child in framework.children(level)]
    rows = set().union(*(child.rows for child in children))
    if rows:
        whole = all(child.rows and not child.incomplete for child in children)
        return Reading(rows, "mapped", not whole)
    return own


def read_backward(facts, m, level, query):
    """The rows that lead to a target level."""
    rows = {row for row in m.rows if row[1] == level}
    kept = rows - m.known if query.evidence == "read" else rows
    lost = kept != rows
    unresolved = level in m.unresolved_to
    if kept:
        incomplete = unresolved or lost or m.block or bool(kept & m.partial)
        return Reading(kept, "mapped", incomplete, unresolved, lost)
    if lost:
        return Reading(set(), "silent", False, unresolved, lost)
    if level in m.unmatched_to and marks_count(m, query):
        return Reading(set(), "unmatched", False, unresolved, lost)
    codes = facts.frameworks[m.source].codes
    if not unresolved and all(settled(facts, m, code, query) for code in codes):
        return Reading(set(), "unmatched", False, unresolved, lost)
    return Reading(set(), "silent", False, unresolved, lost)


def settled(facts, m, code, query):
    """Does the document leave nothing open about a source level?

    A parent without rows is settled by its children if all of them are complete; what a level
    inherits otherwise settles nothing.
    """
    own = read_own(m, code, query)
    if own.unresolved or (own.lost and not own.rows):
        return False
    if own.state != "silent":
        return True
    children = [read_own(m, child, query) for child in facts.frameworks[m.source].children(code)]
    return bool(children) and all(child.rows and not child.incomplete for child in children)


@dataclass
class Step:
    result: set
    incomplete: bool
    any_silent: bool
    rows: set


def step(facts, m, at, levels, query, award=None):
    """Follow the document ``m`` from the framework ``at`` for a set of levels."""
    forward = at == m.source
    readings = [
        read_forward(facts, m, level, query, award) if forward else read_backward(facts, m, level, query)
        for level in levels
    ]
    rows = set().union(*(r.rows for r in readings))
    result = {row[1] if forward else row[0] for row in rows}
    incomplete = any(r.incomplete for r in readings) or any(not r.rows for r in readings)
    if not forward:
        near = facts.frameworks[m.source].inside_or_next(result)
        incomplete = incomplete or not all(settled(facts, m, code, query) for code in near)
    return Step(result, incomplete, any(r.state == "silent" for r in readings), rows)


# --------------------------------------------------------------------------------------
# Routes
# --------------------------------------------------------------------------------------


@dataclass
class Route:
    path: list  # frameworks, both ends included
    documents: list  # Mapping objects
    possible: set = field(default_factory=set)
    complete: bool = False
    life: str = ALIVE
    strength: tuple = ()
    read: bool = True  # every row used was seen in a text
    converse: bool = False
    statement: bool = False
    independent: bool | None = None
    admitted: bool = False

    @property
    def ids(self):
        return tuple(m.id for m in self.documents)

    @property
    def document_ids(self):
        return frozenset(m.document_id for m in self.documents)

    @property
    def order(self):
        grade, read = self.strength
        return (-grade, -read, len(self.documents), self.ids)


def paths(facts, query, source, target):
    """Every simple path of documents, as (frameworks, documents)."""
    touching = {}
    for m in facts.usable(query):
        if m.source != m.target:
            touching.setdefault(m.source, []).append(m)
            touching.setdefault(m.target, []).append(m)
    found = []

    def extend(frameworks, documents):
        for m in touching.get(frameworks[-1], []):
            there = m.other(frameworks[-1])
            if there in frameworks:
                continue
            if there == target:
                found.append(([*frameworks, there], [*documents, m]))
            elif there not in facts.cycles and len(documents) + 1 < MAX_DOCUMENTS:
                extend([*frameworks, there], [*documents, m])

    extend([source], [])
    return found


def paths_along(facts, query, stations):
    """Every choice of one document per neighbouring pair of ``stations``."""
    usable = facts.usable(query)
    if facts.cycles & set(stations[1:-1]):
        return []
    choices = [
        [m for m in usable if {m.source, m.target} == {here, there}] for here, there in itertools.pairwise(stations)
    ]
    return [(list(stations), list(documents)) for documents in itertools.product(*choices)]


def admitted(facts, frameworks, documents):
    """Hubs only, after taking away at most one join at each end."""
    if len(documents) > MAX_DOCUMENTS:
        return False
    for first in (0, 1):
        for last in (0, 1):
            if len(documents) - first - last < 1:
                continue
            if (first and not documents[0].join) or (last and not documents[-1].join):
                continue
            inner = frameworks[first : len(frameworks) - last][1:-1]
            if all(facts.frameworks[f].hub for f in inner):
                return True
    return False


def evidence_of(m, rows=None):
    """(class, read): as strong as the weakest row used, or as the document as a whole."""
    read = not rows & m.known if rows else m.evidence != "known"
    return (CLASSES[m.strength], 1 if read else 0)


def follow(facts, frameworks, documents, level, query):
    """Carry one level along a path."""
    route = Route(frameworks, documents, admitted=admitted(facts, frameworks, documents))
    levels, complete, grades = {level}, True, []
    for i, m in enumerate(documents):
        award = query.type if all(n.join for n in documents[:i]) else None
        taken = step(facts, m, frameworks[i], levels, query, award)
        grades.append(evidence_of(m, taken.rows))
        complete = complete and not taken.incomplete
        levels = taken.result
        if not levels:
            route.life = SILENT if taken.any_silent else DEAD
            break
        if i + 1 < len(documents):
            levels = facts.frameworks[frameworks[i + 1]].widen(levels, query.slack)
    route.possible = levels
    route.complete = complete and route.life == ALIVE
    if route.life != ALIVE:
        grades = [evidence_of(m) for m in documents]
    route.strength = min(grades)
    route.read = all(read for _, read in grades)
    route.converse = any(
        m.source != here and m.kind not in SYMMETRIC_KINDS for here, m in zip(frameworks, documents, strict=False)
    )
    return route


def statements(usable, source, target, code, query):
    """Direct documents which say that the level has no counterpart."""
    found = []
    for m in usable:
        if not marks_count(m, query):
            continue
        forward = (m.source, m.target) == (source, target)
        backward = (m.target, m.source) == (source, target)
        if forward:
            says = code in m.unmatched and not any(a == code for a, _ in m.rows)
        elif backward:
            says = code in m.unmatched_to and not any(b == code for _, b in m.rows)
        else:
            continue
        if says:
            found.append(
                Route(
                    [source, target],
                    [m],
                    complete=True,
                    life=DEAD,
                    strength=evidence_of(m),
                    read=m.evidence != "known",
                    converse=backward and m.kind not in SYMMETRIC_KINDS,
                    statement=True,
                    admitted=True,
                )
            )
    return found


def mark_independence(facts, routes):
    """A route is independent of the living routes that precede it in canonical order."""
    ordered = sorted(routes, key=lambda r: r.order)
    for i, route in enumerate(ordered):
        earlier = [r for r in ordered[:i] if r.life == ALIVE]
        route.independent = not any(related(facts, route, other) for other in earlier)
    return ordered


def related(facts, r, s):
    if r.document_ids & s.document_ids:
        return True
    built_r = set().union(*(facts.derived(m) for m in r.documents))
    built_s = set().union(*(facts.derived(m) for m in s.documents))
    return bool(built_r & set(s.ids)) or bool(built_s & set(r.ids))


# --------------------------------------------------------------------------------------
# The answer
# --------------------------------------------------------------------------------------


def conflicting_family(complete_routes):
    """The smallest set of routes without a common level, first in canonical order."""
    ordered = sorted(complete_routes, key=lambda r: r.order)
    for size in range(1, len(ordered) + 1):
        for family in itertools.combinations(ordered, size):
            if not set.intersection(*(r.possible for r in family)):
                return list(family)
    return []


def decide(routes, stated):
    """Living routes and statements of one class of routes -> (status, possible, complete, family)."""
    complete = [r for r in routes if r.complete]
    judges = complete + stated
    if stated and not routes:
        return "no_counterpart", set(), True, []
    if not judges:
        return "mapped", set().union(*(r.possible for r in routes)), False, []
    common = set.intersection(*(r.possible for r in judges))
    if common:
        return "mapped", common, True, []
    best = max(r.strength[0] for r in judges)
    strongest = [r.possible for r in judges if r.strength[0] == best]
    shown = set.intersection(*strongest) or set.union(*strongest)
    family = conflicting_family(judges)
    if len(family) == 1:  # a statement alone: what it contradicts stands beside it
        family = sorted([*family, min(routes, key=lambda r: r.order)], key=lambda r: r.order)
    return "conflict", shown, False, family


def narrowing(routes):
    """Routes that exclude what another complete route leaves possible.

    Asked only where something is left: a conflict shows its family instead.
    """
    complete = sorted((r for r in routes if r.complete), key=lambda r: r.order)
    left_possible = set().union(*(r.possible for r in complete))
    return [r for r in complete if left_possible - r.possible]


def minimal_sets(sets):
    sets = set(sets)
    return {s for s in sets if not any(other < s for other in sets)}


def hitting_sets(witnesses):
    """Minimal sets meeting every witness set: try every way of picking one from each."""
    found = {frozenset()}
    for witness in witnesses:
        found = minimal_sets(
            chosen if chosen & witness else chosen | {item}
            for chosen in found
            for item in (witness if not chosen & witness else [None])
        )
    return found


def map_level(
    facts,
    level,
    to,
    via=None,
    slack=0,
    type=None,
    purpose=None,
    as_of=None,
    evidence="all",
    routes="answering",
):
    """Which levels of ``to`` stand opposite ``level``, and by which documents?

    ``routes="all"`` lists peer and not admitted routes too; the answer never depends on it.
    """
    check_question(facts, level, to, via, slack)
    query = Query(slack, type, purpose, as_date(as_of), evidence)
    answer = _answer(facts, level, to, via, query, routes)
    if answer["status"] == "no_counterpart":
        answer["bracket"] = _bracket(facts, level, to, via, query)
    return answer


def stations_of(source, via, target):
    return [source, *([via] if isinstance(via, str) else via), target]


def check_question(facts, level, to, via, slack):
    """Raise ValueError for a question that cannot be asked."""
    source, _ = facts.level(level)
    if slack < 0:
        raise ValueError("a slack is not negative")
    if via is None:
        return
    stations = stations_of(source, via, to)
    if len(stations) - 1 > MAX_DOCUMENTS:
        raise ValueError(f"a chain of more than {MAX_DOCUMENTS} documents")
    if len(set(stations)) != len(stations):
        raise ValueError("a chain that visits a framework twice")


def _candidates(facts, source, target, code, via, query):
    """(routes, statements) under this query, routes of every class."""
    usable = facts.usable(query)
    if via is None:
        found = paths(facts, query, source, target)
    else:
        found = paths_along(facts, query, stations_of(source, via, target))
    if facts.cycles & {source, target}:
        # Cycles are answered by self-certifications and joins, never by way of a peer.
        found = [(f, d) for f, d in found if admitted(facts, f, d)]
    followed = [follow(facts, f, d, code, query) for f, d in found]
    # A path named by the caller goes through it: a direct statement is no part of that path.
    stated = statements(usable, source, target, code, query) if not via else []
    return followed, stated


def _answer(facts, level, to, via, query, listing="answering"):
    source, code = facts.level(level)
    target = facts.frameworks[to]
    if any(_not_yet_in_force(facts, end, query.as_of) for end in (source, to)):
        untold = _describe(facts, target, "unknown_edition", set(), False, False, [], [], [], [])
        if listing == "all":
            untold["routes"] += _not_admitted(facts, source, to, query)
        return untold
    if source == to:
        itself = _describe(facts, target, "mapped", {code}, True, False, [], [], [], [])
        itself["witnesses"] = {code: {frozenset()}}  # it needs no document
        return itself
    followed, stated = _candidates(facts, source, to, code, via, query)
    saying = {r.ids for r in stated}
    admitted_routes = [r for r in followed if r.admitted and r.ids not in saying]
    peer_routes = [r for r in followed if not r.admitted]
    admitted_alive = [r for r in admitted_routes if r.life == ALIVE]
    peer_alive = [r for r in peer_routes if r.life == ALIVE]

    peer = False
    if admitted_alive or stated:
        used = admitted_alive
        status, possible, complete, family = decide(admitted_alive, stated)
    elif peer_alive:
        used, peer = peer_alive, True
        status, possible, complete, family = decide(peer_alive, [])
        complete = False
    else:
        used = []
        status, possible, complete, family = "no_route", set(), False, []
        if query.as_of is not None:
            wider = Query(**{**query.__dict__, "unknown_editions": True})
            more, saying = _candidates(facts, source, to, code, via, wider)
            if saying or any(r.life == ALIVE for r in more):
                status = "unknown_edition"
    listed = mark_independence(facts, admitted_routes + stated)
    if peer or via or listing == "all":
        listed += mark_independence(facts, peer_routes)
    described = _describe(
        facts,
        target,
        status,
        possible,
        complete,
        peer,
        listed,
        family,
        narrowing(used) if status == "mapped" else [],
        used,
    )
    if listing == "all":
        described["routes"] += _not_admitted(facts, source, to, query)
    return described


def _not_yet_in_force(facts, framework, day):
    """Did an older edition, joined to this one later, still hold on the day?"""
    return day is not None and any(
        m.join
        and m.target == framework
        and facts.frameworks[m.source].superseded_by == framework
        and m.start is not None
        and day < m.start
        for m in facts.mappings.values()
    )


def _not_admitted(facts, source, target, query):
    """Direct documents that no route may use, with nothing concluded from them."""
    usable = {m.id for m in facts.usable(query)}
    return [
        {"path": [source, target], "mappings": [m.id], "status": "not_admitted"}
        for m in sorted(facts.mappings.values(), key=lambda m: m.id)
        if {m.source, m.target} == {source, target} and m.id not in usable
    ]


def _describe(facts, target, status, possible, complete, peer, listed, family, narrowed, used):
    floor, ceiling = target.floor(possible), target.ceiling(possible)
    width = None
    if floor is not None and ceiling is not None:
        width = target.rank[ceiling] - target.rank[floor]
    return {
        "status": status,
        "possible": target.in_order(possible),
        "complete": complete,
        "peer": peer,
        "floor": floor,
        "ceiling": ceiling,
        "floors": target.floors(possible),
        "ceilings": target.ceilings(possible),
        "bracket": None,
        "width": width,
        "routes": [
            {
                "path": list(r.path),
                "mappings": list(r.ids),
                "documents": [m.document_id for m in r.documents],
                "possible": target.in_order(r.possible),
                "complete": r.complete,
                "status": r.life if r.admitted else "peer",
                "life": r.life,
                "statement": r.statement,
                "strength": r.strength,
                "read": r.read,
                "independent": r.independent,
                "converse": r.converse,
            }
            for r in listed
        ],
        "conflict": [list(r.ids) for r in family],
        "narrowed_by": [list(r.ids) for r in narrowed],
        "witnesses": {
            c: minimal_sets(r.document_ids for r in used if c in r.possible) for c in target.in_order(possible)
        },
    }


def _bracket(facts, level, to, via, query):
    source, code = facts.level(level)
    own, target = facts.frameworks[source], facts.frameworks[to]
    low = high = None
    for other in own.codes:
        if not (own.less(other, code) or own.less(code, other)):
            continue
        answer = _answer(facts, f"{source}:{other}", to, via, query)
        if answer["status"] != "mapped" or not answer["complete"]:
            continue
        if own.less(other, code) and answer["floor"] is not None:
            low = max([c for c in (low, answer["floor"]) if c], key=target.rank.get)
        if own.less(code, other) and answer["ceiling"] is not None:
            high = min([c for c in (high, answer["ceiling"]) if c], key=target.rank.get)
    if low is not None and high is not None and not target.leq(low, high):
        return (None, None)  # the rows around the level cross
    return (low, high)


def map_framework(facts, source, to, **options):
    return {code: map_level(facts, f"{source}:{code}", to, **options) for code in facts.frameworks[source].codes}


# --------------------------------------------------------------------------------------
# Adjoints
# --------------------------------------------------------------------------------------


def resting_on(answer, end):
    """The codes that a guarantee has to hold for; none where nothing is guaranteed.

    All that a complete answer leaves possible, or one end of the bracket (0: low, 1: high).
    """
    if answer["status"] == "mapped" and answer["complete"]:
        return answer["possible"]
    if answer["status"] == "no_counterpart" and answer["bracket"][end] is not None:
        return [answer["bracket"][end]]
    return []


def speaks(answer):
    """Does an answer place its level for certain, or leave it in dispute?"""
    return answer["status"] == "conflict" or (answer["status"] == "mapped" and answer["complete"])


def at_least(facts, level, on, **options):
    """The least levels of ``on`` that guarantee ``level``; an empty list if none does."""
    target, wanted = facts.level(level)
    order, own = facts.frameworks[target], facts.frameworks[on]
    good, against = [], []
    for code, answer in map_framework(facts, on, target, **options).items():
        rests = resting_on(answer, 0)
        if rests and all(order.leq(wanted, c) for c in rests):
            good.append(code)
        elif speaks(answer):
            against.append(code)
    good = [code for code in good if not any(own.leq(code, other) for other in against)]
    return own.minimal(good)


def at_most(facts, level, on, **options):
    """The greatest levels of ``on`` that stay within ``level``; an empty list if none does."""
    target, wanted = facts.level(level)
    order, own = facts.frameworks[target], facts.frameworks[on]
    good, against = [], []
    for code, answer in map_framework(facts, on, target, **options).items():
        rests = resting_on(answer, 1)
        if rests and all(order.leq(c, wanted) for c in rests):
            good.append(code)
        elif speaks(answer):
            against.append(code)
    good = [code for code in good if not any(own.leq(other, code) for other in against)]
    return own.maximal(good)


def lower_adjoint(function, domain, b):
    """min{a : f(a) >= b} of a monotone function between chains of numbers; None if empty."""
    return min((a for a in domain if function[a] >= b), default=None)


def upper_adjoint(function, domain, b):
    """max{a : f(a) <= b} of a monotone function between chains of numbers; None if empty."""
    return max((a for a in domain if function[a] <= b), default=None)


# --------------------------------------------------------------------------------------
# Relations as sets of pairs
# --------------------------------------------------------------------------------------


def compose(r, s):
    return {(a, c) for a, b in r for b2, c in s if b == b2}


def converse(r):
    return {(b, a) for a, b in r}


def identity(levels):
    return {(a, a) for a in levels}


def image(r, a):
    return {b for x, b in r if x == a}


def crossings(r, below_a, below_b):
    """Pairs of rows that cross; ``below_x(p, q)`` means p strictly below q."""
    return {((a, b), (a2, b2)) for a, b in r for a2, b2 in r if below_a(a, a2) and below_b(b2, b)}


def document_crossings(facts, mapping_id):
    m = facts.mappings[mapping_id]
    return crossings(m.rows, facts.frameworks[m.source].less, facts.frameworks[m.target].less)


def document_egli_milner(facts, mapping_id):
    """Of parallel tracks, none is above another: going from one to another does not fall."""
    m = facts.mappings[mapping_id]
    here, there = facts.frameworks[m.source], facts.frameworks[m.target]
    return egli_milner(m.rows, here.less, lambda x, y: not there.less(y, x))


def egli_milner(r, below_a, leq_b):
    """Do the sets rise with the level, at their lower and at their upper end?"""
    sources = {a for a, _ in r}
    for a in sources:
        for a2 in sources:
            if below_a(a, a2):
                low, high = image(r, a), image(r, a2)
                if not all(any(leq_b(x, y) for y in high) for x in low):
                    return False
                if not all(any(leq_b(x, y) for x in low) for y in high):
                    return False
    return True


# --------------------------------------------------------------------------------------
# Loss and reliance
# --------------------------------------------------------------------------------------


def retention(facts, mapping_id):
    """(distinct row sets, mapped levels, neighbours that share one row set) of a document."""
    m = facts.mappings[mapping_id]
    codes = [c for c in facts.frameworks[m.source].codes if image(m.rows, c)]
    merged = [(a, b) for a, b in itertools.pairwise(codes) if image(m.rows, a) == image(m.rows, b)]
    return len({frozenset(image(m.rows, c)) for c in codes}), len(codes), merged


def fate(framework, a, back):
    """How level ``a`` fares when ``back`` is what returns from a round trip.

    ``up`` and ``down`` count steps of the framework.
    """
    if not back:
        return {"fate": "lost", "back": [], "up": None, "down": None}
    steps = [framework.position[x] - framework.position[a] for x in back]
    return {
        "fate": "recoverable" if back == {a} else "drifting",
        "back": framework.in_order(back),
        "up": max(0, *steps),
        "down": max(0, *(-s for s in steps)),
    }


def round_trip(framework, there):
    """There and back by one relation and its converse."""
    trip = compose(there, converse(there))
    return {a: fate(framework, a, image(trip, a)) for a in framework.codes}


def admitted_answer(facts, level, to, **options):
    """The levels an answer names, if admitted routes gave it."""
    answer = map_level(facts, level, to, **options)
    return set() if answer["peer"] else set(answer["possible"])


def recognition_loss(facts, a, b, **options):
    """Round trip of every level of ``a`` through the answers a -> b and b -> a."""

    def answer(level, to):
        return admitted_answer(facts, level, to, **options)

    def silent(level, to):
        return unsaid(facts, level, to, **options)

    return losses(facts, a, b, answer, silent)


def losses(facts, a, b, answer, silent):
    """`recognition_loss` of answers that somebody keeps: of each (level, to) its levels, and whether it is silent."""
    there = {x: answer(f"{a}:{x}", b) for x in facts.frameworks[a].codes}
    back = {y: answer(f"{b}:{y}", a) for y in facts.frameworks[b].codes}
    result = {}
    for x in there:
        found = fate(facts.frameworks[a], x, set().union(*(back[y] for y in there[x])))
        ways = [(f"{a}:{x}", b), *((f"{b}:{y}", a) for y in there[x])]
        if found["fate"] == "lost" and any(silent(*way) for way in ways):
            found["fate"] = "not_established"
        result[x] = found
    return result


def unsaid(facts, level, to, **options):
    """Do the admitted routes say nothing about a level, rather than deny it a counterpart?"""
    answer = map_level(facts, level, to, routes="all", **options)
    admitted_routes = [r for r in answer["routes"] if r["status"] in (ALIVE, "dead", "silent")]
    if any(r["status"] == ALIVE or r["statement"] for r in admitted_routes):
        return False
    return not admitted_routes or any(r["status"] == "silent" for r in admitted_routes)


def supported_pairs(facts, pairs=None, **options):
    """(level, level) pairs that some admitted living route supports."""
    if pairs is None:
        pairs = itertools.permutations(sorted(facts.frameworks), 2)
    found = set()
    for a, b in pairs:
        for code in facts.frameworks[a].codes:
            for route in map_level(facts, f"{a}:{code}", b, **options)["routes"]:
                if route["status"] == ALIVE:
                    found |= {(f"{a}:{code}", f"{b}:{c}") for c in route["possible"]}
    return found


def supported_by_document(facts, **options):
    """The same pairs per document_id: those that a route through the document supports."""
    found = {m.document_id: set() for m in facts.mappings.values()}
    for a, b in itertools.permutations(sorted(facts.frameworks), 2):
        for code in facts.frameworks[a].codes:
            for route in map_level(facts, f"{a}:{code}", b, **options)["routes"]:
                if route["status"] == ALIVE:
                    for document in route["documents"]:
                        found[document] |= {(f"{a}:{code}", f"{b}:{c}") for c in route["possible"]}
    return found


def answered_pairs(facts, pairs=None, **options):
    """(level, level) pairs that stand in an answer given by admitted routes."""
    if pairs is None:
        pairs = itertools.permutations(sorted(facts.frameworks), 2)
    return {
        (f"{a}:{code}", f"{b}:{c}")
        for a, b in pairs
        for code in facts.frameworks[a].codes
        for c in admitted_answer(facts, f"{a}:{code}", b, **options)
    }


def reliance(facts, pairs=None, by=supported_pairs, **options):
    """Level pairs lost when one document is withdrawn, per document_id."""
    pairs = None if pairs is None else list(pairs)
    before = by(facts, pairs, **options)
    documents = sorted({m.document_id for m in facts.mappings.values()})
    return {d: before - by(facts.without_documents([d]), pairs, **options) for d in documents}


# --------------------------------------------------------------------------------------
# Graded evidence
# --------------------------------------------------------------------------------------

UNMATCHED = "unmatched"


def graded_product(w, v):
    """Product of two row-stochastic tables {row: {column: share}}; ``unmatched`` absorbs."""
    result = {}
    for a, row in w.items():
        out = {}
        for h, share in row.items():
            onward = {UNMATCHED: Fraction(1)} if h == UNMATCHED else v[h]
            for c, more in onward.items():
                out[c] = out.get(c, Fraction(0)) + Fraction(share) * Fraction(more)
        result[a] = out
    return result


def frechet_bounds(to_hub, from_hub, a, c):
    """Bounds on the share of ``a`` that reaches ``c``, whatever the joint distribution.

    ``to_hub`` holds masses {(a, h): n}, ``from_hub`` {(h, c): n}, over one population: the
    mass at each hub level must be the same from both sides. Mass unmatched before the hub
    reaches no ``c``.
    """
    total = sum(Fraction(n) for (x, _), n in to_hub.items() if x == a)
    low = high = Fraction(0)
    hubs = {h for _, h in to_hub if h != UNMATCHED}
    for h in hubs:
        mass = sum(Fraction(n) for (_, k), n in to_hub.items() if k == h)
        if mass != sum(Fraction(n) for (k, _), n in from_hub.items() if k == h):
            raise ValueError(f"hub level {h}: the two tables are not of one population")
        here = Fraction(to_hub.get((a, h), 0))
        there = Fraction(from_hub.get((h, c), 0))
        low += max(Fraction(0), here + there - mass)
        high += min(here, there)
    return low / total, high / total


def shares(masses):
    """Row-stochastic table {row: {column: share}} of masses {(row, column): n}."""
    totals = {}
    for (a, _), n in masses.items():
        totals[a] = totals.get(a, Fraction(0)) + Fraction(n)
    table = {a: {} for a, total in totals.items() if total}
    for (a, b), n in masses.items():
        if totals[a]:
            table[a][b] = Fraction(n) / totals[a]
    return table


# --------------------------------------------------------------------------------------
# Domain profiles
# --------------------------------------------------------------------------------------


def profile(framework, levels):
    """Meet, lower median and spread of a level given domain by domain on a chain."""
    codes = sorted(levels.values(), key=framework.rank.get)
    # Between parallel tracks there is no order, hence nothing in the middle.
    ordered = all(framework.group[c] is None for c in codes)
    median = codes[(len(codes) - 1) // 2] if ordered else None
    return {
        "meet": framework.floor(codes),
        "median": median,
        "spread": framework.rank[codes[-1]] - framework.rank[codes[0]],
    }
