"""What a layer says of one claim: each of its conditions, in three values, with the reason.

Truth is True, False or None: what a claim does not state is never read as "no".
"""

from __future__ import annotations

import datetime
from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple

from ..display import agree, fraction_text, listing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from ..stacking.rule import Rule
    from ..world import World
    from .claims import Claims
    from .layers import Condition, Layer

__all__ = ["Case", "Finding", "judge"]


class Case(NamedTuple):
    """What claims are judged in: facts, rule, day, applicant, award, cohort."""

    world: World
    rule: Rule
    claims: Claims
    day: datetime.date | None


class Finding(NamedTuple):
    """One condition on one claim.

    Attributes
    ----------
    layer : Layer
    kind : str
    path : str
        Where the policy says it.
    met : bool or None
        None: not known.
    text : str
        The finding in words.
    evidence : str
    asks : str
        The field that would settle it, where it is not known.
    """

    layer: Layer
    kind: str
    path: str
    met: bool | None
    text: str
    evidence: str
    asks: str = ""


def judge(case: Case, layer: Layer, claim: Mapping[str, Any]) -> list[Finding]:
    """Every condition of a layer on a claim.

    A layer about credit transfer says nothing of a claim that is no transfer: no findings.

    Returns
    -------
    list of Finding
        The purpose first.
    """
    if not _speaks_of(layer, claim):
        return []
    found = [_purpose(layer, claim)]
    if claim["purpose"] == "access":
        tests = _ACCESS
    else:
        tests = {name: test for name, test in _TESTS.items() if name not in ("cohort", "share_held")}
    for condition in layer.conditions:
        if condition.kind not in tests:
            continue
        met, text, asks = tests[condition.kind](case, layer, condition, claim)
        found.append(Finding(layer, condition.kind, condition.path, met, text, condition.evidence, asks))
    return found


def _speaks_of(layer: Layer, claim: Mapping[str, Any]) -> bool:
    if layer.policy.kind != "credit_transfer_policy":
        return True
    origin = claim.get("origin")
    return origin is None or origin.split(".")[0] == "transfer"


_SERVES = {"access": "admission", "credit": "credit", "full_award": "a whole award"}


def _purpose(layer: Layer, claim: Mapping[str, Any]) -> Finding:
    purpose = claim["purpose"]
    met = layer.purposes[purpose]
    if layer.policy.kind == "credit_transfer_policy" and claim.get("origin") is None:
        return Finding(layer, "purpose", "", None, "whether it is credit earned elsewhere is not stated", "", "origin")
    what = "credit earned elsewhere" if layer.policy.kind == "credit_transfer_policy" else "prior learning"
    said = {True: "may serve", False: "may not serve", None: "is not said to serve or not to serve"}[met]
    field = {"access": "access_rpl", "credit": "credit_rpl", "full_award": "full_award_by_rpl"}[purpose]
    path = f"{layer.at}/{field}" if layer.policy.kind == "rpl_policy" else ""
    mark = "known" if purpose in layer.known else layer.evidence
    return Finding(layer, "purpose", path, met, f"{what} {said} {_SERVES[purpose]}", mark)


def _flag(value: Any, wanted: bool, yes: str, no: str, unknown: str, asks: str) -> tuple[bool | None, str, str]:
    if value is None:
        return None, unknown, asks
    return value is wanted, yes if value is wanted else no, ""


def _levels(case: Case, layer: Layer, one: Condition, claim: Mapping[str, Any]) -> tuple[bool | None, str, str]:
    low, high = f"{layer.framework}:{one.value['min']}", f"{layer.framework}:{one.value['max']}"
    span = f"levels {one.value['min']} to {one.value['max']} of {layer.framework}"
    award = case.claims.award.get("level") or case.rule.level
    # A text that names levels does not always say whether the award's or the unit's are meant.
    stated = {"the award": award, "what is claimed": claim.get("level")}
    named = {what: level for what, level in stated.items() if level}
    if not named:
        return None, f"the text is about {span}; no level is stated", "level"
    inside = {}
    for what, level in named.items():
        bounds = (_at_least(case.world, level, low), _at_most(case.world, level, high))
        inside[what] = False if False in bounds else None if None in bounds else True
    words = {True: "inside", False: "outside", None: "not established to be inside"}
    said = listing(f"{what} ({level}) is {words[inside[what]]}" for what, level in named.items())
    text = f"{said} {span}"
    if len(set(inside.values())) > 1:
        return None, f"{text}; the text does not say which of them is meant", ""
    return next(iter(inside.values())), text, ""


