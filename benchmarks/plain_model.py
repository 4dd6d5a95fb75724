"""The forward model in plain Python: one member and one place at a time, floats and `math` only.

Written from the equations and not from the array code, so that each checks the other, and as the yardstick of speed.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from energy_impact.model import counting, parameters, restoration, severity, supply, thermal

if TYPE_CHECKING:
    from collections.abc import Container, Mapping

    import numpy as np
    from numpy.typing import NDArray

    from energy_impact.model.plan import EventPlan, Plan

STATES = ("power_out", "heat_out", "water_out", "shed", "heat_drained", "power_restored", "heat_restored")


def pick(values: Mapping[str, NDArray[np.float32]], member: int, place: int) -> dict[str, Any]:
    """Parameters of one member and place: floats, or nested lists over what else they are drawn for."""
    found = {}
    for parameter in parameters.TABLE:
        index = tuple(place if axis == "place" else slice(None) for axis in parameter.axes)
        found[parameter.name] = values[parameter.name][(*index, member)].tolist()
    return found


def run(
    plan: Plan, values: Mapping[str, NDArray[np.float32]], member: int, place: int, record: Container[int]
) -> dict[str, list[float]]:
    """Return the states of one member and place as modelled, at the steps of `record`."""
    one = _Place(plan, pick(values, member, place), place)
    states: dict[str, list[float]] = {name: [] for name in STATES}
    for step in range(plan.steps + 1):
        if step > 0:
            one.step(step - 1)
        if step in record:
            one.record(states)
    return states


def counted(
    plan: Plan, values: Mapping[str, NDArray[np.float32]], member: int, place: int, states: Mapping[str, list[float]]
) -> dict[str, list[float]]:
    """Return states recorded at every step as they are counted: level noise moves their odds, small ones more."""
    p = pick(values, member, place)
    keep = math.exp(-counting.LEVEL_NOISE_KNOT_H / counting.LEVEL_NOISE_CORRELATION_H)
    found = dict(states)
    for index, system in enumerate(plan.systems):
        noise = _autoregressive([knot[index] for knot in p["level_noise"]], keep)
        for name in counting.COUNTED:
            if name.startswith(system):
                found[name] = [
                    _shift_odds(share, counting.LEVEL_NOISE_SD * _between(noise, step * plan.step_h))
                    for step, share in enumerate(states[name])
                ]
    return found


def _between(noise: list[float], hour: float) -> float:
    """Linear between the knots."""
    position = hour / counting.LEVEL_NOISE_KNOT_H
    low = min(int(position), len(noise) - 2)
    return noise[low] + (position - low) * (noise[low + 1] - noise[low])


def _shift_odds(share: float, shift: float) -> float:
    if share <= 0 or share >= 1:
        return share
    more = counting.SMALL_SCATTER * counting.SMALL_SHARE / (counting.SMALL_SHARE + share)
    return _sigmoid(_logit(share) + shift * (1 + more))


def _sigmoid(x: float) -> float:
    return 1 / (1 + math.exp(-x))


def _logit(p: float) -> float:
    return math.log(p / (1 - p))


def _part(event: EventPlan, begin: float, end: float) -> float:
    """Part of an event that falls between two hours."""
    if event.end_h == event.start_h:
        return 1.0 if begin <= event.start_h < end else 0.0
    inside = min(end, event.end_h) - max(begin, event.start_h)
    return max(inside, 0.0) / (event.end_h - event.start_h)


def _severity(event: EventPlan, index: int, p: Mapping[str, Any], name: str) -> float:
    """Share that an event takes where it hits: logistic in what all share, its size and what is the place's own."""
    x = _logit(p[name][index]) + p["severity_common"][index] + p[f"{name}_place"][index]
    sizes = (
        (event.missiles, severity.MISSILES_TYPICAL, p["missile_effect"]),
        (event.drones, severity.DRONES_TYPICAL, p["drone_effect"]),
    )
    for number, typical, effect in sizes:
        if number is not None:
            x += effect * math.log((number + severity.MUNITIONS_SCALE) / (typical + severity.MUNITIONS_SCALE))
    return _sigmoid(x)


