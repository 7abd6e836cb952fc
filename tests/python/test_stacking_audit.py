"""Audits: verdicts in words, what decides them, and what shows them."""

from __future__ import annotations

import json
import random
import re

import pytest

import qualgraph as qg
from qualgraph.check import check
from qualgraph.stacking.blanks import blanks_of, merged
from qualgraph.stacking.why import VOICES


def korean(**more) -> list[dict]:
    """Items of a learner of the Academic Credit Bank System: enough for two years of study."""
    course = "accredited-or-part-time-course"
    items = [
        {
            "id": f"maj{n}",
            "title": f"Major course {n}",
            "credits": 6,
            "tags": ["major", course],
            "date": f"{2018 + n // 2}-0{3 + n % 2 * 5}-01",
            "origin": "taught",
        }
        for n in range(8)
    ]
    items += [
        {"id": f"lib{n}", "credits": 5, "tags": ["liberal-arts"], "date": f"{2018 + n}-04-01", "origin": "micro"}
        for n in range(3)
    ]
    items += [{"id": "rpl", "credits": 20, "tags": [], "origin": "rpl", "date": "2022-04-01"}]
    return [{"used_for": [], **item, **more} for item in items]


@pytest.fixture(scope="module")
def satisfied(world):
    record = qg.Record(korean(), credit="kr-credit", as_of="2024-01-01")
    return world.audit(record, "kr-acbs")


@pytest.fixture(scope="module")
def refused(world):
    record = qg.Record(korean(), credit="kr-credit", as_of="2024-01-01")
    return world.audit(record, "kr-acbs", variant="bachelor")


@pytest.fixture(scope="module")
def open_points() -> tuple[qg.Rule, qg.Record]:
    rule = qg.Rule(
        {
            "id": "p",
            "title": "Provisional award",
            "credit": "nz-credit",
            "total": {"min": 20},
            "places": {"core": {"title": "Core", "from": {"tag": "core"}, "min": 10}, "rest": {"from": "everything"}},
            "caps": {"rpl": {"from": {"origin": "rpl"}, "max": 5}},
            "requirements": {"thesis": {"what": "a thesis"}},
        }
    )
    items = [
        {"id": "a", "title": "Welding", "credits": 10, "origin": "taught"},
        {"id": "b", "credits": 10, "tags": [], "origin": "taught"},
        {"id": "c", "credits": 10, "tags": [], "origin": "rpl"},
    ]
    return rule, qg.Record(items, credit="nz-credit")


def test_best_variant_is_reported(satisfied):
    assert satisfied.verdict == "satisfied"
    assert satisfied.choice == {"variant": "associate-2"}
    assert satisfied.variants == {"associate-2": "satisfied", "associate-3": "unsatisfied", "bachelor": "unsatisfied"}
    assert satisfied.counted == 83
    assert satisfied.shortfall == 0
    assert repr(satisfied) == "<Audit kr-acbs: satisfied, 83 credits counted>"


def test_certificates_hold(world, satisfied, refused, open_points):
    rule, record = open_points
    provisional = world.audit(record, rule)
    assert provisional.verdict == "provisional"
    for audit in (satisfied, refused, provisional):
        certificate = json.loads(json.dumps(audit.certificate))
        assert certificate["verdict"] == audit.verdict
        found = check(certificate, audit.record, audit.rule, world)
        assert found.ok is True, found.reasons
    spoilt = satisfied.certificate
    spoilt["allocation"] = spoilt["allocation"][1:]
    assert check(spoilt, satisfied.record, satisfied.rule, world).ok is False


