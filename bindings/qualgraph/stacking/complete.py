"""Completions: what to take from a catalogue so that an award is met, at the least cost."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from .. import _core
from ..errors import InvalidValue, UnitMismatch
from ..facts import as_text
from ..table import Table
from .audit import Audit
from .given import budget, catalogue_given, form_given, listed, parsed, plain, read_text, record_given, rules_given
from .known import check_names
from .money import money
from .record import Record
from .resting_result import RestingResult

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Mapping, Sequence

    from ..world import World
    from .rule import Rule

__all__ = ["Catalogue", "Plan", "PlanSet", "complete"]

_AIMS = ("cost", "count", "credits", "months")


class Catalogue:
    """Credentials on offer.

    Parameters
    ----------
    offers : iterable of mapping
        One mapping per offer: the fields of an item without grade, dates and status, and
        ``cost`` (whole minor units of ``currency``; None is unknown, never free), ``months``,
        ``requires``, ``corequires``, ``available``, ``max_takes``.
    **more
        ``id``, ``as_of``, ``credit``, ``currency``.

    Raises
    ------
    FactError
        With every fault: where it is, what was found, what is expected.

    Examples
    --------
    >>> catalogue = Catalogue([{"id": "mc-7", "credits": 10, "cost": 45000}], currency="NZD")
    >>> len(catalogue)
    1
    """

    __slots__ = ("_c", "_json")

    def __init__(self, offers: Iterable[Mapping[str, Any]], **more: Any) -> None:
        given = listed(offers, "offers", "catalogue", "qg.Catalogue.from_table(table)")
        whole = plain({"language": 1, **more, "offers": given}, "catalogue", "catalogue")
        if "id" in whole:
            whole["catalogue"] = whole.pop("id")
        self._json = json.dumps(whole, ensure_ascii=False)
        self._c = parsed(_core.Catalogue.parse, self._json, "catalogue", "catalogue")

    @classmethod
    def from_text(cls, text: str, file: str = "catalogue") -> Catalogue:
        """A catalogue from JSON text."""
        self = cls.__new__(cls)
        self._json = as_text(text, "catalogue")
        self._c = parsed(_core.Catalogue.parse, text, file, "catalogue")
        return self

    @classmethod
    def read(cls, path: str | os.PathLike[str], **more: Any) -> Catalogue:
        """A catalogue from a file: ``.json``, or a table as ``.csv``, ``.tsv`` or ``.xlsx``.

        Raises
        ------
        InvalidValue
            For another kind of file.
        FactError
            With every fault.
        """
        from pathlib import Path

        if Path(path).suffix.lower() == ".json":
            return cls.from_text(read_text(path, "catalogue"), str(path))
        from .flat import catalogue_heads, read_sheet

        sheet = read_sheet(path)
        heads = catalogue_heads(sheet)
        if "catalogue" in heads:
            heads["id"] = heads.pop("catalogue")
        return cls.from_table(sheet, file=str(path), **{**heads, **more})

    @classmethod
    def from_table(cls, table: Any, file: str = "table", **more: Any) -> Catalogue:
        """A catalogue from rows: as a record's table, with ``cost``, ``months`` and ``requires``.

        ``requires`` reads ``A;B|C``: A, and one of B and C.
        """
        from .flat import offers_of

        return cls(offers_of(table, file), **more)

    def lint(self) -> Table:
        """What stands in the way of offers whoever comes: ``kind``, ``offers``, ``text``.

        Requirements that nothing on offer gives (``nowhere``), requirements in a circle (``circle``), and costs
        and months that are not stated (``no cost``, ``no months``), for which an offer is left out of plans that
        look for the cheapest or shortest.

        Examples
        --------
        >>> Catalogue([{"id": "a", "requires": {"holds": {"unit": "a"}}, "cost": 1, "months": 1}]).lint().column("text")
        ['Requirements go round in a circle: a requires a; none can be taken first.']
        """
        from .requirements import findings

        rows = findings(self.to_dict(), aims=("cost", "months"))
        return Table(
            {
                "kind": [row.kind for row in rows],
                "offers": [list(row.offers) for row in rows],
                "text": [row.text for row in rows],
            },
            title="Findings",
        )

    def to_json(self) -> str:
        """The catalogue as JSON text."""
        return self._json

    def to_dict(self) -> dict[str, Any]:
        """The catalogue as plain values."""
        loaded: dict[str, Any] = json.loads(self._json)
        return loaded

    def __len__(self) -> int:
        return len(self._c)

    def __reduce__(self) -> tuple[Any, ...]:
        return (Catalogue.from_text, (self._json,))

    def __repr__(self) -> str:
        return f"<Catalogue: {len(self)} offers>"


class Plan(RestingResult):
    """One way to complete an award, proved best or with what is known of the best.

    Attributes
    ----------
    status : str
        ``"optimal"``, ``"not_proved"`` (out of budget; ``bound`` holds) or ``"impossible"``.
    values : dict of str to Fraction
        The aims and what the plan comes to.
    bound : Fraction
        No completion is better than this by the first aim.
    """

    _legal = (
        "This is a calculation from the rule, the record and the catalogue as given, not an offer of a place; "
        "that rests with the providers and the awarding body."
    )

    def __init__(
        self,
        world: World,
        record: Record,
        rules: Sequence[Rule],
        catalogue: Catalogue,
        aims: Sequence[str],
        answer: dict[str, Any],
        choices: Sequence[dict[str, Any]],
    ) -> None:
        self._bind(world)
        self.record = record
        self.rules = list(rules)
        self.catalogue = catalogue
        self.aims = list(aims)
        self._answer = answer
        self._choices = list(choices)
        self._kept: dict[str, Any] = {}
        #: How many forms of the rules were completed, of which this is the best.
        self._of_variants = 1
        self.status: str = answer["status"]
        self.values: dict[str, Fraction] = dict(zip(aims, answer["values"], strict=False))
        self.bound: Fraction = answer["bound"]

    @property
    def cost(self) -> Fraction | None:
        """Cost in minor units of the catalogue's currency; None if some cost is not known."""
        if self.status == "impossible":
            return None
        costs = [self.catalogue._c.offer(position)[2] for position in self._answer["taken"]]
        return None if None in costs else Fraction(sum(cost or 0 for cost in costs))

    @property
    def currency(self) -> str | None:
        """Currency of the catalogue, three letters; None if it states none."""
        return self.catalogue._c.currency or None

    @property
    def price(self) -> str | None:
        """The cost as people write it, ``"NZD 450.00"``; None if nothing completes the award.

        Without a currency it is the bare number.

        Examples
        --------
        >>> import qualgraph as qg
        >>> rule = {"id": "small", "title": "Small award", "total": {"min": 20}}
        >>> offers = qg.Catalogue([{"id": "a", "credits": 20, "cost": 45000}], currency="NZD")
        >>> qg.load().complete(qg.Record([]), rule, offers).price
        'NZD 450.00'
        """
        return None if self.status == "impossible" else money(self.cost, self.currency)

    def _grounds(self) -> tuple[list[Rule], list[Audit]]:
        return self.rules, list(self.audits)

    @property
    def order(self) -> list[str]:
        """Ids of what to take, in an order in which everything required is held in time."""
        return [self.catalogue._c.offer(position)[0] for position in self._answer["taken"]]

    @property
    def additions(self) -> Table:
        """What to take, in order: ``offer``, ``title``, ``cost`` (minor units), ``price``, ``months`` and ``date``.

        ``date`` is the earliest day: the day asked on, the day the offer opens, or a later one where the rule
        looks at the order of dates.
        """
        rows = [self.catalogue._c.offer(position) for position in self._answer["taken"]]
        priced = [row[2] if self.currency else None for row in rows]
        return Table(
            {
                "offer": [row[0] for row in rows],
                "title": [row[1] for row in rows],
                "cost": [row[2] for row in rows],
                "price": [None if cost is None else money(cost, self.currency) for cost in priced],
                "months": [row[3] for row in rows],
                "date": list(self._answer["days"]),
            },
            title="Additions",
        )

    @property
    def _day(self) -> str | None:
        """The day on which the first is taken."""
        record = self.record.to_dict()
        found: str | None = (
            (record.get("dates") or {}).get("claim") or record.get("as_of") or self.catalogue.to_dict().get("as_of")
        )
        return found

    @property
    def completed(self) -> Record:
        """The record with everything taken, each addition with its date."""
        whole = self.record.to_dict()
        catalogue = self.catalogue.to_dict()
        offers = {offer["id"]: offer for offer in catalogue["offers"]}
        for name, day in zip(self._answer["items"], self._answer["days"], strict=True):
            offer = offers[name.rpartition("#")[0]] if name not in offers else offers[name]
            whole["items"].append(taken(offer, name, day, catalogue.get("credit")))
        return Record.from_text(json.dumps(whole, ensure_ascii=False))

    @property
    def notes(self) -> list[str]:
        """Which offers could not be taken at all, and why: not for this rule, but for what they are.

        A cost, months or credits that nobody stated where they are minimised (credits also where they are a range,
        or in another system than the rest), a door that has closed, a requirement that neither the record nor the
        catalogue has, requirements in a circle.
        """
        if "notes" not in self._kept:
            from .requirements import findings

            record = self.record.to_dict()
            held = {item.get("unit") or item["id"] for item in record.get("items", [])}
            held |= {award["id"] for award in record.get("awards") or []}
            found = findings(self.catalogue.to_dict(), held, self.aims, self._day)
            self._kept["notes"] = [one.text for one in found]
        kept: list[str] = self._kept["notes"]
        return kept

    @property
    def reasons(self) -> list[str]:
        """Why nothing completes the award; empty if something does.

        What would still be lacking if everything on offer were held at once, by an audit of its
        own. A catalogue of more than 3,000 offers is not looked into that way.
        """
        if self.status != "impossible":
            return []
        if "reasons" not in self._kept:
            self._kept["reasons"] = self._why_impossible()
        kept: list[str] = self._kept["reasons"]
        return kept

    def _why_impossible(self) -> list[str]:
        whole = self.catalogue.to_dict()
        if len(whole["offers"]) > 3_000:
            return ["It is proved for the whole catalogue at once, which is too large to look into one by one."]
        day = self._day
        record = self.record.to_dict()
        names = TakeNames(record)
        for offer in whole["offers"]:
            for _ in range(offer.get("max_takes", 1)):
                record["items"].append(taken(offer, names.next(offer["id"]), day, whole.get("credit")))
        everything = Record.from_text(json.dumps(record, ensure_ascii=False))
        said = []
        for rule, choice in zip(self.rules, self._choices, strict=True):
            held = self._world.audit(everything, rule, **choice)
            lacking = [row for row in held.missing if row["measure"] != "clause"]
            if not lacking and held.shortfall is not None:
                said.append(
                    f"With everything on offer {rule.id} would be met: what offers require, when they are open or a "
                    "cost nobody knows stands in the way."
                )
                said.extend(note for note in self.notes if note not in said)
            elif held.shortfall is None:
                said.append(f"The limits of {rule.id} cannot be kept, whatever is taken.")
            else:
                telling = held._telling()
                parts = telling.lacking(paths=True, clauses=False)
                parts += telling.open_reuse()
                said.append(f"Even with everything on offer {rule.id} is not met. {' '.join(parts)}")
        return said

    @property
    def audit(self) -> Audit:
        """Audit of the completed record for the first rule; of the record alone where nothing completes it."""
        audits = self.audits
        return audits[0] if audits else self._world.audit(self.record, self.rules[0], **self._choices[0])

    @property
    def audits(self) -> list[Audit]:
        """The same, one per rule; none where nothing completes the award."""
        if self.status == "impossible" or not self._answer["audits"]:
            return []
        completed = self.completed
        return [
            Audit(self._world, completed, rule, {"best": run, "variants": [], "titles": [], "won": []}, 1_000_000)
            for rule, run in zip(self.rules, self._answer["audits"], strict=True)
        ]

    @property
    def remaining(self) -> Table:
        """Clauses no offer can meet, such as requirements the record does not answer."""
        rows = self._answer["remaining"]
        return Table(
            {
                "clause": [row[0] for row in rows],
                "reason": [row[1] for row in rows],
                "unknown": [row[2] for row in rows],
            },
            title="Remaining",
        )

    @property
    def certificate(self) -> dict[str, Any]:
        """What shows the plan, as a JSON object that :func:`qualgraph.check.check` verifies.

        Returns
        -------
        dict
            The additions in the order to take them, what they come to, an allocation for each rule,
            and of an optimal plan a proof for every aim that nothing no worse otherwise has less of
            it; of an impossible one a proof that nothing on offer completes it. Bounds are about the
            offers that can be taken and of which every aim is known. ``"re-solved"`` where no proof
            could be kept.

        Examples
        --------
        >>> import qualgraph as qg
        >>> from qualgraph.check import check
        >>> rule = qg.Rule({"id": "small", "title": "Small award", "total": {"min": 20}})
        >>> offers = qg.Catalogue([{"id": "m", "credits": 10, "cost": 80}, {"id": "n", "credits": 10, "cost": 50}])
        >>> record = qg.Record([{"id": "a", "credits": 10}])
        >>> plan = qg.load().complete(record, rule, offers)
        >>> check(plan.certificate, record, rule, plan.world, offers).ok
        True
        """
        if "certificate" not in self._kept:
            from ..display import exact_json
            from .plan_certificate import plan_certificate

            self._kept["certificate"] = exact_json(plan_certificate(self))
        kept: dict[str, Any] = self._kept["certificate"]
        return kept

    def _sentence(self) -> str:
        titles = " and ".join(rule.title for rule in self.rules)
        if self.status == "impossible":
            return f"{titles}: no choice from the catalogue completes it. {' '.join(self.reasons)}".rstrip()
        if not self.values:
            least = f" Nothing has less {self.aims[0]} than {self.bound}." if self.bound > 0 else ""
            return f"{titles}: no plan was found, and none is ruled out.{least}"
        said = ", ".join(self._value(aim, value) for aim, value in self.values.items())
        best = "no completion is better"
        if self.status != "optimal":
            best = f"not proved to be the best; none is below {self._value(self.aims[0], self.bound)}"
        return f"{titles}: take {', '.join(self._names()) or 'nothing'} ({said}; {best})."

    def _value(self, aim: str, value: Fraction) -> str:
        if aim != "cost":
            return f"{aim} {value}"
        return f"cost {money(value, self.currency)}{'' if self.currency else ', no currency stated'}"

    def _names(self) -> list[str]:
        """What to take, by title and id."""
        rows = list(self.additions)
        return [f"{row['title']} ({row['offer']})" if row["title"] else str(row["offer"]) for row in rows]

    def _payload(self) -> dict[str, Any]:
        return {
            "rules": [rule.id for rule in self.rules],
            "status": self.status,
            "values": self.values,
            "currency": self.currency,
            "price": self.price,
            "bound": self.bound,
            "order": self.order,
            "reasons": self.reasons,
            "notes": self.notes,
            "additions": list(self.additions),
            "remaining": list(self.remaining),
        }

    def __repr__(self) -> str:
        return f"<Plan {', '.join(rule.id for rule in self.rules)}: {self.status}, {len(self.order)} additions>"


