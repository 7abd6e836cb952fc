"""What every result promises: how it shows itself, what it cites, what it says in law, what it costs to import."""

from __future__ import annotations

import inspect
import json
import re
import subprocess
import sys
from html.parser import HTMLParser

import pytest

import qualgraph as qg
from qualgraph import explore, lint

HOSTILE = "<script>alert('x')</script> & \"q\" <img src=x onerror=alert(1)>"
VOID = {"br", "img", "hr"}
TABLE = {"table", "caption", "thead", "tbody", "tr", "th", "td"}
TAGS = TABLE | {"div", "p", "ul", "li", "details", "summary", "b", "strong", "em", "i", "small", "span", "br", "code"}


@pytest.fixture(scope="module")
def hostile() -> qg.World:
    """A world whose every free text tries to be markup."""
    source = {"title": HOSTILE, "publisher": HOSTILE, "year": 2020, "url": "javascript:alert(1)", "evidence": "read"}
    facts = []
    for id in ("xx-a", "xx-b"):
        fact = qg.load().framework("ie-nfq").to_dict()
        fact |= {"id": id, "name": HOSTILE, "authority": HOSTILE, "aliases": [HOSTILE], "notes": HOSTILE}
        fact |= {"jurisdiction": "XX", "sources": [source], "credit_system": "xx-credit"}
        fact["levels"] = [level | {"label": HOSTILE} for level in fact["levels"]]
        fact["qualification_types"] = [
            kind | {"name": HOSTILE, "credits": kind["credits"] and kind["credits"] | {"system": "xx-credit"}}
            for kind in fact["qualification_types"]
        ]
        facts.append((f"frameworks/{id}.json", fact))
    system = qg.load().credit_system("ects").to_dict()
    system |= {"id": "xx-credit", "name": HOSTILE, "basis": HOSTILE, "notes": HOSTILE, "sources": [source]}
    facts.append(("credit_systems/xx.json", system | {"official_ratios": []}))
    policy = qg.load().rpl_policies["my-rpl-apel-c"].to_dict()
    policy |= {"id": "xx-rpl", "methods": [HOSTILE], "excluded": [HOSTILE], "sources": [source], "notes": HOSTILE}
    policy["layer"] |= {"body": HOSTILE}
    facts.append(("policies/rpl/xx-rpl.json", policy))
    clauses = [{"id": "c", "kind": "constitutive", "text": HOSTILE, "evidence": "read", "reading": HOSTILE,
                "test": {"attribute": "assessed", "is": True}}]  # fmt: skip
    for id in ("xx-one", "xx-two"):
        fact = {"id": id, "term": HOSTILE, "issuer": HOSTILE, "jurisdiction": "XX", "framework": None}
        fact |= {"edition": HOSTILE, "year": 2020, "clauses": clauses, "sources": [source], "notes": HOSTILE}
        facts.append((f"definitions/{id}.json", fact))
    world = qg.World(qg._core.load_facts([(n, json.dumps(f)) for n, f in facts], None, None, "all", False))
    pairs = [(str(n), None if n == 2 else str(n)) for n in range(1, 11)]
    rows = [{"from": a, "to": b, "note": HOSTILE} for a, b in pairs]
    world = world.with_mapping("xx-a", "xx-b", rows, document=HOSTILE, year=2020, sources=[source], notes=HOSTILE)
    other = [("1", "3"), *pairs[2:]]
    return world.with_mapping("xx-a", "xx-b", other, document=HOSTILE, year=2021, sources=[source])


def rule_and_record(a: str) -> tuple[qg.Rule, qg.Record]:
    """A rule and a record whose every free text tries to be markup."""
    source = {"id": "s", "title": HOSTILE, "publisher": HOSTILE, "url": "javascript:alert(1)", "evidence": "read"}
    core = {"title": HOSTILE, "from": {"level": {"at_least": f"{a}:3"}}, "min": 10, "note": HOSTILE}
    rule = qg.Rule({"id": "h", "title": HOSTILE, "sources": [source], "total": {"min": 20}, "places": {"core": core}})
    return rule, qg.Record([{"id": HOSTILE, "title": HOSTILE, "credits": 5, "level": f"{a}:4"}])