def test_every_voice_says_the_verdict(satisfied, refused):
    said = {voice: str(satisfied.why(voice)) for voice in VOICES}
    assert said["learner"].startswith("Yes: what you hold meets the rule for Academic Credit Bank System degrees")
    assert said["officer"].startswith("The record meets the rule: Academic Credit Bank System degrees (kr-acbs)")
    assert "Major: 48 credits from Major course 0 (maj0, 6)" in said["learner"]
    assert "Without Major course 0 (maj0) the rule is not met." in said["officer"].replace("\n    ", " ")
    assert "[places/major/min]: met (48 against 45 credits)." in " ".join(said["lawyer"].split())
    assert satisfied.rule.hash in said["lawyer"]
    # Paths are for those who decide, not for the learner.
    assert not re.search(r"\b(places|caps|floors)/", said["learner"])
    no = str(refused.why("learner"))
    assert no.startswith("Not yet")
    assert "15 credits are lacking in Liberal arts." in no
    officer = " ".join(str(refused.why()).split())
    assert (
        "15 credits are lacking in Liberal arts [places/liberal/min]. The rule says: Liberal arts: at least 30"
        in officer
    )
    assert "Clauses that cannot hold together" in officer
    assert "it would be met." in officer
    with pytest.raises(qg.InvalidValue, match="learner, officer, lawyer"):
        satisfied.why("poet")


def test_explanations_are_values(satisfied):
    why = satisfied.why()
    assert why.to_dict()["voice"] == "officer"
    assert json.loads(json.dumps(why.to_dict()))["headline"] == why.headline
    assert "<ul" in why._repr_html_()


def test_sums_of_the_words_are_those_of_the_audit(refused):
    assert refused.shortfall == sum(row["amount"] for row in refused.missing) == 15 + 12 + 57
    clauses = refused.clauses
    assert clauses["places/major/min"]["have"] == 48
    assert clauses["places/major/min"]["lacking"] == 12
    assert clauses["total/min"]["met"] is False
    assert [row["clause"] for row in clauses if not row["met"]] == [
        "places/liberal/min",
        "places/major/min",
        "total/min",
    ]
    assert clauses["pace/year[2018]/max"]["source"] == "Academic Credit Bank System [known only]"


def test_decisive_items_are_those_without_which_it_falls(world, satisfied):
    named = satisfied.decisive.column("what")
    assert "rpl" in named
    for name in [item["id"] for item in satisfied.record.items]:
        fewer = qg.Record(
            [i for i in satisfied.record.items if i["id"] != name], credit="kr-credit", as_of="2024-01-01"
        )
        verdict = world.audit(fewer, "kr-acbs", variant="associate-2").verdict
        assert (verdict != "satisfied") == (name in named), name


def test_decisive_corrections_of_a_no(refused):
    assert {row["kind"] for row in refused.decisive} == {"clause"}
    assert set(refused.decisive.column("what")) in [set(one) for one in refused.clash["corrections"]]


def test_fewest_answers_that_would_do(world, open_points):
    rule, record = open_points
    audit = world.audit(record, rule)
    found = {row["what"]: row["answer"] for row in audit.decisive}
    assert found == {"requirements/thesis": True, "a: tags": ["core"]}
    assert audit.decisive[1]["sentence"] == "Welding (a) is tagged core."
    assert "Welding (a) is tagged core." in str(audit.why("learner"))
    whole = record.to_dict()
    whole["requirements"] = {"thesis": True}
    whole["items"][0]["tags"] = ["core"]
    assert world.audit(qg.Record.from_text(json.dumps(whole)), rule).verdict == "satisfied"


def test_no_answers_where_none_satisfy(world):
    # The cap holds nothing, so that a place for recognised learning can never be filled.
    rule = qg.Rule(
        {
            "id": "never",
            "title": "Never",
            "total": {"min": 10},
            "places": {"r": {"from": {"origin": "rpl"}, "min": 10}},
            "caps": {"rpl": {"from": {"origin": "rpl"}, "max": 0}},
        }
    )
    audit = world.audit(qg.Record([{"id": "a", "credits": 10}]), rule)
    assert audit.verdict == "provisional"
    assert [(row["what"], row["answer"]) for row in audit.decisive] == [("a: origin", None)]
    assert "no answers to them were found" in str(audit.why("officer"))
    settled = world.audit(audit.record, rule, settle=True)
    assert (settled.verdict, settled.settled) == ("unsatisfied", True)


