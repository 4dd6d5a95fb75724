"""Outlier probability of each figure after the fit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.special import expit, logsumexp, ndtri

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from energy_impact.inference.weights import Floats

CONTAMINATION = 0.02
"""Share of published figures that are plainly wrong (judgement)."""
CONTAMINATION_SD = 1.5
"""Spread of plainly wrong figures, on the log scale (judgement)."""
ERRORS, PREDICTIONS = 64, 65
"""Points of the integral over plain errors, and predictions between which it is interpolated."""
DISBELIEVED = 0.5
"""Outlier probability above which a figure counts as disbelieved."""
DISBELIEVED_WARNING = 2
"""Number of disbelieved figures above which a warning is raised, since a fit can dismiss true reports."""


def outlier_probability(
    predicted: Floats,
    observed: Floats,
    variance: Floats,
    exact: Mapping[int, Callable[[Floats], Floats]] | None = None,
) -> Floats:
    """
    Probability that each figure is plainly wrong, under a two-part mixture of its errors.

    It is the mean over the members: if figures contradict each other and the ensemble spreads over them, all of them
    are doubted. Members that scatter about a figure are nothing against it, so it is no more than what the mean
    prediction says, or all predictions as one distribution, whichever says more. Figures that are ends are judged by
    the members alone, since a mean can meet an end that many of them miss.

    Parameters
    ----------
    predicted : ndarray, (figures, members)
        Predictions of the fitted ensemble.
    observed, variance : ndarray, (figures,)
        Observations and their error variances before inflation.
    exact : mapping of int to callable, optional
        Log-likelihoods of predictions, for figures that the Gaussian describes badly, by their number.

    Returns
    -------
    ndarray, (figures,)
    """
    miss = observed[:, None] - predicted
    right, wrong = (_log_normal(miss, variance[:, None] + more) for more in (0.0, CONTAMINATION_SD**2))
    centre = miss.mean(1)
    by_mean = _log_normal(centre, variance + CONTAMINATION_SD**2) - _log_normal(centre, variance)
    by_all = logsumexp(wrong, axis=1) - logsumexp(right, axis=1)
    found: Floats = np.minimum(_probability(wrong - right).mean(1), _probability(np.maximum(by_mean, by_all)))
    for index, likelihood in (exact or {}).items():
        found[index] = _probability(_gain(likelihood, predicted[index])).mean()
    return found


def _probability(gain: Floats) -> Floats:
    """Return the probability of a plain error from the log-likelihood that it gains."""
    return np.asarray(expit(gain + np.log(CONTAMINATION) - np.log1p(-CONTAMINATION)))


def _gain(likelihood: Callable[[Floats], Floats], predicted: Floats) -> Floats:
    """Return the log-likelihood gained by plain errors of `CONTAMINATION_SD`, at the predictions, (members,)."""
    errors = CONTAMINATION_SD * ndtri((np.arange(ERRORS) + 0.5) / ERRORS)
    at = np.linspace(predicted.min(), predicted.max(), PREDICTIONS)
    gained = logsumexp(likelihood(at + errors[:, None]), axis=0) - np.log(ERRORS)
    return np.asarray(np.interp(predicted, at, gained) - likelihood(predicted))


def _log_normal(miss: Floats, variance: Floats) -> Floats:
    return np.asarray(-0.5 * (miss**2 / variance + np.log(2 * np.pi * variance)))
