"""Which awards and credentials can be reached at all, at what distance, and what proves it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..answers import TabularResult
from ..display import count, listing
from ..stacking.given import catalogue_given, record_given
from ..table import Table
from .forms import edition
from .given import budget_given, known_forms, with_assessments
from .graph import StepGraph
from .openings import open_points, out_of_reach
from .search import AwardSearch
from .way import LEGAL, Pathway

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..facts import Source
    from ..stacking.complete import Catalogue
    from ..stacking.record import Record
    from ..world import World
    from .forms import Form

__all__ = ["Reachable", "reachable"]


class Reachable(TabularResult):
    """What can be reached from a record, award by award and credential by credential.

    Attributes
    ----------
    awards : dict of str to str
        Per award ``"held"`` (met already), ``"reachable"``, ``"unreachable"`` (proved) or ``"undecided"``.
    distance : dict of str to int
        Fewest steps to each award that is reached; proved least unless the award is among ``bounded``.
    """

    _legal = LEGAL

    def __init__(
        self,
        world: World,
        record: Record,
        catalogue: Catalogue,
        forms: Sequence[Form],
        graph: StepGraph,
        ways: dict[str, Pathway],
        verdicts: dict[str, str],
        bounded: set[str],
    ) -> None:
        self._bind(world)
        self.record, self.catalogue = record, catalogue
        self._forms, self._graph, self._ways = list(forms), graph, ways
        self.awards = verdicts
        self.bounded = bounded
        self.distance = {id: len(way.order) for id, way in ways.items()}
        self._near = graph.reached()
        whole = catalogue.to_dict()["offers"]
        # Conditions alone decide whether a credential can be held; what only awards count is no matter here.
        self._open = open_points(world, [], whole, record.to_dict(), forms)
        self._open += [f"whether {id} is reached is not decided" for id in verdicts if verdicts[id] == "undecided"]
        for offer in whole:
            if offer.get("corequires") is not None or offer.get("max_takes", 1) != 1:
                self._open.append(f"{offer['id']} is taken along with others, or several times")

    @property
    def credentials(self) -> dict[str, int]:
        """Credentials of the catalogue that can be held, with rounds of steps to each.

        The fewest rounds, but for what lies behind an award: there the award is reached by the way of ``proof``.
        """
        offers = self._graph.offers
        return {
            id: self._near[offer.get("unit") or id]
            for id, offer in offers.items()
            if (offer.get("unit") or id) in self._near
        }

    def proof(self, target: str) -> dict[str, Any]:
        """Why an award or credential is reached, or why not.

        Parameters
        ----------
        target : str
            An award as in ``awards``, or the id of an offer.

        Returns
        -------
        dict
            ``reached`` (None: not decided). If so, ``steps`` in an order they can be taken in, awards that a step
            requires among them or under ``through``. If not, ``closed``, everything that can be held, and
            ``lacks``: for a credential what each step beyond lacks, for an award what it still lacks if everything
            on offer were held. ``open``: what a "no" would rest on and nobody states.

        Raises
        ------
        UnknownId

        Examples
        --------
        >>> import qualgraph as qg
        >>> rule = qg.Rule({"id": "far", "title": "Far", "total": {"min": 90}})
        >>> offers = qg.Catalogue([{"id": "a", "credits": 20}])
        >>> qg.load().reachable(qg.Record([], awards=[]), offers, rules=[rule]).proof("far")["reached"]
        False
        """
        if target in self._ways:
            way = self._ways[target]
            return {"reached": True, "steps": way.order, "through": way.awards}
        form = next((each for each in self._forms if each.id == target), None)
        if form is None:
            found = self._graph.proof(target)
            if not found["reached"] and self._open:
                found["reached"] = None
                found["open"] = self._open
            return found
        plan = self._world.complete(self.record, form.rule, self.catalogue, "count", **form.choice)
        return {
            "reached": False if self.awards[target] == "unreachable" else None,
            "closed": sorted(self._near),
            "lacks": getattr(plan, "reasons", []),
        }

    @property
    def sources(self) -> list[Source]:
        """Texts of the rules."""
        return list(dict.fromkeys(source for form in self._forms for source in form.rule.sources))

    @property
    def edition(self) -> dict[str, Any]:
        """Content hashes of catalogue, rules and record."""
        return edition(self.catalogue, self._forms, self.record)

    @property
    def table(self) -> Table:
        """``award``, ``title``, ``level``, ``verdict``, ``distance``, ``through`` (awards needed), ``steps``."""
        forms = self._forms
        return Table(
            {
                "award": [form.id for form in forms],
                "title": [form.title for form in forms],
                "level": [form.level for form in forms],
                "verdict": [self.awards[form.id] for form in forms],
                "distance": [self.distance.get(form.id) for form in forms],
                "through": [self._ways[form.id].awards if form.id in self._ways else None for form in forms],
                "steps": [self._ways[form.id].order if form.id in self._ways else None for form in forms],
            },
            title="Reachable awards",
        )

    def _sentence(self) -> str:
        by = {word: [id for id, verdict in self.awards.items() if verdict == word] for word in _WORDS}
        said = [f"{count(len(ids), 'award')} {_WORDS[word]} ({listing(ids[:5])})" for word, ids in by.items() if ids]
        own = count(len(self.credentials), "credential")
        whole = len(self._graph.offers)
        return f"{listing(said) or 'No award was asked about'}; {own} of {whole} on offer can be held."

    def _payload(self) -> dict[str, Any]:
        return {
            "awards": list(self.table),
            "credentials": self.credentials,
            "least_proved": sorted(set(self.distance) - self.bounded),
            "edition": self.edition,
        }

    def _html_body(self) -> str:
        return self.table._repr_html_()

    def __repr__(self) -> str:
        reached = sum(verdict in ("held", "reachable") for verdict in self.awards.values())
        return f"<Reachable: {reached} of {count(len(self.awards), 'award')}, {len(self.credentials)} credentials>"


_WORDS = {
    "held": "met already",
    "reachable": "within reach",
    "unreachable": "out of reach, proved",
    "undecided": "not decided",
}


def reachable(
    world: World,
    record: Record,
    catalogue: Catalogue,
    *,
    rules: Any = None,
    assessments: Any = None,
    nodes: int = 200_000,
) -> Reachable:
    """Which awards can be reached; see :meth:`qualgraph.World.reachable`."""
    record_given(record)
    budget_given(nodes=nodes)
    whole = with_assessments(catalogue_given(catalogue), assessments)
    forms = known_forms(world, rules)
    search = AwardSearch(world, record, whole, forms, nodes)
    ways: dict[str, Pathway] = {}
    verdicts: dict[str, str] = {}
    bounded: set[str] = set()
    offers, held_now = whole.to_dict()["offers"], record.to_dict()
    held_awards = {award["id"] for award in record.to_dict().get("awards") or ()}
    for form in forms:
        found, proved, _ = search.run([form], ["count"])
        if found:
            ways[form.id] = found[0]
            verdicts[form.id] = "reachable"
            if form.id in held_awards:
                verdicts[form.id] = "held"
            elif not found[0].order:
                # What no step can bring, such as a requirement the record is silent about, stays open.
                met = world.audit(record, form.rule, **form.choice).verdict == "satisfied"
                verdicts[form.id] = "held" if met else "undecided"
            if not proved:
                bounded.add(form.id)
        elif (proved and not open_points(world, [form], offers, held_now, forms)) or out_of_reach(
            world, [form], offers, held_now, whole.to_dict().get("credit")
        ):
            verdicts[form.id] = "unreachable"
        else:
            verdicts[form.id] = "undecided"
    by_id = {offer["id"]: offer for offer in offers}
    # Awards within reach open what requires them, once what they take is held.
    steps = [
        {
            "id": form.id, "kind": "award", "gives": name,
            "needs": list(dict.fromkeys(by_id[id].get("unit") or id for id in ways[form.id].order)),
        }
        for form in forms if form.id in ways for name in sorted(form.names)
    ]  # fmt: skip
    graph = StepGraph(world, record, whole, steps, False)
    return Reachable(world, record, whole, forms, graph, ways, verdicts, bounded)
