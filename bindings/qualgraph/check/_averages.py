"""Which attempts enter an average, and what each adds to it.

A mean reaches its threshold where the sum of weight times (points - threshold) is not below 0. Of
a unit taken several times, only attempts that are counted compete: the one with the best grade
enters (or the last one), and of those that are equal, the one that helps the average least. A
grade, a date or a choice that nobody stated leaves open which attempt it is.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from ._reading import exact
from ._select import INFINITE, Case, Item, Number

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ._places import Layout, Spot

__all__ = ["Attempt", "Mean", "threshold_of"]

ZERO = Fraction(0)


class Attempt:
    """One item that may enter an average.

    Attributes
    ----------
    item : Item
    definite : bool
        Whether the clause selects it for certain.
    points : tuple of two numbers
        Least and greatest of what its grade may be worth.
    first, last : number
        Bounds of what it competes with: its points, or the ordinal of its date.
    """

    def __init__(self, item: Item, definite: bool, points: tuple[Number, Number], key: tuple[Number, Number]) -> None:
        self.item = item
        self.definite = definite
        self.points = points
        self.first, self.last = key

    @property
    def settled(self) -> bool:
        """Whether nothing that is not stated decides how it competes."""
        return self.definite and self.first == self.last


class Mean:
    """One average of a rule: its attempts by unit, under one reading."""

    def __init__(self, layout: Layout, clause: dict[str, Any], least: Fraction, leaves: Sequence[Spot]) -> None:
        self.case: Case = layout.case
        self.layout = layout
        self.clause = clause
        self.measure: str = clause.get("weight") or "credits"
        self.repeats: str = clause.get("repeats") or "best"
        self.over_record = clause.get("over") == "record"
        #: The least mean that is enough; ``beyond``: it has to be passed, not reached.
        self.threshold, self.beyond = threshold_of(least, clause.get("rounding"), exact(clause.get("grain", 1)))
        self.groups: dict[str, list[Attempt]] = {}
        for attempt in self._attempts(leaves):
            name = attempt.item.id if self.repeats == "all" else attempt.item.unit
            self.groups.setdefault(name, []).append(attempt)

    def _attempts(self, leaves: Sequence[Spot]) -> list[Attempt]:
        case = self.case
        scale = (case.text.get("scales") or {}).get(self.clause.get("scale") or "")
        listed = [exact(each) for each in ((scale or {}).get("points") or {}).values()]
        anything: tuple[Number, Number] = (min([ZERO, *listed]), max(listed) if listed else INFINITE)
        found = []
        for item in sorted(case.items, key=lambda each: each.id):
            if self.over_record:
                # Over the record what was failed counts too.
                if item.status not in ("passed", "failed") and not case.may_count(item):
                    continue
            elif not self.layout.may_be_placed(item, leaves):
                continue
            chosen = case.chooses(self.clause.get("from"), item)
            if chosen is False:
                continue
            known: Number | None
            if item.grade == "ungraded":
                if (self.clause.get("ungraded") or "skip") != "fail":
                    continue
                known = ZERO
            else:
                known = case.points(item.grade, scale)
            points = anything if known is None else (known, known)
            key = points
            if self.repeats == "last":
                day: Number = INFINITE if item.date is None else Fraction(item.date.toordinal())
                key = (-INFINITE, INFINITE) if item.date is None else (day, day)
            found.append(Attempt(item, chosen is True, points, key))
        return found

    # ---- one attempt

    def rises(self, attempt: Attempt) -> bool:
        """Whether an attempt enters only with a grade at least as good as all others."""
        return self.repeats == "best" and attempt.points[0] != attempt.points[1]

    def entering(self, attempt: Attempt, best: Number | None = None) -> Number:
        """The points an attempt enters with, beside others of which the best has so many."""
        low, high = attempt.points
        if not self.case.strict:
            return high
        return max(low, best) if best is not None and self.rises(attempt) else low

    def term(self, attempt: Attempt, points: Number, part: Fraction = Fraction(1)) -> Number:
        """What a part of an attempt adds above the threshold: of its size, the end that serves the reading."""
        size = self._size(attempt, points)
        if not self.layout.as_one(attempt.item, self.measure):
            size = size * part
        return ZERO if size == 0 or points == self.threshold else size * (points - self.threshold)

    def _size(self, attempt: Attempt, points: Number) -> Number:
        size = self.case.size if self.over_record else self.layout.size
        low, high = size(attempt.item, self.measure)
        return low if (points > self.threshold) == self.case.strict else high

    def weighs(self, attempt: Attempt) -> bool:
        """Whether an attempt makes it an average of something."""
        points = self.entering(attempt)
        if not attempt.definite and (self.term(attempt, points) > 0) == self.case.strict:
            return False
        return self._size(attempt, points) > 0

    # ---- attempts of one unit

    def value(self, parts: Sequence[tuple[Attempt, Fraction]]) -> Number:
        """What the attempts of one unit that are counted add: the one that enters, as the reading has it."""
        if not parts:
            return ZERO
        settled = [(attempt, part) for attempt, part in parts if attempt.settled]
        best = max((attempt.first for attempt, _ in settled), default=None)
        ways = []
        if settled:
            equal = [(attempt, part) for attempt, part in settled if attempt.first == best]
            ways.append(min(self.term(attempt, self.entering(attempt), part) for attempt, part in equal))
        for attempt, part in parts:
            if not attempt.settled and (best is None or attempt.last >= best):
                ways.append(self.term(attempt, self.entering(attempt, best), part))
        if not any(attempt.definite for attempt, _ in parts):
            ways.append(ZERO)
        return min(ways) if self.case.strict else max(ways)

    def met(self, counted: dict[int, Fraction]) -> bool:
        """Whether the average is high enough, with so much of each item counted, by position."""
        total: Number = ZERO
        weighs = False
        for group in self.groups.values():
            parts = [(each, counted[each.item.index]) for each in group if counted.get(each.item.index, ZERO) > 0]
            total += self.value(parts)
            weighs = weighs or any(self.weighs(attempt) for attempt, _ in parts)
        return total > 0 or (total == 0 and not (self.beyond and weighs))


def threshold_of(least: Fraction, mode: str | None, grain: Fraction) -> tuple[Fraction, bool]:
    """The least mean that rounds to a minimum, and whether it must be passed rather than reached."""
    up = Fraction(-(-least // grain)) * grain
    if mode in (None, "none"):
        return least, False
    if mode == "down":
        return up, False
    if mode == "up":
        return up - grain, True
    odd = (up / grain).numerator % 2 == 1
    return up - grain / 2, mode.replace("_", "-") == "half-even" and odd
