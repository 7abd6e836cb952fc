"""Definitions in plain Python: verdicts from the files, and brute force over grids of answers.

It shares nothing with the engine: files are read as JSON, sizes are worked out from the credit
systems' files, and every question about "whatever the answer" is asked of every answer on a grid.
"""

from __future__ import annotations

import itertools
import json
import random
from fractions import Fraction
from pathlib import Path

DATA = Path(__file__).resolve().parents[2] / "data"

U = None
CLASH = "clash"
SYSTEMS = {path.stem: json.loads(path.read_text("utf-8")) for path in sorted((DATA / "credit_systems").glob("*.json"))}


# ---- strong Kleene logic


def both(*values):
    if False in values:
        return False
    return U if U in values else True


def either(*values):
    if True in values:
        return True
    return U if U in values else False


def opposite(value):
    return U if value is U else not value


# ---- sizes, as intervals


def rate(system):
    hours = SYSTEMS[system].get("hours_per_credit")
    if hours is None or SYSTEMS[system].get("contact_only"):
        return None
    return Fraction(hours["min"]), Fraction(hours["max"])


def factor(source, target):
    """Credits of `target` for one of `source`, over the hours and the year; "hours" is a unit too."""
    if source == target:
        return Fraction(1), Fraction(1)
    if "hours" in (source, target):
        hours = rate(source if target == "hours" else target)
        if hours is None:
            return None
        return hours if target == "hours" else (1 / hours[1], 1 / hours[0])
    ends = []
    a, b = rate(source), rate(target)
    if a and b:
        ends += [a[0] / b[1], a[1] / b[0]]
    years = [SYSTEMS[each].get("credits_per_year") for each in (source, target)]
    if all(years):
        ends.append(Fraction(years[1]) / Fraction(years[0]))
    return (min(ends), max(ends)) if ends else None


def size(record, unit):
    """What is known of a size in a unit: (least, greatest), None, or CLASH."""
    readings = []
    hours, credits = record.get("hours"), record.get("credits")
    if hours is not None and (share := factor("hours", unit)):
        readings.append((Fraction(hours) * share[0], Fraction(hours) * share[1]))
    if credits is not None:
        amount, system = credits.split()
        if share := factor(system, unit):
            readings.append((Fraction(amount) * share[0], Fraction(amount) * share[1]))
        if hours is not None and (own := rate(system)):
            low, high = Fraction(amount) * own[0], Fraction(amount) * own[1]
            if not low <= Fraction(hours) <= high:
                return CLASH
    if not readings:
        return None
    low, high = max(low for low, _ in readings), min(high for _, high in readings)
    return CLASH if high < low else (low, high)


def bounded(value, bound):
    (side, number), *_ = bound
    low, high = value
    number = Fraction(number)
    certain = {
        "at_least": (low >= number, high < number),
        "above": (low > number, high <= number),
        "at_most": (high <= number, low > number),
        "below": (high < number, low >= number),
    }[side]
    return True if certain[0] else False if certain[1] else U


# ---- formulas


def smallest_award(framework):
    fact = json.loads((DATA / "frameworks" / f"{framework}.json").read_text("utf-8"))
    hours = [kind["hours"] for kind in fact["qualification_types"] if kind.get("hours")]
    return (
        (Fraction(min(each["min"] for each in hours)), Fraction(min(each["max"] for each in hours))) if hours else None
    )


