"""Which clauses does a rule have for one case?

A rule is merged as JSON, in the order reading, waivers, variant, exit or title; nothing of the
compiled engine takes part. What comes out is a plain dictionary with the clauses in force.
"""

from __future__ import annotations

import json
import re
from copy import deepcopy
from fractions import Fraction
from typing import Any

__all__ = ["MAPS", "NotAnInput", "choice_fault", "exact", "plain", "read_rule", "resolve"]

#: Sections that map ids to clauses; a fragment replaces single clauses of them.
MAPS = (
    "places",
    "floors",
    "caps",
    "exclusions",
    "eligibility",
    "windows",
    "pace",
    "averages",
    "outcomes",
    "prerequisites",
    "requirements",
    "substitutions",
    "waivers",
)
#: Sections that a fragment replaces whole.
_WHOLE = ("total", "classification", "derives", "admits", "level", "measure")
#: Sections that a fragment changes key by key.
_BY_KEY = ("allocation", "reuse")
#: What an exit states anew.
_ANEW = ("total", "places", "floors", "caps", "requirements")


class NotAnInput(ValueError):
    """A rule, record, choice or certificate that cannot be read."""


_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?(/\d+)?", re.ASCII)


def _no_float(text: str) -> Any:
    raise NotAnInput(f'{text} is a decimal; exact numbers are integers or fractions written "p/q"')


def plain(value: Any, what: str) -> dict[str, Any]:
    """A rule, record or certificate as a dictionary of its own.

    Parameters
    ----------
    value : dict, str, bytes, or object
        A dictionary, JSON text, or an object with ``to_dict()`` or ``json``.
    what : str
        Noun for the message.

    Raises
    ------
    NotAnInput
        For anything else.

    Examples
    --------
    >>> plain('{"language": 1}', "rule")
    {'language': 1}
    """
    if isinstance(value, (str, bytes, bytearray)):
        try:
            value = json.loads(value, parse_float=_no_float)
        except json.JSONDecodeError as fault:
            raise NotAnInput(f"the {what} is no JSON: {fault}") from None
    elif not isinstance(value, dict):
        give = getattr(value, "to_dict", None)
        if give is not None:
            value = give()
        else:
            text = getattr(value, "json", None)
            if not isinstance(text, str):
                raise NotAnInput(f"{type(value).__name__} is no {what}: a dictionary or JSON text is read")
            return plain(text, what)
    if not isinstance(value, dict):
        raise NotAnInput(f"the {what} is no JSON object")
    return deepcopy(value)


def exact(value: Any) -> Fraction:
    """An exact number as the language writes it: an integer, or a fraction ``"p/q"``.

    Examples
    --------
    >>> exact("15/2")
    Fraction(15, 2)
    """
    if isinstance(value, (bool, float)):
        raise NotAnInput(f"{value!r} is no exact number")
    if isinstance(value, str) and not _NUMBER.fullmatch(value):
        # Among others "1e999999999", whose digits nobody has room for.
        raise NotAnInput(f"{value!r} is no exact number")
    try:
        return Fraction(value)
    except (ValueError, TypeError, ZeroDivisionError):
        raise NotAnInput(f"{value!r} is no exact number") from None


def resolve(tree: dict[str, Any], path: str) -> tuple[dict[str, Any], str] | None:
    """The dictionary that holds the last step of a path, and that step; None if a step is missing.

    The last step itself need not exist.
    """
    steps = path.split("/")
    at: Any = tree
    for step in steps[:-1]:
        if not isinstance(at, dict) or step not in at:
            return None
        at = at[step]
    return (at, steps[-1]) if isinstance(at, dict) else None


def _change(tree: dict[str, Any], changes: list[dict[str, Any]], where: str) -> None:
    for change in changes:
        found = resolve(tree, change["path"])
        if found is None or ("to" not in change and found[1] not in found[0]):
            raise NotAnInput(f'{where}: no path "{change["path"]}"')
        holder, last = found
        if "to" in change:
            holder[last] = deepcopy(change["to"])
        else:
            del holder[last]


