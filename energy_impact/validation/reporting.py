"""Simulated wording of a number by a newsroom: draws from the likelihoods of `figures.wording`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from energy_impact.figures.qualifiers import QUALIFIERS, qualifier_of
from energy_impact.figures.readings import REPORT_SD
from energy_impact.figures.wording import reported_as
from energy_impact.reports import NUGGET

if TYPE_CHECKING:
    from energy_impact.figures.wording import Claim

ERROR_SD = float(np.hypot(REPORT_SD, NUGGET))
"""Error of a single report as the fit assumes it, on the log scale."""
WORDS = tuple(name for name, qualifier in QUALIFIERS.items() if qualifier.reading.numbers)
"""Qualifiers with a number."""


def word(value: float, qualifier: str, rng: np.random.Generator, *, noise: float = 1.0) -> Claim | None:
    """
    Return a worded report of a true count.

    Parameters
    ----------
    value : float
        The true count, above 0.
    qualifier : str
        One of `WORDS` or of `qualifiers.ORDERS`.
    rng : Generator
    noise : float
        Factor on the error of a single report.

    Returns
    -------
    Claim or None
        None if the qualifier does not fit the number.
    """
    return reported_as(value, qualifier_of(qualifier), noise * ERROR_SD, rng)
