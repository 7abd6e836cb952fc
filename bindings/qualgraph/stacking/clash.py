"""What shows that clauses clash, as a JSON object that :mod:`qualgraph.check` verifies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .. import _core
from .certificate import proof_of

if TYPE_CHECKING:
    from .audit import Audit

__all__ = ["clash_certificate"]


def clash_certificate(audit: Audit) -> dict[str, Any]:
    """The certificate of ``audit.clash``; empty if nothing clashes."""
    clash = audit.clash
    together: list[str] = clash["together"]
    corrections: list[list[str]] = clash["corrections"]
    if not together:
        return {}
    favourable = audit._best["verdict"] == "unsatisfied"
    others = [path for path in audit._kept["droppable"] if path not in together]
    # The clash alone; the clash without each of its clauses; each correction; each without one of its clauses.
    sets = [others, *([*others, path] for path in together)]
    for one in corrections:
        sets += [one, *([path for path in one if path != kept] for kept in one)]
    answers = iter(
        _core.judge_without(
            audit._world._c,
            audit.record._c,
            audit.rule._c,
            audit._best["choice"],
            favourable,
            sets,
            audit._nodes,
        )
    )
    alone = _refused(next(answers))
    needed = [{"clause": path, **_met(next(answers))} for path in together]
    mended = []
    for one in corrections:
        met = _met(next(answers))
        mended.append(
            {"clauses": one, **met, "needed": [{"clause": path, **_refused(next(answers))} for path in one]}
        )
    return {
        "kind": "clash",
        "reading": "favourable" if favourable else "strict",
        "choice": audit.choice,
        "together": together,
        **({"proof": alone["proof"]} if "proof" in alone else {"alone": alone}),
        "needed": needed,
        "corrections": mended,
    }


def _met(answer: dict[str, Any]) -> dict[str, Any]:
    """Values that keep everything left; what the search did not settle is labelled."""
    return {"values": answer["values"]} if answer["met"] else {"kind": "re-solved"}


def _refused(answer: dict[str, Any]) -> dict[str, Any]:
    """A proof that what is left cannot be kept."""
    if answer["met"] is not False:
        return {"kind": "re-solved"}
    if answer["broken"]:
        return {"clauses": answer["broken"]}
    proof = answer["proof"]
    if proof["dropped"] or not proof["nodes"]:
        return {"kind": "re-solved"}
    return {"proof": proof_of(proof)}
