"""What has to hold of conversions of credits: the engine against the slow reference, and by itself.

The reference (``tests/reference``) computes with intervals of fractions from the definitions; every
pair of the bundled systems, and systems drawn at random, are asked both. The laws below it need no
reference.
"""

import itertools
import json
import pathlib
import random
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import qualgraph as qg
from reference import credits as credit

DATA = pathlib.Path(__file__).resolve().parents[2] / "data"
FLOORS = ("all", "read")
ROUNDINGS = ("none", "down", "up", "half_up", "half_even")

#: Seeds of drawn systems: 30 in the quick part, 600 in all.
DRAWN = [pytest.param(range(30), id="quick")]
DRAWN += [pytest.param(range(start, start + 95), id=f"{start}", marks=pytest.mark.full) for start in range(30, 600, 95)]

amounts = st.fractions(min_value=Fraction(1, 60), max_value=2_000, max_denominator=60)
grains = st.sampled_from([Fraction(1), Fraction(1, 2), Fraction(1, 10), Fraction(5), Fraction(3, 7)])


# -- drawn systems ------------------------------------------------------------------------------


def written(number):
    """A quantity as the facts write it."""
    return number.numerator if number.denominator == 1 else f"{number.numerator}/{number.denominator}"


def drawn_systems(seed):
    """Six systems by id, some without figures, some second names, some with ratios that documents fix."""
    turns = random.Random(seed)

    def number(low, high):
        return Fraction(turns.randint(2 * low, 2 * high), turns.choice([1, 2, 2, 2, 3]))

    names = [f"c{i}" for i in range(1, 7)]
    found = {}
    for name in names:
        low = number(5, 30)
        high = low + turns.choice([0, 0, number(1, 10)])
        evidence = turns.choice(["read", "read", "known", "mixed"])
        system = {
            "id": name,
            "name": f"Credit {name}",
            "jurisdiction": "XX",
            "hours_per_credit": {"min": written(low), "max": written(high)},
            "credits_per_year": written(number(20, 120)),
            "basis": "drawn for a test",
            "evidence": evidence,
            "sources": [
                {
                    "title": f"Table {name}",
                    "publisher": None,
                    "year": None,
                    "url": None,
                    "evidence": "known" if evidence == "known" else "read",
                }
            ],
            "notes": None,
        }
        if turns.random() < 0.2:
            system["hours_per_credit"] = None
        if turns.random() < 0.2:
            system["credits_per_year"] = None
        if turns.random() < 0.3:
            system["contact_only"] = True
        found[name] = system
    for name in names[:4]:
        others = turns.sample([other for other in names[:4] if other != name], turns.choice([0, 0, 1, 2]))
        if others:
            ratios = [{"to": other, "ratio": written(number(1, 4))} for other in others]
            found[name]["official_ratios"] = ratios
    for name in names[4:]:
        if turns.random() < 0.5:
            found[name] |= {"alias_of": turns.choice(names[:4]), "hours_per_credit": None}
            found[name]["credits_per_year"] = None
            found[name].pop("contact_only", None)
    return found


@pytest.fixture
def load(tmp_path_factory):
    def read(systems):
        folder = tmp_path_factory.mktemp("systems")
        (folder / "credit_systems").mkdir()
        for name, system in systems.items():
            text = json.dumps(system, ensure_ascii=False, indent=2) + "\n"
            (folder / "credit_systems" / f"{name}.json").write_text(text, encoding="utf-8")
        return qg.load(folder)

    return read


@pytest.fixture(scope="module")
def bundled():
    return credit.systems_from_folder(DATA)


# -- engine and reference -----------------------------------------------------------------------


def ends(value):
    """Both ends of an answer; None stays None."""
    if value is None:
        return None
    if isinstance(value, tuple):
        return value
    return (value.min, value.max) if isinstance(value, qg.Range) else (value, value)


def engine_conversion(world, amount, a, b):
    got = world.convert(qg.credits(amount if not isinstance(amount, tuple) else qg.Range(*amount), a), to=b)
    return {
        "by_hours": ends(got.by_hours),
        "by_year": ends(got.by_year),
        "by_agreement": sorted({ends(each.value) for each in got.by_agreement}),
        "missing": set(got.missing),
        "hours_factor": ends(got.hours_factor),
        "year_factor": ends(got.year_factor),
        "full_year_factor": ends(got.full_year_factor),
        "hull": ends(got.hull),
        "same_system": got.same_system,
    }


def factor_or_none(find, systems, a, b):
    try:
        return ends(find(systems, a, b))
    except credit.RefusedError:
        return None


