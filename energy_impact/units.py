"""Units of numbers: how a number in them is written; what a 90 % range means. `bounds.py` has their bounds."""

from __future__ import annotations

from dataclasses import dataclass

HOURS_A_DAY = 24
Z90 = 1.6448536269514722
"""Half-width of a central 90 % interval of the standard normal distribution."""


@dataclass(frozen=True)
class Unit:
    """
    How numbers in a unit are written.

    Attributes
    ----------
    suffix : str or None
        What stands behind a number on the page; None: the name of the unit.
    udunits : str
        As UDUNITS spells it.
    """

    suffix: str | None = None
    udunits: str = "1"


WHOLE_UNITS = ("customers", "buildings", "households", "settlements", "people")
"""Units of which less than one is none."""

NUMBER_UNITS: dict[str, Unit] = {
    "share": Unit(suffix=""),
    "degC": Unit(suffix=" °C", udunits="degC"),
    "h/day": Unit(udunits="h d-1"),
    "h": Unit(),
    **dict.fromkeys(WHOLE_UNITS, Unit()),
    **dict.fromkeys(("munitions", "missiles", "drones", "strikes", "attacks", "fires"), Unit()),
    **dict.fromkeys(("regions", "districts", "facilities", "sources", "points", "km", "days", "statement"), Unit()),
}
