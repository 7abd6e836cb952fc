"""Rules as forms: every rule goes through and back, and faults name sheet and cell."""

from __future__ import annotations

import csv
import json
import random
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import qualgraph as qg
from qualgraph.stacking import form_layout, phrases
from qualgraph.stacking.flat import letters
from qualgraph.stacking.form_layout import COLUMNS, GROUPS, HEADS, KINDS, SELECT, SELECTOR, SHEETS
from qualgraph.stacking.form_write import form_of, sheets_of
from qualgraph.stacking.templates import write_template
from reference.stacking_random import instance

SCHEMA = json.loads((Path(qg.__file__).parent / "data" / "schemas" / "rule.schema.json").read_text(encoding="utf-8"))

#: A rule with every construct of the language.
WHOLE = {
    "language": 1,
    "id": "whole",
    "title": "Everything",
    "valid": {"from": "2020-01-01", "until": "2030-12-31"},
    "conversion": {"way": "year", "rounding": "down", "grain": "1/2"},
    "level": "nz-nzqcf:5",
    "credit": "nz-credit",
    "framework": None,
    "awarding": ["p1", "p2"],
    "admits": ["passed"],
    "total": {"min": 120, "note": "in all", "when": {"parameter": "year", "at_least": 2020}},
    "allocation": {
        "use": "shared",
        "quantum": "1/2",
        "note": "shared",
        "source": {"document": "s1", "clause": "2"},
        "overlap": {
            "o": {"between": ["a", "b"], "from": {"tag": "x"}, "max_share": "1/3", "base": "smaller", "rounding": "up"}
        },
    },
    "reuse": {
        "used_elsewhere": "limited",
        "spends": None,
        "limits": {"l": {"award": ["degree"], "max": 12, "from": {"origin": "taught"}}},
    },
    "places": {
        "a": {"from": {"any": [{"tag": "a"}, {"origin": "rpl", "assessed": True}]}, "min": {"parameter": "size"}},
        "b": {"from": {"all": [{"tag": "b"}, {"tag": "c"}]}, "choose": {"min": 1, "max": 2}, "measure": "units"},
        "b1": {"inside": "b", "from": "everything", "max": None},
        "b2": {"inside": "b", "for_each": "tag:subject", "use": "exclusive", "exact": 2, "measure": "units"},
        "c": {"from": {"unit": ["A1"]}, "all": True, "x-mine": {"deep": [1, 2]}},
    },
    "floors": {
        "f": {"from": {"level": {"at_least": "nz-nzqcf:5", "at_most": "nz-nzqcf:7"}}, "in": ["a", "b"], "min": "15/2"},
        "g": {"distinct": "tag:department", "min": 3, "of_last": 30, "over": "record"},
    },
    "caps": {
        "k": {
            "from": {"tag": ["p q", "or", "a;b"], "not": {"mode": "online"}},
            "max": {
                "table": [
                    {
                        "when": {"all": [{"award": ["x", "y"]}, {"parameter": "kind", "is": ["a", "100", True]}]},
                        "value": 4,
                    },
                    {"when": {"not": {"holds": {"tag": "x"}, "min": 14, "measure": "credits"}}, "value": "7/2"},
                ],
                "otherwise": None,
            },
        },
        "l": {"union": ["k", "m"], "max_share": "1/2", "base": "place:a", "effect": "invalid", "priority": 2},
        "m": {"from": {"x-own": 1, "tag": "z"}, "max": 3},
    },
    "eligibility": {
        "e": {
            "from": {"origin": ["transfer"]},
            "in": "a",
            "require": {"grade": {"at_least": "C", "scale": "letters", "ungraded": "pass"}, "credits": {"at_least": 5}},
        },
        "age": {"require": {"age": {"at_most": "7 years", "since": "started"}, "date": {"from": "2020-01-01"}}},
    },
    "windows": {"w": {"span": "6 years", "starts": "registration", "in": "a"}},
    "pace": {"p": {"per": "year", "max": 60}},
    "prerequisites": {
        "q": {
            "for": {"tag": "late"},
            "needs": {"any": [{"met": "total"}, {"award": "x"}]},
            "timing": "with",
            "via_rpl": False,
        }
    },
    "outcomes": {"u": {"set": ["o 1", "o2"], "min_share": "1/2", "per": "unit", "from": {"origin": "rpl"}}},
    "requirements": {
        "r": {"what": "a thesis", "kind": "thesis", "min": 75, "measure": "hours", "after": {"met": "places/a"}}
    },
    "averages": {"m": {"scale": "letters", "min": "5/2", "repeats": "all", "ungraded": "fail", "over": "record"}},
    "exclusions": {"x": {"sets": [{"unit": "A1"}, {"any": [{"unit": "B1"}, {"tag": "b"}]}], "max": 1}},
    "classification": {
        "methods": {"one": {"parts": [{"from": {"tag": "a"}, "best": 120, "weight": 2}, {"in": "b"}], "note": "both"}},
        "take": "highest",
        "bands": [{"class": "first", "at_least": 70}, {"class": "pass", "at_least": None}],
        "scale": "percent",
    },
    "derives": {"level": {"count_down": 40, "measure": "credits"}},
    "substitutions": {"s": {"replace": {"tag": "a"}, "by": "everything", "gives": "exemption", "decided_by": "dean"}},
    "waivers": {"w": {"clause": "caps/l/max_share", "to": "3/4", "decided_by": None}, "drop": {"clause": "pace/p"}},
    "variants": {
        "v": {
            "title": "V",
            "level": "nz-nzqcf:6",
            "allocation": {"use": "exclusive"},
            "total": {"exact": 90},
            "admits": ["failed"],
        }
    },
    "titles": {
        "t": {"title": "T", "rank": 1, "floors": {"f": {"from": {"tag": "t"}, "min": 5}}, "reuse": {"spends": True}}
    },
    "exits": {
        "e": {
            "award": "Certificate",
            "level": None,
            "total": {"min": {"table": [{"when": {"award": "x"}, "value": 40}]}},
        }
    },
    "readings": {
        "r": {
            "title": "Another",
            "changes": [
                {"path": "caps/l/max_share", "to": "2/3"},
                {"path": "floors/g", "drop": True},
                {"path": "floors/f", "to": {"from": {"tag": "n"}, "min": 5, "note": "new"}},
                {"path": "places/a/from", "to": {"origin": "micro"}},
            ],
        }
    },
    "scales": {
        "letters": {"order": ["F", "C", "A"], "points": {"F": 0, "C": 2, "A": 4}, "note": "ours"},
        "percent": {"order": ["0", "100"], "numeric": True},
    },
    "parameters": {
        "year": {"what": "year of entry", "type": "number", "default": None},
        "size": {"what": "a size", "type": "number", "default": 30, "choices": [30, 60]},
        "kind": {"what": "a kind", "type": "text", "default": "a"},
    },
    "units": [{"unit": "A1", "title": None, "credits": 5, "tags": ["a", "b"], "level": "nz-nzqcf:5"}],
    "units_partial": True,
    "sources": [{"id": "s1", "title": "Law", "evidence": "read", "year": 2020}],
    "informative": {"left": {"what": "the fee", "why": "no credit value"}},
    "x-own": ["kept", 1],
}


