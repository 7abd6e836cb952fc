"""Facts that name each other agree: names exist, orders are orders, tables are complete where they say so."""

from __future__ import annotations

import itertools
import re
from fractions import Fraction

import pytest

import facts

FRAMEWORK_ITEMS = sorted(facts.FRAMEWORKS.items())
MAPPING_ITEMS = sorted(facts.MAPPINGS.items())
SYSTEM_ITEMS = sorted(facts.CREDIT_SYSTEMS.items())
RULE_ITEMS = sorted(facts.RULES.items())


def each(items):
    return pytest.mark.parametrize("fact", [fact for _, fact in items], ids=[name for name, _ in items])


def codes(framework_id):
    assert framework_id in facts.FRAMEWORKS, f"no framework {framework_id}"
    return [level["code"] for level in facts.FRAMEWORKS[framework_id]["levels"]]


def walk(node):
    yield node
    for child in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from walk(child)


def all_facts():
    for group in (
        facts.FRAMEWORKS,
        facts.MAPPINGS,
        facts.CREDIT_SYSTEMS,
        facts.MICROCREDENTIAL,
        facts.RPL,
        facts.CREDIT_TRANSFER,
    ):
        yield from group.values()
    yield from facts.PENDING
    yield from facts.AWARD_RULES


# ---------------------------------------------------------------- frameworks


@each(FRAMEWORK_ITEMS)
def test_levels_form_an_order(fact):
    levels = fact["levels"]
    assert len({level["code"] for level in levels}) == len(levels)
    ranks = [level["rank"] for level in levels]
    assert all(low < high for low, high in itertools.pairwise(ranks))
    assert (
        fact["levels_evidence"] == "unknown"
        if not levels
        else fact["levels_evidence"] in ("read", "known", "mixed")
    )
    for level in levels:
        assert level.get("parent") is None or (
            level["parent"] in codes(fact["id"]) and level["parent"] != level["code"]
        )


@each(FRAMEWORK_ITEMS)
def test_parallel_groups_are_unbroken(fact):
    groups = [level.get("parallel") for level in fact["levels"]]
    for group in set(groups) - {None}:
        first, size = groups.index(group), groups.count(group)
        assert size >= 2, f"group {group} has a single level"
        assert groups[first : first + size] == [group] * size, f"group {group} is interrupted"


@each(FRAMEWORK_ITEMS)
def test_framework_names_what_exists(fact):
    known = set(codes(fact["id"]))
    for name in [fact.get("parent"), fact.get("superseded_by"), *fact.get("sub_frameworks", [])]:
        assert name is None or (name in facts.FRAMEWORKS and name != fact["id"])
    assert fact["credit_system"] is None or fact["credit_system"] in facts.CREDIT_SYSTEMS
    for kind in fact["qualification_types"]:
        named = [
            kind["level"],
            kind.get("level_max"),
            kind.get("lowest_level_counted"),
            *kind.get("level_range", []),
        ]
        named += [
            rule["level"] for rule in kind.get("level_rules", []) + kind.get("provider_level_rules", [])
        ]
        named += [kind["min_credits_at_or_above"]["level"]] if "min_credits_at_or_above" in kind else []
        missing = set(named) - {None} - known
        assert not missing, f"{kind['name']}: no level {missing}"
        if kind["credits"]:
            assert kind["credits"]["system"] in facts.CREDIT_SYSTEMS, kind["name"]
        if "incremental_to" in kind:
            assert kind["incremental_to"] in [other["name"] for other in fact["qualification_types"]]
        for rule in kind.get("rules", []):
            assert rule.get("level", "in words") in known | {"in words", "level of certification"}


def test_parts_and_wholes_name_each_other():
    for name, fact in FRAMEWORK_ITEMS:
        for part in fact.get("sub_frameworks", []):
            assert facts.FRAMEWORKS[part]["parent"] == name
        if "parent" in fact:
            assert name in facts.FRAMEWORKS[fact["parent"]]["sub_frameworks"]


# ---------------------------------------------------------------- mappings


