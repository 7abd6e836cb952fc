"""Steps as a graph of ANDs and ORs: what a record and a catalogue lead to."""

from __future__ import annotations

from fractions import Fraction
from math import lcm
from typing import TYPE_CHECKING, Any

from .. import _core
from ..check._select import Case as SelectorCase
from ..check._select import Item, words
from ..errors import InvalidValue, UnknownId

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ..plot import Chart
    from ..stacking.complete import Catalogue
    from ..stacking.record import Record
    from ..world import World

__all__ = ["StepGraph", "Way"]

_KINDS = {
    "articulation": "articulation",
    "bridging": "bridging",
    "rpl-assessment": "rpl-assessment",
    "exit": "exit-award",
    "award": "award",
}


class Way:
    """One way to a target: steps, cost, months, and what it uses of capped resources.

    Attributes
    ----------
    steps : list of str
        Ids of offers, in an order they can be taken in.
    cost : Fraction
        Minor units of the catalogue's currency; each step paid once.
    months : Fraction
        When steps that need nothing of each other run side by side.
    count : int
    """

    __slots__ = ("cost", "count", "months", "steps")

    def __init__(self, steps: list[str], cost: Fraction, months: Fraction, count: int) -> None:
        self.steps, self.cost, self.months, self.count = steps, cost, months, count

    def __repr__(self) -> str:
        return f"<Way {', '.join(self.steps)}: cost {self.cost}, {self.months} months>"


def _plain_units(selector: Any) -> list[str] | None:
    """The units a selector names, if it names nothing else."""
    if not isinstance(selector, dict) or list(selector) != ["unit"]:
        return None
    return list(dict.fromkeys(words(selector["unit"])))


