"""5. Cold: heating circuits without supply are drained before they freeze, refilled later, and may burst."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from energy_impact.model.cells import EVERYWHERE
from energy_impact.model.plan import at_places
from energy_impact.model.severity import union

if TYPE_CHECKING:
    from energy_impact.model.arrays import Workspace
    from energy_impact.model.plan import Array, Places, Plan, Values
    from energy_impact.model.restoration import Broken

DRAINING_BELOW_C = -3.0
"""Outdoor temperature at and below which operators may drain. [degC] (operators' practice)"""
FROST_SCALE_K = 10.0
"""Frost below that temperature at which the hazards equal `drain_rate` and `burst_rate`. [K] (judgement)"""
LEAST_SHARE = np.float32(2e-7)
"""Floor on divisors of shares, two roundings of one."""
COLD_DRIVEN_SHARE = 0.5
"""Share of the draining hazard at that frost that grows with the cube of the frost (pipes about to freeze); the rest, a
precaution, is linear in it (judgement)."""


def hazards(
    temperature: Array,
    decided: Array | float,
    drain_rate: Array,
    burst_rate: Array,
    drain: Array,
    burst: Array,
    zero: Array,
) -> None:
    """
    Write the hazards that a circuit without supply is drained, or bursts before it is.

    Both are 0 above -3 degC. Draining has a preventive part, linear in the frost once operators have decided, and a
    cold-driven part that grows with its cube; bursts grow with the cube.

    Parameters
    ----------
    temperature : ndarray of float32, (places, members)
        Outdoor air temperature. [degC]
    decided : ndarray of float32, broadcastable to (places, members)
        Share of operators who have decided to drain. [share]
    drain_rate, burst_rate : ndarray of float32, (places, members)
        The hazards at -13 degC. [1/h]
    drain, burst : ndarray of float32, (places, members)
        Written. [1/h]
    zero : ndarray of float32, (places, members)
    """
    frost = np.subtract(np.float32(DRAINING_BELOW_C), temperature, out=drain)
    np.maximum(frost, zero, out=frost)
    frost *= np.float32(1 / FROST_SCALE_K)
    np.multiply(frost, frost, out=burst)
    burst *= frost
    drain *= np.float32(1 / COLD_DRIVEN_SHARE - 1) * decided
    drain += burst
    drain *= np.float32(COLD_DRIVEN_SHARE)
    drain *= drain_rate
    burst *= burst_rate


class Circuits:
    """
    Heating circuits of buildings: drained without supply, or with supply but waiting to be refilled.

    The states are shares of a share, so that they stay within bounds for any supply: returning supply reaches full and
    drained buildings in proportion, and newly lost supply affects served and still drained ones in proportion. So
    supply that comes and goes may leave slightly more buildings cold than supply that stays away from the same ones,
    and an early frost that drains buildings may leave fewer to burst in a later one.

    Attributes
    ----------
    drained : ndarray of float32, (places, members)
        Of the buildings without supply, the share whose circuits are drained. [share]
    waiting : ndarray of float32, (places, members)
        Of those with supply, the share still to be refilled. [share]
    """

    def __init__(
        self, plan: Plan, values: Values, supplied: Array, space: Workspace, places: Places = EVERYWHERE
    ) -> None:
        self.plan, self.places, self.work, self.zero = plan, places, space.scratch, space.zero
        self.drain_rate, self.burst_rate = space.full(values["drain_rate"]), space.full(values["burst_rate"])
        self.decision_rate, self.refill_h = -1 / values["drain_lag_h"], values["refill_h"]
        self.drained, self.waiting, self.supplied_before = space.full(0.0), space.full(0.0), space.full(supplied)
        self.ever = False

    def act(self, steps: range, temperature: Array, supplied: Array, heat: Broken) -> None:
        """
        Mix, drain, burst and refill over steps that share their weather.

        Parameters
        ----------
        steps : range
            All steps of one span of weather, from its first.
        temperature : ndarray of float32, (places, members)
            Mean outdoor air temperature over the steps. [degC]
        supplied : ndarray of float32, (places, members)
            Share of buildings with supply at their end. [share]
        heat : Broken
            Damage in the heat system; bursts move stock to its slow class.
        """
        if not self.ever and temperature.min() >= DRAINING_BELOW_C:
            self.supplied_before[...] = supplied
            return
        self.ever = True
        self._mix(supplied)
        self._freeze(steps, temperature, supplied, heat)
        self.waiting *= np.exp(-np.float32(len(steps) * self.plan.step_h) / self.refill_h)

    def empty(self) -> Array:
        """Return the share of buildings whose circuits are drained, with or without supply [share]."""
        return self.waiting + (1 - self.supplied_before) * (self.drained - self.waiting)

    def out_of_service(self, lost: Array) -> Array:
        """Return the share without supply (now `lost`) or still to be refilled, also between two acts [share]."""
        if not self.ever:
            return lost
        returned = 1 - self.supplied_before
        returned -= lost
        np.maximum(returned, self.zero, out=returned)
        returned *= self.drained - self.waiting
        returned += union(lost, self.waiting)
        return returned

    def _mix(self, supplied: Array) -> None:
        """Move drained buildings to waiting where supply returned, and waiting ones back where it is newly lost."""
        lost, gained, rest = self.work
        np.subtract(supplied, self.supplied_before, out=gained)
        self.supplied_before[...] = supplied
        np.minimum(gained, self.zero, out=lost)
        gained -= lost
        np.add(supplied, LEAST_SHARE, out=rest)
        gained /= rest
        np.subtract(np.float32(1) + LEAST_SHARE, supplied, out=rest)
        lost /= rest
        np.subtract(self.drained, self.waiting, out=rest)
        gained *= rest
        lost *= rest
        self.waiting += gained
        self.drained += lost

    def _freeze(self, steps: range, temperature: Array, supplied: Array, heat: Broken) -> None:
        """Drain full circuits without supply, and let some of them burst."""
        drain, burst, full = self.work
        hazards(temperature, self._decided(steps), self.drain_rate, self.burst_rate, drain, burst, self.zero)
        drain += burst
        hours = np.float32(len(steps) * self.plan.step_h)
        drain *= -hours
        burst *= -hours
        np.exp(drain, out=drain)
        np.exp(burst, out=burst)
        np.subtract(np.float32(1), self.drained, out=full)
        drain *= full
        np.subtract(np.float32(1), drain, out=self.drained)
        np.subtract(np.float32(1), burst, out=burst)
        burst *= full
        heat.worsen(burst, supplied)

    def _decided(self, steps: range) -> Array:
        """Return the share of operators who have decided to drain by the middle of some steps."""
        clear_h = self.plan.clear_h_by_weather[steps.start // self.plan.steps_per_weather]
        return np.asarray(np.float32(1) - np.exp(at_places(clear_h, self.places) * self.decision_rate))