@each(MAPPING_ITEMS)
def test_mapping_names_what_exists(fact):
    assert fact["id"] == f"{fact['from']}>{fact['to']}@{fact['year'] or 'nd'}"
    document = facts.DOCUMENTS[fact["document_id"]]
    assert fact in document["mappings"]
    assert fact["document"] == document["document"]
    source, target = set(codes(fact["from"])), set(codes(fact["to"]))
    assert fact["from"] != fact["to"]
    assert source
    assert target
    rows = [tuple(pair) for pair in fact["pairs"]] + [(row["from"], row["to"]) for row in fact["partial"]]
    rows += [(multi["from"], to) for multi in fact["multi"] for to in multi["to"]]
    for low, high in rows:
        assert {low} <= source, (low, high)
        assert {high} <= target, (low, high)
    assert {entry["level"] for entry in fact["unmatched"]} <= source
    assert {entry["level"] for entry in fact["unmatched_to"]} <= target
    for entry in fact["unresolved"]:
        assert entry["level"] in (source if entry["side"] == "from" else target)
    for origin in fact["derived_from"]:
        assert origin in facts.MAPPINGS
        assert origin != fact["id"]


@each(MAPPING_ITEMS)
def test_several_rows_are_explained(fact):
    rows = facts.rows_of(fact)
    several = {code: targets for code, targets in rows.items() if len(targets) > 1}
    assert [multi["from"] for multi in fact["multi"]] == list(
        dict.fromkeys(multi["from"] for multi in fact["multi"])
    )
    assert {multi["from"]: sorted(multi["to"]) for multi in fact["multi"]} == {
        code: sorted(targets) for code, targets in several.items()
    }
    for multi in fact["multi"]:
        if multi["when"] is not None:
            assert multi["type"] == "split"
            assert sorted(case["to"] for case in multi["when"]) == sorted(multi["to"])
            named = [name.casefold() for case in multi["when"] for name in case.get("types", [])]
            assert len(named) == len(set(named)), "a type of award decides for one row only"


@each(MAPPING_ITEMS)
def test_known_rows_are_rows(fact):
    if fact["pairs_evidence"] == "mixed":
        known, rows = facts.known_rows(fact), {tuple(pair) for pair in fact["pairs"]}
        assert known < rows
        assert known
    else:
        assert "pairs_known" not in fact


@each(MAPPING_ITEMS)
def test_every_source_level_is_accounted_for(fact):
    mapped = set(facts.rows_of(fact)) | {row["from"] for row in fact["partial"]}
    unmatched = {entry["level"] for entry in fact["unmatched"]}
    unresolved = {entry["level"] for entry in fact["unresolved"] if entry["side"] == "from"}
    silent = set(codes(fact["from"])) - mapped - unmatched
    assert not mapped & unmatched
    assert not unmatched & unresolved
    assert silent <= unresolved, f"nothing is said of {silent - unresolved}"
    assert fact["pairs_complete"] == (not fact["unresolved"])
    reached = {target for _, target in fact["pairs"]}
    assert not reached & {entry["level"] for entry in fact["unmatched_to"]}


def crossings(mapping, source, target):
    """Pairs of source levels a below b whose rows fall from a to b, at the lower or the upper end."""
    low_high = {
        code: (min(map(target.get, to)), max(map(target.get, to)))
        for code, to in facts.rows_of(mapping).items()
    }
    return [
        (a, b)
        for a in low_high
        for b in low_high
        if source[a] < source[b] and (low_high[a][0] > low_high[b][0] or low_high[a][1] > low_high[b][1])
    ]


@each(MAPPING_ITEMS)
def test_tables_do_not_cross(fact):
    source, target = (facts.steps(facts.FRAMEWORKS[fact[side]]) for side in ("from", "to"))
    assert crossings(fact, source, target) == []


def test_a_crossing_would_be_seen():
    mapping = {"pairs": [["1", "1"], ["2", "3"], ["3", "2"]]}
    heights = {"1": 1, "2": 2, "3": 3}
    assert crossings(mapping, heights, heights) == [("2", "3")]
    assert crossings(mapping, {"1": 1, "2": 2, "3": 2}, heights) == []  # parallel tracks do not cross


