"""How wide is a text, and where may it break?

Pictures place every text themselves, so that nothing overlaps whatever renders them. Widths are those
of Helvetica, which Arial and Liberation Sans share (Adobe Font Metrics, Core 14 fonts).
"""

from __future__ import annotations

import unicodedata

__all__ = ["fit", "is_measured", "width", "wrap"]

# Advance widths of the characters 32 to 126, in thousandths of the font size.
_ASCII = (
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556,
    556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722,
    278, 500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278,
    469, 556, 333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333,
    500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
)  # fmt: skip
_OTHERS = {"…": 1000, "–": 556, "—": 1000, "‘": 222, "’": 222, "“": 333, "”": 333, "·": 278, "\u00a0": 278}
_BOLD = 1.08


def _advance(character: str) -> int:
    code = ord(character)
    if 32 <= code <= 126:
        return _ASCII[code - 32]
    if character in _OTHERS:
        return _OTHERS[character]
    base = unicodedata.normalize("NFD", character)[0]
    if 32 <= ord(base) <= 126:
        return _ASCII[ord(base) - 32]
    if unicodedata.combining(character):
        return 0
    return 1000 if unicodedata.east_asian_width(character) in "WF" or code >= 0x2190 else 620


def is_measured(character: str) -> bool:
    """Whether the width of a character is known rather than estimated."""
    return character in _OTHERS or 32 <= ord(unicodedata.normalize("NFD", character)[0]) <= 126


def width(text: str, size: float, *, bold: bool = False) -> float:
    """Width of `text` in pixels, set in `size` pixels."""
    return sum(map(_advance, text)) * size / 1000 * (_BOLD if bold else 1)


def fit(text: str, room: float, size: float, *, bold: bool = False) -> str:
    """`text`, shortened with an ellipsis where it is wider than `room` pixels."""
    if width(text, size, bold=bold) <= room:
        return text
    kept = text
    while kept and width(kept + "…", size, bold=bold) > room:
        kept = kept[:-1]
    return kept.rstrip(" ,;·(") + "…"


def wrap(text: str, room: float, size: float, *, bold: bool = False, lines: int | None = None) -> list[str]:
    """`text` broken at spaces into lines of at most `room` pixels.

    With `lines`, the last line allowed is shortened instead of continued.
    """
    out: list[str] = []
    current = ""
    # Only at plain spaces: a no-break space holds its words together.
    for word in filter(None, text.replace("\n", " ").split(" ")):
        candidate = f"{current} {word}" if current else word
        if not current or width(candidate, size, bold=bold) <= room:
            current = candidate
        else:
            out.append(current)
            current = word
    if current:
        out.append(current)
    if lines is not None and len(out) > lines:
        out = [*out[: lines - 1], fit(" ".join(out[lines - 1 :]), room, size, bold=bold)]
    return [fit(line, room, size, bold=bold) for line in out]
