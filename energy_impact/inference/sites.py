"""Gaussians of likelihoods with ends, fitted where the members are.

Members that are moved with the Gaussian of a word are drawn by exact over Gaussian likelihood in the end. Where they
lie far outside the ends, that Gaussian is too weak, and nearly none is left to draw. There another one takes its place:
times the spread of the members it has the mean and variance of the exact likelihood times that spread (a site of
expectation propagation; Minka 2001, UAI, 362-369).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.special import logsumexp

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from energy_impact.inference.weights import Floats

    Likelihood = Callable[[Floats], Floats]
    Likelihoods = Mapping[int, Likelihood]

ENOUGH = 0.25
"""Share of the members that the draw in the end must be expected to leave, for the Gaussian of a word to be kept. With
0.1, predictions that are not normal left too few (judgement)."""
POINTS = 4001
"""Points of the integral over predictions."""
REACH_SD = 6.0
"""Standard deviations of the members, and of the word, that the integral takes in on either side."""


def site(predicted: Floats, likelihood: Likelihood, word: tuple[float, float], power: float) -> tuple[float, float]:
    """
    Return mean and variance of the Gaussian that stands for a likelihood among the members.

    Parameters
    ----------
    predicted : ndarray, (members,)
        Predictions, taken as normally distributed.
    likelihood : callable
        Log-likelihood of predictions.
    word : tuple of float
        Mean and variance of the Gaussian of the word, which is kept where enough members can be drawn with it.
    power : float
        Share of the likelihood that is still to be assimilated, above 0; the variance is that of the whole one.
    """
    mean, variance = float(predicted.mean()), float(predicted.var(ddof=1))
    ends = [
        centre + side * REACH_SD * np.sqrt(square) for centre, square in ((mean, variance), word) for side in (-1, 1)
    ]
    at = np.linspace(min(ends), max(ends), POINTS)
    gaussian, members = (-((at - centre) ** 2) / (2 * square) for centre, square in (word, (mean, variance)))
    exact = power * likelihood(at)
    with_word, with_exact = members + power * gaussian, members + exact
    squared = 2 * with_exact - with_word
    if 2 * logsumexp(with_exact) - logsumexp(with_word) - logsumexp(squared) >= np.log(ENOUGH):
        return word
    density = np.exp(with_exact - logsumexp(with_exact))
    tilted = float(density @ at)
    left = float(density @ (at - tilted) ** 2) / variance
    return mean + (tilted - mean) / (1 - left), power * variance * left / (1 - left)


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
        As for `site`.
    """
    observed, variance = observed.copy(), variance.copy()
    for index, likelihood in exact.items():
        word = (observed[index], variance[index])
        observed[index], variance[index] = site(predicted[index], likelihood, word, power)
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
