"""HTML elements; text is escaped unless it is already markup."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_VOID = frozenset({"meta"})
_BLOCKS = frozenset(
    {
        "head",
        "body",
        "header",
        "main",
        "nav",
        "section",
        "footer",
        "figure",
        "figcaption",
        "details",
        "div",
        "p",
        "ul",
        "ol",
        "li",
        "dl",
        "dt",
        "dd",
        "table",
        "caption",
        "thead",
        "tbody",
        "tr",
        "h1",
        "h2",
        "h3",
        "style",
        "title",
        "meta",
    }
)
FITS_A_PHONE = 3
"""Columns from which a table is wider than a phone and says that it scrolls."""
_CLASSES = {"n": {"class_": "number"}, "t": {"class_": "text"}}
_ADDRESS = re.compile(r"https?://[^\s<>\"']*[^\s<>\"'.,;:!?)\]]")
_RIGHT_TO_LEFT = (
    "\u0590-\u08ff\u200f\u202a-\u202e\u2066-\u2069\ufb1d-\ufdff\ufe70-\ufeff\U00010800-\U00010fff\U0001e800-\U0001efff"
)
_TURNED = re.compile(f"[{_RIGHT_TO_LEFT}](?:.*[{_RIGHT_TO_LEFT}])?", re.DOTALL)
"""From the first to the last character that is written from right to left or turns the direction."""
_UNREADABLE = re.compile("[^\t\n\r\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Markup(str):
    """Text that is already markup."""

    __slots__ = ()


def readable(text: str) -> str:
    """Return text with characters forbidden in HTML and XML replaced by U+FFFD.

    Examples
    --------
    >>> readable(chr(7)) == chr(0xFFFD)
    True
    """
    return _UNREADABLE.sub("\ufffd", text)


def escape(text: str) -> Markup:
    """Return text escaped as markup; markup stays as it is.

    What is written from right to left, or turns the direction of text, is isolated, so that it moves nothing beside it.

    Examples
    --------
    >>> escape("<b> & 'c'")
    '&lt;b&gt; &amp; &#x27;c&#x27;'
    """
    if isinstance(text, Markup):
        return text
    return Markup(_TURNED.sub(r"<bdi>\g<0></bdi>", html.escape(readable(text))))


def element(tag: str, *content: str, **attributes: str) -> Markup:
    """Return an element; content and attributes are escaped unless already markup.

    Parameters
    ----------
    tag : str
    *content : str
    **attributes : str
        A trailing underscore is dropped and others become hyphens: ``class_``, ``aria_label``.

    Examples
    --------
    >>> element("a", "x < y", element("b", "z"), class_="wide")
    '<a class="wide">x &lt; y<b>z</b></a>'
    """
    named = "".join(
        f' {name.rstrip("_").replace("_", "-")}="{html.escape(readable(value))}"' for name, value in attributes.items()
    )
    end = "\n" if tag in _BLOCKS else ""
    inner = "".join(map(escape, content))
    return Markup(f"<{tag}{named}>{end}" if tag in _VOID else f"<{tag}{named}>{inner}</{tag}>{end}")


def join(pieces: Iterable[str], between: str = "") -> Markup:
    """Return pieces joined together, escaped unless already markup."""
    return Markup(escape(between).join(map(escape, pieces)))


def linked(text: str) -> Markup:
    """Return text with its web addresses as links, without a referrer.

    Examples
    --------
    >>> linked("see https://a.example/b.")
    'see <a href="https://a.example/b" rel="noreferrer">https://a.example/b</a>.'
    """
    pieces, last = [], 0
    for match in _ADDRESS.finditer(text):
        pieces += [text[last : match.start()], element("a", match[0], href=match[0], rel="noreferrer")]
        last = match.end()
    return join([*pieces, text[last:]])


def table(key: str, caption: str, header: Sequence[str], rows: Iterable[Sequence[str]], *, kinds: str = "") -> Markup:
    """Return a table that scrolls inside its own region and can be reached by keyboard.

    Parameters
    ----------
    key : str
        Unique in the page.
    caption : str
    header : sequence of str
        Names of the columns; the first cell of each row is its header.
    rows : iterable of sequences of str
    kinds : str, optional
        One character per column: "n" for numbers, "t" for text that needs room, else a blank.
    """
    classes = [_CLASSES.get(kind, {}) for kind in kinds.ljust(len(header))]
    top = [element("th", name, scope="col") for name in header]
    body = [
        element(
            "tr",
            element("th", row[0], scope="row"),
            *(element("td", cell, **given) for cell, given in zip(row[1:], classes[1:], strict=True)),
        )
        for row in rows
    ]
    title = element("caption", element("span", caption, id=f"{key}-caption"))
    inside = element("table", title, element("thead", element("tr", *top)), element("tbody", *body))
    wide = "scroll wide" if len(header) >= FITS_A_PHONE else "scroll"
    return element("div", inside, class_=wide, role="region", tabindex="0", aria_labelledby=f"{key}-caption")


def details(summary: str, *content: str) -> Markup:
    """Return content that is folded until opened; print shows it."""
    return element("details", element("summary", summary), *content)
