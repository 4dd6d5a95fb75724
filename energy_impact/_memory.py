"""Memory: what a run needs is compared with what is free before it begins."""

from __future__ import annotations

import math
import os
import sys
from pathlib import Path

from energy_impact._checks import RefusedError

SMALL_GB = 1.0
"""A run that needs less is not held up. [GB]"""
_GB = 2**30


def check_memory(need: float, what: str) -> None:
    """
    Raise an error if a run needs more memory than is free.

    Parameters
    ----------
    need : float
        [bytes]
    what : str
        What needs it, such as "2048 members, 3 places and 168 steps".

    Raises
    ------
    RefusedError
        With what is needed and what is free.
    """
    if need > SMALL_GB * _GB and need > (free := free_memory()):
        raise RefusedError(f"memory: must hold {what}, which need {need / _GB:.3g} GB, got {free / _GB:.3g} GB free")


def free_memory() -> float:
    """Return the memory that this process can still have [bytes]; inf where the system does not say."""
    return min(_of_system(), _of_group(), _of_process())


def _of_system() -> float:
    try:
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
        return next(float(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable"))
    except (OSError, ValueError, StopIteration):
        pass
    try:
        return float(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"))
    except (AttributeError, OSError, ValueError):
        return math.inf


def _of_group() -> float:
    """Return what the control group of a container leaves."""
    folder = Path("/sys/fs/cgroup")
    try:
        limit, used = (float((folder / name).read_text()) for name in ("memory.max", "memory.current"))
    except (OSError, ValueError):
        return math.inf
    return limit - used


def _of_process() -> float:
    """Return what the limit on this process's addresses leaves."""
    if sys.platform == "win32":
        return math.inf
    import resource

    limit = resource.getrlimit(resource.RLIMIT_AS)[0]
    if limit == resource.RLIM_INFINITY:
        return math.inf
    try:
        used = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * resource.getpagesize()
    except (OSError, ValueError):
        used = 0
    return float(limit - used)
