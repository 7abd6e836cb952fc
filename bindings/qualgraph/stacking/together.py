"""Words and a decision sheet for several awards audited at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..display import listing
from ..errors import InvalidValue
from .resting import named
from .why import VOICES, Explanation

if TYPE_CHECKING:
    from .audit import Audit
    from .awards import AwardsAudit

__all__ = ["explain", "lacking", "page"]

_BESIDE = {
    "satisfied": "met beside the others",
    "provisional": "met beside the others only if what is not known turns out well",
    "unsatisfied": "not met beside the others",
    "undecided": "not settled within the budget",
}


def lacking(answer: AwardsAudit) -> str:
    """What each award lacks, in one line."""
    said = []
    for audit in answer.audits.values():
        telling = audit._telling()
        rows = [line.rstrip(".") for line in telling.lacking(paths=False, unknown=False)]
        if rows:
            more = f"; and {len(rows) - 3} more" if len(rows) > 3 else ""
            said.append(f"{audit.rule.title}: {'; '.join(rows[:3])}{more}.")
    return " ".join(said)


def _state(answer: AwardsAudit, audit: Audit) -> str:
    """How one award stands beside the others: the verdict of all awards says nothing of one."""
    if answer.verdict == "undecided":
        return "undecided"
    if not audit._best["missing"] and not audit._best["impossible"]:
        return "satisfied"
    return "provisional" if answer.verdict == "provisional" else "unsatisfied"


def _missing(answer: AwardsAudit, audit: Audit, paths: bool) -> list[str]:
    """What an award lacks; where the verdict is provisional, all of it hangs on what is not known."""
    telling = audit._telling()
    return telling.lacking(paths=paths, unknown=True if answer.verdict == "provisional" else None)


def _awards(answer: AwardsAudit, paths: bool) -> list[tuple[str, list[str]]]:
    """One section per award: where its items count, and what is lacking."""
    sections = []
    for audit in answer.audits.values():
        telling = audit._telling()
        state = _state(answer, audit)
        lines = telling.placed() + _missing(answer, audit, paths)
        if audit._best["impossible"]:
            lines.append("The limits of the rule cannot all be kept beside the other awards.")
        lines += telling.open_reuse()
        name = f"{audit.rule.title} ({audit.rule.id})" if paths else audit.rule.title
        sections.append((f"{name}{telling.form}: {_BESIDE[state]}", lines))
    return sections


def _shared(answer: AwardsAudit) -> list[str]:
    titles = {rule.id: rule.title for rule in answer.rules}
    telling = next(iter(answer.audits.values()))._telling()
    return [
        f"{telling.item(row['item'])}: {listing([titles.get(id, id) for id in row['awards']])}."
        for row in answer.shared
    ]


def _headline(answer: AwardsAudit, learner: bool) -> str:
    names = listing([rule.title for rule in answer.rules])
    if learner:
        return {
            "satisfied": f"Yes: what you hold meets {names} at once.",
            "provisional": f"Not certain yet: what you hold meets {names} at once if the points that are not known "
            "turn out in your favour.",
            "unsatisfied": f"Not yet: what you hold does not meet {names} at once.",
            "undecided": f"Open: whether what you hold meets {names} at once could not be settled in the time allowed.",
        }[answer.verdict]
    words = {
        "satisfied": f"The record meets {names} at once",
        "provisional": f"The record meets {names} at once only if what is not known turns out for the learner",
        "unsatisfied": f"The record does not meet {names} at once, however the unknown points turn out",
        "undecided": f"Whether the record meets {names} at once was not settled within the budget",
    }[answer.verdict]
    return f"{words}; {'proved' if answer.status == 'proved' else 'not proved'}."


def explain(answer: AwardsAudit, voice: str) -> Explanation:
    """The verdict on several awards in one of the voices."""
    if voice not in VOICES:
        raise InvalidValue(f'no voice "{voice}"; the voices are {", ".join(VOICES)}')
    learner = voice == "learner"
    sections = _awards(answer, paths=not learner)
    sections.append(("Credit that serves more than one of them", _shared(answer)))
    alone = [f"{audit.rule.title}: {audit.verdict}." for audit in answer.alone.values()]
    sections.append(("Each award by itself", alone))
    if voice == "lawyer":
        for audit in answer.audits.values():
            clauses = [lines for title, lines in audit.why("lawyer").sections if title == "Clause by clause"]
            sections += [(f"{audit.rule.title}, clause by clause", lines) for lines in clauses]
        sections.append(("Texts behind it", [named(source) for source in answer.sources]))
        identity = [f"Rule {rule.id}, content {rule.hash}." for rule in answer.rules]
        identity += [f"Record, content {answer.record.hash}.", answer._facts_line()]
        sections.append(("What this is", [*identity, answer._legal]))
    if learner:
        sections.append(("Good to know", [answer._legal]))
    return Explanation(voice, _headline(answer, learner), sections)


def page(answer: AwardsAudit) -> str:
    """The decision sheet of several awards."""
    from .sheet import allocation, bullets, clauses, document, foot, head, section, signatures, verdict_box

    record = answer.record.to_dict()
    rows = [("Learner", record.get("learner") or "\u00a0"), ("Record", record.get("record") or "\u00a0")]
    rows += [("Award", f"{rule.title} ({rule.id})") for rule in answer.rules]
    if record.get("as_of"):
        rows.append(("Record as of", str(record["as_of"])))
    parts = [
        head(rows),
        verdict_box(answer.verdict, [_headline(answer, learner=False)]),
        section("Credit that serves more than one of them", bullets(_shared(answer))),
        section("Each award by itself", bullets(f"{a.rule.title}: {a.verdict}." for a in answer.alone.values())),
    ]
    for (title, _), audit in zip(_awards(answer, paths=True), answer.audits.values(), strict=True):
        telling = audit._telling()
        parts.append(section(title, allocation(telling)))
        parts.append(section(f"{audit.rule.title}, clause by clause", clauses(audit)))
        lines = _missing(answer, audit, paths=True) + telling.open_reuse()
        parts.append(section(f"{audit.rule.title}: what is missing", bullets(lines)))
    parts.append(section("Texts behind it", bullets(named(source) for source in answer.sources)))
    parts.append(section("Decision", signatures()))
    identity = [f"Rule {rule.id}, content {rule.hash}." for rule in answer.rules]
    identity.append(
        f"Record, content {answer.record.hash}. Facts, content {answer.world.hash}. {answer._facts_line()}"
    )
    parts.append(foot([answer._legal, " ".join(identity)]))
    return document(f"Decision sheet: {listing([rule.title for rule in answer.rules])}", parts)
