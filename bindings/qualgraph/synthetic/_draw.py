"""Draws that depend on seed, column and row alone, in whole numbers: the same on every machine.

The generator is the finaliser of SplitMix64 over a counter (Steele, Lea and Flood, Fast splittable
pseudorandom number generators, 2014), so a row does not depend on how many rows there are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..errors import InvalidValue
from ..table import _need

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Draw", "whole"]

_GAMMA = 0x9E3779B97F4A7C15
_FIRST = 0xBF58476D1CE4E5B9
_SECOND = 0x94D049BB133111EB
_MASK = (1 << 64) - 1


def whole(name: str, value: Any) -> None:
    """Refuse what is no size, seed or number of a row."""
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= 10_000_000:
        raise InvalidValue(f"{name}={value!r} is no whole number from 0 to 10,000,000")


def _mixed(value: int) -> int:
    value = ((value ^ (value >> 30)) * _FIRST) & _MASK
    value = ((value ^ (value >> 27)) * _SECOND) & _MASK
    return value ^ (value >> 31)


class Draw:
    """Columns of draws for the rows of a table.

    Parameters
    ----------
    seed : int
    rows : numpy.ndarray of uint64
        Numbers of the rows.
    """

    def __init__(self, seed: int, rows: Any) -> None:
        self._np = _need("numpy", "a synthetic catalogue")
        self._seed = seed
        self._rows = rows

    def bits(self, column: str) -> Any:
        """32 random bits a row, as uint64."""
        np = self._np
        start = _mixed(
            (self._seed * _GAMMA + sum(byte << (8 * (n % 8)) for n, byte in enumerate(column.encode()))) & _MASK
        )
        with np.errstate(over="ignore"):
            value = np.uint64(start) + (self._rows + np.uint64(1)) * np.uint64(_GAMMA)
            value = (value ^ (value >> np.uint64(30))) * np.uint64(_FIRST)
            value = (value ^ (value >> np.uint64(27))) * np.uint64(_SECOND)
            value ^= value >> np.uint64(31)
        return value >> np.uint64(32)

    def below(self, column: str, limit: Any) -> Any:
        """A whole number from 0 to ``limit - 1`` a row; the limit may differ by row."""
        np = self._np
        return ((self.bits(column) * np.asarray(limit, dtype=np.uint64)) >> np.uint64(32)).astype(np.int64)

    def pick(self, column: str, weights: Sequence[int]) -> Any:
        """A position drawn by whole weights."""
        np = self._np
        ends = np.cumsum(np.asarray(weights, dtype=np.int64))
        return np.searchsorted(ends, self.below(column, int(ends[-1])), side="right")

    def chance(self, column: str, per_cent: Any) -> Any:
        """True with so many chances in a hundred, which may differ by row."""
        return self.below(column, 100) < self._np.asarray(per_cent)
