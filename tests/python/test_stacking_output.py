"""What leaves the program: decision sheets, pictures and the command line."""

from __future__ import annotations

import json
import random
from html.parser import HTMLParser

import pytest

import qualgraph as qg
from qualgraph import plot
from qualgraph.check import check
from qualgraph.cli import main
from qualgraph.stacking.blanks import _wanted, merged
from qualgraph.stacking.sheet import page

RECORD = """\
@record,2024-117
@learner,A. Learner
@credit,kr-credit
id,title,credits,tags,origin,date,used_for,status
m1,Algebra,20,major;accredited-or-part-time-course,taught,2018-03-01,-,
m2,Analysis,20,major,taught,2019-03-01,-,
m3,Geometry,15,major,micro,2020-03-01,-,
l1,History,15,liberal-arts,micro,2021-03-01,-,
g1,Practice,20,-,rpl,2022-03-01,-,
f1,Failed,5,-,taught,2022-09-01,-,failed
"""


@pytest.fixture
def record(tmp_path):
    path = tmp_path / "record.csv"
    path.write_text(RECORD, encoding="utf-8")
    return path


@pytest.fixture
def audits(world, record) -> dict[str, qg.Audit]:
    read = qg.Record.read(record)
    return {
        "satisfied": world.audit(read, "kr-acbs"),
        "unsatisfied": world.audit(read, "kr-acbs", variant="bachelor"),
    }


class Texts(HTMLParser):
    """Texts of a page, its elements balanced, without anything that is fetched."""

    def __init__(self, page: str):
        super().__init__()
        self.open: list[str] = []
        self.said: list[str] = []
        self.feed(page)
        assert self.open == []

    def handle_starttag(self, tag, attributes):
        assert tag not in ("script", "link", "img", "iframe")
        assert not any(name in ("src", "href", "onclick") for name, _ in attributes)
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, text):
        if self.open and self.open[-1] != "style":
            self.said.append(" ".join(text.split()))


def test_a_decision_sheet_holds_all_that_is_signed(audits, tmp_path):
    for verdict, audit in audits.items():
        path = audit.sheet(tmp_path / f"{verdict}.html")
        whole = path.read_text(encoding="utf-8")
        text = " ".join(Texts(whole).said)
        assert "size: A4" in whole
        assert {"satisfied": "Met", "unsatisfied": "Not met"}[verdict] in text
        for part in (
            "A. Learner",
            "2024-117",
            audit.rule.hash,
            audit.record.hash,
            audit.world.hash,
            "Place and date",
            "Decided by (name, office, signature)",
            "Academic Credit Bank System [known only]",
            "Algebra",
            "its status is failed",
        ):
            assert part in text, part
        # The day of signing is left to those who sign.
        assert "202" not in text.partition("Place and date")[2].partition("This is a calculation")[0]
        assert audit.sheet(path).read_text(encoding="utf-8") == whole
    assert "5 credits are lacking in Major" in text
    assert "What would have to give" in text


def test_a_decision_sheet_is_escaped(world, tmp_path):
    hostile = "<script>alert(1)</script>"
    rule = qg.Rule({"id": "h", "title": hostile, "total": {"min": 1}, "places": {"p": {"title": hostile, "min": 1}}})
    record = qg.Record([{"id": hostile, "title": hostile, "credits": 1}], learner=hostile)
    page = world.audit(record, rule).sheet(tmp_path / "a.html").read_text(encoding="utf-8")
    assert hostile not in page
    Texts(page)


def test_the_stack_is_drawn_from_the_audit(audits):
    yes, no = (plot.stack_data(audits[verdict]) for verdict in ("satisfied", "unsatisfied"))
    rows = {row["label"]: row for row in yes["rows"]}
    assert [block["label"] for block in rows["Major"]["blocks"]] == ["Algebra", "Analysis", "Geometry"]
    assert (rows["Major"]["have"], rows["Major"]["least"]) == (55, 45)
    assert rows["All that counts"]["have"] == 90
    assert [one["reason"] for one in yes["left"]] == ["its status is failed"]
    assert not any(row["clash"] for row in yes["rows"])
    together = audits["unsatisfied"].clash["together"]
    assert {path for row in no["rows"] if row["clash"] for path in row["clauses"]} >= set(together)
    chart = audits["unsatisfied"].plot()
    assert chart.title == "Academic Credit Bank System degrees (variant bachelor): not met"
    assert "Major: 55 of at least 60 credits." in chart.description
    texts = [row["text"] for layer in chart.to_dict()["layer"] for row in layer["data"]["values"] if "text" in row]
    assert any(text.endswith("clash") for text in texts)
    json.dumps(chart.data)


def test_blocks_are_as_long_as_what_they_count(audits):
    data = plot.stack_data(audits["satisfied"])
    for row in data["rows"]:
        if row["section"] == "Places":
            assert sum(block["size"] for block in row["blocks"]) == row["have"]


