"""When an amount was so: the time that its words state, else what the sentences before said."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from energy_impact.text.attached_times import Sought, leads_clause, time_of
from energy_impact.text.clauses import is_one_clause
from energy_impact.text.governing import dwells, is_tally
from energy_impact.text.standing import is_of_season
from energy_impact.text.time_roles import LONG_AGO_H, carries, compared_with, is_event, is_of_bulletin, since_of
from energy_impact.text.times import PUBLISHED_ERROR_H

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime, tzinfo

    from energy_impact.text.candidate import Candidate
    from energy_impact.text.context import Surroundings
    from energy_impact.text.counted import Counted, Marked
    from energy_impact.text.lexicon import Sentence
    from energy_impact.text.special import Meant
    from energy_impact.text.times import TimeMention
    from energy_impact.text.wordings import Wording

LIST_GAP = 8
"""Tokens from a number of a list to the next one. (judgement)"""
NEXT_DAYS = (1, 2)
"""Days ahead that a weekday after "by" means, rather than one almost a week ago. (judgement)"""
FAR_H = 4.0
"""Hours between two clocks from which a place is taken for a namesake of one nearer. [h] (judgement)"""
SAME_EVENT_H = 36.0
"""Hours since an outage began within which a count in the past is of then. [h] (judgement)"""
PART_REACH = 16
"""Tokens within which "of them" opens a list of parts, which are of one time. (judgement)"""


def zone_of(around: Surroundings, place: str | None) -> tzinfo:
    """Return the timezone of a place; that of the publication where it has none, or that of a namesake far away."""
    published, zones = around.published, around.names.zones
    zone = zones.get((place or "").removesuffix(" region"))
    own = published.tzinfo or UTC
    others = {zones[name] for name in around.context.usual if name != place and name in zones}
    if zone is None or (
        _hours_apart(published, zone, own) > FAR_H
        and any(_hours_apart(published, other, own) <= 1 for other in others - {zone})
    ):
        return own
    return ZoneInfo(zone)


def _hours_apart(published: datetime, zone: str, own: tzinfo) -> float:
    """Return the hours between two clocks at publication."""
    offsets = [published.astimezone(one).utcoffset() or timedelta() for one in (ZoneInfo(zone), own)]
    return abs((offsets[0] - offsets[1]).total_seconds()) / 3600


def dated(
    around: Surroundings, item: Counted, meant: Meant, wording: Wording, zone: tzinfo, before: Candidate | None
) -> tuple[datetime | None, float, str]:
    """Return the time of an amount, its possible error and the ground for it; `before` is that in its sentence."""
    past = wording.earlier and not wording.peak
    published, now = around.published.astimezone(UTC), around.now(zone)
    mention = _stated(around, item, meant, wording)
    if is_of_season(around.marked.sentence, item, past=True) and (mention is None or mention.parts.day is None):
        return None, 0.0, "of an earlier time that is not stated"  # a day without a year would be one of this year
    if mention is not None:
        time, error = around.moment(mention, zone)
        latest = now + timedelta(hours=not around.whole_day)
        if time > latest and mention.follows is not None:
            time, error = around.moment(replace(mention, follows=None), zone)
        if time <= latest:
            return time, error, "time as stated"
    before = before or (around.context.row if dwells(around.marked.sentence, item) else None)
    if before is not None and _goes_on(around, item, meant, before):
        return before.time, before.time_uncertainty_h, "time of the number before"
    carried = None if past else _carried(around, item, wording)
    if carried is not None:
        time, error = around.moment(carried, zone)
        if time <= now:
            return time, error, "time as stated before"
    if carried is None and around.context.recent is not None and not (past or around.marked.sentence.of("now")):
        time, error = around.moment(around.context.recent, zone)
        if time <= now:
            return time, error, "time of the event before"
    onset = around.context.onset
    if onset is not None and around.marked.sentence.of("past_verb") and not (past or around.marked.sentence.of("now")):
        time, error = around.moment(onset, zone)
        if published - timedelta(hours=SAME_EVENT_H) <= time <= now:
            return time, max(error, PUBLISHED_ERROR_H), "time when it began"
    if past or (around.context.background and not _says_now(around.marked)):
        return None, 0.0, "of an earlier time that is not stated"
    return published, PUBLISHED_ERROR_H, "time of publication"


def _goes_on(around: Surroundings, item: Counted, meant: Meant, before: Candidate) -> bool:
    """Whether a number goes on from the one before it in a list: "9,000 in Marlow and 300 in Tarnford"."""
    groups = ("moved", "moves", "lowest", "earlier", "peak", "range_open")
    sentence, first = around.marked.sentence, item.amount.first
    plain = not any(sentence.of(group) for group in groups)
    gap = [at for at in range(first) if sentence.tokens[at].start >= before.end]
    plain = plain and (len(gap) <= LIST_GAP or before is around.context.row)
    plain = plain and not any(_starts_anew(sentence, at) for at in gap)
    return plain and ((item.how == "bare" and before.quantity == meant.quantity) or dwells(sentence, item))


def _starts_anew(sentence: Sentence, at: int) -> bool:
    """Whether a token ends a list: a semicolon, "now" or "back", but not the "ещё" of "another 900"."""
    another = sentence.at("another", at) is not None
    return sentence.word(at) == ";" or (sentence.tagged(at, "now", "back") and not another)


def _stated(around: Surroundings, item: Counted, meant: Meant, wording: Wording) -> TimeMention | None:
    """Return the time that the sentence of an amount states for it, if any."""
    sentence, context = around.marked.sentence, around.context
    past = wording.earlier and not wording.peak
    parts = (item.amount.first - tag.end for tag in sentence.of("partly"))
    part = item.how == "bare" and (sentence.tagged(item.end, "partly") or any(0 <= gap <= PART_REACH for gap in parts))
    in_list = item.how == "bare" and sentence.word(wording.first - 1) == "("
    shared = part or in_list or wording.kind == "change" or meant.is_attack or meant.quantity.endswith("_c")
    sought = Sought(
        earlier=past,
        anywhere=shared or is_tally(sentence, item),
        restored=meant.quantity.endswith("_restored") or (item.amount.whole and meant.flipped),
    )
    mention = time_of(around.marked, item, sought)
    if meant.is_attack:
        told = context.onset if any(tag.value == "event" for tag in sentence.of("then")) else None
        mention = mention or context.raid or context.night or told
        context.raid = mention
    hourly = mention is not None and mention.parts.clock is not None and not mention.names_day
    ahead = mention is not None and (_is_ahead(around, mention, item) or _is_next(around, mention))
    ahead = ahead or (hourly and meant.quantity == "hours_off_per_day")
    mention = None if ahead else mention
    that = None if mention is None else _that(around, mention)
    own = mention is not None and that is None and leads_clause(around.marked, mention, item)
    first = None if own else _at_first(around, item)
    return first or that or _on_day_before(around, mention) or _then(around, item, past=past)


def _that(around: Surroundings, mention: TimeMention) -> TimeMention | None:
    """Return the time stated before that "that night" or "on the first day" means."""
    said = (tag for tag in around.marked.sentence.of("then") if tag.start < mention.end and tag.end > mention.first)
    value = next((tag.value for tag in said), "")
    if value == "first":
        return around.context.onset
    night = mention.parts.part == "overnight" and not mention.names_day
    if value == "day" and night:
        return around.context.night
    opens = any(tag.value == "day" and tag.start == 0 for tag in around.marked.sentence.of("then"))
    loose = mention.names_hour and not (mention.names_day or mention.follows)
    stated = around.context.stated
    return replace(mention, follows=stated) if opens and loose and stated is not None else None


def _is_ahead(around: Surroundings, mention: TimeMention, item: Counted) -> bool:
    """Whether an hour without a day is to come, in a sentence on what is so now: "still out, due at 15:00"."""
    clock, now = mention.parts.clock, around.now(around.published.tzinfo or UTC)
    later = clock is not None and clock > (now.hour, now.minute) and mention.first >= item.end
    plain = not (mention.names_day or mention.follows or mention.role == "as_of")
    return later and plain and bool(around.marked.sentence.of("now"))


def _is_next(around: Surroundings, mention: TimeMention) -> bool:
    """Whether "until" or "by" a weekday means one of the next days, and not that of the week before."""
    weekday, role = mention.parts.weekday, mention.role
    return role == "by" and weekday is not None and (weekday - around.published.weekday()) % 7 in NEXT_DAYS


def _carried(around: Surroundings, item: Counted, wording: Wording) -> TimeMention | None:
    """Return the time that holds for an amount from the sentences before: that of a bulletin, or of a day told of."""
    context = around.context
    if since_of(around.marked, item) is not None:
        return None
    day = None if _says_now(around.marked) else context.day
    day = context.last if wording.peak and day is None else day
    told_of = context.background or (day is not None and day.first <= 1)
    return day if told_of else context.time or day


def _says_now(marked: Marked) -> bool:
    """Whether a sentence speaks of what is so now; the "ещё" of "another 900" does not."""
    sentence, counts = marked.sentence, {amount.first for amount in marked.amounts}
    counts |= {tag.start for tag in sentence.of("qualifier") if tag.end in counts}
    another = [tag for tag in sentence.of("another") if tag.end in counts]
    more = {at for tag in another for at in range(tag.start, tag.end)}
    return any(tag.start not in more for tag in sentence.of("now"))


def _at_first(around: Surroundings, item: Counted) -> TimeMention | None:
    """Return the time when it began, where "initially" or "at first" stands in the clause of an amount."""
    marked, first, end = around.marked, item.amount.first, item.end
    said = [tag for tag in marked.sentence.of("then") if tag.value == "first"]
    near = ((tag.end, first) if tag.end <= first else (end, tag.start) for tag in said)
    opens = any(tag.start <= 1 for tag in said)
    return around.context.onset if opens or any(is_one_clause(marked.sentence, *gap) for gap in near) else None


def _then(around: Surroundings, item: Counted, *, past: bool) -> TimeMention | None:
    """Return the time that "that day" or "the count stood at" means: one stated before."""
    tags = around.marked.sentence.of("then")
    if not past and is_tally(around.marked.sentence, item):
        return around.context.last
    own = [m for m in around.marked.times if m.end <= item.amount.first and m.role == "at" and m.names_day]
    if past and own and any(tag.value == "day" and tag.start >= own[-1].end for tag in tags):
        return own[-1]
    earlier = around.marked.sentence.of("earlier")
    if past and earlier and all(any(e.start < tag.end and tag.start < e.end for tag in tags) for e in earlier):
        return around.context.onset
    dates = {"day"} | ({"event"} if around.marked.sentence.of("begins") else set())
    return around.context.stated if not past and any(tag.value in dates for tag in tags) else None


def _on_day_before(around: Surroundings, mention: TimeMention | None) -> TimeMention | None:
    """Return an hour without a day as the next one after the day of the sentence before: "On Friday ...; by 5 p.m."."""
    day = around.context.day
    if mention is not None and mention.parts.later_h is not None and not mention.follows:
        stated = around.context.stated
        return replace(mention, follows=stated) if stated is not None and stated.names_hour else None
    if mention is not None and mention.parts.next_day and not mention.follows:
        return replace(mention, follows=around.context.stated)
    if mention is None or day is None or mention.names_day or mention.parts.clock is None or mention.follows:
        return mention
    sentence = around.marked.sentence
    still = bool(sentence.of("now")) and not sentence.of("past_verb")
    told = mention.role in {"at", "by"} and day.dated and not still
    return replace(mention, follows=day) if told else mention


def period_start(
    around: Surroundings, item: Counted, kind: str, zone: tzinfo, time: datetime | None
) -> datetime | None:
    """Return the start of the period of a change, flow or extreme; "the day before" is that before the figure."""
    mention = None
    if kind == "change":
        mention = compared_with(around.marked, item)
    elif kind in {"flow", "maximum", "minimum"}:
        mention = since_of(around.marked, item)
    if mention is None:
        return None
    before = kind == "change" and (mention.parts.offset or 0) < 0
    if before and time is not None:
        return time + timedelta(days=mention.parts.offset or 0)
    start = around.moment(mention, zone)[0]
    return start if start < around.now(zone) else None


def note_times(around: Surroundings, rows: Sequence[Candidate]) -> None:
    """Note the times of a sentence for those that follow."""
    context, marked = around.context, around.marked
    anchors = [m for m in marked.times if is_of_bulletin(marked, m)]
    anchor = next((m for m in anchors if m.role == "as_of"), anchors[0] if anchors else None)
    opens = anchor is not None and anchor.first == 0 and marked.sentence.word(anchor.end) == ":"
    if anchor is not None and (opens or context.time is None or _is_later(around, anchor, context.time)):
        context.time = anchor
    told = bool(around.found) or not (rows or marked.sentence.of("forecaster"))
    stated = next((mention for mention in marked.times if told and carries(marked, mention)), None)
    began = next((m for m in marked.times if m.parts.clock is not None and m.role == "at"), None)
    begins = not rows or bool(marked.sentence.of("begins"))
    began = _on_day_before(around, began) if begins and any(cue.state == "out" for cue in around.found) else None
    context.day = stated or began or (context.day if rows or not marked.times else None)
    if anchor is not None and stated is not None and stated.end <= anchor.first:
        context.day = anchor
    if context.background and context.day is None:
        context.day = next((mention for mention in marked.times if mention.role == "as_of"), None)
    dates = (m for m in marked.times[::-1] if m.role != "until" and (m.parts.later_h is None or m.follows))
    context.stated = next(dates, context.stated)
    raids = [m for m in marked.times if m.role == "at" and m.names_day] if marked.sentence.of("launched") else []
    if raids and not rows:
        context.raid = next((mention for mention in raids if mention.names_hour), raids[-1])
    near = [m for m in marked.times if m.role != "until" and not m.names_month]
    context.last = near[-1] if near and told and not marked.sentence.of("peak") else context.last
    weather = bool(rows) and all(row.quantity.endswith("_c") for row in rows)
    raids = [] if weather else [m for m in marked.times if m.parts.part == "overnight" or _is_raid(marked, m)]
    nights = [
        m for m in raids if not any(tag.start < m.end and tag.end > m.first for tag in marked.sentence.of("then"))
    ]
    context.night = nights[-1] if nights else context.night
    kept = None if marked.times else context.recent
    context.row = rows[-1] if rows else None
    context.recent = None if rows else _event(marked) or _opening(marked) or kept
    recent = (m for m in marked.times if (m.parts.ago_h or 0.0) < LONG_AGO_H)
    on_day = (m for m in recent if m.role in {"at", "after"} and m.names_day)
    context.onset = next((m for m in on_day if not rows or is_event(marked, m)), context.onset)


def _is_raid(marked: Marked, mention: TimeMention) -> bool:
    """Whether a time with a day and a part of it is that of an attack."""
    return mention.role == "at" and mention.names_day and mention.names_hour and is_event(marked, mention)


def _event(marked: Marked) -> TimeMention | None:
    """Return the day of an attack, a storm or a fault that a sentence tells of."""
    tells = any(tag.value == "after" for tag in marked.sentence.of("after"))
    days = (m for m in marked.times if m.role in {"at", "after"} and m.names_day)
    return next((m for m in days if tells or is_event(marked, m)), None)


def _opening(marked: Marked) -> TimeMention | None:
    """Return the hour of what a sentence begins to tell, as the next one goes on to: "At 5.25 p.m. it struck"."""
    future = any(marked.sentence.of(group) for group in ("forecast", "intent"))
    hours = (m for m in marked.times if m.role == "at" and m.parts.clock is not None)
    return None if future or marked.amounts else next(hours, None)


def _is_later(around: Surroundings, mention: TimeMention, other: TimeMention) -> bool:
    zone = around.published.tzinfo or UTC
    return around.moment(mention, zone)[0] >= around.moment(other, zone)[0]
