"""A decision sheet for claims to prior learning: one page to print, sign and file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..display import escape, fraction_text, listing, mark
from ..stacking.resting import named
from ..stacking.sheet import bullets, document, foot, framed, head, section, signatures, table, write_page

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable
    from pathlib import Path

    from .recognise import ClaimAnswer, Recognition

__all__ = ["page", "write"]

_DECIDED = {
    "granted": "Granted",
    "refused": "<b>Refused</b>",
    "open": "<b>Open</b>",
    "not_counted": "<b>Not counted</b>",
}
_MET = {True: "met", False: "<b>not met</b>", None: "not known"}
_BASES = {"target": "the award", "source": "the award the credit comes from"}


def write(answer: Recognition, path: str | os.PathLike[str]) -> Path:
    """Write the sheet and say where it is."""
    return write_page(path, page(answer))


def page(answer: Recognition) -> str:
    """The sheet as an HTML page, without script, font or network."""
    claims = list(answer.claims.values())
    asks = [f"{_title(one)}: {listing([each.replace('_', ' ') for each in one.asks])}." for one in claims if one.asks]
    names = {layer.id: layer.name for layer in answer.layers}
    disagree = [
        f"{_title(answer.claims[row['claim']])}: allowed by {listing(row['allows'])}; forbidden by "
        f"{listing(row['forbids'])}."
        for row in answer.conflicts
    ]
    remarks = [f"{names[id]}: {text}" for id, texts in answer.remarks.items() for text in texts]
    parts = [
        head(_about(answer)),
        framed(listing(_counted(claims)), [answer._sentence()]),
        section("Claims", _claims(claims)),
        section("What would settle open claims", bullets(asks)),
        section("Texts that disagree", bullets(disagree)),
        section("Limits", _limits(answer)),
        section("Condition by condition", _conditions(claims)),
        section("What the award still lacks", bullets(answer.audit._telling().lacking(paths=True))),
        section("What the texts say besides, which no claim can be tested by", bullets(remarks)),
        section("Texts", bullets(map(named, answer.sources))),
        section("Decision", signatures()),
        foot(_small_print(answer)),
    ]
    return document(f"Decision sheet: prior learning toward {answer.rule.title}", parts)


def _about(answer: Recognition) -> list[tuple[str, str]]:
    record = answer.record.to_dict()
    texts = [f"{layer.name} ({mark(layer.evidence)})" for layer in answer.layers]
    rows = [
        ("Applicant", record.get("learner") or "\u00a0"),
        ("Record", record.get("record") or "\u00a0"),
        ("Award", f"{answer.rule.title} ({answer.rule.id})"),
        ("Decided under", "; ".join([*texts, *(f"the clauses of {id}" for id in answer.laid)])),
    ]
    return rows + ([("As of", str(record["as_of"]))] if record.get("as_of") else [])


def _title(one: ClaimAnswer) -> str:
    return str(one.claim.get("title") or one.claim.get("unit") or one.id)


def _counted(claims: Iterable[ClaimAnswer]) -> list[str]:
    words = {"granted": "granted", "refused": "refused", "open": "open", "not_counted": "not counted"}
    by = {status: sum(one.status == status for one in claims) for status in words}
    return [f"{number} {words[status]}" for status, number in by.items() if number] or ["No claims"]


def _amount(value: Any) -> str:
    return "" if value is None else value if isinstance(value, str) else fraction_text(value)


def _claims(claims: Iterable[ClaimAnswer]) -> str:
    rows = []
    for one in claims:
        evidence = [str(each.get("kind") or each.get("title") or "") for each in one.claim.get("evidence") or ()]
        what = f"{escape(_title(one))} <code>{escape(one.id)}</code>"
        if evidence:
            what += f'<br><span class="small">Evidence: {escape(listing(evidence))}</span>'
        # Credit of another system is granted as asked: no number of the award's own is known for it.
        given = _amount(one.granted if one.granted is not None else one.asked if one.status == "granted" else None)
        cells = [what, escape(one.purpose), escape(_amount(one.asked)), escape(given), _DECIDED[one.status]]
        rows.append(("" if one.status == "granted" else "not", [*cells, escape("; ".join(one.reasons))]))
    heads = [("Claim", ""), ("For", ""), ("Asked", "n"), ("Granted", "n"), ("Decision", "w"), ("Why not", "")]
    return table(heads, rows)


def _limits(answer: Recognition) -> str:
    rows = []
    names = {layer.id: layer.name for layer in answer.layers}
    for row in answer.caps:
        share = f"at most {fraction_text(row['share'])} of {_BASES.get(row['base'], row['base'])}"
        applies = {True: "", None: "whether it is about this award is not known", False: "not about this award"}
        remark = row["applies"] if isinstance(row["applies"], str) else applies[row["applies"]]
        figures = [_amount(row[key]) if row[key] is not None else "?" for key in ("limit", "used", "left")]
        said = f"{escape(share)} ({escape(row['evidence'])})"
        if remark:
            said += f'<br><span class="small">{escape(remark)}</span>'
        rows.append(("", [escape(names[row["layer"]]), said, *map(escape, figures)]))
    return table([("Text", ""), ("Limit", ""), ("Credits", "n"), ("Used", "n"), ("Left", "n")], rows) if rows else ""


def _conditions(claims: Iterable[ClaimAnswer]) -> str:
    rows = []
    for one in claims:
        before = ""
        for found in one.findings:
            title = "" if before == one.id else escape(_title(one))
            before = one.id
            evidence = f" ({mark(found.evidence)})" if found.evidence else ""
            cells = [title, escape(found.text), _MET[found.met], escape(f"{found.layer.name}{evidence}")]
            rows.append(("" if found.met else "not", cells))
    return table([("Claim", ""), ("Condition", ""), ("", "w"), ("Text", "")], rows) if rows else ""


def _small_print(answer: Recognition) -> list[str]:
    return [
        answer._legal,
        "What is not known neither grants nor refuses a claim: it stays open.",
        f"Rule {answer.rule.id}, content {answer.rule.hash}. Record, content {answer.record.hash}. "
        f"Facts, content {answer.world.hash}. {answer._facts_line()}",
    ]