def reference_conversion(systems, amount, a, b):
    said = credit.convert(systems, amount, a, b)
    hours = factor_or_none(credit.hours_factor, systems, a, b)
    year = factor_or_none(credit.year_factor, systems, a, b)
    return {
        "by_hours": said["by_hours"],
        "by_year": ends(said["by_year"]),
        "by_agreement": sorted(ends(each) for each in said["by_agreement"]),
        "missing": set(said["refused"]),
        "hours_factor": hours,
        "year_factor": year,
        # a full year of the one in hours, against a full year of the other
        "full_year_factor": None if hours is None or year is None else tuple(h / year[0] for h in hours),
        "hull": credit.hull(systems, amount, a, b),
        "same_system": one_system(systems, a, b),
    }


def same_conversions(world, systems, floor, pairs, turns):
    """Ask every pair for a number and for an interval; the lines that differ."""
    seen, read = world.view(evidence=floor), credit.at_floor(systems, floor)
    for a, b in pairs:
        low = Fraction(turns.randint(1, 240), turns.randint(1, 4))
        for amount in (low, (low, low + Fraction(turns.randint(0, 60), 2))):
            got = engine_conversion(seen, amount, a, b)
            want = reference_conversion(read, amount, a, b)
            yield from (
                f"{amount} {a} -> {b}, {floor}, {key}: the engine says {got[key]}, the reference {want[key]}"
                for key in want
                if got[key] != want[key]
            )


def all_pairs(systems):
    return list(itertools.product(sorted(systems), repeat=2))


@pytest.mark.parametrize("floor", FLOORS)
def test_every_bundled_pair_is_converted_as_the_reference_does(world, bundled, floor):
    assert not list(same_conversions(world, bundled, floor, all_pairs(bundled), random.Random(7)))


@pytest.mark.parametrize("seeds", DRAWN)
def test_drawn_systems_are_converted_as_the_reference_does(load, seeds):
    found = []
    for seed in seeds:
        systems = drawn_systems(seed)
        world, turns = load(systems), random.Random(seed)
        for floor in FLOORS:
            lines = same_conversions(world, systems, floor, all_pairs(systems), turns)
            found += [f"seed {seed}, {line}" for line in lines]
    assert not found


def same_verdicts(world, systems, floor, pairs, turns):
    """Ask whether amounts reach a minimum and stay within a cap; the lines that differ."""
    seen, read = world.view(evidence=floor), credit.at_floor(systems, floor)
    verbs = (
        (seen.certainly_at_least, credit.certainly_at_least),
        (seen.certainly_at_most, credit.certainly_at_most),
    )
    for a, b in pairs:
        amount = Fraction(turns.randint(1, 240), turns.randint(1, 2))
        converted = credit.convert(read, amount, a, b)
        reached = [converted["by_hours"], converted["by_year"], *converted["by_agreement"]]
        reached = [end for value in reached if value is not None for end in ends(value)]
        # Bounds right at the ends of what is reached, and beside them, decide where verdicts turn.
        bound = turns.choice([*reached, amount]) + turns.choice([0, 0, Fraction(1, 2), Fraction(-1, 100)])
        if bound <= 0:
            continue
        rounding = (turns.choice(ROUNDINGS), turns.choice([1, Fraction(1, 2)]))
        for way in (None, "hours", "year", "agreement"):
            for ask, expect in verbs:
                asked = f"{ask.__name__} {amount} {a}, {bound} {b}, {way}, {rounding}, {floor}"
                told = {"way": way, "rounding": rounding[0], "grain": rounding[1]}
                missing = way in converted["refused"]
                try:
                    got = ask(qg.credits(amount, a), qg.credits(bound, b), **told)
                except qg.UnitMismatch:
                    if not missing:
                        yield f"{asked}: refused, although the way is open"
                    continue
                if missing:
                    yield f"{asked}: {got}, although the way is not open"
                    continue
                mode = rounding[0].replace("_", "-")
                want = expect(read, amount, a, bound, b, way=way, rounding=(mode, rounding[1]))
                if got is not want:
                    yield f"{asked}: the engine says {got}, the reference {want}"


@pytest.mark.parametrize("floor", FLOORS)
def test_bounds_on_bundled_systems_are_judged_as_the_reference_does(world, bundled, floor):
    turns = random.Random(11)
    pairs = turns.sample(all_pairs(bundled), 600)
    assert not list(same_verdicts(world, bundled, floor, pairs, turns))


