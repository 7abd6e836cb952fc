"""What has to hold of audits, whatever the rule: invariants on random instances.

Rules and records come from ``reference.stacking_random``, named by their seeds; a failure names the
seed. The quick part tries some three hundred instances of each invariant, the full one thousands.
"""

# ruff: noqa: N802 - invariants are called by their numbers

from __future__ import annotations

import copy
import itertools
import random
from fractions import Fraction

import pytest

from qualgraph.check import check, evaluate
from reference import stacking_against, stacking_brute
from reference.invariants import asks_the_record, holds_anywhere, seeds
from reference.stacking_random import SCALE, Maker, attempts, instance

ORDER = {"unsatisfied": 0, "provisional": 1, "satisfied": 2}


def lacking(audit):
    """Shortfall by measure without what is zero; None if the limits cannot be kept."""
    return None if audit.shortfall is None else stacking_against.shortfall(audit.shortfalls)


def rank(audit, rule):
    """The shortfall as a vector to compare, the rule's own measure first."""
    if audit.shortfall is None:
        return (1,)
    found = dict(audit.shortfalls)
    first = found.pop(rule.get("measure", "credits"), Fraction(0))
    found["items"] = found.get("items", Fraction(0)) + found.pop("units", Fraction(0))
    return (0, first, *(found.get(each, Fraction(0)) for each in ("credits", "hours", "points", "items", "outcomes")))


def asked_to_be_met(tree):
    """Paths of clauses that a condition names."""
    if isinstance(tree, dict):
        named = {tree["met"]} if isinstance(tree.get("met"), str) else set()
        return named.union(*map(asked_to_be_met, tree.values()))
    if isinstance(tree, list):
        return set().union(*map(asked_to_be_met, tree))
    return set()


# -- I17 to I19: free selection and record mode


@seeds()
def test_I17_an_item_more_does_no_harm(audit, numbers):
    tried = 0
    for seed in numbers:
        rule, record = instance(seed)
        if asks_the_record(rule):
            continue
        tried += 1
        more = copy.deepcopy(record)
        maker = Maker(seed + 10**6)
        extra = maker.item(0)
        extra["id"] = "extra"
        more["items"].insert(seed % (len(more["items"]) + 1), extra)
        before, after = audit(rule, record, proof=False), audit(rule, more, proof=False)
        assert ORDER[after.verdict] >= ORDER[before.verdict], seed
        assert rank(after, rule) <= rank(before, rule), seed
    assert tried > len(numbers) // 4


def study_and_rpl(study, rpl):
    items = [{"id": f"s{n}", "credits": 10, "origin": "taught", "used_for": []} for n in range(study)]
    items += [{"id": f"r{n}", "credits": 10, "origin": "rpl", "used_for": []} for n in range(rpl)]
    return {"language": 1, "credit": "ects", "items": items}


def half_rpl(**cap):
    cap = {"from": {"origin": "rpl"}, "max_share": "1/2", "base": "counted", **cap}
    return {
        "language": 1,
        "id": "half",
        "title": "Half",
        "credit": "ects",
        "total": {"min": 120},
        "caps": {"rpl": cap},
        "sources": [],
    }


def test_I18_an_item_more_may_harm_in_record_mode(audit):
    assert audit.verdict(half_rpl(effect="invalid"), study_and_rpl(6, 6)) == "satisfied"
    assert audit.verdict(half_rpl(effect="invalid"), study_and_rpl(6, 7)) == "unsatisfied"
    assert audit.verdict(half_rpl(), study_and_rpl(6, 7)) == "satisfied"
    record = study_and_rpl(12, 0)
    for item, grade in zip(record["items"], "334333433343", strict=True):
        item["grade"] = grade
    mean = {**half_rpl(), "averages": {"m": {"min": 3, "over": "record"}}}
    assert audit.verdict(mean, record) == "satisfied"
    record["items"].append({"id": "weak", "credits": 30, "origin": "taught", "grade": "0", "used_for": []})
    assert audit.verdict(mean, record) == "unsatisfied"


