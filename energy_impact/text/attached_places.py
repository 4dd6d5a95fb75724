"""Which place of a sentence belongs to an amount."""

from __future__ import annotations

from typing import TYPE_CHECKING

from energy_impact.text.capitals import owns
from energy_impact.text.clauses import is_one_clause
from energy_impact.text.datelines import is_of_agency
from energy_impact.text.distance import BEFORE, OF_DATELINE, distance
from energy_impact.text.numbers import DASHES
from energy_impact.text.special import stated_parts

if TYPE_CHECKING:
    from collections.abc import Container

    from energy_impact.text.counted import Counted, Marked
    from energy_impact.text.place_mention import PlaceMention

_GIVEN, _AFTER, _UNLED, _WEAK, _COUNTRY = -2.0, 0.5, 4.0, 9.0, 4.0
_BRACKET, _JOINED = 15.0, 8.0
_OPENING = frozenset('«“„"')
"""Marks that may stand between an office and its place."""


def place_of(
    marked: Marked, item: Counted, given: Container[str], countries: Container[str] = ()
) -> PlaceMention | None:
    """Return the place that belongs to an amount: within it, right after it, or the nearest before it."""
    best: tuple[float, PlaceMention | None] = (1e9, None)
    paired = _respectively(marked, item)
    if paired is not None:
        return paired
    for mention in marked.places:
        if item.amount.first <= mention.first < item.end and not (mention.spoken and _is_within(marked, mention, item)):
            return mention
        if _named_by_dash(marked, mention, item):
            return mention
        after = mention.first >= item.end
        first, last = (item.end, mention.first) if after else (mention.end, item.amount.first)
        told = [tag for tag in marked.sentence.of("said") if not marked.sentence.ending("auxiliary", tag.start)]
        parted = any(first <= tag.start < last for tag in (*told, *marked.sentence.of("mostly")))
        if after and (parted or _is_of_part(marked, range(first + 1, last))):
            continue
        away = distance(marked.sentence, first, last, marked.amounts) + (0.0 if after else BEFORE)
        away += _GIVEN if mention.name in given else OF_DATELINE if is_of_agency(marked, mention) else 0.0
        away += _COUNTRY if mention.name in countries and owns(marked.sentence, mention.end - 1) else 0.0
        away += (_UNLED if not _led(marked, mention, item) else -_AFTER) if after else 0.0
        away += 0.0 if mention.sure or not mention.name else _WEAK
        away += _JOINED if not after and _is_joined(marked, mention) else 0.0
        away += _BRACKET if after and _heads_other(marked, mention) else 0.0
        away += _BRACKET if after and _leaves_bracket(marked, range(first, last)) else 0.0
        away += _BRACKET if after and _opens_clause(marked, mention) and _led_place(marked, item) else 0.0
        if away < best[0]:
            best = away, mention
    return best[1]


def _named_by_dash(marked: Marked, mention: PlaceMention, item: Counted) -> bool:
    """Whether a dash alone joins a bare number to its place: "900 homes in Marlow and 300 – in Tarnford"."""
    sentence, first, end = marked.sentence, item.amount.first, item.end
    led = sentence.at("place_before", end + 1)
    joined = sentence.word(end) in DASHES and mention.first == (end + 1 if led is None else led.end)
    row = sentence.word(first - 1) in DASHES | {":"} or any(place.end == first for place in marked.places)
    return item.how == "bare" and joined and mention.sure and not row and not _heads_other(marked, mention)


def _is_within(marked: Marked, network: PlaceMention, item: Counted) -> bool:
    """Whether a place in the clause of an amount lies in the area of an operator: "900 PG&E customers in Marlow"."""
    inner = next((place for place in marked.places if place is not network and place.first >= item.end), None)
    if inner is None or not inner.sure or not _led(marked, inner, item):
        return False
    gap = range(item.end, inner.first)
    apart = any(amount.first in gap for amount in marked.amounts) or any(
        m.start in gap for m in marked.sentence.of("said")
    )
    return not apart and is_one_clause(marked.sentence, item.end, inner.first)


def _respectively(marked: Marked, item: Counted) -> PlaceMention | None:
    """Return the place of an amount where a sentence lists as many places as amounts: "3,200 and 800 respectively"."""
    places = [mention for mention in marked.places if mention.name]
    amounts = [amount.first for amount in marked.amounts][-len(places) :]
    if (
        not marked.sentence.of("respectively")
        or not len(places) == len(amounts) > 1
        or item.amount.first not in amounts
    ):
        return None
    return places[amounts.index(item.amount.first)]


def _is_joined(marked: Marked, mention: PlaceMention) -> bool:
    """Whether a place is the second of two, which both belong to what follows: "in Marlow and Tarnford"."""
    joint = marked.sentence.tagged(mention.first - 1, "list_and")
    return joint and any(other.end == mention.first - 1 for other in marked.places)


def together_with(marked: Marked, mention: PlaceMention, item: Counted) -> list[PlaceMention]:
    """Return the places of a list that a place of an amount stands in: "in Marlow, Tarn and Brackley counties".

    A place of the list that has a number of its own ends it.
    """
    named = [other for other in marked.places if other.name and other.sure]
    if mention not in named or _respectively(marked, item) is not None:
        return [mention]
    at = named.index(mention)
    first, last = at, at
    while first > 0 and _is_listed(marked, named[first - 1], named[first], item):
        first -= 1
    while last + 1 < len(named) and _is_listed(marked, named[last], named[last + 1], item):
        last += 1
    return named[first : last + 1]


