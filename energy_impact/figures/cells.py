"""Cells of a table: CSV text with its line numbers, and single cells read as text, numbers or times.

A cell that breaks a rule raises a ValueError with the rule and the cell; the caller adds row and column.
"""

from __future__ import annotations

import csv
import io
import math
import re
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from numbers import Integral, Real
from typing import TYPE_CHECKING, cast

import numpy as np
import pandas as pd

from energy_impact._checks import brief, check_utf8, plain_text
from energy_impact._files import read_bounded

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable
    from pathlib import Path

_NUMBER = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?")
_POINT = re.compile(r"[+-]?[1-9][0-9]{0,2}\.[0-9]{3}")
_GROUPS = re.compile(r"[+-]?[0-9]{1,3}(([ \u00a0\u2009\u202f'])[0-9]{3}(\2[0-9]{3})*|([,.])[0-9]{3}(\4[0-9]{3})+)")
"""Digits in groups of three: by blanks or apostrophes, or by two or more commas or points, no decimal signs then."""
LONGEST_NUMBER = 100
"""Longest text of a number. [characters]"""
FIRST_YEAR, LAST_YEAR = 1900, 2150
"""Years of all times: two of them are less than 292 years apart, as far as nanoseconds reach."""
_DATE_AND_HOUR = re.compile(r"[0-9][T ][0-9]")


@dataclass(frozen=True)
class CsvTable:
    """A CSV file as text: column names, rows of cells, the line number of each row, and format faults."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    lines: tuple[int, ...]
    faults: tuple[str, ...]


def read_csv(path: Path) -> CsvTable:
    """
    Return a UTF-8 CSV file as text, without blank rows.

    Parameters
    ----------
    path : Path
        The file; a byte-order mark is allowed.

    Returns
    -------
    CsvTable
        Rows have one cell per column; rows with more or fewer are among the faults instead.

    Raises
    ------
    ValueError
        If the file is empty, not UTF-8 or not CSV.
    OSError
        If the file cannot be read.
    """
    return parse_csv(check_utf8(read_bounded(path)))


def parse_csv(text: str) -> CsvTable:
    """Return the text of a CSV file as a table, as `read_csv` does."""
    records = _records(text)
    if not records:
        raise ValueError("must have a header and rows, got an empty file")
    _, header = records[0]
    columns = tuple(name.strip() for name in header)
    if len(columns) == 1 and (found := re.search("[;\t]", columns[0])):
        raise ValueError(f"columns must be separated by commas, got {found[0]!r} in the header")
    faults = _header_faults(columns)
    rows, lines = [], []
    for line, cells in records[1:]:
        if len(cells) == len(columns):
            rows.append(cells)
            lines.append(line)
        else:
            faults.append(f"row {line}: must have {len(columns)} cells like the header, got {len(cells)}")
    return CsvTable(columns, tuple(rows), tuple(lines), tuple(faults))


def _records(text: str) -> list[tuple[int, tuple[str, ...]]]:
    """Return the non-blank rows, each with its first line (from 1)."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    records = []
    line = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                records.append((line, tuple(cells)))
            line = reader.line_num + 1
    except csv.Error as error:
        raise ValueError(f"must be CSV, row {line} is broken: {error}") from error
    return records


def _header_faults(columns: tuple[str, ...]) -> list[str]:
    faults = [f"column {position}: must have a name" for position, name in enumerate(columns, start=1) if not name]
    return faults + repeated_columns(name for name in columns if name)


def repeated_columns(columns: Iterable[Hashable]) -> list[str]:
    """Return one fault per repeated column name."""
    return [f"column {name}: must appear once, got {times}" for name, times in Counter(columns).items() if times > 1]


def is_missing(value: object) -> bool:
    """Return whether a cell is empty: None, NaN, NA, NaT or blank text."""
    if isinstance(value, str):
        return not value.strip()
    if isinstance(value, Decimal):
        return value.is_qnan()
    return bool(pd.api.types.is_scalar(value) and pd.isna(cast("float", value)))


def shown(value: object) -> str:
    """Return a cell as error messages show it: numbers bare, all else quoted."""
    if isinstance(value, str):
        return value.strip() if _is_number(value.strip()) else brief(value)
    return brief(value.item() if isinstance(value, np.generic) else value)


def _is_number(text: str) -> bool:
    return len(text) <= LONGEST_NUMBER and _NUMBER.fullmatch(text) is not None


