"""What a time of a sentence is of: an event, a deadline, a bulletin, what a change is compared with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from energy_impact.text.clauses import clause_of, is_break, is_one_clause
from energy_impact.text.datelines import DATELINE
from energy_impact.text.numbers import DASHES
from energy_impact.text.time_leads import PEAK_GAP

if TYPE_CHECKING:
    from energy_impact.text.counted import Counted, Marked
    from energy_impact.text.times import TimeMention

_EVENT_ENDS = frozenset("(—–")
"""Marks besides those of a clause between an event and a time that is not its own."""
CAUSE_REACH = 3
"""Tokens from "because of" to a time that dates the cause alone. (judgement)"""
LONG_AGO_H = 48.0
"""Hours from which a time "ago" is that of a comparison, and no day of what follows. [h] (judgement)"""


def is_event(marked: Marked, mention: TimeMention, least: int = 0) -> bool:
    """Whether a time is that of what caused an outage: "after the attack on Friday", but not "right after" it."""
    begins = clause_of(marked.sentence, mention).start
    marks = [at + 1 for at in range(begins, mention.first) if marked.sentence.word(at) in _EVENT_ENDS]
    verbs = [tag.start for tag in marked.sentence.of("auxiliary") if tag.start < mention.first]
    first = max([begins, least, *marks, *verbs])
    peaks = [tag.end for tag in marked.sentence.of("peak")]
    events = [tag for tag in marked.sentence.of("after") if first <= tag.start < mention.first]
    events = [tag for tag in events if not any(0 <= tag.start - end <= PEAK_GAP for end in peaks)]
    near = mention.first - CAUSE_REACH
    if any(tag.value == "right" for tag in events):
        return False
    counts = any(amount.first in clause_of(marked.sentence, mention) for amount in marked.amounts)
    if any(tag.value == "clause" for tag in events) and not counts:  # "nachdem es am Vormittag noch 21.000 waren"
        return True
    return any(tag.value == "after" or (tag.value == "cause" and tag.end >= near) for tag in events)


def carries(marked: Marked, mention: TimeMention) -> bool:
    """Whether the day of a time holds for the next sentence too, if that states none."""
    groups = ("earlier", "moved", "peak")
    past = any(tag.start < mention.first for group in groups for tag in marked.sentence.of(group))
    past = past or (mention.parts.ago_h or 0.0) >= LONG_AGO_H
    dates = mention.role == "at" or (mention.role == "by" and not is_deadline(marked, mention))
    first = min((amount.first for amount in marked.amounts), default=mention.first)
    apart = any(is_break(marked.sentence, at) for at in range(first, mention.first))
    told = len(marked.times) > 1 and _of_saying(marked, mention)
    return mention.names_day and dates and not (past or apart or told) and not is_event(marked, mention)


def _of_saying(marked: Marked, mention: TimeMention) -> bool:
    """Whether the clause of a time only says who spoke then: "as the city said on Monday"."""
    sentence = marked.sentence
    clause = clause_of(sentence, mention)
    said = any(tag.start in clause for tag in sentence.of("said"))
    told = any(tag.start in clause for group in ("out", "lack", "back") for tag in sentence.of(group))
    return said and not told and not any(amount.first in clause for amount in marked.amounts)


def began_before(marked: Marked, mention: TimeMention) -> bool:
    """Whether a word such as "since" opens the clause of a time: "reconnected since the storm struck on Friday"."""
    opened = [tag.start for tag in marked.sentence.of("since") if tag.value == "since" and tag.end < mention.first]
    clause = bool(opened) and is_one_clause(marked.sentence, opened[-1], mention.first)
    return (
        clause
        and not marked.sentence.lexicon.endings
        and not any(opened[-1] < amount.first < mention.first for amount in marked.amounts)
    )


def is_dateline(marked: Marked, mention: TimeMention) -> bool:
    """Whether a day only says when an article was written: "MARLOW, July 22 - Almost 12,000 customers"."""
    dashed = marked.sentence.word(mention.end) in DASHES | {"("}
    return dashed and mention.first <= DATELINE and mention.names_day and not mention.names_hour


def is_deadline(marked: Marked, mention: TimeMention) -> bool:
    """Whether the clause of a time speaks of what is to come before it does: "expected back on Sunday"."""
    clause = clause_of(marked.sentence, mention)
    if not marked.sentence.lexicon.verb_last:
        clause = range(clause.start, mention.first)
    able = [tag for tag in marked.sentence.of("forecast") if marked.sentence.ending("was", tag.start) is not None]
    left = [tag for tag in marked.sentence.of("intent") if marked.sentence.ending("left", tag.start) is not None]
    past = {at for tag in (*able, *left) for at in range(tag.start, tag.end)}
    future = (tag.start for group in ("forecast", "intent") for tag in marked.sentence.of(group))
    return any(at in clause and at not in past for at in future)


def heads_list(marked: Marked, mention: TimeMention) -> bool:
    """Whether a time stands before a colon and all amounts of a sentence: "At 8 am: Marlow 1,200, Tarnford 300"."""
    first = min((amount.first for amount in marked.amounts), default=0)
    return any(marked.sentence.word(at) == ":" for at in range(mention.end, first))


def is_of_bulletin(marked: Marked, mention: TimeMention) -> bool:
    """Whether a time holds for all that follows: "as of 8 am", or one before a list; not a mere "at 8"."""
    before = (marked.sentence.ending("as_of", mention.first - back) for back in range(3))
    loose = any(tag is not None and tag.value == "loose" for tag in before)
    stated = mention.role == "as_of" and not (loose or is_compared(marked, mention))
    heads = heads_list(marked, mention) and mention.role in {"at", "as_of", "by"}
    return stated or (heads and not marked.sentence.of("peak"))


def is_compared(marked: Marked, mention: TimeMention) -> bool:
    """Whether a time is what a change is compared with: "more than the day before", not "more than 900 Tuesday"."""
    sentence = marked.sentence
    if any(tag.start < mention.first < tag.end for tag in sentence.of("than")):
        return True
    counts = any(amount.end == mention.first for amount in marked.amounts)
    for at in (mention.first,) if counts else (mention.first, mention.first - 1):
        more = sentence.ending("comparison", at)
        if sentence.ending("than", at) or (more is not None and more.end > more.start + 1):
            return True
    return False


def compared_with(marked: Marked, item: Counted) -> TimeMention | None:
    """Return the time that a change is compared with, if it is stated right after it."""
    after = (mention for mention in marked.times if mention.first >= item.end)
    return next((mention for mention in after if is_compared(marked, mention)), None)


def since_of(marked: Marked, item: Counted) -> TimeMention | None:
    """Return the time since which an amount counts, if the sentence states one."""
    since = [mention for mention in marked.times if mention.role == "since"]
    return min(since, key=lambda mention: abs(mention.first - item.amount.first), default=None)
