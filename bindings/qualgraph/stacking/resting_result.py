"""Answers that rest on the texts of rules, on levels mapped and on credits converted."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from ..answers import Result

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..facts import Source
    from .audit import Audit
    from .resting import Resting
    from .rule import Rule

__all__ = ["RestingResult"]


class RestingResult(Result):
    """An answer of audits, which names the texts behind them."""

    def _grounds(self) -> tuple[Iterable[Rule], Iterable[Audit]]:
        """Rules and audits the answer is made of."""
        return (), ()

    @cached_property
    def _resting(self) -> Resting:
        from .resting import Resting

        return Resting(self._world, *self._grounds())

    @property
    def sources(self) -> list[Source]:
        """Texts of the rules, documents that mapped levels, and texts of the figures that converted credits."""
        return self._resting.sources

    @property
    def texts(self) -> list[Source]:
        """Texts in which the mapping documents were read, where they are others."""
        return self._resting.texts

    def _rests(self) -> str:
        return self._resting.sentence()
