"""The commands: what each takes, and which question it asks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..errors import Error
from ._command import Command
from ._command import emit as _emit
from ._command import file_options as _file_options
from ._command import files as _files
from ._definitions import Classify
from ._pathway import Indicators, Ladder, Pathways, Reachable
from ._recognition import Recognise
from ._stacking import Audit, Complete, Rules, Template, find_rule, read_record

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable

    from ..world import World

__all__ = ["COMMANDS", "HIDDEN", "Command"]


def _steps(text: str) -> int:
    """A number of hub steps, as a word of the command line."""
    import argparse

    try:
        steps = int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f'"{text}" is no whole number of steps') from None
    if not 0 <= steps <= 64:
        raise argparse.ArgumentTypeError(f"slack counts hub steps, 0 to 64; found {text}")
    return steps


def _route_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--via",
        action="append",
        metavar="FRAMEWORK",
        help="go over this framework only (repeat it, or separate by commas); default: every admitted route",
    )
    parser.add_argument("--direct", action="store_true", help="the direct documents only")
    parser.add_argument(
        "--slack", type=_steps, default=0, metavar="STEPS", help="best-fit tolerance in hub steps (default 0)"
    )
    parser.add_argument(
        "--type", metavar="AWARD", help='award type that decides a split level, as "Master\'s degree"'
    )
    parser.add_argument("--purpose", choices=("information", "recognition", "preview"), default="information")


def _route_keywords(options: argparse.Namespace) -> dict[str, Any]:
    via: list[str] | None = None
    if options.direct:
        if options.via:
            raise Error("--direct and --via exclude each other")
        via = []
    elif options.via:
        via = [one.strip() for part in options.via for one in part.split(",") if one.strip()]
    return {"via": via, "slack": options.slack, "type": options.type, "purpose": options.purpose}


# Levels -------------------------------------------------------------------------------------------


class Map(Command):
    """Which levels of another framework stand opposite a level, and who says so.

    A framework instead of a level gives all its levels as one table.
    """

    shown = (
        "nz-nzqcf:8 eqf",
        "ie-nfq nz-nzqcf --via eqf",
        "gb-sct-scqf:9 ie-nfq --direct",
        'za-nqf-8:8 za-nqf --type "Master\'s degree"',
    )

    def own_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Level or framework, target, routes."""
        parser.add_argument(
            "source", metavar="LEVEL_OR_FRAMEWORK", help="ie-nfq:8, or ie-nfq for all its levels"
        )
        parser.add_argument("target", metavar="TARGET", help="id of the other framework")
        _route_options(parser)
        parser.add_argument(
            "--routes",
            choices=("admitted", "all"),
            default="admitted",
            help="all: peers and left-out ones too",
        )
        parser.add_argument(
            "--awarded", metavar="DATE", help="day of an award of the past: its level then, and now"
        )
        _file_options(parser)

    def run(self, options: argparse.Namespace) -> int:
        """Map a level or a framework."""
        from . import _text as t

        world = self.world(options)
        keywords = _route_keywords(options)
        if options.routes == "all":
            keywords["routes"] = "all"
        answer: Any
        table = None
        if options.awarded is not None:
            answer = world.map_award(options.source, options.target, options.awarded, type=options.type)
            parts = [t.level_answer(one, one.world) for one in (answer.then, answer.now)]
            text = "\n\n".join([t.wrapped(str(answer)), *parts])
            table = _answer_table([answer.then, answer.now], [f"on {answer.awarded}", "now"])
        elif ":" in options.source:
            answer = world.map_level(options.source, to=options.target, **keywords)
            text = "" if options.json else t.level_answer(answer, world)
            table = _answer_table([answer], ["now" if world.as_of_text is None else f"on {world.as_of_text}"])
        else:
            answer = world.map_framework(options.source, to=options.target, **keywords)
            text = "" if options.json else _framework_text(answer, world)
        _files(options, answer, table)
        _emit(options, answer.to_dict(), text)
        return 0


def _answer_table(answers: list[Any], days: list[str]) -> Any:
    """Answers about single levels as a table, for a workbook."""
    from ..table import Table

    return Table(
        {
            "level": [answer.from_ for answer in answers],
            "to": [answer.to for answer in answers],
            "asked": days,
            "status": [answer.status for answer in answers],
            "possible": [answer.possible for answer in answers],
            "documents": [
                [source.document or source.title for source in answer.sources] for answer in answers
            ],
            "answer": [str(answer) for answer in answers],
        },
        title=str(answers[0]),
        caption=answers[0].statement(),
    )


