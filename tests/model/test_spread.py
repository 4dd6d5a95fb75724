import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from energy_impact.model.arrays import Workspace
from energy_impact.model.plan import Plan
from energy_impact.model.spread import Dependence, plants_lack

shares = st.floats(0, 1, width=32)


def cell(number):
    return np.full((1, 1), number, np.float32)


def dependence(share, buffer_h, step_h=1.0):
    none = np.zeros((1, 1))
    plan = Plan(1, step_h, 1, ("power",), (), none > 0, none, none, none, balance=False)
    return Dependence(plan, np.float32([share]), np.float32([buffer_h]), Workspace((1, 1)))


@pytest.mark.parametrize("step_h", [1.0, 0.25])
def test_a_buffer_of_three_hours_has_let_through_63_percent_after_three_hours(step_h):
    need = dependence(1.0, 3.0, step_h)
    for _ in range(round(3 / step_h)):
        need.follow_lack(cell(1.0))
    assert need.felt.item() == pytest.approx(1 - np.exp(-1), abs=1e-6)


def test_a_buffer_fills_again_when_the_lack_ends():
    need = dependence(0.5, 2.0)
    for lack in (1.0, 1.0, 0.0):
        need.follow_lack(cell(lack))
    assert need.felt.item() == pytest.approx(0.5 * (1 - np.exp(-1)) * np.exp(-0.5), abs=1e-6)


def test_what_does_not_depend_feels_nothing():
    need = dependence(0.0, 3.0)
    need.follow_lack(cell(1.0))
    assert need.felt.item() == 0


@given(shares, shares, shares)
def test_lost_supply_is_the_union_of_both_causes_and_never_above_one(damaged, lack, share):
    need, left = dependence(share, 1e-3), cell(0)  # a buffer that is gone within the step
    need.follow_lack(cell(lack))
    need.lose(cell(1 - damaged), left)
    assert left.item() == pytest.approx((1 - damaged) * (1 - lack * share), abs=1e-6)
    assert 0 <= left.item() <= 1


@given(shares, shares, shares)
def test_a_need_that_follows_another_may_write_over_what_is_left(damaged, first, second):
    left = cell(1 - damaged)
    for lack in (first, second):
        need = dependence(1.0, 1e-3)
        need.follow_lack(cell(lack))
        need.lose(left, left)
    assert left.item() == pytest.approx((1 - damaged) * (1 - first) * (1 - second), abs=1e-6)


@pytest.mark.parametrize(
    ("protected", "short", "lack"), [(0.0, 0.5, 0.75), (1.0, 0.5, 0.5), (0.8, 0.5, 0.55), (1.0, 0.6, 0.55)]
)
def test_protected_plants_feel_damage_and_what_is_unserved_but_no_shedding(protected, short, lack):
    out = cell(0)
    plants_lack(cell(0.5), cell(short), cell(0.5), cell(protected), out)
    assert out.item() == pytest.approx(lack)
