"""What shows a verdict, as a JSON object that :mod:`qualgraph.check` verifies."""

from __future__ import annotations

from typing import Any

from ..display import listing

__all__ = ["certificate", "proof_in_words"]


#: An allocation: item, place, credits (None: all of a whole item), and how many of several equal units.
Rows = list[tuple[str, str, Any, int | None]]


def certificate(best: dict[str, Any], rows: Rows) -> dict[str, Any]:
    """The certificate of one run of an audit, in the shape that :mod:`qualgraph.check` describes."""
    verdict = best["verdict"]
    choice = {key: value for key, value in best["choice"].items() if value}
    if verdict == "satisfied":
        return {**_allocation(rows, "strict", choice), "verdict": verdict}
    if verdict == "provisional":
        return {
            "kind": "provisional",
            "verdict": verdict,
            "choice": choice,
            "yes": _allocation(rows, "favourable", choice),
            "no": _refusal(best, "strict", choice),
        }
    if verdict == "unsatisfied":
        return {**_refusal(best, "favourable", choice), "verdict": verdict}
    return {"kind": "re-solved", "verdict": verdict, "choice": choice}


def _allocation(rows: Rows, reading: str, choice: dict[str, Any]) -> dict[str, Any]:
    listed = [
        {"item": item, "place": place, "amount": amount, **({} if units is None else {"units": units})}
        for item, place, amount, units in rows
    ]
    return {"kind": "allocation", "reading": reading, "choice": choice, "allocation": listed}


def _refusal(best: dict[str, Any], reading: str, choice: dict[str, Any]) -> dict[str, Any]:
    broken = [row[0] for row in best["missing"] if row[3] == "clause"]
    if reading == "favourable":
        broken = [row[0] for row in best["missing"] if row[3] == "clause" and not row[5]]
    if broken:
        # A clause that fails whatever is placed says more than any search.
        return {"kind": "broken", "reading": reading, "choice": choice, "clauses": broken}
    for proof in best["proofs"]:
        if proof["reading"] == reading and not proof["dropped"] and proof["nodes"]:
            return {
                "kind": _kind(proof),
                "reading": reading,
                "choice": choice,
                "proof": {
                    "at_least": proof["at_least"],
                    "windows": proof["windows"],
                    "nodes": [_node(node) for node in proof["nodes"]],
                },
            }
    return {"kind": "re-solved", "reading": reading, "choice": choice}


def _node(node: dict[str, Any]) -> dict[str, Any]:
    return {key: list(value) if isinstance(value, tuple) else value for key, value in node.items()}


def _kind(proof: dict[str, Any]) -> str:
    nodes = proof["nodes"]
    if len(nodes) == 1 and "dual" in nodes[0]:
        return "cut" if set(map(abs, nodes[0]["dual"].values())) <= {1} else "farkas"
    return "log"


def proof_in_words(certificate: dict[str, Any]) -> str:
    """How a verdict is shown, in one sentence."""
    kind = certificate["kind"]
    if kind == "provisional":
        yes, no = certificate["yes"], certificate["no"]
        return f"{proof_in_words(yes)} {proof_in_words(no)}"
    read = {"strict": "reading unknowns against the learner", "favourable": "reading unknowns for the learner"}
    how = read.get(certificate.get("reading", ""), "")
    if kind == "allocation":
        return f"The allocation shown meets every clause, {how}; it can be added up by hand."
    if kind == "broken":
        several = len(certificate["clauses"]) > 1
        said = (
            f"The clauses {listing(certificate['clauses'])} fail" if several else f"{certificate['clauses'][0]} fails"
        )
        return f"{said} whatever is placed, {how}."
    if kind == "cut":
        return f"Adding up the clauses named in the certificate gives a contradiction, {how}."
    if kind == "farkas":
        return f"Adding up multiples of the clauses named in the certificate gives a contradiction, {how}."
    if kind == "log":
        cases = sum("branch" in node for node in certificate["proof"]["nodes"]) + 1
        if cases == 1:
            return (
                f"Following the bounds one after another leads to a contradiction, {how}; the certificate lists them."
            )
        return (
            f"The certificate lists {cases} cases that together cover every placing of the items, each with its "
            f"contradiction, {how}."
        )
    return "No proof was kept that could be checked apart from the program."
