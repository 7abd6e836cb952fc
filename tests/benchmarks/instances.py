"""Seeded audits and completions: a portfolio of items, a rule, a catalogue, in half-credit integers.

Only integers and draws below 1 from SplitMix64 go in, so a seed means the same everywhere. Odd seeds
soften the rule, so that a good part of the portfolios meets it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, TypeVar

T = TypeVar("T")

ORIGINS = ["taught", "micro", "rpl", "transfer"]
THIS_YEAR = 2026
SIZES = {"S": (5, 15, 3, 5), "M": (16, 30, 5, 9), "L": (31, 60, 9, 15)}
MASK = (1 << 64) - 1
CREDITS: dict[str, tuple[list[int], list[float]]] = {
    "taught": ([10, 12, 15, 20, 24, 30, 40, 60], [3, 2, 2, 3, 1.5, 1.5, 1, 0.5]),
    "micro": ([2, 3, 4, 5, 6, 8, 10], [1, 1, 2, 2, 2, 1, 3]),
    "rpl": ([6, 10, 12, 20, 30, 40], [2, 3, 2, 2, 1, 0.5]),
    "transfer": ([10, 12, 20, 24, 30, 40], [3, 2, 3, 1, 1, 1]),
}
OFFERED: tuple[list[int], list[float]] = (
    [1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 24, 30, 40],
    [0.5, 2, 1, 2, 2, 3, 2, 4, 1.5, 1, 2, 0.5, 0.5, 0.5],
)
SHARE_OF_PORTFOLIO = {"S": 0.25, "M": 0.35, "L": 0.4}


class Source:
    """SplitMix64."""

    def __init__(self, seed: int) -> None:
        self.state = seed & MASK

    def next(self) -> int:
        self.state = (self.state + 0x9E3779B97F4A7C15) & MASK
        z = self.state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
        return z ^ (z >> 31)

    def share(self) -> float:
        return (self.next() >> 11) * 2.0**-53

    def between(self, low: int, high: int) -> int:
        return low + self.next() % (high - low + 1)

    def one_of(self, values: Sequence[T], weights: Sequence[float] | None = None) -> T:
        if weights is None:
            return values[self.next() % len(values)]
        rest = self.share() * sum(weights)
        for value, weight in zip(values, weights, strict=True):
            rest -= weight
            if rest < 0:
                return value
        return values[-1]


def portfolio(source: Source, count: int, level: int, main_field: int) -> list[dict[str, Any]]:
    items = []
    for _ in range(count):
        origin = source.one_of(ORIGINS, [0.5, 0.25, 0.12, 0.13])
        at = min(8, max(1, level + source.one_of([-2, -1, 0, 1], [0.1, 0.3, 0.5, 0.1])))
        credits = source.one_of(*CREDITS[origin])
        tags = set()
        for _ in range(source.one_of([1, 2, 3], [0.6, 0.3, 0.1])):
            draw = source.share()
            if draw < 0.55:
                tags.add(4 * main_field + source.between(0, 3))
            elif draw < 0.8:
                tags.add(4 * ((main_field + 1) % 6) + source.between(0, 3))
            else:
                tags.add(source.between(0, 23))
        provider = source.between(1, 9) if origin == "transfer" else _provider(source, 0.8 if origin == "rpl" else 0.6)
        year = THIS_YEAR - source.between(0, 12)
        items.append(
            {"c": credits, "level": at, "origin": origin, "tags": sorted(tags), "provider": provider, "year": year}
        )
    return items


def _provider(source: Source, home: float) -> int:
    return 0 if source.share() < home else source.between(1, 9)


def _whole_credits(half_credits: float) -> int:
    up = math.ceil(half_credits)
    return up + (up & 1)


def _groups(source: Source, level: int, main_field: int, count: int, total: int) -> list[dict[str, Any]]:
    near = (main_field + 1) % 6
    own = [4 * main_field + k for k in range(4)]
    groups: list[dict[str, Any]] = []
    weights: list[float] = []
    rest = count - 1  # the last one takes free electives

    def add(tags: list[int], min_level: int, origins: list[str], weight: float) -> None:
        groups.append({"tags": sorted(tags), "min_level": min_level, "origins": origins})
        weights.append(weight)

    for j in range(max(1, round(0.5 * count))):
        if rest == 0:
            break
        tag = 4 * main_field + j % 4 if j < 4 else 4 * near + j % 4
        add([tag] if count > 5 else [tag, tag ^ 1 if j < 2 else tag ^ 3], max(1, level - 1), ORIGINS, 1.0)
        rest -= 1
    if count >= 5 and rest:
        add(own, level, ["taught"], 0.8)
        rest -= 1
    for _ in range(max(1, round(0.25 * count))):
        if rest == 0:
            break
        add(own + [4 * near + k for k in range(4)], max(1, level - 2), ORIGINS, 0.8)
        rest -= 1
    if count >= 4 and rest:
        add([tag for tag in range(24) if tag // 4 != main_field], 1, ORIGINS, 0.5)
        rest -= 1
    while rest > 0:
        tags = {source.between(0, 23), 4 * main_field + source.between(0, 3), source.between(0, 23)}
        add(list(tags), 1, ORIGINS, 0.6)
        rest -= 1
    shared = total * (0.4 + 0.35 * source.share())
    for group, weight in zip(groups, weights, strict=True):
        group["min"] = max(2, int(shared * weight / sum(weights)) // 2 * 2)
        group["max"] = _whole_credits(group["min"] * source.one_of([1.0, 1.25, 1.5, 2.0], [0.15, 0.35, 0.3, 0.2]))
    free = _whole_credits(0.25 * total)
    ceilings = sum(group["max"] for group in groups)
    if ceilings + free < 1.1 * total:
        free = _whole_credits(1.1 * total - ceilings)
    groups.append({"tags": list(range(24)), "min_level": 1, "origins": ORIGINS, "min": 0, "max": free})
    return groups


def _rule(
    source: Source, level: int, main_field: int, count: int, total: int, *, completing: bool = False
) -> dict[str, Any]:
    groups = _groups(source, level, main_field, count, total)
    floors = [{"level": level, "min": int(total * source.one_of([0.2, 0.3, 0.4]))}]
    if source.share() < 0.5:
        floors.append({"level": max(1, level - 1), "min": int(total * source.one_of([0.5, 0.6]))})
    rule: dict[str, Any] = {"total": total, "groups": groups, "level_floors": floors}
    rule["rpl_cap"] = int(total * source.one_of([0.2, 0.33, 0.5]))
    micro = int(total * source.one_of([0.1, 0.25, 0.4]))
    rule["micro_cap"] = micro if source.share() < 0.8 else None
    residency = int(total * source.one_of([0.2, 0.25, 0.33]))
    rule["residency_min"] = residency if source.share() < 0.8 else None
    age = source.one_of([5, 7, 10])
    rule["max_age"] = age if source.share() < 0.3 else None
    if completing:  # what is taken is a micro-credential of today
        rule["micro_cap"] = None if micro % 2 else int(0.6 * total)
        rule["residency_min"] = int(total * 0.2) if rule["residency_min"] else rule["residency_min"]
        rule["max_age"] = None
    return rule


def _exclusions(source: Source, items: list[dict[str, Any]], count: int) -> list[tuple[int, int]]:
    pairs: set[tuple[int, int]] = set()
    for _ in range(3 * len(items)):
        if len(pairs) >= count:
            break
        a, b = source.between(0, len(items) - 1), source.between(0, len(items) - 1)
        if a != b and set(items[a]["tags"]) & set(items[b]["tags"]):
            pairs.add((min(a, b), max(a, b)))
    return sorted(pairs)


def audit(seed: int, size: str) -> dict[str, Any]:
    """Items, a rule and exclusion pairs; credits in half credits."""
    source = Source(seed)
    least, most, fewest_groups, most_groups = SIZES[size]
    count = source.between(least, most)
    groups = source.between(fewest_groups, most_groups)
    level = source.between(4, 8)
    main_field = source.between(0, 5)
    items = portfolio(source, count, level, main_field)
    whole = sum(item["c"] for item in items)
    total = max(40, int(whole * (SHARE_OF_PORTFOLIO[size] + 0.4 * source.share())) // 20 * 20)
    rule = _rule(source, level, main_field, groups, total)
    if seed % 2:
        for group in rule["groups"]:
            group["min"] = int(group["min"] * 0.5) // 2 * 2
        for floor in rule["level_floors"]:
            floor["min"] = int(floor["min"] * 0.6)
        if rule["residency_min"]:
            rule["residency_min"] = int(rule["residency_min"] * 0.6)
        rule["total"] = max(20, int(total * 0.7) // 10 * 10)
    return {"items": items, "rule": rule, "exclusions": _exclusions(source, items, count // 8)}


def divisible(seed: int, size: str) -> dict[str, Any]:
    """The same without what makes it hard: no floors or exclusions, and credits may be cut by the half.

    Groups with minima and maxima, a total and caps on origins are left: a flow.
    """
    instance = audit(seed, size)
    instance["rule"] |= {"level_floors": [], "residency_min": None, "splittable": True}
    return {**instance, "exclusions": []}


def population(seed: int, size: str, learners: int, *, cut: bool = False) -> dict[str, Any]:
    """The rule of one seed, and portfolios of many learners of that level and field under `portfolios`."""
    source = Source(seed)
    least, most, fewest_groups, most_groups = SIZES[size]
    source.between(least, most), source.between(fewest_groups, most_groups)
    level, main_field = source.between(4, 8), source.between(0, 5)
    instance = divisible(seed, size) if cut else audit(seed, size)
    portfolios = []
    for learner in range(learners):
        own = Source(seed * 1_000_003 + learner)
        portfolios.append(portfolio(own, own.between(least, most), level, main_field))
    return {**instance, "portfolios": portfolios}


def completion(seed: int, size: str, offers: int) -> dict[str, Any]:
    """A portfolio, a rule it mostly misses, and a catalogue with costs and prerequisites.

    About a quarter cannot be completed. An offer is a micro-credential; `prereq` are positions of
    earlier offers.
    """
    source = Source(seed ^ 0xB0B0)
    least, most, fewest_groups, most_groups = SIZES[size]
    count = source.between(least, most)
    groups = source.between(fewest_groups, most_groups)
    level = source.between(4, 8)
    main_field = source.between(0, 5)
    items = portfolio(source, count, level, main_field)
    whole = sum(item["c"] for item in items)
    total = max(40, int(whole * (0.8 + 0.5 * source.share())) // 20 * 20)
    rule = _rule(source, level, main_field, groups, total, completing=True)
    catalogue: list[dict[str, Any]] = []
    of_field: list[list[int]] = [[] for _ in range(6)]
    for position in range(offers):
        own = main_field if source.share() < 0.25 else source.between(0, 5)
        tags = {4 * own + source.between(0, 3)}
        if source.share() < 0.35:
            tags.add(source.between(0, 23))
        credits = source.one_of(*OFFERED)
        at = source.between(max(1, level - 3), min(8, level + 1))
        cost = max(1, int(credits / 2 * (20 + 100 * source.share()) * (1 + 0.1 * at)))
        hours = max(1, int(credits / 2 * (5 + 7 * source.share())))
        provider = _provider(source, 0.15)
        wanted = source.one_of([0, 1, 2], [0.7, 0.25, 0.05])
        prereq = {source.one_of(of_field[own]) for _ in range(wanted)} if of_field[own] else set()
        of_field[own].append(position)
        catalogue.append(
            {"c": credits, "level": at, "tags": sorted(tags), "provider": provider}
            | {"cost": cost, "hours": hours, "prereq": sorted(prereq)}
        )
    return {
        "items": items,
        "rule": rule,
        "exclusions": _exclusions(source, items, count // 8),
        "catalogue": catalogue,
    }