def audit(w: qg.World, a: str) -> qg.Audit:
    rule, record = rule_and_record(a)
    return w.audit(record, rule)


def plan(w: qg.World, a: str) -> qg.Plan:
    rule, record = rule_and_record(a)
    offers = [{"id": "o", "title": HOSTILE, "credits": 15, "cost": 100, "level": f"{a}:5"}]
    return w.complete(record, rule, qg.Catalogue(offers))


def together(w: qg.World, a: str) -> qg.AwardsAudit:
    rule, record = rule_and_record(a)
    other = qg.Rule({**rule.to_dict(), "id": "h2"})
    return w.audit_together(record, [rule, other])


CLAIM = {"purpose": "credit", "credits": 5, "required_outcomes": [HOSTILE], "evidence": [{"kind": HOSTILE}]}


def recognition(w: qg.World, a: str) -> qg.Recognition:
    rule, record = rule_and_record(a)
    policy = "xx-rpl" if a == "xx-a" else "my-rpl-apel-c"
    claim = CLAIM | {"id": "claim", "unit": HOSTILE, "title": HOSTILE, "component": HOSTILE, "outcomes": {HOSTILE: 1}}
    return w.recognise(record, [claim], rule, policy)


def offered(a: str) -> qg.Catalogue:
    source = {"title": HOSTILE, "publisher": HOSTILE, "url": "javascript:alert(1)", "evidence": "read"}
    offer = {"id": HOSTILE, "title": HOSTILE, "credits": 20, "cost": 100, "months": 3, "level": f"{a}:5"}
    opened = {"id": "next", "credits": 5, "cost": 1, "months": 1, "requires": {"holds": {"unit": HOSTILE}}}
    return qg.Catalogue([offer | {"source": source}, opened])


def pathways(w: qg.World, a: str) -> qg.Pathways:
    rule, record = rule_and_record(a)
    return w.pathways(record, rule, offered(a))


def ladder(w: qg.World, a: str) -> qg.Ladder:
    rule, _ = rule_and_record(a)
    above = qg.Rule({**rule.to_dict(), "id": "h2", "total": {"min": 40}})
    return w.ladder([rule, above])


