"""A decision sheet: one audit as a page to print, sign and file.

The page needs no script, no font and no network. What is left to people stays blank: day,
decision, names and signatures.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..display import escape, listing
from ..errors import InvalidValue
from .certificate import proof_in_words
from .resting import level_name, named
from .why import _verdict_line, amount_text, number_text

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from ..facts import Source
    from .audit import Audit
    from .why import Telling

__all__ = [
    "allocation",
    "bullets",
    "clauses",
    "document",
    "foot",
    "framed",
    "head",
    "page",
    "section",
    "signatures",
    "table",
    "verdict_box",
    "write",
    "write_page",
]

_STYLE = """
@page { size: A4; margin: 17mm 16mm 18mm 16mm; }
* { box-sizing: border-box; }
body { font: 10pt/1.38 "Liberation Sans", Arial, Helvetica, sans-serif; color: #111; background: #fff; margin: 0 auto;
  max-width: 178mm; }
@media screen { body { padding: 12mm 4mm; } }
h1 { font-size: 16pt; line-height: 1.2; margin: 0 0 1mm; }
h2 { font-size: 11.5pt; margin: 6mm 0 1.5mm; padding-bottom: .6mm; border-bottom: .3mm solid #111; break-after: avoid; }
p { margin: 1mm 0; }
.small { font-size: 8.5pt; color: #333; }
.head { display: grid; grid-template-columns: max-content 1fr; gap: .6mm 5mm; margin: 3mm 0; }
.head dt { color: #444; } .head dd { margin: 0; }
.verdict { border: .5mm solid #111; padding: 2.5mm 3.5mm; margin: 4mm 0; break-inside: avoid; }
.verdict b { font-size: 13pt; }
table { border-collapse: collapse; width: 100%; font-size: 9pt; }
th, td { text-align: left; vertical-align: top; padding: .9mm 2.5mm .9mm 0; border-bottom: .2mm solid #bbb; }
th { font-weight: 600; border-bottom: .3mm solid #555; }
tr { break-inside: avoid; } thead { display: table-header-group; }
td.n, th.n { text-align: right; white-space: nowrap; }
td.w { white-space: nowrap; }
.not td { background: #f0f0f0; }
code { font: 8pt "Liberation Mono", "DejaVu Sans Mono", monospace; color: #333; overflow-wrap: anywhere; }
ul { margin: 1mm 0 1mm 5mm; padding: 0; } li { margin: .5mm 0; break-inside: avoid; }
.sign { display: grid; grid-template-columns: 1fr 1fr; gap: 11mm 10mm; margin-top: 9mm; break-inside: avoid; }
.sign div { border-top: .3mm solid #111; padding-top: 1mm; font-size: 8.5pt; color: #333; }
.boxes { display: grid; grid-template-columns: repeat(3, max-content); gap: 2mm 10mm; margin: 2mm 0; }
.boxes span::before { content: ""; display: inline-block; width: 3.4mm; height: 3.4mm; border: .3mm solid #111;
  margin-right: 2mm; vertical-align: -.5mm; }
.foot { margin-top: 6mm; padding-top: 1.5mm; border-top: .2mm solid #777; font-size: 8pt; color: #333;
  overflow-wrap: anywhere; break-inside: avoid; }
"""
_MARKS = {
    "satisfied": "Met",
    "provisional": "Met only provisionally",
    "unsatisfied": "Not met",
    "undecided": "Not decided",
}


def write(audit: Audit, path: str | os.PathLike[str]) -> Path:
    """Write the sheet of an audit and say where it is."""
    return write_page(path, page(audit))


def write_page(path: str | os.PathLike[str], html: str) -> Path:
    """Write a page and say where it is."""
    from pathlib import Path

    target = Path(path)
    if target.suffix.lower() not in (".html", ".htm"):
        raise InvalidValue(f'"{path}": a sheet is an HTML page, its name ends in .html; print it to PDF from a browser')
    target.write_text(html, encoding="utf-8", newline="\n")
    return target


def table(heads: Sequence[tuple[str, str]], rows: Iterable[tuple[str, Sequence[str]]]) -> str:
    """A table of cells that are HTML already; a head is its text and the class of its column."""
    head = "".join(f'<th scope="col" class="{kind}">{escape(text)}</th>' for text, kind in heads)
    body = []
    for kind, cells in rows:
        line = "".join(f'<td class="{column}">{cell}</td>' for cell, (_, column) in zip(cells, heads, strict=True))
        body.append(f'<tr class="{kind}">{line}</tr>')
    return f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(body)}</tbody></table>"


def section(title: str, body: str) -> str:
    """A part under its heading; nothing where it is empty."""
    return f"<h2>{escape(title)}</h2>{body}" if body else ""


def bullets(lines: Iterable[str]) -> str:
    """Lines as a list; nothing where there are none."""
    listed = "".join(f"<li>{escape(line)}</li>" for line in lines)
    return f"<ul>{listed}</ul>" if listed else ""


def page(audit: Audit) -> str:
    """The sheet of an audit as an HTML page."""
    telling = audit._telling()
    together, corrections = telling.clash() if audit.verdict == "unsatisfied" else ([], [])
    decisive = [row["sentence"] for row in audit.decisive] if audit.verdict == "provisional" else []
    answered = all(row["answer"] is not None for row in audit.decisive) if decisive else True
    settles = "What would settle what is not known" if answered else "What it hangs on"
    missing = [] if audit.reading == "favourable" else telling.lacking(paths=True)
    parts = [
        _head(audit),
        _verdict(telling),
        section("How the items count", _as_read(audit) + allocation(telling)),
        section("Clause by clause", clauses(audit)),
        # Of a provisional verdict the page shows what is met, and on what it hangs; never the other reading.
        section("What is missing", bullets(missing)),
        section(settles, bullets(decisive)),
        section("What the rule leaves open", bullets(telling.open_reuse())),
        section("What is left out, and why", bullets(telling.left_out(paths=True))),
        section("Clauses that cannot hold together", bullets(together)),
        section("What would have to give", bullets(corrections)),
        section("Levels of other frameworks that were judged", bullets(telling.levels())),
        section("Credits of other systems that were converted", bullets(telling.credits())),
        section("Edits that acted", bullets(telling.edits())),
        section("Other variants", bullets(telling.variants())),
        section("How it is shown", f"<p>{escape(proof_in_words(audit.certificate, telling.called))}</p>"),
        section("Levels named above", bullets(_levels(audit))),
        section("Texts the rule rests on", bullets(map(named, audit.rule.sources)) or "<p>None is named.</p>"),
        section("Documents behind levels and credits", bullets(map(named, _documents(audit)))),
        section("Decision", signatures()),
        _foot(audit),
    ]
    return document(f"Decision sheet: {audit.rule.title}", parts)


def document(title: str, parts: Iterable[str]) -> str:
    """A whole page of parts that are HTML."""
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head>\n<body>{''.join(parts)}</body></html>\n"
    )


def _head(audit: Audit) -> str:
    record = audit.record.to_dict()
    rule = audit.rule
    rows = [
        ("Learner", record.get("learner") or "\u00a0"),
        ("Record", record.get("record") or "\u00a0"),
        ("Award" if rule.kind == "award" else "Policy", f"{rule.title} ({rule.id})"),
    ]
    if rule.level:
        rows.append(("Level", _level(audit, rule.level)))
    for key, value in audit.choice.items():
        rows.append((key.capitalize(), listing(value) if isinstance(value, list) else str(value)))
    if record.get("as_of"):
        rows.append(("Record as of", str(record["as_of"])))
    return head(rows)


def head(rows: Iterable[tuple[str, str]]) -> str:
    """What the sheet is about."""
    listed = "".join(f"<dt>{escape(name)}</dt><dd>{escape(text)}</dd>" for name, text in rows)
    return f'<h1>Decision sheet</h1><dl class="head">{listed}</dl>'


def _verdict(telling: Telling) -> str:
    audit = telling.audit
    lines = [_verdict_line(telling)]
    if audit.shortfalls and audit.verdict not in ("satisfied", "provisional"):
        lines.append(telling.together() or f"Lacking: {_lacking(audit)}.")
    return verdict_box(audit.verdict, lines)


def verdict_box(verdict: str, lines: Iterable[str]) -> str:
    """The verdict in a frame."""
    return framed(_MARKS[verdict], lines)


def framed(title: str, lines: Iterable[str]) -> str:
    """What the page comes to, in a frame."""
    said = "".join(f"<p>{escape(line)}</p>" for line in lines)
    return f'<div class="verdict"><b>{escape(title)}</b>{said}</div>'


def _lacking(audit: Audit) -> str:
    return listing([amount_text(value, name) for name, value in audit.shortfalls.items()])


def _level(audit: Audit, level: str) -> str:
    name = level_name(audit.world, level)
    return level if name == level else f"{name} ({level})"


def _levels(audit: Audit) -> list[str]:
    """The levels that counted items carry, with the names a reader of codes would have to look up."""
    counted = {row[0] for row in audit._best["allocation"]}
    levels: dict[str, None] = {}
    for item in audit.record.items:
        if item.get("id") in counted and item.get("level"):
            stated = item["level"]
            levels.update(dict.fromkeys([stated] if isinstance(stated, str) else stated))
    names = {level: level_name(audit.world, level) for level in sorted(levels)}
    return [f"{level}: {name}." for level, name in names.items() if name != level]


def _documents(audit: Audit) -> list[Source]:
    own = set(audit.rule.sources)
    return [source for source in [*audit.sources, *audit.texts] if source not in own]


def allocation(telling: Telling) -> str:
    """Where the items count, place by place."""
    audit = telling.audit
    items = {item["id"]: item for item in audit.record.items if item.get("id")}
    measure = audit.measure
    rows: list[tuple[str, list[str]]] = []
    for place, held in telling.by_place().items():
        amounts = [amount for _, amount in held]
        known = all(amount is not None for amount in amounts)
        total = (sum(a[0] for a in amounts), sum(a[1] for a in amounts)) if known else None
        name = telling.place(place)
        head = f"<b>{escape(name[:1].upper() + name[1:])}</b>"
        rows.append(("", [head, "", "", "", f"<b>{escape(number_text(total))}</b>"]))
        for id, amount in held:
            item = items.get(id, {})
            about = [escape(item.get("title") or id), f"<code>{escape(id)}</code>"]
            about += [escape(_joined(item.get(key))) for key in ("level", "origin")]
            rows.append(("", [*about, escape(number_text(amount))]))
    if not rows:
        return f"<p>{escape(telling.counted()[0] if telling.asks_no_amount else 'No item counts.')}</p>"
    rows.append(("", ["<b>Counted in all</b>", "", "", "", f"<b>{escape(number_text(audit.counted))}</b>"]))
    heads = [("Place and item", ""), ("Id", ""), ("Level", "w"), ("Origin", ""), (measure.capitalize(), "n")]
    stated = [number for number in range(5) if any(cells[number] for _, cells in rows)]
    return table([heads[n] for n in stated], [(kind, [cells[n] for n in stated]) for kind, cells in rows])


def _joined(value: Any) -> str:
    if value is None:
        return ""
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def clauses(audit: Audit) -> str:
    """Every clause with its figures and where it stands."""
    rows = []
    before = None
    for row in audit.clauses:
        figures = ""
        if row["needed"] is not None and row["measure"]:
            have = "?" if row["have"] is None else number_text(row["have"])
            figures = f"{have} / {number_text(row['needed'])}"
        remark = f'<br><span class="small">{escape(row["remark"])}</span>' if row["remark"] else ""
        # Copies and halves of one clause say its sentence and its source once.
        again = row["sentence"] is not None and row["sentence"] == before
        before = row["sentence"]
        sentence = "" if again else escape(row["sentence"] or "")
        said = f"{sentence} <code>{escape(row['clause'])}</code>{remark}"
        law = "" if again else escape(row["source"] or "the texts below together")
        met = "met" if row["met"] else "<b>not met</b>"
        rows.append(("" if row["met"] else "not", [said, escape(figures), met, law]))
    heads = [("Clause", ""), ("Have / bound", "n"), ("", "w"), ("Where it stands", "")]
    return _as_read(audit) + table(heads, rows)


def _as_read(audit: Audit) -> str:
    """How to take the figures of a provisional verdict."""
    if audit.reading != "favourable":
        return ""
    return '<p class="small">With every point that is not known read for the learner.</p>'


def signatures() -> str:
    """Boxes and lines for those who decide."""
    boxes = "".join(f"<span>{escape(word)}</span>" for word in ("Granted", "Granted with conditions", "Refused"))
    fields = (
        "Place and date",
        "Reference",
        "Decided by (name, office, signature)",
        "Checked by (name, office, signature)",
    )
    lines = "".join(f"<div>{escape(field)}</div>" for field in fields)
    return f'<div class="boxes">{boxes}</div><div class="sign">{lines}</div>'


def _foot(audit: Audit) -> str:
    lines = [
        audit._legal,
        'What is not known was read against the learner for "met" and for the learner for "met only provisionally".',
        f"Rule {audit.rule.id}, content {audit.rule.hash}. Record, content {audit.record.hash}. "
        f"Facts, content {audit.world.hash}. {audit._facts_line()}",
    ]
    return foot(lines)


def foot(lines: Iterable[str]) -> str:
    """Legal status and identity, in small print."""
    return f'<div class="foot">{"".join(f"<p>{escape(line)}</p>" for line in lines)}</div>'