def _bounds(world: World, level: str, framework: str) -> tuple[int | None, int | None]:
    """Least and greatest rank that a level may have in a framework, where a mapping says."""
    ranks = {one.code: one.rank for one in world.framework(framework).levels}
    own, _, code = level.partition(":")
    if own == framework:
        rank = world.framework(framework).level(code).rank
        return rank, rank
    answer = world.map_level(level, to=framework)
    if answer.status != "mapped" or not answer.complete:
        return None, None
    return ranks.get(answer.floor or ""), ranks.get(answer.ceiling or "")


def _at_least(world: World, level: str, bound: str) -> bool | None:
    framework, _, code = bound.partition(":")
    low, high = _bounds(world, level, framework)
    rank = world.framework(framework).level(code).rank
    if low is not None and low >= rank:
        return True
    return False if high is not None and high < rank else None


def _at_most(world: World, level: str, bound: str) -> bool | None:
    framework, _, code = bound.partition(":")
    low, high = _bounds(world, level, framework)
    rank = world.framework(framework).level(code).rank
    if high is not None and high <= rank:
        return True
    return False if low is not None and low > rank else None


def _methods(case: Case, layer: Layer, one: Condition, claim: Mapping[str, Any]) -> tuple[bool | None, str, str]:
    evidence = claim.get("evidence")
    named = listing(one.value, "or")
    if not evidence:
        return None, f"no evidence is named; the text names {named}", "evidence"
    kinds = [str(item.get("kind") or "") for item in evidence]
    fit = [kind for kind in kinds if any(_same(kind, method) for method in one.value)]
    if fit:
        return True, f"the evidence is of a kind the text names ({listing(fit)})", ""
    # What a text lists it does not always list exhaustively.
    return None, f"the text names {named}; whether {listing(kinds, 'or')} will do it does not say", "evidence"


def _same(kind: str, method: str) -> bool:
    """Whether two names of a method are one: the same words, a plural or a remark in brackets apart."""

    def words(text: str) -> str:
        return text.split(" (")[0].strip().lower().rstrip("s")

    return words(kind) == words(method)


def _registered(case: Case, layer: Layer, one: Condition, claim: Mapping[str, Any]) -> tuple[bool | None, str, str]:
    return _flag(
        case.claims.applicant.get("registered"),
        True,
        "the applicant is registered",
        "the applicant is not registered, as the text asks",
        "whether the applicant is registered is not stated",
        "applicant registered",
    )


def _not_credited(case: Case, layer: Layer, one: Condition, claim: Mapping[str, Any]) -> tuple[bool | None, str, str]:
    return _flag(
        claim.get("credited_before"),
        False,
        "the learning has not been credited before",
        "the learning has been credited before",
        "whether the learning has been credited before is not stated",
        "credited_before",
    )


def _unused(case: Case, layer: Layer, one: Condition, claim: Mapping[str, Any]) -> tuple[bool | None, str, str]:
    used = claim.get("used_for")
    if used is None:
        return None, "whether the credit has been used for an award is not stated", "used_for"
    if used:
        return False, f"the credit has been used for {listing(used)} and cannot be used again", ""
    return True, "the credit has not been used for an award", ""


def _age(case: Case, layer: Layer, one: Condition, claim: Mapping[str, Any]) -> tuple[bool | None, str, str]:
    age = case.claims.applicant.get("age")
    if one.value is None:
        return None, "the text sets a least age, and the figure was not seen", ""
    if age is None:
        return None, f"the applicant has to be at least {one.value}; the age is not stated", "applicant age"
    met = Fraction(age) >= one.value
    return met, f"the applicant is {age}, {'' if met else 'not '}at least {one.value}", ""


def _experience(case: Case, layer: Layer, one: Condition, claim: Mapping[str, Any]) -> tuple[bool | None, str, str]:
    full, reduced, ground = one.value
    applicant = case.claims.applicant
    years = applicant.get("years_experience")
    asked = f"{full} years of experience" + (f", or {reduced} with {ground}" if reduced is not None else "")
    if years is None:
        return None, f"asked are {asked}; years of experience are not stated", "applicant years_experience"
    held = f"{years} {agree(Fraction(years), 'year', 'years')} of experience"
    if Fraction(years) >= full:
        return True, f"{held}; asked are {asked}", ""
    if reduced is None or Fraction(years) < reduced:
        return False, f"{held}; asked are {asked}", ""
    stated = applicant.get("reduced_experience_ground")
    if stated is None:
        return None, f"{held}; asked are {asked}, and which holds is not stated", "applicant reduced_experience_ground"
    return stated, f"{held}; asked are {asked}, which {'holds' if stated else 'does not hold'}", ""


