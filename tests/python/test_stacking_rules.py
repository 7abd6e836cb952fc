"""Rules: found in a world, changed, and read as sentences."""

# ruff: noqa: E501 - a sentence shown to the reader stays one line

from __future__ import annotations

import json
import pickle
from html.parser import HTMLParser

import pytest

import qualgraph as qg
from qualgraph.stacking.sentences import MAPS, Writer

RULES = [rule.id for rule in qg.load().rules]


def paths_of(rule: dict, prefix: str = "") -> list[str]:
    """Every path of a clause that a rule has, found without the writer of sentences."""
    found = []
    for group in MAPS:
        found += [f"{prefix}{group}/{id}" for id in rule.get(group) or {} if not id.startswith("x-")]
    for single in ("total", "allocation", "reuse", "classification"):
        if rule.get(single) is not None:
            found.append(f"{prefix}{single}")
    for group, key in (("allocation", "overlap"), ("reuse", "limits"), ("classification", "methods")):
        found += [f"{prefix}{group}/{key}/{id}" for id in (rule.get(group) or {}).get(key) or {}]
    if (rule.get("derives") or {}).get("level"):
        found.append(f"{prefix}derives/level")
    for group in ("variants", "titles", "exits"):
        for id, one in (rule.get(group) or {}).items():
            found.append(f"{prefix}{group}/{id}")
            found += paths_of(one, f"{prefix}{group}/{id}/")
    for group in ("readings", "parameters", "scales", "informative"):
        found += [f"{prefix}{group}/{id}" for id in rule.get(group) or {}]
    return found


def small(**more) -> qg.Rule:
    return qg.Rule({"id": "small", "title": "Small award", **more})


def said(path: str, **more) -> str:
    return small(**more).sentence(path).text


def test_a_world_holds_rules_by_id(world):
    assert len(world.rules) == len(RULES) > 100
    assert world.rule("kr-acbs") == world.rules["kr-acbs"]
    assert world.rule("kr-acbs").credit == "kr-credit"
    with pytest.raises(qg.UnknownId, match='Did you mean "kr-acbs"'):
        world.rule("kr-acb")
    with pytest.raises(qg.UnknownId, match='Did you mean "kr-acbs"'):
        world.rules["kr-acb"]
    with pytest.raises(qg.UnitMismatch):
        world.rule(7)


def test_with_rule_gives_another_world(world):
    mine = small(total={"min": 20})
    more = world.with_rule(mine)
    assert more.rule("small") == mine
    assert "small" not in world.rules
    assert more.hash != world.hash
    assert pickle.loads(pickle.dumps(more)).rule("small") == mine
    again = more.with_rule({"id": "small", "title": "Small award", "total": {"min": 30}})
    assert again.rule("small").to_dict()["total"] == {"min": 30}
    with pytest.raises(qg.FactError, match="totl"):
        world.with_rule({"id": "small", "title": "Small award", "totl": {"min": 30}})


@pytest.mark.parametrize("id", RULES)
def test_every_clause_of_every_rule_is_said(world, id):
    rule = world.rule(id)
    whole = str(rule)
    missing = [path for path in paths_of(rule.to_dict()) if f"[{path}]" not in whole.replace("\n", " ")]
    assert missing == []
    # No value of the language leaks as Python or JSON text.
    for leak in ("{'", '{"', "['", "None", "True", "False"):
        assert leak not in whole, leak
    for one in rule.sentences:
        assert one.text[0].isupper() or not one.text[0].isalpha() or one.section.startswith(("Scales", "Units")), one
        assert one.text.endswith("."), one
        assert "  " not in one.text, one
    for source in rule.to_dict()["sources"]:
        assert source["title"] in " ".join(whole.split())


@pytest.mark.parametrize("id", RULES)
def test_rules_show_themselves_as_html(world, id):
    class Balanced(HTMLParser):
        def __init__(self):
            super().__init__()
            self.open = []

        def handle_starttag(self, tag, attrs):
            if tag != "br":
                self.open.append(tag)

        def handle_endtag(self, tag):
            assert self.open.pop() == tag

    rule = world.rule(id)
    page = rule._repr_html_()
    reader = Balanced()
    reader.feed(page)
    assert reader.open == []
    assert rule.hash[:12] in page


