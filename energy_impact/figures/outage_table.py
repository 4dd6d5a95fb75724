"""Series of customers out for many places, from one table: a row per time and place, or a column per place."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from energy_impact._checks import brief, check_path, check_text, key_faults, nearest
from energy_impact._files import read_bounded
from energy_impact._memory import check_memory
from energy_impact.bounds import LARGEST_COUNT
from energy_impact.figures import cells, sheets
from energy_impact.figures.clock import check_timezone

if TYPE_CHECKING:
    import os
    from datetime import tzinfo
    from pathlib import Path

EAGLE_I = {"time": "run_start_time", "place": "county", "within": "state", "customers_out": "customers_out"}
"""Columns of EAGLE-I, outages by county in the USA (Brelsford et al. 2024, doi:10.1038/s41597-024-03095-5)."""
EAGLE_I_2023 = EAGLE_I | {"customers_out": "sum"}
"""Those of its file of 2023."""
POWER_OUTAGE = {"time": "RecordDateTime", "place": "CountyName", "within": "StateName", "customers_out": "CustomersOut"}
"""Columns of exports of PowerOutage.us by hour."""
POWER_OUTAGE_PARTS = ("UtilityName", "CityName")
"""Columns of the parts of a county in them, each with a row of its own: these add up."""
ODIN = {"place": "county", "within": "state", "customers_out": "metersaffected"}
"""Columns of the Outage Data Initiative Nationwide (Oak Ridge), outages by county: a row per outage, and no time."""
_DATE = re.compile(r"[0-9]{8}|[0-9]{4}.*[^0-9][0-9]|[0-9][^0-9].*[0-9]{4}")
"""A year and another number; without, a parser fills in the day on which it runs."""
_OFFSET = re.compile(r".*[0-9] ?(Z|UTC|GMT|[+-][0-9]{2}:?([0-9]{2})?)")
MEMORY_OF_TABLE = 8
"""Memory that a table takes while it is read, as a multiple of its file."""
_COUNTS = (int, float, np.integer, np.floating)


def read_outages(
    source: str | os.PathLike[str] | pd.DataFrame,
    *,
    columns: Mapping[str, str] | None = None,
    timezone: str = "UTC",
    taken: str | datetime | None = None,
) -> pd.DataFrame:
    """
    Return customers out by place: one row per time, one column per place.

    A long table has a row per time and place, as EAGLE-I and outage maps give it; a wide one has a column per place.

    Parameters
    ----------
    source : path or DataFrame
        A CSV or Excel file, or a table. A row of HXL tags below the header is skipped; digits may be grouped as in
        `read_figures`. A million rows take some 0.3 GB: of a year of EAGLE-I, which has 25 million, give the counties
        that you want as a table.
    columns : mapping of str to str, optional
        Names of its columns: "time", and for a long table "place", "customers_out" and, if names of places repeat,
        "within" (a state, say). By default those of EAGLE-I if it has them, or those of exports of
        PowerOutage.us, whose rows per utility and city add up to those of a county; else the table is wide, and its
        first column is the time.
    timezone : str
        Of times without a UTC offset.
    taken : str or datetime, optional
        When a snapshot of ODIN was taken, whose rows, one per outage, have no such time; those of a county add up. Of
        several snapshots, ``pd.concat([ei.read_outages(path, taken=time), ...])`` makes a series; a county without
        a row had no outage that was reported.

    Returns
    -------
    DataFrame
        Times in UTC, increasing. [customers] NaN where a row is absent, whose meaning `outage_events` asks for:
        ``outage_events(table["County, State"].dropna(), threshold=100, missing="zero")``.

    Raises
    ------
    ValueError
        If it is not a table, a column is missing, a time, a place or a count cannot be read or is out of bounds, or a
        time and place come twice.
    OSError
        If the file cannot be read.

    Examples
    --------
    >>> import pandas as pd
    >>> import energy_impact as ei
    >>> rows = pd.DataFrame({"run_start_time": ["2024-01-01 00:00", "2024-01-01 00:15", "2024-01-01 00:00"],
    ...                      "county": ["Ada", "Ada", "Lake"], "state": ["Idaho", "Idaho", "Ohio"],
    ...                      "customers_out": [12, 40, 7]})
    >>> ei.read_outages(rows)["Ada, Idaho"].tolist()
    [12.0, 40.0]
    """
    zone = check_timezone("timezone", timezone)
    table = _table(source)
    if taken is not None and columns is not None:
        raise ValueError("taken: must not be given with columns, since it is for a snapshot of ODIN")
    if taken is not None or (columns is None and _is_odin(table)):
        wide = _snapshot(table, taken, zone, timezone)
    else:
        names = _names(table, columns)
        times = _times(table[names["time"]], zone, timezone)
        wide = (
            _widened(table, names, times) if "place" in names else _as_given(table.drop(columns=names["time"]), times)
        )
    wide = wide.sort_index().apply(_counts).astype(float)
    wide.index.name, wide.columns.name = "time", None
    return wide


def _is_odin(table: pd.DataFrame) -> bool:
    """Return whether a table has the columns of ODIN and none of a series'."""
    known = {*table.columns}
    return {*ODIN.values()} <= known and not any(own["time"] in known for own in (EAGLE_I, POWER_OUTAGE))


