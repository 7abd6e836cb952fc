"""What has to hold of answers about levels: the engine against the slow reference, and by itself.

The reference (``tests/reference``) says what an answer is; drawn worlds and the bundled facts are
asked both, and every field that both have has to be the same. The laws below it need no reference.
"""

import copy
import datetime
import functools
import itertools
import json
import pathlib
import random
from fractions import Fraction

import pytest

import qualgraph as qg
from reference import against, levels, worlds
from reference.levels import Facts

DATA = pathlib.Path(__file__).resolve().parents[2] / "data"

#: Seeds of drawn worlds: 150 in the quick part, 3,000 in all.
DRAWN = [range(start, start + 25) for start in range(0, 150, 25)]
DRAWN += [pytest.param(range(start, start + 150), marks=pytest.mark.full) for start in range(150, 3000, 150)]
#: The laws draw worlds of their own from fewer seeds.
FEW = range(40)

VIEWS = [
    {},
    {"evidence": "read"},
    {"as_of": "2008-06-30"},
    {"as_of": "2015-01-01"},
    {"as_of": "2013-09-01", "evidence": "read"},
]
QUESTIONS = [
    {},
    {"slack": 1},
    {"type": "Master\u2019s  DEGREE."},
    {"purpose": "recognition"},
    {"via": []},
    {"slack": 2, "type": "diploma"},
]


def question_text(level, to, view, question):
    told = ", ".join(f"{name}={value!r}" for name, value in {**question, **view}.items())
    return f"{level} -> {to} ({told})" if told else f"{level} -> {to}"


def differences(world, facts, level, to, view, question):
    """Lines that say where engine and reference differ on one question."""
    answer = world.map_level(level, to=to, routes="all", **question)
    expected = levels.map_level(facts, level, to, routes="all", **question, **view)
    return against.difference(against.engine_level(answer), against.reference_level(expected))


def fail_with(found, world=None):
    """Fail with all that differs, and with the world it was found in."""
    if found:
        shown = "\n".join(found[:20]) + (f"\n... and {len(found) - 20} more" if len(found) > 20 else "")
        pytest.fail(shown + (f"\nworld: {json.dumps(world)}" if world else ""))


@pytest.fixture
def load(tmp_path_factory):
    """Load a drawn world through the readers of a data folder."""

    def read(world):
        return qg.load(worlds.write_folder(world, tmp_path_factory.mktemp("world")))

    return read


def ordered_pairs(facts):
    return list(itertools.permutations(facts.frameworks, 2))


def all_questions(facts):
    """Every (level, framework) of different frameworks."""
    return [(f"{a}:{code}", b) for a, b in ordered_pairs(facts) for code in facts.frameworks[a].codes]


# -- engine and reference: answers --------------------------------------------------------------


@pytest.mark.parametrize("seeds", DRAWN)
def test_drawn_worlds_are_answered_as_the_reference_does(load, seeds):
    for seed in seeds:
        drawn = worlds.random_world(seed)
        world, facts = load(drawn), Facts.from_world(drawn)
        turns = random.Random(seed)
        asked = [({}, {})]
        asked += [(turns.choice(VIEWS), turns.choice(QUESTIONS)) for _ in range(2)]
        found = []
        for view, question in asked:
            seen = world.view(**view)
            for level, to in all_questions(facts):
                lines = differences(seen, facts, level, to, view, question)
                found += [f"seed {seed}, {question_text(level, to, view, question)} {line}" for line in lines]
        fail_with(found, drawn)


@pytest.mark.parametrize("seeds", DRAWN)
def test_drawn_paths_named_by_the_caller_are_followed_as_the_reference_does(load, seeds):
    for seed in seeds:
        drawn = worlds.random_world(seed, frameworks=(3, 5), crossing=30)
        world, facts = load(drawn), Facts.from_world(drawn)
        turns = random.Random(seed)
        found = []
        for level, to in all_questions(facts):
            between = [name for name in facts.frameworks if name not in (level.split(":")[0], to)]
            question = {"via": turns.sample(between, turns.randint(1, min(3, len(between))))}
            view = turns.choice(VIEWS)
            lines = differences(world.view(**view), facts, level, to, view, question)
            found += [f"seed {seed}, {question_text(level, to, view, question)} {line}" for line in lines]
        fail_with(found, drawn)


@functools.cache
def bundled():
    """The bundled facts as the reference reads them, and their connected frameworks."""
    facts = Facts.from_folder(DATA)
    linked = {name for m in facts.mappings.values() for name in (m.source, m.target)}
    return facts, sorted(linked)


def bundled_differences(world, questions, view, question):
    facts, _ = bundled()
    seen = world.view(**view)
    found = []
    for level, to in questions:
        lines = differences(seen, facts, level, to, view, question)
        found += [f"{question_text(level, to, view, question)} {line}" for line in lines]
    return found


