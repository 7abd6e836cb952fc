"""The command about definitions: a catalogue in the words of each text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..errors import UnknownId
from ._command import Command, emit, file_options, files

if TYPE_CHECKING:
    import argparse

    from ..definitions import TableClassification
    from ..world import World

__all__ = ["Classify"]


class Classify(Command):
    """What the credentials of a catalogue are in the words of each definition.

    The catalogue is a file: .csv, .tsv, .xlsx, .parquet or .json; one row for each credential, one
    column for each attribute; an empty cell is not known (see: qualgraph template catalogue).
    With --definition the exit status is 1 unless every credential satisfies it; with --credential
    and no --definition, unless the credential satisfies every definition.
    """

    shown = (
        "catalogue.csv",
        'catalogue.csv --small "30 hours" --html verdicts.html',
        "catalogue.csv --definition au-2021",
        "catalogue.csv --credential web-basics --definition nzqa-2018",
    )

    def own_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Catalogue, definition, credential."""
        parser.add_argument("catalogue", metavar="CATALOGUE", help="file with the credentials")
        parser.add_argument("--definition", metavar="DEFINITION", help="one definition only, by its id")
        parser.add_argument("--credential", metavar="ID", help="one credential only, with every clause")
        parser.add_argument("--small", metavar="SIZE", help='what "small" is to mean, such as "30 hours" or "3 ects"')
        parser.add_argument("--credit", metavar="SYSTEM", help="system of credits that name none")
        file_options(parser)

    def run(self, options: argparse.Namespace) -> int:
        """Classify a catalogue."""
        world = self.world(options)
        table = world.classify_table(options.catalogue, small=options.small, credit=options.credit)
        if options.definition is not None and options.definition not in table.definitions:
            from .. import _core

            near = _core.did_you_mean(options.definition, list(table.definitions))
            raise UnknownId(f'no definition "{options.definition}" that gives verdicts.{near}')
        if options.credential is not None:
            return self._one(options, world, table)
        return self._all(options, world, table)

    def _one(self, options: argparse.Namespace, world: World, table: TableClassification) -> int:
        from . import _text as t

        ids = [str(id) for id in table.ids]
        if options.credential not in ids:
            from .. import _core

            near = _core.did_you_mean(options.credential, ids[:10_000])
            raise UnknownId(f'no credential "{options.credential}" in the catalogue.{near}')
        answer = table.classification(table.ids[ids.index(options.credential)])
        named = list(answer) if options.definition is None else [options.definition]
        files(options, answer)
        payload = answer.to_dict()
        text = ""
        if not options.json:
            asked = answer.questions if options.definition is None else answer[options.definition].questions
            lines = [] if options.definition is not None else [t.wrapped(str(answer)), ""]
            lines += ["\n".join(t.wrapped(line, "    ", "  " if line[:1] == " " else "")
                                for line in str(answer[id]).splitlines()) for id in named]  # fmt: skip
            if asked:
                lines += ["", t.wrapped(f"What would settle the rest: {', '.join(asked)}.")]
            text = "\n".join([*lines, t.footer(world)])
        emit(options, payload, text)
        return 0 if all(answer.verdicts[id] == "satisfied" for id in named) else 1

    def _all(self, options: argparse.Namespace, world: World, table: TableClassification) -> int:
        from ..display import aligned
        from . import _text as t

        files(options, table)
        payload = table.to_dict()
        if options.definition is None:
            text = "\n".join([t.wrapped(str(table)), "", _aligned(table.counts), t.footer(world)])
            emit(options, payload, text)
            return 0
        verdicts = table.column(options.definition)
        payload["verdicts"] = {str(id): verdict for id, verdict in zip(table.ids, verdicts, strict=True)}
        rows: dict[str, list[Any]] = {"credential": list(table.ids), options.definition: verdicts}
        row = table.counts[options.definition]
        said = f"{options.definition}: {row['satisfied']} of {len(table)} satisfied, "
        said += f"{row['violated']} violated, {row['unknown']} unknown."
        emit(options, payload, "\n".join([said, "", aligned(rows), t.footer(world)]))
        return 0 if row["satisfied"] == len(table) else 1


def _aligned(table: Any) -> str:
    from ..display import aligned

    names = {"satisfied_with_exceptions": "with exceptions"}
    return aligned({names.get(name, name): table.column(name) for name in table.column_names})
