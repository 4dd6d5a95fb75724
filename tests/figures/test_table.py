from __future__ import annotations

import csv
import math
import pickle
import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from energy_impact.figures import FigureError, read_figures
from energy_impact.figures.figure import COLUMNS
from energy_impact.figures.qualifiers import QUALIFIERS, SAID_ALSO
from energy_impact.figures.rows import REQUIRED
from energy_impact.figures.table import check_figures
from energy_impact.quantities import QUANTITIES

HEADER = "id,time,place,quantity,value,qualifier,kind,source,period_start\n"
HEAT = "a,2026-01-24T09:00+02:00,Kyiv,heat_buildings_out,6000,about,stock,mayor,\n"
FROST = "b,2026-01-25T07:00+02:00,Kyiv,air_temperature_c,-13,exact,stock,forecast,\n"


def figure(**changes):
    """Return a sound figure with some cells changed; a cell set to ... is left out."""
    cells = {
        "id": "a",
        "time": "2026-01-24T09:00+02:00",
        "place": "Kyiv",
        "quantity": "heat_buildings_out",
        "value": 6000,
        "qualifier": "about",
        "kind": "stock",
        "source": "mayor of Kyiv",
    }
    return {name: cell for name, cell in (cells | changes).items() if cell is not ...}


def faults_of(source):
    with pytest.raises(FigureError) as caught:
        read_figures(source)
    return caught.value.faults


def save(folder, text):
    file = folder / "figures.csv"
    file.write_text(text, encoding="utf-8")
    return file


def test_a_csv_file_becomes_a_typed_table(tmp_path):
    figures = read_figures(save(tmp_path, HEADER + HEAT + FROST))
    assert tuple(figures.columns) == COLUMNS
    assert isinstance(figures.index, pd.RangeIndex)
    assert str(figures["time"].dtype) == str(figures["period_start"].dtype) == "datetime64[ns, UTC]"
    assert figures["time"].tolist() == [pd.Timestamp("2026-01-24T07:00Z"), pd.Timestamp("2026-01-25T05:00Z")]
    assert figures["value"].tolist() == [6000.0, -13.0]
    assert figures["value_high"].dtype == np.float64
    assert figures["value_high"].isna().all()
    assert figures["time_uncertainty_h"].tolist() == [0.0, 0.0]
    assert figures["unit"].tolist() == ["count", "count"]
    assert figures["period_start"].isna().all()
    assert figures["note"].isna().all()


def test_a_path_as_text_is_read_as_a_path(tmp_path):
    file = save(tmp_path, HEADER + HEAT)
    assert_frame_equal(read_figures(str(file)), read_figures(file))


def test_file_frame_and_dicts_give_the_same_table(tmp_path):
    from_file = read_figures(save(tmp_path, HEADER + HEAT.replace("mayor", "mayor of Kyiv")))
    assert_frame_equal(from_file, read_figures([figure()]))
    assert_frame_equal(from_file, read_figures(pd.DataFrame([figure()], index=["odd index"])))


def test_frames_of_mixed_types_are_read():
    frame = pd.DataFrame(
        {
            "id": [1, 2, 3],
            "time": pd.DatetimeIndex(["2026-01-24T09:00"] * 3, tz="Europe/Kyiv"),
            "place": pd.Categorical(["Kyiv", "Kyiv", "Kharkiv"]),
            "quantity": ["heat_buildings_out", "power_share_shed", "air_temperature_c"],
            "value": np.array([np.int64(6000), "0.4", np.float32(-13)], dtype=object),
            "qualifier": ["about", "exact", "range"],
            "kind": "stock",
            "source": "press",
            "value_high": [None, math.nan, -10],
            "event": [pd.NA, None, "24 January"],
            "period_start": [pd.NaT, None, datetime(2026, 1, 23, tzinfo=UTC)],
        }
    )
    before = frame.copy(deep=True)
    figures = read_figures(frame)
    assert figures["id"].tolist() == ["1", "2", "3"]
    assert figures["time"].tolist() == [pd.Timestamp("2026-01-24T07:00Z")] * 3
    assert figures["value"].tolist() == [6000.0, 0.4, -13.0]
    assert figures["value_high"].isna().tolist() == [True, True, False]
    assert figures["unit"].tolist() == ["count", "share", "count"]
    assert figures["event"].isna().tolist() == [True, True, False]
    assert figures.loc[2, "period_start"] == pd.Timestamp("2026-01-23T00:00Z")
    assert_frame_equal(frame, before)


