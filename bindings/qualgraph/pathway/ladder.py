"""Ladders of awards: does each rung hold the one below, and how much credit is carried up?"""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from .. import _core
from ..answers import TabularResult
from ..display import count, fraction_text, listing
from ..errors import InvalidValue
from ..stacking.given import catalogue_given, record_given
from ..stacking.record import Record
from ..table import Table
from .forms import content_hash, ladder_forms
from .given import budget_given
from .universe import universe

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..facts import Source
    from ..plot import Chart
    from ..stacking.complete import Catalogue
    from ..world import World
    from .forms import Form

__all__ = ["Ladder", "Rung", "ladder"]


class Rung:
    """The step from one award to the next.

    Attributes
    ----------
    below, above : str
    nested : bool or None
        Whether every stack of the award above holds a stack of the one below; None if not decided.
    witness : list of str
        A stack of the award above without one of the award below, where they are not nested.
    carry : tuple of Fraction, or None
        Least and greatest share of the credits of a least stack below that the award above can count.
    carry_proved : bool
        Whether every least stack was looked at; else the true bounds may lie further apart.
    stacks : int
        Least stacks looked at, of those no rule tells apart one.
    held, carried, lost : Fraction or None
        With a learner's record: credits that count below, and of those what counts above and what does not.
    counted : list of str
        The items that count below, by one best way of counting them; another may carry more or less.
    unknown : bool
        Whether no one amount can be told: credits that convert in several ways, are a range or are not stated,
        or a search out of its budget.
    left_over : bool
        Whether the record holds more than these, so that there may be another way.
    """

    def __init__(self, below: Form, above: Form, answer: dict[str, Any], offers: Sequence[str]) -> None:
        self.below, self.above = below.id, above.id
        self.nested: bool | None = {"yes": True, "no": False}.get(answer["nested"])
        self.witness = [offers[at] for at in answer["witness"]]
        self.inner_exists, self.outer_exists = answer["inner_exists"], answer["outer_exists"]
        self.carry = None if answer["least"] is None else (answer["least"], answer["most"])
        self.carry_proved: bool = answer["complete"]
        self.stacks: int = answer["stacks"]
        self.least_stack = [offers[at] for at in answer["least_stack"]]
        self.most_stack = [offers[at] for at in answer["most_stack"]]
        self.held: Fraction | None = None
        self.carried: Fraction | None = None
        self.lost: Fraction | None = None
        self.counted: list[str] = []
        self.left_over = False
        self.unknown = False

    @property
    def carried_share(self) -> str:
        """``carry`` in words: ``"all"``, ``"3/5 to all"``, ``"none to 1/2"``."""
        if self.carry is None:
            return "nothing known"
        words = ["none" if share == 0 else "all" if share == 1 else fraction_text(share) for share in self.carry]
        return " to ".join(dict.fromkeys(words))

    def __str__(self) -> str:
        if not self.outer_exists or not self.inner_exists:
            which = self.above if not self.outer_exists else self.below
            return f"{self.below} < {self.above}: no stack of {which} was found among these credentials"
        word = {True: "nested", False: "not nested", None: "not decided"}[self.nested]
        said = f"{self.below} < {self.above}: {word}"
        if self.carry is not None:
            bound = "" if self.carry_proved else f" in the {count(self.stacks, 'stack')} looked at"
            said += f", carries {self.carried_share} of the credits{bound}"
        if self.unknown:
            said += "; what this learner carries is no one amount"
        if self.held is not None:
            carried, lost = self.carried or Fraction(0), self.lost or Fraction(0)
            way = " by one best way of counting" if self.left_over else ""
            said += f"; of {fraction_text(self.held)} held{way}, {fraction_text(carried)} carried"
            said += f", {fraction_text(lost)} lost"
        return said

    def __repr__(self) -> str:
        return f"<Rung {self}>"


