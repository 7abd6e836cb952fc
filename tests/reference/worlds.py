"""Small worlds of facts: written by hand, drawn at random, or drawn by Hypothesis.

A world is ``{"frameworks": [...], "mappings": [...]}`` in the shapes of the data folder.
``random_world(seed)`` needs the standard library only; ``strategy()`` imports Hypothesis.
"""

from __future__ import annotations

import json
import pathlib
import random
import re

SOURCE = {"title": "Drawn for a test", "publisher": None, "year": None, "url": None}
AWARDS = ["Bachelor's degree", "Master's degree", "Diploma"]


# -- building blocks ------------------------------------------------------------------------


def framework(name, codes, hub=False, parallels=None, parents=None):
    """A framework whose levels rise in the order given."""
    levels = []
    for rank, code in enumerate(codes, start=1):
        level = {"code": code, "rank": rank, "label": None}
        if parallels and code in parallels:
            level["parallel"] = parallels[code]
        if parents and code in parents:
            level["parent"] = parents[code]
        levels.append(level)
    made = {
        "id": name,
        "name": f"Framework {name}",
        "jurisdiction": "REGION" if hub else "XX",
        "kind": "regional" if hub else "national",
        "status": "operational",
        "since": None,
        "authority": None,
        "levels": levels,
        "levels_evidence": "read",
        "qualification_types": [],
        "qualification_types_evidence": "unknown",
        "credit_system": None,
        "sources": [{**SOURCE, "evidence": "read"}],
        "notes": None,
    }
    if hub:
        made["hub"] = True
    return made


def mapping(
    source,
    target,
    pairs=(),
    *,
    year=2010,
    kind="comparison",
    status="current",
    strength="joint",
    join=False,
    document_id=None,
    name=None,
    evidence="read",
    known=(),
    partial=(),
    unmatched=(),
    unmatched_to=(),
    unresolved=(),
    multi=(),
    fit=None,
    usable=None,
    derived_from=(),
    valid_from=None,
    valid_until=None,
    complete=None,
    note=False,
):
    """A mapping object; ``unresolved`` holds (side, level) pairs."""
    name = name or f"{source}>{target}@{year if year is not None else 'nd'}"
    made = {
        "id": name,
        "document_id": document_id or name,
        "from": source,
        "to": target,
        "kind": kind,
        "year": year,
        "status": status,
        "document": f"Table {document_id or name}",
        "pairs": [list(p) for p in pairs],
        "pairs_evidence": evidence,
        "pairs_complete": (not any(side == "from" for side, _ in unresolved) if complete is None else complete),
        "partial": [{"from": a, "to": b, "note": "overlap only"} for a, b in partial],
        "multi": list(multi),
        "unmatched": [{"level": c, "reason": "said so"} for c in unmatched],
        "unmatched_to": [{"level": c, "reason": "said so"} for c in unmatched_to],
        "unresolved": [{"side": s, "level": c, "note": None} for s, c in unresolved],
        "fit": fit,
        "usable_for_recognition": usable,
        "derived_from": list(derived_from),
        "sources": [{**SOURCE, "evidence": "known" if evidence == "known" else "read"}],
        "notes": None,
        "join": join,
        "strength": strength,
    }
    if evidence == "mixed":
        made["pairs_known"] = [list(p) for p in known]
    if valid_from is not None:
        made["valid_from"] = valid_from
    if valid_until is not None:
        made["valid_until"] = valid_until
    if note:
        made["compatibility_note"] = True
    return made


# -- choosing -------------------------------------------------------------------------------


class Dice:
    """Choices from a seeded generator."""

    def __init__(self, seed):
        self.random = random.Random(seed)

    def integer(self, low, high):
        return self.random.randint(low, high)

    def pick(self, items):
        return items[self.integer(0, len(items) - 1)]

    def chance(self, percent):
        return self.integer(1, 100) <= percent


class Drawn(Dice):
    """The same choices made by Hypothesis, which shrinks towards small and plain worlds."""

    def __init__(self, draw, integers):
        self.draw, self.integers = draw, integers

    def integer(self, low, high):
        return self.draw(self.integers(low, high))

    def chance(self, percent):
        # 0 is the plainest draw and means "no"
        return self.draw(self.integers(0, 99)) >= 100 - percent


# -- drawing --------------------------------------------------------------------------------

