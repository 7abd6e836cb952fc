"""Does a certificate hold for a record and a rule?"""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any

from ._allocation import Report, evaluate
from ._model import Model, build
from ._proof import holds
from ._reading import NotAnInput, exact, plain
from ._select import INFINITE, MEASURES, Case

__all__ = ["Checked", "check"]

_NO = ("cut", "farkas", "log")


class Checked:
    """What a check found; true if the certificate holds.

    Attributes
    ----------
    ok : bool or None
        None where there is nothing to verify (``"re-solved"``).
    reasons : list of str
        What does not hold; empty if all does.
    shows : str
        What the certificate shows, in words.
    """

    def __init__(self, ok: bool | None, reasons: list[str], shows: str) -> None:
        self.ok = ok
        self.reasons = reasons
        self.shows = shows

    def __bool__(self) -> bool:
        return self.ok is True

    def __repr__(self) -> str:
        state = {True: "holds", False: "does not hold", None: "cannot be checked"}[self.ok]
        return f"<Checked: {state}: {'; '.join(self.reasons[:3]) or self.shows}>"


def check(certificate: Any, record: Any, rule: Any, world: Any = None, catalogue: Any = None) -> Checked:
    """Verify a certificate with code that shares nothing with the engine.

    Parameters
    ----------
    certificate : dict, str or object
        In the shape that the package describes (:mod:`qualgraph.check`).
    record, rule : dict, str or object
    world : World, optional
        The one the verdict was given in: asked for levels of other frameworks and credits of other
        systems. Without it both count as not known.
    catalogue : dict, str or object, optional
        Of what may be added, for a ``"completion"``.

    Returns
    -------
    Checked

    Examples
    --------
    >>> rule = {"total": {"min": 20}}
    >>> record = {"items": [{"id": "a", "credits": 20}]}
    >>> row = {"item": "a", "place": "everything", "amount": 20}
    >>> check({"kind": "allocation", "reading": "strict", "allocation": [row]}, record, rule)
    <Checked: holds: the allocation meets every clause, read strictly>
    >>> dual = {"dual": {"total/min": 1}}
    >>> no = {"kind": "cut", "reading": "strict", "proof": {"at_least": 1, "nodes": [dual]}}
    >>> bool(check(no, {"items": [{"id": "a", "credits": 15}]}, rule))
    True
    """
    try:
        stated = plain(certificate, "certificate")
        return _check(stated, plain(record, "record"), plain(rule, "rule"), world, catalogue)
    except (NotAnInput, KeyError, TypeError, AttributeError, IndexError) as fault:
        return Checked(False, [f"the certificate cannot be read: {fault}"], "")


def _check(stated: dict[str, Any], record: dict[str, Any], rule: dict[str, Any], world: Any, catalogue: Any) -> Checked:
    kind = stated.get("kind")
    verdict = stated.get("verdict")
    if kind == "re-solved":
        return Checked(None, [], "the engine solved it twice; no proof was kept")
    if kind == "provisional":
        return _provisional(stated, record, rule, world)
    reading = stated.get("reading")
    if reading not in ("strict", "favourable"):
        return Checked(False, ['its reading is neither "strict" nor "favourable"'], "")
    read = {"strict": "strictly", "favourable": "favourably"}[reading]
    options: dict[str, Any] = {"choice": stated.get("choice"), "reading": reading, "world": world}
    if kind == "completion":
        return _completion(stated, record, rule, options, catalogue)
    if kind == "allocation":
        if verdict not in (None, "satisfied") or (verdict == "satisfied" and reading != "strict"):
            return Checked(False, [f'an allocation read {read} does not show "{verdict}"'], "")
        report = evaluate(rule, record, stated["allocation"], **options)
        reasons = [_sentence(each) for each in report.broken]
        return Checked(not reasons, reasons, f"the allocation meets every clause, read {read}")
    if verdict not in (None, "unsatisfied") or (verdict == "unsatisfied" and reading != "favourable"):
        return Checked(False, [f'a refusal read {read} does not show "{verdict}"'], "")
    if kind == "broken":
        model = build(rule, record, **options)
        # A clause that fails for every value alike may be named without one.
        fail = {*model.broken, *(re.sub(r"\[[^]]*\]", "", path) for path in model.broken)}
        reasons = [f"{path}: does not fail whatever is placed" for path in stated["clauses"] if path not in fail]
        if not stated["clauses"]:
            reasons.append("no clause is named")
        return Checked(not reasons, reasons, "clauses fail whatever is placed: " + ", ".join(stated["clauses"]))
    if kind == "clash":
        return _clash(stated, record, rule, options)
    if kind in _NO:
        return _refusal(stated, record, rule, options, read)
    return Checked(False, [f'no certificate is of kind "{kind}"'], "")


def _sentence(finding: Any) -> str:
    said = f"{finding.path} is not met"
    if finding.needed is not None:
        said += f": {finding.have} of {finding.needed} {finding.measure}".rstrip()
    return f"{said} ({finding.note})" if finding.note else said


def _provisional(stated: dict[str, Any], record: dict[str, Any], rule: dict[str, Any], world: Any) -> Checked:
    yes, no = stated["yes"], stated["no"]
    if stated.get("verdict") not in (None, "provisional"):
        return Checked(False, [f'it does not show "{stated["verdict"]}"'], "")
    if yes.get("kind") != "allocation" or yes.get("reading") != "favourable" or no.get("reading") != "strict":
        return Checked(False, ["it is no favourable allocation beside a strict refusal"], "")
    if (yes.get("choice") or {}) != (no.get("choice") or {}):
        return Checked(False, ["its two halves are about different forms of the rule"], "")
    if no.get("kind") not in (*_NO, "clash", "broken"):
        return Checked(False, ["its second half is no refusal"], "")
    halves = [_check(half, record, rule, world, None) for half in (yes, no)]
    reasons = [reason for half in halves for reason in half.reasons]
    return Checked(all(halves), reasons, "met if what is not known turns out for the learner, and only then")


