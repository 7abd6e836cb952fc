"""The commands about stacking: read a rule, audit a record, write a template."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..errors import Error, InvalidValue
from ._command import Command, emit, files, page

if TYPE_CHECKING:
    import argparse

    from ..stacking import Record, Rule
    from ..world import World

__all__ = ["Audit", "Complete", "Rules", "Template", "find_rule", "once", "read_record"]


def find_rule(world: World, named: str) -> Rule:
    """A rule of the facts by its id, or of a file: JSON, or the filled-in form of a rule (a folder has a rule.csv)."""
    from pathlib import Path

    place = Path(named)
    if place.suffix.lower() in (".json", ".csv", ".tsv", ".xlsx") or (place / "rule.csv").is_file():
        from ..stacking import Rule

        return Rule.read(named)
    return world.rule(named)


def read_record(named: str) -> Record:
    """A record of a file."""
    from ..stacking import Record

    return Record.read(named)


def once() -> type[argparse.Action]:
    """An option that is given once: of two, the first would be lost without a word."""
    import argparse

    class Once(argparse.Action):
        def __call__(self, parser: Any, namespace: Any, values: Any, option_string: str | None = None) -> None:
            if getattr(namespace, self.dest, None) is not None:
                parser.error(f"{option_string} is given twice; one is asked for")
            setattr(namespace, self.dest, values)

    return Once


_FORMS = ("variant", "reading", "title", "exit")


def rule_arguments(parser: argparse.ArgumentParser) -> None:
    """``--rule``, once or for several awards, and the form asked for."""
    parser.add_argument(
        "--rule",
        required=True,
        metavar="RULE",
        action="append",
        help="id of a rule in the facts, or a file; given several times: all these awards at once",
    )
    parser.add_argument("--variant", metavar="ID", action="append", help="variant of the rule; of several, RULE=ID")
    for form in _FORMS[1:]:
        parser.add_argument(f"--{form}", metavar="ID", help=f"{form} of the rule")


def one_form(options: argparse.Namespace) -> dict[str, Any]:
    """The form asked for, of one rule."""
    variants = options.variant or [None]
    if len(variants) > 1:
        raise InvalidValue("--variant is given twice; of one rule, one variant is asked for")
    return {"variant": variants[0], **{form: getattr(options, form) for form in _FORMS[1:]}}


def several_forms(options: argparse.Namespace, *more: str) -> dict[str, str]:
    """Variants by rule, of several awards at once; other options are about one rule and are refused."""
    for option in (*_FORMS[1:], *more):
        if getattr(options, option):
            raise InvalidValue(f"--{option} is about one rule; {len(options.rule)} are asked for")
    variants = {}
    for said in options.variant or ():
        rule, equals, id = said.partition("=")
        if not equals:
            raise InvalidValue(f'--variant {said}: of several awards, say of which, as "{options.rule[0]}={said}"')
        variants[rule] = id
    return variants


class Audit(Command):
    """Whether a record meets a rule, how it counts and what is missing; exit status 1 unless it does.

    The record is a file: .json, or a table as .csv, .tsv or .xlsx (see: qualgraph template record).
    """

    shown = (
        "record.csv --rule kr-acbs",
        "record.csv --rule kr-acbs --variant bachelor --why learner",
        "record.xlsx --rule my-rule.json --sheet decision.html",
        "record.csv --rule nz-diploma-5 --rule nz-diploma-6",
    )

    def own_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Record, rule, form."""
        parser.add_argument("record", metavar="RECORD", help="file with one learner's record")
        rule_arguments(parser)
        parser.add_argument(
            "--policy", action="append", metavar="ID", help="policy laid over the award; may be given several times"
        )
        parser.add_argument("--prefer", choices=("counted",), help="count as much as possible at the least shortfall")
        parser.add_argument("--settle", action="store_true", help="go through every answer to what is not known")
        parser.add_argument(
            "--why",
            choices=("learner", "officer", "lawyer"),
            default="officer",
            help="for whom the answer is written (default: officer)",
        )
        parser.add_argument("--html", metavar="FILE", help="write the answer as a page, too")
        parser.add_argument("--sheet", metavar="FILE", help="write a decision sheet to print, too")

    def run(self, options: argparse.Namespace) -> int:
        """Audit a record."""
        from . import _text as t

        world = self.world(options)
        record = read_record(options.record)
        rules = [find_rule(world, named) for named in options.rule]
        audit: Any
        if len(rules) > 1:
            variants = several_forms(options, "prefer", "settle", "policy")
            audit = world.audit_together(record, rules, variants=variants)
        else:
            audit = world.audit(
                record,
                rules[0],
                **one_form(options),
                prefer=options.prefer,
                settle=options.settle,
                policies=options.policy or (),
            )
        files(options, audit)
        if options.sheet:
            audit.sheet(options.sheet)
        text = ""
        if not options.json:
            text = "\n".join([str(audit.why(options.why)), t.footer(world)])
        emit(options, audit.to_dict(), text)
        return 0 if audit.verdict == "satisfied" else 1


