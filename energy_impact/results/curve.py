"""One quantity at one place: one curve per member."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import pandas as pd

from energy_impact._checks import brief, check_numbers
from energy_impact._deprecated import renamed
from energy_impact.figures.cells import read_time
from energy_impact.results import metrics

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

TABLE_LEVELS = {"q05": 0.05, "q25": 0.25, "q50": 0.50, "q75": 0.75, "q95": 0.95}
"""Columns of the tidy tables and their quantiles."""

Time: TypeAlias = str | datetime | pd.Timestamp


def utc(name: str, time: Time) -> pd.Timestamp:
    """Return a time as a UTC Timestamp.

    Raises
    ------
    ValueError
        If it cannot be read as a time or is not timezone-aware.
    """
    try:
        stamp = read_time(time)
    except ValueError as error:
        raise ValueError(f"{name}: {error}") from error
    if stamp is None:
        raise ValueError(f"{name}: must be a time with a UTC offset, got {brief(time)}")
    return stamp


@dataclass(frozen=True, eq=False, repr=False)
class Curve:
    """Curves of one quantity at one place, one per member.

    Attributes
    ----------
    quantity, place, unit : str
    timezone : str
        Timezone of the place, used by the time axis of a plot.
    times : DatetimeIndex, shape (times,)
        In UTC, in increasing order.
    draws : ndarray of float32, shape (members, times)
        In `unit`; no NaN.
    """

    quantity: str
    place: str
    unit: str
    timezone: str
    times: pd.DatetimeIndex
    draws: NDArray[np.float32]

    def __post_init__(self) -> None:
        if len(self.times) < 2 or self.times.tz is None or not (np.diff(self.times.asi8) > 0).all():
            raise ValueError(f"times: need at least two timezone-aware times in increasing order, got {self.times}")
        if self.draws.ndim != 2 or self.draws.shape[1] != len(self.times) or len(self.draws) == 0:
            raise ValueError(
                f"draws: must have shape (members, {len(self.times)}) with at least one member, got {self.draws.shape}"
            )
        if not np.isfinite([self.draws.min(), self.draws.max()]).all():  # two passes without a copy; NaN is in both
            raise ValueError(f"draws: must be finite, got NaN or inf in {self.quantity} at {self.place}")

    def __repr__(self) -> str:
        return (
            f"{type(self).__name__}({self.quantity!r}, {self.place!r}, {self.unit}, {len(self.draws)} members, "
            f"{len(self.times)} times from {self.times[0].isoformat()})"
        )

    def _hour(self, name: str, time: Time) -> float:
        """Return hours from the first time."""
        stamp = utc(name, time)
        if not self.times[0] <= stamp <= self.times[-1]:
            raise ValueError(
                f"{name}: must be from {self.times[0].isoformat()} to {self.times[-1].isoformat()}, "
                f"got {stamp.isoformat()}"
            )
        return float((stamp - self.times[0]) / pd.Timedelta(hours=1))

    @property
    def horizon_h(self) -> float:
        """Hours from the first time to the last."""
        return float(self._hours[-1])

    @property
    def _hours(self) -> NDArray[np.float64]:
        return np.asarray((self.times - self.times[0]) / pd.Timedelta(hours=1), dtype=np.float64)

    def at(self, times: Time | Iterable[Time]) -> NDArray[np.float64]:
        """Return values at one or more times, linear between steps.

        Parameters
        ----------
        times : time or iterable of times
            ISO 8601 strings or datetimes, timezone-aware.

        Returns
        -------
        ndarray of float64, shape (members, number of times)

        Raises
        ------
        ValueError
            If a time is not timezone-aware or lies outside the range.
        """
        if isinstance(times, str | datetime) or not isinstance(times, Iterable) or getattr(times, "ndim", 1) == 0:
            times = [times]  # type: ignore[list-item]  # whatever it is, it is read as one time
        return metrics.interpolate(self.draws, self._hours, [self._hour("times", time) for time in times])

    @renamed("levels", "quantiles")
    def quantile(self, quantiles: Sequence[float] = tuple(TABLE_LEVELS.values())) -> pd.DataFrame:
        """Return quantiles over the members: one row per time, one column per quantile.

        Parameters
        ----------
        quantiles : sequence of float
            Each in [0, 1]: 0.5 is the median.

        Raises
        ------
        ValueError
            If a quantile lies outside [0, 1].
        """
        wanted = check_numbers("quantiles", quantiles)
        return pd.DataFrame(metrics.quantiles(self.draws, wanted).T, index=self.times, columns=pd.Index(wanted))

    def hours(self, start: Time | None = None, end: Time | None = None) -> NDArray[np.float64]:
        """Return the integral over time by the trapezoid rule, for instance building-hours without heat.

        Parameters
        ----------
        start, end : time, optional
            By default the whole range.

        Returns
        -------
        ndarray of float64, shape (members,)
            [unit x h]

        Raises
        ------
        ValueError
            If a time is not timezone-aware or lies outside, or `start` is not before `end`.
        """
        first = None if start is None else self._hour("start", start)
        last = None if end is None else self._hour("end", end)
        return metrics.integral(*metrics.window(self.draws, self._hours, first, last))

    def time_to_restore(
        self, share: float, *, since: Time | None = None, until: Time | None = None
    ) -> NDArray[np.float64]:
        """Return hours until a share of the peak is restored for good.

        Parameters
        ----------
        share : float
            Share of the member's own peak that is restored, above 0 and at most 1.
        since : time, optional
            Start of the observation window; hours count from here. By default the window is the whole range, and
            hours count from the peak.
        until : time, optional
            End of the observation window, for instance the start of a later event. By default the horizon.

        Returns
        -------
        ndarray of float64, shape (members,)
            Until at most ``(1 - share) * peak`` is out and stays so to the end of the window, linear between steps.
            A night-time pause in rolling cuts does not count as restoration, unless the window ends in it. inf if more
            is out at the end, 0 for a member with nothing out. Less than one customer, building or person is none. [h]

        Raises
        ------
        ValueError
            If `share` is not above 0 and at most 1, a time is not timezone-aware or lies outside the range, or
            `since` is not before `until`.
        """
        start = None if since is None else self._hour("since", since)
        end = None if until is None else self._hour("until", until)
        draws, hours = metrics.window(self.draws, self._hours, start, end)
        return metrics.time_to_restore(draws, hours, share, since=start, least=metrics.least_of(self.unit))

    def to_frame(self) -> pd.DataFrame:
        """Return a tidy table: time (UTC), place, quantity, unit and the quantiles q05, q25, q50, q75, q95."""
        values = metrics.quantiles(self.draws, tuple(TABLE_LEVELS.values()))
        labels = {"time": self.times, "place": self.place, "quantity": self.quantity, "unit": self.unit}
        return pd.DataFrame({**labels, **dict(zip(TABLE_LEVELS, values, strict=True))})
