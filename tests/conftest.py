"""Small plans and draws that several test modules share."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, settings

from energy_impact.model.blocks import draw_normal
from energy_impact.model.counting import knots
from energy_impact.model.jobs import LARGE_JOBS
from energy_impact.model.layout import build_layout
from energy_impact.model.parameters import NOISE, STOCK_PARAMETERS
from energy_impact.model.plan import EventPlan, Plan
from energy_impact.model.restoration import noise_blocks
from energy_impact.systems import SYSTEMS

# a shared machine may halt in the middle of an example
settings.register_profile("no deadline", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("no deadline")


def _in_the_current_folder() -> set[str]:
    return {entry.name for entry in Path().iterdir() if not entry.name.startswith(".")}


@pytest.fixture(autouse=True)
def nothing_is_left_in_the_current_folder():
    before = _in_the_current_folder()
    yield
    assert not _in_the_current_folder() - before - {"build", "dist", "out"}, "a test wrote into the current folder"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of validation data beside the checkout; tests that need it skip without it."""
    folder = Path(__file__).resolve().parents[2] / "shared"
    if not folder.is_dir():
        pytest.skip("validation data (../shared) is not here")
    return folder


@pytest.fixture
def make_plan():
    def make(
        *,
        steps=96,
        step_h=1.0,
        places=1,
        systems=tuple(SYSTEMS),
        events=(),
        temperature=0.0,
        temperature_sd=0.0,
        night=False,
        demand=1.0,
        balance=False,
    ):
        return Plan(
            steps=steps,
            step_h=step_h,
            places=places,
            systems=tuple(systems),
            events=tuple(events),
            night=np.full((steps, places), night),
            demand=np.full((steps + 1, places), demand, np.float32),
            temperature=np.full((steps + 1, places), temperature, np.float32),
            temperature_sd=np.full((steps + 1, places), temperature_sd, np.float32),
            balance=balance,
        )

    return make


@pytest.fixture
def make_event():
    def make(kind="attack", start_h=0.0, duration_h=0.0, places=1, **numbers):
        return EventPlan(kind, start_h, start_h + duration_h, np.ones(places, bool), **numbers)

    return make


@pytest.fixture
def make_layout():
    def make(plan, overrides=None, stock=(1000.0, 0.0)):
        sizes = {
            "system": len(plan.systems),
            "place": plan.places,
            "grid": int(plan.grids.max()) + 1,
            "block": noise_blocks(plan),
            "knot": knots(plan),
            "figure": 1,
            "source": 1,
            "truce": len(plan.truces),
            "job": LARGE_JOBS,
        }
        stocks = {name: [stock] * plan.places for name in STOCK_PARAMETERS}
        return build_layout(plan.kinds, plan.systems, sizes, stocks, overrides or {})

    return make


CROWD_ALONE = {"onset_shape": 1.0} | {system.parameters["job_share"]: 0.0 for system in SYSTEMS.values()}
"""All that is hit is small faults, and an event hits evenly over its length."""


@pytest.fixture
def make_values(make_layout):
    """Parameter draws; `quiet` switches the noise off, `fixed` sets parameters to one value everywhere.

    Nothing hangs on jobs and events hit evenly, unless `crowd_alone` is False or they are fixed otherwise.
    """

    def make(plan, members=64, *, seed=1, quiet=False, fixed=None, overrides=None, crowd_alone=True):
        layout = make_layout(plan, overrides)
        values = layout.values(draw_normal(layout, members, np.random.default_rng(seed)))
        if quiet:
            for name in NOISE:
                values[name][...] = 0
        alone = {name: value for name, value in CROWD_ALONE.items() if crowd_alone and name in values}
        for name, value in (alone | (fixed or {})).items():
            values[name][...] = value
        return values

    return make
