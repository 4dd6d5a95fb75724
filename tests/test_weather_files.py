"""Hourly weather from files: our own columns, Open-Meteo, Meteostat."""

from __future__ import annotations

import gzip
import re

import pandas as pd
import pytest

import energy_impact as ei
from energy_impact.weather_files import read_weather

OPEN_METEO = """latitude,longitude,elevation,utc_offset_seconds,timezone,timezone_abbreviation
50.439365,30.476192,169.0,7200,Europe/Kyiv,GMT+2

time,temperature_2m (°C),wind_speed_10m (km/h)
2026-01-24T00:00,-7.5,11.2
2026-01-24T01:00,-8.0,10.1
2026-01-24T02:00,-8.4,9.0

time,temperature_2m_max (°C)
2026-01-24,-3.1
"""
"""The form that the service's own writer has: metadata, an empty line, then a section for each step of time."""

BULK = """2026-01-24,0,-7.5,-9.0,89,,,180,11.2,,1013.2,,3
2026-01-24,1,-8.0,-9.4,90,,,180,10.1,,1013.0,,3
2026-01-24,2,-8.4,-9.9,89,,,190,9.0,,1012.9,,3
"""
PACKAGE = """time,temp,dwpt,rhum,prcp,snow,wdir,wspd,wpgt,pres,tsun,coco
2026-01-24 00:00:00,-7.5,-9.0,89.0,,,180.0,11.2,,1013.2,,3.0
2026-01-24 01:00:00,-8.0,-9.4,90.0,,,180.0,10.1,,1013.0,,3.0
2026-01-24 02:00:00,-8.4,-9.9,89.0,,,190.0,9.0,,1012.9,,3.0
"""
YEARLY = """year,month,day,hour,temp,temp_source
2026,1,24,0,-7.5,isd_lite
2026,1,24,1,-8.0,isd_lite
2026,1,24,2,-8.4,isd_lite
"""


@pytest.fixture
def write(tmp_path):
    def make(text, name="hourly.csv"):
        file = tmp_path / name
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        return file

    return make


@pytest.mark.parametrize(
    ("text", "first"),
    [
        (OPEN_METEO, "2026-01-23T22:00Z"),
        (OPEN_METEO.replace(",7200,Europe/Kyiv,GMT+2", ",0,GMT,GMT"), "2026-01-24T00:00Z"),
        (OPEN_METEO.replace(",7200,", ",-12600,"), "2026-01-24T03:30Z"),
        (BULK, "2026-01-24T00:00Z"),
        (PACKAGE, "2026-01-24T00:00Z"),
        (PACKAGE.replace(":00:00,", ":00:00+02:00,"), "2026-01-23T22:00Z"),
        (YEARLY, "2026-01-24T00:00Z"),
        (gzip.compress(BULK.encode(), mtime=0), "2026-01-24T00:00Z"),
    ],
    ids=["offset", "gmt", "west", "bulk", "package", "package with a zone", "yearly", "gzip"],
)
def test_a_service_tells_one_series_in_its_zone(write, text, first):
    weather = read_weather(write(text))
    assert isinstance(weather, pd.Series)
    assert weather.name == "air_temperature_c"
    assert weather.tolist() == [-7.5, -8.0, -8.4]
    assert weather.index.equals(pd.date_range(first, periods=3, freq="h"))


def test_what_is_read_is_what_a_scenario_takes(write):
    weather = read_weather(write(OPEN_METEO))
    city = ei.Place("City", heat_buildings=100)
    assert ei.Scenario("2026-01-23T22:00Z", 2, city, weather=weather).weather.tolist() == [-7.5, -8.0, -8.4]