def test_a_table_that_was_read_passes_unchanged(tmp_path):
    figures = read_figures(save(tmp_path, HEADER.replace("\n", ",page\n") + HEAT.replace("\n", ",7\n")))
    assert_frame_equal(read_figures(figures), figures)
    some = read_figures([figure(page=7), figure(id="b", page=None), figure(id="c")])
    assert_frame_equal(read_figures(some), some)


def test_rows_selected_from_a_table_are_read_again():
    figures = read_figures([figure(id="a"), figure(id="b", qualifier="none", value=None)])
    assert read_figures(figures[figures["id"] == "b"])["id"].tolist() == ["b"]


def test_unknown_columns_follow_as_they_came(tmp_path):
    file = save(tmp_path, "page," + HEADER + "007," + HEAT + "," + FROST)
    figures = read_figures(file)
    assert tuple(figures.columns) == (*COLUMNS, "page")
    assert figures.loc[0, "page"] == "007"
    assert figures["page"].isna().tolist() == [False, True]
    frame = pd.DataFrame([figure() | {"page": 7}])
    assert read_figures(frame)["page"].dtype == np.int64


@pytest.mark.parametrize("cell", ["\ud800", "\0", "x" * 20_000, Decimal("sNaN")])
def test_what_could_not_be_saved_is_refused_in_unknown_columns_and_in_their_names(cell):
    assert faults_of([figure(), figure(id="b", page=cell)])[0].startswith("row 1, column page: must ")


@pytest.mark.parametrize("name", ["\ud800", "\0", "x" * 20_000, 10**200])
def test_what_cannot_be_shown_names_no_column(name):
    assert re.match(r"column .{,110}: must ", faults_of([figure() | {name: 1}])[0])


@pytest.mark.parametrize("source", [[], pd.DataFrame(), [figure()][:0]])
def test_no_figures_are_an_empty_table_with_all_columns(source):
    figures = read_figures(source)
    assert tuple(figures.columns) == COLUMNS
    assert len(figures) == 0
    assert str(figures["time"].dtype) == "datetime64[ns, UTC]"
    assert_frame_equal(read_figures(figures), figures)


def test_a_file_with_only_a_header_is_an_empty_table(tmp_path):
    assert_frame_equal(read_figures(save(tmp_path, HEADER)), read_figures([]))


def test_all_faults_are_told_at_once_with_row_and_column(tmp_path):
    file = save(
        tmp_path,
        HEADER
        + HEAT
        + HEAT.replace("6000", "-5").replace("a,", "b,", 1)
        + "a,2026-01-24,,heat_building_out,1,abuot,stok,mayor,\n",
    )
    with pytest.raises(FigureError, match=r"figures\.csv: 7 faults\nrow 3, column value") as caught:
        read_figures(file)
    assert caught.value.faults == (
        "row 3, column value: must be a whole count of at least 0 and at most 1e+10, got -5",
        "row 4, column time: needs an hour and a UTC offset such as T09:00+02:00, got '2026-01-24'",
        "row 4, column quantity: must be a known quantity, got 'heat_building_out' "
        "(did you mean 'heat_buildings_out'?)",
        "row 4, column qualifier: 'abuot' is not one of exact, about, at_least, over, up_to, almost, under, range, "
        "dozens, hundreds, thousands, tens_of_thousands, hundreds_of_thousands, millions, all, none "
        "(did you mean 'about'?)",
        "row 4, column kind: 'stok' is not one of stock, flow, change, minimum, maximum (did you mean 'stock'?)",
        "row 4, column place: must not be empty",
        "row 4, column id: must be unique, got 'a' as in row 2",
    )


def test_rows_of_a_frame_are_named_by_position():
    frame = pd.DataFrame([figure(), figure(id="b", value=-5)], index=[10, 20])
    assert faults_of(frame) == ("row 1, column value: must be a whole count of at least 0 and at most 1e+10, got -5",)


