"""Small tables in HTML for notebooks, and a place for pictures beside them; all text is escaped."""

from __future__ import annotations

import html
from functools import singledispatch
from typing import TYPE_CHECKING

from energy_impact._language import digits, say

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


@singledispatch
def picture(_: object) -> str:
    """Return a small picture of an object in HTML: nothing, unless a layer above registers how its class is drawn."""
    return ""


def small_table(caption: str, header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """
    Return a table in HTML.

    Examples
    --------
    >>> small_table("a < b", ["x"], [["1"]])
    '<table><caption>a &lt; b</caption><thead><tr><th>x</th></tr></thead><tbody><tr><td>1</td></tr></tbody></table>'
    """
    top = "".join(f"<th>{html.escape(name)}</th>" for name in header)
    body = "".join(f"<tr>{''.join(f'<td>{html.escape(cell)}</td>' for cell in row)}</tr>" for row in rows)
    title = f"<caption>{html.escape(caption)}</caption>"
    return f"<table>{title}<thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>"


def size(bounds: tuple[float, float] | None) -> str:
    """Return a size as text: a number, a range, or "unknown".

    Examples
    --------
    >>> size((900, 900)), size((1e6, 1.2e6)), size(None)
    ('900', '1,000,000 to 1,200,000', 'unknown')
    """
    if bounds is None:
        return say("unknown")
    low, high = bounds
    ends = [digits(f"{end:,.0f}") for end in bounds]
    return ends[0] if low == high else say("{low} to {high}", low=ends[0], high=ends[1])