@pytest.mark.parametrize("id", ["kr-acbs", "us-calvin-overlap", "fi-vocational", "gb-eng-l3-adult-care-bridgwater"])
def test_a_rule_is_drawn_as_a_tree(world, id):
    rule = world.rule(id)
    data = plot.rule_tree_data(rule)

    def paths(node):
        yield node["path"]
        for child in node["children"]:
            yield from paths(child)

    shown = [path for path in paths(data["tree"]) if path]
    assert len(set(shown)) == len(shown)
    aside = ("What it is", "Scales of its own", "Facts of the case that it asks for", "What is left out of an audit")
    asked = [
        one.path
        for one in rule.sentences
        if one.path and one.section not in aside and not one.section.startswith("Units")
    ]
    assert shown == asked
    chart = rule.plot()
    boxes = [
        row for layer in chart.to_dict()["layer"] if layer["mark"]["type"] == "rect" for row in layer["data"]["values"]
    ]
    assert all(row["x2"] <= chart.to_dict()["width"] + 1 for row in boxes)


def test_every_rule_can_be_drawn(world):
    for rule in world.rules:
        assert rule.plot().title.startswith(rule.title)


def test_pictures_become_svg(audits, world):
    pytest.importorskip("vl_convert")
    assert audits["satisfied"].plot().to_svg().startswith("<svg")
    assert world.rule("example-diploma").plot().to_svg().startswith("<svg")


# ---- every rule of the facts


def made(rule: qg.Rule, seed: int) -> qg.Record:
    """A record in the words of a rule: some items fit its places, some lack what it looks at."""
    draw = random.Random(f"{rule.id} {seed}")
    variant = draw.choice([one.id for one in rule.variants] or [None])
    form = merged(rule.to_dict(), {"variant": variant})
    groups = [one for group in ("places", "floors", "caps") for one in (form.get(group) or {}).values()]
    selectors = [one.get("from") for one in groups]
    selectors += [one["require"] for one in (form.get("eligibility") or {}).values()]
    items = []
    for number in range(draw.randint(0, 20)):
        wanted: dict = {}
        for selector in draw.sample(selectors, min(len(selectors), 2)):
            _wanted(selector, wanted)
        item = {"id": f"i{number}", "title": f"Item {number}", "credits": draw.choice([3, 5, 10, 15, 30]), "hours": 60}
        item |= {field: values if field in ("tags", "outcomes") else values[0] for field, values in wanted.items()}
        if draw.random() < 0.6:
            item |= {"used_for": [], "date": f"{draw.randint(2018, 2024)}-0{draw.randint(1, 9)}-01"}
        if draw.random() < 0.6:
            item.setdefault("origin", draw.choice(["taught", "micro", "rpl"]))
        items.append(item)
    done = {id: one.get("min", True) for id, one in (form.get("requirements") or {}).items()}
    more = {"requirements": done} if draw.random() < 0.7 else {}
    return qg.Record(items, as_of="2025-01-01", credit=rule.credit or "ects", **more)


@pytest.mark.parametrize("id", [rule.id for rule in qg.load().rules])
def test_audits_of_every_rule_are_told_drawn_and_shown(world, id):
    rule = world.rule(id)
    for seed in range(2):
        record = made(rule, seed)
        audit = world.audit(record, rule)
        for voice in ("learner", "officer", "lawyer"):
            said = str(audit.why(voice))
            assert not any(leak in said for leak in ("None", "Fraction(", "{'", "['", "True", "False")), said
        assert json.loads(json.dumps(audit.to_dict()))["verdict"] == audit.verdict
        Texts(page(audit))
        assert audit.plot().to_dict()["layer"]
        found = check(audit.certificate, record, rule, world)
        assert found.ok is not False, found.reasons
        assert found.ok is True or audit.certificate["kind"] == "re-solved"


# ---- command line


def run(capsys, *words: str) -> tuple[int, str, str]:
    status = main(list(words))
    captured = capsys.readouterr()
    return status, captured.out, captured.err


def test_audit_answers_with_its_status(capsys, record, tmp_path):
    status, out, _ = run(capsys, "audit", str(record), "--rule", "kr-acbs")
    assert status == 0
    assert out.startswith("The record meets the rule: Academic Credit Bank System degrees")
    status, out, _ = run(capsys, "audit", str(record), "--rule", "kr-acbs", "--variant", "bachelor", "--why", "learner")
    assert status == 1
    assert "5 credits are lacking in Major." in out
    page, sheet = tmp_path / "a.html", tmp_path / "s.html"
    status, out, _ = run(
        capsys, "audit", str(record), "--rule", "kr-acbs", "--json", "--html", str(page), "--sheet", str(sheet)
    )
    whole = json.loads(out)
    assert (status, whole["verdict"], whole["certificate"]["kind"]) == (0, "satisfied", "allocation")
    assert "Clause by clause" in page.read_text(encoding="utf-8")
    assert "Decision sheet" in sheet.read_text(encoding="utf-8")


