"""Files written whole or not at all, tables without formulas, and folders tried before the work."""

from __future__ import annotations

import contextlib
import glob
import gzip
import io
import os
import re
import secrets
import tempfile
import zlib
from typing import TYPE_CHECKING, Protocol

import numpy as np
import pandas as pd

from energy_impact._checks import LARGEST_INT_BITS, brief, check_path

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from pathlib import Path

    from numpy.typing import NDArray

LARGEST_FILE = 64 * 2**20
"""Largest table, scenario or weather file, unpacked. [bytes]"""
TRIES = 3
"""Tries to write a file while another process clears its parts away."""
FORMULA = ("=", "@", "+", "-", "\t", "\r")
"""First characters with which a spreadsheet takes a cell for a formula."""
QUOTED = re.compile('[,"\r\n]')
"""What a cell of a CSV file holds only in quotes."""


def is_file(path: Path) -> bool:
    """Return whether there is a file of that name; a name that no file can have is none."""
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def read_bounded(path: Path, most: int = LARGEST_FILE) -> bytes:
    """
    Return the content of a file.

    Raises
    ------
    ValueError
        If it has more than `most` bytes, as a device without an end has.
    OSError
        If it cannot be read.
    """
    with path.open("rb") as file:
        return bounded(file, most)


def unpacked(content: bytes, most: int = LARGEST_FILE) -> bytes:
    """
    Return gzipped content unpacked.

    Raises
    ------
    ValueError
        If it is damaged, or has more than `most` bytes.
    """
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(content)) as file:
            return bounded(file, most)
    except (EOFError, OSError, zlib.error) as error:
        raise ValueError(f"must be gzip, got a damaged file: {error}") from error


class Readable(Protocol):
    """An open file."""

    def read(self, size: int, /) -> bytes:
        """Return at most so many bytes."""


def bounded(file: Readable, most: int) -> bytes:
    """Return the rest of an open file, of at most `most` bytes."""
    content = file.read(most + 1)
    if len(content) > most:
        raise ValueError(f"must have at most {most // 2**20} MB")
    return content


def write_whole(path: str | os.PathLike[str], content: bytes) -> Path:
    """
    Write a file whole or not at all, and return its path.

    The content goes to a part file beside it, of a random name that did not exist, which then takes its place. A link
    is replaced by the file; what it points to stays. Parts that a killed run left are removed. A device or a pipe is
    written to and stays what it is.

    Raises
    ------
    ValueError
        If `path` is no path.
    OSError
        If it cannot be written, with `path` as its file name.
    """
    target = check_path("path", path)
    try:
        if _is_special(target):
            target.write_bytes(content)
            return target
        remove_parts(target)
        for left in reversed(range(TRIES)):
            try:
                _write_once(target, content)
                break
            except FileNotFoundError:
                if not left:
                    raise
    except OSError as error:
        raise type(error)(error.errno, error.strerror or str(error), str(target)) from error
    return target


def _is_special(path: Path) -> bool:
    """Return whether a path is that of a device or a pipe."""
    return path.exists() and not (path.is_symlink() or path.is_file() or path.is_dir())


def _write_once(target: Path, content: bytes) -> None:
    part = target.with_name(f".{target.name}.{secrets.token_hex(8)}.part")
    try:
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o666)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)


def remove_parts(target: Path) -> None:
    """Remove the parts of a file that a killed run left beside it."""
    for part in target.parent.glob(f".{glob.escape(target.name)}.*.part"):
        with contextlib.suppress(OSError):
            part.unlink()


def try_folder(name: str, folder: Path, files: Collection[str]) -> None:
    """
    Raise an error if files could not be written into a folder, which is left as it was; a missing one is not made.

    Raises
    ------
    ValueError
        If it is no folder, or one of the files would take the place of a folder.
    OSError
        If nothing can be made in it.
    """
    check_path(name, folder)
    there = next(path for path in (folder, *folder.absolute().parents) if os.path.lexists(path))
    if not there.is_dir():
        raise ValueError(f"{name}: must be a folder, got {folder}, and {there} is no folder")
    taken = [file for file in files if (folder / file).is_dir()]
    if taken:
        raise ValueError(f"{name}: must have no folder named {taken[0]}, got {folder}")
    made = [path for path in (folder, *folder.absolute().parents) if path != there and there in path.absolute().parents]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=folder).close()
    except OSError as error:
        raise type(error)(error.errno, error.strerror, str(folder)) from error
    finally:
        for path in made:
            with contextlib.suppress(OSError):
                path.rmdir()


def csv_bytes(table: pd.DataFrame, float_format: str | None = None) -> bytes:
    """
    Return a table as UTF-8 CSV, with `inf` spelt out, missing cells empty and times in UTC.

    Texts that a spreadsheet would take for a formula get an apostrophe in front.
    """
    columns = (_cells(table.iloc[:, position], float_format) for position in range(table.shape[1]))
    lines = map(",".join, zip(*columns, strict=True))
    return "\n".join([",".join(map(_cell, table.columns)), *lines, ""]).encode()


def _cell(content: object) -> str:
    """Return one cell as `csv_bytes` writes it: in quotes if it would not be read as one cell without."""
    text = str(_no_formula(content))
    return '"' + text.replace('"', '""') + '"' if QUOTED.search(text) else text


def _cells(column: pd.Series, float_format: str | None) -> list[str]:
    """Return the cells of a column as `csv_bytes` writes them."""
    if column.dtype.kind == "M":
        numbers, times = pd.factorize(column)
        return _at(numbers, pd.DatetimeIndex(times).strftime("%Y-%m-%dT%H:%M:%SZ"))
    if column.dtype == "str":
        numbers, texts = pd.factorize(column)
        return _at(numbers, map(_cell, texts))
    if column.dtype.kind != "f":
        cells = [*map(_cell, column)]
    elif float_format is None:
        cells = [str(cell) for cell in column.to_numpy()]
    else:
        numbered = "\n".join([float_format] * len(column)) % tuple(column.to_numpy().tolist())
        cells = [*numbered.split("\n")[: len(column)]]
    missing = column.isna().to_numpy()
    return ["" if none else cell for none, cell in zip(missing, cells, strict=True)] if missing.any() else cells


def _at(numbers: NDArray[np.intp], cells: Iterable[str]) -> list[str]:
    """Return cells by their number; -1 is an empty one."""
    return [*np.array([*cells, ""], object)[numbers]]


def without_formulas(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table with an apostrophe in front of texts that a spreadsheet would take for a formula."""
    plain = table.copy()
    for position, name in enumerate(table.columns):
        if table.dtypes.iloc[position].kind not in "iufbM":
            plain.isetitem(position, [_no_formula(cell) for cell in table.iloc[:, position]])
        if _no_formula(name) != name:
            plain = plain.rename(columns={name: _no_formula(name)})
    return plain


def _no_formula(cell: object) -> object:
    if isinstance(cell, int) and cell.bit_length() > LARGEST_INT_BITS:
        return brief(cell)
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell
