"""Which inequalities does every admissible allocation keep?

The integer model of a rule and a record under one reading, built from the texts and not from the
engine's: a column per item and place, a row per bound, named by the path of its clause. A proof
that these rows contradict each other is a proof that no allocation meets the rule.

Names
-----
``x[item|place]``
    Quanta of an item in a place: 0 or 1 for a whole item.
``chosen[place]``
    Whether a sub-place of a choice is chosen.
``short[path]``
    What a minimum lacks, in units of its row.
``take[item]``
    Whether an item on offer is taken.
``in[item]``, ``in[item|place+place]``
    Quanta of an item in several places that may share it, each counted once.
``some[item|place+place]``, ``fully[item]``
    Whether anything, or all, of a splittable item is there.
``from[...]``, ``starts[...]``, ``both[...]``, ``value[...]``, ``covered[...]``, ``rounded[...]``, ``within[...]``,
``reached[...]``, ``last[...]``, ``inside[...]``, ``met[...]``, ``done[...]``, ``way[...]``, ``mean[...]``,
``graded[...]``
    Auxiliary columns of exclusions, windows, overlaps, distinct values, outcomes, rounded shares,
    caps on a floor, the last credits counted, prerequisites, and averages.
"""

from __future__ import annotations

from fractions import Fraction
from math import gcd
from typing import TYPE_CHECKING, Any

from ._allocation import Evaluation, _period, _sides
from ._averages import Attempt, Mean
from ._places import Layout, Spot, outcomes_needed
from ._reading import exact
from ._select import INFINITE, MEASURES, Case, Item, Number, all_of, any_of, later, negation, rounded, words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from datetime import date

__all__ = ["Column", "Model", "Row", "build"]

Terms = dict[str, int]


class Column:
    """Bounds of a whole number, and its cost in the shortfall."""

    __slots__ = ("cost", "lower", "upper")

    def __init__(self, lower: int, upper: int, cost: int = 0) -> None:
        self.lower = lower
        self.upper = upper
        self.cost = cost


class Row:
    """``lower <= terms <= upper``; None for no bound."""

    __slots__ = ("lower", "terms", "upper")

    def __init__(self, terms: Terms, lower: int | None, upper: int | None) -> None:
        self.terms = terms
        self.lower = lower
        self.upper = upper


class Model:
    """Named columns and rows.

    Attributes
    ----------
    columns : dict of str to Column
    rows : dict of str to Row
    minima : dict of str to (str, str, str)
        Row of a minimum: its slack column, its measure, and in what it lacks.
    broken : dict of str to str
        Clauses that fail whatever is placed, with the reason.
    clauses : list of str
        Bounds that can be left out: paths of rows and of gates.
    scale : dict of str to int
        Units of a row for one credit, hour and so on.
    """

    def __init__(self) -> None:
        self.columns: dict[str, Column] = {}
        self.rows: dict[str, Row] = {}
        self.minima: dict[str, tuple[str, str, str]] = {}
        self.broken: dict[str, str] = {}
        self.clauses: list[str] = []
        self.scale: dict[str, int] = {}

    def violated(self, values: dict[str, int]) -> list[str]:
        """Names of rows and columns that values do not keep; columns not named are 0."""
        found = [
            name for name, column in self.columns.items() if not column.lower <= values.get(name, 0) <= column.upper
        ]
        for name, row in self.rows.items():
            activity = sum(coefficient * values.get(column, 0) for column, coefficient in row.terms.items())
            if (row.lower is not None and activity < row.lower) or (row.upper is not None and activity > row.upper):
                found.append(name)
        return found


def _lcm(one: int, other: int) -> int:
    return one // gcd(one, other) * other


