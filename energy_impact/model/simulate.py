"""The forward model: each step hits, repairs, balances power, spreads and drains, in that order."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

import numpy as np

from energy_impact.model import restoration, severity, spread, supply, thermal
from energy_impact.model.plan import Array, Plan, Values

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from numpy.typing import NDArray

STATES = ("power_out", "heat_out", "water_out", "shed", "shed_day", "heat_drained", "power_restored", "heat_restored")
"""What a run can record, as shares of the place's stock; `shed_day` is the mean of `shed` over the last day."""

HOURS_A_DAY = 24


def blocks(plan: Plan) -> int:
    """Count the blocks of the rate noise."""
    return int(np.ceil(plan.steps * plan.step_h / restoration.RATE_NOISE_BLOCK_H))


class _System:
    """Damage of one system by class, and what repairs it."""

    def __init__(self, plan: Plan, values: Values, name: str, index: int, *, restored: bool) -> None:
        self.name, self.values = name, values
        self.hits = severity.severities(plan, values, f"severity_{name}")
        self.noise = restoration.rate_noise(values, index)
        self.faults = restoration.fault_noise(values, index) * (
            values[f"chronic_rate_{name}"] * np.float32(plan.step_h)
        )
        slow_share = values[f"slow_share_{name}"][0]
        out = values[f"initial_out_{name}"]
        self.slow = out * slow_share
        self.fast = out - self.slow
        self.lost = self.slow * values[f"lost_share_{name}"][0]
        self.slow -= self.lost
        self.out = out.copy()
        self.restored, self.follow_restored = np.zeros_like(out), restored

    def step(self, plan: Plan, step: int, work: Array, scratch: tuple[Array, Array]) -> None:
        """Hit, break and repair over one step; `work` is the full-rate work in it [h]."""
        values, name = self.values, self.name
        hit_now = False
        for index, event in enumerate(plan.events):
            part = severity.step_fraction(event, step, plan.step_h)
            if part > 0:
                hit = self.hits[index]
                if part < 1:
                    hit = np.asarray(-np.expm1(part * np.log1p(-np.minimum(hit, np.float32(0.999999)))), np.float32)
                hit_now = True
                severity.hit_classes(self.fast, self.slow, self.lost, hit, values[f"slow_share_{name}"][index + 1],
                                     values[f"lost_share_{name}"][index + 1])  # fmt: skip
        regime = int(plan.regime[step])
        block = int((step + 0.5) * plan.step_h / restoration.RATE_NOISE_BLOCK_H)
        hours, spare = scratch
        fast_rate = values[f"repair_rate_{name}"][regime]
        if hit_now:
            np.add(self.fast, self.slow, out=self.out)
            self.out += self.lost
        if self.follow_restored:
            self.restored += self.out
        np.multiply(work, self.noise[block], out=hours)
        restoration.repair(self.fast, self.slow, self.out, hours, fast_rate,
                           fast_rate * values[f"slow_ratio_{name}"][regime], values[f"crew_limit_{name}"],
                           spare)  # fmt: skip
        np.add(self.fast, self.slow, out=spare)
        spare += self.lost
        if self.follow_restored:
            self.restored -= spare
        np.subtract(np.float32(1), spare, out=self.out)
        self.out *= self.faults[block]
        self.fast += self.out
        np.add(spare, self.out, out=self.out)


