"""What in a rule can hardly be meant as it stands."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, overload

from .. import _core
from ..display import count
from ..facts import Value
from ..table import Table

if TYPE_CHECKING:
    from ..world import World
    from .complete import Catalogue
    from .rule import Rule

__all__ = ["RuleFinding", "RuleFindings", "lint"]

#: Groups of clauses whose rows are put to a catalogue.
_GROUPS = ("total", "places", "floors", "caps")
#: Redundancy takes a search for each bound: beyond so many offers it is not asked for.
_SEARCHED = 300


class RuleFinding(Value):
    """One remark on a rule: it is sound and audits run.

    Attributes
    ----------
    kind : str
        ``"unsatisfiable"``, ``"dead branch"``, ``"vacuous"``, ``"never binding"``, ``"redundant"``,
        ``"partial list"``, ``"unknown base"``, ``"unstated rounding"``, ``"not monotone"``, ``"readings"``,
        ``"no exit"``, ``"no source"``, ``"no selector"``, ``"unnamed provider"`` or ``"unknown name"``.
    clause : str
        Path; empty for the rule as a whole.
    found, mend : str
    """

    __slots__ = ("kind", "clause", "found", "mend")
    kind: str
    clause: str
    found: str
    mend: str

    def __str__(self) -> str:
        where = f"{self.clause}: " if self.clause else ""
        return f"{self.kind}: {where}{self.found}; {self.mend}."


class RuleFindings(Sequence[RuleFinding]):
    """Remarks on a rule, in the order of its clauses; ``.table`` has them as rows."""

    def __init__(self, rule: Rule, found: list[RuleFinding]) -> None:
        self.rule = rule
        self._found = found

    @overload
    def __getitem__(self, at: int) -> RuleFinding: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[RuleFinding]: ...
    def __getitem__(self, at: int | slice) -> RuleFinding | Sequence[RuleFinding]:
        return self._found[at]

    def __len__(self) -> int:
        return len(self._found)

    @property
    def table(self) -> Table:
        """Rows of ``kind``, ``clause``, ``found``, ``mend``."""
        names = ("kind", "clause", "found", "mend")
        return Table({name: [getattr(one, name) for one in self._found] for name in names}, title=self._headline())

    def _headline(self) -> str:
        return f"{self.rule.title} ({self.rule.id}): {count(len(self), 'remark')}."

    def to_dict(self) -> dict[str, Any]:
        """The remarks as JSON holds them."""
        return {"rule": self.rule.id, "hash": self.rule.hash, "remarks": [one.to_dict() for one in self._found]}

    def __str__(self) -> str:
        from textwrap import fill

        lines = [self._headline()]
        for one in self._found:
            lines.append(fill(str(one), 100, initial_indent="  - ", subsequent_indent="    ", break_on_hyphens=False))
        return "\n".join(lines)

    def __repr__(self) -> str:
        return f"<RuleFindings {self.rule.id}: {count(len(self), 'remark')}>"

    def _repr_html_(self) -> str:
        from ..display import answer_box, html_table

        table = self.table
        body = html_table({name: table.column(name) for name in table.column_names}) if len(table) else ""
        return answer_box(self._headline(), body, "Remarks, not errors: the rule is sound and audits run.")


def lint(rule: Rule, catalogue: Catalogue | None = None, world: World | None = None) -> RuleFindings:
    """Remarks on a rule, and with a catalogue on what it never or always does there."""
    if world is None:
        from ..world import load

        world = load()
    found = [RuleFinding(*one) for one in _core.lint_rule(rule._c, world._c)] + list(_names(rule, world))
    if catalogue is not None:
        found += _on_catalogue(rule, catalogue, world)
    return RuleFindings(rule, found)


def _names(rule: Rule, world: World) -> Iterator[RuleFinding]:
    """Credit systems and levels that are neither in the facts nor marked as the rule's own with ``x-``."""
    whole = rule.to_dict()
    credit = whole.get("credit")
    if isinstance(credit, str) and credit not in world.credit_systems and not credit.startswith("x-"):
        near = _near(credit, [one.id for one in world.credit_systems])
        yield RuleFinding(
            "unknown name",
            "credit",
            f'"{credit}" is no credit system of the facts',
            near or 'nothing converts to it; one of your own begins with "x-"',
        )
    own = set(whole.get("scales") or ())

    def levels(value: Any, path: str) -> Iterator[tuple[str, str]]:
        if isinstance(value, dict):
            for key, each in value.items():
                below = f"{path}/{key}" if path else str(key)
                if key == "level":
                    for text in _texts(each):
                        yield below, text
                else:
                    yield from levels(each, below)
        elif isinstance(value, list):
            for at, each in enumerate(value):
                yield from levels(each, f"{path}/{at}")

    for path, text in levels({key: each for key, each in whole.items() if key not in ("sources", "units")}, ""):
        framework, mark, code = text.partition(":")
        if not mark or framework in own or framework not in world.frameworks:
            continue
        codes = [level.code for level in world.framework(framework).levels]
        if code not in codes:
            near = _near(code, codes) or f"its levels are {', '.join(codes)}"
            yield RuleFinding("unknown name", path, f'"{text}" is no level of the framework', near)


