"""Independent cases, in this process or shared out to an executor of the user's choice."""

from __future__ import annotations

from collections import deque
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from energy_impact._progress import shown, silence

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from concurrent.futures import Executor, Future

    import numpy as np

    from energy_impact._progress import Progress

Case = TypeVar("Case")
Found = TypeVar("Found")


SHARES_TOGETHER = 2**14
"""Most places times members that run together: a call of numpy costs little beside its work then, and states stay in
the processor's cache."""
SHARES_BESIDE = 5 * 2**12
"""Most places times members of ensembles that run side by side: a fourth more, as one run less saves more than that."""
TASKS_OF_ONE = 4
"""Tasks on an executor for what runs together in one process, so that all workers have work."""


def check_executor(executor: object) -> None:
    """Check that an executor is one of `concurrent.futures`, or None."""
    if executor is not None and not callable(getattr(executor, "submit", None)):
        raise ValueError(f"executor: must be a concurrent.futures.Executor or None, got a {type(executor).__name__}")


def seeds(rng: np.random.Generator, count: int) -> list[int]:
    """Return one seed per case, by its number, so that it does not matter where a case runs."""
    return [int(seed) for seed in rng.integers(2**63, size=count)]


def cases_together(shares: int, executor: Executor | None = None) -> int:
    """Return how many cases of so many shares, places times members, to run side by side in a process or a task."""
    return max(SHARES_BESIDE // (shares if executor is None else TASKS_OF_ONE * shares), 1)


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
    return [*each_case(run, cases, executor, progress, what=what)]


def each_case(
    run: Callable[[Case], Found],
    cases: Sequence[Case],
    executor: Executor | None = None,
    progress: Progress | None = None,
    *,
    what: str,
) -> Iterator[Found]:
    """Yield the result of case after case, in their order, as `run_cases` returns them all: for large results."""
    for found in _in_batches(partial(_each, run), cases, 1, executor, progress, what):
        yield from found


def run_batches(
    run: Callable[[Sequence[Case]], list[Found]],
    cases: Sequence[Case],
    size: int,
    executor: Executor | None = None,
    progress: Progress | None = None,
    *,
    what: str,
) -> list[Found]:
    """
    Return the results of all cases, in their order, as `run_cases` does, of which some are cheaper together.

    Parameters
    ----------
    run : callable
        From several cases to their results.
    cases : sequence
    size : int
        Most cases at once; they are shared out evenly.
    executor, progress, what
        As in `run_cases`.
    """
    return [one for found in _in_batches(run, cases, size, executor, progress, what) for one in found]


def _in_batches(
    run: Callable[[Sequence[Case]], list[Found]],
    cases: Sequence[Case],
    size: int,
    executor: Executor | None,
    progress: Progress | None,
    what: str,
) -> Iterator[list[Found]]:
    """Yield the results of batch after batch, in their order."""
    if progress is not None and not callable(progress):
        raise ValueError(f"progress: must be a function or None, got a {type(progress).__name__}")
    even = -(-len(cases) // max(-(-len(cases) // size), 1))
    batches = [cases[first : first + even] for first in range(0, len(cases), even or 1)]
    waiting = deque(None if executor is None else _submit(executor, run, batch) for batch in batches)
    done = 0
    with shown(what, progress) as show:
        for batch in batches:
            future = waiting.popleft()
            results = run(batch) if future is None else _result(future, run, batch)
            del future
            done += len(batch)
            show(done, len(cases))
            yield results


def _each(run: Callable[[Case], Found], cases: Sequence[Case]) -> list[Found]:
    return [run(case) for case in cases]


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
