"""Credits from first principles: exact fractions and intervals (standard library only)."""

from __future__ import annotations

import json
import math
import pathlib
from fractions import Fraction

WAYS = ("hours", "year", "agreement")
FIGURES = ("hours_per_credit", "contact_hours_per_credit", "hours_per_year", "credits_per_year")


class RefusedError(ValueError):
    """A way of converting is not open; the message says why."""


def exact(value):
    """A fraction from an int, a Fraction or text like "5/2" or "2.5"; floats are refused."""
    if isinstance(value, float):
        raise TypeError("a float is not exact")
    return Fraction(value)


def systems_from_folder(folder):
    """Credit systems of a data folder by id."""
    paths = sorted(pathlib.Path(folder).glob("credit_systems/*.json"))
    found = [json.loads(p.read_text("utf-8")) for p in paths]
    return {system["id"]: system for system in found}


def at_floor(systems, evidence):
    """The systems as read: figures and ratios that are only known count as not stated."""
    if evidence == "all":
        return systems
    kept = {}
    for name, system in systems.items():
        kept[name] = dict(system)
        if system.get("evidence") != "read":
            kept[name] |= dict.fromkeys(FIGURES)
        if not any(source.get("evidence") == "read" for source in system.get("sources") or []):
            kept[name]["official_ratios"] = []
    return kept


def resolve(systems, name):
    """The system a name stands for; a second name leads to the first."""
    system = systems[name]
    return systems[system["alias_of"]] if system.get("alias_of") else system


def hours_of(system):
    """Hours of one unit, and whether these are class hours; a volume of learning counts years."""
    contact = bool(system.get("contact_only"))
    if system.get("hours_per_credit"):
        return system["hours_per_credit"], contact
    if system.get("contact_hours_per_credit"):
        return system["contact_hours_per_credit"], True
    return system.get("hours_per_year"), contact


def hours_factor(systems, a, b):
    """The interval one credit of ``a`` is worth in ``b`` by hours of learning."""
    a, b = resolve(systems, a), resolve(systems, b)
    if a["id"] == b["id"]:
        return Fraction(1), Fraction(1)
    (ha, in_class), (hb, also_in_class) = hours_of(a), hours_of(b)
    if not ha or not hb:
        raise RefusedError("hours per credit not stated")
    if in_class != also_in_class:
        raise RefusedError("class hours against all learning hours")
    return (
        exact(ha["min"]) / exact(hb["max"]),
        exact(ha["max"]) / exact(hb["min"]),
    )


def year_factor(systems, a, b):
    """What one credit of ``a`` is worth in ``b`` by shares of a year."""
    a, b = resolve(systems, a), resolve(systems, b)
    if a["id"] == b["id"]:
        return Fraction(1)
    if not a.get("credits_per_year") or not b.get("credits_per_year"):
        raise RefusedError("credits per year not stated")
    return exact(b["credits_per_year"]) / exact(a["credits_per_year"])


def agreement_factors(systems, a, b):
    """Ratios fixed by a named document, in either direction; a set of fractions.

    Two names of one system need no document.
    """
    a, b = resolve(systems, a), resolve(systems, b)
    if a["id"] == b["id"]:
        return set()
    found = set()
    for here, there, turned in ((a, b, False), (b, a, True)):
        for ratio in here.get("official_ratios") or []:
            if resolve(systems, ratio["to"])["id"] == there["id"]:
                factor = exact(ratio["ratio"])
                found.add(1 / factor if turned else factor)
    return found


