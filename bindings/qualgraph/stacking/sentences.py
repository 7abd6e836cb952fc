"""A rule as plain English, clause by clause, each with its path and its source.

Every construct of the rule language has words here; nothing falls back to the JSON text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..display import listing, mark

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["MAPS", "Sentence", "Writer", "page", "text"]

#: Keys under which clauses stand by id, with the heading of each group.
MAPS = {
    "places": "Where items are placed",
    "floors": "Minima over what is counted",
    "caps": "Limits on what is counted",
    "exclusions": "What excludes each other",
    "eligibility": "Which items may count",
    "windows": "When items must have been earned",
    "pace": "How fast credit may be earned",
    "prerequisites": "What must come before what",
    "outcomes": "Outcomes to be covered",
    "requirements": "Required besides credit",
    "averages": "Grade averages",
    "substitutions": "What may stand for something else",
    "waivers": "What may be waived",
}
_ALTERNATIVES = {
    "variants": "Variants: exactly one of these forms applies",
    "titles": "Titles: the one of least rank whose clauses hold is carried",
    "exits": "Exit awards on the way; total, places, floors, caps and requirements are those stated here",
}
_ORIGINS = {
    "taught": "taught",
    "transfer": "transferred",
    "transfer.completed": "transferred from a completed award",
    "transfer.incomplete": "transferred from an unfinished award",
    "rpl": "gained by recognition of prior learning",
    "rpl.experiential": "gained by recognition of experience",
    "rpl.professional": "gained by recognition of professional experience",
    "rpl.exam": "gained by an examination of prior learning",
    "micro": "gained as micro-credentials",
    "micro.mooc": "gained in open online courses",
    "imported": "imported from elsewhere",
    "vet": "from vocational education and training",
    "training": "from training",
    "non-degree": "taken outside a degree",
    "non-degree.he": "taken outside a degree in higher education",
    "non-degree.student": "taken by a student outside a degree",
}
_STATUSES = {"in-progress": "in progress"}
_UNGRADED = {"pass": "ungraded items pass", "skip": "ungraded items are not put to it"}
_SINGULAR = {"credits": "credit", "units": "unit", "hours": "hour", "points": "point"}
_PARTICIPLES = frozenset(
    ("taught", "transferred", "passed", "failed", "exempted", "planned", "assessed", "quality", "assured", "not", "or")
)
_NUMBERS = ("min", "max", "exact", "max_share", "min_share", "of_last", "count_down", "quantum", "grain", "best")
_SELECTORS = ("from", "require", "replace", "by", "for")
_CONDITIONS = ("when", "needs", "after")


class Sentence:
    """One clause in words.

    Attributes
    ----------
    path : str
        Of the clause, ``"caps/rpl"``; empty for a remark that belongs to none.
    text : str
    note, source : str
        What the rule adds; document, clause and evidence mark, empty where the clause has no source
        of its own.
    section : str
        Heading it stands under.
    depth : int
    """

    __slots__ = ("depth", "note", "path", "section", "source", "text")

    def __init__(self, section: str, path: str, text: str, note: str = "", source: str = "", depth: int = 0) -> None:
        self.section, self.path, self.text = section, path, text
        self.note, self.source, self.depth = note, source, depth

    def __str__(self) -> str:
        named = f" [{self.path}]" if self.path else ""
        return f"{self.text}{named}"

    def __repr__(self) -> str:
        return f"<Sentence {self.path}: {self.text}>"


def _words(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list) else [value]


def _named(values: Iterable[Any], last: str = "or") -> str:
    return listing([f'"{value}"' for value in values], last)


def _sentence_case(text: str) -> str:
    return text[:1].upper() + text[1:]


def _ended(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else text + "."


class Writer:
    """Words for one rule.

    Parameters
    ----------
    rule : mapping
        The rule as plain values.
    """

    def __init__(self, rule: Mapping[str, Any]) -> None:
        self.rule = rule
        self.measure = rule.get("measure", "credits")
        self._documents = {str(source["id"]): source for source in rule.get("sources") or () if source.get("id")}
        self._cases: list[str] = []
        self._places: dict[str, Any] = {}
        for fragment in self._fragments():
            for id, place in (fragment.get("places") or {}).items():
                self._places.setdefault(id, place)

    def _fragments(self) -> list[Mapping[str, Any]]:
        found: list[Mapping[str, Any]] = [self.rule]
        for key in _ALTERNATIVES:
            found += [one for id, one in (self.rule.get(key) or {}).items() if not id.startswith("x-")]
        return found

    # ---- numbers

    def amount(self, number: Any) -> str:
        """A number of the language; a table becomes a letter that `_led` explains."""
        if number is None:
            return "a number that is not known"
        if isinstance(number, dict):
            if "parameter" in number:
                return f'the number given as "{number["parameter"]}"'
            return self._letter(number)
        return str(number)

    def _letter(self, table: Mapping[str, Any]) -> str:
        letter = "NMKL"[min(len(self._cases), 3)]
        cases = [f"{self._exact(row.get('value'))} if {self.condition(row['when'])}" for row in table["table"]]
        cases.append(f"otherwise {self._exact(table.get('otherwise'))}")
        self._cases.append(f", where {letter} is {'; '.join(cases)}")
        return letter

    @staticmethod
    def _exact(number: Any) -> str:
        return "not known" if number is None else str(number)

    def quantity(self, number: Any, measure: str) -> str:
        """A number and what it counts: "60 credits"."""
        if number is None:
            return f"a number of {measure} that is not known"
        if isinstance(number, dict) and "parameter" in number:
            return f'the number of {measure} given as "{number["parameter"]}"'
        return f"{self.amount(number)} {_SINGULAR[measure] if number == 1 else measure}"

    def _bounds(self, clause: Mapping[str, Any], measure: str) -> str:
        """The bounds "at least 60 credits" of a clause, or nothing."""
        if "exact" in clause:
            return f"exactly {self.quantity(clause['exact'], measure)}"
        low, high = "min" in clause, "max" in clause
        plain = not isinstance(clause.get("min"), (dict, type(None))) and not isinstance(
            clause.get("max"), (dict, type(None))
        )
        if low and high and plain:
            return f"from {self.amount(clause['min'])} to {self.quantity(clause['max'], measure)}"
        parts = []
        if low:
            parts.append(f"at least {self.quantity(clause['min'], measure)}")
        if high:
            parts.append(f"at most {self.quantity(clause['max'], measure)}")
        return " and ".join(parts)

    def _base(self, clause: Mapping[str, Any], measure: str) -> str:
        base = clause.get("base", "target")
        inside = self._in(clause.get("in"))
        words = {
            "target": f"the award's size in {measure}",
            "counted": f"the {measure} counted",
            "component": f"the {measure} counted{inside or ' there'}",
            "source": f"the {measure} of the award that it is part of, each award by itself",
            "smaller": f"the {measure} of the smaller of the two awards",
        }
        said = f"the {measure} counted in {self.place(base[6:])}" if base.startswith("place:") else words[base]
        return said + self._rounding(clause, measure)

    @staticmethod
    def _rounding(clause: Mapping[str, Any], measure: str) -> str:
        way = clause.get("rounding", "none")
        if way == "none":
            return ""
        grain = clause.get("grain", 1)
        to = f"whole {measure}" if grain == 1 else f"multiples of {grain}"
        return f", rounded {way.replace('-', ' ')} to {to}"

    def share(self, clause: Mapping[str, Any], key: str, measure: str) -> str:
        """A share and its base: "1/2 of the award's size in credits"."""
        share = "all" if clause[key] == 1 else self.amount(clause[key])
        return f"{share} of {self._base(clause, measure)}"

    # ---- items

    def predicate(self, selector: Any) -> str:
        """What is said of an item, as it stands after "items" or "those"."""
        if selector in (None, "everything") or not any(not key.startswith("x-") for key in selector):
            return ""
        parts = [self._one(key, value) for key, value in selector.items() if not key.startswith("x-") and key != "not"]
        if "not" in selector:
            inner = self.predicate(selector["not"])
            several = (
                sum(not key.startswith("x-") for key in selector["not"]) > 1
                if isinstance(selector["not"], dict)
                else False
            )
            parts.append(f"not both {inner}" if several else f"not {inner}" if inner else "none at all")
        parts = [part for part in parts if part]
        if len(parts) > 1 and any(" or " in part for part in parts):
            return ", and ".join(parts)
        return listing(parts)

    def _one(self, key: str, value: Any) -> str:
        said: str = getattr(self, f"_by_{key}")(value)
        return said

    def _by_unit(self, value: Any) -> str:
        codes = [str(code) for code in _words(value)]
        return f"with unit code {listing(codes, 'or')}"

    def _by_tag(self, value: Any) -> str:
        tags = [str(tag) for tag in _words(value)]
        said = [f'"{tag[:-1]}..."' if tag.endswith(":*") else f'"{tag}"' for tag in tags]
        return f"tagged {listing(said, 'or')}"

    def _by_level(self, value: Mapping[str, Any]) -> str:
        if "exactly" in value:
            return f"at {listing(_words(value['exactly']), 'or')}"
        if "at_least" in value and "at_most" in value:
            return f"from {value['at_least']} to {value['at_most']}"
        if "at_least" in value:
            return f"at {value['at_least']} or above"
        return f"at {value['at_most']} or below"

    def _by_origin(self, value: Any) -> str:
        return listing([_ORIGINS.get(one, f'of origin "{one}"') for one in _words(value)], "or")

    def _by_provider(self, value: Any) -> str:
        words = {"awarding": "the awarding body", "other": "a provider other than the awarding body"}
        return f"from {listing([words.get(one, one) for one in _words(value)], 'or')}"

    def _by_field(self, value: Any) -> str:
        return f"in field {listing(_words(value), 'or')}"

    def _by_grade(self, value: Mapping[str, Any]) -> str:
        if "exactly" in value:
            said = f"graded {listing(_words(value['exactly']), 'or')}"
        elif "at_least" in value and "at_most" in value:
            said = f"graded from {value['at_least']} to {value['at_most']}"
        elif "at_least" in value:
            said = f"graded {value['at_least']} or better"
        elif "at_most" in value:
            said = f"graded {value['at_most']} or worse"
        else:
            said = "graded"
        more = [f"scale {value['scale']}"] if "scale" in value else []
        if value.get("ungraded") in _UNGRADED:
            more.append(_UNGRADED[value["ungraded"]])
        return f"{said} ({'; '.join(more)})" if more else said

    def _by_date(self, value: Mapping[str, Any]) -> str:
        if "from" in value and "until" in value:
            return f"dated from {value['from']} to {value['until']}"
        if "from" in value:
            return f"dated {value['from']} or later"
        return f"dated {value['until']} or earlier"

    def _by_age(self, value: Mapping[str, Any]) -> str:
        verb = value.get("since", "earned")
        day = f"the {value.get('to', 'claim')}"
        parts = []
        if "at_most" in value:
            span = value["at_most"]
            parts.append(
                f"within a time before {day} that is not known" if span is None else f"at most {span} before {day}"
            )
        if "at_least" in value:
            parts.append(f"at least {value['at_least']} before {day}")
        return f"{verb} {' and '.join(parts)}"

    def _by_mode(self, value: Any) -> str:
        return f"taken in mode {_named(_words(value))}"

    def _by_quality_assured(self, value: bool) -> str:
        return "quality assured" if value else "not quality assured"

    def _by_assessed(self, value: bool) -> str:
        return "assessed" if value else "not assessed"

    def _by_outcome(self, value: Any) -> str:
        return f"with outcome {_named(_words(value))}"

    def _by_status(self, value: Any) -> str:
        return listing([_STATUSES.get(one, one) for one in _words(value)], "or")

    def _by_whole(self, value: bool) -> str:
        return "that cannot be split" if value else "that can be split"

    def _by_part_of(self, value: Any) -> str:
        return f"that are part of {_named(_words(value))}"

    def _size(self, value: Mapping[str, Any], measure: str) -> str:
        if "exactly" in value:
            numbers = [self.amount(one) for one in _words(value["exactly"])]
            return f"of exactly {listing(numbers, 'or')} {measure} each"
        bounds = {"min" if key == "at_least" else "max": one for key, one in value.items() if not key.startswith("x-")}
        return f"of {self._bounds(bounds, measure)} each"

    def _by_credits(self, value: Mapping[str, Any]) -> str:
        return self._size(value, "credits")

    def _by_hours(self, value: Mapping[str, Any]) -> str:
        return self._size(value, "hours")

    def _by_used(self, value: bool) -> str:
        return "already used for another award" if value else "not yet used for another award"

    def _by_used_for(self, value: Any) -> str:
        return f"already used for {_named(_words(value))}"

    def _by_all(self, value: list[Any]) -> str:
        return listing([self.predicate(one) or "of any kind" for one in value])

    def _by_any(self, value: list[Any]) -> str:
        parts = [self.predicate(one) or "of any kind" for one in value]
        return parts[0] if len(parts) == 1 else f"either {listing(parts, 'or')}"

    def items(self, selector: Any) -> str:
        """A noun phrase: "items tagged "core""."""
        if selector in (None, "everything"):
            return "any items"
        keys = [key for key in selector if not key.startswith("x-")]
        if keys == ["unit"]:
            codes = [str(code) for code in _words(selector["unit"])]
            return f"unit {codes[0]}" if len(codes) == 1 else f"the units {listing(codes)}"
        if keys == ["not"]:
            return f"any items except {self._those(selector['not'])}"
        if "not" in keys and len(keys) > 1:
            rest = {key: value for key, value in selector.items() if key != "not"}
            return f"{self.items(rest)}, except {self._those(selector['not'])}"
        said = self.predicate(selector)
        # One participle stands before its noun: "transferred items".
        return f"{said} items" if all(word in _PARTICIPLES for word in said.split()) else f"items {said}"

    def _those(self, selector: Any) -> str:
        if isinstance(selector, dict) and [key for key in selector if not key.startswith("x-")] == ["unit"]:
            return self.items(selector)
        return f"those {self.predicate(selector) or 'of any kind'}"

    def counted(self, bounds: str, selector: Any, measure: str) -> str:
        """Bounds and what they are taken from."""
        if selector in (None, "everything"):
            return bounds
        if measure == "units" and isinstance(selector, dict):
            said = self.items(selector)
            if said.startswith("items "):
                return f"{bounds} {said[6:]}"
            if said.endswith(" items"):
                return f"{bounds} from {said}"
            if said.startswith("the units "):
                return f"{bounds.removesuffix(' units').removesuffix(' unit')} of {said}"
        return f"{bounds} from {self.items(selector)}"

    # ---- the case

    def condition(self, condition: Mapping[str, Any]) -> str:
        """A condition on the case, as it stands after "if"."""
        if "holds" in condition:
            if "min" in condition:
                bound = f"at least {self.quantity(condition['min'], condition.get('measure', 'units'))}"
                return f"the record holds {self.counted(bound, condition['holds'], condition.get('measure', 'units'))}"
            said = self.items(condition["holds"])
            return f"the record holds {said.replace('items', 'an item', 1) if said.startswith('items ') else said}"
        if "parameter" in condition:
            said = f'"{condition["parameter"]}"'
            parts = []
            if "is" in condition:
                parts.append("is " + listing([self._value(one) for one in _words(condition["is"])], "or"))
            if "at_least" in condition:
                parts.append(f"is at least {condition['at_least']}")
            if "at_most" in condition:
                parts.append(f"is at most {condition['at_most']}")
            return f"{said} {' and '.join(parts)}"
        if "award" in condition:
            return f"the learner holds the award {_named(_words(condition['award']))}"
        if "met" in condition:
            return f"{self.reference(condition['met'])} is met"
        if "all" in condition:
            return listing([self.condition(one) for one in condition["all"]])
        if "any" in condition:
            parts = [self.condition(one) for one in condition["any"]]
            return parts[0] if len(parts) == 1 else f"either {listing(parts, 'or')}"
        return f"it is not so that {self.condition(condition['not'])}"

    @staticmethod
    def _value(value: Any) -> str:
        if value is True or value is False:
            return "true" if value else "false"
        return str(value) if isinstance(value, int) else f'"{value}"'

    def reference(self, path: str) -> str:
        """A clause named in a sentence."""
        head, _, id = path.partition("/")
        if head == "places" and "/" not in id:
            return f"{self.place(id)} ({path})"
        return path

    def place(self, id: str) -> str:
        """Name of a place: its title, or its id."""
        found = self._places.get(id) or {}
        return f'"{found.get("title") or id}"'

    def _in(self, where: Any) -> str:
        if where is None:
            return ""
        names = []
        for id in _words(where):
            floors = [fragment.get("floors") or {} for fragment in self._fragments()]
            if id not in self._places and any(id in group for group in floors):
                names.append(f"floors/{id}")
            else:
                names.append(self.place(id))
        return f" in {listing(names)}"

    def source(self, clause: Mapping[str, Any]) -> str:
        """Document, clause and evidence mark."""
        found = clause.get("source")
        if not found:
            return ""
        known = self._documents.get(found["document"])
        title = known["title"] if known else found["document"]
        evidence = found.get("evidence") or (known or {}).get("evidence")
        where = f", {found['clause']}" if found.get("clause") else ""
        return f"{title}{where} [{mark(evidence)}]"

    # ---- clauses

    @staticmethod
    def _each(attribute: str) -> str:
        return attribute[4:] if attribute.startswith("tag:") else attribute.replace("part_of", "award it is part of")

    def _led(self, clause: Mapping[str, Any], body: str) -> str:
        """Title before, condition and priority behind."""
        if clause.get("for_each"):
            body = f"for each {self._each(clause['for_each'])}, {body}"
        body, self._cases = body + "".join(self._cases), []
        said = _sentence_case(f"{clause['title']}: {body}" if clause.get("title") else body)
        said = _ended(said)
        if clause.get("when"):
            said += f" This holds only if {self.condition(clause['when'])}."
        if clause.get("priority", 1) != 1:
            said += f" Priority {clause['priority']}."
        return said

    def _total(self, clause: Mapping[str, Any]) -> str:
        measure = clause.get("measure", self.measure)
        bounds = self._bounds(clause, measure) or f"any number of {measure}"
        return self._led(clause, f"{bounds} {'counts' if bounds.endswith(' 1 credit') else 'count'} in all")

    def _places_clause(self, id: str, clause: Mapping[str, Any], children: list[str]) -> str:
        measure = clause.get("measure", self.measure)
        bounds = self._bounds(clause, measure)
        selector = clause.get("from")
        parts = []
        if clause.get("all"):
            if isinstance(selector, dict) and list(selector) == ["unit"]:
                whole = f"all of {self.items(selector)}" if isinstance(selector["unit"], list) else self.items(selector)
            else:
                chosen = self.predicate(selector)
                whole = f"every unit of the rule{' ' + chosen if chosen else ''}"
            parts.append(f"{whole}{', ' + bounds + ' together' if bounds else ''}")
        elif bounds and children and selector is None:
            parts.append(f"{bounds} in its parts together")
        elif bounds:
            takes = "takes " if bounds.startswith("at most") else ""
            parts.append(takes + self.counted(bounds, selector, measure))
        elif not children:
            parts.append(f"takes {self.items(selector)}; no amount is asked")
        elif selector is not None:
            parts.append(f"takes {self.items(selector)}")
        if children:
            parts.append(self._choice(clause, len(children)))
        if clause.get("use") == "exclusive":
            parts.append("an item sits in one of its parts only")
        elif clause.get("use") == "shared":
            parts.append("an item may sit in several of its parts")
        body = "; ".join(parts)
        titled = {**clause, "title": clause.get("title") or f'Place "{id}"'}
        return self._led(titled, body)

    @staticmethod
    def _choice(clause: Mapping[str, Any], children: int) -> str:
        choose = clause.get("choose")
        if choose is None:
            return "its part must be met" if children == 1 else "all its parts must be met"
        tail = "chosen and met, the others take nothing"
        if isinstance(choose, int):
            return f"exactly {choose} of its parts {'is' if choose == 1 else 'are'} {tail}"
        low, high = choose.get("min", 0), choose.get("max")
        if high is None:
            return f"at least {low} of its parts {'is' if low == 1 else 'are'} {tail}"
        if low == high:
            return f"exactly {low} of its parts {'is' if low == 1 else 'are'} {tail}"
        return f"from {low} to {high} of its parts are {tail}"

    def _floors_clause(self, id: str, clause: Mapping[str, Any]) -> str:
        measure = clause.get("measure", self.measure)
        where = self._in(clause.get("in"))
        of = "of everything presented, counted or not" if clause.get("over") == "record" else "of what is counted"
        of += where
        if "of_last" in clause:
            last = clause["of_last"]
            of = f"of the last {self.quantity(last, measure)} counted{where}, by date"
            if isinstance(last, dict) and "parameter" in last:
                of = f'of the last {measure} counted{where}, by date (as many as are given as "{last["parameter"]}")'
        parts = []
        selector = clause.get("from")
        if clause.get("distinct"):
            number = self.amount(clause.get("min"))
            each = self._each(clause["distinct"])
            parts.append(f"{self.items(selector)} come with at least {number} different values of {each}")
        elif "min" in clause:
            bound = f"at least {self.quantity(clause['min'], measure)}"
            everything = selector in (None, "everything")
            parts.append(f"{bound} count" if everything else f"{bound} come from {self.items(selector)}")
        if "min_share" in clause:
            comes = "is counted" if selector in (None, "everything") else f"comes from {self.items(selector)}"
            parts.append(f"at least {self.share(clause, 'min_share', measure)} {comes}")
        if clause.get("all"):
            chosen = self.predicate(selector)
            parts.append(f"every unit of the rule{' ' + chosen if chosen else ''} counts")
        return self._led(clause, f"{of}, {' and '.join(parts)}")

    def _caps_clause(self, id: str, clause: Mapping[str, Any]) -> str:
        measure = clause.get("measure", self.measure)
        if clause.get("union"):
            what = f"whatever falls under {listing(['caps/' + one for one in clause['union']], 'or')}"
        else:
            what = self.items(clause.get("from"))
        where = self._in(clause.get("in"))
        parts = []
        if "max" in clause:
            bound = f"at most {self.quantity(clause['max'], measure)}" if clause["max"] != 0 else f"no {measure}"
            if clause.get("union"):
                parts.append(f"{bound} from {what}")
            else:
                parts.append(self.counted(bound, clause.get("from"), measure))
        if "max_share" in clause:
            from_what = (
                "" if clause.get("from") in (None, "everything") and not clause.get("union") else f" from {what}"
            )
            parts.append(f"at most {self.share(clause, 'max_share', measure)}{from_what}")
        body = (
            f"{' and '.join(parts)} {'may be presented' if clause.get('effect') == 'invalid' else 'may count'}{where}"
        )
        if clause.get("effect") == "invalid":
            body += "; presenting more breaks the rule"
        return self._led(clause, body)

    def _exclusions_clause(self, id: str, clause: Mapping[str, Any]) -> str:
        sets = [f"({number}) {self.items(one)}" for number, one in enumerate(clause["sets"], 1)]
        number = clause.get("max", 1)
        what = "presented" if clause.get("effect") == "invalid" else "counted"
        body = (
            f"{what} items{self._in(clause.get('in'))} may come from at most {number} of these sets: {'; '.join(sets)}"
        )
        if clause.get("effect") == "invalid":
            body += "; more breaks the rule"
        return self._led(clause, body)

    def _eligibility_clause(self, id: str, clause: Mapping[str, Any]) -> str:
        asked = self.predicate(clause["require"]) or "of any kind"
        where = self._in(clause.get("in"))
        selector = clause.get("from")
        if selector in (None, "everything"):
            only = self.items(clause["require"]) if asked else "items of any kind"
            return self._led(clause, f"{'only ' + only if not only.startswith('any items') else only} count{where}")
        which = self.items(selector)
        if which.startswith("any items except"):
            which = f"items {self.predicate(selector)}"
        return self._led(clause, f"of {which}, only those {asked} count{where}")

    def _windows_clause(self, id: str, clause: Mapping[str, Any]) -> str:
        span = clause.get("span") or "a time that is not known"
        starts = {
            "earliest": "from the earliest of them",
            "registration": "from registration",
            "admission": "from admission",
        }[clause.get("starts", "earliest")]
        selector = clause.get("from")
        which = "" if selector in (None, "everything") else f" among {self.items(selector)}"
        period = f" ({clause['period']})" if clause.get("period") else ""
        body = f"the counted items{which}{self._in(clause.get('in'))} are dated within {span} {starts}{period}"
        return self._led(clause, body)

    def _pace_clause(self, id: str, clause: Mapping[str, Any]) -> str:
        measure = clause.get("measure", self.measure)
        bound = f"at most {self.quantity(clause['max'], measure)}"
        return self._led(clause, f"{self.counted(bound, clause.get('from'), measure)} count in one {clause['per']}")

    def _prerequisites_clause(self, id: str, clause: Mapping[str, Any]) -> str:
        timing = clause.get("timing", "before")
        # An award or a finished place comes first, whichever way the timing is worded.
        if timing == "after" and "holds" not in clause["needs"]:
            timing = "before"
        when = {"before": "beforehand, ", "with": "by then, ", "after": "then or later, ", "any": ""}[timing]
        body = f"{self.items(clause['for'])} count only if, {when}{self.condition(clause['needs'])}"
        if timing == "any":
            body = body.replace("only if, ", "only if ", 1)
        if clause.get("via_rpl") is False:
            body += "; credit gained by recognition of prior learning does not serve for this"
        elif clause.get("via_rpl") is True:
            body += "; credit gained by recognition of prior learning serves for this, too"
        return self._led(clause, body)

    def _outcomes_clause(self, id: str, clause: Mapping[str, Any]) -> str:
        if clause.get("set"):
            which = f"the outcomes {_named(clause['set'], 'and')}"
        elif "set" in clause:
            which = "the outcomes, whose list is not known,"
        else:
            which = "the outcomes"
        if clause.get("all"):
            asked = f"all of {which}"
        elif "min_share" in clause:
            asked = f"at least {self.amount(clause['min_share'])} of {which}"
        else:
            asked = f"at least {self.amount(clause.get('min'))} of {which}"
        selector = clause.get("from")
        by = "counted items" if selector in (None, "everything") else f"counted {self.items(selector)}"
        each = "for every unit, " if clause.get("per") == "unit" else ""
        covered = "is" if asked.startswith("at least 1 of") else "are"
        return self._led(clause, f"{each}{asked} {covered} covered by {by}")

    def _requirements_clause(self, id: str, clause: Mapping[str, Any]) -> str:
        body = clause["what"]
        if "min" in clause:
            body += f", at least {self.quantity(clause['min'], clause.get('measure', 'units'))}"
        if clause.get("needs"):
            body += f"; open to those for whom {self.condition(clause['needs'])}"
        if clause.get("after"):
            body += f"; only after {self.condition(clause['after'])}"
        return self._led(clause, body)

    def _averages_clause(self, id: str, clause: Mapping[str, Any]) -> str:
        selector = clause.get("from")
        over = "all items presented" if clause.get("over") == "record" else "the counted items"
        which = "" if selector in (None, "everything") else f" among {self.items(selector)}"
        weight = clause.get("weight", "credits")
        weighed = "each item weighing the same" if weight == "units" else f"weighed by {weight}"
        scale = f" on the scale {clause['scale']}" if clause.get("scale") else ""
        body = f"the average grade of {over}{which}{self._in(clause.get('in'))}, {weighed}"
        body += f"{self._rounding(clause, 'points')}, is at least {self.amount(clause['min'])}{scale}"
        body += {
            "skip": "",
            "pass": "; ungraded items do no harm",
            "fail": "; ungraded items fail it",
        }[clause.get("ungraded", "skip")]
        body += {
            "best": "",
            "all": "; every attempt at a unit enters",
            "last": "; the last attempt at a unit enters",
        }[clause.get("repeats", "best")]
        return self._led(clause, body)

    def _substitutions_clause(self, id: str, clause: Mapping[str, Any]) -> str:
        asked = self.items(clause["replace"])
        if clause["replace"] == "everything":
            asked = "any item"
        if "by" not in clause:
            body = f"the requirement of {asked} falls away"
        else:
            stand = self.items(clause["by"])
            body = {
                "place": f"where {asked} is asked, {stand} may stand instead",
                "unassigned": f"{stand} may stand for {asked} as unassigned credit",
                "exemption": f"{stand} lift the requirement of {asked} and bring no credit",
            }[clause.get("gives", "place")].replace(f"where {asked} is", f"where {asked} {_is(asked)}", 1)
        if clause.get("decided_by"):
            body += f"; only with a decision on record by: {clause['decided_by']}"
        return self._led(clause, body)

    def _waivers_clause(self, id: str, clause: Mapping[str, Any]) -> str:
        if "to" in clause:
            body = f"clause {clause['clause']} may be set to {self.value(clause['clause'], clause['to'])}"
        else:
            body = f"clause {clause['clause']} may be waived"
        if clause.get("decided_by"):
            body += f" by a decision on record of: {clause['decided_by']}"
        return self._led(clause, body)

    def value(self, path: str, value: Any) -> str:
        """A new value for a path, in words."""
        steps = path.split("/")
        last, group = steps[-1], steps[-2] if len(steps) > 1 else ""
        if group in MAPS and isinstance(value, dict):
            return _cited(self.clause(group, last, value).rstrip("."))
        if last == "total" and isinstance(value, dict):
            return _cited(self._total(value).rstrip("."))
        if last in _SELECTORS:
            return self.items(value)
        if last in _CONDITIONS and isinstance(value, dict):
            return _cited(f"if {self.condition(value)}")
        if value is None:
            return "not known"
        if last in _NUMBERS or (isinstance(value, dict) and ("table" in value or "parameter" in value)):
            return self.amount(value)
        if isinstance(value, dict):
            return listing([f"{key} {self.value(f'{path}/{key}', one)}" for key, one in value.items()])
        if isinstance(value, list):
            return listing([self.value(path, one) for one in value])
        return self._value(value) if isinstance(value, bool) else str(value)

    def clause(self, group: str, id: str, clause: Mapping[str, Any], children: Iterable[str] = ()) -> str:
        """One clause of a group as a sentence."""
        if group == "places":
            return self._places_clause(id, clause, list(children))
        said: str = getattr(self, f"_{group}_clause")(id, clause)
        return said

    # ---- the whole

    def sentences(self) -> list[Sentence]:
        """Every clause of the rule, in order."""
        said = self._head()
        said += self._fragment(self.rule, "", main=True)
        for key, heading in _ALTERNATIVES.items():
            for id, one in (self.rule.get(key) or {}).items():
                if not id.startswith("x-"):
                    said += self._alternative(key, heading, id, one)
        said += self._readings()
        for id, one in (self.rule.get("informative") or {}).items():
            if not id.startswith("x-"):
                text = f"{_ended(_sentence_case(one['what']))} Not checked: {_ended(one['why'])}"
                said.append(Sentence("What is left out of an audit", f"informative/{id}", text))
        return said

    def _head(self) -> list[Sentence]:
        rule = self.rule
        said = []

        def add(path: str, text: str) -> None:
            said.append(Sentence("What it is", path, text))

        if rule.get("kind") == "policy":
            add("kind", "A policy: clauses without an award of their own, applied to a target award.")
        if rule.get("level"):
            add("level", f"The award is at {rule['level']}.")
        if rule.get("credit"):
            add("credit", f"Credits are counted in {rule['credit']}; others are converted.")
        if self.measure != "credits":
            add("measure", f"Amounts are {self.measure} unless a clause says otherwise.")
        if rule.get("conversion"):
            conversion = rule["conversion"]
            way = {"hours": "by hours", "year": "by years of study", "agreement": "by agreement"}.get(
                conversion.get("way"), "by every way"
            )
            add("conversion", f"Other credits are converted {way}{self._rounding(conversion, 'credits')}.")
        if rule.get("awarding"):
            add("awarding", f"The awarding body is {listing(_words(rule['awarding']), 'or')}.")
        if rule.get("valid"):
            valid = rule["valid"]
            parts = [f"{word} {valid[key]}" for key, word in (("from", "from"), ("until", "until")) if valid.get(key)]
            if parts:
                add("valid", f"In force {' '.join(parts)}.")
        if rule.get("status"):
            add("status", f"Status: {rule['status']}.")
        if rule.get("version"):
            add("version", f"Version: {rule['version']}.")
        for id, one in (rule.get("parameters") or {}).items():
            if not id.startswith("x-"):
                text, section = self._parameter(id, one), "Facts of the case that it asks for"
                said.append(Sentence(section, f"parameters/{id}", text))
        for id, one in (rule.get("scales") or {}).items():
            if not id.startswith("x-"):
                said.append(Sentence("Scales of its own", f"scales/{id}", self._scale(id, one), one.get("note") or ""))
        units = rule.get("units") or ()
        if units:
            some = " (a partial list)" if rule.get("units_partial") else ""
            said.append(Sentence(f"Units it names{some}", "units", f"{len(units)} units are listed."))
            for one in units:
                said.append(Sentence(f"Units it names{some}", "", self._unit(one), one.get("note") or "", depth=1))
        return said

    def _parameter(self, id: str, one: Mapping[str, Any]) -> str:
        more = []
        if one.get("default") is not None:
            more.append(f"{self._value(one['default'])} unless stated")
        if one.get("choices"):
            more.append(f"one of {_named(one['choices'])}")
        tail = f" ({'; '.join(more)})" if more else ""
        return f'"{id}": {one["what"]}{tail}.'

    @staticmethod
    def _scale(id: str, one: Mapping[str, Any]) -> str:
        said = f"{id}: "
        if one.get("numeric"):
            said += "grades are numbers"
        elif one.get("order"):
            said += f"lowest first {', '.join(map(str, one['order']))}"
        else:
            said += "no order stated"
        if one.get("points"):
            said += f"; points {', '.join(f'{grade} = {points}' for grade, points in one['points'].items())}"
        return f"{said}."

    @staticmethod
    def _unit(one: Mapping[str, Any]) -> str:
        names = [str(one[key]) for key in ("unit", "title") if one.get(key)]
        parts = [" ".join(names) or "a unit without code"]
        if one.get("credits") is not None:
            parts.append(f"{one['credits']} {'credit' if one['credits'] == 1 else 'credits'}")
        if one.get("hours") is not None:
            parts.append(f"{one['hours']} hours")
        if one.get("level"):
            parts.append(str(one["level"]))
        if one.get("tags"):
            parts.append(f"tagged {_named(one['tags'], 'and')}")
        return ", ".join(parts) + "."

    def _fragment(
        self, fragment: Mapping[str, Any], prefix: str, *, main: bool = False, depth: int = 0, section: str = ""
    ) -> list[Sentence]:
        said: list[Sentence] = []

        def add(heading: str, path: str, text: str, clause: Mapping[str, Any], deeper: int = 0) -> None:
            said.append(
                Sentence(
                    section or heading,
                    f"{prefix}{path}",
                    text,
                    clause.get("note") or "",
                    self.source(clause),
                    depth + deeper,
                )
            )

        if fragment.get("total") is not None:
            add("Total", "total", self._total(fragment["total"]), fragment["total"])
        places = {id: one for id, one in (fragment.get("places") or {}).items() if not id.startswith("x-")}
        below: dict[str, list[str]] = {}
        # A variant may hang a place below one of the main text, whose own children count as well.
        for id, one in {**self._main_places(prefix), **places}.items():
            below.setdefault(one.get("inside", ""), []).append(id)

        def place(id: str, deeper: int) -> None:
            children = below.get(id, [])
            add(MAPS["places"], f"places/{id}", self.clause("places", id, places[id], children), places[id], deeper)
            for child in children:
                if child in places:
                    place(child, deeper + 1)

        for id, one in places.items():
            if one.get("inside", "") not in places:
                place(id, 0)
        for group, heading in MAPS.items():
            if group == "places":
                continue
            for id, one in (fragment.get(group) or {}).items():
                if not id.startswith("x-"):
                    add(heading, f"{group}/{id}", self.clause(group, id, one), one)
            if group == "exclusions":
                said += self._allocation(fragment, prefix, main, depth, section)
                said += self._reuse(fragment, prefix, main, depth, section)
            if group == "eligibility" and fragment.get("admits"):
                add(heading, "admits", f"Only {self.items({'status': fragment['admits']})} may count.", {})
        said += self._outputs(fragment, prefix, depth, section)
        return said

    def _main_places(self, prefix: str) -> dict[str, Any]:
        if not prefix or prefix.startswith("exits/"):
            return {}
        return {id: one for id, one in (self.rule.get("places") or {}).items() if not id.startswith("x-")}

    def _allocation(
        self, fragment: Mapping[str, Any], prefix: str, main: bool, depth: int, section: str
    ) -> list[Sentence]:
        found = fragment.get("allocation")
        heading = section or "How items are counted"
        said = []
        if found is None:
            if main:
                text = "An item counts in one place only, whole or not at all; the rule does not say otherwise."
                said.append(Sentence(heading, "", text, depth=depth))
            return said
        parts = []
        use = found.get("use", "exclusive" if main else None)
        if use is not None:
            parts.append(
                "an item may count in several places" if use == "shared" else "an item counts in one place only"
            )
        items = found.get("items", "whole" if main else None)
        if items == "splittable":
            parts.append(f"items may be split, in steps of {self.quantity(found.get('quantum', 1), 'credits')}")
        elif items == "whole":
            parts.append("items count whole or not at all")
        if found.get("max_places"):
            parts.append(f"one item may sit in at most {found['max_places']} places")
        if found.get("max_awards"):
            parts.append(f"one item may serve at most {found['max_awards']} awards")
        if parts:
            text = _ended(_sentence_case("; ".join(parts)))
            said.append(
                Sentence(heading, f"{prefix}allocation", text, found.get("note") or "", self.source(found), depth)
            )
        for id, one in (found.get("overlap") or {}).items():
            if not id.startswith("x-"):
                said.append(
                    Sentence(
                        heading,
                        f"{prefix}allocation/overlap/{id}",
                        self._overlap(one),
                        one.get("note") or "",
                        self.source(one),
                        depth,
                    )
                )
        return said

    def _overlap(self, clause: Mapping[str, Any]) -> str:
        measure = clause.get("measure", self.measure)
        between = list(clause["between"])
        names = [self.place(id) for id in between]
        if len(set(between)) == 1:
            both = f"two copies of {names[0]}"
        elif len(between) == 2:
            both = f"both {listing(names)}"
        else:
            both = f"any two of {listing(names)}"
        selector = clause.get("from")
        if clause.get("max") == 0:
            which = "items" if selector in (None, "everything") else self.items(selector).removeprefix("any ")
            body = f"no {which} may count in {both}"
        elif "max" in clause:
            bound = self.counted(f"at most {self.quantity(clause['max'], measure)}", selector, measure)
            body = f"{bound} may count in {both}"
        elif "max_share" in clause:
            what = "" if selector in (None, "everything") else f" from {self.items(selector)}"
            body = f"at most {self.share(clause, 'max_share', measure)}{what} may count in {both}"
        else:
            body = f"{self.items(selector)} may count in {both}"
        return self._led(clause, body)

    def _reuse(self, fragment: Mapping[str, Any], prefix: str, main: bool, depth: int, section: str) -> list[Sentence]:
        found = fragment.get("reuse")
        heading = section or "Credit used for other awards"
        if found is None:
            if not main:
                return []
            text = "Nothing is said of items used for another award: such an item counts only provisionally."
            return [Sentence(heading, "", text, depth=depth)]
        parts = []
        use = found.get("used_elsewhere")
        words = {
            "free": "an item used for another award may count here, too",
            "barred": "an item used for another award does not count",
            "limited": "an item used for another award counts within the limits below",
        }
        if use in words:
            parts.append(words[use])
        if "spends" in found:
            parts.append(
                {
                    True: "counting an item here uses it up for later awards",
                    False: "counting an item here does not use it up for later awards",
                    None: "whether counting an item here uses it up for later awards is not known",
                }[found["spends"]]
            )
        text = _ended(_sentence_case("; ".join(parts))) if parts else "Limits on credit used for other awards."
        said = [Sentence(heading, f"{prefix}reuse", text, found.get("note") or "", self.source(found), depth)]
        for id, one in (found.get("limits") or {}).items():
            if id.startswith("x-"):
                continue
            measure = one.get("measure", self.measure)
            selector = one.get("from")
            bounds = []
            if "max" in one:
                bounds.append(self.counted(f"at most {self.quantity(one['max'], measure)}", selector, measure))
            if "max_share" in one:
                bounds.append(f"at most {self.share(one, 'max_share', measure)}")
            limit = " and ".join(bounds) or self.items(selector)
            body = f"{limit} already used for {_named(_words(one['award']))} may count"
            said.append(
                Sentence(
                    heading,
                    f"{prefix}reuse/limits/{id}",
                    self._led(one, body),
                    one.get("note") or "",
                    self.source(one),
                    depth + 1,
                )
            )
        return said

    def _outputs(self, fragment: Mapping[str, Any], prefix: str, depth: int, section: str) -> list[Sentence]:
        said = []
        found = fragment.get("classification")
        if found:
            heading = section or "Class of the award (reported, no part of the verdict)"
            take = {"highest": "the highest of the methods", "first-applicable": "the first method that applies"}
            text = f"The class is that by {take[found.get('take', 'highest')]}"
            if found.get("scale"):
                text += f", on the scale {found['scale']}"
            text += self._rounding(found, "points")
            if found.get("bands"):
                bands = [f"{one['class']} from {self.amount(one['at_least'])}" for one in found["bands"]]
                text += f": {listing(bands)}"
            said.append(
                Sentence(
                    heading, f"{prefix}classification", f"{text}.", found.get("note") or "", self.source(found), depth
                )
            )
            for id, one in (found.get("methods") or {}).items():
                if not id.startswith("x-"):
                    said.append(
                        Sentence(
                            heading,
                            f"{prefix}classification/methods/{id}",
                            self._method(id, one),
                            one.get("note") or "",
                            "",
                            depth + 1,
                        )
                    )
        level = (fragment.get("derives") or {}).get("level")
        if level:
            measure = level.get("measure", self.measure)
            if "place" in level:
                text = f"The level of the award is that of what is counted in {self.place(level['place'])}."
            else:
                size = self.quantity(level.get("count_down"), measure)
                text = f"The level of the award is the highest at or above which {size} are counted."
            said.append(
                Sentence(
                    section or "Level of the award",
                    f"{prefix}derives/level",
                    text,
                    level.get("note") or "",
                    self.source(level),
                    depth,
                )
            )
        return said

    def _method(self, id: str, one: Mapping[str, Any]) -> str:
        parts = []
        for part in one["parts"]:
            measure = part.get("measure", self.measure)
            best = f"the best {self.quantity(part['best'], measure)}" if "best" in part else "all"
            selector = part.get("from")
            what = "" if selector in (None, "everything") else f" from {self.items(selector)}"
            weight = f", weight {part['weight']}" if part.get("weight", 1) != 1 else ""
            parts.append(f"{best}{what}{self._in(part.get('in'))}{weight}")
        when = f" Open if {self.condition(one['when'])}." if one.get("when") else ""
        return f"Method {id}: the average of {listing(parts)}.{when}"

    def _alternative(self, key: str, heading: str, id: str, one: Mapping[str, Any]) -> list[Sentence]:
        kind = key[:-1]
        name = one.get("title") or one.get("award")
        text = f'{_sentence_case(kind)} "{id}"' + (f": {name}" if name else "")
        if one.get("level"):
            text += f", at {one['level']}"
        if key == "titles" and "rank" in one:
            text += f" (rank {one['rank']})"
        if one.get("when"):
            text += f"; open only if {self.condition(one['when'])}"
        own = self._fragment(one, f"{key}/{id}/", depth=1, section=heading)
        if not own and key == "titles":
            text += "; asks nothing more"
        head = Sentence(heading, f"{key}/{id}", f"{text}.", one.get("note") or "", self.source(one))
        return [head, *own]

    def _readings(self) -> list[Sentence]:
        said = []
        heading = "Other readings of the same source, audited on request"
        for id, one in (self.rule.get("readings") or {}).items():
            if id.startswith("x-"):
                continue
            title = one.get("title") or id
            said.append(
                Sentence(
                    heading, f"readings/{id}", _ended(_sentence_case(title)), one.get("note") or "", self.source(one)
                )
            )
            for change in one["changes"]:
                if change.get("drop"):
                    text = f"Clause {change['path']} is dropped."
                else:
                    text = f"Clause {change['path']} becomes {self.value(change['path'], change.get('to'))}."
                said.append(Sentence(heading, "", text, depth=1))
        return said


def _cited(text: str) -> str:
    return f"\N{LEFT DOUBLE QUOTATION MARK}{text}\N{RIGHT DOUBLE QUOTATION MARK}"


def _is(noun: str) -> str:
    return "are" if noun.startswith(("items", "the units", "any items")) else "is"


def _folded(text: str, indent: str, first: str) -> str:
    from textwrap import fill

    return fill(
        text, 100, initial_indent=first, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    )


def text(rule: Mapping[str, Any]) -> str:
    """A rule as sentences, for a terminal or a letter."""
    lines = [f"{rule['title']} ({rule['id']})"]
    where = [rule.get("jurisdiction"), rule.get("framework")]
    if any(where):
        lines.append(", ".join(str(part) for part in where if part))
    section = ""
    for one in Writer(rule).sentences():
        if one.section != section:
            section = one.section
            lines += ["", section]
        # Beyond a score of levels the lines would have no room left.
        pad = "  " * (min(one.depth, 20) + 1)
        lines.append(_folded(str(one), pad + "  ", f"{pad}- "))
        if one.note:
            lines.append(_folded(f"Note: {one.note}", pad + "  ", pad + "  "))
        if one.source:
            lines.append(_folded(f"Source: {one.source}", pad + "  ", pad + "  "))
    if rule.get("notes"):
        lines += ["", "Notes", _folded(rule["notes"], "  ", "  ")]
    sources = rule.get("sources") or ()
    lines += ["", "Sources"]
    if not sources:
        lines.append("  None is named.")
    elif any(not one.source and one.path for one in Writer(rule).sentences()):
        lines.append("  Clauses without a source of their own rest on these together.")
    for source in sources:
        lines.append(_folded(_source_line(source), "    ", "  - "))
        if source.get("url"):
            lines.append(f"    {source['url']}")
    return "\n".join(lines)


def _source_line(source: Mapping[str, Any]) -> str:
    from ..facts import Source

    return str(Source.from_fact(dict(source)))


def page(rule: Mapping[str, Any], hash: str) -> str:
    """A rule as sentences in HTML, for a notebook."""
    from ..display import answer_box, details, escape, items, paragraph

    small = "font-size:85%;opacity:.75"
    parts: list[str] = []
    section = ""
    for one in Writer(rule).sentences():
        if one.section != section:
            if section:
                parts.append("</ul>")
            section = one.section
            parts.append(f'<p style="margin:.6em 0 .2em 0;font-weight:600">{escape(section)}</p>')
            parts.append('<ul style="margin:.2em 0 .2em 1.2em;padding:0">')
        path = f' <code style="{small}">{escape(one.path)}</code>' if one.path else ""
        more = "".join(
            f'<br><span style="{small}">{word}: {escape(said)}</span>'
            for word, said in (("Note", one.note), ("Source", one.source))
            if said
        )
        parts.append(f'<li style="margin-left:{one.depth * 1.4:g}em">{escape(one.text)}{path}{more}</li>')
    if section:
        parts.append("</ul>")
    if rule.get("notes"):
        parts.append(details("Notes", paragraph(rule["notes"])))
    sources = [_source_line(source) for source in rule.get("sources") or ()]
    if sources:
        parts.append(details(f"Sources ({len(sources)})", items(sources)))
    footer = f"Rule {rule['id']}, content {hash[:12]}."
    return answer_box(f"{rule['title']} ({rule['id']})", "".join(parts), footer)
