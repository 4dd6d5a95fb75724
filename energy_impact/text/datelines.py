"""Where an agency writes, which is not what it writes of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from energy_impact.text.capitals import LONGEST_NAME, SHORTEST_STEM, written
from energy_impact.text.numbers import DASHES
from energy_impact.text.place_mention import PlaceMention

if TYPE_CHECKING:
    from collections.abc import Container

    from energy_impact.text.counted import Marked
    from energy_impact.text.lexicon import Sentence

DATELINE = 6
"""Tokens that may stand before the day of a dateline, or between its place and its end. (judgement)"""
_ENDS = DASHES | {"/"}
"""Marks after the place of a dateline."""
_CAPITALS_ENDS = frozenset("—–-(")
"""Marks after a name in capital letters that opens an article."""
_CAPITALS = 4
"""Words in capital letters of the longest place that opens a report, and half the tokens up to its dash. (judgement)"""
AGENCY = 4
"""Tokens from the bracket before the name of an agency to the one after it: "(dpa/lno)". (judgement)"""


def is_dateline(marked: Marked, mention: PlaceMention, countries: Container[str]) -> bool:
    """Whether a place says where an agency writes, and not what of: "MARLOW, Marland -", "Madrid (dpa) -"."""
    tokens, end = marked.sentence.tokens, marked.places[0].end
    dashed = marked.sentence.word(end) in _ENDS and end + 1 < len(tokens) and tokens[end + 1].capital
    opens = marked.places[0].first == 0 and (dashed or tokens[0].text.isupper())
    second = mention.first == end + 1 and mention.name in countries
    return (opens and (mention.first == 0 or second)) or is_of_agency(marked, mention)


def is_of_agency(marked: Marked, mention: PlaceMention) -> bool:
    """Whether a dash parts the place of an agency from what it writes: "Madrid/Lissabon (dpa) -"."""
    if mention.first == 0 and marked.sentence.word(mention.end) in DASHES:
        return any(other.sure and other.first > mention.end for other in marked.places)
    words = [marked.sentence.word(at) for at in range(mention.end, mention.end + DATELINE)]
    opens = words.index("(") if "(" in words and mention.first < DATELINE else -1
    closes = words.index(")") if opens >= 0 and ")" in words else -1
    return 0 < closes - opens <= AGENCY and marked.sentence.word(mention.end + closes + 1) in DASHES


def dateline(sentence: Sentence) -> PlaceMention | None:
    """Return the place in capital letters that opens an article: "MARLOW, July 22 —", "MARLOW, Maine (Agency) -"."""
    end = _end_before_dash(sentence) or _end_before_mark(sentence)
    return PlaceMention(0, end, written(sentence, 0, end).title(), True) if end else None


def _end_before_dash(sentence: Sentence) -> int:
    """Return where a name ends that a dash between blanks follows, with a state, day or agency in between; else 0."""
    end, tokens = 0, sentence.tokens
    while end < min(_CAPITALS, len(tokens)) and tokens[end].kind == "word" and tokens[end].text.isupper():
        end += 1
    if not end or len(tokens[0].text) < SHORTEST_STEM or sentence.lexicon.endings:
        return 0
    dash = next((to for to in range(end, min(end + 2 * _CAPITALS, len(tokens))) if tokens[to].text in DASHES), None)
    spaced = dash is not None and dash + 1 < len(tokens) and tokens[dash].end < tokens[dash + 1].start
    return end if spaced and tokens[end].text in {",", "(", *DASHES} else 0


def _end_before_mark(sentence: Sentence) -> int:
    """Return where a name that no list has ends before a mark, or before a comma and a capital or number; else 0."""
    end = 0
    while end < min(LONGEST_NAME, len(sentence.tokens)) and _is_upper(sentence, end):
        end += 1
    mark, after = sentence.word(end), sentence.tokens[end + 1 : end + 2]
    closed = mark in _CAPITALS_ENDS or (mark == "," and bool(after) and (after[0].capital or after[0].kind == "number"))
    return end if closed and end + 1 < len(sentence.tokens) else 0


def _is_upper(sentence: Sentence, at: int) -> bool:
    token = sentence.tokens[at]
    known = any((group, at) in sentence.starts for group in sentence.groups)
    return token.text.isupper() and len(token.text) >= SHORTEST_STEM and bool(token.word) and not known
