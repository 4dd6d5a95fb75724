"""Bands of ensembles of any size: members are drawn, run, counted into histograms and dropped, block by block."""

from __future__ import annotations

import math
import warnings
from functools import partial
from itertools import pairwise
from time import monotonic
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

from energy_impact import bounds
from energy_impact._arithmetic import underflow_is_zero
from energy_impact._checks import brief, check_generator, check_numbers
from energy_impact._deprecated import renamed, warn
from energy_impact._progress import duration, on_terminal, say
from energy_impact._sharing import check_executor, each_case
from energy_impact.cautions import few_members
from energy_impact.ensemble_runs import REPORTING, counted_states, members_together
from energy_impact.model import people
from energy_impact.model.blocks import FURTHEST, MEMBERS_PER_BLOCK, chunks, draw_chunks, draw_seed, even_size
from energy_impact.prepare import Prepared, prepare
from energy_impact.quantities import QUANTITIES, with_restated
from energy_impact.results.curve import TABLE_LEVELS
from energy_impact.results.histogram import Bins
from energy_impact.results.members import check_available

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence
    from concurrent.futures import Executor

    import pandas as pd

    from energy_impact._progress import Progress
    from energy_impact.scenario import Scenario

Counts: TypeAlias = NDArray[np.uint32]
Panel: TypeAlias = tuple[str, str]

MOST_SHARES = 16
"""Most parts into which the members of `bands` are split, to be shared out."""
SMALL_STOCK = 1e-4
"""Share of the median stock below which bins do not get finer."""


@renamed("levels", "quantiles")
@underflow_is_zero
def bands(
    scenario: Scenario,
    *,
    panels: Sequence[tuple[str, str]] | None = None,
    members: int = 100_000,
    rng: np.random.Generator | int | None = None,
    quantiles: Sequence[float] = tuple(TABLE_LEVELS.values()),
    executor: Executor | None = None,
    workers: int | None = None,
    progress: Progress | None = None,
) -> pd.DataFrame:
    """
    Return quantiles over the members of `simulate`, for ensembles of any size: members are counted, not stored.

    The same seed gives the same members as `simulate`, and the same bits with any executor.

    Parameters
    ----------
    scenario : Scenario
    panels : sequence of (quantity, place), optional
        By default all available curves except temperatures, which cannot be counted.
    members : int
        Ensemble size.
    rng : Generator, int or None
        Seed.
    quantiles : sequence of float
        Each in [0, 1]: 0.5 is the median.
    executor : concurrent.futures.Executor, optional
        Where blocks of members run, for instance a ProcessPoolExecutor, which pays off from some 10,000 members and
        needs the usual ``if __name__ == "__main__":`` in a script.
    workers : int, optional
        Old way to ask for that many processes.
    progress : callable, optional
        Called with (parts done, parts in all); by default it is shown on a terminal, where a large ensemble also says
        before it begins how long it will take.

    Returns
    -------
    DataFrame
        Tidy: time (UTC), place, quantity, unit and one column per quantile, such as q05. A quantile is off by at most a
        64th of itself plus a 64th of 0.01 % of the usual stock.

    Raises
    ------
    ValueError
        If `members` is not a whole number of at least 2, `quantiles` is empty or one is not in [0, 1], `panels` is
        empty or holds a curve that is not available, or `scenario` is not a Scenario.

    Warns
    -----
    UserWarning
        If the ensemble is too small for the intervals that it gives.
    """
    from concurrent.futures import ProcessPoolExecutor

    import pandas as pd

    if workers is not None:
        warn("bands: give executor=ProcessPoolExecutor(...) for workers")
        with ProcessPoolExecutor(bounds.check_whole("workers", workers, "workers")) as pool:
            again = partial(bands, scenario, panels=panels, members=members, rng=rng, quantiles=quantiles)
            return again(executor=pool, progress=progress)
    members = bounds.check_whole("members", members, "members")
    check_executor(executor)
    wanted = [bounds.check("quantiles", quantile, "quantile") for quantile in check_numbers("quantiles", quantiles)]
    prepared = prepare(scenario)
    available = [panel for panel in prepared.available if not QUANTITIES[panel[0]].is_temperature]
    chosen = available if panels is None else _check_panels(panels, with_restated(available))
    for text in few_members(members):
        warnings.warn(text, stacklevel=3)
    bins = {panel: _bins(prepared, *panel) for panel in chosen}
    count = partial(_count, prepared, bins, draw_seed(check_generator(rng)))
    shares = _shares(members)
    if progress is None and members >= MEMBERS_PER_BLOCK * MOST_SHARES and on_terminal():
        _announce(count, members)
    found: dict[Panel, Counts] = {}
    for counts in each_case(count, shares, executor, progress, what="bands"):
        _move_into(found, counts)
    tables = []
    for panel, own in bins.items():
        values = own.quantiles(found[panel], wanted)
        labels = {"time": scenario.times, "place": panel[1], "quantity": panel[0], "unit": QUANTITIES[panel[0]].unit}
        tables.append(pd.DataFrame({**labels, **dict(zip(map(_column, wanted), values, strict=True))}))
    return pd.concat(tables, ignore_index=True)


