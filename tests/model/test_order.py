"""States keep their order and their bounds under whatever numbers a fit needs, not only under draws of the prior."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from energy_impact.model.blocks import draw_normal
from energy_impact.model.counting import counted
from energy_impact.model.simulate import simulate
from energy_impact.systems import STATES, SYSTEMS

COLD = {name: state.below_c for name, state in STATES.items() if state.below_c is not None}
THRESHOLDS = sorted(COLD, key=COLD.__getitem__)
ORDERED = [*pairwise(THRESHOLDS), *((system.out, system.most_out) for system in SYSTEMS.values())]
"""Pairs of states of which the first is never above the second."""
GROWING = [system.restored for system in SYSTEMS.values() if system.restored]
ROUNDING = 3e-6


@pytest.fixture
def run(make_plan, make_event, make_layout):
    def run(seed, spread, temperature, steps=60):
        rng = np.random.default_rng(seed)
        events = [make_event(kind=kind, start_h=start) for kind, start in (("attack", 3.0), ("storm", 30.0))]
        plan = make_plan(steps=steps, events=events, temperature=temperature, temperature_sd=4.0, balance=True)
        layout = make_layout(plan)
        normal = draw_normal(layout, 16, rng) * np.float32(spread)
        normal[rng.integers(len(normal), size=40)] = rng.choice([-12.0, 12.0], size=(40, 16)).astype(np.float32)
        values = layout.values(normal)
        record = np.arange(plan.steps + 1)
        names = set(THRESHOLDS) | {name for pair in ORDERED for name in pair} | set(GROWING)
        return counted(plan, values, simulate(plan, values, record=record, keep=names), record)

    return run


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10**6), spread=st.floats(0.5, 9.0), temperature=st.floats(-25, 12))
@example(seed=246, spread=7.0, temperature=0.0)
def test_states_keep_order_and_bounds_under_arbitrary_deviations(run, seed, spread, temperature):
    states = run(seed, spread, temperature)
    for name, share in states.items():
        assert np.isfinite(share).all(), name
        assert share.min() >= 0, name
        if name not in GROWING:
            assert share.max() <= 1 + ROUNDING, name
    for low, high in ORDERED:
        assert (states[low] <= states[high] + ROUNDING).all(), (low, high)
    for name in GROWING:
        assert (np.diff(states[name], axis=0) >= -ROUNDING * np.maximum(states[name][1:], 1)).all(), name
