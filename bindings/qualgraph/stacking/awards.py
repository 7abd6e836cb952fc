"""Several awards from one record at once: what may serve two of them, and what is spent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .. import _core
from ..display import count, listing
from ..errors import InvalidValue
from ..table import Table
from .audit import Audit
from .given import budget, form_given, record_given
from .known import check_names
from .resting_result import RestingResult

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from ..world import World
    from .record import Record
    from .rule import Rule
    from .why import Explanation

__all__ = ["AwardsAudit", "audit_together"]


class AwardsAudit(RestingResult):
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
        self._kept: dict[str, dict[str, Audit]] = {}
        self.verdict: str = answer["verdict"]
        self.status = "proved" if answer["proved"] else "not_proved"

    @property
    def audits(self) -> dict[str, Audit]:
        """How each award is counted beside the others, by id of its rule."""
        if "audits" in self._kept:
            return dict(self._kept["audits"])
        self._kept["audits"] = {
            rule.id: Audit(
                self._world, self.record, rule, {"best": run, "variants": [], "titles": [], "won": []}, 1_000_000
            )
            for rule, run in zip(self.rules, self._answer["runs"], strict=True)
        }
        return dict(self._kept["audits"])

    @property
    def alone(self) -> dict[str, Audit]:
        """The same awards, each as if it were the only one."""
        if "alone" in self._kept:
            return dict(self._kept["alone"])
        self._kept["alone"] = {
            rule.id: self._world.audit(self.record, rule, variant=run["choice"]["variant"] or None)
            for rule, run in zip(self.rules, self._answer["runs"], strict=True)
        }
        return dict(self._kept["alone"])

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

    def why(self, voice: str = "officer") -> Explanation:
        """The verdict in words, award by award.

        Parameters
        ----------
        voice : {"officer", "learner", "lawyer"}
            Whom it is written for: the officer gets clause paths, the learner plain words, the
            lawyer also every clause with its figures and source.

        Returns
        -------
        Explanation

        Examples
        --------
        >>> import qualgraph as qg
        >>> barred = {"used_elsewhere": "barred"}
        >>> rules = [
        ...     {"id": id, "title": id.capitalize(), "total": {"min": 20}, "reuse": barred} for id in ("one", "two")
        ... ]
        >>> record = qg.Record([{"id": "a", "credits": 20, "used_for": []}])
        >>> print(qg.load().audit_together(record, rules).why("learner"))
        Not yet: what you hold does not meet One and Two at once.
        <BLANKLINE>
        One: not met beside the others
          - 20 credits are lacking in all.
        <BLANKLINE>
        Two: met beside the others
          - The award: 20 credits from a (20).
        <BLANKLINE>
        Each award by itself
          - One: satisfied.
          - Two: satisfied.
        <BLANKLINE>
        Good to know
          - This is a calculation from the rule and the record as given, not a decision to grant credit or an
            award; that rests with the awarding body.
        """
        from .together import explain

        return explain(self, voice)

    def sheet(self, path: str | os.PathLike[str]) -> Path:
        """Write a decision sheet for all awards: an HTML page to print, with room for date and signatures."""
        from .sheet import write_page
        from .together import page

        return write_page(path, page(self))

    def _grounds(self) -> tuple[list[Rule], list[Audit]]:
        return self.rules, list(self.audits.values())

    def _html_body(self) -> str:
        from ..display import details, items

        return "".join(details(title, items(lines), opened=True) for title, lines in self.why("officer").sections)

    def _sentence(self) -> str:
        from .together import lacking

        said = f"{listing([rule.title for rule in self.rules])} together: {self.verdict}"
        if self.verdict == "satisfied":
            number = len(self._answer["shared"])
            return f"{said}; {count(number, 'item serves', 'items serve')} more than one of them."
        return f"{said}. {lacking(self)}".rstrip()

    def _payload(self) -> dict[str, Any]:
        return {
            "rules": [rule.id for rule in self.rules],
            "verdict": self.verdict,
            "status": self.status,
            "allocation": list(self.allocation),
            "shared": list(self.shared),
            "alone": {id: audit.verdict for id, audit in self.alone.items()},
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
