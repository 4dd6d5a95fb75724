"""6. Cold: buildings without heat, as two nodes of air and fabric, and the stock that they make up."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy.special import ndtr, ndtri

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from energy_impact.model.plan import Array

SET_POINT_C = 20.0
"""Indoor temperature of heated homes. [degC] (judgement)"""
FREE_RISE_K = 3.0
"""How far people, cooking, lamps and sun keep an unheated home above the outdoors in the end. [K] (judgement)"""
AIR_H = 3.0
"""Time constant of the air, the furniture and the radiators against the fabric around them. [h] (judgement)"""
INNER_H = 20.0
"""How loosely fabric and air hold to each other. It makes the air of a home 33 K above the outdoors fall by 6, 4 and
3 K at first (panel, brick, modern); the heat capacity of the fabric over its coupling with the air is then 14 to 16 h.
[h] (judgement)"""
FACTOR_NODES = tuple(np.exp(np.linspace(-0.6, 0.6, 5)).tolist())
"""Factors on all time constants that are followed; linear in the logarithm between, constant outside."""
TAU_GRID_H = tuple(np.exp(np.arange(np.log(12.0), np.log(600.0), 0.15)).tolist())
"""Time constants of the buildings that are followed. [h]"""


class BuildingType(NamedTuple):
    """A type of building: slow time constant, its spread inside the type, and the type's share of the stock."""

    name: str
    time_constant_h: float
    spread: float
    share: float


BUILDING_TYPES = (
    BuildingType("panel", 55.0, 0.35, 0.5),
    BuildingType("brick", 75.0, 0.35, 0.3),
    BuildingType("modern", 140.0, 0.30, 0.2),
)
"""Heated apartment buildings of a Ukrainian city: lognormal time constants and shares (judgement)."""


@dataclass(frozen=True)
class Stock:
    """
    The buildings of a place by time constant.

    Attributes
    ----------
    time_constants_h : ndarray, (constants,)
        Slow time constants. [h]
    weights : ndarray, (FACTOR_NODES, constants)
        Share of the stock with each of them, by factor on the time constants; each row sums to one.
    """

    time_constants_h: NDArray[np.float64]
    weights: NDArray[np.float64]

    @classmethod
    def of_types(cls, types: tuple[BuildingType, ...] = BUILDING_TYPES) -> Stock:
        """Mixture of lognormal types on the grid of time constants."""
        grid = np.log(TAU_GRID_H)
        edges = np.concatenate([[-np.inf], (grid[1:] + grid[:-1]) / 2, [np.inf]])
        shifted = edges - np.log(FACTOR_NODES)[:, None]
        weights = sum(
            kind.share * np.diff(ndtr((shifted - np.log(kind.time_constant_h)) / kind.spread), axis=1) for kind in types
        )
        return cls(np.array(TAU_GRID_H), np.asarray(weights))


@dataclass(frozen=True)
class TwoNodes:
    """
    Air and fabric of buildings by their slow time constant; both lose heat to the outdoors.

    With air Ta, fabric Tw, outdoors To and gains g,

        dTa/dt = (i Tw + (1 - i) To + g - Ta) / tau_a,    dTw/dt = (i Ta + (1 - i) To - Tw) / tau_w.

    i^2 = tau / (tau + inner_h): the better a building keeps its heat, the more air and fabric hold to each other.
    tau_a = AIR_H; tau_w such that the slow time constant is tau.

    Attributes
    ----------
    time_constants_h : ndarray, (constants,)
        Slow time constants. [h]
    free_rise_k : float
        How far unheated air stays above the outdoors in the end. [K]
    inner_h : float
        How loosely the fabric holds to the air; its heat capacity over that coupling is tau_w / i, somewhat less. [h]

    Raises
    ------
    ValueError
        If a time constant is so short that the fabric would have no heat capacity.
    """

    time_constants_h: NDArray[np.float64]
    free_rise_k: float = FREE_RISE_K
    inner_h: float = INNER_H

    def __post_init__(self) -> None:
        if not np.all((self.time_constants_h > AIR_H) & (self.fabric_h > 0)):
            raise ValueError(
                f"time_constants_h: must be above {AIR_H:g} and {AIR_H:g} * inner_h / (inner_h - {AIR_H:g}), "
                f"got {self.time_constants_h!r} with inner_h {self.inner_h!r}"
            )

    @cached_property
    def inner(self) -> NDArray[np.float64]:
        """Share of each node's coupling that is with the other node, (constants,)."""
        return np.asarray(np.sqrt(self.time_constants_h / (self.time_constants_h + self.inner_h)))

    @cached_property
    def fabric_h(self) -> NDArray[np.float64]:
        """Time constant of the fabric where the air is held, (constants,) [h]."""
        fast = AIR_H / self.time_constants_h
        return np.asarray(self.time_constants_h * (1 - self.inner**2 - fast) / (1 - fast))

    def propagator(self, hours: float) -> NDArray[np.float64]:
        """Exponential of the two-node matrix over a time, (2, 2, constants)."""
        to, back = self.inner / AIR_H, self.inner / self.fabric_h
        slow = -1 / self.time_constants_h
        fast = -1 / AIR_H - 1 / self.fabric_h - slow
        keep_slow, keep_fast = np.exp(slow * hours), np.exp(fast * hours)
        both = (keep_slow - keep_fast) / (slow - fast)
        alone = (slow * keep_fast - fast * keep_slow) / (slow - fast)
        return np.array([[alone - both / AIR_H, both * to], [both * back, alone - both / self.fabric_h]])

    def rest(self, outdoor: float, rise: float) -> NDArray[np.float64]:
        """Air and fabric in the end without heating, (2, constants) [degC]."""
        return np.array([np.full_like(self.inner, outdoor + rise), outdoor + self.inner * rise])

    def heated_fabric(self, outdoor: float, air: float) -> NDArray[np.float64]:
        """Fabric in the end where the air is held at a temperature, (constants,) [degC]."""
        return np.asarray(self.inner * air + (1 - self.inner) * outdoor)


