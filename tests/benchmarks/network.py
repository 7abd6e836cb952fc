"""A synthetic referencing network of any size, seeded.

Shape: eight regional frameworks joined to one meta-framework, every other framework on one of
the eight (which differ in size as the real ones do), the remaining relations between random
frameworks. Tables are set-valued and monotone:
a quarter of the levels have two neighbouring counterparts, one in twenty has none.
"""

from __future__ import annotations

import json
import random
from dataclasses import dataclass
from pathlib import Path

REGIONS = 8
REGION_SIZES = [45, 10, 8, 8, 6, 5, 5, 4]


@dataclass(frozen=True)
class Network:
    """Frameworks by their number of levels, and relations as (from, to, rows)."""

    levels: list[int]
    relations: list[tuple[int, int, list[list[int]]]]  # rows[a] = positions in the target


def table(rng: random.Random, source: int, target: int) -> list[list[int]]:
    """A monotone set-valued table from `source` levels to `target` levels."""
    anchors = sorted(rng.randrange(target) for _ in range(source))
    rows = []
    floor = 0
    for anchor in anchors:
        low = max(anchor, floor)
        draw = rng.random()
        if draw < 0.05:
            rows.append([])
            continue
        high = min(low + 1, target - 1) if draw < 0.30 else low
        rows.append(list(range(low, high + 1)))
        floor = low
    return rows


def network(frameworks: int = 200, relations: int | None = None, seed: int = 2026) -> Network:
    """Draw a network; relations default to three for every two frameworks."""
    rng = random.Random(seed)
    relations = frameworks * 3 // 2 if relations is None else relations
    levels = [rng.randint(5, 11) for _ in range(frameworks)]
    pairs = [(region, 0) for region in range(1, REGIONS + 1)]
    members = range(REGIONS + 1, frameworks)
    pairs += list(zip(members, rng.choices(range(1, REGIONS + 1), REGION_SIZES, k=len(members)), strict=True))
    taken = {frozenset(pair) for pair in pairs}
    while len(pairs) < relations:
        pair = (rng.randrange(frameworks), rng.randrange(frameworks))
        if pair[0] != pair[1] and frozenset(pair) not in taken:
            taken.add(frozenset(pair))
            pairs.append(pair)
    return Network(levels, [(a, b, table(rng, levels[a], levels[b])) for a, b in pairs])


def name(framework: int) -> str:
    """Ids sort like the numbers, so that positions agree with the engine's."""
    return f"f{framework:05d}"


def facts(drawn: Network) -> tuple[str, str]:
    """The network as two files of facts: frameworks and mappings."""
    source = [{"title": "synthetic", "publisher": None, "year": None, "url": None, "evidence": "read"}]
    frameworks = [
        {
            "id": name(i),
            "name": f"Synthetic framework {i}",
            "kind": "regional" if i <= REGIONS else "national",
            "hub": i <= REGIONS,
            "levels": [{"code": str(k + 1), "rank": k + 1} for k in range(count)],
        }
        for i, count in enumerate(drawn.levels)
    ]
    mappings = [
        {
            "from": name(a),
            "to": name(b),
            "document_id": "synthetic",
            "document": f"Synthetic table {name(a)} {name(b)}",
            "kind": "comparison",
            "year": 2020,
            "pairs_evidence": "read",
            "pairs": [[str(i + 1), str(j + 1)] for i, row in enumerate(rows) for j in row],
            "unmatched": [{"level": str(i + 1), "reason": "synthetic"} for i, row in enumerate(rows) if not row],
            "sources": source,
        }
        for a, b, rows in drawn.relations
    ]
    return json.dumps({"frameworks": frameworks}), json.dumps({"document_id": "synthetic", "mappings": mappings})


def write(drawn: Network, folder: Path) -> None:
    """Write the network as a folder that `qualgraph.load` reads."""
    folder.mkdir(parents=True, exist_ok=True)
    frameworks, mappings = facts(drawn)
    (folder / "frameworks.json").write_text(frameworks, encoding="utf-8")
    (folder / "mappings.json").write_text(mappings, encoding="utf-8")