def _framework_text(answer: Any, world: World) -> str:
    from . import _text as t

    parts = [t.wrapped(str(answer)), "", t.table(answer.table, leave_out=("to",))]
    parts.append(t.section("Sources", t.sources(answer.sources)))
    parts.append(t.footer(world))
    return "\n".join(parts)


class AtLeast(Command):
    """The lowest level of a framework that certainly reaches a level (translates a minimum)."""

    shown = ("eqf:6 ie-nfq",)
    verb = "at_least"

    def own_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Level and framework."""
        parser.add_argument("level", metavar="LEVEL", help="the minimum or the cap, as eqf:6")
        parser.add_argument("on", metavar="FRAMEWORK", help="framework to express it in")
        _route_options(parser)

    def run(self, options: argparse.Namespace) -> int:
        """Translate a bound."""
        from . import _text as t

        world = self.world(options)
        bound = getattr(world, self.verb)(options.level, on=options.on, **_route_keywords(options))
        payload: dict[str, Any] = {
            "level": options.level,
            "on": options.on,
            self.verb: None if bound is None else bound.levels,
            "why": None if bound is None else bound.why,
            "sources": [] if bound is None else [source.to_dict() for source in bound.sources],
            "world": world.hash,
            "as_of": world.as_of_text,
            "evidence": world.evidence,
        }
        if bound is None:
            words = {"at_least": "certainly reaches", "at_most": "certainly stays within"}[self.verb]
            text = f"Not established: by the documents no level of {options.on} {words} {options.level}."
        else:
            text = t.wrapped(bound.why)
            text += "\n" + t.section("Documents", t.sources(bound.sources))
        _emit(options, payload, f"{text}\n{t.footer(world)}")
        return 0


class AtMost(AtLeast):
    """The highest level of a framework that certainly stays within a level (translates a cap)."""

    verb = "at_most"


class Compare(Command):
    """Frameworks side by side, aligned on a reference where documents align them."""

    shown = (
        "nz-nzqcf ie-nfq gb-sct-scqf --reference eqf",
        "ke-knqf za-nqf ie-nfq --reference acqf --html out.html",
    )

    def own_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Frameworks and reference."""
        parser.add_argument("frameworks", metavar="FRAMEWORK", nargs="+")
        parser.add_argument(
            "--reference", metavar="FRAMEWORK", help="default: the one on which most levels have a place"
        )
        _file_options(parser)

    def run(self, options: argparse.Namespace) -> int:
        """Lay frameworks side by side."""
        from . import _text as t

        world = self.world(options)
        side = world.compare(options.frameworks, reference=options.reference)
        _files(options, side)
        text = ""
        if not options.json:
            parts = [t.wrapped(line) for line in str(side).splitlines()]
            if side.linked or side.reference is None:
                parts += ["", side.table.title, t.table(side.table)]
                if side.table.caption:
                    parts.append(t.wrapped(side.table.caption))
            parts += ["", "Levels and qualification types", _level_lines(side)]
            parts += ["", side.links.title, t.table(side.links, leave_out=("link",)), t.footer(world)]
            text = "\n".join(parts)
        _emit(options, side.to_dict(), text)
        return 0


def _level_lines(side: Any) -> str:
    from . import _text as t

    lines = []
    for row in side.levels:
        label = f" {row['label']}" if row["label"] else ""
        kinds = "; ".join(row["types"])
        lines.append(t.wrapped(f"{row['level']}{label}" + (f": {kinds}" if kinds else ""), "      ", "  "))
    return "\n".join(lines)


