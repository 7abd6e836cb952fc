"""The engine's audits, models and proofs held against the reference.

``python -m reference.stacking_against FIRST LAST`` lists every random instance on which an audit
differs from brute force; with ``--models`` those whose integer model differs from the checker's, or
whose proof does not hold on it; ``--cases`` the cases of :data:`CASES` on which the verdicts differ.
"""

from __future__ import annotations

import json
import sys
from collections import Counter

from . import stacking_brute
from .stacking_random import instance


def shortfall(found):
    """By measure; missing items, choices, values and outcomes are units, as the engine reports them."""
    sums = Counter()
    for name, amount in found.items():
        sums["units" if name in ("items", "outcomes") else name] += amount
    return {name: amount for name, amount in sums.items() if amount}


def compare(world, rule, record, limit=1500):
    """What differs between an audit and brute force; None if nothing does.

    Raises
    ------
    stacking_brute.TooMany
        If there are more allocations than ``limit``.
    """
    import qualgraph as qg

    expected = stacking_brute.audit(rule, record, world=world, limit=limit)
    audit = world.audit(qg.Record.from_text(json.dumps(record)), qg.Rule(json.dumps(rule)))
    if audit.verdict != expected["verdict"]:
        return f"{audit.verdict}, by brute force {expected['verdict']}"
    reading = "strict" if expected["verdict"] == "satisfied" else "favourable"
    if expected["verdict"] != "unsatisfied":
        rows = audit._credit_rows()
        broken = stacking_brute.evaluate(rule, record, rows, reading=reading, world=world).broken
        if broken:
            return f"its allocation does not meet {', '.join(each.path for each in broken)}"
    least = expected["strict"]["shortfall"]
    if least is None or audit.shortfall is None:
        if (least is None) != (audit.shortfall is None):
            return f"shortfall {audit.shortfall}, by brute force {least}"
    elif shortfall(audit.shortfalls) != shortfall(least):
        return f"lacking {shortfall(audit.shortfalls)}, by brute force {shortfall(least)}"
    return None


def compare_models(world, rule, record, choice=None, favourable=False):
    """Columns, rows and broken clauses in which the engine's model differs from the checker's.

    Returns
    -------
    list of str
    """
    import qualgraph as qg
    from qualgraph import _core
    from qualgraph.check import build

    named = {"reading": "", "variant": "", "title": "", "exit": "", "waivers": [], **(choice or {})}
    engine = _core.compiled(
        world._c, qg.Record.from_text(json.dumps(record))._c, qg.Rule(json.dumps(rule))._c, named, favourable
    )
    own = build(rule, record, choice=choice, reading="favourable" if favourable else "strict", world=world)
    sides = (
        (
            "column",
            {name: tuple(rest) for name, *rest in engine["columns"]},
            {name: (each.lower, each.upper, each.cost) for name, each in own.columns.items()},
        ),
        (
            "row",
            {name: tuple(rest) for name, *rest in engine["rows"]},
            {name: (each.terms, each.lower, each.upper) for name, each in own.rows.items()},
        ),
        (
            "broken",
            {each[0]: True for each in engine["broken"]},
            dict.fromkeys(own.broken, True),
        ),
    )
    return [
        f"{kind} {name}: engine {theirs.get(name)}, checker {ours.get(name)}"
        for kind, theirs, ours in sides
        for name in sorted({*theirs, *ours})
        if theirs.get(name) != ours.get(name)
    ]


def compare_proofs(world, rule, record):
    """Faults of the proofs of an audit on the checker's model."""
    import qualgraph as qg
    from qualgraph.check import build
    from qualgraph.check._proof import holds

    audit = world.audit(qg.Record.from_text(json.dumps(record)), qg.Rule(json.dumps(rule)))
    faults = []
    for proof in audit._best["proofs"]:
        fault = holds(proof, build(rule, record, choice=audit.choice, reading=proof["reading"], world=world))
        faults += [f"{proof['reading']} proof: {fault}"] if fault else []
    return faults


def _items(*stated):
    return [{"id": "abcdef"[number], "credits": 10, "used_for": [], **each} for number, each in enumerate(stated)]


_UNITS = {"min": 2, "measure": "units"}
_COUNTED = {"base": "counted"}
_LETTERS = {"l": {"order": ["F", "C", "A"], "points": {"F": 0, "C": 2, "A": 4}}}

