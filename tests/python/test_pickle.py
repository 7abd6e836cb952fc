"""Worlds, facts, answers and errors survive a pickle, also in another process."""

from __future__ import annotations

import copy
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
    for kind in ("pending", "label_placement", "award_rule", "context", "rule"):
        assert back.records(kind) == world.records(kind)
    assert back.rpl_policies["ke-rpl"] == world.rpl_policies["ke-rpl"]
    assert back.map_level("nz-nzqcf:8", to="eqf").to_dict() == world.map_level("nz-nzqcf:8", to="eqf").to_dict()


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
        lambda w: w.map_level("dk-nqf:5", to="de-dqr", slack=1, via="eqf", purpose="recognition", routes="all"),
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
        lambda w: w.broken_chain("60 ects", "150 bh-credit", "150 cats"),
        lambda w: w.route_census(2),
        lambda w: w.compare(["ie-nfq"], reference="eqf"),
        lambda w: w.coverage("ie-nfq"),
        lambda w: w.coverage(),
        lambda w: w.find("diploma"),
        lambda w: w.lint(),
    ],
)
def test_answers(world, ask):
    answer = ask(world)
    for back in (through(answer), copy.copy(answer), copy.deepcopy(answer)):
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
        lambda w: qg.graded("100 diplomas", "a", "b", {"1": {"x": 90, None: 10}}),
        lambda w: qg.graded("diplomas", "a", "b", {"1": {"x": "2/3", None: "1/3"}}, shares=True),
        lambda w: qg.Range("1/3", 2),
        lambda w: qg.Fault("a.json", "/x", "1", "2"),
    ],
)
def test_values(world, ask):
    value = ask(world)
    assert through(value) == value
    assert copy.copy(value) == value
    assert copy.deepcopy(value) == value


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


@pytest.mark.parametrize(
    "ask",
    [
        lambda w: w.framework("ie-nfq"),
        lambda w: w.mapping("ie-nfq", "eqf"),
        lambda w: w.credit_system("ects"),
        lambda w: w.rpl_policies["ke-rpl"],
        lambda w: w.frameworks,
    ],
)
def test_facts_stay_with_their_world(world, ask):
    fact = ask(world)
    assert copy.copy(fact) is fact
    assert copy.deepcopy(fact) is fact
    with pytest.raises(TypeError, match="belongs to its world; pickle the world"):
        pickle.dumps(fact)


def test_counts_survive_a_pickle_as_counts():
    ab = through(qg.graded("degrees of 2020", "a", "hub", {"1": {"h": 40}, "2": {"h": 60}}))
    bc = through(qg.graded("degrees of 2020", "hub", "c", {"h": {"x": 80, "y": 20}}))
    assert ab.bounds(bc).share("1", "x") == qg.Range("1/2", 1)
    with pytest.raises(TypeError, match="pickle the tables it was chained from"):
        pickle.dumps(ab.then(bc))
    with pytest.raises(TypeError, match="pickle the two tables"):
        pickle.dumps(ab.bounds(bc))


def test_processes_of_a_pool_share_the_work(tmp_path):
    # Started afresh, as on Windows and macOS: nothing of this process is inherited.
    program = tmp_path / "work.py"
    program.write_text(
        "import multiprocessing as mp\n"
        "import qualgraph as qg\n"
        "def ask(job):\n"
        "    world, level = job\n"
        "    return world.map_level(level, to='eqf')\n"
        "if __name__ == '__main__':\n"
        "    world = qg.load().view(as_of='2024-01-01')\n"
        "    with mp.get_context('spawn').Pool(2) as pool:\n"
        "        answers = pool.map(ask, [(world, f'ie-nfq:{n}') for n in range(6, 9)])\n"
        "    print([answer.possible for answer in answers], {answer.world == world for answer in answers})\n",
        encoding="utf-8",
    )
    done = subprocess.run([sys.executable, str(program)], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[['5'], ['6'], ['6']] {True}"


def test_another_process_gives_the_same_answer(world, tmp_path):
    changed = world.without_documents("nz-nzqcf>ie-nfq@2020")
    question = changed.map_level("ie-nfq:8", to="nz-nzqcf")
    path = tmp_path / "answer.pickle"
    path.write_bytes(pickle.dumps(question))
    code = (
        "import pickle, sys; a = pickle.load(open(sys.argv[1], 'rb')); print(a.world.hash, a.possible, len(a.routes))"
    )
    done = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == f"{changed.hash} {question.possible} {len(question.routes)}"
