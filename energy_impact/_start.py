"""The start of the command line: Ctrl-C while the package is being imported ends it with one line, not a traceback.

The command line collects no garbage meanwhile, and leaves modules out of later collections: there is next to none in
them. Imported first by the package. In a process that is not the command line, or that has its own say about Ctrl-C,
nothing happens here.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
import threading
from contextlib import contextmanager
from pathlib import PurePath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

PROGRAM = "energy-impact"
INTERRUPTED = 130
"""Exit code after Ctrl-C, as shells give it (128 and the number of the signal)."""


def is_command(words: list[str]) -> bool:
    """
    Return whether the words with which Python was started are those of the command line.

    Examples
    --------
    >>> is_command(["python", "-X", "dev", "-m", "energy_impact", "demo"]), is_command(["python", "mine.py"])
    (True, False)
    """
    rest = iter(words[1:])
    for word in rest:
        if word in {"-X", "-W"}:
            next(rest, None)
        elif word == "-m":
            return next(rest, None) == "energy_impact"
        elif not word.startswith("-"):
            return _is_program(word)
    return bool(words) and _is_program(words[0])


def _is_program(word: str) -> bool:
    return PurePath(word).name.removesuffix(".exe") == PROGRAM


@contextmanager
def importing() -> Iterator[None]:
    """Collect no garbage of the command line while the package is imported, and give Ctrl-C its usual meaning then."""
    alone = is_command(sys.orig_argv) and gc.isenabled()
    if alone:
        gc.disable()
    try:
        yield
    finally:
        if alone:
            gc.freeze()
            gc.enable()
        if signal.getsignal(signal.SIGINT) is _leave:
            signal.signal(signal.SIGINT, signal.default_int_handler)


def _leave(*_: object) -> None:
    """End the process at once: nothing is open or written yet, and imports may take an exception for their own."""
    os.write(2, f"{PROGRAM}: interrupted\n".encode())
    os._exit(INTERRUPTED)


if (
    is_command(sys.orig_argv)
    and threading.current_thread() is threading.main_thread()
    and signal.getsignal(signal.SIGINT) is signal.default_int_handler
):
    signal.signal(signal.SIGINT, _leave)