def _cohort(case: Case, layer: Layer, one: Condition, claim: Mapping[str, Any]) -> tuple[bool | None, str, str]:
    share = fraction_text(one.value)
    intake, admitted = case.claims.cohort.get("intake"), case.claims.cohort.get("admitted")
    if intake is None or admitted is None:
        missing = "cohort intake" if intake is None else "cohort admitted"
        return None, f"at most {share} of an intake may be admitted this way; the {missing} is not stated", missing
    # Persons are whole: the largest number that is no more than the share.
    limit = one.value * intake // 1
    met = admitted + 1 <= limit
    text = f"at most {share} of an intake of {intake}, {limit} persons, and {admitted} are admitted already"
    return met, text + ("" if met else ": no place is left"), ""


def _share_held(case: Case, layer: Layer, one: Condition, claim: Mapping[str, Any]) -> tuple[bool | None, str, str]:
    base = case.claims.award.get("base")
    share = fraction_text(one.value)
    if base is None:
        return None, f"{share} of the graduating credits has to be held; the base is not stated", "award base"
    held = claim.get("credits")
    if held is None:
        return None, f"{share} of {base} has to be held; what is held is not stated", "credits"
    own = case.rule.to_dict().get("credit")
    amount, _, of_held = str(held).partition(" ")
    whole, _, of_base = str(base).partition(" ")
    system, wanted = of_held or own, of_base or own
    needed = Fraction(whole) * one.value
    if system == wanted:
        met: bool | None = Fraction(amount) >= needed
    elif system and wanted:
        met = case.world.certainly_at_least(f"{amount} {system}", f"{fraction_text(needed)} {wanted}")
    else:
        text = f"{share} of {base} has to be held; in which credits {held} held are is not stated"
        return None, text, "credits" if wanted else "award base"
    said = {True: "enough", False: "not enough", None: "not established to be enough"}[met]
    return met, f"{held} held is {said}: {share} of {base} is {fraction_text(needed)}", ""


def _outcome_score(case: Case, layer: Layer, one: Condition, claim: Mapping[str, Any]) -> tuple[bool | None, str, str]:
    from .outcomes import shown_of

    least = fraction_text(one.value)
    shown = shown_of(claim)
    asked = claim.get("required_outcomes")
    if asked is None:
        return None, f"each outcome needs {least}; which outcomes the unit has is not stated", "required_outcomes"
    reached = {name: shown[name].reaches(one.value) if name in shown else None for name in asked}
    failed = [name for name, met in reached.items() if met is False]
    unknown = [name for name, met in reached.items() if met is None]
    if failed:
        return False, f"each outcome needs {least}; {listing(failed)} {agree(len(failed), 'has', 'have')} less", ""
    if unknown:
        text = f"each outcome needs {least}; what was shown of {listing(unknown)} is not stated"
        return None, text, "outcomes"
    return True, f"every outcome has at least {least}", ""


#: Parts of a programme that are no final work.
_TAUGHT = ("module", "course", "coursework", "unit", "subject", "paper", "elective")


def _component(case: Case, layer: Layer, one: Condition, claim: Mapping[str, Any]) -> tuple[bool | None, str, str]:
    part = claim.get("component")
    barred = listing(one.value, "or")
    if part is None:
        return None, f"{barred} cannot be recognised; what part of the programme it is, is not stated", "component"
    if any(_same(part, name) for name in one.value):
        return False, f"{part} cannot be recognised", ""
    if any(_same(part, name) for name in _TAUGHT):
        return True, f"it is no {barred}", ""
    # A capstone may be what the text calls a final year project.
    return None, f"{barred} cannot be recognised; whether {part} is one of them is not known", "component"


