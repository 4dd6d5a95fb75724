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

    def of(self, members: NDArray[np.intp]) -> Durations:
        """Return those of some members."""
        varying = {name: getattr(self, name)[..., members] for name in ("rest", "common", "own", "each")}
        return replace(self, **varying)

    def middle(self) -> Floats:
        """Return the logarithm of each group's durations but for `each`, (groups, members)."""
        return np.asarray(self.rest + self.effect[:, None] * (self.common + self.own))

    def logarithms(self) -> Floats:
        """Return the logarithms, (groups, durations, members)."""
        return self.middle()[:, None] + self.spread[..., None] * self.each


def redrawn(durations: Durations, bound: float, rng: np.random.Generator) -> Durations:
    """
    Return durations of which those whose logarithm is at or above a bound are drawn anew, given that they are.

    The others stay as they are, up to rounding: `each` takes up what the shared numbers change.
    """
    lengths = durations.logarithms()
    beyond = lengths >= bound
    every = slice(None)
    new = replace(durations, common=_shared(durations, durations.common, every, lengths, beyond, bound, rng))
    for group in range(len(durations.own)):
        own = new.own.copy()
        own[group] = _shared(new, own[group], slice(group, group + 1), lengths, beyond, bound, rng)
        new = replace(new, own=own)
    middle, spread = new.middle()[:, None], durations.spread[..., None]
    each = np.where(beyond, above((bound - middle) / spread, rng), (lengths - middle) / spread)
    return replace(new, each=each)


def _shared(
    durations: Durations,
    now: Numbers,
    groups: slice,
    lengths: Floats,
    beyond: NDArray[np.bool_],
    bound: float,
    rng: np.random.Generator,
) -> Floats:
    """
    Return numbers that all durations of some groups share, (members,), given which are beyond and how long others are.

    New ones come from their normal distribution given the durations below the bound; among these and the present one
    it is picked by the probability that the others are beyond it, which leaves their distribution as it is.
    """
    effect, spread = durations.effect[groups, None, None], durations.spread[groups][..., None]
    without = durations.middle()[groups][:, None] - effect * now
    pull = effect / spread * ~beyond[groups]
    precision = 1 + (pull**2).sum((0, 1))
    mean = (pull * (lengths[groups] - without) / spread).sum((0, 1)) / precision
    found = np.concatenate([now[None], mean + rng.standard_normal((CANDIDATES - 1, len(now))) / np.sqrt(precision)])
    weight = np.ones_like(found)
    for row, chosen in enumerate(found):
        margin = (without + effect * chosen - bound) / spread
        weight[row] = np.where(beyond[groups], ndtr(margin), 1).prod((0, 1))
    total = np.cumsum(weight, 0)
    picked = (total < rng.random(len(now)) * total[-1]).sum(0)
    return np.asarray(found[np.minimum(picked, CANDIDATES - 1), np.arange(len(now))])


def above(low: Floats, rng: np.random.Generator) -> Floats:
    """Return standard-normal numbers above others."""
    return np.maximum(-ndtri(np.maximum(rng.random(low.shape) * ndtr(-low), LEAST)), low)