def test_local_times_take_the_zone_that_is_given(write):
    rows = "time,air_temperature_c\n2025-10-26T02:00,6\n2025-10-26T{}:00,5\n"
    weather = read_weather(write(rows.format("02").replace("T02:00,6", "T01:00,6")), timezone="Europe/Kyiv")
    assert weather.index[0] == pd.Timestamp("2025-10-25T22:00Z")
    with pytest.raises(ValueError, match=r"hourly.csv: row 3, column time: must exist once in Europe/Kyiv"):
        read_weather(write(rows.format("03")), timezone="Europe/Kyiv")
    skipped = "time,air_temperature_c\n2026-03-29T03:00,6\n"
    with pytest.raises(ValueError, match=r"hourly.csv: row 2, column time: must exist once in Europe/Kyiv"):
        read_weather(write(skipped), timezone="Europe/Kyiv")


def test_a_real_file_with_a_hole_and_local_times_is_refused_until_both_are_settled(shared):
    file = shared / "data" / "weather" / "kyiv_hourly.csv"
    with pytest.raises(ValueError, match=r"row 2, column time: needs a UTC offset"):
        read_weather(file)
    with pytest.raises(ValueError, match=r"row 605, column time: must exist once in Europe/Kyiv"):
        read_weather(file, timezone="Europe/Kyiv")
    with pytest.raises(ValueError, match=r"none between 2026-01-19T21:00:00\+00:00 and 2026-01-20T01:00:00\+00:00"):
        read_weather(file, timezone="Etc/GMT-2")
    rest = read_weather(file, timezone="Etc/GMT-2", start="2026-01-20T01:00Z")
    assert (rest.index[0], rest.index[-1]) == (pd.Timestamp("2026-01-20T01:00Z"), pd.Timestamp("2026-03-31T21:00Z"))


def test_start_and_end_leave_out_the_gaps_of_an_archive(write):
    text = "2026-01-20,3,,,,,,,,,,,\n2026-01-21,3,4.0,,,,,,,,,,\n" + BULK
    with pytest.raises(ValueError, match=r"hourly.csv: row 1, column temp: must not be empty"):
        read_weather(write(text))
    with pytest.raises(ValueError, match=r"none between 2026-01-21T03:00:00\+00:00 and 2026-01-24T00:00:00\+00:00"):
        read_weather(write(text), start="2026-01-21T00:00Z")
    kept = read_weather(write(text), start="2026-01-24T01:00Z", end="2026-01-24T03:00+01:00")
    assert kept.tolist() == [-8.0, -8.4]


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        (OPEN_METEO.replace("-8.0", "NaN"), "row 6, column temperature_2m (°C): must be a number, got 'NaN'"),
        (OPEN_METEO.replace("(°C)", "(°F)"), "line 4: temperature_2m must be in °C, got the column"),
        (OPEN_METEO.replace("temperature_2m (", "rain ("), "must have hourly columns time and temperature_2m"),
        (OPEN_METEO.replace("utc_offset_seconds", "offset"), "line 2: must hold utc_offset_seconds"),
        ("location_id," + OPEN_METEO.replace("\n50", "\n0,50"), "must hold one location"),
        (OPEN_METEO.replace("T02:00", "T05:00"), "needs every hour, got none between 2026-01-23T23:00"),
        (OPEN_METEO.replace("T02:00", "T01:00"), "times must be present, ascending and unique"),
        (OPEN_METEO.replace("T01:00", "Tone"), "row 6, column time: must be a time"),
        (OPEN_METEO.replace("T01:00,-8.0,10.1", "T01:00"), "row 6: must have 2 cells or more, got 1"),
        (BULK.replace(",-8.0,", ",,"), "row 2, column temp: must not be empty"),
        (BULK.replace("24,1,", "24,25,"), "row 2, column time: must be a time"),
        (BULK.replace("-8.4", "-84000"), "must lie between -90 and 60 degC"),
        (PACKAGE.replace("-8.0", "cold"), "row 3, column temp: must be a number, got 'cold'"),
        (YEARLY.replace("month", "mon"), "column month: is missing"),
        (gzip.compress(BULK.encode(), mtime=0)[:-12], "hourly.csv: "),
    ],
)
def test_a_file_of_a_service_is_reported_by_name_line_and_rule(write, text, rule):
    with pytest.raises(ValueError, match=f"^hourly.csv: .*{re.escape(rule.removeprefix('hourly.csv: '))}"):
        read_weather(write(text))


