"""Arrays of an .npz archive, with types and sizes checked before any data are read."""

from __future__ import annotations

import io
import math
import zipfile
from typing import TYPE_CHECKING

import numpy as np

from energy_impact._files import read_bounded
from energy_impact._memory import check_memory

if TYPE_CHECKING:
    from pathlib import Path
    from typing import BinaryIO

Shape = tuple[int, ...]

HEADER_BYTES = 10_000
"""Most that numpy writes before the data of an array. [bytes]"""


class ArchiveError(ValueError):
    """An archive that cannot be read."""


class Archive:
    """An open .npz archive."""

    def __init__(self, file: BinaryIO) -> None:
        try:
            self.zip = zipfile.ZipFile(file)
            self.names = {name.removesuffix(".npy") for name in self.zip.namelist()}
        except Exception as error:  # a foreign archive may break its reader in any way
            raise ArchiveError("no readable .npz file") from error

    def array(self, name: str, kind: str, shape: Shape | None = None, *, most: int = 0) -> np.ndarray:
        """
        Return an array.

        Parameters
        ----------
        name : str
        kind : str
            Kinds of type that it may have, as `numpy.dtype.kind`.
        shape : tuple of int, optional
            Its shape; by default one axis of any length.
        most : int
            Its largest size where no shape is given. [bytes]

        Raises
        ------
        ArchiveError
            If there is no such array of this type and shape, or it is damaged.
        """
        largest = HEADER_BYTES + (most if shape is None else 8 * math.prod(shape))
        content = self._content(f"{name}.npy", largest)
        try:
            found, fortran, dtype = _header(content)
        except Exception as error:  # as above
            raise ArchiveError(f"{name} is no array") from error
        if shape is None and len(found) == 1:
            shape = found
        if found != shape:
            raise ArchiveError(f"{name} must have shape {shape}, got {found}")
        if dtype.kind not in kind or dtype.itemsize > 8:
            raise ArchiveError(f"{name} must hold {kind!r} of at most 8 bytes, got {dtype}")
        rest = content.read()
        if len(rest) != dtype.itemsize * math.prod(found):
            raise ArchiveError(f"{name} must hold {math.prod(found)} numbers, got {len(rest)} bytes")
        return np.frombuffer(rest, dtype).reshape(found, order="F" if fortran else "C")

    def _content(self, name: str, most: int) -> io.BytesIO:
        """Return the bytes of an entry, unless it would unpack to more than `most`."""
        try:
            entry = self.zip.getinfo(name)
        except KeyError:
            raise ArchiveError(f"{name} is missing") from None
        if entry.file_size > most:
            raise ArchiveError(f"{name} must have at most {most} bytes, got {entry.file_size}")
        check_memory(2 * entry.file_size, f"{entry.file_size} bytes of {name}")
        try:
            with self.zip.open(entry) as file:
                return io.BytesIO(file.read(most))
        except Exception as error:  # as above
            raise ArchiveError(f"{name} cannot be unpacked") from error


def open_archive(path: Path) -> Archive:
    """
    Return the archive of a file, read into memory as it is packed.

    Raises
    ------
    ArchiveError
        If it is no archive.
    OSError
        If it cannot be read.
    """
    check_memory(2 * path.stat().st_size, f"the bytes of {path.name}")
    try:
        content = path.read_bytes() if path.is_file() else read_bounded(path)
    except ValueError as error:
        raise ArchiveError(str(error)) from error
    return Archive(io.BytesIO(content))


def _header(content: io.BytesIO) -> tuple[Shape, bool, np.dtype]:
    version = np.lib.format.read_magic(content)
    read = {(1, 0): np.lib.format.read_array_header_1_0, (2, 0): np.lib.format.read_array_header_2_0}[version]
    shape, fortran, dtype = read(content)
    if any(length < 0 for length in shape):
        raise ValueError(f"shape: must not be negative, got {shape}")
    return shape, fortran, dtype
