"""Ways to an award: courses, assessments of prior learning, articulations, exit awards."""

from __future__ import annotations

import json
from fractions import Fraction
from itertools import chain, permutations
from typing import TYPE_CHECKING, Any

from .. import _core
from ..answers import TabularResult
from ..display import agree, count, fraction_text, listing
from ..errors import InvalidValue, UnknownId
from ..stacking.complete import Catalogue, Plan, TakeNames, taken
from ..stacking.given import catalogue_given, record_given
from ..stacking.money import money
from ..stacking.record import Record
from ..stacking.rule import Rule
from ..table import Table
from .forms import Form, edition, form_of, forms_of
from .graph import StepGraph, named_in
from .openings import open_points, out_of_reach

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from ..facts import Source
    from ..plot import Chart
    from ..world import World

__all__ = ["Pathway", "Pathways", "pathways"]

_AIMS = ("cost", "months", "count", "credits")
#: Awards on the way that are tried in every order, at most so many in one way.
_ON_THE_WAY = 3
_LEGAL = (
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
        plan: Plan | None,
    ) -> None:
        self._world, self._offers, self._record, self._catalogue = world, list(offers), record, catalogue
        self._forms = list(forms)
        self.target, self.values, self.awards, self.plan = target, values, list(awards), plan
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
        day = (whole.get("dates") or {}).get("claim") or whole.get("as_of")
        credit = self._catalogue.to_dict().get("credit")
        whole["items"] = list(whole.get("items", []))
        names = TakeNames(whole)
        for at in steps:
            offer = self._offers[at]
            whole["items"].append(taken(offer, names.next(offer["id"]), day, credit))
        return Record.from_text(json.dumps(whole, ensure_ascii=False))

    def _reached(self) -> list[tuple[int, Form]]:
        """After how many steps each award is met first: of targets, awards needed, and exits on the way."""
        if "reached" in self._kept:
            kept: list[tuple[int, Form]] = self._kept["reached"]
            return kept
        asked = {form.id: form for form in self._forms}
        for form in list(self._forms):
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
        held = _held_names(self._record)

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
            one = _one_unit(condition)
            # Conditions on amounts are left to the plan: such a step stands behind all that came before it.
            return one is None or any(name in held or name in units[:at] for name in one)

        return all(met(offer.get(key), at) for at, offer in enumerate(self._offers) for key in ("requires",))

    def _after(self) -> list[list[int]]:
        """Per step, the earlier steps it builds on."""
        if "after" in self._kept:
            kept: list[list[int]] = self._kept["after"]
            return kept
        units = {offer.get("unit") or offer["id"]: at for at, offer in reversed(list(enumerate(self._offers)))}
        held = {item.get("unit") or item["id"] for item in self._record.items}
        held |= {award["id"] for award in self._record.to_dict().get("awards") or []}
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
            asked_for = _awards_in(offer.get("requires")) + _awards_in(offer.get("corequires"))
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
            ``term``, ``steps``, ``credits``. Its title says whether fewer terms are ruled out: the longest chain
            and the whole load divided by ``load`` are lower bounds.
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
        from math import lcm

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
                "credits": [sum((study[at] for at in row), Fraction(0)) for row in rows],
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


