import numpy as np
import pytest

from energy_impact.model.people import count, whole


def values(**stocks):
    known = {
        "power_customers": [[1000.0], [3000.0]],
        "heat_buildings": [[10.0], [20.0]],
        "water_buildings": [[10.0], [20.0]],
        "gas_customers": [[500.0], [2000.0]],
        "gas_heated_buildings": [[5.0], [8.0]],
        "residents": [[2500.0], [4000.0]],
        "warming_places": [[300.0], [5000.0]],
        "residents_per_building": [[200.0], [300.0]],
        "customers_per_building": [[100.0], [120.0]],
    }
    return {name: np.asarray(number, np.float32) for name, number in (known | stocks).items()}


def shares(*numbers):
    state = np.asarray(numbers, np.float32).reshape(1, 2, 1)
    names = (
        "power_out",
        "power_restored",
        "heat_out",
        "water_out",
        "gas_out",
        "shed",
        "shed_day",
        "heat_drained",
        "below_16c",
        "departed",
    )
    return dict.fromkeys(names, state)


def test_a_parent_is_the_sum_of_its_parts():
    states = shares(0.5, 0.1)
    for quantity in ("power_customers_out", "heat_buildings_out", "heat_people_out", "power_people_out"):
        parts = [count(quantity, states, values(), [place]) for place in (0, 1)]
        np.testing.assert_allclose(count(quantity, states, values(), [0, 1]), parts[0] + parts[1], rtol=1e-6)


def test_hand_worked_counts():
    states = shares(0.5, 0.1)
    expected = {
        "power_customers_out": 0.5 * 1000 + 0.1 * 3000,
        "heat_buildings_out": 0.5 * 10 + 0.1 * 20,
        "heat_households_out": 0.5 * 10 * 100 + 0.1 * 20 * 120,
        "heat_people_out": 0.5 * 2000 + 0.1 * 4000,  # 20 x 300 = 6000 would exceed the 4000 who live there
        "heat_customers_out": 0.5 * 10 * 100 + 0.1 * 20 * 120,
        "water_customers_out": 0.5 * 10 * 100 + 0.1 * 20 * 120,
        "power_buildings_out": 0.5 * 1000 / 100 + 0.1 * 3000 / 120,
        "power_people_restored": 0.5 * 2500 + 0.1 * 4000,
        "gas_customers_out": 0.5 * 500 + 0.1 * 2000,
        "gas_people_out": 0.5 * 500 * 200 / 100 + 0.1 * 4000,  # 2000 x 300 / 120 = 5000 would exceed the 4000
        "gas_heated_buildings_out": 0.5 * 5 + 0.1 * 8,
        "hours_off_per_day": 24 * (0.5 * 1000 + 0.1 * 3000) / 4000,
    }
    for quantity, number in expected.items():
        assert count(quantity, states, values(), [0, 1]).item() == pytest.approx(number), quantity


def test_people_never_exceed_residents_even_if_all_is_out():
    housed = values(residents_per_building=[[999.0], [999.0]])
    assert count("heat_people_out", shares(1.0, 1.0), housed, [0, 1]).item() == pytest.approx(6500.0)


def test_where_customers_are_unknown_shares_are_weighted_equally():
    unknown = values(power_customers=[[np.nan], [3000.0]])
    assert count("power_share_shed", shares(0.5, 0.1), unknown, [0, 1]).item() == pytest.approx(0.3)


def test_a_share_of_a_quantity_is_a_share_of_its_stock():
    assert whole("heat_buildings_out", values(), [1]).item() == pytest.approx(20.0)
    assert whole("heat_people_out", values(), [0, 1]).item() == pytest.approx(6500.0)
    with pytest.raises(ValueError, match="heat_households_out"):
        whole("heat_households_out", values(), [0])


def test_cold_homes_and_departures_are_counted_among_residents_of_heated_buildings():
    for quantity in ("people_below_16c", "residents_departed"):
        assert count(quantity, shares(0.5, 0.1), values(), [0, 1]).item() == pytest.approx(0.5 * 2000 + 0.1 * 4000)


def test_residents_of_cold_homes_beyond_the_places_at_warming_points_of_their_own_place_find_none():
    """Of 2000 and 4000 residents half and a tenth are in cold homes, a fifth and none have left."""
    states = shares(0.5, 0.1) | {"departed": np.float32([0.2, 0.0]).reshape(1, 2, 1)}
    found = count("people_without_warm_place", states, values(), [0, 1])
    assert found == pytest.approx(np.array([[2000 * (0.5 - 0.2) - 300]]))  # the second place has room for all its 400


