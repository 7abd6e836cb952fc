"""Many records against one rule."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..table import Table
from .audit import audit, ready
from .given import budget, record_given, rule_given

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..world import World
    from .record import Record
    from .rule import Rule

__all__ = ["audit_many"]


def audit_many(
    world: World, records: Iterable[Record], rule: Rule | str, *, nodes: int, seconds: float | None
) -> Table:
    """Audit every record; see :meth:`qualgraph.World.audit_many`."""
    asked = rule_given(world, rule)
    budget(nodes, seconds)
    given = list(records)
    try:
        cores = [each._c for each in given]
        met, shortfall, counted, by, left = ready(world, asked).settle_many(cores, nodes, seconds)
    except (AttributeError, TypeError):
        for each in given:
            record_given(each)
        raise
    verdict = ["satisfied" if each else "unsatisfied" for each in met]
    status = ["proved"] * len(given)
    amounts: dict[str, list[Any]] = {"shortfall": shortfall, "counted": counted}
    for position in left:
        # What the short way does not read is audited one by one.
        one = audit(world, given[position], asked, nodes=nodes, seconds=seconds, proof=False)
        verdict[position], status[position], by[position] = one.verdict, one.status, "search"
        amounts["shortfall"][position], amounts["counted"][position] = one.shortfall, one.counted
    return Table(
        {"record": list(range(len(given))), "verdict": verdict, **amounts, "status": status, "by": by},
        title=f"Audits by {asked.id}",
    )
