"""Indicators of a catalogue against rules: what counts, what leads nowhere, what holds others up."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from .. import _core
from ..answers import TabularResult
from ..display import agree, count, fraction_text, listing
from ..errors import InvalidValue
from ..stacking.complete import Catalogue
from ..stacking.given import catalogue_given
from ..stacking.record import Record
from ..stacking.requirements import circles
from ..table import Table
from .conditions import named_in
from .forms import edition
from .given import budget_given, credits_of, known_forms
from .openings import open_points, out_of_reach
from .search import AwardSearch

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ..facts import Source
    from ..world import World
    from .forms import Form

__all__ = ["Curriculum", "Indicators", "curriculum", "indicators"]


class Curriculum(TabularResult):
    """The published metrics of a curriculum (curricularanalytics.org), unit by unit.

    ``blocking``: units that need this one, directly or not. ``delay``: units on the longest chain through it.
    ``centrality``: sum of the lengths of all chains from a first to a last unit that pass through it.
    ``complexity``: blocking and delay together. Every unit a requirement names counts as needed, alternatives too.
    """

    _legal = (
        "This describes requirements as they are written, not how hard a unit is; it decides nothing about any learner."
    )

    def __init__(self, world: World, units: Sequence[str], edges: Sequence[tuple[int, int]], over: Any) -> None:
        self._bind(world)
        self.units, self.requirements = list(units), [(units[a], units[b]) for a, b in edges]
        self._over = over
        self._answer = _core.curriculum_metrics(len(units), list(edges))
        self.complexity: int = sum(self._answer["complexity"])
        self.centrality: int = self._answer["whole_centrality"]
        self.delay: int = sum(self._answer["delay"])
        self.blocking: int = sum(self._answer["blocking"])

    @property
    def table(self) -> Table:
        """``unit``, ``blocking``, ``delay``, ``centrality``, ``complexity``."""
        names = ("blocking", "delay", "centrality", "complexity")
        # Sums of chains outgrow 64 bits in long curricula; as fractions they stay exact.
        columns: dict[str, list[Any]] = {"unit": self.units}
        columns |= {name: self._answer[name] for name in names}
        if any(value >= 2**63 for value in columns["centrality"]):
            columns["centrality"] = [str(value) for value in columns["centrality"]]
        return Table(columns, title="Curricular metrics")

    def _sentence(self) -> str:
        return (
            f"{count(len(self.units), 'unit')}, {count(len(self.requirements), 'requirement')}: complexity "
            f"{self.complexity} (blocking {self.blocking}, delay {self.delay}), centrality {self.centrality}."
        )

    def _payload(self) -> dict[str, Any]:
        return {
            "units": list(self.table),
            "complexity": self.complexity,
            "blocking": self.blocking,
            "delay": self.delay,
            "centrality": self.centrality,
            "over": self._over,
        }

    def _html_body(self) -> str:
        return self.table._repr_html_()

    def __repr__(self) -> str:
        return f"<Curriculum: {count(len(self.units), 'unit')}, complexity {self.complexity}>"


def curriculum(world: World, catalogue: Any) -> Curriculum:
    """Metrics of a catalogue's requirements, or of a mapping from unit to what it needs; see the method of World."""
    if isinstance(catalogue, Catalogue):
        from .forms import catalogue_hash

        offers = catalogue.to_dict()["offers"]
        along: dict[str, list[str]] = {}
        for offer in offers:
            along.setdefault(offer.get("unit") or offer["id"], []).extend(named_in(offer.get("corequires")))
        needs: dict[str, list[str]] = {}
        for offer in offers:
            # Several offers of a unit: what any of them requires counts as needed, as alternatives do.
            before = named_in(offer.get("requires"))
            needs[offer.get("unit") or offer["id"]] = [*needs.get(offer.get("unit") or offer["id"], []), *before]
        for offer in offers:
            own = offer.get("unit") or offer["id"]
            # What is taken along comes before, unless the two are taken along with each other.
            needs[own] += [name for name in named_in(offer.get("corequires")) if own not in along.get(name, [])]
        over: Any = {"catalogue": catalogue.to_dict().get("catalogue"), "catalogue_hash": catalogue_hash(catalogue)}
    else:
        if not hasattr(catalogue, "items"):
            raise InvalidValue("a curriculum is a catalogue, or a mapping from each unit to the units it needs")
        needs = {}
        for unit, listed in catalogue.items():
            if isinstance(listed, str) or not hasattr(listed, "__iter__"):
                raise InvalidValue(f"what {unit} needs is a list of units, not {listed!r}")
            needs[str(unit)] = [str(each) for each in listed]
        over = "requirements as given"
    units = list(dict.fromkeys([*needs, *(name for names in needs.values() for name in names)]))
    place = {unit: at for at, unit in enumerate(units)}
    edges = [(place[before], place[unit]) for unit, names in needs.items() for before in names]
    for circle in circles({unit: list(dict.fromkeys(needs.get(unit, []))) for unit in units}):
        walk = " requires ".join([*circle, circle[0]])
        raise InvalidValue(f"requirements go round in a circle: {walk}; such a curriculum has no metrics")
    return Curriculum(world, units, edges, over)


