"""Can these clauses not hold together, is each of them needed for that, and what would have to give?

Every answer is about the rule without some clauses, so each is checked on a model built without
them: values that keep every row and lack nothing, or a proof that there are none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ._model import Model, build
from ._proof import holds
from ._verdict import Checked

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["clash"]


class _Rest:
    """The rule without some of its clauses."""

    def __init__(self, record: dict[str, Any], rule: dict[str, Any], options: dict[str, Any]) -> None:
        self.record = record
        self.rule = rule
        self.options = options

    def without(self, paths: Iterable[str]) -> Model:
        return build(self.rule, self.record, without=list(paths), **self.options)

    def met(self, paths: Iterable[str], values: Any) -> str:
        """Why values do not meet the rule without these clauses; empty if they do."""
        model = self.without(paths)
        if model.broken:
            return f"{next(iter(model.broken))} fails whatever is placed"
        # Columns that only the clauses left out would speak of may be named as well; they bear on nothing here.
        for name, value in values.items():
            if isinstance(value, bool) or not isinstance(value, int):
                return f'the value of "{name}" is no whole number'
        violated = model.violated(values)
        if violated:
            return f"{violated[0]} is not kept"
        lacking = [path for path, (short, _, _) in model.minima.items() if values.get(short, 0)]
        return f"{lacking[0]} lacks something" if lacking else ""

    def refused(self, paths: Iterable[str], shown: dict[str, Any]) -> str | None:
        """Why it is not shown that the rule fails without these clauses; None if nothing was kept to show it."""
        if shown.get("kind") == "re-solved":
            return None
        model = self.without(paths)
        if "clauses" in shown:
            named = shown["clauses"]
            if not isinstance(named, list) or not named:
                return "no clause is named that fails"
            spared = [path for path in named if path not in model.broken]
            return f"{spared[0]} does not fail whatever is placed" if spared else ""
        at_least = shown["proof"].get("at_least")
        if at_least is not None and at_least < 1:
            return "a shortfall of at least 0 refuses nothing"
        return holds(shown["proof"], model)


def _paths(named: Any) -> list[str]:
    if not isinstance(named, list) or len(set(named)) != len(named):
        raise TypeError("clauses are named in a list, each once")
    return named


def clash(stated: dict[str, Any], record: dict[str, Any], rule: dict[str, Any], options: dict[str, Any]) -> Checked:
    """Verify a clash of clauses with what it says of its minimality and its corrections."""
    together = _paths(stated["together"])
    rest = _Rest(record, rule, options)
    whole = rest.without(())
    known, bounds = {*whole.clauses, *whole.broken}, set(whole.rows)
    while True:
        # Without a gate, clauses may have something to say that had nothing before.
        bare = rest.without(known)
        bounds.update(bare.rows)
        if known >= {*bare.clauses, *bare.broken}:
            break
        known |= {*bare.clauses, *bare.broken}
    reasons = [f'"{path}" is no clause in force' for path in together if path not in known]
    if reasons or not together:
        return Checked(False, reasons or ["no clause is named"], "")
    # A clause of the clash is not left out with the whole it is a part of.
    others = [
        path
        for path in known
        if path not in together
        and (path in bounds or not any(each.startswith((f"{path}/", f"{path}[")) for each in together))
    ]
    resolved: list[str] = []

    def take(fault: str | None, about: str) -> None:
        if fault is None:
            resolved.append(about)
        elif fault:
            reasons.append(f"not shown {about}: {fault}")

    if any(path in whole.broken for path in together):
        if len(together) > 1:
            reasons.append("one of its clauses fails alone")
    else:
        fault = rest.refused(others, {"proof": stated["proof"]} if "proof" in stated else stated["alone"])
        if fault:
            reasons.append(fault)
        if fault is None:
            return Checked(None, [], "that the clauses cannot hold together was solved, no proof was kept")
    shows = "cannot hold together: " + ", ".join(together)
    if "needed" in stated:
        shown = _by_clause(stated["needed"], together)
        for path in together:
            one = shown[path]
            fault = None if one.get("kind") == "re-solved" else rest.met([*others, path], one["values"])
            take(fault, f"that without {path} the rest of the clash can hold")
        shows += "; without any one of them the rest can"
    for number, correction in enumerate(stated.get("corrections") or ()):
        clauses = _paths(correction["clauses"])
        about = f"correction {number + 1}"
        strange = [path for path in clauses if path not in known]
        if strange or not set(clauses) & set(together):
            reasons.append(f"{about}: it waives none of the clash, or what is no clause in force")
            continue
        fault = None if correction.get("kind") == "re-solved" else rest.met(clauses, correction["values"])
        take(fault, f"that {about} mends it")
        shown = _by_clause(correction["needed"], clauses)
        for path in clauses:
            less = [each for each in clauses if each != path]
            take(rest.refused(less, shown[path]), f"that in {about} {path} has to give")
    if stated.get("corrections"):
        shows += "; without any of the corrections the rest can, and each is as small as it can be"
    return Checked(not reasons, reasons, shows, resolved)


def _by_clause(listed: Any, clauses: list[str]) -> dict[str, dict[str, Any]]:
    found = {one["clause"]: one for one in listed}
    if set(found) != set(clauses) or len(listed) != len(clauses):
        raise ValueError("each clause is shown to be needed once")
    return found