def test_I19_an_allocation_may_not_be_extended(audit, world):
    rule, record = half_rpl(), study_and_rpl(6, 7)
    found = audit(rule, record)
    rows = [(row["item"], row["place"], row["amount"]) for row in found.allocation]
    assert evaluate(rule, record, rows, world=world).met
    placed = {row[0] for row in rows}
    left = next(item["id"] for item in record["items"] if item["id"] not in placed and item["origin"] == "rpl")
    more = [*rows, (left, rows[0][1], 10)]
    assert [each.path for each in evaluate(rule, record, more, world=world).broken] == ["caps/rpl/max_share"]


# -- I20 to I22: names, order, sizes


def shuffled(tree, random):
    if isinstance(tree, dict):
        keys = list(tree)
        random.shuffle(keys)
        return {key: shuffled(tree[key], random) for key in keys}
    if isinstance(tree, list):
        return [shuffled(each, random) for each in tree]
    return tree


@seeds()
def test_I20_order_does_not_matter(audit, numbers):
    for seed in numbers:
        rule, record = instance(seed)
        mixer = random.Random(seed)
        other = shuffled(record, mixer)
        mixer.shuffle(other["items"])
        one, two = audit(rule, record), audit(shuffled(rule, mixer), other)
        assert (one.verdict, lacking(one)) == (two.verdict, lacking(two)), seed


@seeds(100, 1000)
def test_I20_the_canonical_answer_is_one(audit, numbers):
    for seed in numbers:
        rule, record = instance(seed)
        mixer = random.Random(seed)
        other = copy.deepcopy(record)
        mixer.shuffle(other["items"])
        one, two = audit(rule, record, canonical=True), audit(shuffled(rule, mixer), other, canonical=True)
        rows = [
            sorted((row["item"], row["place"], str(row["amount"])) for row in each.allocation) for each in (one, two)
        ]
        assert rows[0] == rows[1], seed


@seeds()
def test_I20_names_of_items_do_not_matter(audit, numbers):
    for seed in numbers:
        rule, record = instance(seed)
        other = copy.deepcopy(record)
        for number, item in enumerate(other["items"]):
            item.setdefault("unit", item["id"])
            item["id"] = f"z{len(other['items']) - number}"
        one, two = audit(rule, record), audit(rule, other)
        assert (one.verdict, lacking(one)) == (two.verdict, lacking(two)), seed


@seeds(200, 2000)
def test_attempts_at_a_unit_compete_whatever_they_are_called(audit, world, numbers):
    tried = 0
    for seed in numbers:
        rule, record = attempts(seed)
        try:
            difference = stacking_against.compare(world, rule, record)
        except stacking_brute.TooMany:
            continue
        tried += 1
        assert difference is None, (seed, difference)
        before = audit.verdict(rule, record)
        other, full = copy.deepcopy(record), copy.deepcopy(record)
        for number, item in enumerate(other["items"]):
            item["id"] = f"z{len(other['items']) - number}"
        assert audit.verdict(rule, other) == before, seed
        mixer = random.Random(seed)
        for item in full["items"]:
            item.setdefault("grade", mixer.choice(SCALE["order"]))
            item.setdefault("credits", mixer.choice([0, 5, 15]))
            item.setdefault("date", mixer.choice(["2020-01-01", "2023-01-01"]))
        assert before in ("provisional", audit.verdict(rule, full)), seed
    assert tried > len(numbers) // 2


def times(value, k):
    """An amount in credits, k times: numbers, fractions, with or without a system, and ranges."""
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int):
        return value * k
    if isinstance(value, str):
        number, _, system = value.partition(" ")
        return f"{Fraction(number) * k} {system}".strip()
    if isinstance(value, dict) and "table" in value:
        rows = [{**row, "value": times(row["value"], k), "when": scaled(row["when"], k)} for row in value["table"]]
        return {"table": rows, "otherwise": times(value.get("otherwise"), k)}
    if isinstance(value, dict) and "parameter" not in value:
        return {key: times(each, k) for key, each in value.items()}
    return value


