"""Bad input: each kind gets its own error or answer, in words, and nothing is half loaded."""

from __future__ import annotations

import json
import resource
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import qualgraph as qg

NOT_A_LEVEL = 'is not a level; write the framework\'s id, a colon and its own code, such as "nz-nzqcf:8"'
NOT_A_DAY = 'is not a day; write year-month-day such as "2019-03-14", or a year'
IRISH = "Irish National Framework of Qualifications (NFQ)"
TEN = "1, 2, 3, 4, 5, 6, 7, 8, 9, 10"
AMOUNTS = 'write credits as "30 ects", "5/2 ects" or "5-40 ects"'
HALF = "'\\ud800' is no {}: it holds characters that are not Unicode text"


def level(text):
    return lambda w: w.map_level(text, to="eqf")


def convert(amount, to="cats"):
    return lambda w: w.convert(amount, to=to)


REFUSED = [
    # Unknown names.
    (
        level("ie-nqf:8"),
        qg.UnknownId,
        f'no framework "ie-nqf". Did you mean "ie-nfq" ({IRISH}), "ge-nqf" (Georgian National Qualifications '
        'Framework) or "in-nsqf" (National Skills Qualification Framework)?',
    ),
    (
        lambda w: w.map_level("ie-nfq:8", to="efq"),
        qg.UnknownId,
        'no framework "efq". Did you mean "eqf" (European Qualifications Framework for lifelong learning) '
        f'or "ie-nfq" ({IRISH})?',
    ),
    (lambda w: w.map_level("ie-nfq:8", to="zz"), qg.UnknownId, 'no framework "zz".'),
    (level("ie-nfq:11"), qg.UnknownId, f'no level "11" in "ie-nfq" ({IRISH}); its levels are {TEN}'),
    (level("ie-nfq:8:9"), qg.UnknownId, f'no level "8:9" in "ie-nfq" ({IRISH}); its levels are {TEN}'),
    (
        level("bb-nqf:1"),
        qg.UnknownId,
        'no level "bb-nqf:1": no level list of "bb-nqf" (Barbados National Qualifications Framework (proposal)) '
        "was found in any source",
    ),
    (convert("30 etcs"), qg.UnknownId, 'no credit system "etcs". Did you mean "ects"?'),
    (convert("30 ects", "cat"), qg.UnknownId, 'no credit system "cat". Did you mean "cats", "clar" or "ke-kcats"?'),
    (
        lambda w: w.without_documents(["nz-nzqcf>eqf@2017"]),
        qg.UnknownId,
        'no document "nz-nzqcf>eqf@2017". Did you mean "nz-nzqcf>eqf@2016", "nl-nlqf>eqf@2012" or '
        '"nz-nzqcf>au-aqf@2015"?',
    ),
    # Malformed levels, and levels of other frameworks.
    *((level(text), qg.InvalidValue, f'"{text}" {NOT_A_LEVEL}') for text in ("", "8", "ie-nfq 8", ":8", "ie-nfq:")),
    (level("x" * 100_000), qg.InvalidValue, f'"{"x" * 80}..." {NOT_A_LEVEL}'),
    (level("ie-nfq:\ud800"), qg.InvalidValue, HALF.format("level").replace("\\ud800", "ie-nfq:\\ud800")),
    (
        level(6),
        qg.UnitMismatch,
        '6 is a number without a framework; a level is written "framework:code", such as "eqf:6"',
    ),
    (level(None), qg.UnitMismatch, 'None is no level; write "framework:code", such as "eqf:6"'),
    (
        lambda w: w.map_level("ie-nfq:8", to="eqf:6"),
        qg.UnknownId,
        '"eqf:6" is a level; a framework is asked here: "eqf"',
    ),
    (
        lambda w: w.framework("ie-nfq").level("eqf:6"),
        qg.UnknownId,
        f'"eqf:6" is a level of another framework, not of "ie-nfq" ({IRISH})',
    ),
    (
        lambda w: w.map_level("ie-nfq:8", to="eqf").provenance("9"),
        qg.UnknownId,
        'level "9" of eqf is not among the possible counterparts of ie-nfq:8: 6',
    ),
    (
        lambda w: w.profile({"skills": "eqf:6", "knowledge": "ie-nfq:6"}),
        qg.InvalidValue,
        "a profile holds levels of one framework; this one names eqf:6 and ie-nfq:6",
    ),
    # Negative and empty credits, and texts that are no amount.
    *(
        (
            ask,
            qg.InvalidValue,
            '"-3 ects" is negative; an amount of credits is the size of some learning and is at least 0',
        )
        for ask in (convert("-3 ects"), lambda w: qg.credits(-3, "ects"))
    ),
    (convert("0 ects"), qg.InvalidValue, '"0 ects": nothing is left to convert; ask for more than 0 credits'),
    (convert(""), qg.InvalidValue, 'an empty text is no amount of credits; write it as "30 ects"'),
    (convert("30"), qg.InvalidValue, '"30" names no credit system; write it as "30 ects"'),
    (convert("30ects"), qg.InvalidValue, '"30ects" states no amount; write it as "30 ects"'),
    *(
        (convert(f"{n} ects"), qg.InvalidValue, f'"{n} ects": "{n}" is not an exact amount; {AMOUNTS}')
        for n in ("ten", "1/0", "30,5", "1e400", "nan")
    ),
    (
        lambda w: w.convert("5 cats", to="ects").value(way="year", grain=0),
        qg.InvalidValue,
        'a rounding grain of 0 makes no sense; it is the smallest step of credits, such as 1 or "1/2"',
    ),
    (
        lambda w: w.volume_of_learning(-1, "ects"),
        qg.InvalidValue,
        "a volume of learning of -1 years has to be more than 0",
    ),
    # Floats where a decision may hang on the last digit, and numbers too large to be exact.
    *(
        (
            ask,
            qg.UnitMismatch,
            'the float 2.5 is not exact; write it as text, such as "5/2" or "2.5", or as Fraction(5, 2)',
        )
        for ask in (
            lambda w: qg.credits(2.5, "ects"),
            lambda w: qg.Range(2.5, 3),
            lambda w: qg.credits(1, "ects") * 2.5,
            lambda w: w.convert("30 ects", to="cats").value(way="year", grain=2.5),
            lambda w: w.volume_of_learning(2.5, "ects"),
            lambda w: qg.graded("diplomas of 2020", "a", "b", {"1": {"2": 2.5}}),
        )
    ),
    (
        lambda w: w.map_level("dk-nqf:5", to="de-dqr", slack=1.0),
        qg.UnitMismatch,
        "slack counts hub steps and is a whole number, not 1.0",
    ),
    (
        lambda w: w.map_level("dk-nqf:5", to="de-dqr", slack=-1),
        qg.InvalidValue,
        "slack counts hub steps and cannot be negative",
    ),
    (
        lambda w: qg.credits(2**70, "ects"),
        qg.NumericOverflow,
        f"{2**70} is too large: exact numbers have numerators and denominators below 2^63.",
    ),
    (
        lambda w: w.convert(qg.credits(2**62, "ects"), to="cats"),
        qg.NumericOverflow,
        "an exact number left the 64-bit range; use smaller numerators and denominators",
    ),
    # Days.
    *(
        (lambda w, d=day: w.view(as_of=d), qg.InvalidValue, f'"{day}" {NOT_A_DAY}')
        for day in ("2019-02-30", "soon", "0000-01-01")
    ),
    (lambda w: w.view(as_of=2019.5), qg.InvalidValue, '2019.5 is no day; write "2019-03-14" or a datetime.date'),
    (
        lambda w: w.view(as_of="1890-01-01").mapping("ie-nfq", "eqf"),
        qg.UnknownId,
        'no mapping from ie-nfq to eqf is in force on 1890-01-01; there are "ie-nfq>eqf@2009" (current)',
    ),
    # Routes that go in circles.
    (
        lambda w: w.map_level("ie-nfq:8", to="nz-nzqcf", via=["eqf", "eqf"]),
        qg.InvalidValue,
        'a route visits each framework once; via names "eqf" twice',
    ),
    (
        lambda w: w.map_level("ie-nfq:8", to="nz-nzqcf", via="ie-nfq"),
        qg.InvalidValue,
        'a route visits each framework once; via names "ie-nfq" twice',
    ),
    # Words that are none of those there are.
    (
        lambda w: w.convert("30 ects", to="cats").value(way="weeks"),
        qg.InvalidValue,
        '"weeks" is no way to convert credits; use hours, year or agreement',
    ),
    (
        lambda w: w.convert("30 ects", to="cats").value(way="year", rounding="sideways"),
        qg.InvalidValue,
        '"sideways" is no rounding; use none, down, up, half_up or half_even',
    ),
    (lambda w: w.route_census(9), qg.InvalidValue, "a census follows 1 to 8 documents, not 9"),
    (lambda w: w.route_census(2**40), qg.InvalidValue, f"a census follows 1 to 8 documents, not {2**40}"),
    (lambda w: w.route_census(2.5), qg.UnitMismatch, "max_documents is a whole number, not 2.5"),
    (lambda w: qg.load(base=5), qg.UnitMismatch, "base is a World, such as qg.load(), not 5"),
    (lambda w: w.compare([]), qg.InvalidValue, "compare needs at least one framework id"),
    (lambda w: w.find("?"), qg.InvalidValue, "find needs a letter or a digit to look for, found '?'"),
    (lambda w: w.find(5), qg.UnitMismatch, "find looks for a text, not for int 5"),
    # Half of a surrogate pair is no text, wherever it stands.
    (lambda w: w.frameworks["\ud800"], qg.InvalidValue, HALF.format("framework")),
    (lambda w: w.rpl_policies["\ud800"], qg.InvalidValue, HALF.format("rpl policy")),
    (convert("30 ects", "\ud800"), qg.InvalidValue, HALF.format("credit system")),
    (lambda w: w.without_documents("\ud800"), qg.InvalidValue, HALF.format("document")),
    (lambda w: w.view(evidence="\ud800"), qg.InvalidValue, HALF.format("kind of evidence")),
    (lambda w: w.view(as_of="\ud800"), qg.InvalidValue, HALF.format("day")),
    (lambda w: w.convert("30 ects", to="cats").value(way="\ud800"), qg.InvalidValue, HALF.format("way")),
    (lambda w: qg.load("\ud800"), qg.InvalidValue, HALF.format("path")),
]


