"""Numbers with which predictions jump: draws are chosen by their likelihood instead of moved.

Moving an ensemble along its covariances suits smooth changes. Whether a repair was done before a figure held is a step:
between "all out" and "all back" there is nothing to move along. So a prior draw of these numbers is kept or dropped by
its likelihood with the other numbers integrated out; their effect is taken as linear and equal for all draws
(a Rao-Blackwellised importance step; Doucet, de Freitas, Murphy and Russell 2000, UAI, 176-183).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from energy_impact.inference import products
from energy_impact.inference.weights import drawn

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from energy_impact.inference.weights import Floats, Numbers

FREEDOM = 4.0
"""Degrees of freedom of the errors here: heavy tails keep one figure from ruling out nearly all draws (judgement)."""
SIGNIFICANT = 3.0
"""Effects below this many standard errors of a correlation are taken as none."""


@dataclass(frozen=True)
class Jumps:
    """
    Rows that are chosen together, and the figures behind the choice.

    Attributes
    ----------
    rows : ndarray of int
        Rows of the standard-normal numbers.
    figures : ndarray of int
    """

    rows: NDArray[np.intp]
    figures: NDArray[np.intp]


def choose(
    others: Numbers,
    base: Floats,
    noise: Floats,
    observed: Floats,
    variance: Floats,
    rng: np.random.Generator,
) -> NDArray[np.intp]:
    """
    Return members whose jumping numbers fit the figures, drawn with repetition.

    Parameters
    ----------
    others : ndarray, (rows, members)
        The other numbers, independent and standard-normal.
    base : ndarray, (figures, members)
        Predictions without the effect of the rows that need no run.
    noise : ndarray, (figures, members)
        That effect.
    observed, variance : ndarray, (figures,)
    rng : Generator

    Returns
    -------
    ndarray of int, (members,)
        Indices of members, each about as often as its weight.
    """
    effect = _effect(others, base)
    error = effect @ effect.T + np.atleast_2d(np.cov(noise)) + np.diag(variance)
    miss = observed[:, None] - (base - products.combined(effect, others))
    square = (miss * np.linalg.solve(error, miss)).sum(0)
    return drawn(-(FREEDOM + len(miss)) / 2 * np.log1p(square / FREEDOM), rng)


def _effect(others: Numbers, base: Floats) -> Floats:
    """Return the linear effect of each number on each prediction, (figures, rows), without chance correlations."""
    members = base.shape[1]
    deviation = base - base.mean(1, keepdims=True)
    effect = products.onto(others, deviation / (members - 1)).T
    spread = np.maximum(base.std(1, keepdims=True), np.finfo(float).tiny)
    return np.where(np.abs(effect) < SIGNIFICANT / np.sqrt(members) * spread, 0.0, effect)
