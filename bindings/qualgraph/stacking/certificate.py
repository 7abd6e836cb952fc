"""What shows a verdict, as a JSON object that :mod:`qualgraph.check` verifies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..display import listing

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = ["allocation_rows", "certificate", "kind_of", "proof_in_words", "proof_of"]


#: An allocation: item, place, credits (None: all of a whole item), and how many of several equal units.
Rows = list[tuple[str, str, Any, int | None]]


def certificate(
    best: dict[str, Any], rows: Rows, proved: dict[str, Any] | None, others: Sequence[dict[str, Any] | None] = ()
) -> dict[str, Any]:
    """The certificate of an audit, in the shape that :mod:`qualgraph.check` describes.

    Parameters
    ----------
    best : dict
        The run that is reported.
    rows : list of tuple
        Its allocation.
    proved : dict or None
        The same run with its proofs; None if none were kept.
    others : sequence of (dict or None)
        The other variants likewise, where the verdict is about all of them.
    """
    verdict = best["verdict"]
    choice = _form(best)
    if verdict == "satisfied":
        return {**_allocation(rows, "strict", choice), "verdict": verdict}
    if verdict not in ("provisional", "unsatisfied"):
        return {"kind": "re-solved", "verdict": verdict, "choice": choice}
    reading = "strict" if verdict == "provisional" else "favourable"
    refusal = _refusal(proved or best, reading, choice)
    if verdict == "provisional":
        found = {
            "kind": "provisional",
            "verdict": verdict,
            "choice": choice,
            "yes": _allocation(rows, "favourable", choice),
            "no": refusal,
        }
    else:
        found = {**refusal, "verdict": verdict}
    _add_least(found, refusal, best, proved)
    if others:
        found["others"] = [_refusal(other, reading, _form(other)) for other in others if other is not None]
    return found


def _form(run: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in run["choice"].items() if value}


def _allocation(rows: Rows, reading: str, choice: dict[str, Any]) -> dict[str, Any]:
    return {"kind": "allocation", "reading": reading, "choice": choice, "allocation": _listed(rows)}


def allocation_rows(placements: Sequence[tuple[Any, ...]]) -> list[dict[str, Any]]:
    """An allocation as the engine reports it, as a certificate lists it."""
    return _listed([(item, place, credits, units) for item, place, _, _, credits, units in placements])


def _listed(rows: Rows) -> list[dict[str, Any]]:
    return [
        {"item": item, "place": place, "amount": amount, **({} if units is None else {"units": units})}
        for item, place, amount, units in rows
    ]


def _refusal(run: dict[str, Any], reading: str, choice: dict[str, Any]) -> dict[str, Any]:
    broken = [row[0] for row in run["missing"] if row[3] == "clause"]
    if reading == "favourable":
        broken = [row[0] for row in run["missing"] if row[3] == "clause" and not row[5]]
    if broken:
        # A clause that fails whatever is placed says more than any search.
        return {"kind": "broken", "reading": reading, "choice": choice, "clauses": broken}
    proof = _kept(run, reading)
    if proof is None:
        return {"kind": "re-solved", "reading": reading, "choice": choice}
    return {"kind": kind_of(proof), "reading": reading, "choice": choice, "proof": proof_of(proof)}


def _kept(run: dict[str, Any], reading: str) -> dict[str, Any] | None:
    for proof in run["proofs"]:
        if proof["reading"] == reading and not proof["dropped"] and proof["nodes"]:
            found: dict[str, Any] = proof
            return found
    return None


def _add_least(
    found: dict[str, Any], refusal: dict[str, Any], best: dict[str, Any], proved: dict[str, Any] | None
) -> None:
    """That nothing less can lack: an allocation that lacks no more, and a proof of the bound."""
    if best["impossible"] or not best["cost"]:
        return
    strict = None if proved is None else _kept(proved, "strict")
    choice = _form(best)
    if strict is None or strict["at_least"] != best["cost"]:
        found["least"] = {"kind": "re-solved", "reading": "strict", "choice": choice}
        return
    shown = {
        "allocation": allocation_rows(strict["attained"]),
        "shortfall": {name: amount for name, amount in best["shortfall"].items() if amount},
    }
    if "no" not in found and refusal.get("proof") == proof_of(strict):
        # Nothing is unknown: one proof shows the verdict and the shortfall.
        found.update(shown)
        return
    found["least"] = {
        "kind": kind_of(strict),
        "reading": "strict",
        "choice": choice,
        "proof": proof_of(strict),
        **shown,
    }


def proof_of(proof: dict[str, Any]) -> dict[str, Any]:
    """A proof as the engine keeps it, in the shape that is checked."""
    return {
        "at_least": proof["at_least"],
        "windows": proof["windows"],
        "nodes": [_node(node) for node in proof["nodes"]],
    }


def _node(node: dict[str, Any]) -> dict[str, Any]:
    return {key: list(value) if isinstance(value, tuple) else value for key, value in node.items()}


def kind_of(proof: dict[str, Any]) -> str:
    """A cut, a Farkas vector or a log."""
    nodes = proof["nodes"]
    if len(nodes) == 1 and "dual" in nodes[0]:
        return "cut" if set(map(abs, nodes[0]["dual"].values())) <= {1} else "farkas"
    return "log"


_READ = {
    "strict": "with everything unknown read against the learner",
    "favourable": "with everything unknown read for the learner",
}


def proof_in_words(certificate: dict[str, Any], called: Callable[[str], str] = str) -> str:
    """How a verdict is shown, in a sentence or a few; ``called`` gives the words for the path of a clause."""
    said = [_shown(certificate, called)]
    if "allocation" in certificate and certificate["kind"] != "allocation":
        said.append("The way of counting shown lacks no more than that leaves, so that no less can lack.")
    least = certificate.get("least")
    if least is not None:
        said.append(
            "That no less can lack was computed, but its proof is too long to keep."
            if least["kind"] == "re-solved"
            else _shown(least, called, "lacks less than what is shown")
        )
    if "counted" in certificate:
        said.append("That nothing more can count was computed; no proof of it is kept.")
    others = certificate.get("others")
    if others:
        names = listing([str((one.get("choice") or {}).get("variant")) for one in others])
        kept = all(one["kind"] != "re-solved" for one in others)
        how = "each with a proof of its own" if kept else "not all with a proof that could be kept"
        said.append(f"The other variants ({names}) are refused as well, {how}.")
    return " ".join(said)


def _shown(certificate: dict[str, Any], called: Callable[[str], str], does: str = "meets every clause") -> str:
    kind = certificate["kind"]
    if kind == "provisional":
        return f"{_shown(certificate['yes'], called)} {_shown(certificate['no'], called)}"
    how = _READ.get(certificate.get("reading", ""), "")
    if kind == "allocation":
        return f"The way of counting shown meets every clause, {how}; it can be added up by hand."
    if kind == "broken":
        clauses = [called(path) for path in certificate["clauses"]]
        verb = "are" if len(clauses) > 1 else "is"
        return f"However the items are counted, {listing(clauses)} {verb} not met, {how}."
    none = f"no way of counting the items {does}, {how}"
    if kind == "cut":
        return f"Adding up the clauses that the certificate names shows that {none}."
    if kind == "farkas":
        return f"Adding up multiples of the clauses that the certificate names shows that {none}."
    if kind == "log":
        cases = sum("branch" in node for node in certificate["proof"]["nodes"]) + 1
        if cases == 1:
            return f"Applying the clauses one after another shows that {none}; the certificate lists the steps."
        return f"The certificate goes through {cases} cases that leave nothing out, and in each of them {none}."
    return "No proof was kept that could be checked apart from the program."