class Indicators(TabularResult):
    """What each credential of a catalogue is good for toward a set of awards.

    ``table`` has one row per credential: ``share`` (the largest countable share over all awards), ``useful``,
    ``dead_end`` (in no stack that no smaller stack lies in; others may still require it), ``reach`` (awards for
    which it lies in a stack that no smaller stack lies in), ``bodies`` and ``frameworks`` (distinct among them),
    ``saving`` (credits an award takes less with it held, the most over the awards), ``blocking``, ``delay``,
    ``gatekeeping`` (awards out of reach without it). ``None`` is not decided within the budget, or for want of
    what the credential does not state, never "no". ``summary`` has the figures of the whole catalogue,
    ``by_award`` the pairs.

    Attributes
    ----------
    stackability : Fraction or None
        Sum of credits times share over sum of credits; shown with ``dead_end_share``, the share of credits
        in credentials that lead to no award. None where some credential is not decided; ``bounds`` hold then.
    curriculum : Curriculum or None
        None for requirements that go round in a circle; ``notes`` names it.
    notes : list of str
    """

    _legal = (
        "This is a calculation from the catalogue and the rules named, over every stack they allow; "
        "it is not recognition of any credential, which rests with the awarding bodies."
    )

    def __init__(
        self,
        world: World,
        catalogue: Catalogue,
        forms: Sequence[Form],
        pairs: list[dict[str, Any]],
        awards: list[dict[str, Any]],
        curricular: Curriculum | None,
        learners: list[dict[str, Any]],
        notes: Sequence[str] = (),
    ) -> None:
        self._bind(world)
        self.notes = list(notes)
        self.catalogue, self._forms = catalogue, list(forms)
        self._pairs, self._awards, self.curriculum, self._learners = pairs, awards, curricular, learners
        self._offers = catalogue.to_dict()["offers"]
        self._system = catalogue.to_dict().get("credit")
        self._rows = self._by_offer()

    def _by_offer(self) -> list[dict[str, Any]]:
        by_id = {form.id: form for form in self._forms}
        metrics = {} if self.curriculum is None else {row["unit"]: row for row in self.curriculum.table}
        rows = []
        for offer in self._offers:
            own = [pair for pair in self._pairs if pair["offer"] == offer["id"]]
            useful = [pair["useful"] for pair in own]
            shares = [pair["share"] for pair in own if pair["share"] is not None]
            open_shares = [pair for pair in own if not pair["share_proved"]]
            # No share is above one, so a share of one is the largest whatever else is open.
            share = max(shares, default=Fraction(0))
            reach = [pair["award"] for pair in own if pair["useful"] is True]
            bodies = {each for id in reach for each in (by_id[id].rule.to_dict().get("awarding") or [])}
            frameworks = {by_id[id].rule.framework for id in reach} - {None}
            savings = [pair["saving"] for pair in own if pair["saving"] is not None]
            unit = offer.get("unit") or offer["id"]
            # An award out of reach with everything on offer is kept by nobody.
            reached = [row for row in self._awards if row["reachable"] is not False]
            keeps = [row["award"] for row in reached if offer["id"] in (row["gatekeepers"] or [])]
            rows.append(
                {
                    "offer": offer["id"],
                    "title": offer.get("title"),
                    "credits": credits_of(offer, self._system),
                    "share": share if not open_shares or share == 1 else None,
                    "share_at_least": share,
                    "useful": True if True in useful else None if None in useful else False,
                    "dead_end": False if True in useful else None if None in useful else True,
                    "reach": len(reach),
                    "awards": reach,
                    "bodies": len(bodies),
                    "frameworks": len(frameworks),
                    "saving": max(savings, default=None),
                    "blocking": metrics[unit]["blocking"] if metrics else None,
                    "delay": metrics[unit]["delay"] if metrics else None,
                    "gatekeeping": keeps if all(row["gatekeepers"] is not None for row in reached) else None,
                }
            )
        return rows

    @property
    def table(self) -> Table:
        """One row per credential of the catalogue."""
        names = [name for name in self._rows[0] if name != "share_at_least"] if self._rows else ["offer"]
        return Table({name: [row[name] for row in self._rows] for name in names}, title="Indicators by credential")

    @property
    def by_award(self) -> Table:
        """One row per credential and award: ``share``, ``useful``, ``saving``, ``witness`` (a stack that needs it)."""
        names = ("offer", "award", "share", "share_proved", "useful", "saving", "witness")
        return Table({name: [pair[name] for pair in self._pairs] for name in names}, title="Indicators by award")

    @property
    def awards(self) -> Table:
        """One row per award: whether the catalogue completes it, its least credits, its gatekeepers."""
        names = ("award", "title", "reachable", "least_credits", "gatekeepers", "decided")
        return Table({name: [row[name] for row in self._awards] for name in names}, title="Awards")

    @property
    def learners(self) -> Table:
        """One row per learner and award: ``held``, ``counted``, ``loss`` (1 - counted/held), ``excess``.

        ``counted`` leaves minima aside: it is what limits let count. ``excess`` is the credits held beyond
        the total of the award once it is completed with the fewest credits of the catalogue. None where sizes
        held are ranges or not stated, or where what is not known could let more count.
        """
        names = ("learner", "award", "held", "counted", "loss", "excess")
        return Table({name: [row[name] for row in self._learners] for name in names}, title="Credit loss and excess")

    def _known(self) -> list[dict[str, Any]]:
        return [row for row in self._rows if row["credits"] is not None]

    def _whole(self) -> Fraction:
        return sum((row["credits"] for row in self._known()), Fraction(0))

    @property
    def bounds(self) -> dict[str, tuple[Fraction, Fraction]]:
        """Stackability index and dead-end share, each at least and at most."""
        whole = self._whole()
        if not whole:
            return {}
        low = sum((row["credits"] * row["share_at_least"] for row in self._known()), Fraction(0))
        may_count = [row["credits"] * (1 if row["share"] is None else row["share"]) for row in self._known()]
        high = sum(may_count, Fraction(0))
        dead = sum((row["credits"] for row in self._known() if row["dead_end"] is True), Fraction(0))
        may = sum((row["credits"] for row in self._known() if row["dead_end"] is not False), Fraction(0))
        return {"stackability": (low / whole, high / whole), "dead_end_share": (dead / whole, may / whole)}

    @property
    def stackability(self) -> Fraction | None:
        """Stackability index; None where it is not decided."""
        low, high = self.bounds.get("stackability", (None, 0))
        return low if low == high else None

    @property
    def dead_end_share(self) -> Fraction | None:
        """Share of credits in dead ends; None where it is not decided."""
        low, high = self.bounds.get("dead_end_share", (None, 0))
        return low if low == high else None

    @property
    def edition(self) -> dict[str, Any]:
        """Content hashes of catalogue and rules."""
        return edition(self.catalogue, self._forms)

    @property
    def sources(self) -> list[Source]:
        """Texts of the rules."""
        return list(dict.fromkeys(source for form in self._forms for source in form.rule.sources))

    @property
    def summary(self) -> Table:
        """Figures of the whole catalogue: ``indicator``, ``value``, ``at_least``, ``at_most``."""
        rows: list[tuple[str, Any, Any, Any]] = [("credentials", len(self._rows), None, None)]
        unknown = len(self._rows) - len(self._known())
        rows.append(("credentials of unknown size, left out of shares", unknown, None, None))
        for name, (low, high) in self.bounds.items():
            told = {"stackability": "stackability index", "dead_end_share": "dead-end share by credits"}[name]
            rows.append((told, low if low == high else None, low, high))
        rows.append(("awards", len(self._awards), None, None))
        rows.append(("awards the catalogue completes", sum(r["reachable"] is True for r in self._awards), None, None))
        rows.append(("structural complexity", self.curriculum and self.curriculum.complexity, None, None))
        for name in ("loss", "excess"):
            known = [row[name] for row in self._learners if row[name] is not None]
            if known:
                mean = sum(known, Fraction(0)) / len(known)
                of = "" if len(known) == len(self._learners) else f"{len(known)} of "
                over = count(len(self._learners), "learner and award", "learners and awards")
                rows.append((f"mean {name} over {of}{over}", mean, None, None))
        columns = ("indicator", "value", "at_least", "at_most")
        return Table({name: [row[at] for row in rows] for at, name in enumerate(columns)}, title=self._over())

    def _over(self) -> str:
        named = self.edition
        rules = ", ".join(f"{id} {hash[:8]}" for id, hash in named["rules"].items())
        return f"Catalogue {named['catalogue'] or 'as given'} ({named['catalogue_hash'][:12]}) against {rules}"

    def _sentence(self) -> str:
        def told(name: str) -> str:
            low, high = self.bounds[name]
            return fraction_text(low) if low == high else f"between {fraction_text(low)} and {fraction_text(high)}"

        dead = sum(row["dead_end"] is True for row in self._rows)
        said = "no credential states its size"
        if self.bounds:
            said = f"stackability index {told('stackability')}, dead-end share {told('dead_end_share')}"
        verb = agree(dead, "is a dead end", "are dead ends")
        lead = f"{dead or 'none'} of {count(len(self._rows), 'credential')} {verb}"
        return f"{self._over()}: {said}; {lead}."

    def _payload(self) -> dict[str, Any]:
        return {
            "summary": list(self.summary),
            "credentials": self._rows,
            "pairs": self._pairs,
            "awards": self._awards,
            "learners": self._learners,
            "curriculum": list(self.curriculum.table) if self.curriculum is not None else None,
            "notes": self.notes,
            "edition": self.edition,
        }

    def _html_body(self) -> str:
        from ..display import details, items

        body = self.summary._repr_html_() + self.awards._repr_html_() + (items(self.notes) if self.notes else "")
        body += details("Credentials", self.table._repr_html_())
        return body + (self.learners._repr_html_() if self._learners else "")

    def __repr__(self) -> str:
        return f"<Indicators: {count(len(self._rows), 'credential')}, {count(len(self._awards), 'award')}>"