def test_settling_goes_through_every_answer(world):
    place = {"inside": "either", "min": 10}
    rule = qg.Rule(
        {
            "id": "either",
            "title": "Either way",
            "total": {"min": 10},
            "places": {
                "either": {"choose": 1},
                "r": {**place, "from": {"origin": "rpl"}},
                "t": {**place, "from": {"not": {"origin": "rpl"}}},
            },
        }
    )
    record = qg.Record([{"id": "a", "credits": 10}])
    assert world.audit(record, rule).verdict == "provisional"
    settled = world.audit(record, rule, settle=True)
    assert (settled.verdict, settled.settled) == ("satisfied", True)
    assert "settled case by case" in str(settled)
    assert check(settled.certificate, record, rule, world).ok is None
    # A day cannot be listed: the verdict stays as it is.
    dated = qg.Rule({**rule.to_dict(), "windows": {"w": {"span": "2 years"}}})
    assert world.audit(record, dated, settle=True).verdict in ("provisional", "satisfied")
    assert not world.audit(qg.Record([{"id": "a"}]), rule, settle=True).settled


def test_blanks_are_what_the_rule_looks_at(world, open_points):
    rule, record = open_points
    names = [blank.name for blank in world.audit(record, rule).blanks]
    assert names == ["requirements/thesis", "a: tags"]
    form = merged(rule.to_dict(), {})
    assert [blank.answers for blank in blanks_of(world, form, record.to_dict())] == [[True, False], [[], ["core"]]]


def test_levels_and_credits_it_depends_on(world):
    rule = qg.Rule(
        {
            "id": "l",
            "title": "Levels",
            "credit": "nz-credit",
            "total": {"min": 5},
            "floors": {"l5": {"from": {"level": {"at_least": "eqf:5"}}, "min": 5}},
        }
    )
    record = qg.Record([{"id": "a", "credits": "4 ects", "level": "ie-nfq:6"}])
    audit = world.audit(record, rule)
    text = " ".join(str(audit.why()).split())
    assert "Is ie-nfq:6 eqf:5 or above? Yes" in text
    assert "ie-nfq>eqf@2009" in text
    assert "a: ects counted as 8 to 12 nz-credit" in text or "a: 4 ects counted as 8 to 12 nz-credit" in text
    assert check(audit.certificate, record, rule, world).ok is True


def test_edits_are_told(world):
    rule = qg.Rule(
        {
            "id": "w",
            "title": "Waived",
            "total": {"min": 10},
            "floors": {"own": {"from": {"provider": "p"}, "min": 5}},
            "waivers": {"own": {"clause": "floors/own", "decided_by": "dean"}},
        }
    )
    record = qg.Record(
        [{"id": "a", "credits": 10, "provider": "q"}], decisions=[{"apply": "waivers/own", "by": "the dean"}]
    )
    audit = world.audit(record, rule)
    assert audit.verdict == "satisfied"
    told = " ".join(str(audit.why()).split())
    assert "Clause floors/own may be waived by a decision on record of: dean. [waivers/own]" in told


def test_exits_are_audited_each(world):
    rule = world.rule("in-nep-exits")
    items = [
        {"id": f"u{n}", "credits": 20, "level": "in-nheqf:4.5", "tags": [], "used_for": [], "origin": "taught"}
        for n in range(2)
    ]
    audit = world.audit(qg.Record(items, credit="in-ncrf-credit"), rule)
    exits = audit.exits
    assert exits.column("exit") == [one.id for one in rule.exits]
    assert set(exits.column("verdict")) <= {"satisfied", "provisional", "unsatisfied"}
    assert "Exit awards" in audit._repr_html_()


def test_results_leave_as_json_and_html(satisfied, refused):
    for audit in (satisfied, refused):
        whole = json.loads(json.dumps(audit.to_dict()))
        assert whole["verdict"] == audit.verdict
        assert whole["certificate"]["choice"] == audit.choice
        assert whole["rule_hash"] == audit.rule.hash
        page = audit._repr_html_()
        assert "<script" not in page
        assert "Clause by clause" in page
    assert "rests on Academic Credit Bank System in South Korea" in satisfied.statement()


