"""Times that a sentence states, and the moment and possible error that each stands for."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from energy_impact.text.elapsed import hours_ago, hours_later
from energy_impact.text.numbers import word_value
from energy_impact.text.time_leads import role_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import tzinfo

    from energy_impact.text.lexicon import Sentence, Tag

PARTS: Mapping[str, tuple[float, float]] = {
    "early": (5.0, 3.0),
    "morning": (8.0, 3.0),
    "noon": (12.0, 1.0),
    "day": (13.0, 4.0),
    "afternoon": (15.0, 3.0),
    "evening": (19.0, 3.0),
    "late": (21.0, 3.0),
    "night": (22.0, 4.0),
    "overnight": (3.0, 4.0),
    "midnight": (0.0, 0.5),
}
"""Parts of the day: middle, and possible error. [h] (judgement)"""
DAYBREAK_H = 6
"""Hour before which "the next morning" is that of the same date. [h] (judgement)"""
MONTH_ERROR_H = 370.0
"""Possible error of a month, dated by its middle. [h]"""
MONTH_MIDDLE = 15
"""Day that dates a month without one; its possible error is as long, a third of it for "early" and "late". [d]"""
CLOCK_ERROR_H, DAY_ERROR_H, PUBLISHED_ERROR_H = 0.5, 12.0, 8.0
"""Possible error of a clock time, of a day without an hour, and of a figure dated by its article. [h] (judgement)"""
_BRACKET = 7
"""Tokens of the longest bracket with another zone's time. (judgement)"""
_LOOSE = frozenset({"", "early", "late"})
"""Parts of the day that a part after them says better: "early on Wednesday afternoon"."""
_FILLERS = 3
"""Words such as "on" and "the" that may stand between the parts of one time."""
_CLOCK = re.compile(r"(\d{1,2})[:.](\d{2})$")


@dataclass
class _Parts:
    """What one stated time is made of."""

    day: date | None = None
    weekday: int | None = None
    offset: int | None = None
    month_day: tuple[int, int, int | None] | None = None
    part: str = ""
    clock: tuple[int, int] | None = None
    of_twelve: bool = False
    ago_h: float | None = None
    next_day: bool = False
    later_h: float | None = None
    error_h: float | None = None

    @property
    def names_date(self) -> bool:
        """Whether it names a day of the calendar or of the week."""
        return self.day is not None or self.month_day is not None or self.weekday is not None


@dataclass(frozen=True)
class TimeMention:
    """
    A time stated in a sentence.

    Attributes
    ----------
    first, end : int
        Its tokens, from `first` up to `end`.
    role : str
        "at", "as_of", "by", "since", "until" or "after".
    parts : _Parts
        What it is made of: a day, a part of the day, a clock time or a length of time ago.
    follows : TimeMention or None
        Time before it in its sentence, on whose day it is where it names none: "on Friday morning, and by 19:30".
    """

    first: int
    end: int
    role: str
    parts: _Parts
    follows: TimeMention | None = None

    @property
    def names_day(self) -> bool:
        """Whether it names a day."""
        parts = self.parts
        return any(part is not None for part in (parts.day, parts.weekday, parts.offset, parts.month_day, parts.ago_h))

    @property
    def names_month(self) -> bool:
        """Whether it names a month and no day of it."""
        dated = self.parts.day is not None or self.parts.month_day is not None
        return dated and self.parts.error_h is not None

    @property
    def dated(self) -> bool:
        """Whether it names a day, so that an hour after it is the next such one."""
        return (self.names_day or self.follows is not None) and self.role in {"at", "as_of", "by"}

    @property
    def names_hour(self) -> bool:
        """Whether it names an hour or a part of the day."""
        return self.parts.clock is not None or bool(self.parts.part) or self.parts.later_h is not None

    def moment(self, published: datetime, zone: tzinfo) -> tuple[datetime, float]:
        """Return the latest such moment up to publication, in UTC, and its possible error [h]."""
        local = published.astimezone(zone)
        parts = self.parts
        if parts.ago_h is not None:
            return published.astimezone(UTC) - timedelta(hours=parts.ago_h), parts.error_h or 1.0
        if parts.later_h is not None:
            if self.follows is None:
                return published.astimezone(UTC), PUBLISHED_ERROR_H
            began, loose = self.follows.moment(published, zone)
            return began + timedelta(hours=parts.later_h), max(loose, parts.error_h or 0.0)
        day = _day(parts, local)
        if parts.clock is not None:
            stated = _hour_of(parts.part, parts.clock[0]) if parts.of_twelve else parts.clock[0]
            hour, error = stated + parts.clock[1] / 60, CLOCK_ERROR_H
        else:
            hour, error = PARTS.get(parts.part, (12.0, parts.error_h or DAY_ERROR_H))
        moment = datetime(day.year, day.month, day.day, tzinfo=zone) + timedelta(hours=hour)
        if self.follows is not None:
            before, loose = self.follows.moment(published, zone)
            part = self.follows.names_hour and self.follows.parts.clock is None
            before = before.astimezone(zone) - timedelta(hours=loose) * part
            before += timedelta(days=1) * (parts.next_day and before.hour >= DAYBREAK_H)
            whole = parts.next_day or not self.follows.names_hour
            if hour == 0.0 and whole and not parts.next_day:  # the midnight that ends a day
                before += timedelta(days=1)
            return self._next(before.replace(hour=0) if whole else before, moment), error
        if not self.names_day and moment - timedelta(hours=error + 0.5) > local:
            moment -= timedelta(days=1)
        if moment > local and moment - timedelta(hours=error + 0.5) <= local:
            moment = local
        return moment.astimezone(UTC), error

    @staticmethod
    def _next(before: datetime, moment: datetime) -> datetime:
        """Return the first such hour after a moment, in UTC."""
        same = datetime.combine(before.date(), moment.timetz())
        return (same if same >= before else same + timedelta(days=1)).astimezone(UTC)


