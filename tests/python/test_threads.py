"""Many threads on one world give the answers of one thread."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

import qualgraph as qg
from qualgraph import world as world_module

THREADS = 8
QUESTIONS = [
    ("nz-nzqcf:8", "eqf"),
    ("ie-nfq:8", "nz-nzqcf"),
    ("gb-sct-scqf:9", "ie-nfq"),
    ("ke-knqf:7", "eqf"),
    ("no-nkr:4A", "de-dqr"),
]


def all_at_once(work):
    """Results of `work(number)` on every thread, all started at the same moment."""
    gate = threading.Barrier(THREADS)

    def run(number: int):
        gate.wait()
        return work(number)

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(run, range(THREADS)))


def test_same_answers_on_a_fresh_world(world):
    want = [world.map_level(level, to=to).to_dict() for level, to in QUESTIONS]
    # A view of its own, so that what is derived from a world is built while all threads ask.
    fresh = world.without_documents([])

    def ask(number: int):
        order = QUESTIONS[number % 5 :] + QUESTIONS[: number % 5]
        answers = {question: fresh.map_level(question[0], to=question[1]) for question in order * 20}
        return [answers[question].to_dict() for question in QUESTIONS]

    assert all(got == want for got in all_at_once(ask))


def test_long_questions_side_by_side(world):
    fresh = world.without_documents([])

    def ask(number: int):
        if number % 2:
            return fresh.recognition_loss().table
        return fresh.reliance().table

    got = all_at_once(ask)
    assert all(table == world.recognition_loss().table for table in got[1::2])
    assert all(table == world.reliance().table for table in got[0::2])


def test_plural_questions_and_credits(world):
    levels = [f"ie-nfq:{n}" for n in range(1, 11)] * 20

    def ask(number: int):
        answers = world.map_level(levels, to="nz-nzqcf")
        credits = [world.convert(f"{n} ects", to="cats").by_hours for n in range(1, 30)]
        return [answer.possible for answer in answers], credits

    first, *others = all_at_once(ask)
    assert all(other == first for other in others)


def test_one_bundled_world_however_many_ask_for_it(monkeypatch):
    monkeypatch.setattr(world_module, "_bundled", {})
    worlds = all_at_once(lambda number: qg.load())
    assert len({id(world) for world in worlds}) == 1


def test_views_and_collections_are_made_once(world):
    fresh = world.without_documents([])
    views = all_at_once(lambda number: (id(fresh.view(as_of="2015-01-01")), id(fresh.frameworks)))
    assert len(set(views)) == 1


def test_the_lock_is_free_during_long_questions(world, tmp_path):
    # While one thread loads every fact, another counts; under one lock it would hardly move.
    files = world._files()
    counted = 0
    done = threading.Event()

    def load():
        for _ in range(3):
            world_module._core.load_facts(files, None, None, "all", False)
        done.set()

    thread = threading.Thread(target=load)
    thread.start()
    while not done.is_set():
        counted += 1
    thread.join()
    assert counted > 1000


@pytest.mark.parametrize("error", [qg.UnknownId])
def test_errors_cross_from_every_thread(world, error):
    def ask(number: int):
        with pytest.raises(error, match="Did you mean"):
            world.map_level("ie-nqf:1", to="eqf")
        return True

    assert all(all_at_once(ask))