def _overlap(case: Case, layer: Layer, one: Condition, claim: Mapping[str, Any]) -> tuple[bool | None, str, str]:
    threshold, ways = one.value
    least = fraction_text(threshold)
    if claim.get("overlap") is None:
        return None, f"{least} of the content has to be common; the overlap is not stated", "overlap"
    overlap = Fraction(claim["overlap"])
    if overlap >= threshold:
        return True, f"{claim['overlap']} of the content is common, at least {least}", ""
    if ways:
        return None, f"{claim['overlap']} of the content is common, less than {least}: {'; or '.join(ways)}", ""
    return False, f"{claim['overlap']} of the content is common, less than {least}", ""


def _hours(case: Case, layer: Layer, one: Condition, claim: Mapping[str, Any]) -> tuple[bool | None, str, str]:
    here, there = claim.get("hours"), (claim.get("source") or {}).get("hours")
    share = fraction_text(one.value)
    if here is None or there is None:
        return (
            None,
            f"hours may differ by {share}; they are not both stated",
            "hours" if here is None else "source hours",
        )
    met = abs(Fraction(there) - Fraction(here)) <= one.value * Fraction(here)
    return met, f"{there} hours against {here}, {'within' if met else 'more than'} {share}", ""


def _years_after(day: datetime.date, years: int) -> datetime.date:
    """The day so many years later; the last of February stands for a leap day."""
    if day.year + years > datetime.MAXYEAR:
        return datetime.date.max
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def _within(case: Case, claim: Mapping[str, Any], years: int) -> bool | None:
    if claim.get("date") is None or case.day is None:
        return None
    return _years_after(datetime.date.fromisoformat(claim["date"]), years) >= case.day


def _age_of_credit(case: Case, layer: Layer, one: Condition, claim: Mapping[str, Any]) -> tuple[bool | None, str, str]:
    said = f"{one.value} {agree(one.value, 'year', 'years')}"
    met = _within(case, claim, one.value)
    if met is None:
        asks = "date" if claim.get("date") is None else "as_of of the record"
        return None, f"credit may be {said} old; its date or the day of the claim is not stated", asks
    return met, f"earned {claim['date']}, {'not ' if met else ''}more than {said} before {case.day}", ""


def _validity(case: Case, layer: Layer, one: Condition, claim: Mapping[str, Any]) -> tuple[bool | None, str, str]:
    longest = one.value
    met = _within(case, claim, longest)
    if met is False:
        return False, f"earned {claim['date']}, more than {longest} years before {case.day}", ""
    own = (claim.get("source") or {}).get("validity_years")
    if own is not None:
        met = _within(case, claim, min(own, longest))
        if met is not None:
            return met, f"earned {claim['date']}; the institution lets it stand for {own} years", ""
    text = (
        f"credit stands for a time the institution sets, {longest} years at most; whether it still does is not stated"
    )
    return None, text, "source validity_years" if own is None else "date"


#: Words of which one excludes the other.
_OPPOSITE = {"undergraduate": "postgraduate", "postgraduate": "undergraduate"}


def _kinds(allowed: bool) -> Callable[..., tuple[bool | None, str, str]]:
    def test(case: Case, layer: Layer, one: Condition, claim: Mapping[str, Any]) -> tuple[bool | None, str, str]:
        kinds = case.claims.award.get("kinds")
        named = listing(one.value, "or")
        verb = "is about" if allowed else "leaves out"
        if kinds is None:
            return None, f"the text {verb} {named}; the kind of award is not stated", "award kinds"
        text = f"the award is {listing(kinds)}; the text {verb} {named}"
        elsewhere = [
            name
            for other in layer.conditions
            if other.kind in ("kinds_allowed", "kinds_excluded") and other is not one
            for name in other.value
        ]
        among = is_among(kinds, one.value, elsewhere)
        if among is None:
            return None, f"{text}; whether it is one of these is not stated", "award kinds"
        return among is allowed, text, ""

    return test


def is_among(kinds: Sequence[str] | None, named: Sequence[str], elsewhere: Sequence[str]) -> bool | None:
    """Whether an award is of a kind that a text names, letter case apart.

    An award that the text names elsewhere, or under the opposite word, is none of these; one in
    other words may be.
    """
    if kinds is None:
        return None
    if _matching(kinds, named):
        return True
    opposite = [_OPPOSITE[name.lower()] for name in named if name.lower() in _OPPOSITE]
    return False if _matching(kinds, [*opposite, *elsewhere]) else None


def _matching(kinds: Iterable[str], named: Iterable[str]) -> bool:
    names = {name.lower() for name in named}
    return any(kind.lower() in names for kind in kinds)