#: Fine points of the language, each with the verdict that its text asks for.
CASES = {
    "an unknown size under a share is more than any base": (
        {
            "total": _UNITS,
            "caps": {"c": {"from": {"origin": "rpl"}, "measure": "hours", "max_share": "1/2", **_COUNTED}},
        },
        _items({"credits": 1, "hours": 2000, "origin": "taught"}, {"credits": 1, "origin": "rpl"}),
        "provisional",
    ),
    "an unknown size in a base asks for more than any part": (
        {"total": _UNITS, "floors": {"f": {"from": {"origin": "taught"}, "min_share": "1/4", **_COUNTED}}},
        _items({"credits": 100, "origin": "taught"}, {"credits": None, "origin": "rpl"}),
        "provisional",
    ),
    "an unknown size in a base may be large": (
        {"total": _UNITS, "caps": {"c": {"from": {"origin": "rpl"}, "max_share": "1/10", **_COUNTED}}},
        _items({"credits": 100, "origin": "rpl"}, {"credits": None, "origin": "taught"}),
        "provisional",
    ),
    "an unknown size may be the larger part": (
        {"total": _UNITS, "floors": {"f": {"from": {"origin": "rpl"}, "min_share": "1/2", **_COUNTED}}},
        _items({"credits": 100, "origin": "taught"}, {"credits": None, "origin": "rpl"}),
        "provisional",
    ),
    "an unknown size may be all of the last credits": (
        {"total": _UNITS, "floors": {"f": {"from": {"origin": "rpl"}, "of_last": 10, "min": 10}}},
        _items({"origin": "taught", "date": "2020-01-01"}, {"credits": None, "origin": "rpl", "date": "2021-01-01"}),
        "provisional",
    ),
    "a cap on a floor never cuts a whole item": (
        {
            "floors": {"f": {"from": "everything", "min": 20}},
            "caps": {"c": {"from": {"tag": "low"}, "in": "f", "max": 8}},
        },
        _items({"credits": 12, "tags": []}, {"tags": ["low"]}),
        "unsatisfied",
    ),
    "an item stands for one unit of a set": (
        {
            "places": {"core": {"from": {"unit": ["X", "Y"]}, "all": True}},
            "substitutions": {"s": {"replace": {"unit": ["X", "Y"]}, "by": {"tag": "like"}}},
        },
        _items({"tags": ["like"]}),
        "unsatisfied",
    ),
    "what stands for everything stands for any one unit": (
        {
            "places": {"core": {"from": {"unit": ["a", "X"]}, "all": True}},
            "substitutions": {"s": {"replace": "everything", "by": "everything", "decided_by": "board"}},
        },
        _items({}, {"tags": ["other"]}),
        "satisfied",
    ),
    "what stands for everything is let in, and falls under limits as itself": (
        {
            "places": {"core": {"from": {"tag": "core"}, "min": 20}},
            "caps": {"c": {"from": {"origin": "transfer"}, "max": 0}},
            "substitutions": {"s": {"replace": "everything", "by": "everything"}},
        },
        _items({"origin": "taught"}, {"origin": "transfer"}),
        "unsatisfied",
    ),
    "what stands for a tag stands for units that carry it": (
        {
            "units": [{"unit": "a", "tags": ["bloc"]}, {"unit": "X", "tags": ["bloc"]}],
            "places": {"blocs": {"from": {"tag": "bloc"}, "all": True}},
            "substitutions": {"s": {"replace": {"tag": "bloc"}, "by": {"tag": "ue"}, "decided_by": "board"}},
        },
        _items({"tags": ["bloc"]}, {"tags": ["ue"]}),
        "satisfied",
    ),
    "credit that is not assigned is no unit of a set": (
        {
            "units": [{"unit": "X", "tags": ["free"]}],
            "places": {
                "elective": {"from": {"tag": "elective"}, "min": 10},
                "all": {"from": {"tag": "free"}, "all": True},
            },
            "substitutions": {
                "s": {"replace": {"tag": ["elective", "free"]}, "by": {"origin": "transfer"}, "gives": "unassigned"}
            },
        },
        _items({"origin": "transfer", "tags": []}, {"origin": "transfer", "tags": []}),
        "unsatisfied",
    ),
    "credit that is not assigned counts where it is let in": (
        {
            "places": {"elective": {"from": {"tag": "elective"}, "min": 10}},
            "substitutions": {
                "s": {"replace": {"tag": "elective"}, "by": {"origin": "transfer"}, "gives": "unassigned"}
            },
        },
        _items({"origin": "transfer", "tags": []}),
        "satisfied",
    ),
    "what may be cut may lie in several places, however large it is": (
        {
            "allocation": {"items": "splittable"},
            "places": {"p": {"from": {"tag": "x"}, "min": 4}, "q": {"from": {"tag": "x"}, "min": 6}},
        },
        _items({"credits": None, "tags": ["x"]}),
        "provisional",
    ),
    "what may be cut may be counted in part, however large it is": (
        {
            "allocation": {"items": "splittable"},
            "total": {"min": 12},
            "caps": {"c": {"from": {"origin": "rpl"}, "max": 2}},
        },
        _items({"origin": "taught"}, {"origin": "rpl", "credits": {"min": 5, "max": 10}}),
        "provisional",
    ),
    "what is whole lies in one place, however large it is": (
        {"places": {"p": {"from": {"tag": "x"}, "min": 4}, "q": {"from": {"tag": "x"}, "min": 6}}},
        _items({"credits": None, "tags": ["x"]}),
        "unsatisfied",
    ),
    "items of unknown value may share it under a cap for each": (
        {"total": {"min": 20}, "caps": {"c": {"for_each": "tag:code", "measure": "units", "max": 1}}},
        _items({}, {}),
        "provisional",
    ),
    "items of unknown value may have places of their own": (
        {
            "places": {
                "subjects": {"choose": {"min": 2}},
                "subject": {"inside": "subjects", "for_each": "tag:subject", "from": "everything", "min": 10},
            }
        },
        _items({}, {}),
        "provisional",
    ),
    "a place of an unknown value keeps its bounds": (
        {"total": {"min": 10}, "places": {"p": {"for_each": "provider", "from": "everything", "min": 6, "max": 9}}},
        _items({}),
        "unsatisfied",
    ),
    "a place of an unknown value may be the one that is named": (
        {
            "places": {"p": {"for_each": "provider", "from": "everything"}},
            "floors": {"f": {"from": "everything", "in": "p[home]", "min": 10}},
        },
        _items({}),
        "provisional",
    ),
    "an unknown value may be one more to be met": (
        {"floors": {"f": {"from": {"origin": "taught"}, "for_each": "provider", "min": 10}}},
        _items({"origin": "taught", "provider": "home"}, {"origin": "rpl"}),
        "provisional",
    ),
    "a place that a choice passes over is not met": (
        {
            "places": {
                "g": {"choose": 1},
                "p": {"inside": "g", "from": {"tag": "p"}, "min": 10},
                "q": {"inside": "g", "from": {"tag": "q"}, "min": 10},
                "end": {"from": {"tag": "end"}, "min": 10},
            },
            "prerequisites": {"x": {"for": {"tag": "end"}, "needs": {"met": "places/p"}}},
        },
        _items({"tags": ["q"]}, {"tags": ["end"]}),
        "unsatisfied",
    ),
    "a place is met in time by what was earned before": (
        {
            "measure": "units",
            "places": {"first": {"from": {"unit": ["a", "b"]}, "all": True}, "last": {"from": {"unit": "c"}, "min": 1}},
            "prerequisites": {"x": {"for": {"unit": "c"}, "needs": {"met": "places/first"}, "timing": "before"}},
        },
        _items({"date": "2024-03-01"}, {"date": "2024-09-01"}, {"date": "2024-07-31"}),
        "unsatisfied",
    ),
    "one of two ways to be prepared is enough": (
        {
            "places": {"first": {"from": {"tag": "first"}, "min": 10}, "last": {"from": {"tag": "last"}, "min": 10}},
            "prerequisites": {
                "x": {
                    "for": {"tag": "last"},
                    "needs": {"any": [{"met": "places/first"}, {"holds": {"tag": "first"}}]},
                    "timing": "with",
                }
            },
        },
        _items({"tags": ["first"], "date": "2024-03-01"}, {"tags": ["last"], "date": "2024-03-01"}),
        "satisfied",
    ),
    "a scale says which grade is higher, even of numbers": (
        {
            "total": {"min": 10},
            "scales": {"de": {"order": ["5", "4", "3", "2", "1"]}},
            "eligibility": {"e": {"require": {"grade": {"at_least": "2", "scale": "de"}}}},
        },
        _items({"grade": "1"}),
        "satisfied",
    ),
    "a gate that skips ungraded items lets them count": (
        {
            "total": {"min": 10},
            "scales": {"l": {"order": ["F", "A"]}},
            "eligibility": {"e": {"require": {"grade": {"at_least": "A", "scale": "l", "ungraded": "skip"}}}},
        },
        _items({"grade": "ungraded"}),
        "satisfied",
    ),
    "levels around one without counterpart bound it": (
        {"floors": {"f": {"from": {"level": {"at_least": "eqf:6"}}, "min": 10}}},
        _items({"level": "nz-nzqcf:8"}),
        "satisfied",
    ),
    "of several equal units each may count alone": (
        {
            "measure": "units",
            "total": {"min": 24},
            "caps": {"vet": {"from": {"origin": "vet"}, "max": 8}},
        },
        _items({"origin": "vet", "count": 10}, {"origin": "taught", "count": 16}),
        "satisfied",
    ),
    "equal units share the credits of their item": (
        {
            "places": {"core": {"from": {"credits": {"at_most": 5}}, "min": 3, "max": 3, "measure": "units"}},
            "total": {"exact": 10},
        },
        _items({"credits": "40/3", "count": 4}),
        "satisfied",
    ),
    "equal units stand for different units of a set": (
        {
            "places": {"core": {"from": {"unit": ["X", "Y"]}, "all": True}},
            "substitutions": {"s": {"replace": {"unit": ["X", "Y"]}, "by": {"tag": "like"}}},
        },
        _items({"tags": ["like"], "count": 2}),
        "satisfied",
    ),
    "an attempt that is not counted does not enter an average": (
        {
            "total": {"min": 10},
            "scales": _LETTERS,
            "caps": {"c": {"from": {"tag": "x"}, "max": 0}},
            "averages": {"m": {"scale": "l", "min": 1}},
        },
        _items({"unit": "U", "grade": "A", "tags": ["x"]}, {"unit": "U", "grade": "F", "tags": []}),
        "unsatisfied",
    ),
    "a grade nobody stated may be the best or the worst": (
        {"total": {"exact": 20}, "scales": _LETTERS, "averages": {"m": {"scale": "l", "min": "5/2"}}},
        _items({"unit": "U", "credits": 0}, {"unit": "U", "credits": 20}),
        "provisional",
    ),
    "of attempts with the same grade the one enters that helps least": (
        {"total": {"exact": 20}, "scales": _LETTERS, "averages": {"m": {"scale": "l", "min": 2}}},
        _items({"unit": "U", "credits": 0, "grade": "F"}, {"unit": "U", "grade": "F"}, {"grade": "C"}),
        "unsatisfied",
    ),
    "of attempts on days nobody stated each may be the last": (
        {"total": {"exact": 20}, "scales": _LETTERS, "averages": {"m": {"scale": "l", "min": 2, "repeats": "last"}}},
        _items({"unit": "U", "grade": "A", "date": "2024-01-01"}, {"unit": "U", "grade": "F"}),
        "provisional",
    ),
    "a failed attempt enters an average over the record": (
        {"total": {"min": 10}, "averages": {"m": {"min": 3, "over": "record"}}},
        _items({"grade": "4"}, {"grade": "0", "status": "failed"}),
        "unsatisfied",
    ),
}


