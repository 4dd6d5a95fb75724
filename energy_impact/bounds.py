"""Bounds of every number that comes in, in one table: by unit for quantities, by name for fields.

Figures, events, rates, weather, priors, places, series and calls are all held to these rows.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from energy_impact._checks import as_float, brief, check_count
from energy_impact.units import HOURS_A_DAY, WHOLE_UNITS

LONGEST_H = 8784.0
"""Longest event or scenario, a leap year: outages and their restoration last days to weeks. [h]"""
LONGEST_RESTORED_H = 1e6
"""Longest time until restoration that a published form is fitted to, over a century (judgement). [h]"""
LOWEST_C, HIGHEST_C = -90.0, 60.0
"""Bounds of air temperatures: the records on Earth are -89.2 and 56.7 (WMO). [degC]"""
LARGEST_COUNT = 1e10
"""Largest count or stock, above the world population. [people, buildings or accounts]"""
MOST_WEAPONS = 1e6
"""Most missiles or drones in one attack, far above any (judgement)."""
LEAST_PER_BUILDING, MOST_PER_BUILDING = 0.01, 1e5
"""Fewest and most people or accounts per building, holiday homes and empty blocks included (judgement)."""
MOST_PER_WEEK = 168.0
"""Highest rate of events: one per hour. [1/week] (judgement)"""
LONGEST_KM = 20_037.5
"""Half the circumference of the Earth at the equator (WGS 84). [km]"""
WIDEST_PRIOR = 5.0
"""Largest spread of a changed prior; on the log scale half of the draws lie within a factor of 29 either way."""
COLDEST_K = 40.0
"""Largest shift of the temperature in a what-if, either way (judgement). [K]"""
MOST_CREWS = 100.0
"""Largest factor on the number of crews; the smallest is one over it (judgement). [1]"""
MOST_HELPED = 1e9
"""Most buildings or people that help can reach (judgement)."""
WHOLE_TO = 1e-9
"""Relative distance from a whole number that is taken as rounding of the computer."""


@dataclass(frozen=True)
class Bounds:
    """
    What a number may be.

    Attributes
    ----------
    noun : str
        What it is called in an error; empty: nothing.
    low, high : float
    whole : bool
        Whether it must be a whole number.
    above, below : bool
        Whether `low`, or `high`, itself is out of bounds.
    """

    noun: str = ""
    low: float = 0.0
    high: float = LARGEST_COUNT
    whole: bool = False
    above: bool = False
    below: bool = False

    @property
    def rule(self) -> str:
        """The rule in words."""
        low = f"{'above' if self.above else 'at least'} {self.low:g}"
        high = f"{'below' if self.below else 'at most'} {self.high:g}"
        kind = f"whole {self.noun or 'number'}" if self.whole else self.noun
        return f"{f'a {kind} of ' if kind else ''}{low} and {high}"

    def hold(self, number: float) -> bool:
        """Return whether a number is within the bounds, and whole where it must be; NaN is not."""
        low = number > self.low if self.above else number >= self.low
        high = number < self.high if self.below else number <= self.high
        return low and high and (not self.whole or is_whole(number))


_COUNT = Bounds("count", whole=True)
_WEAPONS = Bounds("count", high=MOST_WEAPONS, whole=True)
_SHARE = Bounds("share", high=1.0)
_HOURS = Bounds("number of hours", high=LONGEST_H)
_DURATION = Bounds(high=LONGEST_H)
_STOCK = Bounds(low=1.0)
_PER_BUILDING = Bounds(low=LEAST_PER_BUILDING, high=MOST_PER_BUILDING)

OF_UNIT: dict[str, Bounds] = {
    "share": _SHARE,
    "degC": Bounds("temperature", LOWEST_C, HIGHEST_C),
    "h/day": Bounds("number of hours", high=HOURS_A_DAY),
    "h": _HOURS,
    "km": Bounds("distance", high=LONGEST_KM),
    "days": Bounds("number of days", high=LARGEST_COUNT),
    **dict.fromkeys(WHOLE_UNITS, _COUNT),
    **dict.fromkeys(("munitions", "missiles", "drones", "strikes", "attacks", "fires"), _WEAPONS),
    **dict.fromkeys(("regions", "districts", "facilities", "sources", "points", "statement"), _COUNT),
}
"""Bounds of the number of a figure, by the unit of its quantity."""

OF_FIELD: dict[str, Bounds] = {
    "time_uncertainty_h": _HOURS,
    "horizon_h": Bounds(high=LONGEST_H, above=True),
    "step_h": Bounds(high=1.0, above=True),
    "step_of_series": Bounds(low=1 / 3600, high=LONGEST_H),
    "duration_h": _DURATION,
    "spares_late_h": _DURATION,
    "per_week": Bounds(high=MOST_PER_WEEK),
    "hour": Bounds(high=HOURS_A_DAY, below=True),
    **dict.fromkeys(
        ("missiles", "drones", "missiles_intercepted", "drones_intercepted", "ballistic_missiles"), _WEAPONS
    ),
    **dict.fromkeys(("reduces", "holds", "share_of_place"), Bounds(high=1.0)),
    "colder": Bounds(low=-COLDEST_K, high=COLDEST_K),
    "crews": Bounds(low=1 / MOST_CREWS, high=MOST_CREWS),
    "generators": Bounds(high=1.0),
    **dict.fromkeys(("mobile_boilers", "warming_points"), Bounds(high=MOST_HELPED)),
    "stock": _STOCK,
    "stock_or_zero": Bounds(),
    "per_building": _PER_BUILDING,
    "customers": _STOCK,
    "threshold": Bounds(above=True),
    "temperature_c": Bounds("", LOWEST_C, HIGHEST_C),
    "median_log": Bounds("", 1e-9, 1e9),
    "median_logit": Bounds("", 1e-9, 1 - 1e-6),
    "median_normal": Bounds("", -1e9, 1e9),
    "spread": Bounds(high=WIDEST_PRIOR),
    "loading": Bounds("", -1.0, 1.0),
    "members": Bounds(low=2, high=1e9, whole=True),
    "cases": Bounds(low=1, high=1e6, whole=True),
    "workers": Bounds(low=1, high=1024, whole=True),
    "years": Bounds(low=1, high=1000, whole=True),
    "noise": Bounds(high=100.0),
    "gross": Bounds(high=0.99),
    "level": Bounds(high=1.0, above=True, below=True),
    "quantile": Bounds(high=1.0),
}
"""Bounds of the numbers of events, rates, truces, what-ifs, places, priors, series and calls, by field.

Medians of priors are bounded by scale, so that draws fit single precision.
"""


def is_whole(number: float) -> bool:
    """Return whether a number is whole, up to rounding of the computer."""
    return math.isfinite(number) and abs(number - round(number)) <= WHOLE_TO * max(1.0, abs(number))


def check_whole(name: str, value: Any, field: str) -> int:
    """Return a whole number, written as one, checked against the bounds of its field."""
    bounds = OF_FIELD[field]
    return check_count(name, value, low=int(bounds.low), high=bounds.high)


def check(name: str, value: Any, field: str) -> float:
    """
    Return a number, checked against the bounds of its field.

    Raises
    ------
    ValueError
        With the name, the rule and the value.
    """
    bounds = OF_FIELD[field]
    number = as_float(name, value)
    if not bounds.hold(number):
        raise ValueError(f"{name}: must be {bounds.rule}, got {brief(value)}")
    return number
