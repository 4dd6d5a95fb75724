"""What happens between two steps."""

import numpy as np
import pytest

from tests.model.test_simulate import CALM, OUTAGES, run

POWER_FAILS = CALM | {
    "severity_water": 0.0,
    "severity_power": 0.4,
    "severity_common": 0.0,
    "severity_power_place": 0.0,
    "water_dependence": 1.0,
    "water_buffer_h": 3.0,
    "repair_rate_power": 0.0,
    "plant_refeed_h": np.inf,
}
"""Only power is hit and not repaired, no plant is fed again, and water lacks power after some hours."""


@pytest.mark.parametrize("name", [*OUTAGES, "heat_restored", "power_restored", "shed"])
def test_halving_the_step_halves_the_error(name, make_plan, make_event, make_values):
    """Against steps of 2.5 minutes; weather and circuits act every three hours at any step."""
    event = make_event(start_h=6.0, duration_h=6.0)
    found = {}
    for each in (1, 2, 4, 24):
        plan = make_plan(steps=96 * each, step_h=1 / each, events=[event], temperature=-15.0, balance=True)
        found[each] = run(plan, make_values(plan), keep=(name,))[name][::each].astype(float)
    error = {each: np.abs(found[each] - found[24])[13:].mean() for each in (1, 2, 4)}
    assert error[2] < 0.6 * error[1]
    assert error[4] < 0.6 * error[2]
    assert error[1] < 0.01


@pytest.mark.parametrize(("start_h", "duration_h", "after"), [(10.0, 0.0, 1), (10.75, 0.0, 0.25), (10.0, 1.0, 0.5)])
def test_power_lost_within_a_step_is_lacked_from_then_on(
    start_h, duration_h, after, make_plan, make_event, make_values
):
    plan = make_plan(steps=12, events=[make_event("storm", start_h=start_h, duration_h=duration_h)])
    water = run(plan, make_values(plan, fixed=POWER_FAILS, quiet=True), ("water_out",))["water_out"]
    assert np.all(water[10] == 0)
    first = 0.4 * after * (1 - np.exp(-1 / 3))
    assert water[11] == pytest.approx(first, rel=1e-5)
    assert water[12] == pytest.approx(0.4 + (first - 0.4) * np.exp(-1 / 3), rel=1e-5)


def test_where_two_events_fall_into_a_step_all_is_lacked_from_the_last_one_on(make_plan, make_event, make_values):
    plan = make_plan(steps=12, events=[make_event("storm", start_h=start_h) for start_h in (10.25, 10.75)])
    water = run(plan, make_values(plan, fixed=POWER_FAILS, quiet=True), ("water_out",))["water_out"]
    # by both together 1 - 0.6 x 0.6 = 0.64 is lost
    assert water[11] == pytest.approx(0.64 * 0.25 * (1 - np.exp(-1 / 3)), rel=1e-5)


@pytest.mark.parametrize("start_h", [1.0, 1.75])
def test_the_cut_share_over_a_day_is_the_mean_of_the_hours(start_h, make_plan, make_event, make_values):
    plan = make_plan(steps=48, events=[make_event(start_h=start_h)], balance=True)
    states = run(plan, make_values(plan), keep=("shed", "shed_day"))
    hours = (states["shed"][:-1] + states["shed"][1:]) / 2
    after = 2 - start_h  # the part of that hour after the attack
    hours[1] = (1 - after) * states["shed"][1] + after * states["shed"][2]
    np.testing.assert_allclose(states["shed_day"][40], hours[16:40].mean(0), rtol=1e-5, atol=1e-7)
    np.testing.assert_allclose(states["shed_day"][5], hours[:5].mean(0), rtol=1e-5, atol=1e-7)
