"""Which time of a sentence belongs to an amount."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from energy_impact.text.capitals import owns
from energy_impact.text.clauses import clause_of, is_break, is_one_clause
from energy_impact.text.distance import BEFORE, OF_DATELINE, distance
from energy_impact.text.time_roles import began_before, heads_list, is_compared, is_dateline, is_deadline, is_event

if TYPE_CHECKING:
    from energy_impact.text.counted import Counted, Marked
    from energy_impact.text.times import TimeMention

_FARTHEST = 80.0
"""Cost up to which a time belongs to an amount. (judgement)"""
_EARLIER_REACH = 10.0
"""Cost up to which a time belongs to a figure of an earlier day. (judgement)"""
_HEAD = 2
"""Tokens that may stand before a time at the start of a sentence. (judgement)"""


@dataclass(frozen=True)
class Sought:
    """
    What is known of an amount whose time is sought.

    Attributes
    ----------
    earlier : bool
        Whether the amount is of an earlier day, so that only a time close to it counts.
    anywhere : bool
        Whether a time in a clause with another amount counts too.
    restored : bool
        Whether the amount was restored, so that "Sunday's storm" does not date it.
    """

    earlier: bool
    anywhere: bool
    restored: bool


def time_of(marked: Marked, item: Counted, sought: Sought) -> TimeMention | None:
    """Return the time that belongs to an amount of a sentence."""
    farthest = _EARLIER_REACH if sought.earlier and marked.amounts[1:] else _FARTHEST
    best: tuple[float, TimeMention | None] = (farthest, None)
    heading = None
    for mention in marked.times:
        if _is_joined(marked, mention, item):
            return mention
        if not (_may_date(marked, mention, item, sought) and _is_near(marked, mention, item, sought)):
            continue
        gap = _gap(mention, item)
        away = distance(marked.sentence, gap.start, gap.stop, marked.amounts)
        away += 0.0 if mention.first >= item.end else BEFORE
        away += OF_DATELINE * is_dateline(marked, mention)
        if away < best[0]:
            best = away, mention
        elif mention.role == "as_of" and not sought.earlier and _heads_all(marked, mention, gap):
            heading = mention  # however long the list is
    known = sought.earlier or sought.anywhere or sought.restored
    return best[1] or heading or (None if known else _onset(marked, item))


def _gap(mention: TimeMention, item: Counted) -> range:
    """Return the tokens between a time and an amount."""
    after = mention.first >= item.end
    return range(item.end, mention.first) if after else range(mention.end, item.amount.first)


def _is_joined(marked: Marked, mention: TimeMention, item: Counted) -> bool:
    """Whether "when", or a bracket right before the amount, joins it to a time before it."""
    bracket = marked.sentence.word(item.amount.first - 1) == "(" and mention.end == item.amount.first - 1
    return bracket or (mention.first < item.end and _when(marked, mention, item))


def _may_date(marked: Marked, mention: TimeMention, item: Counted, sought: Sought) -> bool:
    """Whether a time may date an amount at all: one of the future, of an event or of a total does not."""
    after = mention.first >= item.end
    by = mention.role == "by" and mention.first > item.amount.first and _is_hoped(marked, mention)
    by = by or (mention.role == "at" and after and is_deadline(marked, mention))
    if mention.role not in {"at", "as_of", "by"} or by or is_compared(marked, mention):
        return False
    if not (sought.earlier or sought.anywhere) and _of_event(marked, mention, item):
        return False
    if _of_whole(marked, mention, item) or _of_clause(marked, mention, item) or began_before(marked, mention):
        return False
    storm = sought.restored and owns(marked.sentence, mention.end - 1)
    storm = storm or (after and _of_where(marked, mention, item))
    return not (storm or (sought.restored and _of_those_out(marked, mention, item)))


def _is_hoped(marked: Marked, mention: TimeMention) -> bool:
    """Whether a sentence speaks of the future before it says "by Sunday", or may do so at its end."""
    sentence = marked.sentence
    return any(tag.start < mention.first or sentence.lexicon.verb_last for tag in sentence.of("forecast"))


def _is_near(marked: Marked, mention: TimeMention, item: Counted, sought: Sought) -> bool:
    """Whether neither another amount, nor another clause, nor a word of the past parts a time from an amount."""
    after, gap = mention.first >= item.end, _gap(mention, item)
    free = sought.anywhere or (mention.role == "as_of" and not _heads_next(marked, item, mention))
    if after and ((not free and _of_next(marked, item, mention)) or _in_next_clause(marked, item, mention)):
        return False
    if not free and _elsewhere(marked, mention, item, gap, restored=sought.restored):
        return False
    if after and (_in_bracket(marked, mention, gap) or any(marked.sentence.word(at) == ";" for at in gap)):
        return False
    past = (*marked.sentence.of("earlier"), *marked.sentence.of("moved"))
    own = marked.sentence.at("relative", gap.start) is not None  # "who had been left without it on Tuesday"
    return not (after and any(gap.start + own < tag.start < gap.stop for tag in past))


def _in_bracket(marked: Marked, mention: TimeMention, gap: range) -> bool:
    """Whether a time stands in a bracket after an amount, with one of its own: "1,400 (on Tuesday it was 6,800)"."""
    opens = next((at for at in gap if marked.sentence.word(at) == "("), None)
    if opens is None:
        return False
    ends = (at for at in range(mention.end, len(marked.sentence.tokens)) if marked.sentence.word(at) == ")")
    bracket = range(opens, next(ends, opens))
    return any(amount.first in bracket for amount in marked.amounts)


def _heads_next(marked: Marked, item: Counted, mention: TimeMention) -> bool:
    """Whether "as of 9" opens a clause after an amount that has an amount and a verb of its own."""
    clause = clause_of(marked.sentence, mention)
    counts = any(amount.first in clause for amount in marked.amounts)
    told = any(tag.start in clause for group in ("out", "lack", "back") for tag in marked.sentence.of(group))
    return clause.start > item.end and mention.first <= clause.start + 3 and counts and told


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
    events = [m for m in (*own, *after) if is_event(marked, m, 0) or _in_which(marked, m, item)]
    began = bool(marked.sentence.of("begins"))
    roles = {"at", "after"} if began else {"at"}
    hours = (mention for mention in events if mention.role in roles and mention.names_hour)
    days = (mention for mention in events if began and mention.role in {"at", "after"} and mention.names_day)
    only = own[0] if began and own and len(marked.times) == 1 and own[0].role == "at" else None
    return next(hours, None) or next(days, None) or only


def _of_event(marked: Marked, mention: TimeMention, item: Counted) -> bool:
    return is_event(marked, mention, item.end if mention.first >= item.end else 0)


def _elsewhere(marked: Marked, mention: TimeMention, item: Counted, gap: range, *, restored: bool) -> bool:
    """Whether a time stands in another clause than an amount: with an amount of its own, of the future or of repair."""
    if (
        not any(is_break(marked.sentence, at) for at in gap)
        or heads_list(marked, mention)
        or _heads_all(marked, mention, gap)
    ):
        return False
    clause = clause_of(marked.sentence, mention)
    told = any(tag.start in clause for tag in marked.sentence.of("out"))
    groups = ("forecast",) if restored or told or gap.start < item.end else ("forecast", "back")
    apart = any(tag.start in clause for group in groups for tag in marked.sentence.of(group))
    others = [other for other in marked.amounts if other is not item.amount and not _is_of_other(marked, other.end)]
    others = [other for other in others if not _is_length(marked, other.end)]
    return apart or any(other.first in clause for other in others)


def _is_of_other(marked: Marked, end: int) -> bool:
    """Whether what is no figure stands right after a number: "60 mph"."""
    other, unit = marked.sentence.at("other", end), marked.sentence.at("unit", end)
    return other is not None and (unit is None or unit.end < other.end)


def _is_length(marked: Marked, end: int) -> bool:
    """Whether hours stand right after a number."""
    unit = marked.sentence.at("unit", end)
    return unit is not None and unit.value == "hours"


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
    end = item.end + (sentence.word(item.end) == ",")
    if item.total is not None and sentence.at("relative", end) and mention.first >= end:
        return True
    qualifier = sentence.ending("qualifier", item.amount.first)
    to = sentence.ending("moved_to", qualifier.start if qualifier else item.amount.first)
    return (
        to is not None
        and any(0 <= mention.first - other.end <= 2 for other in marked.amounts)
        and mention.end <= to.start
    )


def _of_where(marked: Marked, mention: TimeMention, item: Counted) -> bool:
    """Whether a time says when a storm was there: "340 are still out in Marlow, where it came ashore on Monday"."""
    sentence, clause = marked.sentence, clause_of(marked.sentence, mention)
    comma = max((at for at in range(item.end, mention.first) if sentence.word(at) == ","), default=None)
    if comma is None or sentence.of("begins") or not sentence.tagged(comma + 1, "which"):
        return False
    if sentence.lexicon.capital_nouns:  # where "die" is an article too
        return False
    said = (tag.start for group in ("out", "lack", "back") for tag in sentence.of(group))
    return not any(comma < at < clause.stop for at in said)


def _of_those_out(marked: Marked, mention: TimeMention, item: Counted) -> bool:
    """Whether a time says when those were cut off that have it back: "restored to 5,000 homes cut off on Sunday"."""
    said = (tag.start for group in ("out", "lack", "begins") for tag in marked.sentence.of(group))
    return mention.first >= item.end and any(item.end <= at < mention.first for at in said)


def _of_clause(marked: Marked, mention: TimeMention, item: Counted) -> bool:
    """Whether a time is that of a relative clause before an amount, or a month in a clause after it."""
    if mention.end <= item.amount.first:
        return _in_which(marked, mention, item)
    return mention.names_month and any(is_break(marked.sentence, at) for at in range(item.end, mention.first))


def _of_next(marked: Marked, item: Counted, mention: TimeMention) -> bool:
    """Whether a time after an amount is that of the next one: "4,000 had power again and the last 200 by noon"."""
    counts = (other for other in marked.amounts if not _is_length(marked, other.end))
    following = next((other.first for other in counts if item.end <= other.first < mention.first), None)
    said = (tag.start for group in ("out", "back") for tag in marked.sentence.of(group))
    return following is not None and any(item.end <= at < following for at in said)


def _in_next_clause(marked: Marked, item: Counted, mention: TimeMention) -> bool:
    """
    Whether a time after an amount stands in a clause of its own, which is of the future or follows one with a time.

    As in "-8 outside, and -13 expected at night" and "at night it was -22, by day -15".
    """
    breaks = [at for at in range(item.end, mention.first) if is_break(marked.sentence, at)]
    if not breaks or mention.role == "as_of":
        return False
    end = next((at for at in range(mention.end, len(marked.sentence.tokens)) if is_break(marked.sentence, at)), None)
    clause = range(breaks[-1], len(marked.sentence.tokens) if end is None else end)
    future = any(tag.start in clause for group in ("forecast", "intent") for tag in marked.sentence.of(group))
    return future or any(leads_clause(marked, other, item) for other in marked.times if other.role == "at")


def leads_clause(marked: Marked, mention: TimeMention, item: Counted) -> bool:
    """Whether a time stands before an amount in its clause."""
    return mention.end <= item.amount.first and is_one_clause(marked.sentence, mention.end, item.amount.first)
