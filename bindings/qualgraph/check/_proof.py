"""Does a proof hold, and with it a verdict?

A proof is a search tree over whole numbers in boxes. At every node the box is tightened by the
activities of all rows until nothing changes; a leaf is closed because its box is empty, or by
whole multipliers of rows whose combination no point of the box can keep. Everything is done here
with Python's own integers, on the model that :mod:`qualgraph.check._model` builds from the texts.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Any

from ._reading import NotAnInput
from ._windows import Window, lightest, narrow, read

if TYPE_CHECKING:
    from ._model import Model

__all__ = ["OBJECTIVE", "Box", "holds"]

#: Name of the row "the cost is less than what is to be proved".
OBJECTIVE = "objective"
#: Rounds of tightening after which a node is given up: no honest proof comes near it.
_MOST_STEPS = 2_000_000


class Box:
    """Rows over bounded whole numbers, with the bounds as they are tightened.

    Parameters
    ----------
    model : Model
    at_least : int or None
        Adds the row "cost <= at_least - 1".
    """

    def __init__(self, model: Model, at_least: int | None) -> None:
        self.names = list(model.columns)
        self.index = {name: number for number, name in enumerate(self.names)}
        self.rows: list[tuple[list[tuple[int, int]], int | None, int | None]] = []
        self.row_index: dict[str, int] = {}
        for name, row in model.rows.items():
            self._add(name, {self.index[column]: value for column, value in row.terms.items()}, row.lower, row.upper)
        if at_least is not None:
            cost = {self.index[name]: column.cost for name, column in model.columns.items() if column.cost}
            self._add(OBJECTIVE, cost, None, at_least - 1)
        self.of_column: list[list[int]] = [[] for _ in self.names]
        for number, (terms, _, _) in enumerate(self.rows):
            for column, _ in terms:
                self.of_column[column].append(number)
        self.windows: list[Window] = []
        self.fillings = 0
        self.lower = [column.lower for column in model.columns.values()]
        self.upper = [column.upper for column in model.columns.values()]

    def _add(self, name: str, terms: dict[int, int], lower: int | None, upper: int | None) -> None:
        self.row_index[name] = len(self.rows)
        self.rows.append((list(terms.items()), lower, upper))

    def tighten(self, lower: list[int], upper: list[int], touched: list[int] | None = None) -> bool:
        """Tighten bounds in place; False if a row cannot be kept.

        Parameters
        ----------
        lower, upper : list of int
        touched : list of int, optional
            Columns that changed since the bounds were last tightened; all rows by default.
        """
        if touched is None:
            waiting = deque(range(len(self.rows)))
        else:
            waiting = deque(dict.fromkeys(row for column in touched for row in self.of_column[column]))
        queued = set(waiting)
        steps = 0
        while waiting:
            steps += 1
            if steps > _MOST_STEPS:
                return True
            number = waiting.popleft()
            queued.discard(number)
            changed = _tighten(*self.rows[number], lower, upper)
            if changed is None:
                return False
            for column in changed:
                for row in self.of_column[column]:
                    if row not in queued:
                        queued.add(row)
                        waiting.append(row)
        return True

    def settle(self, lower: list[int], upper: list[int], touched: list[int] | None = None) -> bool:
        """Tighten by rows and by the sums that windows can reach, until nothing changes."""
        while True:
            if not self.tighten(lower, upper, touched):
                return False
            touched = []
            for window in self.windows:
                changed = narrow(window, lower, upper)
                if changed is None:
                    return False
                touched += changed
            if not touched:
                return True

    def named_rows(self) -> dict[str, Any]:
        """Rows by name."""
        return {name: self.rows[number] for name, number in self.row_index.items()}

    def fill(self, content: Any, box: tuple[list[int], list[int]] | None) -> str:
        """Add the row that a filling claims; a text says why it may not be added.

        Parameters
        ----------
        content : dict
        box : (list of int, list of int) or None
            Within which it is claimed; None for an empty box, in which everything is true.
        """
        window = read(content["window"], self.named_rows(), self.index)
        if isinstance(window, str):
            return window
        bound = content["at_least"]
        weights: dict[int, int] = {}
        inside = {column for column, _ in window.terms}
        for name, weight in content["columns"].items():
            column = self.index.get(name)
            whole = isinstance(weight, int) and not isinstance(weight, bool)
            if column is None or not whole or (column not in inside and (column != window.slack or weight < 0)):
                return f'"{name}" has no part in the window, or no whole weight'
            weights[column] = weight
        caps: dict[int, tuple[int, int]] = {}
        for name in content.get("items") or ():
            if name not in self.row_index:
                return f'the model has no row "{name}"'
            terms, _, most = self.rows[self.row_index[name]]
            if most is None or any(value != 1 or self.lower[column] < 0 for column, value in terms):
                return f'"{name}" is no row that counts columns together'
            for column, _ in terms:
                caps.setdefault(column, (self.row_index[name], most))
        if isinstance(bound, bool) or not isinstance(bound, int):
            return "a filling is at least no whole number"
        if box is not None:
            least = lightest(window, weights, caps, *box)
            if least is not None and least < bound:
                return f"a filling of the window weighs {least}, less than {bound}"
        number = len(self.rows)
        self._add(f"filling/{self.fillings}", weights, bound, None)
        self.fillings += 1
        for column in weights:
            self.of_column[column].append(number)
        return ""

    def combine(self, multipliers: dict[str, int]) -> tuple[dict[int, int], int] | str:
        """Rows combined to one, ``terms >= bound``; a text says why they cannot be."""
        combined: dict[int, int] = {}
        constant = 0
        for name, factor in multipliers.items():
            if isinstance(factor, bool) or not isinstance(factor, int):
                return f'the multiplier of "{name}" is no whole number'
            if factor == 0:
                continue
            number = self.row_index.get(name)
            if number is None:
                return f'the model has no row "{name}"'
            terms, least, most = self.rows[number]
            bound = least if factor > 0 else most
            if bound is None:
                return f'row "{name}" has no bound on the side that is used'
            constant += factor * bound
            for column, value in terms:
                combined[column] = combined.get(column, 0) + factor * value
        return {column: value for column, value in combined.items() if value}, constant

    def contradicts(self, multipliers: dict[str, int], lower: list[int], upper: list[int]) -> str:
        """Why a combination of rows is no contradiction over a box; empty if it is one."""
        found = self.combine(multipliers)
        if isinstance(found, str):
            return found
        combined, constant = found
        best = sum(value * (upper[column] if value > 0 else lower[column]) for column, value in combined.items())
        return "" if best < constant else "the rows combined do not contradict each other"

    def tighten_by(self, multipliers: dict[str, int], lower: list[int], upper: list[int]) -> list[int] | str | None:
        """Tighten a box once by a combination of rows: the columns changed, None if it empties the box."""
        found = self.combine(multipliers)
        if isinstance(found, str):
            return found
        combined, constant = found
        return _tighten(list(combined.items()), constant, None, lower, upper)


def _tighten(
    terms: list[tuple[int, int]], least: int | None, most: int | None, lower: list[int], upper: list[int]
) -> list[int] | None:
    """Tighten bounds in place by one row; the columns changed, None if the row cannot be kept."""
    low = high = 0
    for column, value in terms:
        if value > 0:
            low += value * lower[column]
            high += value * upper[column]
        else:
            low += value * upper[column]
            high += value * lower[column]
    if (least is not None and high < least) or (most is not None and low > most):
        return None
    changed: list[int] = []
    if (least is None or low >= least) and (most is None or high <= most):
        # The row is kept everywhere in the box.
        return changed
    for column, value in terms:
        under, over = lower[column], upper[column]
        bottom, top = under, over
        if most is not None:
            # value * x <= most - (low without this term)
            rest = most - (low - value * (under if value > 0 else over))
            if value > 0:
                top = min(top, rest // value)
            else:
                bottom = max(bottom, -(rest // -value))
        if least is not None:
            rest = least - (high - value * (over if value > 0 else under))
            if value > 0:
                bottom = max(bottom, -(-rest // value))
            else:
                top = min(top, (-rest) // -value)
        if bottom > top:
            return None
        if bottom != under or top != over:
            low += value * ((bottom - under) if value > 0 else (top - over))
            high += value * ((top - over) if value > 0 else (bottom - under))
            lower[column], upper[column] = bottom, top
            changed.append(column)
    return changed


def _node(raw: Any, number: int) -> tuple[str, Any]:
    if not isinstance(raw, dict):
        raise NotAnInput(f"node {number} of the proof is no object")
    for kind in ("branch", "dual", "tightening", "filling", "propagation"):
        if kind in raw:
            return kind, raw[kind]
    raise NotAnInput(f"node {number} of the proof is of no known kind")


def holds(proof: dict[str, Any], model: Model) -> str:
    """Verify a proof against a model.

    Parameters
    ----------
    proof : dict
        ``at_least`` (int, or None for "no values at all") and ``nodes``, in preorder: each
        ``{"branch": [column, value]}`` (first below comes ``column <= value``, then
        ``column >= value + 1``), ``{"dual": {row: multiplier}}``, ``{"tightening": {row: multiplier}}``
        (one node follows), ``{"filling": {...}}`` (one node follows) or ``{"propagation": true}``; and
        ``windows``, if the proof uses any.
    model : Model

    Returns
    -------
    str
        Empty if the proof holds, else the first fault.
    """
    at_least = proof.get("at_least")
    if at_least is not None and (isinstance(at_least, bool) or not isinstance(at_least, int)):
        return "at_least is no whole number"
    nodes = proof.get("nodes")
    if not isinstance(nodes, list):
        return "the proof has no list of nodes"
    box = Box(model, at_least)
    # Boxes still to be closed, the next one last, each with the column that was just cut; None for
    # a box known to be empty, which is closed whatever stands below it.
    left: list[tuple[list[int], list[int], list[int] | None] | None] = [(box.lower, box.upper, None)]
    branched = False
    for raw in proof.get("windows") or ():
        window = read(raw, box.named_rows(), box.index)
        if isinstance(window, str) or window.low is None:
            return window if isinstance(window, str) else "a window without a lower end narrows nothing"
        box.windows.append(window)
    for number, raw in enumerate(nodes):
        if not left:
            return f"node {number}: the tree was closed before"
        kind, content = _node(raw, number)
        here = left.pop()
        if here is not None and not box.settle(*here):
            here = None
        if kind == "filling":
            # Below a branch it might hold for that branch only.
            fault = (
                "a row is added below a branch" if branched else box.fill(content, None if here is None else here[:2])
            )
            if fault:
                return f"node {number}: {fault}"
            left.append(None if here is None else (here[0], here[1], None))
            continue
        branched = branched or kind == "branch"
        if here is None:
            # A proof that names what does not exist is none, not even in an empty box.
            named = box.combine(content) if kind in ("dual", "tightening") else None
            if isinstance(named, str):
                return f"node {number}: {named}"
            left += [None] * {"branch": 2, "tightening": 1}.get(kind, 0)
            continue
        lower, upper, _ = here
        if kind == "propagation":
            return f"node {number}: the box is not empty"
        if kind == "dual":
            fault = box.contradicts(content, lower, upper)
            if fault:
                return f"node {number}: {fault}"
            continue
        if kind == "tightening":
            changed = box.tighten_by(content, lower, upper)
            if isinstance(changed, str):
                return f"node {number}: {changed}"
            left.append(None if changed is None else (lower, upper, changed))
            continue
        name, value = content
        column = box.index.get(name)
        if column is None or isinstance(value, bool) or not isinstance(value, int):
            return f'node {number}: the model has no column "{name}", or it is cut at no whole number'
        above_lower, above_upper = list(lower), list(upper)
        upper[column] = min(upper[column], value)
        above_lower[column] = max(above_lower[column], value + 1)
        for bottom, top in ((above_lower, above_upper), (lower, upper)):
            left.append((bottom, top, [column]) if bottom[column] <= top[column] else None)
    return "" if not left else f"{len(left)} branches are not closed"
