from __future__ import annotations

import io
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

import energy_impact as ei
from energy_impact import cli
from energy_impact.text import grammar
from tests.text.invented import NOON, TEXT, candidate

if TYPE_CHECKING:
    from pathlib import Path

PLACES = "name,part_of,timezone,power_customers_low,power_customers_high,heat_buildings_low,heat_buildings_high,\
water_buildings_low,water_buildings_high,residents_low,residents_high\n"


@pytest.fixture
def article(found, tmp_path: Path) -> Path:
    assert TEXT in found
    file = tmp_path / "post.txt"
    file.write_text(TEXT, encoding="utf-8")
    return file


def test_read_shows_the_candidates_of_a_file(article, capsys):
    assert cli.main(["read", str(article), "--published", NOON]) == 0
    told = capsys.readouterr().out
    assert "about 6,200 buildings without district heat" in told
    assert "\n?  article-2026-01-24-2  87-98" in told


def test_letters_that_a_terminal_lacks_do_not_stop_it(tmp_path: Path):
    article = tmp_path / "стаття.txt"
    article.write_text("Станом на 11:00 без опалення в Києві 5900 будинків.", encoding="utf-8")
    command = [sys.executable, "-m", "energy_impact", "read", str(article), "--published", NOON]
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    assert "5,900 buildings without district heat" in done.stdout


def test_read_takes_the_standard_input(found, capsys, monkeypatch):
    assert TEXT in found
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(TEXT.encode())))
    assert cli.main(["read", "-", "--published", "2026-01-24", "--source", "Post", "--language", "en"]) == 0
    assert "post-1" in capsys.readouterr().out


def test_what_read_writes_the_command_figures_takes_after_a_decision(article, tmp_path: Path, capsys):
    table = tmp_path / "figures.csv"
    assert cli.main(["read", str(article), "--published", NOON, "--out", str(table)]) == 0
    assert cli.main(["figures", str(table)]) == 2
    assert "row 4, column accept: must be yes or no, got an empty cell" in capsys.readouterr().err
    lines = table.read_text("utf-8-sig").splitlines(keepends=True)
    table.write_text("".join([lines[0], f"yes{lines[1]}", *(f"no{line}" for line in lines[2:])]), encoding="utf-8")
    assert cli.main(["figures", str(table)]) == 0
    assert "1 figures, no faults" in capsys.readouterr().out


def test_decisions_are_never_written_over(article, tmp_path: Path, capsys):
    table = tmp_path / "figures.csv"
    table.write_text("mine", encoding="utf-8")
    assert cli.main(["read", str(article), "--published", NOON, "--out", str(table)]) == 2
    assert cli.main(["draft", str(article), "--published", NOON, "--out", str(tmp_path)]) == 2
    assert table.read_text("utf-8") == "mine"
    assert capsys.readouterr().err.count("error: --out: must not") == 2


def test_places_are_shipped_names_and_files(article, tmp_path: Path, monkeypatch):
    table = tmp_path / "places.csv"
    table.write_text(
        f"{PLACES}Velmar,,Europe/Oslo,,,,,,,,\nNorthport,Velmar,,100,200,10,20,10,20,200,300\n", encoding="utf-8"
    )
    seen = []
    monkeypatch.setattr(grammar, "find_candidates", lambda _, **given: seen.append(given["places"]) or ())
    assert cli.main(["read", str(article), "--published", NOON, "--places", "Kyiv", str(table)]) == 0
    assert [place.name for place in seen[0]] == ["Kyiv", "Velmar"]
    assert [part.name for part in seen[0][1].parts] == ["Northport"]


def test_draft_writes_a_scenario_of_several_articles_and_says_what_is_unknown(article, found, tmp_path: Path, capsys):
    other = tmp_path / "evening.txt"
    other.write_text("1 block", encoding="utf-8")
    found["1 block"] = [candidate("1 block", "1", "heat_buildings_out", 1, place="Kyiv")]
    out = tmp_path / "draft"
    words = ["draft", str(article), str(other), "--published", NOON, "2026-01-25", "--out", str(out)]
    assert cli.main(words) == 0
    told = capsys.readouterr().out
    assert "figures.csv: yes or no in the column accept of 4 rows" in told
    assert "scenario.toml, line" in told
    assert sorted(path.name for path in out.iterdir()) == ["figures.csv", "scenario.toml"]
    with pytest.raises(ei.scenario.ScenarioError, match="events 1, time"):
        ei.load_scenario(out / "scenario.toml")


@pytest.mark.parametrize(
    ("words", "rule"),
    [
        (["read", "nowhere.txt", "--published", NOON], "nowhere.txt"),
        (["read", "post.txt", "--published", "2026-01-24T12:00"], "published: needs a UTC offset"),
        (["read", "bytes.txt", "--published", NOON], "bytes.txt: must be UTF-8"),
        (
            ["read", "post.txt", "--published", NOON, "--places", "Kiev"],
            "must be in the shipped places.csv, got 'Kiev'",
        ),
        (["draft", "post.txt", "--published", NOON, NOON, "--out", "d"], "--published: must be given once per article"),
        (["draft", "post.txt", "post.txt", "--published", NOON, "--out", "d"], "texts need sources of their own"),
    ],
)
@pytest.mark.usefixtures("article")
def test_bad_words_are_one_error_and_write_nothing(words, rule, tmp_path: Path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "bytes.txt").write_bytes(b"\xff\xfe6")
    assert cli.main(words) == 2
    told = capsys.readouterr()
    assert rule in told.err
    assert "Traceback" not in told.err
    assert not (tmp_path / "d").exists()


def test_a_closed_standard_input_is_named(monkeypatch, capsys):
    monkeypatch.setattr(sys, "stdin", None)
    assert cli.main(["read", "-", "--published", "2026-01-24"]) == 2
    assert capsys.readouterr().err == "energy-impact: error: -: must be an open standard input, got a closed one\n"
