"""The reference against every published example of level mapping and credit."""

import itertools
import json
import pathlib
from fractions import Fraction

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reference import credits as credit
from reference import levels, worlds
from reference.levels import Facts, compose, converse, map_level

DATA = pathlib.Path(__file__).resolve().parents[2] / "data"
NZ_IE = ("nz-nzqcf", "ie-nfq")


@pytest.fixture(scope="module")
def facts():
    return Facts.from_folder(DATA)


@pytest.fixture(scope="module")
def systems():
    return credit.systems_from_folder(DATA)


def table(facts, source, to, **options):
    return {code: answer["possible"] for code, answer in levels.map_framework(facts, source, to, **options).items()}


def tiny(frameworks, mappings):
    """A world written as {"A": "1 2 3", "H*": "1 2"} and {"A>H": "1-1 2-1 3?"}.

    ``*`` marks a hub; ``3?`` is unresolved, ``3!`` unmatched, ``!3`` unmatched on the target
    side, ``~1-2`` partial. A name such as ``A>H@2015`` carries the year, and a dict adds fields.
    """
    made = [
        worlds.framework(name.rstrip("*"), codes.split(), hub=name.endswith("*")) for name, codes in frameworks.items()
    ]
    documents = []
    for name, rows in mappings.items():
        extra = {}
        if isinstance(rows, tuple):
            rows, extra = rows
        pair, _, year = name.partition("@")
        source, target = pair.split(">")
        items = rows.split()
        marks = {
            "pairs": [tuple(i.split("-")) for i in items if "-" in i and i[0] != "~"],
            "partial": [tuple(i[1:].split("-")) for i in items if i[0] == "~"],
            "unmatched": [i[:-1] for i in items if i[-1] == "!"],
            "unmatched_to": [i[1:] for i in items if i[0] == "!"],
            "unresolved": [("from", i[:-1]) for i in items if i[-1] == "?"],
        }
        documents.append(worlds.mapping(source, target, **{"year": int(year) if year else 2010, **marks, **extra}))
    return Facts(made, documents)


# -- tables read ------------------------------------------------------------------------------


def test_tables_that_were_read(facts):
    assert table(facts, "ie-nfq", "eqf", via=[]) == {
        "1": ["1"], "2": ["1"], "3": ["2"], "4": ["3"], "5": ["4"], "6": ["5"],
        "7": ["6"], "8": ["6"], "9": ["7"], "10": ["8"],
    }  # fmt: skip
    assert table(facts, "nz-nzqcf", "eqf", via=[]) == {
        "1": ["2"], "2": ["3"], "3": ["4"], "4": ["4"], "5": ["5"], "6": ["5"],
        "7": ["6"], "8": [], "9": ["7"], "10": ["8"],
    }  # fmt: skip
    assert table(facts, "gb-sct-scqf", "eqf", via=[]) == {
        "1": [], "2": [], "3": ["1"], "4": ["2"], "5": ["3"], "6": ["4"], "7": ["5"],
        "8": ["5"], "9": ["6"], "10": ["6"], "11": ["7"], "12": ["8"],
    }  # fmt: skip


def test_ireland_to_new_zealand_through_the_eqf(facts):
    assert table(facts, "ie-nfq", "nz-nzqcf", via="eqf") == {
        "1": [], "2": [], "3": ["1"], "4": ["2"], "5": ["3", "4"], "6": ["5", "6"],
        "7": ["7"], "8": ["7"], "9": ["9"], "10": ["10"],
    }  # fmt: skip


def test_the_hub_loses_ordinary_against_honours(facts):
    found = table(facts, "ie-nfq", "gb-sct-scqf", via="eqf")
    assert found["7"] == found["8"] == ["9", "10"]
    direct = table(facts, "ie-nfq", "gb-sct-scqf", via=[])
    assert (direct["7"], direct["8"]) == (["9"], ["10"])


def test_an_incomplete_set_narrows_nothing(facts):
    answer = map_level(facts, "nz-nzqcf:3", "au-aqf")
    assert answer["possible"] == ["3"]
    assert answer["status"] == "mapped"
    assert answer["complete"]
    through = map_level(facts, "nz-nzqcf:3", "au-aqf", via="eqf")
    assert through["possible"] == ["4"]
    assert not through["complete"]


