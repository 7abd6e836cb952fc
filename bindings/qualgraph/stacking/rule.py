"""A stacking rule: what has to be held, in which amounts, under which limits."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from .. import _core
from ..errors import FactError, InvalidValue, UnitMismatch
from ..facts import as_text
from .given import fail, parsed, plain, read_text, written

if TYPE_CHECKING:
    import os

    from ..facts import Source
    from ..plot import Chart
    from ..table import Table
    from ..world import World
    from .compare import RuleComparison
    from .complete import Catalogue
    from .lint import RuleFindings
    from .sentences import Sentence

__all__ = ["Alternative", "Rule"]


class Alternative:
    """A variant, title, exit or reading of a rule.

    Attributes
    ----------
    id, title, level : str
    rank : int
        Of a title: the least that holds wins.
    """

    __slots__ = ("id", "level", "rank", "title")

    def __init__(self, id: str, title: str, level: str, rank: int) -> None:
        self.id, self.title, self.level, self.rank = id, title, level, rank

    def __repr__(self) -> str:
        return f"<{self.id}{': ' + self.title if self.title else ''}>"


class Rule:
    """A rule for stacking credentials toward an award.

    Parameters
    ----------
    rule : mapping or str
        The rule in the rule language, as a dict or as JSON text. A dict may leave out ``language``
        and an empty list of ``sources``.
    file : str, optional
        Name used in messages.

    Raises
    ------
    FactError
        With every fault: where it is, what was found, what is expected.

    Examples
    --------
    >>> rule = Rule({"language": 1, "id": "small", "title": "Small award", "total": {"min": 20}})
    >>> rule.id, rule.title
    ('small', 'Small award')
    """

    __slots__ = ("_c", "_ready")

    def __init__(self, rule: Mapping[str, Any] | str, file: str = "rule") -> None:
        if isinstance(rule, str):
            text = rule
        else:
            # A rule written on the spot may leave out what says nothing.
            if not isinstance(rule, Mapping):
                raise UnitMismatch(f"a rule is a mapping or JSON text, not a {type(rule).__name__}")
            whole: dict[str, Any] = {"language": 1, **rule}
            whole.setdefault("sources", [])
            text = written(whole, file, "rule")
        self._c: _core.Rule = parsed(_core.Rule.parse, as_text(text, "rule"), file, "rule")
        self._ready: tuple[_core.World, _core.ReadyRule] | None = None

    @classmethod
    def _of(cls, core: _core.Rule) -> Rule:
        self = cls.__new__(cls)
        self._c = core
        self._ready = None
        return self

    @classmethod
    def from_json(cls, path: str | os.PathLike[str]) -> Rule:
        """A rule from a JSON file.

        Raises
        ------
        FactError
            For a file that holds no rule.
        OSError
            For a file that cannot be read.
        """
        return cls(read_text(path, "rule"), str(path))

    @classmethod
    def read(cls, path: str | os.PathLike[str]) -> Rule:
        """A rule from a file: ``.json``, or its filled-in form as ``.csv``, ``.tsv``, ``.xlsx`` or a folder of tables.

        ``qualgraph template rule my-rule.xlsx`` writes an empty form.

        Raises
        ------
        FactError
            With every fault; those of a form name the cell (``B7``, ``places!B7``).
        InvalidValue
            For another kind of file.
        """
        from pathlib import Path

        if Path(path).suffix.lower() == ".json":
            return cls.from_json(path)
        from .form_read import rule_of

        return rule_of(path)

    def to_form(self, path: str | os.PathLike[str]) -> None:
        """Write the rule as a form, one clause a row: ``.csv``, ``.tsv``, ``.xlsx``, or a folder of tables.

        A plain rule stands on one sheet, another has a sheet (a section, a table) for each topic.
        What no word of the form says, such as fields of one's own inside a selector, stands in its
        cell as JSON; reading the form gives the same rule again.

        Raises
        ------
        InvalidValue
            For another kind of file.
        """
        from .templates import write_form

        write_form(self, path)

    @property
    def id(self) -> str:
        """Name of the rule."""
        return self._c.id

    @property
    def title(self) -> str:
        """Title of the award or policy."""
        return self._c.title

    @property
    def hash(self) -> str:
        """SHA-256 of the rule's content; spaces and the order of keys have no part in it."""
        return self._c.hash

    @property
    def variants(self) -> list[Alternative]:
        """Forms of which exactly one applies."""
        return [Alternative(*one) for one in self._c.variants]

    @property
    def titles(self) -> list[Alternative]:
        """Names the award may carry, with extra clauses each."""
        return [Alternative(*one) for one in self._c.titles]

    @property
    def exits(self) -> list[Alternative]:
        """Smaller awards on the way."""
        return [Alternative(*one) for one in self._c.exits]

    @property
    def readings(self) -> list[Alternative]:
        """Other readings of the same source."""
        return [Alternative(*one) for one in self._c.readings]

    def _head(self, key: str) -> Any:
        return self.to_dict().get(key)

    @property
    def kind(self) -> str:
        """``"award"``, or ``"policy"``: clauses that are applied to a target award."""
        return str(self._head("kind") or "award")

    @property
    def jurisdiction(self) -> str | None:
        """Country or region code, where stated."""
        found: str | None = self._head("jurisdiction")
        return found

    @property
    def framework(self) -> str | None:
        """Id of the framework of the award, where stated."""
        found: str | None = self._head("framework")
        return found

    @property
    def level(self) -> str | None:
        """Level of the award, ``"nz-nzqcf:5"``, where stated."""
        found: str | None = self._head("level")
        return found

    @property
    def credit(self) -> str | None:
        """Credit system in which the rule counts."""
        found: str | None = self._head("credit")
        return found

    @property
    def measure(self) -> str:
        """What the rule counts unless a clause says otherwise: credits, units, hours or points."""
        return str(self._head("measure") or "credits")

    @property
    def notes(self) -> str:
        """What those who wrote the rule down remarked."""
        return str(self._head("notes") or "")

    @property
    def sources(self) -> list[Source]:
        """Texts the rule rests on, each with its evidence mark."""
        from ..facts import Source

        return [Source.from_fact(each) for each in self._head("sources") or ()]

    @property
    def sentences(self) -> list[Sentence]:
        """Every clause in words, each with its path, note and source.

        Examples
        --------
        >>> import qualgraph as qg
        >>> print(qg.load().rule("kr-acbs").sentences[6])
        Variant "bachelor". [variants/bachelor]
        """
        from .sentences import Writer

        return Writer(self.to_dict()).sentences()

    @property
    def clauses(self) -> Table:
        """The same as a table: ``clause`` (path), ``sentence``, ``note``, ``source``."""
        from ..table import Table

        said = [one for one in self.sentences if one.path]
        return Table(
            {
                "clause": [one.path for one in said],
                "sentence": [one.text for one in said],
                "note": [one.note or None for one in said],
                "source": [one.source or None for one in said],
            },
            key="clause",
            title=f"{self.title} ({self.id})",
        )

    def sentence(self, clause: str) -> Sentence:
        """The sentence of a clause.

        Parameters
        ----------
        clause : str
            Its path: ``"places/core"``, or a bound of it: ``"places/core/min"``.

        Raises
        ------
        UnknownId
            For a path the rule does not have, naming the nearest.
        """
        from ..errors import UnknownId

        said = {one.path: one for one in self.sentences if one.path}
        steps = clause.split("/")
        while steps:
            found = said.get("/".join(steps))
            if found is not None:
                return found
            steps.pop()
        raise UnknownId(f'no clause "{clause}" in {self.id}.{_core.did_you_mean(clause, list(said))}')

    def _under(self, choice: Mapping[str, Any]) -> Rule:
        """The rule in one of its readings, waivers applied."""
        from ..errors import UnknownId

        whole = self.to_dict()
        rule = self
        steps: list[list[tuple[str, str | None]]] = []
        if choice.get("reading"):
            # A reading that drops a clause would no longer find it: the readings go with the changes.
            changes: list[tuple[str, str | None]] = [("readings", None)]
            for change in (whole.get("readings") or {}).get(choice["reading"], {}).get("changes") or []:
                to = None if change.get("drop") else json.dumps(change.get("to"), ensure_ascii=False)
                changes.append((change["path"], to))
            steps.append(changes)
        for id in choice.get("waivers") or ():
            waiver = (whole.get("waivers") or {}).get(id) or {}
            if "to" in waiver:
                steps.append([(waiver["clause"], json.dumps(waiver["to"], ensure_ascii=False))])
            elif waiver:
                # A waiver must name a clause that is there, so it goes with its clause.
                steps.append([(waiver["clause"], None), (f"waivers/{id}", None)])
        for step in steps:
            try:
                rule = Rule._of(rule._c.changed("", step))
            except UnknownId:
                # A waiver may name a clause that only one variant or title has.
                continue
        return rule

    def to_json(self) -> str:
        """The rule, byte for byte as it was read."""
        return self._c.json

    def to_dict(self) -> dict[str, Any]:
        """The rule as plain values."""
        loaded: dict[str, Any] = json.loads(self._c.json)
        return loaded

    def reform(self, changes: Mapping[str, Any], id: str | None = None) -> Rule:
        """The rule with clauses set to other values.

        Parameters
        ----------
        changes : mapping of str to value
            Path of a clause and its new value; ``None`` drops the clause:
            ``{"caps/rpl/max_share": "3/4"}``.
        id : str, optional
            Name of the reform.

        Raises
        ------
        UnknownId
            For a path the rule does not have; the nearest one is named.
        FactError
            If the result is no rule.
        """
        if not changes:
            raise InvalidValue("a reform changes something: give paths and new values")
        if not isinstance(changes, Mapping):
            raise UnitMismatch(f"changes are a mapping of paths to new values, not a {type(changes).__name__}")
        new = plain(changes, "reform", "reform")
        # A value that is not a number is left out above; here it would drop the clause.
        lost = [path for path in changes if path not in new]
        if lost:
            raise InvalidValue(f'the new value of "{lost[0]}" is not a number; None drops a clause')
        listed = [
            (path, None if value is None else json.dumps(value, ensure_ascii=False)) for path, value in new.items()
        ]
        try:
            return Rule._of(self._c.changed(id or f"{self.id}-reform", listed))
        except FactError as error:
            fail(error.faults, "reformed rule")
            raise

    def compare(self, other: Rule) -> RuleComparison:
        """What differs in another version of the rule, in words.

        Returns
        -------
        RuleComparison
            Clauses changed (before and after), added and dropped; as text, HTML and ``.table``.

        Examples
        --------
        >>> import qualgraph as qg
        >>> rule = qg.load().rule("example-diploma")
        >>> print(rule.compare(rule.reform({"total/min": 100}, id="example-diploma")))
        example-diploma: 1 clause changed.
        <BLANKLINE>
        Changed
          - total
            Before: At least 120 credits count in all.
            After: At least 100 credits count in all.
        """
        from .compare import compare

        if not isinstance(other, Rule):
            raise UnitMismatch(f"a rule is compared with a rule, not with {other!r}: world.rule(id)")
        return compare(self, other)

    def lint(self, catalogue: Catalogue | None = None, *, world: World | None = None) -> RuleFindings:
        """Remarks on what can hardly be meant as it stands; the rule is sound all the same.

        Parameters
        ----------
        catalogue : Catalogue, optional
            Also says which bounds nothing on offer can serve, and which limits all of it together
            would not reach.
        world : World, optional
            For levels of frameworks and credits of other systems; the bundled facts without it.

        Examples
        --------
        >>> import qualgraph as qg
        >>> qg.load().rule("au-chc33015").lint()[0].found
        'asks for all units of a list that is not there: the amount stands in for it'
        """
        from .lint import lint

        return lint(self, catalogue, world)

    def plot(self) -> Chart:
        """The rule drawn as a tree: places with their bounds, floors and caps beside them."""
        from ..plot import rule_tree

        return rule_tree(self)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Rule) and self.hash == other.hash

    def __hash__(self) -> int:
        return hash(self.hash)

    def __reduce__(self) -> tuple[Any, ...]:
        return (Rule, (self._c.json,))

    def __repr__(self) -> str:
        return f"<Rule {self.id}: {self.title}>"

    def __str__(self) -> str:
        from .sentences import text

        return text(self.to_dict())

    def _repr_html_(self) -> str:
        from .sentences import page

        return page(self.to_dict(), self.hash)
