"""The graph and the tables, read back by other readers than the ones that wrote them."""

from __future__ import annotations

import csv
from xml.etree import ElementTree

import pytest


@pytest.fixture(scope="module")
def tables(world, tmp_path_factory):
    folder = tmp_path_factory.mktemp("tables")
    files = world.to_csv(folder)
    found = {}
    for file in files:
        assert file.read_bytes().startswith(b"\xef\xbb\xbf"), "Excel needs the byte order mark"
        with file.open(encoding="utf-8-sig", newline="") as lines:
            found[file.stem] = list(csv.DictReader(lines))
    return found


SPACE = "{http://graphml.graphdrawing.org/xmlns}"


def read_graphml(file):
    """Nodes, edges and attributes of the graph, each by id, in the types the file declares."""
    root = ElementTree.parse(file).getroot()
    kinds = {"string": str, "int": int, "boolean": lambda text: {"true": True, "false": False}[text]}
    keys = {
        key.get("id"): (key.get("attr.name"), kinds[key.get("attr.type")]) for key in root.iter(f"{SPACE}key")
    }

    def data(element):
        named = ((keys[one.get("key")], one.text or "") for one in element.findall(f"{SPACE}data"))
        return {name: kind(text) for (name, kind), text in named}

    graph = root.find(f"{SPACE}graph")
    assert graph.get("edgedefault") == "directed"
    nodes = {node.get("id"): data(node) for node in graph.findall(f"{SPACE}node")}
    edges = {
        edge.get("id"): data(edge) | {"source": edge.get("source"), "target": edge.get("target")}
        for edge in graph.findall(f"{SPACE}edge")
    }
    return nodes, edges, data(graph)


def test_graphml_is_the_graph(world, tmp_path):
    nodes, edges, about = read_graphml(world.to_graphml(tmp_path / "world.graphml"))
    assert set(nodes) == {one.id for one in world.frameworks}
    assert {(key, edge["source"], edge["target"]) for key, edge in edges.items()} == {
        (one.id, one.from_, one.to) for one in world.mappings
    }
    nz = nodes["nz-nzqcf"]
    assert (nz["name"], nz["levels"], nz["hub"]) == (
        "New Zealand Qualifications and Credentials Framework",
        10,
        False,
    )
    assert nodes["eqf"]["hub"] is True
    assert "status" not in nodes["jp-none"]
    edge = edges["nz-nzqcf>eqf@2016"]
    assert (edge["rows"], edge["rows_read"], edge["year"], edge["unmatched"]) == (9, 9, 2016, "8")
    assert edge["pairs"] == "1 > 2; 2 > 3; 3 > 4; 4 > 4; 5 > 5; 6 > 5; 7 > 6; 9 > 7; 10 > 8"
    assert about["world"] == world.hash
    assert nodes["tr-tqf"]["name"] == "Turkish Qualifications Framework (TQF / TYÇ)"


def test_parallel_mappings_stay_apart(world, tmp_path):
    _, edges, _ = read_graphml(world.to_graphml(tmp_path / "world.graphml"))
    between = {
        key: edge["status"]
        for key, edge in edges.items()
        if (edge["source"], edge["target"]) == ("nz-nzqcf", "ie-nfq")
    }
    assert between == {"nz-nzqcf>ie-nfq@2010": "superseded", "nz-nzqcf>ie-nfq@2020": "current"}


@pytest.mark.full
def test_networkx_reads_the_graph(world, tmp_path):
    import networkx

    graph = networkx.read_graphml(world.to_graphml(tmp_path / "world.graphml"))
    assert (graph.number_of_nodes(), graph.number_of_edges()) == (len(world.frameworks), len(world.mappings))
    assert set(graph["nz-nzqcf"]["ie-nfq"]) == {"nz-nzqcf>ie-nfq@2010", "nz-nzqcf>ie-nfq@2020"}
    assert graph.edges["nz-nzqcf", "eqf", "nz-nzqcf>eqf@2016"]["rows"] == 9


