"""One curve as inline SVG: small, with text as text, and described for screen readers."""

from __future__ import annotations

import io
import re
import warnings
from functools import partial
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from energy_impact.results.plots.curves import draw_estimate
from energy_impact.results.plots.style import LINE_INCH, alone, letters_width, place_names
from energy_impact.results.report.markup import Markup, readable

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from energy_impact.results.members import Members

SIZE = (4.0, 2.9)
"""Small enough that its text is readable at the width of a phone. [inch]"""
_EDGE = 0.06
"""Least room beside and above axes. [inch]"""
_LONG = re.compile(r"(\.\d)\d+")
_UPRIGHT = re.compile(r"rotate\(-?0 ")
_FONT = re.compile(r"(font: [^;]*?px) [^;]*")
_FAMILY = re.compile(r"font-family: [^;]*; ?")
_LENGTHS = {"d", "x", "y", "width", "height", "transform"}
_NO_METADATA = dict.fromkeys(("Creator", "Date", "Format", "Type"))


def curve_svg(
    estimate: Members, key: tuple[str, str], *, levels: Sequence[float], name: str, title: str, description: str
) -> Markup:
    """Return a curve with its bands, events and figures as SVG.

    Parameters
    ----------
    estimate : Members
    key : (quantity, place)
    levels : sequence of float
        Probabilities of the central bands.
    name : str
        Prefix of its ids, unique in the page.
    title, description : str
        Name and description for screen readers.
    """
    draw = partial(draw_small, estimate, key, levels)
    return figure_svg(draw, name=name, title=title, description=description)


def draw_small(estimate: Members, key: tuple[str, str], levels: Sequence[float], figure: Figure) -> None:
    """Draw a curve on a small figure, without the legend and the titles that a page has in words."""
    draw_estimate(estimate, figure, panels=[key], levels=levels)
    for legend in list(figure.legends):
        legend.remove()
    figure.suptitle("")
    figure.axes[0].set_title("", loc="left")
    _place(figure)


def figure_svg(
    draw: Callable[[Figure], object],
    *,
    name: str,
    title: str,
    description: str,
    size: tuple[float, float] = SIZE,
) -> Markup:
    """Return what a function draws on a figure as SVG.

    Parameters
    ----------
    draw : callable
    name, title, description
        As for `curve_svg`.
    size : (float, float)
        [inch]
    """
    drawn = ET.fromstring(_drawn(draw, name, size))
    for part in drawn.iter():
        _tidy(part)
    for part in list(drawn):
        if part.tag == "defs" and all(child.tag == "style" for child in part):
            drawn.remove(part)
    names = {"aria-labelledby": f"{name}-title", "aria-describedby": f"{name}-text"}
    root = ET.Element("svg", {"viewBox": drawn.get("viewBox", ""), "role": "img", **names})
    ET.SubElement(root, "title", {"id": f"{name}-title"}).text = readable(title)
    ET.SubElement(root, "desc", {"id": f"{name}-text"}).text = readable(description)
    root.extend(drawn)
    return Markup(ET.tostring(root, encoding="unicode") + "\n")


@alone
def _drawn(draw: Callable[[Figure], object], name: str, size: tuple[float, float]) -> str:
    """Return the SVG text that matplotlib writes; the same name gives the same bytes."""
    import matplotlib as mpl
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure

    text = io.StringIO()
    with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": name}), warnings.catch_warnings():
        # the reader's fonts have glyphs that the measuring font lacks
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        figure = Figure(figsize=size, layout="constrained")
        draw(figure)
        # `savefig` would draw it once more to lay it out
        FigureCanvasSVG(figure).print_svg(text, metadata=_NO_METADATA)  # type: ignore[no-untyped-call]
    return readable(text.getvalue())


def _place(figure: Figure) -> None:
    """Place the axes by the number of letters of labels: the reader's fonts are not those that are measured here."""
    (axes,), (width, height) = figure.axes, figure.get_size_inches()
    left, bottom = (room + LINE_INCH for room in place_names([axes]))
    right, top = width - max(_EDGE, _beyond(axes, width - left)), height - _EDGE
    figure.set_layout_engine("none")
    axes.set_position((left / width, bottom / height, (right - left) / width, (top - bottom) / height))


def _beyond(axes: Axes, across: float) -> float:
    """Return how far the label of a time may reach beyond axes of a width [inch]; 0 without any."""
    (first, last), ticks = axes.get_xlim(), [*axes.get_xticks()]
    labels = axes.xaxis.get_major_formatter().format_ticks(ticks)
    ends = [
        letters_width([label]) / 2 - across * (last - tick) / (last - first)
        for tick, label in zip(ticks, labels, strict=True)
    ]
    return max(ends, default=0.0)


def _tidy(part: ET.Element) -> None:
    """Drop namespaces, unused ids, fonts and invisible digits."""
    part.tag = part.tag.rpartition("}")[2]
    attributes = {key.rpartition("}")[2]: value for key, value in part.attrib.items()}
    if part.tag == "g":
        attributes.pop("id", None)
    if _UPRIGHT.match(attributes.get("transform", "")):
        del attributes["transform"]
    for key in _LENGTHS & attributes.keys():
        attributes[key] = _LONG.sub(r"\1", attributes[key]).replace("\n", "")
    if "style" in attributes:
        attributes["style"] = _FONT.sub(r"\1 sans-serif", _FAMILY.sub("", attributes["style"]))
    part.attrib = attributes
    if part.tag != "text":
        part.text = None
    part.tail = None
