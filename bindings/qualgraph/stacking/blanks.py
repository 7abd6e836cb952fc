"""What a record does not state, which answers the rule can tell apart, and what they would do.

Three questions use it: which few answers would make a provisional verdict satisfied, whether a
verdict is the same whatever the answers are, and how a blank is put into words.

Notes
-----
Answers are taken from what the rule names: its tags, levels, origins, awards, and so on. A set of
answers that is reported was filled in and audited, so that it does what is said of it. That no
smaller set would do is shown among these answers, up to a number of trials; beyond it the set is
only such that none of its answers can be spared. An item is taken to have one origin.
"""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Any

from .sentences import MAPS, Writer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from ..world import World

__all__ = ["Blank", "blanks_of", "fewest", "filled", "merged"]

_ORIGINS = ("taught", "transfer", "rpl", "micro", "imported", "vet", "training", "non-degree")
#: Keys of a selector and the field of an item they look at.
_FIELDS = {
    "tag": "tags",
    "level": "level",
    "origin": "origin",
    "provider": "provider",
    "field": "field",
    "grade": "grade",
    "date": "date",
    "age": "date",
    "mode": "mode",
    "quality_assured": "quality_assured",
    "assessed": "assessed",
    "outcome": "outcomes",
    "whole": "whole",
    "part_of": "part_of",
    "credits": "credits",
    "hours": "hours",
    "used": "used_for",
    "used_for": "used_for",
}
_REPLACED = ("total", "classification", "derives")
_KEYED = ("allocation", "reuse")
_TRIALS = 600
_CASES = 4096


def merged(rule: Mapping[str, Any], choice: Mapping[str, Any]) -> dict[str, Any]:
    """The rule in one form: variant, then exit or title, laid over the main text."""
    whole = dict(rule)
    for group, key in (("variants", "variant"), ("exits", "exit"), ("titles", "title")):
        id = choice.get(key)
        if not id:
            continue
        fragment = (rule.get(group) or {}).get(id) or {}
        if key == "exit":
            for name in ("total", "places", "floors", "caps", "requirements"):
                whole.pop(name, None)
        for name, value in fragment.items():
            if name in _REPLACED or name == "admits":
                whole[name] = value
            elif name in MAPS or name in _KEYED:
                whole[name] = {**(whole.get(name) or {}), **value}
    return whole


class Blank:
    """Something that a record does not state.

    Attributes
    ----------
    kind : str
        ``"item"``, ``"requirement"``, ``"parameter"``, ``"date"`` or ``"awards"``; of what the texts
        leave open, ``"conversion"`` or ``"mapping"``.
    id, field : str
        Of the item and what is not stated of it; of the requirement or parameter.
    answers : list
        Values as a record holds them.
    complete : bool
        Whether the answers are all that the rule can tell apart.
    """

    __slots__ = ("answers", "complete", "field", "id", "kind")

    def __init__(self, kind: str, id: str, field: str, answers: list[Any], complete: bool) -> None:
        self.kind, self.id, self.field = kind, id, field
        self.answers, self.complete = answers, complete

    @property
    def name(self) -> str:
        """The item and its field, or the requirement or parameter."""
        return f"{self.id}: {self.field}" if self.kind == "item" else f"{self.kind}s/{self.id}"

    def fill(self, items: Mapping[str, dict[str, Any]], value: Any) -> None:
        """State an answer in the items of a record, by id."""
        items[self.id][self.field] = value


