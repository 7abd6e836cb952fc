"""Verdicts, questions, edits and implications against plain Python that goes through every answer."""

from __future__ import annotations

import itertools
import json
import sys
from fractions import Fraction
from pathlib import Path

import pytest

import qualgraph as qg

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from reference import definitions as ref

WORDS = {True: "satisfied", False: "violated", None: "unknown"}
SEEDS = range(40)


def world_of(definitions: dict[str, dict]) -> qg.World:
    """A world of two credit systems and some made-up definitions."""
    files = [(f"credit_systems/{id}.json", json.dumps(ref.SYSTEMS[id])) for id in ("nz-credit", "ects")]
    files += [(f"definitions/{id}.json", json.dumps(each)) for id, each in definitions.items()]
    return qg.World(qg._core.load_facts(files, None, None, "all", False))


def made(seed: int, number: int = 3, ects: bool = False) -> tuple[dict[str, dict], qg.World]:
    dice = ref.dice_of(seed)
    definitions: dict[str, dict] = {}
    for n in range(number):
        one = ref.random_definition(dice, f"d{n}", list(definitions), ects=ects)
        definitions[one["id"]] = one
    return definitions, world_of(definitions)


def bundled() -> dict[str, dict]:
    paths = sorted((ref.DATA / "definitions").glob("*.json"))
    return {path.stem: json.loads(path.read_text("utf-8")) for path in paths}


# ---- verdicts


@pytest.mark.parametrize("seed", SEEDS)
def test_verdicts_on_made_up_definitions_equal_plain_python(seed):
    definitions, world = made(seed, ects=True)
    dice = ref.dice_of(1000 + seed)
    for _ in range(40):
        record = ref.random_record(dice, {*ref.ANSWERS, "hours"})
        if dice.random() < 0.3:
            record["credits"] = f"{dice.choice(['1/2', '1', '3/2', '2', '3'])} {dice.choice(['nz-credit', 'ects'])}"
        expected = {id: WORDS[ref.verdict(each, record, definitions)] for id, each in definitions.items()}
        assert world.classify(record).verdicts == expected, record


def ranged(test, levels):
    """Levels within a range, for records that state one on the framework asked or where nothing maps."""
    world = qg.load()
    own = [each for each in levels if each.startswith(test["framework"] + ":")]
    if not own:
        return None
    codes = [str(level.code) for level in world.framework(test["framework"]).levels]
    at = codes.index(own[0].partition(":")[2])
    low = codes.index(test["at_least"]) if "at_least" in test else 0
    high = codes.index(test["at_most"]) if "at_most" in test else len(codes) - 1
    return low <= at <= high


@pytest.mark.parametrize("seed", range(6))
def test_verdicts_of_every_bundled_definition_equal_plain_python(seed):
    world, definitions = qg.load(), bundled()
    dice = ref.dice_of(seed)
    for _ in range(60):
        record = ref.random_credential(dice, dice.choice([0.4, 0.8, 1]))
        small = dice.choice([None, "60 hours", "3 ects", "10 nz-credit"])
        k = world.classify(record, small=small)
        for id, verdict in k.verdicts.items():
            asked = definitions[id]
            if id in ("ae-cbmc", "ls-professional-development-award") and isinstance(record.get("level"), str):
                continue  # levels of other frameworks are read through documents
            letter = ref.verdict(asked, record, definitions, small=small, place=ranged)
            excepted = ref.verdict(asked, record, definitions, small=small, exceptions=True, place=ranged)
            assert (verdict, k[id].with_exceptions) == (WORDS[letter], WORDS[excepted]), (id, record, small)