# One question of each kind; `{a}` and `{b}` are frameworks, `{c}` a credit system.
QUESTIONS = {
    "LevelAnswer mapped": lambda w, a, b, c: w.map_level(f"{a}:7", to=b),
    "LevelAnswer no counterpart": lambda w, a, b, c: w.map_level(f"{a}:2", to=b),
    "LevelAnswer all routes": lambda w, a, b, c: w.map_level(f"{a}:1", to=b, routes="all"),
    "LevelAnswer of the past": lambda w, a, b, c: w.view(as_of=1995).map_level(f"{a}:7", to=b),
    "FrameworkAnswer": lambda w, a, b, c: w.map_framework(a, to=b),
    "FrameworkAnswer of a list": lambda w, a, b, c: w.map_level([f"{a}:7", f"{b}:2"], to=b),
    "AwardAnswer": lambda w, a, b, c: w.map_award(f"{a}:7", to=b, awarded="2020-06-30"),
    "RoundTrip": lambda w, a, b, c: w.round_trip(a, b),
    "LossAtlas": lambda w, a, b, c: w.recognition_loss(),
    "ConflictReport": lambda w, a, b, c: w.conflicts(),
    "Reliance": lambda w, a, b, c: w.reliance(),
    "RouteCensus": lambda w, a, b, c: w.route_census(2),
    "Conversion": lambda w, a, b, c: w.convert(f"30 {c}", to=c),
    "CreditVerdict": lambda w, a, b, c: w.check_credits(f"30 {c}", at_least=f"20 {c}"),
    "ConvertedItems": lambda w, a, b, c: w.convert_items([f"5 {c}"] * 2, to=c, way="year"),
    "VolumeOfLearning": lambda w, a, b, c: w.volume_of_learning(2, c),
    "Comparison": lambda w, a, b, c: w.compare([a, b]),
    "Comparison on a reference": lambda w, a, b, c: w.compare([a], reference=b),
    "Coverage": lambda w, a, b, c: w.coverage(a),
    "CoverageOverview": lambda w, a, b, c: w.coverage(),
    "Found": lambda w, a, b, c: w.find("certificate"),
    "Findings": lambda w, a, b, c: w.lint(),
    "Audit": lambda w, a, b, c: audit(w, a),
    "Plan": lambda w, a, b, c: plan(w, a),
    "AwardsAudit": lambda w, a, b, c: together(w, a),
    "Recognition": lambda w, a, b, c: recognition(w, a),
    "Pathways": lambda w, a, b, c: pathways(w, a),
    "Reachable": lambda w, a, b, c: w.reachable(rule_and_record(a)[1], offered(a), rules=rule_and_record(a)[:1]),
    "Ladder": lambda w, a, b, c: ladder(w, a),
    "Indicators": lambda w, a, b, c: w.indicators(offered(a), rules=rule_and_record(a)[:1]),
    "Curriculum": lambda w, a, b, c: w.curriculum(offered(a)),
    "DescriptorCheck": lambda w, a, b, c: qg.load().check_descriptor({"title": HOSTILE, "supervision": HOSTILE}),
    "NameCheck": lambda w, a, b, c: qg.load().check_name({"title": f"Badge {HOSTILE}", "form": HOSTILE}),
    "OutcomeCoverage": lambda w, a, b, c: w.cover_outcomes([CLAIM | {"id": "claim"}]),
    "Classification": lambda w, a, b, c: w.classify({"title": HOSTILE, "assessed": True, "hours": 5}),
    "TableClassification": lambda w, a, b, c: w.classify_table([{"id": HOSTILE, "assessed": True}, {"hours": 5}]),
    "Landscape": lambda w, a, b, c: w.landscape([{"credit_bearing": True, "title": HOSTILE}]),
    "DefinitionOrder": lambda w, a, b, c: w.definition_order(),
}
REAL = QUESTIONS | {
    "LevelAnswer not established": lambda w, a, b, c: w.map_level("ke-knqf:7", to="eqf"),
    "LevelAnswer pending": lambda w, a, b, c: w.map_level("bh-nqf:7", to="ie-nfq"),
    "Conversion of two systems": lambda w, a, b, c: w.convert("30 ects", to="cats"),
    "Conversion of class hours": lambda w, a, b, c: w.convert("30 ects", to="in-ncrf-credit"),
    "BrokenChain": lambda w, a, b, c: w.broken_chain("60 ects", "150 bh-credit", "150 cats"),
}


@pytest.fixture(params=[*(f"hostile {name}" for name in QUESTIONS), *REAL], scope="module")
def result(request, hostile):
    name = request.param
    if name.startswith("hostile "):
        return QUESTIONS[name.removeprefix("hostile ")](hostile, "xx-a", "xx-b", "xx-credit")
    return REAL[name](qg.load(), "ie-nfq", "nz-nzqcf", "ects")


def test_every_kind_of_result_is_among_them(hostile):
    kinds = {type(REAL[name](qg.load(), "ie-nfq", "nz-nzqcf", "ects")).__name__ for name in REAL}
    family, wanted = [qg.Result], set()
    while family:
        one = family.pop()
        family += one.__subclasses__()
        if not one.__subclasses__():
            wanted.add(one.__name__)
    assert wanted == kinds


def test_repr_is_one_line_that_identifies(result):
    shown = repr(result)
    assert "\n" not in shown
    assert re.match(rf"<{type(result).__name__}\b.*>$", shown)
    assert len(shown) < 400 or isinstance(result, qg.BrokenChain)


