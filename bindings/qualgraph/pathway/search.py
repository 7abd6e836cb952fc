"""The search for ways: completions, over every order of awards that steps on the way may need."""

from __future__ import annotations

import json
from fractions import Fraction
from itertools import chain, permutations
from typing import TYPE_CHECKING, Any

from .. import _core
from ..stacking.complete import Catalogue, Plan
from ..stacking.record import Record
from ..stacking.rule import Rule
from .conditions import awards_in, cannot_without, held_names, in_time, without_awards
from .forms import Form
from .way import Pathway

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ..world import World

__all__ = ["AwardSearch"]

#: Awards on the way that are tried in every order, at most so many in one way.
_ON_THE_WAY = 3


def barring(form: Form, units: Iterable[str]) -> Form:
    """The form with some units left out: what only the award itself opens cannot count toward it."""
    listed = sorted(units)
    if not listed:
        return form
    clause = {"require": {"not": {"unit": listed}}}
    whole = form.rule.to_dict()
    for part in [whole, (whole.get("exits") or {}).get(form.choice.get("exit", "")) or {}]:
        part.setdefault("eligibility", {})["not-by-itself"] = clause
        if form.choice.get("exit") is None:
            break
    return form.with_rule(Rule(whole))


class AwardSearch:
    """Ways to awards, over every order of awards that steps on the way may need."""

    def __init__(
        self, world: World, record: Record, catalogue: Catalogue, known: Sequence[Form], nodes: int
    ) -> None:
        self.world, self.record, self.catalogue, self.nodes = world, record, catalogue, nodes
        whole = catalogue.to_dict()
        self.offers: dict[str, dict[str, Any]] = {offer["id"]: offer for offer in whole["offers"]}
        self.notes: list[str] = []  #: requirements that no step can meet
        self.held = held_names(record.to_dict())
        self.makers: dict[str, list[dict[str, Any]]] = {}
        for offer in self.offers.values():
            self.makers.setdefault(offer.get("unit") or offer["id"], []).append(offer)
        self.opens: dict[str, list[str]] = {}
        for offer in self.offers.values():
            for name in awards_in(offer.get("requires")) + awards_in(offer.get("corequires")):
                self.opens.setdefault(name, []).append(offer.get("unit") or offer["id"])
        opened = [form for form in known if (form.names & set(self.opens)) - self.held]
        self.between = list({form.id: form for form in opened}.values())

    def run(self, targets: Sequence[Form], aims: Sequence[str]) -> tuple[list[Pathway], bool, dict[str, Fraction]]:
        """Undominated ways to all targets at once, whether they are proved to be all, and lower bounds."""
        found: list[Pathway] = []
        proved = True
        # Plans that hold an award from the start leave out what earning it takes: none is dearer than a way.
        lower: list[Fraction] = []
        searched = True
        asked = {form.id for form in targets}
        between = [form for form in self.between if form.id not in asked] + [
            form for form in self.between if form.id in asked and len(targets) > 1
        ]
        if len(between) > _ON_THE_WAY:
            proved = False
            self.notes.append(
                f"{len(between)} awards may open steps on the way; ways through more than {_ON_THE_WAY} of them "
                "were not looked at."
            )
        name = " and ".join(form.id for form in targets)
        for size in range(min(len(between), _ON_THE_WAY) + 1):
            for chosen in permutations(between, size):
                plans, complete = self._plans(chosen, targets, aims, self.catalogue)
                proved, searched = proved and complete, searched and complete
                lower += [plan.bound for plan in plans if plan.status != "impossible"]
                astray: list[Plan] = []
                # Looked at a second time, if an award rested on what it opens, without what it may open.
                for plan in chain(plans, self._again(chosen, targets, aims, astray)):
                    if not plan.values:
                        continue
                    taken_now = [self.offers[id] for id in plan.order]
                    places = in_time(taken_now, [form.names for form in chosen], self.held)
                    offers = [taken_now[at] for at in places]
                    days = list(plan.additions.column("date"))
                    used = [form for form in chosen if self._needed(form, offers)]
                    if len(used) < len(chosen):
                        continue  # another choice of awards has this way without the one that is not needed
                    ids = [form.id for form in chosen if form.id not in asked]
                    way = Pathway(
                        self.world, name, plan.values, offers, self.record, self.catalogue,
                        [*targets, *(form for form in chosen if form.id not in asked)], ids, plan,
                        [days[at] for at in places],
                    )  # fmt: skip
                    if ids and not way.in_order():
                        # An award that rests on what it opens itself: no way, and what the search would find
                        # without it is not known.
                        proved = False
                        astray.append(plan)
                        continue
                    if self._denied(plan):
                        proved = False
                        continue
                    found.append(way)
        kept: dict[tuple[Fraction, ...], Pathway] = {}
        for way in found:
            mine = tuple(way.values[aim] for aim in aims)
            beaten = any(
                tuple(other.values[aim] for aim in aims) != mine
                and all(other.values[aim] <= way.values[aim] for aim in aims)
                for other in found
            )
            if not beaten:
                kept.setdefault(mine, way)
        ways = [kept[key] for key in sorted(kept)]
        if proved:
            return ways, True, {aim: min(way.values[aim] for way in ways) for aim in aims if ways}
        if len(between) > _ON_THE_WAY or not lower or not (searched or len(aims) == 1):
            return ways, False, {}  # ways that were not looked at may have less
        return ways, False, {aims[0]: min(lower)}

    def _behind(self, awards: set[str]) -> set[str]:
        """Units that cannot be had before these awards are: what requires them, and what requires that."""
        behind: set[str] = set()
        while True:
            more = {
                unit
                for unit, makers in self.makers.items()
                if unit not in behind and unit not in self.held
                and all(
                    any(cannot_without(offer.get(key), awards, behind) for key in ("requires", "corequires"))
                    for offer in makers
                )
            }  # fmt: skip
            if not more:
                return behind
            behind |= more

    def _needed(self, form: Form, offers: Sequence[dict[str, Any]]) -> bool:
        opened = {unit for name in form.names for unit in self.opens.get(name, [])}
        return any((offer.get("unit") or offer["id"]) in opened for offer in offers)

    def _denied(self, plan: Plan) -> bool:
        """Whether the record denies what no offer can bring; what it leaves open is noted."""
        denied = False
        for rule, audit in zip(plan.rules, plan.audits, strict=True):
            for row in audit.missing:
                if row["measure"] != "clause":
                    continue
                word = "the record does not say" if row["unknown"] else "the record says no, and no step brings it"
                self.notes.append(f"{rule.id}: {rule.sentence(row['clause']).text} ({word})")
                denied = denied or not row["unknown"]
        return denied

    def _again(
        self, chosen: Sequence[Form], targets: Sequence[Form], aims: Sequence[str], astray: Sequence[Plan]
    ) -> Iterator[Plan]:
        if not astray:
            return
        names = {name for form in chosen for name in form.names}
        behind = self._behind(names)
        whole = self.catalogue.to_dict()
        for offer in whole["offers"]:
            for key in ("requires", "corequires"):
                if offer.get(key) is not None and not cannot_without(offer[key], names, behind):
                    offer[key] = without_awards(offer[key], names)
        yield from self._plans(chosen, targets, aims, Catalogue.from_text(json.dumps(whole, ensure_ascii=False)))[0]

    def _plans(
        self, chosen: Sequence[Form], targets: Sequence[Form], aims: Sequence[str], catalogue: Catalogue
    ) -> tuple[list[Plan], bool]:
        whole = self.record.to_dict()
        names = {name for form in chosen for name in form.names}
        if names:
            whole["awards"] = [*(whole.get("awards") or []), *({"id": name} for name in sorted(names))]
        record = Record.from_text(json.dumps(whole, ensure_ascii=False))
        goals: list[Form] = []
        for at, form in enumerate(chosen):
            # An award on the way is earned without what it, or a later one, opens.
            goals.append(barring(form, self._behind({name for one in chosen[at:] for name in one.names})))
        done = {form.id for form in chosen}
        goals += [form for form in targets if form.id not in done]
        # The target comes first: its plan is the one shown.
        goals.sort(key=lambda form: form.id not in {target.id for target in targets})
        answers = _core.complete(
            self.world._c, record._c, [form.goal for form in goals], catalogue._c, list(aims), self.nodes, None
        )
        choices = [dict(form.choice) for form in goals]
        rules = [form.rule for form in goals]
        plans = [Plan(self.world, record, rules, catalogue, aims, answer, choices) for answer in answers]
        return plans, all(plan.status != "not_proved" for plan in plans)