def indicators(
    world: World,
    catalogue: Catalogue,
    *,
    rules: Any = None,
    learners: Any = (),
    saving: bool = True,
    gatekeeping: bool = True,
    nodes: int = 50_000,
    stacks: int = 200,
) -> Indicators:
    """Indicators of a catalogue; see :meth:`qualgraph.World.indicators`."""
    catalogue_given(catalogue)
    budget_given(nodes=nodes, stacks=stacks)
    if isinstance(learners, Record) or not hasattr(learners, "__iter__"):
        raise InvalidValue(f"learners are a list of records, or of pairs of a name and a record, not {learners!r}")
    forms = known_forms(world, rules)
    if not forms:
        raise InvalidValue("indicators are of a catalogue toward awards: name their rules, as rules=[...]")
    whole = catalogue.to_dict()
    offers = whole["offers"]
    nothing = Record([], awards=[])
    try:
        curricular: Curriculum | None = curriculum(world, catalogue)
        notes: list[str] = []
    except InvalidValue as error:
        # A circle of requirements takes the curricular metrics with it, and nothing else.
        curricular, notes = None, [f"Blocking, delay and complexity: {error}."]
    shut = _closed(offers, whole.get("as_of"))
    if shut:
        notes.append(f"Closed by {whole['as_of']}, yet looked at for those who hold them: {listing(shut)}.")
    asked_for = {name for offer in offers for key in ("requires", "corequires") for name in named_in(offer.get(key))}
    pairs: list[dict[str, Any]] = []
    awards: list[dict[str, Any]] = []
    for form in forms:
        uses = _core.stack_uses(world._c, nothing._c, form.goal, catalogue._c, nodes, stacks)
        plan = _least(world, nothing, form, forms, catalogue, "credits", nodes)
        savings: dict[Any, Fraction | None] = {}
        for at, offer in enumerate(offers):
            kind = uses["kinds"][at]
            share, proved, useful, witness, _ = uses["of"].get(kind, (None, uses["any"] == "no", "no", [], 0))
            use = {"yes": True, "no": False}.get(useful)
            saved = None
            if saving and plan is not None and plan[0] is not None:
                needed = (offer.get("unit") or offer["id"]) in asked_for
                # Of no use itself and asked for by nothing: no completion takes it, so none is spared it.
                if use is False and not needed:
                    saved = Fraction(0)
                else:
                    key = (kind, offer["id"] if needed or offer.get("requires") else "", str(offer.get("credits")))
                    if key not in savings:
                        savings[key] = _saving(world, form, forms, catalogue, offer, plan[0], nodes)
                    saved = savings[key]
            pairs.append(
                {
                    "offer": offer["id"],
                    "award": form.id,
                    "share": share,
                    "share_proved": proved,
                    "useful": use,
                    "saving": saved,
                    "witness": [offers[place]["id"] for place in witness] or None,
                }
            )
            if pairs[-1]["witness"] and use and offer["id"] not in pairs[-1]["witness"]:
                # The stack of one of its kind, with this one in its place.
                first = next(at for at, k in enumerate(uses["kinds"]) if k == kind)
                pairs[-1]["witness"] = [offer["id"] if id == offers[first]["id"] else id for id in pairs[-1]["witness"]]
        reached = None if plan is None else plan[0] is not None
        if reached is False and open_points(world, [form], offers, nothing.to_dict(), forms):
            # Nothing completes it for certain; what nobody states may.
            reached = None
        keepers = _gatekeepers(world, form, forms, catalogue, nodes) if gatekeeping and reached else None
        awards.append(
            {
                "award": form.id,
                "title": form.title,
                "reachable": reached,
                "least_credits": plan[0] if plan else None,
                "gatekeepers": keepers,
                "decided": uses["settled"],
            }
        )
    rows = [row for learner in learners for row in _learner(world, learner, forms, catalogue, nodes)]
    return Indicators(world, catalogue, forms, pairs, awards, curricular, rows, notes)


