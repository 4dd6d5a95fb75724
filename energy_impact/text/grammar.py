"""Candidate figures of a text: one grammar for all languages, over the tags that a lexicon gives."""

from __future__ import annotations

from dataclasses import replace
from math import exp
from typing import TYPE_CHECKING

from energy_impact.quantities import QUANTITIES
from energy_impact.text import special
from energy_impact.text.attached_places import is_whole
from energy_impact.text.candidate import Candidate
from energy_impact.text.clauses import is_break, is_one_clause
from energy_impact.text.context import Context, Decided, Surroundings
from energy_impact.text.counted import TABLED, Counted, Marked
from energy_impact.text.counted_beside import counted
from energy_impact.text.cues import cues, is_service
from energy_impact.text.dating import dated, note_times, period_start, zone_of
from energy_impact.text.discourse import is_headline, new_paragraphs, recalls, turn
from energy_impact.text.doubts import DOUBTS
from energy_impact.text.gazetteer import names_of
from energy_impact.text.governing import heading, opens_with_all
from energy_impact.text.labels import is_day
from energy_impact.text.lexicon import Sentence, lexicon_of, recognise_language
from energy_impact.text.numbers import amounts
from energy_impact.text.placing import is_named_later, note_places, placed, shared_by
from energy_impact.text.repeats import without_repeats
from energy_impact.text.services import is_future, is_served, service, whole
from energy_impact.text.speakers import speaker_of
from energy_impact.text.special import WEAPONS
from energy_impact.text.standing import beside, is_of_season, is_supposed, is_untrue
from energy_impact.text.tables import cell, columns_of, in_table
from energy_impact.text.times import times
from energy_impact.text.tokens import sentences
from energy_impact.text.wordings import wording_of
from energy_impact.units import WHOLE_UNITS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from energy_impact.places import Place
    from energy_impact.text.names import Names
    from energy_impact.text.special import Meant

CERTAIN = 0.96
"""Confidence in a figure that nothing makes doubtful. (set on sentences it was not tuned on)"""
LEAST = 0.4
"""Confidence below which a candidate is not returned."""
YEAR_REACH, YEAR_OPENS, FIRST_YEAR = 6, 4, 1990
"""Tokens within which a year speaks of an amount, those at the start of a sentence from where it speaks of all, and
the first number that is read as a year. (judgement)"""
HOURS_OF_DAY = 24
"""Largest number that may be one of hours."""


