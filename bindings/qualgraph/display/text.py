"""Plain text: lists in sentences, exact numbers, evidence marks, aligned columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from fractions import Fraction

__all__ = ["agree", "aligned", "cell_text", "count", "exact_json", "fraction_text", "listing", "mark", "quoted"]

_MARKS = {"read": "read", "known": "known only", "mixed": "partly read, partly known only"}


def mark(evidence: str | None) -> str:
    """An evidence mark in words.

    Examples
    --------
    >>> mark("known"), mark("read"), mark(None)
    ('known only', 'read', 'evidence unknown')
    """
    return _MARKS.get(str(evidence), "evidence unknown")


def listing(things: Iterable[object], last: str = "and") -> str:
    """Things in a sentence.

    Examples
    --------
    >>> listing(["9", "10"], "or"), listing(["4"]), listing("abc")
    ('9 or 10', '4', 'a, b and c')
    """
    names = [str(thing) for thing in things]
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} {last} {names[-1]}"


def count(number: int, noun: str, plural: str | None = None) -> str:
    """A number and its noun.

    Examples
    --------
    >>> count(1, "document"), count(3, "country", "countries"), count(0, "row")
    ('1 document', '3 countries', 'no rows')
    """
    return f"{number or 'no'} {agree(number, noun, plural or noun + 's')}"


def agree(number: object, one: str, many: str) -> str:
    """The form of a verb or noun that goes with a number: anything but 1 takes the plural.

    Examples
    --------
    >>> from fractions import Fraction
    >>> agree(1, "is", "are"), agree(Fraction(1, 2), "is", "are"), agree(0, "row", "rows")
    ('is', 'are', 'rows')
    """
    return one if number == 1 else many


def quoted(text: object) -> str:
    """A name in double quotes, as errors show it."""
    return f'"{text}"'


def fraction_text(value: Fraction | int) -> str:
    """An exact number as people write it.

    Examples
    --------
    >>> from fractions import Fraction
    >>> fraction_text(Fraction(60)), fraction_text(Fraction(75, 2))
    ('60', '75/2')
    """
    return str(value.numerator) if value.denominator == 1 else f"{value.numerator}/{value.denominator}"


def exact_json(value: Any) -> Any:
    """A value as JSON holds it without loss.

    Whole numbers stay numbers, fractions become ``"p/q"`` as in the fact files, ranges become
    ``{"min": ..., "max": ...}``, sets become sorted lists, dates become ISO text.

    Examples
    --------
    >>> from fractions import Fraction
    >>> exact_json({"a": Fraction(5, 2), "b": (Fraction(3), None)})
    {'a': '5/2', 'b': [3, None]}
    """
    if value is None or isinstance(value, (bool, int, str)):
        # A str subclass (a bound on a level) is text in JSON, and reads back as such.
        return str(value) if isinstance(value, str) else value
    if isinstance(value, dict):
        return {str(key): exact_json(each) for key, each in value.items()}
    if isinstance(value, (set, frozenset)):
        return [exact_json(each) for each in sorted(value)]
    if isinstance(value, (list, tuple)):
        return [exact_json(each) for each in value]
    if hasattr(value, "to_dict"):
        return exact_json(value.to_dict())
    if hasattr(value, "denominator"):
        return int(value.numerator) if value.denominator == 1 else fraction_text(value)
    if hasattr(value, "isoformat"):
        return value.isoformat()
    return str(value)


def cell_text(value: Any) -> str:
    """A cell of a table as text; an empty cell is a fact that is not stated.

    Examples
    --------
    >>> from fractions import Fraction
    >>> cell_text(["9", "10"]), cell_text(None), cell_text(True), cell_text(Fraction(1, 2))
    ('9, 10', '', 'yes', '1/2')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        return value
    if isinstance(value, (list, tuple, set, frozenset)):
        texts = [cell_text(each) for each in value]
        if isinstance(value, (set, frozenset)):
            texts.sort()
        # Lists inside a list keep together what belongs together.
        nested = any(isinstance(each, (list, tuple, set, frozenset)) for each in value)
        return "; ".join(texts) if nested else ", ".join(texts)
    if hasattr(value, "denominator"):
        return fraction_text(value)
    return str(value)


def _width(text: str) -> int:
    """Columns that a text takes in a terminal: wide East Asian letters take two, accents none."""
    if text.isascii():
        return len(text)
    from unicodedata import combining, east_asian_width

    return sum(0 if combining(c) else 2 if east_asian_width(c) in "WF" else 1 for c in text)


def _shortened(text: str, limit: int) -> str:
    text = " ".join(text.split())
    if _width(text) <= limit:
        return text
    while text and _width(text) > limit - 3:
        text = text[:-1]
    return text.rstrip() + "..."


def aligned(columns: Mapping[str, Sequence[Any]], *, rows: int = 60, widest: int = 48) -> str:
    """Columns as aligned text, long cells shortened, at most ``rows`` rows.

    Examples
    --------
    >>> print(aligned({"level": ["1", "10"], "label": ["Certificate", None]}))
    level  label
    1      Certificate
    10
    """
    names = list(columns)
    if not names:
        return ""
    total = len(columns[names[0]])
    shown = [[_shortened(cell_text(cell), widest) for cell in columns[name][:rows]] for name in names]
    widths = [max([_width(name), *map(_width, cells)]) for name, cells in zip(names, shown, strict=True)]

    def line(cells: Iterable[str]) -> str:
        padded = (cell + " " * (width - _width(cell)) for cell, width in zip(cells, widths, strict=True))
        return "  ".join(padded).rstrip()

    lines = [line(names), *(line(row) for row in zip(*shown, strict=True))]
    if total > rows:
        lines.append(f"... and {count(total - rows, 'more row', 'more rows')}")
    return "\n".join(lines)