@each(MAPPING_ITEMS)
def test_dates_are_in_order(fact):
    until = fact.get("valid_until")
    if until:
        assert fact["status"] == "superseded"
        assert fact["year"] is None or int(until[:4]) >= fact["year"]
    for origin in fact["derived_from"]:
        year = facts.MAPPINGS[origin]["year"]
        assert year is None or fact["year"] is None or year <= fact["year"]


def test_one_current_table_for_two_frameworks():
    current = [(m["from"], m["to"]) for m in facts.MAPPINGS.values() if m["status"] == "current"]
    assert len(current) == len(set(current))


def test_derivation_has_no_circle():
    def origins(name, above=()):
        assert name not in above, f"{name} is derived from itself"
        for origin in facts.MAPPINGS[name]["derived_from"]:
            origins(origin, (*above, name))

    for name in facts.MAPPINGS:
        origins(name)


# ---------------------------------------------------------------- evidence


def test_every_fact_names_its_sources():
    for fact in all_facts():
        assert fact["sources"], fact.get("id")
        for source in fact["sources"]:
            assert source["evidence"] in ("read", "known")


@each(MAPPING_ITEMS)
def test_read_rows_rest_on_a_text_that_was_read(fact):
    if fact["pairs_evidence"] != "known":
        assert any(source["evidence"] == "read" for source in fact["sources"])


@each(FRAMEWORK_ITEMS)
def test_read_levels_rest_on_a_text_that_was_read(fact):
    if fact["levels_evidence"] == "read":
        assert any(source["evidence"] == "read" for source in fact["sources"])


@each(SYSTEM_ITEMS)
def test_read_figures_rest_on_a_text_that_was_read(fact):
    if fact["evidence"] == "read":
        assert any(source["evidence"] == "read" for source in fact["sources"])


# ---------------------------------------------------------------- credits


@each(SYSTEM_ITEMS)
def test_credit_system_names_what_exists(fact):
    for ratio in fact.get("official_ratios", []):
        assert ratio["to"] in facts.CREDIT_SYSTEMS
        assert ratio["to"] != fact["id"]
        assert facts.exact(ratio["ratio"]) > 0
    if "alias_of" in fact:
        main = facts.CREDIT_SYSTEMS[fact["alias_of"]]
        assert "alias_of" not in main
        for figure in ("hours_per_credit", "credits_per_year", "contact_only", "evidence"):
            assert fact.get(figure) == main.get(figure), figure
    if fact["hours_per_credit"]:
        assert facts.exact(fact["hours_per_credit"]["min"]) > 0
    assert fact["credits_per_year"] is None or facts.exact(fact["credits_per_year"]) > 0


@pytest.mark.parametrize(
    "fact", facts.CONVERSIONS, ids=lambda fact: f"{fact['from']}-{fact['to']}-{fact['by']}"
)
def test_worked_conversions_follow_from_the_figures(fact):
    source, target = (facts.CREDIT_SYSTEMS[fact[side]] for side in ("from", "to"))
    if fact["by"] == "year":
        assert facts.exact(fact["ratio"]) == Fraction(target["credits_per_year"], source["credits_per_year"])
    else:
        hours, other = source["hours_per_credit"], target["hours_per_credit"]
        low, high = Fraction(hours["min"], other["max"]), Fraction(hours["max"], other["min"])
        ratio = (
            fact["ratio"] if isinstance(fact["ratio"], dict) else {"min": fact["ratio"], "max": fact["ratio"]}
        )
        assert (facts.exact(ratio["min"]), facts.exact(ratio["max"])) == (low, high)


# ---------------------------------------------------------------- policies and lists