class Complete(Command):
    """What to take from a catalogue so that a record meets a rule; exit status 1 if nothing does.

    The catalogue is a file: .json, or a table as .csv, .tsv or .xlsx (see: qualgraph template catalogue).
    """

    shown = (
        "record.csv --rule kr-acbs --catalogue courses.csv",
        "record.csv --rule kr-acbs --catalogue courses.csv --minimise months",
        "record.csv --rule kr-acbs --catalogue courses.csv --minimise cost,months",
    )

    def own_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Record, rule, catalogue, aim."""
        parser.add_argument("record", metavar="RECORD", help="file with one learner's record")
        rule_arguments(parser)
        parser.add_argument("--catalogue", required=True, metavar="FILE", help="file with what is on offer")
        parser.add_argument(
            "--minimise",
            default="cost",
            metavar="AIM",
            help="cost, count, credits or months (default: cost); two or three, separated by commas, "
            "give every plan that no other beats",
        )
        parser.add_argument("--html", metavar="FILE", help="write the answer as a page, too")

    def run(self, options: argparse.Namespace) -> int:
        """Plan a completion."""
        from ..stacking import Catalogue
        from . import _text as t

        world = self.world(options)
        aims = [aim.strip() for aim in options.minimise.split(",") if aim.strip()]
        rules = [find_rule(world, named) for named in options.rule]
        forms: dict[str, Any] = one_form(options) if len(rules) == 1 else {}
        if len(rules) > 1 and several_forms(options):
            raise InvalidValue("--variant is about one rule; several are completed together in every variant")
        answer: Any = world.complete(
            read_record(options.record),
            rules,
            Catalogue.read(options.catalogue),
            minimise=aims[0] if len(aims) == 1 else aims,
            **forms,
        )
        plans = [answer] if len(aims) == 1 else list(answer)
        if options.html and plans:
            files(options, plans[0])
        text = ""
        if not options.json:
            parts = []
            for plan in plans:
                parts.append(t.wrapped(str(plan)))
                if len(plan.additions):
                    parts.append(t.table(plan.additions, leave_out=("cost",) if plan.currency else ()))
                parts.append(t.section("Could not be taken", [t.bullet(note) for note in plan.notes]))
                parts.append(
                    t.section(
                        "Nothing on offer can meet", [t.bullet(f"{r['clause']}: {r['reason']}") for r in plan.remaining]
                    )
                )
            parts.append(t.footer(world))
            text = "\n".join(part for part in parts if part)
        payload = answer.to_dict() if len(aims) == 1 else {"plans": [plan.to_dict() for plan in plans]}
        emit(options, payload, text)
        return 0 if plans and all(plan.status != "impossible" for plan in plans) else 1


class Rules(Command):
    """A rule as sentences, each clause with its path and source.

    Without an id, one line for every rule in the facts; with two, what differs between them.
    """

    shown = (
        "kr-acbs",
        "my-rule.json",
        "nz-diploma-5 --form rule.xlsx",
        "gb-eng-l3-adult-care-excelsior gb-eng-l3-adult-care-millennium",
        "",
    )

    def own_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Ids or files."""
        parser.add_argument("rules", metavar="RULE", nargs="*", help="id of a rule in the facts, or a file")
        parser.add_argument("--lint", action="store_true", help="what in the rule can hardly be meant as it stands")
        parser.add_argument("--form", metavar="FILE", help="write the rule as a form, too: .xlsx, .csv or a folder")
        parser.add_argument("--html", metavar="FILE", help="write the answer as a page, too")

    def run(self, options: argparse.Namespace) -> int:
        """Print one rule, all rules, or a comparison."""
        from . import _text as t

        world = self.world(options)
        if len(options.rules) > 2:
            raise Error(f"rule takes one rule, or two to compare; found {len(options.rules)}")
        if not options.rules:
            table = world.rules.table
            emit(options, {"rules": list(table), "world": world.hash}, f"{t.table(table)}\n{t.footer(world)}")
            return 0
        rules = [find_rule(world, named) for named in options.rules]
        if options.form and len(rules) > 1:
            raise Error("--form writes one rule; found two")
        if options.form:
            rules[0].to_form(options.form)
        answer: Any = rules[0] if len(rules) == 1 else rules[0].compare(rules[1])
        if options.lint:
            answer = rules[-1].lint(world=world)
        if options.html:
            from pathlib import Path

            Path(options.html).write_text(page(answer), encoding="utf-8")
        emit(options, answer.to_dict(), str(answer))
        return 0


class Template(Command):
    """A spreadsheet to fill in: a learner's record, a rule, a catalogue, or claims to recognition."""

    shown = ("record record.xlsx", "rule rule.csv", "catalogue courses.xlsx")
    asks_facts = False

    def own_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Kind and file."""
        parser.add_argument("kind", choices=("record", "rule", "catalogue", "claims"))
        parser.add_argument("file", metavar="FILE", help="ends in .csv, .tsv or .xlsx; a folder for a rule")
        parser.add_argument("--force", action="store_true", help="write over a file that is there")

    def run(self, options: argparse.Namespace) -> int:
        """Write a template."""
        from pathlib import Path

        from ..stacking.templates import write_template

        if Path(options.file).exists() and not options.force:
            raise InvalidValue(f'"{options.file}" is there already; --force writes over it')
        if options.kind == "claims":
            from ..recognition import Claims

            Claims.write_template(options.file)
        else:
            write_template(options.kind, options.file)
        emit(options, {"written": [options.file]}, f"wrote {options.file}")
        return 0
