"""Words that make a name that of a region, a district or of those who live there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from energy_impact.places import is_coded_region
from energy_impact.text.lexicon import lexicon_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from energy_impact.places import Place
    from energy_impact.text.lexicon import Lexicon, Sentence

NAMING = "en"
"""Language of the names of places in the library."""
_LIST_GAP = 8
"""Tokens from a name in a list of regions to the word "regions" at its end."""


def is_region(name: str, lexicon: Lexicon | None = None) -> bool:
    """Whether a name, as lists of places have it or in a language, ends in a word such as "region"."""
    node = (lexicon or lexicon_of(NAMING)).phrases.tree.get(name.lower().split()[-1], {})
    return " " in name and any(group == "region" for group, _ in node.get("", ()))


def is_oblast(name: str) -> bool:
    """Whether a name, as lists of places have it, is that of a region, and not of a district."""
    return name.endswith(" region")


def given_regions(places: Iterable[Place]) -> dict[str, str]:
    """Return the names of places that their codes say are regions, by the name that a text has for them."""
    parts = [part for place in places for part in place.walk()]
    regions = {f"{part.name} region": part.name for part in parts if is_coded_region(part)}
    return {name: given for name, given in regions.items() if name not in {part.name for part in parts}}


def region_after(sentence: Sentence, end: int) -> str | None:
    """Return the kind of region named right after a name, or at the end of the list that it is in."""
    for at in range(end, min(end + _LIST_GAP, len(sentence.tokens))):
        tag = sentence.at("region", at)
        if tag is not None:
            return "region" if tag.value == "regions" else tag.value if at == end else None
        if not (sentence.tokens[at].capital or sentence.word(at) in {",", "-"} or sentence.tagged(at, "list_and")):
            return None
    return None


def region_before(sentence: Sentence, at: int) -> str | None:
    """Return the kind of region named right before a name, if any."""
    tag = sentence.ending("region_before", at)
    return tag.value if tag else None


def with_kind(sentence: Sentence, at: int, name: str) -> str:
    """Return a name with the word before it that is part of it: "Landkreis Fulda" is not Fulda."""
    tag = sentence.ending("region_before", at)
    return f"{sentence.tokens[tag.start].text} {name}" if tag is not None and tag.value == "kept" else name


def lives(sentence: Sentence, end: int) -> bool:
    """Whether those who live in the place of an adjective follow it: "Kyiv families", as other languages put it."""
    unit = sentence.at("unit", end)
    return bool(sentence.lexicon.endings) and unit is not None and unit.value in {"people", "households", "customers"}