def test_html_of_a_rule_is_escaped():
    hostile = small(notes="<script>", places={"core": {"title": "<b>", "from": {"tag": "<i>"}, "min": 1}})
    assert "<script>" not in hostile._repr_html_()
    assert "<i>" not in hostile._repr_html_()


@pytest.mark.parametrize(
    ("clause", "sentence"),
    [
        ({"from": {"origin": "rpl"}, "max_share": "1/2"}, "At most 1/2 of the award's size in credits from items gained by recognition of prior learning may count."),
        ({"from": {"tag": "x"}, "max": 0}, 'No credits from items tagged "x" may count.'),
        ({"from": {"tag": "x"}, "max": None}, 'At most a number of credits that is not known from items tagged "x" may count.'),
        (
            {"from": {"origin": ["transfer", "micro.mooc"]}, "max_share": "1/3", "base": "counted", "rounding": "down"},
            "At most 1/3 of the credits counted, rounded down to whole credits from items transferred or gained in open online courses may count.",
        ),
        ({"from": {"tag": "x"}, "max": 1, "measure": "units", "for_each": "tag:subject"}, 'For each subject, at most 1 unit tagged "x" may count.'),
        ({"from": {"origin": "micro"}, "max": 10, "effect": "invalid"}, "At most 10 credits from items gained as micro-credentials may be presented; presenting more breaks the rule."),
    ],
)  # fmt: skip
def test_limits_in_words(clause, sentence):
    assert said("caps/one", total={"min": 20}, caps={"one": clause}) == sentence


@pytest.mark.parametrize(
    ("selector", "words"),
    [
        ("everything", "any items"),
        ({"unit": "A1"}, "unit A1"),
        ({"unit": ["A1", "B2"]}, "the units A1 and B2"),
        ({"level": {"at_least": "eqf:6"}}, "items at eqf:6 or above"),
        ({"level": {"at_least": "eqf:4", "at_most": "eqf:6"}}, "items from eqf:4 to eqf:6"),
        ({"level": {"exactly": ["eqf:4", "eqf:5"]}}, "items at eqf:4 or eqf:5"),
        ({"grade": {"at_least": "B", "scale": "letters", "ungraded": "skip"}}, "items graded B or better (scale letters; ungraded items are not put to it)"),
        ({"date": {"from": "2020-01-01", "until": "2021-12-31"}}, "items dated from 2020-01-01 to 2021-12-31"),
        ({"age": {"at_most": "7 years", "since": "started", "to": "admission"}}, "items started at most 7 years before the admission"),
        ({"age": {"at_most": None}}, "items earned within a time before the claim that is not known"),
        ({"provider": "awarding"}, "items from the awarding body"),
        ({"status": "failed"}, "failed items"),
        ({"origin": "transfer"}, "transferred items"),
        ({"quality_assured": False, "assessed": True}, "items not quality assured and assessed"),
        ({"credits": {"at_least": 5}}, "items of at least 5 credits each"),
        ({"hours": {"exactly": [20, 30]}}, "items of exactly 20 or 30 hours each"),
        ({"used": False}, "items not yet used for another award"),
        ({"used_for": "degree"}, 'items already used for "degree"'),
        ({"mode": "online", "outcome": "o1", "field": "06"}, 'items taken in mode "online", with outcome "o1" and in field 06'),
        ({"part_of": "p", "whole": True}, 'items that are part of "p" and that cannot be split'),
        ({"tag": ["a", "b"], "level": {"at_least": "eqf:6"}}, 'items tagged "a" or "b", and at eqf:6 or above'),
        ({"any": [{"tag": "a"}, {"origin": "rpl.exam"}]}, 'items either tagged "a" or gained by an examination of prior learning'),
        ({"all": [{"tag": "a"}, {"tag": "b"}]}, 'items tagged "a" and tagged "b"'),
        ({"not": {"tag": "a"}}, 'any items except those tagged "a"'),
        ({"origin": "micro", "not": {"level": {"at_most": "eqf:4"}}}, "items gained as micro-credentials, except those at eqf:4 or below"),
    ],
)  # fmt: skip
def test_selectors_in_words(selector, words):
    assert Writer({}).items(selector) == words


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        ({"holds": {"tag": "a"}}, 'the record holds an item tagged "a"'),
        ({"holds": {"tag": "a"}, "min": 14, "measure": "credits"}, 'the record holds at least 14 credits from items tagged "a"'),
        ({"parameter": "p", "is": ["x", 2, True]}, '"p" is "x", 2 or true'),
        ({"parameter": "p", "at_least": 3, "at_most": 5}, '"p" is at least 3 and is at most 5'),
        ({"award": ["a", "b"]}, 'the learner holds the award "a" or "b"'),
        ({"met": "floors/x"}, "floors/x is met"),
        ({"any": [{"award": "a"}, {"not": {"award": "b"}}]}, 'either the learner holds the award "a" or it is not so that the learner holds the award "b"'),
    ],
)  # fmt: skip
def test_conditions_in_words(condition, words):
    assert Writer({}).condition(condition) == words


