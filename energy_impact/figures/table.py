"""The table of published figures: its columns, its rules, and how it is read."""

from __future__ import annotations

import os
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from energy_impact import vocabulary
from energy_impact._checks import FaultsError, check_choice, nearest
from energy_impact.figures import cells

REQUIRED = ("id", "time", "place", "quantity", "value", "qualifier", "kind", "source")
COLUMNS = (
    "id", "time", "place", "quantity", "value", "value_high", "qualifier", "kind", "unit", "source",
    "period_start", "time_uncertainty_h", "claimed_by", "event", "note",
)  # fmt: skip
_TIMES = ("time", "period_start")
_NUMBERS = ("value", "value_high", "time_uncertainty_h")
_CHOICES = {
    "qualifier": vocabulary.QUALIFIERS,
    "kind": vocabulary.KINDS,
    "unit": vocabulary.FIGURE_UNITS,
}
_OVER_A_PERIOD = ("flow", "change", "minimum", "maximum")

ABSOLUTE_ZERO_C = -273.15
"""The lowest temperature there is (SI). [degC]"""
"""The most that `hours_off_per_day` can be. [h/day]"""

Cells = dict[str, Any]
Fault = Callable[[str, str], None]


class FigureError(FaultsError):
    """All faults of a table of figures, one line each, with row and column."""

    def __init__(self, faults: Iterable[str], where: str = "figures") -> None:
        super().__init__(faults, where)


@dataclass(frozen=True)
class _RawTable:
    """A table as it came: cells by column, the name of each row, unknown columns, faults of its form."""

    columns: Mapping[str, Sequence[Any]]
    rows: Sequence[int]
    absent: Sequence[str] = ()
    unknown: Mapping[Hashable, pd.Series[Any]] = field(default_factory=dict)
    faults: Sequence[str] = ()
    where: str = "figures"


