"""Ways to an award: courses, assessments of prior learning, articulations, exit awards."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from typing import TYPE_CHECKING, Any

from ..answers import TabularResult
from ..display import count
from ..errors import InvalidValue, UnknownId
from ..stacking.given import catalogue_given, record_given, rule_given
from ..stacking.money import money
from ..stacking.requirements import findings
from ..stacking.rule import Rule
from ..table import Table
from .conditions import held_names
from .forms import Form, edition, form_of
from .given import budget_given, known_forms, with_assessments
from .graph import StepGraph
from .openings import open_points, out_of_reach
from .search import AwardSearch
from .way import LEGAL, Pathway, amounts

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ..facts import Source
    from ..plot import Chart
    from ..stacking.complete import Catalogue
    from ..stacking.record import Record
    from ..world import World

__all__ = ["Pathways", "pathways"]

_AIMS = ("cost", "months", "count", "credits")


class Pathways(TabularResult):
    """Ways to a target none of which is beaten by another in everything asked for.

    Attributes
    ----------
    status : str
        ``"proved"``: these are all undominated ways; ``"not_proved"``: others may be better, as the budget ran out
        or ``notes`` tell; ``"impossible"``: proved that none leads there.
    ways : list of Pathway
    bounds : dict of str to Fraction
        No way has less; nothing where ways that were not looked at may have.
    reasons : list of str
        What is lacking, where no way was found.
    notes : list of str
        Offers that were left out, requirements no step can meet, facts nobody states.
    """

    _legal = LEGAL

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
            found += way.plan.sources
        return list(dict.fromkeys(found))

    @property
    def edition(self) -> dict[str, Any]:
        """Content hashes of catalogue, rules and record; rules of awards on the way too."""
        through = [form for way in self.ways for form in way.forms]
        return edition(self.catalogue, [*self._forms, *through], self.record)

    @property
    def table(self) -> Table:
        """One row per way: what it comes to (cost in minor units, ``price`` as people write it), what is taken.

        ``months side by side`` is an upper bound: steps that do not build on each other run at once.
        """
        columns: dict[str, list[Any]] = {"way": list(range(1, len(self.ways) + 1))}
        columns |= {aim: [way.values.get(aim) for way in self.ways] for aim in self.aims}
        if "cost" in self.aims and self.ways and self.ways[0].currency:
            columns["price"] = [money(way.values["cost"], way.currency) for way in self.ways]
        columns["months side by side"] = [way.months_side_by_side for way in self.ways]
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


def _targets(world: World, named: Sequence[Any]) -> list[list[Form]]:
    """Every combination of variants of the targets; all targets of one list are met at once."""
    choices: list[list[Form]] = []
    for one in named:
        if isinstance(one, Form) or (isinstance(one, str) and ":" in one):
            choices.append([form_of(world, one)])
        else:
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
    whole, held = catalogue.to_dict(), record.to_dict()
    day = (held.get("dates") or {}).get("claim") or held.get("as_of") or whole.get("as_of")
    named = held_names(held) | {name for form in known for name in form.names}
    left_out = findings(whole, named, aims, day)
    notes = list(dict.fromkeys([*more, *(one.text for one in left_out)]))
    reasons: list[str] = []
    status = "proved" if proved else "not_proved"
    if not ways and proved:
        points = open_points(world, forms, whole["offers"], held, known)
        blank = any(one.kind.startswith("no ") for one in left_out)
        if (points or blank) and out_of_reach(world, forms, whole["offers"], held, whole.get("credit")):
            points, blank = [], False
        # Everything unknown was read against the learner: that nothing was found is then no proof.
        status = "not_proved" if points or blank else "impossible"
        notes += [f"{point}." for point in points]
        for form in forms:
            plan = world.complete(record, form.rule, catalogue, aims[0], **form.choice)
            reasons += getattr(plan, "reasons", [])
    return Pathways(
        world, record, catalogue, target, forms, aims, status, list(ways.values()), bounds,
        list(dict.fromkeys(reasons)), notes,
    )  # fmt: skip


def _offer_form(id: str, offer: Mapping[str, Any]) -> Form:
    """To hold what an offer brings, whatever it was used for, as if it were an award."""
    unit = offer.get("unit") or id
    rule = Rule(
        {
            "language": 1, "id": "credential", "title": str(offer.get("title") or id), "measure": "units",
            "places": {"credential": {"from": {"unit": [unit]}, "min": 1}}, "reuse": {"used_elsewhere": "free"},
        }
    )  # fmt: skip
    return Form(rule, made=True)


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
    form = _offer_form(id, offers[id])
    search = AwardSearch(world, record, catalogue, known, nodes)
    ways, proved, bounds = search.run([form], aims)
    for way in ways:
        way.target = id
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
            candidates.append((offer["id"], _offer_form(offer["id"], offer)))
    for name, form in candidates:
        ways, complete, lower = search.run([form], aims)
        proved = proved and complete
        for way in ways:
            way.target = name
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


def step_graph(
    world: World, record: Record, catalogue: Catalogue, assessments: Any = None, measured: bool = True
) -> StepGraph:
    """The AND/OR graph of a catalogue for one record; see :meth:`qualgraph.World.step_graph`."""
    whole = with_assessments(catalogue_given(catalogue), assessments)
    return StepGraph(world, record_given(record), whole, measured=measured)
