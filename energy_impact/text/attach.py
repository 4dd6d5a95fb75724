"""Which time and which place of a sentence belong to an amount."""

from __future__ import annotations

from typing import TYPE_CHECKING

from energy_impact.text.capitals import owns
from energy_impact.text.datelines import DATELINE, is_of_agency
from energy_impact.text.distance import distance
from energy_impact.text.numbers import DASHES
from energy_impact.text.special import stated_parts
from energy_impact.text.times import PEAK_GAP

if TYPE_CHECKING:
    from collections.abc import Container

    from energy_impact.text.counted import Counted, Marked
    from energy_impact.text.names import PlaceMention
    from energy_impact.text.times import TimeMention

_GIVEN, _BEFORE, _AFTER, _UNLED, _WEAK, _COUNTRY = -2.0, 2.0, 0.5, 4.0, 9.0, 4.0
_FARTHEST, _BRACKET, _JOINED, _DATELINE = 80.0, 15.0, 8.0, 25.0
_OPENING = frozenset('«“„"')
"""Marks that may stand between an office and its place."""
_HEAD = 2
"""Tokens that may stand before a time at the start of a sentence. (judgement)"""
CAUSE_REACH = 3
"""Tokens from "because of" to a time that dates the cause alone. (judgement)"""
LONG_AGO_H = 48.0
"""Hours from which a time "ago" is that of a comparison, and no day of what follows. [h] (judgement)"""
EARLIER_REACH = 10.0
"""Cost up to which a time belongs to a figure of an earlier day. (judgement)"""


def time_of(
    marked: Marked, item: Counted, *, earlier: bool, deadline: bool, anywhere: bool, restored: bool
) -> TimeMention | None:
    """
    Return the time that belongs to an amount.

    Parameters
    ----------
    marked, item : Marked, Counted
        The sentence, and the amount in it.
    earlier : bool
        Whether the amount is of an earlier day, so that only a time close to it counts.
    deadline : bool
        Whether the sentence speaks of the future, so that "by Sunday" is no time of a figure.
    anywhere : bool
        Whether a time in a clause with another amount counts too.
    restored : bool
        Whether the amount was restored, so that "Sunday's storm" does not date it.
    """
    best: tuple[float, TimeMention | None] = (EARLIER_REACH if earlier and marked.amounts[1:] else _FARTHEST, None)
    for mention in marked.times:
        after = mention.first >= item.end
        if not after and _when(marked, mention, item):
            return mention
        by = mention.role == "by" and deadline and mention.first > item.amount.first
        by = by or (mention.role == "at" and after and _is_deadline(marked, mention))
        if marked.sentence.word(item.amount.first - 1) == "(" and mention.end == item.amount.first - 1:
            return mention
        if mention.role not in {"at", "as_of", "by"} or by or _compared(marked, mention):
            continue
        first, last = (item.end, mention.first) if after else (mention.end, item.amount.first)
        if not (earlier or anywhere) and _of_event(marked, mention, item):
            continue
        if _of_whole(marked, mention, item) or _of_clause(marked, mention, item):
            continue
        free = anywhere or mention.role == "as_of"
        if after and ((not free and _of_next(marked, item, mention)) or _in_next_clause(marked, item, mention)):
            continue
        if _began_before(marked, mention):
            continue
        if restored and (owns(marked.sentence, mention.end - 1) or _of_those_out(marked, mention, item)):
            continue
        if not free and _elsewhere(marked, mention, item, range(first, last), restored=restored):
            continue
        past = (*marked.sentence.of("earlier"), *marked.sentence.of("moved"))
        if after and any(first < tag.start < last for tag in past):
            continue
        away = distance(marked.sentence, first, last, marked.amounts) + (0.0 if after else _BEFORE)
        away += _DATELINE * _is_dateline(marked, mention)
        if away < best[0]:
            best = away, mention
    return best[1] or (None if earlier or anywhere or restored else _onset(marked, item))


