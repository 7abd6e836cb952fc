"""Selectors and conditions as phrases of one cell: ``tag is core; lab and level at least nz-nzqcf:5``.

A phrase joins tests with ``and``, ``or`` and ``not``, and with parentheses; ``and`` binds closer than
``or``. Values are joined with ``;`` and mean "or"; what could be mistaken for a word of the phrase
stands in double quotes.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, TypeVar

from .flat import exact_text, truth

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["PhraseError", "condition_of", "condition_text", "selector_of", "selector_text", "sets_of", "sets_text"]

#: Tests of the form "tag is a; b".
WORDS = ("unit", "tag", "origin", "provider", "field", "mode", "status", "outcome", "part_of", "used_for")
#: Tests of the form "assessed is true".
TRUTHS = ("quality_assured", "assessed", "whole", "used")
#: Tests with parts: "level at least eqf:5, at most eqf:6".
PARTS = {
    "level": ("at_least", "at_most", "exactly"),
    "grade": ("at_least", "at_most", "exactly", "scale", "ungraded"),
    "date": ("from", "until"),
    "age": ("at_most", "at_least", "since", "to"),
    "credits": ("at_least", "at_most", "exactly"),
    "hours": ("at_least", "at_most", "exactly"),
}
_AMOUNTS = ("credits", "hours")
_TESTS = (*WORDS, *TRUTHS, *PARTS, "everything")
_CONDITIONS = ("parameter", "award", "met", "holds")
_MEASURES = ("credits", "units", "hours", "points")
_JOINS = ("and", "or")
_Read = TypeVar("_Read")
_TOKEN = re.compile(r'\s*(?:"((?:[^"]|"")*)"|([();,|])|([^\s();,|"]+))')


class PhraseError(ValueError):
    """A phrase that cannot be read: what was expected, and the names that may have been meant."""

    def __init__(self, expected: str, found: str = "", near: tuple[str, ...] = ()) -> None:
        super().__init__(expected)
        self.expected, self.found, self.near = expected, found, near


def _words_of(name: str) -> str:
    return name.replace("_", " ")


class _Phrase:
    """The words of a phrase, read from left to right."""

    def __init__(self, text: str) -> None:
        self.tokens: list[tuple[str, str]] = []
        at = 0
        while at < len(text.rstrip()):
            found = _TOKEN.match(text, at)
            if found is None:
                raise PhraseError("closing double quotes", text[at:])
            quoted, sign, word = found.groups()
            if quoted is not None:
                self.tokens.append(("value", quoted.replace('""', '"')))
            else:
                self.tokens.append(("sign", sign) if sign else ("word", word))
            at = found.end()
        self.at = 0

    def sees(self, kind: str, *texts: str) -> bool:
        """Whether the next word is one of these."""
        return self.at < len(self.tokens) and self.tokens[self.at] in [(kind, text) for text in texts]

    def says(self, *texts: str) -> bool:
        """Whether the next words are these, letter case aside; reads them if so."""
        ahead = self.tokens[self.at : self.at + len(texts)]
        if [(kind, text.lower()) for kind, text in ahead] != [("word", text) for text in texts]:
            return False
        self.at += len(texts)
        return True

    def take(self, sign: str) -> bool:
        """Read the sign if it is next."""
        if not self.sees("sign", sign):
            return False
        self.at += 1
        return True

    @property
    def rest(self) -> str:
        """What is still to be read, for messages."""
        return " ".join(text for _, text in self.tokens[self.at : self.at + 4]) or "the end"

    def name(self, known: tuple[str, ...]) -> str | None:
        """One of the known names; those of several words may be written with spaces, _ or -."""
        for length in (2, 1):
            ahead = self.tokens[self.at : self.at + length]
            if len(ahead) == length and all(kind == "word" for kind, _ in ahead):
                said = "_".join(text.lower().replace("-", "_") for _, text in ahead)
                if said in known:
                    self.at += length
                    return said
        return None

    def value(self) -> tuple[str, bool]:
        """A value, and whether it was quoted: words up to a sign, ``and`` or ``or``."""
        if self.at < len(self.tokens) and self.tokens[self.at][0] == "value":
            self.at += 1
            return self.tokens[self.at - 1][1], True
        taken = []
        while self.at < len(self.tokens):
            kind, text = self.tokens[self.at]
            if kind != "word" or text.lower() in _JOINS:
                break
            taken.append(text)
            self.at += 1
        if not taken:
            raise PhraseError(f"a value before {self.rest}", self.rest)
        return " ".join(taken), False

    def values(self, typed: bool = False) -> Any:
        """One value, or a list joined with ``;`` (a list of one ends with ``;``)."""
        found = []
        several = False
        while True:
            text, quoted = self.value()
            found.append(_typed(text) if typed and not quoted else text)
            if not self.take(";"):
                break
            several = True
            if self.at == len(self.tokens) or self.tokens[self.at][0] == "sign" or self.sees("word", *_JOINS):
                break
        return found if several or len(found) > 1 else found[0]

    def end(self) -> None:
        """Nothing may be left over."""
        if self.at < len(self.tokens):
            raise PhraseError(f'"and", "or" or the end before {self.rest}', self.rest)


def _typed(text: str) -> Any:
    said = truth(text) if text.lower() in ("true", "false") else None
    if said is not None:
        return said
    try:
        return exact_text(text)
    except ValueError:
        return text


def _amount(text: str) -> Any:
    if text == "?":
        return None
    if text.startswith("="):
        return {"parameter": text[1:].strip()}
    try:
        return exact_text(text)
    except ValueError:
        expected = 'a number: 60, 7.5 or 1/2; "?" where it is not known; "=NAME" for a parameter'
        raise PhraseError(expected, text) from None


def _whole(text: str, read: Callable[[_Phrase], _Read]) -> _Read:
    """What a phrase means that has to be read to its end."""
    phrase = _Phrase(text)
    found = read(phrase)
    phrase.end()
    return found


def _closed(phrase: _Phrase, read: Callable[[_Phrase], _Read]) -> _Read:
    """What stands between parentheses, of which the first is read already."""
    found = read(phrase)
    if not phrase.take(")"):
        raise PhraseError('a closing ")"', phrase.rest)
    return found


# ---- selectors


def selector_of(text: str) -> Any:
    """The selector that a phrase means.

    Raises
    ------
    PhraseError
        For a phrase that cannot be read.

    Examples
    --------
    >>> selector_of("tag is core; lab and not level at most nz-nzqcf:4")
    {'tag': ['core', 'lab'], 'not': {'level': {'at_most': 'nz-nzqcf:4'}}}
    >>> selector_of("origin is rpl or tag is work experience")
    {'any': [{'origin': 'rpl'}, {'tag': 'work experience'}]}
    """
    return _whole(text, _either)[0]


def _either(phrase: _Phrase) -> tuple[Any, str]:
    parts = [_both(phrase)]
    while phrase.says("or"):
        parts.append(_both(phrase))
    return (parts[0], "one") if len(parts) == 1 else ({"any": parts}, "any")


def _both(phrase: _Phrase) -> Any:
    terms = [_term(phrase)]
    while phrase.says("and"):
        terms.append(_term(phrase))
    if len(terms) == 1:
        return terms[0][0]
    keys = [key for term, _ in terms for key in term]
    # Different tests go into one selector; parentheses and repeated tests keep them apart.
    if all(joins for _, joins in terms) and len(set(keys)) == len(keys):
        return {key: value for term, _ in terms for key, value in term.items()}
    return {"all": [term for term, _ in terms]}


def _term(phrase: _Phrase) -> tuple[Any, bool]:
    if phrase.says("not"):
        return {"not": _term(phrase)[0]}, True
    if phrase.take("("):
        inner, kind = _closed(phrase, _either)
        return inner, kind == "any"
    name = phrase.name(_TESTS)
    if name is None:
        raise PhraseError(
            f"a test such as: {', '.join(map(_words_of, _TESTS))}", phrase.rest.split(" ")[0], tuple(_TESTS)
        )
    if name == "everything":
        return "everything", False
    if name in PARTS:
        return {name: _parts(phrase, name)}, True
    if not phrase.says("is"):
        raise PhraseError(f'"is" after "{_words_of(name)}"', phrase.rest)
    negated = phrase.says("not")
    if name in TRUTHS:
        value = truth(phrase.value()[0])
        if value is None:
            raise PhraseError(f'true or false after "{_words_of(name)} is"')
    else:
        value = phrase.values()
    return ({"not": {name: value}} if negated else {name: value}), True


def _parts(phrase: _Phrase, name: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    while True:
        part = phrase.name(PARTS[name])
        if part is None or part in found:
            expected = ", ".join(f'"{_words_of(one)}"' for one in PARTS[name] if one not in found)
            raise PhraseError(f'after "{name}" one of {expected}', phrase.rest, tuple(map(_words_of, PARTS[name])))
        if name in _AMOUNTS:
            found[part] = _amount(phrase.value()[0])
        elif part == "exactly":
            found[part] = phrase.values()
        else:
            said, quoted = phrase.value()
            found[part] = None if said == "?" and not quoted else said
        if not phrase.take(","):
            return found


def sets_of(text: str) -> list[Any]:
    """The selectors of a cell that holds several, parted by ``|``.

    Raises
    ------
    PhraseError
        For a phrase that cannot be read.

    Examples
    --------
    >>> sets_of("unit is MATH1231 | unit is MATH1241")
    [{'unit': 'MATH1231'}, {'unit': 'MATH1241'}]
    """
    return _whole(text, _sets)


def _sets(phrase: _Phrase) -> list[Any]:
    found = [_either(phrase)[0]]
    while phrase.take("|"):
        found.append(_either(phrase)[0])
    return found


# ---- conditions


def condition_of(text: str) -> Any:
    """The condition that a phrase means.

    Raises
    ------
    PhraseError
        For a phrase that cannot be read.

    Examples
    --------
    >>> condition_of("parameter target-kind is bachelor and award is diploma")
    {'all': [{'parameter': 'target-kind', 'is': 'bachelor'}, {'award': 'diploma'}]}
    >>> condition_of("holds 14 credits of (level at least nz-nzqcf:3)")
    {'holds': {'level': {'at_least': 'nz-nzqcf:3'}}, 'min': 14, 'measure': 'credits'}
    """
    return _whole(text, _joined)


def _joined(phrase: _Phrase, word: str = "or") -> Any:
    parts = [_joined(phrase, "and") if word == "or" else _case(phrase)]
    while phrase.says(word):
        parts.append(_joined(phrase, "and") if word == "or" else _case(phrase))
    return parts[0] if len(parts) == 1 else {"any" if word == "or" else "all": parts}


def _case(phrase: _Phrase) -> Any:
    if phrase.says("not"):
        return {"not": _case(phrase)}
    if phrase.take("("):
        return _closed(phrase, _joined)
    name = phrase.name(_CONDITIONS)
    if name == "holds":
        return _holds(phrase)
    if name == "met":
        return {"met": phrase.value()[0]}
    if name == "award":
        if not phrase.says("is"):
            raise PhraseError('"is" after "award"', phrase.rest)
        return {"award": phrase.values()}
    if name == "parameter":
        return _parameter(phrase)
    expected = 'a condition: "parameter NAME is VALUE", "award is ID", "met PATH" or "holds (...)"'
    raise PhraseError(expected, phrase.rest.split(" ")[0], _CONDITIONS)


def _parameter(phrase: _Phrase) -> dict[str, Any]:
    if phrase.at == len(phrase.tokens):
        raise PhraseError('the id of a parameter after "parameter"')
    found: dict[str, Any] = {"parameter": phrase.tokens[phrase.at][1]}
    phrase.at += 1
    while True:
        part = phrase.name(("is", "at_least", "at_most"))
        if part is None or part in found:
            raise PhraseError('"is", "at least" or "at most" after the parameter', phrase.rest)
        found[part] = phrase.values(typed=True) if part == "is" else _amount(phrase.value()[0])
        if not phrase.take(","):
            return found


def _holds(phrase: _Phrase) -> dict[str, Any]:
    more: dict[str, Any] = {}
    if not phrase.sees("sign", "("):
        if phrase.at == len(phrase.tokens):
            raise PhraseError('a selector in parentheses after "holds"')
        more["min"] = _amount(phrase.tokens[phrase.at][1])
        phrase.at += 1
        measure = phrase.name(_MEASURES)
        if measure is not None:
            more["measure"] = measure
        if not phrase.says("of"):
            raise PhraseError('"of" and a selector in parentheses', phrase.rest)
    if not phrase.take("("):
        raise PhraseError("a selector in parentheses", phrase.rest)
    return {"holds": _closed(phrase, _either)[0], **more}


# ---- writing


def _quoted(value: Any, typed: bool = False) -> str:
    if value is True or value is False:
        return "true" if value else "false"
    if not isinstance(value, str):
        return str(value)
    plain = " ".join(value.split()) == value and value and value != "?" and not re.search(r'[();,|"]', value)
    if plain and not {"and", "or", "not"} & set(value.lower().split()) and not (typed and _typed(value) != value):
        return value
    return '"' + value.replace('"', '""') + '"'


def _listed(value: Any, typed: bool = False) -> str:
    if isinstance(value, list):
        return "; ".join(_quoted(one, typed) for one in value) + (";" if len(value) == 1 else "")
    return _quoted(value, typed)


def _number(value: Any) -> str:
    if value is None:
        return "?"
    return f"={value['parameter']}" if isinstance(value, dict) else str(value)


def selector_text(selector: Any) -> str:
    """The phrase of a selector.

    Raises
    ------
    PhraseError
        For a selector that no phrase says, such as one with fields of one's own.

    Examples
    --------
    >>> selector_text({"any": [{"origin": "rpl"}, {"tag": ["a", "b"]}], "not": {"mode": "online"}})
    '(origin is rpl or tag is a; b) and mode is not online'
    """
    return _checked(selector, _told, selector_of)


def _checked(value: Any, tell: Any, read: Any) -> str:
    try:
        text = str(tell(value))
        if read(text) == value:
            return text
    except (KeyError, TypeError, AttributeError, IndexError) as error:
        raise PhraseError("a phrase") from error
    raise PhraseError("a phrase")


def _told(selector: Any) -> str:
    if selector == "everything":
        return "everything"
    if set(selector) == {"any"}:
        grouped = [(part, bool(set(part) & {"any", "all"})) for part in selector["any"]]
        return " or ".join(f"({_told(part)})" if inner else _told(part) for part, inner in grouped)
    if set(selector) == {"all"}:
        parts = selector["all"]
        keys = [key for part in parts for key in part]
        if all(len(part) == 1 for part in parts) and len(set(keys)) < len(keys) and not {"any", "all"} & set(keys):
            return " and ".join(map(_told, parts))
        return " and ".join(f"(({_told(part)}))" if set(part) == {"any"} else f"({_told(part)})" for part in parts)
    return " and ".join(_test(key, value) for key, value in selector.items())


def _test(key: str, value: Any) -> str:
    name = _words_of(key)
    if key == "any":
        return f"({_told({'any': value})})"
    if key == "not":
        if isinstance(value, dict) and len(value) == 1 and next(iter(value)) in WORDS:
            (inner, said) = next(iter(value.items()))
            return f"{_words_of(inner)} is not {_listed(said)}"
        return f"not ({_told(value)})"
    if key in PARTS:
        said_parts = []
        for part, said in value.items():
            shown = _number(said) if key in _AMOUNTS or said is None else _listed(said)
            said_parts.append(f"{_words_of(part)} {shown}")
        return f"{name} {', '.join(said_parts)}"
    if key in TRUTHS or key in WORDS:
        return f"{name} is {_listed(value)}"
    raise KeyError(key)


def sets_text(sets: Any) -> str:
    """The phrases of several selectors, parted by ``|``.

    Raises
    ------
    PhraseError
        For a selector that no phrase says.

    Examples
    --------
    >>> sets_text([{"unit": "A"}, {"unit": "B"}])
    'unit is A | unit is B'
    """
    return _checked(sets, lambda those: " | ".join(map(_told, those)), sets_of)


def condition_text(condition: Any) -> str:
    """The phrase of a condition.

    Raises
    ------
    PhraseError
        For a condition that no phrase says.

    Examples
    --------
    >>> condition_text({"not": {"parameter": "year", "at_least": 2020}})
    'not (parameter year at least 2020)'
    """
    return _checked(condition, _case_text, condition_of)


def _case_text(condition: Any) -> str:
    for key, word in (("all", " and "), ("any", " or ")):
        if key in condition:
            return word.join(f"({_case_text(p)})" if {"all", "any"} & set(p) else _case_text(p) for p in condition[key])
    if "not" in condition:
        return f"not ({_case_text(condition['not'])})"
    if "holds" in condition:
        if "min" not in condition:
            return f"holds ({_told(condition['holds'])})"
        measure = f" {condition['measure']}" if "measure" in condition else ""
        return f"holds {_number(condition['min'])}{measure} of ({_told(condition['holds'])})"
    if "met" in condition:
        return f"met {_quoted(condition['met'])}"
    if "award" in condition:
        return f"award is {_listed(condition['award'])}"
    parts = [
        f"{_words_of(part)} {_listed(condition[part], typed=True) if part == 'is' else _number(condition[part])}"
        for part in condition
        if part != "parameter"
    ]
    return f"parameter {condition['parameter']} {', '.join(parts)}"