def _near(name: str, known: list[str]) -> str:
    return _core.did_you_mean(name, known).strip(" ?").replace("Did", "did", 1)


def _texts(value: Any) -> list[str]:
    """Every text in a value."""
    if isinstance(value, str):
        return [value]
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [text for part in parts for text in _texts(part)]


def _on_catalogue(rule: Rule, catalogue: Catalogue, world: World) -> list[RuleFinding]:
    """Bounds that nothing on offer can serve, and limits that all of it together would not reach."""
    from ..check import moving
    from .complete import taken

    whole = catalogue.to_dict()
    day = whole.get("as_of")
    items = [taken(offer, offer["id"], day, whole.get("credit")) for offer in whole["offers"]]
    record = _core.LearnerRecord.parse(json.dumps({"language": 1, "items": items}), "catalogue")
    found: dict[tuple[str, str], RuleFinding] = {}
    for variant in [one.id for one in rule.variants] or [""]:
        model = _core.compiled(world._c, record, rule._c, {"variant": variant}, True)
        sizes = {name: upper for name, _, upper, _ in model["columns"]}
        prefix = f"variants/{variant}/" if variant else ""
        for name, terms, lower, upper in model["rows"]:
            if name.split("/")[0] not in _GROUPS:
                continue
            path = f"{prefix}{name}" if variant and _has(rule, f"{prefix}{name}") else name
            served = {column: factor for column, factor in terms.items() if not column.startswith("short[")}
            if lower is not None and lower > 0 and not any(factor > 0 for factor in served.values()):
                one = RuleFinding(
                    "vacuous",
                    path,
                    "nothing in the catalogue may count here",
                    "widen the offer, or look at the selector",
                )
                found[("vacuous", path)] = one
            most = sum(max(0, factor) * sizes[column] for column, factor in served.items())
            if upper is not None and served and most <= upper and all(factor >= 0 for factor in served.values()):
                one = RuleFinding(
                    "never binding",
                    path,
                    "the whole catalogue together stays within this limit",
                    "it changes no verdict on this catalogue",
                )
                found[("never binding", path)] = one
        # Of clauses that change with what is held, one model does not stand for every choice.
        searched = len(items) <= _SEARCHED and not moving(rule.to_dict(), {"variant": variant} if variant else None)
        for name in _core.redundant_bounds(world._c, record, rule._c, {"variant": variant}) if searched else ():
            path = f"{prefix}{name}" if variant and _has(rule, f"{prefix}{name}") else name
            if not {("never binding", path), ("vacuous", path)} & set(found):
                one = RuleFinding(
                    "redundant",
                    path,
                    "whoever meets all the other clauses with what is on offer meets this one",
                    "it changes no verdict on this catalogue",
                )
                found[("redundant", path)] = one
    return [*found.values(), *_readings(rule, items, world)]


def _readings(rule: Rule, items: list[dict[str, Any]], world: World) -> list[RuleFinding]:
    """Readings under which somebody who held the whole catalogue would be answered otherwise."""
    from .record import Record

    if not rule.readings:
        return []
    record = Record(items)
    main = world.audit(record, rule)
    found = []
    for reading in rule.readings:
        other = world.audit(record, rule, reading=reading.id)
        if (main.verdict, main.shortfall) != (other.verdict, other.shortfall):
            told = [f"{one.verdict}, {one.shortfall or 0} short" for one in (main, other)]
            one = RuleFinding(
                "readings",
                f"readings/{reading.id}",
                f"with the whole catalogue held they differ: {told[0]} as the text stands, {told[1]} so read",
                "ask the issuer which is meant before deciding",
            )
            found.append(one)
    return found


def _has(rule: Rule, path: str) -> bool:
    from ..errors import UnknownId

    try:
        return rule.sentence(path).path.startswith("/".join(path.split("/")[:3]))
    except UnknownId:
        return False
