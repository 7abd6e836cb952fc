"""Audits and completions as a user calls them, against HiGHS and CP-SAT; audits by the bundled rules.

Four parts, each with its own figures:

audits       `world.audit(record, rule)` on seeded portfolios of three sizes (S 5-15 items, M 16-30, L 31-60):
             verdict and least shortfall, the same told in full and with its certificate, and with as much
             counted as possible.
populations  `world.audit_many(records, rule)`: many learners by one rule, in audits a second. Rules of a polynomial
             shape (groups, total and caps, credits cut freely), and the rules of the audits above.
completions  `world.complete(record, rule, catalogue)` on seeded catalogues: the cheapest completion.
rules        `world.audit` by every bundled rule, on random records of 20 to 60 items in the words of the rule.

Whole items and hard ceilings throughout. The engine's time begins with a record, a rule and a catalogue that
have been read, and holds everything after it: the integer model, the search, the answer as Python values. The
rivals' time begins with a finished model and holds their solve alone. HiGHS runs at gap 0 and CP-SAT to proof,
on one thread each. Times are processor time of this process, so that a busy machine changes them little.
Answers must be equal wherever both sides claim a proof; otherwise the program fails. Times are judged by nobody.

Run:  python tests/benchmarks/stacking.py [--quick] [--parts audits populations completions rules]
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import random
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from importlib.metadata import version
from pathlib import Path
from typing import Any, TypeVar

# One core each, and said before the rivals bring NumPy, which starts its threads.
for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(variable, "1")
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import highspy
from audits import INFINITY, Model, figures, model_of
from instances import THIS_YEAR, audit, completion, population
from ortools.sat.python import cp_model

import qualgraph as qg
from qualgraph import _core
from reference.stacking_random import record_for

T = TypeVar("T")
clock = time.process_time
differences: list[str] = []


# -- instances as rules, records and catalogues


def credits(halves: int) -> int | str:
    return halves // 2 if halves % 2 == 0 else f"{halves}/2"


def rule_of(instance: dict[str, Any]) -> qg.Rule:
    drawn = instance["rule"]
    floors: dict[str, Any] = {
        f"level-{k}": {"from": {"level": {"at_least": f"l:{floor['level']}"}}, "min": credits(floor["min"])}
        for k, floor in enumerate(drawn["level_floors"])
    }
    if drawn["residency_min"] is not None:
        own = {"provider": "awarding", "origin": ["taught", "micro"]}
        floors["residency"] = {"from": own, "min": credits(drawn["residency_min"])}
    rule: dict[str, Any] = {
        "language": 1,
        "id": "seeded",
        "title": "A seeded rule",
        "credit": "credit",
        "awarding": "p0",
        "sources": [{"id": "none", "title": "Nobody's rule", "evidence": "known"}],
        "scales": {"l": {"order": [str(level) for level in range(1, 9)]}},
        "total": {"min": credits(drawn["total"])},
        "places": {
            f"g{k}": {
                "from": {
                    "tag": [f"t{tag}" for tag in group["tags"]],
                    "level": {"at_least": f"l:{group['min_level']}"},
                    "origin": list(group["origins"]),
                },
                "min": credits(group["min"]),
                "max": credits(group["max"]),
            }
            for k, group in enumerate(drawn["groups"])
        },
        "floors": floors,
        "caps": {
            origin: {"from": {"origin": origin}, "max": credits(drawn[f"{origin}_cap"])}
            for origin in ("rpl", "micro")
            if drawn[f"{origin}_cap"] is not None
        },
    }
    if instance["exclusions"]:
        rule["exclusions"] = {
            f"e{k}": {"sets": [{"unit": f"i{a}"}, {"unit": f"i{b}"}]} for k, (a, b) in enumerate(instance["exclusions"])
        }
    if drawn.get("splittable"):
        rule["allocation"] = {"items": "splittable", "quantum": "1/2"}
    if drawn["max_age"] is not None:
        oldest = f"{THIS_YEAR - drawn['max_age']}-01-01"
        rule["eligibility"] = {"age": {"require": {"date": {"from": oldest}}}}
    return qg.Rule(rule)


def item(drawn: dict[str, Any], id: str) -> dict[str, Any]:
    return {
        "id": id,
        "credits": credits(drawn["c"]),
        "level": f"l:{drawn['level']}",
        "origin": drawn.get("origin", "micro"),
        "tags": [f"t{tag}" for tag in drawn["tags"]],
        "provider": f"p{drawn['provider']}",
    }


def record_of(instance: dict[str, Any]) -> qg.Record:
    items = [
        {**item(each, f"i{k}"), "date": f"{each['year']}-06-01", "used_for": []}
        for k, each in enumerate(instance["items"])
    ]
    return qg.Record(items, credit="credit", as_of=f"{THIS_YEAR}-06-01")


def catalogue_text(instance: dict[str, Any]) -> str:
    offers = []
    for k, each in enumerate(instance["catalogue"]):
        offer = {**item(each, f"o{k}"), "cost": each["cost"], "months": each["hours"]}
        if each["prereq"]:
            offer["requires"] = {"all": [{"holds": {"unit": f"o{earlier}"}} for earlier in each["prereq"]]}
        offers.append(offer)
    return json.dumps({"language": 1, "credit": "credit", "offers": offers})


# -- rivals


@dataclass
class Solved:
    """`cost` of the best found, None for nothing; `bound` is None where there is no completion."""

    proved: bool
    cost: int | None
    bound: float | None
    milliseconds: float


def timed(task: Callable[[], T]) -> tuple[float, T]:
    start = clock()
    result = task()
    return (clock() - start) * 1e3, result


def by_highs(model: Model, seconds: float) -> Solved:
    highs = highspy.Highs()
    highs.setOptionValue("output_flag", False)
    highs.setOptionValue("threads", 1)
    highs.setOptionValue("time_limit", seconds)
    highs.setOptionValue("mip_rel_gap", 0.0)
    highs.setOptionValue("mip_abs_gap", 0.0)
    for j, (under, over, cost) in enumerate(model.columns):
        highs.addVar(under, over)
        highs.changeColCost(j, cost)
        highs.changeColIntegrality(j, highspy.HighsVarType.kInteger)
    for lower, upper, terms in model.rows:
        highs.addRow(lower, upper, len(terms), list(terms), [float(a) for a in terms.values()])
    spent, _ = timed(highs.run)
    status, found = highs.getModelStatus(), highs.getInfo()
    if status == highspy.HighsModelStatus.kInfeasible:
        return Solved(True, None, None, spent)
    cost = round(found.objective_function_value) if abs(found.objective_function_value) < 1e29 else None
    return Solved(status == highspy.HighsModelStatus.kOptimal, cost, found.mip_dual_bound, spent)


def by_cp_sat(model: Model, seconds: float) -> Solved:
    made = cp_model.CpModel()
    columns = [made.new_int_var(under, over, "") for under, over, _ in model.columns]
    for lower, upper, terms in model.rows:
        total = cp_model.LinearExpr.weighted_sum([columns[j] for j in terms], list(terms.values()))
        low = cp_model.INT_MIN if lower == -INFINITY else int(lower)
        high = cp_model.INT_MAX if upper == INFINITY else int(upper)
        made.add_linear_constraint(total, low, high)
    made.minimize(cp_model.LinearExpr.weighted_sum(columns, [cost for _, _, cost in model.columns]))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.max_time_in_seconds = seconds
    spent, status = timed(lambda: solver.solve(made))
    if status == cp_model.INFEASIBLE:
        return Solved(True, None, None, spent)
    some = status in (cp_model.OPTIMAL, cp_model.FEASIBLE)
    cost = round(solver.objective_value) if some else None
    return Solved(status == cp_model.OPTIMAL, cost, solver.best_objective_bound, spent)


RIVALS = {"HiGHS": by_highs, "CP-SAT": by_cp_sat}


def agree(where: str, proved: bool, cost: Fraction | int | None, bound: Fraction | int | None, rival: Solved) -> None:
    """What is proved must be equal; what is not must leave room for the other. Costs as in the rival's model."""
    if proved and rival.proved:
        same = cost == rival.cost
    elif proved:
        same = rival.cost is None or (cost is not None and cost <= rival.cost)
        same = same and (cost is None or rival.bound is None or rival.bound <= cost + 1e-6)
    elif rival.proved:
        same = rival.cost is None or ((bound is None or bound <= rival.cost) and (cost is None or cost >= rival.cost))
        same = same and not (rival.cost is None and cost is not None)
    else:
        same = True
    if not same:
        differences.append(f"{where}: the engine says {cost} (bound {bound}), the rival {rival}")
        print("DIFFERENCE", differences[-1], flush=True)


