"""Robust ensemble smoother with multiple data assimilation.

ES-MDA (Emerick and Reynolds 2013, Computers & Geosciences): the figures are assimilated several times, each time with
their error variance inflated and the parameters moved along the ensemble's own covariances. A figure that the others
do not support gets a larger error, and so does the whole set if it scatters more than it should. Before the last model
run numbers that no figure depends on may be drawn anew. In the end members are drawn by the exact likelihoods of
figures that are ends and not numbers, such as "none" or "at least".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar, cast

import numpy as np

from energy_impact.inference.gain import Covariance, move, take_apart
from energy_impact.inference.jumps import choices
from energy_impact.inference.reach import everywhere
from energy_impact.inference.robust import common_miss, robust_variance
from energy_impact.inference.sites import sites, together
from energy_impact.inference.weights import drawn

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Generator, Mapping, Sequence

    from numpy.typing import NDArray

    from energy_impact.inference.gain import Spread
    from energy_impact.inference.jumps import Jumps
    from energy_impact.inference.reach import Reach
    from energy_impact.inference.weights import Floats, Numbers

State = TypeVar("State")

STEPS = 6
"""Assimilations with equal inflation (4 forecast storms of utilities left out 1 % worse, 12 no better)."""
PATH_SHARES = (0.25, 0.75)
"""Share of each assimilation of the rows that need no run. In a single one the counts of all members scatter alike,
while on the log scale large counts scatter less than small ones: it missed the exact answer by more."""
PRIOR_DOUBT = 3.0
"""Factor on the prior spread when figures are checked against it: priors are judgements, and the single count of a
small event must not lose to them (judgement)."""
FARTHEST_Z = 2.5
"""Members farther from a figure, in standard deviations, were not placed there by its Gaussian (judgement)."""


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
    kept : ndarray of int, (members,), or None
        Which members of the last run they are; None if all in their order.
    """

    normal: Numbers
    predicted: Floats
    kept: NDArray[np.intp] | None = None


def runs_of(jumps: Sequence[Jumps]) -> int:
    """Return how many runs of the model `smoothing` asks for; the last is of the members that it returns."""
    return STEPS + 1 + bool(jumps)


def smooth(steps: Generator[Numbers, State, Smoothed], run: Callable[[Numbers], State]) -> Smoothed:
    """
    Return the result of `smoothing`, with model runs of one ensemble alone.

    Parameters
    ----------
    steps : generator
        From `smoothing`.
    run : callable
        From numbers (rows, members) to the model run of the structural ones.

    Returns
    -------
    Smoothed
    """
    try:
        numbers = next(steps)
        while True:
            numbers = steps.send(run(numbers))
    except StopIteration as end:
        return cast("Smoothed", end.value)