@pytest.mark.parametrize(("ask", "error", "message"), REFUSED)
def test_refused_in_these_words(world, ask, error, message):
    with pytest.raises(qg.Error) as caught:
        ask(world)
    assert type(caught.value) is error
    assert str(caught.value) == message


def test_errors_are_the_kinds_python_programmers_catch():
    assert issubclass(qg.UnknownId, LookupError)
    assert issubclass(qg.UnitMismatch, TypeError)
    assert issubclass(qg.FactError, ValueError)
    assert issubclass(qg.InvalidValue, ValueError)
    assert all(issubclass(e, qg.Error) for e in (qg.UnknownId, qg.UnitMismatch, qg.FactError, qg.InvalidValue))


def test_a_day_before_any_edition_is_an_answer(world):
    answer = world.view(as_of="1890-01-01").map_level("ie-nfq:8", to="eqf")
    assert (answer.status, answer.possible, answer.complete) == ("no_route", [], False)
    assert "is not established as of 1890-01-01" in str(answer)
    (left_out,) = answer.left_out
    assert left_out.mappings == ["ie-nfq>eqf@2009"]
    assert "2009" in left_out.reason
    assert world.view(as_of="1890-01-01").recognition_loss().sources == []


@pytest.mark.parametrize("slack", [64, 2**31, 2**40, 2**70])
def test_slack_wider_than_any_ladder_says_the_same(world, slack):
    wide = world.map_level("dk-nqf:5", to="de-dqr", slack=slack)
    assert wide.possible == world.map_level("dk-nqf:5", to="de-dqr", slack=63).possible


