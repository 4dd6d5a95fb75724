from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import energy_impact as ei
from energy_impact.places import Place, read_places, shipped_place

HEADER = (
    "name,part_of,timezone,power_customers_low,power_customers_high,heat_buildings_low,heat_buildings_high,"
    "water_buildings_low,water_buildings_high,residents_low,residents_high,source,note\n"
)


def save(folder, *rows):
    file = folder / "places.csv"
    file.write_text(HEADER + "".join(f"{row}\n" for row in rows), encoding="utf-8")
    return file


def faults_of(file):
    with pytest.raises(ValueError, match=r"places\.csv: [0-9]+ fault") as caught:
        read_places(file)
    return str(caught.value).splitlines()[1:]


def test_a_place_without_parts_is_its_own_leaf():
    city = Place("City")
    assert city.leaves() == city.walk() == (city,)


def test_places_are_walked_depth_first():
    a1, a2 = Place("a1"), Place("a2")
    a, b = Place("a", parts=[a1, a2]), Place("b")
    root = Place("root", parts=(a, b))
    assert root.walk() == (root, a, a1, a2, b)
    assert root.leaves() == (a1, a2, b)
    assert isinstance(a.parts, tuple)


def test_a_number_is_a_range_without_width_and_unknown_is_none():
    city = Place("City", power_customers=np.int64(1_400_000), heat_buildings=[11_500, 12_800])
    assert city.stock_range("power_customers") == (1_400_000.0, 1_400_000.0)
    assert city.stock_range("heat_buildings") == (11_500.0, 12_800.0)
    assert city.stock_range("residents") is None


def test_the_stock_of_a_parent_is_the_sum_over_its_leaves():
    west = Place("West", parts=[Place("w1", residents=100), Place("w2", residents=(40, 60))])
    city = Place("City", parts=[west, Place("East", residents=(10, 20))])
    assert city.stock_range("residents") == (150.0, 180.0)


def test_the_stock_of_a_parent_is_unknown_if_any_leaf_does_not_know_it():
    city = Place("City", parts=[Place("West", residents=100), Place("East", heat_buildings=5)])
    assert city.stock_range("residents") is None


@given(st.lists(st.tuples(st.floats(1, 1e6), st.floats(1, 1e6)), min_size=1, max_size=6))
def test_splitting_a_place_changes_no_total(sizes):
    parts = [Place(str(name), residents=(low, low + width)) for name, (low, width) in enumerate(sizes)]
    flat = Place("flat", parts=parts)
    deep = Place("deep", parts=[Place("rest", parts=parts[1:]), parts[0]]) if parts[1:] else flat
    assert flat.stock_range("residents") == pytest.approx(deep.stock_range("residents"))


def test_places_are_frozen_compared_by_content_and_hashable():
    one, other = (Place("City", parts=[Place("West", residents=(1, 2))]) for _ in range(2))
    assert one == other
    assert hash(one) == hash(other)
    with pytest.raises(dataclasses.FrozenInstanceError):
        one.name = "Town"
    assert dataclasses.replace(one, timezone="Europe/Kyiv").timezone == "Europe/Kyiv"


@pytest.mark.parametrize(
    ("stock", "least"),
    [
        ("power_customers", "at least 1"),
        ("heat_buildings", "at least 0"),
        ("water_buildings", "at least 0"),
        ("residents", "at least 1"),
    ],
)
@pytest.mark.parametrize("size", [0, 0.5, -5, 1e39, float("nan"), float("inf")])
def test_a_stock_must_not_be_below_zero_nor_above_what_there_is(stock, least, size):
    if size == 0 and least == "at least 0":
        assert Place("City", **{stock: size}).stock_range(stock) == (0, 0)
        return
    least = "at least 1" if size == 0.5 else least
    with pytest.raises(ValueError, match=f"place 'City', {stock}: must be {least} and at most 1e.10, got"):
        Place("City", **{stock: size})


def test_a_district_without_district_heat_is_no_gap_in_the_sum():
    west, east = Place("West", heat_buildings=100), Place("East", heat_buildings=0)
    assert Place("City", parts=[west, east]).stock_range("heat_buildings") == (100, 100)


def test_a_part_without_a_timezone_has_that_of_the_place_around_it():
    street, abroad = Place("Street", residents=100), Place("Abroad", timezone="UTC", residents=100)
    country = Place("Country", parts=[Place("City", parts=[street]), abroad], timezone="America/New_York")
    assert {place.name: place.timezone for place in country.walk()} == {
        "Country": "America/New_York",
        "City": "America/New_York",
        "Street": "America/New_York",
        "Abroad": "UTC",
    }
    assert street.timezone == Place("Alone", parts=[street]).parts[0].timezone == "UTC"


