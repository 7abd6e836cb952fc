"""What differs between two versions of a rule, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..display import count, listing
from ..table import Table

if TYPE_CHECKING:
    from .rule import Rule
    from .sentences import Sentence

__all__ = ["RuleComparison", "compare"]


class RuleComparison:
    """Two versions of a rule: clauses added, dropped, and worded otherwise.

    Attributes
    ----------
    before, after : Rule
    added, dropped : list of Sentence
    changed : list of (Sentence, Sentence)
        The same clause before and after.
    remarked : list of (Sentence, Sentence)
        Clauses that say the same, with another note or source.
    """

    def __init__(self, before: Rule, after: Rule) -> None:
        self.before, self.after = before, after
        old = {one.path: one for one in before.sentences if one.path}
        new = {one.path: one for one in after.sentences if one.path}
        old_units, new_units = _units(before), _units(after)
        self.added = [one for path, one in new.items() if path not in old]
        self.dropped = [one for path, one in old.items() if path not in new]
        both = [(one, new[path]) for path, one in old.items() if path in new]
        self.changed = [(a, b) for a, b in both if a.text != b.text]
        self.remarked = [(a, b) for a, b in both if a.text == b.text and (a.note, a.source) != (b.note, b.source)]
        self.units_added = [unit for unit in new_units if unit not in old_units]
        self.units_dropped = [unit for unit in old_units if unit not in new_units]
        self.title_changed = before.title != after.title

    def __bool__(self) -> bool:
        """Whether anything differs in what the rule asks."""
        return bool(self.added or self.dropped or self.changed or self.units_added or self.units_dropped)

    @property
    def table(self) -> Table:
        """One row per clause: ``clause``, ``change``, ``before``, ``after``."""
        rows: list[tuple[str, str, str | None, str | None]] = [
            (a.path, "changed", a.text, b.text) for a, b in self.changed
        ]
        rows += [(one.path, "added", None, one.text) for one in self.added]
        rows += [(one.path, "dropped", one.text, None) for one in self.dropped]
        rows += [(a.path, "note or source", _remark(a), _remark(b)) for a, b in self.remarked]
        return Table(
            {
                "clause": [row[0] for row in rows],
                "change": [row[1] for row in rows],
                "before": [row[2] for row in rows],
                "after": [row[3] for row in rows],
            },
            key="clause",
            title=self._headline(),
        )

    def _headline(self) -> str:
        names = f"{self.before.id} and {self.after.id}" if self.before.id != self.after.id else self.before.id
        if not self and not self.remarked:
            return f"{names}: nothing differs in what is asked."
        parts = [
            f"{count(len(found), 'clause')} {word}"
            for word, found in (("changed", self.changed), ("added", self.added), ("dropped", self.dropped))
            if found
        ]
        if self.remarked:
            parts.append(f"{count(len(self.remarked), 'clause')} with another note or source")
        if self.units_added or self.units_dropped:
            parts.append("other units listed")
        return f"{names}: {listing(parts)}."

    def sections(self) -> list[tuple[str, list[tuple[str, list[str]]]]]:
        """Headings with their entries: a path and lines of words."""
        found: list[tuple[str, list[tuple[str, list[str]]]]] = []
        if self.title_changed:
            found.append(("Title", [("title", [f"Before: {self.before.title}", f"After: {self.after.title}"])]))
        found.append(("Changed", [(a.path, [f"Before: {a.text}", f"After: {b.text}"]) for a, b in self.changed]))
        found.append(("Added", [(one.path, [one.text]) for one in self.added]))
        found.append(("Dropped", [(one.path, [one.text]) for one in self.dropped]))
        if self.units_added:
            found.append(("Units added", [("units", self.units_added)]))
        if self.units_dropped:
            found.append(("Units dropped", [("units", self.units_dropped)]))
        found.append(
            (
                "Same words, another note or source",
                [(a.path, [f"Before: {_remark(a)}", f"After: {_remark(b)}"]) for a, b in self.remarked],
            )
        )
        return [(title, entries) for title, entries in found if entries]

    def to_dict(self) -> dict[str, Any]:
        """The comparison as JSON holds it."""
        return {
            "before": {"id": self.before.id, "hash": self.before.hash},
            "after": {"id": self.after.id, "hash": self.after.hash},
            "changed": [{"clause": a.path, "before": a.text, "after": b.text} for a, b in self.changed],
            "added": [{"clause": one.path, "sentence": one.text} for one in self.added],
            "dropped": [{"clause": one.path, "sentence": one.text} for one in self.dropped],
            "units_added": self.units_added,
            "units_dropped": self.units_dropped,
            "remarked": [{"clause": a.path, "before": _remark(a), "after": _remark(b)} for a, b in self.remarked],
        }

    def __str__(self) -> str:
        from textwrap import fill

        lines = [self._headline()]
        for title, entries in self.sections():
            lines += ["", title]
            for path, said in entries:
                lines.append(f"  - {path}")
                lines += [
                    fill(one, 100, initial_indent="    ", subsequent_indent="      ", break_on_hyphens=False)
                    for one in said
                ]
        return "\n".join(lines)

    def __repr__(self) -> str:
        return f"<RuleComparison {self._headline().rstrip('.')}>"

    def _repr_html_(self) -> str:
        from ..display import answer_box, html_table

        table = self.table
        body = html_table({name: table.column(name) for name in table.column_names}) if len(table) else ""
        footer = f"{self.before.id} {self.before.hash[:12]}, {self.after.id} {self.after.hash[:12]}"
        return answer_box(self._headline(), body, footer)


def _remark(one: Sentence) -> str:
    parts = [f"note: {one.note}" if one.note else "", f"source: {one.source}" if one.source else ""]
    return "; ".join(part for part in parts if part) or "none"


def _units(rule: Rule) -> list[str]:
    return [one.text for one in rule.sentences if not one.path and one.section.startswith("Units")]


def compare(before: Rule, after: Rule) -> RuleComparison:
    """What differs between two rules."""
    return RuleComparison(before, after)
