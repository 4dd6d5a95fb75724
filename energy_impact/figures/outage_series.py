"""Outage events in a raw series of customers out: their start, end and cost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd

from energy_impact import bounds
from energy_impact._checks import as_float, brief, check_choice
from energy_impact.figures.clock import check_timezone, read_local

if TYPE_CHECKING:
    from numpy.typing import NDArray

STUCK_H = 24.0
"""A non-zero count that stays the same this long is more likely a stuck feed than an outage (judgement)."""

MISSING = ("gap", "zero")

PEAK_OVER_LEFT = {"t50_h": 2.0, "t90_h": 10.0}
"""Peak divided by customers still out when half, or nine tenths, is restored."""


class _Times(NamedTuple):
    """Times on their grid: `position` (rows,) in steps from the first time; `step` is in the index's unit."""

    position: NDArray[np.int64]
    step: int
    step_h: float


class _Runs(NamedTuple):
    """
    Runs of samples at or above the threshold.

    `first`, `last` (events,) are rows of the series. `out` (samples,) holds the samples of all runs one after the
    other, `begin` (events,) the start of each run in it, `event` (samples,) its run. `before`, `after` (events,) are
    the values beside a run, NaN if unknown.
    """

    first: NDArray[np.int64]
    last: NDArray[np.int64]
    out: NDArray[np.float64]
    begin: NDArray[np.int64]
    event: NDArray[np.int64]
    before: NDArray[np.float64]
    after: NDArray[np.float64]


def outage_events(
    series: pd.Series[Any],
    *,
    threshold: float,
    missing: str = "gap",
    step_h: float | None = None,
    timezone: str | None = None,
    customers: float | None = None,
) -> pd.DataFrame:
    """
    Return the outage events in a raw series of customers out.

    An event is an unbroken run of samples at or above `threshold` on the regular grid of times. A sample holds for one
    step.

    Parameters
    ----------
    series : Series
        Customers out (rows,), on a DatetimeIndex (timezone-aware or not) in increasing order; NaN is unknown.
        [customers]
    threshold : float
        Least count of an event, above 0. [customers]
    missing : {"gap", "zero"}
        Meaning of an absent row: unknown, or zero, for sources that omit rows with zero. NaN and times before the first
        and after the last row are unknown in both cases.
    step_h : float, optional
        Step of the grid; by default the most common difference between rows (the shortest if several are equally
        common). State it for sources that omit rows. [h]
    timezone : str, optional
        IANA name of the timezone of times without one; an hour that clocks repeat may come twice.
    customers : float, optional
        Customers served; no sample may be above it. [customers]

    Returns
    -------
    DataFrame
        One row per event, in order of time (``attrs["step_h"]``, now a column, ends with version 0.2):

        - start, end: first sample, and one step after the last one.
        - duration_h: from start to end. [h]
        - step_h: the step of the series, the same in every row. [h]
        - peak_customers: the most at once. [customers]
        - customers_out_total: the first value and all rises after it. [customers]
        - outages: number of rises, the first value included.
        - restores: number of falls, including the fall below the threshold that ends the event, if seen.
        - customer_hours: sum of the samples times the step. [customer-hours]
        - t50_h, t90_h: from the first sample at the peak to the first one at or below 50 % or 10 % of it; the sample
          that ends the event counts with its own value; NaN if none was seen so low. [h]
        - gap: the sample before the start or after the end is unknown. A gap splits an event into separate
          rows, and the first value of the later one is not new customers alone.
        - stuck: a value in it stays the same for 24 h or more.

    Raises
    ------
    ValueError
        If `series` is not a Series of counts on a DatetimeIndex, has fewer than two rows, negative, infinite or text
        values or more than `customers`, or times that are missing, not in increasing order, off the grid or not in
        `timezone`; if `threshold`, `step_h` or `customers` is out of bounds.

    Examples
    --------
    >>> import pandas as pd
    >>> import energy_impact as ei
    >>> times = pd.date_range("2026-02-03T22:00Z", periods=6, freq="h")
    >>> events = ei.outage_events(pd.Series([0, 400, 900, 300, 60, 0], times), threshold=100)
    >>> events[["duration_h", "peak_customers", "customer_hours", "t50_h", "t90_h"]]
       duration_h  peak_customers  customer_hours  t50_h  t90_h
    0         3.0           900.0          1600.0    1.0    2.0
    """
    least = bounds.check("threshold", threshold, "threshold")
    zero = check_choice("missing", missing, MISSING) == "zero"
    step = None if step_h is None else bounds.check("step_h", step_h, "step_of_series")
    served = bounds.LARGEST_COUNT if customers is None else bounds.check("customers", customers, "customers")
    index = check_times(series, timezone)
    times = _grid(index, step)
    runs = _find_runs(check_counts(series, served), times.position, least, absent=0.0 if zero else np.nan)
    events = pd.DataFrame(_span(index, times, runs) | _measures(runs, times.step_h))
    events.attrs["step_h"] = times.step_h
    return events


