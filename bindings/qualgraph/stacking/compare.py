"""What differs between two versions of a rule, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..display import count, listing
from ..table import Table

if TYPE_CHECKING:
    from collections.abc import Mapping

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
    elsewhere : list of (str, str, str)
        What no sentence says and differs all the same, such as what a reading makes of a clause, the order of a
        scale, or a source: path, before and after ("none" where it is not there).
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
        told = {one.path for pair in (*self.changed, *self.remarked) for one in pair}
        told |= {one.path for one in (*self.added, *self.dropped)}
        self.elsewhere = _elsewhere(before.to_dict(), after.to_dict(), told)

    def __bool__(self) -> bool:
        """Whether anything differs in what the rule asks."""
        asks = any(path.split("/")[0] not in _ABOUT and not path.startswith("x-") for path, _, _ in self.elsewhere)
        return bool(self.added or self.dropped or self.changed or self.units_added or self.units_dropped or asks)

    @property
    def table(self) -> Table:
        """One row per clause: ``clause``, ``change``, ``before``, ``after``."""
        rows: list[tuple[str, str, str | None, str | None]] = [
            (a.path, "changed", a.text, b.text) for a, b in self.changed
        ]
        rows += [(one.path, "added", None, one.text) for one in self.added]
        rows += [(one.path, "dropped", one.text, None) for one in self.dropped]
        rows += [(a.path, "note or source", _remark(a), _remark(b)) for a, b in self.remarked]
        rows += [(path, "beside the clauses", before, after) for path, before, after in self.elsewhere]
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
            more = f"; {count(len(self.elsewhere), 'difference')} beside the clauses" if self.elsewhere else ""
            return f"{names}: nothing differs in what is asked{more}."
        parts = [
            f"{count(len(found), 'clause')} {word}"
            for word, found in (("changed", self.changed), ("added", self.added), ("dropped", self.dropped))
            if found
        ]
        if self.remarked:
            parts.append(f"{count(len(self.remarked), 'clause')} with another note or source")
        if self.units_added or self.units_dropped:
            parts.append("other units listed")
        if self.elsewhere:
            parts.append(f"{count(len(self.elsewhere), 'difference')} beside the clauses")
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
        found.append(
            (
                "Beside the clauses",
                [(path, [f"Before: {before}", f"After: {after}"]) for path, before, after in self.elsewhere],
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
            "elsewhere": [{"path": path, "before": old, "after": new} for path, old, new in self.elsewhere],
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


#: What is said about a rule and asks for nothing.
_ABOUT = ("title", "version", "status", "jurisdiction", "framework", "notes", "shapes", "sources", "informative")
#: Said elsewhere: the title and the units have sections of their own.
_APART = ("language", "id", "title", "units")


def _entries(whole: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """A rule by path, one entry a clause; what a group or an alternative says of itself is one entry."""
    found: dict[str, Any] = {}
    for key, value in whole.items():
        path = f"{prefix}{key}"
        if key in ("variants", "titles", "exits") and isinstance(value, dict):
            for id, fragment in value.items():
                inner = _entries(fragment, f"{path}/{id}/") if isinstance(fragment, dict) else {}
                own = {one.rpartition("/")[2]: said for one, said in inner.items() if one.count("/") == 2}
                found |= {one: said for one, said in inner.items() if one.count("/") > 2}
                # "total" and the like are clauses of the alternative although they have no id.
                clauses = {name: own.pop(name) for name in ("total", "classification", "derives") if name in own}
                found |= {f"{path}/{id}/{name}": said for name, said in clauses.items()}
                found[f"{path}/{id}"] = own
        elif key in ("allocation", "reuse") and isinstance(value, dict):
            inside = "overlap" if key == "allocation" else "limits"
            found[path] = {name: said for name, said in value.items() if name != inside}
            found |= {f"{path}/{inside}/{id}": said for id, said in (value.get(inside) or {}).items()}
        elif key == "sources" and isinstance(value, list):
            found |= {f"{path}/{one.get('id', number)}": one for number, one in enumerate(value)}
        elif isinstance(value, dict) and key not in ("total", "classification", "derives", "valid", "conversion"):
            found |= {f"{path}/{id}": one for id, one in value.items()}
        elif prefix or key not in _APART:
            found[path] = value
    return found


def _elsewhere(before: Mapping[str, Any], after: Mapping[str, Any], told: set[str]) -> list[tuple[str, str, str]]:
    old, new = _entries(before), _entries(after)
    found = []
    for path in [*old, *(path for path in new if path not in old)]:
        # The sentence of a reading does not say what it makes of the clauses.
        said = not path.startswith("readings/") and any(one == path or one.startswith(f"{path}/") for one in told)
        if old.get(path) == new.get(path) or said:
            continue
        found.append((path, _words(old.get(path)), _words(new.get(path))))
    return found


def _words(value: Any) -> str:
    """Any part of a rule in words."""
    from .form_layout import how_at
    from .form_write import cell_text

    if value is None or value == {}:
        return "none"
    if isinstance(value, dict) and "changes" in value:
        said = [
            f"{one['path']} is dropped"
            if one.get("drop")
            else f"{one['path']} becomes {cell_text(one.get('to'), how_at(one['path'])).removeprefix('json: ')}"
            for one in value["changes"]
        ]
        rest = {key: one for key, one in value.items() if key != "changes"}
        return "; ".join([*said, *([_words(rest)] if rest else [])])
    if isinstance(value, dict):
        return "; ".join(f"{key.replace('_', ' ')}: {_words(one)}" for key, one in value.items())
    if isinstance(value, list):
        return ", ".join(map(_words, value)) or "none"
    return str(value).lower() if isinstance(value, bool) else str(value)


def compare(before: Rule, after: Rule) -> RuleComparison:
    """What differs between two rules."""
    return RuleComparison(before, after)
