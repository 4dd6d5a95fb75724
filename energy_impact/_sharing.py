"""Independent cases, in this process or shared out to an executor of the user's choice."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from energy_impact._progress import shown, silence

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from concurrent.futures import Executor, Future

    import numpy as np

    from energy_impact._progress import Progress

Case = TypeVar("Case")
Found = TypeVar("Found")


def check_executor(executor: object) -> None:
    """Check that an executor is one of `concurrent.futures`, or None."""
    if executor is not None and not callable(getattr(executor, "submit", None)):
        raise ValueError(f"executor: must be a concurrent.futures.Executor or None, got a {type(executor).__name__}")


def seeds(rng: np.random.Generator, count: int) -> list[int]:
    """Return one seed per case, by its number, so that it does not matter where a case runs."""
    return [int(seed) for seed in rng.integers(2**63, size=count)]


def run_cases(
    run: Callable[[Case], Found],
    cases: Sequence[Case],
    executor: Executor | None = None,
    progress: Progress | None = None,
    *,
    what: str = "cases",
) -> list[Found]:
    """
    Return the results of all cases, in their order.

    A case that fails in a worker runs again in this process: a worker that dies loses nothing, and an error of the case
    itself is raised from here.

    Parameters
    ----------
    run : callable
        From a case to its result; both travel to the workers.
    cases : sequence
    executor : concurrent.futures.Executor, optional
    progress : callable, optional
        Called with (cases done, cases in all); by default progress is shown on a terminal.
    what : str
        Name of the call that is shown.
    """
    if progress is not None and not callable(progress):
        raise ValueError(f"progress: must be a function or None, got a {type(progress).__name__}")
    waiting = [None if executor is None else _submit(executor, run, case) for case in cases]
    found = []
    with shown(what, progress) as show:
        for case, future in zip(cases, waiting, strict=True):
            found.append(run(case) if future is None else _result(future, run, case))
            show(len(found), len(cases))
    return found


def _quietly(run: Callable[[Case], Found], case: Case) -> Found:
    """Return the result of a case in a worker, which shows no progress of its own."""
    with silence():
        return run(case)


def _submit(executor: Executor, run: Callable[[Case], Found], case: Case) -> Future[Found] | None:
    """Return the future of a case; None if the executor takes no more, as after the death of a worker."""
    try:
        return executor.submit(_quietly, run, case)
    except RuntimeError:
        return None


def _result(future: Future[Found], run: Callable[[Case], Found], case: Case) -> Found:
    try:
        return future.result()
    except Exception:  # noqa: BLE001
        return run(case)