# -- the puzzle: New Zealand level 8 ---------------------------------------------------------


def test_new_zealand_8_has_no_counterpart_but_a_bracket(facts):
    answer = map_level(facts, "nz-nzqcf:8", "eqf")
    assert answer["status"] == "no_counterpart"
    assert answer["possible"] == []
    assert answer["floor"] is None
    assert answer["bracket"] == ("6", "7")


def test_eqf_1_against_new_zealand_has_no_floor(facts):
    answer = map_level(facts, "eqf:1", "nz-nzqcf")
    assert answer["status"] == "no_counterpart"
    assert answer["bracket"] == (None, "1")


def test_a_route_that_dies_inside_proves_nothing(facts):
    peer = map_level(facts, "au-aqf:8", "eqf", via="nz-nzqcf")
    assert peer["status"] == "no_route"
    assert [r["life"] for r in peer["routes"]] == ["dead"]
    assert map_level(facts, "au-aqf:8", "eqf")["status"] == "no_route"


# -- several routes ---------------------------------------------------------------------------


def test_scottish_7_is_narrowed_to_english_4(facts):
    through = map_level(facts, "gb-sct-scqf:7", "gb-eng-rqf", via="eqf")
    assert through["possible"] == ["4", "5"]
    answer = map_level(facts, "gb-sct-scqf:7", "gb-eng-rqf")
    assert answer["status"] == "mapped"
    assert answer["complete"]
    assert answer["possible"] == ["4"]
    assert answer["conflict"] == []
    assert ["gb-sct-scqf>gb-eng-rqf@2023"] in answer["narrowed_by"] + [answer["routes"][0]["mappings"]]


def test_the_irish_table_is_not_independent_of_the_two_it_prints(facts):
    answer = map_level(facts, "nz-nzqcf:5", "ie-nfq")
    assert answer["possible"] == ["6"]
    by_ids = {tuple(r["mappings"]): r for r in answer["routes"]}
    direct = by_ids[("nz-nzqcf>ie-nfq@2020",)]
    through = by_ids[("nz-nzqcf>eqf@2016", "ie-nfq>eqf@2009")]
    assert direct["independent"]
    assert not through["independent"]
    assert direct["possible"] == through["possible"]


def test_the_table_equals_the_composite(facts):
    direct = table(facts, "nz-nzqcf", "ie-nfq", via=[])
    through = table(facts, "nz-nzqcf", "ie-nfq", via="eqf")
    assert direct == through


def test_provenance_of_irish_5_and_new_zealand_3(facts):
    answer = map_level(facts, "ie-nfq:5", "nz-nzqcf")
    assert answer["witnesses"]["3"] == {
        frozenset({"nz-nzqcf>ie-nfq@2020"}),
        frozenset({"ie-nfq>eqf@2009", "nz-nzqcf>eqf@2016"}),
    }
    assert levels.hitting_sets(answer["witnesses"]["3"]) == {
        frozenset({"nz-nzqcf>ie-nfq@2020", "ie-nfq>eqf@2009"}),
        frozenset({"nz-nzqcf>ie-nfq@2020", "nz-nzqcf>eqf@2016"}),
    }


def test_nothing_published_is_not_established(facts):
    for level in ("acqf:5", "za-nqf:5"):
        answer = map_level(facts, level, "ke-knqf")
        assert answer["status"] == "no_route"
        assert answer["possible"] == []
    far = Facts([worlds.framework("A", "12"), worlds.framework("B", "12")], [])
    assert map_level(far, "A:1", "B")["status"] == "no_route"


def test_conflict_names_a_minimal_family_and_never_averages():
    world = tiny(
        {"A": "1 2 3 4", "B": "1 2 3 4", "H*": "1 2 3 4"},
        {
            "A>B": ("1-1 2-2 3-3 4-4", {"strength": "joint"}),
            "A>H": ("1-2 2-3 3-4 4-4", {"strength": "adopted"}),
            "B>H": ("1-1 2-2 3-3 4-4", {"strength": "adopted"}),
        },
    )
    answer = map_level(world, "A:1", "B")
    assert answer["status"] == "conflict"
    assert not answer["complete"]
    assert answer["possible"] == ["2"]  # the adopted class
    assert answer["conflict"] == [["A>H@2010", "B>H@2010"], ["A>B@2010"]]
    assert map_level(world, "A:4", "B")["possible"] == ["4"]


