import numpy as np
import pytest

from energy_impact.model.supply import daily_demand, shed_share


def shed(plan, values, *, temperature=5.0, damaged=0.0, lost=0.0):
    shape = (plan.places, values["shed_limit"].shape[-1])
    full = [np.full(shape, number, np.float32) for number in (temperature, damaged, lost)]
    return shed_share(plan, values, 0, *full, np.empty(shape, np.float32))


@pytest.fixture
def setup(make_plan, make_values):
    plan = make_plan()
    fixed = {"capability_margin": 1.0, "shed_limit": 0.8, "cold_demand": 0.012}
    return plan, make_values(plan, members=4, fixed=fixed)


def test_the_january_anchor_of_18_gw_asked_for_and_11_gw_there_sheds_seven_eighteenths(setup):
    assert shed(*setup, lost=1 - 11 / 18) == pytest.approx(7 / 18, abs=1e-6)


def test_enough_supply_sheds_nothing(setup):
    assert np.all(shed(*setup) == 0)


def test_cold_raises_demand(setup):
    # at -13 degC: 1 + 0.012 x 18 = 1.216, so 1 - 1/1.216 is short
    assert shed(*setup, temperature=-13.0) == pytest.approx(1 - 1 / 1.216, abs=1e-5)


def test_customers_cut_off_by_damage_ask_for_nothing(setup):
    assert np.all(shed(*setup, damaged=0.5, lost=0.4) == 0)


def test_shedding_stops_at_its_limit(setup):
    assert shed(*setup, lost=0.99) == pytest.approx(0.8)


def test_demand_peaks_in_the_evening_at_one():
    hours = np.arange(24)
    demand = daily_demand(hours)
    assert hours[np.argmax(demand)] == 18
    assert demand.max() == pytest.approx(1.0)
    assert demand.min() == pytest.approx(0.70)
