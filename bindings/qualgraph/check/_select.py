"""What is true of an item, and of the case?

Predicates have three values: True, False, and None for "not known". Connectives are strong
Kleene. :class:`Case` holds a rule text, a record and a reading, and turns None into a verdict: under
the strict reading against the learner, under the favourable one for the learner.
"""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from ._reading import NotAnInput, exact, plain, read_rule

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["INFINITE", "MEASURES", "Case", "Truth", "all_of", "any_of", "later", "negation", "rounded", "words"]

Truth = bool | None
#: An amount without bound, for sizes nobody stated. No other number here is a float.
INFINITE = float("inf")
#: In the order in which a shortfall is compared.
MEASURES = ("credits", "hours", "points", "units")
Number = Fraction | float


def negation(truth: Truth) -> Truth:
    """Kleene's not."""
    return None if truth is None else not truth


def all_of(truths: Iterable[Truth]) -> Truth:
    """Kleene's and: False wins, then unknown."""
    seen: Truth = True
    for truth in truths:
        if truth is False:
            return False
        if truth is None:
            seen = None
    return seen


def any_of(truths: Iterable[Truth]) -> Truth:
    """Kleene's or: True wins, then unknown."""
    seen: Truth = False
    for truth in truths:
        if truth is True:
            return True
        if truth is None:
            seen = None
    return seen


def _day(text: Any) -> date | None:
    return date.fromisoformat(text) if text else None


def later(start: date, span: str) -> date:
    """The day a span after a day; the last day of the month where the month is shorter.

    Examples
    --------
    >>> later(date(2020, 2, 29), "1 year")
    datetime.date(2021, 2, 28)
    """
    count_text, unit = span.split(" ")
    count = int(count_text)
    if unit.startswith("day"):
        return start + timedelta(days=count)
    months = start.year * 12 + start.month - 1 + (count if unit.startswith("month") else 12 * count)
    year, month = divmod(months, 12)
    month += 1
    last = [31, 29 if year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) else 28, 31, 30, 31, 30]
    last += [31, 31, 30, 31, 30, 31]
    return date(year, month, min(start.day, last[month - 1]))


def rounded(value: Number, mode: str | None, grain: Fraction = Fraction(1)) -> Number:
    """A number in multiples of a grain.

    Parameters
    ----------
    value : Fraction or INFINITE
    mode : {None, "none", "down", "up", "half-up", "half-even"}
    grain : Fraction, default 1

    Examples
    --------
    >>> rounded(Fraction(96, 5), "down"), rounded(Fraction(5, 2), "half-even")
    (Fraction(19, 1), Fraction(2, 1))
    """
    if mode in (None, "none") or value == INFINITE:
        return value
    steps = Fraction(value) / grain
    below = steps.numerator // steps.denominator
    rest = steps - below
    up = {
        "down": False,
        "up": rest > 0,
        "half-up": rest >= Fraction(1, 2),
        "half-even": rest > Fraction(1, 2) or (rest == Fraction(1, 2) and below % 2 == 1),
    }[str(mode).replace("_", "-")]
    return (below + up) * grain


def words(value: Any) -> list[Any]:
    """One word or a list of them as a list."""
    return list(value) if isinstance(value, (list, tuple)) else [value]


class Item:
    """One thing held, as the record states it; None wherever it states nothing."""

    def __init__(self, raw: dict[str, Any], index: int) -> None:
        self.raw = raw
        self.index = index
        self.id: str = raw["id"]
        self.unit: str = raw.get("unit") or self.id
        self.count = int(raw.get("count") or 1)
        self.status: str = raw.get("status") or "passed"
        level, origin, field = raw.get("level"), raw.get("origin"), raw.get("field")
        self.levels: list[str] | None = None if level is None else words(level)
        self.origins: list[str] | None = None if origin is None else words(origin)
        self.fields: list[str] | None = None if field is None else words(field)
        self.provider: str | None = raw.get("provider")
        grade = raw.get("grade")
        self.grade: str | None = None if grade is None else str(grade)
        self.tags: list[str] | None = raw.get("tags")
        self.date = _day(raw.get("date"))
        self.started = _day(raw.get("started"))
        self.mode: str | None = raw.get("mode")
        self.quality_assured: bool | None = raw.get("quality_assured")
        self.assessed: bool | None = raw.get("assessed")
        self.outcomes: list[str] | None = raw.get("outcomes")
        self.used_for: list[str] | None = raw.get("used_for")
        self.part_of: str | None = raw.get("part_of")
        self.whole: bool | None = raw.get("whole")

    def __repr__(self) -> str:
        return f"<Item {self.id}>"


