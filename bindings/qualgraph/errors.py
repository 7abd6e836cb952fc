"""Errors that Qualgraph raises.

Each is also the built-in kind a Python programmer would catch: an unknown name is a
``LookupError``, a mismatch of units a ``TypeError``, bad facts and bad values a ``ValueError``.

Examples
--------
>>> import qualgraph as qg
>>> try:
...     qg.load().framework("ie-nqf")
... except LookupError as error:
...     print(type(error).__name__)
UnknownId
"""

from __future__ import annotations

from ._core import Error, FactError, Fault, InvalidValue, NumericOverflow, UnitMismatch, UnknownId

__all__ = ["Error", "FactError", "Fault", "InvalidValue", "NumericOverflow", "UnitMismatch", "UnknownId"]
