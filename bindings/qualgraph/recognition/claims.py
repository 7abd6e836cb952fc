"""What an applicant claims, and on what evidence."""

from __future__ import annotations

import datetime
import json
import re
from collections import abc
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from .. import _core
from ..display import count, fraction_text, listing
from ..errors import Fault
from ..stacking.given import fail, plain, read_text

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterable, Mapping

__all__ = ["PURPOSES", "Claims"]

#: What prior learning may be recognised for.
PURPOSES = ("access", "credit", "full_award")

_ORIGIN = re.compile(r"(taught|transfer|rpl|micro|imported|vet|training|non-degree)(\.[a-z0-9-]+)*")
_EXACT = re.compile(r"(0|[1-9][0-9]*)(/[1-9][0-9]*)?")
_AMOUNT = re.compile(r"(0|[1-9][0-9]*)(/[1-9][0-9]*)?( [a-z][a-z0-9-]*)?")
_LEVEL = re.compile(r"[a-z0-9][a-z0-9.-]*:.+")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class _Float(str):
    """A decimal number of a JSON text: not exact, so it is refused where it stands."""


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip()) and not isinstance(value, _Float)


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _is_exact(value: Any) -> bool:
    return _is_count(value) or (isinstance(value, str) and _EXACT.fullmatch(value) is not None)


def _is_share(value: Any) -> bool:
    return _is_exact(value) and 0 <= Fraction(value) <= 1


def _is_day(value: Any) -> bool:
    if not (isinstance(value, str) and _DAY.fullmatch(value)):
        return False
    try:
        datetime.date.fromisoformat(value)
    except ValueError:
        return False
    return True


def _list_of(test: Callable[[Any], bool]) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, list) and all(test(one) for one in value)


def _matches(pattern: re.Pattern[str]) -> Callable[[Any], bool]:
    return lambda value: (
        (isinstance(value, str) and pattern.fullmatch(value) is not None) or (pattern is _AMOUNT and _is_count(value))
    )


_TEXT = ("a text", _is_text)
_TEXTS = ("a list of texts", _list_of(_is_text))
_YESNO = ("true or false", lambda value: isinstance(value, bool))
_NUMBER = ("an exact number: 12 or 15/2", _is_exact)
_SHARE = ("a share from 0 to 1 such as 4/5", _is_share)
_DATE = ("a day as year-month-day: 2026-03-01", _is_day)
_CREDITS = ('credits: 12, "15/2" or "30 ects"', _matches(_AMOUNT))
_LEVELS = ('a level with its framework: "za-nqf:5"', _matches(_LEVEL))
_SCORES = (
    "an object: each outcome with the share of it shown, from 0 to 1, or null",
    lambda value: (
        isinstance(value, dict) and all(_is_text(key) and (one is None or _is_share(one)) for key, one in value.items())
    ),
)

APPLICANT: dict[str, Any] = {
    "age": _NUMBER,
    "years_experience": _NUMBER,
    "reduced_experience_ground": _YESNO,
    "registered": _YESNO,
    "good_standing": _YESNO,
    "years_at_institution": _NUMBER,
}
AWARD: dict[str, Any] = {"kinds": _TEXTS, "base": _CREDITS, "level": _LEVELS}
COHORT: dict[str, Any] = {
    "intake": ("a number of persons", _is_count),
    "admitted": ("a number of persons admitted by recognition so far", _is_count),
}
SOURCE: dict[str, Any] = {
    "award": _TEXT,
    "kind": _TEXT,
    "provider": _TEXT,
    "credits": _NUMBER,
    "hours": _NUMBER,
    "level": _LEVELS,
    "completed": _YESNO,
    "accredited": _YESNO,
    "last_semesters": _YESNO,
    "validity_years": ("a whole number of years", _is_count),
}
EVIDENCE: dict[str, Any] = {"kind": _TEXT, "date": _DATE, "outcomes": _SCORES, "note": _TEXT}
CLAIM: dict[str, Any] = {
    "id": _TEXT,
    "purpose": (f"one of {listing(PURPOSES, 'or')}", lambda value: value in PURPOSES),
    "title": _TEXT,
    "unit": _TEXT,
    "credits": _CREDITS,
    "hours": _NUMBER,
    "level": _LEVELS,
    "origin": ("an origin such as rpl.experiential or transfer.completed", _matches(_ORIGIN)),
    "provider": _TEXT,
    "field": _TEXT,
    "tags": _TEXTS,
    "component": _TEXT,
    "date": _DATE,
    "required_outcomes": _TEXTS,
    "outcomes": _SCORES,
    "overlap": _SHARE,
    "cognate": _YESNO,
    "learning": _TEXTS,
    "credited_before": _YESNO,
    "used_for": _TEXTS,
    "approved_by": _TEXTS,
    "note": _TEXT,
}


