"""Cost of each call of a step by itself: `PYTHONPATH=. python benchmarks/calls.py`, some seconds.

The array calls of a day of the forward model of `test_forward.py` are recorded, then each is timed alone, with arrays
that it finds in the cache. Printed is their sum for a step in passes (in-place float32 multiplications of one array of
places and members), and the kinds of call that cost most; calls on other arrays, such as those of jobs, are not among
them. What the model costs above that is memory that has to come from further away, the
interpreter, events and the setup of a chunk.
"""

from __future__ import annotations

import time
from collections import Counter
from typing import TYPE_CHECKING, Any, ClassVar
from unittest import mock

import numpy as np

from benchmarks.test_forward import KEEP, PLACES, scenario
from energy_impact.ensemble_runs import members_together
from energy_impact.model import arrays
from energy_impact.model.blocks import draw_normal
from energy_impact.model.systems import Run
from energy_impact.prepare import prepare

if TYPE_CHECKING:
    from collections.abc import Callable

FIRST, STEPS = 150, 24
"""A day in frost, from 29 hours after the second attack begins."""
SHOWN = 12

Shapes = tuple[tuple[int, ...], ...]
Call = tuple[str, Shapes]


class Recorder(np.ndarray):  # type: ignore[type-arg]
    """An array that records each element-wise call on it."""

    calls: ClassVar[Counter[Call]] = Counter()

    def __array_ufunc__(self, ufunc: np.ufunc, method: Any, *inputs: Any, out: Any = (), **options: Any) -> Any:
        if method == "__call__":
            self.calls[ufunc.__name__, tuple(np.shape(each) for each in inputs)] += 1
        plain = tuple(each.view(np.ndarray) for each in out)
        found = getattr(ufunc, method)(*map(_plain, inputs), **({"out": plain} if out else {}), **options)
        if out or found is None:  # `at` works in place
            return out[0] if out else None
        return found.view(Recorder)


def _plain(each: Any) -> Any:
    return each.view(np.ndarray) if isinstance(each, Recorder) else each


def recorded() -> Counter[Call]:
    """Return the number of times each call is made in the steps."""
    prepared = prepare(scenario())
    normal = draw_normal(prepared.layout, members_together(prepared.plan), np.random.default_rng(1))
    usual = arrays.aligned
    with mock.patch.object(arrays, "aligned", lambda shape: usual(shape).view(Recorder)):
        run = Run(prepared.plan, prepared.layout.values(normal), KEEP)
        for step in range(FIRST + STEPS):
            if step == FIRST:
                Recorder.calls.clear()
            run.step(step)
    return Recorder.calls


def seconds(call: Callable[[], object]) -> float:
    """Return the least time of a call."""
    times = []
    for _ in range(20):
        begin = time.perf_counter()
        for _ in range(50):
            call()
        times.append((time.perf_counter() - begin) / 50)
    return min(times)


def filled(shape: tuple[int, ...]) -> Any:
    """Return an array of a small number, or that number."""
    if not shape:
        return np.float32(0.5)
    found = arrays.aligned(shape)
    found[...] = 0.5
    return found


def main() -> None:
    """Print the table."""
    calls, costs = recorded(), {}
    work = filled((PLACES, max(shape[1] for _, shapes in calls for shape in shapes if len(shape) == 2)))
    factor = np.ones_like(work)
    one = seconds(lambda: np.multiply(work, factor, out=work))
    for (name, shapes), count in calls.items():
        inputs, out = [filled(shape) for shape in shapes], filled(np.broadcast_shapes(*shapes))
        costs[name, shapes] = count / STEPS * seconds(lambda n=name, i=inputs, o=out: getattr(np, n)(*i, out=o)) / one
    print(f"{sum(calls.values()) / STEPS:.0f} calls a step, {sum(costs.values()):.0f} passes of {one * 1e6:.2f} us")
    for (name, shapes), cost in sorted(costs.items(), key=lambda each: -each[1])[:SHOWN]:
        print(f"{cost:6.1f} passes, {calls[name, shapes] / STEPS:5.1f} calls  {name} of {', '.join(map(str, shapes))}")


if __name__ == "__main__":
    main()
