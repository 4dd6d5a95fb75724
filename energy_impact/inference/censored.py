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
    Standard-normal numbers behind durations, whose logarithm is rest + effect (common + own) + spread each.

    Attributes
    ----------
    rest : ndarray, (groups, members)
    effect : ndarray, (groups,)
    spread : ndarray, (groups, durations)
        Above zero.
    common : ndarray, (members,)
    own : ndarray, (groups, members)
    each : ndarray, (groups, durations, members)
    """

    rest: Floats
    effect: Floats
    spread: Floats
    common: Numbers
    own: Numbers
    each: Numbers

    def middle(self) -> Floats:
        """Return the logarithm of each group's durations but for `each`, (groups, members)."""
        return np.asarray(self.rest + self.effect[:, None] * (self.common + self.own))

    def logarithms(self) -> Floats:
        """Return the logarithms, (groups, durations, members)."""
        return self.middle()[:, None] + self.spread[..., None] * self.each


def redrawn(durations: Durations, edges: Floats, rng: np.random.Generator) -> Durations:
    """
    Return durations drawn anew, each between the same edges as before.

    The numbers that they share follow from those that end before the last edge, as long as they are, and from which
    ones do not; then each is drawn given the shared ones.

    Parameters
    ----------
    durations : Durations
    edges : ndarray, (edges,)
        Logarithms of hours, increasing.
    rng : Generator
    """
    lengths = durations.logarithms()
    inside = np.searchsorted(edges, lengths, side="right")
    beyond = inside == len(edges)
    new = replace(durations, common=_shared(durations, durations.common, slice(None), lengths, beyond, edges[-1], rng))
    for group in range(len(durations.own)):
        own = new.own.copy()
        own[group] = _shared(new, own[group], slice(group, group + 1), lengths, beyond, edges[-1], rng)
        new = replace(new, own=own)
    bounds = np.concatenate([[-np.inf], edges, [np.inf]])
    middle, spread = new.middle()[:, None], durations.spread[..., None]
    low, high = ((bounds[inside + side] - middle) / spread for side in (0, 1))
    return replace(new, each=between(low, high, rng))


def _shared(
    durations: Durations,
    now: Numbers,
    groups: slice,
    lengths: Floats,
    beyond: NDArray[np.bool_],
    last: float,
    rng: np.random.Generator,
) -> Floats:
    """
    Return numbers that all durations of some groups share, (members,), given which are beyond and how long others are.

    New ones come from their normal distribution given the durations before the last edge; among these and the present
    one it is picked by the probability that the others are beyond it, which leaves their distribution as it is.
    """
    effect, spread = durations.effect[groups, None, None], durations.spread[groups][..., None]
    without = durations.middle()[groups][:, None] - effect * now
    pull = effect / spread * ~beyond[groups]
    precision = 1 + (pull**2).sum((0, 1))
    mean = (pull * (lengths[groups] - without) / spread).sum((0, 1)) / precision
    found = np.concatenate([now[None], mean + rng.standard_normal((CANDIDATES - 1, len(now))) / np.sqrt(precision)])
    weight = np.array(
        [np.where(beyond[groups], ndtr((without + effect * one - last) / spread), 1).prod((0, 1)) for one in found]
    )
    total = np.cumsum(weight, 0)
    picked = (total < rng.random(len(now)) * total[-1]).sum(0)
    return np.asarray(found[np.minimum(picked, CANDIDATES - 1), np.arange(len(now))])


def between(low: Floats, high: Floats, rng: np.random.Generator) -> Floats:
    """Return standard-normal numbers between others; above zero by the tail on that side, which has more digits."""
    above = low > 0
    ends = np.where(above, -high, low), np.where(above, -low, high)
    first, last = (ndtr(end) for end in ends)
    drawn = ndtri(np.maximum(first + rng.random(first.shape) * (last - first), LEAST)).clip(*ends)
    return np.asarray(np.where(above, -drawn, drawn))
