"""What answers say: plain words, the cause of everything, and the texts an answer rests on."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import qualgraph as qg
from qualgraph import cli

SMALL: dict[str, Any] = {"id": "small", "title": "Small award", "total": {"min": 20}}
BARRED = {"used_elsewhere": "barred"}


@pytest.fixture(scope="module")
def world() -> qg.World:
    return qg.load()


@pytest.fixture(scope="module")
def abroad(world: qg.World) -> qg.Audit:
    """A New Zealand diploma with an Irish module in it."""
    items = [
        {"id": "home", "credits": 95, "level": "nz-nzqcf:5", "used_for": []},
        {"id": "irish", "title": "Irish module", "credits": "10 ects", "level": "ie-nfq:6", "used_for": []},
    ]
    return world.audit(qg.Record(items, credit="nz-credit", learner="Aroha"), "nz-diploma-5")


def flat(text: object) -> str:
    return " ".join(str(text).split())


# ---- what it rests on


def test_a_statement_names_rule_levels_and_credits(abroad: qg.Audit) -> None:
    said = abroad.statement()
    rule, levels, credits = (
        said.index("The rule rests on Diplomas (level 5, 6 and 7) (Brazil Kiwi Education"),
        said.index("Levels were set opposite each other by Comparing Qualifications in Ireland and New Zealand"),
        said.index("Credits were converted from ects to nz-credit by figures of"),
    )
    assert rule < levels < credits
    assert "European Commission, 2015" in said and "seen in texts of NZQA" in said


def test_a_citation_holds_every_document(abroad: qg.Audit) -> None:
    documents = {source.document for source in abroad.sources}
    assert {"nz-nzqcf>ie-nfq@2020", "ie-nfq>eqf@2009", "nz-nzqcf>eqf@2016"} <= documents
    titles = [source.title for source in abroad.sources]
    assert titles[: len(abroad.rule.sources)] == [source.title for source in abroad.rule.sources]
    assert set(abroad.world.convert("1 ects", to="nz-credit").sources) <= set(abroad.sources)
    assert any(text.publisher == "NZQA" for text in abroad.texts)
    assert len(abroad.cite().csl) == len(abroad.sources) + len(abroad.texts) + 1


def test_an_answer_at_home_rests_on_the_rule_alone(world: qg.World) -> None:
    audit = world.audit(qg.Record([{"id": "a", "credits": 20}]), SMALL)
    assert audit.sources == [] and "The rule names no text it rests on." in audit.statement()


def test_conversions_show_their_ways_and_texts(abroad: qg.Audit) -> None:
    (row,) = abroad.credits
    assert (row["item"], row["counted"]) == ("irish", (20, 30))
    assert row["ways"] == "20 by the full-time year, 25\u201330 by learning hours"
    assert "ECTS Users' Guide" in row["documents"]
    told = flat(abroad.why())
    assert "10 ects counted as 20 to 30 nz-credit (20 by the full-time year, 25\u201330 by learning hours)" in told
    assert "Figures of" in told


def test_plans_and_several_awards_rest_on_the_same(world: qg.World, abroad: qg.Audit) -> None:
    more = qg.Catalogue([{"id": "o", "credits": 20, "level": "nz-nzqcf:5", "cost": 1}], credit="nz-credit")
    plan = world.complete(abroad.record, "nz-diploma-5", more)
    assert set(abroad.sources) <= set(plan.sources)
    both = world.audit_together(abroad.record, ["nz-diploma-5", SMALL])
    assert set(abroad.sources) <= set(both.sources)
    nothing = world.complete(abroad.record, "nz-diploma-5", qg.Catalogue([]))
    assert nothing.status == "impossible" and nothing.audits == []
    assert nothing.audit.verdict == "provisional"
    assert "The rule rests on" in nothing.statement()


# ---- causes


@pytest.mark.parametrize(
    ("used", "reuse", "said"),
    [
        (["degree"], BARRED, "it is used for degree, and an item used for another award does not count here"),
        (["degree"], {"used_elsewhere": "free"}, None),
    ],
)
def test_what_serves_another_award_says_so(world: qg.World, used: list[str], reuse: Any, said: str | None) -> None:
    record = qg.Record([{"id": "a", "credits": 20, "used_for": used}, {"id": "b", "credits": 20, "used_for": []}])
    audit = world.audit(record, {**SMALL, "reuse": reuse, "total": {"min": 20}}, prefer="counted")
    assert [row["sentence"] for row in audit.unused] == ([f"a: {said}."] if said else [])


def test_what_a_rule_leaves_open_is_named(world: qg.World) -> None:
    audit = world.audit(qg.Record([{"id": "a", "credits": 20, "used_for": ["degree"]}]), SMALL)
    assert audit.verdict == "provisional"
    cause = "a is used for degree: the rule does not say whether it may count here as well."
    for voice in ("learner", "officer", "lawyer"):
        assert cause in flat(audit.why(voice))
    enough = qg.Record([{"id": "a", "credits": 20, "used_for": ["degree"]}, {"id": "b", "credits": 20, "used_for": []}])
    (row,) = world.audit(enough, SMALL).unused
    assert "used for degree, and the rule does not say" in row["sentence"] or row["reason"] == "not needed"


def test_a_limit_that_nothing_uses_is_not_called_used_up(world: qg.World) -> None:
    caps = {"rpl": {"from": {"origin": "rpl"}, "max": 10}}
    items = [{"id": "r", "credits": 20, "origin": "rpl"}, {"id": "b", "credits": 5, "origin": "taught"}]
    audit = world.audit(qg.Record(items), {**SMALL, "caps": caps})
    (row,) = audit.unused
    assert row["sentence"].startswith("r: a limit leaves no room for it (At most 10 credits")
    assert "used up" not in str(audit.why())


def test_one_credit_that_serves_two_clauses_is_not_added_twice(world: qg.World) -> None:
    places = {"core": {"from": {"tag": "core"}, "min": 20}}
    audit = world.audit(qg.Record([]), {**SMALL, "places": places})
    assert audit.shortfall == 40 and audit.smallest_addition == 20
    told = flat(audit.why())
    assert "Added up clause by clause: 40 credits. The same credit may serve several clauses: 20 credits" in told
    alone = flat(world.audit(qg.Record([]), SMALL).why())
    assert "Added up" not in alone


def test_people_read_clauses_in_words_with_the_path_in_brackets(world: qg.World) -> None:
    record = qg.Record([{"id": "a", "credits": 60, "level": "nz-nzqcf:4", "used_for": []}], credit="nz-credit")
    audit = world.audit(record, "nz-diploma-5")
    told = flat(audit.why())
    words = "Of what is counted, at least 72 credits come from items at nz-nzqcf:5 or above"
    assert f"credits are lacking for this: {words} [floors/at-level/min]" in told
    assert "at-level/min:" not in told and "Following the bounds" not in told
    broken = {**SMALL, "requirements": {"exam": {"what": "a final examination"}}}
    failed = world.audit(qg.Record([{"id": "a", "credits": 20}], requirements={"exam": False}), broken)
    shown = flat(failed.why().sections[-1][1][0])
    assert "[requirements/exam]" in shown and "final examination" in shown


def test_a_policy_says_what_it_lets_in(world: qg.World, tmp_path: Path) -> None:
    items = [
        {"id": f"C{n}", "title": f"Course {n}", "credits": 4, "date": f"20{10 if n == 2 else 25}-06-01", "used_for": []}
        for n in range(1, 11)
    ]
    held = qg.Record(items, dates={"claim": "2026-03-01"}, requirements={"registered": True})
    audit = world.audit(held, "in-abc-2021")
    learner = flat(audit.why("learner"))
    assert "the policy Academic Bank of Credits" in learner and "asks for no amount" in learner
    assert "Of 10 items it keeps out 1." in learner and "Course 2 (C2): it does not pass" in learner
    assert "Course 3" not in learner and "met without it" not in learner
    assert "Of 10 items it keeps out 1." in audit.sheet(tmp_path / "sheet.html").read_text(encoding="utf-8")


def test_items_stand_in_the_order_people_count(world: qg.World) -> None:
    items = [{"id": f"c{n}", "credits": 2} for n in range(1, 12)]
    (placed,) = world.audit(qg.Record(items), {**SMALL, "total": {"min": 22}}).why().sections[0][1]
    assert placed.index("c2 (2)") < placed.index("c10 (2)")


def test_the_copy_of_a_clause_is_named(world: qg.World) -> None:
    items = [{"id": f"c{n}", "credits": 10, "date": "2025-10-01"} for n in range(2)]
    rule = {**SMALL, "pace": {"term": {"per": "year", "max": 10}}}
    (row,) = world.audit(qg.Record(items), rule).unused
    assert row["sentence"].endswith("(At most 10 credits count in one year: 2025).")


def test_a_title_with_a_colon_keeps_its_reason_whole(world: qg.World) -> None:
    from qualgraph.plot._stack import stack_data

    caps = {"rpl": {"from": {"origin": "rpl"}, "max": 5}}
    items = [{"id": "r", "title": "English: writing", "credits": 20, "origin": "rpl"}]
    data = stack_data(world.audit(qg.Record(items), {**SMALL, "caps": caps}))
    assert data["left"][0]["reason"].startswith("a limit leaves no room for it")


def test_units_that_one_place_lacks_are_told_together(world: qg.World, tmp_path: Path) -> None:
    audit = world.audit(qg.Record([], credit="za-credit"), "za-57712")
    officer, learner = flat(audit.why()), flat(audit.why("learner"))
    for told in (officer, learner, flat(audit)):
        assert "242816 (Conduct a structured meeting)" in told
        assert told.count("are lacking in Core") == 2  # the units, and their credits
    assert "[places/core/all]. The rule says: Core: all of the units" in officer
    assert len(audit.missing) > len(audit._telling().lacking(paths=True))
    one = {**SMALL, "places": {"core": {"from": {"unit": ["A1", "B2"]}, "all": True}}}
    held = qg.Record([{"id": "A1", "credits": 20}])
    assert "The unit B2 is lacking in core [places/core/all[B2]]" in flat(world.audit(held, one).why())
    many = {**SMALL, "places": {"core": {"from": {"unit": [f"U{n}" for n in range(20)]}, "all": True}}}
    short = world.audit(qg.Record([]), many)
    assert "and 8 more are lacking" in flat(short.why("learner"))
    assert "U19" in flat(short.why()) and "more are lacking" not in flat(short.why())


def test_a_certificate_is_checked_with_the_id_of_its_rule(world: qg.World) -> None:
    record = qg.Record([], credit="za-credit")
    audit = world.audit(record, "za-57712")
    assert qg.check(audit.certificate, record, "za-57712", world)
    assert not qg.check(audit.certificate, record, "za-57721", world)


# ---- the sheet


def test_the_sheet_names_levels_documents_and_the_learner(abroad: qg.Audit, tmp_path: Path) -> None:
    page = abroad.sheet(tmp_path / "sheet.html").read_text(encoding="utf-8")
    assert "level 5 of the New Zealand Qualifications and Credentials Framework" in page
    assert "ie-nfq:6: level 6 of the Irish National Framework of Qualifications" in page
    assert "Aroha" in page and "Documents behind levels and credits" in page
    assert "Comparing Qualifications in Ireland and New Zealand" in page


def test_the_template_asks_for_the_learner(tmp_path: Path) -> None:
    path = tmp_path / "record.csv"
    assert cli.main(["template", "record", str(path)]) == 0
    text = path.read_text(encoding="utf-8-sig")
    assert "@learner," in text and "@claim," in text
    path.write_text(text.replace("@learner,", "@learner,Aroha"), encoding="utf-8")
    assert qg.Record.read(path).to_dict()["learner"] == "Aroha"


# ---- money


@pytest.mark.parametrize(
    ("currency", "price"), [("NZD", "NZD 450.00"), ("KRW", "KRW 45,000"), ("BHD", "BHD 45.000"), (None, "45,000")]
)
def test_prices_are_written_in_their_currency(world: qg.World, currency: str | None, price: str) -> None:
    more = {"currency": currency} if currency else {}
    offers = qg.Catalogue([{"id": "a", "title": "Course", "credits": 20, "cost": 45000}], **more)
    plan = world.complete(qg.Record([]), SMALL, offers)
    assert (plan.price, plan.currency, plan.cost) == (price, currency, 45000)
    assert f"take Course (a) (cost {price}" in str(plan)
    assert plan.additions.column("price") == [price if currency else None]
    assert (plan.to_dict()["price"], plan.to_dict()["currency"]) == (price, currency)


# ---- several awards


@pytest.fixture(scope="module")
def both(world: qg.World) -> qg.AwardsAudit:
    rules = [{"id": id, "title": id.capitalize(), "total": {"min": 20}, "reuse": BARRED} for id in ("one", "two")]
    return world.audit_together(qg.Record([{"id": "a", "credits": 20, "used_for": []}]), rules)


def test_several_awards_say_why(both: qg.AwardsAudit) -> None:
    learner, officer = flat(both.why("learner")), flat(both.why())
    assert learner.startswith("Not yet: what you hold does not meet One and Two at once.")
    assert learner.count("not met beside the others") == 1
    assert "[total/min]" in officer and "[total/min]" not in learner
    assert "One: satisfied. - Two: satisfied." in officer
    lawyer = flat(both.why("lawyer"))
    assert all(rule.hash in lawyer for rule in both.rules)
    with pytest.raises(qg.InvalidValue, match="learner, officer, lawyer"):
        both.why("poet")


def test_a_provisional_verdict_on_several_says_so_of_each(world: qg.World) -> None:
    rules = [{**SMALL, "id": "one", "reuse": {"used_elsewhere": "free"}}, {**SMALL, "id": "two"}]
    answer = world.audit_together(qg.Record([{"id": "a", "credits": 20, "used_for": []}]), rules)
    assert answer.verdict == "provisional"
    told = flat(answer.why())
    assert "not met beside the others" not in told
    assert "if what is not known turns out" in told


def test_several_awards_have_a_sheet_and_a_page(both: qg.AwardsAudit, tmp_path: Path) -> None:
    page = both.sheet(tmp_path / "sheet.html").read_text(encoding="utf-8")
    assert page.count("beside the others") == 2 and "Decided by" in page and "<script" not in page
    assert both._repr_html_().count("<details") >= 3
    with pytest.raises(qg.InvalidValue, match="HTML page"):
        both.sheet(tmp_path / "sheet.pdf")
    assert both.to_dict()["alone"] == {"one": "satisfied", "two": "satisfied"}


def test_several_rules_on_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, sheet = tmp_path / "record.csv", tmp_path / "sheet.html"
    path.write_text("@credit,nz-credit\nid,credits,level,used_for\na,120,nz-nzqcf:6,-\n", encoding="utf-8")
    asked = ["audit", str(path), "--rule", "nz-diploma-5", "--rule", "kr-acbs"]
    assert cli.main([*asked, "--variant", "kr-acbs=bachelor", "--sheet", str(sheet)]) == 1
    out = flat(capsys.readouterr().out)
    assert "Diploma level 5 and Academic Credit Bank System degrees at once" in out and sheet.exists()
    assert cli.main([*asked, "--variant", "kr-acbs=bachelor", "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["rules"] == ["nz-diploma-5", "kr-acbs"]
    for more, told in (
        (["--variant", "bachelor"], "say of which"),
        ([], "has variants"),
        (["--prefer", "counted"], "about one rule"),
        (["--variant", "kr-acbs=nix"], 'no variant "nix"'),
    ):
        assert cli.main([*asked, *more]) == 2
        assert told in capsys.readouterr().err
    assert cli.main([*asked[:4], "--variant", "a", "--variant", "b"]) == 2
    assert "given twice" in capsys.readouterr().err


def test_a_policy_on_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    record, rule = tmp_path / "record.csv", tmp_path / "rule.json"
    record.write_text("@credit,my-credit\nid,credits,origin,used_for\na,20,rpl,-\n", encoding="utf-8")
    rule.write_text(qg.Rule({**SMALL, "credit": "my-credit"}).to_json(), encoding="utf-8")
    asked = ["audit", str(record), "--rule", str(rule)]
    assert cli.main(asked) == 0
    assert cli.main([*asked, "--policy", "my-apel-c"]) == 1
    assert cli.main([*asked, "--policy", "my-apel-x"]) == 2
    assert "my-apel-c" in capsys.readouterr().err


def test_several_rules_are_completed_together_on_the_command_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    record, catalogue = tmp_path / "record.csv", tmp_path / "courses.csv"
    record.write_text("@credit,nz-credit\nid,credits,level,used_for\na,100,nz-nzqcf:6,-\n", encoding="utf-8")
    catalogue.write_text(
        "@credit,nz-credit\n@currency,NZD\nid,title,credits,level,cost\nb,Ethics,20,nz-nzqcf:6,45000\n",
        encoding="utf-8",
    )
    rules = ["--rule", "nz-diploma-5", "--rule", "nz-diploma-6"]
    assert cli.main(["complete", str(record), *rules, "--catalogue", str(catalogue)]) in (0, 1)
    out = flat(capsys.readouterr().out)
    assert "Diploma level 5 and Diploma level 6" in out
    assert cli.main(["complete", str(record), *rules[:2], "--catalogue", str(catalogue)]) == 0
    out = flat(capsys.readouterr().out)
    assert "take Ethics (b) (cost NZD 450.00; no completion is better)" in out and "45000" not in out


# ---- sources of clauses


def test_a_source_that_a_rule_does_not_have_is_a_fault() -> None:
    sources = [{"id": "regulations", "title": "Regulations", "evidence": "read"}]
    cases = (("regulations", True), ("Regulations", True), ("An act of 1998", True), ("regulation", False))
    for document, sound in cases:
        rule = {**SMALL, "sources": sources, "total": {"min": 20, "source": {"document": document}}}
        if sound:
            assert qg.Rule(rule).sentence("total").source
            continue
        with pytest.raises(qg.FactError, match='Did you mean "regulations"') as caught:
            qg.Rule(rule)
        assert caught.value.faults[0].pointer == "/total/source/document"