def test_graphml_declares_every_attribute_once(world, tmp_path):
    root = ElementTree.parse(world.to_graphml(tmp_path / "world.graphml")).getroot()
    keys = [key.get("id") for key in root.iter(f"{SPACE}key")]
    used = {data.get("key") for data in root.iter(f"{SPACE}data")}
    assert len(keys) == len(set(keys))
    assert used <= set(keys)


def test_a_file_that_cannot_be_written_is_an_error_of_the_system(world, tmp_path):
    with pytest.raises(OSError, match="nowhere"):
        world.to_graphml(tmp_path / "nowhere" / "world.graphml")


def test_csv_tables_hold_every_fact(world, tables):
    assert list(tables) == [
        "frameworks",
        "levels",
        "qualification_types",
        "mappings",
        "rows",
        "credit_systems",
        "sources",
    ]
    assert [row["id"] for row in tables["frameworks"]] == [one.id for one in world.frameworks]
    assert len(tables["levels"]) == sum(len(one.levels) for one in world.frameworks)
    assert len(tables["qualification_types"]) == sum(len(one.qualification_types) for one in world.frameworks)
    assert [row["id"] for row in tables["mappings"]] == [one.id for one in world.mappings]
    assert [row["id"] for row in tables["credit_systems"]] == [one.id for one in world.credit_systems]


def test_csv_rows_are_the_pairs_of_the_mappings(world, tables):
    for mapping in world.mappings:
        rows = [row for row in tables["rows"] if row["mapping"] == mapping.id]
        stated = {
            (row["from"], row["to"]) for row in rows if row["says"] in ("stands opposite", "overlap only")
        }
        assert stated == set(mapping.pairs) | {(p["from"], p["to"]) for p in mapping.partial}, mapping.id
        without = {row["from"] for row in rows if row["says"] == "no counterpart" and row["from"]}
        assert without == {entry["level"] for entry in mapping.unmatched}, mapping.id
        assert sum(row["says"] == "nothing seen" for row in rows) == len(mapping.unresolved), mapping.id


def test_csv_tells_evidence_row_by_row(tables):
    slovenia = {
        row["from"]: row["evidence"]
        for row in tables["rows"]
        if row["mapping"] == "si-sqf>eqf@2013" and row["evidence"]
    }
    assert {code for code, evidence in slovenia.items() if evidence == "known"} == {"7", "8", "10"}
    iceland = [row for row in tables["rows"] if row["mapping"] == "is-isqf>eqf@2013" and row["from"] == "1"]
    assert [(row["to"], row["several"]) for row in iceland] == [("1", "range"), ("2", "range")]


def test_csv_keeps_scripts_and_exact_sizes(tables):
    turkish = next(row for row in tables["frameworks"] if row["id"] == "tr-tqf")
    assert turkish["name"] == "Turkish Qualifications Framework (TQF / TYÇ)"
    ects = next(row for row in tables["credit_systems"] if row["id"] == "ects")
    assert (ects["hours_min"], ects["hours_max"], ects["credits_per_year"]) == ("25", "30", "60")
    nlqf = [row["code"] for row in tables["levels"] if row["framework"] == "nl-nlqf"]
    assert "4+" in nlqf


def test_a_text_that_looks_like_a_formula_is_disarmed(world, tmp_path):
    changed = world.with_mapping(
        "ke-knqf", "eqf", [("7", "6")], document='=HYPERLINK("http://example.org")', year=2024,
        sources=[{"title": "+1", "publisher": "@somebody", "year": 2024, "url": None, "evidence": "read"}],
    )  # fmt: skip
    changed.to_csv(tmp_path)
    with (tmp_path / "mappings.csv").open(encoding="utf-8-sig", newline="") as lines:
        row = next(row for row in csv.DictReader(lines) if row["from"] == "ke-knqf")
    assert row["document"].startswith("'=HYPERLINK")
    with (tmp_path / "sources.csv").open(encoding="utf-8-sig", newline="") as lines:
        source = next(row for row in csv.DictReader(lines) if row["fact"].startswith("ke-knqf>eqf"))
    assert (source["title"], source["publisher"]) == ("'+1", "'@somebody")