# ---- facts that cannot be loaded

SOURCE = {"title": "A decree", "publisher": None, "year": 2020, "url": None, "evidence": "read"}


def framework(id="xx-a", **changes):
    fact = {
        "id": id,
        "name": f"Framework {id}",
        "jurisdiction": "XX",
        "kind": "national",
        "hub": False,
        "status": "operational",
        "since": 2020,
        "authority": "Ministry",
        "levels": [{"code": str(n), "rank": n, "label": None} for n in range(1, 4)],
        "levels_evidence": "read",
        "qualification_types": [],
        "qualification_types_evidence": "unknown",
        "credit_system": None,
        "sources": [SOURCE],
        "notes": "",
    }
    return fact | changes


def mapping(**changes):
    fact = {
        "id": "xx-a>xx-b@2020",
        "document_id": "d",
        "document": "A table",
        "from": "xx-a",
        "to": "xx-b",
        "kind": "referencing",
        "year": 2020,
        "status": "current",
        "strength": "adopted",
        "join": False,
        "pairs": [["1", "1"]],
        "pairs_evidence": "read",
        "pairs_complete": False,
        "partial": [],
        "multi": [],
        "unmatched": [],
        "unmatched_to": [],
        "unresolved": [],
        "fit": None,
        "usable_for_recognition": None,
        "derived_from": [],
        "sources": [SOURCE],
        "notes": "",
    }
    return fact | changes