def hours_of_safety(temperature: ArrayLike, *, step_h: float, thresholds: ArrayLike, levels: ArrayLike) -> Array:
    """
    Hours until a building that loses heat now has cooled to a temperature, by type of building.

    Parameters
    ----------
    temperature : array_like, (times,)
        Outdoor air temperature from now on. [degC]
    step_h : float
        Distance of its times. [h]
    thresholds : array_like, (thresholds,)
        Indoor air temperatures. [degC]
    levels : array_like, (levels,)
        Quantiles of the time constant inside a type, between 0 and 1; at 0.05 only one building in twenty cools faster.

    Returns
    -------
    ndarray of float32, (types, levels, thresholds)
        Infinite where the temperature is not reached. [h]

    Raises
    ------
    ValueError
        If `temperature` has fewer than two times or one that is not finite, `step_h` is not positive, a level is not
        between 0 and 1, or a threshold not finite.
    """
    outdoor, wanted, quantiles = (np.atleast_1d(np.asarray(a, float)) for a in (temperature, thresholds, levels))
    _check_safety(outdoor, step_h, wanted, quantiles)
    constants = np.array([kind.time_constant_h * np.exp(kind.spread * ndtri(quantiles)) for kind in BUILDING_TYPES])
    air = free_cooling(TwoNodes(constants.ravel()), outdoor, step_h=step_h, initial=SET_POINT_C)
    found = np.full((air.shape[1], len(wanted)), np.inf, np.float32)
    for column, threshold in enumerate(wanted):
        cold = air < threshold
        reached = np.flatnonzero(cold.any(0))
        first = cold.argmax(0)[reached]
        after, before = air[first, reached], air[np.maximum(first - 1, 0), reached]
        inside = (before - threshold) / np.where(first > 0, before - after, 1)
        found[reached, column] = step_h * np.where(first > 0, first - 1 + inside, 0)
    return found.reshape(*constants.shape, len(wanted))


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


def free_cooling(
    nodes: TwoNodes, outdoor: NDArray[np.float64], *, step_h: float, initial: float, fabric: float | None = None
) -> NDArray[np.float64]:
    """
    Air temperature of unheated buildings, (times, constants) [degC].

    Parameters
    ----------
    nodes : TwoNodes
    outdoor : ndarray, (times,)
        Outdoor air temperature; over a step its mean. [degC]
    step_h : float
        [h]
    initial : float
        Air temperature at first. [degC]
    fabric : float, optional
        Fabric temperature at first; by default that of a building long heated to `initial`. [degC]
    """
    state = np.array([np.full_like(nodes.inner, initial), nodes.heated_fabric(outdoor[0], initial)])
    if fabric is not None:
        state[1] = fabric
    keep = nodes.propagator(step_h)
    air = [state[0]]
    for middle in (outdoor[1:] + outdoor[:-1]) / 2:
        rest = nodes.rest(middle, nodes.free_rise_k)
        state = rest + np.einsum("ijk,jk->ik", keep, state - rest)
        air.append(state[0])
    return np.array(air)
