"""Outdoor temperature: hourly weather as given, or mean and spread from a few published temperatures."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import pandas as pd

from energy_impact._checks import brief, check_array, collect, composed, nearest
from energy_impact.bounds import HIGHEST_C, LOWEST_C
from energy_impact.figures import cells
from energy_impact.units import Z90

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from energy_impact.figures.figure import Figure

Weather: TypeAlias = "pd.Series[float] | pd.DataFrame"

ONE_COLUMN = "air_temperature_c"
"""Column of a weather file for all places."""

CYCLE_AMPLITUDE_K = 3.0
"""Half the range of the daily cycle in winter (judgement)."""
COLDEST_HOUR = 6.0
"""Local hour of the daily minimum (judgement)."""
FIGURE_SD_K = 1.5
"""Spread of a place's mean temperature about a published one (judgement)."""
LEAST_SD_K = 1.0
"""Least spread, however many figures agree (judgement)."""
SYNOPTIC_SD_K = 5.0
"""Spread of the daily mean about the level of the weeks around it (judgement)."""
SYNOPTIC_TIME_H = 48.0
"""Correlation time of the daily mean (judgement)."""
PRIOR_MEAN_C = 5.0
"""Mean temperature without any figure (judgement)."""
PRIOR_SD_K = 10.0
"""Spread without any figure (judgement)."""
FIGURE_REACH_H = 168.0
"""Figures further than this outside the requested times are not used (judgement)."""

_HOUR = pd.Timedelta(hours=1)


def published_temperatures(figures: Iterable[Figure]) -> tuple[Figure, ...]:
    """
    Return the outdoor temperatures among figures, of one place or several.

    Flows, changes and figures without a number are left out.
    """
    return tuple(
        figure
        for figure in figures
        if figure.quantity == "air_temperature_c" and figure.reads_as.on_curve and figure.value is not None
    )