def _merge(text: dict[str, Any], fragment: dict[str, Any], *, leaving: bool = False) -> None:
    """Merge a variant, a title or (``leaving``) an exit into a rule."""
    if leaving:
        for section in _ANEW:
            text.pop(section, None)
    for section in MAPS:
        if section in fragment:
            text.setdefault(section, {}).update(deepcopy(fragment[section]))
    for section in _WHOLE:
        if section in fragment:
            text[section] = deepcopy(fragment[section])
    for section in _BY_KEY:
        if section in fragment:
            text.setdefault(section, {}).update(deepcopy(fragment[section]))


def _pick(rule: dict[str, Any], section: str, name: str) -> dict[str, Any]:
    found = rule.get(section, {}).get(name)
    if not isinstance(found, dict):
        raise NotAnInput(f'rule "{rule.get("id")}" has no "{name}" among its {section}')
    return found


#: What a certificate that is about one form of the rule chooses.
_FORMS = {"reading": "readings", "variant": "variants", "title": "titles", "exit": "exits"}


def choice_fault(choice: Any, rule: dict[str, Any]) -> str:
    """Why a choice names what the rule does not have; empty if it does not."""
    if choice is None:
        return ""
    if not isinstance(choice, dict):
        return "its choice is no object"
    for key, value in choice.items():
        named = value if key == "waivers" and isinstance(value, list) else [value]
        section = "waivers" if key == "waivers" else _FORMS.get(key)
        if section is None:
            return f'a choice has no "{key}"'
        if key != "waivers" and value in (None, ""):
            continue
        known = rule.get(section) or {}
        for name in named:
            if not isinstance(name, str) or name.startswith("x-") or name not in known:
                return f'the rule has no "{name}" among its {section}'
    return ""


def read_rule(rule: Any, choice: dict[str, Any] | None = None, waivers: list[str] | None = None) -> dict[str, Any]:
    """The clauses of a rule for one reading, variant, title or exit.

    Parameters
    ----------
    rule : dict, str or object
        The rule document.
    choice : dict, optional
        Keys ``reading``, ``variant``, ``title``, ``exit``: ids; absent, None or empty for the main
        text.
    waivers : list of str, optional
        Ids of the waivers that act, in order. Default: none.

    Returns
    -------
    dict
        The merged rule without its alternatives. ``"conditions"`` lists the ``when`` of the
        alternatives chosen, as pairs of path and condition.

    Raises
    ------
    NotAnInput
        For a choice the rule does not have.

    Examples
    --------
    >>> rule = {"id": "r", "total": {"min": 60}, "exits": {"half": {"award": "half", "total": {"min": 30}}}}
    >>> read_rule(rule, {"exit": "half"})["total"]
    {'min': 30}
    """
    text = plain(rule, "rule")
    chosen = {key: value for key, value in (choice or {}).items() if value}
    unknown = set(chosen) - {"reading", "variant", "title", "exit", "waivers", "edition"}
    if unknown:
        raise NotAnInput(f"a choice has no {sorted(unknown)}")
    if "title" in chosen and "exit" in chosen:
        raise NotAnInput("a choice is a title or an exit, not both")
    conditions: list[tuple[str, Any]] = []
    if "reading" in chosen:
        _change(text, _pick(text, "readings", chosen["reading"])["changes"], f"readings/{chosen['reading']}")
    later: list[dict[str, Any]] = []
    for name in waivers or []:
        waiver = _pick(text, "waivers", name)
        edit = {"path": waiver["clause"], **({"to": waiver["to"]} if "to" in waiver else {})}
        found = resolve(text, waiver["clause"])
        if found is None or found[1] not in found[0]:
            later.append(edit)
        else:
            _change(text, [edit], f"waivers/{name}")
    for section, key, leaving in (("variants", "variant", False), ("exits", "exit", True), ("titles", "title", False)):
        if key not in chosen:
            continue
        fragment = _pick(text, section, chosen[key])
        if "when" in fragment:
            conditions.append((f"{section}/{chosen[key]}/when", fragment["when"]))
        _merge(text, fragment, leaving=leaving)
    for edit in later:
        # A waiver may lift what only the variant, the exit or the title asks.
        found = resolve(text, edit["path"])
        if found is not None and found[1] in found[0]:
            _change(text, [edit], "waivers")
    for section in ("variants", "titles", "exits", "readings"):
        text.pop(section, None)
    for section in MAPS:
        text[section] = {key: each for key, each in text.get(section, {}).items() if not key.startswith("x-")}
    text["conditions"] = conditions
    return text
