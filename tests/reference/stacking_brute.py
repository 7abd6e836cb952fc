"""Slow reference for audits: try every allocation.

Every way of putting every item into places is judged by ``qualgraph.check``, which adds clauses up
and searches nothing. Only for small cases: the number of allocations grows as a power of the items.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import product

from qualgraph.check._allocation import Evaluation, Report, evaluate
from qualgraph.check._places import Layout
from qualgraph.check._select import Case

__all__ = ["TooMany", "allocations", "audit", "best", "evaluate", "ways"]


class TooMany(Exception):
    """More allocations than a brute-force audit is meant for."""


def ways(layout, item, limit=20_000):
    """Every way of placing one item that uses none of it twice: dictionaries of leaf to part.

    Raises
    ------
    TooMany
        If there are more than ``limit``.
    """
    leaves = [leaf for leaf in layout.leaves if layout.refusal(item, leaf) is None]
    found = [{}]
    for leaf in leaves:
        parts = layout.steps(item, leaf)
        for way in list(found):
            for step in [Fraction(k, parts) for k in range(1, parts + 1)]:
                wider = {**way, leaf: step}
                if Evaluation(layout, {item.index: wider}).part(item) <= 1:
                    found.append(wider)
                    if len(found) > limit:
                        raise TooMany(f"more than {limit} ways of placing one item")
    return found


def allocations(layout, limit):
    """All allocations of a case, as Evaluation takes them."""
    items = [item for item in layout.case.items if layout.case.may_count(item)]
    choices = [ways(layout, item, limit) for item in items]
    number = 1
    for each in choices:
        number *= len(each)
        if number > limit:
            raise TooMany(f"more than {limit} allocations")
    for chosen in product(*choices):
        yield {item.index: way for item, way in zip(items, chosen, strict=True) if way}


def best(rule, record, choice=None, reading="strict", world=None, limit=20_000):
    """The best allocation under one reading.

    Returns
    -------
    dict
        ``met``: whether some allocation meets every clause; ``rank``: the least shortfall as a
        vector, None if no allocation keeps the limits; ``shortfall`` and ``report`` of the best one.
    """
    layout = Layout(Case(rule, record, choice, reading, world))
    found = None
    for placed in allocations(layout, limit):
        report = Report(Evaluation(layout, placed).findings(), layout.case.measure)
        if report.admissible:
            key = report.rank()
            if found is None or key < found[0]:
                found = (key, report)
            if report.met:
                break
    if found is None:
        return {"met": False, "rank": None, "shortfall": None, "report": None}
    return {"met": found[1].met, "rank": found[0], "shortfall": found[1].shortfall(), "report": found[1]}


def audit(rule, record, choice=None, world=None, limit=20_000):
    """Verdict and least shortfall of one form of a rule, by trying everything.

    Returns
    -------
    dict
        ``verdict``: satisfied, provisional or unsatisfied; ``strict`` and ``favourable`` as
        :func:`best` gives them (the second only where it was asked).
    """
    strict = best(rule, record, choice, "strict", world, limit)
    if strict["met"]:
        return {"verdict": "satisfied", "strict": strict, "favourable": None}
    favourable = best(rule, record, choice, "favourable", world, limit)
    verdict = "provisional" if favourable["met"] else "unsatisfied"
    return {"verdict": verdict, "strict": strict, "favourable": favourable}
