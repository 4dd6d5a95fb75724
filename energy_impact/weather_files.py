"""Hourly weather from files: our own columns, Open-Meteo and Meteostat."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

import pandas as pd

from energy_impact._checks import brief, check_path, check_utf8
from energy_impact._files import read_bounded, unpacked
from energy_impact.figures import cells
from energy_impact.figures.clock import check_timezone, read_local
from energy_impact.weather import ONE_COLUMN, Weather, weather_from_columns

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from pathlib import Path

GZIP = b"\x1f\x8b"
OPEN_METEO = "latitude,longitude,"
"""Start of an Open-Meteo file."""
OPEN_METEO_TEMPERATURE = re.compile(r"temperature_2m( \(.*\))?")
METEOSTAT_TEMPERATURE = "temp"
METEOSTAT_BULK = ("date", "hour", METEOSTAT_TEMPERATURE)
"""First columns of a Meteostat file without a header."""
METEOSTAT_BULK_ROW = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2},[0-9]{1,2},")

_HOUR = pd.Timedelta(hours=1)


class _Table(NamedTuple):
    """
    A table as text.

    Attributes
    ----------
    columns : dict
        Cells by column, `time` as ISO 8601.
    lines : list of int
        The file's line of each row.
    zone : str or None
        IANA name or UTC offset for times that state none.
    one_point : bool
        Whether the file is from a weather service and holds the temperature of one point.
    """

    columns: dict[str, list[str]]
    lines: list[int]
    zone: str | None
    one_point: bool = True


def read_weather(
    path: str | Path,
    *,
    timezone: str | None = None,
    start: str | datetime | None = None,
    end: str | datetime | None = None,
) -> Weather:
    """
    Return hourly outdoor temperature from a CSV file, for `Scenario(weather=...)`.

    - Our own columns: `time` (ISO 8601), and `air_temperature_c` for all places or one column per place. [degC]
    - Open-Meteo: lines of metadata first, then `time` and `temperature_2m (°C)`. All its times have the
      offset `utc_offset_seconds`: Open-Meteo does not change to summer time within a file.
    - Meteostat: without a header (date, hour, temp, ...), or with columns date and hour, or year, month, day and hour,
      or time as in its Python package, and `temp`. Times without a UTC offset are in UTC.

    Parameters
    ----------
    path : str or Path
        UTF-8, plain or gzipped.
    timezone : str, optional
        IANA name of the timezone of times without a UTC offset, for a file with our own columns.
    start, end : time, optional
        Leave out rows before or after, since archives of years have gaps.

    Returns
    -------
    Series or DataFrame
        Float64 on an hourly UTC index; a DataFrame if there is one column per place. [degC]

    Raises
    ------
    ValueError
        With the file, and for a cell the line and the column: if the file is missing, not UTF-8, of another format or
        without rows; if a cell is empty or not a temperature; if a time has no UTC offset, is skipped or repeated by
        its clocks or does not increase; or if an hour is missing.
    """
    file = check_path("path", path)
    if timezone is not None:
        check_timezone("timezone", timezone)
    try:
        content = read_bounded(file)
    except OSError as error:
        raise ValueError(f"{file.name}: cannot be read: {error.strerror}") from error
    try:
        table = _table(unpacked(content) if content.startswith(GZIP) else content, timezone)
        table = _with_zones(table)
        weather = weather_from_columns(file.name, *_between(table, start, end))
    except ValueError as error:
        text = str(error)
        raise ValueError(text if text.startswith(f"{file.name}:") else f"{file.name}: {text}") from error
    if len(weather.index) > 1:
        _check_hourly(file.name, pd.DatetimeIndex(weather.index))
    if isinstance(weather, pd.DataFrame) and table.one_point:
        return weather.iloc[:, 0].rename(ONE_COLUMN)
    return weather


def _table(content: bytes, timezone: str | None) -> _Table:
    text = check_utf8(content)
    if text.startswith((OPEN_METEO, f"location_id,{OPEN_METEO}")):
        _check_no_zone(timezone, "Open-Meteo")
        return _open_meteo(text)
    if METEOSTAT_BULK_ROW.match(text):
        _check_no_zone(timezone, "Meteostat")
        return _meteostat(METEOSTAT_BULK, *_rows(text.splitlines(), 0))
    read = cells.parse_csv(text)
    if read.faults and "time" in read.columns:
        raise ValueError(read.faults[0])
    columns, lines = read.columns, list(read.lines)
    if METEOSTAT_TEMPERATURE in columns and ("hour" in columns or "time" in columns):
        _check_no_zone(timezone, "Meteostat")
        return _meteostat(columns, [list(row) for row in read.rows], lines)
    cells_of = {name: [row[at] for row in read.rows] for at, name in enumerate(columns)}
    return _Table(cells_of, lines, timezone, one_point=False)


def _open_meteo(text: str) -> _Table:
    """Return the first section with a temperature, at the UTC offset of the metadata."""
    lines = text.splitlines()
    metadata = dict(zip(lines[0].split(","), "".join(lines[1:2]).split(","), strict=False))
    if "location_id" in metadata:
        raise ValueError("must hold one location, got a column location_id")
    try:
        offset_s = int(metadata["utc_offset_seconds"])
    except (KeyError, ValueError) as error:
        raise ValueError(f"line 2: must hold utc_offset_seconds, got {lines[1:2]}") from error
    for number, line in enumerate(lines):
        names = [name.strip() for name in line.split(",")]
        found = [name for name in names if OPEN_METEO_TEMPERATURE.fullmatch(name)]
        if names[0] == "time" and found:
            if found[0] != "temperature_2m (°C)":
                raise ValueError(f"line {number + 1}: temperature_2m must be in °C, got the column {found[0]!r}")
            rows, at = _rows(lines, number + 1, stop_at_blank=True)
            columns = _columns({"time": 0, found[0]: names.index(found[0])}, rows, at)
            sign, minutes = "-" if offset_s < 0 else "+", abs(offset_s) // 60
            return _Table(columns, at, f"{sign}{minutes // 60:02d}:{minutes % 60:02d}")
    raise ValueError("must have hourly columns time and temperature_2m (°C), got none")


def _meteostat(names: Sequence[str], rows: list[list[str]], lines: list[int]) -> _Table:
    """Return times, in UTC unless they state an offset, and the temperature."""
    place = {name: at for at, name in enumerate(names)}
    if "time" in place:
        wanted = {"time": place["time"], METEOSTAT_TEMPERATURE: place[METEOSTAT_TEMPERATURE]}
        return _Table(_columns(wanted, rows, lines), lines, "+00:00")
    days = [name for name in ("date",) if name in place] or ["year", "month", "day"]
    missing = [name for name in (*days, "hour") if name not in place]
    if missing:
        raise ValueError(f"column {missing[0]}: is missing, got {', '.join(names)}")
    read = _columns({name: place[name] for name in (*days, "hour", METEOSTAT_TEMPERATURE)}, rows, lines)
    parts = zip(*(read[name] for name in days), strict=True)
    dates = ["-".join(part.strip().zfill(2) for part in day) for day in parts]
    times = [f"{date}T{hour.strip().zfill(2)}:00" for date, hour in zip(dates, read["hour"], strict=True)]
    return _Table({"time": times, METEOSTAT_TEMPERATURE: read[METEOSTAT_TEMPERATURE]}, lines, "+00:00")


def _rows(lines: Sequence[str], first: int, *, stop_at_blank: bool = False) -> tuple[list[list[str]], list[int]]:
    """Return the cells of non-blank lines from `first` on, and their line numbers, from 1."""
    rows, numbers = [], []
    for number, line in enumerate(lines[first:], start=first + 1):
        if line.strip():
            rows.append(line.split(","))
            numbers.append(number)
        elif stop_at_blank:
            break
    return rows, numbers


def _columns(wanted: dict[str, int], rows: list[list[str]], lines: list[int]) -> dict[str, list[str]]:
    """Return columns by name from their positions."""
    for row, line in zip(rows, lines, strict=True):
        if len(row) <= max(wanted.values()):
            raise ValueError(f"row {line}: must have {max(wanted.values()) + 1} cells or more, got {len(row)}")
    return {name: [row[at] for row in rows] for name, at in wanted.items()}


def _with_zones(table: _Table) -> _Table:
    """Return the table with a UTC offset on every valid time."""
    if table.zone is None or "time" not in table.columns:
        return table
    naive = [cells.naive_time(text) for text in table.columns["time"]]
    zone = None if table.zone[0] in "+-" else check_timezone("timezone", table.zone)
    local = iter([] if zone is None else read_local([time for time in naive if time is not None], zone))
    times = []
    for line, text, moment in zip(table.lines, table.columns["time"], naive, strict=True):
        if moment is None:
            times.append(text)
        elif zone is None:
            times.append(f"{moment.isoformat()}{table.zone}")
        else:
            time = next(local)
            if time is None:
                raise ValueError(
                    f"row {line}, column time: must exist once in {table.zone}, or stand there twice where clocks "
                    f"repeat it, got {moment.isoformat()} (clocks change)"
                )
            times.append(time.isoformat())
    return table._replace(columns=table.columns | {"time": times})


def _between(
    table: _Table, start: str | datetime | None, end: str | datetime | None
) -> tuple[dict[str, list[str]], list[int]]:
    """Return columns and lines from `start` to `end`; an invalid time stays, so that it is reported later."""
    if (start is None and end is None) or "time" not in table.columns:
        return table.columns, table.lines
    first, last = (_bound(name, time) for name, time in (("start", start), ("end", end)))
    inside = []
    for row, text in enumerate(table.columns["time"]):
        try:
            time = cells.read_time(text)
        except ValueError:
            time = None
        if time is None or ((first is None or time >= first) and (last is None or time <= last)):
            inside.append(row)
    if not inside:
        raise ValueError(f"must have rows between start and end, got none from {start} to {end}")
    columns = {name: [column[row] for row in inside] for name, column in table.columns.items()}
    return columns, [table.lines[row] for row in inside]


def _bound(name: str, time: str | datetime | None) -> pd.Timestamp | None:
    try:
        return cells.read_time(time)
    except ValueError as error:
        raise ValueError(f"{name}: {error}") from error


def _check_hourly(name: str, index: pd.DatetimeIndex) -> None:
    wide = (index[1:] - index[:-1]) > _HOUR
    if wide.any():
        at = int(wide.argmax())
        raise ValueError(
            f"{name}: needs every hour, got none between {index[at].isoformat()} and "
            f"{index[at + 1].isoformat()}; use start and end to leave a gap out"
        )


def _check_no_zone(timezone: object, source: str) -> None:
    if timezone is not None:
        raise ValueError(f"timezone: must be None: a file from {source} states its own, got {brief(timezone)}")
