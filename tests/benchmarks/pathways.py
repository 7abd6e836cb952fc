"""Pathways: how long reach, least ways, Pareto sets, curricular metrics and indicators take.

``python -m benchmarks.pathways`` from the folder of tests. The rival for centrality is an enumeration of
all chains, as published tools do it, on a curriculum small enough for it to end.
"""

from __future__ import annotations

import argparse
import random
import time

import qualgraph as qg
from qualgraph import _core


def timed(ask, times=3):
    best, answer = None, None
    for _ in range(times):
        start = time.perf_counter()
        answer = ask()
        spent = time.perf_counter() - start
        best = spent if best is None else min(best, spent)
    return best * 1000, answer


def layered(nodes, arcs, layers, tail, seed):
    """Random steps between layers: each needs up to ``tail`` things of the three layers before."""
    draw = random.Random(seed)
    builder = _core.HypergraphBuilder()
    for _ in range(nodes):
        builder.add_node("unit")
    per = nodes // layers
    for _ in range(arcs):
        layer = draw.randrange(1, layers)
        low = max(0, (layer - 3) * per)
        needs = [low + draw.randrange(layer * per - low) for _ in range(draw.randint(1, tail))]
        head = layer * per + draw.randrange(per)
        builder.add_step(needs, head, draw.randint(100, 5000), draw.randint(1, 12), "course", [])
    return _core.Hypergraph(builder), list(range(per)), per * layers - 1


def national(arcs, seed):
    """A national catalogue: units in prerequisite chains, three ways to each, awards out of eight units."""
    draw = random.Random(seed)
    builder = _core.HypergraphBuilder()
    units, made, awards = [], 0, []
    while made < arcs:
        chain = []
        for place in range(5):
            node = builder.add_node("unit")
            needs = [chain[place - 1]] if place and draw.random() < 0.7 else []
            if awards and draw.random() < 0.05:
                needs.append(draw.choice(awards))
            ways = (("course", 500, 5000, 3, 9), ("rpl-assessment", 200, 900, 1, 3), ("bridging", 300, 2000, 2, 5))
            for kind, low, high, short, long in ways:
                builder.add_step(needs, node, draw.randint(low, high), draw.randint(short, long), kind, [])
                made += 1
            chain.append(node)
        units += chain
        if len(units) % 40 == 0:
            award = builder.add_node("award")
            for _ in range(2):
                builder.add_step(draw.sample(units[-40:], 8), award, 50, 0, "award", [])
            if len(awards) > 1:
                builder.add_step([draw.choice(awards)], award, draw.randint(1000, 4000), 6, "articulation", [])
            awards.append(award)
            made += 3
    return _core.Hypergraph(builder), [], awards[-1]


def enumerate_chains(units, edges):
    """Centrality by walking every chain."""
    after = [[] for _ in range(units)]
    entered = [0] * units
    for a, b in set(edges):
        after[a].append(b)
        entered[b] += 1
    found = [0] * units

    def walk(path):
        if not after[path[-1]]:
            for unit in path[1:-1]:
                found[unit] += len(path)
        for b in after[path[-1]]:
            walk([*path, b])

    for unit in range(units):
        if not entered[unit]:
            walk([unit])
    return found


def curriculum(units, edges, reach, seed):
    draw = random.Random(seed)
    found = set()
    while len(found) < edges:
        a = draw.randrange(units - 1)
        found.add((a, min(units - 1, a + 1 + draw.randrange(reach))))
    return sorted(found)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a tenth of the sizes")
    part = 10 if parser.parse_args().quick else 1

    graph, held, _ = layered(20_000 // part, 100_000 // part, 40, 3, 1)
    spent, answer = timed(lambda: graph.reach(held, []))
    print(f"reach over {graph.arcs:,} hyperarcs: {spent:.1f} ms, {sum(by != -2 for by in answer[0]):,} nodes reached")
    for measure in ("recounted", "chain", "time"):
        spent, _ = timed(lambda m=measure: graph.least(held, m))
        print(f"least values of every node by {measure}: {spent:.1f} ms")

    for seed in (1, 2, 3):
        graph, held, target = national(10_000 // part, seed)
        spent, answer = timed(lambda g=graph, h=held, t=target: g.pareto(h, t, True, True, True, [], 20_000, 200), 1)
        word = "proved whole" if answer["proved"] else f"not proved, no way below {answer['least']}"
        print(f"Pareto set, national catalogue {seed}, {graph.arcs:,} hyperarcs: {spent:.0f} ms", end="")
        print(f", {len(answer['ways'])} ways, {word}")
        spent, answer = timed(lambda g=graph, h=held, t=target: g.cheapest(h, t, 20_000), 1)
        print(
            f"  cheapest with shared parts paid once: {spent:.0f} ms, {answer['status']}, {answer['cost']} "
            f"(chain {answer['chain']}, recounted {answer['recounted']})"
        )
    for layers, tail in ((40, 1), (10, 2), (12, 3)):
        graph, held, target = layered(4_000 // part, 10_000 // part, layers, tail, 2)
        spent, answer = timed(lambda g=graph, h=held, t=target: g.pareto(h, t, True, True, True, [], 20_000, 200), 1)
        word = "not reached" if not answer["reached"] else "proved whole" if answer["proved"] else "not proved"
        ways = f"{len(answer['ways'])} ways, {word}"
        print(f"Pareto set, {layers} random layers, needs up to {tail}: {spent:.0f} ms, {ways}")

    edges = curriculum(20_000 // part, 100_000 // part, 400, 3)
    spent, answer = timed(lambda: _core.curriculum_metrics(20_000 // part, edges))
    digits = len(str(answer["whole_centrality"]))
    print(f"all curricular metrics over {len(edges):,} requirements: {spent:.1f} ms, centrality has {digits} digits")
    edges = curriculum(60, 130, 8, 4)
    ours, answer = timed(lambda: _core.curriculum_metrics(60, edges))
    theirs, found = timed(lambda: enumerate_chains(60, edges), 1)
    assert found == answer["centrality"]
    print(f"60 units, 130 requirements: {ours:.3f} ms, enumeration of all chains {theirs:.0f} ms, the same values")

    world = qg.load()
    draw = random.Random(5)
    offers = [
        {"id": f"o{n}", "credits": draw.choice([5, 10, 15, 20]), "origin": draw.choice(["taught", "micro"]),
         "level": f"nz-nzqcf:{draw.randint(3, 7)}", "cost": draw.randint(100, 900), "months": 3, "tags": []}
        for n in range(100 // part)
    ]  # fmt: skip
    catalogue = qg.Catalogue(offers, credit="nz-credit", currency="NZD")
    toward = ["nz-diploma-5", "nz-diploma-6"]
    for saving in (False, True):
        spent, answer = timed(
            lambda s=saving: world.indicators(catalogue, rules=toward, saving=s, gatekeeping=s), 1
        )
        open_ = sum(row["useful"] is None for row in answer.table)
        more = " with savings and gatekeeping" if saving else ""
        print(f"indicators of {len(offers)} credentials, 2 awards{more}: {spent / 1000:.1f} s, {open_} not decided")


if __name__ == "__main__":
    main()
