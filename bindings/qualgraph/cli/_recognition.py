"""The command that decides claims to recognition of prior learning."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._command import Command, emit, files
from ._stacking import find_rule, once, read_record

if TYPE_CHECKING:
    import argparse

__all__ = ["Recognise"]


class Recognise(Command):
    """Claims to recognition of prior learning under policies; exit status 1 unless all are granted.

    Claims and record are files: .json, or tables as .csv, .tsv or .xlsx (see: qualgraph template claims).
    """

    shown = (
        "record.csv --claims claims.csv --rule za-57712 --policy za-rpl-national",
        "record.csv --claims claims.csv --rule award.json --policy za-rpl-he:MANCOSA --policy za-cat-national",
        "record.csv --claims claims.csv --rule award.json --policy my-rpl-apel-c --sheet decision.html",
    )

    def own_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Record, claims, rule, policies."""
        parser.add_argument("record", metavar="RECORD", help="file with one learner's record")
        parser.add_argument("--claims", required=True, metavar="FILE", action=once(), help="file with the claims")
        parser.add_argument(
            "--rule", required=True, metavar="RULE", action=once(), help="id of a rule in the facts, or a file"
        )
        parser.add_argument(
            "--policy",
            required=True,
            metavar="ID",
            action="append",
            help="policy, or policy:institution; may be repeated",
        )
        for form in ("variant", "reading", "title", "exit"):
            parser.add_argument(f"--{form}", metavar="ID", help=f"{form} of the rule")
        parser.add_argument("--html", metavar="FILE", help="write the answer as a page, too")
        parser.add_argument("--sheet", metavar="FILE", help="write a decision sheet to print, too")

    def run(self, options: argparse.Namespace) -> int:
        """Decide the claims of one applicant."""
        from ..recognition import Claims
        from . import _text as t

        world = self.world(options)
        answer = world.recognise(
            read_record(options.record),
            Claims.read(options.claims),
            find_rule(world, options.rule),
            options.policy,
            variant=options.variant,
            reading=options.reading,
            title=options.title,
            exit=options.exit,
        )
        files(options, answer)
        if options.sheet:
            answer.sheet(options.sheet)
        text = ""
        if not options.json:
            head, *rest = str(answer).splitlines()
            parts = [t.wrapped(head), *rest]
            if len(answer.caps):
                parts += ["", t.table(answer.caps)]
            asks = {f"{one.id}: {', '.join(one.asks)}" for one in answer.claims.values() if one.asks}
            parts.append(t.section("What would settle an open claim", [t.bullet(line) for line in sorted(asks)]))
            said = [f"{id}: {text}" for id, texts in answer.remarks.items() for text in texts]
            parts.append(t.section("The texts say besides", [t.bullet(line) for line in said]))
            parts.append(t.footer(world))
            text = "\n".join(part for part in parts if part)
        emit(options, answer.to_dict(), text)
        return 0 if all(one.status == "granted" for one in answer.claims.values()) else 1
