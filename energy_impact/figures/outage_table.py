"""Series of customers out for many places, from one table: a row per time and place, or a column per place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from energy_impact._checks import check_path, key_faults, nearest
from energy_impact.figures import cells, sheets

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping

EAGLE_I = {"time": "run_start_time", "place": "county", "within": "state", "customers_out": "customers_out"}
"""Columns of EAGLE-I, outages by county in the USA (Brelsford et al. 2024, doi:10.1038/s41597-024-03095-5)."""


def read_outages(
    source: str | os.PathLike[str] | pd.DataFrame,
    *,
    columns: Mapping[str, str] | None = None,
    timezone: str = "UTC",
) -> pd.DataFrame:
    """
    Return customers out by place: one row per time, one column per place.

    A long table has a row per time and place, as EAGLE-I and outage maps give it; a wide one has a column per place.

    Parameters
    ----------
    source : path or DataFrame
        A CSV or Excel file, or a table. A row of HXL tags below the header is skipped;
        digits may be grouped as in `read_figures`.
    columns : mapping of str to str, optional
        Names of its columns: "time", and for a long table "place", "customers_out" and, if names of places repeat,
        "within" (a state, say). By default those of EAGLE-I if it has them; else the table is wide, and its first
        column is the time.
    timezone : str
        Of times without a UTC offset.

    Returns
    -------
    DataFrame
        Times in UTC, increasing. [customers] NaN where a row is absent, whose meaning `outage_events` asks for:
        ``outage_events(table["County, State"].dropna(), threshold=100, missing="zero")``.

    Raises
    ------
    ValueError
        If a column is missing, a time or a count cannot be read, or a time and place come twice.
    OSError
        If the file cannot be read.

    Examples
    --------
    >>> rows = pd.DataFrame({"run_start_time": ["2024-01-01 00:00", "2024-01-01 00:15", "2024-01-01 00:00"],
    ...                      "county": ["Ada", "Ada", "Lake"], "state": ["Idaho", "Idaho", "Ohio"],
    ...                      "customers_out": [12, 40, 7]})
    >>> read_outages(rows)["Ada, Idaho"].tolist()
    [12.0, 40.0]
    """
    table = _table(source)
    names = _names(table, columns)
    if "place" not in names:
        wide = table.set_index(names["time"])
    else:
        place = table[names["place"]].astype(str)
        if "within" in names:
            place = place + ", " + table[names["within"]].astype(str)
        times = table[names["time"]]
        repeated = pd.DataFrame({"time": times, "place": place}).duplicated()
        if repeated.any():
            row = int(np.argmax(repeated))
            raise ValueError(f"time and place: must come once, got {times.iloc[row]} for {place.iloc[row]} twice")
        counts = table[names["customers_out"]]
        rows = place.groupby(place).groups.items()
        wide = pd.concat({name: counts[mine].set_axis(times[mine]) for name, mine in rows}, axis=1)
    wide.index = _times(wide.index, timezone)
    wide = wide.sort_index().apply(_counts)
    wide.index.name, wide.columns.name = "time", None
    return wide


def _table(source: str | os.PathLike[str] | pd.DataFrame) -> pd.DataFrame:
    if isinstance(source, pd.DataFrame):
        table = source
    elif sheets.is_excel(path := check_path("source", source)):
        table = sheets.read_excel(path)
    else:
        table = pd.read_csv(path, dtype=object)
    if len(table) and sheets.is_tag_row(table.iloc[0].tolist()):
        table = table.iloc[1:]
    if not len(table.columns):
        raise ValueError("source: must have columns, got an empty table")
    return table.reset_index(drop=True)


def _names(table: pd.DataFrame, columns: Mapping[str, str] | None) -> dict[str, str]:
    """Return the columns that the table has by their meaning."""
    known = [str(name) for name in table.columns]
    if columns is None:
        return dict(EAGLE_I) if set(EAGLE_I.values()) <= set(known) else {"time": known[0]}
    faults = key_faults("columns", columns, EAGLE_I, ("time",))
    if ("place" in columns) != ("customers_out" in columns):
        faults.append("columns: must have both place and customers_out, or neither")
    faults += [
        f"columns, {key}: must be a column of the table, got {name!r}{nearest(name, known)}"
        for key, name in columns.items()
        if name not in known
    ]
    if faults:
        raise ValueError("; ".join(faults))
    return dict(columns)


def _times(index: Any, timezone: str) -> pd.DatetimeIndex:
    try:
        times = pd.DatetimeIndex(pd.to_datetime(list(index), format="mixed"))
        local = times.tz_localize(timezone) if times.tz is None else times
    except (ValueError, TypeError) as error:
        raise ValueError(f"time: must be times that {timezone} has once, or with a UTC offset: {error}") from error
    if local.hasnans:
        raise ValueError("time: must not be empty")
    return local.tz_convert("UTC")


def _counts(column: pd.Series[Any]) -> pd.Series[Any]:
    try:
        plain = column.map(lambda cell: cells.without_groups(cell) if isinstance(cell, str) else cell)
        numbers = pd.to_numeric(plain).astype(float)
    except (ValueError, TypeError) as error:
        raise ValueError(f"customers out in {column.name!r}: must be numbers: {error}") from error
    if (numbers < 0).any():
        raise ValueError(f"customers out in {column.name!r}: must not be below 0, got {numbers.min():g}")
    return numbers
