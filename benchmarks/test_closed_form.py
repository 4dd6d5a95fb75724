"""What states at report times cost: hourly steps, coarser steps, and the closed form, at what error."""

from __future__ import annotations

import numpy as np
import pytest

import energy_impact as ei
from energy_impact.model.arrays import Workspace
from energy_impact.model.blocks import draw_normal
from energy_impact.model.noise import autoregressive, unit_mean_factor
from energy_impact.model.restoration import Crews, noise_block
from energy_impact.model.severity import severities
from energy_impact.model.simulate import simulate
from energy_impact.prepare import prepare
from tests.closed_form import shares_after

MEMBERS, HOURS, REPORTS = 2048, 120, (6, 24, 72)


def storm(step_h):
    """A storm that hits a utility at once, in calm weather; all is small faults, and nothing breaks after it."""
    place = ei.Place("Utility", power_customers=1e6)
    event = ei.Event("2026-03-01T00:00Z", kind="storm")
    none = {f"{name}_power": {"median": 1e-9, "spread": 0.0} for name in ("chronic_share", "initial_out", "job_share")}
    none["lost_h_power"] = {"median": 1e6, "spread": 0.0}
    return prepare(ei.Scenario("2026-03-01T00:00Z", HOURS, place, step_h=step_h, events=[event], priors=none))


def stepped(prepared, values):
    """Share out at the reports by steps."""
    record = np.round(np.array(REPORTS) / prepared.plan.step_h).astype(int)
    return simulate(prepared.plan, values, record=record, keep=("power_out",))["power_out"][:, 0]


def closed(prepared, values):
    """Share out at the reports in closed form, from the hours of work up to each."""
    plan = prepared.plan
    crews = Crews(plan, values, Workspace((1, MEMBERS)))
    kind = plan.first_kind
    noise = autoregressive(values["rate_noise"][:, 0], kind.rate_noise_memory)
    pace = unit_mean_factor(noise, kind.rate_noise_sd) * values["repair_rate_place"]
    work, done = np.zeros((1, MEMBERS), np.float32), np.empty((1, MEMBERS), np.float32)
    reached = []
    for step in range(max(REPORTS)):
        crews.hours(step, done)
        work += done * pace[noise_block(plan, step)]
        if step + 1 in REPORTS:
            reached.append(work[0].copy())
    hit = severities(plan, values, "severity_power")[0][0]
    slow = hit * values["slow_share_power"][1]
    lost = slow * values["lost_share_power"][1]
    rates = values["repair_rate_power"][1] * np.stack([np.ones(MEMBERS), values["slow_ratio_power"][1]])
    left = shares_after(
        np.array(reached), np.stack([hit - slow, slow - lost]), rates, crew_limit=values["crew_limit_power"], lost=lost
    )
    return np.sum(left, axis=0) + lost


@pytest.mark.benchmark(group="closed form")
def test_closed_form(benchmark, least, report):
    hourly, fine = storm(1.0), storm(1 / 6)
    normal = draw_normal(hourly.layout, MEMBERS, np.random.default_rng(1))
    values = hourly.layout.values(normal)
    truth = stepped(fine, values)
    found = benchmark.pedantic(lambda: closed(hourly, values), rounds=10, warmup_rounds=1)
    errors = {"hourly steps": np.abs(stepped(hourly, values) - truth), "closed form": np.abs(found - truth)}
    assert max(np.quantile(error, 0.99) for error in errors.values()) < 0.02
    if benchmark.stats is None:
        return
    in_steps = least(lambda: stepped(hourly, values), 10)
    ratio = in_steps / benchmark.stats.stats.min
    report("hourly_steps_over_closed_form", ratio, f"{ratio:.1f} ({in_steps * 1e3:.1f} ms in hourly steps)")
    for name, error in errors.items():
        low, high = 100 * np.quantile(error, [0.5, 0.99])
        key = name.replace(" ", "_") + "_error_percent"
        report(key, high, f"{name}: {low:.3f} % of the stock in the median member, {high:.2f} % in one of a hundred")
