"""How a newsroom would word a number: the likelihoods of `figures.wording`, drawn from instead of evaluated."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from energy_impact.figures.wording import (
    REPORT_SD,
    ROUNDED_TO,
    SOFT_LOWER,
    SURPLUS,
    rounding_units,
    rounding_weights,
)
from energy_impact.prepare import NUGGET
from energy_impact.vocabulary import ORDERS

if TYPE_CHECKING:
    from collections.abc import Mapping

ERROR_SD = float(np.hypot(REPORT_SD, NUGGET))
"""Error of a single report as the fit takes it, on the log scale."""
WORDS = ("exact", "about", "over", "almost", "at_least", "up_to", "under", "range")
RANGE_WIDTH = 0.25
"""Mean width of a reported range, on the log scale (judgement)."""


def word(value: float, qualifier: str, rng: np.random.Generator, *, noise: float = 1.0) -> Mapping[str, Any] | None:
    """
    Word a true count.

    Parameters
    ----------
    value : float
        The true count, above 0.
    qualifier : str
        One of `WORDS` or of `vocabulary.ORDERS`.
    rng : Generator
    noise : float
        Factor on the error of a single report.

    Returns
    -------
    mapping or None
        value, value_high (where there is one) and qualifier; None where the word cannot be said of this number.
    """
    error = rng.standard_normal()
    true = value * np.exp(noise * ERROR_SD * error)
    if qualifier in ORDERS:
        low, high = ORDERS[qualifier]
        softened = value * np.exp(np.hypot(noise * ERROR_SD, SOFT_LOWER) * error)
        return {"qualifier": qualifier} if low - 0.5 < softened and true <= high + 0.5 else None
    if qualifier == "exact":
        told = float(round(true))
    elif qualifier in ROUNDED_TO:
        units = rounding_units(true, 1.0)
        unit = rng.choice(units, p=rounding_weights(true, units))
        told = float(np.floor(true / unit - ROUNDED_TO[qualifier][0]) * unit)
    elif qualifier in SURPLUS:
        told = float(round(true * np.exp(-SURPLUS[qualifier] * rng.exponential())))
    else:
        low, width = rng.uniform(), RANGE_WIDTH * rng.exponential()
        ends = [round(true * np.exp(-low * width)), round(true * np.exp((1 - low) * width))]
        return {"qualifier": "range", "value": ends[0], "value_high": ends[1]} if 0 < ends[0] < ends[1] else None
    return {"qualifier": qualifier, "value": told} if told > 0 else None
