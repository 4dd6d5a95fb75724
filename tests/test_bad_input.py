"""Bad input from end to end: the command line prints one clear error, exits with 2 and writes nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from energy_impact import cli

SCENARIO = """\
title = "A small case"
start = "2026-01-19T00:00+02:00"
horizon_h = 336
places = ["Kyiv"]

[figures]
file = "figures.csv"

[[events]]
name = "24 January"
time = "2026-01-24T01:00+02:00"
kind = "attack"
missiles = 21
"""
FIGURES = """\
id,time,place,quantity,value,value_high,qualifier,kind,source,event,period_start
heat,2026-01-24T09:00+02:00,Kyiv,heat_buildings_out,6000,,about,stock,mayor,,
power,2026-01-24T09:00+02:00,Kyiv,power_customers_out,700000,800000,range,stock,mayor,,
sent,2026-01-24T09:00+02:00,Kyiv,missiles_launched,21,,exact,flow,air force,24 January,2026-01-23T18:00+02:00
"""
HEAT = "heat,2026-01-24T09:00+02:00,Kyiv,heat_buildings_out,6000,,about,stock,mayor,,"

# what is wrong: what is replaced in the table and by what, and what the message must hold: the place, then the rule
FIGURE_FAULTS = {
    "unknown quantity": (
        "heat_buildings_out",
        "heat_building_out",
        "row 2, column quantity",
        "must be a known quantity, got 'heat_building_out' (did you mean 'heat_buildings_out'?)",
    ),
    "unknown qualifier": (",about,", ",abuot,", "row 2, column qualifier", "'abuot' is not one of exact, about,"),
    "unknown kind": (
        "about,stock",
        "about,stok",
        "row 2, column kind",
        "'stok' is not one of stock, flow, change, minimum, maximum (did you mean 'stock'?)",
    ),
    "negative count": (
        "6000",
        "-6000",
        "row 2, column value",
        "must be a whole count of at least 0 and at most 1e+10, got -6000",
    ),
    "count as text": ("6000", "many", "row 2, column value", "must be a number, got 'many'"),
    "count with a separator": ("6000", '"6,000"', "row 2, column value", "must be a number, got '6,000'"),
    "count as NaN": ("6000", "NaN", "row 2, column value", "must be a number, got 'NaN'"),
    "count that is missing": ("6000", "", "row 2, column value", "must not be empty for qualifier 'about'"),
    "time without a zone": (
        "heat,2026-01-24T09:00+02:00",
        "heat,2026-01-24T09:00",
        "row 2, column time",
        "needs a UTC offset such as +02:00 or Z, got '2026-01-24T09:00'",
    ),
    "time without a date": (
        "heat,2026-01-24T09:00+02:00",
        "heat,09:00+02:00",
        "row 2, column time",
        "must be a time in ISO 8601 such as 2026-01-24T09:00+02:00, got '09:00+02:00'",
    ),
    "date without an hour": (
        "heat,2026-01-24T09:00+02:00",
        "heat,2026-01-24",
        "row 2, column time",
        "needs an hour and a UTC offset such as T09:00+02:00, got '2026-01-24'",
    ),
    "no time": ("heat,2026-01-24T09:00+02:00", "heat,", "row 2, column time", "must not be empty"),
    "range upside down": (
        "700000,800000",
        "800000,700000",
        "row 3, column value_high",
        "must be above the value 800000, got 700000",
    ),
    "missing column": ("qualifier,", "wording,", "column qualifier", "is missing"),
    "missing place": (",Kyiv,heat", ",,heat", "row 2, column place", "must not be empty"),
    "duplicate id": ("power,2026", "heat,2026", "row 3, column id", "must be unique, got 'heat' as in row 2"),
    "cells too many": (HEAT, HEAT + ",,", "row 2", "must have 11 cells like the header, got 13"),
    "not UTF-8": ("mayor", "m\udce4yor", "figures.csv", "must be UTF-8, got byte 0xe4 at "),
    "empty file": (FIGURES, "", "figures.csv", "must have a header and rows, got an empty file"),
    "semicolons": (FIGURES, FIGURES.replace(",", ";"), "figures.csv", "columns must be separated by commas"),
    "open quote": (HEAT, f'"{HEAT}', "figures.csv", "must be CSV, row 2 is broken"),
}

# figures that are sound alone and wrong in this scenario
FIGURE_IN_SCENARIO_FAULTS = {
    "unknown place": (
        ",Kyiv,heat",
        ",Kiyv,heat",
        "figure 'heat', column place",
        "must be a place of the scenario, got 'Kiyv' (did you mean 'Kyiv'?)",
    ),
    "more than the stock": (
        "6000",
        "12801",
        "figure 'heat', column value",
        "must be at most the heat_buildings of 'Kyiv', 12,800, got 12,801",
    ),
    "time before the start": (
        "heat,2026-01-24",
        "heat,2026-01-18",
        "figure 'heat', column time",
        "must lie from the start 2026-01-18T22:00:00+00:00 to the end",
    ),
    "time after the horizon": (
        "heat,2026-01-24",
        "heat,2026-02-24",
        "figure 'heat', column time",
        "to the end 2026-02-01T22:00:00+00:00, got 2026-02-24T07:00:00+00:00",
    ),
    "unknown event": (
        "24 January",
        "24 Januar",
        "figure 'sent', column event",
        "must be the name of an event of the scenario, got '24 Januar' (did you mean '24 January'?)",
    ),
    "an event's own numbers": (
        ",21,",
        ",22,",
        "figure 'sent', column value: missiles_launched exact 22",
        "must agree with event '24 January', which has missiles = 21",
    ),
}

SCENARIO_FAULTS = {
    "unknown place": ('"Kyiv"', '"Kiyv"', "places 1", "got 'Kiyv' (did you mean 'Kyiv'?)"),
    "unknown kind of event": (
        '"attack"',
        '"attak"',
        "events 1, kind: 'attak'",
        "is not one of attack, storm, planned_shutoff, grid_failure, heat_accident, local_fault "
        "(did you mean 'attack'?)",
    ),
    "negative number": (
        "missiles = 21",
        "missiles = -21",
        "events 1, missiles",
        "must be a whole number of at least 0 and at most 1e+06, got -21",
    ),
    "number as text": (
        "missiles = 21",
        'missiles = "21"',
        "events 1, missiles",
        "must be a whole number of at least 0 and at most 1e+06, got '21'",
    ),
    "number as NaN": (
        "missiles = 21",
        "missiles = nan",
        "events 1, missiles",
        "must be a whole number of at least 0 and at most 1e+06, got nan",
    ),
    "start without a zone": (
        "2026-01-19T00:00+02:00",
        "2026-01-19T00:00",
        "start",
        "needs a UTC offset such as +02:00",
    ),
    "start as a local time": (
        '"2026-01-19T00:00+02:00"',
        "2026-01-19T00:00:00",
        "start",
        "needs a UTC offset such as +02:00",
    ),
    "start without an hour": ('"2026-01-19T00:00+02:00"', "2026-01-19", "start", "needs an hour and a UTC offset"),
    "start without a date": ('"2026-01-19T00:00+02:00"', "07:00:00", "start", "must be a time in ISO 8601"),
    "event before the start": (
        "2026-01-24T01:00",
        "2026-01-18T01:00",
        "event '24 January', time",
        "must lie from the start 2026-01-18T22:00:00+00:00 to before the end",
    ),
    "event after the horizon": (
        "2026-01-24T01:00",
        "2026-03-24T01:00",
        "event '24 January', time",
        "to before the end 2026-02-01T22:00:00+00:00, got 2026-03-23T23:00:00+00:00",
    ),
    "horizon as NaN": ("horizon_h = 336", "horizon_h = nan", "horizon_h", "must be above 0 and at most 8784, got nan"),
    "horizon as text": ("horizon_h = 336", 'horizon_h = "336"', "horizon_h", "must be a number, got '336'"),
    "step that divides no hour": (
        "horizon_h = 336",
        "horizon_h = 336\nstep_h = 0.7",
        "step_h",
        "must be a divisor of an hour, not below a second, got 0.7",
    ),
    "misspelt key": ("horizon_h", "horizont_h", "top level", "unknown key 'horizont_h' (did you mean 'horizon_h'?)"),
    "misspelt key of an event": (
        "missiles = 21",
        "missile = 21",
        "events 1",
        "unknown key 'missile' (did you mean 'missiles'?)",
    ),
    "missing key": ('kind = "attack"\n', "", "events 1", "key 'kind' is missing"),
    "broken TOML": ("[figures]", "[figures", "scenario.toml", "must be TOML: "),
    "not UTF-8": ("A small", "A sm\udce4ll", "scenario.toml", "must be UTF-8, got byte 0xe4 at "),
    "empty file": (SCENARIO, "", "scenario.toml", "must have start, horizon_h, places, got an empty file"),
    "missing table": ("figures.csv", "numbers.csv", "numbers.csv", "cannot be read"),
    "misspelt id of a figure": (
        'file = "figures.csv"',
        'file = "figures.csv"\nids = ["haet"]',
        "figures, ids",
        "must be ids of figures.csv, got 'haet' (did you mean 'heat'?)",
    ),
    "stock upside down": (
        '["Kyiv"]',
        '[{name = "Kyiv", heat_buildings = [9, 8]}]',
        "places 1: place 'Kyiv', heat_buildings",
        "must be a range with low below high",
    ),
    "stock as NaN": (
        '["Kyiv"]',
        '[{name = "Kyiv", heat_buildings = nan}]',
        "places 1: place 'Kyiv', heat_buildings",
        "must be at least 0 and at most 1e+10, got nan",
    ),
    "unknown stock": (
        '["Kyiv"]',
        '[{name = "Kyiv", power_customers = 1000000}]',
        "figure 'heat', column quantity",
        "heat_buildings_out needs a known stock (a wide range will do), got 'Kyiv' without heat_buildings",
    ),
    "unknown prior": (
        "[figures]",
        "[priors]\nnight_facto = {median = 0.4, spread = 0.5}\n[figures]",
        "night_facto",
        "(did you mean 'night_factor'?)",
    ),
    "prior out of bounds": (
        "[figures]",
        "[priors]\nnight_factor = {median = 4, spread = 0.5}\n[figures]",
        "night_factor, median",
        "must be at least 1e-09 and at most 0.999999, got 4",
    ),
    "missing weather": ("[figures]", '[weather]\nfile = "cold.csv"\n[figures]', "cold.csv", "cannot be read"),
}

ErrorOf = Callable[[list[str]], str]


@pytest.fixture
def error_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> ErrorOf:
    """Run the command line in an empty folder, check that it fails as it should, and return its error."""
    monkeypatch.chdir(tmp_path)

    def run(words: list[str]) -> str:
        before = sorted(path.name for path in tmp_path.iterdir())
        try:
            code = cli.main(words)
        except SystemExit as stop:  # what argparse refuses
            code = stop.code
        out, err = capsys.readouterr()
        assert code == 2
        assert out == ""
        assert err.count("error: ") == 1
        assert "Traceback" not in err
        assert sorted(path.name for path in tmp_path.iterdir()) == before
        return err

    return run


def write(figures: str = FIGURES, scenario: str = SCENARIO) -> None:
    for name, text in (("figures.csv", figures), ("scenario.toml", scenario)):
        Path(name).write_bytes(text.encode("utf-8", "surrogateescape"))


def changed(text: str, old: str, new: str) -> str:
    assert old in text
    return text.replace(old, new, 1)


def check_one_fault(message: str, where: str, rule: str) -> None:
    """Check that the message names the place and the rule, once, and no other fault."""
    lines = message.splitlines()
    assert where in message
    assert rule in lines[-1]
    assert message.count(rule) == 1
    assert len(lines) == 1 or (len(lines) == 2 and lines[0].endswith(": 1 fault")), message


def test_the_case_itself_is_sound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write()
    assert cli.main(["figures", "figures.csv"]) == 0
    assert cli.main(["estimate", "scenario.toml", "--members", "4", "--out", "answer"]) == 0
    assert Path("answer").is_dir()


@pytest.mark.parametrize(("old", "new", "where", "rule"), FIGURE_FAULTS.values(), ids=FIGURE_FAULTS)
@pytest.mark.parametrize(
    "words", [["figures", "figures.csv"], ["estimate", "scenario.toml", "--out", "answer"]], ids=["table", "estimate"]
)
def test_a_fault_of_a_table_is_reported_once(
    words: list[str], old: str, new: str, where: str, rule: str, error_of: ErrorOf
):
    write(figures=changed(FIGURES, old, new))
    check_one_fault(error_of(words), where, rule)


@pytest.mark.parametrize(
    ("old", "new", "where", "rule"), FIGURE_IN_SCENARIO_FAULTS.values(), ids=FIGURE_IN_SCENARIO_FAULTS
)
def test_a_figure_that_does_not_fit_its_scenario_is_reported_once(
    old: str, new: str, where: str, rule: str, error_of: ErrorOf
):
    write(figures=changed(FIGURES, old, new))
    check_one_fault(error_of(["estimate", "scenario.toml", "--out", "answer"]), where, rule)


@pytest.mark.parametrize(("old", "new", "where", "rule"), SCENARIO_FAULTS.values(), ids=SCENARIO_FAULTS)
def test_a_fault_of_a_scenario_is_reported_once(old: str, new: str, where: str, rule: str, error_of: ErrorOf):
    write(scenario=changed(SCENARIO, old, new))
    check_one_fault(error_of(["estimate", "scenario.toml", "--out", "answer"]), where, rule)


@pytest.mark.parametrize("words", [["--members", "0"], ["--members", "some"], ["--members", "nan"], ["--seed", "-1"]])
def test_a_number_of_the_command_line_is_checked_before_anything_is_read(words: list[str], error_of: ErrorOf):
    message = error_of(["estimate", "scenario.toml", "--out", "answer", *words])
    assert f"argument {words[0]}: must be a whole number of at least" in message
    assert f"got {words[1]!r}" in message


@pytest.mark.parametrize("words", [["figures", "nowhere.csv"], ["figures", "."]])
def test_a_table_that_cannot_be_read_is_named(words: list[str], error_of: ErrorOf):
    assert words[1] in error_of(words)


def test_two_faults_are_both_reported(error_of: ErrorOf):
    write(figures=FIGURES.replace("6000", "-1").replace("exact", "exakt"))
    message = error_of(["estimate", "scenario.toml", "--out", "answer"])
    assert message.splitlines()[0].endswith(": 2 faults")
    assert "row 2, column value" in message
    assert "row 4, column qualifier" in message