def test_the_bundled_facts_are_answered_as_the_reference_does(world):
    facts, linked = bundled()
    turns = random.Random(2024)
    starts = [f"{name}:{code}" for name in linked for code in facts.frameworks[name].codes]
    found = []
    for _ in range(1500):
        level, to = turns.choice(starts), turns.choice(linked)
        view, question = turns.choice([{}, turns.choice(VIEWS)]), turns.choice([{}, turns.choice(QUESTIONS)])
        if "via" in question and level.split(":")[0] == to:
            continue
        found += bundled_differences(world, [(level, to)], view, question)
    fail_with(found)


@pytest.mark.full
@pytest.mark.parametrize(
    ("view", "question"),
    [({}, {}), *(({}, q) for q in QUESTIONS[1:]), *((v, {}) for v in VIEWS[1:]), ({}, {"via": ["eqf"]})],
    ids=str,
)
def test_every_bundled_question_is_answered_as_the_reference_does(world, view, question):
    facts, linked = bundled()
    questions = [
        (f"{a}:{code}", b)
        for a in linked
        for code in facts.frameworks[a].codes
        for b in linked
        if "via" not in question or len({a, b, *question["via"]}) == 2 + len(question["via"])
    ]
    fail_with(bundled_differences(world, questions, view, question))


def test_questions_that_cannot_be_asked_are_refused_by_both(world):
    facts, _ = bundled()
    impossible = [
        {"via": ["eqf", "ie-nfq", "gb-eng-rqf", "gb-wls-cqfw"]},
        {"via": ["eqf", "eqf"]},
        {"via": ["nz-nzqcf"]},
        {"slack": -1},
    ]
    for question in impossible:
        with pytest.raises(ValueError, match=r"\w"):
            levels.map_level(facts, "nz-nzqcf:5", "gb-sct-scqf", **question)
        with pytest.raises(qg.InvalidValue):
            world.map_level("nz-nzqcf:5", to="gb-sct-scqf", **question)
    with pytest.raises(ValueError, match=r"\w"):
        levels.map_level(facts, "eqf:5", "eqf", via=[])
    with pytest.raises(qg.InvalidValue):
        world.map_level("eqf:5", to="eqf", via=[])


# -- engine and reference: bounds, losses, documents ----------------------------------------------


def bounds_differ(world, facts, view):
    for on, to in ordered_pairs(facts):
        for code in facts.frameworks[to].codes:
            for verb in ("at_least", "at_most"):
                bound = getattr(world, verb)(f"{to}:{code}", on=on)
                engine = [] if bound is None else [level.split(":")[1] for level in bound.levels]
                expected = getattr(levels, verb)(facts, f"{to}:{code}", on, **view)
                if engine != expected:
                    yield f"{verb} {to}:{code} on {on}: engine {engine}, reference {expected}"


def trips_differ(trip, expected):
    for each in trip.levels:
        there = expected[each.level]
        engine = (each.fate, list(each.returns), each.up, each.down)
        if engine != (there["fate"], there["back"], there["up"] or 0, there["down"] or 0):
            yield f"{trip.from_}:{each.level} to {trip.to} and back: engine {engine}, reference {there}"
    codes = [each.level for each in trip.levels]
    for fate in ("recoverable", "drifting", "lost"):
        listed = [c for c in codes if expected[c]["fate"] == fate]
        if getattr(trip, fate) != listed:
            yield f"{trip.from_} to {trip.to}: engine {fate} {getattr(trip, fate)}, reference {listed}"


def losses_differ(world, facts, view):
    expected = {(a, b): levels.recognition_loss(facts, a, b, **view) for a, b in ordered_pairs(facts)}
    atlas = {(trip.from_, trip.to): trip for trip in world.recognition_loss()}
    linked = {
        (a, b)
        for a, b in expected
        if any(levels.admitted_answer(facts, f"{a}:{c}", b, **view) for c in facts.frameworks[a].codes)
    }
    if set(atlas) != linked:
        yield f"pairs in the atlas: {sorted(set(atlas) ^ linked)}"
    for (a, b), there in expected.items():
        yield from trips_differ(world.round_trip(a, b), there)
        if (a, b) in atlas:
            assert atlas[a, b].levels == world.round_trip(a, b).levels


def documents_differ(world, facts, view):
    supported = levels.supported_by_document(facts, **view)
    everything = set().union(*supported.values())
    lost = levels.reliance(facts, **view)

    def asked(pairs):
        return {(level, other.split(":")[0]) for level, other in pairs}

    report = {row["document"]: row for row in world.reliance()}
    for document, gone in lost.items():
        expected = (
            len(supported[document]),
            len(gone),
            len(asked(everything) - asked(everything - gone)),
        )
        if document not in report:
            if expected != (0, 0, 0):
                yield f"reliance on {document}: not reported, reference {expected}"
            continue
        row = report[document]
        engine = (row["pairs_supported"], row["pairs_lost"], row["levels_lost"])
        if engine != expected:
            yield f"reliance on {document}: engine {engine}, reference {expected}"
    assert set(report) <= set(lost)


