"""The front of the page: nights as a table, help in words, gaps in what is known."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

import numpy as np

from energy_impact._language import say, say_as, say_count
from energy_impact.results import words
from energy_impact.results.basis import basis
from energy_impact.results.report.markup import Markup, element, join, table
from energy_impact.results.tables.asking import request
from energy_impact.results.tables.daytime import day
from energy_impact.results.tables.headline import by_night, night_words, rounded, services, whole
from energy_impact.results.tables.narrowing import best_next
from energy_impact.results.tables.options import first_measures, measure_words
from energy_impact.results.terminal import count, signed, span
from energy_impact.systems import SYSTEMS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from energy_impact.results.members import Members
    from energy_impact.results.tables.options import Row
    from energy_impact.results.tables.relief import Relief
    from energy_impact.scenario.scenario import Scenario

NIGHTS = 3
"""Nights in the table of nights."""
DOUBTED = 0.5
"""Probability of being in error from which a figure is called doubted."""
WIDE_K = 2.0
"""Standard deviation of the temperature from which it is called hardly known. [K]"""


def night_table(estimate: Members, place: str, level: float) -> Markup:
    """Return residents without each service by night."""
    rows = []
    found = {name: by_night(estimate, name, place, level=level, most=NIGHTS) for name in services(estimate, place)}
    header = [say("Night"), *(_capital(words.title(name)) for name in found)]
    for nights in zip(*found.values(), strict=True):
        cells = [f"{rounded(night.people.median)} ({_span(night.people)})" for night in nights]
        rows.append((night_words(nights[0].evening), *cells))
    caption = say(
        "{place}: the most people at once in each night, with {percent:g} % ranges",
        place=words.place(place),
        percent=100 * level,
    )
    return table("nights", caption, header, rows, kinds=" " + "n" * len(found))


def _span(people: tuple[float, float, float]) -> str:
    return span(rounded(people[0]), rounded(people[2]))


def _capital(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}"


def help_words(estimate: Members, quantity: str, place: str) -> str:
    """Return what the list of help shows."""
    scenario = estimate.scenario
    return say(
        "Rough amounts of help for {place}, each alone, from now on. Each saves some of the hours that all "
        "residents together would spend {what} until {day}. The amounts are examples, and nothing is known here "
        "of what each costs.",
        place=words.place(place),
        what=words.lacking(quantity),
        day=day(scenario.end, scenario.place(place).timezone),
    )


def relief_words(relief: Relief) -> str:
    """Return what an option spares, as the text of an item."""
    name = _capital(relief.option.name)
    if relief.spared < 1:
        return say("{name}: hardly anything.", name=name)
    return say_count(
        "{name}: about {hours} hours spared (the best in {percent:.0f} of 100 courses).",
        whole(relief.spared),
        name=name,
        hours=rounded(relief.spared),
        percent=100 * relief.best,
    )


def ask_words(estimate: Members, key: tuple[str, str]) -> str:
    """Return which next figure to ask for, and what it is expected to bring for a curve."""
    asked = best_next(estimate, key)
    if asked is None:
        return say("No single count in the next two days is expected to tell much better when half are back.")
    return say(
        "{request}: it is expected to make the range of when half are back {percent:.0f} % narrower.",
        request=request(estimate, asked.figure),
        percent=100 * asked.narrowed,
    )


def gaps(estimate: Members, place: str) -> list[str]:
    """Return what is not known, in sentences."""
    found = []
    doubted = _doubted(estimate)
    if doubted:
        found.append(say("Whether these figures are right: {figures}.", figures=", ".join(doubted)))
    reported = {figure.quantity for figure in estimate.scenario.figure_records if figure.place == place}
    if "heat_buildings_drained" in reported and not reported & {"heat_buildings_out", "heat_people_out"}:
        found.append(
            say("Whether more buildings than the drained ones are without heat: only drained ones were reported.")
        )
    known = {quantity for quantity, where in estimate.available if where == place}
    silent = [
        say_as("without", system.name)
        for system in SYSTEMS.values()
        if system.people in known and basis(estimate, system.people, place) != "figure"
    ]
    if silent:
        found.append(
            say(
                "How many are without {systems}: no figure reports it for all of {place}.",
                systems=say(" or ").join(silent),
                place=words.place(place),
            )
        )
    spread = _weather_spread(estimate.scenario, place)
    if spread > WIDE_K:
        found.append(
            say(
                "How cold it gets: the outdoor temperature is uncertain by up to {degrees:.0f} °C either way.",
                degrees=2 * spread,
            )
        )
    if not estimate.scenario.new_events:
        found.append(say("What comes next: no later attack, storm or failure is part of these numbers."))
    found.append(
        say(
            "How large {place} is: its numbers of accounts, buildings and residents are often rough.",
            place=words.place(place),
        )
    )
    return found


def _weather_spread(scenario: Scenario, place: str) -> float:
    """Return the largest standard deviation of the outdoor temperature in a place [K]."""
    own = {leaf.name for leaf in scenario.place(place).leaves()}
    _, spread = scenario.air_temperature()
    return float(spread[:, [leaf.name in own for leaf in scenario.leaves]].max())


def _doubted(estimate: Members) -> list[str]:
    fit = estimate.figure_fit
    if fit is None:
        return []
    doubt = np.nan_to_num(fit.outlier_probability) > DOUBTED
    return [name for name, doubted in zip(fit.ids, doubt, strict=True) if doubted]


def option_table(rows: Sequence[Row], level: float) -> Markup:
    """Return what matters first of options compared, a table per measure."""
    found = []
    for number, (measure, mine) in enumerate(groupby(first_measures(rows), key=measure_words)):
        options = list(mine)
        cells = [
            (
                row.option,
                f"{count(row.median)} ({span(count(row.low), count(row.high))})",
                f"{signed(row.difference)} ({span(signed(row.difference_low), signed(row.difference_high))})",
                f"{100 * row.chance_best:.0f} %",
                signed(row.regret).removeprefix("+"),
            )
            for row in options
        ]
        header = (
            say("Option"),
            say("Median ({percent:g} % range)", percent=100 * level),
            say("Difference from the first"),
            say("Best in"),
            say("Worse than the best by"),
        )
        caption = f"{words.place(options[0].place)}: {measure}"
        found.append(table(f"option-{number}", caption, header, cells, kinds=" nnnn"))
    note = say(
        "Differences are taken course by course. Best in: share of the courses in which an option is the best of all, "
        "those within 0.1 % shared. Worse than the best: on average over the courses. No one chooses the weather or an "
        "attack: what these do is not a choice."
    )
    return join([*found, element("p", note, class_="note")])
