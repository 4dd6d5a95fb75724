from decimal import Decimal
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import energy_impact as ei

LONG = pd.DataFrame(
    {
        "fips_code": [1, 1, 2, 2],
        "run_start_time": ["2024-01-01 00:15", "2024-01-01 00:00", "2024-01-01 00:00", "2024-01-01 00:30"],
        "county": ["Lake", "Lake", "Lake", "Lake"],
        "state": ["Ohio", "Ohio", "Indiana", "Indiana"],
        "customers_out": [40, 12, 7, 9],
    }
)


def test_a_long_table_becomes_a_column_per_place():
    found = ei.read_outages(LONG)
    assert found.columns.tolist() == ["Lake, Indiana", "Lake, Ohio"]
    assert found["Lake, Ohio"].dropna().tolist() == [12, 40]
    assert found.index.tolist() == pd.date_range("2024-01-01", periods=3, freq="15min", tz="UTC").tolist()
    assert np.isnan(found["Lake, Indiana"].iloc[1])


def test_the_file_of_2023_calls_its_counts_sum(tmp_path):
    file = tmp_path / "eaglei_outages_2023.csv"
    rows = "26161,Washtenaw,Michigan,13,2023-01-01 00:00:00\n26161,Washtenaw,Michigan,40,2023-01-01 00:15:00\n"
    file.write_text(f"fips_code,county,state,sum,run_start_time\n{rows}", encoding="utf-8")
    assert ei.read_outages(file)["Washtenaw, Michigan"].tolist() == [13, 40]
    file.write_text(f"fips_code,county,state,most,run_start_time\n{rows}", encoding="utf-8")
    with pytest.raises(ValueError, match=r"got '26161' in column fips_code \(`columns` names the columns\)"):
        ei.read_outages(file)


POWER_OUTAGE_ROWS = [
    ("North Power", "Ohio", "Lake", "Mentor", 900, 40, "2024-01-01 00:00"),
    ("North Power", "Ohio", "Lake", "Kirtland", 200, 5, "2024-01-01 00:00"),
    ("South Power", "Ohio", "Lake", "Mentor", 100, 7, "2024-01-01 00:00"),
    ("South Power", "Ohio", "Ada", "Ada", 100, 3, "2024-01-01 00:00"),
    ("North Power", "Ohio", "Lake", "Mentor", 900, 12, "2024-01-01 01:00"),
    ("North Power", "Ohio", "Lake", "Kirtland", 200, None, "2024-01-01 01:00"),
]
POWER_OUTAGE_NAMES = [
    "UtilityName",
    "StateName",
    "CountyName",
    "CityName",
    "CustomersTracked",
    "CustomersOut",
    "RecordDateTime",
]


def test_rows_of_power_outage_us_per_utility_and_city_add_up():
    """A sum with an unknown part is unknown."""
    found = ei.read_outages(pd.DataFrame(POWER_OUTAGE_ROWS, columns=POWER_OUTAGE_NAMES))
    assert found["Lake, Ohio"].iloc[0] == 40 + 5 + 7
    assert np.isnan(found["Lake, Ohio"].iloc[1])
    assert found["Ada, Ohio"].dropna().tolist() == [3]


def test_a_row_of_power_outage_us_comes_once():
    rows = pd.DataFrame([*POWER_OUTAGE_ROWS, POWER_OUTAGE_ROWS[0]], columns=POWER_OUTAGE_NAMES)
    with pytest.raises(ValueError, match=r"must come once, .* for Lake, Ohio, North Power, Mentor twice"):
        ei.read_outages(rows)


ODIN_ROWS = pd.DataFrame(
    [("Ohio", "Lake", "North Power", 40), ("Ohio", "Lake", "North Power", 40), ("Ohio", "Ada", "South Power", 3)],
    columns=["state", "county", "name", "metersaffected"],
)


