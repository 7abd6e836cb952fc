"""What every command is, and how an answer leaves the program."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any

from ..errors import Error

if TYPE_CHECKING:
    import argparse

    from ..world import World

__all__ = ["Command", "emit", "file_options", "files", "page"]


class Command(ABC):
    """One command. The docstring of each class is its help."""

    #: Example lines shown in the help, without the name of the program.
    shown: tuple[str, ...] = ()
    #: Whether it asks the facts (and takes --facts, --as-of, --evidence).
    asks_facts = True

    def summary(self) -> str:
        """First line of the help."""
        return (self.__doc__ or "").strip().splitlines()[0].rstrip(".")

    def description(self) -> str:
        """The whole help text."""
        return "\n".join(line.strip() for line in (self.__doc__ or "").strip().splitlines())

    def examples(self, name: str) -> str:
        """Examples, as shown at the end of the help."""
        return "examples:\n" + "\n".join(f"  qualgraph {name} {line}".rstrip() for line in self.shown)

    def arguments(self, parser: argparse.ArgumentParser) -> None:
        """Declare what the command takes."""
        self.own_arguments(parser)
        parser.add_argument("--json", action="store_true", help="the answer as JSON with stable keys")
        if self.asks_facts:
            group = parser.add_argument_group("facts")
            group.add_argument("--facts", metavar="FOLDER", help="your own facts on top of the bundled ones")
            group.add_argument("--as-of", metavar="DATE", help="documents valid on this day (2019-03-14, or 2019)")
            group.add_argument("--evidence", choices=("all", "read"), help="read: only what was seen in a text")

    def own_arguments(self, parser: argparse.ArgumentParser) -> None:  # noqa: B027 (a command may have none)
        """Arguments of this command alone."""

    @abstractmethod
    def run(self, options: argparse.Namespace) -> int:
        """Ask the question, print the answer, return the exit status."""

    def world(self, options: argparse.Namespace) -> World:
        """The facts asked for on the command line."""
        from qualgraph import load

        view: dict[str, Any] = {}
        if options.as_of is not None:
            view["as_of"] = options.as_of
        if options.evidence is not None:
            view["evidence"] = options.evidence
        if options.facts is not None:
            from pathlib import Path

            if not Path(options.facts).exists():
                raise Error(f"there is no folder of facts {options.facts}")
            return load(options.facts, base=load(), **view)
        return load(**view)


def emit(options: argparse.Namespace, payload: Any, text: str) -> None:
    """Print an answer: JSON if asked, else the text."""
    if options.json:
        import json
        import sys

        encoding = (sys.stdout.encoding or "").lower().replace("-", "")
        print(json.dumps(payload, ensure_ascii=not encoding.startswith("utf"), indent=2))
    else:
        print(text)


def files(options: argparse.Namespace, answer: Any, table: Any = None) -> None:
    """Write the files asked for beside the printed answer."""
    if getattr(options, "html", None):
        from pathlib import Path

        whole = answer.to_html() if hasattr(answer, "to_html") else page(answer)
        Path(options.html).write_text(whole, encoding="utf-8")
    if getattr(options, "excel", None):
        if table is None:
            table = getattr(answer, "table", None)
        if table is None:
            raise Error("this answer has no table to write to Excel")
        table.to_excel(options.excel)


def page(answer: Any) -> str:
    from ..display import details, paragraph

    said = ""
    if hasattr(answer, "statement"):
        # The box above says the same; this is to be copied as a whole.
        said = details("As one paragraph, to quote", paragraph(answer.statement()))
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        '<meta name="color-scheme" content="light dark"><title>Qualgraph</title></head>'
        '<body style="font-family:system-ui,sans-serif;margin:1.5em;max-width:60em">'
        f"{answer._repr_html_()}{said}</body></html>"
    )


def file_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--html", metavar="FILE", help="write the answer as a page, too")
    parser.add_argument("--excel", metavar="FILE", help="write the table as an Excel workbook, too")
