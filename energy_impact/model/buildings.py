"""6. Cold: buildings without heat as two nodes, air and fabric, and the building stock."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy.special import ndtr

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    _Numbers = NDArray[np.float64] | float

SET_POINT_C = 20.0
"""Indoor temperature of heated homes. [degC] (judgement)"""
FREE_HEAT_W_M2 = (3.0, 8.0, 16.0)
"""Free heat of a home without heating, by rank: least, median and most, linear in between. People
and appliances give 2.1 to 4.1 (the Passive House Institute's winter values by size of home, passivhaustrust.org.uk,
guidance 32). Most flats of Kyiv are wired for 2 to 3 kW (city administration, from-ua.com, 23 August 2014): 2 kW for 12
hours a day in 60 m2 are 17. Stoves, neighbours and stairs add their part. [W/m2] (judgement within that range)"""
HEAT_CAPACITY_KJ_M2K = 260.0
"""Heat capacity per floor area of the class "heavy" of ISO 13790. [kJ/(m2 K)]"""
HOME_SPREAD_K = 1.0
"""Homes of equal free heat are spread evenly up to this far on either side of their mean, by rank. [K] (judgement)"""
AIR_H = 3.0
"""Time constant of the air, the furniture and the radiators against the fabric around them. [h] (judgement)"""
INNER_H = 20.0
"""Looseness of the coupling of fabric and air. It makes the air of a home 33 K above the outdoors fall by 6, 5 and
3 K at first (panel, brick, modern); the heat capacity of the fabric over its coupling with the air is then 14 to 16 h.
[h] (judgement)"""
FACTOR_NODES = tuple(np.exp(np.linspace(-0.6, 0.6, 5)).tolist())
"""Factors on all time constants for which tables exist; linear in the logarithm between, constant outside."""
TAU_GRID_H = tuple(np.exp(np.arange(np.log(12.0), np.log(600.0), 0.2)).tolist())
"""Time constants for which buildings are computed. [h]"""


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
    free_heat_w_m2 : tuple of float
        Free heat of the homes at evenly spaced ranks, from the coldest home to the warmest. [W/m2]
    """

    time_constants_h: NDArray[np.float64]
    weights: NDArray[np.float64]
    free_heat_w_m2: tuple[float, ...] = FREE_HEAT_W_M2

    @classmethod
    def of_types(cls, types: tuple[BuildingType, ...] = BUILDING_TYPES) -> Stock:
        """Return a mixture of lognormal types on the grid of time constants."""
        grid = np.log(TAU_GRID_H)
        edges = np.concatenate([[-np.inf], (grid[1:] + grid[:-1]) / 2, [np.inf]])
        shifted = edges - np.log(FACTOR_NODES)[:, None]
        weights = sum(
            kind.share * np.diff(ndtr((shifted - np.log(kind.time_constant_h)) / kind.spread), axis=1) for kind in types
        )
        return cls(np.array(TAU_GRID_H), np.asarray(weights))

    @property
    def free_rise_k(self) -> NDArray[np.float64]:
        """Final rise of unheated homes above the outdoors, by rank, (ranks, constants) [K]."""
        return free_rise(self.time_constants_h, np.array(self.free_heat_w_m2)[:, None])


def free_rise(time_constant_h: ArrayLike, free_heat_w_m2: ArrayLike) -> NDArray[np.float64]:
    """
    Return the final rise of an unheated home above the outdoors, from its free heat [K].

    It is free heat over heat loss. The time constant is heat capacity over heat loss, so a home that cools slowly also
    stays warmer.

    Examples
    --------
    >>> free_rise(55.0, [3.0, 8.0, 16.0]).round(1)
    array([ 2.3,  6.1, 12.2])
    """
    per_hour = np.asarray(free_heat_w_m2, float) * 3.6 / HEAT_CAPACITY_KJ_M2K
    return np.asarray(per_hour * np.asarray(time_constant_h, float))