def test_sets_with_holes_may_need_a_family_of_three():
    codes = "1 2 3"
    world = tiny(
        {"A": "1", "B": codes},
        {"A>B@2001": "1-1 1-2", "A>B@2002": "1-2 1-3", "A>B@2003": "1-1 1-3"},
    )
    answer = map_level(world, "A:1", "B")
    assert answer["status"] == "conflict"
    assert answer["conflict"] == [["A>B@2001"], ["A>B@2002"], ["A>B@2003"]]


def test_a_statement_against_a_living_route_is_a_conflict():
    world = tiny(
        {"A": "1 2", "B": "1 2", "H*": "1 2"},
        {"A>B": "1-1 2!", "A>H": "1-1 2-2", "B>H": "1-1 2-2"},
    )
    assert map_level(world, "A:2", "B")["status"] == "conflict"
    assert map_level(world, "A:2", "B", via=[])["status"] == "no_counterpart"
    assert map_level(world, "A:2", "B", via="H")["possible"] == ["2"]


def test_joins_at_the_ends_are_admitted_and_other_frameworks_are_peers():
    join = {"join": True}
    world = tiny(
        {"A": "1", "X": "1", "B": "1", "P": "1", "Q": "1"},
        {"A>X": ("1-1", join), "B>X": ("1-1", join), "A>P": "1-1", "P>Q": "1-1"},
    )
    siblings = map_level(world, "A:1", "B")
    assert siblings["status"] == "mapped"
    assert siblings["complete"]
    assert not siblings["peer"]
    through_peer = map_level(world, "A:1", "Q")
    assert through_peer["possible"] == ["1"]
    assert through_peer["peer"]
    assert not through_peer["complete"]
    named = map_level(world, "A:1", "Q", via="P")
    assert named["peer"]
    assert named["possible"] == ["1"]


# -- adjoints ---------------------------------------------------------------------------------


def test_minimum_and_cap_on_the_irish_scale(facts):
    assert levels.at_least(facts, "eqf:6", on="ie-nfq") == ["7"]
    assert levels.at_most(facts, "eqf:6", on="ie-nfq") == ["8"]


def test_brackets_serve_in_the_adjoints(facts):
    # New Zealand 8 has no counterpart, yet lies between 6 and 7: it is no more than 7.
    assert levels.at_most(facts, "eqf:7", on="nz-nzqcf") == ["9"]
    assert levels.at_least(facts, "eqf:7", on="nz-nzqcf") == ["9"]
    assert levels.at_least(facts, "eqf:6", on="nz-nzqcf") == ["7"]
    assert levels.at_most(facts, "eqf:6", on="nz-nzqcf") == ["7"]


def test_no_level_reaches(facts):
    assert levels.at_least(facts, "nz-nzqcf:10", on="gb-fheq", via=["eqf"]) == ["8"]
    world = tiny({"A": "1 2", "B": "1 2 3"}, {"A>B": "1-1 2-2"})
    assert levels.at_least(world, "B:3", on="A") == []


# -- monotonicity -----------------------------------------------------------------------------


def below(a, b):
    return int(a) < int(b)


def at_or_below(a, b):
    return int(a) <= int(b)


def test_totality_matters_for_monotone_composites():
    r = {("1", "1"), ("1", "3"), ("2", "2"), ("2", "3")}
    s = {("2", "2"), ("3", "3")}
    assert levels.egli_milner(r, below, at_or_below)
    assert levels.egli_milner(s, below, at_or_below)
    product = compose(r, s)
    assert levels.image(product, "1") == {"3"}
    assert levels.image(product, "2") == {"2", "3"}
    assert not levels.egli_milner(product, below, at_or_below)


def test_freedom_from_crossings_is_not_preserved(facts):
    ie, sct = facts.mappings["ie-nfq>eqf@2009"].rows, facts.mappings["gb-sct-scqf>eqf@2010"].rows
    assert not levels.document_crossings(facts, "ie-nfq>eqf@2009")
    assert not levels.document_crossings(facts, "gb-sct-scqf>eqf@2010")
    product = compose(ie, converse(sct))
    assert (("7", "10"), ("8", "9")) in levels.crossings(product, below, below)
    assert levels.egli_milner(product, below, at_or_below)