def test_a_shipped_place_is_there_by_name_and_an_unknown_one_names_the_nearest():
    assert ei.place("Kyiv").name == "Kyiv"
    with pytest.raises(ValueError, match=r"got 'Kiev' .did you mean 'Kyiv'.*; it has Ukraine, Kyiv"):
        ei.place("Kiev")


@pytest.mark.parametrize("size", ["many", True, {1, 2}])
def test_a_stock_must_be_a_number(size):
    with pytest.raises(ValueError, match="place 'City', residents: must be a number, got"):
        Place("City", residents=size)


@pytest.mark.parametrize("field", ["residents", "residents_per_building", "customers_per_building"])
@pytest.mark.parametrize(
    ("size", "rule"),
    [
        ((1,), r"must be a range \(low, high\), got \(1,\)"),
        ((1, 2, 3), r"must be a range \(low, high\)"),
        ((2, 1), r"must be a range with low below high, got \(2, 1\)"),
        ((2, 2), "must be a range with low below high"),
        ((0, 1), "must be at least (1|0.01) and at most (1e.10|100000), got 0"),
        ((1, float("nan")), "must be at least (1|0.01) and at most (1e.10|100000), got nan"),
        ((1, None), "must be a number, got None"),
    ],
)
def test_a_range_must_have_two_rising_ends_above_zero(field, size, rule):
    with pytest.raises(ValueError, match=f"place 'City', {field}: {rule}"):
        Place("City", **{field: size})


def test_people_and_customers_of_a_building_are_ranges():
    with pytest.raises(ValueError, match=r"residents_per_building: must be a range \(low, high\), got 270"):
        Place("City", residents_per_building=270)


def test_a_place_with_parts_has_no_stock_of_its_own():
    with pytest.raises(ValueError, match=r"place 'City', residents: must be None: it is the sum of the parts, got 5"):
        Place("City", parts=[Place("West")], residents=5)


NEEDS = ["power_needs_heat", "power_needs_water", "heat_needs_water"]


@pytest.mark.parametrize("need", NEEDS)
@pytest.mark.parametrize(
    ("share", "rule"),
    [
        (1.2, "must be at least 0 and at most 1, got 1.2"),
        (-0.1, "must be at least 0 and at most 1, got -0.1"),
        (float("nan"), "must be at least 0 and at most 1, got nan"),
        ("all", "must be a number, got 'all'"),
    ],
)
def test_a_need_is_a_share(need, share, rule):
    with pytest.raises(ValueError, match=f"place 'City', {need}: {rule}"):
        Place("City", heat_buildings=5, water_buildings=5, **{need: share})


@pytest.mark.parametrize("need", NEEDS)
def test_a_need_is_set_on_places_without_parts(need):
    assert getattr(Place("City", heat_buildings=5, water_buildings=5, **{need: 1}), need) == 1.0
    with pytest.raises(ValueError, match=f"place 'City', {need}: must be 0: set it on the parts instead, got 0.5"):
        Place("City", parts=[Place("West")], **{need: 0.5})


@pytest.mark.parametrize(
    ("need", "known", "missing"),
    [
        ("power_needs_heat", {}, "heat_buildings"),
        ("power_needs_water", {"heat_buildings": 5}, "water_buildings"),
        ("heat_needs_water", {"water_buildings": 5}, "heat_buildings"),
        ("heat_needs_water", {"heat_buildings": 5}, "water_buildings"),
    ],
)
def test_a_need_of_a_system_that_is_not_followed_is_an_error(need, known, missing):
    with pytest.raises(ValueError, match=f"place 'City', {need}: must be 0 without {missing}, got 0.5"):
        Place("City", **known, **{need: 0.5})


@pytest.mark.parametrize("field", ["share_children", "share_over_65"])
def test_a_share_of_residents_is_unknown_or_a_share_of_a_place_without_parts(field):
    assert getattr(Place("City"), field) is None
    assert getattr(Place("City", **{field: 0}), field) == 0.0
    with pytest.raises(ValueError, match=f"place 'City', {field}: must be at least 0 and at most 1, got 17"):
        Place("City", **{field: 17})
    with pytest.raises(ValueError, match=f"place 'City', {field}: must be None: set it on the parts instead, got 0.2"):
        Place("City", parts=[Place("West")], **{field: 0.2})