def credit_system(**changes):
    fact = {
        "id": "xx-credit",
        "name": "Credits",
        "jurisdiction": "XX",
        "hours_per_credit": {"min": 25, "max": 30},
        "credits_per_year": 60,
        "contact_only": False,
        "basis": "all learning",
        "evidence": "read",
        "official_ratios": [],
        "sources": [SOURCE],
        "notes": "",
    }
    return fact | changes


GROUND = {"a.json": framework("xx-a"), "b.json": framework("xx-b")}
NOT_JSON = "text that is not JSON (byte {}: "

FAULTY = {
    # name: files, then (file, pointer, how found begins, expected) of every fault
    "framework twice": (
        {"a.json": framework(), "c.json": framework()},
        [("c.json", "", 'the framework "xx-a" a second time (first in a.json)', "each id once")],
    ),
    "mapping twice": (
        {**GROUND, "m.json": mapping(), "n.json": mapping()},
        [("n.json", "", 'the mapping "xx-a>xx-b@2020" a second time (first in m.json)', "each id once")],
    ),
    "key twice": (
        {"a.json": b'{"id": "a", "id": "b"}'},
        [("a.json", "", 'the key "id" twice in one object', "each key once")],
    ),
    "level twice": (
        {"a.json": framework(levels=[{"code": "1", "rank": 1, "label": None}] * 2)},
        [
            ("a.json", "/levels/1/code", '"1" a second time', "each code once"),
            ("a.json", "/levels/1/rank", "1, the rank of level 1", "each rank once"),
        ],
    ),
    "paired and without counterpart": (
        {**GROUND, "m.json": mapping(unmatched=[{"level": "1", "reason": "no such level"}])},
        [
            (
                "m.json",
                "/unmatched",
                "level 1 without counterpart, yet paired with 1",
                "a level either in pairs or in unmatched",
            )
        ],
    ),
    "unresolved and without counterpart": (
        {
            **GROUND,
            "m.json": mapping(
                unmatched=[{"level": "2", "reason": "none"}], unresolved=[{"side": "from", "level": "2", "note": None}]
            ),
        },
        [
            (
                "m.json",
                "/unresolved",
                "level 2 unresolved, yet without counterpart",
                "a level either in unresolved or in unmatched",
            )
        ],
    ),
    "end before beginning": (
        {**GROUND, "m.json": mapping(valid_from="2020-01-01", valid_until="2019-01-01")},
        [("m.json", "/valid_until", "2019-01-01, not after valid_from 2020-01-01", "a day after valid_from")],
    ),
    "level of another framework": (
        {**GROUND, "m.json": mapping(pairs=[["4", "1"]])},
        [("m.json", "/pairs/0/0", '"4"', "a level code of xx-a: 1, 2, 3")],
    ),
    "unknown framework": (
        {**GROUND, "m.json": mapping(to="xx-c")},
        [("m.json", "/to", '"xx-c"', "the id of a framework that is loaded")],
    ),
    "framework to itself": (
        {**GROUND, "m.json": mapping(to="xx-a")},
        [("m.json", "/to", '"xx-a", the framework it starts from', "another framework")],
    ),
    "derived from itself": (
        {**GROUND, "m.json": mapping(derived_from=["xx-a>xx-b@2020"])},
        [("m.json", "/derived_from", "a circle back to itself", "origins that do not derive from it")],
    ),
    "unknown words": (
        {**GROUND, "m.json": mapping(kind="wedding", status="old", year="2020")},
        [
            ("m.json", "/year", '"2020"', "a whole number, or null"),
            (
                "m.json",
                "/kind",
                '"wedding"',
                'one of "referencing" "alignment" "comparison" "self-certification" "bilateral"',
            ),
            ("m.json", "/status", '"old"', 'one of "current" "superseded" "draft" "not-endorsed"'),
        ],
    ),
    "float": (
        {"c.json": credit_system(hours_per_credit={"min": 25.5, "max": 30})},
        [("c.json", "/hours_per_credit/min", "25.5", 'an exact number: a whole number or a fraction such as "5/2"')],
    ),
    "credits below zero": (
        {"c.json": credit_system(hours_per_credit={"min": 30, "max": 25}, credits_per_year=-60)},
        [
            ("c.json", "/hours_per_credit", "30 to 25", "numbers above zero with min <= max"),
            ("c.json", "/credits_per_year", "-60", "a number above zero, or null where none is stated"),
        ],
    ),
    "no JSON": ({"a.json": b"hello"}, [("a.json", "", NOT_JSON.format(1), "JSON in UTF-8")]),
    "empty": ({"a.json": b""}, [("a.json", "", NOT_JSON.format(1), "JSON in UTF-8")]),
    "cut off": ({"a.json": b'{"id": "xx'}, [("a.json", "", NOT_JSON.format(11), "JSON in UTF-8")]),
    "more after the end": ({"a.json": b"{} {}"}, [("a.json", "", NOT_JSON.format(4), "JSON in UTF-8")]),
    "not a number": ({"a.json": b'{"id": NaN}'}, [("a.json", "", NOT_JSON.format(8), "JSON in UTF-8")]),
    "number beyond all bounds": ({"a.json": b'{"id": 1e999}'}, [("a.json", "", NOT_JSON.format(12), "JSON in UTF-8")]),
    "invalid UTF-8": ({"a.json": b'{"id":"\xff\xfe"}'}, [("a.json", "", NOT_JSON.format(8), "JSON in UTF-8")]),
    "UTF-16": ({"a.json": "{}".encode("utf-16")}, [("a.json", "", NOT_JSON.format(4), "JSON in UTF-8")]),
    "half a surrogate pair": ({"a.json": b'{"id":"\\ud800"}'}, [("a.json", "", NOT_JSON.format(14), "JSON in UTF-8")]),
    "100,000 lists deep": (
        {"a.json": b"[" * 100_000 + b"]" * 100_000},
        [("a.json", "/0" * 63, "values nested more than 64 deep", "a flatter file")],
    ),
    "100,000 objects deep": (
        {"a.json": b'{"a":' * 100_000 + b"1" + b"}" * 100_000},
        [("a.json", "/a" * 63, "values nested more than 64 deep", "a flatter file")],
    ),
    "more levels than any framework has": (
        {"a.json": framework(levels=[{"code": str(n), "rank": n, "label": None} for n in range(65)])},
        [("a.json", "/levels", "more than 64 levels", "at most 64")],
    ),
    "a list": ({"a.json": [framework()]}, [("a.json", "", "a list of 1", "an object")]),
    "a number": ({"a.json": 5}, [("a.json", "", "5", "an object")]),
}