def test_other_clauses_in_words():
    rule = small(
        credit="nz-credit",
        total={"min": 60, "max": 80},
        places={
            "group": {"choose": {"min": 1, "max": 2}, "use": "shared", "min": 20},
            "a": {"inside": "group", "from": {"tag": "a"}, "all": True, "exact": 10, "priority": 2},
            "b": {"inside": "group", "from": {"unit": ["B1", "B2"]}, "all": True},
        },
        floors={
            "departments": {"distinct": "tag:department", "min": 3, "from": {"tag": "a"}},
            "last": {"of_last": 30, "from": {"provider": "awarding"}, "min": 30},
            "presented": {"over": "record", "from": {"tag": "b"}, "min_share": "1/2", "base": "place:group"},
        },
        exclusions={"either": {"sets": [{"unit": "B1"}, {"unit": "B2"}], "effect": "invalid"}},
        allocation={"use": "exclusive", "items": "splittable", "quantum": "1/2", "overlap": {"ab": {"between": ["a", "b"], "max": 5}}},
        reuse={"used_elsewhere": "limited", "spends": None, "limits": {"half": {"award": "diploma", "max_share": "1/2", "base": "smaller"}}},
        admits=["passed", "failed"],
        windows={"w": {"span": None, "starts": "admission", "in": "a"}},
        prerequisites={"p": {"for": {"tag": "b"}, "needs": {"holds": {"tag": "a"}}, "timing": "with", "via_rpl": False}},
        outcomes={"o": {"set": ["o1", "o2"], "min": 1}},
        requirements={"thesis": {"what": "a thesis", "after": {"met": "places/a"}, "min": 20, "measure": "hours"}},
        averages={"mean": {"min": 50, "weight": "units", "ungraded": "fail", "repeats": "last", "over": "record"}},
        substitutions={"s": {"replace": {"unit": "B1"}, "by": {"tag": "other"}, "gives": "exemption", "decided_by": "board"}},
        waivers={"w": {"clause": "floors/last/min", "to": 20, "decided_by": "dean"}},
    )  # fmt: skip
    assert [rule.sentence(path).text for path in (
        "total", "places/group", "places/a", "places/b", "floors/departments", "floors/last", "floors/presented",
        "exclusions/either", "allocation", "allocation/overlap/ab", "reuse", "reuse/limits/half", "admits", "windows/w",
        "prerequisites/p", "outcomes/o", "requirements/thesis", "averages/mean", "substitutions/s", "waivers/w",
    )] == [
        "From 60 to 80 credits count in all.",
        'Place "group": at least 20 credits in its parts together; from 1 to 2 of its parts are chosen and met, the others take nothing; an item may sit in several of its parts.',
        'Place "a": every unit of the rule tagged "a", exactly 10 credits together. Priority 2.',
        'Place "b": all of the units B1 and B2.',
        'Of what is counted, items tagged "a" come with at least 3 different values of department.',
        "Of the last 30 credits counted, by date, at least 30 credits come from items from the awarding body.",
        'Of everything presented, counted or not, at least 1/2 of the credits counted in "group" comes from items tagged "b".',
        "Presented items may come from at most 1 of these sets: (1) unit B1; (2) unit B2; more breaks the rule.",
        "An item counts in one place only; items may be split, in steps of 1/2 credits.",
        'At most 5 credits may count in both "a" and "b".',
        "An item used for another award counts within the limits below; whether counting an item here uses it up for later awards is not known.",
        'At most 1/2 of the credits of the smaller of the two awards already used for "diploma" may count.',
        "Only passed or failed items may count.",
        'The counted items in "a" are dated within a time that is not known from admission.',
        'Items tagged "b" count only if, by then, the record holds an item tagged "a"; credit gained by recognition of prior learning does not serve for this.',
        'At least 1 of the outcomes "o1" and "o2" is covered by counted items.',
        'A thesis, at least 20 hours; only after "a" (places/a) is met.',
        "The average grade of all items presented, each item weighing the same, is at least 50; ungraded items fail it; the last attempt at a unit enters.",
        'Items tagged "other" lift the requirement of unit B1 and bring no credit; only with a decision on record by: board.',
        "Clause floors/last/min may be set to 20 by a decision on record of: dean.",
    ]  # fmt: skip