def test_outages_of_a_snapshot_of_odin_add_up_at_the_time_when_it_was_taken():
    found = ei.read_outages(ODIN_ROWS, taken="2026-01-24 07:00", timezone="America/New_York")
    assert found.columns.tolist() == ["Ada, Ohio", "Lake, Ohio"]
    assert found.index.tolist() == [pd.Timestamp("2026-01-24T12:00Z")]
    assert found.iloc[0].tolist() == [3, 80]


def test_a_snapshot_without_its_time_and_a_time_without_a_snapshot_are_refused():
    with pytest.raises(ValueError, match="taken: must be the time of the snapshot"):
        ei.read_outages(ODIN_ROWS)
    with pytest.raises(ValueError, match="taken: must be given only for a table with the columns county, state"):
        ei.read_outages(pd.DataFrame({"t": ["2024-01-01"], "West": [1]}), taken="2024-01-01")
    with pytest.raises(ValueError, match="taken: must not be given with columns"):
        ei.read_outages(ODIN_ROWS, taken="2026-01-24 07:00", columns={"time": "state"})
    with pytest.raises(ValueError, match="customers out"):
        ei.read_outages(ODIN_ROWS.assign(metersaffected=-1), taken="2026-01-24 07:00")


def test_a_wide_table_keeps_its_columns_and_reads_local_times(tmp_path):
    file = tmp_path / "wide.csv"
    file.write_text("when,West,East\n#date,#affected,#affected\n2024-01-01 00:00,1,2\n2024-01-01 01:00,3,\n")
    found = ei.read_outages(file, timezone="Europe/Kyiv")
    assert found["West"].tolist() == [1, 3]
    assert str(found.index[0]) == "2023-12-31 22:00:00+00:00"
    events = ei.outage_events(found["West"], threshold=2)
    assert events["peak_customers"].tolist() == [3]


def test_own_names_of_columns_are_given():
    table = pd.DataFrame({"t": ["2024-01-01T00Z"], "utility": ["A"], "out": ["5"]})
    names = {"time": "t", "place": "utility", "customers_out": "out"}
    assert ei.read_outages(table, columns=names)["A"].tolist() == [5]


def test_digits_in_groups_are_read_as_in_figures():
    counts = ["1,200,000", "12 000", 7, None]
    found = ei.read_outages(pd.DataFrame({"t": pd.date_range("2024-01-01", periods=4, freq="h"), "West": counts}))
    assert found["West"].dropna().tolist() == [1_200_000, 12_000, 7]
    with pytest.raises(ValueError, match="customers out in 'West': must be numbers"):
        ei.read_outages(pd.DataFrame({"t": ["2024-01-01"], "West": ["1,200"]}))


@pytest.mark.parametrize(
    ("change", "given", "rule"),
    [
        ({}, {"columns": {"place": "county", "time": "run_start_tim"}}, "both place and customers_out.*did you mean"),
        ({"customers_out": [1, 2, 3, "x"]}, {}, "customers out in .Lake, Indiana.: must be numbers"),
        ({"customers_out": [1, 2, 3, -4]}, {}, "must not be below 0, got -4"),
        ({"run_start_time": ["2024-01-01 00:00"] * 4}, {}, "time and place: must come once, .* for Lake, Ohio twice"),
        ({"run_start_time": ["soon"] * 2 + ["2024-01-01", "2024-01-02"], "state": list("abcd")}, {}, "time: must be"),
    ],
)
def test_a_fault_of_the_table_is_named(change, given, rule):
    with pytest.raises(ValueError, match=rule):
        ei.read_outages(LONG.assign(**change), **given)


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (b"", "must be a CSV file in UTF-8"),
        (b"t,A\n2024-01-01,1,2,3\n", "must be a CSV file|time: must be"),
        ("t,Київ\n2024-01-01,1\n".encode("cp1251"), "must be a CSV file in UTF-8"),
        (b"t,A\n", "source: must have columns and rows"),
    ],
)
def test_a_file_that_is_no_table_is_named(tmp_path, content, rule):
    file = tmp_path / "o.csv"
    file.write_bytes(content)
    with pytest.raises(ValueError, match=rule):
        ei.read_outages(file)


