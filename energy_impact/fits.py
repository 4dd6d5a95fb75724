"""Fits run through the smoother: one alone, or several whose members share the runs of the model."""

from __future__ import annotations

from functools import partial
from itertools import count
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from energy_impact._sharing import SHARES_BESIDE
from energy_impact._spooled import fit_in_memory
from energy_impact.ensemble_runs import COUNTING, LEVEL_NOISE, NORMAL_BYTES, counted_from, members_together
from energy_impact.inference.smoother import Smoothed, runs_of, smooth, smoothing
from energy_impact.model import people
from energy_impact.model.beside import alike, beside, plan_beside
from energy_impact.model.blocks import chunks
from energy_impact.model.cells import selection
from energy_impact.model.parameters import STOCK_PARAMETERS
from energy_impact.model.simulate import Part, simulate_beside
from energy_impact.reach import reach_of
from energy_impact.repairs import jumps_of, redraw_open
from energy_impact.report_runs import (
    Needs,
    gives_curves,
    needs_of,
    of_run,
    read_reports,
    run_members,
    states_of_curves,
    with_curves,
)
from energy_impact.reports import exact_likelihoods, groups, observed

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Sequence

    from numpy.typing import NDArray

    from energy_impact.model.plan import Array, Places, Plan, Values
    from energy_impact.prepare import Prepared

    Numbers = NDArray[np.floating]
    States = list[dict[str, Array]]
    Steps = Generator[Numbers, States, Smoothed]
    Keys = Sequence[tuple[str, str]]

NUMBERS_BYTES = 2**28
"""Fewer fits run side by side if their numbers would be larger than this."""
STEPS_AT_ONCE = 64
"""Steps of a run from which curves are read at once, so that their states stay in the processor's cache."""


class Fit(NamedTuple):
    """A fit to run: what its figures need, its members, how often it runs the model, and the smoother at work on it."""

    needs: Needs
    members: int
    runs: int
    steps: Steps


class Fitted(NamedTuple):
    """The result of a fit, and the curves that were asked for with it; none if it ran by itself or they need more."""

    smoothed: Smoothed
    curves: dict[tuple[str, str], Array]


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
    needs, jumps = needs_of(prepared), jumps_of(prepared)
    centre, variance = observed(prepared.reports, prepared.plan.step_h)
    steps = smoothing(
        normal,
        partial(read_reports, needs),
        centre,
        variance,
        rng,
        groups=groups(prepared.reports),
        structural=prepared.layout.anchor_row,
        jumps=jumps,
        reach=reach_of(prepared, normal.shape[1]),
        exact=exact_likelihoods(prepared.reports, prepared.plan.step_h),
        redraw=partial(redraw_open, needs),
        progress=progress,
    )
    return Fit(needs, normal.shape[1], runs_of(jumps), steps)