def scaled(tree, k):
    """Selectors and conditions in which sizes in credits are k times."""
    if isinstance(tree, list):
        return [scaled(each, k) for each in tree]
    if not isinstance(tree, dict):
        return tree

    def size(key, value):
        if key == "credits":
            return isinstance(value, dict)
        if key == "min":
            return "holds" in tree and tree.get("measure") == "credits"
        return key in ("at_least", "at_most", "is") and tree.get("parameter") == "size"

    return {key: times(value, k) if size(key, value) else scaled(value, k) for key, value in tree.items()}


def bigger(rule, record, k):
    """Rule and record with k times the credits."""
    measure = rule.get("measure", "credits")

    def clause(stated, counted=True):
        found = scaled(stated, k)
        if stated.get("measure", measure) == "credits" and counted:
            for key in ("min", "max", "exact"):
                if key in stated:
                    found[key] = times(stated[key], k)
            if "rounding" in stated:
                found["grain"] = times(stated.get("grain", 1), k)
        if "of_last" in stated and stated.get("measure", measure) == "credits":
            found["of_last"] = times(stated["of_last"], k)
        return found

    larger = copy.deepcopy(rule)
    larger["parameters"]["size"]["default"] = times(rule["parameters"]["size"]["default"], k)
    larger["parameters"]["target"]["default"] = times(rule["parameters"]["target"]["default"], k)
    if "total" in rule:
        larger["total"] = clause(rule["total"])
    for section in ("places", "caps", "pace"):
        larger[section] = {id: clause(one) for id, one in rule.get(section, {}).items()}
    larger["floors"] = {id: clause(one, "distinct" not in one) for id, one in rule.get("floors", {}).items()}
    for section in (
        "eligibility",
        "windows",
        "prerequisites",
        "outcomes",
        "requirements",
        "averages",
        "exclusions",
        "substitutions",
    ):
        larger[section] = scaled(rule.get(section, {}), k)
    allocation = rule.get("allocation", {})
    larger["allocation"] = {**allocation, "quantum": times(allocation.get("quantum", 1), k)}
    if "overlap" in allocation:
        larger["allocation"]["overlap"] = {id: clause(one) for id, one in allocation["overlap"].items()}
    if rule.get("reuse", {}).get("limits"):
        larger["reuse"]["limits"] = {id: clause(one) for id, one in rule["reuse"]["limits"].items()}
    grown = copy.deepcopy(record)
    for item in grown["items"]:
        if "credits" in item:
            item["credits"] = times(item["credits"], k)
    for award in grown.get("awards") or ():
        award["credits"] = times(award["credits"], k)
    if "size" in grown["parameters"]:
        grown["parameters"]["size"] = times(grown["parameters"]["size"], k)
    return {key: value for key, value in larger.items() if value != {} or key in rule}, grown


@seeds()
def test_I21_larger_credits_keep_the_verdict(audit, numbers):
    for seed in numbers:
        rule, record = instance(seed)
        if any(
            one.get("base") in ("target", "smaller", "source")
            and one.get("measure", rule.get("measure")) not in (None, "credits")
            for group in ("floors", "caps")
            for one in rule.get(group, {}).values()
        ):
            continue  # hours beside a share of credits
        k = 2 + seed % 3
        one, two = audit(rule, record), audit(*bigger(rule, record, k))
        assert one.verdict == two.verdict, seed
        expected = lacking(one)
        if expected is not None:
            expected = {name: amount * k if name == "credits" else amount for name, amount in expected.items()}
        assert lacking(two) == expected, seed


def plain(seed, split):
    """A rule of places, floors and caps that counts credits only, and a record without ranges."""
    maker = Maker(seed, blanks=0)
    maker.split, maker.measure = split, "credits"
    rule, record = maker.rule(), maker.record(maker.random.randint(2, 4))
    rule = {
        key: value
        for key, value in rule.items()
        if key
        not in (
            "exclusions",
            "eligibility",
            "windows",
            "pace",
            "prerequisites",
            "outcomes",
            "averages",
            "admits",
            "substitutions",
            "reuse",
            "units",
        )
    }
    rule["allocation"] = {"items": "splittable"} if split else {}
    for item in record["items"]:
        item.update(credits=maker.random.randint(2, 4), used_for=[])
        for key in ("whole", "count", "status"):
            item.pop(key, None)
    return rule, record


