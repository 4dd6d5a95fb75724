"""Help in rough amounts: what would spare people most, on some of the members."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from energy_impact._language import say, say_count
from energy_impact._sharing import run_cases
from energy_impact.results.tables.options import COLD
from energy_impact.results.tables.shelter import in_cold_homes
from energy_impact.scenario.what_if import WhatIf

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from energy_impact.results.members import Members

MOST_MEMBERS = 256
"""Members that are run again: enough to rank, and quick."""
CREWS, GENERATORS, PART = 2.0, 0.5, 0.05
"""Rough amounts of help: a factor on the crews, a share of the supply that needs power, and a share of those affected
whom boilers, and places at warming points, reach. (judgement)"""


class Relief(NamedTuple):
    """An option, the person-hours that it spares at a place until the horizon, and where it is best [share]."""

    option: WhatIf
    spared: float
    best: float


def some_help(estimate: Members, place: str) -> list[WhatIf]:
    """Return options of help for a place, in rough amounts, as far as they mean something there."""
    known = {quantity for quantity, where in estimate.available if where == place}
    found = [WhatIf(say("twice the repair crews"), crews=CREWS, places=[place])]
    if known & {"heat_buildings_out", "water_buildings_out", "gas_customers_out"}:
        name = say("generators for half of the plants that need power")
        found.append(WhatIf(name, generators=GENERATORS, places=[place]))
    if "heat_buildings_out" in known:
        number = _rough(PART * float(np.median(estimate["heat_buildings_out", place].at(estimate.scenario.now))))
        if number:
            name = say_count("mobile boilers for {number:,} buildings", number, number=number)
            found.append(WhatIf(name, mobile_boilers=number, places=[place]))
    if COLD in known:
        number = _rough(PART * float(np.median(estimate[COLD, place].at(estimate.scenario.now))))
        if number:
            name = say_count("warming points for {number:,} more people at night", number, number=number)
            found.append(WhatIf(name, warming_points=number, places=[place]))
    return found


def ranked(estimate: Members, quantity: str, place: str, options: Sequence[WhatIf]) -> list[Relief]:
    """Return what each option spares of a count of residents at a place, the most first; empty if it cannot be run."""
    if estimate.change is None or not options or not estimate.scenario.now < estimate.scenario.end:
        return []
    count = min(estimate.members, MOST_MEMBERS)
    few = dataclasses.replace(estimate, members=count, parameters=estimate.parameters[:count])
    change = estimate.change

    def hours_under(option: WhatIf) -> NDArray[np.float64]:
        if _leaves_homes_as_cold(option):
            scenario = estimate.scenario.replace(changes=[*estimate.scenario.changes, option])
            return _hours(dataclasses.replace(estimate, scenario=scenario), quantity, place)[:count]
        return _hours(change(few, option), quantity, place)

    base = _hours(estimate, quantity, place)[:count]
    hours = np.stack(run_cases(hours_under, options, what="help"))
    least = hours.min(axis=0)
    best = (hours == least) / (hours == least).sum(axis=0)
    spared = np.median(base - hours, axis=1)
    reliefs = [
        Relief(option, float(most), float(share))
        for option, most, share in zip(options, spared, best.mean(axis=1), strict=True)
    ]
    return sorted(reliefs, key=lambda relief: -relief.spared)


def _hours(estimate: Members, quantity: str, place: str) -> NDArray[np.float64]:
    curve = in_cold_homes(estimate, quantity, place) if quantity == COLD else estimate[quantity, place]
    return curve.hours(estimate.scenario.now)


def _leaves_homes_as_cold(option: WhatIf) -> bool:
    """Return whether an option is warming points alone, under which the model runs as it does without."""
    return option == WhatIf(option.name, warming_points=option.warming_points, places=option.places)


def _rough(number: float) -> int:
    """Return a number to one significant digit."""
    return int(float(f"{number:.1g}"))
