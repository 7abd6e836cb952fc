"""Pictures of definitions: what they draw is what the answers say."""

from __future__ import annotations

import pytest

import qualgraph as qg
from qualgraph import plot, synthetic

SEED = [
    "nzqa-2018",
    "nzqa-2022",
    "au-2021",
    "cican",
    "mqa",
    "ec-2022",
    "unesco-2022",
    "oecd-2020",
    "acqf-2024",
    "handbook-2024",
]


@pytest.fixture(scope="module")
def world():
    return qg.load()


@pytest.fixture(scope="module")
def order(world):
    return world.definition_order()


@pytest.fixture(scope="module")
def table(world):
    return world.classify_table(synthetic.catalogue(400, seed=5).rows(), small="60 hours")


@pytest.mark.parametrize("named", [None, SEED, ["mqa"], ["acqf-2024", "mqa"]])
def test_lines_of_the_order_are_exactly_the_implications(order, named):
    data = plot.definition_order_data(order, named)
    drawn = list(order.definitions if named is None else named)
    groups = data["groups"]
    assert sorted(id for group in groups for id in group) == sorted(drawn)
    reached = {(a, a) for a in range(len(groups))} | {tuple(edge) for edge in data["edges"]}
    for k in range(len(groups)):
        reached |= {
            (a, b) for a in range(len(groups)) for b in range(len(groups)) if (a, k) in reached and (k, b) in reached
        }
    home = {id: at for at, group in enumerate(groups) for id in group}
    for a in drawn:
        for b in drawn:
            assert ((home[a], home[b]) in reached) == order.implies(a, b), (a, b)
    layer = {at: depth for depth, row in enumerate(data["layers"]) for at in row}
    assert all(layer[a] < layer[b] for a, b in data["edges"])
    assert sorted([*layer, *data["alone"]]) == list(range(len(groups)))


def test_no_definition_is_no_picture(order):
    with pytest.raises(qg.InvalidValue):
        order.plot([])
    with pytest.raises(qg.UnknownId, match="mqa"):
        order.plot(["mqaa"])


def test_columns_of_the_overlaps_count_each_credential_once(table):
    data = plot.overlaps_data(table, SEED, most=5)
    total = sum(row["credentials"] for row in data["sets"]) + data["rest"]["credentials"]
    assert total == data["credentials"] == 400
    assert len(data["sets"]) <= 5
    for row in data["definitions"]:
        assert row["satisfied"] == table.counts[row["id"]]["satisfied"]
    whole = plot.overlaps_data(table, SEED, most=10_000)
    for row in whole["definitions"]:
        held = sum(one["credentials"] for one in whole["sets"] if row["id"] in one["definitions"])
        assert held == row["satisfied"]


def test_quarters_of_the_landscape_count_each_credential_once(world):
    rows = list(synthetic.catalogue(300, seed=2).rows())
    land = world.landscape(rows)
    assert sum(land.table.column("credentials")) == 300
    for cell in land.table:

        def stackable(row):
            return None if row.get("relation") is None else bool(row["relation"])

        wanted = (cell["credit_bearing"], cell["stackable"])
        assert cell["credentials"] == sum((row.get("credit_bearing"), stackable(row)) == wanted for row in rows)


def test_a_credential_that_states_nothing_is_in_no_quarter(world):
    land = world.landscape([{"title": "x"}])
    assert land.table.column("credentials") == [0, 0, 0, 0, 1, 0, 0, 0, 0]


def test_pictures_are_the_same_bytes_and_are_drawn(order, table, world):
    land = world.landscape(synthetic.catalogue(50).rows())
    for make in (lambda: order.plot(SEED), table.plot, land.plot):
        chart = make()
        assert chart.to_json() == make().to_json()
        assert chart.to_svg().startswith("<svg")
        assert chart.description
