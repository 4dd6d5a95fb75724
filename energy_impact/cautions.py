"""What to know before using the intervals of a run: warnings that follow from its scenario and its size."""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING

import pandas as pd

from energy_impact._language import lasting, say, say_as, say_count
from energy_impact.model.spread import closed_loops
from energy_impact.places import states_timezone
from energy_impact.quantities import COLD_LIMITS_C, QUANTITIES
from energy_impact.systems import FEEDBACKS, FOLLOWS
from energy_impact.weather import FIGURE_REACH_H, PRIOR_MEAN_C, PRIOR_SD_K, published_temperatures

if TYPE_CHECKING:
    from energy_impact.prepare import Prepared
    from energy_impact.scenario import Scenario

LARGEST_ERROR = 0.03
"""Standard error of the ends of a 90 % interval, as a share of what may come, beyond which a run warns (judgement)."""
LEAST_FOR_90 = 19
"""Fewest members whose lowest and highest hold 90 % of what may come: (n - 1) / (n + 1)."""
FAR_TOO_MANY = 2.0
"""Residents or accounts in all buildings over those of the place, the least over the most, that warn (judgement)."""
MOST_NAMED = 5
"""Most places that a warning names."""
COLD = {*COLD_LIMITS_C, "indoor_temperature_c"}


def cautions(scenario: Scenario, prepared: Prepared, members: int) -> tuple[str, ...]:
    """Return the warnings of a run."""
    of_events = (*_repeated(scenario), *_late(scenario), *_that_may_come(scenario), *_idle_truces(scenario))
    of_scenario = (*_on_no_clocks(scenario), *_crowded(scenario, prepared), *of_events)
    return (*few_members(members), *_default_weather(scenario, prepared), *of_scenario)


def loops(scenario: Scenario, prepared: Prepared) -> tuple[str, ...]:
    """Return a warning per place and loop of systems that need each other in full."""
    slots = prepared.layout.by_name
    found = []
    for index, leaf in enumerate(scenario.leaves):
        needs = {
            (name, "power"): float(slots[follows.dependence].medians[0])
            for name, follows in FOLLOWS.items()
            if follows.dependence in slots
        }
        for feedback, share in prepared.plan.feedback.items():
            need = FEEDBACKS[feedback]
            needs[need.needing, need.needed] = float(share[index])
        found += [lasting(_loop_text, leaf.name, tuple(loop)) for loop in closed_loops(needs)]
    return tuple(found)


def _loop_text(place: str, loop: tuple[tuple[str, str], ...]) -> str:
    needs = [
        say("{needing} needs {needed}", needing=say_as("system", needing), needed=say_as("system", needed))
        for needing, needed in loop
    ]
    return say(
        "{place}: {needs}, each nearly in full: once all are down, none can restart another.",
        place=say_as("place", place),
        needs=", ".join(needs),
    )


def few_members(members: int) -> tuple[str, ...]:
    """
    Return a warning with the error of a 90 % interval if it is of few members.

    The share of the truth below its lower end has the standard error of a binomial share of 5 %. No interval of n
    exchangeable members holds the next draw with more than (n - 1) / (n + 1).

    Examples
    --------
    >>> few_members(2)[0]
    '2 simulated courses: a 90 % interval ends with an error of 15 % of what may come, and holds at most 33 %.'
    >>> few_members(64)
    ()
    """
    error = math.sqrt(0.05 * 0.95 / members)
    if error <= LARGEST_ERROR:
        return ()
    return (lasting(_of_few, members, error),)


def _of_few(members: int, error: float) -> str:
    if members >= LEAST_FOR_90:
        return say(
            "{members} simulated courses: a 90 % interval ends with an error of {error:.0f} % of what may come.",
            members=members,
            error=100 * error,
        )
    return say(
        "{members} simulated courses: a 90 % interval ends with an error of {error:.0f} % of what may come, and holds "
        "at most {most:.0f} %.",
        members=members,
        error=100 * error,
        most=100 * (members - 1) / (members + 1),
    )


def _default_weather(scenario: Scenario, prepared: Prepared) -> tuple[str, ...]:
    """Return a warning if the outdoor temperature is that of the prior and an answer rests on it."""
    if scenario.weather is not None or not any(quantity in COLD for quantity, _ in prepared.available):
        return ()
    reach = pd.Timedelta(hours=FIGURE_REACH_H)
    first, last = scenario.start - reach, scenario.end + reach
    if any(first <= figure.time <= last for figure in published_temperatures(scenario.figure_records)):
        return ()
    return (lasting(_of_prior_weather),)


def _of_prior_weather() -> str:
    return say(
        "No weather and no outdoor temperature is given: {mean:g} ± {spread:g} °C is taken everywhere, whatever the "
        "season and the place; indoor temperatures and people in cold homes rest on that.",
        mean=PRIOR_MEAN_C,
        spread=PRIOR_SD_K,
    )