class Loss(Command):
    """What is lost on the way to another framework and back.

    Two frameworks give the round trip of every level; none the atlas of all pairs.
    """

    shown = ("nz-nzqcf ie-nfq", "")

    def own_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Two frameworks, or none."""
        parser.add_argument(
            "frameworks", metavar="FRAMEWORK", nargs="*", help="two ids, or none for every pair"
        )
        _file_options(parser)

    def run(self, options: argparse.Namespace) -> int:
        """Round trip, or the atlas."""
        world = self.world(options)
        if len(options.frameworks) not in (0, 2):
            raise Error(f"loss takes two frameworks, or none for every pair; found {len(options.frameworks)}")
        answer = world.round_trip(*options.frameworks) if options.frameworks else world.recognition_loss()
        return _report(options, answer, world)


def _report(options: argparse.Namespace, answer: Any, world: World) -> int:
    """Print an answer that consists of sentences and a table."""
    from . import _text as t

    _files(options, answer)
    text = ""
    if not options.json:
        rows = getattr(answer, "table", None)
        parts = [t.wrapped(str(answer))]
        if rows is not None and len(rows):
            parts += ["", t.table(rows)]
        parts.append(t.footer(world))
        text = "\n".join(parts)
    _emit(options, answer.to_dict(), text)
    return 0


class Conflicts(Command):
    """Documents that contradict each other, and the fewest rows whose withdrawal restores agreement."""

    shown = ("", "--evidence read")

    def own_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Files to write."""
        _file_options(parser)

    def run(self, options: argparse.Namespace) -> int:
        """List contradictions."""
        world = self.world(options)
        return _report(options, world.conflicts(), world)


class Reliance(Command):
    """How much hangs on each document: level pairs that are lost without it."""

    shown = ("",)

    def own_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Files to write."""
        _file_options(parser)

    def run(self, options: argparse.Namespace) -> int:
        """List documents by what hangs on them."""
        world = self.world(options)
        return _report(options, world.reliance(), world)


# Credits ------------------------------------------------------------------------------------------

_WAYS = ("hours", "year", "agreement")
_ROUNDINGS = ("none", "down", "up", "half-up", "half-even")


class Convert(Command):
    """Credits in another system, by hours, by years and by agreement, exactly."""

    shown = (
        '"30 ects" cats',
        '"30 ects" cats --way year',
        '"60 cats" ects --way hours --rounding down --grain 1/2',
    )

    def own_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Amount, system, way and rounding."""
        parser.add_argument(
            "amount", metavar="AMOUNT", nargs="+", help='"30 ects"; the quotes may be left out'
        )
        parser.add_argument("to", metavar="SYSTEM", help="id of the other credit system")
        parser.add_argument("--way", choices=_WAYS, help="one number by this way")
        parser.add_argument(
            "--rounding", choices=_ROUNDINGS, default="none", help="with --way (default none)"
        )
        parser.add_argument(
            "--grain", default="1", metavar="SIZE", help="round to multiples of this (default 1)"
        )
        _file_options(parser)

    def run(self, options: argparse.Namespace) -> int:
        """Convert an amount."""
        from ..display import exact_json
        from . import _text as t

        world = self.world(options)
        if options.rounding != "none" and options.way is None:
            raise Error(
                "--rounding needs --way: hours, years and agreements give different numbers, so name one"
            )
        words = options.amount[:-1] if options.amount[-1] == "to" else options.amount
        answer = world.convert(" ".join(words), to=options.to)
        payload = answer.to_dict()
        parts = [t.wrapped(str(answer))]
        if options.way is not None:
            rounding = options.rounding.replace("-", "_")
            value = answer.value(way=options.way, rounding=rounding, grain=options.grain)
            payload["value"] = {
                "way": options.way,
                "rounding": options.rounding,
                "grain": options.grain,
                "number": exact_json(value),
            }
            rounded = (
                f", rounded {options.rounding} to multiples of {options.grain}"
                if options.rounding != "none"
                else ""
            )
            shown = value if hasattr(value, "min") else exact_json(value)
            parts.insert(0, f"By {options.way}: {shown} {options.to}{rounded}.\n")
        parts += [t.section("Sources", t.sources(answer.sources)), t.footer(world)]
        _files(options, answer)
        _emit(options, payload, "\n".join(part for part in parts if part))
        return 0