def test_children_and_the_old_are_not_more_than_all_residents():
    with pytest.raises(ValueError, match=r"share_children and share_over_65: must be at most 1 together, got 1.1"):
        Place("City", share_children=0.5, share_over_65=0.6)


def test_only_places_with_parts_share_crews():
    assert Place("City", parts=[Place("West")], shared_crews=True).shared_crews
    with pytest.raises(ValueError, match="place 'City', shared_crews: must be False without parts to share crews"):
        Place("City", shared_crews=True)


@pytest.mark.parametrize("flag", ["near_front", "shared_crews"])
def test_a_flag_is_true_or_false(flag):
    with pytest.raises(ValueError, match=f"place 'City', {flag}: must be True or False, got 1"):
        Place("City", **{flag: 1})


def test_names_are_unique_in_a_tree():
    with pytest.raises(ValueError, match="place 'City': names must be unique in a tree, got West more than once"):
        Place("City", parts=[Place("West"), Place("North", parts=[Place("West")])])


@pytest.mark.parametrize("name", ["", " City", None, 5])
def test_a_name_is_text_without_blanks_around_it(name):
    with pytest.raises(ValueError, match="name of a place: must be text"):
        Place(name)


@pytest.mark.parametrize("parts", [Place("West"), "West", ["West"], None])
def test_parts_are_a_list_of_places(parts):
    with pytest.raises(ValueError, match="place 'City', parts: must be a list of Place, got"):
        Place("City", parts=parts)


@pytest.mark.parametrize(
    "timezone", ["Europe/Kyv", "localtime", "right/UTC", "", None, "Europe", "../UTC", "+02:00", 2]
)
def test_the_timezone_must_be_known(timezone):
    with pytest.raises(ValueError, match="place 'City', timezone: must be a known IANA timezone, got"):
        Place("City", timezone=timezone)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("Europe/Kyv", "Europe/Kyiv"), ("Kyiv", "Europe/Kyiv"), ("new york", "America/New_York")],
)
def test_the_nearest_timezone_is_named(typed, meant):
    with pytest.raises(ValueError, match=rf"got '{typed}' \(did you mean '{meant}'\?\)"):
        Place("City", timezone=typed)


def test_an_unknown_stock_is_an_error():
    with pytest.raises(ValueError, match=r"stock: 'resident' is not one of .* \(did you mean 'residents'\?\)"):
        Place("City").stock_range("resident")


def test_places_are_read_as_trees_in_the_order_of_the_file(tmp_path):
    file = save(
        tmp_path,
        "West,City,,4000,4000,,,,,100,120,press,",
        "City,,Europe/Kyiv,,,,,,,,,,",
        "East,City,Europe/Warsaw,2000,2500,,,,,,,press,a note",
    )
    places = read_places(file)
    assert list(places) == ["West", "City", "East"]
    assert places["City"].parts == (places["West"], places["East"])
    assert places["West"] == Place("West", timezone="Europe/Kyiv", power_customers=4000, residents=(100, 120))
    assert places["East"].timezone == "Europe/Warsaw"
    assert places["City"].stock_range("power_customers") == (6000.0, 6500.0)
    assert places["City"].stock_range("residents") is None


def test_flags_and_needs_are_optional_columns(tmp_path):
    file = save(tmp_path, "City,,UTC,,,,,,,,,,", "West,City,,,,5,5,5,5,,,,")
    head, city, west = file.read_text("utf-8").splitlines()
    file.write_text(
        f"{head},near_front,shared_crews,power_needs_heat,heat_needs_water,share_children\n"
        f"{city},,yes,,,\n{west},yes,no,0.4,,0.18\n",
        "utf-8",
    )
    city = read_places(file)["City"]
    assert (city.near_front, city.shared_crews) == (False, True)
    west = Place(
        "West", heat_buildings=5, water_buildings=5, near_front=True, power_needs_heat=0.4, share_children=0.18
    )
    assert city.parts == (west,)