def _approval(case: Case, layer: Layer, one: Condition, claim: Mapping[str, Any]) -> tuple[bool | None, str, str]:
    given = claim.get("approved_by")
    if given is None:
        return None, f"{one.value} has to approve; whether it has is not stated", "approved_by"
    met = one.value in given
    return met, f"{one.value} has {'' if met else 'not '}approved", ""


def _same_level(case: Case, layer: Layer, one: Condition, claim: Mapping[str, Any]) -> tuple[bool | None, str, str]:
    level = (claim.get("source") or {}).get("level")
    target = case.claims.award.get("level") or case.rule.level
    if level is None or not target:
        asks = "source level" if level is None else "award level"
        return None, "only credit of the same level is taken; the levels are not both stated", asks
    framework = str(target).partition(":")[0]
    low, high = _bounds(case.world, level, framework)
    rank = case.world.framework(framework).level(str(target).partition(":")[2]).rank
    met = None if low is None or high is None else True if low == high == rank else low <= rank <= high and None
    said = {True: "is", False: "is not", None: "is not established to be"}[met]
    return met, f"{level} {said} of the same level as {target}", ""


def _last_semesters(case: Case, layer: Layer, one: Condition, claim: Mapping[str, Any]) -> tuple[bool | None, str, str]:
    return _flag(
        (claim.get("source") or {}).get("last_semesters"),
        False,
        f"it is not of the last {one.value} semesters",
        f"credit of the last {one.value} semesters is not taken",
        f"credit of the last {one.value} semesters is not taken; whether it is of those is not stated",
        "source last_semesters",
    )


def _accredited(case: Case, layer: Layer, one: Condition, claim: Mapping[str, Any]) -> tuple[bool | None, str, str]:
    return _flag(
        (claim.get("source") or {}).get("accredited"),
        True,
        "the institution it comes from is accredited",
        "the institution it comes from is not accredited",
        "whether the institution it comes from is accredited is not stated",
        "source accredited",
    )


def _standing(case: Case, layer: Layer, one: Condition, claim: Mapping[str, Any]) -> tuple[bool | None, str, str]:
    return _flag(
        case.claims.applicant.get("good_standing"),
        True,
        "the applicant is in good standing",
        f"the applicant is not in good standing ({one.value})",
        "whether the applicant is in good standing is not stated",
        "applicant good_standing",
    )


def _cognate(case: Case, layer: Layer, one: Condition, claim: Mapping[str, Any]) -> tuple[bool | None, str, str]:
    return _flag(
        claim.get("cognate"),
        True,
        "the subject is related",
        "the subject is not related",
        "whether the subject is related is not stated",
        "cognate",
    )


def _years_here(case: Case, layer: Layer, one: Condition, claim: Mapping[str, Any]) -> tuple[bool | None, str, str]:
    years = case.claims.applicant.get("years_at_institution")
    asked = f"{one.value} {agree(one.value, 'year', 'years')} at the awarding institution"
    if years is None:
        return None, f"asked is {asked}; the time there is not stated", "applicant years_at_institution"
    return Fraction(years) >= one.value, f"{years} of {asked}", ""


_TESTS: dict[str, Callable[..., tuple[bool | None, str, str]]] = {
    "age_of_credit": _age_of_credit,
    "approval": _approval,
    "cognate": _cognate,
    "cohort": _cohort,
    "content_overlap": _overlap,
    "excluded_components": _component,
    "good_standing": _standing,
    "hours_difference": _hours,
    "kinds_allowed": _kinds(True),
    "kinds_excluded": _kinds(False),
    "last_semesters": _last_semesters,
    "levels": _levels,
    "methods": _methods,
    "not_credited_before": _not_credited,
    "outcome_score": _outcome_score,
    "registered": _registered,
    "same_level": _same_level,
    "share_held": _share_held,
    "source_accredited": _accredited,
    "unused": _unused,
    "validity": _validity,
    "years_at_institution": _years_here,
}
#: What is asked of a person who wants to be admitted; the rest is about credit.
_ACCESS = {
    "age": _age,
    "cohort": _cohort,
    "experience": _experience,
    "kinds_allowed": _TESTS["kinds_allowed"],
    "kinds_excluded": _TESTS["kinds_excluded"],
    "levels": _levels,
    "methods": _methods,
    "share_held": _share_held,
}