def conflicts_differ(world, facts, view):
    expected = {}
    for level, to in all_questions(facts):
        answer = levels.map_level(facts, level, to, **view)
        if answer["status"] == "conflict" and not answer["peer"]:
            expected[level, to] = answer["conflict"]
    engine = {(each.level, each.to): [list(route) for route in each.family] for each in world.conflicts()}
    if engine != expected:
        yield f"conflicts: engine {engine}, reference {expected}"


def tables_differ(world, facts):
    for mapping_id in facts.mappings:
        table = world.mapping(mapping_id)
        expected = levels.document_crossings(facts, mapping_id)
        if set(table.crossings) != expected or len(table.crossings) != len(expected):
            yield f"crossings of {mapping_id}: engine {table.crossings}, reference {sorted(expected)}"
        distinct, mapped, merged = levels.retention(facts, mapping_id)
        retention = table.retention
        neighbours = [pair for run in retention.merged for pair in itertools.pairwise(run)]
        if (retention.distinct, retention.mapped, neighbours) != (distinct, mapped, merged):
            yield f"retention of {mapping_id}: engine {retention}, reference {distinct, mapped, merged}"
        if mapped:
            assert retention.share == Fraction(retention.distinct, retention.mapped)
        rises = levels.document_egli_milner(facts, mapping_id)
        if table.egli_milner != rises:
            yield f"order of {mapping_id}: engine {table.egli_milner}, reference {rises}"


@pytest.mark.parametrize("seeds", DRAWN)
def test_bounds_and_losses_of_drawn_worlds(load, seeds):
    for seed in seeds:
        drawn = worlds.random_world(seed, frameworks=(2, 4))
        facts, view = Facts.from_world(drawn), VIEWS[seed % len(VIEWS)]
        world = load(drawn).view(**view)
        found = [*bounds_differ(world, facts, view), *losses_differ(world, facts, view)]
        fail_with([f"seed {seed} {view}: {line}" for line in found], drawn)


@pytest.mark.parametrize("seeds", DRAWN)
def test_reports_on_documents_of_drawn_worlds(load, seeds):
    for seed in seeds:
        drawn = worlds.random_world(seed, frameworks=(2, 4), second=50, crossing=20)
        facts, view = Facts.from_world(drawn), VIEWS[seed % 2]
        world = load(drawn)
        found = list(tables_differ(world, facts))
        seen = world.view(**view)
        found += [*documents_differ(seen, facts, view), *conflicts_differ(seen, facts, view)]
        fail_with([f"seed {seed} {view}: {line}" for line in found], drawn)


def withdrawn(drawn, rows):
    """The world without some printed rows or statements; a level that loses one is unresolved then."""
    world = copy.deepcopy(drawn)
    tables = {raw["id"]: raw for raw in world["mappings"]}
    for row in rows:
        table = tables[row.mapping]
        pair = [row.from_, row.to]
        table["pairs"] = [p for p in table["pairs"] if p != pair]
        table["partial"] = [p for p in table["partial"] if [p["from"], p["to"]] != pair]
        table["multi"] = [m for m in table["multi"] if m["from"] != row.from_]
        if "pairs_known" in table:
            table["pairs_known"] = [p for p in table["pairs_known"] if p != pair]
            if not table["pairs_known"]:
                del table["pairs_known"]
                table["pairs_evidence"] = "read"
        if not row.to:
            table["unmatched"] = [u for u in table["unmatched"] if u["level"] != row.from_]
        if not row.from_:
            table["unmatched_to"] = [u for u in table["unmatched_to"] if u["level"] != row.to]
        for side, code in (("from", row.from_), ("to", row.to)):
            open_levels = [(u["side"], u["level"]) for u in table["unresolved"]]
            if code and (side, code) not in open_levels:
                table["unresolved"].append({"side": side, "level": code, "note": None})
        table["pairs_complete"] = False
    return world


def test_withdrawing_the_rows_named_ends_every_contradiction(load):
    ended = 0
    for seed in range(80):
        drawn = worlds.random_world(seed, frameworks=(2, 4), second=50, crossing=20)
        report = load(drawn).conflicts()
        assert bool(report.withdraw) == bool(len(report))
        if len(report):
            ended += 1
            left = load(withdrawn(drawn, report.withdraw)).conflicts()
            assert len(left) == 0, (seed, str(left))
    assert ended > 20


def test_bundled_tables_keep_and_cross_what_the_reference_says(world):
    fail_with(list(tables_differ(world, bundled()[0])))


