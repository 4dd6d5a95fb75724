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
