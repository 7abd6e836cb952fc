"""Least shortfall of synthetic audits: the engine's solver against HiGHS, on the same integer models.

Task, the same for both: whole items, hard ceilings of groups, caps and exclusions; the sum of what is
missing to the minima of groups, floors, residency and total is to be least. Values must be equal
before any time is printed. HiGHS runs with one thread and gap 0; building its model is not timed,
the engine's presolve is.

Run:  cmake --build build --target solve_models
      python tests/benchmarks/audits.py --solver build/tests/solve_models [--sizes S M L] [--count 1000] [--highs 100]
"""

from __future__ import annotations

import argparse
import platform
import statistics
import subprocess
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from instances import THIS_YEAR, audit

INFINITY = float("inf")


@dataclass
class Model:
    """Columns as (lower, upper, cost), rows as (lower, upper, {column: coefficient})."""

    columns: list[tuple[int, int, int]] = field(default_factory=list)
    rows: list[tuple[float, float, dict[int, int]]] = field(default_factory=list)

    def column(self, lower: int, upper: int, cost: int = 0) -> int:
        self.columns.append((lower, upper, cost))
        return len(self.columns) - 1

    def soft_minimum(self, terms: dict[int, int], least: int) -> None:
        """What is missing costs one per half credit."""
        if least > 0:
            short = self.column(0, least, 1)
            self.rows.append((least, INFINITY, {**terms, short: 1}))

    def minimum(self, terms: dict[int, int], least: int) -> None:
        """Nothing may be missing."""
        if least > 0:
            self.rows.append((least, INFINITY, terms))

    def text(self) -> str:
        lines = [f"{len(self.columns)} {len(self.rows)}"]
        lines += [f"{lower} {upper} {cost} 0" for lower, upper, cost in self.columns]
        for lower, upper, terms in self.rows:
            entries = " ".join(f"{j} {a}" for j, a in terms.items())
            low, high = (str(x) if abs(x) == INFINITY else str(int(x)) for x in (lower, upper))
            lines.append(f"{low} {high} {len(terms)} {entries}")
        return "\n".join(lines)


def model_of(instance: dict[str, Any]) -> Model:
    """The integer model of an audit, in half credits; with a catalogue, of its cheapest completion.

    An audit pays for what is missing. A completion must not miss anything and pays for what it takes:
    an offer is a micro-credential that counts at most where it is taken, and is taken only together
    with what it requires.
    """
    model = Model()
    rule = instance["rule"]
    offers = instance.get("catalogue")
    items = instance["items"] + [{**offer, "origin": "micro", "year": THIS_YEAR} for offer in offers or ()]
    owned = len(instance["items"])
    minimum = model.soft_minimum if offers is None else model.minimum
    groups = [(set(group["tags"]), group["min_level"], set(group["origins"])) for group in rule["groups"]]
    of_item: list[list[int]] = [[] for _ in items]
    of_group: list[dict[int, int]] = [{} for _ in groups]
    for i, item in enumerate(items):
        if rule["max_age"] is not None and THIS_YEAR - item["year"] > rule["max_age"]:
            continue
        for g, (tags, level, origins) in enumerate(groups):
            if not tags.isdisjoint(item["tags"]) and item["level"] >= level and item["origin"] in origins:
                j = model.column(0, 1)
                of_item[i].append(j)
                of_group[g][j] = item["c"]
    taken = [model.column(0, 1, offer["cost"]) for offer in offers or ()]

    def credits_of(chosen: list[bool]) -> dict[int, int]:
        return {j: item["c"] for item, here, use in zip(items, chosen, of_item, strict=True) if here for j in use}

    for i, use in enumerate(of_item):
        if use:
            bought = {taken[i - owned]: -1} if i >= owned else {}
            model.rows.append((-INFINITY, 0 if bought else 1, {**dict.fromkeys(use, 1), **bought}))
    for position, offer in enumerate(offers or ()):
        for earlier in offer["prereq"]:
            model.rows.append((-INFINITY, 0, {taken[position]: 1, taken[earlier]: -1}))
    for group, terms in zip(rule["groups"], of_group, strict=True):
        minimum(terms, group["min"])
        model.rows.append((-INFINITY, group["max"], terms))
    minimum(credits_of([True] * len(items)), rule["total"])
    for floor in rule["level_floors"]:
        minimum(credits_of([item["level"] >= floor["level"] for item in items]), floor["min"])
    if rule["residency_min"] is not None:
        resident = [item["provider"] == 0 and item["origin"] in ("taught", "micro") for item in items]
        minimum(credits_of(resident), rule["residency_min"])
    for origin, cap in (("rpl", rule["rpl_cap"]), ("micro", rule["micro_cap"])):
        if cap is not None:
            model.rows.append((-INFINITY, cap, credits_of([item["origin"] == origin for item in items])))
    for a, b in instance["exclusions"]:
        model.rows.append((-INFINITY, 1, dict.fromkeys(of_item[a] + of_item[b], 1)))
    return model


