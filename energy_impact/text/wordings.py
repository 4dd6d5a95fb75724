"""How an amount is qualified: "at least", "more than the day before", "down from a peak of"."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from energy_impact.text.counted import Counted
    from energy_impact.text.lexicon import Sentence, Tag

_OPPOSITE = {
    "over": "under",
    "at_least": "up_to",
    "almost": "over",
    "under": "over",
    "up_to": "at_least",
    "all": "none",
    "none": "all",
}
_REACH = 3
"""Words that may stand between a qualifier and its amount."""
_PEAK_REACH = 4
_MOVE_REACH = 9
"""Tokens from "fell" to the number that it fell to. (judgement)"""


@dataclass(frozen=True)
class Wording:
    """
    The words around an amount.

    Attributes
    ----------
    qualifier : str
        As in the table of figures.
    kind : str
        "change" or "maximum" where words say so; else empty.
    first, end : int
        Tokens of the amount with its qualifier.
    earlier, peak, fewer : bool
        Whether it is of an earlier time, a peak, and a decrease.
    """

    qualifier: str
    kind: str
    first: int
    end: int
    earlier: bool
    peak: bool
    fewer: bool


def wording_of(sentence: Sentence, item: Counted, *, flipped: bool) -> Wording:
    """Return how an amount is qualified; `flipped` where its complement is meant."""
    amount = item.amount
    everyone = sentence.ending("everyone", amount.first)  # "nearly all of the 23,000"
    whole = None if everyone is None else sentence.ending("qualifier", everyone.start)
    before = whole or _before(sentence, amount.first, "qualifier")
    after = sentence.at("qualifier_after", amount.end) or sentence.at("qualifier_after", item.end)
    tag = before or after
    if before is not None and before.end == before.start + 1 and before.value == "up_to":
        given = item.unit != "hours" and _gave_to(sentence, before.start)
        reached = given or _moved_to(sentence, before.start)
        tag = after if reached else tag
    word = tag.value if tag else "exact"
    word = amount.order or ("range" if amount.high is not None else word)
    qualifier = _OPPOSITE.get(word, word) if flipped else word
    if not tag and amount.share and not (amount.digits or amount.order):
        qualifier = "about"
    first = before.start if before else amount.first
    more = _comparison(sentence, item)
    peak = _peak(sentence, first, item.end)
    kind = "change" if more else "maximum" if peak else ""
    end = max(item.end if item.total is None else amount.end, after.end if after else 0, more.end if more else 0)
    return Wording(qualifier, kind, first, end, _earlier(sentence, first), peak, bool(more and more.value == "fewer"))


def _gave_to(sentence: Sentence, first: int) -> bool:
    """Whether "to" before a number is that of "given back to": "тепло подали ще до 124 будинків"."""
    at = first
    while at > 0 and sentence.tagged(at - 1, "another", "only", "service", "service_joint"):
        at -= 1
    return sentence.ending("back", at) is not None


def _moved_to(sentence: Sentence, first: int) -> bool:
    """Whether an amount is what a number rose or fell to: "fell from 6,000 to 1,200", "fell by 3,500, to 6,100"."""
    moved = (*sentence.of("moves"), *sentence.of("lowest"))
    at = first
    while at > 0 and (sentence.tokens[at - 1].kind == "number" or sentence.tagged(at - 1, "number", "multiplier")):
        at -= 1
    opens = at < first and sentence.ending("range_open", at) is not None
    return any(tag.end <= first <= tag.end + _MOVE_REACH or opens for tag in moved)


def _before(sentence: Sentence, first: int, group: str) -> Tag | None:
    for at in range(first, max(-1, first - _REACH), -1):
        tag = sentence.ending(group, at)
        if tag is None and sentence.word(at - 1) == ".":  # of an abbreviation: "ca. 9,600"
            tag = sentence.ending(group, at - 1)
        if tag is not None:
            outer = sentence.ending(group, tag.start) if tag.value == "about" else None
            return outer or tag
        if not sentence.tagged(
            at - 1, "article", "of", "another", "only", "remaining", "sign", "range_open", "place_before"
        ):
            return None
    return None


def _comparison(sentence: Sentence, item: Counted) -> Tag | None:
    """Return the word that makes an amount a change: "more", with "than" and no other amount after it."""
    for end in (item.amount.end, item.end):
        tag = sentence.at("comparison", end)
        if tag is not None and any(sentence.at("than", at) for at in range(tag.start, tag.end + 2)):
            return tag
    before = sentence.ending("comparison_before", item.amount.first)
    if before is not None:
        return before
    by = sentence.ending("change_before", item.amount.first)
    if by is None:
        return None
    after = (sentence.at("comparison", at) for at in range(item.end, item.end + 3))
    return next((more for more in after if more is not None), None) or _moved_by(sentence, by)


def _moved_by(sentence: Sentence, by: Tag) -> Tag | None:
    """Return the verb of "cut the number of homes without light by": no mark or number between, no end before it."""
    verbs = [tag for tag in sentence.of("moves") if tag.end <= by.start <= tag.end + _MOVE_REACH]
    gap = range(verbs[-1].end, by.start) if verbs else range(0)
    plain = all(sentence.tokens[at].kind == "word" for at in gap)
    return verbs[-1] if verbs and plain else None


def _peak(sentence: Sentence, first: int, end: int) -> bool:
    before = any(0 <= first - tag.end <= _PEAK_REACH for tag in sentence.of("peak"))
    before = before or any(tag.start <= 1 and _is_plain(sentence, tag.end, first) for tag in sentence.of("peak"))
    return before or any(0 <= tag.start - end <= 1 and not _leads(sentence, tag) for tag in sentence.of("peak"))


def _is_plain(sentence: Sentence, start: int, end: int) -> bool:
    """Whether only words and hours stand between two tokens: "in der Spitze waren gegen 19:30 Uhr rund 13.200"."""
    words = (sentence.tokens[at].kind in {"word", "clock"} for at in range(start, end))
    return start < end and sentence.lexicon.verb_last and all(words)


def _leads(sentence: Sentence, tag: Tag) -> bool:
    """Whether a number follows a tag, so that the tag speaks of that one."""
    return any(token.kind == "number" for token in sentence.tokens[tag.end : tag.end + 3])


def _earlier(sentence: Sentence, first: int) -> bool:
    """Whether words such as "down from" stand before an amount, with no other amount between."""
    for tag in (*sentence.of("earlier"), *sentence.of("moved")):
        gap = range(tag.end, first)
        numbers = any(sentence.tokens[at].kind == "number" or sentence.tagged(at, "number", "multiplier") for at in gap)
        if 0 <= first - tag.end <= (0 if tag.value == "near" else 2) and not numbers:
            return True
    return _moved_from(sentence, first)


def _moved_from(sentence: Sentence, first: int) -> bool:
    """Whether an amount is what a number moved from: "fell in the county from 6,000 to 1,200"."""
    opens = sentence.ending("range_open", first) is not None
    after = range(first + 1, min(first + _MOVE_REACH, len(sentence.tokens)))
    to = any(sentence.tagged(at, "moved_to") and sentence.tokens[at + 1 : at + 2] for at in after)
    return opens and to and any(abs(tag.start - first) <= _MOVE_REACH for tag in sentence.of("moves"))
