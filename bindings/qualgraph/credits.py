"""Credits: exact amounts, and what they are worth in another system.

Numbers are exact fractions from end to end. A float is refused where an amount is meant, since a
verdict may hang on its last digit.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from . import _core
from .answers import Result, TabularResult, ask_again
from .errors import InvalidValue, UnitMismatch
from .facts import AgreedRatio, Range, Source, Value, agreed_ratio_of, as_text, range_of, sources_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from .table import Table
    from .world import World

__all__ = [
    "Agreement",
    "BrokenChain",
    "Conversion",
    "ConvertedItems",
    "CreditVerdict",
    "Credits",
    "RoundingBound",
    "VolumeOfLearning",
    "WayVerdict",
    "credits",
    "exact",
]


def exact(value: Any, what: str = "an exact number") -> Fraction:
    """An exact number from what a user writes.

    Parameters
    ----------
    value : int, str, Fraction or Decimal
        ``5``, ``"5/2"``, ``"2.5"``, ``Fraction(5, 2)``.
    what : str, optional
        What the number is, for the message.

    Raises
    ------
    UnitMismatch
        For a float, a bool and anything that is no number.
    InvalidValue
        For a text that is no number.

    Examples
    --------
    >>> exact("5/2"), exact("2.5"), exact(3)
    (Fraction(5, 2), Fraction(5, 2), Fraction(3, 1))
    >>> exact(2.5)
    Traceback (most recent call last):
    ...
    qualgraph.UnitMismatch: the float 2.5 is not exact; write it as text, such as "5/2" or "2.5", ...
    """
    if isinstance(value, Fraction):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return Fraction(value)
    if isinstance(value, str):
        number: Fraction = _core.parse_rational(as_text(value, "number"))
        return number
    if isinstance(value, float) or getattr(getattr(value, "dtype", None), "kind", "") == "f":
        shown = Fraction(str(float(value))) if abs(float(value)) < 1e15 else None
        example = (
            f'"{shown}" or "{float(value)}", or as Fraction({shown.numerator}, {shown.denominator})'
            if shown
            else '"5/2"'
        )
        raise UnitMismatch(f"the float {float(value)} is not exact; write it as text, such as {example}")
    if isinstance(value, bool):
        raise UnitMismatch(f"{value} is a truth value, not {what}")
    if hasattr(value, "as_integer_ratio"):
        # Decimal and whole numbers of NumPy know their exact value.
        try:
            return Fraction(*value.as_integer_ratio())
        except (ValueError, OverflowError):
            raise InvalidValue(f"{value} is no number") from None
    if hasattr(value, "__index__"):
        return Fraction(value.__index__())
    raise UnitMismatch(f'{value!r} is not {what}; write a whole number, a text such as "5/2", or a Fraction')


def amount_range(amount: Any) -> tuple[Fraction, Fraction]:
    """Both ends of an amount: a number, a Range, or a pair."""
    if isinstance(amount, Range):
        return amount.min, amount.max
    if isinstance(amount, tuple) and len(amount) == 2:
        return exact(amount[0], "an amount"), exact(amount[1], "an amount")
    number = exact(amount, "an amount")
    return number, number


def number_of(ends: tuple[Fraction, Fraction]) -> Fraction | Range:
    """One number where both ends agree, else the range."""
    return ends[0] if ends[0] == ends[1] else Range(*ends)


def _number_or_none(ends: tuple[Fraction, Fraction] | None) -> Fraction | Range | None:
    return None if ends is None else number_of(ends)


def _written(number: Fraction | Range) -> str:
    from .display import fraction_text

    return str(number) if isinstance(number, Range) else fraction_text(number)


class Credits:
    """An amount of credits in one named system; made by :func:`credits`.

    Amounts of one system add, subtract, compare and multiply by exact numbers. Amounts of two
    systems do not: convert first.

    Attributes
    ----------
    amount : Fraction or Range
        In credits of ``system``; a Range where the source states one.
    system : str

    Examples
    --------
    >>> import qualgraph as qg
    >>> qg.credits(30, "ects") + qg.credits("5/2", "ects")
    Credits('65/2 ects')
    >>> qg.credits(15, "ects") + qg.credits(20, "za-credit")
    Traceback (most recent call last):
    ...
    qualgraph.UnitMismatch: 15 ects + 20 za-credit: convert first
    """

    __slots__ = ("_c",)

    def __init__(self, core: _core.Credits) -> None:
        object.__setattr__(self, "_c", core)

    def __setattr__(self, name: str, value: Any) -> None:
        raise AttributeError("Credits objects do not change")

    _c: _core.Credits

    @property
    def amount(self) -> Fraction | Range:
        """Number of credits."""
        return number_of(self._c.amount)

    @property
    def system(self) -> str:
        """Credit system."""
        return self._c.system

    def _same(self, other: Any, sign: str) -> Credits:
        if not isinstance(other, Credits):
            raise UnitMismatch(
                f'{self} {sign} {other!r}: write credits with their system, such as "30 {self.system}"'
            )
        if other.system != self.system:
            raise UnitMismatch(f"{self} {sign} {other}: convert first")
        return other

    def __add__(self, other: Any) -> Credits:
        if isinstance(other, int) and other == 0:
            # sum() starts with a plain 0.
            return self
        return Credits(self._c.plus(self._same(other, "+")._c))

    __radd__ = __add__

    def __sub__(self, other: Any) -> Credits:
        low, high = self._same(other, "-")._c.amount
        a, b = self._c.amount
        return Credits(_core.Credits((a - high, b - low), self.system))

    def __mul__(self, factor: Any) -> Credits:
        if isinstance(factor, Credits):
            raise UnitMismatch(f"{self} times {factor}: credits multiply by plain numbers only")
        return Credits(self._c.times(exact(factor, "a factor")))

    __rmul__ = __mul__

    def __truediv__(self, other: Any) -> Any:
        if isinstance(other, Credits):
            a, b = self._one("/"), self._same(other, "/")._one("/")
            if b == 0:
                raise InvalidValue(f"{self} / {other}: no credits to divide by")
            return a / b
        divisor = exact(other, "a divisor")
        if divisor == 0:
            raise InvalidValue(f"{self} / 0 is no amount")
        return self * (1 / divisor)

    def _one(self, sign: str) -> Fraction:
        amount = self.amount
        if isinstance(amount, Range):
            raise InvalidValue(
                f"{self} is a range, for which {sign} has no single answer; use its amount's min or max"
            )
        return amount

    def __lt__(self, other: Any) -> bool:
        return self._one("<") < self._same(other, "<")._one("<")

    def __le__(self, other: Any) -> bool:
        return self._one("<=") <= self._same(other, "<=")._one("<=")

    def __gt__(self, other: Any) -> bool:
        return self._one(">") > self._same(other, ">")._one(">")

    def __ge__(self, other: Any) -> bool:
        return self._one(">=") >= self._same(other, ">=")._one(">=")

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Credits):
            return NotImplemented
        return self.system == other.system and self._c.amount == other._c.amount

    def __hash__(self) -> int:
        return hash((self._c.amount, self.system))

    def __str__(self) -> str:
        return f"{_written(self.amount)} {self.system}"

    def __repr__(self) -> str:
        return f"Credits({str(self)!r})"

    def __reduce__(self) -> Any:
        return _restore, (self._c.amount, self.system)

    def to_dict(self) -> dict[str, Any]:
        """The amount as JSON."""
        from .display import exact_json

        return {"amount": exact_json(self.amount), "system": self.system}


def _is(credits: Credits) -> str:
    from .display import agree

    return agree(credits.amount, "is", "are")


def _restore(amount: tuple[Fraction, Fraction], system: str) -> Credits:
    return Credits(_core.Credits(amount, system))


def credits(amount: Any, system: str | None = None) -> Credits:
    """An amount of credits in a named system.

    Parameters
    ----------
    amount : int, str, Fraction, Decimal or Range
        How many; exact, never negative. Or the whole in one text: ``"30 ects"``.
    system : str, optional
        Id of the credit system, needed unless the text names it.

    Returns
    -------
    Credits

    Raises
    ------
    InvalidValue
        For a negative amount and a text that is no amount.
    UnitMismatch
        For a float, and for an amount without a system.

    Examples
    --------
    >>> import qualgraph as qg
    >>> qg.credits(30, "ects") == qg.credits("30 ects")
    True
    >>> print(qg.credits(qg.Range(5, 40), "nz-credit"))
    5–40 nz-credit
    """
    if isinstance(amount, Credits):
        if system is not None and system != amount.system:
            raise UnitMismatch(f"{amount} is no amount of {system}: convert first")
        return amount
    if system is None:
        if not isinstance(amount, str):
            raise UnitMismatch(f'{amount!r} has no credit system; write credits(30, "ects") or "30 ects"')
        return Credits(_core.Credits.parse(as_text(amount, "amount").replace("–", "-")))
    return Credits(_core.Credits(amount_range(amount), as_text(str(getattr(system, "id", system)), "system")))


class Agreement(Value):
    """A conversion by a ratio that a named document fixes.

    Attributes
    ----------
    value : Fraction or Range
        In credits of the target system.
    factor : Fraction or Range
        Target credits per source credit.
    ratio : AgreedRatio
        As the document states it.
    reversed : bool
        Whether the document fixes the other direction.
    evidence : str
    """

    __slots__ = ("value", "factor", "ratio", "reversed", "evidence")
    value: Fraction | Range
    factor: Fraction | Range
    ratio: AgreedRatio
    reversed: bool
    evidence: str

    def __str__(self) -> str:
        from .display import mark

        read = ", read in the other direction" if self.reversed else ""
        return f"{_written(self.value)} {self._to}, since {self.ratio}{read} [{mark(self.evidence)}]"

    @property
    def _to(self) -> str:
        return self.ratio.from_ if self.reversed else self.ratio.to


class Conversion(Result):
    """What credits of one system are worth in another, by each way; the ways are never blended.

    Attributes
    ----------
    from_ : Credits
    to : str
    by_hours : Range or None
        The same learning hours.
    by_year : Fraction or Range or None
        The same share of a full-time year; a Range only for an amount that is one.
    by_agreement : list of Agreement
        Ratios fixed by a named document; they inform, and decide only when named.
    missing : dict of str to str
        Ways that give no answer, and why.
    hours_factor, year_factor, full_year_factor : Range or None
        Target credits per source credit; the last is what separates the two ways.
    same_system : bool

    Examples
    --------
    >>> import qualgraph as qg
    >>> c = qg.load().convert("30 ects", to="cats")
    >>> c.by_hours, c.by_year
    (Range(75, 90), Fraction(60, 1))
    >>> c.value(way="year")
    Fraction(60, 1)
    """

    _legal = (
        "This is a conversion by published figures, not a decision to grant credit; "
        "that rests with the awarding body."
    )

    def __init__(self, core: _core.Conversion, world: World) -> None:
        self._bind(world)
        self._c = core

    def __reduce__(self) -> Any:
        return ask_again, (self._world, "convert", (self.from_, self.to), {})

    @property
    def from_(self) -> Credits:
        """The amount asked."""
        return Credits(self._c.from_)

    @property
    def to(self) -> str:
        """The system asked."""
        return self._c.to

    @property
    def same_system(self) -> bool:
        """Whether both names mean one system."""
        return self._c.same_system

    @property
    def by_hours(self) -> Range | None:
        """Credits of the same learning hours."""
        return range_of(self._c.by_hours)

    @property
    def by_year(self) -> Fraction | Range | None:
        """Credits of the same share of a full-time year."""
        return _number_or_none(self._c.by_year)

    @property
    def by_agreement(self) -> list[Agreement]:
        """Credits by ratios that named documents fix."""
        return [
            Agreement(
                number_of(a.value), number_of(a.factor), agreed_ratio_of(a.ratio), a.reversed, a.evidence
            )
            for a in self._c.by_agreement
        ]

    @property
    def missing(self) -> dict[str, str]:
        """Ways that give no answer, and why."""
        return {each.way: each.reason for each in self._c.missing}

    @property
    def hours_factor(self) -> Range | None:
        """Target credits per source credit, by hours."""
        return range_of(self._c.hours_factor)

    @property
    def year_factor(self) -> Range | None:
        """Target credits per source credit, by the year."""
        return range_of(self._c.year_factor)

    @property
    def full_year_factor(self) -> Range | None:
        """Hours of a full-time year of the source system against the target's."""
        return range_of(self._c.full_year_factor)

    @property
    def hull(self) -> Range | None:
        """Smallest interval that holds the answers by hours and by year."""
        return range_of(self._c.hull)

    def value(self, way: str | None = None, *, rounding: str = "none", grain: Any = 1) -> Fraction | Range:
        """One number, or one interval, by a named way.

        Parameters
        ----------
        way : {"hours", "year", "agreement"}
            Which way; there is no default, because the ways disagree.
        rounding : {"none", "down", "up", "half_up", "half_even"}, optional
            Applied once, to the exact number.
        grain : int, str or Fraction, optional
            What it is rounded to a multiple of, in credits.

        Returns
        -------
        Fraction or Range
            In credits of the target system.

        Raises
        ------
        InvalidValue
            If no way is named, or the grain is not positive.
        UnitMismatch
            If the way gives no answer; the message says why.

        Examples
        --------
        >>> import qualgraph as qg
        >>> c = qg.load().convert("5 cats", to="ects")
        >>> c.value(way="year"), c.value(way="year", rounding="half_up")
        (Fraction(5, 2), Fraction(3, 1))
        """
        if way is None:
            raise InvalidValue(
                f"the ways disagree, so a single value needs one of them named: {self._ways()}"
            )
        step = exact(grain, "a grain")
        return number_of(self._c.value(as_text(way, "way"), as_text(rounding, "rounding"), step).rounded)

    def _ways(self) -> str:
        from .display import listing

        found = [f"by hours {self.by_hours}"] if self.by_hours is not None else []
        if self.by_year is not None:
            found.append(f"by year {_written(self.by_year)}")
        found += [f"by agreement {_written(each.value)}" for each in self.by_agreement]
        return listing(found) or "none is available"

    @property
    def sources(self) -> list[Source]:
        """Texts that state the figures used, each with its evidence mark."""
        return sources_of(self._c.sources)

    def _sentence(self) -> str:
        from .display import listing, mark

        if self.same_system:
            same = f"{_written(self.from_.amount)} {self.to}"
            return f"{self.from_} {_is(self.from_)} {same}: both names mean one system."
        found = []
        if self.by_hours is not None:
            found.append(f"{self.by_hours} {self.to} by learning hours")
        if self.by_year is not None:
            found.append(f"{_written(self.by_year)} {self.to} by the full-time year")
        for each in self.by_agreement:
            document = next((source.title for source in each.ratio.sources), "a named document")
            found.append(f"{_written(each.value)} {self.to} by agreement ({document})")
        if not found:
            why = "; ".join(self.missing.values())
            return f"What {self.from_} {_is(self.from_)} worth in {self.to} is not established: {why}."
        text = f"{self.from_} {_is(self.from_)} {listing(found)}."
        if self.by_hours is not None and self.by_year is not None and self.by_year != self.by_hours:
            year = self.by_year
            ends = (year.min, year.max) if isinstance(year, Range) else (year, year)
            if ends != tuple(self.by_hours):
                text += (
                    f" The ways differ: a full-time year of {self.from_.system} holds {self.full_year_factor} "
                    f"times the hours of one of {self.to}."
                )
        for way in ("hours", "year"):
            if way in self.missing:
                text += f" No answer by {way}: {self.missing[way]}."
        figures = {
            self._c.from_system.id: self._c.from_system,
            self._c.to_system.id: self._c.to_system,
        }
        return (
            text + " Figures: " + listing(f"{id} ({mark(each.evidence)})" for id, each in figures.items()) + "."
        )

    def __repr__(self) -> str:
        return f"<Conversion {self.from_} -> {self.to}: {self._ways()}>"

    def _payload(self) -> dict[str, Any]:
        names: tuple[str, ...] = (
            "from_",
            "to",
            "same_system",
            "by_hours",
            "by_year",
            "by_agreement",
            "missing",
        )
        names += ("hours_factor", "year_factor", "full_year_factor")
        payload = {name.rstrip("_"): getattr(self, name) for name in names}
        for side in ("from_system", "to_system"):
            figures = getattr(self._c, side)
            payload[side] = {
                "id": figures.id,
                "hours_per_credit": range_of(figures.hours_per_credit),
                "credits_per_year": figures.credits_per_year,
                "contact_only": figures.contact_only,
                "evidence": figures.evidence,
            }
        return payload

    def _html_body(self) -> str:
        from .display import html_table

        ways: list[tuple[str, str, str, str]] = []
        if self.by_hours is not None:
            ways.append(("hours", str(self.by_hours), str(self.hours_factor), ""))
        if self.by_year is not None:
            ways.append(("year", _written(self.by_year), str(self.year_factor), ""))
        for each in self.by_agreement:
            document = next((source.title for source in each.ratio.sources), each.ratio.note)
            ways.append(("agreement", _written(each.value), _written(each.factor), document))
        ways += [(way, "no answer", "", reason) for way, reason in self.missing.items()]
        names: tuple[str, ...] = ("by", self.to, f"per credit of {self.from_.system}", "remark")
        return html_table({name: [way[index] for way in ways] for index, name in enumerate(names)})


