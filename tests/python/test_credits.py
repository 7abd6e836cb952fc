"""Credits: exact amounts, the three ways, rounding, comparisons that may stay open."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import qualgraph as qg

amounts = st.fractions(min_value=0, max_value=10_000, max_denominator=60)
positive = amounts.filter(lambda amount: amount > 0)


# ---- amounts


@pytest.mark.parametrize(
    "written",
    [30, "30", "30.0", Fraction(30), Decimal("30"), np.int64(30), qg.Range(30), qg.Range(30, 30)],
)
def test_one_amount_in_many_spellings(written):
    assert qg.credits(written, "ects") == qg.credits("30 ects")
    assert qg.credits(written, "ects").amount == 30


def test_text_forms(world):
    assert qg.credits("5/2 ects").amount == Fraction(5, 2)
    assert qg.credits("2.5 ects").amount == Fraction(5, 2)
    assert qg.credits("5-40 nz-credit").amount == qg.Range(5, 40)
    assert qg.credits("5–40 nz-credit") == qg.credits("5-40 nz-credit")
    assert str(qg.credits("5-40 nz-credit")) == "5–40 nz-credit"
    assert qg.credits(30, world.credit_system("ects")) == qg.credits("30 ects")


@given(amounts, amounts)
def test_amounts_of_one_system_compute_exactly(a, b):
    x, y = qg.credits(a, "ects"), qg.credits(b, "ects")
    assert (x + y).amount == a + b
    assert sum([x, y]) == x + y
    assert (x * "3/2").amount == (Fraction(3, 2) * x).amount == a * 3 / 2
    assert (x < y, x <= y, x == y, x >= y, x > y) == (a < b, a <= b, a == b, a >= b, a > b)
    assert (hash(x) == hash(y)) or a != b
    assert x / 4 == x * Fraction(1, 4)
    if b:
        assert x / y == a / b
    if a >= b:
        assert (x - y).amount == a - b


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (
            lambda: qg.credits(2.5, "ects"),
            qg.UnitMismatch,
            r'the float 2\.5 is not exact; write it as text, such as "5/2"',
        ),
        (lambda: qg.credits(np.float64(2.5), "ects"), qg.UnitMismatch, r"the float 2\.5 is not exact"),
        (lambda: qg.credits(float("nan"), "ects"), qg.UnitMismatch, "the float nan is not exact"),
        (lambda: qg.credits(Decimal("NaN"), "ects"), qg.InvalidValue, "NaN is no number"),
        (lambda: qg.credits(True, "ects"), qg.UnitMismatch, "True is a truth value"),
        (lambda: qg.credits(None, "ects"), qg.UnitMismatch, "None is not an amount"),
        (lambda: qg.credits(-3, "ects"), qg.InvalidValue, '"-3 ects" is negative'),
        (lambda: qg.credits(qg.Range(-3, 3), "ects"), qg.InvalidValue, "negative"),
        (lambda: qg.credits(3), qg.UnitMismatch, r'3 has no credit system; write credits\(30, "ects"\)'),
        (lambda: qg.credits("3"), qg.InvalidValue, "30 ects"),
        (lambda: qg.credits(3, ""), qg.InvalidValue, "names no credit system"),
        (lambda: qg.credits("thirty ects"), qg.InvalidValue, '"thirty" is not an exact amount'),
        (lambda: qg.credits("1e3 ects"), qg.InvalidValue, "not an exact amount"),
        (lambda: qg.credits("3 \ud800"), qg.InvalidValue, "not Unicode text"),
        (lambda: qg.credits(10**30, "ects"), qg.NumericOverflow, "too large"),
        (lambda: qg.credits(2**62, "ects") * 4, qg.NumericOverflow, "64-bit"),
        (
            lambda: qg.credits(1, "ects") + qg.credits(1, "cats"),
            qg.UnitMismatch,
            r"1 ects \+ 1 cats: convert first",
        ),
        (
            lambda: qg.credits(1, "ects") - qg.credits(1, "cats"),
            qg.UnitMismatch,
            "1 ects - 1 cats: convert first",
        ),
        (
            lambda: qg.credits(1, "ects") < qg.credits(1, "cats"),
            qg.UnitMismatch,
            "1 ects < 1 cats: convert first",
        ),
        (
            lambda: qg.credits(1, "ects") / qg.credits(1, "cats"),
            qg.UnitMismatch,
            "1 ects / 1 cats: convert first",
        ),
        (lambda: qg.credits(1, "ects") * qg.credits(1, "ects"), qg.UnitMismatch, "multiply by plain numbers"),
        (lambda: qg.credits(1, "ects") + 1, qg.UnitMismatch, "write credits with their system"),
        (lambda: 1 + qg.credits(1, "ects"), qg.UnitMismatch, "write credits with their system"),
        (lambda: qg.credits(1, "ects") * 1.5, qg.UnitMismatch, r"1\.5 is not exact"),
        (lambda: qg.credits(1, "ects") * -1, qg.InvalidValue, "negative"),
        (lambda: qg.credits(1, "ects") - qg.credits(2, "ects"), qg.InvalidValue, '"-1 ects" is negative'),
        (lambda: qg.credits(1, "ects") / 0, qg.InvalidValue, "/ 0 is no amount"),
        (lambda: qg.credits("1-2 ects") < qg.credits("3 ects"), qg.InvalidValue, "is a range"),
        (lambda: qg.credits(qg.credits("1 ects"), "cats"), qg.UnitMismatch, "convert first"),
        (lambda: qg.Range(2, 1), qg.InvalidValue, "2 to 1 does not"),
        (lambda: qg.Range(0.5, 1), qg.UnitMismatch, r"0\.5 is not exact"),
    ],
)
def test_amounts_that_are_refused(call, error, message):
    with pytest.raises(error, match=message):
        call()


def test_credits_of_two_systems_are_unequal_not_wrong():
    assert qg.credits(1, "ects") != qg.credits(1, "cats")
    assert qg.credits(1, "ects") != 1
    with pytest.raises(AttributeError, match="do not change"):
        qg.credits(1, "ects").amount = 2


def test_ranges():
    hours = qg.Range("25", 30)
    assert (str(hours), str(qg.Range(5)), str(qg.Range("1/3", "2/5"))) == ("25–30", "5", "1/3–2/5")
    assert 27 in hours
    assert "61/2" not in hours
    assert qg.Range(26, 27) in hours
    assert list(hours) == [25, 30]
    assert eval(repr(qg.Range("1/3", 2)), {"Range": qg.Range}) == qg.Range("1/3", 2)
    assert hours.to_dict() == {"min": 25, "max": 30}


# ---- conversion


def test_the_ways_disagree(world):
    c = world.convert("30 ects", to="cats")
    assert (c.by_hours, c.by_year) == (qg.Range(75, 90), Fraction(60))
    assert c.full_year_factor == qg.Range("5/4", "3/2")
    assert isinstance(c.by_year, Fraction)
    assert "75–90 cats by learning hours" in str(c)
    assert "60 cats by the full-time year" in str(c)


def test_and_back(world):
    c = world.convert("60 cats", to="ects")
    assert (c.by_hours, c.by_year) == (qg.Range(20, 24), 30)


def test_agreement_names_its_document(world):
    agreed = world.convert("30 ects", to="cats").by_agreement[0]
    assert (agreed.value, agreed.ratio.ratio, agreed.reversed) == (60, qg.Range("1/2"), True)
    assert agreed.ratio.from_ == "cats"
    assert agreed.ratio.sources


def test_a_value_needs_its_way(world):
    c = world.convert("30 ects", to="cats")
    assert c.value(way="year") == 60
    assert c.value(way="hours") == qg.Range(75, 90)
    assert c.value(way="agreement") == 60
    with pytest.raises(qg.InvalidValue, match="by hours 75–90, by year 60"):
        c.value()
    with pytest.raises(qg.InvalidValue, match="use hours, year or agreement"):
        c.value(way="guess")


@pytest.mark.parametrize(
    ("rounding", "want"), [("none", "5/2"), ("down", 2), ("up", 3), ("half_up", 3), ("half_even", 2)]
)
def test_rounding_of_two_and_a_half(world, rounding, want):
    assert world.convert("5 cats", to="ects").value(way="year", rounding=rounding) == qg.Range(want).min


def test_rounding_grain_and_refusals(world):
    c = world.convert("5 cats", to="ects")
    assert c.value(way="year", rounding="down", grain="1/2") == Fraction(5, 2)
    assert c.value(way="hours", rounding="down", grain="1/2") == qg.Range("3/2", 2)
    with pytest.raises(qg.InvalidValue, match="use none, down, up, half_up or half_even"):
        c.value(way="year", rounding="near")
    with pytest.raises(qg.InvalidValue, match="grain of 0"):
        c.value(way="year", rounding="down", grain=0)
    with pytest.raises(qg.UnitMismatch, match=r"0\.5 is not exact"):
        c.value(way="year", rounding="down", grain=0.5)


def test_rounding_per_item_and_per_total(world):
    down = world.convert_items(["5 cats"] * 3, to="ects", way="year", rounding="down")
    assert (down.exact_total, down.per_item, down.per_total) == (Fraction(15, 2), 6, 7)
    half = world.convert_items(["5 cats"] * 3, to="ects", way="year", rounding="half_up")
    assert (half.per_item, half.per_total) == (9, 8)
    assert down.per_item_bound == qg.RoundingBound(Fraction(3), True)
    assert half.per_total_bound == qg.RoundingBound(Fraction(1, 2), False)
    assert down.table.column("rounded ects") == [2, 2, 2]
    with pytest.raises(qg.InvalidValue, match="empty list"):
        world.convert_items([], to="ects", way="year")
    with pytest.raises(qg.InvalidValue, match="takes a list"):
        world.convert_items("5 cats", to="ects", way="year")


def test_missing_way_says_why(world):
    contact = next(
        s for s in world.credit_systems if s.contact_only and s.hours_per_credit and not s.alias_of
    )
    c = world.convert(f"10 {contact.id}", to="ects")
    assert c.by_hours is None
    assert "counts class hours" in c.missing["hours"]
    with pytest.raises(qg.UnitMismatch, match="counts class hours"):
        c.value(way="hours")


def test_second_name_is_the_same_system(world):
    c = world.convert("10 us-semester", to="us-semester-credit")
    assert c.same_system
    assert c.by_year == 10
    assert "both names mean one system" in str(c)


def test_what_is_only_known_is_not_stated_under_the_read_floor(world):
    known = next(s for s in world.credit_systems if s.evidence == "known" and s.credits_per_year)
    assert world.convert(f"10 {known.id}", to="ects").by_year is not None
    read = world.view(evidence="read").convert(f"10 {known.id}", to="ects")
    assert read.by_year is None
    assert "only known" in read.missing["year"]
    if not read.by_agreement and read.by_hours is None:
        assert "not established" in str(read)


@pytest.mark.parametrize(
    ("credits", "to", "error", "message"),
    [
        ("30 etcs", "cats", qg.UnknownId, 'no credit system "etcs"'),
        ("30 ects", "cat", qg.UnknownId, 'Did you mean "cats"'),
        ("0 ects", "cats", qg.InvalidValue, "more than 0 credits"),
        ("-3 ects", "cats", qg.InvalidValue, "is negative"),
        (30.0, "cats", qg.UnitMismatch, "30.0 has no credit system"),
        (30, "cats", qg.UnitMismatch, "30 has no credit system"),
        ("30 ects", 5, qg.UnitMismatch, "5 is no credit system"),
        (["30 ects", 5], "cats", qg.UnitMismatch, "5 has no credit system"),
    ],
)
def test_conversions_that_are_refused(world, credits, to, error, message):
    with pytest.raises(error, match=message):
        world.convert(credits, to=to)


def test_plural_conversion_is_a_table(world):
    table = world.convert(["30 ects", "60 cats", qg.credits(15, "nz-credit")], to="ects")
    assert table.column("by_year") == [30, 30, Fraction(15, 2)]
    assert table.to_pandas()["credits"].tolist() == ["30 ects", "60 cats", "15 nz-credit"]
    assert table.to_arrow().column("by_hours").to_pylist()[1] == "20–24"


@given(positive, positive)
def test_conversion_is_additive_and_monotone(a, b):
    world = qg.load()
    one, two, both = (world.convert(qg.credits(n, "ects"), to="cats") for n in (a, b, a + b))
    assert both.by_year == one.by_year + two.by_year
    assert both.by_hours == qg.Range(one.by_hours.min + two.by_hours.min, one.by_hours.max + two.by_hours.max)
    if a <= b:
        assert one.by_hours.min <= two.by_hours.min
        assert one.by_hours.max <= two.by_hours.max


@given(positive)
def test_year_way_composes_and_hours_way_contains(a):
    world = qg.load()
    there = world.convert(qg.credits(a, "ects"), to="cats")
    onward = world.convert(qg.credits(there.by_year, "cats"), to="nz-credit")
    direct = world.convert(qg.credits(a, "ects"), to="nz-credit")
    assert onward.by_year == direct.by_year
    back = world.convert(qg.credits(there.by_hours, "cats"), to="ects")
    assert a in back.by_hours


def test_round_trip_by_hours_widens(world):
    # 6 ECTS -> [15, 18] UK -> [5, 36/5] ECTS.
    there = world.convert("6 ects", to="cats").by_hours
    assert there == qg.Range(15, 18)
    assert world.convert(qg.credits(there, "cats"), to="ects").by_hours == qg.Range(5, "36/5")


# ---- comparisons


@pytest.mark.parametrize(
    ("minimum", "way", "want"),
    [
        ("60 cats", None, True),
        ("70 cats", None, None),
        ("100 cats", None, False),
        ("80 cats", "hours", None),
        ("75 cats", "hours", True),
        ("70 cats", "year", False),
        ("60 cats", "agreement", True),
    ],
)
def test_certainly_at_least(world, minimum, way, want):
    assert world.certainly_at_least("30 ects", minimum, way=way) is want


@pytest.mark.parametrize(("cap", "want"), [("90 cats", True), ("70 cats", None), ("59 cats", False)])
def test_certainly_at_most(world, cap, want):
    assert world.certainly_at_most("30 ects", cap) is want


def test_verdict_comes_with_reasons(world):
    v = world.check_credits("30 ects", at_least="70 cats")
    assert (v.verdict, [(way.way, way.truth) for way in v.ways]) == (None, [("hours", True), ("year", False)])
    assert str(v).startswith("It is not settled whether 30 ects are at least 70 cats: the ways do not agree")
    assert v.to_dict()["verdict"] is None
    with pytest.raises(qg.InvalidValue, match="name one bound"):
        world.check_credits("30 ects")
    with pytest.raises(qg.InvalidValue, match="name one bound"):
        world.check_credits("30 ects", at_least="1 cats", at_most="2 cats")
    with pytest.raises(qg.InvalidValue, match="no bound to compare with"):
        world.check_credits("30 ects", at_least="0 cats")


def test_rounding_decides_a_comparison(world):
    assert world.certainly_at_least("5 cats", "3 ects", way="year") is False
    assert world.certainly_at_least("5 cats", "3 ects", way="year", rounding="half_up") is True


def test_at_least_is_no_order(world):
    # Bahrain states hours but no year load: each step is settled by hours alone, the direct one is not.
    chain = world.broken_chain("60 ects", "150 bh-credit", "150 cats")
    assert (chain.first.verdict, chain.second.verdict, chain.direct.verdict) == (True, True, None)
    assert [way.way for way in chain.first.ways] == ["hours"]
    assert [way.truth for way in chain.direct.ways] == [True, False]
    assert "Yet: It is not settled" in str(chain)
    assert chain.to_dict()["direct"]["verdict"] is None
    assert world.broken_chain("60 ects", "100 cats", "110 cats") is None


def test_volume_of_learning(world):
    assert world.volume_of_learning("3/2", "ects").credits == 90
    assert world.volume_of_learning(2, "ie-nfq").credits == 120
    assert world.volume_of_learning(qg.Range(1, 2), "ects").credits == qg.Range(60, 120)
    silent = next(s for s in world.credit_systems if s.credits_per_year is None and not s.alias_of)
    v = world.volume_of_learning(1, silent.id)
    assert v.credits is None
    assert v.missing
    with pytest.raises(qg.UnknownId, match='no credit system "foo"'):
        world.volume_of_learning(1, "foo")
    with pytest.raises(qg.InvalidValue, match="year"):
        world.volume_of_learning(0, "ects")
    with pytest.raises(qg.UnitMismatch, match=r"1\.5 is not exact"):
        world.volume_of_learning(1.5, "ects")
