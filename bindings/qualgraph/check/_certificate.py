"""Does a certificate hold for a record and a rule?"""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any

from ._allocation import Report, evaluate
from ._clash import clash
from ._model import Model, build
from ._plan import completion
from ._proof import holds
from ._reading import NotAnInput, choice_fault, exact, plain
from ._select import INFINITE, MEASURES
from ._verdict import Checked, sentence

__all__ = ["Checked", "check"]

_NO = ("cut", "farkas", "log")


def check(certificate: Any, record: Any, rule: Any, world: Any = None, catalogue: Any = None) -> Checked:
    """Verify a certificate with code that shares nothing with the engine.

    Parameters
    ----------
    certificate : dict, str or object
        In the shape that the package describes (:mod:`qualgraph.check`).
    record, rule : dict, str or object
        JSON text is taken too; of a rule, with a world, also its id there.
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
        rules = list(rule) if isinstance(rule, (list, tuple)) else [rule]
        texts = [plain(_named(each, world), "rule") for each in rules]
        held = plain(record, "record")
        if stated.get("kind") == "completion":
            return completion(stated, held, texts, world, catalogue)
        if len(texts) != 1:
            return Checked(False, ["only a completion is about several rules"], "")
        return _check(stated, held, texts[0], world)
    except RecursionError:
        return Checked(False, ["the certificate cannot be read: it is nested too deeply"], "")
    except (NotAnInput, LookupError, TypeError, ValueError, AttributeError, ArithmeticError) as fault:
        return Checked(False, [f"the certificate cannot be read: {fault}"], "")


def _named(rule: Any, world: Any) -> Any:
    """A rule of the world that is named by its id."""
    if isinstance(rule, str) and world is not None and not rule.lstrip().startswith("{"):
        return world.rule(rule)
    return rule


def _check(stated: dict[str, Any], record: dict[str, Any], rule: dict[str, Any], world: Any) -> Checked:
    fault = choice_fault(stated.get("choice"), rule)
    if fault:
        return Checked(False, [fault], "")
    kind = stated.get("kind")
    judged = _provisional if kind == "provisional" else _single
    found = judged(stated, record, rule, world)
    if kind == "re-solved":
        return found
    if stated.get("counted") is not None:
        if stated["counted"] != {"kind": "re-solved"}:
            return Checked(False, ["what it says of how much counts is no proof"], "")
        found = Checked(found.ok, found.reasons, found.shows, [*found.resolved, "that nothing more can count"])
    return _with_others(_with_least(found, stated, record, rule, world), stated, record, rule, world)


def _single(stated: dict[str, Any], record: dict[str, Any], rule: dict[str, Any], world: Any) -> Checked:
    kind = stated.get("kind")
    verdict = stated.get("verdict")
    if kind == "re-solved":
        return Checked(None, [], "the engine solved it twice; no proof was kept")
    reading = stated.get("reading")
    if reading not in ("strict", "favourable"):
        return Checked(False, ['its reading is neither "strict" nor "favourable"'], "")
    read = {"strict": "strictly", "favourable": "favourably"}[reading]
    options: dict[str, Any] = {"choice": stated.get("choice"), "reading": reading, "world": world}
    if kind == "allocation":
        if verdict not in (None, "satisfied") or (verdict == "satisfied" and reading != "strict"):
            return Checked(False, [f'an allocation read {read} does not show "{verdict}"'], "")
        report = evaluate(rule, record, stated["allocation"], **options)
        reasons = [sentence(each) for each in report.broken]
        return Checked(not reasons, reasons, f"the allocation meets every clause, read {read}")
    if verdict not in (None, "unsatisfied") or (verdict == "unsatisfied" and reading != "favourable"):
        return Checked(False, [f'a refusal read {read} does not show "{verdict}"'], "")
    if kind == "broken":
        return _broken(stated, record, rule, options)
    if kind == "clash":
        return clash(stated, record, rule, options)
    if kind in _NO:
        return _refusal(stated, record, rule, options, read)
    return Checked(False, [f'no certificate is of kind "{kind}"'], "")


def _broken(stated: dict[str, Any], record: dict[str, Any], rule: dict[str, Any], options: dict[str, Any]) -> Checked:
    clauses = stated["clauses"]
    if not isinstance(clauses, list) or not clauses:
        return Checked(False, ["no clause is named"], "")
    model = build(rule, record, **options)
    # A clause that fails for every value alike may be named without one.
    fail = {*model.broken, *(re.sub(r"\[[^]]*\]", "", path) for path in model.broken)}
    reasons = [f"{path}: does not fail whatever is placed" for path in clauses if path not in fail]
    return Checked(not reasons, reasons, "clauses fail whatever is placed: " + ", ".join(clauses))


def _with_least(
    found: Checked, stated: dict[str, Any], record: dict[str, Any], rule: dict[str, Any], world: Any
) -> Checked:
    """Also that no allocation lacks less than the shortfall stated, where the certificate says so."""
    least = stated.get("least")
    if least is None or found.ok is False:
        return found
    if stated.get("kind") == "allocation":
        return Checked(False, ["what meets every clause lacks nothing"], "")
    if not isinstance(least, dict) or least.get("reading") != "strict":
        return Checked(False, ["the least shortfall is not read strictly"], "")
    if _form(least) != _form(stated):
        return Checked(False, ["the least shortfall is that of another form of the rule"], "")
    if least.get("kind") == "re-solved":
        return Checked(found.ok, found.reasons, found.shows, [*found.resolved, "that no less can lack"])
    if least.get("kind") not in _NO or "allocation" not in least or least.get("verdict") is not None:
        return Checked(False, ["the least shortfall is no proof with an allocation that lacks no more"], "")
    part = _single(least, record, rule, world)
    if part.ok is not True:
        return Checked(part.ok, [f"the least shortfall: {reason}" for reason in part.reasons], "")
    return Checked(found.ok, found.reasons, f"{found.shows}; {part.shows}", found.resolved)


def _form(stated: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in (stated.get("choice") or {}).items() if value}


def _with_others(
    found: Checked, stated: dict[str, Any], record: dict[str, Any], rule: dict[str, Any], world: Any
) -> Checked:
    """Also that no other variant does better, where the certificate says so: a refusal for each."""
    others = stated.get("others")
    if others is None or found.ok is False:
        return found
    reading = "strict" if stated.get("kind") == "provisional" else "favourable"
    if stated.get("verdict") not in ("provisional", "unsatisfied") or not isinstance(others, list):
        return Checked(False, ["refusals of other variants stand beside no refusal"], "")
    own = _form(stated)
    named = [own.pop("variant", None)]
    own.pop("waivers", None)
    ok: bool | None = found.ok
    for one in others:
        form = _form(one)
        name = form.pop("variant", None)
        form.pop("waivers", None)
        fault = choice_fault(one.get("choice"), rule)
        if fault or form != own or name in named:
            return Checked(False, [fault or "another variant is refused twice, or in another form"], "")
        named.append(name)
        if one.get("kind") == "re-solved":
            ok = None
            continue
        if one.get("kind") not in (*_NO, "clash", "broken") or one.get("reading") != reading:
            return Checked(False, [f'variant "{name}" is not refused read the same way'], "")
        part = _single(one, record, rule, world)
        if part.ok is not True:
            return Checked(part.ok, [f'variant "{name}": {reason}' for reason in part.reasons], "")
    left = [name for name in rule.get("variants") or {} if not name.startswith("x-") and name not in named]
    if left:
        return Checked(False, [f"variants are left open: {', '.join(left)}"], "")
    kept = "" if ok is not None else " (not all with a proof that was kept)"
    return Checked(ok, found.reasons, f"{found.shows}; every other variant is refused{kept}", found.resolved)


def _provisional(stated: dict[str, Any], record: dict[str, Any], rule: dict[str, Any], world: Any) -> Checked:
    yes, no = stated["yes"], stated["no"]
    if stated.get("verdict") not in (None, "provisional"):
        return Checked(False, [f'it does not show "{stated["verdict"]}"'], "")
    if yes.get("kind") != "allocation" or yes.get("reading") != "favourable" or no.get("reading") != "strict":
        return Checked(False, ["it is no favourable allocation beside a strict refusal"], "")
    if _form(yes) != _form(no) or _form(yes) != _form(stated):
        return Checked(False, ["its two halves are about different forms of the rule"], "")
    if yes.get("verdict") or no.get("verdict"):
        return Checked(False, ["its halves claim verdicts of their own"], "")
    if no.get("kind") == "re-solved":
        found = _single(yes, record, rule, world)
        return Checked(None if found else False, found.reasons, "no proof of the strict refusal was kept")
    if no.get("kind") not in (*_NO, "clash", "broken"):
        return Checked(False, ["its second half is no refusal"], "")
    halves = [_single(half, record, rule, world) for half in (yes, no)]
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
        reasons += [sentence(each) for each in report.broken if each.kind == "limit"]
        cost = cost_of(report, model)
        if cost != at_least:
            reasons.append(f"the allocation lacks {cost}, the proof shows {at_least}")
        if "shortfall" in stated and not _is_shortfall(stated["shortfall"], report):
            reasons.append("the shortfall stated is not that of the allocation")
        attained = ", and the allocation lacks no more"
    elif at_least < 1:
        reasons.append("a shortfall of at least 0 refuses nothing")
    return Checked(not reasons, reasons, f"no allocation lacks less, read {read}{attained}")


def _is_shortfall(stated: Any, report: Report) -> bool:
    """Whether amounts by measure are what an allocation lacks; items and outcomes may stand under units."""
    claimed = {name: amount for name, given in stated.items() if (amount := exact(given))}
    found = report.shortfall()
    together: dict[str, Any] = {}
    for name, lacking in found.items():
        key = name if name in MEASURES else "units"
        together[key] = together.get(key, Fraction(0)) + lacking
    return claimed in (found, together)
