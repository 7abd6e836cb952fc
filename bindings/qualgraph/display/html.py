"""HTML for notebooks: no script, no style sheet, every text escaped.

Colours are shades of the page's own text colour, so that a dark page and a light one both show
them; what colour says is always said in words as well.
"""

from __future__ import annotations

from html import escape as _escape
from typing import TYPE_CHECKING, Any

from .text import cell_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

__all__ = ["answer_box", "details", "escape", "html_table", "items", "paragraph"]

# A page in the old quirks mode does not hand its colour and size down to tables.
_TABLE = "border-collapse:collapse;margin:.3em 0;color:inherit;font-size:inherit;background:transparent"
_LINE = "1px solid rgba(128,128,128,.4)"
_CELL = f"padding:.2em .7em .2em 0;text-align:left;vertical-align:top;border-bottom:{_LINE}"


def _nowrap(text: str) -> str:
    # Ids and codes hold hyphens; a short one broken at its hyphen is hard to read.
    return ";white-space:nowrap" if len(text) <= 24 else ""


def escape(text: object) -> str:
    """Text that HTML takes literally.

    Examples
    --------
    >>> escape('5 < 6 & "so"')
    '5 &lt; 6 &amp; &quot;so&quot;'
    """
    return _escape(str(text), quote=True)


def paragraph(text: object, *, muted: bool = False) -> str:
    """One paragraph of plain text."""
    style = "margin:.35em 0" + (";opacity:.75" if muted else "")
    return f'<p style="{style}">{escape(text)}</p>'


def items(texts: Iterable[object]) -> str:
    """A list of plain texts; nothing when there are none."""
    listed = "".join(f"<li>{escape(text)}</li>" for text in texts)
    return f'<ul style="margin:.35em 0 .35em 1.2em;padding:0">{listed}</ul>' if listed else ""


def details(summary: object, body: str, *, opened: bool = False) -> str:
    """A part that folds away; ``body`` is HTML."""
    return (
        f'<details{" open" if opened else ""}><summary style="cursor:pointer">{escape(summary)}</summary>'
        f'<div style="margin:.3em 0 .3em 1em">{body}</div></details>'
    )


def html_table(
    columns: Mapping[str, Sequence[Any]],
    *,
    title: str = "",
    caption: str = "",
    rows: int = 200,
    drop_empty: bool = False,
) -> str:
    """Columns as an HTML table, at most ``rows`` rows, with what was left out said below."""
    names = [name for name in columns if not drop_empty or any(map(cell_text, columns[name]))]
    total = len(columns[names[0]]) if names else 0
    head = "".join(
        f'<th scope="col" style="{_CELL}{_nowrap(name)};font-weight:600">{escape(name)}</th>' for name in names
    )
    lines = []
    for row in range(min(total, rows)):
        texts = (cell_text(columns[name][row]) for name in names)
        cells = "".join(f'<td style="{_CELL}{_nowrap(text)}">{escape(text)}</td>' for text in texts)
        lines.append(f"<tr>{cells}</tr>")
    named = (
        f'<caption style="text-align:left;font-weight:600;padding:.3em 0">{escape(title)}</caption>'
        if title
        else ""
    )
    below = [f"{total - rows} more rows are not shown." if total > rows else "", caption]
    notes = "".join(paragraph(note, muted=True) for note in below if note)
    return (
        # A table wider than the page scrolls by itself.
        f'<div style="overflow-x:auto"><table style="{_TABLE}">{named}<thead><tr>{head}</tr></thead>'
        f"<tbody>{''.join(lines)}</tbody></table></div>{notes}"
    )


def answer_box(headline: object, body: str, footer: object) -> str:
    """The answer first, then its evidence, then the version of the facts; ``body`` is HTML."""
    return (
        f'<div style="border-left:3px solid rgba(128,128,128,.7);padding:.1em 0 .1em .9em;margin:.4em 0">'
        f'<p style="margin:.2em 0;font-weight:600">{escape(headline)}</p>{body}'
        f'<p style="margin:.5em 0 .1em 0;font-size:85%;opacity:.7">{escape(footer)}</p></div>'
    )