def find_candidates(
    text: str,
    *,
    published: datetime,
    whole_day: bool = False,
    language: str | None = None,
    places: Sequence[Place] | None = None,
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
    whole_day : bool
        Whether only the day of publication is known, so that all of it counts as past.
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
    marks = [_mark(part, names) for part in parts]
    context = _whole_text(marks, names)
    rows: list[Candidate] = []
    for marked, new in zip(marks, new_paragraphs(text, marks), strict=True):
        turn(context, marked, names, new=new)
        rows += _read(text, marked, context, names, published, whole_day=whole_day)
    headline = text.find("\n", parts[0].tokens[0].start) if parts and is_headline(parts[0]) else 0
    return without_repeats(rows, headline)


def _whole_text(marks: Sequence[Marked], names: Names) -> Context:
    """Return what is known before the first sentence: how often a text names each place and service."""
    context = Context()
    told = [marked for marked in marks if not recalls(marked)] or marks
    named = [(m.name, m.spoken) for marked in told for m in marked.places if is_whole(marked, m)]
    cities = [name for name, spoken in named if spoken != "network"]
    context.usual.update(cities or [name for name, _ in named])
    context.services.update(
        tag.value
        for marked in marks
        for tag in marked.sentence.of("service")
        if tag.value not in {"any", "hot"} and is_service(marked.sentence, tag)
        if not marked.sentence.tagged(tag.start, "any_grid")
    )
    american = any(names.zones.get(name) in special.AMERICAN for name in context.usual)
    context.fahrenheit = american and not any(marked.sentence.of("celsius") for marked in marks)
    return context


def _mark(sentence: Sentence, names: Names) -> Marked:
    stated = list(times(sentence))
    places = names.mentions(sentence)
    spans = [range(time.first, time.end) for time in stated]
    spans += [range(place.first, place.end) for place in places if place.spoken == "network"]
    taken = {at for span in spans for at in span}
    free = [amount for amount in amounts(sentence) if taken.isdisjoint(range(amount.first, amount.end))]
    free = [amount for amount in free if not is_day(sentence, amount)]
    return Marked(sentence, free, stated, places)


def _read(
    text: str, marked: Marked, context: Context, names: Names, published: datetime, *, whole_day: bool
) -> list[Candidate]:
    context.seen.update(mention.name for mention in marked.places if mention.name)
    context.speaker = speaker_of(marked.sentence, context.speaker)
    around = Surroundings(marked, counted(marked), cues(marked.sentence), context, names, published, whole_day)
    heading_of = columns_of(marked.sentence, around.found, context.system)
    context.columns = heading_of or context.columns
    read: list[tuple[Counted, Candidate]] = []
    done: list[Decided] = []
    for item in () if heading_of else around.items:
        meant = _meant(around, item, done)
        if meant is None or (meant.value is None and not item.amount.order and meant.kind != "stock"):
            continue
        row = _candidate(text, around, item, meant, read[-1][1] if read else None)
        if row is not None and row.confidence >= LEAST:
            read.append((item, row))
    rows = beside(marked.sentence, read)
    context.weapon = next((one.unit for one in done if one.unit in {"drones", "missiles"}), "")
    context.of_other = _counts_other(around, rows, context.of_other)
    if around.found and not rows:
        head = heading(around)
        context.state, context.system, context.unit = head or (context.state, context.system, context.unit)
        context.turned = context.turned and head is None
    note_times(around, rows)
    note_places(around, rows)
    return rows


def _counts_other(around: Surroundings, rows: Sequence[Candidate], before: bool) -> bool:
    """Whether what the text last counted as out was no figure, such as villages: lists that follow count them too."""
    others = [item for item in around.items if (item.how, item.unit) == ("other", "other")]
    if rows or not around.found:
        return before and not rows
    return bool(others) and any(cue.state == "out" for cue in around.found)


def _meant(around: Surroundings, item: Counted, done: list[Decided]) -> Meant | None:
    """Return what an amount means; note in `done` what was decided of it, for amounts that follow."""
    sentence = around.marked.sentence
    if in_table(sentence, around.context.columns):
        return cell(sentence, item, around.context.columns)
    degrees = special.temperature(sentence, item, around.items, fahrenheit=around.context.fahrenheit)
    if degrees is not None:
        future = is_future(around, item, item.end) or special.is_forecast(sentence, item)
        return None if future else degrees
    if _of_past_year(around, item) or is_untrue(sentence, item):
        return None
    if item.amount.whole and not (_stressed(around, item) or _says_where(around, item)):
        return whole(around, item, done)
    if item.how == "bare" and around.context.of_other and not (done or item.amount.share):
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
        return None if is_supposed(sentence, item) else special.hours_off(sentence, item, around.items)
    total = _is_total(around, item) or opens_with_all(around, item) or _is_before_part(around, item)
    meant = special.regions_cut(sentence, item) or special.weapons(sentence, item, unit, total=total)
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
    sentence = around.marked.sentence
    of_them = sentence.at("partly", item.amount.end) is not None and bool(sentence.of("intercepted"))
    if not done and (of_them or sentence.ending("intercepted", item.amount.first) is not None):
        return around.context.weapon if item.how == "bare" else ""
    if not done or done[-1].unit not in {"drones", "missiles"} or _is_casualty(sentence, item):
        return ""
    named = [one.unit for one in done if one.item.unit]
    last = max((one.item.end for one in done if one.item.unit), default=0)
    bare = [
        other
        for other in around.items
        if other.how == "bare" and other.amount.first >= last and not _is_casualty(sentence, other)
    ]
    return named[bare.index(item)] if item in bare and len(bare) == len(named) else done[-1].unit


def _is_casualty(sentence: Sentence, item: Counted) -> bool:
    """Whether a bare number counts people hurt: "killing four and injuring 15", "4 погибли"."""
    groups = ("casualty", "launched", "intercepted")
    words = sorted((tag for group in groups for tag in sentence.of(group)), key=lambda tag: tag.start)
    near = (tag for tag in words if item.end <= tag.start <= item.end + 2)
    after = next((tag for tag in near if is_one_clause(sentence, item.end, tag.start)), None)
    before = next((tag for tag in words[::-1] if tag.end <= item.amount.first), None)
    nearest = after or before
    return nearest is not None and nearest.group == "casualty"


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
    before = next((one for one in done[::-1] if item.total is None or one.item.total is not None), done[-1])
    same = f"{meant.quantity.rsplit('_', 1)[0]}_{before.state}"
    return replace(meant, quantity=same) if joined and plain and not comma and same in QUANTITIES else meant


def _stressed(around: Surroundings, item: Counted) -> bool:
    """Whether "all" only stresses a number beside it: "all Marlow County customers, 2,100", "die Hälfte aller"."""
    after = any(item.end <= other.amount.first <= item.end + 1 for other in around.items if not other.unit)
    return after or any(other.amount.share and other.amount.end == item.amount.first for other in around.items)


def _says_where(around: Surroundings, item: Counted) -> bool:
    """Whether "in all of" a place says where those counted next are: "во всей области без света 900 человек"."""
    led = around.marked.sentence.ending("place_before", item.amount.first) is not None
    after = next((other for other in around.items if other.amount.first >= item.end), None)
    counts = after is not None and after.how == "noun" and after.unit in TABLED and not after.amount.whole
    gap = range(item.end, after.amount.first if after else item.end)
    return led and counts and not any(around.marked.sentence.word(at) in {",", ";"} for at in gap)


def _of_past_year(around: Surroundings, item: Counted) -> bool:
    """Whether an amount is of a year that a few words before or after it name, earlier than the one before."""
    tokens, last = around.marked.sentence.tokens, around.published.year - 2
    counts = {other.amount.first for other in around.items if other.how == "noun"}
    before = range(max(0, item.amount.first - YEAR_REACH), item.amount.first)
    near = [
        tokens[at] for at in (*before, *range(item.end, min(item.end + YEAR_REACH, len(tokens)))) if at not in counts
    ]
    dates = [m for m in around.marked.times if m.parts.day is not None and m.parts.day.year <= last]
    if any(max(item.amount.first - m.end, m.first - item.end) <= YEAR_REACH for m in dates):
        return True
    dated = {at for mention in around.marked.times for at in range(mention.first, mention.end)}
    opening = (at for at in range(min(YEAR_OPENS, item.amount.first)) if at not in counts | dated)
    near += [tokens[at] for at in opening if not _is_parted(around, at, item.amount.first)]
    years = (token.text for token in near if token.kind == "number" and len(token.text) == len("2024"))
    return any(year.isdecimal() and FIRST_YEAR <= int(year) <= last for year in years)


def _is_parted(around: Surroundings, first: int, last: int) -> bool:
    """Whether "now", a semicolon or a word such as "but" stands among some tokens."""
    sentence = around.marked.sentence
    breaks = (at for at in range(first, last) if is_break(sentence, at) and sentence.word(at) != ",")
    return next(breaks, None) is not None or any(sentence.at("now", at) for at in range(first, last))


def _is_total(around: Surroundings, item: Counted) -> bool:
    """Whether another amount of the sentence is a part of an amount."""
    return any(other.total is not None and around.items[other.total] is item for other in around.items)


def _is_before_part(around: Surroundings, item: Counted) -> bool:
    """Whether a smaller bare number follows, of which alone "shot down" speaks: "104 drones, of them 80 shot down"."""
    after = next((other for other in around.items if other.amount.first >= item.end), None)
    if (
        not item.unit
        or after is None
        or after.how != "bare"
        or (after.amount.value or 0.0) >= (item.amount.value or 0.0)
    ):
        return False
    tags = around.marked.sentence.of("intercepted")
    return bool(tags) and all(tag.start >= after.amount.end for tag in tags)


def _candidate(
    text: str, around: Surroundings, item: Counted, meant: Meant, before: Candidate | None
) -> Candidate | None:
    sentence = around.marked.sentence
    wording = wording_of(sentence, item, flipped=meant.flipped)
    kind = wording.kind or meant.kind
    falls_to = kind == "minimum" and wording.qualifier == "up_to"
    value = -meant.value if wording.fewer and meant.value is not None else meant.value
    place = placed(around, item, meant)
    zone = zone_of(around, place)
    shared = shared_by(around, item, place) if QUANTITIES[meant.quantity].unit in WHOLE_UNITS else [place]
    several = ", ".join(map(str, shared)) if len(shared) > 1 else ""
    time, error, stated = dated(around, item, meant, wording, zone, before)
    start = period_start(around, item, kind, zone, time)
    later, seasonal = is_named_later(around, place), is_of_season(sentence, item)
    doubt = meant.doubt + DOUBTS["earlier"] * wording.earlier + DOUBTS["peak"] * wording.peak
    doubt += DOUBTS["place"] * (later or bool(several)) + DOUBTS["season"] * seasonal
    unsure = (
        "place named later" if later else "",
        f"{several} together" if several else "",
        "over a season, or in a past one" if seasonal else "",
    )
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
        place=shared[0] if len(shared) == 1 else None,
        time=time,
        time_uncertainty_h=error,
        period_start=start,
        claimed_by=around.context.speaker,
        confidence=round(CERTAIN * exp(-doubt), 2),
        reason="; ".join(filter(None, (meant.reason, *unsure, stated))),
        note=_note(around, item),
    )


def _note(around: Surroundings, item: Counted) -> str:
    """Return the total that an amount is part of, where nothing else is said of the total."""
    if item.total is None:
        return ""
    total = around.items[item.total]
    if total.amount.value is None or not is_served(around, total) or total.amount.share:
        return ""
    return f"of {total.amount.value:g} {total.unit} in all"
