"""Where an amount was so: the place that its words name, else what was spoken of before."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from energy_impact.text.attached_places import is_governed, is_office, is_whole, lists_parts, place_of, together_with
from energy_impact.text.datelines import is_dateline, is_of_agency
from energy_impact.text.regions import is_oblast
from energy_impact.text.special import ATTACK
from energy_impact.text.tables import in_table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from energy_impact.text.candidate import Candidate
    from energy_impact.text.context import Context, Surroundings
    from energy_impact.text.counted import Counted, Marked
    from energy_impact.text.place_mention import PlaceMention
    from energy_impact.text.special import Meant

LEAD = 2
"""Paragraphs after a headline that may say that its "Marlow" is the region. (judgement)"""
LISTED_PARTS = 3
"""Places that a sentence without figures lists as parts of the place spoken of, which stays. (judgement)"""
PLANT_REACH = 3
"""Tokens from a substation to the place that it stands in. (judgement)"""
COUNTRY_REACH = 6
"""Tokens within which "across the country" speaks of an amount. (judgement)"""


def placed(around: Surroundings, item: Counted, meant: Meant) -> str | None:
    """Return the place of an amount; None where the text names none."""
    if _is_near(around, item, "whole_state"):
        return _state(around)
    mention = place_of(around.marked, item, around.names.given, around.names.countries)
    if mention is None and in_table(around.marked.sentence, around.context.columns):
        return None
    if mention is not None and not mention.name and mention.spoken:
        return _spoken_of(around, mention)
    if mention is not None and lists_parts(around.marked, mention):
        return _spoken_of(around, replace(mention, spoken="city")) or mention.name
    network = mention is not None and mention.spoken == "network"
    stated = mention.name if mention and (mention.sure or (mention.first == 0 and not network)) else None
    if mention is not None and around.context.place and is_of_agency(around.marked, mention):
        return around.context.place
    stated = mention.name if mention and _of_network(around, item, mention) else stated
    stated = _whole_of(around, stated, part=mention is not None and mention.spoken == "part")
    if mention is not None and is_governed(around.marked, mention):
        stated = around.names.region_of(stated) or stated
    if mention is not None and around.context.place and is_office(around.marked, mention):
        stated = around.context.place if around.names.region_of(around.context.place) == stated else stated
    return _place(around, item, meant, stated) or (mention.name or None if mention else None)


def shared_by(around: Surroundings, item: Counted, place: str | None) -> list[str | None]:
    """
    Return the places that an amount at a place is of: all of a list, such as "Marlow and Tarn counties".

    Of a city and the region around it that is the region.
    """
    mention = place_of(around.marked, item, around.names.given, around.names.countries)
    if mention is None or mention.name != place:
        return [place]
    names = list(dict.fromkeys(one.name for one in together_with(around.marked, mention, item)))
    return [name for name in names if around.names.region_of(name) not in {*names} - {name}]


def _of_network(around: Surroundings, item: Counted, mention: PlaceMention) -> bool:
    """Whether an operator's area is that of an amount: of its customers, or where no city is spoken of."""
    if mention.spoken != "network":
        return False
    place = around.context.place
    own = item.amount.first <= mention.first < item.end
    return own or place is None or not around.names.may_be_city(place)


def _whole_of(around: Surroundings, name: str | None, *, part: bool) -> str | None:
    """Return the city spoken of for one of its districts or, a `part`, quarters; any other place as it is."""
    context, names = around.context, around.names
    if part and not (context.place and names.may_be_city(context.place)):
        return name
    if name is None or not (part or names.is_part(name)):
        return name
    cities = (context.place, context.city, context.topic, _usual(context, names.countries))
    return next((city for city in cities if city and names.may_be_city(city)), name)


def _place(around: Surroundings, item: Counted, meant: Meant, stated: str | None) -> str | None:
    """Return the place of an amount: the country where its words say so and for attacks, else as stated or before."""
    context, sentence = around.context, around.marked.sentence
    usual = _usual(context, around.names.countries)
    ranked = (context.place, *(name for name, _ in context.usual.most_common()))
    country = next((name for name in ranked if name in around.names.countries), None)
    if _is_near(around, item, "whole_country"):
        country = country or around.names.country_of(stated or context.place or usual)
        if country:
            return country
    listed = (stated or "").removesuffix(" region") in around.names.zones
    if meant.quantity == "regions_in_emergency_cuts" or (meant.is_attack and not listed):
        return country or around.names.country_of(context.place or usual) or stated
    word = sentence.at("pronoun", 0)
    total = word is not None and word.value == "total"
    if total and item.how == "bare":
        return stated
    return stated or (context.topic if total else None) or context.place or usual


def _state(around: Surroundings) -> str | None:
    """Return the state that a sentence or the text names, which "statewide" means; None for none."""
    context, names = around.context, around.names
    named = (mention.name for mention in around.marked.places)
    usual = (name for name, _ in context.usual.most_common())
    return next((name for name in (*named, context.topic, context.place, *usual) if name in names.areas), None)


def _is_near(around: Surroundings, item: Counted, group: str) -> bool:
    """Whether words such as "nationwide" stand near an amount, and are none of the next: "300, nationwide 900"."""
    sentence, counts = around.marked.sentence, {amount.first for amount in around.marked.amounts}
    for tag in sentence.of(group):
        gap = range(item.end, tag.start)
        parted = tag.end in counts and any(sentence.word(at) in {",", ";"} for at in gap)
        after = tag.start >= item.end and not parted and len(gap) <= COUNTRY_REACH
        if after or 0 <= item.amount.first - tag.end <= COUNTRY_REACH:
            return True
    return False