class WayVerdict(Value):
    """What one way says to a bound: ``way``, ``truth`` (True, False or None), ``value``, ``reason``."""

    __slots__ = ("way", "truth", "value", "reason")
    way: str
    truth: bool | None
    value: Fraction | Range
    reason: str

    def __str__(self) -> str:
        said = {True: "yes", False: "no", None: "not settled"}[self.truth]
        return f"by {self.way}: {said} ({self.reason})" if self.reason else f"by {self.way}: {said}"


class CreditVerdict(Result):
    """Whether credits reach a minimum, or stay under a cap, of another system.

    Attributes
    ----------
    verdict : bool or None
        True or False only if every available way says so (or the one named); else None.
    ways : list of WayVerdict
    reason : str
    conversion : Conversion

    Examples
    --------
    >>> import qualgraph as qg
    >>> v = qg.load().check_credits("30 ects", at_least="70 cats")
    >>> v.verdict, [(way.way, way.truth) for way in v.ways]
    (None, [('hours', True), ('year', False)])
    """

    _legal = Conversion._legal

    def __init__(
        self, core: _core.Comparison, amount: Credits, bound: Credits, relation: str, world: World
    ) -> None:
        self._bind(world)
        self.amount = amount
        self.bound = bound
        self.relation = relation
        self.verdict: bool | None = core.truth
        self.ways = [
            WayVerdict(each.way, each.truth, number_of(each.value), each.reason) for each in core.ways
        ]
        self.reason = core.reason
        self.conversion = Conversion(core.conversion, world)

    @property
    def sources(self) -> list[Source]:
        """Texts that state the figures used."""
        return self.conversion.sources

    def _sentence(self) -> str:
        words = {True: "certainly", False: "certainly not", None: "not settled whether"}
        bound = f"{self.relation} {self.bound}"
        if self.verdict is None:
            return f"It is not settled whether {self.amount} {_is(self.amount)} {bound}: {self.reason}."
        return f"{self.amount} {_is(self.amount)} {words[self.verdict]} {bound}: {self.reason}."

    def __repr__(self) -> str:
        return f"<CreditVerdict {self.amount} {self.relation} {self.bound}: {self.verdict}>"

    def _payload(self) -> dict[str, Any]:
        return {
            "amount": self.amount,
            "relation": self.relation.replace(" ", "_"),
            "bound": self.bound,
            "verdict": self.verdict,
            "ways": self.ways,
            "reason": self.reason,
        }

    def _html_body(self) -> str:
        from .display import html_table

        shown = {True: "yes", False: "no", None: "not settled"}
        return html_table(
            {
                "by": [way.way for way in self.ways],
                self.bound.system: [_written(way.value) for way in self.ways],
                self.relation: [shown[way.truth] for way in self.ways],
                "reason": [way.reason for way in self.ways],
            }
        )