def _began_before(marked: Marked, mention: TimeMention) -> bool:
    """Whether a word such as "since" opens the clause of a time: "reconnected since the storm struck on Friday"."""
    opened = [tag.start for tag in marked.sentence.of("since") if tag.value == "since" and tag.end < mention.first]
    clause = bool(opened) and is_one_clause(marked, opened[-1], mention.first)
    return (
        clause
        and not marked.sentence.lexicon.endings
        and not any(opened[-1] < amount.first < mention.first for amount in marked.amounts)
    )


def _is_dateline(marked: Marked, mention: TimeMention) -> bool:
    """Whether a day only says when an article was written: "MARLOW, July 22 - Almost 12,000 customers"."""
    dashed = marked.sentence.word(mention.end) in DASHES | {"("}
    return dashed and mention.first <= DATELINE and mention.names_day and not mention.names_hour


def _when(marked: Marked, mention: TimeMention, item: Counted) -> bool:
    """Whether "when" joins an amount to a time right before it: "on Sunday, when 40,000 were cut off"."""
    sentence = marked.sentence
    when = sentence.at("when", mention.end) or sentence.at("when", mention.end + 1)
    gap = range(mention.end, item.amount.first)
    return (
        when is not None
        and not any(other.first in gap for other in marked.amounts)
        and not any(later.first in gap for later in marked.times if later.role not in {"since", "until"})
    )


def _onset(marked: Marked, item: Counted) -> TimeMention | None:
    """Return the time of what caused an outage in a clause that says nothing of now: the outage began then."""
    dates = {mention.first for mention in marked.times}
    if any(tag.end not in dates for tag in marked.sentence.of("now")) or marked.sentence.at("partly", item.end):
        return None
    own = [mention for mention in marked.times if mention.end <= item.amount.first]
    counts = [other.first for other in marked.amounts if other.first >= item.end]
    after = [m for m in marked.times if m.first >= item.end and not any(at < m.first for at in counts)]
    events = [m for m in (*own, *after) if _is_event(marked, m, 0) or _in_which(marked, m, item)]
    hours = (mention for mention in events if mention.role == "at" and mention.names_hour)
    began = bool(marked.sentence.of("begins"))
    days = (mention for mention in events if began and mention.role in {"at", "after"} and mention.names_day)
    only = own[0] if began and own and len(marked.times) == 1 and own[0].role == "at" else None
    return next(hours, None) or next(days, None) or only


def carries(marked: Marked, mention: TimeMention) -> bool:
    """Whether the day of a time holds for the next sentence too, if that states none."""
    groups = ("earlier", "moved", "peak")
    past = any(tag.start < mention.first for group in groups for tag in marked.sentence.of(group))
    past = past or (mention.parts.ago_h or 0.0) >= LONG_AGO_H
    dates = mention.role == "at" or (mention.role == "by" and not _is_deadline(marked, mention))
    first = min((amount.first for amount in marked.amounts), default=mention.first)
    apart = any(_is_break(marked, at) for at in range(first, mention.first))
    told = len(marked.times) > 1 and _of_saying(marked, mention)
    return mention.names_day and dates and not (past or apart or told) and not _is_event(marked, mention, 0)


def _of_saying(marked: Marked, mention: TimeMention) -> bool:
    """Whether the clause of a time only says who spoke then: "as the city said on Monday"."""
    sentence, first, end = marked.sentence, mention.first, mention.end
    while first > 0 and not _is_break(marked, first - 1):
        first -= 1
    while end < len(sentence.tokens) and not _is_break(marked, end):
        end += 1
    said = any(first <= tag.start < end for tag in sentence.of("said"))
    told = any(first <= tag.start < end for group in ("out", "lack", "back") for tag in sentence.of(group))
    return said and not told and not any(first <= amount.first < end for amount in marked.amounts)