class CertainlyAtLeast(Command):
    """Whether credits certainly reach a minimum of another system; exit status 1 unless they do."""

    shown: tuple[str, ...] = ('"40 in-ncrf-credit" "120 nz-credit"', '"30 ects" "60 cats" --way year')
    bound = "at_least"

    def own_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Amount, bound, way."""
        parser.add_argument("amount", metavar="AMOUNT", help='as "40 in-ncrf-credit"')
        parser.add_argument("bound", metavar="BOUND", help='as "120 nz-credit"')
        parser.add_argument(
            "--way", choices=_WAYS, help="by this way alone; default: every available way must agree"
        )

    def run(self, options: argparse.Namespace) -> int:
        """Compare an amount with a bound."""
        from . import _text as t

        world = self.world(options)
        bound = {self.bound: options.bound}
        answer = world.check_credits(options.amount, way=options.way, **bound)
        parts = [t.wrapped(str(answer)), t.section("Sources", t.sources(answer.sources)), t.footer(world)]
        _emit(options, answer.to_dict(), "\n".join(part for part in parts if part))
        return 0 if answer.verdict is True else 1


class CertainlyAtMost(CertainlyAtLeast):
    """Whether credits certainly stay within a cap of another system; exit status 1 unless they do."""

    shown = ('"30 ects" "90 cats"',)
    bound = "at_most"


# Facts --------------------------------------------------------------------------------------------


class Coverage(Command):
    """What is known of a framework: read, known only, pending, missing.

    Without an id, one line per framework.
    """

    shown = ("ke-knqf", "")

    def own_arguments(self, parser: argparse.ArgumentParser) -> None:
        """An id, or none."""
        parser.add_argument("framework", metavar="FRAMEWORK", nargs="?")
        _file_options(parser)

    def run(self, options: argparse.Namespace) -> int:
        """Say what is known."""
        from ..explore import coverage

        world = self.world(options)
        return _report(options, coverage(world, options.framework), world)


class Find(Command):
    """Frameworks and qualification types by name, alias or abbreviation."""

    shown = ('"Post-Graduate Diploma"', "MQF", "Kenya")

    def own_arguments(self, parser: argparse.ArgumentParser) -> None:
        """The text looked for."""
        parser.add_argument("text", metavar="TEXT", nargs="+")
        _file_options(parser)

    def run(self, options: argparse.Namespace) -> int:
        """Look for a name."""
        from . import _text as t

        world = self.world(options)
        found = world.find(" ".join(options.text))
        _files(options, found)
        parts = [t.wrapped(line) for line in str(found).splitlines()]
        if found:
            parts += ["", t.table(found.hits, leave_out=("where",))]
        parts.append(t.footer(world))
        _emit(options, found.to_dict(), "\n".join(parts))
        return 0


class Frameworks(Command):
    """The frameworks in the facts, with levels, types, mappings and rows by evidence."""

    shown = ("", "--jurisdiction KE", "--hubs")

    def own_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Filters."""
        parser.add_argument(
            "--jurisdiction", metavar="CODE", help="only those of this country or region, as KE"
        )
        parser.add_argument(
            "--hubs", action="store_true", help="only regional frameworks others are referenced to"
        )
        _file_options(parser)

    def run(self, options: argparse.Namespace) -> int:
        """List frameworks."""
        from ..explore import coverage
        from ..table import Table
        from . import _text as t

        world = self.world(options)
        hubs = {one.id for one in world.frameworks if one.hub}
        wanted = (options.jurisdiction or "").upper()
        rows = [
            row
            for row in coverage(world).table
            if (not options.hubs or row["id"] in hubs)
            and (not wanted or (row["jurisdiction"] or "").upper() == wanted)
        ]
        if wanted and not rows:
            places = sorted({one.jurisdiction for one in world.frameworks})
            raise Error(
                f'no framework of "{options.jurisdiction}" in these facts. Jurisdictions: {", ".join(places)}'
            )
        table = Table(
            {name: [row[name] for row in rows] for name in rows[0]} if rows else {"id": []}, key="id"
        )
        _files(options, None, table)
        payload = {"frameworks": rows, "world": world.hash}
        _emit(options, payload, "\n".join([t.table(table), t.footer(world)]))
        return 0


class Show(Command):
    """One fact: a framework, a level, a mapping, a document, a credit system or a policy."""

    shown = ("ie-nfq", "ie-nfq:8", '"nz-nzqcf>eqf@2016"', "ects", "ke-rpl")

    def own_arguments(self, parser: argparse.ArgumentParser) -> None:
        """The id."""
        parser.add_argument("id", metavar="ID")

    def run(self, options: argparse.Namespace) -> int:
        """Print one fact."""
        from ._show import look_up

        world = self.world(options)
        payload, text = look_up(world, options.id)
        _emit(options, payload, text)
        return 0