DEFAULTS = {
    "frameworks": (2, 5),
    "levels": (2, 6),
    "hub": 40,
    "crossing": 0,  # percent of documents with rows drawn without regard to order
    "wide": 25,  # percent of levels with several rows
    "overlap": 50,  # percent of documents whose neighbouring sets may overlap
    "unmatched": 12,
    "silent": 12,
    "unresolved": 6,  # percent of mapped levels that are also marked unresolved
    "partial": 10,
    "block": 4,
    "known": 25,  # percent of documents with rows that are only known
    "linked": 65,  # percent of pairs of frameworks with a document
    "second": 25,  # percent of linked pairs with one more document
    "join": 15,
    "superseded": 15,
    "unendorsed": 8,
    "undated": 10,
    "shared": 15,  # percent of documents that stand in an earlier paper
    "derived": 10,
    "unusable": 6,
    "split": 50,  # percent of several-row levels that are decided by the award type
    "parallel": 20,
    "parents": 15,
    "cycles": 10,  # percent of worlds with the framework of cycles
}

MARKS = [
    "unmatched", "silent", "unresolved", "partial", "block", "known", "second", "join",
    "superseded", "unendorsed", "undated", "shared", "derived", "unusable", "split",
    "parallel", "parents", "cycles", "crossing",
]  # fmt: skip
PLAIN = dict.fromkeys(MARKS, 0)


def draw_levels(dice, options):
    """Codes, parallel groups and parents of one framework."""
    count = dice.integer(*options["levels"])
    codes, parallels, parents = [], {}, {}
    for i in range(1, count + 1):
        if dice.chance(options["parallel"]) and len(codes) + 2 <= options["levels"][1]:
            codes += [f"{i}A", f"{i}B"]
            parallels.update({f"{i}A": f"t{i}", f"{i}B": f"t{i}"})
        elif dice.chance(options["parents"]) and len(codes) + 3 <= options["levels"][1]:
            codes += [f"{i}", f"{i}.1", f"{i}.2"]
            parents.update({f"{i}.1": f"{i}", f"{i}.2": f"{i}"})
        elif len(codes) < options["levels"][1]:
            codes.append(f"{i}")
    return codes, parallels, parents


def draw_rows(dice, options, source, target):
    """Rows, unmatched and silent levels. Without crossings unless asked for."""
    here = [level["code"] for level in source["levels"]]
    there = [level["code"] for level in target["levels"]]
    last = len(there) - 1
    crossing = dice.chance(options["crossing"])
    overlap = dice.chance(options["overlap"])
    rows, unmatched, silent = [], [], []
    low = high = 0  # the next set starts at low (overlapping sets) or at high (crossing-free)
    for code in here:
        if dice.chance(options["unmatched"]):
            unmatched.append(code)
            continue
        if dice.chance(options["silent"]):
            silent.append(code)
            continue
        if crossing:
            first = dice.integer(0, last)
            end = min(last, first + (dice.integer(1, 2) if dice.chance(options["wide"]) else 0))
        elif overlap:
            # both ends rise, so the table is Egli-Milner monotone but may cross
            first = dice.integer(low, min(last, low + 2))
            end = max(high, first)
            if dice.chance(options["wide"]):
                end = min(last, end + dice.integer(1, 2))
            low, high = first, end
        else:
            first = dice.integer(high, min(last, high + 1)) if rows else dice.integer(0, last)
            end = min(last, first + (dice.integer(1, 2) if dice.chance(options["wide"]) else 0))
            high = end
        codes = there[first : end + 1]
        if crossing and len(codes) == 3 and dice.chance(50):
            codes = [codes[0], codes[2]]  # a hole
        rows += [(code, c) for c in codes]
    return rows, unmatched, silent


