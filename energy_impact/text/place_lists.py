"""Places in a list, and what the words around it make of each."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from energy_impact.text.capitals import SHORTEST_STEM, base_form, led_wrongly, name_end, written
from energy_impact.text.place_mention import PlaceMention

if TYPE_CHECKING:
    from collections.abc import Sequence

    from energy_impact.text.lexicon import Sentence

_AREAS = 24
"""Tokens of the longest list of areas up to the word "counties" at its end. (judgement)"""


def each_area(sentence: Sentence, end: int) -> str:
    """Return what a word at the end of a list makes of its places: a "County" each of "Marlow and Tarn counties"."""
    for at in range(end, min(end + _AREAS, len(sentence.tokens))):
        tag = sentence.at("each_area", at)
        if tag is not None:
            return tag.value
        if not (sentence.tokens[at].capital or sentence.word(at) == "," or sentence.tagged(at, "list_and")):
            return ""
    return ""


def joined_place(sentence: Sentence, at: int, found: Sequence[PlaceMention]) -> PlaceMention | None:
    """Return the place that "and" joins to the one before, or a comma in a list of "districts": "Marlow and Tarn"."""
    before = found[-1]
    comma = sentence.word(at - 1) == "," and (_lists(sentence, found) or bool(each_area(sentence, at)))
    joint = sentence.tagged(at - 1, "list_and") or comma
    end = name_end(sentence, at) if before.sure and before.end == at - 1 and joint else 0
    if not end or led_wrongly(sentence, at) or sentence.tagged(end, "said", "title", "office", "back"):
        return None
    return PlaceMention(at, end, base_form(written(sentence, at, end), None, sentence.lexicon.endings), True)


def _lists(sentence: Sentence, found: Sequence[PlaceMention]) -> bool:
    """Whether a word such as "districts" leads the places that commas join to the last one found."""
    first = found[-1]
    for other in found[::-1]:
        joined = other.end == first.first - 1 and sentence.word(other.end) == ","
        first = other if joined else first
    return sentence.ending("region_before", first.first) is not None


def shared_region(sentence: Sentence, name: str, end: int) -> str | None:
    """Return a name with the word at the end of its list: "у Куп'янському, 2 118 – в Ізюмському районах"."""
    for tag in sentence.of("region") if sentence.lexicon.endings and " " not in name else ():
        part = sentence.at("city_part", end - 1)
        if tag.start > end and part is not None and part.value == "part":
            return f"{name} {sentence.tokens[tag.start].text}"
        full = f"{name} {sentence.tokens[tag.start].text}"
        base = base_form(full, None, sentence.lexicon.endings)
        if tag.start > end and not base.endswith(sentence.tokens[tag.start].text):
            return base
    return None


def with_shared_word(sentence: Sentence, mention: PlaceMention, before: PlaceMention) -> PlaceMention:
    """Return a place with the word that it shares with the one before: "Nizhyn district 9,800, Koriukivka 14,350"."""
    words = before.name.split()
    same = mention.end == mention.first + 1 and len(words) == 2 and " " not in mention.name
    if not same or not sentence.lexicon.endings:
        return mention
    name = sentence.tokens[mention.first].text
    for tag in sentence.of("region"):
        full = base_form(f"{name} {sentence.tokens[tag.start].text}", None, sentence.lexicon.endings)
        if full.split()[-1] == words[1] and full.split()[0][-SHORTEST_STEM:] == words[0][-SHORTEST_STEM:]:
            return replace(mention, name=full)
    return mention