class PlanSet(list["Plan"]):
    """Plans none of which is better than another by every aim, by the first aim; ``.table`` lists them."""

    @property
    def table(self) -> Table:
        """One row per plan: what it comes to and what it takes."""
        aims = self[0].aims if self else []
        columns: dict[str, list[Any]] = {aim: [plan.values.get(aim) for plan in self] for aim in aims}
        columns["additions"] = [plan.order for plan in self]
        columns["status"] = [plan.status for plan in self]
        return Table(columns, title="Plans")


class TakeNames:
    """Ids for what is taken: the offer's, and ``#2``, ``#3`` ... for further takes of it, held ones counted."""

    def __init__(self, record: Mapping[str, Any]) -> None:
        self._times: dict[str, int] = {}
        for item in record.get("items") or ():
            offer, mark, times = item["id"].rpartition("#")
            self._times[item["id"]] = max(self._times.get(item["id"], 0), 1)
            if mark and times.isascii() and times.isdigit() and int(times) < 1_000_000:
                self._times[offer] = max(self._times.get(offer, 0), int(times))

    def next(self, offer: str) -> str:
        """The id of the next take."""
        times = self._times[offer] = self._times.get(offer, 0) + 1
        return offer if times == 1 else f"{offer}#{times}"


def taken(offer: Mapping[str, Any], name: str, day: str | None, credit: str | None) -> dict[str, Any]:
    """The item an offer becomes when taken."""
    kept = ["unit", "title", "credits", "hours", "points", "level", "origin", "provider", "field", "tags", "mode"]
    kept += ["quality_assured", "assessed", "outcomes", "part_of", "whole"]
    item = {key: offer[key] for key in kept if offer.get(key) is not None}
    item.setdefault("unit", offer["id"])
    item["id"] = name
    item["used_for"] = []
    if credit and isinstance(item.get("credits"), int | str) and " " not in str(item["credits"]):
        item["credits"] = f"{item['credits']} {credit}"
    providers = offer.get("providers") or []
    if "provider" not in item and len(providers) == 1:
        item["provider"] = providers[0]
    if day:
        item["date"] = item["started"] = day
    return item