def _on_no_clocks(scenario: Scenario) -> tuple[str, ...]:
    """Return a warning if no timezone is given for a place."""
    unknown = tuple(leaf.name for leaf in scenario.leaves if not states_timezone(leaf))
    return (lasting(_of_no_clocks, unknown),) if unknown else ()


def _of_no_clocks(places: tuple[str, ...]) -> str:
    named = ", ".join(say_as("place", place) for place in places[:MOST_NAMED]) + ", …" * (len(places) > MOST_NAMED)
    return say("No timezone is given for {places}: nights and all times are those of UTC.", places=named)


def _crowded(scenario: Scenario, prepared: Prepared) -> tuple[str, ...]:
    """Return a warning for each place and number per building by which its buildings hold far more than there are."""
    found = {}
    for quantity, place in prepared.available:
        size, leaf = QUANTITIES[quantity].size, scenario.place(place)
        if size is None or size.times is None or size.over is not None or leaf.parts:
            continue
        buildings, known = leaf.stock_range(size.stock), leaf.stock_range(_TOTALS[size.times])
        if buildings is None or known is None:
            continue
        each = getattr(leaf, size.times)[0]
        if buildings[0] * each > FAR_TOO_MANY * known[1]:
            found[place, size.stock, size.times] = lasting(_of_crowded, place, size.times, buildings[0], each, known[1])
    return tuple(found.values())


_TOTALS = {"residents_per_building": "residents", "customers_per_building": "power_customers"}
"""Stock that all buildings together can hardly exceed, by number per building."""


def _of_crowded(place: str, ratio: str, buildings: float, each: float, most: float) -> str:
    known = {"place": say_as("place", place), "ratio": ratio, "each": each, "buildings": buildings, "most": most}
    if ratio == "residents_per_building":
        return say(
            "{place}: {buildings:,.0f} buildings with {each:g} residents each, or more, hold over twice its residents, "
            "{most:,.0f}. Is {ratio} right? If left out, it is that of large blocks.",
            **known,
        )
    return say(
        "{place}: {buildings:,.0f} buildings with {each:g} accounts each, or more, hold over twice its accounts, "
        "{most:,.0f}. Is {ratio} right? If left out, it is that of large blocks.",
        **known,
    )


def _repeated(scenario: Scenario) -> tuple[str, ...]:
    """Return a warning for each event that is given more than once."""
    same = Counter((event.time, event.kind, event.places, event.systems) for event in scenario.events)
    return tuple(
        lasting(_of_repeated, kind, time.isoformat(), times) for (time, kind, _, _), times in same.items() if times > 1
    )


def _of_repeated(kind: str, time: str, times: int) -> str:
    return say_count(
        "The {event} of {time} is given {times} times: is it one event? Each is counted.",
        times,
        event=_event(kind),
        time=time,
        times=times,
    )


def _event(kind: str) -> str:
    return say_as("event", kind.replace("_", " "))


def _late(scenario: Scenario) -> tuple[str, ...]:
    """Return a warning for events after the last figure, which the summary does not start from."""
    late = [event for event in scenario.events if event.time > scenario.now]
    if not late:
        return ()
    named = tuple((event.kind, event.time.isoformat()) for event in late)
    return (lasting(_of_late, scenario.now.isoformat(), named),)


def _of_late(now: str, events: tuple[tuple[str, str], ...]) -> str:
    return say(
        "After the last figure, at {now}: {events}. The curves and totals have it; now, peak, t50 and t90 are of the "
        "time before it.",
        now=now,
        events=", ".join(say("{event} of {time}", event=_event(kind), time=time) for kind, time in events),
    )


def _that_may_come(scenario: Scenario) -> tuple[str, ...]:
    """Return a warning if events come at a rate after the last figure, since no table stops at them."""
    rates = [rate for rate in scenario.new_events if rate.per_week > 0]
    if not any(rate.end is None or rate.end > scenario.now for rate in rates):
        return ()
    return (lasting(_of_those_that_may_come),)


def _of_those_that_may_come() -> str:
    return say(
        "Events that may come are part of the forecast: peaks, times until half or nine tenths are back, and totals "
        "are over all of it. A peak may lie ahead, and half may be back only after a later event."
    )


def _idle_truces(scenario: Scenario) -> tuple[str, ...]:
    """Return a warning if a what-if adds a truce where no attack is expected."""
    expected = any(rate.kind == "attack" for rate in scenario.new_events)
    if expected or not any(change.truce for change in scenario.changes):
        return ()
    return (lasting(_of_idle_truces),)


def _of_idle_truces() -> str:
    return say("The truce changes nothing: the scenario expects no new attacks (new_events) that it could thin out.")
