"""Where an agency writes, which is not what it writes of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from energy_impact.text.numbers import DASHES

if TYPE_CHECKING:
    from collections.abc import Container

    from energy_impact.text.counted import Marked
    from energy_impact.text.names import PlaceMention

DATELINE = 6
"""Tokens that may stand before the day of a dateline, or between its place and its end. (judgement)"""
_DATELINE_ENDS = DASHES | {"/"}
"""Marks after the place of a dateline."""
AGENCY = 4
"""Tokens from the bracket before the name of an agency to the one after it: "(dpa/lno)". (judgement)"""


def is_dateline(marked: Marked, mention: PlaceMention, countries: Container[str]) -> bool:
    """Whether a place says where an agency writes, and not what of: "MARLOW, Marland -", "Madrid (dpa) -"."""
    tokens, end = marked.sentence.tokens, marked.places[0].end
    dashed = marked.sentence.word(end) in _DATELINE_ENDS and end + 1 < len(tokens) and tokens[end + 1].capital
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