def _least(
    world: World, record: Record, form: Form, forms: Sequence[Form], catalogue: Catalogue, aim: str, nodes: int
) -> tuple[Fraction | None, list[int]] | None:
    """Least of an aim and what is taken; (None, []) if nothing completes the form, None if not decided.

    Offers that require one of the other awards are open once that award is earned on the way.
    """
    search = AwardSearch(world, record, catalogue, forms, nodes)
    if search.between:
        ways, proved, _ = search.run([form], [aim])
        if not proved:
            return None
        place = {id: at for at, id in enumerate(search.offers)}
        return (ways[0].values[aim], [place[id] for id in ways[0].order]) if ways else (None, [])
    answer = _core.complete(world._c, record._c, [form.goal], catalogue._c, [aim], nodes, None)[0]
    if answer["status"] == "impossible":
        return None, []
    return (answer["values"][0], answer["taken"]) if answer["status"] == "optimal" else None


def _closed(offers: Sequence[Mapping[str, Any]], day: str | None) -> list[str]:
    """Offers that nobody can take from that day on; days are compared as ISO dates are written."""
    if day is None:
        return []
    ends = {offer["id"]: [window.get("until") for window in offer.get("available") or ()] for offer in offers}
    return [id for id, until in ends.items() if until and all(each is not None and each < day for each in until)]


