"""The forward model: each step hits, repairs, balances power, spreads and drains, in that order."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

import numpy as np

from energy_impact.model import restoration, severity, spread, supply, thermal
from energy_impact.model.plan import Array, Index, Plan, Values

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from numpy.typing import NDArray

STATES = ("power_out", "heat_out", "water_out", "shed", "shed_day", "heat_drained", "power_restored", "heat_restored")
"""What a run can record, as shares of the place's stock.

`shed_day` is the mean of `shed` over the last day, or since the start. `power_restored` is what was repaired since the
start, `heat_restored` by how much `heat_out` fell in all steps in which it did.
"""

HOURS_A_DAY = 24


def blocks(plan: Plan) -> int:
    """Count the blocks of the rate noise."""
    return int(np.ceil(plan.steps * plan.step_h / restoration.RATE_NOISE_BLOCK_H))


class _Damage:
    """What is broken in one system, by class, and its repair."""

    def __init__(self, plan: Plan, values: Values, name: str, *, follow_restored: bool = False) -> None:
        index = plan.systems.index(name)
        self.hits = severity.severities(plan, values, f"severity_{name}")
        self.slow_shares, self.lost_shares = values[f"slow_share_{name}"], values[f"lost_share_{name}"]
        self.rates = values[f"repair_rate_{name}"]
        self.slow_rates = self.rates * values[f"slow_ratio_{name}"]
        self.crew_limit = values[f"crew_limit_{name}"]
        self.rate_noise = restoration.rate_noise(values, index)
        self.faults = restoration.new_faults(plan, values, name, index)
        out = values[f"initial_out_{name}"]
        slow = out * self.slow_shares[0]
        self.fast, self.lost = out - slow, slow * self.lost_shares[0]
        self.slow = slow - self.lost
        self.out = out.copy()
        self.restored, self.follow_restored = np.zeros_like(out), follow_restored

    def hit(self, event: int, part: float) -> None:
        """Hit with a part of an event."""
        hit = severity.hit_of_part(self.hits[event], part)
        severity.hit_classes(self.fast, self.slow, self.lost, hit, self.slow_shares[event + 1],
                             self.lost_shares[event + 1])  # fmt: skip
        self._sum(self.out)

    def repair(self, work: Array, regime: Index, block: int, scratch: tuple[Array, Array]) -> None:
        """Repair for `work` hours of full-rate work, then let new faults appear in what is served."""
        hours, left = scratch
        np.multiply(work, self.rate_noise[block], out=hours)
        restoration.repair(self.fast, self.slow, self.out, hours, self.rates[regime], self.slow_rates[regime],
                           self.crew_limit, left)  # fmt: skip
        self._sum(left)
        if self.follow_restored:
            self.out -= left
            self.restored += self.out
        np.subtract(np.float32(1), left, out=self.out)
        self.out *= self.faults[block]
        self.fast += self.out
        self.out += left

    def _sum(self, out: Array) -> None:
        np.add(self.fast, self.slow, out=out)
        out += self.lost


class _Supply:
    """What a system that needs power supplies: it is lost by damage or, after a buffer, by lack of power."""

    def __init__(self, plan: Plan, values: Values, name: str, damaged: Array) -> None:
        self.dependence = values[f"{name}_dependence"]
        self.keep = np.asarray(np.exp(-np.float32(plan.step_h) / values[f"{name}_buffer_h"]), np.float32)
        self.buffered = np.zeros_like(damaged)
        self.lost = damaged.copy()

    def follow(self, damaged: Array, lack: Array, out: Array) -> None:
        """Let the buffer follow the lack of power; write the share whose supply is lost into `out`."""
        spread.drain_buffer(self.buffered, lack, self.keep)
        spread.supply_lost(damaged, self.buffered, self.dependence, out)


class _Circuits:
    """Heating circuits of buildings that are drained: without supply, or still waiting to be refilled."""

    def __init__(self, plan: Plan, values: Values, lost: Array, *, follow_restored: bool) -> None:
        self.step_h = np.float32(plan.step_h)
        self.drain_rate = values["drain_rate"]
        self.refilled = -np.expm1(-self.step_h / values["refill_h"])
        self.drained_lost, self.drained_supplied = np.zeros_like(lost), np.zeros_like(lost)
        self.restored, self.follow_restored = np.zeros_like(lost), follow_restored

    def move(self, lost_before: Array, lost: Array, temperature: Array, scratch: Array) -> None:
        """Drain and refill as supply goes from `lost_before` to `lost`; `restored` grows as fewer are cold."""
        before = lost_before + self.drained_supplied if self.follow_restored else lost
        hazard = thermal.draining_hazard(temperature, self.drain_rate, scratch)
        hazard *= -self.step_h
        thermal.move_circuits(lost_before, lost, self.drained_lost, self.drained_supplied,
                              -np.expm1(hazard, out=hazard), self.refilled)  # fmt: skip
        if self.follow_restored:
            self.restored += np.maximum(before - lost - self.drained_supplied, 0)


def simulate(plan: Plan, values: Values, *, record: NDArray[np.intp], keep: Collection[str]) -> dict[str, Array]:
    """
    Run the members of an ensemble through a scenario.

    Parameters
    ----------
    plan : Plan
    values : mapping of ndarray of float32
        Parameter draws, each (*axes, members).
    record : ndarray of int, increasing
        Steps at which states are recorded, from 0 (the start) to `plan.steps`.
    keep : collection of str
        Which of `STATES` to record; those of heat and water only where the plan follows them.

    Returns
    -------
    dict of ndarray of float32, (len(record), places, members)
        Shares of each place's stock as modelled.
    """
    run = _Run(plan, values, keep)
    kept = {name: np.empty((len(record), *run.shape), np.float32) for name in keep}
    slot = 0
    for step in range(int(record[-1]) + 1):
        if step:
            run.step(step - 1)
        if step == record[slot]:
            for name, rows in kept.items():
                rows[slot] = run.state(name)
            slot += 1
    return kept


class _Run:
    """The state of a chunk of members and how one step changes it."""

    def __init__(self, plan: Plan, values: Values, keep: Collection[str]) -> None:
        self.plan, self.values = plan, values
        followed = [name for name in plan.systems if name != "power" and any(state.startswith(name) for state in keep)]
        self.power = _Damage(plan, values, "power", follow_restored="power_restored" in keep)
        self.damage = {"power": self.power} | {name: _Damage(plan, values, name) for name in followed}
        self.supply = {name: _Supply(plan, values, name, self.damage[name].out) for name in followed}
        self.shape = self.power.out.shape
        self.work, self.temperature, self.shed = (np.zeros(self.shape, np.float32) for _ in range(3))
        self.scratch = (np.empty(self.shape, np.float32), np.empty(self.shape, np.float32))
        if "heat" in followed:
            self.circuits = _Circuits(plan, values, self.supply["heat"].lost, follow_restored="heat_restored" in keep)
        self.lags, self.inverse_clear = restoration.ramp_terms(plan, values)
        self.capability_hits = severity.severities(plan, values, "capability_hit")
        self.capability_lost = np.zeros(self.shape, np.float32)
        self.capability_keep = np.exp(-np.float32(plan.step_h) * values["capability_repair_rate"])
        self.day = deque[Array](maxlen=round(HOURS_A_DAY / plan.step_h)) if "shed_day" in keep else None
        self._set_temperature(0)
        self._balance(0)

    def step(self, step: int) -> None:
        """Advance all states from the begin of a step to its end."""
        self._hit(step)
        self._repair(step)
        self._set_temperature(step + 1)
        self._balance(step + 1)
        if self.day is not None:
            self.day.append(self.shed.copy())
        self._spread()

    def _hit(self, step: int) -> None:
        self.capability_lost *= self.capability_keep
        for event, part in enumerate(self.plan.parts[step].tolist()):
            if part > 0:
                for damage in self.damage.values():
                    damage.hit(event, part)
                hit = severity.hit_of_part(self.capability_hits[event], part)
                self.capability_lost = severity.union(self.capability_lost, hit)

    def _repair(self, step: int) -> None:
        regime = self.plan.regime_index[step]
        restoration.work_done(self.plan, self.values, step, self.temperature, self.work)
        self.work *= restoration.crew_ramp(self.lags[regime], self.inverse_clear[step])
        block = int((step + 0.5) * self.plan.step_h / restoration.RATE_NOISE_BLOCK_H)
        for damage in self.damage.values():
            damage.repair(self.work, regime, block, self.scratch)

    def _set_temperature(self, time: int) -> None:
        """Set the outdoor air temperature to that of a time on the step grid [degC]."""
        np.multiply(self.values["temperature_offset"], self.plan.temperature_sd[time][:, None], out=self.temperature)
        self.temperature += self.plan.temperature[time][:, None]

    def _balance(self, time: int) -> None:
        if self.plan.balance:
            supply.shed_share(self.plan, self.values, time, self.temperature, self.power.out, self.capability_lost,
                              self.shed)  # fmt: skip

    def _spread(self) -> None:
        """Let heat and water follow the lack of power, and circuits the lack of heat."""
        lack = spread.power_lack(self.power.out, self.shed, self.values["protected_share"])
        lost, scratch = self.scratch
        for name, dependent in self.supply.items():
            dependent.follow(self.damage[name].out, lack, lost)
            if name == "heat":
                self.circuits.move(dependent.lost, lost, self.temperature, scratch)
            dependent.lost[...] = lost

    def state(self, name: str) -> Array:
        """Return one of `STATES`."""
        if name == "power_out":
            return severity.union(self.power.out, self.shed)
        if name == "heat_out":
            return self.supply["heat"].lost + self.circuits.drained_supplied
        if name == "heat_drained":
            return self.circuits.drained_lost + self.circuits.drained_supplied
        if name == "water_out":
            return self.supply["water"].lost
        if name == "shed_day":
            return np.asarray(np.mean(self.day, axis=0) if self.day else self.shed, np.float32)
        if name == "shed":
            return self.shed
        return self.power.restored if name == "power_restored" else self.circuits.restored


def chunks(members: int, size: int) -> Sequence[slice]:
    """Split members into runs of at most `size`."""
    return [slice(first, min(first + size, members)) for first in range(0, members, size)]