def of_sizes(rule):
    """Whether something else than credits counts: units, hours, points, values, sets, sizes of items."""
    keys = {
        "measure",
        "distinct",
        "all",
        "credits",
        "hours",
        "of_last",
        "rounding",
        ("effect", "invalid"),
        "holds",
        "unit",
    }
    return holds_anywhere({key: value for key, value in rule.items() if key != "conversion"}, keys)


@seeds()
@pytest.mark.parametrize("split", [True, False])
def test_I22_merging_equal_items(audit, numbers, split):
    tried = 0
    for seed in numbers:
        rule, record = plain(seed, split)
        if of_sizes(rule):
            continue
        tried += 1
        other = copy.deepcopy(record)
        first = other["items"][0]
        part = first["credits"] - 1
        first["credits"] = 1
        other["items"].append({**first, "id": "rest", "credits": part})
        merged, apart = audit(rule, record), audit(rule, other)
        if split:
            assert (merged.verdict, lacking(merged)) == (apart.verdict, lacking(apart)), seed
        else:
            assert ORDER[merged.verdict] <= ORDER[apart.verdict], seed
            assert rank(merged, rule) >= rank(apart, rule), seed
    assert tried


# -- I23, I24, I33: looser rules, redundant clauses, waivers


def looser(rule, mixer):
    """The rule with one bound loosened; None if it has none that is safe to loosen."""
    ways = []

    def by(section, id, key, step):
        if isinstance(rule[section][id].get(key), int):
            ways.append((section, id, {key: max(0, rule[section][id][key] + step)}))

    for id in rule.get("floors", {}):
        by("floors", id, "min", -5)
    for id, cap in rule.get("caps", {}).items():
        by("caps", id, "max", 5)
        if "max_share" in cap:
            ways.append(("caps", id, {"max_share": 1}))
    for id in rule.get("places", {}):
        by("places", id, "min", -5)
        if not holds_anywhere(rule, {("base", f"place:{id}")}):
            by("places", id, "max", 5)
    for section in ("floors", "eligibility", "windows", "exclusions", "prerequisites", "pace", "averages"):
        ways += [(section, id, None) for id in rule.get(section, {}) if f"{section}/{id}" not in asked_to_be_met(rule)]
    found = copy.deepcopy(rule)
    # A lower total is a smaller base: it tightens shares of the target.
    if isinstance(rule.get("total", {}).get("min"), int) and not holds_anywhere(rule, {"max_share", "min_share"}):
        ways.append(("total", None, {"min": max(0, rule["total"]["min"] - 5)}))
    if not ways:
        return None
    section, id, change = mixer.choice(ways)
    if id is None:
        found[section].update(change)
    elif change is None:
        del found[section][id]
    else:
        found[section][id].update(change)
    return found


@seeds()
def test_I23_a_looser_rule_is_met_as_well(audit, numbers):
    tried = 0
    for seed in numbers:
        rule, record = instance(seed)
        found = looser(rule, random.Random(seed))
        if found is None:
            continue
        tried += 1
        before, after = audit(rule, record), audit(found, record)
        assert ORDER[after.verdict] >= ORDER[before.verdict], seed
    assert tried > len(numbers) // 2


@seeds()
def test_I24_a_redundant_clause_changes_nothing(audit, numbers):
    for seed in numbers:
        rule, record = instance(seed)
        more = copy.deepcopy(rule)
        more.setdefault("floors", {})["nothing"] = {"min": 0}
        more.setdefault("caps", {})["anything"] = {"measure": "units", "max": 10**6}
        for id, cap in rule.get("caps", {}).items():
            if isinstance(cap.get("max"), int) and "union" not in cap:
                more["caps"][f"{id}-weaker"] = {**cap, "max": cap["max"] + 1}
        for id, floor in rule.get("floors", {}).items():
            more["floors"][f"{id}-again"] = floor
        assert audit.verdict(more, record) == audit.verdict(rule, record), seed


