"""Spreadsheets to fill in: a record, a rule, a catalogue; and rules written as their form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from ..errors import InvalidValue
from .form_layout import COLUMNS as RULE_COLUMNS
from .form_layout import KINDS, SHEETS
from .form_write import form_of, sheets_of

if TYPE_CHECKING:
    import os
    from pathlib import Path

    from .rule import Rule

__all__ = ["RULE_COLUMNS", "Page", "write_form", "write_pages", "write_template"]


class Page(NamedTuple):
    """A sheet to write: remarks, ``@`` rows, headings and rows."""

    name: str
    remarks: tuple[str, ...]
    heads: list[tuple[str, str]]
    columns: tuple[str, ...]
    rows: list[dict[str, str]]


_RULE_HELP = (
    "A stacking rule, one clause a row. Lines that begin with # are remarks and are not read.",
    "Rows that begin with @ say what the rule is; the next line of headings begins the clauses.",
    "kind: total (bounds on all that counts), place (where items are put), floor (a minimum over what counts), "
    "cap (a limit on what counts), gate (only such items count), requirement (something without credit), "
    "parameter, source.",
    "tag, unit, level_at_least, origin and the like say which items a clause is about; several values are joined "
    "with ; and mean 'or', several columns mean 'and'. not_tag and the like leave items out.",
    "What these columns cannot say stands in from as a phrase: tag is core; lab and not level at most nz-nzqcf:4. "
    "Everything stands for all items. In a gate from says which items it is about, the rest what they must be.",
    "min, max, exact are numbers (60, 7.5, 15/2); ? says that there is a bound whose amount is not known; "
    "=NAME takes it from a parameter. max_share and min_share are fractions (1/2) of base (target, counted, ...).",
    "level is written framework:code, as nz-nzqcf:5. credit names the credit system, as nz-credit.",
    "document, clause and evidence (read or known) say where a clause stands; document is the id of a source.",
)
_MORE_HELP = (
    "More than one sheet is needed only for what the first cannot say; sheets may stay empty. This one is not read.",
    "within: the variant, title or exit that a row belongs to, as variant long; empty: the rule itself.",
    "when: the clause is in force only so: parameter year at least 2020, award is diploma, met places/core, "
    "holds 14 credits of (tag is calculus). Such phrases are joined with and, or, not and parentheses.",
    "A number that depends on the case: write by case in its cell, and the cases in the sheet cases.",
)
#: What each sheet is for.
_SHEET_HELP = {
    "places": "Where items are put. inside: the place around it. choose: how many of the places inside (2, 1-3, 1-).",
    "floors": "At least so much of what counts. distinct: different values, as tag:department.",
    "caps": "At most so much counts. union: other caps, for what falls under any of them.",
    "sharing": "overlap: what may sit in two places (between, joined with ;). exclusion: sets of items parted by |, "
    "of which at most max may count. limit: how much may have been used for another award.",
    "gates": "gate: only such items count. window: dates within a span, as 6 years. pace: at most so much per year. "
    "prerequisite: for these items, what has to be held or met (needs).",
    "requirements": "requirement: something without credit (what, type). outcome: learning outcomes to be covered.",
    "grades": "average: a least mean. method: the class of the award, one part of the method a row.",
    "alternatives": "variant: forms of the award. title: names that need more. exit: awards for those who stop early. "
    "Their clauses stand in the other sheets and name them in within.",
    "edits": "substitution: what may stand in for what, decided by whom. waiver: the clause (path) that may be set "
    "to something else, or dropped where to is empty.",
    "readings": "Other readings of the same text. change: within names the reading; path is the clause; to is what "
    "it becomes, or dropped; a whole clause is put into the other columns.",
    "cases": "Numbers that depend on the case: path of the number (caps/rpl/max_share), when, value. The first case "
    "that holds decides; otherwise stands for all the others.",
    "units": "Units that the rule names. tag: what kind of unit it is.",
    "scales": "Ladders and grade scales of one's own: order from the lowest, points as A=4; B=3.",
    "parameters": "What has to be said of a case before the rule can be applied.",
    "sources": "The texts that state the rule. evidence: read, or known only.",
    "informative": "What was left out of the rule, and why.",
}
_RECORD_HELP = (
    "What one learner holds, one credential a row. Lines that begin with # are remarks and are not read.",
    "Rows that begin with @ say something of the whole record; leave them empty where it is not known. learner: a "
    "name or number. as_of, registration, admission, claim: days. credit: the credit system of plain numbers, as "
    "nz-credit. awards: ids of awards already held.",
    "An empty cell means: not known. A minus sign (-) means: known to be none. Several values are joined with ;",
    "credits: 12, 7.5, 15/2, 10-15 or 30 ects. level: framework:code, as nz-nzqcf:5. date: 2026-03-01.",
    "origin: taught, transfer, rpl, micro, imported, vet, training or non-degree. status: passed (default), failed, "
    "exempted, in-progress or planned. used_for: awards the credential has already served; - if none.",
    "tags: words that the rule uses, as core or elective. quality_assured, assessed, whole: true or false.",
)


_CATALOGUE_HELP = (
    "What is on offer, one credential a row. Lines that begin with # are remarks and are not read.",
    "The columns of a record describe what an offer brings; an empty cell means: not known.",
    "currency: its three letters, as NZD. cost: whole minor units of it, as 45000 for NZD 450.00 and 45000 for KRW "
    "45,000; empty is unknown and never free.",
    "requires: A;B|C means A, and one of B and C. available_from, available_until: days. max_takes: 1 unless stated.",
)
#: Words that a column takes, offered as a list by spreadsheets.
_OFFERED = {
    "measure": ("credits", "units", "hours", "points"),
    "base": ("target", "counted", "component", "source", "smaller"),
    "rounding": ("none", "down", "up", "half-up", "half-even"),
    "use": ("exclusive", "shared"),
    "items": ("whole", "splittable"),
    "effect": ("trim", "invalid"),
    "over": ("counted", "record"),
    "timing": ("before", "with", "after", "any"),
    "gives": ("place", "unassigned", "exemption"),
    "repeats": ("best", "all", "last"),
    "ungraded": ("skip", "pass", "fail"),
    "starts": ("earliest", "registration", "admission"),
    "evidence": ("read", "known"),
    "all": ("true",),
}


def _grid(page: Page) -> list[list[str]]:
    grid: list[list[str]] = [[f"# {remark}"] for remark in page.remarks]
    grid += [list(pair) for pair in page.heads]
    if page.columns:
        grid.append(list(page.columns))
    return grid + [[row.get(column, "") for column in page.columns] for row in page.rows]


def write_pages(path: str | os.PathLike[str], pages: list[Page], folder: bool = False) -> None:
    """Write sheets as ``.csv`` or ``.tsv`` (one section each), ``.xlsx``, or with ``folder`` as a folder of tables.

    Raises
    ------
    InvalidValue
        For another kind of file, or a folder that holds tables already.
    """
    from pathlib import Path

    place = Path(path)
    kind = place.suffix.lower()
    if kind in (".csv", ".tsv"):
        grid = _grid(pages[0])
        for page in pages[1:]:
            grid += [[], [f"[{page.name}]"], *_grid(page)]
        _write_csv(place, grid)
    elif kind == ".xlsx":
        _write_workbook(place, pages)
    elif folder and not kind and not place.is_file():
        if place.is_dir() and any(one.suffix.lower() in (".csv", ".tsv") for one in place.iterdir()):
            raise InvalidValue(f'the folder "{path}" holds tables already, which would be read with the new ones')
        place.mkdir(parents=True, exist_ok=True)
        for page in pages:
            _write_csv(place / f"{page.name}.csv", _grid(page))
    else:
        raise InvalidValue(f'"{path}" is no table: it must end in .csv, .tsv or .xlsx')


def _write_csv(path: Path, grid: list[list[str]]) -> None:
    import csv

    with open(path, "w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file, delimiter="\t" if path.suffix.lower() == ".tsv" else ",").writerows(grid)


def _write_workbook(path: Path, pages: list[Page]) -> None:
    from ..table import _need

    openpyxl = _need("openpyxl", "writing a workbook")
    book = openpyxl.Workbook()
    book.remove(book.active)
    for page in pages:
        _write_sheet(openpyxl, book.create_sheet(page.name), page)
    book.save(path)


def _write_sheet(openpyxl: Any, sheet: Any, page: Page) -> None:
    from openpyxl.styles import Alignment, Font  # type: ignore[import-untyped, unused-ignore]
    from openpyxl.worksheet.datavalidation import DataValidation  # type: ignore[import-untyped, unused-ignore]

    from ..table import _for_excel

    headings = len(page.remarks) + len(page.heads) + 1
    for number, line in enumerate(_grid(page), 1):
        for position, text in enumerate(line, 1):
            if not text:
                continue
            cell = sheet.cell(row=number, column=position)
            cell.value = _for_excel(text)
            # As text: what begins with "=" must never be taken for a formula, nor 1/2 for a day.
            cell.data_type = "s"
            cell.number_format = "@"
            if text.startswith("# "):
                cell.font = Font(italic=True, color="555555")
            elif number == headings:
                cell.font = Font(bold=True)
                cell.alignment = Alignment(wrap_text=False)
            elif text.startswith("@"):
                cell.font = Font(bold=True)
    wide = {"title": 36, "note": 36, "what": 36, "why": 36, "from": 28, "require": 28, "when": 36, "path": 28}
    for position, name in enumerate(page.columns, 1):
        letter = openpyxl.utils.get_column_letter(position)
        sheet.column_dimensions[letter].width = wide.get(name, max(12, len(name) + 2))
        offered = SHEETS.get(page.name, tuple(KINDS)) if name == "kind" else _OFFERED.get(name)
        if page.name == "rule" and name == "kind":
            offered = tuple(KINDS)
        if offered and len(",".join(offered)) < 255:
            # Offered and not imposed: "?" or a word of a later version may stand there too.
            choices = DataValidation(type="list", formula1=f'"{",".join(offered)}"', allow_blank=True)
            choices.showErrorMessage = False
            choices.add(f"{letter}{headings + 1}:{letter}{headings + 500}")
            sheet.add_data_validation(choices)
    if page.columns:
        sheet.freeze_panes = sheet.cell(row=headings + 1, column=1)


def write_form(rule: Rule, path: str | os.PathLike[str]) -> None:
    """Write a rule as its form: one sheet if it is plain, else one for each topic."""
    heads, rows = form_of(rule.to_dict())
    pages = [
        Page(name, (_SHEET_HELP[name],) if name in _SHEET_HELP else (), heads if name == "rule" else [], columns, rows)
        for name, (columns, rows) in sheets_of(rows).items()
    ]
    write_pages(path, pages, folder=True)


#: Columns of an empty form that stands on one sheet.
_FIRST = (
    "kind", "id", "title", "inside", "from", "tag", "unit", "level_at_least", "origin", "not_tag", "all", "choose",
    "in", "min", "max", "exact", "min_share", "max_share", "base", "rounding", "measure", "what", "type", "document",
    "clause", "url", "evidence", "note",
)  # fmt: skip


def _rule_pages(heads: list[tuple[str, str]], examples: list[dict[str, str]], several: bool) -> list[Page]:
    first = Page("rule", _RULE_HELP if not several else (), heads, _FIRST, examples)
    if not several:
        return [first]
    pages = [Page("help", (*_RULE_HELP, *_MORE_HELP), [], (), []), first]
    for name, kinds in SHEETS.items():
        if name != "rule":
            columns = {column for kind in kinds for column in KINDS[kind]} | {"kind", "id"}
            if kinds == ("place",) or kinds == ("floor",) or kinds == ("cap",):
                columns |= {"tag", "unit", "level_at_least", "origin", "not_tag"}
            if name not in ("units", "scales", "parameters", "sources", "informative", "cases"):
                columns.add("within")
            listed = tuple(column for column in RULE_COLUMNS if column in columns)
            pages.append(Page(name, (_SHEET_HELP[name],), [], listed, []))
    return pages


def write_template(kind: str, path: str | os.PathLike[str]) -> None:
    """Write an empty form with explanations and example rows.

    Parameters
    ----------
    kind : {"record", "rule", "catalogue"}
    path : path
        Ends in ``.csv``, ``.tsv`` or ``.xlsx``, or is a folder for the tables of a rule.

    Raises
    ------
    InvalidValue
        For another kind, or another ending.
    """
    from pathlib import Path

    from .flat import COLUMNS, OFFER_COLUMNS

    if kind == "record":
        heads = [
            ("@record", "record-1"),
            ("@learner", ""),
            ("@as_of", ""),
            ("@credit", ""),
            ("@awards", ""),
            ("@registration", ""),
            ("@admission", ""),
            ("@claim", ""),
        ]
        rows = [
            {
                "id": "example-1",
                "title": "An example to overwrite",
                "credits": "5",
                "level": "nz-nzqcf:5",
                "origin": "micro",
            }
        ]
        write_pages(path, [Page("record", _RECORD_HELP, heads, COLUMNS, rows)])
    elif kind == "rule":
        heads = [
            ("@id", "my-rule"),
            ("@title", "My award"),
            ("@level", ""),
            ("@credit", ""),
            ("@use", "exclusive"),
            ("@items", "whole"),
        ]
        examples = [
            {"kind": "total", "min": "60"},
            {"kind": "place", "id": "core", "title": "Core", "tag": "core", "min": "30"},
            {"kind": "place", "id": "rest", "title": "Everything else", "from": "everything"},
            {
                "kind": "cap",
                "id": "rpl",
                "origin": "rpl",
                "max_share": "1/2",
                "document": "regulations",
                "clause": "4.2",
            },
            {"kind": "source", "id": "regulations", "title": "The text that states the rule", "evidence": "known"},
        ]
        several = Path(path).suffix.lower() not in (".csv", ".tsv")
        write_pages(path, _rule_pages(heads, examples, several), folder=True)
    elif kind == "catalogue":
        heads = [("@catalogue", "catalogue-1"), ("@as_of", ""), ("@credit", ""), ("@currency", "")]
        offered = {"id": "course-1", "title": "An example to overwrite", "credits": "10", "origin": "micro"}
        rows = [{**offered, "cost": "45000", "months": "3"}]
        write_pages(path, [Page("catalogue", _CATALOGUE_HELP, heads, OFFER_COLUMNS, rows)])
    else:
        raise InvalidValue(f'there is no template of a "{kind}"; there is one of a record, a rule and a catalogue')
