from functools import partial

import numpy as np
import pytest

from energy_impact.model.buildings import BUILDING_TYPES, FREE_HEAT_W_M2, TwoNodes, free_cooling, free_rise
from energy_impact.model.homes import Homes, first_below, hours_of_safety, single_homes

PANEL = BUILDING_TYPES[0]

safety = partial(hours_of_safety, step_h=1.0, thresholds=[18.0, 5.0], levels=[0.05, 0.5])


def test_homes_of_a_type_have_its_time_constants_and_the_free_heat_of_the_stock():
    homes = Homes.of_type(PANEL)
    logs = np.log(homes.time_constants_h)
    assert np.median(logs) == pytest.approx(np.log(55.0))
    assert logs.std() == pytest.approx(0.35, abs=0.02)
    for constant, rises in zip(homes.time_constants_h, homes.free_rise_k.T, strict=True):
        least, median, most = free_rise(constant, FREE_HEAT_W_M2)
        assert least < rises.min() <= rises.max() < most
        assert (rises < median).mean() == 0.5
        assert rises.mean() == pytest.approx((least + 2 * median + most) / 4)
    assert np.log(Homes.of_type(PANEL, 0.3).time_constants_h).std() == pytest.approx(np.hypot(0.35, 0.3), abs=0.02)


def test_a_home_cools_as_its_building_with_its_own_free_heat():
    homes, outdoor = Homes.of_type(PANEL), -10 + np.arange(49) / 8
    air = homes.cool(outdoor, step_h=1.0).reshape(49, *homes.free_rise_k.shape)
    for rank, constant in ((0, 3), (7, 12), (12, 0)):
        nodes = TwoNodes(homes.time_constants_h[[constant]])
        rise = homes.free_rise_k[rank, constant]
        alone = free_cooling(nodes, outdoor, step_h=1.0, initial=20.0, free_rise_k=rise)[:, 0]
        assert air[:, rank, constant] - homes.lies_k[rank] == pytest.approx(alone, abs=1e-9)


def test_single_homes_end_above_the_outdoors_by_their_free_rise_and_never_above_the_set_point():
    air, weights = single_homes(-15.0, 1e5)
    assert weights.sum() == pytest.approx(1)
    assert air.max() == pytest.approx(21.0, abs=0.1)  # the set point and what homes differ by
    order = np.argsort(air)
    low, median, high = np.interp([0.05, 0.5, 0.95], np.cumsum(weights[order]), air[order] + 15)
    # 3 to 16 W/m2 over 260 kJ/(m2 K), with 30 to 230 h: 1.2 to 51 K at the very ends
    assert 1.2 < low < 4
    assert 6 < median < 10
    assert 16 < high < 36


def test_just_without_heat_homes_are_at_the_set_point():
    air, _ = single_homes(-15.0, 0.0)
    assert 19 <= air.min() <= air.max() <= 21


def test_a_temperature_is_first_reached_between_two_times():
    air = np.array([[20.0, 20.0, 4.0], [10.0, 16.0, 4.0], [2.0, 15.0, 4.0]])
    assert first_below(air, 5.0) == pytest.approx([1 + 5 / 8, np.inf, 0])


def test_half_of_the_homes_are_below_a_temperature_after_its_median_hours():
    hours = safety(np.full(400, -15.0), thresholds=[12.0], levels=[0.25, 0.5])
    for kind, row in zip(BUILDING_TYPES, hours[..., 0], strict=True):
        for level, reached in zip((0.25, 0.5), row, strict=True):
            air = Homes.of_type(kind).cool(np.full(2, -15.0), step_h=float(reached))[-1]
            assert (air < 12.0).mean() == pytest.approx(level, abs=0.01)


def test_a_temperature_that_is_not_reached_takes_for_ever():
    assert np.all(np.isinf(safety(np.full(400, 7.0))[..., 1]))


def test_what_is_cold_already_takes_no_time():
    assert np.all(safety(np.full(4, -10.0), thresholds=[25.0]) == 0)


def test_colder_weather_and_colder_homes_have_fewer_hours():
    mild, cold = safety(np.full(400, -5.0)), safety(np.full(400, -15.0))
    assert np.all((cold < mild) | np.isinf(mild))
    assert np.all((cold[:, 0] < cold[:, 1]) | np.isinf(cold[:, 1]))
    assert np.all(np.isfinite(cold[:, 0]))


@pytest.mark.parametrize(
    ("temperature", "changes", "match"),
    [
        ([0.0], {}, "temperature: must be a series of two or more"),
        ([0.0, np.nan], {}, "temperature: must be a series of two or more finite"),
        ([0.0, 0.0], {"step_h": 0.0}, r"step_h: must be above 0, got 0\.0"),
        ([0.0, 0.0], {"thresholds": [np.nan]}, "thresholds: must be finite"),
        ([0.0, 0.0], {"levels": [1.0]}, "levels: must lie between 0 and 1"),
    ],
)
def test_bad_input_is_refused(temperature, changes, match):
    with pytest.raises(ValueError, match=match):
        safety(temperature, **changes)


def test_single_homes_hold_what_was_reported_and_homes_at_three_kelvin_do_not(shared):
    from benchmarks.indoor_reported import held, read

    rows = [row for row in read(shared / "data" / "indoor_reported")[0] if row.group != "rule or expert"]
    (short, of_short), (long, of_long) = held(rows, FREE_HEAT_W_M2)
    assert of_short >= 10
    assert of_long >= 5
    assert short >= 0.8 * of_short
    assert long >= 0.8 * of_long
    assert held(rows, None)[1][0] < 0.5 * of_long