#: What stands above the headings of a form.
_HELP = (
    "One row per claim. An empty cell is not known; - is known to be none; several values are joined with ;",
    f"purpose: {', '.join(PURPOSES)}. Shares and scores are exact: 4/5 or 0.8. Yes and no: true and false.",
    "outcomes: each with the share shown, as a=1;b=1/2. learning: names of what was learnt; the same counts once.",
)


def _heads() -> dict[str, tuple[str, str, Any]]:
    """What a form says of everything, by the name of its row."""
    parts = (("applicant", APPLICANT), ("award", AWARD), ("cohort", COHORT))
    return {f"{part}_{name}": (part, name, field) for part, fields in parts for name, field in fields.items()}


class Claims:
    """Claims to recognition of prior learning, with the evidence.

    Parameters
    ----------
    claims : iterable of mapping
        One mapping per claim: ``id``, ``purpose`` (``"access"``, ``"credit"`` or ``"full_award"``),
        ``unit`` and ``credits`` asked for, ``level``, ``origin`` (``"rpl.experiential"``,
        ``"transfer.completed"`` ...), ``learning`` (ids of the learning it rests on), ``evidence``
        (``kind``, ``date``, ``outcomes``), ``outcomes`` (share shown of each), ``overlap``,
        ``component``, ``source`` (the award that the credit comes from) ... What is not given is
        not known; an empty list says "known to be none".
    applicant : mapping, optional
        ``age``, ``years_experience``, ``registered``, ``good_standing`` ...
    award : mapping, optional
        What is aimed at, beside the rule: ``kinds`` in the words of the policies, ``base`` (credits
        a share is taken of, where not the whole award).
    cohort : mapping, optional
        ``intake`` and ``admitted`` (persons admitted by recognition so far).

    Raises
    ------
    FactError
        With every fault: where it is, what was found, what is expected.

    Examples
    --------
    >>> claims = Claims([{"id": "c1", "purpose": "credit", "unit": "WLD101", "credits": 12}])
    >>> len(claims), claims["c1"]["unit"]
    (1, 'WLD101')
    """

    __slots__ = ("_whole",)

    def __init__(
        self,
        claims: Iterable[Mapping[str, Any]],
        *,
        applicant: Mapping[str, Any] | None = None,
        award: Mapping[str, Any] | None = None,
        cohort: Mapping[str, Any] | None = None,
    ) -> None:
        whole = {
            "language": 1,
            "applicant": _object(applicant),
            "award": _object(award),
            "cohort": _object(cohort),
            # A text is no list of claims, though it can be taken apart into one.
            "claims": list(claims) if isinstance(claims, abc.Iterable) and not isinstance(claims, str) else claims,
        }
        self._whole = _checked(plain(whole, "claims", "claims"), "claims")

    @classmethod
    def from_text(cls, text: str, file: str = "claims") -> Claims:
        """Claims from JSON text."""
        try:
            whole = json.loads(text, parse_float=_Float)
        except ValueError as error:
            fail([Fault(file, "", "text that is not JSON", f"JSON ({error})")], "claims")
        self = cls.__new__(cls)
        self._whole = _checked(whole, file)
        return self

    @classmethod
    def read(cls, path: str | os.PathLike[str]) -> Claims:
        """Claims from a file: ``.json``, or a table as ``.csv``, ``.tsv`` or ``.xlsx``.

        In a table there is one row per claim. Columns are named as the fields; ``source_award``,
        ``source_credits`` and so on are fields of the source, ``evidence`` lists kinds of evidence.
        Rows before the headings that begin with ``@`` say what holds of everything:
        ``@applicant_age``, ``@award_kinds``, ``@cohort_intake``.

        Raises
        ------
        InvalidValue
            For another kind of file.
        FactError
            With the cell of every fault.
        """
        from pathlib import Path

        if Path(path).suffix.lower() == ".json":
            return cls.from_text(read_text(path, "claims"), str(path))
        from ..stacking.flat import read_sheet

        return cls._of_sheet(read_sheet(path), str(path))

    @classmethod
    def _of_sheet(cls, sheet: Any, file: str) -> Claims:
        faults: list[Fault] = list(sheet.stray_faults())
        whole: dict[str, Any] = {"language": 1, "applicant": {}, "award": {}, "cohort": {}, "claims": []}
        heads = _heads()
        for name, cell in sheet.heads.items():
            if name not in heads:
                hint = _core.did_you_mean(name, list(heads))
                faults.append(Fault(file, f"A{cell.place[1:]}", f'"@{name}"', f"@{', @'.join(heads)}.{hint}"))
                continue
            part, key, field = heads[name]
            whole[part][key] = _of_cell(sheet, cell, field, faults)
        columns = {**{name: ("", name, field) for name, field in CLAIM.items()}, "evidence": ("", "evidence", _TEXTS)}
        columns |= {f"source_{name}": ("source", name, field) for name, field in SOURCE.items()}
        for name, place in sheet.columns.items():
            if name not in columns and not name.startswith("x-"):
                hint = _core.did_you_mean(name, list(columns))
                faults.append(Fault(file, place, f'the column "{name}"', f"a field of a claim.{hint}"))
        for number, row in enumerate(sheet.rows, 1):
            claim: dict[str, Any] = {}
            for name, cell in row.items():
                if name not in columns:
                    continue
                part, key, field = columns[name]
                value = _of_cell(sheet, cell, field, faults)
                if name == "evidence":
                    claim["evidence"] = [{"kind": kind} for kind in value or []]
                elif part:
                    claim.setdefault(part, {})[key] = value
                else:
                    claim[key] = value
            claim.setdefault("id", f"claim-{number}")
            whole["claims"].append(claim)
        fail(faults, "claims")
        self = cls.__new__(cls)
        self._whole = _checked(whole, file)
        return self

    @staticmethod
    def write_template(path: str | os.PathLike[str]) -> None:
        """Write an empty form as ``.csv``, ``.tsv`` or ``.xlsx``: every column, and an example row."""
        from ..stacking.templates import Page, write_pages

        heads = [(f"@{name}", "") for name in _heads()]
        columns = (*CLAIM, "evidence", *(f"source_{name}" for name in SOURCE))
        row = {
            "id": "claim-1",
            "purpose": "credit",
            "title": "An example to overwrite",
            "credits": "12",
            "origin": "rpl.experiential",
            "evidence": "portfolio",
        }
        write_pages(path, [Page("claims", _HELP, heads, columns, [row])])

    @property
    def applicant(self) -> dict[str, Any]:
        """What is stated of the applicant."""
        return dict(self._whole["applicant"])

    @property
    def award(self) -> dict[str, Any]:
        """What is stated of the award aimed at, beside its rule."""
        return dict(self._whole["award"])

    @property
    def cohort(self) -> dict[str, Any]:
        """What is stated of the intake."""
        return dict(self._whole["cohort"])

    @property
    def ids(self) -> list[str]:
        """Ids of the claims, in their order."""
        return [claim["id"] for claim in self._whole["claims"]]

    def to_dict(self) -> dict[str, Any]:
        """The claims as plain values."""
        copied: dict[str, Any] = json.loads(self.to_json())
        return copied

    def to_json(self) -> str:
        """The claims as JSON text."""
        return json.dumps(self._whole, ensure_ascii=False)

    def __iter__(self) -> Any:
        return iter(self.to_dict()["claims"])

    def __len__(self) -> int:
        return len(self._whole["claims"])

    def __getitem__(self, id: str) -> dict[str, Any]:
        for claim in self.to_dict()["claims"]:
            if claim["id"] == id:
                found: dict[str, Any] = claim
                return found
        from ..errors import UnknownId

        raise UnknownId(f'no claim "{id}".{_core.did_you_mean(str(id), self.ids)}')

    def __reduce__(self) -> tuple[Any, ...]:
        return (Claims.from_text, (self.to_json(),))

    def __repr__(self) -> str:
        return f"<Claims: {count(len(self), 'claim')}>"