class StepGraph:
    """The AND/OR graph of a catalogue for one record.

    Nodes are what can be held: units of the record, credentials on offer, awards. A step needs
    everything in its tail and brings its head; several steps to one head are alternatives. Conditions
    that count units or credits are spelled out exactly; a condition on anything but units, awards and
    attributes of credentials is judged once, on the record.

    Parameters
    ----------
    world : World
    record : Record
    catalogue : Catalogue
    more : iterable of mapping, optional
        Further steps: ``id``, ``needs`` (ids, all of them), ``gives`` (an id), ``kind``, ``cost``, ``months``.
        An assessment that recognises prior learning, handed over by whoever decided the claims,
        is such a step of kind ``"rpl-assessment"``.
    measured : bool, optional
        Leave out steps whose cost or months are not stated (the default), as no way over them can be
        compared. ``False`` keeps them, for questions of reach alone.

    Attributes
    ----------
    undecided : list of str
        Steps left out, or conditions that could not be told, with the reason.

    Examples
    --------
    >>> import qualgraph as qg
    >>> offers = [
    ...     {"id": "M", "cost": 10, "months": 10},
    ...     {"id": "U1", "cost": 5, "months": 5, "requires": {"holds": {"unit": "M"}}},
    ...     {"id": "U2", "cost": 5, "months": 5, "requires": {"holds": {"unit": "M"}}},
    ...     {"id": "award", "cost": 0, "months": 0, "kind": "award",
    ...      "requires": {"all": [{"holds": {"unit": "U1"}}, {"holds": {"unit": "U2"}}]}},
    ... ]
    >>> graph = qg.load().step_graph(qg.Record([]), qg.Catalogue(offers))
    >>> best = graph.cheapest("award")
    >>> best["recounted"], best["cost"], best["chain"]
    (Fraction(30, 1), Fraction(20, 1), Fraction(15, 1))
    """

    #: Nodes one counting condition may be spelled out into.
    _LARGEST = 50_000

    def __init__(
        self,
        world: World,
        record: Record,
        catalogue: Catalogue,
        more: Iterable[Mapping[str, Any]] = (),
        measured: bool = True,
    ) -> None:
        self.record, self.catalogue = record, catalogue
        self._measured = measured
        whole = catalogue.to_dict()
        self.offers: dict[str, dict[str, Any]] = {offer["id"]: offer for offer in whole["offers"]}
        self.undecided: list[str] = []
        builder = _core.HypergraphBuilder()
        self._builder = builder
        self._nodes: dict[str, int] = {}
        self.names: list[str] = []
        self._held: list[int] = []
        self._steps: list[str | None] = []
        held = record.to_dict()
        passed = [item for item in held.get("items", []) if item.get("status", "passed") in ("passed", "exempted")]
        self._passed = passed
        for name in [*(i.get("unit") or i["id"] for i in passed), *(a["id"] for a in held.get("awards") or [])]:
            if name not in self._nodes:
                self._held.append(self._node(name))
        for award in held.get("awards") or []:
            if award.get("kind") and award["kind"] not in self._nodes:
                self._held.append(self._node(award["kind"]))
        self._more = [dict(each) for each in more]
        given = [each.get("months") for each in [*self.offers.values(), *self._more]]
        self._tick = lcm(1, *(Fraction(months).denominator for months in given if months is not None))
        self._case = SelectorCase(
            {"id": "conditions", "credit": whole.get("credit"), "total": {"min": 0}},
            {**held, "language": 1, "items": passed},
            world=world,
        )
        self._items = self._case.items
        self._wares = {id: Item(self._as_item(offer), at) for at, (id, offer) in enumerate(self.offers.items())}
        # Most conditions name units: these are looked up, not looked for.
        self._items_of: dict[str, list[Item]] = {}
        for item in self._items:
            self._items_of.setdefault(item.unit, []).append(item)
        self._wares_of: dict[str, list[str]] = {}
        for id, ware in self._wares.items():
            self._wares_of.setdefault(ware.unit, []).append(id)
        for id in self.offers:
            self._node(self.offers[id].get("unit") or id)
        for id, offer in self.offers.items():
            self._offer(id, offer)
        for step in self._more:
            self._further(step)
        self._graph = _core.Hypergraph(builder)

    @staticmethod
    def _as_item(offer: Mapping[str, Any]) -> dict[str, Any]:
        item = {key: value for key, value in offer.items() if key not in ("requires", "corequires", "available")}
        item.setdefault("unit", item["id"])
        providers = offer.get("providers") or []
        if "provider" not in item and len(providers) == 1:
            item["provider"] = providers[0]
        return item

    def _node(self, name: str, kind: str = "unit") -> int:
        if name not in self._nodes:
            self._nodes[name] = self._builder.add_node(kind)
            while len(self.names) <= self._nodes[name]:
                self.names.append("")
            self.names[self._nodes[name]] = name
        return self._nodes[name]

    def _add(self, tail: list[int], head: int, cost: int, months: Any, kind: str, step: str | None) -> None:
        time = int(Fraction(months) * self._tick)
        number = self._builder.add_step(tail, head, cost, time, kind, [])
        while len(self._steps) <= number:
            self._steps.append(None)
        self._steps[number] = step

    def _free(self, tail: list[int], head: int) -> None:
        self._add(tail, head, 0, 0, "condition", None)

    def _offer(self, id: str, offer: Mapping[str, Any]) -> None:
        for what in ("cost", "months"):
            if self._measured and offer.get(what) is None:
                self.undecided.append(f"{id}: its {what} {'is' if what == 'cost' else 'are'} not stated")
                return
        tail: list[int] = []
        for key in ("requires", "corequires"):
            if offer.get(key) is None:
                continue
            held = self._condition(offer[key], id)
            if held is False:
                return
            if held is not True:
                tail.append(held)
        head = self._node(offer.get("unit") or id)
        kind = _KINDS.get(str(offer.get("kind")), "course")
        self._add(tail, head, int(offer.get("cost") or 0), offer.get("months") or 0, kind, id)

    def _further(self, step: Mapping[str, Any]) -> None:
        for key in ("id", "gives"):
            if not isinstance(step.get(key), str):
                raise InvalidValue(f"a further step names its {key}, not {step.get(key)!r}: {dict(step)}")
        for what in ("cost", "months"):
            if self._measured and step.get(what) is None:
                self.undecided.append(f"{step['id']}: its {what} {'is' if what == 'cost' else 'are'} not stated")
                return
        tail = [self._node(name) for name in step.get("needs") or []]
        kind = str(step.get("kind") or "course")
        cost, months = int(step.get("cost") or 0), step.get("months") or 0
        self._add(tail, self._node(step["gives"]), cost, months, kind, step["id"])

    def _condition(self, condition: Mapping[str, Any], own: str) -> int | bool:
        """A node that holds when the condition does; True or False where that is settled."""
        for key in ("all", "any"):
            if key in condition:
                parts = [self._condition(part, own) for part in condition[key]]
                if key == "all":
                    # Node 0 equals False and node 1 equals True; only the truth values themselves settle it.
                    if any(part is False for part in parts):
                        return False
                    nodes = [part for part in parts if part is not True]
                    return self._threshold(nodes, len(nodes)) if nodes else True
                if any(part is True for part in parts):
                    return True
                nodes = [part for part in parts if part is not False]
                return self._threshold(nodes, 1) if nodes else False
        if "award" in condition:
            named = condition["award"]
            nodes = [self._node(name, "award") for name in ([named] if isinstance(named, str) else named)]
            return self._threshold(nodes, 1)
        if "holds" in condition:
            return self._holds(condition, own)
        # What is not held, and figures of the learner, are judged on the record as it stands.
        truth = self._case.condition(dict(condition))
        if truth is None:
            self.undecided.append(f"{own}: whether what it requires of the learner is met is not known")
        return truth is True

    def _holds(self, condition: Mapping[str, Any], own: str) -> int | bool:
        measure = condition.get("measure", "units")
        least = condition.get("min", 1)
        if not isinstance(least, (int, str)):
            self.undecided.append(f"{own}: how much it requires is not stated as a number")
            return False
        needed = Fraction(least)
        units = _plain_units(condition["holds"])
        for item in self._items if units is None else [i for u in units for i in self._items_of.get(u, [])]:
            if self._case.selects(condition["holds"], item) is True:
                needed -= self._size(item, measure)
        if needed <= 0:
            return True
        weights: dict[int, Fraction] = {}
        wares = self._wares if units is None else [id for unit in units for id in self._wares_of.get(unit, [])]
        for id in wares:
            ware = self._wares[id]
            if id == own or self._case.selects(condition["holds"], ware) is not True:
                continue
            node = self._node(self.offers[id].get("unit") or id)
            weights[node] = max(weights.get(node, Fraction(0)), self._size(ware, measure))
        return self._weighted({node: size for node, size in weights.items() if size > 0}, needed, own)

    def _size(self, item: Item, measure: str) -> Fraction:
        if measure == "units":
            return Fraction(1)
        low = self._case.size(item, measure)[0]
        return low if isinstance(low, (int, Fraction)) else Fraction(0)

    def _weighted(self, weights: dict[int, Fraction], needed: Fraction, own: str) -> int | bool:
        if sum(weights.values(), Fraction(0)) < needed:
            return False
        single = [node for node, size in weights.items() if size >= needed]
        if len(single) == len(weights):
            return self._threshold(single, 1)
        scale = lcm(needed.denominator, *(size.denominator for size in weights.values()))
        whole = {node: int(size * scale) for node, size in weights.items()}
        want = int(needed * scale)
        if len(set(whole.values())) == 1:
            each = next(iter(whole.values()))
            return self._threshold(list(weights), -(-want // each))
        # held[s]: at least s of what was looked at so far holds.
        held: dict[int, int] = {}
        nodes = 0
        for node, size in whole.items():
            for amount in sorted({0, *held} - {want}, reverse=True):
                reached = min(want, amount + size)
                tail = [node] if amount == 0 else [held[amount], node]
                fresh = self._builder.add_node("credential")
                nodes += 1
                if reached in held:
                    self._free([held[reached]], fresh)
                self._free(tail, fresh)
                held[reached] = fresh
                if nodes > self._LARGEST:
                    self.undecided.append(f"{own}: what it requires can be met in too many ways to spell out")
                    return False
        return held[want]

    def _threshold(self, nodes: Sequence[int], needed: int) -> int:
        unique = list(dict.fromkeys(nodes))
        if needed == len(nodes):
            needed = len(unique)
        return self._builder.add_threshold(unique, needed)

    # ---- questions

    def node(self, name: str) -> int:
        """The number of a node of the graph, by what is held or on offer.

        Raises
        ------
        UnknownId
            With the nearest names.
        """
        if name in self._nodes:
            return self._nodes[name]
        raise UnknownId(f'nothing called "{name}" is held or on offer.{_core.did_you_mean(name, list(self._nodes))}')

    def reached(self) -> dict[str, int]:
        """Everything that can be held, with the fewest rounds of steps it takes.

        Returns
        -------
        dict of str to int
            0 for what is held already; steps that need nothing of each other fall into one round.

        Examples
        --------
        >>> import qualgraph as qg
        >>> chain = [{"id": "a"}, {"id": "b", "requires": {"holds": {"unit": "a"}}}]
        >>> graph = qg.load().step_graph(qg.Record([{"id": "z"}]), qg.Catalogue(chain), measured=False)
        >>> graph.reached()
        {'z': 0, 'a': 1, 'b': 2}
        """
        by, distance, _ = self._graph.reach(self._held, [])
        return {name: distance[at] for at, name in enumerate(self.names) if name and by[at] != -2}

    def proof(self, target: str) -> dict[str, Any]:
        """Why a target is reached, or why not.

        Returns
        -------
        dict
            ``reached``. If so, ``steps`` in an order in which each finds what it needs. If not, ``closed``,
            everything that can be held, and ``lacks``: for each step that leads out of it what it lacks.

        Raises
        ------
        UnknownId

        Examples
        --------
        >>> import qualgraph as qg
        >>> shut = [{"id": "b", "cost": 0, "months": 0, "requires": {"holds": {"unit": "a"}}}, {"id": "a"}]
        >>> qg.load().step_graph(qg.Record([]), qg.Catalogue(shut)).proof("b")
        {'reached': False, 'closed': [], 'lacks': {'b': ['a']}}
        """
        goal = self.node(target)
        by, _, order = self._graph.reach(self._held, [])
        if by[goal] != -2:
            needed, open_ = {goal}, [goal]
            while open_:
                arc = by[open_.pop()]
                if arc < 0:
                    continue
                for node in self._graph.tail(arc):
                    if node not in needed:
                        needed.add(node)
                        open_.append(node)
            used = [arc for arc in order if self._graph.head(arc) in needed and by[self._graph.head(arc)] == arc]
            assert self._graph.derives(self._held, used, goal)
            return {"reached": True, "steps": [self._step(arc) for arc in used if self._step(arc)]}
        inside = [each != -2 for each in by]
        assert self._graph.closed_without(self._held, inside, goal, [])
        lacking = {}
        for arc in range(self._graph.arcs):
            step = self._step(arc)
            if step and not inside[self._graph.head(arc)]:
                lacking[step] = [self._told(node) for node in self._graph.tail(arc) if not inside[node]]
        closed = [name for at, name in enumerate(self.names) if name and inside[at]]
        return {"reached": False, "closed": closed, "lacks": lacking}

    def _told(self, node: int) -> str:
        return self.names[node] if node < len(self.names) and self.names[node] else "enough of what it requires"

    def _step(self, arc: int) -> str | None:
        return self._steps[arc] if arc < len(self._steps) else None

    def cheapest(self, target: str, *, nodes: int = 20_000) -> dict[str, Any]:
        """The cheapest set of steps to a target, shared parts paid once.

        Parameters
        ----------
        target : str
        nodes : int, optional
            Budget of the search.

        Returns
        -------
        dict
            ``status`` (``"optimal"``, ``"not_proved"``, ``"unreachable"``), ``steps``, ``cost``, ``bound`` (nothing
            costs less), ``recounted`` (as if shared parts were paid each time) and ``chain`` (the dearest chain
            of steps, which no way avoids). Costs in minor units of the catalogue's currency.

        Raises
        ------
        UnknownId

        Examples
        --------
        >>> import qualgraph as qg
        >>> offers = [{"id": "a", "cost": 5, "months": 1}, {"id": "dear", "unit": "a", "cost": 9, "months": 1}]
        >>> qg.load().step_graph(qg.Record([]), qg.Catalogue(offers)).cheapest("a")["steps"]
        ['a']
        """
        answer = self._graph.cheapest(self._held, self.node(target), nodes)
        answer["steps"] = [step for step in map(self._step, answer["steps"]) if step]
        for key in ("cost", "bound", "recounted", "chain"):
            answer[key] = Fraction(answer[key])
        return answer

    def pareto(self, target: str, *, labels: int = 20_000, nodes: int = 200) -> tuple[list[Way], bool, Way]:
        """Ways to a target that no other beats in cost, months and number of steps at once.

        Parameters
        ----------
        target : str
        labels, nodes : int, optional
            Budget: partial ways tried, then nodes of each search within limits.

        Returns
        -------
        ways : list of Way
        proved : bool
            Whether these are all of them.
        least : Way
            No way has less of any; without steps.

        Raises
        ------
        UnknownId

        Examples
        --------
        >>> import qualgraph as qg
        >>> slow, fast = {"id": "slow", "cost": 5, "months": 9}, {"id": "fast", "cost": 9, "months": 1}
        >>> offers = [slow | {"unit": "a"}, fast | {"unit": "a"}]
        >>> ways, proved, _ = qg.load().step_graph(qg.Record([]), qg.Catalogue(offers)).pareto("a")
        >>> [way.steps for way in ways], proved
        ([['slow'], ['fast']], True)
        """
        answer = self._graph.pareto(self._held, self.node(target), True, True, True, [], labels, nodes)
        ways = [
            Way(
                [step for step in map(self._step, arcs) if step],
                Fraction(cost), Fraction(time, self._tick), count,
            )
            for cost, time, count, _, arcs in answer["ways"]
        ]  # fmt: skip
        cost, time, count = answer["least"]
        return ways, answer["proved"], Way([], Fraction(cost), Fraction(time, self._tick), count)

    def plot(self, target: str) -> Chart:
        """The graph of everything that can lead to a target."""
        from ..plot import steps

        return steps(self, target)

    def __repr__(self) -> str:
        return f"<StepGraph: {len(self.offers)} offers, {self._graph.nodes} nodes, {self._graph.arcs} steps>"
