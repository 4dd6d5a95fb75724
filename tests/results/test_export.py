import hashlib
import json
from pathlib import Path

import pandas as pd

from energy_impact.results import export
from energy_impact.results.estimate import Estimate


def test_csv_has_six_digits_plain_line_ends_and_inf_in_words() -> None:
    table = pd.DataFrame({"x": [1 / 3, float("inf"), None], "t": pd.to_datetime(["2026-01-20T01:00Z"] * 3)})
    assert export.csv_bytes(table) == (
        b"x,t\n0.333333,2026-01-20T01:00:00Z\ninf,2026-01-20T01:00:00Z\n,2026-01-20T01:00:00Z\n"
    )


def test_the_files_of_a_run_are_the_same_each_time(estimate: Estimate, tmp_path: Path) -> None:
    source = tmp_path / "city.toml"
    source.write_text("x")
    one, two = (export.run_files(estimate, scenario_file=source, command=["energy-impact"]) for _ in range(2))
    assert list(one) == ["summary.csv", "curves.csv", "restoration.png", "run.json"]
    assert one == two
    assert one["restoration.png"].startswith(b"\x89PNG")
    assert len(one["curves.csv"].splitlines()) == 1 + 4 * 97


def test_the_record_holds_what_a_second_run_needs(estimate: Estimate, tmp_path: Path) -> None:
    source = tmp_path / "city.toml"
    source.write_bytes(b"title")
    record = json.loads(export.run_files(estimate, scenario_file=source, command=["a", "b"])["run.json"])
    assert record["scenario_file_sha256"] == hashlib.sha256(b"title").hexdigest()
    assert set(record["versions"]) == {"python", "energy_impact", "numpy", "pandas", "scipy", "matplotlib"}
    assert (record["command"], record["seed"], record["members"]) == (["a", "b"], 1, 3)
    assert record["assumptions"][0]["name"] == "rate"
    assert record["warnings"] == ["look twice"]
    assert len(record["figures_sha256"]) == 64