class RoundingBound(Value):
    """How far a rounding can stray: below ``bound`` where ``strict``, else at most ``bound``."""

    __slots__ = ("bound", "strict")
    bound: Fraction
    strict: bool

    def __str__(self) -> str:
        return f"{'less than' if self.strict else 'at most'} {_written(self.bound)}"


class ConvertedItems(TabularResult):
    """Several amounts converted one by one, and as a sum: what rounding each differs from rounding once.

    Attributes
    ----------
    items : list of (Fraction or Range)
        Each item, rounded.
    exact_items : list of (Fraction or Range)
    exact_total, per_item, per_total : Fraction or Range
        The exact sum; the sum of the rounded items; the exact sum rounded once.
    per_item_bound, per_total_bound : RoundingBound

    Examples
    --------
    >>> import qualgraph as qg
    >>> units = qg.load().convert_items(["5 cats"] * 3, to="ects", way="year", rounding="down")
    >>> units.exact_total, units.per_item, units.per_total
    (Fraction(15, 2), Fraction(6, 1), Fraction(7, 1))
    """

    _legal = Conversion._legal

    def __init__(
        self,
        core: _core.ItemsConversion,
        given: list[Credits],
        to: str,
        rounding: str,
        grain: Fraction,
        world: World,
    ) -> None:
        self._bind(world)
        self.given = given
        self.to = to
        self.way = core.way
        self.rounding = rounding
        self.grain = grain
        self.items = [number_of(each.rounded) for each in core.items]
        self.exact_items = [number_of(each.exact) for each in core.items]
        self.exact_total = number_of(core.exact_total)
        self.per_item = number_of(core.per_item)
        self.per_total = number_of(core.per_total)
        self.per_item_bound = RoundingBound(core.per_item_bound.bound, core.per_item_bound.strict)
        self.per_total_bound = RoundingBound(core.per_total_bound.bound, core.per_total_bound.strict)

    def __len__(self) -> int:
        return len(self.items)

    def __iter__(self) -> Iterator[Fraction | Range]:
        return iter(self.items)

    @property
    def table(self) -> Table:
        """One row per item."""
        from .table import Table

        return Table(
            {
                "credits": [str(each) for each in self.given],
                f"exact {self.to}": self.exact_items,
                f"rounded {self.to}": self.items,
            },
            title=f"Items in {self.to} by {self.way}",
        )

    @property
    def sources(self) -> list[Source]:
        """Texts that state the figures used."""
        found = (source for each in self.given for source in self._world.convert(each, to=self.to).sources)
        return list(dict.fromkeys(found))

    def _sentence(self) -> str:
        from .display import agree, count

        items = f"{count(len(self), 'item')} {agree(len(self), 'is', 'are')}"
        total = f"{items} exactly {_written(self.exact_total)} {self.to} by {self.way}"
        if self.rounding == "none":
            return f"{total}."
        return (
            f"{total}; rounded {self.rounding.replace('_', ' ')} they give {_written(self.per_item)} item by item, "
            f"and {_written(self.per_total)} where only the sum is rounded."
        )

    def __repr__(self) -> str:
        totals = f"{_written(self.per_item)} or {_written(self.per_total)}"
        return f"<ConvertedItems {len(self)} -> {self.to} by {self.way}: {totals}>"

    def _payload(self) -> dict[str, Any]:
        names: tuple[str, ...] = (
            "given",
            "to",
            "way",
            "rounding",
            "grain",
            "items",
            "exact_items",
            "exact_total",
            "per_item",
            "per_total",
        )
        return {name: getattr(self, name) for name in (*names, "per_item_bound", "per_total_bound")}

    def _html_body(self) -> str:
        return self.table._repr_html_()