class Pathways(TabularResult):
    """Ways to a target none of which is beaten by another in everything asked for.

    Attributes
    ----------
    status : str
        ``"proved"``: these are all undominated ways; ``"not_proved"``: out of budget, ``bounds`` hold;
        ``"impossible"``: proved that none leads there.
    ways : list of Pathway
    bounds : dict of str to Fraction
        No way has less.
    """

    _legal = _LEGAL

    def __init__(
        self,
        world: World,
        record: Record,
        catalogue: Catalogue,
        target: str,
        forms: Sequence[Form],
        aims: Sequence[str],
        status: str,
        ways: Sequence[Pathway],
        bounds: dict[str, Fraction],
        reasons: Sequence[str],
        notes: Sequence[str],
    ) -> None:
        self._bind(world)
        self.record, self.catalogue, self.target = record, catalogue, target
        self._forms, self.aims = list(forms), list(aims)
        self.status, self.ways, self.bounds = status, list(ways), bounds
        self.reasons, self.notes = list(reasons), list(notes)

    @property
    def sources(self) -> list[Source]:
        """Texts of the rules, and what the audits of the ways rest on."""
        found = [source for form in self._forms for source in form.rule.sources]
        for way in self.ways:
            if way.plan is not None:
                found += way.plan.sources
        return list(dict.fromkeys(found))

    @property
    def edition(self) -> dict[str, Any]:
        """Content hashes of catalogue, rules and record."""
        return edition(self.catalogue, self._forms, self.record)

    @property
    def table(self) -> Table:
        """One row per way: what it comes to, what is taken, which awards lie on it."""
        columns: dict[str, list[Any]] = {"way": list(range(1, len(self.ways) + 1))}
        columns |= {aim: [way.values.get(aim) for way in self.ways] for aim in self.aims}
        columns["side by side"] = [way.months_side_by_side for way in self.ways]
        columns["target"] = [way.target for way in self.ways]
        columns["through"] = [way.awards for way in self.ways]
        columns["steps"] = [way.order for way in self.ways]
        return Table(columns, title="Pathways")

    def plot(self) -> Chart:
        """The ways by what they come to: the Pareto front."""
        from ..plot import front

        return front(self)

    def _sentence(self) -> str:
        if self.status == "impossible":
            return f"{self.target}: no way leads there. {' '.join(self.reasons)}".rstrip()
        if not self.ways:
            why = f" {' '.join(self.notes[:3])}" if self.notes else ""
            return f"{self.target}: no way was found that holds for certain; none is ruled out.{why}"
        proved = "no other way beats one of them" if self.status == "proved" else "better ones are not ruled out"
        least = {aim: min(way.values[aim] for way in self.ways) for aim in self.aims}
        best = "; ".join(f"least {one}" for one in amounts(least, self.ways[0].currency))
        return f"{self.target}: {count(len(self.ways), 'way')}, {best}; {proved}."

    def _payload(self) -> dict[str, Any]:
        return {
            "target": self.target,
            "status": self.status,
            "aims": self.aims,
            "ways": [way.to_dict() for way in self.ways],
            "bounds": self.bounds,
            "reasons": self.reasons,
            "notes": self.notes,
            "edition": self.edition,
        }

    def _html_body(self) -> str:
        from ..display import details, items

        body = self.table._repr_html_() if self.ways else ""
        for number, way in enumerate(self.ways[:12], 1):
            body += details(f"Way {number}: {way}", way.steps._repr_html_())
        return body + (details(f"Notes ({len(self.notes)})", items(self.notes)) if self.notes else "")

    def __len__(self) -> int:
        return len(self.ways)

    def __getitem__(self, at: int) -> Pathway:
        return self.ways[at]

    def __repr__(self) -> str:
        return f"<Pathways to {self.target}: {self.status}, {count(len(self.ways), 'way')}>"


def credits_of(offer: Mapping[str, Any], system: str | None) -> Fraction | None:
    """Credits of an offer in the catalogue's system; None for a range, for other systems, or if none are stated."""
    value = offer.get("credits")
    if value is None or isinstance(value, dict):
        return None
    number, _, own = str(value).partition(" ")
    return Fraction(number) if own in ("", system) else None


def budget_given(**given: Any) -> None:
    for name, value in given.items():
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            raise InvalidValue(f"{name} is a whole number, 0 or more, not {value!r}")


def assessments_of(more: Any) -> list[dict[str, Any]]:
    """Assessments of prior learning as offers: mappings, or anything with a list of them in ``.assessments``.

    Each has ``id``, ``unit`` (what it is recognised as), ``credits``, ``cost`` (the fee) and ``months``; it
    counts under the rule's limits on prior learning, as its ``origin`` is ``"rpl"`` unless it says more.
    """
    listed = getattr(more, "assessments", more) if more is not None else []
    if isinstance(listed, (str, dict)) or not hasattr(listed, "__iter__"):
        raise InvalidValue(f"assessments are a list of offers, not {listed!r}")
    found = []
    for one in listed:
        offer = dict(one)
        if not isinstance(offer.get("id"), str):
            raise InvalidValue(f"an assessment has an id, not {offer.get('id')!r}: {offer}")
        offer.setdefault("kind", "rpl-assessment")
        offer.setdefault("origin", "rpl")
        for key in ("credits", "cost", "months"):
            if isinstance(offer.get(key), Fraction):
                offer[key] = int(offer[key]) if offer[key].denominator == 1 else str(offer[key])
        found.append(offer)
    return found


