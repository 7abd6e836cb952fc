"""The credential landscape: does it bear credit, and can it be stacked into a larger one?

Two questions give four quarters (Brown and others, 2020, as the literature describes their chart; the
chart itself was not seen). A credential of which either is not stated is in no quarter.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from ..answers import TabularResult
from ..table import Table

if TYPE_CHECKING:
    from ..plot import Chart
    from ..world import World
    from .columns import Columns

__all__ = ["Landscape", "landscape"]

_ORDER = (True, None, False)


class Landscape(TabularResult):
    """A catalogue by two questions; made by :meth:`qualgraph.World.landscape`.

    Attributes
    ----------
    credentials : int
    """

    _legal = (
        "This counts what credentials state of themselves; it is not recognition of any, which rests with the "
        "competent authority."
    )

    def __init__(self, world: World, columns: Columns) -> None:
        self._bind(world)
        self.credentials = columns.rows
        bearing = columns.answers("credit_bearing")
        # It is stackable if it stands in some relation to a larger award; an empty list says in none.
        stackable = [None if value is None else bool(value) for value in columns.answers("relation")]
        self._cells = Counter(zip(bearing, stackable, strict=True))

    @property
    def table(self) -> Table:
        """Nine rows: ``credit_bearing``, ``stackable`` (None: not stated), ``credentials``."""
        pairs = [(a, b) for a in _ORDER for b in _ORDER]
        return Table(
            {
                "credit_bearing": [a for a, _ in pairs],
                "stackable": [b for _, b in pairs],
                "credentials": [self._cells[pair] for pair in pairs],
            },
            title="The credential landscape",
        )

    def plot(self) -> Chart:
        """Draw the landscape."""
        from .. import plot

        return plot.landscape(self)

    def _sentence(self) -> str:
        from ..display import count

        placed = sum(number for (a, b), number in self._cells.items() if a is not None and b is not None)
        both = self._cells[True, True]
        return (
            f"{count(self.credentials, 'credential')}: {placed:,} in a quarter of the landscape, {both:,} of them "
            f"credit-bearing and stackable; of {self.credentials - placed:,} one or the other is not stated."
        )

    def _payload(self) -> dict[str, Any]:
        return {"credentials": self.credentials, "cells": list(self.table)}

    def _html_body(self) -> str:
        return self.table._repr_html_()

    def __repr__(self) -> str:
        return f"<Landscape: {self.credentials:,} credentials>"


def landscape(world: World, catalogue: Any, credit: str | None = None) -> Landscape:
    """Ask where credentials stand; see :meth:`qualgraph.World.landscape`."""
    from .columns import columns_of

    return Landscape(world, columns_of(catalogue, credit))