def case(name):
    """Rule, record and expected verdict of a case."""
    rule, items, verdict = CASES[name]
    head = {"language": 1, "id": "case", "title": name, "level": None, "credit": "ects"}
    head["sources"] = [{"title": "Nobody's rule", "evidence": "known"}]
    record = {"language": 1, "as_of": "2025-01-01", "credit": "ects", "items": items}
    return {**head, **rule}, {**record, "decisions": [{"apply": "substitutions/s", "by": "board"}]}, verdict


def main_cases():
    import qualgraph as qg

    world = qg.load()
    differ = 0
    for name in CASES:
        rule, record, _ = case(name)
        difference = compare(world, rule, record)
        differ += difference is not None
        print(f"{name}: {difference or 'agree'}")
    return 1 if differ else 0


def main(first, last, models=False):
    import qualgraph as qg

    world = qg.load()
    seen = Counter()
    for seed in range(first, last):
        rule, record = instance(seed)
        try:
            if models:
                found = [
                    each for reading in (False, True) for each in compare_models(world, rule, record, None, reading)
                ]
                found += compare_proofs(world, rule, record)
            else:
                difference = compare(world, rule, record)
                found = [difference] if difference else []
        except stacking_brute.TooMany:
            seen["too many allocations"] += 1
            continue
        seen["differ" if found else "agree"] += 1
        for each in found[:3]:
            print(f"{seed}: {each}")
    print(dict(seen))
    return 1 if seen["differ"] else 0


if __name__ == "__main__":
    if "--cases" in sys.argv:
        sys.exit(main_cases())
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2]), "--models" in sys.argv))