def write(folder, files):
    for name, fact in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(fact if isinstance(fact, bytes) else json.dumps(fact).encode())


@pytest.mark.parametrize("name", FAULTY)
@pytest.mark.parametrize("on_top", [False, True])
def test_faulty_facts_are_told_and_nothing_is_loaded(world, tmp_path, name, on_top):
    files, wanted = FAULTY[name]
    write(tmp_path, files)
    before = world.hash, len(world.frameworks)
    with pytest.raises(qg.FactError) as caught:
        qg.load(tmp_path, base=world if on_top else None)
    faults = caught.value.faults
    assert [(f.file, f.pointer, f.expected) for f in faults] == [(f, p, e) for f, p, _, e in wanted]
    assert all(f.found.startswith(found) for f, (_, _, found, _) in zip(faults, wanted, strict=True)), faults
    number = f"{len(faults)} fault{'s' if len(faults) > 1 else ''} in the facts; nothing was loaded\n"
    assert str(caught.value).startswith(number)
    assert (world.hash, len(world.frameworks)) == before


def test_the_ground_of_these_files_is_sound(tmp_path):
    write(tmp_path, {**GROUND, "m.json": mapping(), "c.json": credit_system()})
    assert qg.load(tmp_path).map_level("xx-a:1", to="xx-b").possible == ["1"]


