"""One credential under every definition."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from .. import _core
from ..answers import TabularResult
from ..errors import UnknownId
from ..facts import Range, Source, Value
from ..table import Table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ..world import World
    from .definition import Definition, DefinitionClause

__all__ = ["Change", "Classification", "ClauseVerdict", "DefinitionVerdict", "word"]

_WORDS = {True: "satisfied", False: "violated", None: "unknown"}


def word(truth: bool | None) -> str:
    """A truth as the word of a verdict."""
    return _WORDS[truth]


class ClauseVerdict(Value):
    """How one clause fares.

    Attributes
    ----------
    clause : DefinitionClause
    verdict : str
        ``"satisfied"``, ``"violated"`` or ``"unknown"``. That of a descriptive clause decides nothing.
    reason : str
        What is stated, or that nothing is.
    """

    __slots__ = ("clause", "verdict", "reason")
    clause: DefinitionClause
    verdict: str
    reason: str

    @property
    def id(self) -> str:
        """Id of the clause."""
        return self.clause.id

    @property
    def kind(self) -> str:
        """Kind of the clause."""
        return self.clause.kind

    @property
    def sources(self) -> tuple[Source, ...]:
        """Texts of the clause."""
        return self.clause.sources

    def __str__(self) -> str:
        return f"{self.clause}  {self.verdict}: {self.reason}."


class Change(Value):
    """One attribute to state or to change.

    Attributes
    ----------
    name : str
        Attribute, or parameter of the definition.
    from_, to : object
        None where nothing is stated. For a parameter, ``to`` is the least size it would have to mean.
    text : str
    """

    __slots__ = ("name", "from_", "to", "text")
    name: str
    from_: Any
    to: Any
    text: str

    def __str__(self) -> str:
        return self.text


class DefinitionVerdict:
    """One credential under one definition; see :class:`Classification`.

    Attributes
    ----------
    definition : Definition
    verdict, with_exceptions : str
        By the letter, and with exceptional clauses read as "or grounds are given".
    clauses : tuple of ClauseVerdict
    kinds : dict of str to str
        Verdict for each class, where the text sorts credentials into classes.
    """

    __slots__ = ("_of", "clauses", "definition", "kinds", "verdict", "with_exceptions")

    def __init__(self, of: Classification, definition: Definition, row: tuple[Any, ...]) -> None:
        _, truth, with_exceptions, clauses, kinds = row
        self._of = of
        self.definition = definition
        self.verdict = word(truth)
        self.with_exceptions = word(with_exceptions)
        self.clauses = tuple(
            ClauseVerdict(clause, word(each[1]), each[2])
            for clause, each in zip(definition.clauses, clauses, strict=True)
        )
        self.kinds: dict[str, str] = {each[0]: word(each[1]) for each in kinds}

    @property
    def id(self) -> str:
        """Id of the definition."""
        return self.definition.id

    @property
    def questions(self) -> tuple[str, ...]:
        """The fewest blanks whose answers, whatever they are, settle this verdict."""
        ask, _ = self._of._questions([self.id])
        return tuple(ask)

    @property
    def whatever_the_answer(self) -> str:
        """The verdict if every answer to every blank gives the same one, else ``"unknown"``."""
        return word(self._of._outlook[self.id][1])

    @property
    def edit(self) -> tuple[Change, ...] | None:
        """The fewest changes after which the credential satisfies the definition; None if there are none."""
        of = self._of
        rows = _core.classify_edit(of._world._c, of._credential, self.id, of._parameters)
        if rows is None:
            return None
        changes = []
        for name, parameter, before, after, said_before, said_after in rows:
            if parameter:
                text = f'say what "{name}" means: at least the size of the credential'
                changes.append(Change(name, None, None, text))
                continue
            old, new = json.loads(before).get(name), json.loads(after).get(name)
            text = f"state {name}: {said_after}" if old is None else f"change {name} from {said_before} to {said_after}"
            changes.append(Change(name, old, new, text))
        return tuple(changes)

    def small_from(self, unit: str = "hours") -> Range | None:
        """From which size on "small" satisfies the definition, in hours or credits of a system.

        Returns
        -------
        Range or None
            A meaning of at least ``max`` satisfies it; between ``min`` and ``max`` the conversion
            leaves it open. None where no meaning does, or where the definition does not ask.

        Examples
        --------
        >>> import qualgraph as qg
        >>> k = qg.load().classify({"hours": 10, "assessed": True, "quality_assured": True, "focused": True})
        >>> k["acqf-2024"].verdict, k["acqf-2024"].small_from("hours"), k["acqf-2024"].small_from("ects")
        ('unknown', Range(10, 10), Range('1/3', '2/5'))
        """
        if "small" not in self.definition.parameters:
            return None
        known, _, low, _, high, beyond = self._of._steps(unit)[self.id]
        return Range(low, high) if known and beyond is True else None

    def to_dict(self) -> dict[str, Any]:
        """The verdict as JSON holds it."""
        return {
            "verdict": self.verdict,
            "with_exceptions": self.with_exceptions,
            "term": self.definition.term,
            "issuer": self.definition.issuer,
            "year": self.definition.year,
            "clauses": [
                {
                    "id": one.id,
                    "kind": one.kind,
                    "text": one.clause.text,
                    "verdict": one.verdict,
                    "reason": one.reason,
                    "evidence": one.clause.evidence,
                    "sources": [source.title for source in one.sources],
                }
                for one in self.clauses
            ],
            **({"kinds": self.kinds} if self.kinds else {}),
        }

    def __str__(self) -> str:
        definition = self.definition
        year = f", {definition.year}" if definition.year else ""
        said = f"{definition.id} ({definition.term}, {definition.issuer}{year}): {self.verdict}"
        if self.with_exceptions != self.verdict:
            said += f" by the letter, {self.with_exceptions} where grounds for an exception count"
        lines = [said + "."]
        for one in self.clauses:
            if one.kind != "descriptive":
                lines.append(f"  {one}")
        lines += [f"  {name}: {verdict}" for name, verdict in self.kinds.items()]
        return "\n".join(lines)

    def __repr__(self) -> str:
        return f"<DefinitionVerdict {self.id}: {self.verdict}>"

    def _repr_html_(self) -> str:
        from ..display import answer_box, html_table

        rows = {
            "clause": [one.clause.text for one in self.clauses],
            "kind": [one.kind for one in self.clauses],
            "verdict": [one.verdict for one in self.clauses],
            "reason": [one.reason for one in self.clauses],
            "evidence": [one.clause.evidence for one in self.clauses],
        }
        sources = "; ".join(map(str, self.definition.sources))
        return answer_box(str(self).splitlines()[0], html_table(rows), sources)


class Classification(TabularResult):
    """One credential under every definition; made by :meth:`qualgraph.World.classify`.

    ``k[id]`` is the verdict of one definition with its clauses; iteration goes over the ids.

    Attributes
    ----------
    verdicts : dict of str to str
        ``"satisfied"``, ``"violated"`` or ``"unknown"`` for every definition that gives verdicts.
    """

    _legal = (
        "Each verdict is a reading of one published definition, not recognition of the credential; "
        "that decision rests with the competent authority."
    )

    def __init__(self, world: World, credential: _core.Credential, parameters: dict[str, str]) -> None:
        self._bind(world)
        self._credential = credential
        self._parameters = dict(parameters)
        rows = _core.classify(world._c, credential, self._parameters)
        known = world.definitions
        self._verdicts = {row[0]: DefinitionVerdict(self, known[row[0]], row) for row in rows}
        self._asked: dict[Any, Any] = {}

    # ---- what is remembered once asked

    def _questions(self, only: Sequence[str]) -> tuple[list[str], list[str]]:
        key = ("questions", *only)
        if key not in self._asked:
            self._asked[key] = _core.classify_questions(self._world._c, self._credential, self._parameters, list(only))
        found: tuple[list[str], list[str]] = self._asked[key]
        return found

    @property
    def _outlook(self) -> dict[str, Any]:
        if "outlook" not in self._asked:
            rows = _core.classify_outlook(self._world._c, self._credential, self._parameters)
            self._asked["outlook"] = {row[0]: row for row in rows}
        found: dict[str, Any] = self._asked["outlook"]
        return found

    def _steps(self, unit: str) -> dict[str, Any]:
        key = ("steps", unit)
        if key not in self._asked:
            rows = _core.classify_steps(self._world._c, self._credential, "small", unit)
            self._asked[key] = dict(zip(self._verdicts, rows, strict=True))
        found: dict[str, Any] = self._asked[key]
        return found

    # ---- the answer

    @property
    def record(self) -> dict[str, Any]:
        """What is stated of the credential."""
        stated: dict[str, Any] = json.loads(self._credential.json)
        return stated

    @property
    def small(self) -> str | None:
        """What "small" was taken to mean."""
        return self._parameters.get("small")

    @property
    def verdicts(self) -> dict[str, str]:
        """Verdict of each definition."""
        return {id: each.verdict for id, each in self._verdicts.items()}

    @property
    def with_exceptions(self) -> dict[str, str]:
        """The same, with exceptional clauses read as "or grounds are given"."""
        return {id: each.with_exceptions for id, each in self._verdicts.items()}

    @property
    def whatever_the_answer(self) -> dict[str, str]:
        """Verdicts that every answer to the blanks would give (supervaluation); else ``"unknown"``."""
        return {id: word(row[1]) for id, row in self._outlook.items()}

    @property
    def questions(self) -> tuple[str, ...]:
        """The fewest blanks whose answers, whatever they are, settle every unknown verdict.

        Names of attributes, then of parameters (``"small"``: what the word is to mean). A level is
        answered on the framework that is asked about, or as none.
        """
        ask, _ = self._questions([])
        return tuple(ask)

    @property
    def unsettled(self) -> tuple[str, ...]:
        """Definitions that no answers settle for certain: conversions or level tables leave them open."""
        _, unsettled = self._questions([])
        return tuple(unsettled)

    @property
    def untested(self) -> dict[str, str]:
        """Texts that give no verdict, because no clause of theirs decides, and what is known of them."""
        return {each.id: each.notes for each in self._world.definitions if not each.tested}

    def sweep(self, unit: str = "ects", start: int = 1, stop: int = 60) -> Table:
        """How many definitions are satisfied as "small" grows, with every breakpoint.

        Parameters
        ----------
        unit : str
            Hours, or a credit system.
        start, stop : int
            Amounts of the unit from and up to which it grows.

        Returns
        -------
        Table
            Rows of ``from_``, ``satisfied``, ``violated``, ``unknown``: the counts hold from this
            amount up to the next.

        Examples
        --------
        >>> import qualgraph as qg
        >>> k = qg.load().classify({"credits": "10 nz-credit", "assessed": True,
        ...                         "quality_assured": True, "focused": True})
        >>> k.sweep("nz-credit").column("from_")
        [Fraction(1, 1), Fraction(10, 1)]
        """
        from .table import check_sweep, sweep_rows

        check_sweep(unit, start, stop)
        moves: dict[Any, list[int]] = {}
        for known, below, low, between, high, beyond in self._steps(unit).values():
            path = [(0, below)]
            if known:
                path += [(low, between)] if low != high else []
                path += [(high, beyond)]
            before: bool | str | None = ""
            for at, truth in path:
                change = moves.setdefault(at, [0, 0, 0])
                change[(True, False, None).index(truth)] += 1
                if before != "":
                    change[(True, False, None).index(before)] -= 1
                before = truth
        steps = []
        now = [0, 0, 0]
        for at in sorted(moves):
            now = [a + b for a, b in zip(now, moves[at], strict=True)]
            steps.append((at, tuple(now)))
        return sweep_rows(steps, start, stop, f'Definitions as "small" grows, in {unit}')

    @property
    def table(self) -> Table:
        """One row for each definition."""
        rows = list(self._verdicts.values())
        return Table(
            {
                "definition": [one.id for one in rows],
                "term": [one.definition.term for one in rows],
                "issuer": [one.definition.issuer for one in rows],
                "year": [one.definition.year for one in rows],
                "verdict": [one.verdict for one in rows],
                "with_exceptions": [one.with_exceptions for one in rows],
                "violated": [[c.id for c in one.clauses if _decides(c, "violated")] for one in rows],
                "unknown": [[c.id for c in one.clauses if _decides(c, "unknown")] for one in rows],
            },
            key="definition",
            title="Verdicts",
        )

    @property
    def sources(self) -> list[Source]:
        """Texts of the definitions, each once."""
        seen: dict[Source, None] = {}
        for one in self._verdicts.values():
            for source in one.definition.sources:
                seen.setdefault(source)
        return list(seen)

    def __getitem__(self, id: str) -> DefinitionVerdict:
        found = self._verdicts.get(id)
        if found is None:
            if id in self._world.definitions:
                raise UnknownId(f'the text "{id}" has no clause that decides, so it gives no verdict')
            raise UnknownId(f'no definition "{id}".{_core.did_you_mean(str(id), list(self._verdicts))}')
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self._verdicts)

    def __len__(self) -> int:
        return len(self._verdicts)

    def __contains__(self, id: object) -> bool:
        return id in self._verdicts

    def _by_word(self, verdict: str) -> list[str]:
        return [id for id, each in self.verdicts.items() if each == verdict]

    def _sentence(self) -> str:
        from ..display import count, listing

        held, broken, open_ = (self._by_word(each) for each in ("satisfied", "violated", "unknown"))
        said = f"Of {count(len(self), 'definition')}, {len(held)} {'is' if len(held) == 1 else 'are'} satisfied"
        said += f" ({listing(held)})" if held else ""
        said += f", {len(broken)} violated" + (f" ({listing(broken)})" if broken else "")
        said += f" and {len(open_)} not decided by what is stated."
        return said

    def _payload(self) -> dict[str, Any]:
        return {
            "record": self.record,
            "small": self.small,
            "verdicts": self.verdicts,
            "with_exceptions": self.with_exceptions,
            "questions": list(self.questions),
            "unsettled": list(self.unsettled),
            "definitions": {id: each.to_dict() for id, each in self._verdicts.items()},
        }

    def __repr__(self) -> str:
        tally = ", ".join(f"{len(self._by_word(each))} {each}" for each in ("satisfied", "violated", "unknown"))
        return f"<Classification: {tally}>"

    def _html_body(self) -> str:
        from ..display import html_table

        table = self.table
        return html_table({name: table.column(name) for name in table.column_names})

    def __reduce__(self) -> Any:
        return _again, (self._world, self._credential.json, self._parameters)


def _decides(one: ClauseVerdict, verdict: str) -> bool:
    return one.kind != "descriptive" and one.verdict == verdict


def _again(world: World, text: str, parameters: dict[str, str]) -> Classification:
    return Classification(world, _core.Credential.parse(text, "credential", ""), parameters)
