"""The commands behind the numbers of README and docs run, in small."""

from __future__ import annotations

import importlib
import re
import runpy
import sys
from pathlib import Path

import numpy as np
import pytest

import energy_impact as ei
from benchmarks import step_error

ROOT = Path(__file__).resolve().parents[2]
TEXTS = [*(ROOT / "docs").glob("*.md"), *map(ROOT.joinpath, ("README.md", "CONTRIBUTING.md", "benchmarks/README.md"))]
SMALL = {
    "calibration": ({"CASES": 2, "MEMBERS": 32}, ()),
    "calls": ({"members_together": lambda _plan: 64}, ()),
    "country": ({}, ("--places", "8", "--figures", "4", "--members", "16")),
    "family_coverage": ({"RIGHT": (0.0, 1.0)}, ("exponential", "--draws", "5")),
    "horizons": ({"HORIZONS_H": (48, 96), "MEMBERS": 8}, ()),
    "narrowing": ({}, ("--members", "8", "--seeds", "1")),
    "peers": ({"ROUNDS": 1}, ()),
    "sobol": ({"MEMBERS": 16, "REPEATS": 2, "REFERENCE": 64}, ()),
    "ukraine": ({"SCENARIOS": ("kharkiv-2024-03-22",), "SEEDS": 1}, ("--members", "32")),
}
"""Constants, and words of the command line, with which a command takes little time."""
BELOW = {"numbers_of_a_member", "step_error"}
NOT_HERE = {
    *("record", "learn_priors", "left_out", "indoor_cooldown", "indoor_reported"),  # data that are not shipped
    *("against_oracle", "cost_of_checks", "lifelines_numbers"),  # minutes, another version, another library
}


def test_every_command_that_is_named_is_tried_or_says_why_not():
    named = {name for path in TEXTS for name in re.findall(r"python benchmarks/(\w+)\.py", path.read_text("utf-8"))}
    assert named == {*SMALL, *BELOW, *NOT_HERE}


@pytest.mark.parametrize("name", SMALL)
def test_a_command_prints_a_table(name, monkeypatch, capsys):
    constants, words = SMALL[name]
    command = importlib.import_module(f"benchmarks.{name}")
    for constant, value in constants.items():
        monkeypatch.setattr(command, constant, value)
    monkeypatch.setattr(sys, "argv", [name, *words])
    command.main()
    assert len(capsys.readouterr().out.splitlines()) > 1


@pytest.mark.parametrize("scenario", [ei.load_scenario("kyiv-2026-01-24"), step_error.storm()], ids=["demo", "storm"])
def test_the_error_of_a_step_is_in_shares_of_a_stock(scenario, monkeypatch):
    monkeypatch.setattr(step_error, "MEMBERS", 8)
    found = step_error.run(scenario)
    shares = np.array([series for name, series in found.items() if name != "indoor_temperature_c"])
    assert shares.min() >= 0
    assert shares.max() <= 100.1


def test_a_country_is_made_where_the_system_does_not_say_how_much_memory_it_takes(monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "resource", None)
    monkeypatch.setattr(sys, "argv", ["country", *SMALL["country"][1]])
    runpy.run_path(str(ROOT / "benchmarks" / "country.py"), run_name="__main__")
    assert " MB" not in capsys.readouterr().out


def test_a_member_of_the_demo_has_as_many_numbers_as_is_written(capsys):
    runpy.run_path(str(ROOT / "benchmarks" / "numbers_of_a_member.py"), run_name="__main__")
    numbers, without = re.findall(r"[\d,]*\d", capsys.readouterr().out)
    decisions = (ROOT / "docs" / "decisions.md").read_text("utf-8")
    assert f"A member of the demo has {numbers} numbers, {without} of them without the noise" in decisions
