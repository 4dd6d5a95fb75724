"""Robust ensemble smoother with multiple data assimilation.

ES-MDA (Emerick and Reynolds 2013, Computers & Geosciences): the figures are assimilated several times, each time with
their error variance inflated and the parameters moved along the ensemble's own covariances. A figure that the others
do not support gets a larger error, and so does the whole set if it scatters more than it should. In the end members are
drawn by the exact likelihoods of figures that are ends and not numbers, such as "none" or "at least".
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import numpy as np
from scipy.special import chdtri

from energy_impact.inference.jumps import choose
from energy_impact.inference.reach import Error, everywhere, move, take_apart
from energy_impact.inference.weights import drawn

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

    from energy_impact.inference.jumps import Jumps
    from energy_impact.inference.reach import Reach
    from energy_impact.inference.weights import Floats, Numbers

State = TypeVar("State")

STEPS = 6
"""Assimilations with equal inflation (4 forecast storms of utilities left out 1 % worse, 12 no better)."""
PATH_SHARES = (0.25, 0.75)
"""Share of each assimilation of the rows that need no run. In a single one the counts of all members scatter alike,
while on the log scale large counts scatter less than small ones: it missed the exact answer by more."""
OUTLIER_Z = 3.5
"""Leave-one-out residual beyond which a figure's error is inflated, in standard deviations (judgement)."""
ROUNDING = 1e-9
"""Share by which a residual may exceed that bound after it was brought there."""
UNDECIDED = 0.8
"""Figures whose residuals reach this share of the worst one contradict each other, and no other decides (judgement)."""
PRIOR_DOUBT = 3.0
"""Factor on the prior spread when figures are checked against it: priors are judgements, and the single count of a
small event must not lose to them (judgement)."""
FARTHEST_Z = 2.5
"""Members farther from a figure, in standard deviations, were not placed there by its Gaussian (judgement)."""
SCATTER_LEVEL = 0.95
"""Probability below which scatter is taken as chance (judgement)."""


@dataclass(frozen=True)
class Smoothed:
    """
    Result of the smoother.

    Attributes
    ----------
    normal : ndarray, (rows, members)
        The moved standard-normal numbers.
    predicted : ndarray, (figures, members)
        Their predictions for the figures, on the figures' scale.
    """

    normal: Numbers
    predicted: Floats