def _without(catalogue: Catalogue, ids: Iterable[str]) -> Catalogue:
    gone = set(ids)
    whole = catalogue.to_dict()
    whole["offers"] = [offer for offer in whole["offers"] if offer["id"] not in gone]
    return Catalogue.from_text(json.dumps(whole, ensure_ascii=False))


def _saving(
    world: World,
    form: Form,
    forms: Sequence[Form],
    catalogue: Catalogue,
    offer: Mapping[str, Any],
    least: Fraction,
    nodes: int,
) -> Fraction | None:
    from ..stacking.complete import taken

    whole = catalogue.to_dict()
    day = whole.get("as_of")
    held = Record([taken(offer, offer["id"], day, whole.get("credit"))], awards=[])
    left = _without(catalogue, [offer["id"]]) if offer.get("max_takes", 1) == 1 else catalogue
    found = _least(world, held, form, forms, left, "credits", nodes)
    return None if found is None or found[0] is None else least - found[0]


def _gatekeepers(
    world: World, form: Form, forms: Sequence[Form], catalogue: Catalogue, nodes: int
) -> list[str] | None:
    """Offers without which the form is out of reach: each lies in every plan, so in the one looked at.

    None if not decided: within the budget, or for want of what the offers left do not state.
    """
    nothing = Record([], awards=[])
    plan = _least(world, nothing, form, forms, catalogue, "count", nodes)
    if plan is None or plan[0] is None:
        return None
    whole = catalogue.to_dict()
    offers = whole["offers"]
    found = []
    for at in dict.fromkeys(plan[1]):
        id = offers[at]["id"]
        rest = _least(world, nothing, form, forms, _without(catalogue, [id]), "count", nodes)
        if rest is None:
            return None
        if rest[0] is None:
            left, record = [offer for offer in offers if offer["id"] != id], nothing.to_dict()
            may = open_points(world, [form], left, record, forms)
            if may and not out_of_reach(world, [form], left, record, whole.get("credit")):
                return None
            found.append(id)
    return found


