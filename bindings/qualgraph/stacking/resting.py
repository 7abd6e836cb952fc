"""On which texts does an audit rest: the rule's, the documents that map levels, the figures behind credits?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..display import count, fraction_text, listing, mark
from ..errors import Error
from ..explore._facts import codes_of_type
from ..facts import Range

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ..credits import Conversion
    from ..facts import Mapping, Source
    from ..world import World
    from .audit import Audit
    from .rule import Rule

__all__ = ["Resting", "converted", "item_conversion", "item_converted", "level_name", "named", "ways"]

#: So many texts of a kind are named in a statement; ``cite()`` has them all.
_MOST = 6


def converted(world: World, given: str, to: str) -> Conversion | None:
    """A conversion as the world answers it; None where there is nothing to convert by.

    Examples
    --------
    >>> import qualgraph as qg
    >>> ways(converted(qg.load(), "10 ects", "nz-credit"))
    '20 by the full-time year, 25\u201330 by learning hours'
    """
    try:
        return world.convert(given, to=to)
    except Error:
        return None


def ways(conversion: Conversion | None) -> str:
    """What each way of converting gives."""
    if conversion is None:
        return ""
    said = []
    if conversion.by_year is not None:
        year = conversion.by_year
        said.append(f"{year if isinstance(year, Range) else fraction_text(year)} by the full-time year")
    hours = conversion.by_hours
    if hours is not None:
        said.append(f"{hours} by learning hours")
    return ", ".join(said)


def item_conversion(world: World, size: Any, system: str, to: str) -> Conversion | None:
    """The credits of an item converted; of a range, what one credit gives."""
    if isinstance(size, dict):
        return converted(world, f"1 {system}", to)
    return converted(world, str(size) if " " in str(size) else f"{size} {system}", to)


def item_converted(world: World, size: Any, system: str, to: str) -> tuple[str, list[Source]]:
    """What each way gives for the credits of an item, and the texts the figures stand in."""
    if size is None:
        return "", []
    conversion = item_conversion(world, size, system, to)
    said = ways(conversion)
    if said and isinstance(size, dict):
        said = f"for each credit {said}"
    return said, conversion.sources if conversion else []


def named(source: Source) -> str:
    """A text with its publisher, year and evidence mark.

    Examples
    --------
    >>> import qualgraph as qg
    >>> named(qg.load().framework("ie-nfq").sources[1])
    'National Framework of Qualifications (QQI, no year, read)'
    """
    parts = [source.publisher, str(source.year or "no year"), mark(source.evidence)]
    return f"{source.title} ({', '.join(part for part in parts if part)})"


def level_name(world: World, level: str) -> str:
    """A level with the name of its framework, its own name, and the types of qualification it holds.

    Examples
    --------
    >>> import qualgraph as qg
    >>> level_name(qg.load(), "nz-nzqcf:5")
    'level 5 of the New Zealand Qualifications and Credentials Framework: Certificate level 5, ...'
    """
    framework, _, code = level.partition(":")
    if framework not in world.frameworks:
        return level
    found = world.framework(framework)
    own = next((one.label for one in found.levels if one.code == code and one.label), "")
    kinds = [own] if own else []
    whole = found.to_dict()
    for kind in whole.get("qualification_types") or ():
        if code in codes_of_type(whole, kind) and kind["name"] not in kinds:
            kinds.append(kind["name"])
    shown = kinds[:4] + (["others"] if len(kinds) > 4 else [])
    said = f"level {code} of the {found.name}"
    return f"{said}: {', '.join(shown)}" if shown else said


class Resting:
    """The texts behind one or several audits, each once."""

    def __init__(self, world: World, rules: Iterable[Rule], audits: Iterable[Audit]) -> None:
        self._world = world
        self.rules: list[Source] = [source for rule in rules for source in rule.sources]
        self.mappings: list[Mapping] = []
        self.credits: list[Source] = []
        #: What was converted: "10 ects to nz-credit (...)".
        self.converted: list[str] = []
        for audit in audits:
            self._levels(audit._best["levels"])
            self._credits(audit)
        self.rules = list(dict.fromkeys(self.rules))
        self.mappings = list({mapping.id: mapping for mapping in self.mappings}.values())
        self.credits = list(dict.fromkeys(self.credits))
        self.converted = list(dict.fromkeys(self.converted))

    def _levels(self, rows: Sequence[Any]) -> None:
        for row in rows:
            for document in row[4]:
                if document in self._world.mappings:
                    self.mappings.append(self._world.mapping(document))

    def _credits(self, audit: Audit) -> None:
        for row in audit.credits:
            conversion = converted(self._world, f"1 {row['from']}", row["to"])
            if conversion is not None and row["counted"] is not None:
                self.credits += conversion.sources
                self.converted.append(f"{row['from']} to {row['to']}")

    @property
    def sources(self) -> list[Source]:
        """The rule's texts, then the documents that map levels, then the figures behind credits."""
        return list(dict.fromkeys([*self.rules, *(each.as_source() for each in self.mappings), *self.credits]))

    @property
    def texts(self) -> list[Source]:
        """Texts in which the mapping documents were read, where they are others."""
        titles = {mapping.document for mapping in self.mappings}
        found = (text for mapping in self.mappings for text in mapping.sources)
        return list(dict.fromkeys(text for text in found if text.title not in titles))

    def sentence(self) -> str:
        """What it rests on, by kind, as a statement says it."""
        said = []
        if self.rules:
            said.append(f"The rule rests on {_listed(self.rules)}.")
        else:
            said.append("The rule names no text it rests on.")
        if self.mappings:
            said.append(f"Levels were set opposite each other by {_listed(one.as_source() for one in self.mappings)}.")
            publishers = list(dict.fromkeys(text.publisher for text in self.texts if text.publisher))
            if publishers:
                shown = publishers[:4] + (["others"] if len(publishers) > 4 else [])
                said.append(f"Their tables were seen in texts of {listing(shown)}.")
        if self.converted:
            said.append(f"Credits were converted from {listing(self.converted)} by figures of {_listed(self.credits)}.")
        return " ".join(said)


def _listed(sources: Iterable[Source]) -> str:
    return _some([named(source) for source in sources])


def _some(names: Sequence[str]) -> str:
    more = len(names) - _MOST
    return listing([*names[:_MOST], count(more, "further text")] if more > 0 else names)
