from __future__ import annotations

import datetime as dt
import json
import re
import tomllib

import jsonschema
import pandas as pd
import pytest

from energy_impact._data import seeds_folder
from energy_impact.places import Place
from energy_impact.scenario import Event, EventRate, Scenario, ScenarioError, Truce, load_scenario, scenarios, schema

FOLDER = seeds_folder() / "scenarios"
SCHEMA = json.loads((FOLDER / schema.NAME).read_text("utf-8"))
SHIPPED = sorted(FOLDER.glob("*.toml"))

WHOLE = """
title = "A storm"
start = "2026-01-19T00:00+02:00"
horizon_h = 48
step_h = 0.5

[figures]
file = "own.csv"
ids = ["b"]

[[places]]
name = "City"
timezone = "Europe/Kyiv"
shared_crews = true
parts = [{name = "West", heat_buildings = 4000, near_front = true},
  {name = "East", heat_buildings = [1900, 2300], share_over_65 = 0.2}]

[[events]]
time = 2026-01-19T06:00:00+02:00
kind = "storm"
name = "Storm"
places = ["West"]
duration_h = 3

[[figure]]
id = "inline"
time = "2026-01-19T12:00+02:00"
place = "West"
quantity = "heat_buildings_out"
value = 900
qualifier = "about"
kind = "stock"
source = "city"
event = "Storm"

[[new_events]]
kind = "attack"
per_week = 2
start = 2026-01-20T00:00:00+02:00
places = ["City"]

[[truces]]
start = 2026-01-20T00:00:00+02:00
end = "2026-01-21T00:00+02:00"
claimed_by = "one side"
reduces = 1
holds = 0.5

[weather]
file = "hourly.csv"

[priors]
night_factor = {median = 0.4, spread = 0.5}
"""
OWN = """id,time,place,quantity,value,qualifier,kind,source
a,2026-03-19T12:00+02:00,City,heat_buildings_out,5,exact,stock,city
b,2026-01-19T13:00+02:00,City,heat_buildings_out,,hundreds,stock,city
"""


@pytest.fixture
def write(tmp_path):
    hours = pd.date_range("2026-01-18T22:00Z", periods=49, freq="h")
    hourly = "".join(f"{hour.isoformat()},-{number / 10}\n" for number, hour in enumerate(hours))
    (tmp_path / "hourly.csv").write_text("time,air_temperature_c\n" + hourly, "utf-8")
    (tmp_path / "own.csv").write_text(OWN, "utf-8")

    def write(content=WHOLE, name="storm.toml"):
        file = tmp_path / name
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        return file

    return write


def test_a_whole_file_is_read(write):
    made = load_scenario(write())
    assert (made.name, made.title, made.horizon_h, made.step_h) == ("storm", "A storm", 48, 0.5)
    west = Place("West", heat_buildings=4000, near_front=True)
    east = Place("East", heat_buildings=(1900, 2300), share_over_65=0.2)
    assert made.places == (Place("City", timezone="Europe/Kyiv", parts=[west, east], shared_crews=True),)
    storm = Event("2026-01-19T06:00+02:00", kind="storm", name="Storm", places=["West"], duration_h=3)
    assert made.events == (storm,)
    assert made.new_events == (EventRate(kind="attack", per_week=2, start="2026-01-19T22:00Z", places=["City"]),)
    assert made.truces == (
        Truce("2026-01-19T22:00Z", "2026-01-20T22:00Z", claimed_by="one side", reduces=1, holds=0.5),
    )
    assert made.figures["id"].tolist() == ["b", "inline"]
    assert made.air_temperature()[0][-1].tolist() == [-4.8, -4.8]
    assert made.priors == {"night_factor": {"median": 0.4, "spread": 0.5, "loading": 0.0}}


def test_places_may_be_shipped_names_also_as_parts(write, monkeypatch):
    shipped = {"Kyiv": Place("Kyiv", heat_buildings=12_000)}
    monkeypatch.setattr("energy_impact.scenario.file.shipped_place", shipped.__getitem__)
    head = 'start = "2026-01-19T00:00Z"\nhorizon_h = 24\n'
    made = load_scenario(write(head + 'places = [{name = "Country", parts = ["Kyiv", {name = "Rest"}]}]'))
    assert made.places == (Place("Country", parts=[shipped["Kyiv"], Place("Rest")]),)
    assert made.figures.empty