def complete(
    world: World,
    record: Record,
    rules: Rule | str | Sequence[Rule | str],
    catalogue: Catalogue,
    minimise: str | Sequence[str] = "cost",
    *,
    variant: str | None = None,
    reading: str | None = None,
    title: str | None = None,
    exit: str | None = None,
    nodes: int = 1_000_000,
    seconds: float | None = None,
) -> Plan | PlanSet:
    """Ask what to take; see :meth:`qualgraph.World.complete`."""
    asked = rules_given(world, rules)
    check_names(world, record_given(record), asked)
    catalogue_given(catalogue)
    if not asked:
        raise InvalidValue("a completion needs a rule to complete")
    if not isinstance(minimise, (str, list, tuple)):
        raise UnitMismatch(f"minimise names {', '.join(_AIMS)}, one or a list of them, not {minimise!r}")
    if nodes < 0:
        raise InvalidValue(f"nodes is how many steps a search may take, 0 or more, not {nodes}")
    if seconds is not None and not seconds >= 0:
        raise InvalidValue(f"seconds is how long a search may take, 0 or more, not {seconds}")
    aims = [minimise] if isinstance(minimise, str) else list(minimise)
    if not 1 <= len(aims) <= 3 or len(set(aims)) != len(aims):
        raise InvalidValue(f"minimise one to three different things of {', '.join(_AIMS)}")
    for rule in asked:
        form_given(rule, variant=variant, reading=reading, title=title, exit=exit)
    if variant is not None and len(asked) > 1:
        raise InvalidValue("a variant is of one rule; several rules are completed together in every variant")
    budget(nodes, seconds)
    forms = {"reading": reading or "", "title": title or "", "exit": exit or ""}
    variants = [[variant]] if variant is not None else _variants(asked)
    found: list[Plan] = []
    for names in variants:
        goals = [(rule._c, {**forms, "variant": name or ""}) for rule, name in zip(asked, names, strict=True)]
        answers = _core.complete(world._c, record._c, goals, catalogue._c, aims, nodes, seconds)
        choices = [{key: value or None for key, value in choice.items()} for _, choice in goals]
        found += [Plan(world, record, asked, catalogue, aims, answer, choices) for answer in answers]
        for plan in found:
            plan._of_variants = len(variants)
    if len(aims) == 1:
        return min(found, key=lambda plan: (plan.status == "impossible", not plan.values, tuple(plan.values.values())))
    return PlanSet(_undominated([plan for plan in found if plan.values]) or found[:1])


def _variants(rules: Sequence[Rule]) -> list[list[str | None]]:
    from itertools import product

    forms: list[list[str | None]] = [[one.id for one in rule.variants] or [None] for rule in rules]
    return [list(names) for names in product(*forms)]


def _undominated(plans: Sequence[Plan]) -> list[Plan]:
    def beaten(one: Plan) -> bool:
        mine = tuple(one.values.values())
        return any(
            other != mine and all(a <= b for a, b in zip(other, mine, strict=True))
            for other in (tuple(plan.values.values()) for plan in plans)
        )

    return sorted((plan for plan in plans if not beaten(plan)), key=lambda plan: tuple(plan.values.values()))
