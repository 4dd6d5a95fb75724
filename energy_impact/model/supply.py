"""3. Power balance: supply against demand, and the share of demand that is shed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.special import expit, logit

from energy_impact.model.arrays import in_float64
from energy_impact.model.cells import EVERYWHERE
from energy_impact.model.severity import capability_hits, hit_of_part, union

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

    from energy_impact.model.arrays import Workspace
    from energy_impact.model.plan import Array, Places, Plan, Values

COLD_DEMAND_FROM_C = 5.0
"""Outdoor temperature below which demand rises. [degC] (judgement)"""
DEMAND_NIGHT = 0.70
"""Least demand of a day, twelve hours from the peak, as a share of the peak (judgement)."""
DEMAND_PEAK_HOUR = 18.0
"""Local hour of the daily peak. [h] (judgement)"""
LEAST_ASKED = np.float32(1e-6)
"""Floor on demand, so that division stays finite. [share of the peak]"""


def daily_demand(local_hour: ArrayLike) -> Array:
    """
    Demand by local hour as a share of the daily peak: one wave per day between night and evening.

    Examples
    --------
    >>> daily_demand([18.0, 6.0]).round(2)
    array([1. , 0.7], dtype=float32)
    """
    phase = (np.asarray(local_hour, float) - DEMAND_PEAK_HOUR) * 2 * np.pi / 24
    return np.asarray(DEMAND_NIGHT + (1 - DEMAND_NIGHT) * (1 + np.cos(phase)) / 2, np.float32)


def lost_before(plan: Plan, values: Values) -> Array:
    """Return the share of the capability that feeds each place lost before the start, (places, members) [share]."""
    before, short = (values[name][plan.grids] for name in ("capability_lost_before", "capability_lost_short"))
    of_grid = np.where(plan.called_short, short, before)
    return np.asarray(expit(logit(of_grid) + values["capability_lost_place"]), np.float32)


class Balance:
    """
    Capability against the demand of the customers still connected, and the share of it that is shed.

    Capability belongs to the grid that a place hangs on. What a place can draw of it is also limited by the lines that
    feed it, so that a shortage may be worse in one place than in another.

    Customers reconnected within the last hours demand more than usual (cold-load pickup): `pickup_excess` of it at
    first, fading with `pickup_h`. They return evenly over a step.

    `shed` and what it follows from are worked out when they are asked for: a fit reads them at few steps.

    Attributes
    ----------
    lost : ndarray of float32, (places, members)
        Capability lost. [share of the peak demand]
    """

    def __init__(
        self, plan: Plan, values: Values, connected: Array, space: Workspace, there: Places = EVERYWHERE
    ) -> None:
        self.demand, self.there = plan.demand_by_place, there
        self.zero, self.least, self.work = space.zero, space.full(LEAST_ASKED), space.scratch[0]
        self.hits = capability_hits(plan, values)
        self.margin = space.full(values["capability_margin"][plan.grids])
        self.lost = self.margin * lost_before(plan, values)
        self.repair_decay = space.full(np.exp(-np.float32(plan.step_h) * values["capability_repair_rate"]))
        self.limit, self.cold_demand = space.full(values["shed_limit"]), space.full(values["cold_demand"])
        fade = -np.float32(plan.step_h) / values["pickup_h"]
        self.pickup_decay = space.full(np.exp(fade))
        self.pickup_gain = space.full(values["pickup_excess"] * in_float64(np.expm1, fade) / fade)
        self.connected, self.pickup, self.asking = space.full(connected), space.full(0.0), space.full(1.0)
        self.supply, self.demanded = space.empty(), space.empty()
        self.short, self.shed_last, self.balanced = space.full(0.0), space.full(0.0), True
        self.short_there, self.zero_there = self.short[there].copy(), self.zero[there]

    @property
    def shed(self) -> Array:
        """
        Share of demand that is shed, (places, members) [share].

        min(limit, max(0, 1 - capability / demand)), at the time of the last update.
        """
        return self._short_and_shed()[1]

    @property
    def unserved(self) -> Array:
        """Share of demand that even the largest permitted shedding leaves uncovered, (places, members) [share]."""
        short, shed = self._short_and_shed()
        return short - shed

    def _short_and_shed(self) -> tuple[Array, Array]:
        """Return the shares of demand not covered and shed; the next call after an update writes over both."""
        if not self.balanced:
            self.balanced = True
            asked = np.maximum(self.pickup, self.zero, out=self.work)
            asked += self.connected
            asked *= self.demanded
            np.maximum(asked, self.least, out=asked)
            np.divide(self.supply, asked, out=self.short)
            np.subtract(np.float32(1), self.short, out=self.short)
            np.maximum(self.short, self.zero, out=self.short)
            np.minimum(self.short, self.limit, out=self.shed_last)
        return self.short, self.shed_last

    def short_of_all(self) -> Array:
        """Return the share of demand not covered if all customers were connected, (places with others, members)."""
        short = np.divide(self.supply[self.there], self.demanded[self.there], out=self.short_there)
        np.subtract(np.float32(1), short, out=short)
        return np.maximum(short, self.zero_there, out=short)

    def hit(self, event: int, part: Array | float) -> None:
        """Reduce capability by a part of an event."""
        share = hit_of_part(self.hits[event], part)
        self.lost[...] = self.margin * union(self.lost / self.margin, share)

    def set_cold_demand(self, temperature: Array) -> None:
        """Set the rise of demand per kelvin below 5 degC."""
        np.subtract(np.float32(COLD_DEMAND_FROM_C), temperature, out=self.asking)
        np.maximum(self.asking, self.zero, out=self.asking)
        self.asking *= self.cold_demand
        self.asking += np.float32(1)

    def update(
        self,
        time: int,
        connected: Array,
        lacking: Sequence[Array] = (),
        enough: NDArray[np.bool_] | None = None,
    ) -> None:
        """
        Update supply and demand to a time on the step grid, one step after the last update.

        Parameters
        ----------
        connected : ndarray of float32, (places, members)
            Share of customers still connected after damage; the others have no demand. [share]
        lacking : sequence of ndarray of float32, (places, members)
            Shares of capability that lack the heat or water they need, or are missing for a known reason. [share]
        enough : ndarray of bool, (places,), optional
            Places where supply does not fall short whatever is asked for; by default none.
        """
        newly = np.subtract(connected, self.connected, out=self.work)
        self.connected[...] = connected
        newly *= self.pickup_gain
        self.pickup *= self.pickup_decay
        self.pickup += newly
        np.multiply(self.asking, self.demand[time], out=self.demanded)
        self.lost *= self.repair_decay
        np.subtract(self.margin, self.lost, out=self.supply)
        for share in lacking:
            self.supply *= 1 - share
        if enough is not None:
            self.supply[enough] = np.inf
        self.balanced = False
