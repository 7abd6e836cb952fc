"""The types that the package promises: checked against the compiled module and a user's program."""

from __future__ import annotations

import inspect
import os
import runpy
import subprocess
import sys
from pathlib import Path

import pytest

import qualgraph as qg

PROGRAM = Path(__file__).with_name("sample_user_program.py")
PACKAGE = Path(qg.__file__).parent


def mypy(tmp_path: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run mypy on the package that is imported here, without the project's own settings."""
    empty = tmp_path / "mypy.ini"
    empty.write_text("[mypy]\n", encoding="utf-8")
    environment = os.environ | {"MYPY_CACHE_DIR": str(tmp_path / "cache"), "MYPYPATH": "", "NO_COLOR": "1"}
    command = [sys.executable, "-m", *arguments]
    return subprocess.run(command, capture_output=True, text=True, env=environment, cwd=tmp_path, check=False)


def test_package_says_that_it_is_typed():
    assert (PACKAGE / "py.typed").is_file()
    assert (PACKAGE / "_core.pyi").is_file()


def test_sample_user_program_runs():
    runpy.run_path(str(PROGRAM), run_name="__main__")


def test_sample_user_program_is_strictly_typed(tmp_path):
    done = mypy(tmp_path, "mypy", "--config-file", "mypy.ini", "--strict", str(PROGRAM))
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("qg.load().map_level('ie-nfq:8')", "No overload variant"),
        ("n: int = qg.load().map_level('ie-nfq:8', to='eqf').possible", "Incompatible types in assignment"),
        ("qg.load().convert('30 ects', to='cats').by_hourz", 'has no attribute "by_hourz"'),
    ],
)
def test_type_checker_finds_mistakes(tmp_path, line, message):
    program = tmp_path / "wrong.py"
    program.write_text(f"import qualgraph as qg\n\n{line}\n", encoding="utf-8")
    done = mypy(tmp_path, "mypy", "--config-file", "mypy.ini", "--strict", str(program))
    assert done.returncode == 1
    assert message in done.stdout


def test_stub_matches_the_compiled_module(tmp_path):
    done = mypy(tmp_path, "mypy.stubtest", "--mypy-config-file", "mypy.ini", "qualgraph._core")
    assert done.returncode == 0, done.stdout + done.stderr


def public_members():
    """Public names with what they are; methods of a class as Class.method."""
    for name in qg.__all__:
        thing = getattr(qg, name)
        if not callable(thing):
            continue
        yield name, thing
        if inspect.isclass(thing) and thing.__module__.startswith("qualgraph."):
            for member, value in vars(thing).items():
                if not member.startswith("_") and (inspect.isfunction(value) or isinstance(value, property)):
                    yield f"{name}.{member}", value


def test_everything_public_is_documented():
    undocumented = [name for name, thing in public_members() if not inspect.getdoc(thing)]
    assert undocumented == []


def test_questions_say_what_they_take_and_give():
    verbs = [
        "load",
        "credits",
        "graded",
        *(f"World.{v}" for v in ("map_level", "with_mapping", "convert", "convert_items")),
    ]
    documented = dict(public_members())
    for verb in verbs:
        text = inspect.getdoc(documented[verb])
        for section in ("Parameters\n---", "Raises\n---", "Examples\n---"):
            assert section in text, f"{verb} lacks {section.partition(chr(10))[0]}"


def test_all_names_exist_and_are_sorted():
    assert all(hasattr(qg, name) for name in qg.__all__)
    assert len(set(qg.__all__)) == len(qg.__all__)
    assert qg.plot is sys.modules["qualgraph.plot"]
    with pytest.raises(AttributeError, match="no attribute 'nope'"):
        _ = qg.nope
