import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from energy_impact.model.thermal import draining_hazard, move_circuits

shares = st.floats(0, 1, width=32)


def cell(number):
    return np.full((1, 1), number, np.float32)


def test_nothing_is_drained_above_minus_three_degrees():
    temperature = np.float32([[-2.9, -3.0, -13.0, -23.0]])
    hazard = draining_hazard(temperature, np.float32([0.02]), np.empty((1, 4), np.float32))
    assert hazard[0] == pytest.approx([0, 0, 0.02, 0.04])


@given(shares, shares, shares, shares, shares)
def test_circuits_are_conserved(before, after, drained, drained_share, refilled_share):
    lost = cell(before)
    drained_lost, drained_supplied = cell(before * drained), cell((1 - before) * drained)
    move_circuits(lost, cell(after), drained_lost, drained_supplied, cell(drained_share), cell(refilled_share))
    full_lost = after - drained_lost.item()
    served = 1 - after - drained_supplied.item()
    for part in (drained_lost.item(), drained_supplied.item(), full_lost, served):
        assert -1e-6 <= part <= 1 + 1e-6


def test_supply_that_returns_leaves_drained_buildings_cold_until_they_are_refilled():
    drained_lost, drained_supplied = cell(0.2), cell(0.0)
    move_circuits(cell(0.4), cell(0.1), drained_lost, drained_supplied, cell(0.0), cell(0.0))
    assert drained_lost.item() == pytest.approx(0.05)  # a quarter of the supply is still lost
    assert drained_supplied.item() == pytest.approx(0.15)


def test_buildings_drained_and_lost_again_wait_again():
    drained_lost, drained_supplied = cell(0.0), cell(0.2)
    move_circuits(cell(0.0), cell(0.5), drained_lost, drained_supplied, cell(0.0), cell(0.0))
    assert drained_lost.item() == pytest.approx(0.1)
    assert drained_supplied.item() == pytest.approx(0.1)
