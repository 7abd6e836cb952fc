"""Made-up learners who hold credentials of a made-up catalogue."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..errors import InvalidValue
from ..table import _need
from ._draw import Draw, whole

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..stacking import Record
    from .catalogue import SyntheticCatalogue

__all__ = ["SyntheticLearners", "learners"]

REGIONS = {"north": 34, "south": 22, "east": 26, "west": 18}
SEXES = {"female": 52, "male": 47, "not stated": 1}
#: Where the credit comes from, and how often.
ORIGINS = {"micro": 46, "taught": 34, "rpl.experiential": 9, "transfer.completed": 11}


class SyntheticLearners:
    """Made-up learners; they stand for nobody.

    Attributes
    ----------
    size, seed : int
    catalogue : SyntheticCatalogue
        Where their credentials are from.
    """

    synthetic = True

    def __init__(self, size: int, seed: int, catalogue: SyntheticCatalogue) -> None:
        self.size = size
        self.seed = seed
        self.catalogue = catalogue
        self._kept: tuple[Any, ...] | None = None

    def _drawn(self) -> tuple[Any, ...]:
        if self._kept is None:
            np = _need("numpy", "synthetic learners")
            people = Draw(self.seed, np.arange(self.size, dtype=np.uint64))
            held = 2 + people.below("items", 12) + people.below("more items", 12)
            learner = np.repeat(np.arange(self.size), held)
            first = np.repeat(np.cumsum(held) - held, held)
            # An item is numbered within its learner, so that its draw does not depend on the others.
            number = (learner * 64 + np.arange(len(learner)) - first).astype(np.uint64)
            items = Draw(self.seed + 1, number)
            which = items.below("credential", max(len(self.catalogue), 1))
            origin = items.pick("origin", list(ORIGINS.values()))
            day = items.below("day", 3_650)
            region = people.pick("region", list(REGIONS.values()))
            sex = people.pick("sex", list(SEXES.values()))
            self._kept = (learner, which, origin, day, region, sex)
        return self._kept

    def records(self) -> Iterator[tuple[str, Record]]:
        """Each learner's id and record."""
        import datetime

        from ..stacking import Record

        learner, which, origin, day, _, _ = (values.tolist() for values in self._drawn())
        offers: dict[int, dict[str, Any]] = {}
        at = 0
        for person in range(self.size):
            rows = []
            seen: set[int] = set()
            while at < len(learner) and learner[at] == person:
                if which[at] not in seen and len(self.catalogue):
                    seen.add(which[at])
                    if which[at] not in offers:
                        offers[which[at]] = next(self.catalogue.rows(which[at], which[at] + 1))
                    offer = offers[which[at]]
                    kept = {name: offer[name] for name in _KEPT if name in offer}
                    when = datetime.date(2016, 1, 1) + datetime.timedelta(days=day[at])
                    rows.append({**kept, "origin": list(ORIGINS)[origin[at]], "date": when.isoformat(), "used_for": []})
                at += 1
            yield (
                f"syn-learner-{person}",
                Record(rows, id=f"syn-learner-{person}", credit=self.catalogue.credit, as_of="2026-01-01"),
            )

    def people(self) -> list[dict[str, str]]:
        """Each learner's ``learner_id``, ``region`` and ``sex``."""
        *_, region, sex = self._drawn()
        return [
            {"learner_id": f"syn-learner-{n}", "region": list(REGIONS)[a], "sex": list(SEXES)[b]}
            for n, (a, b) in enumerate(zip(region.tolist(), sex.tolist(), strict=True))
        ]

    def __len__(self) -> int:
        return self.size

    def __repr__(self) -> str:
        return f"<SyntheticLearners: {self.size:,} made-up learners, seed {self.seed}>"


_KEPT = ("id", "title", "credits", "hours", "level", "provider", "field", "tags", "assessed", "quality_assured")


def learners(size: int, catalogue: SyntheticCatalogue, *, seed: int = 1) -> SyntheticLearners:
    """Make up learners who hold credentials of a catalogue.

    Parameters
    ----------
    size : int
        Number of learners; each holds 2 to 24 credentials.
    catalogue : SyntheticCatalogue
    seed : int
        The same seed gives the same learners; a larger population begins with the smaller one.

    Examples
    --------
    >>> from qualgraph import synthetic
    >>> group = learners(3, synthetic.catalogue(100))
    >>> [name for name, record in group.records()]
    ['syn-learner-0', 'syn-learner-1', 'syn-learner-2']
    """
    from .catalogue import SyntheticCatalogue

    if not isinstance(catalogue, SyntheticCatalogue):
        raise InvalidValue(f"catalogue={catalogue!r} is no synthetic catalogue: qualgraph.synthetic.catalogue(1_000)")
    whole("size", size)
    whole("seed", seed)
    return SyntheticLearners(size, seed, catalogue)