def is_grouped(value: object) -> bool:
    """Return whether a cell may group its digits with a point, as "6.000" does where it means six thousand."""
    return isinstance(value, str) and len(value) <= LONGEST_NUMBER and _POINT.fullmatch(value.strip()) is not None


def read_text(value: object) -> str | None:
    """Return a cell as stripped text (whole numbers count as text); None if missing."""
    if isinstance(value, str):
        return plain_text(value).strip() or None
    if is_missing(value):
        return None
    if isinstance(value, bool | np.timedelta64) or not isinstance(value, Integral):
        raise ValueError(f"must be text, got {shown(value)}")
    if abs(int(value)) >= 10**LONGEST_NUMBER:
        raise ValueError(f"must be text or a number of at most {LONGEST_NUMBER} digits, got {shown(value)}")
    return str(int(value))


def check_kept(value: object) -> None:
    """Check a cell that is kept as it is: a text that can be shown, and no signalling NaN."""
    if isinstance(value, str):
        plain_text(value)
    elif isinstance(value, Decimal) and value.is_snan():
        raise ValueError(f"must be a number, got {shown(value)}")


def read_number(value: object) -> float | None:
    """Return a cell as a finite float; None if missing. The texts "NaN", "inf" and "1,200" are faults.

    Groups of digits are read where they are unambiguous; "1,200" may be a decimal fraction.

    Examples
    --------
    >>> read_number("1,200,000"), read_number("12 000")
    (1200000.0, 12000.0)
    """
    if is_missing(value):
        return None
    if isinstance(value, str):
        value = without_groups(value)
        if not _is_number(value.strip()):
            raise ValueError(f"must be a number, got {brief(value)}")
    elif isinstance(value, bool | np.timedelta64) or not isinstance(value, (Real, Decimal)):
        raise ValueError(f"must be a number, got {shown(value)}")
    try:
        number = float(value)
    except (OverflowError, ValueError):
        number = math.inf
    if not math.isfinite(number):
        raise ValueError(f"must be a finite number, got {shown(value)}")
    return number + 0.0  # no negative zero


def without_groups(text: str) -> str:
    """Return a number as text without the marks between groups of digits, where they can mean nothing else."""
    return re.sub("[^0-9+-]", "", text) if _GROUPS.fullmatch(text.strip()) else text


def read_time(value: object) -> pd.Timestamp | None:
    """
    Return a cell as a UTC time to the microsecond; None if missing.

    Parameters
    ----------
    value : str, datetime, Timestamp or datetime64
        ISO 8601 text with a date, an hour and a UTC offset, or a timezone-aware datetime.

    Raises
    ------
    ValueError
        If the hour or the UTC offset is missing, or it is not a time between 1900 and 2150.
    """
    if is_missing(value):
        return None
    time = _datetime(value)
    if time.utcoffset() is None:
        raise ValueError(f"needs a UTC offset such as +02:00 or Z, got {_time_shown(value)}")
    try:
        if type(time) is datetime:  # much faster, and has no nanoseconds
            found = pd.Timestamp(time.astimezone(UTC)).as_unit("ns")
        else:
            found = pd.Timestamp(time).tz_convert("UTC").floor("us").as_unit("ns")
    except (ValueError, OverflowError):
        found = None
    if found is None or not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise ValueError(f"must be between the years {FIRST_YEAR} and {LAST_YEAR}, got {_time_shown(value)}")
    return found


def naive_time(text: str) -> datetime | None:
    """Return the time in a cell if it has an hour but no UTC offset, else None."""
    try:
        time = _datetime(text)
    except ValueError:
        return None
    return time if time.tzinfo is None else None


def _datetime(value: object) -> datetime:
    """Return the datetime in a cell, timezone-aware or naive."""
    if isinstance(value, datetime):
        return value
    if isinstance(value, np.datetime64):
        return pd.Timestamp(value)
    if isinstance(value, date):
        raise ValueError(f"needs an hour and a UTC offset, got the date {value.isoformat()}")
    if not isinstance(value, str):
        raise ValueError(f"must be a time in ISO 8601, got {shown(value)}")
    text = value.strip()
    try:
        time = datetime.fromisoformat(text)
    except ValueError as error:
        raise ValueError(f"must be a time in ISO 8601 such as 2026-01-24T09:00+02:00, got {brief(value)}") from error
    if not _DATE_AND_HOUR.search(text):
        raise ValueError(f"needs an hour and a UTC offset such as T09:00+02:00, got {brief(value)}")
    return time


def _time_shown(value: object) -> str:
    return brief(value) if isinstance(value, str) else str(value)
