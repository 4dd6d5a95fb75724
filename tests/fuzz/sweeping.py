"""Numbered cases one after the other: faults as they are found, how far it is, how to go on after a stop."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

EVERY_S = 20.0
"""Time between two lines that say how far a sweep is. [s]"""


def run_numbers(numbers: Iterable[int], check: Callable[[int], list[str]], go_on: str) -> tuple[int, int]:
    """
    Run numbered cases, and print what is wrong at once and every `EVERY_S` how far it is.

    Parameters
    ----------
    numbers : iterable of int
    check : callable
        From a number to what is wrong with its case, as lines to print.
    go_on : str
        Words of the command line that go on after a stop, with `{}` for the next number.

    Returns
    -------
    tuple of (int, int)
        How many cases ran and how many of them failed; fewer than there are numbers after Ctrl-C.
    """
    done = failed = 0
    said = time.monotonic()
    number = None
    try:
        for number in numbers:
            found = check(number)
            failed += bool(found)
            done += 1
            for text in found:
                print(text, flush=True)
            if time.monotonic() - said > EVERY_S:
                said = time.monotonic()
                print(
                    f"... {done} done, {failed} failed; to go on: {go_on.format(number + 1)}",
                    file=sys.stderr,
                    flush=True,
                )
    except KeyboardInterrupt:
        print(f"stopped; to go on: {go_on.format(number)}", file=sys.stderr)
    return done, failed