def test_sampled_round_trips_of_the_bundled_facts(world):
    facts, linked = bundled()
    turns = random.Random(7)
    found = []
    for _ in range(150):
        a, b = turns.sample(linked, 2)
        view = turns.choice(VIEWS)
        trip = world.view(**view).round_trip(a, b)
        found += trips_differ(trip, levels.recognition_loss(facts, a, b, **view))
    fail_with(found)


def test_sampled_bounds_of_the_bundled_facts(world):
    facts, linked = bundled()
    turns = random.Random(11)
    found = []
    for _ in range(150):
        on, to = turns.sample(linked, 2)
        code = turns.choice(facts.frameworks[to].codes)
        for verb in ("at_least", "at_most"):
            bound = getattr(world, verb)(f"{to}:{code}", on=on)
            engine = [] if bound is None else [level.split(":")[1] for level in bound.levels]
            expected = getattr(levels, verb)(facts, f"{to}:{code}", on)
            if engine != expected:
                found.append(f"{verb} {to}:{code} on {on}: engine {engine}, reference {expected}")
    fail_with(found)


@pytest.mark.full
def test_all_losses_of_the_bundled_facts(world):
    facts, linked = bundled()
    # Each answer is part of many round trips, and the reference takes its time.
    answer = functools.cache(functools.partial(levels.admitted_answer, facts))
    silent = functools.cache(functools.partial(levels.unsaid, facts))
    found, seen = [], set()
    for trip in world.recognition_loss():
        a, b = trip.from_, trip.to
        seen.add((a, b))
        found += trips_differ(trip, levels.losses(facts, a, b, answer, silent))
    assert seen == {
        (a, b)
        for a, b in itertools.permutations(linked, 2)
        if any(answer(f"{a}:{c}", b) for c in facts.frameworks[a].codes)
    }
    fail_with(found)


@pytest.mark.full
def test_contradictions_and_reliance_of_the_bundled_facts(world):
    facts, linked = bundled()
    supports, routes, conflicts = {}, {}, {}
    for a, b in itertools.permutations(linked, 2):
        for code in facts.frameworks[a].codes:
            level = f"{a}:{code}"
            answer = levels.map_level(facts, level, b)
            if answer["status"] == "conflict" and not answer["peer"]:
                conflicts[level, b] = answer["conflict"]
            for route in answer["routes"]:
                if route["status"] == "alive":
                    for c in route["possible"]:
                        routes.setdefault((level, b, c), []).append(set(route["documents"]))
    for pair, found in routes.items():
        for document in set().union(*found):
            supports.setdefault(document, []).append((pair, all(document in r for r in found)))
    engine = {(each.level, each.to): [list(route) for route in each.family] for each in world.conflicts()}
    assert engine == conflicts
    report = {row["document"]: row for row in world.reliance()}
    for document, found in supports.items():
        row = report[document]
        lost = {pair for pair, only in found if only}
        asked = {pair[:2] for pair in lost}
        gone = {q for q in asked if all((*q, c) not in routes or (*q, c) in lost for c in facts.frameworks[q[1]].codes)}
        assert (row["pairs_supported"], row["pairs_lost"], row["levels_lost"]) == (
            len(found),
            len(lost),
            len(gone),
        ), document


# -- laws of relations ----------------------------------------------------------------------------


def relation(world, source, to, **options):
    """All pairs that the routes between two frameworks give, each route by itself."""
    return {
        (level.code, code)
        for level in world.framework(source).levels
        for route in world.map_level(str(level), to=to, routes="all", **options).routes
        if route.status in ("alive", "peer")
        for code in route.possible
    }


def chain(seed, *names, parents=0, **changes):
    """A world of one document per neighbouring pair, in either direction; inner frameworks are hubs."""
    dice = worlds.Dice(seed)
    options = {**worlds.DEFAULTS, **worlds.PLAIN, "crossing": 50, "wide": 50, "unmatched": 15, "silent": 15}
    options |= {"levels": (3, 7), "parallel": 20, "parents": parents, **changes}
    frameworks = []
    for i, name in enumerate(names):
        codes, tracks, above = worlds.draw_levels(dice, options)
        frameworks.append(worlds.framework(name, codes, 0 < i < len(names) - 1, tracks, above))
    mappings = []
    for first, second in itertools.pairwise(frameworks):
        source, target = (first, second) if dice.chance(50) else (second, first)
        mappings.append(worlds.draw_mapping(dice, options, source, target, mappings))
    return {"frameworks": frameworks, "mappings": mappings}


def identity_rows(framework):
    codes = [level["code"] for level in framework["levels"]]
    return list(zip(codes, codes, strict=True))


def edition_of(framework, name):
    return {**copy.deepcopy(framework), "id": name}


def what_counts(answer):
    """An answer without the documents it rests on."""
    seen = against.engine_level(answer)
    names = ("status", "possible", "complete", "floors", "ceilings", "width", "bracket", "peer")
    return {name: seen[name] for name in names}


