import hashlib
import json
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pandas as pd

from energy_impact import prepare, quantities, reports, systems, units, weather
from energy_impact._files import csv_bytes
from energy_impact.model import jobs, restoration
from energy_impact.results.estimate import Estimate
from energy_impact.results.files import run_folder
from energy_impact.results.tables.summary import summary_rows
from energy_impact.scenario import interception


def test_csv_has_six_digits_plain_line_ends_and_inf_in_words() -> None:
    table = pd.DataFrame({"x": [1 / 3, float("inf"), None], "t": pd.to_datetime(["2026-01-20T01:00Z"] * 3)})
    assert csv_bytes(table, run_folder.SIX_DIGITS) == (
        b"x,t\n0.333333,2026-01-20T01:00:00Z\ninf,2026-01-20T01:00:00Z\n,2026-01-20T01:00:00Z\n"
    )


def _files(estimate: Estimate, source: Path) -> dict[str, bytes]:
    return run_folder.run_files(
        estimate, summary_rows(estimate, 0.8), level=0.8, scenario_file=source, command=["a", "b"]
    )


def test_the_files_of_a_run_are_the_same_each_time(estimate: Estimate, tmp_path: Path) -> None:
    source = tmp_path / "city.toml"
    source.write_text("x")
    one, two = (_files(estimate, source) for _ in range(2))
    assert list(one) == ["summary.csv", "curves.csv", "restoration.png", "report.html", "run.json"]
    assert one == two
    assert one["restoration.png"].startswith(b"\x89PNG")
    assert len(one["curves.csv"].splitlines()) == 1 + 4 * 97


def test_the_record_holds_what_a_second_run_needs(estimate: Estimate, tmp_path: Path) -> None:
    source = tmp_path / "city.toml"
    source.write_bytes(b"title")
    record = json.loads(_files(estimate, source)["run.json"])
    assert record["scenario_file_sha256"] == hashlib.sha256(b"title").hexdigest()
    assert set(record["versions"]) == {"python", "energy_impact", "numpy", "pandas", "scipy", "matplotlib"}
    assert (record["command"], record["seed"], record["members"]) == (["a", "b"], 1, 3)
    assert record["assumptions"][0]["name"] == "rate"
    assert record["interval_level"] == 0.8
    assert record["warnings"] == ["look twice"]
    assert len(record["figures_sha256"]) == 64


def test_the_record_holds_the_constants_of_every_stage(estimate: Estimate, tmp_path: Path) -> None:
    source = tmp_path / "city.toml"
    source.touch()
    told = json.loads(_files(estimate, source)["run.json"])["constants"]
    assert told["NUGGET"] == reports.NUGGET
    assert told["INTERCEPTED_SHARE"] == interception.INTERCEPTED_SHARE
    assert told["ORDERS"]["dozens"] == [24, 99]
    assert told["FAULT_NOISE_SD"] == restoration.FAULT_NOISE_SD
    assert told["LARGE_JOBS"] == jobs.LARGE_JOBS
    assert told["CYCLE_AMPLITUDE_K"] == weather.CYCLE_AMPLITUDE_K
    assert not {"TYPE_CHECKING", "KINDS", "QUANTITIES"} & set(told)


def test_no_constant_has_two_values() -> None:
    values: dict[str, object] = {}
    for stage in (
        units,
        systems,
        quantities,
        weather,
        prepare,
        interception,
        interception,
        reports,
        *_modules("figures"),
        *_modules("model"),
        *_modules("inference"),
    ):
        for name, value in vars(stage).items():
            if name.isupper() and not name.startswith("_"):
                assert values.setdefault(name, value) == value, f"{name} in {stage.__name__}"


def _modules(stage: str) -> list[ModuleType]:
    return [module for name, module in sys.modules.items() if name.startswith(f"energy_impact.{stage}.")]


def test_assumptions_are_numbers_and_unknown_ones_are_null(
    make_estimate: Callable[..., Estimate], tmp_path: Path
) -> None:
    source = tmp_path / "city.toml"
    source.touch()
    known = make_estimate().priors.iloc[0].to_dict()
    rows = [known | {"median": 0.25, "kind": "storm"}, known | {"median": float("nan"), "kind": None}]
    record = json.loads(_files(make_estimate(priors=pd.DataFrame(rows)), source)["run.json"])
    assert record["assumptions"] == [rows[0], rows[1] | {"median": None}]
