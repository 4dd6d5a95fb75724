"""Tables from files: CSV and Excel, with or without a row of HXL tags."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from energy_impact.figures.cells import is_missing

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

EXCEL = (".xlsx", ".xlsm")
"""Endings of Excel files that can be read."""


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
        If it is not an Excel file, or openpyxl (extra `excel`) is not installed.
    OSError
        If the file cannot be read.
    """
    try:
        frame = pd.read_excel(path, dtype=object)
    except ImportError as error:
        raise ValueError("needs openpyxl to read Excel files: pip install 'energy_impact[excel]'") from error
    except OSError:
        raise
    except Exception as error:
        raise ValueError(f"must be an Excel file: {error}") from error
    frame.index = pd.RangeIndex(2, len(frame) + 2)
    return frame.dropna(how="all")


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
