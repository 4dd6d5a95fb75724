"""What the amounts of a sentence count, each in view of those beside it."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

from energy_impact.text.counted import OUTAGES, TABLED, counted_alone
from energy_impact.text.labels import is_led_by
from energy_impact.text.numbers import DASHES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from energy_impact.text.counted import Counted, Marked
    from energy_impact.text.lexicon import Sentence

_HOUSED = frozenset({"customers", "households", "people"})
"""Units that live in buildings."""
_SERVED = frozenset({"customers", "households", "homes"})
"""Units that a list of nouns may count together."""
_MANY = 500
"""Faults from which each is a customer without power. (judgement)"""


def counted(marked: Marked) -> list[Counted]:
    """Return what each amount of a sentence counts, in order."""
    found: list[Counted] = []
    for at in range(len(marked.amounts) - 1, -1, -1):
        found.insert(0, counted_alone(marked, at, found))
    found = [_with_list(marked.sentence, one) for one in found]
    found = _tallied(marked.sentence, _placed(marked.sentence, _customers_out(found)))
    return _same_column(marked.sentence, found)


def _placed(sentence: Sentence, found: Sequence[Counted]) -> list[Counted]:
    """Return amounts where buildings only say where others are: "740 apartments in 12 buildings"."""
    kept = list(found[:1])
    for before, one in pairwise(found):
        led = sentence.ending("place_before", one.amount.first)
        where = one.unit == "buildings" and led is not None and led.start == before.end and before.unit in _HOUSED
        kept.append(replace(one, how="other") if where else one)
    return kept


def _with_list(sentence: Sentence, one: Counted) -> Counted:
    """Return an amount with all nouns that it counts: "402,000 homes, farms and businesses"."""
    end = one.end
    while one.how == "noun" and one.unit in _SERVED and (sentence.word(end) == "," or sentence.at("list_and", end)):
        noun = sentence.at("unit", end + 1)
        if noun is None or noun.value not in _SERVED:
            break
        end = noun.end
    return replace(one, end=end)


def _tallied(sentence: Sentence, found: Sequence[Counted]) -> list[Counted]:
    """Return amounts where a bare number counts what the one before it does: "of 270 stations 41 are still out"."""
    kept = list(found[:1])
    for one in found[1:]:
        tally = one.how == "bare" and is_led_by(sentence, "tally", one.amount.first)
        kept.append(replace(one, how="other") if tally and kept[-1].how == "other" else one)
    return kept


def _customers_out(found: Sequence[Counted]) -> list[Counted]:
    """Return amounts where thousands of "outages" are customers, unless customers are counted too."""
    told = any(one.unit in TABLED and not one.amount.whole for one in found)
    return [_of_outages(one, told=told) if one.unit == OUTAGES else one for one in found]


def _of_outages(one: Counted, *, told: bool) -> Counted:
    many = one.amount.value is not None and (one.amount.share or one.amount.value >= _MANY)
    counts = many and one.how != "other" and not told
    return replace(one, unit="customers", how="noun") if counts else replace(one, unit="other", how="other")


def _same_column(sentence: Sentence, found: list[Counted]) -> list[Counted]:
    """Return amounts where "46 (5,100)" counts no more than the "197 villages (16,800 customers)" before it."""
    for at in range(1, len(found)):
        if _is_whole_of(sentence, found[at - 1], found[at]):
            found[at - 1] = replace(found[at - 1], total=at)
    for at, one in enumerate(found):
        if _of_other(sentence, found, at) or _lists_other(sentence, found, at):
            found[at] = replace(one, how="other", unit="other")
    leads = [
        one.amount
        for one, other in pairwise(found)
        if sentence.word(one.amount.end) == "(" or (one.how == "other" and "(" in _words(sentence, one.end, other))
    ]
    others = [one.amount.first for one in found if one.amount in leads and one.how == "other"]
    return [
        replace(one, how="other")
        if one.how == "bare" and one.amount in leads and min(others, default=10**6) < one.amount.first
        else one
        for one in found
    ]


def _is_whole_of(sentence: Sentence, part: Counted, one: Counted) -> bool:
    """Whether a bare number is the total of the one before: "in 418 buildings of 455"."""
    of = sentence.ending("of", one.amount.first)
    stated = of is not None and of.start == part.end and one.how == "bare" and part.how == "noun"
    return stated and part.total is None and sentence.at("relative", one.end) is None


def _of_other(sentence: Sentence, found: Sequence[Counted], at: int) -> bool:
    """Whether a bare number is a part of what is no figure: "35 villages, 19 of which in part"."""
    one, before = found[at], found[at - 1] if at else None
    if before is not None and before.unit == "degrees" and sentence.ending("earlier", one.amount.first) is not None:
        return one.how == "bare"
    if before is None or before.how != "other" or one.how != "bare":
        return False
    if not before.unit and sentence.at("list_and", before.end) and one.amount.first == before.end + 1:
        return True
    of = sentence.ending("of", one.amount.first)
    if before.unit == "other" and of is not None and of.start == before.end:
        return True
    moved = sentence.ending("earlier", one.amount.first)
    if before.unit == "other" and moved is not None and moved.end > moved.start + 1:
        return True
    bracket = sentence.word(one.amount.first - 1) == "(" and one.amount.first <= before.end + 2
    if sentence.at("partly", one.amount.end) is not None and one.amount.first <= before.end + 3:
        return True
    part = sentence.ending("partly", one.amount.first)
    dash = sentence.word(one.amount.end) in DASHES and sentence.at("wholly", one.amount.end + 1) is not None
    return bracket or (part is not None and dash)


def _lists_other(sentence: Sentence, found: Sequence[Counted], at: int) -> bool:
    """Whether a bare number goes on a list of what is no figure: "112 villages in Marlow, 63 – in Tarnford"."""
    one = found[at]
    before = next((other for other in found[:at][::-1] if other.unit != "regions"), None)
    if before is None or (before.how, before.unit) != ("other", "other") or one.how != "bare":
        return False
    first, end = one.amount.first, one.amount.end
    led = sentence.word(end) in DASHES or sentence.at("place_before", end) is not None
    named = sentence.word(first - 1) in DASHES and first > 1 and sentence.tokens[first - 2].capital
    follows = sentence.word(first - 1) == "," or sentence.ending("list_and", first) is not None
    return (led and follows) or (named and bool(sentence.lexicon.endings))


def _words(sentence: Sentence, first: int, other: Counted) -> list[str]:
    return [sentence.word(at) for at in range(first, other.amount.first)]
