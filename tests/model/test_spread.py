import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from energy_impact.model.spread import drain_buffer, power_lack, supply_lost

shares = st.floats(0, 1, width=32)


def test_a_buffer_of_three_hours_has_let_through_63_percent_after_three_hours():
    buffered, lack = np.zeros((1, 1), np.float32), np.ones((1, 1), np.float32)
    for _ in range(3):
        drain_buffer(buffered, lack, np.exp(np.float32([-1 / 3])))
    assert buffered.item() == pytest.approx(1 - np.exp(-1), abs=1e-6)


@given(shares, shares, shares)
def test_lost_supply_is_the_union_of_both_causes_and_never_above_one(damaged, buffered, dependence):
    arrays = [np.full((1, 1), number, np.float32) for number in (damaged, buffered)]
    lost = supply_lost(*arrays, np.float32([dependence]), np.empty((1, 1), np.float32)).item()
    assert lost == pytest.approx(1 - (1 - damaged) * (1 - buffered * dependence), abs=1e-6)
    assert 0 <= lost <= 1 + 1e-6


def test_protected_plants_feel_damage_but_not_shedding():
    half = np.full((1, 1), 0.5, np.float32)
    assert power_lack(half, half, np.float32([1.0])).item() == pytest.approx(0.5)
    assert power_lack(half, half, np.float32([0.0])).item() == pytest.approx(0.75)
