"""Outcomes shown by evidence: what is covered, and the least assessment that covers the rest."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple

from ..answers import TabularResult
from ..display import agree, listing
from ..errors import InvalidValue
from ..table import Table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..stacking.complete import Catalogue, Plan
    from ..world import World
    from .claims import Claims

__all__ = ["OutcomeCoverage", "cover_outcomes", "shown_of"]


class Shown(NamedTuple):
    """What is shown of one outcome.

    Attributes
    ----------
    best : Fraction or None
        The best stated; None where none is.
    whole : bool
        Whether every piece of evidence on it says how much it shows.
    """

    best: Fraction | None
    whole: bool

    def reaches(self, least: Fraction) -> bool | None:
        """Whether that much is shown; not known where evidence that may show it does not say."""
        if self.best is not None and self.best >= least:
            return True
        return False if self.whole else None


def shown_of(claim: Mapping[str, Any]) -> dict[str, Shown]:
    """What is shown of each outcome that some evidence is about.

    Examples
    --------
    >>> shown_of({"outcomes": {"a": "1/4"}, "evidence": [{"kind": "portfolio", "outcomes": {"a": None}}]})
    {'a': Shown(best=Fraction(1, 4), whole=False)}
    """
    found: dict[str, Shown] = {}
    parts = [claim.get("outcomes") or {}, *((one.get("outcomes") or {}) for one in claim.get("evidence") or ())]
    for part in parts:
        for name, score in part.items():
            best, whole = found.get(name, Shown(None, True))
            if score is not None:
                best = Fraction(score) if best is None else max(best, Fraction(score))
            found[name] = Shown(best, whole and score is not None)
    return found


class OutcomeCoverage(TabularResult):
    """Which outcomes the evidence covers, and what is to be assessed still.

    Attributes
    ----------
    least : Fraction
        Share of an outcome from which it counts as covered.
    plan : Plan or None
        The least extra assessment, where assessments were given; None where none is needed or given.
    """

    _legal = (
        "This is a comparison of stated outcomes with stated evidence, not an assessment; that rests with the assessor."
    )

    def __init__(self, world: World, claims: Claims, least: Fraction, plan: Plan | None) -> None:
        self._bind(world)
        self.claims = claims
        self.least = least
        self.plan = plan
        self._rows = list(_rows(claims, least))

    @property
    def table(self) -> Table:
        """One row per outcome of every claim: ``claim``, ``outcome``, ``shown``, ``covered``."""
        names = ("claim", "outcome", "shown", "covered")
        return Table({name: [row[at] for row in self._rows] for at, name in enumerate(names)}, title="Outcomes")

    @property
    def open(self) -> list[str]:
        """Outcomes not known to be covered by any claim, in the order they are asked for."""
        covered = {row[1] for row in self._rows if row[3]}
        return list(dict.fromkeys(row[1] for row in self._rows if row[1] not in covered))

    def _sentence(self) -> str:
        asked = list(dict.fromkeys(row[1] for row in self._rows))
        if not asked:
            return "No claim says which outcomes are asked for."
        still = self.open
        done = len(asked) - len(still)
        said = f"{done} of {len(asked)} {agree(len(asked), 'outcome is', 'outcomes are')} covered by the evidence"
        if not still:
            return f"{said}."
        said += f"; to be assessed: {listing(still)}"
        if self.plan is None:
            return f"{said}."
        # An offer that could not be looked at is none that is too dear, or that covers nothing.
        notes = "".join(f" {note}" for note in self.plan.notes)
        if self.plan.status == "impossible":
            which = "The other assessments" if notes else "The assessments"
            return f"{said}. {which} on offer do not cover them.{notes}"
        if not self.plan.values:
            return f"{said}. No choice of assessments was found, and none is ruled out.{notes}"
        taken = listing(self.plan.order)
        if self.plan.status != "optimal":
            return f"{said}. An assessment that covers them, not proved to be the least: {taken}.{notes}"
        among = " of those that could be looked at" if notes else ""
        return f"{said}. Least assessment{among}: {taken}.{notes}"

    def _payload(self) -> dict[str, Any]:
        return {
            "outcomes": list(self.table),
            "open": self.open,
            "plan": None if self.plan is None else self.plan.to_dict(),
        }

    def _html_body(self) -> str:
        return self.table._repr_html_()

    def __repr__(self) -> str:
        return f"<OutcomeCoverage: {self._sentence()}>"


def _rows(claims: Claims, least: Fraction) -> Any:
    for claim in claims:
        shown = shown_of(claim)
        for name in claim.get("required_outcomes") or ():
            one = shown.get(name)
            yield (claim["id"], name, one and one.best, one and one.reaches(least))


def cover_outcomes(
    world: World,
    claims: Claims,
    assessments: Catalogue | None = None,
    *,
    least: Fraction | int | str = 1,
    minimise: str = "cost",
) -> OutcomeCoverage:
    """Which outcomes the evidence covers; see :meth:`qualgraph.World.cover_outcomes`."""
    from ..credits import exact

    bound = exact(least)
    if not 0 < bound <= 1:
        raise InvalidValue(f"least={least} is no share above 0 and up to 1")
    coverage = OutcomeCoverage(world, claims, bound, None)
    if assessments is None or not coverage.open:
        return coverage
    from ..stacking import Record, Rule

    rule = Rule(
        {
            "language": 1,
            "id": "outcomes-to-assess",
            "title": "Outcomes not covered by the evidence",
            "outcomes": {"open": {"set": coverage.open, "all": True}},
        }
    )
    plan = world.complete(Record([]), rule, assessments, minimise=minimise)
    return OutcomeCoverage(world, claims, bound, plan)  # type: ignore[arg-type]