def _object(value: Any) -> Any:
    """A mapping as an object; anything else as it is, to be refused at its place."""
    return {} if value is None else dict(value) if isinstance(value, abc.Mapping) else value


def _of_cell(sheet: Any, cell: Any, field: tuple[str, Callable[[Any], bool]], faults: list[Fault]) -> Any:
    """The value of a cell as the field has it; None after a fault."""
    expected, test = field
    text = cell.text
    value: Any = text
    if field is _TEXTS:
        value = [] if text == "-" else [part.strip() for part in text.split(";") if part.strip()]
    elif field is _YESNO:
        value = {"true": True, "yes": True, "false": False, "no": False}.get(text.lower(), text)
    elif field is _SCORES:
        value = {}
        for part in text.split(";"):
            name, sign, score = part.partition("=")
            value[name.strip()] = _exact_text(score) if sign and score.strip() else None
    elif field in (_NUMBER, _SHARE, _CREDITS):
        value = _exact_text(text)
    elif test is _is_count and text.isdecimal():
        value = int(text)
    if not test(value):
        faults.append(sheet.fault(cell, expected))
        return None
    return value


def _exact_text(text: str) -> str:
    """A number of a cell, decimals read exactly: 7.5 is 15/2; what is no number stays as it is."""
    number, _, unit = text.strip().partition(" ")
    if re.fullmatch(r"[0-9]{1,18}(\.[0-9]{1,18})?|[0-9]{1,18}/[1-9][0-9]{0,17}", number):
        number = fraction_text(Fraction(number))
    return f"{number} {unit}".strip()