def _spoken_of(around: Surroundings, mention: PlaceMention) -> str | None:
    """Return what "there", "the city" or "the region" means: that of its sentence, else the one spoken of before."""
    context, names, kind = around.context, around.names, mention.spoken
    before = [other for other in around.marked.places if other.end <= mention.first and other.spoken != "network"]
    own = [other.name for other in before if other.name]
    if kind == "capital":
        country = names.country_of(context.place or _usual(context, names.countries))
        kind, capital = "city", names.centre_of(country)
        if capital:
            return capital
    if kind == "there":
        return own[-1] if own else context.near or context.place
    if own and kind == "city":
        return names.centre_of(own[-1]) or own[-1]
    regions = [name for name in own if is_oblast(name)]
    if own and kind == "region":
        return regions[-1] if regions else names.region_of(own[-1]) or own[-1]
    if kind == "region" and (around_city := names.region_of(context.place)):
        return around_city
    wide = next((name for name in (context.place, context.topic) if name and is_oblast(name)), None)
    if kind == "region" and wide:
        return wide
    centre = names.centre_of(context.place) if kind == "city" and is_oblast(context.place or "") else None
    if centre and not (context.city and context.city == context.near):
        return centre
    fits = names.may_be_city if kind == "city" else is_oblast
    named = (name for name, _ in context.usual.most_common() if fits(name))
    return (context.city if kind == "city" else context.region) or next(named, None)


def _usual(context: Context, countries: frozenset[str]) -> str | None:
    """Return the place that a text names most, rather no country; None where several are named as often."""
    ranked = sorted(context.usual.items(), key=lambda place: (-place[1], place[0] in countries))
    tied = len(ranked) > 1 and (ranked[0][0] in countries, ranked[0][1]) == (ranked[1][0] in countries, ranked[1][1])
    return ranked[0][0] if ranked and not tied else None


def is_named_later(around: Surroundings, place: str | None) -> bool:
    """Whether a place is one that only later sentences name, and none so far lies in it or around it."""
    context, names = around.context, around.names
    if place in context.seen or place not in context.usual:
        return False
    near = {other for name in context.seen for other in (name, names.centre_of(name), names.region_of(name))}
    near |= {names.country_of(name) for name in context.seen}
    return place not in near


def _only_said(around: Surroundings, mention: PlaceMention, rows: Sequence[Candidate]) -> bool:
    """Whether a place is that of who writes or speaks, or the country of a raid, and another one is spoken of."""
    attacks = all(row.quantity.endswith(ATTACK) for row in rows)
    country = mention.name in around.names.countries and attacks
    if len(around.marked.places) > 1 and is_dateline(around.marked, mention, around.names.countries):
        return True
    writes = is_office(around.marked, mention) or is_of_agency(around.marked, mention)
    return around.context.place is not None and (country or writes or _of_plant(around.marked, mention))


def _of_plant(marked: Marked, mention: PlaceMention) -> bool:
    """Whether a place is that of a plant or a line that failed, right after it: "the substation in Marlow"."""
    return any(0 <= mention.first - tag.end <= PLANT_REACH for tag in marked.sentence.of("electric"))


def _spoken_first(marked: Marked) -> str:
    """Return which kind of place a sentence speaks of first, as in "in the city"; empty where it names one."""
    return marked.places[0].spoken if marked.places and not marked.places[0].name else ""


def _opens_with(marked: Marked, rows: Sequence[Candidate]) -> bool:
    """Whether a sentence opens with "in the region" and counts more than degrees, or with a "there" that is a place."""
    there = _spoken_first(marked) == "there" and marked.sentence.lexicon.capital_nouns
    return there or (
        _spoken_first(marked) in {"region", "city"} and any(not row.quantity.endswith("_c") for row in rows)
    )


def note_places(around: Surroundings, rows: Sequence[Candidate]) -> None:
    """Note the places of a sentence for those that follow."""
    context, marked, names = around.context, around.marked, around.names
    whole = [m for m in marked.places if m.sure and is_whole(marked, m) and not _only_said(around, m, rows)]
    sure = [_whole_of(around, m.name, part=m.spoken == "part") for m in whole]
    of_rows = {row.place for row in rows if not row.quantity.endswith(ATTACK)}
    main = next((name for name in sure if of_rows == {name}), sure[0] if sure else None)
    listed = context.place is not None and not rows and len(set(sure)) >= LISTED_PARTS
    if main and marked.places[0].name and not listed:
        if context.paragraphs <= LEAD and (main == f"{context.topic} region" or (context.topic == "" and of_rows)):
            context.topic = main
        alike = {name for name in sure if name and is_oblast(name) == is_oblast(main)}
        several = not rows and len(alike) > 1 and context.place is not None
        context.place = context.place if several else main
    elif rows and any(m.spoken == "network" and {m.name} == of_rows for m in marked.places):
        context.place = rows[0].place
    elif context.place is None and marked.places and marked.places[0].spoken == "network":
        context.place = marked.places[0].name
    elif _opens_with(marked, rows):
        context.place = _spoken_of(around, marked.places[0]) or context.place
    named = [m for m in marked.places if m.sure and names.is_city(marked.sentence, m)]
    cities = [m.name for m in named if not (context.city and _of_plant(marked, m))]
    context.region = next((m.name for m in marked.places[::-1] if m.sure and is_oblast(m.name)), context.region)
    context.city = context.place if context.place in cities else cities[-1] if cities else context.city
    near = (_whole_of(around, m.name, part=m.spoken == "part") for m in marked.places[::-1] if m.sure)
    context.near = next(near, context.near)
