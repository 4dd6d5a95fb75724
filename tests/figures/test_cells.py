from __future__ import annotations

import math
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from energy_impact.bounds import LONGEST_H
from energy_impact.figures import cells


@pytest.mark.parametrize(
    "value", [None, "", "  ", math.nan, np.float32("nan"), pd.NA, pd.NaT, Decimal("nan")], ids=repr
)
def test_cells_that_hold_nothing_are_missing(value):
    assert cells.is_missing(value)
    assert cells.read_text(value) is None
    assert cells.read_number(value) is None
    assert cells.read_time(value) is None


@pytest.mark.parametrize("value", [0, False, "none", "NaN", [], [None]])
def test_cells_that_hold_anything_are_not_missing(value):
    assert not cells.is_missing(value)


@pytest.mark.parametrize(
    ("value", "number"),
    [
        ("6000", 6000.0),
        (" 0.8 ", 0.8),
        ("1.2e6", 1.2e6),
        ("-13", -13.0),
        (np.int64(5), 5.0),
        (np.float32(0.5), 0.5),
        (Decimal("0.25"), 0.25),
        (".5", 0.5),
        ("7.", 7.0),
    ],
)
def test_numbers_are_read_from_text_and_from_any_kind_of_number(value, number):
    read = cells.read_number(value)
    assert read == number
    assert type(read) is float


@pytest.mark.parametrize(
    "value",
    [
        "6,000",
        "6.000,5",
        "1_000",
        "60 00",
        "1,200.000",
        "1 200,000",
        "NaN",
        "inf",
        "about 6000",
        "٦٠",
        "0x10",
        True,
        np.bool_(True),
        [1],
        b"1",
        1j,
    ],
)
def test_cells_that_only_look_like_numbers_are_faults(value):
    with pytest.raises(ValueError, match="must be a number, got"):
        cells.read_number(value)


@pytest.mark.parametrize("value", [math.inf, -math.inf, "1e999", 10**400, Decimal("inf")])
def test_infinite_numbers_are_faults(value):
    with pytest.raises(ValueError, match="must be a finite number, got"):
        cells.read_number(value)


def test_text_loses_the_blanks_around_it_and_whole_numbers_are_text():
    assert cells.read_text(" Kyiv\n") == "Kyiv"
    assert cells.read_text(np.int64(17)) == "17"


@pytest.mark.parametrize("value", [1.5, True, ["Kyiv"], b"Kyiv"])
def test_other_things_are_no_text(value):
    with pytest.raises(ValueError, match="must be text, got"):
        cells.read_text(value)


NINE_IN_KYIV = pd.Timestamp("2026-01-24T07:00Z")


@pytest.mark.parametrize(
    "value",
    [
        "2026-01-24T09:00+02:00",
        "2026-01-24 09:00:00+02:00",
        "2026-01-24T07:00Z",
        "20260124T0900+0200",
        datetime(2026, 1, 24, 7, tzinfo=UTC),
        datetime(2026, 1, 24, 9, tzinfo=timezone(timedelta(hours=2))),
        pd.Timestamp("2026-01-24T09:00", tz="Europe/Kyiv"),
    ],
)
def test_times_with_a_zone_become_utc(value):
    time = cells.read_time(value)
    assert time == NINE_IN_KYIV
    assert str(time.tz) == "UTC"


@pytest.mark.parametrize(
    "value",
    [
        "2026-01-24T09:00",
        datetime(2026, 1, 24, 9),  # noqa: DTZ001
        pd.Timestamp("2026-01-24"),
        np.datetime64("2026-01-24T09:00"),
    ],
)
def test_a_time_without_a_zone_is_a_fault(value):
    with pytest.raises(ValueError, match=r"needs a UTC offset such as \+02:00 or Z, got .*2026-01-24"):
        cells.read_time(value)