def _snapshot(table: pd.DataFrame, taken: object, zone: tzinfo, timezone: str) -> pd.DataFrame:
    """Return the sums of a snapshot's rows by county, as one row at the time when it was taken."""
    if not _is_odin(table):
        raise ValueError(f"taken: must be given only for a table with the columns {', '.join(ODIN.values())}")
    if taken is None:
        raise ValueError("taken: must be the time of the snapshot, since rows of ODIN have none")
    time = _times(pd.Series([taken], name="taken", dtype=object), zone, timezone)
    places = _texts("place", table[ODIN["place"]]) + ", " + _texts("within", table[ODIN["within"]])
    counts = _counts(table[ODIN["customers_out"]]).groupby(places)
    totals = counts.sum().where(counts.count() == counts.size())
    return totals.to_frame().T.set_axis(time)


def _as_given(wide: pd.DataFrame, times: pd.DatetimeIndex) -> pd.DataFrame:
    """Return a wide table by time, its columns named by texts that can be shown."""
    places = [check_text("column", name).strip() for name in wide.columns]
    faults = cells.repeated_columns(places)
    if faults:
        raise ValueError("; ".join(faults))
    _check_once(times, pd.Series(["all places"] * len(times)))
    return wide.set_axis(places, axis=1).set_axis(times)


def _widened(table: pd.DataFrame, names: Mapping[str, str], times: pd.DatetimeIndex) -> pd.DataFrame:
    """Return a long table with a column per place, and what it lies within."""
    parts = [_texts(key, table[names[key]]) for key in ("place", "within") if key in names]
    places = parts[0] if len(parts) == 1 else parts[0] + ", " + parts[1]
    if names == POWER_OUTAGE:
        return _summed(table, times, places)
    _check_once(times, places)
    counts, rows = table[names["customers_out"]], places.groupby(places).groups.items()
    return pd.concat({name: counts[mine].set_axis(times[mine]) for name, mine in rows}, axis=1, sort=True)


def _summed(table: pd.DataFrame, times: pd.DatetimeIndex, places: pd.Series[Any]) -> pd.DataFrame:
    """Return the sums over the parts of each place, in columns; unknown where that of a part is."""
    parts = [_texts(name, table[name]) for name in POWER_OUTAGE_PARTS if name in table]
    _check_once(times, sum((", " + part for part in parts), start=places))
    counts = _counts(table[POWER_OUTAGE["customers_out"]]).groupby([times, places])
    totals = counts.sum().where(counts.count() == counts.size())
    wide: pd.DataFrame = pd.concat({name: totals.xs(name, level=1) for name in places.unique()}, axis=1, sort=True)
    return wide


def _check_once(times: pd.DatetimeIndex, places: pd.Series[Any]) -> None:
    repeated = pd.DataFrame({"time": times, "place": places}).duplicated()
    if repeated.any():
        row = int(np.argmax(repeated))
        raise ValueError(f"time and place: must come once, got {times[row]} for {places[row]} twice")


def _table(source: str | os.PathLike[str] | pd.DataFrame) -> pd.DataFrame:
    """Return a table as given, with texts for names of its columns."""
    table = source if isinstance(source, pd.DataFrame) else _file(check_path("source", source))
    if len(table) and sheets.is_tag_row(table.iloc[0].tolist()):
        table = table.iloc[1:]
    if not len(table) or not len(table.columns):
        raise ValueError("source: must have columns and rows, got an empty table")
    table = table.reset_index(drop=True).set_axis([str(name) for name in table.columns], axis=1)
    faults = cells.repeated_columns(table.columns)
    if faults:
        raise ValueError("; ".join(faults))
    return table