def holds(test, record, definitions, small=None, place=None):
    """Truth of a formula; `place` gives that of a level in a range of another framework."""

    def again(each):
        return holds(each, record, definitions, small, place)

    if "all" in test:
        return both(*map(again, test["all"]))
    if "any" in test:
        return either(*map(again, test["any"]))
    if "not" in test:
        return opposite(again(test["not"]))
    if "meets" in test:
        return verdict(definitions[test["meets"]], record, definitions, small=small, place=place)
    if "attribute" in test:
        stated = record.get(test["attribute"])
        if stated is None:
            return U
        if "is" in test:
            return stated == test["is"]
        if "one_of" in test:
            return stated in test["one_of"]
        if "stated" in test:
            return (stated != "-") == test["stated"]
        held = [stated] if isinstance(stated, str) else stated
        if "any_of" in test:
            return any(word in held for word in test["any_of"])
        return all(word in held for word in test["all_of"])
    if "size" in test:
        ((side, bound),) = test["size"].items()
        if isinstance(bound, dict):
            if small is None:
                return U
            bound = small
        amount, unit = bound.split()
        value = size(record, unit)
        return U if value in (None, CLASH) else bounded(value, [(side, amount)])
    if "number" in test:
        (attribute,) = [test["number"]["attribute"]]
        stated = record.get(attribute)
        if stated is None:
            return U
        return bounded((Fraction(stated),) * 2, [(k, v) for k, v in test["number"].items() if k != "attribute"])
    if "smaller_than_award_of" in test:
        said, value, award = (
            record.get("smaller_than_award"),
            size(record, "hours"),
            smallest_award(test["smaller_than_award_of"]),
        )
        by_size = U
        if value == CLASH:
            return U
        if value not in (None, CLASH) and award:
            by_size = True if value[1] < award[0] else False if value[0] >= award[1] else U
        return by_size if said is None else said if by_size in (U, said) else U
    level = record.get("level")
    if level is None:
        return U
    levels = [level] if isinstance(level, str) else level
    if "on" in test["level"]:
        return any(each.partition(":")[0] == test["level"]["on"] for each in levels)
    return False if not levels else place(test["level"], levels)


def verdict(definition, record, definitions, *, small=None, exceptions=False, place=None):
    """By the letter, or with exceptional clauses read as "or grounds are given"."""
    truths = []
    for clause in definition["clauses"]:
        if clause["kind"] == "descriptive":
            continue
        truth = holds(clause["test"], record, definitions, small, place)
        if exceptions and clause["kind"] == "exceptional":
            truth = either(truth, record.get("exceptional"))
        truths.append(truth)
    return both(True, *truths)


# ---- small definitions at random, and grids on which every answer stands


FLAGS = ("assessed", "quality_assured", "focused", "portable")
RELATIONS = ("additional", "component")
#: Answers to each blank; sizes are added by `grid`.
ANSWERS = {
    **{name: [True, False] for name in FLAGS},
    "relation": [[], ["additional"], ["component"], ["additional", "component"]],
    "owner": ["learner", "provider"],
    "course_count": [0, 1, 2, 3],
}


def random_test(dice, depth=0, ects=False):
    kind = dice.choice(
        ["flag"] * 4 + ["size"] * 4 + ["relation", "owner", "course"] + (["all", "any", "not"] if depth < 2 else [])
    )
    if kind == "flag":
        return {"attribute": dice.choice(FLAGS), "is": dice.random() < 0.8}
    if kind == "size":
        unit = dice.choice(["hours", "nz-credit"] + ["ects"] * (2 * ects))
        amount = dice.choice([1, 2, 3]) * (10 if unit == "hours" else 1)
        return {"size": {dice.choice(["at_least", "at_most", "below", "above"]): f"{amount} {unit}"}}
    if kind == "relation":
        return {"attribute": "relation", dice.choice(["any_of", "all_of"]): dice.sample(RELATIONS, dice.choice([1, 2]))}
    if kind == "owner":
        return {"attribute": "owner", "is": "learner"}
    if kind == "course":
        return {"number": {"attribute": "course_count", dice.choice(["at_least", "below"]): dice.choice([1, 2])}}
    if kind == "not":
        return {"not": random_test(dice, depth + 1, ects)}
    return {kind: [random_test(dice, depth + 1, ects) for _ in range(2)]}


