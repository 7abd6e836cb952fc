"""Does this allocation meet every clause of a rule?

An evaluator without a solver: given which item lies in which place, each clause is added up and
compared, in time about linear in items and clauses.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from ._averages import Mean
from ._places import Layout, Spot, outcomes_needed
from ._reading import NotAnInput, exact
from ._select import INFINITE, MEASURES, Case, Item, Number, all_of, any_of, later, negation, rounded, words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import date

__all__ = ["Evaluation", "Finding", "Report", "evaluate"]

#: What is missing, in the order in which two shortfalls are compared: the rule's own measure
#: comes before all of them.
ORDER = (*MEASURES[:-1], "items", "outcomes")
ZERO = Fraction(0)


@dataclass(frozen=True)
class Finding:
    """One bound of one clause, judged.

    Attributes
    ----------
    path : str
        ``"caps/rpl/max_share"``; a copy of a clause names its value in brackets.
    met : bool
    have, needed : Fraction or None
        What was counted toward the bound, and the bound; None where it is not known.
    lacking : Fraction
        What a minimum lacks; 0 for every other bound.
    measure : str
        Of ``have`` and ``needed``: credits, hours, points, units, grade, or "" for a yes or no.
    note : str
        Which items, or which unknown, the finding hangs on.
    kind : str
        ``"minimum"`` (what it lacks is part of the shortfall), ``"limit"`` (a maximum, a gate or a
        rule of allocation: must be kept), ``"case"`` (no allocation changes it).
    missing : str
        In what a minimum lacks: a measure, ``"items"`` (units of a set, choices, distinct values)
        or ``"outcomes"``.
    priority : int
    """

    path: str
    met: bool
    have: Number | None = None
    needed: Number | None = None
    lacking: Number = ZERO
    measure: str = ""
    note: str = ""
    kind: str = "limit"
    missing: str = ""
    priority: int = 1

    def as_tuple(self) -> tuple[str, bool, Number | None, Number | None, str]:
        """Path, met, have, needed, note."""
        return self.path, self.met, self.have, self.needed, self.note


class Report:
    """Every clause of a rule, judged on one allocation.

    Attributes
    ----------
    findings : list of Finding
    met : bool
        Whether every clause is met.
    admissible : bool
        Whether every limit is kept (what is a minimum may lack).
    """

    def __init__(self, findings: list[Finding], measure: str) -> None:
        self.findings = findings
        self.measure = measure
        self.met = all(each.met for each in findings)
        self.admissible = all(each.met for each in findings if each.kind == "limit")

    def __iter__(self) -> Iterator[Finding]:
        return iter(self.findings)

    def __len__(self) -> int:
        return len(self.findings)

    def __getitem__(self, path: str) -> Finding:
        for each in self.findings:
            if each.path == path:
                return each
        raise KeyError(path)

    @property
    def broken(self) -> list[Finding]:
        """Findings that are not met."""
        return [each for each in self.findings if not each.met]

    def shortfall(self) -> dict[str, Number]:
        """What all minima lack together, by measure; a measure that lacks nothing is left out."""
        found: dict[str, Number] = {}
        for each in self.findings:
            if each.lacking:
                found[each.missing] = found.get(each.missing, ZERO) + each.lacking
        return found

    def rank(self) -> tuple[Number, ...]:
        """The shortfall as a vector to compare: the rule's measure, then the others in order."""
        found = self.shortfall()
        first = found.pop(self.measure, ZERO)
        # Units asked as an amount are items, like units of a set.
        found["items"] = found.get("items", ZERO) + found.pop("units", ZERO)
        return (first, *(found.get(each, ZERO) for each in ORDER))

    def __repr__(self) -> str:
        return f"<Report: {len(self.broken)} of {len(self)} bounds not met>"