def test_no_document_crosses(facts):
    for mapping_id in facts.mappings:
        assert not levels.document_crossings(facts, mapping_id), mapping_id


# -- loss -------------------------------------------------------------------------------------


def test_retention_of_the_new_zealand_comparison(facts):
    assert levels.retention(facts, "nz-nzqcf>eqf@2016") == (7, 9, [("3", "4"), ("5", "6")])


def fates(trip):
    found = {"recoverable": set(), "drifting": set(), "lost": set()}
    for code, what in trip.items():
        found[what["fate"]].add(int(code))
    return found


def test_round_trips_through_the_eqf(facts):
    nz, ie = facts.mappings["nz-nzqcf>eqf@2016"].rows, facts.mappings["ie-nfq>eqf@2009"].rows
    there = levels.round_trip(facts.frameworks["nz-nzqcf"], compose(nz, converse(ie)))
    assert fates(there) == {
        "recoverable": {1, 2, 7, 9, 10}, "drifting": {3, 4, 5, 6}, "lost": {8},
    }  # fmt: skip
    assert (there["3"]["up"], there["3"]["down"]) == (1, 0)
    back = levels.round_trip(facts.frameworks["ie-nfq"], compose(ie, converse(nz)))
    assert fates(back) == {
        "recoverable": {3, 4, 5, 6, 9, 10}, "drifting": {7, 8}, "lost": {1, 2},
    }  # fmt: skip


def test_recognition_loss_agrees_where_the_table_equals_the_composite(facts):
    assert fates(levels.recognition_loss(facts, *NZ_IE)) == {
        "recoverable": {1, 2, 7, 9, 10}, "drifting": {3, 4, 5, 6}, "lost": {8},
    }  # fmt: skip


def test_identity_loses_nothing():
    world = tiny({"A": "1 2 3", "B": "1 2 3"}, {"A>B": "1-1 2-2 3-3"})
    assert {w["fate"] for w in levels.recognition_loss(world, "A", "B").values()} == {"recoverable"}


def test_reliance_counts_by_document():
    world = tiny(
        {"A": "1 2", "B": "1 2", "H*": "1 2"},
        {"A>B": "1-1", "A>H": "1-1 2-2", "B>H": "1-1 2-2"},
    )
    lost = levels.reliance(world, [("A", "B")])
    assert lost == {
        "A>B@2010": set(),
        "A>H@2010": {("A:2", "B:2")},
        "B>H@2010": {("A:2", "B:2")},
    }


# -- completeness, silence, sub-levels, dates -------------------------------------------------


def test_unmatched_is_dead_and_unresolved_is_silent():
    world = tiny({"A": "1 2 3", "H*": "1 2"}, {"A>H": "1-1 2! 3?"})
    one, two, three = (map_level(world, f"A:{c}", "H") for c in "123")
    assert (one["status"], two["status"], three["status"]) == (
        "mapped",
        "no_counterpart",
        "no_route",
    )
    assert [r["status"] for r in three["routes"]] == ["silent"]
    assert two["bracket"] == ("1", None)


def test_a_document_read_backwards_is_judged_by_its_silences():
    world = tiny(
        {"A": "1", "B": "1 2 3 4 5", "C": "1 2 3 4 5", "H*": "1 2"},
        {"A>H": "1-1", "B>H": "1-1 2-1 3-1 4-2", "C>H": "1-1 2? 3-1 4-2 5-2"},
    )
    assert map_level(world, "A:1", "B")["complete"]  # the silent 5 is not next to {1, 2, 3}
    assert not map_level(world, "A:1", "C")["complete"]


def test_the_steps_next_to_a_set_count_parallel_tracks_as_one():
    tracks = worlds.framework("B", ["3", "4A", "4B", "5", "6"], parallels={"4A": "t", "4B": "t"})
    assert Facts([tracks], []).frameworks["B"].inside_or_next({"4A"}) == {"3", "4A", "4B", "5"}
    assert Facts([tracks], []).frameworks["B"].inside_or_next({"5"}) == {"4A", "4B", "5", "6"}