def written(tmp_path, text: str, name: str = "rule.csv"):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8-sig")
    return path


def faults(path) -> dict[str, tuple[str, str]]:
    with pytest.raises(qg.FactError) as caught:
        qg.Rule.read(path)
    return {fault.pointer: (fault.found, fault.expected) for fault in caught.value.faults}


# ---- through the form and back


@pytest.mark.parametrize("ending", [".csv", ".tsv", ".xlsx", ""])
def test_every_rule_goes_through_its_form_and_back(world, tmp_path, ending):
    assert len(world.rules) >= 108
    for rule in world.rules:
        path = tmp_path / f"{rule.id}{ending}" if ending else tmp_path / rule.id.replace(".", "-")
        rule.to_form(path)
        again = qg.Rule.read(path)
        assert again.to_dict() == rule.to_dict(), rule.id
        assert again.hash == rule.hash, rule.id


def test_no_rule_of_the_facts_needs_json_in_a_cell(world):
    for rule in world.rules:
        heads, rows = form_of(rule.to_dict())
        cells = [text for _, text in heads] + [text for row in rows for text in row.values()]
        assert not [text for text in cells if text.startswith(form_layout.JSON)], rule.id


@pytest.mark.parametrize("ending", [".csv", ".xlsx"])
def test_every_construct_goes_through_the_form_and_back(tmp_path, ending):
    rule = qg.Rule(WHOLE)
    rule.to_form(tmp_path / f"whole{ending}")
    assert qg.Rule.read(tmp_path / f"whole{ending}").to_dict() == rule.to_dict()


