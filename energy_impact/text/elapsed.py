"""Lengths of time that date what they stand by: "two days ago", "three hours later", "within an hour"."""

from __future__ import annotations

from typing import TYPE_CHECKING

from energy_impact.text.numbers import word_value

if TYPE_CHECKING:
    from energy_impact.text.lexicon import Sentence

_LEAST_ERROR_H, _DAY_H = 0.5, 24.0
"""Least possible error of a length of time, and the longest unit in which "later" is counted. [h] (judgement)"""


def hours_ago(sentence: Sentence, at: int) -> tuple[float, float, int] | None:
    """Return the hours of "a week ago", "two days earlier" or "3 дні тому" at a token, their error and its end."""
    if not sentence.of("ago_unit"):
        return None
    count, start = _count(sentence, at)
    unit = sentence.at("ago_unit", start)
    ago = None if unit is None else sentence.at("ago", unit.end)
    if unit is None or (ago is None and sentence.ending("ago_before", at) is None):
        return None
    length = float(unit.value)
    return (
        length * (1.0 if count is None else count),
        max(length / 2, _LEAST_ERROR_H),
        unit.end if ago is None else ago.end,
    )


def hours_later(sentence: Sentence, at: int) -> tuple[float, float, int] | None:
    """
    Return the hours of "three hours later" at a token, their error and its end.

    "Within three hours" is read only where a clause opens or ends with it, and no schedule of cuts is spoken of.
    """
    if not (sentence.of("ago_unit") and (sentence.of("later") or sentence.of("later_before"))):
        return None
    lead = sentence.at("later_before", at)
    start = at if lead is None else lead.end
    about = sentence.at("qualifier", start)
    count, start = _count(sentence, start if about is None else about.end)
    unit = sentence.at("ago_unit", start)
    later = None if unit is None else sentence.at("later", unit.end)
    if unit is None or (later is None) is (lead is None) or sentence.of("schedule") or sentence.of("per_day"):
        return None
    length, end = float(unit.value), unit.end if later is None else later.end
    if length > (1.0 if later is None else _DAY_H) or (lead is not None and count is None and lead.value != "one"):
        return None
    opens = at == 0 or sentence.tokens[at - 1].kind == "mark" or sentence.tagged(at - 1, "list_and", "but")
    if later is None and not (opens or sentence.word(end) in {"", ".", ",", ";"}):
        return None
    return length * (1.0 if count is None else count), max(length / 2, _LEAST_ERROR_H), end


def _count(sentence: Sentence, at: int) -> tuple[float | None, int]:
    """Return the number at a token and its end: digits, a word, 1 for an article; None for none."""
    token = sentence.tokens[at] if at < len(sentence.tokens) else None
    article = sentence.at("article", at)
    if token is None:
        return None, at
    count = float(token.text) if token.text.isdecimal() and len(token.text) <= 3 else None
    if count is None and token.word:
        count = word_value(token.word, sentence.lexicon.numbers, "")
    if count is not None:
        return count, at + 1
    return (None, at) if article is None else (1.0, article.end)