def test_a_parent_with_complete_children_is_settled():
    own = worlds.framework("B", ["1", "1.1", "1.2", "2"], parents={"1.1": "1", "1.2": "1"})
    other, hub = worlds.framework("A", ["1", "2"]), worlds.framework("H", ["1", "2"], hub=True)
    to_hub = worlds.mapping("A", "H", pairs=[("1", "1"), ("2", "2")])

    def counterpart(rows, **marks):
        documents = [to_hub, worlds.mapping("B", "H", pairs=rows, **marks)]
        return map_level(Facts([own, other, hub], documents), "A:1", "B")

    whole = counterpart([("1.1", "1"), ("1.2", "1"), ("2", "2")])
    assert whole["possible"] == ["1.1", "1.2"]  # rows as stated, read backwards
    assert whole["complete"]
    assert not counterpart([("1.1", "1"), ("2", "2")], complete=False)["complete"]
    assert not counterpart([("1.1", "1"), ("2", "2")], partial=[("1.2", "1")])["complete"]
    assert not counterpart([("1", "1"), ("2", "2")], complete=False)["complete"]


def test_a_statement_alone_is_shown_beside_what_it_contradicts():
    frameworks = {"A": "1", "B": "1", "H*": "1"}
    documents = {"A>B": ("1!", {"strength": "adopted"}), "A>H": "~1-1", "B>H": "1-1"}
    answer = map_level(tiny(frameworks, documents), "A:1", "B")
    assert answer["status"] == "conflict"
    assert answer["conflict"] == [["A>B@2010"], ["A>H@2010", "B>H@2010"]]
    assert answer["possible"] == []
    documents |= {"A>B": ("1!", {"strength": "third-party"}), "A>H": "1-1"}
    weak = map_level(tiny(frameworks, documents), "A:1", "B")
    assert weak["conflict"] == [["A>H@2010", "B>H@2010"], ["A>B@2010"]]
    assert weak["possible"] == ["1"]


def test_what_an_undated_document_would_deny_is_an_unknown_edition():
    world = tiny({"A": "1", "B": "1"}, {"A>B": ("1!", {"year": None})})
    assert map_level(world, "A:1", "B")["status"] == "no_counterpart"
    assert map_level(world, "A:1", "B", as_of="2012")["status"] == "unknown_edition"


def test_every_possible_level_has_to_meet_a_bound():
    tracks = worlds.framework("B", ["1", "2A", "2B", "3"], parallels={"2A": "t", "2B": "t"})
    own = worlds.framework("A", ["1", "2"])
    rows = worlds.mapping("A", "B", pairs=[("1", "1"), ("2", "2A"), ("2", "2B")])
    world = Facts([own, tracks], [rows])
    assert levels.at_least(world, "B:1", on="A") == ["1"]
    assert levels.at_least(world, "B:2A", on="A") == []
    assert levels.at_most(world, "B:2B", on="A") == ["1"]
    assert levels.at_most(world, "B:3", on="A") == ["2"]


def test_questions_that_cannot_be_asked():
    world = tiny(dict.fromkeys("ABCDEF", "1"), {})
    for options in ({"via": list("CDEF")}, {"via": ["C", "C"]}, {"via": ["A"]}, {"slack": -1}):
        with pytest.raises(ValueError, match="a "):
            map_level(world, "A:1", "B", **options)


def test_partial_rows_give_no_guarantee():
    world = tiny({"A": "1 2", "H*": "1 2"}, {"A>H": "1-1 ~2-2"})
    answer = map_level(world, "A:2", "H")
    assert answer["possible"] == ["2"]
    assert not answer["complete"]
    assert levels.at_least(world, "H:2", on="A") == []


def test_slack_widens_at_the_joint_only():
    world = tiny(
        {"A": "1 2 3", "B": "1 2 3", "H*": "1 2 3"},
        {"A>H": "1-1 2-2 3-3", "B>H": "1-1 2-2 3-3"},
    )
    assert map_level(world, "A:1", "B", slack=1)["possible"] == ["1", "2"]
    assert map_level(world, "A:1", "H", slack=1)["possible"] == ["1"]


def test_the_award_type_selects_the_row_of_a_split(facts):
    assert map_level(facts, "za-nqf-8:8", "za-nqf")["possible"] == ["9", "10"]
    chosen = map_level(facts, "za-nqf-8:8", "za-nqf", type="master\u2019s  degree.")
    assert chosen["possible"] == ["9"]
    assert chosen["complete"]
    assert map_level(facts, "za-nqf-8:8", "za-nqf", type="Licence")["possible"] == ["9", "10"]