def is_event(marked: Marked, mention: TimeMention) -> bool:
    """Whether a time is that of an attack, a storm or a fault."""
    return _is_event(marked, mention, 0)


def _of_event(marked: Marked, mention: TimeMention, item: Counted) -> bool:
    return _is_event(marked, mention, item.end if mention.first >= item.end else 0)


def _is_event(marked: Marked, mention: TimeMention, least: int) -> bool:
    """Whether a time is that of what caused an outage: "after the attack on Friday", but not "right after" it."""
    first = mention.first
    while first > 0 and not _is_break(marked, first - 1) and marked.sentence.word(first - 1) not in {"(", "—", "–"}:
        first -= 1
    first = max(first, least)
    verbs = [tag.start for tag in marked.sentence.of("auxiliary") if tag.start < mention.first]
    first = max([first, *verbs])
    peaks = [tag.end for tag in marked.sentence.of("peak")]
    events = [tag for tag in marked.sentence.of("after") if first <= tag.start < mention.first]
    events = [tag for tag in events if not any(0 <= tag.start - end <= PEAK_GAP for end in peaks)]
    near = mention.first - CAUSE_REACH
    if any(tag.value == "right" for tag in events):
        return False
    return any(tag.value == "after" or (tag.value == "cause" and tag.end >= near) for tag in events)


def _elsewhere(marked: Marked, mention: TimeMention, item: Counted, gap: range, *, restored: bool) -> bool:
    """Whether a time stands in another clause than an amount: with an amount of its own, of the future or of repair."""
    if not any(_is_break(marked, at) for at in gap) or heads_list(marked, mention) or _heads_all(marked, mention, gap):
        return False
    first, end = mention.first, mention.end
    while first > 0 and not _is_break(marked, first - 1):
        first -= 1
    while end < len(marked.sentence.tokens) and not _is_break(marked, end):
        end += 1
    told = any(first <= tag.start < end for tag in marked.sentence.of("out"))
    groups = ("forecast",) if restored or told or gap.start < item.end else ("forecast", "back")
    apart = any(first <= tag.start < end for group in groups for tag in marked.sentence.of(group))
    others = [other for other in marked.amounts if other is not item.amount and not _is_of_other(marked, other.end)]
    return apart or any(first <= other.first < end for other in others)


def _is_of_other(marked: Marked, end: int) -> bool:
    """Whether what is no figure stands right after a number: "60 mph"."""
    other, unit = marked.sentence.at("other", end), marked.sentence.at("unit", end)
    return other is not None and (unit is None or unit.end < other.end)


def _is_deadline(marked: Marked, mention: TimeMention) -> bool:
    """Whether the clause of a time speaks of what is to come before it does: "expected back on Sunday"."""
    first, end = mention.first, mention.first
    while first > 0 and not _is_break(marked, first - 1):
        first -= 1
    while marked.sentence.lexicon.verb_last and end < len(marked.sentence.tokens) and not _is_break(marked, end):
        end += 1
    able = [tag for tag in marked.sentence.of("forecast") if marked.sentence.ending("was", tag.start) is not None]
    past = {at for tag in able for at in range(tag.start, tag.end)}
    future = (tag.start for group in ("forecast", "intent") for tag in marked.sentence.of(group))
    return any(first <= at < end and at not in past for at in future)


def heads_list(marked: Marked, mention: TimeMention) -> bool:
    """Whether a time stands before a colon and all amounts of a sentence: "At 8 am: Marlow 1,200, Tarnford 300"."""
    first = min((amount.first for amount in marked.amounts), default=0)
    return any(marked.sentence.word(at) == ":" for at in range(mention.end, first))


def is_of_bulletin(marked: Marked, mention: TimeMention) -> bool:
    """Whether a time holds for all that follows: "as of 8 am", or one before a list; not a mere "at 8"."""
    before = (marked.sentence.ending("as_of", mention.first - back) for back in range(3))
    loose = any(tag is not None and tag.value == "loose" for tag in before)
    stated = mention.role == "as_of" and not (loose or _compared(marked, mention))
    heads = heads_list(marked, mention) and mention.role in {"at", "as_of", "by"}
    return stated or (heads and not marked.sentence.of("peak"))


