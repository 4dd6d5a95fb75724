import hashlib
import json
import subprocess
import sys
from pathlib import Path

import pytest

from energy_impact import cli, run
from energy_impact._data import seeds_folder

FIGURES = """\
id,time,place,quantity,value,qualifier,kind,source
a,2026-01-24T10:00+02:00,Kyiv,heat_buildings_out,6000,about,stock,mayor
b,2026-01-24T10:00+02:00,Kyiv,power_customers_out,1400000,about,stock,mayor
"""
SMALL = ["--members", "16"]


def test_the_demo_tells_the_answer_and_the_status(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["demo", *SMALL]) == 0
    told = capsys.readouterr()
    assert "buildings without district heat, 90 % interval" in told.out
    assert "\nStatus: " in told.out
    assert "####" in told.out
    assert told.err == ""


def test_a_run_writes_its_files_and_the_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    for name, seed in (("one", "3"), ("two", "3"), ("other", "4")):
        assert cli.main(["estimate", cli.DEMO, *SMALL, "--seed", seed, "--out", str(tmp_path / name)]) == 0
    names = ["curves.csv", "report.html", "restoration.png", "run.json", "summary.csv"]
    assert sorted(path.name for path in (tmp_path / "one").iterdir()) == names
    for table in ("summary.csv", "curves.csv", "report.html"):
        one, two, other = ((tmp_path / folder / table).read_bytes() for folder in ("one", "two", "other"))
        assert one == two != other
        assert b"\r" not in one
    record = json.loads((tmp_path / "one" / "run.json").read_text(encoding="utf-8"))
    assert (record["seed"], record["members"], record["scenario"]) == (3, 16, cli.DEMO)
    assert record["command"][:3] == ["energy-impact", "estimate", cli.DEMO]
    assert {row["name"] for row in record["assumptions"]} >= {"repair_rate_heat", "slow_share_power"}
    assert record["constants"]["INTERCEPTED_SHARE"] == {"missiles": 0.535, "drones": 0.916}


def test_a_backtest_tells_each_forecast_and_the_means(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["backtest", "kharkiv-2024-03-22", *SMALL]) == 0
    told = capsys.readouterr().out
    assert "kharkiv-power-out-2024-03-24" in told
    assert "Means over 2 forecasts, CRPS as shares of the largest figure of each series:\ncrps " in told


def test_calibration_tells_the_shares_of_each_target(capsys: pytest.CaptureFixture[str]) -> None:
    """The case of seed 1 has its last figure 96 h before the horizon."""
    assert cli.main(["calibrate", "kharkiv-2024-03-22", "--cases", "1", "--seed", "1", *SMALL]) == 0
    told = capsys.readouterr().out
    assert told.startswith("Share of truths inside the central intervals, 1 case, with standard errors:")
    assert [line.split()[0] for line in told.splitlines()[2:]] == ["+12", "+24", "+48", "+96", "hours"]


