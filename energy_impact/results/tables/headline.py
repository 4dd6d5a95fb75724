"""People first: how many are without service tonight, and how often such ranges held on real events."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pandas as pd

from energy_impact._language import again, day, digits, say, say_as, say_count
from energy_impact.quantities import COLD_LIMITS_C, QUANTITIES
from energy_impact.results import metrics, words
from energy_impact.results.record import held_of_100
from energy_impact.results.tables.reference import reference_event
from energy_impact.results.tables.shelter import at_night, evenings, in_cold_homes
from energy_impact.results.tables.summary import Interval, main_curves, main_curves_at
from energy_impact.systems import SYSTEMS

if TYPE_CHECKING:
    from energy_impact.results.members import Members

LEVEL_MEASURED = 0.9
"""Level of the ranges that were measured."""


class Tonight(NamedTuple):
    """Residents without a service at a place in a night: the most at once."""

    quantity: str
    place: str
    evening: pd.Timestamp
    people: Interval


def headline(estimate: Members, *, level: float) -> str:
    """Return in two sentences how many people are without service tonight, and how sure that is."""
    found = first_tonight(estimate, level=level)
    return "" if found is None else f"{tonight_words(found)} {how_sure(estimate, found.place, level)}".strip()


def status_text(estimate: Members) -> str:
    """Return people first, then what the fit came to; where no figure was used, that comes first."""
    parts = [headline(estimate, level=LEVEL_MEASURED), again(estimate.fit_text)]
    return " ".join(filter(None, parts if estimate.status != "prior only" else reversed(parts)))


def first_tonight(estimate: Members, *, level: float, place: str | None = None) -> Tonight | None:
    """Return the first of the main curves, at a place if given, as residents tonight.

    None if residents are unknown or the night is over.
    """
    for quantity, where in main_curves(estimate) if place is None else main_curves_at(estimate, [place]):
        people = _people(quantity)
        if (people, where) in estimate.available and QUANTITIES[people].unit == "people":
            nights = by_night(estimate, people, where, level=level, most=1)
            return nights[0] if nights else None
    return None


def _people(quantity: str) -> str:
    """Return the count of residents that a quantity speaks of: its own, else that of its system."""
    row = QUANTITIES[quantity]
    if row.people or row.unit == "people" or row.system is None:
        return row.people or quantity
    return SYSTEMS[row.system].people


def by_night(estimate: Members, quantity: str, place: str, *, level: float, most: int) -> list[Tonight]:
    """Return residents without a service in this night and the next, at most `most`, up to the horizon."""
    scenario = estimate.scenario
    curve = in_cold_homes(estimate, quantity, place) if quantity in COLD_LIMITS_C else estimate[quantity, place]
    night, evening = at_night(curve) & (curve.times >= scenario.now), evenings(curve)
    levels = metrics.central_levels(level)
    found = []
    for date in evening[night].unique()[:most]:
        draws = curve.draws[:, night & (evening == date)].max(axis=1)
        people = Interval(*(float(end) for end in metrics.quantiles(draws, levels)))
        found.append(Tonight(quantity, place, date, people))
    return found


def services(estimate: Members, place: str) -> list[str]:
    """Return the counts of residents without a service, or in homes below 16 degC, that are known at a place."""
    known = {quantity for quantity, where in estimate.available if where == place}
    return [name for name in (*(system.people for system in SYSTEMS.values()), "people_below_16c") if name in known]


def tonight_words(tonight: Tonight) -> str:
    """Return a night as a sentence."""
    low, middle, high = (rounded(end) for end in tonight.people)
    known = {
        "place": words.place(tonight.place),
        "what": words.lacking(tonight.quantity),
        "night": night_words(tonight.evening),
    }
    if tonight.people.high < 0.5:
        return say("Probably nobody in {place} is {what} in the night of {night}.", **known)
    if tonight.people.median < 0.5:
        return say("Probably nobody in {place} is {what} in the night of {night}, at most {high}.", high=high, **known)
    return say_count(
        "About {middle} people in {place} are {what} in the night of {night}; probably between {low} and {high}.",
        whole(tonight.people.median),
        low=low,
        middle=middle,
        high=high,
        **known,
    )


def night_words(evening: pd.Timestamp) -> str:
    """Return a night by its two days.

    Examples
    --------
    >>> night_words(pd.Timestamp("2026-01-31"))
    '31 January to 1 February'
    """
    end = evening + pd.Timedelta(days=1)
    first = f"{evening.day}" if evening.month == end.month else day(evening)
    return say_as("night", "{first} to {last}", first=first, last=day(end))


def how_sure(estimate: Members, place: str, level: float) -> str:
    """Return how often such ranges held on real events of the kind; empty for other levels than the measured one."""
    event = reference_event(estimate.scenario, place)
    if event is None or level != LEVEL_MEASURED:
        return ""
    held, what = held_of_100(event.kind)
    return say(
        "Ranges like this, meant to hold 9 times in 10, held {held} of 100 times on real {what}.",
        held=held,
        what=say_as("of real", what),
    )


def rounded(number: float) -> str:
    """Return a number of people to two or three digits, as in speech.

    Examples
    --------
    >>> rounded(804_321), rounded(1_713_000), rounded(12.4)
    ('804,000', '1.71 million', '12')
    """
    if number >= 1e6:
        return say("{number} million", number=digits(f"{whole(number) / 1e6:g}"))
    return digits(f"{whole(number):,.0f}")


def whole(number: float) -> int:
    """Return the whole number that `rounded` writes."""
    return round(float(f"{number:.3g}"))