def _day(parts: _Parts, local: datetime) -> date:
    today = local.date()
    if parts.day is not None:
        return parts.day
    if parts.offset is not None:
        return today + timedelta(days=parts.offset)
    if parts.month_day is not None and (parts.month_day[0] or parts.weekday is None):
        return _nearest(parts.month_day, today)
    if parts.weekday is not None:
        return today - timedelta(days=(today.weekday() - parts.weekday) % 7)
    return today


def _nearest(month_day: tuple[int, int, int | None], today: date) -> date:
    """Return the date of a day and month: in the year stated, or the latest up to some days ahead."""
    month, day, year = month_day
    if not month:
        return today if day > today.day else today.replace(day=day)
    for candidate in [year] if year else [today.year + 1, today.year, today.year - 1]:
        try:
            found = date(candidate, month, day)
        except ValueError:
            continue
        if year or found <= today + timedelta(days=30):
            return found
    return today


def times(sentence: Sentence) -> Iterator[TimeMention]:
    """Yield the times of a sentence from left to right."""
    yield from _spanned(sentence, list(_read_all(sentence)))


def _spanned(sentence: Sentence, found: Sequence[TimeMention]) -> Iterator[TimeMention]:
    """Yield times, the start of a span with the day that stands after its end: "from 5:10 to 7:45 p.m. on Monday"."""
    for at, one in enumerate(found):
        after = found[at + 1] if at + 1 < len(found) else one
        joint = sentence.tagged(one.end, "until", "range_middle") and one.end < after.first <= one.end + 2
        opens = joint and one.parts.clock is not None and not one.names_day and after.names_day
        parts = replace(after.parts, clock=one.parts.clock) if opens else one.parts
        yield replace(one, parts=parts, follows=None) if opens else one


def _read_all(sentence: Sentence) -> Iterator[TimeMention]:
    """Yield the times of a sentence, each by itself."""
    at = 0
    last: TimeMention | None = None
    before: TimeMention | None = None
    day: TimeMention | None = None
    while at < len(sentence.tokens):
        parts = _Parts()
        end = _element(sentence, at, parts)
        if end is None:
            at += 1
            continue
        first = at
        while (grown := _next(sentence, end, parts)) is not None:
            end = grown
        if parts.clock is not None:  # "four hours later, at 9:00" is at 9:00
            parts.later_h = None
        end = _with_bracket(sentence, end) if parts.clock is not None else end
        mention = TimeMention(first, end, _began(sentence, first, end, parts) or role_of(sentence, first), parts)
        follows = last if last is not None and not mention.names_day and mention.role != "after" else None
        if parts.later_h is not None:
            follows = before
        elif day is not None and follows is not None and _is_same_day(sentence, mention):
            follows = day
        if parts.later_h is not None and follows is None and first > 1:
            at = end
            continue
        last = replace(mention, follows=follows)
        before = last if last.names_hour else before
        day = replace(last, parts=replace(parts, part="", clock=None)) if last.names_day and not parts.ago_h else day
        yield last
        last = last if last.dated else None
        at = end