@pytest.mark.parametrize("seeds", DRAWN)
def test_bounds_on_drawn_systems_are_judged_as_the_reference_does(load, seeds):
    found = []
    for seed in seeds:
        systems = drawn_systems(seed)
        world, turns = load(systems), random.Random(seed)
        for floor in FLOORS:
            lines = same_verdicts(world, systems, floor, all_pairs(systems), turns)
            found += [f"seed {seed}, {line}" for line in lines]
    assert not found


def test_verdicts_of_every_kind_are_compared(load):
    """The comparison above would be worth little if one verdict never came up."""
    met = set()
    for seed in range(12):
        systems = drawn_systems(seed)
        turns = random.Random(seed)
        for a, b in all_pairs(systems):
            amount, bound = turns.randint(1, 240), turns.randint(1, 240)
            for way in (None, "hours", "year", "agreement"):
                met.add((way, credit.certainly_at_least(systems, amount, a, bound, b, way=way)))
    assert met == set(itertools.product((None, "hours", "year", "agreement"), (True, False, None)))


def test_a_minimum_that_is_an_interval_is_reached_at_its_upper_end(world, bundled):
    for low, high in itertools.combinations(range(20, 100, 5), 2):
        interval = qg.credits(qg.Range(low, high), "cats")
        got = world.certainly_at_least("30 ects", interval)
        assert (got is True) == (credit.certainly_at_least(bundled, 30, "ects", high, "cats") is True)


# -- I34: the year way composes -----------------------------------------------------------------


def dated(systems):
    """Systems that state credits per year."""
    return [name for name in sorted(systems) if credit.resolve(systems, name).get("credits_per_year")]


def timed(systems):
    """Systems that state the hours of a credit, of all learning."""
    found = {name: credit.hours_of(credit.resolve(systems, name)) for name in sorted(systems)}
    return [name for name, (hours, in_class) in found.items() if hours and not in_class]


def one_system(systems, a, b):
    return credit.resolve(systems, a)["id"] == credit.resolve(systems, b)["id"]


def test_by_year_a_stop_on_the_way_changes_nothing(world, bundled):
    turns = random.Random(34)
    names = dated(bundled)
    assert len(names) > 20
    for _ in range(400):
        a, b, c = (turns.choice(names) for _ in range(3))
        amount = Fraction(turns.randint(1, 500), turns.randint(1, 12))
        first = world.convert(qg.credits(amount, a), to=b).by_year
        direct = world.convert(qg.credits(amount, a), to=c).by_year
        assert world.convert(qg.credits(first, b), to=c).by_year == direct, (amount, a, b, c)


# -- I35: the hours way contains ----------------------------------------------------------------


def test_by_hours_a_stop_on_the_way_never_narrows(world, bundled):
    turns = random.Random(35)
    names = timed(bundled)
    points = wider = 0
    for _ in range(400):
        a, b, c = (turns.choice(names) for _ in range(3))
        amount = Fraction(turns.randint(1, 500), turns.randint(1, 12))
        first = world.convert(qg.credits(amount, a), to=b).by_hours
        direct = world.convert(qg.credits(amount, a), to=c).by_hours
        detour = world.convert(qg.credits(first, b), to=c).by_hours
        assert direct in detour, (amount, a, b, c)
        hours, _ = credit.hours_of(credit.resolve(bundled, b))
        if one_system(bundled, a, c):
            continue  # there and back: contained, and never taken for more than it is
        if credit.exact(hours["min"]) == credit.exact(hours["max"]):
            points += 1
            assert detour == direct, (amount, a, b, c)
        else:
            wider += detour != direct
    assert points
    assert wider


def test_by_hours_there_and_back_contains_the_start(world, bundled):
    for a, b in itertools.permutations(timed(bundled), 2):
        there = world.convert(qg.credits(6, a), to=b).by_hours
        assert 6 in world.convert(qg.credits(there, b), to=a).by_hours, (a, b)


# -- I36: more credits are worth more, and two amounts what their sum is worth --------------------


def ways_of(conversion):
    """Every answer of a conversion, by way."""
    found = {"hours": ends(conversion.by_hours), "year": ends(conversion.by_year)}
    for i, each in enumerate(conversion.by_agreement):
        found[f"agreement {i}"] = ends(each.value)
    return {way: value for way, value in found.items() if value is not None}


@settings(max_examples=150, deadline=None)
@given(amounts, amounts, st.data())
def test_conversions_add_up_and_rise(world, bundled, x, y, data):
    a, b = (data.draw(st.sampled_from(sorted(bundled))) for _ in range(2))
    one, other, both = (ways_of(world.convert(qg.credits(amount, a), to=b)) for amount in (x, y, x + y))
    assert one.keys() == other.keys() == both.keys()
    for way, (low, high) in both.items():
        assert (low, high) == (one[way][0] + other[way][0], one[way][1] + other[way][1])
        assert low > one[way][0]
        assert high > one[way][1]


