"""Candidate figures of a text: one grammar for all languages, over the tags that a lexicon gives."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, timedelta
from math import exp
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from energy_impact.quantities import QUANTITIES
from energy_impact.text import attach, special
from energy_impact.text.candidate import Candidate
from energy_impact.text.context import Context, Decided, Surroundings
from energy_impact.text.counted import Counted, Marked, counted
from energy_impact.text.cues import cues, is_service
from energy_impact.text.doubts import DOUBTS
from energy_impact.text.governing import heading, is_tally, opens_with_all
from energy_impact.text.lexicon import Sentence, lexicon_of, recognise_language
from energy_impact.text.names import Names, is_oblast, names_of
from energy_impact.text.numbers import amounts
from energy_impact.text.repeats import without_repeats
from energy_impact.text.services import is_future, is_served, service, whole
from energy_impact.text.speakers import speaker_of
from energy_impact.text.special import WEAPONS
from energy_impact.text.tables import cell, columns_of, in_table
from energy_impact.text.times import PUBLISHED_ERROR_H, times
from energy_impact.text.tokens import sentences
from energy_impact.text.wordings import Wording, wording_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime, tzinfo

    from energy_impact.places import Place
    from energy_impact.text.special import Meant
    from energy_impact.text.times import TimeMention

CERTAIN = 0.96
"""Confidence in a figure that nothing makes doubtful. (set on sentences it was not tuned on)"""
LEAST = 0.4
"""Confidence below which a candidate is not returned."""
YEAR_REACH, FIRST_YEAR = 6, 1990
"""Tokens within which a year speaks of an amount, and the first number that is read as one. (judgement)"""
QUOTES = frozenset("\"«“„'‘")
"""Marks that begin a quotation, which goes on from the paragraph before."""
_BLANK = re.compile(r"\n\s*\n")
HEADING = 6
"""Tokens of the longest line that may head the paragraph after it. (judgement)"""
PART_REACH = 16
"""Tokens within which "of them" opens a list of parts, which are of one time. (judgement)"""
HOURS_OF_DAY = 24
"""Largest number that may be one of hours."""
COUNTRY_REACH = 6
"""Tokens within which "across the country" speaks of an amount. (judgement)"""


def find_candidates(
    text: str, *, published: datetime, language: str | None = None, places: Sequence[Place] | None = None
) -> tuple[Candidate, ...]:
    """
    Return the figures that a text states, in order, each with its place in the text and a confidence.

    Figures of the future, sums of money, casualties and the like are not returned.

    Parameters
    ----------
    text : str
        Article or bulletin.
    published : datetime
        When it was published, timezone-aware: "on Saturday" is the last one before.
    language : str or None
        Name of a lexicon, such as "uk"; None = recognise it.
    places : sequence of Place or None
        Places of the scenario, with their parts. Other places that the text names are returned as it names them.

    Returns
    -------
    tuple of Candidate

    Raises
    ------
    ValueError
        If `published` has no timezone or the language has no lexicon.

    Examples
    --------
    >>> from datetime import UTC, datetime
    >>> published = datetime(2026, 1, 24, 18, tzinfo=UTC)
    >>> row, = find_candidates("As of 8 am, 17,450 customers in Marlow were without power.", published=published)
    >>> row.quantity, row.value, row.place, row.time.hour
    ('power_customers_out', 17450.0, 'Marlow', 8)
    """
    if published.tzinfo is None:
        raise ValueError(f"published: must have a timezone, got {published.isoformat()}")
    lexicon = lexicon_of(language or recognise_language(text))
    parts = [Sentence(tokens, lexicon) for tokens in sentences(text, lexicon.dots)]
    names = names_of(places, lexicon)
    names.learn(parts)
    context = Context()
    marks = [_mark(part, names) for part in parts]
    context.usual.update(
        mention.name for marked in marks for mention in marked.places if attach.is_whole(marked, mention)
    )
    context.services.update(
        tag.value
        for part in parts
        for tag in part.of("service")
        if tag.value not in {"any", "hot"} and is_service(part, tag)
    )
    rows: list[Candidate] = []
    for marked, new in zip(marks, _new_paragraphs(text, marks), strict=True):
        _turn(context, marked, new=new)
        rows += _read(text, marked, context, names, published)
    return without_repeats(rows)


def _new_paragraphs(text: str, marks: Sequence[Marked]) -> Iterator[bool]:
    """Yield for each sentence whether a blank line stands before it."""
    end = 0
    for marked in marks:
        yield _BLANK.search(text, end, marked.sentence.tokens[0].start) is not None
        end = marked.sentence.tokens[-1].end


def _turn(context: Context, marked: Marked, *, new: bool) -> None:
    """Note where a paragraph begins: what the one before said of its own place holds no longer, but for a heading."""
    quoted = marked.sentence.word(0) in QUOTES
    if new and context.topic and not (context.heading or quoted):
        context.place = context.topic
    context.heading = new and len(marked.sentence.tokens) <= HEADING
    places = list(dict.fromkeys(mention.name for mention in marked.places if attach.is_whole(marked, mention)))
    if context.topic is None and places:
        context.topic = places[0] if len(places) == 1 else ""


def _mark(sentence: Sentence, names: Names) -> Marked:
    stated = list(times(sentence))
    taken = {at for mention in stated for at in range(mention.first, mention.end)}
    free = [amount for amount in amounts(sentence) if taken.isdisjoint(range(amount.first, amount.end))]
    return Marked(sentence, free, stated, names.mentions(sentence))


def _read(text: str, marked: Marked, context: Context, names: Names, published: datetime) -> list[Candidate]:
    context.speaker = speaker_of(marked.sentence, context.speaker)
    around = Surroundings(marked, counted(marked), cues(marked.sentence), context, names, published)
    heading_of = columns_of(marked.sentence, around.found, context.system)
    context.columns = heading_of or context.columns
    rows: list[Candidate] = []
    done: list[Decided] = []
    for item in () if heading_of else around.items:
        meant = _meant(around, item, done)
        if meant is None or (meant.value is None and not item.amount.order and meant.kind != "stock"):
            continue
        row = _candidate(text, around, item, meant)
        if row is not None and row.confidence >= LEAST:
            rows.append(row)
    if around.found and not rows:
        head = heading(around)
        context.state, context.system, context.unit = head or (context.state, context.system, context.unit)
    _note_times(around, rows)
    _note_places(around, rows)
    return rows


def _note_times(around: Surroundings, rows: Sequence[Candidate]) -> None:
    """Note the times of a sentence for those that follow."""
    context, marked = around.context, around.marked
    anchor = next((m for m in marked.times if m.role == "as_of" or attach.heads_list(marked, m)), None)
    if anchor is not None and (context.time is None or _is_later(anchor, context.time, around.published)):
        context.time = anchor
    told = bool(around.found) or not rows
    stated = next((mention for mention in marked.times if told and attach.carries(marked, mention)), None)
    began = next((m for m in marked.times if m.parts.clock is not None and m.role == "at"), None)
    began = began if not rows and any(cue.state == "out" for cue in around.found) else None
    context.day = stated or began or (context.day if rows else None)
    context.stated = next((m for m in marked.times[::-1] if m.role != "until"), context.stated)
    near = [m for m in marked.times if m.role != "until" and not m.names_month]
    context.last = near[-1] if near and told else context.last
    context.night = next((m for m in marked.times[::-1] if m.parts.part == "overnight"), context.night)
    if not rows:
        context.onset = next((m for m in marked.times if m.role in {"at", "after"} and m.names_day), context.onset)


def _note_places(around: Surroundings, rows: Sequence[Candidate]) -> None:
    """Note the places of a sentence for those that follow."""
    context, marked, names = around.context, around.marked, around.names
    sure = [mention.name for mention in marked.places if mention.sure and attach.is_whole(marked, mention)]
    if sure and marked.places[0].name:
        context.place = sure[0]
    elif rows and any(mention.spoken == "region" for mention in marked.places):
        context.place = _spoken_of(around, "region") or context.place
    cities = [m.name for m in marked.places if m.sure and names.is_city(marked.sentence, m)]
    context.region = next((m.name for m in marked.places[::-1] if m.sure and is_oblast(m.name)), context.region)
    context.city = context.place if context.place in cities else cities[-1] if cities else context.city


def _is_later(mention: TimeMention, other: TimeMention, published: datetime) -> bool:
    zone = published.tzinfo or UTC
    return mention.moment(published, zone)[0] >= other.moment(published, zone)[0]


def _meant(around: Surroundings, item: Counted, done: list[Decided]) -> Meant | None:
    """Return what an amount means; note in `done` what was decided of it, for amounts that follow."""
    sentence = around.marked.sentence
    if in_table(sentence, around.context.columns):
        return cell(sentence, item, around.context.columns)
    degrees = special.temperature(sentence, item, around.items)
    if degrees is not None:
        return None if is_future(around, item, item.end) else degrees
    if item.amount.whole and not _stressed(around, item):
        return whole(around, item, done)
    if _of_past_year(around, item):
        return None
    if (
        item.how == "other"
        or _is_of_schedule(sentence, item)
        or item.unit in {"degrees", "fahrenheit"}
        or item.amount.signed
        or item.amount.whole
    ):
        return None
    unit = item.unit or _weapon(around, item, done)
    if unit == "hours":
        return special.hours_off(sentence, item, around.items)
    meant = special.regions_cut(sentence, item) or special.weapons(
        sentence, item, unit, total=_is_total(around, item) or opens_with_all(around, item)
    )
    if meant is not None:
        meant = _as_before(around, item, meant, done)
        done.append(Decided(item, unit, meant.quantity.rsplit("_", 1)[1]))
        return meant
    return None if unit in WEAPONS or unit == "regions" else service(around, item, done)


def _is_of_schedule(sentence: Sentence, item: Counted) -> bool:
    """Whether a bare number is one of hours in a schedule: "three on, six off"."""
    value = item.amount.value
    small = value is not None and value <= HOURS_OF_DAY and not item.amount.share
    return small and item.how == "bare" and bool(sentence.of("schedule"))


def _weapon(around: Surroundings, item: Counted, done: list[Decided]) -> str:
    """Return what a bare number after weapons counts: in "84 drones and 9 missiles, of which 70 and 5" each its own."""
    if not done or done[-1].unit not in {"drones", "missiles"}:
        return ""
    named = [one.unit for one in done if one.item.unit]
    last = max((one.item.end for one in done if one.item.unit), default=0)
    bare = [other for other in around.items if other.how == "bare" and other.amount.first >= last]
    return named[bare.index(item)] if item in bare and len(bare) == len(named) else done[-1].unit


def _as_before(around: Surroundings, item: Counted, meant: Meant, done: list[Decided]) -> Meant:
    """Return weapons with the fate of those that "and" joins them to: "launched 84 drones and 9 missiles"."""
    if not done or done[-1].unit not in WEAPONS or not meant.quantity.endswith(("launched", "intercepted")):
        return meant
    sentence, gap = around.marked.sentence, range(done[-1].item.end, item.amount.first)
    joined = any(sentence.at("list_and", at) for at in gap)
    plain = all(
        sentence.tokens[at].kind == "mark" or sentence.tagged(at, "list_and", "qualifier", "only") for at in gap
    )
    comma = any(sentence.word(at) == "," for at in gap)
    same = f"{meant.quantity.rsplit('_', 1)[0]}_{done[-1].state}"
    return replace(meant, quantity=same) if joined and plain and not comma and same in QUANTITIES else meant


def _stressed(around: Surroundings, item: Counted) -> bool:
    """Whether "all" only stresses a number right after its noun: "all Marlow County customers, 2,100"."""
    return any(item.end <= other.amount.first <= item.end + 1 for other in around.items if not other.unit)


def _of_past_year(around: Surroundings, item: Counted) -> bool:
    """Whether an amount is of a year that a few words before or after it name, earlier than the one before."""
    tokens, last = around.marked.sentence.tokens, around.published.year - 2
    counts = {other.amount.first for other in around.items if other.how == "noun"}
    before = range(max(0, item.amount.first - YEAR_REACH), item.amount.first)
    near = [
        tokens[at] for at in (*before, *range(item.end, min(item.end + YEAR_REACH, len(tokens)))) if at not in counts
    ]
    years = (token.text for token in near if token.kind == "number" and len(token.text) == len("2024"))
    return any(year.isdecimal() and FIRST_YEAR <= int(year) <= last for year in years)


def _is_total(around: Surroundings, item: Counted) -> bool:
    """Whether another amount of the sentence is a part of an amount."""
    return any(other.total is not None and around.items[other.total] is item for other in around.items)


def _candidate(text: str, around: Surroundings, item: Counted, meant: Meant) -> Candidate | None:
    sentence = around.marked.sentence
    wording = wording_of(sentence, item, flipped=meant.flipped)
    kind = wording.kind or meant.kind
    falls_to = kind == "minimum" and wording.qualifier == "up_to"
    value = -meant.value if wording.fewer and meant.value is not None else meant.value
    mention = attach.place_of(around.marked, item, around.names.given)
    stated_place = mention.name if mention and (mention.sure or mention.first == 0) else None
    spoken = mention.spoken if mention is not None and not mention.name else ""
    place = _place(around, item, meant, stated_place) or (mention.name or None if mention else None)
    place = _spoken_of(around, spoken) if spoken else place
    place = None if mention is None and in_table(sentence, around.context.columns) else place
    zone = _zone(around.names, place, around.published)
    time, error, stated = _time(around, item, meant, wording, zone)
    start = _period_start(around, item, kind, zone, time)
    doubt = meant.doubt + DOUBTS["earlier"] * wording.earlier + DOUBTS["peak"] * wording.peak
    tokens = sentence.tokens
    first, end = wording.first, max(item.end if item.total is None else item.amount.end, wording.end)
    start_at, end_at = tokens[first].start, tokens[end - 1].end
    return Candidate(
        start=start_at,
        end=end_at,
        quote=text[start_at:end_at],
        quantity=meant.quantity,
        value=value,
        value_high=meant.high,
        qualifier="exact" if falls_to else wording.qualifier,
        kind=kind,
        unit="share" if item.amount.share and not item.amount.whole else "count",
        place=place,
        time=time,
        time_uncertainty_h=error,
        period_start=start,
        claimed_by=around.context.speaker,
        confidence=round(CERTAIN * exp(-doubt), 2),
        reason=f"{meant.reason}; {stated}",
        note=_note(around, item),
    )


def _place(around: Surroundings, item: Counted, meant: Meant, stated: str | None) -> str | None:
    """Return the place of an amount: the country where its words say so and for attacks, else as stated or before."""
    context, sentence = around.context, around.marked.sentence
    usual = _usual(context, around.names.countries)
    country = next((name for name, _ in context.usual.most_common() if name in around.names.countries), None)
    wide = any(0 <= tag.start - item.end <= COUNTRY_REACH for tag in sentence.of("whole_country"))
    if wide and country:
        return country
    if meant.quantity == "regions_in_emergency_cuts" or (_is_attack(meant) and stated not in around.names.zones):
        return country or around.names.country_of(context.place or usual) or stated
    word = sentence.at("pronoun", 0)
    total = word is not None and word.value == "total" and item.how == "bare"
    return stated or (None if total else context.place or usual)


def _spoken_of(around: Surroundings, kind: str) -> str | None:
    """Return what "the city" or "the region" means: that spoken of before, else the one that the text names most."""
    context, names = around.context, around.names
    fits = names.may_be_city if kind == "city" else is_oblast
    named = (name for name, _ in context.usual.most_common() if fits(name))
    if kind == "region" and context.topic and is_oblast(context.topic):
        return context.topic
    return (context.city if kind == "city" else context.region) or next(named, None)


def _usual(context: Context, countries: frozenset[str]) -> str | None:
    """Return the place that a text names most, rather no country; None where several are named as often."""
    ranked = sorted(context.usual.items(), key=lambda place: (-place[1], place[0] in countries))
    tied = len(ranked) > 1 and (ranked[0][0] in countries, ranked[0][1]) == (ranked[1][0] in countries, ranked[1][1])
    return ranked[0][0] if ranked and not tied else None


def _is_attack(meant: Meant) -> bool:
    return meant.quantity.endswith(("_launched", "_intercepted"))


def _zone(names: Names, place: str | None, published: datetime) -> tzinfo:
    zone = names.zones.get((place or "").removesuffix(" region"))
    return ZoneInfo(zone) if zone else published.tzinfo or UTC


def _time(
    around: Surroundings, item: Counted, meant: Meant, wording: Wording, zone: tzinfo
) -> tuple[datetime | None, float, str]:
    """Return the time of an amount, its possible error and the ground for it."""
    sentence = around.marked.sentence
    deadline = bool(sentence.of("forecast"))
    past = wording.earlier and not wording.peak
    part = item.how == "bare" and any(0 <= item.amount.first - tag.end <= PART_REACH for tag in sentence.of("partly"))
    in_list = item.how == "bare" and sentence.word(wording.first - 1) == "("
    shared = part or in_list or wording.kind == "change" or _is_attack(meant) or meant.quantity.endswith("_c")
    shared = shared or is_tally(sentence, item)
    restored = meant.quantity.endswith("_restored")
    mention = attach.time_of(around.marked, item, earlier=past, deadline=deadline, anywhere=shared, restored=restored)
    if _is_attack(meant):
        mention = mention or around.context.raid or around.context.night
        around.context.raid = mention
    mention = _on_day_before(around, mention) or _then(around, item, past=past)
    published = around.published.astimezone(UTC)
    if mention is not None:
        time, error = mention.moment(around.published, zone)
        if time > published + timedelta(hours=1) and mention.follows is not None:
            time, error = replace(mention, follows=None).moment(around.published, zone)
        if time <= published + timedelta(hours=1):
            return time, error, "time as stated"
    if past:
        return None, 0.0, "of an earlier time that is not stated"
    day = None if sentence.of("now") else around.context.day
    day = around.context.last if wording.peak and day is None else day
    carried = day if day is not None and day.first <= 1 else around.context.time or day
    carried = None if attach.since_of(around.marked, item) is not None else carried
    if carried is not None:
        time, error = carried.moment(around.published, zone)
        if time <= published:
            return time, error, "time as stated before"
    return published, PUBLISHED_ERROR_H, "time of publication"


def _then(around: Surroundings, item: Counted, *, past: bool) -> TimeMention | None:
    """Return the time that "that day", "initially" or "the count stood at" means: one stated before."""
    tags = around.marked.sentence.of("then")
    if any(tag.value == "first" and tag.start <= 1 and tag.end <= item.amount.first for tag in tags):
        return around.context.onset
    if not past and is_tally(around.marked.sentence, item):
        return around.context.last
    return around.context.stated if not past and any(tag.value == "day" for tag in tags) else None


def _on_day_before(around: Surroundings, mention: TimeMention | None) -> TimeMention | None:
    """Return an hour without a day as the next one after the day of the sentence before: "On Friday ...; by 5 p.m."."""
    day = around.context.day
    if mention is None or day is None or mention.names_day or mention.parts.clock is None or mention.follows:
        return mention
    told = mention.role in {"at", "by"} and day.names_day and not around.marked.sentence.of("now")
    return replace(mention, follows=day) if told else mention


def _period_start(
    around: Surroundings, item: Counted, kind: str, zone: tzinfo, time: datetime | None
) -> datetime | None:
    """Return the start of the period of a change, flow or extreme; "the day before" is that before the figure."""
    mention = None
    if kind == "change":
        mention = attach.compared_with(around.marked, item)
    elif kind in {"flow", "maximum", "minimum"}:
        mention = attach.since_of(around.marked, item)
    if mention is None:
        return None
    before = kind == "change" and (mention.parts.offset or 0) < 0
    if before and time is not None:
        return time + timedelta(days=mention.parts.offset or 0)
    start = mention.moment(around.published, zone)[0]
    return start if start < around.published else None


def _note(around: Surroundings, item: Counted) -> str:
    """Return the total that an amount is part of, where nothing else is said of the total."""
    if item.total is None:
        return ""
    total = around.items[item.total]
    if total.amount.value is None or not is_served(around, total) or total.amount.share:
        return ""
    return f"of {total.amount.value:g} {total.unit} in all"