def _is_same_day(sentence: Sentence, mention: TimeMention) -> bool:
    """Whether a part of the day is that of the day named before: "on Tuesday ... that morning"."""
    said = any(
        tag.value == "day" and tag.start < mention.end and tag.end > mention.first for tag in sentence.of("then")
    )
    return said and bool(mention.parts.part) and mention.parts.part != "overnight" and not mention.names_day


def _began(sentence: Sentence, first: int, end: int, parts: _Parts) -> str:
    """Return "at" for an hour from which something was so that is not said to be so now; else nothing."""
    tags = (sentence.ending("since", at) for at in (first, first - 1))
    opens = any(tag is not None and tag.value == "from" for tag in tags)
    spans = sentence.tagged(end, "until", "range_middle") and bool(sentence.of("back"))
    return "at" if parts.clock is not None and opens and not spans and not sentence.of("now") else ""


def _next(sentence: Sentence, end: int, parts: _Parts) -> int | None:
    """Return where the next part of the same time ends, if only fillers stand before it."""
    at = end
    while at < min(end + _FILLERS + 1 + _BRACKET * (sentence.word(end) == "("), len(sentence.tokens)):
        found = _element(sentence, at, parts)
        if found is not None:
            return found
        filler = sentence.at("time_filler", at)
        day = sentence.tokens[at].kind == "number" and len(sentence.tokens[at].text) <= 2
        bracket = _bracket_end(sentence, at)
        if not (day or filler or bracket or sentence.word(at) in {",", "("}):
            return None
        at = max(at + 1, filler.end if filler is not None else 0, bracket)
    return None


def _with_bracket(sentence: Sentence, end: int) -> int:
    """Return where a time ends with the same hour of another zone in brackets: "7 am local time (3 am in Kyiv)"."""
    filler = sentence.at("time_filler", end)
    opens = end if filler is None else filler.end
    stated = sentence.word(opens) == "(" and _element(sentence, opens + 1, _Parts()) is not None
    return (_bracket_end(sentence, opens + 1) if stated else 0) or end


def _bracket_end(sentence: Sentence, at: int) -> int:
    """Return where a bracket with the time of another zone ends, as in "3:23 a.m. (0223 UTC) on Sunday"; 0 for none."""
    if sentence.word(at - 1) != "(" or sentence.tokens[at].kind not in {"number", "clock"}:
        return 0
    ends = (end for end in range(at, min(at + _BRACKET, len(sentence.tokens))) if sentence.word(end) == ")")
    return next(ends, -1) + 1


def _element(sentence: Sentence, at: int, parts: _Parts) -> int | None:
    """Read one part of a time at a token into `parts`; return its end, None where there is none of a new kind."""
    if any(tag.start <= at < tag.end for tag in sentence.of("no_time")):
        return None
    for read in (_read_length, _read_clock, _read_date, _read_named):
        end = read(sentence, at, parts)
        if end is not None:
            return end
    return None


def _read_named(sentence: Sentence, at: int, parts: _Parts) -> int | None:
    """Read a weekday, a word such as "yesterday" and a part of the day; one compound may hold two of them."""
    ends = []
    tag = sentence.at("weekday", at)
    if tag is not None and (parts.weekday is None or parts.part == "overnight"):
        parts.weekday = int(tag.value)
        ends.append(tag.end)
    tag = sentence.at("relative_day", at)
    if tag is not None and parts.offset is None:
        parts.offset = int(tag.value)
        ends.append(tag.end)
    tag = sentence.at("next_day", at)
    if tag is not None and (tag.value == "day" or sentence.at("part_of_day", tag.end) is not None):
        parts.next_day = True
        ends.append(tag.end)
    within = range(at, max(ends, default=at + 1))
    tag = next((part for start in within if (part := sentence.at("part_of_day", start)) is not None), None)
    if tag is not None:
        parts.part = tag.value if parts.part in _LOOSE else parts.part
        ends.append(tag.end)
    return max(ends, default=None)


