"""Policies laid over an award: what an institution or a country asks of every award it grants."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from .. import _core
from ..display import listing
from ..errors import InvalidValue, UnknownId
from .given import rule_given
from .rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ..world import World

__all__ = ["with_policies"]

_CLAUSES = (
    "floors",
    "caps",
    "exclusions",
    "eligibility",
    "windows",
    "pace",
    "prerequisites",
    "outcomes",
    "requirements",
    "averages",
    "substitutions",
)


def with_policies(world: World, rule: Rule, policies: Iterable[str | Rule]) -> Rule:
    """A rule with the clauses of policies laid over it.

    Parameters
    ----------
    world : World
    rule : Rule
        An award.
    policies : iterable of str or Rule
        Policies by id, ``"policy:variant"`` where a policy has variants, or as rules.

    Returns
    -------
    Rule
        Clauses of a policy carry its id before their own: ``caps/my-apel-c-apel-c``. The parameter
        ``target`` of a policy is the total of the award. What both state of allocation and reuse
        stays as the award has it.

    Raises
    ------
    InvalidValue
        For a rule that is no policy, one that lays down places of its own, and one in credits of
        another system.
    UnknownId
        For a policy or variant there is none of.

    Examples
    --------
    >>> import qualgraph as qg
    >>> world = qg.load()
    >>> award = qg.Rule({"id": "award", "title": "Award", "credit": "my-credit", "total": {"min": 120}})
    >>> sorted(with_policies(world, award, ["my-apel-c"]).to_dict()["caps"])
    ['my-apel-c-apel-c']
    """
    whole = rule.to_dict()
    for policy in [policies] if isinstance(policies, (str, Rule)) else policies:
        variant = None
        if isinstance(policy, str):
            name, _, variant = policy.partition(":")
            found = world.rule(name)
        else:
            found = rule_given(world, policy)
        _lay(whole, _form(found, variant or None))
    return Rule(json.dumps(whole, ensure_ascii=False), f"{rule.id} with policies")


def _form(policy: Rule, variant: str | None) -> dict[str, Any]:
    whole = policy.to_dict()
    if whole.get("kind") != "policy":
        raise InvalidValue(f"{policy.id} is an award, no policy; only policies are laid over an award")
    if whole.get("places"):
        raise InvalidValue(
            f"{policy.id} lays down places of its own: audit a record against it as a rule, world.audit(record, ...)"
        )
    variants = whole.get("variants") or {}
    if variants and variant is None:
        first = next(iter(variants))
        raise InvalidValue(
            f'{policy.id} has variants: write "{policy.id}:{first}"; there are {listing(sorted(variants))}'
        )
    if variant is not None:
        if variant not in variants:
            there = f" It has {listing(sorted(variants))}." if variants else " It has none."
            hint = _core.did_you_mean(variant, sorted(variants))
            raise UnknownId(f'{policy.id} has no variant "{variant}".{hint}{there}')
        for key, clauses in variants[variant].items():
            if key in _CLAUSES or key in ("allocation", "reuse"):
                whole[key] = {**(whole.get(key) or {}), **clauses}
    return whole


def _lay(award: dict[str, Any], policy: Mapping[str, Any]) -> None:
    systems = {system for system in (award.get("credit"), policy.get("credit")) if system}
    if len(systems) > 1:
        raise InvalidValue(f"{policy['id']} counts {policy['credit']}, the award {award['credit']}")
    mark = policy["id"].replace(".", "-")
    new = {key: {id: f"{mark}-{id}" for id in policy.get(key) or {}} for key in _CLAUSES}
    for key in _CLAUSES:
        for id, clause in (policy.get(key) or {}).items():
            award.setdefault(key, {})[new[key][id]] = _renamed(clause, key, new, policy)
    for key in ("scales", "parameters"):
        for id, value in (policy.get(key) or {}).items():
            award.setdefault(key, {}).setdefault(id, value)
    total = award.get("total") or {}
    size = total.get("min", total.get("exact"))
    if "target" in (award.get("parameters") or {}) and isinstance(size, int | str):
        award["parameters"]["target"] = {**award["parameters"]["target"], "default": size}
    for key in ("allocation", "reuse"):
        for name, value in (policy.get(key) or {}).items():
            if name not in ("note", "source"):
                award.setdefault(key, {}).setdefault(name, value)
    if policy.get("admits"):
        award.setdefault("admits", policy["admits"])
    award.setdefault("sources", []).extend(policy.get("sources") or [])
    taken: set[str] = set()
    for source in award["sources"]:
        # Two lists of sources may number theirs alike.
        while source.get("id") in taken:
            source["id"] = f"{mark}-{source['id']}"
        if source.get("id"):
            taken.add(source["id"])


def _renamed(
    clause: Mapping[str, Any], key: str, new: Mapping[str, Mapping[str, str]], policy: Mapping[str, Any]
) -> Any:
    changed = dict(clause)
    changed.setdefault("title", f"{policy['title']}: {clause.get('what') or ''}".rstrip(": "))
    # Amounts are in the policy's measure, which need not be the award's.
    if key in ("floors", "caps", "pace"):
        changed.setdefault("measure", policy.get("measure", "credits"))
    if "union" in changed:
        changed["union"] = [new["caps"].get(id, id) for id in changed["union"]]
    inside = changed.get("in")
    if inside is not None:
        names = [inside] if isinstance(inside, str) else inside
        changed["in"] = [new["floors"].get(name, name) for name in names]
    return changed