def check_times(series: Any, timezone: str | None = None) -> pd.DatetimeIndex:
    """Return the times of a series of counts, in `timezone` if they have none, two or more in increasing order."""
    if not isinstance(series, pd.Series):
        raise ValueError(f"series: must be a pandas Series, got {type(series).__name__}")
    index = series.index
    if not isinstance(index, pd.DatetimeIndex):
        raise ValueError(f"series, index: must be a DatetimeIndex, got {type(index).__name__}")
    if len(index) < 2:
        raise ValueError(f"series: must have at least 2 rows to find its step, got {len(index)}")
    if index.hasnans:
        raise ValueError(f"series, index: must have no missing time, got NaT in row {int(index.isna().argmax())}")
    if timezone is not None:
        index = _in_zone(index, timezone)
    rises = index.asi8[1:] > index.asi8[:-1]
    if not rises.all():
        row = int(rises.argmin()) + 1
        hint = " (for local times over a change of clocks give timezone)" if index.tz is None else ""
        raise ValueError(
            f"series, index: each time must be after the one before, got {index[row]} in row {row} "
            f"after {index[row - 1]}{hint}"
        )
    return index


def _in_zone(index: pd.DatetimeIndex, timezone: str) -> pd.DatetimeIndex:
    """Return local times in their timezone."""
    zone = check_timezone("timezone", timezone)
    if index.tz is not None:
        raise ValueError(f"timezone: must be None for times that have one, got {brief(timezone)}")
    found = read_local(index.to_pydatetime().tolist(), zone)
    known = [time for time in found if time is not None]
    if len(known) < len(found):
        row = found.index(None)
        raise ValueError(
            f"series, index: each time must exist once in {timezone}, or stand there twice where clocks repeat it, "
            f"got {index[row]} in row {row} (clocks change)"
        )
    return pd.DatetimeIndex(pd.to_datetime(known, utc=True)).tz_convert(timezone).as_unit(index.unit)


def _grid(index: pd.DatetimeIndex, step_h: float | None) -> _Times:
    """Return the times in steps; by default the step is the most common difference."""
    since_first = index.asi8 - index.asi8[0]
    if step_h is None:
        differences, counts = np.unique(np.diff(since_first), return_counts=True)
        step = int(differences[counts.argmax()])
    else:
        step = round(step_h * pd.Timedelta(hours=1) / pd.Timedelta(1, unit=index.unit))
    length = pd.Timedelta(step, unit=index.unit)
    position, rest = np.divmod(since_first, step)
    if rest.any():
        row = int((rest != 0).argmax())
        raise ValueError(
            f"series, index: each time must lie whole steps of {length} ({'most common' if step_h is None else 'given'}"
            f") after the first, {index[0]}, got {index[row]} in row {row}; give step_h, or round the times with "
            f"series.index.round"
        )
    return _Times(position, step, length / pd.Timedelta(hours=1))


