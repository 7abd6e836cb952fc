"""What a program hands in, as the language of rules, records and catalogues writes it.

Numbers and days of other libraries are taken where they are exact; a wrong kind of thing is
refused with its place and what is expected there.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from numbers import Integral
from typing import TYPE_CHECKING, Any

from .. import _core
from ..errors import FactError, Fault, InvalidValue, UnitMismatch, UnknownId

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Sequence

    from ..world import World
    from .complete import Catalogue
    from .record import Record
    from .rule import Rule

__all__ = [
    "budget",
    "catalogue_given",
    "fail",
    "form_given",
    "listed",
    "parsed",
    "plain",
    "read_text",
    "record_given",
    "rule_given",
    "rules_given",
    "waivers_given",
    "written",
]


def fail(faults: Sequence[Fault], what: str = "table") -> None:
    """Raise every fault at once, naming the kind of file they are in."""
    if not faults:
        return
    lines = [f"{len(faults)} fault{'' if len(faults) == 1 else 's'} in the {what}; nothing was read"]
    for one in faults[:20]:
        # A pointer of JSON, or a cell of a table.
        at = " at" if one.pointer.startswith("/") else ""
        place = f"{at} {one.pointer}" if one.pointer else ""
        lines.append(f"  {one.file}{place}: found {one.found}; expected {one.expected}")
    if len(faults) > 20:
        lines.append(f"  and {len(faults) - 20} more")
    error = FactError("\n".join(lines))
    error.faults = list(faults)
    raise error


def parsed(parse: Callable[[str, str], Any], text: str, file: str, what: str) -> Any:
    """What the engine reads from a text; its faults name the kind of file, which is no file of facts."""
    try:
        return parse(text, file)
    except FactError as error:
        fail(error.faults, what)
        raise


def read_text(path: str | os.PathLike[str], what: str) -> str:
    """The text of a JSON file.

    Raises
    ------
    FactError
        For bytes that are no UTF-8, as a fault of the file.
    OSError
        For a file that cannot be read.
    """
    from pathlib import Path

    try:
        return Path(path).read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        found = f"bytes that are no UTF-8 (at byte {error.start})"
        fail([Fault(str(path), "", found, "JSON in UTF-8")], what)
        raise


# ---- values

_MISSING = object()


def _scalar(value: Any) -> Any:
    """A scalar as JSON holds it: exact, or left as it is for the caller to refuse."""
    if value is None or isinstance(value, (bool, str)):
        return str(value) if isinstance(value, str) else value
    if isinstance(value, Integral):
        return int(value)
    if str(value) in ("NaT", "<NA>", "nan", "NaN"):
        return _MISSING
    if isinstance(value, Decimal):
        return _number(Fraction(value)) if value.is_finite() and abs(value.adjusted()) <= 30 else value
    if isinstance(value, Fraction):
        return _number(value)
    if isinstance(value, float) or hasattr(value, "dtype"):
        return _foreign(value)
    if hasattr(value, "isoformat"):
        return str(value.isoformat())[:10]
    return value


def _foreign(value: Any) -> Any:
    """A float, or a scalar of NumPy: a truth, a day, a whole number; 0.1 stays, which no float is."""
    kind = getattr(getattr(value, "dtype", None), "kind", "f")
    if kind == "b":
        return bool(value)
    if kind == "M":
        return str(value)[:10]
    number = float(value) if kind == "f" else value
    return int(number) if isinstance(number, float) and number.is_integer() else number


def _number(value: Fraction) -> int | str:
    return value.numerator if value.denominator == 1 else f"{value.numerator}/{value.denominator}"


#: Beyond, the reader of the language says no as well.
_DEEPEST = 64


def plain(value: Any, file: str, what: str) -> Any:
    """A value of Python as JSON holds it.

    Fractions, decimals, days, NumPy's scalars, tuples and sets are taken; a key whose value is
    NaN or NaT is left out, as an empty cell of a table is. Other floats stay, and the reader
    refuses them with the exact number to write.

    Raises
    ------
    FactError
        With the place of every value that is none of these.

    Examples
    --------
    >>> from datetime import date
    >>> plain({"credits": Fraction(15, 2), "date": date(2026, 3, 1), "level": float("nan")}, "record", "record")
    {'credits': '15/2', 'date': '2026-03-01'}
    """
    faults: list[Fault] = []

    def walk(value: Any, pointer: str, depth: int = 0) -> Any:
        if value is None or type(value) in (str, int, bool):
            return value
        if depth > _DEEPEST:
            faults.append(Fault(file, pointer, f"values nested more than {_DEEPEST} deep", "a flatter mapping"))
            return None
        if isinstance(value, Mapping):
            found = {}
            for key, each in value.items():
                if not isinstance(key, str):
                    faults.append(Fault(file, pointer, f"the key {key!r}", "keys that are text"))
                    continue
                one = walk(each, f"{pointer}/{key}", depth + 1)
                if one is not _MISSING:
                    found[str(key)] = one
            return found
        if hasattr(value, "tolist") and getattr(value, "ndim", False):
            value = value.tolist()
        if isinstance(value, (set, frozenset)):
            value = sorted(value, key=str)
        if isinstance(value, (list, tuple)):
            entries = [walk(each, f"{pointer}/{number}", depth + 1) for number, each in enumerate(value)]
            return [each for each in entries if each is not _MISSING]
        one = _scalar(value)
        if one is _MISSING or one is None or isinstance(one, (bool, int, float, str)):
            return one
        kind = type(value).__name__
        expected = "text, an exact number, true or false, a day, a list or a mapping"
        faults.append(Fault(file, pointer, f"{str(value)[:60]!r} ({kind})", expected))
        return None

    found = walk(value, "")
    fail(faults, what)
    return found


def written(value: Any, file: str, what: str) -> str:
    """The same as JSON text."""
    return json.dumps(plain(value, file, what), ensure_ascii=False)


def listed(entries: Any, name: str, what: str, reader: str) -> list[dict[str, Any]]:
    """Entries of a record or catalogue, each a mapping.

    Raises
    ------
    InvalidValue
        For a table, which has a reader of its own.
    UnitMismatch
        For what is no list of mappings.
    """
    if hasattr(entries, "__arrow_c_stream__") or hasattr(entries, "columns"):
        raise InvalidValue(f"this is a table; {reader} reads it")
    if isinstance(entries, (str, bytes, Mapping)) or not hasattr(entries, "__iter__"):
        raise UnitMismatch(
            f"a {what} takes a list of {name}, each a mapping such as {{'id': 'a', 'credits': 5}}, not {_kind(entries)}"
        )
    found = []
    for number, entry in enumerate(entries):
        if not isinstance(entry, Mapping):
            raise UnitMismatch(f"{name}[{number}] of the {what} is {_kind(entry)}, not a mapping such as {{'id': 'a'}}")
        found.append(dict(entry))
    return found


def _kind(value: Any) -> str:
    name = type(value).__name__
    return "None" if value is None else f"{'an' if name[:1].lower() in 'aeiou' else 'a'} {name}"


# ---- arguments


def record_given(record: Any) -> Record:
    """A record, or an error that says how to make one."""
    from .record import Record

    if isinstance(record, Record):
        return record
    raise UnitMismatch(f"a record is asked here, not {_kind(record)}: qg.Record([...]) or qg.Record.from_table(table)")


def catalogue_given(catalogue: Any) -> Catalogue:
    """A catalogue, or an error that says how to make one."""
    from .complete import Catalogue

    if isinstance(catalogue, Catalogue):
        return catalogue
    raise UnitMismatch(
        f"a catalogue is asked here, not {_kind(catalogue)}: qg.Catalogue([...]) or qg.Catalogue.from_table(table)"
    )


def rule_given(world: World, rule: Any) -> Rule:
    """A rule, by itself, as a mapping in the rule language, or by its id.

    Raises
    ------
    UnknownId
        With the nearest ids.
    UnitMismatch
        For what is none of these.
    """
    from .rule import Rule

    if isinstance(rule, Rule):
        return rule
    if isinstance(rule, str):
        return world.rule(rule)
    if isinstance(rule, Mapping):
        return Rule(rule)
    if isinstance(rule, (list, tuple)):
        raise InvalidValue("one rule is asked here; world.audit_together(record, [rule, ...]) takes several awards")
    raise UnitMismatch(f"a rule is asked here, not {_kind(rule)}: qg.Rule({{...}}), or the id of a rule in the facts")


def rules_given(world: World, rules: Any) -> list[Rule]:
    """Several rules, each as :func:`rule_given` takes it."""
    from .rule import Rule

    if isinstance(rules, (Rule, str, Mapping)):
        return [rule_given(world, rules)]
    if not hasattr(rules, "__iter__"):
        raise UnitMismatch(f"a list of rules is asked here, not {_kind(rules)}")
    return [rule_given(world, each) for each in rules]


def waivers_given(rule: Rule, waivers: Any) -> list[str]:
    """Waivers asked for, each one that the rule has.

    Raises
    ------
    UnknownId
        With the nearest ones.
    """
    if waivers is None:
        return []
    asked = [waivers] if isinstance(waivers, str) else list(waivers)
    if not asked:
        return []
    whole = rule.to_dict()
    there = list(whole.get("waivers") or ())
    for variant in (whole.get("variants") or {}).values():
        there += [id for id in variant.get("waivers") or () if id not in there]
    for id in asked:
        _one_of(rule, "waiver", id, there)
    return asked


def form_given(rule: Rule, **asked: Any) -> None:
    """Refuse a variant, reading, title or exit that the rule does not have, naming those it has."""
    for kind, id in asked.items():
        if id is not None:
            _one_of(rule, kind, id, [one.id for one in getattr(rule, f"{kind}s")])


def _one_of(rule: Rule, kind: str, id: Any, there: list[str]) -> None:
    if not isinstance(id, str):
        raise UnitMismatch(f"a {kind} is named by its id, not by {_kind(id)}")
    if id not in there:
        from ..display import listing

        hint = _core.did_you_mean(id, there) or (f" It has {listing(there[:12])}." if there else " It has none.")
        raise UnknownId(f'the rule "{rule.id}" has no {kind} "{id}".{hint}')


def budget(nodes: Any, seconds: Any) -> None:
    """Refuse a budget that is none."""
    if isinstance(nodes, bool) or not isinstance(nodes, Integral) or not 0 < int(nodes) < 2**63:
        raise InvalidValue(f"nodes={nodes!r} is no budget: give a whole number above 0")
    number = isinstance(seconds, (int, float)) and not isinstance(seconds, bool)
    if seconds is not None and not (number and seconds > 0):
        raise InvalidValue(f"seconds={seconds!r} is no budget: give a number above 0, or None")
