"""What is given to questions about pathways: budgets, amounts, assessments, awards."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from ..errors import InvalidValue
from ..stacking.complete import Catalogue
from ..stacking.rule import Rule
from .forms import Form, form_of, forms_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..world import World

__all__ = ["assessments_of", "budget_given", "credits_of", "known_forms", "with_assessments"]


def credits_of(offer: Mapping[str, Any], system: str | None) -> Fraction | None:
    """Credits of an offer in the catalogue's system; None for a range, for other systems, or if none are stated."""
    value = offer.get("credits")
    if value is None or isinstance(value, dict):
        return None
    number, _, own = str(value).partition(" ")
    return Fraction(number) if own in ("", system) else None


def budget_given(**given: Any) -> None:
    """Refuses a budget or a length that is no whole number of 0 or more, by its name."""
    for name, value in given.items():
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            raise InvalidValue(f"{name} is a whole number, 0 or more, not {value!r}")


def assessments_of(more: Any) -> list[dict[str, Any]]:
    """Assessments of prior learning as offers: mappings, or anything with a list of them in ``.assessments``.

    Each has ``id``, ``unit`` (what it is recognised as), ``credits``, ``cost`` (the fee) and ``months``; it
    counts under the rule's limits on prior learning, as its ``origin`` is ``"rpl"`` unless it says more.
    """
    listed = getattr(more, "assessments", more) if more is not None else []
    if isinstance(listed, (str, dict)) or not hasattr(listed, "__iter__"):
        raise InvalidValue(f"assessments are a list of offers, not {listed!r}")
    found = []
    for one in listed:
        offer = dict(one)
        if not isinstance(offer.get("id"), str):
            raise InvalidValue(f"an assessment has an id, not {offer.get('id')!r}: {offer}")
        offer.setdefault("kind", "rpl-assessment")
        offer.setdefault("origin", "rpl")
        for key in ("credits", "cost", "months"):
            if isinstance(offer.get(key), Fraction):
                offer[key] = int(offer[key]) if offer[key].denominator == 1 else str(offer[key])
        found.append(offer)
    return found


def with_assessments(catalogue: Catalogue, more: Any) -> Catalogue:
    """The catalogue with assessments of prior learning among its offers."""
    offers = assessments_of(more)
    if not offers:
        return catalogue
    whole = catalogue.to_dict()
    whole["offers"] = [*whole["offers"], *offers]
    return Catalogue.from_text(json.dumps(whole, ensure_ascii=False))


def known_forms(world: World, rules: Any) -> list[Form]:
    """Forms of the rules named; of every award of the facts if none is (``None``)."""
    if rules is None:
        rules = [rule for rule in world.rules if rule.kind == "award"]
    if isinstance(rules, (str, Rule, Form)) or not hasattr(rules, "__iter__"):
        rules = [rules]
    found: list[Form] = []
    for each in rules:
        if isinstance(each, Form) or (isinstance(each, str) and ":" in each):
            found.append(form_of(world, each))
        else:
            from ..stacking.given import rule_given

            found += forms_of(rule_given(world, each))
    return found
