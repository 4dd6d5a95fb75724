import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from energy_impact.model.counting import counted, level_noise, shift_odds


def test_level_noise_is_stationary_and_forgets_over_two_days(make_plan, make_values):
    plan = make_plan(steps=240)
    noise = level_noise(make_values(plan, members=20_000), 0)[:, 0]
    assert noise.std(1) == pytest.approx(np.ones(len(noise)), rel=0.03)
    assert np.corrcoef(noise[2], noise[3])[0, 1] == pytest.approx(np.exp(-12 / 48), abs=0.02)


def shares(plan, values, share, record):
    shape = (len(record), plan.places, values["level_noise"].shape[-1])
    names = ("power_out", "heat_out", "heat_drained", "shed")
    return {name: np.full(shape, share, np.float32) for name in names}


def test_odds_are_multiplied_and_the_ends_stay(make_plan, make_values):
    plan = make_plan()
    record = np.array([0, 6, 12])
    values = make_values(plan, members=200)
    for end in (0.0, 1.0):
        found = counted(plan, values, shares(plan, values, end, record), record)
        assert np.all(found["heat_out"] == end)
    found = counted(plan, values, shares(plan, values, 0.2, record), record)["heat_out"]
    noise = level_noise(values, 1)
    # worked by hand: 0.2 is odds of 1 to 4; its scatter is 0.4 + 0.6 x 0.002 / 0.202
    odds = 0.25 * np.exp(np.array([noise[0], (noise[0] + noise[1]) / 2, noise[1]]) * (0.4 + 0.0012 / 0.202))
    np.testing.assert_allclose(found, odds / (1 + odds), rtol=1e-5)


def test_counts_after_attacks_scatter_more_than_those_of_a_utility(make_plan, make_event):
    attack, storm = (make_plan(events=(make_event(kind=kind),)) for kind in ("attack", "storm"))
    assert attack.first_kind.level_noise_sd > storm.first_kind.level_noise_sd
    assert make_plan(events=attack.events + storm.events).first_kind == attack.first_kind


def test_small_counts_scatter_up_to_five_times_as_much():
    noise = np.float32([1.0])
    small, half, large = (shift_odds(np.float32([share]), noise, 0.2).item() for share in (1e-6, 0.002, 0.5))
    assert np.log(small / 1e-6) == pytest.approx(1.0, abs=0.001)
    assert np.log(half / (1 - half) * 0.998 / 0.002) == pytest.approx(0.6, abs=1e-4)
    assert np.log(large / (1 - large)) == pytest.approx(0.2 + 0.8 * 0.002 / 0.502, abs=1e-4)


@given(st.floats(0, 1, width=32), st.floats(0, 1, width=32), st.floats(-60, 60, width=32), st.sampled_from([0.2, 0.4]))
def test_shares_keep_their_order_whatever_the_deviation(one, two, noise, sd):
    low, high = sorted((one, two))
    moved = shift_odds(np.float32([low, high]), np.float32([noise, noise]), sd)
    assert moved[1] >= moved[0] - 2e-7
    assert moved.max() <= 1
