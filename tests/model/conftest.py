"""Damage of one system that is repaired by itself."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from energy_impact.event_kinds import NO_EVENT
from energy_impact.model.arrays import Workspace
from energy_impact.model.restoration import FAULT_NOISE_SD, Damage

LEVEL = {"rate_noise": NO_EVENT.rate_noise_sd / 2, "fault_noise": FAULT_NOISE_SD / 2}
"""Noise whose factor is one; that of the rates in the first day only."""
ALONE = {"slow_share_power": 0.0, "chronic_share_power": 0.0, "repair_rate_place": 1.0}


@pytest.fixture
def make_damage(make_plan, make_values):
    """Damage of power in one member, without faults or slow class unless given; `held` hangs on jobs never done."""

    def make(out, *, step_h=1.0, held=0.0, crews=None, weights=None, front=None, events=(), steps=None, **fixed):
        places = np.size(out)
        plan = make_plan(steps=steps or round(24 / step_h), step_h=step_h, places=places, events=events)
        plan = replace(plan, crews=crews, crew_weights=weights, front=front)
        initial = {"initial_out_power": np.reshape(out, (places, 1))}
        values = make_values(plan, members=1, fixed=LEVEL | ALONE | initial | fixed)
        damage = Damage(plan, values, ("power",), Workspace((places, 1)), follow_restored=True)
        damage.held[...] = held
        damage._rest()
        return damage

    return make