def _read_clock(sentence: Sentence, at: int, parts: _Parts) -> int | None:
    """Read "8 am", "18:00", "8.30 Uhr", "о 8 ранку" or "11 o'clock at night"."""
    read = None if parts.clock is not None else _hour_at(sentence, at)
    if read is None:
        return None
    hour, minute, end, ordinal = read
    suffix, clock = sentence.at("clock_suffix", end), sentence.tokens[at].kind == "clock"
    until = _span_suffix(sentence, at, end) if suffix is None else None
    part = sentence.at("part_of_day", end if suffix is None else suffix.end)
    led = clock or any(sentence.ending(group, at) is not None for group in ("clock_before", "hour_before", "as_of"))
    if suffix is not None and suffix.value == "span" and not (ordinal or part or _led_hour(sentence, at)):
        return None
    led_ordinal = ordinal and sentence.ending("hour_before", at) is not None
    if suffix is not None:
        hour, end = _half_day(hour, suffix.value), suffix.end
    elif until is not None:
        hour = _half_day(hour, until.value)
    elif not (
        led_ordinal
        or (clock and at > 0 and parts.names_date)
        or (_is_dotted(sentence, at) if part is None and not clock else led)
    ):
        return None
    halved = suffix is not None and suffix.value in {"am", "pm"}
    if part is not None and not halved:
        hour, end = _hour_of(part.value, hour), part.end
    if hour > 24 or minute > 59:
        return None
    parts.of_twelve = part is None and not halved
    parts.clock = hour % 24, minute
    return end


def _span_suffix(sentence: Sentence, at: int, end: int) -> Tag | None:
    """Return the suffix that an hour shares with the one after it: "from 6 to 8 am", "von 6.50 bis 7.35 Uhr"."""
    middle = sentence.at("until", end) or sentence.at("range_middle", end)
    led = any(sentence.ending(group, at) for group in ("since", "range_open"))
    later = _hour_at(sentence, middle.end) if middle is not None and led and middle.end < len(sentence.tokens) else None
    suffix = sentence.at("clock_suffix", later[2]) if later is not None else None
    return suffix if suffix is not None and suffix.value != "span" else None


def _is_dotted(sentence: Sentence, at: int) -> bool:
    """Whether a number such as 14.30 is an hour: "as of" stands before it, and nothing that it counts after it."""
    led = any(sentence.ending(group, at) is not None for group in ("as_of", "hour_before"))
    counts = sentence.tagged(at + 1, "unit", "other", "multiplier")
    return led and not counts and _CLOCK.match(sentence.tokens[at].text) is not None


def _hour_at(sentence: Sentence, at: int) -> tuple[int, int, int, bool] | None:
    """Return hour, minute and end of what may be an hour at a token, and whether it is an ordinal."""
    token = sentence.tokens[at]
    half, named = sentence.at("half_hour", at), sentence.at("hour_word", at)
    if half is not None and half.end < len(sentence.tokens):
        read = _hour_at(sentence, half.end)
        return None if read is None else (read[0] + int(half.value), 30, read[2], True)
    if named is not None and any(sentence.ending(group, at) for group in ("clock_before", "half_hour")):
        return int(named.value), 0, at + 1, True
    ordinal = _is_ordinal(sentence, at)
    end = at + 3 if ordinal else at + 1
    found = _CLOCK.match(token.text) if token.kind in {"clock", "number"} else None
    if found:
        return int(found[1]), int(found[2]), end, ordinal
    if token.kind == "number" and token.text.isdecimal() and len(token.text) <= 2:
        return int(token.text), 0, end, ordinal
    word = word_value(token.word, sentence.lexicon.numbers, "") if token.kind == "word" and token.word else None
    return (int(word), 0, end, ordinal) if word is not None and word.is_integer() and word <= 12 else None


def _led_hour(sentence: Sentence, at: int) -> bool:
    """Whether a word before a number makes "hours" after it those of the clock: "о 4 годині", "станом на 23 годину"."""
    as_of = sentence.ending("as_of", at)
    return sentence.ending("hour_before", at) is not None or (as_of is not None and as_of.end > as_of.start + 1)


def _is_ordinal(sentence: Sentence, at: int) -> bool:
    """Whether digits have the ending of an ordinal: the "9-" of an hour in Ukrainian and Russian."""
    mark, ending = sentence.word(at + 1), sentence.word(at + 2)
    joined = at + 2 < len(sentence.tokens) and sentence.tokens[at].end + 1 == sentence.tokens[at + 2].start
    return sentence.tokens[at].kind == "number" and mark == "-" and joined and ending.isalpha() and len(ending) <= 2


def _half_day(hour: int, suffix: str) -> int:
    if suffix == "pm" and hour < 12:
        return hour + 12
    return 0 if suffix == "am" and hour == 12 else hour


