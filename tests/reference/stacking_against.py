"""The engine's audits held against brute force, on random instances.

``python -m reference.stacking_against FIRST LAST`` lists every instance on which the two differ.
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
        # What is cut is told in credits; where the rule counts something else, it cannot be told here.
        cut = rule.get("measure", "credits") != "credits" and (
            rule.get("allocation", {}).get("items") == "splittable"
            or any(item.get("whole") is False for item in record["items"])
        )
        rows = [(row["item"], row["place"], row["amount"]) for row in audit.allocation]
        broken = stacking_brute.evaluate(rule, record, rows, reading=reading, world=world).broken if not cut else []
        if broken:
            return f"its allocation does not meet {', '.join(each.path for each in broken)}"
    least = expected["strict"]["shortfall"]
    if least is None or audit.shortfall is None:
        if (least is None) != (audit.shortfall is None):
            return f"shortfall {audit.shortfall}, by brute force {least}"
    elif shortfall(audit.shortfalls) != shortfall(least):
        return f"lacking {shortfall(audit.shortfalls)}, by brute force {shortfall(least)}"
    return None


def main(first, last):
    import qualgraph as qg

    world = qg.load()
    seen = Counter()
    for seed in range(first, last):
        rule, record = instance(seed)
        try:
            difference = compare(world, rule, record)
        except stacking_brute.TooMany:
            seen["too many allocations"] += 1
            continue
        seen["differ" if difference else "agree"] += 1
        if difference:
            print(f"{seed}: {difference}")
    print(dict(seen))
    return 1 if seen["differ"] else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2])))