# -- printing


def compare(label: str, ours: Sequence[float], theirs: Sequence[Solved]) -> None:
    """One line for a rival: its times, and how many times as long it took on the same instances."""
    times = [each.milliseconds for each in theirs]
    same = ours[: len(times)]
    ratios = [b / a for a, b in zip(same, times, strict=True)]
    slow = sorted(same)[min(len(same) - 1, int(0.99 * len(same)))]
    print(f"  {label:<22} {figures(times)}  unproven {sum(not each.proved for each in theirs)}")
    print(
        f"  {'':<22} over the engine on the same {len(times)}: median of ratios {statistics.median(ratios):.0f}, "
        f"ratio of medians {statistics.median(times) / statistics.median(same):.0f}, "
        f"ratio of means {statistics.mean(times) / statistics.mean(same):.1f}, "
        f"faster than the engine on {sum(ratio < 1 for ratio in ratios)}; engine's p99 there {slow:.2f} ms",
        flush=True,
    )


def machine() -> str:
    chip = platform.processor() or platform.machine()
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        chip = next(line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        pass
    load = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    return f"{chip}, {os.cpu_count()} cores{load}, {platform.system()}, Python {platform.python_version()}"


# -- audits


def counted_model(model: Model, instance: dict[str, Any]) -> tuple[Model, int]:
    """Least shortfall first, then as much counted as possible, and the weight of the first."""
    weight = 1 + sum(each["c"] for each in instance["items"])
    worth: dict[int, int] = {}
    for _, _, terms in model.rows:
        for j, amount in terms.items():
            worth[j] = max(worth.get(j, 0), amount)
    columns = [
        (under, over, cost * weight if cost else -worth[j]) for j, (under, over, cost) in enumerate(model.columns)
    ]
    return Model(columns, model.rows), weight


def engine_model(world: qg.World, record: qg.Record, rule: qg.Rule) -> Model:
    """The integer model the engine makes itself, for the rivals to solve."""
    made = _core.compiled(world._c, record._c, rule._c, {}, False)
    position = {name: j for j, (name, *_) in enumerate(made["columns"])}
    rows = [
        (
            -INFINITY if lower is None else lower,
            INFINITY if upper is None else upper,
            {position[name]: amount for name, amount in terms.items()},
        )
        for _, terms, lower, upper in made["rows"]
    ]
    return Model([(lower, upper, cost) for _, lower, upper, cost in made["columns"]], rows)


@dataclass
class Found:
    """What is compared of an audit; costs and bounds as in the engine's own model."""

    proved: bool
    verdict: str
    shortfall: Fraction | None
    counted: Fraction
    cost: int
    bound: int
    nodes: int

    @classmethod
    def of(cls, answer: qg.Audit, in_time: bool) -> Found:
        best = answer._best
        # The status is about the shortfall; how much counts may still be open when time is up.
        proved = answer.status == "proved" and in_time
        return cls(proved, answer.verdict, answer.shortfall, answer.counted, best["cost"], best["bound"], best["nodes"])


def twice(amount: Fraction | None) -> Fraction | None:
    return None if amount is None else 2 * amount


def audits(world: qg.World, sizes: Sequence[str], count: int, rivals: int, seconds: float) -> None:
    ways: dict[str, tuple[dict[str, Any], Callable[[qg.Audit], Any]]] = {
        "least shortfall": ({}, lambda answer: (answer.verdict, answer.shortfall)),
        "told in full": ({}, lambda answer: (answer.allocation, answer.missing, answer.unused)),
        "with certificate": ({}, lambda answer: answer.certificate),
        'prefer="counted"': ({"proof": False, "prefer": "counted"}, lambda answer: answer.counted),
    }
    for size in sizes:
        cases = []
        for seed in range(count):
            instance = audit(seed, size)
            cases.append((rule_of(instance), record_of(instance)))
            # A rule's text is read when it is first asked something.
            world.audit(qg.Record([], credit="credit"), cases[-1][0], proof=False)
        spent: dict[str, list[float]] = {}
        found: dict[str, list[Found]] = {}
        for way, (options, asked) in ways.items():
            spent[way], found[way] = [], []
            for rule, record in cases:
                wall, start = time.perf_counter(), clock()
                answer = world.audit(record, rule, seconds=seconds, **options)
                # Whatever was not asked for is not made.
                assert asked(answer) is not None
                spent[way].append((clock() - start) * 1e3)
                found[way].append(Found.of(answer, in_time=time.perf_counter() - wall < seconds))
        for seed, (plain, *rest) in enumerate(zip(*found.values(), strict=True)):
            for each in rest:
                if plain.proved and each.proved and plain.shortfall != each.shortfall:
                    differences.append(f"audit {size} {seed}: shortfall {plain.shortfall}, but also {each.shortfall}")
        others: dict[str, list[Solved]] = {}
        checked = 0
        for seed, (rule, record) in enumerate(cases[:rivals]):
            instance = audit(seed, size)
            certificate = world.audit(record, rule, seconds=seconds).certificate
            if certificate.get("kind") != "re-solved":
                checked += 1
                if not qg.check(certificate, record, rule, world):
                    differences.append(f"audit {size} {seed}: the certificate does not hold")
            direct, made = model_of(instance), engine_model(world, record, rule)
            first, weight = counted_model(direct, instance)
            plain, counted = found["least shortfall"][seed], found['prefer="counted"'][seed]
            for name, solve in RIVALS.items():
                where = f"audit {size} {seed}, {name}"
                one, two, three = solve(direct, 60), solve(made, 60), solve(first, 60)
                agree(where, plain.proved, twice(plain.shortfall), None, one)
                agree(f"{where}, engine's model", plain.proved, plain.cost, plain.bound, two)
                if counted.shortfall is not None:
                    cost = 2 * (counted.shortfall * weight - counted.counted)
                    agree(f"{where}, counted", counted.proved, cost, None, three)
                for way, solved in (("", one), (", engine's model", two), (", counted", three)):
                    others.setdefault(name + way, []).append(solved)
        met = sum(each.verdict == "satisfied" for each in found["least shortfall"])
        unsearched = sum(each.nodes == 0 for each in found["least shortfall"])
        unproven = {
            way: [seed for seed, each in enumerate(answers) if not each.proved] for way, answers in found.items()
        }
        print(f"audits {size}: {count}, met {met}, settled without search {unsearched}, certificates checked {checked}")
        for way, times in spent.items():
            seeds = f" (seeds {', '.join(map(str, unproven[way]))})" if unproven[way] else ""
            print(f"  {way:<22} {figures(times)}  unproven {len(unproven[way])}{seeds}")
        print(f"  {'':<22} {1e3 / statistics.mean(spent['least shortfall']):,.0f} audits a second, least shortfall")
        for name, solved in others.items():
            compare(name, spent['prefer="counted"' if name.endswith("counted") else "least shortfall"], solved)


# -- populations


def populations(world: qg.World, sizes: Sequence[str], rules: int, learners: int) -> None:
    """The same answers as one by one, and how many of them a second."""
    for cut in (True, False):
        for size in sizes:
            spent, audited = 0.0, 0
            ways: Counter[str] = Counter()
            for seed in range(rules):
                drawn = population(seed, size, learners, cut=cut)
                rule = rule_of(drawn)
                records = [record_of({"items": items}) for items in drawn["portfolios"]]
                world.audit_many(records[:1], rule)
                time_, table = timed(lambda records=records, rule=rule: world.audit_many(records, rule))
                spent += time_
                audited += len(records)
                ways.update(table.column("by"))
                for position in range(0, learners, 20):
                    one, row = world.audit(records[position], rule, prefer="counted"), table[position]
                    if (one.verdict, one.shortfall) != (row["verdict"], row["shortfall"]):
                        differences.append(f"population {size} {seed}, learner {position}: {row}, alone {one}")
            shape = "credits cut freely" if cut else "whole items"
            shares = ", ".join(f"{way} {number / audited:.0%}" for way, number in ways.most_common())
            print(
                f"populations {size}, {shape}: {rules} rules, {learners} learners each: "
                f"{1e3 * audited / spent:,.0f} audits a second; decided by {shares}",
                flush=True,
            )


# -- completions


def completions(world: qg.World, plans: dict[int, tuple[int, int]], size: str, seconds: float, limit: float) -> None:
    """`plans`: number of offers -> (instances, of those for the rivals)."""
    for offers, (count, rivals) in plans.items():
        spent: list[float] = []
        reading: list[float] = []
        considered: list[int] = []
        states: Counter[str] = Counter()
        unproven: list[str] = []
        others: dict[str, list[Solved]] = {name: [] for name in RIVALS}
        for seed in range(1, count + 1):
            instance = completion(seed, size, offers)
            rule, record, text = rule_of(instance), record_of(instance), catalogue_text(instance)
            read, catalogue = timed(lambda text=text: qg.Catalogue.from_text(text))
            reading.append(read)
            time_, plan = timed(
                lambda record=record, rule=rule, catalogue=catalogue: world.complete(
                    record, rule, catalogue, seconds=seconds
                )
            )
            spent.append(time_)
            states[plan.status] += 1
            considered.append(plan._answer["considered"])
            if plan.status == "not_proved":
                unproven.append(f"seed {seed}: cost {plan.cost}, bound {plan.bound}")
            if plan.status == "optimal" and plan.audit.verdict != "satisfied":
                differences.append(f"completion {offers} {seed}: the plan does not meet the rule")
            if seed <= rivals:
                model = model_of(instance)
                for name, solve in RIVALS.items():
                    solved = solve(model, limit)
                    others[name].append(solved)
                    cost = plan.cost if plan.order or plan.status == "optimal" else None
                    bound = None if plan.status == "impossible" else plan.bound
                    agree(f"completion {offers} {seed}, {name}", plan.status != "not_proved", cost, bound, solved)
        print(
            f"completions, {offers:,} offers, portfolio {size}: {count}, optimal {states['optimal']}, impossible "
            f"{states['impossible']}, not proven {states['not_proved']}; offers left after domination: "
            f"median {statistics.median(considered):.0f}"
        )
        print(f"  {'engine':<22} {figures(spent)}")
        if unproven:
            print(f"  {'not proven':<22} {'; '.join(unproven)}")
        print(f"  {'reading the catalogue':<22} {figures(reading)}", flush=True)
        for name, solved_all in others.items():
            if solved_all:
                compare(f"{name}, limit {limit:.0f} s", spent, solved_all)


# -- the bundled rules


def rules(world: qg.World, records: int, seconds: float) -> None:
    ways: dict[str, dict[str, Any]] = {"with certificate": {}, "without": {"proof": False}}
    spent: dict[str, list[float]] = {way: [] for way in ways}
    slowest: dict[str, tuple[float, str]] = dict.fromkeys(ways, (0.0, ""))
    unproven: Counter[str] = Counter()
    verdicts: Counter[str] = Counter()
    names = [rule.id for rule in world.rules]
    for name in names:
        rule = world.rule(name)
        words = rule.to_dict()
        for seed in range(records):
            size = random.Random(f"{name} {seed}").randint(20, 60)
            record = qg.Record.from_text(json.dumps(record_for(words, seed, items=size)))
            for way, options in ways.items():
                time_, answer = timed(
                    lambda record=record, rule=rule, options=options: world.audit(
                        record, rule, seconds=seconds, **options
                    )
                )
                if options.get("proof", True):
                    time_ += timed(lambda answer=answer: answer.certificate)[0]
                spent[way].append(time_)
                slowest[way] = max(slowest[way], (time_, f"{name} {seed}"))
                unproven[way] += answer.status != "proved"
            verdicts[answer.verdict] += 1
    print(f"bundled rules: {len(names)}, {records} records each, 20-60 items; {dict(verdicts.most_common())}")
    for way, times in spent.items():
        print(f"  {way:<22} {figures(times)}  unproven {unproven[way]}  slowest {slowest[way][1]}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="few instances, less than a minute")
    parser.add_argument("--parts", nargs="+", default=["audits", "populations", "completions", "rules"])
    parser.add_argument("--sizes", nargs="+", default=["S", "M", "L"], choices=["S", "M", "L"])
    parser.add_argument("--count", type=int, help="audits per size for the engine (1000)")
    parser.add_argument("--rivals", type=int, help="how many audits and completions of a size also for rivals")
    parser.add_argument("--against", nargs="*", default=list(RIVALS), choices=list(RIVALS), help="rivals")
    parser.add_argument("--seconds", type=float, default=1.0, help="limit of the engine per audit")
    parser.add_argument("--offers", type=int, nargs="+", default=[1_000, 10_000, 100_000], help="sizes of catalogues")
    parser.add_argument("--limit", type=float, default=120.0, help="seconds for a rival per completion")
    parser.add_argument("--portfolio", default="S", choices=["S", "M", "L"], help="size of portfolios to complete")
    parser.add_argument("--records", type=int, help="records per bundled rule (10)")
    arguments = parser.parse_args()
    quick = arguments.quick
    for name in set(RIVALS) - set(arguments.against):
        del RIVALS[name]
    instances = {1_000: (40, 40), 10_000: (20, 4), 100_000: (8, 2)}
    if quick:
        instances = {1_000: (4, 4), 10_000: (2, 0), 100_000: (1, 0)}
    world = qg.load()
    print(machine())
    print(f"Qualgraph {qg.__version__}, HiGHS {version('highspy')}, CP-SAT (ortools {version('ortools')})", flush=True)
    if "rules" in arguments.parts:
        rules(world, arguments.records or (1 if quick else 10), 10.0)
    if "audits" in arguments.parts:
        count = arguments.count or (30 if quick else 1000)
        rivals = (10 if quick else 100) if arguments.rivals is None else arguments.rivals
        audits(world, arguments.sizes, count, min(count, rivals), arguments.seconds)
    if "populations" in arguments.parts:
        populations(world, arguments.sizes, 6 if quick else 40, 60 if quick else 500)
    if "completions" in arguments.parts:
        chosen = {offers: instances.get(offers, (8, 0)) for offers in arguments.offers}
        if arguments.rivals is not None:
            chosen = {offers: (count, min(count, arguments.rivals)) for offers, (count, _) in chosen.items()}
        completions(world, chosen, arguments.portfolio, 10.0, arguments.limit)
    if differences:
        raise SystemExit("\n".join(["answers differ:", *differences]))
    print("same answers throughout")


if __name__ == "__main__":
    main()
