"""Durations of which figures say only that they are longer (right-censored): drawn anew, given all else.

What is not over by the last figure has the same predictions however long it lasts. So, given all else, its duration has
its prior cut off at that hour, and is drawn from it (a Gibbs step; Gelfand and Smith 1990,
doi:10.1080/01621459.1990.10476213). Moves along covariances leave many a repair done soon after the last figure.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import ndtr, ndtri

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from energy_impact.inference.weights import Floats, Numbers

CANDIDATES = 8
"""Numbers among which one that several durations share is picked: the present one and new ones. With 4 or 16 forecasts
were as good (judgement)."""
LEAST = 1e-300
"""Floor on probabilities, for finite quantiles."""


@dataclass(frozen=True)
class Durations:
    """
    Standard-normal numbers behind durations, whose logarithm is rest + effect own + spread each.

    Attributes
    ----------
    rest : ndarray, (groups, durations, members)
    effect : ndarray, (groups, 1)
    spread : ndarray, (groups, durations, 1)
        Above zero.
    own : ndarray, (groups, members)
        One for all durations of a group.
    each : ndarray, (groups, durations, members)
    """

    rest: Floats
    effect: Floats
    spread: Floats
    own: Numbers
    each: Numbers

    def logarithms(self) -> Floats:
        """Return the logarithms, (groups, durations, members)."""
        return np.asarray(self.rest + (self.effect * self.own)[:, None] + self.spread * self.each)


def redrawn(durations: Durations, bound: Floats, rng: np.random.Generator) -> Durations:
    """
    Return durations of which those at or above a bound are drawn anew, given that they are; others stay as long.

    What a group shares is drawn first, given how long the others are and that these are beyond; then each of these. Of
    the others `each` takes up what changed. Groups and members with nothing beyond the bound stay as they are.

    Parameters
    ----------
    durations : Durations
    bound : ndarray, (groups,)
        Logarithm of the least duration.
    rng : Generator
    """
    lengths, least = durations.logarithms(), bound[:, None, None]
    beyond: NDArray[np.bool_] = np.greater_equal(lengths, least)
    own = _shared(durations, lengths, beyond, least, rng)
    middle = durations.rest + (durations.effect * own)[:, None]
    each = np.where(beyond, above((least - middle) / durations.spread, rng), (lengths - middle) / durations.spread)
    some = np.any(beyond, 1)
    return replace(
        durations, own=np.where(some, own, durations.own), each=np.where(some[:, None], each, durations.each)
    )


def _shared(
    durations: Durations, lengths: Floats, beyond: NDArray[np.bool_], least: Floats, rng: np.random.Generator
) -> Floats:
    """
    Return new numbers `own`, (groups, members), given which durations are beyond the bound and how long others are.

    New ones come from their normal distribution given the others; among these and the present one it is picked by the
    probability that the rest is beyond the bound. That leaves its distribution as it is, and is nearly a draw from it.
    """
    rest, effect, spread = durations.rest, durations.effect[:, None], durations.spread
    pull = effect / spread * ~beyond
    precision = 1 + (pull**2).sum(1)
    mean = (pull * (lengths - rest) / spread).sum(1) / precision
    fresh = mean + rng.standard_normal((CANDIDATES - 1, *mean.shape)) / np.sqrt(precision)
    found = np.concatenate([durations.own[None], fresh])
    weight = np.array(
        [np.where(beyond, ndtr((rest + effect * one[:, None] - least) / spread), 1).prod(1) for one in found]
    )
    total = np.cumsum(weight, 0)
    picked = (total < rng.random(mean.shape) * total[-1]).sum(0)
    return np.asarray(np.take_along_axis(found, np.minimum(picked, CANDIDATES - 1)[None], 0)[0])


def above(low: Floats, rng: np.random.Generator) -> Floats:
    """Return standard-normal numbers above others."""
    return np.maximum(-ndtri(np.maximum(rng.random(low.shape) * ndtr(-low), LEAST)), low)