def _checked(whole: Any, file: str) -> dict[str, Any]:
    faults: list[Fault] = []

    def part(at: str, value: Any, fields: Mapping[str, Any], more: Iterable[str] = ()) -> None:
        if not isinstance(value, dict):
            faults.append(Fault(file, at, _shown(value), "an object"))
            return
        known = [*fields, *more]
        for key, one in value.items():
            if str(key).startswith("x-") or key in more:
                continue
            if key not in fields:
                hint = _core.did_you_mean(str(key), known)
                faults.append(Fault(file, f"{at}/{key}", f'"{key}"', f"one of {', '.join(known)}.{hint}"))
            elif one is not None and not fields[key][1](one):
                faults.append(Fault(file, f"{at}/{key}", _shown(one), fields[key][0]))

    if not isinstance(whole, dict):
        fail([Fault(file, "", _shown(whole), "an object with the list claims")], "claims")
    head = {"language": ("1", lambda value: value == 1)}
    part("", whole, head, ("applicant", "award", "cohort", "claims"))
    for name, fields in (("applicant", APPLICANT), ("award", AWARD), ("cohort", COHORT)):
        part(f"/{name}", whole.setdefault(name, {}), fields)
    listed = whole.get("claims")
    if not isinstance(listed, list):
        faults.append(Fault(file, "/claims", _shown(listed), "a list of claims"))
        listed = []
    seen: dict[str, int] = {}
    for number, claim in enumerate(listed):
        at = f"/claims/{number}"
        part(at, claim, CLAIM, ("source", "evidence"))
        if not isinstance(claim, dict):
            continue
        for needed in ("id", "purpose"):
            if claim.get(needed) is None:
                faults.append(Fault(file, f"{at}/{needed}", "nothing", CLAIM[needed][0]))
        id = claim.get("id")
        if isinstance(id, str):
            if id in seen:
                faults.append(Fault(file, f"{at}/id", f'"{id}"', f'another id; "/claims/{seen[id]}" has it'))
            seen.setdefault(id, number)
        if claim.get("source") is not None:
            part(f"{at}/source", claim["source"], SOURCE)
        evidence = claim.get("evidence")
        if evidence is not None and not isinstance(evidence, list):
            faults.append(Fault(file, f"{at}/evidence", _shown(evidence), "a list of objects, or null"))
        for position, one in enumerate(evidence if isinstance(evidence, list) else ()):
            part(f"{at}/evidence/{position}", one, EVIDENCE)
    fail(faults, "claims")
    cleaned: dict[str, Any] = whole
    return cleaned


def _shown(value: Any) -> str:
    if isinstance(value, _Float):
        return f"{value}, a decimal number"
    try:
        text = json.dumps(value, ensure_ascii=False)
    except (TypeError, ValueError):
        text = type(value).__name__
    return text if len(text) <= 60 else text[:57] + "..."