class _System:
    """One system's damage by class, the loss of its supply, and its own parameters."""

    def __init__(self, plan: Plan, p: Mapping[str, Any], name: str, index: int) -> None:
        self.name = name
        out, slow = p[f"initial_out_{name}"], p[f"slow_share_{name}"][0]
        gone = slow * p[f"lost_share_{name}"][0]
        self.fast, self.slow, self.gone = out * (1 - slow), out * (slow - gone), out * gone
        self.restored, self.buffered, self.lost = 0.0, 0.0, out
        self.rates, self.slow_ratios = p[f"repair_rate_{name}"], p[f"slow_ratio_{name}"]
        self.crew_limit = p[f"crew_limit_{name}"]
        sd = restoration.FAULT_NOISE_SD
        rate = p[f"chronic_rate_{name}"] * plan.step_h
        rates = [rate * math.exp(sd * block[index] - sd * sd / 2) for block in p["fault_noise"]]
        self.faults = [1 - math.exp(-rate) for rate in rates]
        self.rate_factors = _rate_factors([block[index] for block in p["rate_noise"]])
        if name != "power":
            self.dependence = p[f"{name}_dependence"]
            self.keep = math.exp(-plan.step_h / p[f"{name}_buffer_h"])

    def damaged(self) -> float:
        return self.fast + self.slow + self.gone

    def hit(self, share: float, slow: float, gone: float) -> None:
        """Union at each level: what is served, served or fast, and not lost, each shrinks by what is hit."""
        not_gone = 1 - self.gone
        not_slow = not_gone - self.slow
        served = (not_slow - self.fast) * (1 - share)
        not_slow *= 1 - share * slow
        not_gone *= 1 - share * gone
        self.gone, self.slow, self.fast = 1 - not_gone, not_gone - not_slow, not_slow - served

    def repair(self, regime: int, block: int, work: float) -> None:
        """Repair for some hours of full-rate work, then let new faults appear in what is served."""
        out = self.damaged()
        hours = work * self.rate_factors[block] / (1 + out / self.crew_limit)
        rate = self.rates[regime]
        self.fast *= math.exp(-rate * hours)
        self.slow *= math.exp(-rate * self.slow_ratios[regime] * hours)
        left = self.damaged()
        self.restored += out - left
        self.fast += (1 - left) * self.faults[block]

    def depend(self, lack: float) -> float:
        """Let the buffer follow the lack of power; return the share whose supply is lost by either cause."""
        self.buffered = lack + (self.buffered - lack) * self.keep
        return 1 - (1 - self.damaged()) * (1 - self.dependence * self.buffered)


