"""Answers of the engine and of the reference in the same words, so that they can be compared.

The engine's answer objects are only looked at here, never built; nothing imports the engine.
"""

from __future__ import annotations

from . import levels

CLASS_NAMES = {grade: name for name, grade in levels.CLASSES.items()}
LISTED = {"alive", "dead", "silent", "peer"}


# -- levels ---------------------------------------------------------------------------------


def engine_level(answer):
    """An answer asked with ``routes="all"``, as plain values."""
    listed = [r for r in answer.routes if r.status in LISTED]
    others = [*answer.routes, *answer.left_out]
    return {
        "status": answer.status,
        "possible": list(answer.possible),
        "complete": answer.complete,
        "peer": answer.peer,
        "floor": answer.floor,
        "ceiling": answer.ceiling,
        "floors": list(answer.floors),
        "ceilings": list(answer.ceilings),
        "width": answer.width,
        "bracket": tuple(answer.bracket or (None, None)),
        "conflict": [list(r.mappings) for r in answer.conflict.routes] if answer.conflict else [],
        "narrowed_by": [list(r.mappings) for r in answer.narrowed_by],
        "witnesses": {code: set(sets) for code, sets in answer.witnesses.items()},
        "order": [tuple(r.mappings) for r in listed if r.status == "alive" or r.states_no_counterpart],
        "peer_order": [tuple(r.mappings) for r in listed if r.status == "peer"],
        "routes": {tuple(r.mappings): engine_route(r) for r in listed},
        "not_admitted": {r.mappings[0] for r in others if r.status not in LISTED and len(r.mappings) == 1},
    }


def supports(status):
    return status in ("alive", "peer")


def engine_route(r):
    route = {
        "path": list(r.path),
        "documents": list(r.documents),
        "possible": list(r.possible),
        "status": "statement" if r.states_no_counterpart else r.status,
        "admitted": r.admitted,
    }
    if supports(r.status) or r.states_no_counterpart:
        route |= {
            "complete": r.complete,
            "strength": r.strength,
            "evidence": r.evidence,
        }
    if supports(r.status):
        route["independent"] = r.independent
    return route


def reference_level(answer):
    """The same of an answer of the reference, asked with ``routes="all"`` as well."""
    listed = [r for r in answer["routes"] if r["status"] in LISTED]
    names = ("status", "possible", "complete", "peer", "floor", "ceiling", "floors", "ceilings", "width")
    return {
        **{name: answer[name] for name in names},
        "bracket": answer["bracket"] or (None, None),
        "conflict": answer["conflict"],
        "narrowed_by": answer["narrowed_by"],
        "witnesses": answer["witnesses"],
        "order": [tuple(r["mappings"]) for r in listed if r["status"] == "alive" or r["statement"]],
        "peer_order": [tuple(r["mappings"]) for r in listed if r["status"] == "peer" and r["life"] == levels.ALIVE],
        "routes": {tuple(r["mappings"]): reference_route(r) for r in listed},
        "not_admitted": {r["mappings"][0] for r in answer["routes"] if r["status"] not in LISTED},
    }


def reference_route(r):
    admitted = r["status"] != "peer"
    route = {
        "path": r["path"],
        "documents": r["documents"],
        "possible": r["possible"],
        "status": r["life"],
        "admitted": admitted,
    }
    if r["life"] == levels.ALIVE and not admitted:
        route["status"] = "peer"
    if r["statement"]:
        route["status"] = "statement"
    if r["life"] == levels.ALIVE or r["statement"]:
        route |= {
            "complete": r["complete"],
            "strength": CLASS_NAMES[r["strength"][0]],
            "evidence": "read" if r["read"] else "known",
        }
    if r["life"] == levels.ALIVE:
        route["independent"] = r["independent"]
    return route


def difference(engine, reference, where=""):
    """Where two trees of plain values differ, one line each."""
    if isinstance(engine, dict) and isinstance(reference, dict):
        lines = []
        for key in sorted({*engine, *reference}, key=str):
            if key not in engine or key not in reference:
                side = "the engine" if key in engine else "the reference"
                lines.append(f"{where}/{key}: only {side} has it: {engine.get(key, reference.get(key))}")
            else:
                lines += difference(engine[key], reference[key], f"{where}/{key}")
        return lines
    if engine == reference:
        return []
    return [f"{where}: the engine says {engine!r}, the reference {reference!r}"]
