"""Every simple route of up to four relations, composed: the engine against igraph and networkx.

Task, the same for all: for each ordered pair of frameworks, follow every simple route of at most
four relations, compose its tables, and keep per source level the union and the intersection over
the routes that live. The results must be equal before any time is printed.

Run:  python tests/benchmarks/routes.py [--frameworks 200] [--relations 300] [--grow]
Times are wall time of one process on one core; the rivals' graph is built outside the time.
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import tempfile
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

# One core each, and said before NumPy starts its threads.
for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(variable, "1")

import igraph
import networkx
import numpy
from network import Network, name, network, write

import qualgraph as qg

DOCUMENTS = 4
Tables = dict[tuple[int, int], tuple[numpy.ndarray, numpy.ndarray, int]]


def matrices(drawn: Network) -> dict[tuple[int, int], numpy.ndarray]:
    """Each relation as a 0/1 matrix, in both directions."""
    result = {}
    for a, b, rows in drawn.relations:
        matrix = numpy.zeros((drawn.levels[a], drawn.levels[b]), dtype=bool)
        for level, row in enumerate(rows):
            matrix[level, row] = True
        result[a, b] = matrix
        result[b, a] = matrix.T
    return result


def compose(paths: list[list[int]], tables: dict[tuple[int, int], numpy.ndarray], source: int, kept: Tables) -> None:
    """Compose each path and fold it into union and intersection of its pair."""
    for path in paths:
        table = tables[path[0], path[1]]
        for here, there in pairwise(path[1:]):
            table = table @ tables[here, there]
        key = (source, path[-1])
        living = table.any(axis=1, keepdims=True)
        if key in kept:
            some, every, count = kept[key]
            reached = some.any(axis=1, keepdims=True)
            kept[key] = (some | table, numpy.where(reached, every & (table | ~living), table), count + 1)
        else:
            kept[key] = (table, table.copy(), 1)


def by_igraph(drawn: Network, tables: dict[tuple[int, int], numpy.ndarray], sources: list[int]) -> Tables:
    """igraph lists the routes, NumPy composes them."""
    graph = igraph.Graph(n=len(drawn.levels), edges=[(a, b) for a, b, _ in drawn.relations])
    kept: Tables = {}
    for source in sources:
        compose(graph.get_all_simple_paths(source, maxlen=DOCUMENTS), tables, source, kept)
    return kept


def by_networkx(drawn: Network, tables: dict[tuple[int, int], numpy.ndarray], sources: list[int]) -> Tables:
    """networkx lists the routes of each pair, NumPy composes them."""
    graph = networkx.Graph((a, b) for a, b, _ in drawn.relations)
    kept: Tables = {}
    for source in sources:
        for target in graph:
            if target != source:
                paths = list(networkx.all_simple_paths(graph, source, target, cutoff=DOCUMENTS))
                compose(paths, tables, source, kept)
    return kept


def by_engine(world: qg.World) -> object:
    """The engine's survey, its own value; nothing is converted to Python inside the time."""
    return world.route_census(max_documents=DOCUMENTS)


def timed(task: Callable[[], object], repeats: int) -> tuple[float, object]:
    """Median seconds of `repeats` runs, and the last result."""
    seconds = []
    result: object = None
    for _ in range(repeats):
        start = time.perf_counter()
        result = task()
        seconds.append(time.perf_counter() - start)
    return statistics.median(seconds), result


def check(census: qg.RouteCensus, kept: Tables) -> None:
    """Both must say the same of every pair the rival looked at."""
    for (source, target), (some, every, count) in kept.items():
        pair = (name(source), name(target))
        assert census[pair]["routes"] == count, pair
        for level, row in enumerate(census.levels(*pair)):
            assert set(row["some"]) == {str(k + 1) for k in numpy.flatnonzero(some[level])}, (pair, level)
            if some[level].any():
                assert set(row["every"]) == {str(k + 1) for k in numpy.flatnonzero(every[level])}, (pair, level)


def world_of(drawn: Network) -> qg.World:
    """The network loaded through the engine's own reader."""
    with tempfile.TemporaryDirectory() as folder:
        write(drawn, Path(folder))
        return qg.load(folder)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--frameworks", type=int, default=200)
    parser.add_argument("--relations", type=int, default=None)
    parser.add_argument(
        "--sources", type=int, default=None, help="rivals start from this many frameworks only and are scaled up"
    )
    parser.add_argument("--grow", action="store_true", help="also show the engine's cost as the network grows")
    options = parser.parse_args()

    drawn = network(options.frameworks, options.relations)
    world = world_of(drawn)
    tables = matrices(drawn)
    census_seconds, census = timed(lambda: by_engine(world), 15)
    routes = sum(row["routes"] for row in census)
    print(
        f"{platform.processor() or platform.machine()}, Python {platform.python_version()}, NumPy {numpy.__version__}, "
        f"igraph {igraph.__version__}, networkx {networkx.__version__}"
    )
    print(
        f"{len(drawn.levels)} frameworks, {sum(drawn.levels)} levels, {len(drawn.relations)} relations, {routes} routes"
    )
    speed = routes / census_seconds / 1e6
    print(f"qualgraph          {census_seconds * 1e3:10.2f} ms   {speed:6.1f} million routes a second")
    everyone = list(range(len(drawn.levels)))
    sources = everyone if options.sources is None else everyone[:: max(1, len(everyone) // options.sources)]
    for label, rival in (("igraph + NumPy", by_igraph), ("networkx + NumPy", by_networkx)):
        seconds, kept = timed(lambda rival=rival: rival(drawn, tables, sources), 1)
        check(census, kept)
        scaled = seconds * len(everyone) / len(sources)
        print(f"{label:<18} {scaled * 1e3:10.0f} ms   {scaled / census_seconds:8.0f} times as long"
              f"{'' if len(sources) == len(everyone) else f' (from {len(sources)} sources, scaled)'}; same result")
    if options.grow:
        print("growth at three relations for every two frameworks:")
        for count in (200, 500, 1000, 2000):
            larger = world_of(network(count))
            seconds, census = timed(lambda larger=larger: by_engine(larger), 3)
            routes = sum(row["routes"] for row in census)
            each = seconds / routes * 1e9
            print(f"  {count:5d} frameworks {routes:10d} routes {seconds * 1e3:9.1f} ms   {each:5.0f} ns a route")


if __name__ == "__main__":
    main()