def test_audit_of_a_rule_file(capsys, record, tmp_path):
    form = tmp_path / "rule.csv"
    assert run(capsys, "template", "rule", str(form))[0] == 0
    status, out, _ = run(capsys, "audit", str(record), "--rule", str(form))
    assert status == 1
    assert "30 credits are lacking in Core [places/core/min]" in out.replace("\n    ", " ")


def test_bad_input_is_told_by_cell(capsys, tmp_path):
    path = tmp_path / "bad.csv"
    path.write_text("id,credits\na,seven\n", encoding="utf-8")
    status, _, err = run(capsys, "audit", str(path), "--rule", "kr-acbs")
    assert status == 2
    assert 'B2 (credits): found "seven"' in err
    status, _, err = run(capsys, "audit", str(path), "--rule", "kr-acb")
    assert status == 2
    assert run(capsys, "audit", "nowhere.csv", "--rule", "kr-acbs")[0] == 2
    assert run(capsys, "audit", str(path))[0] == 2


def test_rule_prints_sentences_and_comparisons(capsys, tmp_path):
    status, out, _ = run(capsys, "rule", "za-57712")
    assert status == 0
    assert 'Elective: at least 22 credits from items tagged "elective". [places/elective]' in out
    status, out, _ = run(capsys, "rule", "za-57712", "--json")
    assert json.loads(out)["id"] == "za-57712"
    status, out, _ = run(capsys, "rule", "gb-eng-l3-adult-care-excelsior", "gb-eng-l3-adult-care-millennium")
    assert status == 0
    assert "clauses changed" in out
    status, out, _ = run(capsys, "rule")
    assert "kr-acbs" in out
    status, _, err = run(capsys, "rule", "za-5771")
    assert status == 2
    assert "za-57712" in err
    page = tmp_path / "rule.html"
    assert run(capsys, "rule", "za-57712", "--html", str(page))[0] == 0
    assert "places/elective" in page.read_text(encoding="utf-8")


def test_show_and_ids_know_rules(capsys):
    assert "Fundamental" in run(capsys, "show", "za-57712")[1]
    assert "kr-acbs" in run(capsys, "ids", "rules")[1].splitlines()


def test_pictures_of_the_command_line(capsys, record, tmp_path):
    for words in (("rule", "kr-acbs"), ("stack", str(record), "kr-acbs")):
        target = tmp_path / f"{words[0]}.json"
        assert run(capsys, "plot", *words, "-o", str(target))[0] == 0
        assert json.loads(target.read_text(encoding="utf-8"))["layer"]
    assert run(capsys, "plot", "rule", "-o", str(tmp_path / "a.json"))[0] == 2
    assert run(capsys, "plot", "stack", str(record), "-o", str(tmp_path / "a.json"))[0] == 2


def test_complete_plans_from_a_catalogue(capsys, record, tmp_path):
    rule, catalogue = tmp_path / "rule.json", tmp_path / "courses.csv"
    places = {"major": {"from": {"tag": "major"}, "min": 60}, "rest": {"from": "everything"}}
    small = qg.Rule({"id": "r", "title": "R", "credit": "kr-credit", "total": {"min": 100}, "places": places})
    rule.write_text(small.to_json(), encoding="utf-8")
    catalogue.write_text(
        "@credit,kr-credit\nid,title,credits,tags,cost,months\n"
        "a,More history,15,liberal-arts,100,6\nb,More algebra,5,major,70,2\nc,Much algebra,10,major,190,1\n",
        encoding="utf-8",
    )
    words = ["complete", str(record), "--rule", str(rule), "--catalogue", str(catalogue)]
    status, out, _ = run(capsys, *words)
    assert status == 0
    assert out.startswith("R: take More history (a), More algebra (b) (cost 170, no currency stated;")
    assert "More history" in out
    status, out, _ = run(capsys, *words, "--minimise", "count", "--json")
    assert (status, json.loads(out)["order"]) == (0, ["c"])
    status, out, _ = run(capsys, *words, "--minimise", "cost,months", "--json")
    plans = [sorted(plan["order"]) for plan in json.loads(out)["plans"]]
    assert (status, plans) == (0, [["a", "b"], ["c"]])
    assert run(capsys, *words, "--minimise", "beauty")[0] == 2
    catalogue.write_text("id,credits,cost\na,5,100\n", encoding="utf-8")
    status, out, _ = run(capsys, *words)
    assert status == 1
    assert "no choice from the catalogue completes it" in out


def test_rules_are_linted_on_the_command_line(capsys):
    status, out, _ = run(capsys, "rule", "au-chc33015", "--lint")
    assert status == 0
    assert "partial list: places/core" in out