def fits_together(prepared: Prepared, members: int) -> int:
    """Return how many fits of a scenario, at least one, have numbers and copies that stay below `NUMBERS_BYTES`."""
    return max(NUMBERS_BYTES // (prepared.layout.rows * members * NORMAL_BYTES), 1)


def groups_beside(plans: Sequence[Plan], members: Sequence[int]) -> list[list[int]]:
    """
    Return the numbers of ensembles that can run side by side, in groups of no more members than run fastest.

    Parameters
    ----------
    plans : sequence of Plan
    members : sequence of int
        Members of each ensemble.
    """
    found: list[list[int]] = []
    for number, plan in enumerate(plans):
        fitting = (group for group in found if _fit_beside(plan, [members[one] for one in (*group, number)], states=1))
        group = next((group for group in fitting if alike(plans[group[0]], plan)), None)
        if group is None:
            found.append([number])
        else:
            group.append(number)
    return found


def _fit_beside(plan: Plan, members: Sequence[int], states: int) -> bool:
    """Return whether ensembles are small enough to run side by side, each in one chunk."""
    total = sum(members)
    if total * plan.places > SHARES_BESIDE or max(members) > members_together(plan):
        return False
    return fit_in_memory(states, (plan.steps + 1, plan.places, total))


def run_fits(fits: Sequence[Fit], keys: Keys = ()) -> list[Fitted]:
    """
    Return the results of fits, each with the bits that it has alone.

    Fits whose scenarios differ in their figures alone run side by side, as far as their members together are no more
    than run fastest. Each reads its own members of a run alone. The last run of a fit is of the members as fitted, so
    curves are read from it if the states behind them fit in memory.

    Parameters
    ----------
    fits : sequence of Fit
    keys : sequence of (quantity, place)
        Curves that will be asked for.
    """
    plans = [fit.needs.prepared.plan for fit in fits]
    states = max((len(states_of_curves(plan, keys)) for plan in plans), default=0)
    found: dict[int, Fitted] = {}
    for group in groups_beside(plans, [fit.members for fit in fits]):
        some = [fits[number] for number in group]
        asked = keys if states and _fit_beside(plans[group[0]], [fit.members for fit in some], states) else ()
        if len(group) > 1 or asked:
            found |= zip(group, _side_by_side(some, asked), strict=True)
        else:
            found[group[0]] = Fitted(smooth(some[0].steps, partial(run_members, some[0].needs)), {})
    return [found[number] for number in range(len(fits))]


def _side_by_side(fits: Sequence[Fit], keys: Keys) -> list[Fitted]:
    """Return the results of fits of which each model run is shared, with curves."""
    waiting = {number: next(fit.steps) for number, fit in enumerate(fits)}
    found: dict[int, Fitted] = {}
    run: _Run | None = None
    for done in count(1):
        last = {number for number in waiting if fits[number].runs == done}
        if run is None or last or len(run.needs) > len(waiting):
            needs = [with_curves(fits[number].needs, keys if number in last else ()) for number in waiting]
            run = _run_of(needs, [fits[number].members for number in waiting])
        ended: dict[int, _Ended] = {}
        for number, states in zip([*waiting], run.states([*waiting.values()]), strict=True):
            fit = fits[number]
            try:
                waiting[number] = fit.steps.send([_at_reports(fit.needs, states)])
            except StopIteration as end:
                ended[number] = _Ended(fit.needs.prepared, end.value, states)
                del waiting[number]
        found |= _with_curves(fits, ended, keys)
        if not waiting:
            break
    return [found[number] for number in range(len(fits))]


class _Run(NamedTuple):
    """A model run that several fits share: up to the last step that any needs, with all that any needs."""

    needs: Sequence[Needs]
    plan: Plan
    parameters: set[str]

    def states(self, normal: Sequence[Numbers]) -> States:
        """Return the states that each fit needs, of its members."""
        parts = []
        for needs, numbers in zip(self.needs, normal, strict=True):
            values = needs.prepared.layout.values(numbers, self.parameters)
            parts.append(Part(needs.plan, values, needs.record, needs.there))
        return simulate_beside(self.plan, parts)


def _run_of(needs: Sequence[Needs], members: Sequence[int]) -> _Run:
    plan = plan_beside([one.prepared.plan for one in needs], members)
    parameters = {name for one in needs for name in of_run(one.prepared, one.parameters)}
    return _Run(needs, plan.until(max(one.plan.steps for one in needs)), parameters)


def _at_reports(needs: Needs, states: dict[str, Array]) -> dict[str, Array]:
    """Return the states of a run at the steps of its reports alone."""
    return {
        name: states[name] if len(states[name]) == len(steps) else states[name][steps]
        for name, steps in needs.record.items()
    }


def _with_curves(fits: Sequence[Fit], ended: dict[int, _Ended], keys: Keys) -> dict[int, Fitted]:
    """Return the results of fits that have ended, with curves where their last run has all that these need."""
    having = [number for number in ended if gives_curves(fits[number].needs, keys)]
    curves = dict(zip(having, _curves([ended[number] for number in having], keys), strict=True))
    return {number: Fitted(one.smoothed, curves.get(number, {})) for number, one in ended.items()}


class _Ended(NamedTuple):
    """A fit that has ended, with the states of its last run."""

    prepared: Prepared
    smoothed: Smoothed
    states: dict[str, Array]


def _curves(ended: Sequence[_Ended], keys: Keys) -> list[dict[tuple[str, str], Array]]:
    """Return the curves of ensembles as fitted, each (steps + 1, members)."""
    if not ended:
        return []
    plan, leaves = ended[0].prepared.plan, ended[0].prepared.parts
    places = sorted({leaf for _, place in keys for leaf in leaves[place]})
    if any(change.boilers for change in plan.changes):
        places = list(range(plan.places))
    where = selection(places)
    values = beside([_counting(one, where) for one in ended])
    kept, begins = _kept([one.smoothed for one in ended])
    found = [
        {key: np.empty((plan.steps + 1, one.smoothed.normal.shape[1]), np.float32) for key in keys} for one in ended
    ]
    for steps in chunks(plan.steps + 1, STEPS_AT_ONCE):
        modelled = {
            name: np.concatenate([one.states[name][steps, where] for one in ended], axis=-1).take(kept, -1)
            for name in states_of_curves(plan, keys)
        }
        shares = counted_from(plan, values, modelled, np.arange(steps.start, steps.stop))
        for quantity, place in keys:
            rows = people.count(quantity, shares, values, np.searchsorted(places, leaves[place]).tolist())
            for curves, mine in zip(found, np.split(rows, begins, axis=1), strict=True):
                curves[quantity, place][steps] = mine
    return found


def _kept(several: Sequence[Smoothed]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return which members of last runs beside each other were kept, and where each ensemble but the first begins."""
    sizes = [one.normal.shape[1] for one in several]
    begins = np.cumsum([0, *sizes])[:-1]
    kept = [np.arange(size) if one.kept is None else one.kept for one, size in zip(several, sizes, strict=True)]
    return np.concatenate([begin + mine for begin, mine in zip(begins, kept, strict=True)]), begins[1:]


def _counting(ended: _Ended, where: Places) -> Values:
    """Return draws of what counting at some places needs."""
    values = ended.prepared.layout.values(ended.smoothed.normal, (*COUNTING, LEVEL_NOISE))
    stocks = {name: values[name][where] for name in STOCK_PARAMETERS if name in values}
    return {**values, **stocks, LEVEL_NOISE: values[LEVEL_NOISE][:, :, where]}
