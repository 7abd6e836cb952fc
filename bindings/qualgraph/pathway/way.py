"""One way to an award: its steps, what they build on, the terms they fill."""

from __future__ import annotations

import json
from fractions import Fraction
from math import lcm
from typing import TYPE_CHECKING, Any

from .. import _core
from ..display import count, fraction_text, listing
from ..errors import InvalidValue
from ..stacking.complete import TakeNames, taken
from ..stacking.money import money
from ..stacking.record import Record
from ..table import Table
from .conditions import awards_in, held_names, named_in, one_unit
from .forms import Form
from .given import budget_given, credits_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ..plot import Chart
    from ..stacking.complete import Catalogue, Plan
    from ..world import World

__all__ = ["LEGAL", "Pathway", "amounts"]

LEGAL = (
    "This is a calculation from the rules, the record and the catalogue as given, not an offer of a place; "
    "that rests with the providers and the awarding bodies."
)


def amounts(values: Mapping[str, Fraction], currency: str | None) -> list[str]:
    """What a way comes to, in words: costs in their currency."""
    return [
        f"{aim} {money(value, currency) if aim == 'cost' else fraction_text(value)}" for aim, value in values.items()
    ]


class Pathway:
    """One way to the target.

    Attributes
    ----------
    target : str
        Award or credential it leads to.
    values : dict of str to Fraction
        Cost (minor units), months (one after the other), count, credits: those asked for.
    awards : list of str
        Awards earned on the way because a step needs them.
    steps : Table
        In order: ``step``, ``kind``, ``title``, ``cost`` (minor units), ``price``, ``months``, ``credits``,
        ``after`` (steps it builds on), ``opened_by`` (the award on the way that it requires), ``evidence``.
        Awards stand where they are reached.
    forms : list of Form
        Awards the way leads to or through.
    months_side_by_side : Fraction or None
        At most so long when steps that do not build on each other run side by side.
    """

    def __init__(
        self,
        world: World,
        target: str,
        values: dict[str, Fraction],
        offers: Sequence[dict[str, Any]],
        record: Record,
        catalogue: Catalogue,
        forms: Sequence[Form],
        awards: Sequence[str],
        plan: Plan,
        days: Sequence[str | None],
    ) -> None:
        self._world, self._offers, self._record, self._catalogue = world, list(offers), record, catalogue
        # A single credential that is asked for is no award that stands among the steps.
        self.forms = [form for form in forms if not form.made]
        self.target, self.values, self.awards, self.plan = target, values, list(awards), plan
        self._days = list(days)
        self._kept: dict[str, Any] = {}

    @property
    def currency(self) -> str | None:
        """Currency of the catalogue."""
        return self._catalogue._c.currency or None

    @property
    def order(self) -> list[str]:
        """Ids of what is taken, in order."""
        return [offer["id"] for offer in self._offers]

    def _held_with(self, steps: Iterable[int]) -> Record:
        whole = self._record.to_dict()
        credit = self._catalogue.to_dict().get("credit")
        whole["items"] = list(whole.get("items", []))
        names = TakeNames(whole)
        for at in steps:
            offer = self._offers[at]
            whole["items"].append(taken(offer, names.next(offer["id"]), self._days[at], credit))
        return Record.from_text(json.dumps(whole, ensure_ascii=False))

    def _reached(self) -> list[tuple[int, Form]]:
        """After how many steps each award is met first: of targets, awards needed, and exits on the way."""
        if "reached" in self._kept:
            kept: list[tuple[int, Form]] = self._kept["reached"]
            return kept
        asked = {form.id: form for form in self.forms}
        for form in list(self.forms):
            for one in form.rule.exits:
                asked.setdefault(f"{form.rule.id}:{one.id}", Form(form.rule, "exit", one.id))
        found = []
        for form in asked.values():
            for number in range(len(self._offers) + 1):
                if self._met(form, range(number)):
                    found.append((number, form))
                    break
        self._kept["reached"] = sorted(found, key=lambda pair: (pair[0], pair[1].target or 0))
        return self._kept["reached"]  # type: ignore[no-any-return]

    def _met(self, form: Form, steps: Iterable[int]) -> bool:
        audit = self._world.audit(self._held_with(steps), form.rule, **form.choice)
        return audit.shortfall is not None and not [row for row in audit.missing if row["measure"] != "clause"]

    def _resting_on(self, form: Form, number: int) -> set[int]:
        """Steps among the first ``number`` that meet an award; without any one of them it would not be met."""
        steps = list(range(number))
        for at in reversed(range(number)):
            without = [step for step in steps if step != at]
            if self._met(form, without):
                steps = without
        return set(steps)

    def in_order(self) -> bool:
        """Whether what each step requires of awards on the way is held when it is taken."""
        reached = {name: number for number, form in self._reached() for name in form.names}
        units = [offer.get("unit") or offer["id"] for offer in self._offers]
        held = held_names(self._record.to_dict())

        def met(condition: Any, at: int) -> bool:
            if not isinstance(condition, dict):
                return True
            if "all" in condition:
                return all(met(part, at) for part in condition["all"])
            if "any" in condition:
                return any(met(part, at) for part in condition["any"])
            if "award" in condition:
                named = [condition["award"]] if isinstance(condition["award"], str) else condition["award"]
                return any(name in held or reached.get(name, at + 1) <= at for name in named)
            one = one_unit(condition)
            # Conditions on amounts are left to the plan: such a step stands behind all that came before it.
            return one is None or any(name in held or name in units[:at] for name in one)

        return all(met(offer.get("requires"), at) for at, offer in enumerate(self._offers))

    def _after(self) -> list[list[int]]:
        """Per step, the earlier steps it builds on."""
        if "after" in self._kept:
            kept: list[list[int]] = self._kept["after"]
            return kept
        units = {offer.get("unit") or offer["id"]: at for at, offer in reversed(list(enumerate(self._offers)))}
        held = held_names(self._record.to_dict())
        awards = {name: (number, form) for number, form in self._reached() for name in form.names}

        def needs(condition: Any, before: int) -> set[int] | None:
            """Earlier steps that meet a condition; None if it cannot be told which."""
            if not isinstance(condition, dict):
                return set()
            if "all" in condition:
                parts = [needs(part, before) for part in condition["all"]]
                return None if None in parts else set().union(*(part for part in parts if part))
            if "any" in condition:
                met = [part for part in (needs(one, before) for one in condition["any"]) if part is not None]
                return min(met, key=lambda part: max(part, default=-1)) if met else None
            named = named_in(condition)
            if not named or condition.get("measure", "units") != "units" or condition.get("min", 1) != 1:
                return None
            if any(name in held for name in named):
                return set()
            first = [units[name] for name in named if units.get(name, before) < before]
            reached = [awards[name] for name in named if name in awards and awards[name][0] <= before]
            if first:
                return {min(first)}
            if not reached:
                return None
            number, form = min(reached, key=lambda pair: pair[0])
            return self._resting_on(form, number)

        found = []
        for at, offer in enumerate(self._offers):
            own: set[int] = set()
            for condition in (offer.get("requires"), offer.get("corequires")):
                part = needs(condition, at)
                # A condition on amounts is met by everything before it, as far as can be told.
                own |= set(range(at)) if part is None else part
            found.append(sorted(own))
        self._kept["after"] = found
        return found

    @property
    def months_side_by_side(self) -> Fraction | None:
        """Months of the longest chain of steps that build on each other; None if a length is not known.

        No more are needed; a step that requires an amount is taken to build on every step before it.
        """
        ends: list[Fraction] = []
        for offer, after in zip(self._offers, self._after(), strict=True):
            if offer.get("months") is None:
                return None
            ends.append(max((ends[at] for at in after), default=Fraction(0)) + Fraction(offer["months"]))
        return max(ends, default=Fraction(0))

    @property
    def steps(self) -> Table:
        """What to do, in order, awards where they are reached."""
        rows: list[dict[str, Any]] = []
        reached = self._reached()

        def award(form: Form, number: int, kind: str, evidence: list[str]) -> dict[str, Any]:
            after = [self._offers[step]["id"] for step in sorted(self._resting_on(form, number))]
            return {"step": form.id, "kind": kind, "title": form.title, "after": after, "evidence": evidence}

        def awards(number: int) -> None:
            for at, form in reached:
                if at != number or form.id == self.target:
                    continue
                kind = "exit-award" if form.choice.get("exit") else "award"
                evidence = [f"{source.title} ({source.evidence})" for source in form.rule.sources]
                rows.append(award(form, number, kind, evidence))

        after = self._after()
        opens = {name: form.id for _, form in reached if form.id in self.awards for name in form.names}
        awards(0)
        for at, offer in enumerate(self._offers):
            source = offer.get("source") or {}
            told = f"{source['title']} ({source.get('evidence')})" if source.get("title") else None
            asked_for = awards_in(offer.get("requires")) + awards_in(offer.get("corequires"))
            rows.append(
                {
                    "step": offer["id"],
                    "kind": offer.get("kind") or "course",
                    "title": offer.get("title"),
                    "cost": offer.get("cost"),
                    "price": money(offer.get("cost"), self.currency) if self.currency else None,
                    "months": None if offer.get("months") is None else Fraction(offer["months"]),
                    "credits": offer.get("credits"),
                    "after": [self._offers[before]["id"] for before in after[at]],
                    "opened_by": next((opens[name] for name in asked_for if name in opens), None),
                    "evidence": [told or "the catalogue as given"],
                }
            )
            awards(at + 1)
        for number, form in reached:
            if form.id == self.target:
                evidence = [f"{source.title} ({source.evidence})" for source in form.rule.sources]
                rows.append(award(form, number, "award", evidence))
        names = ("step", "kind", "title", "cost", "price", "months", "credits", "after", "opened_by", "evidence")
        return Table({name: [row.get(name) for row in rows] for name in names}, title="Steps")

    def terms(self, load: int | str | Fraction, months: int = 6) -> Table:
        """The steps spread over terms that hold at most so much study.

        Parameters
        ----------
        load : exact number
            Credits of the catalogue's system a learner studies in one term.
        months : int, optional
            Length of a term, for the time it takes.

        Returns
        -------
        Table
            ``term``, ``steps``, ``study``: credits to be studied; what is granted without study (assessments of
            prior learning, articulations, awards) takes none. Its title says whether fewer terms are ruled out:
            the longest chain and the whole study divided by ``load`` are lower bounds.

        Raises
        ------
        InvalidValue
            For a step larger than a term, or whose size is not one number in the catalogue's system.

        Examples
        --------
        >>> import qualgraph as qg
        >>> rule = qg.Rule({"id": "r", "title": "R", "total": {"min": 30}})
        >>> offers = qg.Catalogue([{"id": name, "credits": 10, "cost": 1, "months": 3} for name in "abc"])
        >>> way = qg.load().pathways(qg.Record([], awards=[]), rule, offers)[0]
        >>> [int(credits) for credits in way.terms(20).column("study")]
        [20, 10]
        """
        try:
            room = Fraction(load)
        except (TypeError, ValueError, ZeroDivisionError):
            raise InvalidValue(f"load is an exact number of credits a term, not {load!r}") from None
        budget_given(months=months)
        system = self._catalogue.to_dict().get("credit")
        sizes = [credits_of(offer, system) for offer in self._offers]
        unknown = [offer["id"] for offer, size in zip(self._offers, sizes, strict=True) if size is None]
        if unknown:
            raise InvalidValue(
                f"how much study {unknown[0]} is has to be known: it states no one number of credits in the system "
                "of the catalogue"
            )
        # Credit granted without study takes no room in a term.
        granted = ("articulation", "rpl-assessment", "award", "exit")
        study = [
            Fraction(0) if offer.get("kind") in granted else size or Fraction(0)
            for offer, size in zip(self._offers, sizes, strict=True)
        ]
        scale = lcm(room.denominator, *(size.denominator for size in study))
        work = [(int(size * scale), after) for size, after in zip(study, self._after(), strict=True)]
        term, number, bound, chain, optimal = _core.schedule_terms(work, int(room * scale))
        rows = [[at for at in range(len(work)) if term[at] == one] for one in range(number)]
        said = "fewest possible" if optimal else f"at least {bound}"
        title = f"{count(number, 'term')} of {months} months ({said}; longest chain {chain})"
        return Table(
            {
                "term": list(range(1, number + 1)),
                "steps": [[self._offers[at]["id"] for at in row] for row in rows],
                "study": [sum((study[at] for at in row), Fraction(0)) for row in rows],
            },
            title=title,
        )

    def plot(self) -> Chart:
        """The way as a graph: steps as boxes, what they build on as lines."""
        from ..plot import pathway

        return pathway(self)

    def to_dict(self) -> dict[str, Any]:
        """The way as plain values."""
        from ..display import exact_json

        whole: dict[str, Any] = exact_json(
            {
                "target": self.target,
                "values": self.values,
                "order": self.order,
                "awards": self.awards,
                "steps": list(self.steps),
                "months_side_by_side": self.months_side_by_side,
            }
        )
        return whole

    def __str__(self) -> str:
        said = ", ".join(amounts(self.values, self.currency))
        through = f" through {listing(self.awards)}" if self.awards else ""
        return f"{self.target}{through}: {' > '.join(self.order) or 'nothing to take'} ({said})"

    def __repr__(self) -> str:
        return f"<Pathway {self}>"