def test_i1_an_edition_that_changes_nothing_changes_no_answer(load):
    for seed in FEW:
        drawn = chain(seed, "a", "h", "b", partial=20, block=20)
        for end, other in ((0, 2), (2, 0)):
            old, far = drawn["frameworks"][end], drawn["frameworks"][other]["id"]
            more = copy.deepcopy(drawn)
            more["frameworks"].append(edition_of(old, "new"))
            more["mappings"].append(worlds.mapping("new", old["id"], identity_rows(old), join=True, strength="adopted"))
            world = load(more)
            for level in world.framework("new").levels:
                before, after = f"{old['id']}:{level.code}", str(level)
                assert relation(world, "new", far) == relation(world, old["id"], far)
                plain = world.map_level(before, to=far)
                through = world.map_level(after, to=far)
                if plain.status != "no_counterpart":  # said of the level itself, not of its edition
                    assert what_counts(through) == what_counts(plain), (seed, before)
            assert relation(world, far, "new") == relation(world, far, old["id"])


def test_i2_composition_is_associative(load):
    for seed in FEW:
        world = load(chain(seed, "a", "g", "h", "b"))
        first, second, third = (relation(world, x, y, via=[]) for x, y in (("a", "g"), ("g", "h"), ("h", "b")))
        left = levels.compose(relation(world, "a", "h", via=["g"]), third)
        right = levels.compose(first, relation(world, "g", "b", via=["h"]))
        assert left == right == relation(world, "a", "b", via=["g", "h"])
        assert left == levels.compose(levels.compose(first, second), third)


def test_i3_the_way_back_of_a_path_is_the_path_of_the_ways_back(load):
    for seed in FEW:
        world = load(chain(seed, "a", "g", "h", "b", partial=20))
        there = relation(world, "a", "b", via=["g", "h"])
        assert relation(world, "b", "a", via=["h", "g"]) == levels.converse(there)


def test_i4_a_table_turned_twice_is_the_table(load):
    for seed in FEW:
        drawn = chain(seed, "a", "b")
        there = relation(load(drawn), "a", "b", via=[])
        table = drawn["mappings"][0]
        turned = copy.deepcopy(drawn)
        turned["mappings"] = [
            {**worlds.mapping(table["to"], table["from"], [(b, a) for a, b in table["pairs"]], complete=False)}
        ]
        world = load(turned)
        assert relation(world, "a", "b", via=[]) == there
        assert levels.converse(relation(world, "b", "a", via=[])) == there


def test_i5_composition_distributes_over_union(load):
    for seed in FEW:
        drawn = chain(seed, "a", "h", "b")
        dice = random.Random(seed)
        parted = copy.deepcopy(drawn)
        table = parted["mappings"].pop(0)
        rows = [tuple(pair) for pair in table["pairs"]]
        first = [row for row in rows if dice.random() < 0.6]
        second = [row for row in rows if row not in first or dice.random() < 0.3]
        for year, part in ((2001, first), (2002, second)):
            parted["mappings"].append(
                worlds.mapping(table["from"], table["to"], part, year=year, kind=table["kind"], complete=False)
            )
        whole, parts = load(drawn), load(parted)
        for start, end in (("a", "b"), ("b", "a")):
            assert relation(whole, start, end, via="h") == relation(parts, start, end, via="h")


def rises(facts, pairs, source, to):
    here, there = facts.frameworks[source], facts.frameworks[to]
    return levels.egli_milner(pairs, here.less, lambda x, y: not there.less(y, x))


def test_i6_tables_without_crossings_compose_to_rising_sets(load):
    for seed in FEW:
        names = ["a", "f", "g", "h", "b"][: 3 + seed % 3]
        names[-1] = "b"
        drawn = chain(seed, *names, crossing=0, overlap=0)
        world, facts = load(drawn), Facts.from_world(drawn)
        assert all(mapping.crossings == [] for mapping in world.mappings)
        inner = names[1:-1]
        assert rises(facts, relation(world, "a", "b", via=inner), "a", "b"), seed
        assert rises(facts, relation(world, "b", "a", via=inner[::-1]), "b", "a"), seed


def test_i6_rising_tables_compose_where_the_second_is_total(load):
    crossed = 0
    for seed in FEW:
        drawn = chain(seed, "a", "h", "b", crossing=0, overlap=100, wide=70, unmatched=0, silent=0)
        for mapping in drawn["mappings"]:
            if mapping["from"] != ("a" if "a" in (mapping["from"], mapping["to"]) else "h"):
                break  # the theorem is about tables read forwards
        else:
            world, facts = load(drawn), Facts.from_world(drawn)
            if all(mapping.egli_milner for mapping in world.mappings):
                crossed += any(mapping.crossings for mapping in world.mappings)
                assert rises(facts, relation(world, "a", "b", via="h"), "a", "b"), seed
    assert crossed


