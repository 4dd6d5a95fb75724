"""Timers that the benchmarks share, and the table of ratios at the end of the run."""

from __future__ import annotations

from time import perf_counter
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

LINES = pytest.StashKey[list[tuple[str, str]]]()


@pytest.fixture
def least():
    """Return a function that measures the least time of several calls [s]."""

    def measure(call: Callable[[], object], rounds: int) -> float:
        times = []
        for _ in range(rounds):
            begin = perf_counter()
            call()
            times.append(perf_counter() - begin)
        return min(times)

    return measure


@pytest.fixture
def report(request, benchmark):
    """Return a function that records a number in `extra_info` and in the table at the end."""
    lines = request.config.stash.setdefault(LINES, [])

    def add(name: str, value: float, text: str) -> None:
        benchmark.extra_info[name] = value
        lines.append((name, text))

    return add


def pytest_terminal_summary(terminalreporter, config):
    lines = config.stash.get(LINES, [])
    if not lines:
        return
    terminalreporter.section("ratios of minima")
    width = max(len(name) for name, _ in lines)
    for name, text in lines:
        terminalreporter.write_line(f"{name:<{width}}  {text}")
