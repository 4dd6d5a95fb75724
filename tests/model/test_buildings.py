from functools import partial

import numpy as np
import pytest
from scipy.integrate import solve_ivp
from scipy.linalg import expm

from energy_impact.model.buildings import (
    AIR_H,
    BUILDING_TYPES,
    FREE_RISE_K,
    BuildingType,
    Stock,
    TwoNodes,
    free_cooling,
    hours_of_safety,
)

BARE = TwoNodes(np.array([55.0, 75.0, 140.0]), free_rise_k=0.0)


def matrix(nodes, index):
    """The two equations of the class, written out."""
    i, fabric_h = nodes.inner[index], nodes.fabric_h[index]
    return np.array([[-1 / AIR_H, i / AIR_H], [i / fabric_h, -1 / fabric_h]])


@pytest.mark.parametrize("hours", [0.2, 1.0, 24.0])
def test_a_step_is_the_matrix_exponential(hours):
    for index in range(3):
        assert BARE.propagator(hours)[:, :, index] == pytest.approx(expm(matrix(BARE, index) * hours), abs=1e-12)


def test_the_slow_time_constant_is_the_one_given():
    for index, constant in enumerate((55.0, 75.0, 140.0)):
        assert max(np.linalg.eigvals(matrix(BARE, index))) == pytest.approx(-1 / constant)


def test_a_building_cools_as_its_equations_say():
    nodes = TwoNodes(np.array([60.0]))
    i, fabric_h = nodes.inner[0], nodes.fabric_h[0]
    gain = FREE_RISE_K * (1 - i**2)  # the air rests FREE_RISE_K above the outdoors

    def slope(hour, state):
        air, fabric = state
        outdoor = -10 + hour / 8
        return [
            (i * fabric + (1 - i) * outdoor + gain - air) / AIR_H,
            (i * air + (1 - i) * outdoor - fabric) / fabric_h,
        ]

    first = [20.0, i * 20 + (1 - i) * -10]
    fine = solve_ivp(slope, (0, 48), first, t_eval=np.arange(49.0), rtol=1e-9, atol=1e-9).y[0]
    found = free_cooling(nodes, -10 + np.arange(49) / 8, step_h=1.0, initial=20.0)[:, 0]
    assert found == pytest.approx(fine, abs=0.01)


def test_the_air_first_falls_by_four_to_seven_kelvin_that_one_node_misses():
    late = free_cooling(BARE, np.full(101, -13.0), step_h=1.0, initial=20.0)[-1]
    slow_part_at_first = (late + 13) * np.exp(100 / BARE.time_constants_h)
    panel, brick, modern = 33 - slow_part_at_first
    assert 4 < brick < panel < 7.5
    assert modern < 4


def test_air_rests_above_the_outdoors_by_the_free_rise():
    nodes = TwoNodes(np.array([55.0]), free_rise_k=2.5)
    assert free_cooling(nodes, np.full(3001, -7.0), step_h=1.0, initial=20.0)[-1, 0] == pytest.approx(-4.5, abs=1e-6)


# Indoors at first, outdoors, hours, indoors then; VIVA park and the computed cold week are cited in docs/cold.md.
WITHIN_STOCK = {
    "uninsulated 25 cm brick": (21, -12, 48, 4),
    "uninsulated 25 cm brick, VIVA park": (21, 3, 48, 10),
    "light, VIVA park": (21, 3, 48, 14),
    "uninsulated, half a day": (20, -10, 12, 10),
    "uninsulated, three and a half days": (20, -10, 84, 0),
}


def empty_building(constant, start, outdoor, hours):
    nodes = TwoNodes(np.array([constant]), free_rise_k=0.0)
    return free_cooling(nodes, np.full(2, float(outdoor)), step_h=float(hours), initial=start)[-1, 0]


@pytest.mark.parametrize("told", WITHIN_STOCK.values(), ids=WITHIN_STOCK)
def test_told_coolings_lie_within_the_stock(told):
    *conditions, end = told
    low, high = (np.exp(np.log(c) + z * 1.64 * 0.35) for c, z in ((55.0, -1), (140.0, 1)))
    assert empty_building(low, *conditions) < end < empty_building(high, *conditions)


def test_insulated_solid_walls_are_slower_than_the_stock():
    slowest = np.exp(np.log(140.0) + 1.64 * 0.30)
    assert empty_building(slowest, 21, -12, 48) < 15  # 15 to 17 were told


def test_the_weights_of_a_stock_are_those_of_its_types():
    stock = Stock.of_types((BuildingType("one", 60.0, 0.35, 1.0),))
    assert stock.weights.sum(1) == pytest.approx(np.ones(5))
    logs = np.log(stock.time_constants_h)
    mean = stock.weights @ logs
    assert mean == pytest.approx(np.log(60.0) + np.linspace(-0.6, 0.6, 5), abs=0.01)
    assert np.sqrt(stock.weights[2] @ (logs - mean[2]) ** 2) == pytest.approx(0.35, abs=0.01)


def test_shares_of_the_types_make_a_whole():
    assert sum(kind.share for kind in BUILDING_TYPES) == pytest.approx(1)


def test_a_building_without_capacity_is_refused():
    with pytest.raises(ValueError, match=r"time_constants_h: must be above 3.*got array\(\[3.5\]\)"):
        TwoNodes(np.array([3.5]))


safety = partial(hours_of_safety, step_h=1.0, thresholds=[18.0, 5.0], levels=[0.05, 0.5])


def test_hours_of_safety_end_at_the_threshold():
    hours = safety(np.full(400, -10.0))
    assert hours.shape == (3, 2, 2)
    for kind, row in zip(BUILDING_TYPES, hours[:, 1], strict=True):
        nodes = TwoNodes(np.array([kind.time_constant_h]))
        i = nodes.inner[0]
        rest = np.array([-10 + FREE_RISE_K, -10 + i * FREE_RISE_K])
        for threshold, reached in zip((18.0, 5.0), row, strict=True):
            state = rest + expm(matrix(nodes, 0) * reached) @ (np.array([20.0, i * 20 - (1 - i) * 10]) - rest)
            assert state[0] == pytest.approx(threshold, abs=0.1)


def test_a_temperature_that_is_not_reached_takes_for_ever():
    assert np.all(np.isinf(safety(np.full(400, 4.0))[..., 1]))


def test_what_is_cold_already_takes_no_time():
    assert np.all(safety(np.full(4, -10.0), thresholds=[25.0]) == 0)


def test_colder_weather_and_faster_buildings_have_fewer_hours():
    mild, cold = safety(np.full(400, -5.0)), safety(np.full(400, -15.0))
    assert np.all(cold < mild)
    assert np.all(mild[:, 0] < mild[:, 1])


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


def test_two_nodes_fit_the_measured_coolings(shared):
    from benchmarks.indoor_cooldown import fit_nights, fit_strawbale

    folder = shared / "data" / "indoor_cooldown"
    house, nights = fit_strawbale(folder), fit_nights(folder)
    assert house.rms_k < 1.2  # over 24 days in which it varied with a standard deviation of 3.7 K
    assert nights.rms_k < 0.25  # of falls of 0.7 K on average
    assert 25 < house.time_constant_h < 45
    assert nights.time_constant_h > 200  # the data have 194 h in the middle of what one node gives a night
