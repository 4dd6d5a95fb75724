"""Gaussians of likelihoods with ends, fitted where the members are.

Members that are moved with the Gaussian of a word are drawn by exact over Gaussian likelihood in the end. Where they
lie far outside the ends, that Gaussian is too weak, and nearly none is left to draw. There another one takes its place:
times the spread of the members it has the mean and variance of the exact likelihood times that spread (a site of
expectation propagation; Minka 2001, arXiv:1301.2294).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

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
        Power of the likelihood that is to be met, above 0; the variance is that of the first power.
    """
    mean, variance = float(predicted.mean()), float(predicted.var(ddof=1))
    if not variance:
        return word
    ends = [
        centre + side * REACH_SD * np.sqrt(square) for centre, square in ((mean, variance), word) for side in (-1, 1)
    ]
    at = np.linspace(min(ends), max(ends), POINTS)
    gaussian, members = (-((at - centre) ** 2) / (2 * square) for centre, square in (word, (mean, variance)))
    exact = power * likelihood(at)
    with_word, with_exact = members + power * gaussian, members + exact
    squared = 2 * with_exact - with_word
    exact_sum = _log_sum(with_exact)
    if 2 * exact_sum - _log_sum(with_word) - _log_sum(squared) >= np.log(ENOUGH):
        return word
    density = np.exp(with_exact - exact_sum)
    tilted = float(density @ at)
    left = float(density @ (at - tilted) ** 2) / variance
    return (mean + (tilted - mean) / (1 - left), power * variance * left / (1 - left)) if left < 1 else word


def _log_sum(logs: Floats) -> float:
    """Return the logarithm of the sum of exponentials; scipy's takes some ten times as long for so few."""
    most = float(logs.max())
    return most + float(np.log(np.exp(logs - most).sum()))


def sites(
    predicted: Floats, observed: Floats, variance: Floats, inflated: Floats, exact: Likelihoods, *, left: float
) -> tuple[Floats, Floats]:
    """
    Return observations and error variances, (figures,), with sites in place of those of likelihoods with ends.

    Parameters
    ----------
    predicted : ndarray, (figures, members)
    observed, variance : ndarray, (figures,)
        The Gaussians of the wordings.
    inflated : ndarray, (figures,)
        The variances of figures that are doubted, larger.
    exact : mapping of int to callable
        Log-likelihoods of predictions, by number of the figure.
    left : float
        Share of the figures that is still to be assimilated.
    """
    centre, square = observed.copy(), inflated.copy()
    for index, likelihood in exact.items():
        belief = variance[index] / inflated[index]
        word = (observed[index], variance[index])
        centre[index], whole = site(predicted[index], likelihood, word, left * belief)
        square[index] = whole / belief
    return centre, square


def together(taken: Sequence[tuple[Floats, Floats]], ends: Sequence[int]) -> tuple[Floats, Floats]:
    """
    Return the observations and variances, (figures,), that stand for all assimilations.

    The Gaussians of figures with `ends` multiply, each an equal part; other figures are as in the last assimilation.
    """
    centre, square = (each.copy() for each in taken[-1])
    centres, squares = (np.array([each[ends] for each in part]) for part in zip(*taken, strict=True))
    square[ends] = 1 / (1 / squares).mean(0)
    centre[ends] = (centres / squares).mean(0) * square[ends]
    return centre, square
