"""Slow reference for pathways, ladders and indicators: every allocation, every set of offers, every order.

Allocations are judged by ``qualgraph.check``; everything else here is plain enumeration.
"""

from __future__ import annotations

import random
from fractions import Fraction
from itertools import combinations, permutations, product

from qualgraph.check._allocation import Evaluation, Report
from qualgraph.check._places import Layout
from qualgraph.check._select import Case

from .stacking_brute import allocations


def rule_for(seed, name):
    """A small rule with places, a floor, a cap and a total, some of them."""
    draw = random.Random(f"{name}{seed}")
    rule = {"language": 1, "id": name, "title": name, "credit": "x-credit", "sources": []}
    rule["reuse"] = {"used_elsewhere": "free"}
    if draw.random() < 0.6:
        rule["total"] = {"min": draw.choice([10, 15, 20, 25])}
    if draw.random() < 0.6 or "total" not in rule:
        rule["places"] = {
            "core": {"from": {"tag": "core"}, "min": draw.choice([5, 10])},
            "free": {"from": draw.choice(["everything", {"tag": ["core", "option"]}])},
        }
        if draw.random() < 0.5:
            rule["places"]["free"]["max"] = draw.choice([5, 10])
    if draw.random() < 0.5:
        rule["caps"] = {"rpl": {"from": {"origin": "rpl"}, "max": draw.choice([5, 10])}}
    if draw.random() < 0.4:
        rule["floors"] = {"option": {"from": {"tag": "option"}, "min": 5}}
    if draw.random() < 0.2:
        rule["allocation"] = {"items": "splittable", "quantum": 5}
    return rule


def offers_for(seed, most=6, requires=False):
    """Few offers, some alike, some of no use, some that require others."""
    draw = random.Random(f"offers{seed}")
    offers = []
    for number in range(draw.randint(2, most)):
        offer = {
            "id": f"o{number}", "unit": f"o{number}", "credits": draw.choice([5, 5, 10, 15]),
            "tags": draw.choice([["core"], ["core"], ["option"], ["core", "option"], []]),
            "origin": draw.choice(["taught", "taught", "rpl"]),
            "cost": draw.randint(0, 5), "months": draw.randint(0, 4),
        }  # fmt: skip
        if requires and number and draw.random() < 0.5:
            other = f"o{draw.randrange(number)}"
            offer["requires"] = {"holds": {"unit": other}}
            if draw.random() < 0.3:
                offer["requires"] = {"any": [{"holds": {"unit": other}}, {"holds": {"unit": "o0"}}]}
        offers.append(offer)
    return offers


#: What may be unknown of an offer, and how it may turn out.
_OPEN = {
    "tags": [[], ["core"], ["option"], ["core", "option"]],
    "origin": ["taught", "rpl"],
    "credits": [5, 10, 15],
}


def with_blanks(seed, offers):
    """The offers with something not stated, and every way in which it may turn out."""
    draw = random.Random(f"blanks{seed}")
    offers = [dict(offer) for offer in offers]
    blanks = {(draw.randrange(len(offers)), draw.choice(list(_OPEN))) for _ in range(draw.choice([1, 1, 2]))}
    for at, key in blanks:
        offers[at][key] = {"min": 5, "max": 15} if key == "credits" and draw.random() < 0.5 else None
    found = []
    for values in product(*(_OPEN[key] for _, key in blanks)):
        one = [dict(offer) for offer in offers]
        for (at, key), value in zip(blanks, values, strict=True):
            one[at][key] = value
        found.append(one)
    return offers, found


def as_record(offers, **more):
    items = [
        {**{key: value for key, value in offer.items() if key not in _OFFERED}, "used_for": []} for offer in offers
    ]
    return {"language": 1, "credit": "x-credit", "awards": [], "items": items, **more}


#: What an offer says that an item does not.
_OFFERED = ("cost", "months", "requires", "kind")


class Stacks:
    """All ways of counting a set of offers toward a rule."""

    def __init__(self, rule, offers):
        self.ids = [offer["id"] for offer in offers]
        self.size = {offer["id"]: Fraction(offer["credits"]) for offer in offers}
        layout = Layout(Case(rule, as_record(offers)))
        self.met, self.admissible = [], []
        for placed in allocations(layout, 500_000):
            evaluation = Evaluation(layout, placed)
            report = Report(evaluation.findings(), layout.case.measure)
            if not report.admissible:
                continue
            parts = {item.id: evaluation.part(item) for item in layout.case.items if evaluation.part(item) > 0}
            self.admissible.append(parts)
            if report.met:
                self.met.append(parts)

    def is_met(self, chosen):
        chosen = set(chosen)
        return any(set(parts) <= chosen for parts in self.met)

    def share(self, id):
        """Largest part of an offer that counts in an allocation that meets the rule; None if none does."""
        return max((parts.get(id, Fraction(0)) for parts in self.met), default=None)

    def least(self):
        """Every set that meets the rule while none of its parts does."""
        every = [frozenset(x) for n in range(len(self.ids) + 1) for x in combinations(self.ids, n) if self.is_met(x)]
        return [one for one in every if not any(other < one for other in every)]

    def countable(self, chosen):
        chosen = set(chosen)
        return max(
            sum((self.size[id] * part for id, part in parts.items()), Fraction(0))
            for parts in self.admissible
            if set(parts) <= chosen
        )


def open_to(condition, held):
    """Whether a requirement holds."""
    if condition is None:
        return True
    if "all" in condition:
        return all(open_to(part, held) for part in condition["all"])
    if "any" in condition:
        return any(open_to(part, held) for part in condition["any"])
    if "award" in condition:
        return condition["award"] in held
    named = condition["holds"]["unit"]
    names = [named] if isinstance(named, str) else named
    return sum(name in held for name in names) >= condition.get("min", 1)


def orders(chosen, awards=()):
    """Whether some order finds every requirement held; ``awards`` are pairs of a name and when it is met."""
    for order in permutations(chosen):
        held = set()
        for offer in order:
            reached = {name for name, met in awards if met(held)}
            if not open_to(offer.get("requires"), held | reached):
                break
            held.add(offer["id"])
        else:
            return True
    return not chosen


def undominated(values):
    def beats(other, one):
        return other != one and all(a <= b for a, b in zip(other, one, strict=True))

    return {one for one in values if not any(beats(other, one) for other in values)}