# -- minimum and cap ------------------------------------------------------------------------------


def climbing(seed):
    """A rising function between two chains as a table, and the function."""
    dice = random.Random(seed)
    here, there = dice.randint(2, 8), dice.randint(2, 8)
    steps = sorted(dice.randint(1, there) for _ in range(here))
    rows = [(str(a), str(b)) for a, b in enumerate(steps, start=1)]
    frameworks = [
        worlds.framework("a", [r[0] for r in rows]),
        worlds.framework("b", list(map(str, range(1, there + 1)))),
    ]
    return {"frameworks": frameworks, "mappings": [worlds.mapping("a", "b", rows)]}, steps, there


def bound(found):
    return None if found is None else int(found.levels[0].split(":")[1])


def test_i7_minimum_and_cap_are_the_adjoints_of_a_rising_function(load):
    for seed in FEW:
        drawn, steps, top = climbing(seed)
        world = load(drawn)
        for b in range(1, top + 1):
            low = bound(world.at_least(f"b:{b}", on="a"))
            high = bound(world.at_most(f"b:{b}", on="a"))
            for a, value in enumerate(steps, start=1):
                assert (low is not None and low <= a) == (b <= value)
                assert (high is not None and a <= high) == (value <= b)


def test_i8_going_over_and_back_brackets_the_level(load):
    for seed in FEW:
        drawn, steps, _ = climbing(seed)
        world = load(drawn)
        for a, value in enumerate(steps, start=1):
            low = bound(world.at_least(f"b:{value}", on="a"))
            high = bound(world.at_most(f"b:{value}", on="a"))
            assert low <= a <= high
            assert steps[high - 1] == steps[low - 1] == value


def test_i7_bounds_of_set_valued_answers_follow_their_ends(load):
    for seed in FEW:
        drawn = chain(seed, "a", "h", "b", crossing=0, overlap=0, parallel=0)
        world, facts = load(drawn), Facts.from_world(drawn)
        here, there = facts.frameworks["a"], facts.frameworks["b"]
        answers = {code: world.map_level(f"a:{code}", to="b") for code in here.codes}
        sure = {code: a for code, a in answers.items() if a.guaranteed}
        for code in there.codes:
            low = world.at_least(f"b:{code}", on="a")
            high = world.at_most(f"b:{code}", on="a")
            reach = [c for c, a in sure.items() if there.leq(code, a.floor)]
            within = [c for c, a in sure.items() if there.leq(a.ceiling, code)]
            assert not reach or here.leq(low.levels[0].split(":")[1], reach[0])
            assert not within or here.leq(within[-1], high.levels[0].split(":")[1])


# -- losses ---------------------------------------------------------------------------------------


def test_i9_an_identity_loses_nothing(load):
    for seed in FEW:
        drawn = chain(seed, "a", "h", parents=20)
        first = drawn["frameworks"][0]
        drawn["frameworks"][1] = {**edition_of(first, "h"), "hub": True, "kind": "regional"}
        drawn["mappings"] = [worlds.mapping("a", "h", identity_rows(first))]
        world = load(drawn)
        codes = [code for code, _ in identity_rows(first)]
        assert world.round_trip("a", "h").recoverable == codes
        assert world.round_trip("h", "a").recoverable == codes


def test_i10_a_level_comes_back_among_others_if_its_route_is_alive(load):
    for seed in FEW:
        world = load(chain(seed, "a", "g", "h", "b", partial=20, known=50))
        for view in ({}, {"evidence": "read"}):
            seen = world.view(**view)
            for start, end in (("a", "b"), ("b", "a")):
                for each in seen.round_trip(start, end).levels:
                    there = seen.map_level(f"{start}:{each.level}", to=end)
                    assert (each.level in each.returns) == bool(there.possible), (seed, each)


# -- several routes -------------------------------------------------------------------------------

#: Cycles change what counts as a document for a whole framework, so worlds that gain or lose one
#: document leave them out.
NO_CYCLES = {"cycles": 0}


def test_i11_one_more_document_never_enlarges_an_intersection_nor_ends_a_conflict(load):
    met = 0
    for seed in FEW:
        drawn = worlds.random_world(seed, second=60, **NO_CYCLES)
        dice = worlds.Dice(seed)
        source, target = dice.random.sample(drawn["frameworks"], 2)
        more = copy.deepcopy(drawn)
        more["mappings"].append({**worlds.draw_mapping(dice, worlds.DEFAULTS, source, target, []), "status": "current"})
        newly_named(more["mappings"][-1])
        before, after = load(drawn), load(more)
        for level, to in all_questions(Facts.from_world(drawn)):
            old, new = before.map_level(level, to=to), after.map_level(level, to=to)
            if old.status == "conflict" and not old.peer:
                assert new.status == "conflict", (seed, level, to)
                met += 1
            elif old.status == "mapped" and old.complete:
                assert new.status == "conflict" or set(new.possible) <= set(old.possible)
                assert new.status == "conflict" or new.complete
                met += len(new.routes) > len(old.routes)
    assert met > 20