def test_faults_of_flags_and_needs_are_reported_with_row_and_column(tmp_path):
    file = save(tmp_path, "City,,UTC,,,5,5,,,,,,", "Town,,UTC,,,5,5,,,,,,")
    head, city, town = file.read_text("utf-8").splitlines()
    file.write_text(f"{head},near_front,power_needs_heat\n{city},maybe,much\n{town},TRUE,0.2\n", "utf-8")
    assert faults_of(file) == [
        "row 2, column near_front: must be yes, no or empty, got 'maybe'",
        "row 2, column power_needs_heat: must be a number, got 'much'",
        "row 3, column near_front: must be yes, no or empty, got 'TRUE'",
    ]
    file.write_text(f"{head},power_needs_heat\n{city},2\n", "utf-8")
    (fault,) = faults_of(file)
    assert fault == "row 2, place 'City', power_needs_heat: must be at least 0 and at most 1, got 2.0"


def test_all_faults_of_a_file_are_reported_at_once(tmp_path):
    file = save(
        tmp_path,
        "City,,,1,2,,,,,,,,",
        "West,Citty,UTC,many,,,,,,5,,,",
        "City,,UTC,,,,,,,,,,",
        ",,UTC,,,,,,,,,,",
    )
    assert faults_of(file) == [
        "row 2, column timezone: must not be empty for a place without part_of",
        "row 3, column power_customers_low: must be a number, got 'many'",
        "row 3, column residents_high: must not be empty where the other end has a number",
        "row 5, column name: must not be empty",
        "row 4, column name: must be unique, got 'City'",
        "row 3, column part_of: must be a name, got 'Citty' (did you mean 'City'?)",
    ]


def test_faults_of_the_places_themselves_name_the_row(tmp_path):
    file = save(
        tmp_path,
        "City,,UTC,,,,,,,5,6,,",
        "West,City,UTC,3,2,,,,,,,,",
        "East,City,Mars/Base,,,,,,,,,,",
        "South,City,UTC,,,,,,,,,,",
    )
    assert faults_of(file) == [
        "row 3, place 'West', power_customers: must be a range with low below high, got (3.0, 2.0)",
        "row 4, place 'East', timezone: must be a known IANA timezone, got 'Mars/Base'",
        "row 2, place 'City', residents: must be None: it is the sum of the parts, got (5.0, 6.0)",
    ]


def test_a_place_must_not_be_part_of_itself(tmp_path):
    file = save(tmp_path, "a,b,UTC,,,,,,,,,,", "b,a,UTC,,,,,,,,,,", "c,c,UTC,,,,,,,,,,", "d,a,UTC,,,,,,,,,,")
    assert faults_of(file) == [
        "row 2, column part_of: 'a' must not be part of itself, got 'b'",
        "row 3, column part_of: 'b' must not be part of itself, got 'a'",
        "row 4, column part_of: 'c' must not be part of itself, got 'c'",
    ]


def test_a_missing_column_of_a_file_is_named(tmp_path):
    file = tmp_path / "places.csv"
    file.write_text("name,part_of,timezone\nCity,,UTC\n", encoding="utf-8")
    assert faults_of(file)[0] == "column power_customers_low: is missing"


def test_a_file_that_is_no_table_is_named(tmp_path):
    (tmp_path / "places.csv").write_bytes(b"")
    with pytest.raises(ValueError, match=r"places\.csv: must have a header and rows, got an empty file"):
        read_places(tmp_path / "places.csv")


@pytest.fixture
def shipped(tmp_path, monkeypatch):
    monkeypatch.setattr("energy_impact.places.seeds_folder", lambda: tmp_path)
    save(tmp_path, "Kyiv,,Europe/Kyiv,,,11500,12800,,,,,press,")


@pytest.mark.usefixtures("shipped")
def test_a_shipped_place_is_found_by_name():
    assert shipped_place("Kyiv").stock_range("heat_buildings") == (11_500.0, 12_800.0)


@pytest.mark.usefixtures("shipped")
def test_an_unknown_shipped_place_is_an_error_with_the_nearest_name():
    with pytest.raises(ValueError, match=r"got 'Kiyv' \(did you mean 'Kyiv'\?\)"):
        shipped_place("Kiyv")


def test_a_table_may_name_the_grid_of_a_place(tmp_path):
    file = tmp_path / "places.csv"
    columns, end = HEADER.rstrip("\n"), "," * 10
    file.write_text(f"{columns},grid\nLand,,UTC{end},\nIsle,Land,{end}, cable \n", encoding="utf-8")
    places = read_places(file)
    assert (places["Land"].grid, places["Isle"].grid) == (None, "cable")


@pytest.mark.parametrize("grid", ["", " ", 3])
def test_the_name_of_a_grid_is_a_text(grid):
    with pytest.raises(ValueError, match="place 'Isle', grid: must be"):
        Place("Isle", grid=grid)