def test_indoor_temperature_is_the_mean_over_buildings_without_heat_and_the_set_point_where_there_are_none():
    cold = {"indoor_c": np.float32([[[10.0], [16.0]]]), "heat_out": np.float32([[[0.5], [0.1]]])}
    mean = count("indoor_temperature_c", cold, values(), [0, 1]).item()
    assert mean == pytest.approx((10 * 0.5 * 10 + 16 * 0.1 * 20) / (0.5 * 10 + 0.1 * 20))
    warm = {"indoor_c": np.full((1, 2, 1), 20, np.float32), "heat_out": np.zeros((1, 2, 1), np.float32)}
    assert count("indoor_temperature_c", warm, values(), [0, 1]).item() == pytest.approx(20)


@pytest.mark.parametrize(("overlap", "part"), [(1.0, 0.5), (0.0, 1 - 0.6 * 0.5 * 0.9), (0.5, (0.5 + 0.73) / 2)])
def test_people_without_any_service_lie_between_the_largest_share_and_the_union(overlap, part):
    # heat: half of the buildings house 2000 x 0.5 of 2500 residents, 0.4 of all
    out = {"power_out": 0.5, "heat_out": 0.5, "water_out": 0.1}
    states = {name: np.full((1, 2, 1), share, np.float32) for name, share in out.items()}
    drawn = values() | {"service_overlap": np.float32([overlap])}
    assert count("people_without_any", states, drawn, [0]).item() == pytest.approx(2500 * part)
    without_water = {name: state for name, state in states.items() if name != "water_out"}
    assert count("people_without_any", without_water, drawn, [0]).item() <= 2500 * part + 1e-3


def test_the_share_back_is_of_the_most_that_were_out_at_once_in_all_places():
    out, most = (np.float32(share).reshape(1, 2, 1) for share in ([0.1, 0.2], [0.5, 0.2]))
    mean = count("power_share_restored", {"power_out": out, "power_most_out": most}, values(), [0, 1]).item()
    assert mean == pytest.approx(1 - (0.1 * 1000 + 0.2 * 3000) / (0.5 * 1000 + 0.2 * 3000))
    none = np.zeros_like(out)
    assert count("power_share_restored", {"power_out": none, "power_most_out": none}, values(), [0, 1]).item() == 1


def test_residents_lack_gas_as_a_service_of_those_who_have_it():
    """200 x 500 / 100 of the 2500 residents have gas: half of those are two fifths of all."""
    out = {"power_out": 0.1, "gas_out": 0.5}
    states = {name: np.full((1, 2, 1), share, np.float32) for name, share in out.items()}
    drawn = values() | {"service_overlap": np.float32([1.0])}
    lacking = [count(f"people_without_{least}", states, drawn, [0]).item() for least in ("any", "two", "all")]
    assert lacking == pytest.approx([0.5 * 1000, 0.1 * 2500, 0.1 * 2500])


@pytest.mark.parametrize(
    ("overlap", "two", "three"),
    [
        (1.0, 0.4, 0.1),
        (0.0, 0.5 * 0.4 * 0.9 + 0.5 * 0.6 * 0.1 + 0.5 * 0.4 * 0.1 + 0.5 * 0.4 * 0.1, 0.5 * 0.4 * 0.1),
    ],
)
def test_people_without_two_and_all_services_are_nested_or_independent(overlap, two, three):
    out = {"power_out": 0.5, "heat_out": 0.5, "water_out": 0.1}  # heat: 0.4 of all residents
    states = {name: np.full((1, 2, 1), share, np.float32) for name, share in out.items()}
    drawn = values() | {"service_overlap": np.float32([overlap])}
    assert count("people_without_two", states, drawn, [0]).item() == pytest.approx(2500 * two)
    assert count("people_without_all", states, drawn, [0]).item() == pytest.approx(2500 * three)


def test_places_with_cuts_are_in_emergency_mode():
    assert count("regions_in_emergency_cuts", shares(0.5, 0.1), values(), [0, 1]).item() == 2
    assert count("regions_in_emergency_cuts", shares(0.5, 0.0), values(), [0, 1]).item() == 1


@pytest.mark.parametrize(
    "quantity",
    [
        "power_customers_out_by_cuts",
        "heat_share_restored",
        "people_without_two",
        "indoor_temperature_c",
        "people_without_warm_place",
    ],
)
def test_counts_of_a_few_times_together_are_those_of_all(quantity, monkeypatch):
    rng = np.random.default_rng(0)
    names = (*shares(0, 0), "power_damaged", "heat_most_out", "indoor_c")
    states = {name: rng.random((5, 2, 1), np.float32) for name in names}
    drawn = values(service_overlap=[0.3])
    expected = count(quantity, states, drawn, [0, 1])
    monkeypatch.setattr("energy_impact.model.people.NUMBERS_TOGETHER", 4)
    np.testing.assert_array_equal(count(quantity, states, drawn, [0, 1]), expected)
    assert np.ptp(expected) > 0
