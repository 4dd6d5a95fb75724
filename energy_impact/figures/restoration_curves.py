"""Restoration curves of many outage events of a raw series, from the peak of each on, and their bands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from energy_impact import bounds
from energy_impact._checks import check_choice
from energy_impact.figures.outage_series import MISSING, check_counts, check_times

if TYPE_CHECKING:
    from numpy.typing import NDArray

_NEEDED = ("start", "end", "step_h", "peak_customers")


def restoration_curves(
    series: pd.Series[Any],
    events: pd.DataFrame,
    *,
    hours: float = 72.0,
    missing: str = "gap",
    timezone: str | None = None,
) -> pd.DataFrame:
    """
    Return the share of its peak that is still out, over the hours since the peak, of each outage event of a series.

    Parameters
    ----------
    series : Series
        Customers out (rows,), as in `outage_events`. [customers]
    events : DataFrame
        Those of the series that are wanted, as `outage_events` returns them.
    hours : float
        How long each is followed. [h]
    missing, timezone
        As in `outage_events`, for the same series.

    Returns
    -------
    DataFrame
        One row per step from the first sample at the peak, with the index hours_since_peak, and one column per event,
        named by its start. NaN where no sample is known. After the end of an event what is out does not rise again:
        those are others.

    Raises
    ------
    ValueError
        If `series` or `hours` is out of bounds, or `events` lacks a column, is empty or is of another series.

    Examples
    --------
    >>> import pandas as pd
    >>> import energy_impact as ei
    >>> times = pd.date_range("2026-02-03T22:00Z", periods=8, freq="h")
    >>> series = pd.Series([0, 400, 900, 300, 60, 0, 0, 0], times)
    >>> curves = ei.restoration_curves(series, ei.outage_events(series, threshold=100), hours=4)
    >>> curves.iloc[:, 0].round(2).tolist()
    [1.0, 0.33, 0.07, 0.0, 0.0]
    """
    index = check_times(series, timezone)
    absent = 0.0 if check_choice("missing", missing, MISSING) == "zero" else np.nan
    length = bounds.check("hours", hours, "horizon_h")
    _check_events(events)
    step = pd.Timedelta(hours=float(events["step_h"].iloc[0]))
    grid = pd.timedelta_range("0h", pd.Timedelta(hours=length), freq=step)
    known = pd.Series(check_counts(series), index)
    curves = {row.start: _curve(known, row, grid, absent) for row in events.itertuples()}
    return pd.DataFrame(curves, index=pd.Index(grid / pd.Timedelta(hours=1), name="hours_since_peak"))


def restoration_bands(shares_out: pd.DataFrame, *, level: float = 0.9) -> pd.DataFrame:
    """
    Return the median and a central band of restoration curves of many events.

    Parameters
    ----------
    shares_out : DataFrame
        As from `restoration_curves`; curves of several series may stand side by side (`pandas.concat`, axis 1).
    level : float
        Probability of the band.

    Returns
    -------
    DataFrame
        On the index of the curves: low, median and high of those known then, and events, how many these are.

    Raises
    ------
    ValueError
        If `shares_out` is no DataFrame of numbers with a column, or `level` is not between 0 and 1.

    Examples
    --------
    >>> import pandas as pd
    >>> import energy_impact as ei
    >>> curves = pd.DataFrame({"a": [1.0, 0.4], "b": [1.0, 0.2], "c": [1.0, None]}, index=[0.0, 1.0])
    >>> ei.restoration_bands(curves, level=0.5)
          low  median  high  events
    0.0  1.00     1.0  1.00       3
    1.0  0.25     0.3  0.35       2
    """
    if not isinstance(shares_out, pd.DataFrame) or shares_out.shape[1] == 0:
        raise ValueError(f"shares_out: must be a DataFrame with a column per event, got {type(shares_out).__name__}")
    inside = bounds.check("level", level, "level")
    ends = {"low": (1 - inside) / 2, "median": 0.5, "high": (1 + inside) / 2}
    columns = {name: shares_out.quantile(quantile, axis=1) for name, quantile in ends.items()}
    return pd.DataFrame(columns | {"events": shares_out.notna().sum(axis=1)})


def _check_events(events: pd.DataFrame) -> None:
    missing = [name for name in _NEEDED if not isinstance(events, pd.DataFrame) or name not in events]
    if missing:
        raise ValueError(f"events: must be a table as from outage_events, without {', '.join(missing)}")
    if events.empty:
        raise ValueError("events: must hold at least one, got none")


def _curve(known: pd.Series[float], event: Any, grid: pd.TimedeltaIndex, absent: float) -> NDArray[np.float64]:
    """Return the share of the peak still out on a grid of hours since the peak."""
    during = known[(known.index >= event.start) & (known.index < event.end)]
    if not len(during) or during.max() != event.peak_customers:
        raise ValueError(f"events, {event.start}: must be an event of the series, got another peak")
    times = during.idxmax() + grid
    out = known.reindex(times, fill_value=absent).to_numpy(copy=True)
    out[times > known.index[-1]] = np.nan
    past = out[times >= event.end]
    out[times >= event.end] = np.where(np.isnan(past), np.nan, np.fmin.accumulate(past))
    return np.asarray(out / event.peak_customers)