def _is_listed(marked: Marked, one: PlaceMention, other: PlaceMention, item: Counted) -> bool:
    """Whether commas, "and" and a word such as "in" are all between two places without a number but an amount."""
    sentence, between = marked.sentence, range(one.end, other.first)
    led = {at for at in between if sentence.ending("place_before", at + 1) is not None}
    joint = any(sentence.word(at) == "," or sentence.tagged(at, "list_and") for at in between)
    plain = all(sentence.word(at) == "," or sentence.tagged(at, "list_and") or at in led for at in between)
    return joint and plain and {_own_number(marked, one), _own_number(marked, other)} <= {None, item.amount.first}


def _heads_other(marked: Marked, mention: PlaceMention) -> bool:
    """Whether a number of its own follows a place: "300 in all, and in Marlow – 120", "and in Marlow some 120"."""
    return _own_number(marked, mention) is not None


def _own_number(marked: Marked, mention: PlaceMention) -> int | None:
    """Return the first token of the number that follows a place as its own, if there is one."""
    joined = any(marked.sentence.tagged(mention.first - back, "list_and", "but") for back in (1, 2, 3))
    at = mention.end + (marked.sentence.word(mention.end) in DASHES | {":"})
    comma = marked.sentence.word(at) == ","
    first = next((m.end for m in marked.places if m.first == at + comma and m.spoken == "there"), at)
    for group in ("place_before", "another", "qualifier"):
        tag = marked.sentence.at(group, first)
        first = first if tag is None else tag.end
    own = any(amount.first == first for amount in marked.amounts) and (at > mention.end or joined)
    return first if own else None


def _opens_clause(marked: Marked, mention: PlaceMention) -> bool:
    """Whether a place stands at the start of a clause: "..., in Marlow work goes on"."""
    tag = marked.sentence.ending("place_before", mention.first)
    return tag is not None and marked.sentence.word(tag.start - 1) in {",", ";"}


def _led_place(marked: Marked, item: Counted) -> bool:
    """Whether a place leads the clause of an amount: "In Marlow 300 homes have power again"."""
    first = item.amount.first
    own = [place for place in marked.places if place.sure and place.end <= first]
    return bool(own) and _led(marked, own[-1], item) and is_one_clause(marked.sentence, own[-1].end, first)


def _leaves_bracket(marked: Marked, between: range) -> bool:
    """Whether a bracket that was opened before some tokens ends among them."""
    words = [marked.sentence.word(at) for at in between]
    return ")" in words and "(" not in words[: words.index(")")]


def is_whole(marked: Marked, mention: PlaceMention) -> bool:
    """Whether a named place may be what a text is about: not one of a part, as after "including"."""
    first = mention.first
    for other in marked.places[::-1]:
        joint = other.end == first - 1 and (
            marked.sentence.tagged(other.end, "list_and") or marked.sentence.word(other.end) == ","
        )
        first = other.first if joint else first
    mostly = any(0 <= first - tag.end <= 2 for tag in marked.sentence.of("mostly"))
    return bool(mention.name) and not mostly and not _is_of_part(marked, range(mention.first))


def _is_of_part(marked: Marked, between: range) -> bool:
    """Whether words such as "including" stand among some tokens."""
    return any(tag.start in between for tag in stated_parts(marked.sentence))


def lists_parts(marked: Marked, mention: PlaceMention) -> bool:
    """Whether a place is one of several districts, which are of the city spoken of: "in den Stadtteilen A und B"."""
    sentence = marked.sentence
    first = mention
    for other in marked.places[::-1]:
        joint = other.end == first.first - 1 and sentence.word(other.end) == ","
        joint = joint or (other.end == first.first - 1 and sentence.tagged(other.end, "list_and"))
        first = other if joint else first
    led = sentence.ending("region_before", first.first)
    return led is not None and led.value == "parts"


def is_office(marked: Marked, mention: PlaceMention) -> bool:
    """Whether a place is part of the office of who speaks: "the governor of Marlow", "голова «Сумиобленерго»"."""
    at = mention.first
    while at > 0 and marked.sentence.word(at - 1) in _OPENING:
        at -= 1
    return any(marked.sentence.ending(group, at) is not None for group in ("title", "office"))


def is_governed(marked: Marked, mention: PlaceMention) -> bool:
    """Whether a place is that of a governor, who speaks of its region: "Odesa governor", "Gouverneur von Odessa"."""
    sentence, at = marked.sentence, mention.first
    return sentence.at("governor", mention.end) is not None or sentence.ending("governor", at) is not None


def _led(marked: Marked, mention: PlaceMention, item: Counted) -> bool:
    groups = ("place_before", "region_before")
    sentence, first = marked.sentence, mention.first
    side = sentence.ending("compass", first)
    described = first > 1 and sentence.tokens[first - 1].kind == "word" and sentence.tokens[first - 1].text.islower()
    described = described and sentence.lexicon.capital_nouns
    starts = (first, first - 1 if described else first if side is None else side.start)
    led = any(sentence.ending(group, at) is not None for group in groups for at in starts)
    return led or first == item.end
