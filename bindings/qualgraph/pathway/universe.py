"""Credentials made up from what rules ask about: one of every sort the rules can tell apart."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations, product
from math import gcd, lcm
from typing import TYPE_CHECKING, Any

from .. import _core
from ..stacking.complete import Catalogue
from ..stacking.record import Record

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..world import World
    from .forms import Form

__all__ = ["Universe", "universe"]

#: Sorts of credentials that are made up at most, before those no rule tells apart are put together.
_LARGEST = 4_000


class Universe:
    """A catalogue of made-up credentials over which rungs can be compared without a real one.

    Attributes
    ----------
    catalogue : Catalogue
    grain : Fraction
        Credits of each credential.
    credit : str or None
    complete : bool
        Whether every combination of the attributes that the rules name is there.
    """

    def __init__(self, catalogue: Catalogue, grain: Fraction, credit: str | None, complete: bool, sorts: int) -> None:
        self.catalogue, self.grain, self.credit, self.complete, self.sorts = catalogue, grain, credit, complete, sorts

    def __str__(self) -> str:
        system = f" {self.credit}" if self.credit else ""
        part = "" if self.complete else ", not every sort that the rules could tell apart, so that no yes is proved"
        return f"made-up credentials of {self.grain}{system} each, {self.sorts} sorts that the rules tell apart{part}"


#: Keys under which a clause holds a selector; everywhere else a name may be the id of a clause.
_SELECTORS = ("from", "require", "for", "holds", "replace", "by", "sets")
#: Attributes along which credentials are made up; of others, such as sizes, grades and dates, there is one sort.
_AXES = {
    "unit", "tag", "origin", "provider", "mode", "field", "part_of", "level", "quality_assured", "assessed",
    "id", "item",
}  # fmt: skip


def _walk(value: Any, found: dict[str, set[Any]]) -> None:
    if isinstance(value, list):
        for each in value:
            _walk(each, found)
    if isinstance(value, dict):
        for key, each in value.items():
            (_select if key in _SELECTORS else _walk)(each, found)


def _select(selector: Any, found: dict[str, set[Any]]) -> None:
    if isinstance(selector, list):
        for each in selector:
            _select(each, found)
    if not isinstance(selector, dict):
        return
    for key, each in selector.items():
        if key in ("unit", "tag", "origin", "provider", "mode", "field", "part_of"):
            found.setdefault(key, set()).update([each] if isinstance(each, str) else each)
        elif key == "level":
            bounds = [part for part in each.values() if isinstance(part, (str, list))]
            named = [bound for part in bounds for bound in ([part] if isinstance(part, str) else part)]
            found.setdefault("level", set()).update(bound for bound in named if ":" in bound)
        elif key in ("quality_assured", "assessed"):
            found.setdefault(key, set()).update((True, False))
        elif key in ("all", "any", "not"):
            _select(each, found)
        else:
            found.setdefault(key, set())


def named_attributes(texts: Sequence[dict[str, Any]]) -> dict[str, set[Any]]:
    """What selectors of rules or offers ask about: attribute to the values named."""
    found: dict[str, set[Any]] = {}
    for text in texts:
        _walk({key: value for key, value in text.items() if key not in ("sources", "units", "conditions")}, found)
    return found


def _amounts(text: dict[str, Any]) -> list[Fraction]:
    found: list[Fraction] = []

    def bounds(clause: Any) -> None:
        if isinstance(clause, dict) and clause.get("measure", text.get("measure", "credits")) == "credits":
            for key in ("min", "max", "exact"):
                if isinstance(clause.get(key), (int, str)):
                    found.append(Fraction(clause[key]))

    bounds(text.get("total"))
    total = found[0] if found else None
    for section in ("places", "floors", "caps"):
        for clause in (text.get(section) or {}).values():
            bounds(clause)
            for key in ("min_share", "max_share"):
                # A share turns at its part of the award's size, and at one over its denominator of any other.
                if isinstance(clause, dict) and isinstance(clause.get(key), (int, str)) and total is not None:
                    share = Fraction(clause[key])
                    found += [share * total, total / share.denominator]
    return [each for each in found if each > 0]


def universe(world: World, forms: Sequence[Form], grain: Fraction | None = None) -> Universe:
    """Credentials of one size, of every level, tag, origin and so on that the rungs name, and one named by none."""
    texts = [form.text() for form in forms]
    named = named_attributes(texts)
    credit = next((form.rule.credit for form in forms if form.rule.credit), None)
    amounts = [each for text in texts for each in _amounts(text)]
    if grain is None:
        scale = lcm(1, *(each.denominator for each in amounts))
        grain = Fraction(gcd(*(int(each * scale) for each in amounts)), scale) if amounts else Fraction(1)
    largest = max([form.target or Fraction(0) for form in forms] + [Fraction(0), *amounts])
    copies = max(1, min(400, int(-(-largest // grain))))
    frameworks = {level.split(":", 1)[0] for level in named.get("level", set())}
    levels: list[str | None] = []
    for id in sorted(frameworks & {each.id for each in world.frameworks}):
        levels += [f"{id}:{each.code}" for each in world.framework(id).levels]
    own = {form.rule.level.split(":", 1)[0] for form in forms if form.rule.level}
    if not levels:
        levels = [None]
    elif own and not own & frameworks:
        levels.append(None)
    tags = sorted(tag.replace("*", "any") for tag in named.get("tag", set()))
    most = len(tags) if len(tags) <= 4 else 1
    sets = [list(each) for size in range(most + 1) for each in combinations(tags, size)]
    origins: list[str] = sorted({"taught", *named.get("origin", set())})
    awarding = [provider for form in forms for provider in (form.rule.to_dict().get("awarding") or [])]
    providers: list[str | None] = [None]
    if "provider" in named:
        providers = [*dict.fromkeys(awarding[:1]), "another-provider"]
        providers += sorted(named["provider"] - {"awarding", "other"} - set(awarding))
    others = [(key, sorted(named[key], key=str)) for key in ("mode", "field", "part_of") if key in named]
    flags = [(key, [True, False]) for key in ("quality_assured", "assessed") if key in named]
    axes: list[tuple[str, list[Any]]] = [
        ("level", levels), ("tags", sets), ("origin", origins), ("provider", providers),
        *((key, [*values, None]) for key, values in others), *flags,
    ]  # fmt: skip
    offers: list[dict[str, Any]] = []
    systems = {form.rule.credit for form in forms} - {None}
    measures = {text.get("measure", "credits") for text in texts}
    complete = (
        most == len(tags)
        and not set(named) - _AXES
        and len(systems) <= 1
        and measures <= {"credits", "units"}
        and len(set(awarding)) <= 1
        and copies >= -(-largest // grain)
    )
    for values in product(*(values for _, values in axes)):
        if len(offers) >= _LARGEST:
            complete = False
            break
        offer: dict[str, Any] = {"id": f"m{len(offers) + 1}", "credits": _exact(grain), "cost": 0, "months": 0}
        offer |= {key: value for (key, _), value in zip(axes, values, strict=True) if value is not None}
        offer.setdefault("quality_assured", True)
        offer.setdefault("assessed", True)
        offers.append(offer)
    stated = {unit["unit"]: unit for text in texts for unit in text.get("units") or [] if isinstance(unit, dict)}
    for unit in sorted(named.get("unit", set()) | set(stated)):
        known = stated.get(unit, {})
        offer = {"id": f"unit:{unit}", "unit": unit, "credits": _exact(grain), "tags": [], "origin": "taught"}
        offer |= {key: known[key] for key in ("credits", "level", "tags") if known.get(key) is not None}
        offers.append({**offer, "cost": 0, "months": 0, "quality_assured": True, "assessed": True})
    head: dict[str, Any] = {"credit": credit} if credit else {}
    # Of credentials that no rung tells apart one is kept, as often as the largest award could use it.
    kinds = [
        _core.stack_kinds(world._c, Record([], awards=[])._c, form.goal, Catalogue(offers, **head)._c) for form in forms
    ]
    kept: dict[tuple[int, ...], dict[str, Any]] = {}
    for at, offer in enumerate(offers):
        key = tuple(kind[at] for kind in kinds)
        if key not in kept:
            kept[key] = {**offer, "max_takes": 1 if offer["id"].startswith("unit:") else copies}
    return Universe(Catalogue(kept.values(), **head), grain, credit, complete, len(kept))


def _exact(value: Fraction) -> int | str:
    return int(value) if value.denominator == 1 else str(value)