@seeds()
def test_I33_waiving_is_deleting(audit, numbers):
    tried = 0
    for seed in numbers:
        rule, record = instance(seed)
        united = {id for cap in rule.get("caps", {}).values() for id in cap.get("union", ())}
        clauses = [
            f"{section}/{id}"
            for section in (
                "floors",
                "caps",
                "eligibility",
                "windows",
                "pace",
                "prerequisites",
                "outcomes",
                "requirements",
                "averages",
                "exclusions",
            )
            for id in rule.get(section, {})
            if id not in united and f"{section}/{id}" not in asked_to_be_met(rule)
        ]
        if not clauses:
            continue
        tried += 1
        path = random.Random(seed).choice(clauses)
        section, id = path.split("/")
        waived = {**rule, "waivers": {"gone": {"clause": path, "decided_by": "board"}}}
        deleted = copy.deepcopy(rule)
        del deleted[section][id]
        decided = {**record, "decisions": [*record.get("decisions", []), {"apply": "waivers/gone", "by": "board"}]}
        expected = audit(deleted, record)
        for found in (audit(waived, record, waivers=["gone"]), audit(waived, decided)):
            assert (found.verdict, lacking(found)) == (expected.verdict, lacking(expected)), (seed, path)
        undecided = audit(waived, record)
        assert undecided.verdict == audit.verdict(rule, record), (seed, path)
    assert tried > len(numbers) // 2


# -- I25 to I27: certificates, brute force, cuts


@seeds()
def test_I25_certificates_are_accepted(audit, world, numbers):
    for seed in numbers:
        rule, record = instance(seed)
        found = audit(rule, record)
        checked = check(found.certificate, record, rule, world)
        assert checked.ok is True, (seed, checked.reasons)


@seeds()
def test_I25_the_checker_builds_the_same_model(world, numbers):
    for seed in numbers:
        for rule, record in (instance(seed), attempts(seed)):
            for favourable in (False, True):
                assert not stacking_against.compare_models(world, rule, record, None, favourable), (seed, favourable)


@seeds()
def test_I25_clashes_are_minimal_and_corrections_correct(audit, world, numbers):
    tried = 0
    for seed in numbers:
        rule, record = instance(seed)
        found = audit(rule, record)
        # A choice not made is also told as what the chosen place lacks: there is no one list of what is broken.
        # What a gate keeps out is in no allocation at all, so no list of allocations shows that the gate matters.
        per_unit = any(each.get("per") == "unit" for each in (rule.get("outcomes") or {}).values())
        if found.verdict == "satisfied" or per_unit or holds_anywhere(rule, {"choose", "eligibility", "met"}):
            continue
        reading = "strict" if found.verdict == "provisional" else "favourable"
        layout = stacking_brute.Layout(stacking_brute.Case(rule, record, None, reading, world))
        try:
            every = list(stacking_brute.allocations(layout, 600))
        except stacking_brute.TooMany:
            continue
        tried += 1
        reports = [
            stacking_brute.Report(stacking_brute.Evaluation(layout, placed).findings(), layout.case.measure)
            for placed in every
        ]
        broken = [frozenset(each.path for each in report.broken) for report in reports]
        together, corrections = set(found.clash["together"]), found.clash["corrections"]
        assert together, seed
        # No allocation meets them all, and each of them can be left out for that.
        assert all(each & together for each in broken), (seed, together)
        for path in together:
            assert any(not each & (together - {path}) for each in broken), (seed, path)
        if found.clash["proved"]:
            assert corrections, seed
        for given in map(set, corrections):
            assert any(each <= given for each in broken), (seed, given)
            assert not any(each < given for each in broken), (seed, given)
            assert given & together, seed
    assert tried > len(numbers) // 4


@seeds()
def test_I26_brute_force_says_the_same(world, numbers):
    tried = 0
    for seed in numbers:
        rule, record = instance(seed + 500_000)
        try:
            difference = stacking_against.compare(world, rule, record)
        except stacking_brute.TooMany:
            continue
        tried += 1
        assert difference is None, (seed + 500_000, difference)
    assert tried > len(numbers) // 2


