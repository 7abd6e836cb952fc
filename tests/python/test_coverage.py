"""What is known of a framework, counted against the facts themselves."""

from __future__ import annotations

from fractions import Fraction

import pytest

import qualgraph as qg


def rows(mapping: dict) -> tuple[set, set]:
    """Rows read and rows known of one mapping, straight from its fact."""
    every = {tuple(pair) for pair in mapping["pairs"]} | {
        (row["from"], row["to"]) for row in mapping["partial"]
    }
    if mapping["pairs_evidence"] == "read":
        return every, set()
    if mapping["pairs_evidence"] == "known":
        return set(), every
    known = {tuple(pair) for pair in mapping["pairs_known"]}
    return every - known, known


def test_kenya_has_levels_and_no_published_mapping(world):
    kenya = world.coverage("ke-knqf")
    assert kenya.levels == {"count": 10, "codes": [str(n) for n in range(1, 11)], "evidence": "read"}
    assert len(kenya.mappings) == 0
    assert kenya.share_read is None
    assert kenya.missing[0].startswith("no mapping published")
    assert kenya.credit_system["id"] == "ke-kcats"
    assert set(kenya.policies.column("kind")) == {
        "micro-credentials",
        "recognition of prior learning",
        "credit transfer",
    }
    assert "ke-rpl" in kenya.policies.column("id")
    assert "no mapping published" in str(kenya)


def test_a_pending_relation_is_named_with_state_and_source(world):
    zambia = world.coverage("zm-zqf")
    assert len(zambia.mappings) == 0
    assert [(record["from"], record["to"], record["kind"]) for record in zambia.pending] == [
        ("zm-zqf", "sadc-rqf", "alignment")
    ]
    assert "Pending: zm-zqf to sadc-rqf (alignment): no table found" in str(zambia)
    assert "Nine SADC countries geared for qualifications framework" in str(zambia)
    assert "no mapping published: no level table to or from another framework was seen" in zambia.missing


def test_a_framework_without_levels_says_so(world):
    ethiopia = world.coverage("et-enqf")
    assert ethiopia.levels["count"] == 0
    assert ethiopia.missing[0] == "no level list was found"
    assert "no credit system named" in ethiopia.missing
    assert "no level list" in str(ethiopia)


def test_new_zealand_counts_its_rows_by_evidence(world):
    nz = world.coverage("nz-nzqcf")
    assert (nz.rows_read, nz.rows_known) == (52, 3)
    assert nz.share_read == Fraction(52, 55)
    eqf = nz.mappings["nz-nzqcf>eqf@2016"]
    assert (eqf["direction"], eqf["partner"], eqf["read"], eqf["known"], eqf["status"]) == (
        "out",
        "eqf",
        9,
        0,
        "current",
    )
    assert nz.mappings["nz-nzqcf>ae-qfemirates@nd"]["status"] == "not-endorsed"
    assert any("nz-nzqcf>my-mqf@2016" in line for line in nz.missing)
    assert "52 of them read in a text and 3 known only" in str(nz)


def test_every_framework_counts_what_its_facts_hold(world):
    facts = [mapping.to_dict() for mapping in world.mappings]
    for framework in world.frameworks:
        read = sum(len(rows(m)[0]) for m in facts if framework.id in (m["from"], m["to"]))
        known = sum(len(rows(m)[1]) for m in facts if framework.id in (m["from"], m["to"]))
        about = world.coverage(framework.id)
        assert (about.rows_read, about.rows_known) == (read, known), framework.id
        assert about.levels["count"] == len(framework.levels)


def test_the_overview_counts_each_row_once(world):
    overview = world.coverage()
    facts = [mapping.to_dict() for mapping in world.mappings]
    assert len(overview) == len(world.frameworks) == 162
    assert overview.mappings == len(facts) == 123
    assert overview.rows_read == sum(len(rows(m)[0]) for m in facts)
    assert overview.rows_known == sum(len(rows(m)[1]) for m in facts)
    assert overview.pending == len(world.records("pending")) == 21
    assert overview.rows_read + overview.rows_known - overview.rows_partial == sum(
        len({tuple(p) for p in m["pairs"]}) for m in facts
    )
    assert f"{overview.rows_read} were read in a text" in str(overview)
    row = overview.table["zm-zqf"]
    assert (row["levels"], row["mappings"], row["pending"]) == (10, 0, 1)


def test_a_world_without_a_document_covers_less(world):
    less = world.without_documents(["nz-nzqcf>eqf@2016"])
    assert less.coverage("nz-nzqcf").rows_read == world.coverage("nz-nzqcf").rows_read - 9


def test_an_unknown_framework_is_refused_with_suggestions(world):
    with pytest.raises(qg.UnknownId, match="ke-knqf"):
        world.coverage("ke-knfq")


def test_json_and_html(world):
    shown = world.coverage("nz-nzqcf").to_dict()
    assert shown["share_read"] == "52/55"
    assert shown["rows_read"] == 52
    assert shown["world"] == world.hash
    assert "nz-nzqcf&gt;eqf@2016" in world.coverage("nz-nzqcf")._repr_html_()
    assert {source["title"] for source in shown["sources"]} >= {
        "How European Union and NZ qualifications compare"
    }