def _hour_of(part: str, hour: int) -> int:
    """Return an hour of the twelve of a part of the day on the clock of 24: 8 in the evening is 20, 12 at night 0."""
    night = part in {"night", "overnight", "midnight"}
    if hour == 12 and night:
        return 0
    later = part in {"afternoon", "evening", "late"} or (part == "day" and hour < 10) or (night and hour >= 7)
    return hour + 12 if later and hour < 12 else hour


def _read_date(sentence: Sentence, at: int, parts: _Parts) -> int | None:
    """Read "24 January 2026", "January 24", "24. Januar", "24.01.2026" or "2026-01-24"."""
    token = sentence.tokens[at]
    if parts.month_day is not None or parts.day is not None:
        return None
    if token.kind == "date":
        numbers = [int(part) for part in re.split(r"[.-]", token.text)]
        year, month, day = numbers if len(token.text.split("-")) == 3 else numbers[::-1]
        return _set_date(parts, (month, day, year), at + 1)
    day_number = _day_number(sentence, at)
    dayless = _is_ordinal(sentence, at) and sentence.at("month", at + 3) is None
    if day_number is not None and dayless and sentence.ending("part_of_day", at) is not None:
        parts.month_day = 0, day_number, None
        return at + 3
    if day_number is not None:
        after = at + 1 + (sentence.word(at + 1) == "." or sentence.at("of", at + 1) is not None)
        month_tag = sentence.at("month", after)
        if month_tag is None:
            return None
        return _with_year(sentence, parts, int(month_tag.value), day_number, month_tag.end)
    month_tag = sentence.at("month", at)
    if month_tag is None:
        return None
    of_year = _year(sentence, month_tag.end)
    if of_year is not None:
        parts.error_h = MONTH_ERROR_H
        return _set_date(parts, (int(month_tag.value), 15, of_year), month_tag.end + 1)
    after = month_tag.end + (sentence.word(month_tag.end) == ".")
    day_number = _day_number(sentence, after)
    if day_number is not None:
        return _with_year(sentence, parts, int(month_tag.value), day_number, after + 1)
    part = sentence.ending("month_part", at)
    if part is None:
        return None
    parts.error_h = 24 * (MONTH_MIDDLE if int(part.value) == MONTH_MIDDLE else MONTH_MIDDLE / 3)
    return _set_date(parts, (int(month_tag.value), int(part.value), None), month_tag.end)


def _day_number(sentence: Sentence, at: int) -> int | None:
    if not 0 <= at < len(sentence.tokens):
        return None
    text = sentence.tokens[at].text
    return int(text) if text.isdecimal() and len(text) <= 2 and 1 <= int(text) <= 31 else None


def _with_year(sentence: Sentence, parts: _Parts, month: int, day: int, end: int) -> int | None:
    at = end + (sentence.word(end) == ",")
    year = _year(sentence, at)
    return _set_date(parts, (month, day, year), at + 1 if year else end)


def _year(sentence: Sentence, at: int) -> int | None:
    """Return the year at a token; one before 1900 only where it cannot be a count: "in March 1899, 6,000 homes"."""
    text = sentence.tokens[at].text if at < len(sentence.tokens) else ""
    if not (text.isdecimal() and len(text) == 4):
        return None
    follows = sentence.tokens[at + 1].kind if at + 1 < len(sentence.tokens) else "mark"
    old = follows in {"number", "mark"} or sentence.tagged(at + 1, "auxiliary", "qualifier", "time_filler")
    return int(text) if text[:2] in {"19", "20"} or (text[0] == "1" and old) else None


def _set_date(parts: _Parts, month_day: tuple[int, int, int | None], end: int) -> int | None:
    month, day, year = month_day
    try:
        found = date(year or 2024, month, day)
    except ValueError:
        return None
    if year:
        parts.day = found
    else:
        parts.month_day = month_day
    return end


def _read_length(sentence: Sentence, at: int, parts: _Parts) -> int | None:
    """Read a length of time before publication or after the time before it: "two days ago", "three hours later"."""
    ago = hours_ago(sentence, at) if parts.ago_h is None and parts.offset is None else None
    if ago is not None:
        parts.ago_h, parts.error_h, end = ago
        return end
    later = hours_later(sentence, at) if parts == _Parts() else None
    if later is None:
        return None
    parts.later_h, parts.error_h, end = later
    return end