def test_html_of_an_audit_is_escaped(world):
    hostile = "<img src=x>"
    rule = qg.Rule({"id": "h", "title": hostile, "total": {"min": 1}, "places": {"p": {"title": hostile, "min": 1}}})
    audit = world.audit(qg.Record([{"id": "a", "title": hostile, "credits": 1}]), rule)
    assert hostile not in audit._repr_html_()
    assert hostile not in audit.why("lawyer")._repr_html_()


def test_titles_are_told(world):
    rule = world.rule("kr-sdu")
    items = [
        {"id": f"m{n}", "credits": 30, "tags": ["major", "liberal-arts", "second-major"], "used_for": []}
        for n in range(6)
    ]
    audit = world.audit(qg.Record(items, credit="kr-credit"), rule)
    assert set(audit.titles) == {"dual-major", "minor", "single"}
    lines = dict(audit.why().sections)["Titles"]
    assert len(lines) == 3
    for title in rule.titles:
        line = next(line for line in lines if f"({title.id})" in line)
        assert ("the award carries this title" in line) == (title.id in audit.won)


def test_amounts_of_parts_are_told_in_credits_for_the_checker(world):
    # The rule counts hours and cuts items; the certificate says credits, as the checker reads them.
    rule = qg.Rule(
        {
            "id": "h",
            "title": "Hours",
            "measure": "hours",
            "total": {"min": 60},
            "places": {
                "a": {"from": {"tag": "a"}, "measure": "credits", "max": 2},
                "b": {"from": {"tag": "b"}, "measure": "credits", "min": 2},
            },
            "allocation": {"items": "splittable"},
        }
    )
    record = qg.Record([{"id": "i", "credits": 4, "hours": 60, "tags": ["a", "b"]}])
    audit = world.audit(record, rule)
    assert audit.verdict == "satisfied"
    assert sum(row["amount"] for row in audit.certificate["allocation"]) == 4
    assert check(audit.certificate, record, rule, world).ok is True
    assert all(row["have"] is not None for row in audit.clauses)


def apel_record() -> qg.Record:
    return qg.Record(
        [
            {"id": "study", "credits": 70, "origin": "taught", "used_for": []},
            {"id": "apel", "credits": 60, "origin": "rpl.experiential", "used_for": []},
        ],
        credit="my-credit",
        awards=[],
    )


def test_a_policy_limits_an_award_by_its_size() -> None:
    world = qg.load()
    award = qg.Rule({"id": "award", "title": "Award", "credit": "my-credit", "total": {"min": 120}})
    assert world.audit(apel_record(), award).verdict == "satisfied"
    limited = world.audit(apel_record(), award, policies=["my-apel-c"])
    # 30 % of 120 is 36: the 60 credits come as one, so none of them counts.
    assert limited.shortfall == 50
    assert "caps/my-apel-c-apel-c/max_share" in limited.clash["together"]
    assert any("apel-c" in row["reason"] for row in limited.unused)


def test_policies_that_cannot_be_laid_over_say_why() -> None:
    world = qg.load()
    award = qg.Rule({"id": "award", "title": "Award", "total": {"min": 120}})
    with pytest.raises(qg.InvalidValue, match="no policy"):
        world.audit(apel_record(), award, policies=["kr-acbs"])
    with pytest.raises(qg.InvalidValue, match="places of its own"):
        world.audit(apel_record(), award, policies=["sa-major-minor"])
    with pytest.raises(qg.InvalidValue, match="has variants"):
        world.audit(apel_record(), award, policies=["es-rd822-modality"])
    with pytest.raises(qg.UnknownId, match="no variant"):
        world.audit(apel_record(), award, policies=["es-rd822-modality:hybird"])
    ects = qg.Rule({"id": "award", "title": "Award", "credit": "ects", "total": {"min": 120}})
    with pytest.raises(qg.InvalidValue, match="counts my-credit"):
        world.audit(apel_record(), ects, policies=["my-apel-c"])


def test_the_level_of_an_award_is_counted_down_from_the_top() -> None:
    items = [
        {"id": "a", "credits": 30, "level": "nz-nzqcf:5", "used_for": []},
        {"id": "b", "credits": 15, "level": "nz-nzqcf:4", "used_for": []},
        {"id": "c", "credits": 40, "level": "nz-nzqcf:2", "used_for": []},
    ]
    audit = qg.load().audit(qg.Record(items, credit="nz-credit"), "nz-certificate-level")
    assert audit.verdict == "satisfied"
    # 30 at level 5 are too few; with level 4 there are 45.
    assert audit.level is not None and audit.level.level == "nz-nzqcf:4"
    assert qg.load().audit(qg.Record([]), "kr-acbs").level is None