class VolumeOfLearning(Result):
    """Full-time years in credits and hours, where the system states a year load.

    Attributes
    ----------
    years : Fraction or Range
    system : str or None
    credits, hours : Fraction or Range or None
    missing : list of str
        Why credits or hours are not stated.
    evidence : str

    Examples
    --------
    >>> import qualgraph as qg
    >>> qg.load().volume_of_learning("3/2", "ects").credits
    Fraction(90, 1)
    """

    _legal = Conversion._legal

    def __init__(self, core: _core.VolumeOfLearning, asked: str, world: World) -> None:
        self._bind(world)
        self.asked = asked
        self.years = number_of(core.years)
        self.system: str | None = core.system or None
        self.credits = _number_or_none(core.credits)
        self.hours = _number_or_none(core.hours)
        self.missing = list(core.missing)
        self.evidence = core.evidence
        self._sources = sources_of(core.sources)

    def _sentence(self) -> str:
        from .display import agree, listing

        years = f"{_written(self.years)} full-time {agree(self.years, 'year', 'years')}"
        is_ = agree(self.years, "is", "are")
        found = [] if self.credits is None else [f"{_written(self.credits)} {self.system}"]
        found += [] if self.hours is None else [f"{_written(self.hours)} hours"]
        text = (
            f"{years} {is_} {listing(found)}."
            if found
            else f"What {years} {is_} in {self.asked} is not established."
        )
        return text + (f" Not stated: {'; '.join(self.missing)}." if self.missing else "")

    def __repr__(self) -> str:
        from .display import agree

        size = "not stated" if self.credits is None else f"{_written(self.credits)} {self.system}"
        return f"<VolumeOfLearning {_written(self.years)} {agree(self.years, 'year', 'years')}: {size}>"

    def _payload(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in ("years", "system", "credits", "hours", "missing")} | {
            "figures": self.evidence
        }


class BrokenChain(Result):
    """Three amounts on which "certainly at least" does not carry over.

    Attributes
    ----------
    first, second, direct : CreditVerdict
        The first amount reaches the second, the second the third; the first does not for certain
        reach the third.
    """

    _legal = Conversion._legal

    def __init__(self, core: _core.BrokenChain, amounts: Sequence[Credits], world: World) -> None:
        a, b, c = amounts
        self._bind(world)
        self.first = CreditVerdict(core.first, a, b, "at least", world)
        self.second = CreditVerdict(core.second, b, c, "at least", world)
        self.direct = CreditVerdict(core.direct, a, c, "at least", world)
        self.reason = core.reason

    @property
    def sources(self) -> list[Source]:
        """Texts that state the figures used."""
        return list(dict.fromkeys([*self.first.sources, *self.second.sources, *self.direct.sources]))

    def _sentence(self) -> str:
        return f"{self.first} {self.second} Yet: {self.direct}"

    def _payload(self) -> dict[str, Any]:
        verdicts = {name: getattr(self, name)._payload() for name in ("first", "second", "direct")}
        return {**verdicts, "reason": self.reason}
