"""Durations of which the figures say only that they are longer (right-censored): drawn anew, given all else.

What is not over by the last figure has the same predictions however long it lasts. So, given all else, its duration has
its prior cut off at that hour, and is drawn from it (a Gibbs step; Gelfand and Smith 1990,
doi:10.1080/01621459.1990.10476213). Moves along covariances would leave many a repair done soon after the last figure.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.special import ndtr, ndtri

if TYPE_CHECKING:
    from energy_impact.inference.weights import Floats

CANDIDATES = 16
"""Numbers among which one that several durations share is picked: the present one and new ones (judgement)."""
LEAST = 1e-300
"""Floor on probabilities, for their quantiles to be finite."""


def redrawn(
    rest: Floats,
    effect: Floats,
    spread: Floats,
    numbers: tuple[Floats, Floats, Floats],
    bound: float,
    rng: np.random.Generator,
) -> tuple[Floats, Floats, Floats]:
    """
    Return standard-normal numbers behind durations, with those of durations beyond a bound drawn anew.

    The logarithm of a duration is rest + effect (common + own) + spread each. Durations below the bound stay as they
    are, up to rounding: `each` takes up what the others change.

    Parameters
    ----------
    rest : ndarray, (groups, members)
        [log h]
    effect : ndarray, (groups, 1)
    spread : ndarray, (groups, durations, 1)
        Above zero.
    numbers : tuple of ndarray, (members,), (groups, members) and (groups, durations, members)
        `common` to all durations, `own` of each group, `each` of each duration.
    bound : float
        [log h]
    rng : Generator

    Returns
    -------
    tuple of ndarray
        As `numbers`.
    """
    common, own, each = numbers
    length = (rest + effect * (common + own))[:, None] + spread * each
    beyond = length >= bound
    common = _shared(common, length, rest + effect * own, effect, spread, beyond, bound, rng)
    own = np.array(
        [
            _shared(
                own[group],
                length[group, None],
                (rest[group] + effect[group] * common)[None],
                effect[group, None],
                spread[group, None],
                beyond[group, None],
                bound,
                rng,
            )
            for group in range(len(own))
        ]
    )
    base = (rest + effect * (common + own))[:, None]
    return common, own, np.where(beyond, above((bound - base) / spread, rng), (length - base) / spread)


def _shared(
    now: Floats,
    length: Floats,
    rest: Floats,
    effect: Floats,
    spread: Floats,
    beyond: Floats,
    bound: float,
    rng: np.random.Generator,
) -> Floats:
    """
    Return numbers that durations share, (members,), given those below the bound and which ones are beyond.

    New ones come from their normal distribution given the durations below the bound; one of these and the present one
    is picked by the probability that the others are beyond it, which leaves their distribution as it is.
    """
    pull = (effect[..., None] / spread) * ~beyond
    precision = 1 + (pull**2).sum((0, 1))
    mean = (pull * (length - rest[:, None]) / spread).sum((0, 1)) / precision
    found = np.concatenate([now[None], mean + rng.standard_normal((CANDIDATES - 1, len(now))) / np.sqrt(precision)])
    weight = np.ones_like(found)
    for group, mine in enumerate(beyond):
        margin = (rest[group] + effect[group] * found - bound)[:, None] / spread[group]
        weight *= np.where(mine, ndtr(margin), 1).prod(1)
    total = np.cumsum(weight, 0)
    picked = (total < rng.random(len(now)) * total[-1]).sum(0)
    return found[np.minimum(picked, CANDIDATES - 1), np.arange(len(now))]


def above(low: Floats, rng: np.random.Generator) -> Floats:
    """Return standard-normal numbers above others."""
    return np.maximum(-ndtri(np.maximum(rng.random(low.shape) * ndtr(-low), LEAST)), low)