def classified(grades: list[str | None]) -> qg.Record:
    items = [{"id": f"base-{i}", "credits": 60, "tags": ["foundation-degree"], "used_for": []} for i in range(4)]
    items += [
        {"id": f"top-{i}", "credits": 40, "level": "gb-fheq:6", "tags": [], "grade": grade, "used_for": []}
        for i, grade in enumerate(grades)
    ]
    return qg.Record(items, credit="cats")


def test_the_class_of_an_award_is_the_average_cut_down() -> None:
    world = qg.load()
    found = world.audit(classified(["61", "60", "58"]), "gb-brookes-topup").classification
    # (61 + 60 + 58) / 3 = 59 2/3, which is cut to 59: a lower second.
    assert found is not None and (found.name, found.mean) == ("lower second", 59)
    unknown = world.audit(classified(["61", "60", None]), "gb-brookes-topup").classification
    assert unknown is not None and unknown.name is None and "not known" in unknown.reason


# -- what the texts leave open ---------------------------------------------------------------------


def opened(world, items, rule, **asks):
    head = {"id": "small", "title": "Small award", "sources": [{"title": "Nobody's rule", "evidence": "known"}]}
    return world.audit(qg.Record(items), qg.Rule({**head, **rule}), **asks)


def test_ways_of_converting_that_disagree_are_decisive(world):
    audit = opened(world, [{"id": "a", "credits": "30 ects"}], {"credit": "nz-credit", "total": {"min": 70}})
    assert (audit.verdict, audit.reading, audit.shortfall) == ("provisional", "favourable", 10)
    (row,) = audit.decisive
    conversion = world.convert("30 ects", to="nz-credit")
    assert (row["kind"], row["what"]) == ("conversion", "a: 30 ects in nz-credit")
    assert row["answer"] == f"{conversion.by_hours.max} nz-credit"
    assert row["documents"] == [source.title for source in conversion.sources]
    assert "by learning hours (75\u201390 nz-credit) the rule is met" in row["sentence"]
    assert "by the full-time year (60 nz-credit) it is not met" in row["sentence"]
    assert [blank.kind for blank in audit.blanks] == ["conversion"]
    (way,) = audit.credits
    assert way["ways"] and way["documents"] == row["documents"]


def test_a_way_that_the_rule_names_leaves_nothing_open(world):
    rule = {"credit": "nz-credit", "total": {"min": 60}, "conversion": {"way": "year"}}
    audit = opened(world, [{"id": "a", "credits": "30 ects"}], rule)
    assert audit.verdict == "satisfied"
    assert audit.reading == "strict"
    assert audit.blanks == []


def test_an_ambiguous_mapping_is_decisive(world):
    rule = {"credit": "ects", "floors": {"f": {"from": {"level": {"at_least": "nz-nzqcf:4"}}, "min": 30}}}
    audit = opened(world, [{"id": "a", "credits": "30 ects", "level": "ie-nfq:5"}], rule)
    answer = world.map_level("ie-nfq:5", to="nz-nzqcf")
    assert (audit.verdict, list(answer.possible)) == ("provisional", ["3", "4"])
    (row,) = audit.decisive
    assert (row["kind"], row["what"], row["answer"]) == ("mapping", "ie-nfq:5 in nz-nzqcf", "nz-nzqcf:4")
    assert "at nz-nzqcf:4 the rule is met, at nz-nzqcf:3 it is not met" in row["sentence"]
    assert row["documents"] == audit.levels.column("documents")[0] != []
    assert "What whoever assesses it has to settle" in dict(audit.why("learner").sections)