def _ceil(value: Fraction) -> int:
    return -((-value.numerator) // value.denominator)


class _Builder:
    def __init__(self, case: Case, without: Iterable[str], offered: Iterable[str] | None = None) -> None:
        self.case = case
        #: Ids of items that count only when taken; None where nothing is on offer.
        self.offered = None if offered is None else set(offered)
        self.strict = case.strict
        self.model = Model()
        self.without = set(without)
        self._named: set[str] = set()
        self._leave_out_gates()
        self.text = case.text
        self.layout = Layout(case)
        # Reads clauses that do not hang on what is placed.
        self.reader = Evaluation(self.layout, {})
        self.items = sorted((item for item in case.items if case.may_count(item)), key=lambda item: item.id)
        self.parts = {item.id: self.layout.parts(item) for item in self.items}
        self.uses: dict[str, list[Spot]] = {
            item.id: [leaf for leaf in self.layout.leaves if self.layout.refusal(item, leaf) is None]
            for item in self.items
        }
        self.placeable = [item for item in self.items if self.uses[item.id]]
        #: By leaf: the items that may lie there, by their position.
        self._lying: dict[int, dict[int, Item]] = {}
        for item in self.placeable:
            for leaf in self.uses[item.id]:
                self._lying.setdefault(leaf.number, {})[item.index] = item
        self.chosen: dict[int, str] = {}
        self._beyond: dict[str, int] = {}
        self._met: dict[str, str] = {}
        #: Id of the item that a column is about.
        self._about: dict[str, str] = {}

    def _leave_out_gates(self) -> None:
        """Gates decide where items may lie at all, so those left out go before anything is placed."""
        text = self.case.text
        for section in ("eligibility", "outcomes"):
            kept = {}
            for name, clause in text[section].items():
                path = f"{section}/{name}"
                gate = section == "eligibility" or (clause.get("per") == "unit" and clause.get("set"))
                if not gate or not self.dropped(path):
                    kept[name] = clause
            text[section] = kept

    def build(self) -> Model:
        self._scales()
        self._columns()
        self._single_use()
        for spot in self.layout.spots[1:]:
            self._place(spot)
        for parent, path in self.layout.unstated:
            above = self.chosen_above(parent)
            if above is None:
                self.fails(path, "an item may have a value of its own", path.partition("[")[0])
            elif not self.dropped(path):
                self.add_row(path, {above: 1}, None, 0)
        self._total()
        self._floors()
        self._caps()
        self._exclusions()
        self._overlaps()
        self._reuse()
        self._windows()
        self._pace()
        self._conditions()
        self._outcomes()
        self._requirements()
        self._averages()
        self._prerequisites()
        self._objective()
        return self.model

    # ---- numbers

    def _scales(self) -> None:
        for measure in MEASURES:
            scale = 1
            if measure != "units":
                for item in self.items:
                    for size in self.layout.size(item, measure):
                        if size != INFINITE:
                            scale = _lcm(scale, (Fraction(size) / self.parts[item.id]).denominator)
            for value in self._stated(measure):
                scale = _lcm(scale, value.denominator)
            # What a share of a moving base lacks comes in fractions of its own.
            shares = 1
            for floor in self.text["floors"].values():
                moves = self._moving(floor.get("base") or "target", None)[0]
                if "min_share" in floor and moves and (floor.get("measure") or self.case.measure) == measure:
                    part = self.case.amount(floor["min_share"])
                    shares = _lcm(shares, 1 if part is None else part.denominator)
            self.model.scale[measure] = scale * shares

    def _stated(self, measure: str) -> list[Fraction]:
        """Every known bound of the rule in a measure."""
        case = self.case
        found: list[Fraction] = []

        def take(clause: dict[str, Any], keys: Sequence[str]) -> None:
            if (clause.get("measure") or case.measure) == measure:
                for key in keys:
                    if clause.get(key) is not None:
                        value = case.amount(clause[key])
                        if value is not None:
                            found.append(value)

        def share(clause: dict[str, Any], key: str) -> None:
            if key not in clause or (clause.get("measure") or case.measure) != measure:
                return
            part = case.amount(clause[key])
            base = clause.get("base") or "target"
            grain = exact(clause.get("grain", 1))
            mode = clause.get("rounding")
            if base == "source":
                for award in case.record.get("awards") or []:
                    if measure == "credits" and part is not None and award.get("credits") is not None:
                        found.append(Fraction(rounded(part * exact(award["credits"]), mode, grain)))
                return
            fixed = self.reader._fixed_base(base, measure)
            if part is not None and fixed is not None:
                found.append(Fraction(rounded(part * fixed, mode, grain)))
            elif mode not in (None, "none"):
                found.extend([grain, grain / 2])

        if self.text.get("total"):
            take(self.text["total"], ("min", "max", "exact"))
        for place in (self.text.get("places") or {}).values():
            take(place, ("min", "max", "exact"))
        for floor in self.text["floors"].values():
            take(floor, ("min", "of_last"))
            share(floor, "min_share")
        limits = [clause for _, clause in self.layout.overlaps]
        limits += list(self.text["caps"].values())
        limits += [
            clause
            for name, clause in ((self.text.get("reuse") or {}).get("limits") or {}).items()
            if not name.startswith("x-")
        ]
        for clause in limits:
            take(clause, ("max",))
            share(clause, "max_share")
        for clause in self.text["pace"].values():
            take(clause, ("max",))
        return found

    def scaled(self, value: Fraction, measure: str) -> int:
        number = value * self.model.scale[measure]
        assert number.denominator == 1, (value, measure)
        return number.numerator

    def beyond(self, measure: str) -> int:
        """More than any bound or base of a measure can come to: an unknown size in a share."""
        if measure not in self._beyond:
            total = Fraction(1) + sum((abs(value) for value in self._stated(measure)), Fraction(0))
            for item in self.items:
                high = self.case.size(item, measure)[1]
                if high != INFINITE:
                    total += Fraction(high)
            self._beyond[measure] = _ceil(total) * self.model.scale[measure]
        return self._beyond[measure]

    def _per_quantum(self, item: Item, measure: str, size: Number, unknown: int) -> int:
        if size == INFINITE:
            return unknown
        parts = 1 if self.layout.as_one(item, measure) else self.parts[item.id]
        return self.scaled(Fraction(size) / parts, measure)

    def least(self, item: Item, measure: str, need: int) -> int:
        """Toward a minimum, per quantum; an unknown size reaches all that is needed, or nothing."""
        low, high = self.layout.size(item, measure)
        return self._per_quantum(item, measure, low if self.strict else high, max(need, 0))

    def most(self, item: Item, measure: str, limit: int) -> int:
        """Toward a maximum, per quantum; an unknown size goes beyond it, or is nothing."""
        low, high = self.layout.size(item, measure)
        return self._per_quantum(item, measure, high if self.strict else low, max(limit, 0) + 1)

    # ---- columns

    def add_column(self, name: str, lower: int, upper: int) -> str:
        assert name not in self.model.columns, name
        self.model.columns[name] = Column(lower, upper)
        return name

    def item_column(self, item: Item, name: str, upper: int) -> str:
        self._about[name] = item.id
        return self.add_column(name, 0, upper)

    def add_row(self, name: str, terms: Terms, lower: int | None, upper: int | None) -> None:
        assert name not in self.model.rows, name
        self.model.rows[name] = Row({column: value for column, value in terms.items() if value}, lower, upper)

    def dropped(self, *paths: str) -> bool:
        if paths[0] not in self._named:
            self._named.add(paths[0])
            self.model.clauses.append(paths[0])
        return any(path in self.without for path in paths)

    def x(self, item: Item, leaf: Spot) -> str:
        return f"x[{item.id}|{leaf.name}]"

    def weight(self, item: Item, leaf: Spot) -> int:
        """Quanta in one unit of a column."""
        return self.parts[item.id] // self.layout.steps(item, leaf)

    def chosen_above(self, spot: Spot) -> str | None:
        for at in spot.chain():
            if at.number in self.chosen:
                return self.chosen[at.number]
        return None

    def _columns(self) -> None:
        for spot in self.layout.spots[1:]:
            if spot.optional or (spot.parent is not None and "choose" in spot.parent.spec):
                self.chosen[spot.number] = self.add_column(f"chosen[{spot.name}]", 0, 1)
        for item in self.placeable:
            for leaf in self.uses[item.id]:
                upper = self.parts[item.id] // self.weight(item, leaf)
                name = self.item_column(item, self.x(item, leaf), upper)
                above = self.chosen_above(leaf)
                if above is not None:
                    self.add_row(f"choose/{item.id}|{leaf.name}", {name: 1, above: -upper}, None, 0)
        for spot in self.layout.spots[1:]:
            if spot.number in self.chosen and spot.parent is not None:
                above = self.chosen_above(spot.parent)
                if above is not None:
                    self.add_row(f"choose/{spot.name}", {self.chosen[spot.number]: 1, above: -1}, None, 0)

    def _single_use(self) -> None:
        most = self.layout.allocation.get("max_places")
        for item in self.placeable:
            uses = self.uses[item.id]
            take = f"take[{item.id}]" if self.offered and item.id in self.offered else None
            if take is not None:
                self.add_column(take, 0, 1)
                for leaf in uses:
                    own = self.x(item, leaf)
                    self.add_row(f"take/{own}", {own: 1, take: -self.model.columns[own].upper}, None, 0)
            for number, clique in enumerate(self._cliques(item, uses)):
                name = f"item/{item.id}" + (f"#{number}" if number else "")
                terms = {self.x(item, leaf): self.weight(item, leaf) for leaf in clique}
                if take is None:
                    self.add_row(name, terms, None, self.parts[item.id])
                else:
                    self.add_row(name, {**terms, take: -self.parts[item.id]}, None, 0)
            if most is not None and len(uses) > most:
                by_unit = self.layout.by_unit(item)
                terms = {self.x(item, leaf) if by_unit else self.present(item, leaf): 1 for leaf in uses}
                self.at_most(f"allocation/max_places[{item.id}]", terms, most * (self.parts[item.id] if by_unit else 1))

    def _cliques(self, item: Item, uses: list[Spot]) -> Iterator[list[Spot]]:
        """Sets of places no two of which may share an item, until every such pair is in one."""
        if len(uses) > 1 and self.layout.all_apart(item, uses):
            yield uses
            return
        apart = {
            (i, j)
            for i in range(len(uses))
            for j in range(i + 1, len(uses))
            if self.layout.exclusive(uses[i], uses[j], item)
        }
        left = set(apart)
        while left:
            clique = list(min(left))
            for k in range(len(uses)):
                if k not in clique and all((min(k, c), max(k, c)) in apart for c in clique):
                    clique.append(k)
            clique.sort()
            yield [uses[k] for k in clique]
            left -= {(a, b) for a in clique for b in clique}

    # ---- parts of items

    def in_places(self, item: Item, leaves: Sequence[Spot] | None) -> list[Spot]:
        uses = self.uses[item.id]
        if leaves is None:
            return uses
        if len(leaves) == 1:
            return list(leaves) if item.index in self._lying.get(leaves[0].number, ()) else []
        asked = {leaf.number for leaf in leaves}
        return [leaf for leaf in uses if leaf.number in asked]

    def joint(self, item: Item, uses: list[Spot]) -> Terms:
        """Quanta of an item in any of these places, each counted once."""
        if self.layout.all_apart(item, uses):
            return {self.x(item, leaf): self.weight(item, leaf) for leaf in uses}
        name = item.id
        if len(uses) != len(self.uses[item.id]):
            name += "|" + "+".join(leaf.name for leaf in uses)
        column = f"in[{name}]"
        if column in self.model.columns:
            return {column: 1}
        parts = self.parts[item.id]
        self.item_column(item, column, parts)
        # Places no two of which may share hold different quanta; of a whole item, each place all of it.
        groups = [[leaf] for leaf in uses] if parts == 1 else self._apart(item, uses)
        for group in groups:
            terms = {column: 1, **{self.x(item, leaf): -self.weight(item, leaf) for leaf in group}}
            self.add_row(f"in/{name}/least|{'+'.join(leaf.name for leaf in group)}", terms, 0, None)
        if parts == 1:
            self.add_row(f"in/{name}/most", {column: 1, **{self.x(item, leaf): -1 for leaf in uses}}, None, 0)
            return {column: 1}
        picks = {}
        for group in groups:
            together = "+".join(leaf.name for leaf in group)
            pick = self.add_column(f"largest[{name}|{together}]", 0, 1)
            picks[pick] = 1
            terms = {column: 1, pick: parts, **{self.x(item, leaf): -self.weight(item, leaf) for leaf in group}}
            self.add_row(f"in/{name}/most|{together}", terms, None, parts)
        self.add_row(f"in/{name}/largest", picks, 1, 1)
        return {column: 1}

    def _apart(self, item: Item, uses: list[Spot]) -> list[list[Spot]]:
        """Largest sets of places no two of which may share an item."""
        found: list[list[Spot]] = []

        def widen(group: list[Spot], rest: list[Spot]) -> None:
            fitting = [leaf for leaf in rest if all(self.layout.exclusive(leaf, other, item) for other in group)]
            if fitting:
                widen([*group, fitting[0]], fitting[1:])
                widen(group, fitting[1:])
            elif group and not any(set(group) <= set(other) for other in found):
                found.append(group)

        widen([], uses)
        return found

    def present(self, item: Item, leaf: Spot) -> str:
        if self.parts[item.id] == self.weight(item, leaf):
            return self.x(item, leaf)
        return self.some(item, [leaf])

    def some(self, item: Item, uses: list[Spot]) -> str:
        """A column that is 1 exactly when anything of an item is in these places."""
        parts = self.parts[item.id]
        if parts == 1:
            terms = self.joint(item, uses)
            if len(terms) == 1:
                return next(iter(terms))
        name = item.id + "|" + "+".join(leaf.name for leaf in uses)
        column = f"some[{name}]"
        if column in self.model.columns:
            return column
        self.item_column(item, column, 1)
        all_terms = {self.x(item, leaf): -self.weight(item, leaf) for leaf in uses}
        self.add_row(f"some/{name}/most", {column: 1, **all_terms}, None, 0)
        for own, value in all_terms.items():
            self.add_row(f"some/{name}/least|{own}", {column: parts, own: value}, 0, None)
        return column

    def fully(self, item: Item) -> str:
        """A column that is 1 only if all of an item is counted."""
        uses = self.uses[item.id]
        parts = self.parts[item.id]
        if parts == 1 or self.layout.by_unit(item):
            # Of several equal units, one shows what all show.
            return self.some(item, uses)
        column = f"fully[{item.id}]"
        if column not in self.model.columns:
            self.add_column(column, 0, 1)
            terms = {own: -value for own, value in self.joint(item, uses).items()}
            self.add_row(f"fully/{item.id}", {column: parts, **terms}, None, 0)
        return column

    def add(self, terms: Terms, item: Item, uses: list[Spot], measure: str, per_quantum: int) -> None:
        if not uses or not per_quantum:
            return
        if self.layout.as_one(item, measure) and self.parts[item.id] > 1:
            counted: Terms = {self.some(item, uses): 1}
        else:
            counted = self.joint(item, uses)
        for column, value in counted.items():
            terms[column] = terms.get(column, 0) + value * per_quantum

    def gather(
        self,
        leaves: Sequence[Spot] | None,
        measure: str,
        take: Callable[[Item], bool],
        value: Callable[[Item], int],
    ) -> Terms:
        terms: Terms = {}
        lying = self.placeable
        if leaves is not None and len(leaves) == 1:
            lying = list(self._lying.get(leaves[0].number, {}).values())
        for item in lying:
            if take(item):
                self.add(terms, item, self.in_places(item, leaves), measure, value(item))
        return terms

    # ---- rows

    def at_least(
        self,
        path: str,
        terms: Terms,
        need: int,
        measure: str,
        missing: str,
        above: str | None = None,
        most_lacking: int | None = None,
    ) -> None:
        """``terms + short >= need``, times whether the place is chosen."""
        if self.dropped(path) or need <= 0:
            return
        terms = dict(terms)
        slack = need if most_lacking is None else most_lacking
        short = self.add_column(f"short[{path}]", 0, slack)
        terms[short] = 1
        self.model.minima[path] = (short, measure, missing)
        if above is not None:
            terms[above] = terms.get(above, 0) - need
        self.add_row(path, terms, need if above is None else 0, None)

    def at_most(self, path: str, terms: Terms, limit: int) -> None:
        if self.dropped(path):
            return
        terms = {column: value for column, value in terms.items() if value}
        if terms or limit < 0:
            self.add_row(path, terms, None, limit)

    def fails(self, path: str, reason: str, clause: str = "") -> None:
        if not self.dropped(path, clause):
            self.model.broken[path] = reason

    # ---- places and total

    def _place(self, spot: Spot) -> None:
        spec = spot.spec
        if "choose" in spec:
            self._choose(spot)
        if not spot.asked or not spec:
            return
        measure = spec.get("measure") or self.case.measure
        leaves = self.layout.leaves_of([spot])
        above = self.chosen_above(spot)
        if spec.get("all"):
            listed = self._all(spot.path, spec.get("from"), leaves, above)
            if not listed and "min" not in spec and "exact" not in spec and self.strict:
                self._not_known(spot.path, "all", above, "the units of this set are not listed")
        for path, key, is_minimum in _sides(spot.path, spec):
            value = self.case.amount(spec[key])
            if is_minimum and not self.reader._lifted(spec):
                if value is None:
                    if self.strict:
                        self._not_known(spot.path, key, above, "the amount is not known")
                    continue
                bound = self.scaled(value, measure)
                terms = self.gather(leaves, measure, _everything, lambda item: self.least(item, measure, bound))  # noqa: B023
                self.at_least(path, terms, bound, measure, measure, above)
            elif not is_minimum and not spot.roomy and (value is not None or self.strict):
                bound = 0 if value is None else self.scaled(value, measure)
                terms = self.gather(leaves, measure, _everything, lambda item: self.most(item, measure, bound))  # noqa: B023
                self.at_most(path, terms, bound)

    def _not_known(self, path: str, key: str, above: str | None, reason: str) -> None:
        """A clause that is not known to be met: fails, or its place may not be chosen."""
        if above is None:
            self.fails(f"{path}/{key}", reason, path)
        elif not self.dropped(f"{path}/{key}", path):
            self.add_row(f"{path}/{key}", {above: 1}, None, 0)

    def _choose(self, spot: Spot) -> None:
        choose = spot.spec["choose"]
        least, most = (choose, choose) if isinstance(choose, int) else (choose.get("min") or 0, choose.get("max"))
        terms = {self.chosen[child.number]: 1 for child in spot.children}
        if most is not None and not spot.roomy:
            self.at_most(f"{spot.path}/choose/max", terms, most)
        if spot.asked:
            able = len([child for child in spot.children if self._choosable(child)])
            self.at_least(
                f"{spot.path}/choose",
                terms,
                least,
                "units",
                "items",
                self.chosen_above(spot),
                most_lacking=max(0, least - able),
            )

    def _choosable(self, spot: Spot) -> bool:
        """Whether nothing fails in a place whatever is put there."""
        return all(each.met or each.kind == "minimum" for each in self.reader._tree(spot))

    def _all(self, path: str, selector: Any, leaves: Sequence[Spot] | None, above: str | None) -> bool:
        units = self.reader.units_of(selector)
        asked = {unit for unit in units if not self.reader._exempt(unit)}
        served = {item.id: self.case.served(item, asked) for item in self.placeable}
        # An item that may stand for several units of the set stands for one of them.
        stands: dict[str, Terms] = {}
        there_of: dict[str, Terms] = {}
        for unit in units:
            if unit not in asked:
                continue
            terms: Terms = {}
            for item in self.placeable:
                own = served[item.id]
                uses = self.in_places(item, leaves) if unit in own else []
                if not uses:
                    continue
                there = self.some(item, uses)
                if len(own) < 2:
                    terms[there] = 1
                    continue
                name = f"{path}/all[{unit}]|{item.id}"
                column = self.item_column(item, f"stands[{name}]", 1)
                self.add_row(f"stands/{name}", {column: 1, there: -1}, None, 0)
                stands.setdefault(item.id, {})[column] = 1
                if self.layout.by_unit(item):
                    # Of several equal units, each stands for one of the set.
                    there_of[item.id] = {own: -value for own, value in self.joint(item, uses).items()}
                terms[column] = 1
            self.at_least(f"{path}/all[{unit}]", terms, 1, "units", "items", above)
        for name, terms in stands.items():
            held = there_of.get(name, {})
            self.add_row(f"stands/{path}/all|{name}", {**terms, **held}, None, 0 if held else 1)
        return bool(units)

    def _total(self) -> None:
        for item in self.placeable:
            # How much of an item is counted at all has its column, whether or not a clause asks it.
            self.joint(item, self.uses[item.id])
        total = self.text.get("total")
        if total is None or not self.case.in_force(total):
            return
        measure = total.get("measure") or self.case.measure
        for path, key, is_minimum in _sides("total", total):
            value = self.case.amount(total[key])
            if is_minimum:
                if value is None:
                    if self.strict:
                        self.fails(path, "the amount is not known", "total")
                    continue
                bound = self.scaled(value, measure)
                terms = self.gather(None, measure, _everything, lambda item: self.least(item, measure, bound))  # noqa: B023
                self.at_least(path, terms, bound, measure, measure)
            elif value is not None or self.strict:
                bound = 0 if value is None else self.scaled(value, measure)
                terms = self.gather(None, measure, _everything, lambda item: self.most(item, measure, bound))  # noqa: B023
                self.at_most(path, terms, bound)

    # ---- floors

    def _floors(self) -> None:
        for name, floor in sorted(self.text["floors"].items()):
            if not self.case.in_force(floor):
                continue
            path = f"floors/{name}"
            leaves = self.layout.leaves_in(floor["in"], proving=True) if "in" in floor else None
            if floor.get("all"):
                if not self._all(path, floor.get("from"), leaves, None) and self.strict:
                    self.fails(f"{path}/all", "the units of this set are not listed", path)
                continue
            if self.reader.floor_unstated(floor):
                self.fails(f"{path}[?]", "an item may have a value of its own", path)
            for mark, has in self.reader._each(floor):
                self._floor(name, path, mark, floor, leaves, has)

    def _floor(
        self,
        name: str,
        clause: str,
        mark: str,
        floor: dict[str, Any],
        leaves: Sequence[Spot] | None,
        has: Callable[[Item], bool | None],
    ) -> None:
        case = self.case
        measure = floor.get("measure") or case.measure
        key = "min_share" if "min_share" in floor else "min"
        path = f"{clause}{mark}/{key}"

        def take(item: Item) -> bool:
            return case.admits(self.reader._selected(floor.get("from"), has, item))

        if floor.get("over") == "record":
            finding = self.reader._floor(name, clause + mark, floor, self.layout.leaves_in(floor.get("in")), has)
            if not finding.met:
                self.fails(path, "the whole record holds too little", clause)
            return
        if key == "min_share":
            part = case.amount(floor["min_share"])
            base = floor.get("base") or "target"
            moves, where = self._moving(base, leaves)
            if part is None or not moves:
                fixed = self.reader._fixed_base(base, measure)
                if part is None or fixed is None:
                    if self.strict:
                        self.fails(path, "the share or its base is not known", clause)
                    return
                value: Fraction | None = Fraction(
                    rounded(part * fixed, floor.get("rounding"), exact(floor.get("grain", 1)))
                )
            else:
                self._floor_share(path, floor, take, leaves, where, part, measure)
                return
        else:
            value = case.amount(floor["min"])
        if value is None:
            if self.strict:
                self.fails(path, "the amount is not known", clause)
            return
        if "distinct" in floor:
            self._distinct(path, floor["distinct"], take, leaves, value)
        elif "of_last" in floor:
            reach = case.amount(floor["of_last"])
            if reach is None:
                if self.strict:
                    self.fails(f"{clause}{mark}/of_last", "the number is not known", clause)
                return
            self._of_last(path, take, leaves, measure, self.scaled(reach, measure), self.scaled(value, measure))
        else:
            self._floor_amount(name, path, take, leaves, measure, self.scaled(value, measure))

    def _floor_amount(
        self,
        name: str,
        path: str,
        take: Callable[[Item], bool],
        leaves: Sequence[Spot] | None,
        measure: str,
        bound: int,
    ) -> None:
        terms: Terms = {}
        limited: dict[str, Terms] = {}
        # Caps that limit only what this floor may count: an item counts toward it whole or not at all.
        scoped = [
            (cap_name, cap, "max" if "max" in cap else "max_share")
            for cap_name, cap in sorted(self.text["caps"].items())
            if name in words(cap.get("in") or [])
            and name not in (self.text.get("places") or {})
            and self.case.in_force(cap)
            and f"caps/{cap_name}/{'max' if 'max' in cap else 'max_share'}" not in self.without
        ]
        mark = path[len(f"floors/{name}") : path.rindex("/")]
        for item in self.placeable:
            by_units = self.layout.as_one(item, measure)
            uses = self.in_places(item, leaves) if take(item) else []
            if not uses:
                continue
            over = [
                (cap_name, cap)
                for cap_name, cap, _ in scoped
                if self.case.binds(self.reader._any_chosen(self.reader.united(cap_name), item))
            ]
            if not over:
                self.add(terms, item, uses, measure, self.least(item, measure, bound))
                continue
            there = {self.some(item, uses): 1} if by_units else self.joint(item, uses)
            parts = 1 if by_units else self.parts[item.id]
            column = self.item_column(item, f"within[floors/{name}{mark}|{item.id}]", parts)
            self.add_row(
                f"{path}/within[{item.id}]", {column: 1, **{key: -value for key, value in there.items()}}, None, 0
            )
            terms[column] = self.least(item, measure, bound)
            for cap_name, cap in over:
                cap_measure = cap.get("measure") or self.case.measure
                most = self.most(item, cap_measure, self.beyond(cap_measure))
                whole = by_units and cap_measure != "units"
                limited.setdefault(cap_name, {})[column] = most * (self.parts[item.id] if whole else 1)
        for cap_name, cap, key in scoped:
            if cap_name not in limited:
                continue
            cap_measure = cap.get("measure") or self.case.measure
            if key == "max":
                limit = self.case.amount(cap["max"])
            else:
                part = self.case.amount(cap["max_share"])
                fixed = self.reader._fixed_base(cap.get("base") or "target", cap_measure)
                grain = exact(cap.get("grain", 1))
                known = part is not None and fixed is not None
                limit = Fraction(rounded(part * fixed, cap.get("rounding"), grain)) if known else None  # type: ignore[operator]
            if limit is None and not self.strict:
                continue
            most = 0 if limit is None else self.scaled(limit, cap_measure)
            self.at_most(f"caps/{cap_name}/{key}{mark}[{name}]", limited[cap_name], most)
        self.at_least(path, terms, bound, measure, measure)

    def _moving(self, base: str, leaves: Sequence[Spot] | None) -> tuple[bool, Sequence[Spot] | None]:
        if base == "counted":
            return True, None
        if base == "component":
            return True, leaves
        if base.startswith("place:"):
            return True, self.layout.leaves_in(base[6:])
        return False, None

    def _floor_share(
        self,
        path: str,
        floor: dict[str, Any],
        take: Callable[[Item], bool],
        leaves: Sequence[Spot] | None,
        where: Sequence[Spot] | None,
        part: Fraction,
        measure: str,
    ) -> None:
        beyond = self.beyond(measure)
        # An unknown size in the base asks for more than there can be, whatever the share.
        times = _ceil(1 / part) if part > 0 else 1
        selection = self.gather(leaves, measure, take, lambda item: self.least(item, measure, beyond))
        whole = self.gather(where, measure, _everything, lambda item: self.most(item, measure, beyond * times))
        mode = floor.get("rounding")
        terms: Terms = dict(selection)
        if mode in (None, "none"):
            # The scale is a multiple of the share's denominator.
            for column, value in whole.items():
                terms[column] = terms.get(column, 0) - value // part.denominator * part.numerator
        else:
            grain = exact(floor.get("grain", 1))
            column = self._rounded(path, whole, part, mode, grain, measure, minimum=True)
            terms[column] = -self.scaled(grain, measure)
        if self.dropped(path):
            return
        most = sum(-value * self.model.columns[column].upper for column, value in terms.items() if value < 0)
        short = self.add_column(f"short[{path}]", 0, most)
        terms[short] = 1
        self.model.minima[path] = (short, measure, measure)
        self.add_row(path, terms, 0, None)

    def _rounded(
        self, path: str, whole: Terms, part: Fraction, mode: str, grain: Fraction, measure: str, *, minimum: bool
    ) -> str:
        """A column of grains between the limits that rounding a share of ``whole`` leaves."""
        most = sum(max(value, 0) * self.model.columns[column].upper for column, value in whole.items())
        step = self.scaled(grain, measure) * 2 * part.denominator
        top = (most * part.numerator + step) // max(step // 2, 1) + 1
        column = self.add_column(f"rounded[{path}]", 0, top)
        terms: Terms = {column: step}
        _into(terms, whole, -2 * part.numerator)
        lower, upper = {
            "down": (-step + 1, 0),
            "up": (0, step - 1),
            "half-up": (-step // 2 + 1, step // 2),
            "half-even": (-step // 2, step // 2),
        }[mode.replace("_", "-")]
        self.add_row(f"{path}/rounded", terms, lower if minimum else None, None if minimum else upper)
        return column

    def _distinct(
        self, path: str, attribute: str, take: Callable[[Item], bool], leaves: Sequence[Spot] | None, value: Fraction
    ) -> None:
        terms: Terms = {}
        holders: dict[str, Terms] = {}
        for item in self.placeable:
            uses = self.in_places(item, leaves)
            if not uses or not take(item):
                continue
            found = self.case.values(item, attribute)
            if found is None:
                if not self.strict:
                    terms[self.some(item, uses)] = 1
                continue
            for each in found:
                holders.setdefault(each, {})[self.some(item, uses)] = -1
        base = path[: -len("/min")]
        for each, own in sorted(holders.items()):
            column = self.add_column(f"value[{base}|{each}]", 0, 1)
            self.add_row(f"{base}/value[{each}]", {**own, column: 1}, None, 0)
            terms[column] = 1
        self.at_least(path, terms, _ceil(value), "units", "items")

    def _of_last(
        self,
        path: str,
        take: Callable[[Item], bool],
        leaves: Sequence[Spot] | None,
        measure: str,
        reach: int,
        bound: int,
    ) -> None:
        def order(entry: tuple[Item, bool]) -> tuple[int, int, bool]:
            item, right = entry
            if item.date is None:
                return (-1 if self.strict or right else 1, 0, False)
            return (0, -item.date.toordinal(), not right)

        entries = [(item, take(item) and bool(self.in_places(item, leaves))) for item in self.placeable]
        window: Terms = {}
        terms: Terms = {}
        before: tuple[str, str, Terms, int] | None = None
        for item, right in sorted(entries, key=order):
            parts = self.parts[item.id]
            own = self.least(item, measure, reach) * (1 if self.layout.as_one(item, measure) else parts)
            reached = self.add_column(f"reached[{path}|{item.id}]", 0, 1)
            last = self.add_column(f"last[{path}|{item.id}]", 0, max(own, 0))
            counted: Terms = {}
            self.add(counted, item, self.uses[item.id], measure, self.least(item, measure, reach))
            self.add_row(f"{path}/counted[{item.id}]", {last: 1, **_times(counted, -1)}, None, 0)
            self.add_row(f"{path}/within[{item.id}]", {last: 1, reached: -own}, None, 0)
            if before is not None:
                earlier, amount, terms_before, worth = before
                self.add_row(f"{path}/order[{item.id}]", {reached: 1, earlier: -1}, None, 0)
                # To go past the item before, all of it must be in the run.
                self.add_row(f"{path}/full[{item.id}]", {**terms_before, reached: worth, amount: -1}, None, worth)
            before = (reached, last, counted, own)
            window[last] = 1
            if not right or (item.date is None and self.strict):
                continue
            there = self.in_places(item, leaves)
            if len(there) == len(self.uses[item.id]):
                terms[last] = 1
                continue
            # Of the last so many, what lies in the places named.
            inside = self.add_column(f"inside[{path}|{item.id}]", 0, max(own, 0))
            self.add_row(f"{path}/last[{item.id}]", {inside: 1, last: -1}, None, 0)
            held: Terms = {}
            self.add(held, item, there, measure, self.least(item, measure, reach))
            self.add_row(f"{path}/inside[{item.id}]", {inside: 1, **_times(held, -1)}, None, 0)
            terms[inside] = 1
        self.at_most(f"{path}/of_last", window, reach)
        self.at_least(path, terms, bound, measure, measure)

    # ---- caps

    def _caps(self) -> None:
        for name, cap in sorted(self.text["caps"].items()):
            if not self.case.in_force(cap):
                continue
            leaves: Sequence[Spot] | None = None
            if "in" in cap:
                names = [each for each in words(cap["in"]) if each.partition("[")[0] in (self.text.get("places") or {})]
                if not names:
                    continue
                leaves = self.layout.leaves_in(names)
            selectors = self.reader.united(name)
            for mark, has in self.reader.cap_copies(cap):

                def binds(
                    item: Item, has: Callable[[Item], bool | None] = has, selectors: list[Any] = selectors
                ) -> bool:
                    return self.case.binds(all_of([self.reader._any_chosen(selectors, item), has(item)]))

                self._limit(f"caps/{name}", mark, cap, binds, leaves)

    def _limit(
        self,
        clause_path: str,
        mark: str,
        clause: dict[str, Any],
        binds: Callable[[Item], bool],
        leaves: Sequence[Spot] | None,
    ) -> None:
        case = self.case
        measure = clause.get("measure") or case.measure
        key = "max" if "max" in clause else "max_share"
        path = f"{clause_path}{mark}/{key}"
        if clause.get("effect") == "invalid":
            finding = self.reader._presented_limit(path, key, clause, binds, measure)
            if not finding.met:
                self.fails(path, "more is presented than this limit allows", clause_path)
            return

        def fixed(path: str, value: Fraction | None, take: Callable[[Item], bool]) -> None:
            if value is None and not self.strict:
                return
            bound = 0 if value is None else self.scaled(value, measure)
            self.at_most(path, self.gather(leaves, measure, take, lambda item: self.most(item, measure, bound)), bound)

        if key == "max":
            fixed(path, case.amount(clause["max"]), binds)
            return
        part = case.amount(clause["max_share"])
        base = clause.get("base") or "target"
        mode, grain = clause.get("rounding"), exact(clause.get("grain", 1))
        if base == "source":
            sizes: dict[str, Fraction | None] = {item.part_of: None for item in self.items if item.part_of}
            for award in case.record.get("awards") or []:
                if measure == "credits" and award.get("id") in sizes and award.get("credits") is not None:
                    sizes[award["id"]] = exact(award["credits"])
            for name, size in sorted(sizes.items()):
                value = None if size is None or part is None else Fraction(rounded(part * size, mode, grain))
                fixed(f"{path}[{name}]", value, lambda item: item.part_of == name and binds(item))  # noqa: B023
            return
        moves, where = self._moving(base, leaves)
        if part is None or not moves:
            size = self.reader._fixed_base(base, measure)
            fixed(path, None if part is None or size is None else Fraction(rounded(part * size, mode, grain)), binds)
            return
        beyond = self.beyond(measure)
        selection = self.gather(leaves, measure, binds, lambda item: self.most(item, measure, beyond))
        self._share_at_most(path, selection, where, part, mode, grain, measure)

    def _share_at_most(
        self,
        path: str,
        selection: Terms,
        where: Sequence[Spot] | None,
        part: Fraction,
        mode: str | None,
        grain: Fraction,
        measure: str,
    ) -> None:
        # A base of unknown size lets everything pass, for the learner.
        enough = _ceil(self.beyond(measure) / part) if part > 0 else 0
        whole = self.gather(where, measure, _everything, lambda item: self.least(item, measure, enough))
        terms: Terms = {}
        if mode in (None, "none"):
            _into(terms, selection, part.denominator)
            _into(terms, whole, -part.numerator)
        else:
            column = self._rounded(path, whole, part, mode, grain, measure, minimum=False)
            _into(terms, selection, 1)
            terms[column] = terms.get(column, 0) - self.scaled(grain, measure)
        self.at_most(path, terms, 0)

    # ---- exclusions, overlaps, reuse

    def _exclusions(self) -> None:
        for name, clause in sorted(self.text["exclusions"].items()):
            if not self.case.in_force(clause):
                continue
            path = f"exclusions/{name}"
            if clause.get("effect") == "invalid":
                hit = sum(
                    any(self.case.binds(self.case.chooses(selector, item)) for item in self.items)
                    for selector in clause["sets"]
                )
                if hit > clause.get("max", 1):
                    self.fails(path, "items of sets that bar each other are presented", path)
                continue
            if self.dropped(path, f"{path}/max"):
                continue
            leaves = self.layout.leaves_in(clause["in"]) if "in" in clause else None
            sets: Terms = {}
            for number, selector in enumerate(clause["sets"]):
                mark = f"{path}[{number}]"
                column = self.add_column(f"from[{mark}]", 0, 1)
                for item in self.placeable:
                    if not self.case.binds(self.case.chooses(selector, item)):
                        continue
                    for leaf in self.in_places(item, leaves):
                        own = self.x(item, leaf)
                        self.add_row(f"{mark}/{own}", {own: 1, column: -self.model.columns[own].upper}, None, 0)
                        sets[column] = 1
            self.at_most(f"{path}/max", sets, clause.get("max", 1))

    def _overlaps(self) -> None:
        for path, clause in self.layout.overlaps:
            if ("max" not in clause and "max_share" not in clause) or not self.case.in_force(clause):
                continue
            for one, other in self.layout.pairs(clause):
                self._pair(path, clause, one, other)

    def _pair(self, clause_path: str, clause: dict[str, Any], one: Spot, other: Spot) -> None:
        case = self.case
        measure = clause.get("measure") or case.measure
        pair = f"[{one.name},{other.name}]"
        key = "max" if "max" in clause else "max_share"
        path = f"{clause_path}{pair}/{key}"
        part = value = None
        moves = False
        where: Sequence[Spot] | None = None
        mode, grain = clause.get("rounding"), exact(clause.get("grain", 1))
        if key == "max":
            value = case.amount(clause["max"])
        else:
            part = case.amount(clause["max_share"])
            moves, where = self._moving(clause.get("base") or "target", None)
            moves = moves and part is not None
            size = self.reader._fixed_base(clause.get("base") or "target", measure)
            if not moves and part is not None and size is not None:
                value = Fraction(rounded(part * size, mode, grain))
        if value is None and not moves and not self.strict:
            return
        bound = self.beyond(measure) if moves else 0 if value is None else self.scaled(value, measure)
        terms: Terms = {}
        for item in self.placeable:
            first = self.in_places(item, self.layout.leaves_of([one]))
            second = self.in_places(item, self.layout.leaves_of([other]))
            if not first or not second or not case.binds(case.chooses(clause.get("from"), item)):
                continue
            if self.layout.loose(item) and not (one.within(other) or other.within(one)):
                # What lies in one place and what lies in the other may be different parts of it.
                continue
            parts = 1 if self.layout.as_one(item, measure) else self.parts[item.id]
            both = self.add_column(f"both[{clause_path}{pair}|{item.id}]", 0, parts)
            together: Terms = {}
            as_one = self.layout.as_one(item, measure)
            nested = not as_one and (one.within(other) or other.within(one))
            inner = first if one.within(other) else second
            apart = [] if as_one or nested else self.layout.apart(item, self.uses[item.id], first + second)
            for uses in [inner] if nested else [first, second, *([apart] if apart else [])]:
                if self.layout.as_one(item, measure):
                    _into(together, {self.some(item, uses): 1}, 1)
                else:
                    _into(together, self.joint(item, uses), 1)
            together[both] = -1
            self.add_row(f"{clause_path}{pair}/both[{item.id}]", together, None, 0 if nested else parts)
            terms[both] = self.most(item, measure, bound)
        if moves:
            assert part is not None
            self._share_at_most(path, terms, where, part, mode, grain, measure)
        else:
            self.at_most(path, terms, bound)

    def _reuse(self) -> None:
        reuse = self.text.get("reuse") or {}
        if reuse.get("used_elsewhere") != "limited":
            return
        for name, clause in sorted((reuse.get("limits") or {}).items()):
            if name.startswith("x-") or not self.case.in_force(clause):
                continue

            def binds(item: Item, clause: dict[str, Any] = clause) -> bool:
                used = {"used_for": clause["award"]}
                return self.case.binds(
                    all_of([self.case.chooses(used, item), self.case.chooses(clause.get("from"), item)])
                )

            self._limit(f"reuse/limits/{name}", "", clause, binds, None)

    # ---- time

    def _windows(self) -> None:
        for name, clause in sorted(self.text["windows"].items()):
            path = f"windows/{name}"
            if not self.case.in_force(clause) or self.dropped(path):
                continue
            span = clause.get("span")
            if span is None:
                if not self.strict:
                    continue
                # A window of unknown length holds at least one day.
                span = "0 days"
            leaves = self.layout.leaves_in(clause["in"]) if "in" in clause else None
            inside = [
                (item, self.in_places(item, leaves))
                for item in self.placeable
                if self.in_places(item, leaves) and self.case.binds(self.case.chooses(clause.get("from"), item))
            ]
            start: date | None = None
            openings: dict[date, str] = {}
            sliding = (clause.get("starts") or "earliest") == "earliest"
            if sliding:
                for day in sorted({item.date for item, _ in inside if item.date is not None}):
                    openings[day] = self.add_column(f"starts[{path}|{day.isoformat()}]", 0, 1)
                if openings:
                    self.add_row(f"{path}/starts", dict.fromkeys(openings.values(), 1), 1, 1)
            else:
                start = self.case.reference_day(clause["starts"])
                if start is None and not self.strict:
                    continue
            for item, uses in inside:
                if item.date is None and not self.strict:
                    continue
                for leaf in uses:
                    own = self.x(item, leaf)
                    upper = self.model.columns[own].upper
                    terms: Terms = {own: 1}
                    limit = 0
                    if item.date is not None:
                        if start is not None and start <= item.date <= later(start, span):
                            limit = upper
                        for day, column in openings.items():
                            if day <= item.date <= later(day, span):
                                terms[column] = -upper
                    self.add_row(f"{path}/{own}", terms, None, limit)

    def _pace(self) -> None:
        for name, clause in sorted(self.text["pace"].items()):
            if not self.case.in_force(clause):
                continue
            measure = clause.get("measure") or self.case.measure
            value = self.case.amount(clause["max"])
            if value is None and not self.strict:
                continue
            bound = 0 if value is None else self.scaled(value, measure)
            periods: dict[str, Terms] = {}
            for item in self.placeable:
                if not self.case.binds(self.case.chooses(clause.get("from"), item)):
                    continue
                if item.date is None and not self.strict:
                    continue
                period = "undated" if item.date is None else _period(item.date, clause["per"])
                terms = periods.setdefault(period, {})
                self.add(terms, item, self.uses[item.id], measure, self.most(item, measure, bound))
            for period, terms in sorted(periods.items()):
                self.at_most(f"pace/{name}[{period}]/max", terms, 0 if period == "undated" else bound)

    # ---- prerequisites

    def _prerequisites(self) -> None:
        for name, clause in sorted(self.text["prerequisites"].items()):
            path = f"prerequisites/{name}"
            if not self.case.in_force(clause) or self.dropped(path):
                continue
            for item in self.placeable:
                if not self.case.binds(self.case.chooses(clause["for"], item)):
                    continue
                ready = self.case.admits(self._ready(clause, clause["needs"], item))
                for leaf in self.uses[item.id]:
                    own = self.x(item, leaf)
                    if ready:
                        self._require(clause, clause["needs"], item, own, f"{path}/{own}")
                    else:
                        self.add_row(f"{path}/{own}", {own: 1}, None, 0)

    def _ready(self, clause: dict[str, Any], needs: dict[str, Any], item: Item) -> bool | None:
        """Whether what is needed may be there; what hangs on the placing counts as there."""
        if "all" in needs:
            return all_of([self._ready(clause, each, item) for each in needs["all"]])
        if "any" in needs:
            return any_of([self._ready(clause, each, item) for each in needs["any"]])
        if "not" in needs:
            return negation(self.case.condition(needs["not"]))
        if "met" in needs:
            timed = (clause.get("timing") or "before") != "any"
            return None if timed and self.reader.dated(needs["met"]) is False else True
        return self.reader._ready(clause, needs, item, [])

    def _require(self, clause: dict[str, Any], needs: dict[str, Any], item: Item, guard: str, name: str) -> None:
        """A column is above 0 only if what hangs on the placing is there."""
        upper = self.model.columns[guard].upper
        if "met" in needs:
            path, timing = needs["met"], clause.get("timing") or "before"
            timed = timing != "any" and self.reader.dated(path) is True
            column = self._met_in_time(path, timing, item) if timed else self._met_column(path)
            self.add_row(f"{name}/{path}", {guard: 1, column: -upper}, None, 0)
        elif "all" in needs:
            for number, each in enumerate(needs["all"]):
                self._require(clause, each, item, guard, f"{name}/{number}")
        elif "any" in needs:
            ways = []
            for number, each in enumerate(needs["any"]):
                if self.case.admits(self._ready(clause, each, item)):
                    if not _hangs(each):
                        return
                    ways.append((number, each))
            if len(ways) == 1:
                self._require(clause, ways[0][1], item, guard, f"{name}/{ways[0][0]}")
                return
            terms: Terms = {guard: 1}
            for number, each in ways:
                way = self.add_column(f"way[{name}/{number}]", 0, 1)
                terms[way] = -upper
                self._require(clause, each, item, way, f"{name}/{number}")
            self.add_row(f"{name}/any", terms, None, 0)

    def _met_column(self, path: str) -> str:
        if path in self._met:
            return self._met[path]
        column = self._met[path] = self.add_column(f"met[{path}]", 0, 1)
        self._only_chosen(path, column)
        inside = (path + "/", path + "[")
        for minimum, (short, _, _) in self.model.minima.items():
            if minimum == path or minimum.startswith(inside):
                upper = self.model.columns[short].upper
                self.add_row(f"met/{minimum}", {short: 1, column: upper}, None, upper)
        for fault in self.model.broken:
            if fault == path or fault.startswith(inside):
                self.add_row(f"met/{fault}", {column: 1}, None, 0)
        return column

    def _only_chosen(self, path: str, column: str) -> None:
        spots = self.layout.named(path[len("places/") :]) if path.startswith("places/") else []
        asked = [spot for spot in spots if not spot.supposed]
        for above in sorted({above for spot in asked if (above := self.chosen_above(spot)) is not None}):
            # A place that a choice passes over is not met.
            self.add_row(f"{column}/{above}", {column: 1, above: -1}, None, 0)

    def _met_in_time(self, path: str, timing: str, item: Item) -> str:
        """A column that is 1 only if a clause is met by what is in time for an item."""
        name = f"{path}|{timing}|{item.id}"
        if name in self._met:
            return self._met[name]
        column = self._met[name] = self.add_column(f"met[{name}]", 0, 1)
        times = {
            other.id
            for other in self.placeable
            if other is not item and self.case.admits(self.case.in_time(other, item, timing))
        }
        self._only_chosen(path, column)
        if path.startswith("places/"):
            for spot in self.layout.named(path[len("places/") :]):
                if not spot.supposed:
                    self._place_in_time(spot, column, times)
        else:
            self._bounds_in_time(path, column, times)
        return column

    def _place_in_time(self, spot: Spot, guard: str, times: set[str]) -> None:
        self._bounds_in_time(spot.path, guard, times)
        choose = spot.spec.get("choose")
        if choose is None:
            for child in spot.children:
                if not child.optional:
                    self._place_in_time(child, guard, times)
            return
        done: Terms = {}
        for child in spot.children:
            column = self.add_column(f"done[{guard}/{child.path}]", 0, 1)
            done[column] = 1
            self.add_row(f"done/{guard}/{child.path}", {column: 1, self.chosen[child.number]: -1}, None, 0)
            self._place_in_time(child, column, times)
        least = choose if isinstance(choose, int) else choose.get("min") or 0
        if least and spot.asked:
            self.add_row(f"{guard}/{spot.path}/choose", {**done, guard: -least}, 0, None)

    def _bounds_in_time(self, path: str, guard: str, times: set[str]) -> None:
        inside = (path + "/", path + "[")
        for minimum, (short, _, _) in list(self.model.minima.items()):
            if minimum.startswith(inside) and minimum != f"{path}/choose":
                row = self.model.rows[minimum].terms.items()
                terms = {column: value for column, value in row if self._about.get(column) in times}
                terms[guard] = -self.model.columns[short].upper
                self.add_row(f"{guard}/{minimum}", terms, 0, None)
        for fault in self.model.broken:
            if fault == path or fault.startswith(inside):
                self.add_row(f"{guard}/{fault}", {guard: 1}, None, 0)

    # ---- outcomes, requirements, averages

    def _conditions(self) -> None:
        for path, condition in self.text.get("conditions") or ():
            if not self.case.admits(self.case.condition(condition)):
                self.fails(path, "the condition of this alternative does not hold")

    def _outcomes(self) -> None:
        for name, clause in sorted(self.text["outcomes"].items()):
            path = f"outcomes/{name}"
            if not self.case.in_force(clause) or (clause.get("per") == "unit" and clause.get("set") is not None):
                continue
            if clause.get("set") is None:
                if self.strict:
                    self.fails(f"{path}/set", "the outcomes are not listed", path)
                continue
            needed = outcomes_needed(self.case, clause)
            if needed is None:
                if self.strict:
                    self.fails(f"{path}/min", "the number is not known", path)
                continue
            terms: Terms = {}
            for outcome in clause["set"]:
                holders: Terms = {}
                for item in self.placeable:
                    if not self.case.admits(self.case.chooses(clause.get("from"), item)):
                        continue
                    if outcome in item.outcomes if item.outcomes is not None else not self.strict:
                        holders[self.fully(item)] = -1
                if holders:
                    column = self.add_column(f"covered[{path}|{outcome}]", 0, 1)
                    self.add_row(f"{path}/covered[{outcome}]", {**holders, column: 1}, None, 0)
                    terms[column] = 1
            self.at_least(path, terms, _ceil(needed), "units", "outcomes")

    def _requirements(self) -> None:
        for name, clause in sorted(self.text["requirements"].items()):
            path = f"requirements/{name}"
            if self.case.in_force(clause) and not self.case.admits(self.case.requirement(name, clause)):
                self.fails(path, "not done, or the record does not say so")

    def _averages(self) -> None:
        for name, clause in sorted(self.text["averages"].items()):
            clause_path = f"averages/{name}"
            path = f"{clause_path}/min"
            if not self.case.in_force(clause) or self.dropped(path, clause_path):
                continue
            least = self.case.amount(clause["min"])
            if least is None or clause.get("over") == "record":
                if not self.reader._average(path, clause).met:
                    self.fails(path, "the average is too low, or not known", clause_path)
                continue
            self._mean(path, clause, least)

    def _mean(self, path: str, clause: dict[str, Any], least: Fraction) -> None:
        leaves = self.layout.leaves_in(clause["in"]) if "in" in clause else None
        mean = Mean(self.layout, clause, least, self.layout.leaves if leaves is None else list(leaves))
        known = Fraction(1)
        variants: dict[str, list[Number]] = {}
        for group in mean.groups.values():
            for attempt in group:
                entering = [mean.entering(attempt)]
                if self.strict and len(group) > 1 and mean.rises(attempt):
                    # It enters only if it is as good as the best of those whose grade is known.
                    others = {each.first for each in group if each.settled}
                    entering += sorted(best for best in others if best > entering[0])
                variants[attempt.item.id] = entering
                margins: list[Number] = [max(term, -term) for each in entering for term in [mean.term(attempt, each)]]
                known += max((Fraction(each) for each in margins if each != INFINITE), default=Fraction(0))

        def per_quantum(attempt: Attempt, points: Number) -> Fraction:
            term = mean.term(attempt, points)
            if abs(term) == INFINITE:
                # More than all others together can make good, or need; so is any part of it.
                return known if term > 0 else -known
            as_one = self.layout.as_one(attempt.item, mean.measure)
            return Fraction(term) if as_one else Fraction(term) / self.parts[attempt.item.id]

        scale = 1
        for group in mean.groups.values():
            for attempt in group:
                for points in variants[attempt.item.id]:
                    scale = _lcm(scale, per_quantum(attempt, points).denominator)

        def of(attempt: Attempt, points: Number) -> Terms:
            found: Terms = {}
            value = (per_quantum(attempt, points) * scale).numerator
            self.add(found, attempt.item, self.in_places(attempt.item, leaves), mean.measure, value)
            return found

        terms: Terms = {}
        least_sum = 0
        for name, group in mean.groups.items():
            if len(group) == 1:
                alone = mean.entering(group[0])
                if group[0].definite or (mean.term(group[0], alone) > 0) != self.strict:
                    _into(terms, of(group[0], alone), 1)
                continue
            span = 0
            for attempt in group:
                quanta = 1 if self.layout.as_one(attempt.item, mean.measure) else self.parts[attempt.item.id]
                for points in variants[attempt.item.id]:
                    span = max(span, abs((per_quantum(attempt, points) * scale).numerator) * quanta)
            if span:
                column = self.add_column(f"mean[{path}|{name}]", 0, 2 * span)
                terms[column] = 1
                least_sum += span
                self._competing(f"{path}/{name}", mean, group, column, span, variants, of, leaves)
        if mean.beyond:
            # Reached is not enough once anything is graded: the mean has to pass.
            graded = [each for group in mean.groups.values() for each in group if mean.weighs(each)]
            if graded:
                column = self.add_column(f"graded[{path[: -len('/min')]}]", 0, 1)
                for there in sorted({self.some(each.item, self.in_places(each.item, leaves)) for each in graded}):
                    self.add_row(f"{path}/graded|{there}", {column: 1, there: -1}, 0, None)
                terms[column] = -1
        terms = {column: value for column, value in terms.items() if value}
        if terms:
            self.add_row(path, terms, least_sum, None)

    def _competing(
        self,
        base: str,
        mean: Mean,
        group: list[Attempt],
        column: str,
        span: int,
        variants: dict[str, list[Number]],
        of: Callable[[Attempt, Number], Terms],
        leaves: Sequence[Spot] | None,
    ) -> None:
        """``column`` is at most ``span`` more than what the attempt at a unit that enters adds."""
        present = {each.item.id: self.some(each.item, self.in_places(each.item, leaves)) for each in group}
        most = 2 * span
        settled = [each for each in group if each.settled]
        open_ways = not self.strict and len(settled) < len(group)

        def add(name: str, limit: Terms, guards: Terms, free: int) -> None:
            """``column - span <= limit``, unless a guard is 1, or 0 for one of those that count down."""
            terms: Terms = {column: 1}
            _into(terms, limit, -1)
            _into(terms, guards, -most)
            self.add_row(name, terms, None, span + free * most)

        def better(key: Number) -> Terms:
            return {present[each.item.id]: 1 for each in settled if each.first > key}

        ways: Terms = {}
        if open_ways and settled:
            way = self.add_column(f"way[{base}]", 0, 1)
            ways[way] = 1
            self.add_row(f"{base}/settled", {way: 1, **{present[each.item.id]: -1 for each in settled}}, None, 0)
        for attempt in group:
            here = present[attempt.item.id]
            own = f"{base}|{attempt.item.id}"
            if attempt.settled:
                guards = better(attempt.first)
                _into(guards, {here: -1}, 1)
                if open_ways:
                    _into(guards, {f"way[{base}]": -1}, 1)
                add(own, of(attempt, mean.entering(attempt)), guards, 2 if open_ways else 1)
            elif self.strict:
                for number, points in enumerate(variants[attempt.item.id]):
                    guards = better(points if mean.rises(attempt) else attempt.last)
                    _into(guards, {here: -1}, 1)
                    add(f"{own}|{number}", of(attempt, points), guards, 1)
            else:
                way = self.add_column(f"way[{own}]", 0, 1)
                ways[way] = 1
                self.add_row(f"{own}/counted", {way: 1, here: -1}, None, 0)
                for there in better(attempt.last):
                    self.add_row(f"{own}/{there}", {way: 1, there: 1}, None, 1)
                add(own, of(attempt, mean.entering(attempt)), {way: -1}, 1)
        definite = {present[each.item.id]: 1 for each in group if each.definite}
        if open_ways:
            way = self.add_column(f"way[{base}|none]", 0, 1)
            ways[way] = 1
            for there in definite:
                self.add_row(f"{base}/none/{there}", {way: 1, there: 1}, None, 1)
            add(f"{base}/none", {}, {way: -1}, 1)
            self.add_row(f"{base}/ways", ways, 1, 1)
        else:
            add(f"{base}/none", {}, definite, 0)

    # ---- objective

    def _objective(self) -> None:
        """What lacks in the rule's measure first, then in the other measures, then items, then outcomes."""
        if self.offered is not None:
            # Of a completion nothing may lack.
            for short, _, _ in self.model.minima.values():
                self.model.columns[short].upper = 0
            return
        order = {"credits": 1, "hours": 2, "points": 3, "units": 4, "items": 4, "outcomes": 5}
        place = {
            path: 0 if missing == self.case.measure else order[missing]
            for path, (_, _, missing) in self.model.minima.items()
        }
        # Items are counted whole, amounts of units in units of a row: beside each other they weigh the same.
        weight = {
            path: self.model.scale["units"] if missing == "items" else 1
            for path, (_, _, missing) in self.model.minima.items()
        }
        most = [0] * 6
        for path, (short, _, _) in self.model.minima.items():
            most[place[path]] += self.model.columns[short].upper * weight[path]
        cost = [1] * 6
        for position in range(4, -1, -1):
            cost[position] = cost[position + 1] * (most[position + 1] + 1)
        for path, (short, _, _) in self.model.minima.items():
            self.model.columns[short].cost = cost[place[path]] * weight[path]


def _hangs(needs: dict[str, Any]) -> bool:
    """Whether what is needed hangs on what is placed."""
    return "met" in needs or any(_hangs(each) for key in ("all", "any") for each in needs.get(key, ()))


def _everything(item: Item) -> bool:
    return True


def _times(terms: Terms, factor: int) -> Terms:
    return {column: value * factor for column, value in terms.items()}


def _into(terms: Terms, more: Terms, factor: int) -> None:
    for column, value in more.items():
        terms[column] = terms.get(column, 0) + value * factor


def build(
    rule: Any,
    record: Any,
    *,
    choice: dict[str, Any] | None = None,
    reading: str = "strict",
    world: Any = None,
    without: Iterable[str] = (),
    offered: Iterable[str] | None = None,
) -> Model:
    """The integer model of a rule and a record under one reading.

    Parameters
    ----------
    rule, record, choice, reading, world
        As in :func:`evaluate`.
    without : iterable of str
        Bounds to leave out, by path (``"caps/rpl/max_share"``).
    offered : iterable of str, optional
        Ids of items that count only when taken: ``take[item]`` says whether they are. Nothing may lack.

    Returns
    -------
    Model

    Examples
    --------
    >>> rule = {"total": {"min": 20}}
    >>> model = build(rule, {"items": [{"id": "a", "credits": 15}]})
    >>> model.rows["total/min"].terms, model.rows["total/min"].lower
    ({'x[a|everything]': 15, 'short[total/min]': 1}, 20)
    """
    return _Builder(Case(rule, record, choice, reading, world), without, offered).build()
