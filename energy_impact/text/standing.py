"""Whether an amount is stated of the event at hand: not denied, of no whole season, and whole or a part."""

from __future__ import annotations

from dataclasses import replace
from math import exp
from typing import TYPE_CHECKING

from energy_impact.text.clauses import is_break, is_one_clause
from energy_impact.text.doubts import DOUBTS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from energy_impact.text.candidate import Candidate
    from energy_impact.text.counted import Counted
    from energy_impact.text.lexicon import Sentence

READER_REACH = 2
"""Tokens after "if" within which a word speaks to the reader: "if you", "якщо у вас". (judgement)"""


def is_untrue(sentence: Sentence, item: Counted) -> bool:
    """Whether a sentence says that an amount is not so: "it is not true that ...", "reports that ... are false"."""
    first, end, denials = item.amount.first, item.end, sentence.of("untrue")
    leads = [tag.end for tag in denials if tag.value == "lead" and tag.end <= first]
    claims = [tag.end for tag in denials if tag.value == "claim" and tag.end <= first]
    tails = [tag.start for tag in denials if tag.value == "tail" and tag.start >= end]
    said = [tag.start for tag in sentence.of("said")]
    led = any(_goes_on(sentence, lead, first) and not any(lead <= at < first for at in said) for lead in leads)
    return led or any(_goes_on(sentence, claims[-1], tail) for tail in tails if claims)


def is_supposed(sentence: Sentence, item: Counted) -> bool:
    """
    Whether a sentence only supposes an amount: "had it not been for ...", or "if the line fails, ..." before it.

    "If you are one of the 340 without power, call us" speaks to the reader and supposes no amount.
    """
    tags = sentence.of("unreal")
    opens = [
        tag.end
        for tag in tags
        if tag.value == "condition" and (tag.start == 0 or (tag.start == 1 and sentence.at("but", 0) is not None))
    ]
    opens = [end for end in opens if not any(sentence.tagged(at, "reader") for at in range(end, end + READER_REACH))]
    parted = any(sentence.word(at) == ";" for end in opens for at in range(end, item.amount.first))
    return any(tag.value != "condition" for tag in tags) or (bool(opens) and not parted)


def is_of_season(sentence: Sentence, item: Counted, *, past: bool = False) -> bool:
    """
    Whether an amount is a total over a season, or of a past one: "since the start of the winter", "last winter".

    Of a `past` one alone where that is asked.
    """
    return any(
        is_one_clause(sentence, min(tag.end, item.end), max(tag.start, item.amount.first))
        or (tag.start <= 1 and _goes_on(sentence, tag.end, item.amount.first))
        for tag in sentence.of("season")
        if tag.value == "last" or not past
    )


def _goes_on(sentence: Sentence, first: int, last: int) -> bool:
    """Whether no break but commas stands among the tokens from `first` up to `last`."""
    return not any(is_break(sentence, at) and sentence.word(at) != "," for at in range(first, last))


def beside(sentence: Sentence, read: Sequence[tuple[Counted, Candidate]]) -> list[Candidate]:
    """Return the rows of a sentence; businesses are a part beside others: "45,000 homes and 2,200 firms"."""
    others = [row for item, row in read if not _is_of_businesses(sentence, item)]
    rows = []
    for item, row in read:
        marked = row
        other = next((other for other in others if _is_alike(row, other)), None)
        if other is not None and _is_of_businesses(sentence, item):
            words, _, stated = row.reason.rpartition("; ")
            sure, reason = row.confidence * exp(-DOUBTS["beside"]), f"{words}; a part beside another; {stated}"
            marked = replace(row, beside=other.value, confidence=round(sure, 2), reason=reason)
        rows.append(marked)
    return rows


def _is_of_businesses(sentence: Sentence, item: Counted) -> bool:
    """Whether an amount counts businesses alone, and not "homes and businesses"."""
    noun = range(item.amount.end, item.end)
    own = [tag for tag in sentence.of("business") if tag.start in noun]
    units = [tag for tag in sentence.of("unit") if tag.start in noun]
    return bool(own) and all(any(tag.start <= unit.start < tag.end for tag in own) for unit in units)


def _is_alike(row: Candidate, other: Candidate) -> bool:
    """Whether two rows would be one figure, but for their numbers."""
    return (row.quantity, row.kind, row.place, row.time) == (other.quantity, other.kind, other.place, other.time)