def test_each_of_two_open_points_is_named_if_both_are_needed(world):
    rule = {
        "credit": "nz-credit",
        "total": {"min": 70},
        "floors": {"f": {"from": {"level": {"at_least": "nz-nzqcf:4"}}, "min": 30}},
    }
    audit = opened(world, [{"id": "a", "credits": "30 ects", "level": "ie-nfq:5"}], rule)
    assert audit.decisive.column("kind") == ["conversion", "mapping"]


def test_a_mapping_is_settled_where_every_level_does(world):
    rule = {
        "credit": "ects",
        "places": {
            "g": {"choose": 1},
            "low": {"inside": "g", "from": {"level": {"exactly": "nz-nzqcf:3"}}, "min": 30},
            "high": {"inside": "g", "from": {"level": {"exactly": "nz-nzqcf:4"}}, "min": 30},
        },
    }
    items = [{"id": "a", "credits": "30 ects", "level": "ie-nfq:5"}]
    assert opened(world, items, rule).verdict == "provisional"
    settled = opened(world, items, rule, settle=True)
    assert (settled.verdict, settled.settled) == ("satisfied", True)


def test_a_provisional_sheet_tells_one_reading(world, tmp_path):
    items = [{"id": "a", "credits": "30 ects"}, {"id": "b", "credits": "1 nz-credit"}]
    audit = opened(world, items, {"credit": "nz-credit", "total": {"min": 70}})
    page = audit.sheet(tmp_path / "sheet.html").read_text(encoding="utf-8")
    assert "With every point that is not known read for the learner." in page
    assert "lacking" not in page.lower()
    assert "which way converts its 30 ects to nz-credit decides" in page
    sections = dict(audit.why("officer").sections)
    assert "What is missing" not in sections
    assert sections["What would be missing if it turns out against the learner"]


def test_the_preference_is_about_the_allocation_that_is_shown(world):
    items = [{"id": "a", "credits": 10, "tags": ["core"]}, *({"id": id, "credits": 10} for id in "bcd")]
    rule = {"total": {"min": 10}, "floors": {"f": {"from": {"tag": "core"}, "min": 20}}}
    most = opened(world, items, rule, prefer="counted")
    assert (most.verdict, most.counted) == ("provisional", 40)
    one = opened(world, items, rule, canonical=True)
    other = opened(world, items[::-1], rule, canonical=True)
    assert list(one.allocation) == list(other.allocation)
    assert one.counted == 20


@pytest.mark.parametrize(
    "places", [{}, {"a": {"from": {"tag": "x"}, "min": 3750, "max": 4000}, "b": {"from": "everything"}}]
)
def test_thousands_of_like_items_are_counted_together(world, places):
    items = [{"id": f"i{k}", "credits": 1, "tags": ["x"], "used_for": []} for k in range(2500)]
    rule = {
        "id": "many",
        "title": "Many",
        "credit": "c",
        "total": {"min": 5000},
        "caps": {"x": {"from": {"tag": "x"}, "max": 2250}},
        **({"places": places} if places else {}),
    }
    answer = world.audit(qg.Record(items, credit="c"), qg.Rule(rule), proof=False)
    assert (answer.verdict, answer.status) == ("unsatisfied", "proved")
    # 2,250 count; what then lacks in the total lacks in the place as well.
    assert answer.shortfall == 2750 + (1500 if places else 0)
    assert answer.counted == 2250


def test_where_the_least_shortfall_is_not_proved_nothing_counts_the_most(world):
    draw = random.Random(6)
    tags = [f"l{n}" for n in range(20)]
    items = [{"id": f"c{n}", "credits": draw.randint(1, 40), "tags": draw.sample(tags, 2)} for n in range(45)]
    rule = {
        "id": "apart",
        "title": "Apart",
        "total": {"min": 240},
        "caps": {"all": {"from": "everything", "max": 120}},
        "exclusions": {tag: {"sets": [{"unit": one["id"]} for one in items if tag in one["tags"]]} for tag in tags},
    }
    short, whole = (world.audit(qg.Record(items), qg.Rule(rule), prefer="counted", nodes=n) for n in (1, 10_000))
    assert (short.status, short.counted_proved) == ("not_proved", False)
    assert (whole.status, whole.counted_proved) == ("proved", True)
    assert short.counted < whole.counted == 120
