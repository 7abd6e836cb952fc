"""The ``qualgraph`` command: the verbs of the Python interface, one command each.

Exit status: 0 when the question was answered, 1 when a verdict was asked and is not satisfied
(``certainly-at-least`` and ``certainly-at-most`` that are not certain, ``lint`` that finds errors), 2
for bad input, with the message on standard error.
"""

from __future__ import annotations

from ._main import main

__all__ = ["main"]
