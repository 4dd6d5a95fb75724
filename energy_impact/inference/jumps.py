"""Numbers with which predictions jump: draws are chosen by their likelihood instead of moved.

Moving an ensemble along its covariances suits smooth changes. Whether a repair was done before a figure held is a step:
between "all out" and "all back" there is nothing to move along. So a prior draw of these numbers is kept or dropped by
its likelihood with the other numbers integrated out; their effect is taken as linear and equal for all draws
(a Rao-Blackwellised importance step; Doucet, de Freitas, Murphy and Russell 2000, UAI, 176-183). Rows that are moved
afterwards too have the figures count twice: where they act in a straight line that is too much, for steps it makes up
for moves that fall short (`docs/decisions.md`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from energy_impact.inference import products
from energy_impact.inference.weights import LEAST_EFFECTIVE, drawn

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from energy_impact.inference.weights import Floats, Numbers

FREEDOM = 4.0
"""Degrees of freedom of the errors here: heavy tails keep one figure from ruling out nearly all draws (judgement)."""
LEAST_COUNTING, MOST_COUNTING = 200.0, 0.4
"""Members that must count where draws are chosen, or this share of a small ensemble, and a tenth of a large one:
covariances of these move the others afterwards (judgements, `docs/decisions.md`)."""
SIGNIFICANT = 3.0
"""Effects below this many standard errors of a correlation are taken as none."""
FIGURES_TOGETHER = 32
"""Figures whose linear effects are computed in one pass over the numbers."""


@dataclass(frozen=True)
class Jumps:
    """
    Rows that are chosen together, and the figures behind the choice.

    Attributes
    ----------
    rows : ndarray of int
        Rows of the standard-normal numbers.
    figures : ndarray of int
    kept : ndarray of int
        Those of the rows that stay as they are chosen; the others are moved afterwards.
    """

    rows: NDArray[np.intp]
    figures: NDArray[np.intp]
    kept: NDArray[np.intp]


def choices(
    numbers: Numbers,
    jumps: Sequence[Jumps],
    base: Floats,
    noise: Floats,
    observed: Floats,
    variance: Floats,
    rng: np.random.Generator,
) -> Iterator[tuple[Jumps, NDArray[np.intp]]]:
    """
    Yield each jump and the members whose jumping numbers fit its figures, drawn with repetition.

    Parameters
    ----------
    numbers : ndarray, (rows, members)
        Those that do not jump, independent and standard-normal.
    jumps : sequence of Jumps
    base : ndarray, (figures, members)
        Predictions without the effect of the rows that need no run.
    noise : ndarray, (figures, members)
        That effect.
    observed, variance : ndarray, (figures,)
    rng : Generator

    Yields
    ------
    Jumps
    ndarray of int, (members,)
        Indices of members, each about as often as its weight.
    """
    for group in _groups(jumps):
        effects = _effects(numbers, base[np.concatenate([jump.figures for jump in group])])
        for jump in group:
            mine = jump.figures
            effect, effects = effects[: len(mine)], effects[len(mine) :]
            yield jump, _choose(numbers, effect, base[mine], noise[mine], observed[mine], variance[mine], rng)


def _groups(jumps: Sequence[Jumps]) -> Iterator[list[Jumps]]:
    """Yield jumps in groups of some `FIGURES_TOGETHER` figures."""
    group: list[Jumps] = []
    for jump in jumps:
        group.append(jump)
        if sum(len(one.figures) for one in group) >= FIGURES_TOGETHER:
            yield group
            group = []
    if group:
        yield group


def _choose(
    numbers: Numbers,
    effect: Floats,
    base: Floats,
    noise: Floats,
    observed: Floats,
    variance: Floats,
    rng: np.random.Generator,
) -> NDArray[np.intp]:
    """Return members by how well they fit the figures of a jump, once what is linear is allowed for."""
    error = effect @ effect.T + np.atleast_2d(np.cov(noise)) + np.diag(variance)
    used = np.flatnonzero(effect.any(0))
    miss = observed[:, None] - (base - products.combined(effect[:, used], numbers[used]))
    square = (miss * np.linalg.solve(error, miss)).sum(0)
    least = max(LEAST_EFFECTIVE, min(MOST_COUNTING, LEAST_COUNTING / miss.shape[1]))
    return drawn(-(FREEDOM + len(miss)) / 2 * np.log1p(square / FREEDOM), rng, least)


def _effects(numbers: Numbers, base: Floats) -> Floats:
    """Return the linear effect of each number on each prediction, (figures, rows), without chance correlations."""
    members = base.shape[1]
    deviation = base - base.mean(1, keepdims=True)
    effect = products.onto(numbers, deviation / (members - 1)).T
    spread = np.maximum(base.std(1, keepdims=True), np.finfo(float).tiny)
    effect[np.abs(effect) < SIGNIFICANT / np.sqrt(members) * spread] = 0
    return effect