def _selectors(value: Any) -> Iterator[tuple[str, Any]]:
    """Every key of every selector and condition below a clause, with its value."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key in ("title", "note", "source") or key.startswith("x-"):
                continue
            yield key, inner
            if key not in ("level", "grade", "date", "age", "credits", "hours"):
                yield from _selectors(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _selectors(inner)


def _mentions(rule: Mapping[str, Any]) -> dict[str, list[Any]]:
    """What the clauses name, by key."""
    found: dict[str, list[Any]] = {}
    for group in (*MAPS, "total", *_KEYED):
        for key, value in _selectors(rule.get(group) or {}):
            found.setdefault(key, []).append(value)
    for key in ("distinct", "for_each"):
        for attribute in found.get(key, ()):
            found.setdefault("tag" if attribute.startswith("tag:") else attribute, []).append(None)
    for group in ("windows", "pace"):
        if rule.get(group):
            found.setdefault("date", []).append(None)
    if any((one.get("timing") or "before") != "any" for one in (rule.get("prerequisites") or {}).values()):
        found.setdefault("date", []).append(None)
    reuse = rule.get("reuse") or {}
    if reuse.get("used_elsewhere") in ("barred", "limited") or (rule.get("allocation") or {}).get("max_awards"):
        found.setdefault("used", []).append(None)
    if rule.get("averages"):
        found.setdefault("grade", []).append(None)
    return found


def _texts(values: Iterable[Any]) -> list[str]:
    named: dict[str, None] = {}
    for value in values:
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, str):
                named[one] = None
    return list(named)


def _subsets(names: list[str]) -> list[list[str]]:
    return [list(some) for size in range(len(names) + 1) for some in combinations(names, size)]


class _Answers:
    """Answers by field of an item, for one rule."""

    def __init__(self, world: World, rule: Mapping[str, Any]) -> None:
        self.world, self.rule = world, rule
        self.named = _mentions(rule)
        self._kept: dict[str, tuple[list[Any], bool]] = {}

    def fields(self) -> list[str]:
        """Fields that the rule looks at."""
        looked = {_FIELDS[key]: None for key in _FIELDS if key in self.named}
        looked.setdefault("credits", None)
        return list(looked)

    def of(self, field: str) -> tuple[list[Any], bool]:
        """Answers, and whether they are all that the rule can tell apart."""
        if field not in self._kept:
            self._kept[field] = getattr(self, f"_{field}", self._open)()
        return self._kept[field]

    def _open(self) -> tuple[list[Any], bool]:
        return [], False

    def _none(self, key: str) -> bool:
        """Whether the rule looks at values that it does not name: copies, different values."""
        return any(value is None for value in self.named.get(key, ()))

    def _tags(self) -> tuple[list[Any], bool]:
        names = [f"{tag[:-1]}any" if tag.endswith(":*") else tag for tag in _texts(self.named.get("tag", ()))]
        if len(names) <= 4:
            return _subsets(names), not self._none("tag")
        return [*([name] for name in names), [], names], False

    def _outcomes(self) -> tuple[list[Any], bool]:
        names = _texts([*self.named.get("outcome", ()), *self.named.get("set", ())])
        return (_subsets(names), True) if len(names) <= 4 else ([names, []], False)

    def _level(self) -> tuple[list[Any], bool]:
        bounds = []
        for value in self.named.get("level", ()):
            if isinstance(value, dict):
                bounds += _texts(value.values())
        frameworks = list(dict.fromkeys(bound.partition(":")[0] for bound in bounds))
        answers = []
        for framework in frameworks:
            scale = (self.rule.get("scales") or {}).get(framework)
            if scale:
                answers += [f"{framework}:{code}" for code in scale.get("order") or ()]
            elif framework in self.world.frameworks:
                answers += [str(level) for level in self.world.framework(framework).levels]
        return answers, len(frameworks) == 1 and bool(answers) and not self._none("level")

    def _origin(self) -> tuple[list[Any], bool]:
        named = [one for one in _texts(self.named.get("origin", ())) if "." in one]
        return [*_ORIGINS, *named], not self._none("origin")

    def _provider(self) -> tuple[list[Any], bool]:
        named = [one for one in _texts(self.named.get("provider", ())) if one not in ("awarding", "other")]
        awarding = self.rule.get("awarding") or []
        # A record may say "awarding" itself where the rule names nobody.
        own = ["awarding"] if not awarding else [awarding] if isinstance(awarding, str) else list(awarding)
        return [*own, *named, "other" if not awarding else "another-provider"], not self._none("provider")

    def _field(self) -> tuple[list[Any], bool]:
        return [*([one] for one in _texts(self.named.get("field", ()))), []], not self._none("field")

    def _grade(self) -> tuple[list[Any], bool]:
        scales = self.rule.get("scales") or {}
        used = [value.get("scale") for value in self.named.get("grade", ()) if isinstance(value, dict)]
        used += [one.get("scale") for one in (self.rule.get("averages") or {}).values()]
        answers: list[str] = []
        for name in dict.fromkeys(one for one in used if one):
            answers += [str(grade) for grade in reversed((scales.get(name) or {}).get("order") or ())]
        bounds = [v.get("at_least") for v in self.named.get("grade", ()) if isinstance(v, dict)]
        answers += [str(bound) for bound in bounds if bound is not None and str(bound) not in answers]
        closed = len(set(used)) == 1 and used[0] is not None and not (scales.get(used[0]) or {}).get("numeric")
        return [*answers, "ungraded"], closed

    def _mode(self) -> tuple[list[Any], bool]:
        return [*_texts(self.named.get("mode", ())), "another-mode"], not self._none("mode")

    def _part_of(self) -> tuple[list[Any], bool]:
        return [*_texts(self.named.get("part_of", ())), "another-award"], False

    def _quality_assured(self) -> tuple[list[Any], bool]:
        return [True, False], True

    _assessed = _whole = _quality_assured

    def _used_for(self) -> tuple[list[Any], bool]:
        return [[], *([one] for one in _texts(self.named.get("used_for", ()))), ["another-award"]], True


def _awards_named(rule: Mapping[str, Any], named: Mapping[str, list[Any]]) -> list[str]:
    return _texts(named.get("award", ()))


def blanks_of(world: World, rule: Mapping[str, Any], record: Mapping[str, Any]) -> list[Blank]:
    """What the record leaves open and the rule looks at."""
    answers = _Answers(world, rule)
    admitted = set(rule.get("admits") or ("passed", "exempted"))
    found = []
    for id, one in (rule.get("requirements") or {}).items():
        if id.startswith("x-") or (record.get("requirements") or {}).get(id) is not None:
            continue
        good = one.get("min") if isinstance(one.get("min"), (int, str)) else True
        found.append(Blank("requirement", id, "", [good, 0 if good is not True else False], True))
    asked = set(_texts(answers.named.get("parameter", ())))
    for id, one in (rule.get("parameters") or {}).items():
        stated = (record.get("parameters") or {}).get(id, one.get("default"))
        if stated is not None or id not in asked:
            continue
        if one.get("choices"):
            found.append(Blank("parameter", id, "", list(one["choices"]), True))
        elif one.get("type") == "truth":
            found.append(Blank("parameter", id, "", [True, False], True))
        else:
            found.append(Blank("parameter", id, "", [], False))
    if record.get("awards") is None and "award" in answers.named:
        named = _texts(answers.named["award"])
        sets = [[{"id": name} for name in some] for some in _subsets(named)] if len(named) <= 3 else []
        found.append(Blank("awards", "awards", "", sets, bool(sets)))
    starts = {one.get("starts") for one in (rule.get("windows") or {}).values()}
    starts |= {value.get("to") for value in answers.named.get("age", ()) if isinstance(value, dict)}
    days = sorted(item["date"] for item in record["items"] if item.get("date"))
    for day in ("registration", "admission"):
        if day in starts and (record.get("dates") or {}).get(day) is None:
            found.append(Blank("date", day, "", days[:1], False))
    fields = answers.fields()
    for item in record["items"]:
        if (item.get("status") or "passed") not in admitted:
            continue
        for field in fields:
            given = item.get(field)
            if field == "credits" and isinstance(given, dict):
                found.append(Blank("item", item["id"], field, [given.get("max"), given.get("min")], False))
            elif given is None:
                values, complete = answers.of(field)
                if field == "date" and not values:
                    values = [str(record["as_of"])] if record.get("as_of") else []
                found.append(Blank("item", item["id"], field, list(values), complete))
    return found


def filled(record: Mapping[str, Any], answers: Iterable[tuple[Blank, Any]]) -> dict[str, Any]:
    """The record with these blanks answered."""
    whole = {**record, "items": [dict(item) for item in record["items"]]}
    items = {item["id"]: item for item in whole["items"]}
    for blank, value in answers:
        if blank.kind in ("item", "conversion", "mapping"):
            blank.fill(items, value)
        elif blank.kind == "awards":
            whole["awards"] = value
        else:
            key = {"requirement": "requirements", "parameter": "parameters", "date": "dates"}[blank.kind]
            whole[key] = {**(whole.get(key) or {}), blank.id: value}
    return whole


# ---- favourable answers


def _wanted(selector: Any, found: dict[str, list[Any]]) -> None:
    """What an item should state so that a selector chooses it."""
    if not isinstance(selector, dict):
        return
    for key, value in selector.items():
        if key == "all":
            for one in value:
                _wanted(one, found)
        elif key == "any":
            _wanted(value[0], found)
        elif key in _FIELDS:
            first = value[0] if isinstance(value, list) and value else value
            if key == "level" or key == "grade":
                exact = first.get("exactly")
                first = (
                    (exact[0] if isinstance(exact, list) else exact) or first.get("at_least") or first.get("at_most")
                )
            elif key in ("date", "age", "credits", "hours", "used", "used_for"):
                continue
            elif key == "tag" and str(first).endswith(":*"):
                first = f"{str(first)[:-1]}any"
            found.setdefault(_FIELDS[key], []).append(first)


def _guess(blank: Blank, rule: Mapping[str, Any], place: str | None) -> list[Any]:
    """Answers to one blank, the most promising first."""
    if blank.kind in ("conversion", "mapping"):
        return blank.answers
    wanted: dict[str, list[Any]] = {}
    places = rule.get("places") or {}
    name = (place or "").split("[")[0]
    while name in places:
        _wanted(places[name].get("from"), wanted)
        name = places[name].get("inside", "")
    for gate in (rule.get("eligibility") or {}).values():
        _wanted(gate.get("require"), wanted)
    floors: dict[str, list[Any]] = {}
    for floor in (rule.get("floors") or {}).values():
        _wanted(floor.get("from"), floors)
    first: list[Any] = []
    if blank.field in ("tags", "outcomes"):
        here = list(dict.fromkeys(wanted.get(blank.field, ())))
        more = list(dict.fromkeys([*here, *floors.get(blank.field, ())]))
        first = [more, here]
    elif blank.field == "provider":
        own = rule.get("awarding") or []
        named = ["awarding"] if not own else [own] if isinstance(own, str) else list(own)
        asked = [*wanted.get("provider", ()), *floors.get("provider", ())]
        first = [named[0] if one == "awarding" else one for one in asked]
    else:
        first = [*wanted.get(blank.field, ()), *floors.get(blank.field, ())]
        if blank.field == "field":
            first = [[one] for one in first]
    return list({repr(one): one for one in [*first, *blank.answers] if one is not None}.values())


def fewest(
    rule: Mapping[str, Any],
    record: Mapping[str, Any],
    blanks: list[Blank],
    allocation: list[tuple[Any, ...]],
    satisfied: Callable[[dict[str, Any]], bool],
) -> list[tuple[Blank, Any]] | None:
    """Fewest answers that make the rule met; none if no answers tried do.

    The answers are first chosen so that items may stay where the favourable reading placed them.
    """
    placed = {row[0]: row[1] for row in allocation}
    options = {}
    for blank in blanks:
        guesses = _guess(blank, rule, placed.get(blank.id))
        if guesses:
            options[blank] = guesses
    if not options:
        return None
    trials = 0

    def holds(answers: dict[Blank, Any]) -> bool:
        nonlocal trials
        trials += 1
        return satisfied(filled(record, answers.items()))

    chosen = next((some for some in _attempts(options) if trials < _TRIALS // 2 and holds(some)), None)
    if chosen is None:
        return None
    for size in range(1, len(chosen)):
        if trials + _combinations(len(chosen), size) > _TRIALS:
            break
        for some in combinations(chosen, size):
            if holds({blank: chosen[blank] for blank in some}):
                return [(blank, chosen[blank]) for blank in some]
    kept = dict(chosen)
    for blank in list(kept):
        fewer = {other: value for other, value in kept.items() if other is not blank}
        if fewer and holds(fewer):
            kept = fewer
    return list(kept.items())


def _attempts(options: Mapping[Blank, list[Any]]) -> Iterator[dict[Blank, Any]]:
    """All blanks answered: as guessed, then with one field answered otherwise, then with one blank."""
    first = {blank: guesses[0] for blank, guesses in options.items()}
    yield first
    for field in dict.fromkeys((blank.kind, blank.field) for blank in options):
        group = [blank for blank in options if (blank.kind, blank.field) == field]
        for number in range(1, max(len(options[blank]) for blank in group)):
            yield {**first, **{one: options[one][min(number, len(options[one]) - 1)] for one in group}}
    for blank, guesses in options.items():
        for guess in guesses[1:]:
            yield {**first, blank: guess}


def _combinations(n: int, k: int) -> int:
    from math import comb

    return comb(n, k)


def settled(blanks: list[Blank], verdict: Callable[[list[tuple[Blank, Any]]], str]) -> tuple[str | None, str]:
    """The verdict that all completions share, and why there is none otherwise.

    At most 12 blanks and 4096 completions are gone through.
    """
    if len(blanks) > 12:
        return None, f"{len(blanks)} points are not known; at most 12 are settled case by case"
    cases = 1
    for blank in blanks:
        if not blank.complete or not blank.answers:
            return None, f"the answers to {blank.name} cannot be listed"
        cases *= len(blank.answers)
    if cases > _CASES:
        return None, f"{cases} cases are more than the {_CASES} that are gone through"
    seen: set[str] = set()

    def walk(number: int, answers: list[tuple[Blank, Any]]) -> bool:
        if number == len(blanks):
            seen.add(verdict(answers))
            return len(seen) == 1
        return all(walk(number + 1, [*answers, (blanks[number], value)]) for value in blanks[number].answers)

    if walk(0, []) and seen <= {"satisfied", "unsatisfied"}:
        return seen.pop(), ""
    return None, "the verdict differs from case to case"


def answer_sentence(blank: Blank, value: Any, writer: Writer, item: Callable[[str], str]) -> str:
    """A blank and its answer in words."""
    if blank.kind == "requirement":
        what = ((writer.rule.get("requirements") or {}).get(blank.id) or {}).get("what", blank.id)
        size = "" if value is True else f": {value}"
        return f'The requirement "{what}" is met{size} (requirements/{blank.id}).'
    if blank.kind == "parameter":
        what = ((writer.rule.get("parameters") or {}).get(blank.id) or {}).get("what", blank.id)
        said = {True: "true", False: "false"}.get(value, value) if isinstance(value, bool) else value
        return f"{what[:1].upper() + what[1:]}: {said} (parameters/{blank.id})."
    if blank.kind == "awards":
        names = [one["id"] for one in value]
        return f"Awards held: {', '.join(names) or 'none'}."
    if blank.kind == "date":
        return f"The day of {blank.id} is {value} or such that the rule is kept."
    name = item(blank.id)
    if blank.field == "tags":
        said = f"tagged {', '.join(value)}" if value else "without any of the tags that the rule names"
    elif blank.field == "used_for":
        said = f"used for {', '.join(value)}" if value else "not used for another award"
    elif blank.field == "credits":
        said = f"worth {value} credits"
    elif blank.field in ("quality_assured", "assessed", "whole"):
        said = writer.predicate({blank.field: value})
    elif blank.field == "outcomes":
        said = f"with outcomes {', '.join(value)}" if value else "without outcomes"
    elif blank.field == "grade":
        said = f"graded {value}"
    elif blank.field == "level":
        said = f"at {value}"
    elif blank.field == "date":
        said = f"dated {value}"
    elif blank.field == "provider":
        said = f"from {value}"
    elif blank.field == "field":
        said = f"in field {', '.join(value)}"
    else:
        said = writer.predicate({blank.field: value})
    return f"{name} is {said}." if not said.startswith("that ") else f"{name} is one {said}."
