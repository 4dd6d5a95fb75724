"""Durations of which figures say only between which hours they end (interval-censored): drawn anew, given all else.

Predictions are the same wherever between two figures a repair is done, or however long after the last. So, given all
else, its duration has its prior cut off at those hours, and is drawn from it (a Gibbs step; Gelfand and Smith 1990,
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
"""Numbers among which one that several durations share is picked: the present one and new ones (judgement)."""
LEAST = 1e-300
"""Floor on probabilities, for finite quantiles."""


@dataclass(frozen=True)
class Durations:
    """
    Standard-normal numbers behind durations, whose logarithm is rest + effect own + spread each.

    Attributes
    ----------
    rest : ndarray, (groups, members)
    effect : ndarray, (groups, 1)
    spread : ndarray, (groups, durations, 1)
        Above zero.
    own : ndarray, (groups, members)
    each : ndarray, (groups, durations, members)
    """

    rest: Floats
    effect: Floats
    spread: Floats
    own: Numbers
    each: Numbers

    def logarithms(self) -> Floats:
        """Return the logarithms, (groups, durations, members)."""
        return np.asarray((self.rest + self.effect * self.own)[:, None] + self.spread * self.each)


def redrawn(durations: Durations, edges: Floats, rng: np.random.Generator) -> Durations:
    """
    Return durations drawn anew, each between the same edges as before.

    What a group shares is drawn first, given the durations that end before the last edge, as long as they are, and that
    the others do not; then each duration, given that.

    Parameters
    ----------
    durations : Durations
    edges : ndarray, (edges,)
        Logarithms of hours, increasing.
    rng : Generator
    """
    lengths = durations.logarithms()
    inside = np.searchsorted(edges, lengths, side="right")
    own = _shared(durations, lengths, inside == len(edges), edges[-1], rng)
    middle, bounds = (durations.rest + durations.effect * own)[:, None], np.concatenate([[-np.inf], edges, [np.inf]])
    low, high = ((bounds[inside + side] - middle) / durations.spread for side in (0, 1))
    return replace(durations, own=own, each=between(low, high, rng))


def _shared(
    durations: Durations, lengths: Floats, beyond: NDArray[np.bool_], last: float, rng: np.random.Generator
) -> Floats:
    """
    Return new numbers `own`, (groups, members), given which durations are beyond the last edge and how long others are.

    New ones come from their normal distribution given the durations before the last edge; among these and the present
    one it is picked by the probability that the others are beyond it, which leaves their distribution as it is.
    """
    rest, effect, spread = durations.rest[:, None], durations.effect[:, None], durations.spread
    pull = effect / spread * ~beyond
    precision = 1 + (pull**2).sum(1)
    mean = (pull * (lengths - rest) / spread).sum(1) / precision
    fresh = mean + rng.standard_normal((CANDIDATES - 1, *mean.shape)) / np.sqrt(precision)
    found = np.concatenate([durations.own[None], fresh])
    weight = np.array(
        [np.where(beyond, ndtr((rest + effect * one[:, None] - last) / spread), 1).prod(1) for one in found]
    )
    total = np.cumsum(weight, 0)
    picked = (total < rng.random(mean.shape) * total[-1]).sum(0)
    return np.asarray(np.take_along_axis(found, np.minimum(picked, CANDIDATES - 1)[None], 0)[0])


def between(low: Floats, high: Floats, rng: np.random.Generator) -> Floats:
    """Return standard-normal numbers between others; above zero by the tail on that side, which has more digits."""
    above = low > 0
    ends = np.where(above, -high, low), np.where(above, -low, high)
    first, last = (ndtr(end) for end in ends)
    drawn = ndtri(np.maximum(first + rng.random(first.shape) * (last - first), LEAST)).clip(*ends)
    return np.asarray(np.where(above, -drawn, drawn))