class _Place:
    """One member's state in one place."""

    def __init__(self, plan: Plan, p: dict[str, Any], place: int) -> None:
        self.plan, self.p, self.place = plan, p, place
        self.night = plan.night[:, place].tolist()
        self.demand = plan.demand[:, place].tolist()
        outdoor = zip(plan.temperature[:, place].tolist(), plan.temperature_sd[:, place].tolist(), strict=True)
        self.outdoor = [mean + p["temperature_offset"] * sd for mean, sd in outdoor]
        self.systems = {name: _System(plan, p, name, index) for index, name in enumerate(plan.systems)}
        self.power = self.systems["power"]
        self.dependents = [system for name, system in self.systems.items() if name != "power"]
        self.capability_keep = math.exp(-plan.step_h * p["capability_repair_rate"])
        self.refill_keep = math.exp(-plan.step_h / p["refill_h"])
        self.capability_lost = self.shed = self.heat_restored = 0.0
        self.drained = self.refilling = 0.0
        self._balance(0)

    def step(self, step: int) -> None:
        """One step: hit, repair, balance, spread, drain."""
        begin, end = step * self.plan.step_h, (step + 1) * self.plan.step_h
        self.capability_lost *= self.capability_keep
        for index, event in enumerate(self.plan.events):
            part = _part(event, begin, end)
            if part > 0 and event.hits[self.place]:
                self._hit(event, index, part)
        begun = [
            index for index, event in enumerate(self.plan.events)
            if event.hits[self.place] and event.start_h < end - 1e-9
        ]  # fmt: skip
        regime = begun[-1] + 1 if begun else 0
        work = self._work(step, begun)
        block = int((begin + end) / 2 / restoration.RATE_NOISE_BLOCK_H)
        for system in self.systems.values():
            system.repair(regime, block, work)
        self._balance(step + 1)
        damaged = self.power.damaged()
        lack = damaged + (1 - damaged) * self.shed * (1 - self.p["protected_share"])
        for system in self.dependents:
            before, system.lost = system.lost, system.depend(lack)
            if system.name == "heat":
                self._move_circuits(before, system.lost, self.outdoor[step + 1])

    def _hit(self, event: EventPlan, index: int, part: float) -> None:
        p = self.p
        for name, system in self.systems.items():
            share = 1 - (1 - _severity(event, index, p, f"severity_{name}")) ** part
            slow = p[f"slow_share_{name}"][index + 1]
            system.hit(share, slow, slow * p[f"lost_share_{name}"][index + 1])
        if event.kind in severity.CAPABILITY_KINDS:
            left = (1 - _severity(event, index, p, "capability_hit")) ** part
            self.capability_lost = 1 - (1 - self.capability_lost) * left

    def _work(self, step: int, begun: list[int]) -> float:
        """Hours of full-rate work in a step; crews wait for the end of all events that have begun here."""
        p, crews = self.p, 1.0
        if begun:
            events = self.plan.events
            sharpness = restoration.RAMP_SHARPNESS[events[begun[-1]].kind]
            clear = max(events[index].end_h for index in begun)
            since = max((step + 0.5) * self.plan.step_h - clear, 0.0) ** sharpness
            crews = since / (since + p["start_lag_h"][begun[-1]] ** sharpness)
        cold = math.exp(-p["cold_slowing"] * max(0.0, -self.outdoor[step]))
        night = p["night_factor"] if self.night[step] else 1.0
        return self.plan.step_h * crews * cold * p["repair_rate_place"] * night

    def _balance(self, time: int) -> None:
        """Share shed of what is asked for at a time on the step grid."""
        if not self.plan.balance:
            return
        p = self.p
        asked = self.demand[time] * max(1 - self.power.damaged(), 1e-6)
        asked *= 1 + p["cold_demand"] * max(0.0, supply.COLD_DEMAND_FROM_C - self.outdoor[time])
        can = p["capability_margin"] * (1 - self.capability_lost)
        self.shed = min(p["shed_limit"], max(0.0, 1 - can / asked))

    def _move_circuits(self, before: float, lost: float, outdoor: float) -> None:
        """Drained circuits lose or regain supply with all others; then some more drain, and some are refilled."""
        out_before = before + self.refilling
        if lost < before:
            back = self.drained * (before - lost) / before
        else:
            back = -self.refilling * (lost - before) / (1 - before) if before < 1 else 0.0
        self.drained -= back
        self.refilling += back
        below = max(0.0, thermal.DRAINING_BELOW_C - outdoor) / thermal.DRAINING_SCALE_K
        self.drained = lost - (lost - self.drained) * math.exp(-self.p["drain_rate"] * below * self.plan.step_h)
        self.refilling *= self.refill_keep
        self.heat_restored += max(0.0, out_before - lost - self.refilling)

    def record(self, states: dict[str, list[float]]) -> None:
        damaged = self.power.damaged()
        states["power_out"].append(damaged + (1 - damaged) * self.shed)
        states["shed"].append(self.shed)
        states["power_restored"].append(self.power.restored)
        for system in self.dependents:
            waiting = self.refilling if system.name == "heat" else 0.0
            states[f"{system.name}_out"].append(system.lost + waiting)
        if "heat" in self.systems:
            states["heat_drained"].append(self.drained + self.refilling)
            states["heat_restored"].append(self.heat_restored)


def _autoregressive(white: list[float], keep: float) -> list[float]:
    noise = white[:1]
    for value in white[1:]:
        noise.append(keep * noise[-1] + math.sqrt(1 - keep * keep) * value)
    return noise


def _rate_factors(white: list[float]) -> list[float]:
    """Lognormal with unit mean, a block of hours each."""
    sd = restoration.RATE_NOISE_SD
    return [math.exp(sd * x - sd * sd / 2) for x in _autoregressive(white, restoration.RATE_NOISE_CORRELATION)]