def _announce(count: Callable[[range], object], members: int) -> None:
    """Say how long the members will take in one process, judged by one block of them once all is loaded."""
    count(range(1))
    begun = monotonic()
    count(range(MEMBERS_PER_BLOCK))
    needed = (monotonic() - begun) * members / MEMBERS_PER_BLOCK
    say(f"bands: {members:,} members take about {duration(needed)} in one process")


def _check_panels(panels: Sequence[Panel], available: Collection[Panel]) -> Sequence[Panel]:
    """Return the panels, checked to be present and available."""
    if not isinstance(panels, list | tuple) or not panels:
        raise ValueError(f"panels: must name at least one (quantity, place), got {brief(panels)}")
    return [
        check_available(tuple(panel) if isinstance(panel, list) else panel, available, "panels") for panel in panels
    ]


def _column(quantile: float) -> str:
    """Return the name of a quantile's column: q05, q02.5, q50."""
    return f"q{'0' if quantile < 0.1 else ''}{100 * quantile:g}"


def _bins(prepared: Prepared, quantity: str, place: str) -> Bins:
    """Return bins for every possible value of a quantity; customers may be lost and restored again at every step."""
    row, plan = QUANTITIES[quantity], prepared.plan
    if row.is_share:
        return Bins(SMALL_STOCK, 1.0)
    all_out = {state: np.ones((1, plan.places, 1), np.float32) for state in people.states_of(quantity, plan.systems)}
    if row.measure == "difference":
        all_out[row.states[1]][...] = 0
    if row.measure == "beyond":
        all_out[row.states[0]][...] = 0
    usual, most, least = (
        prepared.layout.values(np.full((prepared.layout.rows, 1), z), REPORTING) for z in (0.0, FURTHEST, -FURTHEST)
    )
    divisor = row.size.over if row.size is not None else None
    if divisor is not None:
        most[divisor] = least[divisor]
    if row.beyond is not None:
        usual[row.beyond] = most[row.beyond] = np.zeros_like(most[row.beyond])
    places = prepared.parts[place]
    middle, top = (float(people.count(quantity, all_out, values, places)[0, 0]) for values in (usual, most))
    return Bins(SMALL_STOCK * middle or 1.0, top * (plan.steps if row.cumulative else 1))


def _shares(members: int) -> list[range]:
    """Return at most `MOST_SHARES` ranges of members, in whole blocks and of equal work."""
    blocks = math.ceil(members / MEMBERS_PER_BLOCK)
    count = min(blocks, MOST_SHARES)
    ends = [min(blocks * share // count * MEMBERS_PER_BLOCK, members) for share in range(count + 1)]
    return [range(first, last) for first, last in pairwise(ends)]


def _move_into(found: dict[Panel, Counts], counts: dict[Panel, Counts]) -> None:
    """Add the counts of a share to those found, and let go of them: whole numbers, in any order the same."""
    for panel in [*counts]:
        found[panel] = found.get(panel, np.uint32(0)) + counts.pop(panel)


@underflow_is_zero
def _count(prepared: Prepared, bins: dict[Panel, Bins], seed: int, members: range) -> dict[Panel, Counts]:
    """Return counts of the values of some members of an ensemble, time by time."""
    plan, layout = prepared.plan, prepared.layout
    keep = {state for quantity, _ in bins for state in people.states_of(quantity, plan.systems)}
    counts = {panel: own.new(plan.steps + 1) for panel, own in bins.items()}
    for normal in draw_chunks(layout, seed, members, even_size(len(members), members_together(plan))):
        for chunk in chunks(normal.shape[1], members_together(plan, len(keep))):
            values = layout.values(normal[:, chunk])
            states = counted_states(plan, values, keep)
            for (quantity, place), own in bins.items():
                own.add(counts[quantity, place], people.count(quantity, states, values, prepared.parts[place]))
    return counts
