"""What shows a plan, as a JSON object that :mod:`qualgraph.check` verifies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .. import _core
from ..check import moving
from .certificate import allocation_rows, proof_of

if TYPE_CHECKING:
    from .complete import Plan

__all__ = ["plan_certificate"]

#: Search nodes spent on a proof.
_NODES = 20_000


def plan_certificate(plan: Plan) -> dict[str, Any]:
    """The certificate of a plan."""
    choices = [run["choice"] for run in plan._answer["audits"]] or [
        {key: value for key, value in choice.items() if value} for choice in plan._choices
    ]
    goals: list[dict[str, Any]] = [
        {"rule": rule.id, "choice": {key: value for key, value in choice.items() if value}}
        for rule, choice in zip(plan.rules, choices, strict=True)
    ]
    for goal, rule, run in zip(goals, plan.rules, plan._answer["audits"], strict=False):
        rows = run["allocation"]
        if run["verdict"] != "satisfied":
            # Something no offer can meet is not known; all else is met with everything read strictly.
            again = _core.audit_form(
                plan._world._c, plan.completed._c, rule._c, run["choice"], plan.audit._nodes, None
            )
            strict = [proof["attained"] for proof in again["proofs"] if proof["reading"] == "strict"]
            rows = strict[0] if strict else rows
        goal["allocation"] = allocation_rows(rows)
    found: dict[str, Any] = {
        "kind": "completion",
        "reading": "strict",
        "status": plan.status,
        "aims": plan.aims,
        "goals": goals,
        "additions": plan.order,
        "days": plan._answer.get("days", []),
        "values": plan.values,
        "remaining": [row[0] for row in plan._answer["remaining"]],
        "rules": {rule.id: rule.hash for rule in plan.rules},
    }
    asked = [(rule._c, goal["choice"]) for rule, goal in zip(plan.rules, goals, strict=True)]

    moves = any(
        moving(rule.to_dict(), goal["choice"]) for rule, goal in zip(plan.rules, goals, strict=True)
    )

    def proved(least: int | None) -> dict[str, Any]:
        if moves:
            # The clauses change with what is taken: there was a model for each way they can read.
            return {"kind": "re-solved"}
        values = [plan.values[aim] for aim in plan.aims] if least is not None else []
        answer = _core.prove_plan(
            plan._world._c, plan.record._c, asked, plan.catalogue._c, plan.aims, least, values, _NODES
        )
        if least is None and answer["broken"]:
            return {"clauses": answer["broken"]}
        return {"kind": "re-solved"} if answer["proof"] is None else {"proof": proof_of(answer["proof"])}

    if plan.status == "impossible":
        found["bounds"] = [proved(None)]
    elif plan.status == "optimal":
        found["bounds"] = [{"aim": aim, **proved(number)} for number, aim in enumerate(plan.aims)]
    else:
        found["bound"] = plan.bound
        if not plan._answer["audits"]:
            # Neither a plan nor a refusal: there is nothing to verify.
            found["kind"] = "re-solved"
    if plan._of_variants > 1:
        # What is proved is about this form of the rules; that no other does better was found by completing each.
        found["others"] = {"kind": "re-solved"}
    return found
