"""The front of the page: nights as a table, help in words, gaps in what is known."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

import numpy as np

from energy_impact.quantities import QUANTITIES
from energy_impact.results.basis import basis
from energy_impact.results.report.markup import Markup, element, join, table
from energy_impact.results.tables.asking import request
from energy_impact.results.tables.daytime import day
from energy_impact.results.tables.headline import by_night, night_words, rounded, services
from energy_impact.results.tables.narrowing import best_next
from energy_impact.results.tables.options import first_measures, measure_words
from energy_impact.results.terminal import count, signed
from energy_impact.systems import SYSTEMS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from energy_impact.results.members import Members
    from energy_impact.results.tables.options import Row
    from energy_impact.results.tables.relief import Relief

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
    titles = [QUANTITIES[name].title for name in found]
    header = ["Night", *(f"{title[0].upper()}{title[1:]}" for title in titles)]
    for nights in zip(*found.values(), strict=True):
        cells = [f"{rounded(night.people.median)} ({_span(night.people)})" for night in nights]
        rows.append((night_words(nights[0].evening), *cells))
    caption = f"{place}: the most people at once in each night, with {100 * level:g} % ranges"
    return table("nights", caption, header, rows, kinds=" " + "n" * len(found))


def _span(people: tuple[float, float, float]) -> str:
    return f"{rounded(people[0])} to {rounded(people[2])}"


def help_words(estimate: Members, quantity: str, place: str) -> str:
    """Return what the list of help shows."""
    scenario = estimate.scenario
    what = QUANTITIES[quantity].title.partition(" ")[2]
    return (
        f"Rough amounts of help for {place}, each alone, from now on. Counted are the hours that residents would spend "
        f"{what} until {day(scenario.end, scenario.place(place).timezone)}, added up. The amounts are examples, "
        "and nothing is known here of what each costs."
    )


def relief_words(relief: Relief) -> str:
    """Return what an option spares, as the text of an item."""
    name = relief.option.name
    name = f"{name[0].upper()}{name[1:]}"
    if relief.spared < 1:
        return f"{name}: hardly anything."
    return f"{name}: about {rounded(relief.spared)} hours spared (the best in {100 * relief.best:.0f} of 100 courses)."


def ask_words(estimate: Members) -> str:
    """Return which next figure to ask for, and what it is expected to bring."""
    asked = best_next(estimate)
    if asked is None:
        return "No single count in the next two days is expected to tell much better when half are back."
    return (
        f"{request(estimate, asked.figure)}: it is expected to make the range of when half are back "
        f"{100 * asked.narrowed:.0f} % narrower."
    )


def gaps(estimate: Members, place: str) -> list[str]:
    """Return what is not known, in sentences."""
    found = []
    doubted = _doubted(estimate)
    if doubted:
        found.append(f"Whether these figures are right: {', '.join(doubted)}.")
    reported = {figure.quantity for figure in estimate.scenario.figure_records if figure.place == place}
    if "heat_buildings_drained" in reported and not reported & {"heat_buildings_out", "heat_people_out"}:
        found.append("Whether more buildings than the drained ones are without heat: only drained ones were reported.")
    known = {quantity for quantity, where in estimate.available if where == place}
    silent = [
        system.name
        for system in SYSTEMS.values()
        if system.people in known and basis(estimate, system.people, place) != "figure"
    ]
    if silent:
        found.append(f"How many are without {' or '.join(silent)}: no figure reports it for all of {place}.")
    _, spread = estimate.scenario.air_temperature()
    if spread.max() > WIDE_K:
        found.append(
            f"How cold it gets: the outdoor temperature is uncertain by up to {2 * spread.max():.0f} °C either way."
        )
    if not estimate.scenario.new_events:
        found.append("What comes next: no later attack, storm or failure is part of these numbers.")
    found.append(f"How large {place} is: its numbers of accounts, buildings and residents are often rough.")
    return found


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
                f"{count(row.median)} ({count(row.low)} to {count(row.high)})",
                f"{signed(row.difference)} ({signed(row.difference_low)} to {signed(row.difference_high)})",
                f"{100 * row.chance_best:.0f} %",
            )
            for row in options
        ]
        header = ("Option", f"Median ({100 * level:g} % range)", "Difference from the first", "Best in")
        caption = f"{options[0].place}: {measure}"
        found.append(table(f"option-{number}", caption, header, cells, kinds=" nnn"))
    note = (
        "Differences are taken course by course. Best in: share of the courses in which an option is the best of all."
    )
    return join([*found, element("p", note, class_="note")])