class Cite(Command):
    """References for an answer: BibTeX, CSL-JSON, plain text, or a paragraph to quote."""

    shown = ("nz-nzqcf:7 eqf", "nz-nzqcf:7 eqf --format statement")

    def own_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Level, target, format."""
        parser.add_argument("level", metavar="LEVEL")
        parser.add_argument("target", metavar="TARGET")
        parser.add_argument("--format", choices=("bibtex", "csl", "text", "statement"), default="bibtex")
        _route_options(parser)

    def run(self, options: argparse.Namespace) -> int:
        """Cite an answer."""
        import json

        world = self.world(options)
        answer = world.map_level(options.level, to=options.target, **_route_keywords(options))
        references = answer.cite()
        statement = answer.statement()
        if options.format == "bibtex":
            shown = references.bibtex.rstrip("\n")
        elif options.format == "csl":
            shown = json.dumps(references.csl, ensure_ascii=False, indent=2)
        else:
            shown = references.text if options.format == "text" else statement
        payload = {
            "level": options.level,
            "target": options.target,
            "statement": statement,
            "bibtex": references.bibtex,
            "csl": references.csl,
        }
        _emit(options, payload, shown)
        return 0


class Lint(Command):
    """Facts that deserve a second look; exit status 1 if any is an error.

    Without a folder the bundled facts are checked.
    """

    shown = ("facts/", "--kind crossing --kind dates", "")

    def own_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Folder and filters."""
        parser.add_argument("folder", metavar="FOLDER", nargs="?", help="your own facts")
        parser.add_argument(
            "--kind", action="append", metavar="KIND", help="only findings of this kind; may be repeated"
        )
        parser.add_argument(
            "--severity",
            choices=("error", "doubt", "note"),
            default="note",
            help="this and worse (default: note)",
        )
        _file_options(parser)

    def run(self, options: argparse.Namespace) -> int:
        """Check facts."""
        from ..lint import Findings, lint_folder
        from . import _text as t

        findings = lint_folder(options.folder) if options.folder else self.world(options).lint()
        if options.kind:
            findings = findings.of(*options.kind)
        floor = ("error", "doubt", "note").index(options.severity)
        kept = [one for one in findings if ("error", "doubt", "note").index(one.severity) <= floor]
        findings = Findings(findings._world, kept)
        _files(options, findings)
        parts = [str(findings)]
        for one in findings:
            place = f"{one.file}: " if one.file and not one.where.startswith(one.file) else ""
            parts.append("")
            parts.append(t.wrapped(f"{one.severity}: {one.kind}: {place}{one.where}"))
            parts += [t.wrapped(line, "    ") for line in (one.found, f"Why: {one.why}", f"Mend: {one.mend}")]
        _emit(options, findings.to_dict(), "\n".join(parts))
        return 1 if findings.counts["error"] else 0


class Export(Command):
    """The facts for other tools: the referencing graph as GraphML, tables as CSV."""

    shown = ("--graphml world.graphml", "--csv tables/")

    def own_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Files to write."""
        parser.add_argument("--graphml", metavar="FILE", help="frameworks as nodes, mappings as edges")
        parser.add_argument(
            "--csv", metavar="FOLDER", help="seven tables, UTF-8 with byte order mark (opens in Excel)"
        )

    def run(self, options: argparse.Namespace) -> int:
        """Write files."""
        from ..export import to_csv, to_graphml

        if options.graphml is None and options.csv is None:
            raise Error("export needs --graphml FILE or --csv FOLDER")
        world = self.world(options)
        written = [to_graphml(world, options.graphml)] if options.graphml is not None else []
        written += to_csv(world, options.csv) if options.csv is not None else []
        files = [str(file) for file in written]
        _emit(options, {"written": files, "world": world.hash}, "\n".join(f"wrote {file}" for file in files))
        return 0


class Plot(Command):
    """A picture as SVG, PNG or HTML: a ladder, the loss atlas, the network, a route, a rule or a stack."""

    shown = (
        "ladder nz-nzqcf ie-nfq --reference eqf -o ladder.svg",
        "atlas -o atlas.svg",
        "network -o network.html",
        "route nz-nzqcf:7 eqf -o route.png",
        "rule kr-acbs -o rule.svg",
        "stack record.csv kr-acbs -o stack.svg",
    )
    kinds = ("ladder", "atlas", "network", "route", "rule", "stack")

    def own_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Kind, subject, file."""
        parser.add_argument("kind", choices=self.kinds, metavar="KIND", help=", ".join(self.kinds))
        parser.add_argument(
            "subject",
            nargs="*",
            metavar="ID",
            help="frameworks of a ladder, level and target of a route, a rule, or a record and a rule",
        )
        parser.add_argument("--reference", metavar="FRAMEWORK", help="with ladder")
        parser.add_argument(
            "-o", "--output", required=True, metavar="FILE", help="ends in .svg, .png, .html or .json"
        )

    def run(self, options: argparse.Namespace) -> int:
        """Draw a picture."""
        from pathlib import Path

        from .. import plot

        ends = (".svg", ".png", ".html", ".json")
        if Path(options.output).suffix.lower() not in ends:
            raise Error(
                f'cannot tell the kind of picture from "{options.output}"; it must end in {", ".join(ends)}'
            )
        world = self.world(options)
        if options.kind == "ladder":
            chart = plot.ladder(world.compare(options.subject, reference=options.reference))
        elif options.kind == "route":
            if len(options.subject) != 2:
                raise Error(
                    "plot route takes a level and a framework, as: plot route nz-nzqcf:7 eqf -o route.svg"
                )
            chart = plot.route(world.map_level(options.subject[0], to=options.subject[1]))
        elif options.kind == "rule":
            if len(options.subject) != 1:
                raise Error("plot rule takes one rule, as: plot rule kr-acbs -o rule.svg")
            chart = find_rule(world, options.subject[0]).plot()
        elif options.kind == "stack":
            if len(options.subject) != 2:
                raise Error("plot stack takes a record and a rule, as: plot stack record.csv kr-acbs -o stack.svg")
            chart = world.audit(read_record(options.subject[0]), find_rule(world, options.subject[1])).plot()
        elif options.subject:
            raise Error(f"plot {options.kind} takes no ids; it shows all facts")
        else:
            chart = plot.atlas(world.recognition_loss()) if options.kind == "atlas" else plot.network(world)
        chart.save(options.output)
        _emit(options, {"written": [options.output], "world": world.hash}, f"wrote {options.output}")
        return 0


