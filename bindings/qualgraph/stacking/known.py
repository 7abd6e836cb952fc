"""Does a record name credit systems and frameworks that there are?

A misspelt one would make its item count for nothing that is certain, and be told only at the end
of a long answer. So it is a fault of the record, told by its row and cell.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .. import _core
from ..errors import Fault
from .given import fail

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ..world import World
    from .record import Record
    from .rule import Rule

__all__ = ["check_names", "named_in"]

_SYSTEM, _FRAMEWORK = "credit system", "framework"


def named_in(whole: Mapping[str, Any]) -> dict[tuple[str, str], list[str]]:
    """Credit systems and frameworks of a record, each with the pointers that name it.

    Examples
    --------
    >>> named_in({"credit": "cats", "items": [{"id": "a", "level": "eqf:5"}]})
    {('credit system', 'cats'): ['/credit'], ('framework', 'eqf'): ['/items/0/level']}
    """
    found: dict[tuple[str, str], list[str]] = {}
    if isinstance(whole.get("credit"), str):
        found[_SYSTEM, whole["credit"]] = ["/credit"]
    for number, item in enumerate(whole.get("items") or ()):
        credits, levels = item.get("credits"), item.get("level")
        if isinstance(credits, str) and " " in credits:
            found.setdefault((_SYSTEM, credits.partition(" ")[2]), []).append(f"/items/{number}/credits")
        for level in (levels,) if isinstance(levels, str) else levels or ():
            framework = level.partition(":")[0]
            found.setdefault((_FRAMEWORK, framework), []).append(f"/items/{number}/level")
    return found


def check_names(world: World, record: Record, rules: Iterable[Rule] = ()) -> None:
    """Refuse a record that names what is neither in the facts nor in the rules asked.

    A name that begins with ``x-`` is the record's own: nothing is known of it, and the answer says so.

    Raises
    ------
    FactError
        With the place of every such name and the nearest ones.
    """
    stray = [each for each in record._names() if not _known(world, *each) and not each[1].startswith("x-")]
    if not stray:
        return
    own: set[tuple[str, str]] = set()
    for rule in rules:
        whole = rule.to_dict()
        own |= {(_SYSTEM, str(whole.get("credit"))), (_FRAMEWORK, str(whole.get("framework")))}
        own |= {(_FRAMEWORK, scale) for scale in whole.get("scales") or ()}
    faults = []
    for kind, name in stray:
        if (kind, name) in own:
            continue
        things: Any = world.credit_systems if kind == _SYSTEM else world.frameworks
        hint = _core.did_you_mean(name, [one.id for one in things])
        expected = f'a {kind} of the facts.{hint} One of your own begins with "x-"'
        faults += [
            Fault(record._file, record._cell(pointer), f'"{name}"', expected) for pointer in record._names()[kind, name]
        ]
    fail(faults, "record")


def _known(world: World, kind: str, name: str) -> bool:
    return name in (world.credit_systems if kind == _SYSTEM else world.frameworks)