def convert(systems, amount, a, b):
    """An amount of ``a`` in ``b``: an interval by hours, a number by year, agreed numbers.

    ``amount`` is a number or an interval (low, high). A way that is not open is None (an empty
    list for agreements); ``refused`` says why.
    """
    low, high = amount if isinstance(amount, tuple) else (amount, amount)
    low, high = exact(low), exact(high)
    if low <= 0 or high < low:
        raise ValueError("an amount of credits is positive")
    refused = {}
    by_hours = by_year = None
    try:
        least, most = hours_factor(systems, a, b)
        by_hours = (low * least, high * most)
    except RefusedError as reason:
        refused["hours"] = str(reason)
    try:
        factor = year_factor(systems, a, b)
        by_year = (low * factor, high * factor)
    except RefusedError as reason:
        refused["year"] = str(reason)
    if by_year is not None and not isinstance(amount, tuple):
        by_year = by_year[0]
    agreed = sorted(agreement_factors(systems, a, b))
    if not agreed:
        refused["agreement"] = "no named document"
    by_agreement = [low * f if low == high else (low * f, high * f) for f in agreed]
    return {
        "by_hours": by_hours,
        "by_year": by_year,
        "by_agreement": by_agreement,
        "refused": refused,
    }


# -- three-valued comparisons ---------------------------------------------------------------


def interval_at_least(low, high, minimum):
    """True, False or None: does everything in [low, high] reach the minimum?"""
    if low >= minimum:
        return True
    return False if high < minimum else None


def interval_at_most(low, high, cap):
    if high <= cap:
        return True
    return False if low > cap else None


def _verdict(systems, amount, a, bound, b, way, test, rounding):
    converted = convert(systems, amount, a, b)

    def ends(value):
        low, high = value if isinstance(value, tuple) else (value, value)
        return rounded(low, *rounding), rounded(high, *rounding)

    answers = []
    if way in (None, "hours") and converted["by_hours"] is not None:
        answers.append(test(*ends(converted["by_hours"]), exact(bound)))
    if way in (None, "year") and converted["by_year"] is not None:
        answers.append(test(*ends(converted["by_year"]), exact(bound)))
    if way == "agreement":  # without a stated scope an agreement decides only when it is named
        answers += [test(*ends(v), exact(bound)) for v in converted["by_agreement"]]
    if not answers:
        return None
    return answers[0] if all(x == answers[0] for x in answers) else None


def certainly_at_least(systems, amount, a, minimum, b, way=None, rounding=("none", 1)):
    """Is ``amount`` of ``a`` at least ``minimum`` of ``b``? None: the open ways do not agree.

    A ``rounding`` (mode, grain) that is named is applied to what is compared.
    """
    return _verdict(systems, amount, a, minimum, b, way, interval_at_least, rounding)


def certainly_at_most(systems, amount, a, cap, b, way=None, rounding=("none", 1)):
    return _verdict(systems, amount, a, cap, b, way, interval_at_most, rounding)


def hull(systems, amount, a, b):
    """The smallest interval holding what every open way says, as a rule reads it."""
    converted = convert(systems, amount, a, b)
    values = [converted["by_hours"], converted["by_year"]]
    ends = [v if isinstance(v, tuple) else (v, v) for v in values if v is not None]
    if not ends:
        return None
    return min(low for low, _ in ends), max(high for _, high in ends)


# -- rounding -------------------------------------------------------------------------------


def rounded(value, mode="none", grain=1):
    """``value`` to a multiple of ``grain``: none, down, up, half-up or half-even."""
    value, grain = exact(value), exact(grain)
    if grain <= 0:
        raise ValueError("a grain is positive")
    steps = value / grain
    whole = math.floor(steps)
    rest = steps - whole
    half = Fraction(1, 2)
    if mode == "none":
        return value
    if mode == "down":
        up = False
    elif mode == "up":
        up = rest > 0
    elif mode == "half-up":
        up = rest >= half
    elif mode == "half-even":
        up = rest > half or (rest == half and whole % 2 == 1)
    else:
        raise ValueError(f"unknown rounding {mode!r}")
    return (whole + 1 if up else whole) * grain


def total(values, mode="none", grain=1, per="total"):
    """Sum of ``values``, rounded item by item or once at the end."""
    if per == "item":
        return sum((rounded(v, mode, grain) for v in values), Fraction(0))
    if per != "total":
        raise ValueError(f"unknown scope {per!r}")
    return rounded(sum((exact(v) for v in values), Fraction(0)), mode, grain)
