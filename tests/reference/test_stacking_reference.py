"""The checker's two halves agree: allocations that keep a rule are points of its integer model.

The evaluator adds clauses up, the model writes them as rows; only texts are common to the two. So
an allocation and the rows are held against each other on random instances, the auxiliary columns
being found by bisection.
"""

import random

import pytest

from qualgraph.check._allocation import Evaluation, Report
from qualgraph.check._certificate import cost_of
from qualgraph.check._model import build
from qualgraph.check._places import Layout
from qualgraph.check._proof import Box
from qualgraph.check._select import INFINITE, Case
from reference import stacking_against, stacking_brute
from reference.stacking_random import attempts, instance


@pytest.fixture(scope="module")
def world():
    import qualgraph as qg

    return qg.load()


def least_cost(model, fixed):
    """Least cost of a model with some columns fixed; None if no values are left."""
    box = Box(model, None)
    cost = [column.cost for column in model.columns.values()]
    lower, upper = list(box.lower), list(box.upper)
    for name, value in fixed.items():
        lower[box.index[name]] = upper[box.index[name]] = value
    best = None

    def search(lower, upper, touched):
        nonlocal best
        if not box.tighten(lower, upper, touched):
            return
        bound = sum(each * low for each, low in zip(cost, lower, strict=True))
        if best is not None and bound >= best:
            return
        free = [number for number in range(len(lower)) if lower[number] < upper[number]]
        if not free:
            best = bound
            return
        # What costs nothing first; what costs, as little as possible.
        column = min(free, key=lambda number: (cost[number] > 0, number))
        value = lower[column] if cost[column] else (lower[column] + upper[column]) // 2
        above = list(lower), list(upper)
        upper[column] = value
        search(lower, upper, [column])
        above[0][column] = value + 1
        search(*above, [column])

    search(lower, upper, None)
    return best


def columns_of(layout, model, placed):
    values = {name: 0 for name in model.columns if name.startswith("x[")}
    for index, ways in placed.items():
        item = layout.case.items[index]
        for leaf, part in ways.items():
            values[f"x[{item.id}|{leaf.name}]"] = int(part * layout.steps(item, leaf))
    return values


def hold_together(seed, world, allocations=5, make=instance):
    rule, record = make(seed)
    for reading in ("strict", "favourable"):
        layout = Layout(Case(rule, record, None, reading, world))
        model = build(rule, record, reading=reading, world=world)
        try:
            every = list(stacking_brute.allocations(layout, 600))
        except stacking_brute.TooMany:
            continue
        for placed in random.Random(seed).sample(every, min(allocations, len(every))):
            report = Report(Evaluation(layout, placed).findings(), layout.case.measure)
            least = least_cost(model, columns_of(layout, model, placed))
            assert (least is not None) == report.admissible, (seed, reading, placed)
            assert set(model.broken) == {each.path for each in report.broken if each.kind == "case"}, (seed, reading)
            # Against a base of unknown size, a minimum lacks without bound; a model has bounds.
            if least is not None and INFINITE not in report.rank():
                assert least == cost_of(report, model), (seed, reading, placed)


@pytest.mark.parametrize("name", stacking_against.CASES)
def test_fine_points(name, world):
    rule, record, verdict = stacking_against.case(name)
    assert stacking_brute.audit(rule, record, world=world)["verdict"] == verdict


@pytest.mark.parametrize("start", range(0, 240, 40))
def test_allocations_are_points_of_the_model(start, world):
    for seed in range(start, start + 40):
        hold_together(seed, world)


@pytest.mark.parametrize("start", range(0, 120, 40))
def test_attempts_are_points_of_the_model(start, world):
    for seed in range(start, start + 40):
        hold_together(seed, world, make=attempts)


@pytest.mark.full
@pytest.mark.parametrize("start", range(1000, 6000, 500))
def test_many_allocations_are_points_of_the_model(start, world):
    for seed in range(start, start + 500):
        hold_together(seed, world)