def test_random_rules_go_through_the_form_and_back(tmp_path):
    for seed in range(400):
        rule = qg.Rule(instance(seed)[0])
        rule.to_form(tmp_path / "rule.csv")
        assert qg.Rule.read(tmp_path / "rule.csv").to_dict() == rule.to_dict(), seed


def test_the_form_has_a_column_for_every_field_of_the_language():
    def fields(name: str) -> set[str]:
        found: set[str] = set()

        def look(part) -> None:
            if isinstance(part, dict):
                found.update(part.get("properties", {}))
                for key in ("allOf", "anyOf", "oneOf"):
                    for one in part.get(key, ()):
                        look(one)

        look(SCHEMA["$defs"][name])
        return found

    groups = {*GROUPS.values(), "overlap", "limits", "methods"}
    words = {"gate": "eligibility", "limit": "reuse_limit", "outcome": "outcomes", "title": "title_clause"}
    for kind in KINDS:
        name = {**words, "source": "rule_source"}.get(kind, kind)
        if name not in SCHEMA["$defs"] or kind == "derives":
            assert kind in ("method", "derives", "change", "case", "informative")
            continue
        held = {key.split("/")[0] for key, _ in KINDS[kind].values()}
        own_rows = {"total", "allocation", "reuse", "classification", "derives", "changes"}
        elsewhere = {group.split("/")[0] for group in groups} | own_rows | {"id"}
        assert fields(name) - held <= elsewhere, kind
    parts = {"all": (), "any": (), "not": (), **phrases.PARTS}
    assert set(SCHEMA["$defs"]["selector"]["oneOf"][1]["properties"]) == {*phrases.WORDS, *phrases.TRUTHS, *parts}
    heads = {path.split("/")[0] for path, _ in HEADS.values()}
    rows = {group.split("/")[0] for group in GROUPS.values()} | {f"{kind}s" for kind in ("unit", "source", "scale")}
    rest = {"language", "total", "classification", "derives", "informative", "parameters"}
    assert fields("rule") <= heads | rows | rest | {"variants", "titles", "exits", "readings"}


def test_columns_and_sheets_of_the_form_are_whole():
    assert len(set(COLUMNS)) == len(COLUMNS)
    assert {column for kind in KINDS.values() for column in kind} | set(SELECT) <= set(COLUMNS)
    assert sorted(kind for kinds in SHEETS.values() for kind in kinds) == sorted(KINDS)
    assert set(SELECTOR.values()) == {"from", "require", "for"}


