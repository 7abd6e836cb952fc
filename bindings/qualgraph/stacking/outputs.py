"""What an award's rule derives from what is counted: its level, and the class it is awarded with.

Neither is part of the verdict. Both look at the allocation that counts the most at the least
shortfall, since an allocation that counts no more than it needs may leave the best out.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..check._select import Case, Item
    from .audit import Audit

__all__ = ["AwardClass", "DerivedLevel", "award_class", "derived_level"]


class DerivedLevel(NamedTuple):
    """The level an award gets from its parts.

    Attributes
    ----------
    level : str or None
        ``framework:code``; None where it cannot be said.
    reason : str
    """

    level: str | None
    reason: str


class AwardClass(NamedTuple):
    """The class an award is given with.

    Attributes
    ----------
    name : str or None
        None where no band is reached, none is stated, or a grade is not known.
    mean : Fraction or None
        The average it rests on, rounded as the rule says.
    method : str or None
    reason : str
    """

    name: str | None
    mean: Fraction | None
    method: str | None
    reason: str


class _Counted(NamedTuple):
    item: Item
    place: str
    share: Fraction


def _view(audit: Audit) -> tuple[Case, list[_Counted]]:
    from ..check._select import Case

    fullest = audit.with_most_counted()
    case = Case(audit.rule.to_dict(), audit.record.to_dict(), audit._best["choice"], "strict", audit.world)
    counted: dict[str, _Counted] = {}
    for row in fullest._best["allocation"]:
        item = case.by_id[row[0]]
        whole = case.size(item, "credits")[0]
        credits = row[4]
        share = Fraction(1) if not whole or credits is None else Fraction(credits) / Fraction(whole)
        if row[5] is not None:
            share = Fraction(row[5], item.count)
        if item.id not in counted or share > counted[item.id].share:
            counted[item.id] = _Counted(item, row[1], min(share, Fraction(1)))
    return case, list(counted.values())


def derived_level(audit: Audit) -> DerivedLevel | None:
    """Level of the award by its parts; None if the rule does not derive one."""
    derives = (audit.rule._under(audit._best["choice"]).to_dict().get("derives") or {}).get("level")
    if derives is None:
        return None
    case, counted = _view(audit)
    framework = audit.rule.to_dict().get("framework")
    if not framework:
        return DerivedLevel(None, "the rule names no framework")
    if "place" in derives:
        counted = [each for each in counted if each.place.partition("[")[0] == derives["place"]]
        needed, said = Fraction(0), f"the highest level held in {derives['place']}"
    else:
        amount = case.amount(derives.get("count_down"))
        if amount is None:
            return DerivedLevel(None, "how much is counted down is not known")
        needed, said = amount, f"{amount} {derives.get('measure', 'credits')} counted down from the top"
    measure = derives.get("measure", "credits")
    levels = sorted(audit.world.framework(framework).levels, key=lambda level: level.rank, reverse=True)
    for level in levels:
        bound = f"{framework}:{level.code}"
        have = sum(
            (
                each.share * Fraction(case.size(each.item, measure)[0])
                for each in counted
                if case.chooses({"level": {"at_least": bound}}, each.item) is True
            ),
            Fraction(0),
        )
        if have > 0 and have >= needed:
            return DerivedLevel(bound, f"{said}: {have} at {bound} or above")
    return DerivedLevel(None, f"{said} reach no level for certain")


def award_class(audit: Audit) -> AwardClass | None:
    """Class of the award by its grades; None if the rule has none."""
    rules = audit.rule._under(audit._best["choice"]).to_dict().get("classification")
    if not rules:
        return None
    case, counted = _view(audit)
    scale = (case.text.get("scales") or {}).get(rules.get("scale") or "")
    found: list[AwardClass] = []
    for name, method in sorted((rules.get("methods") or {}).items()):
        if "when" in method and case.condition(method["when"]) is not True:
            continue
        found.append(_by_method(case, counted, rules, name, method, scale))
        if rules.get("take") == "first-applicable":
            break
    known = [each for each in found if each.mean is not None]
    if not known:
        return found[0] if found else AwardClass(None, None, None, "no method applies")
    return max(known, key=lambda each: each.mean or Fraction(0))


def _by_method(
    case: Case,
    counted: list[_Counted],
    rules: Mapping[str, Any],
    name: str,
    method: Mapping[str, Any],
    scale: dict[str, Any] | None,
) -> AwardClass:
    from ..check._select import rounded

    points_sum, weight_sum = Fraction(0), Fraction(0)
    for part in method["parts"]:
        measure = part.get("measure", "credits")
        inside = part.get("in") or []
        places = [inside] if isinstance(inside, str) else inside
        graded: list[tuple[Fraction, Fraction]] = []
        for each in counted:
            if places and each.place.partition("[")[0] not in places:
                continue
            if "from" in part and case.chooses(part["from"], each.item) is not True:
                continue
            if each.item.grade == "ungraded":
                continue
            points = case.points(each.item.grade, scale)
            if points is None:
                return AwardClass(None, None, name, f"the grade of {each.item.id} is not known")
            graded.append((points, each.share * Fraction(case.size(each.item, measure)[0])))
        best = case.amount(part["best"]) if "best" in part else None
        if "best" in part and best is None:
            return AwardClass(None, None, name, "how much of the best is taken is not known")
        left = best
        for points, amount in sorted(graded, key=lambda pair: pair[0], reverse=True):
            taken = amount if left is None else min(amount, left)
            left = None if left is None else left - taken
            weight = Fraction(part.get("weight", 1))
            points_sum += weight * points * taken
            weight_sum += weight * taken
    if weight_sum == 0:
        return AwardClass(None, None, name, "nothing graded is counted")
    grain = Fraction(rules.get("grain", 1))
    mean = Fraction(rounded(points_sum / weight_sum, rules.get("rounding"), grain))
    reached = []
    for band in rules.get("bands") or []:
        least = case.amount(band["at_least"])
        if least is not None and mean >= least:
            reached.append((least, band["class"]))
    if not rules.get("bands"):
        return AwardClass(None, mean, name, "the rule states no classes")
    if not reached:
        return AwardClass(None, mean, name, "below the lowest class")
    return AwardClass(max(reached)[1], mean, name, f"average {mean} by {name}")