class Case:
    """A rule text and a record under one reading.

    Parameters
    ----------
    rule, record : dict, str or object
    choice : dict, optional
        As in :func:`read_rule`.
    reading : {"strict", "favourable"}
        Whether what is not known counts against the learner or for the learner.
    world : World, optional
        Asked for levels of other frameworks (``map_level``) and credits of other systems
        (``convert``). Without it, both are not known; levels of one framework are then compared
        only if they are equal or both whole numbers.

    Attributes
    ----------
    text : dict
        The merged rule.
    items : list of Item
    strict : bool
    """

    def __init__(
        self,
        rule: Any,
        record: Any,
        choice: dict[str, Any] | None = None,
        reading: str = "strict",
        world: Any = None,
    ) -> None:
        if reading not in ("strict", "favourable"):
            raise NotAnInput(f'a reading is "strict" or "favourable", not {reading!r}')
        self.strict = reading == "strict"
        self.reading = reading
        self.world = world
        self.rule = plain(rule, "rule")
        self.record = plain(record, "record")
        self.items = [Item(raw, index) for index, raw in enumerate(self.record.get("items") or [])]
        self.by_id = {item.id: item for item in self.items}
        if len(self.by_id) != len(self.items):
            raise NotAnInput("an item stands twice in the record")
        self.choice = dict(choice or {})
        self._kept: dict[Any, Any] = {}
        self.admitted = set(self.rule.get("admits") or ["passed", "exempted"])
        # Conditions of waivers are read in the main text, before any of them acts.
        self.text = self.rule
        self.waivers = self.acting_waivers()
        self.text = read_rule(self.rule, self.choice, self.waivers)
        self._kept.clear()
        self.measure: str = self.text.get("measure") or "credits"
        self.admitted = set(self.text.get("admits") or ["passed", "exempted"])

    # ---- polarity

    def admits(self, truth: Truth) -> bool:
        """Whether a predicate that admits or proves holds: unknown counts against the learner."""
        return truth is True or (truth is None and not self.strict)

    def binds(self, truth: Truth) -> bool:
        """Whether a predicate that limits holds: unknown counts against the learner."""
        return truth is True or (truth is None and self.strict)

    def in_force(self, clause: dict[str, Any]) -> bool:
        """Whether a clause that limits is in force."""
        return "when" not in clause or self.binds(self.condition(clause["when"]))

    def permits(self, clause: dict[str, Any]) -> bool:
        """Whether a clause that permits is in force."""
        return "when" not in clause or self.admits(self.condition(clause["when"]))

    def acting_waivers(self) -> list[str]:
        """Ids of the waivers that act on this record, in the order of their ids."""
        acting = []
        for name, waiver in sorted((self.rule.get("waivers") or {}).items()):
            if name.startswith("x-"):
                continue
            # One without a decision and without a condition waits until somebody names it.
            asked = name in (self.choice.get("waivers") or ())
            acts = self.decided("waivers", name, waiver) and (waiver.get("decided_by") or "when" in waiver)
            if asked or (acts and self.permits(waiver)):
                acting.append(name)
        return acting

    def decided(self, section: str, name: str, clause: dict[str, Any]) -> bool:
        """Whether an edit acts: it needs no decision, or the record holds one that names it."""
        if not clause.get("decided_by"):
            return True
        path = f"{section}/{name}"
        return any(each.get("apply") == path for each in self.record.get("decisions") or [])

    # ---- numbers

    def amount(self, number: Any) -> Fraction | None:
        """A number of a clause: stated, of a parameter, from a table; None if it is not known."""
        if number is None:
            return None
        if not isinstance(number, dict):
            return exact(number)
        if "parameter" in number:
            value = self.parameter(number["parameter"])
            return _number(value)
        for row in number["table"]:
            holds = self.condition(row["when"])
            if holds is True:
                return None if row["value"] is None else exact(row["value"])
            if holds is None:
                return None
        otherwise = number.get("otherwise")
        return None if otherwise is None else exact(otherwise)

    def asks(self, clause: dict[str, Any], key: str) -> bool:
        """Whether a minimum asks for more than nothing."""
        if key not in clause:
            return False
        value = self.amount(clause[key])
        return value is None or value > 0

    def parameter(self, name: str) -> Any:
        """What the record says of a parameter, else its default; None if it is not known."""
        stated = (self.record.get("parameters") or {}).get(name)
        if stated is None:
            stated = ((self.text.get("parameters") or {}).get(name) or {}).get("default")
        if stated is None and name == "target":
            total = self.text.get("total") or {}
            bound = total.get("min", total.get("exact"))
            if isinstance(bound, (int, str)):
                stated = bound
        return stated

    def size(self, item: Item, measure: str) -> tuple[Number, Number]:
        """Least and greatest size of an item in a measure; up to INFINITE where nobody stated it."""
        if item.index < 0:
            # What an item stands for, or a unit of the rule: none of them has a place of its own.
            return self._size(item, measure)
        key = ("size", item.index, measure)
        found = self._kept.get(key)
        if found is None:
            found = self._kept[key] = self._size(item, measure)
        return found

    def _size(self, item: Item, measure: str) -> tuple[Number, Number]:
        if item.status == "exempted":
            return Fraction(0), Fraction(0)
        if measure == "units":
            return Fraction(item.count), Fraction(item.count)
        if measure in ("hours", "points"):
            stated = item.raw.get(measure)
            return (Fraction(0), INFINITE) if stated is None else (exact(stated), exact(stated))
        stated = item.raw.get("credits")
        system = self.record.get("credit")
        if stated is None:
            return Fraction(0), INFINITE
        if isinstance(stated, dict):
            low, high = exact(stated["min"]), exact(stated["max"])
        else:
            text = str(stated).split(" ")
            low = high = exact(text[0] if isinstance(stated, str) else stated)
            if len(text) == 2:
                system = text[1]
        return self._converted(low, high, system)

    def _converted(self, low: Fraction, high: Fraction, system: str | None) -> tuple[Number, Number]:
        target = self.text.get("credit")
        if not system or not target or system == target or high == 0:
            return low, high
        factor = self._factor(system, target)
        if factor is None:
            return Fraction(0), INFINITE
        conversion = self.text.get("conversion") or {}
        mode, grain = conversion.get("rounding"), exact(conversion.get("grain", 1))
        return rounded(low * factor[0], mode, grain), rounded(high * factor[1], mode, grain)

    def _factor(self, system: str, target: str) -> tuple[Fraction, Fraction] | None:
        """Credits of the rule's system for one of another; an interval where the ways disagree."""
        key = ("factor", system, target)
        if key not in self._kept:
            self._kept[key] = self._ask_factor(system, target)
        return self._kept[key]  # type: ignore[no-any-return]

    def _ask_factor(self, system: str, target: str) -> tuple[Fraction, Fraction] | None:
        if self.world is None:
            return None
        answer = self.world.convert(f"1 {system}", target)
        if answer.same_system:
            return Fraction(1), Fraction(1)
        way = (self.text.get("conversion") or {}).get("way")
        if way is None:
            return _ends(answer.hull)
        if way == "hours":
            return _ends(answer.by_hours)
        if way == "year":
            return _ends(answer.by_year)
        agreed = [_ends(each.value) for each in answer.by_agreement]
        known = [ends for ends in agreed if ends is not None]
        return (min(ends[0] for ends in known), max(ends[1] for ends in known)) if known else None

    def compared(self, size: tuple[Number, Number], bounds: dict[str, Any]) -> Truth:
        """A size against ``at_least``, ``at_most`` and ``exactly``."""
        low, high = size
        parts: list[Truth] = []
        if "at_least" in bounds:
            least = self.amount(bounds["at_least"])
            parts.append(None if least is None else True if low >= least else False if high < least else None)
        if "at_most" in bounds:
            most = self.amount(bounds["at_most"])
            parts.append(None if most is None else True if high <= most else False if low > most else None)
        if "exactly" in bounds:
            each_one: list[Truth] = []
            for number in words(bounds["exactly"]):
                value = self.amount(number)
                if value is None:
                    each_one.append(None)
                elif value < low or value > high:
                    each_one.append(False)
                else:
                    each_one.append(True if low == high else None)
            parts.append(any_of(each_one))
        return all_of(parts)

    # ---- selectors

    def selects(self, selector: Any, item: Item, *, requiring: bool = False) -> Truth:
        """Whether a selector selects an item.

        Parameters
        ----------
        selector : dict, "everything" or None
        item : Item
        requiring : bool
            Whether the selector is what a gate requires: an ungraded item that a grade "skips" then
            passes; anywhere else it is not selected.
        """
        if selector is None or selector == "everything":
            return True
        if requiring:
            return self._selects(selector, item, True)
        key = (id(selector), id(item))
        if key not in self._kept:
            # Both are kept beside the answer, so that their ids are not given to others.
            self._kept[key] = self._selects(selector, item, False), selector, item
        return self._kept[key][0]  # type: ignore[no-any-return]

    def _selects(self, selector: dict[str, Any], item: Item, requiring: bool) -> Truth:
        parts: list[Truth] = []
        for key, wanted in selector.items():
            if key.startswith("x-"):
                continue
            if key == "all":
                parts.append(all_of(self.selects(each, item, requiring=requiring) for each in wanted))
            elif key == "any":
                parts.append(any_of(self.selects(each, item, requiring=requiring) for each in wanted))
            elif key == "not":
                parts.append(negation(self.selects(wanted, item)))
            else:
                test = getattr(self, f"_is_{key}", None)
                if test is None:
                    raise NotAnInput(f'no selector key "{key}"')
                parts.append(test(item, wanted, requiring) if key == "grade" else test(item, wanted))
        return all_of(parts)

    def _is_unit(self, item: Item, wanted: Any) -> Truth:
        return item.unit in words(wanted)

    def _is_tag(self, item: Item, wanted: Any) -> Truth:
        if item.tags is None:
            return None
        return any(
            any(tag.startswith(word[:-1]) for tag in item.tags) if word.endswith("*") else word in item.tags
            for word in words(wanted)
        )

    def _is_origin(self, item: Item, wanted: Any) -> Truth:
        if item.origins is None:
            return None
        return any_of(_below(stated, word) for stated in item.origins for word in words(wanted))

    def _is_provider(self, item: Item, wanted: Any) -> Truth:
        if item.provider is None:
            return None
        awarding = self.text.get("awarding")
        own: Truth = None if awarding is None else item.provider in words(awarding)
        if item.provider in ("awarding", "other"):
            own = item.provider == "awarding"
        parts: list[Truth] = []
        for word in words(wanted):
            if word == "awarding":
                parts.append(own)
            elif word == "other":
                parts.append(negation(own))
            else:
                parts.append(item.provider == word)
        return any_of(parts)

    def _is_field(self, item: Item, wanted: Any) -> Truth:
        if item.fields is None:
            return None
        return any_of(_inside_field(field, word) for field in item.fields for word in words(wanted))

    def _is_mode(self, item: Item, wanted: Any) -> Truth:
        return None if item.mode is None else item.mode in words(wanted)

    def _is_part_of(self, item: Item, wanted: Any) -> Truth:
        return None if item.part_of is None else item.part_of in words(wanted)

    def _is_status(self, item: Item, wanted: Any) -> Truth:
        return item.status in words(wanted)

    def _is_outcome(self, item: Item, wanted: Any) -> Truth:
        return None if item.outcomes is None else any(word in item.outcomes for word in words(wanted))

    def _is_quality_assured(self, item: Item, wanted: Any) -> Truth:
        return None if item.quality_assured is None else item.quality_assured in words(wanted)

    def _is_assessed(self, item: Item, wanted: Any) -> Truth:
        return None if item.assessed is None else item.assessed in words(wanted)

    def _is_whole(self, item: Item, wanted: Any) -> Truth:
        return None if item.whole is None else item.whole in words(wanted)

    def _is_credits(self, item: Item, wanted: Any) -> Truth:
        return self.compared(self._of_each(item, "credits"), wanted)

    def _is_hours(self, item: Item, wanted: Any) -> Truth:
        return self.compared(self._of_each(item, "hours"), wanted)

    def _of_each(self, item: Item, measure: str) -> tuple[Number, Number]:
        """Size of one of the equal units an item stands for."""
        low, high = self.size(item, measure)
        return low / item.count, high / item.count

    def used_elsewhere(self, item: Item) -> Truth:
        """Whether an item already counts for another award."""
        return None if item.used_for is None else bool(item.used_for)

    def _is_used(self, item: Item, wanted: Any) -> Truth:
        used = None if item.used_for is None else bool(item.used_for)
        return used if wanted else negation(used)

    def _is_used_for(self, item: Item, wanted: Any) -> Truth:
        if item.used_for is None:
            return None
        kinds = {held.get("id"): held.get("kind") for held in self.record.get("awards") or []}
        asked = words(wanted)
        return any(award in asked or kinds.get(award) in asked for award in item.used_for)

    def _is_date(self, item: Item, wanted: Any) -> Truth:
        if item.date is None:
            return None
        first, last = _day(wanted.get("from")), _day(wanted.get("until"))
        return (first is None or item.date >= first) and (last is None or item.date <= last)

    def reference_day(self, name: str) -> date | None:
        """The day of registration, admission or claim; the record's own day stands for the claim."""
        dates = self.record.get("dates") or {}
        day = _day(dates.get(name))
        return _day(self.record.get("as_of")) if day is None and name == "claim" else day

    def _is_age(self, item: Item, wanted: Any) -> Truth:
        start = item.started if wanted.get("since") == "started" else item.date
        end = self.reference_day(wanted.get("to") or "claim")
        parts: list[Truth] = []
        for key in ("at_most", "at_least"):
            if key not in wanted:
                continue
            if wanted[key] is None or start is None or end is None:
                parts.append(None)
            else:
                day = later(start, wanted[key])
                parts.append(day >= end if key == "at_most" else day <= end)
        return all_of(parts)

    # ---- levels

    def _is_level(self, item: Item, wanted: Any) -> Truth:
        if not item.levels:
            return None if item.levels is None else False
        parts: list[Truth] = []
        if "at_least" in wanted:
            parts.append(self._level(item.levels, "at_least", wanted["at_least"]))
        if "at_most" in wanted:
            parts.append(self._level(item.levels, "at_most", wanted["at_most"]))
        if "exactly" in wanted:
            parts.append(any_of(self._level(item.levels, "exactly", each) for each in words(wanted["exactly"])))
        return all_of(parts)

    def _level(self, stated: list[str], relation: str, bound: str) -> Truth:
        framework, _, code = bound.partition(":")
        own = [level for level in stated if level.partition(":")[0] == framework]
        if own:
            return self._inside(framework, own[0].partition(":")[2], relation, code)
        answers = {self._across(level, relation, framework, code) for level in stated} - {None}
        # Two statements that contradict each other decide nothing.
        return answers.pop() if len(answers) == 1 else None

    def _inside(self, framework: str, code: str, relation: str, bound: str) -> Truth:
        """Two codes of one framework or local ladder."""
        if code == bound:
            return True
        if relation == "exactly":
            return False
        scale = (self.text.get("scales") or {}).get(framework)
        if scale is not None and "order" in scale:
            order = scale["order"]
            if code not in order or bound not in order:
                return None
            above = order.index(code) > order.index(bound)
        else:
            above_or_none = self._above(framework, code, bound)
            if above_or_none is None:
                return None
            if above_or_none == "beside":
                return False
            above = above_or_none == "above"
        return above if relation == "at_least" else not above

    def _above(self, framework: str, code: str, bound: str) -> str | None:
        """Whether a level stands "above", "below" or "beside" another of its framework."""
        if self.world is not None:
            try:
                known = self.world.framework(framework)
                one, other = known.level(code), known.level(bound)
            except LookupError:
                return None
            if one.parallel is not None and one.parallel == other.parallel:
                return "beside"
            return "above" if one.rank > other.rank else "below"
        if code.isdigit() and bound.isdigit():
            return "above" if int(code) > int(bound) else "below"
        return None

    def _across(self, level: str, relation: str, framework: str, bound: str) -> Truth:
        """A level of another framework: known only where floor or ceiling decide."""
        key = ("across", level, relation, framework, bound)
        if key not in self._kept:
            self._kept[key] = self._ask_across(level, relation, framework, bound)
        return self._kept[key]  # type: ignore[no-any-return]

    def _ask_across(self, level: str, relation: str, framework: str, bound: str) -> Truth:
        if self.world is None or level.partition(":")[0] in (self.text.get("scales") or {}):
            return None
        try:
            answer = self.world.map_level(level, to=framework)
        except LookupError:
            return None
        if answer.peer or answer.conflict is not None:
            return None
        if answer.status == "mapped" and answer.complete and answer.possible:
            sides = {self._inside(framework, code, relation, bound) for code in answer.possible}
            return sides.pop() if len(sides) == 1 else None
        if answer.status != "no_counterpart" or answer.bracket is None:
            return None
        # Its neighbours bound a level without counterpart.
        low, high = answer.bracket
        reached = low is not None and self._inside(framework, low, "at_least", bound) is True
        within = high is not None and self._inside(framework, high, "at_most", bound) is True
        over = low is not None and low != bound and reached
        under = high is not None and high != bound and within
        if relation == "at_least":
            return True if reached else False if under else None
        if relation == "at_most":
            return True if within else False if over else None
        return False if over or under else None

    # ---- grades

    def _is_grade(self, item: Item, wanted: Any, requiring: bool = False) -> Truth:
        if item.grade is None:
            return None
        if item.grade == "ungraded":
            treated = wanted.get("ungraded") or "fail"
            return treated == "pass" or (treated == "skip" and requiring)
        parts: list[Truth] = []
        for key in ("at_least", "at_most"):
            if key in wanted:
                side = self._grades(item.grade, str(wanted[key]), wanted.get("scale"))
                parts.append(None if side is None else side >= 0 if key == "at_least" else side <= 0)
        if "exactly" in wanted:
            parts.append(item.grade in [str(word) for word in words(wanted["exactly"])])
        return all_of(parts)

    def _grades(self, one: str, other: str, scale: str | None) -> int | None:
        """1, 0 or -1 as a grade is above, equal to or below another; None if they do not compare."""
        scales = self.text.get("scales") or {}
        if scale is not None:
            named = [scales.get(scale) or {}]
        else:
            named = [
                each for each in scales.values() if one in each.get("order", ()) and other in each.get("order", ())
            ]
            if not named and _number(one) is not None and _number(other) is not None:
                named = [{"numeric": True}]
        if len(named) != 1:
            return None
        chosen = named[0]
        order = chosen.get("order")
        if order is not None and one in order and other in order:
            own, bound = order.index(one), order.index(other)
            return int(own > bound) - int(own < bound)
        if chosen.get("numeric"):
            first, second = _number(one), _number(other)
        else:
            worth = chosen.get("points") or {}
            first, second = _number(worth.get(one)), _number(worth.get(other))
        if first is None or second is None:
            return None
        return (first > second) - (first < second)

    def points(self, grade: str | None, scale: dict[str, Any] | None) -> Fraction | None:
        """What a grade is worth on a scale with points or numbers; None if that is not known."""
        if grade is None or grade == "ungraded":
            return None
        if scale is not None and grade in (scale.get("points") or {}):
            return _number(scale["points"][grade])
        return _number(grade)

    # ---- values of attributes

    def values(self, item: Item, attribute: str) -> list[str] | None:
        """Values an item has of an attribute such as ``provider`` or ``tag:subject``; None: not known."""
        if attribute.startswith("tag:"):
            prefix = attribute[4:] + ":"
            return None if item.tags is None else [tag[len(prefix) :] for tag in item.tags if tag.startswith(prefix)]
        if attribute == "unit":
            return [item.unit]
        if attribute in ("origin", "field", "level"):
            found: list[str] | None = getattr(item, attribute + "s")
            return found
        one: str | None = getattr(item, attribute)
        return None if one is None else [one]

    def has_value(self, item: Item, attribute: str, value: str) -> Truth:
        """Whether an item has a value of an attribute."""
        found = self.values(item, attribute)
        return None if found is None else value in found

    def unstated(self, attribute: str) -> bool:
        """Whether an item that may count does not state its value of an attribute."""
        return any(self.states_no(attribute, item) for item in self.items)

    def states_no(self, attribute: str, item: Item) -> bool:
        """Whether an item may count and does not state its value of an attribute."""
        return self.may_count(item) and self.values(item, attribute) is None

    def record_values(self, attribute: str) -> list[str]:
        """Every value of an attribute that an item with an admitted status states, in order."""
        found: set[str] = set()
        for item in self.items:
            if self.may_count(item):
                for form in self.forms(item):
                    found.update(self.values(form, attribute) or ())
        return sorted(found)

    def may_count(self, item: Item) -> bool:
        """Whether the status of an item lets it be counted at all."""
        return item.status in self.admitted and item.status != "exempted"

    def forms(self, item: Item) -> list[Item]:
        """The item itself, then what substitutions let it stand for."""
        key = ("forms", item.index)
        if key not in self._kept:
            self._kept[key] = [item]
            self._kept[key] = [item, *self._substitutes(item)]
        return self._kept[key]  # type: ignore[no-any-return]

    def _acting(self, item: Item) -> list[dict[str, Any]]:
        """Substitutions by which an item may stand for something else."""
        return [
            edit
            for name, edit in sorted((self.text.get("substitutions") or {}).items())
            if (edit.get("gives") or "place") in ("place", "unassigned")
            and self.decided("substitutions", name, edit)
            and self.permits(edit)
            and self.admits(self.selects(edit.get("by"), item))
        ]

    def _substitutes(self, item: Item) -> list[Item]:
        found = []
        for edit in self._acting(item):
            replace = edit["replace"]
            if not isinstance(replace, dict) or len(replace) != 1:
                continue
            for word in words(replace.get("unit", [])):
                found.append(Item({**item.raw, "unit": word}, -1))
            for word in words(replace.get("tag", [])):
                found.append(Item({**item.raw, "tags": [*(item.tags or []), word]}, -1))
        return found

    def stands_anywhere(self, item: Item) -> bool:
        """Whether any place lets an item in, because it may stand for everything."""
        return any(edit["replace"] == "everything" for edit in self._acting(item))

    def served(self, item: Item, units: Iterable[str]) -> set[str]:
        """Those of a set of units that an item may serve as.

        What stands for a tag serves as any unit of the rule that carries it; what stands for
        everything, as any unit; credit that is not assigned, as none.
        """
        asked = set(units)
        found = {item.unit} & asked
        for edit in self._acting(item):
            replace = edit["replace"]
            if edit.get("gives") == "unassigned":
                continue
            if replace == "everything":
                return asked
            if not isinstance(replace, dict) or len(replace) != 1:
                continue
            found |= asked & set(words(replace.get("unit", [])))
            for entry in self.text.get("units") or ():
                carried = Item({"id": "", "tags": entry.get("tags")}, -1)
                if entry.get("unit") in asked and "tag" in replace and self._is_tag(carried, replace["tag"]):
                    found.add(entry["unit"])
        return found

    def chooses(self, selector: Any, item: Item, *, requiring: bool = False) -> Truth:
        """Whether a selector selects an item or something the item stands for."""
        return any_of(self.selects(selector, form, requiring=requiring) for form in self.forms(item))

    # ---- conditions

    def condition(
        self, condition: dict[str, Any], subject: Item | None = None, timing: str = "any", via_rpl: bool | None = True
    ) -> Truth:
        """A predicate over the case.

        Parameters
        ----------
        condition : dict
        subject : Item, optional
            The item whose prerequisites are asked: it does not stand for itself.
        timing : {"before", "with", "after", "any"}
            When what is held must have been earned, against the date of ``subject``.
        via_rpl : bool or None
            False: credit by recognition of prior learning does not count as held.
        """
        if "holds" in condition:
            return self._holds(condition, subject, timing, via_rpl)
        if "parameter" in condition:
            return self._parameter_is(condition)
        if "award" in condition:
            awards = self.record.get("awards")
            if awards is None:
                return None
            return any_of(
                held.get("completed") is not False and word in (held.get("id"), held.get("kind"))
                for held in awards
                for word in words(condition["award"])
            )
        if "met" in condition:
            # Whether a clause is met hangs on what is placed; only prerequisites ask it there.
            return None
        if "all" in condition:
            return all_of(self.condition(each, subject, timing, via_rpl) for each in condition["all"])
        if "any" in condition:
            return any_of(self.condition(each, subject, timing, via_rpl) for each in condition["any"])
        if "not" in condition:
            return negation(self.condition(condition["not"], subject, timing, via_rpl))
        raise NotAnInput(f"no condition: {condition}")

    def _holds(self, condition: dict[str, Any], subject: Item | None, timing: str, via_rpl: bool | None) -> Truth:
        measure = condition.get("measure") or "units"
        least = self.amount(condition.get("min", 1))
        low: Number = Fraction(0)
        high: Number = Fraction(0)
        for item in self.items:
            if item.status not in self.admitted or item is subject:
                continue
            truth = self.chooses(condition["holds"], item)
            if subject is not None:
                truth = all_of([truth, self.in_time(item, subject, timing), self._carries(item, via_rpl)])
            size = self.size(item, measure)
            if measure == "units":
                size = Fraction(item.count), Fraction(item.count)
            if truth is True:
                low += size[0]
            if truth is not False:
                high += size[1]
        if least is None:
            return None
        return True if low >= least else False if high < least else None

    @staticmethod
    def in_time(item: Item, subject: Item, timing: str) -> Truth:
        """Whether something was earned before, with or after something else."""
        if timing == "any":
            return True
        if item.date is None or subject.date is None:
            return None
        if timing == "before":
            return item.date < subject.date
        return item.date <= subject.date if timing == "with" else item.date >= subject.date

    def _carries(self, item: Item, via_rpl: bool | None) -> Truth:
        return negation(self._is_origin(item, "rpl")) if via_rpl is False else True

    def _parameter_is(self, condition: dict[str, Any]) -> Truth:
        value = self.parameter(condition["parameter"])
        if value is None:
            return None
        parts: list[Truth] = []
        if "is" in condition:
            parts.append(any(_same(value, word) for word in words(condition["is"])))
        for key in ("at_least", "at_most"):
            if key in condition:
                number = _number(value)
                bound = exact(condition[key])
                parts.append(None if number is None else number >= bound if key == "at_least" else number <= bound)
        return all_of(parts)

    def requirement(self, name: str, clause: dict[str, Any]) -> Truth:
        """Whether a requirement without credit value is met: as the record answers, else as it is needed.

        What it comes ``after`` orders steps; whoever answers for it has seen to that.
        """
        answers = self.record.get("requirements") or {}
        stated = answers.get(name)
        truth: Truth
        if stated is not None:
            if isinstance(stated, bool):
                truth = stated
            else:
                least = self.amount(clause.get("min", 1))
                truth = None if least is None else exact(stated) >= least
        elif "needs" in clause:
            truth = self.condition(clause["needs"])
        else:
            truth = None
        return truth


def _ends(value: Any) -> tuple[Fraction, Fraction] | None:
    """Both ends of a number or an interval of the public API."""
    if value is None:
        return None
    low, high = getattr(value, "min", None), getattr(value, "max", None)
    if low is None or high is None:
        low = high = value
    return Fraction(low), Fraction(high)


def _number(value: Any) -> Fraction | None:
    if value is None or isinstance(value, bool):
        return None
    try:
        return Fraction(str(value)) if "." not in str(value) or isinstance(value, str) else None
    except (ValueError, ZeroDivisionError):
        return None


def _same(value: Any, word: Any) -> bool:
    if isinstance(value, bool) or isinstance(word, bool):
        return str(value).lower() == str(word).lower()
    one, other = _number(value), _number(word)
    return one == other if one is not None and other is not None else str(value) == str(word)


def _inside_field(stated: str, prefix: str) -> Truth:
    """Whether a field lies in another; one stated more broadly may or may not."""
    if stated.startswith(prefix):
        return True
    return None if prefix.startswith(stated) else False


def _below(stated: str, word: str) -> Truth:
    """Whether an origin is, or is a kind of, another; a broader statement leaves it open."""
    if stated == word or stated.startswith(word + "."):
        return True
    return None if word.startswith(stated + ".") else False
