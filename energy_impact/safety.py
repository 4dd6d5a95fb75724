"""Hours that homes stay warm enough after the loss of heat, by type of building."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from energy_impact import bounds
from energy_impact._arithmetic import underflow_is_zero
from energy_impact._checks import brief, check_numbers
from energy_impact.figures import cells
from energy_impact.model import homes
from energy_impact.model.buildings import BUILDING_TYPES
from energy_impact.model.cohorts import THRESHOLDS_C
from energy_impact.weather import check_weather, coverage_faults, temperature_at

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from numpy.typing import NDArray

STEADY_H = 2000
"""Length of the simulation in steady weather. [h]"""
STEP_H = 1.0
DRAIN_AT_C = 5.0
"""Indoor temperature at which pipes in cellars and stairwells come near freezing. [degC] (judgement)"""
DRAIN_LEVEL = 0.05
"""Share of homes of the fastest type that are that cold by the latest hour to drain (judgement)."""


@underflow_is_zero
def hours_of_safety(
    temperature: float | pd.Series[float],
    *,
    start: str | datetime | None = None,
    thresholds: Sequence[float] = tuple(THRESHOLDS_C.values()),
    level: float = 0.9,
) -> pd.DataFrame:
    """
    Return hours from the loss of heat until a home is below a temperature, by type of building.

    At level 0.9 one in twenty homes of a type is below the threshold before `low_h`, and one in twenty after `high_h`.
    Base plans for people without other heat on `low_h`. Types, their time constants, internal heat (people, appliances,
    stoves, heaters: 3 to 16 W/m2) and 20 degC at the start are judgements; docs/cold.md compares them with measurements
    and reports.

    Parameters
    ----------
    temperature : float or Series
        Outdoor air temperature: steady, or hourly on timezone-aware times, as `read_weather` returns it. [degC]
    start : time, optional
        Time of the loss of heat; by default the first time of a series.
    thresholds : sequence of float
        Indoor air temperatures. [degC]
    level : float
        Probability of the central interval over the homes of a type.

    Returns
    -------
    DataFrame
        building_type, share (of the heated buildings of a Ukrainian city), threshold_c, median_h, low_h, high_h; inf
        if the threshold is not reached within a series, or in 2,000 h of steady weather. [h]
        (``attrs["drain_by_h"]``, now `hours_to_drain`, ends with version 0.2.)

    Raises
    ------
    ValueError
        If `temperature` is neither a temperature nor an hourly series on timezone-aware times, `start` lies outside or
        is not timezone-aware, a threshold is not finite, or `level` is not between 0 and 1.

    Examples
    --------
    >>> import energy_impact as ei
    >>> found = ei.hours_of_safety(-20.0, thresholds=[12.0, 5.0])
    >>> found[["building_type", "threshold_c", "median_h", "low_h", "high_h"]].round().head(2)
      building_type  threshold_c  median_h  low_h  high_h
    0         panel         12.0       5.0    2.0    23.0
    1         panel          5.0      21.0    7.0    69.0
    """
    half = bounds.check("level", level, "level") / 2
    wanted = [bounds.check("thresholds", limit, "temperature_c") for limit in check_numbers("thresholds", thresholds)]
    outdoor = _outdoor(temperature, start)
    levels = [0.5 - half, 0.5, 0.5 + half]
    hours = homes.hours_of_safety(outdoor, step_h=STEP_H, thresholds=wanted, levels=levels)
    rows = [
        (kind.name, kind.share, threshold, *(float(hours[index, at, column]) for at in (1, 0, 2)))
        for index, kind in enumerate(BUILDING_TYPES)
        for column, threshold in enumerate(wanted)
    ]
    found = pd.DataFrame(rows, columns=["building_type", "share", "threshold_c", "median_h", "low_h", "high_h"])
    found.attrs["drain_by_h"] = hours_to_drain(temperature, start=start)
    return found


@underflow_is_zero
def hours_to_drain(temperature: float | pd.Series[float], *, start: str | datetime | None = None) -> float:
    """
    Return hours from the loss of heat until heating circuits must be drained to keep them from freezing.

    The latest time is the first frost outdoors after one in twenty homes of the fastest type has fallen below 5 degC
    (judgement; pipes in cellars and stairwells are colder than homes).

    Parameters
    ----------
    temperature : float or Series
        Outdoor air temperature: steady, or hourly on timezone-aware times, as `read_weather` returns it. [degC]
    start : time, optional
        Time of the loss of heat; by default the first time of a series.

    Returns
    -------
    float
        inf if that is not reached within a series, or in 2,000 h of steady weather. [h]

    Raises
    ------
    ValueError
        If `temperature` is neither a temperature nor an hourly series on timezone-aware times, or `start` lies outside
        or is not timezone-aware.

    Examples
    --------
    >>> import energy_impact as ei
    >>> round(ei.hours_to_drain(-20.0))
    7
    """
    outdoor = _outdoor(temperature, start)
    cooled = homes.hours_of_safety(outdoor, step_h=STEP_H, thresholds=[DRAIN_AT_C], levels=[DRAIN_LEVEL])
    reached = float(cooled.min())
    frost = np.flatnonzero(outdoor < 0) * STEP_H
    later = frost[frost > reached - STEP_H]
    return max(reached, float(later[0])) if later.size else math.inf


def _outdoor(temperature: float | pd.Series[float], start: str | datetime | None) -> NDArray[np.float64]:
    """Return the hourly outdoor temperature from the loss of heat onwards."""
    if not isinstance(temperature, pd.Series):
        if start is not None:
            raise ValueError(f"start: must be None in steady weather, got {brief(start)}")
        return np.full(STEADY_H + 1, bounds.check("temperature", temperature, "temperature_c"))
    weather = check_weather("temperature", temperature)
    first, last = weather.index[0], weather.index[-1]
    begin = first
    if start is not None:
        try:
            begin = cells.read_time(start) or first
        except ValueError as error:
            raise ValueError(f"start: {error}") from error
    times = pd.date_range(begin, last, freq=pd.Timedelta(hours=STEP_H))
    faults = coverage_faults("temperature", weather, begin, last, ())
    if faults or len(times) < 2:
        raise ValueError(faults[0] if faults else f"start: must be an hour or more before {last}, got {begin}")
    return temperature_at(weather, times, [""])[:, 0]
