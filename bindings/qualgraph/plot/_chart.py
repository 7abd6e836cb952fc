"""A finished picture: show it, save it, change it."""

from __future__ import annotations

import html as html_escape
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ._text import is_measured, width

if TYPE_CHECKING:
    import os

__all__ = ["Chart"]

_FORMATS = (".svg", ".png", ".html", ".json")


def _with_widths(svg: str) -> str:
    """SVG whose texts keep their place where none of their fonts is installed.

    Every text was placed by its width in Helvetica. A reader without it, Arial or Liberation Sans sees
    another font, often a wider one, and texts would run into each other; `textLength` holds them to size.
    """

    def held(match: re.Match[str]) -> str:
        attributes, text = match[1], html_escape.unescape(match[2])
        size = re.search(r'font-size="([0-9.]+)px"', attributes)
        if size is None or not text.strip() or not all(map(is_measured, text)):
            return match[0]
        wide = width(text, float(size[1]), bold='font-weight="bold"' in attributes)
        return f'<text{attributes} textLength="{wide:.1f}" lengthAdjust="spacingAndGlyphs">{match[2]}</text>'

    return re.sub(r"<text([^>]*)>([^<]*)</text>", held, svg)


def require(module: str) -> Any:
    """Import a package that only pictures need.

    Raises
    ------
    ImportError
        When it is not installed, with the command that installs it.
    """
    import importlib

    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as error:
        if error.name != module:
            raise
        package = {"vl_convert": "vl-convert-python"}.get(module, module)
        raise ImportError(
            f'pictures need the package {package}: pip install "qualgraph[plot]"', name=module
        ) from error


class Chart:
    """A picture made from an answer.

    In a notebook it shows itself as SVG, without a network. `save` writes SVG, PNG, a self-contained
    HTML page with tooltips, or the Vega-Lite specification. `rows` are the facts the picture draws.

    Attributes
    ----------
    title : str
        What is shown.
    description : str
        The picture in words, for those who do not see it.
    data : dict
        What the picture draws, as plain values (see `ladder_data` and its siblings).

    Examples
    --------
    >>> import qualgraph as qg
    >>> from qualgraph import plot
    >>> chart = plot.network(qg.load())
    >>> chart
    <Chart: The referencing network>
    """

    __slots__ = ("_specification", "data", "description", "title")

    def __init__(
        self, specification: dict[str, Any], *, title: str, description: str, data: dict[str, Any]
    ) -> None:
        self._specification = specification
        self.title = title
        self.description = description
        self.data = data

    def __repr__(self) -> str:
        return f"<Chart: {self.title}>"

    def to_dict(self) -> dict[str, Any]:
        """The Vega-Lite specification."""
        copy: dict[str, Any] = json.loads(self.to_json())
        return copy

    def to_json(self) -> str:
        """The Vega-Lite specification as JSON text; the same picture gives the same bytes."""
        return json.dumps(self._specification, ensure_ascii=False, separators=(",", ":"))

    @property
    def altair(self) -> Any:
        """The picture as an `altair.LayerChart`, to combine with others or change.

        Raises
        ------
        ImportError
            When Altair is not installed.
        """
        altair = require("altair")
        specification = self.to_dict()
        rows = [layer["data"].pop("values") for layer in specification["layer"]]
        for layer in specification["layer"]:
            layer["data"]["values"] = []
        # Altair would turn each of thousands of rows into an object; and the tests validate every picture.
        chart = altair.LayerChart.from_dict(specification, validate=False)
        for layer, values in zip(chart.layer, rows, strict=True):
            layer.data = altair.InlineData(values=values)
        return chart

    def to_svg(self) -> str:
        """The picture as SVG text, with its description for screen readers.

        Raises
        ------
        ImportError
            When vl-convert is not installed.
        """
        svg: str = require("vl_convert").vegalite_to_svg(self.to_json())
        head, mark, rest = svg.partition(">")
        title, words = html_escape.escape(self.title), html_escape.escape(self.description)
        # Narrower than the drawing, a page shrinks it instead of cutting it off.
        head += ' role="img" style="max-width:100%;height:auto"'
        return f"{head}{mark}<title>{title}</title><desc>{words}</desc>{_with_widths(rest)}"

    def to_png(self, scale: float = 2) -> bytes:
        """The picture as PNG; `scale` is pixels per unit of the drawing.

        Raises
        ------
        ImportError
            When vl-convert is not installed.
        ValueError
            When `scale` is not above zero.
        """
        if not scale > 0:
            raise ValueError(f"scale must be above 0, not {scale}")
        png: bytes = require("vl_convert").vegalite_to_png(self.to_json(), scale=scale)
        return png

    def to_html(self) -> str:
        """A page with the picture and its tooltips that needs nothing else, no network either.

        Raises
        ------
        ImportError
            When vl-convert is not installed.
        """
        page: str = require("vl_convert").vegalite_to_html(self.to_json(), bundle=True)
        title = f'<meta charset="utf-8"><title>{html_escape.escape(self.title)}</title>'
        page = page.replace("<head>", f"<head>{title}", 1)
        label = html_escape.escape(self.description, quote=True)
        return page.replace(
            '<div id="vega-chart">', f'<div id="vega-chart" role="img" aria-label="{label}">', 1
        )

    def save(self, path: str | os.PathLike[str], *, scale: float = 2) -> Path:
        """Write the picture; the ending of `path` says how.

        Parameters
        ----------
        path : str or path
            Ends in `.svg`, `.png`, `.html` or `.json` (the Vega-Lite specification).
        scale : float
            Pixels per unit of the drawing, for PNG.

        Returns
        -------
        pathlib.Path
            Where the picture is.

        Raises
        ------
        ValueError
            For another ending.
        ImportError
            When vl-convert is not installed.
        """
        target = Path(path)
        ending = target.suffix.lower()
        if ending not in _FORMATS:
            raise ValueError(f'a picture is saved as {", ".join(_FORMATS)}, not as "{target.name}"')
        if ending == ".png":
            target.write_bytes(self.to_png(scale))
        else:
            text = {".svg": self.to_svg, ".html": self.to_html, ".json": self.to_json}[ending]()
            target.write_text(text, encoding="utf-8", newline="\n")
        return target

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        # A display that fails would hide the answer behind a traceback: fall back to the line of text.
        try:
            return {"text/plain": repr(self), "image/svg+xml": self.to_svg()}
        except ImportError as error:
            return {"text/plain": f"{self!r} ({error})"}