def test_all_faults_of_all_files_at_once(tmp_path):
    names = ["float", "no JSON", "invalid UTF-8", "100,000 lists deep", "unknown words"]
    files, wanted = {}, set()
    for number, name in enumerate(names):
        broken, faults = FAULTY[name]
        moved = {f: f"{number}-{f}" for f in {fault[0] for fault in faults}}
        files |= {moved[f]: broken[f] for f in moved}
        wanted |= {(moved[f], pointer) for f, pointer, _, _ in faults}
    write(tmp_path, files | GROUND)
    with pytest.raises(qg.FactError) as caught:
        qg.load(tmp_path)
    assert {(fault.file, fault.pointer) for fault in caught.value.faults} == wanted


def test_a_giant_text_is_refused_before_it_is_read(tmp_path):
    # A gigabyte without the disk for it: the file is a hole behind its first bytes.
    giant = tmp_path / "giant.json"
    with giant.open("wb") as file:
        file.write(b'{"id": "')
        file.truncate(2**30)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(qg.FactError) as caught:
        qg.load(tmp_path)
    (fault,) = caught.value.faults
    assert fault.file == "giant.json"
    assert fault.found == "1073741824 bytes, with which the limit is passed"
    assert fault.expected == "at most 16777216 bytes a file and 268435456 in all"
    # In kilobytes; far less than the file.
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200_000


def test_a_giant_file_alone_and_a_giant_table(world, tmp_path):
    giant = tmp_path / "giant.json"
    with giant.open("wb") as file:
        file.truncate(2**30)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(qg.FactError, match=r"giant\.json: .* expected at most 16777216 bytes"):
        qg.load(giant)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200_000
    with pytest.raises(qg.FactError):
        world.with_mapping("ke-knqf", "acqf", [("7", "7")], document="x" * 2**25, year=2025)


