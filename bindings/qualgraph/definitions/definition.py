"""Definitions as facts: what one text demands, clause by clause, each with its source."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from .. import _core
from ..facts import Source, Value

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..world import World

__all__ = ["Definition", "DefinitionClause", "DefinitionKind", "all_definitions"]


class DefinitionClause(Value):
    """One clause of a definition.

    Attributes
    ----------
    id : str
    kind : str
        ``"constitutive"`` (tested), ``"exceptional"`` (tested by the letter; may be lifted where
        grounds are given) or ``"descriptive"`` (shown, never tested).
    text : str
        What the source says, in our words.
    test : str or None
        The formula in words; None where no attribute states it.
    reading : str
        How the words were read, where they leave a choice.
    evidence : str
        ``"read"`` or ``"known"``.
    sources : tuple of Source
    """

    __slots__ = ("id", "kind", "text", "test", "reading", "evidence", "sources")
    id: str
    kind: str
    text: str
    test: str | None
    reading: str
    evidence: str
    sources: tuple[Source, ...]

    def __str__(self) -> str:
        from ..display import mark

        known = "" if self.evidence == "read" else f" ({mark(self.evidence)})"
        return f"{self.text}{known}"


class DefinitionKind(Value):
    """One of the classes that a text sorts credentials into.

    Attributes
    ----------
    id, term : str
    clauses : tuple of DefinitionClause
    """

    __slots__ = ("id", "term", "clauses")
    id: str
    term: str
    clauses: tuple[DefinitionClause, ...]


def _clause(row: Sequence[Any]) -> DefinitionClause:
    id, kind, text, test, reading, evidence, sources = row
    return DefinitionClause(id, kind, text, test, reading, evidence, tuple(Source(*each) for each in sources))


class Definition:
    """What one text demands of a micro-credential.

    Attributes
    ----------
    id, term, issuer, jurisdiction : str
    edition : str
    year : int or None
    status : str
        ``"current"``, ``"superseded"``, ``"in preparation"`` or ``"no text"``; empty: not stated.
    clauses : tuple of DefinitionClause
    kinds : tuple of DefinitionKind
    parameters : dict of str to str
        Words without a number in the text, such as ``"small"``.
    tested : bool
        Whether any clause decides. A text without such a clause gives no verdict.
    sources : list of Source
    notes : str

    Examples
    --------
    >>> import qualgraph as qg
    >>> definition = qg.load().definitions["nzqa-2018"]
    >>> print(definition.term, definition.year, len(definition.clauses))
    micro-credential 2018 10
    >>> print(definition.clause("size-min").kind)
    exceptional
    """

    __slots__ = ("_fact", "_json", "clauses", "kinds", "tested")

    def __init__(self, row: tuple[str, bool, list[Any], list[Any]]) -> None:
        self._json, self.tested, clauses, kinds = row
        self._fact: dict[str, Any] = json.loads(self._json)
        self.clauses = tuple(map(_clause, clauses))
        self.kinds = tuple(DefinitionKind(id, term, tuple(map(_clause, rows))) for id, term, rows in kinds)

    @property
    def id(self) -> str:
        """Identifier."""
        return str(self._fact["id"])

    @property
    def term(self) -> str:
        """The term the text uses."""
        return str(self._fact.get("term") or "")

    @property
    def issuer(self) -> str:
        """Body that issued the text."""
        return str(self._fact["issuer"])

    @property
    def jurisdiction(self) -> str:
        """Country or region code."""
        return str(self._fact["jurisdiction"])

    @property
    def framework(self) -> str | None:
        """Framework it belongs to, where there is one."""
        return self._fact.get("framework")

    @property
    def edition(self) -> str:
        """Edition of the text."""
        return str(self._fact.get("edition") or "")

    @property
    def year(self) -> int | None:
        """Year of the text."""
        return self._fact.get("year")

    @property
    def status(self) -> str:
        """Whether the text is in force."""
        return str(self._fact.get("status") or "")

    @property
    def parameters(self) -> dict[str, str]:
        """Words without a number, and what each stands for."""
        return {name: each["what"] for name, each in (self._fact.get("parameters") or {}).items()}

    @property
    def sources(self) -> list[Source]:
        """Texts it rests on."""
        return [Source.from_fact(each) for each in self._fact["sources"]]

    @property
    def notes(self) -> str:
        """What the collectors remarked."""
        return str(self._fact.get("notes") or "")

    def clause(self, id: str) -> DefinitionClause:
        """The clause of this id.

        Raises
        ------
        UnknownId
            With the nearest ids.
        """
        from ..errors import UnknownId

        for one in self.clauses:
            if one.id == id:
                return one
        near = _core.did_you_mean(str(id), [one.id for one in self.clauses])
        raise UnknownId(f'definition "{self.id}" has no clause "{id}".{near}')

    def to_dict(self) -> dict[str, Any]:
        """The whole fact, as its file has it."""
        whole: dict[str, Any] = json.loads(self._json)
        return whole

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Definition) and self._fact == other._fact

    def __hash__(self) -> int:
        return hash(("definition", self.id))

    def __reduce__(self) -> Any:
        clauses = [_row(one) for one in self.clauses]
        kinds = [(kind.id, kind.term, [_row(one) for one in kind.clauses]) for kind in self.kinds]
        return _restored, (self._json, self.tested, clauses, kinds)

    def __str__(self) -> str:
        lines = [f"{self.term} ({self.id}): {self.issuer}{f', {self.year}' if self.year else ''}."]
        for clause in self.clauses:
            marked = {"constitutive": "", "exceptional": "unless grounds are given: ", "descriptive": "described: "}
            lines.append(f"  - {marked[clause.kind]}{clause}")
        if not self.tested:
            lines.append("  No clause of this text decides; it gives no verdict.")
        return "\n".join(lines)

    def __repr__(self) -> str:
        decides = "" if self.tested else ", gives no verdict"
        return f"<Definition {self.id}: {self.term or 'no term'}, {self.issuer}, {self.year or 'no year'}{decides}>"

    def _repr_html_(self) -> str:
        from ..display import answer_box, html_table, mark

        rows = {
            "clause": [one.text for one in self.clauses],
            "kind": [one.kind for one in self.clauses],
            "test": [one.test or "" for one in self.clauses],
            "evidence": [mark(one.evidence) for one in self.clauses],
        }
        return answer_box(
            repr(self).strip("<>"), html_table(rows), "; ".join([*map(str, self.sources), self.notes]).strip("; ")
        )


def _row(one: DefinitionClause) -> tuple[Any, ...]:
    sources = [(each.title, each.publisher, each.year, each.url, each.evidence) for each in one.sources]
    return (one.id, one.kind, one.text, one.test, one.reading, one.evidence, sources)


def _restored(*row: Any) -> Definition:
    return Definition(row)


def all_definitions(world: World) -> list[Definition]:
    """Every definition of a world, by id."""
    return [Definition(row) for row in _core.definitions(world._c)]
