"""The ends of the process: streams that are closed, cannot show a letter or are full; interrupts; too little memory."""

from __future__ import annotations

import contextlib
import io
import os
import sys
import warnings
from typing import TYPE_CHECKING, TextIO

from energy_impact._start import INTERRUPTED

if TYPE_CHECKING:
    from collections.abc import Callable

FAILED = 2
"""Exit code after bad input, or where the answer cannot be written."""


def run_command(program: str, work: Callable[[], None]) -> int:
    """
    Return the exit code of a command: 0, or `FAILED` or `INTERRUPTED` with one message on standard error.

    A closed stream takes what is written to it, and a letter that a stream cannot show is replaced: the work is done
    and what can be shown of the answer is shown. What is deprecated in dependencies, no user of a command can mend.
    """
    _mend_streams()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            work()
        sys.stdout.flush()
    except BrokenPipeError:
        _close(sys.stdout)  # the reader went away; nothing more may be written at exit
    except KeyboardInterrupt:
        return _say(program, "interrupted", INTERRUPTED)
    except MemoryError as error:
        return _say(program, f"error: not enough memory {error}".rstrip(), FAILED)
    except (ValueError, OSError, RecursionError) as error:
        return _say(program, f"error: {error}", FAILED)
    return 0


def _say(program: str, message: str, code: int) -> int:
    """Write what is left of the answer, then a message, as far as there is somebody to read them; return the code."""
    try:
        sys.stdout.flush()
    except OSError:
        _close(sys.stdout)
    try:
        print(f"{program}: {message}", file=sys.stderr, flush=True)  # noqa: T201
    except OSError:
        _close(sys.stderr)
    return code


def _mend_streams() -> None:
    """Give closed streams a place to write to, and let no letter end the process."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: PTH123, SIM115
        stream = getattr(sys, name)
        if isinstance(stream, io.TextIOWrapper) and stream.errors in {"strict", "surrogateescape"}:
            stream.reconfigure(errors="replace")


def _close(stream: TextIO) -> None:
    """Send what is still written to a stream, and at exit, nowhere."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