def newly_named(mapping):
    """Give a drawn mapping the name of a document of its own."""
    mapping["id"] = mapping["document_id"] = f"{mapping['from']}>{mapping['to']}@1999"
    mapping["document"] = f"Table {mapping['document_id']}"


def living(answer):
    return [route for route in answer.routes if route.status == ("peer" if answer.peer else "alive")]


def test_i12_provenance_says_what_stays_when_a_document_goes(load):
    withdrawn = 0
    for seed in FEW:
        drawn = worlds.random_world(seed, second=60, **NO_CYCLES)
        world = load(drawn)
        documents = sorted({raw["document_id"] for raw in drawn["mappings"]})
        without = {document: world.without_documents([document]) for document in documents}
        for level, to in all_questions(Facts.from_world(drawn)):
            answer = world.map_level(level, to=to)
            routes = living(answer)
            for code in answer.possible:
                why = answer.provenance(code)
                giving = [route.documents for route in routes if code in route.possible]
                assert sorted(map(sorted, why.terms)) == sorted(map(sorted, giving))
                assert set(why.witnesses) == levels.minimal_sets(map(frozenset, giving))
                assert set(why.withdrawals) == levels.hitting_sets(set(why.witnesses))
                assert why.documents == min(map(len, giving))
            for document in documents:
                left = {tuple(r.mappings): r.possible for r in living(without[document].map_level(level, to=to))}
                kept = {tuple(r.mappings): r.possible for r in routes if document not in r.documents}
                if kept:
                    assert left == kept, (seed, level, to, document)
                    withdrawn += 1
                elif not answer.peer:
                    assert not any(
                        r.admitted for r in without[document].map_level(level, to=to).routes if r.status == "alive"
                    )
    assert withdrawn > 100


def test_i13_a_second_copy_of_a_document_adds_no_strength(load):
    for seed in FEW:
        drawn = worlds.random_world(seed, frameworks=(2, 4), **NO_CYCLES)
        if not drawn["mappings"]:
            continue
        twice = copy.deepcopy(drawn)
        again = copy.deepcopy(random.Random(seed).choice(twice["mappings"]))
        newly_named(again)
        twice["mappings"].append(again)
        once, doubled = load(drawn), load(twice)
        for level, to in all_questions(Facts.from_world(drawn)):
            old, new = once.map_level(level, to=to), doubled.map_level(level, to=to)
            assert what_counts(new) == what_counts(old), (seed, level, to)
            for code in old.possible:
                before, after = old.provenance(code), new.provenance(code)
                assert (after.strength, after.evidence) == (before.strength, before.evidence)
                assert after.documents == before.documents


# -- graded evidence ------------------------------------------------------------------------------


def shares_of(table):
    rows = {}
    for level in table.from_levels:
        rows[level] = {code: table.share(level, code) for code in table.to_levels if table.share(level, code)}
        if table.unmatched(level):
            rows[level][levels.UNMATCHED] = table.unmatched(level)
    return rows


def counted(dice):
    """Counts of one population: levels of a at hub levels, and hub levels at levels of c."""
    hubs, ends = ["h1", "h2", "h3"], ["x", "y"]
    first = {}
    for a in ("1", "2", "3"):
        first[a] = {h: dice.randint(0, 4) for h in hubs} | {None: dice.randint(0, 2)}
        first[a]["h1"] += not any(first[a].values())
    second = {}
    for h in hubs:
        rest = sum(row[h] for row in first.values())
        if not rest:
            for row in first.values():
                del row[h]
            continue
        second[h] = {}
        for c in ends:
            second[h][c] = dice.randint(0, rest)
            rest -= second[h][c]
        second[h][None] = rest
    return first, second


def test_i14_shares_multiply_to_shares_and_bounds_hold_them():
    for seed in range(200):
        first, second = counted(random.Random(seed))
        population = "all awards of one year"
        there = qg.graded(population, "a", "hub", first)
        onward = qg.graded(population, "hub", "c", second, to_levels=["x", "y"])
        both = there.then(onward)
        assert both.assumptions

        def masses(counts):
            return {
                (row, levels.UNMATCHED if column is None else column): Fraction(n)
                for row, cells in counts.items()
                for column, n in cells.items()
            }

        expected = levels.graded_product(levels.shares(masses(first)), levels.shares(masses(second)))
        assert shares_of(both) == {a: {c: n for c, n in row.items() if n} for a, row in expected.items()}
        for row in shares_of(both).values():
            assert sum(row.values()) == 1
        assert set(both.support) == levels.compose(set(there.support), set(onward.support))
        limits = there.bounds(onward)
        for a in first:
            for c in ("x", "y"):
                low, high = levels.frechet_bounds(masses(first), masses(second), a, c)
                assert (limits.share(a, c).min, limits.share(a, c).max) == (low, high)
                assert low <= both.share(a, c) <= high


