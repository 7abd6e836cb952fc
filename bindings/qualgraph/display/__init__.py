"""How answers look: plain text for a terminal and a letter, HTML for a notebook.

Nothing here knows what an answer means; it lays out texts, rows and marks that it is given.
"""

from __future__ import annotations

from .html import answer_box, details, escape, html_table, items, paragraph
from .text import agree, aligned, cell_text, count, exact_json, fraction_text, listing, mark, quoted

__all__ = [
    "agree",
    "aligned",
    "answer_box",
    "cell_text",
    "count",
    "details",
    "escape",
    "exact_json",
    "fraction_text",
    "html_table",
    "items",
    "listing",
    "mark",
    "paragraph",
    "quoted",
]
