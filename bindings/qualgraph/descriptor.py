"""Is a credential described as a text asks: element by element, in three values.

A description states an element, says that there is none, or does not speak of it; the last is
never read as "missing".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from . import _core
from .answers import TabularResult
from .display import agree, count, listing
from .errors import InvalidValue, UnitMismatch, UnknownId
from .table import Table

if TYPE_CHECKING:
    from .world import World

__all__ = ["DescriptorCheck", "check_descriptor", "check_descriptors", "templates"]

#: Other names of fields, as catalogues and records have them.
_ALIASES = {
    "awarding_body": ("provider", "providers"),
    "participation": ("mode",),
    "learning_outcomes": ("outcomes",),
    "prerequisites": ("requires",),
    "assessment_type": ("assessment",),
}
#: Fields a credential has besides, for other questions.
_OTHER = (
    "id", "unit", "kind", "points", "origin", "field", "tags", "quality_assured", "assessed", "criteria_defined",
    "provider_accredited", "provider_trusted", "listed_on", "outcome_domains", "need_evidence", "credit_bearing",
    "smaller_than_award", "owner", "portable", "focused", "form", "exceptional", "cost", "months", "corequires",
    "available", "max_takes", "part_of", "whole", "source", "note",
)  # fmt: skip
_STATES = {True: "stated", False: "none", None: "not stated"}


def templates(world: World) -> dict[str, dict[str, Any]]:
    """The texts that list elements, by id: ``"eu"``, ``"unesco"``, ``"handbook"``."""
    for record in world.records("context"):
        found = record.get("descriptor_elements")
        if found:
            return {name: text for name, text in found.items() if "elements" in text}
    return {}


class DescriptorCheck(TabularResult):
    """Whether a credential is described as a text asks.

    Attributes
    ----------
    template : str
        Whose elements were looked for.
    complete : bool or None
        Whether every mandatory element (of a text without any: every quality) is there; None where
        the description does not speak of some.
    missing : list of str
        Mandatory elements the description says there are none of, or states otherwise than the
        text allows.
    unknown : list of str
        Mandatory elements the description does not speak of.
    """

    _legal = (
        "This is a comparison of a description with a list of elements, not recognition of a credential; "
        "that decision rests with the competent authority."
    )

    def __init__(self, world: World, credential: Mapping[str, Any], template: str, text: Mapping[str, Any]) -> None:
        self._bind(world)
        self.template = template
        self._title = str(credential.get("title") or credential.get("id") or "The credential")
        self._text = dict(text)
        self._sources = text["sources"]
        self._rows = [(element, *_look(element, credential)) for element in text["elements"]]
        kinds = {element["kind"] for element, *_ in self._rows}
        self._asked = "mandatory" if "mandatory" in kinds else "quality"
        asked = [(element, met) for element, met, *_ in self._rows if element["kind"] == self._asked]
        self.missing = [element["element"] for element, met in asked if met is False]
        self.unknown = [element["element"] for element, met in asked if met is None]
        self.complete = False if self.missing else None if self.unknown else True

    @property
    def table(self) -> Table:
        """One row per element: ``element``, ``kind``, ``met``, ``states``, ``fields``, ``remark``."""
        return Table(
            {
                "element": [element["element"] for element, *_ in self._rows],
                "kind": [element["kind"] for element, *_ in self._rows],
                "met": [met for _, met, *_ in self._rows],
                "states": [_STATES[state] for _, _, state, _ in self._rows],
                "fields": [element["fields"] for element, *_ in self._rows],
                "remark": [remark or None for *_, remark in self._rows],
            },
            title=f"Elements of a description: {self.template}",
        )

    @property
    def remark(self) -> str:
        """What the collectors of the list remarked."""
        return str(self._text.get("notes") or "")

    def _sentence(self) -> str:
        asked = [met for element, met, *_ in self._rows if element["kind"] == self._asked]
        there = sum(met is True for met in asked)
        what = {"mandatory": "mandatory element", "quality": "quality"}[self._asked]
        plural = {"mandatory": "mandatory elements", "quality": "qualities"}[self._asked]
        said = f"{self._title}: {there} of {len(asked)} {agree(len(asked), what, plural)} of {self.template} "
        said += f"{agree(len(asked), 'is', 'are')} there"
        if self.missing:
            said += f"; it says there is none of: {listing(self.missing)}"
        if self.unknown:
            said += f"; it does not speak of: {listing(self.unknown)}"
        return f"{said}."

    def _payload(self) -> dict[str, Any]:
        return {
            "template": self.template,
            "complete": self.complete,
            "missing": self.missing,
            "unknown": self.unknown,
            "elements": list(self.table),
        }

    def _html_body(self) -> str:
        return self.table._repr_html_()

    def __repr__(self) -> str:
        word = {True: "complete", False: "incomplete", None: "not known"}[self.complete]
        return f"<DescriptorCheck {self.template}: {word}>"


def _stated(credential: Mapping[str, Any], field: str) -> tuple[bool | None, Any]:
    """Whether a field is stated: True, False for "there is none", None for not stated."""
    for name in (field, *_ALIASES.get(field, ())):
        value = credential.get(name)
        if value is None or (isinstance(value, str) and not value.strip()):
            continue
        if value is False or value == "-" or (isinstance(value, (list, tuple, set, dict)) and not value):
            return False, value
        return True, value
    return None, None


def _look(element: Mapping[str, Any], credential: Mapping[str, Any]) -> tuple[bool | None, bool | None, str]:
    """Whether the element is there, what the description states, a remark."""
    looked = [_stated(credential, field) for field in element["fields"]]
    states = [state for state, _ in looked]
    if element.get("all"):
        state = False if False in states else None if None in states else True
    else:
        state = True if True in states else None if None in states else False
    allowed = element.get("values")
    if state and allowed:
        wrong = [value for stated, value in looked if stated and str(value) not in allowed]
        if wrong:
            return False, state, f"{listing(wrong)}; allowed is {listing(allowed, 'or')}"
    if state is False and element.get("if_applicable"):
        return True, state, "it says that there is none, which the text allows"
    return state, state, ""


def _template(world: World, template: str) -> dict[str, Any]:
    known = templates(world)
    if not isinstance(template, str) or template not in known:
        near = _core.did_you_mean(str(template), list(known))
        raise UnknownId(f'no list of elements "{template}"; there are {", ".join(known)}.{near}')
    return known[template]


def check_descriptor(world: World, credential: Mapping[str, Any], template: str = "eu") -> DescriptorCheck:
    """Look a description through; see :meth:`qualgraph.World.check_descriptor`."""
    text = _template(world, template)
    if not hasattr(credential, "get") or not hasattr(credential, "keys"):
        raise UnitMismatch(f"a credential is a mapping of fields to values, not {type(credential).__name__}")
    fields = {
        field for each in templates(world).values() for element in each["elements"] for field in element["fields"]
    }
    names = sorted({*fields, *_OTHER, *(name for field in _ALIASES.values() for name in field)})
    for name in credential:
        if name not in names and not str(name).startswith("x-"):
            near = _core.did_you_mean(str(name), names)
            raise InvalidValue(f'a credential has no field "{name}".{near}')
    return DescriptorCheck(world, credential, template, text)


def check_descriptors(world: World, credentials: Iterable[Mapping[str, Any]], template: str = "eu") -> Table:
    """Look many descriptions through: how many state each element.

    Returns
    -------
    Table
        One row per element: ``element``, ``kind``, ``met``, ``not_met``, ``not_known`` (numbers of credentials).
    """
    elements = _template(world, template)["elements"]
    if isinstance(credentials, str | Mapping) or not isinstance(credentials, Iterable):
        raise InvalidValue(f"credentials={credentials!r} is no list of descriptions, each an object of fields")
    checked = [check_descriptor(world, one, template) for one in credentials]
    tallies = [[check._rows[at][1] for check in checked] for at in range(len(elements))]
    return Table(
        {
            "element": [element["element"] for element in elements],
            "kind": [element["kind"] for element in elements],
            "met": [sum(met is True for met in tally) for tally in tallies],
            "not_met": [sum(met is False for met in tally) for tally in tallies],
            "not_known": [sum(met is None for met in tally) for tally in tallies],
        },
        title=f"Elements of {count(len(checked), 'description')}: {template}",
    )