@pytest.mark.parametrize(
    ("command", "rule"),
    [("backtest", "figures: a backtest needs two figures"), ("calibrate", "cases: at least one must")],
)
def test_what_cannot_be_validated_is_told_in_one_line(
    command: str, rule: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    hut = tmp_path / "hut.toml"
    hut.write_text(
        'start = "2026-01-19T00:00+02:00"\nhorizon_h = 120\n[[places]]\nname = "Hut"\npower_customers = 1\n',
        encoding="utf-8",
    )
    assert cli.main([command, str(hut), *SMALL]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.startswith(f"energy-impact: error: {rule}")
    assert told.err.count("\n") == 1


@pytest.mark.parametrize("words", [["--members", "0"], ["--members", "many"], ["--seed", "-1"], ["--seed", "1.5"]])
def test_a_number_that_is_none_is_refused_as_argparse_does(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit, match="2"):
        cli.main(["demo", *words])
    assert f"error: argument {words[0]}: must be a whole number of at least" in capsys.readouterr().err


@pytest.mark.parametrize("scenario", ["kyiv-2026-01-23", "missing.toml", "broken.toml"])
def test_bad_input_is_told_in_words_and_leaves_no_folder(
    scenario: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("broken.toml").write_text("start = \n", encoding="utf-8")
    assert cli.main(["estimate", scenario, "--out", "answer"]) == 2
    told = capsys.readouterr()
    assert told.err.startswith("energy-impact: error: ")
    assert "Traceback" not in told.err
    assert told.out == ""
    assert not Path("answer").exists()


def test_a_failure_while_computing_writes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ValueError("members: too few")

    monkeypatch.setattr(run, "estimate", fail)
    assert cli.main(["demo", "--out", str(tmp_path / "answer")]) == 2
    assert capsys.readouterr().err == "energy-impact: error: members: too few\n"
    assert not (tmp_path / "answer").exists()


@pytest.mark.parametrize("below", [".", "deep/down"])
def test_a_file_is_no_folder_to_write_to(
    below: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "estimate", None)
    taken = tmp_path / "taken"
    taken.write_text("mine")
    assert cli.main(["demo", "--out", str(taken / below)]) == 2
    assert "--out: must be a folder" in capsys.readouterr().err
    assert taken.read_text() == "mine"


def test_figures_are_checked_and_shown(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table = tmp_path / "figures.csv"
    table.write_text(FIGURES, encoding="utf-8")
    assert cli.main(["figures", str(table)]) == 0
    header, first, second, _, count = capsys.readouterr().out.splitlines()
    assert header.split()[:3] == ["id", "time", "place"]
    assert "2026-01-24 08:00Z" in first
    assert "1,400,000" in second
    assert count == "2 figures, no faults"


def test_every_fault_of_a_table_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table = tmp_path / "figures.csv"
    table.write_text(FIGURES.replace("6000", "-6").replace("power_customers", "power_costumers"), encoding="utf-8")
    assert cli.main(["figures", str(table)]) == 2
    told = capsys.readouterr().err
    assert "row 2, column value" in told
    assert "row 3, column quantity" in told


def test_a_missing_table_is_told_by_name(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["figures", "nowhere.csv"]) == 2
    assert "nowhere.csv" in capsys.readouterr().err


def test_the_module_runs_and_help_loads_no_heavy_package() -> None:
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "energy_impact", "--help"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "demo" in done.stdout
    assert "matplotlib" not in done.stderr
    assert "scipy.stats" not in done.stderr


def test_options_are_compared_each_alone_then_together(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["compare", "kharkiv-2024-03-22", "--colder", "8", "--crews", "2", "--places", "Kharkiv", *SMALL]
    assert cli.main([*words, "--out", str(tmp_path / "out")]) == 0
    told = capsys.readouterr().out
    names = ["as it is", "8 K colder", "2 times the crews", "8 K colder, 2 times the crews"]
    assert all(f"\n{name} " in told for name in names)
    assert told.isascii()
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "comparison.csv",
        "comparison.json",
        "comparison.png",
    ]
    table = (tmp_path / "out" / "comparison.csv").read_bytes()
    assert table.startswith(b"place,measure,night,unit,option")
    record = json.loads((tmp_path / "out" / "comparison.json").read_text(encoding="utf-8"))
    assert record["files_sha256"]["comparison.csv"] == hashlib.sha256(table).hexdigest()
    assert [*record["options"]] == names
    assert record["command"] == ["energy-impact", *words, "--out", str(tmp_path / "out")]


def test_two_options_of_one_name_are_an_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "s.toml"
    text = (seeds_folder() / "scenarios" / "kharkiv-2024-03-22.toml").read_text(encoding="utf-8")
    file.write_text(text + '\n[[what_if]]\nname = "as it is"\ncrews = 2\n', encoding="utf-8")
    assert cli.main(["compare", str(file), *SMALL]) == 2
    assert "each option needs a name of its own, got 'as it is' twice" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "rule"),
    [
        ([], "compare: needs a what-if"),
        (["--crews", "0"], "WhatIf.crews: must be at least 0.01"),
        (["--colder", "3", "--places", "Nowhere"], "what-if '3 K colder', places: must be a place of the scenario"),
    ],
)
def test_what_cannot_be_compared_is_named(words: list[str], rule: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["compare", "kharkiv-2024-03-22", *words, *SMALL]) == 2
    assert rule in capsys.readouterr().err


def test_scenarios_places_and_the_version_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["scenarios"]) == cli.main(["places"]) == 0
    told = capsys.readouterr().out
    assert "kyiv-2026-01-24" in told
    assert "\n  Kyiv " in told
    assert "\n  Sumy (region) " in told
    with pytest.raises(SystemExit, match="0"):
        cli.main(["--version"])
    assert capsys.readouterr().out.startswith("energy-impact 0.")