def draw_mapping(dice, options, source, target, earlier):
    rows, unmatched, silent = draw_rows(dice, options, source, target)
    uncovered = [level["code"] for level in target["levels"] if level["code"] not in {b for _, b in rows}]
    unmatched_to = [c for c in uncovered if dice.chance(2 * options["unmatched"])]
    unresolved = [("from", c) for c in silent if dice.chance(50)]
    mapped = list(dict.fromkeys(a for a, _ in rows))
    unresolved += [("from", c) for c in mapped if dice.chance(options["unresolved"])]
    unresolved += [
        ("to", level["code"])
        for level in target["levels"]
        if level["code"] not in unmatched_to and dice.chance(options["unresolved"])
    ]
    partial = [row for row in rows if dice.chance(options["partial"])]
    pairs = [row for row in rows if row not in partial or dice.chance(50)]

    evidence, known = "read", []
    if dice.chance(options["known"]):
        evidence = dice.pick(["mixed", "known"])
        known = [row for row in rows if dice.chance(50)] if evidence == "mixed" else []
        if evidence == "mixed":
            known = [row for row in known if row in pairs]
            evidence = "mixed" if known else "read"

    multi = []
    for code in mapped:
        to = [b for a, b in pairs if a == code]
        if len(to) < 2:
            continue
        if dice.chance(options["split"]):
            awards = [{"to": b, "when": f"award {b}", "types": [dice.pick(AWARDS)]} for b in to]
            multi.append({"from": code, "to": to, "type": "split", "when": awards})
        else:
            kind = dice.pick(["span", "range"])
            multi.append({"from": code, "to": to, "type": kind, "when": None})

    year = None if dice.chance(options["undated"]) else dice.integer(2001, 2020)
    taken = {m["id"] for m in earlier}
    while f"{source['id']}>{target['id']}@{year if year is not None else 'nd'}" in taken:
        year = 2001 if year is None else year + 1
    status, valid_until = "current", None
    if dice.chance(options["superseded"]):
        status = "superseded"
        if year is not None and dice.chance(50):
            until = year + dice.integer(1, 6)
            valid_until = dice.pick([f"{until}", f"{until}-08-01"])
    elif dice.chance(options["unendorsed"]):
        status = dice.pick(["draft", "not-endorsed"])
    valid_from = f"{year}-09-01" if year is not None and dice.chance(15) else None

    if "qf-ehea" in (source["id"], target["id"]):
        kind = dice.pick(["self-certification", "self-certification", "comparison"])
    elif target.get("hub"):
        kind = "referencing"
    else:
        kind = dice.pick(["comparison", "bilateral", "alignment"])
    return mapping(
        source["id"],
        target["id"],
        pairs,
        year=year,
        kind=kind,
        status=status,
        strength=dice.pick(["adopted", "joint", "third-party"]),
        join=dice.chance(options["join"]),
        document_id=(dice.pick(earlier)["document_id"] if earlier and dice.chance(options["shared"]) else None),
        evidence=evidence,
        known=known,
        partial=partial,
        unmatched=unmatched,
        unmatched_to=unmatched_to,
        unresolved=unresolved,
        multi=multi,
        fit="block" if dice.chance(options["block"]) else None,
        usable=False if dice.chance(options["unusable"]) else None,
        derived_from=([dice.pick(earlier)["id"]] if earlier and dice.chance(options["derived"]) else []),
        valid_from=valid_from,
        valid_until=valid_until,
        complete=not silent and not any(side == "from" for side, _ in unresolved),
    )


def draw_world(dice, **changes):
    options = {**DEFAULTS, **changes}
    frameworks = []
    for i in range(dice.integer(*options["frameworks"])):
        codes, parallels, parents = draw_levels(dice, options)
        hub = dice.chance(options["hub"])
        name = f"{'h' if hub else 'f'}{i + 1}"
        frameworks.append(framework(name, codes, hub, parallels, parents))
    if dice.chance(options["cycles"]):
        frameworks.append(framework("qf-ehea", ["SC", "1C", "2C"]))
        frameworks[-1]["kind"] = "regional"
    mappings = []
    for i, first in enumerate(frameworks):
        for second in frameworks[i + 1 :]:
            if not dice.chance(options["linked"]):
                continue
            for _ in range(2 if dice.chance(options["second"]) else 1):
                source, target = (second, first) if dice.chance(50) else (first, second)
                # national tables point at hubs and at the cycles, not away from them
                if source["id"] == "qf-ehea" or (source.get("hub") and not target.get("hub")):
                    source, target = target, source
                mappings.append(draw_mapping(dice, options, source, target, mappings))
    return {"frameworks": frameworks, "mappings": mappings}


def random_world(seed, **changes):
    """A world from a seed; ``changes`` override DEFAULTS (``**PLAIN`` switches all marks off)."""
    return draw_world(Dice(seed), **changes)


def strategy(**changes):
    """A Hypothesis strategy for worlds."""
    from hypothesis import strategies as st

    @st.composite
    def world(draw):
        return draw_world(Drawn(draw, st.integers), **changes)

    return world()


def monotone():
    """Worlds whose documents have no crossings, with all other marks."""
    return strategy(overlap=0)


def crossing():
    """Worlds whose documents may cross and whose sets may have holes."""
    return strategy(crossing=60, wide=50)


# -- writing --------------------------------------------------------------------------------


def slug(name):
    return re.sub(r"[^a-z0-9.-]", "-", name.lower().replace(">", "--"))


def write_folder(world, folder):
    """The world as a data folder: a file per framework and one per mapping document."""
    folder = pathlib.Path(folder)
    for part in ("frameworks", "mappings"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    for raw in world["frameworks"]:
        write(folder / "frameworks" / f"{slug(raw['id'])}.json", raw)
    papers = {}
    for raw in world["mappings"]:
        papers.setdefault(raw["document_id"], []).append(raw)
    for document_id, mappings in papers.items():
        paper = {
            "document_id": document_id,
            "document": f"Table {document_id}",
            "mappings": mappings,
        }
        write(folder / "mappings" / f"{slug(document_id)}.json", paper)
    return folder


def write(path, value):
    path.write_text(json.dumps(value, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