def hourly_temperature(
    times: pd.DatetimeIndex, timezone: str, temperatures: Sequence[Figure]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """
    Mean and spread of the outdoor temperature from a few published ones.

    The daily mean is a level, unknown for the weeks around, plus an Ornstein-Uhlenbeck process about it; a fixed
    cycle in local time is added. Figures are noisy readings of the sum (Gaussian process regression, Rasmussen and
    Williams 2006), so conflicting figures average and the spread grows with the time to the next figure.

    Parameters
    ----------
    times : DatetimeIndex
        Requested times, timezone-aware.
    timezone : str
        IANA name, for the daily cycle.
    temperatures : sequence of Figure
        Published temperatures, from `published_temperatures`. A minimum holds at the coldest hour of its period, a
        maximum at the warmest; the default period is the 24 h before. `Figure.temperature` gives the meaning of the
        wording.

    Returns
    -------
    mean, sd : ndarray of float64, shape (len(times),)
        Mean and standard deviation. [degC], [K]
    """
    hours = _hours(times, times[0])
    cycle = _cycle(times, timezone)
    anchors = pd.DatetimeIndex([_anchor(figure, timezone) for figure in temperatures], tz="UTC")
    at = _hours(anchors, times[0])
    near = (at >= hours[0] - FIGURE_REACH_H) & (at <= hours[-1] + FIGURE_REACH_H)
    prior_sd = np.full(hours.shape, PRIOR_SD_K)
    if not near.any():
        return PRIOR_MEAN_C + cycle, prior_sd
    readings = [_reading(figure) for figure, used in zip(temperatures, near, strict=True) if used]
    values, noise = np.array(readings).T
    at = at[near]
    residual = values - _cycle(anchors[near], timezone) - PRIOR_MEAN_C
    between = _covariance(at, at) + np.diag(noise**2)
    across = _covariance(hours, at)
    weights = np.linalg.solve(between, across.T)
    variance = prior_sd**2 - np.einsum("tk,kt->t", across, weights)
    return PRIOR_MEAN_C + cycle + residual @ weights, np.sqrt(np.maximum(variance, LEAST_SD_K**2))


def _hours(times: pd.DatetimeIndex, origin: pd.Timestamp) -> NDArray[np.float64]:
    return np.asarray((times - origin) / _HOUR, dtype=np.float64)


def _cycle(times: pd.DatetimeIndex, timezone: str) -> NDArray[np.float64]:
    local = times.tz_convert(timezone).tz_localize(None).as_unit("s")
    hour = local.asi8 % 86_400 / 3600
    return -CYCLE_AMPLITUDE_K * np.cos(2 * np.pi * (hour - COLDEST_HOUR) / 24)


def _covariance(one: NDArray[np.float64], other: NDArray[np.float64]) -> NDArray[np.float64]:
    gap = np.abs(one[:, None] - other[None, :])
    level = PRIOR_SD_K**2 - SYNOPTIC_SD_K**2
    return level + SYNOPTIC_SD_K**2 * np.exp(-gap / SYNOPTIC_TIME_H)


def _anchor(figure: Figure, timezone: str) -> pd.Timestamp:
    """Return the instant at which a figure holds; of equal extremes the one nearest to the middle of the period."""
    extreme = figure.reads_as.extreme
    if extreme == 0:
        return figure.time
    start = figure.time - 24 * _HOUR if figure.period_start is None else figure.period_start
    period = pd.date_range(start, figure.time, freq=_HOUR)
    cycle = _cycle(period, timezone) * -extreme
    lowest = np.flatnonzero(cycle <= cycle.min() + 1e-9)
    nearest_to_middle = int(lowest[np.argmin(np.abs(lowest - (len(period) - 1) / 2))])
    anchor: pd.Timestamp = period[nearest_to_middle]
    return anchor


def _reading(figure: Figure) -> tuple[float, float]:
    """Return the temperature that a figure stands for and its spread."""
    spread = float(np.hypot(FIGURE_SD_K, _shift_sd(figure.time_uncertainty_h)))
    value, half = figure.temperature
    return value, float(np.hypot(spread, half / Z90))


def _shift_sd(uncertainty_h: float) -> float:
    """Return the spread of the daily mean over a shift that is uniform up to `uncertainty_h` [K]."""
    if uncertainty_h == 0:
        return 0.0
    gap = uncertainty_h / SYNOPTIC_TIME_H
    kept = -np.expm1(-gap) / gap
    return float(SYNOPTIC_SD_K * np.sqrt(2 * (1 - kept)))


def check_weather(name: str, weather: object) -> Weather:
    """Return a copy of hourly weather as float64 on a UTC index, if its times and values are sound."""
    if not isinstance(weather, pd.Series | pd.DataFrame):
        raise ValueError(f"{name}: must be a Series, a DataFrame or None, got {type(weather).__name__}")
    index = weather.index
    if not isinstance(index, pd.DatetimeIndex) or index.tz is None:
        raise ValueError(f"{name}: needs a timezone-aware DatetimeIndex, got {type(index).__name__} of {index.dtype}")
    if len(index) == 0 or not (index.is_monotonic_increasing and index.is_unique):
        raise ValueError(f"{name}: times must be present, ascending and unique, got {len(index)} times")
    if isinstance(weather, pd.DataFrame):
        weather = weather.set_axis([composed(column) for column in weather.columns], axis=1)
    if isinstance(weather, pd.DataFrame) and not weather.columns.is_unique:
        raise ValueError(f"{name}: columns must be unique, got {list(weather.columns)}")
    clean = _floats(name, weather) if isinstance(weather, pd.Series) else weather.apply(partial(_floats, name))
    clean.index = index.tz_convert("UTC").as_unit("ns")
    values = np.asarray(clean, dtype=np.float64).reshape(len(index), -1)
    bad = ~((values >= LOWEST_C) & (values <= HIGHEST_C))
    if bad.any():
        row, column = np.argwhere(bad)[0]
        more = f" and {int(bad.sum()) - 1} more" if bad.sum() > 1 else ""
        raise ValueError(
            f"{name}: must lie between {LOWEST_C:g} and {HIGHEST_C:g} degC without gaps, "
            f"got {values[row, column]:g} at {_iso(clean.index[row])}{more}"
        )
    return clean


def _floats(name: str, column: pd.Series[Any]) -> pd.Series[float]:
    """Return a column of numbers as float64; missing ones are NaN."""
    plain = column.to_numpy(np.float64, na_value=np.nan) if column.dtype.kind in "iuf" else column
    return pd.Series(check_array(name, plain), column.index, name=column.name)


def coverage_faults(
    name: str, weather: Weather, start: pd.Timestamp, end: pd.Timestamp, places: Iterable[str]
) -> list[str]:
    """Return a fault for each gap of hourly weather in `places` from `start` to `end`."""
    faults = []
    if isinstance(weather, pd.DataFrame):
        places = tuple(places)
        unknown = [column for column in weather.columns if column not in places]
        faults += [
            f"{name}: column {column!r} is not a place without parts{nearest(column, places)}" for column in unknown
        ]
        faults += [f"{name}: place {place!r} has no column" for place in places if place not in weather.columns]
    index = weather.index
    if index[0] > start or index[-1] < end:
        faults.append(f"{name}: must cover {_iso(start)} to {_iso(end)}, got {_iso(index[0])} to {_iso(index[-1])}")
    steps = index[1:] - index[:-1]
    wide = (steps > _HOUR) & (index[1:] > start) & (index[:-1] < end)
    if wide.any():
        first = int(np.argmax(wide))
        faults.append(f"{name}: must be hourly, got a gap of {steps[first] / _HOUR:g} h after {_iso(index[first])}")
    return faults


def temperature_at(weather: Weather, times: pd.DatetimeIndex, places: Sequence[str]) -> NDArray[np.float64]:
    """
    Given weather at the requested times, linear between its hours.

    Returns
    -------
    ndarray of float64, shape (len(times), len(places))
        Outdoor temperature. [degC]
    """
    known = _hours(pd.DatetimeIndex(weather.index), times[0])
    asked = _hours(times, times[0])
    columns = (weather[place] if isinstance(weather, pd.DataFrame) else weather for place in places)
    return np.stack([np.interp(asked, known, np.asarray(column, dtype=np.float64)) for column in columns], axis=1)


def weather_from_columns(name: str, columns: object, lines: Sequence[int] | None = None) -> Weather:
    """Return weather from a list `time` and one list of numbers per place, or one for all places."""
    if not isinstance(columns, Mapping) or "time" not in columns or len(columns) < 2:
        raise ValueError(f"{name}: needs a column time and at least one column of temperatures")
    if not all(isinstance(entries, list) for entries in columns.values()):
        raise ValueError(f"{name}: every column must be a list, got {brief(columns)}")
    rows = range(len(columns["time"])) if lines is None else lines
    faults: list[str] = []
    read: dict[str, list[Any]] = {}
    for column, entries in columns.items():
        if len(entries) != len(rows):
            raise ValueError(f"{name}: column {column} must have {len(rows)} rows as time has, got {len(entries)}")
        read[column] = [
            collect(faults, _read_cell, f"{name}: row {row}, column {column}", entry, column == "time")
            for row, entry in zip(rows, entries, strict=True)
        ]
    if faults:
        raise ValueError(faults[0] + _more(faults))
    index = pd.DatetimeIndex(read.pop("time"), tz="UTC", name="time")
    frame = pd.DataFrame(read, index=index)
    return check_weather(name, frame[ONE_COLUMN] if list(read) == [ONE_COLUMN] else frame)


def _read_cell(where: str, entry: object, is_time: bool) -> pd.Timestamp | float:
    try:
        cell = cells.read_time(entry) if is_time else cells.read_number(entry)
    except ValueError as error:
        raise ValueError(f"{where}: {error}") from error
    if cell is None:
        raise ValueError(f"{where}: must not be empty")
    return cell


def _more(faults: Sequence[str]) -> str:
    return f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""


def weather_to_columns(weather: Weather) -> dict[str, list[Any]]:
    """Return weather as lists for JSON; `weather_from_columns` reads them."""
    frame = weather.to_frame(ONE_COLUMN) if isinstance(weather, pd.Series) else weather
    columns: dict[str, list[Any]] = {"time": [_iso(moment) for moment in pd.DatetimeIndex(frame.index)]}
    columns.update({str(column): frame[column].tolist() for column in frame.columns})
    return columns


def _iso(moment: pd.Timestamp) -> str:
    return moment.isoformat(timespec="auto")
