"""The forward model in plain Python: one member and one place at a time, floats and `math` only.

Written from the equations and not from the array code, so that each checks the other, and as the yardstick of speed.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from energy_impact.event_kinds import EVENT_KINDS
from energy_impact.model import counting, parameters, restoration, severity, supply, thermal
from energy_impact.model.cascade import borel_total
from energy_impact.model.jobs import LARGE_JOBS, NEEDS_SPARES_H, TYPICAL_SIZE
from energy_impact.model.plan import WEATHER_H
from energy_impact.systems import CAPABILITY, STOCKS, SYSTEMS

if TYPE_CHECKING:
    from collections.abc import Container, Mapping

    import numpy as np
    from numpy.typing import NDArray

    from energy_impact.event_kinds import EventKind
    from energy_impact.model.plan import EventPlan, Plan

GAS_STATES = ("gas_out",)
STATES = (
    "power_out",
    "power_damaged",
    "power_restored",
    "shed",
    "unserved",
    "heat_out",
    "heat_drained",
    "heat_restored",
    "water_out",
)


def pick(values: Mapping[str, NDArray[np.float32]], member: int, place: int) -> dict[str, Any]:
    """Parameters of one member and place: floats, or nested lists over their other axes."""
    found = {}
    for parameter in (row for row in parameters.TABLE if row.name in values):
        index = tuple(place if axis == "place" else slice(None) for axis in parameter.axes)
        found[parameter.name] = values[parameter.name][(*index, member)].tolist()
    one = slice(member, member + 1)
    found["cascade"] = [
        float(borel_total(size[one], spread[one])[0])
        for size, spread in zip(values["cascade_size"], values["cascade_spread"], strict=True)
    ]
    found["customers"] = {name: _customers(values, name, member, place) for name in SYSTEMS}
    return found


def _customers(values: Mapping[str, NDArray[np.float32]], system: str, member: int, place: int) -> float:
    """Customers of a system in a place; a typical size if its stock is unknown or missing."""
    stock = STOCKS[SYSTEMS[system].stock]
    names = (stock.name, "customers_per_building") if stock.unit == "buildings" else (stock.name,)
    count = math.prod(float(values[name][place, member]) if name in values else math.nan for name in names)
    return TYPICAL_SIZE if math.isnan(count) else count


def run(
    plan: Plan, values: Mapping[str, NDArray[np.float32]], member: int, place: int, record: Container[int]
) -> dict[str, list[float]]:
    """Return the states of one member and place as modelled, at the steps of `record`."""
    everywhere = [pick(values, member, other) for other in range(plan.places)]
    one = _Place(plan, everywhere[place], place, _capability_hits(plan, everywhere, place))
    states: dict[str, list[float]] = {name: [] for name in (*STATES, *(GAS_STATES if "gas" in plan.systems else ()))}
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
    sd = plan.first_kind.level_noise_sd
    found = dict(states)
    for index, system in enumerate(plan.systems):
        noise = _autoregressive([knot[index] for knot in p["level_noise"]], keep)
        for name in states:
            if counting.COUNTED.get(name) == system:
                found[name] = [
                    _shift_odds(share, _between(noise, step * plan.step_h), sd)
                    for step, share in enumerate(states[name])
                ]
    return found


def _between(noise: list[float], hour: float) -> float:
    """Linear between the knots."""
    position = hour / counting.LEVEL_NOISE_KNOT_H
    low = min(int(position), len(noise) - 2)
    return noise[low] + (position - low) * (noise[low + 1] - noise[low])


def _shift_odds(share: float, shift: float, sd: float) -> float:
    if share <= 0 or share >= 1:
        return share
    small = counting.SMALL_SHARE / (counting.SMALL_SHARE + share)
    extra = min(shift * (counting.SMALL_SD - sd), counting.KEEPS_ORDER)
    return _sigmoid(_logit(share) + shift * sd + extra * small)


def _sigmoid(x: float) -> float:
    return 1 / (1 + math.exp(-x))


def _logit(p: float) -> float:
    return math.log(p / (1 - p))


def _length(event: EventPlan, quantile: float) -> float:
    """Hours that an event goes on, within what is known of it."""
    shortest, longest = event.lengths_h
    return shortest + (longest - shortest) * 0.5 * math.erfc(-quantile / math.sqrt(2))


def _part(event: EventPlan, length: float, shape: float, begin: float, end: float) -> float:
    """Part of an event that falls between two hours; a power of the share of its length has hit by each."""
    if event.lengths_h[1] == 0:
        return 1.0 if begin <= event.start_h < end else 0.0
    done = [min(max((hour - event.start_h) / length, 0.0), 1.0) ** shape for hour in (begin, end)]
    return done[1] - done[0]


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


def _capability_hits(plan: Plan, everywhere: list[dict[str, Any]], place: int) -> list[float]:
    """Share of the capability that feeds a place that each event takes: its own part, and the part of its grid."""
    weights = [1.0] * plan.places if plan.demand_weights is None else plan.demand_weights.tolist()
    grid = [0] * plan.places if plan.grid is None else plan.grid.tolist()
    mine = [other for other in range(plan.places) if grid[other] == grid[place]]
    found = []
    for index, event in enumerate(plan.events):
        takes = event.kind in CAPABILITY.kinds if event.capability is None else event.capability
        own = [
            _severity(event, index, p, "capability_hit") if takes and event.hits[other] else 0.0
            for other, p in enumerate(everywhere)
        ]
        of_grid = sum(weights[other] * own[other] for other in mine) / sum(weights[other] for other in mine)
        local = everywhere[place]["capability_local"]
        found.append(local * own[place] + (1 - local) * of_grid)
    return found


class _Job:
    """What hangs on one repair, by what it is once that is done [share]; the step of that, and what it leaves slow."""

    def __init__(self, done: int, rest: float) -> None:
        self.done, self.rest, self.is_done = done, rest, False
        self.served = self.fast = self.slow = 0.0

    def held(self) -> float:
        return self.served + self.fast + self.slow

    def take(self, served: float, fast: float, slow: float) -> None:
        """Get hold of shares that would otherwise be served, fast damage or slow damage."""
        self.served += served * (1 - self.rest)
        self.fast += fast * (1 - self.rest)
        self.slow += slow + (served + fast) * self.rest

    def hit(self, levels: tuple[float, float], by_job: list[tuple[_Job, float]]) -> None:
        """Be hit by another event, of which single jobs get hold of a share: the later of two jobs is waited for."""
        hit, hit_slow = levels
        held = sum(share for _, share in by_job)
        before, self.served, self.fast, self.slow = (self.served, self.fast, self.slow), 0.0, 0.0, 0.0
        served, fast, slow = before
        self.served += served * (1 - hit)
        self.fast += served * (hit - hit_slow) + fast * (1 - hit_slow)
        self.slow += (served + fast) * (hit_slow - held) + slow * (1 - held)
        for job, share in by_job:
            later = job if job.done > self.done else self
            rest = job.rest
            kept = served * (1 - rest) * share, fast * (1 - rest) * share
            later.served += kept[0]
            later.fast += kept[1]
            later.slow += sum(before) * share - sum(kept)


class _System:
    """One system's damage by class, the loss of its supply, and its own parameters."""

    def __init__(self, plan: Plan, p: Mapping[str, Any], name: str, index: int, *, front: bool) -> None:
        self.name, self.step_h = name, plan.step_h
        out, slow = p[f"initial_out_{name}"], p[f"slow_share_{name}"][0]
        self.fast, self.slow = out * (1 - slow), out * slow
        self.jobs = [_jobs_of(event, number, p, name, plan.step_h) for number, event in enumerate(plan.events)]
        self.restored, self.felt, self.missing = 0.0, 0.0, 0.0
        self.usual_rates = p[f"repair_rate_{name}"]
        self.rates = [rate * p["repair_rate_place"] for rate in self.usual_rates]
        self.slow_ratios = p[f"slow_ratio_{name}"]
        self.split_size, self.customers = p["job_split_size"], p["customers"][name]
        self.job_share, self.job_split = p[f"job_share_{name}"], p[f"job_split_{name}"]
        self.crew_limit = p[f"crew_limit_{name}"]
        sd = restoration.FAULT_NOISE_SD
        chronic = p[f"chronic_share_{name}"] * (p["front_factor"] if front else 1.0)
        self.chronic = [chronic * math.exp(sd * block[index] - sd * sd / 2) for block in p["fault_noise"]]
        self.rate_factors = _rate_factors([block[index] for block in p["rate_noise"]], plan.first_kind)
        if name != "power":
            self.dependence = p[f"{name}_dependence"]
            self.keep = math.exp(-plan.step_h / p[f"{name}_buffer_h"])

    def damaged(self) -> float:
        return self.fast + self.slow + self.held()

    def held(self) -> float:
        """Return the share that hangs on jobs not yet done."""
        return sum(job.held() for jobs in self.jobs for job in jobs)

    def lost(self) -> float:
        """Return the share whose supply is lost by damage, by what it needs or because it is missing."""
        return 1 - (1 - self.damaged()) * (1 - self.felt) * (1 - self.missing)

    def hit(self, event: int, share: float, small_slow: float, small_lost: float, part: float) -> None:
        """Union at each level: what is served, served or fast, and not held, each shrinks by what is hit."""
        large, split = self.job_share[event], self.job_split[event]
        slow, lost = large + (1 - large) * small_slow, (1 - large) * small_slow * small_lost
        hit, hit_slow, hit_held = (1 - (1 - share * level) ** part for level in (1.0, slow, large + lost))
        split = _sigmoid(_logit(split) - self.split_size * math.log(max(share * self.customers, 1) / TYPICAL_SIZE))
        parts = [large * split * (1 - split) ** number for number in range(LARGE_JOBS - 1)]
        parts = [amount / max(large + lost, 1e-30) for amount in (*parts, large - sum(parts), lost)]
        by_job = [(job, amount * hit_held) for job, amount in zip(self.jobs[event], parts, strict=True)]
        for job in (job for number, jobs in enumerate(self.jobs) if number != event for job in jobs if not job.is_done):
            job.hit((hit, hit_slow), by_job)
        served = 1 - self.damaged()
        for job, amount in by_job:
            job.take(served * amount, self.fast * amount, self.slow * amount)
        self.slow = self.slow * (1 - hit_held) + (served + self.fast) * (hit_slow - hit_held)
        self.fast = self.fast * (1 - hit_slow) + served * (hit - hit_slow)

    def finish(self, step: int) -> None:
        """Bring back what hangs on the jobs done in a step, but for what is left to the crews."""
        for job in (job for jobs in self.jobs for job in jobs if not job.is_done and job.done <= step):
            self.fast += job.fast
            self.slow += job.slow
            self.restored += job.served
            job.served = job.fast = job.slow = 0.0
            job.is_done = True

    def repair(self, regime: int, block: int, work: float) -> None:
        """Repair for some hours of full-rate work, while new faults appear in what was served."""
        out = self.damaged()
        hours = work / (1 + out / self.crew_limit)
        rate = self.rates[regime] * self.rate_factors[block]
        left = math.exp(-rate * self.slow_ratios[regime] * self.step_h)
        slow_step = 1 - max(left, float(restoration.LEAST_LEFT_IN_A_STEP))
        self.slow *= 1 - hours / self.step_h * slow_step
        self.fast *= math.exp(-rate * hours)
        self.restored += out - self.damaged()
        new = self.chronic[block] * self.usual_rates[regime] * self.step_h
        self.fast += (1 - out) * new / (1 + new)

    def depend(self, lack: float) -> None:
        """Let what is felt of a lack of power follow it."""
        target = self.dependence * lack
        self.felt = target + (self.felt - target) * self.keep