@pytest.mark.parametrize("value", ["2026-01-24", "20260124", "2026-W04-6", date(2026, 1, 24)])
def test_a_date_alone_is_a_fault(value):
    with pytest.raises(ValueError, match="needs an hour and a UTC offset"):
        cells.read_time(value)


@pytest.mark.parametrize("value", ["Saturday", "24.01.2026 09:00", "2026-02-30T09:00Z", 20260124, 1.5, True])
def test_what_is_not_iso_8601_is_a_fault(value):
    with pytest.raises(ValueError, match="must be a time in ISO 8601"):
        cells.read_time(value)


@pytest.mark.parametrize(
    "value", ["0001-01-01T00:00+02:00", "1899-12-31T23:59Z", "2151-01-01T00:00Z", "9999-12-31T23:00-02:00"]
)
def test_times_beyond_the_range_of_nanoseconds_are_faults(value):
    with pytest.raises(ValueError, match="must be between the years 1900 and 2150"):
        cells.read_time(value)


@given(st.datetimes(datetime(1900, 1, 2), datetime(2150, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001
def test_a_time_written_as_iso_reads_as_itself(moment):
    assert cells.read_time(moment.isoformat()) == moment
    assert cells.read_time(cells.read_time(moment)) == moment


def test_rows_know_the_line_on_which_they_begin(tmp_path):
    file = tmp_path / "table.csv"
    file.write_bytes(b'\xef\xbb\xbfid,note\r\n1,"two\r\nlines"\r\n\r\n,\r\n2,x\r\n')
    table = cells.read_csv(file)
    assert table.columns == ("id", "note")
    assert table.rows == (("1", "two\r\nlines"), ("2", "x"))
    assert table.lines == (2, 6)
    assert table.faults == ()


def test_rows_of_another_length_and_bad_headers_are_told(tmp_path):
    file = tmp_path / "table.csv"
    file.write_text("id,,id\n1,2\n1,2,3\n1,2,3,4\n", encoding="utf-8")
    assert cells.read_csv(file).faults == (
        "column 2: must have a name",
        "column id: must appear once, got 2",
        "row 2: must have 3 cells like the header, got 2",
        "row 4: must have 3 cells like the header, got 4",
    )


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "must have a header and rows, got an empty file"),
        (b"\n\n", "got an empty file"),
        ("місто".encode("cp1251"), "must be UTF-8, got byte 0xec at 0"),
        ("id,place\n".encode("utf-16"), "must be UTF-8"),
        (b'id,note\n1,x\n2,"never closed\n3,y\n', "must be CSV, row 3 is broken"),
        (b'id,note\n1,"x"y\n', "must be CSV, row 2 is broken"),
        (b"id;time;place\n1;2;3\n", "columns must be separated by commas, got ';' in the header"),
    ],
)
def test_files_that_are_no_table_are_faults(tmp_path, content, message):
    file = tmp_path / "table.csv"
    file.write_bytes(content)
    with pytest.raises(ValueError, match=message):
        cells.read_csv(file)


@pytest.mark.parametrize(
    ("text", "number"),
    [("6 000", 6000), ("1,200,000", 1.2e6), ("1.200.000", 1.2e6), ("12\u00a0000", 12_000), ("-1'000'000", -1e6)],
)
def test_digits_in_groups_are_read_where_they_can_mean_one_thing_only(text, number):
    assert cells.read_number(text) == number


class _Unknown(tzinfo):
    def utcoffset(self, _when):
        return None


def test_a_timezone_that_knows_no_offset_is_none():
    with pytest.raises(ValueError, match="needs a UTC offset"):
        cells.read_time(datetime(2026, 1, 24, 9, tzinfo=_Unknown()))


def test_any_two_times_have_a_difference_and_leave_room_for_a_horizon():
    first, last = (cells.read_time(f"{year}T00:00Z") for year in ("1900-01-01", "2150-12-31"))
    assert last + pd.Timedelta(hours=LONGEST_H) - (first - pd.Timedelta(hours=LONGEST_H)) > pd.Timedelta(days=91_000)