@pytest.mark.parametrize("name", REQUIRED)
def test_a_missing_column_is_named(name):
    assert faults_of(pd.DataFrame([figure()]).drop(columns=name)) == (f"column {name}: is missing",)


def test_a_column_that_looks_like_the_missing_one_is_shown():
    frame = pd.DataFrame([figure()]).rename(columns={"qualifier": "Qualifer"})
    assert faults_of(frame) == ("column qualifier: is missing (is it 'Qualifer'?)",)


def test_dicts_may_leave_out_the_value_but_no_other_required_cell():
    assert math.isnan(read_figures([figure(value=..., qualifier="none")]).loc[0, "value"])
    assert faults_of([figure(place=...)]) == ("column place: is missing",)
    assert faults_of([figure(), figure(id="b", place=...)]) == ("row 1, column place: must not be empty",)


@pytest.mark.parametrize("name", [name for name in REQUIRED if name != "value"])
@pytest.mark.parametrize("empty", ["", "  ", None, pd.NA, math.nan])
def test_required_cells_must_not_be_empty(name, empty):
    assert faults_of([figure(**{name: empty})]) == (f"row 0, column {name}: must not be empty",)


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"value": "6,000"}, "column value: must be a number, got '6,000': write 6000, or a point before decimals"),
        ({"value": "NaN"}, "column value: must be a number, got 'NaN'"),
        ({"value": math.inf}, "column value: must be a finite number, got inf"),
        ({"value": None}, "column value: must not be empty for qualifier 'about'"),
        ({"value": math.nan}, "column value: must not be empty for qualifier 'about'"),
        ({"value": 1.2, "unit": "share"}, "column value: must be a share of at least 0 and at most 1, got 1.2"),
        ({"value": np.float64(-2)}, "column value: must be a whole count of at least 0 and at most 1e+10, got -2.0"),
        ({"qualifier": "none"}, "column value: must be empty for qualifier 'none', got 6000"),
        ({"qualifier": "none", "value": 0}, "column value: must be empty for qualifier 'none', got 0"),
        ({"qualifier": "thousands", "value": "many"}, "column value: must be a number, got 'many'"),
        ({"quantity": "context_statement"}, "column value: must be empty for context_statement, got 6000"),
        (
            {"quantity": "power_share_shed", "value": 80},
            "column value: must be a share of at least 0 and at most 1, got 80",
        ),
        (
            {"quantity": "power_share_shed", "value": 0.8, "unit": "count"},
            "column unit: must be 'share' for power_share_shed, got 'count'",
        ),
        (
            {"quantity": "heat_households_out", "value": 0.8, "unit": "share"},
            "column unit: must be 'count' for heat_households_out, which has no stock, got 'share'",
        ),
        ({"unit": "percent"}, "column unit: 'percent' is not one of count, share"),
        (
            {"quantity": "air_temperature_c", "value": -300},
            "column value: must be a temperature of at least -90 and at most 60, got -300",
        ),
        (
            {"quantity": "hours_off_per_day", "value": 30},
            "column value: must be a number of hours of at least 0 and at most 24, got 30",
        ),
        (
            {"quantity": "air_temperature_c", "qualifier": "dozens", "value": None},
            "column qualifier: 'dozens' must qualify a count, got air_temperature_c in temperature",
        ),
        ({"qualifier": "range"}, "column value_high: must not be empty for qualifier 'range'"),
        ({"qualifier": "range", "value_high": 6000}, "column value_high: must be above the value 6000, got 6000"),
        (
            {"qualifier": "range", "value": None, "value_high": 6000},
            "column value: must not be empty for qualifier 'range'",
        ),
        ({"value_high": 7000}, "column value_high: must be empty except for qualifier 'range', got 7000"),
        (
            {"qualifier": "range", "value": 0.5, "value_high": 1.5, "unit": "share"},
            "column value_high: must be a share of at least 0 and at most 1, got 1.5",
        ),
        (
            {"time_uncertainty_h": -1},
            "column time_uncertainty_h: must be a number of hours of at least 0 and at most 8784, got -1",
        ),
        ({"time": "2026-01-24T09:00"}, "column time: needs a UTC offset such as +02:00 or Z, got '2026-01-24T09:00'"),
        (
            {"period_start": "2026-01-24T07:00Z"},
            "column period_start: must be before the time 2026-01-24T07:00:00+00:00, got 2026-01-24T07:00:00+00:00",
        ),
        ({"kind": "flow"}, "column period_start: must not be empty for kind 'flow' of heat_buildings_out"),
        ({"kind": "change"}, "column period_start: must not be empty for kind 'change' of heat_buildings_out"),
        ({"kind": "minimum"}, "column period_start: must not be empty for kind 'minimum' of heat_buildings_out"),
        (
            {"quantity": "heat_buildings_restored", "kind": "change"},
            "column period_start: must not be empty for kind 'change' of heat_buildings_restored",
        ),
        (
            {"quantity": "air_temperature_c", "value": -13, "kind": "change"},
            "column period_start: must not be empty for kind 'change' of air_temperature_c",
        ),
        ({"id": True}, "column id: must be text, got True"),
        ({"place": ["Kyiv"]}, "column place: must be text, got ['Kyiv']"),
    ],
)
def test_each_broken_rule_is_one_fault_that_names_cell_rule_and_value(changes, fault):
    assert faults_of([figure(**changes)]) == (f"row 0, {fault}",)


