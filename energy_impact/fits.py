"""Fits run through the smoother: one alone, or several whose members share the runs of the model."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from energy_impact.ensemble_runs import groups_beside, of_run
from energy_impact.inference.smoother import Smoothed, smooth, smoothing
from energy_impact.model.beside import plan_beside
from energy_impact.model.simulate import Part, simulate_beside
from energy_impact.reach import reach_of
from energy_impact.report_runs import Needs, needs_of, read_reports, run_members
from energy_impact.reports import exact_likelihoods, groups, observed

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from energy_impact.model.plan import Array, Plan
    from energy_impact.prepare import Prepared

    Numbers = NDArray[np.floating]
    States = list[dict[str, Array]]
    Steps = Generator[Numbers, States, Smoothed]


class Fit(NamedTuple):
    """A fit that is to be run: what its figures need of the model, its members, and the smoother at work on them."""

    needs: Needs
    members: int
    steps: Steps


def fit_of(
    prepared: Prepared,
    normal: Array,
    rng: np.random.Generator,
    progress: Callable[[int, int], None] | None = None,
) -> Fit:
    """
    Return the fit of a scenario, which must have reports, from the numbers of its prior members.

    Parameters
    ----------
    prepared : Prepared
    normal : ndarray, (rows, members)
    rng : Generator
        Perturbs the figures.
    progress : callable, optional
        Called with (runs done, runs in all).
    """
    needs = needs_of(prepared)
    centre, variance = observed(prepared.reports, prepared.plan.step_h)
    steps = smoothing(
        normal,
        partial(read_reports, needs),
        centre,
        variance,
        rng,
        groups=groups(prepared.reports),
        structural=prepared.layout.anchor_row,
        jumps=prepared.jumps,
        reach=reach_of(prepared, normal.shape[1]),
        exact=exact_likelihoods(prepared.reports, prepared.plan.step_h),
        progress=progress,
    )
    return Fit(needs, normal.shape[1], steps)


def run_fits(fits: Sequence[Fit]) -> list[Smoothed]:
    """
    Return the results of fits, each with the bits that it has alone.

    Fits whose scenarios differ in their figures alone run side by side, as far as their members together are no more
    than run fastest. Each reads its own members of a run alone.
    """
    found: dict[int, Smoothed] = {}
    for group in groups_beside([fit.needs.prepared.plan for fit in fits], [fit.members for fit in fits]):
        if len(group) == 1:
            fit = fits[group[0]]
            found[group[0]] = smooth(fit.steps, partial(run_members, fit.needs))
        else:
            found |= zip(group, _side_by_side([fits[number] for number in group]), strict=True)
    return [found[number] for number in range(len(fits))]


def _side_by_side(fits: Sequence[Fit]) -> list[Smoothed]:
    """Return the results of fits of which each model run is shared."""
    waiting = {number: next(fit.steps) for number, fit in enumerate(fits)}
    found: dict[int, Smoothed] = {}
    run = _run_of(fits)
    while waiting:
        if len(run.fits) > len(waiting):
            run = _run_of([fits[number] for number in waiting])
        states = run.states([*waiting.values()])
        for number, mine in zip([*waiting], states, strict=True):
            try:
                waiting[number] = fits[number].steps.send([mine])
            except StopIteration as end:
                found[number] = end.value
                del waiting[number]
    return [found[number] for number in range(len(fits))]


class _Run(NamedTuple):
    """A model run that several fits share: up to the last figure of any, with all that any needs."""

    fits: Sequence[Fit]
    plan: Plan
    parameters: set[str]

    def states(self, normal: Sequence[Numbers]) -> States:
        """Return the states that each fit needs, of its members."""
        parts = []
        for (needs, *_), numbers in zip(self.fits, normal, strict=True):
            values = needs.prepared.layout.values(numbers, self.parameters)
            parts.append(Part(needs.plan, values, needs.record, needs.there))
        return simulate_beside(self.plan, parts)


def _run_of(fits: Sequence[Fit]) -> _Run:
    needs = [fit.needs for fit in fits]
    plan = plan_beside([one.prepared.plan for one in needs], [fit.members for fit in fits])
    parameters = {name for one in needs for name in of_run(one.prepared, one.parameters)}
    return _Run(fits, plan.until(max(one.plan.steps for one in needs)), parameters)