def test_text_is_plain_sentences(result):
    said = str(result)
    assert said.strip() == said
    assert said.endswith((".", ")", "]")) or "\n" in said
    assert "None" not in said
    assert "  " not in said.partition("\n")[0]
    # One of a kind takes no plural, and nobody reads a code of the engine.
    assert not re.search(r"\b1 (levels|documents|rows|routes|pairs|items|frameworks|are|have|stand)\b", said)
    for code in ("no_route", "no_counterpart", "not_established", "unknown_edition", "equivalent", "Fraction("):
        assert code not in said


class Page(HTMLParser):
    """Collects tags, checks that they nest, and keeps the text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text += data


def test_html_holds_no_script_and_takes_texts_literally(result):
    page = Page(result._repr_html_())
    assert page.open == []
    assert page.tags <= TAGS
    assert page.attributes <= {"style", "scope", "open", "colspan", "rowspan", "title", "class"}
    assert " ".join(str(result).splitlines()[0].split())[:40] in " ".join(page.text.split())
    assert "Facts version" in page.text
    assert "None" not in re.findall(r"\w+", page.text)


def test_html_reads_on_dark_and_light(result):
    html = result._repr_html_()
    # No colour of its own: shades of the page's text on the page's ground.
    assert not re.search(r"(?<![-\w])color:(?!inherit)", html)
    assert not re.search(r"background(-color)?:\s*(#|white|black)", html)


def test_json_is_stable_and_says_which_facts(result):
    record = result.to_dict()
    assert json.loads(json.dumps(record)) == record
    assert json.dumps(result.to_dict()) == json.dumps(record)
    assert list(record)[:7] == ["result", "engine", "world", "as_of", "evidence", "text", "legal_status"]
    assert list(record)[-1] == "sources"
    assert record["result"] == type(result).__name__
    assert record["engine"] == qg.__version__
    assert record["world"] == result.world.hash
    assert (record["as_of"], record["evidence"]) == (result.world.as_of_text, result.world.evidence)
    assert record["sources"] == [source.to_dict() for source in result.sources]

    def floats(value):
        if isinstance(value, dict):
            return any(map(floats, value.values()))
        return any(map(floats, value)) if isinstance(value, list) else isinstance(value, float)

    assert not floats(record)


def test_sources_carry_their_mark(result):
    assert all(isinstance(source, qg.Source) for source in result.sources)
    assert all(source.evidence in ("read", "known", "mixed") for source in result.sources)
    assert len(set(result.sources)) == len(result.sources)


def test_citation(result):
    citation = result.cite()
    assert len(citation.csl) == len(result.sources) + len(result.texts) + 1
    assert json.loads(json.dumps(citation.csl)) == citation.csl
    assert len({item["id"] for item in citation.csl}) == len(citation.csl)
    entries = re.findall(r"^@(\w+)\{([\w-]+),$", citation.bibtex, flags=re.M)
    assert [key for _, key in entries] == [item["id"] for item in citation.csl]
    assert citation.bibtex.count("{") == citation.bibtex.count("}")
    assert "not stated" not in citation.bibtex
    assert result.world.hash in citation.bibtex
    assert len(citation.text.splitlines()) == len(citation.csl)
    assert "\n" not in repr(citation)
    assert "script" not in Page(citation._repr_html_()).tags


def test_statement_names_legal_status_date_and_facts(result):
    said = result.statement()
    assert "\n" not in said
    assert re.search(
        r"not recognition of a qualification|not a decision to grant credit|decides nothing|not recognition"
        r"|not an offer of a place|not a decision to recognise|not an assessment|not recognition of any",
        said,
    )
    assert f"Facts version {result.world.hash[:12]}" in said
    assert (result.world.as_of_text or "documents current in these facts") in said
    assert f"Qualgraph {qg.__version__}" in said
    assert said == result.statement()


def test_equal_questions_give_equal_results(hostile):
    for ask in QUESTIONS.values():
        one, two = (ask(hostile, "xx-a", "xx-b", "xx-credit") for _ in range(2))
        assert one == two
        assert hash(one) == hash(two)
        assert one != "something else"


def test_tables_of_results_are_tables(result):
    table = getattr(result, "table", None)
    if table is None:
        assert not hasattr(result, "to_pandas")
        return
    assert isinstance(table, qg.Table)
    assert len(result.to_pandas()) == len(table) == result.to_arrow().num_rows
    for row in table:
        if table.key is not None:
            assert table[row[table.key]] is not None


# ---- small values


VALUES = {
    "Level": lambda w: w.framework("ie-nfq").level("6"),
    "QualificationType": lambda w: w.framework("ie-nfq").qualification_types[-1],
    "Source": lambda w: w.framework("ie-nfq").sources[0],
    "Range": lambda w: qg.Range(25, 30),
    "Retention": lambda w: w.mapping("nz-nzqcf", "eqf").retention,
    "Provenance": lambda w: w.map_level("ie-nfq:8", to="nz-nzqcf").provenance("7"),
    "Neighbour": lambda w: w.map_level("nz-nzqcf:8", to="eqf").nearby["below"],
    "RouteStep": lambda w: w.map_level("ie-nfq:8", to="nz-nzqcf").routes[0].steps[0],
    "LevelLoss": lambda w: w.round_trip("nz-nzqcf", "eqf").levels[0],
    "Row": lambda w: qg.Row("xx-a>xx-b@2020", "1", "2"),
    "Agreement": lambda w: w.convert("30 ects", to="cats").by_agreement[0],
    "AgreedRatio": lambda w: w.convert("30 ects", to="cats").by_agreement[0].ratio,
    "WayVerdict": lambda w: w.check_credits("30 ects", at_least="70 cats").ways[0],
    "RoundingBound": lambda w: w.convert_items(["5 cats"], to="ects", way="year", rounding="down").per_item_bound,
    "Profile": lambda w: w.profile({"skills": "eqf:5", "knowledge": "eqf:6"}, official="eqf:6"),
    "CreditBounds": lambda w: next(t.credits for t in w.framework("ie-nfq").qualification_types if t.credits),
}
SAID = {
    "Level": "ie-nfq:6",
    "Retention": "7 of 9 mapped levels are kept apart; together: 3 and 4; 5 and 6.",
    "Provenance": (
        "Level 7 rests on nz-nzqcf>ie-nfq@2020 or else ie-nfq>eqf@2009 and nz-nzqcf>eqf@2016 (2 routes, one document "
        "at the fewest, joint, read). Withdrawing ie-nfq>eqf@2009 and nz-nzqcf>ie-nfq@2020 or else nz-nzqcf>eqf@2016 "
        "and nz-nzqcf>ie-nfq@2020 loses it."
    ),
    "Neighbour": "level 7 stands opposite level 6",
    "RouteStep": "ie-nfq 8 > nz-nzqcf 7 by nz-nzqcf>ie-nfq@2020, read backwards [read]",
    "LevelLoss": "level 1 comes back as itself",
    "Row": "xx-a>xx-b@2020: 1 - 2",
    "Agreement": (
        "60 cats, since 1 cats is 1/2 ects (National frameworks and credit systems), read in the other direction [read]"
    ),
    "WayVerdict": "by hours: yes (75-90 >= 70 cats by hours)",
    "RoundingBound": "less than 1",
    "Profile": (
        "knowledge at eqf:6 and skills at eqf:5: every domain reaches eqf 5, the lower median is 5, lowest and highest "
        "are 1 step apart; the official level is eqf:6, skills below."
    ),
}


@pytest.mark.parametrize("name", VALUES)
def test_small_values_read_well(world, name):
    value = VALUES[name](world)
    assert type(value).__name__ == name
    assert "\n" not in repr(value)
    assert "Fraction(" not in str(value)
    page = Page(value._repr_html_())
    assert page.open == []
    assert "script" not in page.tags
    assert "Fraction(" not in page.text
    assert json.loads(json.dumps(value.to_dict())) == value.to_dict()
    if name in SAID:
        assert str(value) == SAID[name] or sorted(str(value)) == sorted(SAID[name])
        assert str(value) in page.text


def test_facts_show_themselves(world, hostile):
    for w, a, b, c in ((world, "nz-nzqcf", "eqf", "ects"), (hostile, "xx-a", "xx-b", "xx-credit")):
        things = [w, w.framework(a), w.mapping(a, b), w.credit_system(c), w.frameworks, w.mappings, w.credit_systems]
        for thing in things:
            assert "\n" not in repr(thing)
            page = Page(thing._repr_html_())
            assert page.open == []
            assert "script" not in page.tags
            assert "img" not in page.tags


# ---- words of routes


def test_routes_say_in_words_what_became_of_them(world):
    stated = world.map_level("nz-nzqcf:8", to="eqf").routes[0]
    assert (stated.status, stated.outcome) == ("dead", "states no counterpart")
    assert str(stated) == (
        "nz-nzqcf > eqf (1 document, joint, read) states no counterpart: "
        "left without a level by agreement of both sides"
    )
    on_the_way = world.map_level("ie-nfq:1", to="nz-nzqcf").routes[1]
    assert (on_the_way.status, on_the_way.outcome) == ("dead", "nothing opposite on the way")
    silent = world.map_level("nz-nzqcf:1", to="my-mqf").routes[0]
    assert (silent.status, silent.outcome) == ("silent", "silent: nothing seen about this level")
    page = Page(world.map_level("nz-nzqcf:8", to="eqf")._repr_html_())
    assert "states no counterpart" in page.text
    assert "dead" not in page.text


def test_pending_relations_are_named_where_nothing_is_established(world):
    answer = world.map_level("bh-nqf:7", to="ie-nfq")
    assert answer.status == "no_route"
    assert [(r["from"], r["to"], r["state"]) for r in answer.pending] == [
        ("bh-nqf", "ie-nfq", "comparison report by the Bahraini authority")
    ]
    said = (
        "A relation is pending, its level table was not seen: bh-nqf to ie-nfq (comparison): comparison report by the "
        "Bahraini authority."
    )
    assert said in str(answer)
    assert "Pending relations (1): level table not seen" in Page(answer._repr_html_()).text
    assert answer.to_dict()["pending"] == answer.pending
    assert world.map_level("ie-nfq:7", to="bh-nqf").pending == answer.pending
    assert world.map_level("ie-nfq:7", to="eqf").pending == []
    assert world.map_level("ke-knqf:7", to="eqf").to_dict()["pending"] == []


def test_framework_table_shows_codes_and_says_the_law_once(world):
    page = Page(world.map_framework("nz-nzqcf", to="eqf")._repr_html_())
    assert page.text.count("not recognition of a qualification") == 1
    assert page.text.count("Facts version") == 1
    assert "nz-nzqcf:8" not in page.text
    table = world.map_framework("nz-nzqcf", to="eqf").table
    assert table["nz-nzqcf:8"]["guaranteed"] is None
    assert table["nz-nzqcf:7"]["guaranteed"] is True


@pytest.mark.parametrize(
    ("ask", "said"),
    [
        (lambda w: w.convert("1 ects", to="cats"), "1 ects is 5/2–3 cats by learning hours"),
        (lambda w: w.convert("2 ects", to="cats"), "2 ects are 5–6 cats by learning hours"),
        (lambda w: w.check_credits("1 ects", at_least="1 cats"), "1 ects is certainly at least 1 cats"),
        (lambda w: w.volume_of_learning(1, "ects"), "1 full-time year is 60 ects"),
        (lambda w: w.volume_of_learning(2, "ects"), "2 full-time years are 120 ects"),
        (lambda w: w.convert_items(["5 cats"], to="ects", way="year"), "1 item is exactly 5/2 ects by year"),
        (lambda w: w.round_trip("nz-nzqcf", "eqf"), "levels 3, 4, 5 and 6 drift and level 8 is lost"),
        (lambda w: w.map_framework("nz-nzqcf", to="eqf"), "9 stand opposite some level and 1 has no counterpart"),
        (lambda w: w.map_level(["ie-nfq:7"], to="eqf"), "1 level against"),
        (lambda w: w.map_level(["ie-nfq:7"], to="eqf"), ": 1 stands opposite some level."),
    ],
)
def test_numbers_and_verbs_agree(world, ask, said):
    assert said in str(ask(world))


# ---- documentation


def public():
    for name in qg.__all__:
        thing = getattr(qg, name)
        if inspect.isclass(thing) or inspect.isfunction(thing):
            yield name, thing
            if inspect.isclass(thing) and thing.__module__.startswith("qualgraph."):
                for member, value in vars(thing).items():
                    if not member.startswith("_") and (
                        inspect.isfunction(value) or isinstance(value, (property, classmethod))
                    ):
                        yield f"{name}.{member}", value


DOCUMENTED = dict(public())
SECTIONS = {"Parameters", "Returns", "Raises", "Attributes", "Examples", "Notes", "See Also", "Yields", "References"}


@pytest.mark.parametrize("name", DOCUMENTED)
def test_documented_in_the_numpy_way(name):
    text = inspect.getdoc(DOCUMENTED[name])
    assert text, f"{name} is not documented"
    first = text.partition("\n")[0]
    assert len(first) < 120
    assert first.rstrip().endswith((".", ":"))
    for title, line in re.findall(r"^(\w[\w ]*)\n(-{3,})$", text, flags=re.M):
        assert title in SECTIONS
        assert len(line) == len(title)


@pytest.mark.parametrize("name", [name for name, thing in DOCUMENTED.items() if inspect.isfunction(thing)])
def test_parameters_are_all_explained(name):
    thing = DOCUMENTED[name]
    text = inspect.getdoc(thing)
    if "Parameters\n---" not in text:
        return
    section = text.partition("Parameters\n---")[2]
    explained = set()
    for line in re.findall(r"^(\w[\w, ]*?) : ", section, flags=re.M):
        explained |= {part.strip() for part in line.split(",")}
    wanted = set(inspect.signature(thing).parameters) - {"self", "cls"}
    # A question may hand the rest on to the one it resembles, which it names.
    if ("map_level" not in name and "map_level" in text) or "certainly_at_least" in text:
        return
    assert explained >= wanted


@pytest.mark.parametrize(
    "name", [n for n, thing in DOCUMENTED.items() if inspect.isclass(thing) and not issubclass(thing, Exception)]
)
def test_classes_name_their_attributes_or_show_an_example(name):
    text = inspect.getdoc(DOCUMENTED[name])
    assert any(f"{section}\n---" in text for section in ("Attributes", "Parameters", "Examples")) or "``" in text


def test_modules_beside_the_names():
    assert {explore.__name__, lint.__name__} == {"qualgraph.explore", "qualgraph.lint"}
    with pytest.raises(AttributeError, match="module 'qualgraph' has no attribute 'mapp_level'"):
        _ = qg.mapp_level


# ---- what an import costs


def test_import_brings_in_nothing_slow():
    code = "import sys; before = set(sys.modules); import qualgraph; print(*sorted(set(sys.modules) - before))"
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", f"import sys; sys.path[:0] = {sys.path!r}; {code}"],
        capture_output=True,
        text=True,
        check=True,
    )
    brought = set(done.stdout.split())
    assert "qualgraph._core" in brought
    slow = {
        "numpy",
        "pandas",
        "pyarrow",
        "altair",
        "openpyxl",
        "asyncio",
        "unittest",
        "inspect",
        "dataclasses",
        "json",
        "csv",
        "html",
        "email",
        "http",
        "urllib",
        "logging",
        "importlib.resources",
        "importlib.metadata",
        "pathlib",
        "tempfile",
        "subprocess",
        "socket",
        "ssl",
        "argparse",
        "unicodedata",
        "datetime",
    }
    assert brought & slow == set()
    assert {name for name in brought if name.startswith("qualgraph.")} <= {
        f"qualgraph.{part}"
        for part in ("_core", "answers", "cite", "credits", "errors", "evidence", "facts", "table", "world")
    }


def test_nothing_prints(world, capsys):
    world.map_level("nz-nzqcf:8", to="eqf")
    world.recognition_loss()
    world.convert("30 ects", to="cats").statement()
    assert capsys.readouterr() == ("", "")
