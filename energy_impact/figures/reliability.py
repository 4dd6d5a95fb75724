"""Reliability indices, major event days, and cumulative outages and restores, as utilities report them."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd

from energy_impact import bounds
from energy_impact.figures.clock import check_timezone
from energy_impact.figures.outage_series import check_counts, check_times

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

MAJOR_EVENT_BETAS = 2.5
"""Distance of a major event day from the mean of log daily SAIDI, in standard deviations (IEEE Std 1366-2012, annex
B.2)."""
MINUTES_AN_HOUR = 60.0


class Indices(NamedTuple):
    """
    Reliability indices, all of the same shape.

    Attributes
    ----------
    saidi_h : ndarray
        Hours without power of an average customer. [h/customer]
    saifi : ndarray
        Interruptions of an average customer. [interruptions/customer]
    caidi_h : ndarray
        Length of an average interruption; 0 without any. [h/interruption]
    """

    saidi_h: NDArray[np.float64]
    saifi: NDArray[np.float64]
    caidi_h: NDArray[np.float64]


def indices(customer_hours: ArrayLike, interruptions: ArrayLike, customers: ArrayLike) -> Indices:
    """
    Return reliability indices from sums over interruptions (IEEE Std 1366).

    Parameters
    ----------
    customer_hours : array_like
        Customers interrupted times the length of their interruptions, summed. [customer h]
    interruptions : array_like
        Customers interrupted, summed. [customers]
    customers : array_like
        Customers served, above 0. [customers]
    """
    hours, count, served = (np.asarray(values, np.float64) for values in (customer_hours, interruptions, customers))
    mean_length = np.divide(hours, count, out=np.zeros(np.broadcast(hours, count).shape), where=count > 0)
    return Indices(np.asarray(hours / served), np.asarray(count / served), mean_length)


def reliability_indices(events: pd.DataFrame, *, customers: float) -> pd.Series[float]:
    """
    Return SAIDI, SAIFI and CAIDI of outage events (IEEE Std 1366).

    Parameters
    ----------
    events : DataFrame
        Outage events as `outage_events` returns them, with the columns customer_hours and customers_out_total; or one
        row per interruption.
    customers : float
        Customers served, interrupted or not, above 0. [customers]

    Returns
    -------
    Series
        - saidi_h, saidi_min: time without power of an average customer. [h/customer, min/customer]
        - saifi: interruptions of an average customer. [interruptions/customer]
        - caidi_h: length of an average interruption, 0 without any. [h/interruption]

        All interruptions in `events` count, including those that IEEE calls momentary (up to five minutes).

    Raises
    ------
    ValueError
        If `events` lacks a column, holds a number that is negative or not finite, or a peak above `customers`, or
        `customers` is not above 0.

    Warns
    -----
    UserWarning
        If events have a gap beside them: their customers may count twice.

    Examples
    --------
    >>> import pandas as pd
    >>> import energy_impact as ei
    >>> events = pd.DataFrame({"customers_out_total": [100, 200, 300], "customer_hours": [50, 400, 150]})
    >>> ei.reliability_indices(events, customers=10_000).round(3).to_dict()
    {'saidi_h': 0.06, 'saidi_min': 3.6, 'saifi': 0.06, 'caidi_h': 1.0}
    """
    served = bounds.check("customers", customers, "customers")
    sums = [
        float(_amounts(f"events, {name}", _column(events, name)).sum())
        for name in ("customer_hours", "customers_out_total")
    ]
    _check_events(events, served)
    found = indices(sums[0], sums[1], served)
    return pd.Series(
        {
            "saidi_h": float(found.saidi_h),
            "saidi_min": float(found.saidi_h) * MINUTES_AN_HOUR,
            "saifi": float(found.saifi),
            "caidi_h": float(found.caidi_h),
        }
    )


def _column(events: pd.DataFrame, name: str) -> pd.Series[Any]:
    """Return a column of a table of events."""
    if not isinstance(events, pd.DataFrame) or name not in events:
        got = list(events.columns) if isinstance(events, pd.DataFrame) else type(events).__name__
        raise ValueError(f"events: must be a DataFrame with the column {name}, as from outage_events, got {got}")
    return events[name]


def _check_events(events: pd.DataFrame, served: float) -> None:
    """Check peaks against the customers served, and warn of gaps."""
    if "peak_customers" in events:
        over = _amounts("events, peak_customers", events["peak_customers"]) > served
        if over.any():
            row = int(over.argmax())
            got = events["peak_customers"].iloc[row]
            raise ValueError(f"events, peak_customers, row {row}: must be at most customers = {served:g}, got {got:g}")
    gaps = int(np.count_nonzero(events["gap"])) if "gap" in events else 0
    if gaps:
        text = (
            f"{gaps} of {len(events)} events begin or end beside an unknown sample. An outage that goes on over a gap "
            "counts twice: saifi is an upper bound, caidi_h and saidi_h are lower bounds."
        )
        warnings.warn(text, stacklevel=3)


def daily_saidi(events: pd.DataFrame, *, customers: float, timezone: str | None = None) -> pd.Series[float]:
    """
    Return SAIDI day by day, from the first to the last day on which an outage event began (IEEE Std 1366).

    Parameters
    ----------
    events : DataFrame
        Outage events as `outage_events` returns them, with the columns start and customer_hours; or one row per
        interruption.
    customers : float
        Customers served, interrupted or not, above 0. [customers]
    timezone : str, optional
        IANA name of the timezone of the days; by default that of the events.

    Returns
    -------
    Series
        Named saidi_min, by day; 0 on days without an outage. An outage counts in
        full on the day on which it begins. [min/customer]

    Raises
    ------
    ValueError
        If `events` lacks a column, is empty, or holds a number that is negative or not finite or a time that is
        missing, `customers` is not above 0, or `timezone` is unknown or given for times without one.

    Examples
    --------
    >>> import pandas as pd
    >>> import energy_impact as ei
    >>> starts = pd.to_datetime(["2026-01-05T23:00Z", "2026-01-05T23:30Z", "2026-01-07T04:00Z"])
    >>> events = pd.DataFrame({"start": starts, "customer_hours": [50, 400, 150]})
    >>> ei.daily_saidi(events, customers=10_000).round(2).tolist()
    [2.7, 0.0, 0.9]
    """
    served = bounds.check("customers", customers, "customers")
    hours = _amounts("events, customer_hours", _column(events, "customer_hours"))
    begun = _column(events, "start")
    if not pd.api.types.is_datetime64_any_dtype(begun) or begun.isna().any() or not len(begun):
        raise ValueError("events, start: must hold the time of at least one event, and none may be missing")
    if timezone is not None:
        check_timezone("timezone", timezone)
        if begun.dt.tz is None:
            raise ValueError(f"timezone: must be None for times without one, got {timezone!r}")
        begun = begun.dt.tz_convert(timezone)
    days = begun.dt.normalize()
    every = pd.date_range(days.min(), days.max(), freq="D")
    minutes = pd.Series(hours * MINUTES_AN_HOUR / served, days).groupby(level=0).sum()
    return minutes.reindex(every, fill_value=0.0).rename("saidi_min")


def major_event_days(daily_saidi: pd.Series[float], *, years: int | None = None) -> pd.DataFrame:
    """
    Return which days of a series are major event days, by the 2.5 beta method (IEEE Std 1366-2012, annex B.2).

    The threshold is exp(alpha + 2.5 beta), with the mean alpha and the standard deviation beta (n - 1) of the natural
    logarithms of the daily SAIDI, without days that had no interruption. IEEE takes it from the five years before the
    year in question, or from as many of them as there are.

    Parameters
    ----------
    daily_saidi : Series
        SAIDI of each day, (days,), in any unit; an interruption counts in full on the day on which it begins. With
        `years` on a DatetimeIndex, as from `daily_saidi`.
    years : int, optional
        From how many calendar years before each year its threshold comes: 5 in the standard. By default it comes from
        all days of the series, and applies to each of them.

    Returns
    -------
    DataFrame
        On the index of the series: saidi; major, whether it is above the threshold; threshold, in the unit of the
        series, missing in years without two days above 0 in the years before (``attrs["threshold"]``, only without
        `years`, ends with version 0.2).

    Raises
    ------
    ValueError
        If `daily_saidi` is not a Series of finite numbers of at least 0, or fewer than two are above 0; if `years` is
        not a whole number of at least 1, or the index has no times.

    Examples
    --------
    >>> import pandas as pd
    >>> import energy_impact as ei
    >>> days = pd.Series([1.0, 2.0, 4.0, 0.0] * 9 + [900.0])
    >>> found = ei.major_event_days(days)
    >>> round(float(found["threshold"].iloc[0]), 1), found.index[found["major"]].tolist()
    (61.9, [36])
    """
    if not isinstance(daily_saidi, pd.Series):
        raise ValueError(f"daily_saidi: must be a pandas Series, got {type(daily_saidi).__name__}")
    values = _amounts("daily_saidi", daily_saidi)
    if np.count_nonzero(values) < 2:
        raise ValueError(f"daily_saidi: must have at least 2 days above 0, got {np.count_nonzero(values)}")
    whole = _threshold(values) if years is None else None
    threshold = np.full(len(values), whole) if whole is not None else _by_year(daily_saidi.index, values, years)
    columns = {"saidi": values, "major": values > threshold, "threshold": threshold}
    found = pd.DataFrame(columns, index=daily_saidi.index)
    if whole is not None:
        found.attrs["threshold"] = whole
    return found


def _threshold(values: NDArray[np.float64]) -> float:
    """Return the threshold of major event days from daily SAIDI; NaN without two days above 0."""
    logs = np.log(values[values > 0])
    return float(np.exp(logs.mean() + MAJOR_EVENT_BETAS * logs.std(ddof=1))) if len(logs) > 1 else float("nan")


def _by_year(index: pd.Index[Any], values: NDArray[np.float64], years: int | None) -> NDArray[np.float64]:
    """Return the threshold of each day, from the calendar years before its own."""
    before = bounds.check_whole("years", years, "years")
    if not isinstance(index, pd.DatetimeIndex):
        raise ValueError(f"daily_saidi, index: must be a DatetimeIndex with years, got {type(index).__name__}")
    year = index.year.to_numpy()
    found = np.empty(len(values))
    for own in np.unique(year):
        found[year == own] = _threshold(values[(year >= own - before) & (year < own)])
    return found


def _amounts(where: str, column: pd.Series[Any]) -> NDArray[np.float64]:
    """Return a column as numbers, checked to be finite and at least 0."""
    values = pd.to_numeric(column, errors="coerce").to_numpy(np.float64, na_value=np.nan)
    fault = ~(np.isfinite(values) & (values >= 0))
    if fault.any():
        row = int(fault.argmax())
        raise ValueError(f"{where}, row {row}: must be finite and at least 0, got {column.iloc[row]!r}")
    return values


def outage_processes(series: pd.Series[Any]) -> pd.DataFrame:
    """
    Return the outages and restores behind a series of customers out.

    Follows Carrington, Dobson and Wang (2021, arXiv:2011.00693). The series is the outages so far minus the restores
    so far. If all are back in the end, the area under it is the sum of all restore times minus that of all outage
    times. Outages that come back within one step are not seen.

    Parameters
    ----------
    series : Series
        Customers out (rows,) on a DatetimeIndex in increasing order, without gaps; for one member of an estimate,
        ``pd.Series(curve.draws[0], curve.times)``. [customers]

    Returns
    -------
    DataFrame
        On the times of the series: out; outages and restores, the customers that went out and came back up to then,
        including those out at the first time. [customers]

    Raises
    ------
    ValueError
        If `series` is not a Series of finite counts of at least 0 on a DatetimeIndex, or its times do not increase.

    Examples
    --------
    >>> import pandas as pd
    >>> import energy_impact as ei
    >>> times = pd.date_range("2026-02-03T22:00Z", periods=5, freq="h")
    >>> ei.outage_processes(pd.Series([0, 400, 300, 900, 0], times)).reset_index(drop=True)
         out  outages  restores
    0    0.0      0.0       0.0
    1  400.0    400.0       0.0
    2  300.0    400.0     100.0
    3  900.0   1000.0     100.0
    4    0.0   1000.0    1000.0
    """
    index = check_times(series)
    out = check_counts(series)
    if np.isnan(out).any():
        raise ValueError(f"series, {index[int(np.isnan(out).argmax())]}: must not be missing; end the series before it")
    change = np.diff(out, prepend=0.0)
    outages, restores = np.cumsum(np.maximum(change, 0.0)), np.cumsum(np.maximum(-change, 0.0))
    return pd.DataFrame({"out": out, "outages": outages, "restores": restores}, index=index)
