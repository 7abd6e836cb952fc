"""Do these additions complete an award, in this order, at this cost, and is nothing better?

The additions are held against the catalogue one by one, then the award is judged on what is held
with them. That nothing is better is shown on a model in which every offer may be taken: whatever
keeps its rows is more than what can really be taken, so what it cannot undercut nobody can.
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from math import lcm
from typing import Any

from ._allocation import evaluate
from ._model import Column, Model, Row, build
from ._proof import holds
from ._reading import NotAnInput, choice_fault, exact, plain, read_rule
from ._select import Case, words
from ._verdict import Checked, sentence

__all__ = ["completion", "moving"]

_AIMS = ("cost", "count", "credits", "months")
#: What an offer and an item both state.
_ATTRIBUTES = (
    "unit",
    "title",
    "credits",
    "hours",
    "points",
    "level",
    "origin",
    "provider",
    "field",
    "tags",
    "mode",
    "quality_assured",
    "assessed",
    "outcomes",
    "part_of",
    "whole",
)
#: Copies, clauses over the whole record and means change with what is taken: no one model holds for every choice.
_MOVING = ("for_each", "over")

#: Sections of a rule that a plan has to keep.
_SECTIONS = (
    "total",
    "places",
    "floors",
    "caps",
    "exclusions",
    "eligibility",
    "windows",
    "pace",
    "outcomes",
    "requirements",
    "substitutions",
    "waivers",
    "allocation",
    "reuse",
    "conditions",
    "prerequisites",
)


def _credits(stated: Any) -> tuple[Fraction, Fraction, str] | None:
    """Least and most of an amount of credits, and the system it names; None where none is stated."""
    if stated is None:
        return None
    if isinstance(stated, dict):
        return exact(stated["min"]), exact(stated["max"]), ""
    number, _, system = str(stated).partition(" ")
    return exact(number), exact(number), system


class _Market:
    """What is on offer, and the day on which it is taken."""

    def __init__(self, record: dict[str, Any], catalogue: Any) -> None:
        self.record = record
        self.catalogue = plain(catalogue, "catalogue")
        self.offers: dict[str, dict[str, Any]] = {each["id"]: each for each in self.catalogue.get("offers") or ()}
        self.day: str | None = (
            (record.get("dates") or {}).get("claim") or record.get("as_of") or self.catalogue.get("as_of")
        )
        #: The system credits are added up in: where the catalogue names none, the one that all its offers name.
        self.system: str = self.catalogue.get("credit") or ""
        if not self.system:
            stated = [_credits(offer.get("credits")) for offer in self.offers.values()]
            named = {amount[2] for amount in stated if amount is not None}
            self.system = named.pop() if len(named) == 1 else ""
        # An item "a" is the first take of the offer "a", "a#3" its third; takes are numbered after these.
        self.before: dict[str, int] = {}
        for item in record.get("items") or ():
            offer, mark, times = item["id"].rpartition("#")
            self.before[item["id"]] = max(self.before.get(item["id"], 0), 1)
            if mark and times.isascii() and times.isdigit() and int(times) < 1_000_000:
                self.before[offer] = max(self.before.get(offer, 0), int(times))

    def value(self, offer: dict[str, Any], aim: str) -> Fraction | None:
        """What taking an offer adds to an aim; None where nobody states it."""
        if aim == "count":
            return Fraction(1)
        stated = offer.get(aim)
        if aim != "credits":
            return None if stated is None else exact(stated)
        amount = _credits(stated)
        # Amounts in several systems do not add up, and a range is no one amount.
        if amount is None or amount[0] != amount[1] or amount[2] not in ("", self.system):
            return None
        return amount[0]

    def open(self, offer: dict[str, Any]) -> bool:
        """Whether an offer can still be taken on the day."""
        stretches = offer.get("available")
        if stretches is None:
            return True
        return any(
            self.day is None
            or each.get("until") is None
            or date.fromisoformat(each["until"]) >= date.fromisoformat(self.day)
            for each in stretches
        )

    def opening(self, offer: dict[str, Any]) -> str | None:
        """The first day from the day asked on on which an offer that is not closed for good is open."""
        if self.day is None or offer.get("available") is None:
            return self.day
        days = [
            max(each["from"], self.day)
            for each in offer["available"]
            if each.get("until") is None or each["until"] >= max(each["from"], self.day)
        ]
        return min(days, default=self.day)

    def open_then(self, offer: dict[str, Any], day: str) -> bool:
        """Whether an offer is open on one day."""
        return offer.get("available") is None or any(
            each["from"] <= day and (each.get("until") is None or day <= each["until"]) for each in offer["available"]
        )

    def item(self, offer: dict[str, Any], name: str, day: str | None) -> dict[str, Any]:
        """What is taken becomes an item of the record, of its day, used for nothing yet."""
        item = {key: offer[key] for key in _ATTRIBUTES if offer.get(key) is not None}
        system = self.catalogue.get("credit")
        if system and isinstance(item.get("credits"), (int, str)) and " " not in str(item["credits"]):
            item["credits"] = f"{item['credits']} {system}"
        providers = offer.get("providers") or []
        if "provider" not in item and len(providers) == 1:
            item["provider"] = providers[0]
        if day is not None:
            item["date"] = item["started"] = day
        return {"id": name, "unit": offer.get("unit") or offer["id"], "used_for": [], **item}

    def name(self, offer: str, take: int) -> str:
        """The id of the item an offer becomes when taken for the first time, the second ..."""
        number = self.before.get(offer, 0) + take
        return offer if number == 1 else f"{offer}#{number}"

    def takes(self, offer: dict[str, Any]) -> list[str]:
        """The ids of the items an offer may become."""
        return [self.name(offer["id"], take) for take in range(1, (offer.get("max_takes") or 1) + 1)]

    def with_items(self, more: list[dict[str, Any]]) -> dict[str, Any]:
        return {**self.record, "items": [*(self.record.get("items") or ()), *more]}


def _held(case: Case, condition: dict[str, Any]) -> bool:
    """Whether what an offer asks for is there; an award may also be held as what was taken."""
    if "all" in condition:
        return all(_held(case, each) for each in condition["all"])
    if "any" in condition:
        return any(_held(case, each) for each in condition["any"])
    if "award" in condition and any(item.unit in words(condition["award"]) for item in case.items):
        return True
    return case.condition(condition) is True


def _goals(stated: dict[str, Any], rules: list[dict[str, Any]]) -> list[dict[str, Any]]:
    goals = stated.get("goals", [stated])
    if not isinstance(goals, list) or len(goals) != len(rules):
        raise NotAnInput("a completion has one goal for each rule, in order")
    return goals


def completion(
    stated: dict[str, Any], record: dict[str, Any], rules: list[dict[str, Any]], world: Any, catalogue: Any
) -> Checked:
    """Verify a plan."""
    if catalogue is None:
        return Checked(False, ["a completion is checked against its catalogue"], "")
    if stated.get("reading") != "strict":
        return Checked(False, ["a completion is read strictly"], "")
    market = _Market(record, catalogue)
    goals = _goals(stated, rules)
    for goal, rule in zip(goals, rules, strict=True):
        fault = choice_fault(goal.get("choice"), rule)
        if fault:
            return Checked(False, [fault], "")
    choices = [goal.get("choice") for goal in goals]
    aims = stated.get("aims") or ["cost"]
    if not isinstance(aims, list) or not set(aims) <= set(_AIMS) or len(set(aims)) != len(aims):
        return Checked(False, ["its aims are not among cost, count, credits and months"], "")
    status = stated.get("status")
    if status not in (None, "optimal", "not_proved", "impossible"):
        return Checked(False, [f'no completion is "{status}"'], "")
    resolved: list[str] = []
    if stated.get("others") is not None:
        if stated["others"] != {"kind": "re-solved"}:
            return Checked(False, ["what it says of other variants is no proof"], "")
        resolved.append("that no other variant is completed for less")
    if status == "impossible":
        found = _impossible(stated, market, rules, choices, aims, world)
        return Checked(found.ok, found.reasons, found.shows, resolved)
    reasons, values = _additions(stated, market, rules, goals, aims, world)
    shows = "with the additions, the allocation meets every clause"
    if _remaining(stated):
        shows += " but " + ", ".join(_remaining(stated))
    if status == "optimal":
        bounds = _by_aim(stated, aims)
        whole: Model | str | None = None
        for aim in aims:
            one = bounds.get(aim)
            if one is None:
                reasons.append(f"nothing shows that no completion has less {aim}")
            elif one.get("kind") == "re-solved":
                resolved.append(f"that no completion has less {aim}")
            elif not reasons:
                if whole is None:
                    whole = _whole(market, rules, choices, aims, world, _remaining(stated))
                fault = whole if isinstance(whole, str) else _bound(one, aim, values, market, aims, whole)
                reasons += [f"{aim}: {fault}"] if fault else []
        if not any(one.get("kind") == "re-solved" for one in bounds.values()):
            shows += "; no completion that is no worse otherwise has less " + " or ".join(aims)
    return Checked(not reasons, reasons, shows, resolved)


def _remaining(stated: dict[str, Any]) -> list[Any]:
    return list(stated.get("remaining") or ())


def _by_aim(stated: dict[str, Any], aims: list[str]) -> dict[str, Any]:
    bounds: dict[str, Any] = {}
    for one in stated.get("bounds") or ():
        if one["aim"] not in aims or one["aim"] in bounds:
            raise NotAnInput("bounds are about the aims, each once")
        bounds[one["aim"]] = one
    return bounds


def _additions(
    stated: dict[str, Any],
    market: _Market,
    rules: list[dict[str, Any]],
    goals: list[dict[str, Any]],
    aims: list[str],
    world: Any,
) -> tuple[list[str], dict[str, Fraction]]:
    """What is wrong with the additions, and what they come to by each aim."""
    reasons: list[str] = []
    taken: dict[str, int] = {}
    items: list[dict[str, Any]] = []
    values = dict.fromkeys(aims, Fraction(0))
    if not isinstance(stated["additions"], list):
        raise NotAnInput("additions are a list")
    days = stated.get("days")
    if days is not None and (not isinstance(days, list) or len(days) != len(stated["additions"])):
        raise NotAnInput("days are a list, one for each addition")
    last = market.day
    for number, name in enumerate(stated["additions"]):
        offer = market.offers.get(name)
        if offer is None:
            return [f'the catalogue has no offer "{name}"'], values
        taken[name] = taken.get(name, 0) + 1
        if taken[name] > (offer.get("max_takes") or 1):
            reasons.append(f'"{name}" is taken {taken[name]} times')
        if not market.open(offer):
            reasons.append(f'"{name}" can no longer be taken')
        for aim in aims:
            value = market.value(offer, aim)
            if value is None:
                reasons.append(f'of "{name}", its {aim} is not known')
            else:
                values[aim] += value
        if offer.get("requires") is not None:
            # In the order given: what it requires is held before.
            case = Case(rules[0], market.with_items(items), goals[0].get("choice"), "strict", world)
            if not _held(case, offer["requires"]):
                reasons.append(f'"{name}": what it requires is not held when it is taken')
        day = market.opening(offer) if days is None else days[number]
        if days is not None and market.day is not None:
            if not isinstance(day, str) or date.fromisoformat(day).isoformat() != day:
                raise NotAnInput("days are dates such as 2026-09-01")
            if not market.open_then(offer, day):
                reasons.append(f'"{name}" cannot be taken on {day}')
            if last is not None and day < last:
                reasons.append(f'"{name}" is taken on {day}, before what comes before it')
            last = day
        items.append(market.item(offer, market.name(name, taken[name]), day if market.day is not None else None))
    after = market.with_items(items)
    if any(market.offers[name].get("corequires") is not None for name in taken):
        case = Case(rules[0], after, goals[0].get("choice"), "strict", world)
        reasons += [
            f'"{name}": what has to be taken along is not'
            for name in sorted(taken)
            if market.offers[name].get("corequires") is not None and not _held(case, market.offers[name]["corequires"])
        ]
    for goal, rule in zip(goals, rules, strict=True):
        report = evaluate(rule, after, goal["allocation"], choice=goal.get("choice"), world=world)
        # What no offer can meet is named, and is nothing that an allocation could change.
        reasons += [
            sentence(each) for each in report.broken if each.kind != "case" or each.path not in _remaining(stated)
        ]
    claimed = dict(stated.get("values") or {})
    if "cost" in stated:
        claimed["cost"] = stated["cost"]
    for aim, amount in claimed.items():
        if aim not in values or exact(amount) != values[aim]:
            reasons.append(f"the additions come to {values.get(aim)} by {aim}, not {amount}")
    return reasons, values


def _impossible(
    stated: dict[str, Any],
    market: _Market,
    rules: list[dict[str, Any]],
    choices: list[Any],
    aims: list[str],
    world: Any,
) -> Checked:
    if stated.get("additions") or len(stated.get("bounds") or ()) > 1:
        return Checked(False, ["what is impossible has no additions and one proof"], "")
    shown = (stated.get("bounds") or [{"kind": "re-solved"}])[0]
    if shown.get("kind") == "re-solved":
        return Checked(None, [], "that nothing on offer completes it was solved, no proof was kept")
    if "proof" in shown and shown["proof"].get("at_least") is not None:
        return Checked(False, ["a completion that costs something is not impossible"], "")
    named = [] if "proof" in shown else shown["clauses"]
    if "proof" not in shown and (not isinstance(named, list) or not named):
        return Checked(False, ["no clause is named that fails"], "")
    spared = set(named)
    found = _whole(market, rules, choices, aims, world, named, spared)
    if isinstance(found, str):
        return Checked(False, [found], "")
    if named:
        reasons = [f"{path} does not fail whatever is taken" for path in sorted(spared)]
        return Checked(not reasons, reasons, "whatever is taken, these fail: " + ", ".join(named))
    fault = holds(shown["proof"], found)
    return Checked(not fault, [fault] if fault else [], "nothing on offer completes it")


def _bound(
    shown: dict[str, Any], aim: str, values: dict[str, Fraction], market: _Market, aims: list[str], model: Model
) -> str:
    """Why it is not shown that no completion, no worse by the other aims, has less of one."""
    for other in aims:
        scale = _aim_scale(market, aims, other)
        terms = _aim_terms(market, aims, other, scale)
        known = {name: value for name, value in terms.items() if value and name in model.columns}
        if other != aim:
            limit = values[other] * scale
            model.rows[f"aim/{other}"] = Row(known, None, limit.numerator // limit.denominator)
            continue
        model.rows.pop(f"aim/{other}", None)
        for name, column in model.columns.items():
            column.cost = known.get(name, 0)
        if shown["proof"].get("at_least") != values[aim] * scale:
            return f"the proof is not about {values[aim]}"
    return holds(shown["proof"], model)


def _usable(market: _Market, aims: list[str]) -> list[dict[str, Any]]:
    return [
        offer
        for offer in market.offers.values()
        if market.open(offer) and all(market.value(offer, aim) is not None for aim in aims)
    ]


def _aim_scale(market: _Market, aims: list[str], aim: str) -> int:
    return lcm(1, *((market.value(offer, aim) or Fraction(0)).denominator for offer in _usable(market, aims)))


def _aim_terms(market: _Market, aims: list[str], aim: str, scale: int) -> dict[str, int]:
    terms = {}
    for offer in _usable(market, aims):
        value = (market.value(offer, aim) or Fraction(0)) * scale
        for name in market.takes(offer):
            terms[f"take[{name}]"] = value.numerator
    return terms


def _whole(
    market: _Market,
    rules: list[dict[str, Any]],
    choices: list[Any],
    aims: list[str],
    world: Any,
    remaining: list[Any],
    unseen: set[Any] | None = None,
) -> Model | str:
    """The model in which every offer may be taken; a text says why there is none for all choices.

    Clauses that fail whatever is taken are among ``remaining``, or are struck out of ``unseen``. What
    clauses require before them is left out, and of what offers require all but the units they name:
    with it fewer choices remain, none more.
    """
    usable = _usable(market, aims)
    names = [name for offer in usable for name in market.takes(offer)]
    items = [market.item(offer, name, market.opening(offer)) for offer in usable for name in market.takes(offer)]
    whole = Model()
    for rule, choice in zip(rules, choices, strict=True):
        moves = moving(rule, choice)
        if moves:
            return f"{moves}: what is taken changes the clauses, so no one model holds for every choice"
        before = [f"prerequisites/{name}" for name in read_rule(rule, _plain_choice(choice))["prerequisites"]]
        part = build(rule, market.with_items(items), choice=choice, world=world, without=before, offered=names)
        mark = "" if len(rules) == 1 else f"{rule.get('id')}:"
        left = [path for path in part.broken if mark + path not in remaining and path not in remaining]
        if left and unseen is None:
            return f"{left[0]} fails whatever is taken"
        if unseen is not None:
            unseen.difference_update(mark + path for path in part.broken)

        def named(column: str, mark: str = mark) -> str:
            return column if column.startswith("take[") else mark + column

        for name, column in part.columns.items():
            whole.columns.setdefault(named(name), Column(column.lower, column.upper))
        for name, row in part.rows.items():
            terms = {named(column): value for column, value in row.terms.items()}
            whole.rows[mark + name] = Row(terms, row.lower, row.upper)
    for name in names:
        # What no place takes may still be what another offer requires.
        whole.columns.setdefault(f"take[{name}]", Column(0, 1))
    if not read_rule(rules[0], _plain_choice(choices[0])).get("substitutions"):
        _require(whole, market, usable)
    return whole


def _require(whole: Model, market: _Market, usable: list[dict[str, Any]]) -> None:
    """Rows that let an offer be taken only with one of those it asks for, where it names their units."""
    units: dict[str, list[str]] = {}
    for offer in usable:
        units.setdefault(offer.get("unit") or offer["id"], []).extend(market.takes(offer))
    held = {item.get("unit") or item["id"] for item in market.record.get("items") or ()}

    def asked(condition: Any, own: str) -> list[list[str]]:
        """Sets of takes one of which is needed; none where what is held may do, or nothing is said of units."""
        if "all" in condition:
            return [each for part in condition["all"] for each in asked(part, own)]
        if "any" in condition:
            ways = [asked(part, own) for part in condition["any"]]
            together = [take for way in ways if way for take in way[0]]
            return [list(dict.fromkeys(together))] if all(ways) else []
        selector = condition.get("holds")
        if not isinstance(selector, dict) or list(selector) != ["unit"]:
            return []
        named = words(selector["unit"])
        if any(unit in held for unit in named):
            return []
        return [list(dict.fromkeys(take for unit in named for take in units.get(unit, ()) if take != own))]

    for offer in usable:
        for name in market.takes(offer):
            for key in ("requires", "corequires"):
                for number, ways in enumerate(asked(offer[key], name) if offer.get(key) else ()):
                    terms = {f"take[{name}]": 1, **{f"take[{way}]": -1 for way in ways}}
                    whole.rows[f"{key}/{name}/{number}"] = Row(terms, None, 0)


def _plain_choice(choice: Any) -> dict[str, Any]:
    return {key: value for key, value in (choice or {}).items() if key != "waivers"}


def moving(rule: dict[str, Any], choice: dict[str, Any] | None = None) -> str:
    """A clause that changes with what is taken, by path; empty if none does.

    Examples
    --------
    >>> moving({"caps": {"c": {"from": "everything", "for_each": "provider", "max": 20}}})
    'caps/c/for_each'
    """
    return _moves(read_rule(rule, _plain_choice(choice))) or _moves({"waivers": rule.get("waivers") or {}})


def _dated(value: Any) -> bool:
    """Whether anything looks at the date of an item."""
    if isinstance(value, dict):
        return any(key in ("date", "age", "of_last") or _dated(each) for key, each in value.items())
    return isinstance(value, list) and any(_dated(each) for each in value)


def _moves(text: dict[str, Any]) -> str:
    """A clause that changes with what is taken, by path; empty if none does."""
    if text.get("averages"):
        return "averages"
    if text.get("pace"):
        return "pace"
    if text.get("prerequisites") and (text.get("windows") or _dated(text)):
        return "prerequisites"
    for name, edit in (text.get("substitutions") or {}).items():
        if edit.get("gives") == "exemption":
            return f"substitutions/{name}"

    def look(value: Any, path: str) -> str:
        if isinstance(value, dict):
            for key, each in value.items():
                here = f"{path}/{key}" if path else str(key)
                if key in _MOVING or (key == "effect" and each == "invalid"):
                    return here
                if key in ("holds", "met") and path and not path.startswith("prerequisites/"):
                    return here
                found = look(each, here)
                if found:
                    return found
        elif isinstance(value, list):
            for number, each in enumerate(value):
                found = look(each, f"{path}/{number}")
                if found:
                    return found
        return ""

    return look({key: text[key] for key in _SECTIONS if key in text}, "")
