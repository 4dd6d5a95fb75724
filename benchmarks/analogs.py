"""A yardstick: recorded curves of other utilities, stretched in time until they meet the figures."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from event_groups import UTILITIES, left_out_with

if TYPE_CHECKING:
    from collections.abc import Sequence

    from real_events import RealEvent

STRETCHES = np.exp(np.linspace(-1.2, 1.2, 25))
"""Factors on the time of a curve."""
STRETCH_SD, MISS_SD = 0.6, 0.15
"""Spread of the stretch and of what a curve may miss a figure by, both on the log scale (judgement)."""
LEAST_SHARE = 1e-4
DRAWS = 2000
MOST = 1.2
"""Largest forecast, over the last figure."""


class Recorded(NamedTuple):
    """A recorded curve: its utility, hours from its peak, and shares of the peak."""

    utility: str
    hours: np.ndarray
    shares: np.ndarray


def utility_of(event: RealEvent) -> str | None:
    """Return the utility at the end of an event's name, None if none is known."""
    return UTILITIES.get(event.name.rsplit("_", 1)[-1])


def library(events: Sequence[RealEvent]) -> list[Recorded]:
    """Return the recorded curves among events."""
    return [
        Recorded(str(utility_of(event)), event.curve[0], event.curve[1] / event.curve[1][0])
        for event in events
        if event.curve is not None
    ]


def forecast(
    curves: Sequence[Recorded], event: RealEvent, hours: np.ndarray, values: np.ndarray, at: np.ndarray
) -> np.ndarray | None:
    """
    Return draws from the curves of other utilities, each by how well it meets the figures.

    Parameters
    ----------
    curves : sequence of Recorded
    event : RealEvent
    hours, values : ndarray, (figures,)
        What was reported, from the first figure on.
    at : ndarray, (targets,)
        Hours from the first figure.

    Returns
    -------
    ndarray, (draws, targets), or None
        None without curves of others.
    """
    own = utility_of(event)
    others = [curve for curve in curves if own is None or curve.utility not in left_out_with(own)]
    if not others:
        return None
    seen = np.log(np.maximum(values / values[0], LEAST_SHARE))
    paths, weights = [], []
    for curve in others:
        for stretch in STRETCHES:
            shares = np.maximum(np.interp(hours / stretch, curve.hours, curve.shares), LEAST_SHARE)
            miss = (np.log(shares) - seen)[1:] / MISS_SD
            weights.append(np.exp(-0.5 * (miss @ miss + (np.log(stretch) / STRETCH_SD) ** 2)))
            paths.append(np.interp(at / stretch, curve.hours, curve.shares) / shares[-1] * values[-1])
    chance = np.array(weights) + 1e-12
    pick = np.random.default_rng(0).choice(len(paths), DRAWS, p=chance / chance.sum())
    return np.minimum(np.array(paths)[pick], MOST * values[-1])
