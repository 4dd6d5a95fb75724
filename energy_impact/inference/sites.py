"""Gaussians of likelihoods with ends, fitted where the members are.

A Gaussian of the word alone is too wide where the members lie far outside its ends, and pulls members that are inside.
So before each assimilation a Gaussian is fitted such that, times the spread of the members, it has the mean and variance
of the exact likelihood times that spread (a site of expectation propagation; Minka 2001, UAI, 362-369).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from energy_impact.inference.weights import Floats

    Likelihoods = Mapping[int, Callable[[Floats], Floats]]

POINTS = 4001
"""Points of the integral over predictions."""
REACH_SD = 6.0
"""Standard deviations of the members that the integral takes in on either side."""
WORDING_SD = 4.0
"""Standard deviations of the Gaussian of the wording that it takes in as well."""
LEAST_GAIN = 1e-3
"""Least share of the variance of the members that a site takes away; below, it says nothing."""


def site(
    predicted: Floats, likelihood: Callable[[Floats], Floats], power: float, around: tuple[float, float]
) -> tuple[float, float]:
    """
    Return mean and variance of the Gaussian that stands for a likelihood among the members.

    Parameters
    ----------
    predicted : ndarray, (members,)
        Predictions, taken as normally distributed.
    likelihood : callable
        Log-likelihood of predictions.
    power : float
        Power of the likelihood, above 0.
    around : tuple of float
        Lowest and highest value that the integral takes in besides the members.
    """
    mean, variance = float(predicted.mean()), float(predicted.var(ddof=1))
    reach = REACH_SD * np.sqrt(variance)
    at = np.linspace(min(mean - reach, around[0]), max(mean + reach, around[1]), POINTS)
    log_density = power * likelihood(at) - (at - mean) ** 2 / (2 * variance)
    density = np.exp(log_density - log_density.max())
    density /= density.sum()
    tilted = float(density @ at)
    gain = max(1 - float(density @ (at - tilted) ** 2) / variance, LEAST_GAIN)
    return mean + (tilted - mean) / gain, variance * (1 - gain) / gain


def sites(
    predicted: Floats, observed: Floats, variance: Floats, exact: Likelihoods, power: float
) -> tuple[Floats, Floats]:
    """
    Return observations and variances, (figures,), with sites in place of those of likelihoods with ends.

    Parameters
    ----------
    predicted : ndarray, (figures, members)
    observed, variance : ndarray, (figures,)
        The Gaussians of the wordings.
    exact : mapping of int to callable
        Log-likelihoods of predictions, by number of the figure.
    power : float
        Share of the likelihoods that is still to be assimilated; the variances are those of whole ones.
    """
    observed, variance = observed.copy(), variance.copy()
    for index, likelihood in exact.items():
        sd = WORDING_SD * np.sqrt(variance[index])
        around = (observed[index] - sd, observed[index] + sd)
        observed[index], spread = site(predicted[index], likelihood, power, around)
        variance[index] = power * spread
    return observed, variance


def together(taken: Sequence[tuple[Floats, Floats]], exact: Likelihoods) -> tuple[Floats, Floats]:
    """
    Return the observations and variances, (figures,), that stand for all assimilations.

    Sites of equal parts of a likelihood multiply to one Gaussian; other figures are as in the last assimilation.
    """
    centre, variance = (each.copy() for each in taken[-1])
    ends = [*exact]
    centres, variances = (np.array([each[ends] for each in part]) for part in zip(*taken, strict=True))
    variance[ends] = 1 / (1 / variances).mean(0)
    centre[ends] = (centres / variances).mean(0) * variance[ends]
    return centre, variance