def random_definition(dice, id, others=(), ects=False):
    """One to four clauses; now and then one that rests on another definition."""
    tests = [random_test(dice, ects=ects) for _ in range(dice.choice([1, 2, 2, 3, 4]))]
    if others and dice.random() < 0.25:
        tests[0] = {"any": [tests[0], {"meets": dice.choice(others)}]}
    source = {"title": "made up", "publisher": None, "year": None, "url": None, "evidence": "read"}
    return {
        "id": id, "term": "made up", "issuer": "nobody", "jurisdiction": "XX", "framework": None, "edition": None,
        "year": None, "sources": [source],
        "clauses": [
            {"id": f"c{n}", "kind": "constitutive", "text": "made up", "evidence": "read", "test": test}
            for n, test in enumerate(tests)
        ],
    }  # fmt: skip


def attributes_of(test, definitions):
    """Blanks that a formula can hang on."""
    if isinstance(test, list):
        return set().union(*(attributes_of(each, definitions) for each in test))
    for key in ("all", "any"):
        if key in test:
            return attributes_of(test[key], definitions)
    if "not" in test:
        return attributes_of(test["not"], definitions)
    if "meets" in test:
        return attributes_of([each["test"] for each in definitions[test["meets"]]["clauses"]], definitions)
    if "size" in test:
        return {"hours"}
    if "number" in test:
        return {test["number"]["attribute"]}
    return {test["attribute"]}


def blanks_of(definition, definitions):
    return attributes_of([each["test"] for each in definition["clauses"]], definitions)


#: Between and on every bound: tens of hours, which whole credits of ten hours are as well.
HOURS = [5, 10, 15, 20, 25, 30, 35]


def grid(names):
    """Every way of answering some blanks."""
    values = {**ANSWERS, "hours": HOURS}
    names = sorted(names)
    for combination in itertools.product(*(values[name] for name in names)):
        yield dict(zip(names, combination, strict=True))


def random_record(dice, names, share=0.5):
    """Some of these blanks filled."""
    values = {**ANSWERS, "hours": HOURS}
    return {name: dice.choice(values[name]) for name in sorted(names) if dice.random() < share}


def dice_of(seed):
    return random.Random(seed)


# ---- records of everything that bundled definitions look at

_FLAGS = (
    "assessed", "criteria_defined", "quality_assured", "provider_accredited", "provider_trusted", "learning_outcomes",
    "need_evidence", "credit_bearing", "smaller_than_award", "standalone", "portable", "focused", "exceptional",
)  # fmt: skip
_CHOICES = {
    **dict.fromkeys(_FLAGS, (True, True, False)),
    "issuer_kind": ("education", "professional-body", "industry", "vendor", "other"),
    "owner": ("learner", "provider", "other"),
    "form": ("certificate", "badge", "transcript", "other"),
    "level": ([], "nz-nzqcf:5", "my-mqf:3", "za-nqf:4", "pac-pqf:2", "eqf:5"),
    "hours": (1, 5, 7, 30, 50, 100, 300, 399, 400, 599, 700, 1200),
    "weeks": (1, 2, 11, 12),
    "course_count": (0, 1, 2),
    "part_of": ("-", "a qualification"),
}
_LISTS = {
    "listed_on": ("nz-nzqcf", "za-nqf", "na-nqf", "pac-pqf", "ls-lqf"),
    "relation": ("additional", "alternate", "complementary", "component"),
    "outcome_domains": ("knowledge", "skills", "values", "competences"),
}


def random_credential(dice, share):
    """A record that states each attribute with this probability; sizes may contradict each other."""
    record = {}
    for name, choices in _CHOICES.items():
        if dice.random() <= share:
            record[name] = dice.choice(choices)
    for name, choices in _LISTS.items():
        if dice.random() <= share:
            record[name] = sorted(dice.sample(choices, dice.randint(0, 2)))
    if dice.random() <= share:
        amount, system = dice.choice([1, 4, 5, 12, 40, 41, 119, 120]), dice.choice(["nz-credit", "ects", "za-credit"])
        record["credits"] = f"{amount} {system}"
    return record