@pytest.mark.parametrize("seed", range(8))
def test_filling_a_blank_never_flips_a_verdict(seed):
    world = qg.load()
    dice = ref.dice_of(seed)
    for _ in range(12):
        whole = ref.random_credential(dice, 1)
        names = list(whole)
        dice.shuffle(names)
        known: dict[str, str] = {}
        record: dict = {}
        for name in names:
            record[name] = whole[name]
            k = world.classify(record, small="60 hours")
            for verdicts in (k.verdicts, {f"{id} with exceptions": v for id, v in k.with_exceptions.items()}):
                for id, verdict in verdicts.items():
                    before = known.get(id, "unknown")
                    assert {before, verdict} != {"satisfied", "violated"}, (id, name, record)
                    known[id] = verdict if verdict != "unknown" else before


@pytest.mark.parametrize("seed", range(6))
def test_exceptions_never_make_a_verdict_worse(seed):
    dice = ref.dice_of(seed)
    order = ("violated", "unknown", "satisfied")
    for _ in range(30):
        k = qg.load().classify(ref.random_credential(dice, 0.7))
        for id in k:
            assert order.index(k[id].with_exceptions) >= order.index(k[id].verdict)


# ---- questions and what every answer would say


def completions(definition, definitions, record):
    names = ref.blanks_of(definition, definitions) - set(record)
    return [record | answers for answers in ref.grid(names)]


@pytest.mark.parametrize("seed", SEEDS)
def test_every_answer_is_gone_through(seed):
    definitions, world = made(seed)
    record = ref.random_record(ref.dice_of(2000 + seed), {*ref.ANSWERS, "hours"}, 0.3)
    k = world.classify(record)
    for id, definition in definitions.items():
        seen = {ref.verdict(definition, each, definitions) for each in completions(definition, definitions, record)}
        assert k.whatever_the_answer[id] == (WORDS[seen.pop()] if len(seen) == 1 else "unknown")


@pytest.mark.parametrize("seed", SEEDS)
def test_questions_are_a_smallest_set_that_settles_every_verdict(seed):
    definitions, world = made(seed, number=2)
    record = ref.random_record(ref.dice_of(3000 + seed), {*ref.ANSWERS, "hours"}, 0.4)
    k = world.classify(record)

    def settles(names, chosen):
        for id in chosen:
            relevant = (ref.blanks_of(definitions[id], definitions) - set(record)) & set(names)
            if any(ref.verdict(definitions[id], record | each, definitions) is None for each in ref.grid(relevant)):
                return False
        return True

    def smallest(chosen):
        blanks = sorted(set().union(*(ref.blanks_of(definitions[id], definitions) for id in chosen)) - set(record))
        for size in range(len(blanks) + 1):
            if any(settles(names, chosen) for names in itertools.combinations(blanks, size)):
                return size
        raise AssertionError("a full record settles everything here")

    assert k.unsettled == ()
    assert settles(k.questions, definitions)
    assert len(k.questions) == smallest(definitions)
    for id in definitions:
        assert settles(k[id].questions, [id])
        assert len(k[id].questions) == smallest([id])


def test_answers_do_not_mend_a_record_that_contradicts_itself():
    k = qg.load().classify({"hours": 1, "credits": "40 nz-credit", "assessed": True, "relation": ["component"]})
    assert "au-2021" in k.unsettled
    assert k["au-2021"].questions == ()
    assert k.whatever_the_answer["au-2021"] == "unknown"
    assert {one.name for one in k["au-2021"].edit} in ({"hours"}, {"credits"})


# ---- edits


@pytest.mark.parametrize("seed", SEEDS)
def test_edits_are_smallest(seed):
    definitions, world = made(seed, number=2)
    record = ref.random_record(ref.dice_of(4000 + seed), {*ref.ANSWERS, "hours"}, 0.8)
    k = world.classify(record)
    for id, definition in definitions.items():
        names = sorted(ref.blanks_of(definition, definitions))

        def possible(number, names=names, definition=definition):
            return any(
                ref.verdict(definition, record | answers, definitions) is True
                for chosen in itertools.combinations(names, number)
                for answers in ref.grid(chosen)
            )

        least = next((n for n in range(len(names) + 1) if possible(n)), None)
        edit = k[id].edit
        if least is None:
            assert edit is None
            continue
        assert len(edit) == least
        changed = record | {one.name: one.to for one in edit}
        assert world.classify(changed).verdicts[id] == "satisfied"
        for one in edit:
            assert one.from_ == record.get(one.name)