@pytest.mark.parametrize(
    ("times", "counts", "rule"),
    [
        ([0, 1], [1, 2], "time: must be a day and an hour"),
        (["10", "11"], [1, 2], "time: must be a day and an hour"),
        ([[1], [2]], [1, 2], "time: must be a day and an hour"),
        (["2024-01-01 00:00", "2024-01-01T01:00Z"], [1, 2], "UTC offset in all rows or in none"),
        (["2024-01-01T00:00+02:00", "2024-01-01T01:00+03:00"], [1, 2], "time and place: must come once"),
        (["2024-01-01", "2500-01-01"], [1, 2], "time: must be"),
        (["2024-01-01", "2024-01-02"], [True, False], "must be numbers: got True"),
        (["2024-01-01", "2024-01-02"], [pd.Timestamp("2024-01-01"), 2], "must be numbers"),
        (["2024-01-01", "2024-01-02"], [1, 1e11], "must be at most 1e[+]10"),
        (["2024-01-01", "2024-01-02"], [1, float("inf")], "must be at most 1e[+]10"),
    ],
)
def test_times_and_counts_are_held_to_bounds(times, counts, rule):
    with pytest.raises(ValueError, match=rule):
        ei.read_outages(pd.DataFrame({"t": times, "A": pd.Series(counts, dtype=object)}))


def test_offsets_may_change_with_the_clocks():
    table = pd.DataFrame({"t": ["2024-03-31T01:00+02:00", "2024-03-31T04:00+03:00"], "A": [1, 2]})
    assert (ei.read_outages(table).index[1] - ei.read_outages(table).index[0]).total_seconds() == 2 * 3600


def test_places_need_a_name_that_can_be_shown_and_come_once():
    table = pd.DataFrame([["2024-01-01", 1, 2]], columns=["t", "и\u0306", "й"])
    with pytest.raises(ValueError, match="column й: must appear once"):
        ei.read_outages(table)
    with pytest.raises(ValueError, match="place: must not be empty, got row 1"):
        ei.read_outages(LONG.assign(county=["Lake", None, "Lake", "Lake"]))


@pytest.mark.parametrize("cell", ["\ud800", Decimal("sNaN"), 10**200, ["Lake"], True, 1.5])
def test_what_cannot_name_a_place_is_refused_with_its_row(cell):
    county = pd.Series(["Lake", cell, "Lake", "Lake"], dtype=object)
    with pytest.raises(ValueError, match=r"^place, row 1: must "):
        ei.read_outages(LONG.assign(county=county))


def test_whole_numbers_name_places():
    found = ei.read_outages(
        LONG, columns={"time": "run_start_time", "place": "fips_code", "customers_out": "customers_out"}
    )
    assert found.columns.tolist() == ["1", "2"]
    floats = LONG.assign(county=[39001.0, 39001.0, 18003.0, 18003.0])
    assert ei.read_outages(floats).columns.tolist() == ["18003, Indiana", "39001, Ohio"]


@pytest.mark.parametrize("columns", ["x", 3, ["time"], {"time": ["t"]}])
def test_names_of_columns_of_another_type_are_named(columns):
    with pytest.raises(ValueError, match="columns"):
        ei.read_outages(LONG, columns=columns)


def test_the_names_of_columns_may_be_numbers():
    assert ei.read_outages(pd.DataFrame([["2024-01-01", 5]], columns=[0, 1]))["1"].tolist() == [5]


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="the system has no device without an end")
def test_a_device_without_an_end_is_no_table():
    with pytest.raises(ValueError, match="must have at most 64 MB"):
        ei.read_outages("/dev/zero")


def test_a_table_larger_than_memory_is_refused_before_it_is_read(tmp_path):
    with (tmp_path / "sparse.csv").open("wb") as file:
        file.truncate(2**40)
    with pytest.raises(ValueError, match=r"memory: must hold the cells of sparse\.csv, which need"):
        ei.read_outages(tmp_path / "sparse.csv")
