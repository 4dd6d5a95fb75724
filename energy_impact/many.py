"""Many scenarios estimated at once, on an executor of the user's choice."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import pandas as pd

from energy_impact import bounds
from energy_impact._checks import RefusedError, brief, check_callable, check_generator
from energy_impact._sharing import check_executor, run_cases, seeds
from energy_impact.results.metrics import check_level
from energy_impact.run import estimate
from energy_impact.scenario import Scenario

if TYPE_CHECKING:
    from concurrent.futures import Executor

    import numpy as np

    from energy_impact._progress import Progress


class _Case(NamedTuple):
    """One scenario to estimate."""

    scenario: Scenario
    members: int
    seed: int
    level: float


def estimate_many(
    scenarios: Sequence[Scenario],
    *,
    members: int = 2048,
    rng: np.random.Generator | int | None = None,
    level: float = 0.9,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> pd.DataFrame:
    """
    Return the summaries of many scenarios as one table.

    Parameters
    ----------
    scenarios : sequence of Scenario
        With different names.
    members : int
        Ensemble size of each.
    rng : Generator, int or None
        Seed of all; each scenario has its own by its number, so that the table is the same with any executor.
    level : float
        Probability of the intervals.
    executor : concurrent.futures.Executor, optional
        Where the scenarios run: a ProcessPoolExecutor, `dask.distributed.Client.get_executor()`, or any other.
    progress : callable, optional
        Called with (scenarios done, scenarios in all); by default it is shown on a terminal.

    Returns
    -------
    DataFrame
        The rows of `Estimate.summary` of each scenario in turn, with the columns scenario, seed, status and error in
        front. A scenario that the model or the memory at hand cannot run has one row: status "failed", and the error.

    Raises
    ------
    ValueError
        If there is no scenario, a name is repeated, or an argument is out of bounds.

    Examples
    --------
    >>> import energy_impact as ei
    >>> storms = [ei.Scenario("2026-01-19T00:00Z", 48, ei.Place("City", power_customers=n), name=f"{n}",
    ...                       events=[ei.Event("2026-01-19T06:00Z", kind="storm")]) for n in (1000, 2000)]
    >>> ei.estimate_many(storms, members=64, rng=1)["scenario"].unique().tolist()
    ['1000', '2000']
    """
    check_executor(executor)
    members = bounds.check_whole("members", members, "members")
    level = check_level(level)
    check_callable("progress", progress)
    if not isinstance(scenarios, Sequence):
        raise ValueError(f"scenarios: must be a sequence of Scenario, got {brief(scenarios)}")
    chosen = list(scenarios)
    wrong = next((scenario for scenario in chosen if not isinstance(scenario, Scenario)), None)
    if not chosen or wrong is not None:
        raise ValueError(f"scenarios: must be at least one Scenario, got {brief(wrong) if chosen else 'none'}")
    names = [scenario.name for scenario in chosen]
    repeated = sorted({name for name in names if names.count(name) > 1})
    if repeated:
        raise ValueError(f"scenarios: each needs a name of its own, repeated: {', '.join(repeated)}")
    own = seeds(check_generator(rng), len(chosen))
    cases = [_Case(scenario, members, seed, level) for scenario, seed in zip(chosen, own, strict=True)]
    return pd.concat(run_cases(_answer, cases, executor, progress, what="estimate_many"), ignore_index=True)


def _answer(case: _Case) -> pd.DataFrame:
    """Return the rows of one scenario."""
    front: dict[str, object] = {"scenario": case.scenario.name, "seed": case.seed}
    try:
        fitted = estimate(case.scenario, members=case.members, rng=case.seed)
        table = fitted.summary(level=case.level)
    except (RefusedError, MemoryError) as fault:
        return pd.DataFrame([front | {"status": "failed", "error": f"{type(fault).__name__}: {fault}"}])
    front |= {"status": fitted.status, "error": None}
    return pd.concat([pd.DataFrame(front, index=table.index), table], axis=1)