@each(sorted({**facts.MICROCREDENTIAL, **facts.RPL, **facts.CREDIT_TRANSFER}.items()))
def test_policy_names_what_exists(fact):
    assert fact["framework"] is None or fact["framework"] in facts.FRAMEWORKS
    if fact.get("levels"):
        order = codes(fact["framework"])
        if order:
            assert order.index(fact["levels"]["min"]) <= order.index(fact["levels"]["max"])
    if fact.get("credits"):
        assert fact["credits"]["system"] in facts.CREDIT_SYSTEMS


def test_pending_relations_have_no_table():
    tables = {(m["from"], m["to"]) for m in facts.MAPPINGS.values()}
    for relation in facts.PENDING:
        assert relation["from"] in facts.FRAMEWORKS
        assert relation["to"] in facts.FRAMEWORKS if relation["to"] else relation["to_name"]
        assert (relation["from"], relation["to"]) not in tables


def test_label_placements_name_levels():
    for entry in facts.LABEL_PLACEMENTS:
        assert len({framework for framework, _, _ in entry["placements"]}) == len(entry["placements"])
        for framework, level, _ in entry["placements"]:
            named = re.split(r" or | to ", level)
            assert set(named) <= set(codes(framework)), (entry["label"], framework, level)


def test_award_rules_name_credit_systems():
    for rule in facts.AWARD_RULES:
        assert rule.get("credit_system") is None or rule["credit_system"] in facts.CREDIT_SYSTEMS
        figures = (
            "total_credits",
            "credits_per_year",
            "min_by_category",
            "min_credits_at_level",
            "min_credits_at_or_above",
            "stated_minimum_credits",
        )
        assert "credit_system" in rule or not any(figure in rule for figure in figures), rule["id"]


def test_ranges_and_shares_make_sense():
    amount = re.compile(
        r"[0-9]+(/[1-9][0-9]*)?"
    )  # levels may have letters; they are checked against their framework
    for fact in all_facts():
        for node in filter(lambda node: isinstance(node, dict), walk(fact)):
            name = fact.get("id", fact.get("from"))
            ends = [node[end] for end in ("min", "max") if node.get(end) is not None]
            if len(ends) == 2 and all(amount.fullmatch(str(end)) for end in ends):
                assert facts.exact(ends[0]) <= facts.exact(ends[1]), (name, ends)
            for key, value in node.items():
                if "share" in key and isinstance(value, str) and amount.fullmatch(value):
                    assert 0 < facts.exact(value) <= 1, (name, key, value)


# ---------------------------------------------------------------- stacking rules


def texts_under(node, keys):
    """Every text that stands under one of these keys, alone or in a list."""
    for part in walk(node):
        if isinstance(part, dict):
            for key in keys & part.keys():
                yield from (text for text in walk(part[key]) if isinstance(text, str))


@each(RULE_ITEMS)
def test_rule_names_what_exists(fact):
    assert fact.get("framework") is None or fact["framework"] in facts.FRAMEWORKS
    assert fact.get("credit") is None or fact["credit"] in facts.CREDIT_SYSTEMS
    scales = {name: scale.get("order", []) for name, scale in fact.get("scales", {}).items()}
    for text in texts_under(fact, {"level"}):
        ladder, colon, code = text.partition(":")
        if colon and re.fullmatch(r"[a-z0-9.-]+", ladder):
            assert code in (scales[ladder] if ladder in scales else codes(ladder)), text


@each(RULE_ITEMS)
def test_rule_says_where_it_comes_from(fact):
    assert fact["sources"], "a rule rests on at least one text"
    named = {source[key] for source in fact["sources"] for key in ("id", "title") if key in source}
    for path, clause in facts.clauses(fact).items():
        if "source" in clause:
            assert clause["source"]["document"] in named, path


def test_rules_spell_out_the_awards_of_the_short_list():
    short = {rule["id"] for rule in facts.AWARD_RULES}
    assert len(short & facts.RULES.keys()) >= 10
    for name in short & facts.RULES.keys():
        assert facts.RULES[name].get("framework") in (None, *facts.FRAMEWORKS)


def test_what_is_made_up_says_so():
    assert [name for name, rule in facts.RULES.items() if "x-synthetic" in rule] == ["example-diploma"]