def smoothing(
    normal: Numbers,
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
    redraw: Callable[[Numbers, np.random.Generator], None] | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Generator[Numbers, State, Smoothed]:
    """
    Yield the numbers to run the model with, and return them moved so that their predictions meet the observations.

    It takes the model run of what it yields, the costly part, so that several ensembles can run side by side.

    The first `structural` rows are moved in `STEPS` assimilations, with the effect of the other rows counted among
    the errors of the observations. Then the other rows, in which the predictions are close to linear, are moved given
    the first, in `PATH_SHARES`: each member's own path is conditioned on the observations.

    Parameters
    ----------
    normal : ndarray of float32 or float64, (rows, members)
        Independent standard-normal numbers; those that come back have the same precision.
    read : callable
        From a model run of the structural numbers, and the numbers, to predictions (figures, members): without, and
        with, the effect of the rows from `structural` on.
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
    reach : Reach, optional
        Which rows reach which figures; by default all may reach all.
    exact : mapping of int to callable, optional
        Log-likelihoods of predictions (members,), for figures that the Gaussian of `observed` and `variance` describes
        badly, by their number: members moved with that Gaussian, or where they are far from it with one fitted there,
        are drawn by the ratio of the two in the end.
    redraw : callable, optional
        Takes moved numbers and a generator, and draws anew, in place, some that no prediction depends on.
    progress : callable, optional
        Called with (runs done, runs in all).

    Yields
    ------
    ndarray, (rows, members)
        Numbers to run the model with; to be read before the run is sent, and not changed.

    Returns
    -------
    Smoothed
    """
    report = progress or (lambda _done, _total: None)
    normal = normal.copy()
    exact = exact or {}
    reach = reach or everywhere(len(normal), len(observed))
    first_rows, last_rows = reach.split(structural)
    fixed = np.unique(np.concatenate([jump.kept for jump in jumps])) if jumps else np.zeros(0, np.intp)
    runs, first = runs_of(jumps), bool(jumps)
    if jumps:
        base, full = read((yield normal), normal)
        report(1, runs)
        moved = np.arange(len(normal)) < structural
        moved[np.concatenate([jump.rows for jump in jumps])] = False
        for near in _by_block(jumps, reach):
            acting = reach.acting_on(np.unique(np.concatenate([jump.figures for jump in near])))
            others = normal[acting[moved[acting]]]
            for jump, chosen in choices(others, near, base, full - base, observed, variance, rng):
                normal[jump.rows] = normal[jump.rows][:, chosen]
    taken: list[tuple[Floats, Floats]] = []
    for step in range(STEPS):
        base, full = read((yield normal), normal)
        report(first + step + 1, runs)
        spread, miss = take_apart(normal[:structural], base, first_rows), observed - base.mean(1)
        extra = [np.atleast_2d(np.cov((full - base)[mine])) for mine in reach.figures]
        inflated = robust_variance(_expected(spread, extra, miss, groups, reach, first=not step), miss, variance)
        centre, square = sites(full, observed, variance, inflated, exact, left=1 - step / STEPS)
        taken.append((centre, square))
        error = [STEPS * (block + np.diag(square[mine])) for mine, block in zip(reach.figures, extra, strict=True)]
        chosen_rows = normal[fixed]
        move(normal[:structural], spread, centre[:, None] - base, error, first_rows, rng)
        normal[fixed] = chosen_rows
    centre, square = together(taken, [*exact])
    if redraw is not None:
        redraw(normal, rng)
    state = yield normal
    report(runs, runs)
    for share in PATH_SHARES:
        base, full = read(state, normal)
        error = [np.diag(square[mine]) / share for mine in reach.figures]
        spread = take_apart(normal[structural:], full - base, last_rows)
        move(normal[structural:], spread, centre[:, None] - full, error, last_rows, rng)
    predicted = read(state, normal)[1]
    if not exact:
        return Smoothed(normal, predicted)
    kept = drawn(_ratio(predicted, centre, square, variance / inflated, exact), rng)
    return Smoothed(normal.take(kept, 1), predicted.take(kept, 1), kept)


def _by_block(jumps: Sequence[Jumps], reach: Reach) -> Collection[list[Jumps]]:
    """Return the jumps of each block of figures."""
    found: dict[int, list[Jumps]] = {}
    for jump in jumps:
        found.setdefault(int(reach.block_of[jump.figures[0]]), []).append(jump)
    return found.values()


def _expected(
    spread: Spread, extra: Sequence[Floats], miss: Floats, groups: NDArray[np.intp], reach: Reach, *, first: bool
) -> Covariance:
    """Return the covariance of misses that is expected but for the figures' errors; `first` before any assimilation."""
    doubt = PRIOR_DOUBT**2 if first else 1.0
    blocks = []
    for mine, block in zip(reach.figures, extra, strict=True):
        common = 0.0 if first else common_miss(miss[mine], groups[mine])
        blocks.append(doubt * spread.own(mine) + common + block)
    return Covariance(reach.figures, tuple(blocks), spread.slopes, doubt * spread.between)


def _ratio(
    predicted: Floats,
    observed: Floats,
    variance: Floats,
    belief: Floats,
    exact: Mapping[int, Callable[[Floats], Floats]],
) -> Floats:
    """
    Return the log-ratio of exact to Gaussian likelihoods per member; a figure counts as little as it is believed.

    A member that still misses another figure by more than `FARTHEST_Z` counts less by what it is beyond.
    """
    square = (observed[:, None] - predicted) ** 2 / variance[:, None]
    gaussian, beyond = -0.5 * np.minimum(square, FARTHEST_Z**2), 0.5 * np.maximum(square - FARTHEST_Z**2, 0)
    ratios = [belief[index] * likelihood(predicted[index]) - gaussian[index] for index, likelihood in exact.items()]
    others = np.delete(beyond, [*exact], axis=0)
    return np.asarray(np.sum(ratios, axis=0) - others.sum(0))