def test_sub_levels_inherit():
    parent = {"1.1": "1", "1.2": "1"}
    own = worlds.framework("A", ["1", "1.1", "1.2", "2"], parents=parent)
    hub = worlds.framework("H", ["1", "2", "3"], hub=True)
    by_parent = Facts([own, hub], [worlds.mapping("A", "H", pairs=[("1", "1"), ("2", "2")])])
    child = map_level(by_parent, "A:1.1", "H")
    assert child["possible"] == ["1"]
    assert not child["complete"]
    rows = [("1.1", "1"), ("1.2", "2"), ("2", "3")]
    by_children = Facts([own, hub], [worlds.mapping("A", "H", pairs=rows)])
    whole = map_level(by_children, "A:1", "H")
    assert whole["possible"] == ["1", "2"]
    assert whole["complete"]
    some = Facts([own, hub], [worlds.mapping("A", "H", pairs=rows[:1])])
    assert not map_level(some, "A:1", "H")["complete"]


def test_parallel_tracks_are_incomparable(facts):
    norway = facts.frameworks["no-nkr"]
    assert norway.floor(["4A", "4B"]) == "3"
    assert norway.ceiling(["4A", "4B"]) == "5.1"
    assert norway.floor(["4A", "5.1"]) == "4A"
    assert not norway.leq("4A", "4B")
    assert norway.minimal(["4A", "4B", "5.1"]) == ["4A", "4B"]


def test_superseded_documents_answer_for_their_dates(facts):
    now = map_level(facts, "nz-nzqcf:8", "ie-nfq")
    then = map_level(facts, "nz-nzqcf:8", "ie-nfq", as_of="2012-06-01")
    assert now["status"] == "no_counterpart"
    assert then["possible"] == ["8"]
    assert not then["complete"]
    last, first = (map_level(facts, "nz-nzqcf:8", "ie-nfq", as_of=d) for d in ("2019-12-31", "2020-01-01"))
    assert last["possible"] == ["8"]
    assert first["status"] == "no_counterpart"


def test_an_unknown_end_is_an_unknown_edition(facts):
    assert map_level(facts, "hr-croqf-2013:5", "eqf", as_of="2013-05-01")["status"] == ("unknown_edition")
    assert map_level(facts, "hr-croqf-2013:5", "eqf", as_of="2011-05-01")["status"] == "no_route"


def test_the_identity_table_nobody_endorsed_is_in_no_route(facts):
    answer = map_level(facts, "nz-nzqcf:7", "ae-qfemirates", routes="all")
    assert answer["peer"] or answer["status"] == "no_route"
    assert {r["status"] for r in answer["routes"] if len(r["mappings"]) == 1} == {"not_admitted"}


def test_the_cycles_are_no_way_through(facts):
    answer = map_level(facts, "ie-nfq:8", "gb-sct-scqf", routes="all")
    assert not any("qf-ehea" in r["path"] for r in answer["routes"])
    remark = map_level(facts, "eqf:6", "qf-ehea", routes="all")
    assert remark["status"] == "no_route"
    notes = {m.id for m in facts.mappings.values() if m.note}
    assert {r["status"] for r in remark["routes"]} == {"not_admitted"}
    assert notes & {mapping_id for r in remark["routes"] for mapping_id in r["mappings"]}
    assert map_level(facts, "eqf:6", "qf-ehea", via=[])["status"] == "no_route"
    assert map_level(facts, "eqf:6", "qf-ehea", via="ie-nfq")["status"] == "no_route"
    assert map_level(facts, "ie-nfq:8", "qf-ehea")["possible"] == ["1C"]


def test_the_evidence_floor_silences_what_is_only_known(facts):
    every = map_level(facts, "au-aqf:5", "eqf", via=[])
    read = map_level(facts, "au-aqf:5", "eqf", via=[], evidence="read")
    assert every["possible"] == ["5"]
    assert read["status"] == "no_route"
    direct = next(r for r in read["routes"] if r["mappings"] == ["au-aqf>eqf@2016"])
    assert direct["status"] == "silent"


