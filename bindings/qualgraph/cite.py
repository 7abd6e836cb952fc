"""References to the documents an answer rests on, as BibTeX, CSL-JSON and plain text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from .facts import Source

__all__ = ["Citation"]

# What LaTeX would take as a command. Letters beyond ASCII stay: BibTeX has read UTF-8 for long.
_LATEX = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "{": r"\{",
        "}": r"\}",
        "&": r"\&",
        "%": r"\%",
        "$": r"\$",
        "#": r"\#",
        "_": r"\_",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
    }
)


def _latex(text: str) -> str:
    return " ".join(text.split()).translate(_LATEX)


def _key(words: Iterable[str], taken: set[str]) -> str:
    """A citation key of ASCII letters, unique among those taken."""
    from unicodedata import normalize

    parts = []
    for word in words:
        plain = normalize("NFKD", word).encode("ascii", "ignore").decode().lower()
        part = "".join(c if c.isalnum() else " " for c in plain).split()
        parts.extend(part[:3])
    base = "-".join(parts) or "source"
    key, number = base, 1
    while key in taken:
        number += 1
        key = f"{base}-{number}"
    taken.add(key)
    return key


class Citation:
    """References of one answer.

    Attributes
    ----------
    bibtex : str
        Entries for BibTeX, one per source, the facts and engine last.
    csl : list of dict
        The same as CSL-JSON items, which Zotero and pandoc read.
    text : str
        The same as plain lines.

    Examples
    --------
    >>> import qualgraph as qg
    >>> citation = qg.load().map_level("nz-nzqcf:7", to="eqf").cite()
    >>> citation.csl[0]["type"], citation.csl[0]["issued"]
    ('report', {'date-parts': [[2016]]})
    >>> citation.bibtex.startswith("@techreport{")
    True
    """

    __slots__ = ("_engine", "_facts", "_sources")

    def __init__(self, sources: Sequence[Source], facts: str, engine: str) -> None:
        self._sources = tuple(sources)
        self._facts = facts
        self._engine = engine

    @property
    def csl(self) -> list[dict[str, Any]]:
        """References as CSL-JSON items."""
        taken: set[str] = set()
        items: list[dict[str, Any]] = []
        for source in self._sources:
            words = [source.publisher or source.title, str(source.year or "nd")]
            item: dict[str, Any] = {
                "id": _key(words, taken),
                "type": "webpage" if source.url and not source.document else "report",
                "title": source.title,
            }
            if source.publisher:
                item["author"] = [{"literal": source.publisher}]
                item["publisher"] = source.publisher
            if source.year is not None:
                item["issued"] = {"date-parts": [[source.year]]}
            if source.url:
                item["URL"] = source.url
            item["note"] = _note(source)
            items.append(item)
        items.append(
            {
                "id": _key(["qualgraph"], taken),
                "type": "software",
                "title": "Qualgraph",
                "version": self._engine,
                "note": f"facts version {self._facts}",
            }
        )
        return items

    @property
    def bibtex(self) -> str:
        """References as BibTeX entries."""
        kinds = {"report": "techreport", "webpage": "misc", "software": "misc"}
        entries = []
        for item in self.csl:
            fields = [("title", "{" + _latex(item["title"]) + "}")]
            if "publisher" in item:
                # Double braces: an office is one name, not a first and a last one.
                fields.append(("author", "{" + _latex(item["publisher"]) + "}"))
            if item["type"] == "report" and "publisher" in item:
                # Left out where it is not stated: a style would print whatever stood there.
                fields.append(("institution", _latex(item["publisher"])))
            if "issued" in item:
                fields.append(("year", str(item["issued"]["date-parts"][0][0])))
            if "URL" in item:
                # Braces in an address would end the field; percent codes mean the same.
                fields.append(("url", item["URL"].replace("{", "%7B").replace("}", "%7D")))
            if "version" in item:
                fields.append(("version", item["version"]))
            fields.append(("note", _latex(item["note"])))
            lines = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields)
            entries.append(f"@{kinds[item['type']]}{{{item['id']},\n{lines}\n}}")
        return "\n\n".join(entries) + "\n"

    @property
    def text(self) -> str:
        """References as plain lines."""
        lines = []
        for source in self._sources:
            parts = [
                source.publisher,
                f"({source.year})" if source.year is not None else "(no year)",
                source.title,
            ]
            line = " ".join(part for part in parts if part)
            lines.append(f"{line.rstrip('.')}.{' ' + source.url if source.url else ''} [{_note(source)}]")
        lines.append(f"Qualgraph {self._engine}, facts version {self._facts}.")
        return "\n".join(lines)

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        from .display import count

        return f"<Citation: {count(len(self._sources), 'source')}>"

    def _repr_html_(self) -> str:
        from .display import items

        return items(self.text.splitlines())


def _note(source: Source) -> str:
    from .display import mark

    notes = [f"evidence: {mark(source.evidence)}"]
    if source.document:
        notes.append(f"document id: {source.document}")
    return "; ".join(notes)