def test_a_circle_of_hubs_ends(tmp_path):
    hubs = {f"{one}.json": framework(f"xx-{one}", hub=True, kind="regional") for one in "abc"}
    ring = {
        f"{a}{b}.json": mapping(
            **{"id": f"xx-{a}>xx-{b}@2020", "document_id": a + b, "from": f"xx-{a}", "to": f"xx-{b}"}
        )
        for a, b in ("ab", "bc", "ca")
    }
    write(tmp_path, hubs | ring)
    answer = qg.load(tmp_path).map_level("xx-a:1", to="xx-c", routes="all")
    assert answer.possible == ["1"]
    assert sorted(route.path for route in answer.routes) == [["xx-a", "xx-b", "xx-c"], ["xx-a", "xx-c"]]
    assert all(len(set(route.path)) == len(route.path) for route in answer.routes)


def test_contradicting_documents_are_shown_and_never_averaged(tmp_path):
    first = mapping(pairs=[["1", "1"], ["2", "2"], ["3", "3"]], pairs_complete=True)
    second = first | {
        "id": "xx-a>xx-b@2021",
        "document_id": "e",
        "document": "Another table",
        "year": 2021,
        "pairs": [["1", "1"], ["2", "3"], ["3", "3"]],
    }
    write(tmp_path, {**GROUND, "m.json": first, "n.json": second})
    answer = qg.load(tmp_path).map_level("xx-a:2", to="xx-b")
    assert (answer.status, answer.guaranteed) == ("conflict", False)
    assert str(answer.conflict) == "xx-a>xx-b@2020 gives level 2 while xx-a>xx-b@2021 gives level 3"
    assert str(answer.conflict) in str(answer)
    assert str(answer.conflict) in answer.statement()


# ---- whatever comes


@settings(max_examples=50, deadline=None)
@given(st.text(st.characters(), max_size=30))
def test_no_text_crashes_a_question(text):
    world = qg.load()
    for ask in (
        lambda: world.map_level(text, to="eqf"),
        lambda: world.map_level("ie-nfq:8", to=text),
        lambda: world.map_level("ie-nfq:8", to="eqf", via=text),
        lambda: world.convert(text, to="cats"),
        lambda: world.convert("30 ects", to=text),
        lambda: world.framework(text),
        lambda: world.view(as_of=text),
        lambda: world.find(text),
        lambda: world.without_documents(text),
        lambda: qg.credits(text, "ects"),
    ):
        said = ""
        try:
            ask()
        except qg.Error as error:
            said = str(error)
        assert len(said) < 2000
        assert "incompatible function arguments" not in said


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=200))
def test_no_bytes_crash_the_loader(tmp_path_factory, data):
    path = tmp_path_factory.mktemp("facts") / "a.json"
    path.write_bytes(data)
    with pytest.raises(qg.FactError):
        qg.load(path)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
FIELDS = [
    (kind, field) for kind, fact in (("f", framework()), ("m", mapping()), ("c", credit_system())) for field in fact
]


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(FIELDS), JSON)
def test_a_field_of_any_shape_is_taken_or_told(tmp_path_factory, at, value):
    kind, field = at
    folder = tmp_path_factory.mktemp("facts")
    make = {"f": framework, "m": mapping, "c": credit_system}[kind]
    write(
        folder,
        {
            "b.json": framework("xx-b"),
            "a.json": framework(),
            **({} if kind == "f" else {"x.json": make(**{field: value})}),
        },
    )
    if kind == "f":
        write(folder, {"a.json": framework(**{field: value})})
    try:
        loaded, faults = len(qg.load(folder).frameworks), ()
    except qg.FactError as error:
        loaded, faults = 0, error.faults
    assert (loaded > 0) != (len(faults) > 0)
    assert all(fault.file and fault.found and fault.expected for fault in faults)


def test_fractions_stay_exact_to_the_last_digit(world):
    third = qg.credits("1/3", "ects")
    assert sum([third] * 3) == qg.credits(1, "ects")
    assert world.convert(third, to="cats").by_year == Fraction(2, 3)
