"""6. Cold: temperatures of single homes by type of building, and the time to reach them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy.special import ndtri

from energy_impact.model.buildings import (
    BUILDING_TYPES,
    FREE_HEAT_W_M2,
    HOME_SPREAD_K,
    SET_POINT_C,
    BuildingType,
    TwoNodes,
    free_cooling,
    free_rise,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

    from energy_impact.model.plan import Array

RANKS = 20
"""Number of time constants, and of levels of free heat, that represent the homes of a type."""


class Homes(NamedTuple):
    """Homes of one type of building, one per pair of a time constant and a rank of free heat."""

    time_constants_h: NDArray[np.float64]
    """(constants,) [h]"""
    free_rise_k: NDArray[np.float64]
    """Final rise above the outdoors, (ranks, constants) [K]"""
    lies_k: NDArray[np.float64]
    """Deviation of homes of a rank from the mean of homes with their free heat, (ranks,) [K]"""

    @classmethod
    def of_type(
        cls, kind: BuildingType, common_spread: float = 0.0, free_heat: Sequence[float] = FREE_HEAT_W_M2
    ) -> Homes:
        """
        Homes of a type.

        Parameters
        ----------
        kind : BuildingType
        common_spread : float
            Spread of the logarithm of an unknown factor on all time constants. [1]
        free_heat : sequence of float
            Free heat of the homes at evenly spaced ranks. [W/m2]
        """
        ranks = (np.arange(RANKS) + 0.5) / RANKS
        constants = kind.time_constant_h * np.exp(np.hypot(kind.spread, common_spread) * ndtri(ranks))
        heat = np.interp(ranks, np.linspace(0, 1, len(free_heat)), free_heat)
        return cls(constants, free_rise(constants, heat[:, None]), (2 * ranks - 1) * HOME_SPREAD_K)

    def cool(self, outdoor: NDArray[np.float64], *, step_h: float) -> NDArray[np.float64]:
        """
        Return the temperature of each home after the loss of heat, (times, homes) [degC]; never above the set point.

        Parameters
        ----------
        outdoor : ndarray, (times,)
            Outdoor air temperature; over a step its mean. [degC]
        step_h : float
            [h]
        """
        nodes = TwoNodes(self.time_constants_h)
        bare = free_cooling(nodes, outdoor, step_h=step_h, initial=SET_POINT_C)
        risen = nodes.risen(step_h * np.arange(len(outdoor)))
        air = np.minimum(bare[:, None] + risen[:, None] * self.free_rise_k, SET_POINT_C) + self.lies_k[:, None]
        return air.reshape(len(outdoor), -1)


def single_homes(
    outdoor: float, hours: float, common_spread: float = 0.0
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """
    Temperatures of single homes of the stock after some time without heat in steady weather.

    Parameters
    ----------
    outdoor : float
        [degC]
    hours : float
        [h]
    common_spread : float
        As for `Homes.of_type`.

    Returns
    -------
    air, weights : ndarray, (homes,)
        Temperatures, and shares of the stock, which sum to one. [degC]
    """
    steady = np.full(2, float(outdoor))
    air = [Homes.of_type(kind, common_spread).cool(steady, step_h=hours)[-1] for kind in BUILDING_TYPES]
    return np.concatenate(air), np.repeat([kind.share / len(air[0]) for kind in BUILDING_TYPES], len(air[0]))


def home_spread(outdoor: float, hours: float) -> float:
    """Return the standard deviation of the temperatures of `single_homes` [K]."""
    air, weights = single_homes(outdoor, hours)
    return float(np.sqrt(weights @ (air - weights @ air) ** 2))


def hours_of_safety(temperature: ArrayLike, *, step_h: float, thresholds: ArrayLike, levels: ArrayLike) -> Array:
    """
    Hours until a home that loses heat now has cooled to a temperature, by type of building.

    Parameters
    ----------
    temperature : array_like, (times,)
        Outdoor air temperature from now on. [degC]
    step_h : float
        Interval between its times. [h]
    thresholds : array_like, (thresholds,)
        Indoor air temperatures. [degC]
    levels : array_like, (levels,)
        Shares of the homes of a type that have cooled to the threshold by then, between 0 and 1.

    Returns
    -------
    ndarray of float32, (types, levels, thresholds)
        Infinite if the temperature is not reached. [h]

    Raises
    ------
    ValueError
        If `temperature` has fewer than two times or one that is not finite, `step_h` is not positive, a level is not
        between 0 and 1, or a threshold not finite.
    """
    outdoor, wanted, quantiles = (np.atleast_1d(np.asarray(a, float)) for a in (temperature, thresholds, levels))
    _check_safety(outdoor, step_h, wanted, quantiles)
    found = np.empty((len(BUILDING_TYPES), len(quantiles), len(wanted)), np.float32)
    for row, kind in enumerate(BUILDING_TYPES):
        air = Homes.of_type(kind).cool(outdoor, step_h=step_h)
        for column, threshold in enumerate(wanted):
            reached = first_below(air, threshold) * step_h
            found[row, :, column] = np.quantile(reached, quantiles, method="inverted_cdf")
    return found


def first_below(air: NDArray[np.float64], threshold: float) -> NDArray[np.float64]:
    """Return when each column of temperatures (times, homes) first falls below a threshold, or infinity [times]."""
    cold = air < threshold
    found = np.full(air.shape[1], np.inf)
    reached = np.flatnonzero(cold.any(0))
    first = cold.argmax(0)[reached]
    after, before = air[first, reached], air[np.maximum(first - 1, 0), reached]
    inside = (before - threshold) / np.where(first > 0, before - after, 1)
    found[reached] = np.where(first > 0, first - 1 + inside, 0)
    return found


def _check_safety(
    outdoor: NDArray[np.float64], step_h: float, thresholds: NDArray[np.float64], levels: NDArray[np.float64]
) -> None:
    if outdoor.ndim != 1 or len(outdoor) < 2 or not np.isfinite(outdoor).all():
        raise ValueError(f"temperature: must be a series of two or more finite numbers, got {outdoor!r}")
    if not step_h > 0:
        raise ValueError(f"step_h: must be above 0, got {step_h!r}")
    if not np.isfinite(thresholds).all():
        raise ValueError(f"thresholds: must be finite, got {thresholds!r}")
    if not np.all((levels > 0) & (levels < 1)):
        raise ValueError(f"levels: must lie between 0 and 1, got {levels!r}")
