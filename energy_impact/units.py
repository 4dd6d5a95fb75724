"""Units of numbers: what a number is called, its bounds, and how it is written; what a 90 % range means."""

from __future__ import annotations

import math
from dataclasses import dataclass

HOURS_A_DAY = 24
Z90 = 1.6448536269514722
"""Half-width of a central 90 % interval of the standard normal distribution."""
ABSOLUTE_ZERO_C = -273.15
"""The lowest temperature there is (SI). [degC]"""


@dataclass(frozen=True)
class Unit:
    """
    What numbers in a unit are, and how they are written.

    Attributes
    ----------
    noun : str
        What a number is called in an error.
    low, high : float
        Bounds of a number.
    suffix : str or None
        What stands behind a number on the page; None: the name of the unit.
    udunits : str
        As UDUNITS spells it.
    """

    noun: str = "count"
    low: float = 0.0
    high: float = math.inf
    suffix: str | None = None
    udunits: str = "1"


WHOLE_UNITS = ("customers", "buildings", "households", "settlements", "people")
"""Units of which less than one is none."""

NUMBER_UNITS: dict[str, Unit] = {
    "share": Unit("share", high=1.0, suffix=""),
    "degC": Unit("temperature", low=ABSOLUTE_ZERO_C, suffix=" °C", udunits="degC"),
    "h/day": Unit("number of hours", high=HOURS_A_DAY, udunits="h d-1"),
    "h": Unit("number of hours"),
    **dict.fromkeys(WHOLE_UNITS, Unit()),
    **dict.fromkeys(("munitions", "missiles", "drones", "strikes", "attacks", "fires"), Unit()),
    **dict.fromkeys(("regions", "districts", "facilities", "sources", "points", "km", "days", "statement"), Unit()),
}