def check_counts(series: pd.Series[Any], most: float = bounds.LARGEST_COUNT) -> NDArray[np.float64]:
    """Return the counts of a series, checked to be finite, at least 0 and at most `most`, or unknown (NaN)."""
    if series.dtype.kind in "iuf":
        values = series.to_numpy(dtype=np.float64, na_value=np.nan)
    else:
        known = ((time, np.nan if value is None or value is pd.NA else value) for time, value in series.items())
        values = np.array([as_float(f"series, {time}", value) for time, value in known], np.float64)
    fault = (values < 0) | np.isinf(values)
    if fault.any():
        row = int(fault.argmax())
        raise ValueError(f"series, {series.index[row]}: must be finite and at least 0, got {values[row]:g}")
    over = values > most
    if over.any():
        row = int(over.argmax())
        raise ValueError(
            f"series, {series.index[row]}: must be at most the {most:,.0f} customers there are, got {values[row]:,.0f}"
        )
    return values


def _find_runs(values: NDArray[np.float64], position: NDArray[np.int64], threshold: float, absent: float) -> _Runs:
    above = values >= threshold
    joined = above[1:] & above[:-1] & (np.diff(position) == 1)
    first = np.flatnonzero(above & ~np.append(False, joined))
    last = np.flatnonzero(above & ~np.append(joined, False))
    lengths = last - first + 1

    padded = np.concatenate(([np.nan], values, [np.nan]))
    hole = np.concatenate(([False], np.diff(position) > 1, [False]))
    return _Runs(
        first=first,
        last=last,
        out=values[above],
        begin=np.cumsum(lengths) - lengths,
        event=np.repeat(np.arange(len(first)), lengths),
        before=np.where(hole[first], absent, padded[first]),
        after=np.where(hole[last + 1], absent, padded[last + 2]),
    )


def _span(index: pd.DatetimeIndex, times: _Times, runs: _Runs) -> dict[str, Any]:
    start = index[runs.first]
    steps = times.position[runs.last] - times.position[runs.first] + 1
    length = (steps * times.step).astype(f"timedelta64[{index.unit}]")
    hours = {"duration_h": steps * times.step_h, "step_h": np.full(len(steps), times.step_h)}
    return {"start": start, "end": start + pd.TimedeltaIndex(length), **hours}


def _measures(runs: _Runs, step_h: float) -> dict[str, NDArray[Any]]:
    out, begin = runs.out, runs.begin
    change = np.diff(out, prepend=0.0)
    change[begin] = out[begin]
    peak = np.maximum.reduceat(out, begin)
    falls = np.add.reduceat((change < 0).astype(np.int64), begin)
    return {
        "peak_customers": peak,
        "customers_out_total": np.add.reduceat(np.maximum(change, 0.0), begin),
        "outages": np.add.reduceat((change > 0).astype(np.int64), begin),
        "restores": falls + ~np.isnan(runs.after),
        "customer_hours": np.add.reduceat(out, begin) * step_h,
        **_hours_from_peak(runs, peak, step_h),
        "gap": np.isnan(runs.before) | np.isnan(runs.after),
        "stuck": _stuck(runs, change, step_h),
    }


def _hours_from_peak(runs: _Runs, peak: NDArray[np.float64], step_h: float) -> dict[str, NDArray[np.float64]]:
    """Return hours from the first sample at the peak to the first low enough, up to the one that ends the event."""
    sample, never = np.arange(len(runs.out)), len(runs.out) + 1
    past_end = np.append(runs.begin[1:], len(runs.out)) if len(peak) else runs.begin
    peak_of = peak[runs.event]
    at_peak = np.minimum.reduceat(np.where(runs.out == peak_of, sample, never), runs.begin)
    later = sample > at_peak[runs.event]
    hours = {}
    for name, divisor in PEAK_OVER_LEFT.items():
        low = later & (runs.out <= peak_of / divisor)
        reached = np.minimum.reduceat(np.where(low, sample, never), runs.begin)
        reached = np.where((reached == never) & (runs.after <= peak / divisor), past_end, reached)
        hours[name] = np.where(reached == never, np.nan, (reached - at_peak) * step_h)
    return hours


def _stuck(runs: _Runs, change: NDArray[np.float64], step_h: float) -> NDArray[np.bool_]:
    """Return whether each event has equal consecutive samples over `STUCK_H` or more."""
    begin = np.flatnonzero(change)
    held_h = (np.diff(begin, append=len(runs.out)) - 1) * step_h
    stuck = np.zeros(len(runs.first), bool)
    stuck[runs.event[begin[held_h >= STUCK_H]]] = True
    return stuck
