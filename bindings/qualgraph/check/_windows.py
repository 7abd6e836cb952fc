"""Which sums can whole items reach between two ends?

A minimum and a maximum over the same items form a window: of all sums that whole values reach, only
those inside count. What no such sum goes with can be left out of a box, and no way of filling the
window weighs less than a table of sums says. Sums are bits of one long integer.
"""

from __future__ import annotations

from typing import Any

__all__ = ["Window", "lightest", "narrow", "read"]

#: No claim is made about sums beyond this; a window that wide narrows nothing.
_MOST_SUM = 1 << 22


class Window:
    """``low - slack <= sum of terms <= high``.

    Attributes
    ----------
    terms : list of (int, int)
        Columns with positive coefficients.
    high : int
    low : int or None
    slack : int or None
        Column that makes up for what the sum lacks.
    """

    def __init__(self, terms: list[tuple[int, int]], high: int, low: int | None, slack: int | None) -> None:
        self.terms = terms
        self.high = high
        self.low = low
        self.slack = slack


def read(raw: Any, rows: dict[str, Any], index: dict[str, int]) -> Window | str:
    """A window from the rows it names; a text says why it is none.

    Parameters
    ----------
    raw : dict
        ``high`` (row), ``low`` (row or None) and ``slack`` (column or None).
    rows : dict of str to (list, int or None, int or None)
    index : dict of str to int
        Positions of columns.
    """
    if not isinstance(raw, dict) or raw.get("high") not in rows:
        return "a window names no row of the model as its upper end"
    terms, _, high = rows[raw["high"]]
    if high is None or any(value <= 0 for _, value in terms):
        return f'"{raw["high"]}" is no upper end of a sum'
    terms = sorted(terms)
    low_name, slack_name = raw.get("low"), raw.get("slack")
    if low_name is None:
        return Window(terms, high, None, None) if slack_name is None else "a slack without a lower end"
    if low_name not in rows or (slack_name is not None and slack_name not in index):
        return f'the model has no row "{low_name}", or no column "{slack_name}"'
    below, low, _ = rows[low_name]
    slack = None if slack_name is None else index[slack_name]
    if low is None or sorted(each for each in below if each[0] != slack) != terms:
        return f'"{low_name}" is not over the same items as "{raw["high"]}"'
    if slack is not None and (slack, 1) not in below:
        return f'"{slack_name}" is not what "{low_name}" may lack'
    return Window(terms, high, low, slack)


def _spread(bits: int, step: int, most: int, mask: int) -> int:
    """Every sum with up to ``most`` further steps."""
    covered, done = bits, 0
    while done < most and covered:
        more = min(done + 1, most - done)
        covered |= covered << (step * more)
        covered &= mask
        done += more
    return covered


def _gather(bits: int, step: int, most: int) -> int:
    """Every sum from which up to ``most`` further steps reach one of ``bits``."""
    covered, done = bits, 0
    while done < most and covered:
        more = min(done + 1, most - done)
        covered |= covered >> (step * more)
        done += more
    return covered


def narrow(window: Window, lower: list[int], upper: list[int]) -> list[int] | None:
    """Keep the values that a reachable sum goes with; the columns changed, None if there is no such sum."""
    base = sum(value * lower[column] for column, value in window.terms)
    top = window.high - base
    if top < 0:
        return None
    if top > _MOST_SUM:
        return []
    mask = (1 << (top + 1)) - 1
    reach = [1]
    for column, value in window.terms:
        reach.append(_spread(reach[-1], value, upper[column] - lower[column], mask))
    changed = []
    ends = mask
    if window.low is not None:
        missing = window.low - base - (reach[-1].bit_length() - 1)
        least = window.low - base
        if window.slack is not None:
            if missing > upper[window.slack]:
                return None
            if missing > lower[window.slack]:
                lower[window.slack] = missing
                changed.append(window.slack)
            least -= upper[window.slack]
        elif missing > 0:
            return None
        if least > 0:
            ends = mask >> least << least
    for k in range(len(window.terms) - 1, -1, -1):
        column, value = window.terms[k]
        most = upper[column] - lower[column]
        kept = [step for step in range(most + 1) if reach[k] & (ends >> (value * step))]
        if not kept:
            return None
        ends = _gather(ends, value, most)
        if kept[0] > 0 or kept[-1] < most:
            upper[column] = lower[column] + kept[-1]
            lower[column] += kept[0]
            changed.append(column)
    return changed


def lightest(
    window: Window, weights: dict[int, int], caps: dict[int, tuple[int, int]], lower: list[int], upper: list[int]
) -> int | None:
    """Least weight of a filling of a window within a box; None if it cannot be filled.

    Parameters
    ----------
    window : Window
    weights : dict of int to int
        By column of the window, its slack included.
    caps : dict of int to (int, int)
        By column: a group, and how many of the group there may be together.
    """
    groups: dict[Any, list[int]] = {}
    base = light = 0
    for column, value in window.terms:
        weight = weights.get(column, 0)
        base += value * lower[column]
        light += weight * lower[column]
        together = caps.get(column)
        key = (value, weight, None, column) if together is None else (value, weight, together, None)
        group = groups.setdefault(key, [0, 0])
        group[0] += lower[column]
        group[1] += upper[column]
    top = window.high - base
    least = {0: light}
    for (value, weight, together, _), (bottom, most) in groups.items():
        number = (most if together is None else min(most, together[1])) - bottom
        after: dict[int, int] = {}
        for have, carried in least.items():
            for step in range(max(number, -1) + 1):
                to = have + value * step
                if to > top:
                    break
                with_it = carried + weight * step
                if to not in after or with_it < after[to]:
                    after[to] = with_it
        least = after
    found = []
    for have, carried in least.items():
        total = carried
        if have > top:
            continue
        if window.low is not None:
            missing = window.low - base - have
            if window.slack is not None:
                slack = max(missing, lower[window.slack])
                if slack > upper[window.slack]:
                    continue
                total += weights.get(window.slack, 0) * slack
            elif missing > 0:
                continue
        found.append(total)
    return min(found, default=None)