@pytest.mark.parametrize(
    ("told", "word"), [("more than", "over"), ("More than", "over"), ("fewer_than", "under"), ("nearly", "almost")]
)
def test_a_wording_that_is_told_otherwise_is_named(told, word):
    (fault,) = faults_of([figure(qualifier=told)])
    assert fault.startswith(f"row 0, column qualifier: {told!r} is not one of exact, about, ")
    assert fault.endswith(f"none ({word!r} means the same)")


def test_every_other_wording_leads_to_a_qualifier_and_is_none_itself():
    assert set(SAID_ALSO.values()) <= set(QUALIFIERS)
    assert not set(SAID_ALSO) & set(QUALIFIERS)


@pytest.mark.parametrize(
    "changes",
    [
        {"value": 0},
        {"value": 0.8, "unit": "share"},
        {"qualifier": "all", "value": None},
        {"qualifier": "none", "value": "", "unit": "share"},
        {"qualifier": "range", "value_high": 7000},
        {"quantity": "heat_buildings_restored", "kind": "flow"},
        {"quantity": "air_temperature_c", "value": -20, "qualifier": "almost", "kind": "minimum"},
        {"quantity": "indoor_temperature_c", "value": -1},
        {"quantity": "context_statement", "value": None, "qualifier": "exact"},
        {"kind": "flow", "period_start": "2026-01-23T18:00+02:00"},
        {"time_uncertainty_h": "2.5"},
    ],
)
def test_sound_figures_pass(changes):
    assert len(read_figures([figure(**changes)])) == 1


@pytest.mark.parametrize("source", [5, None, b"figures.csv", {"id": ["a"]}])
def test_other_sources_are_faults(source):
    with pytest.raises(FigureError, match="must be a path, a DataFrame or a list of dicts, got"):
        read_figures(source)


def test_a_list_of_other_things_than_dicts_is_a_fault():
    assert faults_of([figure(), "b"]) == ("row 1: must be a dict, got str",)


def test_a_repeated_column_is_a_fault():
    frame = pd.DataFrame([figure()])
    assert faults_of(pd.concat([frame, frame[["value"]]], axis=1)) == ("column value: must appear once, got 2",)


def test_a_file_that_is_no_table_is_one_fault_that_names_the_file(tmp_path):
    for content in (b"", b"\xff\xfe", b'id,time\n1,"x\n'):
        (tmp_path / "odd.csv").write_bytes(content)
        with pytest.raises(FigureError, match=r"odd\.csv: 1 fault\nmust "):
            read_figures(tmp_path / "odd.csv")


def test_a_file_that_is_not_there_is_an_os_error(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"absent\.csv"):
        read_figures(tmp_path / "absent.csv")


def test_an_error_survives_pickling():
    error = FigureError(["row 1, column id: must not be empty"], "figures.csv")
    copy = pickle.loads(pickle.dumps(error))
    assert copy.faults == error.faults
    assert str(copy) == "figures.csv: 1 fault\nrow 1, column id: must not be empty"