# -- graded evidence and profiles -------------------------------------------------------------


@pytest.mark.parametrize(
    ("reaching", "bounds", "product"),
    [(50, (Fraction(0), Fraction(1)), Fraction(1, 2)), (80, (Fraction(1, 2), Fraction(1)), Fraction(4, 5))],
)
def test_frechet_bounds(reaching, bounds, product):
    to_hub = {("a", "h"): 40, ("other", "h"): 60}
    from_hub = {("h", "c"): reaching, ("h", "d"): 100 - reaching}
    assert levels.frechet_bounds(to_hub, from_hub, "a", "c") == bounds
    shares = levels.graded_product(levels.shares(to_hub), levels.shares(from_hub))
    assert shares["a"]["c"] == product
    assert all(sum(row.values()) == 1 for row in shares.values())


def test_unmatched_absorbs():
    w = {"a": {"h": Fraction(3, 4), levels.UNMATCHED: Fraction(1, 4)}}
    v = {"h": {"c": Fraction(2, 3), levels.UNMATCHED: Fraction(1, 3)}}
    assert levels.graded_product(w, v) == {"a": {"c": Fraction(1, 2), levels.UNMATCHED: Fraction(1, 2)}}


def test_profiles_show_meet_median_and_spread(facts):
    found = levels.profile(facts.frameworks["eqf"], {"knowledge": "5", "skills": "6", "autonomy": "4"})
    assert found == {"meet": "4", "median": "5", "spread": 2}
    even = levels.profile(facts.frameworks["eqf"], {"knowledge": "5", "skills": "6"})
    assert even["median"] == "5"


# -- credits ----------------------------------------------------------------------------------


def test_the_two_ways_disagree(systems):
    there = credit.convert(systems, 30, "ects", "cats")
    assert there["by_hours"] == (75, 90)
    assert there["by_year"] == 60
    assert there["by_agreement"] == [60]
    back = credit.convert(systems, 60, "cats", "ects")
    assert back["by_hours"] == (20, 24)
    assert back["by_year"] == 30
    factor = credit.hours_factor(systems, "ects", "cats")
    year = credit.year_factor(systems, "ects", "cats")
    assert (factor[0] / year, factor[1] / year) == (Fraction(5, 4), Fraction(3, 2))


def test_the_readme_of_the_style_example(systems):
    found = credit.convert(systems, 15, "ects", "za-credit")
    assert found["by_hours"] == (Fraction(75, 2), 45)
    assert found["by_year"] == 30


def test_a_round_trip_by_hours_contains_the_start(systems):
    there = credit.convert(systems, 6, "ects", "cats")["by_hours"]
    assert there == (15, 18)
    back = credit.convert(systems, there, "cats", "ects")["by_hours"]
    assert back == (5, Fraction(36, 5))
    assert back[0] <= 6 <= back[1]


def test_a_point_in_between_keeps_the_hours_way_exact(systems):
    direct = credit.hours_factor(systems, "ects", "mz-snatca")
    first = credit.hours_factor(systems, "ects", "cats")
    second = credit.hours_factor(systems, "cats", "mz-snatca")
    assert (first[0] * second[0], first[1] * second[1]) == direct


def test_rounding_by_item_and_by_total():
    units = [Fraction(5, 2)] * 3
    assert credit.total(units, "down", per="item") == 6
    assert credit.total(units, "down", per="total") == 7
    assert credit.total(units, "half-up", per="item") == 9
    assert credit.total(units, "half-up", per="total") == 8
    assert credit.total(units, "half-even", per="item") == 6
    assert credit.total(units) == Fraction(15, 2)


def test_rounded_caps_hide_their_policy():
    for base, printed in ((64, 19), (34, 10)):
        cap = Fraction(30, 100) * base
        assert credit.rounded(cap, "down") == credit.rounded(cap, "half-up") == printed
        assert credit.rounded(cap, "up") == printed + 1


