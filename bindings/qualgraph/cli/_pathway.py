"""The commands about pathways: ways to an award, what is within reach, ladders, indicators."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ._command import Command, emit, file_options, files
from ._stacking import find_rule, read_record

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from ..stacking import Catalogue
    from ..world import World

__all__ = ["Indicators", "Ladder", "Pathways", "Reachable"]


def _rules(world: World, named: Sequence[str] | None) -> list[Any] | None:
    """Rules of the facts or of files; a form of a rule in the facts stays as it is written; None if none is named."""
    from pathlib import Path

    if not named:
        return None
    found: list[Any] = []
    for each in named:
        is_file = Path(each).suffix.lower() in (".json", ".csv", ".tsv", ".xlsx")
        found.append(each if ":" in each and not is_file else find_rule(world, each))
    return found


def _catalogue(named: str) -> Catalogue:
    from ..stacking import Catalogue

    return Catalogue.read(named)


def _rule_option(parser: argparse.ArgumentParser, help: str) -> None:
    parser.add_argument("--rule", action="append", metavar="RULE", help=help)


class Pathways(Command):
    """Ways from a record to an award, a level or a credential; exit status 1 if none leads there.

    The record and the catalogue are files: .json, or tables as .csv, .tsv or .xlsx.
    """

    shown = (
        "record.csv --to in-nep-exits:year-1 --catalogue courses.csv",
        "record.csv --to my-degree.json --rule my-diploma.json --catalogue courses.json --html ways.html",
        "record.csv --to eqf:6 --rule nz-diploma-6 --catalogue courses.csv --minimise cost,months",
    )

    def own_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Record, target, catalogue, aims."""
        parser.add_argument("record", metavar="RECORD", help="file with one learner's record")
        parser.add_argument(
            "--to", required=True, metavar="TARGET", help="rule, form of a rule, level, or offer of the catalogue"
        )
        parser.add_argument("--catalogue", required=True, metavar="FILE", help="what is on offer")
        _rule_option(parser, "an award that may be earned on the way, or is looked at for a level (repeat it)")
        parser.add_argument(
            "--assessments", metavar="FILE", help="assessments of prior learning, as a catalogue: units, credits, fees"
        )
        parser.add_argument(
            "--minimise",
            default="cost,months",
            metavar="AIMS",
            help="of cost, months, count, credits (default: cost,months)",
        )
        file_options(parser)

    def run(self, options: argparse.Namespace) -> int:
        """Ask for ways."""
        from . import _text as t

        world = self.world(options)
        catalogue = _catalogue(options.catalogue)
        from pathlib import Path

        target = options.to
        if Path(target).suffix.lower() in (".json", ".csv", ".tsv", ".xlsx"):
            target = find_rule(world, target)
        aims = [aim.strip() for aim in options.minimise.split(",") if aim.strip()]
        assessed = _catalogue(options.assessments).to_dict()["offers"] if options.assessments else None
        answer = world.pathways(
            read_record(options.record),
            target,
            catalogue,
            rules=_rules(world, options.rule),
            assessments=assessed,
            minimise=aims,
        )
        files(options, answer)
        text = ""
        if not options.json:
            ways = [f"  {at}. {way}" for at, way in enumerate(answer.ways, 1)]
            text = "\n".join([str(answer), *ways, *answer.notes, t.footer(world)])
        emit(options, answer.to_dict(), text)
        return 0 if answer.ways else 1


class Reachable(Command):
    """Which awards a record can reach with a catalogue, at what distance.

    A rule stands for all its variants and exits.
    """

    shown = ("record.csv --catalogue courses.csv --rule in-nep-exits --rule nz-diploma-5",)

    def own_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Record, catalogue, rules."""
        parser.add_argument("record", metavar="RECORD", help="file with one learner's record")
        parser.add_argument("--catalogue", required=True, metavar="FILE", help="what is on offer")
        _rule_option(parser, "an award asked about (repeat it; without, every award of the facts)")
        file_options(parser)

    def run(self, options: argparse.Namespace) -> int:
        """Ask what is within reach."""
        from . import _text as t

        world = self.world(options)
        answer = world.reachable(
            read_record(options.record), _catalogue(options.catalogue), rules=_rules(world, options.rule)
        )
        files(options, answer)
        text = "" if options.json else "\n".join([str(answer), str(answer.table), t.footer(world)])
        emit(options, answer.to_dict(), text)
        return 0


class Ladder(Command):
    """Whether awards nest one in the next, and the credit each carries up.

    Name the rungs from the lowest up; one rule alone stands for all its forms.
    """

    shown = ("in-nep-exits", "in-nep-exits:year-1 in-nep-exits:year-2", "ch-cas-das-mas --record record.csv")

    def own_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Rungs, catalogue, record."""
        parser.add_argument("rungs", nargs="+", metavar="RULE", help="rules or forms of rules, lowest first")
        parser.add_argument("--catalogue", metavar="FILE", help="decide over these offers, not over made-up ones")
        parser.add_argument("--record", metavar="FILE", help="a learner, for carried and lost credits")
        file_options(parser)

    def run(self, options: argparse.Namespace) -> int:
        """Ask about a ladder."""
        from . import _text as t

        world = self.world(options)
        answer = world.ladder(
            _rules(world, options.rungs),
            catalogue=_catalogue(options.catalogue) if options.catalogue else None,
            record=read_record(options.record) if options.record else None,
        )
        files(options, answer)
        text = ""
        if not options.json:
            lines = []
            for rung in answer.rungs:
                lines.append(str(rung))
                if rung.witness:
                    lines.append(f"  a stack of {rung.above} without one of {rung.below}: {', '.join(rung.witness)}")
            text = "\n".join([*lines, f"Decided over {answer.over}.", t.footer(world)])
        emit(options, answer.to_dict(), text)
        return 0


class Indicators(Command):
    """What each credential of a catalogue is good for toward awards; stackability index and dead ends.

    The answer names the catalogue and the rules by content hash.
    """

    shown = ("courses.csv --rule nz-diploma-5 --excel indicators.xlsx", "courses.csv --rule in-nep-exits --json")

    def own_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Catalogue, rules, learners."""
        parser.add_argument("catalogue", metavar="FILE", help="what is on offer")
        _rule_option(parser, "an award to look toward (repeat it; without, every award of the facts)")
        parser.add_argument(
            "--record", action="append", metavar="FILE", help="a learner, for credit loss and excess (repeat it)"
        )
        file_options(parser)

    def run(self, options: argparse.Namespace) -> int:
        """Ask for indicators."""
        from . import _text as t

        world = self.world(options)
        learners = [(name, read_record(name)) for name in options.record or ()]
        answer = world.indicators(_catalogue(options.catalogue), rules=_rules(world, options.rule), learners=learners)
        files(options, answer)
        text = "" if options.json else "\n".join([str(answer), str(answer.summary), str(answer.table), t.footer(world)])
        emit(options, answer.to_dict(), text)
        return 0
