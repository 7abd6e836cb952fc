"""Every line of the README that can be run is run, and every figure about the facts is counted."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

import qualgraph as qg
from qualgraph import cli

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", README, flags=re.DOTALL)


def test_python_examples_run_in_order_and_print_what_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    names: dict[str, object] = {}
    for code in blocks("python"):
        exec(compile(code, "README.md", "exec"), names)
    assert capsys.readouterr().out == blocks("text")[0]


COMMANDS = [line[2:] for block in blocks("console") for line in block.splitlines() if line.startswith("$ qualgraph")]


@pytest.mark.parametrize("command", COMMANDS)
def test_commands_answer(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(shlex.split(command)[1:]) == 0
    assert capsys.readouterr().out.strip()


def test_there_are_commands_to_run() -> None:
    assert len(COMMANDS) >= 6


def test_numbers_about_the_facts() -> None:
    world = qg.load()
    rows = [(mapping, pair) for mapping in world.mappings for pair in mapping.pairs]
    known = [pair for mapping, pair in rows if mapping.evidence == "known" or pair in mapping.pairs_known]
    lists = [framework for framework in world.frameworks if framework.levels]
    read = [framework for framework in lists if framework.levels_evidence == "read"]
    mapped = {end for mapping in world.mappings for end in (mapping.from_, mapping.to)}
    assert f"| {len(rows)} | {len(rows) - len(known)} | {len(known)} |" in README
    assert f"| {len(lists)} of {len(world.frameworks)} | {len(read)} | {len(lists) - len(read)} |" in README
    assert f"table not seen | {len(world.records('pending'))} |" in README
    assert f"{len(world.frameworks) - len(mapped)} frameworks have no published mapping" in README


def test_the_picture_shows_these_facts() -> None:
    picture = (ROOT / "notebooks" / "pictures" / "ladder.svg").read_text(encoding="utf-8")
    assert qg.load().hash[:12] in picture


@pytest.mark.parametrize("link", re.findall(r"\]\(([^)#:]+)\)", README))
def test_links_lead_somewhere(link: str) -> None:
    assert (ROOT / link).exists()


SUBJECTS = re.findall(r"\| `(test_\w+)` \|", (ROOT / "tests" / "SUBJECTS.md").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", dict.fromkeys(SUBJECTS))
def test_every_subject_names_a_test_there_is(name: str) -> None:
    files = (ROOT / "tests" / "python").glob("test_*.py")
    assert any(f"def {name}(" in file.read_text(encoding="utf-8") for file in files)