texts = st.text(st.characters(exclude_categories=["Cs", "Cc", "Cn"]), max_size=12)
names = texts.filter(lambda text: text.strip())
times = st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@st.composite
def figures(draw):
    quantity = QUANTITIES[draw(st.sampled_from(["heat_buildings_out", "power_share_shed", "air_temperature_c"]))]
    words = [] if quantity.is_temperature else ["all", "none"]
    qualifier = draw(st.sampled_from(["exact", "about", "range", *words]))
    numbers = {"share": st.floats(0, 0.5), "degC": st.floats(0, 20), "buildings": st.integers(0, 10**9)}
    value = None if qualifier in words else float(draw(numbers[quantity.unit]))
    time = draw(times)
    return figure(
        id=draw(st.uuids().map(str)),
        time=time,
        place=draw(names),
        quantity=quantity.name,
        value=value,
        value_high=min(value * 2 + 1, 1.0 if quantity.is_share else math.inf) if qualifier == "range" else None,
        qualifier=qualifier,
        source=draw(names),
        period_start=draw(st.none() | st.just(time - timedelta(hours=7))),
        time_uncertainty_h=draw(st.none() | st.floats(0, 100)),
        note=draw(texts),
        page=draw(texts) or None,
    )


def test_each_row_has_a_record_with_its_cells():
    table = check_figures([figure(), figure(id="b", qualifier="none", value=None, note="x", page="3")])
    first, second = table.records
    assert (first.value, first.note, first.period_start, first.unit) == (6000.0, None, None, "count")
    assert (second.id, second.value, second.note) == ("b", None, "x")
    assert table.frame["page"].tolist() == [None, "3"]
    assert [table.frame.loc[0, name] for name in ("id", "time", "value")] == [first.id, first.time, first.value]


def test_a_table_that_was_checked_is_not_checked_again():
    table = check_figures([figure()])
    assert check_figures(table) is table


def test_some_figures_of_a_table_keep_their_rows_and_records_together():
    table = check_figures([figure(), figure(id="b", page="3"), figure(id="c")])
    kept = table.only(lambda record: record.id != "a")
    assert kept.frame["id"].tolist() == [record.id for record in kept.records] == ["b", "c"]
    assert kept.frame.index.tolist() == [0, 1]
    assert table.only(lambda _: False).frame.columns.tolist() == table.frame.columns.tolist()


def test_two_tables_become_one_unless_an_id_comes_twice():
    one, other = check_figures([figure()]), check_figures([figure(id="b", page="3")])
    both = one.joined(other)
    assert both.frame["id"].tolist() == [record.id for record in both.records] == ["a", "b"]
    assert_frame_equal(read_figures(both.frame), both.frame)
    with pytest.raises(FigureError, match="row 1, column id: must be unique, got 'a' as in row 0"):
        one.joined(one)


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
@given(st.lists(figures(), min_size=1, max_size=4))
def test_a_table_that_pandas_writes_reads_as_the_same_table(tmp_path, rows):
    table = read_figures(rows).astype({"page": pd.StringDtype("python")})
    table.to_csv(tmp_path / "figures.csv", index=False, quoting=csv.QUOTE_NONNUMERIC)
    assert_frame_equal(read_figures(tmp_path / "figures.csv"), table, check_exact=True)
    assert_frame_equal(read_figures(table), table, check_exact=True)


@pytest.mark.parametrize("column", ["accept", "accepted", " Accept"])
@pytest.mark.parametrize(("yes", "no"), [("yes", "no"), ("YES ", " No"), (True, False), (np.True_, np.False_)])
def test_rows_that_were_not_accepted_are_left_out_unread(column, yes, no):
    rows = [figure(**{column: yes}), figure(**{"id": "b", "quantity": "no such", "place": "", column: no})]
    figures = read_figures(rows)
    assert list(figures["id"]) == ["a"]
    assert column not in figures
    assert_frame_equal(read_figures(figures), figures)


@pytest.mark.parametrize("cell", ["", None, np.nan, "maybe", 1, pytest.param(10**5000, id="many digits")])
def test_a_row_without_a_decision_is_a_fault(cell):
    with pytest.raises(FigureError, match="row 1, column accept: must be yes or no, got") as error:
        read_figures(pd.DataFrame([figure(accept="no"), figure(accept=cell)]))
    assert len(error.value.faults) == 1