@settings(max_examples=100, deadline=None)
@given(amounts, st.fractions(min_value=Fraction(1, 60), max_value=60, max_denominator=60), st.data())
def test_more_credits_never_reach_less(world, bundled, x, more, data):
    a, b = (data.draw(st.sampled_from(sorted(bundled))) for _ in range(2))
    bound = qg.credits(data.draw(amounts), b)
    rank = {False: 0, None: 1, True: 2}
    low, high = (qg.credits(amount, a) for amount in (x, x + more))
    assert rank[world.certainly_at_least(low, bound)] <= rank[world.certainly_at_least(high, bound)]
    assert rank[world.certainly_at_most(low, bound)] >= rank[world.certainly_at_most(high, bound)]


@settings(max_examples=100, deadline=None)
@given(amounts, st.sampled_from(ROUNDINGS), grains, st.data())
def test_a_greater_amount_never_rounds_to_less(world, x, rounding, grain, data):
    y = x + data.draw(st.fractions(min_value=0, max_value=3, max_denominator=60))
    rounded = [
        world.convert(qg.credits(amount, "cats"), to="ects").value("year", rounding=rounding, grain=grain)
        for amount in (x, y)
    ]
    assert rounded[0] <= rounded[1]


# -- I37: rounding ------------------------------------------------------------------------------


def rounded(world, amount, rounding, grain):
    """An exact amount as the engine rounds it: in its own system nothing else happens to it."""
    return world.convert(qg.credits(amount, "ects"), to="ects").value("year", rounding=rounding, grain=grain)


def middles():
    """Amounts that fall on a multiple of a grain, half way between two, or close to either."""
    for grain in (Fraction(1), Fraction(1, 2), Fraction(3, 7), Fraction(5)):
        for half in range(1, 9):
            for off in (0, Fraction(1, 1000), Fraction(-1, 1000)):
                yield grain, grain * Fraction(half, 2) + off


@pytest.mark.parametrize("rounding", ROUNDINGS)
def test_rounding_is_as_defined(world, rounding):
    for grain, amount in middles():
        want = credit.rounded(amount, rounding.replace("_", "-"), grain)
        assert rounded(world, amount, rounding, grain) == want, (amount, grain)
        hyphens = rounding.replace("_", "-")
        assert rounded(world, amount, hyphens, grain) == want


@settings(max_examples=200, deadline=None)
@given(amounts, st.sampled_from(ROUNDINGS), grains)
def test_rounding_stays_close_and_settles(world, amount, rounding, grain):
    got = rounded(world, amount, rounding, grain)
    assert got == credit.rounded(amount, rounding.replace("_", "-"), grain)
    if rounding == "none":
        assert got == amount
        return
    assert (got / grain).denominator == 1
    assert abs(got - amount) < grain if rounding in ("down", "up") else abs(got - amount) <= grain / 2
    if got > 0:
        assert rounded(world, got, rounding, grain) == got


@settings(max_examples=150, deadline=None)
@given(st.lists(amounts, min_size=1, max_size=6), st.sampled_from(ROUNDINGS), grains)
def test_items_are_rounded_one_by_one_or_once(world, items, rounding, grain):
    got = world.convert_items(
        [qg.credits(each, "cats") for each in items], to="ects", way="year", rounding=rounding, grain=grain
    )
    mode, values = rounding.replace("_", "-"), [each / 2 for each in items]
    assert got.exact_total == sum(values)
    assert got.per_item == credit.total(values, mode, grain, per="item")
    assert got.per_total == credit.total(values, mode, grain, per="total")
    for value, bound in ((got.per_item, got.per_item_bound), (got.per_total, got.per_total_bound)):
        error = abs(value - sum(values))
        assert error < bound.bound if bound.strict else error <= bound.bound
    each = {"none": Fraction(0), "down": grain, "up": grain}.get(rounding, grain / 2)
    assert got.per_item_bound.bound == each * len(items)
    assert got.per_total_bound.bound == each


@settings(max_examples=100, deadline=None)
@given(amounts, st.sampled_from(ROUNDINGS), grains)
def test_intervals_are_rounded_at_both_ends(world, amount, rounding, grain):
    exact = world.convert(qg.credits(amount, "ects"), to="cats")
    got = ends(exact.value("hours", rounding=rounding, grain=grain))
    mode = rounding.replace("_", "-")
    assert got == tuple(credit.rounded(end, mode, grain) for end in ends(exact.by_hours))
