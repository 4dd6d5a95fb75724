"""Places that words mean without a name, such as "there", and those named as part of another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from energy_impact.text.capitals import owns
from energy_impact.text.place_mention import PlaceMention

if TYPE_CHECKING:
    from energy_impact.text.lexicon import Sentence, Tag

_DESCRIBING = 4
"""Tokens after "in the" within which a noun such as "city" makes it the place spoken of. (judgement)"""


def place_before(sentence: Sentence, at: int) -> PlaceMention | None:
    """Return the place spoken of before for "in the city" or "there", unless a name follows that says which one."""
    tag = sentence.at("same_place", at)
    if tag is None:
        return _described(sentence, at)
    if sentence.at("of", tag.end) is not None or (_is_subject(sentence, tag) and tag.value == "there"):
        return None
    named = tag.end < len(sentence.tokens) and sentence.tokens[tag.end].capital
    return None if named else PlaceMention(at, tag.end, "", False, "" if tag.value == "same" else tag.value)


def _is_subject(sentence: Sentence, tag: Tag) -> bool:
    """Whether "there" names no place, as in "there were"; where all nouns have a capital it is one."""
    return not sentence.lexicon.capital_nouns and sentence.tagged(tag.end, "auxiliary")


def _described(sentence: Sentence, at: int) -> PlaceMention | None:
    """Return the place spoken of before for "in the southern port city", which says no more than "in the city"."""
    led = sentence.at("place_before", at)
    if led is None or not sentence.tagged(led.end - 1, "only"):
        return None
    for noun in range(led.end + 1, min(led.end + _DESCRIBING, len(sentence.tokens))):
        kind = sentence.at("place_noun", noun)
        if kind is not None and not sentence.tagged(kind.end, "of", "place_noun"):
            return PlaceMention(at, kind.end, "", False, kind.value)
        if sentence.tokens[noun].kind != "word" or sentence.tagged(noun, "unit", "service", "stop"):
            return None
    return None


def is_owned(sentence: Sentence, mention: PlaceMention, before: PlaceMention) -> bool:
    """Whether a place is a part of the one that owns it: "Marland's Tarnford region", "Marland's port of Tarn"."""
    if not owns(sentence, before.end - 1) or mention.first - before.end > _DESCRIBING + 1:
        return False
    gap = range(before.end, mention.first)
    plain = all(sentence.tokens[at].kind == "word" for at in gap)
    units = any(tag.start in gap and tag.value != "place" for tag in sentence.of("unit"))
    return (
        plain and not units and not any(sentence.tagged(at, "auxiliary", "out", "back", "lack", "said") for at in gap)
    )