def read_figures(source: str | os.PathLike[str] | pd.DataFrame | Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    """
    Read and check a table of published figures.

    Parameters
    ----------
    source : path, DataFrame or list of dict
        A UTF-8 CSV file, a table, or one dict a figure. It is not changed.

    Returns
    -------
    DataFrame
        One row a figure, in the order given, with every column of `COLUMNS` and then the unknown columns as they
        came (as text from a file). Times are UTC, numbers are float, missing text is NA; a missing unit is "count"
        ("share" for quantities that are shares), a missing `time_uncertainty_h` is 0. [h] Passing the result in again
        gives the same table.

    Raises
    ------
    FigureError
        With every fault of the table, by row and column. Rows are lines of a file (the header is line 1) and
        positions from 0 in a table or list.
    OSError
        If the file cannot be read.

    Examples
    --------
    >>> figures = read_figures([{
    ...     "id": "kyiv-heat", "time": "2026-01-24T09:00+02:00", "place": "Kyiv", "quantity": "heat_buildings_out",
    ...     "value": 6000, "qualifier": "about", "kind": "stock", "source": "mayor of Kyiv"}])
    >>> str(figures.loc[0, "time"]), float(figures.loc[0, "value"]), figures.loc[0, "unit"]
    ('2026-01-24 07:00:00+00:00', 6000.0, 'count')
    """
    raw = _raw_table(source)
    faults = list(raw.faults)
    faults += [f"column {name}: is missing{_near_column(name, raw.unknown)}" for name in raw.absent]
    checked = [_check_row(_row(raw, position), line, raw.absent, faults) for position, line in enumerate(raw.rows)]
    faults += _repeated_ids([row["id"] for row in checked], raw.rows)
    if faults:
        raise FigureError(faults, raw.where)
    known = {name: _typed(name, [row[name] for row in checked]) for name in COLUMNS}
    frame = pd.DataFrame(known, index=pd.RangeIndex(len(checked)))
    if raw.unknown:
        frame = pd.concat([frame, pd.DataFrame(dict(raw.unknown), index=frame.index)], axis=1)
    return frame


def _raw_table(source: Any) -> _RawTable:
    if isinstance(source, (str, os.PathLike)):
        return _from_file(Path(source))
    if isinstance(source, pd.DataFrame):
        return _from_frame(source)
    if isinstance(source, Sequence) and not isinstance(source, (bytes, bytearray)):
        return _from_dicts(source)
    raise FigureError([f"must be a path, a DataFrame or a list of dicts, got {type(source).__name__}"])


def _from_file(path: Path) -> _RawTable:
    try:
        table = cells.read_csv(path)
    except ValueError as error:
        raise FigureError([str(error)], str(path)) from error
    texts = {name: [row[place] for row in table.rows] for place, name in enumerate(table.columns)}
    unknown: dict[Hashable, pd.Series[Any]] = {
        name: pd.Series([value or None for value in column], dtype=_text_type())
        for name, column in texts.items() if name not in COLUMNS
    }  # fmt: skip
    absent = [name for name in REQUIRED if name not in texts]
    return _RawTable(texts, table.lines, absent, unknown, table.faults, str(path))


def _from_frame(frame: pd.DataFrame) -> _RawTable:
    faults = cells.repeated_columns(frame.columns)
    if faults:
        raise FigureError(faults)
    known = {name: frame[name].tolist() for name in COLUMNS if name in frame.columns}
    unknown: dict[Hashable, pd.Series[Any]] = {
        name: frame[name].reset_index(drop=True) for name in frame.columns if name not in COLUMNS
    }
    absent = [name for name in REQUIRED if name not in known] if len(frame.columns) else []
    return _RawTable(known, range(len(frame)), absent, unknown)


def _from_dicts(rows: Sequence[Any]) -> _RawTable:
    faults = [f"row {row}: must be a dict, got {type(entry).__name__}" for row, entry in enumerate(rows)
              if not isinstance(entry, Mapping)]  # fmt: skip
    if faults:
        raise FigureError(faults)
    names: dict[Hashable, None] = dict.fromkeys(name for row in rows for name in row)
    known = {name: [row.get(name) for row in rows] for name in COLUMNS}
    unknown: dict[Hashable, pd.Series[Any]] = {
        name: pd.Series([row.get(name) for row in rows], dtype=object) for name in names if name not in COLUMNS
    }
    absent = [name for name in REQUIRED if name not in names and name != "value"] if rows else []
    return _RawTable(known, range(len(rows)), absent, unknown)


def _row(raw: _RawTable, position: int) -> Cells:
    return {name: raw.columns[name][position] if name in raw.columns else None for name in COLUMNS}


def _near_column(name: str, unknown: Iterable[Hashable]) -> str:
    """Return a hint where an unknown column looks like the missing one."""
    close = [str(column) for column in unknown if nearest(str(column).strip().lower(), [name])]
    return f" (is it {close[0]!r}?)" if close else ""


def _check_row(raw: Cells, line: int, absent: Sequence[str], faults: list[str]) -> Cells:
    """Return the cells of one row in their types; faults are added to `faults`, a faulty cell is None."""
    faulty = set(absent)

    def fault(column: str, rule: str) -> None:
        if column not in faulty:
            faulty.add(column)
            faults.append(f"row {line}, column {column}: {rule}")

    row: Cells = {}
    for name in COLUMNS:
        try:
            row[name] = _read_cell(name, raw[name])
        except ValueError as error:
            fault(name, str(error))
            row[name] = None
    for name in REQUIRED:
        if row[name] is None and name != "value":
            fault(name, "must not be empty")
    if "quantity" not in faulty:
        quantity = vocabulary.QUANTITIES[row["quantity"]]
        row["unit"] = row["unit"] or ("share" if quantity.is_share else "count")
        _check_unit(row, quantity, fault)
        if "qualifier" not in faulty:
            _check_presence(row, raw, quantity, fault)
        if "unit" not in faulty:
            _check_bounds(row, raw, quantity, fault)
        _check_period(row, quantity, fault)
    _check_order(row, raw, fault)
    row["time_uncertainty_h"] = row["time_uncertainty_h"] or 0.0
    return row


def _read_cell(name: str, value: Any) -> Any:
    if name in _TIMES:
        return cells.read_time(value)
    if name in _NUMBERS:
        return cells.read_number(value)
    text = cells.read_text(value)
    if text is None:
        return None
    if name == "quantity" and text not in vocabulary.QUANTITIES:
        raise ValueError(f"must be a known quantity, got {text!r}{nearest(text, vocabulary.QUANTITIES)}")
    if name in _CHOICES:
        _check_word(text, _CHOICES[name])
    return text


def _check_word(text: str, choices: Sequence[str]) -> None:
    same = vocabulary.SAID_ALSO.get(text.strip().lower().replace("_", " "))
    if same in choices:
        raise ValueError(f"{text!r} is not one of {', '.join(choices)} ({same!r} means the same)")
    try:
        check_choice("", text, choices)
    except ValueError as error:
        raise ValueError(str(error).removeprefix(": ")) from None


def _check_unit(row: Cells, quantity: vocabulary.Quantity, fault: Fault) -> None:
    if row["unit"] == "share" and not (quantity.stock or quantity.is_share):
        fault("unit", f"must be 'count' for {quantity.name}, which has no stock to be a share of, got 'share'")
    elif row["unit"] == "count" and quantity.is_share:
        fault("unit", f"must be 'share' for {quantity.name}, got 'count'")


def _check_presence(row: Cells, raw: Cells, quantity: vocabulary.Quantity, fault: Fault) -> None:
    """Check that `value` and `value_high` are there where the wording needs them, and only there."""
    qualifier = row["qualifier"]
    wordless = quantity.name == "context_statement"
    if qualifier in vocabulary.WORDS_WITHOUT_VALUE or wordless:
        reason = quantity.name if wordless else f"qualifier {qualifier!r}"
        if not cells.is_missing(raw["value"]):
            fault("value", f"must be empty for {reason}, got {cells.shown(raw['value'])}")
    elif row["value"] is None:
        fault("value", f"must not be empty for qualifier {qualifier!r}")
    if qualifier == "range" and not wordless:
        if row["value_high"] is None:
            fault("value_high", "must not be empty for qualifier 'range'")
    elif not cells.is_missing(raw["value_high"]):
        fault("value_high", f"must be empty but for qualifier 'range', got {cells.shown(raw['value_high'])}")
    if (qualifier in vocabulary.ORDERS and (row["unit"] == "share" or quantity.is_temperature)) or (
        qualifier in {"all", "none"} and quantity.is_temperature
    ):
        fault("qualifier", f"{qualifier!r} must speak of a count, got {quantity.name} in {_noun(row, quantity)}")


def _check_bounds(row: Cells, raw: Cells, quantity: vocabulary.Quantity, fault: Fault) -> None:
    noun = _noun(row, quantity)
    low, high = ABSOLUTE_ZERO_C if quantity.is_temperature else 0.0, np.inf
    if noun == "share":
        high = 1.0
    elif quantity.name == "hours_off_per_day":
        high = vocabulary.HOURS_A_DAY
    for name in ("value", "value_high"):
        if row[name] is not None and not low <= row[name] <= high:
            upper = f" and at most {high:g}" if np.isfinite(high) else ""
            fault(name, f"must be a {noun} of at least {low:g}{upper}, got {cells.shown(raw[name])}")


def _noun(row: Cells, quantity: vocabulary.Quantity) -> str:
    """Return what the number of a row is."""
    if row["unit"] == "share":
        return "share"
    if quantity.is_temperature:
        return "temperature"
    return "number of hours" if quantity.unit in {"h", "h/day"} else "count"


def _check_period(row: Cells, quantity: vocabulary.Quantity, fault: Fault) -> None:
    """Check that figures over a period say when it began; some periods are understood."""
    kind = row["kind"]
    since_event = kind == "flow" and quantity.name.endswith("_restored")
    last_day = kind in {"minimum", "maximum"} and quantity.name == "air_temperature_c"
    if row["period_start"] is None and kind in _OVER_A_PERIOD and not (since_event or last_day):
        fault("period_start", f"must not be empty for kind {kind!r} of {quantity.name}")


def _check_order(row: Cells, raw: Cells, fault: Fault) -> None:
    """Check what must be above or before what."""
    if row["value"] is not None and row["value_high"] is not None and not row["value_high"] > row["value"]:
        fault("value_high", f"must be above the value {row['value']:g}, got {cells.shown(raw['value_high'])}")
    if row["time"] is not None and row["period_start"] is not None and not row["period_start"] < row["time"]:
        fault(
            "period_start", f"must be before the time {row['time'].isoformat()}, got {row['period_start'].isoformat()}"
        )
    if row["time_uncertainty_h"] is not None and not row["time_uncertainty_h"] >= 0:
        fault("time_uncertainty_h", f"must be at least 0 hours, got {cells.shown(raw['time_uncertainty_h'])}")


def _repeated_ids(ids: Sequence[str | None], rows: Sequence[int]) -> list[str]:
    first: dict[str, int] = {}
    faults = []
    for name, row in zip(ids, rows, strict=True):
        if name is not None and first.setdefault(name, row) != row:
            faults.append(f"row {row}, column id: must be unique, got {name!r} as in row {first[name]}")
    return faults


def _typed(name: str, values: Sequence[Any]) -> pd.Series[Any]:
    if name in _TIMES:
        return pd.Series(pd.to_datetime(list(values), utc=True)).astype("datetime64[ns, UTC]")
    if name in _NUMBERS:
        return pd.Series([np.nan if value is None else value for value in values], dtype=np.float64)
    return pd.Series(list(values), dtype=_text_type())


def _text_type() -> pd.StringDtype[Any]:
    return pd.StringDtype("python")
