"""Several awards from one record at once: what may serve two of them, and what is spent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .. import _core
from ..answers import Result
from ..display import listing
from ..errors import InvalidValue
from ..table import Table
from .audit import Audit
from .given import budget, form_given, record_given
from .known import check_names

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ..world import World
    from .record import Record
    from .rule import Rule

__all__ = ["AwardsAudit", "audit_together"]


class AwardsAudit(Result):
    """Whether a record meets several awards at once.

    Attributes
    ----------
    verdict : str
        Of all awards together: ``"satisfied"``, ``"provisional"``, ``"unsatisfied"`` or ``"undecided"``.
    status : str
        ``"proved"`` or ``"not_proved"``.
    """

    _legal = Audit._legal

    def __init__(self, world: World, record: Record, rules: Sequence[Rule], answer: dict[str, Any]) -> None:
        self._bind(world)
        self.record = record
        self.rules = list(rules)
        self._answer = answer
        self.verdict: str = answer["verdict"]
        self.status = "proved" if answer["proved"] else "not_proved"

    @property
    def audits(self) -> dict[str, Audit]:
        """How each award is counted beside the others, by id of its rule."""
        return {
            rule.id: Audit(
                self._world, self.record, rule, {"best": run, "variants": [], "titles": [], "won": []}, 1_000_000
            )
            for rule, run in zip(self.rules, self._answer["runs"], strict=True)
        }

    @property
    def alone(self) -> dict[str, Audit]:
        """The same awards, each as if it were the only one."""
        return {
            rule.id: self._world.audit(self.record, rule, variant=run["choice"]["variant"] or None)
            for rule, run in zip(self.rules, self._answer["runs"], strict=True)
        }

    @property
    def shared(self) -> Table:
        """Credit that counts for more than one award: ``item``, ``awards``."""
        rows = self._answer["shared"]
        columns = {"item": [row[0] for row in rows], "awards": [list(row[1]) for row in rows]}
        return Table(columns, title="Shared credit")

    @property
    def allocation(self) -> Table:
        """Where each item counts: ``award``, ``item``, ``place``, ``amount``, ``measure``."""
        columns: dict[str, list[Any]] = {name: [] for name in ("award", "item", "place", "amount", "measure")}
        for id, audit in self.audits.items():
            for row in audit.allocation:
                columns["award"].append(id)
                for name in ("item", "place", "amount", "measure"):
                    columns[name].append(row[name])
        return Table(columns, title="Allocation")

    def _sentence(self) -> str:
        titles = ", ".join(rule.title for rule in self.rules)
        said = f"{titles} together: {self.verdict}"
        if self.verdict == "satisfied":
            return f"{said}; {len(self._answer['shared'])} items serve more than one of them."
        lacking = [
            f"{rule.id} lacks {row[1]} in {row[0]}"
            for rule, run in zip(self.rules, self._answer["runs"], strict=True)
            for row in run["missing"]
        ]
        return f"{said}. {'; '.join(lacking[:6])}.".replace("lacks None in", "does not meet")

    def _payload(self) -> dict[str, Any]:
        return {
            "rules": [rule.id for rule in self.rules],
            "verdict": self.verdict,
            "status": self.status,
            "allocation": list(self.allocation),
            "shared": list(self.shared),
            "missing": {
                rule.id: [list(row[:3]) for row in run["missing"]]
                for rule, run in zip(self.rules, self._answer["runs"], strict=True)
            },
        }

    def __repr__(self) -> str:
        return f"<AwardsAudit {', '.join(rule.id for rule in self.rules)}: {self.verdict}>"


def audit_together(
    world: World,
    record: Record,
    rules: Sequence[Rule],
    *,
    variants: Mapping[str, str] | None = None,
    nodes: int = 1_000_000,
    seconds: float | None = None,
) -> AwardsAudit:
    """Ask for several awards at once; see :meth:`qualgraph.World.audit_together`."""
    check_names(world, record_given(record), rules)
    budget(nodes, seconds)
    named = dict(variants or {})
    unknown = sorted(set(named) - {rule.id for rule in rules})
    if unknown:
        raise InvalidValue(f"variants are named for {listing(unknown)}, not among the awards asked")
    for rule in rules:
        form_given(rule, variant=named.get(rule.id))
        if rule.variants and rule.id not in named:
            raise InvalidValue(
                f'{rule.id} has variants: name one, as variants={{"{rule.id}": "{rule.variants[0].id}"}}'
            )
    goals = [(rule._c, {"variant": named.get(rule.id, "")}) for rule in rules]
    return AwardsAudit(world, record, rules, _core.audit_awards(world._c, record._c, goals, nodes, seconds))