def test_a_plain_rule_stands_on_one_sheet(world):
    plain = {
        "total": {"min": 60},
        "places": {"core": {"from": {"tag": "core"}, "min": 30}, "rest": {"from": "everything"}},
        "caps": {"rpl": {"from": {"origin": "rpl"}, "max_share": "1/2"}},
    }
    rule = qg.Rule({"language": 1, "id": "p", "title": "P", "sources": [], **plain})
    found = sheets_of(form_of(rule.to_dict())[1])
    assert list(found) == ["rule"]
    assert found["rule"][0] == ("kind", "id", "from", "tag", "origin", "min", "max_share")
    assert list(sheets_of(form_of(world.rule("za-bas-nqf2").to_dict())[1])) == [
        "rule", "places", "floors", "readings", "sources",
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["rule.xlsx", "rule.csv", "folder"])
def test_an_empty_form_takes_every_kind_of_row(tmp_path, name):
    write_template("rule", tmp_path / name)
    assert list(qg.Rule.read(tmp_path / name).to_dict()["places"]) == ["core", "rest"]
    if name == "rule.xlsx":
        import openpyxl

        book = openpyxl.load_workbook(tmp_path / name)
        assert book.sheetnames == ["help", *SHEETS]
        assert any("within" in str(cell.value) for cell in book["help"]["A"])
        sheet = book["places"]
        heading = next(row for row in sheet.iter_rows(values_only=True) if row[0] == "kind")
        assert {"within", "tag", "inside", "choose", "when"} <= set(heading)


# ---- phrases


@pytest.mark.parametrize(
    ("phrase", "selector"),
    [
        ("everything", "everything"),
        ("tag is core;", {"tag": ["core"]}),
        ("Tag IS work experience", {"tag": "work experience"}),
        ("quality assured is yes and used_for is degree", {"quality_assured": True, "used_for": "degree"}),
        ("not tag is a", {"not": {"tag": "a"}}),
        ("tag is a or tag is b and mode is m", {"any": [{"tag": "a"}, {"tag": "b", "mode": "m"}]}),
        ("(tag is a or tag is b) and mode is m", {"any": [{"tag": "a"}, {"tag": "b"}], "mode": "m"}),
        ('tag is "a;b"; "say ""or"""', {"tag": ["a;b", 'say "or"']}),
        ("credits at least 7.5, at most =big", {"credits": {"at_least": "15/2", "at_most": {"parameter": "big"}}}),
        ("age at most ?, since earned", {"age": {"at_most": None, "since": "earned"}}),
    ],
)
def test_phrases_select(phrase, selector):
    assert phrases.selector_of(phrase) == selector
    assert phrases.selector_of(phrases.selector_text(selector)) == selector


@pytest.mark.parametrize(
    ("phrase", "expected"),
    [
        ("tga is core", "a test such as"),
        ("tag core", '"is" after "tag"'),
        ("tag is", "a value"),
        ("(tag is a", 'a closing ")"'),
        ("tag is a, b", '"and", "or" or the end'),
        ("level above eqf:5", 'after "level" one of "at least"'),
        ('tag is "a', "closing double quotes"),
        ("assessed is perhaps", "true or false"),
        ("credits at least many", "a number"),
        ("", "a test such as"),
    ],
)
def test_phrases_that_cannot_be_read_say_what_was_expected(phrase, expected):
    with pytest.raises(phrases.PhraseError) as caught:
        phrases.selector_of(phrase)
    assert expected in caught.value.expected


@pytest.mark.parametrize(
    "phrase", ["", "parameter", "parameter x", "award x", "holds", "holds 5", "met", "(met a", "never"]
)
def test_conditions_that_cannot_be_read_are_faults(phrase):
    with pytest.raises(phrases.PhraseError):
        phrases.condition_of(phrase)