def smooth(
    normal: Numbers,
    run: Callable[[Numbers], State],
    read: Callable[[State, Numbers], tuple[Floats, Floats]],
    observed: Floats,
    variance: Floats,
    rng: np.random.Generator,
    *,
    groups: NDArray[np.intp],
    structural: int,
    jumps: Sequence[Jumps] = (),
    reach: Reach | None = None,
    exact: Mapping[int, Callable[[Floats], Floats]] | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Smoothed:
    """
    Return an ensemble of standard-normal numbers, moved so that its predictions meet the observations.

    The first `structural` rows are moved in `STEPS` assimilations, with the effect of the other rows counted among
    the errors of the observations. Then the other rows, in which the predictions are close to linear, are moved given
    the first, in `PATH_SHARES`: each member's own path is conditioned on the observations.

    Parameters
    ----------
    normal : ndarray of float32 or float64, (rows, members)
        Independent standard-normal numbers; those that come back have the same precision.
    run : callable
        From numbers (rows, members) to the model run of the structural ones; the costly part.
    read : callable
        From that and the numbers to predictions (figures, members): without, and with, the effect of the rows from
        `structural` on.
    observed, variance : ndarray, (figures,)
        Observations and their error variances, on the scale of the predictions.
    rng : Generator
        Perturbs the observations.
    groups : ndarray of int, (figures,)
        Figures of one group concern one thing; a common misfit does not count against any of them. Figures that check
        each other, such as a sum and its parts, belong in one group; otherwise the misfit of each side is excused.
    structural : int
        Number of structural rows.
    jumps : sequence of Jumps
        Structural rows with which the predictions jump: they are chosen among the prior draws before the others move.
    exact : mapping of int to callable, optional
        Log-likelihoods of predictions (members,), for figures that the Gaussian of `observed` and `variance` describes
        badly, by their number: members moved with that Gaussian are drawn by the ratio of the two in the end.
    progress : callable, optional
        Called with (runs done, runs in all).

    Returns
    -------
    Smoothed
    """
    report = progress or (lambda _done, _total: None)
    normal = normal.copy()
    reach = reach or everywhere(len(normal), len(observed))
    first_rows, last_rows = _split(reach, structural)
    fixed = np.array(sorted({int(row) for jump in jumps for row in jump.rows}), np.intp)
    runs, first = STEPS + 1 + bool(jumps), bool(jumps)
    if jumps:
        base, full = read(run(normal), normal)
        report(1, runs)
        others = np.delete(normal[:structural], fixed, axis=0)
        for jump in jumps:
            mine = jump.figures
            chosen = choose(others, base[mine], (full - base)[mine], observed[mine], variance[mine], rng)
            normal[jump.rows] = normal[jump.rows][:, chosen]
    inflated = variance
    for step in range(STEPS):
        base, full = read(run(normal), normal)
        report(first + step + 1, runs)
        extra = _masked(np.atleast_2d(np.cov(full - base)), reach)
        parts = take_apart(normal[:structural], base, first_rows)
        spread, miss = parts.slopes @ parts.between @ parts.slopes.T + _masked(np.atleast_2d(np.cov(parts.rest)), reach), observed - base.mean(1)
        spread += common_miss(miss, groups) if step else (PRIOR_DOUBT**2 - 1) * spread
        inflated = robust_variance(spread + extra, miss, variance)
        error = Error(tuple(STEPS * (extra[np.ix_(f, f)] + np.diag(inflated[f])) for f in reach.figures))
        chosen_rows = normal[fixed]
        move(normal[:structural], base, observed[:, None] - base, error, first_rows, rng)
        normal[fixed] = chosen_rows
    state = run(normal)
    report(runs, runs)
    for share in PATH_SHARES:
        base, full = read(state, normal)
        error = Error(tuple(np.diag(inflated[f]) / share for f in reach.figures))
        move(normal[structural:], full - base, observed[:, None] - full, error, last_rows, rng)
    predicted = read(state, normal)[1]
    if not exact:
        return Smoothed(normal, predicted)
    kept = drawn(_ratio(predicted, observed, variance, inflated, exact), rng)
    return Smoothed(normal.take(kept, 1), predicted.take(kept, 1))


def _split(reach: Reach, structural: int) -> tuple[Reach, Reach]:
    first = dataclasses.replace(reach, block=reach.block[:structural])
    last = dataclasses.replace(reach, block=reach.block[structural:], acts=reach.acts[:, :0], always=reach.always[:0])
    return first, last


def _masked(covariance: Floats, reach: Reach) -> Floats:
    found = np.zeros_like(covariance)
    for f in reach.figures:
        found[np.ix_(f, f)] = covariance[np.ix_(f, f)]
    return found


def _ratio(
    predicted: Floats,
    observed: Floats,
    variance: Floats,
    inflated: Floats,
    exact: Mapping[int, Callable[[Floats], Floats]],
) -> Floats:
    """
    Return the log-ratio of exact to Gaussian likelihoods per member; a figure counts as little as it is believed.

    A member that still misses another figure by more than `FARTHEST_Z` counts less by what it is beyond.
    """
    square = (observed[:, None] - predicted) ** 2 / inflated[:, None]
    gaussian, beyond = -0.5 * np.minimum(square, FARTHEST_Z**2), 0.5 * np.maximum(square - FARTHEST_Z**2, 0)
    ratios = [
        variance[index] / inflated[index] * likelihood(predicted[index]) - gaussian[index]
        for index, likelihood in exact.items()
    ]
    others = np.delete(beyond, [*exact], axis=0)
    return np.asarray(np.sum(ratios, axis=0) - others.sum(0))


def common_miss(miss: Floats, groups: NDArray[np.intp]) -> Floats:
    """
    Covariance of the common misfit of each group of figures: the median, so that one wrong of three does not decide.

    For an even number, it is the middle miss nearer to zero, or zero between two of opposite sign: a figure that fits
    shares nothing with one that does not. After the first assimilations an ensemble with far to go is still on its way.
    Without this term, the count of an unusually small event would be taken for an outlier then, though no other figure
    contradicts it. So a figure that is alone in its group is hardly ever doubted.

    Parameters
    ----------
    miss : ndarray, (figures,)
        Observations minus mean predictions.
    groups : ndarray of int, (figures,)

    Returns
    -------
    ndarray, (figures, figures)
    """
    common = np.empty(len(miss))
    for group in np.unique(groups):
        ordered = np.sort(miss[groups == group])
        middle = (len(ordered) - 1) / 2
        common[groups == group] = np.clip(0.0, ordered[int(np.floor(middle))], ordered[int(np.ceil(middle))])
    return np.asarray((groups[:, None] == groups) * np.square(common)[:, None])


def robust_variance(spread: Floats, miss: Floats, variance: Floats) -> Floats:
    """
    Error variances with outliers and a common misfit inflated.

    Each figure is compared with its expectation from the others (Gaussian leave-one-out). The worst beyond `OUTLIER_Z`
    gets its variance raised until it lies exactly there (the variance form of Huber's weight), then the next. If
    several are about as bad (`UNDECIDED`), nothing shows which is wrong: the squared residual is shared among their
    variances, so that the fit spreads over all of them instead of choosing one. If the scatter still exceeds the
    quantile `SCATTER_LEVEL` of chance, all variances are raised by that excess.

    Parameters
    ----------
    spread : ndarray, (figures, figures)
        Covariance of the predictions, without the figures' errors.
    miss : ndarray, (figures,)
        Observations minus mean predictions.
    variance : ndarray, (figures,)
        Error variances.

    Returns
    -------
    ndarray, (figures,)
    """
    inflated = variance.copy()
    inverse = np.asarray(np.linalg.inv(spread + np.diag(inflated)), np.float64)
    for _ in range(2 * len(miss)):
        residual, expected = leave_one_out(inverse, miss)
        z = np.abs(residual) / np.sqrt(expected)
        if z.max() <= OUTLIER_Z * (1 + ROUNDING):
            break
        worst = np.flatnonzero(z >= UNDECIDED * z.max())
        if len(worst) == 1:
            raised = residual[worst] ** 2 / OUTLIER_Z**2 - expected[worst]
        else:
            raised = residual[worst] ** 2 / len(worst)
        inflated[worst] += raised
        effect = inverse[:, worst]
        change = np.eye(len(worst)) + raised[:, None] * effect[worst]
        inverse -= effect @ np.linalg.solve(change, raised[:, None] * effect.T)
    scatter = float(miss @ np.linalg.solve(spread + np.diag(inflated), miss)) / len(miss)
    return inflated * scatter if scatter > chdtri(len(miss), 1 - SCATTER_LEVEL) / len(miss) else inflated


def leave_one_out(inverse: Floats, miss: Floats) -> tuple[Floats, Floats]:
    """
    Residual of each observation from its expectation given the others, and the residual's variance.

    Parameters
    ----------
    inverse : ndarray, (figures, figures)
        Inverse covariance of the misses, errors included.
    miss : ndarray, (figures,)

    Returns
    -------
    residual, variance : ndarray, (figures,)
    """
    variance = 1 / np.diag(inverse)
    return (inverse @ miss) * variance, variance
