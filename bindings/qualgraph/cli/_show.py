"""One fact, found by its id whatever its kind, as plain text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..display import aligned, count, mark
from ..errors import UnknownId
from ..explore import _facts as f
from . import _text as t

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..world import World

__all__ = ["look_up"]


def look_up(world: World, identifier: str) -> tuple[dict[str, Any], str]:
    """The fact of this id as JSON and as text.

    Raises
    ------
    UnknownId
        If no fact has it; the message lists the nearest ids.
    """
    shelves: list[tuple[Any, Callable[[World, Any], str]]] = [
        (world.frameworks, _framework),
        (world.mappings, _mapping),
        (world.credit_systems, _system),
        (world.microcredential_policies, _policy),
        (world.rpl_policies, _policy),
        (world.credit_transfer_policies, _policy),
        (world.rules, _rule),
    ]
    for shelf, show in shelves:
        for one in shelf:
            if one.id == identifier:
                whole = f.fact(one)
                return whole, show(world, whole)
    document = [m for m in f.all_facts(world.mappings) if m.get("document_id") == identifier]
    if document:
        text = "\n\n".join(_mapping(world, mapping) for mapping in document)
        return {"document_id": identifier, "mappings": document}, text
    framework, colon, code = identifier.rpartition(":")
    if colon:
        return _level(world, framework, code)
    from .._core import did_you_mean

    ids = [one.id for shelf, _ in shelves for one in shelf]
    raise UnknownId(f'no fact "{identifier}".{did_you_mean(identifier, ids)}')


def _tail(fact: f.Fact) -> list[str]:
    parts = []
    if fact.get("notes"):
        parts += ["", t.wrapped(f"Notes: {fact['notes']}")]
    parts.append(t.section("Sources", t.sources(fact.get("sources") or ())))
    return [part for part in parts if part or part == ""]


def _level(world: World, framework: str, code: str) -> tuple[dict[str, Any], str]:
    level = world.framework(framework).level(code)
    whole = f.fact(world.framework(framework))
    kinds = [kind for kind in whole.get("qualification_types") or () if code in f.codes_of_type(whole, kind)]
    lines = [
        f"{framework}:{code}" + (f" {level.label}" if level.label else "") + f", level of {whole['name']}"
    ]
    lines.append(t.section("Qualification types", [t.bullet(_kind(whole, kind)) for kind in kinds]))
    said = []
    for mapping in f.all_facts(world.mappings):
        for row in f.rows(mapping):
            if (mapping["from"], row.from_) == (framework, code) or (mapping["to"], row.to) == (
                framework,
                code,
            ):
                overlap = ", overlap only" if row.partial else ""
                said.append(
                    f"{mapping['from']}:{row.from_} > {mapping['to']}:{row.to} in {mapping['id']} "
                    f"({mapping['status']}; {mark(row.evidence)}{overlap})"
                )
        for side, field in (("from", "unmatched"), ("to", "unmatched_to")):
            for entry in mapping.get(field) or ():
                if mapping[side] == framework and entry["level"] == code:
                    reason = f": {entry['reason']}" if entry.get("reason") else ""
                    said.append(f"no counterpart in {mapping['id']} ({mapping['status']}){reason}")
        for entry in mapping.get("unresolved") or ():
            if mapping[entry["side"]] == framework and entry["level"] == code:
                said.append(f"nothing seen in {mapping['id']} ({mapping['status']})")
    lines.append(
        t.section("In the documents", [t.bullet(line) for line in said] or ["  no document names it"])
    )
    payload = {
        "level": f"{framework}:{code}",
        "label": level.label,
        "rank": level.rank,
        "parallel": level.parallel,
    }
    return payload | {"qualification_types": kinds, "documents": said}, "\n".join(
        line for line in lines if line
    )


def _kind(whole: f.Fact, kind: f.Fact) -> str:
    parts = [kind["name"]]
    size = f.credits_text(kind.get("credits"))
    if size:
        parts.append(size)
    for field in ("hours", "years"):
        bounds = kind.get(field)
        if bounds:
            low, high = bounds.get("min"), bounds.get("max")
            parts.append(f"{low if low == high else f'{low} to {high}'} {field}")
    return f"{', '.join(parts)} ({mark(f.type_evidence(whole, kind))})"


def _framework(world: World, whole: f.Fact) -> str:
    where = f"{whole['kind']} framework, {whole['jurisdiction']}"
    more = [
        whole.get("status"),
        f"since {whole['since']}" if whole.get("since") else None,
        whole.get("authority"),
    ]
    lines = [f"{whole['name']} ({whole['id']})", ", ".join(str(part) for part in (where, *more) if part)]
    if whole.get("aliases"):
        lines.append(f"Also called: {', '.join(whole['aliases'])}")
    levels = whole.get("levels") or []
    if levels:
        lines.append(f"\nLevels, the highest first ({mark(whole.get('levels_evidence'))})")
        kinds = whole.get("qualification_types") or []
        columns = {
            "level": [level["code"] for level in reversed(levels)],
            "label": [level.get("label") for level in reversed(levels)],
            "qualification types": [
                "; ".join(kind["name"] for kind in kinds if level["code"] in f.codes_of_type(whole, kind))
                for level in reversed(levels)
            ],
        }
        columns = {name: cells for name, cells in columns.items() if any(cells)}
        lines.append(aligned(columns, widest=80, rows=len(levels)))
    else:
        lines.append("\nNo level list was found.")
    about = world.coverage(str(whole["id"]))
    mapped = [
        f"{row['id']}: {row['kind']}, {row['status']}, {count(row['read'], 'row')} read, "
        f"{row['known']} known only"
        for row in about.mappings
    ]
    lines.append(t.section("Mappings", [t.bullet(line) for line in mapped] or ["  none published"]))
    lines.append(t.section("Pending", [t.bullet(f.pending_text(record)) for record in about.pending]))
    if whole.get("credit_system"):
        lines.append(f"\nCredit system: {whole['credit_system']}")
    return "\n".join([line for line in lines if line] + _tail(whole))


def _mapping(world: World, whole: f.Fact) -> str:
    lines = [f"{whole['document']} ({whole['id']})"]
    stated = [
        whole["kind"],
        whole["status"],
        str(whole.get("year") or "no year"),
        f"strength: {whole['strength']}",
    ]
    if whole.get("valid_until"):
        stated.append(f"valid until {whole['valid_until']}")
    if whole.get("usable_for_recognition") is False:
        stated.append("its authors do not want it used for recognition")
    lines += [", ".join(stated), ""]
    rows = f.rows(whole)
    notes = {(entry["from"], entry["to"]): entry.get("note") for entry in whole.get("partial") or ()}
    columns: dict[str, list[Any]] = {
        whole["from"]: [row.from_ for row in rows],
        whole["to"]: [row.to for row in rows],
        "evidence": [mark(row.evidence) for row in rows],
        "note": [(notes.get((row.from_, row.to)) or "overlap only") if row.partial else None for row in rows],
    }
    if not any(columns["note"]):
        del columns["note"]
    lines.append(aligned(columns, widest=100, rows=len(rows)))
    without = [(whole["from"], entry) for entry in whole.get("unmatched") or ()]
    without += [(whole["to"], entry) for entry in whole.get("unmatched_to") or ()]
    lines.append(
        t.section(
            "No counterpart, says the document",
            [
                t.bullet(f"{side}:{entry['level']}: {entry.get('reason') or 'no reason given'}")
                for side, entry in without
            ],
        )
    )
    open_ = [
        t.bullet(
            f"{whole[entry['side']]}:{entry['level']}" + (f": {entry['note']}" if entry.get("note") else "")
        )
        for entry in whole.get("unresolved") or ()
    ]
    lines.append(t.section("Not established: nothing was seen", open_))
    return "\n".join([line for line in lines if line] + _tail(whole))


def _system(world: World, whole: f.Fact) -> str:
    lines = [f"{whole['name']} ({whole['id']}), {whole.get('jurisdiction')}"]
    if whole.get("alias_of"):
        lines.append(f"Another name of {whole['alias_of']}")
    hours = whole.get("hours_per_credit")
    kind = "class hours" if whole.get("contact_only") else "hours of learning"
    if hours:
        low, high = f.number(hours["min"]), f.number(hours["max"])
        lines.append(f"One credit: {low if low == high else f'{low} to {high}'} {kind}")
    else:
        lines.append(f"One credit: {kind} not stated")
    year = whole.get("credits_per_year")
    lines.append(
        f"A full-time year: {f.number(year)} credits" if year is not None else "A full-time year: not stated"
    )
    if whole.get("basis"):
        lines.append(t.wrapped(f"Basis: {whole['basis']}"))
    lines.append(f"Evidence: {mark(whole.get('evidence'))}")
    return "\n".join(lines + _tail(whole))


def _rule(world: World, whole: f.Fact) -> str:
    from ..stacking.sentences import text

    return text(whole)


def _policy(world: World, whole: f.Fact) -> str:
    lines = [whole["id"] + (f": {whole['term']}" if whole.get("term") else "")]
    for key, value in whole.items():
        if key in ("id", "term", "sources", "notes"):
            continue
        lines.append(t.wrapped(f"{key.replace('_', ' ')}: {_value(value)}", "    ", "  "))
    return "\n".join(lines + _tail(whole))


def _value(value: Any) -> str:
    if value is None:
        return "not stated"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return "; ".join(_value(one) for one in value) or "none listed"
    if isinstance(value, dict):
        return ", ".join(f"{key.replace('_', ' ')} {_value(one)}" for key, one in value.items())
    return str(value)
