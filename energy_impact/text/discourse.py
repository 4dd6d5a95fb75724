"""How a text goes on from sentence to sentence: where paragraphs begin, and what holds no longer then."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from energy_impact.text.attached_places import is_whole
from energy_impact.text.datelines import is_dateline

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from energy_impact.text.context import Context
    from energy_impact.text.counted import Marked
    from energy_impact.text.lexicon import Sentence
    from energy_impact.text.names import Names

QUOTES = frozenset("\"«“„'‘")
"""Marks that begin a quotation, which goes on from the paragraph before."""
ENDS = frozenset(".!?:…")
"""Marks that end a sentence, or open a list."""
_BLANK = re.compile(r"\n\s*\n")
_ENDED = re.compile(r"[.!?…][»”\"]?[^\S\n]*\n")
"""End of a line with that of a sentence, which ends the paragraph in a text without blank lines."""
RECALLING = 4
"""Token up to which words such as "as reported before" open what a paragraph only recalls. (judgement)"""
HEADING = 6
"""Tokens of the longest line that may head the paragraph after it. (judgement)"""


def new_paragraphs(text: str, marks: Sequence[Marked]) -> Iterator[bool]:
    """Yield for each sentence whether a blank line stands before it; in a text without any, whether a line ends."""
    ends = _BLANK if _BLANK.search(text) else _ENDED
    end = 0
    for marked in marks:
        yield ends.search(text, end, marked.sentence.tokens[0].start) is not None
        end = max(marked.sentence.tokens[-1].end - 2, 0)


def is_headline(sentence: Sentence) -> bool:
    """Whether a sentence ends without a dot, as a headline does."""
    return sentence.tokens[-1].text not in ENDS


def recalls(marked: Marked) -> bool:
    """Whether words such as "as reported before" open a sentence."""
    return any(tag.start <= RECALLING for tag in marked.sentence.of("background"))


def turn(context: Context, marked: Marked, names: Names, *, new: bool) -> None:
    """Note where a paragraph begins: what the one before said of its own place holds no longer, but for a heading."""
    quoted = marked.sentence.word(0) in QUOTES
    if new and context.topic and not (context.heading or quoted):
        context.place = context.topic
    if new:
        context.paragraphs += 1
        context.turned = True
        context.day = None
        context.city = context.topic if context.topic and names.may_be_city(context.topic) else context.city
    opens = recalls(marked)
    context.day = None if opens else context.day
    context.background = opens or (context.background and not new)
    context.heading = new and len(marked.sentence.tokens) <= HEADING
    whole = [mention for mention in marked.places if is_whole(marked, mention)]
    whole = [mention for mention in whole if not is_dateline(marked, mention, names.countries)] or whole
    places = list(dict.fromkeys(mention.name for mention in whole))
    places = [name for name in places if name not in names.countries] or places
    if context.topic is None and places:
        context.topic = places[0] if len(places) == 1 else ""