def matched(wanted, takers):
    """Largest number of units that find a place, by augmenting paths."""
    held = {}

    def place(unit, seen):
        for slot in slots[unit]:
            if slot in seen:
                continue
            seen.add(slot)
            if slot not in held or place(held[slot], seen):
                held[slot] = unit
                return True
        return False

    slots = [[(name, n) for name in names for n in range(wanted[name])] for names in takers]
    return sum(place(unit, set()) for unit in range(len(takers)))


@seeds()
def test_I27_the_cut_is_as_large_as_the_flow(audit, world, numbers):
    refused = 0
    for seed in numbers:
        maker = random.Random(seed)
        names = [f"p{n}" for n in range(maker.randint(1, 5))]
        wanted = {name: maker.randint(1, 3) for name in names}
        takers = [maker.sample(names, maker.randint(0, len(names))) for _ in range(maker.randint(0, 9))]
        rule = {
            "language": 1,
            "id": "flow",
            "title": "Flow",
            "measure": "units",
            "level": None,
            "credit": None,
            "sources": [],
            "places": {name: {"from": {"tag": name}, "min": least} for name, least in wanted.items()},
        }
        record = {
            "language": 1,
            "items": [{"id": f"u{n}", "tags": tags, "used_for": []} for n, tags in enumerate(takers)],
        }
        found = audit(rule, record)
        flow = sum(wanted.values()) - matched(wanted, takers)
        cut = max(
            sum(wanted[name] for name in chosen) - sum(bool(set(chosen) & set(tags)) for tags in takers)
            for size in range(len(names) + 1)
            for chosen in itertools.combinations(names, size)
        )
        assert found.shortfalls.get("units", 0) == flow == cut, seed
        if flow:
            refused += 1
            assert check(found.certificate, record, rule, world), seed
    assert refused > len(numbers) // 10


# -- I28 to I32


@seeds()
def test_I28_what_is_met_whole_is_met_in_parts(audit, numbers):
    tried = 0
    for seed in numbers:
        rule, record = instance(seed)
        split = copy.deepcopy(rule)
        split["allocation"] = {**rule.get("allocation", {}), "items": "splittable", "quantum": "1/2"}
        whole = copy.deepcopy(rule)
        whole["allocation"] = {**rule.get("allocation", {}), "items": "whole"}
        if not whole["allocation"]:
            continue
        tried += 1
        for item in record["items"]:
            # Equal units are whole by themselves, a divided item is one.
            for key in ("whole", "count"):
                item.pop(key, None)
        one, two = audit(whole, record), audit(split, record)
        assert ORDER[two.verdict] >= ORDER[one.verdict], seed
        assert rank(two, rule) <= rank(one, rule), seed
    assert tried


@seeds()
def test_I29_what_is_met_of_the_target_is_met_of_the_counted(audit, numbers):
    met = 0
    for seed in numbers:
        maker = Maker(seed + 10**5)
        rule, record = maker.rule(), maker.record(maker.random.randint(2, 5))
        rule["total"] = {"min": maker.pick([1, 2, 5, 10] if rule.get("measure", "credits") != "hours" else [10, 30])}
        caps = rule.setdefault("caps", {})
        if any(path.startswith("caps/") for path in asked_to_be_met(rule)):
            continue
        for id in [id for id, cap in caps.items() if cap.get("base") in ("counted", "component") or "union" in cap]:
            del caps[id]
        for number in range(2):
            caps[f"share-{number}"] = {"from": maker.selector(), **maker.share("max_share", ["target"])}
        counted = copy.deepcopy(rule)
        for number in range(2):
            counted["caps"][f"share-{number}"]["base"] = "counted"
        one, two = audit(rule, record), audit(counted, record)
        met += one.verdict == "satisfied"
        assert ORDER[two.verdict] >= ORDER[one.verdict], seed
    assert met


def check_settled_stays(audit, numbers, blanked):
    """No answer to what is not known turns a verdict that does not hang on it."""
    settled = 0
    for seed in numbers:
        rule, full, blank = blanked(Maker(seed, blanks=0), random.Random(seed))
        before = audit.verdict(rule, blank)
        if before == "provisional":
            continue
        settled += 1
        assert audit.verdict(rule, full) == before, seed
    assert settled > len(numbers) // 2