class Ladder(TabularResult):
    """Awards one above the other: nested or not, and the credit each carries to the next.

    Attributes
    ----------
    rungs : list of Rung
    over : str
        The credentials over which it is decided: a catalogue, or made-up ones of every sort the rules name.
    """

    _legal = (
        "This is a calculation from the rules as given over the credentials named, not a decision to grant credit; "
        "admission and credit rest with the awarding bodies."
    )

    def __init__(
        self, world: World, forms: Sequence[Form], rungs: Sequence[Rung], over: str, catalogue: Catalogue
    ) -> None:
        self._bind(world)
        self._forms, self.rungs, self.over, self.catalogue = list(forms), list(rungs), over, catalogue

    @property
    def nested(self) -> bool | None:
        """Whether every rung holds the one below; None if some rung is not decided and none is refuted."""
        values = [rung.nested for rung in self.rungs]
        return False if False in values else None if None in values else True

    @property
    def sources(self) -> list[Source]:
        """Texts of the rules."""
        return list(dict.fromkeys(source for form in self._forms for source in form.rule.sources))

    @property
    def table(self) -> Table:
        """One row per rung."""
        rungs = self.rungs
        return Table(
            {
                "below": [rung.below for rung in rungs],
                "above": [rung.above for rung in rungs],
                "nested": [rung.nested for rung in rungs],
                "carry_least": [rung.carry[0] if rung.carry else None for rung in rungs],
                "carry_most": [rung.carry[1] if rung.carry else None for rung in rungs],
                "carry_proved": [rung.carry_proved for rung in rungs],
                "held": [rung.held for rung in rungs],
                "carried": [rung.carried for rung in rungs],
                "lost": [rung.lost for rung in rungs],
                "counted": [rung.counted or None for rung in rungs],
                "witness": [rung.witness or None for rung in rungs],
            },
            title="Ladder",
        )

    def plot(self) -> Chart:
        """The rungs, with what is carried between them."""
        from ..plot import rungs

        return rungs(self)

    def _sentence(self) -> str:
        return f"{'; '.join(str(rung) for rung in self.rungs)}. Decided over {self.over}."

    def _payload(self) -> dict[str, Any]:
        return {
            "awards": [form.to_dict() for form in self._forms],
            "rungs": list(self.table),
            "over": self.over,
            "catalogue_hash": content_hash(self.catalogue.to_dict()),
        }

    def _html_body(self) -> str:
        return self.table._repr_html_()

    def __repr__(self) -> str:
        return f"<Ladder {' < '.join(form.id for form in self._forms)}: {self._word()}>"

    def _word(self) -> str:
        return {True: "nested", False: "not nested", None: "not decided"}[self.nested]


def ladder(
    world: World,
    rungs: Any,
    *,
    catalogue: Catalogue | None = None,
    record: Record | None = None,
    grain: Any = None,
    nodes: int = 100_000,
    stacks: int = 300,
) -> Ladder:
    """Rungs of a ladder; see :meth:`qualgraph.World.ladder`."""
    budget_given(nodes=nodes, stacks=stacks)
    forms = ladder_forms(world, rungs)
    if len(forms) < 2:
        names = listing([form.id for form in forms]) or "none"
        raise InvalidValue(f"a ladder has at least two awards, not {names}")
    catalogue_made = None
    if catalogue is None:
        catalogue_made = universe(world, forms, _grain(grain))
        catalogue, over = catalogue_made.catalogue, str(catalogue_made)
    else:
        catalogue_given(catalogue)
        name = catalogue.to_dict().get("catalogue") or "the catalogue given"
        over = f"{name} ({count(len(catalogue), 'offer')}, hash {content_hash(catalogue.to_dict())[:12]})"
    offers = [offer["id"] for offer in catalogue.to_dict()["offers"]]
    nothing = Record([], awards=[])
    found: list[Rung] = []
    for below, above in pairwise(forms):
        answer = _core.ladder_step(world._c, nothing._c, below.goal, above.goal, catalogue._c, nodes, stacks)
        rung = Rung(below, above, answer, offers)
        if catalogue_made is not None and not catalogue_made.complete:
            # Not every sort of credential was made up: one that was not may refute it, or lie outside the bounds.
            if rung.nested:
                rung.nested = None
            rung.carry_proved = False
        if record is not None:
            _with_record(world, record_given(record), rung, below, above, nodes)
        found.append(rung)
    return Ladder(world, forms, found, over, catalogue)


def _grain(value: Any) -> Fraction | None:
    if value is None:
        return None
    try:
        grain = Fraction(value)
    except (TypeError, ValueError, ZeroDivisionError):
        raise InvalidValue(f"grain is an exact number of credits above nothing, not {value!r}") from None
    if grain <= 0:
        raise InvalidValue(f"grain is an exact number of credits above nothing, not {value!r}")
    return grain


def _with_record(world: World, record: Record, rung: Rung, below: Form, above: Form, nodes: int) -> None:
    _, known, _, _, items = _core.countable(world._c, record._c, below.goal, nodes)
    whole = record.to_dict()
    rung.counted, rung.left_over = list(items), len(items) < len(whole["items"])
    whole["items"] = [item for item in whole["items"] if item["id"] in set(items)]
    counted = Record._of(whole)
    sized, proved, held, carried, _ = _core.countable(world._c, counted._c, above.goal, nodes)
    if known and sized and proved:
        rung.held, rung.carried, rung.lost = held, carried, held - carried
    else:
        # Of credits that are a range, or not stated, no one amount is carried.
        rung.unknown = True
