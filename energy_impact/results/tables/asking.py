"""Next figures to ask for: which there are, whom to ask, and what each is worth, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from energy_impact._language import mark, say
from energy_impact.quantities import QUANTITIES
from energy_impact.results import words
from energy_impact.results.tables.daytime import part_of_day
from energy_impact.results.tables.summary import main_curves

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from energy_impact.results.members import Members

LEADS_H = (6, 12, 24, 48)
"""Hours from now to each hypothetical next figure. [h]"""
NEXT_ERROR = 0.06
"""Error of an exact figure from a new source, on the log scale (judgement, the same as in the fit)."""
_COMPANIES = {
    "power": mark("the power company"),
    "heat": mark("the district heating company"),
    "water": mark("the water company"),
    "gas": mark("the gas company"),
}
"""Whom to ask for a count, by system."""
_OPERATOR = mark("the operator")


class Candidate(NamedTuple):
    """A figure that may follow, and the logarithm of each member's value."""

    quantity: str
    place: str
    lead_h: int
    time: pd.Timestamp
    seen: NDArray[np.float64]

    @property
    def name(self) -> str:
        """Its quantity, place and lead."""
        return f"{self.quantity} at {self.place} in {self.lead_h} h"


def candidates(estimate: Members) -> list[Candidate]:
    """Return next figures: exact counts of the main curves some hours from now."""
    now, end = estimate.scenario.now, estimate.scenario.end
    found: list[Candidate] = []
    for quantity, place in main_curves(estimate):
        curve = estimate[quantity, place]
        floor = 0.005 if QUANTITIES[quantity].is_share else 0.5
        for lead in LEADS_H:
            time = now + pd.Timedelta(hours=lead)
            if time <= end:
                seen = np.log(np.maximum(curve.at(time)[:, 0], floor))
                found.append(Candidate(quantity, place, lead, time, seen))
    return found


def request(estimate: Members, figure: Candidate) -> str:
    """Return whom to ask for a figure, and when, as the beginning of a sentence."""
    system = QUANTITIES[figure.quantity].system
    return say(
        "Ask {whom} of {place} for an exact count of {what} {time}",
        whom=say(_COMPANIES.get(system or "", _OPERATOR)),
        place=words.place(figure.place),
        what=words.title(figure.quantity),
        time=part_of_day(figure.time, estimate.scenario.place(figure.place).timezone, at=True),
    )
