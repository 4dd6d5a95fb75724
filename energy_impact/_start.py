"""The start of the command line: Ctrl-C while the package is being imported ends it with one line, not a traceback.

Meanwhile no garbage is collected, and modules are left out of later collections: there is next to none in them.

Imported first by the package. In a process that is not the command line, or that has its own say about Ctrl-C, nothing
happens here.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
import threading
from itertools import pairwise
from pathlib import PurePath

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
    return ("-m", "energy_impact") in pairwise(words) or any(PurePath(word).stem == PROGRAM for word in words[:2])


def imported() -> None:
    """Give Ctrl-C back its usual meaning, and collect the garbage of what comes now."""
    if signal.getsignal(signal.SIGINT) is _leave:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    if is_command(sys.orig_argv):
        gc.freeze()
        gc.enable()


def _leave(*_: object) -> None:
    """End the process at once: nothing is open or written yet, and imports may take an exception for their own."""
    os.write(2, f"{PROGRAM}: interrupted\n".encode())
    os._exit(INTERRUPTED)


if is_command(sys.orig_argv):
    gc.disable()
    if (
        threading.current_thread() is threading.main_thread()
        and signal.getsignal(signal.SIGINT) is signal.default_int_handler
    ):
        signal.signal(signal.SIGINT, _leave)
