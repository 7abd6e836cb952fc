"""Which definition implies which, and a credential for every pair that does not."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from .. import _core
from ..answers import TabularResult
from ..errors import UnknownId
from ..facts import Source, Value
from ..table import Table

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..plot import Chart
    from ..world import World

__all__ = ["DefinitionOrder", "Implication"]


class Implication(Value):
    """Whether whatever satisfies one definition satisfies another.

    Attributes
    ----------
    from_, to : str
    holds : bool
    witness : dict or None
        Where it does not hold: a credential that satisfies the first and violates the second; what
        it does not state does not matter.
    small : bool or None
        With a witness that needs it: whether its size counts as small.
    readings : tuple of str
        Readings of words on which the implication rests.
    """

    __slots__ = ("from_", "to", "holds", "witness", "small", "readings")
    from_: str
    to: str
    holds: bool
    witness: dict[str, Any] | None
    small: bool | None
    readings: tuple[str, ...]

    def __str__(self) -> str:
        if self.holds:
            flagged = f" (reading: {' '.join(self.readings)})" if self.readings else ""
            return f"Whatever satisfies {self.from_} satisfies {self.to}{flagged}."
        shown = ", ".join(f"{name}: {_shown(value)}" for name, value in (self.witness or {}).items())
        size = "" if self.small is None else f"; its size counts as {'small' if self.small else 'not small'}"
        return f"{self.from_} does not imply {self.to}: a credential with {shown}{size}."

    def __hash__(self) -> int:
        return hash((self.from_, self.to, self.holds))


def _shown(value: Any) -> str:
    from ..display import cell_text

    return cell_text(value)


class DefinitionOrder(TabularResult):
    """The implications between all definitions; made by :meth:`qualgraph.World.definition_order`.

    ``order[a, b]`` is the :class:`Implication` from a to b.
    """

    _legal = (
        "This is a comparison of the letter of published texts, not recognition of a credential; no text "
        "applies where another does because it is implied."
    )

    def __init__(self, world: World, parameters: dict[str, str]) -> None:
        self._bind(world)
        self._parameters = dict(parameters)
        self._pairs: dict[tuple[str, str], Implication] = {}
        for start, end, holds, witness, within, readings in _core.definition_order(world._c, self._parameters):
            said = None if witness is None else json.loads(witness)
            self._pairs[start, end] = Implication(start, end, holds, said, within.get("small"), tuple(readings))
        self.definitions = tuple(dict.fromkeys(start for start, _ in self._pairs))

    def __getitem__(self, pair: tuple[str, str]) -> Implication:
        for id in pair:
            if id not in self.definitions:
                near = _core.did_you_mean(str(id), list(self.definitions))
                raise UnknownId(f'no definition "{id}" that gives verdicts.{near}')
        start, end = pair
        if start == end:
            return Implication(start, end, True, None, None, ())
        return self._pairs[start, end]

    def implies(self, a: str, b: str) -> bool:
        """Whether whatever satisfies ``a`` satisfies ``b``."""
        return self[a, b].holds

    @property
    def equivalent(self) -> list[tuple[str, ...]]:
        """Definitions that say the same to the letter of their tests."""
        return [group for group in self._classes() if len(group) > 1]

    def _classes(self) -> list[tuple[str, ...]]:
        seen: set[str] = set()
        groups = []
        for a in self.definitions:
            if a in seen:
                continue
            same = tuple(b for b in self.definitions if a == b or (self.implies(a, b) and self.implies(b, a)))
            seen.update(same)
            groups.append(same)
        return groups

    @property
    def edges(self) -> list[tuple[str, str]]:
        """The implications from which all others follow, between one definition of each equivalent group."""
        heads = [group[0] for group in self._classes()]
        above = {a: {b for b in heads if a != b and self.implies(a, b)} for a in heads}
        return [(a, b) for a in heads for b in sorted(above[a]) if not any(b in above[c] for c in above[a])]

    def incomparable(self, a: str, b: str) -> bool:
        """Whether neither implies the other."""
        return not self.implies(a, b) and not self.implies(b, a)

    @property
    def table(self) -> Table:
        """One row for each ordered pair: ``from_``, ``to``, ``holds``, ``witness``, ``small``, ``readings``."""
        rows = list(self._pairs.values())
        return Table(
            {
                "from_": [one.from_ for one in rows],
                "to": [one.to for one in rows],
                "holds": [one.holds for one in rows],
                "witness": [
                    None if one.witness is None else json.dumps(one.witness, ensure_ascii=False) for one in rows
                ],
                "small": [one.small for one in rows],
                "readings": [list(one.readings) for one in rows],
            },
            title="Which definition implies which",
        )

    @property
    def sources(self) -> list[Source]:
        """Texts of the definitions, each once."""
        seen: dict[Source, None] = {}
        for id in self.definitions:
            for source in self._world.definitions[id].sources:
                seen.setdefault(source)
        return list(seen)

    def plot(self, definitions: Iterable[str] | None = None) -> Chart:
        """Draw which definition implies which; default all of them."""
        from .. import plot

        return plot.definition_order(self, definitions)

    def _sentence(self) -> str:
        from ..display import count

        holding = sum(one.holds for one in self._pairs.values())
        return (
            f"Among {count(len(self.definitions), 'definition')}, {holding} of {len(self._pairs)} ordered pairs are "
            "implications; each other pair has a credential that satisfies the first and violates the second."
        )

    def _payload(self) -> dict[str, Any]:
        return {
            "definitions": list(self.definitions),
            "equivalent": [list(group) for group in self.equivalent],
            "edges": [list(edge) for edge in self.edges],
            "pairs": [one.to_dict() for one in self._pairs.values()],
        }

    def __repr__(self) -> str:
        holding = sum(one.holds for one in self._pairs.values())
        return f"<DefinitionOrder: {len(self.definitions)} definitions, {holding} implications>"

    def _html_body(self) -> str:
        from ..display import html_table

        rows = [self[edge] for edge in self.edges]
        return html_table(
            {
                "definition": [one.from_ for one in rows],
                "implies": [one.to for one in rows],
                "reading": [" ".join(one.readings) for one in rows],
            },
            caption="Implications from which all others follow.",
        )

    def __reduce__(self) -> Any:
        return DefinitionOrder, (self._world, self._parameters)