def test_three_valued_comparisons(systems):
    assert credit.certainly_at_least(systems, 40, "in-ncrf-credit", 120, "nz-credit") is True
    assert credit.certainly_at_least(systems, 30, "ects", 60, "cats") is True
    assert credit.certainly_at_least(systems, 30, "ects", 70, "cats") is None
    assert credit.certainly_at_least(systems, 30, "ects", 70, "cats", way="hours") is True
    assert credit.certainly_at_least(systems, 30, "ects", 70, "cats", way="year") is False
    assert credit.certainly_at_least(systems, 30, "ects", 80, "cats", way="hours") is None
    assert credit.certainly_at_least(systems, 30, "ects", 91, "cats") is False
    assert credit.certainly_at_most(systems, 30, "ects", 90, "cats") is True
    assert credit.hull(systems, 30, "ects", "cats") == (60, 90)


def test_class_hours_never_meet_workload_by_hours(systems):
    mixed = credit.convert(systems, 3, "th-credit", "ects")
    assert mixed["by_hours"] is None
    assert "hours" in mixed["refused"]
    within = credit.convert(systems, 3, "th-credit", "kr-credit")
    assert within["by_hours"] == (3, 3)
    assert credit.convert(systems, 30, "ng-credit-unit", "ects")["by_year"] == 60


def test_official_ratios_read_both_ways(systems):
    assert credit.convert(systems, 2, "umap-ucts", "ects")["by_agreement"] == [3]
    assert credit.convert(systems, 3, "ects", "umap-ucts")["by_agreement"] == [2]
    assert credit.convert(systems, 3, "us-quarter-credit", "us-semester")["by_agreement"] == [2]


def test_floats_and_empty_amounts_are_refused(systems):
    with pytest.raises(TypeError, match="not exact"):
        credit.convert(systems, 2.5, "ects", "cats")
    with pytest.raises(ValueError, match="positive"):
        credit.convert(systems, 0, "ects", "cats")


# -- drawn worlds -----------------------------------------------------------------------------


def check_answer(facts, source, to, code, answer):
    target = facts.frameworks[to]
    possible = answer["possible"]
    assert possible == target.in_order(possible)
    assert (answer["status"] == "mapped") <= bool(possible)
    assert (answer["status"] in {"no_route", "no_counterpart", "unknown_edition"}) <= (not possible)
    assert (answer["status"] == "conflict") == bool(answer["conflict"])
    assert not (answer["complete"] and answer["peer"])
    if answer["floor"] is not None:
        assert all(target.leq(answer["floor"], c) for c in possible)
    if answer["ceiling"] is not None:
        assert all(target.leq(c, answer["ceiling"]) for c in possible)
    for witnesses in answer["witnesses"].values():
        for hitting in levels.hitting_sets(witnesses):
            assert all(hitting & w for w in witnesses)
    for route in answer["routes"]:
        assert route["path"][0] == source
        assert route["path"][-1] == to
        assert bool(route["possible"]) == (route.get("life") == "alive")


@settings(max_examples=60, deadline=None)
@given(worlds.strategy(), st.sampled_from([{}, {"as_of": "2012"}, {"evidence": "read"}]))
def test_answers_are_well_formed(world, options):
    facts = Facts.from_world(world)
    for source, to in itertools.permutations(facts.frameworks, 2):
        for code in facts.frameworks[source].codes:
            check_answer(facts, source, to, code, map_level(facts, f"{source}:{code}", to, **options))


@settings(max_examples=60, deadline=None)
@given(worlds.monotone())
def test_crossing_free_worlds_have_no_crossings(world):
    facts = Facts.from_world(world)
    assert not any(levels.document_crossings(facts, m) for m in facts.mappings)


def test_seeded_worlds_are_repeatable_and_can_be_written(tmp_path):
    world = worlds.random_world(7)
    assert world == worlds.random_world(7)
    again = Facts.from_folder(worlds.write_folder(world, tmp_path))
    assert {m: again.mappings[m].raw for m in again.mappings} == {raw["id"]: raw for raw in world["mappings"]}


def test_drawn_worlds_obey_the_schemas():
    def validator(name):
        schema = json.loads((DATA / "schemas" / f"{name}.schema.json").read_text("utf-8"))
        return jsonschema.Draft202012Validator(schema)

    framework, paper = validator("framework"), validator("mapping-document")
    for seed in range(40):
        world = worlds.random_world(seed)
        for raw in world["frameworks"]:
            framework.validate(raw)
        for raw in world["mappings"]:
            paper.validate({k: raw[k] for k in ("document_id", "document")} | {"mappings": [raw]})
