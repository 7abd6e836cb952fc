"""The command line: what it prints, what it returns, what it does with bad input."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

import qualgraph as qg
from qualgraph.cli import main
from qualgraph.cli._commands import COMMANDS


@pytest.fixture
def run(capsys):
    """Run the command line in this process: exit status, standard output, standard error."""

    def call(*words: str) -> tuple[int, str, str]:
        status = main(list(words))
        out, err = capsys.readouterr()
        return status, out, err

    return call


def process(*words: str, **options) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-m", "qualgraph", *words],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
        **options,
    )


# Levels


def test_new_zealand_level_8_has_no_european_level(run):
    status, out, err = run("map", "nz-nzqcf:8", "eqf")
    assert (status, err) == (0, "")
    first = out.splitlines()[0]
    assert first.startswith(
        "Level 8 of the New Zealand Qualifications and Credentials Framework (nz-nzqcf) has no counterpart"
    )
    said = " ".join(out.split())
    assert "left without a level by agreement of both sides" in said
    assert "between levels 6 and 7; this is a bound, not a counterpart" in said
    assert "nz-nzqcf>eqf@2016" in out
    assert "[read]" in out
    assert "not recognition" in said
    assert qg.load().hash[:12] in out


def test_the_answer_comes_before_routes_documents_and_remarks(run):
    _, out, _ = run("map", "ie-nfq:8", "nz-nzqcf")
    order = [
        out.index(title) for title in ("stands opposite", "\nRoutes\n", "\nDocuments\n", "Facts version")
    ]
    assert order == sorted(order)


def test_ireland_on_new_zealand_as_one_table(run):
    status, out, _ = run("map", "ie-nfq", "nz-nzqcf", "--via", "eqf", "--json")
    assert status == 0
    shown = json.loads(out)
    via = {answer["from"]: answer["possible"] for answer in shown["levels"]}
    assert via == {
        "ie-nfq:1": [],
        "ie-nfq:2": [],
        "ie-nfq:3": ["1"],
        "ie-nfq:4": ["2"],
        "ie-nfq:5": ["3", "4"],
        "ie-nfq:6": ["5", "6"],
        "ie-nfq:7": ["7"],
        "ie-nfq:8": ["7"],
        "ie-nfq:9": ["9"],
        "ie-nfq:10": ["10"],
    }
    status, text, _ = run("map", "ie-nfq", "nz-nzqcf", "--via", "eqf")
    assert status == 0
    assert any(line.split()[:4] == ["ie-nfq:5", "mapped", "3,", "4"] for line in text.splitlines())


def test_options_of_a_route_reach_the_question(run):
    world = qg.load()
    direct = json.loads(run("map", "gb-sct-scqf:9", "ie-nfq", "--direct", "--json")[1])
    assert direct["possible"] == world.map_level("gb-sct-scqf:9", to="ie-nfq", via=[]).possible
    assert all(len(route["documents"]) == 1 for route in direct["routes"])
    slack = json.loads(run("map", "dk-nqf:5", "de-dqr", "--via", "eqf", "--slack", "1", "--json")[1])
    assert slack["possible"] == ["4", "5", "6"]
    split = json.loads(run("map", "za-nqf-8:8", "za-nqf", "--type", "Master's Degree", "--json")[1])
    assert split["possible"] == ["9"]
    every = json.loads(run("map", "nz-nzqcf:5", "eqf", "--routes", "all", "--json")[1])
    used = json.loads(run("map", "nz-nzqcf:5", "eqf", "--json")[1])
    assert len(every["routes"]) > len(used["routes"])
    assert run("map", "nz-nzqcf:5", "eqf", "--direct", "--via", "eqf")[0] == 2


def test_as_of_and_evidence_reach_the_facts(run):
    known = json.loads(run("map", "al-aqf:5", "eqf", "--json")[1])
    read = json.loads(run("map", "al-aqf:5", "eqf", "--evidence", "read", "--json")[1])
    assert (known["status"], read["status"]) == ("mapped", "no_route")
    assert read["evidence"] == "read"
    dated = json.loads(run("map", "nz-nzqcf:7", "ie-nfq", "--direct", "--as-of", "2015-06-01", "--json")[1])
    assert dated["as_of"] == "2015-06-01"
    assert {m for route in dated["routes"] if route["status"] == "alive" for m in route["mappings"]} == {
        "nz-nzqcf>ie-nfq@2010"
    }


def test_a_minimum_and_a_cap(run):
    status, out, _ = run("at-least", "eqf:6", "ie-nfq")
    assert status == 0
    assert out.startswith("ie-nfq:7: the lowest level that certainly reaches eqf:6")
    assert json.loads(run("at-most", "eqf:6", "ie-nfq", "--json")[1])["at_most"] == ["ie-nfq:8"]
    status, out, _ = run("at-least", "eqf:6", "ke-knqf")
    assert status == 0
    assert out.startswith("Not established: by the documents no level of ke-knqf certainly reaches eqf:6.")


def test_compare_prints_the_ladder_and_writes_a_page(run, tmp_path):
    page = tmp_path / "out.html"
    status, out, _ = run("compare", "nz-nzqcf", "ie-nfq", "--reference", "eqf", "--html", str(page))
    assert status == 0
    assert [line.split() for line in out.splitlines() if line.startswith("6 ")] == [["6", "7", "8,", "7"]]
    assert page.read_text(encoding="utf-8").startswith("<!doctype html>")
    status, out, _ = run("compare", "ke-knqf", "za-nqf", "ie-nfq", "--reference", "acqf")
    assert status == 0
    assert "not established for any of them" in out
    assert "ke-knqf:7: Bachelor's Degree (480 or more ke-kcats)" in out


def test_losses(run):
    trip = json.loads(run("loss", "nz-nzqcf", "eqf", "--json")[1])
    assert [level["level"] for level in trip["levels"] if level["fate"] == "lost"] == ["8"]
    status, out, _ = run("loss")
    assert status == 0
    assert "ordered pairs" in out
    assert run("loss", "nz-nzqcf")[0] == 2


def test_conflicts_and_reliance(run):
    world = qg.load()
    shown = json.loads(run("conflicts", "--json")[1])
    assert len(shown["disagreements"]) == len(world.conflicts().disagreements)
    status, out, _ = run("reliance")
    assert status == 0
    assert "documents are in use" in " ".join(out.split())


# Credits


def test_thirty_ects_by_hours_and_by_year(run):
    status, out, _ = run("convert", "30 ects", "cats", "--json")
    shown = json.loads(out)
    assert status == 0
    assert shown["by_hours"] == {"min": 75, "max": 90}
    assert shown["by_year"] == 60
    assert json.loads(run("convert", "30", "ects", "to", "cats", "--json")[1]) == shown
    text = run("convert", "30 ects", "cats")[1]
    assert "75" in text
    assert "90" in text
    assert "60" in text


def test_one_number_when_the_way_is_named(run):
    status, out, _ = run("convert", "30 ects", "cats", "--way", "year", "--json")
    assert status == 0
    assert json.loads(out)["value"]["number"] == 60
    rounded = json.loads(
        run("convert", "15 cats", "ects", "--way", "year", "--rounding", "half-up", "--json")[1]
    )["value"]
    assert rounded == {"way": "year", "rounding": "half-up", "grain": "1", "number": 8}
    status, _, err = run("convert", "15 cats", "ects", "--rounding", "up")
    assert status == 2
    assert "--rounding needs --way" in err


def test_a_verdict_that_is_not_certain_is_exit_status_1(run):
    # 30 ECTS are 75 to 90 UK credits by hours and 60 by year.
    assert run("certainly-at-least", "30 ects", "60 cats")[0] == 0
    assert run("certainly-at-least", "30 ects", "70 cats")[0] == 1
    assert run("certainly-at-least", "30 ects", "100 cats")[0] == 1
    assert run("certainly-at-least", "30 ects", "70 cats", "--way", "hours")[0] == 0
    assert run("certainly-at-most", "30 ects", "90 cats")[0] == 0
    assert json.loads(run("certainly-at-least", "30 ects", "70 cats", "--json")[1])["verdict"] is None
    assert json.loads(run("certainly-at-least", "30 ects", "100 cats", "--json")[1])["verdict"] is False


# Facts


def test_find_and_coverage(run):
    status, out, _ = run("find", "MQF")
    assert status == 0
    assert "Write the full id." in out
    assert "me-mqf (Montenegro)" in out
    status, out, _ = run("find", "Honours", "Bachelor")
    assert "Honours Bachelor Degree" in out
    status, out, _ = run("coverage", "ke-knqf")
    assert "no mapping published" in out
    assert "162 frameworks and 123 mappings" in run("coverage")[1]
    assert run("find", "Bachleor")[:1] == (0,)


def test_frameworks_can_be_filtered(run):
    hubs = json.loads(run("frameworks", "--hubs", "--json")[1])["frameworks"]
    assert {row["id"] for row in hubs} == {one.id for one in qg.load().frameworks if one.hub}
    kenya = json.loads(run("frameworks", "--jurisdiction", "ke", "--json")[1])["frameworks"]
    assert [row["id"] for row in kenya] == ["ke-knqf"]
    assert "Jurisdictions: AE" in run("frameworks", "--jurisdiction", "QQ")[2]


@pytest.mark.parametrize(
    ("identifier", "expected"),
    [
        ("ie-nfq", "Irish National Framework of Qualifications"),
        ("ie-nfq:8", "ie-nfq:8 > eqf:6 in ie-nfq>eqf@2009"),
        ("nz-nzqcf:8", "no counterpart in nz-nzqcf>eqf@2016"),
        ("nz-nzqcf>eqf@2016", "nz-nzqcf:8: left without a level by agreement of both sides"),
        ("qualifications-can-cross-boundaries", "gb-sct-scqf>ie-nfq@2023"),
        ("ects", "One credit: 25 to 30 hours of learning"),
        ("ke-rpl", "credit rpl: yes"),
        ("ke-microcredential", "assessment required: not stated"),
        ("ke-cat-national", "max share 49/100"),
        ("et-enqf", "No level list was found."),
    ],
)
def test_show_prints_any_fact(run, identifier, expected):
    if identifier == "ie-nfq":
        expected = qg.load().framework("ie-nfq").name
    status, out, _ = run("show", identifier)
    assert status == 0
    assert expected in " ".join(out.split())
    assert json.loads(run("show", identifier, "--json")[1])


def test_references_for_an_answer(run):
    world = qg.load()
    answer = world.map_level("nz-nzqcf:7", to="eqf")
    assert run("cite", "nz-nzqcf:7", "eqf")[1].strip() == answer.cite().bibtex.strip()
    assert json.loads(run("cite", "nz-nzqcf:7", "eqf", "--format", "csl")[1]) == answer.cite().csl
    assert run("cite", "nz-nzqcf:7", "eqf", "--format", "statement")[1].strip() == answer.statement()
    assert json.loads(run("cite", "nz-nzqcf:7", "eqf", "--json")[1])["statement"] == answer.statement()


def test_lint_exit_status_tells_of_errors(run, tmp_path):
    assert run("lint")[0] == 0
    (tmp_path / "broken.json").write_text("[", encoding="utf-8")
    status, out, _ = run("lint", str(tmp_path))
    assert status == 1
    assert out.startswith("1 finding: 1 error, no doubts and no notes.")
    assert "error: fault: broken.json" in out
    status, out, _ = run("lint", "--kind", "dates", "--severity", "doubt")
    assert status == 0
    assert "hr-croqf-2013>eqf@2012#/valid_until" in out
    assert "note:" not in out


def test_export_writes_files_and_names_them(run, tmp_path):
    status, out, _ = run("export", "--graphml", str(tmp_path / "w.graphml"), "--csv", str(tmp_path / "csv"))
    assert status == 0
    assert len(out.splitlines()) == 8
    assert (tmp_path / "csv" / "rows.csv").exists()
    assert run("export")[0] == 2


def test_excel_and_html_beside_the_answer(run, tmp_path):
    import openpyxl

    book, page = tmp_path / "a.xlsx", tmp_path / "a.html"
    status, _, _ = run("map", "nz-nzqcf", "eqf", "--excel", str(book), "--html", str(page))
    assert status == 0
    cells = [[cell.value for cell in row] for row in openpyxl.load_workbook(book).active.iter_rows()]
    assert any(row[0] == "nz-nzqcf:8" for row in cells)
    assert "has no counterpart" in page.read_text(encoding="utf-8") or "no counterpart" in page.read_text(
        encoding="utf-8"
    )
    status, _, _ = run("map", "nz-nzqcf:8", "eqf", "--excel", str(book))
    assert status == 0
    assert any(
        "nz-nzqcf:8" in map(str, row)
        for row in ([c.value for c in r] for r in openpyxl.load_workbook(book).active.iter_rows())
    )


@pytest.mark.parametrize(
    "words",
    [
        ["ladder", "nz-nzqcf", "ie-nfq", "--reference", "eqf"],
        ["route", "nz-nzqcf:7", "eqf"],
        ["network"],
        ["atlas"],
    ],
)
def test_pictures_are_written(run, tmp_path, words):
    file = tmp_path / "picture.svg"
    status, out, err = run("plot", *words, "-o", str(file))
    assert (status, err) == (0, "")
    assert out.strip() == f"wrote {file}"
    assert file.read_text(encoding="utf-8").lstrip().startswith("<svg")


def test_pictures_of_no_known_kind_are_refused(run, tmp_path):
    status, _, err = run("plot", "network", "-o", str(tmp_path / "picture.docx"))
    assert status == 2
    assert "it must end in .svg, .png, .html, .json" in err
    assert run("plot", "route", "nz-nzqcf:7", "-o", str(tmp_path / "p.svg"))[0] == 2


# Own facts


def test_a_folder_of_own_facts_stands_on_top(run, tmp_path):
    document = {
        "document_id": "ke-knqf>eqf@2024",
        "document": "Our table",
        "mappings": [
            {
                "id": "ke-knqf>eqf@2024", "document_id": "ke-knqf>eqf@2024", "from": "ke-knqf", "to": "eqf",
                "kind": "comparison", "year": 2024, "status": "current", "document": "Our table",
                "pairs": [["7", "6"]], "pairs_evidence": "read", "pairs_complete": False, "partial": [],
                "multi": [],
                "unmatched": [], "unmatched_to": [], "unresolved": [], "fit": None,
                "usable_for_recognition": None,
                "derived_from": [], "notes": None, "join": False, "strength": "third-party",
                "sources": [{"title": "Our table", "publisher": "Us", "year": 2024, "url": None,
                "evidence": "read"}],
            }
        ],
    }  # fmt: skip
    (tmp_path / "ours.json").write_text(json.dumps(document), encoding="utf-8")
    assert json.loads(run("map", "ke-knqf:7", "eqf", "--json")[1])["status"] == "no_route"
    ours = json.loads(run("map", "ke-knqf:7", "eqf", "--facts", str(tmp_path), "--json")[1])
    assert ours["possible"] == ["6"]
    document["mappings"][0]["pairs"] = [["7", "99"]]
    (tmp_path / "ours.json").write_text(json.dumps(document), encoding="utf-8")
    (tmp_path / "more.json").write_text("nonsense", encoding="utf-8")
    status, out, err = run("map", "ke-knqf:7", "eqf", "--facts", str(tmp_path))
    assert (status, out) == (2, "")
    assert err.startswith("qualgraph: the input cannot be read: 2 faults")
    assert "more.json" in err
    assert "ours.json#/mappings/0/pairs/0" in err


# Bad input


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["mpa", "x", "y"], 'no command "mpa". Did you mean map'),
        (["map"], "required: LEVEL_OR_FRAMEWORK, TARGET"),
        (["map", "ie-nqf:8", "eqf"], "ie-nfq"),
        (["map", "ie-nfq:99", "eqf"], "99"),
        (["map", "ie-nfq:8", "eqff"], "eqf"),
        (["map", "ie-nfq:8", "eqf", "--nonsense"], "--nonsense"),
        (["map", "ie-nfq:8", "eqf", "--slack", "-1"], "slack"),
        (["map", "ie-nfq:8", "eqf", "--slack", "9" * 30], "slack"),
        (["map", "ie-nfq:8", "eqf", "--slack", "one"], "whole number"),
        (["map", "ie-nfq:\udcff", "eqf"], "no text in UTF-8"),
        (["MQF"], 'qualgraph find "MQF"'),
        (["map", "ie-nfq:8", "eqf", "--as-of", "2019-02-30"], "2019-02-30"),
        (["convert", "-5 ects", "cats"], "-5"),
        (["convert", "0 ects", "cats"], "0"),
        (["convert", "30 etcs", "cats"], "ects"),
        (["convert", "thirty ects", "cats"], "thirty"),
        (["show", "ie-nqf"], "ie-nfq"),
        (["show", "ie-nfq:99"], "99"),
        (["find", "??"], "letter or a digit"),
        (["coverage", "ke-knfq"], "ke-knqf"),
        (["compare", "ie-nfq", "ie-nfq"], "twice"),
        (["lint", "no-such-folder"], "no-such-folder"),
        (["completion", "tcsh"], "tcsh"),
        (["export", "--graphml", "no/such/folder/w.graphml"], "no/such/folder/w.graphml"),
        (["map", "ie-nfq:8", "eqf", "--facts", "no-such-folder"], "no-such-folder"),
    ],
)
def test_bad_input_is_exit_status_2_with_a_message(run, words, message):
    status, out, err = run(*words)
    assert status == 2
    assert out == ""
    assert err.startswith("qualgraph: ")
    assert message in err
    assert "Traceback" not in err


def test_help_and_version(run):
    status, out, _ = run("--help")
    assert status == 0
    assert all(f"\n  {name} " in out for name in COMMANDS)
    assert run()[0] == 2
    status, out, _ = run("--version")
    assert (status, out.split()[:2]) == (0, ["qualgraph", qg.__version__ + ","])
    for name in COMMANDS:
        status, out, _ = run(name, "--help")
        assert status == 0
        assert f"qualgraph {name}" in out
        assert "--json" in out
    assert run("help", "map")[1] == run("map", "--help")[1]


@pytest.mark.parametrize(
    "words",
    [
        ["map", "nz-nzqcf:8", "eqf"], ["map", "nz-nzqcf", "eqf"], ["convert", "30 ects", "cats"],
        ["at-least", "eqf:6", "ie-nfq"], ["at-most", "eqf:6", "ie-nfq"], ["certainly-at-least", "30 ects",
        "60 cats"],
        ["certainly-at-most", "30 ects", "90 cats"], ["compare", "nz-nzqcf", "ie-nfq"], ["coverage"],
        ["coverage", "ke-knqf"], ["find", "MQF"], ["loss", "nz-nzqcf", "eqf"], ["loss"], ["conflicts"],
        ["reliance"],
        ["lint"], ["frameworks"], ["show", "ects"], ["cite", "nz-nzqcf:7", "eqf"], ["completion", "bash"],
    ],
)  # fmt: skip
def test_every_command_answers_in_json(run, words):
    status, out, err = run(*words, "--json")
    assert (status, err) == (0, "")
    assert json.loads(out)


# As a process


def test_the_process_starts_without_heavy_packages():
    code = (
        "import sys; from qualgraph.cli import main; main(['map', 'nz-nzqcf:8', 'eqf']); "
        "heavy = {'numpy', 'pandas', 'pyarrow', 'altair', 'openpyxl', 'asyncio', 'unittest', "
        "'dataclasses', 'inspect', "
        "'xml.etree.ElementTree', 'csv', 'difflib', 'html.parser'}; print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
        check=True,
    )
    assert done.stdout.splitlines()[-1] == "[]"


def test_errors_of_the_process_go_to_standard_error():
    done = process("map", "ie-nqf:8", "eqf")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith('qualgraph: no framework "ie-nqf"')


def test_a_reader_that_leaves_early_is_no_error():
    asked = subprocess.Popen(
        [sys.executable, "-m", "qualgraph", "lint", "--json"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    with asked:
        assert asked.stdout.readline() == b"{\n"
        asked.stdout.close()
        assert asked.stderr.read() == b""
        assert asked.wait(timeout=120) == 0


def test_a_terminal_of_few_letters_still_gets_an_answer():
    done = process("show", "tr-tqf", env={**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"})
    assert done.returncode == 0
    assert "Turkish Qualifications Framework (TQF / TY?)" in done.stdout
    shown = process(
        "show", "tr-tqf", "--json", env={**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    )
    assert json.loads(shown.stdout)["name"].endswith("(TQF / TYÇ)")


# Completion


def completed(line: str) -> list[str]:
    """Words bash offers after a line."""
    script = (
        "qualgraph() { " + sys.executable + ' -m qualgraph "$@"; }\n'
        'eval "$(qualgraph completion bash)"\n'
        'COMP_LINE="$1"; COMP_POINT=${#1}; COMPREPLY=(); _qualgraph; printf "%s\\n" "${COMPREPLY[@]}"\n'
    )
    done = subprocess.run(
        ["bash", "--norc", "-c", script, "bash", line],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
    )
    assert done.stderr == ""
    return done.stdout.split("\n")[:-1]


def test_bash_completes_commands_options_choices_and_ids():
    assert completed("qualgraph ma") == ["map"]
    assert completed("qualgraph map --pur") == ["--purpose"]
    assert completed("qualgraph map --purpose ") == ["information", "recognition", "preview"]
    assert completed("qualgraph map ie-nfq:8 eqf --via aq") == ["aqrf"]
    assert completed("qualgraph convert 30 ec") == ["ects"]
    assert completed("qualgraph plot la") == ["ladder"]
    # bash splits words at colons, so what follows the colon is offered.
    assert completed("qualgraph map nz-nzqcf:1") == ["1", "10"]
    assert completed("qualgraph show nz-nzqcf>eq") == [r"nz-nzqcf\>eqf@2016"]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_scripts_know_every_command_and_option(run, shell):
    status, script, _ = run("completion", shell)
    assert status == 0
    for name in COMMANDS:
        assert name in script
    for option in ("via", "evidence", "reference", "rounding", "severity"):
        assert option in script
