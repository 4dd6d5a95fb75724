"""Candidate figures of a text: one grammar for all languages, over the tags that a lexicon gives."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from energy_impact.text import attach, special
from energy_impact.text.candidate import Candidate
from energy_impact.text.counted import Counted, Marked, counted
from energy_impact.text.cues import Cue, cost, cues, nearest
from energy_impact.text.lexicon import Sentence, lexicon_of, recognise_language
from energy_impact.text.meaning import DEFAULT_UNITS, quantity_of
from energy_impact.text.names import Names, names_of
from energy_impact.text.numbers import amounts
from energy_impact.text.repeats import without_repeats
from energy_impact.text.special import Meant
from energy_impact.text.times import PUBLISHED_ERROR_H, times
from energy_impact.text.tokens import sentences
from energy_impact.text.wordings import Wording, wording_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime, tzinfo

    from energy_impact.places import Place
    from energy_impact.text.names import PlaceMention
    from energy_impact.text.times import TimeMention

CERTAIN = 0.97
"""Confidence in a figure that nothing makes doubtful. (tuned on sentences in tests/text)"""
DOUBTS = {
    "bare": 0.06,
    "inherited": 0.05,
    "before": 0.1,
    "far": 0.12,
    "system": 0.12,
    "carried": 0.2,
    "negated": 0.15,
    "future": 0.1,
    "several": 0.04,
    "earlier": 0.08,
    "total": 0.06,
    "share": 0.08,
    "peak": 0.1,
}
"""What each kind of doubt takes from it."""
COUNTRY_REACH = 6
"""Tokens within which "across the country" speaks of an amount. (judgement)"""
LISTED = 14
"""Tokens of the longest sentence that counts as a line of a list. (judgement)"""
LEAST = 0.3
"""Confidence below which a candidate is not returned."""
LEADING, GOVERNS = 4.0, 14.0
"""Cost up to which a cue before an amount leads it, and up to which one after its noun governs it. (judgement)"""
CROWD = 1000
"""Fewest people whose departure is a figure. (judgement)"""
FAR = 9.0
"""Cost of a cue from which it counts as far. (judgement)"""


@dataclass
class Context:
    """What the sentences before said: service, state, unit, place, time of the bulletin, day of the last sentence."""

    system: str = ""
    state: str = ""
    unit: str = ""
    place: str | None = None
    time: TimeMention | None = None
    day: TimeMention | None = None
    usual: Counter[str] = field(default_factory=Counter)
    services: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True)
class Reading:
    """The sentence at hand, and what is known around it."""

    marked: Marked
    items: Sequence[Counted]
    found: Sequence[Cue]
    context: Context
    names: Names
    published: datetime


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
    parts = [Sentence(tokens, lexicon) for tokens in sentences(text, lexicon.abbreviations, lexicon.after_ordinal)]
    names = names_of(places)
    names.learn(parts)
    context = Context()
    marks = [_mark(part, names) for part in parts]
    context.usual.update(mention.name for marked in marks for mention in marked.places)
    context.services.update(tag.value for part in parts for tag in part.of("service"))
    rows: list[Candidate] = []
    for marked in marks:
        rows += _read(text, marked, context, names, published)
    return without_repeats(rows)


def _mark(sentence: Sentence, names: Names) -> Marked:
    stated = list(times(sentence))
    taken = {at for mention in stated for at in range(mention.first, mention.end)}
    free = [amount for amount in amounts(sentence) if taken.isdisjoint(range(amount.first, amount.end))]
    return Marked(sentence, free, stated, names.mentions(sentence))


def _read(text: str, marked: Marked, context: Context, names: Names, published: datetime) -> list[Candidate]:
    reading = Reading(marked, counted(marked), cues(marked.sentence), context, names, published)
    rows: list[Candidate] = []
    done: list[tuple[Counted, str, str]] = []
    for item in reading.items:
        meant = _meant(reading, item, done)
        if meant is None or (meant.value is None and not item.amount.order and meant.kind != "stock"):
            continue
        row = _candidate(text, reading, item, meant)
        if row is not None and row.confidence >= LEAST:
            rows.append(row)
    anchor = next((mention for mention in marked.times if mention.role == "as_of"), None)
    if anchor is not None and (context.time is None or _is_later(anchor, context.time, published)):
        context.time = anchor
    stated = next((mention for mention in marked.times if mention.names_day and mention.role == "at"), None)
    context.day = stated if stated is not None and stated.first <= 1 else context.day if rows else None
    if reading.found and not rows and reading.found[-1].systems:
        context.state, context.system, context.unit = reading.found[-1].state, reading.found[-1].systems[0], ""
    sure = [mention.name for mention in marked.places if mention.sure]
    if sure:
        context.place = sure[0]
    return rows


def _is_later(mention: TimeMention, other: TimeMention, published: datetime) -> bool:
    zone = published.tzinfo or UTC
    return mention.moment(published, zone)[0] >= other.moment(published, zone)[0]


def _meant(reading: Reading, item: Counted, done: list[tuple[Counted, str, str]]) -> Meant | None:
    """Return what an amount means; note in `done` what was decided of it, for amounts that follow."""
    sentence = reading.marked.sentence
    degrees = special.temperature(sentence, item, reading.items)
    if degrees is not None:
        return None if _is_future(reading, item, item.end) else degrees
    if item.how == "other" or item.unit in {"degrees", "fahrenheit"} or item.amount.signed:
        return None
    last_unit = done[-1][1] if done else ""
    unit = item.unit or (last_unit if last_unit in {"drones", "missiles"} else "")
    if unit == "hours":
        return special.hours_off(sentence, item, reading.items)
    meant = special.regions_cut(sentence, item) or special.weapons(sentence, item, unit)
    if meant is not None:
        done.append((item, unit, "weapons"))
        return meant
    return None if unit in {"drones", "missiles", "munitions", "regions"} else _service(reading, item, done)


def _service(reading: Reading, item: Counted, done: list[tuple[Counted, str, str]]) -> Meant | None:
    """Return what a count of customers, buildings or people means."""
    sentence, context = reading.marked.sentence, reading.context
    cue, away, doubt = _cue(reading, item, done)
    remaining = any(sentence.ending("remaining", at) for at in (item.amount.first, item.amount.first - 1))
    if cue is None or (_is_future(reading, item, max(cue.end, item.end), cue) and not remaining):
        return None
    if _is_served(reading, item) or _is_denied(reading, item):
        return None
    state = "out" if remaining else cue.state
    system = cue.systems[0] if cue.systems else _system(reading, cue)
    if not system and item.unit in {"customers", "households", "homes"}:
        system, doubt = "power", doubt + DOUBTS["system"]
    if not system:
        return None
    doubt += DOUBTS["system"] * (not cue.systems) + DOUBTS["several"] * (len(set(cue.systems)) > 1)
    doubt += DOUBTS["negated"] * cue.negated + DOUBTS["far"] * min(1.0, max(0.0, away - FAR) / FAR)
    unit, less = _unit(reading, item, done, system)
    share = item.amount.share
    value, flip = item.amount.value, share and state == "back" and unit == "place"
    if flip and value is not None:
        value, state = 1 - value, "out"
    unit = "people" if unit == "place" else unit
    quantity = quantity_of(system, state, unit, share=share)
    if quantity is None:
        return None
    done.append((item, unit, state))
    context.system, context.state, context.unit = system, state, "" if share else unit
    doubt += less + DOUBTS["share"] * share
    kind = "flow" if quantity.endswith("_restored") and not share else "stock"
    reason = " ".join(token.text for token in sentence.tokens[cue.first : cue.end][:6])
    return Meant(quantity, value, item.amount.high, kind, doubt, f"“{reason}”" + (" flipped" if flip else ""))


def _cue(reading: Reading, item: Counted, done: list[tuple[Counted, str, str]]) -> tuple[Cue | None, float, float]:
    """Return the cue that speaks of an amount, its cost, and the doubt in the choice."""
    sentence, others = reading.marked.sentence, reading.marked.amounts
    found = [cue for cue in reading.found if _may_count(cue, item)]
    if item.total is not None and sentence.at("relative", item.end) and len(found) > 1:
        first = nearest(sentence, item.amount, item.end, found, others)
        found = [cue for cue in found if first is None or cue is not first[0]]
    best = _leading(reading, item, nearest(sentence, item.amount, item.end, found, others))
    if any(sentence.at("lack", at) and not _in_cue(found, at) for at in (item.end, item.end + 1)):
        return None, 0.0, 0.0
    if done and item.how == "bare":
        last, _, _ = done[-1]
        between = any(last.end <= cue.first < item.amount.first for cue in found)
        before = nearest(sentence, last.amount, last.end, found, others)
        if before is not None and not between and before[0].first < last.amount.first:
            return before[0], cost(sentence, last.amount, last.end, before[0], others), DOUBTS["inherited"]
    if best is not None:
        return best[0], best[1], 0.0
    return _carried(reading, item)


def _may_count(cue: Cue, item: Counted) -> bool:
    """Whether a state counts what an amount counts: only a crowd departs, only buildings are drained."""
    if cue.state == "departed":
        crowd = item.amount.value is None or item.amount.share or item.amount.value >= CROWD
        return item.unit == "people" and crowd
    return cue.state != "drained" or item.unit in {"buildings", "homes", ""}


def _leading(reading: Reading, item: Counted, best: tuple[Cue, float] | None) -> tuple[Cue, float] | None:
    """
    Return the cue that governs an amount, in place of one that only describes it.

    That is "restored power to" before it where "affected" comes after, the words after the noun where "affected" stands
    between amount and noun, and "without heat" after it where "left" stands before.
    """
    sentence, others = reading.marked.sentence, reading.marked.amounts
    if best is None:
        return best
    qualifier = sentence.ending("qualifier", item.amount.first)
    left = sentence.ending("left", qualifier.start if qualifier else item.amount.first) is not None
    if item.amount.first <= best[0].first < item.end or (left and best[0].first < item.amount.first):
        later = [cue for cue in reading.found if cue.first >= item.end]
        after = nearest(sentence, item.amount, item.end, later, others)
        return after if after is not None and after[1] <= GOVERNS else best
    if not best[0].vague or best[0].first < item.end:
        return best
    before = [cue for cue in reading.found if cue.end <= item.amount.first]
    led = nearest(sentence, item.amount, item.end, before, others)
    return led if led is not None and led[1] <= LEADING else best


def _in_cue(found: Sequence[Cue], at: int) -> bool:
    return any(cue.first <= at < cue.end for cue in found)


def _carried(reading: Reading, item: Counted) -> tuple[Cue | None, float, float]:
    """Return what the sentence before said, for an amount in a list or a sentence that goes on from it."""
    context, sentence = reading.context, reading.marked.sentence
    row = item.how == "bare" and bool(reading.marked.places) and _is_cell(sentence, item, reading.marked.places)
    moved = (*sentence.of("earlier"), *sentence.of("peak"), *sentence.of("moved"), *sentence.of("lowest"))
    row = row or (item.how == "bare" and any(0 <= item.amount.first - tag.end <= 3 for tag in moved))
    same = row or (item.unit in {context.unit, "customers", "households", "buildings"} and context.state == "out")
    same = same or (item.unit == context.unit and bool(item.unit) and len(sentence.tokens) <= LISTED)
    if not context.state or not same or item.amount.share or context.state in {"drained", "departed"}:
        return None, 0.0, 0.0
    cue = Cue(item.amount.first, item.amount.first, context.state, (context.system,))
    listed = len(sentence.tokens) <= LISTED
    return cue, 0.0, DOUBTS["carried"] * (1.0 if listed else 1.5)


def _is_cell(sentence: Sentence, item: Counted, places: Sequence[PlaceMention]) -> bool:
    """Whether a bare number stands alone as in a row of a table: between marks, or at the end."""
    marks = {":", "–", "—", "-", "|", "(", ")", ",", ";", ".", "•"}
    first, end = item.amount.first, item.amount.end
    led = first > 0 and (sentence.word(first - 1) in marks or sentence.ending("qualifier", first) is not None)
    led = led or any(mention.end == first for mention in places)
    return led and (end == len(sentence.tokens) or sentence.word(end) in marks)


def _system(reading: Reading, cue: Cue) -> str:
    """Return the service of a cue that names none: the one its sentence names, or the one spoken of before."""
    named = {tag.value for tag in reading.marked.sentence.of("service")}
    named |= {other.systems[0] for other in reading.found if other.systems and other is not cue}
    if len(named) == 1:
        return named.pop()
    services = reading.context.services.most_common(1)
    return reading.context.system or (services[0][0] if services else "")


def _unit(reading: Reading, item: Counted, done: list[tuple[Counted, str, str]], system: str) -> tuple[str, float]:
    """Return the unit that an amount counts, and the doubt in it."""
    unit = item.unit
    if unit == "homes":
        small = item.amount.value is not None and item.amount.value < 10_000
        return ("customers", 0.0) if system != "heat" else ("buildings", 0.3) if small else ("households", 0.1)
    if unit:
        return unit, DOUBTS["before"] * (item.how == "before")
    if item.amount.share:
        return "people", DOUBTS["bare"]
    if item.amount.order and not done:
        return "people", DOUBTS["bare"]
    if done and done[-1][2] != "weapons":
        return done[-1][1], DOUBTS["inherited"]
    if reading.context.unit and reading.context.system == system:
        return reading.context.unit, DOUBTS["bare"]
    return DEFAULT_UNITS[system], 2 * DOUBTS["bare"]


def _is_served(reading: Reading, item: Counted) -> bool:
    """Whether an amount is the total that another is part of, with nothing said of the total itself."""
    at = next(i for i, other in enumerate(reading.items) if other is item)
    part = next((other for other in reading.items if other.total == at), None)
    if part is None:
        return False
    sentence = reading.marked.sentence
    end = next((i for i in range(item.end + 1, len(sentence.tokens)) if sentence.word(i) in {",", ";"}), 10**6)
    clauses = sum(item.amount.first <= cue.first < end for cue in reading.found)
    own = (sentence.at("relative", item.end) or sentence.word(item.end) == ",") and clauses > 1
    return not (own or part.amount.share)


def _is_denied(reading: Reading, item: Counted) -> bool:
    """Whether an amount counts casualties, damage or the area of emergency cuts, or stands after "not all of"."""
    sentence, first = reading.marked.sentence, item.amount.first
    before = sentence.ending("qualifier", first)
    start = before.start if before else first
    if any(0 <= start - tag.end <= 1 for tag in sentence.of("negation")):
        return True
    if item.amount.share and sentence.of("emergency"):
        return True
    if item.unit == "buildings" and _is_hurt(reading, item, "damage"):
        return True
    if item.unit not in {"people", ""} or item.amount.share:
        return False
    return _is_hurt(reading, item, "casualty")


def _is_hurt(reading: Reading, item: Counted, group: str) -> bool:
    """Whether a word such as "injured" or "damaged" speaks of an amount, nearer than any word on a service."""
    sentence, first, end = reading.marked.sentence, item.amount.first, item.end
    others = [other.first for other in reading.marked.amounts if other.first != first]
    for tag in sentence.of(group):
        gap = range(end, tag.start) if tag.start >= end else range(tag.end, first)
        closer = any(cue.first in gap for cue in reading.found)
        if len(gap) <= 4 and not closer and not any(other in gap for other in others):
            return True
    return False


def _is_future(reading: Reading, item: Counted, end: int, cue: Cue | None = None) -> bool:
    """Whether the clause of an amount speaks of what may or will be."""
    sentence = reading.marked.sentence
    first = min(item.amount.first, cue.first) if cue else item.amount.first
    start = first
    while start > 0 and sentence.word(start - 1) not in {",", ";", ":"} and not sentence.at("but", start - 1):
        start -= 1
    if any(start <= tag.start < end for tag in sentence.of("condition")):
        return False
    if cue is not None and cue.state == "out" and sentence.at("relative", item.end) is not None:
        return False
    if cue is None or not item.end <= cue.first <= item.end + 2:
        end = max(end, item.end + 2)
    while sentence.lexicon.verb_last and end < len(sentence.tokens) and sentence.word(end) not in {",", ";", ":"}:
        end += 1
    verbs = any(start <= tag.start < end for tag in sentence.of("forecast"))
    tomorrow = any(start <= m.first <= end + 4 and (m.parts.offset or 0) > 0 for m in reading.marked.times)
    return verbs or tomorrow


def _candidate(text: str, reading: Reading, item: Counted, meant: Meant) -> Candidate | None:
    sentence = reading.marked.sentence
    wording = wording_of(sentence, item, flipped=meant.reason.endswith(" flipped"))
    kind = wording.kind or meant.kind
    value = -meant.value if wording.fewer and meant.value is not None else meant.value
    mention = attach.place_of(reading.marked, item, reading.names.given)
    stated_place = mention.name if mention and (mention.sure or mention.first == 0) else None
    place = _place(reading, item, meant, stated_place) or (mention.name if mention else None)
    zone = _zone(reading.names, place, reading.published)
    time, error, stated = _time(reading, item, wording, zone)
    start = _period_start(reading, item, kind, zone)
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
        qualifier=wording.qualifier,
        kind=kind,
        unit="share" if item.amount.share else "count",
        place=place,
        time=time,
        time_uncertainty_h=error,
        period_start=start,
        claimed_by=None,
        confidence=round(max(0.05, CERTAIN - doubt), 2),
        reason=f"{meant.reason.removesuffix(' flipped')}; {stated}",
        note=_note(reading, item),
    )


def _place(reading: Reading, item: Counted, meant: Meant, stated: str | None) -> str | None:
    """Return the place of an amount: the country where its words say so and for attacks, else as stated or before."""
    context, sentence = reading.context, reading.marked.sentence
    country = next((name for name, _ in context.usual.most_common() if name in reading.names.countries), None)
    wide = any(0 <= tag.start - item.end <= COUNTRY_REACH for tag in sentence.of("whole_country"))
    attack = meant.quantity.endswith(("_launched", "_intercepted"))
    if country and (wide or (attack and stated not in reading.names.zones)):
        return country
    usual = context.usual.most_common(1)
    return stated or context.place or (usual[0][0] if usual else None)


def _zone(names: Names, place: str | None, published: datetime) -> tzinfo:
    zone = names.zones.get((place or "").removesuffix(" region"))
    return ZoneInfo(zone) if zone else published.tzinfo or UTC


def _time(reading: Reading, item: Counted, wording: Wording, zone: tzinfo) -> tuple[datetime | None, float, str]:
    """Return the time of an amount, its possible error and the ground for it."""
    sentence = reading.marked.sentence
    deadline = bool(sentence.of("forecast"))
    past = wording.earlier and not wording.peak
    part = item.how == "bare" and any(0 <= item.amount.first - tag.end <= 6 for tag in sentence.of("partly"))
    shared = part or wording.kind == "change" or item.unit in {"drones", "missiles", "munitions"}
    mention = attach.time_of(reading.marked, item, earlier=past, deadline=deadline, anywhere=shared)
    published = reading.published.astimezone(UTC)
    if mention is not None:
        time, error = mention.moment(reading.published, zone)
        if time <= published + timedelta(hours=1):
            return time, error, "time as stated"
    if past:
        return None, 0.0, "of an earlier time that is not stated"
    before = reading.context.day if not sentence.of("now") else None
    carried = before or reading.context.time
    if carried is not None:
        time, error = carried.moment(reading.published, zone)
        if time <= published:
            return time, error, "time as stated before"
    return published, PUBLISHED_ERROR_H, "time of publication"


def _period_start(reading: Reading, item: Counted, kind: str, zone: tzinfo) -> datetime | None:
    mention = None
    if kind == "change":
        mention = attach.compared_with(reading.marked, item)
    elif kind in {"flow", "maximum", "minimum"}:
        mention = attach.since_of(reading.marked, item)
    if mention is None:
        return None
    start = mention.moment(reading.published, zone)[0]
    return start if start < reading.published else None


def _note(reading: Reading, item: Counted) -> str:
    """Return the total that an amount is part of, where nothing else is said of the total."""
    if item.total is None:
        return ""
    total = reading.items[item.total]
    if total.amount.value is None or not _is_served(reading, total) or total.amount.share:
        return ""
    return f"of {total.amount.value:g} {total.unit} in all"