def test_a_byte_order_mark_is_read_over(write):
    assert load_scenario(write(b"\xef\xbb\xbf" + WHOLE.encode())).horizon_h == 48


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ("horizon_h = 48", "horizon_h = 48\nhorizn_h = 3", r"top level: unknown key 'horizn_h' \(did you mean 'horiz"),
        ("horizon_h = 48", "", "top level: key 'horizon_h' is missing"),
        ("horizon_h = 48", 'horizon_h = "48"', "^horizon_h: must be a number, got '48'"),
        ("horizon_h = 48", "horizon_h = 48.2", "^horizon_h: must be a whole multiple of step_h = 0.5, got 48.2"),
        ("step_h = 0.5", "step_h = 0.7", "^step_h: must be a divisor of an hour"),
        ('"A storm"', "3", "^title: must be text, got 3"),
        ('"2026-01-19T00:00+02:00"', "2026-01-19", "^start: needs an hour and a UTC offset"),
        ('"2026-01-19T00:00+02:00"', "2026-01-19T00:00:00", "^start: needs a UTC offset"),
        ('kind = "storm"', 'kind = "strom"', r"^events 1, kind: 'strom' is not one of .*did you mean 'storm'"),
        ('kind = "storm"', "", "^events 1: key 'kind' is missing"),
        ("duration_h", "durations_h", r"^events 1: unknown key 'durations_h' \(did you mean 'duration_h'\?\)"),
        ("duration_h = 3", "missiles = 3.5", "^events 1, missiles: must be a whole number"),
        ('places = ["West"]', 'places = ["Wst"]', r"^event 'Storm', places: .*'Wst' \(did you mean 'West'\?\)"),
        ("per_week = 2", "per_weak = 2", r"^new_events 1: unknown key 'per_weak' \(did you mean 'per_week'\?\)"),
        ("per_week = 2", "per_week = -2", "^new_events 1, per_week: must be at least 0 and at most 168, got -2"),
        ("per_week = 2", "per_week = 2\nhour = 24", "^new_events 1, hour: must be at least 0 and below 24, got 24"),
        ('places = ["City"]', 'places = ["Ctiy"]', r"^new_events 1, places: .*'Ctiy' \(did you mean 'City'\?\)"),
        ("holds = 0.5", "", "^truces 1: key 'holds' is missing"),
        ("reduces = 1\n", "reduces = 90\n", "^truces 1, reduces: must be at least 0 and at most 1, got 90"),
        ('claimed_by = "one side"', 'claimed_by = "x"\nscope = "enrgy"', r"^truces 1, scope: 'enrgy' .*mean 'energy'"),
        ('"2026-01-21T00:00+02:00"', '"2026-01-18T00:00+02:00"', "^truces 1, end: must be after start = "),
        ("near_front = true", "near_front = 1", "^places 1, part 1: place 'West', near_front: must be True or False"),
        ("near_front = true", "shared_crews = true", "^places 1, part 1: place 'West', shared_crews: must be False"),
        ("[1900, 2300]", "[2300, 1900]", "^places 1, part 2: place 'East', heat_buildings: must be a range with low"),
        ("timezone", "time_zone", r"^places 1: unknown key 'time_zone' \(did you mean 'timezone'\?\)"),
        ('ids = ["b"]', 'ids = ["c", "b"]', "^figures, ids: must be ids of own.csv, got 'c'"),
        ('ids = ["b"]', 'id = ["b"]', r"^figures: unknown key 'id' \(did you mean 'ids'\?\)"),
        ('ids = ["b"]', 'ids = "b"', "^figures, ids: must be a non-empty list of names"),
        ('ids = ["b"]', "", "^figure 'a', column time: must lie from the start"),
        ('"own.csv"', '"onw.csv"', "^figures, file '.*onw.csv': cannot be read"),
        (
            "value = 900",
            "value = -900",
            "^figure 1, column value: must be a whole count of at least 0 and",
        ),
        ("value = 900", "valeu = 900\nvalue = 900", r"^figure 1: unknown key 'valeu' \(did you mean 'value'\?\)"),
        ("value = 900", "value = 9000", "^figure 'inline', column value: must be at most the heat_buildings of 'West'"),
        ('id = "inline"', 'id = "b"', "^figures: row 1, column id: must be unique, got 'b'"),
        ('event = "Storm"', 'event = "Strom"', "^figure 'inline', column event: must be the name of an event"),
        ('"hourly.csv"', '"none.csv"', "^weather, file none.csv: cannot be read"),
        ('file = "hourly.csv"', 'files = "hourly.csv"', r"^weather: unknown key 'files' \(did you mean 'file'\?\)"),
        ("spread = 0.5", "spraed = 0.5", r"^priors, night_factor: unknown key 'spraed' \(did you mean 'spread'\?\)"),
    ],
)
def test_a_fault_is_reported_with_file_table_and_key(write, old, new, rule):
    assert WHOLE.count(old) == 1
    file = write(WHOLE.replace(old, new))
    with pytest.raises(ScenarioError) as error:
        load_scenario(file)
    assert str(error.value).startswith(f"{file}: ")
    assert re.search(rule, error.value.faults[0])


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (b"", "must have start, horizon_h, places, got an empty file"),
        (b"\n \n", "got an empty file"),
        (b'title = "caf\xe9"', "must be UTF-8, got byte 0xe9 at 12"),
        (b'title = "x"\nstart = \n', r"must be TOML: .*line 2"),
        (b'title = "x"\ntitle = "y"\n', r"must be TOML: .*line 2"),
        (b'places = "City"\nstart = "2026-01-19T00:00Z"\nhorizon_h = 5', "places: must be a list, got 'City'"),
        (b'places = ["Kyif"]\nstart = "2026-01-19T00:00Z"\nhorizon_h = 5', "places 1: place: .* got 'Kyif'"),
        (b'places = [5]\nstart = "2026-01-19T00:00Z"\nhorizon_h = 5', "places 1: must be a table of keys and values"),
    ],
)
def test_a_broken_file_yields_one_fault(write, content, rule):
    file = write(content)
    with pytest.raises(ScenarioError, match=rule) as error:
        load_scenario(file)
    assert len(error.value.faults) == 1
    assert str(error.value).startswith(f"{file}: 1 fault")


