import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from energy_impact.model.arrays import Workspace
from energy_impact.model.plan import Plan
from energy_impact.model.restoration import Damage
from energy_impact.model.thermal import Circuits, hazards

shares = st.floats(0, 1, width=32)


def cell(number):
    return np.full((1, 1), number, np.float32)


def build(supplied=1.0, *, steps=24, events=(), drain_rate=0.0, burst_rate=0.0, drain_lag_h=4.0, refill_h=1e9):
    """Circuits of one place and member that neither drain nor refill unless asked to."""
    row = np.zeros((steps, 1), np.float32)
    plan = Plan(steps, 1.0, 1, ("heat",), tuple(events), row > 0, row, row, row, balance=False)
    rates = {"drain_rate": drain_rate, "burst_rate": burst_rate, "drain_lag_h": drain_lag_h, "refill_h": refill_h}
    values = {name: np.float32([value]) for name, value in rates.items()}
    return Circuits(plan, values, cell(supplied), Workspace((1, 1)))


class Broken:
    """What is broken; takes what bursts."""

    def __init__(self):
        self.burst = 0.0

    def worsen(self, share, _supplied):
        self.burst = share.item()


def act(circuits, supplied, *, temperature=-13.0, first=0, steps=3, heat=None):
    circuits.act(range(first, first + steps), cell(temperature), cell(supplied), heat or Broken())


def set_drained(circuits, drained=0.0, waiting=0.0):
    """Shares of the buildings without, and with, supply."""
    circuits.ever = True
    circuits.drained[...], circuits.waiting[...] = drained, waiting


def parts(circuits, supplied):
    """Shares of all buildings: drained without supply, and waiting with it."""
    return (1 - supplied) * circuits.drained.item(), supplied * circuits.waiting.item()


def hazards_at(*temperatures, drain_rate=0.02, burst_rate=0.001):
    row = np.float32([temperatures])
    drain, burst = np.empty_like(row), np.empty_like(row)
    hazards(row, 1.0, np.full_like(row, drain_rate), np.full_like(row, burst_rate), drain, burst, np.zeros_like(row))
    return drain[0], burst[0]


def test_nothing_is_drained_and_nothing_bursts_down_to_minus_three_degrees():
    for hazard in hazards_at(30.0, 0.0, -2.9, -3.0):
        assert np.all(hazard == 0)


def test_draining_has_a_linear_and_a_cubic_half_and_bursts_are_cubic_in_the_frost():
    drain, burst = hazards_at(-8.0, -13.0, -23.0)
    assert drain == pytest.approx([0.02 * (0.25 + 0.0625), 0.02, 0.02 * (1 + 4)])
    assert burst == pytest.approx([0.001 / 8, 0.001, 0.008])


@given(shares, shares, shares, shares)
def test_supply_that_comes_and_goes_fills_no_circuit_and_drains_none(before, after, drained, waiting):
    circuits = build(before)
    set_drained(circuits, drained, waiting)
    amount = sum(parts(circuits, before))
    act(circuits, after)
    assert sum(parts(circuits, after)) == pytest.approx(amount, abs=2e-6)
    assert circuits.empty().item() == pytest.approx(amount, abs=2e-6)
    assert min(circuits.drained.item(), circuits.waiting.item()) >= -1e-6
    assert max(circuits.drained.item(), circuits.waiting.item()) <= 1 + 1e-6


def test_supply_that_returns_leaves_drained_buildings_cold_until_they_are_refilled():
    circuits = build(0.6)
    set_drained(circuits, drained=0.5)  # a half of four tenths: 0.2 of all
    act(circuits, 0.9)
    # a quarter of the supply is still lost
    assert parts(circuits, 0.9) == pytest.approx((0.05, 0.15), abs=1e-6)


def test_buildings_drained_and_lost_again_wait_again():
    circuits = build(1.0)
    set_drained(circuits, waiting=0.2)
    act(circuits, 0.5)
    assert parts(circuits, 0.5) == pytest.approx((0.1, 0.1), abs=1e-6)


@given(shares, shares, shares, shares)
def test_between_two_acts_the_share_out_is_what_acting_would_leave(before, after, drained, waiting):
    circuits = build(before)
    set_drained(circuits, drained, waiting)
    empty, cold = circuits.empty().item(), circuits.out_of_service(cell(1 - after)).item()
    act(circuits, after)
    assert empty == pytest.approx(sum(parts(circuits, after)), abs=2e-6)
    assert cold == pytest.approx(1 - after + parts(circuits, after)[1], abs=2e-6)


