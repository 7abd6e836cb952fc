"""Reading the command line, running one command, and turning errors into messages."""

from __future__ import annotations

import argparse
import os
import sys
from typing import TYPE_CHECKING, NoReturn

from ._commands import COMMANDS, HIDDEN

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ._commands import Command

__all__ = ["build_parser", "main"]

ANSWERED, NOT_SATISFIED, BAD_INPUT = 0, 1, 2

_HEAD = """\
usage: qualgraph COMMAND ...

What a qualification level, a credit or a stack of credentials is worth, and which documents say so.
Try:  qualgraph map nz-nzqcf:8 eqf

commands:
"""
_TAIL = """
  --version         version of the program and of its facts
  COMMAND --help    options and examples of a command

A level is written framework:code (ie-nfq:8), credits are written "30 ects". Every command takes
--json, and --facts FOLDER for your own facts on top of the bundled ones.
"""


class _BadInputError(Exception):
    """A command line that cannot be read; the message is for standard error."""


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise _BadInputError(f"{message}\nSee: {self.prog} --help")


def build_parser(name: str, command: Command) -> argparse.ArgumentParser:
    """Parser of one command; only the command asked for is built, which keeps the start short."""
    parser = _Parser(
        prog=f"qualgraph {name}",
        description=command.description(),
        epilog=command.examples(name),
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    command.arguments(parser)
    return parser


def _overview() -> str:
    width = max(len(name) for name in COMMANDS)
    lines = [f"  {name.ljust(width)}  {command.summary()}" for name, command in COMMANDS.items()]
    return _HEAD + "\n".join(lines) + "\n" + _TAIL


def _unknown(name: str) -> str:
    from difflib import get_close_matches

    near = get_close_matches(name, [*COMMANDS], n=2, cutoff=0.5)
    hint = f" Did you mean {' or '.join(near)}?" if near else f' To look up a name: qualgraph find "{name}"'
    return f'no command "{name}".{hint}\nSee: qualgraph --help'


def _complain(message: str) -> None:
    print(f"qualgraph: {message}", file=sys.stderr)


def _quiet_stdout() -> None:
    """Whoever read the output has left; keep the interpreter from complaining when it ends."""
    sys.stdout = open(os.devnull, "w")  # noqa: SIM115


def _writable() -> None:
    """Characters that a terminal cannot show become question marks instead of an error."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line.

    Parameters
    ----------
    arguments : sequence of str, optional
        Words after the name of the program; those of the process if none are given.

    Returns
    -------
    int
        Exit status: 0 answered, 1 a verdict that is not satisfied, 2 bad input.

    Examples
    --------
    >>> from qualgraph.cli import main
    >>> main(["at-least", "eqf:6", "ie-nfq", "--json"]) == 0  # doctest: +ELLIPSIS
    {...}
    True
    """
    words = list(sys.argv[1:] if arguments is None else arguments)
    _writable()
    try:
        try:
            return _run(words)
        finally:
            sys.stdout.flush()
    except BrokenPipeError:
        _quiet_stdout()
        return ANSWERED
    except KeyboardInterrupt:
        _complain("stopped")
        return 130


def _run(words: list[str]) -> int:
    if not words or words[0] in ("-h", "--help", "help"):
        if len(words) > 1 and words[0] == "help":
            return _run([words[1], "--help"])
        print(_overview(), end="", file=sys.stdout if words else sys.stderr)
        return ANSWERED if words else BAD_INPUT
    if words[0] in ("-V", "--version"):
        print(_version())
        return ANSWERED
    for word in words:
        try:
            word.encode("utf-8")
        except UnicodeEncodeError:
            _complain(f"a word of the command line is no text in UTF-8: {word!r}")
            return BAD_INPUT
    name, rest = words[0], words[1:]
    command = COMMANDS.get(name) or HIDDEN.get(name)
    if command is None:
        _complain(_unknown(name))
        return BAD_INPUT
    try:
        options = build_parser(name, command).parse_args(rest)
    except _BadInputError as error:
        _complain(str(error))
        return BAD_INPUT
    except SystemExit as end:  # --help
        return int(end.code or 0)

    from ..errors import Error, FactError

    try:
        return command.run(options)
    except FactError as error:
        _complain(_faults(error))
    except Error as error:
        _complain(str(error))
    except ImportError as error:
        _complain(str(error))
    except BrokenPipeError:
        raise
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        _complain(f"{where}{error.strerror or error}")
    return BAD_INPUT


def _faults(error: Exception) -> str:
    faults = getattr(error, "faults", ())
    if not faults:
        return str(error)
    lines = [f"the input cannot be read: {len(faults)} fault{'' if len(faults) == 1 else 's'}"]
    for fault in faults:
        place = f"{fault.file}{'#' + fault.pointer if fault.pointer else ''}"
        lines.append(f"  {place}: found {fault.found}; expected {fault.expected}")
    return "\n".join(lines)


def _version() -> str:
    import qualgraph

    return f"qualgraph {qualgraph.__version__}, facts {qualgraph.load().hash[:16]}"