GOLDEN = {
    "kr-acbs": [
        "Variants: exactly one of these forms applies",
        "- At least 140 credits count in all. [variants/bachelor/total]",
        '- Major: at least 60 credits from items tagged "major". [variants/bachelor/places/major]',
        '- Of what is counted, at least 84 credits come from items from the awarding body. This holds only if "conferred-by" is "university". [variants/bachelor/floors/university-residency] Note: from a copied table of low authority',
        "- Without the floor on accredited courses. [readings/two-floors-only]",
        "- Clause variants/bachelor/floors/accredited is dropped.",
    ],
    "example-diploma": [
        "- At least 120 credits count in all. [total]",
        "- Compulsory units: all of the units EX101, EX102 and EX103. [places/core] Source: Regulations of the example college (invented), 3 [known only]",
        '- Electives on digital tools: takes at most 15 credits from items tagged "digital". [places/digital]',
        "at most 1/2 of the award's size in credits from items gained by recognition of prior learning may count. [caps/rpl]",
    ],
    "pt-dl74-creditacao": [
        "- Other degrees: at most all of the award's size in credits from transferred items may count. [caps/c1-other-degree]",
        '- Professional experience: at most N of the award\'s size in credits from items gained by recognition of professional experience may count, where N is 1/2 if "target-kind" is "short-cycle" and the record holds an item gained by recognition of professional experience and tagged "over-5-years"; otherwise 1/3. [caps/c7-c8-experience]',
    ],
    "us-arizona-grad-cert": [
        "- An item counts in one place only; items count whole or not at all; one item may serve at most 2 awards. [allocation]",
        '- Of transferred items, only those not tagged "older-than-2-years-at-admission" count. [eligibility/old-transfer]',
        "- The counted items are dated within 4 years from the earliest of them. [windows/four-years]",
    ],
    "sg-nus-iss-practice": [
        '- Items tagged "practice-module" count only if, beforehand, "Modular courses of the certificate" (places/modular-courses) is met. [prerequisites/practice-module]',
        '- Title "certificate": graduate certificate (rank 2); asks nothing more. [titles/certificate]',
    ],
}  # fmt: skip


@pytest.mark.parametrize("id", GOLDEN)
def test_real_rules_read_as_english(world, id):
    whole = " ".join(str(world.rule(id)).split())
    for line in GOLDEN[id]:
        assert line in whole


def test_clauses_are_a_table(world):
    table = world.rule("za-57712").clauses
    assert table["places/elective"]["sentence"] == 'Elective: at least 22 credits from items tagged "elective".'
    assert table.key == "clause"


def test_a_path_nobody_has_names_the_nearest(world):
    rule = world.rule("za-57712")
    assert rule.sentence("places/core/all[242822]").path == "places/core"
    with pytest.raises(qg.UnknownId, match='Did you mean "places/core"'):
        rule.sentence("place/core")


def test_rules_keep_their_bytes():
    text = '{"language": 1,\n "id": "a", "title": "A",   "sources": [], "total": {"min": "15/2"}}'
    assert qg.Rule(text).to_json() == text
    assert qg.Rule(json.loads(text)).hash == qg.Rule(text).hash