def _heads_all(marked: Marked, mention: TimeMention, gap: range) -> bool:
    """Whether a time holds for all that follows: "as of 8 am", or one at the start without a "now" after it."""
    if mention.role != "as_of" and mention.first > _HEAD:
        return False
    other = any(later.first in gap for later in marked.times)
    now = any(tag.start in gap for tag in marked.sentence.of("now"))
    return not other and (mention.role == "as_of" or not now) and mention.end <= gap.start


def _in_which(marked: Marked, mention: TimeMention, item: Counted) -> bool:
    """Whether a time before an amount stands in a relative clause, which speaks of what was counted before."""
    commas = [at for at in range(mention.first) if marked.sentence.word(at) == ","]
    closed = any(marked.sentence.word(at) == "," for at in range(mention.end, item.amount.first))
    return bool(commas) and closed and marked.sentence.tagged(commas[-1] + 1, "which")


def _of_whole(marked: Marked, mention: TimeMention, item: Counted) -> bool:
    """
    Whether a time is that of the total, or of the number that an amount came from.

    As in "60 of the 1,400 that lost it on Sunday are still out" and "fell from 6,000 on Monday to 1,200".
    """
    sentence = marked.sentence
    if item.total is not None and sentence.at("relative", item.end) and mention.first >= item.end:
        return True
    qualifier = sentence.ending("qualifier", item.amount.first)
    to = sentence.ending("moved_to", qualifier.start if qualifier else item.amount.first)
    return (
        to is not None
        and any(0 <= mention.first - other.end <= 2 for other in marked.amounts)
        and mention.end <= to.start
    )


def _of_those_out(marked: Marked, mention: TimeMention, item: Counted) -> bool:
    """Whether a time says when those were cut off that have it back: "restored to 5,000 homes cut off on Sunday"."""
    said = (tag.start for group in ("out", "lack", "begins") for tag in marked.sentence.of(group))
    return mention.first >= item.end and any(item.end <= at < mention.first for at in said)


def _of_clause(marked: Marked, mention: TimeMention, item: Counted) -> bool:
    """Whether a time is that of a relative clause before an amount, or a month in a clause after it."""
    if mention.end <= item.amount.first:
        return _in_which(marked, mention, item)
    return mention.names_month and any(_is_break(marked, at) for at in range(item.end, mention.first))


def _of_next(marked: Marked, item: Counted, mention: TimeMention) -> bool:
    """Whether a time after an amount is that of the next one: "4,000 had power again and the last 200 by noon"."""
    following = next((other.first for other in marked.amounts if item.end <= other.first < mention.first), None)
    said = (tag.start for group in ("out", "back") for tag in marked.sentence.of(group))
    return following is not None and any(item.end <= at < following for at in said)


def _in_next_clause(marked: Marked, item: Counted, mention: TimeMention) -> bool:
    """
    Whether a time after an amount stands in a clause of its own, which is of the future or follows one with a time.

    As in "-8 outside, and -13 expected at night" and "at night it was -22, by day -15".
    """
    breaks = [at for at in range(item.end, mention.first) if _is_break(marked, at)]
    if not breaks or mention.role == "as_of":
        return False
    end = next((at for at in range(mention.end, len(marked.sentence.tokens)) if _is_break(marked, at)), None)
    clause = range(breaks[-1], len(marked.sentence.tokens) if end is None else end)
    future = any(tag.start in clause for group in ("forecast", "intent") for tag in marked.sentence.of(group))
    return future or any(leads_clause(marked, other, item) for other in marked.times if other.role == "at")


def leads_clause(marked: Marked, mention: TimeMention, item: Counted) -> bool:
    """Whether a time stands before an amount in its clause."""
    return mention.end <= item.amount.first and is_one_clause(marked, mention.end, item.amount.first)


