"""Arrays of states: in memory if they are small, in a temporary file if not."""

from __future__ import annotations

import os
import tempfile
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Collection

    from numpy.typing import NDArray

IN_MEMORY_BYTES = 512 * 2**20
"""Arrays that together need more are kept in files."""


def fit_in_memory(count: int, shape: tuple[int, ...]) -> bool:
    """Return whether a number of float32 arrays of one shape are small enough to be kept in memory."""
    return 4 * int(np.prod(shape)) * count <= IN_MEMORY_BYTES


def empty_arrays(names: Collection[str], shape: tuple[int, ...]) -> dict[str, NDArray[np.float32]]:
    """
    Return float32 arrays of one shape by name, without values.

    The file of an array has no name in any folder and goes when the array does.

    Raises
    ------
    OSError
        If the folder for temporary files has no room.
    """
    make = _in_memory if fit_in_memory(len(names), shape) else _in_file
    return {name: make(shape) for name in names}


def _in_memory(shape: tuple[int, ...]) -> NDArray[np.float32]:
    return np.empty(shape, np.float32)


def _in_file(shape: tuple[int, ...]) -> NDArray[np.float32]:
    with tempfile.TemporaryFile() as file:
        _reserve(file.fileno(), 4 * int(np.prod(shape)))
        return np.asarray(np.memmap(file, np.float32, "r+", shape=shape))


def _reserve(descriptor: int, size: int) -> None:
    """Make a file as long as needed; take the room now where the system can, since a full disk would stop the run."""
    if hasattr(os, "posix_fallocate"):
        os.posix_fallocate(descriptor, 0, size)
    else:
        os.truncate(descriptor, size)
