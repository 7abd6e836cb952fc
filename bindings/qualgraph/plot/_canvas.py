"""Drawing in pixels on a Vega-Lite specification.

The pictures of this package are diagrams: where a box stands follows from the levels and documents, not
from a scale. A `Canvas` collects boxes, lines, texts and marks and hands them over as one layered
Vega-Lite specification. Same calls, same specification, byte by byte.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ._text import width as text_width
from ._text import wrap

__all__ = [
    "BLACK",
    "BLUE",
    "FAINT",
    "FONT",
    "GREEN",
    "GREY",
    "INK",
    "ORANGE",
    "PALE",
    "SKY",
    "VERMILLION",
    "YELLOW",
    "Canvas",
]

FONT = "Liberation Sans, Arial, Helvetica, sans-serif"
# Okabe and Ito, "Color Universal Design" (2008): tell apart by most colour-blind readers. Shape, dash
# and pattern carry every distinction as well.
BLACK = "#000000"
ORANGE = "#E69F00"
SKY = "#56B4E9"
GREEN = "#009E73"
YELLOW = "#F0E442"
BLUE = "#0072B2"
VERMILLION = "#D55E00"
INK = "#1a1a1a"
GREY = "#555555"
FAINT = "#bdbdbd"
PALE = "#f2f4f7"

_MARGIN = 18.0
_SCHEMA = "https://vega.github.io/schema/vega-lite/v5.json"


def _number(value: float) -> float | int:
    rounded = round(float(value), 1)
    return int(rounded) if rounded == int(rounded) else rounded


def _channel(field: str) -> dict[str, Any]:
    # No scale: the numbers are pixels already.
    return {"field": field, "type": "quantitative", "scale": None, "axis": None}


class Canvas:
    """A picture in the making; x runs right, y runs down, both in pixels."""

    def __init__(self, width: float) -> None:
        self.width = width
        self.height = 0.0
        self._layers: dict[tuple[Any, ...], list[dict[str, Any]]] = {}
        self._paths = 0

    # ---- primitives

    def _add(
        self,
        z: int,
        mark: Mapping[str, Any],
        row: dict[str, Any],
        tip: Mapping[str, Any] | None,
        bottom: float,
    ) -> None:
        key = (z, tuple(sorted((name, repr(value)) for name, value in mark.items())), tuple(tip or ()))
        if key not in self._layers:
            self._layers[key] = []
            self._layers[key].append({"mark": dict(mark)})
        if tip:
            row.update({name: str(value) for name, value in tip.items()})
        self._layers[key].append(row)
        self.height = max(self.height, bottom)

    def box(
        self,
        x: float,
        y: float,
        w: float,
        h: float,
        *,
        fill: str = "none",
        stroke: str = "none",
        line: float = 1,
        dash: Sequence[float] = (),
        radius: float = 0,
        opacity: float = 1,
        z: int = 1,
        tip: Mapping[str, Any] | None = None,
    ) -> None:
        """A rectangle. `fill="none"` still answers to the pointer where it has a `tip`."""
        mark: dict[str, Any] = {
            "type": "rect",
            "fill": "transparent" if fill == "none" else fill,
            "opacity": opacity,
        }
        if stroke != "none":
            mark |= {"stroke": stroke, "strokeWidth": line}
            if dash:
                mark["strokeDash"] = list(dash)
        if radius:
            mark["cornerRadius"] = radius
        row = {"x": _number(x), "y": _number(y), "x2": _number(x + w), "y2": _number(y + h)}
        self._add(z, mark, row, tip, y + h)

    def hatch(
        self,
        x: float,
        y: float,
        w: float,
        h: float,
        *,
        stroke: str = GREY,
        gap: float = 6,
        line: float = 1,
        z: int = 2,
    ) -> None:
        """Slanted lines over a rectangle: a pattern that survives a photocopy."""
        offset = gap
        while offset < w + h:
            x1, y1 = (x + offset, y) if offset <= w else (x + w, y + offset - w)
            x2, y2 = (x, y + offset) if offset <= h else (x + offset - h, y + h)
            self.line(x1, y1, x2, y2, stroke=stroke, line=line, z=z)
            offset += gap

    def line(
        self,
        x: float,
        y: float,
        x2: float,
        y2: float,
        *,
        stroke: str = INK,
        line: float = 1,
        dash: Sequence[float] = (),
        opacity: float = 1,
        z: int = 1,
        tip: Mapping[str, Any] | None = None,
    ) -> None:
        """A straight line."""
        mark: dict[str, Any] = {"type": "rule", "stroke": stroke, "strokeWidth": line, "opacity": opacity}
        if dash:
            mark["strokeDash"] = list(dash)
        row = {"x": _number(x), "y": _number(y), "x2": _number(x2), "y2": _number(y2)}
        self._add(z, mark, row, tip, max(y, y2))

    def curve(
        self,
        points: Iterable[tuple[float, float]],
        *,
        stroke: str = INK,
        line: float = 1,
        dash: Sequence[float] = (),
        opacity: float = 1,
        z: int = 1,
        tip: Mapping[str, Any] | None = None,
    ) -> None:
        """A line through `points`."""
        mark: dict[str, Any] = {
            "type": "line",
            "stroke": stroke,
            "strokeWidth": line,
            "opacity": opacity,
            "strokeCap": "butt",
        }
        if dash:
            mark["strokeDash"] = list(dash)
        self._paths += 1
        for order, (x, y) in enumerate(points):
            row = {"x": _number(x), "y": _number(y), "path": self._paths, "order": order}
            self._add(z, mark, row, tip, y)

    def mark(
        self,
        x: float,
        y: float,
        shape: str,
        *,
        size: float = 60,
        fill: str = "white",
        stroke: str = INK,
        line: float = 1.2,
        z: int = 5,
        tip: Mapping[str, Any] | None = None,
    ) -> None:
        """A symbol: a Vega shape name or an SVG path within the square from -1 to 1."""
        mark = {
            "type": "point",
            "shape": shape,
            "size": size,
            "fill": fill,
            "stroke": stroke,
            "strokeWidth": line,
            "opacity": 1,
        }
        self._add(z, mark, {"x": _number(x), "y": _number(y)}, tip, y)

    def text(
        self,
        x: float,
        y: float,
        text: str,
        *,
        size: float = 11,
        color: str = INK,
        bold: bool = False,
        italic: bool = False,
        align: str = "left",
        angle: float = 0,
        z: int = 6,
        tip: Mapping[str, Any] | None = None,
    ) -> None:
        """One line of text whose middle is at height `y`."""
        mark: dict[str, Any] = {
            "type": "text",
            "fontSize": size,
            "color": color,
            "align": align,
            "baseline": "middle",
            "opacity": 1,
        }
        if bold:
            mark["fontWeight"] = "bold"
        if italic:
            mark["fontStyle"] = "italic"
        if angle:
            mark["angle"] = angle
        self._add(z, mark, {"x": _number(x), "y": _number(y), "text": text}, tip, y + size)

    def lines(
        self, x: float, y: float, lines: Sequence[str], *, size: float = 11, lead: float = 1.3, **style: Any
    ) -> float:
        """Lines of text below each other, the first one with its top at `y`; returns the bottom."""
        for number, text in enumerate(lines):
            self.text(x, y + (number + 0.5) * size * lead, text, size=size, **style)
        return y + len(lines) * size * lead

    # ---- what every picture has

    def heading(self, title: str, subtitle: str) -> float:
        """Title and what the picture shows; returns where the picture may begin."""
        y = self.lines(0, 0, wrap(title, self.width, 18, bold=True), size=18, bold=True)
        return self.lines(0, y + 4, wrap(subtitle, self.width, 12), size=12, color=GREY, lead=1.35) + 14

    def caption(self, y: float, paragraphs: Iterable[str]) -> float:
        """Small print below the picture; returns the bottom."""
        self.line(0, y, self.width, y, stroke=FAINT)
        y += 8
        for paragraph in paragraphs:
            y = self.lines(0, y, wrap(paragraph, self.width, 11), size=11, color=GREY) + 3
        return y

    def specification(self, description: str) -> dict[str, Any]:
        """The picture as a Vega-Lite specification."""
        layers = []
        for key in sorted(self._layers, key=lambda key: key[0]):
            head, *rows = self._layers[key]
            mark = head["mark"]
            encoding: dict[str, Any] = {"x": _channel("x"), "y": _channel("y")}
            if mark["type"] in ("rect", "rule"):
                encoding |= {"x2": {"field": "x2"}, "y2": {"field": "y2"}}
            elif mark["type"] == "line":
                encoding |= {
                    "detail": {"field": "path", "type": "nominal"},
                    "order": {"field": "order", "type": "quantitative"},
                }
            elif mark["type"] == "text":
                encoding["text"] = {"field": "text", "type": "nominal"}
            if key[2]:
                encoding["tooltip"] = [{"field": name, "type": "nominal"} for name in key[2]]
            layers.append({"data": {"values": rows}, "mark": mark, "encoding": encoding})
        return {
            "$schema": _SCHEMA,
            "description": description,
            "background": "white",
            "padding": _MARGIN,
            "width": round(self.width),
            "height": round(self.height),
            "layer": layers,
            # Screen readers get the description of the whole: a thousand marks named one by one help nobody.
            "config": {
                "font": FONT,
                "view": {"stroke": None},
                "mark": {"aria": False},
                "text": {"font": FONT},
            },
            "usermeta": {
                "embedOptions": {
                    "actions": {"export": True, "source": False, "compiled": False, "editor": False}
                }
            },
        }


def chip_width(text: str, size: float) -> float:
    """Width of a small box around `text`."""
    return max(20.0, text_width(text, size, bold=True) + 10)
