"""What is stated about a credential, as the engine reads it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from .. import _core
from ..errors import FactError, InvalidValue, UnitMismatch
from ..facts import Range, Value, as_text
from ..stacking.given import fail

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["ATTRIBUTES", "AttributeInfo", "credential_of", "parameters_of", "size_text"]

_KINDS = ("text", "flag", "number", "amount", "level", "word", "words", "day")


class AttributeInfo(Value):
    """One attribute that definitions look at.

    Attributes
    ----------
    name : str
    kind : str
        ``"flag"`` (true or false), ``"number"``, ``"amount"`` (credits with their system),
        ``"level"``, ``"word"``, ``"words"`` (several), ``"text"`` or ``"day"``.
    choices : tuple of str
        Words that are possible; empty: any.
    what : str
    """

    __slots__ = ("name", "kind", "choices", "what")
    name: str
    kind: str
    choices: tuple[str, ...]
    what: str

    def __str__(self) -> str:
        words = f" ({', '.join(self.choices)})" if self.choices else ""
        return f"{self.name}: {self.what}{words}"


#: Every attribute by name, in the order in which answers list them.
ATTRIBUTES: dict[str, AttributeInfo] = {
    name: AttributeInfo(name, _KINDS[kind], tuple(choices), what) for name, kind, choices, what in _core.attributes()
}


def _plain(name: str, value: Any) -> Any:
    """A value as the language of credentials has it."""
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, float):
        raise UnitMismatch(
            f"{name}={value!r} is a float, and a verdict may hang on it; write a whole number, "
            'a Fraction, or text such as "15/2"'
        )
    if isinstance(value, Range):
        return {"min": _plain(name, value.min), "max": _plain(name, value.max)}
    if isinstance(value, (set, frozenset)):
        return sorted(_plain(name, each) for each in value)
    if isinstance(value, (list, tuple)):
        return [_plain(name, each) for each in value]
    if isinstance(value, dict):
        return {str(key): _plain(name, each) for key, each in value.items()}
    if hasattr(value, "denominator"):
        return int(value) if value.denominator == 1 else f"{value.numerator}/{value.denominator}"
    if hasattr(value, "isoformat"):
        return value.isoformat()[:10]
    if type(value).__name__ in ("Credits", "Level"):
        return str(value)
    raise UnitMismatch(f"{name}={value!r}: {type(value).__name__} is nothing that can be stated of a credential")


def credential_of(record: Mapping[str, Any] | _core.Credential, credit: str | None = None) -> _core.Credential:
    """A credential from a mapping of attributes."""
    if isinstance(record, _core.Credential):
        return record
    if not hasattr(record, "items"):
        raise UnitMismatch(f'a credential is a dict of attributes, such as {{"hours": 10}}, not {record!r}')
    stated = {as_text(str(name), "attribute"): _plain(str(name), value) for name, value in record.items()}
    # A row of a catalogue has an id, which no definition looks at.
    stated.pop("id", None)
    try:
        text = json.dumps(stated, allow_nan=False)
        text.encode()
    except (ValueError, UnicodeEncodeError):
        raise InvalidValue(f"{record!r} holds something that is no text") from None
    try:
        return _core.Credential.parse(text, "credential", credit or "")
    except FactError as error:
        # The engine speaks of facts, which a user's own record is not.
        fail(error.faults, "credential")
        raise


def size_text(size: Any, what: str = "small") -> str:
    """A size as the engine reads it: "30 hours", "5 nz-credit".

    Examples
    --------
    >>> import qualgraph as qg
    >>> from qualgraph.definitions.credential import size_text
    >>> size_text("2.5 ects"), size_text(qg.credits(30, "nz-credit"))
    ('2.5 ects', '30 nz-credit')
    """
    text = size if isinstance(size, str) else str(size) if type(size).__name__ == "Credits" else None
    if text is None or len(text.split()) != 2:
        raise UnitMismatch(
            f'{what}={size!r} names no unit; write an amount and its unit, such as "30 hours" or "3 ects"'
        )
    return as_text(" ".join(text.split()), "size")


def parameters_of(small: Any) -> dict[str, str]:
    """What parameters are taken to mean."""
    return {} if small is None else {"small": size_text(small)}