@pytest.mark.parametrize("seed", range(10))
def test_edits_of_bundled_definitions_satisfy_them_and_no_part_does(seed):
    world = qg.load()
    record = ref.random_credential(ref.dice_of(seed), 0.7)
    k = world.classify(record, small="60 hours")
    for id in k:
        edit = k[id].edit
        assert edit is not None
        whole = record | {one.name: one.to for one in edit}
        assert world.classify(whole, small="60 hours").verdicts[id] == "satisfied", (id, record, edit)
        for left_out in edit:
            part = record | {one.name: one.to for one in edit if one is not left_out}
            assert world.classify(part, small="60 hours").verdicts[id] != "satisfied", (id, record, edit)


# ---- implication


@pytest.mark.parametrize("seed", SEEDS)
def test_implications_hold_for_every_answer_and_witnesses_tell_the_rest_apart(seed):
    definitions, world = made(seed, number=3)
    order = world.definition_order()
    for a, b in itertools.permutations(definitions, 2):
        names = ref.blanks_of(definitions[a], definitions) | ref.blanks_of(definitions[b], definitions)
        apart = any(
            ref.verdict(definitions[a], each, definitions) is True
            and ref.verdict(definitions[b], each, definitions) is False
            for each in ref.grid(names)
        )
        assert order.implies(a, b) != apart, (definitions[a]["clauses"], definitions[b]["clauses"])
        witness = order[a, b].witness
        if witness is not None:
            assert ref.verdict(definitions[a], witness, definitions) is True
            assert ref.verdict(definitions[b], witness, definitions) is False


def sizes():
    """Hours, and credits of two systems consistent with them, on a grid finer than every region."""
    for hours in (Fraction(n, 6) * 5 for n in range(3, 120)):
        yield {"hours": hours}
        yield {"hours": hours, "credits": f"{hours / 10} nz-credit"}
        low, high = hours / 30, hours / 25
        step = Fraction(1, 12)
        ends = {low, high, (low + high) / 2, *(n * step for n in range(int(low / step), int(high / step) + 2))}
        yield from ({"hours": hours, "credits": f"{each} ects"} for each in sorted(ends) if low <= each <= high)


GRID = list(sizes())


@pytest.mark.parametrize("seed", range(12))
def test_implications_between_sizes_in_several_units(seed):
    dice = ref.dice_of(5000 + seed)
    definitions: dict[str, dict] = {}
    for n in range(3):
        one = ref.random_definition(dice, f"d{n}")
        tests = []
        for _ in range(dice.choice([1, 2])):
            unit = dice.choice(["hours", "nz-credit", "ects"])
            amount = dice.choice([1, 2, 3]) * (10 if unit == "hours" else 1)
            tests.append({"size": {dice.choice(["at_least", "at_most", "below", "above"]): f"{amount} {unit}"}})
        clause = one["clauses"][0]
        one["clauses"] = [clause | {"id": f"c{at}", "test": test} for at, test in enumerate(tests)]
        definitions[one["id"]] = one
    order = world_of(definitions).definition_order()
    truths = {id: [ref.verdict(each, size, definitions) for size in GRID] for id, each in definitions.items()}
    for a, b in itertools.permutations(definitions, 2):
        apart = any(x is True and y is False for x, y in zip(truths[a], truths[b], strict=True))
        if apart:
            assert not order.implies(a, b)
        if not order.implies(a, b):
            witness = order[a, b].witness
            assert ref.verdict(definitions[a], witness, definitions) is True
            assert ref.verdict(definitions[b], witness, definitions) is False