def _jobs_of(event: EventPlan, index: int, p: Mapping[str, Any], name: str, step_h: float) -> list[_Job]:
    """Large jobs of an event in a place, and one of what small faults leave lost; none before it has hit all."""
    over_h = event.start_h + _length(event, p["event_length"][index])
    alone = [p[f"job_h_{name}"][index] * factor for factor in p[f"job_factor_{name}"][index]]
    large = [hours + (event.spares_late_h if hours >= NEEDS_SPARES_H else 0.0) for hours in alone]
    rest = p[f"job_rest_{name}"][index]
    hours = [*((hours, rest) for hours in large), (p[f"lost_h_{name}"][index], 0.0)]
    last_hit = math.ceil(over_h / step_h - 1e-9) - 1
    return [_Job(max(int((event.repair_h + after) / step_h), last_hit), left) for after, left in hours]


class _Place:
    """One member's state in one place."""

    def __init__(self, plan: Plan, p: dict[str, Any], place: int, capability_hits: list[float]) -> None:
        self.plan, self.p, self.place, self.capability_hits = plan, p, place, capability_hits
        self.grid = 0 if plan.grid is None else int(plan.grid[place])
        self.night = plan.night[:, place].tolist()
        self.demand = plan.demand[:, place].tolist()
        self.hold = round(WEATHER_H / plan.step_h)
        self.outdoor = self._weather()
        front = plan.front is not None and bool(plan.front[place])
        self.systems = {name: _System(plan, p, name, index, front=front) for index, name in enumerate(plan.systems)}
        self.power = self.systems["power"]
        self.dependents = [system for name, system in self.systems.items() if name != "power"]
        self._miss(0)
        self.capability_keep = math.exp(-plan.step_h * p["capability_repair_rate"])
        fade = plan.step_h / p["pickup_h"]
        self.pickup_keep, self.pickup_gain = math.exp(-fade), (1 - math.exp(-fade)) / fade
        self.short = plan.short is not None and bool(plan.short[self.grid])
        lost = _logit(p["capability_lost_short" if self.short else "capability_lost_before"][self.grid])
        lost += p["capability_lost_place"]
        self.capability_lost, self.shed, self.unserved = _sigmoid(lost), 0.0, 0.0
        refeed = plan.step_h / p["plant_refeed_h"]
        self.cut, self.cut_keep, self.short_of_all = 0.0, math.exp(-refeed), 0.0
        self.connected_before, self.reconnected = 1 - self.power.damaged(), 0.0
        self.drained = self.waiting = self.heat_restored = 0.0
        if "heat" in self.systems:
            self.lost_before = self.out_before = self.systems["heat"].lost()
        self._balance(0)
        self.lack = self._lack()

    def _weather(self) -> list[float]:
        """Outdoor temperature of each step: its mean over the span of some hours that the step lies in."""
        mean, sd = self.plan.temperature[:, self.place].tolist(), self.plan.temperature_sd[:, self.place].tolist()
        found = []
        for step in range(self.plan.steps):
            first = step - step % self.hold
            span = slice(first, first + self.hold + 1)
            both = [sum(values[span]) / len(values[span]) for values in (mean, sd)]
            found.append(both[0] + self.p["temperature_offset"] * both[1])
        return found

    def step(self, step: int) -> None:
        """One step: hit, repair, balance, spread, freeze."""
        begin, end = step * self.plan.step_h, (step + 1) * self.plan.step_h
        self.cut *= self.cut_keep
        after = 0.5
        for index, event in enumerate(self.plan.events):
            acts = event.start_h < end - 1e-9 and (begin <= event.start_h or begin < self._latest(event) - 1e-9)
            if acts:
                length = _length(event, self.p["event_length"][index])
                part = _part(event, length, self.p["onset_shape"][index], begin, end)
                self.capability_lost = 1 - (1 - self.capability_lost) * (1 - self.capability_hits[index]) ** part
            if acts and event.hits[self.place]:
                self._hit(event, index, part)
                middle = (max(begin, event.start_h) + max(min(end, event.end_h), begin)) / 2
                after = (end - middle) / self.plan.step_h
        if "heat" in self.systems:
            self.out_before = self._heat_out()
        begun = self._begun(step)
        regime = begun[-1] + 1 if begun else 0
        since = self._since(step)
        work = self._work(step, begun)
        block = int((begin + end) / 2 / restoration.RATE_NOISE_BLOCK_H)
        for system in self.systems.values():
            system.finish(step)
            system.repair(regime, block, work)
        self._count_restored()
        self.cut = min(self.cut, self.power.damaged())
        self._balance(step + 1)
        before, self.lack = self.lack, self._lack()
        for system in self.dependents:
            system.depend(before + (self.lack - before) * (after if self.lack > before else 0.5))
        self._miss(step + 1)
        self._count_restored()
        if "heat" in self.systems and ((step + 1) % self.hold == 0 or step + 1 == self.plan.steps):
            steps = step % self.hold + 1
            first = step + 1 - steps
            since = (self._since(first + (steps - 1) // 2) + self._since(first + steps // 2)) / 2
            self._circuits(steps * self.plan.step_h, self.outdoor[step], since)
        self._count_restored()

    def _count_restored(self) -> None:
        """Count by how much what is without heat has fallen."""
        if "heat" in self.systems:
            out = self._heat_out()
            self.heat_restored += max(0.0, self.out_before - out)
            self.out_before = out

    def _miss(self, time: int) -> None:
        """Set what is missing of each system's supply for a known reason."""
        for name, shares in self.plan.missing.items():
            self.systems[name].missing = float(shares[time, self.place])

    def _lack(self) -> float:
        """Share of dependent plants without power."""
        spared = min(self.short_of_all, self.p["shed_limit"]) * self.p["protected_share"]
        return self.cut + (1 - self.cut) * (self.short_of_all - spared)

    def _hit(self, event: EventPlan, index: int, part: float) -> None:
        p, grid = self.p, event.kind == "grid_failure"
        for name, system in self.systems.items():
            share = _severity(event, index, p, f"severity_{name}")
            if name == "power" and event.kind == "attack" and self.short:
                share = _sigmoid(_logit(share) + p["severity_short"])
            broken = event.kind in SYSTEMS[name].hit.kinds if event.systems is None else name in event.systems
            if not broken:
                share = 0.0
            elif grid:
                share = 1 - (1 - share) ** p["cascade"][index]
            small = p[f"slow_share_{name}"][index + 1], p[f"lost_share_{name}"][index + 1]
            system.hit(index, share, *small, part)
            if name == "power":
                self.cut = 1 - (1 - self.cut) * (1 - (1 - (1 - share) ** part) * math.sqrt(self.cut_keep))

    @staticmethod
    def _latest(event: EventPlan) -> float:
        """Hour at which an event is over at the latest."""
        return event.start_h + event.lengths_h[1]

    def _begun(self, step: int) -> list[int]:
        """Events that have begun to hit the place before the end of a step."""
        end = (step + 1) * self.plan.step_h
        return [
            index
            for index, event in enumerate(self.plan.events)
            if event.hits[self.place] and event.start_h < end - 1e-9
        ]

    def _after(self, step: int) -> float:
        """Hours at the end of a step since crews could work after all events that have begun here."""
        clear = max((self.plan.events[index].repair_h for index in self._begun(step)), default=-math.inf)
        return max((step + 1) * self.plan.step_h - clear, 0.0)

    def _since(self, step: int) -> float:
        """Hours in the middle of that part of a step that lies after the end of all events that have begun here."""
        after = self._after(step)
        return after - min(after, self.plan.step_h) / 2

    def _crews(self, index: int, step: int) -> float:
        """Share of the crews at work after an event: those of other events may be fewer."""
        event = self.plan.events[index]
        sharpness = EVENT_KINDS[event.kind].ramp_sharpness
        part = min(self._after(step), self.plan.step_h)
        since = max((step + 1) * self.plan.step_h - event.repair_h, 0.0) - part / 2
        return since**sharpness / (since**sharpness + self.p["start_lag_h"][index] ** sharpness)

    def _work(self, step: int, begun: list[int]) -> float:
        """Hours of full-rate work in a step; crews wait for the end of all events that have begun here."""
        p, crews = self.p, 1.0
        if begun:
            crews = min(self._crews(index, step) for index in begun)
        cold = math.exp(-p["cold_slowing"] * max(0.0, -self.outdoor[step]))
        night = p["night_factor"] if self.night[step] else 1.0
        return min(self.plan.step_h, self._after(step)) * crews * cold * night

    def _balance(self, time: int) -> None:
        """Share shed of what is asked for at a time on the step grid, a step after the last."""
        if not self.plan.balance:
            return
        p, connected = self.p, 1 - self.power.damaged()
        back = connected - self.connected_before
        self.reconnected = self.reconnected * self.pickup_keep + back * self.pickup_gain
        self.connected_before = connected
        asked = connected + p["pickup_excess"] * max(0.0, self.reconnected)
        cold = max(0.0, supply.COLD_DEMAND_FROM_C - self.outdoor[max(time - 1, 0)])
        each = self.demand[time] * (1 + p["cold_demand"] * cold)
        asked *= each
        self.capability_lost *= self.capability_keep
        can = p["capability_margin"][self.grid] * (1 - self.capability_lost)
        if "power" in self.plan.missing:
            can *= 1 - float(self.plan.missing["power"][time, self.place])
        short = max(0.0, 1 - can / max(asked, supply.LEAST_ASKED))
        self.short_of_all = max(0.0, 1 - can / each)
        self.shed = min(p["shed_limit"], short)
        self.unserved = short - self.shed

    def _circuits(self, hours: float, outdoor: float, since: float) -> None:
        """Drained circuits lose or regain supply with all others; then some drain, some burst and some are refilled."""
        p, heat = self.p, self.systems["heat"]
        lost, before = heat.lost(), self.lost_before
        difference = self.drained - self.waiting
        if lost < before:
            self.waiting += difference * (before - lost) / (1 - lost)
        elif lost > before:
            self.drained -= difference * (lost - before) / lost
        self.lost_before = lost
        frost = max(0.0, thermal.DRAINING_BELOW_C - outdoor) / thermal.FROST_SCALE_K
        decided = 1 - math.exp(-since / p["drain_lag_h"])
        mixed = (1 - thermal.COLD_DRIVEN_SHARE) * frost * decided + thermal.COLD_DRIVEN_SHARE * frost**3
        drain = p["drain_rate"] * mixed
        burst = p["burst_rate"] * frost**3
        full = 1 - self.drained
        bursts = full * (1 - math.exp(-burst * hours))
        self.drained = 1 - full * math.exp(-(drain + burst) * hours)
        self.waiting *= math.exp(-hours / p["refill_h"])
        cut_off = (heat.lost() - heat.damaged()) * bursts
        heat.slow += cut_off + heat.fast * bursts
        heat.fast -= heat.fast * bursts

    def _heat_out(self) -> float:
        """Share without supply or drained: supply that has returned since circuits last acted came to both alike."""
        lost = self.systems["heat"].lost()
        returned = max(0.0, self.lost_before - lost)
        return lost + (1 - lost) * self.waiting + returned * (self.drained - self.waiting)

    def record(self, states: dict[str, list[float]]) -> None:
        damaged = self.power.damaged()
        states["power_out"].append(damaged + (1 - damaged) * self.shed)
        states["power_damaged"].append(damaged)
        states["shed"].append(self.shed)
        states["unserved"].append(self.unserved)
        states["power_restored"].append(self.power.restored)
        for name, state in (("water", "water_out"), ("gas", "gas_out")):
            if name in self.systems:
                states[state].append(self.systems[name].lost())
        if "heat" in self.systems:
            states["heat_out"].append(self._heat_out())
            states["heat_drained"].append(self.lost_before * self.drained + (1 - self.lost_before) * self.waiting)
            states["heat_restored"].append(self.heat_restored)


def _autoregressive(white: list[float], keep: float) -> list[float]:
    noise = white[:1]
    for value in white[1:]:
        noise.append(keep * noise[-1] + math.sqrt(1 - keep * keep) * value)
    return noise


def _rate_factors(white: list[float], kind: EventKind) -> list[float]:
    """Lognormal with unit mean, a block of hours each."""
    sd, keep = kind.rate_noise_sd, kind.rate_noise_memory
    return [math.exp(sd * x - sd * sd / 2) for x in _autoregressive(white, keep)]