class _Dependent:
    """What a system that needs power feels of its lack."""

    def __init__(self, plan: Plan, values: Values, name: str, out: Array) -> None:
        self.dependence = values[f"{name}_dependence"]
        self.keep = np.asarray(np.exp(-np.float32(plan.step_h) / values[f"{name}_buffer_h"]), np.float32)
        self.buffered = np.zeros_like(out)
        self.lost = out.copy()


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
        Which of `STATES` to record.

    Returns
    -------
    dict of ndarray of float32, (len(record), places, members)
        Shares of each place's stock as modelled; `*_restored` are cumulative repairs.
    """
    run = _Run(plan, values, keep)
    kept = {name: np.empty((len(record), *run.shape), np.float32) for name in keep}
    slot = 0
    for step in range(int(record[-1]) + 1):
        if step:
            run.step(step - 1)
        if step == record[slot]:
            run.record({name: rows[slot] for name, rows in kept.items()})
            slot += 1
    return kept


class _Run:
    """The state of a chunk of members and how one step changes it."""

    def __init__(self, plan: Plan, values: Values, keep: Collection[str]) -> None:
        self.plan, self.values = plan, values
        self.systems = {
            name: _System(plan, values, name, index, restored=f"{name}_restored" in keep)
            for index, name in enumerate(plan.systems)
            if name == "power" or any(state.startswith(name) for state in keep)
        }
        first = next(iter(self.systems.values()))
        self.shape = first.out.shape
        self.scratch = (np.empty(self.shape, np.float32), np.empty(self.shape, np.float32))
        self.work = np.empty(self.shape, np.float32)
        self.temperature = np.empty(self.shape, np.float32)
        self.capability_hits = severity.severities(plan, values, "capability_hit")
        self.capability_lost = np.zeros(self.shape, np.float32)
        self.capability_keep = np.exp(-np.float32(plan.step_h) * values["capability_repair_rate"])
        self.shed = np.zeros(self.shape, np.float32)
        self.dependents = {
            name: _Dependent(plan, values, name, self.systems[name].out) for name in self.systems if name != "power"
        }
        self.drained_lost = np.zeros(self.shape, np.float32)
        self.drained_supplied = np.zeros(self.shape, np.float32)
        self.heat_restored = np.zeros(self.shape, np.float32)
        self.follow_restored = "heat_restored" in keep
        self.refilled = -np.expm1(-np.float32(plan.step_h) / values["refill_h"])
        self.day = deque[Array](maxlen=round(HOURS_A_DAY / plan.step_h)) if "shed_day" in keep else None

    def step(self, step: int) -> None:
        """Advance all states by one step."""
        plan, values = self.plan, self.values
        np.multiply(values["temperature_offset"], plan.temperature_sd[step][:, None], out=self.temperature)
        self.temperature += plan.temperature[step][:, None]
        restoration.work_done(plan, values, step, self.temperature, self.work)
        for system in self.systems.values():
            system.step(plan, step, self.work, self.scratch)
        if "power" in self.systems:
            self._balance(step)
            lack = self._lack()
            for dependent in self.dependents.values():
                spread.drain_buffer(dependent.buffered, lack, dependent.keep)
        for name in self.dependents:
            self._lose(name)

    def _balance(self, step: int) -> None:
        if not self.plan.balance:
            return
        self.capability_lost *= self.capability_keep
        for index, event in enumerate(self.plan.events):
            part = severity.step_fraction(event, step, self.plan.step_h)
            if part > 0:
                hit = np.float32(1) - (np.float32(1) - self.capability_hits[index]) ** np.float32(part)
                self.capability_lost = severity.union(self.capability_lost, hit)
        supply.shed_share(self.plan, self.values, step + 1, self.temperature, self.systems["power"].out,
                          self.capability_lost, self.shed)  # fmt: skip
        if self.day is not None:
            self.day.append(self.shed.copy())

    def _lack(self) -> Array:
        return spread.power_lack(self.systems["power"].out, self.shed, self.values["protected_share"])

    def _lose(self, name: str) -> None:
        dependent = self.dependents[name]
        lost = spread.supply_lost(self.systems[name].out, dependent.buffered, dependent.dependence, self.scratch[0])
        if name == "heat":
            before = dependent.lost + self.drained_supplied if self.follow_restored else lost
            hazard = thermal.draining_hazard(self.temperature, self.values["drain_rate"], self.scratch[1])
            hazard *= np.float32(-self.plan.step_h)
            thermal.move_circuits(dependent.lost, lost, self.drained_lost, self.drained_supplied,
                                  -np.expm1(hazard, out=hazard), self.refilled)  # fmt: skip
            if self.follow_restored:
                self.heat_restored += np.maximum(before - lost - self.drained_supplied, 0)
        dependent.lost[...] = lost

    def record(self, rows: dict[str, Array]) -> None:
        """Write the states asked for into `rows`."""
        for name, row in rows.items():
            row[...] = self._state(name)

    def _state(self, name: str) -> Array:
        if name == "power_out":
            damaged = self.systems["power"].out
            return np.asarray(damaged + (1 - damaged) * self.shed, np.float32)
        if name == "heat_out":
            return self.dependents["heat"].lost + self.drained_supplied
        if name == "heat_drained":
            return self.drained_lost + self.drained_supplied
        if name == "water_out":
            return self.dependents["water"].lost
        if name == "shed":
            return self.shed
        if name == "shed_day":
            return np.asarray(np.mean(self.day, axis=0) if self.day else self.shed, np.float32)
        return self.systems["power"].restored if name == "power_restored" else self.heat_restored


def chunks(members: int, size: int) -> Sequence[slice]:
    """Split members into runs of at most `size`."""
    return [slice(first, min(first + size, members)) for first in range(0, members, size)]
