"""What did a check find?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Checked", "sentence"]


class Checked:
    """What a check found; true if the certificate holds.

    Attributes
    ----------
    ok : bool or None
        None where there is nothing to verify (``"re-solved"``).
    reasons : list of str
        What does not hold; empty if all does.
    shows : str
        What the certificate shows, in words.
    resolved : list of str
        What it states besides and was only solved (``"re-solved"``): no proof of it was kept.
    """

    def __init__(self, ok: bool | None, reasons: list[str], shows: str, resolved: Sequence[str] = ()) -> None:
        self.ok = ok
        self.reasons = reasons
        self.shows = shows
        self.resolved = list(resolved)

    def __bool__(self) -> bool:
        return self.ok is True

    def __repr__(self) -> str:
        state = {True: "holds", False: "does not hold", None: "cannot be checked"}[self.ok]
        open = f"; solved without a proof: {', '.join(self.resolved)}" if self.resolved else ""
        return f"<Checked: {state}: {'; '.join(self.reasons[:3]) or self.shows}{open}>"


def sentence(finding: Any) -> str:
    said = f"{finding.path} is not met"
    if finding.needed is not None:
        said += f": {finding.have} of {finding.needed} {finding.measure}".rstrip()
    return f"{said} ({finding.note})" if finding.note else said
