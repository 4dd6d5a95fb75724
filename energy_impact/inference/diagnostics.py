"""Outlier probability of each figure after the fit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.special import expit

if TYPE_CHECKING:
    from energy_impact.inference.weights import Floats

CONTAMINATION = 0.02
"""Share of published figures that are plainly wrong (judgement)."""
CONTAMINATION_SD = 1.5
"""Spread of plainly wrong figures, on the log scale (judgement)."""
DISBELIEVED = 0.5
"""Outlier probability above which a figure counts as disbelieved."""
DISBELIEVED_WARNING = 2
"""Number of disbelieved figures above which a warning is raised, since a fit can dismiss true reports."""


def outlier_probability(predicted: Floats, observed: Floats, variance: Floats) -> Floats:
    """
    Probability that each figure is plainly wrong, under a two-part mixture of its errors.

    It is the mean over the members: if figures contradict each other and the ensemble spreads over them, all of them
    are doubted.

    Parameters
    ----------
    predicted : ndarray, (figures, members)
        Predictions of the fitted ensemble.
    observed, variance : ndarray, (figures,)
        Observations and their error variances before inflation.

    Returns
    -------
    ndarray, (figures,)
    """
    miss = observed[:, None] - predicted
    good = _log_normal(miss, variance[:, None]) + np.log1p(-CONTAMINATION)
    bad = _log_normal(miss, variance[:, None] + CONTAMINATION_SD**2) + np.log(CONTAMINATION)
    return np.asarray(expit(bad - good).mean(1))


def _log_normal(miss: Floats, variance: Floats) -> Floats:
    return np.asarray(-0.5 * (miss**2 / variance + np.log(2 * np.pi * variance)))
