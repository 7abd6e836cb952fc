"""What a verdict hangs on beside blanks: ways of converting that disagree, mappings that leave a level open.

Nothing is missing from the record there. The texts leave it open: which way converts credits that a
rule names no way for, and opposite which of several levels a level stands. Each possible reading is
filled in as if the record said so, and audited.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from ..display import fraction_text, listing
from ..errors import Error
from ..facts import Range
from .blanks import Blank

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from ..world import World
    from .audit import Audit

__all__ = ["Opening", "openings_of"]


class Opening(Blank):
    """A point that the texts leave open: a conversion or a mapping.

    Attributes
    ----------
    kind : str
        ``"conversion"`` (``id``: the item, ``field``: the system it is counted in) or ``"mapping"``
        (``id``: the level, ``field``: the framework it is looked up in).
    readings : list of (str, list)
        Each way of reading it in words, and the answers it stands for: the ends of a range.
    documents : list of str
        Titles of the texts behind the figures; ids of the mapping documents.
    about : str
        What is converted: "30 ects"; the level.
    """

    __slots__ = ("about", "documents", "readings")

    def __init__(
        self,
        kind: str,
        id: str,
        field: str,
        about: str,
        readings: list[tuple[str, list[Any]]],
        complete: bool,
        documents: list[str],
    ) -> None:
        answers = list(dict.fromkeys(value for _, values in readings for value in values))
        super().__init__(kind, id, field, answers, complete and bool(answers))
        self.about, self.readings, self.documents = about, readings, documents

    @property
    def name(self) -> str:
        """The item and its conversion, or the level and the framework it is looked up in."""
        return f"{self.id}: {self.about} in {self.field}" if self.kind == "conversion" else f"{self.id} in {self.field}"

    def fill(self, items: Mapping[str, dict[str, Any]], value: Any) -> None:
        """State in the items of a record what this reading says."""
        if self.kind == "conversion":
            items[self.id]["credits"] = value
            return
        for item in items.values():
            stated = item.get("level")
            levels = [stated] if isinstance(stated, str) else list(stated or ())
            if self.id in levels:
                item["level"] = [*levels, value]

    def sentence(self, met: Callable[[Any], bool], item: Callable[[str], str], named: Callable[[str], str]) -> str:
        """What hangs on it, reading by reading."""
        if self.kind == "conversion":
            subject = f"{item(self.id)}: which way converts its {self.about} to {self.field} decides"
        else:
            subject = f"Opposite which level of {self.field} {self.id} stands decides"
        said = []
        for words, values in self.readings:
            holds = [met(value) for value in values]
            verdict = "the rule is met" if all(holds) else "it may be met" if any(holds) else "it is not met"
            said.append(f"{words} {verdict}")
        lead = "Figures of" if self.kind == "conversion" else "By"
        texts = f" {lead} {listing([named(each) for each in self.documents])}." if self.documents else ""
        return f"{subject}: {', '.join(said) or 'neither is established'}.{texts}"


def openings_of(audit: Audit) -> list[Opening]:
    """The conversions and mappings that an audit had to leave open."""
    return [*_conversions(audit), *_mappings(audit)]


def _conversions(audit: Audit) -> Iterator[Opening]:
    from .resting import item_conversion

    sizes = {item.get("id"): item.get("credits") for item in audit.record.items}
    for id, given, to, counted, _ in audit._best["credits"]:
        if counted is not None and counted[0] == counted[1]:
            continue
        size = sizes.get(id)
        if size is None:
            continue
        if isinstance(size, dict):
            about = f"{size.get('min')} to {size.get('max')} {given}"
        else:
            about = str(size) if " " in str(size) else f"{size} {given}"
        readings, texts = [], []
        conversion = item_conversion(audit.world, size, given, to)
        if conversion is not None:
            texts = [source.title for source in conversion.sources]
            if not isinstance(size, dict):
                ways = {"learning hours": conversion.by_hours, "the full-time year": conversion.by_year}
                for words, value in ways.items():
                    if value is not None:
                        ends = _ends(value)
                        readings.append((f"by {words} ({_amount(ends)} {to})", [f"{end} {to}" for end in ends]))
        if not readings and counted is not None:
            readings = [(f"counted as {end} {to}", [f"{end} {to}"]) for end in dict.fromkeys(counted[::-1])]
        points = not isinstance(size, dict) and all(len(values) == 1 for _, values in readings)
        yield Opening("conversion", id, to, about, readings, points, list(dict.fromkeys(texts)))


def _ends(value: Any) -> list[Fraction]:
    ends = [value.max, value.min] if isinstance(value, Range) else [value]
    return list(dict.fromkeys(Fraction(end) for end in ends))


def _amount(ends: Sequence[Fraction]) -> str:
    return "\u2013".join(fraction_text(end) for end in reversed(ends))


def _mappings(audit: Audit) -> Iterator[Opening]:
    held: set[str] = set()
    for item in audit.record.items:
        stated = item.get("level")
        held.update([stated] if isinstance(stated, str) else stated or ())
    asked: dict[tuple[str, str], tuple[set[str], dict[str, None]]] = {}
    for level, bound, truth, _, documents in audit._best["levels"]:
        target = bound.partition(" ")[2]
        framework = target.partition(":")[0]
        if truth is None and level in held:
            bounds, seen = asked.setdefault((level, framework), (set(), {}))
            bounds.add(target)
            seen.update(dict.fromkeys(documents))
    for (level, framework), (bounds, seen) in asked.items():
        codes, complete = _candidates(audit.world, level, framework)
        levels = [f"{framework}:{code}" for code in codes] or sorted(bounds)
        readings: list[tuple[str, list[Any]]] = [(f"at {each}", [each]) for each in levels]
        yield Opening("mapping", level, framework, level, readings, complete, list(seen))


def _candidates(world: World, level: str, framework: str) -> tuple[list[str], bool]:
    """Codes that a level may stand opposite, the highest first; whether there are no others."""
    try:
        answer = world.map_level(level, to=framework)
    except Error:
        return [], False
    codes = list(answer.possible)
    complete = answer.status == "mapped" and answer.complete and not answer.peer and answer.conflict is None
    if not codes and answer.bracket is not None:
        codes = [code for code in dict.fromkeys(answer.bracket) if code is not None]
    order = [each.code for each in world.framework(framework).levels] if framework in world.frameworks else []
    codes.sort(key=lambda code: order.index(code) if code in order else -1, reverse=True)
    return codes, complete