class Evaluation:
    """One allocation of one case.

    Parameters
    ----------
    layout : Layout
    placed : dict
        Item position to a dictionary of leaf to part: a Fraction in (0, 1] of the item.
    """

    def __init__(self, layout: Layout, placed: dict[int, dict[Spot, Fraction]]) -> None:
        self.layout = layout
        self.case: Case = layout.case
        self.text = self.case.text
        self.placed = placed
        self.measure = self.case.measure
        self.counted_items = [self.case.items[index] for index in sorted(placed)]
        self.presented = [item for item in self.case.items if self.case.may_count(item)]
        self._unions: dict[tuple[int, frozenset[Spot]], Fraction] = {}
        #: Places that have to be met: all but those a choice passes over.
        self.chosen: set[int] = set()
        self._choices: dict[int, list[Spot]] = {}
        self._exempts: list[dict[str, Any]] | None = None
        self._lying: dict[int, list[Item]] = {}
        for item in self.counted_items:
            for spot in placed[item.index]:
                self._lying.setdefault(spot.number, []).append(item)

    # ---- how much of an item

    def lying_in(self, leaves: list[Spot] | None) -> list[Item]:
        """The counted items that lie in these leaves, in their order."""
        if leaves is None or leaves is self.layout.leaves:
            return self.counted_items
        found = {item.index: item for leaf in leaves for item in self._lying.get(leaf.number, ())}
        return [found[index] for index in sorted(found)]

    def part(self, item: Item, leaves: Iterable[Spot] | None = None) -> Fraction:
        """How much of an item lies in these leaves, each quantum once; 0 to 1, or more if it is overused.

        Places that share nothing hold different quanta; among places that may share, the largest
        part counts. So it is the heaviest set of places no two of which may share.
        """
        spots = self.placed.get(item.index, {})
        everywhere = leaves is None or leaves is self.layout.leaves
        chosen = list(spots) if everywhere else [spot for spot in spots if spot in leaves]  # type: ignore[operator]
        if len(chosen) <= 1:
            return spots[chosen[0]] if chosen else ZERO
        key = (item.index, frozenset(chosen))
        if key not in self._unions:
            self._unions[key] = self._heaviest(item, chosen, spots)
        return self._unions[key]

    def _heaviest(self, item: Item, left: list[Spot], parts: dict[Spot, Fraction]) -> Fraction:
        if not left:
            return ZERO
        first, rest = left[0], left[1:]
        apart = [spot for spot in rest if self.layout.exclusive(first, spot, item)]
        taken = parts[first] + self._heaviest(item, apart, parts)
        return taken if len(apart) == len(rest) else max(taken, self._heaviest(item, rest, parts))

    def least(self, item: Item, part: Fraction, measure: str) -> Number:
        """What a part of an item brings toward a minimum."""
        low, high = self.layout.size(item, measure)
        return self._brings(item, low if self.case.strict else high, part, measure)

    def most(self, item: Item, part: Fraction, measure: str) -> Number:
        """What a part of an item brings toward a maximum."""
        low, high = self.layout.size(item, measure)
        return self._brings(item, high if self.case.strict else low, part, measure)

    def _brings(self, item: Item, size: Number, part: Fraction, measure: str) -> Number:
        if part <= 0:
            return ZERO
        # Units are counted, not weighed: an item is there or it is not.
        return size if self.layout.as_one(item, measure) else size * part

    def added(
        self,
        take: Callable[[Item], bool],
        leaves: list[Spot] | None,
        measure: str,
        toward: Callable[[Item, Fraction, str], Number],
    ) -> Number:
        """Sum over the counted items taken."""
        total: Number = ZERO
        for item in self.lying_in(leaves):
            part = self.part(item, leaves)
            if part > 0 and take(item):
                total += toward(item, part, measure)
        return total

    # ---- findings of one kind

    def minimum(
        self,
        path: str,
        have: Number,
        needed: Fraction | None,
        measure: str,
        clause: dict[str, Any],
        missing: str | None = None,
    ) -> Finding:
        """A minimum against what there is; an unknown one counts against the learner."""
        if needed is None:
            return Finding(path, not self.case.strict, have, None, ZERO, measure, "the amount is not known", "case")
        lacking = max(ZERO, needed - have)
        return Finding(
            path,
            lacking == 0,
            have,
            needed,
            lacking,
            measure,
            kind="minimum",
            missing=missing or measure,
            priority=clause.get("priority") or 1,
        )

    def maximum(self, path: str, have: Number, needed: Number | None, measure: str) -> Finding:
        """A maximum against what there is; under an unknown one, nothing is certain to keep it."""
        if needed is None:
            met = not self.case.strict or have <= 0
            return Finding(path, met, have, None, ZERO, measure, "the amount is not known")
        return Finding(path, have <= needed, have, needed, ZERO, measure)

    # ---- all of them

    def findings(self) -> list[Finding]:
        """Every clause in force."""
        found = [*self._conditions(), *self._use()]
        found += self._tree(self.layout.root)
        for spot in self.layout.root.children:
            self._choose_all(spot)
        found += self._total()
        found += self._floors()
        found += self._caps()
        found += self._exclusions()
        found += self._overlaps()
        found += self._reuse()
        found += self._windows()
        found += self._pace()
        found += self._outcomes()
        found += self._requirements()
        found += self._averages()
        found += self._prerequisites(found)
        return found

    def _conditions(self) -> list[Finding]:
        return [
            Finding(path, self.case.admits(self.case.condition(condition)), kind="case")
            for path, condition in self.text.get("conditions") or ()
        ]

    def _use(self) -> list[Finding]:
        """Gates, wholeness, and how often an item may be used."""
        found = []
        most = self.layout.allocation.get("max_places")
        for item in self.counted_items:
            spots = self.placed[item.index]
            refused = {reason for leaf in spots if (reason := self.layout.refusal(item, leaf)) is not None}
            found += [Finding(reason, False, note=item.id) for reason in sorted(refused)]
            for leaf, part in spots.items():
                if (part * self.layout.steps(item, leaf)).denominator != 1 or not 0 < part <= 1:
                    found.append(Finding(f"item/{item.id}", False, part, None, note=f"cut in {leaf.path}"))
            used = self.part(item)
            note = "" if used <= 1 else "in " + ", ".join(sorted(leaf.path for leaf in spots))
            found.append(Finding(f"item/{item.id}", used <= 1, used, Fraction(1), note=note))
            if most is not None:
                # Of equal units, each on average.
                times = sum(spots.values(), ZERO) if self.layout.by_unit(item) else Fraction(len(spots))
                found.append(
                    Finding(
                        f"allocation/max_places[{item.id}]",
                        times <= most,
                        times,
                        Fraction(most),
                        measure="units",
                    )
                )
        return found

    # ---- places

    def _tree(self, spot: Spot) -> list[Finding]:
        """A place with all below it; of a choice, the sub-places that are chosen."""
        found = self._bounds(spot) + self._unstated(spot)
        choose = spot.spec.get("choose")
        if choose is None:
            for child in spot.children:
                below = self._tree(child)
                if not child.optional:
                    found += below
                elif self._used(child):
                    found += [replace(each, kind="limit") if each.kind == "case" else each for each in below]
            return found
        least, most = (choose, choose) if isinstance(choose, int) else (choose.get("min") or 0, choose.get("max"))
        if spot.roomy:
            most = None
        filled: list[tuple[Spot, list[Finding]]] = []
        empty: list[tuple[Spot, list[Finding]]] = []
        for child in spot.children:
            below = self._tree(child)
            if self._used(child):
                # What nobody can show to be met may not be chosen; it is left empty.
                below = [replace(each, kind="limit") if each.kind == "case" else each for each in below]
                filled.append((child, below))
            elif all(each.met or each.kind == "minimum" for each in below):
                empty.append((child, below))
        empty.sort(key=lambda entry: Report(entry[1], self.measure).rank())
        wanted = least if spot.asked else 0
        chosen = filled + empty[: max(0, wanted - len(filled))]
        # What asks for nothing may be chosen as well, as far as the choice goes.
        idle = [entry for entry in empty[max(0, wanted - len(filled)) :] if all(each.met for each in entry[1])]
        chosen += idle if most is None else idle[: max(0, most - len(chosen))]
        self._choices[spot.number] = [child for child, _ in chosen]
        for _, below in chosen:
            found += below
        if wanted:
            found.append(
                self.minimum(
                    f"{spot.path}/choose", Fraction(len(chosen)), Fraction(wanted), "units", spot.spec, "items"
                )
            )
        if most is not None:
            found.append(self.maximum(f"{spot.path}/choose/max", Fraction(len(filled)), Fraction(most), "units"))
        return found

    def _used(self, spot: Spot) -> bool:
        leaves = self.layout.leaves_of([spot])
        return any(leaf.number in self._lying for leaf in leaves)

    def _unstated(self, spot: Spot) -> list[Finding]:
        return [
            Finding(path, False, note="an item may have a value of its own", kind="case")
            for parent, path in self.layout.unstated
            if parent is spot
        ]

    def _choose_all(self, spot: Spot) -> None:
        self.chosen.add(spot.number)
        for child in self._choices.get(spot.number, spot.children):
            self._choose_all(child)

    def _bounds(self, spot: Spot) -> list[Finding]:
        spec = spot.spec
        if not spot.asked:
            return []
        measure = spec.get("measure") or self.measure
        leaves = self.layout.leaves_of([spot])
        found: list[Finding] = []
        if spec.get("all"):
            listed = self._all(spot.path, spec, spec.get("from"), leaves)
            if listed is not None:
                found += listed
            elif "min" not in spec and "exact" not in spec:
                found.append(self._not_known(f"{spot.path}/all", "the units of this set are not listed"))
        for path, key, is_minimum in _sides(spot.path, spec):
            amount = self.case.amount(spec[key])
            if is_minimum:
                if not self._lifted(spec):
                    have = self.added(lambda item: True, leaves, measure, self.least)
                    found.append(self.minimum(path, have, amount, measure, spec))
            elif not spot.roomy:
                have = self.added(lambda item: True, leaves, measure, self.most)
                found.append(self.maximum(path, have, amount, measure))
        return found

    def _not_known(self, path: str, note: str) -> Finding:
        return Finding(path, not self.case.strict, note=note, kind="case")

    def _lifted(self, spec: dict[str, Any]) -> bool:
        """Whether an exemption lifts the tag that is a place's whole filter."""
        selector = spec.get("from")
        if not isinstance(selector, dict) or list(selector) != ["tag"]:
            return False
        for edit in self._exempting():
            replace = edit["replace"]
            if isinstance(replace, dict) and list(replace) == ["tag"]:
                lifted = words(replace["tag"])
                if all(tag in lifted for tag in words(selector["tag"])):
                    return True
        return False

    def _exempting(self) -> list[dict[str, Any]]:
        if self._exempts is not None:
            return self._exempts
        case = self.case
        found = self._exempts = []
        for name, edit in sorted(self.text["substitutions"].items()):
            if edit.get("gives") != "exemption" or not case.decided("substitutions", name, edit):
                continue
            if not case.permits(edit):
                continue
            by = edit.get("by")
            if by in (None, "everything") or any(
                item.status in case.admitted and case.admits(case.selects(by, item)) for item in case.items
            ):
                found.append(edit)
        return found

    def _exempt(self, unit: str) -> bool:
        case = self.case
        if "exempted" in case.admitted and any(item.status == "exempted" and item.unit == unit for item in case.items):
            return True
        return any(
            isinstance(edit["replace"], dict)
            and list(edit["replace"]) == ["unit"]
            and unit in words(edit["replace"]["unit"])
            for edit in self._exempting()
        )

    def _all(self, path: str, clause: dict[str, Any], selector: Any, leaves: list[Spot] | None) -> list[Finding] | None:
        """One finding per unit of a set; None if the set lists none."""
        units = self.units_of(selector)
        if not units:
            return None
        wanted = [unit for unit in units if not self._exempt(unit)]
        holders: dict[str, list[tuple[int, int]]] = {unit: [] for unit in wanted}
        for item in self.lying_in(leaves):
            part = self.part(item, leaves)
            # Of several equal units, each stands for one of the set.
            there = int(part * item.count) if self.layout.by_unit(item) else int(part > 0)
            for unit in self.case.served(item, wanted) if there else ():
                holders[unit] += [(item.index, number) for number in range(there)]
        covered = _matched(holders)
        return [
            self.minimum(f"{path}/all[{unit}]", Fraction(unit in covered), Fraction(1), "units", clause, "items")
            for unit in wanted
        ]

    def units_of(self, selector: Any) -> list[str]:
        """Units a selector lists, or those of the rule that it selects."""
        if isinstance(selector, dict) and "unit" in selector:
            return sorted(set(words(selector["unit"])))
        found = set()
        for entry in self.text.get("units") or ():
            if entry.get("unit"):
                known = {key: entry.get(key) for key in ("unit", "level", "credits", "hours", "tags")}
                if self.case.selects(selector, Item({"id": entry["unit"], **known}, -1)) is True:
                    found.add(entry["unit"])
        return sorted(found)

    # ---- total, floors, caps

    def _total(self) -> list[Finding]:
        total = self.text.get("total")
        if total is None or not self.case.in_force(total):
            return []
        measure = total.get("measure") or self.measure
        found = []
        for path, key, is_minimum in _sides("total", total):
            amount = self.case.amount(total[key])
            if is_minimum:
                have = self.added(lambda item: True, None, measure, self.least)
                found.append(self.minimum(path, have, amount, measure, total))
            else:
                have = self.added(lambda item: True, None, measure, self.most)
                found.append(self.maximum(path, have, amount, measure))
        return found

    def target(self) -> Fraction | None:
        """The size of the award: the least total, or the parameter ``target`` of a policy."""
        total = self.text.get("total") or {}
        for key in ("min", "exact"):
            if key in total:
                return self.case.amount(total[key])
        return self.case.amount({"parameter": "target"})

    def target_measure(self) -> str:
        """What the size of the award is counted in."""
        total = self.text.get("total") or {}
        return (total.get("measure") if "min" in total or "exact" in total else None) or self.measure

    def _fixed_base(self, base: str, measure: str) -> Fraction | None:
        # Amounts of another measure are no base: nobody said how many hours a credit is.
        if base == "target":
            return self.target() if self.target_measure() == measure else None
        if base == "smaller" and measure == self.target_measure() == "credits":
            held = [
                exact(each["credits"])
                for each in self.case.record.get("awards") or []
                if each.get("credits") is not None
            ]
            own = self.target()
            return min([*held, *([own] if own is not None else [])]) if held else None
        return None

    def _moving_leaves(self, base: str, leaves: list[Spot] | None) -> tuple[bool, list[Spot] | None]:
        """Whether a base moves with what is counted, and where it is counted."""
        if base == "counted":
            return True, None
        if base == "component":
            return True, leaves
        if base.startswith("place:"):
            return True, self.layout.leaves_in(base[6:])
        return False, None

    def share(
        self, clause: dict[str, Any], key: str, leaves: list[Spot] | None, measure: str, *, of_minimum: bool
    ) -> Number | None:
        """The bound a share comes to; None if the share or its base is not known.

        What counts toward the base is read against the learner: low for a maximum, high for a
        minimum.
        """
        part = self.case.amount(clause[key])
        base_name = clause.get("base") or "target"
        if part is None:
            return None
        moves, where = self._moving_leaves(base_name, leaves)
        base: Number | None
        if moves:
            base = self.added(lambda item: True, where, measure, self.most if of_minimum else self.least)
        else:
            base = self._fixed_base(base_name, measure)
        if base is None:
            return None
        value = ZERO if part == 0 else part * base
        return rounded(value, clause.get("rounding"), exact(clause.get("grain", 1)))

    def _each(self, clause: dict[str, Any]) -> list[tuple[str, Callable[[Item], bool | None]]]:
        """The copies of a clause: a mark for the path, and which items have the copy's value."""
        attribute = clause.get("for_each")
        if not attribute:
            return [("", lambda item: True)]
        case = self.case

        def has(value: str) -> Callable[[Item], bool | None]:
            return lambda item: any_of(case.has_value(form, attribute, value) for form in case.forms(item))

        return [(f"[{value}]", has(value)) for value in case.record_values(attribute)]

    def floor_unstated(self, floor: dict[str, Any]) -> bool:
        """Whether a floor for each value may have a copy that is not known to be met."""
        case = self.case
        return (
            case.strict
            and bool(floor.get("for_each"))
            and case.unstated(floor["for_each"])
            and ("min_share" in floor or case.asks(floor, "min"))
        )

    def cap_copies(self, cap: dict[str, Any]) -> list[tuple[str, Callable[[Item], bool | None]]]:
        """The copies of a cap; items whose value nobody stated may share one."""
        copies = self._each(cap)
        if copies or not self.case.strict or not self.case.unstated(cap["for_each"]):
            return copies
        return [("[?]", lambda item: None if self.case.values(item, cap["for_each"]) is None else False)]

    def _selected(self, selector: Any, has: Callable[[Item], bool | None], item: Item) -> bool | None:
        return all_of([self.case.chooses(selector, item), has(item)])

    def _floors(self) -> list[Finding]:
        found: list[Finding] = []
        for name, floor in sorted(self.text["floors"].items()):
            if not self.case.in_force(floor):
                continue
            path = f"floors/{name}"
            leaves = self.layout.leaves_in(floor.get("in"), proving=True)
            if floor.get("all"):
                listed = self._all(path, floor, floor.get("from"), leaves)
                found += [self._not_known(f"{path}/all", "the units are not listed")] if listed is None else listed
                continue
            if self.floor_unstated(floor):
                found.append(Finding(f"{path}[?]", False, note="an item may have a value of its own", kind="case"))
            for mark, has in self._each(floor):
                found.append(self._floor(name, path + mark, floor, leaves, has))
        return found

    def _floor(
        self, name: str, path: str, floor: dict[str, Any], leaves: list[Spot], has: Callable[[Item], bool | None]
    ) -> Finding:
        case = self.case
        measure = floor.get("measure") or self.measure
        selector = floor.get("from")

        def take(item: Item) -> bool:
            return case.admits(self._selected(selector, has, item))

        if "min_share" in floor:
            path += "/min_share"
            if floor.get("over") == "record" and self._moving_leaves(floor.get("base") or "target", leaves)[0]:
                part = case.amount(floor["min_share"])
                base = self._of_record(lambda item: True, measure, toward_minimum=False)
                value = None if part is None else ZERO if part == 0 else part * base
                needed = None if value is None else rounded(value, floor.get("rounding"), exact(floor.get("grain", 1)))
            else:
                needed = self.share(floor, "min_share", leaves, measure, of_minimum=True)
        else:
            path += "/min"
            needed = case.amount(floor["min"])
        if floor.get("over") == "record":
            have = self._of_record(take, measure, toward_minimum=True)
            if needed is None:
                return self._not_known(path, "the amount is not known")
            return Finding(path, have >= needed, have, needed, ZERO, measure, "over the whole record", "case")
        if "distinct" in floor:
            return self.minimum(path, self._distinct(floor["distinct"], take, leaves), needed, "units", floor, "items")  # type: ignore[arg-type]
        if "of_last" in floor:
            reach = case.amount(floor["of_last"])
            if reach is None:
                return self._not_known(path[: -len("/min")] + "/of_last", "the number is not known")
            have = self._of_last(reach, take, leaves, measure)
        else:
            have = self._under_caps(name, take, leaves, measure)
        return self.minimum(path, have, needed, measure, floor)  # type: ignore[arg-type]

    def _of_record(self, take: Callable[[Item], bool], measure: str, *, toward_minimum: bool) -> Number:
        total: Number = ZERO
        for item in self.presented:
            if take(item):
                low, high = self.case.size(item, measure)
                total += low if toward_minimum == self.case.strict else high
        return total

    def _distinct(self, attribute: str, take: Callable[[Item], bool], leaves: list[Spot]) -> Fraction:
        seen: set[str] = set()
        unknown = 0
        for item in self.lying_in(leaves):
            if self.part(item, leaves) > 0 and take(item):
                values = self.case.values(item, attribute)
                if values is None:
                    unknown += 1
                else:
                    seen.update(values)
        # A value nobody stated may be one more, or one of those that are there.
        return Fraction(len(seen) + (0 if self.case.strict else unknown))

    def _of_last(self, reach: Fraction, take: Callable[[Item], bool], leaves: list[Spot], measure: str) -> Number:
        """How much is taken of the last credits counted, from the newest backwards.

        An item without date: against the learner it is the newest and of the wrong kind; for the
        learner it is the newest if it is of the right kind, else the oldest.
        """
        entries: list[tuple[int, int, bool, Number, Number]] = []
        for item in self.counted_items:
            amount = self.least(item, self.part(item), measure)
            there = self.part(item, leaves)
            right = take(item) and there > 0
            useful = self.least(item, there, measure) if right else ZERO
            if item.date is None:
                newest = 1 if self.case.strict or right else -1
                entries.append((newest, 0, right, amount, ZERO if self.case.strict else useful))
            else:
                entries.append((0, item.date.toordinal(), right, amount, useful))
        # On one day, what serves the learner comes last: any order of that day is a true one.
        entries.sort(key=lambda each: (-each[0], -each[1], not each[2]))
        have: Number = ZERO
        left: Number = reach
        for _, _, _, amount, useful in entries:
            have += min(amount, left, useful)
            left -= min(amount, left)
        return have

    def _under_caps(self, name: str, take: Callable[[Item], bool], leaves: list[Spot], measure: str) -> Number:
        """A floor's sum, with what the caps on this floor alone leave of it."""
        case = self.case
        caps = []
        for cap_name, cap in sorted(self.text["caps"].items()):
            if name in words(cap.get("in") or []) and name not in self.text["places"] and case.in_force(cap):
                cap_measure = cap.get("measure") or self.measure
                if "max" in cap:
                    limit: Number | None = case.amount(cap["max"])
                else:
                    limit = self.share(cap, "max_share", leaves, cap_measure, of_minimum=False)
                if limit is None:
                    if not case.strict:
                        continue
                    limit = ZERO
                caps.append((self.united(cap_name), limit, cap_measure))
        have: Number = ZERO
        limited: list[tuple[Number, tuple[Number, ...]]] = []
        for item in self.lying_in(leaves):
            part = self.part(item, leaves)
            if part <= 0 or not take(item):
                continue
            uses = tuple(
                self.most(item, part, cap_measure) if case.binds(self._any_chosen(selectors, item)) else None
                for selectors, _, cap_measure in caps
            )
            worth = self.least(item, part, measure)
            if all(use is None for use in uses):
                have += worth
                continue
            steps = int(part * self.layout.parts(item)) or 1
            known = tuple(ZERO if use is None else use for use in uses)
            if INFINITE in known or worth == INFINITE:
                steps = 1
            limited += [(worth / steps, tuple(use / steps for use in known))] * steps
        return have + _best(limited, [limit for _, limit, _ in caps])

    def united(self, name: str, seen: frozenset[str] = frozenset()) -> list[Any]:
        """Selectors of a cap: its own, or those of the caps it unites."""
        cap = self.text["caps"].get(name)
        if cap is None or name in seen:
            return []
        if "union" not in cap:
            return [cap.get("from")]
        return [each for other in cap["union"] for each in self.united(other, seen | {name})]

    def _any_chosen(self, selectors: list[Any], item: Item) -> bool | None:
        return any_of(self.case.chooses(selector, item) for selector in selectors)

    def _caps(self) -> list[Finding]:
        found: list[Finding] = []
        for name, cap in sorted(self.text["caps"].items()):
            if not self.case.in_force(cap):
                continue
            names = words(cap["in"]) if "in" in cap else None
            if names is not None:
                names = [each for each in names if each.partition("[")[0] in self.text["places"]]
                if not names:
                    continue  # limits the sum of a floor, nothing else
            selectors = self.united(name)
            for mark, has in self.cap_copies(cap):

                def binds(
                    item: Item, has: Callable[[Item], bool | None] = has, selectors: list[Any] = selectors
                ) -> bool:
                    return self.case.binds(all_of([self._any_chosen(selectors, item), has(item)]))

                found += self._limit(f"caps/{name}{mark}", cap, binds, self.layout.leaves_in(names))
        return found

    def _limit(
        self, path: str, clause: dict[str, Any], binds: Callable[[Item], bool], leaves: list[Spot]
    ) -> list[Finding]:
        measure = clause.get("measure") or self.measure
        key = "max" if "max" in clause else "max_share"
        path += f"/{key}"
        if clause.get("effect") == "invalid":
            return [self._presented_limit(path, key, clause, binds, measure)]
        if key == "max":
            have = self.added(binds, leaves, measure, self.most)
            return [self.maximum(path, have, self.case.amount(clause["max"]), measure)]
        if clause.get("base") == "source":
            return self._sources(path, clause, binds, leaves, measure)
        have = self.added(binds, leaves, measure, self.most)
        limit = self.share(clause, "max_share", leaves, measure, of_minimum=False)
        return [self.maximum(path, have, limit, measure)]

    def _sources(
        self, path: str, clause: dict[str, Any], binds: Callable[[Item], bool], leaves: list[Spot], measure: str
    ) -> list[Finding]:
        """A share of each award that items are part of."""
        part = self.case.amount(clause["max_share"])
        sizes: dict[str, Fraction | None] = {item.part_of: None for item in self.presented if item.part_of}
        for award in self.case.record.get("awards") or []:
            if measure == "credits" and award.get("id") in sizes and award.get("credits") is not None:
                sizes[award["id"]] = exact(award["credits"])
        found = []
        for name, size in sorted(sizes.items()):

            def inside(item: Item, name: str = name) -> bool:
                return item.part_of == name and binds(item)

            limit = None
            if part is not None and size is not None:
                limit = rounded(part * size, clause.get("rounding"), exact(clause.get("grain", 1)))
            have = self.added(inside, leaves, measure, self.most)
            found.append(self.maximum(f"{path}[{name}]", have, limit, measure))
        return found

    def _presented_limit(
        self, path: str, key: str, clause: dict[str, Any], binds: Callable[[Item], bool], measure: str
    ) -> Finding:
        """Record mode: too much presented breaks the rule, whatever is left out."""
        have = self._of_record(binds, measure, toward_minimum=False)
        limit: Number | None
        if key == "max":
            limit = self.case.amount(clause["max"])
        elif clause.get("base") in ("counted", "component"):
            part = self.case.amount(clause["max_share"])
            base = self._of_record(lambda item: True, measure, toward_minimum=True)
            limit = None if part is None else ZERO if part == 0 else part * base
        else:
            part = self.case.amount(clause["max_share"])
            fixed = self._fixed_base(clause.get("base") or "target", measure)
            limit = None if part is None or fixed is None else part * fixed
        if limit is not None and key != "max":
            limit = rounded(limit, clause.get("rounding"), exact(clause.get("grain", 1)))
        met = (not self.case.strict or have <= 0) if limit is None else have <= limit
        return Finding(path, met, have, limit, ZERO, measure, "over the whole record", "case")

    # ---- exclusions, overlaps, reuse

    def _exclusions(self) -> list[Finding]:
        found = []
        for name, clause in sorted(self.text["exclusions"].items()):
            if not self.case.in_force(clause):
                continue
            invalid = clause.get("effect") == "invalid"
            leaves = self.layout.leaves_in(clause.get("in"))
            items = self.presented if invalid else [item for item in self.counted_items if self.part(item, leaves) > 0]
            hit = sum(
                any(self.case.binds(self.case.chooses(selector, item)) for item in items) for selector in clause["sets"]
            )
            most = clause.get("max", 1)
            path = f"exclusions/{name}" if invalid else f"exclusions/{name}/max"
            found.append(Finding(path, hit <= most, Fraction(hit), Fraction(most), kind="case" if invalid else "limit"))
        return found

    def _overlaps(self) -> list[Finding]:
        found = []
        for path, clause in self.layout.overlaps:
            if ("max" not in clause and "max_share" not in clause) or not self.case.in_force(clause):
                continue
            measure = clause.get("measure") or self.measure
            for one, other in self.layout.pairs(clause):
                have: Number = ZERO
                for item in self.counted_items:
                    if not self.case.binds(self.case.chooses(clause.get("from"), item)):
                        continue
                    first = self.part(item, self.layout.leaves_of([one]))
                    second = self.part(item, self.layout.leaves_of([other]))
                    # So much at least lies in both.
                    as_one = self.layout.as_one(item, measure)
                    if self.layout.loose(item) and not (one.within(other) or other.within(one)):
                        # What lies in one place and what lies in the other may be different parts of it.
                        both = ZERO
                    elif as_one:
                        both = Fraction(first > 0 and second > 0)
                    elif one.within(other) or other.within(one):
                        both = min(first, second)
                    else:
                        spots = [
                            leaf for leaf in self.layout.leaves_of([one, other]) if not self.layout.refusal(item, leaf)
                        ]
                        elsewhere = self.layout.apart(item, self.placed[item.index], spots)
                        both = first + second + self.part(item, elsewhere) - 1
                    if both > 0:
                        have += self.most(item, both, measure)
                if "max" in clause:
                    limit: Number | None = self.case.amount(clause["max"])
                else:
                    limit = self.share(clause, "max_share", None, measure, of_minimum=False)
                key = "max" if "max" in clause else "max_share"
                found.append(self.maximum(f"{path}[{one.name},{other.name}]/{key}", have, limit, measure))
        return found

    def _reuse(self) -> list[Finding]:
        reuse = self.text.get("reuse") or {}
        if reuse.get("used_elsewhere") != "limited":
            return []
        found: list[Finding] = []
        for name, clause in sorted((reuse.get("limits") or {}).items()):
            if name.startswith("x-") or not self.case.in_force(clause):
                continue
            used = {"used_for": clause["award"]}

            def binds(item: Item, clause: dict[str, Any] = clause, used: dict[str, Any] = used) -> bool:
                return self.case.binds(
                    all_of([self.case.chooses(used, item), self.case.chooses(clause.get("from"), item)])
                )

            found += self._limit(f"reuse/limits/{name}", clause, binds, self.layout.leaves)
        return found

    # ---- time

    def _windows(self) -> list[Finding]:
        found = []
        for name, clause in sorted(self.text["windows"].items()):
            if not self.case.in_force(clause):
                continue
            path = f"windows/{name}"
            leaves = self.layout.leaves_in(clause.get("in"))
            inside = [
                item
                for item in self.counted_items
                if self.part(item, leaves) > 0 and self.case.binds(self.case.chooses(clause.get("from"), item))
            ]
            dates = [item.date for item in inside if item.date is not None]
            undated = [item.id for item in inside if item.date is None]
            span = clause.get("span")
            if undated and self.case.strict:
                found.append(Finding(path, False, note="no date: " + ", ".join(undated)))
                continue
            sliding = (clause.get("starts") or "earliest") == "earliest"
            start = min(dates, default=None) if sliding else self.case.reference_day(clause["starts"])
            if not dates or (not self.case.strict and (span is None or start is None)):
                met = True
            else:
                # A window of unknown length holds at least the day on which it starts.
                met = start is not None and self._inside(dates, start, span or "0 days")
            found.append(Finding(path, met, note="" if met else "dates: " + ", ".join(map(str, sorted(dates)))))
        return found

    @staticmethod
    def _inside(dates: list[date], start: date, span: str) -> bool:
        end = later(start, span)
        return all(start <= day <= end for day in dates)

    def _pace(self) -> list[Finding]:
        found = []
        for name, clause in sorted(self.text["pace"].items()):
            if not self.case.in_force(clause):
                continue
            measure = clause.get("measure") or self.measure
            limit = self.case.amount(clause["max"])
            periods: dict[str, Number] = {}
            for item in self.counted_items:
                if not self.case.binds(self.case.chooses(clause.get("from"), item)):
                    continue
                if item.date is None and not self.case.strict:
                    continue
                period = "undated" if item.date is None else _period(item.date, clause["per"])
                periods[period] = periods.get(period, ZERO) + self.most(item, self.part(item), measure)
            for period, have in sorted(periods.items()):
                # Against the learner, an item without date falls into a period that is full.
                bound = ZERO if period == "undated" else limit
                found.append(self.maximum(f"pace/{name}[{period}]/max", have, bound, measure))
        return found

    def _prerequisites(self, others: list[Finding]) -> list[Finding]:
        found = []
        for name, clause in sorted(self.text["prerequisites"].items()):
            if not self.case.in_force(clause):
                continue
            unready = [
                item.id
                for item in self.counted_items
                if self.case.binds(self.case.chooses(clause["for"], item))
                and not self.case.admits(self._ready(clause, clause["needs"], item, others))
            ]
            found.append(Finding(f"prerequisites/{name}", not unready, note=", ".join(unready)))
        return found

    def _met(self, path: str, others: list[Finding]) -> bool:
        spots = self.layout.named(path[len("places/") :]) if path.startswith("places/") else []
        return all(spot.number in self.chosen for spot in spots if not spot.supposed) and all(
            each.met for each in others if each.path == path or each.path.startswith((path + "/", path + "["))
        )

    def dated(self, path: str) -> bool | None:
        """Whether the dates of items say when a clause was met; None if it does not hang on items."""
        section, _, name = path.partition("/")
        if section in ("places", "total"):
            return True
        if section == "floors":
            floor = self.text["floors"].get(name) or {}
            return floor.get("over") != "record" and not {"distinct", "of_last", "min_share"} & floor.keys()
        return False if section == "outcomes" else None

    def _met_in_time(self, path: str, item: Item, timing: str, others: list[Finding]) -> bool | None:
        """Whether a clause is met by what is in time for an item, which does not stand for itself."""
        dated = self.dated(path)
        if dated is None:
            return self._met(path, others)
        if not dated:
            # When it was met is not known.
            return None if self._met(path, others) else False
        case = self.case
        held = [case.items[index] for index in self.placed]
        earlier = Evaluation(
            self.layout,
            {
                other.index: self.placed[other.index]
                for other in held
                if other is not item and case.admits(case.in_time(other, item, timing))
            },
        )
        if path.startswith("places/"):
            spots = self.layout.named(path[len("places/") :])
            return all(
                spot.number in self.chosen and earlier._meets(spot, self.chosen)
                for spot in spots
                if not spot.supposed
            )
        findings = earlier._total() if path == "total" else earlier._floors()
        return _minima_met(each for each in findings if each.path.startswith((path + "/", path + "[")))

    def _meets(self, spot: Spot, chosen: set[int]) -> bool:
        """Whether a place and all below it that is chosen are met."""
        if not _minima_met(self._bounds(spot)):
            return False
        asked = [child for child in spot.children if not child.optional]
        met = [child for child in asked if child.number in chosen and self._meets(child, chosen)]
        choose = spot.spec.get("choose")
        if choose is None:
            return len(met) == len(asked)
        return not spot.asked or len(met) >= (choose if isinstance(choose, int) else choose.get("min") or 0)

    def _ready(self, clause: dict[str, Any], needs: dict[str, Any], item: Item, others: list[Finding]) -> bool | None:
        timing = clause.get("timing") or "before"
        if "all" in needs:
            return all_of(self._ready(clause, each, item, others) for each in needs["all"])
        if "any" in needs:
            return any_of(self._ready(clause, each, item, others) for each in needs["any"])
        if "not" in needs:
            return negation(self.case.condition(needs["not"]))
        if "met" in needs:
            if timing != "any":
                return self._met_in_time(needs["met"], item, timing, others)
            return self._met(needs["met"], others)
        if "award" in needs:
            awards = self.case.record.get("awards")
            if awards is None:
                return None
            asked = words(needs["award"])
            return any(
                held.get("completed") is not False
                and (held.get("id") in asked or held.get("kind") in asked)
                and (
                    timing == "any"
                    or item.date is None
                    or not held.get("date")
                    or held["date"] <= item.date.isoformat()
                )
                for held in awards
            )
        return self.case.condition(needs, item, timing, clause.get("via_rpl"))

    # ---- outcomes, requirements, averages

    def _outcomes(self) -> list[Finding]:
        found = []
        for name, clause in sorted(self.text["outcomes"].items()):
            path = f"outcomes/{name}"
            if not self.case.in_force(clause):
                continue
            if clause.get("set") is None:
                found.append(self._not_known(f"{path}/set", "the outcomes are not listed"))
                continue
            if clause.get("per") == "unit":
                continue  # a gate
            covered: set[str] = set()
            for item in self.counted_items:
                # Of several equal units, one shows what all show.
                shown = self.part(item) > 0 if self.layout.by_unit(item) else self.part(item) >= 1
                if not shown or not self.case.admits(self.case.chooses(clause.get("from"), item)):
                    continue
                if item.outcomes is not None:
                    covered |= set(item.outcomes) & set(clause["set"])
                elif not self.case.strict:
                    covered |= set(clause["set"])
            needed = outcomes_needed(self.case, clause)
            if needed is None:
                found.append(self._not_known(f"{path}/min", "the number is not known"))
            else:
                needed = Fraction(-(-needed // 1))
                found.append(self.minimum(path, Fraction(len(covered)), needed, "units", clause, "outcomes"))
        return found

    def _requirements(self) -> list[Finding]:
        found = []
        for name, clause in sorted(self.text["requirements"].items()):
            if self.case.in_force(clause):
                truth = self.case.requirement(name, clause)
                note = "the record does not say" if truth is None else ""
                found.append(Finding(f"requirements/{name}", self.case.admits(truth), note=note, kind="case"))
        return found

    def _averages(self) -> list[Finding]:
        found = []
        for name, clause in sorted(self.text["averages"].items()):
            if self.case.in_force(clause):
                found.append(self._average(f"averages/{name}/min", clause))
        return found

    def _average(self, path: str, clause: dict[str, Any]) -> Finding:
        over_record = clause.get("over") == "record"
        least = self.case.amount(clause["min"])
        if least is None:
            return self._not_known(path, "the grade asked for is not known")
        leaves = self.layout.leaves_in(None if over_record else clause.get("in"))
        mean = Mean(self.layout, clause, least, leaves)
        counted = {
            each.index: Fraction(1) if over_record else self.part(each, leaves)
            for each in (self.case.items if over_record else self.counted_items)
        }
        return Finding(path, mean.met(counted), None, least, ZERO, "grade", kind="case" if over_record else "limit")


def _minima_met(findings: Iterable[Finding]) -> bool:
    return all(each.met for each in findings if each.kind != "limit")


def _sides(path: str, spec: dict[str, Any]) -> list[tuple[str, str, bool]]:
    """Bounds of a place or the total: path, key, and whether it is a minimum."""
    if "exact" in spec:
        return [(f"{path}/exact", "exact", True), (f"{path}/exact/most", "exact", False)]
    return [(f"{path}/{key}", key, key == "min") for key in ("min", "max") if key in spec]


def _period(day: date, per: str) -> str:
    months = {"year": 12, "semester": 6, "trimester": 4, "quarter": 3, "month": 1}[per]
    return str(day.year) if months == 12 else f"{day.year}-{(day.month - 1) // months + 1}"


def _matched(holders: dict[str, list[tuple[int, int]]]) -> set[str]:
    """Units that can be covered when each of those held stands for one of them (augmenting paths)."""
    takes: dict[tuple[int, int], str] = {}

    def place(unit: str, seen: set[tuple[int, int]]) -> bool:
        for one in holders[unit]:
            if one not in seen:
                seen.add(one)
                if one not in takes or place(takes[one], seen):
                    takes[one] = unit
                    return True
        return False

    return {unit for unit in holders if place(unit, set())}


def _best(limited: list[tuple[Number, tuple[Number, ...]]], limits: list[Number]) -> Number:
    """The most worth whose uses keep every limit: whole pieces, sum by sum."""
    reached: dict[tuple[Number, ...], Number] = {tuple(ZERO for _ in limits): ZERO}
    for worth, uses in limited:
        for sums, have in list(reached.items()):
            after = tuple(a + b for a, b in zip(sums, uses, strict=True))
            if (
                all(a <= limit for a, limit in zip(after, limits, strict=True))
                and reached.get(after, -1) < have + worth
            ):
                reached[after] = have + worth
    return max(reached.values())


def evaluate(
    rule: Any,
    record: Any,
    allocation: Any,
    *,
    choice: dict[str, Any] | None = None,
    reading: str = "strict",
    world: Any = None,
) -> Report:
    """Judge every clause of a rule on one allocation.

    Parameters
    ----------
    rule, record : dict, str or object
        JSON text, its dictionary, or an object with ``to_dict()`` or ``json``.
    allocation : iterable
        Entries ``(item id, place, amount)``, or dictionaries with ``item``, ``place`` and
        ``amount``; for an item that stands for several equal units, a fourth entry or ``units``
        says how many of them lie there. A place is a name or a path (``"subject[history]"``, ``"places/core"``); the
        one place of a rule without places is ``"everything"``. Amounts are in credits (of a whole
        item, None stands for all of it).
    choice : dict, optional
        ``reading``, ``variant``, ``title``, ``exit``.
    reading : {"strict", "favourable"}
    world : World, optional
        For levels of other frameworks and credits of other systems.

    Returns
    -------
    Report

    Raises
    ------
    NotAnInput
        For an item or place that does not exist, or an amount that is no number.

    Examples
    --------
    >>> rule = {"total": {"min": 20}, "places": {"core": {"from": {"tag": "core"}, "min": 10}}}
    >>> record = {"items": [{"id": "a", "credits": 15, "tags": ["core"]}]}
    >>> report = evaluate(rule, record, [("a", "core", 15)])
    >>> [(each.path, each.lacking) for each in report.broken]
    [('total/min', Fraction(5, 1))]
    """
    case = Case(rule, record, choice, reading, world)
    layout = Layout(case)
    return Report(Evaluation(layout, placed(layout, allocation)).findings(), case.measure)


def placed(layout: Layout, allocation: Any) -> dict[int, dict[Spot, Fraction]]:
    """An allocation as parts of items in places."""
    case = layout.case
    found: dict[int, dict[Spot, Fraction]] = {}
    for entry in allocation:
        if isinstance(entry, dict):
            name, place, amount, units = entry["item"], entry["place"], entry.get("amount"), entry.get("units")
        else:
            name, place, amount, units = (*entry, None, None)[:4]
        item = case.by_id.get(name)
        leaf = layout.find(str(place))
        if item is None:
            raise NotAnInput(f'the record has no item "{name}"')
        if leaf is None:
            raise NotAnInput(f'nothing can be put in a place "{place}" under this choice')
        spots = found.setdefault(item.index, {})
        if leaf in spots:
            raise NotAnInput(f'"{name}" stands in "{place}" twice')
        part = Fraction(1)
        size = case.size(item, "credits")[0]
        if layout.by_unit(item) and units is not None:
            part = exact(units) / item.count
        elif layout.parts(item) > 1 and amount is not None and size:
            part = exact(amount) / Fraction(size)
        elif amount is not None and case.size(item, "credits") == (size, size) and exact(amount) != size:
            raise NotAnInput(f'"{name}" counts whole: {size} credits, not {amount}')
        if part <= 0:
            raise NotAnInput(f'"{name}" stands in "{place}" with nothing')
        spots[leaf] = part
    return found
