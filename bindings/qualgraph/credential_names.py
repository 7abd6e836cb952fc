"""Names of small credentials: what each says, what it does not, and where a credential belies its name."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from .answers import TabularResult
from .display import listing
from .errors import UnitMismatch
from .table import Table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .world import World

__all__ = ["NameCheck", "check_name", "credential_names"]


def _entries(world: World) -> dict[str, Any]:
    for record in world.records("context"):
        found = record.get("credential_names")
        if found:
            whole: dict[str, Any] = found
            return whole
    return {"names": [], "sources": []}


def credential_names(world: World) -> Table:
    """Every name; see :attr:`qualgraph.World.credential_names`."""
    rows = _entries(world)["names"]
    columns = {key: [row[key] for row in rows] for key in ("id", "names", "class", "jurisdictions")}
    columns["suggests"] = [[_said(key, value) for key, value in row["suggests"].items()] for row in rows]
    columns |= {key: [row[key] for row in rows] for key in ("says_nothing_of", "policies", "remark", "evidence")}
    return Table(columns, key="id", title="Names of credentials")


def _said(attribute: str, value: Any) -> str:
    name = attribute.replace("_", " ")
    return (name if value else f"not {name}") if isinstance(value, bool) else f"{name}: {value}"


class NameCheck(TabularResult):
    """What the name of a credential says, and what the credential says of itself.

    Attributes
    ----------
    names : list of str
        Ids of the names found.
    warnings : list of str
        Where the credential states otherwise than its name suggests, or the name is taken to speak
        of what is not stated.
    """

    _legal = (
        "This is a comparison of a name with stated attributes, not recognition of a credential; "
        "that decision rests with the competent authority."
    )

    def __init__(self, world: World, label: str, credential: Mapping[str, Any]) -> None:
        self._bind(world)
        whole = _entries(world)
        self.label = label
        self._sources = whole["sources"]
        self._found = _names_in(label, whole["names"])
        self.names = [entry["id"] for entry in self._found]
        self._rows = [
            (entry["names"][0], attribute, value, credential.get(attribute), _agrees(value, credential.get(attribute)))
            for entry in self._found
            for attribute, value in entry["suggests"].items()
        ]
        self.warnings = self._warn(credential)

    def _warn(self, credential: Mapping[str, Any]) -> list[str]:
        said = [
            f"{name} suggests {_said(attribute, value)}, and the credential states {_said(attribute, stated)}"
            for name, attribute, value, stated, agrees in self._rows
            if agrees is False
        ]
        for entry in self._found:
            silent = [name.replace("_", " ") for name in entry["says_nothing_of"] if credential.get(name) is None]
            if silent:
                said.append(
                    f"{entry['names'][0]} says nothing of {listing(silent, 'or')}, and the credential does not either"
                )
        if len(self._found) > 1:
            said.append(f"the name says several things at once: {listing(entry['names'][0] for entry in self._found)}")
        return said

    @property
    def table(self) -> Table:
        """What names suggest: ``name``, ``attribute``, ``suggested``, ``stated``, ``agrees``."""
        columns = ("name", "attribute", "suggested", "stated", "agrees")
        return Table(
            {name: [row[at] for row in self._rows] for at, name in enumerate(columns)}, title="Name and credential"
        )

    @property
    def policies(self) -> list[str]:
        """Policies on micro-credentials that say what such a name means in their country."""
        return list(dict.fromkeys(id for entry in self._found for id in entry["policies"]))

    def _sentence(self) -> str:
        if not self._found:
            return f"{self.label or 'The credential'}: no name of a kind of credential is among its words."
        remarks = " ".join(entry["remark"] for entry in self._found)
        warned = f" Mind: {'; '.join(self.warnings)}." if self.warnings else ""
        return f"{self.label}: {listing(entry['names'][0] for entry in self._found)}. {remarks}{warned}"

    def _payload(self) -> dict[str, Any]:
        return {
            "label": self.label,
            "names": self.names,
            "suggestions": list(self.table),
            "warnings": self.warnings,
            "policies": self.policies,
        }

    def _html_body(self) -> str:
        from .display import items

        return items(self.warnings) + (self.table._repr_html_() if self._rows else "")

    def __repr__(self) -> str:
        return f"<NameCheck {', '.join(self.names) or 'no name found'}: {len(self.warnings)} warnings>"


def _names_in(label: str, entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Entries whose name stands in a label, the longest first: a part of a longer name is not counted."""
    spelt = sorted(((name, entry) for entry in entries for name in entry["names"]), key=lambda one: -len(one[0]))
    rest, found = label, []
    for name, entry in spelt:
        words = r"[\s-]+".join(re.escape(word) for word in re.split(r"[\s-]+", name))
        pattern = re.compile(rf"(?<!\w){words}s?(?!\w)", re.IGNORECASE)
        if pattern.search(rest):
            rest = pattern.sub(" ", rest)
            if entry not in found:
                found.append(entry)
    return found


def _agrees(suggested: Any, stated: Any) -> bool | None:
    if stated is None:
        return None
    if isinstance(stated, (list, tuple, set)):
        return suggested in stated
    return bool(suggested == stated)


def check_name(world: World, credential: Mapping[str, Any] | str) -> NameCheck:
    """Compare a name with its credential; see :meth:`qualgraph.World.check_name`."""
    if isinstance(credential, str):
        return NameCheck(world, credential, {})
    if not hasattr(credential, "get"):
        raise UnitMismatch(
            f"a credential is a mapping of fields to values, or its name; not {type(credential).__name__}"
        )
    return NameCheck(world, str(credential.get("title") or ""), credential)