WORD = st.text(st.sampled_from('ab ;,()|"?=-1/é'), min_size=1, max_size=6)
TEST = st.one_of(
    st.builds(
        lambda key, one: {key: one}, st.sampled_from(phrases.WORDS), WORD | st.lists(WORD, min_size=1, max_size=3)
    ),
    st.builds(lambda key, one: {key: one}, st.sampled_from(phrases.TRUTHS), st.booleans()),
    st.builds(lambda low: {"level": {"at_least": low}}, WORD),
    st.builds(lambda low: {"credits": {"at_least": low}}, st.integers(0, 99) | st.none()),
)
SELECTOR_TREE = st.recursive(
    TEST,
    lambda inner: st.one_of(
        st.builds(lambda parts: {"any": parts}, st.lists(inner, min_size=2, max_size=3)),
        st.builds(lambda parts: {"all": parts}, st.lists(inner, min_size=2, max_size=3)),
        st.builds(lambda part: {"not": part}, inner),
        st.builds(lambda a, b: {**a, **b}, inner, inner),
    ),
    max_leaves=6,
)


@settings(max_examples=400, deadline=None)
@given(SELECTOR_TREE)
def test_a_phrase_that_is_written_reads_as_its_selector(selector):
    from qualgraph.stacking.form_read import cell_value
    from qualgraph.stacking.form_write import cell_text

    assert cell_value(cell_text(selector, "selector"), "selector") == selector


# ---- faults


def test_faults_of_a_rule_form_name_their_cells(tmp_path):
    text = """\
@id,my-rule
@title,My rule
@levl,nz-nzqcf:5
kind,id,tag,min,max_share,in,colour,from,when,within
total,,,many,,,,,,
plase,core,core,10,,,,,,
place,core,core,10,1/2,,,,,
cap,rpl,,,1/2,cores,,,,
place,,x,,,,,,,
floor,f,,5,,,,tga is core,,
floor,g,,5,,,,,perhaps,
floor,h,core,5,,,,tag is lab,,
floor,h,core,5,,,,,,variant lnog
variant,long,,,,,,,,
"""
    found = faults(written(tmp_path, text))
    assert 'Did you mean "level"' in found["A3 (@levl)"][1]
    assert found["D5 (min)"][0] == '"many"'
    assert 'Did you mean "place"' in found["A6 (kind)"][1]
    assert found["E7 (max_share)"] == ('"1/2"', "an empty cell: a place does not take max_share")
    assert found["B9 (id)"] == ("an empty cell", "an id for this place")
    assert found["G4 (heading)"][0] == '"colour"'
    assert 'instead of tga. Did you mean "tag"' in found["H10 (from)"][1]
    assert found["I11 (when)"][1].startswith("a condition")
    assert found["C12 (tag)"][1].startswith('an empty cell: the phrase in "from" says it already')
    assert 'Did you mean "variant long"' in found["J13 (within)"][1]


def test_faults_of_the_rule_language_name_their_cells(tmp_path):
    text = "@id,my-rule\n@title,My rule\nkind,id,origin,max_share,in\ncap,rpl,rpll,1/2,cores\n"
    found = faults(written(tmp_path, text))
    assert any(place.startswith("C4 (origin") for place in found), found
    assert any(place.startswith("E4 (in") for place in found), found
    assert list(faults(written(tmp_path, "@id,a\nkind,min\ntotal,5\n"))) == ["@title"]


def test_faults_name_sheet_and_cell(tmp_path):
    import openpyxl

    book = openpyxl.Workbook()
    book.active.title = "rule"
    for line in (["@id", "r"], ["@title", "R"], ["kind", "min"], ["total", 60]):
        book.active.append(line)
    places = book.create_sheet("Places")
    for line in (["id", "tag", "min"], ["core", "core", "x"], ["lab", "lab", 5]):
        places.append(line)
    book.create_sheet("help").append(["not read"])
    book.save(tmp_path / "rule.xlsx")
    assert list(faults(tmp_path / "rule.xlsx")) == ["Places!C2 (min)"]
    places["C2"] = 30
    book.save(tmp_path / "rule.xlsx")
    # The sheet says of what kind its rows are.
    assert qg.Rule.read(tmp_path / "rule.xlsx").to_dict()["places"]["core"] == {"from": {"tag": "core"}, "min": 30}
    places.title = "plases"
    book.save(tmp_path / "rule.xlsx")
    found = faults(tmp_path / "rule.xlsx")
    assert 'Did you mean "places"' in found["sheet plases"][1]


