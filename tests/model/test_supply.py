import numpy as np
import pytest

from energy_impact.model.arrays import Workspace
from energy_impact.model.supply import Balance, daily_demand

FIXED = {
    "capability_lost_before": 0.0,
    "capability_margin": 1.0,
    "shed_limit": 0.8,
    "cold_demand": 0.012,
    "capability_repair_rate": 0.0,
    "pickup_excess": 2.0,
    "pickup_h": 2.0,
}


@pytest.fixture
def make_balance(make_plan, make_values):
    """A balance of four members with a share of capability lost, and what takes arrays of their shape."""

    def make(*, temperature=5.0, lost=0.0, connected=1.0, step_h=1.0, events=(), demand=1.0, **fixed):
        plan = make_plan(step_h=step_h, events=events, demand=demand)
        values = make_values(plan, members=4, fixed=FIXED | fixed)
        space = Workspace((1, 4))
        balance = Balance(plan, values, space.full(connected), space)
        balance.set_cold_demand(space.full(temperature))
        balance.lost += balance.margin * np.float32(lost)
        return balance, space.full

    return make


def shed_and_unserved(balance, full, connected=1.0, time=0, lacking=()):
    """Shares shed and unserved."""
    balance.update(time, full(connected), [full(share) for share in lacking])
    return balance.shed.copy(), balance.unserved


def test_the_january_anchor_of_18_gw_asked_for_and_11_gw_there_sheds_seven_eighteenths(make_balance):
    shed, unserved = shed_and_unserved(*make_balance(lost=1 - 11 / 18))
    assert shed == pytest.approx(7 / 18, abs=3e-7)
    assert np.all(unserved == 0)


def test_enough_supply_sheds_nothing(make_balance):
    shed, unserved = shed_and_unserved(*make_balance())
    assert np.all(shed == 0)
    assert np.all(unserved == 0)


def test_cold_raises_demand(make_balance):
    # at -13 degC: 1 + 0.012 x 18 = 1.216, so 1 - 1 / 1.216 is short
    assert shed_and_unserved(*make_balance(temperature=-13.0))[0] == pytest.approx(1 - 1 / 1.216, abs=3e-7)
    assert np.all(shed_and_unserved(*make_balance(temperature=30.0))[0] == 0)


def test_demand_follows_the_hour(make_balance):
    assert shed_and_unserved(*make_balance(demand=0.7, lost=0.5))[0] == pytest.approx(1 - 0.5 / 0.7, abs=3e-7)


def test_customers_cut_off_by_damage_ask_for_nothing(make_balance):
    assert np.all(shed_and_unserved(*make_balance(connected=0.5, lost=0.4), connected=0.5)[0] == 0)


def test_what_the_largest_permitted_shedding_leaves_uncovered_is_unserved(make_balance):
    shed, unserved = shed_and_unserved(*make_balance(lost=0.95))
    assert shed == pytest.approx(0.8)
    assert unserved == pytest.approx(0.15, abs=3e-7)


def test_where_nothing_is_asked_for_nothing_is_shed(make_balance):
    shed, unserved = shed_and_unserved(*make_balance(connected=0.0), connected=0.0)
    assert np.all(shed == 0)
    assert np.all(unserved == 0)


@pytest.mark.parametrize("step_h", [1.0, 0.5, 0.125])
def test_demand_of_the_reconnected_rises_by_the_factor_and_fades_by_e_in_the_pickup_time(step_h, make_balance):
    """Half of the customers come back evenly over a step; each then asks for 1 + 2 exp(-t / 2 h) of the usual."""
    balance, full = make_balance(connected=0.5, step_h=step_h, lost=0.2)
    for step in range(round(6 / step_h)):
        shed, unserved = shed_and_unserved(balance, full, time=step + 1)
        since = (step + np.linspace(0, 1, 1001)) * step_h
        asked = 0.5 + 0.5 * (1 + 2 * np.trapezoid(np.exp(-since / 2), dx=1 / 1000))
        assert shed + unserved == pytest.approx(max(0.0, 1 - 0.8 / asked), abs=5e-7)


def test_customers_lost_and_back_within_minutes_have_little_to_catch_up(make_balance):
    balance, full = make_balance(step_h=0.125, lost=0.2)
    shed_and_unserved(balance, full, connected=0.5, time=1)
    shed, _ = shed_and_unserved(balance, full, connected=1.0, time=2)
    # from one to a half and back, evenly: what came back less what was lost a step earlier
    evenly = np.trapezoid(np.exp(-np.linspace(0, 1, 1001) / 16), dx=1 / 1000)
    asked = 1 + 2 * 0.5 * evenly * (1 - np.exp(-1 / 16))
    assert shed == pytest.approx(1 - 0.8 / asked, abs=5e-7)


def test_without_reconnection_nobody_asks_for_more(make_balance):
    balance, full = make_balance(lost=0.2)
    for step, connected in enumerate((1.0, 0.9, 0.9, 0.6, 0.6)):
        shed, _ = shed_and_unserved(balance, full, connected=connected, time=step)
        assert shed == pytest.approx(max(0.0, 1 - 0.8 / connected), abs=5e-7)


def test_capability_that_lacks_heat_and_water_is_a_product_of_what_has_them(make_balance):
    shed, _ = shed_and_unserved(*make_balance(), lacking=(0.2, 0.5))
    assert shed == pytest.approx(1 - 0.8 * 0.5, abs=3e-7)


def test_two_hits_take_capability_as_a_union_and_it_returns_at_its_rate(make_balance, make_event):
    events = [make_event(start_h=1.0), make_event(start_h=2.0)]
    balance, full = make_balance(
        events=events,
        capability_hit=0.5,
        severity_common=0.0,
        capability_hit_place=0.0,
        capability_margin=2.0,
        capability_repair_rate=0.1,
    )
    balance.hit(0, 1.0)
    balance.hit(1, 0.5)
    assert balance.lost / 2 == pytest.approx(1 - 0.5 * np.sqrt(0.5), abs=1e-6)
    shed_and_unserved(balance, full)
    assert balance.lost / 2 == pytest.approx((1 - 0.5 * np.sqrt(0.5)) * np.exp(-0.1), abs=1e-6)


def test_demand_peaks_in_the_evening_at_one():
    hours = np.arange(24)
    demand = daily_demand(hours)
    assert hours[np.argmax(demand)] == 18
    assert demand.max() == pytest.approx(1.0)
    assert demand.min() == pytest.approx(0.70)


def test_what_is_shed_is_that_of_the_last_update_whatever_comes_before_it_is_read(make_balance, make_event):
    fixed = {"capability_hit": 0.5, "severity_common": 0.0, "capability_hit_place": 0.0}
    (early, full), (late, _) = (make_balance(lost=0.3, events=[make_event()], **fixed) for _ in range(2))
    for balance in (early, late):
        balance.update(0, full(0.9))
    shed, unserved = early.shed.copy(), early.unserved
    late.set_cold_demand(full(-20.0))
    late.hit(0, 1.0)
    np.testing.assert_array_equal(late.shed, shed)
    np.testing.assert_array_equal(late.unserved, unserved)
    late.update(1, full(0.9))
    assert np.all(late.shed > shed)