def _learner(
    world: World, learner: Any, forms: Sequence[Form], catalogue: Catalogue, nodes: int
) -> list[dict[str, Any]]:
    name, record = learner if isinstance(learner, tuple) and len(learner) == 2 else (None, learner)
    if isinstance(record, Record) and name is None:
        name = record.to_dict().get("learner")
    if not isinstance(record, Record):
        raise InvalidValue(f"learners are records, or pairs of a name and a record, not {record!r}")
    rows = []
    for form in forms:
        sized, proved, held, counted, _ = _core.countable(world._c, record._c, form.goal, nodes)
        loss = 1 - counted / held if proved and held else None
        excess = None
        plan = _least(world, record, form, forms, catalogue, "credits", nodes)
        if sized and plan is not None and plan[0] is not None and form.target is not None:
            whole = catalogue.to_dict()
            sizes = [credits_of(whole["offers"][at], whole.get("credit")) for at in plan[1]]
            of_credits = form.text().get("measure", "credits") == "credits"
            if None not in sizes and of_credits and (form.rule.credit or whole.get("credit")) == whole.get("credit"):
                excess = held + sum((size for size in sizes if size is not None), Fraction(0)) - form.target
        rows.append(
            {
                "learner": name,
                "award": form.id,
                "held": held if sized else None,
                "counted": counted if proved else None,
                "loss": loss,
                "excess": excess,
            }
        )
    return rows