def test_what_is_said_twice_is_a_fault(tmp_path):
    found = faults(written(tmp_path, "@id,a\n@id,b\n@title,T\nkind,id,min,min\nfloor,f,1,2\nfloor,f,3,\n"))
    assert found["A2"][1] == "one @id; another one stands before"
    assert found["D4"][1] == 'one column "min"; another one stands before'
    assert found["B6 (id)"][1] == "an id that no other floor has (there is one in B5)"


def test_faults_of_cases_and_readings_name_their_cells(tmp_path):
    head = "@id,r\n@title,R\nkind,within,id,max,path,to,when,value\n"
    found = faults(written(tmp_path, head + "cap,,k,by case,,,,\ncase,,,,caps/j/max,,award is x,4\n"))
    assert "caps/k/max" in found["D4 (max)"][1]
    assert 'Did you mean "caps/k/max"' in found["E5 (path)"][1]
    found = faults(
        written(tmp_path, head + "cap,,k,by case,,,,\ncase,,,,caps/k/max,,if,4\ncase,,,,caps/k/max,,otherwise,\n")
    )
    assert {"G5 (when)", "H6 (value)"} <= set(found)
    found = faults(
        written(
            tmp_path, head + "cap,,k,4,,,,\nreading,,n,,,,,\nchange,reading n,,,caps/k/max,x,,\nchange,,,,caps/k,5,,\n"
        )
    )
    assert found["F6 (to)"][0] == '"x"'
    assert found["B7 (within)"][1].startswith("the reading")
    found = faults(written(tmp_path, head + "cap,,k,4,,,,\nreading,,n,,,,,\nchange,reading n,,,caps/j/max,5,,\n"))
    assert [place for place in found if place.startswith("E6 (path")], found


#: Columns whose cells may hold any words: what stands there is no fault by itself.
FREE = (
    "title", "note", "tag", "unit", "not_tag", "not_unit", "mode", "not_mode", "provider", "document", "clause", "url",
    "publisher", "what", "why", "award", "default", "choices", "set", "decided_by", "period", "used_for", "field",
    "id", "kind", "@title", "@notes", "@jurisdiction", "@framework", "@credit", "@version", "@reuse_note", "@awarding",
    "@allocation_note", "@valid_from", "@valid_until", "class",
)  # fmt: skip


def test_a_cell_that_says_nothing_is_named(world, tmp_path):
    """One cell of a good form is spoilt at a time: the fault names a cell, and nearly always this one."""
    choose = random.Random(7)
    spoilt = named = 0
    for rule in world.rules:
        rule.to_form(tmp_path / "rule.csv")
        text = (tmp_path / "rule.csv").read_text(encoding="utf-8-sig")
        grid = list(csv.reader(text.splitlines(keepends=True)))
        spots, heading = [], None
        for line, row in enumerate(grid):
            if not row or row[0].startswith("["):
                heading = None
            elif row[0].startswith("@"):
                spots.append((line, 1, row[0]))
            elif heading is None and not row[0].startswith("#"):
                heading = row
            elif heading is not None:
                spots += [(line, at, heading[at]) for at in range(len(row)) if row[at]]
        spots = [spot for spot in spots if spot[2] not in FREE and not spot[2].startswith("@x-")]
        for line, at, _ in choose.sample(spots, min(len(spots), 8)):
            other = [list(row) for row in grid]
            other[line][at] = "zzz (qqq"
            with open(tmp_path / "spoilt.csv", "w", encoding="utf-8-sig", newline="") as file:
                csv.writer(file).writerows(other)
            found = faults(tmp_path / "spoilt.csv")
            assert all(re.match(r"[A-Z]+\d+ \(", place) for place in found), (rule.id, found)
            spoilt += 1
            named += any(place.startswith(f"{letters(at + 1)}{line + 1} (") for place in found)
    assert spoilt > 700
    # The order of a scale and the path of a change may be told where they are used.
    assert named >= spoilt * 98 // 100