def by_highs(models: list[Model]) -> list[tuple[int, float]]:
    """Least cost and milliseconds of each."""
    import highspy

    answers = []
    for model in models:
        highs = highspy.Highs()
        highs.setOptionValue("output_flag", False)
        highs.setOptionValue("threads", 1)
        highs.setOptionValue("mip_rel_gap", 0.0)
        highs.setOptionValue("mip_abs_gap", 0.0)
        for j, (under, over, cost) in enumerate(model.columns):
            highs.addVar(under, over)
            highs.changeColCost(j, cost)
            highs.changeColIntegrality(j, highspy.HighsVarType.kInteger)
        for lower, upper, terms in model.rows:
            highs.addRow(lower, upper, len(terms), list(terms), [float(a) for a in terms.values()])
        start = time.perf_counter()
        highs.run()
        spent = time.perf_counter() - start
        if highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            raise RuntimeError(f"HiGHS ended with {highs.getModelStatus()}")
        answers.append((round(highs.getObjectiveValue()), spent * 1e3))
    return answers


@dataclass
class Answer:
    status: str
    cost: int
    bound: int
    nodes: int
    milliseconds: float
    proof_held: int
    proof_nodes: int


def by_engine(solver: Path, models: list[Model], *options: str) -> list[Answer]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "models.txt"
        path.write_text("\n".join([str(len(models)), *(model.text() for model in models)]))
        result = subprocess.run([solver, path, *options], check=True, capture_output=True, text=True)
    answers = []
    for line in result.stdout.splitlines():
        status, cost, bound, nodes, micro, held, length = line.split()
        answers.append(Answer(status, int(cost), int(bound), int(nodes), float(micro) / 1e3, int(held), int(length)))
    return answers


def figures(milliseconds: list[float]) -> str:
    ordered = sorted(milliseconds)

    def share(p: float) -> float:
        return ordered[min(len(ordered) - 1, int(p * len(ordered)))]

    return (
        f"p50 {share(0.5):9.4f}  p95 {share(0.95):9.3f}  p99 {share(0.99):9.3f}"
        f"  max {ordered[-1]:9.2f}  mean {statistics.mean(ordered):9.4f} ms"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--solver", type=Path, required=True)
    parser.add_argument("--sizes", nargs="+", default=["S", "M", "L"], choices=["S", "M", "L"])
    parser.add_argument("--count", type=int, default=1000, help="instances per size for the engine")
    parser.add_argument("--highs", type=int, default=100, help="of those, how many for HiGHS as well")
    parser.add_argument("--seconds", type=float, default=1.0, help="limit of the engine per instance")
    parser.add_argument("--proof", action="store_true", help="keep proofs, and check each")
    arguments = parser.parse_args()
    print(f"{platform.machine()}, {platform.system()}, Python {platform.python_version()}; {arguments.count} instances")
    for size in arguments.sizes:
        models = [model_of(audit(seed, size)) for seed in range(arguments.count)]
        options = ["--seconds", str(arguments.seconds), *(["--proof"] if arguments.proof else [])]
        ours = by_engine(arguments.solver, models, *options)
        theirs = by_highs(models[: arguments.highs])
        for seed, (answer, (cost, _)) in enumerate(zip(ours, theirs, strict=False)):
            if answer.bound > cost or (answer.status == "optimal" and answer.cost != cost):
                raise SystemExit(f"{size} {seed}: the engine says {answer}, HiGHS {cost}")
        unproven = [seed for seed, answer in enumerate(ours) if answer.status == "not_proved"]
        met = sum(answer.cost == 0 for answer in ours)
        print(f"{size} engine {figures([answer.milliseconds for answer in ours])}  unproven {len(unproven)}  met {met}")
        if arguments.proof:
            kept = [answer.proof_nodes for answer in ours if answer.proof_held == 1]
            print(f"{size} proofs that hold {len(kept)}, steps: median {statistics.median(kept)}, most {max(kept)}")
        if theirs:
            times = [spent for _, spent in theirs]
            same = [answer.milliseconds for answer in ours[: len(theirs)]]
            faster = [b / a for a, b in zip(same, times, strict=True)]
            print(f"{size} HiGHS  {figures(times)}")
            print(
                f"{size} same {len(theirs)}: ratio of medians {statistics.median(times) / statistics.median(same):.0f},"
                f" median of ratios {statistics.median(faster):.0f},"
                f" ratio of means {statistics.mean(times) / statistics.mean(same):.1f},"
                f" slower than HiGHS on {sum(ratio < 1 for ratio in faster)}"
            )


if __name__ == "__main__":
    main()
