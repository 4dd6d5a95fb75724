"""One curve as an inline SVG picture: small, with text as text, and named for those who do not see it."""

from __future__ import annotations

import io
import re
import warnings
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from energy_impact.results.plots.curves import draw_estimate
from energy_impact.results.report.markup import Markup, readable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.figure import Figure

    from energy_impact.results.members import Members

_SIZE = (4.0, 2.9)
"""So small that its text can be read where the picture is as wide as a phone. [inch]"""
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
        What it shows and what it says, for those who do not see it.
    """
    drawn = ET.fromstring(_draw(estimate, key, levels, name))
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


def _draw(estimate: Members, key: tuple[str, str], levels: Sequence[float], name: str) -> str:
    """Return the picture as matplotlib writes it; the same name gives the same bytes."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    text = io.StringIO()
    with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": name}), warnings.catch_warnings():
        # the reader's fonts show what the font used for measuring lacks
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        figure = Figure(figsize=_SIZE, layout="constrained")
        draw_estimate(estimate, figure, panels=[key], levels=levels)
        _without_frame(figure)
        figure.savefig(text, format="svg", metadata=_NO_METADATA)
    return readable(text.getvalue())


def _without_frame(figure: Figure) -> None:
    """Take away what the page tells in words."""
    for legend in list(figure.legends):
        legend.remove()
    figure.suptitle("")
    figure.axes[0].set_title("", loc="left")


def _tidy(part: ET.Element) -> None:
    """Drop namespaces, names that nothing points to, fonts and digits that nobody sees."""
    part.tag = part.tag.rpartition("}")[2]
    found = {key.rpartition("}")[2]: value for key, value in part.attrib.items()}
    if part.tag == "g":
        found.pop("id", None)
    if _UPRIGHT.match(found.get("transform", "")):
        del found["transform"]
    for key in _LENGTHS & found.keys():
        found[key] = _LONG.sub(r"\1", found[key]).replace("\n", "")
    if "style" in found:
        found["style"] = _FONT.sub(r"\1 sans-serif", _FAMILY.sub("", found["style"]))
    part.attrib = found
    if part.tag != "text":
        part.text = None
    part.tail = None