def with_assessments(catalogue: Catalogue, more: Any) -> Catalogue:
    """The catalogue with assessments of prior learning among its offers."""
    offers = assessments_of(more)
    if not offers:
        return catalogue
    whole = catalogue.to_dict()
    whole["offers"] = [*whole["offers"], *offers]
    return Catalogue.from_text(json.dumps(whole, ensure_ascii=False))


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
    made = Form.__new__(Form)
    made.rule = Rule(whole)
    made.choice, made.id, made.title, made.level = form.choice, form.id, form.title, form.level
    return made


class AwardSearch:
    """Ways to awards, over every order of awards that steps on the way may need."""

    def __init__(
        self, world: World, record: Record, catalogue: Catalogue, known: Sequence[Form], nodes: int
    ) -> None:
        self.world, self.record, self.catalogue, self.nodes = world, record, catalogue, nodes
        whole = catalogue.to_dict()
        self.offers: dict[str, dict[str, Any]] = {offer["id"]: offer for offer in whole["offers"]}
        self.notes: list[str] = []  #: requirements that no step can meet
        self.held = _held_names(record)
        held = {award["id"] for award in record.to_dict().get("awards") or []}
        self.makers: dict[str, list[dict[str, Any]]] = {}
        for offer in self.offers.values():
            self.makers.setdefault(offer.get("unit") or offer["id"], []).append(offer)
        self.opens: dict[str, list[str]] = {}
        for offer in self.offers.values():
            for name in _awards_in(offer.get("requires")) + _awards_in(offer.get("corequires")):
                self.opens.setdefault(name, []).append(offer.get("unit") or offer["id"])
        self.between = [
            form for form in known for name in sorted(form.names & set(self.opens)) if name not in held
        ]
        self.between = list({form.id: form for form in self.between}.values())

    def run(self, targets: Sequence[Form], aims: Sequence[str]) -> tuple[list[Pathway], bool, dict[str, Fraction]]:
        """Undominated ways to all targets at once, whether they are proved to be all, and bounds."""
        found: list[Pathway] = []
        proved = True
        bounds: dict[str, Fraction] = {}
        asked = {form.id for form in targets}
        between = [form for form in self.between if form.id not in asked] + [
            form for form in self.between if form.id in asked and len(targets) > 1
        ]
        if len(between) > _ON_THE_WAY:
            proved = False
        name = " and ".join(form.id for form in targets)
        for size in range(min(len(between), _ON_THE_WAY) + 1):
            for chosen in permutations(between, size):
                plans, complete = self._plans(chosen, targets, aims, self.catalogue)
                proved = proved and complete
                astray: list[Plan] = []
                # Looked at a second time, if an award rested on what it opens, without what it may open.
                for plan in chain(plans, self._again(chosen, targets, aims, astray)):
                    if not plan.values:
                        continue
                    taken_now = [self.offers[id] for id in plan.order]
                    offers = _in_time(taken_now, [form.names for form in chosen], self.held)
                    used = [form for form in chosen if self._needed(form, offers)]
                    if len(used) < len(chosen):
                        continue  # another choice of awards has this way without the one that is not needed
                    ids = [form.id for form in chosen if form.id not in asked]
                    way = Pathway(
                        self.world, name, plan.values, offers, self.record, self.catalogue,
                        [*targets, *(form for form in chosen if form.id not in asked)], ids, plan,
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
                    if plan.status != "optimal":
                        for aim in aims[:1]:
                            bounds[aim] = min(bounds.get(aim, plan.bound), plan.bound)
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
        for aim in aims:
            if proved and ways:
                bounds[aim] = min(way.values[aim] for way in ways)
        return ways, proved, bounds

    def _behind(self, awards: set[str]) -> set[str]:
        """Units that cannot be had before these awards are: what requires them, and what requires that."""
        behind: set[str] = set()
        while True:
            more = {
                unit
                for unit, makers in self.makers.items()
                if unit not in behind and unit not in self.held
                and all(
                    any(_cannot_without(offer.get(key), awards, behind) for key in ("requires", "corequires"))
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
                word = "is open" if row["unknown"] else "is not met by the record, and no step can meet it"
                self.notes.append(f"{rule.id}: {row['clause']} {word} ({row['reason']}).")
                denied = denied or not row["unknown"]
        return denied

    def _again(
        self, chosen: Sequence[Form], targets: Sequence[Form], aims: Sequence[str], astray: Sequence[Plan]
    ) -> Iterator[Plan]:
        if not astray:
            return
        names = {name for form in chosen for name in form.names}
        whole = self.catalogue.to_dict()
        for offer in whole["offers"]:
            for key in ("requires", "corequires"):
                if offer.get(key) is not None and not _cannot_without(offer[key], names, self._behind(names)):
                    offer[key] = _without_awards(offer[key], names)
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


def _held_names(record: Record) -> set[str]:
    whole = record.to_dict()
    held = {item.get("unit") or item["id"] for item in whole.get("items") or ()}
    for award in whole.get("awards") or ():
        held |= {award["id"], *([award["kind"]] if award.get("kind") else [])}
    return held


def _one_unit(condition: Mapping[str, Any]) -> list[str] | None:
    """Units one of which a condition asks for; None if it asks for amounts or for anything but units."""
    selector = condition.get("holds")
    if not isinstance(selector, dict) or list(selector) != ["unit"] or set(condition) - {"holds", "min"}:
        return None
    if condition.get("min", 1) != 1:
        return None
    return [selector["unit"]] if isinstance(selector["unit"], str) else list(selector["unit"])


def _cannot_without(condition: Any, awards: set[str], units: set[str]) -> bool:
    """Whether a condition cannot be met without one of these awards or units."""
    if not isinstance(condition, dict):
        return False
    if "all" in condition:
        return any(_cannot_without(part, awards, units) for part in condition["all"])
    if "any" in condition:
        return bool(condition["any"]) and all(_cannot_without(part, awards, units) for part in condition["any"])
    if "award" in condition:
        named = [condition["award"]] if isinstance(condition["award"], str) else condition["award"]
        return set(named) <= awards
    one = _one_unit(condition)
    return one is not None and set(one) <= units


def _without_awards(condition: Any, awards: set[str]) -> Any:
    """A condition with alternatives by these awards left out, where there are others."""
    if not isinstance(condition, dict):
        return condition
    if "all" in condition:
        return {**condition, "all": [_without_awards(part, awards) for part in condition["all"]]}
    if "any" in condition:
        parts = [part for part in condition["any"] if not _cannot_without(part, awards, set())]
        return {**condition, "any": [_without_awards(part, awards) for part in parts]}
    return condition


def _in_time(
    offers: Sequence[dict[str, Any]], awards: Sequence[set[str]], held: set[str]
) -> list[dict[str, Any]]:
    """Steps in order, those that need an award on the way, or build on one that does, behind what needs none."""
    stage: list[int] = []
    units = [offer.get("unit") or offer["id"] for offer in offers]

    def of(condition: Any, at: int) -> int | None:
        """Awards that have to be reached before; None if nothing taken meets it."""
        if not isinstance(condition, dict):
            return 0
        if "all" in condition:
            parts = [of(part, at) for part in condition["all"]]
            return None if None in parts else max((part for part in parts if part is not None), default=0)
        if "any" in condition:
            return min((part for part in (of(one, at) for one in condition["any"]) if part is not None), default=None)
        if "award" in condition:
            named = {condition["award"]} if isinstance(condition["award"], str) else set(condition["award"])
            found = [0] if named & held else [number for number, names in enumerate(awards, 1) if names & named]
            return min(found, default=None)
        one = _one_unit(condition)
        if one is None:
            # Of a condition on amounts it cannot be told which earlier steps meet it: all of them may have to.
            return max(stage[:at], default=0)
        if set(one) & held:
            return 0
        return min((stage[before] for before in range(at) if units[before] in one), default=None)

    for at, offer in enumerate(offers):
        parts = [of(offer.get(key), at) for key in ("requires", "corequires") if offer.get(key) is not None]
        stage.append(max([max(stage[:at], default=0) if part is None else part for part in parts], default=0))
    return [offers[at] for at in sorted(range(len(offers)), key=lambda at: (stage[at], at))]


def _awards_in(condition: Any) -> list[str]:
    if not isinstance(condition, dict):
        return []
    found: list[str] = []
    for part in [*(condition.get("all") or []), *(condition.get("any") or [])]:
        found += _awards_in(part)
    named = condition.get("award")
    return found + ([named] if isinstance(named, str) else list(named or []))


def at_level(world: World, level: str | None, wanted: str) -> bool:
    """Whether a level is at least another one, guaranteed by the documents."""
    if level is None:
        return False
    to, code = wanted.split(":", 1)
    framework, own = level.split(":", 1)
    ranks = {each.code: each.rank for each in world.framework(to).levels}
    if framework == to:
        return own in ranks and ranks[own] >= ranks[code]
    answer = world.map_level(level, to=to)
    return bool(answer.status == "mapped" and answer.complete and answer.floor and ranks[answer.floor] >= ranks[code])


def pathways(
    world: World,
    record: Record,
    target: Any,
    catalogue: Catalogue,
    *,
    rules: Any = None,
    assessments: Any = None,
    minimise: str | Sequence[str] = ("cost", "months"),
    nodes: int = 200_000,
) -> Pathways:
    """Ways to a target; see :meth:`qualgraph.World.pathways`."""
    record_given(record)
    whole = with_assessments(catalogue_given(catalogue), assessments)
    budget_given(nodes=nodes)
    aims = [minimise] if isinstance(minimise, str) else list(minimise) if hasattr(minimise, "__iter__") else []
    if not all(isinstance(aim, str) for aim in aims):
        raise InvalidValue(f"minimise one to three different things of {', '.join(_AIMS)}, not {minimise!r}")
    if not 1 <= len(aims) <= 3 or len(set(aims)) != len(aims) or set(aims) - set(_AIMS):
        raise InvalidValue(f"minimise one to three different things of {', '.join(_AIMS)}, not {aims}")
    known = known_forms(world, rules)
    named = target if isinstance(target, (list, tuple)) else [target]
    if len(named) == 1 and isinstance(named[0], str):
        text = named[0]
        if ":" in text and text.split(":", 1)[0] in world.frameworks:
            world.at_least(text, on=text.split(":", 1)[0])
            return _to_level(world, record, text, whole, known, aims, nodes)
        offers = {offer["id"]: offer for offer in whole.to_dict()["offers"]}
        if text in offers and text.partition(":")[0] not in world.rules:
            return _to_offer(world, record, text, whole, known, aims, nodes)
    try:
        targets = _targets(world, named)
    except UnknownId as error:
        if len(named) == 1 and isinstance(named[0], str):
            raise UnknownId(
                f"{error} A target is a rule, a level as framework:code, or the id of an offer of the catalogue."
            ) from None
        raise
    merged: list[Pathway] = []
    proved = True
    bounds: dict[str, Fraction] = {}
    forms = list({form.id: form for form in [*known, *(form for one in targets for form in one)]}.values())
    search = AwardSearch(world, record, whole, forms, nodes)
    for each in targets:
        ways, complete, lower = search.run(each, aims)
        merged += ways
        proved = proved and complete
        for aim, value in lower.items():
            bounds[aim] = min(bounds.get(aim, value), value)
    used = list({form.id: form for one in targets for form in one}.values())
    title = " and ".join(_titles(named, used))
    return _answer(world, record, whole, title, used, aims, merged, proved, bounds, known, search.notes)


def _titles(named: Sequence[Any], used: Sequence[Form]) -> list[str]:
    return [one if isinstance(one, str) else getattr(one, "id", used[0].id) for one in named]


def known_forms(world: World, rules: Any) -> list[Form]:
    """Forms of the rules named; of every award of the facts if none is (``None``)."""
    if rules is None:
        rules = [rule for rule in world.rules if rule.kind == "award"]
    if isinstance(rules, (str, Rule, Form)) or not hasattr(rules, "__iter__"):
        rules = [rules]
    found: list[Form] = []
    for each in rules:
        if isinstance(each, Form) or (isinstance(each, str) and ":" in each):
            found.append(form_of(world, each))
        else:
            from ..stacking.given import rule_given

            found += forms_of(rule_given(world, each))
    return found


def _targets(world: World, named: Sequence[Any]) -> list[list[Form]]:
    """Every combination of variants of the targets; all targets of one list are met at once."""
    from itertools import product

    choices: list[list[Form]] = []
    for one in named:
        if isinstance(one, Form) or (isinstance(one, str) and ":" in one):
            choices.append([form_of(world, one)])
        else:
            from ..stacking.given import rule_given

            rule = rule_given(world, one)
            choices.append([Form(rule, "variant", each.id) for each in rule.variants] or [Form(rule)])
    return [list(each) for each in product(*choices)]


def _answer(
    world: World,
    record: Record,
    catalogue: Catalogue,
    target: str,
    forms: Sequence[Form],
    aims: Sequence[str],
    found: Sequence[Pathway],
    proved: bool,
    bounds: dict[str, Fraction],
    known: Sequence[Form] = (),
    more: Sequence[str] = (),
) -> Pathways:
    def values(way: Pathway) -> tuple[Fraction, ...]:
        return tuple(way.values[aim] for aim in aims)

    ways: dict[tuple[Fraction, ...], Pathway] = {}
    for way in sorted(found, key=values):
        if not any(all(a <= b for a, b in zip(other, values(way), strict=True)) for other in ways):
            ways[values(way)] = way
    notes = list(dict.fromkeys(more))
    left_out = [
        offer["id"]
        for offer in catalogue.to_dict()["offers"]
        if any(offer.get(aim) is None for aim in aims if aim in ("cost", "months"))
    ]
    if left_out:
        notes.append(
            f"{count(len(left_out), 'offer')} whose cost or months are not stated {agree(len(left_out), 'is', 'are')} "
            f"left out: {listing(left_out[:6])}{' and others' if len(left_out) > 6 else ''}."
        )
    reasons: list[str] = []
    status = "proved" if proved else "not_proved"
    if not ways and proved:
        whole = catalogue.to_dict()
        points = open_points(world, forms, whole["offers"], record.to_dict(), known)
        points += [f"{id}: its cost or months are not stated" for id in left_out]
        if points and out_of_reach(world, forms, whole["offers"], record.to_dict(), whole.get("credit")):
            points = []
        # Everything unknown was read against the learner: that nothing was found is then no proof.
        status = "not_proved" if points else "impossible"
        notes += [f"{point}." for point in points]
        for form in forms:
            plan = world.complete(record, form.rule, catalogue, aims[0], **_form_keywords(form))
            reasons += getattr(plan, "reasons", [])
    return Pathways(
        world, record, catalogue, target, forms, aims, status, list(ways.values()), bounds,
        list(dict.fromkeys(reasons)), notes,
    )  # fmt: skip


def _form_keywords(form: Form) -> dict[str, Any]:
    return dict(form.choice)


def _offer_rule(id: str, offer: Mapping[str, Any]) -> Rule:
    unit = offer.get("unit") or id
    return Rule(
        {
            "language": 1, "id": "credential", "title": str(offer.get("title") or id), "measure": "units",
            "places": {"credential": {"from": {"unit": [unit]}, "min": 1}},
        }
    )  # fmt: skip


def _to_offer(
    world: World,
    record: Record,
    id: str,
    catalogue: Catalogue,
    known: Sequence[Form],
    aims: Sequence[str],
    nodes: int,
) -> Pathways:
    offers = {offer["id"]: offer for offer in catalogue.to_dict()["offers"]}
    form = Form(_offer_rule(id, offers[id]))
    search = AwardSearch(world, record, catalogue, known, nodes)
    ways, proved, bounds = search.run([form], aims)
    for way in ways:
        way.target = id
        way._forms = [one for one in way._forms if one.id != form.id]
    return _answer(world, record, catalogue, id, [form], aims, ways, proved, bounds, known, search.notes)


def _to_level(
    world: World,
    record: Record,
    level: str,
    catalogue: Catalogue,
    known: Sequence[Form],
    aims: Sequence[str],
    nodes: int,
) -> Pathways:
    """Ways to anything that the documents guarantee to be at a level: awards by rule, credentials by offer."""
    found: list[Pathway] = []
    forms: list[Form] = []
    proved = True
    bounds: dict[str, Fraction] = {}
    search = AwardSearch(world, record, catalogue, known, nodes)
    candidates: list[tuple[str, Form]] = [(form.id, form) for form in known if at_level(world, form.level, level)]
    for offer in catalogue.to_dict()["offers"]:
        if offer.get("kind") not in ("award", "exit"):
            continue
        stated = offer.get("level") or []
        if any(at_level(world, one, level) for one in ([stated] if isinstance(stated, str) else stated)):
            candidates.append((offer["id"], Form(_offer_rule(offer["id"], offer))))
    for name, form in candidates:
        ways, complete, lower = search.run([form], aims)
        proved = proved and complete
        for way in ways:
            way.target = name
            if form.rule.id == "credential":
                way._forms = [one for one in way._forms if one.rule.id != "credential"]
        found += ways
        forms.append(form)
        for aim, value in lower.items():
            bounds[aim] = min(bounds.get(aim, value), value)
    answer = _answer(world, record, catalogue, level, forms, aims, found, proved, bounds, known, search.notes)
    if not candidates:
        answer.reasons.append(
            f"No award given and no award of the catalogue is guaranteed to be at {level} or above; "
            "name awards with rules=[...]."
        )
    return answer


def step_graph(world: World, record: Record, catalogue: Catalogue, assessments: Any = None) -> StepGraph:
    """The AND/OR graph of a catalogue for one record; see :meth:`qualgraph.World.step_graph`."""
    return StepGraph(world, record_given(record), with_assessments(catalogue_given(catalogue), assessments))