def two_records(maker):
    """A record, and its copy to leave things out of."""
    full = maker.record(maker.random.randint(1, 4))
    return full, copy.deepcopy(full)


@seeds()
def test_I30_an_answer_never_turns_what_is_settled(audit, numbers):
    def blanked(maker, mixer):
        rule = maker.rule()
        full, blank = two_records(maker)
        for item in blank["items"]:
            for key in list(item):
                if key not in ("id", "unit", "status", "count", "whole") and mixer.random() < 0.2:
                    del item[key]
        for key in ("awards", "dates"):
            if key in blank and mixer.random() < 0.2:
                del blank[key]
        return rule, full, blank

    check_settled_stays(audit, numbers, blanked)


@seeds()
def test_I30_also_of_credits_that_may_be_cut(audit, numbers):
    def blanked(maker, mixer):
        rule = maker.rule()
        rule.setdefault("allocation", {})["items"] = "splittable"
        full, blank = two_records(maker)
        for item in blank["items"]:
            stated = item.get("credits")
            if mixer.random() < 0.5:
                item.pop("credits", None)
            elif isinstance(stated, int):
                least = max(0, stated - mixer.choice([0, 1, 5]))
                item["credits"] = {"min": least, "max": stated + mixer.choice([1, 5])}
        return rule, full, blank

    check_settled_stays(audit, numbers, blanked)


@seeds()
def test_I30_also_of_values_with_places_of_their_own(audit, numbers):
    def blanked(maker, mixer):
        rule = maker.rule()
        for place in rule.get("places", {}).values():
            if "all" not in place and mixer.random() < 0.6:
                place["for_each"] = mixer.choice(["tag:subject", "provider", "mode"])
        full, blank = two_records(maker)
        for item in blank["items"]:
            for key in ("tags", "provider", "mode"):
                if mixer.random() < 0.5:
                    item.pop(key, None)
        return rule, full, blank

    check_settled_stays(audit, numbers, blanked)


@seeds()
def test_I31_items_without_credits_change_no_bound_of_credits(audit, numbers):
    tried = 0
    for seed in numbers:
        rule, record = plain(seed, split=False)
        if of_sizes(rule) or holds_anywhere(rule, {"for_each"}):
            continue
        tried += 1
        other = copy.deepcopy(record)
        other["items"].append(
            {**Maker(seed + 7, blanks=0).item(0), "id": "nothing", "credits": 0, "status": "passed", "count": 1}
        )
        one, two = audit(rule, record), audit(rule, other)
        assert (one.verdict, lacking(one)) == (two.verdict, lacking(two)), seed
    assert tried


def wrapped(rule, name, holder, ids):
    found = copy.deepcopy(rule)
    for id in ids:
        found["places"][id]["inside"] = name
    found["places"][name] = holder
    return found


@seeds()
def test_I32_choosing_all_is_all(audit, numbers):
    tried = 0
    for seed in numbers:
        rule, record = instance(seed)
        top = [id for id, place in rule.get("places", {}).items() if "inside" not in place]
        if not top or holds_anywhere(rule["places"], {"for_each", "when"}):
            continue
        tried += 1
        expected = audit(rule, record)
        # A place that cannot be judged is no clause of a choice, but a choice that cannot be made.
        if any(row["clause"].startswith("places/") and row["measure"] == "clause" for row in expected.missing):
            continue
        forms = [wrapped(rule, "wrap", {}, top), wrapped(rule, "wrap", {"choose": len(top)}, top)]
        # One of one is that one; and All may be nested anyhow.
        forms.append(wrapped(rule, "wrap", {"choose": 1}, top[:1]))
        if len(top) > 1:
            forms.append(wrapped(rule, "wrap", {}, top[:-1]))
            forms.append(wrapped(rule, "wrap", {}, top[1:]))
        for form in forms:
            found = audit(form, record)
            assert (found.verdict, lacking(found)) == (expected.verdict, lacking(expected)), seed
    assert tried > len(numbers) // 4
