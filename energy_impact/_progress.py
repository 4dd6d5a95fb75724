"""Progress of long calls on a terminal: a bar by tqdm where it is installed, else plain lines. Nothing in a pipe."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from contextvars import ContextVar
from importlib import import_module
from importlib.util import find_spec
from time import monotonic
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Progress: TypeAlias = Callable[[int, int], None]

QUIET_S = 2.0
"""Calls that are over sooner show nothing. [s]"""
EVERY_S = 5.0
"""Time between two plain lines. [s]"""
FIRST_SHARE = 0.05
"""Share of a call that is too little to judge the rest by, since the first cases may be slower."""

_outer: ContextVar[bool] = ContextVar("outer", default=False)
"""Whether a call that shows its own progress is under way, so that the calls inside it show none."""


@contextmanager
def shown(what: str, progress: Progress | None = None) -> Iterator[Progress]:
    """
    Yield a function to call with (done, in all): `progress`, else one that shows it on a terminal.

    Parameters
    ----------
    what : str
        Name of the call.
    progress : callable, optional
        What the user gave, which is called as it is.
    """
    inside = _outer.get()
    token = _outer.set(True)
    try:
        if progress is not None:
            yield progress
        elif inside or not on_terminal():
            yield _silent
        elif find_spec("tqdm"):
            with _bar(what) as show:
                yield show
        else:
            yield _lines(what)
    finally:
        _outer.reset(token)


@contextmanager
def silence() -> Iterator[None]:
    """Let the calls inside show nothing, as in a worker."""
    token = _outer.set(True)
    try:
        yield
    finally:
        _outer.reset(token)


def on_terminal() -> bool:
    """Return whether a person may be watching standard error."""
    return sys.stderr is not None and sys.stderr.isatty()


def say(sentence: str) -> None:
    """Write a line to standard error, if that is a terminal and no call around this one shows its own progress."""
    if on_terminal() and not _outer.get():
        _write(sentence)


def duration(seconds: float) -> str:
    """Return a length of time in words.

    Examples
    --------
    >>> duration(7.2), duration(200), duration(9000)
    ('7 s', '3 min', '2.5 h')
    """
    if seconds < 100:
        return f"{max(seconds, 1):.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 6000 else f"{seconds / 3600:.1f} h"


def _silent(_done: int, _total: int) -> None:
    """Show nothing."""


def _write(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)  # noqa: T201


def _lines(what: str) -> Progress:
    """Return a function that writes a line every few seconds."""
    begun = monotonic()
    last = begun + QUIET_S - EVERY_S

    def show(done: int, total: int) -> None:
        nonlocal last
        now = monotonic()
        if not 0 < done < total or now - last < EVERY_S:
            return
        last = now
        left = f", about {duration((now - begun) * (total - done) / done)} left" if done >= FIRST_SHARE * total else ""
        _write(f"{what}: {done:,} of {total:,} done{left}")

    return show


@contextmanager
def _bar(what: str) -> Iterator[Progress]:
    """Yield a function that moves a bar, which is gone in the end."""
    # a monitor would be a thread, which processes must not be forked beside
    kind: Any = type("Bar", (import_module("tqdm").tqdm,), {"monitor_interval": 0})
    with kind(desc=what, file=sys.stderr, delay=QUIET_S, leave=False) as bar:

        def show(done: int, total: int) -> None:
            bar.total = total
            bar.update(done - bar.n)

        yield show
