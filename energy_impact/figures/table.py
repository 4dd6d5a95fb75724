"""The table of published figures, read and checked as a whole."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import pandas as pd

from energy_impact._checks import FaultsError, brief, check_path, nearest
from energy_impact._files import csv_bytes, write_whole
from energy_impact.figures import cells, sheets
from energy_impact.figures.figure import COLUMNS, Figure
from energy_impact.figures.rows import REQUIRED, read_row, repeated_ids

if TYPE_CHECKING:
    from pathlib import Path

_TIMES = ("time", "period_start")
_NUMBERS = ("value", "value_high", "time_uncertainty_h")
_TEXT = pd.StringDtype("python")
LEAST_COLUMNS = 3
"""Required columns that a header has at least; a file with fewer is no table of figures."""
_DECISIONS = ("accept", "accepted")
"""Columns in which a person says whether a row is a figure: in a file to edit, and in `Reading.candidates`."""
_ANSWERS = {"yes": True, "true": True, "no": False, "false": False}

Column: TypeAlias = "pd.Series[Any]"


class FigureError(FaultsError):
    """All faults of a table of figures, one per line, with row and column."""

    def __init__(self, faults: Iterable[str], where: str = "figures") -> None:
        super().__init__(faults, where)


@dataclass(frozen=True, eq=False)
class FigureTable:
    """
    Figures that have been checked.

    Attributes
    ----------
    frame : DataFrame
        The table as `read_figures` returns it.
    records : tuple of Figure
        One per row.
    """

    frame: pd.DataFrame
    records: tuple[Figure, ...]

    def only(self, keep: Callable[[Figure], bool]) -> FigureTable:
        """Return the table of the figures to keep."""
        kept = np.array([keep(figure) for figure in self.records], bool)
        records = tuple(figure for figure, wanted in zip(self.records, kept, strict=True) if wanted)
        return FigureTable(self.frame[kept].reset_index(drop=True), records)

    def joined(self, other: FigureTable) -> FigureTable:
        """
        Return both tables as one.

        Raises
        ------
        FigureError
            If an id is repeated.
        """
        records = (*self.records, *other.records)
        faults = repeated_ids([figure.id for figure in records], range(len(records)))
        if faults:
            raise FigureError(faults)
        frames = [table.frame for table in (self, other) if table.records]
        return FigureTable(pd.concat(frames, ignore_index=True) if frames else self.frame, records)


Source: TypeAlias = str | os.PathLike[str] | pd.DataFrame | Sequence[Mapping[str, object]] | FigureTable


@dataclass(frozen=True)
class _RawTable:
    """A table as given: cells by column, the number of each row, unknown columns, format faults."""

    columns: Mapping[str, Sequence[object]]
    rows: Sequence[int]
    absent: Sequence[str] = ()
    unknown: Mapping[Hashable, Column] = field(default_factory=dict)
    faults: Sequence[str] = ()
    where: str = "figures"

    def row(self, position: int) -> dict[str, object]:
        return {name: self.columns[name][position] if name in self.columns else None for name in COLUMNS}


def read_figures(source: Source) -> pd.DataFrame:
    """
    Return a table of published figures, read and checked.

    Parameters
    ----------
    source : path, DataFrame or list of dict
        A UTF-8 CSV or an Excel file (.xlsx, its first sheet; times as text with a UTC offset), a table, or one dict per
        figure; left unchanged. A row of HXL tags below the header is skipped. Numbers may group their digits where that
        is unambiguous: "1,200,000", "1 200 000" and "12 000", but not "1,200". Where it has a column `accept` (yes or
        no) or `accepted`, as candidates from a text have, rows with "no" are left out and an empty cell is a fault.

    Returns
    -------
    DataFrame
        One row per figure, in the given order, with every column of `COLUMNS` and then the unknown columns unchanged
        (as text from a file). Times are UTC, numbers are float, missing text is NA; a missing unit is "count" ("share"
        for quantities that are shares), a missing `time_uncertainty_h` is 0. [h] Reading the result again gives the
        same table.

    Raises
    ------
    FigureError
        With every fault of the table, by row and column. Rows are the lines of a file (the header is line 1), or
        positions from 0 in a table or list.
    OSError
        If the file cannot be read.

    Examples
    --------
    >>> import energy_impact as ei
    >>> figures = ei.read_figures([{
    ...     "id": "kyiv-heat", "time": "2026-01-24T09:00+02:00", "place": "Kyiv", "quantity": "heat_buildings_out",
    ...     "value": 6000, "qualifier": "about", "kind": "stock", "source": "mayor of Kyiv"}])
    >>> str(figures.loc[0, "time"]), float(figures.loc[0, "value"]), figures.loc[0, "unit"]
    ('2026-01-24 07:00:00+00:00', 6000.0, 'count')
    """
    return check_figures(source).frame


def write_figures(source: Source, path: str | os.PathLike[str]) -> Path:
    """
    Write a table of figures to a CSV file, whole or not at all, and return its path.

    Texts that a spreadsheet would take for a formula get an apostrophe in front.

    Raises
    ------
    FigureError
        With every fault of the table, as `read_figures`.
    ValueError, OSError
        If `path` is no path, or cannot be written.
    """
    return write_whole(path, csv_bytes(check_figures(source).frame))


def check_figures(source: object) -> FigureTable:
    """Return a table of figures with its records, as `read_figures` reads it; a checked one as it is."""
    if isinstance(source, FigureTable):
        return source
    raw = _raw_table(source)
    _check_names(raw)
    raw = _confirmed(raw)
    faults = list(raw.faults)
    faults += [f"column {name}: is missing{_near_column(name, raw.unknown)}" for name in raw.absent]
    records = tuple(read_row(raw.row(position), line, raw.absent, faults) for position, line in enumerate(raw.rows))
    faults += repeated_ids([figure.id for figure in records], raw.rows)
    faults += _unknown_faults(raw)
    if faults:
        raise FigureError(faults, raw.where)
    return FigureTable(_frame(records, raw.unknown), records)


def _raw_table(source: object) -> _RawTable:
    if isinstance(source, (str, os.PathLike)):
        return _from_file(_path(source))
    if isinstance(source, pd.DataFrame):
        return _from_frame(source)
    if isinstance(source, Sequence) and not isinstance(source, (bytes, bytearray)):
        return _from_dicts(source)
    raise FigureError([f"must be a path, a DataFrame or a list of dicts, got {type(source).__name__}"])


def _from_excel(path: Path) -> _RawTable:
    try:
        frame = sheets.read_excel(path)
    except ValueError as error:
        raise FigureError([str(error)], str(path)) from error
    if len(frame) and sheets.is_tag_row(frame.iloc[0].tolist()):
        frame = frame.iloc[1:]
    return dataclasses.replace(_from_frame(frame), rows=frame.index.tolist(), where=str(path))


def _path(source: str | os.PathLike[str]) -> Path:
    try:
        return check_path("source", source)
    except ValueError as error:
        raise FigureError([str(error)]) from error


def _from_file(path: Path) -> _RawTable:
    if sheets.is_excel(path):
        return _from_excel(path)
    try:
        table = cells.read_csv(path)
    except ValueError as error:
        raise FigureError([str(error)], str(path)) from error
    if len(set(REQUIRED) & set(table.columns)) < LEAST_COLUMNS:
        # not a word of the file: a scenario from elsewhere may name any file of this machine
        raise FigureError([f"must have its header in line 1, with the columns {', '.join(REQUIRED)}"], str(path))
    if table.rows and sheets.is_tag_row(table.rows[0]):
        table = dataclasses.replace(table, rows=table.rows[1:], lines=table.lines[1:])
    texts = {name: [row[place] for row in table.rows] for place, name in enumerate(table.columns)}
    unknown: dict[Hashable, Column] = {
        name: pd.Series([value or None for value in column], dtype=_TEXT)
        for name, column in texts.items()
        if name not in COLUMNS
    }
    absent = [name for name in REQUIRED if name not in texts]
    return _RawTable(texts, table.lines, absent, unknown, table.faults, str(path))


def _from_frame(frame: pd.DataFrame) -> _RawTable:
    faults = cells.repeated_columns(frame.columns)
    if faults:
        raise FigureError(faults)
    known = {name: frame[name].tolist() for name in COLUMNS if name in frame.columns}
    unknown: dict[Hashable, Column] = {
        name: frame[name].reset_index(drop=True) for name in frame.columns if name not in COLUMNS
    }
    absent = [name for name in REQUIRED if name not in known] if len(frame.columns) else []
    return _RawTable(known, range(len(frame)), absent, unknown)


def _from_dicts(rows: Sequence[object]) -> _RawTable:
    dicts = [row for row in rows if isinstance(row, Mapping)]
    if len(dicts) < len(rows):
        others = [(row, entry) for row, entry in enumerate(rows) if not isinstance(entry, Mapping)]
        raise FigureError([f"row {row}: must be a dict, got {type(entry).__name__}" for row, entry in others])
    names: dict[Hashable, None] = dict.fromkeys(name for row in dicts for name in row)
    known = {name: [row.get(name) for row in dicts] for name in COLUMNS}
    unknown: dict[Hashable, Column] = {
        name: pd.Series([row.get(name) for row in dicts], dtype=object) for name in names if name not in COLUMNS
    }
    absent = [name for name in REQUIRED if name not in names and name != "value"] if dicts else []
    return _RawTable(known, range(len(dicts)), absent, unknown)


def _confirmed(raw: _RawTable) -> _RawTable:
    """Return the table with only those rows that every column of decisions accepts, and without these columns."""
    columns = [name for name in raw.unknown if str(name).strip().lower() in _DECISIONS]
    if not columns:
        return raw
    faults = list(raw.faults)
    kept = [
        position
        for position, line in enumerate(raw.rows)
        if all(_accepts(raw.unknown[name].iloc[position], line, name, faults) for name in columns)
    ]
    return _RawTable(
        {name: [column[position] for position in kept] for name, column in raw.columns.items()},
        [raw.rows[position] for position in kept],
        raw.absent,
        {name: column.iloc[kept].reset_index(drop=True) for name, column in raw.unknown.items() if name not in columns},
        faults,
        raw.where,
    )


def _accepts(cell: object, line: int, column: Hashable, faults: list[str]) -> bool:
    """Return the decision on a row; a missing one is a fault, and does not accept it."""
    answer = None if cells.is_missing(cell) else _ANSWERS.get(cells.shown(cell).strip("' ").lower())
    if answer is None:
        got = "an empty cell" if cells.is_missing(cell) else cells.shown(cell)
        faults.append(f"row {line}, column {column}: must be yes or no, got {got}")
    return bool(answer)


def _check_names(raw: _RawTable) -> None:
    """Raise a FigureError for names of unknown columns that could not be saved."""
    faults = []
    for name in raw.unknown:
        if not isinstance(name, str | int) or isinstance(name, bool):
            continue
        try:
            cells.read_text(name)
        except ValueError as error:
            faults.append(f"column {brief(name)}: {error}")
    if faults:
        raise FigureError(faults, raw.where)


def _unknown_faults(raw: _RawTable) -> list[str]:
    """Return a fault for each cell of an unknown column that could not be saved."""
    faults = []
    for name, column in raw.unknown.items():
        for line, cell in zip(raw.rows, column, strict=True):
            try:
                cells.check_kept(cell)
            except ValueError as error:
                faults.append(f"row {line}, column {name}: {error}")
    return faults


def _near_column(name: str, unknown: Iterable[Hashable]) -> str:
    """Return a hint if an unknown column looks like the missing one."""
    close = [str(column) for column in unknown if nearest(str(column).strip().lower(), [name])]
    return f" (is it {close[0]!r}?)" if close else ""


def _frame(records: Sequence[Figure], unknown: Mapping[Hashable, Column]) -> pd.DataFrame:
    """Return figures as a table, in the types of its columns, followed by the unknown columns."""
    known = {name: typed_column(name, [getattr(figure, name) for figure in records]) for name in COLUMNS}
    frame = pd.DataFrame(known, index=pd.RangeIndex(len(records)))
    if not unknown:
        return frame
    return pd.concat([frame, pd.DataFrame(dict(unknown), index=frame.index)], axis=1)


def typed_column(name: str, values: Sequence[Any]) -> Column:
    """Return the values of a column of `COLUMNS`, None where missing, in its type."""
    if name in _TIMES:
        return pd.Series(pd.to_datetime(list(values), utc=True)).astype("datetime64[ns, UTC]")
    if name in _NUMBERS:
        return pd.Series([np.nan if value is None else value for value in values], dtype=np.float64)
    return pd.Series(values, dtype=_TEXT)