def cost_of(report: Report, model: Model) -> int:
    """The shortfall of an allocation as one number of the objective."""
    total = 0
    for finding in report.findings:
        if finding.lacking and finding.path in model.minima:
            short, measure, missing = model.minima[finding.path]
            if finding.lacking == INFINITE:
                total += model.columns[short].upper * model.columns[short].cost
                continue
            units = finding.lacking * (model.scale[measure] if missing in MEASURES else 1)
            # A row lacks whole units.
            total += -(-Fraction(units).numerator // Fraction(units).denominator) * model.columns[short].cost
    return total


def _refusal(
    stated: dict[str, Any], record: dict[str, Any], rule: dict[str, Any], options: dict[str, Any], read: str
) -> Checked:
    proof = stated["proof"]
    model = build(rule, record, **options)
    fault = holds(proof, model)
    if fault:
        return Checked(False, [fault], "")
    at_least = proof.get("at_least")
    if at_least is None:
        return Checked(True, [], f"no allocation keeps the limits, read {read}")
    reasons = []
    attained = ""
    if "allocation" in stated:
        report = evaluate(rule, record, stated["allocation"], **options)
        reasons += [_sentence(each) for each in report.broken if each.kind == "limit"]
        cost = cost_of(report, model)
        if cost != at_least:
            reasons.append(f"the allocation lacks {cost}, the proof shows {at_least}")
        claimed = {name: exact(amount) for name, amount in (stated.get("shortfall") or {}).items() if exact(amount)}
        if claimed and claimed != _by_measure(report):
            reasons.append("the shortfall stated is not that of the allocation")
        attained = ", and the allocation lacks no more"
    elif at_least < 1:
        reasons.append("a shortfall of at least 0 refuses nothing")
    return Checked(not reasons, reasons, f"no allocation lacks less, read {read}{attained}")


def _by_measure(report: Report) -> dict[str, Any]:
    """The shortfall with items and outcomes under units."""
    found: dict[str, Any] = {}
    for name, amount in report.shortfall().items():
        key = name if name in MEASURES else "units"
        found[key] = found.get(key, Fraction(0)) + amount
    return found


def _clash(stated: dict[str, Any], record: dict[str, Any], rule: dict[str, Any], options: dict[str, Any]) -> Checked:
    together = list(stated["together"])
    whole = build(rule, record, **options)
    known = {*whole.clauses, *whole.broken}
    reasons = [f'"{path}" is no clause in force' for path in together if path not in known]
    if reasons or not together:
        return Checked(False, reasons or ["no clause is named"], "")
    shows = "cannot hold together: " + ", ".join(together)
    if any(path in whole.broken for path in together):
        if len(together) > 1:
            reasons.append("one of its clauses fails alone")
    else:
        others = [path for path in known if path not in together]
        part = build(rule, record, without=others, **options)
        at_least = stated["proof"].get("at_least")
        if at_least is not None and at_least < 1:
            reasons.append("a shortfall of at least 0 refuses nothing")
        fault = holds(stated["proof"], part)
        reasons += [fault] if fault else []
    return Checked(not reasons, reasons, shows)


def _completion(
    stated: dict[str, Any], record: dict[str, Any], rule: dict[str, Any], options: dict[str, Any], catalogue: Any
) -> Checked:
    if catalogue is None:
        return Checked(False, ["a completion is checked against its catalogue"], "")
    offered = plain(catalogue, "catalogue")
    offers = {each["id"]: each for each in offered.get("offers") or ()}
    taken: dict[str, int] = {}
    reasons: list[str] = []
    items = list(record.get("items") or ())
    cost = Fraction(0)
    for name in stated["additions"]:
        offer = offers.get(name)
        if offer is None:
            return Checked(False, [f'the catalogue has no offer "{name}"'], "")
        taken[name] = taken.get(name, 0) + 1
        if taken[name] > (offer.get("max_takes") or 1):
            reasons.append(f'"{name}" is taken {taken[name]} times')
        if offer.get("cost") is None:
            reasons.append(f'what "{name}" costs is not known')
        else:
            cost += exact(offer["cost"])
        items.append(_as_item(offer, name if taken[name] == 1 else f"{name}#{taken[name]}", offered))
    after = {**record, "items": items}
    case = Case(rule, after, options["choice"], options["reading"], options["world"])
    for name in sorted(taken):
        for key in ("requires", "corequires"):
            condition = offers[name].get(key)
            if condition is not None and not case.admits(case.condition(condition, case.by_id[name])):
                reasons.append(f'"{name}": what it {key} is not held')
    report = evaluate(rule, after, stated["allocation"], **options)
    reasons += [_sentence(each) for each in report.broken]
    if "cost" in stated and exact(stated["cost"]) != cost:
        reasons.append(f"the additions cost {cost}, not {stated['cost']}")
    return Checked(not reasons, reasons, "with the additions, the allocation meets every clause")


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


def _as_item(offer: dict[str, Any], name: str, catalogue: dict[str, Any]) -> dict[str, Any]:
    """What is taken becomes an item of the record, used for nothing yet."""
    item = {key: offer[key] for key in _ATTRIBUTES if key in offer}
    system = catalogue.get("credit")
    if system and isinstance(item.get("credits"), (int, str)) and " " not in str(item["credits"]):
        item["credits"] = f"{item['credits']} {system}"
    return {"id": name, "unit": offer.get("unit") or offer["id"], "used_for": [], **item}
