"""Worlds, facts, answers and errors survive a pickle, also in another process."""

from __future__ import annotations

import pickle
import subprocess
import sys

import pytest

import qualgraph as qg
from qualgraph import world as world_module


def through(thing):
    return pickle.loads(pickle.dumps(thing))


@pytest.fixture
def elsewhere(monkeypatch):
    """A process in which the bundled facts are not loaded yet."""
    monkeypatch.setattr(world_module, "_bundled", {})


@pytest.mark.usefixtures("elsewhere")
def test_world_is_rebuilt_from_its_own_facts(world):
    back = through(world)
    assert back is not world
    assert back == world
    assert back.hash == back._c.hash() == world.hash
    assert back.frameworks.ids == world.frameworks.ids
    assert [r for k in ("pending", "label_placement", "award_rule", "context") for r in back.records(k)] == [
        r for k in ("pending", "label_placement", "award_rule", "context") for r in world.records(k)
    ]
    assert back.rpl_policies["ke-rpl"] == world.rpl_policies["ke-rpl"]
    assert (
        back.map_level("nz-nzqcf:8", to="eqf").to_dict() == world.map_level("nz-nzqcf:8", to="eqf").to_dict()
    )


def test_bundled_facts_serve_where_they_are_loaded(world):
    assert through(world) is qg.load()
    view = world.view(as_of="2015-01-01", evidence="read")
    assert through(view) is view


@pytest.mark.usefixtures("elsewhere")
def test_changed_worlds_and_views(world):
    changed = world.with_mapping("ke-knqf", "acqf", [("7", "7")], document="My table", year=2025)
    changed = changed.without_documents("nz-nzqcf>eqf@2016").view(as_of="2026-01-01", evidence="all")
    back = through(changed)
    assert back == changed
    assert back.as_of_text == "2026-01-01"
    # The table between Ireland and New Zealand is derived from the one withdrawn.
    assert "nz-nzqcf>eqf@2016" in back.mapping("nz-nzqcf", "ie-nfq").derived_from
    assert "nz-nzqcf>eqf@2016" not in back.mappings
    again = back.with_mapping("nz-nzqcf", "eqf", [("7", "6")], document="A new table", year=2016)
    assert through(again) == again
    assert through(again).mapping("nz-nzqcf", "eqf").pairs == [("7", "6")]
    assert back.map_level("ke-knqf:7", to="acqf").possible == ["7"]


@pytest.mark.usefixtures("elsewhere")
def test_a_pickle_of_other_facts_is_refused(world):
    function, (_, *rest) = world.__reduce__()
    with pytest.raises(qg.InvalidValue, match="made by another version of Qualgraph"):
        function("0" * 64, *rest)


@pytest.mark.parametrize(
    "ask",
    [
        lambda w: w.map_level("nz-nzqcf:8", to="eqf"),
        lambda w: w.map_level(
            "dk-nqf:5", to="de-dqr", slack=1, via="eqf", purpose="recognition", routes="all"
        ),
        lambda w: w.map_level(["nz-nzqcf:8", "ie-nfq:8"], to="eqf"),
        lambda w: w.map_framework("ie-nfq", to="nz-nzqcf", via="eqf"),
        lambda w: w.map_framework("ie-nfq", to="nz-nzqcf", via="eqf")["8"],
        lambda w: w.map_award("ie-nfq:8", to="eqf", awarded="2005-07-01"),
        lambda w: w.round_trip("nz-nzqcf", "eqf"),
        lambda w: w.recognition_loss(),
        lambda w: w.conflicts(),
        lambda w: w.reliance(),
        lambda w: w.convert("30 ects", to="cats"),
        lambda w: w.check_credits("30 ects", at_least="70 cats"),
        lambda w: w.convert_items(["5 cats"] * 3, to="ects", way="year"),
        lambda w: w.volume_of_learning(1, "ects"),
    ],
)
def test_answers(world, ask):
    answer = ask(world)
    back = through(answer)
    assert type(back) is type(answer)
    assert back == answer
    assert back.to_dict() == answer.to_dict()


@pytest.mark.parametrize(
    "ask",
    [
        lambda w: w.at_least("eqf:6", on="ie-nfq"),
        lambda w: w.framework("ie-nfq").levels,
        lambda w: w.framework("ie-nfq").qualification_types,
        lambda w: w.framework("ie-nfq").sources,
        lambda w: w.mapping("nz-nzqcf", "eqf").retention,
        lambda w: w.map_level("ie-nfq:8", to="eqf").provenance("6"),
        lambda w: w.map_level("ie-nfq:8", to="nz-nzqcf").routes[0].steps,
        lambda w: w.convert("30 ects", to="cats").by_agreement,
        lambda w: w.map_framework("ie-nfq", to="eqf").table,
        lambda w: w.profile({"skills": "eqf:5"}),
        lambda w: qg.credits("5-40 nz-credit"),
        lambda w: qg.Range("1/3", 2),
        lambda w: qg.Fault("a.json", "/x", "1", "2"),
    ],
)
def test_values(world, ask):
    value = ask(world)
    assert through(value) == value


def test_bound_keeps_its_grounds(world):
    back = through(world.at_least("eqf:6", on="ie-nfq"))
    assert back == "ie-nfq:7"
    assert back.levels == ["ie-nfq:7"]
    assert back.why == world.at_least("eqf:6", on="ie-nfq").why


def test_errors(world, tmp_path):
    (tmp_path / "a.json").write_text("{", encoding="utf-8")
    with pytest.raises(qg.FactError) as caught:
        qg.load(tmp_path)
    back = through(caught.value)
    assert type(back) is qg.FactError
    assert str(back) == str(caught.value)
    assert back.faults == caught.value.faults
    with pytest.raises(qg.UnknownId) as unknown:
        world.framework("ie-nqf")
    assert str(through(unknown.value)) == str(unknown.value)


def test_a_route_says_why_it_does_not_pickle(world):
    with pytest.raises(TypeError, match="belongs to its answer"):
        pickle.dumps(world.map_level("ie-nfq:8", to="eqf").routes[0])


def test_another_process_gives_the_same_answer(world, tmp_path):
    changed = world.without_documents("nz-nzqcf>ie-nfq@2020")
    question = changed.map_level("ie-nfq:8", to="nz-nzqcf")
    path = tmp_path / "answer.pickle"
    path.write_bytes(pickle.dumps(question))
    code = "import pickle, sys; a = pickle.load(open(sys.argv[1], 'rb')); print(a.world.hash, a.possible, len(a.routes))"
    done = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == f"{changed.hash} {question.possible} {len(question.routes)}"
