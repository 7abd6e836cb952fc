"""Records as flat tables: one row per item, columns named as in the record language."""

from __future__ import annotations

import math
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from ..errors import FactError, Fault

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["items_of"]

LISTS = ("tags", "origin", "level", "outcomes", "used_for", "field")
NUMBERS = ("hours", "points")
TRUTHS = ("quality_assured", "assessed", "whole")
TEXTS = (
    "id",
    "unit",
    "title",
    "provider",
    "grade",
    "date",
    "started",
    "mode",
    "status",
    "part_of",
    "evidence",
    "note",
)
KNOWN = (*TEXTS, *LISTS, *NUMBERS, *TRUTHS, "credits", "credit", "count", "learner_id")


def rows_of(table: Any) -> list[dict[str, Any]]:
    """Rows of a data frame, an Arrow table, a table of Qualgraph, or an iterable of mappings."""
    if hasattr(table, "to_pylist"):
        return list(table.to_pylist())
    if hasattr(table, "to_dict") and hasattr(table, "columns"):
        return list(table.to_dict("records"))
    return [dict(row) for row in table]


def _blank(value: Any) -> bool:
    if value is None or (isinstance(value, str) and not value.strip()):
        return True
    return isinstance(value, float) and math.isnan(value) or str(value) in ("NaT", "<NA>")


def exact_text(value: Any) -> int | str:
    """A number of a cell, exactly: 7.5 is 15/2."""
    text = str(value).strip()
    number = Fraction(Decimal(text)) if "/" not in text else Fraction(text)
    return number.numerator if number.denominator == 1 else f"{number.numerator}/{number.denominator}"


def items_of(table: Any, file: str = "table") -> list[dict[str, Any]]:
    """Items of the record language from rows; faults name the row and the column.

    Raises
    ------
    FactError
        With every cell that cannot be read.
    """
    items: list[dict[str, Any]] = []
    faults: list[Fault] = []
    for number, row in enumerate(rows_of(table), start=2):
        items.append(_item(row, number, file, faults))
    if faults:
        raise FactError._from_faults(faults) if hasattr(FactError, "_from_faults") else FactError(faults)
    return items


def _item(row: Mapping[str, Any], number: int, file: str, faults: list[Fault]) -> dict[str, Any]:
    item: dict[str, Any] = {}
    for column, value in row.items():
        name = str(column).strip()
        where = f"row {number}, column {name}"
        if _blank(value):
            continue
        if name not in KNOWN:
            item[name if name.startswith("x-") else f"x-{name}"] = str(value)
        elif name == "credits":
            text = str(value).strip()
            amount, _, system = text.partition(" ")
            system = system.strip() or str(row.get("credit") or "").strip()
            try:
                exact = exact_text(amount)
            except (InvalidOperation, ValueError, ZeroDivisionError):
                faults.append(Fault(file, where, repr(value), 'an amount: 12, 7.5, 15/2 or "30 ects"'))
                continue
            item["credits"] = f"{exact} {system}" if system else exact
        elif name in NUMBERS or name == "count":
            try:
                item[name] = exact_text(value)
            except (InvalidOperation, ValueError, ZeroDivisionError):
                faults.append(Fault(file, where, repr(value), "a number: 12, 7.5 or 15/2"))
        elif name in LISTS:
            item[name] = _list(value)
        elif name in TRUTHS:
            text = str(value).strip().lower()
            if text in ("true", "yes", "1", "1.0"):
                item[name] = True
            elif text in ("false", "no", "0", "0.0"):
                item[name] = False
            else:
                faults.append(Fault(file, where, repr(value), "true or false"))
        elif name in ("date", "started"):
            item[name] = str(value).strip()[:10]
        elif name in ("learner_id", "credit"):
            continue
        else:
            item[name] = str(value).strip()
    if "id" not in item:
        item["id"] = f"row-{number}"
    return item


def _list(value: Any) -> list[str]:
    if isinstance(value, str):
        text = value.strip()
        return [] if text == "-" else [part.strip() for part in text.split(";") if part.strip()]
    values: Iterable[Any] = value if hasattr(value, "__iter__") else [value]
    return [str(one) for one in values]