def is_one_clause(marked: Marked, first: int, last: int) -> bool:
    """Whether no comma or other break stands among the tokens from `first` up to `last`."""
    return not any(_is_break(marked, at) for at in range(first, last))


def _is_break(marked: Marked, at: int) -> bool:
    but = marked.sentence.at("but", at)
    return marked.sentence.word(at) in {",", ";"} or (but is not None and marked.sentence.at("list_and", at) is None)


def _compared(marked: Marked, mention: TimeMention) -> bool:
    """Whether a time is what a change is compared with: "more than the day before"."""
    sentence = marked.sentence
    if any(tag.start < mention.first < tag.end for tag in sentence.of("than")):
        return True
    for at in (mention.first, mention.first - 1):
        more = sentence.ending("comparison", at)
        if sentence.ending("than", at) or (more is not None and more.end > more.start + 1):
            return True
    return False


def compared_with(marked: Marked, item: Counted) -> TimeMention | None:
    """Return the time that a change is compared with, if it is stated right after it."""
    after = (mention for mention in marked.times if mention.first >= item.end)
    return next((mention for mention in after if _compared(marked, mention)), None)


def since_of(marked: Marked, item: Counted) -> TimeMention | None:
    """Return the time since which an amount counts, if the sentence states one."""
    since = [mention for mention in marked.times if mention.role == "since"]
    return min(since, key=lambda mention: abs(mention.first - item.amount.first), default=None)


def place_of(
    marked: Marked, item: Counted, given: Container[str], countries: Container[str] = ()
) -> PlaceMention | None:
    """Return the place that belongs to an amount: within it, right after it, or the nearest before it."""
    best: tuple[float, PlaceMention | None] = (1e9, None)
    paired = _respectively(marked, item)
    if paired is not None:
        return paired
    for mention in marked.places:
        if item.amount.first <= mention.first < item.end:
            return mention
        after = mention.first >= item.end
        first, last = (item.end, mention.first) if after else (mention.end, item.amount.first)
        told = [tag for tag in marked.sentence.of("said") if not marked.sentence.ending("auxiliary", tag.start)]
        parted = any(first <= tag.start < last for tag in (*told, *marked.sentence.of("mostly")))
        if after and (parted or _is_of_part(marked, range(first + 1, last))):
            continue
        away = distance(marked.sentence, first, last, marked.amounts) + (0.0 if after else _BEFORE)
        away += _GIVEN if mention.name in given else _DATELINE if is_of_agency(marked, mention) else 0.0
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


def _heads_other(marked: Marked, mention: PlaceMention) -> bool:
    """Whether a number of its own follows a place: "300 in all, and in Marlow – 120", "and in Marlow some 120"."""
    joined = any(marked.sentence.tagged(mention.first - back, "list_and", "but") for back in (1, 2, 3))
    at = mention.end + (marked.sentence.word(mention.end) in DASHES | {":"})
    first = at
    for group in ("place_before", "another", "qualifier"):
        tag = marked.sentence.at(group, first)
        first = first if tag is None else tag.end
    own = any(amount.first == first for amount in marked.amounts)
    return own and (at > mention.end or joined)


def _opens_clause(marked: Marked, mention: PlaceMention) -> bool:
    """Whether a place stands at the start of a clause: "..., in Marlow work goes on"."""
    tag = marked.sentence.ending("place_before", mention.first)
    return tag is not None and marked.sentence.word(tag.start - 1) in {",", ";"}


def _led_place(marked: Marked, item: Counted) -> bool:
    """Whether a place leads the clause of an amount: "In Marlow 300 homes have power again"."""
    first = item.amount.first
    own = [place for place in marked.places if place.sure and place.end <= first]
    return (
        bool(own) and _led(marked, own[-1], item) and not any(_is_break(marked, at) for at in range(own[-1].end, first))
    )


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
