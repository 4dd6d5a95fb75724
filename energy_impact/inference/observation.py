"""What the model says where a figure speaks: the value of a series at, since, or over the time of the figure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]


@dataclass(frozen=True)
class Moment:
    """
    When a figure held, in steps after the start.

    Attributes
    ----------
    kind : {"stock", "flow", "change", "minimum", "maximum"}
    time : float
        The stated time. [steps]
    uncertainty : float
        Half-width of the time's uncertainty; of no effect on a minimum or maximum. [steps]
    since : float
        Begin of the period; equal to `time` for a stock. [steps]
    """

    kind: str
    time: float
    uncertainty: float = 0.0
    since: float = 0.0

    def steps(self, last: int) -> NDArray[np.intp]:
        """Return the steps at which the model must be known, within 0 and `last`."""
        around = [_whole(self.time - self.uncertainty, self.time + self.uncertainty, last)]
        if self.kind in {"flow", "change"}:
            around.append(_whole(self.since, self.since, last))
        elif self.kind in {"minimum", "maximum"}:
            around.append(_whole(self.since, self.time, last))
        return np.unique(np.concatenate(around))


def _whole(low: float, high: float, last: int) -> NDArray[np.intp]:
    steps = np.arange(int(np.floor(low)), int(np.ceil(high)) + 1)
    return np.clip(steps, 0, last)


def speak(series: Array, steps: NDArray[np.intp], moment: Moment, quantile: Array) -> Array:
    """
    Value of a series for a figure.

    Parameters
    ----------
    series : ndarray, (steps, members)
        The quantity at the recorded steps; for a flow the cumulative count.
    steps : ndarray of int, (steps,)
        Recorded steps, increasing; they hold those of `moment.steps`.
    moment : Moment
    quantile : ndarray, (members,)
        Where in its uncertain time the figure held, in [0, 1].

    Returns
    -------
    ndarray, (members,)
    """
    if moment.kind in {"minimum", "maximum"}:
        end = interpolate(series, steps, np.full(series.shape[1], moment.time))
        inside = np.vstack([series[(steps >= moment.since) & (steps <= moment.time)], end])
        return np.asarray(inside.min(0) if moment.kind == "minimum" else inside.max(0))
    time = np.clip(moment.time + moment.uncertainty * (2 * quantile - 1), 0, steps[-1])
    value = interpolate(series, steps, time)
    if moment.kind in {"flow", "change"}:
        value = value - interpolate(series, steps, np.full_like(time, moment.since))
    return value


def interpolate(series: Array, steps: NDArray[np.intp], time: NDArray[np.floating]) -> Array:
    """Linear interpolation of (steps, members) at one time a member, (members,)."""
    high = np.clip(np.searchsorted(steps, time), 1, max(len(steps) - 1, 1))
    if len(steps) == 1:
        return np.asarray(series[0])
    low = high - 1
    weight = (time - steps[low]) / (steps[high] - steps[low])
    member = np.arange(series.shape[1])
    return np.asarray(series[low, member] * (1 - weight) + series[high, member] * weight, np.float32)