def test_a_damaged_workbook_is_named(tmp_path):
    path = written(tmp_path, "no workbook", "rule.xlsx")
    with pytest.raises(qg.InvalidValue, match="no workbook that can be read"):
        qg.Rule.read(path)
    (tmp_path / "none").mkdir()
    with pytest.raises(qg.InvalidValue, match="holds no table"):
        qg.Rule.read(tmp_path / "none")


def test_a_folder_is_not_written_over(world, tmp_path):
    world.rule("example-diploma").to_form(tmp_path / "form")
    with pytest.raises(qg.InvalidValue, match="holds tables already"):
        world.rule("za-bas-nqf2").to_form(tmp_path / "form")


def test_the_command_writes_and_reads_forms(tmp_path, capsys):
    from qualgraph import cli

    assert cli.main(["rule", "kr-acbs", "--form", str(tmp_path / "form")]) == 0
    capsys.readouterr()
    assert cli.main(["rule", "kr-acbs", str(tmp_path / "form")]) == 0
    assert "nothing differs" in capsys.readouterr().out
    assert cli.main(["rule", "kr-acbs", "za-57712", "--form", str(tmp_path / "other.csv")]) == 2
    assert not (tmp_path / "other.csv").exists()


def test_only_a_rule_is_a_folder_of_tables(tmp_path):
    with pytest.raises(qg.InvalidValue, match="no table"):
        write_template("record", tmp_path / "record")
    assert not (tmp_path / "record").exists()


# ---- two versions in words


def _leaves(value, path=()):
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in pairs:
        yield from _leaves(inner, (*path, key))
    if not isinstance(value, (dict, list)):
        yield path, value


def test_every_change_of_a_rule_is_told():
    before = qg.Rule(WHOLE)
    told = 0
    for path, value in _leaves(WHOLE):
        if path[0] in ("language", "id"):
            continue
        after = json.loads(json.dumps(WHOLE))
        at = after
        for step in path[:-1]:
            at = at[step]
        other = "zz" if value is None else value + 1 if type(value) is int else f"{value}x"
        at[path[-1]] = not value if isinstance(value, bool) else {"1/2": "1/3", "3/4": "2/3"}.get(value, other)
        try:
            change = before.compare(qg.Rule(after))
        except qg.FactError:
            continue
        assert change.sections(), path
        told += 1
    assert told > 100


def test_what_readings_sources_and_scales_say_is_compared(world):
    rule = world.rule("za-bas-nqf2")
    whole = rule.to_dict()
    whole["readings"]["share-of-120"]["changes"][0]["to"]["min_share"] = "2/3"
    change = rule.compare(qg.Rule(whole))
    assert change
    assert "Beside the clauses" in str(change)
    assert "min_share" in change.table["readings/share-of-120"]["after"]
    whole = rule.to_dict()
    whole["sources"][0]["year"] = 1999
    change = rule.compare(qg.Rule(whole))
    assert not change
    assert str(change).startswith("za-bas-nqf2: nothing differs in what is asked; 1 difference beside the clauses.")
    assert change.to_dict()["elsewhere"][0]["path"] == "sources/s1"


def test_two_published_versions_are_compared_in_words(world):
    change = world.rule("au-chc33015").compare(world.rule("au-chc33021"))
    assert change
    assert any(one.path.startswith("titles/") for one in change.added)
    assert change.sections()[0][0] == "Title"
    assert ("readings/no-import", "none") in {(path, before) for path, before, _ in change.elsewhere}
