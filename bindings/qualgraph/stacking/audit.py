"""Audits: verdict, allocation, proof, and what is missing."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from .. import _core
from ..answers import Result
from ..table import Table

if TYPE_CHECKING:
    from ..world import World
    from .record import Record
    from .rule import Rule

__all__ = ["Audit", "audit"]

_NODES = 1_000_000


def audit(
    world: World,
    record: Record,
    rule: Rule,
    *,
    variant: str | None = None,
    reading: str | None = None,
    title: str | None = None,
    exit: str | None = None,
    waivers: list[str] | None = None,
    prefer: str | None = None,
    canonical: bool = False,
    nodes: int = _NODES,
    seconds: float | None = None,
    proof: bool = True,
) -> Audit:
    """Ask whether a record meets a rule; see :meth:`qualgraph.World.audit`."""
    from ..errors import InvalidValue

    if prefer not in (None, "counted"):
        raise InvalidValue(f'prefer="{prefer}" is not possible: "counted" counts the most, None the least')
    answer = _core.audit(
        world._c,
        record._c,
        rule._c,
        variant,
        reading or "",
        title or "",
        exit or "",
        list(waivers or ()),
        prefer == "counted",
        canonical,
        nodes,
        seconds,
        proof,
    )
    return Audit(world, record, rule, answer, nodes)


class Audit(Result):
    """Whether a record meets a rule, with everything that shows it.

    Attributes
    ----------
    verdict : str
        ``"satisfied"``, ``"provisional"`` (met if what is not known turns out for the learner),
        ``"unsatisfied"``, or ``"undecided"`` (out of budget).
    status : str
        ``"proved"`` or ``"not_proved"``.
    shortfall : Fraction or None
        Sum over clauses of what each lacks, in the rule's measure; None if the limits cannot be
        kept at all.
    """

    _legal = (
        "This is a calculation from the rule and the record as given, not a decision; "
        "that rests with the awarding body."
    )

    def __init__(self, world: World, record: Record, rule: Rule, answer: dict[str, Any], nodes: int) -> None:
        self._bind(world)
        self.record = record
        self.rule = rule
        self._best = answer["best"]
        self._answer = answer
        self._nodes = nodes
        self._kept: dict[str, Any] = {}

    @property
    def verdict(self) -> str:
        """satisfied, provisional, unsatisfied or undecided."""
        found: str = self._best["verdict"]
        return found

    @property
    def status(self) -> str:
        """Proved, or not within the budget."""
        return "proved" if self._best["proved"] else "not_proved"

    @property
    def measure(self) -> str:
        """What the rule counts."""
        found: str = self.rule.to_dict().get("measure", "credits")
        return found

    @property
    def choice(self) -> dict[str, Any]:
        """The variant, reading, title, exit and waivers the verdict is about."""
        return {key: value for key, value in self._best["choice"].items() if value}

    @property
    def allocation(self) -> Table:
        """Where each item counts: ``item``, ``place`` (path), ``amount``, ``measure``."""
        rows = self._best["allocation"]
        return Table(
            {
                "item": [row[0] for row in rows],
                "place": [f"places/{row[1]}" for row in rows],
                "amount": [_amount(row[2]) for row in rows],
                "measure": [self.measure for _ in rows],
            },
            title="Allocation",
        )

    @property
    def missing(self) -> Table:
        """What each clause lacks: ``clause`` (path), ``amount``, ``measure``, ``reason``, ``unknown``."""
        rows = self._best["missing"]
        return Table(
            {
                "clause": [row[0] for row in rows],
                "amount": [row[1] for row in rows],
                "measure": [row[2] if row[3] == "amount" else row[3] for row in rows],
                "reason": [row[4] for row in rows],
                "unknown": [row[5] for row in rows],
            },
            title="Missing",
        )

    @property
    def unused(self) -> Table:
        """Items that do not count, each with its reason."""
        rows = self._best["unused"]
        return Table(
            {
                "item": [row[0] for row in rows],
                "reason": [row[1] for row in rows],
                "unknown": [row[2] for row in rows],
            },
            title="Not counted",
        )

    @property
    def counted(self) -> Any:
        """What is counted, in the rule's measure: a Fraction, or a pair where credits are a range."""
        return _amount(self._best["counted"].get(self.measure, (Fraction(0), Fraction(0))))

    @property
    def shortfall(self) -> Fraction | None:
        """Sum of what the clauses lack, in the rule's measure."""
        if self._best["impossible"]:
            return None
        found: Fraction = self._best["shortfall"].get(self.measure, Fraction(0))
        return found

    @property
    def shortfalls(self) -> dict[str, Fraction]:
        """The same by measure; missing units, values and outcomes are under ``units``."""
        return dict(self._best["shortfall"])

    @property
    def smallest_addition(self) -> Fraction | None:
        """Least credit, free of every limit, that leaves no credits lacking; None if no amount does."""
        if "addition" not in self._kept:
            self._kept["addition"] = _core.smallest_addition(
                self._world._c, self.record._c, self.rule._c, self._best["choice"], self._nodes
            )
        found: Fraction | None = self._kept["addition"]
        return found

    @property
    def binding(self) -> list[str]:
        """Maxima with nothing left, by path."""
        return list(self._best["binding"])

    @property
    def bound(self) -> Any:
        """What is proved of the shortfall: it is at least this (in units of the search)."""
        return self._best["bound"]

    @property
    def variants(self) -> dict[str, str]:
        """Verdict of every variant, best first."""
        return {run["choice"]["variant"]: run["verdict"] for run in self._answer["variants"]}

    @property
    def titles(self) -> dict[str, str]:
        """Verdict of every title; ``won`` lists those that hold by least rank."""
        return {run["choice"]["title"]: run["verdict"] for run in self._answer["titles"]}

    @property
    def won(self) -> list[str]:
        """Titles of least rank that hold."""
        return list(self._answer["won"])

    @property
    def clash(self) -> dict[str, Any]:
        """For a "no": clauses that cannot hold together, and the smallest sets that would have to give."""
        if "clash" not in self._kept:
            if self.verdict == "satisfied":
                self._kept["clash"] = {"together": [], "corrections": [], "proved": True}
            else:
                together, corrections, proved = _core.clash(
                    self._world._c,
                    self.record._c,
                    self.rule._c,
                    self._best["choice"],
                    self.verdict == "unsatisfied",
                    self._nodes,
                )
                self._kept["clash"] = {"together": together, "corrections": corrections, "proved": proved}
        found: dict[str, Any] = self._kept["clash"]
        return found

    def _sentence(self) -> str:
        form = "".join(f", {key} {value}" for key, value in self.choice.items() if key != "waivers")
        said = f"{self.rule.title}{form}: {self.verdict}"
        if self.verdict == "satisfied":
            return f"{said}, {_text(self.counted)} {self.measure} counted."
        if self.shortfall is None:
            return f"{said}; the limits of the rule cannot be kept."
        lacking = [
            f"{_text(row[1]) + ' ' if row[1] is not None else ''}{row[2] if row[3] == 'amount' else row[3]} in {row[0]}"
            for row in self._best["missing"]
        ]
        return f"{said}; lacking " + "; ".join(lacking[:6]) + "." if lacking else f"{said}."

    def _payload(self) -> dict[str, Any]:
        return {
            "rule": self.rule.id,
            "rule_hash": self.rule.hash,
            "verdict": self.verdict,
            "status": self.status,
            "choice": self.choice,
            "counted": self.counted,
            "shortfall": self.shortfall,
            "shortfalls": self.shortfalls,
            "allocation": list(self.allocation),
            "missing": list(self.missing),
            "unused": list(self.unused),
            "binding": self.binding,
            "variants": self.variants,
            "titles": self.titles,
            "levels": self._best["levels"],
            "credits": self._best["credits"],
            "edits": self._best["edits"],
        }

    def __repr__(self) -> str:
        return f"<Audit {self.rule.id}: {self.verdict}, {_text(self.counted)} {self.measure} counted>"


def _amount(value: Any) -> Any:
    if value is None:
        return None
    low, high = value
    return low if low == high else (low, high)


def _text(value: Any) -> str:
    if value is None:
        return "an unknown number of"
    if isinstance(value, tuple):
        return f"{value[0]} to {value[1]}"
    return str(value)
