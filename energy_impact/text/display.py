"""A reading as HTML: the text with its figures marked, and the table of them, linked both ways. Runs no script."""

from __future__ import annotations

import re
import secrets
from pathlib import Path
from typing import TYPE_CHECKING

from energy_impact.results.report.markup import Markup, element, join, table
from energy_impact.text.questions import questions
from energy_impact.text.row import MOST_ROWS, related, stated_time, visible, zones

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from energy_impact.places import Place
    from energy_impact.text.row import Article, Row

_LONGEST_GAP = 1500
"""Longest text between two figures that is shown whole. [characters]"""
_KEPT = 500
"""What is shown of a longer one at either end. [characters]"""
_STATES = {"accepted": " ✓", "to confirm": "", "to check": "?"}
"""State of a row, and the sign behind its number."""


def section(articles: Sequence[Article], rows: Sequence[Row], places: Sequence[Place]) -> str:
    """Return articles and their rows as an element of a page; its ids are new in every call."""
    key = f"reading-{secrets.token_hex(4)}"
    first = rows[:MOST_ROWS]
    marked = [(number, row) for number, row in enumerate(first, 1)]
    content = [
        part
        for place, article in enumerate(articles)
        for part in _article(article, [entry for entry in marked if entry[1].article == place], key)
    ]
    more = len(rows) - len(first)
    lists = [_table(first, places, key, more), _questions(first, key), _conflicts(first, key, more)]
    return element(
        "section",
        element("style", Markup(Path(__file__).with_name("display.css").read_text(encoding="utf-8"))),
        element("h3", _counted(rows), id=f"{key}-heading"),
        *content,
        *(lists if rows else []),
        class_="energy-impact-reading",
        aria_labelledby=f"{key}-heading",
    )


def _counted(rows: Sequence[Row]) -> str:
    states = [row.state for row in rows]
    counts = ", ".join(f"{states.count(name)} {name}" for name in _STATES if name in states)
    return f"Figures found: {counts}" if counts else "No figure found"


def _article(article: Article, rows: Sequence[tuple[int, Row]], key: str) -> Iterator[Markup]:
    """Yield heading and text of one article, with its rows by number."""
    published = f"published {article.published:%Y-%m-%d %H:%M} UTC, read as “{article.language}”"
    yield element("h4", visible(article.source), ", ", published)
    yield element("div", *_marked(article.text, rows, key), class_="text", dir="auto", lang=article.language)


def _marked(text: str, rows: Sequence[tuple[int, Row]], key: str) -> Iterator[str]:
    """Yield the pieces of a text, its figures as marks; what overlaps a mark before it is marked from its end."""
    last = 0
    for number, row in sorted(rows, key=lambda entry: entry[1].found.start):
        start, end = max(row.found.start, last), max(row.found.end, last)
        yield _gap(text[last:start])
        sign = element("sup", f"[{number}{_STATES[row.state]}]")
        words = element("a", visible(text[start:end]), sign, id=f"{key}-text-{number}", href=f"#{key}-row-{number}")
        yield element("mark", words, class_=row.state.replace(" ", "-"))
        last = end
    yield _gap(text[last:])


def _gap(text: str) -> str:
    """Return the text between two figures, its middle left out if it is long."""
    if len(text) > _LONGEST_GAP:
        text = f"{text[:_KEPT]} [...] {text[-_KEPT:]}"
    return re.sub(r"\n\s*\n\s*", "\n\n", visible(text))


def _table(rows: Sequence[Row], places: Sequence[Place], key: str, more: int) -> Markup:
    known = zones(places)
    header = ("No.", "Id", "Read as", "Quantity", "Kind", "Place", "Time", "Sure", "Why", "State")
    body = [
        (
            element("a", str(number), id=f"{key}-row-{number}", href=f"#{key}-text-{number}"),
            visible(row.id),
            visible(row.meaning),
            row.found.quantity,
            row.found.kind,
            visible(row.found.place or "?"),
            stated_time(row, known),
            f"{100 * row.found.confidence:.0f} %",
            visible(row.found.reason),
            row.state,
        )
        for number, row in enumerate(rows, 1)
    ]
    caption = "Candidates, in the order of the text; times on the clocks of the place"
    caption += f" (the first {len(rows)}; {more} more are in .candidates)" if more else ""
    return table(key, caption, header, body)


def _questions(rows: Sequence[Row], key: str) -> Markup:
    numbers = {row.id: number for number, row in enumerate(rows, 1)}
    items = [element("li", _link(key, numbers[id]), " ", sentence) for id, _, sentence in questions(rows)]
    return join([element("h4", "Still to say"), element("ul", *items)]) if items else Markup("")


def _conflicts(rows: Sequence[Row], key: str, more: int) -> Markup:
    """Return the pairs that contradict or repeat each other; where there are more rows than shown, none is compared."""
    if more:
        return element("p", "Too many candidates to compare here: see .conflicts().")
    numbers = {row.id: number for number, row in enumerate(rows, 1)}
    items = [
        element("li", join((_link(key, numbers[id]) for id in ids), " "), f" {relation}: {visible(why)}")
        for relation, first, second, _, _, why in related(rows)
        if (ids := [*first.split(" + "), *second.split(" + ")])
    ]
    return join([element("h4", "Conflicts and repeats"), element("ul", *items)]) if items else Markup("")


def _link(key: str, number: int) -> Markup:
    return element("a", f"[{number}]", href=f"#{key}-row-{number}")