def _file(path: Path) -> pd.DataFrame:
    if sheets.is_excel(path):
        try:
            return sheets.read_excel(path)
        except ValueError as error:
            raise ValueError(f"{path}: {error}") from error
    try:
        # the tables of a country and a year have GB, and a device has no end
        source = path if path.is_file() else io.BytesIO(read_bounded(path))
        check_memory(MEMORY_OF_TABLE * path.stat().st_size, f"the cells of {path.name}")
        return pd.read_csv(source, dtype=object)
    except (ValueError, OverflowError) as error:
        raise ValueError(f"{path}: must be a CSV file in UTF-8, a header and rows like it: {error}") from error


def _names(table: pd.DataFrame, columns: Mapping[str, str] | None) -> dict[str, str]:
    """Return the columns that the table has by their meaning."""
    known = list(table.columns)
    if columns is None:
        return next(
            (dict(own) for own in (EAGLE_I, EAGLE_I_2023, POWER_OUTAGE) if set(own.values()) <= {*known}),
            {"time": known[0]},
        )
    faults = key_faults("columns", columns, EAGLE_I, ("time",))
    if not isinstance(columns, Mapping):
        raise ValueError("; ".join(faults))
    if ("place" in columns) != ("customers_out" in columns):
        faults.append("columns: must have both place and customers_out, or neither")
    faults += [
        f"columns, {key}: must be a column of the table, got {brief(name)}{nearest(name, known)}"
        for key, name in columns.items()
        if not isinstance(name, str) or name not in known
    ]
    if faults:
        raise ValueError("; ".join(faults))
    return dict(columns)


def _texts(key: str, column: pd.Series[Any]) -> pd.Series[Any]:
    """Return a column as text that can be shown; whole numbers count as text."""
    return pd.Series([_text(key, row, cell) for row, cell in enumerate(column.tolist())])


def _text(key: str, row: int, cell: Any) -> str:
    whole = int(cell) if isinstance(cell, float) and cell.is_integer() else cell
    try:
        text = cells.read_text(whole)
    except ValueError as error:
        raise ValueError(f"{key}, row {row}: {error}") from error
    if text is None:
        raise ValueError(f"{key}: must not be empty, got row {row} of the table")
    return text


def _times(column: pd.Series[Any], zone: tzinfo, timezone: str) -> pd.DatetimeIndex:
    """Return times in UTC; each different one is read once."""
    given = column.tolist()
    for time in given:
        if not isinstance(time, datetime | np.datetime64) and not (isinstance(time, str) and _DATE.search(time)):
            found = f"got {brief(time)} in column {column.name} (`columns` names the columns)"
            raise ValueError(f"time: must be a day and an hour, such as 2026-01-24 09:00, {found}")
    different = {time: number for number, time in enumerate(dict.fromkeys(given))}
    aware = {_is_aware(time) for time in different}
    if len(aware) == 2:
        raise ValueError("time: must have a UTC offset in all rows or in none")
    try:
        times = pd.DatetimeIndex(pd.to_datetime(list(different), format="mixed", utc=aware == {True}))
        times = (times.tz_localize(zone) if times.tz is None else times).tz_convert("UTC").as_unit("ns")
    except (ValueError, TypeError, OverflowError) as error:
        raise ValueError(f"time: must be times that {timezone} has once, or with a UTC offset: {error}") from error
    if times.hasnans:
        raise ValueError("time: must not be empty")
    return times[[different[time] for time in given]]


def _is_aware(time: Any) -> bool:
    """Return whether a time has a UTC offset."""
    if isinstance(time, str):
        return _OFFSET.fullmatch(time.strip()) is not None
    return getattr(time, "tzinfo", None) is not None


def _counts(column: pd.Series[Any]) -> pd.Series[Any]:
    where = f"customers out in {column.name!r}"
    try:
        numbers = column if column.dtype.kind in "iuf" else pd.to_numeric(column.map(_count))
        numbers = numbers.astype(float)
    except (ValueError, TypeError, OverflowError) as error:
        raise ValueError(f"{where}: must be numbers: {error}") from error
    if (numbers < 0).any():
        raise ValueError(f"{where}: must not be below 0, got {numbers.min():g}")
    if (numbers > LARGEST_COUNT).any():
        raise ValueError(f"{where}: must be at most {LARGEST_COUNT:g}, got {numbers.max():g}")
    return numbers


def _count(cell: Any) -> Any:
    """Return a cell as pandas reads it as a number."""
    if isinstance(cell, str):
        return cells.without_groups(cell)
    if cells.is_missing(cell):
        return np.nan
    if isinstance(cell, bool | np.timedelta64) or not isinstance(cell, _COUNTS):
        raise ValueError(f"got {brief(cell)}")
    return cell
