"""What each policy asks: its purposes, its conditions on a claim, its shares of an award.

A policy of the facts is one layer (a national text, a sub-framework's, a provider's); rules of
single institutions inside a policy are layers of their own, named ``"za-rpl-he:MANCOSA"``.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from .. import _core
from ..display import fraction_text
from ..errors import UnknownId
from ..facts import Source, Value

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ..facts import Policy
    from ..world import World

__all__ = ["Condition", "Layer", "Share", "layers_of"]


class Condition(Value):
    """One condition a layer puts on a claim.

    Attributes
    ----------
    kind : str
        What is tested: ``"purpose"``, ``"levels"``, ``"outcome_score"``, ``"content_overlap"`` ...
    path : str
        Where the policy says it, as a JSON pointer into the fact.
    value : object
        What is asked: a number, a share, a list of names; None where the text asks for something
        and the figure was not seen.
    evidence : str
        ``"read"`` or ``"known"``.
    """

    __slots__ = ("kind", "path", "value", "evidence")
    kind: str
    path: str
    value: Any
    evidence: str


class Share(Value):
    """A share of an award that prior learning may fill.

    Attributes
    ----------
    id : str
    path : str
        Where the policy says it, as a JSON pointer into the fact.
    max_share : Fraction
    base : str
        ``"target"`` (the award aimed at) or ``"source"`` (the award the credit comes from).
    selector : dict
        What falls under it, as a selector of the rule language.
    measure : str
        ``"credits"``, ``"hours"`` or ``"units"``.
    target_kinds, source_kinds : tuple of str
        Kinds of award it is about; empty: all.
    ceiling : bool
        False for a starting point of negotiation, which limits nothing.
    evidence : str
    """

    __slots__ = (
        "id",
        "path",
        "max_share",
        "base",
        "selector",
        "measure",
        "target_kinds",
        "source_kinds",
        "ceiling",
        "evidence",
    )
    id: str
    path: str
    max_share: Fraction
    base: str
    selector: dict[str, Any]
    measure: str
    target_kinds: tuple[str, ...]
    source_kinds: tuple[str, ...]
    ceiling: bool
    evidence: str


class Layer:
    """What one text, or one institution under it, says of claims.

    Attributes
    ----------
    id : str
        Id of the policy; ``policy:institution`` for the rule of one institution.
    kind : str
        ``"regional"``, ``"national"``, ``"sub-framework"``, ``"sector"`` or ``"provider"``.
    body : str or None
        Whose text it is.
    year : int or None
        Year from which it stands, where found.
    purposes : dict of str to (bool or None)
        Whether prior learning may serve access, credit, a full award; None where the text does not say.
    conditions : list of Condition
    shares : list of Share
    remarks : list of str
        What the text says that no record can be tested by.
    sources : list of Source
    evidence : str
        ``"read"`` or ``"known"``: how the layer as a whole is known.
    """

    def __init__(
        self,
        policy: Policy,
        *,
        id: str,
        kind: str,
        body: str | None,
        year: int | None,
        purposes: dict[str, bool | None],
        conditions: Sequence[Condition],
        shares: Sequence[Share],
        remarks: Sequence[str],
        sources: Sequence[Source],
        evidence: str,
        residency: tuple[Fraction, str] | None = None,
        at: str = "",
        known: Sequence[str] = (),
    ) -> None:
        self.policy = policy
        self.id = id
        self.kind = kind
        self.body = body
        self.year = year
        self.purposes = purposes
        self.conditions = list(conditions)
        self.shares = list(shares)
        self.remarks = list(remarks)
        self.sources = list(sources)
        self.evidence = evidence
        #: Least share of the award to be earned at the awarding institution, and where it is said.
        self.residency = residency
        #: Where in the policy the layer stands, as a JSON pointer.
        self.at = at
        #: Purposes that are general knowledge, though the text was read.
        self.known = tuple(known)

    @property
    def framework(self) -> str | None:
        """Framework whose levels the policy means."""
        return self.policy.framework

    @property
    def name(self) -> str:
        """The layer with its kind, its body and its date, as an answer names it."""
        year = str(self.year) if self.year else "no date found"
        return f"{self.id} ({self.kind}{', ' + self.body if self.body else ''}, {year})"

    def to_dict(self) -> dict[str, Any]:
        """The layer as JSON holds it."""
        from ..display import exact_json

        whole: dict[str, Any] = exact_json(
            {
                "id": self.id,
                "kind": self.kind,
                "body": self.body,
                "year": self.year,
                "purposes": self.purposes,
                "conditions": [
                    {"kind": one.kind, "path": one.path, "value": one.value, "evidence": one.evidence}
                    for one in self.conditions
                ],
                "shares": [
                    {
                        "id": one.id,
                        "path": one.path,
                        "max_share": one.max_share,
                        "base": one.base,
                        "from": one.selector,
                        "measure": one.measure,
                        "target_kinds": one.target_kinds,
                        "source_kinds": one.source_kinds,
                        "ceiling": one.ceiling,
                        "evidence": one.evidence,
                    }
                    for one in self.shares
                ],
                "remarks": self.remarks,
                "evidence": self.evidence,
            }
        )
        return whole

    def __repr__(self) -> str:
        return f"<Layer {self.name}>"


def layers_of(world: World, named: str) -> list[Layer]:
    """The layers of a policy: the text itself, or one institution's rule under it.

    Parameters
    ----------
    world : World
    named : str
        Id of a policy on recognition of prior learning or on credit transfer;
        ``"za-rpl-he:MANCOSA"`` adds the rule of one institution to that of the policy.

    Raises
    ------
    UnknownId
        For a policy, or an institution under it, there is none of.

    Examples
    --------
    >>> import qualgraph as qg
    >>> [layer.kind for layer in layers_of(qg.load(), "za-rpl-he:MANCOSA")]
    ['sub-framework', 'provider']
    """
    id, colon, institution = named.partition(":")
    if id in world.rpl_policies:
        policy = world.rpl_policies[id]
        layers = [_rpl_layer(policy)]
    elif id in world.credit_transfer_policies:
        policy = world.credit_transfer_policies[id]
        layers = [_transfer_layer(policy)]
    else:
        near = _core.did_you_mean(id, [*world.rpl_policies.ids, *world.credit_transfer_policies.ids])
        raise UnknownId(f'no policy "{id}" on recognition of prior learning or credit transfer.{near}')
    if colon:
        rules = policy.to_dict().get("institution_rules") or []
        names = [rule["provider"] for rule in rules]
        if institution not in names:
            near = _core.did_you_mean(institution, names)
            raise UnknownId(f'policy "{id}" has no rule of "{institution}"; it has {", ".join(names) or "none"}.{near}')
        layers.append(_institution_layer(policy, names.index(institution)))
    return layers


def _evidence(fact: Mapping[str, Any]) -> str:
    """``read`` if some source of a fact was read."""
    marks = [source.get("evidence") for source in fact.get("sources") or ()]
    return "read" if "read" in marks and fact.get("evidence") != "known" else "known"


def _rpl_layer(policy: Policy) -> Layer:
    fact = policy.to_dict()
    mark = _evidence(fact)
    conditions: list[Condition] = []

    def ask(kind: str, field: str, value: Any = None) -> None:
        if field in fact and (fact[field] or fact[field] == 0 or field == "min_age"):
            conditions.append(Condition(kind, f"/{field}", fact[field] if value is None else value, mark))

    ask("levels", "levels")
    ask("methods", "methods")
    ask("registered", "registered_required")
    ask("not_credited_before", "not_credited_before")
    ask("age", "min_age")
    ask("excluded_components", "excluded")
    if fact.get("redeemed_credits_reusable") is False:
        conditions.append(Condition("unused", "/redeemed_credits_reusable", True, mark))
    validity = fact.get("credit_validity_years")
    if validity and validity.get("max") is not None:
        conditions.append(Condition("validity", "/credit_validity_years", validity["max"], mark))
    for kind, field in (("outcome_score", "min_score_per_outcome"), ("share_held", "min_share_for_admission")):
        if field in fact:
            conditions.append(Condition(kind, f"/{field}", Fraction(fact[field]), mark))
    if fact.get("min_residency_years"):
        conditions.append(Condition("years_at_institution", "/min_residency_years", fact["min_residency_years"], mark))
    shares, remarks = [], []
    for number, cap in enumerate(fact.get("cohort_caps") or ()):
        of = "known" if cap.get("evidence") == "known" else mark
        conditions.append(Condition("cohort", f"/cohort_caps/{number}", Fraction(cap["max_share"]), of))
        if cap.get("note"):
            remarks.append(f"an intake, {fraction_text(Fraction(cap['max_share']))}: {cap['note']}")
    for number, cap in enumerate(fact.get("caps") or ()):
        of = "known" if cap.get("evidence") == "known" else mark
        found = list(_shares(cap, f"/caps/{number}", f"cap-{number + 1}", of, fact.get("shares_are") is None))
        shares += found
        share = fraction_text(Fraction(cap["max_share"]))
        said = "; ".join(cap[key] for key in ("note", "remark") if cap.get(key))
        if not found:
            remarks.append(f"at most {share} of {cap['applies_to']}: {said or 'no base to test a record by'}")
        elif said:
            remarks.append(f"{cap['applies_to']}, {share}: {said}")
    residency = None
    if "min_residency_share" in fact:
        residency = (Fraction(fact["min_residency_share"]), "/min_residency_share")
    if fact.get("excluded_from_base"):
        remarks.append(f"left out of the base of shares: {', '.join(fact['excluded_from_base'])}")
    layer = fact["layer"]
    return Layer(
        policy,
        id=policy.id,
        kind=layer["kind"],
        body=layer["body"],
        year=layer["year"],
        purposes={
            "access": fact["access_rpl"],
            "credit": fact["credit_rpl"],
            "full_award": fact["full_award_by_rpl"],
        },
        conditions=conditions,
        shares=shares,
        remarks=[*remarks, *([policy.notes] if policy.notes else [])],
        sources=policy.sources,
        evidence=mark,
        residency=residency,
        known=fact.get("purposes_known") or (),
    )


def _shares(fact: Mapping[str, Any], path: str, name: str, mark: str, ceiling: bool) -> Iterator[Share]:
    forms = fact.get("read_as") or []
    for number, form in enumerate(forms):
        yield Share(
            name if len(forms) == 1 else f"{name}-{number + 1}",
            path,
            Fraction(fact["max_share"]),
            form["base"],
            form["from"],
            form.get("measure", "credits"),
            tuple(form.get("target_kinds") or ()),
            tuple(form.get("source_kinds") or ()),
            ceiling,
            mark,
        )


def _institution_layer(policy: Policy, number: int) -> Layer:
    rule = policy.to_dict()["institution_rules"][number]
    at = f"/institution_rules/{number}"
    source = Source.from_fact(rule["source"])
    conditions = []
    if "min_age" in rule:
        conditions.append(Condition("age", f"{at}/min_age", rule["min_age"], source.evidence))
    if "min_years_experience" in rule:
        years = (rule["min_years_experience"], rule.get("reduced_years_experience"), rule.get("reduced_if"))
        conditions.append(Condition("experience", f"{at}/min_years_experience", years, source.evidence))
    if "max_share_cohort" in rule:
        share = Fraction(rule["max_share_cohort"])
        conditions.append(Condition("cohort", f"{at}/max_share_cohort", share, source.evidence))
    shares = []
    if "max_share_credits" in rule:
        fact = {"max_share": rule["max_share_credits"], "read_as": [{"base": "target", "from": {"origin": "rpl"}}]}
        shares = list(_shares(fact, f"{at}/max_share_credits", "credits", source.evidence, True))
    return Layer(
        policy,
        id=f"{policy.id}:{rule['provider']}",
        kind="provider",
        body=rule["provider"],
        year=source.year,
        purposes={
            "access": rule.get("access_rpl"),
            "credit": rule.get("credit_rpl"),
            "full_award": rule.get("full_award_by_rpl"),
        },
        conditions=conditions,
        shares=shares,
        remarks=[],
        sources=[source],
        evidence=source.evidence,
        at=at,
    )


#: Kinds of rules of credit transfer that test a claim, and what is tested.
_TRANSFER = {
    "programme_kinds_allowed": ("kinds_allowed", "items"),
    "programme_kinds_excluded": ("kinds_excluded", "items"),
    "approval": ("approval", "by"),
    "same_level": ("same_level", "value"),
    "excluded_period": ("last_semesters", "semesters"),
    "excluded_components": ("excluded_components", "items"),
    "contact_hours_difference": ("hours_difference", "max_share"),
    "max_age_years": ("age_of_credit", "value"),
    "good_standing": ("good_standing", "note"),
    "source_accredited": ("source_accredited", "value"),
    "no_reuse": ("not_credited_before", "note"),
}


def _transfer_layer(policy: Policy) -> Layer:
    fact = policy.to_dict()
    mark = _evidence(fact)
    conditions: list[Condition] = []
    shares: list[Share] = []
    remarks: list[str] = []
    residency = None
    if fact.get("target_kinds"):
        conditions.append(Condition("kinds_allowed", "/target_kinds", fact["target_kinds"], mark))
    for number, rule in enumerate(fact["rules"]):
        path = f"/rules/{number}"
        kind = rule["kind"]
        if kind in ("max_share_of_target", "max_share_of_source"):
            shares += _shares(rule, path, f"share-{number + 1}", mark, True)
        elif kind == "content_overlap":
            value = (Fraction(rule["threshold"]), tuple(rule.get("below") or ()))
            conditions.append(Condition(kind, path, value, mark))
        elif kind in _TRANSFER:
            tested, field = _TRANSFER[kind]
            found = rule[field]
            exact = isinstance(found, str) and field == "max_share"
            conditions.append(Condition(tested, path, Fraction(found) if exact else found, mark))
        elif kind == "scope" and rule.get("cognate_required_for_other_qualification"):
            conditions.append(Condition("cognate", path, True, mark))
        elif kind == "residency_min_share":
            residency = (Fraction(rule["value"]), path)
        elif rule.get("note") or rule.get("value") is not None:
            remarks.append(f"{kind.replace('_', ' ')}: {rule.get('note') or rule['value']}")
    layer = fact["layer"]
    return Layer(
        policy,
        id=policy.id,
        kind=layer["kind"],
        body=layer["body"],
        year=layer["year"] or fact.get("year"),
        # A text on credit transfer speaks of credit earned elsewhere, and of that alone.
        purposes={"access": None, "credit": True, "full_award": None},
        conditions=conditions,
        shares=shares,
        remarks=[*remarks, *([policy.notes] if policy.notes else [])],
        sources=policy.sources,
        evidence=mark,
        residency=residency,
    )