# -- dates and names ------------------------------------------------------------------------------


def end_points(mappings):
    days = set()
    for raw in mappings:
        days |= {levels.as_date(raw.get(key)) for key in ("year", "valid_from", "valid_until")}
    return sorted(days - {None})


def seen_on(world, day, questions):
    then = world.view(as_of=day)
    return [against.engine_level(then.map_level(level, to=to, routes="all")) for level, to in questions]


def same_between(world, days, questions, dice):
    day = datetime.timedelta(days=1)
    for start, end in itertools.pairwise([days[0] - 400 * day, *days, days[-1] + 400 * day]):
        inside = start + day * dice.randrange((end - start).days)
        early, late = seen_on(world, start, questions), seen_on(world, end - day, questions)
        assert early == late == seen_on(world, inside, questions), (start, end)


def test_i15_nothing_changes_between_two_dates_of_documents(load):
    for seed in range(15):
        drawn = worlds.random_world(seed, superseded=40, undated=5)
        days = end_points(drawn["mappings"])
        if days:
            questions = all_questions(Facts.from_world(drawn))
            dice = random.Random(seed)
            same_between(load(drawn), days, dice.sample(questions, min(20, len(questions))), dice)


def test_i15_nothing_changes_between_two_dates_of_the_bundled_documents(world):
    facts, linked = bundled()
    dice = random.Random(3)
    starts = [f"{name}:{code}" for name in linked for code in facts.frameworks[name].codes]
    questions = [(dice.choice(starts), dice.choice(linked)) for _ in range(25)]
    same_between(world, end_points(m.raw for m in facts.mappings.values()), questions, dice)


def renamed(drawn, names):
    """The world with every level code replaced by ``names[framework][code]``."""
    world = copy.deepcopy(drawn)
    for framework in world["frameworks"]:
        own = names[framework["id"]]
        for level in framework["levels"]:
            level["code"] = own[level["code"]]
            if level.get("parent"):
                level["parent"] = own[level["parent"]]
    for m in world["mappings"]:
        here, there = names[m["from"]], names[m["to"]]
        for key in ("pairs", "pairs_known"):
            if key in m:
                m[key] = [[here[a], there[b]] for a, b in m[key]]
        for row in m["partial"]:
            row["from"], row["to"] = here[row["from"]], there[row["to"]]
        for key, side in (("unmatched", here), ("unmatched_to", there)):
            for note in m[key]:
                note["level"] = side[note["level"]]
        for note in m["unresolved"]:
            note["level"] = (here if note["side"] == "from" else there)[note["level"]]
        for multi in m["multi"]:
            multi["from"] = here[multi["from"]]
            multi["to"] = [there[code] for code in multi["to"]]
            for case in multi["when"] or []:
                case["to"] = there[case["to"]]
    return world


def translated(seen, names):
    """An answer's plain values with the codes of the framework asked replaced."""
    one = {None: None, **names}
    seen = copy.deepcopy(seen)
    for key in ("possible", "floors", "ceilings"):
        seen[key] = [one[code] for code in seen[key]]
    seen["floor"], seen["ceiling"] = one[seen["floor"]], one[seen["ceiling"]]
    seen["bracket"] = tuple(one[code] for code in seen["bracket"])
    seen["witnesses"] = {one[code]: sets for code, sets in seen["witnesses"].items()}
    for route in seen["routes"].values():
        route["possible"] = [one[code] for code in route["possible"]]
    return seen


def test_i16_new_codes_in_the_old_order_change_nothing_else(load):
    for seed in FEW:
        drawn = worlds.random_world(seed)
        dice = random.Random(seed)
        names = {}
        for framework in drawn["frameworks"]:
            codes = [level["code"] for level in framework["levels"]]
            fresh = [f"level {n}" for n in range(100, 100 + len(codes))]
            dice.shuffle(fresh)
            names[framework["id"]] = dict(zip(codes, fresh, strict=True))
        old, new = load(drawn), load(renamed(drawn, names))
        for view, question in ((VIEWS[seed % 5], {}), ({}, QUESTIONS[seed % 6])):
            before, after = old.view(**view), new.view(**view)
            for level, to in all_questions(Facts.from_world(drawn)):
                source, code = level.split(":")
                first = against.engine_level(before.map_level(level, to=to, routes="all", **question))
                asked = f"{source}:{names[source][code]}"
                second = against.engine_level(after.map_level(asked, to=to, routes="all", **question))
                assert second == translated(first, names[to]), (seed, level, to)