@pytest.mark.parametrize(
    ("text", "options", "rule"),
    [
        (OPEN_METEO, {"timezone": "UTC"}, "timezone: must be None: a file from Open-Meteo states its own, got 'UTC'"),
        (BULK, {"timezone": "UTC"}, "timezone: must be None: a file from Meteostat states its own"),
        ("time,Kyiv\n2026-01-24T00:00,1\n", {"timezone": "Europe/Kiew"}, "must be a known IANA timezone"),
        (BULK, {"start": "2026-01-24"}, "start: needs an hour and a UTC offset"),
        (BULK, {"end": "2020-01-24T00:00Z"}, "must have rows between start and end, got none"),
    ],
)
def test_options_are_checked(write, text, options, rule):
    with pytest.raises(ValueError, match=re.escape(rule)):
        read_weather(write(text), **options)


def test_a_file_with_one_column_holds_for_every_place(tmp_path):
    file = tmp_path / "hourly.csv"
    file.write_text("time,air_temperature_c\n2026-02-01T00:00+02:00,-5\n2026-02-01T01:00+02:00,-6.5\n", "utf-8")
    weather = read_weather(file)
    assert isinstance(weather, pd.Series)
    assert weather.index[0] == pd.Timestamp("2026-01-31T22:00Z")
    assert weather.tolist() == [-5.0, -6.5]


def test_a_file_with_places_has_a_column_each(tmp_path):
    file = tmp_path / "hourly.csv"
    file.write_text("time,Kyiv,Kharkiv\n2026-02-01T00:00Z,-5,-7\n", "utf-8")
    assert list(read_weather(file).columns) == ["Kyiv", "Kharkiv"]


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (b"", "got an empty file"),
        (b"time,Kyiv\n2026-02-01T00:00Z,\xff\n", "must be UTF-8"),
        (b"hour,Kyiv\n2026-02-01T00:00Z,1\n", "needs a column time"),
        (b"time\n2026-02-01T00:00Z\n", "needs a column time and at least one column of temperatures"),
        (b"time,Kyiv\n2026-02-01T00:00,1\n", "row 2, column time: needs a UTC offset"),
        (b"time,Kyiv\n2026-02-01T00:00Z,1\n2026-02-01T01:00Z,cold\n", "row 3, column Kyiv: must be a number"),
        (b"time,Kyiv\n2026-02-01T00:00Z,\n", "row 2, column Kyiv: must not be empty"),
        (b"time,Kyiv\n2026-02-01T00:00Z,1,2\n", "row 2: must have 2 cells"),
        (b"time,Kyiv\n", "times must be present"),
    ],
)
def test_a_broken_file_is_reported_by_name_and_rule(tmp_path, content, rule):
    file = tmp_path / "hourly.csv"
    file.write_bytes(content)
    with pytest.raises(ValueError, match=f"hourly.csv: .*{re.escape(rule)}"):
        read_weather(file)


def test_a_packed_file_that_is_damaged_is_reported_by_name(tmp_path):
    file = tmp_path / "hourly.csv.gz"
    file.write_bytes(b"\x1f\x8b\x08" + bytes(7) + b"\xff" * 20)
    with pytest.raises(ValueError, match=r"hourly\.csv\.gz: "):
        read_weather(file)


def test_a_missing_file_is_reported_by_name(tmp_path):
    with pytest.raises(ValueError, match=r"none.csv: cannot be read"):
        read_weather(tmp_path / "none.csv")


def test_an_hour_that_clocks_repeat_may_stand_there_twice(write):
    rows = "".join(f"2025-10-26T{hour:02d}:00,{hour}\n" for hour in (1, 2, 3, 3, 4, 5))
    weather = read_weather(write(f"time,air_temperature_c\n{rows}"), timezone="Europe/Kyiv")
    assert weather.index[0] == pd.Timestamp("2025-10-25T22:00Z")
    assert weather.tolist() == [1, 2, 3, 3, 4, 5]