class Completion(Command):
    """A script that completes commands, options and ids in your shell."""

    shown = (
        "bash > ~/.local/share/bash-completion/completions/qualgraph",
        "zsh > ~/.zfunc/_qualgraph",
        "fish | source",
    )
    asks_facts = False

    def own_arguments(self, parser: argparse.ArgumentParser) -> None:
        """The shell."""
        parser.add_argument("shell", choices=("bash", "zsh", "fish"))

    def run(self, options: argparse.Namespace) -> int:
        """Print a completion script."""
        from ._completion import script

        text = script(options.shell)
        _emit(options, {"shell": options.shell, "script": text}, text.rstrip("\n"))
        return 0


class Ids(Command):
    """Ids of the facts, one a line; what shell completion calls."""

    kinds = ("frameworks", "levels", "credit-systems", "rules", "definitions", "facts")
    shown = ("levels",)

    def own_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Kind of id."""
        parser.add_argument("kind", choices=self.kinds)

    def run(self, options: argparse.Namespace) -> int:
        """Print ids."""
        ids = _ids(self.world(options), options.kind)
        _emit(options, ids, "\n".join(ids))
        return 0


def _ids(world: World, kind: str) -> list[str]:
    frameworks = [one.id for one in world.frameworks]
    systems = [one.id for one in world.credit_systems]
    if kind == "frameworks":
        return frameworks
    if kind == "credit-systems":
        return systems
    if kind == "levels":
        return frameworks + [str(level) for one in world.frameworks for level in one.levels]
    if kind == "rules":
        return world.rules.ids
    if kind == "definitions":
        return [one.id for one in world.definitions if one.tested]
    policies: list[Iterable[Any]] = [
        world.microcredential_policies,
        world.rpl_policies,
        world.credit_transfer_policies,
    ]
    named = [one.id for group in (world.mappings, *policies) for one in group]
    return [*frameworks, *systems, *named]


COMMANDS: dict[str, Command] = {
    "map": Map(),
    "convert": Convert(),
    "at-least": AtLeast(),
    "at-most": AtMost(),
    "certainly-at-least": CertainlyAtLeast(),
    "certainly-at-most": CertainlyAtMost(),
    "compare": Compare(),
    "coverage": Coverage(),
    "find": Find(),
    "loss": Loss(),
    "conflicts": Conflicts(),
    "reliance": Reliance(),
    "lint": Lint(),
    "frameworks": Frameworks(),
    "show": Show(),
    "cite": Cite(),
    "export": Export(),
    "plot": Plot(),
    "classify": Classify(),
    "audit": Audit(),
    "complete": Complete(),
    "recognise": Recognise(),
    "pathways": Pathways(),
    "reachable": Reachable(),
    "ladder": Ladder(),
    "indicators": Indicators(),
    "rule": Rules(),
    "template": Template(),
    "completion": Completion(),
}
HIDDEN: dict[str, Command] = {"ids": Ids()}
