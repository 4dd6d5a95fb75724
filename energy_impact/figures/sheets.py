"""Tables from files: CSV and Excel, with or without a row of HXL tags."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING, Any

import pandas as pd

from energy_impact._files import LARGEST_FILE, read_bounded
from energy_impact.figures.cells import is_missing

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

EXCEL = (".xlsx", ".xlsm")
"""Endings of Excel files that can be read."""


MOST_ROWS = 2**20
"""Most rows that Excel has."""
MOST_CELLS = 5_000_000
"""Most cells of a sheet, blank ones of its rows and columns included."""


def is_excel(path: Path) -> bool:
    """Return whether a file is an Excel file by its name."""
    return path.suffix.lower() in EXCEL


def read_excel(path: Path) -> pd.DataFrame:
    """
    Return the first sheet of an Excel file, cells as they are, without blank rows.

    The index holds the row of the sheet, from 1; the header is row 1.

    Raises
    ------
    ValueError
        If it is not an Excel file or too large, or openpyxl (extra `excel`) is not installed.
    OSError
        If the file cannot be read.
    """
    content = io.BytesIO(read_bounded(path))
    try:
        with zipfile.ZipFile(content) as archive:
            size = sum(entry.file_size for entry in archive.infolist())
        if size > LARGEST_FILE:
            raise ValueError(f"unpacks to {size / 2**20:.0f} MB, and {LARGEST_FILE // 2**20} MB are allowed")
        rows = list(_rows(content))
    except ImportError as error:
        raise ValueError("needs openpyxl to read Excel files: pip install 'energy_impact[excel]'") from error
    except Exception as error:  # a foreign file may break its reader in any way
        raise ValueError(f"must be an Excel file: {error}") from error
    header = next((cells for number, cells in rows if number == 1), [])
    width = max((len(cells) for _, cells in rows), default=0)
    names = [f"Unnamed: {place}" if is_missing(name) else name for place, name in enumerate(_wide(header, width))]
    below = [(number, _wide(cells, width)) for number, cells in rows if number > 1]
    return pd.DataFrame([cells for _, cells in below], [number for number, _ in below], names, dtype=object)


def _rows(content: io.BytesIO) -> Iterator[tuple[int, list[object]]]:
    """Yield the number and the cells of each row that is not blank, without empty cells at its end."""
    from openpyxl import load_workbook  # type: ignore[import-untyped]

    book = load_workbook(content, read_only=True, data_only=True, keep_links=False)
    sheet = book.worksheets[0]
    sheet.reset_dimensions()  # a sheet may say any size
    width = count = 0
    for number, row in enumerate(sheet.iter_rows(), 1):
        if number > MOST_ROWS:
            raise ValueError(f"must have at most {MOST_ROWS:,} rows")
        cells = [_cell(cell) for cell in row]
        while cells and is_missing(cells[-1]):
            cells.pop()
        if not cells:
            continue
        width, count = max(width, len(cells)), count + 1
        if width * count > MOST_CELLS:
            raise ValueError(f"must have at most {MOST_CELLS:,} cells, got {width:,} columns in row {number:,}")
        yield number, cells


def _cell(cell: Any) -> object:
    """Return what a cell holds: whole numbers as such, None for an error of a formula."""
    if cell.data_type == "e":
        return None
    value: object = cell.value
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _wide(cells: list[object], width: int) -> list[object]:
    return cells + [None] * (width - len(cells))


def is_tag_row(cells: Sequence[object]) -> bool:
    """
    Return whether a row holds HXL tags: each cell that is not empty begins with "#".

    Such a row stands between header and data (Humanitarian Exchange Language 1.1, hxlstandard.org).

    Examples
    --------
    >>> is_tag_row(["#adm1 +name", "", "#affected"]), is_tag_row(["Kyiv", "", "#1"])
    (True, False)
    """
    filled = [cell for cell in cells if not is_missing(cell)]
    return bool(filled) and all(isinstance(cell, str) and cell.strip().startswith("#") for cell in filled)