@dataclass(frozen=True)
class TwoNodes:
    """
    Air and fabric of buildings by their slow time constant; both lose heat to the outdoors.

    With air Ta, fabric Tw, outdoors To and gains g,

        dTa/dt = (i Tw + (1 - i) To + g - Ta) / tau_a,    dTw/dt = (i Ta + (1 - i) To - Tw) / tau_w.

    i^2 = tau / (tau + inner_h): the better a building keeps its heat, the tighter air and fabric are coupled.
    tau_a = AIR_H; tau_w such that the slow time constant is tau.

    Attributes
    ----------
    time_constants_h : ndarray, (constants,)
        Slow time constants. [h]
    inner_h : float
        Looseness of the coupling of fabric and air; the fabric's heat capacity over it is tau_w / i, slightly less. [h]

    Raises
    ------
    ValueError
        If a time constant is so short that the fabric would have no heat capacity.
    """

    time_constants_h: NDArray[np.float64]
    inner_h: float = INNER_H

    def __post_init__(self) -> None:
        if not np.all((self.time_constants_h > AIR_H) & (self.fabric_h > 0)):
            raise ValueError(
                f"time_constants_h: must be above {AIR_H:g} and {AIR_H:g} * inner_h / (inner_h - {AIR_H:g}), "
                f"got {self.time_constants_h!r} with inner_h {self.inner_h!r}"
            )

    @cached_property
    def inner(self) -> NDArray[np.float64]:
        """Share of each node's coupling that goes to the other node, (constants,)."""
        return np.asarray(np.sqrt(self.time_constants_h / (self.time_constants_h + self.inner_h)))

    @cached_property
    def fabric_h(self) -> NDArray[np.float64]:
        """Time constant of the fabric at constant air temperature, (constants,) [h]."""
        fast = AIR_H / self.time_constants_h
        return np.asarray(self.time_constants_h * (1 - self.inner**2 - fast) / (1 - fast))

    @cached_property
    def rates(self) -> NDArray[np.float64]:
        """Rates of the slow and the fast mode, (2, constants), both negative [1/h]."""
        slow = -1 / self.time_constants_h
        return np.array([slow, -1 / AIR_H - 1 / self.fabric_h - slow])

    def modes(self, air: _Numbers, fabric: _Numbers) -> NDArray[np.float64]:
        """Return the parts of the air's temperature that change at each of the `rates`, (2, ..., constants) [K]."""
        slow, fast = (1 + AIR_H * self.rates) / self.inner
        of_fast = (fabric - slow * air) / (fast - slow)
        return np.array([air - of_fast, of_fast])

    def propagator(self, hours: ArrayLike) -> NDArray[np.float64]:
        """Exponential of the two-node matrix over times, (2, 2, *hours, constants)."""
        hours = np.asarray(hours, float)[..., None]
        to, back = self.inner / AIR_H, self.inner / self.fabric_h
        slow, fast = self.rates
        slow_decay, fast_decay = np.exp(slow * hours), np.exp(fast * hours)
        both = (slow_decay - fast_decay) / (slow - fast)
        alone = (slow * fast_decay - fast * slow_decay) / (slow - fast)
        return np.array([[alone - both / AIR_H, both * to], [both * back, alone - both / self.fabric_h]])

    def risen(self, hours: ArrayLike) -> NDArray[np.float64]:
        """Share of the free rise that the air has reached at times after heat was lost, (*hours, constants)."""
        of_air, of_fabric = self.propagator(hours)[0]
        return np.asarray(1 - of_air - of_fabric * self.inner)

    def rest(self, outdoor: float, rise: _Numbers) -> NDArray[np.float64]:
        """Return the final temperatures of air and fabric without heating, (2, constants) [degC]."""
        return np.array([np.full_like(self.inner, outdoor + rise), outdoor + self.inner * rise])

    def heated_fabric(self, outdoor: _Numbers, air: _Numbers) -> NDArray[np.float64]:
        """Return the final temperature of the fabric at constant air temperature, (..., constants) [degC]."""
        return np.asarray(self.inner * air + (1 - self.inner) * outdoor)


def free_cooling(
    nodes: TwoNodes,
    outdoor: NDArray[np.float64],
    *,
    step_h: float,
    initial: float,
    free_rise_k: _Numbers = 0.0,
    fabric: float | None = None,
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
        Initial air temperature. [degC]
    free_rise_k : ndarray, (constants,), or float
        Final rise above the outdoors from free heat. [K]
    fabric : float, optional
        Initial fabric temperature; by default that of a building long heated to `initial`. [degC]
    """
    state = np.array([np.full_like(nodes.inner, initial), nodes.heated_fabric(outdoor[0], initial)])
    if fabric is not None:
        state[1] = fabric
    propagator = nodes.propagator(step_h)
    air = [state[0]]
    for middle in (outdoor[1:] + outdoor[:-1]) / 2:
        rest = nodes.rest(middle, free_rise_k)
        state = rest + np.einsum("ijk,jk->ik", propagator, state - rest)
        air.append(state[0])
    return np.array(air)