def test_all_faults_of_a_file_are_reported_at_once(write):
    text = WHOLE.replace("step_h = 0.5", "step = 0.5").replace('kind = "storm"', 'kind = "strom"')
    text = text.replace("value = 900", "value = 9000").replace("median = 0.4", 'median = "x"')
    with pytest.raises(ScenarioError) as error:
        load_scenario(write(text))
    assert len(error.value.faults) == 4


def test_rows_written_as_figures_get_an_error_that_names_the_right_form(write):
    text = WHOLE.replace('[figures]\nfile = "own.csv"\nids = ["b"]\n', "").replace("[[figure]]", "[[figures]]")
    with pytest.raises(ScenarioError, match=r"write rows as \[\[figure\]\] tables"):
        load_scenario(write(text))


def test_the_figures_of_the_library_are_the_default_file(write):
    text = 'start = "2026-01-19T00:00+02:00"\nhorizon_h = 336\nplaces = ["Ukraine"]\n[figures]\nids = ["none-such"]'
    with pytest.raises(ScenarioError, match=r"must be ids of figures.csv, got 'none-such'"):
        load_scenario(write(text))


def test_an_unknown_name_is_reported_with_the_nearest(tmp_path):
    with pytest.raises(ScenarioError, match=r"got 'kyiv-2026-01-25' \(did you mean 'kyiv-2026-01-24'\?\)"):
        load_scenario("kyiv-2026-01-25")
    with pytest.raises(ScenarioError, match="must be a shipped name or the path of a TOML file"):
        load_scenario(tmp_path / "none.toml")
    with pytest.raises(ScenarioError, match="must be a shipped name or the path of a TOML file, got 5"):
        load_scenario(5)


def plain(value):
    """TOML as a JSON schema sees it."""
    return json.loads(json.dumps(value, default=dt.datetime.isoformat))


def test_shipped_scenarios_are_listed():
    assert scenarios() == [file.stem for file in SHIPPED]


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: file.stem)
def test_a_shipped_scenario_loads_and_fits_the_schema(file):
    jsonschema.validate(plain(tomllib.loads(file.read_text("utf-8"))), SCHEMA)
    assert load_scenario(file.stem).name == file.stem


def test_the_whole_file_fits_the_schema():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    jsonschema.validate(plain(tomllib.loads(WHOLE)), SCHEMA)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("step_h", "step"),
        ('kind = "storm"', 'kind = "strom"'),
        ("T00:00+02:00", ""),
        ("value = 900", 'value = "900"'),
        ("[1900, 2300]", "[1900]"),
        (", spread = 0.5", ""),
        ("per_week = 2", 'per_week = "2"'),
        ("holds = 0.5", "holds = 2"),
        ("near_front = true", 'near_front = "yes"'),
    ],
)
def test_the_schema_marks_mistakes(old, new):
    document = plain(tomllib.loads(WHOLE.replace(old, new)))
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(document, SCHEMA)


def test_all_faults_of_a_place_and_its_parts_are_reported_at_once(write):
    parts = '[{ nam = "A", residents = -3 }, { name = "B", power_customers = [9, 5] }]'
    file = write(
        f'start = "2026-01-19T00:00Z"\nhorizon_h = 24\nplaces = [{{ timezone = "Europe/Kyiw", parts = {parts} }}]'
    )
    with pytest.raises(ScenarioError) as error:
        load_scenario(file)
    for rule in (
        "places 1: key 'name' is missing",
        "places 1, part 1: unknown key 'nam'",
        "places 1, part 1: place '?', residents: must be at least 1",
        "places 1, part 2: place 'B', power_customers: must be a range",
        "places 1: place '?', timezone: must be a known IANA timezone",
    ):
        assert rule in str(error.value)


def test_a_fault_of_a_part_hides_and_invents_none_of_the_place(write):
    part = '[{ name = "A", residents = -3 }]'
    head = 'start = "2026-01-19T00:00Z"\nhorizon_h = 24\n'
    file = write(f'{head}places = [{{ name = "City", shared_crews = true, parts = {part}, near_front = 3 }}]')
    with pytest.raises(ScenarioError) as error:
        load_scenario(file)
    assert [fault.split(":")[0] for fault in error.value.faults] == ["places 1, part 1", "places 1"]
    assert "near_front: must be True or False" in error.value.faults[1]


@pytest.mark.parametrize("parts", [0, "", "West", None, [5]])
def test_parts_of_a_place_must_be_a_list_of_places(parts):
    place = {"name": "City", "parts": parts}
    with pytest.raises(ScenarioError, match="places 1"):
        Scenario.from_dict({"start": "2026-01-19T00:00Z", "horizon_h": 24, "places": [place]})
