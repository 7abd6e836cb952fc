"""Where can items be put?

The places of a rule as a tree of copies (``for_each`` gives one for every value in the record),
the filters of each, which pairs share nothing, and the gates between an item and a place.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from ._reading import NotAnInput, exact
from ._select import INFINITE, Case, Item, Number, all_of, any_of, words

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Layout", "Spot"]


class Spot:
    """One copy of a place, or the root above all places.

    Attributes
    ----------
    name : str
        ``"elective"``, ``"subject[history]"``; empty for the root.
    id : str
        Of the place in the rule.
    spec : dict
    parent : Spot or None
    children : list of Spot
    values : list of (str, str)
        Attribute and value of every ``for_each`` at or above.
    holds_items : bool
        Whether items lie in it directly.
    asked : bool
        Whether its bounds are in force.
    shared : bool
        Whether its sub-places may share items.
    supposed : bool
        Whether it is a copy for a value that nobody stated, or lies in one: it may be there, and
        is nothing that has to be met.
    roomy : bool
        Whether it stands for several such copies, so that its maxima say nothing.
    """

    def __init__(self, name: str, id: str, spec: dict[str, Any], parent: Spot | None, number: int) -> None:
        self.name = name
        self.id = id
        self.spec = spec
        self.parent = parent
        self.number = number
        self.children: list[Spot] = []
        self.values: list[tuple[str, str]] = []
        self.holds_items = False
        self.asked = True
        self.shared = False
        self.supposed: bool = parent is not None and parent.supposed
        self.roomy: bool = parent is not None and parent.roomy

    @property
    def optional(self) -> bool:
        """Whether it is there only if something lies in it."""
        above = self.parent
        return self.supposed and above is not None and not above.supposed and "choose" not in above.spec

    @property
    def path(self) -> str:
        """``places/...``."""
        return f"places/{self.name}"

    def chain(self) -> list[Spot]:
        """The place and all above it, without the root."""
        at: Spot | None = self
        found = []
        while at is not None and at.parent is not None:
            found.append(at)
            at = at.parent
        return found

    def within(self, other: Spot) -> bool:
        """Whether this place is the other one or lies below it."""
        at: Spot | None = self
        while at is not None:
            if at is other:
                return True
            at = at.parent
        return False

    def __repr__(self) -> str:
        return f"<Spot {self.name}>"


class Layout:
    """The places of one case.

    Attributes
    ----------
    case : Case
    root : Spot
    spots : list of Spot
        Parents before their children, places of one parent in order of their ids.
    leaves : list of Spot
        Those that hold items.
    overlaps : list of (str, dict)
        Overlap clauses: path and clause.
    """

    def __init__(self, case: Case) -> None:
        self.case = case
        self.allocation: dict[str, Any] = case.text.get("allocation") or {}
        self.root = Spot("", "", {}, None, 0)
        self.root.shared = self.allocation.get("use") == "shared"
        self.spots: list[Spot] = [self.root]
        self._cuts: dict[int, int] = {}
        self._loose: dict[int, bool] = {}
        #: Copies that may exist for a value nobody stated and are not known to be met: parent and path.
        self.unstated: list[tuple[Spot, str]] = []
        places: dict[str, dict[str, Any]] = case.text.get("places") or {}
        if places:
            self._below: dict[str, list[str]] = {}
            for name in sorted(places):
                self._below.setdefault(places[name].get("inside") or "", []).append(name)
            for name in self._below.get("", ()):
                self._add(places, name, self.root, "", [], True)
        else:
            spot = Spot("everything", "everything", {}, self.root, 1)
            spot.holds_items = True
            self.root.children.append(spot)
            self.spots.append(spot)
        self.leaves = [spot for spot in self.spots if spot.holds_items]
        self.by_name = {spot.name: spot for spot in self.spots[1:]}
        self.overlaps = [
            (f"allocation/overlap/{name}", clause)
            for name, clause in sorted((self.allocation.get("overlap") or {}).items())
            if not name.startswith("x-")
        ]
        self._shares: dict[tuple[int, int], list[dict[str, Any]] | None] = {}
        self._shared = bool(self.overlaps) or any(spot.shared for spot in self.spots)
        self._accepted: dict[tuple[int, int], str | None] = {}

    def _add(
        self,
        places: dict[str, dict[str, Any]],
        id: str,
        parent: Spot,
        mark: str,
        values: list[tuple[str, str]],
        open_above: bool,
    ) -> None:
        spec = places[id]
        if any(spot.id == id for spot in parent.chain()):
            raise NotAnInput(f"places/{id} lies inside itself")
        asked, permitted = self.case.in_force(spec), self.case.permits(spec)
        if not asked and not permitted:
            return
        attribute = spec.get("for_each")
        copies = [(mark, values)]
        supposed: list[str] = []
        roomy = False
        if attribute:
            if self.case.strict and "choose" not in parent.spec and self.case.unstated(attribute) and self._demands(id):
                self.unstated.append((parent, f"places/{id}{mark}[?]"))
            stated = self.case.record_values(attribute)
            supposed, roomy = self._supposed(attribute, stated, parent)
            copies = [(f"{mark}[{value}]", [*values, (attribute, value)]) for value in [*stated, *supposed]]
        for own_mark, own_values in copies:
            spot = Spot(id + own_mark, id, spec, parent, len(self.spots))
            spot.values = own_values
            if own_values and supposed and own_values[-1][1] in supposed:
                spot.supposed = True
                spot.roomy = spot.roomy or roomy
            spot.asked = asked
            use = spec.get("use")
            spot.shared = parent.shared if not use else use == "shared"
            parent.children.append(spot)
            self.spots.append(spot)
            inner = self._below.get(id, ())
            spot.holds_items = ("from" in spec or not inner) and permitted and open_above
            for child in inner:
                self._add(places, child, spot, own_mark, own_values, open_above and permitted)

    def _supposed(self, attribute: str, stated: list[str], parent: Spot) -> tuple[list[str], bool]:
        """Values that items without one may have, for the learner; whether each stands for several."""
        if self.case.strict:
            return [], False
        unknown = [each for each in self.case.items if self.case.states_no(attribute, each)]
        if not unknown:
            return [], False
        choose = parent.spec.get("choose")
        least = 1 if choose is None else choose if isinstance(choose, int) else choose.get("min") or 1
        number = len(unknown)
        several = attribute.startswith("tag:") or attribute in ("origin", "field", "level")
        roomy = number > max(8, least) or (several and any(self._spreads(each) for each in unknown))
        if roomy:
            number = max(1, least)
        mark = "?"
        while any(value.startswith(mark) for value in stated):
            mark += "?"
        return [mark + (str(each) if each > 1 else "") for each in range(1, number + 1)], roomy

    def _spreads(self, item: Item) -> bool:
        """Whether an item may lie in several copies of a place, if it has several values."""
        places = self.case.text.get("places") or {}
        return (
            self.parts(item) > 1
            or self.loose(item)
            or self.root.shared
            or bool(self.allocation.get("overlap"))
            or any(spec.get("use") == "shared" for spec in places.values())
        )

    def _demands(self, id: str) -> bool:
        """Whether a copy of a place asks for anything, itself or below."""
        spec = self.case.text["places"][id]
        if not self.case.in_force(spec):
            return False
        if spec.get("all") or self.case.asks(spec, "min") or self.case.asks(spec, "exact"):
            return True
        choose = spec.get("choose")
        if choose is not None:
            return bool(choose if isinstance(choose, int) else choose.get("min"))
        return any(self._demands(child) for child in self._below.get(id, ()))

    # ---- names

    def named(self, names: Any) -> list[Spot]:
        """Every copy of the places named."""
        asked = words(names)
        return [spot for spot in self.spots[1:] if spot.id in asked or spot.name in asked]

    def leaves_in(self, names: Any, *, proving: bool = False) -> list[Spot]:
        """Leaves at or below the places named; all leaves for None.

        Where something has to be proved, a copy whose value nobody stated stands in for a copy
        that is named and not there.
        """
        if names is None:
            return self.leaves
        spots = self.named(names)
        if proving:
            missing = {name.partition("[")[0] for name in words(names) if "[" in name and name not in self.by_name}
            spots += [spot for spot in self.spots[1:] if spot.supposed and spot.id in missing]
        return self.leaves_of(spots)

    def leaves_of(self, spots: Iterable[Spot]) -> list[Spot]:
        """Leaves at or below these places."""
        found: dict[int, Spot] = {}
        left = list(spots)
        while left:
            spot = left.pop()
            if spot.number not in found:
                found[spot.number] = spot
                left += spot.children
        return [found[number] for number in sorted(found) if found[number].holds_items]

    def find(self, name: str) -> Spot | None:
        """The leaf of a name or path."""
        spot = self.by_name.get(name[7:] if name.startswith("places/") else name)
        return spot if spot is not None and spot.holds_items else None

    # ---- items

    def parts(self, item: Item) -> int:
        """Into how many quanta an item may be cut, or how many equal units it stands for; 1 for a whole one."""
        cut = self._cut(item)
        return item.count if cut == 1 and not self.loose(item) else cut

    def by_unit(self, item: Item) -> bool:
        """Whether an item stands for several equal units, each of them whole."""
        return item.count > 1 and self._cut(item) == 1 and not self.loose(item)

    def as_one(self, item: Item, measure: str) -> bool:
        """Whether a measure counts an item as one, however much of it is there."""
        return measure == "units" and not self.by_unit(item)

    def steps(self, item: Item, leaf: Spot) -> int:
        """In how many steps an item may lie in a place."""
        return 1 if self.takes_whole(leaf) and not self.by_unit(item) else self.parts(item)

    def loose(self, item: Item) -> bool:
        """Whether an item of unknown credits may be cut: for the learner, part of it may lie in each of its places."""
        if item.index not in self._loose:
            self._loose[item.index] = not self.case.strict and self._may_be_cut(item)
        return self._loose[item.index]

    def _may_be_cut(self, item: Item) -> bool:
        low, high = self.case.size(item, "credits")
        quantum = exact(self.allocation.get("quantum", 1))
        if not self._split(item) or low == high or quantum <= 0:
            return False
        most = high if high == INFINITE else high // quantum * quantum
        return most >= max(low, 2 * quantum)

    def size(self, item: Item, measure: str) -> tuple[Number, Number]:
        """Least and greatest of what an item brings where it lies; of one that may be cut, the least part of it."""
        low, high = self.case.size(item, measure)
        if self.loose(item):
            if measure == "credits":
                low = min(low, exact(self.allocation.get("quantum", 1)))
            else:
                low = Fraction(1) if measure == "units" else Fraction(0)
        return low, high

    def _split(self, item: Item) -> bool:
        return (self.allocation.get("items") == "splittable") if item.whole is None else not item.whole

    def _cut(self, item: Item) -> int:
        if item.index not in self._cuts:
            self._cuts[item.index] = self._quanta(item)
        return self._cuts[item.index]

    def _quanta(self, item: Item) -> int:
        if not self._split(item):
            return 1
        low, high = self.case.size(item, "credits")
        quantum = exact(self.allocation.get("quantum", 1))
        if low != high or high == INFINITE or quantum <= 0:
            return 1
        parts = Fraction(low) / quantum
        return int(parts) if parts.denominator == 1 and parts > 1 else 1

    def takes_whole(self, leaf: Spot) -> bool:
        """Whether a place takes items whole, because it or a place above it counts them."""
        for spot in leaf.chain():
            measure = spot.spec.get("measure") or self.case.measure
            if spot.spec.get("all") or (
                measure == "units" and any(key in spot.spec for key in ("min", "max", "exact"))
            ):
                return True
        return False

    def fits(self, item: Item, leaf: Spot) -> bool | None:
        """Whether the filters of a place and of all above it select an item."""
        case = self.case
        if case.stands_anywhere(item):
            return True
        return any_of(
            all_of(
                [case.selects(spot.spec["from"], form) for spot in leaf.chain() if "from" in spot.spec]
                + [case.has_value(form, attribute, value) for attribute, value in leaf.values]
            )
            for form in case.forms(item)
        )

    def refusal(self, item: Item, leaf: Spot) -> str | None:
        """The path of the clause that keeps an item out of a place; None if it may be there."""
        key = (item.index, leaf.number)
        if key not in self._accepted:
            self._accepted[key] = self._refusal(item, leaf)
        return self._accepted[key]

    def _refusal(self, item: Item, leaf: Spot) -> str | None:
        case = self.case
        if not case.may_count(item):
            return "admits"
        if not case.admits(self.fits(item, leaf)):
            return f"{leaf.path}/from"
        for name, gate in sorted(case.text["eligibility"].items()):
            if not case.in_force(gate):
                continue
            if "in" in gate and not any(leaf.within(spot) for spot in self.named(gate["in"])):
                continue
            if case.binds(case.chooses(gate.get("from"), item)) and not case.admits(
                case.chooses(gate["require"], item, requiring=True)
            ):
                return f"eligibility/{name}"
        reuse = (case.text.get("reuse") or {}).get("used_elsewhere")
        used = case.used_elsewhere(item)
        if reuse == "barred" and case.binds(used):
            return "reuse/used_elsewhere"
        if not reuse and case.strict and used is True:
            return "reuse"
        most = self.allocation.get("max_awards")
        if most is not None:
            uses = None if item.used_for is None else len(item.used_for) + 1 > most
            if case.binds(uses):
                return "allocation/max_awards"
        return self._outcome_refusal(item)

    def _outcome_refusal(self, item: Item) -> str | None:
        case = self.case
        for name, clause in sorted(case.text["outcomes"].items()):
            if clause.get("per") != "unit" or not clause.get("set") or not case.in_force(clause):
                continue
            if not case.binds(case.chooses(clause.get("from"), item)):
                continue
            needed = outcomes_needed(case, clause)
            if needed is None or item.outcomes is None:
                enough = None
            else:
                enough = len(set(clause["set"]) & set(item.outcomes)) >= needed
            if not case.admits(enough):
                return f"outcomes/{name}"
        return None

    def may_be_placed(self, item: Item, leaves: Iterable[Spot]) -> bool:
        """Whether some of these places would take an item."""
        return any(self.refusal(item, leaf) is None for leaf in leaves)

    # ---- sharing

    def exclusive(self, one: Spot, other: Spot, item: Item) -> bool:
        """Whether an item, or a quantum of it, that lies in one place may not lie in the other."""
        if self.loose(item) and (item.count > 1 or not (self.takes_whole(one) or self.takes_whole(other))):
            return False
        key = (min(one.number, other.number), max(one.number, other.number))
        if key not in self._shares:
            self._shares[key] = self._permissions(one, other)
        permissions = self._shares[key]
        if permissions is None:
            return False
        case = self.case
        return not any(case.admits(case.chooses(clause.get("from"), item)) for clause in permissions)

    def all_apart(self, item: Item, leaves: list[Spot]) -> bool:
        """Whether no two of these places may share an item."""
        if not self._shared and not self.loose(item):
            return True
        return all(self.exclusive(one, other, item) for at, one in enumerate(leaves) for other in leaves[at + 1 :])

    def _permissions(self, one: Spot, other: Spot) -> list[dict[str, Any]] | None:
        """Clauses that let two places share; None where nothing keeps them apart."""
        common = next(spot for spot in [*one.chain(), self.root] if other.within(spot))
        if common in (one, other):
            return []
        if common.shared:
            return None
        return [
            clause for _, clause in self.overlaps if self.case.permits(clause) and any(self.pair(clause, one, other))
        ]

    def apart(self, item: Item, spots: Iterable[Spot], leaves: list[Spot]) -> list[Spot]:
        """Those of some places that share an item with none of the leaves."""
        return [spot for spot in spots if all(spot is not leaf and self.exclusive(spot, leaf, item) for leaf in leaves)]

    def pair(self, clause: dict[str, Any], one: Spot, other: Spot) -> Iterable[bool]:
        """Whether each pair of names of an overlap clause speaks of these two places."""
        names = clause["between"]
        for i, first in enumerate(names):
            for second in names[i + 1 :]:
                for a in self.named(first):
                    for b in self.named(second):
                        if a is not b:
                            yield (one.within(a) and other.within(b)) or (one.within(b) and other.within(a))

    def pairs(self, clause: dict[str, Any]) -> list[tuple[Spot, Spot]]:
        """Pairs of copies an overlap clause limits, each once."""
        names = clause["between"]
        found: dict[tuple[int, int], tuple[Spot, Spot]] = {}
        for i, first in enumerate(names):
            for second in names[i + 1 :]:
                for a in self.named(first):
                    for b in self.named(second):
                        if a is not b:
                            found.setdefault((min(a.number, b.number), max(a.number, b.number)), (a, b))
        return list(found.values())


def outcomes_needed(case: Case, clause: dict[str, Any]) -> Fraction | None:
    """How many outcomes of its set a clause asks for; None if that is not known."""
    size = len(clause["set"])
    if clause.get("all"):
        return Fraction(size)
    if "min" in clause:
        return case.amount(clause["min"])
    share = case.amount(clause.get("min_share"))
    return None if share is None else Fraction(-((-share * size) // 1))