def test_full_circuits_without_supply_drain_at_their_hazard():
    circuits = build(0.4, drain_rate=0.1)
    for supplied in (0.4, 0.4):
        act(circuits, supplied)
    assert parts(circuits, 0.4) == pytest.approx((0.6 * (1 - np.exp(-0.6)), 0.0), abs=1e-6)


def test_operators_wait_for_the_all_clear_and_then_drain_with_a_lag(make_event):
    events = [make_event(start_h=0.0, duration_h=6.0)]
    circuits = build(0.0, events=events, drain_rate=0.1, drain_lag_h=4.0)
    act(circuits, 0.0, first=0)
    act(circuits, 0.0, first=3)
    # until then only what the frost itself drives, half of the hazard at -13 degC
    assert circuits.drained.item() == pytest.approx(1 - np.exp(-6 * 0.1 / 2), abs=1e-6)
    act(circuits, 0.0, first=6)
    # decided by the middle of three hours, 1.5 h after the all-clear
    hazard = 0.1 * (9 / 2 + 3 / 2 * (1 - np.exp(-1.5 / 4)))
    assert circuits.drained.item() == pytest.approx(1 - np.exp(-hazard), abs=1e-6)


def test_refilling_takes_its_time():
    circuits = build(1.0, refill_h=30.0)
    set_drained(circuits, waiting=0.4)
    for _ in range(4):
        act(circuits, 1.0)
    assert circuits.waiting.item() == pytest.approx(0.4 * np.exp(-12 / 30), abs=1e-6)


def test_refilling_goes_on_after_a_thaw():
    circuits = build(1.0, refill_h=30.0)
    set_drained(circuits, waiting=0.4)
    act(circuits, 1.0, temperature=10.0)
    assert circuits.waiting.item() == pytest.approx(0.4 * np.exp(-3 / 30), abs=1e-6)


def test_a_full_circuit_without_supply_may_burst_before_it_is_drained(make_event):
    """The hazard of a burst, like the half of draining that frost drives, needs no decision; what burst is empty."""
    circuits, heat = build(0.0, events=[make_event(duration_h=6.0)], drain_rate=0.1, burst_rate=0.02), Broken()
    set_drained(circuits, drained=0.25)
    act(circuits, 0.0, heat=heat)
    assert heat.burst == pytest.approx(0.75 * (1 - np.exp(-0.06)), abs=1e-6)
    assert circuits.drained.item() == pytest.approx(1 - 0.75 * np.exp(-0.06 - 0.3 / 2), abs=1e-6)


def test_drained_buildings_do_not_burst():
    circuits, heat = build(0.0, burst_rate=5.0), Broken()
    set_drained(circuits, drained=1.0)
    act(circuits, 0.0, temperature=-30.0, heat=heat)
    assert heat.burst == 0


def test_no_act_is_needed_before_the_first_frost():
    circuits, heat = build(1.0, drain_rate=1.0, burst_rate=1.0), Broken()
    act(circuits, 0.5, temperature=-3.0, heat=heat)
    assert circuits.drained.item() == 0
    assert circuits.supplied_before.item() == 0.5
    assert heat.burst == 0


@pytest.fixture
def heat(make_plan, make_values):
    """Heat with half of a place broken, of which a part slow and a part held by jobs."""
    plan = make_plan()
    values = make_values(plan, members=1, fixed={"initial_out_heat": 0.45, "slow_share_heat": 1 / 3})
    damage = Damage(plan, values, ("heat",), Workspace((1, 1)))
    damage.held[...] = 0.05
    damage._rest()
    return damage.of("heat")


def test_bursts_make_slow_damage_of_fast_and_of_what_is_only_cut_off(heat):
    """Of five tenths that nothing broke two are cut off; half of the fast three and of those two burst."""
    heat.worsen(cell(0.5), cell(0.3))
    assert heat.fast.item() == pytest.approx(0.15)
    assert heat.slow.item() == pytest.approx(0.15 + 0.15 + 0.1)
    assert heat.held.item() == pytest.approx(0.05)
    assert heat.served.item() == pytest.approx(0.4)


def test_bursts_move_nothing_that_has_supply(heat):
    heat.worsen(cell(1.0), cell(0.5))
    assert heat.served.item() == pytest.approx(0.5)
    assert heat.fast.item() == 0
